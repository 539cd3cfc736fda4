//! The streets nearest to a place, whoever may use them.

use super::space_filling_curve::hilbert_position;
use super::street_index::StreetIndex;
use geo::{BoundingRect, Coord, LineString, MultiPoint, Point, Rect};

/// Lines by place.
pub(crate) struct StreetsByPlace {
    /// Along a space-filling curve, each with its number among those that were given.
    numbers: Vec<usize>,
    lines: Vec<LineString<f64>>,
    index: StreetIndex,
}

impl StreetsByPlace {
    pub(crate) fn new(lines: Vec<LineString<f64>>) -> Self {
        let first = |line: &LineString<f64>| line.0.first().copied().unwrap_or_default();
        let extent = MultiPoint::from_iter(lines.iter().map(|line| Point(first(line)))).bounding_rect();
        let extent = extent.unwrap_or_else(|| Rect::new(Coord::zero(), Coord::zero()));
        let mut lines: Vec<(usize, LineString<f64>)> = lines.into_iter().enumerate().collect();
        lines.sort_by_cached_key(|(number, line)| (hilbert_position(first(line), extent), *number));
        let (numbers, lines): (Vec<_>, Vec<_>) = lines.into_iter().unzip();
        Self { index: StreetIndex::new(&lines), numbers, lines }
    }

    /// Pieces from the nearest outward: metres, number of the line, number of the piece on it.
    pub(crate) fn nearest(&self, place: Point<f64>) -> impl Iterator<Item = (f64, usize, usize)> {
        let pieces = self.index.nearest(&self.lines, place.into());
        pieces.map(|(distance_2, (line, piece))| {
            (distance_2.sqrt(), self.numbers[line as usize], piece as usize)
        })
    }
}
