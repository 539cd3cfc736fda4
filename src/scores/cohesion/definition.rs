//! What an index is made of: a short TOML, read whole and checked whole.

use crate::error::nearest;
use crate::toml_text::{explained, read_toml};
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Name of the top of every index: the part that all pillars are part of.
pub const ROOT: &str = "index";

/// An index: its indicators, how they are grouped, and every choice on the way from a table to a score.
///
/// # Example
/// ```
/// use commonground::scores::cohesion::Definition;
/// let definition = Definition::from_toml(r#"
///     name = "Access and safety"
///     [[indicators]]
///     column = "clinic_minutes"
///     direction = "down"     # fewer minutes are better
///     [[indicators]]
///     column = "lit_streets"
///     direction = "up"
/// "#)?;
/// assert_eq!(definition.indicators.len(), 2);
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Definition {
    /// What the index is called.
    pub name: String,
    /// Which end of the index is better for residents; ranks count from it.
    #[serde(default)]
    pub better: Better,
    /// Column with the places' ids.
    #[serde(default = "default_id")]
    pub id: String,
    /// Column with the places' names; the ids otherwise.
    #[serde(default)]
    pub label: Option<String>,
    /// Where few people live no score is given.
    #[serde(default)]
    pub population: Option<Population>,
    /// Whether indicators marked as being about race count. They are left out unless this is set.
    #[serde(default)]
    pub include_race: bool,
    /// What to do about missing values.
    #[serde(default)]
    pub missing: Missing,
    /// How missing values are filled.
    #[serde(default)]
    pub impute: Impute,
    /// How outliers are drawn in.
    #[serde(default)]
    pub treat: Treat,
    /// How indicators come to one scale.
    #[serde(default)]
    pub normalise: Normalise,
    /// How much each part counts.
    #[serde(default)]
    pub weights: Weights,
    /// How parts become a whole.
    #[serde(default)]
    pub aggregate: Aggregate,
    /// What is varied to learn how robust the ranks are.
    #[serde(default)]
    pub uncertainty: super::uncertainty::Variation,
    /// What is measured.
    #[serde(default)]
    pub indicators: Vec<Indicator>,
    /// Groups of indicators; indicators that name none stand directly under the index.
    #[serde(default)]
    pub pillars: Vec<Pillar>,
}

fn default_id() -> String {
    "id".into()
}

/// Which end of an index is the better one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Better {
    /// High values: cohesion conditions.
    #[default]
    High,
    /// Low values: a watch list, a vulnerability index.
    Low,
}

/// Residents, below which a place gets no score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Population {
    /// Column with the number of people.
    pub column: String,
    /// Fewest people that a place needs to be scored.
    #[serde(default = "Population::default_minimum")]
    pub minimum: f64,
}

impl Population {
    fn default_minimum() -> f64 {
        100.0
    }
}

/// What is missing, and how much may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Missing {
    /// Numbers that stand for "missing" in the table, such as -999.
    pub codes: Vec<f64>,
    /// Share of the indicators that a place must have to be scored, 0 to 1.
    pub screen: f64,
    /// Whether `screen` looks at what a place has after gaps are filled, and not before. A place that is set aside then
    /// still counts in what gaps are filled from.
    pub screen_after_filling: bool,
    /// Share of the weight that must be there for a part to be scored from the rest, 0 to 1.
    pub threshold: f64,
}

impl Default for Missing {
    fn default() -> Self {
        Self { codes: Vec::new(), screen: 0.0, screen_after_filling: false, threshold: 0.67 }
    }
}

/// How missing values are filled.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Impute {
    /// The method.
    pub method: ImputeMethod,
    /// Column with the group of each place, for the methods by group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
}

/// Ways to fill a missing value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ImputeMethod {
    /// Leave it missing; its weight goes to the other parts.
    #[default]
    None,
    /// The mean of all places.
    Mean,
    /// The median of all places.
    Median,
    /// The mean of the places of the same group; stays missing if the group has no value.
    GroupMean,
    /// The median of the places of the same group; stays missing if the group has no value.
    GroupMedian,
}

/// How outliers are drawn in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Treat {
    /// The method.
    pub method: TreatMethod,
    /// Absolute skewness from which, together with kurtosis, an indicator is treated.
    pub skewness: f64,
    /// Excess kurtosis from which, together with skewness, an indicator is treated.
    pub kurtosis: f64,
    /// Most values that are winsorised.
    pub points: usize,
}

impl Default for Treat {
    fn default() -> Self {
        Self { method: TreatMethod::None, skewness: 2.0, kurtosis: 3.5, points: 5 }
    }
}

/// Ways to treat outliers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TreatMethod {
    /// Leave them.
    #[default]
    None,
    /// Winsorise; where that does not suffice, take the logarithm of the untreated values instead.
    WinsoriseOrLog,
    /// Winsorise, whether or not it suffices.
    Winsorise,
    /// Take the logarithm.
    Log,
}

/// How indicators come to one scale.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Normalise {
    /// The method of every indicator that names none itself.
    pub method: NormaliseMethod,
    /// The ends of the scale; by default 0 to 100 for `min_max` and 0 to 1 for `percentile`,
    /// `distance_to_target` and `goalposts`. For `z` the mean and the standard deviation, 0 and 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Decimals that normalised values are rounded to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// Which rank equal values share, for `percentile`.
    #[serde(skip_serializing_if = "Ties::is_lowest")]
    pub ties: Ties,
}

/// Which rank equal values share in a percentile. A percentile is (rank − 1)/(n − 1) of the value as it is in the table; an
/// indicator with `direction = "down"` gets 1 less it, as published indices do.
///
/// # Source
/// Flanagan et al. (2011), "A social vulnerability index for disaster management": Excel's PERCENTRANK.INC, which gives
/// equal values the lowest of their ranks, and 1 less it for income per head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Ties {
    /// The lowest of their ranks: Excel's PERCENTRANK.INC, R's `percent_rank`, the CDC's index.
    #[default]
    Lowest,
    /// The mean of their ranks, so that both directions treat ties alike.
    Mean,
    /// The highest of their ranks.
    Highest,
    /// The rank that is worst for a place, whichever the direction: the lowest where high values are better, the highest
    /// where low values are.
    Worst,
}

impl Ties {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
    fn is_lowest(&self) -> bool {
        *self == Self::Lowest
    }
}

/// Ways to bring indicators to one scale; all see to the direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NormaliseMethod {
    /// The worst place gets the low end, the best the high end.
    #[default]
    MinMax,
    /// Standard deviations (of a sample, n − 1) from the mean.
    Z,
    /// 1 for the worst place, ties get the lowest of their ranks.
    Rank,
    /// One less than the rank.
    Borda,
    /// (rank − 1)/(n − 1), or 1 less it if low values are better; `ties` says which rank equal values share.
    Percentile,
    /// 0 for the worst place, 1 at the indicator's `target`, more beyond it unless `cap` is set.
    DistanceToTarget,
    /// 0 at one of the indicator's `goalposts`, 1 at the other, cut off beyond them.
    Goalposts,
    /// As it is, negated if low values are better.
    Raw,
}

/// How much each part counts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Weights {
    /// How indicators within a pillar are weighted.
    pub indicators: WeightMethod,
    /// How pillars are weighted.
    pub pillars: WeightMethod,
    /// One entry per person asked: what each part is worth to them, in points, for `budget`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub budget: Vec<std::collections::BTreeMap<String, f64>>,
}

/// Ways to weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WeightMethod {
    /// The `weight` of each part, 1 where it gives none.
    #[default]
    Given,
    /// All the same.
    Equal,
    /// The mean of the points that people gave.
    Budget,
    /// Squared loadings of the first principal component of the correlations.
    PrincipalComponents,
    /// How much a part distinguishes places, by Shannon's entropy.
    Entropy,
}

/// How parts become a whole.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Aggregate {
    /// How indicators become a pillar.
    pub indicators: AggregateMethod,
    /// How pillars become the index.
    pub pillars: AggregateMethod,
    /// The exponent of the generalised mean.
    pub power: f64,
    /// Smallest value in a geometric, harmonic or generalised mean, so that one zero does not wipe out the rest;
    /// by default a hundredth of the scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub floor: Option<f64>,
    /// Decimals that the score of every pillar and of the index is rounded to, so that sums of rounded ranks tie where
    /// they are equal on paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
}

impl Default for Aggregate {
    fn default() -> Self {
        let [indicators, pillars] = [AggregateMethod::Arithmetic; 2];
        Self { indicators, pillars, power: 0.5, floor: None, round: None }
    }
}

/// Ways to make one number of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AggregateMethod {
    /// The weighted mean: a weak part is made up for by a strong one.
    #[default]
    Arithmetic,
    /// The weighted geometric mean: a weak part is made up for in part.
    Geometric,
    /// The weighted harmonic mean: a weak part is hardly made up for.
    Harmonic,
    /// (Σ w xᵖ)^(1/p), with `power` as p.
    Generalised,
    /// Σ w x, without dividing by the weights.
    Sum,
    /// Sum over all other places of the weight of the parts in which this one is better (half where equal).
    Copeland,
    /// Places beaten by a majority of the weight, less places lost to.
    CopelandMajority,
}

/// Whether the index rises or falls with an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Direction {
    /// The index rises with it.
    Up,
    /// The index falls as it rises.
    Down,
}

/// One thing that is measured.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Indicator {
    /// Column of the table.
    pub column: String,
    /// What it is called; the column otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Whether the index rises (`up`) or falls (`down`) with it. It has no default: nobody else can know.
    #[serde(default)]
    pub direction: Option<Direction>,
    /// Unit, for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// The pillar that it is part of; the index itself otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pillar: Option<String>,
    /// How much it counts within its pillar.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// Column that it is divided by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// What the quotient is multiplied by: 1000 for "per thousand residents".
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub per: f64,
    /// Decimals that the (divided) value is rounded to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub round: Option<u32>,
    /// Column with the 90 % margin of error, in the unit of the column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moe: Option<String>,
    /// Whether it is about race or ethnicity: left out unless `include_race` is set.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub race: bool,
    /// Its own way to one scale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub normalise: Option<NormaliseMethod>,
    /// Value that is as good as needed, for `distance_to_target`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// Whether being beyond the target counts no more than being at it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cap: bool,
    /// Low and high end, for `goalposts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goalposts: Option<[f64; 2]>,
    /// Its own treatment of outliers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub treat: Option<TreatMethod>,
}

impl Indicator {
    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.column)
    }
}

/// A group of indicators or of other pillars.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Pillar {
    /// What it is called.
    pub name: String,
    /// The pillar that it is part of; the index itself otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// How much it counts within its parent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: f64,
    /// Its own way to become one number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aggregate: Option<AggregateMethod>,
}

fn one() -> f64 {
    1.0
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_one(value: &f64) -> bool {
    *value == 1.0
}

impl Definition {
    /// Reads a definition from the text of a TOML file and checks it.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if it is no TOML or has an unknown key; otherwise as for [`Definition::check`].
    pub fn from_toml(text: &str) -> Result<Self> {
        let definition: Self = read_toml(text, "an index definition", "index definition", ErrorKind::Format)?;
        definition.check()?;
        Ok(definition)
    }

    /// Reads a definition from JSON of the same shape and checks it.
    ///
    /// # Errors
    /// As for [`Definition::from_toml`].
    pub fn from_json(text: &str) -> Result<Self> {
        let definition: Self = serde_json::from_str(text).map_err(|error| {
            explained(&error.to_string(), "an index definition", ErrorKind::Format)
                .in_layer("index definition")
        })?;
        definition.check()?;
        Ok(definition)
    }

    /// The definition as TOML, which [`Definition::from_toml`] reads back.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if a number cannot be written.
    pub fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
    }

    /// The indicators that count: without those about race, unless they are asked for.
    pub fn counted(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter().filter(|indicator| self.include_race || !indicator.race)
    }

    /// # Errors
    /// [`ErrorKind::Parameter`] for a definition that does not hold together: no indicators, a missing direction,
    /// one name twice, an unknown pillar, pillars in a circle, a weight or share out of range, a method without the
    /// numbers that it needs.
    pub fn check(&self) -> Result<()> {
        if self.counted().next().is_none() {
            let left_out = !self.indicators.is_empty();
            let hint =
                if left_out { "set `include_race = true`, or add others" } else { "add [[indicators]]" };
            return Err(wrong("the index has no indicators that count").hint(hint));
        }
        let mut names = BTreeSet::from([ROOT]);
        let all_names = self
            .indicators
            .iter()
            .map(Indicator::name)
            .chain(self.pillars.iter().map(|pillar| &*pillar.name));
        for name in all_names {
            if !names.insert(name) {
                return Err(wrong(format!("the name `{name}` is used twice"))
                    .hint("give one of them another `name`; an indicator that counts twice needs weight 2"));
            }
        }
        self.indicators.iter().try_for_each(|indicator| self.check_indicator(indicator))?;
        for pillar in &self.pillars {
            self.check_weight(&pillar.name, pillar.weight)?;
            self.check_parent(&pillar.name, pillar.parent.as_deref())?;
            let mut above = pillar.parent.as_deref();
            for _ in 0..=self.pillars.len() {
                let Some(name) = above else { break };
                above =
                    self.pillars.iter().find(|other| other.name == name).and_then(|p| p.parent.as_deref());
            }
            if above.is_some() {
                return Err(wrong(format!("the pillar `{}` is part of itself", pillar.name)));
            }
        }
        for (name, share) in
            [("missing.screen", self.missing.screen), ("missing.threshold", self.missing.threshold)]
        {
            if !(0.0..=1.0).contains(&share) {
                return Err(wrong(format!("`{name}` is {share}")).hint("it is a share between 0 and 1"));
            }
        }
        if let Some([low, high]) = self.normalise.range {
            let fits = low.is_finite() && high.is_finite();
            let fits =
                fits && if self.normalise.method == NormaliseMethod::Z { high > 0.0 } else { low < high };
            if !fits {
                return Err(wrong(format!("`normalise.range` is [{low}, {high}]"))
                    .hint("the low end comes first; for `z` give the mean and the standard deviation"));
            }
        }
        if !self.aggregate.power.is_finite() {
            return Err(wrong(format!("`aggregate.power` is {}", self.aggregate.power)));
        }
        if let Some(floor) = self.aggregate.floor
            && !(floor.is_finite() && floor >= 0.0)
        {
            return Err(wrong(format!("`aggregate.floor` is {floor}")).hint("0 or more"));
        }
        let by_group = matches!(self.impute.method, ImputeMethod::GroupMean | ImputeMethod::GroupMedian);
        if by_group && self.impute.group.is_none() {
            return Err(wrong("values are filled by group, but no group is named")
                .hint("name the column: [impute] group = \"region\""));
        }
        self.uncertainty.check()
    }

    fn check_indicator(&self, indicator: &Indicator) -> Result<()> {
        let name = indicator.name();
        if indicator.direction.is_none() {
            return Err(wrong(format!("the indicator `{name}` has no direction")).hint(
                "say `direction = \"up\"` if the index rises with it, `direction = \"down\"` if it falls",
            ));
        }
        self.check_weight(name, indicator.weight)?;
        self.check_parent(name, indicator.pillar.as_deref())?;
        if !indicator.per.is_finite() || indicator.per == 0.0 {
            return Err(wrong(format!("`per` of `{name}` is {}", indicator.per)));
        }
        match indicator.normalise.unwrap_or(self.normalise.method) {
            NormaliseMethod::Goalposts => match indicator.goalposts {
                Some([low, high]) if low.is_finite() && high.is_finite() && low < high => Ok(()),
                Some([low, high]) => Err(wrong(format!("the goalposts of `{name}` are [{low}, {high}]"))
                    .hint("the lower one comes first, whatever the direction")),
                None => Err(wrong(format!("`{name}` has no goalposts"))
                    .hint("give the two values that are worth nothing and all: `goalposts = [0, 60]`")),
            },
            NormaliseMethod::DistanceToTarget if !indicator.target.is_some_and(f64::is_finite) => {
                Err(wrong(format!("`{name}` has no target")).hint("give the value to reach: `target = 15`"))
            }
            _ => Ok(()),
        }
    }

    fn check_weight(&self, name: &str, weight: f64) -> Result<()> {
        if weight.is_finite() && weight >= 0.0 {
            return Ok(());
        }
        Err(wrong(format!("the weight of `{name}` is {weight}"))
            .hint("weights are 0 or more; to count something against a place, change its `direction`"))
    }

    fn check_parent(&self, name: &str, parent: Option<&str>) -> Result<()> {
        let Some(parent) = parent.filter(|parent| *parent != ROOT) else { return Ok(()) };
        let pillars = || self.pillars.iter().map(|pillar| pillar.name.as_str());
        if pillars().any(|pillar| pillar == parent) {
            return Ok(());
        }
        let error = wrong(format!("`{name}` is part of `{parent}`, which is no pillar"));
        Err(match nearest(parent, pillars()) {
            Some(near) => error.hint(format!("did you mean `{near}`?")),
            None => error.hint("add it under [[pillars]]"),
        })
    }
}

/// An error about the definition itself.
pub(super) fn wrong(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Parameter, message).in_layer("index definition")
}
