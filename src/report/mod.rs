//! Results for people to read. Takes results, computes no score.

mod barrier_map;
mod brief;
mod change;
mod curves;
mod districts;
mod equity;
mod figure;
mod html;
mod index_summary;
mod markdown;
mod palette;
mod reach;
mod summary;
mod topology;
mod without;

pub use brief::{Brief, BriefFinding, BriefRow, brief};
pub use change::change;
pub use figure::{Colouring, colouring, map_svg};
pub use html::html;
pub use index_summary::index_summary;
pub use summary::summary;
