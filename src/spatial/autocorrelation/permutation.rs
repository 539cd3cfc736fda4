//! The same values in random places: how often would chance alone do as much?

use super::super::weights::SpatialWeights;
use crate::progress::go_on;
use crate::stats::random::{MOST_DRAWS, Random};
use crate::{Error, ErrorKind, Progress, Result};
use rayon::prelude::*;

/// How often to draw, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permutations {
    /// Draws; the smallest p-value is one over one more than this.
    pub count: usize,
    /// The same seed, the same result.
    pub seed: u64,
    /// Stop drawing for a place when so many draws have reached its statistic from either side: the answer, not
    /// surprising, is clear. `None` draws them all.
    pub stop_after: Option<usize>,
}

impl Permutations {
    /// All `count` draws, from a seed.
    #[must_use]
    pub fn new(count: usize, seed: u64) -> Self {
        Self { count, seed, stop_after: None }
    }

    fn check(self) -> Result<Self> {
        if self.count == 0 || self.stop_after == Some(0) {
            return Err(Error::new(ErrorKind::Parameter, "no permutation was asked for")
                .hint("999 is usual; 0.05 over many places needs more than their number over 0.05"));
        }
        if self.count > MOST_DRAWS {
            let message = format!("{} permutations: {MOST_DRAWS} are possible", self.count);
            return Err(Error::new(ErrorKind::Parameter, message).hint("999 is usual"));
        }
        Ok(self)
    }
}

/// How the draws lie around a statistic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tails {
    /// Draws at least as large as the statistic.
    pub at_least: usize,
    /// Draws at most as large.
    pub at_most: usize,
    /// Draws made.
    pub draws: usize,
    /// Whether drawing stopped because the answer was clear.
    pub stopped: bool,
}

impl Tails {
    /// p for a statistic that is large.
    #[must_use]
    pub fn p_greater(&self) -> f64 {
        self.p(self.at_least)
    }

    /// p for a statistic that is small.
    #[must_use]
    pub fn p_less(&self) -> f64 {
        self.p(self.at_most)
    }

    /// p for a statistic that is far out on either side: twice the smaller one.
    #[must_use]
    pub fn p_two_sided(&self) -> f64 {
        (2.0 * self.p(self.at_least.min(self.at_most))).min(1.0)
    }

    /// p towards the side on which the statistic lies, as PySAL's `p_sim` is by default. It is half as large as a
    /// two-sided one, so that twice as many places stand out by chance.
    #[must_use]
    pub fn p_directed(&self) -> f64 {
        self.p(self.at_least.min(self.draws - self.at_least))
    }

    /// (r + 1)/(m + 1) after all draws (Davison & Hinkley 1997); r/m where the r-th ended them (Besag & Clifford 1991).
    fn p(&self, extreme: usize) -> f64 {
        if self.stopped {
            extreme as f64 / self.draws as f64
        } else {
            (extreme + 1) as f64 / (self.draws + 1) as f64
        }
    }

    /// The statistic with its sign changed.
    fn mirrored(self) -> Self {
        Self { at_least: self.at_most, at_most: self.at_least, ..self }
    }
}

/// A global statistic among its draws.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PermutationTest {
    /// How the draws lie around the statistic.
    pub tails: Tails,
    /// Mean of the draws.
    pub mean: f64,
    /// Standard deviation of the draws.
    pub standard_deviation: f64,
}

/// Counts one draw after the other until the answer is clear.
struct Counter {
    tails: Tails,
    low: f64,
    high: f64,
    stop_after: usize,
}

impl Counter {
    /// `scale`: size of the terms that a statistic is summed from. Draws that differ from it only by the rounding of a
    /// sum in another order count as equal.
    fn new(statistic: f64, scale: f64, stop_after: Option<usize>) -> Self {
        const ROUNDING: f64 = 1e-12;
        Self {
            tails: Tails { at_least: 0, at_most: 0, draws: 0, stopped: false },
            low: statistic - scale * ROUNDING,
            high: statistic + scale * ROUNDING,
            stop_after: stop_after.unwrap_or(usize::MAX),
        }
    }

    fn count(&mut self, draws: &[f64]) {
        let (mut at_least, mut at_most) = (0_u32, 0_u32);
        for draw in draws {
            at_least += u32::from(*draw >= self.low);
            at_most += u32::from(*draw <= self.high);
        }
        let reached = |tails: &Tails, more: (u32, u32)| {
            (tails.at_least + more.0 as usize).min(tails.at_most + more.1 as usize)
        };
        if reached(&self.tails, (at_least, at_most)) < self.stop_after {
            self.tails.at_least += at_least as usize;
            self.tails.at_most += at_most as usize;
            self.tails.draws += draws.len();
            return;
        }
        for draw in draws {
            self.tails.at_least += usize::from(*draw >= self.low);
            self.tails.at_most += usize::from(*draw <= self.high);
            self.tails.draws += 1;
            if reached(&self.tails, (0, 0)) >= self.stop_after {
                self.tails.stopped = true;
                return;
            }
        }
    }
}

/// Draws that are made together.
fn batch_size(permutations: Permutations) -> usize {
    if permutations.stop_after.is_some() { 128 } else { 1024 }
}

/// A global statistic of the values in random order.
///
/// `scale`: as for [`Counter::new`].
pub(super) fn shuffled(
    values: &[f64],
    observed: f64,
    scale: f64,
    permutations: Permutations,
    progress: &dyn Progress,
    statistic: impl Fn(&[f64]) -> f64 + Sync,
) -> Result<PermutationTest> {
    let permutations = permutations.check()?;
    progress.start("drawing by chance", permutations.count as u64);
    let mut counter = Counter::new(observed, scale, permutations.stop_after);
    let mut drawn = Vec::new();
    let size = batch_size(permutations);
    for first in (0..permutations.count).step_by(size) {
        let batch = first..(first + size).min(permutations.count);
        let draw = |shuffled: &mut Vec<f64>, number: usize| -> Result<f64> {
            go_on(progress)?;
            shuffled.clear();
            shuffled.extend_from_slice(values);
            Random::new(permutations.seed, number as u64).shuffle(shuffled);
            Ok(statistic(shuffled))
        };
        let draws: Vec<f64> = batch.into_par_iter().map_init(Vec::new, draw).collect::<Result<_>>()?;
        progress.advance(draws.len() as u64);
        counter.count(&draws);
        drawn.extend_from_slice(&draws);
        if counter.tails.stopped {
            drawn.truncate(counter.tails.draws);
            break;
        }
    }
    let count = drawn.len() as f64;
    let mean = drawn.iter().sum::<f64>() / count;
    let variance = drawn.iter().map(|draw| (draw - mean).powi(2)).sum::<f64>() / count;
    Ok(PermutationTest { tails: counter.tails, mean, standard_deviation: variance.sqrt() })
}

/// Places that share their draws. One draw serves them all, so their p-values err together; other places have others.
const LOT: usize = 256;

/// For every place, how its weighted sum over neighbours lies among sums over as many others, drawn at random without
/// replacement while the place keeps its own value. `None` for a place without neighbours.
///
/// # Source
/// Anselin (1995), "Local indicators of spatial association": conditional randomisation.
pub(super) fn conditional(
    values: &[f64],
    weights: &SpatialWeights,
    permutations: Permutations,
    progress: &dyn Progress,
) -> Result<Vec<Option<Tails>>> {
    let permutations = permutations.check()?;
    progress.start("drawing neighbours by chance", values.len() as u64);
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    let lots: Vec<usize> = (0..values.len()).step_by(LOT).collect();
    let of_lot = |scratch: &mut Scratch, first: &usize| -> Result<Vec<Option<Tails>>> {
        let lot = *first..(first + LOT).min(values.len());
        let mut counters: Vec<Counter> = lot
            .clone()
            .map(|place| {
                let row = weights.of(place);
                Counter::new(row.lag(values), row.sum() * largest, permutations.stop_after)
            })
            .collect();
        let mut done = 0;
        for batch in 0.. {
            go_on(progress)?;
            let open = lot.clone().zip(&counters).filter(|(_, counter)| !counter.tails.stopped);
            let width = open.map(|(place, _)| weights.of(place).places.len()).max().unwrap_or(0);
            let size = batch_size(permutations).min(permutations.count - done);
            if width == 0 || size == 0 {
                break;
            }
            // A stream for each lot and batch.
            let random = Random::new(permutations.seed, ((*first / LOT) as u64) << 32 | batch);
            scratch.draw(values, &lot, width, size, random);
            for (place, counter) in lot.clone().zip(&mut counters) {
                if !counter.tails.stopped {
                    counter.count(scratch.sums(place - lot.start, values, weights.of(place).weights));
                }
            }
            done += size;
        }
        let with_neighbours = |(place, counter): (usize, Counter)| {
            (!weights.of(place).places.is_empty()).then_some(counter.tails)
        };
        progress.advance(lot.len() as u64);
        Ok(lot.zip(counters).map(with_neighbours).collect())
    };
    let lots: Vec<Vec<Option<Tails>>> =
        lots.par_iter().map_init(|| Scratch::new(values.len()), of_lot).collect::<Result<_>>()?;
    Ok(lots.into_iter().flatten().collect())
}

/// The draws of a lot.
///
/// ```text
///             draw 0  draw 1  draw 2 …
///   column 0     17       4      99        a place with k neighbours takes the first k columns;
///   column 1      3      80      17        where it meets itself there, column k stands in
///   …
/// ```
struct Scratch {
    /// All places, in order between draws.
    order: Vec<u32>,
    /// Number of draws.
    size: usize,
    places: Vec<u32>,
    values: Vec<f64>,
    /// Where each place of the lot was drawn: column and draw.
    own: Vec<Vec<(u32, u32)>>,
    sums: Vec<f64>,
}

impl Scratch {
    fn new(count: usize) -> Self {
        Self {
            order: (0..count as u32).collect(),
            size: 0,
            places: Vec::new(),
            values: Vec::new(),
            own: vec![Vec::new(); LOT],
            sums: Vec::new(),
        }
    }

    /// Draws one place more than `width`, `size` times.
    fn draw(
        &mut self,
        values: &[f64],
        lot: &std::ops::Range<usize>,
        width: usize,
        size: usize,
        mut random: Random,
    ) {
        let Self { order, places, own, .. } = self;
        let columns = (width + 1).min(values.len());
        self.size = size;
        places.resize(columns * size, 0);
        self.values.resize(columns * size, 0.0);
        own.iter_mut().for_each(Vec::clear);
        let mut swaps = Vec::with_capacity(columns);
        for draw in 0..size {
            for column in 0..columns {
                let other = column + random.below(order.len() - column);
                order.swap(column, other);
                swaps.push((column, other));
                let place = order[column] as usize;
                places[column * size + draw] = place as u32;
                self.values[column * size + draw] = values[place];
                if lot.contains(&place) {
                    own[place - lot.start].push((column as u32, draw as u32));
                }
            }
            // Back in order, so that a draw does not depend on the one before.
            swaps.drain(..).rev().for_each(|(a, b)| order.swap(a, b));
        }
    }

    /// The weighted sum of each draw for a place of the lot.
    fn sums(&mut self, place: usize, values: &[f64], weights: &[f64]) -> &[f64] {
        let size = self.size;
        self.sums.clear();
        self.sums.resize(size, 0.0);
        for (column, weight) in self.values.chunks_exact(size).zip(weights) {
            for (sum, value) in self.sums.iter_mut().zip(column) {
                *sum += weight * value;
            }
        }
        for &(column, draw) in &self.own[place] {
            if (column as usize) < weights.len() {
                let value_in = |column: usize| values[self.places[column * size + draw as usize] as usize];
                let stand_in = |at: usize| if at == column as usize { weights.len() } else { at };
                self.sums[draw as usize] =
                    weights.iter().enumerate().map(|(at, weight)| weight * value_in(stand_in(at))).sum();
            }
        }
        &self.sums
    }
}

/// Turns the tails of a sum into those of the sum times a fixed number.
pub(super) fn times(tails: Tails, factor: f64) -> Tails {
    match factor.total_cmp(&0.0) {
        _ if factor == 0.0 => Tails { at_least: tails.draws, at_most: tails.draws, ..tails },
        std::cmp::Ordering::Less => tails.mirrored(),
        _ => tails,
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::board;
    use super::*;
    use crate::Quiet;

    #[test]
    fn p_counts_the_statistic_itself_unless_drawing_stopped() {
        let tails = Tails { at_least: 1, at_most: 98, draws: 99, stopped: false };
        assert_eq!((tails.p_greater(), tails.p_less(), tails.p_two_sided()), (0.02, 0.99, 0.04));
        assert_eq!(tails.mirrored().p_directed(), 0.02);
        let stopped = Tails { at_least: 10, at_most: 30, draws: 40, stopped: true };
        assert_eq!((stopped.p_greater(), stopped.p_two_sided()), (0.25, 0.5));
    }

    /// Every way to give a corner of the board two of the other eight values.
    fn exact_share_at_least(values: &[f64], place: usize, observed: f64) -> f64 {
        let others: Vec<f64> = (0..9).filter(|&other| other != place).map(|other| values[other]).collect();
        let mut sums = Vec::new();
        for a in 0..8 {
            sums.extend((a + 1..8).map(|b| others[a] + others[b]));
        }
        sums.iter().filter(|sum| **sum >= observed).count() as f64 / sums.len() as f64
    }

    #[test]
    fn draws_agree_with_all_ways_to_draw() {
        let values = [5.0, 1.0, 4.0, 1.5, 9.0, 2.0, 6.0, 5.5, 3.0];
        let weights = board(3);
        let tails = conditional(&values, &weights, Permutations::new(20_000, 1), &Quiet).unwrap();
        for place in [0, 2, 6, 8] {
            let exact = exact_share_at_least(&values, place, weights.of(place).lag(&values));
            let drawn = tails[place].unwrap().p_greater();
            // Five standard errors of a share of 20,000 draws.
            assert!(
                (drawn - exact).abs() < 5.0 * (0.25 / 20_000_f64).sqrt(),
                "{place}: {drawn} against {exact}"
            );
        }
    }

    #[test]
    fn threads_change_no_bit_and_seeds_do() {
        let values: Vec<f64> = (0..900).map(|i| f64::from(i * i % 97)).collect();
        let weights = board(30).row_standardised();
        let run = |threads: usize, seed: u64| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| conditional(&values, &weights, Permutations::new(1_500, seed), &Quiet).unwrap())
        };
        assert_eq!(run(1, 7), run(3, 7));
        assert_ne!(run(1, 7), run(1, 8));
    }

    #[test]
    fn stopping_early_draws_the_same_draws() {
        let values: Vec<f64> = (0..100).map(|i| f64::from(i % 10)).collect();
        let weights = board(10);
        let all = Permutations { stop_after: Some(usize::MAX), ..Permutations::new(999, 3) };
        let stopping = Permutations { stop_after: Some(10), ..all };
        let (all, stopping) =
            [all, stopping].map(|it| conditional(&values, &weights, it, &Quiet).unwrap()).into();
        let mut stopped = 0;
        for (all, early) in all.into_iter().zip(stopping).map(|(a, b)| (a.unwrap(), b.unwrap())) {
            if early.stopped {
                stopped += 1;
                assert_eq!(early.at_least.min(early.at_most), 10);
                assert!(all.p_two_sided() > 0.01);
            } else {
                assert_eq!(all, early);
            }
        }
        assert!(stopped > 10 && stopped < 100, "{stopped}");
    }

    #[test]
    fn a_place_whose_neighbours_are_all_others_has_one_draw_only() {
        let links = (0..5).flat_map(|a| (0..5).filter(move |b| *b != a).map(move |b| (a, b, 1.0))).collect();
        let weights = SpatialWeights::from_links(5, links).unwrap();
        let tails =
            conditional(&[0.1, 0.2, 0.4, 0.8, 1.6], &weights, Permutations::new(99, 1), &Quiet).unwrap();
        assert!(tails.iter().flatten().all(|tails| tails.p_two_sided() == 1.0), "{tails:?}");
    }
}
