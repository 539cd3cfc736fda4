//! The bounded shortest-path search that every query runs on.
//!
//! Costs are whole milliseconds, so a bucket queue serves: a bucket holds the nodes whose cost lies in the same
//! interval of [`BUCKET_BITS`] bits. Inside a bucket costs are corrected until none falls any more, which makes
//! the result exact whatever the width (Denardo & Fox 1979; Meyer & Sanders 2003 with one processor).

use super::adjacency::Adjacency;
use super::graph::{NodeId, StreetNetwork};

/// A bucket spans 2¹³ ms: about eleven metres on foot.
pub(super) const BUCKET_BITS: u32 = 13;
const UNREACHED: u32 = u32::MAX;

/// Scratch of one thread: four bytes a node, reused from search to search.
pub(super) struct Search {
    costs: Vec<u32>,
    reached: Vec<NodeId>,
    buckets: Vec<Vec<(u32, NodeId)>>,
}

impl Search {
    pub(super) fn new(network: &StreetNetwork) -> Self {
        Self { costs: vec![UNREACHED; network.node_count()], reached: Vec::new(), buckets: Vec::new() }
    }

    /// Finds every node within `limit` (inclusive) of the seeds, along the arcs of the direction asked for.
    ///
    /// Returns each node once with its cost, in the order in which they were first reached.
    pub(super) fn run(
        &mut self,
        adjacency: &Adjacency,
        seeds: impl Iterator<Item = (NodeId, u32)>,
        limit: u32,
    ) -> impl Iterator<Item = (NodeId, u32)> {
        for node in self.reached.drain(..) {
            self.costs[node as usize] = UNREACHED;
        }
        let limit = limit.min(UNREACHED - 1);
        for (node, cost) in seeds {
            self.offer(node, cost, limit);
        }
        let mut current = 0;
        while current < self.buckets.len() {
            while let Some((cost, node)) = self.buckets[current].pop() {
                if cost > self.costs[node as usize] {
                    continue;
                }
                for arc in adjacency.at(node) {
                    self.offer(arc.head, cost.saturating_add(arc.cost), limit);
                }
            }
            current += 1;
        }
        self.reached.iter().map(|&node| (node, self.costs[node as usize]))
    }

    #[inline]
    fn offer(&mut self, node: NodeId, cost: u32, limit: u32) {
        let known = &mut self.costs[node as usize];
        if cost >= *known || cost > limit {
            return;
        }
        if *known == UNREACHED {
            self.reached.push(node);
        }
        *known = cost;
        let bucket = (cost >> BUCKET_BITS) as usize;
        if bucket >= self.buckets.len() {
            self.buckets.resize_with(bucket + 1, Vec::new);
        }
        self.buckets[bucket].push((cost, node));
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
        let seeds = [(start, 0)].into_iter();
        let mut search = Search::new(&network);
        let reached = search.run(network.adjacency(direction), seeds, limit);
        let mut found: Vec<_> = reached.map(|(node, cost)| (network.place(node), cost)).collect();
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
