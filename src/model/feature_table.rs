//! Geometries with an attribute table: what every vector format is read into and written from.

use super::Findings;
use crate::{Crs, Error, ErrorKind, Result};
use geo::Geometry;
use polars::prelude::DataFrame;

/// One geometry (or none) for each row of a table, in one coordinate reference system.
#[derive(Debug, Clone)]
pub struct FeatureTable {
    /// One entry per row; `None` where the row has no geometry.
    pub geometries: Vec<Option<Geometry<f64>>>,
    /// The attributes, without the geometry.
    pub attributes: DataFrame,
    /// `None` where the file does not say.
    pub crs: Option<Crs>,
    /// What was passed over when the table was read.
    pub findings: Findings,
}

impl FeatureTable {
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is not one geometry a row.
    pub fn new(
        geometries: Vec<Option<Geometry<f64>>>,
        attributes: DataFrame,
        crs: Option<Crs>,
    ) -> Result<Self> {
        if geometries.len() != attributes.height() {
            return Err(Error::new(
                ErrorKind::Parameter,
                format!("{} geometries for {} rows", geometries.len(), attributes.height()),
            ));
        }
        Ok(Self { geometries, attributes, crs, findings: Findings::default() })
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.geometries.len()
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.geometries.is_empty()
    }
}
