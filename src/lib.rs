//! Where a city's common ground is, and where it is being lost.
//!
//! Data flows one way: `io → model → network → access → scores → assessment → report`.
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
#[cfg(feature = "study")]
pub mod assessment;
pub mod crs;
pub mod error;
#[cfg(feature = "study")]
pub mod io;
#[cfg(feature = "study")]
pub mod measure;
#[cfg(feature = "study")]
pub mod measures;
pub mod model;
pub mod network;
pub mod progress;
pub mod random;
#[cfg(feature = "study")]
pub mod report;
pub mod scenario;
#[cfg(feature = "study")]
pub mod schema;
pub mod scores;
pub mod siting;
#[cfg(feature = "study")]
mod toml_text;
#[cfg(feature = "study")]
pub mod travel;
pub mod units;
#[cfg(feature = "study")]
pub mod zoning;

#[cfg(feature = "study")]
pub use assessment::{Assessment, assess};
pub use crs::Crs;
pub use error::{Error, ErrorKind, Position, Result};
#[cfg(feature = "study")]
pub use model::FeatureTable;
pub use model::StudyArea;
pub use network::TravelTimes;
pub use progress::{Progress, Quiet};
pub use units::{KmPerHour, Metres, Minutes};
