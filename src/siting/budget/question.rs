//! A question about a budget, in TOML.

use crate::scores::budget_rules::{BudgetRule, PUBLISHED};
use crate::scores::claims::Rule;
use crate::toml_text::read_toml;
use crate::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A question about a budget.
///
/// ```
/// use commonground::siting::{Benefit, BudgetQuestion};
/// let asked = BudgetQuestion::from_toml(
///     "budget = 900_000\n[need]\ncolumn = 'service_isolation'\n\
///      [[projects]]\nname = 'Footbridge'\ncost = 600_000\nscenario = 'footbridge.toml'\nplace = 'Millrace'\n\
///      [floors]\nMillrace = 100_000",
///     "budget.toml",
/// )?;
/// assert_eq!((asked.benefit, asked.projects.len(), asked.floors["Millrace"]), (Benefit::PersonMinutes, 1, 100_000.0));
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BudgetQuestion {
    /// What it is called.
    #[serde(default)]
    pub name: Option<String>,
    /// What there is to spend.
    pub budget: f64,
    /// What a project is worth: `person_minutes` or `people`.
    #[serde(default)]
    pub benefit: Benefit,
    /// Categories of services whose walks count; without any, the essentials of the study.
    #[serde(default)]
    pub categories: Vec<String>,
    /// Rules by which it is said what each neighbourhood is owed: `equal_per_head`, `by_need`, `proportional`, `cea`, `cel`,
    /// `talmud`, a published rule (`cdbg`, `minneapolis_parks`, …), or the file of a rule, which ends in `.toml`. Without any, all
    /// that there are numbers for.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Numbers that published rules need, by the name that the rule has for them, where the study does not have them by that name.
    #[serde(default)]
    pub columns: BTreeMap<String, Numbers>,
    /// What each neighbourhood needs.
    pub need: Need,
    /// What each neighbourhood claims; without it the rules of claims are left out.
    #[serde(default)]
    pub claims: Option<Claims>,
    /// What is spent in each neighbourhood today.
    #[serde(default)]
    pub spending: Option<Amounts>,
    /// What could be bought.
    #[serde(default)]
    pub projects: Vec<PlannedProject>,
    /// Whether sets of projects are also assessed as a whole, for the best plan of projects made together, with the floors; each
    /// set takes a comparison.
    #[serde(default)]
    pub together: bool,
    /// What must at least be spent on projects of a district or neighbourhood, by its name, in the fair choice.
    #[serde(default)]
    pub floors: BTreeMap<String, f64>,
}

/// What a project is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Benefit {
    /// Minutes that all who stay walk less to the closest place of each category, together; none within an hour counts as an
    /// hour.
    #[default]
    PersonMinutes,
    /// People with more of the categories within 15 minutes than before, less those with fewer.
    People,
}

/// What each neighbourhood needs: higher where more is needed.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// A column of `commonground assess`; where more is better, need is what is missing to the best neighbourhood.
    #[serde(default)]
    pub column: Option<String>,
    /// Or a table.
    #[serde(default)]
    pub table: Option<Amounts>,
}

/// Numbers of every neighbourhood.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Numbers {
    /// A column of `commonground assess` or of the study's indicators; with a year at its end that of the year, else the last.
    #[serde(default)]
    pub column: Option<String>,
    /// Or a table.
    #[serde(default)]
    pub table: Option<Amounts>,
}

/// What each neighbourhood claims: what meeting a standard would cost there.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Claims {
    /// A column of counts of `commonground assess`, such as people without a clinic nearby.
    #[serde(default)]
    pub column: Option<String>,
    /// What each of that count would cost.
    #[serde(default)]
    pub cost: Option<f64>,
    /// Or a table.
    #[serde(default)]
    pub table: Option<Amounts>,
}

/// A table of amounts by neighbourhood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// Its file.
    pub file: String,
    /// Column with the id or name of the neighbourhood.
    #[serde(default = "name")]
    pub name: String,
    /// Column with the amount.
    #[serde(default = "amount")]
    pub amount: String,
}

/// A project that is done as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlannedProject {
    /// What it is called.
    pub name: String,
    /// What it costs.
    pub cost: f64,
    /// File with the scenario that says what it changes.
    pub scenario: String,
    /// A variant of the scenario, by its name.
    #[serde(default)]
    pub variant: Option<String>,
    /// The district or neighbourhood where the money is spent; without it, where people gain.
    #[serde(default)]
    pub place: Option<String>,
}

/// What the files hold that a question names.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BudgetFiles {
    /// The rows of each table: id or name, and amount.
    pub tables: BTreeMap<Amounts, Vec<(String, f64)>>,
    /// Rules by the name of their file.
    pub rules: BTreeMap<String, BudgetRule>,
}

impl BudgetFiles {
    /// Reads every file that a question names.
    ///
    /// - `table`: the rows of a table.
    /// - `text`: the text of a file.
    ///
    /// # Errors
    /// Those of `table`, `text` and [`BudgetRule::from_toml`].
    pub fn read(
        asked: &BudgetQuestion,
        mut table: impl FnMut(&Amounts) -> Result<Vec<(String, f64)>>,
        mut text: impl FnMut(&str) -> Result<String>,
    ) -> Result<Self> {
        let mut files = Self::default();
        for one in asked.tables() {
            files.tables.insert(one.clone(), table(one)?);
        }
        for file in asked.rules.iter().filter(|name| is_file(name)) {
            let stem = file.rsplit(['/', '\\']).next().unwrap_or(file).trim_end_matches(FILE);
            files.rules.insert(file.clone(), BudgetRule::from_toml(&text(file)?, stem)?);
        }
        Ok(files)
    }
}

/// How the file of a rule ends.
const FILE: &str = ".toml";

fn is_file(name: &str) -> bool {
    name.ends_with(FILE)
}

fn name() -> String {
    "name".into()
}

fn amount() -> String {
    "amount".into()
}

impl BudgetQuestion {
    /// Reads a question; `name` is the file's, for errors.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with line and nearest key; [`ErrorKind::Value`] for an unknown rule, an amount that is negative or
    /// not finite, a need or claim that is given in two ways or none, a project that is listed twice.
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let asked: Self = read_toml(text, "a question about a budget", name, ErrorKind::Format)?;
        asked.check().map_err(|error| error.in_layer(name))?;
        Ok(asked)
    }

    /// As [`BudgetQuestion::from_toml`], from JSON of the same keys.
    ///
    /// # Errors
    /// As for [`BudgetQuestion::from_toml`].
    pub fn from_json(text: &str, name: &str) -> Result<Self> {
        let asked: Self = serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Format, format!("the question cannot be understood: {error}"))
                .in_layer(name)
        })?;
        asked.check().map_err(|error| error.in_layer(name))?;
        Ok(asked)
    }

    /// Every table that the question names.
    pub fn tables(&self) -> impl Iterator<Item = &Amounts> {
        let of_claims = self.claims.as_ref().and_then(|claims| claims.table.as_ref());
        let of_rules = self.columns.values().filter_map(|numbers| numbers.table.as_ref());
        [self.need.table.as_ref(), of_claims, self.spending.as_ref()].into_iter().flatten().chain(of_rules)
    }

    /// Every file that the question names, but for those of scenarios: tables and rules.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        let rules = self.rules.iter().map(String::as_str).filter(|name| is_file(name));
        self.tables().map(|table| table.file.as_str()).chain(rules)
    }

    /// The rules that are asked for, or all that there may be numbers for.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for an unknown rule, or one of claims without claims.
    pub(super) fn asked_rules(&self) -> Result<Vec<Asked>> {
        let needs_claims = |rule: &Rule| !matches!(rule, Rule::EqualPerHead | Rule::ByNeed);
        if self.rules.is_empty() {
            let of_claims = Rule::ALL.into_iter().filter(|rule| self.claims.is_some() || !needs_claims(rule));
            return Ok(of_claims.map(Asked::Claims).chain(PUBLISHED.map(Asked::Published)).collect());
        }
        let value = |message: String| Error::new(ErrorKind::Value, message);
        let rule = |name: &String| match Rule::of_name(name) {
            Some(rule) if needs_claims(&rule) && self.claims.is_none() => {
                Err(value(format!("`{name}` divides claims, and there are none"))
                    .hint("give `[claims]`, or leave the rule out"))
            }
            Some(rule) => Ok(Asked::Claims(rule)),
            None if is_file(name) => Ok(Asked::File(name.clone())),
            None => match PUBLISHED.into_iter().find(|known| known == name) {
                Some(known) => Ok(Asked::Published(known)),
                None => {
                    let known: Vec<&str> =
                        Rule::ALL.iter().map(|rule| rule.name()).chain(PUBLISHED).collect();
                    Err(value(format!("`{name}` is not a rule"))
                        .hint(format!("they are {}, or a file that ends in {FILE}", known.join(", "))))
                }
            },
        };
        self.rules.iter().map(rule).collect()
    }

    fn check(&self) -> Result<()> {
        let value = |message: String| Error::new(ErrorKind::Value, message);
        let amounts = self.floors.iter().map(|(name, floor)| (format!("the floor of `{name}`"), *floor));
        let costs = self.projects.iter().map(|one| (format!("the cost of `{}`", one.name), one.cost));
        let cost = self.claims.as_ref().and_then(|claims| claims.cost);
        let rest = [
            Some(("the budget".to_owned(), self.budget)),
            cost.map(|cost| ("the cost of a claim".to_owned(), cost)),
        ];
        for (what, amount) in rest.into_iter().flatten().chain(amounts).chain(costs) {
            if !(amount.is_finite() && amount >= 0.0) {
                return Err(value(format!("{what} is `{amount}`")).hint("it must be finite and not negative"));
            }
        }
        if self.need.column.is_some() == self.need.table.is_some() {
            return Err(value("`[need]` names no column and no table, or both".into())
                .hint("write `column = \"service_isolation\"`, or `table = { file = \"need.csv\" }`"));
        }
        if let Some(claims) = &self.claims
            && (claims.column.is_some() == claims.table.is_some()
                || claims.column.is_some() != claims.cost.is_some())
        {
            return Err(value("`[claims]` names no column and no table, or both".into())
                .hint("write `column = \"…\"` with `cost = 1200`, or `table = { file = \"claims.csv\" }`"));
        }
        for (row, project) in self.projects.iter().enumerate() {
            if self.projects[..row].iter().any(|other| other.name == project.name) {
                return Err(value(format!("the project `{}` is listed twice", project.name)).at_row(row + 1));
            }
        }
        for (name, numbers) in &self.columns {
            if numbers.column.is_some() == numbers.table.is_some() {
                return Err(value(format!("`[columns]` gives `{name}` no column and no table, or both"))
                    .hint(format!(
                        "write `{name} = {{ column = \"…\" }}`, or `{{ table = {{ file = \"…\" }} }}`"
                    )));
            }
        }
        self.asked_rules().map(|_| ())
    }
}

/// A rule that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asked {
    /// One that looks at people, need or claims.
    Claims(Rule),
    /// One that comes with the library.
    Published(&'static str),
    /// One from a file.
    File(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_cannot_be_understood_is_refused() {
        let need = "[need]\ncolumn = 'x'\n";
        let project = "[[projects]]\nname = 'a'\ncost = 1\nscenario = 's.toml'\n";
        for (text, expected) in [
            (format!("budget = -1\n{need}"), "the budget is `-1`"),
            ("budget = 1\n[need]\n".to_owned(), "no column and no table"),
            (format!("budget = 1\n{need}[claims]\ncolumn = 'y'"), "`[claims]`"),
            (format!("budget = 1\nrules = ['cea']\n{need}"), "divides claims"),
            (format!("budget = 1\nrules = ['fair']\n{need}"), "they are equal_per_head"),
            (format!("budget = 1\n{need}{project}{project}"), "listed twice"),
            (format!("budget = 1\n{need}[floors]\nMill = -2"), "floor of `Mill`"),
            (format!("budget = 1\n[columns.poor]\n{need}"), "gives `poor` no column"),
            (format!("budgt = 1\n{need}"), "budget"),
            (format!("budget = 1\nbenefit = 'minutes'\n{need}"), "person_minutes"),
        ] {
            let error = BudgetQuestion::from_toml(&text, "budget.toml").unwrap_err();
            assert!(error.to_string().contains(expected), "{expected}: {error}");
        }
        let asked = BudgetQuestion::from_json(r#"{"budget": 5, "need": {"column": "x"}}"#, "q").unwrap();
        let rules = asked.asked_rules().unwrap();
        assert_eq!(rules[..2], [Rule::EqualPerHead, Rule::ByNeed].map(Asked::Claims));
        assert_eq!(rules[2..], PUBLISHED.map(Asked::Published));
    }
}
