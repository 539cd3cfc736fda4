//! The ground plan: street corners every 125 m, a neighbourhood every four of them.

use super::files::Polygon;
use super::random::Random;
use commonground::crs::Reprojector;
use commonground::{Crs, Result};
use geo::Coord;

/// Metres between street corners.
pub const BLOCK: f64 = 125.0;
/// Blocks along the side of a neighbourhood.
pub const SIDE: usize = 4;
/// Neighbourhoods from west to east and from south to north.
pub const COLUMNS: usize = 8;
pub const ROWS: usize = 5;
/// The last corner from west to east and from south to north.
pub const LAST_X: usize = COLUMNS * SIDE;
pub const LAST_Y: usize = ROWS * SIDE;
/// Corners that lie in the river rather than on land.
pub const RIVER_X: usize = 20;
/// The motorway runs along this line of corners, east of the river.
pub const MOTORWAY_Y: usize = 8;
/// Metres that a corner is moved off the plan, at most.
const UNEVENNESS: f64 = 14.0;
/// South-west corner, on the Dogger Bank in the North Sea, where no town is (UTM zone 31).
const ORIGIN: Coord<f64> = Coord { x: 498_000.0, y: 6_094_000.0 };

const NAMES: [[&str; COLUMNS]; ROWS] = [
    ["Long Meadow", "Orchard", "Mill Lane", "Ropewalk", "Tannery", "Saltings", "Brickfield", "Southgate"],
    ["Sheepwash", "Canal Side", "Brewery", "Weir", "Riverside", "Millrace", "Underhill", "Underpass"],
    ["Westfield", "Almshouse", "Foundry", "Market", "Lamplight", "New Wharf", "Eastgate", "Beacon"],
    ["Heath", "Cooper's Row", "Cathedral", "Assembly", "Granary", "Docks", "Kiln", "Larkrise"],
    ["Farfield", "Station", "Highfield", "Terraces", "Bridge End", "Northbank", "Quarry", "Moorside"],
];
/// The island's place in the list of neighbourhoods: the last.
pub const ISLAND: usize = COLUMNS * ROWS;
/// South-west and north-east corner of the island's neighbourhood.
const ISLAND_CORNERS: [Coord<f64>; 2] = [Coord { x: 2_350.0, y: -900.0 }, Coord { x: 2_750.0, y: -600.0 }];

pub struct Ground {
    corners: Vec<Coord<f64>>,
    to_degrees: Reprojector,
}

/// A neighbourhood by its column and row.
pub fn neighbourhood(column: usize, row: usize) -> usize {
    row * COLUMNS + column
}

pub fn id(neighbourhood: usize) -> String {
    format!("n{:02}", neighbourhood + 1)
}

pub fn name(neighbourhood: usize) -> &'static str {
    if neighbourhood == ISLAND {
        "Chapel Island"
    } else {
        NAMES[neighbourhood / COLUMNS][neighbourhood % COLUMNS]
    }
}

impl Ground {
    pub fn new() -> Result<Self> {
        let mut random = Random::stream(1);
        let mut uneven = || random.between(-UNEVENNESS, UNEVENNESS);
        let mut corners = Vec::new();
        for y in 0..=LAST_Y {
            for x in 0..=LAST_X {
                // The river winds a little.
                let bend =
                    if x == RIVER_X { [0.0, 12.0, 20.0, 12.0, 0.0, -12.0, -20.0, -12.0][y % 8] } else { 0.0 };
                corners.push(Coord { x: x as f64 * BLOCK + bend + uneven(), y: y as f64 * BLOCK + uneven() });
            }
        }
        let to_degrees = Reprojector::new(&Crs::new("EPSG:32631")?, &Crs::wgs84())?;
        Ok(Self { corners, to_degrees })
    }

    /// The place of a street corner, in metres from the south-west of the town.
    pub fn corner(&self, x: usize, y: usize) -> Coord<f64> {
        self.corners[y * (LAST_X + 1) + x]
    }

    /// The ring around blocks `west..east` by `south..north`, counter-clockwise and closed.
    pub fn ring(&self, west: usize, south: usize, east: usize, north: usize) -> Vec<Coord<f64>> {
        let mut ring = Vec::new();
        ring.extend((west..east).map(|x| self.corner(x, south)));
        ring.extend((south..north).map(|y| self.corner(east, y)));
        ring.extend((west + 1..=east).rev().map(|x| self.corner(x, north)));
        ring.extend((south..=north).rev().map(|y| self.corner(west, y)));
        ring
    }

    pub fn neighbourhoods(&self) -> Vec<Polygon> {
        let mut polygons = Vec::new();
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let (x, y) = (column * SIDE, row * SIDE);
                polygons.push((neighbourhood(column, row), self.ring(x, y, x + SIDE, y + SIDE)));
            }
        }
        let [low, high] = ISLAND_CORNERS;
        let round = [low, Coord { x: high.x, y: low.y }, high, Coord { x: low.x, y: high.y }, low];
        polygons.push((ISLAND, round.to_vec()));
        let polygon = |(number, ring)| Polygon {
            ring,
            properties: vec![("id", id(number)), ("name", name(number).to_owned())],
        };
        polygons.into_iter().map(polygon).collect()
    }

    /// Easting and northing of a place of the town, in metres of UTM zone 31.
    pub fn utm(place: Coord<f64>) -> Coord<f64> {
        place + ORIGIN
    }

    /// Longitude and latitude of a place of the town.
    pub fn degrees(&self, place: Coord<f64>) -> Result<Coord<f64>> {
        self.to_degrees.coord(Self::utm(place))
    }
}
