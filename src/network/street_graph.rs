//! The frozen network as petgraph sees it, so that petgraph's own algorithms run on it.

use super::adjacency::{Direction, Passage};
use super::graph::{NodeId, StreetNetwork};
use geo::Coord;
use petgraph::graph::UnGraph;
use petgraph::visit;

/// A network as a directed graph of petgraph: nodes are junctions, edges are streets in one direction, weights are
/// milliseconds. Made by [`StreetNetwork::as_petgraph`]; copying it copies nothing.
#[derive(Debug, Clone, Copy)]
pub struct StreetGraph<'a>(&'a StreetNetwork);

/// A street edge in one direction, as petgraph's algorithms meet it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassageReference {
    pub(super) source: NodeId,
    pub(super) target: NodeId,
    pub(super) milliseconds: u32,
    pub(super) passage: Passage,
}

impl StreetNetwork {
    /// The network as a graph that petgraph's algorithms take.
    ///
    /// ```
    /// # use commonground::{KmPerHour, Quiet, model::Street};
    /// # use commonground::network::{BuildOptions, StreetNetwork, TravelProfile};
    /// # let street = Street {
    /// #     id: 1,
    /// #     line: vec![(0.0, 0.0), (80.0, 0.0)].into(),
    /// #     vertices: vec![1, 2],
    /// #     tags: [("highway", "residential")].into_iter().collect(),
    /// #     ..Street::default()
    /// # };
    /// # let profile = TravelProfile::walking(KmPerHour::new(4.8)?)?;
    /// # let (network, _) = StreetNetwork::build(&[street], profile, BuildOptions::default(), &Quiet)?;
    /// // One street of 80 m: a minute's walk.
    /// let times = petgraph::algo::dijkstra(network.as_petgraph(), 0, None, |street| *street.weight());
    /// assert_eq!(times[&1], 60_000);
    /// # use petgraph::visit::EdgeRef;
    /// # Ok::<(), commonground::Error>(())
    /// ```
    #[must_use]
    pub fn as_petgraph(&self) -> StreetGraph<'_> {
        StreetGraph(self)
    }
}

impl<'a> StreetGraph<'a> {
    fn at(self, node: NodeId, direction: Direction) -> impl Iterator<Item = PassageReference> + 'a {
        self.0.adjacency(direction).passages_at(node).map(move |(arc, passage)| {
            let (source, target, passage) = match direction {
                Direction::From => (node, arc.head, passage),
                // Without one-way streets both directions share the arcs that leave.
                Direction::To if self.0.incoming.is_none() => (arc.head, node, passage.reversed()),
                Direction::To => (arc.head, node, passage),
            };
            PassageReference { source, target, milliseconds: arc.cost, passage }
        })
    }
}

fn asked(direction: petgraph::Direction) -> Direction {
    match direction {
        petgraph::Direction::Outgoing => Direction::From,
        petgraph::Direction::Incoming => Direction::To,
    }
}

impl visit::EdgeRef for PassageReference {
    type NodeId = NodeId;
    type EdgeId = Passage;
    type Weight = u32;

    fn source(&self) -> NodeId {
        self.source
    }

    fn target(&self) -> NodeId {
        self.target
    }

    fn weight(&self) -> &u32 {
        &self.milliseconds
    }

    fn id(&self) -> Passage {
        self.passage
    }
}

impl visit::GraphBase for StreetGraph<'_> {
    type NodeId = NodeId;
    type EdgeId = Passage;
}

impl visit::GraphRef for StreetGraph<'_> {}

impl visit::GraphProp for StreetGraph<'_> {
    type EdgeType = petgraph::Directed;
}

impl visit::Data for StreetGraph<'_> {
    type NodeWeight = Coord<f64>;
    type EdgeWeight = u32;
}

impl petgraph::data::DataMap for StreetGraph<'_> {
    fn node_weight(&self, node: NodeId) -> Option<&Coord<f64>> {
        self.0.places.get(node as usize)
    }

    fn edge_weight(&self, passage: Passage) -> Option<&u32> {
        let edge = self.0.edges.get(passage.edge() as usize)?;
        Some(if passage.is_backward() { &edge.backward } else { &edge.forward })
    }
}

impl visit::NodeCount for StreetGraph<'_> {
    fn node_count(&self) -> usize {
        self.0.node_count()
    }
}

impl visit::EdgeCount for StreetGraph<'_> {
    fn edge_count(&self) -> usize {
        self.0.outgoing.len()
    }
}

impl visit::NodeIndexable for StreetGraph<'_> {
    fn node_bound(&self) -> usize {
        self.0.node_count()
    }

    fn to_index(&self, node: NodeId) -> usize {
        node as usize
    }

    fn from_index(&self, index: usize) -> NodeId {
        index as NodeId
    }
}

impl visit::NodeCompactIndexable for StreetGraph<'_> {}

/// The set of nodes that petgraph's own graphs use.
type NodeMap = <UnGraph<(), ()> as visit::Visitable>::Map;

impl visit::Visitable for StreetGraph<'_> {
    type Map = NodeMap;

    fn visit_map(&self) -> NodeMap {
        NodeMap::with_capacity(self.0.node_count())
    }

    fn reset_map(&self, map: &mut NodeMap) {
        map.clear();
        map.grow(self.0.node_count());
    }
}

impl visit::IntoNodeIdentifiers for StreetGraph<'_> {
    type NodeIdentifiers = std::ops::Range<NodeId>;

    fn node_identifiers(self) -> Self::NodeIdentifiers {
        0..self.0.node_count() as NodeId
    }
}

impl<'a> visit::IntoNodeReferences for StreetGraph<'a> {
    type NodeRef = (NodeId, &'a Coord<f64>);
    type NodeReferences = std::iter::Zip<std::ops::RangeFrom<NodeId>, std::slice::Iter<'a, Coord<f64>>>;

    fn node_references(self) -> Self::NodeReferences {
        (0..).zip(&self.0.places)
    }
}

/// Boxed, because petgraph asks for the iterators' names; algorithms in a hurry run on our own search.
type Boxed<'a, T> = Box<dyn Iterator<Item = T> + 'a>;

impl<'a> visit::IntoNeighbors for StreetGraph<'a> {
    type Neighbors = Boxed<'a, NodeId>;

    fn neighbors(self, node: NodeId) -> Self::Neighbors {
        visit::IntoNeighborsDirected::neighbors_directed(self, node, petgraph::Outgoing)
    }
}

impl<'a> visit::IntoNeighborsDirected for StreetGraph<'a> {
    type NeighborsDirected = Boxed<'a, NodeId>;

    fn neighbors_directed(self, node: NodeId, direction: petgraph::Direction) -> Self::NeighborsDirected {
        Box::new(self.0.adjacency(asked(direction)).at(node).iter().map(|arc| arc.head))
    }
}

impl<'a> visit::IntoEdges for StreetGraph<'a> {
    type Edges = Boxed<'a, PassageReference>;

    fn edges(self, node: NodeId) -> Self::Edges {
        Box::new(self.at(node, Direction::From))
    }
}

impl<'a> visit::IntoEdgesDirected for StreetGraph<'a> {
    type EdgesDirected = Boxed<'a, PassageReference>;

    fn edges_directed(self, node: NodeId, direction: petgraph::Direction) -> Self::EdgesDirected {
        Box::new(self.at(node, asked(direction)))
    }
}

impl<'a> visit::IntoEdgeReferences for StreetGraph<'a> {
    type EdgeRef = PassageReference;
    type EdgeReferences = Boxed<'a, PassageReference>;

    fn edge_references(self) -> Self::EdgeReferences {
        let nodes = 0..self.0.node_count() as NodeId;
        Box::new(nodes.flat_map(move |node| self.at(node, Direction::From)))
    }
}
