//! Who lacks the essentials.

use crate::access::weighted_mean;

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
