//! From street lines to a network.

use super::attachment::StreetIndex;
use super::graph::{CLOSED, Edge, StreetNetwork, lay_out};
use super::profile::{TravelProfile, Traversal};
use super::simplify::simplify;
use super::space_filling_curve::hilbert_position;
use crate::model::Street;
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Result};
use geo::{BoundingRect, Coord, Distance, Euclidean, LineString, MultiPoint, Point};
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::unionfind::UnionFind;
use petgraph::visit::{EdgeRef, NodeIndexable};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A piece of street between two junctions, before it is frozen.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Stretch {
    /// From the source to the target of the petgraph edge.
    pub(super) line: Vec<Coord<f64>>,
    pub(super) traversal: Traversal,
    pub(super) street: i64,
    pub(super) off_ground: bool,
}

/// Junctions with their places, and the stretches between them.
pub(super) type Assembly = UnGraph<Coord<f64>, Stretch>;

/// How a network is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildOptions {
    /// Joins the edges that meet at a node where nothing branches off. Changes no answer; makes searches faster.
    pub simplify: bool,
}

impl Default for BuildOptions {
    fn default() -> Self {
        Self { simplify: true }
    }
}

/// What became of the streets on the way into the network.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NetworkReport {
    /// Streets that the data holds.
    pub streets: usize,
    /// Streets that may not be used in this way of travelling.
    pub closed_streets: usize,
    /// Pieces without length, kept at no cost.
    pub zero_length_edges: usize,
    /// Edges that repeat another one between the same junctions with the same length; kept.
    pub duplicate_edges: usize,
    /// Junctions and street ends before simplification.
    pub nodes_before_simplification: usize,
    /// Number of separate pieces that the network falls into.
    pub components: usize,
    /// Share of the nodes in the largest piece, 0 to 1.
    pub largest_component_share: f64,
}

impl StreetNetwork {
    /// Builds the network of `streets` for one way of travelling.
    ///
    /// Streets join where they share a vertex id, and only there: a bridge does not meet the street below.
    ///
    /// # Errors
    /// [`ErrorKind::Geometry`] if a street has not one vertex id for each vertex or a coordinate is not finite,
    /// [`ErrorKind::Study`] if no street is open to the profile, [`ErrorKind::Cancelled`].
    pub fn build(
        streets: &[Street],
        profile: TravelProfile,
        options: BuildOptions,
        progress: &dyn Progress,
    ) -> Result<(Self, NetworkReport)> {
        progress.start("building the network", 3);
        let mut report = NetworkReport { streets: streets.len(), ..NetworkReport::default() };
        let mut assembly = assemble(streets, &profile, &mut report)?;
        progress.advance(1);
        go_on(progress)?;
        report.nodes_before_simplification = assembly.node_count();
        if options.simplify {
            assembly = simplify(&assembly);
        }
        count_oddities(&assembly, &mut report);
        progress.advance(1);
        go_on(progress)?;
        let network = freeze(assembly, profile);
        report.components = network.component_sizes.len();
        report.largest_component_share = f64::from(network.component_sizes[0]) / network.node_count() as f64;
        progress.advance(1);
        Ok((network, report))
    }
}

/// Splits streets wherever they share a vertex, and joins the pieces in petgraph.
fn assemble(streets: &[Street], profile: &TravelProfile, report: &mut NetworkReport) -> Result<Assembly> {
    let mut open = Vec::with_capacity(streets.len());
    for street in streets {
        check(street)?;
        match profile.traversal(&street.tags) {
            Some(traversal) => open.push((street, traversal)),
            None => report.closed_streets += 1,
        }
    }
    if open.is_empty() {
        let message = format!("none of {} streets is open to this way of travelling", streets.len());
        return Err(Error::new(ErrorKind::Study, message).in_layer("streets").hint(
            "map the class column of a line file to OpenStreetMap values with `classes` in study.toml",
        ));
    }

    // A vertex is a junction if a street ends there or if it is passed more than once.
    let mut passes: HashMap<i64, u32, BuildHasherDefault<IdHasher>> = HashMap::default();
    passes.reserve(open.iter().map(|(street, _)| street.vertices.len()).sum());
    for (street, _) in &open {
        let last = street.vertices.len() - 1;
        for (position, &vertex) in street.vertices.iter().enumerate() {
            *passes.entry(vertex).or_default() += if position == 0 || position == last { 2 } else { 1 };
        }
    }

    let mut assembly = Assembly::default();
    let mut nodes: HashMap<i64, NodeIndex, BuildHasherDefault<IdHasher>> = HashMap::default();
    for (street, traversal) in open {
        let coords = &street.line.0;
        let off_ground =
            ["bridge", "tunnel"].iter().any(|key| street.tags.get(key).is_some_and(|value| value != "no"));
        let mut begin = 0;
        for end in 1..coords.len() {
            if passes[&street.vertices[end]] < 2 {
                continue;
            }
            let [tail, head] = [begin, end].map(|vertex| {
                *nodes.entry(street.vertices[vertex]).or_insert_with(|| assembly.add_node(coords[vertex]))
            });
            let line = coords[begin..=end].to_vec();
            assembly.add_edge(tail, head, Stretch { line, traversal, street: street.id, off_ground });
            begin = end;
        }
    }
    Ok(assembly)
}

fn check(street: &Street) -> Result<()> {
    let coords = &street.line.0;
    let wrong = if coords.len() < 2 {
        "has fewer than two vertices"
    } else if coords.len() != street.vertices.len() {
        "has not one vertex id for each vertex"
    } else if coords.iter().any(|coord| !coord.x.is_finite() || !coord.y.is_finite()) {
        "has a coordinate that is not finite"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::Geometry, format!("street {wrong}"))
        .in_layer("streets")
        .with_id(street.id.to_string()))
}

fn count_oddities(assembly: &Assembly, report: &mut NetworkReport) {
    let mut seen = std::collections::HashSet::new();
    for edge in assembly.edge_references() {
        let length = length_m(&edge.weight().line);
        let (a, b) = (edge.source().min(edge.target()), edge.source().max(edge.target()));
        report.zero_length_edges += usize::from(length == 0.0);
        report.duplicate_edges += usize::from(!seen.insert((a, b, length.to_bits())));
    }
}

pub(super) fn length_m(line: &[Coord<f64>]) -> f64 {
    line.windows(2).map(|pair| Euclidean.distance(Point::from(pair[0]), Point::from(pair[1]))).sum()
}

/// Numbers nodes along the curve and edges by their nodes, and lays the arcs out in one array.
fn freeze(assembly: Assembly, profile: TravelProfile) -> StreetNetwork {
    let count = assembly.node_count();
    let extent = MultiPoint::from_iter(assembly.node_weights().copied().map(Point::from))
        .bounding_rect()
        .expect("an assembly has nodes");
    let mut order: Vec<NodeIndex> = assembly.node_indices().collect();
    order.sort_by_cached_key(|&node| (hilbert_position(assembly[node], extent), node));
    let mut number = vec![0; count];
    for (new, &old) in order.iter().enumerate() {
        number[old.index()] = new as u32;
    }
    let places: Vec<_> = order.iter().map(|&node| assembly[node]).collect();
    let (components, component_sizes) = find_components(&assembly, &order);

    let (_, stretches) = assembly.into_nodes_edges();
    let mut edges: Vec<(Edge, LineString<f64>)> = stretches
        .into_iter()
        .map(|edge| {
            let [tail, head] = [edge.source(), edge.target()].map(|node| number[node.index()]);
            let stretch = edge.weight;
            let length_m = length_m(&stretch.line);
            let cost = |pace: Option<f64>| {
                pace.map_or(CLOSED, |pace| ((length_m * pace).round() as u32).min(CLOSED - 1))
            };
            let edge = Edge {
                tail,
                head,
                length_m,
                forward: cost(stretch.traversal.forward),
                backward: cost(stretch.traversal.backward),
                street: stretch.street,
                off_ground: stretch.off_ground,
            };
            (edge, LineString(stretch.line))
        })
        .collect();
    edges.sort_by_key(|(edge, _)| (edge.tail, edge.head));
    let (edges, lines): (Vec<_>, Vec<_>) = edges.into_iter().unzip();
    let (outgoing, incoming) = lay_out(count, &edges);
    let index = StreetIndex::new(&lines);
    StreetNetwork { profile, places, outgoing, incoming, edges, lines, components, component_sizes, index }
}

/// Component of each node in the order given, and the size of each component, largest first.
fn find_components(assembly: &Assembly, order: &[NodeIndex]) -> (Vec<u32>, Vec<u32>) {
    let mut sets = UnionFind::<u32>::new(assembly.node_bound());
    for edge in assembly.edge_references() {
        sets.union(edge.source().index() as u32, edge.target().index() as u32);
    }
    let roots: Vec<u32> = order.iter().map(|node| sets.find_mut(node.index() as u32)).collect();
    let mut sizes: HashMap<u32, u32> = HashMap::new();
    for &root in &roots {
        *sizes.entry(root).or_default() += 1;
    }
    let mut ranking: Vec<(u32, u32)> = sizes.into_iter().collect();
    ranking.sort_by_key(|&(root, size)| (std::cmp::Reverse(size), root));
    let rank: HashMap<u32, u32> =
        ranking.iter().enumerate().map(|(rank, &(root, _))| (root, rank as u32)).collect();
    (roots.iter().map(|root| rank[root]).collect(), ranking.iter().map(|&(_, size)| size).collect())
}

/// Vertex ids are well spread by one multiplication (Knuth's, by the golden ratio).
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("only whole ids are hashed")
    }
    fn write_i64(&mut self, id: i64) {
        let spread = (id as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        self.0 = spread ^ (spread >> 32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::{Destinations, each_origin};
    use crate::progress::Quiet;
    use crate::{KmPerHour, Metres, Minutes};

    /// Streets of one class through the vertices given; 6 km/h makes a metre 600 ms.
    fn network(streets: &[&[(i64, f64, f64)]], simplify: bool) -> (StreetNetwork, NetworkReport) {
        let streets: Vec<Street> = streets
            .iter()
            .enumerate()
            .map(|(id, vertices)| Street {
                id: id as i64,
                line: vertices.iter().map(|&(_, x, y)| Coord { x, y }).collect(),
                vertices: vertices.iter().map(|&(vertex, _, _)| vertex).collect(),
                tags: [("highway", "residential")].into_iter().collect(),
            })
            .collect();
        let profile = TravelProfile::walking(KmPerHour::new(6.0).unwrap()).unwrap();
        StreetNetwork::build(&streets, profile, BuildOptions { simplify }, &Quiet).unwrap()
    }

    fn time_between(network: &StreetNetwork, from: (f64, f64), to: (f64, f64)) -> Option<f64> {
        let far = Metres::new(1_000.0).unwrap();
        let inhabited = vec![true; network.component_sizes().len()];
        let [from, to] = [from, to].map(|place| network.attach(place.into(), far, &inhabited).unwrap());
        let destinations = Destinations::new(network, 1, &[(0, to)]);
        let limit = Minutes::new(1_000.0).unwrap();
        let first = |row: crate::network::Row<'_>| row.iter().next().map(|(_, time)| time.get());
        each_origin(network, &[Some(from)], &destinations, limit, &Quiet, first).unwrap()[0].unwrap()
    }

    /// ```text
    ///      3 (100, 100)
    ///     / \          two ways from 1 to 4, the lower one with a bend at 2
    ///    1   4
    ///     \2/
    /// ```
    const DIAMOND: [&[(i64, f64, f64)]; 2] = [
        &[(1, 0.0, 0.0), (3, 100.0, 100.0), (4, 200.0, 0.0)],
        &[(1, 0.0, 0.0), (2, 100.0, -50.0), (4, 200.0, 0.0)],
    ];

    #[test]
    fn the_shorter_side_of_the_diamond_is_taken() {
        for simplify in [false, true] {
            let (network, _) = network(&DIAMOND, simplify);
            let lower = 2.0 * 100.0_f64.hypot(50.0) * 0.6 / 60.0;
            let time = time_between(&network, (0.0, 0.0), (200.0, 0.0)).unwrap();
            assert!((time - lower).abs() < 1e-4, "{time} {lower}");
        }
    }

    #[test]
    fn two_places_on_one_edge_are_measured_along_it_in_both_orders() {
        let (network, _) = network(&[&[(1, 0.0, 0.0), (2, 1_000.0, 0.0)]], true);
        for (from, to) in [(200.0, 500.0), (500.0, 200.0)] {
            let time = time_between(&network, (from, 10.0), (to, -20.0)).unwrap();
            assert!((time - (300.0 + 10.0 + 20.0) * 0.6 / 60.0).abs() < 1e-4, "{time}");
        }
    }

    #[test]
    fn a_bridge_does_not_meet_the_street_below() {
        let cross: [&[(i64, f64, f64)]; 2] =
            [&[(1, -100.0, 0.0), (2, 100.0, 0.0)], &[(3, 0.0, -100.0), (4, 0.0, 100.0)]];
        let (network, report) = network(&cross, true);
        assert_eq!(report.components, 2);
        assert_eq!(time_between(&network, (-100.0, 0.0), (0.0, 100.0)), None);
    }

    #[test]
    fn nodes_where_nothing_branches_off_disappear_and_lines_stay() {
        let chain: [&[(i64, f64, f64)]; 3] = [
            &[(1, 0.0, 0.0), (2, 50.0, 10.0), (3, 100.0, 0.0)],
            &[(4, 200.0, 0.0), (3, 100.0, 0.0)],
            &[(4, 200.0, 0.0), (5, 300.0, 0.0)],
        ];
        let (network, report) = network(&chain, true);
        assert_eq!(
            (report.nodes_before_simplification, network.node_count(), network.edge_count()),
            (4, 2, 1)
        );
        assert_eq!(network.line(0).0.len(), 5);
        let length = 2.0 * 50.0_f64.hypot(10.0) + 200.0;
        assert!((network.total_length_m() - length).abs() < 1e-9);
    }

    #[test]
    fn a_ring_without_branches_keeps_one_node() {
        let ring: [&[(i64, f64, f64)]; 2] = [
            &[(1, 0.0, 0.0), (2, 100.0, 0.0), (3, 100.0, 100.0)],
            &[(3, 100.0, 100.0), (4, 0.0, 100.0), (1, 0.0, 0.0)],
        ];
        let (network, _) = network(&ring, true);
        assert_eq!((network.node_count(), network.edge_count()), (1, 1));
        // From the middle of one side to the middle of the opposite one, either way round.
        let time = time_between(&network, (50.0, 0.0), (50.0, 100.0)).unwrap();
        assert!((time - 200.0 * 0.6 / 60.0).abs() < 1e-4, "{time}");
    }

    #[test]
    fn parallel_streets_are_both_kept_and_the_repeat_is_counted() {
        let parallel: [&[(i64, f64, f64)]; 3] = [
            &[(1, 0.0, 0.0), (2, 100.0, 0.0)],
            &[(1, 0.0, 0.0), (3, 50.0, 80.0), (2, 100.0, 0.0)],
            &[(2, 100.0, 0.0), (1, 0.0, 0.0)],
        ];
        let (network, report) = network(&parallel, true);
        assert_eq!((network.edge_count(), report.duplicate_edges), (3, 1));
    }

    #[test]
    fn a_small_fragment_nearby_is_passed_over_unless_it_is_inhabited() {
        // A comb of 60 nodes, and a stub 30 m beside it on which the place stands.
        let comb: Vec<Vec<(i64, f64, f64)>> = (0..30)
            .flat_map(|tooth| {
                let x = f64::from(tooth) * 10.0;
                let id = i64::from(tooth);
                [vec![(id, x, 0.0), (100 + id, x, 5.0)], vec![(id, x, 0.0), (id + 1, x + 10.0, 0.0)]]
            })
            .chain([vec![(900, 0.0, -30.0), (901, 50.0, -30.0)]])
            .collect();
        let streets: Vec<&[(i64, f64, f64)]> = comb.iter().map(Vec::as_slice).collect();
        let (network, _) = network(&streets, true);
        let far = Metres::new(100.0).unwrap();
        let place = Point::new(25.0, -28.0);
        assert_eq!(network.attach(place, far, &[]).unwrap().gap.get(), 28.0);
        let inhabited = network.inhabited_components(&[place; 3], 3, far);
        assert_eq!(network.attach(place, far, &inhabited).unwrap().gap.get(), 2.0);
        let nowhere = network.attach(Point::new(0.0, 900.0), far, &[]).unwrap_err();
        assert!((nowhere.nearest_m.unwrap() - 895.0).abs() < 1e-9);
    }

    #[test]
    fn streets_that_are_no_streets_are_refused_by_id() {
        let bad = |coords: Vec<Coord<f64>>, vertices: Vec<i64>| {
            let tags = [("highway", "path")].into_iter().collect();
            let street = Street { id: 77, line: LineString(coords), vertices, tags };
            let profile = TravelProfile::walking(KmPerHour::new(5.0).unwrap()).unwrap();
            StreetNetwork::build(&[street], profile, BuildOptions::default(), &Quiet).unwrap_err()
        };
        let origin = Coord { x: 0.0, y: 0.0 };
        for error in [
            bad(vec![origin], vec![1]),
            bad(vec![origin, origin], vec![1]),
            bad(vec![origin, Coord { x: f64::NAN, y: 0.0 }], vec![1, 2]),
        ] {
            assert_eq!(error.kind(), ErrorKind::Geometry);
            assert_eq!(error.position().id.as_deref(), Some("77"));
        }
    }
}
