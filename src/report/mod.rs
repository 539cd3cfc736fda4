//! Results for people to read. Takes results, computes no score.

mod index_summary;
mod summary;

pub use index_summary::index_summary;
pub use summary::summary;
