//! Neighbours and clusters of real places against published weights.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::io::{ReadOptions, read_features, read_gal};
use commonground::scores::weights::{Contiguity, SpatialWeights, contiguity};
use geo::{Geometry, MultiPolygon};

fn shapes(path: &std::path::Path) -> Vec<MultiPolygon<f64>> {
    let table = read_features(path, &ReadOptions::default()).unwrap();
    let shape = |geometry: Option<Geometry<f64>>| match geometry.unwrap() {
        Geometry::Polygon(polygon) => polygon.into(),
        Geometry::MultiPolygon(shape) => shape,
        other => panic!("{other:?}"),
    };
    table.geometries.into_iter().map(shape).collect()
}

#[test]
fn neighbours_in_albuquerque_are_the_published_ones() {
    let Some(data) = common::real_cities() else { return };
    let folder = data.join("albuquerque-nm");
    let shapes = shapes(&folder.join("10740.shp"));
    // The published weights name the tracts by their row.
    let ids: Vec<String> = (1..=195).map(|row: u32| row.to_string()).collect();
    for (rule, file) in [(Contiguity::Queen, "10740_queen.gal"), (Contiguity::Rook, "10740_rook.gal")] {
        let ours = contiguity(&shapes, rule, None).unwrap();
        let published = read_gal(&folder.join(file)).unwrap();
        let published = SpatialWeights::from_named_links(&ids, &published.links).unwrap();
        assert_eq!(ours, published, "{file}");
    }
}
