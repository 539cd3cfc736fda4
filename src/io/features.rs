//! Any file to a table, by its extension.

use super::write_aside::io_error;
use super::{csv, geojson, geopackage, parquet, shapefile};
use crate::error::nearest;
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::{Coord, Geometry, LineString, Point, Polygon};
use polars::prelude::{Column, DataFrame, DataType};
use std::fmt::Display;
use std::io::Read;
use std::path::Path;
use wkt::TryFromWkt;

/// What a file does not say by itself.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The layer of a file that holds several.
    pub layer: Option<String>,
    /// The column with longitudes or eastings; guessed from its name otherwise.
    pub x: Option<String>,
    /// The column with latitudes or northings; guessed from its name otherwise.
    pub y: Option<String>,
    /// The column with H3 cells, whose hexagons become the geometries.
    pub h3: Option<String>,
    /// The system of a file that does not say.
    pub crs: Option<Crs>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    GeoJson,
    Csv,
    Parquet,
    Shapefile,
    ZippedShapefile,
    GeoPackage,
    Dbase,
}

/// What the library reads, for hints.
const FORMATS: &str = ".geojson, .json, .csv, .tsv (also .gz), .parquet, .shp, .zip, .gpkg, .dbf";

fn format_of(path: &Path) -> Result<Format> {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    match plain.rsplit('.').next() {
        Some("geojson" | "json") => Ok(Format::GeoJson),
        Some("csv" | "tsv") => Ok(Format::Csv),
        Some("parquet" | "geoparquet") => Ok(Format::Parquet),
        Some("shp") => Ok(Format::Shapefile),
        Some("zip") => Ok(Format::ZippedShapefile),
        Some("gpkg") => Ok(Format::GeoPackage),
        Some("dbf") => Ok(Format::Dbase),
        _ => Err(Error::new(
            ErrorKind::Format,
            format!("`{}` is in no format that is known here", path.display()),
        )
        .hint(format!(
            "files end in {FORMATS}; OpenStreetMap extracts in .osm.pbf go under [osm] or [streets]"
        ))),
    }
}

/// Whether the name of a file ends like one that [`read_features`] reads.
#[must_use]
pub fn reads_features(path: &Path) -> bool {
    format_of(path).is_ok()
}

/// Reads a file with its geometries, by its extension.
///
/// Tables without geometry of their own (CSV, plain Parquet) get points from two columns, shapes from a column of
/// well-known text, or hexagons from a column of H3 cells; without any of these every geometry is `None`.
///
/// # Errors
/// [`ErrorKind::Io`] if the file is missing, [`ErrorKind::Format`] if it is not what its extension says,
/// [`ErrorKind::Column`] for a column that is not there, [`ErrorKind::Geometry`] for a geometry that cannot be read,
/// [`ErrorKind::Crs`] if the file states another system than `options` do.
pub fn read_features(path: &Path, options: &ReadOptions) -> Result<FeatureTable> {
    let mut features = match format_of(path)? {
        Format::GeoJson => geojson::read(path)?,
        Format::Shapefile => shapefile::read(path)?,
        Format::ZippedShapefile => shapefile::read_zipped(path)?,
        Format::GeoPackage => geopackage::read(path, options.layer.as_deref())?,
        Format::Csv => from_columns(csv::read(path)?, options, path)?,
        Format::Dbase => from_columns(dbase(path)?, options, path)?,
        Format::Parquet => match parquet::read(path)? {
            (table, Some((geometries, crs))) => FeatureTable::new(geometries, table, crs)?,
            (table, None) => from_columns(table, options, path)?,
        },
    };
    match (&features.crs, &options.crs) {
        (Some(stated), Some(given)) if !same_system(stated, given) => {
            Err(Error::new(ErrorKind::Crs, format!("the file says `{stated}`, the study says `{given}`"))
                .in_layer(path.display().to_string())
                .hint("leave `crs` out where the file knows its own system"))
        }
        (None, Some(given)) => {
            features.crs = Some(given.clone());
            Ok(features)
        }
        _ => Ok(features),
    }
}

/// Two names for one system: the same definition once PROJ has spelled it out.
fn same_system(a: &Crs, b: &Crs) -> bool {
    let name = |crs: &Crs| {
        let json: Option<serde_json::Value> =
            crs.to_projjson().ok().and_then(|json| serde_json::from_str(&json).ok());
        json.map(|json| json["name"].clone())
    };
    a == b || (name(a).is_some() && name(a) == name(b))
}

/// Reads the attributes of a file, whatever its format.
///
/// # Errors
/// As for [`read_features`].
pub fn read_table(path: &Path) -> Result<DataFrame> {
    match format_of(path)? {
        Format::Csv => csv::read(path),
        Format::Dbase => dbase(path),
        Format::Parquet => parquet::read(path).map(|(table, _)| table),
        _ => read_features(path, &ReadOptions::default()).map(|features| features.attributes),
    }
}

/// Reads a text file.
///
/// # Errors
/// [`ErrorKind::Io`] if the file is missing, [`ErrorKind::Format`] if it is empty or not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    String::from_utf8(read_bytes(path)?).map_err(|_| format_error(path, &"the text is not in UTF-8"))
}

/// Writes a table with its geometries, by the extension of `path`: `.geojson` (longitude and latitude), `.parquet`
/// (GeoParquet 1.1 in the table's own system), `.gpkg` (longitude and latitude), `.csv` (without geometries).
///
/// # Errors
/// [`ErrorKind::Format`] for another extension, [`ErrorKind::Io`] if the file cannot be written; then the file that
/// was there before is left as it was.
pub fn write_features(path: &Path, table: &FeatureTable) -> Result<()> {
    match format_of(path) {
        Ok(Format::GeoJson) => geojson::write(path, table),
        Ok(Format::Parquet) => parquet::write(path, table),
        Ok(Format::GeoPackage) => geopackage::write(path, table),
        Ok(Format::Csv) => csv::write(path, &table.attributes),
        _ => Err(Error::new(
            ErrorKind::Format,
            format!("`{}` is in no format that is written here", path.display()),
        )
        .hint("files to write end in .geojson, .parquet, .gpkg or .csv")),
    }
}

fn dbase(path: &Path) -> Result<DataFrame> {
    shapefile::parse_dbf(path, read_bytes(path)?, None)
}

/// The bytes of a file, unpacked if it is gzipped.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let error = io_error(path, &error);
        match missing.then(|| similar_file(path)).flatten() {
            Some(similar) => error.hint(format!("did you mean `{similar}`?")),
            None => error,
        }
    })?;
    if bytes.is_empty() {
        return Err(format_error(path, &"the file is empty"));
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes.as_slice())
        .read_to_end(&mut unpacked)
        .map_err(|error| format_error(path, &error))?;
    Ok(unpacked)
}

/// The file in the same folder whose name is nearest.
fn similar_file(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let names = std::fs::read_dir(path.parent()?)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect::<Vec<_>>();
    nearest(&wanted, names.iter().map(String::as_str)).map(str::to_owned)
}

pub(super) fn format_error(path: &Path, error: &dyn Display) -> Error {
    Error::new(ErrorKind::Format, error.to_string()).in_layer(path.display().to_string())
}

fn from_columns(table: DataFrame, options: &ReadOptions, path: &Path) -> Result<FeatureTable> {
    if let Some(name) = &options.h3 {
        let hexagons = hexagons(column(&table, name, path)?, path)?;
        return FeatureTable::new(hexagons, table, Some(Crs::wgs84()));
    }
    let names: Vec<String> = table.columns().iter().map(|column| column.name().to_string()).collect();
    let guess = |known: &[&str]| {
        known.iter().find_map(|known| names.iter().find(|name| name.eq_ignore_ascii_case(known)).cloned())
    };
    let x = options.x.clone().or_else(|| guess(&["lon", "lng", "long", "longitude", "x", "easting"]));
    let y = options.y.clone().or_else(|| guess(&["lat", "latitude", "y", "northing"]));
    if let (Some(x), Some(y)) = (x, y) {
        let (x, y) = (numbers(column(&table, &x, path)?, path)?, numbers(column(&table, &y, path)?, path)?);
        let point = |(x, y): (&Option<f64>, &Option<f64>)| Some(Geometry::from(Point::new((*x)?, (*y)?)));
        return FeatureTable::new(x.iter().zip(&y).map(point).collect(), table, None);
    }
    if let Some(name) = guess(&["geometry", "wkt", "geom", "the_geom"])
        && let Ok(texts) = column(&table, &name, path)?.str()
    {
        let shapes = texts
            .iter()
            .enumerate()
            .map(|(row, text)| text.map(|text| shape(text, row, &name, path)).transpose());
        let shapes = shapes.collect::<Result<Vec<_>>>()?;
        let mut rest = table.clone();
        rest.drop_in_place(&name).map_err(|error| format_error(path, &error))?;
        return FeatureTable::new(shapes, rest, None);
    }
    FeatureTable::new(vec![None; table.height()], table, None)
}

fn shape(text: &str, row: usize, column: &str, path: &Path) -> Result<Geometry<f64>> {
    Geometry::try_from_wkt_str(text).map_err(|error| {
        Error::new(ErrorKind::Geometry, format!("not well-known text: {error}"))
            .in_layer(path.display().to_string())
            .at_row(row + 1)
            .in_column(column)
    })
}

fn column<'a>(table: &'a DataFrame, name: &str, path: &Path) -> Result<&'a Column> {
    table.column(name).map_err(|_| {
        let error = Error::new(ErrorKind::Column, format!("there is no column `{name}`"))
            .in_layer(path.display().to_string());
        match nearest(name, table.columns().iter().map(|column| column.name().as_str())) {
            Some(similar) => error.hint(format!("did you mean `{similar}`?")),
            None => error,
        }
    })
}

fn numbers(column: &Column, path: &Path) -> Result<Vec<Option<f64>>> {
    // A column without any value has no type.
    if !column.dtype().is_primitive_numeric() && column.null_count() < column.len() {
        return Err(Error::new(ErrorKind::Column, "coordinates must be numbers")
            .in_layer(path.display().to_string())
            .in_column(column.name().to_string()));
    }
    let floats = column.cast(&DataType::Float64).map_err(|error| format_error(path, &error))?;
    let values = floats.f64().map_err(|error| format_error(path, &error))?;
    Ok(values.iter().collect())
}

fn hexagons(cells: &Column, path: &Path) -> Result<Vec<Option<Geometry<f64>>>> {
    let texts = cells
        .str()
        .map_err(|_| format_error(path, &"H3 cells must be text").in_column(cells.name().to_string()))?;
    texts
        .iter()
        .enumerate()
        .map(|(row, cell)| {
            let Some(cell) = cell else { return Ok(None) };
            let cell: h3o::CellIndex = cell.parse().map_err(|error| {
                Error::new(ErrorKind::Geometry, format!("`{cell}` is not an H3 cell: {error}"))
                    .in_layer(path.display().to_string())
                    .at_row(row + 1)
                    .in_column(cells.name().to_string())
            })?;
            let corners =
                cell.boundary().iter().map(|corner| Coord { x: corner.lng(), y: corner.lat() }).collect();
            Ok(Some(Polygon::new(LineString(corners), Vec::new()).into()))
        })
        .collect()
}
