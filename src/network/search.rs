//! The bounded shortest-path search that every query runs on, for several origins at once.
//!
//! Costs are whole milliseconds, so a bucket queue serves: a bucket holds the nodes whose cost lies in the same
//! interval. Inside a bucket costs are corrected until none falls any more, which makes the result exact whatever the
//! width (Denardo & Fox 1979; Meyer & Sanders 2003 with one processor).
//!
//! Origins that lie near each other reach much the same streets. They are searched together, one a lane: a node holds
//! a cost for each, and one step along an arc corrects all of them with the same few instructions. A node waits in the
//! bucket of the smallest cost that was corrected, and is visited again if another lane finds a shorter way later, so
//! that each lane ends with exactly the costs of a search of its own. (Lanes as in PHAST, Delling et al. 2011, but on
//! the plain network: there is nothing to prepare.)

use super::adjacency::Adjacency;
use super::graph::{NodeId, StreetNetwork};
use super::number_set::NumberSet;
use crate::units::MILLISECONDS_PER_MINUTE;
use crate::{Error, ErrorKind, Minutes, Result};

/// Origins that are searched together: eight are faster than one by one even where they lie kilometres apart.
pub(super) const LANES: usize = 8;
/// The longest limit of a search, 24 days: the sum of two such costs still fits, so that no sum wraps.
pub(super) const LONGEST: u32 = (1 << 31) - 2;

/// Milliseconds of the limit of a search.
///
/// # Errors
/// [`ErrorKind::Parameter`] if it is longer than [`LONGEST`]: what lies beyond would be left out unasked.
pub(super) fn limit_of(limit: Minutes) -> Result<u32> {
    let milliseconds = limit.to_milliseconds();
    if milliseconds <= LONGEST {
        return Ok(milliseconds);
    }
    let message = format!("a limit of {} minutes is longer than a search can be", limit.get());
    Err(Error::new(ErrorKind::Parameter, message).hint(TooLong.to_string()))
}

/// Refuses what [`limit_of`] does.
pub(crate) fn check_limit(limit: Minutes) -> Result<()> {
    limit_of(limit).map(drop)
}

/// Whether a time is longer than any search, so that nothing beyond it could be reached.
pub(super) fn is_too_long(milliseconds: f64) -> bool {
    milliseconds.round() > f64::from(LONGEST)
}

/// What to say of times that are too long.
pub(super) struct TooLong;

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let minutes = (f64::from(LONGEST) / MILLISECONDS_PER_MINUTE).floor();
        write!(f, "times end at {minutes} minutes (24 days); leave out what nobody reaches")
    }
}

/// Scratch of one thread, reused from search to search: four bytes a node and lane, and four for the queue.
pub(super) struct Search<const LANES: usize> {
    limit: u32,
    /// Milliseconds to each node in each lane; `limit + 1` where it is not reached, which no longer way corrects.
    costs: Vec<[u32; LANES]>,
    reached: NumberSet,
    queue: Queue,
}

impl<const LANES: usize> Search<LANES> {
    /// Searches that find every node within `limit` (inclusive, at most [`LONGEST`]).
    pub(super) fn new(network: &StreetNetwork, limit: u32) -> Self {
        let limit = limit.min(LONGEST);
        let nodes = network.node_count();
        Self {
            limit,
            costs: vec![[limit + 1; LANES]; nodes],
            reached: NumberSet::below(nodes),
            queue: Queue { bucket_of: vec![NONE; nodes], buckets: Vec::new() },
        }
    }

    /// Searches from seeds (lane, node, milliseconds) along the arcs given, and forgets the run before.
    pub(super) fn run(&mut self, adjacency: &Adjacency, seeds: impl Iterator<Item = (usize, NodeId, u32)>) {
        let Self { limit, costs, reached, queue } = self;
        reached.iter().for_each(|node| costs[node as usize] = [*limit + 1; LANES]);
        reached.clear();
        let bits = adjacency.bucket_bits();
        for (lane, node, cost) in seeds {
            let known = &mut costs[node as usize][lane];
            if cost < *known {
                *known = cost;
                reached.insert(node);
                queue.put(node, cost >> bits);
            }
        }
        let mut bucket = 0;
        while (bucket as usize) < queue.buckets.len() {
            while let Some(node) = queue.take(bucket) {
                let from = costs[node as usize];
                for arc in adjacency.at(node) {
                    if let Some(smallest) = correct(&mut costs[arc.head as usize], &from, arc.cost) {
                        reached.insert(arc.head);
                        queue.put(arc.head, (smallest >> bits).max(bucket));
                    }
                }
            }
            bucket += 1;
        }
    }

    /// Each node that a lane reaches, in their order, with the cost in each lane: above the limit in those that do not.
    pub(super) fn reached(&self) -> impl Iterator<Item = (NodeId, &[u32; LANES])> {
        self.reached.iter().map(|node| (node, &self.costs[node as usize]))
    }
}

impl Search<1> {
    /// Milliseconds to a node; above the limit where it is not reached.
    pub(super) fn cost(&self, node: NodeId) -> u32 {
        self.costs[node as usize][0]
    }
}

/// Takes the way that is `cost` longer than `from` in each lane where it is shorter than the one known.
///
/// Returns the smallest cost that was corrected. No sum wraps: both terms are at most [`LONGEST`] + 1.
#[inline]
pub(super) fn correct<const LANES: usize>(
    known: &mut [u32; LANES],
    from: &[u32; LANES],
    cost: u32,
) -> Option<u32> {
    let mut smallest = u32::MAX;
    for (known, from) in known.iter_mut().zip(from) {
        let offered = from + cost;
        let corrected = if offered < *known { offered } else { u32::MAX };
        smallest = smallest.min(corrected);
        *known = (*known).min(corrected);
    }
    (smallest != u32::MAX).then_some(smallest)
}

/// In no bucket.
const NONE: u32 = u32::MAX;

/// Nodes that wait for their visit.
struct Queue {
    /// The bucket in which each node waits, or [`NONE`].
    bucket_of: Vec<u32>,
    /// May hold a node again that has moved to an earlier bucket.
    buckets: Vec<Vec<NodeId>>,
}

impl Queue {
    /// Lets a node wait in a bucket, unless it waits in an earlier one.
    #[inline]
    fn put(&mut self, node: NodeId, bucket: u32) {
        let waits_in = &mut self.bucket_of[node as usize];
        if bucket >= *waits_in {
            return;
        }
        *waits_in = bucket;
        let bucket = bucket as usize;
        if bucket >= self.buckets.len() {
            self.buckets.resize_with(bucket + 1, Vec::new);
        }
        self.buckets[bucket].push(node);
    }

    /// The next node of a bucket.
    #[inline]
    fn take(&mut self, bucket: u32) -> Option<NodeId> {
        loop {
            let node = self.buckets[bucket as usize].pop()?;
            let waits_in = &mut self.bucket_of[node as usize];
            if *waits_in == bucket {
                *waits_in = NONE;
                return Some(node);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KmPerHour;
    use crate::model::Street;
    use crate::network::{BuildOptions, Direction, TravelProfile};
    use crate::progress::Quiet;
    use geo::Coord;

    /// Milliseconds between node 0 of a one-way ring and each node.
    ///
    /// ```text
    ///   2 ← 1
    ///   ↓   ↑     100 m a side, 1 s a metre
    ///   3 → 0
    /// ```
    fn around_the_ring(direction: Direction, limit: u32) -> Vec<(Coord<f64>, u32)> {
        let corners = [(100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (0.0, 0.0)];
        let street = |number: usize| Street {
            id: number as i64,
            line: vec![corners[number], corners[(number + 1) % 4]].into(),
            vertices: vec![number as i64, (number as i64 + 1) % 4],
            tags: [("highway", "footway"), ("oneway:foot", "yes")].into_iter().collect(),
            ..Street::default()
        };
        let streets: Vec<Street> = (0..4).map(street).collect();
        let profile = TravelProfile::walking(KmPerHour::new(3.6).unwrap()).unwrap();
        let options = BuildOptions { simplify: false, ..BuildOptions::default() };
        let (network, _) = StreetNetwork::build(&streets, profile, options, &Quiet).unwrap();
        let start = (0..4).find(|&node| network.place(node) == corners[0].into()).unwrap();
        let mut search = Search::<1>::new(&network, limit);
        search.run(network.adjacency(direction), [(0, start, 0)].into_iter());
        let mut found: Vec<_> = search.reached().map(|(node, &[cost])| (network.place(node), cost)).collect();
        found.sort_by_key(|&(_, cost)| cost);
        found
    }

    #[test]
    fn a_one_way_ring_is_walked_the_other_way_round_when_asked_from_where() {
        let corner = |x, y| Coord { x, y };
        let ahead = [corner(100.0, 0.0), corner(100.0, 100.0), corner(0.0, 100.0), corner(0.0, 0.0)];
        let against = [corner(100.0, 0.0), corner(0.0, 0.0), corner(0.0, 100.0), corner(100.0, 100.0)];
        let costs = [0, 100_000, 200_000, 300_000];
        for (direction, corners) in [(Direction::From, ahead), (Direction::To, against)] {
            let expected: Vec<_> = corners.into_iter().zip(costs).collect();
            assert_eq!(around_the_ring(direction, u32::MAX), expected);
            assert_eq!(around_the_ring(direction, 200_000), expected[..3], "the limit is inclusive");
        }
    }
}
