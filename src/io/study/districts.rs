//! Districts: a second level of boundaries, and which neighbourhoods belong to which.

use super::config::DistrictTable;
use super::layer::Layer;
use super::listing::{Listing, few};
use super::place::Place;
use crate::model::{District, Findings, Neighbourhood};
use crate::{Error, ErrorKind};
use geo::{Area, BooleanOps, BoundingRect, Intersects, MultiPolygon};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;

/// Share of its area below which a neighbourhood is said to cross a border of districts.
const WHOLE: f64 = 0.9;

/// Reads the districts. Every neighbourhood belongs to the one that holds the largest part of its area, to the first of equals.
pub(super) fn read(
    table: &DistrictTable,
    root: &Path,
    (place, neighbourhoods): (&Place, &[Neighbourhood]),
    findings: &mut Findings,
) -> Option<Vec<District>> {
    let layer = Layer::read("districts", &table.source(), root, findings)?;
    let names = names(&layer, table.name.as_deref(), findings);
    let shapes = place.areas(&layer, findings)?;
    let of = belonging(&shapes, neighbourhoods, findings)?;
    let districts: Vec<District> = layer
        .ids()
        .iter()
        .zip(names?)
        .zip(shapes)
        .enumerate()
        .map(|(number, ((id, name), shape))| District {
            id: id.clone(),
            name,
            shape,
            neighbourhoods: (0_u32..).zip(&of).filter(|(_, of)| **of == number).map(|(at, _)| at).collect(),
        })
        .collect();
    let empty: Vec<&str> =
        districts.iter().filter(|one| one.neighbourhoods.is_empty()).map(|one| one.name.as_str()).collect();
    if !empty.is_empty() {
        let message = format!("{} districts hold no neighbourhood: {}", empty.len(), few(&empty));
        let hint = "they stay without figures; are the districts smaller than the neighbourhoods?";
        findings.warning(Error::new(ErrorKind::Study, message).in_layer("districts").hint(hint));
    }
    Some(districts)
}

/// The names, each of one district.
fn names(layer: &Layer, column: Option<&str>, findings: &mut Findings) -> Option<Vec<String>> {
    let column = column.unwrap_or("name");
    if !layer.has_column(column) {
        let message = format!("the districts have no column `{column}` with their names");
        let hint =
            format!("say which with `name = \"…\"`; the columns are {}", layer.column_names().join(", "));
        findings.error(Error::new(ErrorKind::Column, message).in_layer("districts").hint(hint));
        return None;
    }
    let names = layer.optional_texts(column, findings)?;
    let (mut unnamed, mut repeated) = (Listing::default(), Listing::default());
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, name) in names.iter().enumerate() {
        match name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
            None => layer.list(&mut unnamed, index, None),
            Some(name) if first.contains_key(name) => layer.list(&mut repeated, index, Some(name)),
            Some(name) => {
                first.insert(name, index);
            }
        }
    }
    for (listing, what, hint) in [
        (&unnamed, "a district has no name", "a council knows its districts by their names"),
        (
            &repeated,
            "a district has the name of another",
            "put its parts together to one row, or tell them apart",
        ),
    ] {
        if !listing.is_empty() {
            let error = listing.error(ErrorKind::Value, what).in_layer("districts").in_column(column);
            findings.error(error.hint(hint));
        }
    }
    let is_fine = unnamed.is_empty() && repeated.is_empty();
    is_fine.then(|| names.into_iter().flatten().map(|name| name.trim().to_owned()).collect())
}

/// The district of each neighbourhood, by number.
fn belonging(
    districts: &[MultiPolygon<f64>],
    neighbourhoods: &[Neighbourhood],
    findings: &mut Findings,
) -> Option<Vec<usize>> {
    let boxes: Vec<_> = districts.iter().map(BoundingRect::bounding_rect).collect();
    let largest = |neighbourhood: &Neighbourhood| -> Option<(usize, f64)> {
        let own = neighbourhood.shape.bounding_rect()?;
        let mut best: Option<(usize, f64)> = None;
        for (number, district) in districts.iter().enumerate() {
            if !boxes[number].is_some_and(|one| one.intersects(&own)) {
                continue;
            }
            let shared_m2 = district.intersection(&neighbourhood.shape).unsigned_area();
            if shared_m2 > best.map_or(0.0, |(_, most)| most) {
                best = Some((number, shared_m2));
            }
        }
        best
    };
    let found: Vec<Option<(usize, f64)>> = neighbourhoods.par_iter().map(largest).collect();
    let (mut nowhere, mut crossing) = (Vec::new(), Vec::new());
    for (neighbourhood, found) in neighbourhoods.iter().zip(&found) {
        match found {
            None => nowhere.push(neighbourhood.name.as_str()),
            Some((_, shared_m2)) => {
                let share = shared_m2 / neighbourhood.shape.unsigned_area();
                if share < WHOLE {
                    crossing.push(format!("{} ({:.0} % inside)", neighbourhood.name, 100.0 * share));
                }
            }
        }
    }
    if !nowhere.is_empty() {
        let message = format!("{} neighbourhoods lie in no district: {}", nowhere.len(), few(&nowhere));
        let hint = "the districts must cover every neighbourhood; is the layer whole, and of this place?";
        findings.error(Error::new(ErrorKind::Study, message).in_layer("districts").hint(hint));
        return None;
    }
    if !crossing.is_empty() {
        let message =
            format!("{} neighbourhoods cross a border of districts: {}", crossing.len(), few(&crossing));
        let hint = "each counts whole for the district that holds the largest part of its area";
        findings.warning(Error::new(ErrorKind::Study, message).in_layer("districts").hint(hint));
    }
    found.into_iter().map(|found| found.map(|(number, _)| number)).collect()
}
