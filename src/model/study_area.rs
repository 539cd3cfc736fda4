//! Everything that is known about a place, in one metric system.

use super::{
    Barrier, District, Findings, GreenSpace, Homes, IndicatorYear, Neighbourhood, PriceIndex, Ranges,
    Service, Source, Street, TravelSettings, Workplaces, ZoningDistrict,
};
use crate::{Crs, Metres};
use geo::Point;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// All layers of a study, in one metric coordinate reference system.
#[derive(Debug, Clone)]
pub struct StudyArea {
    /// The study's name.
    pub name: String,
    /// Metric; degrees never reach a distance.
    pub crs: Crs,
    /// The unit of every score; at least one.
    pub neighbourhoods: Vec<Neighbourhood>,
    /// A second level of boundaries, for which scores are rolled up; empty where the study has no such layer.
    pub districts: Vec<District>,
    /// Where people live.
    pub homes: Homes,
    /// Where people need to go.
    pub services: Vec<Service>,
    /// Categories of which a scenario has closed the last place: they are still looked for, though nobody reaches one.
    pub closed_categories: BTreeSet<String>,
    /// Where people work; `None` where the study has no such layer.
    pub workplaces: Option<Workplaces>,
    /// Parks and gardens.
    pub green_spaces: Vec<GreenSpace>,
    /// Benches and other public seats, in the study's metric system.
    pub seats: Vec<Point<f64>>,
    /// Streets as the data gives them.
    pub streets: Vec<Street>,
    /// Public transport; `None` where the study has no timetable.
    #[cfg(feature = "study")]
    pub transit: Option<super::transit::TransitStudy>,
    /// What may be built where; empty where the study has no such layer.
    pub zoning: Vec<ZoningDistrict>,
    /// What the codes of [`StudyArea::zoning`] allow.
    #[cfg(feature = "study")]
    pub zoning_code: super::ZoningCode,
    /// Parcels of land; empty where the study has no such layer.
    #[cfg(feature = "study")]
    pub parcels: Vec<super::LandParcel>,
    /// Motorways, railways and water, put together by name.
    pub barriers: Vec<Barrier>,
    /// Indicators by neighbourhood, oldest year first.
    pub indicators: Vec<IndicatorYear>,
    /// Prices by year; empty where the study has no such table.
    pub price_index: PriceIndex,
    /// What the user chose, or the defaults.
    pub settings: StudySettings,
    /// Every file that it was read from, `study.toml` first: results are never written over them.
    pub files: Vec<PathBuf>,
    /// What a reader must know before any number, beside [`Homes::stand_in`]: a sentence each, without a full stop.
    pub cautions: Vec<String>,
    /// Where the data comes from, with the credit that licences ask for: OpenStreetMap first, where any layer is its own.
    pub sources: Vec<Source>,
    /// What was read, repaired, dropped and assumed on the way here.
    pub findings: Findings,
}

/// Choices that a study can make.
#[derive(Debug, Clone, PartialEq)]
pub struct StudySettings {
    /// Who travels, and how fast.
    pub travel: TravelSettings,
    /// Other travel modes by which jobs are reached, each once.
    pub modes: Vec<TravelSettings>,
    /// Places farther than this from every street are not attached.
    pub max_snap_distance: Metres,
    /// Minimum jobs within 15 minutes for work to count as reached.
    pub jobs_standard: f64,
    /// Over which settings shares of access are given as ranges; `None` for single numbers.
    pub ranges: Option<Ranges>,
    /// Whether the data is made, and every output must say so.
    pub made_data: bool,
}

/// Walking speed in km/h: 1.33 m/s, the default of cityseer; peers span 3.6 (r5r) to 5.1 (Valhalla).
pub const DEFAULT_WALKING_SPEED_KMH: f64 = 4.8;
/// Longest way from a place to its street, in metres.
pub const DEFAULT_MAX_SNAP_DISTANCE_M: f64 = 250.0;
/// A workplace cluster rather than a corner shop.
pub const DEFAULT_JOBS_STANDARD: f64 = 250.0;

impl Default for StudySettings {
    fn default() -> Self {
        Self {
            travel: TravelSettings::default(),
            modes: Vec::new(),
            max_snap_distance: Metres::new(DEFAULT_MAX_SNAP_DISTANCE_M).expect("a positive constant"),
            jobs_standard: DEFAULT_JOBS_STANDARD,
            ranges: None,
            made_data: false,
        }
    }
}
