//! Areal interpolation: 6,012 blocks of Washington, DC onto the 188 tracts of 2000, by shared area and by points; and
//! what the overlay of `geo` needs for the same areas.
//!
//! `COMMONGROUND_DATA=... cargo bench --bench interpolation`. Threads: all cores (`RAYON_NUM_THREADS` sets them).
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use commonground::Crs;
use commonground::crs::Reprojector;
use commonground::io::{ReadOptions, read_features};
use commonground::scores::interpolation::Crosswalk;
use criterion::{Criterion, criterion_group, criterion_main};
use geo::{Area, BooleanOps, BoundingRect, Geometry, InteriorPoint, Intersects, MultiPolygon, Point};
use std::path::Path;

fn shapes(path: &Path) -> Vec<MultiPolygon<f64>> {
    let table = read_features(path, &ReadOptions::default()).unwrap();
    let to_metres = Reprojector::new(&table.crs.unwrap(), &Crs::new("EPSG:26985").unwrap()).unwrap();
    let shape = |geometry: Option<Geometry<f64>>| match to_metres.geometry(&geometry.unwrap()).unwrap() {
        Geometry::Polygon(polygon) => polygon.into(),
        Geometry::MultiPolygon(shape) => shape,
        other => panic!("{other:?}"),
    };
    table.geometries.into_iter().map(shape).collect()
}

fn blocks_onto_tracts(criterion: &mut Criterion) {
    let Some(data) = std::env::var_os("COMMONGROUND_DATA") else {
        eprintln!("COMMONGROUND_DATA is not set: nothing is measured");
        return;
    };
    let zones = Path::new(&data).join("washington-dc/zones");
    let blocks = shapes(&zones.join("tabblock20/tl_2021_11_tabblock20.shp"));
    let tracts = shapes(&zones.join("census-tracts-2000.geojson"));
    let threads = rayon::current_num_threads();
    eprintln!("threads: {threads}, {} blocks, {} tracts", blocks.len(), tracts.len());
    criterion.bench_function("blocks onto tracts by area", |bencher| {
        bencher.iter(|| Crosswalk::by_area(&blocks, &tracts, 0.001).unwrap());
    });
    let points: Vec<Point> = blocks.iter().map(|block| block.interior_point().unwrap()).collect();
    let people = vec![1.0; points.len()];
    criterion.bench_function("tracts onto tracts by the points of blocks", |bencher| {
        bencher.iter(|| Crosswalk::by_points(&tracts, &tracts, &points, &people).unwrap());
    });
    let mut group = criterion.benchmark_group("geo");
    group.sample_size(10);
    group.bench_function("blocks onto tracts, overlay on one thread", |bencher| {
        bencher.iter(|| {
            let shared = |block: &MultiPolygon<f64>, tract: &MultiPolygon<f64>| {
                let meet = block.bounding_rect().unwrap().intersects(&tract.bounding_rect().unwrap());
                if meet { block.intersection(tract).unsigned_area() } else { 0.0 }
            };
            blocks.iter().flat_map(|block| tracts.iter().map(move |tract| shared(block, tract))).sum::<f64>()
        });
    });
}

criterion_group!(benches, blocks_onto_tracts);
criterion_main!(benches);
