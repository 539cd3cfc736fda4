//! Streets as a network: built once, read by many threads.
//!
//! Costs inside the network are whole milliseconds in `u32`; public functions speak [`crate::Minutes`].

mod adjacency;
mod attachment;
mod build;
mod closest;
mod destinations;
mod entrances;
mod graph;
mod number_set;
mod profile;
mod reach;
mod search;
mod simplify;
mod space_filling_curve;
mod sums;

pub use adjacency::Direction;
pub use attachment::{Attachment, DEFAULT_SMALLEST_COMPONENT, NotAttached};
pub use build::{BuildOptions, NetworkReport};
pub use closest::{ClosestPlaces, closest};
pub use destinations::Destinations;
pub use entrances::{Entrance, park_entrances};
pub use graph::{EdgeId, NodeId, StreetNetwork};
pub use profile::{TravelProfile, Traversal};
pub use reach::{Row, each_origin};
pub use sums::{sum_up, sum_within};
