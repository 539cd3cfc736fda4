//! One journey in words: where one walks, waits, rides and changes. It runs on the vehicles and changes of the sweep, so
//! that it arrives when the numbers say.

use super::doors::DoorMaker;
use super::network::TransitNetwork;
use super::timetable::Timetable;
use crate::model::transit::{Feed, Stop};
use std::collections::HashMap;

/// A part of a journey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leg {
    /// On foot: to the first stop, between stops, from the last stop, or all the way.
    Walk {
        /// Seconds.
        seconds: u32,
    },
    /// At a stop until the vehicle leaves.
    Wait {
        /// Name of the stop.
        stop: String,
        /// Seconds.
        seconds: u32,
    },
    /// In a vehicle.
    Ride(Ride),
}

/// A part of a journey in one vehicle.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ride {
    /// Name of the route.
    pub route: String,
    /// Where the vehicle says that it goes; empty if it does not.
    pub headsign: String,
    /// Id of the trip.
    pub trip: String,
    /// Name of the stop where one boards.
    pub from: String,
    /// Name of the stop where one alights.
    pub to: String,
    /// Seconds from the beginning of the window.
    pub departs: i32,
    /// Seconds from the beginning of the window.
    pub arrives: i32,
}

/// A journey, from a place to another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Journey {
    /// Second of departure, from the beginning of the window.
    pub departs: u32,
    /// Milliseconds that it takes.
    pub milliseconds: u32,
    /// Its parts in order.
    pub legs: Vec<Leg>,
}

impl Journey {
    /// Names of the routes, in the order in which they are ridden.
    #[must_use]
    pub fn routes(&self) -> Vec<&str> {
        let ride = |leg: &'_ Leg| matches!(leg, Leg::Ride(_));
        let rides = self.legs.iter().filter(|leg| ride(leg));
        rides
            .filter_map(|leg| if let Leg::Ride(ride) = leg { Some(ride.route.as_str()) } else { None })
            .collect()
    }
}

/// How a vehicle was boarded.
#[derive(Debug, Clone, Copy)]
struct Boarding {
    event: u32,
    /// Where one alighted before; `None` if one came on foot.
    after: Option<u32>,
}

/// The journey by vehicle that arrives first when one leaves at a second of the window; of those with equal arrivals one with
/// the fewest vehicles. `None` if none arrives within the longest journey.
///
/// - `access`, `egress`: seconds to stops from the origin, and from stops to the destination.
pub(super) fn first_to_arrive(
    transit: &TransitNetwork,
    feeds: &[Feed],
    [access, egress]: [&[(u32, i32)]; 2],
    second: u32,
) -> Option<Journey> {
    let draw = &transit.draws[0];
    let timetable = &draw.timetable;
    let (mut maker, mut doors) = (DoorMaker::default(), Vec::new());
    maker.boarding(timetable, access, transit.options.boarding_slack_s as i32, &mut doors);
    let mut ends = Vec::new();
    maker.alighting(timetable, egress, &mut ends);
    let deadline = second as i32 + timetable.departures.longest_s() as i32;
    let end_of: HashMap<u32, i16> = ends
        .iter()
        .filter(|door| i32::from(door.time) <= deadline)
        .map(|door| (door.event, door.time))
        .collect();

    // Of each round, how each vehicle was boarded first.
    let mut rounds: Vec<HashMap<u32, Boarding>> = vec![HashMap::new()];
    let board = |round: &mut HashMap<u32, Boarding>, event: u32, after: Option<u32>| {
        let known = round.entry(timetable.run_of[event as usize]).or_insert(Boarding { event, after });
        if event < known.event {
            *known = Boarding { event, after };
        }
    };
    for door in doors.iter().filter(|door| i32::from(door.time) >= second as i32) {
        board(&mut rounds[0], door.event, None);
    }
    let mut first_boarding: HashMap<u32, u32> = HashMap::new();
    // Second of arrival, round and event of the best end so far.
    let mut best: Option<(i16, usize, u32)> = None;
    for round in 0..transit.options.most_rides as usize {
        let mut vehicles: Vec<(u32, Boarding)> = rounds[round].iter().map(|(run, at)| (*run, *at)).collect();
        vehicles.sort_unstable_by_key(|(run, _)| *run);
        let mut next = HashMap::new();
        for (run, at) in vehicles {
            let until = first_boarding.get(&run).copied().unwrap_or(u32::MAX);
            if at.event >= until {
                continue;
            }
            first_boarding.insert(run, at.event);
            let last =
                timetable.run_first.get(run as usize + 1).copied().unwrap_or(timetable.event_count() as u32);
            for event in at.event + 1..last {
                if timetable.arrival[event as usize] > deadline {
                    break;
                }
                if let Some(&time) = end_of.get(&event)
                    && best.is_none_or(|(known, _, _)| time < known)
                {
                    best = Some((time, round, event));
                }
                for &to in draw.transfers.out_of(event as usize) {
                    board(&mut next, to, Some(event));
                }
            }
        }
        rounds.push(next);
    }
    let (arrival, round, end) = best?;
    let mut rides = Vec::new();
    let mut alight = end;
    for round in rounds[..=round].iter().rev() {
        // A vehicle that was boarded in an earlier round already is not boarded again in a later one.
        let boarding = round.get(&timetable.run_of[alight as usize])?;
        rides.push((boarding.event, alight));
        match boarding.after {
            Some(after) => alight = after,
            None => break,
        }
    }
    rides.reverse();
    let described = Described { transit, feeds, timetable };
    let walk_to = |walks: &[(u32, i32)], event: u32| {
        let stop = described.stop_number(event);
        walks.iter().find(|(other, _)| *other == stop).map_or(0, |(_, seconds)| *seconds)
    };
    let mut now = second as i32;
    let mut legs = Vec::new();
    let mut last: Option<u32> = None;
    for (from, to) in rides {
        let walk = match last {
            None => walk_to(access, from),
            Some(last) => walk_to(transit.walks.of(described.stop_number(last) as usize), from),
        };
        if walk > 0 {
            legs.push(Leg::Walk { seconds: walk as u32 });
        }
        now += walk;
        let departs = timetable.departure[from as usize];
        legs.push(Leg::Wait {
            stop: described.stop(from).name.clone(),
            seconds: (departs - now).max(0) as u32,
        });
        legs.push(Leg::Ride(described.ride(from, to)));
        now = timetable.arrival[to as usize];
        last = Some(to);
    }
    let walk = i32::from(arrival) - now;
    if walk > 0 {
        legs.push(Leg::Walk { seconds: walk as u32 });
    }
    let milliseconds = (i32::from(arrival) - second as i32) as u32 * 1_000;
    Some(Journey { departs: second, milliseconds, legs })
}

struct Described<'a> {
    transit: &'a TransitNetwork,
    feeds: &'a [Feed],
    timetable: &'a Timetable,
}

impl Described<'_> {
    /// Number of the stop of an event, through all feeds.
    fn stop_number(&self, event: u32) -> u32 {
        self.timetable.stop_of(event)
    }

    fn stop(&self, event: u32) -> &Stop {
        let mut number = self.stop_number(event) as usize;
        debug_assert!(number < self.transit.walks.len());
        for feed in self.feeds {
            if number < feed.stops.len() {
                return &feed.stops[number];
            }
            number -= feed.stops.len();
        }
        unreachable!("a timetable has the stops of its feeds")
    }

    fn ride(&self, from: u32, to: u32) -> Ride {
        let run = self.timetable.trip_at(from);
        let feed = &self.feeds[run.feed as usize];
        let trip = &feed.trips[run.trip as usize];
        Ride {
            route: feed.routes[trip.route as usize].name.clone(),
            headsign: trip.headsign.clone(),
            trip: trip.id.clone(),
            from: self.stop(from).name.clone(),
            to: self.stop(to).name.clone(),
            departs: self.timetable.departure[from as usize],
            arrives: self.timetable.arrival[to as usize],
        }
    }
}
