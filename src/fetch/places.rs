//! Places that people need: from tables and layers of agencies, and from an OpenStreetMap extract.

use super::area::texts;
use super::recipe::{Kind, Recipe};
use commonground::crs::Reprojector;
use commonground::io::osm::OsmExtract;
use commonground::{Crs, Result};
use geo::{Geometry, InteriorPoint, Intersects, Point, Rect};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A school, a clinic, a grocery.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Service {
    pub id: String,
    pub name: String,
    pub category: String,
    pub at: Point<f64>,
}

/// The places of a source within reach; of rows with one id the first counts.
pub(super) fn services(recipe: &Recipe, path: &Path, reach: &Rect<f64>) -> Result<Vec<Service>> {
    let options = commonground::io::ReadOptions {
        x: recipe.x.clone(),
        y: recipe.y.clone(),
        ..commonground::io::ReadOptions::default()
    };
    let table = commonground::io::read_features(path, &options)?;
    let to_degrees = table.crs.as_ref().map(|crs| Reprojector::new(crs, &Crs::wgs84())).transpose()?;
    let column = |name: &Option<String>| name.as_deref().map(|name| texts(&table, name));
    let (ids, names) = (column(&recipe.id), column(&recipe.names));
    let kept: Vec<(Vec<String>, &Vec<String>)> =
        recipe.filter.iter().map(|(column, values)| (texts(&table, column), values)).collect();
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    for (row, geometry) in table.geometries.iter().enumerate() {
        if !kept.iter().all(|(found, values)| values.contains(&found[row])) {
            continue;
        }
        let Some(geometry) = geometry else { continue };
        let at = match geometry {
            Geometry::Point(point) => Some(*point),
            other => other.interior_point(),
        };
        let Some(at) = at.and_then(|at| match &to_degrees {
            Some(to_degrees) => to_degrees.coord(at.into()).ok().map(Point::from),
            None => Some(at),
        }) else {
            continue;
        };
        let id = ids.as_ref().map_or_else(|| (row + 1).to_string(), |ids| ids[row].clone());
        if reach.intersects(&at) && seen.insert(id.clone()) {
            let name = names.as_ref().map(|names| names[row].clone()).unwrap_or_default();
            found.push(Service { id, name, category: recipe.category.clone().unwrap_or_default(), at });
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(found)
}

/// The places of an extract within reach, of kinds that no other source gives.
pub(super) fn of_extract(extract: &OsmExtract, given: &BTreeSet<&str>, reach: &Rect<f64>) -> Vec<Service> {
    let is_meant = |category: &str, at: &Point<f64>| !given.contains(category) && reach.intersects(at);
    let services = extract.services.iter().filter(|one| is_meant(&one.category, &one.location));
    let mut found: Vec<Service> = services
        .map(|one| Service {
            id: one.id.clone(),
            name: one.name.clone().unwrap_or_default(),
            category: one.category.clone(),
            at: one.location,
        })
        .collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}

/// How many there are of each kind.
pub(super) fn counted(services: &[Service]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    services.iter().for_each(|service| *counts.entry(service.category.clone()).or_default() += 1);
    counts
}

/// The address of a page of an ArcGIS layer, for the box around the place.
pub(super) fn page(recipe: &Recipe, reach: &Rect<f64>, offset: usize) -> String {
    let (low, high) = (reach.min(), reach.max());
    format!(
        "{}/query?where=1%3D1&outFields=*&outSR=4326&f=geojson&geometryType=esriGeometryEnvelope&inSR=4326\
         &spatialRel=esriSpatialRelIntersects&geometry={:.5},{:.5},{:.5},{:.5}&orderByFields=OBJECTID\
         &resultRecordCount={PAGE}&resultOffset={offset}",
        recipe.url, low.x, low.y, high.x, high.y
    )
}

/// Rows of a page, at most.
pub(super) const PAGE: usize = 1_000;

/// Whether the server has more rows than those of a page.
pub(super) fn has_more(path: &Path) -> Result<bool> {
    let value: serde_json::Value = serde_json::from_str(&commonground::io::read_text(path)?)
        .map_err(|error| commonground::Error::new(commonground::ErrorKind::Format, error.to_string()))?;
    let says =
        |value: &serde_json::Value| value.get("exceededTransferLimit").and_then(serde_json::Value::as_bool);
    let rows = value.get("features").and_then(|rows| rows.as_array()).map_or(0, Vec::len);
    let is_cut = says(&value).or_else(|| value.get("properties").and_then(says));
    Ok(rows > 0 && is_cut.unwrap_or(rows >= PAGE))
}

/// Whether a source is asked page by page.
pub(super) fn is_paged(recipe: &Recipe) -> bool {
    recipe.kind == Kind::Arcgis
}
