//! Files in and out: the one module that touches them.
//!
//! Every vector format is read into a [`crate::FeatureTable`] and written from one. Writers write aside and rename, so
//! that no half-written file is ever left behind.

mod attributes;
mod csv;
mod features;
mod gal;
mod geojson;
mod geopackage;
mod geotiff;
mod gtfs;
pub mod osm;
mod parquet;
mod results;
mod shapefile;
mod street_layer;
pub mod study;
mod wkb;
mod write_aside;

pub use features::{ReadOptions, read_features, read_table, read_text, reads_features, write_features};
pub use gal::{NamedLinks, read_gal};
pub use geotiff::{read_elevation, read_relief};
pub use gtfs::read_feed;
pub use results::{save_index, save_layers, save_results};
pub use street_layer::{LineColumns, StreetLayer, metric_places, read_streets, streets_of_lines};
pub use wkb::{geometry_from_wkb, geometry_to_wkb};
pub use write_aside::{read_bytes, write_bytes, write_text};
