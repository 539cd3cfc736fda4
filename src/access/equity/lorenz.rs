//! The Lorenz curve.

use super::with_people;
use crate::Result;

/// Lorenz curve of access over people: from the worst served on, which share of people has which share of all access.
///
/// - `access`: one value a home; finite, ≥ 0; homes without a value are left out.
/// - `people`: who live there; finite, ≥ 0.
///
/// Returns (share of people, share of access), both from 0 to 1 and never falling: first (0, 0), then one point a home.
/// `None` if nobody has any access, or nobody lives in homes with a value. Twice the area between the curve and the
/// diagonal is the [`gini`](super::gini) index.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the lengths differ, or a number is negative or not finite.
///
/// # Source
/// Lorenz (1905), "Methods of measuring the concentration of wealth".
///
/// # Example
/// ```
/// use commonground::access::equity::lorenz_curve;
/// // Three of four people have nothing.
/// let curve = lorenz_curve(&[Some(8.0), Some(0.0)], &[1.0, 3.0])?;
/// assert_eq!(curve, Some(vec![(0.0, 0.0), (0.75, 0.0), (1.0, 1.0)]));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn lorenz_curve(access: &[Option<f64>], people: &[f64]) -> Result<Option<Vec<(f64, f64)>>> {
    let mut homes = with_people(access, people)?;
    homes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut counted, mut held) = (0.0, 0.0);
    let mut curve = vec![(0.0, 0.0)];
    for (value, people) in homes {
        counted += people;
        held += value * people;
        curve.push((counted, held));
    }
    // Divided by the last sums, so that the curve ends in (1, 1) to the last bit.
    Ok((held > 0.0)
        .then(|| curve.into_iter().map(|(people, access)| (people / counted, access / held)).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::equity::gini;

    #[test]
    fn twice_the_area_to_the_diagonal_is_the_gini_index() {
        let access: Vec<Option<f64>> =
            (0..200).map(|i| (i % 7 > 0).then(|| f64::from(i * 37 % 101))).collect();
        let people: Vec<f64> = (0..200).map(|i| f64::from(i % 5)).collect();
        let curve = lorenz_curve(&access, &people).unwrap().unwrap();
        let below: f64 = curve.windows(2).map(|step| (step[1].0 - step[0].0) * (step[0].1 + step[1].1)).sum();
        assert!((1.0 - below - gini(&access, &people).unwrap().unwrap()).abs() < 1e-12);
        assert!(curve.windows(2).all(|step| step[0].0 <= step[1].0 && step[0].1 <= step[1].1));
        assert_eq!(curve.last(), Some(&(1.0, 1.0)));
    }

    #[test]
    fn nothing_to_share_has_no_curve() {
        assert_eq!(lorenz_curve(&[Some(0.0), None], &[2.0, 3.0]).unwrap(), None);
        assert_eq!(lorenz_curve(&[Some(5.0)], &[0.0]).unwrap(), None);
        assert!(lorenz_curve(&[Some(-1.0)], &[1.0]).is_err());
    }
}
