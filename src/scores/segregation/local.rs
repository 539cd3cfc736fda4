//! What each place is like: the measures that a map shows.

use super::GroupCounts;
use super::counts::{check_length, diversity_of, times_ln};
use super::spatial::{check_same, isolation_of, shares_into};
use crate::{Error, ErrorKind, Result};

/// Measures of each place: one entry per place, `None` where nobody lives.
///
/// π are the shares among residents, π~ those around them. They describe the place: a high value is a concentration,
/// not a problem, and says nothing about choice or constraint.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LocalMeasures {
    /// π~/P of each group: 1 is the city's mix. `None` for a group without members.
    pub location_quotients: Vec<Vec<Option<f64>>>,
    /// E~ = -Σ π~ ln π~ in nats: 0 where one group lives alone, ln K where K groups are even.
    pub diversity: Vec<Option<f64>>,
    /// E~ / ln K, 0 to 1 (K groups with members in the city).
    pub entropy: Vec<Option<f64>>,
    /// Σ π~ (1 - π~): chance that two people around here are of different groups. Simpson (1949).
    pub simpson_interaction: Vec<Option<f64>>,
    /// Σ π (1 - π~): chance that a resident and somebody around here are of different groups.
    pub exposure_to_others: Vec<Option<f64>>,
    /// D~ = Σ π~ ln(π~/P) in nats: how surprising the mix is in this city. Roberto (2015).
    pub divergence: Vec<Option<f64>>,
    /// t/T D~: what the place adds to mutual information; without an environment they add up to
    /// [`Index::MutualInformation`](super::Index::MutualInformation).
    pub information: Vec<Option<f64>>,
    /// R of the place: see [`residential_isolation`].
    pub residential_isolation: Vec<Option<f64>>,
}

/// Measures each place by its residents and the people around them.
///
/// - `around`: from [`Environments::people_around`](super::Environments::people_around); or `counts` itself, for what
///   the boundaries alone tell.
///
/// # Errors
/// [`ErrorKind::Parameter`] if places or groups of the two differ.
pub fn local_measures(counts: &GroupCounts, around: &GroupCounts) -> Result<LocalMeasures> {
    check_same(counts, around)?;
    let (places, groups) = (counts.places(), counts.groups());
    let (population, shares) = (counts.population(), counts.shares());
    let most_mixed = (shares.iter().filter(|share| **share > 0.0).count() as f64).ln();
    let empty = || vec![None; places];
    let mut measures = LocalMeasures {
        location_quotients: vec![empty(); groups],
        diversity: empty(),
        entropy: empty(),
        simpson_interaction: empty(),
        exposure_to_others: empty(),
        divergence: empty(),
        information: empty(),
        residential_isolation: empty(),
    };
    let mut mix = vec![0.0; groups];
    for (place, row, total) in counts.inhabited() {
        shares_into(&mut mix, around, place);
        let (interaction, entropy) = diversity_of(&mix);
        let pairs = || mix.iter().zip(&shares).filter(|(_, share)| **share > 0.0);
        let divergence: f64 = pairs().map(|(pi, share)| times_ln(*pi, pi / share)).sum();
        for (quotients, (pi, share)) in measures.location_quotients.iter_mut().zip(mix.iter().zip(&shares)) {
            quotients[place] = (*share > 0.0).then(|| pi / share);
        }
        measures.diversity[place] = Some(entropy);
        measures.entropy[place] = (most_mixed > 0.0).then(|| entropy / most_mixed);
        measures.simpson_interaction[place] = Some(interaction);
        measures.exposure_to_others[place] =
            Some(row.iter().zip(&mix).map(|(x, pi)| x / total * (1.0 - pi)).sum());
        measures.divergence[place] = Some(divergence);
        measures.information[place] = Some(total / population * divergence);
        measures.residential_isolation[place] =
            (most_mixed > 0.0).then(|| isolation_of(row, total, &mix, &shares));
    }
    Ok(measures)
}

/// Residential isolation of each place: R = Σ π (π~ - P) / (1 - P) over groups.
///
/// How much more of their own group residents live among than an even spread gives: 0 is the city's mix, 1 everybody
/// among their own, below 0 more mixed than the city. Weighted by residents the places average exactly to
/// [`SpatialIndex::NormalisedExposure`](super::SpatialIndex::NormalisedExposure) of the city, and without an environment
/// to [`Index::NormalisedExposure`](super::Index::NormalisedExposure) (with two groups to the correlation ratio).
///
/// One entry per place; `None` where nobody lives, and everywhere if everybody is in one group.
///
/// # Errors
/// As for [`local_measures`].
pub fn residential_isolation(counts: &GroupCounts, around: &GroupCounts) -> Result<Vec<Option<f64>>> {
    local_measures(counts, around).map(|measures| measures.residential_isolation)
}

/// Index of concentration at the extremes: (privileged - deprived) / everybody, -1 to 1.
///
/// One entry per place, `None` where nobody lives.
///
/// # Errors
/// [`ErrorKind::Parameter`] as for [`GroupCounts::among`].
///
/// # Source
/// Massey (2001), "The prodigal paradigm returns"; Krieger et al. (2016).
///
/// # Example
/// ```
/// use commonground::scores::segregation::concentration_at_extremes;
/// // Of ten people seven are rich and one is poor; nobody lives in the second place.
/// assert_eq!(concentration_at_extremes(&[7.0, 0.0], &[1.0, 0.0], &[10.0, 0.0])?, [Some(0.6), None]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn concentration_at_extremes(
    privileged: &[f64],
    deprived: &[f64],
    total: &[f64],
) -> Result<Vec<Option<f64>>> {
    GroupCounts::among(&[("privileged", privileged), ("deprived", deprived)], total)?;
    let rows = privileged.iter().zip(deprived).zip(total);
    Ok(rows.map(|((a, p), t)| (*t > 0.0).then(|| (a - p) / t)).collect())
}

/// The index of the first group behind [`Index::Dissimilarity`](super::Index::Dissimilarity) against land instead of
/// people: Delta = ½ Σ |x/X - a/A|, the share of the group that would have to move to live at one density everywhere.
///
/// - `areas`: one per place, in any unit; ≥ 0, not all 0.
///
/// `None` if the group has no members.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ or an area is negative or not finite (names the row).
///
/// # Source
/// Hoover (1941); Duncan, Cuzzort & Duncan (1961); Massey & Denton (1988), page 290.
pub fn delta(counts: &GroupCounts, areas: &[f64]) -> Result<Option<f64>> {
    let area = check_areas(counts, areas)?;
    let members = counts.group_totals()[0];
    let uneven: f64 =
        (0..counts.places()).map(|place| (counts.row(place)[0] / members - areas[place] / area).abs()).sum();
    Ok((members > 0.0).then_some(uneven / 2.0))
}

/// The whole area.
pub(super) fn check_areas(counts: &GroupCounts, areas: &[f64]) -> Result<f64> {
    check_length("area", areas, counts.places())?;
    if let Some(row) = areas.iter().position(|area| !(area.is_finite() && *area >= 0.0)) {
        let message = format!("`{}` is not an area", areas[row]);
        return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1).in_column("area"));
    }
    let area: f64 = areas.iter().sum();
    if area > 0.0 {
        return Ok(area);
    }
    Err(Error::new(ErrorKind::Parameter, "all areas are 0").in_column("area"))
}

#[cfg(test)]
mod tests {
    use super::super::Index;
    use super::*;

    #[test]
    fn a_place_of_its_own_and_a_mixed_one() {
        // City: a ¾, b ¼. First place all a, second half and half, nobody in the third.
        let counts = GroupCounts::new(&[("a", [10.0, 5.0, 0.0]), ("b", [0.0, 5.0, 0.0])]).unwrap();
        let found = local_measures(&counts, &counts).unwrap();
        assert_eq!(found.location_quotients[1], [Some(0.0), Some(2.0), None]);
        assert_eq!(found.entropy, [Some(0.0), Some(1.0), None]);
        assert_eq!(found.simpson_interaction, [Some(0.0), Some(0.5), None]);
        // R: 1·(1 - ¾)/¼ = 1; ½(½ - ¾)/¼ + ½(½ - ¼)/¾ = -1/3.
        let isolation = &found.residential_isolation;
        assert!(
            (isolation[0].unwrap() - 1.0).abs() < 1e-14 && (isolation[1].unwrap() + 1.0 / 3.0).abs() < 1e-14
        );
        let information: f64 = found.information.iter().flatten().sum();
        assert!((information - Index::MutualInformation.of(&counts).unwrap()).abs() < 1e-15);
    }

    #[test]
    fn delta_compares_with_land() {
        let counts = GroupCounts::new(&[("a", [10.0, 5.0, 0.0]), ("b", [0.0, 5.0, 0.0])]).unwrap();
        // x/X = 2/3, 1/3, 0; land 1/4, 1/4, 1/2.
        assert!((delta(&counts, &[1.0, 1.0, 2.0]).unwrap().unwrap() - 0.5).abs() < 1e-15);
        for wrong in [vec![1.0], vec![1.0, -1.0, 1.0], vec![0.0; 3], vec![1.0, f64::NAN, 1.0]] {
            assert_eq!(delta(&counts, &wrong).unwrap_err().kind(), ErrorKind::Parameter);
        }
    }
}
