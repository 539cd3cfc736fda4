//! How streets rise and fall.
//!
//! ```text
//!        ___
//!    ___/   \__o       heights are taken at every vertex and at most 10 m apart between them,
//!   o        o         so that a hill between two vertices counts
//! ```

use super::Elevation;
use geo::{Coord, Distance, Euclidean, Point};

/// Longest way between two heights in metres: a third of a cell of the usual 30 m grids (R5 takes 10 m as well).
const SPACING_M: f64 = 10.0;

/// Heights along the line of a street.
#[derive(Debug, Clone, PartialEq)]
pub struct Relief {
    /// Metres from the begin of the line, ascending from 0.
    pub(crate) distances_m: Vec<f64>,
    /// In metres; `None` where it is not known.
    pub(crate) heights_m: Vec<Option<f64>>,
    /// Which of the heights stands at each vertex of the line.
    pub(crate) at_vertex: Vec<usize>,
}

/// A short part of a street, which rises or falls evenly.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
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
    pub(crate) fn along(line: &[Coord<f64>], places: &[Coord<f64>], elevation: &Elevation) -> Self {
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
