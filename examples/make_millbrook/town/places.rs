//! Parks, services and workplaces.

use super::files::{Polygon, write_csv, write_polygons};
use super::ground::{BLOCK, Ground, LAST_X, LAST_Y, MOTORWAY_Y, RIVER_X, neighbourhood};
use super::random::Random;
use super::streets::Stretch;
use commonground::Result;
use geo::Coord;
use std::path::Path;

/// Metres from the middle of a park's streets to its edge.
const VERGE: f64 = 9.0;

pub struct Park {
    pub name: &'static str,
    /// West, south, east and north line of corners around it.
    pub blocks: [usize; 4],
    /// Corners where it can be entered; everywhere along its edge where none is listed.
    gates: &'static [(usize, usize)],
    /// Whether a path leads across it.
    pub has_path: bool,
}

pub const PARKS: [Park; 7] = [
    park("Millbrook Common", [10, 12, 13, 15], &[(10, 12), (13, 12), (10, 15), (13, 15)], true),
    park("Weir Gardens", [16, 5, 19, 7], &[], true),
    park("Long Meadow", [2, 1, 4, 4], &[(4, 1)], false),
    park("Orchard Field", [1, 8, 3, 10], &[], false),
    park("Eastgate Green", [24, 12, 26, 14], &[(24, 12), (26, 14)], true),
    park("Beacon Hill", [29, 16, 32, 18], &[], false),
    park("Brickfield Pond", [25, 2, 27, 4], &[], false),
];

const fn park(
    name: &'static str,
    blocks: [usize; 4],
    gates: &'static [(usize, usize)],
    has_path: bool,
) -> Park {
    Park { name, blocks, gates, has_path }
}

impl Park {
    /// Whether a stretch of street would lie inside.
    pub fn holds(&self, stretch: Stretch) -> bool {
        let [west, south, east, north] = self.blocks;
        if stretch.is_eastward {
            (west..east).contains(&stretch.x) && (south + 1..north).contains(&stretch.y)
        } else {
            (west + 1..east).contains(&stretch.x) && (south..north).contains(&stretch.y)
        }
    }

    fn ring(&self, ground: &Ground) -> Vec<Coord<f64>> {
        let [west, south, east, north] = self.blocks;
        let middle = (ground.corner(west, south) + ground.corner(east, north)) / 2.0;
        let inward = |place: Coord<f64>| Coord {
            x: place.x + VERGE * (middle.x - place.x).signum(),
            y: place.y + VERGE * (middle.y - place.y).signum(),
        };
        ground.ring(west, south, east, north).into_iter().map(inward).collect()
    }
}

/// Category, name, place in metres from the south-west of the town, and capacity.
type Service = (&'static str, &'static str, f64, f64, Option<u32>);

const SERVICES: [Service; 51] = [
    ("school", "Station Road School", 960.0, 1_640.0, Some(420)),
    ("school", "Mill Lane School", 1_290.0, 560.0, Some(380)),
    ("school", "Cathedral School", 1_560.0, 1_310.0, Some(520)),
    ("school", "Weir School", 2_180.0, 930.0, Some(460)),
    ("school", "Highfield School", 1_940.0, 2_190.0, Some(340)),
    ("school", "Eastgate School", 2_930.0, 1_440.0, Some(480)),
    ("school", "Northbank School", 3_440.0, 2_060.0, Some(360)),
    ("school", "Orchard School", 440.0, 810.0, Some(300)),
    ("school", "Riverside School", 2_260.0, 310.0, Some(280)),
    // The same school once more, as another source has it.
    ("school", "WEIR SCHOOL", 2_188.0, 933.0, None),
    ("clinic", "Market Clinic", 1_690.0, 1_190.0, Some(9)),
    ("clinic", "Tannery Health Centre", 2_190.0, 560.0, Some(5)),
    ("clinic", "Eastgate Clinic", 3_190.0, 1_560.0, Some(6)),
    ("clinic", "Orchard Practice", 690.0, 690.0, Some(4)),
    ("clinic", "Millbrook Hospital", 1_310.0, 1_940.0, Some(22)),
    ("place_of_worship", "Cathedral of St Brendan", 1_190.0, 1_440.0, None),
    ("place_of_worship", "Market Mosque", 1_810.0, 1_060.0, None),
    ("place_of_worship", "Highfield Chapel", 1_690.0, 2_060.0, None),
    ("place_of_worship", "Eastgate Church", 3_060.0, 1_690.0, None),
    ("place_of_worship", "Orchard Meeting House", 560.0, 560.0, None),
    ("place_of_worship", "Ropewalk Synagogue", 1_690.0, 190.0, None),
    ("place_of_worship", "Tannery Mosque", 2_310.0, 440.0, None),
    ("place_of_worship", "Island Chapel", 2_550.0, -660.0, None),
    ("library", "Central Library", 1_440.0, 1_190.0, None),
    ("library", "Weir Library", 2_060.0, 810.0, None),
    ("library", "Northbank Library", 3_310.0, 1_940.0, None),
    ("community_centre", "Foundry Hall", 1_310.0, 1_060.0, None),
    ("community_centre", "Tannery Youth Centre", 2_190.0, 310.0, None),
    ("community_centre", "Northbank Centre", 2_810.0, 2_190.0, None),
    ("community_centre", "Brickfield Hall", 3_190.0, 690.0, None),
    ("grocery", "Market Hall", 1_560.0, 1_060.0, None),
    ("grocery", "Station Stores", 810.0, 1_940.0, None),
    ("grocery", "Orchard Grocer", 440.0, 440.0, None),
    ("grocery", "Brewery Market", 1_190.0, 690.0, None),
    ("grocery", "Tannery Bazaar", 2_060.0, 440.0, None),
    ("grocery", "Lamplight Grocer", 2_310.0, 1_310.0, None),
    ("grocery", "Eastgate Supermarket", 3_060.0, 1_310.0, None),
    ("grocery", "Beacon Stores", 3_690.0, 1_560.0, None),
    ("grocery", "Brickfield Corner Shop", 3_310.0, 310.0, None),
    ("grocery", "Bridge End Grocer", 2_310.0, 2_310.0, None),
    ("childcare", "Common Nursery", 1_440.0, 1_440.0, Some(60)),
    ("childcare", "Weir Nursery", 2_060.0, 690.0, Some(45)),
    ("childcare", "Orchard Nursery", 310.0, 690.0, Some(40)),
    ("childcare", "Highfield Kindergarten", 1_810.0, 2_310.0, Some(50)),
    ("childcare", "Eastgate Kindergarten", 3_310.0, 1_440.0, Some(55)),
    ("childcare", "Brickfield Nursery", 3_060.0, 440.0, Some(35)),
    ("pharmacy", "Market Pharmacy", 1_590.0, 1_190.0, None),
    ("pharmacy", "Orchard Pharmacy", 690.0, 560.0, None),
    ("pharmacy", "Riverside Pharmacy", 2_310.0, 690.0, None),
    ("pharmacy", "Eastgate Pharmacy", 3_190.0, 1_440.0, None),
    ("pharmacy", "Station Pharmacy", 940.0, 1_810.0, None),
];

pub fn write(ground: &Ground, folder: &Path) -> Result<()> {
    write_parks(ground, folder)?;
    write_services(ground, &folder.join("services.csv"))?;
    write_jobs(&folder.join("jobs.csv"))
}

fn write_parks(ground: &Ground, folder: &Path) -> Result<()> {
    let id = |number: usize| format!("g{}", number + 1);
    let polygon = |(number, park): (usize, &Park)| Polygon {
        ring: park.ring(ground),
        properties: vec![("id", id(number)), ("name", park.name.to_owned())],
    };
    let polygons: Vec<Polygon> = PARKS.iter().enumerate().map(polygon).collect();
    write_polygons(ground, &folder.join("green_space.geojson"), &polygons)?;

    let mut rows = Vec::new();
    for (number, park) in PARKS.iter().enumerate() {
        for &(x, y) in park.gates {
            let gate = ground.degrees(ground.corner(x, y))?;
            rows.push(vec![id(number), format!("{:.7}", gate.x), format!("{:.7}", gate.y)]);
        }
    }
    write_csv(&folder.join("green_space_entrances.csv"), "green_space,longitude,latitude", rows.into_iter())
}

/// Longitude and latitude, so that one layer of the study is in another system than the rest.
fn write_services(ground: &Ground, path: &Path) -> Result<()> {
    let row = |(number, service): (usize, &Service)| {
        let &(category, name, x, y, capacity) = service;
        let place = ground.degrees(Coord { x, y })?;
        Ok(vec![
            format!("p{:02}", number + 1),
            category.to_owned(),
            name.to_owned(),
            format!("{:.7}", place.x),
            format!("{:.7}", place.y),
            capacity.map(|capacity| capacity.to_string()).unwrap_or_default(),
        ])
    };
    let rows: Vec<Vec<String>> = SERVICES.iter().enumerate().map(row).collect::<Result<_>>()?;
    write_csv(path, "id,category,name,longitude,latitude,capacity", rows.into_iter())
}

/// Workplaces: most around the market, some in the docks, few elsewhere, none beyond the motorway.
fn write_jobs(path: &Path) -> Result<()> {
    let mut random = Random::stream(3);
    let mut rows = Vec::new();
    let (west, south) = ((RIVER_X + 1) as f64 * BLOCK, 12.0 * BLOCK);
    for number in 0..150 {
        let (place, jobs) = if number < 80 {
            // The mean of three is nearer to the middle than one.
            let mut around =
                |middle: f64| middle + (0..3).map(|_| random.between(-900.0, 900.0)).sum::<f64>() / 3.0;
            (Coord { x: around(1_500.0), y: around(1_250.0) }, 8 + random.below(60))
        } else if number < 105 {
            let place = Coord { x: west + random.between(0.0, 350.0), y: south + random.between(0.0, 480.0) };
            (place, 20 + random.below(60))
        } else {
            let mut anywhere = || Coord {
                x: random.between(0.0, LAST_X as f64 * BLOCK),
                y: random.between(0.0, LAST_Y as f64 * BLOCK),
            };
            (anywhere(), 2 + random.below(14))
        };
        let is_beyond = place.x > west - BLOCK && place.y < MOTORWAY_Y as f64 * BLOCK;
        if is_beyond || is_farfield(place) {
            continue;
        }
        let utm = Ground::utm(place);
        let id = format!("w{:03}", rows.len() + 1);
        rows.push(vec![id, format!("{:.1}", utm.x), format!("{:.1}", utm.y), jobs.to_string()]);
    }
    write_csv(path, "id,easting,northing,jobs", rows.into_iter())
}

fn is_farfield(place: Coord<f64>) -> bool {
    let side = 4.0 * BLOCK;
    let cell =
        neighbourhood((place.x / side).clamp(0.0, 7.0) as usize, (place.y / side).clamp(0.0, 4.0) as usize);
    cell == neighbourhood(0, 4)
}
