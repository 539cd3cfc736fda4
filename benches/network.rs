//! Searches on real street networks, against the marks of the README.
//!
//! `COMMONGROUND_DATA=... cargo bench --bench network`. One thread, CPU time of that thread (on Linux; elsewhere wall
//! time). Places stand on junctions; walking at 4.8 km/h makes a metre 750 ms.
#![allow(clippy::unwrap_used)]

mod common;

use common::{CpuTime, one_thread};
use commonground::network::{
    Attachment, BuildOptions, Destinations, Row, StreetNetwork, TravelProfile, closest_of_each, each_origin,
    sum_within,
};
use commonground::{Crs, KmPerHour, Metres, Minutes, Quiet, io};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use geo::Point;
use std::path::PathBuf;

struct City {
    name: &'static str,
    network: StreetNetwork,
    /// Every junction.
    nodes: Vec<Option<Attachment>>,
}

impl City {
    fn read(name: &'static str, extract: &str, crs: &str) -> Option<Self> {
        let Some(data) = std::env::var_os("COMMONGROUND_DATA").map(PathBuf::from) else {
            eprintln!("COMMONGROUND_DATA is not set: {name} is left out");
            return None;
        };
        let mut streets = io::osm::read_osm(&data.join(extract), &Quiet).unwrap().streets;
        let to_metres = commonground::crs::Reprojector::new(&Crs::wgs84(), &Crs::new(crs).unwrap()).unwrap();
        for street in &mut streets {
            to_metres.in_place(&mut street.line).unwrap();
        }
        let profile = TravelProfile::walking(KmPerHour::new(4.8).unwrap()).unwrap();
        let (network, _) = StreetNetwork::build(&streets, profile, BuildOptions::default(), &Quiet).unwrap();
        let all = vec![true; network.component_sizes().len()];
        let attach = |node| network.attach(Point::from(network.place(node)), Metres::new(1.0).unwrap(), &all);
        let nodes = (0..network.node_count() as u32).map(|node| attach(node).ok()).collect();
        eprintln!("{name}: {} nodes, {} edges", network.node_count(), network.edge_count());
        Some(Self { name, network, nodes })
    }

    /// Every n-th junction, so that there are `count`.
    fn spread(&self, count: usize) -> Vec<Option<Attachment>> {
        (0..count).map(|number| self.nodes[number * self.nodes.len() / count]).collect()
    }
}

fn walk(metres: f64) -> Minutes {
    Minutes::new(metres / 80.0).unwrap()
}

fn searches(criterion: &mut Criterion<CpuTime>) {
    let cities = [
        City::read("porto-alegre", "porto-alegre/poa_osm.pbf", "EPSG:31982"),
        City::read("porto", "porto-portugal-bench/porto_portugal.osm.pbf", "EPSG:3763"),
    ];
    for city in cities.into_iter().flatten() {
        let City { name, network, nodes } = &city;
        let mut group = criterion.benchmark_group(*name);
        group.sample_size(10);

        let services: Vec<Destinations> = (0..5)
            .map(|category| {
                let places = nodes.iter().skip(category * 31).step_by(nodes.len() / 100).take(100);
                Destinations::at(network, &places.copied().collect::<Vec<_>>())
            })
            .collect();
        group.bench_function("closest of 5 x 100 services, every node", |bencher| {
            bencher.iter(|| {
                closest_of_each(network, nodes, &services.iter().collect::<Vec<_>>(), 1, walk(1e6), &Quiet)
                    .unwrap()
            });
        });

        for (supply, places) in [("999 nodes", city.spread(999)), ("every node", nodes.clone())] {
            let destinations = Destinations::at(network, &places);
            let weights: Vec<f64> = (0..places.len()).map(|place| (place % 97) as f64).collect();
            for metres in [1_250.0, 2_500.0, 5_000.0] {
                let id = BenchmarkId::new(format!("sums for every node, supply at {supply}"), metres);
                group.bench_function(id, |bencher| {
                    let cutoff = [walk(metres)];
                    bencher.iter(|| {
                        sum_within(network, nodes, &destinations, &weights, &cutoff, &Quiet).unwrap()
                    });
                });
            }
        }

        let (origins, places) = (city.spread(1_213), city.spread(500));
        let destinations = Destinations::at(network, &places);
        group.bench_function("times from 1213 to 500 without limit", |bencher| {
            let last = |row: Row<'_>| row.milliseconds().map(|(_, cost)| u64::from(cost)).sum::<u64>();
            bencher.iter(|| each_origin(network, &origins, &destinations, walk(1e6), &Quiet, last).unwrap());
        });
        group.finish();
    }
}

criterion_group! { name = benches; config = one_thread(); targets = searches }
criterion_main!(benches);
