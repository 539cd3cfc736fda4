//! Every parser as a function of bytes: whatever they are, there is a result or an error, soon, and never a panic.

use commonground::io::{self, ReadOptions, osm, study};
use commonground::network::StreetNetwork;
use commonground::{Crs, Quiet};
use std::fs;
use std::path::Path;

/// What is done with some bytes.
pub type Target = fn(&[u8]);

/// The targets by the name of their folder of seeds.
pub const TARGETS: [(&str, Target); 10] = [
    ("csv", csv),
    ("geojson", geojson),
    ("geotiff", geotiff),
    ("gpkg", gpkg),
    ("network", network),
    ("parquet", parquet),
    ("pbf", pbf),
    ("shapefile", shapefile),
    ("study", study),
    ("wkb", wkb),
];

/// Comma-separated tables, and well-known text in them.
pub fn csv(bytes: &[u8]) {
    features("a.csv", bytes);
}

/// GeoJSON.
pub fn geojson(bytes: &[u8]) {
    features("a.geojson", bytes);
}

/// GeoPackage, and its binary geometries.
pub fn gpkg(bytes: &[u8]) {
    features("a.gpkg", bytes);
}

/// Parquet and GeoParquet.
pub fn parquet(bytes: &[u8]) {
    features("a.parquet", bytes);
}

/// Zipped shapefiles: shapes, table, system and code page.
pub fn shapefile(bytes: &[u8]) {
    features("a.zip", bytes);
}

/// Well-known binary.
pub fn wkb(bytes: &[u8]) {
    if let Ok(Some(geometry)) = io::geometry_from_wkb(bytes) {
        drop(io::geometry_from_wkb(&io::geometry_to_wkb(&geometry)));
    }
}

/// OpenStreetMap extracts.
pub fn pbf(bytes: &[u8]) {
    with_file("a.osm.pbf", bytes, |path| drop(osm::read_osm(path, &Quiet)));
}

/// GeoTIFF.
pub fn geotiff(bytes: &[u8]) {
    let extent = geo::Rect::new((7.05, 43.85), (7.15, 43.95));
    with_file("a.tif", bytes, |path| drop(io::read_population(path, None, extent, &Crs::wgs84())));
}

/// Saved networks.
pub fn network(bytes: &[u8]) {
    drop(StreetNetwork::from_bytes(bytes));
}

/// `study.toml`.
pub fn study(bytes: &[u8]) {
    with_file("study.toml", bytes, |path| drop(study::check_study(path, None, &Quiet)));
}

fn features(name: &str, bytes: &[u8]) {
    with_file(name, bytes, |path| {
        drop(io::read_features(path, &ReadOptions::default()));
        drop(io::read_table(path));
    });
}

fn with_file(name: &str, bytes: &[u8], read: impl FnOnce(&Path)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    read(&path);
}
