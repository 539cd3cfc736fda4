//! A question about a budget answered.

use super::answer::{BudgetAnswer, BudgetChoice, Concentration, Districts, ProjectGain};
use super::conflicts::Conflicts;
use super::districts::districts;
use super::places::Places;
use super::plan::{Allowed, plan};
use super::question::{Benefit, BudgetFiles, BudgetQuestion};
use super::rules::by_rules;
use crate::access::Opportunities;
use crate::access::equity::gini;
use crate::assessment::{Assessment, assess};
use crate::model::standard::{ESSENTIALS, STANDARD_MINUTES, WORK};
use crate::scenario::{Base, Change, ColumnChange, Scenario};
use crate::scores::budget::concentration_index;
use crate::scores::claims::{agreement, rank_range};
use crate::siting::projects::{Programme, Project, programme};
use crate::{Error, ErrorKind, Progress, Result, StudyArea};

/// Answers a question about a budget on a study.
///
/// - `files`: the rows of each table that the question names.
/// - `scenarios`: what each project changes, in the order of the question.
///
/// # Errors
/// [`ErrorKind::Value`] if a name matches no neighbourhood or district (with the amount that would be lost), a neighbourhood
/// with residents has no need, or a column is unknown; [`ErrorKind::Parameter`] if the floors cannot be met; those of
/// [`assess`] and [`Base::compare`], with the name of the project.
pub fn spend(
    study: &StudyArea,
    asked: &BudgetQuestion,
    files: &BudgetFiles,
    scenarios: &[Scenario],
    progress: &dyn Progress,
) -> Result<BudgetAnswer> {
    if scenarios.len() != asked.projects.len() {
        let message = format!("{} scenarios for {} projects", scenarios.len(), asked.projects.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let places = Places::of(study)?;
    let floors = places.floors(asked)?;
    let found = assess(study, progress)?;
    let people = places.people.clone();
    let need = places.need(asked, files, &found)?;
    let claims = asked.claims.as_ref().map(|claims| match (&claims.column, claims.cost, &claims.table) {
        (Some(column), Some(cost), _) => {
            let counts = places.column(&found, column)?.0;
            Ok(counts.into_iter().map(|count| count * cost).collect())
        }
        (_, _, Some(table)) => places.amounts(table, files, "claim", true),
        _ => Err(Error::new(ErrorKind::Value, "`[claims]` names no column and no table")),
    });
    let claims: Option<Vec<f64>> = claims.transpose()?;
    let spending = asked.spending.as_ref().map(|table| places.amounts(table, files, "amount", false));
    let spending = spending.transpose()?;
    let (owed, published, not_assessed) =
        by_rules(&places, (asked, files), &found, (&need, claims.as_deref()))?;

    let categories = categories(asked, &found)?;
    let weight = weights_of(&need, &people);
    let mut answer = BudgetAnswer {
        ranks: rank_range(&owed),
        agreement: agreement(&owed),
        today: spending.as_ref().map(|spent| concentration(spent, &need, &people)).transpose()?,
        projects: Vec::new(),
        efficient: None,
        fair: None,
        conflicts: Vec::new(),
        together: None,
        assessed: 0,
        price_of_floors: None,
        districts: Districts::default(),
        owed,
        published,
        not_assessed,
        people,
        need,
        claims,
        spending,
        categories,
    };
    if scenarios.is_empty() {
        answer.districts = districts(study, &found, &answer)?;
        return Ok(answer);
    }
    let base = Base::new(study, progress)?;
    let conflicts = Conflicts::of(&asked.projects, scenarios);
    let worth = Worth { base: &base, asked, categories: &answer.categories };
    for ((project, scenario), floor) in asked.projects.iter().zip(scenarios).zip(&floors.of_project) {
        let by_place = worth
            .of(scenario, progress)
            .map_err(|error| error.in_layer(format!("project `{}`", project.name)))?;
        answer.projects.push(ProjectGain {
            name: project.name.clone(),
            cost: project.cost,
            benefit: by_place.iter().sum(),
            by_need: by_place.iter().zip(&weight).map(|(benefit, weight)| benefit * weight).sum(),
            spent: places.spent(project.place.as_deref(), project.cost, &by_place)?,
            neighbourhoods: by_place,
            floor: *floor,
        });
    }
    let best = |benefit: fn(&ProjectGain) -> f64, amounts: &[f64]| -> Result<Programme> {
        // What does harm, or nothing, is not bought for its worth; a floor may still ask for what does nothing.
        let may: Vec<usize> =
            (0..answer.projects.len()).filter(|&at| benefit(&answer.projects[at]) >= 0.0).collect();
        let one = |&at: &usize| {
            let project = &answer.projects[at];
            Project { cost: project.cost, benefit: benefit(project), district: project.floor }
        };
        let solve = |some: &[usize]| {
            let listed: Vec<Project> = some.iter().map(one).collect();
            let mut programme = programme(&listed, asked.budget, amounts)
                .map_err(|error| floors.named(error, &listed, asked.budget))?;
            programme.projects.iter_mut().for_each(|project| *project = some[*project]);
            Ok(programme)
        };
        conflicts.best(&may, &solve)
    };
    let choice = |programme: Programme| {
        let together = worth.together(scenarios, &programme.projects, progress)?;
        choice_of(&answer, programme, together)
    };
    let efficient = choice(best(|project| project.benefit, &[])?)?;
    let fair = choice(best(|project| project.by_need, &floors.amounts)?)?;
    let free = best(|project| project.by_need, &[])?.benefit;
    answer.price_of_floors = Some((free - fair.by_need).max(0.0));
    if asked.together {
        let costs: Vec<f64> = asked.projects.iter().map(|project| project.cost).collect();
        let allowed = Allowed {
            costs: &costs,
            floor_of: &floors.of_project,
            floors: &floors.amounts,
            budget: asked.budget,
        };
        let starts = [&efficient, &fair].map(|choice| choice.programme.projects.clone());
        let found = plan(&allowed, &starts, &mut |set| match conflicts.among(set) {
            Some(_) => Ok(None),
            None => Ok(worth.together(scenarios, set, progress)?.ok()),
        })?;
        if let Some(found) = found {
            let programme = Programme {
                cost: found.projects.iter().map(|&at| costs[at]).sum(),
                benefit: found.value,
                bound: if found.is_proven { found.value } else { f64::INFINITY },
                projects: found.projects,
            };
            answer.assessed = found.assessed;
            answer.together = Some(choice_of(&answer, programme, Ok(found.value))?);
        }
    }
    answer.conflicts = conflicts.0;
    (answer.efficient, answer.fair) = (Some(efficient), Some(fair));
    answer.districts = districts(study, &found, &answer)?;
    Ok(answer)
}

/// A choice with what is spent by it.
fn choice_of(
    answer: &BudgetAnswer,
    programme: Programme,
    together: std::result::Result<f64, String>,
) -> Result<BudgetChoice> {
    let chosen = || programme.projects.iter().map(|&at| &answer.projects[at]);
    let mut spent = answer.spending.clone().unwrap_or_else(|| vec![0.0; answer.people.len()]);
    for project in chosen() {
        spent.iter_mut().zip(&project.spent).for_each(|(sum, spent)| *sum += spent);
    }
    Ok(BudgetChoice {
        benefit: chosen().map(|project| project.benefit).sum(),
        by_need: chosen().map(|project| project.by_need).sum(),
        together,
        concentration: concentration(&spent, &answer.need, &answer.people)?,
        programme,
    })
}

/// The categories whose walks count.
fn categories(asked: &BudgetQuestion, found: &Assessment) -> Result<Vec<String>> {
    if let Some(name) = asked.categories.iter().find(|name| !found.categories.contains(name)) {
        let error =
            Error::new(ErrorKind::Value, format!("the study has no services of the category `{name}`"));
        return Err(error.hint(format!("its categories are {}", found.categories.join(", "))));
    }
    if !asked.categories.is_empty() {
        return Ok(asked.categories.clone());
    }
    let is_there = |name: &&str| *name != WORK && found.categories.iter().any(|known| known == name);
    Ok(ESSENTIALS.into_iter().filter(is_there).map(str::to_owned).collect())
}

/// Need against the mean of all residents; 1 everywhere if nobody is in need.
fn weights_of(need: &[f64], people: &[f64]) -> Vec<f64> {
    let all: f64 = people.iter().sum();
    let mean = need.iter().zip(people).map(|(need, people)| need * people).sum::<f64>() / all;
    need.iter().map(|need| if mean > 0.0 { need / mean } else { 1.0 }).collect()
}

fn concentration(spent: &[f64], need: &[f64], people: &[f64]) -> Result<Concentration> {
    let all: f64 = spent.iter().sum();
    let lived: Vec<usize> = (0..people.len()).filter(|&place| people[place] > 0.0).collect();
    let of = |values: &[f64]| -> Vec<f64> { lived.iter().map(|&place| values[place]).collect() };
    let (people, need) = (of(people), of(need));
    let per_head: Vec<f64> = of(spent).iter().zip(&people).map(|(spent, people)| spent / people).collect();
    let shown: Vec<Option<f64>> = per_head.iter().copied().map(Some).collect();
    let is_spent = all > 0.0 && per_head.iter().any(|spent| *spent > 0.0);
    Ok(Concentration {
        spent: all,
        by_need: if is_spent { concentration_index(&per_head, &need, &people)? } else { None },
        gini: if is_spent { gini(&shown, &people)? } else { None },
        herfindahl: is_spent.then(|| spent.iter().map(|spent| (spent / all).powi(2)).sum()),
    })
}

/// What scenarios are worth.
struct Worth<'a> {
    base: &'a Base<'a>,
    asked: &'a BudgetQuestion,
    categories: &'a [String],
}

impl Worth<'_> {
    /// The benefit by neighbourhood.
    fn of(&self, scenario: &Scenario, progress: &dyn Progress) -> Result<Vec<f64>> {
        let compared = self.base.compare(scenario, progress)?;
        let own = compared.columns.first().map(|column| column.traveller);
        let counts = |column: &&ColumnChange| {
            Some(column.traveller) == own
                && column.category().is_some_and(|name| self.categories.iter().any(|known| known == name))
        };
        let columns: Vec<&ColumnChange> = compared.columns.iter().filter(counts).collect();
        let homes = &self.base.study().homes;
        let mut sums = vec![0.0; self.base.study().neighbourhoods.len()];
        for home in 0..homes.len() {
            let Some(place) = homes.neighbourhoods[home] else { continue };
            let stay = homes.weights[home].min(compared.changed.homes.weights[home]);
            let walks = columns.iter().filter(|column| column.on_street[home]);
            let of_walk = |column: &&ColumnChange| match self.asked.benefit {
                Benefit::PersonMinutes => {
                    let walk = |minutes: Option<f64>| minutes.unwrap_or(Opportunities::SEARCH_LIMIT);
                    walk(column.before[home]) - walk(column.after[home])
                }
                Benefit::People => {
                    let near =
                        |minutes: Option<f64>| minutes.is_some_and(|minutes| minutes <= STANDARD_MINUTES);
                    f64::from(near(column.after[home])) - f64::from(near(column.before[home]))
                }
            };
            let gain: f64 = walks.map(of_walk).sum();
            let gain = match self.asked.benefit {
                Benefit::PersonMinutes => gain,
                Benefit::People if gain == 0.0 => 0.0,
                Benefit::People => gain.signum(),
            };
            sums[place as usize] += stay * gain;
        }
        Ok(sums)
    }

    /// What projects are worth together; the reason where they cannot stand beside each other.
    fn together(
        &self,
        scenarios: &[Scenario],
        chosen: &[usize],
        progress: &dyn Progress,
    ) -> Result<std::result::Result<f64, String>> {
        let of_project =
            |&at: &usize| scenarios[at].changes.iter().map(move |change| named_apart(change.clone(), at));
        let changes = chosen.iter().flat_map(of_project).collect();
        let all = Scenario { name: "together".into(), changes, ..Scenario::default() };
        match self.of(&all, progress) {
            Ok(by_place) => Ok(Ok(by_place.iter().sum())),
            Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
            Err(error) => Ok(Err(error.message().to_owned())),
        }
    }
}

/// A change whose id was made from its number in its own scenario, where other scenarios have the same.
fn named_apart(mut change: Change, project: usize) -> Change {
    if let Change::AddService { id, .. }
    | Change::AddHomes { id, .. }
    | Change::AddGreenSpace { id, .. }
    | Change::AddJobs { id, .. } = &mut change
        && id.starts_with("change ")
    {
        *id = format!("project {}, {id}", project + 1);
    }
    change
}
