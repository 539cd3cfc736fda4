//! The districts: what the council divides the town into, by the river and the motorway.

use super::files::{Polygon, write_polygons};
use super::ground::{COLUMNS, Ground, ISLAND, MOTORWAY_Y, RIVER_X, ROWS, SIDE};
use commonground::Result;
use std::path::Path;

/// Name, then the west, south, east and north corner.
const DISTRICTS: [(&str, [usize; 4]); 4] = [
    ("Mill Quarters", [0, 0, RIVER_X, MOTORWAY_Y]),
    ("Southbank", [RIVER_X, 0, COLUMNS * SIDE, MOTORWAY_Y]),
    ("Old Town", [0, MOTORWAY_Y, RIVER_X, ROWS * SIDE]),
    ("Eastside", [RIVER_X, MOTORWAY_Y, COLUMNS * SIDE, ROWS * SIDE]),
];
/// That of the island.
const THE_SOUND: &str = "The Sound";

pub fn write(ground: &Ground, path: &Path) -> Result<()> {
    let mut areas: Vec<(&str, Vec<_>)> = DISTRICTS
        .iter()
        .map(|(name, [west, south, east, north])| (*name, ground.ring(*west, *south, *east, *north)))
        .collect();
    let island = ground.neighbourhoods().swap_remove(ISLAND);
    areas.push((THE_SOUND, island.ring));
    let polygon = |(number, (name, ring)): (usize, (&str, Vec<_>))| Polygon {
        ring,
        properties: vec![("id", format!("d{}", number + 1)), ("name", name.to_owned())],
    };
    write_polygons(ground, path, &areas.into_iter().enumerate().map(polygon).collect::<Vec<_>>())
}
