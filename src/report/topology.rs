//! Areas as shared borders: a border between two neighbours is simplified once, so that no gap opens between them.
//!
//! ```text
//!   ┌───┬───┐      three arcs: the left way round, the border between, the right way round;
//!   │ a │ b │      each area is a ring of arcs, a border walked backward is `!index`
//!   └───┴───┘
//! ```

use geo::{Coord, LineString, MultiPolygon, SimplifyIdx};
use std::collections::{HashMap, HashSet};

/// Vertices closer than this are one, in metres: files write one corner with different roundings.
const SAME_VERTEX_M: f64 = 0.1;

/// A vertex on the grid of [`SAME_VERTEX_M`].
type Vertex = (i64, i64);

/// Areas whose common borders are stored once.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Topology {
    /// Border lines in metres; an arc that is a ring by itself ends where it begins.
    pub(super) arcs: Vec<Vec<Coord<f64>>>,
    /// For each area its polygons, each a list of rings (the outer first), each a list of arcs; `!index` is backward.
    pub(super) areas: Vec<Vec<Vec<Vec<i32>>>>,
}

impl Topology {
    /// Cuts the borders of `areas` where three or more meet, and leaves out the vertices that move a border by less
    /// than `tolerance_m`. Rings that would collapse keep all vertices; rings without an area on the grid are left out.
    pub(super) fn of<'a>(areas: impl Iterator<Item = &'a MultiPolygon<f64>>, tolerance_m: f64) -> Self {
        let rings: Vec<Vec<Vec<Vec<Vertex>>>> = areas.map(vertices_of).collect();
        let junctions = junctions(rings.iter().flatten().flatten());
        let mut known: HashMap<Vec<Vertex>, i32> = HashMap::new();
        let mut arcs: Vec<Vec<Vertex>> = Vec::new();
        let areas: Vec<Vec<Vec<Vec<i32>>>> = rings
            .iter()
            .map(|polygons| {
                let mut numbered = |ring: &Vec<Vertex>| -> Vec<i32> {
                    cut(ring, &junctions).into_iter().map(|arc| number(arc, &mut known, &mut arcs)).collect()
                };
                polygons.iter().map(|rings| rings.iter().map(&mut numbered).collect()).collect()
            })
            .collect();
        let mut simple: Vec<Vec<Coord<f64>>> = arcs.iter().map(|arc| simplified(arc, tolerance_m)).collect();
        let corners = |ring: &Vec<i32>| ring.iter().map(|arc| simple[index(*arc)].len() - 1).sum::<usize>();
        let collapsed = areas.iter().flatten().flatten().filter(|ring| corners(ring) < 3);
        // All are found before any is put back: a neighbour's vertices must not hide that a ring has lost its own.
        let whole: HashSet<usize> = collapsed.flatten().map(|arc| index(*arc)).collect();
        for arc in whole {
            simple[arc] = simplified(&arcs[arc], 0.0);
        }
        Self { arcs: simple, areas }
    }
}

/// The place of an arc in the list, whichever way it is walked.
pub(super) fn index(arc: i32) -> usize {
    (if arc < 0 { !arc } else { arc }) as usize
}

/// The rings of an area on the grid, not closed, without repeated vertices.
fn vertices_of(area: &MultiPolygon<f64>) -> Vec<Vec<Vec<Vertex>>> {
    let on_grid = |coord: &Coord<f64>| {
        ((coord.x / SAME_VERTEX_M).round() as i64, (coord.y / SAME_VERTEX_M).round() as i64)
    };
    let ring = |line: &LineString<f64>| {
        let mut ring: Vec<Vertex> = line.0.iter().map(on_grid).collect();
        ring.dedup();
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        (ring.len() >= 3).then_some(ring)
    };
    area.iter()
        .filter_map(|polygon| {
            let mut rings = vec![ring(polygon.exterior())?];
            rings.extend(polygon.interiors().iter().filter_map(ring));
            Some(rings)
        })
        .collect()
}

/// The vertices where borders meet: those that two rings (or one ring twice) pass with different neighbours.
fn junctions<'a>(rings: impl Iterator<Item = &'a Vec<Vertex>>) -> HashSet<Vertex> {
    let mut seen: HashMap<Vertex, (Vertex, Vertex)> = HashMap::new();
    let mut junctions = HashSet::new();
    for ring in rings {
        for (at, &vertex) in ring.iter().enumerate() {
            let (before, after) = (ring[(at + ring.len() - 1) % ring.len()], ring[(at + 1) % ring.len()]);
            let neighbours = (before.min(after), before.max(after));
            if *seen.entry(vertex).or_insert(neighbours) != neighbours {
                junctions.insert(vertex);
            }
        }
    }
    junctions
}

/// Cuts a ring at its junctions; a ring without any begins at its smallest vertex, so that its twin is found.
fn cut(ring: &[Vertex], junctions: &HashSet<Vertex>) -> Vec<Vec<Vertex>> {
    let cuts: Vec<usize> = (0..ring.len()).filter(|&at| junctions.contains(&ring[at])).collect();
    let cuts =
        if cuts.is_empty() { vec![(0..ring.len()).min_by_key(|&at| ring[at]).unwrap_or(0)] } else { cuts };
    let stretch = |(nth, &from): (usize, &usize)| {
        let to = cuts.get(nth + 1).copied().unwrap_or(cuts[0] + ring.len());
        (from..=to).map(|at| ring[at % ring.len()]).collect()
    };
    cuts.iter().enumerate().map(stretch).collect()
}

/// The number of an arc, negative if it is known in the other direction.
fn number(mut arc: Vec<Vertex>, known: &mut HashMap<Vec<Vertex>, i32>, arcs: &mut Vec<Vec<Vertex>>) -> i32 {
    if let Some(&index) = known.get(&arc) {
        return index;
    }
    arc.reverse();
    if let Some(&index) = known.get(&arc) {
        return !index;
    }
    arc.reverse();
    let index = arcs.len() as i32;
    arcs.push(arc.clone());
    known.insert(arc, index);
    index
}

fn simplified(arc: &[Vertex], tolerance_m: f64) -> Vec<Coord<f64>> {
    let in_metres = |&(x, y): &Vertex| Coord { x: x as f64 * SAME_VERTEX_M, y: y as f64 * SAME_VERTEX_M };
    let line: LineString<f64> = arc.iter().map(in_metres).collect();
    line.simplify_idx(tolerance_m).into_iter().map(|at| line.0[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, polygon};

    fn back_together(topology: &Topology, area: usize) -> MultiPolygon<f64> {
        let ring = |arcs: &Vec<i32>| -> LineString<f64> {
            let mut line: Vec<Coord<f64>> = Vec::new();
            for &arc in arcs {
                let mut points = topology.arcs[index(arc)].clone();
                if arc < 0 {
                    points.reverse();
                }
                line.extend(points);
            }
            line.dedup();
            LineString(line)
        };
        let polygon =
            |rings: &Vec<Vec<i32>>| geo::Polygon::new(ring(&rings[0]), rings[1..].iter().map(ring).collect());
        MultiPolygon(topology.areas[area].iter().map(polygon).collect())
    }

    /// Two neighbours with a ragged border, and an island with a lake that holds a third.
    fn neighbours() -> Vec<MultiPolygon<f64>> {
        let left = polygon![(x: 0.0, y: 0.0), (x: 10.0, y: 0.0), (x: 10.4, y: 5.0), (x: 10.0, y: 10.0), (x: 0.0, y: 10.0)];
        let right = polygon![(x: 10.0, y: 10.0), (x: 10.4, y: 5.0), (x: 10.0, y: 0.0), (x: 20.0, y: 0.0), (x: 20.0, y: 10.0)];
        let lake = polygon![(x: 3.0, y: 23.0), (x: 3.0, y: 27.0), (x: 7.0, y: 27.0), (x: 7.0, y: 23.0)];
        let ring = geo::Polygon::new(
            LineString::from(vec![(0.0, 20.0), (10.0, 20.0), (10.0, 30.0), (0.0, 30.0), (0.0, 20.0)]),
            vec![lake.exterior().clone()],
        );
        [left, right, ring, lake].into_iter().map(|area| MultiPolygon(vec![area])).collect()
    }

    #[test]
    fn a_common_border_is_one_arc_and_simplifies_once() {
        let areas = neighbours();
        let exact = Topology::of(areas.iter(), 0.0);
        assert_eq!(exact.arcs.len(), 5, "left, between, right, the island's shore, the lake's");
        for (area, shape) in areas.iter().enumerate() {
            assert!((back_together(&exact, area).unsigned_area() - shape.unsigned_area()).abs() < 1e-9);
        }
        let simple = Topology::of(areas.iter(), 1.0);
        let total: f64 = (0..2).map(|area| back_together(&simple, area).unsigned_area()).sum();
        assert!((total - 200.0).abs() < 1e-9, "no gap and no overlap");
        assert!((back_together(&simple, 0).unsigned_area() - 100.0).abs() < 1e-9, "the bulge is gone");
        let lake = back_together(&simple, 3).unsigned_area();
        assert!((back_together(&simple, 2).unsigned_area() - (100.0 - lake)).abs() < 1e-9);
    }

    #[test]
    fn an_area_smaller_than_the_tolerance_keeps_its_shape() {
        let areas = neighbours();
        let coarse = Topology::of(areas.iter(), 1000.0);
        for (area, shape) in areas.iter().enumerate() {
            assert!((back_together(&coarse, area).unsigned_area() - shape.unsigned_area()).abs() < 1.0);
        }
    }
}
