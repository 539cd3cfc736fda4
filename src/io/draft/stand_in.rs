//! Hexagons that stand in for neighbourhoods where no file has any.

use super::look::{Content, Look, MADE};
use super::table::Table;
use crate::Crs;
use crate::crs::Reprojector;
use crate::model::FeatureTable;
use geo::{BoundingRect, Contains, Coord, CoordsIter, Point};
use h3o::{CellIndex, LatLng, Resolution};
use std::collections::BTreeMap;

/// Vertices of streets that a cell must hold: single roads leave an extract far behind its edge.
const FEWEST_VERTICES: usize = 10;
/// Above this number of cells, larger ones are taken.
const MOST_CELLS: usize = 1_500;
/// So few cells say nothing about differences within a place.
const FEWEST_CELLS: usize = 12;

/// A table of hexagons over the streets, inside the boundary if there is one, and its file; `None` without streets.
pub(super) fn hexagons<'a>(
    streets: impl Iterator<Item = &'a Content>,
    boundary: Option<&FeatureTable>,
) -> Option<(Table, (String, String))> {
    let vertices: Vec<Coord<f64>> = streets.flat_map(vertices).collect();
    let boundary = boundary.and_then(|table| {
        let carry = to_degrees(table.crs.as_ref()?)?;
        carry.geometry(table.geometries.first()?.as_ref()?).ok()
    });
    let is_inside = |cell: &CellIndex| {
        let middle = LatLng::from(*cell);
        boundary.as_ref().is_none_or(|area| area.contains(&Point::new(middle.lng(), middle.lat())))
    };
    let cells = |resolution: Resolution| -> Vec<CellIndex> {
        let mut counts: BTreeMap<CellIndex, usize> = BTreeMap::new();
        for at in &vertices {
            if let Ok(place) = LatLng::new(at.y, at.x) {
                *counts.entry(place.to_cell(resolution)).or_default() += 1;
            }
        }
        let enough = counts.into_iter().filter(|(_, count)| *count >= FEWEST_VERTICES);
        enough.map(|(cell, _)| cell).filter(is_inside).collect()
    };
    // 0.7, 5 and 0.1 square kilometres.
    let mut chosen = (cells(Resolution::Eight), "0.7");
    if chosen.0.len() > MOST_CELLS {
        chosen = (cells(Resolution::Seven), "5");
    } else if chosen.0.len() < FEWEST_CELLS {
        chosen = (cells(Resolution::Nine), "0.1");
    }
    let (cells, size) = chosen;
    if cells.is_empty() {
        return None;
    }
    let file = format!("{MADE}/neighbourhoods.csv");
    let mut text = String::from("cell\n");
    cells.iter().for_each(|cell| text.push_str(&format!("{cell}\n")));
    let why = format!(
        "NO FILE HAS NEIGHBOURHOODS: {} hexagons of about {size} square kilometres over the streets (H3) stand in for them. \
         Put the city's own here",
        cells.len()
    );
    Some((Table::new("[neighbourhoods]", &file, why).text("h3", "cell").text("id", "cell"), (file, text)))
}

fn to_degrees(crs: &Crs) -> Option<Reprojector> {
    Reprojector::new(crs, &Crs::wgs84()).ok()
}

/// The vertices of streets in longitude and latitude.
fn vertices(content: &Content) -> Vec<Coord<f64>> {
    match content {
        Content::Extract(extract) => {
            extract.streets.iter().flat_map(|street| street.line.0.clone()).collect()
        }
        Content::Lines(table) => {
            let Some(carry) = table.crs.as_ref().and_then(to_degrees) else { return Vec::new() };
            let places = table.geometries.iter().flatten().flat_map(CoordsIter::coords_iter);
            places.filter_map(|place| carry.coord(place).ok()).collect()
        }
        _ => Vec::new(),
    }
}

/// The middle of the first layer whose system is known, in longitude and latitude.
pub(super) fn middle(looks: &[Look]) -> Option<Point<f64>> {
    looks.iter().find_map(|look| match &look.content {
        Content::Extract(extract) => Some(extract.streets.first()?.line.0.first().copied()?.into()),
        Content::Areas(table) | Content::Lines(table) => {
            let carry = to_degrees(table.crs.as_ref()?)?;
            let extent = table.geometries.iter().flatten().find_map(BoundingRect::bounding_rect)?;
            carry.coord(extent.center()).ok().map(Point::from)
        }
        _ => None,
    })
}
