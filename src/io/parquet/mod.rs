//! Parquet, and GeoParquet 1.1 with geometries as well-known binary.

mod types;

use crate::io::about::{About, table_name};
use crate::io::columns::with_geometries;
use crate::io::file::{MOST_UNPACKED, format_error, io_error, read_bytes};
use crate::io::format::Format;
use crate::io::wkb::{geometry_from_wkb, geometry_to_wkb};
use crate::model::Findings;
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::{BoundingRect, Geometry};
use polars::prelude::{
    Column, DataFrame, KeyValueMetadata, NamedFrom, ParquetReader, ParquetWriter, SerReader, Series,
};
use polars_parquet::parquet::metadata::{FileMetadata, SchemaDescriptor};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;
use types::Meaning;

/// Geometries of a file and their system.
type Shapes = (Vec<Option<Geometry<f64>>>, Option<Crs>);

pub(super) const FORMAT: Format = Format {
    endings: &["parquet", "geoparquet"],
    has_layers: false,
    read: |path, options| {
        let Content { table, shapes, findings } = read(path)?;
        let mut features = match shapes {
            Some((geometries, crs)) => FeatureTable::new(geometries, table, crs)?,
            None => with_geometries(table, options, path)?,
        };
        features.findings = findings;
        Ok(features)
    },
    read_table: Some(|path| read(path).map(|content| content.table)),
    write: Some(write),
};

/// What a file holds.
struct Content {
    table: DataFrame,
    /// If the file has any.
    shapes: Option<Shapes>,
    /// Columns that were passed over.
    findings: Findings,
}

fn read(path: &Path) -> Result<Content> {
    let bytes = read_bytes(path)?;
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let metadata = reader.get_metadata().map_err(|error| format_error(path, &error))?.clone();
    let geo = metadata
        .key_value_metadata()
        .iter()
        .flatten()
        .find(|entry| entry.key == "geo")
        .and_then(|entry| entry.value.as_deref().map(ToString::to_string));
    // Without the Arrow schema columns have the storage types of the file: polars knows no geometry types.
    let mut plain = (*metadata).clone();
    plain.key_value_metadata = None;
    let (mut fields, mut meanings, mut passed_over) = (Vec::new(), Vec::new(), Vec::new());
    for field in metadata.schema_descr.fields() {
        match types::plain(field) {
            Some((field, meaning)) => {
                meanings.push((field.name().to_owned(), meaning));
                fields.push(field);
            }
            None => passed_over.push(field.name().to_owned()),
        }
    }
    check_size(path, &metadata, fields.len())?;
    plain.schema_descr = SchemaDescriptor::new(metadata.schema_descr.name().into(), fields);
    reader.set_metadata(Arc::new(plain));
    let mut table = reader.finish().map_err(|error| format_error(path, &error))?;
    for (name, meaning) in meanings.iter().filter(|(_, meaning)| *meaning != Meaning::Plain) {
        let column = table.column(name).map_err(|error| format_error(path, &error))?;
        let column = types::with_meaning(column, *meaning);
        table.with_column(column).map_err(|error| format_error(path, &error))?;
    }
    let mut findings = Findings::default();
    if !passed_over.is_empty() {
        let message =
            format!("columns of lists, structures or maps are passed over: {}", passed_over.join(", "));
        findings.note(Error::new(ErrorKind::Column, message));
    }
    let Some(geo) = geo else { return Ok(Content { table, shapes: None, findings }) };
    let geo: Json = serde_json::from_str(&geo).map_err(|error| format_error(path, &error))?;
    let primary = geo["primary_column"].as_str().unwrap_or("geometry").to_owned();
    let described = &geo["columns"][&primary];
    if described["encoding"].as_str() != Some("WKB") {
        let message = format!("geometry encoding `{}` is not read", described["encoding"]);
        return Err(Error::new(ErrorKind::Format, message)
            .in_layer(path.display().to_string())
            .in_column(primary)
            .hint("write the file with geometries as WKB, GeoPandas' default"));
    }
    let crs = match described.get("crs") {
        None => Some(Crs::wgs84()),
        Some(Json::Null) => None,
        Some(projjson) => Some(crs_of(projjson)?),
    };
    let column = table.drop_in_place(&primary).map_err(|error| format_error(path, &error))?;
    let binary = column.binary().map_err(|error| format_error(path, &error))?;
    let geometries = binary
        .iter()
        .enumerate()
        .map(|(row, bytes)| match bytes {
            None => Ok(None),
            Some(bytes) => geometry_from_wkb(bytes)
                .map_err(|error| error.in_layer(path.display().to_string()).at_row(row + 1)),
        })
        .collect::<Result<_>>()?;
    Ok(Content { table, shapes: Some((geometries, crs)), findings })
}

/// Refuses a table that memory does not hold: a few equal rows of a file may stand for billions.
fn check_size(path: &Path, metadata: &FileMetadata, columns: usize) -> Result<()> {
    /// A number or the place of a text; a geometry.
    const CELL_BYTES: usize = 8;
    const ROW_BYTES: usize = 64;
    let stated: usize = metadata.row_groups.iter().map(|group| group.num_rows()).sum();
    let rows = stated.max(metadata.num_rows);
    let needed = rows.saturating_mul(columns.saturating_mul(CELL_BYTES) + ROW_BYTES);
    if needed as u64 > MOST_UNPACKED {
        let message = format!("{rows} rows of {columns} columns need more memory than the limit of 4 GB");
        return Err(format_error(path, &message).hint("keep the rows of the study area only"));
    }
    Ok(())
}

/// The authority's code where the definition carries one, else the definition itself.
fn crs_of(projjson: &Json) -> Result<Crs> {
    let id = &projjson["id"];
    match (id["authority"].as_str(), &id["code"]) {
        (Some("OGC"), Json::String(code)) if code == "CRS84" => Ok(Crs::wgs84()),
        (Some(authority), Json::Number(code)) => Crs::new(&format!("{authority}:{code}")),
        (Some(authority), Json::String(code)) => Crs::new(&format!("{authority}:{code}")),
        _ => Crs::new(&projjson.to_string()),
    }
}

const GEOMETRY: &str = "geometry";
/// Keys of the footer for what the file is made from, and for label and meaning of its columns; both are JSON.
const PROVENANCE_KEY: &str = "commonground:provenance";
const COLUMNS_KEY: &str = "commonground:columns";

fn write(path: &Path, aside: &Path, table: &FeatureTable, about: &About) -> Result<()> {
    let mut columns = table.attributes.clone();
    let binary: Vec<Option<Vec<u8>>> =
        table.geometries.iter().map(|geometry| geometry.as_ref().map(geometry_to_wkb)).collect();
    let geometry: Column = Series::new(GEOMETRY.into(), binary).into();
    columns.with_column(geometry).map_err(|error| format_error(path, &error))?;
    let mut metadata = vec![("geo".to_owned(), metadata(table)?.to_string())];
    metadata.extend(about.provenance.clone().map(|provenance| (PROVENANCE_KEY.to_owned(), provenance)));
    let columns_known = about.columns_as_json(&table_name(path));
    metadata.extend(columns_known.map(|columns| (COLUMNS_KEY.to_owned(), columns.to_string())));
    let file = std::fs::File::create(aside).map_err(|error| io_error(path, &error))?;
    ParquetWriter::new(file)
        .with_key_value_metadata(Some(KeyValueMetadata::from_static(metadata)))
        .finish(&mut columns)
        .map_err(|error| Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display())))?;
    Ok(())
}

fn metadata(table: &FeatureTable) -> Result<Json> {
    let crs: Json = match &table.crs {
        Some(crs) => serde_json::from_str(&crs.to_projjson()?).map_err(|error| {
            Error::new(ErrorKind::Crs, format!("PROJ wrote no JSON for `{crs}`: {error}"))
        })?,
        None => Json::Null,
    };
    let present = || table.geometries.iter().flatten();
    let types: BTreeSet<&str> = present().map(type_name).collect();
    let extent = present().filter_map(BoundingRect::bounding_rect).reduce(|a, b| {
        geo::Rect::new(
            (a.min().x.min(b.min().x), a.min().y.min(b.min().y)),
            (a.max().x.max(b.max().x), a.max().y.max(b.max().y)),
        )
    });
    let mut column = json!({ "encoding": "WKB", "geometry_types": types, "crs": crs });
    if let Some(extent) = extent {
        column["bbox"] = json!([extent.min().x, extent.min().y, extent.max().x, extent.max().y]);
    }
    Ok(json!({ "version": "1.1.0", "primary_column": GEOMETRY, "columns": { GEOMETRY: column } }))
}

fn type_name(geometry: &Geometry<f64>) -> &'static str {
    match geometry {
        Geometry::Point(_) => "Point",
        Geometry::Line(_) | Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) | Geometry::Rect(_) | Geometry::Triangle(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        Geometry::GeometryCollection(_) => "GeometryCollection",
    }
}
