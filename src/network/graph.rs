//! The frozen network: a compact adjacency whose nodes stand in the order of a space-filling curve.

use super::attachment::StreetIndex;
use super::profile::TravelProfile;
use geo::{Coord, LineString};

/// Number of a junction, 0 to [`StreetNetwork::node_count`].
pub type NodeId = u32;
/// Number of a street edge, 0 to [`StreetNetwork::edge_count`].
pub type EdgeId = u32;

/// Marks a direction in which an edge may not be used.
pub(super) const CLOSED: u32 = u32::MAX;

/// One direction of an edge, as the search sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arc {
    pub(super) head: NodeId,
    /// Milliseconds.
    pub(super) cost: u32,
}

/// An edge between two junctions, with its length and what it costs in each direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub(super) tail: NodeId,
    pub(super) head: NodeId,
    pub(super) length_m: f64,
    /// Milliseconds from tail to head, [`CLOSED`] where not allowed.
    pub(super) forward: u32,
    /// Milliseconds from head to tail, [`CLOSED`] where not allowed.
    pub(super) backward: u32,
    /// Id of the street that the edge begins with.
    pub(super) street: i64,
    /// On a bridge or in a tunnel, where nobody steps aside into a park.
    pub(super) off_ground: bool,
}

/// A street network for one way of travelling: built once, then only read.
pub struct StreetNetwork {
    pub(super) profile: TravelProfile,
    pub(super) places: Vec<Coord<f64>>,
    /// `arcs[first_arc[node] as usize..first_arc[node + 1] as usize]` leave `node`.
    pub(super) first_arc: Vec<u32>,
    pub(super) arcs: Vec<Arc>,
    pub(super) edges: Vec<Edge>,
    pub(super) lines: Vec<LineString<f64>>,
    /// Component of each node; components are numbered from the largest.
    pub(super) components: Vec<u32>,
    pub(super) component_sizes: Vec<u32>,
    pub(super) index: StreetIndex,
}

impl StreetNetwork {
    /// Number of junctions.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.places.len()
    }

    /// Number of street edges between junctions.
    #[must_use]
    pub fn edge_count(&self) -> usize {
        self.edges.len()
    }

    /// Number of nodes of each component, largest first.
    #[must_use]
    pub fn component_sizes(&self) -> &[u32] {
        &self.component_sizes
    }

    /// Number of nodes of the component that an edge belongs to.
    #[must_use]
    pub fn component_size_of(&self, edge: EdgeId) -> u32 {
        self.component_sizes[self.component_of(edge) as usize]
    }

    /// Length of all edges in metres.
    #[must_use]
    pub fn total_length_m(&self) -> f64 {
        self.edges.iter().map(|edge| edge.length_m).sum()
    }

    /// Where a junction lies, in the study's metric system.
    #[must_use]
    pub fn place(&self, node: NodeId) -> Coord<f64> {
        self.places[node as usize]
    }

    /// The shape of an edge, from its tail to its head.
    #[must_use]
    pub fn line(&self, edge: EdgeId) -> &LineString<f64> {
        &self.lines[edge as usize]
    }

    /// Id of the street that an edge begins with.
    #[must_use]
    pub fn street(&self, edge: EdgeId) -> i64 {
        self.edges[edge as usize].street
    }

    /// The way of travelling that the network was built for.
    #[must_use]
    pub fn profile(&self) -> &TravelProfile {
        &self.profile
    }

    pub(super) fn component_of(&self, edge: EdgeId) -> u32 {
        self.components[self.edges[edge as usize].tail as usize]
    }

    pub(super) fn arcs_from(&self, node: NodeId) -> &[Arc] {
        let node = node as usize;
        &self.arcs[self.first_arc[node] as usize..self.first_arc[node + 1] as usize]
    }
}

impl std::fmt::Debug for StreetNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StreetNetwork")
            .field("nodes", &self.node_count())
            .field("edges", &self.edge_count())
            .field("components", &self.component_sizes.len())
            .finish_non_exhaustive()
    }
}
