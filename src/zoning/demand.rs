//! What the residents of new homes need: school places and open space per head.

use crate::{Error, ErrorKind, Result};

/// Pupils of public schools in new dwellings: the sum of dwellings times pupils per dwelling, times the public share.
///
/// - `dwellings`: number of dwellings of each type and its pupils per dwelling.
/// - `public_share`: 0 to 1.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite, or the share is above 1.
///
/// # Source
/// Listokin, Voicu, Dolphin, Camp & Williams (2006), "Who lives in New Jersey housing?" (Rutgers University).
///
/// # Example
/// ```
/// use commonground::zoning::pupils;
/// // Four flats of three bedrooms at 0.39 pupils and two houses at 1.05.
/// let places = pupils(&[(4.0, 0.39), (2.0, 1.05)], 0.92)?;
/// assert!((places - 3.3672).abs() < 1e-12);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn pupils(dwellings: &[(f64, f64)], public_share: f64) -> Result<f64> {
    let numbers = dwellings.iter().flat_map(|(count, pupils)| [*count, *pupils]).chain([public_share]);
    for number in numbers {
        if !(number.is_finite() && number >= 0.0) {
            return Err(Error::new(ErrorKind::Parameter, format!("`{number}` dwellings, pupils or share")));
        }
    }
    if public_share > 1.0 {
        return Err(Error::new(ErrorKind::Parameter, format!("a public share of `{public_share}`")));
    }
    Ok(dwellings.iter().map(|(count, pupils)| count * pupils).sum::<f64>() * public_share)
}

/// Open space per head before and after, and what changes.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct OpenSpaceChange {
    /// Per 1,000 residents before, in the unit of the area.
    pub before: f64,
    /// Per 1,000 residents after.
    pub after: f64,
    /// (after − before) / before.
    pub change: f64,
}

/// Open space per 1,000 residents without and with new residents and new space. `None` if nobody lives there before or there is no space.
///
/// - `area`, `new_area`: hectares or acres, as the result shall be.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite.
///
/// # Source
/// City of New York, "CEQR Technical Manual", chapter 7: the ratio is compared without and with the project.
pub fn open_space_change(
    area: f64,
    residents: f64,
    new_area: f64,
    new_residents: f64,
) -> Result<Option<OpenSpaceChange>> {
    for number in [area, residents, new_area, new_residents] {
        if !(number.is_finite() && number >= 0.0) {
            return Err(Error::new(ErrorKind::Parameter, format!("`{number}` residents or area")));
        }
    }
    let per_thousand = |area: f64, residents: f64| 1_000.0 * area / residents;
    Ok((area > 0.0 && residents > 0.0).then(|| {
        let (before, after) =
            (per_thousand(area, residents), per_thousand(area + new_area, residents + new_residents));
        OpenSpaceChange { before, after, change: (after - before) / before }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_people_have_less_space_each() {
        let change = open_space_change(10.0, 4_000.0, 0.0, 1_000.0).unwrap().unwrap();
        assert_eq!((change.before, change.after), (2.5, 2.0));
        assert!((change.change + 0.2).abs() < 1e-15);
        // A review in New York gave 3.20 acres per 1,000 people without a project and 3.14 with it.
        let new = 1_000.0 * (320.0 / 314.0 - 1.0);
        let change = open_space_change(3.2, 1_000.0, 0.0, new).unwrap().unwrap();
        assert!((change.change + 0.018_75).abs() < 1e-12);
        assert_eq!(open_space_change(0.0, 10.0, 1.0, 1.0).unwrap(), None);
        assert!(open_space_change(-1.0, 10.0, 1.0, 1.0).is_err());
    }

    #[test]
    fn pupils_of_nothing_are_none() {
        assert_eq!(pupils(&[], 1.0).unwrap(), 0.0);
        assert!(pupils(&[(1.0, f64::NAN)], 1.0).is_err() && pupils(&[], 1.1).is_err());
    }
}
