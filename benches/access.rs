//! Shared access from a ready table: two-step catchments over about 189,000 pairs, the size of PySAL's example.
//!
//! `cargo bench --bench access`; needs no data. Threads: all cores (`RAYON_NUM_THREADS` sets them).
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use commonground::access::{Decay, luo_qi_bands, two_step_fca};
use commonground::{Minutes, TravelTimes};
use criterion::{Criterion, criterion_group, criterion_main};

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

criterion_group!(benches, from_the_table);
criterion_main!(benches);
