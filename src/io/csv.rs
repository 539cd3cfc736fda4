//! Comma- and tab-separated tables, plain or gzipped.

use super::attributes::{Attributes, Value};
use super::columns::with_geometries;
use super::file::{format_error, io_error, read_bytes};
use super::format::Format;
use crate::{Error, ErrorKind, FeatureTable, Result};
use polars::prelude::{CsvReadOptions, CsvWriter, DataFrame, DataType, SerReader, SerWriter};
use std::io::Cursor;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    endings: &["csv", "tsv"],
    has_layers: false,
    read: |path, options| with_geometries(read(path)?, options, path),
    read_table: Some(read),
    write: Some(write),
};

/// Reads a table; a column is numeric only if every one of its cells is written as a number is.
fn read(path: &Path) -> Result<DataFrame> {
    let bytes = read_bytes(path)?;
    let separator = if path.to_string_lossy().to_ascii_lowercase().contains(".tsv") { b'\t' } else { b',' };
    let texts = CsvReadOptions::default()
        .with_infer_schema_length(Some(0))
        .map_parse_options(|options| options.with_separator(separator))
        .into_reader_with_file_handle(Cursor::new(bytes))
        .finish()
        .map_err(|error| format_error(path, &error))?;
    let names = texts.columns().iter().map(|column| column.name().to_string());
    let mut attributes = Attributes::with_columns(names);
    let columns = texts
        .columns()
        .iter()
        .map(|column| {
            let cells = column.str().map_err(|error| format_error(path, &error))?;
            Ok((column.name().to_string(), typed(cells.iter().collect())))
        })
        .collect::<Result<Vec<_>>>()?;
    for row in 0..texts.height() {
        attributes.push(columns.iter().map(|(name, values)| (name.clone(), values[row].clone())));
    }
    attributes.into_table().map_err(|error| format_error(path, &error))
}

/// Integers, then numbers, then truth values, then text: the first kind that fits every cell.
fn typed(cells: Vec<Option<&str>>) -> Vec<Value> {
    let as_integer =
        |cell: &str| cell.parse().ok().filter(|number: &i64| number.to_string() == cell).map(Value::Integer);
    let as_number = |cell: &str| {
        let digits = cell.trim_start_matches('-');
        let is_code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        cell.parse().ok().filter(|_| !is_code).map(Value::Number)
    };
    let as_bool = |cell: &str| match cell {
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    };
    let all = |parse: &dyn Fn(&str) -> Option<Value>| -> Option<Vec<Value>> {
        cells
            .iter()
            .map(|cell| match cell.map(str::trim).filter(|cell| !cell.is_empty()) {
                Some(cell) => parse(cell),
                None => Some(Value::Null),
            })
            .collect()
    };
    all(&as_integer).or_else(|| all(&as_number)).or_else(|| all(&as_bool)).unwrap_or_else(|| {
        cells.iter().map(|cell| cell.map_or(Value::Null, |text| Value::Text(text.to_owned()))).collect()
    })
}

/// # Errors
/// [`ErrorKind::Column`] for a column of bytes, which has no place in a text file; [`ErrorKind::Io`].
fn write(path: &Path, aside: &Path, table: &FeatureTable) -> Result<()> {
    let table = &table.attributes;
    if let Some(column) = table.columns().iter().find(|column| column.dtype() == &DataType::Binary) {
        return Err(Error::new(ErrorKind::Column, "a column of bytes cannot be written as text")
            .in_layer(path.display().to_string())
            .in_column(column.name().to_string()));
    }
    let mut file = std::fs::File::create(aside).map_err(|error| io_error(path, &error))?;
    CsvWriter::new(&mut file)
        .finish(&mut table.clone())
        .map_err(|error| Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_with_leading_zeros_stay_text() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ids.csv");
        let text =
            "code,geoid,share,flag,note\n007,110010001011000,0.5,true,a\n012,110010001011001,,false,\n";
        std::fs::write(&path, text).unwrap();
        let table = read(&path).unwrap();
        let types: Vec<_> = table.columns().iter().map(|column| column.dtype().clone()).collect();
        let [text, integer] = [DataType::String, DataType::Int64];
        assert_eq!(types, [text.clone(), integer, DataType::Float64, DataType::Boolean, text]);
        assert_eq!(table.column("share").unwrap().null_count(), 1);
    }
}
