//! Rings of polygons as files give them: closed or not, holes or not.

use geo::coordinate_position::CoordPos;
use geo::{
    Area, BoundingRect, Contains, CoordinatePosition, Geometry, LineString, MultiPolygon, Polygon, Rect,
};
use geo_traits::{
    CoordTrait, GeometryCollectionTrait, GeometryTrait, GeometryType, LineStringTrait, MultiPolygonTrait,
    PolygonTrait,
};

/// Whether the last point of a ring is not its first.
pub(super) fn is_open(ring: &LineString<f64>) -> bool {
    ring.0.first() != ring.0.last()
}

/// Whether a polygon of a geometry, as its file gives it, has a ring that is not closed.
pub(super) fn has_open_ring(geometry: &impl GeometryTrait<T = f64>) -> bool {
    match geometry.as_type() {
        GeometryType::Polygon(polygon) => is_polygon_open(polygon),
        GeometryType::MultiPolygon(polygons) => polygons.polygons().any(|one| is_polygon_open(&one)),
        // A collection of collections is left to the conversion, which closes rings.
        GeometryType::GeometryCollection(parts) => parts.geometries().any(|part| match part.as_type() {
            GeometryType::Polygon(polygon) => is_polygon_open(polygon),
            GeometryType::MultiPolygon(polygons) => polygons.polygons().any(|one| is_polygon_open(&one)),
            _ => false,
        }),
        _ => false,
    }
}

fn is_polygon_open(polygon: &impl PolygonTrait<T = f64>) -> bool {
    polygon.exterior().is_some_and(|ring| is_ring_open(&ring))
        || polygon.interiors().any(|ring| is_ring_open(&ring))
}

fn is_ring_open(ring: &impl LineStringTrait<T = f64>) -> bool {
    let count = ring.num_coords();
    let at = |index: usize| ring.coord(index).map(|coord| coord.x_y());
    count > 0 && at(0) != at(count - 1)
}

/// Polygons of rings in any order that turn either way: a ring within an odd number of others is a hole of the smallest of
/// them.
///
/// ```text
/// ┌─────────────┐
/// │ a  ┌──────┐ │   a: within none, an area
/// │    │ b ┌─┐│ │   b: within a, its hole
/// │    │   │c││ │   c: within a and b, an area of its own
/// │    │   └─┘│ │
/// │    └──────┘ │
/// └─────────────┘
/// ```
pub(super) fn areas_of_rings(rings: Vec<LineString<f64>>) -> Geometry<f64> {
    if rings.len() == 1 {
        return Polygon::new(rings.into_iter().next().unwrap_or(LineString::new(Vec::new())), Vec::new())
            .into();
    }
    struct Ring {
        area: f64,
        extent: Option<Rect<f64>>,
        shape: Polygon<f64>,
    }
    let mut known: Vec<Ring> = rings
        .into_iter()
        .map(|ring| {
            let shape = Polygon::new(ring, Vec::new());
            Ring { area: shape.unsigned_area(), extent: shape.bounding_rect(), shape }
        })
        .collect();
    // Largest first: what holds a ring stands before it. The order of equals is that of the file.
    known.sort_by(|a, b| b.area.total_cmp(&a.area));
    let holds = |outer: &Ring, inner: &Ring| {
        let boxes = outer
            .extent
            .zip(inner.extent)
            .is_some_and(|(outer, inner)| outer.contains(&inner) || outer == inner);
        // Rings may touch: the first point that is not on the outer ring decides.
        boxes
            && inner
                .shape
                .exterior()
                .coords()
                .map(|coord| outer.shape.coordinate_position(coord))
                .find(|position| *position != CoordPos::OnBoundary)
                == Some(CoordPos::Inside)
    };
    // Number of rings around each, and the smallest of them.
    let around: Vec<(usize, Option<usize>)> = (0..known.len())
        .map(|at| {
            let outer: Vec<usize> = (0..at).filter(|other| holds(&known[*other], &known[at])).collect();
            (outer.len(), outer.last().copied())
        })
        .collect();
    let is_hole = |at: usize| around[at].0 % 2 == 1;
    let mut polygon_of = vec![usize::MAX; known.len()];
    let mut polygons: Vec<Polygon<f64>> = Vec::new();
    for (at, ring) in known.into_iter().enumerate() {
        match around[at].1.filter(|_| is_hole(at)) {
            Some(outer) => polygons[polygon_of[outer]].interiors_push(ring.shape.exterior().clone()),
            None => {
                polygon_of[at] = polygons.len();
                polygons.push(ring.shape);
            }
        }
    }
    match <[Polygon<f64>; 1]>::try_from(polygons) {
        Ok([one]) => one.into(),
        Err(several) => MultiPolygon::new(several).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(low: f64, high: f64) -> LineString<f64> {
        vec![(low, low), (high, low), (high, high), (low, high), (low, low)].into()
    }

    #[test]
    fn rings_within_rings_are_holes_whichever_way_they_turn() {
        let turned = |ring: LineString<f64>| LineString::new(ring.0.into_iter().rev().collect());
        for turn in 0..8 {
            let mut rings = vec![square(4.0, 5.0), square(0.0, 10.0), square(3.0, 7.0)];
            for (at, ring) in rings.iter_mut().enumerate() {
                if turn >> at & 1 == 1 {
                    *ring = turned(ring.clone());
                }
            }
            let Geometry::MultiPolygon(areas) = areas_of_rings(rings) else { panic!("two areas") };
            assert_eq!((areas.0.len(), areas.unsigned_area()), (2, 100.0 - 16.0 + 1.0));
        }
    }

    #[test]
    fn a_hole_that_touches_its_ring_is_a_hole() {
        let touching: LineString<f64> = vec![(0.0, 5.0), (2.0, 4.0), (2.0, 6.0), (0.0, 5.0)].into();
        let Geometry::Polygon(area) = areas_of_rings(vec![square(0.0, 10.0), touching]) else {
            panic!("one")
        };
        assert_eq!(area.interiors().len(), 1);
        let beside: LineString<f64> = vec![(10.0, 0.0), (12.0, 0.0), (12.0, 2.0), (10.0, 0.0)].into();
        assert!(matches!(areas_of_rings(vec![square(0.0, 10.0), beside]), Geometry::MultiPolygon(_)));
    }
}
