//! A question about places to meet answered on a study.

use super::aim::MeetingAim;
use super::sites::{MeetingGain, MeetingPlaces, MeetingSites};
use crate::access::{Opportunities, Sites, Source};
use crate::measure::groups::Groups;
use crate::measure::neighbours;
use crate::measures::encounter::{
    MEETING_CATEGORIES, MeetingReach, SHARED_BY, entrances, hides_a_small_count, kind_of, visits,
};
use crate::model::category::GREEN_SPACE;
use crate::model::{GreenSpace, Service};
use crate::siting::found::Found;
use crate::siting::hub::Hub;
use crate::siting::town::{Candidate, Feature, Town, choice_of, none_left};
use crate::spatial::small_counts::SMALL_COUNT;
use crate::{Error, ErrorKind, Progress, Result, StudyArea};
use geo::Point;
use std::collections::BTreeMap;

/// What a rule costs a question about places to meet.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MeetingPrice {
    /// The rule, in people's words.
    pub name: String,
    /// Candidates that it rules out alone or with others.
    pub rules_out: usize,
    /// The best value without the rule, at least.
    pub without: f64,
}

/// A question about places to meet answered.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Met {
    /// What the sites were chosen for.
    pub aim: MeetingAim,
    /// Groups that do not overlap and leave nobody out, in the order of [`MeetingGain::groups`].
    pub groups: Vec<String>,
    /// Every candidate, in the order of the question; sites are numbers of candidates.
    pub candidates: Vec<Candidate>,
    /// What each candidate would change by itself; `None` where it is on no street.
    pub gains: Vec<Option<MeetingGain>>,
    /// Mix of groups in reach of each candidate, and how much more mixed it is than the neighbourhoods of its people.
    pub mixes: Vec<Option<(f64, f64)>>,
    /// Whether anything by group is withheld of a candidate, because a count in its reach is small.
    pub hidden: Vec<bool>,
    /// Residents of each neighbourhood who could walk to a candidate, by number.
    pub reach: Vec<Vec<(u32, f64)>>,
    /// Numbers of the candidates, the best by itself first; without those that are ruled out.
    pub ranking: Vec<u32>,
    /// Sites with bound, near-best sets and frequency.
    pub found: Found,
    /// What the sites together would change.
    pub best: MeetingGain,
    /// What the second-best set would change, if there is one near.
    pub second: Option<MeetingGain>,
    /// Pairs of neighbours, by number, and how many places they share today.
    pub pairs: Vec<((usize, usize), usize)>,
    /// Places to meet of today, and those of the kind that is to be placed.
    pub places: (usize, usize),
    /// Residents on streets.
    pub residents: f64,
    /// What every rule costs.
    pub prices: Vec<MeetingPrice>,
}

/// Answers a question about places to meet on a study.
///
/// - `files`: the rows of each file that the question names, by its name there.
///
/// A candidate is a place that people could walk to within 15 minutes, as in an assessment of encounter; a park with an area
/// is entered along its edge, everything else at its point.
///
/// # Errors
/// [`ErrorKind::Value`] if a category, group or profile is unknown, the category is not one where people meet, or candidates
/// are such places already; [`ErrorKind::Study`] with the reason if encounter cannot be assessed; [`ErrorKind::Parameter`] if
/// nothing can be chosen, naming the smallest set of rules that clash; [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn meet(
    study: &StudyArea,
    hub: &Hub,
    files: &BTreeMap<String, Vec<Feature>>,
    progress: &dyn Progress,
) -> Result<Met> {
    check(hub)?;
    let town = Town::new(study, hub, progress)?;
    let mut candidates = town.candidates(hub, files)?;
    let (trips, groups) = (&town.trips, Groups::of(study)?);
    let aim = hub.aim(&groups.names_apart())?.ok_or_else(|| {
        let message = format!("`{}` is no objective of places to meet", hub.objective);
        Error::new(ErrorKind::Parameter, message)
            .hint("ask for `encounter` or `neighbours`, or use `siting::place`")
    })?;
    let sites = Sites::of(&study.homes, trips.homes())?;
    let opportunities = trips.opportunities(study);
    let network = trips.streets();
    let reach =
        MeetingReach::of(study, (network, &sites), &opportunities, &groups, &neighbours(study)?, progress)?;
    let reach = reach.map_err(|reason| Error::new(ErrorKind::Study, reason))?;
    let kind =
        |place: &usize| kind_of(study, &opportunities.sources()[*place]) == Some(hub.category.as_str());
    let of_kind: Vec<bool> = reach.places.iter().map(kind).collect();

    let (added, numbers) = as_opportunities(&town, hub, &candidates);
    let doors = entrances(&added, &(0..numbers.len()).collect::<Vec<_>>());
    let doors: Vec<_> = doors.into_iter().map(|(place, door)| (numbers[place as usize], door)).collect();
    let there = visits(network, &sites, &doors, candidates.len(), progress)?;
    let on_street: Vec<bool> = (0..candidates.len() as u32).map(|number| numbers.contains(&number)).collect();
    let today = MeetingPlaces { count: reach.places.len(), visits: &reach.visits };
    let more = MeetingPlaces { count: candidates.len(), visits: &there };
    let meeting =
        MeetingSites::new(reach.residents(&sites), today, &of_kind, more, reach.pairs.clone(), SHARED_BY)?;

    let points: Vec<Point<f64>> = candidates.iter().map(|candidate| candidate.location).collect();
    let attached = trips.attach(study, &points);
    let mut ruled_out: Vec<Vec<bool>> = Vec::new();
    for constraint in &hub.constraints {
        ruled_out.push(town.ruled_out(constraint, &candidates, &attached, files, progress)?);
    }
    let all: Vec<usize> = (0..hub.constraints.len()).collect();
    let left = |rules: &[usize]| -> Vec<u32> {
        let stays =
            |number: &usize| on_street[*number] && !rules.iter().any(|&rule| ruled_out[rule][*number]);
        (0..candidates.len()).filter(stays).map(|number| number as u32).collect()
    };
    let allowed = left(&all);
    if allowed.is_empty() {
        return Err(none_left(hub, &ruled_out, candidates.len(), &|number| on_street[number]));
    }
    progress.start("choosing places to meet", 1);
    let found = meeting
        .solve_among(&allowed, &choice_of(hub, &all, &candidates, 0), aim, hub.within / 100.0)
        .map_err(|error| match error.hint_text() {
            Some(_) => error,
            None => error.hint(format!(
                "{} of {} candidates are left by the rules",
                allowed.len(),
                candidates.len()
            )),
        })?;
    let mut prices = Vec::new();
    for &rule in &all {
        let rest: Vec<usize> = all.iter().copied().filter(|other| *other != rule).collect();
        let freer = meeting.solve_among(&left(&rest), &choice_of(hub, &rest, &candidates, 0), aim, 0.0)?;
        prices.push(MeetingPrice {
            name: hub.constraints[rule].name.clone(),
            rules_out: ruled_out[rule].iter().filter(|out| **out).count(),
            // Fewer rules are never worse: what the search found with them is found without them, too.
            without: freer.best.value.max(found.best.value),
        });
    }
    progress.advance(1);
    for (number, candidate) in candidates.iter_mut().enumerate() {
        if !on_street[number] {
            candidate.ruled_out_by.push("on no street".to_owned());
        }
        let rules = hub.constraints.iter().zip(&ruled_out).filter(|(_, out)| out[number]);
        candidate.ruled_out_by.extend(rules.map(|(constraint, _)| constraint.name.clone()));
    }
    let numbers = || 0..candidates.len() as u32;
    let hides = |number: u32| match meeting.mix(number) {
        Some(mix) => Ok(mix.residents < SMALL_COUNT || hides_a_small_count(mix)?),
        None => Ok(false),
    };
    let gains: Vec<Option<MeetingGain>> =
        numbers().map(|number| on_street[number as usize].then(|| meeting.gain(&[number]))).collect();
    let worth = |&number: &u32| gains[number as usize].as_ref().map_or(0.0, |gain| value_of(gain, aim));
    let mut ranking = allowed;
    let tie = |number: &u32| gains[*number as usize].as_ref().map_or(0.0, MeetingGain::gain);
    ranking.sort_by(|a, b| worth(b).total_cmp(&worth(a)).then(tie(b).total_cmp(&tie(a))).then(a.cmp(b)));
    Ok(Met {
        aim,
        groups: reach.groups.clone(),
        mixes: numbers().map(|number| meeting.mix(number).map(|mix| (mix.diversity, mix.bridging))).collect(),
        hidden: numbers().map(hides).collect::<Result<_>>()?,
        reach: numbers().map(|number| meeting.reach_of(number)).collect(),
        best: meeting.gain(&found.best.sites),
        second: found.alternatives.get(1).map(|plan| meeting.gain(&plan.sites)),
        pairs: meeting.pairs().collect(),
        places: (of_kind.len(), of_kind.iter().filter(|of_kind| **of_kind).count()),
        residents: sites.weights.iter().sum(),
        candidates,
        gains,
        ranking,
        found,
        prices,
    })
}

/// What the aim counts of a gain.
pub(super) fn value_of(gain: &MeetingGain, aim: MeetingAim) -> f64 {
    match aim {
        MeetingAim::Encounter => gain.gain(),
        MeetingAim::EncounterOf(group) => {
            let (before, after) = gain.groups[group];
            after.unwrap_or(0.0) - before.unwrap_or(0.0)
        }
        MeetingAim::Neighbours => gain.joins.len() as f64,
    }
}

fn check(hub: &Hub) -> Result<()> {
    let value = |message: String| Error::new(ErrorKind::Value, message);
    if !MEETING_CATEGORIES.contains(&hub.category.as_str()) {
        let error = value(format!("`{}` is no category of places to meet", hub.category));
        return Err(error.hint(match crate::error::nearest(&hub.category, MEETING_CATEGORIES.into_iter()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("they are {}", MEETING_CATEGORIES.join(", ")),
        }));
    }
    if hub.candidates.categories.contains(&hub.category) {
        return Err(value(format!("the candidates of the category `{}` stand already", hub.category))
            .hint("name places of other categories, or a file of sites"));
    }
    Ok(())
}

/// The candidates as places of the study, and the candidate of each that is on a street.
fn as_opportunities(town: &Town<'_>, hub: &Hub, candidates: &[Candidate]) -> (Opportunities, Vec<u32>) {
    let (mut services, mut parks) = (Vec::new(), Vec::new());
    let (mut of_service, mut of_park) = (Vec::new(), Vec::new());
    for (number, candidate) in candidates.iter().enumerate() {
        let (id, name) = (format!("candidate {}", number + 1), Some(candidate.name.clone()));
        match &candidate.area {
            Some(shape) if hub.category == GREEN_SPACE => {
                parks.push(GreenSpace { id, name, shape: shape.clone(), entrances: Vec::new() });
                of_park.push(number as u32);
            }
            _ => {
                let (category, location) = (hub.category.clone(), candidate.location);
                services.push(Service {
                    id,
                    name,
                    category,
                    location,
                    count: 1.0,
                    capacity: None,
                    opening_hours: None,
                });
                of_service.push(number as u32);
            }
        }
    }
    let added = town.trips.opportunities_of(town.study, &services, &parks);
    let number = |source: &Source| match source {
        Source::Service(at) => Some(of_service[*at]),
        Source::GreenSpace(at) => Some(of_park[*at]),
        Source::Workplace(_) => None,
    };
    let numbers = added.sources().iter().filter_map(number).collect();
    (added, numbers)
}
