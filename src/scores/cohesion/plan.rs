//! A definition, resolved: which part is made of which, by which rules.

use super::aggregate::Mean;
use super::definition::{
    AggregateMethod, Definition, Direction, ImputeMethod, NormaliseMethod, ROOT, Treat, WeightMethod, wrong,
};
use super::normalise::Rule;
use super::weights::budget;
use crate::error::nearest;
use crate::{Error, ErrorKind, Result};

/// One thing that a part is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Child {
    Indicator(usize),
    Part(usize),
}

/// A pillar, or the index itself.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub name: String,
    pub children: Vec<Child>,
    pub weighting: WeightMethod,
    /// The weights that the definition gives, or the budgets.
    pub given: Vec<f64>,
    pub method: AggregateMethod,
    /// Exponent of the generalised mean.
    pub power: f64,
}

impl Part {
    /// The mean that makes it of its children; `None` if it compares places.
    pub(super) fn mean(&self) -> Option<Mean> {
        Mean::of(self.method, self.power)
    }
}

/// How an indicator is treated and comes to the scale.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    pub name: String,
    pub treat: Treat,
    pub rule: Rule,
    /// Whether it follows the method of the whole index, which may be varied.
    pub follows: bool,
}

/// All of it.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub measures: Vec<Measure>,
    /// Children before their parents; the last is the index.
    pub parts: Vec<Part>,
    pub impute: ImputeMethod,
    pub floor: f64,
    /// Decimals of the score of a part.
    pub round: Option<u32>,
    pub threshold: f64,
}

/// The ends of the scale where the definition gives none.
pub(super) fn default_range(method: NormaliseMethod) -> [f64; 2] {
    if method == NormaliseMethod::MinMax { [0.0, 100.0] } else { [0.0, 1.0] }
}

impl Plan {
    /// # Errors
    /// Those of [`Definition::check`]; [`ErrorKind::Parameter`] for a pillar without indicators, weights that are all
    /// 0, or a budget that names what is not there.
    pub(super) fn new(definition: &Definition) -> Result<Self> {
        definition.check()?;
        let base = &definition.normalise;
        let measures = definition.counted().map(|indicator| {
            let method = indicator.normalise.unwrap_or(base.method);
            let range = base.range.filter(|_| method == base.method);
            let range = range.or_else(|| shared_range(definition, method)).unwrap_or(default_range(method));
            let rule = Rule {
                method,
                direction: indicator.direction.unwrap_or(Direction::Up),
                range,
                target: indicator.target,
                cap: indicator.cap,
                goalposts: indicator.goalposts,
                round: base.round,
                ties: base.ties,
            };
            let treat =
                Treat { method: indicator.treat.unwrap_or(definition.treat.method), ..definition.treat };
            Measure { name: indicator.name().to_owned(), treat, rule, follows: indicator.normalise.is_none() }
        });
        let mut plan = Self {
            measures: measures.collect(),
            parts: Vec::new(),
            impute: definition.impute.method,
            floor: 0.0,
            round: definition.aggregate.round,
            threshold: definition.missing.threshold,
        };
        plan.floor = definition.aggregate.floor.unwrap_or_else(|| plan.default_floor());
        plan.add_part(definition, ROOT)?.ok_or_else(|| wrong("the index has no indicators that count"))?;
        check_budgets(definition, &plan)?;
        Ok(plan)
    }

    /// The index itself.
    pub(super) fn root(&self) -> &Part {
        &self.parts[self.parts.len() - 1]
    }

    /// What a child is called.
    pub(super) fn name_of(&self, child: Child) -> &str {
        match child {
            Child::Indicator(index) => &self.measures[index].name,
            Child::Part(index) => &self.parts[index].name,
        }
    }

    /// A hundredth of the smallest scale in use.
    fn default_floor(&self) -> f64 {
        let width = |measure: &Measure| match measure.rule.method {
            NormaliseMethod::MinMax
            | NormaliseMethod::Percentile
            | NormaliseMethod::Goalposts
            | NormaliseMethod::DistanceToTarget => measure.rule.range[1],
            _ => 100.0,
        };
        self.measures.iter().map(width).fold(f64::INFINITY, f64::min).abs() / 100.0
    }

    /// Adds what the part is made of, then the part; `None` if only indicators about race are in it.
    fn add_part(&mut self, definition: &Definition, name: &str) -> Result<Option<usize>> {
        let is_in = |parent: Option<&str>| parent.unwrap_or(ROOT) == name;
        let mut children = Vec::new();
        let mut given = Vec::new();
        let mut found = 0;
        for (index, indicator) in definition.counted().enumerate() {
            if is_in(indicator.pillar.as_deref()) {
                children.push(Child::Indicator(index));
                given.push(indicator.weight);
            }
        }
        found += definition.indicators.iter().filter(|indicator| is_in(indicator.pillar.as_deref())).count();
        let mut has_pillars = false;
        for pillar in definition.pillars.iter().filter(|pillar| is_in(pillar.parent.as_deref())) {
            found += 1;
            has_pillars = true;
            if let Some(part) = self.add_part(definition, &pillar.name)? {
                children.push(Child::Part(part));
                given.push(pillar.weight);
            }
        }
        if found == 0 {
            return Err(wrong(format!("the pillar `{name}` has no indicators"))
                .hint(format!("name it in an indicator: `pillar = \"{name}\"`, or leave it out")));
        }
        if children.is_empty() {
            return Ok(None);
        }
        let (weights, aggregate) = (&definition.weights, &definition.aggregate);
        let weighting = if has_pillars { weights.pillars } else { weights.indicators };
        match weighting {
            WeightMethod::Equal => given.fill(1.0),
            WeightMethod::Budget => {
                let names: Vec<&str> = children.iter().map(|&child| self.name_of(child)).collect();
                given = budget(&names, &weights.budget)?;
            }
            _ => {}
        }
        super::aggregate::check_weights(&given).map_err(|error| {
            wrong(format!("`{name}`: {}", error.message())).hint("give one of its parts a weight above 0")
        })?;
        let own = definition.pillars.iter().find(|pillar| pillar.name == name).and_then(|p| p.aggregate);
        let method = own.unwrap_or(if has_pillars { aggregate.pillars } else { aggregate.indicators });
        self.parts.push(Part {
            name: name.to_owned(),
            children,
            weighting,
            given,
            method,
            power: aggregate.power,
        });
        Ok(Some(self.parts.len() - 1))
    }
}

/// An indicator with a method of its own shares the scale of the others where both are bounded.
fn shared_range(definition: &Definition, method: NormaliseMethod) -> Option<[f64; 2]> {
    use NormaliseMethod::{DistanceToTarget, Goalposts, MinMax, Percentile};
    let bounded = |method| matches!(method, MinMax | Percentile | DistanceToTarget | Goalposts);
    let base = &definition.normalise;
    (bounded(method) && bounded(base.method)).then(|| base.range.unwrap_or(default_range(base.method)))
}

fn check_budgets(definition: &Definition, plan: &Plan) -> Result<()> {
    let names = || {
        let indicators = definition.indicators.iter().map(super::definition::Indicator::name);
        indicators.chain(plan.parts.iter().map(|part| part.name.as_str()))
    };
    for name in definition.weights.budget.iter().flat_map(|vote| vote.keys()) {
        if !names().any(|known| known == name) {
            let error =
                Error::new(ErrorKind::Parameter, format!("a budget names `{name}`, which is no part"))
                    .in_layer("index definition");
            return Err(match nearest(name, names()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error,
            });
        }
    }
    Ok(())
}
