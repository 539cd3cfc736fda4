//! The Gini index.

use super::with_people;
use crate::Result;

/// Gini index of access over people: 0 where all have the same, near 1 where a few have everything.
///
/// - `access`: one value per home; finite, ≥ 0; homes without a value are left out.
/// - `people`: who live there; finite, ≥ 0.
///
/// `None` if nobody has any access, or nobody lives in homes with a value.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the lengths differ, or a number is negative or not finite.
///
/// # Source
/// One minus twice the area under the Lorenz curve of people, by trapezoids; R `accessibility` has the same. (PySAL
/// `inequality` counts every place once: give it weights of 1.)
///
/// # Example
/// ```
/// use commonground::access::equity::gini;
/// // Three of four people have nothing.
/// assert_eq!(gini(&[Some(0.0), Some(8.0)], &[3.0, 1.0])?, Some(0.75));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn gini(access: &[Option<f64>], people: &[f64]) -> Result<Option<f64>> {
    let mut homes = with_people(access, people)?;
    homes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let everyone: f64 = homes.iter().map(|(_, people)| people).sum();
    let total: f64 = homes.iter().map(|(value, people)| value * people).sum();
    let (mut reached, mut twice_below) = (0.0, 0.0);
    for (value, people) in homes {
        let before = reached;
        reached += value * people / total;
        twice_below += people / everyone * (before + reached);
    }
    Ok((total > 0.0).then_some(1.0 - twice_below))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_distribution_is_refused_or_has_no_index() {
        for (access, people) in
            [(Some(-1.0), 1.0), (Some(f64::NAN), 1.0), (Some(1.0), -1.0), (Some(1.0), f64::INFINITY)]
        {
            assert!(gini(&[access], &[people]).is_err(), "{access:?} {people}");
        }
        assert!(gini(&[Some(1.0)], &[]).is_err());
        for (access, people) in [(Some(1.0), 0.0), (Some(0.0), 1.0), (None, 1.0)] {
            assert_eq!(gini(&[access], &[people]).unwrap(), None);
        }
    }

    #[test]
    fn a_home_of_three_is_three_homes_of_one() {
        let one = gini(&[Some(1.0), Some(5.0)], &[3.0, 2.0]).unwrap().unwrap();
        let split = [1.0, 1.0, 1.0, 5.0, 5.0].map(Some);
        assert!((one - gini(&split, &[1.0; 5]).unwrap().unwrap()).abs() < 1e-15);
        assert_eq!(gini(&[Some(3.0), Some(3.0), None], &[1.0, 5.0, 9.0]).unwrap().map(f64::abs), Some(0.0));
    }
}
