//! Neighbours and clusters on boards of equal cells, against the marks of the README.
//!
//! `cargo bench --bench autocorrelation`; needs no data. One thread, CPU time of that thread.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod common;

use common::{CpuTime, one_thread};
use commonground::Quiet;
use commonground::random::Random;
use commonground::scores::autocorrelation::{LocalG, Permutations, local_getis_ord, local_moran, moran};
use commonground::scores::weights::{Contiguity, contiguity, k_nearest};
use criterion::{Criterion, criterion_group, criterion_main};
use geo::{MultiPolygon, Point, Rect};

/// As many cells as the largest set of zones that the README compares: 70,225.
const LARGE: usize = 265;
/// 3,025 cells.
const SMALL: usize = 55;

fn cells(side: usize) -> Vec<MultiPolygon<f64>> {
    let cell = |place: usize| {
        let (x, y) = ((place % side) as f64 * 100.0, (place / side) as f64 * 100.0);
        Rect::new((x, y), (x + 100.0, y + 100.0)).to_polygon().into()
    };
    (0..side * side).map(cell).collect()
}

fn values(count: usize) -> Vec<Option<f64>> {
    let mut random = Random::new(1, 0);
    (0..count).map(|_| Some(random.normal())).collect()
}

fn neighbours_and_clusters(criterion: &mut Criterion<CpuTime>) {
    let mut group = criterion.benchmark_group("70225 cells");
    group.sample_size(10);
    let shapes = cells(LARGE);
    group.bench_function("queen", |bencher| {
        bencher.iter(|| contiguity(&shapes, Contiguity::Queen, None).unwrap());
    });
    let points: Vec<Point<f64>> =
        (0..LARGE * LARGE).map(|place| Point::new((place % LARGE) as f64, (place / LARGE) as f64)).collect();
    group.bench_function("8 nearest", |bencher| bencher.iter(|| k_nearest(&points, 8, &Quiet).unwrap()));
    let weights = contiguity(&shapes, Contiguity::Queen, None).unwrap().row_standardised();
    let drawn = values(shapes.len());
    group.bench_function("Moran, formula", |bencher| {
        bencher.iter(|| moran(&drawn, &weights, None, &Quiet).unwrap())
    });
    let permutations = Some(Permutations::new(999, 1));
    group.bench_function("local Moran, 999 permutations", |bencher| {
        bencher.iter(|| local_moran(&drawn, &weights, permutations, &Quiet).unwrap());
    });
    group.bench_function("local Moran, 999 permutations, stopping after 20", |bencher| {
        let permutations = permutations.map(|all| Permutations { stop_after: Some(20), ..all });
        bencher.iter(|| local_moran(&drawn, &weights, permutations, &Quiet).unwrap());
    });
    group.bench_function("local G*, 999 permutations", |bencher| {
        bencher.iter(|| local_getis_ord(&drawn, &weights, LocalG::Star, permutations, &Quiet).unwrap());
    });
    group.finish();

    let mut group = criterion.benchmark_group("3025 cells");
    group.sample_size(10);
    let weights = contiguity(&cells(SMALL), Contiguity::Queen, None).unwrap().row_standardised();
    let drawn = values(SMALL * SMALL);
    group.bench_function("local Moran, 9999 permutations", |bencher| {
        bencher.iter(|| local_moran(&drawn, &weights, Some(Permutations::new(9_999, 1)), &Quiet).unwrap());
    });
    group.finish();
}

criterion_group! { name = benches; config = one_thread(); targets = neighbours_and_clusters }
criterion_main!(benches);
