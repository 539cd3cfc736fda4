//! Neighbourhoods and districts by the names that a question uses for them.

use super::question::{Amounts, BudgetFiles, BudgetQuestion};
use crate::assessment::Assessment;
use crate::measure::{Key, Scale};
use crate::scores::claims::by_name;
use crate::siting::projects::Project;
use crate::{Error, ErrorKind, Result, StudyArea};
use std::collections::BTreeMap;

/// Floors of a question.
pub(super) struct Floors {
    names: Vec<String>,
    pub(super) amounts: Vec<f64>,
    pub(super) of_project: Vec<Option<u32>>,
}

impl Floors {
    /// An error of the choice, with the name of the floor that cannot be met.
    pub(super) fn named(&self, error: Error, projects: &[Project], budget: f64) -> Error {
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
pub(super) struct Places<'a> {
    pub(super) study: &'a StudyArea,
    names: Vec<&'a str>,
    pub(super) people: Vec<f64>,
}

impl<'a> Places<'a> {
    pub(super) fn of(study: &'a StudyArea) -> Result<Self> {
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

    /// A table in the order of the neighbourhoods, whichever of id and name it has; `None` where it has none.
    pub(super) fn known(&self, table: &Amounts, files: &BudgetFiles) -> Result<Vec<Option<f64>>> {
        let rows = files
            .tables
            .get(table)
            .ok_or_else(|| Error::new(ErrorKind::Value, format!("the file `{}` was not read", table.file)))?;
        let by_id: BTreeMap<&str, &str> =
            self.study.neighbourhoods.iter().map(|place| (place.id.as_str(), place.name.as_str())).collect();
        let known = |(name, amount): &'_ (String, f64)| {
            (by_id.get(name.as_str()).map_or(name.clone(), |known| (*known).to_owned()), *amount)
        };
        let named: Vec<(String, f64)> = rows.iter().map(known).collect();
        let amounts = by_name(&self.names, &named).map_err(|error| error.in_layer(&table.file))?;
        let is_there = |place: usize| named.iter().any(|(name, _)| *name == self.names[place]);
        Ok(amounts.into_iter().enumerate().map(|(place, amount)| is_there(place).then_some(amount)).collect())
    }

    /// Amounts of a table, 0 where it has none; with `all` that is an error where people live.
    pub(super) fn amounts(
        &self,
        table: &Amounts,
        files: &BudgetFiles,
        what: &str,
        all: bool,
    ) -> Result<Vec<f64>> {
        let amount = |(place, amount): (usize, Option<f64>)| match amount {
            Some(amount) if !(amount.is_finite() && amount >= 0.0) => {
                Err(Error::new(ErrorKind::Value, format!("a {what} of `{amount}`"))
                    .in_layer(&table.file)
                    .with_id(self.names[place])
                    .hint("it must be finite and not negative"))
            }
            None if all && self.people[place] > 0.0 => {
                let message = format!("`{}` has residents, but no {what}", self.names[place]);
                Err(Error::new(ErrorKind::Value, message)
                    .in_layer(&table.file)
                    .hint("write 0 if that is meant"))
            }
            amount => Ok(amount.unwrap_or(0.0)),
        };
        self.known(table, files)?.into_iter().enumerate().map(amount).collect()
    }

    /// A column of an assessment, 0 where nobody lives; and whether more of it is better.
    pub(super) fn column(&self, found: &Assessment, name: &str) -> Result<(Vec<f64>, bool)> {
        let table = found.neighbourhoods();
        let known = |key: &Key| key.name(table.weight());
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

    pub(super) fn need(
        &self,
        asked: &BudgetQuestion,
        files: &BudgetFiles,
        found: &Assessment,
    ) -> Result<Vec<f64>> {
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

    pub(super) fn floors(&self, asked: &BudgetQuestion) -> Result<Floors> {
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
    pub(super) fn spent(&self, place: Option<&str>, cost: f64, benefit: &[f64]) -> Result<Vec<f64>> {
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
