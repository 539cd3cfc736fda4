//! The three indices that are asked for most, from two columns.
//!
//! All functions take one count per neighbourhood: `group`, the people of a group, and `total`, all people.

use super::{GroupCounts, Index, local_measures};
use crate::Result;

/// Isolation xPx: the share of their own group that members meet at home on average, 0 to 1.
///
/// `None` if the group has no members.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the lengths differ, a count is negative or not finite, or a group exceeds its total.
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
    Ok(counted(group, total)?.and_then(|counts| Index::Isolation.of(&counts)))
}

/// Dissimilarity D: the share of the group that would have to move for an even spread, 0 to 1.
///
/// `None` unless both the group and the others have members, and people live in two places or more.
///
/// # Errors
/// As for [`isolation`].
///
/// # Source
/// Duncan & Duncan (1955), "A methodological analysis of segregation indexes".
pub fn dissimilarity(group: &[f64], total: &[f64]) -> Result<Option<f64>> {
    Ok(counted(group, total)?.and_then(|counts| Index::Dissimilarity.of(&counts)))
}

/// Location quotient: the local share of the group over its share in the city; 1 is the city's mix.
///
/// One entry per neighbourhood; `None` where nobody lives, or if the group has no members.
///
/// # Errors
/// As for [`isolation`].
pub fn location_quotient(group: &[f64], total: &[f64]) -> Result<Vec<Option<f64>>> {
    let Some(counts) = counted(group, total)? else { return Ok(vec![None; total.len()]) };
    local_measures(&counts, &counts).map(|mut measures| measures.location_quotients.swap_remove(0))
}

/// `None` where nobody lives at all.
fn counted(group: &[f64], total: &[f64]) -> Result<Option<GroupCounts>> {
    if group.len() == total.len() && group.iter().chain(total).all(|count| *count == 0.0) {
        return Ok(None);
    }
    GroupCounts::of_group(group, total).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

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
