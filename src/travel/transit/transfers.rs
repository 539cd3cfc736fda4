//! Changes between vehicles: those that bring somebody somewhere sooner.
//!
//! After Witt (2015, *Trip-based public transit routing*, ESA): of all changes from a vehicle at a stop only those are kept
//! that reach at least one stop sooner than staying seated, or than the changes kept here and farther along. Only arrivals *by
//! vehicle* are compared, never those on foot: then a change that is dropped is not missed by anybody, wherever they walk
//! to from the stop.

use super::rules::Rules;
use super::timetable::{At, Timetable};
use super::walks::Walks;
use crate::Result;
use crate::model::transit::Feed;
use crate::progress::{Progress, go_on};

/// The changes from each event, and those to each event.
pub(super) struct Transfers {
    first_out: Vec<u32>,
    out: Vec<u32>,
    first_into: Vec<u32>,
    into: Vec<u32>,
}

impl Transfers {
    /// Events at which somebody boards who alights at this one.
    #[inline]
    pub(super) fn out_of(&self, event: usize) -> &[u32] {
        &self.out[self.first_out[event] as usize..self.first_out[event + 1] as usize]
    }

    /// Events at which somebody alights who boards at this one.
    #[inline]
    pub(super) fn into(&self, event: usize) -> &[u32] {
        &self.into[self.first_into[event] as usize..self.first_into[event + 1] as usize]
    }

    pub(super) fn count(&self) -> usize {
        self.out.len()
    }

    /// - `walks`: from each stop to others and to itself.
    /// - `slack`: seconds that a passenger is at a stop before the vehicle leaves.
    pub(super) fn new(
        timetable: &Timetable,
        feeds: &[Feed],
        walks: &Walks,
        rules: &Rules,
        slack: i32,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let mut reduction = Reduction::new(timetable, feeds, walks, rules, slack);
        let mut pairs: Vec<(u32, u32)> = Vec::new();
        for chain in 0..timetable.chains.len() {
            go_on(progress)?;
            for vehicle in 0..timetable.chains[chain].vehicles {
                reduction.vehicle(chain as u32, vehicle, &mut pairs);
            }
        }
        let events = timetable.event_count();
        pairs.sort_unstable();
        let (first_out, out) = lists(events, pairs.iter().copied());
        pairs.iter_mut().for_each(|pair| *pair = (pair.1, pair.0));
        pairs.sort_unstable();
        let (first_into, into) = lists(events, pairs.iter().copied());
        Ok(Self { first_out, out, first_into, into })
    }
}

fn lists(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> (Vec<u32>, Vec<u32>) {
    let mut first = vec![0_u32; count + 1];
    for (from, _) in pairs.clone() {
        first[from as usize + 1] += 1;
    }
    for number in 0..count {
        first[number + 1] += first[number];
    }
    (first, pairs.map(|(_, to)| to).collect())
}

/// A chain that can be boarded from a stop.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    at: At,
    stop: u32,
    walk: i32,
    is_ruled: bool,
}

/// A vehicle that is caught.
#[derive(Debug, Clone, Copy)]
struct Caught {
    at: At,
    vehicle: u32,
    /// The last position at which it is not behind another vehicle of its chain that is caught too.
    until: u32,
}

struct Reduction<'a> {
    timetable: &'a Timetable,
    feeds: &'a [Feed],
    rules: &'a Rules,
    slack: i32,
    /// Candidates of each stop.
    first: Vec<u32>,
    candidates: Vec<Candidate>,
    /// Earliest arrival by vehicle at each stop, of those that change from this vehicle here or later.
    best: Vec<i32>,
    owner: Vec<u32>,
    touched: Vec<u32>,
    caught: Vec<Caught>,
    improved: Vec<(u32, u32)>,
}

impl<'a> Reduction<'a> {
    fn new(timetable: &'a Timetable, feeds: &'a [Feed], walks: &Walks, rules: &'a Rules, slack: i32) -> Self {
        let mut first = vec![0];
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut of_stop: Vec<Candidate> = Vec::new();
        for from in 0..timetable.stop_count as u32 {
            of_stop.clear();
            for &(stop, walk) in walks.of(from as usize) {
                let is_ruled = rules.has(from, stop);
                let boardable = timetable.at(stop).iter().filter(|at| timetable.pattern_stop(**at).board);
                of_stop.extend(boardable.map(|&at| Candidate { at, stop, walk, is_ruled }));
            }
            of_stop.sort_unstable_by_key(|candidate| (candidate.at, candidate.walk));
            for (number, candidate) in of_stop.iter().enumerate() {
                // Whoever catches a vehicle here catches it at an earlier position, if that is not farther to walk than the
                // vehicle takes between the two.
                let is_as_good = |other: &&Candidate| {
                    !other.is_ruled && {
                        let slowest = &timetable.slowest
                            [timetable.chains[other.at.chain as usize].first_position as usize..];
                        let run =
                            slowest[candidate.at.position as usize] - slowest[other.at.position as usize];
                        other.walk + run <= candidate.walk
                    }
                };
                let same_chain =
                    of_stop[..number].iter().rev().take_while(|other| other.at.chain == candidate.at.chain);
                if candidate.is_ruled || !same_chain.clone().any(|other| is_as_good(&other)) {
                    candidates.push(*candidate);
                }
            }
            first.push(candidates.len() as u32);
        }
        Self {
            timetable,
            feeds,
            rules,
            slack,
            first,
            candidates,
            best: vec![i32::MAX; timetable.stop_count],
            owner: vec![0; timetable.stop_count],
            touched: Vec::new(),
            caught: Vec::new(),
            improved: Vec::new(),
        }
    }

    /// Adds the changes from one vehicle, from its last position to its first.
    fn vehicle(&mut self, chain: u32, vehicle: u32, pairs: &mut Vec<(u32, u32)>) {
        for stop in self.touched.drain(..) {
            self.best[stop as usize] = i32::MAX;
        }
        let of_chain = self.timetable.chains[chain as usize];
        let horizon = self.timetable.horizon();
        for position in (1..of_chain.length).rev() {
            let event = of_chain.event(vehicle as usize, position as usize);
            let stop = self.timetable.pattern_stop(At { chain, position });
            let arrival = self.timetable.arrival[event];
            // Nobody who left in the window arrives before it, and nobody travels beyond the horizon.
            if arrival < 0 {
                break;
            }
            if arrival > horizon || !stop.alight {
                continue;
            }
            self.offer(stop.stop, arrival);
            self.catch(stop.stop, event as u32, arrival);
            self.improved.clear();
            for number in 0..self.caught.len() {
                self.ride(number as u32, horizon);
            }
            self.improved.sort_unstable_by_key(|&(_, number)| number);
            let mut last = u32::MAX;
            for &(stop, number) in &self.improved {
                if self.owner[stop as usize] == number && number != last {
                    last = number;
                    let Caught { at, vehicle, .. } = self.caught[number as usize];
                    let to = self.timetable.chains[at.chain as usize]
                        .event(vehicle as usize, at.position as usize);
                    pairs.push((event as u32, to as u32));
                }
            }
        }
    }

    fn offer(&mut self, stop: u32, arrival: i32) -> bool {
        let best = &mut self.best[stop as usize];
        if arrival >= *best {
            return false;
        }
        if *best == i32::MAX {
            self.touched.push(stop);
        }
        *best = arrival;
        true
    }

    /// The first vehicle of each chain that can be caught; an earlier position goes before a later one of the same vehicle.
    fn catch(&mut self, from: u32, event: u32, arrival: i32) {
        let timetable = self.timetable;
        let candidates =
            &self.candidates[self.first[from as usize] as usize..self.first[from as usize + 1] as usize];
        self.caught.clear();
        for candidate in candidates {
            let departures = timetable.departures_of(candidate.at);
            let vehicle = if candidate.is_ruled {
                let trip = timetable.trip_at(event);
                let chain = timetable.chains[candidate.at.chain as usize];
                let can_change = |vehicle: &usize| {
                    let to = chain.event(*vehicle, candidate.at.position as usize);
                    let trips = (trip, timetable.trip_at(to as u32));
                    let stops = (from, candidate.stop);
                    let needed = self.rules.needed(self.feeds, stops, trips, candidate.walk, self.slack);
                    needed.is_some_and(|needed| arrival + needed <= departures[*vehicle])
                };
                let begin = departures.partition_point(|&departure| departure < arrival + candidate.walk);
                (begin..departures.len()).find(can_change)
            } else {
                let ready = arrival + candidate.walk + self.slack;
                Some(departures.partition_point(|&departure| departure < ready))
            };
            let Some(vehicle) = vehicle.filter(|&vehicle| vehicle < departures.len()) else { continue };
            let end = timetable.chains[candidate.at.chain as usize].length - 1;
            if let Some(last) = self.caught.last_mut().filter(|last| last.at.chain == candidate.at.chain) {
                if last.vehicle <= vehicle as u32 {
                    continue;
                }
                last.until = candidate.at.position;
            }
            self.caught.push(Caught { at: candidate.at, vehicle: vehicle as u32, until: end });
        }
    }

    /// Arrives with a vehicle that is caught.
    fn ride(&mut self, number: u32, horizon: i32) {
        let timetable = self.timetable;
        let Caught { at, vehicle, until } = self.caught[number as usize];
        let chain = timetable.chains[at.chain as usize];
        let first = chain.event(vehicle as usize, 0);
        for position in at.position + 1..=until {
            let arrival = timetable.arrival[first + position as usize];
            if arrival > horizon {
                break;
            }
            let stop = timetable.pattern[(chain.first_position + position) as usize];
            if stop.alight && self.offer(stop.stop, arrival) {
                self.owner[stop.stop as usize] = number;
                self.improved.push((stop.stop, number));
            }
        }
    }
}
