//! Whether the index measures what it says: indicators that say the same thing, and what weights really do.

use super::evaluate::Evaluated;
use super::plan::{Child, Plan};
use super::statistics::{mean, mid_ranks, pairs, spearman};
use super::weights::{complete, first_component};
use serde::Serialize;

/// Rank correlation beyond which two indicators count one thing twice.
pub const DOUBLE_COUNTING: f64 = 0.9;
/// Fewest places that a correlation ratio is estimated on.
const FEWEST_PLACES: usize = 10;
/// Most classes of an indicator that means are taken over.
const MOST_CLASSES: usize = 10;

/// What an audit finds.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Audit {
    /// Names of the indicators, in the order of everything below.
    pub indicators: Vec<String>,
    /// Spearman's rank correlation of each pair on the common scale; `None` below 3 places or without spread.
    pub correlations: Vec<Vec<Option<f64>>>,
    /// Pairs beyond ±0.9, which count one thing twice.
    pub double_counted: Vec<(String, String, f64)>,
    /// What each indicator's weight does.
    pub importance: Vec<Importance>,
    /// Share of the variance that the first principal component explains: near 1, all indicators say one thing.
    pub first_component: Option<f64>,
}

/// What the weight of an indicator does.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Importance {
    /// The indicator.
    pub indicator: String,
    /// Its share of the weight of the index.
    pub weight: f64,
    /// Correlation ratio: the share of the variance of the index that goes with it, 0 to 1; `None` below 10 places.
    pub correlation_ratio: Option<f64>,
    /// Its correlation ratio as a share of all of them: the weight that it has in effect.
    pub effective_weight: Option<f64>,
}

pub(super) fn audit(plan: &Plan, found: &Evaluated) -> Audit {
    let columns = &found.normalised;
    let indicators: Vec<String> = plan.measures.iter().map(|measure| measure.name.clone()).collect();
    let correlations: Vec<Vec<Option<f64>>> =
        columns.iter().map(|x| columns.iter().map(|y| spearman(x, y)).collect()).collect();
    let mut double_counted = Vec::new();
    for (a, row) in correlations.iter().enumerate() {
        for (b, value) in row.iter().enumerate().skip(a + 1) {
            if let Some(value) = value.filter(|value| value.abs() > DOUBLE_COUNTING) {
                double_counted.push((indicators[a].clone(), indicators[b].clone(), value));
            }
        }
    }
    let weights = weights_in_index(plan, &found.weights);
    let ratios: Vec<Option<f64>> =
        columns.iter().map(|column| correlation_ratio(column, found.index())).collect();
    let all: f64 = ratios.iter().flatten().sum();
    let importance = indicators
        .iter()
        .enumerate()
        .map(|(index, name)| Importance {
            indicator: name.clone(),
            weight: weights[index],
            correlation_ratio: ratios[index],
            effective_weight: ratios[index].filter(|_| all > 0.0).map(|ratio| ratio / all),
        })
        .collect();
    let slices: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
    let first_component = first_component(&complete(&slices)).ok().map(|(share, _)| share);
    Audit { indicators, correlations, double_counted, importance, first_component }
}

/// Each indicator's share of the weight of the index: the product of the shares on the way down.
pub(super) fn weights_in_index(plan: &Plan, weights: &[Vec<f64>]) -> Vec<f64> {
    let mut of_parts = vec![0.0; plan.parts.len()];
    let mut of_indicators = vec![0.0; plan.measures.len()];
    if let Some(root) = of_parts.last_mut() {
        *root = 1.0;
    }
    for (index, part) in plan.parts.iter().enumerate().rev() {
        let all: f64 = weights[index].iter().sum();
        for (child, weight) in part.children.iter().zip(&weights[index]) {
            let share = of_parts[index] * weight / all;
            match *child {
                Child::Indicator(indicator) => of_indicators[indicator] = share,
                Child::Part(below) => of_parts[below] = share,
            }
        }
    }
    of_indicators
}

/// Var(E\[I | x\])/Var(I): the share of the variance of `index` between classes of `x`, corrected for the number of
/// classes (Kelley's ε²), 0 to 1. Unlike a correlation it sees relations that are not straight.
///
/// Classes hold equally many places, at most ten; equal values stay together. `None` below ten places or where the
/// index is the same everywhere.
///
/// # Source
/// Paruolo, Saisana & Saltelli (2013), "Ratings and rankings: voodoo or science?"; Kelley (1935).
#[must_use]
pub fn correlation_ratio(x: &[Option<f64>], index: &[Option<f64>]) -> Option<f64> {
    let (x, index) = pairs(x, index);
    let count = index.len();
    if count < FEWEST_PLACES {
        return None;
    }
    let classes = ((count as f64).sqrt() as usize).min(MOST_CLASSES);
    let mut members = vec![Vec::new(); classes];
    for (rank, value) in mid_ranks(&x).into_iter().zip(&index) {
        members[((rank - 0.5) / count as f64 * classes as f64) as usize].push(*value);
    }
    members.retain(|members| !members.is_empty());
    let around = |values: &[f64]| {
        let middle = mean(values);
        values.iter().map(|value| (value - middle).powi(2)).sum::<f64>()
    };
    let all = around(&index);
    let within: f64 = members.iter().map(|members| around(members)).sum();
    let left = within / (count - members.len()) as f64 / (all / (count - 1) as f64);
    (all > 0.0).then(|| (1.0 - left).clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ratio_sees_what_a_correlation_does_not() {
        let x: Vec<Option<f64>> = (0..100).map(|i| Some(f64::from(i) - 49.5)).collect();
        let square: Vec<Option<f64>> = x.iter().map(|x| x.map(|x| x * x)).collect();
        assert!(spearman(&x, &square).unwrap().abs() < 0.01);
        assert!(correlation_ratio(&x, &square).unwrap() > 0.9);
        // The classes of a number that has nothing to do with the index explain nothing.
        let other: Vec<Option<f64>> = (0..100).map(|i| Some(f64::from((i * 37) % 100))).collect();
        assert!(correlation_ratio(&other, &x).unwrap() < 0.2);
        assert_eq!(correlation_ratio(&x[..9], &square[..9]), None);
        assert_eq!(correlation_ratio(&x, &[Some(1.0); 100]), None);
        // One class only: nothing is told apart, nothing is divided by zero.
        assert_eq!(correlation_ratio(&[Some(1.0); 100], &x), Some(0.0));
    }
}
