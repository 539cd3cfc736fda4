//! The Palma ratio.

use super::check_by_income;
use crate::Result;
use crate::access::weighted_mean;

/// How the poorest 40 % and the richest 10 % are distinguished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Palma {
    /// Exactly 40 % and 10 % of the people: a home on the border counts with the part of its people that is inside, and
    /// homes of one income are divided alike.
    Split,
    /// As R `accessibility`: income at most the 40 % quantile, and above the 90 % quantile, of all homes, those without a
    /// value included; nobody is divided. Quantiles are those of people as in `Hmisc::wtd.quantile`.
    Quantiles,
}

/// The borders of the Palma ratio: shares of the people by income.
const POOREST: f64 = 0.4;
const BELOW_RICHEST: f64 = 0.9;

/// Palma ratio: mean access of the richest 10 % over that of the poorest 40 %. Above 1 the rich reach more.
///
/// - `income`: by which people are ranked; any number that rises with wealth, one per home; `None` where it is not known, and
///   then the home is left out.
///
/// `None` if either group is empty, or the poorest have no access.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the lengths differ, access or people are negative or not finite, or an income is not finite.
///
/// # Source
/// Palma (2011), "Homogeneous middles vs. heterogeneous tails"; for access, R `accessibility`.
///
/// # Example
/// ```
/// use commonground::access::equity::{Palma, palma_ratio};
/// let income = [10.0, 20.0, 90.0].map(Some);
/// let access = [Some(2.0), Some(3.0), Some(8.0)];
/// assert_eq!(palma_ratio(&access, &[40.0, 50.0, 10.0], &income, Palma::Split)?, Some(4.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn palma_ratio(
    access: &[Option<f64>],
    people: &[f64],
    income: &[Option<f64>],
    variant: Palma,
) -> Result<Option<f64>> {
    check_by_income(access, people, income)?;
    let known = || (0..access.len()).filter_map(|home| Some((income[home]?, access[home], people[home])));
    let ratio = |poor: Option<f64>, rich: Option<f64>| Some(rich? / poor.filter(|poor| *poor > 0.0)?);
    match variant {
        Palma::Split => {
            let ranked =
                by_income(known().filter_map(|(income, value, people)| Some((income, value?, people))));
            Ok(ratio(mean_between(&ranked, 0.0, POOREST), mean_between(&ranked, BELOW_RICHEST, 1.0)))
        }
        Palma::Quantiles => {
            let counts: Vec<(f64, f64)> = known().map(|(income, _, people)| (income, people)).collect();
            let (Some(low), Some(high)) =
                (frequency_quantile(&counts, POOREST), frequency_quantile(&counts, BELOW_RICHEST))
            else {
                return Ok(None);
            };
            let mean = |is_in: &dyn Fn(f64) -> bool| {
                let members = known().filter(|(income, ..)| is_in(*income));
                weighted_mean(members.filter_map(|(_, value, people)| Some((value?, people))))
            };
            Ok(ratio(mean(&|income| income <= low), mean(&|income| income > high)))
        }
    }
}

/// People of one income together, from the poorest: access summed over them, and how many they are.
pub(super) fn by_income(homes: impl Iterator<Item = (f64, f64, f64)>) -> Vec<(f64, f64)> {
    let mut homes: Vec<(f64, f64, f64)> = homes.collect();
    homes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let alike = homes.chunk_by(|a, b| a.0 == b.0);
    alike
        .map(|alike| {
            alike
                .iter()
                .fold((0.0, 0.0), |(sum, count), (_, value, people)| (sum + value * people, count + people))
        })
        .collect()
}

/// Mean access of the people between two shares of the ranking.
fn mean_between(ranked: &[(f64, f64)], from: f64, to: f64) -> Option<f64> {
    let everyone: f64 = ranked.iter().map(|(_, people)| people).sum();
    let (from, to) = (from * everyone, to * everyone);
    let mut below = 0.0;
    let inside = ranked.iter().filter(|(_, people)| *people > 0.0).map(|(sum, people)| {
        let counted = (to.min(below + people) - from.max(below)).max(0.0);
        below += people;
        (sum / people, counted)
    });
    weighted_mean(inside)
}

/// Quantile of values that stand for several people each, as `Hmisc::wtd.quantile`: the place 1 + (n - 1) level in the
/// sorted row of all n people, interpolated between the two who stand around it.
fn frequency_quantile(counts: &[(f64, f64)], level: f64) -> Option<f64> {
    let mut counts: Vec<(f64, f64)> = counts.iter().copied().filter(|(_, people)| *people > 0.0).collect();
    counts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let everyone: f64 = counts.iter().map(|(_, people)| people).sum();
    let place = 1.0 + (everyone - 1.0) * level;
    let low = place.floor().max(1.0);
    let at = |place: f64| {
        let mut below = 0.0;
        let standing = counts.iter().find(|(_, people)| {
            below += people;
            below >= place
        });
        standing.or(counts.last()).map(|(value, _)| *value)
    };
    let share = place - place.floor();
    Some((1.0 - share) * at(low)? + share * at((low + 1.0).min(everyone))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INCOME: [Option<f64>; 4] = [Some(1.0), Some(2.0), Some(3.0), Some(4.0)];

    #[test]
    fn the_home_on_the_border_is_split_by_its_people() {
        // Poorest 40 of 100: 30 with 1, 10 with 2. Richest 10: half of the last 20.
        let access = [1.0, 2.0, 3.0, 6.0].map(Some);
        let ratio = palma_ratio(&access, &[30.0, 20.0, 30.0, 20.0], &INCOME, Palma::Split).unwrap();
        assert!((ratio.unwrap() - 6.0 / 1.25).abs() < 1e-12, "{ratio:?}");
    }

    #[test]
    fn homes_of_one_income_are_divided_alike() {
        let alike = [Some(5.0), Some(5.0)];
        let one = palma_ratio(&[Some(1.0), Some(3.0)], &[10.0, 10.0], &alike, Palma::Split).unwrap();
        assert_eq!(one, Some(1.0));
    }

    #[test]
    fn quantiles_divide_nobody_and_look_at_all_homes() {
        let people = [30.0, 20.0, 30.0, 20.0];
        // n = 100: the 40 % quantile stands at 40.6, income 2; the 90 % one at 90.1, income 4: nobody is above it.
        let access = [1.0, 2.0, 3.0, 6.0].map(Some);
        assert_eq!(palma_ratio(&access, &people, &INCOME, Palma::Quantiles).unwrap(), None);
        // With a rich home that has no value the quantile stays, and so does the rich home that has one.
        let (people, income) = ([30.0, 20.0, 44.0, 6.0], [Some(1.0), Some(2.0), Some(3.0), Some(4.0)]);
        let ratio = palma_ratio(&access, &people, &income, Palma::Quantiles).unwrap().unwrap();
        assert!((ratio - 6.0 / 1.4).abs() < 1e-12, "{ratio}");
    }

    #[test]
    fn the_poorest_without_access_leave_no_ratio_and_an_income_must_be_a_number() {
        let access = [0.0, 0.0, 3.0, 6.0].map(Some);
        let people = [30.0, 20.0, 30.0, 20.0];
        assert_eq!(palma_ratio(&access, &people, &INCOME, Palma::Split).unwrap(), None);
        let broken = [Some(f64::NAN), None, None, None];
        assert!(palma_ratio(&access, &people, &broken, Palma::Split).is_err());
        assert!(palma_ratio(&access, &people, &broken[..1], Palma::Split).is_err());
    }
}
