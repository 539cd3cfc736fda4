//! Shapefiles: their four files side by side, or together in a zip archive.

use super::attributes::{Attributes, Value};
use super::features::{format_error, read_bytes};
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::Geometry;
use shapefile::dbase::{self, FieldValue};
use shapefile::{Shape, ShapeReader};
use std::io::{Cursor, Read};
use std::path::Path;

/// The files of a shapefile, in memory.
struct Parts {
    shapes: Vec<u8>,
    attributes: Vec<u8>,
    crs: Option<String>,
    encoding: Option<String>,
}

pub(super) fn read(path: &Path) -> Result<FeatureTable> {
    let beside = |extension: &str| {
        let upper = extension.to_ascii_uppercase();
        [extension, &upper]
            .into_iter()
            .map(|extension| path.with_extension(extension))
            .find(|path| path.exists())
    };
    let attributes = beside("dbf").ok_or_else(|| {
        Error::new(ErrorKind::Io, format!("`{}` has no .dbf file beside it", path.display()))
            .hint("a shapefile is several files; copy all that share its name")
    })?;
    let text = |extension| {
        beside(extension)
            .map(|path| read_bytes(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
            .transpose()
    };
    let parts = Parts {
        shapes: read_bytes(path)?,
        attributes: read_bytes(&attributes)?,
        crs: text("prj")?,
        encoding: text("cpg")?,
    };
    parse(path, parts)
}

pub(super) fn read_zipped(path: &Path) -> Result<FeatureTable> {
    let bytes = read_bytes(path)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| format_error(path, &error))?;
    let names: Vec<String> = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned())).collect();
    let layers: Vec<&String> =
        names.iter().filter(|name| name.to_ascii_lowercase().ends_with(".shp")).collect();
    let [layer] = layers.as_slice() else {
        let message = format!("the archive holds {} shapefiles, not one", layers.len());
        return Err(Error::new(ErrorKind::Format, message)
            .in_layer(path.display().to_string())
            .hint(format!("unpack it and name the .shp file; it holds: {}", names.join(", "))));
    };
    let stem = &layer[..layer.len() - ".shp".len()];
    let mut part = |extension: &str| -> Result<Option<Vec<u8>>> {
        let wanted = format!("{stem}.{extension}");
        let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(&wanted)) else {
            return Ok(None);
        };
        let mut file = archive.by_name(name).map_err(|error| format_error(path, &error))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| format_error(path, &error))?;
        Ok(Some(bytes))
    };
    let text = |bytes: Option<Vec<u8>>| bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let missing = |extension| format_error(path, &format!("the archive holds no .{extension} file"));
    let parts = Parts {
        shapes: part("shp")?.ok_or_else(|| missing("shp"))?,
        attributes: part("dbf")?.ok_or_else(|| missing("dbf"))?,
        crs: text(part("prj")?),
        encoding: text(part("cpg")?),
    };
    parse(path, parts)
}

fn parse(path: &Path, parts: Parts) -> Result<FeatureTable> {
    let crs = parts.crs.map(|definition| Crs::new(&definition)).transpose()?;
    let mut reader =
        ShapeReader::new(Cursor::new(parts.shapes)).map_err(|error| format_error(path, &error))?;
    let geometries = reader
        .iter_shapes()
        .enumerate()
        .map(|(row, shape)| {
            let place = |error: shapefile::Error| format_error(path, &error).at_row(row + 1);
            match shape.map_err(place)? {
                Shape::NullShape => Ok(None),
                shape => Geometry::<f64>::try_from(shape).map(Some).map_err(place),
            }
        })
        .collect::<Result<Vec<_>>>()?;
    let attributes = parse_dbf(path, parts.attributes, parts.encoding.as_deref())?;
    if attributes.height() != geometries.len() {
        let message = format!("{} shapes but {} rows of attributes", geometries.len(), attributes.height());
        return Err(format_error(path, &message));
    }
    FeatureTable::new(geometries, attributes, crs)
}

/// The attribute table of a shapefile, or a dBase table of its own.
pub(super) fn parse_dbf(
    path: &Path,
    bytes: Vec<u8>,
    encoding: Option<&str>,
) -> Result<polars::prelude::DataFrame> {
    let mut builder = dbase::ReaderBuilder::new();
    if let Some(encoding) = encoding.and_then(dbase::encoding::DynEncoding::from_name) {
        builder = builder.with_encoding(encoding);
    }
    let mut reader = builder.build(Cursor::new(bytes)).map_err(|error| format_error(path, &error))?;
    let names: Vec<String> = reader.fields().iter().map(|field| field.name().to_owned()).collect();
    let mut attributes = Attributes::with_columns(names.iter().cloned());
    for (row, record) in reader.iter_records().enumerate() {
        let mut record = record.map_err(|error| format_error(path, &error).at_row(row + 1))?;
        attributes.push(
            names.iter().map(|name| (name.clone(), record.remove(name).map_or(Value::Null, attribute))),
        );
    }
    attributes.into_table().map_err(|error| format_error(path, &error))
}

fn attribute(value: FieldValue) -> Value {
    let number = |value: f64| {
        let whole = value.fract() == 0.0 && value.abs() < 9e15;
        if whole { Value::Integer(value as i64) } else { Value::Number(value) }
    };
    match value {
        FieldValue::Character(text) => text.map_or(Value::Null, Value::Text),
        FieldValue::Numeric(value) => value.map_or(Value::Null, number),
        FieldValue::Float(value) => value.map_or(Value::Null, |value| number(value.into())),
        FieldValue::Logical(value) => value.map_or(Value::Null, Value::Bool),
        FieldValue::Integer(value) => Value::Integer(value.into()),
        FieldValue::Currency(value) | FieldValue::Double(value) => number(value),
        FieldValue::Memo(text) => Value::Text(text),
        FieldValue::Date(date) => date.map_or(Value::Null, |date| {
            Value::Text(format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day()))
        }),
        FieldValue::DateTime(moment) => Value::Integer(moment.to_unix_timestamp()),
    }
}
