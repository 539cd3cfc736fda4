//! What may be built where.

use geo::MultiPolygon;

/// A district of a zoning code.
#[derive(Debug, Clone, PartialEq)]
pub struct ZoningDistrict {
    /// Unique within its layer.
    pub id: String,
    /// The code's own label ("R-1A", "Moderate density residential").
    pub code: String,
    /// Its area, in the study's metric system.
    pub shape: MultiPolygon<f64>,
    /// Whether homes may be built; `None` where the study does not say.
    pub allows_homes: Option<bool>,
    /// Whether apartment buildings may be built; `None` where the study does not say.
    pub allows_apartments: Option<bool>,
}
