//! What a measure found.

use super::column::ColumnSpec;
use super::detail::Detail;
use super::key::Key;
use super::subject::Subject;
use super::table::{Cells, Columns, Values};
use crate::model::Findings;
use geo::Geometry;

/// A number of the study area as a whole.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// What it is.
    pub key: Key,
    /// The number.
    pub value: f64,
    /// What chance alone would give, where that was asked.
    pub by_chance: Option<f64>,
}

/// A layer of a measure's own, beside neighbourhoods and homes.
#[derive(Debug)]
pub(crate) struct Layer {
    pub name: &'static str,
    pub columns: Columns,
    /// Columns of other measures, for the rows of this layer.
    pub of_others: Cells,
    /// `None` of a table that is no map.
    pub geometries: Option<Vec<Geometry<f64>>>,
}

/// What a measure found: columns of homes and neighbourhoods, records of the city, layers, what could not be assessed, and
/// notes. A measure often finds several of them.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub homes: Columns,
    pub neighbourhoods: Columns,
    pub city: Vec<(&'static ColumnSpec, Subject, f64, Option<f64>)>,
    pub layers: Vec<Layer>,
    pub details: Vec<Detail>,
    /// What cannot be assessed, each with the reason.
    pub not_assessed: Vec<(String, String)>,
    pub notes: Findings,
}

impl Outcome {
    /// Nothing but a reason.
    pub(crate) fn not_assessed(what: &str, reason: impl Into<String>) -> Self {
        let mut outcome = Self::default();
        outcome.refuse(what, reason);
        outcome
    }

    /// Columns of homes, of nothing in particular.
    pub(crate) fn of_homes(
        columns: impl IntoIterator<Item = (&'static ColumnSpec, Vec<Option<f64>>)>,
    ) -> Self {
        let mut outcome = Self::default();
        for (column, values) in columns {
            outcome.homes.add(column, values);
        }
        outcome
    }

    /// Whether anything was found.
    pub(super) fn has_results(&self) -> bool {
        !(self.homes.0.is_empty()
            && self.neighbourhoods.0.is_empty()
            && self.city.is_empty()
            && self.layers.iter().all(|layer| layer.columns.0.is_empty())
            && self.details.is_empty())
    }

    /// Says that something cannot be assessed, and why.
    pub(crate) fn refuse(&mut self, what: impl Into<String>, reason: impl Into<String>) {
        self.not_assessed.push((what.into(), reason.into()));
    }

    /// A column of homes, which is summed up as the measure's columns of neighbourhoods say.
    pub(crate) fn home(&mut self, column: &'static ColumnSpec, subject: Subject, values: impl Into<Values>) {
        self.homes.add_of(column, subject, values);
    }

    /// A column of neighbourhoods.
    pub(crate) fn neighbourhood(
        &mut self,
        column: &'static ColumnSpec,
        subject: Subject,
        values: impl Into<Values>,
    ) {
        self.neighbourhoods.add_of(column, subject, values);
    }

    /// A number of the city, if it is known.
    pub(crate) fn record(&mut self, column: &'static ColumnSpec, subject: Subject, value: Option<f64>) {
        self.record_with_chance(column, subject, value, None);
    }

    /// A number of the city, with what chance alone would give.
    pub(crate) fn record_with_chance(
        &mut self,
        column: &'static ColumnSpec,
        subject: Subject,
        value: Option<f64>,
        by_chance: Option<f64>,
    ) {
        self.city.extend(value.map(|value| (column, subject, value, by_chance)));
    }

    /// A layer of its own.
    pub(crate) fn layer(
        &mut self,
        name: &'static str,
        columns: Columns,
        geometries: Option<Vec<Geometry<f64>>>,
    ) {
        self.layer_with(name, columns, Cells::default(), geometries);
    }

    /// A layer of its own that repeats columns of other measures for its rows.
    pub(crate) fn layer_with(
        &mut self,
        name: &'static str,
        columns: Columns,
        of_others: Cells,
        geometries: Option<Vec<Geometry<f64>>>,
    ) {
        self.layers.push(Layer { name, columns, of_others, geometries });
    }
}
