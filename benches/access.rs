//! Shared access: from a ready table of about 189,000 pairs, the size of PySAL's example, and straight from the network of
//! Washington, where 285,077 workers compete for 624,377 jobs.
//!
//! `COMMONGROUND_DATA=... cargo bench --bench access`; the table needs no data. Threads: all cores (`RAYON_NUM_THREADS` sets
//! them).
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use commonground::access::{
    Decay, RaamOptions, balancing_cost, luo_qi_bands, raam, spatial_availability, two_step_fca,
};
use commonground::model::Traveller;
use commonground::network::{Attachment, BuildOptions, Destinations, Searches, StreetNetwork, TravelProfile};
use commonground::{Minutes, Quiet, TravelTimes, io};
use criterion::{Criterion, criterion_group, criterion_main};
use std::path::{Path, PathBuf};
use std::time::Duration;

const HOMES: u32 = 1_890;
const PLACES: u32 = 200;

/// Every home reaches half of the places, at times that fill an hour.
fn table() -> TravelTimes {
    let pairs = (0..HOMES).flat_map(|home| (0..PLACES).map(move |place| (home, place)));
    let reached = pairs.filter(|(home, place)| (home + place) % 2 == 0);
    let triples: Vec<_> = reached
        .map(|(home, place)| (home, place, f64::from((home * 37 + place * 91) % 600) / 10.0))
        .collect();
    TravelTimes::from_triples(HOMES as usize, PLACES as usize, &triples).unwrap()
}

fn from_the_table(criterion: &mut Criterion) {
    let times = table();
    eprintln!("threads: {}, {times}", rayon::current_num_threads());
    let demand: Vec<f64> = (0..HOMES).map(|home| f64::from(home % 97)).collect();
    let supply: Vec<f64> = (0..PLACES).map(|place| f64::from(place % 7)).collect();
    let binary = Decay::binary(Minutes::new(30.0).unwrap());
    for (name, decay) in [("2SFCA", binary), ("E2SFCA", luo_qi_bands())] {
        criterion.bench_function(name, |bencher| {
            bencher.iter(|| two_step_fca(&times, &demand, &supply, &decay).unwrap());
        });
    }
}

/// Blocks with workers and blocks with jobs; the network is built and the blocks are attached before the clock runs.
fn straight_from_the_network(criterion: &mut Criterion) {
    let Some(data) = std::env::var_os("COMMONGROUND_DATA").map(PathBuf::from) else {
        eprintln!("COMMONGROUND_DATA is not set: Washington is left out");
        return;
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/studies/washington-dc.toml");
    let study = io::study::read_study(&file, Some(&data), &Quiet).unwrap();
    let (homes, jobs) = (&study.homes, study.workplaces.as_ref().unwrap());
    let workers = homes.workers.as_ref().unwrap();
    let employed: Vec<usize> = (0..homes.len()).filter(|&home| workers[home] > 0.0).collect();
    let demand: Vec<f64> = employed.iter().map(|&home| workers[home]).collect();
    let half_hour = Minutes::new(30.0).unwrap();
    let (workers, all): (f64, f64) = (demand.iter().sum(), jobs.jobs.iter().sum());
    eprintln!("{workers} workers of {} blocks, {all} jobs of {}", demand.len(), jobs.jobs.len());
    let mut group = criterion.benchmark_group("Washington, no table");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for traveller in [Traveller::Adult, Traveller::Bicycle, Traveller::Car] {
        let profile = TravelProfile::of(traveller);
        let (network, _) =
            StreetNetwork::build(&study.streets, profile, BuildOptions::default(), &Quiet).unwrap();
        let attach = |place| network.attach(place, study.settings.max_snap_distance, &[]).ok();
        let origins: Vec<Option<Attachment>> =
            employed.iter().map(|&home| attach(homes.locations[home])).collect();
        let places: Vec<Option<Attachment>> = jobs.locations.iter().map(|&place| attach(place)).collect();
        let places = Destinations::at(&network, &places);
        let pairs = Searches::new(&network, &origins, &places, half_hour, &Quiet);
        let name = traveller.name();
        for (method, decay) in [("2SFCA", Decay::binary(half_hour)), ("E2SFCA", luo_qi_bands())] {
            group.bench_function(format!("{method}, {name}"), |bencher| {
                bencher.iter(|| two_step_fca(&pairs, &demand, &jobs.jobs, &decay).unwrap());
            });
        }
        if traveller == Traveller::Adult {
            let decay = Decay::binary(half_hour);
            group.bench_function("spatial availability, adult", |bencher| {
                bencher.iter(|| spatial_availability(&pairs, &demand, &jobs.jobs, &decay, 1.0).unwrap());
            });
            group.bench_function("balancing cost, adult", |bencher| {
                let minute = Minutes::new(1.0).unwrap();
                bencher.iter(|| balancing_cost(&pairs, &jobs.jobs, &demand, minute).unwrap());
            });
            group.bench_function("RAAM, adult", |bencher| {
                bencher.iter(|| raam(&pairs, &demand, &jobs.jobs, RaamOptions::default(), &Quiet).unwrap());
            });
        }
    }
    group.finish();
}

criterion_group!(benches, from_the_table, straight_from_the_network);
criterion_main!(benches);
