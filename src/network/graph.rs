//! The frozen network: a compact adjacency whose nodes stand in the order of a space-filling curve.

use super::adjacency::{Adjacency, Arc, Direction, Passage};
use super::build::NetworkReport;
use super::profile::TravelProfile;
use super::street_index::StreetIndex;
use crate::{Crs, Minutes};
use geo::{Coord, LineString};
use std::collections::HashSet;

/// Number of a junction, 0 to [`StreetNetwork::node_count`].
pub type NodeId = u32;
/// Number of a street edge, 0 to [`StreetNetwork::edge_count`].
pub type EdgeId = u32;

/// Marks a direction in which an edge may not be used.
pub(super) const CLOSED: u32 = u32::MAX;

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

impl Edge {
    /// Cost of moving from the tail towards the head, and the other way round; of coming that way, when asked `To`.
    pub(super) fn costs(&self, direction: Direction) -> [u32; 2] {
        match direction {
            Direction::From => [self.forward, self.backward],
            Direction::To => [self.backward, self.forward],
        }
    }
}

/// A street network for one travel mode: built once, then only read.
pub struct StreetNetwork {
    pub(super) profile: TravelProfile,
    pub(super) report: NetworkReport,
    /// The system of places and lines, where it is known.
    pub(super) crs: Option<Crs>,
    pub(super) places: Vec<Coord<f64>>,
    /// Id of each node in the data.
    pub(super) vertices: Vec<i64>,
    /// Arcs in the direction of travel.
    pub(super) outgoing: Adjacency,
    /// Arcs against the direction of travel; `None` where they are the same, in a network without one-way streets.
    pub(super) incoming: Option<Adjacency>,
    pub(super) edges: Vec<Edge>,
    pub(super) lines: Vec<LineString<f64>>,
    /// Component of each node; components are numbered from the largest.
    pub(super) components: Vec<u32>,
    pub(super) component_sizes: Vec<u32>,
    /// Where the data was cut.
    pub(super) cuts: Vec<NodeId>,
    pub(super) index: StreetIndex,
    /// Segments that no place joins: both of their ends, as bits.
    pub(super) passed_over: HashSet<[u64; 4]>,
}

/// What a network is made of; the rest follows from it.
pub(super) struct Parts {
    pub(super) profile: TravelProfile,
    pub(super) report: NetworkReport,
    pub(super) crs: Option<Crs>,
    pub(super) places: Vec<Coord<f64>>,
    pub(super) vertices: Vec<i64>,
    pub(super) edges: Vec<Edge>,
    pub(super) lines: Vec<LineString<f64>>,
    pub(super) components: Vec<u32>,
    pub(super) component_sizes: Vec<u32>,
    pub(super) cuts: Vec<NodeId>,
}

impl From<Parts> for StreetNetwork {
    /// Lays out the arcs and makes the index.
    fn from(parts: Parts) -> Self {
        let Parts { profile, report, crs, places, vertices, edges, lines, components, component_sizes, cuts } =
            parts;
        let (outgoing, incoming) = lay_out(places.len(), &edges);
        let index = StreetIndex::new(&lines);
        Self {
            profile,
            report,
            crs,
            places,
            vertices,
            outgoing,
            incoming,
            edges,
            lines,
            components,
            component_sizes,
            cuts,
            index,
            passed_over: HashSet::new(),
        }
    }
}

impl StreetNetwork {
    /// The same network, of which these lines are joined at their ends alone: no place is attached along them, except where
    /// another street runs along the same line.
    #[must_use]
    pub fn joined_at_ends_only<'a>(
        mut self,
        lines: impl IntoIterator<Item = &'a LineString<f64>>,
        others: impl IntoIterator<Item = &'a LineString<f64>>,
    ) -> Self {
        let both_ways = |ends: &[Coord<f64>]| [segment(ends[0], ends[1]), segment(ends[1], ends[0])];
        self.passed_over = lines.into_iter().flat_map(|line| line.0.windows(2)).flat_map(both_ways).collect();
        if !self.passed_over.is_empty() {
            for ends in others.into_iter().flat_map(|line| line.0.windows(2)) {
                for segment in both_ways(ends) {
                    self.passed_over.remove(&segment);
                }
            }
        }
        self
    }

    /// Whether places may be attached to a segment.
    pub(super) fn is_joined(&self, a: Coord<f64>, b: Coord<f64>) -> bool {
        self.passed_over.is_empty() || !self.passed_over.contains(&segment(a, b))
    }

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

    /// Id in the data of the vertex at a junction: the OpenStreetMap node. Both sides of a barrier have the same.
    #[must_use]
    pub fn vertex(&self, node: NodeId) -> i64 {
        self.vertices[node as usize]
    }

    /// The junctions at which an edge begins and ends.
    #[must_use]
    pub fn ends(&self, edge: EdgeId) -> [NodeId; 2] {
        let Edge { tail, head, .. } = self.edges[edge as usize];
        [tail, head]
    }

    /// Length of an edge in metres.
    #[must_use]
    pub fn length_m(&self, edge: EdgeId) -> f64 {
        self.edges[edge as usize].length_m
    }

    /// Travel time along an edge, from its tail to its head and back; `None` where that is not allowed.
    #[must_use]
    pub fn times(&self, edge: EdgeId) -> [Option<Minutes>; 2] {
        let Edge { forward, backward, .. } = self.edges[edge as usize];
        [forward, backward].map(|cost| (cost != CLOSED).then(|| Minutes::from_milliseconds(cost)))
    }

    /// Number of the component that a junction belongs to; components are numbered from the largest.
    #[must_use]
    pub fn component(&self, node: NodeId) -> u32 {
        self.components[node as usize]
    }

    /// What happened to the streets on the way into the network.
    #[must_use]
    pub fn report(&self) -> &NetworkReport {
        &self.report
    }

    /// The system of places and lines, where it is known.
    #[must_use]
    pub fn crs(&self) -> Option<&Crs> {
        self.crs.as_ref()
    }

    /// The same network, knowing the system of its coordinates, which must be metric.
    #[must_use]
    pub fn with_crs(mut self, crs: Crs) -> Self {
        self.crs = Some(crs);
        self
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

    /// The travel mode that the network was built for.
    #[must_use]
    pub fn profile(&self) -> &TravelProfile {
        &self.profile
    }

    pub(super) fn component_of(&self, edge: EdgeId) -> u32 {
        self.components[self.edges[edge as usize].tail as usize]
    }

    /// The arcs to search for an answer to the question.
    pub(super) fn adjacency(&self, direction: Direction) -> &Adjacency {
        match direction {
            Direction::From => &self.outgoing,
            Direction::To => self.incoming.as_ref().unwrap_or(&self.outgoing),
        }
    }
}

/// The arcs of the edges in the direction of travel, and against it where that differs.
fn lay_out(node_count: usize, edges: &[Edge]) -> (Adjacency, Option<Adjacency>) {
    let passages = || {
        let both_ways = |(number, edge): (u32, &Edge)| {
            [
                (edge.tail, edge.head, edge.forward, Passage::new(number, false)),
                (edge.head, edge.tail, edge.backward, Passage::new(number, true)),
            ]
        };
        (0..).zip(edges).flat_map(both_ways).filter(|&(_, _, cost, _)| cost != CLOSED)
    };
    let outgoing = Adjacency::new(node_count, || {
        passages().map(|(tail, head, cost, passage)| (tail, Arc { head, cost }, passage))
    });
    let is_symmetric = edges.iter().all(|edge| edge.forward == edge.backward);
    let incoming = (!is_symmetric).then(|| {
        Adjacency::new(node_count, || {
            passages().map(|(tail, head, cost, passage)| (head, Arc { head: tail, cost }, passage))
        })
    });
    (outgoing, incoming)
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

fn segment(a: Coord<f64>, b: Coord<f64>) -> [u64; 4] {
    [a.x, a.y, b.x, b.y].map(f64::to_bits)
}
