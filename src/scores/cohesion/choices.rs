//! What each choice does to the ranks, taken one at a time.

use super::definition::{
    AggregateMethod, Definition, ImputeMethod, NormaliseMethod, TreatMethod, WeightMethod,
};
use super::index::Index;
use super::ranks::Ranking;
use super::statistics::spearman;
use super::uncertainty::mean_shift;
use serde::Serialize;

/// What another choice does to the ranks.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ChoiceEffect {
    /// What is chosen: `normalisation`, `aggregation`, `weights`, `missing values`, `outliers`, `without`, `race`.
    pub choice: String,
    /// The other choice.
    pub alternative: String,
    /// Mean absolute shift of ranks.
    pub mean_shift: f64,
    /// Largest absolute shift.
    pub largest_shift: u32,
    /// Id of the place that shifts most, with its rank as defined and under the other choice.
    pub shifts_most: Option<(String, u32, u32)>,
    /// Spearman's correlation of the two indices.
    pub correlation: Option<f64>,
}

impl Index {
    /// The effect of other choices than those of the definition, each alone. Choices that the data does not allow come
    /// back with the reason.
    #[must_use]
    pub fn choices(&self) -> Vec<Result<ChoiceEffect, String>> {
        let own = &self.definition;
        let mut found = Vec::new();
        let mut attempt = |choice: &str, alternative: String, change: &dyn Fn(&mut Definition)| {
            let mut definition = own.clone();
            change(&mut definition);
            if definition != *own {
                let other = self.with(&definition);
                found.push(match other {
                    Ok(other) => Ok(self.effect(choice, alternative, &other)),
                    Err(error) => Err(format!("{choice}: {alternative}: {}", error.message())),
                });
            }
        };
        for method in [NormaliseMethod::MinMax, NormaliseMethod::Z, NormaliseMethod::Percentile] {
            attempt("normalisation", word(&method), &|definition| {
                if definition.normalise.method != method {
                    let range = if method == NormaliseMethod::Z { [50.0, 10.0] } else { [0.0, 100.0] };
                    definition.normalise.method = method;
                    definition.normalise.range = Some(range);
                    definition.aggregate.floor = definition.aggregate.floor.map(|_| 1.0);
                }
            });
        }
        use AggregateMethod::{Arithmetic, Copeland, Geometric, Harmonic};
        let has_pillars = !own.pillars.is_empty();
        for method in [Arithmetic, Geometric, Harmonic, Copeland] {
            attempt("aggregation", word(&method), &|definition| {
                let level = &mut definition.aggregate;
                *(if has_pillars { &mut level.pillars } else { &mut level.indicators }) = method;
            });
        }
        for method in [WeightMethod::Equal, WeightMethod::PrincipalComponents, WeightMethod::Entropy] {
            attempt("weights", word(&method), &|definition| {
                // Weights that are equal already stay what they are.
                let equal = method == WeightMethod::Equal && self.has_equal_weights();
                if !equal {
                    definition.weights.indicators = method;
                    definition.weights.pillars = method;
                }
            });
        }
        if self.data.values.iter().flatten().any(Option::is_none) {
            for method in [ImputeMethod::None, ImputeMethod::Mean, ImputeMethod::Median] {
                attempt("missing values", word(&method), &|definition| definition.impute.method = method);
            }
        }
        for method in [TreatMethod::None, TreatMethod::WinsoriseOrLog] {
            attempt("outliers", word(&method), &|definition| definition.treat.method = method);
        }
        if own.indicators.iter().any(|indicator| indicator.race) {
            let with = if own.include_race { "without" } else { "with" };
            attempt("race", with.into(), &|definition| definition.include_race = !own.include_race);
        }
        if self.plan.measures.len() > 1 {
            for measure in &self.plan.measures {
                attempt("without", measure.name.clone(), &|definition| leave_out(definition, &measure.name));
            }
        }
        found
    }

    fn has_equal_weights(&self) -> bool {
        let equal = |weights: &Vec<f64>| weights.iter().all(|weight| *weight == weights[0]);
        self.found.weights.iter().all(equal)
    }

    fn effect(&self, choice: &str, alternative: String, other: &Self) -> ChoiceEffect {
        let ranking = Ranking(self.definition.better);
        // Only places that both score are compared, and ranked among themselves.
        let (own, theirs) = (self.scores(), other.scores());
        let both = |values: &[Option<f64>], mask: &[Option<f64>]| -> Vec<Option<f64>> {
            values.iter().zip(mask).map(|(value, mask)| value.filter(|_| mask.is_some())).collect()
        };
        let (own, theirs) = (both(&own, &theirs), both(&theirs, &own));
        let (before, after) = (ranking.ranks(&own), ranking.ranks(&theirs));
        let shifts = before.iter().zip(&after).enumerate();
        let most = shifts
            .filter_map(|(place, (before, after))| Some((place, (*before)?, (*after)?)))
            .reduce(|a, b| if b.1.abs_diff(b.2) > a.1.abs_diff(a.2) { b } else { a });
        ChoiceEffect {
            choice: choice.to_owned(),
            alternative,
            mean_shift: mean_shift(&before, &after),
            largest_shift: most.map_or(0, |(_, before, after)| before.abs_diff(after)),
            shifts_most: most
                .filter(|(_, before, after)| before != after)
                .map(|(place, before, after)| (self.data.ids[place].clone(), before, after)),
            correlation: spearman(&own, &theirs),
        }
    }
}

/// Takes an indicator out, and the pillars that it leaves empty.
fn leave_out(definition: &mut Definition, name: &str) {
    definition.indicators.retain(|indicator| indicator.name() != name);
    for vote in &mut definition.weights.budget {
        vote.remove(name);
    }
    loop {
        let parents: Vec<String> = definition
            .indicators
            .iter()
            .filter_map(|indicator| indicator.pillar.clone())
            .chain(definition.pillars.iter().filter_map(|pillar| pillar.parent.clone()))
            .collect();
        let before = definition.pillars.len();
        definition.pillars.retain(|pillar| parents.contains(&pillar.name));
        if definition.pillars.len() == before {
            return;
        }
    }
}

/// The word of a choice as TOML spells it, with spaces.
fn word(choice: &impl Serialize) -> String {
    let text = serde_json::to_value(choice).ok().and_then(|value| value.as_str().map(str::to_owned));
    text.unwrap_or_default().replace('_', " ")
}
