//! The service itself, without routing: which stops are near, how often something leaves there, and where that falls behind need.

use super::service_isolation;
use super::transit::on_foot;
use crate::access::weighted_mean;
use crate::crs::Reprojector;
use crate::measure::prelude::*;
use crate::model::transit::{Feed, TransitSlice};
use crate::travel::transit::{
    PlaceService, ServiceClass, ServiceTable, StopService, service_at_places, transit_gap,
};
use crate::{Crs, model::transit::Stop};
use geo::{Coord, Geometry, Point};

/// Departures at the stops near homes.
pub(crate) static TRANSIT_SERVICE: Measure = Measure {
    name: "transit_service",
    title: "public transport service",
    needs: &[Need::Measure("access"), Need::Measure("service_isolation")],
    method: "Stops with departures within 500 m (bus, tram) or 1,000 m (metro, train, ferry) along streets (SDG 11.2.1); the best \
             service within an easy walk (DG REGIO); PTAL, by walks, waits and lateness. Departures are those of the first time \
             of day, over an hour at least. Per stop and time of day: departures, headway of the line that departs most often, \
             first and last. Need minus supply compares ranks of neighbourhoods: service isolation on foot, and PTAL.",
    source: "UN-Habitat (2021); Poelman & Dijkstra (2015); TfL (2015); Jiao & Dillivan (2013)",
    columns: &[
        &IS_NEAR,
        &IS_NEAR_OFTEN,
        &DEPARTURES,
        &MEAN_DEPARTURES,
        &PTAL,
        &MEAN_PTAL,
        &BAND,
        &CLASS,
        &NEAR,
        &NEAR_OFTEN,
        &FREQUENT,
        &GAP,
        &CITY_NEAR,
        &CITY_NEAR_OFTEN,
        &CITY_FREQUENT,
        &STOP,
        &NAME,
        &VEHICLES,
        &STOP_DEPARTURES,
        &STOP_ROUTES,
        &HEADWAY,
        &FIRST,
        &LAST,
    ],
    run,
};

const NOT_WHERE: &str = "Not where it goes, nor what can be reached with it.";

static IS_NEAR: ColumnSpec = answer("transit_stop_near")
    .label("A stop is near")
    .means("Whether a stop with departures lies within 500 m (bus, tram) or 1,000 m (metro, train, ferry) along streets.");
static IS_NEAR_OFTEN: ColumnSpec = answer("frequent_transit_stop_near")
    .label("A stop with frequent service is near")
    .means("Whether such a stop has a departure every 20 minutes on average.");
static DEPARTURES: ColumnSpec = service("transit_departures_per_hour", Unit::Plain)
    .label("Departures per hour nearby")
    .means("Departures per hour of the best stop within 5 minutes' walk (bus, tram) or 10 (metro, train, ferry).");
static MEAN_DEPARTURES: ColumnSpec = service("transit_departures_per_hour_mean", Unit::Plain)
    .label("Departures per hour nearby")
    .means(
        "Departures per hour of the best stop within 5 minutes' walk (bus, tram) or 10 (metro, train, ferry), on average \
         over {residents}.",
    )
    .sums_up(&DEPARTURES, Rule::Mean);
static PTAL: ColumnSpec =
    service("ptal_index", Unit::Plain).label("Public transport accessibility (PTAL)").means(
        "Index of the walk to stops and the wait there (Transport for London): 0 none, above 40 the best.",
    );
static MEAN_PTAL: ColumnSpec = service("ptal_index_mean", Unit::Plain)
    .label("Public transport accessibility (PTAL)")
    .means(
        "Index of the walk to stops and the wait there (Transport for London), on average over {residents}.",
    )
    .sums_up(&PTAL, Rule::Mean);
static BAND: ColumnSpec = ColumnSpec::words("ptal_band", Theme::Access)
    .label("PTAL band")
    .means("Band of the PTAL index: 0, 1a, 1b, 2, 3, 4, 5, 6a or 6b.")
    .does_not_mean(NOT_WHERE);
static CLASS: ColumnSpec = ColumnSpec::words("transit_service_class", Theme::Access)
    .label("Class of service nearby")
    .means("Class of the best stop within an easy walk (DG REGIO): none, low, medium (4 departures per hour), high (10) or very high.")
    .does_not_mean(NOT_WHERE);
static NEAR: ColumnSpec = service("share_near_transit_stop", Unit::Share)
    .label("{Residents} near a stop")
    .means("Share of {residents} with a stop within 500 m (bus, tram) or 1,000 m (metro, train, ferry) along streets (SDG 11.2.1).");
static NEAR_OFTEN: ColumnSpec = service("share_near_frequent_transit_stop", Unit::Share)
    .label("{Residents} near a stop with frequent service")
    .means(
        "Share of {residents} with a stop within 500 m (bus, tram) or 1,000 m (metro, train, ferry) that has a departure \
         every 20 minutes.",
    );
static FREQUENT: ColumnSpec = service("share_with_medium_transit_service", Unit::Share)
    .label("{Residents} with medium service or better")
    .means("Share of {residents} with at least 4 departures per hour at one stop within an easy walk (DG REGIO).");
static GAP: ColumnSpec = ColumnSpec::new(
    "transit_gap",
    Theme::Isolation,
    Unit::Plain,
    Scale::Diverging { middle: 0.0 },
)
.label("Public transport: need minus supply")
.means(
    "Rank by service isolation on foot minus rank by PTAL, in percent of the neighbourhoods: above 0 public transport falls behind \
     need.",
)
.does_not_mean("A comparison within the city: it does not say that any place has enough.");
static CITY_NEAR: ColumnSpec = service("city_share_near_transit_stop", Unit::Share)
    .label("{Residents} near a stop (SDG 11.2.1)")
    .means("Share of all {residents} on streets with a stop within 500 m (bus, tram) or 1,000 m (metro, train, ferry) along streets.");
static CITY_NEAR_OFTEN: ColumnSpec = service("city_share_near_frequent_transit_stop", Unit::Share)
    .label("{Residents} near a stop with frequent service")
    .means("Share of all {residents} on streets with such a stop that has a departure every 20 minutes.");
static CITY_FREQUENT: ColumnSpec = service("city_share_with_medium_transit_service", Unit::Share)
    .label("{Residents} with medium service or better")
    .means("Share of all {residents} on streets with at least 4 departures per hour at one stop within an easy walk (DG REGIO).");
static STOP: ColumnSpec =
    ColumnSpec::words("stop_id", Theme::Access).label("Stop").means("Its id in the timetable.");
static NAME: ColumnSpec =
    ColumnSpec::words("stop_name", Theme::Access).label("Name").means("Its name for passengers.");
static VEHICLES: ColumnSpec = ColumnSpec::words("vehicles_{when}", Theme::Access)
    .label("Vehicles, {when}")
    .means("Kinds of vehicle that depart here, {when}.");
static STOP_DEPARTURES: ColumnSpec = service("departures_{when}", Unit::Count)
    .label("Departures, {when}")
    .means("Departures in the window, {when}.");
static STOP_ROUTES: ColumnSpec = service("routes_{when}", Unit::Count)
    .label("Lines, {when}")
    .means("Lines that depart in the window, {when}.");
static HEADWAY: ColumnSpec =
    ColumnSpec::new("headway_minutes_{when}", Theme::Access, Unit::Minutes, Scale::MoreIsWorse)
        .label("Headway, {when}")
        .means("Minutes between departures of the line and direction that departs most often, {when}.")
        .does_not_mean(NOT_WHERE);
static FIRST: ColumnSpec = ColumnSpec::words("first_departure", Theme::Access)
    .label("First departure")
    .means("On the first day of the study, on the clock.");
static LAST: ColumnSpec = ColumnSpec::words("last_departure", Theme::Access)
    .label("Last departure")
    .means("On the first day of the study, on the clock; hours go on after midnight: 24:30.");

const fn service(name: &'static str, unit: Unit) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, unit, Scale::MoreIsBetter).does_not_mean(NOT_WHERE)
}

const fn answer(name: &'static str) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, Unit::Answer, Scale::Classes).does_not_mean(NOT_WHERE)
}

/// Departures per hour are counted over an hour at least.
const AN_HOUR_S: u32 = 3_600;
/// A service day with the night after it, in seconds from midnight: vehicles may depart until four.
const DAY_S: [u32; 2] = [4 * AN_HOUR_S, 28 * AN_HOUR_S];

fn run(context: &Context<'_>) -> Result<Outcome> {
    let study = context.study;
    let Some(timetables) = study.transit.as_ref().filter(|_| context.with_modes) else {
        return Ok(Outcome::default());
    };
    let Some(first) = timetables.slices.first() else { return Ok(Outcome::default()) };
    let on_streets = match on_foot(context) {
        Ok(on_streets) => on_streets,
        Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
        // What is wrong stands there with the measure by timetable.
        Err(_) => return Ok(Outcome::default()),
    };
    let mut found = Outcome::default();
    let service = in_window(&timetables.feeds, first)?;
    let walk = context.walk();
    let homes =
        service_at_places(walk.streets(), on_streets.stops(), &service, walk.homes(), context.progress)?;
    at_homes(context, &homes, &mut found)?;
    let is_on_street = |stop: usize| on_streets.stops().attachments()[stop].is_some();
    at_stops(study, (&timetables.feeds, &timetables.slices), is_on_street, &mut found)?;
    Ok(found)
}

fn in_window(feeds: &[Feed], slice: &TransitSlice) -> Result<ServiceTable> {
    let from = slice.departures.from_s;
    ServiceTable::new(feeds, slice.date, [from, from + slice.departures.length_s.max(AN_HOUR_S)])
}

/// Standards at homes, and by neighbourhood and city.
fn at_homes(context: &Context<'_>, homes: &[Option<PlaceService>], found: &mut Outcome) -> Result<()> {
    let number = |of: fn(&PlaceService) -> f64| -> Vec<Option<f64>> {
        homes.iter().map(|home| home.as_ref().map(of)).collect()
    };
    let text = |of: fn(&PlaceService) -> &'static str| -> Vec<Option<String>> {
        homes.iter().map(|home| home.as_ref().map(|home| of(home).to_owned())).collect()
    };
    let ptal = number(|home| home.ptal_index);
    let supply = context.homes.mean(|home| ptal[home]);
    found.home(&DEPARTURES, Subject::NONE, number(|home| home.departures_an_hour));
    found.home(&PTAL, Subject::NONE, ptal);
    found.home(&BAND, Subject::NONE, text(|home| home.ptal_band()));
    found.home(&CLASS, Subject::NONE, text(|home| home.class.name()));
    let weights = &context.study.homes.weights;
    let mut share = |of: fn(&PlaceService) -> bool, columns: [&'static ColumnSpec; 2]| {
        let is_so = |home: usize| homes[home].as_ref().is_some_and(of);
        found.neighbourhood(columns[0], Subject::NONE, context.homes.share(is_so));
        let all = context.counted().map(|home| (f64::from(u8::from(is_so(home))), weights[home]));
        found.record(columns[1], Subject::NONE, weighted_mean(all));
    };
    share(|home| home.is_convenient, [&NEAR, &CITY_NEAR]);
    share(|home| home.is_convenient_and_frequent, [&NEAR_OFTEN, &CITY_NEAR_OFTEN]);
    share(|home| home.class >= ServiceClass::Medium, [&FREQUENT, &CITY_FREQUENT]);
    let answer = |of: fn(&PlaceService) -> bool| -> Vec<Option<bool>> {
        homes.iter().map(|home| home.as_ref().map(of)).collect()
    };
    found.home(&IS_NEAR, Subject::NONE, answer(|home| home.is_convenient));
    found.home(&IS_NEAR_OFTEN, Subject::NONE, answer(|home| home.is_convenient_and_frequent));
    if let Some(need) = context.earlier(&service_isolation::ISOLATION, &Subject::NONE) {
        found.neighbourhood(&GAP, Subject::NONE, transit_gap(need, &supply)?);
    }
    Ok(())
}

/// Departures, headways and the span of the day at the stops on the study's streets.
fn at_stops(
    study: &StudyArea,
    (feeds, slices): (&[Feed], &[TransitSlice]),
    is_on_street: impl Fn(usize) -> bool,
    found: &mut Outcome,
) -> Result<()> {
    let to_study = Reprojector::new(&Crs::wgs84(), &study.crs)?;
    let all: Vec<&Stop> = feeds.iter().flat_map(|feed| &feed.stops).collect();
    let mut numbers = Vec::new();
    let mut points = Vec::new();
    for (number, stop) in all.iter().enumerate().filter(|(number, _)| is_on_street(*number)) {
        let [x, y] = stop.lon_lat;
        numbers.push(number);
        points.push(Geometry::Point(Point::from(to_study.coord(Coord { x, y })?)));
    }
    let mut columns = Columns::default();
    let text = |of: &dyn Fn(usize) -> Option<String>| -> Vec<Option<String>> {
        numbers.iter().map(|&stop| of(stop)).collect()
    };
    columns.add(&STOP, text(&|stop| Some(all[stop].id.clone())));
    columns.add(&NAME, text(&|stop| Some(all[stop].name.clone())));
    for (number, slice) in slices.iter().enumerate() {
        if number == 0 {
            let of_day = ServiceTable::new(feeds, slice.date, DAY_S)?.of_stops();
            columns.add(&FIRST, text(&|stop| of_day[stop].first_s.map(clock)));
            columns.add(&LAST, text(&|stop| of_day[stop].last_s.map(clock)));
        }
        let served = in_window(feeds, slice)?.of_stops();
        let count = |of: fn(&StopService) -> u32| -> Vec<Option<u32>> {
            numbers.iter().map(|&stop| Some(of(&served[stop]))).collect()
        };
        let subject = || Subject::NONE.at(&slice.name);
        columns.add_of(&STOP_DEPARTURES, subject(), count(|stop| stop.departures));
        columns.add_of(&STOP_ROUTES, subject(), count(|stop| stop.routes));
        let headways: Vec<Option<f64>> = numbers.iter().map(|&stop| served[stop].headway_min).collect();
        columns.add_of(&HEADWAY, subject(), headways);
        let vehicles = |stop: usize| {
            let names: Vec<&str> = served[stop].vehicles.iter().map(|vehicle| vehicle.name()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        columns.add_of(&VEHICLES, subject(), text(&vehicles));
    }
    found.layer("transit_stops", columns, Some(points));
    Ok(())
}

/// A time on the clock, hours going on after midnight.
fn clock(second: i64) -> String {
    format!("{:02}:{:02}", second.div_euclid(3_600), second.rem_euclid(3_600) / 60)
}
