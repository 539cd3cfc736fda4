//! Any file to a table, by its extension.

use super::about::About;
use super::format::{Format, ReadOptions};
use super::guard::guarded;
use super::write_aside::write_aside;
use super::{csv, dbf, geojson, geojson_lines, geopackage, parquet, shapefile};
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use polars::prelude::DataFrame;
use std::path::Path;

/// Every format, in the order in which hints name them.
const FORMATS: &[Format] = &[
    geojson::FORMAT,
    geojson_lines::FORMAT,
    csv::FORMAT,
    parquet::FORMAT,
    shapefile::FORMAT,
    shapefile::ZIPPED,
    geopackage::FORMAT,
    dbf::FORMAT,
];

fn format_of(path: &Path) -> Result<&'static Format> {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let plain = name.strip_suffix(".gz").unwrap_or(&name);
    let ending = plain.rsplit('.').next().unwrap_or_default();
    FORMATS.iter().find(|format| format.endings.contains(&ending)).ok_or_else(|| {
        let known = endings(|_| true);
        Error::new(ErrorKind::Format, format!("`{}` is in no format that is known here", path.display()))
            .hint(format!(
                "files end in {known} (also .gz); OpenStreetMap extracts in .osm.pbf go under [osm] or [streets]"
            ))
    })
}

fn endings(is_meant: impl Fn(&&Format) -> bool) -> String {
    let endings = FORMATS.iter().filter(is_meant).flat_map(|format| format.endings);
    endings.map(|ending| format!(".{ending}")).collect::<Vec<_>>().join(", ")
}

/// Whether the name of a file ends like one that [`read_features`] reads.
#[must_use]
pub fn reads_features(path: &Path) -> bool {
    format_of(path).is_ok()
}

/// Whether the name of a file ends like one that [`write_features`] writes.
#[must_use]
pub fn writes_features(path: &Path) -> bool {
    format_of(path).is_ok_and(|format| format.write.is_some())
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
    let format = format_of(path)?;
    if let (false, Some(layer)) = (format.has_layers, &options.layer) {
        let message = format!("`layer = \"{layer}\"`, but a .{} holds one table only", format.endings[0]);
        return Err(Error::new(ErrorKind::Format, message)
            .in_layer(path.display().to_string())
            .hint("leave `layer` out; it is for GeoPackages and for archives with several shapefiles"));
    }
    let mut features = guarded(path, || (format.read)(path, options))?;
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
    match format_of(path)?.read_table {
        Some(read) => guarded(path, || read(path)),
        None => read_features(path, &ReadOptions::default()).map(|features| features.attributes),
    }
}

/// Writes a table with its geometries, by the extension of `path`: `.geojson` (longitude and latitude), `.parquet`
/// (GeoParquet 1.1 in the table's own system), `.gpkg` (longitude and latitude), `.csv` (without geometries).
///
/// # Errors
/// [`ErrorKind::Format`] for another extension, [`ErrorKind::Io`] if the file cannot be written; then the file that
/// was there before is left as it was.
pub fn write_features(path: &Path, table: &FeatureTable) -> Result<()> {
    writer_of(path)?;
    write_aside(path, |aside| write_features_to(path, aside, table, &About::default()))
}

/// Writes a table to the file `aside`, in the format that `path` asks for.
pub(super) fn write_features_to(
    path: &Path,
    aside: &Path,
    table: &FeatureTable,
    about: &About,
) -> Result<()> {
    writer_of(path)?(path, aside, table, about)
}

fn writer_of(path: &Path) -> Result<super::format::Writer> {
    format_of(path).ok().and_then(|format| format.write).ok_or_else(|| {
        let message = format!("`{}` is in no format that is written here", path.display());
        let known = endings(|format| format.write.is_some());
        Error::new(ErrorKind::Format, message).hint(format!("files to write end in {known}"))
    })
}
