//! How robust ranks are: the index again and again, with every choice and every number as it might have been.

use super::aggregate::Mean;
use super::data::Data;
use super::definition::{AggregateMethod, ImputeMethod, NormaliseMethod, wrong};
use super::evaluate::{Reference, evaluate};
use super::plan::{Child, Plan, default_range};
use super::ranks::Ranking;
use super::sobol::{Sensitivity, sobol};
use crate::stats::order::by_name;
use crate::stats::random::Random;
use crate::{Progress, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

/// Share of draws that lie below, and above, a rank interval.
const TAIL: f64 = 0.05;

/// What is varied, and how far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Variation {
    /// Draws of the rank intervals.
    pub draws: usize,
    /// Samples of the sensitivities; the index is computed (factors + 2) times as often.
    pub samples: usize,
    /// Where the random numbers start; the same seed gives the same result.
    pub seed: u64,
    /// Whether values are drawn within their margins of error, where the definition names any.
    pub measurement: bool,
    /// How weights are drawn.
    pub weights: WeightDraw,
    /// Most that a weight changes, as a share of itself, for `relative`.
    pub spread: f64,
    /// Whose weights are drawn.
    pub weights_of: WeightLevel,
    /// Ways to one scale, each as likely, beside the definition's own, which is as likely as all of them; those that an indicator names itself stay.
    pub normalisations: Vec<NormaliseMethod>,
    /// Exponents of the mean that makes the index of its parts, each as likely, beside the definition's own, which
    /// is as likely as all of them; 1 is the arithmetic mean, 0 the geometric.
    pub powers: Vec<f64>,
    /// Ways to fill missing values, each as likely, beside the definition's own, which is as likely as all of them.
    pub imputations: Vec<ImputeMethod>,
    /// Whether the places that the scale is found on are drawn again, as often as there are places.
    pub reference: bool,
}

impl Default for Variation {
    fn default() -> Self {
        Self {
            draws: 1_000,
            samples: 256,
            seed: 1,
            measurement: true,
            weights: WeightDraw::Relative,
            spread: 0.25,
            weights_of: WeightLevel::All,
            normalisations: vec![NormaliseMethod::MinMax, NormaliseMethod::Z, NormaliseMethod::Percentile],
            powers: vec![1.0, 0.5, 0.0],
            imputations: vec![ImputeMethod::None, ImputeMethod::Mean],
            reference: true,
        }
    }
}

/// How weights are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WeightDraw {
    /// They stay.
    None,
    /// Each by itself, even over its value less and plus `spread`.
    #[default]
    Relative,
    /// Every set of weights of a part is equally likely, whatever they were.
    Dirichlet,
}

/// Whose weights are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WeightLevel {
    /// Of indicators and of pillars.
    #[default]
    All,
    /// Of indicators within pillars.
    Indicators,
    /// Of pillars.
    Pillars,
}

/// More draws move no interval, and fill the memory.
const MOST_DRAWS: usize = 100_000;

impl Variation {
    /// # Errors
    /// [`crate::ErrorKind::Parameter`] for a number out of its range, or a method that cannot be varied.
    pub(super) fn check(&self) -> Result<()> {
        let varied = |method: &NormaliseMethod| {
            matches!(method, NormaliseMethod::MinMax | NormaliseMethod::Z | NormaliseMethod::Percentile)
        };
        if self.draws < 20 {
            return Err(wrong(format!("`uncertainty.draws` is {}", self.draws))
                .hint("a rank interval needs 20 draws at least, better a thousand"));
        }
        for (name, count) in [("draws", self.draws), ("samples", self.samples)] {
            if count > MOST_DRAWS {
                return Err(wrong(format!(
                    "`uncertainty.{name}` is {count}: at most {MOST_DRAWS} are drawn"
                ))
                .hint("a rank interval is settled after some thousand draws"));
            }
        }
        if !(0.0..=1.0).contains(&self.spread) {
            return Err(
                wrong(format!("`uncertainty.spread` is {}", self.spread)).hint("it is a share from 0 to 1")
            );
        }
        if let Some(other) = self.normalisations.iter().find(|method| !varied(method)) {
            return Err(wrong(format!("`uncertainty.normalisations` names {other:?}"))
                .hint("min_max, z and percentile can be varied; other ways need numbers of their own"));
        }
        if self.powers.iter().any(|power| !power.is_finite()) {
            return Err(wrong("`uncertainty.powers` holds what is no number"));
        }
        Ok(())
    }
}

/// What may be varied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Factor {
    /// Values within their margins of error.
    Measurement,
    /// Weights.
    Weights,
    /// The way to one scale.
    Normalisation,
    /// The exponent of the mean of the index's parts.
    Aggregation,
    /// The way missing values are filled.
    Imputation,
    /// The places that the scale is found on.
    ReferenceSet,
}

impl Factor {
    /// In words, for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Measurement => "measurement error",
            Self::Weights => "weights",
            Self::Normalisation => "normalisation",
            Self::Aggregation => "aggregation",
            Self::Imputation => "missing values",
            Self::ReferenceSet => "reference set",
        }
    }
}

/// How robust the ranks are.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Uncertainty {
    /// What was varied.
    pub factors: Vec<Factor>,
    /// Draws.
    pub draws: usize,
    /// Best rank, by place, that 5 % of the draws go beyond at most; `None` where there is no score. 1 is best.
    pub rank_low: Vec<Option<u32>>,
    /// Worst rank that 5 % of the draws go beyond at most.
    pub rank_high: Vec<Option<u32>>,
    /// Median rank.
    pub rank_median: Vec<Option<f64>>,
    /// Share of the draws in which the place is among the fifth with the worst conditions.
    pub probability_bottom_fifth: Vec<Option<f64>>,
    /// Share of the pairs of places whose rank intervals do not overlap.
    pub pairs_ordered: f64,
}

/// The index under every choice.
pub(super) struct Varied<'a> {
    plan: &'a Plan,
    data: &'a Data,
    ranking: Ranking,
    variation: &'a Variation,
    weights: &'a [Vec<f64>],
    /// The ranks as they are; places without one get none in any draw.
    base: &'a [Option<u32>],
    factors: Vec<Factor>,
    /// The choices of each kind, the definition's own first.
    normalisations: Vec<NormaliseMethod>,
    powers: Vec<f64>,
    imputations: Vec<ImputeMethod>,
    /// Indicators that differ between places: only their way to the scale can be varied.
    differ: Vec<bool>,
    /// Places in the order of their ids, in which they are drawn.
    order: Vec<usize>,
}

impl<'a> Varied<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        data: &'a Data,
        weights: &'a [Vec<f64>],
        (ranking, base): (Ranking, &'a [Option<u32>]),
        variation: &'a Variation,
    ) -> Result<Self> {
        variation.check()?;
        let differ = data.values.iter().map(|column| {
            let mut known = column.iter().flatten();
            let first = known.next();
            known.any(|value| Some(value) != first)
        });
        let own_scale =
            plan.measures.iter().find(|measure| measure.follows).map(|measure| measure.rule.method);
        let own_power = own_power(plan);
        let mut varied = Self {
            plan,
            data,
            ranking,
            variation,
            weights,
            base,
            factors: Vec::new(),
            normalisations: own_and(own_scale, &variation.normalisations),
            powers: own_and(own_power, &variation.powers),
            imputations: own_and(Some(plan.impute), &variation.imputations),
            differ: differ.collect(),
            order: by_name(&data.rows.iter().map(|&row| &data.ids[row]).collect::<Vec<_>>()),
        };
        let by_groups = |method: &ImputeMethod| {
            matches!(method, ImputeMethod::GroupMean | ImputeMethod::GroupMedian) && data.groups.is_none()
        };
        if variation.imputations.iter().any(by_groups) {
            return Err(wrong("`uncertainty.imputations` fills by group, but no group is named")
                .hint("name the column: [impute] group = \"region\""));
        }
        let relative = plan.measures.iter().enumerate().any(|(index, _)| varied.can_renormalise(index));
        let fixed = |method| matches!(method, NormaliseMethod::Goalposts | NormaliseMethod::Raw);
        let several = plan.root().children.len() > 1;
        let is_active = [
            (Factor::Measurement, variation.measurement && data.errors.iter().any(Option::is_some)),
            (Factor::Weights, variation.weights != WeightDraw::None && varied.drawn_parts().next().is_some()),
            (Factor::Normalisation, varied.normalisations.len() > 1 && relative),
            (Factor::Aggregation, own_power.is_some() && varied.powers.len() > 1 && several),
            (
                Factor::Imputation,
                varied.imputations.len() > 1 && data.values.iter().flatten().any(Option::is_none),
            ),
            (
                Factor::ReferenceSet,
                variation.reference
                    && (relative || plan.measures.iter().any(|measure| !fixed(measure.rule.method))),
            ),
        ];
        varied.factors =
            is_active.into_iter().filter(|(_, active)| *active).map(|(factor, _)| factor).collect();
        Ok(varied)
    }

    fn can_renormalise(&self, index: usize) -> bool {
        self.plan.measures[index].follows && self.differ[index]
    }

    /// Parts whose weights are drawn.
    fn drawn_parts(&self) -> impl Iterator<Item = usize> {
        (0..self.plan.parts.len()).filter(|&index| {
            let part = &self.plan.parts[index];
            let of_pillars = part.children.iter().any(|child| matches!(child, Child::Part(_)));
            part.children.len() > 1
                && match self.variation.weights_of {
                    WeightLevel::All => true,
                    WeightLevel::Indicators => !of_pillars,
                    WeightLevel::Pillars => of_pillars,
                }
        })
    }

    /// The rank of each place at a point of the unit cube, one side a factor.
    fn ranks(&self, point: &[f64], progress: &dyn Progress) -> Result<Vec<Option<u32>>> {
        let at =
            |factor: Factor| self.factors.iter().position(|known| *known == factor).map(|side| point[side]);
        // The definition's own choice, the first, is as likely as all others together.
        let choose = |factor: Factor, count: usize| {
            let other = |side: f64| 1 + ((2.0 * side - 1.0) * (count - 1) as f64) as usize;
            at(factor).map(|side| if side < 0.5 { 0 } else { other(side).min(count - 1) })
        };
        // One number of the point stands for many: it names the stream that they are drawn from.
        let stream = |factor: Factor| {
            at(factor)
                .map(|side| Random::new(self.variation.seed ^ ((factor as u64 + 1) << 56), side.to_bits()))
        };
        let mut plan = self.plan.clone();
        // Choice 0 is the definition's own.
        if let Some(chosen) = choose(Factor::Normalisation, self.normalisations.len()).filter(|&i| i > 0) {
            self.renormalise(&mut plan, self.normalisations[chosen]);
        }
        if let Some(chosen) = choose(Factor::Aggregation, self.powers.len()).filter(|&i| i > 0) {
            let root = plan.parts.len() - 1;
            plan.parts[root].power = self.powers[chosen];
            plan.parts[root].method = if self.powers[chosen] == 1.0 {
                AggregateMethod::Arithmetic
            } else {
                AggregateMethod::Generalised
            };
        }
        if let Some(chosen) = choose(Factor::Imputation, self.imputations.len()) {
            plan.impute = self.imputations[chosen];
        }
        let values = stream(Factor::Measurement).map(|random| self.measured_again(random));
        let weights = stream(Factor::Weights).map(|random| self.weighted_again(random));
        let places = self.data.rows.len();
        let reference: Option<Vec<usize>> = stream(Factor::ReferenceSet)
            .map(|mut random| (0..places).map(|_| self.order[random.below(places)]).collect());
        let found = evaluate(
            &plan,
            values.as_ref().unwrap_or(&self.data.values),
            self.data.groups.as_deref(),
            reference.as_deref().map_or(Reference::Here, Reference::Some),
            Some(weights.as_deref().unwrap_or(self.weights)),
            progress,
        )?;
        let both = found.index().iter().zip(self.base);
        Ok(self
            .ranking
            .ranks(&both.map(|(score, base)| score.filter(|_| base.is_some())).collect::<Vec<_>>()))
    }

    fn renormalise(&self, plan: &mut Plan, method: NormaliseMethod) {
        for index in 0..plan.measures.len() {
            if !self.can_renormalise(index) {
                continue;
            }
            let rule = &mut plan.measures[index].rule;
            let bounded = matches!(
                rule.method,
                NormaliseMethod::MinMax | NormaliseMethod::Percentile | NormaliseMethod::Goalposts
            );
            let [low, high] = if bounded { rule.range } else { default_range(NormaliseMethod::MinMax) };
            let width = high - low;
            // Five standard deviations to either side fill the scale.
            rule.range =
                if method == NormaliseMethod::Z { [low + width / 2.0, width / 10.0] } else { [low, high] };
            rule.method = method;
            plan.floor = plan.floor.max(width / 100.0);
        }
    }

    fn measured_again(&self, mut random: Random) -> Vec<Vec<Option<f64>>> {
        let mut values = self.data.values.clone();
        for (column, errors) in values.iter_mut().zip(&self.data.errors) {
            let Some(errors) = errors else { continue };
            for &place in &self.order {
                // Each place takes its number, known or not, so that one gap does not shift the others.
                let step = random.normal() * errors[place].unwrap_or(0.0);
                column[place] = column[place].map(|value| value + step);
            }
        }
        values
    }

    fn weighted_again(&self, mut random: Random) -> Vec<Vec<f64>> {
        let mut weights = self.weights.to_vec();
        for part in self.drawn_parts() {
            for weight in &mut weights[part] {
                *weight = match self.variation.weights {
                    WeightDraw::None => *weight,
                    WeightDraw::Relative => {
                        *weight * (1.0 + self.variation.spread * (2.0 * random.unit() - 1.0))
                    }
                    WeightDraw::Dirichlet => random.exponential(),
                };
            }
        }
        weights
    }

    pub(super) fn uncertainty(&self, progress: &dyn Progress) -> Result<Uncertainty> {
        let draws = self.variation.draws;
        progress.start("drawing ranks", draws as u64);
        let drawn = (0..draws)
            .into_par_iter()
            .map(|draw| {
                crate::progress::go_on(progress)?;
                let mut random = Random::new(self.variation.seed, draw as u64);
                let point: Vec<f64> = self.factors.iter().map(|_| random.unit()).collect();
                let ranks = self.ranks(&point, progress);
                progress.advance(1);
                ranks
            })
            .collect::<Result<Vec<_>>>()?;
        let scored = self.base.iter().flatten().count();
        let worst = ((scored as f64 / 5.0).floor() as usize).max(1);
        let mut found = Uncertainty {
            factors: self.factors.clone(),
            draws,
            rank_low: Vec::new(),
            rank_high: Vec::new(),
            rank_median: Vec::new(),
            probability_bottom_fifth: Vec::new(),
            pairs_ordered: 0.0,
        };
        for (place, rank) in self.base.iter().enumerate() {
            let mut ranks: Vec<u32> = drawn.iter().filter_map(|ranks| ranks[place]).collect();
            ranks.sort_unstable();
            let known = rank.is_some() && !ranks.is_empty();
            let at = |share: f64, up: bool| {
                let position = share * (ranks.len() - 1) as f64;
                ranks[if up { position.ceil() } else { position.floor() } as usize]
            };
            found.rank_low.push(known.then(|| at(TAIL, false)));
            found.rank_high.push(known.then(|| at(1.0 - TAIL, true)));
            found
                .rank_median
                .push(known.then(|| f64::from(at(0.5, false)) / 2.0 + f64::from(at(0.5, true)) / 2.0));
            let bottom = ranks.iter().filter(|rank| **rank as usize > scored - worst).count();
            found.probability_bottom_fifth.push(known.then(|| bottom as f64 / ranks.len() as f64));
        }
        found.pairs_ordered = pairs_ordered(&found.rank_low, &found.rank_high);
        Ok(found)
    }

    /// First-order and total sensitivity of the mean absolute shift of ranks.
    pub(super) fn sensitivity(&self, progress: &dyn Progress) -> Result<Vec<(Factor, Sensitivity)>> {
        if self.factors.is_empty() {
            return Ok(Vec::new());
        }
        let samples = self.variation.samples;
        progress.start("finding what ranks depend on", (samples * (self.factors.len() + 2)) as u64);
        let shift = |point: &[f64]| {
            crate::progress::go_on(progress)?;
            let shift = mean_shift(self.base, &self.ranks(point, progress)?);
            progress.advance(1);
            Ok(shift)
        };
        let found = sobol(self.factors.len(), samples, self.variation.seed, shift)?;
        Ok(self.factors.iter().copied().zip(found).collect())
    }
}

/// The exponent of the mean that makes the index of its parts; `None` if it is no mean.
fn own_power(plan: &Plan) -> Option<f64> {
    match plan.root().mean()? {
        Mean::Arithmetic => Some(1.0),
        Mean::Geometric => Some(0.0),
        Mean::Harmonic => Some(-1.0),
        Mean::Generalised(power) => Some(power),
        Mean::Sum => None,
    }
}

/// The definition's own choice, then the others.
fn own_and<T: Copy + PartialEq>(own: Option<T>, others: &[T]) -> Vec<T> {
    let others = others.iter().copied().filter(|other| Some(*other) != own);
    own.into_iter().chain(others).collect()
}

/// Mean of the absolute differences over the places that have both ranks; 0 if none has.
pub(super) fn mean_shift(base: &[Option<u32>], other: &[Option<u32>]) -> f64 {
    let shifts: Vec<f64> =
        base.iter().zip(other).filter_map(|(a, b)| Some(f64::from((*a)?.abs_diff((*b)?)))).collect();
    if shifts.is_empty() { 0.0 } else { super::statistics::mean(&shifts) }
}

/// Share of the pairs whose intervals do not overlap; 1 for a single place.
fn pairs_ordered(low: &[Option<u32>], high: &[Option<u32>]) -> f64 {
    let mut highs: Vec<u32> = high.iter().copied().flatten().collect();
    highs.sort_unstable();
    let count = highs.len();
    if count < 2 {
        return 1.0;
    }
    // Each place beats those whose interval begins after its own ends: counted from the later one of the two.
    let ordered: usize = low.iter().flatten().map(|low| highs.partition_point(|high| high < low)).sum();
    ordered as f64 / (count * (count - 1) / 2) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_ordered_where_their_intervals_do_not_overlap() {
        // 1-2, 2-3 and 4-4: the last is behind both others, the first two overlap.
        let (low, high) = ([Some(1), Some(2), None, Some(4)], [Some(2), Some(3), None, Some(4)]);
        assert_eq!(pairs_ordered(&low, &high), 2.0 / 3.0);
        assert_eq!(mean_shift(&low, &high), 2.0 / 3.0);
    }

    #[test]
    fn what_cannot_be_varied_is_refused() {
        let refused = |change: fn(&mut Variation)| {
            let mut variation = Variation::default();
            change(&mut variation);
            variation.check().is_err()
        };
        assert!(refused(|v| v.draws = 1));
        assert!(refused(|v| v.draws = 1_000_000_000_000));
        assert!(refused(|v| v.samples = 1_000_000_000_000));
        assert!(refused(|v| v.spread = 1.5));
        assert!(refused(|v| v.normalisations = vec![NormaliseMethod::Goalposts]));
        assert!(refused(|v| v.powers = vec![f64::NAN]));
        assert!(!refused(|_| ()));
    }
}
