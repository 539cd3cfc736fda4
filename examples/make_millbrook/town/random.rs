//! Numbers that look random and are the same on every machine (SplitMix64, Steele et al. 2014).

pub struct Random(u64);

impl Random {
    /// One stream for each purpose, so that a change to one leaves the others as they are.
    pub fn stream(number: u64) -> Self {
        Self(0x6d69_6c6c_6272_6f6f ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Between 0 (included) and 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// From 0 up to `count`, which is left out.
    pub fn below(&mut self, count: usize) -> usize {
        (self.share() * count as f64) as usize
    }

    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }
}
