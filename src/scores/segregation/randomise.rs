//! What an index would be by chance: null models, and how far the city is from them.

use super::GroupCounts;
use crate::progress::go_on;
use crate::stats::random::{MOST_DRAWS, Random};
use crate::{Error, ErrorKind, Progress, Result};
use rayon::prelude::*;

/// What is left to chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Null {
    /// People change homes: places keep their number of residents, groups their members (hypergeometric). PySAL's
    /// person permutation.
    RandomLabelling,
    /// Each resident is of a group by its share in the city: places keep their number (multinomial).
    Evenness,
    /// Members of each group choose a place by its share of everybody: groups keep their number (multinomial).
    Systematic,
    /// Whole places change their location. Only spatial indices see it.
    PlacesShuffled,
}

impl Null {
    /// Every null model.
    pub const ALL: [Self; 4] =
        [Self::RandomLabelling, Self::Evenness, Self::Systematic, Self::PlacesShuffled];

    /// Name in Python.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::RandomLabelling => "random_labelling",
            Self::Evenness => "evenness",
            Self::Systematic => "systematic",
            Self::PlacesShuffled => "places_shuffled",
        }
    }

    /// The null model with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|null| null.name() == name)
    }
}

/// An index beside what it is by chance.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Randomised {
    /// The index of the city as it is.
    pub observed: f64,
    /// Mean of the draws: the baseline, what the index is without any separation.
    pub baseline: f64,
    /// Standard deviation of the draws.
    pub standard_deviation: f64,
    /// (observed - baseline) / standard deviation; `None` if the draws do not differ.
    pub z: Option<f64>,
    /// Two-sided: min(1, 2 min(draws at or above, draws at or below, each + 1) / (draws + 1)).
    pub p_value: f64,
    /// One value per draw, in their order.
    pub draws: Vec<f64>,
}

impl Randomised {
    /// An observed value beside its draws.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] without draws.
    pub fn new(observed: f64, draws: Vec<f64>) -> Result<Self> {
        check_draws(draws.len())?;
        let (baseline, standard_deviation) = mean_and_deviation(&draws);
        let at_or_above = draws.iter().filter(|value| **value >= observed).count();
        let at_or_below = draws.iter().filter(|value| **value <= observed).count();
        let p_value = 2.0 * (at_or_above.min(at_or_below) + 1) as f64 / (draws.len() + 1) as f64;
        Ok(Self {
            observed,
            baseline,
            standard_deviation,
            z: (standard_deviation > 0.0).then(|| (observed - baseline) / standard_deviation),
            p_value: p_value.min(1.0),
            draws,
        })
    }

    /// The index above its baseline, for an index of 0 to 1: (I - B)/(1 - B), or (I - B)/B below it. 0 is what chance
    /// gives, 1 full separation. Of dissimilarity under [`Null::Evenness`] this is the modified dissimilarity.
    ///
    /// # Source
    /// Winship (1977); Carrington & Troske (1997), "On measuring segregation in samples with small units".
    #[must_use]
    pub fn above_chance(&self) -> Option<f64> {
        let room = if self.observed >= self.baseline { 1.0 - self.baseline } else { self.baseline };
        (room > 0.0).then(|| (self.observed - self.baseline) / room)
    }

    /// Standard error of the baseline: what is left of chance in it. More draws lower it.
    #[must_use]
    pub fn baseline_error(&self) -> f64 {
        self.standard_deviation / (self.draws.len() as f64).sqrt()
    }
}

/// Compares any index with what it is by chance.
///
/// - `index`: for an [`Index`](super::Index) its `of`; for a spatial one a closure that finds the people around anew.
/// - `draws`: ≥ 1; 999 or more for p-values.
/// - `seed`: the same seed gives the same draws, to the last bit on any number of threads.
///
/// Counts need not be whole: places and groups are rounded together, so that their sums stay. `None` if the index has
/// no value, in the city or in a draw.
///
/// # Errors
/// [`ErrorKind::Parameter`] without draws; [`ErrorKind::Cancelled`] if `progress` asks to stop; it advances by one a draw.
///
/// # Example
/// ```
/// use commonground::Quiet;
/// use commonground::scores::segregation::{GroupCounts, Index, Null, randomise};
/// // A hundred places of 50 people, 20 % of a group, nobody separated: D is far above 0 for all that.
/// let people = GroupCounts::of_group(&[10.0; 100], &[50.0; 100])?;
/// let of = |drawn: &GroupCounts| Index::Dissimilarity.of(drawn);
/// let found = randomise(&people, Null::RandomLabelling, 199, 1, &Quiet, of)?.unwrap();
/// assert!(found.observed == 0.0 && found.baseline > 0.1);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn randomise(
    counts: &GroupCounts,
    null: Null,
    draws: usize,
    seed: u64,
    progress: &dyn Progress,
    index: impl Fn(&GroupCounts) -> Option<f64> + Sync,
) -> Result<Option<Randomised>> {
    let whole = Whole::of(counts);
    let drawn = all_draws(draws, seed, progress, |random| index(&whole.draw(counts, null, random)))?;
    index(counts).zip(drawn).map(|(observed, drawn)| Randomised::new(observed, drawn)).transpose()
}

/// What a null model makes of a city: draw `number` under a seed, one of those that [`randomise`] compares with. For
/// indices that are no closure of counts, such as one that other software computes; see [`Randomised::new`].
#[must_use]
pub fn null_draw(counts: &GroupCounts, null: Null, seed: u64, number: u64) -> GroupCounts {
    Whole::of(counts).draw(counts, null, &mut Random::new(seed, number))
}

/// One value per draw, each from a stream of its own; `None` if a draw has no value.
pub(super) fn all_draws(
    draws: usize,
    seed: u64,
    progress: &dyn Progress,
    value: impl Fn(&mut Random) -> Option<f64> + Sync,
) -> Result<Option<Vec<f64>>> {
    check_draws(draws)?;
    progress.start("drawing by chance", draws as u64);
    let drawn = (0..draws as u64).into_par_iter().map(|draw| {
        go_on(progress)?;
        let value = value(&mut Random::new(seed, draw));
        progress.advance(1);
        Ok(value)
    });
    drawn.collect()
}

fn check_draws(draws: usize) -> Result<()> {
    if (1..=MOST_DRAWS).contains(&draws) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Parameter, format!("{draws} draws: 1 to {MOST_DRAWS} are possible"))
        .hint("999 are usual; 99 give a first impression"))
}

/// Mean and standard deviation (of a sample) in the order of the values.
pub(super) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, if values.len() > 1 { (squares / (count - 1.0)).sqrt() } else { 0.0 })
}

/// The city in whole people.
struct Whole {
    totals: Vec<u64>,
    groups: Vec<u64>,
}

impl Whole {
    fn of(counts: &GroupCounts) -> Self {
        Self { totals: to_whole(counts.totals()), groups: to_whole(counts.group_totals()) }
    }

    fn draw(&self, counts: &GroupCounts, null: Null, random: &mut Random) -> GroupCounts {
        let width = counts.groups();
        let mut drawn = vec![0.0; counts.counts().len()];
        match null {
            Null::RandomLabelling => {
                let mut left = self.groups.clone();
                let mut people: u64 = left.iter().sum();
                for (row, &total) in drawn.chunks_exact_mut(width).zip(&self.totals) {
                    let (mut pool, mut open) = (people, total);
                    for (count, left) in row.iter_mut().zip(&mut left) {
                        let chosen = random.hypergeometric(pool, *left, open);
                        pool -= *left;
                        open -= chosen;
                        *left -= chosen;
                        *count = chosen as f64;
                    }
                    people -= total;
                }
            }
            Null::Evenness => {
                let shares = counts.shares();
                for (row, &total) in drawn.chunks_exact_mut(width).zip(&self.totals) {
                    multinomial(random, total, &shares, |group, chosen| row[group] = chosen);
                }
            }
            Null::Systematic => {
                let population = counts.population();
                let shares: Vec<f64> = counts.totals().iter().map(|total| total / population).collect();
                for (group, &members) in self.groups.iter().enumerate() {
                    multinomial(random, members, &shares, |place, chosen| {
                        drawn[place * width + group] = chosen
                    });
                }
            }
            Null::PlacesShuffled => {
                let mut order: Vec<usize> = (0..counts.places()).collect();
                random.shuffle(&mut order);
                for (row, place) in drawn.chunks_exact_mut(width).zip(order) {
                    row.copy_from_slice(counts.row(place));
                }
            }
        }
        counts.replaced(drawn)
    }
}

/// Whole numbers whose running sums are the rounded running sums of `values`.
pub(super) fn to_whole(values: &[f64]) -> Vec<u64> {
    let (mut sum, mut given) = (0.0, 0);
    values
        .iter()
        .map(|value| {
            sum += value;
            let due = sum.round() as u64;
            let whole = due - given;
            given = due;
            whole
        })
        .collect()
}

/// Gives `count` people to the cells by `shares`, which add up to 1.
pub(super) fn multinomial(random: &mut Random, count: u64, shares: &[f64], mut give: impl FnMut(usize, f64)) {
    let (mut open, mut room) = (count, 1.0);
    let last = shares.iter().rposition(|share| *share > 0.0);
    for (cell, &share) in shares.iter().enumerate() {
        if open == 0 {
            break;
        }
        let chosen = if Some(cell) == last { open } else { random.binomial(open, share / room) };
        open -= chosen;
        room -= share;
        give(cell, chosen as f64);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Index;
    use super::*;
    use crate::Quiet;

    fn city() -> GroupCounts {
        let a: Vec<f64> = (0..60).map(|place| f64::from(place % 7) * 3.0).collect();
        let b: Vec<f64> = (0..60).map(|place| f64::from(place % 5) * 2.5).collect();
        let c: Vec<f64> = (0..60).map(|place| f64::from(place % 4) + 1.0).collect();
        GroupCounts::new(&[("a", a), ("b", b), ("c", c)]).unwrap()
    }

    #[test]
    fn each_null_keeps_what_it_promises() {
        let city = city();
        let whole = Whole::of(&city);
        let drawn = |null| whole.draw(&city, null, &mut Random::new(3, 9));
        let labelled = drawn(Null::RandomLabelling);
        let as_f64 = |values: &[u64]| values.iter().map(|value| *value as f64).collect::<Vec<_>>();
        assert_eq!(labelled.totals(), as_f64(&whole.totals));
        assert_eq!(labelled.group_totals(), as_f64(&whole.groups));
        assert_eq!(drawn(Null::Evenness).totals(), as_f64(&whole.totals));
        assert_eq!(drawn(Null::Systematic).group_totals(), as_f64(&whole.groups));
        let shuffled = drawn(Null::PlacesShuffled);
        assert_ne!(shuffled, city);
        assert!((Index::Gini.of(&shuffled).unwrap() - Index::Gini.of(&city).unwrap()).abs() < 1e-14);
        assert!(whole.totals.iter().sum::<u64>().abs_diff(city.population() as u64) <= 1);
    }

    #[test]
    fn random_labelling_has_its_known_mean() {
        // Under random labelling the correlation ratio is (n - 1)/(T - 1) on average, for n inhabited places.
        let counts = GroupCounts::of_group(&[3.0; 40], &[12.0; 40]).unwrap();
        let found = randomise(&counts, Null::RandomLabelling, 4_000, 5, &Quiet, |drawn| {
            Index::CorrelationRatio.of(drawn)
        })
        .unwrap()
        .unwrap();
        let expected = 39.0 / 479.0;
        assert!(
            (found.baseline - expected).abs() < 4.0 * found.baseline_error(),
            "{} {expected}",
            found.baseline
        );
    }

    #[test]
    fn fifty_people_a_unit_give_dissimilarity_without_separation() {
        // A group of 5 % in 400 places of 50 people.
        let counts = GroupCounts::of_group(&[2.5; 400], &[50.0; 400]).unwrap();
        let found =
            randomise(&counts, Null::Evenness, 199, 1, &Quiet, |drawn| Index::Dissimilarity.of(drawn))
                .unwrap()
                .unwrap();
        assert!((found.baseline - 0.264).abs() < 0.005, "{}", found.baseline);
        assert_eq!((found.p_value, found.above_chance()), (0.01, Some(-1.0)));
        let apart = GroupCounts::of_group(&[50.0, 0.0], &[50.0, 450.0]).unwrap();
        let found = randomise(&apart, Null::Evenness, 99, 1, &Quiet, |drawn| Index::Dissimilarity.of(drawn))
            .unwrap()
            .unwrap();
        assert_eq!(found.above_chance(), Some(1.0));
    }

    #[test]
    fn drawing_stops_when_asked() {
        struct Stop;
        impl Progress for Stop {
            fn start(&self, _: &str, _: u64) {}
            fn advance(&self, _: u64) {}
            fn is_cancelled(&self) -> bool {
                true
            }
        }
        let stopped = randomise(&city(), Null::Evenness, 9, 1, &Stop, |drawn| Index::Gini.of(drawn));
        assert_eq!(stopped.unwrap_err().kind(), ErrorKind::Cancelled);
    }

    #[test]
    fn a_seed_gives_the_same_draws_on_any_number_of_threads() {
        let draws = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let found = randomise(&city(), Null::RandomLabelling, 50, 7, &Quiet, |drawn| {
                    Index::Entropy.of(drawn)
                });
                found.unwrap().unwrap()
            })
        };
        assert_eq!(draws(1), draws(3));
        let fifth = null_draw(&city(), Null::RandomLabelling, 7, 5);
        assert_eq!(Index::Entropy.of(&fifth), Some(draws(1).draws[5]));
        assert_eq!(Randomised::new(draws(1).observed, draws(1).draws).unwrap(), draws(1));
        assert_eq!(Randomised::new(0.5, vec![]).unwrap_err().kind(), ErrorKind::Parameter);
    }
}
