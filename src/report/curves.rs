//! How evenly residents share what was measured from their homes.

use crate::access::equity::{gini, lorenz_curve};
use crate::assessment::Assessment;
use crate::measure::Key;
use crate::model::Homes;
use crate::{Result, StudyArea};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// Points of a curve, besides the first: as many as a screen can tell apart.
const STEPS: usize = 100;
/// Digits of a share on a curve.
const DIGITS: f64 = 1e4;

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
    let (homes, neighbourhoods) = (assessment.homes(), assessment.neighbourhoods());
    // Homes outside all neighbourhoods count nowhere.
    fn inside<'a, T: Copy>(homes: &'a Homes, values: &'a [T]) -> impl Iterator<Item = T> + 'a {
        let places = values.iter().zip(&homes.neighbourhoods);
        places.filter(|(_, neighbourhood)| neighbourhood.is_some()).map(|(value, _)| *value)
    }
    let of = |key: &Key| {
        let (of_homes, rule) = key.column.of_homes?;
        let values = homes.numbers_of(of_homes, &key.subject).filter(|_| rule.keeps_the_quantity())?;
        let (values, weights): (Vec<Option<f64>>, Vec<f64>) =
            inside(&study.homes, &values).zip(inside(&study.homes, &study.homes.weights)).unzip();
        let curve = curve(&values, &weights).transpose()?;
        Some(curve.map(|curve| (key.name(neighbourhoods.weight()), curve)))
    };
    let curves: Vec<Option<(String, HomesCurve)>> =
        neighbourhoods.keys().par_iter().map(|key| of(key).transpose()).collect::<Result<_>>()?;
    Ok(curves.into_iter().flatten().collect())
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
}
