//! The sweep: for sixteen places at once, the latest second at which one can leave and be in each vehicle.
//!
//! A vehicle at a stop has a fixed time, so what differs between departures is only whether it is caught. One number
//! per vehicle and stop, the latest departure with which one sits in it, therefore answers every second of the window:
//! whoever leaves earlier catches it too. Numbers travel along vehicles and along the changes between them, round by round,
//! one round for each ride. Seen from a destination, backward, the number is the soonest arrival there.
//!
//! Numbers are kept so that the larger is the better one and 0 means none: forward the second of departure plus 1, backward
//! the seconds left of the horizon on arrival, plus 1.

use super::doors::Door;
use super::timetable::Timetable;
use super::transfers::Transfers;

/// Places that are searched together.
pub(super) const LANES: usize = 16;

/// One number for each place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(align(32))]
pub(super) struct Lanes(pub(super) [i16; LANES]);

pub(super) const NOTHING: Lanes = Lanes([0; LANES]);

impl Lanes {
    #[inline]
    fn max(self, other: Self) -> Self {
        let mut larger = self;
        for (a, b) in larger.0.iter_mut().zip(other.0) {
            *a = (*a).max(b);
        }
        larger
    }

    /// Only the numbers above a threshold.
    #[inline]
    fn above(self, threshold: i16) -> Self {
        let mut kept = self;
        for value in &mut kept.0 {
            *value = if *value > threshold { *value } else { 0 };
        }
        kept
    }

    /// Whether any number is larger than that of `other`.
    #[inline]
    pub(super) fn exceeds(self, other: Self) -> bool {
        let mut any = 0;
        for (a, b) in self.0.into_iter().zip(other.0) {
            any |= i16::from(a > b);
        }
        any != 0
    }
}

/// Which way the numbers travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// With time, from the place where one leaves.
    Forward,
    /// Against time, from the place where one arrives.
    Backward,
}

/// Scratch of one thread.
pub(super) struct Sweep {
    /// By event; forward of who sits in the vehicle when it arrives, backward of who boards.
    best: Vec<Lanes>,
    /// By event: what this round begins with, and what the next one will.
    now: Vec<Lanes>,
    next: Vec<Lanes>,
    /// By vehicle: the first position, in the order of the way, with something to begin with.
    from: [Vec<u32>; 2],
    /// Vehicles with something to begin with.
    waiting: [Vec<u32>; 2],
    /// Vehicles whose `best` is not nothing.
    reached: Vec<u32>,
    is_reached: Vec<bool>,
}

/// No position.
const NOWHERE: u32 = u32::MAX;

impl Sweep {
    pub(super) fn new(timetable: &Timetable) -> Self {
        let (events, vehicles) = (timetable.event_count(), timetable.vehicle_count());
        Self {
            best: vec![NOTHING; events],
            now: vec![NOTHING; events],
            next: vec![NOTHING; events],
            from: [vec![NOWHERE; vehicles], vec![NOWHERE; vehicles]],
            waiting: [Vec::new(), Vec::new()],
            reached: Vec::new(),
            is_reached: vec![false; vehicles],
        }
    }

    /// The number of each place at an event.
    #[inline]
    pub(super) fn at(&self, event: u32) -> Lanes {
        self.best[event as usize]
    }

    /// Forgets the run before.
    fn clear(&mut self, timetable: &Timetable) {
        for vehicle in self.reached.drain(..) {
            let (first, length) = span(timetable, vehicle);
            self.best[first..first + length].fill(NOTHING);
            self.is_reached[vehicle as usize] = false;
        }
    }

    /// Runs from doors, one list for each place, with at most `rides` vehicles.
    pub(super) fn run<'a>(
        &mut self,
        timetable: &Timetable,
        transfers: &Transfers,
        way: Way,
        doors: impl Iterator<Item = &'a [Door]>,
        rides: usize,
    ) {
        self.clear(timetable);
        let horizon = timetable.horizon();
        for (lane, doors) in doors.enumerate() {
            for door in doors {
                let value = match way {
                    Way::Forward => door.time + 1,
                    Way::Backward => horizon as i16 + 1 - door.time,
                };
                let number = &mut self.now[door.event as usize].0[lane];
                *number = (*number).max(value);
                mark(timetable, way, door.event, &mut self.from[0], &mut self.waiting[0]);
            }
        }
        for round in 0..rides {
            let is_last = round + 1 == rides;
            let vehicles = std::mem::take(&mut self.waiting[round % 2]);
            for &vehicle in &vehicles {
                match way {
                    Way::Forward => self.ride::<true>(timetable, transfers, vehicle, round, is_last),
                    Way::Backward => self.ride::<false>(timetable, transfers, vehicle, round, is_last),
                }
            }
            self.waiting[round % 2] = vehicles;
            self.waiting[round % 2].clear();
            std::mem::swap(&mut self.now, &mut self.next);
        }
    }

    /// Carries the numbers along a vehicle, and on to those that one changes to.
    fn ride<const FORWARD: bool>(
        &mut self,
        timetable: &Timetable,
        transfers: &Transfers,
        vehicle: u32,
        round: usize,
        is_last: bool,
    ) {
        let way = if FORWARD { Way::Forward } else { Way::Backward };
        let (first, length) = span(timetable, vehicle);
        let begin = std::mem::replace(&mut self.from[round % 2][vehicle as usize], NOWHERE) as usize;
        if !self.is_reached[vehicle as usize] {
            self.is_reached[vehicle as usize] = true;
            self.reached.push(vehicle);
        }
        let longest = timetable.departures.longest_s() as i32;
        let horizon = timetable.horizon();
        let mut seated = NOTHING;
        for position in begin..length {
            let event = if FORWARD { first + position } else { first + length - 1 - position };
            if seated != NOTHING {
                let threshold = if FORWARD {
                    timetable.arrival[event] - longest
                } else {
                    horizon - timetable.departure[event] - longest
                };
                let numbers = seated.above(threshold.clamp(0, i32::from(i16::MAX)) as i16);
                let is_open = if FORWARD {
                    timetable.arrival[event] <= horizon
                } else {
                    timetable.departure[event] >= 0
                };
                if is_open && numbers.exceeds(self.best[event]) {
                    self.best[event] = self.best[event].max(numbers);
                    if !is_last {
                        let changes = if FORWARD { transfers.out_of(event) } else { transfers.into(event) };
                        for &to in changes {
                            let known = &mut self.next[to as usize];
                            *known = known.max(numbers);
                            let other = (round + 1) % 2;
                            mark(timetable, way, to, &mut self.from[other], &mut self.waiting[other]);
                        }
                    }
                }
            }
            let begun = std::mem::replace(&mut self.now[event], NOTHING);
            seated = seated.max(begun);
        }
    }
}

/// First event and number of events of a vehicle.
#[inline]
fn span(timetable: &Timetable, vehicle: u32) -> (usize, usize) {
    let first = timetable.run_first[vehicle as usize] as usize;
    let next =
        timetable.run_first.get(vehicle as usize + 1).map_or(timetable.event_count(), |&next| next as usize);
    (first, next - first)
}

/// Remembers that a vehicle has something to begin with at an event.
#[inline]
fn mark(timetable: &Timetable, way: Way, event: u32, from: &mut [u32], waiting: &mut Vec<u32>) {
    let vehicle = timetable.run_of[event as usize];
    let position = match way {
        Way::Forward => event - timetable.run_first[vehicle as usize],
        Way::Backward => {
            let (first, length) = span(timetable, vehicle);
            (first + length - 1) as u32 - event
        }
    };
    let known = &mut from[vehicle as usize];
    if *known == NOWHERE {
        waiting.push(vehicle);
    }
    *known = (*known).min(position);
}
