//! The three pillars of isolation, kept apart: residential, access, social infrastructure; and their combination.
//!
//! Each is 0 where a place is connected and 1 where it is isolated. Show the pillars, not the combination alone: who
//! lives among their own by choice, next to a good school, is in another position than who lives mixed and far from all.

use crate::scores::service_isolation::missed;
use crate::scores::social_infrastructure::{Reached, social_infrastructure};
use crate::{Error, ErrorKind, Result};

/// Exponent of the mean: above 1, so that being bad in one pillar shows.
const COMBINED_BY_SQUARES: i32 = 2;

/// How far a walk misses its standard: (t - T)/T between 0 (within it) and 1 (twice the standard, or farther).
///
/// `None` minutes: nothing is reached, which is 1.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the standard is not above 0, or a number is negative or not finite.
///
/// # Example
/// ```
/// use commonground::scores::segregation::access_shortfall;
/// assert_eq!(access_shortfall(Some(20.0), 15.0)?, 1.0 / 3.0);
/// assert_eq!(access_shortfall(None, 15.0)?, 1.0);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn access_shortfall(minutes: Option<f64>, standard_minutes: f64) -> Result<f64> {
    let is_number = |value: f64| value.is_finite() && value >= 0.0;
    if !is_number(standard_minutes) || standard_minutes == 0.0 || !minutes.is_none_or(is_number) {
        let message = format!("{minutes:?} minutes against a standard of {standard_minutes}");
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    Ok(missed(minutes, standard_minutes))
}

/// Isolation from social infrastructure, of a place instead of a home: see [`social_infrastructure`]. 0 where every kind is
/// there in the wanted number and evenly, 1 where there is nothing.
///
/// - `in_reach`: places of each kind within reach (libraries and centres, faith, green and play, third places, sport).
/// - `wanted_per_1000`: θ of each kind, above 0. - `people`: residents within the same reach.
///
/// `None` where nobody lives in reach.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there are no kinds, lengths differ, a count is negative or not finite, or a θ is not above 0.
pub fn social_isolation(in_reach: &[f64], wanted_per_1000: &[f64], people: f64) -> Result<Option<f64>> {
    let reached = Reached { places: in_reach.to_vec(), residents: people };
    let found = social_infrastructure(&reached, wanted_per_1000)?;
    Ok((people > 0.0).then_some(found.isolation))
}

/// The pillars of one place and what each weighs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pillars {
    /// R, from [`residential_isolation`](super::residential_isolation): -1 to 1; below 0 counts as 0 here.
    pub residential: Option<f64>,
    /// A: mean [`access_shortfall`] of residents over services, 0 to 1.
    pub access: Option<f64>,
    /// S: see [`social_isolation`], 0 to 1.
    pub social: Option<f64>,
}

/// Combined isolation of a place, 0 to 1: √(Σ w p² / Σ w) over the three pillars.
///
/// - `weights`: of residential, access, social; ≥ 0, not all 0. Equal ones are the default of this project: a choice, not
///   a finding.
///
/// `None` if a pillar that weighs is missing: two pillars do not stand for three.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a weight is negative or not finite, or all are 0; or if access or social is not 0 to 1.
pub fn combined_isolation(pillars: Pillars, weights: [f64; 3]) -> Result<Option<f64>> {
    let sum: f64 = weights.iter().sum();
    let weighs = weights.iter().all(|weight| weight.is_finite() && *weight >= 0.0) && sum > 0.0;
    let within = |pillar: Option<f64>| pillar.is_none_or(|value| (0.0..=1.0).contains(&value));
    if !weighs || !within(pillars.access) || !within(pillars.social) {
        return Err(Error::new(ErrorKind::Parameter, format!("{pillars:?} with weights {weights:?}")));
    }
    let values = [pillars.residential.map(|value| value.max(0.0)), pillars.access, pillars.social];
    let mut squares = 0.0;
    for (value, weight) in values.into_iter().zip(weights).filter(|(_, weight)| *weight > 0.0) {
        let Some(value) = value else { return Ok(None) };
        squares += weight * value.powi(COMBINED_BY_SQUARES);
    }
    Ok(Some((squares / sum).sqrt()))
}

/// People who live where a pillar is at `level` or above: a number of residents, or of members of a group.
///
/// Places without a value count nobody. `people` and `isolation`: one entry per place.
#[must_use]
pub fn people_isolated(isolation: &[Option<f64>], people: &[f64], level: f64) -> f64 {
    let there = isolation.iter().zip(people).filter(|(value, _)| value.is_some_and(|value| value >= level));
    // The sum of nothing is -0.
    there.map(|(_, people)| people).sum::<f64>() + 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_reach_is_isolated_and_all_kinds_are_not() {
        let wanted = [1.0, 0.5];
        assert_eq!(social_isolation(&[0.0, 0.0], &wanted, 2000.0).unwrap(), Some(1.0));
        let enough = social_isolation(&[2.0, 2.0], &wanted, 2000.0).unwrap().unwrap();
        assert!(enough < 1e-7, "{enough}");
        // One kind of two: available ½, variety ½.
        assert!((social_isolation(&[9.0, 0.0], &wanted, 2000.0).unwrap().unwrap() - 0.5).abs() < 1e-15);
        assert_eq!(social_isolation(&[1.0, 1.0], &wanted, 0.0).unwrap(), None);
        for (places, wanted, people) in [
            (vec![], vec![], 1.0),
            (vec![1.0], vec![0.0], 1.0),
            (vec![-1.0], vec![1.0], 1.0),
            (vec![1.0], vec![1.0], f64::NAN),
        ] {
            assert_eq!(social_isolation(&places, &wanted, people).unwrap_err().kind(), ErrorKind::Parameter);
        }
    }

    #[test]
    fn one_bad_pillar_shows_and_a_missing_one_is_missing() {
        let of = |residential, access, social| {
            combined_isolation(Pillars { residential, access, social }, [1.0; 3]).unwrap()
        };
        assert!((of(Some(-0.4), Some(1.0), Some(0.0)).unwrap() - (1.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert_eq!(of(Some(0.3), None, Some(0.2)), None);
        let without_access = Pillars { residential: Some(0.6), access: None, social: Some(0.6) };
        let found = combined_isolation(without_access, [0.5, 0.0, 0.5]).unwrap().unwrap();
        assert!((found - 0.6).abs() < 1e-15);
        assert!(combined_isolation(without_access, [0.0; 3]).is_err());
        let wrong = Pillars { access: Some(1.2), ..without_access };
        assert!(combined_isolation(wrong, [1.0; 3]).is_err());
    }

    #[test]
    fn shortfalls_have_a_standard_and_people_are_counted() {
        assert_eq!(access_shortfall(Some(15.0), 15.0).unwrap(), 0.0);
        assert_eq!(access_shortfall(Some(45.0), 15.0).unwrap(), 1.0);
        for (minutes, standard) in [(Some(-1.0), 15.0), (Some(1.0), 0.0), (None, f64::NAN)] {
            assert_eq!(access_shortfall(minutes, standard).unwrap_err().kind(), ErrorKind::Parameter);
        }
        assert_eq!(people_isolated(&[Some(0.5), None, Some(0.2)], &[10.0, 20.0, 40.0], 0.5), 10.0);
    }
}
