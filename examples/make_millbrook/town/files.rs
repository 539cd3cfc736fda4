//! Text files with rounded numbers, so that they come out the same on every machine.

use super::ground::Ground;
use commonground::{Result, io};
use geo::Coord;
use std::path::Path;

/// An area of the town with what is known about it.
pub struct Polygon {
    /// Closed, in metres from the south-west of the town.
    pub ring: Vec<Coord<f64>>,
    pub properties: Vec<(&'static str, String)>,
}

/// A street with what is known about it.
pub struct Line {
    /// In metres from the south-west of the town.
    pub places: Vec<Coord<f64>>,
    pub properties: Vec<(&'static str, String)>,
}

pub fn write_polygons(ground: &Ground, path: &Path, polygons: &[Polygon]) -> Result<()> {
    let features = polygons.iter().map(|polygon| {
        let ring = positions(ground, &polygon.ring)?;
        Ok(feature(&polygon.properties, &format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#)))
    });
    write_features(path, features.collect::<Result<Vec<_>>>()?)
}

pub fn write_lines(ground: &Ground, path: &Path, lines: &[Line]) -> Result<()> {
    let features = lines.iter().map(|line| {
        let places = positions(ground, &line.places)?;
        Ok(feature(&line.properties, &format!(r#"{{"type":"LineString","coordinates":{places}}}"#)))
    });
    write_features(path, features.collect::<Result<Vec<_>>>()?)
}

/// Writes a header and rows of cells, none of which holds a comma.
pub fn write_csv(path: &Path, header: &str, rows: impl Iterator<Item = Vec<String>>) -> Result<()> {
    let mut text = format!("{header}\n");
    for row in rows {
        text += &row.join(",");
        text.push('\n');
    }
    io::write_text(path, &text)
}

fn write_features(path: &Path, features: Vec<String>) -> Result<()> {
    let features = features.join(",\n");
    io::write_text(path, &format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{features}\n]}}\n"))
}

fn feature(properties: &[(&str, String)], geometry: &str) -> String {
    let properties: Vec<String> =
        properties.iter().map(|(key, value)| format!(r#""{key}":"{value}""#)).collect();
    format!(r#"{{"type":"Feature","properties":{{{}}},"geometry":{geometry}}}"#, properties.join(","))
}

/// Seven decimals of a degree are about a centimetre.
fn positions(ground: &Ground, places: &[Coord<f64>]) -> Result<String> {
    let position = |place: &Coord<f64>| {
        let degrees = ground.degrees(*place)?;
        Ok(format!("[{:.7},{:.7}]", degrees.x, degrees.y))
    };
    Ok(format!("[{}]", places.iter().map(position).collect::<Result<Vec<_>>>()?.join(",")))
}
