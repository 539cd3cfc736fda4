//! The map of the page: borders, streets, parks and places, on a grid of whole numbers.
//!
//! A line is one list of numbers: the first point, then the step to each next one, x and y in turn, in units of
//! [`STEP_DEGREES`] from `origin`.

use crate::crs::Reprojector;
use crate::report::topology::Topology;
use crate::{Crs, Result, StudyArea};
use geo::{BoundingRect, Coord, LineString, Rect, SimplifyIdx};
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
    /// Main streets, other streets, paths.
    streets: [Vec<GridLine>; 3],
    /// Rings of parks, outer and inner alike.
    parks: Vec<Vec<GridLine>>,
    services: BTreeMap<String, Services>,
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
    pub(super) fn of(study: &StudyArea, grid: &Grid) -> Result<Self> {
        let topology = Topology::of(study.neighbourhoods.iter().map(|place| &place.shape), grid.tolerance_m);
        let arcs = topology.arcs.iter().map(|arc| grid.line(arc)).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            origin: [grid.origin.x, grid.origin.y],
            step: STEP_DEGREES,
            bounds: bounds(&arcs, grid.origin),
            arcs,
            areas: topology.areas,
            streets: streets(study, grid)?,
            parks: parks(study, grid)?,
            services: services(study, grid)?,
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
fn streets(study: &StudyArea, grid: &Grid) -> Result<[Vec<GridLine>; 3]> {
    let mut classes: [Vec<GridLine>; 3] = Default::default();
    for street in &study.streets {
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

fn class(highway: &str) -> usize {
    match highway.trim_end_matches("_link") {
        "motorway" | "trunk" | "primary" | "secondary" | "tertiary" => 0,
        "footway" | "path" | "steps" | "cycleway" | "bridleway" | "track" | "service" | "corridor" => 2,
        _ => 1,
    }
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

fn services(study: &StudyArea, grid: &Grid) -> Result<BTreeMap<String, Services>> {
    let mut categories: BTreeMap<String, Services> = BTreeMap::new();
    for service in study.services.iter().take(MAX_PLACES) {
        let places = categories.entry(service.category.clone()).or_default();
        places.at.extend(grid.point(service.location.0)?);
        places.names.push(service.name.clone());
    }
    Ok(categories)
}
