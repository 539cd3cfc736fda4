//! What residents reach, and how it is summed up for a neighbourhood.

mod opportunities;
mod spread;

pub use opportunities::{Access, Opportunities, measure_access};
pub use spread::{Spread, share_within, weighted_mean, weighted_quantile};
