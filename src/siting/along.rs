//! Positions along streets, anywhere between their corners.

use geo::{Coord, Distance, Euclidean, LineString, Point};

/// The middles of equal parts of a line, none longer than `step` metres, each with its distance from the start.
pub(super) fn positions(line: &LineString<f64>, step: f64) -> Vec<(f64, Point<f64>)> {
    let lengths: Vec<f64> =
        line.lines().map(|part| Euclidean.distance(Point(part.start), Point(part.end))).collect();
    let all: f64 = lengths.iter().sum();
    let parts = (all / step).ceil();
    if all <= 0.0 || !parts.is_finite() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let (mut before, mut number) = (0.0, 0.0);
    for (part, length) in line.lines().zip(&lengths) {
        loop {
            let at = (number + 0.5) * all / parts;
            if number >= parts || at > before + length || *length <= 0.0 {
                break;
            }
            let share = (at - before) / length;
            let along = |from: f64, to: f64| from + share * (to - from);
            let position = Coord { x: along(part.start.x, part.end.x), y: along(part.start.y, part.end.y) };
            found.push((at, Point(position)));
            number += 1.0;
        }
        before += length;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_street_has_positions_between_its_corners() {
        // 30 m east, then 40 m north: three parts of 23.3 m.
        let line = LineString::from(vec![(0.0, 0.0), (30.0, 0.0), (30.0, 40.0)]);
        let found = positions(&line, 25.0);
        let near = |found: &(f64, Point<f64>), at: f64, x: f64, y: f64| {
            (found.0 - at).abs() < 1e-9 && (found.1.x() - x).abs() < 1e-9 && (found.1.y() - y).abs() < 1e-9
        };
        let third = 70.0 / 3.0;
        assert!(found.len() == 3 && near(&found[0], third / 2.0, third / 2.0, 0.0), "{found:?}");
        assert!(near(&found[1], 35.0, 30.0, 5.0) && near(&found[2], 2.5 * third, 30.0, 2.5 * third - 30.0));
        assert_eq!(positions(&line, 1_000.0).len(), 1);
        assert!(positions(&LineString::from(vec![(1.0, 1.0), (1.0, 1.0)]), 25.0).is_empty());
    }
}
