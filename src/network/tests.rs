//! What every query must get right, on streets that fit a drawing, and together on random ones.

use super::*;
use crate::model::Street;
use crate::progress::Quiet;
use crate::{KmPerHour, Metres, Minutes};
use geo::{Area, BooleanOps, Contains, Coord, Distance, Euclidean, Length, MultiPolygon, Point};
use proptest::prelude::*;

/// Id, x, y.
type Vertex = (i64, f64, f64);
type Vertices<'a> = &'a [Vertex];

/// Streets of 3.6 km/h, a second a metre, each with whether it is one-way.
fn network(streets: &[(Vertices<'_>, bool)]) -> StreetNetwork {
    build(streets, false)
}

fn build(streets: &[(Vertices<'_>, bool)], simplify: bool) -> StreetNetwork {
    let street = |(id, &(vertices, one_way)): (usize, &(Vertices<'_>, bool))| {
        let one_way = one_way.then_some(("oneway:foot", "yes"));
        Street {
            id: id as i64,
            line: vertices.iter().map(|&(_, x, y)| Coord { x, y }).collect(),
            vertices: vertices.iter().map(|&(vertex, _, _)| vertex).collect(),
            tags: [("highway", "residential")].into_iter().chain(one_way).collect(),
            ..Street::default()
        }
    };
    let streets: Vec<Street> = streets.iter().enumerate().map(street).collect();
    let profile = TravelProfile::walking(KmPerHour::new(3.6).unwrap()).unwrap();
    let options = BuildOptions { simplify, ..BuildOptions::default() };
    StreetNetwork::build(&streets, profile, options, &Quiet).unwrap().0
}

fn at(network: &StreetNetwork, x: f64, y: f64) -> Attachment {
    let everywhere = vec![true; network.component_sizes().len()];
    network.attach(Point::new(x, y), Metres::new(1e6).unwrap(), &everywhere).unwrap()
}

fn minutes(milliseconds: u32) -> Minutes {
    Minutes::from_milliseconds(milliseconds)
}

const FOREVER: u32 = super::search::LONGEST;

/// Milliseconds from each origin to each destination within a limit, in both ways of asking and of searching.
fn times(
    network: &StreetNetwork,
    origins: &[Attachment],
    places: &[Attachment],
    limit: u32,
) -> Vec<Vec<Option<u32>>> {
    let [from, to] = [origins, places].map(|all| all.iter().copied().map(Some).collect::<Vec<_>>());
    let table = |origins: &[Option<Attachment>], places: &[Option<Attachment>], direction| {
        let entrances: Vec<_> = (0..).zip(places.iter().flatten().copied()).collect();
        let destinations = Destinations::in_direction(network, places.len(), &entrances, direction);
        let row = |row: Row<'_>| {
            let mut times = vec![None; places.len()];
            row.milliseconds().for_each(|(place, cost)| times[place] = Some(cost));
            times
        };
        let rows = each_origin(network, origins, &destinations, minutes(limit), &Quiet, row).unwrap();
        rows.into_iter().flatten().collect::<Vec<_>>()
    };
    let forward = table(&from, &to, Direction::From);
    let backward = table(&to, &from, Direction::To);
    for (origin, row) in forward.iter().enumerate() {
        for (place, &time) in row.iter().enumerate() {
            assert_eq!(time, backward[place][origin], "the journey asked for from its end");
            let way = route(network, &origins[origin], &places[place])
                .filter(|way| way.time.to_milliseconds() <= limit);
            assert_eq!(time, way.map(|way| way.time.to_milliseconds()), "the itinerary");
        }
    }
    forward
}

/// ```text
///   1 ──── 2      100 m; one-way from 1 to 2 where asked
/// ```
fn one_street(one_way: bool) -> StreetNetwork {
    network(&[(&[(1, 0.0, 0.0), (2, 100.0, 0.0)], one_way)])
}

#[test]
fn two_places_on_one_edge_are_reached_along_it_in_the_order_that_is_allowed() {
    for (one_way, back) in [(false, Some(40_000)), (true, None)] {
        let street = one_street(one_way);
        let [a, b] = [at(&street, 30.0, 0.0), at(&street, 70.0, 0.0)];
        assert_eq!(times(&street, &[a, b], &[a, b], FOREVER), [[Some(0), Some(40_000)], [back, Some(0)]]);
    }
}

#[test]
fn a_one_way_ring_is_walked_all_the_way_round_to_the_place_just_behind() {
    let corners = [(1, 0.0, 0.0), (2, 100.0, 0.0), (3, 100.0, 100.0), (1, 0.0, 0.0)];
    let ring = network(&[(&corners[..2], true), (&corners[1..3], true), (&corners[2..], true)]);
    let around = 200_000 + (100.0_f64.hypot(100.0) * 1_000.0).round() as u32;
    let [ahead, behind] = [at(&ring, 60.0, 0.0), at(&ring, 50.0, 0.0)];
    assert_eq!(times(&ring, &[ahead], &[behind], FOREVER), [[Some(around - 10_000)]]);
    assert_eq!(times(&ring, &[behind], &[ahead], FOREVER), [[Some(10_000)]]);
}

#[test]
fn a_place_at_a_junction_is_reached_over_each_of_its_streets() {
    // A one-way leads into 2, where the place stands, and another leads away from it.
    let streets =
        network(&[(&[(1, 0.0, 0.0), (2, 100.0, 0.0)], true), (&[(2, 100.0, 0.0), (3, 100.0, 50.0)], true)]);
    let [one, two, three] = [at(&streets, 0.0, 0.0), at(&streets, 100.0, 0.0), at(&streets, 100.0, 50.0)];
    assert!(matches!(two.fraction, 0.0 | 1.0));
    let all = times(&streets, &[one, two], &[two, three], FOREVER);
    assert_eq!(all, [[Some(100_000), Some(150_000)], [Some(0), Some(50_000)]]);
    let node = |place: Attachment| (0..3).find(|&node| streets.place(node) == place.position).unwrap();
    let from_nodes = [one, two].map(|place| streets.at_node(node(place)).unwrap());
    assert_eq!(times(&streets, &from_nodes, &[two, three], FOREVER), all);
}

#[test]
fn a_hair_beside_a_junction_is_at_the_junction_and_half_a_metre_is_not() {
    // Two one-ways lead away from 1: who stands a hair inside one of them can still take the other.
    let streets =
        network(&[(&[(1, 0.0, 0.0), (2, 100.0, 0.0)], true), (&[(1, 0.0, 0.0), (3, 0.0, 50.0)], true)]);
    let three = at(&streets, 0.0, 50.0);
    let [hair, step] = [1e-6, 0.5].map(|x| at(&streets, x, -1.0));
    assert_eq!(times(&streets, &[hair, step], &[three], FOREVER), [[Some(51_000)], [None]]);
}

#[test]
fn the_limit_is_inclusive_and_nothing_beyond_it_is_reached() {
    let street = one_street(false);
    let [a, b] = [at(&street, 10.0, 0.0), at(&street, 60.0, 0.0)];
    assert_eq!(times(&street, &[a], &[b], 50_000), [[Some(50_000)]]);
    assert_eq!(times(&street, &[a], &[b], 49_999), [[None]]);
}

#[test]
fn the_way_from_the_place_to_its_street_counts_at_both_ends() {
    let street = one_street(false);
    let [a, b] = [at(&street, 10.0, 7.0), at(&street, 60.0, -20.0)];
    assert_eq!(times(&street, &[a], &[b], FOREVER), [[Some(77_000)]]);
}

#[test]
fn two_places_at_one_spot_are_two_places() {
    let street = one_street(false);
    let [a, b] = [at(&street, 0.0, 0.0), at(&street, 60.0, 0.0)];
    assert_eq!(times(&street, &[a], &[b, b], FOREVER), [[Some(60_000), Some(60_000)]]);
    let destinations = Destinations::at(&street, &[Some(b), Some(b)]);
    let found = closest(&street, &[Some(a)], &destinations, 2, minutes(FOREVER), &Quiet).unwrap();
    assert_eq!(found.of(0).map(|(place, _)| place).collect::<Vec<_>>(), [0, 1]);
}

#[test]
fn the_shorter_of_two_parallel_streets_is_taken_and_a_ring_is_no_detour() {
    let streets = network(&[
        (&[(1, 0.0, 0.0), (2, 50.0, 80.0), (3, 100.0, 0.0)], false),
        (&[(1, 0.0, 0.0), (3, 100.0, 0.0)], false),
        (&[(3, 100.0, 0.0), (4, 150.0, 0.0), (5, 150.0, 50.0), (3, 100.0, 0.0)], false),
    ]);
    let [a, b] = [at(&streets, 0.0, 0.0), at(&streets, 100.0, 0.0)];
    let on_ring = at(&streets, 150.0, 25.0);
    assert_eq!(times(&streets, &[a], &[b, on_ring], FOREVER), [[Some(100_000), Some(175_000)]]);
}

#[test]
fn an_island_is_reached_from_itself_alone() {
    let streets = network(&[
        (&[(1, 0.0, 0.0), (2, 100.0, 0.0)], false),
        (&[(3, 0.0, 500.0), (4, 100.0, 500.0)], false),
    ]);
    let [main, island] = [at(&streets, 50.0, 0.0), at(&streets, 50.0, 500.0)];
    let all = [main, island];
    assert_eq!(times(&streets, &all, &all, FOREVER), [[Some(0), None], [None, Some(0)]]);
}

#[test]
fn an_edge_without_length_is_passed_at_no_cost() {
    let streets = network(&[
        (&[(1, 0.0, 0.0), (2, 50.0, 0.0)], false),
        (&[(2, 50.0, 0.0), (3, 50.0, 0.0)], false),
        (&[(3, 50.0, 0.0), (4, 90.0, 0.0)], false),
    ]);
    let [a, b] = [at(&streets, 0.0, 0.0), at(&streets, 90.0, 0.0)];
    assert_eq!(times(&streets, &[a], &[b], FOREVER), [[Some(90_000)]]);
}

#[test]
fn a_way_longer_than_any_search_is_no_way_and_its_cost_never_wraps() {
    // 2 000 km at a second a metre: 23 days; both: 46 days.
    let far = 2.0e6;
    let streets = network(&[
        (&[(1, 0.0, 0.0), (2, far, 0.0)], false),
        (&[(2, far, 0.0), (3, 2.0 * far, 0.0)], false),
        (&[(3, 2.0 * far, 0.0), (4, 6.0e6, 0.0)], false),
    ]);
    let places = [0.0, far, 2.0 * far, 6.0e6].map(|x| at(&streets, x, 0.0));
    let found = times(&streets, &places[..1], &places, FOREVER);
    assert_eq!(found, [[Some(0), Some(2_000_000_000), None, None]]);
}

#[test]
fn nothing_is_found_where_nothing_is_asked() {
    let street = one_street(false);
    let place = Some(at(&street, 50.0, 0.0));
    let limit = minutes(FOREVER);
    let none = Destinations::at(&street, &[]);
    let unplaced = Destinations::at(&street, &[None]);
    let cutoffs = [limit];
    assert_eq!(sum_within(&street, &[], &none, &[], &cutoffs, &Quiet).unwrap(), [Vec::new()]);
    assert_eq!(
        sum_within(&street, &[place, None], &none, &[], &cutoffs, &Quiet).unwrap(),
        [[Some(0.0), None]]
    );
    assert_eq!(sum_within(&street, &[place], &unplaced, &[5.0], &cutoffs, &Quiet).unwrap(), [[Some(0.0)]]);
    assert_eq!(closest(&street, &[place], &unplaced, 1, limit, &Quiet).unwrap().minutes(), [None]);
    assert!(
        isochrones(&street, &[None], &cutoffs, Direction::From, IsochroneOptions::default(), &Quiet).unwrap()
            [0]
        .is_none()
    );
    for wrong in [
        isochrones(&street, &[place], &[], Direction::From, IsochroneOptions::default(), &Quiet).unwrap_err(),
        isochrones(
            &street,
            &[place],
            &cutoffs,
            Direction::To,
            IsochroneOptions { width: Metres::ZERO, ..IsochroneOptions::default() },
            &Quiet,
        )
        .unwrap_err(),
        isochrones(
            &street,
            &[place],
            &cutoffs,
            Direction::To,
            IsochroneOptions { largest_gap_m2: f64::NAN, ..IsochroneOptions::default() },
            &Quiet,
        )
        .unwrap_err(),
        sum_within(&street, &[place], &unplaced, &[f64::NAN], &cutoffs, &Quiet).unwrap_err(),
        sum_within(&street, &[place], &unplaced, &[], &cutoffs, &Quiet).unwrap_err(),
        sum_within(&street, &[place], &unplaced, &[1.0], &[], &Quiet).unwrap_err(),
        closest(&street, &[place], &unplaced, 0, limit, &Quiet).unwrap_err(),
    ] {
        assert_eq!(wrong.kind(), crate::ErrorKind::Parameter);
    }
}

#[test]
fn a_million_places_on_one_node_are_all_counted() {
    let street = one_street(false);
    let places = vec![Some(at(&street, 100.0, 0.0)); 1_000_000];
    let destinations = Destinations::at(&street, &places);
    let origins = [Some(at(&street, 0.0, 0.0)), Some(at(&street, 100.0, 0.0))];
    let weights = vec![1.0; places.len()];
    let cutoffs = [minutes(99_999), minutes(100_000)];
    let sums = sum_within(&street, &origins, &destinations, &weights, &cutoffs, &Quiet).unwrap();
    assert_eq!(sums, [[Some(0.0), Some(1e6)], [Some(1e6), Some(1e6)]]);
}

#[test]
fn work_stops_when_it_is_asked_to() {
    struct Stop;
    impl crate::Progress for Stop {
        fn start(&self, _: &str, _: u64) {}
        fn advance(&self, _: u64) {}
        fn is_cancelled(&self) -> bool {
            true
        }
    }
    let street = one_street(false);
    let places = [Some(at(&street, 50.0, 0.0))];
    let destinations = Destinations::at(&street, &places);
    let limit = minutes(1_000);
    let options = AttachOptions::within(Metres::new(10.0).unwrap());
    for stopped in [
        each_origin(&street, &places, &destinations, limit, &Stop, |_| ()).unwrap_err(),
        sum_within(&street, &places, &destinations, &[1.0], &[limit], &Stop).unwrap_err(),
        isochrones(&street, &places, &[limit], Direction::From, IsochroneOptions::default(), &Stop)
            .unwrap_err(),
        street.attach_all(&[Some(Point::new(0.0, 0.0))], options, &[], &Stop).unwrap_err(),
        closest(&street, &places, &destinations, 1, limit, &Stop).unwrap_err(),
    ] {
        assert_eq!(stopped.kind(), crate::ErrorKind::Cancelled);
    }
}

#[test]
fn every_place_gets_a_receipt() {
    // The main street has two nodes, as has the fragment beside it: the smallest component decides.
    let street = network(&[
        (&[(1, 0.0, 0.0), (2, 100.0, 0.0)], false),
        (&[(2, 100.0, 0.0), (3, 200.0, 0.0)], false),
        (&[(4, 0.0, 50.0), (5, 100.0, 50.0)], false),
    ]);
    let places = [
        Some((50.0, 10.0)),
        Some((50.0, 45.0)),
        Some((50.0, 99.0)),
        Some((50.0, 500.0)),
        Some((f64::NAN, 0.0)),
        None,
    ];
    let places = places.map(|place| place.map(|(x, y)| Point::new(x, y)));
    let options = AttachOptions::within(Metres::new(50.0).unwrap());
    let receipts = street.attach_all(&places, options, &[], &Quiet).unwrap();
    let told: Vec<_> = receipts
        .iter()
        .map(|receipt| {
            let gap = receipt.attachment.map(|at| at.gap.get());
            (receipt.outcome, gap, receipt.street, receipt.component_size, receipt.nearest.map(Metres::get))
        })
        .collect();
    assert_eq!(
        told,
        [
            (Outcome::Attached, Some(10.0), Some(0), Some(3), Some(10.0)),
            (Outcome::FragmentPassedOver, Some(45.0), Some(0), Some(3), Some(5.0)),
            (Outcome::OnFragment, Some(49.0), Some(2), Some(2), Some(49.0)),
            (Outcome::TooFar, None, None, None, Some(450.0)),
            (Outcome::NoPlace, None, None, None, None),
            (Outcome::NoPlace, None, None, None, None),
        ]
    );
    let inhabited = street.receipt(places[1], options, &[false, true]);
    assert_eq!((inhabited.outcome, inhabited.component_size), (Outcome::Attached, Some(2)));
}

#[test]
fn the_edge_of_the_data_is_where_streets_end_before_nothing() {
    // A cross of 1 km arms: each ends before nothing, and leaves the others in the middle.
    let arm = |end, x, y| [(0, 0.0, 0.0), (end, x, y)];
    let arms = [arm(1, 1e3, 0.0), arm(2, -1e3, 0.0), arm(3, 0.0, 1e3), arm(4, 0.0, -1e3)];
    let cross = network(&arms.each_ref().map(|arm| (&arm[..], false)));
    let origins = [Some(at(&cross, 0.0, 0.0)), Some(at(&cross, 900.0, 0.0)), None];
    assert_eq!(cross.cuts().len(), 5);
    let found = time_to_data_edge(&cross, &origins, minutes(500_000), &Quiet).unwrap();
    assert_eq!(found, [Some(minutes(0)), Some(minutes(100_000)), None]);
    // A street beyond one of them, and a shore street that joins two others: one end is left.
    let beyond = [(8, 1.5e3, -1e3), (9, 1.5e3, 1e3)];
    let shore = [(2, -1e3, 0.0), (7, -900.0, -900.0), (4, 0.0, -1e3)];
    let mut streets: Vec<(Vertices<'_>, bool)> = arms.iter().map(|arm| (&arm[..], false)).collect();
    streets.extend([(&beyond[..], false), (&shore[..], false)]);
    let town = network(&streets);
    let cuts: Vec<i64> = town.cuts().iter().map(|&node| town.vertex(node)).collect();
    assert!(cuts.contains(&3) && [1, 2, 4].iter().all(|shut| !cuts.contains(shut)), "{cuts:?}");
}

#[test]
fn a_route_names_its_streets_one_by_one() {
    let streets = network(&[
        (&[(1, 0.0, 0.0), (2, 100.0, 0.0), (3, 200.0, 0.0)], false),
        (&[(2, 100.0, 0.0), (4, 100.0, 60.0)], false),
        (&[(4, 100.0, 60.0), (5, 160.0, 60.0)], false),
    ]);
    let way = route(&streets, &at(&streets, 20.0, 5.0), &at(&streets, 150.0, 60.0)).unwrap();
    let steps: Vec<_> = way.steps.iter().map(|step| (step.street, step.length.get(), step.time)).collect();
    assert_eq!(steps, [(0, 80.0, minutes(80_000)), (1, 60.0, minutes(60_000)), (2, 50.0, minutes(50_000))]);
    assert_eq!((way.length.get(), way.time), (190.0, minutes(195_000)));
    let line: Vec<_> = way.line.0.iter().map(|coord| (coord.x, coord.y)).collect();
    assert_eq!(line, [(20.0, 0.0), (100.0, 0.0), (100.0, 60.0), (150.0, 60.0)]);
    let here = at(&streets, 20.0, 0.0);
    let nowhere = route(&streets, &here, &here).unwrap();
    assert_eq!((nowhere.time, nowhere.steps.len(), nowhere.line.0.len()), (minutes(0), 0, 2));
}

#[test]
fn an_isochrone_ends_where_the_time_ends_and_fills_the_block_inside() {
    // A block of 150 m, and a street that leads away from its corner.
    let block = [(1, 0.0, 0.0), (2, 150.0, 0.0), (3, 150.0, 150.0), (4, 0.0, 150.0), (1, 0.0, 0.0)];
    let streets = network(&[(&block, false), (&[(1, 0.0, 0.0), (5, -500.0, 0.0)], false)]);
    let place = [Some(at(&streets, 0.0, 0.0))];
    let cutoffs = [minutes(400_000), minutes(200_000)];
    let narrow = IsochroneOptions { width: Metres::new(10.0).unwrap(), largest_gap_m2: 0.0 };
    let filled = IsochroneOptions { largest_gap_m2: 130.0 * 130.0 + 1.0, ..narrow };
    let draw = |options| isochrones(&streets, &place, &cutoffs, Direction::From, options, &Quiet).unwrap();
    let areas = draw(narrow)[0].clone().unwrap();
    let inside = |area: &MultiPolygon<f64>, x, y| area.contains(&Point::new(x, y));
    for (area, end) in areas.iter().zip([-400.0, -200.0]) {
        assert!(inside(area, end - 9.0, 0.0) && !inside(area, end - 11.0, 0.0));
        assert!(!inside(area, 75.0, 75.0));
    }
    // 200 m one way round and 200 m the other leave 200 m of the block's 600 m.
    assert!(inside(&areas[0], 150.0, 150.0) && !inside(&areas[1], 150.0, 150.0));
    let [long, short] = [0, 1].map(|cutoff| draw(filled)[0].as_ref().unwrap()[cutoff].clone());
    assert!(inside(&long, 75.0, 75.0), "the block is surrounded");
    assert!(!inside(&short, 75.0, 75.0), "the block is still open");
    let lines = reached_streets(&streets, &place, &cutoffs, Direction::From, &Quiet).unwrap();
    let lengths: Vec<f64> = lines[0].as_ref().unwrap().iter().map(|lines| Euclidean.length(lines)).collect();
    assert!((lengths[0] - 1_000.0).abs() < 1e-9 && (lengths[1] - 600.0).abs() < 1e-9, "{lengths:?}");
}

/// Side of the grid of random streets, and metres between junctions.
const SIDE: i64 = 6;
const BLOCK_M: f64 = 90.0;

/// A street for each block that is kept, to the right and then upward; some are one-way.
fn random_streets(kept: &[bool], one_way: &[bool]) -> Option<StreetNetwork> {
    random_streets_built(kept, one_way, false)
}

fn random_streets_built(kept: &[bool], one_way: &[bool], simplify: bool) -> Option<StreetNetwork> {
    // Junctions are pushed off the grid so that no two ways are equally long.
    let place = |junction: i64| {
        let [x, y] = [junction % SIDE, junction / SIDE].map(|cell| cell as f64 * BLOCK_M);
        (junction, x + (junction * 7 % 11) as f64, y + (junction * 5 % 13) as f64)
    };
    let right = (0..SIDE * SIDE).filter(|junction| junction % SIDE < SIDE - 1).map(|from| [from, from + 1]);
    let up = (0..SIDE * (SIDE - 1)).map(|from| [from, from + SIDE]);
    let streets: Vec<([Vertex; 2], bool)> = right
        .chain(up)
        .zip(kept.iter().zip(one_way))
        .filter(|(_, (kept, _))| **kept)
        .map(|(ends, (_, one_way))| (ends.map(place), *one_way))
        .collect();
    let borrowed: Vec<(Vertices<'_>, bool)> =
        streets.iter().map(|(ends, one_way)| (&ends[..], *one_way)).collect();
    (!borrowed.is_empty()).then(|| build(&borrowed, simplify))
}

/// A chain of edges, each from a node to the next, with their minutes.
fn chain(minutes: &[f64]) -> crate::Result<StreetNetwork> {
    let edges = EdgeTable {
        from: (0..minutes.len() as i64).collect(),
        to: (1..=minutes.len() as i64).collect(),
        minutes: Some(minutes.to_vec()),
        ..EdgeTable::default()
    };
    let profile = TravelProfile::of(crate::model::Traveller::Adult);
    StreetNetwork::from_edges(None, &edges, profile, BuildOptions::default(), &Quiet)
}

#[test]
fn what_takes_longer_than_any_search_is_refused_by_name() {
    let error = chain(&[1.0, 40_000.0]).unwrap_err();
    assert_eq!((error.position().row, error.position().column.as_deref()), (Some(2), Some("minutes")));
    let network = chain(&[1.0]).unwrap();
    let place = [network.at_node(0)];
    let (places, far) = (Destinations::at(&network, &place), Minutes::new(36_000.0).unwrap());
    let refused = [
        travel_times(&network, &place, &places, far, &Quiet).map(drop),
        closest(&network, &place, &places, 1, far, &Quiet).map(drop),
        sum_within(&network, &place, &places, &[1.0], &[far], &Quiet).map(drop),
        time_to_data_edge(&network, &place, far, &Quiet).map(drop),
        reached_streets(&network, &place, &[far], Direction::From, &Quiet).map(drop),
    ];
    assert!(refused.into_iter().all(|one| one.unwrap_err().kind() == crate::ErrorKind::Parameter));
    assert!(sum_within(&network, &place, &places, &[-1.0], &[minutes(1)], &Quiet).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    // Edges of up to 35,000 minutes: each can be travelled, two of them often not within the 24 days of a search.
    #[test]
    fn very_long_times_are_the_same_in_tables_closest_places_and_sums(
        times in prop::collection::vec(0.0..35_000.0_f64, 1..6),
        limit in 1.0..35_791.0_f64,
    ) {
        let network = chain(&times).unwrap();
        let nodes: Vec<_> = (0..network.node_count() as u32).map(|node| network.at_node(node)).collect();
        let (places, limit) = (Destinations::at(&network, &nodes), Minutes::new(limit).unwrap());
        let table = travel_times(&network, &nodes, &places, limit, &Quiet).unwrap();
        let closest = closest(&network, &nodes, &places, nodes.len(), limit, &Quiet).unwrap();
        let sums = sum_within(&network, &nodes, &places, &vec![1.0; nodes.len()], &[limit], &Quiet).unwrap();
        let whole: Vec<u32> = times.iter().map(|&time| Minutes::new(time).unwrap().to_milliseconds()).collect();
        for (origin, &sum) in sums[0].iter().enumerate() {
            let from_table: Vec<_> = table.row(origin).milliseconds().collect();
            let mut from_closest: Vec<_> =
                closest.of(origin).map(|(place, time)| (place, time.to_milliseconds())).collect();
            from_closest.sort_unstable();
            prop_assert_eq!(&from_table, &from_closest);
            prop_assert_eq!(sum, Some(from_table.len() as f64));
            // A chain adds up: by hand, from vertex to vertex.
            let at = |node: usize| network.vertex(node as u32) as usize;
            let by_hand = |place: usize| {
                let (a, b) = (at(origin).min(at(place)), at(origin).max(at(place)));
                whole[a..b].iter().map(|&time| u64::from(time)).sum::<u64>()
            };
            let expected: Vec<_> = (0..nodes.len())
                .map(|place| (place, by_hand(place)))
                .filter(|&(_, time)| time <= u64::from(limit.to_milliseconds()))
                .map(|(place, time)| (place, time as u32))
                .collect();
            prop_assert_eq!(from_table, expected);
        }
    }

    #[test]
    fn all_ways_of_asking_agree(
        kept in prop::collection::vec(prop::bool::weighted(0.8), 60),
        one_way in prop::collection::vec(prop::bool::weighted(0.3), 60),
        spots in prop::collection::vec((0.0..450.0, 0.0..450.0), 20),
        limit in 100_000..900_000_u32,
    ) {
        let Some(network) = random_streets(&kept, &one_way) else { return Ok(()) };
        let places: Vec<Attachment> = spots.iter().map(|&(x, y)| at(&network, x, y)).collect();
        // Forward, backward and by petgraph's A*, compared inside.
        let all = times(&network, &places, &places, limit);
        for (a, row) in all.iter().enumerate() {
            for (b, time) in row.iter().enumerate() {
                for (c, onward) in all[b].iter().enumerate() {
                    if let (Some(time), Some(onward)) = (time, onward) {
                        let spent = time + onward;
                        // Passing by b adds the way to its door and back; parts of edges are rounded.
                        prop_assert!(spent + 4 > limit || row[c].is_some_and(|direct| direct <= spent + 4), "{a} {b} {c}");
                    }
                }
            }
        }
        // petgraph's own Dijkstra on the frozen network.
        let nodes: Vec<Attachment> = (0..network.node_count() as u32).map(|node| network.at_node(node).unwrap()).collect();
        let start = nodes.len() / 2;
        let expected = petgraph::algo::dijkstra(network.as_petgraph(), start as u32, None, |passage| passage.milliseconds);
        let found = times(&network, &nodes[start..=start], &nodes, FOREVER);
        for (node, time) in found[0].iter().enumerate() {
            prop_assert_eq!(*time, expected.get(&(node as u32)).copied());
        }
    }

    #[test]
    fn joining_edges_changes_no_answer(
        kept in prop::collection::vec(prop::bool::weighted(0.6), 60),
        one_way in prop::collection::vec(prop::bool::weighted(0.2), 60),
        spots in prop::collection::vec((0.0..450.0, 0.0..450.0), 12),
    ) {
        let built = |simplify| random_streets_built(&kept, &one_way, simplify);
        let (Some(plain), Some(joined)) = (built(false), built(true)) else { return Ok(()) };
        let [plain_times, joined_times] = [&plain, &joined].map(|network| {
            let places: Vec<Attachment> = spots.iter().map(|&(x, y)| at(network, x, y)).collect();
            times(network, &places, &places, FOREVER)
        });
        for (plain, joined) in plain_times.iter().flatten().zip(joined_times.iter().flatten()) {
            // Joined edges are rounded once instead of once each: half a millisecond an edge.
            prop_assert!(plain.is_some() == joined.is_some());
            prop_assert!(plain.zip(*joined).is_none_or(|(a, b)| a.abs_diff(b) <= 30), "{plain:?} {joined:?}");
        }
    }

    #[test]
    fn reach_never_shrinks_when_the_cutoff_grows(
        kept in prop::collection::vec(prop::bool::weighted(0.8), 60),
        one_way in prop::collection::vec(prop::bool::weighted(0.3), 60),
        spots in prop::collection::vec((0.0..450.0, 0.0..450.0), 20),
        mut cutoffs in prop::collection::vec(0..900_000_u32, 5),
    ) {
        let Some(network) = random_streets(&kept, &one_way) else { return Ok(()) };
        cutoffs.sort_unstable();
        let cutoffs: Vec<Minutes> = cutoffs.into_iter().map(minutes).collect();
        let places: Vec<_> = spots.iter().map(|&(x, y)| Some(at(&network, x, y))).collect();
        let destinations = Destinations::at(&network, &places);
        let sums = sum_within(&network, &places, &destinations, &[1.0; 20], &cutoffs, &Quiet).unwrap();
        for pair in sums.windows(2) {
            prop_assert!(pair[0].iter().zip(&pair[1]).all(|(shorter, longer)| shorter <= longer));
        }
        // One cutoff at a time gives the same.
        for (cutoff, together) in cutoffs.iter().zip(&sums) {
            let alone = sum_within(&network, &places, &destinations, &[1.0; 20], &[*cutoff], &Quiet).unwrap();
            prop_assert_eq!(&alone[0], together);
        }
    }

    #[test]
    fn an_itinerary_is_whole_and_its_parts_add_up(
        kept in prop::collection::vec(prop::bool::weighted(0.8), 60),
        one_way in prop::collection::vec(prop::bool::weighted(0.3), 60),
        spots in prop::collection::vec((0.0..450.0, 0.0..450.0), 6),
    ) {
        let Some(network) = random_streets(&kept, &one_way) else { return Ok(()) };
        let places: Vec<Attachment> = spots.iter().map(|&(x, y)| at(&network, x, y)).collect();
        for from in &places {
            for to in &places {
                let Some(way) = route(&network, from, to) else { continue };
                let on_street: u32 = way.steps.iter().map(|step| step.time.to_milliseconds()).sum();
                let gaps = network.gap_cost(from) + network.gap_cost(to);
                prop_assert_eq!(way.time.to_milliseconds(), on_street + gaps);
                prop_assert!((Euclidean.length(&way.line) - way.length.get()).abs() < 1e-6);
                let ends = [from.position, to.position].map(Point::from);
                let line_ends = [way.line.0[0], way.line.0[way.line.0.len() - 1]].map(Point::from);
                for (end, line_end) in ends.into_iter().zip(line_ends) {
                    prop_assert!(Euclidean.distance(end, line_end) < 1e-6);
                }
            }
        }
    }

    #[test]
    fn isochrones_hold_exactly_what_is_reached_and_lie_in_each_other(
        kept in prop::collection::vec(prop::bool::weighted(0.8), 60),
        one_way in prop::collection::vec(prop::bool::weighted(0.3), 60),
        spots in prop::collection::vec((0.0..450.0, 0.0..450.0), 12),
        reversed in prop::bool::ANY,
    ) {
        let Some(network) = random_streets(&kept, &one_way) else { return Ok(()) };
        let direction = if reversed { Direction::To } else { Direction::From };
        let mut places: Vec<Attachment> = spots.iter().map(|&(x, y)| at(&network, x, y)).collect();
        // Positions on the streets themselves.
        places.iter_mut().for_each(|place| place.gap = Metres::ZERO);
        let cutoffs = [150_000, 300_000, 450_000];
        let origin = [Some(places[0])];
        let cutoff_minutes = cutoffs.map(minutes);
        let lines = reached_streets(&network, &origin, &cutoff_minutes, direction, &Quiet).unwrap();
        let options = IsochroneOptions { width: Metres::new(5.0).unwrap(), ..IsochroneOptions::default() };
        let areas = isochrones(&network, &origin, &cutoff_minutes, direction, options, &Quiet).unwrap();
        let (lines, areas) = (lines[0].as_ref().unwrap(), areas[0].as_ref().unwrap());
        for place in &places[1..] {
            let time = match direction {
                Direction::From => route(&network, &places[0], place),
                Direction::To => route(&network, place, &places[0]),
            };
            let time = time.map(|way| way.time.to_milliseconds());
            let point = Point::from(place.position);
            for ((&cutoff, lines), area) in cutoffs.iter().zip(lines).zip(areas) {
                let distance = Euclidean.distance(&point, lines);
                // A millisecond of rounding is a millimetre of street.
                if time.is_some_and(|time| time + 3 < cutoff) {
                    prop_assert!(distance < 1e-6, "{distance} {time:?} {cutoff}");
                    prop_assert!(area.contains(&point));
                } else if time.is_none_or(|time| time > cutoff + 3) {
                    prop_assert!(distance > 1e-9, "{distance} {time:?} {cutoff}");
                }
            }
        }
        for pair in areas.windows(2) {
            prop_assert!(pair[0].difference(&pair[1]).unsigned_area() < 1e-3);
        }
    }

    #[test]
    fn the_number_of_threads_changes_no_bit(
        kept in prop::collection::vec(prop::bool::weighted(0.9), 60),
        spots in prop::collection::vec((0.0..450.0, 0.0..450.0), 200),
        weights in prop::collection::vec(0.0..1.0_f64, 200),
    ) {
        let Some(network) = random_streets(&kept, &[false; 60]) else { return Ok(()) };
        let places: Vec<_> = spots.iter().map(|&(x, y)| Some(at(&network, x, y))).collect();
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let (mut sums, mut found) = (Vec::new(), Vec::new());
                for destinations in [&places[..50], &places] {
                    let weights = &weights[..destinations.len()];
                    let destinations = Destinations::at(&network, destinations);
                    found.push(closest_of_each(&network, &places, &[&destinations; 3], 2, minutes(300_000), &Quiet).unwrap());
                    sums.push(sum_within(&network, &places, &destinations, weights, &[minutes(300_000)], &Quiet).unwrap());
                }
                (sums, found)
            })
        };
        prop_assert_eq!(on(1), on(3));
    }
}
