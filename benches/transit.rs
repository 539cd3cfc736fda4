//! Public transport on real cities, against the marks of the README.
//!
//! `COMMONGROUND_DATA=... cargo bench --bench transit`. One thread, CPU time of that thread (on Linux; elsewhere wall time), and
//! the largest memory of the program so far. Each line is one run: what is measured takes seconds.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CpuTime, real_cities};
use commonground::model::transit::{Feed, FillTimes};
use commonground::network::{Attachment, BuildOptions, Destinations, StreetNetwork, TravelProfile};
use commonground::travel::transit::{
    Departures, Spread, TransitNetwork, TransitOptions, TransitSearches, TransitStops, closest_by_transit,
};
use commonground::{Crs, KmPerHour, Metres, Minutes, Quiet, crs, io};
use criterion::measurement::Measurement;
use geo::{Coord, Point};
use std::path::Path;

fn main() {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let Some(data) = real_cities() else { return };
    porto_alegre(&data.join("porto-alegre"));
    northern_kentucky(&data.join("northern-kentucky"));
}

/// Does something and says how long it took.
fn timed<T>(what: &str, work: impl FnOnce() -> T) -> T {
    let start = CpuTime.start();
    let done = work();
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak =
        memory.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default().trim().to_owned();
    println!("{:9.3} s  {what}  (memory {peak})", CpuTime.end(start).as_secs_f64());
    done
}

fn minutes(value: f64) -> Minutes {
    Minutes::new(value).unwrap()
}

fn read(paths: &[&Path]) -> Vec<Feed> {
    paths.iter().map(|path| io::read_feed(path, FillTimes::AlongShape).unwrap()).collect()
}

fn streets(extract: &Path, crs: &str) -> (StreetNetwork, Vec<Option<Attachment>>) {
    let layer = io::read_streets(extract, Some(Crs::new(crs).unwrap()), &Quiet).unwrap();
    let profile = TravelProfile::walking(KmPerHour::new(3.6).unwrap()).unwrap();
    let (network, _) =
        StreetNetwork::build(&layer.streets, profile, BuildOptions::default(), &Quiet).unwrap();
    let nodes = (0..network.node_count() as u32).map(|node| network.at_node(node)).collect();
    (network.with_crs(layer.crs), nodes)
}

/// The hexagons of Porto Alegre: their places and numbers of schools, jobs and health care.
fn hexagons(folder: &Path, network: &StreetNetwork) -> (Vec<Option<Attachment>>, [Vec<f64>; 3]) {
    let text = std::fs::read_to_string(folder.join("poa_hexgrid.csv")).unwrap();
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    let at = |name: &str| header.iter().position(|column| column.trim_matches('"') == name).unwrap();
    let columns = ["lon", "lat", "schools", "healthcare", "jobs"].map(at);
    let reproject = crs::Reprojector::new(&Crs::wgs84(), network.crs().unwrap()).unwrap();
    let (mut places, mut supplies) = (Vec::new(), [Vec::new(), Vec::new(), Vec::new()]);
    for line in lines {
        let cells: Vec<&str> = line.split(',').collect();
        let [lon, lat, rest @ ..] = columns.map(|column| cells[column].parse::<f64>().unwrap_or(0.0));
        let place = reproject.coord(Coord { x: lon, y: lat }).unwrap();
        places.push(network.attach(Point::from(place), Metres::new(1_600.0).unwrap(), &[]).ok());
        supplies.iter_mut().zip(rest).for_each(|(supply, value)| supply.push(value));
    }
    (places, supplies)
}

fn porto_alegre(folder: &Path) {
    println!("Porto Alegre, Monday 2019-05-13");
    let files = [folder.join("poa_eptc.zip"), folder.join("poa_trensurb.zip")];
    let feeds = timed("read both feeds, blank times filled", || read(&[&files[0], &files[1]]));
    let (network, nodes) = streets(&folder.join("poa_osm.pbf"), "EPSG:31982");
    let stops = timed("stops on streets, walks of 1 km between them", || {
        TransitStops::attach(&network, &feeds, 1_000.0, &Quiet).unwrap()
    });
    println!("             {} walks", stops.walks().count());
    let transit = |window: &str| {
        let departures = Departures::parse(window, minutes(120.0)).unwrap();
        let date = "2019-05-13".parse().unwrap();
        let options = TransitOptions { most_rides: 3, ..TransitOptions::default() };
        TransitNetwork::with_walks(&feeds, date, departures, stops.walks().clone(), options, &Quiet).unwrap()
    };
    let (hexagons, supplies) = hexagons(folder, &network);
    let cells = Destinations::at(&network, &hexagons);
    let searches =
        |transit| TransitSearches::new(&network, &stops, transit, (&hexagons, &cells), 50.0, &Quiet).unwrap();
    let two_hours = timed("changes, window 14:00-16:00", || transit("14:00-16:00"));
    println!(
        "             {} changes, {} calls",
        two_hours.transfer_count(),
        two_hours.timetable().event_count()
    );
    timed("1,227 x 1,227 cells, 120 min, 5 percentiles", || {
        let five = |found: &mut u64, _: usize, spread: Spread<'_>| {
            let mut times = [None; 5];
            spread.percentiles(&[5.0, 25.0, 50.0, 75.0, 95.0], &mut times);
            *found += times.into_iter().flatten().map(u64::from).sum::<u64>();
        };
        searches(&two_hours).each_origin_spread(|| 0, five, |sum, _| sum).unwrap()
    });
    let one = transit("14:00");
    timed("1,227 x 1,227 cells, one departure", || searches(&one).table().unwrap());
    let hour = transit("14:00-15:00");
    timed("schools, health and jobs within 30, 45 and 60 min, 60-min window, every junction", || {
        let places = TransitSearches::new(&network, &stops, &hour, (&nodes, &cells), 50.0, &Quiet).unwrap();
        let add = |sums: &mut [f64; 9], place: usize, spread: Spread<'_>| {
            for (number, limit) in [1_800_000, 2_700_000, 3_600_000].into_iter().enumerate() {
                let share = spread.share_within(limit);
                for (kind, supply) in supplies.iter().enumerate() {
                    sums[3 * kind + number] += share * supply[place];
                }
            }
        };
        places.each_origin_spread(|| [0.0; 9], add, |sums, _| sums).unwrap()
    });
    let every = |skip: usize, step: usize| {
        Destinations::at(&network, &nodes.iter().skip(skip).step_by(step).copied().collect::<Vec<_>>())
    };
    let categories: Vec<Destinations> = (0..5).map(|number| every(number * 31, nodes.len() / 40)).collect();
    timed("closest of 5 categories of 40 places, every second of an hour, every junction", || {
        let categories: Vec<&Destinations> = categories.iter().collect();
        let median = |_: usize, spread: Spread<'_>| spread.percentile(50.0);
        closest_by_transit(&network, &stops, &hour, &nodes, &categories, median, &Quiet).unwrap()
    });
}

fn northern_kentucky(folder: &Path) {
    println!("Northern Kentucky, Wednesday 2019-11-13");
    let feeds = timed("read the feed", || read(&[&folder.join("TANK-GTFS.zip")]));
    let (network, nodes) = streets(&folder.join("streets.osm.pbf"), "EPSG:32616");
    let stops =
        timed("stops on streets", || TransitStops::attach(&network, &feeds, 1_000.0, &Quiet).unwrap());
    let places: Vec<_> = (0..3).map(|number| nodes[number * nodes.len() / 3 + 500]).collect();
    let hospitals = Destinations::at(&network, &places);
    timed("share of every minute of the day within 45 min of 3 places, every junction", || {
        let mut within = vec![0_u32; nodes.len()];
        for hour in (4..25).step_by(3) {
            let departures = Departures::parse(&format!("{hour}:00-{}:00", hour + 3), minutes(45.0)).unwrap();
            let date = "2019-11-13".parse().unwrap();
            let options = TransitOptions::default();
            let transit =
                TransitNetwork::with_walks(&feeds, date, departures, stops.walks().clone(), options, &Quiet)
                    .unwrap();
            let count = |_: usize, spread: Spread<'_>| spread.count_within(2_700_000);
            let found =
                closest_by_transit(&network, &stops, &transit, &nodes, &[&hospitals], count, &Quiet).unwrap();
            within.iter_mut().zip(&found[0]).for_each(|(sum, count)| *sum += count.unwrap_or(0));
        }
        within
    });
}
