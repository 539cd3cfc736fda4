//! Scores of neighbourhoods. Each takes plain columns, so that it can be checked against any other tool.

pub mod access_change;
pub mod affordability;
pub mod autocorrelation;
pub mod budget;
pub mod claims;
#[cfg(feature = "study")]
pub mod cohesion;
pub mod encounter;
pub mod gentrification;
pub mod interpolation;
mod kernel;
#[cfg(feature = "study")]
pub mod perception;
pub mod rates;
pub mod segregation;
pub mod service_isolation;
pub mod severance;
pub mod small_counts;
pub mod social_infrastructure;
pub mod weights;
#[cfg(feature = "study")]
pub mod zoned_land;

pub use kernel::Kernel;
