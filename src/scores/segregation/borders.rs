//! Dissimilarity adjusted for the borders between places.

use super::GroupCounts;
use super::counts::check_length;
use super::local::check_areas;
use crate::spatial::weights::Border;
use crate::{Error, ErrorKind, Result};

/// Dissimilarity less what borders let through: neighbours of another mix meet across them.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct AdjustedDissimilarity {
    /// D(adj) = D - Σ |π - π'| over borders / their number. Morrill (1991).
    pub morrill: f64,
    /// D(w) = D - Σ l |π - π'| / Σ l over borders of length l. Wong (1993).
    ///
    /// With borders of one length it is Morrill's. PySAL gives this with `standardize=False`; by default it divides the
    /// lengths of each place by their sum first, so that every place counts alike, however long its borders are: of a
    /// row of equal squares its ends then weigh most, and D(w) is not Morrill's.
    pub wong_boundary: f64,
    /// D(s): and by how ragged the two places are, (perimeter/area of both) / (2 × the largest). Wong (1993), as
    /// corrected by Tivadar (2019), "OasisR".
    pub wong_perimeter: f64,
}

/// Dissimilarity of the first group adjusted for borders.
///
/// - `borders`: each once. - `perimeters_m`, `areas_m2`: one per place; areas above 0.
///
/// A place where nobody lives counts as one without the group, as in PySAL. `None` where there is nothing to compare, or
/// there are no borders.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, a border names a place that is not there or a place twice, or a length or
/// an area is not above 0.
pub fn adjusted_dissimilarity(
    counts: &GroupCounts,
    borders: &[Border],
    perimeters_m: &[f64],
    areas_m2: &[f64],
) -> Result<Option<AdjustedDissimilarity>> {
    check_areas(counts, areas_m2)?;
    check_length("perimeter", perimeters_m, counts.places())?;
    let places = counts.places() as u32;
    for (row, Border { places: (a, b), length_m }) in borders.iter().enumerate() {
        if a == b || *a >= places || *b >= places || !length_m.is_finite() || *length_m <= 0.0 {
            let message = format!("a border of {length_m} m between places {a} and {b} of {places}");
            return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1));
        }
    }
    let raggedness: Vec<f64> =
        perimeters_m.iter().zip(areas_m2).map(|(length, area)| length / area).collect();
    if let Some(row) = raggedness.iter().position(|ragged| !ragged.is_finite() || *ragged < 0.0) {
        let message = format!("a perimeter of {} m around {} m²", perimeters_m[row], areas_m2[row]);
        return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1));
    }
    let Some(plain) = super::Index::Dissimilarity.of(&counts.one_against_others(0)) else { return Ok(None) };
    if borders.is_empty() {
        return Ok(None);
    }
    let share = |place: u32| {
        let total = counts.totals()[place as usize];
        if total > 0.0 { counts.row(place as usize)[0] / total } else { 0.0 }
    };
    let most_ragged = raggedness.iter().copied().fold(0.0, f64::max);
    let (mut differences, mut by_length, mut length_m, mut by_shape) = (0.0, 0.0, 0.0, 0.0);
    for border in borders {
        let (a, b) = border.places;
        let difference = (share(a) - share(b)).abs();
        differences += difference;
        by_length += difference * border.length_m;
        length_m += border.length_m;
        by_shape += difference * border.length_m * (raggedness[a as usize] + raggedness[b as usize]);
    }
    Ok(Some(AdjustedDissimilarity {
        morrill: plain - differences / borders.len() as f64,
        wong_boundary: plain - by_length / length_m,
        wong_perimeter: plain - by_shape / length_m / (2.0 * most_ragged),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spatial::weights::common_borders;
    use geo::{MultiPolygon, Rect};

    fn counts(x: &[f64], y: &[f64]) -> GroupCounts {
        GroupCounts::new(&[("x", x), ("y", y)]).unwrap()
    }

    #[test]
    fn borders_between_unlike_neighbours_lower_dissimilarity() {
        let (squares, perimeters) = ([1e4; 4], [400.0; 4]);
        let borders: Vec<Border> =
            (0..3).map(|place| Border { places: (place, place + 1), length_m: 100.0 }).collect();
        let adjusted = |x: &[f64], y: &[f64]| {
            adjusted_dissimilarity(&counts(x, y), &borders, &perimeters, &squares).unwrap().unwrap()
        };
        let quarters = adjusted(&[10.0, 10.0, 0.0, 0.0], &[0.0, 0.0, 10.0, 10.0]);
        let alternating = adjusted(&[10.0, 0.0, 10.0, 0.0], &[0.0, 10.0, 0.0, 10.0]);
        assert!((quarters.morrill - 2.0 / 3.0).abs() < 1e-15 && alternating.morrill == 0.0);
        assert!((quarters.wong_boundary - 2.0 / 3.0).abs() < 1e-15);
        assert!((quarters.wong_perimeter - 2.0 / 3.0).abs() < 1e-15);
        for wrong in [(0, 9), (1, 1)] {
            let border = Border { places: wrong, length_m: 1.0 };
            let error =
                adjusted_dissimilarity(&counts(&[1.0; 4], &[1.0; 4]), &[border], &perimeters, &squares);
            assert_eq!(error.unwrap_err().kind(), ErrorKind::Parameter);
        }
    }
    #[test]
    fn a_border_weighs_by_its_length_alone() {
        // All in the first square: D = 1. Its border is one of three in a row of equal squares.
        let row = |widths: &[f64]| -> Vec<Border> {
            let mut left = 0.0;
            let shape = |width: &f64| {
                left += width;
                MultiPolygon::from(Rect::new((left - width, 0.0), (left, 100.0)).to_polygon())
            };
            common_borders(&widths.iter().map(shape).collect::<Vec<_>>(), None).unwrap()
        };
        let alone = counts(&[10.0, 0.0, 0.0, 0.0], &[0.0, 10.0, 10.0, 10.0]);
        let of = |borders: &[Border]| {
            adjusted_dissimilarity(&alone, borders, &[400.0; 4], &[1e4; 4]).unwrap().unwrap()
        };
        let equal = row(&[100.0; 4]);
        assert_eq!(equal.len(), 3);
        let found = of(&equal);
        // By standardised rows it would be 1 - (1 + ½)/4 = 0.625.
        assert!((found.morrill - 2.0 / 3.0).abs() < 1e-15 && found.morrill == found.wong_boundary);
        // Twice as long, twice as much: 1 - 2/4.
        let longer: Vec<Border> = equal
            .iter()
            .map(|border| Border { length_m: if border.places.0 == 0 { 200.0 } else { 100.0 }, ..*border })
            .collect();
        let found = of(&longer);
        assert!((found.wong_boundary - 0.5).abs() < 1e-15 && (found.morrill - 2.0 / 3.0).abs() < 1e-15);
    }
}
