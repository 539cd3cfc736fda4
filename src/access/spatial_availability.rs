//! Opportunities divided among all people who reach them, each opportunity exactly once.

use super::checks::{check_demand, check_supply, total};
use super::decay::Decay;
use super::floating_catchment::weighted_sum;
use crate::network::TravelPairs;
use crate::{Error, ErrorKind, Result};

/// Opportunities that are available to each origin once they are divided.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Availability {
    /// Opportunities of each origin as a whole; `None` where it is not on the network.
    pub total: Vec<Option<f64>>,
    /// Opportunities per person; `None` also where nobody lives.
    pub per_person: Vec<Option<f64>>,
    /// Opportunities that nobody reaches. All others are handed out: they add up to the sum of `total`.
    pub unreached_supply: f64,
}

/// Spatial availability: every place hands out its opportunities to the origins that reach it, by their people and by
/// how near they are.
///
/// - `demand`: people of each origin; `supply`: opportunities of each destination; finite, ≥ 0.
/// - `alpha`: power of the people; 1 counts heads, less favours small places.
///
/// V_ij = O_j F^p_ij F^c_ij / Σ_i F^p_ij F^c_ij with F^p the share of people^alpha and F^c the share of the decay.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, an amount is negative or not finite, or so is `alpha`.
///
/// # Source
/// Soukhov, Páez, Higgins & Mohamed (2023), "Introducing spatial availability, a singly-constrained measure of
/// competitive accessibility"; `spatial_availability` of R `accessibility`.
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::{Decay, spatial_availability}};
/// let times = TravelTimes::from_minutes(&[[Some(10.0)], [Some(20.0)]])?;
/// let decay = Decay::binary(Minutes::new(30.0)?);
/// let jobs = spatial_availability(&times, &[10.0, 30.0], &[8.0], &decay, 1.0)?;
/// assert_eq!(jobs.total, [Some(2.0), Some(6.0)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn spatial_availability(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    decay: &Decay,
    alpha: f64,
) -> Result<Availability> {
    check_demand(pairs, demand)?;
    check_supply(pairs, supply)?;
    if !(alpha.is_finite() && alpha >= 0.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("`alpha` is `{alpha}`"))
            .hint("it must be finite and not negative"));
    }
    let weights: Vec<f64> = demand.iter().map(|people| people.powf(alpha)).collect();
    let claims = pairs.each_destination(|row| weighted_sum(row, decay, |origin| weights[origin]))?;
    let per_claim =
        |place: usize| claims[place].filter(|claim| *claim > 0.0).map(|claim| supply[place] / claim);
    let sums = pairs.each_origin(|row| weighted_sum(row, decay, |place| per_claim(place).unwrap_or(0.0)))?;
    let totals: Vec<_> = sums.iter().zip(&weights).map(|(sum, weight)| sum.map(|sum| sum * weight)).collect();
    let per_person =
        |(total, people): (&Option<f64>, &f64)| total.filter(|_| *people > 0.0).map(|total| total / people);
    Ok(Availability {
        per_person: totals.iter().zip(demand).map(per_person).collect(),
        unreached_supply: total((0..supply.len()).filter(|&j| per_claim(j).is_none()).map(|j| supply[j])),
        total: totals,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TravelTimes;

    // The worked example of the paper: three towns, three places of work.
    #[test]
    fn the_papers_example_hands_out_all_jobs() {
        let rows = [[15.0, 30.0, 100.0], [30.0, 15.0, 100.0], [100.0, 100.0, 15.0]];
        let times = TravelTimes::from_minutes(&rows.map(|row| row.map(Some))).unwrap();
        let decay = Decay::exponential(0.1).unwrap();
        let (people, jobs) = ([50_000.0, 150_000.0, 10_000.0], [100_000.0, 100_000.0, 10_000.0]);
        let found = spatial_availability(&times, &people, &jobs, &decay, 1.0).unwrap();
        let sum: f64 = found.total.iter().flatten().sum();
        assert!((sum - 210_000.0).abs() < 1e-6, "{sum}");
        // Table 2 of the paper: 66,833, 133,203 and 9,963 jobs.
        let rounded: Vec<i64> = found.total.iter().flatten().map(|jobs| jobs.round() as i64).collect();
        assert_eq!(rounded, [66_833, 133_203, 9_963]);
    }

    #[test]
    fn jobs_out_of_reach_are_told() {
        let times = TravelTimes::from_minutes(&[[Some(5.0), None]]).unwrap();
        let decay = Decay::exponential(0.0).unwrap();
        let found = spatial_availability(&times, &[0.0], &[5.0, 7.0], &decay, 1.0).unwrap();
        assert_eq!((found.unreached_supply, found.per_person[0]), (12.0, None));
        assert!(spatial_availability(&times, &[1.0], &[5.0, 7.0], &decay, f64::NAN).is_err());
    }
}
