//! Neighbours by a common border.
//!
//! ```text
//!   ┌───┬───┐
//!   │ a │ b │      rook:   a–b, a–c, b–d, c–d      (a common edge)
//!   ├───┼───┤      queen:  also a–d, b–c           (a common corner is enough)
//!   │ c │ d │
//!   └───┴───┘
//! ```

use super::{Border, SpatialWeights};
use crate::{Error, ErrorKind, Metres, Result};
use geo::{Coord, CoordsIter, Distance, Euclidean, Line, LinesIter, MultiPolygon, Point};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Line as IndexedLine};
use rstar::{AABB, RTree};

/// What makes two places neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contiguity {
    /// A common edge.
    Rook,
    /// A common edge or corner.
    Queen,
}

/// Neighbours by contiguity, each with weight 1.
///
/// - `shapes`: one per place.
/// - `snap`: `None` asks for the same coordinates on both sides, as in data that was drawn as one coverage. With a
///   distance, borders count as common where they run that close, which bridges slivers and gaps and lets a corner
///   meet the middle of an edge; a common edge is then one longer than twice the distance.
///
/// # Errors
/// [`ErrorKind::Geometry`] if a shape is empty.
///
/// # Source
/// Cliff & Ord (1973), "Spatial autocorrelation", for the moves of rook and queen.
pub fn contiguity(
    shapes: &[MultiPolygon<f64>],
    rule: Contiguity,
    snap: Option<Metres>,
) -> Result<SpatialWeights> {
    check_shapes(shapes)?;
    let mut pairs = match (positive(snap), rule) {
        (Some(snap), _) => {
            let has_border = |(_, length): &(_, f64)| *length > 2.0 * snap;
            borders_within(shapes, rule, snap).into_iter().filter(has_border).map(|(pair, _)| pair).collect()
        }
        (None, Contiguity::Queen) => sharing(shapes, |shape| shape.coords_iter().map(bits), |_, pair| pair),
        (None, Contiguity::Rook) => sharing(shapes, edges, |_, pair| pair),
    };
    pairs.par_sort_unstable();
    pairs.dedup();
    Ok(SpatialWeights::from_sorted_pairs(shapes.len(), &pairs))
}

/// The common borders of places with their lengths, each once, by the numbers of the places.
///
/// - `shapes`: one per place, in metres. - `snap`: as for [`contiguity`] with [`Contiguity::Rook`], whose pairs these are.
///
/// # Errors
/// [`ErrorKind::Geometry`] if a shape is empty.
///
/// # Example
/// ```
/// use commonground::scores::weights::common_borders;
/// use geo::{MultiPolygon, Rect};
/// let left = MultiPolygon::from(Rect::new((0.0, 0.0), (10.0, 5.0)).to_polygon());
/// let right = MultiPolygon::from(Rect::new((10.0, 0.0), (12.0, 5.0)).to_polygon());
/// let borders = common_borders(&[left, right], None)?;
/// assert_eq!((borders[0].places, borders[0].length_m), ((0, 1), 5.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn common_borders(shapes: &[MultiPolygon<f64>], snap: Option<Metres>) -> Result<Vec<Border>> {
    check_shapes(shapes)?;
    let (mut parts, shortest_m) = match positive(snap) {
        Some(snap) => (borders_within(shapes, Contiguity::Rook, snap), 2.0 * snap),
        None => {
            let length = |(start, end): (Corner, Corner), pair| {
                let at = |(x, y): Corner| Coord { x: f64::from_bits(x), y: f64::from_bits(y) };
                (pair, Euclidean.distance(Point(at(start)), Point(at(end))))
            };
            (sharing(shapes, edges, length), 0.0)
        }
    };
    parts.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let borders = parts
        .chunk_by(|a, b| a.0 == b.0)
        .map(|same| Border { places: same[0].0, length_m: same.iter().map(|(_, length_m)| length_m).sum() });
    Ok(borders.filter(|border| border.length_m > shortest_m).collect())
}

fn check_shapes(shapes: &[MultiPolygon<f64>]) -> Result<()> {
    match shapes.iter().position(|shape| shape.coords_count() == 0) {
        None => Ok(()),
        Some(empty) => {
            Err(Error::new(ErrorKind::Geometry, "a place without an area has no border").at_row(empty + 1))
        }
    }
}

/// A snap distance of 0 asks for the same coordinates, as none does.
fn positive(snap: Option<Metres>) -> Option<f64> {
    snap.map(Metres::get).filter(|snap| *snap > 0.0)
}

/// A coordinate as something to sort by.
type Corner = (u64, u64);

/// Both zeros are one.
fn bits(coord: Coord<f64>) -> Corner {
    ((coord.x + 0.0).to_bits(), (coord.y + 0.0).to_bits())
}

/// The edges of a shape, each the same in both directions.
fn edges(shape: &MultiPolygon<f64>) -> impl Iterator<Item = (Corner, Corner)> + '_ {
    shape.lines_iter().map(|line| {
        let (a, b) = (bits(line.start), bits(line.end));
        if a <= b { (a, b) } else { (b, a) }
    })
}

/// What `tell` makes of every part that two places have in common and of their numbers, lower number first.
fn sharing<'a, K, I, T>(
    shapes: &'a [MultiPolygon<f64>],
    parts: impl Fn(&'a MultiPolygon<f64>) -> I,
    tell: impl Fn(K, (u32, u32)) -> T,
) -> Vec<T>
where
    K: Ord + Copy + Send,
    I: Iterator<Item = K>,
{
    let mut owners: Vec<(K, u32)> = Vec::with_capacity(shapes.iter().map(CoordsIter::coords_count).sum());
    for (place, shape) in shapes.iter().enumerate() {
        owners.extend(parts(shape).map(|part| (part, place as u32)));
    }
    owners.par_sort_unstable();
    owners.dedup();
    let mut pairs = Vec::with_capacity(owners.len());
    for same in owners.chunk_by(|a, b| a.0 == b.0) {
        for (number, &(_, a)) in same.iter().enumerate() {
            pairs.extend(same[number + 1..].iter().map(|&(part, b)| tell(part, (a, b))));
        }
    }
    pairs
}

/// Pairs of places whose borders come within `snap` of each other, and for how long; for queens as long as can be.
fn borders_within(shapes: &[MultiPolygon<f64>], rule: Contiguity, snap: f64) -> Vec<((u32, u32), f64)> {
    type Segment = GeomWithData<IndexedLine<[f64; 2]>, u32>;
    let segments = shapes.iter().enumerate().flat_map(|(place, shape)| {
        shape.lines_iter().map(move |line| {
            let end = |coord: Coord<f64>| [coord.x, coord.y];
            Segment::new(IndexedLine::new(end(line.start), end(line.end)), place as u32)
        })
    });
    let index: RTree<Segment> = RTree::bulk_load(segments.collect());
    let of_place = |(place, shape): (usize, &MultiPolygon<f64>)| {
        let mut met: Vec<(u32, f64)> = Vec::new();
        for line in shape.lines_iter() {
            let low = [line.start.x.min(line.end.x) - snap, line.start.y.min(line.end.y) - snap];
            let high = [line.start.x.max(line.end.x) + snap, line.start.y.max(line.end.y) + snap];
            let near = index.locate_in_envelope_intersecting(&AABB::from_corners(low, high));
            for other in near.filter(|segment| segment.data as usize > place) {
                let [from, to] = [other.geom().from, other.geom().to].map(Coord::from);
                let other_line = Line::new(from, to);
                match rule {
                    Contiguity::Queen if Euclidean.distance(&line, &other_line) <= snap => {
                        met.push((other.data, f64::INFINITY));
                    }
                    Contiguity::Queen => {}
                    Contiguity::Rook => met.push((other.data, common_length(line, other_line, snap))),
                }
            }
        }
        // Lengths add up in the order of their size, which does not depend on the index.
        met.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let whole = |same: &[(u32, f64)]| {
            ((place as u32, same[0].0), same.iter().map(|(_, length)| length).sum::<f64>())
        };
        met.chunk_by(|a, b| a.0 == b.0).map(whole).collect::<Vec<_>>()
    };
    shapes.par_iter().enumerate().flat_map_iter(of_place).collect()
}

/// Length of the part of `line` that `other` runs beside, within `snap`.
fn common_length(line: Line<f64>, other: Line<f64>, snap: f64) -> f64 {
    let along = line.delta();
    let squared = along.x * along.x + along.y * along.y;
    if squared == 0.0 {
        return 0.0;
    }
    let share = |coord: Coord<f64>| {
        let from_start = coord - line.start;
        ((from_start.x * along.x + from_start.y * along.y) / squared).clamp(0.0, 1.0)
    };
    let shares = [share(other.start), share(other.end)];
    // The distance to a segment is convex along a line: small at both ends, it is small between.
    let is_near = shares
        .iter()
        .all(|share| Euclidean.distance(&Point::from(line.start + along * *share), &other) <= snap);
    if is_near { (shares[1] - shares[0]).abs() * squared.sqrt() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Rect;

    fn boxes(corners: &[[f64; 4]]) -> Vec<MultiPolygon<f64>> {
        let shape = |c: &[f64; 4]| MultiPolygon::from(Rect::new((c[0], c[1]), (c[2], c[3])).to_polygon());
        corners.iter().map(shape).collect()
    }

    fn pairs(shapes: &[MultiPolygon<f64>], rule: Contiguity, snap: Option<f64>) -> Vec<(usize, usize)> {
        let snap = snap.map(|snap| Metres::new(snap).unwrap());
        let links = contiguity(shapes, rule, snap).unwrap().links();
        links.into_iter().map(|(a, b, _)| (a, b)).filter(|(a, b)| a < b).collect()
    }

    #[test]
    fn rooks_share_edges_and_queens_corners_too() {
        let four = boxes(&[[0., 1., 1., 2.], [1., 1., 2., 2.], [0., 0., 1., 1.], [1., 0., 2., 1.]]);
        for snap in [None, Some(0.01)] {
            assert_eq!(pairs(&four, Contiguity::Rook, snap), [(0, 1), (0, 2), (1, 3), (2, 3)]);
            let all = [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)];
            assert_eq!(pairs(&four, Contiguity::Queen, snap), all);
        }
    }

    #[test]
    fn slivers_and_corners_on_edges_need_a_snap_distance() {
        // A gap of 0.5 m beside the first; the third meets the middle of the edge above it.
        let drawn_apart = boxes(&[[0., 0., 10., 10.], [10.5, 0., 20., 10.], [3., -10., 8., 0.]]);
        assert!(pairs(&drawn_apart, Contiguity::Queen, None).is_empty());
        assert_eq!(pairs(&drawn_apart, Contiguity::Queen, Some(1.0)), [(0, 1), (0, 2)]);
        assert_eq!(pairs(&drawn_apart, Contiguity::Rook, Some(1.0)), [(0, 1), (0, 2)]);
        assert!(pairs(&drawn_apart, Contiguity::Queen, Some(0.4)).contains(&(0, 2)));
    }

    #[test]
    fn common_borders_are_as_long_as_they_are_drawn() {
        // Two steps of 2 m and 3 m between the first and the second; the third meets a corner only.
        let stairs =
            |points: &[(f64, f64)]| MultiPolygon::from(geo::Polygon::new(points.to_vec().into(), vec![]));
        let left = stairs(&[(0., 0.), (4., 0.), (4., 2.), (7., 2.), (7., 5.), (0., 5.)]);
        let right = stairs(&[(4., 0.), (9., 0.), (9., 2.), (7., 2.), (4., 2.)]);
        let corner = stairs(&[(7., 5.), (8., 5.), (8., 6.), (7., 6.)]);
        let shapes = [left, right, corner];
        let exact = common_borders(&shapes, None).unwrap();
        assert_eq!(exact, [Border { places: (0, 1), length_m: 5.0 }]);
        let snapped = common_borders(&shapes, Some(Metres::new(0.001).unwrap())).unwrap();
        assert!(snapped.len() == 1 && (snapped[0].length_m - 5.0).abs() < 0.005, "{snapped:?}");
        // Half an edge beside a whole one: the corner is on one side only.
        let apart = boxes(&[[0., 0., 10., 10.], [10., 0., 20., 4.]]);
        assert!(common_borders(&apart, None).unwrap().is_empty());
        let bridged = common_borders(&apart, Some(Metres::new(0.01).unwrap())).unwrap();
        assert!((bridged[0].length_m - 4.0).abs() < 0.03, "{bridged:?}");
    }

    #[test]
    fn both_zeros_are_one_corner_and_nothing_is_refused() {
        let across = boxes(&[[-1., 0., -0.0, 1.], [0., 0., 1., 1.]]);
        assert_eq!(pairs(&across, Contiguity::Rook, None), [(0, 1)]);
        let error = contiguity(&[MultiPolygon::new(vec![])], Contiguity::Queen, None).unwrap_err();
        assert_eq!((error.kind(), error.position().row), (ErrorKind::Geometry, Some(1)));
    }
}
