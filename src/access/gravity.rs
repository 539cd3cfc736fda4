//! Opportunities that count less the farther they are.

use super::checks::{check_opportunities, total};
use super::decay::Decay;
use crate::Result;
use crate::network::TravelPairs;

/// Sum of opportunities, each weighted by the decay of its travel time.
///
/// - `opportunities`: one count per destination, in the order of the table; finite, ≥ 0.
///
/// Returns one value per origin, in the unit of `opportunities`. An origin that reaches nothing gets 0; an origin that
/// is not on the network gets `None`.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the lengths differ, or a count is negative or not finite.
///
/// # Source
/// Hansen (1959), "How accessibility shapes land use".
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::{Decay, gravity}};
/// let times = TravelTimes::from_minutes(&[[Some(0.0), Some(15.0), None]])?;
/// let jobs = gravity(&times, &[10.0, 40.0, 99.0], &Decay::linear(Minutes::new(20.0)?)?)?;
/// assert_eq!(jobs, [Some(10.0 + 40.0 * 0.25)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn gravity(pairs: &impl TravelPairs, opportunities: &[f64], decay: &Decay) -> Result<Vec<Option<f64>>> {
    check_opportunities(pairs, opportunities)?;
    pairs.each_origin(|row| {
        total(row.milliseconds().map(|(place, cost)| opportunities[place] * decay.at(cost)))
    })
}
