//! A column as people read it.

use super::column::{Scale, Theme, Unit};
use super::key::Key;
use crate::model::Weight;
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
