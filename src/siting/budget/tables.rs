//! A budget's answer as tables, for files and other programs.

use super::answer::{BudgetAnswer, BudgetChoice, Concentration, ProjectGain};
use crate::{Error, ErrorKind, FeatureTable, Result, StudyArea};
use geo::Geometry;
use polars::prelude::{DataFrame, NamedFrom, Series};

/// The tables of a question about a budget.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BudgetTables {
    /// Every neighbourhood: residents, need, claim, what it is owed by each rule, in money and per person, and what it gets.
    pub owed: FeatureTable,
    /// Every project: cost, benefit, and in which choice it is.
    pub projects: FeatureTable,
    /// Today, the efficient and the fair choice side by side.
    pub choices: FeatureTable,
}

impl BudgetTables {
    /// The tables by the names of their files; without projects there are none of them.
    #[must_use]
    pub fn files(&self) -> Vec<(&'static str, &FeatureTable)> {
        let mut all = vec![("owed.gpkg", &self.owed), ("owed.csv", &self.owed)];
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
    Ok(BudgetTables { owed: owed(study, answer)?, projects: projects(answer)?, choices: choices(answer)? })
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
    for owed in &answer.owed {
        columns.push(numbers(&format!("owed_{}", owed.rule.name()), owed.money.clone()));
        columns
            .push(Series::new(format!("owed_{}_per_person", owed.rule.name()).into(), owed.per_head.clone()));
    }
    let rank = |of: fn((usize, usize)) -> usize| -> Vec<Option<i64>> {
        answer.ranks.iter().map(|ranks| ranks.map(|ranks| of(ranks) as i64)).collect()
    };
    columns.push(Series::new("rank_best".into(), rank(|ranks| ranks.0)));
    columns.push(Series::new("rank_worst".into(), rank(|ranks| ranks.1)));
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
