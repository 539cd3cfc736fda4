//! The zoning code: one district for every quarter of a neighbourhood.

use super::files::{Polygon, write_polygons};
use super::ground::{COLUMNS, Ground, ROWS, SIDE};
use commonground::Result;
use std::path::Path;

/// What may be built: `R1` one house a lot, `R2` row houses, `R3` apartments, `MX` apartments above shops,
/// `I` industry, `P` open land.
pub fn code(column: usize, row: usize, quarter: usize) -> &'static str {
    match (column, row, quarter) {
        // The docks.
        (5, 3, _) => "I",
        // Open land around the town.
        (0, 0, 2) | (7, 4, 3) => "P",
        // The market and the streets around it.
        (2 | 3, 2, _) => "MX",
        (4, 2, 0 | 2) | (2, 1, 2 | 3) | (3, 1, 2 | 3) | (3, 3, 0 | 1) => "R3",
        // The segregated quarter.
        (3 | 4, 0 | 1, 0 | 3) => "R3",
        // Apartments that the motorway cuts off.
        (5, 0 | 1, 1 | 2) => "R3",
        // Apartments by the northern bridge.
        (4, 4, 1 | 3) | (5, 4, 0 | 2) => "R3",
        (1..=6, 1..=3, _) => "R2",
        _ => "R1",
    }
}

pub fn write(ground: &Ground, path: &Path) -> Result<()> {
    let mut polygons = Vec::new();
    let half = SIDE / 2;
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            for quarter in 0..4 {
                let (x, y) = (column * SIDE + quarter % 2 * half, row * SIDE + quarter / 2 * half);
                let id = format!("z{:03}", polygons.len() + 1);
                let code = code(column, row, quarter).to_owned();
                polygons.push(Polygon {
                    ring: ground.ring(x, y, x + half, y + half),
                    properties: vec![("id", id), ("code", code)],
                });
            }
        }
    }
    write_polygons(ground, path, &polygons)
}
