//! Parks and gardens, which people enter at the edge.

use geo::{MultiPolygon, Point};

/// A green space.
#[derive(Debug, Clone, PartialEq)]
pub struct GreenSpace {
    /// Unique within its layer.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// Its area, in the study's metric system.
    pub shape: MultiPolygon<f64>,
    /// Known entrances; where empty, streets that meet or pass its edge stand in.
    pub entrances: Vec<Point<f64>>,
}
