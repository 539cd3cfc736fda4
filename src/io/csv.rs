//! Tables separated by commas, semicolons or tabs, plain or gzipped.

use super::attributes::{Attributes, Value};
use super::columns::with_geometries;
use super::file::{format_error, io_error, read_bytes};
use super::format::Format;
use crate::error::quoted;
use crate::{Error, ErrorKind, FeatureTable, Result};
use csv::{ByteRecord, ReaderBuilder};
use polars::prelude::{Column, CsvWriter, DataFrame, DataType, NamedFrom, SerWriter, Series};
use std::collections::HashMap;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    endings: &["csv", "tsv"],
    has_layers: false,
    read: |path, options| with_geometries(read(path)?, options, path),
    read_table: Some(read),
    write: Some(|path, aside, table, _| write(path, aside, table)),
};

/// Reads a table; a column is numeric only if every one of its cells is written as a number is.
///
/// Commas, semicolons or tabs separate the cells, whichever the heading has most of; where semicolons do, numbers may have
/// decimal commas. The text is UTF-8, or UTF-16 with its mark. Blanks around names do not count.
fn read(path: &Path) -> Result<DataFrame> {
    parse(path, &text_of(path, read_bytes(path)?)?)
}

/// The text of a file; what cannot be distinguished without a guess is refused.
fn text_of(path: &Path, bytes: Vec<u8>) -> Result<String> {
    let wide = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].as_chunks::<2>().0.iter().map(|two| unit(*two)).collect();
        String::from_utf16(&units)
            .map_err(|_| format_error(path, &"the text says that it is UTF-16 and is not"))
    };
    let text = match bytes.as_slice() {
        [0xFF, 0xFE, ..] => wide(u16::from_le_bytes)?,
        [0xFE, 0xFF, ..] => wide(u16::from_be_bytes)?,
        _ => String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            let bytes = error.as_bytes();
            let begin = bytes[..at].iter().rposition(|byte| *byte == b'\n').map_or(0, |line| line + 1);
            let before = quoted(&String::from_utf8_lossy(&bytes[begin..at]));
            let message = format!("the text is not in UTF-8 after {before}");
            let error = format_error(path, &message).hint(
                "save it as \"CSV UTF-8\", or with `iconv -f WINDOWS-1252 -t UTF-8` if it is Western European",
            );
            match bytes[..at].iter().filter(|byte| **byte == b'\n').count() {
                0 => error,
                row => error.at_row(row),
            }
        })?,
    };
    if let Some(at) = text.find('\0') {
        let row = text[..at].matches('\n').count();
        let error = format_error(path, &"the text holds a NUL, which no table does");
        let error = error.hint("it is damaged, or in UTF-16 without its mark: save it as \"CSV UTF-8\"");
        return Err(if row > 0 { error.at_row(row) } else { error });
    }
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

fn parse(path: &Path, text: &str) -> Result<DataFrame> {
    let separator = separator_of(text.lines().next().unwrap_or_default());
    let mut reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let wrong = |error: csv::Error| format_error(path, &error);
    let mut record = ByteRecord::new();
    if !reader.read_byte_record(&mut record).map_err(wrong)? {
        return Err(format_error(path, &"the table is empty"));
    }
    // The text is UTF-8, and separators are ASCII.
    let cell = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut names: Vec<String> = record.iter().map(|name| cell(name).trim().to_owned()).collect();
    while names.len() > 1 && names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    check_names(path, &names)?;
    let mut columns: Vec<Vec<Option<String>>> = vec![Vec::new(); names.len()];
    let mut row = 0;
    while reader.read_byte_record(&mut record).map_err(wrong)? {
        row += 1;
        let begin = record.position().map_or(0, |position| position.byte() as usize);
        let is_last = reader.position().byte() as usize >= text.len();
        let spans_lines = || record.iter().any(|cell| cell.contains(&b'\n'));
        let is_unclosed = || text[begin..].bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
        if is_last && spans_lines() && is_unclosed() {
            let error = format_error(path, &"a quotation mark is never closed").at_row(row);
            let column = record.iter().position(|cell| cell.contains(&b'\n')).and_then(|at| names.get(at));
            let error = error.hint("a quotation mark within a cell in quotation marks is written twice");
            return Err(match column {
                Some(column) => error.in_column(column),
                None => error,
            });
        }
        // Cells beyond the heading may be there if they are empty, as spreadsheets write them.
        let is_too_long = record.iter().skip(names.len()).any(|cell| !cell.is_empty());
        if record.len() < names.len() || is_too_long {
            let message = format!("the row has {} cells, the heading {}", record.len(), names.len());
            let hint = "a cell that holds the separator must stand in quotation marks";
            return Err(format_error(path, &message).at_row(row).hint(hint));
        }
        for (values, bytes) in columns.iter_mut().zip(&record) {
            values.push((!bytes.is_empty()).then(|| cell(bytes)));
        }
    }
    let mut attributes = Attributes::default();
    for (name, cells) in names.into_iter().zip(columns) {
        attributes.add_column(name, typed(&cells, separator == b';'));
    }
    attributes.into_table().map_err(|error| format_error(path, &error))
}

/// The separator that the heading has most of, outside quotation marks; a comma if it has none.
fn separator_of(heading: &str) -> u8 {
    let mut is_inside = false;
    let mut counts = [(b',', 0_usize), (b';', 0), (b'\t', 0)];
    for byte in heading.bytes() {
        is_inside ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(!is_inside && byte == *separator);
        }
    }
    // The first of equals is the comma.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| separator)
}

/// Every column has a name of its own.
fn check_names(path: &Path, names: &[String]) -> Result<()> {
    let mut known: HashMap<&str, usize> = HashMap::new();
    for (at, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = known.insert(name, at) {
            let message = format!("columns {} and {} have the same name", first + 1, at + 1);
            let error = format_error(path, &message).in_column(name);
            return Err(error.hint("rename one of them: it is unclear which is meant"));
        }
    }
    Ok(())
}

/// Integers, then numbers, then truth values, then text: the first kind that fits every cell.
fn typed(cells: &[Option<String>], has_decimal_commas: bool) -> Vec<Value> {
    let as_integer =
        |cell: &str| cell.parse().ok().filter(|number: &i64| number.to_string() == cell).map(Value::Integer);
    let as_number = |cell: &str| {
        let digits = cell.trim_start_matches('-');
        let is_code = digits.len() > 1 && digits.starts_with('0') && !digits.starts_with("0.");
        cell.parse().ok().filter(|_| !is_code).map(Value::Number)
    };
    let as_comma_number = |cell: &str| match cell.matches(',').count() {
        0 => as_number(cell),
        1 if !cell.contains('.') => as_number(&cell.replace(',', ".")),
        _ => None,
    };
    let as_bool = |cell: &str| match cell {
        "true" | "True" | "TRUE" => Some(Value::Bool(true)),
        "false" | "False" | "FALSE" => Some(Value::Bool(false)),
        _ => None,
    };
    let all = |parse: &dyn Fn(&str) -> Option<Value>| -> Option<Vec<Value>> {
        cells
            .iter()
            .map(|cell| match cell.as_deref().map(str::trim).filter(|cell| !cell.is_empty()) {
                Some(cell) => parse(cell),
                None => Some(Value::Null),
            })
            .collect()
    };
    let numbers = all(&as_integer).or_else(|| all(&as_number));
    let numbers = numbers.or_else(|| if has_decimal_commas { all(&as_comma_number) } else { None });
    numbers
        .or_else(|| all(&as_bool))
        .unwrap_or_else(|| cells.iter().map(|cell| cell.clone().map_or(Value::Null, Value::Text)).collect())
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
    let columns: Vec<Column> = table.columns().iter().map(guarded).collect();
    let mut table = DataFrame::new(table.height(), columns).map_err(|error| format_error(path, &error))?;
    let mut file = std::fs::File::create(aside).map_err(|error| io_error(path, &error))?;
    CsvWriter::new(&mut file)
        .finish(&mut table)
        .map_err(|error| Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display())))
}

/// Texts that a spreadsheet would run as a formula get an apostrophe before them, which it takes away.
fn guarded(column: &Column) -> Column {
    let is_formula = |text: &str| {
        text.starts_with(['=', '+', '-', '@', '\t', '\r']) && text.len() > 1 && text.parse::<f64>().is_err()
    };
    match column.str() {
        Ok(texts) if texts.iter().flatten().any(is_formula) => {
            let guard = |text: &str| if is_formula(text) { format!("'{text}") } else { text.to_owned() };
            let texts: Vec<Option<String>> = texts.iter().map(|text| text.map(guard)).collect();
            Series::new(column.name().clone(), texts).into()
        }
        _ => column.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: impl AsRef<[u8]>) -> Result<DataFrame> {
        let path = Path::new("t.csv");
        parse(path, &text_of(path, text.as_ref().to_vec())?)
    }

    fn types(table: &DataFrame) -> Vec<DataType> {
        table.columns().iter().map(|column| column.dtype().clone()).collect()
    }

    #[test]
    fn codes_with_leading_zeros_stay_text() {
        let text =
            "code,geoid,share,flag,note\n007,110010001011000,0.5,true,a\n012,110010001011001,,false,\n";
        let table = read_text(text).unwrap();
        let [text, integer] = [DataType::String, DataType::Int64];
        assert_eq!(types(&table), [text.clone(), integer, DataType::Float64, DataType::Boolean, text]);
        assert_eq!(table.column("share").unwrap().null_count(), 1);
    }

    #[test]
    fn tables_of_spreadsheets_are_read() {
        let wanted = read_text("id,lon,people\nä,7.25,3\nb,8.5,4\n").unwrap();
        let wide = |text: &str, big: bool| -> Vec<u8> {
            let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
            format!("\u{feff}{text}").encode_utf16().flat_map(bytes).collect()
        };
        let texts: [Vec<u8>; 6] = [
            "\u{feff} id ,lon , people\r\nä,7.25,3\r\nb,8.5,4".into(),
            "id;lon;people\nä;7,25;3\nb;8,5;4\n".into(),
            "id\tlon\tpeople\nä\t7.25\t3\nb\t8.5\t4\n".into(),
            "id,lon,people,\nä,7.25,3,\nb,8.5,4,,\n".into(),
            wide("id;lon;people\nä;7,25;3\nb;8,5;4\n", false),
            wide("id,lon,people\nä,7.25,3\nb,8.5,4\n", true),
        ];
        for text in texts {
            let table = read_text(&text).unwrap();
            assert!(table.equals_missing(&wanted), "{}: {table:?}", String::from_utf8_lossy(&text));
        }
        let quoted = read_text("id,note\n1,\"two\nlines, \"\"quoted\"\"\"\n2,5\" pipe\n").unwrap();
        let notes: Vec<_> = quoted.column("note").unwrap().str().unwrap().iter().flatten().collect();
        assert_eq!(notes, ["two\nlines, \"quoted\"", "5\" pipe"]);
    }

    #[test]
    fn what_cannot_be_read_says_where_and_how_to_mend_it() {
        let cases: [(&[u8], Option<usize>, &str); 8] = [
            (b"id,name\n1,a\n2,Malm\xf6\n", Some(2), "not in UTF-8 after `2,Malm`"),
            (b"id,name\n1,a\n2,b\0c\n", Some(2), "holds a NUL"),
            (b"i\0d\0,\0a\0\n\0", None, "UTF-16 without its mark"),
            (b"id,name\n1,a\n2,b,c\n3,d\n", Some(2), "the row has 3 cells, the heading 2"),
            (b"id,name\n1,a\n2\n", Some(2), "the row has 1 cells, the heading 2"),
            (b"id,name,id\n1,a,2\n", None, "columns 1 and 3 have the same name"),
            (b"id,name\n1,\"a\n2,b\n3,c\n", Some(1), "never closed"),
            (b"id,name, name\n1,a,2\n", None, "columns 2 and 3"),
        ];
        for (text, row, words) in cases {
            let error = read_text(text).unwrap_err();
            assert!(error.to_string().contains(words), "{error}");
            assert_eq!(error.position().row, row, "{error}");
            assert!(error.hint_text().is_some() && error.to_string().len() < 400, "{error}");
        }
    }

    #[test]
    fn formulas_are_written_as_text() {
        let names = vec![Some("=cmd|x"), Some("-2+3+cmd|y"), Some("-2"), Some("@a"), Some("Mill Lane"), None];
        let column: Column = Series::new("name".into(), names).into();
        let guarded: Vec<_> =
            guarded(&column).str().unwrap().iter().map(|text| text.map(str::to_owned)).collect();
        let wanted = [Some("'=cmd|x"), Some("'-2+3+cmd|y"), Some("-2"), Some("'@a"), Some("Mill Lane"), None];
        assert_eq!(guarded, wanted.map(|text| text.map(str::to_owned)));
    }
}
