//! Streets as a network: built once, read by many threads.
//!
//! Costs inside the network are whole milliseconds in `u32`; public functions speak [`crate::Minutes`].

mod adjacency;
mod assemble;
mod attachment;
mod band;
mod build;
#[cfg(feature = "study")]
mod cells;
mod closest;
mod components;
mod data_edge;
mod destinations;
mod edge_table;
mod encode;
mod entrances;
mod freeze;
mod graph;
mod ids;
mod isochrones;
mod itinerary;
#[cfg(feature = "study")]
mod nearest_street;
mod number_set;
mod pieces;
#[cfg(feature = "study")]
mod position;
mod profile;
mod reach;
mod receipts;
mod search;
mod searches;
mod simplify;
mod space_filling_curve;
mod street_graph;
mod street_index;
mod sums;
#[cfg(feature = "study")]
mod tables;
#[cfg(test)]
mod tests;
mod travel_times;

pub use adjacency::{Direction, Passage};
pub use attachment::{Attachment, DEFAULT_SMALLEST_COMPONENT, NotAttached};
pub use build::{BuildOptions, NetworkReport};
#[cfg(feature = "study")]
pub(crate) use cells::{Balls, Cell, Cut};
pub use closest::{ClosestPlaces, closest, closest_of_each};
pub use data_edge::time_to_data_edge;
pub use destinations::Destinations;
pub use edge_table::{EdgeTable, NodeTable};
pub use entrances::{Entrance, park_entrances};
pub use graph::{EdgeId, NodeId, StreetNetwork};
pub use isochrones::{IsochroneOptions, isochrones, reached_streets};
pub use itinerary::{Itinerary, Step, route};
#[cfg(feature = "study")]
pub(crate) use nearest_street::StreetsByPlace;
#[cfg(feature = "study")]
pub(crate) use position::Position;
pub use profile::{TravelProfile, Traversal};
pub use reach::{Row, each_origin};
pub use receipts::{AttachOptions, AttachReport, Outcome, Receipt};
pub(crate) use search::check_limit;
pub use searches::Searches;
pub use street_graph::{PassageReference, StreetGraph};
pub(crate) use sums::sum_weighted;
pub use sums::{sum_up, sum_within};
pub use travel_times::{Transposed, TravelPairs, TravelTimes, travel_times};
