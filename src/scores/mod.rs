//! Scores of neighbourhoods. Each takes plain columns, so that it can be checked against any other tool.

pub mod gentrification;
pub mod segregation;
pub mod service_isolation;
pub mod small_counts;
