//! Changes made to a copy of a study: all are looked at and every problem is listed; each leaves a receipt.

use super::change::{Change, Scenario, ServiceName};
use super::cut;
use super::land::{self, Built};
use super::people::{add_homes, remove_homes};
use super::streets::{self, Undo};
use crate::error::nearest;
use crate::model::transit::{Feed, NewLine};
use crate::model::{GreenSpace, Service, Workplaces};
use crate::{Error, ErrorKind, Result, StudyArea};
use geo::{Area, Distance, Euclidean, Haversine, Intersects, Point};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What one change touched.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Receipt {
    /// The word for the change.
    pub action: &'static str,
    /// What was done, in a sentence.
    pub what: String,
    /// Homes that were added or emptied.
    pub homes: usize,
    /// People who come (above 0) or leave (below 0).
    pub people: f64,
    /// Streets that were added, split, changed or removed.
    pub streets: usize,
    /// Parcels or districts that were rezoned or built on.
    pub land: usize,
    /// Metres from the ends of an added street to what they join, the longer of the two.
    pub metres_to_network: Option<f64>,
}

/// A changed copy of a study.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Applied {
    /// The study after all changes. Homes that are removed stay in the list without people, so that a home has the same
    /// number before and after; homes that are added come last.
    pub changed: StudyArea,
    /// What each change touched, in their order.
    pub receipts: Vec<Receipt>,
    /// Ids of streets that were added: they are joined at their ends alone.
    pub added_streets: BTreeSet<i64>,
    /// What was built, piece of land by piece of land.
    pub built: Vec<Built>,
    /// What was assumed, a sentence each.
    pub assumptions: Vec<String>,
}

/// A study while it is changed.
pub(super) struct Work {
    pub study: StudyArea,
    /// How streets that were added are taken away again.
    pub added_streets: BTreeMap<i64, Undo>,
    pub added_homes: BTreeSet<String>,
    pub built: Vec<Built>,
    pub assumptions: Vec<String>,
    /// Categories of the services of the study as it is.
    categories: BTreeSet<String>,
    /// Numbers of services by id, which several may share.
    services: HashMap<String, Vec<usize>>,
}

/// Applies a scenario to a copy of the study. The study itself is never changed.
///
/// # Errors
/// [`ErrorKind::Study`] listing every problem with the number of its change: an id, code, group or column that is unknown
/// (with the nearest one) or taken, a place outside the study, a street that joins nothing, a group that exceeds the
/// residents, a number that cannot be.
pub fn apply(study: &StudyArea, scenario: &Scenario) -> Result<Applied> {
    let mut work = Work {
        study: study.clone(),
        added_streets: BTreeMap::new(),
        added_homes: BTreeSet::new(),
        built: Vec::new(),
        assumptions: Vec::new(),
        categories: study.services.iter().map(|one| one.category.clone()).collect(),
        services: HashMap::new(),
    };
    work.count_services();
    let (mut receipts, mut problems) = (Vec::new(), Vec::new());
    for (number, change) in scenario.changes.iter().enumerate() {
        match work.apply(change, number + 1) {
            Ok(receipt) => receipts.push(Receipt { action: change.action(), ..receipt }),
            Err(error) => {
                problems.push(error.at_row(number + 1).in_layer(format!("changes ({})", change.action())));
            }
        }
    }
    match problems.len() {
        0 => {
            let Work { study: changed, added_streets, built, assumptions, .. } = work;
            let added_streets = added_streets.into_keys().collect();
            Ok(Applied { changed, receipts, added_streets, built, assumptions })
        }
        1 => Err(problems.remove(0)),
        count => {
            let list: Vec<String> = problems.iter().map(Error::to_string).collect();
            let message = format!("`{}` has {count} problems:\n{}", scenario.name, list.join("\n"));
            Err(Error::new(ErrorKind::Study, message))
        }
    }
}

impl Work {
    fn apply(&mut self, change: &Change, number: usize) -> Result<Receipt> {
        match change {
            Change::AddService { id, category, name, at, capacity } => {
                self.add_service(id, category, name.as_deref(), *at, *capacity)
            }
            Change::CloseService { service } => {
                let closed = self.study.services.remove(self.service(service)?);
                self.count_services();
                if self.was_known(&closed.category) && !self.is_known(&closed.category) {
                    self.study.closed_categories.insert(closed.category.clone());
                }
                let name = closed.name.unwrap_or(closed.id);
                Ok(did(format!("{} `{name}` closes", closed.category.replace('_', " "))))
            }
            Change::MoveService { service, to } => {
                let number = self.service(service)?;
                neighbourhood_of(&self.study, *to)?;
                let moved = &mut self.study.services[number];
                let metres = Euclidean.distance(moved.location, *to);
                moved.location = *to;
                Ok(did(format!("`{}` moves by {metres:.0} m", service.id)))
            }
            Change::SetCapacity { service, capacity } => {
                let number = self.service(service)?;
                not_negative("capacity", *capacity)?;
                let before = self.study.services[number].capacity.replace(*capacity);
                let before = before.map_or("unknown".to_owned(), |before| before.to_string());
                Ok(did(format!("capacity of `{}`: {before} before, {capacity} after", service.id)))
            }
            Change::AddHomes { id, at, residents, groups } => {
                add_homes(&mut self.study, (id, *at), *residents, groups)?;
                self.added_homes.insert(id.clone());
                let what = format!("{residents} {} come to `{id}`", self.study.homes.weight.noun());
                Ok(Receipt { what, homes: 1, people: *residents, ..Receipt::default() })
            }
            Change::RemoveHomes { homes } => {
                let people = remove_homes(&mut self.study, homes, &mut self.added_homes)?;
                let what = format!("{people} {} leave {} homes", self.study.homes.weight.noun(), homes.len());
                Ok(Receipt { what, homes: homes.len(), people: -people, ..Receipt::default() })
            }
            Change::AddStreet { .. } | Change::ChangeStreet { .. } | Change::AddCrossing { .. } => {
                streets::change(self, change)
            }
            Change::RemoveStreet { street } => streets::remove(self, *street),
            Change::RemoveLine { line } => self.change_line(line, Feed::close_routes, "no longer run"),
            Change::AddLine(line) => self.add_line(line),
            Change::MoveStop { stop, to } => self.move_stop(stop, *to),
            Change::DoubleLine { line } => {
                self.change_line(line, Feed::double_routes, "are added or halve their headway")
            }
            Change::AddGreenSpace { id, name, shape } => {
                let study = &mut self.study;
                if study.green_spaces.iter().any(|space| space.id == *id) {
                    return Err(value(format!("the id `{id}` is taken by another green space")));
                }
                cut::check(study, shape)?;
                let hectares = shape.unsigned_area() / 10_000.0;
                study.green_spaces.push(GreenSpace {
                    id: id.clone(),
                    name: name.clone(),
                    shape: shape.clone(),
                    entrances: Vec::new(),
                });
                Ok(did(format!("a green space of {hectares:.2} ha, `{}`", name.as_ref().unwrap_or(id))))
            }
            Change::AddJobs { id, at, jobs, classes } => self.add_jobs(id, *at, *jobs, classes),
            Change::SetIndicator { neighbourhood, year, column, value } => {
                self.set_indicator(neighbourhood, *year, column, *value)
            }
            Change::Rezone { .. } => land::rezone(self, change, number),
            Change::BuildOut { .. } => land::build_out(self, change, number),
        }
    }

    fn add_service(
        &mut self,
        id: &str,
        category: &str,
        name: Option<&str>,
        at: Point<f64>,
        capacity: Option<f64>,
    ) -> Result<Receipt> {
        if self.services.contains_key(id) {
            return Err(value(format!("the id `{id}` is taken by another service")));
        }
        if category.trim().is_empty() {
            return Err(value("the category is empty".to_owned()).hint("for example `category = \"clinic\"`"));
        }
        neighbourhood_of(&self.study, at)?;
        not_negative("capacity", capacity.unwrap_or(0.0))?;
        let is_known = crate::model::category::ALL.contains(&category)
            || self.study.services.iter().any(|one| one.category == category);
        let near = nearest(category, crate::model::category::ALL.into_iter());
        if let (false, Some(near)) = (is_known, near) {
            self.assumptions.push(format!(
                "the category `{category}` is new to the study; it is no `{near}`, if that was meant"
            ));
        }
        self.study.services.push(Service {
            id: id.to_owned(),
            name: name.map(str::to_owned),
            category: category.to_owned(),
            location: at,
            count: 1.0,
            capacity,
            opening_hours: None,
        });
        self.count_services();
        Ok(did(format!("{} `{}` opens", category.replace('_', " "), name.unwrap_or(id))))
    }

    /// Changes a line in every timetable that has it.
    fn change_line(
        &mut self,
        line: &str,
        change: fn(&mut Feed, &[u32]) -> usize,
        what: &str,
    ) -> Result<Receipt> {
        let transit = self.study.transit.as_mut().ok_or_else(without_transit)?;
        let routes: Vec<Vec<u32>> = transit.feeds.iter().map(|feed| feed.routes_of(line)).collect();
        if routes.iter().all(Vec::is_empty) {
            let names =
                transit.feeds.iter().flat_map(|feed| feed.routes.iter().map(|route| route.name.as_str()));
            return Err(unknown("line", line, names));
        }
        let trips: usize =
            transit.feeds.iter_mut().zip(&routes).map(|(feed, routes)| change(feed, routes)).sum();
        Ok(did(format!("line `{line}`: {trips} trips {what}")))
    }

    /// Adds a line to the first timetable.
    fn add_line(&mut self, line: &NewLine) -> Result<Receipt> {
        let transit = self.study.transit.as_mut().ok_or_else(without_transit)?;
        if transit.feeds.iter().any(|feed| !feed.routes_of(&line.name).is_empty()) {
            return Err(value(format!("the name `{}` is taken by another line", line.name)));
        }
        // On the days that the study asks for; what left on the evening before may still be running.
        let days = transit.slices.iter().map(|slice| slice.date);
        let (first, last) = days.clone().min().zip(days.max()).ok_or_else(without_transit)?;
        let feed = transit.feeds.first_mut().ok_or_else(without_transit)?;
        let trips = feed.add_line(line, [first.pred_opt().unwrap_or(first), last])?;
        Ok(did(format!("line `{}`: {trips} trips a day are added", line.name)))
    }

    /// Moves a stop in every timetable that has it.
    fn move_stop(&mut self, id: &str, to: [f64; 2]) -> Result<Receipt> {
        let transit = self.study.transit.as_mut().ok_or_else(without_transit)?;
        let mut metres = None;
        for stop in transit.feeds.iter_mut().flat_map(|feed| &mut feed.stops).filter(|stop| stop.id == id) {
            metres = Some(Haversine.distance(Point::from(stop.lon_lat), Point::from(to)));
            stop.lon_lat = to;
        }
        match metres {
            Some(metres) => Ok(did(format!("stop `{id}` moves {metres:.0} m"))),
            None => {
                let stops =
                    transit.feeds.iter().flat_map(|feed| feed.stops.iter().map(|stop| stop.id.as_str()));
                Err(unknown("stop", id, stops))
            }
        }
    }

    fn add_jobs(
        &mut self,
        id: &str,
        at: Point<f64>,
        jobs: f64,
        classes: &BTreeMap<String, f64>,
    ) -> Result<Receipt> {
        neighbourhood_of(&self.study, at)?;
        not_negative("number of jobs", jobs)?;
        let workplaces = self.study.workplaces.get_or_insert_with(Workplaces::default);
        if workplaces.ids.iter().any(|known| known == id) {
            return Err(value(format!("the id `{id}` is taken by another workplace")));
        }
        for (name, count) in classes {
            not_negative("number of jobs", *count)?;
            if !workplaces.classes.iter().any(|class| class.name == *name) {
                return Err(unknown(
                    "class of jobs",
                    name,
                    workplaces.classes.iter().map(|one| one.name.as_str()),
                ));
            }
            if *count > jobs {
                return Err(value(format!("{count} jobs of `{name}`, but {jobs} jobs")));
            }
        }
        workplaces.ids.push(id.to_owned());
        workplaces.locations.push(at);
        workplaces.jobs.push(jobs);
        for class in &mut workplaces.classes {
            class.jobs.push(classes.get(&class.name).copied().unwrap_or(0.0));
        }
        Ok(did(format!("{jobs} jobs come to `{id}`")))
    }

    fn set_indicator(&mut self, place: &str, year: i32, column: &str, to: f64) -> Result<Receipt> {
        let number = place_number(&self.study, place)?;
        let years: Vec<String> = self.study.indicators.iter().map(|table| table.year.to_string()).collect();
        let table = self.study.indicators.iter_mut().find(|table| table.year == year).ok_or_else(|| {
            value(format!("there are no indicators of {year}"))
                .hint(format!("there are those of {}", years.join(", ")))
        })?;
        let known: Vec<String> = table.columns.keys().cloned().collect();
        let values = table
            .columns
            .get_mut(column)
            .ok_or_else(|| unknown("indicator", column, known.iter().map(String::as_str)))?;
        if !to.is_finite() {
            return Err(value(format!("a value of `{to}`")));
        }
        if crate::model::known_indicators::SHARES.contains(&column) && !(0.0..=1.0).contains(&to) {
            return Err(value(format!("`{column}` is a share, and `{to}` is none"))
                .hint(format!("from 0 to 1: was {} meant?", to / 100.0)));
        }
        let before = values.values[number].replace(to);
        let before = before.map_or("unknown".to_owned(), |before| before.to_string());
        Ok(did(format!("{column} of {year} in {place}: {before} before, {to} after")))
    }

    /// The number of a service: the only one that is meant.
    fn service(&self, name: &ServiceName) -> Result<usize> {
        let all = &self.study.services;
        let named = self.services.get(&name.id).map_or(&[][..], Vec::as_slice);
        if named.is_empty() {
            return Err(unknown("service", &name.id, all.iter().map(|one| one.id.as_str())));
        }
        let is_meant =
            |number: &&usize| name.category.as_ref().is_none_or(|one| *one == all[**number].category);
        let meant: Vec<usize> = named.iter().filter(is_meant).copied().collect();
        if let [number] = meant[..] {
            return Ok(number);
        }
        let categories: BTreeSet<&str> = named.iter().map(|&number| all[number].category.as_str()).collect();
        let said = categories.iter().copied().collect::<Vec<_>>().join("`, `");
        let (id, count) = (&name.id, meant.len());
        Err(match name.category {
            Some(ref category) if count == 0 => {
                value(format!("the service `{id}` is no `{category}`")).hint(format!("it is `{said}`"))
            }
            None if categories.len() > 1 => value(format!("{count} services have the id `{id}`"))
                .hint(format!("say which with `category`, one of `{said}`")),
            _ => value(format!("{count} services of one category have the id `{id}`"))
                .hint("give each row of its layer an id of its own"),
        })
    }

    /// Whether a place of the category is there.
    fn is_known(&self, category: &str) -> bool {
        self.study.services.iter().any(|one| one.category == category)
    }

    /// Whether the study itself has a place of the category: what a scenario adds and takes away leaves nothing.
    fn was_known(&self, category: &str) -> bool {
        self.categories.contains(category)
    }

    fn count_services(&mut self) {
        self.services.clear();
        for (number, one) in self.study.services.iter().enumerate() {
            self.services.entry(one.id.clone()).or_default().push(number);
        }
    }
}

fn without_transit() -> Error {
    value("the study has no public transport".to_owned())
        .hint("add `[[transit]]` with the file of a timetable, and `[transit_times]`")
}

/// A receipt of nothing but words.
pub(super) fn did(what: String) -> Receipt {
    Receipt { what, ..Receipt::default() }
}

pub(super) fn value(message: String) -> Error {
    Error::new(ErrorKind::Value, message)
}

pub(super) fn unknown<'a>(what: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let error = value(format!("no {what} has the id `{id}`"));
    match nearest(id, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

pub(super) fn not_negative(what: &str, number: f64) -> Result<()> {
    if number.is_finite() && number >= 0.0 {
        return Ok(());
    }
    Err(value(format!("a {what} of `{number}`")).hint("it must be finite and not negative"))
}

fn outside() -> Error {
    Error::new(ErrorKind::Geometry, "the place is in none of the neighbourhoods")
        .hint("write `[longitude, latitude]`, in this order")
}

/// The neighbourhood of a place.
pub(super) fn neighbourhood_of(study: &StudyArea, at: Point<f64>) -> Result<usize> {
    let holds = |place: &crate::model::Neighbourhood| place.shape.intersects(&at);
    study.neighbourhoods.iter().position(holds).ok_or_else(outside)
}

/// A neighbourhood by its id or name.
pub(super) fn place_number(study: &StudyArea, place: &str) -> Result<usize> {
    let places = &study.neighbourhoods;
    let found = places.iter().position(|one| one.id == place || one.name == place);
    found.ok_or_else(|| unknown("neighbourhood", place, places.iter().map(|one| one.name.as_str())))
}
