//! A rule as it is written.

use crate::toml_text::read_toml;
use crate::{Error, ErrorKind, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// A rule that divides a budget by what is known of places.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BudgetRule {
    /// Its short name.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// Who published it, and where.
    pub source: String,
    /// The year of the publication, or from which it has been in force.
    pub year: i32,
    /// What is read into it, and what of it is left out; `None` where it is taken as it stands.
    pub reading: Option<String>,
    pub(super) formulas: Vec<Formula>,
}

/// What a rule needs to know of every place.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum RuleColumn {
    /// A column of numbers by its name.
    Given(String),
    /// The share of residents without any place of these categories within a walk.
    Without {
        /// Any of them counts.
        categories: Vec<String>,
        /// How long a walk, in minutes.
        minutes: f64,
    },
}

impl RuleColumn {
    /// The name under which its numbers are given: `poor`, `without library within 10.06 minutes`.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Given(name) => name.clone(),
            Self::Without { categories, minutes } => {
                format!("without {} within {minutes} minutes", categories.join(" or "))
            }
        }
    }
}

/// A rule that divides a budget between places.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct BudgetRuleFile {
    /// What it is called.
    title: String,
    /// Who published it, and where.
    source: String,
    /// The year of the publication, or from which it has been in force.
    year: i32,
    /// What is read into it, and what of it is left out.
    reading: Option<String>,
    /// Ways to weigh a place; with several, each place counts by the one that gives it most.
    formulas: Vec<Formula>,
}

/// A way to weigh a place: shares of a city's totals added up, or scores added up and counted once per resident.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Formula {
    /// What is added up.
    pub terms: Vec<Term>,
    /// Whether scores are brought to 0 for the place with the least and 1 for that with the most.
    #[serde(default)]
    pub rescale: bool,
}

/// What is added up: one of `share_of_total`, `behind_growth`, `percentile`, `points` and `without`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Term {
    /// How much it counts, above 0; by default 1.
    #[serde(default = "one")]
    pub weight: f64,
    /// A column of counts: the place's part of their sum.
    pub share_of_total: Option<String>,
    /// How many people fewer live there than if it had grown as all places together, as a part of all such shortfalls.
    pub behind_growth: Option<Growth>,
    /// A column: the hundredth of the places, 1 to 100, in which the place falls.
    pub percentile: Option<String>,
    /// Whether the lowest numbers come last, so that they count most, as with incomes.
    #[serde(default)]
    pub lowest_counts_most: bool,
    /// Points: those of the first step of which every condition holds.
    pub points: Option<Vec<Step>>,
    /// The share of residents without a place nearby, 0 to 1.
    pub without: Option<Without>,
    /// Whether it is left out where the numbers are not there.
    #[serde(default)]
    pub optional: bool,
}

/// Two columns of residents.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Growth {
    /// Column of residents today.
    pub now: String,
    /// Column of residents at the earlier date.
    pub then: String,
}

/// Points, and when they are given.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// How many, 0 or more.
    pub points: f64,
    /// All of these must hold; without any, the points are for everybody who is left.
    #[serde(default)]
    pub when: Vec<Condition>,
    /// And at least one of these, if there are any.
    #[serde(default)]
    pub when_any: Vec<Condition>,
    /// Places get them while so large a share of all residents lives there, 0 to 1; a place that would pass it is left out.
    pub at_most_people: Option<f64>,
    /// Column by which places are taken until then, the highest first.
    pub most_first: Option<String>,
}

/// A limit that a column keeps.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Condition {
    /// The column.
    pub column: String,
    /// The number is this or more.
    pub at_least: Option<f64>,
    /// The number is this or less.
    pub at_most: Option<f64>,
}

/// Places that somebody may be without.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Without {
    /// Any of these categories counts.
    pub category: Vec<String>,
    /// How long a walk, in minutes.
    pub minutes: f64,
}

fn one() -> f64 {
    1.0
}

impl Without {
    pub(super) fn column(&self) -> RuleColumn {
        RuleColumn::Without { categories: self.category.clone(), minutes: self.minutes }
    }
}

impl Term {
    /// Whether it is a part of a city's total, and not a score of a place.
    pub(super) fn is_share(&self) -> bool {
        self.share_of_total.is_some() || self.behind_growth.is_some()
    }

    /// What it needs.
    pub(super) fn columns(&self) -> Vec<RuleColumn> {
        let given = |name: &String| RuleColumn::Given(name.clone());
        let mut columns: Vec<RuleColumn> = self.share_of_total.iter().map(given).collect();
        columns
            .extend(self.behind_growth.iter().flat_map(|growth| [given(&growth.now), given(&growth.then)]));
        columns.extend(self.percentile.iter().map(given));
        for step in self.points.iter().flatten() {
            columns.extend(step.when.iter().chain(&step.when_any).map(|one| given(&one.column)));
            columns.extend(step.most_first.iter().map(given));
        }
        columns.extend(self.without.iter().map(Without::column));
        columns
    }

    fn check(&self) -> Result<()> {
        let wrong = |message: &str| Error::new(ErrorKind::Value, message);
        let kinds = [
            self.share_of_total.is_some(),
            self.behind_growth.is_some(),
            self.percentile.is_some(),
            self.points.is_some(),
            self.without.is_some(),
        ];
        if kinds.into_iter().filter(|is| *is).count() != 1 {
            return Err(wrong("a term says none or several of what it adds").hint(
                "write one of `share_of_total`, `behind_growth`, `percentile`, `points` and `without`",
            ));
        }
        if !(self.weight.is_finite() && self.weight > 0.0) {
            return Err(Error::new(ErrorKind::Value, format!("a weight is `{}`", self.weight))
                .hint("it must be above 0"));
        }
        for step in self.points.iter().flatten() {
            if !(step.points.is_finite() && step.points >= 0.0) {
                return Err(Error::new(ErrorKind::Value, format!("points are `{}`", step.points))
                    .hint("they must be 0 or more"));
            }
            if step
                .when
                .iter()
                .chain(&step.when_any)
                .any(|one| one.at_least.is_some() == one.at_most.is_some())
            {
                return Err(wrong("a condition says none or both of `at_least` and `at_most`"));
            }
            if step.at_most_people.is_some() != step.most_first.is_some()
                || step.at_most_people.is_some_and(|share| !(0.0..=1.0).contains(&share))
            {
                return Err(wrong("`at_most_people` is a share, 0 to 1, and goes with `most_first`"));
            }
        }
        match &self.without {
            Some(without)
                if without.category.is_empty() || without.minutes.is_nan() || without.minutes <= 0.0 =>
            {
                Err(wrong("`without` names no category, or its minutes are not above 0"))
            }
            _ => Ok(()),
        }
    }
}

impl BudgetRule {
    /// Reads a rule; `name` is its short name, or that of its file.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with line and nearest key; [`ErrorKind::Value`] if a term, a weight or a condition is not understood.
    ///
    /// # Example
    /// ```
    /// use commonground::scores::budget_rules::BudgetRule;
    /// let rule = BudgetRule::from_toml(
    ///     "title = 'By children'\nsource = 'the council'\nyear = 2026\n[[formulas]]\nterms = [{ share_of_total = 'children' }]",
    ///     "children",
    /// )?;
    /// let columns = [("children".to_owned(), vec![Some(30.0), Some(10.0)])].into();
    /// assert_eq!(rule.owed(&[100.0, 100.0], &columns, 400.0)?.money, [300.0, 100.0]);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let BudgetRuleFile { title, source, year, reading, formulas } =
            read_toml(text, "a rule of a budget", name, ErrorKind::Format)?;
        let wrong = |message: &str| Err(Error::new(ErrorKind::Value, message).in_layer(name));
        if formulas.is_empty() || formulas.iter().any(|formula| formula.terms.is_empty()) {
            return wrong("there is no formula, or one without terms");
        }
        for formula in &formulas {
            formula.terms.iter().try_for_each(Term::check).map_err(|error| error.in_layer(name))?;
            let shares = formula.terms.iter().filter(|term| term.is_share()).count();
            if shares != 0 && (shares != formula.terms.len() || formula.rescale) {
                return wrong("a formula adds shares of totals or scores of places, not both");
            }
        }
        Ok(Self { name: name.to_owned(), title, source, year, reading, formulas })
    }

    /// What it needs to know of every place, each once; what is optional too.
    #[must_use]
    pub fn columns(&self) -> Vec<RuleColumn> {
        let mut columns: Vec<RuleColumn> = Vec::new();
        for column in self.formulas.iter().flat_map(|formula| &formula.terms).flat_map(Term::columns) {
            if !columns.contains(&column) {
                columns.push(column);
            }
        }
        columns
    }
}
