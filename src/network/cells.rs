//! A network in cells that are read one by one, and the part of it that some cells make.
//!
//! Junctions stand along a curve, so that a run of them is a piece of ground: a cell. It holds every edge with an end among
//! its junctions, and how many edges end at each of them in the whole network. A search that stays within some cells finds
//! the times of the whole network, to the last bit: every junction of a shortest way is no farther than its end, an edge less
//! never makes a way shorter, and times are sums of the same whole milliseconds. [`Cut::lacking`] proves that it stays there.
//!
//! ```text
//!   cell 0          cell 1          an edge between two cells is in both
//!   0 ─ 1 ─ 2 ─────── 3 ─ 4
//! ```

use super::adjacency::Direction;
use super::attachment::Attachment;
use super::build::NetworkReport;
use super::encode::{Reader, Writer, damaged};
use super::graph::{Edge, EdgeId, NodeId, Parts, StreetNetwork};
use super::profile::TravelProfile;
use super::search::{Search, limit_of};
use crate::{Metres, Minutes, Result};
use geo::{Coord, LineString};
use std::ops::Range;

/// A run of junctions along the curve, with the streets that meet there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    first: NodeId,
    /// How many ends of edges meet at each junction, in the whole network.
    degrees: Vec<u32>,
    /// In the order of their numbers.
    edges: Vec<CellEdge>,
}

/// An edge by its number in the whole network, as a search needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct CellEdge {
    number: EdgeId,
    tail: NodeId,
    head: NodeId,
    /// Milliseconds, or closed, as in the network.
    forward: u32,
    backward: u32,
}

impl StreetNetwork {
    /// The network in cells of `size` junctions, at least 1.
    pub(crate) fn cells(&self, size: usize) -> Vec<Cell> {
        let size = size.max(1);
        let cell = |first: usize| Cell {
            first: first as NodeId,
            degrees: vec![0; size.min(self.node_count() - first)],
            edges: Vec::new(),
        };
        let mut cells: Vec<Cell> = (0..self.node_count()).step_by(size).map(cell).collect();
        for (number, &Edge { tail, head, forward, backward, .. }) in (0..).zip(&self.edges) {
            let places = [tail, head].map(|node| (node as usize / size, node as usize % size));
            for (cell, junction) in places {
                cells[cell].degrees[junction] += 1;
            }
            let edge = CellEdge { number, tail, head, forward, backward };
            cells[places[0].0].edges.push(edge);
            if places[1].0 != places[0].0 {
                cells[places[1].0].edges.push(edge);
            }
        }
        cells
    }
}

impl Cell {
    /// Numbers of its junctions in the whole network.
    pub(crate) fn junctions(&self) -> Range<NodeId> {
        self.first..self.first + self.degrees.len() as NodeId
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer(Vec::with_capacity(12 + 4 * self.degrees.len() + 20 * self.edges.len()));
        out.u32(self.first);
        out.u32(self.degrees.len() as u32);
        out.u32(self.edges.len() as u32);
        self.degrees.iter().for_each(|&degree| out.u32(degree));
        for edge in &self.edges {
            [edge.number, edge.tail, edge.head, edge.forward, edge.backward]
                .into_iter()
                .for_each(|value| out.u32(value));
        }
        out.0
    }

    /// What [`Cell::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Format`] if the bytes were cut or make no cell.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let mut input = Reader(bytes);
        let [first, junctions, edges] = [input.u32()?, input.u32()?, input.u32()?];
        let degrees = input.many(junctions, 4, Reader::u32)?;
        let edges = input.many(edges, 20, |input| {
            let [number, tail, head] = [input.u32()?, input.u32()?, input.u32()?];
            Ok(CellEdge { number, tail, head, forward: input.u32()?, backward: input.u32()? })
        })?;
        let is_whole = input.0.is_empty()
            && first.checked_add(junctions).is_some()
            && edges.is_sorted_by(|a, b| a.number < b.number);
        if is_whole { Ok(Self { first, degrees, edges }) } else { Err(damaged()) }
    }
}

/// The part of a network that some of its cells make. Junctions and edges keep their order, but not their numbers.
pub(crate) struct Cut {
    network: StreetNetwork,
    /// Number of each junction in the whole network, ascending.
    nodes: Vec<NodeId>,
    /// Number of each edge in the whole network, ascending.
    edges: Vec<EdgeId>,
    /// Ends of edges at each junction in the whole network; `None` of a junction beyond the cells.
    degrees: Vec<Option<u32>>,
}

impl Cut {
    /// Puts cells together.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Format`] if two of them are not of one network.
    pub(crate) fn of(cells: &[Cell], profile: TravelProfile) -> Result<Self> {
        let mut edges: Vec<CellEdge> = cells.iter().flat_map(|cell| cell.edges.iter().copied()).collect();
        edges.sort_unstable_by_key(|edge| (edge.number, edge.tail, edge.head, edge.forward, edge.backward));
        edges.dedup();
        if !edges.is_sorted_by(|a, b| a.number < b.number) {
            return Err(damaged());
        }
        let mut nodes: Vec<NodeId> = edges.iter().flat_map(|edge| [edge.tail, edge.head]).collect();
        nodes.extend(cells.iter().flat_map(Cell::junctions));
        nodes.sort_unstable();
        nodes.dedup();
        let mut degrees = vec![None; nodes.len()];
        for cell in cells {
            let begin = nodes.partition_point(|&node| node < cell.first);
            for (known, &degree) in degrees[begin..].iter_mut().zip(&cell.degrees) {
                *known = Some(degree);
            }
        }
        let here = |node: NodeId| nodes.partition_point(|&known| known < node) as NodeId;
        let edge = |edge: &CellEdge| Edge {
            tail: here(edge.tail),
            head: here(edge.head),
            length_m: 0.0,
            forward: edge.forward,
            backward: edge.backward,
            street: 0,
            off_ground: false,
        };
        // Times alone: nobody asks a cut where its streets lie.
        let parts = Parts {
            profile,
            report: NetworkReport::default(),
            crs: None,
            places: vec![Coord::zero(); nodes.len()],
            vertices: nodes.iter().map(|&node| i64::from(node)).collect(),
            edges: edges.iter().map(edge).collect(),
            lines: vec![LineString(Vec::new()); edges.len()],
            components: vec![0; nodes.len()],
            component_sizes: vec![nodes.len() as u32],
            cuts: Vec::new(),
        };
        let network = StreetNetwork::from(parts);
        Ok(Self { network, nodes, edges: edges.iter().map(|edge| edge.number).collect(), degrees })
    }

    /// The streets to search: they know times, and not where they lie.
    pub(crate) fn network(&self) -> &StreetNetwork {
        &self.network
    }

    /// A position on an edge of the whole network; `None` if the edge is not among those of the cells.
    ///
    /// - `fraction`, `gap`: as in an [`Attachment`]; its coordinates are not known here.
    pub(crate) fn position(&self, edge: EdgeId, fraction: f64, gap: Metres) -> Option<Attachment> {
        let edge = self.edges.binary_search(&edge).ok()? as EdgeId;
        Some(Attachment { edge, fraction, position: Coord::zero(), gap })
    }

    /// A junction, by its number in the whole network, that lies within `limit` of the homes although edges are missing there:
    /// then times may be wrong. `None` if the cut is whole.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Parameter`] if `limit` is longer than a search.
    pub(crate) fn lacking(
        &self,
        homes: &[Option<Attachment>],
        direction: Direction,
        limit: Minutes,
    ) -> Result<Option<NodeId>> {
        let mut here = vec![0; self.nodes.len()];
        for edge in &self.network.edges {
            [edge.tail, edge.head].into_iter().for_each(|node| here[node as usize] += 1);
        }
        let reached =
            Balls::new(&self.network, limit)?.around(&self.network, homes.iter().flatten(), direction);
        let lacks = |node: &NodeId| self.degrees[*node as usize] != Some(here[*node as usize]);
        Ok(reached.into_iter().find(lacks).map(|node| self.nodes[node as usize]))
    }
}

/// Scratch for asking again and again which junctions lie within a limit of some homes.
pub(crate) struct Balls(Search<1>);

impl Balls {
    /// # Errors
    /// [`crate::ErrorKind::Parameter`] if `limit` is longer than a search.
    pub(crate) fn new(network: &StreetNetwork, limit: Minutes) -> Result<Self> {
        Ok(Self(Search::new(network, limit_of(limit)?)))
    }

    /// Every junction within the limit of at least one start, ascending: one search outward from all of them.
    pub(crate) fn around<'a>(
        &mut self,
        network: &StreetNetwork,
        starts: impl Iterator<Item = &'a Attachment>,
        direction: Direction,
    ) -> Vec<NodeId> {
        let seeds = starts.flat_map(|start| network.ways(start, direction));
        self.0.run(network.adjacency(direction), seeds.map(|(node, cost)| (0, node, cost)));
        self.0.reached().map(|(node, _)| node).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Traveller;
    use crate::network::{BuildOptions, EdgeTable};
    use crate::progress::Quiet;

    /// Whole numbers that look drawn (SplitMix64).
    struct Draws(u64);

    impl Draws {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut bits = self.0;
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (bits ^ (bits >> 31)) % bound
        }
    }

    /// A town of random streets, some of them one-way, loops, parallel or of no length.
    fn town(seed: u64) -> StreetNetwork {
        let mut draws = Draws(seed);
        let mut below = |bound: u64| draws.below(bound) as i64;
        let mut edges =
            EdgeTable { minutes: Some(Vec::new()), oneway: Some(Vec::new()), ..EdgeTable::default() };
        for from in 0..60_i64 {
            for _ in 0..3 {
                edges.from.push(from);
                edges.to.push((from + below(9)) % 60);
                edges.minutes.as_mut().unwrap().push(below(40) as f64 / 10.0);
                edges.oneway.as_mut().unwrap().push(below(3) == 0);
            }
        }
        let profile = TravelProfile::of(Traveller::Car);
        StreetNetwork::from_edges(None, &edges, profile, BuildOptions::default(), &Quiet).unwrap()
    }

    fn position(network: &StreetNetwork, draws: &mut Draws) -> Attachment {
        Attachment {
            edge: draws.below(network.edge_count() as u64) as EdgeId,
            fraction: draws.below(5) as f64 / 4.0,
            position: Coord::zero(),
            gap: Metres::new(draws.below(90) as f64).unwrap(),
        }
    }

    #[test]
    fn a_cell_comes_back_and_a_damaged_one_is_refused() {
        let network = town(1);
        for cell in network.cells(7) {
            let bytes = cell.to_bytes();
            assert_eq!(Cell::from_bytes(&bytes).unwrap(), cell);
            for length in 0..bytes.len() {
                assert!(Cell::from_bytes(&bytes[..length]).is_err());
            }
        }
        let [one, other] = [town(1), town(2)].map(|network| network.cells(60).remove(0));
        assert!(Cut::of(&[one, other], TravelProfile::of(Traveller::Car)).is_err());
    }

    // Of every town, direction and limit: within the ball of the homes all times are those of the whole; and a ball that lacks
    // any one of its junctions is found out.
    #[test]
    fn a_ball_gives_the_times_of_the_whole_and_a_smaller_one_is_found_out() {
        let mut smaller = 0;
        for seed in 0..60 {
            let network = town(seed);
            let mut draws = Draws(1_000 + seed);
            let homes: Vec<Attachment> = (0..3).map(|_| position(&network, &mut draws)).collect();
            let places: Vec<Attachment> = (0..20).map(|_| position(&network, &mut draws)).collect();
            let limit = Minutes::new(2.0 + draws.below(60) as f64 / 10.0).unwrap();
            let direction = [Direction::From, Direction::To][(seed % 2) as usize];
            let ball = Balls::new(&network, limit).unwrap().around(&network, homes.iter(), direction);
            let ends = homes.iter().flat_map(|home| network.ends(home.edge));
            let mut wanted: Vec<NodeId> = ball.iter().copied().chain(ends).collect();
            wanted.sort_unstable();
            wanted.dedup();
            let cells = |without: Option<NodeId>| -> Vec<Cell> {
                let is_wanted = |cell: &Cell| wanted.contains(&cell.first) && Some(cell.first) != without;
                network.cells(1).into_iter().filter(is_wanted).collect()
            };
            let cut = |without| Cut::of(&cells(without), network.profile().clone()).unwrap();
            let moved = |cut: &Cut, places: &[Attachment]| -> Vec<Option<Attachment>> {
                places.iter().map(|at| cut.position(at.edge, at.fraction, at.gap)).collect()
            };
            let whole = cut(None);
            assert_eq!(whole.lacking(&moved(&whole, &homes), direction, limit).unwrap(), None);
            let times = |network: &StreetNetwork,
                         homes: &[Option<Attachment>],
                         places: &[Option<Attachment>]| {
                let entrances = (0..).zip(places).filter_map(|(number, at)| Some((number, (*at)?)));
                let entrances: Vec<_> = entrances.collect();
                let places =
                    crate::network::Destinations::in_direction(network, places.len(), &entrances, direction);
                let row = |row: crate::network::Row<'_>| row.milliseconds().collect::<Vec<_>>();
                crate::network::each_origin(network, homes, &places, limit, &Quiet, row).unwrap()
            };
            let all = |places: &[Attachment]| places.iter().copied().map(Some).collect::<Vec<_>>();
            assert_eq!(
                times(whole.network(), &moved(&whole, &homes), &moved(&whole, &places)),
                times(&network, &all(&homes), &all(&places)),
                "town {seed}"
            );
            for &missing in &ball {
                let cut = cut(Some(missing));
                let homes = moved(&cut, &homes);
                let is_found =
                    homes.contains(&None) || cut.lacking(&homes, direction, limit).unwrap().is_some();
                assert!(is_found, "town {seed} without junction {missing}");
                smaller += 1;
            }
        }
        assert!(smaller > 1_000, "{smaller}");
    }
}
