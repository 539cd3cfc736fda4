//! The timetable of a departure window: every vehicle that passengers who leave in the window can meet, by pattern.
//!
//! Vehicles with the same stops form chains in which none overtakes the one before, so that the first that can be caught is
//! also the first to arrive everywhere. An *event* is a vehicle at a stop: `first_event + vehicle * length + position`.

use super::clock::service_seconds;
use super::runs::{TripRun, vehicles};
use crate::Result;
use crate::model::transit::{Departures, Feed, Wheelchair, check_date};
use chrono::NaiveDate;
use std::collections::HashMap;

/// What of the feeds is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TimetableOptions {
    /// Trips and stops that a feed says cannot be used with a wheelchair are left out; those it says nothing of are not.
    pub with_wheelchair: bool,
    /// Passengers stay seated where a vehicle goes on within its block, not only where `transfers.txt` says so.
    pub stay_seated_in_blocks: bool,
    /// Number of the draw of headways that are not exact: another number, other minutes.
    pub draw: u64,
}

/// Vehicles with the same stops, none of which overtakes another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Chain {
    pub(super) first_event: u32,
    pub(super) vehicles: u32,
    pub(super) length: u32,
    /// Its stops begin here in `pattern`.
    pub(super) first_position: u32,
}

impl Chain {
    pub(super) fn event(&self, vehicle: usize, position: usize) -> usize {
        self.first_event as usize + vehicle * self.length as usize + position
    }
}

/// A position of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PatternStop {
    pub(super) stop: u32,
    pub(super) board: bool,
    pub(super) alight: bool,
}

/// A chain and a position of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct At {
    pub(super) chain: u32,
    pub(super) position: u32,
}

/// All vehicles of a departure window, in seconds from its beginning.
pub struct Timetable {
    /// The day that was asked for.
    pub date: NaiveDate,
    /// When one leaves.
    pub departures: Departures,
    /// Names of the feeds that have no trip on the day, while others have.
    pub silent_feeds: Vec<String>,
    /// Successions of trips in blocks at which passengers might stay seated though no rule says so.
    pub possible_in_seat: usize,
    pub(super) stop_count: usize,
    pub(super) chains: Vec<Chain>,
    pub(super) pattern: Vec<PatternStop>,
    /// By event.
    pub(super) arrival: Vec<i32>,
    /// By event.
    pub(super) departure: Vec<i32>,
    /// Departures of each chain by position, then by vehicle.
    pub(super) departures_at: Vec<i32>,
    /// Arrivals of each chain by position, then by vehicle.
    pub(super) arrivals_at: Vec<i32>,
    /// Seconds that a chain takes at most from its first position to each, from departure to departure hop by hop.
    pub(super) slowest: Vec<i32>,
    /// The same from arrival to arrival.
    pub(super) slowest_arrival: Vec<i32>,
    /// Vehicle of each chain, one after the other: its first event.
    pub(super) run_first: Vec<u32>,
    /// Number of the vehicle of each event.
    pub(super) run_of: Vec<u32>,
    /// Trips of each vehicle with the position at which they begin.
    legs: Vec<Vec<(u32, TripRun)>>,
    /// Where the positions at each stop begin.
    first_at: Vec<u32>,
    at_stop: Vec<At>,
}

impl Timetable {
    /// The vehicles that serve departures on a day.
    ///
    /// Stops are numbered through all feeds, in their order.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if no trip of any feed runs on the date: it names the range and the nearest days with service.
    pub fn on(
        feeds: &[Feed],
        date: NaiveDate,
        departures: Departures,
        options: TimetableOptions,
    ) -> Result<Self> {
        let departures = departures.checked()?;
        let silent_feeds = check_date(feeds, date)?.into_iter().map(str::to_owned).collect();
        let begin = service_seconds(feeds, date, departures.from_s);
        let end = begin + i64::from(departures.length_s + departures.longest_s());
        let (vehicles, possible_in_seat) = vehicles(feeds, date, [begin, end], &options);

        let mut first_stop = vec![0];
        for feed in feeds {
            first_stop.push(first_stop[first_stop.len() - 1] + feed.stops.len() as u32);
        }
        let mut patterns: HashMap<Vec<PatternStop>, usize> = HashMap::new();
        let mut by_pattern: Vec<(Vec<PatternStop>, Vec<Run>)> = Vec::new();
        for vehicle in &vehicles {
            let mut stops = Vec::new();
            let mut run = Run { arrival: Vec::new(), departure: Vec::new(), legs: Vec::new() };
            for trip in vehicle {
                let feed = &feeds[trip.feed as usize];
                run.legs.push((stops.len() as u32, *trip));
                for call in feed.calls_of(&feed.trips[trip.trip as usize]) {
                    let stop = &feed.stops[call.stop as usize];
                    let is_open = !options.with_wheelchair || stop.wheelchair != Wheelchair::No;
                    stops.push(PatternStop {
                        stop: first_stop[trip.feed as usize] + call.stop,
                        board: call.board && is_open,
                        alight: call.alight && is_open,
                    });
                    // Times far outside of the horizon only have to stay outside.
                    let time = |time: u32| {
                        (i64::from(time) + trip.shift - begin).clamp(-1_000_000, 1_000_000) as i32
                    };
                    run.arrival.push(time(call.arrival));
                    run.departure.push(time(call.departure));
                }
            }
            let number = *patterns.entry(stops).or_insert_with_key(|stops| {
                by_pattern.push((stops.clone(), Vec::new()));
                by_pattern.len() - 1
            });
            by_pattern[number].1.push(run);
        }
        let mut table = Self {
            date,
            departures,
            silent_feeds,
            possible_in_seat,
            stop_count: first_stop[first_stop.len() - 1] as usize,
            chains: Vec::new(),
            pattern: Vec::new(),
            arrival: Vec::new(),
            departure: Vec::new(),
            departures_at: Vec::new(),
            arrivals_at: Vec::new(),
            slowest: Vec::new(),
            slowest_arrival: Vec::new(),
            run_first: Vec::new(),
            run_of: Vec::new(),
            legs: Vec::new(),
            first_at: Vec::new(),
            at_stop: Vec::new(),
        };
        for (stops, runs) in by_pattern {
            for chain in without_overtaking(runs) {
                table.add_chain(&stops, chain);
            }
        }
        table.index_stops();
        Ok(table)
    }

    fn add_chain(&mut self, stops: &[PatternStop], runs: Vec<Run>) {
        let chain = Chain {
            first_event: self.arrival.len() as u32,
            vehicles: runs.len() as u32,
            length: stops.len() as u32,
            first_position: self.pattern.len() as u32,
        };
        self.chains.push(chain);
        self.pattern.extend_from_slice(stops);
        for position in 0..stops.len() {
            self.departures_at.extend(runs.iter().map(|run| run.departure[position]));
            self.arrivals_at.extend(runs.iter().map(|run| run.arrival[position]));
        }
        let mut hops = |times: fn(&Run) -> &[i32], slowest: fn(&mut Self) -> &mut Vec<i32>| {
            let mut total = 0;
            for position in 0..stops.len() {
                if position > 0 {
                    let hop = |run: &Run| times(run)[position] - times(run)[position - 1];
                    total += runs.iter().map(hop).max().unwrap_or(0);
                }
                slowest(self).push(total);
            }
        };
        hops(|run| &run.departure, |table| &mut table.slowest);
        hops(|run| &run.arrival, |table| &mut table.slowest_arrival);
        for run in runs {
            let number = self.run_first.len() as u32;
            self.run_first.push(self.arrival.len() as u32);
            self.run_of.extend(run.arrival.iter().map(|_| number));
            self.arrival.extend(run.arrival);
            self.departure.extend(run.departure);
            self.legs.push(run.legs);
        }
    }

    fn index_stops(&mut self) {
        let mut positions = Vec::new();
        for (number, chain) in self.chains.iter().enumerate() {
            let stops = &self.pattern[chain.first_position as usize..][..chain.length as usize];
            let at = |position: usize| At { chain: number as u32, position: position as u32 };
            positions.extend(stops.iter().enumerate().map(|(position, stop)| (stop.stop, at(position))));
        }
        positions.sort_unstable();
        self.first_at = vec![0; self.stop_count + 1];
        for (stop, _) in &positions {
            self.first_at[*stop as usize + 1] += 1;
        }
        for stop in 0..self.stop_count {
            self.first_at[stop + 1] += self.first_at[stop];
        }
        self.at_stop = positions.into_iter().map(|(_, at)| at).collect();
    }

    /// Number of stops of all feeds.
    #[must_use]
    pub fn stop_count(&self) -> usize {
        self.stop_count
    }

    /// Number of vehicles.
    #[must_use]
    pub fn vehicle_count(&self) -> usize {
        self.run_first.len()
    }

    /// Number of calls of all vehicles.
    #[must_use]
    pub fn event_count(&self) -> usize {
        self.arrival.len()
    }

    /// Number of chains of vehicles with the same stops.
    #[must_use]
    pub fn chain_count(&self) -> usize {
        self.chains.len()
    }

    /// Seconds from the beginning of the window to the end of the longest journey.
    pub(super) fn horizon(&self) -> i32 {
        (self.departures.length_s + self.departures.longest_s()) as i32
    }

    /// Chains and positions at a stop.
    pub(super) fn at(&self, stop: u32) -> &[At] {
        &self.at_stop[self.first_at[stop as usize] as usize..self.first_at[stop as usize + 1] as usize]
    }

    pub(super) fn pattern_stop(&self, at: At) -> PatternStop {
        self.pattern[self.chains[at.chain as usize].first_position as usize + at.position as usize]
    }

    /// Departures of the vehicles of a chain at a position, never falling.
    pub(super) fn departures_of(&self, at: At) -> &[i32] {
        column(&self.chains[at.chain as usize], at, &self.departures_at)
    }

    /// Arrivals of the vehicles of a chain at a position, never falling.
    pub(super) fn arrivals_of(&self, at: At) -> &[i32] {
        column(&self.chains[at.chain as usize], at, &self.arrivals_at)
    }

    /// Number of the stop of an event, through all feeds.
    pub(super) fn stop_of(&self, event: u32) -> u32 {
        let chain = self.chains.partition_point(|chain| chain.first_event <= event) - 1;
        let Chain { first_event, first_position, length, .. } = self.chains[chain];
        self.pattern[(first_position + (event - first_event) % length) as usize].stop
    }

    /// The trip that a vehicle makes when it leaves an event.
    pub(super) fn trip_at(&self, event: u32) -> TripRun {
        let run = self.run_of[event as usize] as usize;
        let position = event - self.run_first[run];
        let legs = &self.legs[run];
        legs[legs.partition_point(|(first, _)| *first <= position) - 1].1
    }
}

fn column<'a>(chain: &Chain, at: At, values: &'a [i32]) -> &'a [i32] {
    let vehicles = chain.vehicles as usize;
    &values[chain.first_event as usize + at.position as usize * vehicles..][..vehicles]
}

/// A vehicle before it has a number.
struct Run {
    arrival: Vec<i32>,
    departure: Vec<i32>,
    legs: Vec<(u32, TripRun)>,
}

/// Chains in which no vehicle is earlier anywhere than the one before.
fn without_overtaking(mut runs: Vec<Run>) -> Vec<Vec<Run>> {
    runs.sort_by(|a, b| (&a.departure, &a.arrival).cmp(&(&b.departure, &b.arrival)));
    let mut chains: Vec<Vec<Run>> = Vec::new();
    for run in runs {
        let is_behind = |chain: &&mut Vec<Run>| {
            chain.last().is_some_and(|last| {
                let never_earlier = |a: &[i32], b: &[i32]| a.iter().zip(b).all(|(a, b)| a <= b);
                never_earlier(&last.departure, &run.departure) && never_earlier(&last.arrival, &run.arrival)
            })
        };
        match chains.iter_mut().find(is_behind) {
            Some(chain) => chain.push(run),
            None => chains.push(vec![run]),
        }
    }
    chains
}
