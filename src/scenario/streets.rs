//! Streets that come, change and go. Only the ends of an added street join others; one that is taken away again leaves nothing.

use super::apply::{Receipt, Work, did, unknown, value};
use super::change::Change;
use crate::model::{Street, Tags};
use crate::{Error, ErrorKind, Result};
use geo::{ClosestPoint, Coord, Euclidean, Length, Line, LineString, Point};
use std::collections::BTreeMap;

/// Farthest that the end of an added street may be from the street that it joins, in metres.
pub const JOIN_WITHIN_M: f64 = 20.0;
/// A vertex this near to an end is joined as it is, in metres.
const SAME_VERTEX_M: f64 = 0.5;

/// How an added street is taken away again: the vertices that were put into other streets for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Undo(Vec<i64>);

pub(super) fn change(work: &mut Work, change: &Change) -> Result<Receipt> {
    match change {
        Change::AddStreet { line, class, bridge, id, tags } => add(work, line, (class, *bridge, tags), *id),
        Change::ChangeStreet { street, tags } => set_tags(work, *street, tags),
        Change::AddCrossing { at } => cross(work, *at),
        _ => Ok(Receipt::default()),
    }
}

/// Takes a street away; one that the scenario added leaves nothing behind.
pub(super) fn remove(work: &mut Work, id: i64) -> Result<Receipt> {
    let before = work.study.streets.len();
    work.study.streets.retain(|one| one.id != id);
    let streets = before - work.study.streets.len();
    if streets == 0 {
        return Err(no_street(work, id));
    }
    if let Some(Undo(vertices)) = work.added_streets.remove(&id) {
        for street in &mut work.study.streets {
            while let Some(at) = street.vertices.iter().position(|vertex| vertices.contains(vertex)) {
                street.vertices.remove(at);
                street.line.0.remove(at);
                street
                    .barriers
                    .iter_mut()
                    .filter(|(place, _)| *place > at)
                    .for_each(|(place, _)| *place -= 1);
            }
        }
    }
    Ok(Receipt { streets, ..did(format!("street `{id}` closes")) })
}

fn no_street(work: &Work, id: i64) -> Error {
    let ids: Vec<String> = work.study.streets.iter().map(|one| one.id.to_string()).collect();
    unknown("street", &id.to_string(), ids.iter().map(String::as_str))
}

fn set_tags(work: &mut Work, id: i64, tags: &BTreeMap<String, String>) -> Result<Receipt> {
    let mut streets = 0;
    for street in work.study.streets.iter_mut().filter(|one| one.id == id) {
        let kept = street.tags.iter().filter(|(key, _)| !tags.contains_key(*key));
        let kept = kept.map(|(key, value)| (key.to_owned(), value.to_owned()));
        let new = tags.iter().map(|(key, value)| (key.clone(), value.clone()));
        street.tags = kept.chain(new).collect();
        streets += 1;
    }
    if streets == 0 {
        return Err(no_street(work, id));
    }
    let said: Vec<String> = tags.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    Ok(Receipt { streets, ..did(format!("street `{id}`: {}", said.join(", "))) })
}

/// Adds a street whose ends join others.
fn add(
    work: &mut Work,
    line: &LineString<f64>,
    (class, bridge, more): (&str, bool, &BTreeMap<String, String>),
    id: Option<i64>,
) -> Result<Receipt> {
    if line.0.len() < 2 || Euclidean.length(line) <= 0.0 {
        return Err(Error::new(ErrorKind::Geometry, "a street needs two places at least"));
    }
    let free = work.study.streets.iter().map(|street| street.id).max().unwrap_or(0) + 1;
    let id = id.unwrap_or(free);
    if work.study.streets.iter().any(|street| street.id == id) {
        return Err(
            value(format!("the id `{id}` is taken by another street")).hint(format!("`{free}` is free"))
        );
    }
    let mut line = line.clone();
    let last = line.0.len() - 1;
    let mut joints = Vec::new();
    for (end, word) in [(0, "first"), (last, "last")] {
        let found = nearest_street(&work.study.streets, line.0[end], &|_| true);
        let Some(joint) = found.filter(|joint| joint.metres <= JOIN_WITHIN_M) else {
            let message = format!("the {word} end of the street joins nothing within {JOIN_WITHIN_M} m");
            let error = Error::new(ErrorKind::Geometry, message);
            return Err(match found {
                Some(joint) => error.hint(format!("the nearest street is {:.0} m away", joint.metres)),
                None => error,
            });
        };
        joints.push((end, joint));
    }
    let mut next = next_vertex(work);
    let mut vertices: Vec<i64> = (0..line.0.len() as i64).map(|at| next + at).collect();
    next += line.0.len() as i64;
    let (mut farthest, mut undo) = (0.0_f64, Undo::default());
    for (end, joint) in joints {
        farthest = farthest.max(joint.metres);
        // The first end may have split the street that the second one joins.
        let found = nearest_street(&work.study.streets, line.0[end], &|_| true).unwrap_or(joint);
        let (at, vertex) = join(&mut work.study.streets[found.street], &found, &mut next, &mut undo);
        (line.0[end], vertices[end]) = (at, vertex);
    }
    let streets = 1 + undo.0.len();
    let mut tags: BTreeMap<String, String> = more.clone();
    tags.insert("highway".to_owned(), class.to_owned());
    if bridge {
        tags.insert("bridge".to_owned(), "yes".to_owned());
    }
    let what = format!(
        "a {}{class} of {:.0} m, street `{id}`",
        if bridge { "bridge for a " } else { "" },
        Euclidean.length(&line)
    );
    let tags: Tags = tags.into_iter().collect();
    work.study.streets.push(Street { id, line, vertices, tags, ..Street::default() });
    work.added_streets.insert(id, undo);
    Ok(Receipt { streets, metres_to_network: Some(farthest), ..did(what) })
}

/// Joins the two streets nearest to a place which do not meet there.
fn cross(work: &mut Work, at: Point<f64>) -> Result<Receipt> {
    let streets = &work.study.streets;
    let near = |found: &Option<Joint>| found.is_some_and(|joint| joint.metres <= JOIN_WITHIN_M);
    let one = nearest_street(streets, at.0, &|_| true);
    let other = one.and_then(|one| nearest_street(streets, at.0, &|number| number != one.street));
    let (true, true, Some(one), Some(other)) = (near(&one), near(&other), one, other) else {
        let message = format!("fewer than two streets lie within {JOIN_WITHIN_M} m of the crossing");
        return Err(Error::new(ErrorKind::Geometry, message)
            .hint("write `[longitude, latitude]` of the place where the streets cross"));
    };
    let shared = streets[one.street].vertices.iter().any(|vertex| {
        let other = &streets[other.street];
        let there = other.vertices.iter().position(|known| known == vertex);
        there.is_some_and(|there| distance(other.line.0[there], at.0) <= JOIN_WITHIN_M)
    });
    if shared {
        return Err(value("the two streets nearest to the crossing meet there already".to_owned()));
    }
    let line = LineString(vec![one.at, other.at]);
    if Euclidean.length(&line) > SAME_VERTEX_M {
        return add(work, &line, ("footway", false, &BTreeMap::new()), None);
    }
    let (mut next, mut undo) = (next_vertex(work), Undo::default());
    let streets = &mut work.study.streets;
    let (place, vertex) = join(&mut streets[one.street], &one, &mut next, &mut undo);
    // The other street takes the same vertex where the first one was cut.
    let street = &mut streets[other.street];
    let (old_place, old) = join(street, &other, &mut next, &mut undo);
    street.vertices.iter_mut().filter(|known| **known == old).for_each(|known| *known = vertex);
    street.line.0.iter_mut().filter(|known| **known == old_place).for_each(|known| *known = place);
    Ok(Receipt {
        streets: 2,
        metres_to_network: Some(one.metres.max(other.metres)),
        ..did("a crossing joins two streets".to_owned())
    })
}

fn next_vertex(work: &Work) -> i64 {
    work.study.streets.iter().flat_map(|street| &street.vertices).copied().max().unwrap_or(0) + 1
}

/// Where a place meets a street.
#[derive(Clone, Copy)]
struct Joint {
    metres: f64,
    street: usize,
    segment: usize,
    at: Coord<f64>,
}

/// The place and vertex at which a street is joined: one that is there, or a new one.
fn join(street: &mut Street, joint: &Joint, next: &mut i64, undo: &mut Undo) -> (Coord<f64>, i64) {
    let Joint { segment, at, .. } = *joint;
    let away = |vertex: usize| distance(street.line.0[vertex], at);
    let nearer = if away(segment) <= away(segment + 1) { segment } else { segment + 1 };
    // Heights are known at the vertices of a street: one that has them is joined there, not split.
    if street.relief.is_some() || away(nearer) <= SAME_VERTEX_M {
        return (street.line.0[nearer], street.vertices[nearer]);
    }
    let vertex = *next;
    *next += 1;
    street.line.0.insert(segment + 1, at);
    street.vertices.insert(segment + 1, vertex);
    street.barriers.iter_mut().filter(|(place, _)| *place > segment).for_each(|(place, _)| *place += 1);
    undo.0.push(vertex);
    (at, vertex)
}

/// The street nearest to a place that is wanted.
fn nearest_street(streets: &[Street], from: Coord<f64>, is_wanted: &dyn Fn(usize) -> bool) -> Option<Joint> {
    let mut best: Option<Joint> = None;
    let open = streets.iter().enumerate().filter(|(_, street)| street.tags.get("highway").is_some());
    for (number, street) in open.filter(|(number, _)| is_wanted(*number)) {
        for (segment, ends) in street.line.0.windows(2).enumerate() {
            let reach = best.map_or(f64::INFINITY, |joint| joint.metres);
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
                best = Some(Joint { metres, street: number, segment, at });
            }
        }
    }
    best
}

fn distance(a: Coord<f64>, b: Coord<f64>) -> f64 {
    (a.x - b.x).hypot(a.y - b.y)
}
