//! From values to scores, once the plan is made: fill, treat, normalise, weight, aggregate.

use super::aggregate::{Mean, copeland, copeland_majority, not_positive};
use super::data::round;
use super::definition::{AggregateMethod, WeightMethod};
use super::impute::impute;
use super::normalise::Scale;
use super::plan::{Child, Part, Plan};
use super::statistics::known;
use super::treatment::Treatment;
use super::weights::{complete, entropy_weights, principal_component_weights};
use crate::{Progress, Result};

/// How an indicator was treated and brought to the scale; enough to do the same to other places.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Fitted {
    pub treatment: Treatment,
    pub scale: Scale,
}

/// Which places the treatment and the scale are found on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reference<'a> {
    /// All that are scored.
    Here,
    /// Some of them, by position, each perhaps several times.
    Some(&'a [usize]),
    /// Others: found before.
    Found(&'a [Fitted]),
}

/// Every number between the table and the index.
#[derive(Debug, Clone)]
pub(super) struct Evaluated {
    pub fitted: Vec<Fitted>,
    /// By indicator, then by place.
    pub normalised: Vec<Vec<Option<f64>>>,
    /// By part, then by child.
    pub weights: Vec<Vec<f64>>,
    /// By part, then by place; the last is the index.
    pub scores: Vec<Vec<Option<f64>>>,
    /// Share of the weight of the index that is known, by place.
    pub coverage: Vec<f64>,
}

impl Evaluated {
    /// The index of each place.
    pub(super) fn index(&self) -> &[Option<f64>] {
        &self.scores[self.scores.len() - 1]
    }

    /// The values of a child.
    pub(super) fn column(&self, child: Child) -> &[Option<f64>] {
        match child {
            Child::Indicator(index) => &self.normalised[index],
            Child::Part(index) => &self.scores[index],
        }
    }
}

/// # Errors
/// [`crate::ErrorKind::Value`] if an indicator or a part cannot be normalised, weighted or aggregated.
pub(super) fn evaluate(
    plan: &Plan,
    values: &[Vec<Option<f64>>],
    groups: Option<&[Option<usize>]>,
    reference: Reference<'_>,
    weights: Option<&[Vec<f64>]>,
    progress: &dyn Progress,
) -> Result<Evaluated> {
    let mut fitted = Vec::with_capacity(values.len());
    let mut normalised = Vec::with_capacity(values.len());
    for (index, column) in values.iter().enumerate() {
        let mut column = column.clone();
        impute(&mut column, plan.impute, groups);
        let found = match reference {
            Reference::Found(found) => found[index].clone(),
            Reference::Here => fit(plan, index, &column)?,
            Reference::Some(places) => {
                let chosen: Vec<Option<f64>> = places.iter().map(|&place| column[place]).collect();
                // Chosen places may happen to be all alike.
                fit(plan, index, &chosen).or_else(|_| fit(plan, index, &column))?
            }
        };
        let scaled = |value: &Option<f64>| value.map(|value| found.scale.apply(found.treatment.apply(value)));
        normalised.push(column.iter().map(scaled).collect());
        fitted.push(found);
    }
    aggregate(plan, fitted, normalised, weights, progress)
}

fn fit(plan: &Plan, index: usize, values: &[Option<f64>]) -> Result<Fitted> {
    let measure = &plan.measures[index];
    let treatment = Treatment::find(values, &measure.treat);
    let treated: Vec<f64> = known(values).into_iter().map(|value| treatment.apply(value)).collect();
    let scale = Scale::find(&measure.rule, &treated)
        .map_err(|error| error.in_layer("index").in_column(&measure.name))?;
    Ok(Fitted { treatment, scale })
}

/// The part of [`evaluate`] after normalisation.
pub(super) fn aggregate(
    plan: &Plan,
    fitted: Vec<Fitted>,
    normalised: Vec<Vec<Option<f64>>>,
    weights: Option<&[Vec<f64>]>,
    progress: &dyn Progress,
) -> Result<Evaluated> {
    let places = normalised.first().map_or(0, Vec::len);
    let mut found =
        Evaluated { fitted, normalised, weights: Vec::new(), scores: Vec::new(), coverage: Vec::new() };
    let mut coverages: Vec<Vec<f64>> = Vec::new();
    for (index, part) in plan.parts.iter().enumerate() {
        let columns: Vec<&[Option<f64>]> = part.children.iter().map(|&child| found.column(child)).collect();
        let weights = match weights {
            Some(weights) => weights[index].clone(),
            None => weigh(part, &columns)?,
        };
        let all: f64 = weights.iter().sum();
        let known = |place: usize| -> f64 {
            columns
                .iter()
                .zip(&weights)
                .filter(|(column, _)| column[place].is_some())
                .map(|(_, weight)| weight)
                .sum()
        };
        // The last bit of a sum of weights must not decide.
        let enough: Vec<bool> = (0..places)
            .map(|place| known(place) > 0.0 && known(place) / all >= plan.threshold - 1e-9)
            .collect();
        let mut scores = score(plan, part, &columns, (&weights, &enough), progress)?;
        if let Some(decimals) = plan.round {
            scores.iter_mut().flatten().for_each(|score| *score = round(*score, decimals));
        }
        let coverage = (0..places).map(|place| {
            let of_child = |child: Child| match child {
                Child::Indicator(index) => f64::from(u8::from(found.normalised[index][place].is_some())),
                Child::Part(index) => coverages[index][place],
            };
            part.children.iter().zip(&weights).map(|(child, weight)| weight * of_child(*child)).sum::<f64>()
                / all
        });
        let coverage = coverage.collect();
        coverages.push(coverage);
        found.weights.push(weights);
        found.scores.push(scores);
    }
    found.coverage = coverages.pop().unwrap_or_default();
    Ok(found)
}

fn weigh(part: &Part, columns: &[&[Option<f64>]]) -> Result<Vec<f64>> {
    let of = |error: crate::Error| error.in_column(&part.name);
    match part.weighting {
        WeightMethod::Given | WeightMethod::Equal | WeightMethod::Budget => Ok(part.given.clone()),
        // One part needs no weighing.
        _ if columns.len() == 1 => Ok(vec![1.0]),
        WeightMethod::PrincipalComponents => principal_component_weights(&complete(columns)).map_err(of),
        WeightMethod::Entropy => entropy_weights(&complete(columns)).map_err(of),
    }
}

fn score(
    plan: &Plan,
    part: &Part,
    columns: &[&[Option<f64>]],
    (weights, enough): (&[f64], &[bool]),
    progress: &dyn Progress,
) -> Result<Vec<Option<f64>>> {
    let Some(mean) = part.mean() else {
        // Places with too little do not take part in the comparison.
        let columns: Vec<Vec<Option<f64>>> = columns
            .iter()
            .map(|column| {
                column.iter().zip(enough).map(|(value, enough)| value.filter(|_| *enough)).collect()
            })
            .collect();
        let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
        let compare = if part.method == AggregateMethod::Copeland { copeland } else { copeland_majority };
        return compare(&columns, weights, progress);
    };
    let all: f64 = weights.iter().sum();
    let (mut values, mut kept) = (Vec::new(), Vec::new());
    let mut scores = Vec::with_capacity(enough.len());
    for (place, enough) in enough.iter().enumerate() {
        if !enough {
            scores.push(None);
            continue;
        }
        values.clear();
        kept.clear();
        for (column, weight) in columns.iter().zip(weights) {
            if let Some(value) = column[place] {
                let value = if mean.has_floor() { value.max(plan.floor) } else { value };
                if mean.has_floor() && value <= 0.0 {
                    return Err(not_positive(value).in_column(&part.name));
                }
                values.push(value);
                kept.push(*weight);
            }
        }
        let score = mean.combine(&values, &kept);
        // A sum stands for all of its parts, as a mean does.
        let known: f64 = kept.iter().sum();
        let scaled = mean == Mean::Sum && values.len() < columns.len();
        scores.push(Some(if scaled { score * all / known } else { score }));
    }
    Ok(scores)
}
