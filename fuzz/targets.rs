//! Every parser as a function of bytes: whatever they are, there is a result or an error, soon, and never a panic.

use commonground::io::{self, ReadOptions, osm, study};
use commonground::model::transit::FillTimes;
use commonground::network::StreetNetwork;
use commonground::scores::{cohesion, gentrification};
use commonground::{Crs, Quiet};
use std::fs;
use std::path::Path;

/// What is done with some bytes.
pub type Target = fn(&[u8]);

/// The targets by the name of their folder of seeds.
pub const TARGETS: [(&str, Target); 13] = [
    ("csv", csv),
    ("definition", definition),
    ("gal", gal),
    ("geojson", geojson),
    ("geotiff", geotiff),
    ("gpkg", gpkg),
    ("gtfs", gtfs),
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

/// Shapefiles, zipped or as [parts](with_parts): shapes, table, system and code page.
pub fn shapefile(bytes: &[u8]) {
    if bytes.starts_with(b"PK") {
        return features("a.zip", bytes);
    }
    with_parts(bytes, |folder| {
        drop(io::read_features(&folder.join("a.shp"), &ReadOptions::default()));
        drop(io::read_table(&folder.join("a.dbf")));
    });
}

/// Timetables, as [parts](with_parts).
pub fn gtfs(bytes: &[u8]) {
    with_parts(bytes, |folder| drop(io::read_feed(folder, FillTimes::AlongShape)));
}

/// Lists of neighbours.
pub fn gal(bytes: &[u8]) {
    with_file("a.gal", bytes, |path| drop(io::read_gal(path)));
}

/// Definitions of an index and of gentrification.
pub fn definition(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    drop(cohesion::Definition::from_toml(text));
    drop(gentrification::Definition::from_toml(text));
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

/// Saved networks: as they are, and with the length and the sum that their bytes should have.
pub fn network(bytes: &[u8]) {
    drop(StreetNetwork::from_bytes(bytes));
    if let Some((head, rest)) = bytes.split_at_checked(28) {
        let [length, sum] = [rest.len() as u64, checksum(rest)].map(u64::to_le_bytes);
        drop(StreetNetwork::from_bytes(&[&head[..12], &length, &sum, rest].concat()));
    }
}

/// As `network/encode.rs` sums up.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.chunks(8).fold(bytes.len() as u64, |sum, chunk| {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        (sum ^ u64::from_le_bytes(word)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29)
    })
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

/// A folder of several files: each begins at a line `@@ NAME`.
fn with_parts(bytes: &[u8], read: impl FnOnce(&Path)) {
    const MARK: &[u8] = b"@@ ";
    let folder = tempfile::tempdir().unwrap();
    let mut starts: Vec<usize> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(MARK)).collect();
    starts.push(bytes.len());
    for part in starts.windows(2).map(|ends| &bytes[ends[0] + MARK.len()..ends[1]]) {
        let Some(end) = part.iter().position(|&byte| byte == b'\n') else { continue };
        let is_plain = |byte: &u8| byte.is_ascii_lowercase() || b"._".contains(byte);
        if let (Ok(name), true) = (str::from_utf8(&part[..end]), part[..end].iter().all(is_plain)) {
            let inside = folder.path().join(name);
            // A name like `..` is a folder, and is not written.
            drop(fs::write(inside, &part[end + 1..]));
        }
    }
    read(folder.path());
}
