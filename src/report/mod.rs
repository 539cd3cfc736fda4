//! Results for people to read. Takes results, computes no score.

mod summary;

pub use summary::summary;
