//! A line that does not run yet: its stops, how often and how fast.

use super::{Call, Feed, Frequency, NONE, Route, Service, Stop, Trip, Vehicle, Wheelchair};
use crate::error::nearest;
use crate::{Error, ErrorKind, KmPerHour, Minutes, Result};
use chrono::NaiveDate;
use geo::{Distance, Haversine, Point};
use serde::Deserialize;

/// Seconds of an hour.
const HOUR: f64 = 3_600.0;
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// A line that is planned.
#[derive(Debug, Clone, PartialEq)]
pub struct NewLine {
    /// Its name for passengers.
    pub name: String,
    /// Its stops in the order of travel, two or more.
    pub stops: Vec<LineStop>,
    /// Time between departures, above 0.
    pub headway: Minutes,
    /// Seconds of the service day of the first and the last departure from the first stop, and of those back from the last.
    pub departures: [u32; 2],
    /// Speed from stop to stop along straight lines, the time at stops included.
    pub speed: KmPerHour,
    /// Days of the week on which it runs, Monday first.
    pub days: [bool; 7],
    /// Whether it does not run back.
    pub one_way: bool,
}

/// A stop of a planned line.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum LineStop {
    /// A stop of the timetable, by its id.
    Known(String),
    /// A new one, in degrees east and north (WGS84).
    At([f64; 2]),
}

/// Days of the week by their names; all of them where none is named.
///
/// # Errors
/// [`ErrorKind::Value`] if a name is none, with the nearest one.
pub(crate) fn weekdays(names: &[String]) -> Result<[bool; 7]> {
    let mut days = [names.is_empty(); 7];
    for name in names {
        let day = DAYS.iter().position(|day| day.eq_ignore_ascii_case(name)).ok_or_else(|| {
            let error = Error::new(ErrorKind::Value, format!("`{name}` is no day of the week"));
            match nearest(name, DAYS.into_iter()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint(format!("write {}", DAYS.join(", "))),
            }
        })?;
        days[day] = true;
    }
    Ok(days)
}

impl Feed {
    /// Adds a line that runs at exact headways on its days. Returns the number of trips of such a day.
    ///
    /// - `dates`: the first and the last day on which it may run.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if it has fewer than two stops, the same one twice in a row, a stop that the timetable does not
    /// know, no headway or speed, no day, or a last departure before the first.
    pub fn add_line(&mut self, line: &NewLine, dates: [NaiveDate; 2]) -> Result<usize> {
        let wrong = |message: String| Error::new(ErrorKind::Value, message);
        let [first, last] = line.departures;
        let headway = (line.headway.get() * 60.0).round();
        if line.stops.len() < 2 {
            return Err(wrong("a line needs two stops or more".to_owned()));
        }
        if headway < 1.0 || line.speed.get() <= 0.0 || !line.days.contains(&true) {
            return Err(wrong(
                "a line needs a headway of a second or more, a speed above 0 and a day".to_owned(),
            ));
        }
        if last < first {
            return Err(wrong("the last departure is before the first".to_owned())
                .hint("times after midnight go on as 24:30"));
        }
        let mut stops = Vec::with_capacity(line.stops.len());
        let mut added = Vec::new();
        for (number, stop) in line.stops.iter().enumerate() {
            stops.push(match stop {
                LineStop::Known(id) => self.stop_named(id)?,
                LineStop::At(lon_lat) => {
                    let name = format!("{}, stop {}", line.name, number + 1);
                    added.push(Stop {
                        id: name.clone(),
                        name,
                        lon_lat: *lon_lat,
                        station: NONE,
                        is_station: false,
                        wheelchair: Wheelchair::Unknown,
                    });
                    (self.stops.len() + added.len() - 1) as u32
                }
            });
        }
        self.stops.extend(added);
        let place = |stop: u32| Point::from(self.stops[stop as usize].lon_lat);
        let legs: Vec<f64> =
            stops.windows(2).map(|pair| Haversine.distance(place(pair[0]), place(pair[1]))).collect();
        if let Some(leg) = legs.iter().position(|metres| *metres == 0.0) {
            return Err(wrong(format!("stops {} and {} of the line are the same place", leg + 1, leg + 2)));
        }
        self.routes.push(Route {
            id: line.name.clone(),
            name: line.name.clone(),
            long_name: String::new(),
            vehicle: Vehicle::Bus,
        });
        self.services.push(Service {
            id: line.name.clone(),
            periods: vec![(dates[0], dates[1], line.days)],
            ..Service::default()
        });
        let seconds = |metres: &f64| metres / 1_000.0 / line.speed.get() * HOUR;
        let mut ways = vec![(stops.clone(), legs.clone())];
        if !line.one_way {
            ways.push((stops.into_iter().rev().collect(), legs.into_iter().rev().collect()));
        }
        let mut trips = 0;
        for (direction, (stops, legs)) in (0..).zip(ways) {
            let times = legs.iter().map(seconds).scan(0.0, |sum, leg| {
                *sum += leg;
                Some(*sum)
            });
            let times: Vec<u32> =
                std::iter::once(0.0).chain(times).map(|second| second.round() as u32).collect();
            self.add_pattern(line, direction, &stops, &times);
            self.frequencies.push(Frequency {
                trip: self.trips.len() as u32 - 1,
                start: first,
                end: last + 1,
                headway: headway as u32,
                is_exact: true,
            });
            trips += ((last - first) / headway as u32 + 1) as usize;
        }
        Ok(trips)
    }

    /// A trip that is repeated at a headway: its stops, and seconds from the first.
    fn add_pattern(&mut self, line: &NewLine, direction: u8, stops: &[u32], times: &[u32]) {
        self.trips.push(Trip {
            id: format!("{}, direction {direction}", line.name),
            route: self.routes.len() as u32 - 1,
            service: self.services.len() as u32 - 1,
            block: NONE,
            headsign: stops.last().map_or_else(String::new, |&stop| self.stops[stop as usize].name.clone()),
            direction: Some(direction),
            wheelchair: Wheelchair::Unknown,
            first_call: self.calls.len() as u32,
            call_count: stops.len() as u32,
            is_template: true,
        });
        let end = stops.len() - 1;
        self.calls.extend(stops.iter().zip(times).enumerate().map(|(at, (&stop, &second))| Call {
            stop,
            arrival: second,
            departure: second,
            board: at < end,
            alight: at > 0,
            is_timed: true,
        }));
    }

    /// Number of a stop where one boards, by its id.
    fn stop_named(&self, id: &str) -> Result<u32> {
        let found = (0..).zip(&self.stops).find(|(_, stop)| stop.id == id && !stop.is_station);
        found.map(|(number, _)| number).ok_or_else(|| {
            let error = Error::new(ErrorKind::Value, format!("the timetable has no stop with the id `{id}`"));
            let known = self.stops.iter().filter(|stop| !stop.is_station).map(|stop| stop.id.as_str());
            match nearest(id, known) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint("a new stop is written as `[longitude, latitude]`"),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed() -> Feed {
        let stop = |id: &str, lon: f64| Stop {
            id: id.into(),
            name: id.into(),
            lon_lat: [lon, 0.0],
            station: NONE,
            is_station: false,
            wheelchair: Wheelchair::Unknown,
        };
        Feed {
            name: "made".into(),
            timezone: None,
            stops: vec![stop("a", 0.0), stop("b", 0.01)],
            routes: Vec::new(),
            services: Vec::new(),
            trips: Vec::new(),
            calls: Vec::new(),
            frequencies: Vec::new(),
            transfers: Vec::new(),
            receipts: Default::default(),
        }
    }

    fn dates() -> [NaiveDate; 2] {
        ["2026-11-01", "2026-12-31"].map(|day| super::super::date(day).unwrap())
    }

    fn line() -> NewLine {
        NewLine {
            name: "New".into(),
            stops: vec![LineStop::Known("a".into()), LineStop::Known("b".into()), LineStop::At([0.03, 0.0])],
            headway: Minutes::new(20.0).unwrap(),
            departures: [6 * 3_600, 7 * 3_600],
            speed: KmPerHour::new(20.0).unwrap(),
            days: weekdays(&["Saturday".into()]).unwrap(),
            one_way: false,
        }
    }

    // A hundredth of a degree of the equator is 1,111.95 m on a sphere of 6,371,008.8 m: 200.15 s at 20 km/h.
    #[test]
    fn a_line_runs_both_ways_at_its_headway() {
        let mut feed = feed();
        // 6:00, 6:20, 6:40 and 7:00, there and back.
        assert_eq!(feed.add_line(&line(), dates()).unwrap(), 8);
        let times = |trip: usize| -> Vec<(u32, u32)> {
            feed.calls_of(&feed.trips[trip]).iter().map(|call| (call.stop, call.arrival)).collect()
        };
        assert_eq!(times(0), [(0, 0), (1, 200), (2, 600)]);
        assert_eq!(times(1), [(2, 0), (1, 400), (0, 600)]);
        assert_eq!(feed.routes_of("New"), [0]);
        let saturday = super::super::date("2026-11-28").unwrap();
        assert_eq!((feed.trips_on(saturday), feed.trips_on(saturday.succ_opt().unwrap())), (2, 0));
        let calls = feed.calls_of(&feed.trips[0]);
        assert!(calls[0].board && !calls[0].alight && calls[2].alight && !calls[2].board);
    }

    #[test]
    fn a_line_that_cannot_run_is_refused() {
        type Spoil = fn(&mut NewLine);
        let cases: [(Spoil, &str); 6] = [
            (|line| line.stops.truncate(1), "two stops"),
            (|line| line.stops[0] = LineStop::Known("c".into()), "no stop with the id `c`"),
            (|line| line.stops[1] = LineStop::At([0.0, 0.0]), "stops 1 and 2"),
            (|line| line.departures = [7, 6], "before the first"),
            (|line| line.headway = Minutes::new(0.0).unwrap(), "headway"),
            (|line| line.days = [false; 7], "a day"),
        ];
        for (spoil, words) in cases {
            let (mut feed, mut line) = (feed(), line());
            spoil(&mut line);
            let error = feed.add_line(&line, dates()).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
            assert!(feed.trips.is_empty() && feed.routes.is_empty());
        }
        let error = weekdays(&["sonday".into()]).unwrap_err().to_string();
        assert!(error.contains("sunday"), "{error}");
    }
}
