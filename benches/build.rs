//! From an extract or from tables to a network that is ready, and what a search on it costs by its size.
//!
//! `COMMONGROUND_DATA=... cargo bench --bench build`; Monaco and the grids need no data. One thread, CPU time of that thread
//! (on Linux; elsewhere wall time).
#![allow(clippy::unwrap_used)]

mod common;

use common::{CpuTime, one_thread, real_cities};
use commonground::model::Traveller;
use commonground::network::{
    BuildOptions, Destinations, EdgeTable, NodeTable, Row, StreetNetwork, TravelProfile, each_origin,
};
use commonground::{Crs, Minutes, Quiet, io};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use geo::Coord;
use std::path::Path;

fn extracts(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("extract to network");
    group.sample_size(10);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut extracts = vec![("monaco", root.join("data/monaco/monaco.osm.pbf"), "EPSG:32632")];
    if let Some(data) = real_cities() {
        extracts.push(("porto-alegre", data.join("porto-alegre/poa_osm.pbf"), "EPSG:31982"));
        extracts.push(("porto", data.join("porto-portugal-bench/porto_portugal.osm.pbf"), "EPSG:3763"));
    }
    for (name, file, crs) in extracts {
        group.bench_function(name, |bencher| {
            bencher.iter_with_large_drop(|| {
                let layer = io::read_streets(&file, Some(Crs::new(crs).unwrap()), &Quiet).unwrap();
                let (profile, options) = (TravelProfile::of(Traveller::Adult), BuildOptions::default());
                StreetNetwork::build(&layer.streets, profile, options, &Quiet).unwrap()
            });
        });
    }
    group.finish();
}

/// Blocks of about 100 m, `side` times `side` junctions pushed off the grid.
fn grid(side: i64) -> (NodeTable, EdgeTable) {
    let ids: Vec<i64> = (0..side * side).collect();
    let place = |&id: &i64| {
        let [x, y] = [id % side, id / side].map(|cell| cell as f64 * 100.0);
        Coord { x: x + (id * 7 % 11) as f64, y: y + (id * 5 % 13) as f64 }
    };
    let places = ids.iter().map(place).collect();
    let right = ids.iter().filter(|id| *id % side < side - 1).map(|&id| (id, id + 1));
    let up = ids.iter().filter(|id| *id / side < side - 1).map(|&id| (id, id + side));
    let (from, to) = right.chain(up).unzip();
    (NodeTable { ids, places }, EdgeTable { from, to, ..EdgeTable::default() })
}

fn network_of((nodes, edges): &(NodeTable, EdgeTable)) -> StreetNetwork {
    let (profile, options) = (TravelProfile::of(Traveller::Adult), BuildOptions::default());
    StreetNetwork::from_edges(Some(nodes), edges, profile, options, &Quiet).unwrap()
}

/// A million junctions, as many as a region has.
fn grids(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("tables to network");
    group.sample_size(10);
    let tables = grid(1_000);
    group.bench_function("grid of 1,000,000 nodes", |bencher| {
        bencher.iter_with_large_drop(|| network_of(&tables))
    });
    group.finish();
}

/// 1,600 m around each of 4,096 origins that are spread over the whole network, and around 4,096 neighbours.
fn bounded_searches(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("bounded search, by settled node");
    group.sample_size(10);
    let limit = Minutes::new(20.0).unwrap();
    for side in [130, 1_000] {
        let network = network_of(&grid(side));
        let count = network.node_count();
        let nodes: Vec<_> = (0..count as u32).map(|node| network.at_node(node)).collect();
        let everywhere = Destinations::at(&network, &nodes);
        let nowhere = Destinations::at(&network, &[]);
        for (name, step) in [("spread", count / 4_096), ("neighbours", 1)] {
            let origins: Vec<_> = nodes.iter().step_by(step).take(4_096).copied().collect();
            let reached = |row: Row<'_>| row.iter().count() as u64;
            let settled = each_origin(&network, &origins, &everywhere, limit, &Quiet, reached).unwrap();
            group.throughput(Throughput::Elements(settled.into_iter().flatten().sum()));
            group.bench_function(format!("{count} nodes, origins {name}"), |bencher| {
                bencher.iter(|| each_origin(&network, &origins, &nowhere, limit, &Quiet, |_| ()).unwrap());
            });
        }
    }
    group.finish();
}

criterion_group! { name = benches; config = one_thread(); targets = extracts, grids, bounded_searches }
criterion_main!(benches);
