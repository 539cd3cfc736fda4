//! The curves behind the indices: who has how much of all access.

use super::palma::by_income;
use super::{check_by_income, with_people};
use crate::{Error, ErrorKind, Result};

/// Lorenz curve of access over people, from those with the least access to those with the most.
///
/// - `access`: one value per home; finite, ≥ 0; homes without a value are left out.
/// - `people`: who live there; finite, ≥ 0.
/// - `steps`: number of equal steps at which to evaluate the curve, at least 1; 100 for percentiles.
///
/// Returns the share of all access that the first share of the people has, `steps` + 1 values from 0 to 1; `None` if nobody
/// has any access, or nobody lives in homes with a value. Equality is the diagonal, and [`super::gini`] twice the area above.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, a number is negative or not finite, or there are no steps.
///
/// # Source
/// Lorenz (1905), "Methods of measuring the concentration of wealth".
///
/// # Example
/// ```
/// use commonground::access::equity::lorenz_curve;
/// // Three of four people share half of the access.
/// let curve = lorenz_curve(&[Some(3.0), Some(1.0)], &[1.0, 3.0], 4)?.unwrap();
/// assert_eq!(curve, [0.0, 1.0 / 6.0, 2.0 / 6.0, 0.5, 1.0]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn lorenz_curve(access: &[Option<f64>], people: &[f64], steps: usize) -> Result<Option<Vec<f64>>> {
    let mut homes = with_people(access, people)?;
    homes.sort_by(|a, b| a.0.total_cmp(&b.0));
    curve(homes.into_iter().map(|(value, people)| (value * people, people)), steps)
}

/// Concentration curve of access: as [`lorenz_curve`], but people stand in the order of their position, the worst off first.
///
/// - `position`: income, or whatever ranks people; homes where it is not known are left out, people of one position are one
///   stretch of the curve.
///
/// The curve lies below the diagonal where the better-off have more; [`super::concentration_index`] is twice the area between.
///
/// # Errors
/// As for [`lorenz_curve`], and if a position is not finite.
///
/// # Source
/// Wagstaff, Paci & van Doorslaer (1991), "On the measurement of inequalities in health".
pub fn concentration_curve(
    access: &[Option<f64>],
    people: &[f64],
    position: &[Option<f64>],
    steps: usize,
) -> Result<Option<Vec<f64>>> {
    check_by_income(access, people, position)?;
    let homes = (0..access.len()).filter_map(|home| Some((position[home]?, access[home]?, people[home])));
    curve(by_income(homes).into_iter(), steps)
}

/// From stretches of access and people in their order.
fn curve(stretches: impl Iterator<Item = (f64, f64)>, steps: usize) -> Result<Option<Vec<f64>>> {
    if steps == 0 {
        return Err(Error::new(ErrorKind::Parameter, "a curve of 0 steps was asked for"));
    }
    let mut corners = vec![(0.0, 0.0)];
    let (mut access, mut people) = (0.0, 0.0);
    for (more, count) in stretches.filter(|(_, count)| *count > 0.0) {
        (access, people) = (access + more, people + count);
        corners.push((people, access));
    }
    if access <= 0.0 {
        return Ok(None);
    }
    let at = |step: usize| {
        let place = people * step as f64 / steps as f64;
        let next = corners.partition_point(|corner| corner.0 < place).clamp(1, corners.len() - 1);
        let ((from, below), (to, above)) = (corners[next - 1], corners[next]);
        (below + (above - below) * ((place - from) / (to - from))) / access
    };
    Ok(Some((0..=steps).map(at).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::{Concentration, Ties, concentration_index, gini};
    use super::*;

    /// 1 minus twice the area below a curve.
    fn twice_above(curve: &[f64]) -> f64 {
        let steps = (curve.len() - 1) as f64;
        1.0 - curve.windows(2).map(|pair| (pair[0] + pair[1]) / steps).sum::<f64>()
    }

    #[test]
    fn the_areas_are_the_indices() {
        let access = [Some(4.0), Some(1.0), None, Some(9.0), Some(0.0), Some(4.0)];
        let people = [3.0, 10.0, 5.0, 2.0, 4.0, 1.0];
        let position = [Some(2.0), Some(1.0), Some(0.5), Some(7.0), Some(3.0), Some(2.0)];
        // 20 people with a value: in twentieths every corner of the curve is told.
        let lorenz = lorenz_curve(&access, &people, 20).unwrap().unwrap();
        assert!((twice_above(&lorenz) - gini(&access, &people).unwrap().unwrap()).abs() < 1e-12);
        let ranked = concentration_curve(&access, &people, &position, 20).unwrap().unwrap();
        let index =
            concentration_index(&access, &people, &position, Concentration::Standard, Ties::default());
        assert!((twice_above(&ranked) - index.unwrap().unwrap()).abs() < 1e-12);
        assert_eq!((lorenz[0], lorenz[20]), (0.0, 1.0));
    }

    #[test]
    fn nobody_with_access_has_no_curve_and_one_without_steps_is_refused() {
        assert_eq!(lorenz_curve(&[Some(0.0), None], &[4.0, 1.0], 10).unwrap(), None);
        assert_eq!(lorenz_curve(&[Some(1.0)], &[0.0], 10).unwrap(), None);
        for wrong in [lorenz_curve(&[Some(1.0)], &[1.0], 0), lorenz_curve(&[Some(-1.0)], &[1.0], 10)] {
            assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Parameter);
        }
        assert!(concentration_curve(&[Some(1.0)], &[1.0], &[Some(f64::NAN)], 10).is_err());
    }
}
