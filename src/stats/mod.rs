//! Statistics that know nothing of cities: weighted means and quantiles, and seeded draws.

pub(crate) mod order;
pub mod random;
mod weighted;

pub use weighted::{share_within, weighted_mean, weighted_quantile};
