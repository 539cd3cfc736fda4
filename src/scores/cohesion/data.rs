//! What a definition takes from a table: numbers divided, codes taken out, places with few people set aside.

use super::definition::{Definition, Indicator, wrong};
use super::impute::impute;
use crate::error::nearest;
use crate::{Error, ErrorKind, Result};
use polars::prelude::{Column, DataFrame, DataType};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A 90 % margin of error over its standard error (US Census Bureau).
pub(super) const MARGIN_PER_STANDARD_ERROR: f64 = 1.645;

/// Whether a place has a score, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Status {
    /// It has one.
    Scored,
    /// Fewer people live there than the definition asks for: a score would speak of persons.
    TooFewPeople,
    /// The number of people is missing.
    PopulationUnknown,
    /// It has too few of the indicators.
    TooLittleData,
}

impl Status {
    /// In words, for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Scored => "scored",
            Self::TooFewPeople => "too few people",
            Self::PopulationUnknown => "population unknown",
            Self::TooLittleData => "too little data",
        }
    }
}

/// The numbers of the places that can be scored.
#[derive(Debug, Clone)]
pub(super) struct Data {
    pub ids: Vec<String>,
    pub labels: Vec<String>,
    pub status: Vec<Status>,
    /// Rows of the table that are scored; everything below has one entry for each of them.
    pub rows: Vec<usize>,
    /// By indicator, then by place.
    pub values: Vec<Vec<Option<f64>>>,
    /// Standard errors by indicator, where a margin of error is named.
    pub errors: Vec<Option<Vec<Option<f64>>>>,
    /// Group of each place, numbered.
    pub groups: Option<Vec<Option<usize>>>,
}

impl Data {
    /// # Errors
    /// [`ErrorKind::Column`] for a column that is not there or not of numbers; [`ErrorKind::Value`] for an infinite
    /// number, a negative population, an id twice, or an indicator without any value; [`ErrorKind::Study`] if no
    /// place is left.
    pub(super) fn read(definition: &Definition, table: &DataFrame) -> Result<Self> {
        let ids = ids(table, &definition.id)?;
        let labels = match &definition.label {
            Some(column) => texts(table, column)?
                .into_iter()
                .zip(&ids)
                .map(|(text, id)| text.unwrap_or(id.clone()))
                .collect(),
            None => ids.clone(),
        };
        let codes = &definition.missing.codes;
        let counted: Vec<&Indicator> = definition.counted().collect();
        let mut values = Vec::new();
        let mut errors = Vec::new();
        for indicator in &counted {
            let (value, error) = measured(table, indicator, codes)?;
            values.push(value);
            errors.push(error);
        }
        let population = definition
            .population
            .as_ref()
            .map(|population| {
                people(table, &population.column, codes).map(|people| (people, population.minimum))
            })
            .transpose()?;
        let population =
            |row: usize| match population.as_ref().map(|(people, minimum)| (people[row], *minimum)) {
                Some((None, _)) => Status::PopulationUnknown,
                Some((Some(people), minimum)) if people < minimum => Status::TooFewPeople,
                _ => Status::Scored,
            };
        let mut status: Vec<Status> = (0..ids.len()).map(population).collect();
        let groups = definition.impute.group.as_ref().map(|column| texts(table, column)).transpose()?;
        let groups = |rows: &[usize]| groups.as_ref().map(|groups| numbered(groups, rows));
        if definition.missing.screen_after_filling {
            let rows = scored(&status);
            let groups = groups(&rows);
            for column in &mut values {
                let mut filled: Vec<Option<f64>> = rows.iter().map(|&row| column[row]).collect();
                impute(&mut filled, definition.impute.method, groups.as_deref());
                rows.iter().zip(filled).for_each(|(&row, value)| column[row] = value);
            }
        }
        // A share such as 0.9 of 10 is met by 9, whatever the last bit says.
        let needed = definition.missing.screen * counted.len() as f64 - 1e-9;
        for row in scored(&status) {
            let known = values.iter().filter(|column| column[row].is_some()).count();
            if (known as f64) < needed {
                status[row] = Status::TooLittleData;
            }
        }
        let rows = scored(&status);
        if rows.is_empty() {
            return Err(Error::new(ErrorKind::Study, "no place can be scored").in_layer("index").hint(
                "every place has too few people or too little data; see `population` and `missing.screen`",
            ));
        }
        let kept =
            |column: &Vec<Option<f64>>| -> Vec<Option<f64>> { rows.iter().map(|&row| column[row]).collect() };
        let values: Vec<Vec<Option<f64>>> = values.iter().map(kept).collect();
        for (indicator, column) in counted.iter().zip(&values) {
            if column.iter().all(Option::is_none) {
                return Err(Error::new(
                    ErrorKind::Value,
                    format!("`{}` is missing everywhere", indicator.name()),
                )
                .in_column(&indicator.column)
                .hint("leave it out, or look at the codes under [missing] and at its denominator"));
            }
        }
        let errors = errors.iter().map(|column| column.as_ref().map(kept)).collect();
        let groups = groups(&rows);
        Ok(Self { ids, labels, status, rows, values, errors, groups })
    }
}

/// Rows that are scored.
fn scored(status: &[Status]) -> Vec<usize> {
    (0..status.len()).filter(|&row| status[row] == Status::Scored).collect()
}

fn ids(table: &DataFrame, column: &str) -> Result<Vec<String>> {
    let mut seen = BTreeSet::new();
    let texts = texts(table, column)?;
    for (row, id) in texts.iter().enumerate() {
        let at = |message: String| Error::new(ErrorKind::Value, message).at_row(row + 1).in_column(column);
        let Some(id) = id else { return Err(at("the id is missing".into())) };
        if !seen.insert(id) {
            return Err(at(format!("the id `{id}` stands there twice")).with_id(id));
        }
    }
    Ok(texts.into_iter().flatten().collect())
}

/// The indicator's values and, where it has margins of error, their standard errors.
type Measured = (Vec<Option<f64>>, Option<Vec<Option<f64>>>);

fn measured(table: &DataFrame, indicator: &Indicator, codes: &[f64]) -> Result<Measured> {
    let column = numbers(table, &indicator.column, codes)?;
    let denominator = indicator.denominator.as_ref().map(|name| numbers(table, name, codes)).transpose()?;
    // Division by nothing is no number.
    let factor = |row: usize| match &denominator {
        None => Some(indicator.per),
        Some(column) => column[row].filter(|divisor| *divisor != 0.0).map(|divisor| indicator.per / divisor),
    };
    let values = (0..column.len())
        .map(|row| {
            let value = match &denominator {
                // One division, so that the quotient is the nearest number to the true one.
                Some(divisors) => {
                    column[row]? / divisors[row].filter(|divisor| *divisor != 0.0)? * indicator.per
                }
                None => column[row]? * indicator.per,
            };
            Some(indicator.round.map_or(value, |decimals| round(value, decimals)))
        })
        .collect();
    let errors = match &indicator.moe {
        None => None,
        Some(name) => {
            let margins = numbers(table, name, codes)?;
            if let Some(row) = margins.iter().position(|margin| margin.is_some_and(|margin| margin < 0.0)) {
                return Err(Error::new(ErrorKind::Value, "a margin of error is negative")
                    .at_row(row + 1)
                    .in_column(name)
                    .hint("list codes for missing margins under [missing] codes"));
            }
            let error = |row: usize| Some((margins[row]? / MARGIN_PER_STANDARD_ERROR * factor(row)?).abs());
            Some((0..column.len()).map(error).collect())
        }
    };
    Ok((values, errors))
}

/// To so many decimals, halves away from zero.
pub(super) fn round(value: f64, decimals: u32) -> f64 {
    let shift = 10_f64.powi(decimals.min(15) as i32);
    (value * shift).round() / shift
}

fn people(table: &DataFrame, column: &str, codes: &[f64]) -> Result<Vec<Option<f64>>> {
    let people = numbers(table, column, codes)?;
    match people.iter().position(|count| count.is_some_and(|count| count < 0.0)) {
        Some(row) => Err(Error::new(ErrorKind::Value, "a number of people is negative")
            .at_row(row + 1)
            .in_column(column)
            .hint("list codes for missing numbers under [missing] codes")),
        None => Ok(people),
    }
}

/// A column of the table; one that is not there brings the nearest name.
fn column<'a>(table: &'a DataFrame, name: &str) -> Result<&'a Column> {
    table.column(name).map_err(|_| {
        let error =
            Error::new(ErrorKind::Column, format!("there is no column `{name}`")).in_layer("index table");
        let names = || table.columns().iter().map(|column| column.name().as_str());
        match nearest(name, names()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint(format!("the columns are {}", names().collect::<Vec<_>>().join(", "))),
        }
    })
}

/// The numbers of a column, without those that are codes for "missing".
pub(super) fn numbers(table: &DataFrame, name: &str, codes: &[f64]) -> Result<Vec<Option<f64>>> {
    let column = column(table, name)?;
    // A column without any value has no type.
    let fits = column.dtype().is_primitive_numeric() || column.dtype() == &DataType::Boolean;
    if !fits && column.null_count() < column.len() {
        return Err(Error::new(ErrorKind::Column, format!("`{name}` holds {}, not numbers", column.dtype()))
            .in_layer("index table")
            .in_column(name));
    }
    let internal = |error: polars::prelude::PolarsError| {
        Error::new(ErrorKind::Column, error.to_string()).in_layer("index table").in_column(name)
    };
    let numbers = column.cast(&DataType::Float64).map_err(internal)?;
    let numbers: Vec<Option<f64>> = numbers.f64().map_err(internal)?.iter().collect();
    if let Some(row) = numbers.iter().position(|number| number.is_some_and(|number| !number.is_finite())) {
        return Err(Error::new(ErrorKind::Value, "a value is not a finite number")
            .in_layer("index table")
            .at_row(row + 1)
            .in_column(name)
            .hint("missing values must be empty cells"));
    }
    Ok(numbers.into_iter().map(|number| number.filter(|number| !codes.contains(number))).collect())
}

fn texts(table: &DataFrame, name: &str) -> Result<Vec<Option<String>>> {
    let texts = column(table, name)?.cast(&DataType::String).map_err(|_| {
        Error::new(ErrorKind::Column, format!("`{name}` holds no text"))
            .in_layer("index table")
            .in_column(name)
    })?;
    let texts = texts.str().map_err(|error| wrong(error.to_string()))?;
    Ok(texts.iter().map(|text| text.map(str::to_owned)).collect())
}

/// Groups by number, in the order in which they first appear.
fn numbered(texts: &[Option<String>], rows: &[usize]) -> Vec<Option<usize>> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    let number = |&row: &usize| {
        let text = texts[row].as_deref()?;
        let next = known.len();
        Some(*known.entry(text).or_insert(next))
    };
    rows.iter().map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::df;

    fn definition(text: &str) -> Definition {
        Definition::from_toml(text).unwrap()
    }

    #[test]
    fn numbers_are_divided_coded_and_rounded() {
        let table = df!("id" => [7_i64, 8, 9], "crimes" => [Some(5.0), Some(-999.0), Some(2.0)],
            "people" => [2_000_i64, 1_000, 0], "moe" => [10.0, 1.0, 1.0])
        .unwrap();
        let text = "name = 'x'\nmissing.codes = [-999]\n[[indicators]]\ncolumn = 'crimes'\ndirection = 'down'\n\
                    denominator = 'people'\nper = 1000\nround = 0\nmoe = 'moe'";
        let data = Data::read(&definition(text), &table).unwrap();
        assert_eq!(data.ids, ["7", "8", "9"]);
        // 5 of 2,000 is 2.5 of a thousand, rounded away from zero; nothing can be divided by nobody.
        assert_eq!(data.values, [[Some(3.0), None, None]]);
        assert_eq!(data.errors[0].as_ref().unwrap()[0], Some(10.0 / 1.645 * 0.5));
    }

    #[test]
    fn places_with_few_people_or_little_data_are_set_aside() {
        let table = df!("id" => ["a", "b", "c", "d"], "people" => [Some(500_i64), Some(99), None, Some(100)],
            "x" => [Some(1.0), Some(2.0), Some(3.0), None], "y" => [Some(1.0), None, None, None])
        .unwrap();
        let text = "name = 'x'\nmissing.screen = 0.5\npopulation.column = 'people'\n\
                    [[indicators]]\ncolumn = 'x'\ndirection = 'up'\n[[indicators]]\ncolumn = 'y'\ndirection = 'up'";
        let data = Data::read(&definition(text), &table).unwrap();
        let expected =
            [Status::Scored, Status::TooFewPeople, Status::PopulationUnknown, Status::TooLittleData];
        assert_eq!((data.status.as_slice(), data.rows.as_slice()), (expected.as_slice(), [0].as_slice()));
    }

    #[test]
    fn a_place_may_be_looked_at_after_its_gaps_are_filled() {
        let table = df!("id" => ["a", "b", "c"], "region" => [Some("n"), Some("n"), Some("s")],
            "x" => [Some(1.0), None, Some(7.0)], "y" => [Some(4.0), Some(2.0), None])
        .unwrap();
        let text = |after: bool| {
            format!(
                "name = 'x'\nmissing = {{ screen = 1, screen_after_filling = {after} }}\n\
                 impute = {{ method = 'group_mean', group = 'region' }}\n\
                 [[indicators]]\ncolumn = 'x'\ndirection = 'up'\n[[indicators]]\ncolumn = 'y'\ndirection = 'up'"
            )
        };
        let before = Data::read(&definition(&text(false)), &table).unwrap();
        assert_eq!(
            (before.rows.as_slice(), before.values[0].as_slice()),
            ([0].as_slice(), [Some(1.0)].as_slice())
        );
        // b is filled from a; the group of c has no other place.
        let after = Data::read(&definition(&text(true)), &table).unwrap();
        assert_eq!(after.rows, [0, 1]);
        assert_eq!(after.values, [[Some(1.0), Some(1.0)], [Some(4.0), Some(2.0)]]);
    }

    #[test]
    fn what_is_wrong_with_a_table_is_said() {
        let table = df!("id" => ["a", "a"], "name" => ["x", "y"], "share" => [f64::INFINITY, 1.0],
            "none" => [None::<f64>, None], "ok" => [1.0, 2.0], "minus" => [-1.0, 1.0])
        .unwrap();
        let read = |id: &str, column: &str, more: &str| {
            let text = format!(
                "name = 'x'\nid = '{id}'\n{more}\n[[indicators]]\ncolumn = '{column}'\ndirection = 'up'"
            );
            Data::read(&definition(&text), &table).unwrap_err()
        };
        assert_eq!(read("id", "ok", "").message(), "the id `a` stands there twice");
        assert!(read("name", "shar", "").to_string().contains("did you mean `share`?"));
        assert_eq!(read("name", "name", "").kind(), ErrorKind::Column);
        assert_eq!(read("name", "share", "").position().row, Some(1));
        assert_eq!(read("name", "none", "").message(), "`none` is missing everywhere");
        assert_eq!(read("name", "ok", "population.column = 'minus'").kind(), ErrorKind::Value);
        assert_eq!(read("name", "ok", "population.column = 'ok'").message(), "no place can be scored");
    }
}
