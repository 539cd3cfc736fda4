//! Junctions and the edges between them, in whole milliseconds, and the streets that each edge is a part of.

use super::block::{Block, segment, steps};
use crate::crs::Reprojector;
use crate::network::EdgeId;
use crate::{Crs, Result};
use geo::Coord;

const JUNCTION: [&str; 2] = ["junction x", "junction y"];

impl Block<'_> {
    /// Junctions in the order of the network, each as steps from the one before.
    pub(super) fn junctions(&mut self) -> Result<Vec<[i64; 2]>> {
        let to_degrees = Reprojector::new(&self.study.crs, &Crs::wgs84())?;
        let mut junctions = Vec::with_capacity(self.network.node_count());
        let mut last = [0, 0];
        for node in 0..self.network.node_count() as u32 {
            let at = steps(to_degrees.coord(self.network.place(node))?);
            self.put(JUNCTION[0], at[0] - last[0]);
            self.put(JUNCTION[1], at[1] - last[1]);
            last = at;
            junctions.push(at);
        }
        Ok(junctions)
    }

    /// Milliseconds for a step of the grid, east and north: what most edges cost.
    pub(super) fn paces(&self, junctions: &[[i64; 2]]) -> [f64; 2] {
        let mut paces: Vec<f64> = Vec::new();
        let metres = |axis: usize| {
            let spread = |of: &dyn Fn(usize) -> f64| {
                let known = (0..junctions.len()).map(of);
                known.clone().fold(f64::MIN, f64::max) - known.fold(f64::MAX, f64::min)
            };
            let steps = spread(&|node| junctions[node][axis] as f64);
            let place = |node: usize| self.network.place(node as u32);
            let all = spread(&|node| if axis == 0 { place(node).x } else { place(node).y });
            if steps > 0.0 { all / steps } else { 0.0 }
        };
        for edge in self.all_edges() {
            let ([ahead, _], length) = (self.costs(edge), self.network.length_m(edge));
            if ahead > 0 && length > 0.0 {
                paces.push(ahead as f64 / length);
            }
        }
        let middle = paces.len() / 2;
        let pace =
            if paces.is_empty() { 0.0 } else { *paces.select_nth_unstable_by(middle, f64::total_cmp).1 };
        [metres(0) * pace, metres(1) * pace]
    }

    /// Ends and milliseconds, as what they differ by from a straight street; the way back only where it differs.
    pub(super) fn edges(&mut self, junctions: &[[i64; 2]], paces: [f64; 2]) {
        let mut last = 0;
        for edge in self.all_edges() {
            let [tail, head] = self.network.ends(edge).map(i64::from);
            let [ahead, back] = self.costs(edge);
            self.columns.unsigned("edge tail", (tail - last) as u64);
            self.put("edge head", head - tail);
            let [east, north] = [0, 1].map(|axis| {
                (junctions[head as usize][axis] - junctions[tail as usize][axis]) as f64 * paces[axis]
            });
            let straight = (east * east + north * north).sqrt().round() as i64;
            self.put("edge ahead", ahead as i64 - straight);
            self.columns.unsigned("edge back", if back == ahead { 0 } else { back + 1 });
            last = tail;
        }
    }

    /// Milliseconds ahead and back, one more; 0 where closed.
    pub(super) fn costs(&self, edge: EdgeId) -> [u64; 2] {
        self.network.times(edge).map(|time| time.map_or(0, |time| u64::from(time.to_milliseconds()) + 1))
    }

    /// Which street each edge is a part of, or which ones, with the milliseconds from the tail at which each but the last ends.
    pub(super) fn edge_streets(&mut self) {
        let mut last = 0;
        for edge in self.all_edges() {
            let spans = self.spans(edge);
            self.columns.unsigned("edge streets", spans.len() as u64 - 1);
            for (at, (street, end)) in spans.iter().enumerate() {
                self.put("street", *street as i64 - last);
                last = *street as i64;
                if at + 1 < spans.len() {
                    self.columns.unsigned("street end", u64::from(*end));
                }
            }
        }
    }

    fn spans(&mut self, edge: EdgeId) -> Vec<(usize, u32)> {
        let coords = &self.network.line(edge).0;
        let [ahead, back] = self.costs(edge);
        let cost = (if ahead > 0 { ahead } else { back }).saturating_sub(1) as f64;
        let length = |ends: &[Coord<f64>]| (ends[1].x - ends[0].x).hypot(ends[1].y - ends[0].y);
        let all: f64 = coords.windows(2).map(length).sum();
        let mut spans: Vec<(usize, u32)> = Vec::new();
        let mut passed = 0.0;
        for ends in coords.windows(2) {
            passed += length(ends);
            let end = if all > 0.0 { (cost * passed / all).round() as u32 } else { 0 };
            let known = self.street_of.get(&segment(ends[0], ends[1])).copied().unwrap_or(0);
            self.segments[known] += 1;
            let street = *self.numbers[known].get_or_insert_with(|| {
                self.streets.push(known);
                self.streets.len() - 1
            });
            match spans.last_mut().filter(|last| last.0 == street) {
                Some(last) => last.1 = end,
                None => spans.push((street, end)),
            }
        }
        spans
    }
}
