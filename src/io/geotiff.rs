//! Elevation and population from GeoTIFF: one band of numbers, north up, in strips or tiles.
//!
//! Only the strips or tiles around the study are unpacked, so that the grid of a whole country serves a city.

mod population;
mod tiff;

pub use population::read_population;

use super::street_layer::extent_of;
use crate::crs::Reprojector;
use crate::model::{Elevation, Findings, Street};
use crate::spatial::lay_on_ground;
use crate::{Crs, Error, ErrorKind, Result};
use geo::{Coord, Rect};
use std::path::Path;
use tiff::{GDAL_METADATA, GEO_ASCII, GEO_KEYS, NODATA, PIXEL_SCALE, TIE_POINT, TRANSFORMATION, Tiff};

/// Heights on Earth in metres, with room to spare: what lies beyond stands for a missing value.
const HEIGHTS_M: std::ops::RangeInclusive<f64> = -1_000.0..=9_000.0;
/// Cells around the streets that are read with them.
const MARGIN_CELLS: f64 = 2.0;
/// Most cells that are kept in memory: a square of 16,000 by 16,000.
const MOST_CELLS: usize = 256_000_000;

/// Lays streets on the ground that a GeoTIFF describes (see [`lay_on_ground`]), and says what it does not cover.
///
/// - `crs`: the metric system of the streets.
/// - `system`: the system of a file that does not say.
///
/// # Errors
/// Those of [`read_elevation`] and [`lay_on_ground`].
pub fn read_relief(streets: &mut [Street], crs: &Crs, path: &Path, system: Option<Crs>) -> Result<Findings> {
    if streets.is_empty() {
        return Ok(Findings::default());
    }
    let extent = extent_of(streets.iter().map(|street| &street.line))?;
    let (elevation, mut findings) = read_elevation(path, system, extent, crs)?;
    lay_on_ground(streets, &elevation, || {
        let to_grid = Reprojector::new(crs, elevation.crs())?;
        Ok(move |place| to_grid.coord(place))
    })?;
    let is_known = |street: &&Street| {
        let last = street.vertices.len().saturating_sub(1);
        street.relief.as_ref().is_some_and(|relief| relief.between(0, last).is_some())
    };
    let known = streets.iter().filter(is_known).count();
    if known < streets.len() {
        let message = format!(
            "{} of {} streets are not wholly covered; where their height is not known they are assumed flat",
            streets.len() - known,
            streets.len()
        );
        findings.warning(Error::new(ErrorKind::Study, message).in_layer("elevation"));
    }
    Ok(findings)
}

/// Reads the part of a GeoTIFF of heights in metres that lies around `extent`, a box in the system `extent_crs`.
///
/// Numbers of any type and width, uncompressed or packed by LZW, Deflate or PackBits, with or without predictor; placed by a
/// tie point and a scale of cells, or by a transformation without rotation; in the system that its GeoKeys name by an EPSG
/// code, or else in `crs`. Cells with the file's own missing value are missing; so are heights that are none on Earth, and a
/// finding says so.
///
/// # Errors
/// [`ErrorKind::Io`] if the file cannot be read; [`ErrorKind::Format`] if it is no GeoTIFF, or of a kind that is not read;
/// [`ErrorKind::Crs`] if its system is not known; [`ErrorKind::Geometry`] if it lies elsewhere.
pub fn read_elevation(
    path: &Path,
    crs: Option<Crs>,
    extent: Rect<f64>,
    extent_crs: &Crs,
) -> Result<(Elevation, Findings)> {
    let mut raster = Raster { path, tiff: Tiff::open(path)?, subject: &HEIGHTS };
    let mut impossible = 0_usize;
    let cells = raster.read(crs, extent, extent_crs, |value| {
        let is_height = HEIGHTS_M.contains(&value);
        impossible += usize::from(!is_height);
        is_height.then_some(value as f32)
    })?;
    let mut findings = Findings::default();
    if impossible > 0 {
        let message = format!("{impossible} cells hold no height on Earth and are taken as missing");
        let error = Error::new(ErrorKind::Value, message).in_layer("elevation");
        findings.warning(error.hint("`gdal_edit.py -a_nodata` declares a missing value"));
    }
    let elevation = Elevation::new(cells.crs, cells.first, cells.step, cells.width, &cells.values)?;
    Ok((elevation, findings))
}

/// What the numbers of a file are, in words for its errors.
struct Subject {
    numbers: &'static str,
    /// How `gdal_translate -unscale` leaves them.
    unscaled: &'static str,
    elsewhere: &'static str,
    fine_enough: &'static str,
}

const HEIGHTS: Subject = Subject {
    numbers: "heights",
    unscaled: "plain metres",
    elsewhere: "the elevation lies elsewhere than the streets",
    fine_enough: "a grid of 10 to 30 m is fine enough for walking",
};

struct Raster<'a> {
    path: &'a Path,
    tiff: Tiff<'a>,
    subject: &'static Subject,
}

/// What was read of a file: the cells around a place, row by row from the north.
struct Cells<T> {
    crs: Crs,
    /// Centre of the first cell.
    first: Coord<f64>,
    step: Coord<f64>,
    width: usize,
    values: Vec<Option<T>>,
}

/// Where the centre of the first cell lies, and the way to the next ones.
struct Grid {
    first: Coord<f64>,
    step: Coord<f64>,
}

/// Cells from a column and row on.
struct Window {
    column: usize,
    row: usize,
    width: usize,
    height: usize,
}

impl Raster<'_> {
    /// The cells around a box of another system; `keep` turns a number that is there into what is wanted, or into none.
    fn read<T: Copy>(
        &mut self,
        crs: Option<Crs>,
        extent: Rect<f64>,
        extent_crs: &Crs,
        keep: impl FnMut(f64) -> Option<T>,
    ) -> Result<Cells<T>> {
        let is_scaled =
            |text: String| ["scale", "offset"].iter().any(|role| text.contains(&format!("role=\"{role}\"")));
        if self.tiff.text(GDAL_METADATA)?.is_some_and(is_scaled) {
            let error = self.refuse(&format!("the {} are scaled, which is not read", self.subject.numbers));
            return Err(error.hint(format!("`gdal_translate -unscale` writes {}", self.subject.unscaled)));
        }
        let keys = self.geo_keys()?;
        if let Some(unit) = keys.vertical_unit.filter(|unit| *unit != METRE) {
            let message = format!("the heights are in another unit than the metre (EPSG:{unit})");
            return Err(self.refuse(&message));
        }
        let crs = self.system(&keys, crs)?;
        let grid = self.grid(&keys)?;
        let window = self.window(&grid, &crs, extent, extent_crs)?;
        let values = self.values(&window, keep)?;
        let first = Coord {
            x: grid.first.x + grid.step.x * window.column as f64,
            y: grid.first.y + grid.step.y * window.row as f64,
        };
        Ok(Cells { crs, first, step: grid.step, width: window.width, values })
    }

    fn refuse(&self, message: &str) -> Error {
        self.tiff.refuse(message)
    }

    /// Where the cells lie. A tie point is the corner of a cell, or its centre where the keys say so.
    fn grid(&mut self, keys: &GeoKeys) -> Result<Grid> {
        let tie = self.tiff.numbers(TIE_POINT)?;
        let scale = self.tiff.numbers(PIXEL_SCALE)?;
        let matrix = self.tiff.numbers(TRANSFORMATION)?;
        let (corner, step) = match (tie.as_deref(), scale.as_deref(), matrix.as_deref()) {
            (Some(&[i, j, _, x, y, _]), Some(&[across, down, ..]), _) => {
                let corner = Coord { x: x - i * across, y: y + j * down };
                (corner, Coord { x: across, y: -down })
            }
            (_, _, Some(&[a, b, _, x, d, e, _, y, ..])) if b == 0.0 && d == 0.0 => {
                (Coord { x, y }, Coord { x: a, y: e })
            }
            (_, _, Some(_)) => {
                let error = self.refuse("the grid is rotated, which is not read");
                return Err(error.hint("`gdalwarp` writes it with north up"));
            }
            _ => {
                let error = self.refuse("the file does not say where its cells lie");
                return Err(error.hint("it needs one tie point and a scale of cells, as GDAL writes them"));
            }
        };
        let is_grid = [corner.x, corner.y, step.x, step.y].iter().all(|number| number.is_finite());
        if !is_grid || step.x <= 0.0 || step.y >= 0.0 {
            let error = self.refuse("the cells have no size, or north is not up");
            return Err(error.hint("`gdalwarp` writes it with north up"));
        }
        let to_centre = if keys.is_point { 0.0 } else { 0.5 };
        let first = Coord { x: corner.x + to_centre * step.x, y: corner.y + to_centre * step.y };
        Ok(Grid { first, step })
    }

    fn system(&self, keys: &GeoKeys, given: Option<Crs>) -> Result<Crs> {
        let unknown = |what: &str| {
            Error::new(ErrorKind::Crs, what)
                .in_layer(self.path.display().to_string())
                .hint("say it with `crs = \"EPSG:...\"`")
        };
        let own = match (keys.system, &keys.esri) {
            // GDAL writes the systems of ESRI, among them Mollweide's, in ESRI's own text.
            (Some(USER_DEFINED) | None, Some(text)) => Crs::new(text).ok(),
            (Some(USER_DEFINED) | None, None) => None,
            (Some(code), _) => Some(
                Crs::new(&format!("EPSG:{code}"))
                    .or_else(|error| Crs::new(&format!("ESRI:{code}")).map_err(|_| error))?,
            ),
        };
        match (own, given) {
            (Some(own), Some(given)) if own != given && keys.esri.is_none() => {
                let message = format!("the file is in `{own}`, not in `{given}` as the study says");
                Err(Error::new(ErrorKind::Crs, message).in_layer(self.path.display().to_string()))
            }
            (_, Some(crs)) | (Some(crs), None) => Ok(crs),
            (None, None) => Err(unknown("the file does not name its system by an EPSG code")),
        }
    }

    /// The cells around a box of another system.
    fn window(&mut self, grid: &Grid, crs: &Crs, extent: Rect<f64>, extent_crs: &Crs) -> Result<Window> {
        const STEPS: u32 = 16;
        let to_grid = Reprojector::new(extent_crs, crs)?;
        let share = |step: u32| f64::from(step) / f64::from(STEPS);
        let mut low = Coord { x: f64::INFINITY, y: f64::INFINITY };
        let mut high = Coord { x: f64::NEG_INFINITY, y: f64::NEG_INFINITY };
        for (across, up) in (0..=STEPS).flat_map(|a| (0..=STEPS).map(move |b| (share(a), share(b)))) {
            let place = extent.min() + Coord { x: extent.width() * across, y: extent.height() * up };
            let place = to_grid.coord(place)?;
            let (column, row) =
                ((place.x - grid.first.x) / grid.step.x, (place.y - grid.first.y) / grid.step.y);
            low = Coord { x: low.x.min(column), y: low.y.min(row) };
            high = Coord { x: high.x.max(column), y: high.y.max(row) };
        }
        let span = |low: f64, high: f64, count: usize| {
            let begin = (low.floor() - MARGIN_CELLS).max(0.0);
            let end = (high.ceil() + MARGIN_CELLS).min(count as f64 - 1.0);
            (begin <= end).then(|| (begin as usize, (end - begin) as usize + 1))
        };
        let (Some((column, width)), Some((row, height))) =
            (span(low.x, high.x, self.tiff.width), span(low.y, high.y, self.tiff.height))
        else {
            let error = Error::new(ErrorKind::Geometry, self.subject.elsewhere);
            let error = error.in_layer(self.path.display().to_string());
            return Err(error.hint(format!("is it in `{crs}`?")));
        };
        if width.saturating_mul(height) > MOST_CELLS {
            let message = format!("{width} by {height} cells lie around the study: too many");
            return Err(self.refuse(&message).hint(self.subject.fine_enough));
        }
        Ok(Window { column, row, width, height })
    }

    /// The numbers of a window, row by row.
    fn values<T: Copy>(
        &mut self,
        window: &Window,
        mut keep: impl FnMut(f64) -> Option<T>,
    ) -> Result<Vec<Option<T>>> {
        let missing = match self.tiff.text(NODATA)? {
            Some(text) => {
                let number = text.parse::<f64>();
                Some(number.map_err(|_| self.refuse(&format!("its missing value is `{text}`, no number")))?)
            }
            None => None,
        };
        let (wide, high) = (self.tiff.chunk_width, self.tiff.chunk_height);
        let (end_row, end_column) = (window.row + window.height, window.column + window.width);
        let mut kept = vec![None; window.width * window.height];
        for chunk_row in window.row / high..=(end_row - 1) / high {
            for chunk_column in window.column / wide..=(end_column - 1) / wide {
                // What GDAL left out holds nothing.
                let Some(values) = self.tiff.chunk(chunk_row, chunk_column)? else { continue };
                let (top, left) = (chunk_row * high, chunk_column * wide);
                for row in top.max(window.row)..(top + high).min(end_row) {
                    for column in left.max(window.column)..(left + wide).min(end_column) {
                        let value = values[(row - top) * wide + column - left];
                        let is_missing = value.is_nan() || missing.is_some_and(|one| is_same(value, one));
                        if !is_missing {
                            kept[(row - window.row) * window.width + column - window.column] = keep(value);
                        }
                    }
                }
            }
        }
        Ok(kept)
    }
}

/// A missing value is written in full, but may be kept in single precision.
fn is_same(value: f64, missing: f64) -> bool {
    value == missing || value as f32 == missing as f32
}

/// Codes of the GeoTIFF specification (OGC 19-008r4).
const METRE: u16 = 9001;
const USER_DEFINED: u16 = 32767;
const PROJECTED: u16 = 1;
const GEOGRAPHIC: u16 = 2;
const PIXEL_IS_POINT: u16 = 2;

/// What the GeoKeys say.
#[derive(Debug, Default)]
struct GeoKeys {
    /// EPSG code of the horizontal system.
    system: Option<u16>,
    /// The horizontal system in the words of ESRI.
    esri: Option<String>,
    /// Whether a tie point is the centre of a cell rather than its corner.
    is_point: bool,
    /// EPSG code of the unit of heights.
    vertical_unit: Option<u16>,
}

impl Raster<'_> {
    fn geo_keys(&mut self) -> Result<GeoKeys> {
        const MODEL_TYPE: u16 = 1024;
        const RASTER_TYPE: u16 = 1025;
        const GEODETIC_SYSTEM: u16 = 2048;
        const PROJECTED_SYSTEM: u16 = 3072;
        const VERTICAL_UNIT: u16 = 4099;
        let Some(directory) = self.tiff.numbers(GEO_KEYS)? else { return Ok(GeoKeys::default()) };
        let directory: Vec<u16> = directory.into_iter().map(|number| number as u16).collect();
        // A heading of four numbers, then key, place of the value (0: here), how many, the value.
        let value = |wanted: u16| {
            let entries = directory.get(4..).unwrap_or_default().as_chunks::<4>().0;
            entries.iter().find_map(|&[key, place, _, value]| (key == wanted && place == 0).then_some(value))
        };
        let texts = self.tiff.text(GEO_ASCII)?;
        let esri = texts.as_deref().and_then(|texts| texts.split_once("ESRI PE String = "));
        let esri = esri.map(|(_, text)| text.split('|').next().unwrap_or(text).to_owned());
        let system = match value(MODEL_TYPE) {
            Some(USER_DEFINED) if esri.is_some() => None,
            Some(PROJECTED) => value(PROJECTED_SYSTEM),
            Some(GEOGRAPHIC) => value(GEODETIC_SYSTEM),
            Some(other) => {
                let message =
                    format!("its coordinates are of type {other}, neither projected nor geographic");
                return Err(self.refuse(&message));
            }
            None => None,
        };
        Ok(GeoKeys {
            system,
            esri,
            is_point: value(RASTER_TYPE) == Some(PIXEL_IS_POINT),
            vertical_unit: value(VERTICAL_UNIT),
        })
    }
}

#[cfg(test)]
mod tests;
