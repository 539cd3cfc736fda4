//! What residents reach, how it is shared among them, and who is left out.
//!
//! Measures work on [`crate::network::TravelPairs`]: a table of travel times of any router, or straight on the network.

mod checks;
mod closest;
mod completeness;
mod cumulative;
mod decay;
mod detour;
pub mod equity;
mod explanation;
mod floating_catchment;
mod gravity;
mod green_space;
#[cfg(test)]
mod identities;
mod opportunities;
mod pairs;
mod raam;
mod reach;
mod seats;
mod spatial_availability;
mod spread;

pub use crate::stats::{share_within, weighted_mean, weighted_quantile};
pub use closest::{Nearest, balancing_cost, closest_places, cost_to_closest, cost_to_closest_place};
pub use completeness::{Completeness, completeness};
pub use cumulative::{Summary, cumulative_cutoff, cumulative_interval};
pub use decay::Decay;
pub use detour::{Neighbours, Sites, Way, ways_to_neighbours};
pub use explanation::{Contribution, Reason, explain_two_step_fca, why};
pub use floating_catchment::{
    CatchmentAccess, Choice, balanced_fca, huff_three_step_fca, luo_qi_bands, modified_two_step_fca,
    three_step_fca, two_step_fca,
};
pub use gravity::gravity;
pub use green_space::{GreenAccess, GreenSpaces, GreenStandard};
#[cfg(feature = "study")]
pub(crate) use opportunities::Joins;
pub use opportunities::{Access, Opportunities, Source, measure_access, measure_access_of};
pub use pairs::Pairs;
pub use raam::{Raam, RaamOptions, raam};
pub use reach::reach;
pub use seats::Seats;
pub use spatial_availability::{Availability, spatial_availability};
pub use spread::{PlaceAccess, Spread, by_neighbourhood};
