//! Streets for a network of their own, without a study.

use super::osm::read_osm_streets;
pub use super::study::LineColumns;
use super::study::streets_of_table;
use crate::crs::{Reprojector, check_metric};
use crate::model::{Findings, Street};
use crate::progress::Progress;
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::{BoundingRect, Coord, MultiPoint, Rect};
use std::path::Path;

/// Streets in one metric system.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StreetLayer {
    /// In the order of the data.
    pub streets: Vec<Street>,
    /// The system of their lines, metric.
    pub crs: Crs,
    /// What was cut, assumed and left out.
    pub findings: Findings,
}

/// Reads the streets of an OpenStreetMap extract (`.osm.pbf`) into a metric system: `crs`, or the local UTM zone.
///
/// # Errors
/// Those of [`read_osm_streets`]; [`ErrorKind::Geometry`] if there are no streets; [`ErrorKind::Crs`] if `crs` cannot
/// carry distances there.
pub fn read_streets(path: &Path, crs: Option<Crs>, progress: &dyn Progress) -> Result<StreetLayer> {
    let (mut streets, findings) = read_osm_streets(path, progress)?;
    let extent = extent_of(streets.iter().map(|street| &street.line))?;
    let crs = metric_system(crs, &Crs::wgs84(), extent)?;
    let to_metres = Reprojector::new(&Crs::wgs84(), &crs)?;
    for street in &mut streets {
        to_metres
            .in_place(&mut street.line)
            .map_err(|error| error.in_layer("streets").with_id(format!("way/{}", street.id)))?;
    }
    Ok(StreetLayer { streets, crs, findings })
}

/// Streets of a table of lines, joined where they share a coordinate, in a metric system: `crs`, the table's own if that
/// is metric, or the local UTM zone.
///
/// # Errors
/// [`ErrorKind::Study`] with every problem of the table in its message; [`ErrorKind::Crs`] as for [`read_streets`].
pub fn streets_of_lines(
    lines: FeatureTable,
    columns: &LineColumns,
    crs: Option<Crs>,
    progress: &dyn Progress,
) -> Result<StreetLayer> {
    let from = lines.crs.clone().ok_or_else(|| {
        Error::new(ErrorKind::Crs, "the lines name no coordinate system").in_layer("streets")
    })?;
    let extent = extent_of(lines.geometries.iter().flatten())?;
    let own = from.is_metric().then(|| from.clone());
    let crs = metric_system(crs.or(own), &from, extent)?;
    let (streets, findings) = streets_of_table(lines, columns, &crs, progress)?;
    Ok(StreetLayer { streets, crs, findings })
}

/// Carries places into a metric system and says which: `wanted`, their own if that is metric, or the local UTM zone.
///
/// # Errors
/// [`ErrorKind::Geometry`] if there are none, [`ErrorKind::Crs`] as for [`read_streets`].
pub fn metric_places(places: &mut MultiPoint<f64>, from: &Crs, wanted: Option<Crs>) -> Result<Crs> {
    let extent = extent_of(std::iter::once(&*places))?;
    let own = from.is_metric().then(|| from.clone());
    let crs = metric_system(wanted.or(own), from, extent)?;
    Reprojector::new(from, &crs)?.in_place(places)?;
    Ok(crs)
}

/// The box around geometries.
///
/// # Errors
/// [`ErrorKind::Geometry`] if there are none.
pub(super) fn extent_of<'a, G>(geometries: impl Iterator<Item = &'a G>) -> Result<Rect<f64>>
where
    G: BoundingRect<f64> + 'a,
    G::Output: Into<Option<Rect<f64>>>,
{
    let boxes = geometries.filter_map(|geometry| geometry.bounding_rect().into());
    let union = boxes.reduce(|a, b| {
        let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
        Rect::new(low, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
    });
    union.ok_or_else(|| Error::new(ErrorKind::Geometry, "there are no streets").in_layer("streets"))
}

/// The system asked for if it can carry distances in `extent`, or the UTM zone around it.
fn metric_system(wanted: Option<Crs>, from: &Crs, extent: Rect<f64>) -> Result<Crs> {
    match wanted {
        Some(crs) => {
            let to_wanted = Reprojector::new(from, &crs)?;
            let corners = [extent.min(), extent.max()].map(|corner| to_wanted.coord(corner));
            let [low, high] = corners;
            check_metric(&crs, Rect::new(low?, high?))?;
            Ok(crs)
        }
        None => {
            let centre = Reprojector::new(from, &Crs::wgs84())?.coord(extent.center())?;
            Crs::utm_around(centre.x, centre.y)
        }
    }
}
