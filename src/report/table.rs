//! Columns of a result, by name; an absent column is empty.

use polars::prelude::{DataFrame, DataType};

pub(super) fn numbers(table: &DataFrame, column: &str) -> Vec<Option<f64>> {
    let numbers = table.column(column).and_then(|column| column.cast(&DataType::Float64));
    numbers.and_then(|column| Ok(column.f64()?.iter().collect())).unwrap_or_default()
}

pub(super) fn texts(table: &DataFrame, column: &str) -> Vec<Option<String>> {
    let texts = table.column(column).and_then(|column| column.str());
    texts.map(|values| values.iter().map(|value| value.map(str::to_owned)).collect()).unwrap_or_default()
}
