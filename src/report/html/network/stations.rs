//! Positions along the streets at which a place or a home can be put.

use super::block::{Block, PER_DEGREE, pair, steps};
use super::homes::Kind;
use crate::crs::Reprojector;
use crate::{Crs, Result};
use geo::{BoundingRect, Coord, Intersects, Point};

/// A place can be put about every so many metres along a street.
const STATION_M: f64 = 50.0;
const STATION: Kind = Kind { edge: "", gap: "station gap", along: "station along" };

impl Block<'_> {
    /// Positions along each edge at which a place can be put, with what the library makes of them: a plan that names the
    /// position gets exactly these numbers. One that the library would put on another street is marked and not offered.
    pub(super) fn stations(&mut self, junctions: &[[i64; 2]]) -> Result<()> {
        let to_study = Reprojector::new(&Crs::wgs84(), &self.study.crs)?;
        let to_degrees = Reprojector::new(&self.study.crs, &Crs::wgs84())?;
        let areas = &self.study.neighbourhoods;
        let boxes: Vec<_> = areas.iter().map(|area| area.shape.bounding_rect()).collect();
        let holds = |area: usize, at: &Point<f64>| {
            boxes[area].is_some_and(|extent| extent.intersects(at)) && areas[area].shape.intersects(at)
        };
        // The next position is most often in the same neighbourhood.
        let mut last = 0;
        for edge in self.all_edges() {
            let count = (self.network.length_m(edge) / STATION_M).round().max(2.0) as u32;
            self.columns.unsigned("stations", u64::from(count) - 2);
            let [tail, head] = self.network.ends(edge).map(|node| junctions[node as usize]);
            for number in 1..count {
                let share = f64::from(number) / f64::from(count);
                let at = steps(to_degrees.coord(along(&self.network.line(edge).0, share))?);
                let straight =
                    |axis: usize| tail[axis] + ((head[axis] - tail[axis]) as f64 * share).round() as i64;
                let step = [0, 1].map(|axis| at[axis] - straight(axis));
                self.put("station x", step[0]);
                self.put("station y", step[1]);
                let written = Coord { x: at[0] as f64 / PER_DEGREE, y: at[1] as f64 / PER_DEGREE };
                let place = Point(to_study.coord(written)?);
                let area = std::iter::once(last).chain(0..areas.len()).find(|&area| holds(area, &place));
                last = area.unwrap_or(last);
                let found =
                    self.trips.attach(self.study, &[place])[0].filter(|at| area.is_some() && at.edge == edge);
                match found.map(|at| self.network.position(&at)) {
                    Some(position) => {
                        self.columns.unsigned(STATION.gap, 1 + pair(position.gap, position.end));
                        self.along(STATION, position, share);
                    }
                    None => self.columns.unsigned(STATION.gap, 0),
                }
            }
        }
        Ok(())
    }
}

/// The position at a share of a line's length.
fn along(line: &[Coord<f64>], share: f64) -> Coord<f64> {
    let length = |ends: &[Coord<f64>]| (ends[1].x - ends[0].x).hypot(ends[1].y - ends[0].y);
    let mut left = share * line.windows(2).map(length).sum::<f64>();
    for ends in line.windows(2) {
        let metres = length(ends);
        if left <= metres && metres > 0.0 {
            return ends[0] + (ends[1] - ends[0]) * (left / metres);
        }
        left -= metres;
    }
    line[line.len() - 1]
}
