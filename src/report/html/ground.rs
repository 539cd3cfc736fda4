//! The map of the page: borders, streets, parks and places, on a grid of whole numbers.
//!
//! A line is one list of numbers: the first point, then the step to each next one, x and y in turn, in units of
//! [`STEP_DEGREES`] from `origin`.

use super::network::Network;
use super::street_class::class;
use crate::crs::Reprojector;
use crate::model::BarrierKind;
use crate::report::topology::Topology;
use crate::{Crs, Result, StudyArea};
use geo::{
    Area, BoundingRect, Coord, Euclidean, Geometry, GeometryCollection, InteriorPoint, Length, LineString,
    Polygon, Rect, SimplifyIdx,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// One step of the grid in degrees: about a metre.
const STEP_DEGREES: f64 = 1e-5;
/// Borders and streets are drawn within this part of the study's longer side: less than a pixel of a large screen.
const TOLERANCE: f64 = 1.0 / 6000.0;
/// Tolerance is never finer than this, in metres.
const MIN_TOLERANCE_M: f64 = 1.0;
/// Street points that a page can carry; where there are more, the lesser streets are left out.
const MAX_STREET_POINTS: usize = 400_000;
/// Parks and places that a page can carry; of more, the smallest parks and the last places are left out.
const MAX_PLACES: usize = 12_000;

/// Names that a page can carry: beyond, nobody would find room for them.
const MAX_NAMES: usize = 400;

/// A line of the grid.
pub(super) type GridLine = Vec<i32>;

/// What the map is drawn from.
#[derive(Serialize)]
pub(super) struct Ground {
    origin: [f64; 2],
    step: f64,
    /// West, south, east, north of the neighbourhoods, in degrees.
    bounds: [f64; 4],
    arcs: Vec<GridLine>,
    /// For each neighbourhood its polygons, each a list of rings, each a list of arcs; `!index` is backward.
    areas: Vec<Vec<Vec<Vec<i32>>>>,
    /// Main streets, other streets, paths: those that are not drawn from the network.
    streets: [Vec<GridLine>; 3],
    /// Rings of parks, outer and inner alike.
    parks: Vec<Vec<GridLine>>,
    services: BTreeMap<String, Services>,
    /// Rings of lakes and wide rivers, outer and inner alike.
    waters: Vec<Vec<GridLine>>,
    /// Rivers and canals that the data has as lines.
    rivers: Vec<GridLine>,
    railways: Vec<GridLine>,
    /// What to call parks, waters, railways and main roads, the largest first.
    names: Vec<GroundName>,
}

/// A name on the ground.
#[derive(Serialize)]
struct GroundName {
    name: String,
    kind: &'static str,
    /// x and y on the grid.
    at: [i32; 2],
    /// How long or wide it is, in metres: small ones have no room from afar.
    size: f64,
}

/// The places of one category.
#[derive(Default, Serialize)]
struct Services {
    /// x and y in turn.
    at: GridLine,
    names: Vec<Option<String>>,
}

impl Ground {
    /// # Errors
    /// [`crate::ErrorKind::Crs`] if a point cannot be brought to degrees.
    pub(super) fn of(study: &StudyArea, grid: &Grid, network: &Network) -> Result<Self> {
        let topology = Topology::of(study.neighbourhoods.iter().map(|place| &place.shape), grid.tolerance_m);
        let arcs = topology.arcs.iter().map(|arc| grid.line(arc)).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            origin: [grid.origin.x, grid.origin.y],
            step: STEP_DEGREES,
            bounds: bounds(&arcs, grid.origin),
            arcs,
            areas: topology.areas,
            streets: streets(study, grid, network)?,
            parks: parks(study, grid)?,
            services: services(study, grid)?,
            waters: waters(study, grid)?,
            rivers: lines_of(study, BarrierKind::Water, grid)?,
            railways: lines_of(study, BarrierKind::Railway, grid)?,
            names: names(study, grid)?,
        })
    }
}

fn extent(study: &StudyArea) -> Rect<f64> {
    let rects = study.neighbourhoods.iter().filter_map(|place| place.shape.bounding_rect());
    rects
        .reduce(|a, b| {
            Rect::new(
                Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) },
                Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) },
            )
        })
        .unwrap_or_else(|| Rect::new(Coord { x: 0.0, y: 0.0 }, Coord { x: 1.0, y: 1.0 }))
}

/// From the study's system to whole numbers.
pub(super) struct Grid {
    pub(super) to_degrees: Reprojector,
    pub(super) origin: Coord<f64>,
    /// Lines are drawn within so many metres.
    pub(super) tolerance_m: f64,
}

impl Grid {
    /// # Errors
    /// [`crate::ErrorKind::Crs`] if the study's system cannot be brought to degrees.
    pub(super) fn of(study: &StudyArea) -> Result<Self> {
        let extent = extent(study);
        let to_degrees = Reprojector::new(&study.crs, &Crs::wgs84())?;
        let origin = to_degrees.coord(extent.min())?;
        let tolerance_m = (extent.width().max(extent.height()) * TOLERANCE).max(MIN_TOLERANCE_M);
        Ok(Self { to_degrees, origin, tolerance_m })
    }

    pub(super) fn point(&self, coord: Coord<f64>) -> Result<[i32; 2]> {
        let degrees = self.to_degrees.coord(coord)?;
        let steps = |value: f64, origin: f64| ((value - origin) / STEP_DEGREES).round() as i32;
        Ok([steps(degrees.x, self.origin.x), steps(degrees.y, self.origin.y)])
    }

    pub(super) fn line(&self, line: &[Coord<f64>]) -> Result<GridLine> {
        let mut steps = Vec::with_capacity(2 * line.len());
        let mut last = [0, 0];
        for coord in line {
            let point = self.point(*coord)?;
            let step = [point[0] - last[0], point[1] - last[1]];
            // The first point is a place, not a step; a step to nowhere says nothing.
            if steps.is_empty() || step != [0, 0] {
                steps.extend(step);
            }
            last = point;
        }
        Ok(steps)
    }

    pub(super) fn simple_line(&self, line: &LineString<f64>) -> Result<GridLine> {
        let kept: Vec<Coord<f64>> =
            line.simplify_idx(self.tolerance_m).into_iter().map(|at| line.0[at]).collect();
        self.line(&kept)
    }
}

fn bounds(arcs: &[GridLine], origin: Coord<f64>) -> [f64; 4] {
    let mut bounds = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
    for arc in arcs {
        let (mut x, mut y) = (0, 0);
        for step in arc.chunks_exact(2) {
            (x, y) = (x + step[0], y + step[1]);
            bounds = [bounds[0].min(x), bounds[1].min(y), bounds[2].max(x), bounds[3].max(y)];
        }
    }
    let degrees = |steps: i32, origin: f64| origin + f64::from(steps) * STEP_DEGREES;
    [
        degrees(bounds[0], origin.x),
        degrees(bounds[1], origin.y),
        degrees(bounds[2], origin.x),
        degrees(bounds[3], origin.y),
    ]
}

/// Streets by how much they carry; a class that would make the page too large is left out, with those below it.
fn streets(study: &StudyArea, grid: &Grid, network: &Network) -> Result<[Vec<GridLine>; 3]> {
    let mut classes: [Vec<GridLine>; 3] = Default::default();
    for (_, street) in study.streets.iter().enumerate().filter(|(number, _)| !network.draws(*number)) {
        let line = grid.simple_line(&street.line)?;
        if line.len() >= 4 {
            classes[class(street.tags.get("highway").unwrap_or_default())].push(line);
        }
    }
    let mut points = 0;
    for class in &mut classes {
        points += class.iter().map(|line| line.len() / 2).sum::<usize>();
        if points > MAX_STREET_POINTS {
            *class = Vec::new();
        }
    }
    Ok(classes)
}

fn parks(study: &StudyArea, grid: &Grid) -> Result<Vec<Vec<GridLine>>> {
    let shapes = study.green_spaces.iter().flat_map(|park| park.shape.iter()).take(MAX_PLACES);
    let rings = |polygon: &geo::Polygon<f64>| {
        let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        lines.map(|line| grid.simple_line(line)).collect::<Result<Vec<_>>>()
    };
    let parks = shapes.map(rings).collect::<Result<Vec<_>>>()?;
    let has_area = |rings: &Vec<GridLine>| rings.first().is_some_and(|ring| ring.len() >= 8);
    Ok(parks.into_iter().filter(has_area).collect())
}

fn waters(study: &StudyArea, grid: &Grid) -> Result<Vec<Vec<GridLine>>> {
    let waters = study.barriers.iter().filter(|barrier| barrier.kind == BarrierKind::Water);
    let areas = waters.flat_map(|water| polygons(&water.shape)).take(MAX_PLACES);
    let rings = |polygon: &Polygon<f64>| {
        let lines = std::iter::once(polygon.exterior()).chain(polygon.interiors());
        lines.map(|line| grid.simple_line(line)).collect::<Result<Vec<_>>>()
    };
    let areas = areas.map(rings).collect::<Result<Vec<_>>>()?;
    Ok(areas.into_iter().filter(|rings| rings.first().is_some_and(|ring| ring.len() >= 8)).collect())
}

fn lines_of(study: &StudyArea, kind: BarrierKind, grid: &Grid) -> Result<Vec<GridLine>> {
    let these = study.barriers.iter().filter(|barrier| barrier.kind == kind);
    let lines = these.flat_map(|barrier| lines(&barrier.shape)).take(MAX_PLACES);
    lines.map(|line| grid.simple_line(line)).collect()
}

fn polygons(shapes: &GeometryCollection<f64>) -> Vec<&Polygon<f64>> {
    fn of(shape: &Geometry<f64>) -> Vec<&Polygon<f64>> {
        match shape {
            Geometry::Polygon(area) => vec![area],
            Geometry::MultiPolygon(areas) => areas.0.iter().collect(),
            Geometry::GeometryCollection(shapes) => polygons(shapes),
            _ => Vec::new(),
        }
    }
    shapes.0.iter().flat_map(of).collect()
}

fn lines(shapes: &GeometryCollection<f64>) -> Vec<&LineString<f64>> {
    fn of(shape: &Geometry<f64>) -> Vec<&LineString<f64>> {
        match shape {
            Geometry::LineString(line) => vec![line],
            Geometry::MultiLineString(lines) => lines.0.iter().collect(),
            Geometry::GeometryCollection(shapes) => lines(shapes),
            _ => Vec::new(),
        }
    }
    shapes.0.iter().flat_map(of).collect()
}

/// One name for all pieces of one thing, at the middle of the longest piece.
fn names(study: &StudyArea, grid: &Grid) -> Result<Vec<GroundName>> {
    let mut found: BTreeMap<(&'static str, String), (f64, f64, Coord<f64>)> = BTreeMap::new();
    let mut add = |kind: &'static str, name: Option<&str>, length: f64, at: Option<Coord<f64>>| {
        let (Some(name), Some(at)) = (name.filter(|name| !name.trim().is_empty()), at) else { return };
        let (all, longest, middle) = found.entry((kind, name.to_owned())).or_insert((0.0, 0.0, at));
        *all += length;
        if length > *longest {
            (*longest, *middle) = (length, at);
        }
    };
    for park in &study.green_spaces {
        for area in &park.shape {
            let at = area.interior_point().map(|point| point.0);
            add("park", park.name.as_deref(), area.unsigned_area().sqrt(), at);
        }
    }
    for water in study.barriers.iter().filter(|barrier| barrier.kind == BarrierKind::Water) {
        for area in polygons(&water.shape) {
            let at = area.interior_point().map(|point| point.0);
            add("water", water.name.as_deref(), area.unsigned_area().sqrt(), at);
        }
        for line in lines(&water.shape) {
            add("water", water.name.as_deref(), Euclidean.length(line), middle(line));
        }
    }
    for street in &study.streets {
        if class(street.tags.get("highway").unwrap_or_default()) == 0 {
            add("road", street.tags.get("name"), Euclidean.length(&street.line), middle(&street.line));
        }
    }
    let mut names: Vec<_> = found.into_iter().collect();
    names.sort_by(|a, b| b.1.0.total_cmp(&a.1.0));
    names.truncate(MAX_NAMES);
    let named = |((kind, name), (size, _, at)): ((&'static str, String), (f64, f64, Coord<f64>))| {
        Ok(GroundName { name, kind, at: grid.point(at)?, size: size.round() })
    };
    names.into_iter().map(named).collect()
}

fn middle(line: &LineString<f64>) -> Option<Coord<f64>> {
    line.0.get(line.0.len() / 2).copied()
}

fn services(study: &StudyArea, grid: &Grid) -> Result<BTreeMap<String, Services>> {
    let mut categories: BTreeMap<String, Services> = BTreeMap::new();
    for service in study.services.iter().take(MAX_PLACES) {
        let places = categories.entry(service.category.clone()).or_default();
        places.at.extend(grid.point(service.location.0)?);
        places.names.push(service.name.clone());
    }
    Ok(categories)
}
