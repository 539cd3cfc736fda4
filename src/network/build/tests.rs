//! Small networks by hand.

use super::*;
use crate::model::Traveller;
use crate::network::{Destinations, each_origin};
use crate::progress::Quiet;
use crate::{ErrorKind, KmPerHour, Metres, Minutes};
use geo::{Coord, LineString, Point};

/// Streets of one class through the vertices given.
fn streets_through(streets: &[&[(i64, f64, f64)]]) -> Vec<Street> {
    streets
        .iter()
        .enumerate()
        .map(|(id, vertices)| Street {
            id: id as i64,
            line: vertices.iter().map(|&(_, x, y)| Coord { x, y }).collect(),
            vertices: vertices.iter().map(|&(vertex, _, _)| vertex).collect(),
            tags: [("highway", "residential")].into_iter().collect(),
            ..Street::default()
        })
        .collect()
}

/// Their network; 6 km/h makes a metre 600 ms.
fn network(streets: &[&[(i64, f64, f64)]], simplify: bool) -> (StreetNetwork, NetworkReport) {
    let profile = TravelProfile::walking(KmPerHour::new(6.0).unwrap()).unwrap();
    let options = BuildOptions { simplify, ..BuildOptions::default() };
    StreetNetwork::build(&streets_through(streets), profile, options, &Quiet).unwrap()
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
    assert_eq!((report.nodes_before_simplification, network.node_count(), network.edge_count()), (4, 2, 1));
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
        let street = Street { id: 77, line: LineString(coords), vertices, tags, ..Street::default() };
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

#[test]
fn a_barrier_cuts_the_street_for_those_whom_it_stops() {
    // 1 ── 2 ── 3 with a bollard at 2, where another street meets.
    let tags = |text: &str| [("barrier", text)].into_iter().collect();
    let street = |id, vertices: Vec<i64>, line: Vec<(f64, f64)>, at| Street {
        id,
        line: line.into(),
        vertices,
        tags: [("highway", "residential")].into_iter().collect(),
        barriers: vec![(at, tags("bollard"))],
        ..Street::default()
    };
    let streets = [
        street(1, vec![1, 2, 3], vec![(0.0, 0.0), (100.0, 0.0), (200.0, 0.0)], 1),
        street(2, vec![2, 4], vec![(100.0, 0.0), (100.0, 100.0)], 0),
    ];
    let built = |traveller| {
        let profile = TravelProfile::of(traveller);
        StreetNetwork::build(&streets, profile, BuildOptions::default(), &Quiet).unwrap()
    };
    let (on_foot, report) = built(Traveller::Adult);
    assert_eq!((on_foot.node_count(), report.components, report.barriers), (4, 1, 0));
    let (by_car, report) = built(Traveller::Car);
    assert_eq!((by_car.node_count(), report.components, report.barriers), (6, 3, 2));
    assert_eq!(by_car.total_length_m(), on_foot.total_length_m());
}

#[test]
fn small_pieces_are_left_out_when_asked() {
    let pieces: [&[(i64, f64, f64)]; 4] = [
        &[(1, 0.0, 0.0), (2, 100.0, 0.0)],
        &[(2, 100.0, 0.0), (3, 200.0, 0.0)],
        &[(2, 100.0, 0.0), (4, 100.0, 90.0)],
        &[(8, 0.0, -50.0), (9, 50.0, -50.0)],
    ];
    let streets: Vec<Street> = streets_through(&pieces);
    let build = |smallest_component| {
        let profile = TravelProfile::walking(KmPerHour::new(6.0).unwrap()).unwrap();
        let options = BuildOptions { smallest_component, ..BuildOptions::default() };
        StreetNetwork::build(&streets, profile, options, &Quiet)
    };
    let (network, report) = build(3).unwrap();
    assert_eq!((network.node_count(), report.components, report.components_left_out), (4, 1, 1));
    assert_eq!(network.total_length_m(), 290.0);
    assert_eq!(build(5).unwrap_err().kind(), ErrorKind::Study);
}

#[test]
fn closed_streets_are_told_by_number_and_length() {
    let mut streets =
        streets_through(&[&[(1, 0.0, 0.0), (2, 300.0, 0.0)], &[(2, 300.0, 0.0), (3, 400.0, 0.0)]]);
    streets[1].tags = [("highway", "motorway")].into_iter().collect();
    let profile = TravelProfile::of(Traveller::Adult);
    let (_, report) = StreetNetwork::build(&streets, profile, BuildOptions::default(), &Quiet).unwrap();
    assert_eq!((report.closed_streets, report.closed_length_share), (1, 0.25));
}
