//! Where a city's common ground is, and where it is being lost.
//!
//! Data flows one way: `io → model → network → access → scores → assessment → report`.
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod access;
pub mod assessment;
pub mod crs;
pub mod error;
pub mod io;
pub mod model;
pub mod network;
pub mod progress;
pub mod random;
pub mod report;
pub mod scores;
mod toml_text;
pub mod travel;
pub mod units;

pub use assessment::{Assessment, assess};
pub use crs::Crs;
pub use error::{Error, ErrorKind, Position, Result};
pub use model::{FeatureTable, StudyArea};
pub use network::TravelTimes;
pub use progress::{Progress, Quiet};
pub use units::{KmPerHour, Metres, Minutes};
