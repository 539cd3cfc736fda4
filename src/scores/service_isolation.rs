//! Who lacks the essentials, and by how much.

use crate::access::weighted_mean;
use crate::spatial::weights::check_length;
use crate::{Error, ErrorKind, Result};

/// Essentials that may be missing before residents count as isolated from services.
pub const LACKING_AT_LEAST: usize = 2;

/// Share of residents (0 to 1) who lack at least [`LACKING_AT_LEAST`] of the essentials.
///
/// `homes`: how many essentials each home lacks, with its residents. `None` without residents.
///
/// ```
/// use commonground::scores::service_isolation::service_isolation;
/// // 30 people lack nothing, 10 lack two essentials.
/// assert_eq!(service_isolation([(0, 30.0), (2, 10.0)].into_iter()), Some(0.25));
/// ```
#[must_use]
pub fn service_isolation(homes: impl Iterator<Item = (usize, f64)>) -> Option<f64> {
    let lacks = |lacking| f64::from(u8::from(lacking >= LACKING_AT_LEAST));
    weighted_mean(homes.map(|(lacking, residents)| (lacks(lacking), residents)))
}

/// How far residents are beyond a standard.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Shortfall {
    /// Share of residents beyond the standard, 0 to 1.
    pub share: f64,
    /// Residents beyond the standard.
    pub residents: f64,
    /// Mean shortfall over all residents, 0 to 1; those within the standard count 0.
    pub depth: f64,
    /// Mean of its square, which weighs the worst off most.
    pub severity: f64,
}

/// Shortfall of some residents from an access standard, by one travel mode.
///
/// - `minutes`: to the closest service from each home; `None` where none was reached, which counts as a shortfall of 1.
/// - `residents`: one count per home: of everybody, or of a group.
/// - `standard_minutes`: above 0. A home within it falls short by 0, one at twice the standard or beyond by 1.
///
/// `None` without residents.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, a number is negative or not finite, or the standard is 0.
///
/// # Source
/// Foster, Greer & Thorbecke (1984), "A class of decomposable poverty measures", of order 0, 1 and 2, with the shortfall
/// of a cost, (t - T)/T, held between 0 and 1.
///
/// # Example
/// ```
/// use commonground::scores::service_isolation::shortfall;
/// // Ten people at 10 minutes, ten at 22.5 with a standard of 15.
/// let found = shortfall(&[Some(10.0), Some(22.5)], &[10.0, 10.0], 15.0)?.unwrap();
/// assert_eq!((found.share, found.depth, found.severity), (0.5, 0.25, 0.125));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn shortfall(
    minutes: &[Option<f64>],
    residents: &[f64],
    standard_minutes: f64,
) -> Result<Option<Shortfall>> {
    check_length("counts of residents", residents.len(), minutes.len())?;
    if !(standard_minutes.is_finite() && standard_minutes > 0.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("a standard of {standard_minutes} minutes")));
    }
    let is_quantity = |value: f64| value.is_finite() && value >= 0.0;
    let is_wrong = |home: &usize| !(minutes[*home].is_none_or(is_quantity) && is_quantity(residents[*home]));
    if let Some(home) = (0..minutes.len()).find(is_wrong) {
        let message = format!("{:?} minutes for `{}` residents", minutes[home], residents[home]);
        return Err(Error::new(ErrorKind::Parameter, message).at_row(home + 1));
    }
    let mean = |of: fn(f64) -> f64| {
        let homes = minutes.iter().zip(residents);
        weighted_mean(homes.map(|(minutes, residents)| (of(missed(*minutes, standard_minutes)), *residents)))
    };
    let share = mean(|gap| f64::from(u8::from(gap > 0.0)));
    Ok(share.zip(mean(|gap| gap)).zip(mean(|gap| gap * gap)).map(|((share, depth), severity)| Shortfall {
        share,
        residents: share * residents.iter().sum::<f64>(),
        depth,
        severity,
    }))
}

/// By how much a walk misses its standard, 0 to 1; nothing reached is 1.
pub(in crate::scores) fn missed(minutes: Option<f64>, standard_minutes: f64) -> f64 {
    minutes.map_or(1.0, |minutes| ((minutes - standard_minutes) / standard_minutes).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_is_inclusive_and_the_unreachable_falls_short_by_all() {
        let found = shortfall(&[Some(15.0), None, Some(60.0)], &[2.0, 1.0, 1.0], 15.0).unwrap().unwrap();
        assert_eq!((found.share, found.residents, found.depth), (0.5, 2.0, 0.5));
        assert_eq!(shortfall(&[Some(1.0)], &[0.0], 15.0).unwrap(), None);
    }

    #[test]
    fn wrong_numbers_are_refused_by_row() {
        let row = |minutes: f64, residents: f64| {
            shortfall(&[None, Some(minutes)], &[1.0, residents], 15.0).unwrap_err().position().row
        };
        assert_eq!((row(-1.0, 1.0), row(1.0, f64::NAN)), (Some(2), Some(2)));
        assert!(shortfall(&[], &[1.0], 15.0).is_err() && shortfall(&[], &[], 0.0).is_err());
    }
}
