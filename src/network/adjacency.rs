//! The arcs at each node, laid out in one array: what the search reads.

use super::graph::NodeId;

/// Which question is asked about a place, where streets are one-way and the answers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

/// All arcs by the node that they leave.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Adjacency {
    /// `arcs[first[node] as usize..first[node + 1] as usize]` leave `node`.
    first: Vec<u32>,
    arcs: Vec<Arc>,
}

impl Adjacency {
    /// Lays out arcs given with the node that each leaves; those of one node keep their order.
    pub(super) fn new<I>(node_count: usize, arcs: impl Fn() -> I) -> Self
    where
        I: Iterator<Item = (NodeId, Arc)>,
    {
        let mut first = vec![0_u32; node_count + 1];
        for (tail, _) in arcs() {
            first[tail as usize + 1] += 1;
        }
        for node in 0..node_count {
            first[node + 1] += first[node];
        }
        let mut next = first.clone();
        let mut laid_out = vec![Arc { head: 0, cost: 0 }; first[node_count] as usize];
        for (tail, arc) in arcs() {
            laid_out[next[tail as usize] as usize] = arc;
            next[tail as usize] += 1;
        }
        Self { first, arcs: laid_out }
    }

    /// The arcs that leave `node`.
    #[inline]
    pub(super) fn at(&self, node: NodeId) -> &[Arc] {
        let node = node as usize;
        &self.arcs[self.first[node] as usize..self.first[node + 1] as usize]
    }
}
