//! Tables of results: features whose columns have keys.

use super::column::ColumnSpec;
use super::described::Described;
use super::key::Key;
use super::subject::Subject;
use crate::model::Weight;
use crate::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::Geometry;
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, Series};

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Values {
    Numbers(Vec<Option<f64>>),
    Counts(Vec<Option<u32>>),
    Texts(Vec<Option<String>>),
    Answers(Vec<Option<bool>>),
}

impl Values {
    /// Of a column of numbers.
    pub(crate) fn numbers(&self) -> Option<&[Option<f64>]> {
        if let Self::Numbers(numbers) = self { Some(numbers) } else { None }
    }

    fn series(self, name: String) -> Series {
        let name = name.into();
        match self {
            Self::Numbers(values) => Series::new(name, values),
            Self::Counts(values) => Series::new(name, values),
            Self::Texts(values) => Series::new(name, values),
            Self::Answers(values) => Series::new(name, values),
        }
    }
}

impl From<Vec<Option<f64>>> for Values {
    fn from(values: Vec<Option<f64>>) -> Self {
        Self::Numbers(values)
    }
}

impl From<Vec<Option<u32>>> for Values {
    fn from(values: Vec<Option<u32>>) -> Self {
        Self::Counts(values)
    }
}

impl From<Vec<Option<String>>> for Values {
    fn from(values: Vec<Option<String>>) -> Self {
        Self::Texts(values)
    }
}

impl From<Vec<Option<bool>>> for Values {
    fn from(values: Vec<Option<bool>>) -> Self {
        Self::Answers(values)
    }
}

/// Columns of one length, before they know of which measure they are.
#[derive(Debug, Default)]
pub(crate) struct Columns(pub(super) Vec<(&'static ColumnSpec, Subject, Values)>);

impl Columns {
    /// Adds a column of nothing in particular.
    pub(crate) fn add(&mut self, column: &'static ColumnSpec, values: impl Into<Values>) {
        self.add_of(column, Subject::NONE, values);
    }

    /// Adds a column of a family.
    pub(crate) fn add_of(
        &mut self,
        column: &'static ColumnSpec,
        subject: Subject,
        values: impl Into<Values>,
    ) {
        self.0.push((column, subject, values.into()));
    }

    /// With the measure that they are of.
    pub(crate) fn of_measure(self, measure: &'static str) -> Cells {
        let key = |(column, subject, values): (&'static ColumnSpec, Subject, Values)| {
            (column.key(measure, subject), values)
        };
        Cells(self.0.into_iter().map(key).collect())
    }
}

/// Columns of one length with their keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells(pub(super) Vec<(Key, Values)>);

impl Cells {
    pub(crate) fn append(&mut self, mut more: Self) {
        self.0.append(&mut more.0);
    }

    /// Every column with its key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Values)> {
        self.0.iter().map(|(key, values)| (key, values))
    }

    /// The values of a column; `None` if there is none.
    pub(crate) fn find(&self, column: &ColumnSpec, subject: &Subject) -> Option<&Values> {
        self.0
            .iter()
            .find(|(key, _)| key.column.is(column) && key.subject == *subject)
            .map(|(_, values)| values)
    }

    /// The attributes alone, under the names that files give them.
    pub(super) fn attributes(self, weight: Weight) -> Result<DataFrame> {
        let column = |(key, values): (Key, Values)| Column::from(values.series(key.name(weight)));
        DataFrame::new_infer_height(self.0.into_iter().map(column).collect())
            .map_err(|error| Error::new(ErrorKind::Column, format!("columns of the result clash: {error}")))
    }

    /// A table of them; without geometries it is no map.
    pub(crate) fn into_table(
        self,
        weight: Weight,
        geometries: Option<Vec<Geometry<f64>>>,
        crs: &Crs,
    ) -> Result<Table> {
        let keys = self.0.iter().map(|(key, _)| key.clone()).collect();
        let attributes = self.attributes(weight)?;
        let crs = geometries.is_some().then(|| crs.clone());
        let geometries = match geometries {
            Some(geometries) => geometries.into_iter().map(Some).collect(),
            None => vec![None; attributes.height()],
        };
        Ok(Table { features: FeatureTable::new(geometries, attributes, crs)?, keys, weight })
    }
}

/// A table of results, each column with its key.
#[derive(Debug, Clone)]
pub struct Table {
    features: FeatureTable,
    keys: Vec<Key>,
    weight: Weight,
}

impl Table {
    /// The rows with their geometries, as files and other programs take them.
    #[must_use]
    pub fn features(&self) -> &FeatureTable {
        &self.features
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.features.geometries.len()
    }

    /// What homes count by, which names the columns that count some of it.
    #[must_use]
    pub fn weight(&self) -> Weight {
        self.weight
    }

    /// What each row counts for: its residents, or what homes count by instead; empty in a table that does not say.
    #[must_use]
    pub fn counted(&self) -> Vec<Option<f64>> {
        self.values(self.weight.column()).unwrap_or_default()
    }

    /// The keys of the columns, in their order.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    /// The key of a column by its name.
    #[must_use]
    pub fn key(&self, name: &str) -> Option<&Key> {
        self.keys.iter().find(|key| key.name(self.weight) == name)
    }

    /// What is known of a column by its name.
    #[must_use]
    pub fn described(&self, name: &str) -> Option<Described> {
        self.key(name).map(|key| key.described(self.weight))
    }

    /// The numbers of a column by its name, one per row; counts become numbers.
    ///
    /// # Errors
    /// [`ErrorKind::Column`] if there is no such column, or it holds no numbers.
    pub fn values(&self, name: &str) -> Result<Vec<Option<f64>>> {
        let about = |error| Error::new(ErrorKind::Column, format!("{error}")).in_column(name);
        let column = self.features.attributes.column(name).map_err(about)?;
        let numbers = column.strict_cast(&DataType::Float64).map_err(about)?;
        Ok(numbers.f64().map_err(about)?.iter().collect())
    }

    /// The texts of a column by its name, one per row.
    ///
    /// # Errors
    /// [`ErrorKind::Column`] if there is no such column, or it holds no texts.
    pub fn texts(&self, name: &str) -> Result<Vec<Option<String>>> {
        let about = |error| Error::new(ErrorKind::Column, format!("{error}")).in_column(name);
        let texts = self.features.attributes.column(name).and_then(|column| column.str()).map_err(about)?;
        Ok(texts.iter().map(|text| text.map(str::to_owned)).collect())
    }

    /// The numbers of a column by its spec; `None` if it was not assessed.
    #[must_use]
    pub fn numbers_of(&self, column: &ColumnSpec, subject: &Subject) -> Option<Vec<Option<f64>>> {
        self.values(&self.name_of(column, subject)?).ok()
    }

    /// The texts of a column by its spec; `None` if it was not assessed.
    #[must_use]
    pub fn texts_of(&self, column: &ColumnSpec, subject: &Subject) -> Option<Vec<Option<String>>> {
        self.texts(&self.name_of(column, subject)?).ok()
    }

    /// The name of a column by its spec; `None` if it was not assessed.
    fn name_of(&self, column: &ColumnSpec, subject: &Subject) -> Option<String> {
        let key = self.keys.iter().find(|key| key.column.is(column) && key.subject == *subject)?;
        Some(key.name(self.weight))
    }
}
