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
use super::reach::{Row, each_origin};
use super::search::limit_of;
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Minutes, Result};
use rayon::prelude::*;

/// So many labels at most are kept at the junctions, by thread: a quarter of a gigabyte. Where `count` asks for more, each origin
/// searches by itself.
const MOST_LABELS: usize = 1 << 25;

/// The closest places of each origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosestPlaces {
    /// `found[first[origin]..first[origin + 1]]` are those of an origin, the nearest first.
    first: Vec<usize>,
    found: Vec<Label>,
}

impl ClosestPlaces {
    /// Number and travel time of the places closest to an origin, nearest first; places equally near stand in the order
    /// of their numbers. Fewer than asked for where fewer are within the limit.
    pub fn of(&self, origin: usize) -> impl Iterator<Item = (usize, Minutes)> + '_ {
        let labels = &self.found[self.first[origin]..self.first[origin + 1]];
        labels.iter().map(|label| (label.place() as usize, Minutes::from_milliseconds(label.cost())))
    }

    /// Travel time to the closest place of each origin; `None` where there is none within the limit.
    #[must_use]
    pub fn minutes(&self) -> Vec<Option<Minutes>> {
        (0..self.first.len() - 1).map(|origin| self.of(origin).next().map(|(_, minutes)| minutes)).collect()
    }

    /// From the labels of each origin in turn, lot by lot.
    fn of_lots(lots: Vec<Vec<Vec<Label>>>) -> Self {
        let (mut first, mut found) = (vec![0], Vec::new());
        for labels in lots.into_iter().flatten() {
            found.extend(labels);
            first.push(found.len());
        }
        Self { first, found }
    }
}

/// The `count` places closest to each origin, by travel time from the origin to the place.
///
/// - `limit`: places farther than this (inclusive) are absent.
///
/// The work grows with the network and `count`, not with the number of origins times places; where `count` is so high that
/// the junctions cannot keep as many places, every origin is searched from instead, with the same answer.
///
/// # Errors
/// [`ErrorKind::Parameter`] if `count` is 0 or `limit` is longer than 24 days; [`ErrorKind::Cancelled`] if `progress` asks to
/// stop.
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
/// Those of [`closest`]; `progress` advances by one per category.
pub fn closest_of_each(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    categories: &[&Destinations],
    count: usize,
    limit: Minutes,
    progress: &dyn Progress,
) -> Result<Vec<ClosestPlaces>> {
    closest_keeping(MOST_LABELS, network, origins, categories, count, limit, progress)
}

fn closest_keeping(
    most: usize,
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
    let milliseconds = limit_of(limit)?;
    progress.start("searching outward from the places", categories.len() as u64);
    let doors = [Direction::From, Direction::To].map(|direction| {
        let is_asked = categories.iter().any(|places| places.direction() == direction);
        let doors =
            || origins.par_iter().map(|origin| Doors::of(network, origin.as_ref()?, direction)).collect();
        if is_asked { doors() } else { Vec::new() }
    });
    categories
        .par_iter()
        .map_init(Labels::default, |labels, destinations| {
            // Nobody is close to more places than there are.
            let count = count.min(destinations.len()).max(1);
            let found = if network.node_count().saturating_mul(count) > most && count > 1 {
                one_by_one(network, origins, destinations, count, limit, progress)?
            } else {
                labels.spread(network, destinations, count, milliseconds, progress)?;
                let doors = &doors[destinations.direction() as usize];
                labels.at_origins(network, origins, doors, destinations, milliseconds, progress)?
            };
            progress.advance(1);
            Ok(found)
        })
        .collect()
}

/// The closest places by a search from each origin, whose memory does not grow with the junctions times `count`.
fn one_by_one(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    count: usize,
    limit: Minutes,
    progress: &dyn Progress,
) -> Result<ClosestPlaces> {
    let nearest = |row: Row<'_>| {
        let label = |(place, cost): (usize, u32)| Label::new(cost, place as u32);
        let mut labels: Vec<Label> = row.milliseconds().map(label).collect();
        labels.sort_unstable();
        labels.truncate(count);
        labels
    };
    let found = each_origin(network, origins, destinations, limit, &OnlyStops(progress), nearest)?;
    Ok(ClosestPlaces::of_lots(vec![found.into_iter().map(Option::unwrap_or_default).collect()]))
}

/// Listens to no progress, for a part of a step that is counted as a whole.
struct OnlyStops<'a>(&'a dyn Progress);

impl Progress for OnlyStops<'_> {
    fn start(&self, _step: &str, _total: u64) {}
    fn advance(&self, _units: u64) {}
    fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
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
#[derive(Default)]
struct Labels {
    count: usize,
    labels: Vec<Label>,
    /// Labels that wait to be spread, by cost as in the one-origin search.
    buckets: Vec<Vec<(NodeId, Label)>>,
}

impl Labels {
    fn at(&self, node: NodeId) -> &[Label] {
        &self.labels[node as usize * self.count..][..self.count]
    }

    /// Spreads labels from the places outward, against the journey, until none gets better; forgets the run before.
    fn spread(
        &mut self,
        network: &StreetNetwork,
        destinations: &Destinations,
        count: usize,
        limit: u32,
        progress: &dyn Progress,
    ) -> Result<()> {
        self.count = count;
        self.labels.clear();
        self.labels.resize(network.node_count() * count, NONE);
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
    ) -> Result<ClosestPlaces> {
        const LOT: usize = 4_096;
        let targets = destinations.targets();
        let closest_to = |origin: &Attachment, doors: &Doors, found: &mut [Label]| {
            found.fill(NONE);
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
            known(found).copied().collect()
        };
        let lots = origins.par_chunks(LOT).zip(doors.par_chunks(LOT)).map(|(origins, doors)| {
            go_on(progress)?;
            let mut found = vec![NONE; self.count];
            let labels = origins.iter().zip(doors).map(|(origin, doors)| match (origin, doors) {
                (Some(origin), Some(doors)) => closest_to(origin, doors, &mut found),
                _ => Vec::new(),
            });
            Ok(labels.collect())
        });
        Ok(ClosestPlaces::of_lots(lots.collect::<Result<_>>()?))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Traveller;
    use crate::network::{BuildOptions, EdgeTable, TravelProfile};
    use crate::progress::Quiet;

    #[test]
    fn a_million_closest_places_are_all_there_are_and_searches_find_the_same() {
        // A ring of 30 nodes, a minute each; equally far places stand in the order of their numbers.
        let edges = EdgeTable {
            from: (0..30).collect(),
            to: (0..30).map(|node| (node + 1) % 30).collect(),
            minutes: Some(vec![1.0; 30]),
            ..EdgeTable::default()
        };
        let profile = TravelProfile::of(Traveller::Adult);
        let options = BuildOptions::default();
        let network = StreetNetwork::from_edges(None, &edges, profile, options, &Quiet).unwrap();
        let mut nodes: Vec<_> = (0..30).map(|node| network.at_node(node)).collect();
        nodes.push(None);
        let (places, limit) = (Destinations::at(&network, &nodes[..12]), Minutes::new(9.0).unwrap());
        let found = closest(&network, &nodes, &places, 1_000_000, limit, &Quiet).unwrap();
        let asked = |count| {
            let searched = closest_keeping(0, &network, &nodes, &[&places], count, limit, &Quiet).unwrap();
            assert_eq!(searched, [closest(&network, &nodes, &places, count, limit, &Quiet).unwrap()]);
        };
        [2, 5, 12].into_iter().for_each(asked);
        assert_eq!(found.of(30).count(), 0);
        assert!((1..=12).contains(&found.of(0).count()));
        assert!(
            found.minutes()[30].is_none()
                && found.of(3).next().unwrap() == (3, Minutes::from_milliseconds(0))
        );
    }
}
