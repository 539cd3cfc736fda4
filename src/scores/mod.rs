//! Scores of neighbourhoods. Each takes plain columns, so that it can be checked against any other tool.

pub mod autocorrelation;
pub mod budget;
pub mod cohesion;
pub mod gentrification;
pub mod segregation;
pub mod service_isolation;
pub mod small_counts;
pub mod weights;
