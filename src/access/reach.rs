//! What each origin reaches, counted in several ways from one search.

use super::decay::Decay;
use crate::network::{Attachment, Destinations, StreetNetwork, check_limit, sum_weighted};
use crate::{Minutes, Progress, Result};

/// Sums of opportunities under several decays in one pass over a network: [`super::gravity`] for many origins and decays
/// at once, without a table of travel times, searched from the cheaper side.
///
/// - `opportunities`: one count per destination, finite and ≥ 0.
/// - `decays`: a cutoff is [`Decay::binary`]. The search ends where the last of them does: an endless curve needs a
///   [`Decay::within`], or every origin is searched to the end of the network, at most 24 days away.
///
/// Returns one list per decay, in their order, of one sum per origin: 0 where an origin reaches nothing, `None` where it is
/// not on the network.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if there is not one count per destination, finite and ≥ 0, or no decay, or a cutoff is
/// longer than 24 days;
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
///
/// # Example
/// ```
/// # use commonground::model::{Street, Traveller};
/// # use commonground::network::{BuildOptions, Destinations, StreetNetwork, TravelProfile};
/// # use commonground::{Minutes, Quiet, access::{Decay, reach}};
/// # let street = Street {
/// #     line: vec![(0.0, 0.0), (160.0, 0.0)].into(),
/// #     vertices: vec![1, 2],
/// #     tags: [("highway", "residential")].into_iter().collect(),
/// #     ..Street::default()
/// # };
/// # let profile = TravelProfile::of(Traveller::Adult);
/// # let (network, _) = StreetNetwork::build(&[street], profile, BuildOptions::default(), &Quiet)?;
/// // A home with 10 jobs at the door, and 40 at the end of a street of two minutes.
/// let ends = [network.at_node(0), network.at_node(1)];
/// let jobs = Destinations::at(&network, &ends);
/// let decays = [Decay::binary(Minutes::new(1.0)?), Decay::linear(Minutes::new(4.0)?)?];
/// let sums = reach(&network, &ends[..1], &jobs, &[10.0, 40.0], &decays, &Quiet)?;
/// assert_eq!(sums, [[Some(10.0)], [Some(10.0 + 40.0 * 0.5)]]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn reach(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    opportunities: &[f64],
    decays: &[Decay],
    progress: &dyn Progress,
) -> Result<Vec<Vec<Option<f64>>>> {
    for decay in decays.iter().filter(|decay| !decay.is_endless()) {
        check_limit(Minutes::from_milliseconds(decay.limit()))?;
    }
    let limits: Vec<u32> = decays.iter().map(Decay::limit).collect();
    sum_weighted(network, origins, destinations, opportunities, &limits, progress, |sums, weight, cost| {
        for (sum, decay) in sums.iter_mut().zip(decays) {
            *sum += weight * decay.at(cost);
        }
    })
}
