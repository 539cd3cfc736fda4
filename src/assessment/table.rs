//! Columns of results.

use crate::access::{Sites, weighted_mean};
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

    /// A table of `rows` rows that is no map.
    pub(super) fn without_geometry(self, rows: usize) -> Result<FeatureTable> {
        FeatureTable::new(vec![None; rows], self.into_table()?, None)
    }

    fn into_table(self) -> Result<DataFrame> {
        DataFrame::new_infer_height(self.0)
            .map_err(|error| Error::new(ErrorKind::Column, format!("columns of the result clash: {error}")))
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
        FeatureTable::new(geometries.map(Some).collect(), self.into_table()?, Some(study.crs.clone()))
    }
}

/// Mean of what is known of the sites of each neighbourhood, by residents; `None` where nothing is.
pub(super) fn means_of_sites(
    sites: &Sites,
    neighbourhood_count: usize,
    value: impl Fn(usize) -> Option<f64>,
) -> Vec<Option<f64>> {
    let mut values: Vec<Vec<(f64, f64)>> = vec![Vec::new(); neighbourhood_count];
    for (site, neighbourhood) in sites.neighbourhoods.iter().enumerate() {
        if let (Some(neighbourhood), Some(value)) = (neighbourhood, value(site)) {
            values[*neighbourhood as usize].push((value, sites.weights[site]));
        }
    }
    values.into_iter().map(|values| weighted_mean(values.into_iter())).collect()
}
