//! Places of a study on a map of a page.

use crate::StudyArea;
use geo::{Area, BoundingRect, Coord, LineString, MultiPolygon, Point};
use std::fmt::Write;

/// Width of a map in its own units.
pub(super) const WIDTH: f64 = 900.0;

/// Width of a letter and height of a line of names, in units of the map.
const LETTER: f64 = 6.2;
const LINE: f64 = 13.0;

/// From metres to the map.
pub(super) struct Map {
    west: f64,
    north: f64,
    scale: f64,
    /// In the units of the map.
    pub height: f64,
}

impl Map {
    /// A map of all neighbourhoods and of more places.
    pub fn of(study: &StudyArea, more: impl Iterator<Item = Point<f64>>) -> Self {
        let boxes = study.neighbourhoods.iter().filter_map(|place| place.shape.bounding_rect());
        let mut corners: Vec<Coord<f64>> = boxes.flat_map(|one| [one.min(), one.max()]).collect();
        corners.extend(more.map(|one| one.0));
        let of = |value: fn(&Coord<f64>) -> f64, best: fn(f64, f64) -> f64| {
            corners.iter().map(value).reduce(best).unwrap_or(0.0)
        };
        let (west, east) = (of(|one| one.x, f64::min), of(|one| one.x, f64::max));
        let (south, north) = (of(|one| one.y, f64::min), of(|one| one.y, f64::max));
        let margin = 0.02 * (east - west).max(north - south).max(1.0);
        let scale = WIDTH / (east - west + 2.0 * margin);
        Self {
            west: west - margin,
            north: north + margin,
            scale,
            height: scale * (north - south + 2.0 * margin),
        }
    }

    pub fn at(&self, place: Coord<f64>) -> (f64, f64) {
        (self.scale * (place.x - self.west), self.scale * (self.north - place.y))
    }

    /// A line as a path; points that fall on the one before are left out.
    pub fn line(&self, path: &mut String, line: &LineString<f64>, closed: bool) {
        let mut last = String::new();
        for (number, place) in line.coords().enumerate() {
            let (x, y) = self.at(*place);
            let here = format!("{x:.1} {y:.1}");
            if here != last {
                let _ = write!(path, "{}{here}", if number == 0 { 'M' } else { 'L' });
                last = here;
            }
        }
        path.push_str(if closed { "Z" } else { "" });
    }

    pub fn area(&self, shape: &MultiPolygon<f64>) -> String {
        let mut path = String::new();
        for polygon in shape {
            self.line(&mut path, polygon.exterior(), true);
            polygon.interiors().iter().for_each(|hole| self.line(&mut path, hole, true));
        }
        path
    }

    /// Names of neighbourhoods and where they stand, the largest first, as far as there is room beside those before. Of several names
    /// in one, the first.
    pub fn names<'a>(&self, study: &'a StudyArea) -> Vec<(&'a str, (f64, f64))> {
        let mut places: Vec<_> = study
            .neighbourhoods
            .iter()
            .filter_map(|place| Some((place, place.shape.bounding_rect()?)))
            .collect();
        places.sort_by(|a, b| b.0.shape.unsigned_area().total_cmp(&a.0.shape.unsigned_area()));
        let mut taken: Vec<[f64; 4]> = Vec::new();
        let mut named = Vec::new();
        for (place, around) in places {
            let name = place.name.split([',', '/']).next().unwrap_or_default().trim();
            let (x, y) = self.at(around.center());
            let half = LETTER * name.chars().count() as f64 / 2.0;
            let own = [x - half, y - LINE, x + half, y];
            let meets = |other: &[f64; 4]| {
                own[0] < other[2] && other[0] < own[2] && own[1] < other[3] && other[1] < own[3]
            };
            if own[0] >= 0.0 && own[2] <= WIDTH && !taken.iter().any(meets) {
                taken.push(own);
                named.push((name, (x, y)));
            }
        }
        named
    }
}
