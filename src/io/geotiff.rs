//! Elevation from GeoTIFF: one band of numbers, north up, in strips or tiles.
//!
//! Only the strips or tiles around the streets are unpacked, so that the elevation of a whole country serves a city.

use super::features::format_error;
use super::write_aside::io_error;
use crate::crs::Reprojector;
use crate::model::{Elevation, Findings, Street, lay_on_ground};
use crate::{Crs, Error, ErrorKind, Result};
use geo::{BoundingRect, Coord, Rect};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use tiff::decoder::{ChunkType, Decoder, DecodingResult};
use tiff::tags::Tag;
use tiff::{ColorType, TiffError};

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
    let boxes = streets.iter().filter_map(|street| street.line.bounding_rect());
    let extent = boxes.reduce(|a, b| {
        let low = Coord { x: a.min().x.min(b.min().x), y: a.min().y.min(b.min().y) };
        Rect::new(low, Coord { x: a.max().x.max(b.max().x), y: a.max().y.max(b.max().y) })
    });
    let Some(extent) = extent else { return Ok(Findings::default()) };
    let (elevation, mut findings) = read_elevation(path, system, extent, crs)?;
    lay_on_ground(streets, &elevation, crs)?;
    let is_known = |street: &&Street| {
        let last = street.vertices.len().saturating_sub(1);
        street.relief.as_ref().is_some_and(|relief| relief.between(0, last).is_some())
    };
    let known = streets.iter().filter(is_known).count();
    if known < streets.len() {
        let message = format!(
            "{} of {} streets are not wholly covered; where their height is not known they are taken as flat",
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
    let file = File::open(path).map_err(|error| io_error(path, &error))?;
    let decoder = Decoder::new(BufReader::new(file)).map_err(|error| explained(path, &error))?;
    Raster { path, decoder }.read(crs, extent, extent_crs)
}

struct Raster<'a> {
    path: &'a Path,
    decoder: Decoder<BufReader<File>>,
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
    fn read(
        mut self,
        crs: Option<Crs>,
        extent: Rect<f64>,
        extent_crs: &Crs,
    ) -> Result<(Elevation, Findings)> {
        match self.decoder.colortype().map_err(|error| explained(self.path, &error))? {
            ColorType::Gray(_) => {}
            other => {
                let message = format!("the file holds {other:?}, not one band of heights");
                return Err(self.refuse(&message).hint("`gdal_translate -b 1` keeps the first band"));
            }
        }
        if self.text(Tag::Unknown(42112))?.is_some_and(|text| text.contains("role=\"scale\"")) {
            let error = self.refuse("the heights are scaled, which is not read");
            return Err(error.hint("`gdal_translate -unscale` writes plain metres"));
        }
        let keys = self.geo_keys()?;
        if let Some(unit) = keys.vertical_unit.filter(|unit| *unit != METRE) {
            let message = format!("the heights are in another unit than the metre (EPSG:{unit})");
            return Err(self.refuse(&message));
        }
        let crs = self.system(&keys, crs)?;
        let grid = self.grid(&keys)?;
        let window = self.window(&grid, &crs, extent, extent_crs)?;
        let mut findings = Findings::default();
        let heights = self.heights(&window, &mut findings)?;
        let first = Coord {
            x: grid.first.x + grid.step.x * window.column as f64,
            y: grid.first.y + grid.step.y * window.row as f64,
        };
        let elevation = Elevation::new(crs, first, grid.step, window.width, &heights)?;
        Ok((elevation, findings))
    }

    fn refuse(&self, message: &str) -> Error {
        format_error(self.path, &message)
    }

    fn numbers(&mut self, tag: Tag) -> Result<Option<Vec<f64>>> {
        let value = self.decoder.find_tag(tag).map_err(|error| explained(self.path, &error))?;
        let numbers = value.map(|value| value.into_f64_vec());
        numbers.transpose().map_err(|error| explained(self.path, &error))
    }

    fn text(&mut self, tag: Tag) -> Result<Option<String>> {
        let value = self.decoder.find_tag(tag).map_err(|error| explained(self.path, &error))?;
        let text = value.map(|value| value.into_string());
        text.transpose().map_err(|error| explained(self.path, &error))
    }

    /// Where the cells lie. A tie point is the corner of a cell, or its centre where the keys say so.
    fn grid(&mut self, keys: &GeoKeys) -> Result<Grid> {
        let tie = self.numbers(Tag::ModelTiepointTag)?;
        let scale = self.numbers(Tag::ModelPixelScaleTag)?;
        let matrix = self.numbers(Tag::ModelTransformationTag)?;
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
        let own = match keys.system {
            Some(USER_DEFINED) | None => None,
            Some(code) => Some(Crs::new(&format!("EPSG:{code}"))?),
        };
        match (own, given) {
            (Some(own), Some(given)) if own != given => {
                let message = format!("the file is in `{own}`, not in `{given}` as the study says");
                Err(Error::new(ErrorKind::Crs, message).in_layer(self.path.display().to_string()))
            }
            (Some(crs), _) | (None, Some(crs)) => Ok(crs),
            (None, None) => Err(unknown("the file does not name its system by an EPSG code")),
        }
    }

    /// The cells around a box of another system.
    fn window(&mut self, grid: &Grid, crs: &Crs, extent: Rect<f64>, extent_crs: &Crs) -> Result<Window> {
        const STEPS: u32 = 16;
        let (width, height) = self.decoder.dimensions().map_err(|error| explained(self.path, &error))?;
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
        let span = |low: f64, high: f64, count: u32| {
            let begin = (low.floor() - MARGIN_CELLS).max(0.0);
            let end = (high.ceil() + MARGIN_CELLS).min(f64::from(count) - 1.0);
            (begin <= end).then(|| (begin as usize, (end - begin) as usize + 1))
        };
        let (Some((column, width)), Some((row, height))) =
            (span(low.x, high.x, width), span(low.y, high.y, height))
        else {
            let error = Error::new(ErrorKind::Geometry, "the elevation lies elsewhere than the streets");
            let error = error.in_layer(self.path.display().to_string());
            return Err(error.hint(format!("is it in `{crs}`?")));
        };
        if width.saturating_mul(height) > MOST_CELLS {
            let message = format!("{width} by {height} cells lie around the streets: too many");
            return Err(self.refuse(&message).hint("a grid of 10 to 30 m is fine enough for walking"));
        }
        Ok(Window { column, row, width, height })
    }

    /// The heights of a window, row by row.
    fn heights(&mut self, window: &Window, findings: &mut Findings) -> Result<Vec<Option<f32>>> {
        let path = self.path;
        let failed = |error: TiffError| explained(path, &error);
        let missing = match self.text(Tag::GdalNodata)? {
            Some(text) => {
                let text = text.trim_end_matches('\0').trim().to_owned();
                let number = text.parse::<f64>();
                Some(number.map_err(|_| self.refuse(&format!("its missing value is `{text}`, no number")))?)
            }
            None => None,
        };
        let (total_width, total_height) = self.decoder.dimensions().map_err(failed)?;
        let (chunk_width, chunk_height) = self.decoder.chunk_dimensions();
        if chunk_width == 0 || chunk_height == 0 {
            return Err(self.refuse("its tiles are empty"));
        }
        let counts = match self.decoder.get_chunk_type() {
            ChunkType::Strip => Tag::StripByteCounts,
            ChunkType::Tile => Tag::TileByteCounts,
        };
        let counts = self.decoder.get_tag_u64_vec(counts).map_err(failed)?;
        let across = total_width.div_ceil(chunk_width);
        let down = total_height.div_ceil(chunk_height);
        let last_row = (window.row + window.height - 1) as u32 / chunk_height;
        let last_column = (window.column + window.width - 1) as u32 / chunk_width;
        let mut heights = vec![None; window.width * window.height];
        let mut impossible = 0_usize;
        for chunk_row in window.row as u32 / chunk_height..=last_row.min(down - 1) {
            for chunk_column in window.column as u32 / chunk_width..=last_column.min(across - 1) {
                let number = chunk_row * across + chunk_column;
                // Tiles that GDAL left out hold nothing.
                if counts.get(number as usize).is_none_or(|count| *count == 0) {
                    continue;
                }
                let values = numbers(self.decoder.read_chunk(number).map_err(failed)?);
                let (wide, high) = self.decoder.chunk_data_dimensions(number);
                let left = (chunk_column * chunk_width) as usize;
                let top = (chunk_row * chunk_height) as usize;
                for row in top.max(window.row)..(top + high as usize).min(window.row + window.height) {
                    for column in
                        left.max(window.column)..(left + wide as usize).min(window.column + window.width)
                    {
                        let Some(&value) = values.get((row - top) * wide as usize + column - left) else {
                            return Err(self.refuse("a tile is cut off"));
                        };
                        let is_missing = value.is_nan() || missing.is_some_and(|one| is_same(value, one));
                        let is_height = HEIGHTS_M.contains(&value);
                        impossible += usize::from(!is_missing && !is_height);
                        heights[(row - window.row) * window.width + column - window.column] =
                            (!is_missing && is_height).then_some(value as f32);
                    }
                }
            }
        }
        if impossible > 0 {
            let message = format!("{impossible} cells hold no height on Earth and are taken as missing");
            let error = Error::new(ErrorKind::Value, message).in_layer("elevation");
            findings.warning(error.hint("`gdal_edit.py -a_nodata` declares a missing value"));
        }
        Ok(heights)
    }
}

/// A missing value is written in full, but may be kept in single precision.
fn is_same(value: f64, missing: f64) -> bool {
    value == missing || value as f32 == missing as f32
}

fn numbers(values: DecodingResult) -> Vec<f64> {
    fn wide<T: Into<f64>>(values: Vec<T>) -> Vec<f64> {
        values.into_iter().map(Into::into).collect()
    }
    match values {
        DecodingResult::U8(values) => wide(values),
        DecodingResult::U16(values) => wide(values),
        DecodingResult::U32(values) => wide(values),
        DecodingResult::U64(values) => values.into_iter().map(|value| value as f64).collect(),
        DecodingResult::I8(values) => wide(values),
        DecodingResult::I16(values) => wide(values),
        DecodingResult::I32(values) => wide(values),
        DecodingResult::I64(values) => values.into_iter().map(|value| value as f64).collect(),
        DecodingResult::F16(values) => values.into_iter().map(f64::from).collect(),
        DecodingResult::F32(values) => wide(values),
        DecodingResult::F64(values) => values,
    }
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
        let found = self.decoder.find_tag(Tag::GeoKeyDirectoryTag);
        let directory = found.map_err(|error| explained(self.path, &error))?;
        let Some(directory) = directory else { return Ok(GeoKeys::default()) };
        let directory = directory.into_u16_vec().map_err(|error| explained(self.path, &error))?;
        // A heading of four numbers, then key, place of the value (0: here), how many, the value.
        let value = |wanted: u16| {
            let entries = directory.get(4..).unwrap_or_default().as_chunks::<4>().0;
            entries.iter().find_map(|&[key, place, _, value]| (key == wanted && place == 0).then_some(value))
        };
        let system = match value(MODEL_TYPE) {
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
            is_point: value(RASTER_TYPE) == Some(PIXEL_IS_POINT),
            vertical_unit: value(VERTICAL_UNIT),
        })
    }
}

/// A complaint of the decoder in words that help.
fn explained(path: &Path, error: &TiffError) -> Error {
    match error {
        TiffError::IoError(error) if error.kind() != std::io::ErrorKind::UnexpectedEof => {
            io_error(path, error)
        }
        TiffError::UnsupportedError(kind) => {
            format_error(path, &format!("a kind of TIFF that is not read: {kind}"))
                .hint("`gdal_translate -co COMPRESS=DEFLATE` writes one that is")
        }
        TiffError::LimitsExceeded => format_error(path, &"a strip or tile of the file is larger than 256 MB")
            .hint("`gdal_translate -co TILED=YES` cuts it into tiles"),
        other => format_error(path, &format!("the file is no whole TIFF: {other}")),
    }
}

#[cfg(test)]
mod tests;
