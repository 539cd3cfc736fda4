//! Scores of neighbourhoods. Each takes plain columns, so that it can be checked against any other tool.

pub mod access_change;
pub mod affordability;
pub mod budget;
#[cfg(feature = "study")]
pub mod budget_rules;
pub mod claims;
#[cfg(feature = "study")]
pub mod cohesion;
pub mod encounter;
pub mod gentrification;
#[cfg(feature = "study")]
pub(crate) mod homes_on_land;
pub mod interpolation;
#[cfg(feature = "study")]
pub mod perception;
pub mod segregation;
pub mod service_isolation;
pub mod severance;
pub mod social_infrastructure;
#[cfg(feature = "study")]
pub mod zoned_land;

pub use crate::spatial::{Kernel, autocorrelation, rates, small_counts, weights};
