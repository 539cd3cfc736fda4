//! What can be reached within a travel time.

use super::checks::{check_opportunities, total};
use crate::network::TravelPairs;
use crate::{Error, ErrorKind, Minutes, Result};

/// Number of opportunities that can be reached from each origin within a travel time.
///
/// - `opportunities`: one count per destination, in the order of the table; finite, ≥ 0.
/// - `cutoff`: inclusive limit.
///
/// Returns one value per origin, in the order of the table and in the unit of `opportunities`. An origin that reaches
/// nothing gets 0; an origin that is not on the network gets `None`.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, or a count is negative or not finite.
///
/// # Source
/// Wachs & Kumagai (1973), "Physical accessibility as a social indicator".
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::cumulative_cutoff};
/// // Two homes, three schools; `None` means no path within the search.
/// let times = TravelTimes::from_minutes(&[[Some(5.0), Some(15.0), None], [None, Some(40.0), None]])?;
/// let reached = cumulative_cutoff(&times, &[1.0, 2.0, 4.0], Minutes::new(15.0)?)?;
/// assert_eq!(reached, [Some(3.0), Some(0.0)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn cumulative_cutoff(
    pairs: &impl TravelPairs,
    opportunities: &[f64],
    cutoff: Minutes,
) -> Result<Vec<Option<f64>>> {
    check_opportunities(pairs, opportunities)?;
    let cutoff = cutoff.to_milliseconds();
    pairs.each_origin(|row| {
        let within = row.milliseconds().filter(|&(_, cost)| cost <= cutoff);
        total(within.map(|(place, _)| opportunities[place]))
    })
}

/// How the counts at many cutoffs become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Summary {
    /// Their mean.
    Mean,
    /// The middle one, or the mean of the two in the middle.
    Median,
}

/// Cutoffs beyond which a step is taken for an error of the user.
const MOST_CUTOFFS: f64 = 100_000.0;

/// Mean or median number of opportunities within reach over a range of travel times, so that no single cutoff decides.
///
/// - `from`, `to`: first and last cutoff; the cutoffs are `from`, `from + step`, … up to `to`.
///
/// Returns one value per origin, as [`cumulative_cutoff`] does. (R `accessibility` rounds the result down to a whole
/// number.)
///
/// # Errors
/// As for [`cumulative_cutoff`], and if the range is empty, or the step is 0 or gives more than 100,000 cutoffs.
///
/// # Source
/// Tomasiello et al. (2023), "A time interval metric for cumulative opportunity accessibility".
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::{Summary, cumulative_interval}};
/// let times = TravelTimes::from_minutes(&[[Some(5.0), Some(15.0)]])?;
/// // Reached within 10, 15 and 20 minutes: 1, 3 and 3.
/// let [from, to, step] = [10.0, 20.0, 5.0].map(Minutes::new);
/// let reached = cumulative_interval(&times, &[1.0, 2.0], from?, to?, step?, Summary::Median)?;
/// assert_eq!(reached, [Some(3.0)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn cumulative_interval(
    pairs: &impl TravelPairs,
    opportunities: &[f64],
    from: Minutes,
    to: Minutes,
    step: Minutes,
    summary: Summary,
) -> Result<Vec<Option<f64>>> {
    check_opportunities(pairs, opportunities)?;
    // The margin absorbs the rounding of the quotient, so that `to` itself is a cutoff.
    let steps = (to.get() - from.get()) / step.get() + 1e-9;
    if !(0.0..MOST_CUTOFFS).contains(&steps) {
        let message =
            format!("no cutoffs from `{}` to `{}` by `{}` minutes", from.get(), to.get(), step.get());
        return Err(Error::new(ErrorKind::Parameter, message).hint("the range must rise, by a step above 0"));
    }
    let cutoffs: Vec<u32> = (0..=steps as u32)
        .map(|number| ((from.get() + f64::from(number) * step.get()) * 60_000.0).round() as u32)
        .collect();
    pairs.each_origin(|row| {
        let mut reached = vec![0.0; cutoffs.len()];
        for (place, cost) in row.milliseconds() {
            let first = cutoffs.partition_point(|cutoff| *cutoff < cost);
            if let Some(count) = reached.get_mut(first) {
                *count += opportunities[place];
            }
        }
        for longer in 1..reached.len() {
            reached[longer] += reached[longer - 1];
        }
        summary.of(&reached)
    })
}

impl Summary {
    /// Of values in rising order, at least one.
    fn of(self, rising: &[f64]) -> f64 {
        let count = rising.len();
        match self {
            Self::Mean => rising.iter().sum::<f64>() / count as f64,
            Self::Median => f64::midpoint(rising[(count - 1) / 2], rising[count / 2]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TravelTimes;

    fn minutes(value: f64) -> Minutes {
        Minutes::new(value).unwrap()
    }

    #[test]
    fn counts_that_do_not_fit_the_table_are_refused() {
        let times = TravelTimes::from_minutes(&[[Some(5.0), None]]).unwrap();
        for wrong in [&[1.0][..], &[1.0, -1.0], &[1.0, f64::NAN], &[f64::INFINITY, 1.0]] {
            let error = cumulative_cutoff(&times, wrong, minutes(5.0)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Parameter, "{wrong:?}");
        }
        for (from, to, step) in [(20.0, 10.0, 1.0), (10.0, 20.0, 0.0), (0.0, 60.0, 1e-9)] {
            let (from, to, step) = (minutes(from), minutes(to), minutes(step));
            let refused = cumulative_interval(&times, &[1.0, 1.0], from, to, step, Summary::Mean);
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::Parameter);
        }
    }

    #[test]
    fn a_cutoff_of_zero_counts_what_is_at_the_door() {
        let times = TravelTimes::from_minutes(&[[Some(0.0), Some(0.1)]]).unwrap();
        assert_eq!(cumulative_cutoff(&times, &[3.0, 4.0], minutes(0.0)).unwrap(), [Some(3.0)]);
    }

    #[test]
    fn an_interval_is_summed_up_over_its_cutoffs() {
        // Within 10, 11, 12, 13 minutes: 1, 1, 5, 5.
        let times = TravelTimes::from_minutes(&[[Some(10.0), Some(12.0), Some(13.5)]]).unwrap();
        let of = |summary| {
            let (from, to, step) = (minutes(10.0), minutes(13.0), minutes(1.0));
            cumulative_interval(&times, &[1.0, 4.0, 9.0], from, to, step, summary).unwrap()
        };
        assert_eq!(of(Summary::Mean), [Some(3.0)]);
        assert_eq!(of(Summary::Median), [Some(3.0)]);
    }

    #[test]
    fn the_passive_side_counts_the_people_who_reach_a_place() {
        let times = TravelTimes::from_minutes(&[[Some(5.0), Some(15.0)], [Some(9.0), None]]).unwrap();
        let people = cumulative_cutoff(&times.transposed(), &[100.0, 30.0], minutes(10.0)).unwrap();
        assert_eq!(people, [Some(130.0), Some(0.0)]);
        assert!(people[1].is_some_and(f64::is_sign_positive), "nothing prints as 0, not as -0");
    }
}
