//! The middle of the city: centralisation.

use super::GroupCounts;
use super::local::check_areas;
use crate::{Error, ErrorKind, Result};
use geo::Point;

/// How near to a centre people live.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Centralisation {
    /// ACE, -1 to 1: above 0 if the group lives nearer to the centre than land lies.
    pub absolute: f64,
    /// RCE, -1 to 1: above 0 if the group lives nearer to the centre than the others. `None` without others.
    pub relative: Option<f64>,
}

/// Centralisation of the first group around a centre.
///
/// Places in the order of their distance to `centre`, sums running over it:
/// ACE = Σ X' A - Σ X A' and RCE = Σ X' Y - Σ X Y', the prime for the sum up to the place before.
///
/// - `points`: one per place, in the system of `centre`.
///
/// `None` if the group has no members.
///
/// # Errors
/// As for [`delta`](super::delta), and [`ErrorKind::Parameter`] if the number of points differs.
///
/// # Source
/// Massey & Denton (1988), equations 14 and 15; Duncan & Duncan (1955).
pub fn centralisation(
    counts: &GroupCounts,
    areas: &[f64],
    points: &[Point<f64>],
    centre: Point<f64>,
) -> Result<Option<Centralisation>> {
    let area = check_areas(counts, areas)?;
    if points.len() != counts.places() {
        let message = format!("{} points for {} places", points.len(), counts.places());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let members = counts.group_totals()[0];
    if members == 0.0 {
        return Ok(None);
    }
    let others = counts.population() - members;
    let distance = |place: usize| (points[place] - centre).0.x.hypot((points[place] - centre).0.y);
    let mut outwards: Vec<(f64, usize)> =
        (0..counts.places()).map(|place| (distance(place), place)).collect();
    outwards.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut absolute, mut relative) = (0.0, 0.0);
    let (mut x, mut y, mut a) = (0.0, 0.0, 0.0);
    for (_, place) in outwards {
        let before = (x, y, a);
        x += counts.row(place)[0] / members;
        y += (counts.totals()[place] - counts.row(place)[0]) / others;
        a += areas[place] / area;
        absolute += before.0 * a - x * before.2;
        relative += before.0 * y - x * before.1;
    }
    Ok(Some(Centralisation { absolute, relative: (others > 0.0).then_some(relative) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(x: &[f64], y: &[f64]) -> GroupCounts {
        GroupCounts::new(&[("x", x), ("y", y)]).unwrap()
    }

    #[test]
    fn the_centre_pulls_and_the_edge_pushes() {
        let points: Vec<_> = (0..4).map(|step| Point::new(f64::from(step) * 100.0, 0.0)).collect();
        let at = |x: &[f64], y: &[f64]| {
            centralisation(&counts(x, y), &[1.0; 4], &points, Point::new(0.0, 0.0)).unwrap().unwrap()
        };
        let inner = at(&[10.0, 0.0, 0.0, 0.0], &[0.0, 10.0, 10.0, 10.0]);
        let outer = at(&[0.0, 0.0, 0.0, 10.0], &[10.0, 10.0, 10.0, 0.0]);
        assert_eq!((inner.relative, outer.relative), (Some(1.0), Some(-1.0)));
        assert!((inner.absolute - 0.75).abs() < 1e-15 && (outer.absolute + 0.75).abs() < 1e-15);
        assert_eq!(at(&[1.0; 4], &[0.0; 4]), Centralisation { absolute: 0.0, relative: None });
    }
}
