//! Open and reachable: the departures with which one is inside before it closes, waiting where one comes too soon.

use crate::access::weighted_mean;
use crate::measure::prelude::*;
use crate::model::OpeningHours;
use crate::model::transit::TransitSlice;
use crate::network::Destinations;
use crate::travel::transit::{StudyTransit, TransitNetwork};
use chrono::Datelike;
use geo::Point;

const fn open(name: &'static str) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, Unit::Share, Scale::MoreIsBetter)
}

pub(super) static IN_TIME: ColumnSpec = open("{of}_departures_open_by_transit_{when}")
    .label("Departures in time and open: {of}, {when}")
    .under("{Of}", "Departures in time and open, {when}")
    .means(MEANS_DEPARTURES)
    .does_not_mean(UNKNOWN_HOURS);
pub(super) static OPEN: ColumnSpec = open("{of}_share_open_by_transit_{when}")
    .label("Open and reached: {of}, {when}")
    .under("{Of}", "Open and reached by public transport, {when}")
    .means(MEANS)
    .does_not_mean(UNKNOWN_HOURS);
pub(super) static CITY_OPEN: ColumnSpec = open("city_{of}_share_open_by_transit_{when}")
    .label("Open and reached: {of}, {when}")
    .means(MEANS)
    .does_not_mean(UNKNOWN_HOURS);

const MEANS_DEPARTURES: &str = "Share of departures with which {some} that is open is reached within {minutes} minutes, waiting included, \
     10 minutes before it closes, {when}.";
const MEANS: &str = "Share of {residents} with {some} that is open within {minutes} minutes by public transport or on foot, waiting included, \
     10 minutes before it closes, {when}.";
const UNKNOWN_HOURS: &str =
    "Places whose opening hours are not known are left out, and holidays have the hours of their weekday.";

/// One needs so many seconds before it closes.
const STAY_S: i32 = 600;

/// Of each essential with opening hours: who reaches one that is open, in a slice.
pub(super) fn by_hours(
    context: &Context<'_>,
    (on_streets, network): (&StudyTransit<'_>, &TransitNetwork),
    slice: &TransitSlice,
    found: &mut Outcome,
) -> Result<()> {
    let (study, trips) = (context.study, context.walk());
    let standard = on_streets.standard();
    let limit = (standard.to_milliseconds() / 1_000) as i32;
    let weekday = slice.date.weekday().num_days_from_monday() as usize;
    let from = slice.departures.from_s as i32;
    let window = slice.departures.length_s as usize;
    for essential in &context.essentials {
        let hours = |service: &crate::model::Service| -> Option<(Point<f64>, Vec<[i32; 2]>)> {
            let hours: &OpeningHours = service.opening_hours.as_ref()?;
            let spans = hours.around(weekday).into_iter().map(|span| span.map(|second| second - from));
            (service.category == *essential).then(|| (service.location, spans.collect()))
        };
        let (locations, open): (Vec<Point<f64>>, Vec<Vec<[i32; 2]>>) =
            study.services.iter().filter_map(hours).unzip();
        if locations.is_empty() {
            continue;
        }
        let places = Destinations::at(trips.streets(), &trips.attach(study, &locations));
        let searches = on_streets.searches(network, (trips.homes(), &places), context.progress)?;
        let shares = searches.each_origin_spread(
            || (vec![false; window], true),
            |(is_in_time, is_known), place, spread| {
                let mark = |departures: std::ops::Range<usize>| is_in_time[departures].fill(true);
                *is_known &= spread.open_departures(&open[place], limit, STAY_S, mark);
            },
            |(is_in_time, is_known), _| {
                let count = is_in_time.iter().filter(|is_in_time| **is_in_time).count();
                is_known.then(|| count as f64 / window as f64)
            },
        )?;
        if shares.iter().flatten().any(Option::is_none) {
            let what = format!("public transport by opening hours: {}", spaced(essential));
            found.refuse(what, "the timetable has headways without times");
            continue;
        }
        let shares: Vec<Option<f64>> = shares.into_iter().map(Option::flatten).collect();
        let subject = || Subject::essential(essential).at(&slice.name).within(standard.get());
        let needed = on_streets.study().percentile / 100.0 - 1e-9;
        let reaches = |home: usize| shares[home].is_some_and(|share| share > 0.0 && share >= needed);
        found.neighbourhood(&OPEN, subject(), context.homes.share(reaches));
        let weights = &study.homes.weights;
        let all = context.counted().map(|home| (f64::from(u8::from(reaches(home))), weights[home]));
        found.record(&CITY_OPEN, subject(), weighted_mean(all));
        found.home(&IN_TIME, subject(), shares);
    }
    Ok(())
}
