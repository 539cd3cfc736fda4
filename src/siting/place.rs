//! A question about sites answered on a study: candidates, what rules them out, the sites, and the price of every rule.

use super::choice::Choice;
use super::demand::{Demand, Role, Unserved};
use super::found::{Difference, Found, difference};
use super::hub::Hub;
use super::objective::{Objective, kappa};
use super::solve::{Effort, solve};
use super::town::{Candidate, Feature, Town, choice_of, none_left};
use super::trade::{Trade, trades};
use crate::network::{Attachment, Destinations, TravelTimes, travel_times};
use crate::{Error, ErrorKind, Minutes, Progress, Result, StudyArea};
use geo::Point;
use std::collections::BTreeMap;

/// What a rule costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Price {
    /// The rule, in people's words.
    pub name: String,
    /// Candidates that it rules out alone or with others.
    pub rules_out: usize,
    /// The objective without the rule.
    pub without: f64,
    /// Person-minutes that the rule costs everybody together; below 0 where they gain by it, which another objective allows.
    pub person_minutes: f64,
    /// Mean minutes that it costs the worst group, where the study has groups.
    pub worst_group: Option<f64>,
}

/// A question answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Placed {
    /// Every candidate, in the order of the question; sites are numbers of candidates.
    pub candidates: Vec<Candidate>,
    /// Sites with bound, near-best sets and frequency.
    pub found: Found,
    /// The objective.
    pub objective: Objective,
    /// Other objectives: name, the best value found for it alone, and the value of the sites chosen.
    pub others: Vec<(String, f64, f64)>,
    /// Existing places that serve.
    pub existing: usize,
    /// Where they stand, in the study's metric system.
    pub existing_at: Vec<Point<f64>>,
    /// Sets by the mean walk and that of the worst-off tenth, by the former: the near-best sets, those near the best for either
    /// alone, and which of them lie on the curve from the efficient to the fair one.
    pub trades: Vec<Trade>,
    /// People to be served, and those of them within the minutes of the question before and after.
    pub people: f64,
    /// See `people`.
    pub covered_before: f64,
    /// See `people`.
    pub covered_after: f64,
    /// What every rule costs.
    pub prices: Vec<Price>,
    /// By group, and everybody first: who is nearer and who is farther with the second-best set than with the best.
    pub second: Vec<(String, Difference)>,
    /// By group, and everybody first: members, mean minutes before and after; `None` where nobody is served.
    pub groups: Vec<(String, f64, Option<f64>, Option<f64>)>,
    /// Minutes of each home before and after; `None` where it is not served or not asked about.
    pub homes: Vec<(Option<f64>, Option<f64>)>,
    /// What the answer does not say, and what may be against the law.
    pub warnings: Vec<String>,
}

/// Answers a question on a study.
///
/// - `files`: the rows of each file that the question names, by its name there.
///
/// # Errors
/// [`ErrorKind::Value`] if a category, group or profile is unknown; [`ErrorKind::Parameter`] if nothing can be chosen, naming
/// the smallest set of rules that clash; [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn place(
    study: &StudyArea,
    hub: &Hub,
    files: &BTreeMap<String, Vec<Feature>>,
    progress: &dyn Progress,
) -> Result<Placed> {
    if hub.is_of_meeting() {
        let message = format!("`{}` asks where people could meet", hub.objective);
        return Err(Error::new(ErrorKind::Parameter, message).hint("use `siting::meet`"));
    }
    let town = Town::new(study, hub, progress)?;
    let candidates = town.candidates(hub, files)?;
    let existing = town.existing(hub)?;
    let (people, groups) = town.people(hub)?;
    let places: Vec<Point<f64>> =
        candidates.iter().map(|candidate| candidate.location).chain(existing.iter().copied()).collect();
    let attached = town.trips.attach(study, &places);
    let limit = Minutes::new(hub.search_minutes)?;
    let network = town.trips.streets();
    let destinations = Destinations::at(network, &attached);
    let times = travel_times(network, town.trips.homes(), &destinations, limit, progress)?;

    // Which rule rules out which candidate.
    let mut ruled_out: Vec<Vec<bool>> = Vec::new();
    for constraint in &hub.constraints {
        ruled_out.push(town.ruled_out(constraint, &candidates, &attached, files, progress)?);
    }
    let question =
        Question { hub, times: &times, people: &people, attached: &attached, candidates: &candidates };
    let today = question.demand_of_today(existing.len());
    let kappa_today = match &today {
        Some(demand) => kappa(&demand.minutes(&[]), &people, hub.aversion)?,
        None => None,
    };
    let members: Vec<Vec<f64>> = groups.iter().map(|(_, counts)| counts.clone()).collect();
    let effort = Effort { within: hub.within / 100.0, ..Effort::default() };
    let all: Vec<usize> = (0..hub.constraints.len()).collect();
    let demand = question.demand(&all, &ruled_out)?;
    // Without an existing place the walks to the best median stand in for those of today.
    let kappa_used = match kappa_today {
        Some(kappa) => Some(kappa),
        None => {
            let sites = solve(&demand, &question.choice(&all), &Objective::Median, quick())?.best.sites;
            kappa(&demand.minutes(&sites), &people, hub.aversion)?
        }
    };
    let objective = hub.objective(&hub.objective, &members, kappa_used)?;
    progress.start("choosing sites", 1);
    let found = question
        .solve(&demand, &all, &objective, effort)
        .map_err(|error| question.clash(error, &ruled_out))?;

    let mut others = Vec::new();
    for name in &hub.also {
        let other = hub.objective(name, &members, kappa_used)?;
        let best = question.solve(&demand, &all, &other, quick())?.best.value;
        others.push((name.clone(), best, other.value(&demand, &found.best.sites)));
    }
    let mut sets: Vec<Vec<u32>> =
        found.alternatives.iter().take(NEAR).map(|plan| plan.sites.clone()).collect();
    for other in [Objective::Median, Objective::WorstShare(0.1)] {
        if other != objective {
            let near = question.solve(&demand, &all, &other, Effort { within: effort.within, ..quick() })?;
            sets.extend(near.alternatives.into_iter().take(NEAR).map(|plan| plan.sites));
        }
    }
    let trades = trades(&demand, sets.iter().map(Vec::as_slice));
    let worst = (!members.is_empty()).then(|| Objective::WorstGroup { groups: members.clone() });
    let mut prices = Vec::new();
    for rule in &all {
        let rest: Vec<usize> = all.iter().copied().filter(|other| other != rule).collect();
        let freer = question.demand(&rest, &ruled_out)?;
        let without = question.solve(&freer, &rest, &objective, quick())?.best;
        let cost = |objective: &Objective| {
            objective.value(&demand, &found.best.sites) - objective.value(&freer, &without.sites)
        };
        prices.push(Price {
            name: hub.constraints[*rule].name.clone(),
            rules_out: ruled_out[*rule].iter().filter(|out| **out).count(),
            without: without.value,
            person_minutes: cost(&Objective::Median),
            worst_group: worst.as_ref().map(cost),
        });
    }
    progress.advance(1);

    let before = today.as_ref().map_or_else(|| vec![None; people.len()], |demand| demand.minutes(&[]));
    let after = demand.minutes(&found.best.sites);
    let within = |minutes: &[Option<f64>]| -> f64 {
        let near = |walk: &Option<f64>| walk.is_some_and(|walk| walk <= hub.minutes);
        minutes
            .iter()
            .zip(&people)
            .filter(|(walk, _)| near(walk))
            .map(|(_, people)| people)
            .fold(0.0, |sum, people| sum + people)
    };
    let everybody = [("everybody".to_owned(), people.clone())];
    let second = found.alternatives.get(1).map(|plan| plan.sites.clone());
    let named = || everybody.iter().chain(&groups);
    let mut candidates = candidates.clone();
    for (number, candidate) in candidates.iter_mut().enumerate() {
        if attached[number].is_none() {
            candidate.ruled_out_by.push("on no street".to_owned());
        }
        for (constraint, out) in hub.constraints.iter().zip(&ruled_out) {
            if out[number] {
                candidate.ruled_out_by.push(constraint.name.clone());
            }
        }
    }
    Ok(Placed {
        second: second.map_or_else(Vec::new, |second| {
            let of = |(name, counts): &(String, Vec<f64>)| {
                (name.clone(), difference(&demand, &found.best.sites, &second, counts))
            };
            named().map(of).collect()
        }),
        groups: named()
            .map(|(name, counts)| {
                (name.clone(), counts.iter().sum(), mean(&before, counts), mean(&after, counts))
            })
            .collect(),
        people: people.iter().sum(),
        covered_before: within(&before),
        covered_after: within(&after),
        homes: before.iter().copied().zip(after.iter().copied()).collect(),
        warnings: warnings(hub, existing.len(), kappa_today.is_none()),
        existing: existing.len(),
        existing_at: existing,
        trades,
        candidates,
        found,
        objective,
        others,
        prices,
    })
}

/// Near-best sets of one objective that are looked at by others too.
const NEAR: usize = 120;

fn quick() -> Effort {
    Effort { within: 0.0, steps: 150, parts: 100 }
}

fn mean(minutes: &[Option<f64>], people: &[f64]) -> Option<f64> {
    let known = || minutes.iter().zip(people).filter_map(|(minutes, people)| Some(((*minutes)?, *people)));
    let all: f64 = known().map(|(_, people)| people).sum();
    (all > 0.0).then(|| known().map(|(minutes, people)| minutes * people).sum::<f64>() / all)
}

fn warnings(hub: &Hub, existing: usize, no_walks_today: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    if hub.constraints.iter().any(|one| one.spacing_metres.is_some() || one.most_per_neighbourhood.is_some())
    {
        warnings.push(
            "Rules of spacing for housing of people with disabilities may break fair-housing law (United States Department \
             of Housing and Urban Development, Department of Justice: joint statement on group homes, 2016)."
                .to_owned(),
        );
    }
    if hub.existing.keep && existing == 0 {
        warnings.push(
            "No existing place of this kind is in the study, so that the new sites serve alone.".to_owned(),
        );
    }
    if no_walks_today && hub.also.iter().chain([&hub.objective]).any(|name| name == "kolm_pollak") {
        warnings.push(
            "The aversion is scaled by walks to the best median, as nobody walks to such a place today."
                .to_owned(),
        );
    }
    warnings
}

/// What is asked, and the ways.
struct Question<'a> {
    hub: &'a Hub,
    times: &'a TravelTimes,
    people: &'a [f64],
    attached: &'a [Option<Attachment>],
    candidates: &'a [Candidate],
}

impl Question<'_> {
    fn unserved(&self) -> Result<Unserved> {
        Ok(Unserved::CountedAt(Minutes::new(self.hub.search_minutes)?))
    }

    fn demand(&self, rules: &[usize], ruled_out: &[Vec<bool>]) -> Result<Demand> {
        let role = |number: usize| match self.candidates.get(number) {
            None => Role::Existing,
            Some(_) if self.attached[number].is_none() => Role::Excluded,
            Some(_) if rules.iter().any(|&rule| ruled_out[rule][number]) => Role::Excluded,
            Some(_) => Role::Candidate,
        };
        let roles: Vec<Role> = (0..self.attached.len()).map(role).collect();
        if !roles.contains(&Role::Candidate) {
            let on_street = |number: usize| self.attached[number].is_some();
            return Err(none_left(self.hub, ruled_out, self.candidates.len(), &on_street));
        }
        Demand::new(self.times, self.people, &roles, self.unserved()?)
    }

    /// The homes and what stands today alone; `None` if nothing does.
    fn demand_of_today(&self, existing: usize) -> Option<Demand> {
        if existing == 0 {
            return None;
        }
        // The candidates stay in the rows, so that the same homes count.
        let role =
            |number: usize| if number < self.candidates.len() { Role::Candidate } else { Role::Existing };
        let roles: Vec<Role> = (0..self.attached.len()).map(role).collect();
        Demand::new(self.times, self.people, &roles, self.unserved().ok()?).ok()
    }

    fn choice(&self, rules: &[usize]) -> Choice {
        choice_of(self.hub, rules, self.candidates, self.attached.len() - self.candidates.len())
    }

    fn solve(
        &self,
        demand: &Demand,
        rules: &[usize],
        objective: &Objective,
        effort: Effort,
    ) -> Result<Found> {
        solve(demand, &self.choice(rules), objective, effort)
    }

    fn clash(&self, error: Error, ruled_out: &[Vec<bool>]) -> Error {
        let left = (0..self.candidates.len())
            .filter(|&number| self.attached[number].is_some() && !ruled_out.iter().any(|rule| rule[number]))
            .count();
        error.hint(format!("{left} of {} candidates are left by the rules", self.candidates.len()))
    }
}
