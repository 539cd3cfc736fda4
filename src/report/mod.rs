//! Results for people to read. Takes results, computes no score.

mod barrier_map;
pub mod columns;
mod figure;
mod html;
mod index_summary;
mod palette;
mod reach;
mod summary;
mod table;
mod topology;

pub use figure::{Colouring, colouring, map_svg};
pub use html::html;
pub use index_summary::index_summary;
pub use summary::summary;
