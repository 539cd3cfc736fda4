//! The closest places of every origin: one search outward from all places at once.
//!
//! ```text
//!   1 ──── a ──── b ──── 2      a keeps place 1, b keeps place 2;
//!                               with two places kept, both know both
//! ```

use super::adjacency::Adjacency;
use super::attachment::Attachment;
use super::destinations::Destinations;
use super::graph::{NodeId, StreetNetwork};
use crate::{Error, ErrorKind, Minutes, Result};
use rayon::prelude::*;

/// The closest places of each origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosestPlaces {
    /// At most so many places an origin.
    count: usize,
    /// `count` entries an origin, the nearest first.
    found: Vec<Label>,
}

impl ClosestPlaces {
    /// Number and travel time of the places closest to an origin, nearest first; places equally near stand in the order
    /// of their numbers. Fewer than asked for where fewer are within the limit.
    pub fn of(&self, origin: usize) -> impl Iterator<Item = (usize, Minutes)> + '_ {
        known(&self.found[origin * self.count..][..self.count])
            .map(|label| (label.place() as usize, Minutes::from_milliseconds(label.cost())))
    }

    /// Travel time to the closest place of each origin; `None` where there is none within the limit.
    #[must_use]
    pub fn minutes(&self) -> Vec<Option<Minutes>> {
        let nearest = self.found.iter().step_by(self.count);
        nearest.map(|label| (*label != NONE).then(|| Minutes::from_milliseconds(label.cost()))).collect()
    }
}

/// The `count` places closest to each origin, by travel time from the origin to the place.
///
/// - `limit`: places farther than this (inclusive) are absent.
///
/// The work grows with the network and `count`, not with the number of origins times places.
///
/// # Errors
/// [`ErrorKind::Parameter`] if `count` is 0.
pub fn closest(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    count: usize,
    limit: Minutes,
) -> Result<ClosestPlaces> {
    if count == 0 {
        return Err(Error::new(ErrorKind::Parameter, "the closest 0 places were asked for"));
    }
    let limit = limit.to_milliseconds().min(u32::MAX - 1);
    let direction = destinations.direction();
    // From the places outward, against the journey.
    let outward = direction.opposite();
    let mut labels = Labels::new(network.node_count(), count);
    let seeds = destinations.entrances().flat_map(|(place, entrance)| {
        network.ways(entrance, outward).map(move |(node, cost)| (node, Label::new(cost, place)))
    });
    labels.spread(network.adjacency(outward), seeds, limit);
    let closest_to = |origin: &Option<Attachment>, found: &mut [Label]| {
        let Some(origin) = origin else { return };
        for (node, way) in network.ways(origin, direction) {
            for label in known(labels.at(node)) {
                keep(found, label.farther(way), limit);
            }
        }
        for (place, entrance) in destinations.targets().on_edge(origin.edge) {
            if let Some(cost) = network.along_one_edge_in(direction, origin, entrance) {
                keep(found, Label::new(cost, *place), limit);
            }
        }
    };
    let mut found = vec![NONE; origins.len() * count];
    found.par_chunks_mut(count).zip(origins).for_each(|(found, origin)| closest_to(origin, found));
    Ok(ClosestPlaces { count, found })
}

/// A place that a node can reach, and at what cost: the cost, then the place, in one number that is quick to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Label(u64);

const NONE: Label = Label(u64::MAX);

impl Label {
    #[inline]
    fn new(cost: u32, place: u32) -> Self {
        Self((u64::from(cost) << 32) | u64::from(place))
    }

    #[inline]
    fn cost(self) -> u32 {
        (self.0 >> 32) as u32
    }

    #[inline]
    fn place(self) -> u32 {
        self.0 as u32
    }

    /// The same place, farther away.
    #[inline]
    fn farther(self, by: u32) -> Self {
        Self::new(self.cost().saturating_add(by), self.place())
    }
}

/// The best labels of each node, of as many different places.
struct Labels {
    count: usize,
    labels: Vec<Label>,
}

impl Labels {
    fn new(node_count: usize, count: usize) -> Self {
        Self { count, labels: vec![NONE; node_count * count] }
    }

    fn at(&self, node: NodeId) -> &[Label] {
        &self.labels[node as usize * self.count..][..self.count]
    }

    /// Spreads labels along the arcs until none gets better. Works on buckets as the one-origin search does.
    fn spread(&mut self, adjacency: &Adjacency, seeds: impl Iterator<Item = (NodeId, Label)>, limit: u32) {
        let bits = adjacency.bucket_bits();
        let mut buckets: Vec<Vec<(NodeId, Label)>> = Vec::new();
        for (node, label) in seeds {
            self.offer(&mut buckets, bits, node, label, limit);
        }
        let mut current = 0;
        while current < buckets.len() {
            while let Some((node, label)) = buckets[current].pop() {
                if !self.at(node).contains(&label) {
                    continue;
                }
                for arc in adjacency.at(node) {
                    self.offer(&mut buckets, bits, arc.head, label.farther(arc.cost), limit);
                }
            }
            current += 1;
        }
    }

    #[inline]
    fn offer(
        &mut self,
        buckets: &mut Vec<Vec<(NodeId, Label)>>,
        bits: u32,
        node: NodeId,
        label: Label,
        limit: u32,
    ) {
        let kept = &mut self.labels[node as usize * self.count..][..self.count];
        if !keep(kept, label, limit) {
            return;
        }
        let bucket = (label.cost() >> bits) as usize;
        if bucket >= buckets.len() {
            buckets.resize_with(bucket + 1, Vec::new);
        }
        buckets[bucket].push((node, label));
    }
}

/// The labels that are there, of a list that ends with the ones that are not.
fn known(labels: &[Label]) -> impl Iterator<Item = &Label> {
    labels.iter().take_while(|label| **label != NONE)
}

/// Keeps a label among the best, each of another place; says whether it was good enough.
#[inline]
fn keep(kept: &mut [Label], label: Label, limit: u32) -> bool {
    let last = kept.len() - 1;
    // Most are not good enough.
    if label.cost() > limit || label >= kept[last] {
        return false;
    }
    // What falls out: the same place at a higher cost, else the last.
    let mut at = kept.iter().position(|other| other.place() == label.place()).unwrap_or(last);
    if kept[at] <= label {
        return false;
    }
    while at > 0 && kept[at - 1] > label {
        kept[at] = kept[at - 1];
        at -= 1;
    }
    kept[at] = label;
    true
}
