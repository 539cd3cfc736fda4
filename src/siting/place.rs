//! A question about sites answered on a study: candidates, what rules them out, the sites, and the price of every rule.

use super::choice::{Choice, SetRule};
use super::demand::{Demand, Role, Unserved};
use super::found::{Difference, Found, difference};
use super::hub::{Constraint, Hub, Near};
use super::objective::{Objective, kappa};
use super::solve::{Effort, solve};
use crate::model::{TravelSettings, category};
use crate::network::{
    Attachment, BuildOptions, Destinations, StreetNetwork, TravelProfile, TravelTimes, travel_times,
};
use crate::{Error, ErrorKind, Minutes, Progress, Result, StudyArea};
use geo::{Area, Centroid, Contains, Distance, Euclidean, Geometry, Point};
use std::collections::BTreeMap;

/// Somewhere that something could stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// What people call it.
    pub name: String,
    /// In the study's metric system.
    pub location: Point<f64>,
    /// What it costs, where that is known.
    pub cost: Option<f64>,
    /// The neighbourhood that it is in.
    pub neighbourhood: Option<u32>,
    /// What rules it out, in people's words; "on no street" among them.
    pub ruled_out_by: Vec<String>,
}

/// A row of a file that a question names, in the study's metric system.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// Its shape.
    pub shape: Geometry<f64>,
    /// Its name, of candidates.
    pub name: Option<String>,
    /// Its cost, of candidates.
    pub cost: Option<f64>,
}

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

/// A group and its members by home.
type Named = (String, Vec<f64>);

/// Homes that make a piece of the network a place of its own.
const ISLAND_HOMES: usize = 10;

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
    let town = Town::new(study, hub, progress)?;
    let candidates = town.candidates(hub, files)?;
    let existing = town.existing(hub)?;
    let (people, groups) = town.people(hub)?;
    let attached: Vec<Option<Attachment>> = candidates
        .iter()
        .map(|candidate| candidate.location)
        .chain(existing.iter().copied())
        .map(|place| town.network.attach(place, study.settings.max_snap_distance, &town.inhabited).ok())
        .collect();
    let limit = Minutes::new(hub.search_minutes)?;
    let destinations = Destinations::at(&town.network, &attached);
    let times = travel_times(&town.network, &town.homes, &destinations, limit, progress)?;

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
        candidates,
        found,
        objective,
        others,
        prices,
    })
}

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
            let clash = self.smallest_clash(ruled_out);
            let error = Error::new(ErrorKind::Parameter, format!("no candidate is left by {clash}"));
            return Err(error.hint("loosen one of them, or give more candidates"));
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
        let mut sets = Vec::new();
        for &rule in rules {
            let constraint = &self.hub.constraints[rule];
            let rule = |sites: Vec<u32>, at_most| SetRule {
                name: constraint.name.clone(),
                sites,
                at_least: 0,
                at_most,
            };
            if let Some(most) = constraint.most_per_neighbourhood {
                let mut by_neighbourhood = BTreeMap::<u32, Vec<u32>>::new();
                for (number, candidate) in self.candidates.iter().enumerate() {
                    if let Some(neighbourhood) = candidate.neighbourhood {
                        by_neighbourhood.entry(neighbourhood).or_default().push(number as u32);
                    }
                }
                sets.extend(
                    by_neighbourhood
                        .into_values()
                        .filter(|sites| sites.len() > most)
                        .map(|sites| rule(sites, most)),
                );
            }
            if let Some(metres) = constraint.spacing_metres {
                for (a, one) in self.candidates.iter().enumerate() {
                    for (b, other) in self.candidates[..a].iter().enumerate() {
                        if Euclidean.distance(one.location, other.location) < metres {
                            sets.push(rule(vec![b as u32, a as u32], 1));
                        }
                    }
                }
            }
        }
        let budget = self.hub.budget.map(|budget| {
            let costs = self.candidates.iter().map(|candidate| candidate.cost.unwrap_or(0.0));
            let existing = self.attached.len() - self.candidates.len();
            (costs.chain(std::iter::repeat_n(0.0, existing)).collect(), budget)
        });
        Choice { count: self.hub.choose, budget, rules: sets }
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

    /// The smallest set of rules that together leave no candidate.
    fn smallest_clash(&self, ruled_out: &[Vec<bool>]) -> String {
        let leaves_none = |rules: &[usize]| {
            (0..self.candidates.len()).all(|number| {
                self.attached[number].is_none() || rules.iter().any(|&rule| ruled_out[rule][number])
            })
        };
        if leaves_none(&[]) {
            return "the streets: every candidate is too far from one".to_owned();
        }
        // Leaving out whatever is not needed leaves rules that are all needed.
        let mut rules: Vec<usize> = (0..ruled_out.len()).collect();
        for rule in 0..ruled_out.len() {
            let rest: Vec<usize> = rules.iter().copied().filter(|other| *other != rule).collect();
            if leaves_none(&rest) {
                rules = rest;
            }
        }
        let names: Vec<String> =
            rules.iter().map(|&rule| format!("`{}`", self.hub.constraints[rule].name)).collect();
        names.join(" and ")
    }

    fn clash(&self, error: Error, ruled_out: &[Vec<bool>]) -> Error {
        let left = (0..self.candidates.len())
            .filter(|&number| self.attached[number].is_some() && !ruled_out.iter().any(|rule| rule[number]))
            .count();
        error.hint(format!("{left} of {} candidates are left by the rules", self.candidates.len()))
    }
}

/// The study on its network.
struct Town<'a> {
    study: &'a StudyArea,
    network: StreetNetwork,
    inhabited: Vec<bool>,
    homes: Vec<Option<Attachment>>,
}

impl<'a> Town<'a> {
    fn new(study: &'a StudyArea, hub: &Hub, progress: &dyn Progress) -> Result<Self> {
        let travel = match &hub.demand.profile {
            Some(profile) => TravelSettings::from_json(&format!("{{\"profile\": {profile:?}}}"))?,
            None => study.settings.travel.clone(),
        };
        let (network, _) = StreetNetwork::build(
            &study.streets,
            TravelProfile::new(travel)?,
            BuildOptions::default(),
            progress,
        )?;
        let distance = study.settings.max_snap_distance;
        let inhabited = network.inhabited_components(&study.homes.locations, ISLAND_HOMES, distance);
        let attach = |home: &Point<f64>| network.attach(*home, distance, &inhabited).ok();
        let homes = study.homes.locations.iter().map(attach).collect();
        Ok(Self { study, inhabited, homes, network })
    }

    fn of_category(&self, name: &str) -> Result<Vec<Geometry<f64>>> {
        if name == category::GREEN_SPACE {
            return Ok(self
                .study
                .green_spaces
                .iter()
                .map(|space| Geometry::MultiPolygon(space.shape.clone()))
                .collect());
        }
        let services = self.study.services.iter().filter(|service| service.category == name);
        let points: Vec<Geometry<f64>> = services.map(|service| Geometry::Point(service.location)).collect();
        if points.is_empty() {
            let known: std::collections::BTreeSet<&str> =
                self.study.services.iter().map(|service| service.category.as_str()).collect();
            let error =
                Error::new(ErrorKind::Value, format!("the study has no services of the category `{name}`"));
            return Err(error.hint(match crate::error::nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its categories are {}", known.into_iter().collect::<Vec<_>>().join(", ")),
            }));
        }
        Ok(points)
    }

    fn candidates(&self, hub: &Hub, files: &BTreeMap<String, Vec<Feature>>) -> Result<Vec<Candidate>> {
        let mut found: Vec<(String, Point<f64>, Option<f64>)> = Vec::new();
        for name in &hub.candidates.categories {
            self.of_category(name)?;
            let services = self.study.services.iter().filter(|service| service.category == *name);
            let named = services.map(|service| {
                (
                    service.name.clone().unwrap_or_else(|| format!("{name} {}", service.id)),
                    service.location,
                    None,
                )
            });
            found.extend(named);
        }
        for file in &hub.candidates.files {
            for (row, feature) in rows_of(files, file)?.iter().enumerate() {
                if let Some(middle) = feature.shape.centroid() {
                    let name = feature.name.clone().unwrap_or_else(|| format!("{file} row {}", row + 1));
                    found.push((name, middle, feature.cost));
                }
            }
        }
        if let (Some(_), Some(row)) = (hub.budget, found.iter().position(|(.., cost)| cost.is_none())) {
            let message = format!("the candidate `{}` has no cost, but there is a budget", found[row].0);
            return Err(Error::new(ErrorKind::Value, message).at_row(row + 1));
        }
        // The same spot twice is one candidate.
        let mut seen = std::collections::BTreeSet::new();
        found.retain(|(_, location, _)| seen.insert((location.x().to_bits(), location.y().to_bits())));
        let neighbourhood = |location: &Point<f64>| {
            let at = self.study.neighbourhoods.iter().position(|area| area.shape.contains(location));
            at.and_then(|at| u32::try_from(at).ok())
        };
        let candidate = |(name, location, cost): (String, Point<f64>, Option<f64>)| Candidate {
            neighbourhood: neighbourhood(&location),
            ruled_out_by: Vec::new(),
            name,
            location,
            cost,
        };
        Ok(found.into_iter().map(candidate).collect())
    }

    fn existing(&self, hub: &Hub) -> Result<Vec<Point<f64>>> {
        if !hub.existing.keep {
            return Ok(Vec::new());
        }
        if let Some(name) = &hub.existing.category {
            self.of_category(name)?;
        }
        let name = hub.existing.category.as_ref().unwrap_or(&hub.category);
        let services = self.study.services.iter().filter(|service| service.category == *name);
        Ok(services.map(|service| service.location).collect())
    }

    /// Who is to be served, and all groups.
    fn people(&self, hub: &Hub) -> Result<(Vec<f64>, Vec<Named>)> {
        let homes = &self.study.homes;
        let groups: Vec<(String, Vec<f64>)> =
            homes.groups.iter().map(|group| (group.name.clone(), group.counts.clone())).collect();
        let Some(name) = &hub.demand.group else { return Ok((homes.weights.clone(), groups)) };
        match groups.iter().find(|(known, _)| known == name) {
            Some((_, counts)) => Ok((counts.clone(), groups)),
            None => {
                let known: Vec<&str> = groups.iter().map(|(name, _)| name.as_str()).collect();
                let error = Error::new(ErrorKind::Value, format!("the study has no group `{name}`"));
                Err(error.hint(format!("its groups are {}", known.join(", "))))
            }
        }
    }

    fn places(&self, near: &Near, files: &BTreeMap<String, Vec<Feature>>) -> Result<Vec<Geometry<f64>>> {
        let mut places = match (&near.category, &near.file) {
            (Some(name), _) => self.of_category(name)?,
            (None, Some(file)) => rows_of(files, file)?.iter().map(|feature| feature.shape.clone()).collect(),
            (None, None) => Vec::new(),
        };
        if let Some(hectares) = near.hectares {
            places.retain(|place| place.unsigned_area() >= hectares * 10_000.0);
        }
        Ok(places)
    }

    /// Which candidates a rule about single sites rules out.
    fn ruled_out(
        &self,
        constraint: &Constraint,
        candidates: &[Candidate],
        attached: &[Option<Attachment>],
        files: &BTreeMap<String, Vec<Feature>>,
        progress: &dyn Progress,
    ) -> Result<Vec<bool>> {
        let (near, wanted) = match (&constraint.apart_from, &constraint.near) {
            (Some(near), _) => (near, false),
            (None, Some(near)) => (near, true),
            (None, None) => return Ok(vec![false; candidates.len()]),
        };
        let places = self.places(near, files)?;
        let is_near: Vec<bool> = match (near.metres, near.walk_minutes) {
            (Some(metres), _) => candidates
                .iter()
                .map(|candidate| {
                    let here = Geometry::Point(candidate.location);
                    places.iter().any(|place| Euclidean.distance(&here, place) <= metres)
                })
                .collect(),
            (None, minutes) => {
                let limit = Minutes::new(minutes.unwrap_or_default())?;
                let distance = self.study.settings.max_snap_distance;
                let middles = places.iter().map(|place| {
                    place
                        .centroid()
                        .and_then(|middle| self.network.attach(middle, distance, &self.inhabited).ok())
                });
                let there = Destinations::at(&self.network, &middles.collect::<Vec<_>>());
                let from = &attached[..candidates.len()];
                let times = travel_times(&self.network, from, &there, limit, progress)?;
                (0..candidates.len()).map(|number| times.row(number).iter().next().is_some()).collect()
            }
        };
        Ok(is_near.into_iter().map(|is_near| is_near != wanted).collect())
    }
}

fn rows_of<'a>(files: &'a BTreeMap<String, Vec<Feature>>, file: &str) -> Result<&'a [Feature]> {
    files.get(file).map(Vec::as_slice).ok_or_else(|| {
        Error::new(ErrorKind::Value, format!("the file `{file}` was not read"))
            .hint("give its rows with the question")
    })
}
