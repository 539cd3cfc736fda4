//! How evenly residents share what was measured from their homes.

use super::table::numbers;
use crate::access::equity::{gini, lorenz_curve};
use crate::assessment::Assessment;
use crate::model::Weight;
use crate::{Result, StudyArea};
use polars::prelude::DataFrame;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Points of a curve, besides the first: as many as a screen can tell apart.
const STEPS: usize = 100;
/// Digits of a share on a curve.
const DIGITS: f64 = 1e4;

/// Columns that say what a place is, not what its homes reach.
const OF_THE_PLACE: [&str; 2] = ["id", "neighbourhood"];

/// The curve of one column, between homes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct HomesCurve {
    /// Share of the whole that the first 0, 1, 2, ... hundredths of residents have, from the least on.
    held: Vec<f64>,
    gini: f64,
    /// Share of residents whose home has no value: on no street, or nothing within the search.
    without: f64,
}

/// Curves by column of the neighbourhoods, where the homes have the numbers behind it.
pub(super) fn between_homes(
    study: &StudyArea,
    assessment: &Assessment,
) -> Result<BTreeMap<String, HomesCurve>> {
    let homes = &assessment.homes.attributes;
    let columns: Vec<(String, &str)> = assessment
        .neighbourhoods
        .attributes
        .get_column_names()
        .into_iter()
        .filter_map(|name| Some((name.to_string(), measured_at_homes(name, homes, assessment.weight)?)))
        .collect();
    let curves: Vec<Option<(String, HomesCurve)>> = columns
        .into_par_iter()
        .map(|(name, column)| {
            Ok(curve(&numbers(homes, column), &study.homes.weights)?.map(|curve| (name, curve)))
        })
        .collect::<Result<_>>()?;
    Ok(curves.into_iter().flatten().collect())
}

/// The column of homes that a column of neighbourhoods sums up: `jobs_within_30_min` of `jobs_within_30_min_mean`.
fn measured_at_homes<'a>(column: &'a str, homes: &DataFrame, weight: Weight) -> Option<&'a str> {
    let base =
        ["_mean", "_median"].into_iter().find_map(|ending| column.strip_suffix(ending)).unwrap_or(column);
    let is_measured = !OF_THE_PLACE.contains(&base)
        && base != weight.column()
        && homes.column(base).is_ok_and(|column| column.dtype().is_primitive_numeric());
    is_measured.then_some(base)
}

fn curve(values: &[Option<f64>], residents: &[f64]) -> Result<Option<HomesCurve>> {
    if values.iter().flatten().any(|value| !(value.is_finite() && *value >= 0.0)) {
        return Ok(None);
    }
    let (Some(held), Some(gini)) = (lorenz_curve(values, residents, STEPS)?, gini(values, residents)?) else {
        return Ok(None);
    };
    let everyone: f64 = residents.iter().sum();
    let without: f64 =
        values.iter().zip(residents).filter(|(value, _)| value.is_none()).map(|(_, people)| people).sum();
    let held = held.into_iter().map(|share| (share * DIGITS).round() / DIGITS);
    Ok(Some(HomesCurve { held: held.collect(), gini, without: without / everyone }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::df;

    #[test]
    fn a_curve_of_hundredths_lies_on_the_whole_one() {
        // Half of the people have nothing, a quarter 1 each, a quarter 3 each.
        let found =
            curve(&[Some(3.0), Some(0.0), Some(1.0), None], &[10.0, 20.0, 10.0, 10.0]).unwrap().unwrap();
        assert_eq!((found.held[0], found.held[50], found.held[75], found.held[100]), (0.0, 0.0, 0.25, 1.0));
        assert_eq!((found.held[60], found.without), (0.1, 0.2));
        assert!((found.gini - 0.625).abs() < 1e-12);
        assert_eq!(curve(&[Some(-1.0)], &[1.0]).unwrap(), None);
    }

    #[test]
    fn columns_of_neighbourhoods_find_the_homes_behind_them() {
        let homes = df!("id" => ["h"], "residents" => [2.0], "clinic_minutes" => [4.0], "jobs_within_30_min" => [90.0])
            .unwrap();
        for (column, expected) in [
            ("clinic_minutes_median", Some("clinic_minutes")),
            ("jobs_within_30_min_mean", Some("jobs_within_30_min")),
            ("jobs_within_30_min", Some("jobs_within_30_min")),
            ("clinic_minutes_p90", None),
            ("residents", None),
            ("id", None),
        ] {
            assert_eq!(measured_at_homes(column, &homes, Weight::Residents), expected, "{column}");
        }
    }
}
