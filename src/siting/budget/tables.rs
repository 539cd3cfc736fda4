//! A budget's answer as tables, for files and other programs.

use super::answer::{BudgetAnswer, BudgetChoice, Concentration, DistrictPlan, ProjectGain};
use crate::scores::budget_rules::BudgetRule;
use crate::scores::claims::Owed;
use crate::{Error, ErrorKind, FeatureTable, Result, StudyArea};
use geo::Geometry;
use polars::prelude::{DataFrame, NamedFrom, Series};

/// The tables of a question about a budget.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BudgetTables {
    /// Every neighbourhood: residents, need, claim, what it is owed by each rule, in money and per person, and what it gets.
    pub owed: FeatureTable,
    /// Every rule: what it is called, source and year of a published one, and why it is not assessed.
    pub rules: FeatureTable,
    /// Every district: residents, who is worst off, what it is owed by each rule, and the projects that lift it most.
    pub districts: FeatureTable,
    /// Every project: cost, benefit, and in which choice it is.
    pub projects: FeatureTable,
    /// Today, the efficient and the fair choice side by side.
    pub choices: FeatureTable,
}

impl BudgetTables {
    /// The tables by the names of their files; without projects there are none of them.
    #[must_use]
    pub fn files(&self) -> Vec<(&'static str, &FeatureTable)> {
        let mut all = vec![("owed.gpkg", &self.owed), ("owed.csv", &self.owed), ("rules.csv", &self.rules)];
        if !self.districts.is_empty() {
            all.extend([("districts.gpkg", &self.districts), ("districts.csv", &self.districts)]);
        }
        if !self.projects.is_empty() {
            all.extend([("projects.csv", &self.projects), ("choices.csv", &self.choices)]);
        }
        all
    }
}

/// The tables of an answer.
///
/// # Errors
/// None in practice: the columns of a table have one length.
pub fn budget_tables(study: &StudyArea, answer: &BudgetAnswer) -> Result<BudgetTables> {
    Ok(BudgetTables {
        owed: owed(study, answer)?,
        rules: rules(answer)?,
        districts: districts(study, answer)?,
        projects: projects(answer)?,
        choices: choices(answer)?,
    })
}

fn owed(study: &StudyArea, answer: &BudgetAnswer) -> Result<FeatureTable> {
    let places = &study.neighbourhoods;
    let mut columns = vec![
        words("id", places.iter().map(|place| place.id.clone())),
        words("name", places.iter().map(|place| place.name.clone())),
        numbers("residents", answer.people.clone()),
        numbers("need", answer.need.clone()),
    ];
    columns.extend(answer.claims.clone().map(|claims| numbers("claim", claims)));
    columns.extend(answer.spending.clone().map(|spent| numbers("spent_today", spent)));
    columns.extend(of_rules(&answer.owed));
    columns.extend(of_ranks(answer.ranks.iter().copied()));
    for (name, choice) in
        [("efficient", &answer.efficient), ("fair", &answer.fair), ("together", &answer.together)]
    {
        if let Some(choice) = choice {
            columns.push(numbers(&format!("gets_{name}"), sum(answer, choice, |project| &project.spent)));
            let gains = sum(answer, choice, |project| &project.neighbourhoods);
            columns.push(numbers(&format!("gains_{name}"), gains));
        }
    }
    let shapes = places.iter().map(|place| Some(Geometry::MultiPolygon(place.shape.clone()))).collect();
    FeatureTable::new(shapes, frame(columns)?, Some(study.crs.clone()))
}

fn districts(study: &StudyArea, answer: &BudgetAnswer) -> Result<FeatureTable> {
    let (plans, known) = (&answer.districts.plans, &study.districts);
    let number =
        |of: &dyn Fn(&DistrictPlan) -> Option<f64>| -> Vec<Option<f64>> { plans.iter().map(of).collect() };
    let text = |of: &dyn Fn(&DistrictPlan) -> Option<String>| -> Vec<Option<String>> {
        plans.iter().map(of).collect()
    };
    let group = |plan: &DistrictPlan| plan.worst_group.clone();
    let mut columns = vec![
        words("id", known.iter().take(plans.len()).map(|one| one.id.clone())),
        words("name", plans.iter().map(|plan| plan.name.clone())),
        numbers("residents", plans.iter().map(|plan| plan.people).collect()),
        Series::new("service_isolation".into(), number(&|plan| plan.isolated)),
        Series::new("worst_off_neighbourhoods".into(), text(&|plan| plan.worst_neighbourhoods.clone())),
        Series::new("worst_off_group".into(), text(&|plan| Some(group(plan)?.0))),
        Series::new("worst_off_group_isolation".into(), number(&|plan| Some(group(plan)?.1))),
    ];
    columns.extend(of_rules(&answer.districts.owed));
    columns.extend(of_ranks(plans.iter().map(|plan| plan.ranks)));
    for (at, name) in ["lifted_most_by", "lifted_next_by"].into_iter().enumerate() {
        let project = |plan: &DistrictPlan| plan.lifted_by.get(at).copied();
        columns.push(Series::new(
            name.into(),
            text(&|plan| Some(answer.projects[project(plan)?.0].name.clone())),
        ));
        columns.push(Series::new(format!("{name}_gain").into(), number(&|plan| Some(project(plan)?.1))));
    }
    columns.push(Series::new("gets_efficient".into(), number(&|plan| Some(plan.gets?.0))));
    columns.push(Series::new("gets_fair".into(), number(&|plan| Some(plan.gets?.1))));
    let shapes = known.iter().take(plans.len()).map(|one| Some(Geometry::MultiPolygon(one.shape.clone())));
    FeatureTable::new(shapes.collect(), frame(columns)?, Some(study.crs.clone()))
}

/// Money and money per person by rule.
fn of_rules(owed: &[Owed]) -> impl Iterator<Item = Series> {
    owed.iter().flat_map(|owed| {
        let per_person = format!("owed_{}_per_person", owed.rule);
        [
            numbers(&format!("owed_{}", owed.rule), owed.money.clone()),
            Series::new(per_person.into(), owed.per_head.clone()),
        ]
    })
}

/// Best and worst rank over the rules.
fn of_ranks(ranks: impl Iterator<Item = Option<(usize, usize)>>) -> [Series; 2] {
    let (best, worst): (Vec<Option<i64>>, Vec<Option<i64>>) =
        ranks.map(|ranks| (ranks.map(|ranks| ranks.0 as i64), ranks.map(|ranks| ranks.1 as i64))).unzip();
    [Series::new("rank_best".into(), best), Series::new("rank_worst".into(), worst)]
}

fn rules(answer: &BudgetAnswer) -> Result<FeatureTable> {
    let names: Vec<String> = answer.owed.iter().map(|owed| owed.rule.clone()).collect();
    let left = answer.not_assessed.iter();
    let all: Vec<(String, Option<String>)> = names
        .into_iter()
        .map(|name| (name, None))
        .chain(left.map(|one| (one.rule.clone(), Some(one.reason.clone()))))
        .collect();
    let of = |name: &str| answer.published.iter().find(|rule| rule.name == name);
    let said = |value: fn(&BudgetRule) -> Option<String>| -> Vec<Option<String>> {
        all.iter().map(|(name, _)| of(name).and_then(value)).collect()
    };
    let table = frame(vec![
        words("rule", all.iter().map(|(name, _)| name.clone())),
        Series::new("title".into(), said(|rule| Some(rule.title.clone()))),
        Series::new("source".into(), said(|rule| Some(rule.source.clone()))),
        Series::new("year".into(), said(|rule| Some(rule.year.to_string()))),
        Series::new("reading".into(), said(|rule| rule.reading.clone())),
        Series::new("not_assessed".into(), all.iter().map(|(_, reason)| reason.clone()).collect::<Vec<_>>()),
    ])?;
    FeatureTable::new(vec![None; all.len()], table, None)
}

/// Of the chosen projects, by neighbourhood.
fn sum(answer: &BudgetAnswer, choice: &BudgetChoice, of: fn(&ProjectGain) -> &Vec<f64>) -> Vec<f64> {
    let mut sums = vec![0.0; answer.people.len()];
    for &at in &choice.programme.projects {
        sums.iter_mut().zip(of(&answer.projects[at])).for_each(|(sum, value)| *sum += value);
    }
    sums
}

fn projects(answer: &BudgetAnswer) -> Result<FeatureTable> {
    let all = &answer.projects;
    let chosen = |choice: &Option<BudgetChoice>| -> Vec<bool> {
        let is_in = |at: usize| choice.as_ref().is_some_and(|one| one.programme.projects.contains(&at));
        (0..all.len()).map(is_in).collect()
    };
    let table = frame(vec![
        words("name", all.iter().map(|project| project.name.clone())),
        numbers("cost", all.iter().map(|project| project.cost).collect()),
        numbers("benefit", all.iter().map(|project| project.benefit).collect()),
        numbers("benefit_by_need", all.iter().map(|project| project.by_need).collect()),
        Series::new(
            "cost_per_benefit".into(),
            all.iter()
                .map(|project| (project.benefit > 0.0).then(|| project.cost / project.benefit))
                .collect::<Vec<_>>(),
        ),
        Series::new("efficient".into(), chosen(&answer.efficient)),
        Series::new("fair".into(), chosen(&answer.fair)),
        Series::new("together".into(), chosen(&answer.together)),
    ])?;
    FeatureTable::new(vec![None; all.len()], table, None)
}

fn choices(answer: &BudgetAnswer) -> Result<FeatureTable> {
    let rows = [
        ("today", None, answer.today.as_ref()),
        ("efficient", answer.efficient.as_ref(), answer.efficient.as_ref().map(|one| &one.concentration)),
        ("fair", answer.fair.as_ref(), answer.fair.as_ref().map(|one| &one.concentration)),
        ("together", answer.together.as_ref(), answer.together.as_ref().map(|one| &one.concentration)),
    ];
    let of_choice = |value: fn(&BudgetChoice) -> Option<f64>| -> Vec<Option<f64>> {
        rows.iter().map(|(_, choice, _)| choice.and_then(value)).collect()
    };
    let spread = |value: fn(&Concentration) -> Option<f64>| -> Vec<Option<f64>> {
        rows.iter().map(|(.., spread)| spread.and_then(value)).collect()
    };
    let table = frame(vec![
        words("choice", rows.iter().map(|(name, ..)| (*name).to_owned())),
        Series::new("cost".into(), of_choice(|choice| Some(choice.programme.cost))),
        Series::new("benefit".into(), of_choice(|choice| Some(choice.benefit))),
        Series::new("benefit_by_need".into(), of_choice(|choice| Some(choice.by_need))),
        Series::new("benefit_together".into(), of_choice(|choice| choice.together.clone().ok())),
        Series::new(
            "bound".into(),
            of_choice(|choice| Some(choice.programme.bound).filter(|bound| bound.is_finite())),
        ),
        Series::new("spent_in_all".into(), spread(|spread| Some(spread.spent))),
        Series::new("concentration_by_need".into(), spread(|spread| spread.by_need)),
        Series::new("gini".into(), spread(|spread| spread.gini)),
        Series::new("herfindahl".into(), spread(|spread| spread.herfindahl)),
    ])?;
    FeatureTable::new(vec![None; rows.len()], table, None)
}

fn words(name: &str, words: impl Iterator<Item = String>) -> Series {
    Series::new(name.into(), words.collect::<Vec<_>>())
}

fn numbers(name: &str, numbers: Vec<f64>) -> Series {
    Series::new(name.into(), numbers)
}

fn frame(columns: Vec<Series>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns.into_iter().map(Into::into).collect())
        .map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
}
