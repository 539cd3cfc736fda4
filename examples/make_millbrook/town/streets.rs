//! Streets along the ground plan: two bridges over the river, one underpass below the motorway, parks without streets.

use super::files::{Line, write_lines};
use super::ground::{Ground, LAST_X, LAST_Y, MOTORWAY_Y, RIVER_X};
use super::places::PARKS;
use super::random::Random;
use commonground::Result;
use geo::Coord;
use std::path::Path;

/// Lines of corners on which the bridges stand, counted from the south.
const BRIDGES_Y: [usize; 2] = [10, 18];
/// The line of corners that passes below the motorway, counted from the west.
const UNDERPASS_X: usize = 31;
/// Main streets, which are never closed.
const MAIN_X: [usize; 2] = [12, 26];
/// The middle of the water south of the town.
const SOUND: [(f64, f64); 3] = [(0.0, -300.0), (2_500.0, -260.0), (4_000.0, -310.0)];
/// Share of the streets that are closed where a way around is left.
const CLOSED: f64 = 0.16;

const NAMES: [&str; 54] = [
    "Alder", "Anchor", "Ash", "Baker", "Barley", "Bell", "Birch", "Bow", "Bridge", "Carter", "Castle",
    "Cedar", "Chandler", "Cherry", "Church", "Clay", "Copper", "Corn", "Crane", "Dyer", "Elm", "Fair",
    "Fern", "Fuller", "Garden", "Gate", "Glover", "Grove", "Hatter", "Hazel", "Hill", "Hope", "Ivy", "King",
    "Lace", "Lime", "Maple", "Mason", "Miller", "Nelson", "Oak", "Park", "Pear", "Potter", "Queen", "Rose",
    "Saddler", "School", "Spring", "Tanner", "Tower", "Union", "Weaver", "Willow",
];

/// A stretch of street from a corner to the next one east (`is_eastward`) or north.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub x: usize,
    pub y: usize,
    pub is_eastward: bool,
}

impl Stretch {
    fn end(self) -> (usize, usize) {
        if self.is_eastward { (self.x + 1, self.y) } else { (self.x, self.y + 1) }
    }
}

pub struct Streets {
    /// Stretches that people may walk along and live on.
    pub stretches: Vec<Stretch>,
}

impl Streets {
    pub fn new() -> Self {
        let mut possible = Vec::new();
        for y in 0..=LAST_Y {
            for x in 0..=LAST_X {
                for is_eastward in [true, false] {
                    let stretch = Stretch { x, y, is_eastward };
                    if is_walkable(stretch) {
                        possible.push(stretch);
                    }
                }
            }
        }
        Self { stretches: close_some(possible) }
    }

    /// Every street: the lines of the plan, the motorway, paths through parks, and the island's lane.
    pub fn write(&self, ground: &Ground, path: &Path) -> Result<()> {
        let mut lines = Vec::new();
        let (lanes, streets) = NAMES.split_at(LAST_Y + 1);
        for (y, name) in lanes.iter().enumerate() {
            let class = if BRIDGES_Y.contains(&y) { "primary" } else { "residential" };
            let corners = (0..LAST_X).map(|x| Stretch { x, y, is_eastward: true });
            self.add_runs(ground, corners, &format!("{name} Lane"), class, &mut lines);
        }
        for (x, name) in streets.iter().enumerate() {
            let class = if MAIN_X.contains(&x) { "secondary" } else { "residential" };
            let corners = (0..LAST_Y).map(|y| Stretch { x, y, is_eastward: false });
            self.add_runs(ground, corners, &format!("{name} Street"), class, &mut lines);
        }
        let mut add = |places: Vec<Coord<f64>>, name: &str, class: &str| {
            lines.push((places, name.to_owned(), class.to_owned()))
        };
        // The underpass meets no corner of the motorway.
        let below = [MOTORWAY_Y - 1, MOTORWAY_Y + 1].map(|y| ground.corner(UNDERPASS_X, y));
        add(below.to_vec(), "The Underpass", "residential");
        let motorway = (RIVER_X + 1..=LAST_X).map(|x| ground.corner(x, MOTORWAY_Y));
        add(motorway.collect(), "East Motorway", "motorway");
        let ramp = [MOTORWAY_Y, MOTORWAY_Y + 1].map(|y| ground.corner(RIVER_X + 1, y));
        add(ramp.to_vec(), "East Motorway", "motorway_link");
        for park in PARKS.iter().filter(|park| park.has_path) {
            let [west, south, east, north] = park.blocks;
            let middle = (ground.corner(west, south) + ground.corner(east, north)) / 2.0;
            let path = [ground.corner(west, south), middle, ground.corner(east, north)];
            add(path.to_vec(), park.name, "footway");
        }
        add(island_lane(), "Chapel Lane", "residential");
        let line = |(number, (places, name, class)): (usize, (_, String, String))| Line {
            places,
            properties: vec![("id", format!("s{:03}", number + 1)), ("name", name), ("highway", class)],
        };
        let lines: Vec<Line> = lines.into_iter().enumerate().map(line).collect();
        write_lines(ground, path, &lines)
    }

    /// The river between the bridges, and the water between town and island.
    pub fn write_barriers(ground: &Ground, path: &Path) -> Result<()> {
        let river = (0..=LAST_Y).map(|y| ground.corner(RIVER_X, y)).collect();
        let sound = SOUND.map(|(x, y)| Coord { x, y }).to_vec();
        let line = |(number, (places, name)): (usize, (_, &str))| Line {
            places,
            properties: vec![
                ("id", format!("b{}", number + 1)),
                ("name", name.to_owned()),
                ("kind", "water".to_owned()),
            ],
        };
        let lines = [(river, "Mill Brook"), (sound, "The Sound")];
        write_lines(ground, path, &lines.into_iter().enumerate().map(line).collect::<Vec<_>>())
    }

    /// One line for every run of open stretches.
    fn add_runs(
        &self,
        ground: &Ground,
        stretches: impl Iterator<Item = Stretch>,
        name: &str,
        class: &str,
        lines: &mut Vec<(Vec<Coord<f64>>, String, String)>,
    ) {
        let mut run: Vec<Coord<f64>> = Vec::new();
        let mut finish = |run: &mut Vec<Coord<f64>>| {
            if !run.is_empty() {
                lines.push((std::mem::take(run), name.to_owned(), class.to_owned()));
            }
        };
        for stretch in stretches {
            if self.stretches.contains(&stretch) {
                if run.is_empty() {
                    run.push(ground.corner(stretch.x, stretch.y));
                }
                let (x, y) = stretch.end();
                run.push(ground.corner(x, y));
            } else {
                finish(&mut run);
            }
        }
        finish(&mut run);
    }
}

/// The island's one street, closed to a loop.
pub fn island_lane() -> Vec<Coord<f64>> {
    let places =
        [(2_430.0, -820.0), (2_670.0, -830.0), (2_690.0, -680.0), (2_550.0, -650.0), (2_420.0, -690.0)];
    places.iter().chain(&places[..1]).map(|&(x, y)| Coord { x, y }).collect()
}

/// Whether the plan has a street here that people may walk along.
fn is_walkable(stretch: Stretch) -> bool {
    let Stretch { x, y, is_eastward } = stretch;
    let (end_x, end_y) = stretch.end();
    if end_x > LAST_X || end_y > LAST_Y {
        return false;
    }
    if (x == RIVER_X || end_x == RIVER_X) && !(is_eastward && BRIDGES_Y.contains(&y)) {
        return false;
    }
    if x > RIVER_X && (y == MOTORWAY_Y || end_y == MOTORWAY_Y) {
        return false;
    }
    !PARKS.iter().any(|park| park.holds(stretch))
}

/// Closes streets here and there, but never the last way to a corner.
fn close_some(possible: Vec<Stretch>) -> Vec<Stretch> {
    let mut random = Random::stream(2);
    let mut order: Vec<usize> = (0..possible.len()).collect();
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last + 1));
    }
    let is_main = |stretch: &Stretch| {
        if stretch.is_eastward { BRIDGES_Y.contains(&stretch.y) } else { MAIN_X.contains(&stretch.x) }
    };
    let (main, other): (Vec<usize>, Vec<usize>) =
        order.into_iter().partition(|&index| is_main(&possible[index]));
    // A union of corners: a stretch that joins two parts is the only way between them, and stays.
    let mut part: Vec<usize> = (0..(LAST_X + 1) * (LAST_Y + 1)).collect();
    let mut is_open = vec![false; possible.len()];
    for index in main.into_iter().chain(other) {
        let stretch = possible[index];
        let (end_x, end_y) = stretch.end();
        let parts = [(stretch.x, stretch.y), (end_x, end_y)].map(|(x, y)| root(&part, y * (LAST_X + 1) + x));
        let joins = parts[0] != parts[1];
        part[parts[0]] = parts[1];
        is_open[index] = joins || is_main(&stretch) || !random.happens(CLOSED);
    }
    possible.into_iter().zip(is_open).filter(|(_, is_open)| *is_open).map(|(stretch, _)| stretch).collect()
}

fn root(part: &[usize], mut corner: usize) -> usize {
    while part[corner] != corner {
        corner = part[corner];
    }
    corner
}
