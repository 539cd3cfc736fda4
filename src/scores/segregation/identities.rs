//! What holds of every city, whoever lives where.

use super::{
    Environments, GroupCounts, Index, SpatialIndex, change, compare, in_grid_cells, local_measures,
    residential_isolation, spatial_exposure,
};
use crate::Metres;
use crate::spatial::Kernel;
use geo::Point;
use proptest::prelude::*;

/// Cities of 2 to 30 places, some empty, with 2 to 4 groups, at least two of which have members in two places.
fn cities() -> impl Strategy<Value = GroupCounts> {
    let places = (2_usize..30, 2_usize..5).prop_flat_map(|(places, groups)| {
        let count = prop_oneof![2 => Just(0_u32), 5 => 1_u32..60];
        prop::collection::vec(prop::collection::vec(count, groups), places)
    });
    places.prop_filter_map("two groups in two places", |rows| counts(&rows))
}

fn counts(rows: &[Vec<u32>]) -> Option<GroupCounts> {
    let column = |group: usize| rows.iter().map(|row| f64::from(row[group])).collect::<Vec<_>>();
    let groups: Vec<(String, Vec<f64>)> =
        (0..rows[0].len()).map(|group| (group.to_string(), column(group))).collect();
    let counts = GroupCounts::new(&groups).ok()?;
    let members = counts.group_totals().iter().filter(|total| **total > 0.0).count();
    let inhabited = counts.totals().iter().filter(|total| **total > 0.0).count();
    (members >= 2 && inhabited >= 2 && counts.group_totals()[0] > 0.0).then_some(counts)
}

/// The same city with its rows changed.
fn with_rows(city: &GroupCounts, rows: &[Vec<f64>]) -> GroupCounts {
    let column = |group: usize| rows.iter().map(|row| row[group]).collect::<Vec<_>>();
    let groups: Vec<(&String, Vec<f64>)> =
        city.names().iter().enumerate().map(|(group, name)| (name, column(group))).collect();
    GroupCounts::new(&groups).unwrap()
}

fn rows(city: &GroupCounts) -> Vec<Vec<f64>> {
    (0..city.places()).map(|place| city.row(place).to_vec()).collect()
}

fn of(index: Index, city: &GroupCounts) -> f64 {
    index.of(city).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-11
}

fn points(city: &GroupCounts) -> Vec<Point<f64>> {
    (0..city.places()).map(|place| Point::new((place * 37 % 11) as f64, (place * 53 % 7) as f64)).collect()
}

proptest! {
    #[test]
    fn two_groups_share_their_surroundings(city in cities()) {
        let two = city.one_against_others(0);
        prop_assert!(close(of(Index::Isolation, &two) + of(Index::Interaction, &two), 1.0));
        let d = of(Index::Dissimilarity, &two);
        prop_assert!(close(of(Index::MinMax, &two), 2.0 * d / (1.0 + d)));
        prop_assert!(close(of(Index::NormalisedExposure, &two), of(Index::CorrelationRatio, &two)));
        prop_assert!(of(Index::Isolation, &two) >= two.share(0) - 1e-12);
        prop_assert!(of(Index::Gini, &two) >= d - 1e-12);
    }

    #[test]
    fn every_index_lies_between_nothing_and_full_separation(city in cities()) {
        for index in Index::ALL.into_iter().filter(|index| *index != Index::MutualInformation) {
            let value = of(index, &city);
            prop_assert!((-1e-12..=1.0 + 1e-12).contains(&value), "{index:?} {value}");
        }
        // Each group in a place of its own.
        let apart: Vec<Vec<f64>> = city.group_totals().iter().enumerate().map(|(group, total)| {
            (0..city.groups()).map(|other| if other == group { *total } else { 0.0 }).collect()
        }).collect();
        let apart = with_rows(&city, &apart);
        for index in [Index::Dissimilarity, Index::Gini, Index::Entropy, Index::RelativeDiversity,
            Index::NormalisedExposure, Index::SquaredCoefficientOfVariation, Index::Isolation] {
            prop_assert!(close(of(index, &apart), 1.0), "{index:?}");
        }
    }

    #[test]
    fn maps_add_up_to_the_city(city in cities()) {
        let local = local_measures(&city, &city).unwrap();
        let information: f64 = local.information.iter().flatten().sum();
        prop_assert!(close(information, of(Index::MutualInformation, &city)));
        let weighted = |values: &[Option<f64>]| -> f64 {
            values.iter().zip(city.totals()).map(|(value, total)| value.unwrap_or(0.0) * total).sum::<f64>()
                / city.population()
        };
        prop_assert!(close(weighted(&local.divergence), of(Index::MutualInformation, &city)));
        prop_assert!(close(weighted(&local.residential_isolation), of(Index::NormalisedExposure, &city)));
        // And so they do with surroundings.
        let around = Environments::around(&points(&city), Kernel::Quartic, Metres::new(3.0).unwrap()).unwrap();
        let around = around.people_around(&city).unwrap();
        let isolation = residential_isolation(&city, &around).unwrap();
        let whole = SpatialIndex::NormalisedExposure.of(&city, &around).unwrap().unwrap();
        prop_assert!(close(weighted(&isolation), whole));
        for row in spatial_exposure(&city, &around).unwrap().into_iter().filter(|row| row[0].is_some()) {
            prop_assert!(close(row.into_iter().flatten().sum(), 1.0));
        }
    }

    #[test]
    fn information_is_that_between_parts_and_that_within_them(city in cities(), parts in 1_usize..4) {
        let part_of = |place: usize| place % parts;
        let mut sums = vec![vec![0.0; city.groups()]; parts];
        for (place, row) in rows(&city).iter().enumerate() {
            sums[part_of(place)].iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
        }
        let information = |city: &GroupCounts| Index::MutualInformation.of(city).unwrap_or(0.0);
        let between = information(&with_rows(&city, &sums));
        let within: f64 = (0..parts).filter(|part| sums[*part].iter().sum::<f64>() > 0.0).map(|part| {
            let own: Vec<Vec<f64>> = rows(&city).into_iter().enumerate()
                .filter(|(place, _)| part_of(*place) == part).map(|(_, row)| row).collect();
            let own = with_rows(&city, &own);
            own.population() / city.population() * information(&own)
        }).sum();
        prop_assert!(close(between + within, of(Index::MutualInformation, &city)));
    }

    #[test]
    fn nobody_cares_how_places_are_cut_ordered_or_scaled(city in cities(), cut in 0.1_f64..0.9) {
        let mut split = rows(&city);
        let (one, other): (Vec<f64>, Vec<f64>) = split[0].iter().map(|x| (x * cut, x * (1.0 - cut))).unzip();
        split[0] = one;
        split.push(other);
        let turned: Vec<Vec<f64>> = rows(&city).into_iter().rev().collect();
        let doubled: Vec<Vec<f64>> =
            rows(&city).into_iter().map(|row| row.into_iter().map(|x| 2.0 * x).collect()).collect();
        let mut with_nobody = rows(&city);
        with_nobody.push(vec![0.0; city.groups()]);
        for other in [split, turned, doubled, with_nobody].map(|rows| with_rows(&city, &rows)) {
            for index in Index::ALL {
                prop_assert!(close(of(index, &other), of(index, &city)), "{index:?}");
            }
        }
    }

    #[test]
    fn larger_units_never_separate_more(city in cities()) {
        let cells = in_grid_cells(&city, &points(&city), Metres::new(4.0).unwrap()).unwrap();
        for index in [Index::Dissimilarity, Index::Entropy, Index::MutualInformation, Index::RelativeDiversity] {
            prop_assert!(index.of(&cells).unwrap_or(0.0) <= of(index, &city) + 1e-12, "{index:?}");
        }
    }

    #[test]
    fn comparisons_add_up(first in cities(), second in cities()) {
        let gini = |city: &GroupCounts| Index::Gini.of(city);
        if let Some(found) = compare(&first, &second, gini, gini) {
            prop_assert!(close(found.structure + found.composition, found.first - found.second));
        }
        // Some of the first place move to the second.
        let mut moved = rows(&first);
        let leaving: Vec<f64> = moved[0].iter().map(|count| count / 2.0).collect();
        for (group, leaving) in leaving.into_iter().enumerate() {
            moved[0][group] -= leaving;
            moved[1][group] += leaving;
        }
        let information = |city: &GroupCounts| Index::MutualInformation.of(city);
        if let Some(found) = change(&first, &with_rows(&first, &moved), information).unwrap() {
            prop_assert!(close(found.margins + found.structure, found.after - found.before));
        }
    }
}
