//! Lines that are closed or run twice as often: what a plan does to a timetable.

use super::{Call, Feed, NONE, Trip};
use std::collections::BTreeMap;

impl Feed {
    /// Numbers of the routes of a line, by its name for passengers or its id.
    #[must_use]
    pub fn routes_of(&self, line: &str) -> Vec<u32> {
        let is_meant = |route: &super::Route| route.name == line || route.id == line;
        (0..).zip(&self.routes).filter(|(_, route)| is_meant(route)).map(|(number, _)| number).collect()
    }

    /// Closes routes: nobody boards or alights any more. Returns the number of trips.
    pub fn close_routes(&mut self, routes: &[u32]) -> usize {
        let mut closed = 0;
        for trip in self.trips.iter().filter(|trip| routes.contains(&trip.route)) {
            closed += 1;
            for call in &mut self.calls[trip.first_call as usize..][..trip.call_count as usize] {
                (call.board, call.alight) = (false, false);
            }
        }
        closed
    }

    /// Doubles the frequency of routes: between two successive trips of a day with the same stops one more runs, halfway in time at every
    /// stop, and headways are halved. Returns the number of trips and headways that were added or halved.
    pub fn double_routes(&mut self, routes: &[u32]) -> usize {
        let mut runs: BTreeMap<(u32, u32, Vec<u32>), Vec<usize>> = BTreeMap::new();
        for (number, trip) in self.trips.iter().enumerate() {
            if routes.contains(&trip.route) && !trip.is_template {
                let stops = self.calls_of(trip).iter().map(|call| call.stop).collect();
                runs.entry((trip.route, trip.service, stops)).or_default().push(number);
            }
        }
        let mut changed = 0;
        for trips in runs.values_mut() {
            trips.sort_by_key(|&trip| (self.calls_of(&self.trips[trip])[0].departure, trip));
            for pair in trips.windows(2) {
                let [one, next] = [pair[0], pair[1]].map(|number| self.trips[number].clone());
                let halfway = |(one, next): (&Call, &Call)| Call {
                    arrival: one.arrival.midpoint(next.arrival),
                    departure: one.departure.midpoint(next.departure),
                    is_timed: false,
                    ..*one
                };
                let calls: Vec<Call> =
                    self.calls_of(&one).iter().zip(self.calls_of(&next)).map(halfway).collect();
                let id = format!("{} doubled", one.id);
                let first_call = self.calls.len() as u32;
                self.trips.push(Trip { id, block: NONE, first_call, ..one });
                self.calls.extend(calls);
                changed += 1;
            }
        }
        for frequency in &mut self.frequencies {
            if routes.contains(&self.trips[frequency.trip as usize].route) {
                frequency.headway = (frequency.headway / 2).max(1);
                changed += 1;
            }
        }
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Frequency, Route, Vehicle, Wheelchair};
    use super::*;

    /// Line 1: three trips of one service and one of another; line 2: one trip at headways.
    fn feed() -> Feed {
        let route = |id: &str, name: &str| Route {
            id: id.into(),
            name: name.into(),
            long_name: String::new(),
            vehicle: Vehicle::Bus,
        };
        let mut feed = Feed {
            name: "made".into(),
            timezone: None,
            stops: Vec::new(),
            routes: vec![route("a", "1"), route("b", "2")],
            services: Vec::new(),
            trips: Vec::new(),
            calls: Vec::new(),
            frequencies: vec![Frequency { trip: 4, start: 0, end: 3_600, headway: 901, is_exact: true }],
            transfers: Vec::new(),
            receipts: Default::default(),
        };
        for (route, service, start) in [(0, 0, 3_600), (0, 0, 0), (0, 1, 600), (0, 0, 1_200), (1, 0, 0)] {
            feed.trips.push(Trip {
                id: format!("{start}"),
                route,
                service,
                block: 7,
                headsign: String::new(),
                direction: None,
                wheelchair: Wheelchair::Unknown,
                first_call: feed.calls.len() as u32,
                call_count: 2,
                is_template: route == 1,
            });
            // The later it is, the longer it takes.
            feed.calls.extend([(0, start), (1, start + 300 + start / 10)].map(|(stop, second)| Call {
                stop,
                arrival: second,
                departure: second,
                board: stop == 0,
                alight: stop == 1,
                is_timed: true,
            }));
        }
        feed
    }

    #[test]
    fn a_doubled_line_has_a_trip_halfway_between_any_two_and_half_the_headway() {
        let mut feed = feed();
        assert_eq!(
            (feed.routes_of("1"), feed.routes_of("a"), feed.routes_of("3")),
            (vec![0], vec![0], vec![])
        );
        assert_eq!(feed.double_routes(&[0]), 2);
        let added: Vec<Vec<u32>> = feed.trips[5..]
            .iter()
            .map(|trip| feed.calls_of(trip).iter().map(|call| call.arrival).collect())
            .collect();
        // Between 0 and 1,200, and between 1,200 and 3,600.
        assert_eq!(added, [[600, 960], [2_400, 2_940]]);
        assert!(feed.trips[5..].iter().all(|trip| trip.block == NONE && trip.service == 0));
        assert_eq!((feed.double_routes(&[1]), feed.frequencies[0].headway), (1, 450));
    }

    #[test]
    fn nobody_boards_a_closed_line() {
        let mut feed = feed();
        assert_eq!(feed.close_routes(&[0]), 4);
        let is_open = |trip: &Trip| feed.calls_of(trip).iter().any(|call| call.board || call.alight);
        assert_eq!(feed.trips.iter().map(is_open).collect::<Vec<_>>(), [false, false, false, false, true]);
    }
}
