//! Places beside places, whatever is known of them: who is whose neighbour, clusters, boundaries that change, small numbers.
//!
//! Below access and scores: nothing here knows a city, only shapes, points and columns.

pub mod autocorrelation;
mod crosswalk;
mod ground;
mod kernel;
pub mod rates;
pub mod small_counts;
pub mod weights;

pub use crosswalk::{CarriedMedian, Crosswalk, Link, Slivers};
pub use ground::lay_on_ground;
pub use kernel::Kernel;
