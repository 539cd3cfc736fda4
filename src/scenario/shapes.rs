//! Lines and areas of a scenario: written into it, or from a GeoJSON file beside it.

use crate::{Error, ErrorKind, Result};
use serde_json::Value as Json;

/// Parts of rings of places: of a polygon its rings, of a line one ring in one part.
pub(super) type Parts = Vec<Vec<Vec<[f64; 2]>>>;

/// What is written, or the geometries of a GeoJSON file.
pub(super) fn one_of(
    written: Option<Parts>,
    file: Option<String>,
    load: &dyn Fn(&str) -> Result<String>,
    key: &str,
    kind: &str,
) -> Result<Parts> {
    let wrong = |message: String| Error::new(ErrorKind::Geometry, message);
    match (written, file) {
        (Some(parts), None) => Ok(parts),
        (None, Some(file)) => {
            let json: Json = serde_json::from_str(&load(&file)?)
                .map_err(|error| Error::new(ErrorKind::Format, format!("`{file}` is no GeoJSON: {error}")))?;
            let mut parts = Vec::new();
            gather_parts(&json, kind, &mut parts);
            match parts.is_empty() {
                true => Err(wrong(format!("`{file}` has no {kind}"))
                    .hint("a GeoJSON file in longitude and latitude, as its standard says")),
                false => Ok(parts),
            }
        }
        _ => Err(wrong(format!("it needs `{key}` or `file`, and not both"))),
    }
}

fn gather_parts(json: &Json, kind: &str, parts: &mut Parts) {
    for list in ["features", "geometries"] {
        for one in json[list].as_array().into_iter().flatten() {
            gather_parts(one, kind, parts);
        }
    }
    gather_one(&json["geometry"], kind, parts);
    gather_one(json, kind, parts);
}

fn gather_one(json: &Json, kind: &str, parts: &mut Parts) {
    let places = |list: &Json| -> Vec<[f64; 2]> {
        let place = |one: &Json| Some([one[0].as_f64()?, one[1].as_f64()?]);
        list.as_array().into_iter().flatten().filter_map(place).collect()
    };
    let rings = |list: &Json| list.as_array().into_iter().flatten().map(places).collect::<Vec<_>>();
    let coordinates = &json["coordinates"];
    let several = || coordinates.as_array().into_iter().flatten();
    match (json["type"].as_str().unwrap_or_default(), kind) {
        ("LineString", "LineString") => parts.push(vec![places(coordinates)]),
        ("MultiLineString", "LineString") => parts.extend(several().map(|line| vec![places(line)])),
        ("Polygon", "Polygon") => parts.push(rings(coordinates)),
        ("MultiPolygon", "Polygon") => parts.extend(several().map(rings)),
        _ => {}
    }
}
