//! Columns of results.

use crate::{Error, ErrorKind, FeatureTable, Result, StudyArea};
use geo::Geometry;
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

/// Gathers columns of one length.
#[derive(Default)]
pub(super) struct Columns(Vec<Column>);

impl Columns {
    pub(super) fn text(&mut self, name: impl Into<String>, values: Vec<Option<String>>) {
        self.0.push(Series::new(name.into().into(), values).into());
    }

    pub(super) fn numbers(&mut self, name: impl Into<String>, values: Vec<Option<f64>>) {
        self.0.push(Series::new(name.into().into(), values).into());
    }

    pub(super) fn counts(&mut self, name: impl Into<String>, values: Vec<Option<u32>>) {
        self.0.push(Series::new(name.into().into(), values).into());
    }

    pub(super) fn answers(&mut self, name: impl Into<String>, values: Vec<Option<bool>>) {
        self.0.push(Series::new(name.into().into(), values).into());
    }

    /// The numbers of a column; `None` if there is none of that name.
    pub(super) fn read(&self, name: &str) -> Option<Vec<Option<f64>>> {
        let column = self.0.iter().find(|column| column.name() == name)?;
        column.f64().ok().map(|numbers| numbers.iter().collect())
    }

    pub(super) fn into_features(
        self,
        study: &StudyArea,
        geometries: impl Iterator<Item = Geometry<f64>>,
    ) -> Result<FeatureTable> {
        let attributes = DataFrame::new_infer_height(self.0).map_err(|error| {
            Error::new(ErrorKind::Column, format!("columns of the result clash: {error}"))
        })?;
        FeatureTable::new(geometries.map(Some).collect(), attributes, Some(study.crs.clone()))
    }
}
