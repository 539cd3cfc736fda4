//! The bounded shortest-path search that every query runs on.
//!
//! Costs are whole milliseconds, so a bucket queue serves: a bucket holds the nodes whose cost lies in the same
//! interval of [`BUCKET_BITS`] bits. Inside a bucket costs are corrected until none falls any more, which makes
//! the result exact whatever the width (Denardo & Fox 1979; Meyer & Sanders 2003 with one processor).

use super::graph::{NodeId, StreetNetwork};

/// A bucket spans 2¹³ ms: about eleven metres on foot.
const BUCKET_BITS: u32 = 13;
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

    /// Finds every node within `limit` (inclusive) of the seeds.
    ///
    /// `visit` learns each node with its cost; the same node may come again with a lower one, and the lowest
    /// is the shortest.
    pub(super) fn run(
        &mut self,
        network: &StreetNetwork,
        seeds: impl Iterator<Item = (NodeId, u32)>,
        limit: u32,
        mut visit: impl FnMut(NodeId, u32),
    ) {
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
                visit(node, cost);
                for arc in network.arcs_from(node) {
                    self.offer(arc.head, cost.saturating_add(arc.cost), limit);
                }
            }
            current += 1;
        }
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
