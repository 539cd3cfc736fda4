//! dBase tables, which hold the attributes of shapefiles.

use super::attributes::{Attributes, Value};
use super::columns::with_geometries;
use super::file::{format_error, read_bytes};
use super::format::Format;
use crate::{Error, Result};
use polars::prelude::DataFrame;
use shapefile::dbase::encoding::DynEncoding;
use shapefile::dbase::{self, CodePageMark, FieldValue};
use std::io::Cursor;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    endings: &["dbf"],
    has_layers: false,
    read: |path, options| with_geometries(read(path)?, options, path),
    read_table: Some(read),
    write: None,
};

fn read(path: &Path) -> Result<DataFrame> {
    let beside = path.with_extension("cpg");
    let encoding = if beside.exists() { Some(read_bytes(&beside)?) } else { None };
    let encoding = encoding.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    parse_dbf(path, read_bytes(path)?, encoding.as_deref())
}

/// The table in `bytes`; `encoding` is what a .cpg file says.
pub(super) fn parse_dbf(path: &Path, bytes: Vec<u8>, encoding: Option<&str>) -> Result<DataFrame> {
    check_sizes(path, &bytes)?;
    // What was damaged before cannot be told from what is read in a wrong encoding.
    let was_damaged = bytes.windows(REPLACEMENT.len()).any(|three| three == REPLACEMENT);
    let mut builder = dbase::ReaderBuilder::new();
    if let Some(name) = encoding.map(str::trim).filter(|name| !name.is_empty()) {
        let known = encoding_named(name).ok_or_else(|| {
            let message = format!("the .cpg file names an unknown encoding, {}", crate::error::quoted(name));
            format_error(path, &message).hint("write `UTF-8` or `1252` (Western Europe) into the .cpg file")
        })?;
        builder = builder.with_encoding(known);
    }
    let mut reader = builder.build(Cursor::new(bytes)).map_err(|error| format_error(path, &error))?;
    let names: Vec<String> = reader.fields().iter().map(|field| field.name().to_owned()).collect();
    let mut attributes = Attributes::with_columns(names.iter().cloned());
    for (row, record) in reader.iter_records().enumerate() {
        let mut record = record.map_err(|error| format_error(path, &error).at_row(row + 1))?;
        let values: Vec<(String, Value)> = names
            .iter()
            .map(|name| (name.clone(), record.remove(name).map_or(Value::Null, attribute)))
            .collect();
        let garbled =
            values.iter().find(|(_, value)| matches!(value, Value::Text(text) if text.contains('\u{fffd}')));
        if let (Some((column, _)), false) = (garbled, was_damaged) {
            return Err(wrong_encoding(path, encoding).at_row(row + 1).in_column(column));
        }
        attributes.push(values);
    }
    attributes.into_table().map_err(|error| format_error(path, &error))
}

/// The letter that stands for one which could not be read, in UTF-8.
const REPLACEMENT: [u8; 3] = [0xEF, 0xBF, 0xBD];

fn wrong_encoding(path: &Path, stated: Option<&str>) -> Error {
    let message = match stated {
        Some(stated) => format!("the text is not in {}, as the .cpg file says", stated.trim()),
        None => "the text is not in UTF-8, and no .cpg file says in which encoding it is".to_owned(),
    };
    format_error(path, &message).hint(
        "put a text file beside it with the same name and the ending .cpg that says `1252` (Western Europe), `1250` \
         (Central Europe) or `UTF-8`",
    )
}

/// The sizes in the heading fit each other and the file.
fn check_sizes(path: &Path, bytes: &[u8]) -> Result<()> {
    /// A heading without fields, and the least that a row can be: a mark and one letter.
    const HEADING: usize = 32;
    const LEAST_ROW: usize = 2;
    let Some(heading) = bytes.get(..HEADING) else {
        return Err(format_error(path, &"the .dbf file is shorter than its heading"));
    };
    let rows = u32::from_le_bytes([heading[4], heading[5], heading[6], heading[7]]) as usize;
    let size_of_heading = usize::from(u16::from_le_bytes([heading[8], heading[9]]));
    let size_of_row = usize::from(u16::from_le_bytes([heading[10], heading[11]]));
    if rows > 0 && size_of_row < LEAST_ROW {
        let message = format!("the .dbf file says that its {rows} rows have {size_of_row} bytes each");
        return Err(format_error(path, &message).hint("it is damaged; open it in a GIS and save it anew"));
    }
    let there = bytes.len().saturating_sub(size_of_heading) / size_of_row.max(1);
    if there < rows {
        let message = format!("the .dbf file ends after row {there} of {rows}");
        return Err(format_error(path, &message).hint("it is cut off; copy it again"));
    }
    Ok(())
}

/// An encoding as programs write its name: `UTF-8`, `1252`, `ANSI 1252`, `windows-1252`, `ISO 8859-1`, `LDID/87`.
fn encoding_named(name: &str) -> Option<DynEncoding> {
    let name = name.trim_start_matches('\u{feff}').to_ascii_uppercase();
    if let Some(mark) = name.strip_prefix("LDID/") {
        return mark.parse::<u8>().ok().and_then(|mark| match CodePageMark::from(mark) {
            CodePageMark::Undefined | CodePageMark::Invalid => DynEncoding::from_name("1252"),
            mark => mark.to_encoding(),
        });
    }
    let bare = ["ANSI", "WINDOWS", "OEM", "MS", "CP"].iter().find_map(|prefix| name.strip_prefix(prefix));
    let bare = bare.map_or(name.as_str(), |rest| rest.trim_start_matches(['-', ' ', '_', '.']));
    let usual = match bare.replace([' ', '_'], "-").as_str() {
        "UTF8" => "UTF-8".to_owned(),
        "LATIN1" | "LATIN-1" | "ISO8859-1" | "ASCII" | "US-ASCII" => "ISO-8859-1".to_owned(),
        "LATIN2" | "LATIN-2" | "ISO8859-2" => "ISO-8859-2".to_owned(),
        other => other.to_owned(),
    };
    DynEncoding::from_name(&usual)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// One column `name` of ten letters, one row per text.
    fn table(mark: u8, rows: &[&[u8]]) -> Vec<u8> {
        let mut bytes = vec![0x03, 126, 1, 1];
        bytes.extend((rows.len() as u32).to_le_bytes());
        bytes.extend([65, 0, 11, 0]);
        bytes.extend([0; 17]);
        bytes.extend([mark, 0, 0]);
        bytes.extend(b"name\0\0\0\0\0\0\0C\0\0\0\0\x0a");
        bytes.extend([0; 15]);
        bytes.push(0x0D);
        for row in rows {
            bytes.push(b' ');
            bytes.extend(row.iter().chain(&[b' '; 10]).take(10));
        }
        bytes.push(0x1A);
        bytes
    }

    fn first(bytes: Vec<u8>, encoding: Option<&str>) -> Result<String> {
        let table = parse_dbf(Path::new("a.dbf"), bytes, encoding)?;
        Ok(table.column("name").unwrap().str().unwrap().get(0).unwrap_or_default().to_owned())
    }

    #[test]
    fn letters_are_read_in_the_encoding_that_the_file_names_or_not_at_all() {
        let latin = table(0, &[b"Malm\xf6"]);
        for name in ["1252", "ANSI 1252", "windows-1252", "cp1252", "ISO 8859-1", "LATIN1", "LDID/87"] {
            assert_eq!(first(latin.clone(), Some(name)).unwrap(), "Malmö", "{name}");
        }
        assert_eq!(first(table(3, &[b"Malm\xf6"]), None).unwrap(), "Malmö");
        assert_eq!(first(table(0, &["Malmö".as_bytes()]), None).unwrap(), "Malmö");
        let error = first(latin.clone(), None).unwrap_err();
        assert_eq!((error.position().row, error.position().column.as_deref()), (Some(1), Some("name")));
        assert!(error.to_string().contains("no .cpg file says"), "{error}");
        assert!(
            first(latin.clone(), Some("UTF-8"))
                .unwrap_err()
                .to_string()
                .contains("not in UTF-8, as the .cpg")
        );
        let error = first(latin, Some("klingon")).unwrap_err().to_string();
        assert!(error.contains("unknown encoding, `klingon`"), "{error}");
    }

    #[test]
    fn sizes_that_contradict_the_file_are_refused() {
        let mut bytes = table(0, &[b"a", b"b"]);
        bytes[10] = 0;
        assert!(first(bytes.clone(), None).unwrap_err().to_string().contains("2 rows have 0 bytes each"));
        bytes[10] = 11;
        bytes.truncate(65 + 11);
        assert!(first(bytes, None).unwrap_err().to_string().contains("ends after row 1 of 2"));
        assert!(first(vec![3; 8], None).unwrap_err().to_string().contains("shorter than its heading"));
    }
}
