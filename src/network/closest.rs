//! The closest places of every origin: one search outward from all places at once.
//!
//! ```text
//!   1 ──── a ──── b ──── 2      a keeps place 1, b keeps place 2;
//!                               with two places kept, both know both
//! ```

use super::adjacency::Direction;
use super::attachment::Attachment;
use super::destinations::Destinations;
use super::graph::{CLOSED, NodeId, StreetNetwork};
use crate::progress::{Progress, go_on};
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
/// [`ErrorKind::Parameter`] if `count` is 0; [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn closest(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    count: usize,
    limit: Minutes,
    progress: &dyn Progress,
) -> Result<ClosestPlaces> {
    let mut found = closest_of_each(network, origins, &[destinations], count, limit, progress)?;
    Ok(found.swap_remove(0))
}

/// The `count` closest places of each category, as [`closest`] finds them: one result a category, in their order.
///
/// Categories are searched at the same time, each thread with the memory of its search before.
///
/// # Errors
/// Those of [`closest`]; `progress` advances by one a category.
pub fn closest_of_each(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    categories: &[&Destinations],
    count: usize,
    limit: Minutes,
    progress: &dyn Progress,
) -> Result<Vec<ClosestPlaces>> {
    if count == 0 {
        return Err(Error::new(ErrorKind::Parameter, "the closest 0 places were asked for"));
    }
    let limit = limit.to_milliseconds().min(u32::MAX - 1);
    progress.start("searching outward from the places", categories.len() as u64);
    let doors = [Direction::From, Direction::To].map(|direction| {
        let is_asked = categories.iter().any(|places| places.direction() == direction);
        let doors =
            || origins.par_iter().map(|origin| Doors::of(network, origin.as_ref()?, direction)).collect();
        if is_asked { doors() } else { Vec::new() }
    });
    categories
        .par_iter()
        .map_init(
            || Labels::new(network.node_count(), count),
            |labels, destinations| {
                labels.spread(network, destinations, limit, progress)?;
                let doors = &doors[destinations.direction() as usize];
                let found = labels.at_origins(network, origins, doors, destinations, limit, progress)?;
                progress.advance(1);
                Ok(ClosestPlaces { count, found })
            },
        )
        .collect()
}

/// Where journeys of an origin meet the junctions next to it: worked out once for all categories.
#[derive(Debug, Clone, Copy)]
struct Doors {
    nodes: [NodeId; 2],
    /// Milliseconds; [`CLOSED`] where that way is not open.
    costs: [u32; 2],
}

impl Doors {
    fn of(network: &StreetNetwork, origin: &Attachment, direction: Direction) -> Option<Self> {
        let mut doors = Self { nodes: network.ends(origin.edge), costs: [CLOSED; 2] };
        for (node, cost) in network.ways(origin, direction) {
            let end = usize::from(node != doors.nodes[0]);
            doors.costs[end] = doors.costs[end].min(cost);
        }
        Some(doors)
    }

    fn open(self) -> impl Iterator<Item = (NodeId, u32)> {
        self.nodes.into_iter().zip(self.costs).filter(|&(_, cost)| cost != CLOSED)
    }
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

/// The best labels of each node, of as many different places; scratch of one thread.
struct Labels {
    count: usize,
    labels: Vec<Label>,
    /// Labels that wait to be spread, by cost as in the one-origin search.
    buckets: Vec<Vec<(NodeId, Label)>>,
}

impl Labels {
    fn new(node_count: usize, count: usize) -> Self {
        Self { count, labels: vec![NONE; node_count * count], buckets: Vec::new() }
    }

    fn at(&self, node: NodeId) -> &[Label] {
        &self.labels[node as usize * self.count..][..self.count]
    }

    /// Spreads labels from the places outward, against the journey, until none gets better; forgets the run before.
    fn spread(
        &mut self,
        network: &StreetNetwork,
        destinations: &Destinations,
        limit: u32,
        progress: &dyn Progress,
    ) -> Result<()> {
        self.labels.fill(NONE);
        self.buckets.iter_mut().for_each(Vec::clear);
        let outward = destinations.direction().opposite();
        let adjacency = network.adjacency(outward);
        let bits = adjacency.bucket_bits();
        for (place, entrance) in destinations.entrances() {
            for (node, cost) in network.ways(entrance, outward) {
                self.offer(bits, node, Label::new(cost, place), limit);
            }
        }
        let mut current = 0;
        while current < self.buckets.len() {
            go_on(progress)?;
            while let Some((node, label)) = self.buckets[current].pop() {
                if !self.at(node).contains(&label) {
                    continue;
                }
                for arc in adjacency.at(node) {
                    self.offer(bits, arc.head, label.farther(arc.cost), limit);
                }
            }
            current += 1;
        }
        Ok(())
    }

    #[inline]
    fn offer(&mut self, bits: u32, node: NodeId, label: Label, limit: u32) {
        let kept = &mut self.labels[node as usize * self.count..][..self.count];
        if !keep(kept, label, limit) {
            return;
        }
        let bucket = (label.cost() >> bits) as usize;
        if bucket >= self.buckets.len() {
            self.buckets.resize_with(bucket + 1, Vec::new);
        }
        self.buckets[bucket].push((node, label));
    }

    /// The best labels at each origin, once they have been spread.
    fn at_origins(
        &self,
        network: &StreetNetwork,
        origins: &[Option<Attachment>],
        doors: &[Option<Doors>],
        destinations: &Destinations,
        limit: u32,
        progress: &dyn Progress,
    ) -> Result<Vec<Label>> {
        const LOT: usize = 4_096;
        let targets = destinations.targets();
        let closest_to = |origin: &Attachment, doors: &Doors, found: &mut [Label]| {
            for (node, way) in doors.open() {
                for label in known(self.at(node)) {
                    keep(found, label.farther(way), limit);
                }
            }
            for (place, entrance) in targets.on_edge(origin.edge) {
                if let Some(cost) = network.along_one_edge_in(destinations.direction(), origin, entrance) {
                    keep(found, Label::new(cost, *place), limit);
                }
            }
        };
        let mut found = vec![NONE; origins.len() * self.count];
        let lots = found.par_chunks_mut(LOT * self.count).enumerate();
        lots.try_for_each(|(lot, found)| {
            go_on(progress)?;
            for (number, found) in (lot * LOT..).zip(found.chunks_mut(self.count)) {
                if let (Some(origin), Some(doors)) = (&origins[number], &doors[number]) {
                    closest_to(origin, doors, found);
                }
            }
            Ok(())
        })?;
        Ok(found)
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
