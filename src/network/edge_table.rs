//! A network from tables of nodes and edges.

use super::assemble::{Assembly, Junction, Stretch};
use super::build::{BuildOptions, NetworkReport, finish};
use super::graph::StreetNetwork;
use super::ids::IdMap;
use super::profile::{TravelProfile, Traversal};
use super::search::{TooLong, is_too_long};
use crate::progress::Progress;
use crate::units::MILLISECONDS_PER_MINUTE;
use crate::{Error, ErrorKind, Minutes, Result};
use geo::{Coord, Distance, Euclidean, Length, LineString, Point};
use petgraph::graph::NodeIndex;
use std::collections::VecDeque;

/// Nodes with their places in a metric system.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NodeTable {
    /// One id per node, unique.
    pub ids: Vec<i64>,
    /// Where each node lies, in metres.
    pub places: Vec<Coord<f64>>,
}

/// Edges between nodes; every column has one entry per edge.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EdgeTable {
    /// Id of the node that the edge leaves.
    pub from: Vec<i64>,
    /// Id of the node that it reaches.
    pub to: Vec<i64>,
    /// Length in metres, finite and ≥ 0; `None` for the straight distance between the nodes.
    pub length_m: Option<Vec<f64>>,
    /// Travel time in minutes, finite and ≥ 0; `None` for the length at the profile's speed.
    pub minutes: Option<Vec<f64>>,
    /// Whether the edge is used in its direction only; `None` for both directions everywhere.
    pub oneway: Option<Vec<bool>>,
    /// The way of each edge in metres, from one of its nodes to the other; `None` for straight edges. Without
    /// [`EdgeTable::length_m`] its length is the edge's.
    pub lines: Option<Vec<LineString<f64>>>,
}

/// How far the end of a line may lie from the node that it stands for, in metres.
const NODE_WITHIN_M: f64 = 1.0;

impl StreetNetwork {
    /// Builds a network of tables: parallel edges, loops and edges without length are kept, and every node with an edge, for each
    /// has a name to ask for it by; [`BuildOptions::simplify`] joins nothing here. Nodes without edges are counted in
    /// [`NetworkReport::nodes_without_edges`] and left out.
    ///
    /// Without `nodes` there are no places: nodes stand in a row, a metre apart, in the order of a walk in breadth, which
    /// says nothing about the ground but keeps neighbours near each other in memory. Then the edges need a length or a time.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if columns differ in length or neither length nor time is known; [`ErrorKind::Value`],
    /// with the row, if a number is negative or not finite, an edge takes longer than 24 days, an id is not unique or an
    /// edge names an unknown node;
    /// [`ErrorKind::Study`] if there are no edges; [`ErrorKind::Cancelled`].
    ///
    /// # Example
    /// ```
    /// use commonground::network::{BuildOptions, EdgeTable, StreetNetwork, TravelProfile};
    /// use commonground::{Quiet, model::Traveller};
    /// let edges = EdgeTable {
    ///     from: vec![10, 20, 10],
    ///     to: vec![20, 30, 30],
    ///     minutes: Some(vec![1.0, 2.0, 4.0]),
    ///     ..EdgeTable::default()
    /// };
    /// let options = BuildOptions::default();
    /// let profile = TravelProfile::of(Traveller::Adult);
    /// let network = StreetNetwork::from_edges(None, &edges, profile, options, &Quiet)?;
    /// assert_eq!((network.node_count(), network.edge_count()), (3, 3));
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn from_edges(
        nodes: Option<&NodeTable>,
        edges: &EdgeTable,
        profile: TravelProfile,
        options: BuildOptions,
        progress: &dyn Progress,
    ) -> Result<Self> {
        progress.start("building the network", 3);
        edges.check(nodes.is_some())?;
        let mut assembly = Assembly::with_capacity(0, edges.from.len());
        let ends = match nodes {
            Some(nodes) => nodes.add_to(&mut assembly, edges)?,
            None => edges.add_nodes_in_breadth(&mut assembly),
        };
        edges.add_to(&mut assembly, &ends, &profile)?;
        progress.advance(1);
        let nodes_without_edges = nodes.map_or(0, |nodes| nodes.ids.len() - assembly.node_count());
        let mut report = NetworkReport { nodes_without_edges, ..NetworkReport::default() };
        let options = BuildOptions { simplify: false, ..options };
        finish(assembly, profile, options, &mut report, progress)
    }
}

impl NodeTable {
    /// Adds the nodes that an edge uses; returns the two of each edge.
    fn add_to(&self, assembly: &mut Assembly, edges: &EdgeTable) -> Result<Vec<[NodeIndex; 2]>> {
        if self.ids.len() != self.places.len() {
            let message = format!("{} ids for {} places of nodes", self.ids.len(), self.places.len());
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        let mut row_of = IdMap::with_capacity_and_hasher(self.ids.len(), Default::default());
        for (row, (&id, &place)) in self.ids.iter().zip(&self.places).enumerate() {
            let refuse = |what: &str| {
                Error::new(ErrorKind::Value, what).in_layer("nodes").at_row(row + 1).with_id(id.to_string())
            };
            if !(place.x.is_finite() && place.y.is_finite()) {
                return Err(refuse("the place of a node is not finite"));
            }
            if row_of.insert(id, row as u32).is_some() {
                return Err(refuse("the id of a node is not unique"));
            }
        }
        let mut numbers: Vec<Option<NodeIndex>> = vec![None; self.ids.len()];
        let mut node = |edge: usize, id: i64, column: &str| {
            let row = *row_of.get(&id).ok_or_else(|| {
                let error = Error::new(ErrorKind::Value, format!("there is no node `{id}`"));
                error.in_layer("edges").at_row(edge + 1).in_column(column)
            })? as usize;
            let junction = Junction { place: self.places[row], vertex: id, would_go_on: false };
            Ok(*numbers[row].get_or_insert_with(|| assembly.add_node(junction)))
        };
        let ends = edges.from.iter().zip(&edges.to).enumerate();
        ends.map(|(edge, (&from, &to))| Ok([node(edge, from, "from")?, node(edge, to, "to")?])).collect()
    }
}

impl EdgeTable {
    fn check(&self, has_places: bool) -> Result<()> {
        let count = self.from.len();
        let lengths = [
            ("to", Some(self.to.len())),
            ("length_m", self.length_m.as_ref().map(Vec::len)),
            ("minutes", self.minutes.as_ref().map(Vec::len)),
            ("oneway", self.oneway.as_ref().map(Vec::len)),
            ("lines", self.lines.as_ref().map(Vec::len)),
        ];
        for (column, length) in lengths.into_iter().filter_map(|(column, length)| Some((column, length?))) {
            if length != count {
                let message = format!("{length} rows of `{column}` for {count} of `from`");
                return Err(Error::new(ErrorKind::Parameter, message).in_layer("edges"));
            }
        }
        if !has_places && self.lines.is_some() {
            let message = "edges have lines, but their nodes have no places";
            return Err(Error::new(ErrorKind::Parameter, message).in_layer("edges"));
        }
        if !has_places && self.length_m.is_none() && self.minutes.is_none() {
            let message = "edges between nodes without places have neither a length nor a time";
            return Err(Error::new(ErrorKind::Parameter, message)
                .in_layer("edges")
                .hint("give `length_m` or `minutes`, or the places of the nodes"));
        }
        if count == 0 {
            return Err(Error::new(ErrorKind::Study, "there are no edges").in_layer("edges"));
        }
        for (column, values) in [("length_m", &self.length_m), ("minutes", &self.minutes)] {
            let wrong = values.iter().flatten().position(|value| !(value.is_finite() && *value >= 0.0));
            if let Some(row) = wrong {
                let message = format!("`{column}` is negative or not finite");
                return Err(Error::new(ErrorKind::Value, message)
                    .in_layer("edges")
                    .at_row(row + 1)
                    .in_column(column));
            }
        }
        Ok(())
    }

    /// The way of an edge between the places of its nodes, on which it ends exactly.
    fn line(&self, row: usize, ends: [Coord<f64>; 2]) -> Result<LineString<f64>> {
        let Some(lines) = &self.lines else { return Ok(LineString(ends.to_vec())) };
        let wrong = |message: String| {
            Error::new(ErrorKind::Geometry, message).in_layer("edges").at_row(row + 1).in_column("geometry")
        };
        let mut line = lines[row].clone();
        let is_finite = line.0.iter().all(|place| place.x.is_finite() && place.y.is_finite());
        let ([first, .., last], true) = (line.0.as_slice(), is_finite) else {
            return Err(wrong(
                "the line of the edge has fewer than two places, or one that is not finite".into(),
            ));
        };
        let gap = |a: &Coord<f64>, b: Coord<f64>| Euclidean.distance(Point::from(*a), Point::from(b));
        let along = gap(first, ends[0]).max(gap(last, ends[1]));
        let against = gap(last, ends[0]).max(gap(first, ends[1]));
        if along.min(against) > NODE_WITHIN_M {
            let message = format!(
                "the line of the edge from {} to {} ends {:.0} m from its node",
                self.from[row],
                self.to[row],
                along.min(against)
            );
            return Err(wrong(message).hint("edges and nodes must be of one graph, in one coordinate system"));
        }
        if against < along {
            line.0.reverse();
        }
        let last = line.0.len() - 1;
        (line.0[0], line.0[last]) = (ends[0], ends[1]);
        Ok(line)
    }

    /// Adds the nodes in the order in which a walk in breadth meets them, in a row; returns the two of each edge.
    fn add_nodes_in_breadth(&self, assembly: &mut Assembly) -> Vec<[NodeIndex; 2]> {
        let mut neighbours: IdMap<Vec<i64>> =
            IdMap::with_capacity_and_hasher(self.from.len(), Default::default());
        for (&from, &to) in self.from.iter().zip(&self.to) {
            neighbours.entry(from).or_default().push(to);
            neighbours.entry(to).or_default().push(from);
        }
        let mut numbers = IdMap::with_capacity_and_hasher(neighbours.len(), Default::default());
        let mut queue = VecDeque::new();
        for &start in &self.from {
            queue.push_back(start);
            while let Some(id) = queue.pop_front() {
                if numbers.contains_key(&id) {
                    continue;
                }
                let place = Coord { x: assembly.node_count() as f64, y: 0.0 };
                numbers.insert(id, assembly.add_node(Junction { place, vertex: id, would_go_on: false }));
                queue.extend(neighbours.remove(&id).unwrap_or_default());
            }
        }
        self.from.iter().zip(&self.to).map(|(from, to)| [numbers[from], numbers[to]]).collect()
    }

    fn add_to(
        &self,
        assembly: &mut Assembly,
        ends: &[[NodeIndex; 2]],
        profile: &TravelProfile,
    ) -> Result<()> {
        let pace = profile.milliseconds_per_metre_off_street();
        for (row, &[tail, head]) in ends.iter().enumerate() {
            let line = self.line(row, [tail, head].map(|node| assembly[node].place))?;
            let length_m =
                self.length_m.as_ref().map_or_else(|| Euclidean.length(&line), |lengths| lengths[row]);
            let line = line.0;
            let cost = match &self.minutes {
                Some(minutes) => Minutes::new(minutes[row])?.get() * MILLISECONDS_PER_MINUTE,
                None => length_m * pace,
            };
            if is_too_long(cost) {
                let column = if self.minutes.is_some() { "minutes" } else { "length_m" };
                let minutes = (cost / MILLISECONDS_PER_MINUTE).round();
                let message =
                    format!("the edge from {} to {} takes {minutes} minutes", self.from[row], self.to[row]);
                return Err(Error::new(ErrorKind::Value, message)
                    .in_layer("edges")
                    .at_row(row + 1)
                    .in_column(column)
                    .hint(TooLong.to_string()));
            }
            let is_oneway = self.oneway.as_ref().is_some_and(|oneway| oneway[row]);
            let both = |value: f64| [Some(value), (!is_oneway).then_some(value)];
            let is_timed = self.minutes.is_some() && length_m > 0.0;
            let [forward, backward] = both(if is_timed { cost / length_m } else { pace });
            let traversal = Traversal { forward, backward };
            let street = row as i64;
            let cost = both(cost);
            assembly.add_edge(
                tail,
                head,
                Stretch { line, length_m, traversal, cost, street, off_ground: false, goes_on: true },
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Traveller;
    use crate::progress::Quiet;

    fn build(nodes: Option<&NodeTable>, edges: &EdgeTable, simplify: bool) -> Result<StreetNetwork> {
        let options = BuildOptions { simplify, ..BuildOptions::default() };
        StreetNetwork::from_edges(nodes, edges, TravelProfile::of(Traveller::Adult), options, &Quiet)
    }

    fn square() -> NodeTable {
        let places = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0), (999.0, 0.0)];
        NodeTable { ids: vec![1, 2, 3, 4, 99], places: places.map(Coord::from).to_vec() }
    }

    #[test]
    fn parallel_edges_loops_and_edges_without_length_are_kept() {
        let edges = EdgeTable {
            from: vec![1, 1, 2, 3, 4],
            to: vec![2, 2, 3, 3, 1],
            length_m: Some(vec![100.0, 130.0, 100.0, 40.0, 0.0]),
            oneway: Some(vec![false, true, false, false, false]),
            ..EdgeTable::default()
        };
        let network = build(Some(&square()), &edges, false).unwrap();
        assert_eq!((network.node_count(), network.edge_count()), (4, 5), "node 99 has no edge");
        assert_eq!((network.report().zero_length_edges, network.report().components), (1, 1));
        assert_eq!(network.total_length_m(), 370.0);
        let closed = (0..5).filter(|&edge| network.times(edge)[1].is_none()).count();
        assert_eq!(closed, 1);
        let mut vertices: Vec<i64> = (0..4).map(|node| network.vertex(node)).collect();
        vertices.sort_unstable();
        assert_eq!(vertices, [1, 2, 3, 4]);
    }

    #[test]
    fn minutes_are_the_cost_and_lengths_stay_lengths() {
        let edges = EdgeTable {
            from: vec![1, 2],
            to: vec![2, 3],
            minutes: Some(vec![1.5, 0.25]),
            ..EdgeTable::default()
        };
        let network = build(Some(&square()), &edges, true).unwrap();
        let mut times: Vec<f64> = (0..2).map(|edge| network.times(edge)[0].unwrap().get()).collect();
        times.sort_by(f64::total_cmp);
        assert_eq!(times, [0.25, 1.5]);
        assert_eq!(network.total_length_m(), 200.0);
        // Equally fast edges are not joined: the node between them has a name.
        let even = EdgeTable { minutes: Some(vec![1.5, 1.5]), ..edges };
        let kept = build(Some(&square()), &even, true).unwrap();
        let vertices: Vec<i64> = (0..kept.node_count() as u32).map(|node| kept.vertex(node)).collect();
        assert!(kept.edge_count() == 2 && [1, 2, 3].iter().all(|vertex| vertices.contains(vertex)));
        assert_eq!(kept.report().nodes_without_edges, 2);
    }

    #[test]
    fn a_topology_without_places_stands_in_a_row() {
        let edges = EdgeTable {
            from: vec![7, 5, 3],
            to: vec![5, 3, 7],
            minutes: Some(vec![1.0, 1.0, 5.0]),
            ..EdgeTable::default()
        };
        let network = build(None, &edges, false).unwrap();
        assert_eq!((0..3).map(|node| network.vertex(node)).collect::<Vec<_>>(), [7, 5, 3]);
        assert_eq!(network.place(2), Coord { x: 2.0, y: 0.0 });
    }

    #[test]
    fn an_edge_goes_along_its_line_whichever_way_that_is_drawn() {
        // From 1 at (0, 0) over (50, 50) to 2 at (100, 0), drawn from 2; then straight to 3, half a metre beside it.
        let lines = vec![
            LineString::from(vec![(100.0, 0.0), (50.0, 50.0), (0.0, 0.0)]),
            LineString::from(vec![(100.0, 0.0), (100.5, 100.0)]),
        ];
        let edges =
            EdgeTable { from: vec![1, 2], to: vec![2, 3], lines: Some(lines), ..EdgeTable::default() };
        let network = build(Some(&square()), &edges, false).unwrap();
        assert!((network.total_length_m() - (5_000_f64.sqrt() * 2.0 + 100.0)).abs() < 1e-9);
        let far = EdgeTable { from: vec![1, 2], to: vec![2, 4], ..edges.clone() };
        let error = build(Some(&square()), &far, false).unwrap_err();
        assert_eq!((error.kind(), error.position().row), (ErrorKind::Geometry, Some(2)), "{error}");
        let short = EdgeTable { lines: Some(vec![LineString(Vec::new()); 2]), ..edges };
        assert_eq!(build(Some(&square()), &short, false).unwrap_err().position().row, Some(1));
        assert_eq!(build(None, &short, false).unwrap_err().kind(), ErrorKind::Parameter);
    }

    #[test]
    fn tables_that_are_wrong_are_refused_with_their_row() {
        let good = EdgeTable { from: vec![1, 2], to: vec![2, 3], ..EdgeTable::default() };
        let with = |edges: EdgeTable| build(Some(&square()), &edges, true).unwrap_err();
        let cases = [
            (EdgeTable { to: vec![2], ..good.clone() }, ErrorKind::Parameter, None),
            (EdgeTable { to: vec![2, 77], ..good.clone() }, ErrorKind::Value, Some(2)),
            (EdgeTable { length_m: Some(vec![1.0, -1.0]), ..good.clone() }, ErrorKind::Value, Some(2)),
            (EdgeTable { minutes: Some(vec![f64::NAN, 1.0]), ..good.clone() }, ErrorKind::Value, Some(1)),
            (EdgeTable { oneway: Some(vec![true]), ..good.clone() }, ErrorKind::Parameter, None),
            (EdgeTable::default(), ErrorKind::Study, None),
        ];
        for (edges, kind, row) in cases {
            let error = with(edges);
            assert_eq!((error.kind(), error.position().row), (kind, row), "{error}");
        }
        let mut twice = square();
        twice.ids[4] = 1;
        assert_eq!(build(Some(&twice), &good, true).unwrap_err().position().row, Some(5));
        let mut nowhere = square();
        nowhere.places[0].x = f64::INFINITY;
        assert_eq!(build(Some(&nowhere), &good, true).unwrap_err().kind(), ErrorKind::Value);
        assert_eq!(build(None, &good, true).unwrap_err().kind(), ErrorKind::Parameter);
    }
}
