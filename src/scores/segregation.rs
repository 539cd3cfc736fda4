//! Residential isolation of two groups: each index is one sentence of the literature.
//!
//! All functions take one count a neighbourhood: `group`, the people of a group, and `total`, all people.

use crate::{Error, ErrorKind, Result};

/// Isolation xPx: the share of their own group that members meet at home on average, 0 to 1.
///
/// `None` if the group has no members.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, a count is negative or not finite, or a group exceeds its total.
///
/// # Source
/// Massey & Denton (1988), "The dimensions of residential segregation", equation 4.
///
/// # Example
/// ```
/// use commonground::scores::segregation::isolation;
/// // Half of the group lives among itself, half in an even mix: ½·1 + ½·½.
/// assert_eq!(isolation(&[10.0, 10.0], &[10.0, 20.0])?, Some(0.75));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn isolation(group: &[f64], total: &[f64]) -> Result<Option<f64>> {
    check(group, total)?;
    let members: f64 = group.iter().sum();
    let met: f64 =
        group.iter().zip(total).filter(|(_, t)| **t > 0.0).map(|(x, t)| x / members * (x / t)).sum();
    Ok((members > 0.0).then_some(met))
}

/// Dissimilarity D: the share of the group that would have to move for an even spread, 0 to 1.
///
/// `None` unless both the group and the others have members.
///
/// # Errors
/// As for [`isolation`].
///
/// # Source
/// Duncan & Duncan (1955), "A methodological analysis of segregation indexes".
pub fn dissimilarity(group: &[f64], total: &[f64]) -> Result<Option<f64>> {
    check(group, total)?;
    let members: f64 = group.iter().sum();
    let others = total.iter().sum::<f64>() - members;
    let uneven: f64 = group.iter().zip(total).map(|(x, t)| (x / members - (t - x) / others).abs()).sum();
    Ok((members > 0.0 && others > 0.0).then_some(uneven / 2.0))
}

/// Location quotient: the local share of the group over its share in the city; 1 is the city's mix.
///
/// One entry a neighbourhood; `None` where nobody lives, or if the group has no members.
///
/// # Errors
/// As for [`isolation`].
pub fn location_quotient(group: &[f64], total: &[f64]) -> Result<Vec<Option<f64>>> {
    check(group, total)?;
    let share = group.iter().sum::<f64>() / total.iter().sum::<f64>();
    let quotient = |(x, t): (&f64, &f64)| (*t > 0.0 && share > 0.0).then(|| x / t / share);
    Ok(group.iter().zip(total).map(quotient).collect())
}

fn check(group: &[f64], total: &[f64]) -> Result<()> {
    if group.len() != total.len() {
        let message = format!("{} counts of a group for {} totals", group.len(), total.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    for (row, (x, t)) in group.iter().zip(total).enumerate() {
        // Spread populations are sums of fractions; they may miss their total by a rounding.
        let fits = x.is_finite() && t.is_finite() && *x >= 0.0 && *x <= t * (1.0 + 1e-9) + 1e-9;
        if !fits {
            return Err(Error::new(ErrorKind::Parameter, format!("`{x}` people of a group of `{t}` in all"))
                .at_row(row + 1)
                .hint("groups are counts between 0 and the residents of the place"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_separation_is_one_and_an_even_mix_is_the_share() {
        assert_eq!(isolation(&[10.0, 0.0], &[10.0, 30.0]).unwrap(), Some(1.0));
        assert_eq!(dissimilarity(&[10.0, 0.0], &[10.0, 30.0]).unwrap(), Some(1.0));
        assert_eq!(isolation(&[5.0, 15.0], &[20.0, 60.0]).unwrap(), Some(0.25));
        assert_eq!(dissimilarity(&[5.0, 15.0], &[20.0, 60.0]).unwrap(), Some(0.0));
        assert_eq!(location_quotient(&[5.0, 0.0], &[10.0, 10.0]).unwrap(), [Some(2.0), Some(0.0)]);
    }

    #[test]
    fn empty_places_do_not_count() {
        assert_eq!(isolation(&[5.0, 0.0], &[10.0, 0.0]).unwrap(), Some(0.5));
        assert_eq!(location_quotient(&[5.0, 0.0], &[10.0, 0.0]).unwrap(), [Some(1.0), None]);
        assert_eq!(isolation(&[0.0], &[10.0]).unwrap(), None);
        assert_eq!(dissimilarity(&[10.0], &[10.0]).unwrap(), None);
    }

    #[test]
    fn wrong_counts_are_refused_by_row() {
        assert_eq!(isolation(&[1.0], &[]).unwrap_err().kind(), ErrorKind::Parameter);
        for wrong in [-1.0, f64::NAN, 11.0] {
            let error = dissimilarity(&[0.0, wrong], &[10.0, 10.0]).unwrap_err();
            assert_eq!((error.kind(), error.position().row), (ErrorKind::Parameter, Some(2)));
        }
    }
}
