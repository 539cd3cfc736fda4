//! GeoPackage: SQLite with geometries in well-known binary behind a short header.

use super::about::{About, table_name};
use super::attributes::{Attributes, Value};
use super::file::{format_error, io_error};
use super::format::Format;
use super::wkb::{geometry_from_wkb, geometry_to_wkb};
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::Geometry;
use polars::prelude::{AnyValue, DataType};
use rusqlite::types::{ToSqlOutput, Value as SqlValue, ValueRef};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) const FORMAT: Format = Format {
    endings: &["gpkg"],
    has_layers: true,
    read: |path, options| read(path, options.layer.as_deref()),
    read_table: None,
    write: Some(write),
};

fn read(path: &Path, layer: Option<&str>) -> Result<FeatureTable> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .map_err(|error| format_error(path, &error))?;
    let size = std::fs::metadata(path).map_err(|error| io_error(path, &error))?.len();
    let is_over = limit_steps(&connection, size);
    read_layer(&connection, path, layer, size)
        .map_err(|error| if is_over.load(Ordering::Relaxed) { endless(path) } else { error })
}

/// Steps of SQLite's machine that any file may take, and more for each of its bytes. A row of ten columns takes about 15.
const MOST_STEPS: u64 = 50_000_000;
const STEPS_PER_BYTE: u64 = 100;
/// Rows that any file may have, and more for its size: no row of a table takes less than four bytes.
const MOST_ROWS: u64 = 1_000_000;
const LEAST_ROW_BYTES: u64 = 4;

/// Ends queries that do more work than a file of `size` bytes can ask for, as views without end do; says whether it did.
fn limit_steps(connection: &Connection, size: u64) -> Arc<AtomicBool> {
    const BETWEEN_LOOKS: u16 = 10_000;
    let is_over = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&is_over);
    let mut left = MOST_STEPS.saturating_add(size.saturating_mul(STEPS_PER_BYTE));
    let look = move || {
        left = left.saturating_sub(BETWEEN_LOOKS.into());
        told.store(left == 0, Ordering::Relaxed);
        left == 0
    };
    connection.progress_handler(BETWEEN_LOOKS.into(), Some(look));
    is_over
}

fn endless(path: &Path) -> Error {
    format_error(path, &"a layer has more rows, or asks for more work, than a file of this size can hold")
        .hint("it is a view without end, or a very costly one: save the layer as a table")
}

fn read_layer(connection: &Connection, path: &Path, layer: Option<&str>, size: u64) -> Result<FeatureTable> {
    let (table, column, system) = find_layer(connection, path, layer)?;
    let crs = crs_of(connection, path, system)?;
    let broken = |error: rusqlite::Error| format_error(path, &error);
    let mut statement = connection.prepare(&format!("SELECT * FROM {}", quoted(&table))).map_err(broken)?;
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    let mut attributes = Attributes::with_columns(names.iter().filter(|name| **name != column).cloned());
    let mut geometries = Vec::new();
    let mut rows = statement.query([]).map_err(broken)?;
    while let Some(row) = rows.next().map_err(broken)? {
        if geometries.len() as u64 > MOST_ROWS + size / LEAST_ROW_BYTES {
            return Err(endless(path));
        }
        let mut geometry = None;
        let mut values = Vec::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            let value = row.get_ref(index).map_err(broken)?;
            match (*name == column, value) {
                (true, ValueRef::Blob(bytes)) => {
                    let place = |error: Error| error.in_layer(table.clone()).at_row(geometries.len() + 1);
                    geometry = geometry_from_wkb(after_header(bytes).map_err(place)?).map_err(place)?;
                }
                (true, _) => {}
                (false, value) => values.push((name.clone(), attribute(value))),
            }
        }
        geometries.push(geometry);
        attributes.push(values);
    }
    let attributes = attributes.into_table().map_err(|error| format_error(path, &error))?;
    FeatureTable::new(geometries, attributes, crs)
}

/// Name, geometry column and system of a feature table.
fn find_layer(connection: &Connection, path: &Path, wanted: Option<&str>) -> Result<(String, String, i64)> {
    let broken = |error: rusqlite::Error| format_error(path, &error);
    let mut statement = connection
        .prepare("SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns ORDER BY table_name")
        .map_err(broken)?;
    let layers: Vec<(String, String, i64)> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .map_err(broken)?;
    let names = layers.iter().map(|(name, ..)| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let wrong = |message: String| {
        let error = Error::new(ErrorKind::Format, message).in_layer(path.display().to_string());
        match layers.as_slice() {
            [] => error.hint("it holds no layer with geometries; write it again as a layer of features"),
            _ => error.hint(format!("it holds {names}; name one with `layer`")),
        }
    };
    match (wanted, layers.as_slice()) {
        (Some(wanted), _) => layers
            .iter()
            .find(|(name, ..)| name == wanted)
            .cloned()
            .ok_or_else(|| wrong(format!("the file holds no layer `{wanted}`"))),
        (None, [only]) => Ok(only.clone()),
        (None, _) => Err(wrong(format!("the file holds {} layers", layers.len()))),
    }
}

fn crs_of(connection: &Connection, path: &Path, system: i64) -> Result<Option<Crs>> {
    // 0 and -1 stand for an unknown system.
    if system <= 0 {
        return Ok(None);
    }
    let (authority, code): (String, i64) = connection
        .query_row(
            "SELECT organization, organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?1",
            [system],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(|error| format_error(path, &error))?;
    Crs::new(&format!("{}:{code}", authority.to_ascii_uppercase())).map(Some)
}

/// The well-known binary behind the header: "GP", version, flags, system, envelope of 0 to 64 bytes.
fn after_header(bytes: &[u8]) -> Result<&[u8]> {
    const FIXED: usize = 8;
    const ENVELOPES: [usize; 5] = [0, 32, 48, 48, 64];
    let envelope = bytes
        .get(..FIXED)
        .filter(|header| header.starts_with(b"GP"))
        .and_then(|header| ENVELOPES.get(usize::from(header[3] >> 1 & 0b111)));
    envelope
        .and_then(|length| bytes.get(FIXED + length..))
        .ok_or_else(|| Error::new(ErrorKind::Geometry, "not a GeoPackage geometry"))
}

fn attribute(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        ValueRef::Integer(value) => Value::Integer(value),
        ValueRef::Real(value) => Value::Number(value),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// "GPKG" in ASCII, and version 1.3.
const APPLICATION_ID: i32 = 0x4750_4B47;
const USER_VERSION: i32 = 10_300;
/// The systems that every GeoPackage lists, then room for ours.
const REQUIRED_TABLES: &str = r#"
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
    ('Undefined Cartesian', -1, 'NONE', -1, 'undefined', NULL),
    ('Undefined geographic', 0, 'NONE', 0, 'undefined', NULL),
    ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]', NULL);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
    description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL PRIMARY KEY, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL);
"#;

const EXTENSIONS: &str = "CREATE TABLE IF NOT EXISTS gpkg_extensions (table_name TEXT, column_name TEXT, \
    extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL, \
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));";
const COLUMN_TABLES: &str = r#"
CREATE TABLE gpkg_data_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
    mime_type TEXT, constraint_name TEXT, CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
    CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE gpkg_data_column_constraints (constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT,
    min NUMERIC, min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
    CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
INSERT INTO gpkg_extensions VALUES
    ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
    ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
"#;
const METADATA_TABLES: &str = r#"
CREATE TABLE gpkg_metadata (id INTEGER PRIMARY KEY NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
    md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
    timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id INTEGER NOT NULL,
    md_parent_id INTEGER, CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
    CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
INSERT INTO gpkg_extensions VALUES
    ('gpkg_metadata', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec121/#extension_metadata', 'read-write'),
    ('gpkg_metadata_reference', NULL, 'gpkg_metadata', 'http://www.geopackage.org/spec121/#extension_metadata', 'read-write');
"#;
/// Says of the metadata that they are a [`super::Provenance`].
const PROVENANCE_URI: &str = "commonground:provenance";
/// The format wants a time of writing, but the same results are the same file to the last byte.
const NO_TIME: &str = "1970-01-01T00:00:00.000Z";

/// Writes one layer, named after the file, in longitude and latitude (every reader of the format knows that system).
fn write(path: &Path, aside: &Path, table: &FeatureTable, about: &About) -> Result<()> {
    let layer = table_name(path);
    let from = table.crs.clone().unwrap_or_else(Crs::wgs84);
    let to_degrees = crate::crs::Reprojector::new(&from, &Crs::wgs84())?;
    let geometries: Vec<Option<Geometry<f64>>> = table
        .geometries
        .iter()
        .map(|geometry| geometry.as_ref().map(|geometry| to_degrees.geometry(geometry)).transpose())
        .collect::<Result<_>>()?;
    write_layer(aside, &layer, table, &geometries, about)
        .map_err(|error| Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display())))
}

fn write_layer(
    path: &Path,
    layer: &str,
    table: &FeatureTable,
    geometries: &[Option<Geometry<f64>>],
    about: &About,
) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    connection.pragma_update(None, "user_version", USER_VERSION)?;
    // The file is put in place when it is whole: no journal beside it.
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    let transaction = connection.transaction()?;
    transaction.execute_batch(REQUIRED_TABLES)?;
    let columns: Vec<String> =
        table.attributes.columns().iter().map(|column| quoted(&free_name(column.name()))).collect();
    let declared: Vec<String> = table
        .attributes
        .columns()
        .iter()
        .zip(&columns)
        .map(|(column, name)| format!(", {name} {}", sql_type(column.dtype())))
        .collect();
    let name = quoted(layer);
    transaction.execute(
        &format!(
            "CREATE TABLE {name} (fid INTEGER PRIMARY KEY AUTOINCREMENT, geom GEOMETRY{})",
            declared.concat()
        ),
        [],
    )?;
    transaction.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change, srs_id) \
         VALUES (?1, 'features', ?1, ?2, 4326)",
        [layer, NO_TIME],
    )?;
    transaction
        .execute("INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', 'GEOMETRY', 4326, 0, 0)", [layer])?;
    {
        let named: Vec<String> = columns.iter().map(|name| format!(", {name}")).collect();
        let places = ", ?".repeat(columns.len());
        let mut insert = transaction
            .prepare(&format!("INSERT INTO {name} (geom{}) VALUES (?{places})", named.concat()))?;
        for (row, geometry) in geometries.iter().enumerate() {
            let mut values =
                vec![geometry.as_ref().map_or(SqlValue::Null, |geometry| SqlValue::Blob(blob(geometry)))];
            for column in table.attributes.columns() {
                values.push(sql_value(column.get(row).expect("every column has every row")));
            }
            insert.execute(rusqlite::params_from_iter(values.into_iter().map(ToSqlOutput::Owned)))?;
        }
    }
    add_column_notes(&transaction, layer, table, about)?;
    add_provenance(&transaction, about)?;
    transaction.commit()
}

/// Label and meaning of columns, by the extension for schemas: a GIS shows the label as the alias.
fn add_column_notes(
    connection: &Connection,
    layer: &str,
    table: &FeatureTable,
    about: &About,
) -> rusqlite::Result<()> {
    if about.of_table(layer).next().is_none() {
        return Ok(());
    }
    connection.execute_batch(EXTENSIONS)?;
    connection.execute_batch(COLUMN_TABLES)?;
    // GDAL takes the name for the alias; names are unique within a table, titles are not.
    let mut insert = connection.prepare(
        "INSERT INTO gpkg_data_columns (table_name, column_name, name, title, description) \
         SELECT ?1, ?2, CASE WHEN EXISTS (SELECT 1 FROM gpkg_data_columns WHERE table_name = ?1 AND name = ?3) \
         THEN NULL ELSE ?3 END, ?3, ?4",
    )?;
    for note in about.of_table(layer).filter(|note| table.attributes.column(&note.name).is_ok()) {
        insert.execute([layer, &free_name(&note.name), &note.label, &note.meaning])?;
    }
    Ok(())
}

/// What the file is made from, by the extension for metadata.
fn add_provenance(connection: &Connection, about: &About) -> rusqlite::Result<()> {
    let Some(provenance) = &about.provenance else { return Ok(()) };
    connection.execute_batch(EXTENSIONS)?;
    connection.execute_batch(METADATA_TABLES)?;
    connection.execute(
        "INSERT INTO gpkg_metadata VALUES (1, 'dataset', ?1, 'application/json', ?2)",
        [PROVENANCE_URI, provenance],
    )?;
    connection.execute(
        "INSERT INTO gpkg_metadata_reference VALUES ('geopackage', NULL, NULL, NULL, ?1, 1, NULL)",
        [NO_TIME],
    )?;
    Ok(())
}

/// Two names are taken by the format.
fn free_name(name: &str) -> String {
    match name {
        "fid" | "geom" => format!("{name}_"),
        other => other.to_owned(),
    }
}

fn sql_type(dtype: &DataType) -> &'static str {
    match dtype {
        DataType::Boolean => "BOOLEAN",
        DataType::Float32 | DataType::Float64 => "DOUBLE",
        dtype if dtype.is_integer() => "INTEGER",
        _ => "TEXT",
    }
}

fn sql_value(value: AnyValue<'_>) -> SqlValue {
    match value {
        AnyValue::Null => SqlValue::Null,
        AnyValue::Boolean(value) => SqlValue::Integer(value.into()),
        AnyValue::Float64(value) => SqlValue::Real(value),
        AnyValue::Float32(value) => SqlValue::Real(value.into()),
        AnyValue::String(text) => SqlValue::Text(text.to_owned()),
        AnyValue::StringOwned(text) => SqlValue::Text(text.to_string()),
        other => other.extract::<i64>().map_or(SqlValue::Null, SqlValue::Integer),
    }
}

/// Header without envelope, little-endian, then well-known binary.
fn blob(geometry: &Geometry<f64>) -> Vec<u8> {
    let mut bytes = vec![b'G', b'P', 0, 1];
    bytes.extend(4326_i32.to_le_bytes());
    bytes.extend(geometry_to_wkb(geometry));
    bytes
}
