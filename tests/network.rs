//! Properties of the network on random streets, checked against petgraph.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::model::Street;
use commonground::network::{
    Attachment, BuildOptions, Destinations, Row, StreetNetwork, TravelProfile, closest, each_origin,
    sum_within,
};
use commonground::{KmPerHour, Metres, Minutes, Quiet};
use geo::{Coord, Point};
use petgraph::graph::UnGraph;
use proptest::prelude::*;
use std::collections::HashMap;

/// Side of the grid of junctions, and metres between them.
const SIDE: i64 = 6;
const BLOCK_M: f64 = 90.0;
/// 3.6 km/h makes a metre a second.
const MILLISECONDS_PER_METRE: f64 = 1_000.0;

fn place(junction: i64) -> Coord<f64> {
    // Junctions are pushed off the grid so that no two ways are equally long.
    let (x, y) = ((junction % SIDE) as f64, (junction / SIDE) as f64);
    Coord { x: x * BLOCK_M + (junction * 7 % 11) as f64, y: y * BLOCK_M + (junction * 5 % 13) as f64 }
}

/// A street for each block whose flag is set: to the right, then upward.
fn streets(kept: &[bool]) -> Vec<Street> {
    let right = (0..SIDE * SIDE)
        .filter(|junction| junction % SIDE < SIDE - 1)
        .map(|junction| (junction, junction + 1));
    let up = (0..SIDE * (SIDE - 1)).map(|junction| (junction, junction + SIDE));
    right
        .chain(up)
        .zip(kept)
        .enumerate()
        .filter(|(_, (_, kept))| **kept)
        .map(|(id, ((from, to), _))| Street {
            id: id as i64,
            line: vec![place(from), place(to)].into(),
            vertices: vec![from, to],
            tags: [("highway", "residential")].into_iter().collect(),
            ..Street::default()
        })
        .collect()
}

fn network(streets: &[Street], simplify: bool) -> StreetNetwork {
    let profile = TravelProfile::walking(KmPerHour::new(3.6).unwrap()).unwrap();
    StreetNetwork::build(streets, profile, BuildOptions { simplify, ..BuildOptions::default() }, &Quiet)
        .unwrap()
        .0
}

/// Milliseconds from every place to every place, all components taken as they are.
fn times(network: &StreetNetwork, places: &[Point<f64>], limit: Minutes) -> Vec<HashMap<usize, f64>> {
    let far = Metres::new(10.0).unwrap();
    let inhabited = vec![true; network.component_sizes().len()];
    let attached: Vec<_> = places.iter().map(|&place| network.attach(place, far, &inhabited).ok()).collect();
    let entrances: Vec<_> =
        attached.iter().enumerate().filter_map(|(number, at)| Some((number as u32, (*at)?))).collect();
    let destinations = Destinations::new(network, places.len(), &entrances);
    let gather =
        |row: Row<'_>| row.iter().map(|(place, time)| (place, (time.get() * 60_000.0).round())).collect();
    let rows = each_origin(network, &attached, &destinations, limit, &Quiet, gather).unwrap();
    rows.into_iter().map(Option::unwrap_or_default).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn times_between_junctions_are_those_of_petgraph(kept in prop::collection::vec(prop::bool::weighted(0.7), 60)) {
        let streets = streets(&kept);
        prop_assume!(!streets.is_empty());
        let mut graph = UnGraph::<(), f64>::new_undirected();
        let nodes: Vec<_> = (0..SIDE * SIDE).map(|_| graph.add_node(())).collect();
        for street in &streets {
            let length = (street.line.0[0] - street.line.0[1]).x.hypot((street.line.0[0] - street.line.0[1]).y);
            let ends = [street.vertices[0], street.vertices[1]].map(|vertex| nodes[vertex as usize]);
            graph.add_edge(ends[0], ends[1], (length * MILLISECONDS_PER_METRE).round());
        }
        let used: Vec<i64> = (0..SIDE * SIDE)
            .filter(|junction| streets.iter().any(|street| street.vertices.contains(junction)))
            .collect();
        let places: Vec<Point<f64>> = used.iter().map(|&junction| place(junction).into()).collect();
        let limit = Minutes::new(1_000.0).unwrap();
        let [plain, simplified] = [false, true].map(|simplify| times(&network(&streets, simplify), &places, limit));
        for (from, &junction) in used.iter().enumerate() {
            let expected = petgraph::algo::dijkstra(&graph, nodes[junction as usize], None, |edge| *edge.weight());
            for (to, &other) in used.iter().enumerate() {
                let time = expected.get(&nodes[other as usize]);
                // The same whole milliseconds to the last bit.
                prop_assert_eq!(plain[from].get(&to), time, "{} to {}", junction, other);
                // Joined edges are rounded once instead of once each: half a millisecond an edge.
                match (simplified[from].get(&to), time) {
                    (Some(found), Some(time)) => prop_assert!((found - time).abs() <= 30.0),
                    (found, time) => prop_assert_eq!(found.is_some(), time.is_some()),
                }
            }
        }
    }

    #[test]
    fn positions_on_edges_are_symmetric_and_keep_the_triangle(
        kept in prop::collection::vec(prop::bool::weighted(0.8), 60),
        spots in prop::collection::vec((0.0..450.0, 0.0..450.0), 3..8),
    ) {
        let streets = streets(&kept);
        prop_assume!(!streets.is_empty());
        let network = network(&streets, true);
        let inhabited = vec![true; network.component_sizes().len()];
        // Spots moved onto their street, so that all attach.
        let far = Metres::new(10_000.0).unwrap();
        let on_street = |&(x, y): &(f64, f64)| network.attach(Point::new(x, y), far, &inhabited).unwrap().position.into();
        let places: Vec<Point<f64>> = spots.iter().map(on_street).collect();
        let limit = Minutes::new(1_000.0).unwrap();
        let all = times(&network, &places, limit);
        let half = times(&network, &places, Minutes::new(5.0).unwrap());
        for (a, row) in all.iter().enumerate() {
            for (&b, time) in row {
                prop_assert!((all[b][&a] - time).abs() <= 2.0, "{} {}", all[b][&a], time);
                prop_assert_eq!(half[a].contains_key(&b), *time <= 300_000.0);
                for (&c, onward) in &all[b] {
                    prop_assert!(row[&c] <= time + onward + 4.0);
                }
            }
        }
    }

    #[test]
    fn closest_places_and_sums_are_those_of_one_search_an_origin(
        kept in prop::collection::vec(prop::bool::weighted(0.8), 60),
        one_way in prop::collection::vec(prop::bool::weighted(0.3), 60),
        spots in prop::collection::vec((0.0..450.0, 0.0..450.0), 12..30),
        place_count in 1..12_usize,
    ) {
        let mut streets = streets(&kept);
        prop_assume!(!streets.is_empty());
        for street in &mut streets {
            if one_way[street.id as usize] {
                street.tags = [("highway", "residential"), ("oneway:foot", "yes")].into_iter().collect();
            }
        }
        let network = network(&streets, true);
        let inhabited = vec![true; network.component_sizes().len()];
        let far = Metres::new(60.0).unwrap();
        let attach = |&(x, y): &(f64, f64)| network.attach(Point::new(x, y), far, &inhabited).ok();
        let all: Vec<Option<Attachment>> = spots.iter().map(attach).collect();
        // The last place has two entrances, where two are left.
        let (places, origins) = all.split_at(place_count);
        let mut entrances: Vec<(u32, Attachment)> =
            places.iter().enumerate().filter_map(|(place, at)| Some((place as u32, (*at)?))).collect();
        entrances.extend(origins[0].map(|at| (place_count as u32 - 1, at)));
        let destinations = Destinations::new(&network, place_count, &entrances);
        let limit = Minutes::new(12.0).unwrap();
        let gather = |row: Row<'_>| row.iter().collect::<Vec<_>>();
        let rows = each_origin(&network, origins, &destinations, limit, &Quiet, gather).unwrap();

        let three = closest(&network, origins, &destinations, 3, limit, &Quiet).unwrap();
        for (origin, row) in rows.iter().enumerate() {
            let mut expected = row.clone().unwrap_or_default();
            expected.sort_by(|a, b| a.1.get().total_cmp(&b.1.get()).then(a.0.cmp(&b.0)));
            expected.truncate(3);
            prop_assert_eq!(three.of(origin).collect::<Vec<_>>(), expected);
        }

        // Every place counts a power of two, so that a sum tells exactly which ones were reached.
        let weights: Vec<f64> = (0..place_count).map(|place| 2_f64.powi(place as i32)).collect();
        let cutoffs = [Minutes::new(4.0).unwrap(), limit];
        for origins in [origins, &origins[..1]] {
            // Many origins are searched backward, one forward.
            let sums = sum_within(&network, origins, &destinations, &weights, &cutoffs, &Quiet).unwrap();
            for (cutoff, sums) in cutoffs.iter().zip(&sums) {
                for (origin, sum) in sums.iter().enumerate() {
                    let within = |row: &Vec<(usize, Minutes)>| -> f64 {
                        let near = row.iter().filter(|(_, time)| time.get() <= cutoff.get());
                        near.map(|(place, _)| weights[*place]).sum()
                    };
                    prop_assert_eq!(*sum, rows[origin].as_ref().map(within));
                }
            }
        }
    }
}
