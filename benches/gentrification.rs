//! Four typologies with 1,000 draws within margins of error over 85,000 made tracts, as many as the United States have.
//!
//! `cargo bench --bench gentrification`; needs no data. Threads: all cores (`RAYON_NUM_THREADS` sets them).
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use commonground::Quiet;
use commonground::model::{Panel, us_cpi_u};
use commonground::random::Random;
use commonground::scores::gentrification::{Definition, Draws, Reference, classify, published};
use criterion::{Criterion, criterion_group, criterion_main};
use std::time::Duration;

const TRACTS: usize = 85_000;
/// Tracts stand in a grid of so many columns; those beside each other touch.
const COLUMNS: usize = 250;
const YEARS: [i32; 4] = [1990, 2000, 2012, 2018];

fn panel() -> Panel {
    let ids = (0..TRACTS).map(|row| row.to_string()).collect();
    let mut columns: Vec<(String, Vec<Option<f64>>)> = Vec::new();
    let mut add = |name: String, middle: f64, spread: f64, range: (f64, f64)| {
        let mut random = Random::new(1, columns.len() as u64);
        let values: Vec<Option<f64>> =
            (0..TRACTS).map(|_| Some((middle + spread * random.normal()).clamp(range.0, range.1))).collect();
        let margins = values.iter().map(|value| value.map(|value| 0.15 * value)).collect();
        columns.push((format!("{name}_moe"), margins));
        columns.push((name, values));
    };
    for (at, year) in YEARS.into_iter().enumerate() {
        let (later, any) = (at as f64, (0.0, f64::INFINITY));
        add(format!("population_{year}"), 4000.0, 1200.0, (100.0, 2e4));
        add(format!("white_{year}"), 60.0, 20.0, (0.0, 100.0));
        add(format!("households_{year}"), 1600.0, 400.0, (50.0, 1e4));
        add(format!("median_income_{year}"), 4e4 + 8e3 * later, 1.5e4, (1e4, 3e5));
        add(format!("median_rent_{year}"), 600.0 + 200.0 * later, 200.0, (100.0, 5e3));
        add(format!("median_home_value_{year}"), 1.5e5 + 5e4 * later, 6e4, (1e4, 2e6));
        add(format!("owner_homes_{year}"), 900.0, 300.0, (1.0, 1e4));
        add(format!("renter_homes_{year}"), 700.0, 300.0, (1.0, 1e4));
        add(format!("college_share_{year}"), 0.2 + 0.04 * later, 0.1, (0.0, 1.0));
        add(format!("renter_share_{year}"), 0.4, 0.15, (0.0, 1.0));
        add(format!("white_share_{year}"), 0.6, 0.2, (0.0, 1.0));
        add(format!("low_income_share_{year}"), 0.4, 0.12, (0.0, 1.0));
        add(format!("up_to_moderate_income_share_{year}"), 0.6, 0.1, (0.0, 1.0));
        add(format!("low_income_mover_share_{year}"), 0.5, 0.1, (0.0, 1.0));
        add(format!("recently_built_share_{year}"), 0.2, 0.1, (0.0, 1.0));
        add(format!("housing_affordability_code_{year}"), 3.0, 1.5, any);
    }
    let mut panel = Panel::from_wide(ids, columns).unwrap();
    panel.prices = us_cpi_u();
    let touching = |row: usize| {
        let beside =
            [(!row.is_multiple_of(COLUMNS)).then(|| row - 1), (row % COLUMNS + 1 < COLUMNS).then(|| row + 1)];
        let across = [row.checked_sub(COLUMNS), Some(row + COLUMNS)];
        let all = beside.into_iter().chain(across).flatten().filter(|other| *other < TRACTS);
        all.map(|other| other as u32).collect()
    };
    panel.set_neighbours((0..TRACTS).map(touching).collect()).unwrap();
    panel
}

fn four_typologies(criterion: &mut Criterion) {
    let panel = panel();
    let definitions: Vec<(Definition, Vec<i32>)> = [
        ("udp", YEARS.to_vec()),
        ("freeman", vec![2000, 2018]),
        ("bates", vec![1990, 2000, 2018]),
        ("ding", vec![2000, 2018]),
    ]
    .map(|(name, years)| (published(name).unwrap(), years))
    .into();
    let asked: Vec<_> = definitions.iter().map(|(definition, years)| (definition, years.clone())).collect();
    eprintln!("threads: {}, {TRACTS} tracts, udp, freeman, bates and ding", rayon::current_num_threads());
    let mut group = criterion.benchmark_group("four typologies");
    group.sample_size(10).measurement_time(Duration::from_secs(20));
    group.bench_function("classes", |bencher| {
        bencher.iter(|| classify(&panel, &asked, &Reference::default()).unwrap());
    });
    let found = classify(&panel, &asked, &Reference::default()).unwrap();
    group.bench_function("probabilities, 1,000 draws", |bencher| {
        bencher.iter(|| found.probabilities(Draws::default(), &Quiet).unwrap());
    });
    group.finish();
}

criterion_group!(benches, four_typologies);
criterion_main!(benches);
