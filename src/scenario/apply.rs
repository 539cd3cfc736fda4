//! Changes made to a copy of a study: all are looked at first and every problem is listed; each leaves a receipt.

use super::change::{Change, Scenario};
use crate::error::nearest;
use crate::model::{Service, Street, Tags};
use crate::{Error, ErrorKind, Result, StudyArea};
use geo::{ClosestPoint, Contains, Coord, Distance, Euclidean, Length, Line, LineString, Point};
use std::collections::BTreeMap;

/// Farthest that the end of an added street may be from the street that it joins, in metres.
pub const JOIN_WITHIN_M: f64 = 20.0;
/// A vertex this near to an end is joined as it is, in metres.
const SAME_VERTEX_M: f64 = 0.5;

/// What one change touched.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// The word for the change.
    pub action: &'static str,
    /// What was done, in a sentence.
    pub what: String,
    /// Homes that were added or emptied.
    pub homes: usize,
    /// People who come (above 0) or leave (below 0).
    pub people: f64,
    /// Streets that were added, split or removed.
    pub streets: usize,
    /// Metres from the ends of an added street to what they join, the longer of the two.
    pub metres_to_network: Option<f64>,
}

/// Applies a scenario to a copy of the study. The study itself is never changed.
///
/// Homes that are removed stay in the list without people, so that a home has the same number before and after; homes that
/// are added come last.
///
/// # Errors
/// [`ErrorKind::Study`] listing every problem with the number of its change: an id that is unknown (with the nearest one) or
/// taken, a place outside the study, a street that joins nothing, a group that exceeds the residents, a negative number.
pub fn apply(study: &StudyArea, scenario: &Scenario) -> Result<(StudyArea, Vec<Receipt>)> {
    let mut changed = study.clone();
    let (mut receipts, mut problems) = (Vec::new(), Vec::new());
    for (number, change) in scenario.changes.iter().enumerate() {
        match apply_one(&mut changed, change) {
            Ok(receipt) => receipts.push(receipt),
            Err(error) => {
                problems.push(error.at_row(number + 1).in_layer(format!("changes ({})", change.action())));
            }
        }
    }
    match problems.len() {
        0 => Ok((changed, receipts)),
        1 => Err(problems.remove(0)),
        count => {
            let list: Vec<String> = problems.iter().map(Error::to_string).collect();
            let message = format!("`{}` has {count} problems:\n{}", scenario.name, list.join("\n"));
            Err(Error::new(ErrorKind::Study, message))
        }
    }
}

fn apply_one(study: &mut StudyArea, change: &Change) -> Result<Receipt> {
    let receipt = Receipt {
        action: change.action(),
        what: String::new(),
        homes: 0,
        people: 0.0,
        streets: 0,
        metres_to_network: None,
    };
    match change {
        Change::AddService { id, category, name, at, capacity } => {
            if study.services.iter().any(|service| service.id == *id) {
                return Err(value(format!("the id `{id}` is taken by another service")));
            }
            inside(study, *at)?;
            not_negative("capacity", capacity.unwrap_or(0.0))?;
            study.services.push(Service {
                id: id.clone(),
                name: name.clone(),
                category: category.clone(),
                location: *at,
                count: 1.0,
                capacity: *capacity,
            });
            let what = format!("{} `{}` opens", category.replace('_', " "), name.as_ref().unwrap_or(id));
            Ok(Receipt { what, ..receipt })
        }
        Change::CloseService { service } => {
            let closed = study.services.remove(number_of(study, service)?);
            let what = format!(
                "{} `{}` closes",
                closed.category.replace('_', " "),
                closed.name.unwrap_or(closed.id)
            );
            Ok(Receipt { what, ..receipt })
        }
        Change::MoveService { service, to } => {
            let number = number_of(study, service)?;
            inside(study, *to)?;
            let moved = &mut study.services[number];
            let metres = Euclidean.distance(moved.location, *to);
            moved.location = *to;
            Ok(Receipt { what: format!("`{service}` moves by {metres:.0} m"), ..receipt })
        }
        Change::SetCapacity { service, capacity } => {
            let number = number_of(study, service)?;
            not_negative("capacity", *capacity)?;
            let before = study.services[number].capacity.replace(*capacity);
            let before = before.map_or("unknown".to_owned(), |before| before.to_string());
            Ok(Receipt {
                what: format!("capacity of `{service}`: {before} before, {capacity} after"),
                ..receipt
            })
        }
        Change::AddHomes { id, at, residents, groups } => {
            add_homes(study, id, *at, *residents, groups)?;
            Ok(Receipt {
                what: format!("{residents} people come to `{id}`"),
                homes: 1,
                people: *residents,
                ..receipt
            })
        }
        Change::RemoveHomes { homes } => {
            let mut numbers = Vec::new();
            for id in homes {
                let number = study.homes.ids.iter().position(|known| known == id);
                numbers.push(
                    number.ok_or_else(|| unknown("home", id, study.homes.ids.iter().map(String::as_str)))?,
                );
            }
            let people: f64 = numbers.iter().map(|&home| study.homes.weights[home]).sum();
            for home in numbers {
                study.homes.weights[home] = 0.0;
                study.homes.groups.iter_mut().for_each(|group| group.counts[home] = 0.0);
                if let Some(workers) = &mut study.homes.workers {
                    workers[home] = 0.0;
                }
            }
            let what = format!("{people} people leave {} homes", homes.len());
            Ok(Receipt { what, homes: homes.len(), people: -people, ..receipt })
        }
        Change::AddStreet { line, class, bridge } => {
            let (metres, split) = add_street(study, line, class, *bridge)?;
            let what = format!("a {class} of {:.0} m", Euclidean.length(line));
            Ok(Receipt { what, streets: 1 + split, metres_to_network: Some(metres), ..receipt })
        }
        Change::RemoveStreet { street } => {
            let before = study.streets.len();
            study.streets.retain(|one| one.id != *street);
            match before - study.streets.len() {
                0 => Err(value(format!("no street has the id `{street}`"))),
                streets => Ok(Receipt { what: format!("street `{street}` closes"), streets, ..receipt }),
            }
        }
    }
}

fn value(message: String) -> Error {
    Error::new(ErrorKind::Value, message)
}

fn unknown<'a>(what: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Error {
    let error = value(format!("no {what} has the id `{id}`"));
    match nearest(id, known) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error,
    }
}

fn number_of(study: &StudyArea, service: &str) -> Result<usize> {
    let found = study.services.iter().position(|known| known.id == service);
    found.ok_or_else(|| unknown("service", service, study.services.iter().map(|known| known.id.as_str())))
}

fn not_negative(what: &str, number: f64) -> Result<()> {
    if number.is_finite() && number >= 0.0 {
        return Ok(());
    }
    Err(value(format!("a {what} of `{number}`")).hint("it must be finite and not negative"))
}

/// The neighbourhood of a place.
fn inside(study: &StudyArea, at: Point<f64>) -> Result<usize> {
    study.neighbourhoods.iter().position(|area| area.shape.contains(&at)).ok_or_else(|| {
        Error::new(ErrorKind::Geometry, "the place is in none of the neighbourhoods")
            .hint("write `[longitude, latitude]`, in this order")
    })
}

fn add_homes(
    study: &mut StudyArea,
    id: &str,
    at: Point<f64>,
    residents: f64,
    groups: &BTreeMap<String, f64>,
) -> Result<()> {
    let area = u32::try_from(inside(study, at)?).unwrap_or(u32::MAX);
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
    let homes = &mut study.homes;
    // Shares of the neighbourhood, or of the city where nobody lives in it.
    let here = |home: &usize| homes.neighbourhoods[*home] == Some(area);
    let lived_in = (0..homes.len()).filter(here).map(|home| homes.weights[home]).sum::<f64>() > 0.0;
    let alike: Vec<usize> = (0..homes.len()).filter(|home| !lived_in || here(home)).collect();
    let people: f64 = alike.iter().map(|&home| homes.weights[home]).sum();
    for group in &mut homes.groups {
        let members: f64 = alike.iter().map(|&home| group.counts[home]).sum();
        let share = if people > 0.0 { members / people } else { 0.0 };
        group.counts.push(groups.get(&group.name).copied().unwrap_or(share * residents));
    }
    if let Some(workers) = &mut homes.workers {
        let all: f64 = alike.iter().map(|&home| workers[home]).sum();
        workers.push(if people > 0.0 { residents * all / people } else { 0.0 });
    }
    homes.ids.push(id.to_owned());
    homes.locations.push(at);
    homes.weights.push(residents);
    homes.neighbourhoods.push(Some(area));
    Ok(())
}

/// Adds a street whose ends join others; returns the longer way to them, and how many streets were split.
fn add_street(
    study: &mut StudyArea,
    line: &LineString<f64>,
    class: &str,
    bridge: bool,
) -> Result<(f64, usize)> {
    if line.0.len() < 2 || Euclidean.length(line) <= 0.0 {
        return Err(Error::new(ErrorKind::Geometry, "a street needs two places at least"));
    }
    let mut line = line.clone();
    let mut next = study.streets.iter().flat_map(|street| &street.vertices).copied().max().unwrap_or(0) + 1;
    let last = line.0.len() - 1;
    let mut vertices: Vec<i64> = (0..line.0.len() as i64).map(|at| next + at).collect();
    next += line.0.len() as i64;
    let (mut farthest, mut split) = (0.0_f64, 0);
    for end in [0, last] {
        let found = nearest_street(&study.streets, line.0[end]);
        let Some((metres, street, segment, at)) = found.filter(|(metres, ..)| *metres <= JOIN_WITHIN_M)
        else {
            let message = format!(
                "{} end of the street joins nothing within {JOIN_WITHIN_M} m",
                if end == 0 { "the first" } else { "the last" }
            );
            let error = Error::new(ErrorKind::Geometry, message);
            return Err(match found {
                Some((metres, ..)) => error.hint(format!("the nearest street is {metres:.0} m away")),
                None => error,
            });
        };
        farthest = farthest.max(metres);
        let street = &mut study.streets[street];
        let away = |vertex: usize| distance(street.line.0[vertex], at);
        let nearer = if away(segment) <= away(segment + 1) { segment } else { segment + 1 };
        // Heights are known at the vertices of a street: one that has them is joined there, not split.
        let near = (street.relief.is_some() || away(nearer) <= SAME_VERTEX_M).then_some(nearer);
        match near {
            Some(vertex) => (line.0[end], vertices[end]) = (street.line.0[vertex], street.vertices[vertex]),
            None => {
                street.line.0.insert(segment + 1, at);
                street.vertices.insert(segment + 1, next);
                street
                    .barriers
                    .iter_mut()
                    .filter(|(place, _)| *place > segment)
                    .for_each(|(place, _)| *place += 1);
                (line.0[end], vertices[end]) = (at, next);
                next += 1;
                split += 1;
            }
        }
    }
    let id = study.streets.iter().map(|street| street.id).max().unwrap_or(0) + 1;
    let mut tags = vec![("highway", class)];
    if bridge {
        tags.push(("bridge", "yes"));
    }
    let tags: Tags = tags.into_iter().collect();
    study.streets.push(Street { id, line, vertices, tags, ..Street::default() });
    Ok((farthest, split))
}

/// Metres to the nearest street, its number, the segment, and the place on it.
fn nearest_street(streets: &[Street], from: Coord<f64>) -> Option<(f64, usize, usize, Coord<f64>)> {
    let mut best: Option<(f64, usize, usize, Coord<f64>)> = None;
    for (number, street) in
        streets.iter().enumerate().filter(|(_, street)| street.tags.get("highway").is_some())
    {
        for (segment, ends) in street.line.0.windows(2).enumerate() {
            let reach = best.map_or(f64::INFINITY, |(metres, ..)| metres);
            let outside = |low: f64, high: f64, at: f64| at < low - reach || at > high + reach;
            let (a, b) = (ends[0], ends[1]);
            if outside(a.x.min(b.x), a.x.max(b.x), from.x) || outside(a.y.min(b.y), a.y.max(b.y), from.y) {
                continue;
            }
            let at = match Line::new(a, b).closest_point(&Point(from)) {
                geo::Closest::Intersection(at) | geo::Closest::SinglePoint(at) => at.0,
                geo::Closest::Indeterminate => a,
            };
            let metres = distance(at, from);
            if metres < reach {
                best = Some((metres, number, segment, at));
            }
        }
    }
    best
}

fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}
