//! A second level of boundaries above the neighbourhoods: districts, boroughs, wards.

use geo::MultiPolygon;

/// A district, with the neighbourhoods that belong to it whole.
#[derive(Debug, Clone, PartialEq)]
pub struct District {
    /// Unique in the study.
    pub id: String,
    /// What people call it; unique in the study.
    pub name: String,
    /// Its area, in the study's metric system.
    pub shape: MultiPolygon<f64>,
    /// Numbers of the neighbourhoods of which it holds the largest part of the area, in order.
    pub neighbourhoods: Vec<u32>,
}
