//! The service itself, without routing: how many vehicles leave a stop, how often, from when to when.

use super::clock::service_seconds;
use super::runs::vehicles;
use super::timetable::TimetableOptions;
use crate::model::transit::{Feed, Vehicle, check_date};
use crate::{Error, ErrorKind, Result};
use chrono::NaiveDate;

/// A departure that passengers can board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Departure {
    /// Number of the stop, through all feeds.
    pub stop: u32,
    /// Number of the route, through all feeds.
    pub route: u32,
    /// The direction that the feed names, or that of the last stop where it names none: equal numbers go the same way.
    pub direction: u32,
    /// Seconds of the service day that was asked for.
    pub second: i64,
}

/// The service at a stop.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct StopService {
    /// Departures in the window.
    pub departures: u32,
    /// Routes that depart in the window.
    pub routes: u32,
    /// Minutes between departures of the route and direction that departs most often, on average over the window; `None` without
    /// departures.
    pub headway_min: Option<f64>,
    /// First departure in the window, in seconds from midnight on the clock.
    pub first_s: Option<i64>,
    /// Last departure in the window, in seconds from midnight on the clock.
    pub last_s: Option<i64>,
    /// Kinds of vehicles, in their order.
    pub vehicles: Vec<Vehicle>,
}

/// All departures in a window, and the stops and routes that they belong to.
#[derive(Debug, Clone)]
pub struct ServiceTable {
    /// By stop, route, direction and time.
    departures: Vec<Departure>,
    /// Where the departures of each stop begin.
    first: Vec<u32>,
    /// Kind of vehicle of each route, through all feeds.
    vehicles: Vec<Vehicle>,
    /// Length of the window in hours.
    pub(super) hours: f64,
    /// Seconds of the service day at midnight on the clock.
    midnight: i64,
}

impl ServiceTable {
    /// Departures of a day from a time until before another, in seconds from midnight on the clock; the night after counts on.
    ///
    /// Headways that are not exact are drawn once: their number does not depend on it.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the window is empty or longer than two days, or no trip runs on the date.
    pub fn new(feeds: &[Feed], date: NaiveDate, [from_s, to_s]: [u32; 2]) -> Result<Self> {
        if from_s >= to_s || to_s - from_s > 2 * 86_400 {
            let message =
                format!("the window from second {from_s} to {to_s} is empty or longer than two days");
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        check_date(feeds, date)?;
        let [from, to] = [from_s, to_s].map(|second| service_seconds(feeds, date, second));
        let (runs, _) = vehicles(feeds, date, [from, to], &TimetableOptions::default());
        let offsets = |count: fn(&Feed) -> usize| {
            let mut offsets = vec![0_u32];
            offsets.extend(feeds.iter().scan(0, |sum, feed| {
                *sum += count(feed) as u32;
                Some(*sum)
            }));
            offsets
        };
        let (stops, routes) = (offsets(|feed| feed.stops.len()), offsets(|feed| feed.routes.len()));
        let mut departures = Vec::new();
        for run in runs.iter().flatten() {
            let feed = &feeds[run.feed as usize];
            let trip = &feed.trips[run.trip as usize];
            let calls = feed.calls_of(trip);
            let last = calls[calls.len() - 1].stop;
            // Beyond the two directions of a feed; stops are fewer than that.
            let direction = trip.direction.map_or(last + 2, u32::from);
            for call in calls.iter().filter(|call| call.board) {
                let second = i64::from(call.departure) + run.shift;
                if (from..to).contains(&second) {
                    departures.push(Departure {
                        stop: stops[run.feed as usize] + call.stop,
                        route: routes[run.feed as usize] + trip.route,
                        direction,
                        second,
                    });
                }
            }
        }
        departures.sort_unstable();
        let count = stops[stops.len() - 1] as usize;
        let mut first = vec![0_u32; count + 1];
        for departure in &departures {
            first[departure.stop as usize + 1] += 1;
        }
        for stop in 0..count {
            first[stop + 1] += first[stop];
        }
        Ok(Self {
            departures,
            first,
            vehicles: feeds.iter().flat_map(|feed| feed.routes.iter().map(|route| route.vehicle)).collect(),
            hours: (to - from) as f64 / 3_600.0,
            midnight: service_seconds(feeds, date, 0),
        })
    }

    /// Number of stops of all feeds.
    #[must_use]
    pub fn stop_count(&self) -> usize {
        self.first.len() - 1
    }

    /// Departures of a stop, by route, direction and time.
    #[must_use]
    pub fn at(&self, stop: usize) -> &[Departure] {
        &self.departures[self.first[stop] as usize..self.first[stop + 1] as usize]
    }

    /// Kind of vehicle of a route, through all feeds.
    #[must_use]
    pub fn vehicle(&self, route: u32) -> Vehicle {
        self.vehicles[route as usize]
    }

    /// Routes of a stop, each with the departures an hour of the direction that departs most often.
    pub fn routes_at(&self, stop: usize) -> impl Iterator<Item = (u32, f64)> {
        self.at(stop).chunk_by(|a, b| a.route == b.route).map(|of_route| {
            let directions = of_route.chunk_by(|a, b| a.direction == b.direction);
            let most = directions.map(<[Departure]>::len).max().unwrap_or(0);
            (of_route[0].route, most as f64 / self.hours)
        })
    }

    /// The service at each stop.
    #[must_use]
    pub fn of_stops(&self) -> Vec<StopService> {
        let of_stop = |stop: usize| {
            let departures = self.at(stop);
            let seconds = departures.iter().map(|departure| departure.second - self.midnight);
            let most = self.routes_at(stop).map(|(_, an_hour)| an_hour).fold(0.0, f64::max);
            let mut vehicles: Vec<Vehicle> =
                self.routes_at(stop).map(|(route, _)| self.vehicle(route)).collect();
            vehicles.sort_unstable();
            vehicles.dedup();
            StopService {
                departures: departures.len() as u32,
                routes: self.routes_at(stop).count() as u32,
                headway_min: (most > 0.0).then(|| 60.0 / most),
                first_s: seconds.clone().min(),
                last_s: seconds.max(),
                vehicles,
            }
        };
        (0..self.stop_count()).map(of_stop).collect()
    }
}
