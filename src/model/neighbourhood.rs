//! The unit of every score.

use geo::MultiPolygon;

/// A neighbourhood: an area with an id and a name.
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbourhood {
    /// Unique in the study.
    pub id: String,
    /// What people call it; the id where the data gives no name.
    pub name: String,
    /// Its area, in the study's metric system.
    pub shape: MultiPolygon<f64>,
}
