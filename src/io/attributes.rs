//! Attribute tables from rows whose columns and types are only known at the end.

use polars::prelude::{Column, DataFrame, NamedFrom, PolarsResult, Series};
use std::collections::HashMap;

/// A value as a file gives it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(String),
}

/// Gathers rows; a column becomes the narrowest type that holds all its values.
#[derive(Default)]
pub(super) struct Attributes {
    columns: Vec<(String, Vec<Value>)>,
    positions: HashMap<String, usize>,
    rows: usize,
}

impl Attributes {
    /// Starts with these columns, so that they are there even without rows.
    pub(super) fn with_columns(names: impl IntoIterator<Item = String>) -> Self {
        let mut attributes = Self::default();
        for name in names {
            attributes.position_of(&name);
        }
        attributes
    }

    /// Adds a row; columns that it does not name are null.
    pub(super) fn push(&mut self, row: impl IntoIterator<Item = (String, Value)>) {
        for (name, value) in row {
            let position = self.position_of(&name);
            let values = &mut self.columns[position].1;
            values.resize(self.rows, Value::Null);
            values.push(value);
        }
        self.rows += 1;
    }

    /// Adds a whole column; all have the same length.
    pub(super) fn add_column(&mut self, name: String, values: Vec<Value>) {
        self.rows = values.len();
        self.positions.insert(name.clone(), self.columns.len());
        self.columns.push((name, values));
    }

    fn position_of(&mut self, name: &str) -> usize {
        if let Some(&position) = self.positions.get(name) {
            return position;
        }
        let position = self.columns.len();
        self.positions.insert(name.to_owned(), position);
        self.columns.push((name.to_owned(), Vec::new()));
        position
    }

    pub(super) fn into_table(self) -> PolarsResult<DataFrame> {
        let rows = self.rows;
        let columns = self.columns.into_iter().map(|(name, mut values)| {
            values.resize(rows, Value::Null);
            column(&name, values)
        });
        DataFrame::new(rows, columns.collect())
    }
}

fn column(name: &str, values: Vec<Value>) -> Column {
    let all = |fits: fn(&Value) -> bool| values.iter().all(|value| *value == Value::Null || fits(value));
    let only_nulls = values.iter().all(|value| *value == Value::Null);
    let series = if only_nulls {
        Series::new(name.into(), vec![None::<String>; values.len()])
    } else if all(|value| matches!(value, Value::Bool(_))) {
        let bools = values.into_iter().map(|value| if let Value::Bool(v) = value { Some(v) } else { None });
        Series::new(name.into(), bools.collect::<Vec<_>>())
    } else if all(|value| matches!(value, Value::Integer(_))) {
        let integers =
            values.into_iter().map(|value| if let Value::Integer(v) = value { Some(v) } else { None });
        Series::new(name.into(), integers.collect::<Vec<_>>())
    } else if all(|value| matches!(value, Value::Integer(_) | Value::Number(_))) {
        let numbers = values.into_iter().map(|value| match value {
            Value::Integer(v) => Some(v as f64),
            Value::Number(v) => Some(v),
            _ => None,
        });
        Series::new(name.into(), numbers.collect::<Vec<_>>())
    } else {
        let texts = values.into_iter().map(|value| match value {
            Value::Null => None,
            Value::Bool(v) => Some(v.to_string()),
            Value::Integer(v) => Some(v.to_string()),
            Value::Number(v) => Some(v.to_string()),
            Value::Text(v) => Some(v),
        });
        Series::new(name.into(), texts.collect::<Vec<_>>())
    };
    series.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::DataType;

    #[test]
    fn columns_widen_to_hold_all_their_values() {
        let mut attributes = Attributes::with_columns(["empty".to_owned()]);
        attributes.push([("a".into(), Value::Integer(1)), ("b".into(), Value::Integer(1))]);
        attributes.push([("a".into(), Value::Number(0.5)), ("b".into(), Value::Text("x".into()))]);
        attributes.push([("late".into(), Value::Bool(true))]);
        let table = attributes.into_table().unwrap();
        let types: Vec<_> = table.columns().iter().map(|column| column.dtype().clone()).collect();
        assert_eq!(types, [DataType::String, DataType::Float64, DataType::String, DataType::Boolean]);
        assert_eq!(table.height(), 3);
        assert_eq!(table.column("late").unwrap().null_count(), 2);
    }
}
