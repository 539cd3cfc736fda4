//! Standards of public transport at a place, by the walk to stops and what leaves there: SDG 11.2.1, the classes of DG
//! REGIO, and PTAL.

use super::service::ServiceTable;
use super::stops::TransitStops;
use crate::model::transit::Vehicle;
use crate::network::{Attachment, StreetNetwork};
use crate::progress::go_on;
use crate::{Error, ErrorKind, Metres, Progress, Result};
use rayon::prelude::*;

/// Walks to stops of low and high capacity that are convenient, in metres (UN-Habitat, metadata of SDG indicator 11.2.1, 2021).
const CONVENIENT_M: [f64; 2] = [500.0, 1_000.0];
/// A stop with fewer departures an hour, all routes together, is not served often: one every 20 minutes (same source).
const OFTEN_AN_HOUR: f64 = 3.0;
/// Minutes' walk to a bus or tram, and to a metro or train, that are easy (Poelman & Dijkstra 2015, European Commission, Regional
/// Working Paper 01/2015).
const EASY_MIN: [f64; 2] = [5.0, 10.0];
/// Departures an hour that make a service frequent and very frequent (same source).
const FREQUENT_AN_HOUR: [f64; 2] = [4.0, 10.0];
/// Walking speed, metres a minute (Transport for London 2015, *Assessing transport connectivity in London*, appendix on PTAL).
const PTAL_PACE_M_MIN: f64 = 80.0;
/// Farthest walk to a bus stop and to a station, in metres (same source).
const PTAL_REACH_M: [f64; 2] = [640.0, 960.0];
/// Minutes added to the wait because vehicles are late: bus, rail (same source).
const PTAL_LATE_MIN: [f64; 2] = [2.0, 0.75];
/// Upper bounds of the index for the bands 1a, 1b, 2, 3, 4, 5, 6a (same source).
const PTAL_BOUNDS: [f64; 7] = [2.5, 5.0, 10.0, 15.0, 20.0, 25.0, 40.0];
const PTAL_BANDS: [&str; 9] = ["0", "1a", "1b", "2", "3", "4", "5", "6a", "6b"];

/// How good the public transport near a place is, after DG REGIO.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ServiceClass {
    /// No stop with departures within an easy walk.
    None,
    /// Fewer than 4 departures an hour.
    Low,
    /// 4 to 10 departures an hour.
    Medium,
    /// More than 10 departures an hour, by bus and tram or by metro and train.
    High,
    /// More than 10 departures an hour by both.
    VeryHigh,
}

impl ServiceClass {
    /// The word in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::VeryHigh => "very high",
        }
    }
}

/// Public transport at a place.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PlaceService {
    /// A stop with departures lies within 500 m (bus, tram) or 1,000 m (metro, train, ferry) along streets (SDG 11.2.1).
    pub is_convenient: bool,
    /// The same, counting only stops with a departure every 20 minutes on average.
    pub is_convenient_and_frequent: bool,
    /// Class of the best stop within an easy walk.
    pub class: ServiceClass,
    /// Accessibility index (PTAL), 0 or more.
    pub ptal_index: f64,
    /// Departures an hour of the best stop within an easy walk.
    pub departures_an_hour: f64,
}

impl PlaceService {
    /// The band of the accessibility index: 0, 1a, 1b, 2, 3, 4, 5, 6a or 6b.
    #[must_use]
    pub fn ptal_band(&self) -> &'static str {
        if self.ptal_index <= 0.0 {
            return PTAL_BANDS[0];
        }
        PTAL_BANDS[1 + PTAL_BOUNDS.partition_point(|bound| *bound < self.ptal_index)]
    }
}

/// Which walks, waits and capacities a vehicle is judged by: 0 bus, tram and the like, 1 metro, train and ferry.
const fn capacity(vehicle: Vehicle) -> usize {
    match vehicle {
        Vehicle::Metro | Vehicle::Rail | Vehicle::Ferry => 1,
        _ => 0,
    }
}

/// Public transport at each place, by walks along the streets.
///
/// - `service`: departures of the window that counts: 8:15 to 9:15 on a weekday for PTAL, 6:00 to 20:00 for DG REGIO.
///
/// Returns one result per place; `None` where it is not on the network.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the stops are those of another network or of other feeds; [`ErrorKind::Cancelled`].
pub fn service_at_places(
    streets: &StreetNetwork,
    stops: &TransitStops,
    service: &ServiceTable,
    places: &[Option<Attachment>],
    progress: &dyn Progress,
) -> Result<Vec<Option<PlaceService>>> {
    const LOT: usize = 4_096;
    stops.check(streets)?;
    if service.stop_count() != stops.attachments().len() {
        let message =
            format!("{} stops, but departures of {}", stops.attachments().len(), service.stop_count());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let pace_s_m = streets.profile().milliseconds_per_metre_off_street() / 1_000.0;
    let limit = streets.profile().minutes_off_street(Metres::new(CONVENIENT_M[1].max(PTAL_REACH_M[1]))?)?;
    progress.start("looking at the stops near every place", places.len() as u64);
    let mut found = Vec::with_capacity(places.len());
    for lot in places.chunks(LOT) {
        go_on(progress)?;
        let walks = stops.walks_to(streets, lot, limit)?;
        let at = |number: usize| {
            lot[number].as_ref()?;
            let near = walks.of(number).iter().map(|&(stop, seconds)| Near {
                stop: stop as usize,
                metres: f64::from(seconds) / pace_s_m,
                minutes: f64::from(seconds) / 60.0,
            });
            Some(judge(service, &near.collect::<Vec<_>>()))
        };
        found.par_extend((0..lot.len()).into_par_iter().map(at));
        progress.advance(lot.len() as u64);
    }
    Ok(found)
}

/// A stop within reach.
#[derive(Debug, Clone, Copy)]
struct Near {
    stop: usize,
    metres: f64,
    minutes: f64,
}

fn judge(service: &ServiceTable, near: &[Near]) -> PlaceService {
    let (mut is_convenient, mut is_frequent) = (false, false);
    let mut best = [0.0_f64; 2];
    // Of each route the nearest stop: minutes from door to departure.
    let mut of_routes: Vec<(u32, f64, f64)> = Vec::new();
    for place in near {
        let mut an_hour = [0.0; 2];
        for departure in service.at(place.stop) {
            an_hour[capacity(service.vehicle(departure.route))] += 1.0 / service.hours;
        }
        for kind in 0..2 {
            if an_hour[kind] == 0.0 {
                continue;
            }
            if place.metres <= CONVENIENT_M[kind] {
                is_convenient = true;
                is_frequent |= an_hour[kind] >= OFTEN_AN_HOUR;
            }
            if place.minutes <= EASY_MIN[kind] {
                best[kind] = best[kind].max(an_hour[kind]);
            }
        }
        for (route, an_hour) in service.routes_at(place.stop) {
            let kind = capacity(service.vehicle(route));
            if place.metres <= PTAL_REACH_M[kind] && an_hour > 0.0 {
                let wait = 30.0 / an_hour + PTAL_LATE_MIN[kind];
                of_routes.push((route, place.metres, place.metres / PTAL_PACE_M_MIN + wait));
            }
        }
    }
    of_routes.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.total_cmp(&b.2)));
    of_routes.dedup_by_key(|(route, _, _)| *route);
    let mut vehicles: Vec<(Vehicle, f64)> =
        of_routes.iter().map(|&(route, _, minutes)| (service.vehicle(route), 30.0 / minutes)).collect();
    vehicles.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    let of_vehicle = |doors: &[(Vehicle, f64)]| {
        let rest: f64 = doors[1..].iter().map(|(_, frequency)| frequency).sum();
        doors[0].1 + 0.5 * rest
    };
    let most = best[0].max(best[1]);
    let [frequent, very] = FREQUENT_AN_HOUR;
    PlaceService {
        is_convenient,
        is_convenient_and_frequent: is_frequent,
        class: match most {
            0.0 => ServiceClass::None,
            _ if best.iter().all(|best| *best > very) => ServiceClass::VeryHigh,
            most if most > very => ServiceClass::High,
            most if most >= frequent => ServiceClass::Medium,
            _ => ServiceClass::Low,
        },
        ptal_index: vehicles.chunk_by(|a, b| a.0 == b.0).map(of_vehicle).sum(),
        departures_an_hour: most,
    }
}

/// Need minus supply: how many percent of the places have less need, minus how many percent have less supply.
///
/// - `need`, `supply`: one value per place, in any unit, higher meaning more; `None` where it is not known.
///
/// Returns one difference per place, −100 to 100, positive where public transport falls behind need; ties share their rank; `None`
/// where either is missing.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ or a value is not finite.
///
/// # Source
/// Jiao & Dillivan (2013), "Transit deserts: the gap between demand and supply", *Journal of Public Transportation* 16(3), by
/// ranks instead of sums of scores.
pub fn transit_gap(need: &[Option<f64>], supply: &[Option<f64>]) -> Result<Vec<Option<f64>>> {
    if need.len() != supply.len() {
        let message = format!("need of {} places, but supply of {}", need.len(), supply.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    if let Some(row) =
        need.iter().zip(supply).position(|(a, b)| [a, b].iter().any(|v| v.is_some_and(|v| !v.is_finite())))
    {
        return Err(Error::new(ErrorKind::Parameter, "need or supply is not finite").at_row(row + 1));
    }
    let both: Vec<Option<(f64, f64)>> =
        need.iter().zip(supply).map(|(need, supply)| need.zip(*supply)).collect();
    let ranks = |of: fn((f64, f64)) -> f64| {
        let mut sorted: Vec<f64> = both.iter().flatten().map(|pair| of(*pair)).collect();
        sorted.sort_by(f64::total_cmp);
        move |pair: (f64, f64)| {
            let below = sorted.partition_point(|value| *value < of(pair));
            let up_to = sorted.partition_point(|value| *value <= of(pair));
            // Half of those with the same value count as below.
            50.0 * (below + up_to) as f64 / sorted.len() as f64
        }
    };
    let (need, supply) = (ranks(|pair| pair.0), ranks(|pair| pair.1));
    Ok(both.iter().map(|pair| pair.map(|pair| need(pair) - supply(pair))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::transit::{Call, Feed, NONE, Route, Service, Stop, Trip, Wheelchair};

    /// Bus 1 every 10 min from stop 0 and stop 1, bus 2 every 30 min from stop 1, a train every 15 min from stop 2.
    fn service() -> ServiceTable {
        let day = |text: &str| text.parse().unwrap();
        let stop = |id: &str| Stop {
            id: id.into(),
            name: id.into(),
            lon_lat: [8.0, 50.0],
            station: NONE,
            is_station: false,
            wheelchair: Wheelchair::Unknown,
        };
        let route =
            |id: &str, vehicle| Route { id: id.into(), name: id.into(), long_name: String::new(), vehicle };
        let mut feed = Feed {
            name: "made".into(),
            timezone: None,
            stops: ["0", "1", "2", "end"].map(stop).to_vec(),
            routes: vec![route("1", Vehicle::Bus), route("2", Vehicle::Bus), route("S", Vehicle::Rail)],
            services: vec![Service {
                id: "daily".into(),
                periods: vec![(day("2024-01-01"), day("2024-12-31"), [true; 7])],
                ..Service::default()
            }],
            trips: Vec::new(),
            calls: Vec::new(),
            frequencies: Vec::new(),
            transfers: Vec::new(),
            receipts: Default::default(),
        };
        for (route, stops, headway) in [(0, vec![0, 1, 3], 600), (1, vec![1, 3], 1_800), (2, vec![2, 3], 900)]
        {
            for start in (0..86_400).step_by(headway) {
                feed.trips.push(Trip {
                    id: String::new(),
                    route,
                    service: 0,
                    block: NONE,
                    headsign: String::new(),
                    direction: None,
                    wheelchair: Wheelchair::Unknown,
                    first_call: feed.calls.len() as u32,
                    call_count: stops.len() as u32,
                    is_template: false,
                });
                let last = stops.len() - 1;
                feed.calls.extend(stops.iter().enumerate().map(|(position, &stop)| Call {
                    stop,
                    arrival: start,
                    departure: start,
                    board: position < last,
                    alight: position > 0,
                    is_timed: true,
                }));
            }
        }
        ServiceTable::new(&[feed], day("2024-06-03"), [8 * 3_600, 9 * 3_600]).unwrap()
    }

    fn near(stop: usize, metres: f64) -> Near {
        Near { stop, metres, minutes: metres / 80.0 }
    }

    #[test]
    fn stops_count_departures_routes_and_headways() {
        let stops = service().of_stops();
        let brief: Vec<_> =
            stops.iter().map(|stop| (stop.departures, stop.routes, stop.headway_min)).collect();
        assert_eq!(brief, [(6, 1, Some(10.0)), (8, 2, Some(10.0)), (4, 1, Some(15.0)), (0, 0, None)]);
        assert_eq!((stops[0].first_s, stops[0].last_s), (Some(28_800), Some(32_400 - 600)));
        assert_eq!(stops[2].vehicles, [Vehicle::Rail]);
    }

    #[test]
    fn ptal_is_the_sum_over_vehicles_of_the_best_route_and_half_the_rest() {
        let service = service();
        // Bus 1: nearest at stop 0, 240 m: 3 + 5 + 2 = 10 min, frequency 3. Bus 2: 400 m: 5 + 15 + 2 = 22 min.
        // Train: 800 m: 10 + 7.5 + 0.75 = 18.25 min.
        let found = judge(&service, &[near(0, 240.0), near(1, 400.0), near(2, 800.0)]);
        let expected = 3.0 + 0.5 * 30.0 / 22.0 + 30.0 / 18.25;
        assert!((found.ptal_index - expected).abs() < 1e-12, "{}", found.ptal_index);
        assert_eq!(found.ptal_band(), "2");
        let far = judge(&service, &[near(0, 641.0), near(2, 961.0)]);
        assert_eq!((far.ptal_index, far.ptal_band()), (0.0, "0"));
        assert!(far.is_convenient && !judge(&service, &[near(0, 501.0), near(2, 1_001.0)]).is_convenient);
        for (index, band) in [(2.5, "1a"), (2.6, "1b"), (40.0, "6a"), (40.1, "6b")] {
            assert_eq!(PlaceService { ptal_index: index, ..found }.ptal_band(), band);
        }
    }

    #[test]
    fn classes_follow_the_best_stop_within_an_easy_walk() {
        let service = service();
        let class = |near: &[Near]| judge(&service, near).class;
        assert_eq!(class(&[near(0, 400.0)]), ServiceClass::Medium);
        assert_eq!(class(&[near(0, 401.0)]), ServiceClass::None);
        assert_eq!(class(&[near(2, 800.0)]), ServiceClass::Medium);
        assert_eq!(class(&[near(3, 10.0)]), ServiceClass::None);
    }

    #[test]
    fn the_gap_is_a_difference_of_ranks() {
        let gap = transit_gap(
            &[Some(1.0), Some(2.0), Some(2.0), None],
            &[Some(9.0), Some(5.0), Some(1.0), Some(2.0)],
        )
        .unwrap();
        let expected = [100.0 / 6.0 - 250.0 / 3.0, 400.0 / 6.0 - 50.0, 400.0 / 6.0 - 100.0 / 6.0];
        for (gap, expected) in gap.iter().zip(expected) {
            assert!((gap.unwrap() - expected).abs() < 1e-9);
        }
        assert_eq!(gap[3], None);
        assert!(transit_gap(&[None], &[]).is_err() && transit_gap(&[Some(f64::NAN)], &[None]).is_err());
    }
}
