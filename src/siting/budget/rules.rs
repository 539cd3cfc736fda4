//! What each neighbourhood is owed by every rule that there are numbers for, and why by others it is not said.

use super::places::Places;
use super::question::{Asked, BudgetFiles, BudgetQuestion, Numbers};
use crate::assessment::Assessment;
use crate::scores::budget_rules::{BudgetRule, RuleColumn};
use crate::scores::claims::{Owed, Rule, owed_by_rules};
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeMap;

/// A rule that is not assessed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotAssessed {
    /// Its name.
    pub rule: String,
    /// What it would need.
    pub reason: String,
}

/// The column of residents, which every study has.
const PEOPLE: &str = "people";

type ByRules = (Vec<Owed>, Vec<BudgetRule>, Vec<NotAssessed>);

/// Owed by each rule, the published ones among them, and those that are not assessed.
pub(super) fn by_rules(
    places: &Places<'_>,
    (asked, files): (&BudgetQuestion, &BudgetFiles),
    found: &Assessment,
    (need, claims): (&[f64], Option<&[f64]>),
) -> Result<ByRules> {
    let rules = asked.asked_rules()?;
    let nothing = vec![0.0; need.len()];
    let of_claims: Vec<Rule> = rules
        .iter()
        .filter_map(|rule| if let Asked::Claims(rule) = rule { Some(*rule) } else { None })
        .collect();
    let mut owed = owed_by_rules(&of_claims, &places.people, need, claims.unwrap_or(&nothing), asked.budget)?;
    let (mut published, mut not_assessed) = (Vec::new(), Vec::new());
    let columns = Columns { places, asked, files, found };
    for rule in &rules {
        let rule = match rule {
            Asked::Claims(_) => continue,
            Asked::Published(name) => BudgetRule::published(name)?,
            Asked::File(name) => files
                .rules
                .get(name)
                .cloned()
                .ok_or_else(|| Error::new(ErrorKind::Value, format!("the file `{name}` was not read")))?,
        };
        match rule.owed(&places.people, &columns.of(&rule)?, asked.budget) {
            Ok(one) => {
                owed.push(one);
                published.push(rule);
            }
            Err(error) if error.kind() == ErrorKind::Column => {
                not_assessed.push(NotAssessed { rule: rule.name, reason: error.message().to_owned() });
            }
            Err(error) => return Err(error),
        }
    }
    Ok((owed, published, not_assessed))
}

/// Where the numbers of rules come from.
struct Columns<'a> {
    places: &'a Places<'a>,
    asked: &'a BudgetQuestion,
    files: &'a BudgetFiles,
    found: &'a Assessment,
}

impl Columns<'_> {
    /// Everything that a rule needs and that is there, by the name of the column.
    fn of(&self, rule: &BudgetRule) -> Result<BTreeMap<String, Vec<Option<f64>>>> {
        let mut columns = BTreeMap::new();
        for column in rule.columns() {
            let values = match &column {
                RuleColumn::Given(name) => self.given(name)?,
                RuleColumn::Without { categories, minutes } => self.without(categories, *minutes)?,
            };
            if let Some(values) = values {
                columns.insert(column.name(), values);
            }
        }
        Ok(columns)
    }

    fn given(&self, name: &str) -> Result<Option<Vec<Option<f64>>>> {
        match self.asked.columns.get(name) {
            Some(Numbers { table: Some(table), .. }) => {
                self.places.known(table, self.files).map(Some)
            }
            Some(Numbers { column: Some(column), .. }) => match self.in_study(column) {
                Some(values) => Ok(Some(values)),
                None => Err(Error::new(
                    ErrorKind::Value,
                    format!("`[columns]` reads `{name}` from `{column}`, which the study does not have"),
                )
                .hint("`commonground columns` lists what an assessment has; indicators have the names of their columns")),
            },
            _ if name == PEOPLE => Ok(Some(self.places.people.iter().copied().map(Some).collect())),
            _ => Ok(self.in_study(name)),
        }
    }

    /// A column of the assessment, or of the indicators of the last year or that at its end.
    fn in_study(&self, name: &str) -> Option<Vec<Option<f64>>> {
        let table = self.found.neighbourhoods();
        if table.key(name).is_some()
            && let Ok(values) = table.values(name)
        {
            return Some(values);
        }
        let years = || self.places.study.indicators.iter();
        let of_year = |(name, year): (&str, &str)| {
            let year: i32 = year.parse().ok()?;
            years().find(|one| one.year == year)?.columns.get(name)
        };
        let last = || years().filter(|one| one.columns.contains_key(name)).max_by_key(|one| one.year);
        let column =
            last().and_then(|one| one.columns.get(name)).or_else(|| name.rsplit_once('_').and_then(of_year));
        Some(column?.values.clone())
    }

    /// The share of residents on streets without any place of the categories within a walk; `None` if the study has none.
    fn without(&self, categories: &[String], minutes: f64) -> Result<Option<Vec<Option<f64>>>> {
        let there: Vec<&String> =
            categories.iter().filter(|name| self.found.categories.contains(name)).collect();
        if there.is_empty() {
            return Ok(None);
        }
        let homes = self.found.homes();
        let on_street = homes.values("street_distance_m")?;
        let walks: Vec<Vec<Option<f64>>> =
            there.into_iter().map(|name| homes.values(&format!("{name}_minutes"))).collect::<Result<_>>()?;
        let study = &self.places.study.homes;
        let mut sums = vec![(0.0, 0.0); self.places.people.len()];
        for home in (0..study.len()).filter(|home| on_street[*home].is_some()) {
            let Some(place) = study.neighbourhoods[home] else { continue };
            let near = walks.iter().any(|walk| walk[home].is_some_and(|walk| walk <= minutes));
            let (all, without) = &mut sums[place as usize];
            *all += study.weights[home];
            *without += if near { 0.0 } else { study.weights[home] };
        }
        Ok(Some(sums.into_iter().map(|(all, without)| (all > 0.0).then(|| without / all)).collect()))
    }
}
