//! Homes along the streets, and who lives in them.

use super::files::write_csv;
use super::ground::{COLUMNS, Ground, ISLAND, ROWS, SIDE, neighbourhood};
use super::random::Random;
use super::streets::{Streets, Stretch, island_lane};
use super::zoning;
use commonground::Result;
use geo::Coord;
use std::path::Path;

/// Metres from the middle of the street to the door.
const SETBACK: f64 = 15.0;
/// Homes on the island.
const ISLAND_HOMES: usize = 24;
/// Where two thirds are newcomers.
const SEGREGATED: [(usize, usize); 4] = [(3, 0), (4, 0), (3, 1), (4, 1)];
/// The housing project, beyond the motorway.
const PROJECT: &str = "Millrace Court";

pub struct Home {
    place: Coord<f64>,
    pub neighbourhood: usize,
    pub dwellings: u32,
    pub residents: u32,
    newcomers: u32,
    over_65: u32,
    without_car: u32,
    project: &'static str,
}

pub struct Homes(pub Vec<Home>);

impl Homes {
    pub fn new(ground: &Ground, streets: &Streets) -> Self {
        let mut random = Random::stream(4);
        let mut homes = Vec::new();
        for row in 0..ROWS {
            for column in 0..COLUMNS {
                let sites = sites(streets, column, row);
                for _ in 0..homes_in(column, row) {
                    let (stretch, is_left) = sites[random.below(sites.len())];
                    let place = beside(ground, stretch, is_left, random.between(0.12, 0.88));
                    let code = zoning::code(column, row, quarter(stretch, is_left, column, row));
                    homes.push(settle(&mut random, place, neighbourhood(column, row), code));
                }
            }
        }
        let lane = island_lane();
        for number in 0..ISLAND_HOMES {
            let at = number as f64 / ISLAND_HOMES as f64 * (lane.len() - 1) as f64;
            let (from, to) = (lane[at as usize], lane[at as usize + 1]);
            homes.push(settle(&mut random, from + (to - from) * (at - at.floor()), ISLAND, "R1"));
        }
        Self(homes)
    }

    pub fn write(&self, path: &Path) -> Result<()> {
        let header =
            "id,easting,northing,dwellings,residents,newcomers,established,over_65,without_car,project";
        let rows = self.0.iter().enumerate().map(|(number, home)| {
            let utm = Ground::utm(home.place);
            vec![
                format!("h{:04}", number + 1),
                format!("{:.1}", utm.x),
                format!("{:.1}", utm.y),
                home.dwellings.to_string(),
                home.residents.to_string(),
                home.newcomers.to_string(),
                (home.residents - home.newcomers).to_string(),
                home.over_65.to_string(),
                home.without_car.to_string(),
                home.project.to_owned(),
            ]
        });
        write_csv(path, header, rows)
    }

    /// Dwellings of a neighbourhood inside a convex ring that runs counter-clockwise.
    pub fn dwellings_in(&self, neighbourhood: usize, ring: &[Coord<f64>]) -> u32 {
        let is_left = |place: Coord<f64>, ends: &[Coord<f64>]| {
            let (along, away) = (ends[1] - ends[0], place - ends[0]);
            along.x * away.y - along.y * away.x >= 0.0
        };
        let inside = |home: &&Home| {
            home.neighbourhood == neighbourhood && ring.windows(2).all(|ends| is_left(home.place, ends))
        };
        self.0.iter().filter(inside).map(|home| home.dwellings).sum()
    }

    /// Residents and dwellings of a neighbourhood.
    pub fn people(&self, neighbourhood: usize) -> (u32, u32) {
        let inside = self.0.iter().filter(|home| home.neighbourhood == neighbourhood);
        inside.fold((0, 0), |(residents, dwellings), home| {
            (residents + home.residents, dwellings + home.dwellings)
        })
    }
}

/// More homes in the middle of the town, none in the docks.
fn homes_in(column: usize, row: usize) -> usize {
    match (column, row) {
        (5, 3) => 0,
        (1..=4, 1..=3) => 96,
        (5..=7, 0..=1) => 76,
        _ => 62,
    }
}

/// Both sides of every street of a neighbourhood, as far as they lie in it.
fn sites(streets: &Streets, column: usize, row: usize) -> Vec<(Stretch, bool)> {
    let (west, south) = (column * SIDE, row * SIDE);
    let mut sites = Vec::new();
    for &stretch in &streets.stretches {
        let Stretch { x, y, is_eastward } = stretch;
        let (along, across, low, high) = if is_eastward { (x, y, west, south) } else { (y, x, south, west) };
        if !(low..low + SIDE).contains(&along) {
            continue;
        }
        // Left of an eastward street is north, left of a northward one is west.
        let (above, below) = (across >= high && across < high + SIDE, across > high && across <= high + SIDE);
        let (left, right) = if is_eastward { (above, below) } else { (below, above) };
        sites.extend(left.then_some((stretch, true)));
        sites.extend(right.then_some((stretch, false)));
    }
    sites
}

/// In which quarter of its neighbourhood a side of a street lies.
fn quarter(stretch: Stretch, is_left: bool, column: usize, row: usize) -> usize {
    let half = SIDE / 2;
    let (mut x, mut y) = (stretch.x, stretch.y);
    if stretch.is_eastward && !is_left {
        y -= 1;
    }
    if !stretch.is_eastward && is_left {
        x -= 1;
    }
    (x - column * SIDE) / half + (y - row * SIDE) / half * 2
}

fn beside(ground: &Ground, stretch: Stretch, is_left: bool, along: f64) -> Coord<f64> {
    let from = ground.corner(stretch.x, stretch.y);
    let to = if stretch.is_eastward {
        ground.corner(stretch.x + 1, stretch.y)
    } else {
        ground.corner(stretch.x, stretch.y + 1)
    };
    let forward = to - from;
    let length = (forward.x * forward.x + forward.y * forward.y).sqrt();
    let left = Coord { x: -forward.y, y: forward.x } / length;
    from + forward * along + left * if is_left { SETBACK } else { -SETBACK }
}

fn settle(random: &mut Random, place: Coord<f64>, neighbourhood: usize, code: &str) -> Home {
    let (column, row) = (neighbourhood % COLUMNS, neighbourhood / COLUMNS);
    let is_project = (column, row) == (5, 1) && code == "R3";
    let dwellings = match code {
        "R3" | "MX" if is_project || random.happens(0.3) => 6 + random.below(11) as u32,
        "R1" => 1,
        _ => 1 + random.below(2) as u32,
    };
    let newcomer_share = if SEGREGATED.contains(&(column, row)) { 0.68 } else { 0.1 };
    let carless_share = match code {
        "R1" => 0.1,
        "R2" => 0.25,
        _ => 0.45,
    };
    let mut home = Home {
        place,
        neighbourhood,
        dwellings,
        residents: 0,
        newcomers: 0,
        over_65: 0,
        without_car: 0,
        project: if is_project { PROJECT } else { "" },
    };
    for _ in 0..dwellings {
        let people = 1 + random.below(4) as u32;
        home.residents += people;
        home.newcomers += people * u32::from(random.happens(newcomer_share));
        home.over_65 += (0..people).filter(|_| random.happens(0.18)).count() as u32;
        home.without_car += people * u32::from(random.happens(carless_share));
    }
    home
}
