//! Why one city, or one date, is more segregated than another.

use super::GroupCounts;
use super::index::is_comparable;
use super::randomise::{Randomised, all_draws};
use crate::{Error, ErrorKind, Progress, Result};

/// A difference between two cities in two parts that add up to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// The index of the first city.
    pub first: f64,
    /// The index of the second city.
    pub second: f64,
    /// The first city's places with the shares of the group in the second.
    pub first_with_shares_of_second: f64,
    /// The second city's places with the shares of the group in the first.
    pub second_with_shares_of_first: f64,
    /// Part of `first - second` from where people live: places and their sizes.
    pub structure: f64,
    /// Part of `first - second` from the shares of the group in places, whatever the places.
    pub composition: f64,
}

/// Splits the difference between two cities for the first group by the counterfactual composition.
///
/// Each place gets the share of the group that stands at its own rank in the other city, and keeps its residents. The
/// two parts are the means over both orders of change (Shapley). Cities need not have places in common. Ranks run from
/// 0 to 1, (rank - 1)/(n - 1), so that a city keeps its own shares; PySAL's rank/n moves them up by part of a place.
///
/// - `index_of_first`, `index_of_second`: the same index; two closures, since a spatial one needs its city's surroundings.
///
/// `None` if the index has no value in one of the four cases.
///
/// # Source
/// Rey, Cortes & Knaap (2021), "Comparative spatial segregation analytics".
#[must_use]
pub fn compare(
    first: &GroupCounts,
    second: &GroupCounts,
    index_of_first: impl Fn(&GroupCounts) -> Option<f64>,
    index_of_second: impl Fn(&GroupCounts) -> Option<f64>,
) -> Option<Comparison> {
    let (first, second) = (first.one_against_others(0), second.one_against_others(0));
    let mixed_first = index_of_first(&with_shares_of(&first, &second))?;
    let mixed_second = index_of_second(&with_shares_of(&second, &first))?;
    let (first, second) = (index_of_first(&first)?, index_of_second(&second)?);
    Some(Comparison {
        first,
        second,
        first_with_shares_of_second: mixed_first,
        second_with_shares_of_first: mixed_second,
        structure: (first - mixed_second + mixed_first - second) / 2.0,
        composition: (first - mixed_first + mixed_second - second) / 2.0,
    })
}

/// The places of one city with the group's shares of the other, rank by rank.
fn with_shares_of(city: &GroupCounts, other: &GroupCounts) -> GroupCounts {
    let shares = |counts: &GroupCounts| {
        let mut shares: Vec<(f64, usize)> =
            counts.inhabited().map(|(place, row, total)| (row[0] / total, place)).collect();
        shares.sort_by(|a, b| a.0.total_cmp(&b.0));
        shares
    };
    let (own, theirs) = (shares(city), shares(other));
    let mut counts = vec![0.0; city.counts().len()];
    let mut begin = 0;
    while begin < own.len() {
        // Equal shares hold the middle of their ranks.
        let end = begin + own[begin..].iter().take_while(|(share, _)| *share == own[begin].0).count();
        let middle = (begin + end - 1) as f64 / 2.0;
        let rank = if own.len() > 1 { middle / (own.len() - 1) as f64 } else { 0.5 };
        let share = share_at(&theirs, rank);
        for &(_, place) in &own[begin..end] {
            let total = city.totals()[place];
            counts[2 * place] = share * total;
            counts[2 * place + 1] = total - share * total;
        }
        begin = end;
    }
    city.replaced(counts)
}

/// The share at a rank from 0 to 1, in proportion between the two next to it.
fn share_at(sorted: &[(f64, usize)], rank: f64) -> f64 {
    let position = rank * (sorted.len() - 1) as f64;
    let below = position.floor();
    let low = sorted[below as usize].0;
    let high = sorted[(below as usize + 1).min(sorted.len() - 1)].0;
    low + (high - low) * (position - below)
}

/// Tests whether two cities differ more than places shuffled between them: `observed` is first - second.
///
/// For indices without an environment. - `draws`, `seed`: as for [`randomise`](super::randomise). `None` if the index
/// has no value in one of the cities, or in a draw.
///
/// # Errors
/// [`ErrorKind::Parameter`] without draws, or if the cities have other groups; [`ErrorKind::Cancelled`] if `progress`
/// asks to stop.
pub fn difference(
    first: &GroupCounts,
    second: &GroupCounts,
    draws: usize,
    seed: u64,
    progress: &dyn Progress,
    index: impl Fn(&GroupCounts) -> Option<f64> + Sync,
) -> Result<Option<Randomised>> {
    if first.names() != second.names() {
        let message = format!("groups {:?} and {:?}", first.names(), second.names());
        return Err(Error::new(ErrorKind::Parameter, message).hint("both cities need the same groups"));
    }
    let minus = |a: &GroupCounts, b: &GroupCounts| Some(index(a)? - index(b)?);
    let pooled = [first.counts(), second.counts()].concat();
    let width = first.groups();
    let drawn = all_draws(draws, seed, progress, |random| {
        let mut order: Vec<usize> = (0..first.places() + second.places()).collect();
        random.shuffle(&mut order);
        let rows = order.iter().flat_map(|place| &pooled[place * width..][..width]).copied();
        let mut rows: Vec<f64> = rows.collect();
        let of_second = rows.split_off(first.counts().len());
        minus(&first.replaced(rows), &second.replaced(of_second))
    })?;
    minus(first, second).zip(drawn).map(|(observed, drawn)| Randomised::new(observed, drawn)).transpose()
}

/// A change between two dates in the same places, in two parts that add up to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The index at the first date.
    pub before: f64,
    /// The index at the second date.
    pub after: f64,
    /// Part of `after - before` from how many people each place and each group has.
    pub margins: f64,
    /// Part of `after - before` from who lives where, given those numbers.
    pub structure: f64,
}

/// Rounds of fitting after which a table is taken as it is.
const MOST_ROUNDS: usize = 2_000;
/// Largest miss of a fitted margin, as a share of the population.
const MARGIN_PRECISION: f64 = 1e-12;

/// Splits the change of an index between two dates in the same places, for any number of groups.
///
/// The table of one date is fitted to the margins of the other (iterative proportional fitting), which keeps every odds
/// ratio between places and groups: what moves the index then is margins, the rest is structure. The two parts are the
/// means over both orders.
///
/// `None` if the index has no value, or if one table cannot be fitted to the other's margins: a place or a group is
/// empty at one date only. Leave such places out, or join them to a neighbour.
///
/// # Errors
/// [`ErrorKind::Parameter`] if places or groups of the two dates differ.
///
/// # Source
/// Karmel & Maclachlan (1988); Elbers (2023), "A method for studying differences in segregation across time and space".
pub fn change(
    before: &GroupCounts,
    after: &GroupCounts,
    index: impl Fn(&GroupCounts) -> Option<f64>,
) -> Result<Option<Change>> {
    super::spatial::check_same(before, after)?;
    let parts = || {
        let (at_first, at_last) = (index(before)?, index(after)?);
        let old_in_new = index(&fitted(before, after)?)?;
        let new_in_old = index(&fitted(after, before)?)?;
        Some(Change {
            before: at_first,
            after: at_last,
            margins: (old_in_new - at_first + at_last - new_in_old) / 2.0,
            structure: (at_last - old_in_new + new_in_old - at_first) / 2.0,
        })
    };
    Ok(parts().filter(|_| is_comparable(before, false)))
}

/// The table of `structure` with the margins of `margins`.
fn fitted(structure: &GroupCounts, margins: &GroupCounts) -> Option<GroupCounts> {
    let width = structure.groups();
    let mut table = structure.clone();
    for _ in 0..MOST_ROUNDS {
        let scaled = |counts: &[f64], group_scale: &[f64], place_scale: &[f64]| -> Vec<f64> {
            let rows = counts.chunks_exact(width).zip(place_scale);
            rows.flat_map(|(row, place)| {
                row.iter().zip(group_scale).map(move |(count, group)| count * group * place)
            })
            .collect()
        };
        let group_scale = scales(table.group_totals(), margins.group_totals())?;
        table = table.replaced(scaled(table.counts(), &group_scale, &vec![1.0; table.places()]));
        let place_scale = scales(table.totals(), margins.totals())?;
        table = table.replaced(scaled(table.counts(), &vec![1.0; width], &place_scale));
        let miss = table.group_totals().iter().zip(margins.group_totals()).map(|(a, b)| (a - b).abs());
        if miss.fold(0.0, f64::max) <= MARGIN_PRECISION * margins.population() {
            return Some(table);
        }
    }
    None
}

fn scales(now: &[f64], wanted: &[f64]) -> Option<Vec<f64>> {
    let scale = |(now, wanted): (&f64, &f64)| match (*now > 0.0, *wanted > 0.0) {
        (true, true) => Some(wanted / now),
        (false, false) => Some(1.0),
        _ => None,
    };
    now.iter().zip(wanted).map(scale).collect()
}

#[cfg(test)]
mod tests {
    use super::super::Index;
    use super::*;
    use crate::Quiet;

    fn two(x: &[f64], y: &[f64]) -> GroupCounts {
        GroupCounts::new(&[("x", x), ("y", y)]).unwrap()
    }

    #[test]
    fn the_parts_add_up_to_the_difference() {
        let first = two(&[10.0, 5.0, 2.0, 0.0], &[0.0, 5.0, 8.0, 0.0]);
        let second = two(&[6.0, 7.0, 9.0], &[14.0, 23.0, 11.0]);
        let of = |counts: &GroupCounts| Index::Gini.of(counts);
        let found = compare(&first, &second, of, of).unwrap();
        assert!((found.structure + found.composition - (found.first - found.second)).abs() < 1e-15);
        let same = compare(&first, &first, of, of).unwrap();
        assert!(same.structure.abs() < 1e-15 && same.composition.abs() < 1e-15);
    }

    #[test]
    fn places_of_equal_shares_differ_in_structure_alone() {
        // The same shares in the same order; only the residents differ.
        let first = two(&[9.0, 5.0, 1.0], &[1.0, 5.0, 9.0]);
        let second = two(&[90.0, 5.0, 1.0], &[10.0, 5.0, 9.0]);
        let of = |counts: &GroupCounts| Index::Dissimilarity.of(counts);
        let found = compare(&first, &second, of, of).unwrap();
        assert!(found.composition.abs() < 1e-15 && found.structure.abs() > 0.01, "{found:?}");
    }

    #[test]
    fn growth_alone_is_margins_and_moving_alone_is_structure() {
        let before = two(&[10.0, 5.0, 2.0], &[5.0, 5.0, 8.0]);
        let grown = two(&[20.0, 5.0, 6.0], &[30.0, 15.0, 72.0]);
        let of = |counts: &GroupCounts| Index::MutualInformation.of(counts);
        // Places ×1, ½, 1½ and groups ×2, ×6: odds ratios stay.
        let found = change(&before, &grown, of).unwrap().unwrap();
        assert!(
            found.structure.abs() < 1e-12 && (found.margins - (found.after - found.before)).abs() < 1e-12,
            "{found:?}"
        );
        // Two people of each group change places: margins stay.
        let moved = two(&[12.0, 5.0, 0.0], &[3.0, 5.0, 10.0]);
        let found = change(&before, &moved, of).unwrap().unwrap();
        assert!(found.margins.abs() < 1e-12 && found.structure > 0.0, "{found:?}");
        let emptied = two(&[10.0, 7.0, 0.0], &[5.0, 13.0, 0.0]);
        assert_eq!(change(&before, &emptied, of).unwrap(), None);
    }

    #[test]
    fn a_difference_of_cities_is_tested_against_shuffled_places() {
        let city = |spread: f64| {
            let x: Vec<f64> =
                (0..40).map(|place| if place % 2 == 0 { 50.0 + spread } else { 50.0 - spread }).collect();
            let y: Vec<f64> = x.iter().map(|x| 100.0 - x).collect();
            two(&x, &y)
        };
        let of = |counts: &GroupCounts| Index::Dissimilarity.of(counts);
        let apart = difference(&city(40.0), &city(5.0), 199, 1, &Quiet, of).unwrap().unwrap();
        assert!((apart.observed - 0.7).abs() < 1e-12 && apart.p_value == 0.01, "{apart:?}");
        let alike = difference(&city(20.0), &city(20.0), 199, 1, &Quiet, of).unwrap().unwrap();
        assert!(alike.p_value > 0.2);
        let other = GroupCounts::new(&[("z", [1.0])]).unwrap();
        assert!(difference(&other, &city(1.0), 9, 1, &Quiet, of).is_err());
    }
}
