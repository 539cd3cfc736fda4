//! Whole cities, from files to scores.
//!
//! `COMMONGROUND_DATA=... cargo bench --bench cities`; Monaco and Millbrook need no data. Threads: all cores, as told by
//! the first line of the output (`RAYON_NUM_THREADS` sets them).
#![allow(clippy::unwrap_used)]

use commonground::{Quiet, assess, io};
use criterion::{Criterion, criterion_group, criterion_main};
use std::path::{Path, PathBuf};
use std::time::Duration;

fn cities() -> Vec<(&'static str, PathBuf, Option<PathBuf>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut cities =
        vec![("monaco", root.join("data/monaco"), None), ("millbrook", root.join("data/millbrook"), None)];
    match std::env::var_os("COMMONGROUND_DATA").map(PathBuf::from) {
        Some(data) => {
            for name in ["washington-dc", "porto-alegre"] {
                cities.push((name, root.join(format!("examples/studies/{name}.toml")), Some(data.clone())));
            }
        }
        None => eprintln!("COMMONGROUND_DATA is not set: Washington and Porto Alegre are left out"),
    }
    cities
}

fn end_to_end(criterion: &mut Criterion) {
    eprintln!("threads: {}", rayon::current_num_threads());
    let mut group = criterion.benchmark_group("files to scores");
    group.sample_size(10).measurement_time(Duration::from_secs(10));
    for (name, study, data) in cities() {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let study = io::study::read_study(&study, data.as_deref(), &Quiet).unwrap();
                assess(&study, &Quiet).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, end_to_end);
criterion_main!(benches);
