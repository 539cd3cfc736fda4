//! The walking network in the page, so that a change can be tried where it is read: junctions, edges in whole milliseconds,
//! homes and places where the library attached them, and positions at which a place can be put.
//!
//! Homes are without id and coordinate and no group is stated; homes of fewer than ten people share their people with the next
//! ones of their neighbourhood, so that no number shows a household.

use super::pack::Columns;
use super::shared_people::shared_people;
use crate::access::{Opportunities, Source};
use crate::crs::Reprojector;
use crate::measure::Trips;
use crate::model::Weight;
use crate::model::category::GREEN_SPACE;
use crate::network::{Attachment, EdgeId, Position, StreetNetwork, TravelProfile};
use crate::{Crs, Error, ErrorKind, Quiet, Result, StudyArea};
use geo::{BoundingRect, Coord, Intersects, Point};
use serde::Serialize;
use std::collections::HashMap;

/// Edges that a page can carry.
const MOST_EDGES: usize = 200_000;
/// A place can be put about every so many metres along a street.
const STATION_M: f64 = 50.0;
/// Positions are whole millionths of a degree, about a decimetre.
const PER_DEGREE: f64 = 1e6;
/// What homes count for is given to a hundredth, as in the sentences of the page.
const PER_PERSON: f64 = 100.0;

const JUNCTION: [&str; 2] = ["junction x", "junction y"];

/// The columns of one kind of position.
#[derive(Clone, Copy)]
struct Kind {
    edge: &'static str,
    gap: &'static str,
    along: &'static str,
}

const STATION: Kind = Kind { edge: "", gap: "station gap", along: "station along" };
const HOME: Kind = Kind { edge: "home edge", gap: "home gap", along: "home along" };
const HOME_BESIDE: Kind =
    Kind { edge: "home beside edge", gap: "home beside gap", along: "home beside along" };
const PLACE: Kind = Kind { edge: "place edge", gap: "place gap", along: "place along" };
const PLACE_BESIDE: Kind =
    Kind { edge: "place beside edge", gap: "place beside gap", along: "place beside along" };

/// The network as the page takes it.
#[derive(Serialize)]
pub(super) struct Network {
    /// Why there is none.
    reason: Option<String>,
    /// What `engine/block.js` unpacks.
    block: Option<String>,
}

/// What stands before the numbers.
#[derive(Serialize)]
struct Head<'a> {
    per_degree: f64,
    per_person: f64,
    /// Milliseconds beyond which nothing is searched.
    limit: u32,
    categories: &'a [String],
    /// Ids of the study's services, which a plan names, with the number of their category.
    services: Vec<(&'a str, usize)>,
    /// Id and name of each street that has an edge.
    streets: Vec<(i64, Option<&'a str>)>,
    /// Homes whose people were shared with others.
    shared_homes: usize,
    nodes: usize,
    edges: usize,
    homes: usize,
    places: usize,
    /// Names and bytes of the columns of numbers, in their order.
    columns: Vec<(&'static str, usize)>,
    paces: [f64; 2],
}

impl Network {
    /// # Errors
    /// Those of [`Trips::of`]; [`crate::ErrorKind::Crs`] if a point cannot be brought to degrees.
    pub(super) fn of(study: &StudyArea) -> Result<Self> {
        let without = |reason: String| Ok(Self { reason: Some(reason), block: None });
        if study.streets.is_empty() {
            return without("The study has no streets.".to_owned());
        }
        let profile = TravelProfile::new(study.settings.travel.clone())?;
        let trips = Trips::of(study, profile, &Quiet)?;
        let count = trips.streets().edge_count();
        if count > MOST_EDGES {
            return without(format!(
                "The streets have {count} pieces between junctions, and a page carries {MOST_EDGES} at most."
            ));
        }
        let block = Block::of(study, &trips)?;
        Ok(Self { reason: None, block: Some(block.packed()?) })
    }
}

/// Everything that is packed.
struct Block<'a> {
    study: &'a StudyArea,
    trips: &'a Trips,
    network: &'a StreetNetwork,
    opportunities: Opportunities,
    /// Number in the study of the street of each segment.
    street_of: HashMap<[u64; 4], usize>,
    /// Numbers in the page of streets by their numbers in the study.
    numbers: Vec<Option<usize>>,
    /// Numbers in the study of the streets of the page.
    streets: Vec<usize>,
    columns: Columns,
}

impl<'a> Block<'a> {
    fn of(study: &'a StudyArea, trips: &'a Trips) -> Result<Self> {
        let mut street_of = HashMap::new();
        for (number, street) in study.streets.iter().enumerate() {
            for ends in street.line.0.windows(2) {
                street_of.insert(segment(ends[0], ends[1]), number);
            }
        }
        Ok(Self {
            study,
            trips,
            network: trips.streets(),
            // No tool of the page opens or closes a park, and jobs are not computed there.
            opportunities: trips.opportunities_of(study, &study.services, &[]),
            street_of,
            numbers: vec![None; study.streets.len()],
            streets: Vec::new(),
            columns: Columns::default(),
        })
    }

    fn packed(mut self) -> Result<String> {
        let junctions = self.junctions()?;
        let paces = self.paces(&junctions);
        self.edges(&junctions, paces);
        self.edge_streets();
        self.stations(&junctions)?;
        let shared_homes = self.homes();
        let places = self.places();
        let streets = &self.study.streets;
        let named = |&number: &usize| (streets[number].id, streets[number].tags.get("name"));
        let categories = &self.opportunities.categories;
        let category = |name: &str| categories.iter().position(|known| known == name).unwrap_or(0);
        let limit = Opportunities::SEARCH_LIMIT * 60_000.0;
        let head = Head {
            per_degree: PER_DEGREE,
            per_person: PER_PERSON,
            limit: limit as u32,
            categories,
            services: self
                .study
                .services
                .iter()
                .map(|one| (one.id.as_str(), category(&one.category)))
                .collect(),
            streets: self.streets.iter().map(named).collect(),
            shared_homes,
            nodes: self.network.node_count(),
            edges: self.network.edge_count(),
            homes: self.trips.homes().iter().flatten().count(),
            places,
            columns: self.columns.lengths(),
            paces,
        };
        let head = serde_json::to_string(&head).map_err(|error| {
            Error::new(ErrorKind::Column, format!("the streets cannot be written: {error}"))
        })?;
        self.columns.to_base64(&head)
    }

    /// Junctions in the order of the network, each as steps from the one before.
    fn junctions(&mut self) -> Result<Vec<[i64; 2]>> {
        let to_degrees = Reprojector::new(&self.study.crs, &Crs::wgs84())?;
        let mut junctions = Vec::with_capacity(self.network.node_count());
        let mut last = [0, 0];
        for node in 0..self.network.node_count() as u32 {
            let at = steps(to_degrees.coord(self.network.place(node))?);
            self.put(JUNCTION[0], at[0] - last[0]);
            self.put(JUNCTION[1], at[1] - last[1]);
            last = at;
            junctions.push(at);
        }
        Ok(junctions)
    }

    /// Milliseconds for a step of the grid, east and north: what most edges cost.
    fn paces(&self, junctions: &[[i64; 2]]) -> [f64; 2] {
        let mut paces: Vec<f64> = Vec::new();
        let metres = |axis: usize| {
            let spread = |of: &dyn Fn(usize) -> f64| {
                let known = (0..junctions.len()).map(of);
                known.clone().fold(f64::MIN, f64::max) - known.fold(f64::MAX, f64::min)
            };
            let steps = spread(&|node| junctions[node][axis] as f64);
            let place = |node: usize| self.network.place(node as u32);
            let all = spread(&|node| if axis == 0 { place(node).x } else { place(node).y });
            if steps > 0.0 { all / steps } else { 0.0 }
        };
        for edge in self.all_edges() {
            let ([ahead, _], length) = (self.costs(edge), self.network.length_m(edge));
            if ahead > 0 && length > 0.0 {
                paces.push(ahead as f64 / length);
            }
        }
        let middle = paces.len() / 2;
        let pace =
            if paces.is_empty() { 0.0 } else { *paces.select_nth_unstable_by(middle, f64::total_cmp).1 };
        [metres(0) * pace, metres(1) * pace]
    }

    /// Ends and milliseconds, as what they differ by from a straight street; the way back only where it differs.
    fn edges(&mut self, junctions: &[[i64; 2]], paces: [f64; 2]) {
        let mut last = 0;
        for edge in self.all_edges() {
            let [tail, head] = self.network.ends(edge).map(i64::from);
            let [ahead, back] = self.costs(edge);
            self.columns.unsigned("edge tail", (tail - last) as u64);
            self.put("edge head", head - tail);
            let [east, north] = [0, 1].map(|axis| {
                (junctions[head as usize][axis] - junctions[tail as usize][axis]) as f64 * paces[axis]
            });
            let straight = (east * east + north * north).sqrt().round() as i64;
            self.put("edge ahead", ahead as i64 - straight);
            self.columns.unsigned("edge back", if back == ahead { 0 } else { back + 1 });
            last = tail;
        }
    }

    /// Milliseconds ahead and back, one more; 0 where closed.
    fn costs(&self, edge: EdgeId) -> [u64; 2] {
        self.network.times(edge).map(|time| time.map_or(0, |time| u64::from(time.to_milliseconds()) + 1))
    }

    /// Which street each edge is a part of, or which ones, with the milliseconds from the tail at which each but the last ends.
    fn edge_streets(&mut self) {
        let mut last = 0;
        for edge in self.all_edges() {
            let spans = self.spans(edge);
            self.columns.unsigned("edge streets", spans.len() as u64 - 1);
            for (at, (street, end)) in spans.iter().enumerate() {
                self.put("street", *street as i64 - last);
                last = *street as i64;
                if at + 1 < spans.len() {
                    self.columns.unsigned("street end", u64::from(*end));
                }
            }
        }
    }

    fn spans(&mut self, edge: EdgeId) -> Vec<(usize, u32)> {
        let coords = &self.network.line(edge).0;
        let [ahead, back] = self.costs(edge);
        let cost = (if ahead > 0 { ahead } else { back }).saturating_sub(1) as f64;
        let length = |ends: &[Coord<f64>]| (ends[1].x - ends[0].x).hypot(ends[1].y - ends[0].y);
        let all: f64 = coords.windows(2).map(length).sum();
        let mut spans: Vec<(usize, u32)> = Vec::new();
        let mut passed = 0.0;
        for ends in coords.windows(2) {
            passed += length(ends);
            let end = if all > 0.0 { (cost * passed / all).round() as u32 } else { 0 };
            let known = self.street_of.get(&segment(ends[0], ends[1])).copied().unwrap_or(0);
            let street = *self.numbers[known].get_or_insert_with(|| {
                self.streets.push(known);
                self.streets.len() - 1
            });
            match spans.last_mut().filter(|last| last.0 == street) {
                Some(last) => last.1 = end,
                None => spans.push((street, end)),
            }
        }
        spans
    }

    /// Positions along each edge at which a place can be put, with what the library makes of them: a plan that names the
    /// position gets exactly these numbers. One that the library would put on another street is marked and not offered.
    fn stations(&mut self, junctions: &[[i64; 2]]) -> Result<()> {
        let to_study = Reprojector::new(&Crs::wgs84(), &self.study.crs)?;
        let to_degrees = Reprojector::new(&self.study.crs, &Crs::wgs84())?;
        let areas = &self.study.neighbourhoods;
        let boxes: Vec<_> = areas.iter().map(|area| area.shape.bounding_rect()).collect();
        let holds = |area: usize, at: &Point<f64>| {
            boxes[area].is_some_and(|extent| extent.intersects(at)) && areas[area].shape.intersects(at)
        };
        // The next position is most often in the same neighbourhood.
        let mut last = 0;
        for edge in self.all_edges() {
            let count = (self.network.length_m(edge) / STATION_M).round().max(2.0) as u32;
            self.columns.unsigned("stations", u64::from(count) - 2);
            let [tail, head] = self.network.ends(edge).map(|node| junctions[node as usize]);
            for number in 1..count {
                let share = f64::from(number) / f64::from(count);
                let at = steps(to_degrees.coord(along(&self.network.line(edge).0, share))?);
                let straight =
                    |axis: usize| tail[axis] + ((head[axis] - tail[axis]) as f64 * share).round() as i64;
                let step = [0, 1].map(|axis| at[axis] - straight(axis));
                self.put("station x", step[0]);
                self.put("station y", step[1]);
                let written = Coord { x: at[0] as f64 / PER_DEGREE, y: at[1] as f64 / PER_DEGREE };
                let place = Point(to_study.coord(written)?);
                let area = std::iter::once(last).chain(0..areas.len()).find(|&area| holds(area, &place));
                last = area.unwrap_or(last);
                let found =
                    self.trips.attach(self.study, &[place])[0].filter(|at| area.is_some() && at.edge == edge);
                match found.map(|at| self.network.position(&at)) {
                    Some(position) => {
                        self.columns.unsigned(STATION.gap, 1 + pair(position.gap, position.end));
                        self.along(STATION, position, share);
                    }
                    None => self.columns.unsigned(STATION.gap, 0),
                }
            }
        }
        Ok(())
    }

    /// The milliseconds from the tail, as what they differ by from a share of the whole; back only where it may differ.
    fn along(&mut self, kind: Kind, position: Position, share: f64) {
        let [ahead, back] = self.costs(position.edge);
        let expected = |cost: u64| (cost.saturating_sub(1) as f64 * share).round() as i64;
        self.put(kind.along, i64::from(position.ahead) - expected(ahead));
        if ahead != back {
            self.put(kind.along, i64::from(position.back) - expected(back));
        }
    }

    /// An attachment: its edge, then where on it.
    fn attachment(&mut self, kind: Kind, at: &Attachment, last: &mut i64) {
        let position = self.network.position(at);
        self.put(kind.edge, i64::from(position.edge) - *last);
        *last = i64::from(position.edge);
        self.columns.unsigned(kind.gap, pair(position.gap, position.end));
        self.along(kind, position, 0.0);
    }

    /// Where a place joins the network if its own street closes: 0 for nowhere, else 1 and an attachment.
    fn beside(&mut self, kind: Kind, place: Point<f64>, at: &Attachment, stays: bool) {
        let street = |edge: EdgeId, piece: u32| {
            let coords = &self.network.line(edge).0;
            self.street_of.get(&segment(coords[piece as usize], coords[piece as usize + 1]))
        };
        let own = self.network.piece_of(at).and_then(|piece| street(at.edge, piece)).copied();
        let is_closed = |edge, piece| street(edge, piece).copied() == own;
        let far = self.study.settings.max_snap_distance;
        let former = (place, stays.then_some(at));
        let found = self.network.attach_beside(former, (far, self.trips.inhabited()), is_closed);
        self.columns.unsigned(kind.edge, u64::from(found.is_some()));
        if let Some(found) = found {
            self.attachment(kind, &found, &mut i64::from(at.edge));
        }
    }

    /// Homes on a street, in the order of the study; returns how many share their people with others.
    fn homes(&mut self) -> usize {
        let homes = &self.study.homes;
        let edges: Vec<Option<EdgeId>> =
            self.trips.homes().iter().map(|at| Some(at.as_ref()?.edge)).collect();
        let is_people = homes.weight == Weight::Residents;
        let (weights, shared) = shared_people(&homes.weights, &homes.neighbourhoods, &edges, is_people);
        let mut last = 0;
        for (home, at) in self.trips.homes().iter().enumerate() {
            let Some(at) = at else { continue };
            self.attachment(HOME, at, &mut last);
            self.columns
                .unsigned("home area", homes.neighbourhoods[home].map_or(0, |place| u64::from(place) + 1));
            self.columns.unsigned("home people", (weights[home] * PER_PERSON).round() as u64);
            self.beside(HOME_BESIDE, homes.locations[home], at, true);
        }
        shared
    }

    /// Services in the order of the destinations; returns how many.
    fn places(&mut self) -> usize {
        let sources = self.opportunities.sources().to_vec();
        let (mut count, mut last) = (0, 0);
        for (number, source) in sources.into_iter().enumerate() {
            let Source::Service(service) = source else { continue };
            // Where there are parks, one that is listed as a service is not alone.
            if !self.study.green_spaces.is_empty() && self.study.services[service].category == GREEN_SPACE {
                continue;
            }
            let at = self.opportunities.destinations().entrances_of(number)[0];
            self.columns.unsigned("place service", service as u64);
            self.attachment(PLACE, &at, &mut last);
            self.beside(PLACE_BESIDE, self.study.services[service].location, &at, false);
            count += 1;
        }
        count
    }

    fn put(&mut self, column: &'static str, number: i64) {
        self.columns.signed(column, number);
    }

    fn all_edges(&self) -> std::ops::Range<EdgeId> {
        0..self.network.edge_count() as EdgeId
    }
}

/// Gap and end of a position in one number.
fn pair(gap: u32, end: u32) -> u64 {
    u64::from(gap) * 3 + u64::from(end)
}

fn steps(degrees: Coord<f64>) -> [i64; 2] {
    [degrees.x, degrees.y].map(|value| (value * PER_DEGREE).round() as i64)
}

/// The position at a share of a line's length.
fn along(line: &[Coord<f64>], share: f64) -> Coord<f64> {
    let length = |ends: &[Coord<f64>]| (ends[1].x - ends[0].x).hypot(ends[1].y - ends[0].y);
    let mut left = share * line.windows(2).map(length).sum::<f64>();
    for ends in line.windows(2) {
        let metres = length(ends);
        if left <= metres && metres > 0.0 {
            return ends[0] + (ends[1] - ends[0]) * (left / metres);
        }
        left -= metres;
    }
    line[line.len() - 1]
}

/// A segment, whichever way it is drawn.
fn segment(a: Coord<f64>, b: Coord<f64>) -> [u64; 4] {
    let [a, b] = [a, b].map(|at| [at.x.to_bits(), at.y.to_bits()]);
    let [first, second] = if a <= b { [a, b] } else { [b, a] };
    [first[0], first[1], second[0], second[1]]
}
