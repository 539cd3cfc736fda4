//! Maps by the ids of vertices and nodes, which a hash for whole numbers serves several times faster than one for texts.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// Entries by id.
pub(super) type IdMap<T> = HashMap<i64, T, BuildHasherDefault<IdHasher>>;
/// A set of groups of whole numbers.
pub(super) type NumberTuples<T> = HashSet<T, BuildHasherDefault<IdHasher>>;

/// Whole numbers are well spread by one multiplication each (Knuth's, by the golden ratio), but runs of 64 stay together:
/// ids that follow each other mostly do so in the data, and find each other in the processor's cache.
#[derive(Default)]
pub(super) struct IdHasher(u64);

const RUN_BITS: u32 = 6;

impl IdHasher {
    fn add(&mut self, number: u64) {
        let number = self.0.rotate_left(23) ^ number;
        let spread = (number >> RUN_BITS).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = ((spread ^ (spread >> 32)) << RUN_BITS) | (number & ((1 << RUN_BITS) - 1));
    }
}

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("only whole numbers are hashed")
    }
    fn write_u32(&mut self, number: u32) {
        self.add(u64::from(number));
    }
    fn write_u64(&mut self, number: u64) {
        self.add(number);
    }
    fn write_i64(&mut self, number: i64) {
        self.add(number as u64);
    }
}
