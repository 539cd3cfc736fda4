//! The area that two polygons share, right to the rounding of the coordinates, without building their intersection.
//!
//! The inside of a polygon is what lies under its upper edges less what lies under its lower ones. So the area that two
//! polygons share is a sum over pairs of their edges: what lies under both, with the product of their signs.
//!
//! ```text
//!      a ______          under a and b: the lower of the two, over the x that they have in common
//!       /   __ \__ b     + if both are upper or both lower edges, - otherwise
//!      /   /  \
//!         ░░░░            shared = Σ ± ∫ min(a, b) dx
//! ```
//!
//! Nothing is snapped and nothing decided, so common borders, corners that touch edges and needles cost no accuracy.

use geo::{BoundingRect, Coord, MultiPolygon, Rect, Winding};

/// An edge from left to right.
#[derive(Debug, Clone, Copy)]
struct Edge {
    left: Coord<f64>,
    right: Coord<f64>,
    /// 1 above the inside, -1 below it.
    sign: f64,
}

impl Edge {
    /// Its height above `base` at `x`, which lies between its ends. Differences of near coordinates are exact, so the
    /// height is right to its own rounding, not to that of a northing of millions of metres.
    fn at(&self, x: f64, base: f64) -> f64 {
        if x == self.right.x {
            return self.right.y - base;
        }
        let part = (x - self.left.x) / (self.right.x - self.left.x);
        (self.left.y - base) + (self.right.y - self.left.y) * part
    }
}

/// A valid shape, ready to be laid over others.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// By their left ends; vertical ones are left out, as nothing lies under them.
    edges: Vec<Edge>,
    /// Width of the widest edge.
    widest: f64,
    bounds: Option<Rect<f64>>,
    /// In the square of the unit of the coordinates.
    pub area: f64,
}

impl Shape {
    pub(super) fn new(polygons: &MultiPolygon<f64>) -> Self {
        let mut edges: Vec<Edge> = Vec::new();
        for polygon in polygons {
            let holes = polygon.interiors().iter().map(|ring| (ring, false));
            for (ring, is_outer) in std::iter::once((polygon.exterior(), true)).chain(holes) {
                // Walked with the inside on the left, an edge that runs to the left is an upper one.
                let turned = if ring.is_ccw() == is_outer { 1.0 } else { -1.0 };
                edges.extend(ring.lines().filter(|line| line.start.x != line.end.x).map(|line| {
                    if line.start.x > line.end.x {
                        Edge { left: line.end, right: line.start, sign: turned }
                    } else {
                        Edge { left: line.start, right: line.end, sign: -turned }
                    }
                }));
            }
        }
        edges.sort_by(|a, b| a.left.x.total_cmp(&b.left.x));
        let widest = edges.iter().map(|edge| edge.right.x - edge.left.x).fold(0.0, f64::max);
        let bounds = polygons.bounding_rect();
        let base = bounds.map_or(0.0, |bounds| bounds.min().y);
        let under = |edge: &Edge| {
            let heights = (edge.left.y - base) + (edge.right.y - base);
            edge.sign * 0.5 * heights * (edge.right.x - edge.left.x)
        };
        let area = edges.iter().map(under).collect::<Sum>().value();
        Self { edges, widest, bounds, area }
    }

    /// The edges that lie over any of `from..to`, and perhaps others.
    fn over(&self, from: f64, to: f64) -> &[Edge] {
        let first = self.edges.partition_point(|edge| edge.left.x < from - self.widest);
        let last = self.edges.partition_point(|edge| edge.left.x < to);
        &self.edges[first.min(last)..last]
    }

    /// The area that both have in common; 0 where it is not more than its own rounding error, as where they only touch.
    pub(super) fn shared_with(&self, other: &Shape) -> f64 {
        let (Some(mine), Some(theirs)) = (self.bounds, other.bounds) else { return 0.0 };
        let from = mine.min().x.max(theirs.min().x);
        let to = mine.max().x.min(theirs.max().x);
        if from >= to || mine.min().y.max(theirs.min().y) >= mine.max().y.min(theirs.max().y) {
            return 0.0;
        }
        let base = mine.min().y.min(theirs.min().y);
        // What lies below the other shape as a whole covers none of it, whatever its sign: the sums cancel exactly.
        let counts = |edge: &&Edge, low: f64| edge.left.y.max(edge.right.y) >= low && edge.right.x > from;
        let mut sum = Sum::default();
        for a in self.over(from, to).iter().filter(|edge| counts(edge, theirs.min().y)) {
            for b in other.over(a.left.x.max(from), a.right.x.min(to)) {
                if b.left.y.max(b.right.y) >= mine.min().y {
                    sum.add(a.sign * b.sign * under_both(a, b, base));
                }
            }
        }
        let shared = sum.value();
        if shared > sum.rounding() { shared } else { 0.0 }
    }
}

/// The area above `base` and under both edges, over the x that they have in common.
fn under_both(a: &Edge, b: &Edge, base: f64) -> f64 {
    let (from, to) = (a.left.x.max(b.left.x), a.right.x.min(b.right.x));
    if from >= to {
        return 0.0;
    }
    let ends = |edge: &Edge| (edge.at(from, base), edge.at(to, base));
    let ((a_from, a_to), (b_from, b_to)) = (ends(a), ends(b));
    let (at_from, at_to) = (a_from.min(b_from), a_to.min(b_to));
    let (gap_from, gap_to) = (a_from - b_from, a_to - b_to);
    let under_ends = 0.5 * (at_from + at_to) * (to - from);
    if gap_from * gap_to >= 0.0 {
        return under_ends;
    }
    // They cross: the lower one bends upwards, by a triangle under the line between the ends.
    let part = gap_from / (gap_from - gap_to);
    let crossing = a_from + (a_to - a_from) * part;
    0.5 * (to - from) * ((at_from + crossing) * part + (crossing + at_to) * (1.0 - part))
}

/// A sum with the digits that single additions lose (Neumaier 1974), and how large its terms are.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    total: f64,
    lost: f64,
    sizes: f64,
}

impl Sum {
    fn add(&mut self, term: f64) {
        let total = self.total + term;
        self.lost += if self.total.abs() >= term.abs() {
            (self.total - total) + term
        } else {
            (term - total) + self.total
        };
        self.total = total;
        self.sizes += term.abs();
    }

    fn value(&self) -> f64 {
        self.total + self.lost
    }

    /// How far off the sum can be: each term is computed in a handful of steps.
    fn rounding(&self) -> f64 {
        const STEPS: f64 = 4.0;
        STEPS * f64::EPSILON * self.sizes
    }
}

impl FromIterator<f64> for Sum {
    fn from_iter<T: IntoIterator<Item = f64>>(terms: T) -> Self {
        let mut sum = Self::default();
        terms.into_iter().for_each(|term| sum.add(term));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area, BooleanOps, LineString, Polygon};
    use proptest::prelude::*;

    fn ring(corners: &[(f64, f64)]) -> LineString<f64> {
        LineString::from(corners.to_vec())
    }

    fn shape(outer: &[(f64, f64)], holes: &[&[(f64, f64)]]) -> MultiPolygon<f64> {
        MultiPolygon(vec![Polygon::new(ring(outer), holes.iter().map(|hole| ring(hole)).collect())])
    }

    fn shared(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
        Shape::new(a).shared_with(&Shape::new(b))
    }

    const SQUARE: [(f64, f64); 4] = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];

    #[test]
    fn squares_diamonds_and_holes_by_hand() {
        let square = shape(&SQUARE, &[]);
        // A diamond of half-diagonal 5 around a corner: a quarter of its 50 lies inside.
        let diamond = shape(&[(5.0, 0.0), (0.0, 5.0), (-5.0, 0.0), (0.0, -5.0)], &[]);
        assert_eq!(shared(&square, &diamond), 12.5);
        // A hole of 4 x 4 in the middle; a strip of height 2 crosses it. Rings may run either way.
        let holed = shape(&SQUARE, &[&[(3.0, 3.0), (7.0, 3.0), (7.0, 7.0), (3.0, 7.0)]]);
        let strip = shape(&[(-1.0, 4.0), (-1.0, 6.0), (11.0, 6.0), (11.0, 4.0)], &[]);
        assert_eq!(
            (Shape::new(&holed).area, shared(&holed, &strip), shared(&strip, &holed)),
            (84.0, 12.0, 12.0)
        );
        // What lies in the hole is not inside.
        let island = shape(&[(4.0, 4.0), (6.0, 4.0), (5.0, 6.0)], &[]);
        assert_eq!(shared(&holed, &island), 0.0);
        assert_eq!(shared(&square, &island), 2.0);
    }

    #[test]
    fn neighbours_share_nothing_and_a_shape_shares_itself() {
        // Far from the origin, as projected coordinates are; the border between them is crooked.
        let crooked = [(400_000.1, 4_300_000.3), (400_007.7, 4_300_333.3), (400_000.9, 4_300_777.7)];
        let west = [&crooked[..], &[(399_000.0, 4_300_777.7), (399_000.0, 4_300_000.3)]].concat();
        let east = [&crooked[..], &[(401_000.0, 4_300_777.7), (401_000.0, 4_300_000.3)]].concat();
        let (west, east) = (shape(&west, &[]), shape(&east, &[]));
        assert_eq!(shared(&west, &east), 0.0);
        let own = Shape::new(&west);
        assert!((own.shared_with(&own) / own.area - 1.0).abs() < 1e-14);
        assert!((own.area / west.unsigned_area() - 1.0).abs() < 1e-14);
        assert_eq!(shared(&MultiPolygon(vec![]), &west), 0.0);
    }

    /// A star around a point, with a star-shaped hole.
    fn star() -> impl Strategy<Value = MultiPolygon<f64>> {
        let radii = prop::collection::vec(3.0..10.0_f64, 5..30);
        (radii, -8.0..8.0_f64, -8.0..8.0_f64, 0.1..0.9_f64).prop_map(|(radii, x, y, hole)| {
            let corner = |share: f64| {
                let step = std::f64::consts::TAU / radii.len() as f64;
                let corners = radii.iter().enumerate().map(move |(at, radius)| {
                    let angle = step * at as f64;
                    (x + share * radius * angle.cos(), y + share * radius * angle.sin())
                });
                LineString::from(corners.collect::<Vec<_>>())
            };
            MultiPolygon(vec![Polygon::new(corner(1.0), vec![corner(hole)])])
        })
    }

    proptest! {
        #[test]
        fn stars_share_what_their_intersection_covers(a in star(), b in star()) {
            let found = shared(&a, &b);
            // geo overlays on a grid of integers.
            prop_assert!((found - a.intersection(&b).unsigned_area()).abs() < 1e-6 * a.unsigned_area());
            prop_assert!((found - shared(&b, &a)).abs() < 1e-12 * a.unsigned_area());
            let rest = a.difference(&b).unsigned_area();
            prop_assert!((found + rest - a.unsigned_area()).abs() < 1e-6 * a.unsigned_area());
        }
    }
}
