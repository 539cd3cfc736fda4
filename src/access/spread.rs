//! From homes to neighbourhoods: mean, median, tails and share with enough.

use super::checks::check_amounts;
use super::equity::Standard;
use crate::stats::{weighted_mean, weighted_quantile};
use crate::{Error, ErrorKind, Result};

/// The middle and the tails of a distribution. `None` where the quantile falls on the unreachable.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Spread {
    /// A tenth of the weight lies at or below.
    pub tenth: Option<f64>,
    /// Half of the weight lies at or below.
    pub median: Option<f64>,
    /// Nine tenths of the weight lie at or below.
    pub ninetieth: Option<f64>,
}

impl Spread {
    /// Of travel times (or the like): `None` stands for farther than any number.
    #[must_use]
    pub fn of(values: &[(Option<f64>, f64)]) -> Self {
        let quantile = |level| weighted_quantile(values, level);
        Self { tenth: quantile(0.1), median: quantile(0.5), ninetieth: quantile(0.9) }
    }
}

/// What the residents of one neighbourhood have.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PlaceAccess {
    /// Residents of its homes.
    pub people: f64,
    /// Mean over those whose home has a value.
    pub mean: Option<f64>,
    /// The middle and the tails; `None` where they fall on what is not reached.
    pub spread: Spread,
    /// Share of residents who have enough, 0 to 1.
    pub share_enough: Option<f64>,
}

/// From homes to neighbourhoods: mean, median, tails and share with enough, weighted by residents.
///
/// - `access`: one value per home that is on the network; `None` where nothing is reached (which is not enough).
/// - `people`: residents of each home; finite, ≥ 0.
/// - `neighbourhoods`: number of each home's neighbourhood, below `count`; `None` outside all of them.
///
/// Returns `count` summaries; without values where nobody lives.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, people are negative or not finite, or a neighbourhood is not there.
///
/// # Example
/// ```
/// use commonground::access::{by_neighbourhood, equity::Standard};
/// let minutes = [Some(5.0), None, Some(9.0)];
/// let found = by_neighbourhood(&minutes, &[3.0, 1.0, 2.0], &[Some(0), Some(0), None], 1, Standard::AtMost(15.0))?;
/// assert_eq!((found[0].people, found[0].mean, found[0].share_enough), (4.0, Some(5.0), Some(0.75)));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn by_neighbourhood(
    access: &[Option<f64>],
    people: &[f64],
    neighbourhoods: &[Option<u32>],
    count: usize,
    standard: Standard,
) -> Result<Vec<PlaceAccess>> {
    check_amounts("people", people, access.len())?;
    if neighbourhoods.len() != access.len() {
        let message = format!("{} neighbourhoods for {} homes", neighbourhoods.len(), access.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let mut members: Vec<Vec<(Option<f64>, f64)>> = vec![Vec::new(); count];
    for (home, neighbourhood) in neighbourhoods.iter().enumerate() {
        let Some(neighbourhood) = neighbourhood else { continue };
        let Some(here) = members.get_mut(*neighbourhood as usize) else {
            let message = format!("there is no neighbourhood {neighbourhood}: they are {count}");
            return Err(Error::new(ErrorKind::Parameter, message).at_row(home + 1));
        };
        here.push((access[home], people[home]));
    }
    let summary = |homes: &Vec<(Option<f64>, f64)>| {
        let enough =
            |&(value, people): &(Option<f64>, f64)| (f64::from(u8::from(standard.is_met(value))), people);
        PlaceAccess {
            people: homes.iter().map(|(_, people)| people).sum(),
            mean: weighted_mean(homes.iter().filter_map(|&(value, people)| Some((value?, people)))),
            spread: Spread::of(homes),
            share_enough: weighted_mean(homes.iter().map(enough)),
        }
    };
    Ok(members.iter().map(summary).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::share_within;

    #[test]
    fn homes_that_do_not_fit_their_neighbourhoods_are_refused() {
        let enough = Standard::AtLeast(1.0);
        let refused = |people: &[f64], places: &[Option<u32>]| {
            by_neighbourhood(&[Some(1.0)], people, places, 1, enough).unwrap_err().kind()
        };
        assert_eq!(refused(&[-1.0], &[None]), ErrorKind::Parameter);
        assert_eq!(refused(&[1.0, 2.0], &[None]), ErrorKind::Parameter);
        assert_eq!(refused(&[1.0], &[None, None]), ErrorKind::Parameter);
        assert_eq!(refused(&[1.0], &[Some(1)]), ErrorKind::Parameter);
        let empty = by_neighbourhood(&[Some(1.0)], &[1.0], &[None], 1, enough).unwrap();
        assert_eq!((empty[0].people, empty[0].mean, empty[0].share_enough), (0.0, None, None));
    }

    #[test]
    fn quantiles_count_residents_not_homes() {
        let homes = [(Some(20.0), 1.0), (Some(5.0), 3.0), (Some(10.0), 6.0)];
        assert_eq!(weighted_quantile(&homes, 0.3), Some(5.0));
        assert_eq!(weighted_quantile(&homes, 0.31), Some(10.0));
        assert_eq!(weighted_quantile(&homes, 0.9), Some(10.0));
        assert_eq!(weighted_quantile(&homes, 1.0), Some(20.0));
    }

    #[test]
    fn the_unreachable_is_farther_than_any_number() {
        let homes = [(None, 2.0), (Some(5.0), 8.0)];
        assert_eq!(Spread::of(&homes), Spread { tenth: Some(5.0), median: Some(5.0), ninetieth: None });
        assert_eq!(share_within(&homes, 15.0), Some(0.8));
    }

    #[test]
    fn nobody_has_no_mean() {
        assert_eq!(weighted_mean([(3.0, 0.0)].into_iter()), None);
        assert_eq!(weighted_quantile(&[], 0.5), None);
        assert_eq!(share_within(&[(Some(1.0), 0.0)], 15.0), None);
    }
}
