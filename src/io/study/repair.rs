//! Invalid polygons: repaired where every reading gives the same area, refused where not.

use super::validity::{has_tangle, problem_of};
use geo::bool_ops::FillRule;
use geo::orient::Direction;
use geo::{Area, BooleanOps, Euclidean, Geometry, Length, MultiPolygon, Orient};

/// What happened to a polygon.
pub(super) enum Repair {
    /// It was valid.
    NotNeeded(MultiPolygon<f64>),
    /// It was invalid for the reason given, and there is only one way to read it.
    Done(MultiPolygon<f64>, String),
    /// It is invalid and could mean different areas.
    Ambiguous(String),
}

/// The polygons of a geometry; `None` if it has anything else.
pub(super) fn areas_of(geometry: Geometry<f64>) -> Option<MultiPolygon<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => Some(MultiPolygon::new(vec![polygon])),
        Geometry::MultiPolygon(polygons) => Some(polygons),
        Geometry::Rect(rect) => Some(MultiPolygon::new(vec![rect.to_polygon()])),
        Geometry::GeometryCollection(parts) => {
            let parts: Option<Vec<_>> = parts.into_iter().map(areas_of).collect();
            Some(MultiPolygon::new(parts?.into_iter().flatten().collect()))
        }
        _ => None,
    }
}

/// Rings that cross themselves are cut at the crossing. The result is taken if the two ways to tell inside from
/// outside (even-odd and non-zero winding) agree on it:
///
/// ```text
///  ╲  ╱  a bow tie: two triangles          ╭──╮
///   ╳    either way, so it is repaired     │ ╭┼╮  a loop over itself: hole or not?
///  ╱  ╲                                    ╰─┼╯│  refused
/// ```
pub(super) fn repair(area: MultiPolygon<f64>) -> Repair {
    /// Share of the area by which the two may differ: what rounding does.
    const SAME_AREA: f64 = 1e-6;
    /// Half of the mean width, in metres: corners in line along a parallel are no longer in line on a map in metres.
    const FLAT_M: f64 = 0.005;
    /// Crossings of one ring that no slip of a pencil makes; to sort out a million takes half a minute.
    const TANGLE: usize = 10_000;
    let Some(problem) = problem_of(&area) else {
        let outline: f64 = area.iter().map(|part| Euclidean.length(part.exterior())).sum();
        if area.unsigned_area() <= FLAT_M * outline {
            return Repair::Ambiguous("it has no area".into());
        }
        return Repair::NotNeeded(area.orient(Direction::Default));
    };
    let reason = problem.to_string();
    if has_tangle(&area, TANGLE) {
        return Repair::Ambiguous(format!("{reason} {TANGLE} times or more"));
    }
    let oriented = area.orient(Direction::Default);
    let nothing = MultiPolygon::new(Vec::new());
    let even_odd = oriented.union_with_fill_rule(&nothing, FillRule::EvenOdd);
    let non_zero = oriented.union_with_fill_rule(&nothing, FillRule::NonZero);
    let (a, b) = (even_odd.unsigned_area(), non_zero.unsigned_area());
    if a > 0.0 && (a - b).abs() <= SAME_AREA * a.max(b) {
        Repair::Done(even_odd, reason)
    } else {
        Repair::Ambiguous(reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Coord, LineString, Polygon, wkt};

    #[test]
    fn a_bow_tie_becomes_two_triangles() {
        let tie = wkt!(MULTIPOLYGON (((0. 0., 4. 4., 4. 0., 0. 4., 0. 0.))));
        let Repair::Done(area, _) = repair(tie) else { panic!("not repaired") };
        assert_eq!(area.0.len(), 2);
        assert!((area.unsigned_area() - 8.0).abs() < 1e-9);
    }

    #[test]
    fn parts_that_overlap_are_ambiguous() {
        let parts =
            wkt!(MULTIPOLYGON (((0. 0., 4. 0., 4. 4., 0. 4., 0. 0.)), ((2. 2., 6. 2., 6. 6., 2. 6., 2. 2.))));
        assert!(matches!(repair(parts), Repair::Ambiguous(_)));
    }

    #[test]
    fn a_star_of_two_thousand_corners_is_refused_at_once() {
        let corners = 2_001;
        let corner = |at: usize| {
            let angle = (at * 1_000 % corners) as f64 / corners as f64 * std::f64::consts::TAU;
            Coord { x: 1_000.0 * angle.cos(), y: 1_000.0 * angle.sin() }
        };
        let ring = LineString::new((0..=corners).map(corner).collect());
        let begin = std::time::Instant::now();
        let star = MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]);
        assert!(matches!(repair(star), Repair::Ambiguous(reason) if reason.contains("10000 times or more")));
        // To sort it out takes half a minute where the machine does nothing else.
        assert!(begin.elapsed().as_secs_f64() < 10.0, "{:?}", begin.elapsed());
    }

    #[test]
    fn a_valid_polygon_stays_as_it_is() {
        let square = wkt!(MULTIPOLYGON (((0. 0., 4. 0., 4. 4., 0. 4., 0. 0.))));
        let Repair::NotNeeded(area) = repair(square.clone()) else { panic!("repaired") };
        assert_eq!(area, square);
    }

    #[test]
    fn a_ring_without_area_is_refused() {
        let flat = wkt!(MULTIPOLYGON (((0. 0., 4. 0., 2. 0., 0. 0.))));
        assert!(matches!(repair(flat), Repair::Ambiguous(_)));
        let bent = wkt!(MULTIPOLYGON (((0. 0., 800. 0., 400. 0.01, 0. 0.))));
        assert!(matches!(repair(bent), Repair::Ambiguous(_)));
        let lane = wkt!(MULTIPOLYGON (((0. 0., 800. 0., 800. 0.1, 0. 0.1, 0. 0.))));
        assert!(matches!(repair(lane), Repair::NotNeeded(_)));
    }
}
