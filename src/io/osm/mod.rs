//! OpenStreetMap extracts (`.osm.pbf`): streets, services, green space, buildings, boundaries and barriers.

mod areas;
mod barriers;
mod blocks;
mod duplicates;
mod dwellings;
mod land;
mod places;
mod streets;
mod tags;

pub use dwellings::{
    DEEPEST_HOME_M, Doubt, Dwelling, LARGEST_HOME_M2, RESIDENTIAL_BUILDINGS, SMALLEST_HOME_M2,
};
pub use land::{LAND_OF_OTHER_USES, LandIndex, OsmLand};
pub use tags::{GREEN_SPACE_TAGS, SERVICE_TAGS};

use crate::Result;
use crate::model::{Barrier, Findings, Street, Tags};
use crate::progress::Progress;
use geo::{MultiPolygon, Point};
use std::path::Path;

/// What an OpenStreetMap file says about a place, in longitude and latitude on WGS 84, sorted by id
/// (nodes, then ways, then relations).
#[derive(Debug, Clone, Default)]
pub struct OsmExtract {
    /// Every way with `highway` that is built, and ferries. Areas for people on foot come as their ring with
    /// `area=yes`. A street that misses nodes comes in pieces with the same id. Barriers and kerbs on its nodes come
    /// with it.
    pub streets: Vec<Street>,
    /// Services by [`SERVICE_TAGS`]; duplicates are merged.
    pub services: Vec<OsmService>,
    /// Areas by [`GREEN_SPACE_TAGS`] that are open to the public.
    pub green_spaces: Vec<OsmGreenSpace>,
    /// Benches, and stops and shelters with one, that stand at a node.
    pub seats: Vec<Point<f64>>,
    /// Every building.
    pub buildings: Vec<Building>,
    /// Land for homes, and land for something else.
    pub land: Vec<OsmLand>,
    /// Administrative boundaries that are whole in the file.
    pub boundaries: Vec<Boundary>,
    /// Railways and water, each way or area by itself; motorways are among the streets.
    pub barriers: Vec<Barrier>,
    /// What was cut, merged and left out; each finding names its layer (`streets`, `services`, `green_space`,
    /// `buildings`, `land`, `boundaries`).
    pub findings: Findings,
}

/// A place that people need to reach.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OsmService {
    /// `node/123`, `way/45` or `relation/6`.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// One of [`crate::model::category`].
    pub category: String,
    /// The node, or a point inside the area.
    pub location: Point<f64>,
    /// Its building or grounds; `None` for a node.
    pub shape: Option<MultiPolygon<f64>>,
}

/// A park, a garden or a playground.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OsmGreenSpace {
    /// `way/45` or `relation/6`.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// Its area.
    pub shape: MultiPolygon<f64>,
}

/// A building.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Building {
    /// `way/45` or `relation/6`.
    pub id: String,
    /// Its outline.
    pub shape: MultiPolygon<f64>,
    /// Area of the outline on the sphere, in m².
    pub footprint_m2: f64,
    /// `building:levels`, where it is a number above zero; else a level for every three metres of `height`.
    pub levels: Option<f64>,
    /// Whether people live in it.
    pub dwelling: Dwelling,
    /// What else is known.
    pub tags: Tags,
}

/// The area of a country, a city, a ward.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Boundary {
    /// `relation/6`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// 2 (a country) to 11 (a quarter).
    pub admin_level: Option<u8>,
    /// Its area.
    pub shape: MultiPolygon<f64>,
}

/// Reads the streets of an OpenStreetMap extract alone, which takes a fraction of the time of [`read_osm`]: in longitude
/// and latitude on WGS 84, with what was cut and left out.
///
/// # Errors
/// Those of [`read_osm`].
pub fn read_osm_streets(path: &Path, progress: &dyn Progress) -> Result<(Vec<Street>, Findings)> {
    let elements = blocks::read_elements(path, progress)?;
    let mut findings = Findings::default();
    let streets = streets::streets(&elements, &mut findings);
    Ok((streets, findings))
}

/// Reads the barriers of an OpenStreetMap extract alone: motorways, railways and water, put together by name and corridor; in
/// longitude and latitude on WGS 84.
///
/// # Errors
/// Those of [`read_osm`].
pub fn read_osm_barriers(path: &Path, progress: &dyn Progress) -> Result<Vec<Barrier>> {
    let elements = blocks::read_elements(path, progress)?;
    let mut pieces = barriers::barriers(&elements);
    pieces.extend(Barrier::among_streets(&streets::streets(&elements, &mut Findings::default())));
    Ok(Barrier::gathered_in_degrees(pieces))
}

/// Reads an OpenStreetMap extract. Blocks are unpacked on all threads; the result does not depend on their number.
///
/// # Errors
/// [`crate::ErrorKind::Io`] if the file cannot be opened, [`crate::ErrorKind::Format`] if it is empty, cut off or not
/// in the PBF format, [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
///
/// # Source
/// OpenStreetMap wiki, "PBF Format" and "Relation:multipolygon".
pub fn read_osm(path: &Path, progress: &dyn Progress) -> Result<OsmExtract> {
    let elements = blocks::read_elements(path, progress)?;
    let mut findings = Findings::default();
    let streets = streets::streets(&elements, &mut findings);
    let services = places::services(&elements, &mut findings);
    let services = duplicates::merge(services, &mut findings);
    let green_spaces = places::green_spaces(&elements, &mut findings);
    let seats = places::seats(&elements);
    let land = places::land(&elements, &mut findings);
    let buildings = places::buildings(&elements, &land, &mut findings);
    let boundaries = places::boundaries(&elements, &mut findings);
    let barriers = barriers::barriers(&elements);
    Ok(OsmExtract { streets, services, green_spaces, seats, buildings, land, boundaries, barriers, findings })
}
