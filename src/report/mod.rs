//! Results for people to read. Takes results, computes no score.

pub mod columns;
mod html;
mod reach;
mod summary;
mod table;
mod topology;

pub use html::html;
pub use summary::summary;
