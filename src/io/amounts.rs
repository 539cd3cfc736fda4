//! Amounts by name, of any table: what is spent, needed or claimed in each neighbourhood.

use super::features::read_table;
use crate::{Error, ErrorKind, Result};
use polars::prelude::{Column, DataType};
use std::path::Path;

/// The amounts of a table, each with its name, in the order of the rows.
///
/// Names that are read as numbers are written as whole numbers: an id `14`.
///
/// # Errors
/// Those of [`read_table`]; [`ErrorKind::Format`] if a column is not there, with those that are; [`ErrorKind::Value`] with the row
/// if a name or an amount is missing, or an amount is not a number.
pub fn read_amounts(path: &Path, name: &str, amount: &str) -> Result<Vec<(String, f64)>> {
    let table = read_table(path)?;
    let layer = path.display().to_string();
    let column = |name: &str| -> Result<Column> {
        table.column(name).cloned().map_err(|_| {
            let known: Vec<&str> = table.get_column_names().into_iter().map(|name| name.as_str()).collect();
            let error =
                Error::new(ErrorKind::Format, format!("the table has no column `{name}`")).in_layer(&layer);
            error.hint(match crate::error::nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its columns are {}", known.join(", ")),
            })
        })
    };
    let (names, amounts) = (column(name)?, column(amount)?);
    let (names, numbers) = (cast(&names, &DataType::String)?, cast(&amounts, &DataType::Float64)?);
    let (names, numbers) = (names.str().map_err(unreadable)?, numbers.f64().map_err(unreadable)?);
    let wrong = |row: usize, column: &str, what: &str| {
        Error::new(ErrorKind::Value, what).in_layer(&layer).at_row(row + 1).in_column(column)
    };
    let mut found = Vec::with_capacity(names.len());
    for (row, (known, number)) in names.iter().zip(numbers.iter()).enumerate() {
        let known = known.map(str::trim).filter(|known| !known.is_empty());
        let known = known.ok_or_else(|| wrong(row, name, "a row without a name"))?;
        let number = number.filter(|number| number.is_finite());
        let number =
            number.ok_or_else(|| wrong(row, amount, "an amount that is no number").with_id(known))?;
        found.push((known.to_owned(), number));
    }
    Ok(found)
}

fn cast(column: &Column, to: &DataType) -> Result<Column> {
    column.cast(to).map_err(unreadable)
}

fn unreadable(error: polars::prelude::PolarsError) -> Error {
    Error::new(ErrorKind::Format, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_by_name_and_what_is_wrong_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("need.csv");
        let read = |text: &str| {
            std::fs::write(&path, text).unwrap();
            read_amounts(&path, "name", "amount")
        };
        assert_eq!(read("name,amount\n14,2.5\n15,3\n").unwrap(), [("14".into(), 2.5), ("15".into(), 3.0)]);
        let error = read("name,amount\nMill,2\nQuay,\n").unwrap_err();
        assert_eq!((error.kind(), error.position().row), (ErrorKind::Value, Some(2)), "{error}");
        assert!(read("nme,amount\nMill,2\n").unwrap_err().to_string().contains("did you mean `nme`"));
        assert!(read("name,amount\nMill,much\n").is_err() && read("name,amount\n,5\n").is_err());
    }
}
