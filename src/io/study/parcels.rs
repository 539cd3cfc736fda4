//! Parcels: lots with what stands on them.

use super::config::ParcelTable;
use super::layer::{Layer, column_or_default};
use super::place::{AreaIndex, Place};
use super::zoning::own_rules;
use crate::model::{Findings, LandParcel, ZoningDistrict};
use crate::zoning::Standing;
use crate::{Error, ErrorKind};
use geo::{Area, BooleanOps, BoundingRect, InteriorPoint, MultiPolygon};
use std::path::Path;

/// Two parcels that share more than this overlap, in square metres; less is a border drawn twice.
const SLIVER_M2: f64 = 1.0;

/// Parcels with their code: a column, or that of the district in which they lie.
pub(super) fn read(
    table: &ParcelTable,
    districts: &[ZoningDistrict],
    root: &Path,
    place: &Place,
    findings: &mut Findings,
) -> Option<Vec<LandParcel>> {
    let layer = Layer::read("parcels", &table.source(), root, findings)?;
    let code_column = column_or_default(&layer, table.code.as_deref(), "code");
    let codes = match code_column {
        Some(column) => layer.optional_texts(column, findings)?,
        None => vec![None; layer.len()],
    };
    let mut numbers = |column: &Option<String>| match column {
        Some(column) => layer.optional_numbers(column, findings),
        None => Some(vec![None; layer.len()]),
    };
    let dwellings = numbers(&table.dwellings)?;
    let other = numbers(&table.other_floor_m2)?;
    let (years, one_family) = (numbers(&table.year_built)?, numbers(&table.one_family)?);
    for (column, values) in [(&table.dwellings, &dwellings), (&table.other_floor_m2, &other)] {
        if let Some(row) = values.iter().position(|value| value.is_some_and(|value| value < 0.0)) {
            let message = format!("`{}` is below 0", values[row].unwrap_or_default());
            let error =
                Error::new(ErrorKind::Value, message).in_layer("parcels").at_row(layer.row_number(row));
            let error =
                error.with_id(layer.ids()[row].as_str()).in_column(column.as_deref().unwrap_or_default());
            findings.error(error);
            return None;
        }
    }
    let own = own_rules(&layer, &table.columns, findings)?;
    let shapes = place.areas(&layer, findings)?;
    if let Some((one, other, area)) = overlap(&shapes) {
        let ids = layer.ids();
        let message = format!("the parcels `{}` and `{}` overlap by {area:.0} m²", ids[one], ids[other]);
        let error = Error::new(ErrorKind::Geometry, message).in_layer("parcels");
        let error = error.at_row(layer.row_number(one)).with_id(ids[one].as_str());
        findings.error(error.hint("land can be built on once: leave one of them out, or cut it"));
        return None;
    }
    let index = AreaIndex::new(districts.iter().map(|district| &district.shape));
    let mut outside = 0;
    let rows = shapes.into_iter().zip(codes).zip(own).enumerate();
    let parcels = rows.map(|(row, ((shape, code), own))| {
        let district = || index.find(shape.interior_point()?).map(|at| districts[at as usize].code.clone());
        let code = if code_column.is_some() { code } else { district() };
        outside += usize::from(code.is_none());
        let standing = Standing {
            dwellings: dwellings[row],
            other_floor_area: other[row],
            year_built: years[row].map(|year| year as i32),
            one_family: one_family[row].map(|value| value != 0.0),
        };
        LandParcel { id: layer.ids()[row].clone(), code, shape, standing, own }
    });
    let parcels: Vec<LandParcel> = parcels.collect();
    if outside > 0 {
        let message =
            format!("{outside} of {} parcels have no zoning code and are not assessed", parcels.len());
        findings.note(Error::new(ErrorKind::Value, message).in_layer("parcels"));
    }
    Some(parcels)
}

/// The first two parcels that overlap, and by how much.
fn overlap(shapes: &[MultiPolygon<f64>]) -> Option<(usize, usize, f64)> {
    let mut boxes: Vec<_> =
        shapes.iter().enumerate().filter_map(|(row, shape)| Some((row, shape.bounding_rect()?))).collect();
    boxes.sort_by(|a, b| a.1.min().x.total_cmp(&b.1.min().x));
    for (at, (one, here)) in boxes.iter().enumerate() {
        for (other, there) in &boxes[at + 1..] {
            if there.min().x >= here.max().x {
                break;
            }
            if there.min().y < here.max().y && here.min().y < there.max().y {
                let area = shapes[*one].intersection(&shapes[*other]).unsigned_area();
                if area > SLIVER_M2 {
                    return Some((*one.min(other), *one.max(other), area));
                }
            }
        }
    }
    None
}
