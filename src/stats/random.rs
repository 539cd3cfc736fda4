//! Numbers that look random: each is a pure function of a seed, a stream and an index.
//!
//! A permutation test gives every permutation (or every place) a stream of its own. Whichever thread draws it, it draws
//! the same numbers, so results are the same to the last bit on any number of threads.

/// Step between the states of a stream: 2^64 over the golden ratio, made odd (Steele et al. 2014).
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
/// Factorials below this are looked up; above it Stirling's series is exact to the last bits.
const SMALL_FACTORIALS: usize = 32;

/// Draws of one test at most, in the whole library: no p-value needs more, and they are held in memory.
pub(crate) const MOST_DRAWS: usize = 10_000_000;

/// One stream of numbers under a seed.
///
/// # Source
/// SplitMix64: Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators". It passes BigCrush; it is
/// not for secrets.
///
/// # Example
/// ```
/// use commonground::random::Random;
/// let mut third_permutation = Random::new(42, 3);
/// let first = third_permutation.bits();
/// assert_eq!(first, Random::at(42, 3, 0));
/// assert_ne!(first, Random::new(42, 4).bits());
/// ```
#[derive(Debug, Clone)]
pub struct Random {
    start: u64,
    drawn: u64,
}

impl Random {
    /// The stream with this number under this seed, from its first draw on.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let of_seed = mix(seed.wrapping_add(STEP));
        Self { start: mix(of_seed ^ mix(stream.wrapping_add(STEP.rotate_left(32)))), drawn: 0 }
    }

    /// Draw number `index` of a stream, without the ones before it.
    #[must_use]
    pub fn at(seed: u64, stream: u64, index: u64) -> u64 {
        nth(Self::new(seed, stream).start, index)
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        let bits = nth(self.start, self.drawn);
        self.drawn += 1;
        bits
    }

    /// Even over 0 (included) to 1 (left out), in steps of 2^-53.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Even over 0 to `count`, which is left out; 0 if `count` is 0. No number is favoured (Lemire 2019).
    #[inline]
    pub fn below(&mut self, count: usize) -> usize {
        let count = count as u64;
        let mut wide = u128::from(self.bits()) * u128::from(count);
        if (wide as u64) < count {
            let unfair = count.wrapping_neg() % count;
            while (wide as u64) < unfair {
                wide = u128::from(self.bits()) * u128::from(count);
            }
        }
        (wide >> 64) as usize
    }

    /// Normal with mean 0 and standard deviation 1; one draw each.
    pub fn normal(&mut self) -> f64 {
        // Half a step up: never 0 or 1, where the quantile is infinite.
        normal_quantile(((self.bits() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64)
    }

    /// Exponential with mean 1.
    pub fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }

    /// Puts `values` in an order of which each is equally likely (Fisher & Yates).
    pub fn shuffle<T>(&mut self, values: &mut [T]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }

    /// `count` different numbers below `population`: a set, each set equally likely, in no order of meaning.
    /// All of them if `count` is larger.
    pub fn sample(&mut self, population: usize, count: usize) -> Vec<usize> {
        let mut chosen = Vec::with_capacity(count.min(population));
        self.sample_into(population, count, &mut chosen);
        chosen
    }

    /// As [`Random::sample`], into a list that is emptied first and keeps its memory.
    pub fn sample_into(&mut self, population: usize, count: usize, chosen: &mut Vec<usize>) {
        chosen.clear();
        let count = count.min(population);
        // Floyd's method looks at the chosen ones only; from some thirty on a shuffle of all is quicker.
        if count <= 32 || count * count <= population {
            for last in population - count..population {
                let number = self.below(last + 1);
                chosen.push(if chosen.contains(&number) { last } else { number });
            }
        } else {
            chosen.extend(0..population);
            for place in 0..count {
                let other = place + self.below(population - place);
                chosen.swap(place, other);
            }
            chosen.truncate(count);
        }
    }

    /// Successes among `trials`, each with `probability` (0 to 1; beyond, the nearer end).
    pub fn binomial(&mut self, trials: u64, probability: f64) -> u64 {
        if trials == 0 || probability <= 0.0 {
            return 0;
        }
        if probability >= 1.0 {
            return trials;
        }
        let odds = probability / (1.0 - probability);
        let mode = (((trials + 1) as f64 * probability) as u64).min(trials);
        let at_mode = ln_choose(trials, mode)
            + mode as f64 * probability.ln()
            + (trials - mode) as f64 * (-probability).ln_1p();
        let up = |k: u64| (trials - k) as f64 / (k + 1) as f64 * odds;
        let down = |k: u64| k as f64 / ((trials - k + 1) as f64 * odds);
        self.out_from_mode(mode, at_mode.exp(), (0, trials), up, down)
    }

    /// Marked ones among `draws` without replacement from `population`, of which `marked` are.
    ///
    /// `marked` and `draws` above `population` count as all of it.
    pub fn hypergeometric(&mut self, population: u64, marked: u64, draws: u64) -> u64 {
        let (marked, draws) = (marked.min(population), draws.min(population));
        let unmarked = population - marked;
        let (low, high) = (draws.saturating_sub(unmarked), draws.min(marked));
        if low == high {
            return low;
        }
        let mode = (draws + 1) as f64 * (marked + 1) as f64 / (population + 2) as f64;
        let mode = (mode as u64).clamp(low, high);
        let at_mode =
            ln_choose(marked, mode) + ln_choose(unmarked, draws - mode) - ln_choose(population, draws);
        let up = |k: u64| {
            (marked - k) as f64 * (draws - k) as f64 / ((k + 1) as f64 * (unmarked + k + 1 - draws) as f64)
        };
        let down = |k: u64| {
            k as f64 * (unmarked + k - draws) as f64 / ((marked - k + 1) as f64 * (draws - k + 1) as f64)
        };
        self.out_from_mode(mode, at_mode.exp(), (low, high), up, down)
    }

    /// Inverts a distribution with one hump, from its mode outwards: as many steps as a few standard deviations.
    ///
    /// `up(k)` is the probability of k + 1 over that of k, `down(k)` that of k - 1 over that of k.
    fn out_from_mode(
        &mut self,
        mode: u64,
        at_mode: f64,
        (low, high): (u64, u64),
        up: impl Fn(u64) -> f64,
        down: impl Fn(u64) -> f64,
    ) -> u64 {
        let mut left = self.unit() - at_mode;
        let (mut above, mut at_above) = (mode, at_mode);
        let (mut below, mut at_below) = (mode, at_mode);
        while left >= 0.0 && (above < high || below > low) {
            if above < high {
                at_above *= up(above);
                above += 1;
                left -= at_above;
                if left < 0.0 {
                    return above;
                }
            }
            if below > low {
                at_below *= down(below);
                below -= 1;
                left -= at_below;
                if left < 0.0 {
                    return below;
                }
            }
            if at_above < f64::MIN_POSITIVE && at_below < f64::MIN_POSITIVE {
                break;
            }
        }
        mode
    }
}

#[inline]
fn nth(start: u64, index: u64) -> u64 {
    mix(start.wrapping_add(index.wrapping_add(1).wrapping_mul(STEP)))
}

#[inline]
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

/// Logarithm of the ways to choose `chosen` of `all`.
fn ln_choose(all: u64, chosen: u64) -> f64 {
    ln_factorial(all) - ln_factorial(chosen) - ln_factorial(all - chosen)
}

fn ln_factorial(number: u64) -> f64 {
    const FACTORIALS: [f64; SMALL_FACTORIALS] = {
        let mut factorials = [1.0; SMALL_FACTORIALS];
        let mut n = 1;
        while n < SMALL_FACTORIALS {
            factorials[n] = factorials[n - 1] * n as f64;
            n += 1;
        }
        factorials
    };
    if let Some(factorial) = FACTORIALS.get(number as usize) {
        return factorial.ln();
    }
    let n = number as f64;
    let series = (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / (1260.0 * n * n)) / (n * n)) / n;
    (n + 0.5) * n.ln() - n + 0.5 * std::f64::consts::TAU.ln() + series
}

/// The number below which a standard normal falls with `probability`; infinite at 0 and 1, NaN beyond them.
///
/// # Source
/// Wichura (1988), algorithm AS 241 (PPND16): about 16 digits.
#[must_use]
#[allow(clippy::excessive_precision, reason = "the digits as published")]
pub fn normal_quantile(probability: f64) -> f64 {
    const CENTRE: ([f64; 8], [f64; 8]) = (
        [
            3.387_132_872_796_366_608,
            133.141_667_891_784_377_45,
            1_971.590_950_306_551_442_7,
            13_731.693_765_509_461_125,
            45_921.953_931_549_871_457,
            67_265.770_927_008_700_853,
            33_430.575_583_588_128_105,
            2_509.080_928_730_122_672_7,
        ],
        [
            1.0,
            42.313_330_701_600_911_252,
            687.187_007_492_057_908_3,
            5_394.196_021_424_751_107_7,
            21_213.794_301_586_595_867,
            39_307.895_800_092_710_61,
            28_729.085_735_721_942_674,
            5_226.495_278_852_854_561,
        ],
    );
    const SIDE: ([f64; 8], [f64; 8]) = (
        [
            1.423_437_110_749_683_577_34,
            4.630_337_846_156_545_295_9,
            5.769_497_221_460_691_405_5,
            3.647_848_324_763_204_605_04,
            1.270_458_252_452_368_382_58,
            0.241_780_725_177_450_611_77,
            2.272_384_498_926_918_458_33e-2,
            7.745_450_142_783_414_076_4e-4,
        ],
        [
            1.0,
            2.053_191_626_637_758_821_87,
            1.676_384_830_183_803_849_4,
            0.689_767_334_985_100_004_55,
            0.148_103_976_427_480_074_59,
            1.519_866_656_361_645_719_66e-2,
            5.475_938_084_995_344_946e-4,
            1.050_750_071_644_416_843_24e-9,
        ],
    );
    const TAIL: ([f64; 8], [f64; 8]) = (
        [
            6.657_904_643_501_103_777_2,
            5.463_784_911_164_114_369_9,
            1.784_826_539_917_291_335_8,
            0.296_560_571_828_504_891_23,
            2.653_218_952_657_612_309_3e-2,
            1.242_660_947_388_078_438_6e-3,
            2.711_555_568_743_487_578_15e-5,
            2.010_334_399_292_288_132_65e-7,
        ],
        [
            1.0,
            0.599_832_206_555_887_937_69,
            0.136_929_880_922_735_805_31,
            1.487_536_129_085_061_485_25e-2,
            7.868_691_311_456_132_591e-4,
            1.846_318_317_510_054_681_8e-5,
            1.421_511_758_316_445_888_7e-7,
            2.044_263_103_389_939_785_64e-15,
        ],
    );
    let ratio = |(over, under): &([f64; 8], [f64; 8]), x: f64| {
        let value = |terms: &[f64; 8]| terms.iter().rev().fold(0.0, |sum, term| sum * x + term);
        value(over) / value(under)
    };
    let from_middle = probability - 0.5;
    if from_middle.abs() <= 0.425 {
        return from_middle * ratio(&CENTRE, 0.180_625 - from_middle * from_middle);
    }
    let tail = if from_middle < 0.0 { probability } else { 1.0 - probability };
    if tail == 0.0 {
        return f64::INFINITY.copysign(from_middle);
    }
    let depth = (-tail.ln()).sqrt();
    let size = if depth <= 5.0 { ratio(&SIDE, depth - 1.6) } else { ratio(&TAIL, depth - 5.0) };
    size.copysign(from_middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean_and_variance(values: &[f64]) -> (f64, f64) {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        (mean, values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn the_published_numbers_of_splitmix_come_out() {
        assert_eq!(
            [nth(0, 0), nth(0, 1), nth(0, 2)],
            [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]
        );
    }

    #[test]
    fn a_draw_depends_on_seed_stream_and_index_alone() {
        let mut stream = Random::new(7, 2);
        let drawn: Vec<u64> = (0..5).map(|_| stream.bits()).collect();
        let alone: Vec<u64> = (0..5).rev().map(|index| Random::at(7, 2, index)).collect();
        assert!(drawn.iter().eq(alone.iter().rev()));
        assert!(Random::at(7, 2, 0) != Random::at(2, 7, 0) && Random::at(0, 0, 0) != Random::at(0, 1, 0));
    }

    #[test]
    fn every_number_and_every_order_is_equally_likely() {
        let mut random = Random::new(1, 0);
        let mut counts = [0_u32; 7];
        (0..70_000).for_each(|_| counts[random.below(7)] += 1);
        // Five standard deviations of a count of 10,000.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 465), "{counts:?}");
        let mut orders = std::collections::BTreeMap::new();
        for _ in 0..24_000 {
            let mut order = [0, 1, 2, 3];
            random.shuffle(&mut order);
            *orders.entry(order).or_insert(0_u32) += 1;
        }
        assert!(orders.len() == 24 && orders.values().all(|count| count.abs_diff(1_000) < 155), "{orders:?}");
    }

    #[test]
    fn samples_hold_different_numbers_each_as_often() {
        let mut random = Random::new(1, 1);
        for (population, count) in [(10, 3), (100, 40), (3, 5)] {
            let mut seen = vec![0_u32; population];
            for _ in 0..10_000 {
                let mut sample = random.sample(population, count);
                sample.iter().for_each(|&number| seen[number] += 1);
                sample.sort_unstable();
                sample.dedup();
                assert_eq!(sample.len(), count.min(population));
            }
            let expected = 10_000.0 * (count.min(population) as f64 / population as f64);
            assert!(seen.iter().all(|&n| (f64::from(n) - expected).abs() < 260.0), "{seen:?}");
        }
        assert_eq!(random.below(0), 0);
    }

    #[test]
    fn binomial_and_hypergeometric_have_their_moments() {
        let mut random = Random::new(3, 0);
        for (trials, p) in [(1, 0.3), (40, 0.02), (5_000, 0.61)] {
            let drawn: Vec<f64> = (0..20_000).map(|_| random.binomial(trials, p) as f64).collect();
            let (mean, variance) = mean_and_variance(&drawn);
            let expected = trials as f64 * p * (1.0 - p);
            assert!(
                (mean - trials as f64 * p).abs() < 5.0 * (expected / 20_000.0).sqrt(),
                "{trials} {p} {mean}"
            );
            assert!((variance / expected - 1.0).abs() < 0.08, "{trials} {p} {variance}");
        }
        for (population, marked, draws) in [(10, 4, 5), (10, 9, 8), (200_000, 26_000, 900), (300, 290, 200)] {
            let drawn: Vec<f64> =
                (0..20_000).map(|_| random.hypergeometric(population, marked, draws) as f64).collect();
            let (n, share) = (draws as f64, marked as f64 / population as f64);
            let expected = n * share * (1.0 - share) * (population - draws) as f64 / (population - 1) as f64;
            let (mean, variance) = mean_and_variance(&drawn);
            assert!((mean - n * share).abs() < 5.0 * (expected / 20_000.0).sqrt(), "{population} {mean}");
            assert!((variance / expected - 1.0).abs() < 0.08, "{population} {variance}");
        }
        assert_eq!((random.binomial(9, 1.0), random.binomial(9, 0.0), random.binomial(0, 0.5)), (9, 0, 0));
        assert_eq!((random.hypergeometric(9, 9, 4), random.hypergeometric(9, 0, 4)), (4, 0));
    }

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        for (probability, quantile) in [
            (0.5, 0.0),
            (0.7, 0.524_400_512_708_040_9),
            (0.975, 1.959_963_984_540_054),
            (0.995, 2.575_829_303_548_900_4),
            (1e-10, -6.361_340_902_404_056),
        ] {
            assert!((normal_quantile(probability) - quantile).abs() < 1e-13, "{probability}");
        }
        assert_eq!((normal_quantile(0.0), normal_quantile(1.0)), (f64::NEG_INFINITY, f64::INFINITY));
        let mut random = Random::new(5, 0);
        let drawn: Vec<f64> = (0..40_000).map(|_| random.normal()).collect();
        let (mean, variance) = mean_and_variance(&drawn);
        assert!(mean.abs() < 0.025 && (variance - 1.0).abs() < 0.04, "{mean} {variance}");
    }
}
