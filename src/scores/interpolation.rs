//! From one set of boundaries to another: what part of each unit lies in which.
//!
//! A study carries tables with boundaries of their own onto its neighbourhoods in the same way.

pub use crate::spatial::{CarriedMedian, Crosswalk, Link, Slivers};
