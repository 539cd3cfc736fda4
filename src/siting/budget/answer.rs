//! What is owed, what each project is worth, and which projects are chosen.

use super::plan::{Allowed, plan};
use super::question::{Amounts, Benefit, BudgetFiles, BudgetQuestion};
use crate::access::Opportunities;
use crate::access::equity::gini;
use crate::assessment::{Assessment, assess};
use crate::measure::Scale;
use crate::model::standard::{ESSENTIALS, STANDARD_MINUTES, WORK};
use crate::scenario::{Base, Change, ColumnChange, Scenario};
use crate::scores::budget::concentration_index;
use crate::scores::claims::{Owed, agreement, by_name, owed_by_rules, rank_range};
use crate::siting::projects::{Programme, Project, programme};
use crate::{Error, ErrorKind, Progress, Result, StudyArea};
use std::collections::BTreeMap;

/// What a project does.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ProjectGain {
    /// Its name.
    pub name: String,
    /// What it costs.
    pub cost: f64,
    /// Of all who stay: person-minutes or people gained, less those lost; below 0 it does harm and is not chosen.
    pub benefit: f64,
    /// The same by need: every neighbourhood counts by its need against the mean of all residents.
    pub by_need: f64,
    /// The benefit by neighbourhood.
    pub neighbourhoods: Vec<f64>,
    /// Where the money is spent, by neighbourhood; the sum is the cost, unless nobody lives where it is spent.
    pub spent: Vec<f64>,
    /// The floor that it counts for, by its number among those of the question.
    pub floor: Option<u32>,
}

/// How spending is spread.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Concentration {
    /// What is spent in all.
    pub spent: f64,
    /// Concentration index of spending per head, by need: above 0 where the neediest get more. `None` if nothing is spent.
    pub by_need: Option<f64>,
    /// Gini index of spending per head: 0 where all residents get the same.
    pub gini: Option<f64>,
    /// Herfindahl-Hirschman index of the shares of neighbourhoods in the money: 1 where one gets all.
    pub herfindahl: Option<f64>,
}

/// Chosen projects.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct BudgetChoice {
    /// Numbers of the projects, cost, worth and bound, by the aim of the choice.
    pub programme: Programme,
    /// What the projects are worth one by one.
    pub benefit: f64,
    /// The same by need.
    pub by_need: f64,
    /// What they are worth when all are made together, or why that cannot be said.
    pub together: std::result::Result<f64, String>,
    /// Spending of today with them.
    pub concentration: Concentration,
}

/// A question about a budget answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BudgetAnswer {
    /// Residents of each neighbourhood.
    pub people: Vec<f64>,
    /// What it needs; 0 where nobody lives.
    pub need: Vec<f64>,
    /// What it claims; `None` without claims.
    pub claims: Option<Vec<f64>>,
    /// What is spent there today.
    pub spending: Option<Vec<f64>>,
    /// What it is owed by each rule.
    pub owed: Vec<Owed>,
    /// Best and worst rank over the rules; `None` where nobody lives.
    pub ranks: Vec<Option<(usize, usize)>>,
    /// Agreement of the rules: Kendall's W.
    pub agreement: Option<f64>,
    /// Categories whose walks count.
    pub categories: Vec<String>,
    /// Every project, in the order of the question.
    pub projects: Vec<ProjectGain>,
    /// The projects of greatest benefit within the budget, without floors.
    pub efficient: Option<BudgetChoice>,
    /// The projects of greatest benefit by need, with the floors.
    pub fair: Option<BudgetChoice>,
    /// The projects of greatest benefit when they are made together, with the floors, where the question asks for it; its bound is
    /// its benefit if every set was assessed, and infinite else: projects may be worth more together than one by one.
    pub together: Option<BudgetChoice>,
    /// Sets of projects that were assessed as a whole for it.
    pub assessed: usize,
    /// What the floors cost the fair choice, by need; `None` without projects.
    pub price_of_floors: Option<f64>,
    /// Spending of today; `None` where it is not given.
    pub today: Option<Concentration>,
}

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
    let nothing = vec![0.0; people.len()];
    let owed =
        owed_by_rules(&asked.owed_by()?, &people, &need, claims.as_ref().unwrap_or(&nothing), asked.budget)?;

    let categories = categories(asked, &found)?;
    let weight = weights_of(&need, &people);
    let mut answer = BudgetAnswer {
        ranks: rank_range(&owed),
        agreement: agreement(&owed),
        today: spending.as_ref().map(|spent| concentration(spent, &need, &people)).transpose()?,
        projects: Vec::new(),
        efficient: None,
        fair: None,
        together: None,
        assessed: 0,
        price_of_floors: None,
        owed,
        people,
        need,
        claims,
        spending,
        categories,
    };
    if scenarios.is_empty() {
        return Ok(answer);
    }
    let base = Base::new(study, progress)?;
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
    let choose = |benefit: fn(&ProjectGain) -> f64, amounts: &[f64]| -> Result<BudgetChoice> {
        // What does harm, or nothing, is not bought for its worth; a floor may still ask for what does nothing.
        let may: Vec<usize> =
            (0..answer.projects.len()).filter(|&at| benefit(&answer.projects[at]) >= 0.0).collect();
        let one = |&at: &usize| {
            let project = &answer.projects[at];
            Project { cost: project.cost, benefit: benefit(project), district: project.floor }
        };
        let listed: Vec<Project> = may.iter().map(one).collect();
        let mut programme = programme(&listed, asked.budget, amounts)
            .map_err(|error| floors.named(error, &listed, asked.budget))?;
        programme.projects.iter_mut().for_each(|project| *project = may[*project]);
        let together = worth.together(scenarios, &programme.projects, progress)?;
        choice_of(&answer, programme, together)
    };
    let (efficient, fair) =
        (choose(|project| project.benefit, &[])?, choose(|project| project.by_need, &floors.amounts)?);
    let free: Vec<Project> =
        answer.projects.iter().filter(|project| project.by_need >= 0.0).map(by_need).collect();
    let free = programme(&free, asked.budget, &[])?.benefit;
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
        let found = plan(&allowed, &starts, &mut |set| Ok(worth.together(scenarios, set, progress)?.ok()))?;
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
    (answer.efficient, answer.fair) = (Some(efficient), Some(fair));
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

fn by_need(project: &ProjectGain) -> Project {
    Project { cost: project.cost, benefit: project.by_need, district: None }
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

/// Floors of a question.
struct Floors {
    names: Vec<String>,
    amounts: Vec<f64>,
    of_project: Vec<Option<u32>>,
}

impl Floors {
    /// An error of the choice, with the name of the floor that cannot be met.
    fn named(&self, error: Error, projects: &[Project], budget: f64) -> Error {
        for (number, (name, floor)) in self.names.iter().zip(&self.amounts).enumerate() {
            let own = projects.iter().filter(|one| one.district == Some(number as u32) && one.cost <= budget);
            let cost: f64 = own.map(|one| one.cost).sum();
            if cost < *floor {
                let message =
                    format!("the floor of `{name}` is {floor}, but all its projects together cost {cost}");
                return Error::new(ErrorKind::Parameter, message)
                    .hint("lower the floor, or propose more projects there");
            }
        }
        error
    }
}

/// Neighbourhoods and districts by name.
struct Places<'a> {
    study: &'a StudyArea,
    names: Vec<&'a str>,
    people: Vec<f64>,
}

impl<'a> Places<'a> {
    fn of(study: &'a StudyArea) -> Result<Self> {
        let mut people = vec![0.0; study.neighbourhoods.len()];
        for (place, count) in study.homes.neighbourhoods.iter().zip(&study.homes.weights) {
            if let Some(place) = place {
                people[*place as usize] += count;
            }
        }
        if people.iter().sum::<f64>() <= 0.0 {
            return Err(Error::new(ErrorKind::Study, "nobody lives in any of the neighbourhoods"));
        }
        Ok(Self {
            names: study.neighbourhoods.iter().map(|place| place.name.as_str()).collect(),
            study,
            people,
        })
    }

    /// A table in the order of the neighbourhoods, whichever of id and name it has; 0 where it has none.
    fn amounts(&self, table: &Amounts, files: &BudgetFiles, what: &str, all: bool) -> Result<Vec<f64>> {
        let rows = files
            .get(table)
            .ok_or_else(|| Error::new(ErrorKind::Value, format!("the file `{}` was not read", table.file)))?;
        let by_id: BTreeMap<&str, &str> =
            self.study.neighbourhoods.iter().map(|place| (place.id.as_str(), place.name.as_str())).collect();
        let known = |(name, amount): &'_ (String, f64)| {
            (by_id.get(name.as_str()).map_or(name.clone(), |known| (*known).to_owned()), *amount)
        };
        let named: Vec<(String, f64)> = rows.iter().map(known).collect();
        let amounts = by_name(&self.names, &named).map_err(|error| error.in_layer(&table.file))?;
        if let Some(place) = amounts.iter().position(|amount| !(amount.is_finite() && *amount >= 0.0)) {
            let message = format!("a {what} of `{}`", amounts[place]);
            return Err(Error::new(ErrorKind::Value, message)
                .in_layer(&table.file)
                .with_id(self.names[place])
                .hint("it must be finite and not negative"));
        }
        let is_missing = |place: usize| {
            self.people[place] > 0.0 && !named.iter().any(|(name, _)| *name == self.names[place])
        };
        match (0..amounts.len()).find(|&place| all && is_missing(place)) {
            Some(place) => Err(Error::new(
                ErrorKind::Value,
                format!("`{}` has residents, but no {what}", self.names[place]),
            )
            .in_layer(&table.file)
            .hint("write 0 if that is meant")),
            None => Ok(amounts),
        }
    }

    /// A column of an assessment, 0 where nobody lives; and whether more of it is better.
    fn column(&self, found: &Assessment, name: &str) -> Result<(Vec<f64>, bool)> {
        let table = found.neighbourhoods();
        let known = |key: &crate::measure::Key| key.name(table.weight());
        let (Some(key), Ok(values)) = (table.key(name), table.values(name)) else {
            let all: Vec<String> = table.keys().iter().map(known).collect();
            let error =
                Error::new(ErrorKind::Value, format!("neighbourhoods have no column of numbers `{name}`"));
            return Err(error.hint(match crate::error::nearest(name, all.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`commonground columns` lists them".to_owned(),
            }));
        };
        let value = |(place, value): (usize, Option<f64>)| match value {
            _ if self.people[place] <= 0.0 => Ok(0.0),
            Some(value) if value >= 0.0 => Ok(value),
            Some(value) => Err(Error::new(ErrorKind::Value, format!("`{name}` is `{value}`, below 0"))
                .with_id(self.names[place])
                .in_column(name)),
            None => {
                Err(Error::new(ErrorKind::Value, format!("`{name}` is not known of `{}`", self.names[place]))
                    .in_column(name)
                    .hint("choose another column, or give a table"))
            }
        };
        let values = values.into_iter().enumerate().map(value).collect::<Result<_>>()?;
        Ok((values, key.column.scale == Scale::MoreIsBetter))
    }

    fn need(&self, asked: &BudgetQuestion, files: &BudgetFiles, found: &Assessment) -> Result<Vec<f64>> {
        let (values, more_is_better) = match (&asked.need.column, &asked.need.table) {
            (Some(column), _) => self.column(found, column)?,
            (None, Some(table)) => (self.amounts(table, files, "need", true)?, false),
            (None, None) => {
                return Err(Error::new(ErrorKind::Value, "`[need]` names no column and no table"));
            }
        };
        let lived = || values.iter().zip(&self.people).filter(|(_, people)| **people > 0.0);
        let best = lived().map(|(value, _)| *value).fold(0.0, f64::max);
        let need = |(value, people): (&f64, &f64)| match (*people > 0.0, more_is_better) {
            (false, _) => 0.0,
            (true, true) => best - value,
            (true, false) => *value,
        };
        Ok(values.iter().zip(&self.people).map(need).collect())
    }

    /// The neighbourhoods of a district or neighbourhood by its name or id.
    fn within(&self, name: &str) -> Option<Vec<usize>> {
        let districts = &self.study.districts;
        if let Some(district) = districts.iter().find(|one| one.name == name || one.id == name) {
            return Some(district.neighbourhoods.iter().map(|&place| place as usize).collect());
        }
        let at = self.study.neighbourhoods.iter().position(|one| one.name == name || one.id == name);
        at.map(|place| vec![place])
    }

    /// As [`Places::within`]; a name that nothing has is an error with the amount that would be lost.
    fn named(&self, name: &str, what: &str, amount: f64) -> Result<Vec<usize>> {
        self.within(name).ok_or_else(|| {
            let message = format!(
                "{what} is in `{name}`, which is no district or neighbourhood: {amount} would be lost"
            );
            let districts = self.study.districts.iter().map(|one| one.name.as_str());
            let known = districts.chain(self.names.iter().copied());
            let error = Error::new(ErrorKind::Value, message);
            match crate::error::nearest(name, known) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("use the names of the layers `neighbourhoods` and `districts`"),
            }
        })
    }

    fn floors(&self, asked: &BudgetQuestion) -> Result<Floors> {
        let mut floors = Floors { names: Vec::new(), amounts: Vec::new(), of_project: Vec::new() };
        let mut areas = Vec::new();
        for (name, amount) in &asked.floors {
            areas.push(self.named(name, "a floor", *amount)?);
            floors.names.push(name.clone());
            floors.amounts.push(*amount);
        }
        let sum: f64 = floors.amounts.iter().sum();
        if sum > asked.budget {
            let message = format!("the floors add up to {sum}, more than the budget of {}", asked.budget);
            return Err(Error::new(ErrorKind::Value, message));
        }
        for project in &asked.projects {
            let of = match &project.place {
                Some(place) => self.named(place, &format!("the project `{}`", project.name), project.cost)?,
                None => Vec::new(),
            };
            let holds = |area: &Vec<usize>| !of.is_empty() && of.iter().all(|place| area.contains(place));
            let own: Vec<usize> = (0..areas.len()).filter(|&floor| holds(&areas[floor])).collect();
            if let [first, second, ..] = own[..] {
                let message = format!(
                    "the project `{}` lies in `{}` and in `{}`, which both have a floor",
                    project.name, floors.names[first], floors.names[second]
                );
                return Err(Error::new(ErrorKind::Value, message)
                    .hint("give floors of districts, or of neighbourhoods"));
            }
            floors.of_project.push(own.first().map(|&floor| floor as u32));
        }
        Ok(floors)
    }

    /// Money by neighbourhood: by residents of its place, or else where people gain.
    fn spent(&self, place: Option<&str>, cost: f64, benefit: &[f64]) -> Result<Vec<f64>> {
        let mut shares = vec![0.0; benefit.len()];
        match place {
            Some(name) => {
                for at in self.named(name, "a project", cost)? {
                    shares[at] = self.people[at];
                }
            }
            None => shares.iter_mut().zip(benefit).for_each(|(share, benefit)| *share = benefit.max(0.0)),
        }
        if shares.iter().sum::<f64>() <= 0.0 {
            match place.and_then(|name| self.within(name)) {
                // Where nobody lives, it is still spent there.
                Some(area) => area.iter().for_each(|&at| shares[at] = 1.0),
                None => shares.clone_from(&self.people),
            }
        }
        let all: f64 = shares.iter().sum();
        Ok(shares.into_iter().map(|share| cost * share / all).collect())
    }
}
