//! Files in and out.

pub mod osm;
