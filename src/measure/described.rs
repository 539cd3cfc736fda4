//! A column as people read it.

use super::column::{Scale, Theme, Unit};
use super::key::Key;
use crate::model::Weight;
use crate::{Error, ErrorKind, FeatureTable, Result};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use serde::Serialize;

/// A column as people read it: what its spec says, with its subject and the words for what homes count by.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Described {
    /// The measure that it is of.
    pub of_measure: &'static str,
    /// The family of columns that it is one of.
    pub family: &'static str,
    /// Of whom or what, as in its name.
    pub of: Option<String>,
    /// Short, begins with a capital.
    pub label: String,
    /// What of, where the same is measured of several (schools, clinics; groups).
    pub subject: Option<String>,
    /// The label without the subject.
    pub measure: String,
    /// What the numbers are.
    pub unit: Unit,
    /// Which way the colours run.
    pub scale: Scale,
    /// Where it stands in a list of layers.
    pub theme: Theme,
    /// One sentence: what it is.
    pub meaning: String,
    /// One sentence: what it is not; empty where nothing is easily mistaken.
    pub not_meaning: String,
}

impl Key {
    /// The column as people read it, in a study whose homes count by `weight`.
    #[must_use]
    pub fn described(&self, weight: Weight) -> Described {
        let Self { measure, column, subject } = self;
        let said = |text: &str| subject.said(text, weight);
        let label = said(column.label);
        let heading = Some(said(column.heading)).filter(|heading| !heading.is_empty());
        let short = if column.short.is_empty() { label.clone() } else { said(column.short) };
        Described {
            of_measure: measure,
            family: column.name,
            of: subject.of.as_ref().map(|of| of.name().to_owned()),
            measure: short,
            label,
            subject: heading,
            unit: column.unit,
            scale: column.scale,
            theme: column.theme,
            meaning: said(column.meaning),
            not_meaning: said(column.not_meaning),
        }
    }
}

/// Columns as a table of texts: the table that each is of, its name, and what is known of it.
pub(crate) fn described_table(columns: &[(&str, String, Described)]) -> Result<FeatureTable> {
    let better = |scale: Scale| match scale {
        Scale::MoreIsBetter => "more",
        Scale::MoreIsWorse => "less",
        _ => "",
    };
    let texts = |name: &str, text: &dyn Fn(&(&str, String, Described)) -> String| {
        Column::from(Series::new(name.into(), columns.iter().map(text).collect::<Vec<_>>()))
    };
    let attributes = DataFrame::new_infer_height(vec![
        texts("table", &|(table, _, _)| (*table).to_owned()),
        texts("name", &|(_, name, _)| name.clone()),
        texts("label", &|(_, _, column)| column.label.clone()),
        texts("unit", &|(_, _, column)| word(column.unit)),
        texts("better", &|(_, _, column)| better(column.scale).to_owned()),
        texts("theme", &|(_, _, column)| word(column.theme)),
        texts("measure", &|(_, _, column)| column.of_measure.to_owned()),
        texts("meaning", &|(_, _, column)| column.meaning.clone()),
        texts("not_meaning", &|(_, _, column)| column.not_meaning.clone()),
    ]);
    let attributes = attributes.map_err(|error| Error::new(ErrorKind::Column, error.to_string()))?;
    FeatureTable::new(vec![None; columns.len()], attributes, None)
}

/// The word of a unit or a theme.
fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
