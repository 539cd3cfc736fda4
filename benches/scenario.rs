//! Before and after in Washington: one service, one bridge, a rezoning with 2,000 homes, beside the base that is measured once.
//!
//! `COMMONGROUND_DATA=... cargo bench --bench scenario`
#![allow(clippy::unwrap_used)]

use commonground::scenario::{Base, Change, Scenario};
use commonground::{Quiet, assess, io};
use criterion::{Criterion, criterion_group, criterion_main};
use geo::{Coord, LineString};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

fn scenario(changes: Vec<Change>) -> Scenario {
    Scenario { name: "bench".into(), changes, ..Scenario::default() }
}

fn washington(criterion: &mut Criterion) {
    let Some(data) = std::env::var_os("COMMONGROUND_DATA").map(PathBuf::from) else {
        eprintln!("COMMONGROUND_DATA is not set: nothing is measured");
        return;
    };
    eprintln!("threads: {}", rayon::current_num_threads());
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/studies/washington-dc.toml");
    let study = io::study::read_study(&file, Some(&data), &Quiet).unwrap();
    let mut group = criterion.benchmark_group("scenarios in Washington");
    group.sample_size(10).measurement_time(Duration::from_secs(8));
    group.bench_function("an assessment", |bencher| bencher.iter(|| assess(&study, &Quiet).unwrap()));
    group.bench_function("the base", |bencher| bencher.iter(|| Base::new(&study, &Quiet).unwrap()));
    let base = Base::new(&study, &Quiet).unwrap();
    let at = study.homes.locations[study.homes.len() / 2];
    let clinic =
        Change::AddService { id: "new".into(), category: "clinic".into(), name: None, at, capacity: None };
    // Between two vertices of streets far apart along the network is not needed: any bridge builds the network anew.
    let ends: Vec<Coord<f64>> =
        study.streets.iter().step_by(study.streets.len() / 2).map(|street| street.line.0[0]).collect();
    let bridge = Change::AddStreet {
        line: LineString(vec![ends[0], ends[1]]),
        class: "footway".into(),
        bridge: true,
        id: None,
        tags: BTreeMap::new(),
    };
    let homes = |number: usize| Change::AddHomes {
        id: format!("new {number}"),
        at: study.homes.locations[number * 7 % study.homes.len()],
        residents: 4.2,
        groups: BTreeMap::new(),
    };
    // Blocks outside all clusters take no homes.
    let inside = (0..study.homes.len())
        .filter(|&home| study.homes.neighbourhoods[home * 7 % study.homes.len()].is_some());
    let rezoning: Vec<Change> = inside.take(1_000).map(homes).collect();
    for (name, changes) in [
        ("one added clinic", vec![clinic]),
        ("one added bridge", vec![bridge]),
        ("2,000 homes on 1,000 lots", rezoning),
    ] {
        let scenario = scenario(changes);
        group.bench_function(name, |bencher| bencher.iter(|| base.compare(&scenario, &Quiet).unwrap()));
    }
    group.finish();
}

criterion_group!(benches, washington);
criterion_main!(benches);
