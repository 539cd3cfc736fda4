//! Whether like lies beside like: in the city as a whole, and where.
//!
//! Every function takes one value per place (`None` where it is missing) and [`SpatialWeights`] in the same order. Places
//! without a value are left out of everything: means, variances, neighbours and draws. Islands follow the
//! [`IslandPolicy`] of the weights; local statistics give them no result.
//!
//! Permutations draw from a counter-based generator: the same seed gives the same bits on any number of threads.
//!
//! What these statistics do not say: a cluster is where a value is unusually like that of its neighbours. It is neither
//! a cause nor a judgement, and with many places some stand out by chance: see [`benjamini_hochberg`].

mod geary;
mod getis_ord;
mod join_counts;
mod moran;
mod permutation;
mod significance;

pub use geary::geary;
pub use getis_ord::{GetisOrd, LocalG, LocalGetisOrd, getis_ord_general_g, local_getis_ord};
pub use join_counts::{JoinCounts, join_counts};
pub use moran::{LocalMoran, Quadrant, local_moran, moran};
pub use permutation::{PermutationTest, Permutations, Tails};
pub use significance::{ZTest, benjamini_hochberg, fdr_threshold};

use super::weights::{IslandPolicy, SpatialWeights, check_length};
use crate::{Error, ErrorKind, Progress, Result};
use std::borrow::Cow;

/// Fewer places than this have no variance under randomisation.
const FEWEST_PLACES: usize = 4;

/// A global statistic with its tests.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GlobalStatistic {
    /// The statistic.
    pub value: f64,
    /// Places that count.
    pub places: usize,
    /// Against values drawn from a normal distribution.
    pub normality: Option<ZTest>,
    /// Against the same values in random order, by formula.
    pub randomisation: ZTest,
    /// Against the same values in random order, by drawing; `None` if no permutations were asked for.
    pub permutation: Option<PermutationTest>,
}

/// What a statistic would be if place did not matter, by formula.
struct Moments {
    expected: f64,
    under_normality: Option<f64>,
    under_randomisation: f64,
}

impl GlobalStatistic {
    /// A statistic of values with its tests. `scale`: size of the terms that it is summed from, if its own is 1.
    fn tested(
        values: &[f64],
        moments: &Moments,
        scale: f64,
        permutations: Option<Permutations>,
        progress: &dyn Progress,
        statistic: impl Fn(&[f64]) -> f64 + Sync,
    ) -> Result<Self> {
        let value = statistic(values);
        let test = |variance| ZTest::new(value, moments.expected, variance);
        let draw = |draws| permutation::shuffled(values, value, scale, draws, progress, &statistic);
        Ok(Self {
            value,
            places: values.len(),
            normality: moments.under_normality.map(test),
            randomisation: test(moments.under_randomisation),
            permutation: permutations.map(draw).transpose()?,
        })
    }
}

/// The places that count, in their order.
struct Sample<'a> {
    /// Their numbers among all places.
    places: Vec<usize>,
    values: Vec<f64>,
    weights: Cow<'a, SpatialWeights>,
}

impl<'a> Sample<'a> {
    /// `None` if too few places have a value, or all have the same.
    fn new(values: &[Option<f64>], weights: &'a SpatialWeights) -> Result<Option<Self>> {
        check_length("values", values.len(), weights.len())?;
        for (row, value) in values.iter().enumerate() {
            if let Some(value) = value.filter(|value| !value.is_finite()) {
                return Err(Error::new(ErrorKind::Parameter, format!("`{value}` is not a number"))
                    .at_row(row + 1)
                    .hint("a missing value is `None`, never a number that stands for it"));
            }
        }
        let mut is_kept: Vec<bool> = values.iter().map(Option::is_some).collect();
        let among = |is_kept: &[bool]| match is_kept.iter().all(|kept| *kept) {
            true => Cow::Borrowed(weights),
            false => Cow::Owned(weights.among(is_kept)),
        };
        let mut kept_weights = among(&is_kept);
        let numbers =
            |is_kept: &[bool]| -> Vec<usize> { (0..is_kept.len()).filter(|&i| is_kept[i]).collect() };
        let mut places = numbers(&is_kept);
        let islands = kept_weights.islands();
        match (weights.island_policy(), islands.first()) {
            (IslandPolicy::Refuse, Some(&first)) => {
                let message = format!("{} places have no neighbour", islands.len());
                return Err(Error::new(ErrorKind::Parameter, message)
                    .at_row(places[first] + 1)
                    .hint("join islands to the nearest place, leave them out, or keep them as zero"));
            }
            (IslandPolicy::LeaveOut, Some(_)) => {
                islands.iter().for_each(|&island| is_kept[places[island]] = false);
                kept_weights = among(&is_kept);
                places = numbers(&is_kept);
            }
            _ => {}
        }
        let kept_values: Vec<f64> = places.iter().filter_map(|&place| values[place]).collect();
        let varies = kept_values.iter().any(|value| *value != kept_values[0]);
        let is_enough = kept_values.len() >= FEWEST_PLACES && varies && kept_weights.link_count() > 0;
        Ok(is_enough.then_some(Self { places, values: kept_values, weights: kept_weights }))
    }

    fn mean(&self) -> f64 {
        self.values.iter().sum::<f64>() / self.values.len() as f64
    }

    /// Values less their mean.
    fn centred(&self) -> Vec<f64> {
        let mean = self.mean();
        self.values.iter().map(|value| value - mean).collect()
    }

    /// Results of the places that count, put back among all places.
    fn spread<T>(&self, count: usize, results: Vec<Option<T>>) -> Vec<Option<T>> {
        let mut all: Vec<Option<T>> = (0..count).map(|_| None).collect();
        for (place, result) in self.places.iter().zip(results) {
            all[*place] = result;
        }
        all
    }
}

/// Fourth moment over the square of the second, of values less their mean.
fn kurtosis(centred: &[f64]) -> f64 {
    let n = centred.len() as f64;
    let moment = |power: i32| centred.iter().map(|z| z.powi(power)).sum::<f64>() / n;
    moment(4) / moment(2).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;
    use proptest::prelude::*;

    /// Rook neighbours on a board of `side` times `side`, row by row.
    pub(super) fn board(side: usize) -> SpatialWeights {
        let mut links = Vec::new();
        for place in 0..side * side {
            let mut join = |other: usize| links.extend([(place, other, 1.0), (other, place, 1.0)]);
            if place % side + 1 < side {
                join(place + 1);
            }
            if place + side < side * side {
                join(place + side);
            }
        }
        SpatialWeights::from_links(side * side, links).unwrap()
    }

    pub(super) fn known(values: impl IntoIterator<Item = f64>) -> Vec<Option<f64>> {
        values.into_iter().map(Some).collect()
    }

    #[test]
    fn wrong_input_is_refused_and_thin_input_has_no_result() {
        let weights = board(3);
        let error = |values: &[Option<f64>], weights: &SpatialWeights| {
            moran(values, weights, None, &Quiet).unwrap_err()
        };
        assert_eq!(error(&known([1.0]), &weights).kind(), ErrorKind::Parameter);
        let mut values = known((1..=9).map(f64::from));
        values[4] = Some(f64::NAN);
        assert_eq!(error(&values, &weights).position().row, Some(5));
        // All the same, one place only, nobody has a value.
        assert_eq!(moran(&known([2.0; 9]), &weights, None, &Quiet).unwrap(), None);
        assert_eq!(geary(&known([2.0; 9]), &weights, None, &Quiet).unwrap(), None);
        assert_eq!(
            moran(&known([2.0]), &SpatialWeights::from_links(1, vec![]).unwrap(), None, &Quiet).unwrap(),
            None
        );
        assert!(local_moran(&known([2.0; 9]), &weights, None, &Quiet).unwrap().iter().all(Option::is_none));
        assert_eq!(moran(&[None; 9], &weights, None, &Quiet).unwrap(), None);
    }

    #[test]
    fn islands_follow_the_policy() {
        let mut links = board(3).links();
        links.retain(|(a, b, _)| *a != 8 && *b != 8);
        let weights = SpatialWeights::from_links(9, links).unwrap();
        let values = known([1.0, 2.0, 3.0, 2.0, 4.0, 5.0, 3.0, 5.0, 90.0]);
        let with = |policy| moran(&values, &weights.clone().with_island_policy(policy), None, &Quiet);
        let kept = with(IslandPolicy::KeepAsZero).unwrap().unwrap();
        let left_out = with(IslandPolicy::LeaveOut).unwrap().unwrap();
        assert_eq!((kept.places, left_out.places), (9, 8));
        let mut without = values.clone();
        without[8] = None;
        assert_eq!(left_out, moran(&without, &weights, None, &Quiet).unwrap().unwrap());
        assert_eq!(with(IslandPolicy::Refuse).unwrap_err().position().row, Some(9));
        assert_eq!(local_moran(&values, &weights, None, &Quiet).unwrap()[8], None);
    }

    proptest! {
        #[test]
        fn whatever_the_values_the_order_changes_nothing_and_local_sums_to_global(
            values in prop::collection::vec(-50_i32..50, 25),
            turn in 1_usize..25,
        ) {
            let values = known(values.into_iter().map(|value| f64::from(value) / 4.0));
            let weights = board(5).row_standardised();
            let Some(here) = moran(&values, &weights, None, &Quiet).unwrap() else { return Ok(()) };
            let local = local_moran(&values, &weights, None, &Quiet).unwrap();
            let sum: f64 = local.iter().flatten().map(|place| place.index).sum();
            prop_assert!((sum - 24.0 * here.value).abs() < 1e-10);
            // Place p becomes place p + turn.
            let moved = |place: usize| (place + turn) % 25;
            let links = weights.links().into_iter().map(|(a, b, w)| (moved(a), moved(b), w)).collect();
            let other = SpatialWeights::from_links(25, links).unwrap();
            let mut turned = vec![None; 25];
            (0..25).for_each(|place| turned[moved(place)] = values[place]);
            let there = moran(&turned, &other, None, &Quiet).unwrap().unwrap();
            prop_assert!((there.value - here.value).abs() < 1e-12);
            prop_assert!((there.randomisation.variance - here.randomisation.variance).abs() < 1e-12);
            // Nor do another unit and another zero.
            let scaled: Vec<Option<f64>> = values.iter().map(|value| value.map(|v| 7.0 - 3.0 * v)).collect();
            let scaled = moran(&scaled, &weights, None, &Quiet).unwrap().unwrap();
            prop_assert!((scaled.value - here.value).abs() < 1e-12);
            let apart = geary(&values, &weights, None, &Quiet).unwrap().unwrap().value;
            prop_assert!(apart >= 0.0);
        }
    }
}
