//! The neighbourhoods and the metric system that they set.

use super::config::StudyFile;
use super::layer::Layer;
use super::listing::{Listing, few};
use super::place::{AreaIndex, Place};
use crate::crs::{Reprojector, check_metric};
use crate::io::osm::OsmExtract;
use crate::model::{Findings, Neighbourhood};
use crate::{Crs, Error, ErrorKind};
use geo::{Area, BooleanOps, BoundingRect, Coord, CoordsIter, Geometry, MapCoords, Rect};
use rayon::prelude::*;
use std::path::Path;

/// Reads the neighbourhoods and chooses the study's system. Comes back with a place either way.
pub(super) fn read(
    study: &StudyFile,
    osm: Option<&OsmExtract>,
    root: &Path,
    findings: &mut Findings,
) -> (Place, Vec<Neighbourhood>) {
    let given = study.crs.as_deref().map(Crs::new).transpose();
    let given = given.unwrap_or_else(|error| {
        findings.error(error.in_layer("study.toml"));
        None
    });
    let found = match (&study.neighbourhoods, &study.osm) {
        (Some(table), _) => Layer::read("neighbourhoods", &table.source(), root, findings)
            .and_then(|layer| from_layer(&layer, table.name.as_deref(), given.clone(), findings)),
        (None, Some(table)) if table.neighbourhoods_admin_level.is_some() => {
            osm.and_then(|osm| from_osm(osm, table.neighbourhoods_admin_level, given.clone(), findings))
        }
        _ => {
            let error =
                Error::new(ErrorKind::Study, "the study has no neighbourhoods").in_layer("study.toml");
            findings.error(
                error.hint("add a table `[neighbourhoods]`, or `neighbourhoods_admin_level` to `[osm]`"),
            );
            None
        }
    };
    let Some((crs, neighbourhoods)) = found else { return (Place::new(given, &[]), Vec::new()) };
    let place = Place::new(Some(crs), &neighbourhoods);
    report_overlaps(&neighbourhoods, findings);
    (place, neighbourhoods)
}

fn from_layer(
    layer: &Layer,
    name: Option<&str>,
    given: Option<Crs>,
    findings: &mut Findings,
) -> Option<(Crs, Vec<Neighbourhood>)> {
    let names = match name {
        Some(column) => layer.optional_texts(column, findings)?,
        None if layer.has_column("name") => layer.optional_texts("name", findings)?,
        None => vec![None; layer.len()],
    };
    let from = layer.crs(findings)?;
    report_far_round(layer, &from, findings)?;
    let crs = choose(given, &from, layer.geometries(), findings)?;
    let areas = Place::new(Some(crs.clone()), &[]).areas(layer, findings)?;
    let neighbourhoods = areas
        .into_iter()
        .zip(layer.ids())
        .zip(names)
        .map(|((shape, id), name)| Neighbourhood {
            id: id.clone(),
            name: name.unwrap_or_else(|| id.clone()),
            shape,
        })
        .collect();
    Some((crs, neighbourhoods))
}

/// Neighbourhoods that no metric system covers, each by its row.
fn report_far_round(layer: &Layer, from: &Crs, findings: &mut Findings) -> Option<()> {
    /// Half of the globe: an area that wide runs the wrong way round it.
    const WIDEST: f64 = 180.0;
    /// How far the zones of the Universal Transverse Mercator system reach to the north and to the south.
    const NEAREST_POLE: f64 = 84.0;
    let (mut wide, mut polar) = (Listing::default(), Listing::default());
    for (index, extent) in
        layer.geometries().enumerate().filter_map(|(at, one)| Some((at, one.bounding_rect()?)))
    {
        let is_on_globe = extent.min().y >= -90.0 && extent.max().y <= 90.0;
        if !from.is_geographic() || !is_on_globe {
            continue;
        }
        if extent.width() > WIDEST && extent.min().x >= -180.0 && extent.max().x <= 180.0 {
            layer.list(&mut wide, index, None);
        } else if extent.max().y > NEAREST_POLE || extent.min().y < -NEAREST_POLE {
            layer.list(&mut polar, index, None);
        }
    }
    for (listing, what, hint) in [
        (
            &wide,
            "a neighbourhood reaches around the globe",
            "does it cross 180°? then give the layer in a local metric system",
        ),
        (&polar, "a neighbourhood lies at a pole", "are the coordinates right? longitude comes first"),
    ] {
        if !listing.is_empty() {
            findings.error(listing.error(ErrorKind::Geometry, what).in_layer("neighbourhoods").hint(hint));
        }
    }
    (wide.is_empty() && polar.is_empty()).then_some(())
}

fn from_osm(
    osm: &OsmExtract,
    level: Option<u8>,
    given: Option<Crs>,
    findings: &mut Findings,
) -> Option<(Crs, Vec<Neighbourhood>)> {
    let level = level?;
    // What is not whole at this level is not in the study; the reader of a result must know.
    let broken = format!("boundaries of admin_level {level} are not whole");
    for finding in osm.findings.iter().filter(|finding| finding.error.message().contains(&broken)) {
        findings.warning(finding.error.clone());
    }
    let chosen: Vec<_> = osm.boundaries.iter().filter(|one| one.admin_level == Some(level)).collect();
    let about = |message: String| Error::new(ErrorKind::Study, message).in_layer("neighbourhoods");
    if chosen.is_empty() {
        let mut levels: Vec<u8> = osm.boundaries.iter().filter_map(|one| one.admin_level).collect();
        levels.sort_unstable();
        levels.dedup();
        let levels = levels.iter().map(u8::to_string).collect::<Vec<_>>().join(", ");
        let message = format!("the OpenStreetMap file has no whole boundary of admin_level {level}");
        findings.error(about(message).hint(if levels.is_empty() {
            "no boundary is whole in this file: give the neighbourhoods a table `[neighbourhoods]` with a file of their own"
                .to_owned()
        } else {
            format!("whole boundaries have the levels: {levels}")
        }));
        return None;
    }
    findings
        .note(about(format!("{} boundaries of admin_level {level} are the neighbourhoods", chosen.len())));
    let geometries: Vec<Geometry<f64>> = chosen.iter().map(|one| one.shape.clone().into()).collect();
    let crs = choose(given, &Crs::wgs84(), geometries.iter(), findings)?;
    let to_metres = Reprojector::new(&Crs::wgs84(), &crs).map_err(|error| findings.error(error)).ok()?;
    let mut neighbourhoods = Vec::with_capacity(chosen.len());
    for boundary in chosen {
        let mut shape = boundary.shape.clone();
        if let Err(error) = to_metres.in_place(&mut shape) {
            findings.error(error.in_layer("neighbourhoods").with_id(&boundary.id));
            return None;
        }
        neighbourhoods.push(Neighbourhood { id: boundary.id.clone(), name: boundary.name.clone(), shape });
    }
    Some((crs, neighbourhoods))
}

/// The system that the user gave, if distances are true in it, or the UTM zone around the centre.
fn choose<'a>(
    given: Option<Crs>,
    from: &Crs,
    geometries: impl Iterator<Item = &'a Geometry<f64>>,
    findings: &mut Findings,
) -> Option<Crs> {
    let refuse = |error: Error, findings: &mut Findings| findings.error(error.in_layer("neighbourhoods"));
    let extent = geometries.filter_map(BoundingRect::bounding_rect).reduce(|a, b| {
        let min = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
        Rect::new(min, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
    })?;
    let beyond = |coord: Coord<f64>| coord.x.abs() > 180.0 || coord.y.abs() > 90.0;
    if from.is_geographic() && extent.coords_iter().any(beyond) {
        let (min, max) = (extent.min(), extent.max());
        let message = format!("x from {} to {}, y from {} to {} are no degrees", min.x, max.x, min.y, max.y);
        let could_be_swapped = [min, max].iter().all(|coord| coord.x.abs() <= 90.0 && coord.y.abs() <= 180.0);
        let hint = if could_be_swapped {
            "longitude and latitude seem to be swapped: longitude comes first"
        } else {
            "give the system of the file with `crs = \"EPSG:...\"`"
        };
        refuse(Error::new(ErrorKind::Crs, message).hint(hint), findings);
        return None;
    }
    let chosen = given.map_or_else(
        || {
            let centre = Reprojector::new(from, &Crs::wgs84())?.coord(extent.center())?;
            Crs::utm_around(centre.x, centre.y)
        },
        Ok,
    );
    let checked = chosen.and_then(|crs| {
        let to_metres = Reprojector::new(from, &crs)?;
        let corners = extent.try_map_coords(|coord| to_metres.coord(coord))?;
        check_metric(&crs, corners)?;
        Ok(crs)
    });
    checked.map_err(|error| refuse(error, findings)).ok()
}

/// Neighbourhoods that share ground: a home there counts for the first of them.
fn report_overlaps(neighbourhoods: &[Neighbourhood], findings: &mut Findings) {
    /// Share of the smaller area below which an overlap is a sliver between two digitised edges.
    const SLIVER: f64 = 1e-3;
    const M2_PER_HECTARE: f64 = 10_000.0;
    let index = AreaIndex::new(neighbourhoods.iter().map(|one| &one.shape));
    let overlaps: Vec<String> = index
        .neighbours()
        .into_par_iter()
        .filter_map(|(a, b)| {
            let (a, b) = (&neighbourhoods[a], &neighbourhoods[b]);
            let shared_m2 = a.shape.intersection(&b.shape).unsigned_area();
            let smaller_m2 = a.shape.unsigned_area().min(b.shape.unsigned_area());
            (shared_m2 > SLIVER * smaller_m2)
                .then(|| format!("{} and {} ({:.1} ha)", a.id, b.id, shared_m2 / M2_PER_HECTARE))
        })
        .collect();
    if !overlaps.is_empty() {
        let message = format!("{} pairs of neighbourhoods overlap: {}", overlaps.len(), few(&overlaps));
        let hint = "a home in the overlap counts for the neighbourhood that comes first in the file";
        findings.warning(Error::new(ErrorKind::Geometry, message).in_layer("neighbourhoods").hint(hint));
    }
}
