//! The arcs at each node, laid out in one array: what the search reads.

use super::graph::{EdgeId, NodeId};
use super::search::LONGEST;

/// Which question is asked about a place, where streets are one-way and the answers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// Where can one go from the place?
    From,
    /// From where can the place be reached?
    To,
}

impl Direction {
    pub(super) fn opposite(self) -> Self {
        match self {
            Self::From => Self::To,
            Self::To => Self::From,
        }
    }
}

/// One direction of an edge, as the search sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arc {
    pub(super) head: NodeId,
    /// Milliseconds.
    pub(super) cost: u32,
}

/// A street edge in one of its two directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Passage(u32);

impl Passage {
    /// No edge in particular.
    pub(super) const NONE: Self = Self(u32::MAX);

    pub(super) fn new(edge: EdgeId, is_backward: bool) -> Self {
        Self(2 * edge + u32::from(is_backward))
    }

    /// The edge.
    #[must_use]
    pub fn edge(self) -> EdgeId {
        self.0 / 2
    }

    /// Whether it leads from the head of the edge to its tail.
    #[must_use]
    pub fn is_backward(self) -> bool {
        self.0 % 2 == 1
    }

    pub(super) fn reversed(self) -> Self {
        Self(self.0 ^ 1)
    }
}

/// All arcs by the node that they leave.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Adjacency {
    /// `arcs[first[node] as usize..first[node + 1] as usize]` leave `node`.
    first: Vec<u32>,
    arcs: Vec<Arc>,
    /// What each arc is a part of; kept apart, because no search reads it.
    passages: Vec<Passage>,
    bucket_bits: u32,
}

impl Adjacency {
    /// Lays out arcs given with the node that each leaves; those of one node keep their order.
    pub(super) fn new<I>(node_count: usize, arcs: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = (NodeId, Arc, Passage)>,
    {
        let mut first = vec![0_u32; node_count + 1];
        for (tail, _, _) in arcs() {
            first[tail as usize + 1] += 1;
        }
        for node in 0..node_count {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut laid_out = vec![Arc { head: 0, cost: 0 }; first[node_count] as usize];
        let mut passages = vec![Passage::NONE; laid_out.len()];
        for (tail, arc, passage) in arcs() {
            // What is longer than any search is as good as that, and its sums do not wrap.
            let at = next[tail as usize] as usize;
            laid_out[at] = Arc { cost: arc.cost.min(LONGEST + 1), ..arc };
            passages[at] = passage;
            next[tail as usize] += 1;
        }
        let bucket_bits = bucket_bits(&laid_out);
        Self { first, arcs: laid_out, passages, bucket_bits }
    }

    /// Costs that are equal but for this many last bits share a bucket of the search's queue.
    #[inline]
    pub(super) fn bucket_bits(&self) -> u32 {
        self.bucket_bits
    }

    /// The arcs that leave `node`.
    #[inline]
    pub(super) fn at(&self, node: NodeId) -> &[Arc] {
        let node = node as usize;
        &self.arcs[self.first[node] as usize..self.first[node + 1] as usize]
    }

    /// The arcs that leave `node`, with what they are a part of.
    pub(super) fn passages_at(&self, node: NodeId) -> impl Iterator<Item = (Arc, Passage)> {
        let node = node as usize;
        let range = self.first[node] as usize..self.first[node + 1] as usize;
        self.arcs[range.clone()].iter().copied().zip(self.passages[range].iter().copied())
    }

    /// Number of arcs.
    pub(super) fn len(&self) -> usize {
        self.arcs.len()
    }
}

/// A bucket spans about a quarter of the mean cost: few nodes are visited twice, few buckets are empty.
fn bucket_bits(arcs: &[Arc]) -> u32 {
    let total: u64 = arcs.iter().map(|arc| u64::from(arc.cost)).sum();
    let mean = total / (arcs.len() as u64).max(1);
    (mean / 4).max(1).ilog2()
}
