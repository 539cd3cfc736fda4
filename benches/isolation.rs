//! Segregation on a board of equal cells, against the marks of the README.
//!
//! `cargo bench --bench isolation`; needs no data. One thread, CPU time of that thread.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod common;

use common::{CpuTime, one_thread};
use commonground::random::Random;
use commonground::scores::Kernel;
use commonground::scores::segregation::{Environments, GroupCounts, Index, Null, SpatialIndex, randomise};
use commonground::{Metres, Quiet};
use criterion::{Criterion, criterion_group, criterion_main};
use geo::Point;

/// 70,225 cells of 100 m.
const SIDE: usize = 265;

fn segregation(criterion: &mut Criterion<CpuTime>) {
    let points: Vec<Point<f64>> = (0..SIDE * SIDE)
        .map(|place| Point::new((place % SIDE) as f64 * 100.0, (place / SIDE) as f64 * 100.0))
        .collect();
    let mut random = Random::new(1, 0);
    let groups: Vec<(String, Vec<f64>)> = (0..4)
        .map(|group| (group.to_string(), points.iter().map(|_| random.binomial(20, 0.3) as f64).collect()))
        .collect();
    let people = GroupCounts::new(&groups).unwrap();
    let mut group = criterion.benchmark_group("70225 cells");
    group.sample_size(10);
    for metres in [500.0, 1_000.0, 2_000.0] {
        group.bench_function(format!("spatial H and D of 4 groups, {metres} m"), |bencher| {
            bencher.iter(|| {
                let around =
                    Environments::around(&points, Kernel::Quartic, Metres::new(metres).unwrap()).unwrap();
                let around = around.people_around(&people).unwrap();
                let of = |index: SpatialIndex| index.of(&people, &around).unwrap();
                (of(SpatialIndex::Entropy), of(SpatialIndex::Dissimilarity))
            });
        });
    }
    group.bench_function("every index of 4 groups", |bencher| {
        bencher.iter(|| Index::ALL.map(|index| index.of(&people)));
    });
    group.bench_function("entropy against 99 random labellings", |bencher| {
        bencher.iter(|| {
            randomise(&people, Null::RandomLabelling, 99, 1, &Quiet, |drawn| Index::Entropy.of(drawn))
                .unwrap()
        });
    });
    group.finish();
}

criterion_group! { name = benches; config = one_thread(); targets = segregation }
criterion_main!(benches);
