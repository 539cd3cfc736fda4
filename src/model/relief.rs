//! How streets rise and fall.
//!
//! ```text
//!        ___
//!    ___/   \__o       heights are taken at every vertex and at most 10 m apart between them,
//!   o        o         so that a hill between two vertices counts
//! ```

use super::{Elevation, Street};
use crate::Result;
use geo::{Coord, Distance, Euclidean, Point};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Longest way between two heights in metres: a third of a cell of the usual 30 m grids (R5 takes 10 m as well).
const SPACING_M: f64 = 10.0;
/// A way from one system to another is made for this many streets.
const STREETS_AT_ONCE: usize = 1024;

/// Heights along the line of a street.
#[derive(Debug, Clone, PartialEq)]
pub struct Relief {
    /// Metres from the begin of the line, ascending from 0.
    distances_m: Vec<f64>,
    /// In metres; `None` where it is not known.
    heights_m: Vec<Option<f64>>,
    /// Which of the heights stands at each vertex of the line.
    at_vertex: Vec<usize>,
}

/// A short part of a street, which rises or falls evenly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rise {
    /// Metres from the begin of the street's line to the middle of the part.
    pub middle_m: f64,
    /// Metres on the map.
    pub length_m: f64,
    /// Metres upward in the direction of the line; negative where it falls.
    pub rise_m: f64,
}

impl Relief {
    /// The heights along a line, whose vertices lie on the grid at `places`.
    ///
    /// Between two vertices the grid is crossed in a straight line: over a few hundred metres no system bends by more than
    /// millimetres.
    fn along(line: &[Coord<f64>], places: &[Coord<f64>], elevation: &Elevation) -> Self {
        let mut relief =
            Self { distances_m: vec![0.0], heights_m: vec![elevation.at(places[0])], at_vertex: vec![0] };
        let mut begin_m = 0.0;
        for (pair, on_grid) in line.windows(2).zip(places.windows(2)) {
            let length_m = Euclidean.distance(Point::from(pair[0]), Point::from(pair[1]));
            let parts = (length_m / SPACING_M).ceil().max(1.0);
            for part in 1..=parts as usize {
                let share = part as f64 / parts;
                relief.heights_m.push(elevation.at(on_grid[0] + (on_grid[1] - on_grid[0]) * share));
                relief.distances_m.push(begin_m + length_m * share);
            }
            begin_m += length_m;
            relief.at_vertex.push(relief.heights_m.len() - 1);
        }
        relief
    }

    /// Length of the whole line in metres.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.distances_m.last().copied().unwrap_or_default()
    }

    /// The parts between two vertices, by their positions on the line; `None` if a height on the way is not known.
    #[must_use]
    pub fn between(&self, begin: usize, end: usize) -> Option<Vec<Rise>> {
        let range = self.at_vertex[begin]..=self.at_vertex[end];
        let heights: Vec<f64> = self.heights_m[range.clone()].iter().copied().collect::<Option<_>>()?;
        let rise = |(heights, distances): (&[f64], &[f64])| Rise {
            middle_m: (distances[0] + distances[1]) / 2.0,
            length_m: distances[1] - distances[0],
            rise_m: heights[1] - heights[0],
        };
        Some(heights.windows(2).zip(self.distances_m[range].windows(2)).map(rise).collect())
    }

    /// Mean slope over `span_m` metres around a place on the line, positive where it rises in the direction of the line;
    /// over the whole line where that is shorter. `None` if the height at one end is not known, or the line has no length.
    #[must_use]
    pub fn slope_around(&self, middle_m: f64, span_m: f64) -> Option<f64> {
        let length_m = self.length_m();
        let span_m = span_m.min(length_m);
        let begin_m = (middle_m - span_m / 2.0).clamp(0.0, length_m - span_m);
        let rise_m = self.height_m(begin_m + span_m)? - self.height_m(begin_m)?;
        (span_m > 0.0).then(|| rise_m / span_m)
    }

    /// Height at a distance along the line, even between the places where it was taken.
    fn height_m(&self, distance_m: f64) -> Option<f64> {
        let after = self.distances_m.partition_point(|&known| known < distance_m);
        let after = after.min(self.distances_m.len() - 1);
        let before = after.saturating_sub(1);
        let gap_m = self.distances_m[after] - self.distances_m[before];
        let (low, high) = (self.heights_m[before]?, self.heights_m[after]?);
        let share = if gap_m > 0.0 { (distance_m - self.distances_m[before]) / gap_m } else { 1.0 };
        Some(low + (high - low) * share.clamp(0.0, 1.0))
    }
}

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
