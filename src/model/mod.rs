//! A study area and its layers: plain data, read once and checked whole.

mod barrier;
mod corridor;
mod district;
mod elevation;
#[cfg(feature = "study")]
mod feature_table;
mod finding;
mod green_space;
mod home;
mod indicator;
mod lodes;
mod neighbourhood;
mod opening_hours;
mod panel;
mod population_grid;
mod prices;
mod ranges;
mod relief;
mod same_place;
mod service;
mod source;
pub mod standard;
mod street;
mod study_area;
#[cfg(feature = "study")]
pub mod transit;
mod travel;
mod weight;
mod workplace;
mod zoning;

pub use barrier::{Barrier, BarrierKind};
pub use district::District;
pub use elevation::Elevation;
#[cfg(feature = "study")]
pub use feature_table::FeatureTable;
pub use finding::{Finding, Findings, Severity};
pub use green_space::GreenSpace;
pub use home::{Group, Homes};
#[cfg(feature = "study")]
pub(crate) use indicator::MARGIN;
pub use indicator::{IndicatorYear, Kind, PanelColumn, known as known_indicators};
pub use lodes::lodes_meaning;
pub use neighbourhood::Neighbourhood;
pub use opening_hours::OpeningHours;
pub(crate) use panel::check_years;
pub use panel::{Panel, Period};
pub use population_grid::PopulationGrid;
pub use prices::{PriceIndex, us_cpi_u};
pub use ranges::{AttachmentRule, PUBLISHED_SPEEDS_KMH, Ranges};
pub use relief::{Relief, Rise};
pub use same_place::{SAME_PLACE_M, SamePlace, same_places};
pub use service::{Service, category};
pub use source::Source;
pub use street::{Street, Tags};
pub use study_area::{DEFAULT_WALKING_SPEED_KMH, StudyArea, StudySettings};
pub use travel::{STREET_CLASSES, TravelSettings, Traveller};
pub use weight::Weight;
pub use workplace::{JobClass, Workplaces};
pub use zoning::ZoningDistrict;
#[cfg(feature = "study")]
pub use zoning::{LandParcel, ZoningCode};
