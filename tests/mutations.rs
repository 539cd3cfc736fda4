//! The functions of `fuzz/`, over mutated seeds, on a stable compiler: no panic, and no input that takes long.
//!
//! `COMMONGROUND_MUTATE_SECONDS=3600 cargo test --release --test mutations -- --nocapture` runs each for an hour.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../fuzz/targets.rs"]
mod targets;

use commonground::model::Street;
use commonground::network::{BuildOptions, StreetNetwork, TravelProfile};
use commonground::{KmPerHour, Quiet};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::path::Path;
use std::time::{Duration, Instant};

/// Longest that one input may take, with the other targets beside it.
const LONGEST: Duration = Duration::from_secs(10);

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds").join(target);
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| std::fs::read(file).unwrap()).collect()
}

/// Two streets, saved.
fn network() -> Vec<u8> {
    let street = |id: i64, vertices: [i64; 2]| Street {
        id,
        line: vertices.map(|at| geo::Coord { x: 100.0 * at as f64, y: 0.0 }).to_vec().into(),
        vertices: vertices.to_vec(),
        tags: [("highway", "residential")].into_iter().collect(),
        ..Street::default()
    };
    let profile = TravelProfile::walking(KmPerHour::new(4.8).unwrap()).unwrap();
    let streets = [street(1, [0, 1]), street(2, [1, 2])];
    StreetNetwork::build(&streets, profile, BuildOptions::default(), &Quiet).unwrap().0.to_bytes()
}

/// Bytes flipped, set to ends of their range, cut, doubled, swapped for those of another seed, or digits made large.
fn mutate(bytes: &[u8], other: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..random.random_range(1..6_u32) {
        if bytes.is_empty() {
            return bytes;
        }
        let at = random.random_range(0..bytes.len());
        let length = random.random_range(1..=64.min(bytes.len() - at));
        match random.random_range(0..8_u32) {
            0 => bytes[at] ^= 1 << random.random_range(0..8_u32),
            1 => bytes[at] = random.random(),
            2 => bytes[at..at + length].fill([0, 0x7F, 0xFF][random.random_range(0..3_usize)]),
            3 => drop(bytes.drain(at..at + length)),
            4 => {
                let copy = bytes[at..at + length].to_vec();
                bytes.splice(at..at, copy.repeat(random.random_range(1..20_usize)));
            }
            5 => bytes.truncate(at),
            6 if !other.is_empty() => {
                let from = random.random_range(0..other.len());
                let end = other.len().min(from + length);
                bytes.splice(at..at, other[from..end].iter().copied());
            }
            _ => {
                let digit = bytes[at..].iter().position(u8::is_ascii_digit).map_or(at, |more| at + more);
                let numbers: [&[u8]; 5] = [b"1e308", b"-1", b"NaN", b"99999999999999999999", b""];
                bytes.splice(digit..=digit, numbers[random.random_range(0..5_usize)].iter().copied());
            }
        }
    }
    bytes
}

#[test]
fn the_saved_network_among_the_seeds_is_of_this_version() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds/network/two_streets");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, network()).unwrap();
    }
    assert_eq!(std::fs::read(file).unwrap(), network(), "make it anew with UPDATE=1");
}

#[test]
fn mutated_files_are_refused_in_time() {
    let seconds = std::env::var("COMMONGROUND_MUTATE_SECONDS").ok().and_then(|text| text.parse().ok());
    let each = Duration::from_secs(seconds.unwrap_or(2));
    let failures: Vec<String> = std::thread::scope(|scope| {
        let run = |(name, target): (&'static str, targets::Target)| {
            move || {
                let seeds = seeds(name);
                seeds.iter().for_each(|seed| target(seed));
                let mut random = ChaCha8Rng::seed_from_u64(name.len() as u64);
                let (begin, mut count, mut slowest) = (Instant::now(), 0_u64, Duration::ZERO);
                while begin.elapsed() < each {
                    let [one, other] = [0, 1].map(|_| &seeds[random.random_range(0..seeds.len())]);
                    let input = mutate(one, other, &mut random);
                    let start = Instant::now();
                    let has_ended = std::panic::catch_unwind(|| target(&input)).is_ok();
                    slowest = slowest.max(start.elapsed());
                    if !has_ended || start.elapsed() > LONGEST {
                        let path = std::env::temp_dir().join(format!("commonground_{name}_{count}"));
                        std::fs::write(&path, &input).unwrap();
                        let what = if has_ended { "takes long" } else { "panics" };
                        return Some(format!("{name}: {} {what}", path.display()));
                    }
                    count += 1;
                }
                println!(
                    "{name}: {count} inputs in {} s, the slowest {:.1} s",
                    each.as_secs(),
                    slowest.as_secs_f64()
                );
                None
            }
        };
        let threads: Vec<_> = targets::TARGETS.into_iter().map(|target| scope.spawn(run(target))).collect();
        threads.into_iter().filter_map(|thread| thread.join().unwrap()).collect()
    });
    assert!(failures.is_empty(), "{failures:#?}");
}
