//! What may be built where.

#[cfg(feature = "study")]
use crate::zoning::{Assumptions, RealisticShares, RuleBook, Rules, Standing};
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
    /// Rules of its own, from columns of the layer; they replace those of its code.
    #[cfg(feature = "study")]
    pub own: Rules,
}

/// A parcel of land.
#[cfg(feature = "study")]
#[derive(Debug, Clone, PartialEq)]
pub struct LandParcel {
    /// Unique within its layer.
    pub id: String,
    /// The code of the zoning that applies; `None` outside all districts.
    pub code: Option<String>,
    /// Its area, in the study's metric system.
    pub shape: MultiPolygon<f64>,
    /// What stands on it.
    pub standing: Standing,
    /// Rules of its own.
    pub own: Rules,
}

/// What the codes of a study allow.
#[cfg(feature = "study")]
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ZoningCode {
    /// Rules by code; empty where the study states none.
    pub book: RuleBook,
    /// What the rules leave open.
    pub assumptions: Assumptions,
    /// People in a dwelling, above 0; `None` where the study does not say.
    pub household_size: Option<f64>,
    /// Shares of the room for homes that are likely to be built; `None` where the study does not say.
    pub likely: Option<RealisticShares>,
}
