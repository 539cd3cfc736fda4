//! GeoJSON (RFC 7946), and the `crs` member of its predecessor.

use super::attributes::{Attributes, Value};
use super::file::{format_error, io_error, read_bytes};
use super::format::Format;
use crate::crs::Reprojector;
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::algorithm::orient::{Direction, Orient};
use geo::{Geometry, MapCoords};
use geojson::{Feature, FeatureCollection, GeoJson, GeometryValue, Position, feature::Id};
use polars::prelude::{AnyValue, DataFrame};
use serde_json::Value as Json;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    endings: &["geojson", "json"],
    has_layers: false,
    read: |path, _| read(path),
    read_table: None,
    write: Some(|path, aside, table, _| write(path, aside, table)),
};

fn read(path: &Path) -> Result<FeatureTable> {
    let bytes = read_bytes(path)?;
    let text = std::str::from_utf8(&bytes).map_err(|error| format_error(path, &error))?;
    table_of(path, text.trim_start_matches('\u{feff}'))
}

/// The table of a document; `path` is named in errors.
pub(super) fn table_of(path: &Path, text: &str) -> Result<FeatureTable> {
    let document = document_of(path, text)?;
    let (features, foreign) = match document {
        GeoJson::FeatureCollection(collection) => (collection.features, collection.foreign_members),
        GeoJson::Feature(feature) => (vec![feature], None),
        GeoJson::Geometry(geometry) => (vec![Feature::from(geometry)], None),
    };
    let crs = match foreign.as_ref().and_then(|members| members.get("crs")).filter(|crs| !crs.is_null()) {
        Some(crs) => named_crs(crs, path)?,
        None => Crs::wgs84(),
    };
    let mut geometries = Vec::with_capacity(features.len());
    let mut attributes = Attributes::default();
    for (row, feature) in features.into_iter().enumerate() {
        let wrong = |message: String| {
            Error::new(ErrorKind::Geometry, message).in_layer(path.display().to_string()).at_row(row + 1)
        };
        if let Some(problem) = feature.geometry.as_ref().and_then(|geometry| problem_of(&geometry.value)) {
            return Err(wrong(problem.into()));
        }
        let has_position = |geometry: &geojson::Geometry| !matches!(&geometry.value, GeometryValue::Point { coordinates } if coordinates.is_empty());
        let geometry = feature.geometry.filter(has_position).map(Geometry::<f64>::try_from).transpose();
        let geometry = geometry.map_err(|error| wrong(error.to_string()))?;
        geometries.push(geometry.filter(|geometry| !is_empty(geometry)));
        let mut values: Vec<(String, Value)> =
            feature.properties.into_iter().flatten().map(|(name, value)| (name, attribute(value))).collect();
        if let (Some(id), false) = (feature.id, values.iter().any(|(name, _)| name == "id")) {
            values.push((
                "id".into(),
                match id {
                    Id::String(text) => Value::Text(text),
                    Id::Number(number) => attribute(Json::Number(number)),
                },
            ));
        }
        attributes.push(values);
    }
    let table = attributes.into_table().map_err(|error| format_error(path, &error))?;
    FeatureTable::new(geometries, table, Some(crs))
}

/// The document; where it is none, the first feature that is at fault.
///
/// Points without coordinates, which other programs write for "nowhere", are no fault.
fn document_of(path: &Path, text: &str) -> Result<GeoJson> {
    let error = match text.parse() {
        Ok(document) => return Ok(document),
        Err(error) => format_error(path, &error),
    };
    let Ok(mut document) = serde_json::from_str::<Json>(text) else { return Err(error) };
    let Some(Json::Array(features)) = document.get_mut("features") else { return Err(error) };
    for (row, feature) in features.iter_mut().enumerate() {
        let coordinates = feature.pointer("/geometry/coordinates").and_then(Json::as_array);
        if coordinates.is_some_and(Vec::is_empty) {
            feature["geometry"] = Json::Null;
        }
        serde_json::from_value::<Feature>(feature.clone()).map_err(|error| {
            let message = error.to_string();
            let is_short = message.contains("two or more elements");
            format_error(path, if is_short { &SHORT } else { &message }).at_row(row + 1)
        })?;
    }
    serde_json::from_value(document).map_err(|error| format_error(path, &error))
}

const SHORT: &str = "a position has fewer than two numbers";

/// What the standard forbids and a conversion would pass over, or not survive.
fn problem_of(value: &GeometryValue) -> Option<&'static str> {
    const OPEN: &str = "a ring is not closed: its last position is not its first";
    let short = |line: &[Position]| line.iter().any(|position| position.len() < 2);
    let ring = |ring: &Vec<Position>| match ring {
        ring if short(ring) => Some(SHORT),
        ring => (ring.first() != ring.last()).then_some(OPEN),
    };
    match value {
        GeometryValue::Point { coordinates } => (coordinates.len() == 1).then_some(SHORT),
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => {
            short(coordinates).then_some(SHORT)
        }
        GeometryValue::MultiLineString { coordinates } => {
            coordinates.iter().any(|line| short(line)).then_some(SHORT)
        }
        GeometryValue::Polygon { coordinates } => coordinates.iter().find_map(ring),
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().flatten().find_map(ring),
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().find_map(|geometry| problem_of(&geometry.value))
        }
    }
}

fn is_empty(geometry: &Geometry<f64>) -> bool {
    use geo::coords_iter::CoordsIter;
    geometry.coords_count() == 0
}

/// `{"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26985"}}`
fn named_crs(member: &Json, path: &Path) -> Result<Crs> {
    let name = member
        .pointer("/properties/name")
        .and_then(Json::as_str)
        .ok_or_else(|| format_error(path, &"its `crs` member names no system"))?;
    match name.strip_prefix("urn:ogc:def:crs:") {
        Some(urn) if urn.ends_with("CRS84") => Ok(Crs::wgs84()),
        Some(urn) => {
            let mut parts = urn.split(':');
            let (authority, code) = (parts.next().unwrap_or_default(), parts.next_back().unwrap_or_default());
            Crs::new(&format!("{authority}:{code}"))
        }
        None => Crs::new(name),
    }
}

fn attribute(value: Json) -> Value {
    match value {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(value),
        Json::Number(number) => match number.as_i64() {
            Some(integer) => Value::Integer(integer),
            None => number.as_f64().map_or(Value::Null, Value::Number),
        },
        Json::String(text) => Value::Text(text),
        nested => Value::Text(nested.to_string()),
    }
}

/// Decimals of a degree in a file: about a centimetre.
const DECIMALS: i32 = 7;

fn write(path: &Path, aside: &Path, table: &FeatureTable) -> Result<()> {
    let crs = table.crs.clone().unwrap_or_else(Crs::wgs84);
    let to_degrees = Reprojector::new(&crs, &Crs::wgs84())?;
    let rounding = 10_f64.powi(DECIMALS);
    let mut features = Vec::with_capacity(table.len());
    for (row, geometry) in table.geometries.iter().enumerate() {
        let geometry = geometry.as_ref().map(|geometry| to_degrees.geometry(geometry)).transpose()?;
        let geometry = geometry.map(|geometry| {
            let rounded = geometry.map_coords(|coord| geo::Coord {
                x: (coord.x * rounding).round() / rounding,
                y: (coord.y * rounding).round() / rounding,
            });
            geojson::Geometry::from(&right_handed(rounded))
        });
        let properties = Some(properties(&table.attributes, row));
        features.push(Feature { bbox: None, geometry, id: None, properties, foreign_members: None });
    }
    let text = FeatureCollection::new(features).to_string();
    std::fs::write(aside, text).map_err(|error| io_error(path, &error))
}

/// Exterior rings anticlockwise, as the standard asks.
fn right_handed(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::Polygon(polygon) => polygon.orient(Direction::Default).into(),
        Geometry::MultiPolygon(polygons) => polygons.orient(Direction::Default).into(),
        other => other,
    }
}

fn properties(table: &DataFrame, row: usize) -> geojson::JsonObject {
    let json = |value: AnyValue<'_>| match value {
        AnyValue::Null => Json::Null,
        AnyValue::Boolean(value) => Json::Bool(value),
        AnyValue::String(text) => Json::String(text.to_owned()),
        AnyValue::StringOwned(text) => Json::String(text.to_string()),
        AnyValue::Float64(number) => serde_json::Number::from_f64(number).map_or(Json::Null, Json::Number),
        AnyValue::Float32(number) => {
            serde_json::Number::from_f64(number.into()).map_or(Json::Null, Json::Number)
        }
        other => other.extract::<i64>().map_or(Json::Null, |integer| Json::Number(integer.into())),
    };
    table
        .columns()
        .iter()
        .map(|column| {
            let value = column.get(row).expect("every column has every row");
            (column.name().to_string(), json(value))
        })
        .collect()
}
