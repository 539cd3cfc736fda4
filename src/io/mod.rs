//! Files in and out: the one module that touches them.
//!
//! Every vector format is read into a [`crate::FeatureTable`] and written from one. Writers write aside and rename, so
//! that no half-written file is ever left behind.

mod about;
mod amounts;
mod attributes;
mod columns;
mod csv;
mod dbf;
pub mod draft;
mod features;
mod file;
mod format;
mod gal;
mod geojson;
mod geojson_lines;
mod geopackage;
mod geotiff;
mod gtfs;
mod guard;
pub mod osm;
mod parquet;
mod provenance;
mod results;
mod rings;
mod sha256;
mod shapefile;
mod street_layer;
pub mod study;
mod wkb;
mod wkt;
mod work_folder;
mod write_aside;

pub use about::{About, ColumnNote};
pub use amounts::read_amounts;
pub use features::{read_features, read_table, reads_features, write_features, writes_features};
pub use file::{beside_or_in, read_bytes, read_text};
pub use format::ReadOptions;
pub use gal::{NamedLinks, read_gal};
pub use geotiff::{read_elevation, read_population, read_relief};
pub use gtfs::read_feed;
pub use provenance::{InputFile, PROVENANCE, Provenance, differing_files, input_files};
pub use results::{MANIFEST, ResultsFolder, save_index, save_layers, save_results, save_table};
pub(crate) use sha256::hexadecimal;
pub use sha256::sha256;
pub use street_layer::{LineColumns, StreetLayer, metric_places, read_streets, streets_of_lines};
pub use wkb::{geometry_from_wkb, geometry_to_wkb};
pub use work_folder::{make_folder, take_folder};
pub use write_aside::{write_bytes, write_text};
