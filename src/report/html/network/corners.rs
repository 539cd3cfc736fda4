//! Corners that a new path can join, so that its walks are those of `commonground compare` to the last bit.

use super::block::{Block, PER_DEGREE};
use super::metres::Metres;
use crate::Result;
use crate::crs::Reprojector;
use crate::model::{Street, Tags};
use crate::network::{NodeId, StreetsByPlace};
use crate::{Crs, ErrorKind};
use geo::{BoundingRect, Coord, LineString, MultiPoint, Point};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// A corner is given so many times finer than other positions: a hundredth of a millimetre.
const FINER: f64 = 1e4;
/// The page must find a corner within so many metres, or no path can be tried.
const EXACT_M: f64 = 2e-5;
/// Streets this much farther than the nearest one are as near, in metres.
const AS_NEAR_M: f64 = 1e-3;
/// Classes of new paths, with and without a bridge: `highway`, `bridge`.
const KINDS: [(&str, bool); 2] = [("footway", false), ("footway", true)];

/// How a new path is measured.
#[derive(Debug, Serialize)]
pub(super) struct Paths {
    metres: Metres,
    finer: f64,
    kinds: Vec<PathKind>,
}

/// A class of paths that the traveller may use.
#[derive(Debug, Serialize)]
struct PathKind {
    class: &'static str,
    bridge: bool,
    /// Milliseconds for a metre ahead and back; `None` where that is not allowed.
    pace: [Option<f64>; 2],
}

impl Block<'_> {
    /// For each junction whether a path may end there, and where it is to a hundredth of a millimetre: 0 for no, 1 where streets
    /// meet, 2 at the end of a street, which becomes one with the path.
    ///
    /// `None` where the traveller may not use a path, or the system of the study is too uneven for the page.
    pub(super) fn corners(&mut self) -> Result<Option<Paths>> {
        let kinds: Vec<PathKind> = KINDS.iter().filter_map(|&kind| self.kind(kind)).collect();
        let degrees = self.degrees()?;
        let Some(extent) = MultiPoint::from(degrees.clone()).bounding_rect() else { return Ok(None) };
        let metres = match Metres::over(self.study, extent) {
            Ok(metres) => metres,
            Err(error) if error.kind() == ErrorKind::Crs => return Ok(None),
            Err(error) => return Err(error),
        };
        let away = |(node, &at): (usize, &Coord<f64>)| {
            let (found, place) = (metres.of(at), self.network.place(node as NodeId));
            (found.x - place.x).hypot(found.y - place.y)
        };
        let worst = degrees.iter().enumerate().map(away).fold(0.0, f64::max);
        if kinds.is_empty() || worst > EXACT_M {
            return Ok(None);
        }
        let joints = self.joints(&degrees);
        for (joint, at) in joints.into_iter().zip(&degrees) {
            self.columns.unsigned("corner", joint);
            if joint > 0 {
                for (column, value) in [("corner x", at.x), ("corner y", at.y)] {
                    let coarse = (value * PER_DEGREE).round();
                    self.put(column, (value * PER_DEGREE * FINER).round() as i64 - (coarse * FINER) as i64);
                }
            }
        }
        Ok(Some(Paths { metres, finer: FINER, kinds }))
    }

    /// Junctions in degrees, rounded as the page knows them.
    fn degrees(&self) -> Result<Vec<Coord<f64>>> {
        let to_degrees = Reprojector::new(&self.study.crs, &Crs::wgs84())?;
        let rounded = |value: f64| (value * PER_DEGREE * FINER).round() / (PER_DEGREE * FINER);
        let degrees = |node: NodeId| {
            let at = to_degrees.coord(self.network.place(node))?;
            Ok(Coord { x: rounded(at.x), y: rounded(at.y) })
        };
        (0..self.network.node_count() as NodeId).map(degrees).collect()
    }

    fn kind(&self, (class, bridge): (&'static str, bool)) -> Option<PathKind> {
        let tags = [("highway", class), ("bridge", "yes")].into_iter().take(1 + usize::from(bridge));
        let street = Street {
            line: LineString::from(vec![(0.0, 0.0), (1.0, 0.0)]),
            tags: tags.collect::<Tags>(),
            ..Street::default()
        };
        let traversal = self.network.profile().traversal(&street)?;
        Some(PathKind { class, bridge, pace: [traversal.forward, traversal.backward] })
    }

    /// What a scenario joins at each junction must be its vertex, at its place, whichever of the streets is nearest, and no other
    /// junction may have that vertex: the two sides of a gate have the same.
    fn joints(&self, degrees: &[Coord<f64>]) -> Vec<u64> {
        let streets: Vec<&Street> =
            self.study.streets.iter().filter(|street| street.tags.get("highway").is_some()).collect();
        let by_place = StreetsByPlace::new(streets.iter().map(|street| street.line.clone()).collect());
        let gates: HashSet<i64> = self
            .study
            .streets
            .iter()
            .flat_map(|street| street.barriers.iter().filter_map(|(at, _)| street.vertices.get(*at).copied()))
            .collect();
        let nodes = 0..self.network.node_count() as NodeId;
        let mut sharing: HashMap<i64, usize> = HashMap::new();
        nodes.for_each(|node| *sharing.entry(self.network.vertex(node)).or_default() += 1);
        let mut ends = vec![0_u32; degrees.len()];
        for edge in self.all_edges() {
            self.network.ends(edge).into_iter().for_each(|node| ends[node as usize] += 1);
        }
        let to_study = Reprojector::new(&Crs::wgs84(), &self.study.crs).ok();
        let is_joined = |node: NodeId, at: Coord<f64>| {
            let vertex = self.network.vertex(node);
            let place = to_study.as_ref().and_then(|to_study| to_study.coord(at).ok());
            let Some(place) = place.filter(|_| sharing[&vertex] == 1 && !gates.contains(&vertex)) else {
                return false;
            };
            let mut near = by_place.nearest(Point(place)).peekable();
            let Some(reach) = near.peek().map(|(metres, ..)| metres + AS_NEAR_M) else { return false };
            near.take_while(|(metres, ..)| *metres <= reach).all(|(_, number, piece)| {
                let street = streets[number];
                let away = |at: usize| (street.line.0[at] - place).x.hypot((street.line.0[at] - place).y);
                let nearer = if away(piece) <= away(piece + 1) { piece } else { piece + 1 };
                street.vertices[nearer] == vertex && away(nearer) <= EXACT_M
            })
        };
        let joint = |(node, &at): (usize, &Coord<f64>)| match is_joined(node as NodeId, at) {
            true if ends[node] == 1 => 2,
            joined => u64::from(joined),
        };
        degrees.iter().enumerate().map(joint).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corner_is_told_in_whole_numbers_that_both_sides_divide_alike() {
        for value in [7.418_900_1, -77.036_5, 54.992_903_9] {
            let coarse = (value * PER_DEGREE).round();
            let fine = (value * PER_DEGREE * FINER).round() - coarse * FINER;
            assert_eq!((coarse * FINER + fine) / (PER_DEGREE * FINER), value);
        }
    }
}
