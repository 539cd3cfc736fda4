//! Candidates of a question, what rules them out, and which sets are allowed: the study on its network.

use super::along::positions;
use super::choice::{Choice, SetRule};
use super::hub::{Constraint, Hub, Near};
use crate::measure::Trips;
use crate::model::{TravelSettings, category};
use crate::network::{Attachment, Destinations, TravelProfile, travel_times};
use crate::{Error, ErrorKind, Minutes, Progress, Result, StudyArea};
use geo::{Area, Centroid, Contains, Distance, Euclidean, Geometry, MultiPolygon, Point};
use std::collections::{BTreeMap, BTreeSet};

/// A group and its members by home.
pub(super) type Named = (String, Vec<f64>);

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
    /// Its area, where a file gave one: a park is entered along its edge.
    pub area: Option<MultiPolygon<f64>>,
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

/// The study on its network.
pub(super) struct Town<'a> {
    pub study: &'a StudyArea,
    pub trips: Trips,
}

impl<'a> Town<'a> {
    pub fn new(study: &'a StudyArea, hub: &Hub, progress: &dyn Progress) -> Result<Self> {
        let travel = match &hub.demand.profile {
            Some(profile) => TravelSettings::from_json(&format!("{{\"profile\": {profile:?}}}"))?,
            None => study.settings.travel.clone(),
        };
        Ok(Self { study, trips: Trips::of(study, TravelProfile::new(travel)?, progress)? })
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
            let known: BTreeSet<&str> =
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

    pub fn candidates(&self, hub: &Hub, files: &BTreeMap<String, Vec<Feature>>) -> Result<Vec<Candidate>> {
        let mut found: Vec<Candidate> = Vec::new();
        let candidate = |name, location, cost, area| Candidate {
            neighbourhood: self.neighbourhood(&location),
            ruled_out_by: Vec::new(),
            name,
            location,
            cost,
            area,
        };
        for name in &hub.candidates.categories {
            self.of_category(name)?;
            let services = self.study.services.iter().filter(|service| service.category == *name);
            let named = services.map(|service| {
                let name = service.name.clone().unwrap_or_else(|| format!("{name} {}", service.id));
                candidate(name, service.location, None, None)
            });
            found.extend(named);
        }
        for file in &hub.candidates.files {
            for (row, feature) in rows_of(files, file)?.iter().enumerate() {
                if let Some(middle) = feature.shape.centroid() {
                    let name = feature.name.clone().unwrap_or_else(|| format!("{file} row {}", row + 1));
                    let area = match &feature.shape {
                        Geometry::Polygon(area) => Some(MultiPolygon::from(area.clone())),
                        Geometry::MultiPolygon(areas) => Some(areas.clone()),
                        _ => None,
                    };
                    found.push(candidate(name, middle, feature.cost, area));
                }
            }
        }
        if let Some(step) = hub.candidates.streets_every_metres {
            let on_streets = self.on_streets(step);
            found
                .extend(on_streets.into_iter().map(|(name, location)| candidate(name, location, None, None)));
        }
        if let (Some(_), Some(row)) = (hub.budget, found.iter().position(|one| one.cost.is_none())) {
            let message = format!("the candidate `{}` has no cost, but there is a budget", found[row].name);
            return Err(Error::new(ErrorKind::Value, message).at_row(row + 1));
        }
        // The same spot twice is one candidate.
        let mut seen = BTreeSet::new();
        found.retain(|one| seen.insert((one.location.x().to_bits(), one.location.y().to_bits())));
        Ok(found)
    }

    /// Positions on the streets that the traveller may use, with the name of the street and the metres from its start.
    fn on_streets(&self, step: f64) -> Vec<(String, Point<f64>)> {
        /// A position on a street that is closed to the traveller is farther from any other.
        const ON_IT: f64 = 0.5;
        let streets = self.study.streets.iter().flat_map(|street| {
            let name =
                street.tags.get("name").map_or_else(|| format!("street {}", street.id), ToString::to_string);
            let named = move |(at, point): (f64, Point<f64>)| (format!("{name}, at {at:.0} m"), point);
            positions(&street.line, step).into_iter().map(named)
        });
        let (names, points): (Vec<String>, Vec<Point<f64>>) = streets.unzip();
        let attached = self.trips.attach(self.study, &points);
        let is_on_it = |one: &Option<Attachment>| one.as_ref().is_some_and(|one| one.gap.get() <= ON_IT);
        let all = names.into_iter().zip(points).zip(attached);
        all.filter(|(_, attached)| is_on_it(attached)).map(|(one, _)| one).collect()
    }

    fn neighbourhood(&self, location: &Point<f64>) -> Option<u32> {
        let at = self.study.neighbourhoods.iter().position(|area| area.shape.contains(location));
        at.and_then(|at| u32::try_from(at).ok())
    }

    pub fn existing(&self, hub: &Hub) -> Result<Vec<Point<f64>>> {
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
    pub fn people(&self, hub: &Hub) -> Result<(Vec<f64>, Vec<Named>)> {
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
    pub fn ruled_out(
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
                let middles: Vec<Point<f64>> = places.iter().filter_map(Centroid::centroid).collect();
                let network = self.trips.streets();
                let there = Destinations::at(network, &self.trips.attach(self.study, &middles));
                let from = &attached[..candidates.len()];
                let times = travel_times(network, from, &there, limit, progress)?;
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

/// Which sets are allowed by some of the rules of a question; `existing` places stand after the candidates.
pub(super) fn choice_of(hub: &Hub, rules: &[usize], candidates: &[Candidate], existing: usize) -> Choice {
    let mut sets = Vec::new();
    for &rule in rules {
        let constraint = &hub.constraints[rule];
        let rule =
            |sites: Vec<u32>, at_most| SetRule { name: constraint.name.clone(), sites, at_least: 0, at_most };
        if let Some(most) = constraint.most_per_neighbourhood {
            let mut by_neighbourhood = BTreeMap::<u32, Vec<u32>>::new();
            for (number, candidate) in candidates.iter().enumerate() {
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
            for (a, one) in candidates.iter().enumerate() {
                for (b, other) in candidates[..a].iter().enumerate() {
                    if Euclidean.distance(one.location, other.location) < metres {
                        sets.push(rule(vec![b as u32, a as u32], 1));
                    }
                }
            }
        }
    }
    let budget = hub.budget.map(|budget| {
        let costs = candidates.iter().map(|candidate| candidate.cost.unwrap_or(0.0));
        (costs.chain(std::iter::repeat_n(0.0, existing)).collect(), budget)
    });
    Choice { count: hub.choose, budget, rules: sets }
}

/// The error where rules and streets leave no candidate, with the smallest set of rules that do.
pub(super) fn none_left(
    hub: &Hub,
    ruled_out: &[Vec<bool>],
    candidates: usize,
    on_street: &dyn Fn(usize) -> bool,
) -> Error {
    let leaves_none = |rules: &[usize]| {
        (0..candidates).all(|number| !on_street(number) || rules.iter().any(|&rule| ruled_out[rule][number]))
    };
    let clash = if leaves_none(&[]) {
        "the streets: every candidate is too far from one".to_owned()
    } else {
        // Leaving out whatever is not needed leaves rules that are all needed.
        let mut rules: Vec<usize> = (0..ruled_out.len()).collect();
        for rule in 0..ruled_out.len() {
            let rest: Vec<usize> = rules.iter().copied().filter(|other| *other != rule).collect();
            if leaves_none(&rest) {
                rules = rest;
            }
        }
        let names: Vec<String> =
            rules.iter().map(|&rule| format!("`{}`", hub.constraints[rule].name)).collect();
        names.join(" and ")
    };
    Error::new(ErrorKind::Parameter, format!("no candidate is left by {clash}"))
        .hint("loosen one of them, or give more candidates")
}
