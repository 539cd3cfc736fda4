//! Where a city's common ground is, and where it is being lost: access, isolation, gentrification, and help to decide.
//!
//! ```no_run
//! # #[cfg(feature = "study")] {
//! use commonground::{Quiet, assess, io};
//! use std::path::Path;
//!
//! let study = io::study::read_study(Path::new("data/millbrook"), None, &Quiet)?;
//! let assessment = assess(&study, &Quiet)?;
//! for (name, label) in assessment.neighbourhoods().keys().iter().map(|key| (key.to_string(), key.label(study.homes.weight))) {
//!     println!("{name}: {label}");
//! }
//! # }
//! # Ok::<(), commonground::Error>(())
//! ```
//!
//! # Map
//!
//! Data flows one way: `io → model → network, travel → access, scores → measures → assessment → report`.
//!
//! | module | holds |
//! |---|---|
//! | [`model`] | [`StudyArea`] and its layers: homes, services, streets, barriers, indicators, settings |
//! | `io` | every file in and out: `io::study::read_study`, `io::read_features`, OpenStreetMap, timetables |
//! | [`network`] | streets as a graph: [`network::StreetNetwork`], attaching points, travel times, isochrones, routes |
//! | `travel` | public transport by timetable |
//! | [`access`] | what is reached and how it is shared, over [`network::TravelPairs`] of any router |
//! | [`scores`] | segregation, severance, encounter, gentrification, indices, clusters, over plain columns |
//! | [`scenario`] | the city changed: who gains and who loses |
//! | [`siting`] | where to put what is missing, within rules and budgets |
//! | `zoning` | what may be built, as data |
//! | `measure`, `measures` | what a measure is, and the list of them; each owns its columns |
//! | `assessment` | `assess`: from a study to all that its measures find |
//! | `report` | the page, the summary and the figures |
//! | `results` | all of it as a folder of files |
//! | `partition` | homes or studies in partitions, answered one by one, anywhere |
//! | [`spatial`] | neighbours, clusters, changing boundaries, small numbers: places beside places |
//! | [`stats`] | weighted means and quantiles, seeded draws |
//! | [`crs`], [`units`], [`error`], [`progress`] | coordinate systems, units, errors, progress |
//!
//! Without the feature `study` (on by default through `cli`) there are the router and all measures over travel times and plain
//! numbers, without polars, PROJ and SQLite.
//!
//! # Units
//!
//! | quantity | unit | in names |
//! |---|---|---|
//! | travel time | minutes ([`Minutes`]; whole milliseconds inside the network) | `_minutes`, `_min` |
//! | distance | metres along streets ([`Metres`]) | `_m` |
//! | speed | kilometres per hour ([`KmPerHour`]) | `_kmh` |
//! | area | square metres, hectares, square kilometres | `_m2`, `_hectares`, `_km2` |
//! | share | 0 to 1, written as a percentage | `share_` |
//! | score of an index | 0 to 100 | |
//! | money | of the year of the data, or real where it says so | |
//! | margin of error | 90 % | `_moe` |
//! | absent | `None`, null, NaN: never 0, never a big number | |
//!
//! # Glossary
//!
//! - **access**: what can be reached from a home within a time.
//! - **attach**: put a point on the nearest street, at the exact position on it.
//! - **barrier**: a motorway, railway or water that is crossed only at bridges and crossings.
//! - **boundary**: the limit of the study area or of its data; *edge* is of the graph only.
//! - **city**: the whole study area.
//! - **column**: one value per row of a table, described by its spec.
//! - **definition**: a published rule that says which neighbourhoods gentrify.
//! - **destination**: a point of the network that trips end at.
//! - **essential**: work, a school, a clinic, a place of worship, green space.
//! - **finding**: what was read, repaired, left out or assumed.
//! - **group**: residents whom the data counts together; small counts are withheld.
//! - **home**: a place with residents, never a person.
//! - **indicator**: a column of the study's own tables, by year.
//! - **measure**: one thing that is measured, with all that is known of it.
//! - **mode**: foot, bicycle, car, public transport.
//! - **neighbourhood**: the unit of every score; an area that the study names.
//! - **opportunities**: what a measure counts: jobs, hectares, places of a category.
//! - **profile**: the tables of access and speed of a traveller.
//! - **residents**: people by their homes; **weights** where homes may count by floor area instead.
//! - **scenario**: changes to a study, and what they change in its results.
//! - **services**: the places of a study's layers: schools, clinics, groceries.
//! - **severance**: neighbours by the straight line who are far on foot.
//! - **standard**: what counts as enough: 15 minutes unless it says otherwise.
//! - **study**: a folder with a `study.toml`, or what is read from it.
//! - **traveller**: who is on the way: an adult, an older adult, somebody in a wheelchair.
#![warn(missing_docs)]
#![cfg_attr(test, allow(clippy::unwrap_used))]

// The program stands on what any other crate may use, under the same names.
#[cfg(feature = "cli")]
extern crate self as commonground;

pub mod access;
#[cfg(feature = "study")]
pub mod assessment;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod crs;
pub mod error;
#[cfg(feature = "fetch")]
mod fetch;
#[cfg(feature = "study")]
pub mod io;
#[cfg(feature = "study")]
pub mod measure;
#[cfg(feature = "study")]
pub mod measures;
pub mod model;
pub mod network;
#[cfg(feature = "study")]
pub mod partition;
pub mod progress;
#[cfg(feature = "study")]
pub mod report;
#[cfg(feature = "study")]
pub mod results;
pub mod scenario;
#[cfg(feature = "study")]
pub mod schema;
pub mod scores;
pub mod siting;
pub mod spatial;
pub mod stats;
#[cfg(feature = "study")]
mod toml_text;
#[cfg(feature = "study")]
pub mod travel;
pub mod units;
#[cfg(feature = "study")]
pub mod zoning;

/// The geometries of this library's signatures.
pub use geo;
/// The tables of this library's signatures.
#[cfg(feature = "study")]
pub use polars;

#[cfg(feature = "study")]
pub use assessment::{Assessment, assess};
pub use crs::Crs;
pub use error::{Error, ErrorKind, Position, Result};
#[cfg(feature = "study")]
pub use model::FeatureTable;
pub use model::StudyArea;
pub use network::TravelTimes;
pub use progress::{Progress, Quiet};
pub use stats::random;
pub use units::{KmPerHour, Metres, Minutes};
