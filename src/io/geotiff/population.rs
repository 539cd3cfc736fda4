//! People by cell: GHS-POP, WorldPop, and what else counts people in a grid.

use super::tiff::Tiff;
use super::{Raster, Subject};
use crate::model::{Findings, PopulationGrid};
use crate::{Crs, Error, ErrorKind, Result};
use geo::Rect;
use std::path::Path;

/// Most people of one cell that are believed: more than live on a square kilometre anywhere.
const MOST_PEOPLE: f64 = 1e6;

const PEOPLE: Subject = Subject {
    numbers: "numbers of people",
    unscaled: "plain numbers",
    elsewhere: "the population grid lies elsewhere than the neighbourhoods",
    fine_enough: "a grid of 100 m is fine enough for walking",
};

/// Reads the part of a GeoTIFF of people by cell that lies around `extent`, a box in the system `extent_crs`.
///
/// Numbers, packings and systems are those of [`super::read_elevation`]; also systems in the text of ESRI, as GDAL writes
/// Mollweide's, the one of GHS-POP. Cells with the file's own missing value are missing; so are cells of less than nobody or more
/// than a million people, and a finding says so.
///
/// # Errors
/// Those of [`super::read_elevation`].
pub fn read_population(
    path: &Path,
    crs: Option<Crs>,
    extent: Rect<f64>,
    extent_crs: &Crs,
) -> Result<(PopulationGrid, Findings)> {
    let mut raster = Raster { path, tiff: Tiff::open(path)?, subject: &PEOPLE };
    let mut impossible = 0_usize;
    let cells = raster.read(crs, extent, extent_crs, |value| {
        let is_possible = (0.0..=MOST_PEOPLE).contains(&value);
        impossible += usize::from(!is_possible);
        // A number of people has no sign.
        is_possible.then_some(value.abs())
    })?;
    let mut findings = Findings::default();
    if impossible > 0 {
        let message = format!(
            "{impossible} cells hold less than nobody or more than a million people and are taken as missing"
        );
        let error = Error::new(ErrorKind::Value, message).in_layer("homes");
        findings.warning(error.hint(
            "does the file count people in each cell? `gdal_edit.py -a_nodata` declares a missing value",
        ));
    }
    let grid = PopulationGrid::new(cells.crs, cells.first, cells.step, cells.width, cells.values)?;
    Ok((grid, findings))
}
