//! Segregation in what people live among, rather than in the places where a boundary puts them.

use super::counts::diversity_of;
use super::index::is_comparable;
use super::{Environments, GroupCounts, Index};
use crate::spatial::Kernel;
use crate::{Error, ErrorKind, Metres, Result};
use geo::Point;

/// An index of the mix π~ of [local environments](Environments), each place weighted by its own residents.
///
/// With each place as its own environment they are the [`Index`] of the same name.
///
/// # Source
/// Reardon & O'Sullivan (2004), "Measures of spatial segregation".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SpatialIndex {
    /// D~ = Σ t |π~ - P| / (2 T I).
    Dissimilarity,
    /// H~ = 1 - Σ t E~ / (T E): below 0 if environments are more mixed than the city.
    Entropy,
    /// R~ = 1 - Σ t I~ / (T I): below 0 if environments are more mixed than the city.
    RelativeDiversity,
    /// P~ = Σ P (kP~k - P) / (1 - P) over groups k: the mean of [`residential_isolation`](super::residential_isolation).
    NormalisedExposure,
    /// kP~k of the first group: the share of their own group around its members.
    Isolation,
}

impl SpatialIndex {
    /// Every index.
    pub const ALL: [Self; 5] = [
        Self::Dissimilarity,
        Self::Entropy,
        Self::RelativeDiversity,
        Self::NormalisedExposure,
        Self::Isolation,
    ];

    /// Name in Python.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dissimilarity => Index::Dissimilarity.name(),
            Self::Entropy => Index::Entropy.name(),
            Self::RelativeDiversity => Index::RelativeDiversity.name(),
            Self::NormalisedExposure => Index::NormalisedExposure.name(),
            Self::Isolation => Index::Isolation.name(),
        }
    }

    /// The index with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|index| index.name() == name)
    }

    /// The index of the whole city; `None` as for [`Index::of`].
    ///
    /// - `around`: the people around each place, from [`Environments::people_around`].
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if places or groups of the two differ.
    pub fn of(self, counts: &GroupCounts, around: &GroupCounts) -> Result<Option<f64>> {
        Ok(self.by_place(counts, around)?.map(|parts| parts.iter().flatten().sum()))
    }

    /// What each place contributes to the index, which is their sum; `None` where nobody lives.
    ///
    /// # Errors
    /// As for [`SpatialIndex::of`].
    pub fn by_place(self, counts: &GroupCounts, around: &GroupCounts) -> Result<Option<Vec<Option<f64>>>> {
        check_same(counts, around)?;
        let members = counts.group_totals()[0];
        let has_value = if self == Self::Isolation { members > 0.0 } else { is_comparable(counts, false) };
        if !has_value {
            return Ok(None);
        }
        let (population, shares) = (counts.population(), counts.shares());
        let (interaction, entropy) = counts.diversity();
        let mut parts = vec![None; counts.places()];
        let mut mix = vec![0.0; counts.groups()];
        for (place, row, total) in counts.inhabited() {
            shares_into(&mut mix, around, place);
            let (local_interaction, local_entropy) = diversity_of(&mix);
            parts[place] = Some(match self {
                Self::Dissimilarity => {
                    let uneven: f64 = mix.iter().zip(&shares).map(|(pi, share)| (pi - share).abs()).sum();
                    total * uneven / (2.0 * population * interaction)
                }
                Self::Entropy => total * (entropy - local_entropy) / (population * entropy),
                Self::RelativeDiversity => {
                    total * (interaction - local_interaction) / (population * interaction)
                }
                Self::NormalisedExposure => isolation_of(row, total, &mix, &shares) * total / population,
                Self::Isolation => row[0] / members * mix[0],
            });
        }
        Ok(Some(parts))
    }
}

/// The shares of the groups around a place.
pub(super) fn shares_into(mix: &mut [f64], around: &GroupCounts, place: usize) {
    let total = around.totals()[place];
    mix.iter_mut().zip(around.row(place)).for_each(|(share, count)| *share = count / total);
}

/// Σ π (π~ - P) / (1 - P): how much more than the city's share of their own group residents have around them.
pub(super) fn isolation_of(row: &[f64], total: f64, mix: &[f64], shares: &[f64]) -> f64 {
    let groups = row.iter().zip(mix).zip(shares).filter(|(_, share)| **share < 1.0);
    groups.map(|((x, around), share)| x / total * (around - share) / (1.0 - share)).sum()
}

pub(super) fn check_same(counts: &GroupCounts, around: &GroupCounts) -> Result<()> {
    if (counts.places(), counts.names()) == (around.places(), around.names()) {
        return Ok(());
    }
    let message = format!(
        "{} places with {} groups, but {} with {} around them",
        counts.places(),
        counts.groups(),
        around.places(),
        around.groups()
    );
    Err(Error::new(ErrorKind::Parameter, message))
}

/// Spatial exposure of each group (row) to each group (column): Σ (x/X) π~, the share of the one around members of the
/// other. Rows add up to 1; the diagonal is spatial isolation. `None` in the row of a group without members.
///
/// # Errors
/// As for [`SpatialIndex::of`].
pub fn spatial_exposure(counts: &GroupCounts, around: &GroupCounts) -> Result<Vec<Vec<Option<f64>>>> {
    check_same(counts, around)?;
    let groups = counts.groups();
    let mut exposure = vec![vec![0.0; groups]; groups];
    let mut mix = vec![0.0; groups];
    for (place, row, _) in counts.inhabited() {
        shares_into(&mut mix, around, place);
        for (exposed, count) in exposure.iter_mut().zip(row) {
            exposed.iter_mut().zip(&mix).for_each(|(sum, share)| *sum += count * share);
        }
    }
    let mean = |(row, &members): (Vec<f64>, &f64)| -> Vec<Option<f64>> {
        row.into_iter().map(|sum| (members > 0.0).then(|| sum / members)).collect()
    };
    Ok(exposure.into_iter().zip(counts.group_totals()).map(mean).collect())
}

/// A spatial index over growing environments: segregation between quarters stays, that between streets goes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScaleProfile {
    /// The index at each bandwidth, in their order.
    pub values: Vec<Option<f64>>,
    /// Value at the largest bandwidth over that at the smallest: near 1 if segregation is between large areas, near 0
    /// if it is between neighbouring streets. `None` if one of the two is missing or not above 0.
    pub macro_micro_ratio: Option<f64>,
}

/// Measures a spatial index at several bandwidths.
///
/// # Errors
/// As for [`Environments::around`] and [`SpatialIndex::of`].
///
/// # Source
/// Reardon et al. (2008), "The geographic scale of metropolitan racial segregation".
pub fn scale_profile(
    counts: &GroupCounts,
    points: &[Point<f64>],
    index: SpatialIndex,
    kernel: Kernel,
    bandwidths: &[Metres],
) -> Result<ScaleProfile> {
    let at = |&bandwidth: &Metres| {
        let around = Environments::around(points, kernel, bandwidth)?.people_around(counts)?;
        index.of(counts, &around)
    };
    let values: Vec<Option<f64>> = bandwidths.iter().map(at).collect::<Result<_>>()?;
    let by_size = |(number, _): &(usize, &Metres)| bandwidths[*number].get();
    let numbered = || bandwidths.iter().enumerate();
    let smallest = numbered().min_by(|a, b| by_size(a).total_cmp(&by_size(b))).and_then(|(at, _)| values[at]);
    let largest = numbered().max_by(|a, b| by_size(a).total_cmp(&by_size(b))).and_then(|(at, _)| values[at]);
    let macro_micro_ratio = match (largest, smallest) {
        (Some(large), Some(small)) if small > 0.0 && large > 0.0 => Some(large / small),
        _ => None,
    };
    Ok(ScaleProfile { values, macro_micro_ratio })
}

/// The people of each square cell of a grid, for any [`Index`] at a coarser scale: the same people in larger units.
///
/// Cells are `size` wide, begin at multiples of it, and come in the order in which their first place comes.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ or `size` is 0; [`ErrorKind::Geometry`] if a point is not finite.
pub fn in_grid_cells(counts: &GroupCounts, points: &[Point<f64>], size: Metres) -> Result<GroupCounts> {
    if points.len() != counts.places() || size.get() == 0.0 {
        let message =
            format!("{} points for {} places in cells of {} m", points.len(), counts.places(), size.get());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let mut cells = std::collections::HashMap::new();
    let mut sums: Vec<f64> = Vec::new();
    for (place, point) in points.iter().enumerate() {
        if !point.x().is_finite() || !point.y().is_finite() {
            return Err(Error::new(ErrorKind::Geometry, "a place without a finite point").at_row(place + 1));
        }
        let column_row = ((point.x() / size.get()).floor() as i64, (point.y() / size.get()).floor() as i64);
        let next = cells.len();
        let cell = *cells.entry(column_row).or_insert(next);
        sums.resize(cells.len() * counts.groups(), 0.0);
        let sums = &mut sums[cell * counts.groups()..][..counts.groups()];
        sums.iter_mut().zip(counts.row(place)).for_each(|(sum, count)| *sum += count);
    }
    Ok(counts.replaced(sums))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkerboard(side: usize, block: usize) -> (GroupCounts, Vec<Point<f64>>) {
        let black = |place: usize| (place / side / block + place % side / block).is_multiple_of(2);
        let of = |wanted: bool| -> Vec<f64> {
            (0..side * side).map(|place| if black(place) == wanted { 10.0 } else { 0.0 }).collect()
        };
        let points = (0..side * side)
            .map(|place| Point::new((place % side) as f64 * 100.0, (place / side) as f64 * 100.0));
        (GroupCounts::new(&[("a", of(true)), ("b", of(false))]).unwrap(), points.collect())
    }

    fn metres(value: f64) -> Metres {
        Metres::new(value).unwrap()
    }

    #[test]
    fn alone_in_its_environment_each_place_gives_the_plain_index() {
        let counts = GroupCounts::new(&[
            ("a", [8.0, 4.0, 0.0, 1.0]),
            ("b", [0.0, 4.0, 0.0, 9.0]),
            ("c", [2.0, 2.0, 0.0, 3.0]),
        ])
        .unwrap();
        for index in SpatialIndex::ALL {
            let plain = Index::named(index.name()).unwrap();
            let (spatial, plain) = (index.of(&counts, &counts).unwrap().unwrap(), plain.of(&counts).unwrap());
            assert!((spatial - plain).abs() < 1e-14, "{index:?}: {spatial} {plain}");
        }
    }

    #[test]
    fn squares_of_a_checkerboard_vanish_where_quarters_stay() {
        let bandwidths = [metres(50.0), metres(400.0)];
        let profile = |block| {
            let (counts, points) = checkerboard(16, block);
            scale_profile(&counts, &points, SpatialIndex::Entropy, Kernel::Quartic, &bandwidths).unwrap()
        };
        let (fine, coarse) = (profile(1), profile(8));
        assert!(fine.values[0] == Some(1.0) && coarse.values[0] == Some(1.0));
        assert!(
            fine.macro_micro_ratio.unwrap() < 0.02 && coarse.macro_micro_ratio.unwrap() > 0.6,
            "{fine:?} {coarse:?}"
        );
    }

    #[test]
    fn exposure_adds_up_to_one_over_everybody() {
        let (counts, points) = checkerboard(6, 2);
        let around = Environments::around(&points, Kernel::Gaussian, metres(120.0)).unwrap();
        let around = around.people_around(&counts).unwrap();
        let exposure = spatial_exposure(&counts, &around).unwrap();
        assert!((exposure[0][0].unwrap() + exposure[0][1].unwrap() - 1.0).abs() < 1e-14);
        assert_eq!(SpatialIndex::Isolation.of(&counts, &around).unwrap(), exposure[0][0]);
    }

    #[test]
    fn larger_cells_hold_the_same_people() {
        let (counts, points) = checkerboard(8, 2);
        let cells = in_grid_cells(&counts, &points, metres(400.0)).unwrap();
        assert_eq!((cells.places(), cells.group_totals()), (4, counts.group_totals()));
        assert_eq!(Index::Dissimilarity.of(&cells), Some(0.0));
        assert!(in_grid_cells(&counts, &points[1..], metres(1.0)).is_err());
    }
}
