//! Whether polygons are valid, in time that grows with their corners and not with the square of them.
//!
//! The rules and their words are those of geo's `Validation`, whose search for crossings within a ring compares every pair
//! of its segments.

use geo::coordinate_position::CoordPos;
use geo::dimensions::Dimensions;
use geo::validation::{CoordIndex, GeometryIndex, InvalidMultiPolygon, InvalidPolygon, RingRole};
use geo::{
    BoundingRect, Intersects, Line, LineString, MultiPolygon, Polygon, PreparedGeometry, Relate,
    RemoveRepeatedPoints,
};
use rstar::primitives::GeomWithData;
use rstar::{AABB, RTree, RTreeObject};

/// The first thing that is wrong with an area, if anything is.
pub(super) fn problem_of(area: &MultiPolygon<f64>) -> Option<InvalidMultiPolygon> {
    for (at, polygon) in area.0.iter().enumerate() {
        if let Some(problem) = problem_of_polygon(polygon) {
            return Some(InvalidMultiPolygon::InvalidPolygon(GeometryIndex(at), problem));
        }
    }
    let polygons: Vec<&Polygon<f64>> = area.0.iter().collect();
    near_pairs(&polygons).into_iter().find_map(|(a, b)| {
        let matrix = polygons[a].relate(polygons[b]);
        let (a, b) = (GeometryIndex(a), GeometryIndex(b));
        if matrix.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional {
            return Some(InvalidMultiPolygon::ElementsOverlaps(a, b));
        }
        (matrix.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional)
            .then_some(InvalidMultiPolygon::ElementsTouchOnALine(a, b))
    })
}

fn problem_of_polygon(polygon: &Polygon<f64>) -> Option<InvalidPolygon> {
    /// A triangle, whose first point stands at its end again.
    const FEWEST_POINTS: usize = 4;
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    for (at, ring) in rings.enumerate().filter(|(_, ring)| !ring.0.is_empty()) {
        let role = if at == 0 { RingRole::Exterior } else { RingRole::Interior(at - 1) };
        if let Some(wrong) = ring.0.iter().position(|coord| !coord.x.is_finite() || !coord.y.is_finite()) {
            return Some(InvalidPolygon::NonFiniteCoord(role, CoordIndex(wrong)));
        }
        if ring.remove_repeated_points().0.len() < FEWEST_POINTS {
            return Some(InvalidPolygon::TooFewPointsInRing(role));
        }
        if crosses_itself(ring) {
            return Some(InvalidPolygon::SelfIntersection(role));
        }
    }
    if polygon.interiors().is_empty() {
        return None;
    }
    let alone = |ring: &LineString<f64>| Polygon::new(ring.clone(), Vec::new());
    let (outer, holes): (_, Vec<_>) =
        (alone(polygon.exterior()), polygon.interiors().iter().map(alone).collect());
    let outer = PreparedGeometry::from(&outer);
    let touch_on_a_line = |matrix: &geo::relate::IntersectionMatrix| {
        matrix.get(CoordPos::OnBoundary, CoordPos::OnBoundary) == Dimensions::OneDimensional
    };
    for (at, hole) in holes.iter().enumerate().filter(|(_, hole)| !hole.exterior().0.is_empty()) {
        let matrix = outer.relate(hole);
        if !matrix.is_contains() {
            return Some(InvalidPolygon::InteriorRingNotContainedInExteriorRing(RingRole::Interior(at)));
        }
        if touch_on_a_line(&matrix) {
            return Some(InvalidPolygon::IntersectingRingsOnALine(
                RingRole::Exterior,
                RingRole::Interior(at),
            ));
        }
    }
    let holes: Vec<&Polygon<f64>> = holes.iter().collect();
    near_pairs(&holes).into_iter().find_map(|(a, b)| {
        let matrix = holes[a].relate(holes[b]);
        let (a, b) = (RingRole::Interior(a), RingRole::Interior(b));
        if matrix.get(CoordPos::Inside, CoordPos::Inside) == Dimensions::TwoDimensional {
            return Some(InvalidPolygon::IntersectingRingsOnAnArea(a, b));
        }
        touch_on_a_line(&matrix).then_some(InvalidPolygon::IntersectingRingsOnALine(a, b))
    })
}

fn crosses_itself(ring: &LineString<f64>) -> bool {
    crosses_itself_times(ring, 1)
}

/// Whether a ring of an area crosses itself `times` times or more.
pub(super) fn has_tangle(area: &MultiPolygon<f64>, times: usize) -> bool {
    let mut rings = area.iter().flat_map(|part| std::iter::once(part.exterior()).chain(part.interiors()));
    rings.any(|ring| crosses_itself_times(ring, times))
}

/// Whether segments of a ring meet elsewhere than where one ends and the other begins, `times` times or more.
fn crosses_itself_times(ring: &LineString<f64>, times: usize) -> bool {
    let segments = ring.lines().enumerate().map(|(at, line)| GeomWithData::new(Segment(line), at));
    let tree = RTree::bulk_load(segments.collect());
    let crossings = tree.intersection_candidates_with_other_tree(&tree).filter(|(a, b)| {
        let (at, other) = (a.data, b.data);
        let (a, b) = (a.geom().0, b.geom().0);
        at < other && a.start != b.end && a.end != b.start && a.intersects(&b)
    });
    crossings.take(times).count() == times
}

struct Segment(Line<f64>);

impl RTreeObject for Segment {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.0.start.into(), self.0.end.into())
    }
}

/// Pairs of polygons whose boxes meet, the lower index first, in order.
fn near_pairs(polygons: &[&Polygon<f64>]) -> Vec<(usize, usize)> {
    if polygons.len() < 2 {
        return Vec::new();
    }
    let boxes = polygons.iter().enumerate().filter_map(|(at, polygon)| {
        let extent = polygon.bounding_rect()?;
        Some(GeomWithData::new(
            rstar::primitives::Rectangle::from_corners(extent.min().into(), extent.max().into()),
            at,
        ))
    });
    let tree: RTree<GeomWithData<rstar::primitives::Rectangle<[f64; 2]>, usize>> =
        RTree::bulk_load(boxes.collect());
    let meeting = tree.intersection_candidates_with_other_tree(&tree);
    let mut pairs: Vec<(usize, usize)> =
        meeting.map(|(a, b)| (a.data, b.data)).filter(|(a, b)| a < b).collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Coord, Validation};
    use proptest::prelude::*;
    use std::time::Instant;

    fn ring() -> impl Strategy<Value = LineString<f64>> {
        // A small grid, so that corners and edges coincide often.
        prop::collection::vec((0..7_i32, 0..7_i32), 3..9).prop_map(|places| {
            let mut coords: Vec<Coord<f64>> =
                places.iter().map(|(x, y)| Coord { x: f64::from(*x), y: f64::from(*y) }).collect();
            coords.push(coords[0]);
            LineString::new(coords)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_is_valid_is_what_geo_calls_valid(rings in prop::collection::vec(prop::collection::vec(ring(), 1..4), 1..3)) {
            let polygons = rings.into_iter().map(|mut rings| {
                let outer = rings.remove(0);
                Polygon::new(outer, rings)
            });
            let area = MultiPolygon::new(polygons.collect());
            prop_assert_eq!(problem_of(&area).is_none(), area.is_valid(), "{:?}", area);
        }
    }

    #[test]
    fn a_coast_of_many_corners_takes_no_time() {
        let corners = 20_000;
        let corner = |at: usize| {
            let (angle, wave) = (at as f64 / corners as f64 * std::f64::consts::TAU, (at % 7) as f64);
            Coord { x: (1_000.0 + wave) * angle.cos(), y: (1_000.0 + wave) * angle.sin() }
        };
        let coast = LineString::new((0..corners).map(corner).chain([corner(0)]).collect());
        let begin = Instant::now();
        let area = MultiPolygon::new(vec![Polygon::new(coast, Vec::new())]);
        assert!(problem_of(&area).is_none());
        // Pair by pair this takes minutes without optimisation; tests beside it take their part.
        assert!(begin.elapsed().as_secs_f64() < 20.0, "{:?}", begin.elapsed());
    }
}
