//! Parcels around Orchard Field, and two scenarios with a known truth.

use super::files::{Line, Polygon, write_lines, write_polygons};
use super::ground::{Ground, MOTORWAY_Y, SIDE, neighbourhood};
use super::homes::Homes;
use super::places::PARKS;
use super::zoning;
use commonground::{Result, io};
use std::path::Path;

/// Neighbourhoods that have parcels: Sheepwash, Canal Side, Westfield and Almshouse.
const WITH_PARCELS: [(usize, usize); 4] = [(0, 1), (1, 1), (0, 2), (1, 2)];
/// The line of corners along which the footbridge crosses the motorway.
const FOOTBRIDGE_X: usize = 23;

/// Two parcels for every block, west and east of its middle line; blocks inside parks have none.
pub fn write(ground: &Ground, homes: &Homes, path: &Path) -> Result<()> {
    let mut polygons = Vec::new();
    for (column, row) in WITH_PARCELS {
        for y in row * SIDE..(row + 1) * SIDE {
            for x in column * SIDE..(column + 1) * SIDE {
                let inside = |[west, south, east, north]: [usize; 4]| {
                    (west..east).contains(&x) && (south..north).contains(&y)
                };
                if PARKS.iter().any(|park| inside(park.blocks)) {
                    continue;
                }
                let [a, b, c, d] =
                    [(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)].map(|(x, y)| ground.corner(x, y));
                let (low, high) = ((a + b) / 2.0, (d + c) / 2.0);
                for ring in [vec![a, low, high, d, a], vec![low, b, c, high, low]] {
                    let half = SIDE / 2;
                    let quarter = (x % SIDE) / half + 2 * ((y % SIDE) / half);
                    let properties = vec![
                        ("id", format!("l{:03}", polygons.len() + 1)),
                        ("code", zoning::code(column, row, quarter).to_owned()),
                        ("dwellings", homes.dwellings_in(neighbourhood(column, row), &ring).to_string()),
                    ];
                    polygons.push(Polygon { ring, properties });
                }
            }
        }
    }
    write_polygons(ground, path, &polygons)
}

/// The footbridge from Millrace over the motorway to New Wharf, and homes beside Orchard Field.
pub fn write_scenarios(ground: &Ground, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| {
        commonground::Error::new(commonground::ErrorKind::Io, format!("cannot make a folder: {error}"))
    })?;
    let places = [MOTORWAY_Y - 1, MOTORWAY_Y + 1].map(|y| ground.corner(FOOTBRIDGE_X, y)).to_vec();
    let bridge = Line { places, properties: vec![("name", "Millrace Footbridge".to_owned())] };
    write_lines(ground, &folder.join("footbridge.geojson"), &[bridge])?;
    io::write_text(&folder.join("footbridge.toml"), FOOTBRIDGE)?;
    io::write_text(&folder.join("upzoning.toml"), UPZONING)
}

const FOOTBRIDGE: &str = r#"# A footbridge over the motorway, from the quarter that it cuts off.
name = "Millrace Footbridge"

[[changes]]
action = "add_street"
file = "footbridge.geojson"
class = "footway"
bridge = true
"#;

const UPZONING: &str = r#"# Apartments in Westfield, beside Orchard Field. Every home that stands there stays.
name = "Apartments in Westfield"

[[changes]]
action = "rezone"
where = { neighbourhoods = ["Westfield"] }
to = "R3"
never_lower = true

[[changes]]
action = "build_out"
where = { neighbourhoods = ["Westfield"] }
dwellings = 480
household_size = 2.1
residents = { like = "neighbourhood" }
affordable = 0.2

[[variants]]
name = "zoning only"
leave_out = ["build_out"]
"#;
