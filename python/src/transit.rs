//! Public transport on a street network: feeds in, tables out.

use crate::access::PyTravelTimes;
use crate::arrow::{integer_array, number_array, to_batch};
use crate::attached::PyAttachedPlaces;
use crate::background::in_background;
use crate::error::to_python;
use crate::street_network::PyStreetNetwork;
use arrow_array::StringArray;
use commonground::io;
use commonground::model::transit::{self, Feed, FillTimes, NaiveDate};
use commonground::network::{Destinations, Direction};
use commonground::travel::transit::{
    Departures, Journey, Leg, PlaceService, Sampling, ServiceTable, Spread, TimetableOptions, TransitNetwork,
    TransitOptions, TransitSearches, TransitStops, clock_time, closest_by_transit, service_at_places,
};
use commonground::{Error, ErrorKind, Minutes, Result};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::path::PathBuf;
use std::sync::Arc;

/// Feeds on the streets of a network, for a day.
#[pyclass(name = "Transit", frozen)]
pub(crate) struct PyTransit {
    network: Py<PyStreetNetwork>,
    feeds: Vec<Feed>,
    stops: TransitStops,
    date: NaiveDate,
    options: TransitOptions,
}

/// Slack in seconds, rides, minutes to stops, metres between stops, draws; every minute, wheelchair, blocks.
type Behaviour = ((u32, u32, f64, f64, u32), (bool, bool, bool));

/// The window of departures, the longest journey in minutes, the percentile.
type Asked = (String, f64, f64);

/// Feed, file, first line, count, what, example.
type Receipt = (String, &'static str, Option<u32>, usize, &'static str, String);

/// Places of an origin, each with its percentiles in milliseconds and its shares of departures.
type Found = Vec<(usize, Vec<Option<u32>>, Vec<f64>)>;

type Network<'a, 'py> = &'a Bound<'py, PyStreetNetwork>;
type Places<'a, 'py> = &'a Bound<'py, PyAttachedPlaces>;

#[pymethods]
impl PyTransit {
    #[new]
    fn new(
        py: Python<'_>,
        network: Network<'_, '_>,
        feeds: Vec<PathBuf>,
        asked: (String, String),
        behaviour: Behaviour,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Self> {
        let streets = &network.get().network;
        let (date, fill) = asked;
        let ((slack, rides, access, transfer, draws), (every_minute, with_wheelchair, blocks)) = behaviour;
        let (feeds, stops, date, options) = in_background(py, progress, |progress| {
            let fill = match fill.as_str() {
                "shape" => FillTimes::AlongShape,
                "line" => FillTimes::StraightLine,
                "even" => FillTimes::Evenly,
                other => {
                    let message = format!("`{other}` is no way to fill blank times");
                    return Err(Error::new(ErrorKind::Parameter, message).hint("one of shape, line, even"));
                }
            };
            let date = transit::date(&date)?;
            progress.start("reading timetables", feeds.len() as u64);
            let feeds = feeds.iter().map(|path| {
                let feed = io::read_feed(path, fill);
                progress.advance(1);
                feed
            });
            let feeds = feeds.collect::<Result<Vec<_>>>()?;
            commonground::model::transit::check_date(&feeds, date)?;
            let options = TransitOptions {
                boarding_slack_s: slack,
                most_rides: rides,
                longest_access: Minutes::new(access)?,
                longest_transfer_m: transfer,
                sampling: if every_minute { Sampling::EveryMinute } else { Sampling::EverySecond },
                draws,
                timetable: TimetableOptions { with_wheelchair, stay_seated_in_blocks: blocks, draw: 0 },
            };
            let stops = TransitStops::attach(streets, &feeds, transfer, progress)?;
            Ok((feeds, stops, date, options))
        })?;
        Ok(Self { network: network.clone().unbind(), feeds, stops, date, options })
    }

    /// What was dropped, repaired or filled in: feed, file, line of the first, count and words.
    fn receipts(&self) -> Vec<Receipt> {
        let of_feed = |feed: &Feed| -> Vec<_> {
            let row = |quirk: &commonground::model::transit::Quirk| {
                let line = quirk.lines.first().copied();
                (feed.name.clone(), quirk.file, line, quirk.count, quirk.what, quirk.example.clone())
            };
            feed.receipts.iter().map(row).collect()
        };
        self.feeds.iter().flat_map(of_feed).collect()
    }

    /// Feeds without a trip on the day, while others have some.
    fn silent_feeds(&self) -> Vec<String> {
        let silent = self.feeds.iter().filter(|feed| feed.trips_on(self.date) == 0);
        silent.map(|feed| feed.name.clone()).collect()
    }

    /// Number of stops, of those on streets, and of trips on the day.
    fn counts(&self) -> (usize, usize, usize) {
        let attached = self.stops.attachments().iter().flatten().count();
        let trips = self.feeds.iter().map(|feed| feed.trips_on(self.date)).sum();
        (self.stops.attachments().len(), attached, trips)
    }

    /// The time of every pair that enough departures serve.
    fn travel_times(
        &self,
        py: Python<'_>,
        origins: Places<'_, '_>,
        places: Places<'_, '_>,
        asked: Asked,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<PyTravelTimes> {
        let (origins, places) = (origins.get().attachments(), places.get());
        let streets = &self.network.get().network;
        in_background(py, progress, |progress| {
            let timetable = self.on(&asked, progress)?;
            let destinations = places.destinations(streets, Direction::From);
            let pair = (origins.as_slice(), &destinations);
            TransitSearches::new(streets, &self.stops, &timetable, pair, asked.2, progress)?.table()
        })
        .map(PyTravelTimes)
    }

    /// Columns `origin`, `place` and one per percentile by number, then one per cutoff with the share of departures within it.
    fn spreads(
        &self,
        py: Python<'_>,
        origins: Places<'_, '_>,
        places: Places<'_, '_>,
        asked: (String, f64, Vec<f64>, Vec<f64>),
        progress: Option<Py<PyAny>>,
    ) -> PyResult<PyRecordBatch> {
        let (origins, places) = (origins.get().attachments(), places.get());
        let streets = &self.network.get().network;
        let (depart, longest, percentiles, cutoffs) = asked;
        let width = percentiles.len();
        let rows = in_background(py, progress, |progress| {
            let timetable = self.on(&(depart, longest, 50.0), progress)?;
            let limits = cutoffs.iter().map(|&cutoff| Ok(Minutes::new(cutoff)?.to_milliseconds()));
            let limits = limits.collect::<Result<Vec<u32>>>()?;
            let destinations = places.destinations(streets, Direction::From);
            let pair = (origins.as_slice(), &destinations);
            let searches = TransitSearches::new(streets, &self.stops, &timetable, pair, 50.0, progress)?;
            for &percentile in &percentiles {
                TransitSearches::new(streets, &self.stops, &timetable, pair, percentile, progress)?;
            }
            let visit = |found: &mut Found, place: usize, spread: Spread<'_>| {
                let mut times = vec![None; width];
                spread.percentiles(&percentiles, &mut times);
                found.push((place, times, limits.iter().map(|&limit| spread.share_within(limit)).collect()));
            };
            searches.each_origin_spread(Vec::new, visit, |found, _| found)
        })?;
        let of_origin =
            |(origin, row): (usize, Option<Found>)| row.into_iter().flatten().map(move |row| (origin, row));
        let rows: Vec<_> = rows.into_iter().enumerate().flat_map(of_origin).collect();
        let minutes = |time: Option<u32>| time.map(|time| Minutes::from_milliseconds(time).get());
        let mut columns = vec![
            ("origin".to_owned(), integer_array(rows.iter().map(|row| Some(row.0 as i64)))),
            ("place".to_owned(), integer_array(rows.iter().map(|row| Some(row.1.0 as i64)))),
        ];
        columns.extend((0..width).map(|number| {
            (number.to_string(), number_array(rows.iter().map(|row| minutes(row.1.1[number]))))
        }));
        columns.extend((0..cutoffs.len()).map(|number| {
            ((width + number).to_string(), number_array(rows.iter().map(|row| Some(row.1.2[number]))))
        }));
        to_batch(columns)
    }

    /// Columns `0`, `1` ... of percentiles in minutes to the closest place, then `arrive`, the share of departures that arrive;
    /// category by category, origin by origin.
    fn closest(
        &self,
        py: Python<'_>,
        origins: Places<'_, '_>,
        categories: Vec<Bound<'_, PyAttachedPlaces>>,
        asked: (String, f64, Vec<f64>),
        progress: Option<Py<PyAny>>,
    ) -> PyResult<PyRecordBatch> {
        let origins = origins.get().attachments();
        let categories: Vec<&PyAttachedPlaces> = categories.iter().map(Bound::get).collect();
        let streets = &self.network.get().network;
        let (depart, longest, percentiles) = asked;
        let found = in_background(py, progress, |progress| {
            let timetable = self.on(&(depart, longest, 50.0), progress)?;
            let places = categories.iter().map(|places| places.destinations(streets, Direction::From));
            let places: Vec<Destinations> = places.collect();
            let places: Vec<&Destinations> = places.iter().collect();
            let ask = |_: usize, spread: Spread<'_>| {
                let mut times = vec![None; percentiles.len()];
                spread.percentiles(&percentiles, &mut times);
                (times, spread.share_arriving())
            };
            closest_by_transit(streets, &self.stops, &timetable, &origins, &places, ask, progress)
        })?;
        let rows: Vec<_> = found.into_iter().flatten().collect();
        let minutes = |time: Option<u32>| time.map(|time| Minutes::from_milliseconds(time).get());
        let mut columns: Vec<_> = (0..percentiles.len())
            .map(|number| {
                let column = rows.iter().map(|row| row.as_ref().and_then(|row| minutes(row.0[number])));
                (number.to_string(), number_array(column))
            })
            .collect();
        columns.push(("arrive".into(), number_array(rows.iter().map(|row| row.as_ref().map(|row| row.1)))));
        to_batch(columns)
    }

    /// Legs of the journey between two places, and its departure and minutes; `None` if it is not made.
    fn journey(
        &self,
        py: Python<'_>,
        ends: Places<'_, '_>,
        asked: Asked,
    ) -> PyResult<Option<(PyRecordBatch, i64, f64)>> {
        let ends = ends.get().attachments();
        let streets = &self.network.get().network;
        let found = in_background(py, None, |progress| {
            let timetable = self.on(&asked, progress)?;
            let [from, to] = [0, 1].map(|end| ends.get(end).copied().flatten());
            let (origins, destinations) = ([from], Destinations::at(streets, &[to]));
            let pair = (origins.as_slice(), &destinations);
            let searches = TransitSearches::new(streets, &self.stops, &timetable, pair, asked.2, progress)?;
            let begin = i64::from(timetable.timetable().departures.from_s);
            Ok(searches.typical_journey(&self.feeds, 0, 0)?.map(|journey| (journey, begin)))
        })?;
        let Some((journey, begin)) = found else { return Ok(None) };
        let departs = begin + i64::from(journey.departs);
        let minutes = Minutes::from_milliseconds(journey.milliseconds).get();
        Ok(Some((legs(&journey, begin)?, departs, minutes)))
    }

    /// One row per stop: what leaves it in a window.
    fn stops(&self, py: Python<'_>, window: (String, String)) -> PyResult<PyRecordBatch> {
        let service = self.service(&window).map_err(|error| to_python(py, &error))?;
        let stops: Vec<_> =
            self.feeds.iter().flat_map(|feed| feed.stops.iter().map(|stop| (&feed.name, stop))).collect();
        let served = service.of_stops();
        let text = |values: Vec<String>| Arc::new(StringArray::from(values)) as arrow_array::ArrayRef;
        let names = |vehicles: &[commonground::model::transit::Vehicle]| {
            vehicles.iter().map(|vehicle| vehicle.name()).collect::<Vec<_>>().join(", ")
        };
        let on_street = self.stops.attachments().iter().map(|at| Some(i64::from(at.is_some())));
        to_batch(vec![
            ("feed".into(), text(stops.iter().map(|(feed, _)| (*feed).clone()).collect())),
            ("stop_id".into(), text(stops.iter().map(|(_, stop)| stop.id.clone()).collect())),
            ("name".into(), text(stops.iter().map(|(_, stop)| stop.name.clone()).collect())),
            ("lon".into(), number_array(stops.iter().map(|(_, stop)| Some(stop.lon_lat[0])))),
            ("lat".into(), number_array(stops.iter().map(|(_, stop)| Some(stop.lon_lat[1])))),
            ("on_street".into(), integer_array(on_street)),
            ("departures".into(), integer_array(served.iter().map(|stop| Some(i64::from(stop.departures))))),
            ("routes".into(), integer_array(served.iter().map(|stop| Some(i64::from(stop.routes))))),
            ("headway_minutes".into(), number_array(served.iter().map(|stop| stop.headway_min))),
            ("first_s".into(), integer_array(served.iter().map(|stop| stop.first_s))),
            ("last_s".into(), integer_array(served.iter().map(|stop| stop.last_s))),
            ("vehicles".into(), text(served.iter().map(|stop| names(&stop.vehicles)).collect())),
        ])
    }

    /// One row per place: SDG 11.2.1, class and PTAL.
    fn standards(
        &self,
        py: Python<'_>,
        places: Places<'_, '_>,
        window: (String, String),
        progress: Option<Py<PyAny>>,
    ) -> PyResult<PyRecordBatch> {
        let places = places.get().attachments();
        let streets = &self.network.get().network;
        let found = in_background(py, progress, |progress| {
            let service = self.service(&window)?;
            service_at_places(streets, &self.stops, &service, &places, progress)
        })?;
        let flag = |of: fn(&PlaceService) -> bool| {
            integer_array(found.iter().map(|place| place.as_ref().map(|place| i64::from(of(place)))))
        };
        let word = |of: fn(&PlaceService) -> &'static str| {
            Arc::new(found.iter().map(|place| place.as_ref().map(of)).collect::<StringArray>())
                as arrow_array::ArrayRef
        };
        let number =
            |of: fn(&PlaceService) -> f64| number_array(found.iter().map(|place| place.as_ref().map(of)));
        to_batch(vec![
            ("convenient".into(), flag(|place| place.is_convenient)),
            ("convenient_and_frequent".into(), flag(|place| place.is_convenient_and_frequent)),
            ("service_class".into(), word(|place| place.class.name())),
            ("departures_per_hour".into(), number(|place| place.departures_an_hour)),
            ("ptal_index".into(), number(|place| place.ptal_index)),
            ("ptal_band".into(), word(PlaceService::ptal_band)),
        ])
    }
}

impl PyTransit {
    fn on(&self, asked: &Asked, progress: &dyn commonground::Progress) -> Result<TransitNetwork> {
        let departures = Departures::parse(&asked.0, Minutes::new(asked.1)?)?;
        let walks = self.stops.walks().clone();
        TransitNetwork::with_walks(&self.feeds, self.date, departures, walks, self.options, progress)
    }

    fn service(&self, (from, to): &(String, String)) -> Result<ServiceTable> {
        ServiceTable::new(&self.feeds, self.date, [clock_time(from)?, clock_time(to)?])
    }
}

/// Columns `kind`, `minutes`, `route`, `headsign`, `from`, `to`, `departs_s` and `arrives_s`.
fn legs(journey: &Journey, begin: i64) -> PyResult<PyRecordBatch> {
    let legs = &journey.legs;
    let ride = |leg: &'_ Leg| if let Leg::Ride(ride) = leg { Some(ride.clone()) } else { None };
    let rides: Vec<_> = legs.iter().map(ride).collect();
    let kind = legs.iter().map(|leg| {
        Some(match leg {
            Leg::Walk { .. } => "walk",
            Leg::Wait { .. } => "wait",
            Leg::Ride(_) => "ride",
        })
    });
    let seconds = legs.iter().map(|leg| match leg {
        Leg::Walk { seconds } | Leg::Wait { seconds, .. } => f64::from(*seconds),
        Leg::Ride(ride) => f64::from(ride.arrives - ride.departs),
    });
    let from = legs.iter().map(|leg| match leg {
        Leg::Walk { .. } => None,
        Leg::Wait { stop, .. } => Some(stop.clone()),
        Leg::Ride(ride) => Some(ride.from.clone()),
    });
    let text = |values: Vec<Option<String>>| Arc::new(StringArray::from(values)) as arrow_array::ArrayRef;
    let of_ride = |of: fn(&commonground::travel::transit::Ride) -> String| {
        text(rides.iter().map(|ride| ride.as_ref().map(of)).collect())
    };
    let time = |of: fn(&commonground::travel::transit::Ride) -> i32| {
        integer_array(rides.iter().map(|ride| ride.as_ref().map(|ride| begin + i64::from(of(ride)))))
    };
    to_batch(vec![
        ("kind".into(), Arc::new(kind.collect::<StringArray>())),
        ("minutes".into(), number_array(seconds.map(|seconds| Some(seconds / 60.0)))),
        ("route".into(), of_ride(|ride| ride.route.clone())),
        ("headsign".into(), of_ride(|ride| ride.headsign.clone())),
        ("from".into(), text(from.collect())),
        ("to".into(), of_ride(|ride| ride.to.clone())),
        ("departs_s".into(), time(|ride| ride.departs)),
        ("arrives_s".into(), time(|ride| ride.arrives)),
    ])
}

/// Adds public transport to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyTransit>()
}
