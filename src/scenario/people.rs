//! Homes that come and go, with their people.

use super::apply::{neighbourhood_of, not_negative, unknown, value};
use crate::{Result, StudyArea};
use geo::Point;
use std::collections::{BTreeMap, BTreeSet};

/// Adds a home; a group that is not named has the share that it has in the neighbourhood, or else in the city.
pub(super) fn add_homes(
    study: &mut StudyArea,
    (id, at): (&str, Point<f64>),
    residents: f64,
    groups: &BTreeMap<String, f64>,
) -> Result<()> {
    let area = u32::try_from(neighbourhood_of(study, at)?).unwrap_or(u32::MAX);
    not_negative("number of residents", residents)?;
    if study.homes.ids.iter().any(|known| known == id) {
        return Err(value(format!("the id `{id}` is taken by another home")));
    }
    for (name, members) in groups {
        not_negative("number of members", *members)?;
        if !study.homes.groups.iter().any(|group| group.name == *name) {
            return Err(unknown("group", name, study.homes.groups.iter().map(|group| group.name.as_str())));
        }
        if *members > residents {
            return Err(value(format!("{members} people of `{name}`, but {residents} residents")));
        }
    }
    let alike = Alike::of_neighbourhood(study, area);
    let members = study.homes.groups.iter().enumerate();
    let members: Vec<f64> = members
        .map(|(number, group)| groups.get(&group.name).copied().unwrap_or(alike.groups[number] * residents))
        .collect();
    push(study, (id, at, Some(area)), residents, (&members, alike.workers * residents));
    Ok(())
}

/// Adds a home as it is.
pub(super) fn push(
    study: &mut StudyArea,
    (id, at, area): (&str, Point<f64>, Option<u32>),
    residents: f64,
    (members, workers): (&[f64], f64),
) {
    let homes = &mut study.homes;
    homes.groups.iter_mut().zip(members).for_each(|(group, count)| group.counts.push(*count));
    if let Some(known) = &mut homes.workers {
        known.push(workers);
    }
    homes.ids.push(id.to_owned());
    homes.locations.push(at);
    homes.weights.push(residents);
    homes.neighbourhoods.push(area);
}

/// Empties homes; those that were added by the scenario are taken away again. Returns the people who leave.
pub(super) fn remove_homes(
    study: &mut StudyArea,
    ids: &[String],
    added: &mut BTreeSet<String>,
) -> Result<f64> {
    let mut numbers = Vec::new();
    for id in ids {
        let number = study.homes.ids.iter().position(|known| known == id);
        numbers.push(number.ok_or_else(|| unknown("home", id, study.homes.ids.iter().map(String::as_str)))?);
    }
    numbers.sort_unstable();
    numbers.dedup();
    let people: f64 = numbers.iter().map(|&home| study.homes.weights[home]).sum();
    numbers.iter().for_each(|&home| empty(study, home));
    for home in numbers.into_iter().rev() {
        if added.remove(&study.homes.ids[home]) {
            let homes = &mut study.homes;
            homes.ids.remove(home);
            homes.locations.remove(home);
            homes.weights.remove(home);
            homes.neighbourhoods.remove(home);
            for group in &mut homes.groups {
                group.counts.remove(home);
            }
            if let Some(workers) = &mut homes.workers {
                workers.remove(home);
            }
        }
    }
    Ok(people)
}

/// Nobody lives in a home any more.
pub(super) fn empty(study: &mut StudyArea, home: usize) {
    study.homes.weights[home] = 0.0;
    study.homes.groups.iter_mut().for_each(|group| group.counts[home] = 0.0);
    if let Some(workers) = &mut study.homes.workers {
        workers[home] = 0.0;
    }
}

/// Shares of people: whom newcomers are like.
pub(super) struct Alike {
    /// Of each group, 0 to 1.
    pub groups: Vec<f64>,
    /// Of workers.
    pub workers: f64,
}

impl Alike {
    /// Those of a neighbourhood, or of the city where nobody lives in it.
    pub(super) fn of_neighbourhood(study: &StudyArea, area: u32) -> Self {
        let here = |home: usize| study.homes.neighbourhoods[home] == Some(area);
        let lived_in =
            (0..study.homes.len()).filter(|&home| here(home)).any(|home| study.homes.weights[home] > 0.0);
        if lived_in { Self::of(study, here) } else { Self::of_city(study) }
    }

    /// Those of the whole city.
    pub(super) fn of_city(study: &StudyArea) -> Self {
        Self::of(study, |_| true)
    }

    fn of(study: &StudyArea, is_meant: impl Fn(usize) -> bool) -> Self {
        let homes = &study.homes;
        let sum = |counts: &[f64]| -> f64 {
            (0..homes.len())
                .filter(|&home| is_meant(home))
                .map(|home| counts[home])
                .fold(0.0, |sum, one| sum + one)
        };
        let people = sum(&homes.weights);
        let share = |counts: &[f64]| if people > 0.0 { sum(counts) / people } else { 0.0 };
        Self {
            groups: homes.groups.iter().map(|group| share(&group.counts)).collect(),
            workers: homes.workers.as_deref().map_or(0.0, share),
        }
    }
}
