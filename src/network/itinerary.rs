//! One way through the streets, street by street.

use super::adjacency::{Direction, Passage};
use super::attachment::Attachment;
use super::graph::{CLOSED, NodeId, StreetNetwork};
use super::search::LONGEST;
use super::street_graph::PassageReference;
use crate::{Metres, Minutes};
use geo::{Coord, Distance, Euclidean, LineString, Point};
use petgraph::visit;
use std::collections::HashSet;

/// The fastest way between two places.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Itinerary {
    /// From place to place, the ways to the street and from it included.
    pub time: Minutes,
    /// Along the streets, without the ways to the street and from it.
    pub length: Metres,
    /// The way on the streets, from where it meets them to where it leaves them.
    pub line: LineString<f64>,
    /// Street by street, in the order of travel. Empty if the places meet the street at the same position.
    pub steps: Vec<Step>,
}

/// A part of an itinerary on one street.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// Id of the street in the data; where edges were joined, of the first one.
    pub street: i64,
    /// Along the street.
    pub length: Metres,
    /// Along the street.
    pub time: Minutes,
}

/// The fastest way from one place to another; `None` if there is none.
///
/// Its time is that of [`super::each_origin`] to the millisecond. Found by petgraph's A*, which looks first where the
/// straight line to the goal, at the fastest pace in the network, promises the shortest time.
#[must_use]
pub fn route(network: &StreetNetwork, from: &Attachment, to: &Attachment) -> Option<Itinerary> {
    let direct = network.along_one_edge(from, to);
    let trip = Trip::new(network, from, to);
    let around = petgraph::algo::astar(
        &trip,
        trip.start(),
        |node| node == trip.goal(),
        |arc| u64::from(arc.milliseconds),
        |node| trip.at_least(node),
    );
    let around = around.filter(|(cost, _)| direct.is_none_or(|direct| *cost < u64::from(direct)));
    let mut itinerary = Pieces { network, line: vec![from.position], steps: Vec::new() };
    let cost = match around {
        Some((cost, nodes)) => {
            itinerary.follow(from, &nodes[1..nodes.len() - 1], to);
            u32::try_from(cost).ok().filter(|&cost| cost <= LONGEST)?
        }
        None => {
            itinerary.walk(from.edge, from.fraction, to.fraction);
            direct?
        }
    };
    let Pieces { mut line, steps, .. } = itinerary;
    if line.len() == 1 {
        line.push(to.position);
    }
    let length = steps.iter().map(|step| step.length_m).sum();
    Some(Itinerary {
        time: Minutes::from_milliseconds(cost),
        length: Metres::new(length).expect("lengths of streets add up to a length"),
        line: LineString(line),
        steps: steps
            .into_iter()
            .map(|step| Step {
                street: step.street,
                length: Metres::new(step.length_m).expect("a part of a street has a length"),
                time: Minutes::from_milliseconds(step.cost),
            })
            .collect(),
    })
}

/// A step while it still grows.
struct Walked {
    street: i64,
    length_m: f64,
    cost: u32,
}

/// An itinerary while it is put together.
struct Pieces<'a> {
    network: &'a StreetNetwork,
    line: Vec<Coord<f64>>,
    steps: Vec<Walked>,
}

impl Pieces<'_> {
    /// From the start to the first of `nodes`, from each to the next, and from the last to the goal.
    fn follow(&mut self, from: &Attachment, nodes: &[NodeId], to: &Attachment) {
        let [first, last] = [nodes[0], nodes[nodes.len() - 1]];
        self.walk(from.edge, from.fraction, self.nearer_end(from, first, Direction::From));
        for pair in nodes.windows(2) {
            let fastest = self
                .network
                .outgoing
                .passages_at(pair[0])
                .filter(|(arc, _)| arc.head == pair[1])
                .min_by_key(|&(arc, passage)| (arc.cost, passage));
            let (_, passage) = fastest.expect("an arc leads to the next node of the way");
            let [begin, end] = if passage.is_backward() { [1.0, 0.0] } else { [0.0, 1.0] };
            self.walk(passage.edge(), begin, end);
        }
        self.walk(to.edge, self.nearer_end(to, last, Direction::To), to.fraction);
    }

    /// Fraction, 0 or 1, at which `node` ends the edge of an attachment; the cheaper one of a ring.
    fn nearer_end(&self, at: &Attachment, node: NodeId, direction: Direction) -> f64 {
        let edge = &self.network.edges[at.edge as usize];
        let ways = self.network.ways_by_end(at, direction);
        let ends = [(edge.tail, 0.0), (edge.head, 1.0)].into_iter().zip(ways);
        ends.filter(|((end, _), _)| *end == node)
            .filter_map(|((_, fraction), cost)| Some((cost?, fraction)))
            .min_by_key(|(cost, _)| *cost)
            .map_or(at.fraction, |(_, fraction)| fraction)
    }

    /// Adds the part of an edge between two fractions of its length.
    fn walk(&mut self, edge: u32, begin: f64, end: f64) {
        if begin == end {
            return;
        }
        let network = self.network;
        self.line.extend(network.part_of_line(edge, begin, end).0.into_iter().skip(1));
        let (street, length_m) = (network.street(edge), network.edges[edge as usize].length_m);
        let walked = Walked {
            street,
            length_m: length_m * (end - begin).abs(),
            cost: network.cost_along(edge, begin, end),
        };
        match self.steps.last_mut().filter(|last| last.street == street) {
            Some(last) => {
                last.length_m += walked.length_m;
                last.cost += walked.cost;
            }
            None => self.steps.push(walked),
        }
    }
}

/// The network with a start and a goal beside its streets, as a graph of petgraph.
struct Trip<'a> {
    network: &'a StreetNetwork,
    leave: Vec<(NodeId, u32)>,
    arrive: Vec<(NodeId, u32)>,
    goal: Coord<f64>,
    /// Milliseconds that a metre takes at least.
    fastest_pace: f64,
}

/// Parts of edges are rounded to milliseconds: an estimate may be this much too long.
const ROUNDING_MS: f64 = 2.0;

impl<'a> Trip<'a> {
    fn new(network: &'a StreetNetwork, from: &Attachment, to: &Attachment) -> Self {
        let paces = network.edges.iter().filter(|edge| edge.length_m > 0.0).flat_map(|edge| {
            let costs = [edge.forward, edge.backward].into_iter().filter(|&cost| cost != CLOSED);
            costs.map(|cost| f64::from(cost) / edge.length_m)
        });
        Self {
            network,
            leave: network.ways(from, Direction::From).collect(),
            arrive: network.ways(to, Direction::To).collect(),
            goal: to.position,
            fastest_pace: paces.fold(f64::INFINITY, f64::min),
        }
    }

    fn start(&self) -> NodeId {
        self.network.node_count() as NodeId
    }

    fn goal(&self) -> NodeId {
        self.network.node_count() as NodeId + 1
    }

    /// Milliseconds from a node to the goal that no way can beat.
    fn at_least(&self, node: NodeId) -> u64 {
        let Some(&place) = self.network.places.get(node as usize) else { return 0 };
        let metres = Euclidean.distance(Point::from(place), Point::from(self.goal));
        (metres * self.fastest_pace - ROUNDING_MS).max(0.0) as u64
    }

    fn arcs(&self, node: NodeId) -> impl Iterator<Item = PassageReference> + '_ {
        let arc = move |target, milliseconds| PassageReference {
            source: node,
            target,
            milliseconds,
            passage: Passage::NONE,
        };
        let is_start = node == self.start();
        let leave = self.leave.iter().filter(move |_| is_start).map(move |&(next, cost)| arc(next, cost));
        let is_street = (node as usize) < self.network.node_count();
        let along = is_street.then(|| self.network.outgoing.at(node)).into_iter().flatten();
        let arrive = self.arrive.iter().filter(move |(last, _)| *last == node);
        leave
            .chain(along.map(move |next| arc(next.head, next.cost)))
            .chain(arrive.map(move |&(_, cost)| arc(self.goal(), cost)))
    }
}

impl visit::GraphBase for Trip<'_> {
    type NodeId = NodeId;
    type EdgeId = Passage;
}

impl visit::Data for Trip<'_> {
    type NodeWeight = ();
    type EdgeWeight = u32;
}

impl visit::Visitable for Trip<'_> {
    type Map = HashSet<NodeId>;

    fn visit_map(&self) -> HashSet<NodeId> {
        HashSet::new()
    }

    fn reset_map(&self, map: &mut HashSet<NodeId>) {
        map.clear();
    }
}

impl<'a> visit::IntoNeighbors for &'a Trip<'_> {
    type Neighbors = Box<dyn Iterator<Item = NodeId> + 'a>;

    fn neighbors(self, node: NodeId) -> Self::Neighbors {
        Box::new(self.arcs(node).map(|arc| arc.target))
    }
}

impl<'a> visit::IntoEdgeReferences for &'a Trip<'_> {
    type EdgeRef = PassageReference;
    type EdgeReferences = Box<dyn Iterator<Item = PassageReference> + 'a>;

    fn edge_references(self) -> Self::EdgeReferences {
        Box::new((0..=self.start()).flat_map(|node| self.arcs(node)))
    }
}

impl<'a> visit::IntoEdges for &'a Trip<'_> {
    type Edges = Box<dyn Iterator<Item = PassageReference> + 'a>;

    fn edges(self, node: NodeId) -> Self::Edges {
        Box::new(self.arcs(node))
    }
}
