//! Concentration in little land.

use super::GroupCounts;
use super::index::is_comparable;
use super::local::check_areas;
use crate::Result;

/// What concentration in little land comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Concentration {
    /// ACO, 0 to 1: 1 if the group lives in the smallest places that could hold it. It leaves that range where places
    /// hold few people: see the source.
    pub absolute: Option<f64>,
    /// RCO, -1 to 1: 0 if the group uses as much land as the others, above 0 if less.
    pub relative: Option<f64>,
}

/// Concentration of the first group in places with little land.
///
/// n1 (n2) are the smallest (largest) places that hold as many people as the group has members.
/// ACO = 1 - (Σ a x/X - m1) / (m2 - m1) and RCO = (Σ a x/X / Σ a y/Y - 1) / (m1/m2 - 1), m the mean area of a resident
/// of those places. Places of equal area are taken in their order in the data.
///
/// `None` where there is nothing to compare, or the smallest and the largest places are alike.
///
/// # Errors
/// As for [`delta`](super::delta).
///
/// # Source
/// Massey & Denton (1988), equations 12 and 13.
pub fn concentration(counts: &GroupCounts, areas: &[f64]) -> Result<Concentration> {
    check_areas(counts, areas)?;
    if !is_comparable(counts, true) {
        return Ok(Concentration { absolute: None, relative: None });
    }
    let members = counts.group_totals()[0];
    let others = counts.population() - members;
    let mut by_area: Vec<usize> = (0..counts.places()).collect();
    by_area.sort_by(|&a, &b| areas[a].total_cmp(&areas[b]));
    let smallest = mean_area(counts, areas, members, by_area.iter());
    let largest = mean_area(counts, areas, members, by_area.iter().rev());
    let (mut of_members, mut of_others) = (0.0, 0.0);
    for (place, row, total) in counts.inhabited() {
        of_members += row[0] * areas[place] / members;
        of_others += (total - row[0]) * areas[place] / others;
    }
    let differ = largest > smallest && largest > 0.0;
    let absolute = differ.then(|| 1.0 - (of_members - smallest) / (largest - smallest));
    let relative =
        (differ && of_others > 0.0).then(|| (of_members / of_others - 1.0) / (smallest / largest - 1.0));
    Ok(Concentration { absolute, relative })
}

/// Mean area, by residents, of the first places that hold `members` people.
fn mean_area<'a>(
    counts: &GroupCounts,
    areas: &[f64],
    members: f64,
    places: impl Iterator<Item = &'a usize>,
) -> f64 {
    let (mut people, mut area) = (0.0, 0.0);
    for &place in places {
        people += counts.totals()[place];
        area += counts.totals()[place] * areas[place];
        if people >= members {
            break;
        }
    }
    area / people
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(x: &[f64], y: &[f64]) -> GroupCounts {
        GroupCounts::new(&[("x", x), ("y", y)]).unwrap()
    }

    #[test]
    fn a_group_in_the_smallest_places_is_fully_concentrated() {
        let areas = [1.0, 2.0, 3.0, 4.0];
        let small = concentration(&counts(&[10.0, 0.0, 0.0, 0.0], &[0.0, 10.0, 10.0, 10.0]), &areas).unwrap();
        assert_eq!((small.absolute, small.relative.unwrap() > 0.5), (Some(1.0), true));
        let large = concentration(&counts(&[0.0, 0.0, 0.0, 10.0], &[10.0, 10.0, 10.0, 0.0]), &areas).unwrap();
        assert_eq!((large.absolute, large.relative.unwrap() < -0.5), (Some(0.0), true));
        let alike = concentration(&counts(&[5.0, 1.0], &[1.0, 5.0]), &[2.0, 2.0]).unwrap();
        assert_eq!(alike, Concentration { absolute: None, relative: None });
    }
}
