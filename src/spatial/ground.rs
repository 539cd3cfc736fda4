//! Streets laid on the ground: heights along their lines, with bridges and tunnels even between their ends.

use crate::Result;
use crate::model::{Elevation, Relief, Street};
use geo::Coord;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// A way from one system to another is made for this many streets.
const STREETS_AT_ONCE: usize = 1024;

/// Gives every street its relief, from the ground below it.
///
/// - `to_grid`: makes a function from a place of a street to the same place in the system of the elevation, for each thread
///   its own.
///
/// Heights are taken at every vertex and at most 10 m apart between them. Bridges and tunnels do not follow the ground: they
/// run evenly between the places where they meet a street on the ground (steps aside, which climb to them), or end. Where
/// several of them meet above or below the ground, each joint is as high as the mean of its neighbours, weighted by nearness.
///
/// # Errors
/// Those of `to_grid`, with the street where a place cannot be carried into the system of the elevation.
pub fn lay_on_ground<F>(
    streets: &mut [Street],
    elevation: &Elevation,
    to_grid: impl Fn() -> Result<F> + Sync,
) -> Result<()>
where
    F: Fn(Coord<f64>) -> Result<Coord<f64>>,
{
    streets.par_chunks_mut(STREETS_AT_ONCE).try_for_each(|streets| {
        let to_grid = to_grid()?;
        for street in streets.iter_mut().filter(|street| !street.line.0.is_empty()) {
            let places = street.line.0.iter().map(|&place| to_grid(place));
            let places: Vec<Coord<f64>> = places
                .collect::<Result<_>>()
                .map_err(|error| error.in_layer("streets").with_id(street.id.to_string()))?;
            street.relief = Some(Relief::along(&street.line.0, &places, elevation));
        }
        Ok(())
    })?;
    hang_between_ends(streets);
    Ok(())
}

/// Bridges and tunnels between the places where they meet the ground.
fn hang_between_ends(streets: &mut [Street]) {
    let mut ground: BTreeSet<i64> = BTreeSet::new();
    let mut uses: BTreeMap<i64, usize> = BTreeMap::new();
    for street in streets.iter() {
        if street.is_off_ground() {
            street.vertices.iter().for_each(|&vertex| *uses.entry(vertex).or_default() += 1);
        } else if !street.tags.is("highway", "steps") {
            ground.extend(&street.vertices);
        }
    }
    let off_ground = || streets.iter().filter(|street| street.is_off_ground() && street.relief.is_some());
    // Heights of the vertices between which a structure runs evenly; those in the air are found from their neighbours.
    let mut heights: BTreeMap<i64, Option<f64>> = BTreeMap::new();
    let mut neighbours: BTreeMap<i64, Vec<(i64, f64)>> = BTreeMap::new();
    for street in off_ground() {
        let relief = street.relief.as_ref().expect("only those with a relief are looked at");
        let supports = supports(street, &ground, &uses);
        for pair in supports.windows(2) {
            let [a, b] = [street.vertices[pair[0]], street.vertices[pair[1]]];
            let length_m =
                relief.distances_m[relief.at_vertex[pair[1]]] - relief.distances_m[relief.at_vertex[pair[0]]];
            neighbours.entry(a).or_default().push((b, length_m));
            neighbours.entry(b).or_default().push((a, length_m));
        }
        for at in supports {
            heights.entry(street.vertices[at]).or_insert(relief.heights_m[relief.at_vertex[at]]);
        }
    }
    let in_the_air: Vec<i64> =
        heights.keys().copied().filter(|vertex| !ground.contains(vertex) && uses[vertex] > 1).collect();
    settle(&mut heights, &neighbours, &in_the_air);
    for street in streets.iter_mut().filter(|street| street.is_off_ground()) {
        let supports = supports(street, &ground, &uses);
        let Some(relief) = &mut street.relief else { continue };
        for pair in supports.windows(2) {
            let [low, high] = [pair[0], pair[1]].map(|at| heights[&street.vertices[at]]);
            let [begin, end] = [pair[0], pair[1]].map(|at| relief.at_vertex[at]);
            let [begin_m, end_m] = [begin, end].map(|at| relief.distances_m[at]);
            for at in begin..=end {
                let along_m = relief.distances_m[at] - begin_m;
                let share = if end_m > begin_m { along_m / (end_m - begin_m) } else { 0.0 };
                relief.heights_m[at] = low.zip(high).map(|(low, high)| low + (high - low) * share);
            }
        }
    }
}

/// Positions of the vertices of a bridge or tunnel at which it meets the ground, another one, or its end.
fn supports(street: &Street, ground: &BTreeSet<i64>, uses: &BTreeMap<i64, usize>) -> Vec<usize> {
    let last = street.vertices.len().saturating_sub(1);
    let is_support = |&at: &usize| {
        let vertex = street.vertices[at];
        at == 0 || at == last || ground.contains(&vertex) || uses[&vertex] > 1
    };
    (0..street.vertices.len()).filter(is_support).collect()
}

/// Makes the height of every joint the mean of its neighbours', weighted by nearness: even on a chain of bridges.
fn settle(
    heights: &mut BTreeMap<i64, Option<f64>>,
    neighbours: &BTreeMap<i64, Vec<(i64, f64)>>,
    joints: &[i64],
) {
    const CLOSE_ENOUGH_M: f64 = 1e-4;
    const MOST_ROUNDS: usize = 10_000;
    for _ in 0..MOST_ROUNDS {
        let mut largest_change_m: f64 = 0.0;
        for joint in joints {
            let known = neighbours[joint].iter().filter_map(|(other, length_m)| {
                Some((heights[other].filter(|_| other != joint)?, 1.0 / length_m.max(CLOSE_ENOUGH_M)))
            });
            let (sum, weights) = known.fold((0.0, 0.0), |(sum, weights), (height, weight)| {
                (sum + height * weight, weights + weight)
            });
            if weights > 0.0 {
                let settled = sum / weights;
                let before = heights.insert(*joint, Some(settled)).flatten();
                largest_change_m =
                    largest_change_m.max(before.map_or(f64::INFINITY, |before| (before - settled).abs()));
            }
        }
        if largest_change_m < CLOSE_ENOUGH_M {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Crs;
    use geo::LineString;

    fn street(id: i64, vertices: Vec<i64>, xs: &[f64], tags: &[(&str, &str)]) -> Street {
        let line = LineString(xs.iter().map(|&x| Coord { x, y: 50.0 }).collect());
        Street { id, line, vertices, tags: tags.iter().copied().collect(), ..Street::default() }
    }

    /// A valley: the ground falls from 100 m at x = 0 to 0 m at x = 100 and rises to 100 m at x = 200.
    fn valley() -> Elevation {
        let heights: Vec<Option<f32>> =
            (0..2).flat_map(|_| (0..=20).map(|i| Some((100.0 - 10.0 * i as f32).abs()))).collect();
        let (first, step) = (Coord { x: 0.0, y: 100.0 }, Coord { x: 10.0, y: -100.0 });
        Elevation::new(Crs::wgs84(), first, step, 21, &heights).unwrap()
    }

    fn rise(street: &Street, begin: usize, end: usize) -> (f64, f64) {
        let parts = street.relief.as_ref().unwrap().between(begin, end).unwrap();
        let climbed = parts.iter().map(|part| part.rise_m.max(0.0)).sum();
        (climbed, parts.iter().map(|part| part.rise_m).sum())
    }

    #[test]
    fn a_valley_between_two_vertices_counts() {
        let elevation = valley();
        let mut streets = [street(1, vec![1, 2], &[0.0, 200.0], &[("highway", "residential")])];
        lay_on_ground(&mut streets, &elevation, || Ok(Ok)).unwrap();
        let (climbed, rise) = rise(&streets[0], 0, 1);
        assert!((climbed - 100.0).abs() < 1e-3 && rise.abs() < 1e-3, "{climbed} {rise}");
        let relief = streets[0].relief.as_ref().unwrap();
        assert!((relief.slope_around(30.0, 50.0).unwrap() + 1.0).abs() < 1e-5);
        assert!(relief.slope_around(100.0, 50.0).unwrap().abs() < 1e-5);
        assert!(relief.slope_around(0.0, 1_000.0).unwrap().abs() < 1e-5);
    }

    /// ```text
    ///  1 ══ 2 ══ 3 ─ 4     two ways of one bridge over the valley, with steps down from the middle
    ///       ┊
    ///       5
    /// ```
    #[test]
    fn a_bridge_in_two_ways_hangs_between_its_ends_and_steps_do_not_pull_it_down() {
        let elevation = valley();
        let bridge = [("highway", "footway"), ("bridge", "yes")];
        let mut streets = [
            street(1, vec![1, 2], &[10.0, 100.0], &bridge),
            street(2, vec![2, 3], &[100.0, 170.0], &bridge),
            street(3, vec![3, 4], &[170.0, 200.0], &[("highway", "residential")]),
            street(4, vec![2, 5], &[100.0, 101.0], &[("highway", "steps")]),
            street(5, vec![0, 1], &[0.0, 10.0], &[("highway", "residential")]),
        ];
        lay_on_ground(&mut streets, &elevation, || Ok(Ok)).unwrap();
        // From 90 m at x = 10 evenly to 70 m at x = 170.
        let (climbed, fall) = rise(&streets[0], 0, 1);
        assert!(climbed < 1e-3 && (fall + 20.0 * 90.0 / 160.0).abs() < 1e-2, "{climbed} {fall}");
        assert!((rise(&streets[1], 0, 1).1 + 20.0 * 70.0 / 160.0).abs() < 1e-2);
        assert!((rise(&streets[2], 0, 1).1 - 30.0).abs() < 1e-2);
    }

    #[test]
    fn outside_the_grid_nothing_is_known() {
        let elevation = valley();
        let mut streets = [street(1, vec![1, 2, 3], &[150.0, 195.0, 400.0], &[("highway", "path")])];
        lay_on_ground(&mut streets, &elevation, || Ok(Ok)).unwrap();
        let relief = streets[0].relief.as_ref().unwrap();
        assert!(relief.between(0, 1).is_some());
        assert_eq!(relief.between(1, 2), None);
        assert_eq!(relief.slope_around(200.0, 50.0), None);
    }
}
