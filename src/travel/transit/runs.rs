//! The vehicles that run on a day: trips of the day and of the days around it, headways written out, trips joined where
//! passengers stay seated.

use super::clock::service_day_begins;
use super::timetable::TimetableOptions;
use crate::model::transit::{Feed, TransferKind, Wheelchair};
use chrono::{Days, NaiveDate};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::{HashMap, HashSet};

/// A trip on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TripRun {
    /// Number of the feed.
    pub feed: u32,
    /// Number of the trip in the feed.
    pub trip: u32,
    /// Seconds to add to the times of the trip, so that they count from the service day that was asked for.
    pub(super) shift: i64,
}

/// A vehicle: the trips that it makes with the same passengers.
pub(super) type Vehicle = Vec<TripRun>;

/// Longest journey of one vehicle: more trips are not joined.
const MOST_JOINED: usize = 16;

/// All vehicles that have a call between `from` and `to` (seconds of the service day).
pub(super) fn vehicles(
    feeds: &[Feed],
    date: NaiveDate,
    [from, to]: [i64; 2],
    options: &TimetableOptions,
) -> (Vec<Vehicle>, usize) {
    let zone = feeds.iter().find_map(|feed| feed.timezone);
    let today = service_day_begins(zone, date);
    let mut found = Vec::new();
    let mut could_join = 0;
    for (number, feed) in feeds.iter().enumerate() {
        let next = Successors::of(feed, options.stay_seated_in_blocks);
        could_join += next.of_blocks;
        let last_call = feed.calls.iter().map(|call| call.departure).max().unwrap_or(0);
        let longest_headway = feed.frequencies.iter().map(|row| row.end).max().unwrap_or(0);
        // The last passengers of a day long ago may still be on their way.
        let days_before = i64::from(last_call + longest_headway) / super::clock::DAY_S + 1;
        let days_after = to / super::clock::DAY_S + 1;
        for day in -days_before..=days_after {
            let Some(on) = (if day < 0 {
                date.checked_sub_days(Days::new(day.unsigned_abs()))
            } else {
                date.checked_add_days(Days::new(day.unsigned_abs()))
            }) else {
                continue;
            };
            let shift = service_day_begins(feed.timezone.or(zone), on) - today;
            let runs: Vec<bool> = feed.services.iter().map(|service| service.runs_on(on)).collect();
            let is_open =
                |trip: usize| !options.with_wheelchair || feed.trips[trip].wheelchair != Wheelchair::No;
            let running: Vec<bool> = (0..feed.trips.len())
                .map(|trip| {
                    let kept = &feed.trips[trip];
                    runs[kept.service as usize] && !kept.is_template && is_open(trip)
                })
                .collect();
            let touches = |vehicle: &[TripRun]| {
                let calls = |run: &TripRun| feed.calls_of(&feed.trips[run.trip as usize]);
                let (Some(first), Some(last)) = (vehicle.first(), vehicle.last()) else { return false };
                let begin =
                    calls(first).first().map_or(i64::MAX, |call| i64::from(call.departure) + first.shift);
                let end = calls(last).last().map_or(i64::MIN, |call| i64::from(call.arrival) + last.shift);
                begin <= to && end >= from
            };
            let at = |trip: u32, shift| TripRun { feed: number as u32, trip, shift };
            for vehicle in next.vehicles(&running) {
                let vehicle: Vehicle = vehicle.into_iter().map(|trip| at(trip, shift)).collect();
                if touches(&vehicle) {
                    found.push(vehicle);
                }
            }
            for (row, repeated) in feed.frequencies.iter().enumerate() {
                let trip = &feed.trips[repeated.trip as usize];
                if !runs[trip.service as usize] || !is_open(repeated.trip as usize) {
                    continue;
                }
                let own = i64::from(feed.calls_of(trip)[0].departure);
                let phase = if repeated.is_exact {
                    0
                } else {
                    phase(options.draw, number, row, on, repeated.headway)
                };
                let departures = (repeated.start..repeated.end).skip(phase as usize);
                for departure in departures.step_by(repeated.headway as usize) {
                    let vehicle = vec![at(repeated.trip, shift + i64::from(departure) - own)];
                    if touches(&vehicle) {
                        found.push(vehicle);
                    }
                }
            }
        }
    }
    (found, could_join)
}

/// When the first vehicle of a headway comes: a number of seconds below the headway, the same in every run of a draw.
fn phase(draw: u64, feed: usize, row: usize, day: NaiveDate, headway: u32) -> u32 {
    use chrono::Datelike;
    let mut seed = [0; 32];
    for (bytes, part) in
        seed.chunks_mut(8).zip([draw, feed as u64, row as u64, day.num_days_from_ce() as u64])
    {
        bytes.copy_from_slice(&part.to_le_bytes());
    }
    // The remainder of 64 bits is uniform to one part in a billion.
    (ChaCha8Rng::from_seed(seed).next_u64() % u64::from(headway)) as u32
}

/// The trips that a vehicle goes on with, passengers seated.
struct Successors {
    next: HashMap<u32, Vec<u32>>,
    has_previous: HashSet<u32>,
    /// Successions within blocks, at one stop, that no rule speaks of.
    of_blocks: usize,
}

impl Successors {
    fn of(feed: &Feed, joins_blocks: bool) -> Self {
        let mut next: HashMap<u32, Vec<u32>> = HashMap::new();
        let mut ruled = HashSet::new();
        for rule in &feed.transfers {
            let [from, to] = rule.trips;
            match rule.kind {
                TransferKind::InSeat if follows(feed, from, to) => {
                    ruled.insert((from, to));
                    let next = next.entry(from).or_default();
                    if !next.contains(&to) {
                        next.push(to);
                    }
                }
                TransferKind::MustAlight => {
                    ruled.insert((from, to));
                }
                _ => {}
            }
        }
        let mut of_blocks = 0;
        for (from, to) in block_successions(feed) {
            if !ruled.contains(&(from, to)) {
                of_blocks += 1;
                if joins_blocks {
                    next.entry(from).or_default().push(to);
                }
            }
        }
        let has_previous = next.values().flatten().copied().collect();
        Self { next, has_previous, of_blocks }
    }

    /// The vehicles among the trips that run: each trip with those that it goes on as.
    fn vehicles(&self, running: &[bool]) -> Vec<Vec<u32>> {
        let mut found = Vec::new();
        let mut is_covered = vec![false; running.len()];
        let starts = (0..running.len() as u32).filter(|&trip| running[trip as usize]);
        let (followers, first): (Vec<u32>, Vec<u32>) =
            starts.partition(|trip| self.has_previous.contains(trip));
        for trip in first {
            self.extend(&mut vec![trip], running, &mut found, &mut is_covered);
        }
        // What no running trip leads to begins by itself.
        for trip in followers {
            if !is_covered[trip as usize] {
                self.extend(&mut vec![trip], running, &mut found, &mut is_covered);
            }
        }
        found
    }

    fn extend(
        &self,
        vehicle: &mut Vec<u32>,
        running: &[bool],
        found: &mut Vec<Vec<u32>>,
        is_covered: &mut [bool],
    ) {
        let last = vehicle[vehicle.len() - 1];
        is_covered[last as usize] = true;
        let next = self.next.get(&last).map(Vec::as_slice).unwrap_or_default();
        let mut goes_on = false;
        for &trip in next.iter().filter(|&&trip| running[trip as usize]) {
            if vehicle.len() < MOST_JOINED && !vehicle.contains(&trip) {
                goes_on = true;
                vehicle.push(trip);
                self.extend(vehicle, running, found, is_covered);
                vehicle.pop();
            }
        }
        if !goes_on {
            found.push(vehicle.clone());
        }
    }
}

/// Whether a trip departs when the other has arrived.
fn follows(feed: &Feed, from: u32, to: u32) -> bool {
    let calls = |trip: u32| feed.calls_of(&feed.trips[trip as usize]);
    let (Some(last), Some(first)) = (calls(from).last(), calls(to).first()) else { return false };
    last.arrival <= first.departure && from != to
}

/// Trips of one block and service that follow each other at one stop.
fn block_successions(feed: &Feed) -> Vec<(u32, u32)> {
    let mut blocks: HashMap<(u32, u32), Vec<u32>> = HashMap::new();
    for (number, trip) in feed.trips.iter().enumerate() {
        if trip.block != crate::model::transit::NONE && !trip.is_template {
            blocks.entry((trip.block, trip.service)).or_default().push(number as u32);
        }
    }
    let begins = |trip: &u32| feed.calls_of(&feed.trips[*trip as usize])[0].departure;
    let last_stop = |trip: u32| feed.calls_of(&feed.trips[trip as usize]).last().map(|call| call.stop);
    let first_stop = |trip: u32| feed.calls_of(&feed.trips[trip as usize]).first().map(|call| call.stop);
    let mut found = Vec::new();
    for trips in blocks.values_mut() {
        trips.sort_by_key(|trip| (begins(trip), *trip));
        let pairs = trips.windows(2).map(|pair| (pair[0], pair[1]));
        found
            .extend(pairs.filter(|&(from, to)| follows(feed, from, to) && last_stop(from) == first_stop(to)));
    }
    found.sort_unstable();
    found
}
