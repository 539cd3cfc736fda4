//! Public transport from the shell: what a timetable holds, times, journeys, the service at stops.

use super::network::Streets;
use super::points::{PointOptions, Points};
use super::questions::{column, frame};
use crate::cli::bars::Bars;
use crate::cli::say::note;
use chrono::Datelike;
use commonground::model::transit::{
    Departures, Feed, FillTimes, NaiveDate, Stop, check_date, clock_time, date, days_between,
};
use commonground::network::{BuildOptions, Destinations, StreetNetwork, TravelProfile};
use commonground::travel::transit::{
    CutOff, Leg, ServiceTable, Spread, StopService, TimetableOptions, TransitNetwork, TransitOptions,
    TransitSearches, TransitStops, service_at_places, who_is_cut_off,
};
use commonground::{Crs, Error, ErrorKind, FeatureTable, Minutes, Result, io};
use geo::{Geometry, Point};
use polars::prelude::Column;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// So many homes make a piece of network a place of its own, as in an assessment.
const ISLAND_HOMES: usize = 10;

/// Public transport: timetables in the General Transit Feed Specification (GTFS) on streets.
#[derive(clap::Subcommand)]
pub(crate) enum TransitCommand {
    /// What a timetable holds: the days on which it runs, and every row that was dropped or filled in.
    Feed(FeedArguments),
    /// The service at every stop on a day: departures, headway, first and last.
    Stops(StopArguments),
    /// How good the service near points is: SDG 11.2.1, the classes of DG REGIO, and PTAL.
    Standards(StandardArguments),
    /// The travel time of every pair of points, over all departures of a window.
    Matrix(MatrixArguments),
    /// Who in a study is cut off at night, on Sunday, or at whatever times of day it compares: by group.
    CutOff(CutOffArguments),
    /// The journey from point to point in words: walk, wait, ride, change.
    Journey(JourneyArguments),
}

#[derive(clap::Args)]
pub(crate) struct Timetables {
    /// A timetable, zip file or folder; may be given several times.
    #[arg(long = "feed", value_name = "FILE", required = true)]
    feeds: Vec<PathBuf>,
    /// How calls without a time get one: along the shape of the trip, by straight lines, evenly.
    #[arg(long, default_value = "shape", value_parser = ["shape", "line", "even"])]
    blank_times: String,
}

impl Timetables {
    fn read(&self) -> Result<Vec<Feed>> {
        let fill = match self.blank_times.as_str() {
            "line" => FillTimes::StraightLine,
            "even" => FillTimes::Evenly,
            _ => FillTimes::AlongShape,
        };
        self.feeds.iter().map(|path| io::read_feed(path, fill)).collect()
    }
}

#[derive(clap::Args)]
pub(crate) struct FeedArguments {
    #[command(flatten)]
    timetables: Timetables,
}

#[derive(clap::Args)]
pub(crate) struct StopArguments {
    #[command(flatten)]
    timetables: Timetables,
    /// The day: 2024-06-03.
    #[arg(long)]
    date: String,
    /// From when to when departures count: 6:00-20:00; hours go on after midnight.
    #[arg(long, default_value = "0:00-24:00")]
    between: String,
    /// File for the stops: .geojson, .gpkg, .parquet, .csv.
    #[arg(long)]
    out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct StandardArguments {
    #[command(flatten)]
    streets: Streets,
    #[command(flatten)]
    timetables: Timetables,
    /// Table of the points.
    #[arg(long)]
    places: PathBuf,
    #[command(flatten)]
    points: PointOptions,
    /// The day: 2024-06-03.
    #[arg(long)]
    date: String,
    /// From when to when departures count.
    #[arg(long, default_value = "8:15-9:15")]
    between: String,
    /// File for the answer: .csv, .parquet.
    #[arg(long)]
    out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct CutOffArguments {
    /// Folder with a study.toml that names `[[transit]]` and `[transit_times]`, or the file itself.
    study: PathBuf,
    /// Folder that the study's paths start from; by default the folder of study.toml.
    #[arg(long)]
    data: Option<PathBuf>,
    /// File for the answer: .csv, .parquet.
    #[arg(long)]
    out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct Journeys {
    #[command(flatten)]
    streets: Streets,
    #[command(flatten)]
    timetables: Timetables,
    #[command(flatten)]
    points: PointOptions,
    /// The day: 2024-06-03.
    #[arg(long)]
    date: String,
    /// A window of departures, 7:00-9:00, or one departure, 7:00; hours go on after midnight: 24:30.
    #[arg(long)]
    depart: String,
    /// Share of departures, in percent, that are at least as fast as the time that counts.
    #[arg(long, default_value_t = 50.0)]
    percentile: f64,
    /// Longest journey in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = 120.0)]
    limit_minutes: f64,
    /// Most vehicles of a journey.
    #[arg(long, default_value_t = 4)]
    max_rides: u32,
    /// Leave out trips and stops that the timetable says cannot be used with a wheelchair.
    #[arg(long)]
    with_wheelchair: bool,
}

#[derive(clap::Args)]
pub(crate) struct MatrixArguments {
    #[command(flatten)]
    journeys: Journeys,
    /// Table of the points from which one leaves.
    #[arg(long)]
    origins: PathBuf,
    /// Table of the places that one goes to.
    #[arg(long)]
    places: PathBuf,
    /// File for the answer: .csv, .parquet.
    #[arg(long)]
    out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct JourneyArguments {
    #[command(flatten)]
    journeys: Journeys,
    /// Table of two points: the journey runs from the first to the second.
    #[arg(long)]
    ends: PathBuf,
}

pub(crate) fn run(command: &TransitCommand, progress: &Bars) -> Result<ExitCode> {
    match command {
        TransitCommand::Feed(arguments) => feed(arguments, progress),
        TransitCommand::Stops(arguments) => stops(arguments, progress),
        TransitCommand::Standards(arguments) => standards(arguments, progress),
        TransitCommand::Matrix(arguments) => matrix(arguments, progress),
        TransitCommand::CutOff(arguments) => cut_off(arguments, progress),
        TransitCommand::Journey(arguments) => journey(arguments, progress),
    }
}

fn feed(arguments: &FeedArguments, progress: &Bars) -> Result<ExitCode> {
    let (mut text, mut facts) = (String::new(), Vec::new());
    let mut line = |words: String| text += &(words + "\n");
    for feed in arguments.timetables.read()? {
        let (stops, routes, trips) = (feed.stops.len(), feed.routes.len(), feed.trips.len());
        line(format!(
            "{}: {stops} stops, {routes} routes, {trips} trips, {} calls",
            feed.name,
            feed.calls.len()
        ));
        let days = feed.range().map(|(first, last)| [first.to_string(), last.to_string()]);
        let receipts: Vec<String> = feed.receipts.iter().map(ToString::to_string).collect();
        facts.push(json!({
            "name": feed.name, "stops": stops, "routes": routes, "trips": trips, "calls": feed.calls.len(), "days": days,
            "receipts": receipts,
        }));
        let Some((first, last)) = feed.range() else {
            line("  no trip ever runs".to_owned());
            continue;
        };
        line(format!("  runs from {first} to {last}"));
        // A run of days with as many trips as the same weekday has most often is told once, by the weekday.
        for weekday in 0..7 {
            let is_day = |day: &NaiveDate| day.weekday().num_days_from_monday() == weekday;
            let counts = days_between(first, last).filter(is_day).map(|day| (feed.trips_on(day), day));
            let mut counts: Vec<(usize, NaiveDate)> = counts.collect();
            counts.sort_unstable();
            let usual = counts.chunk_by(|a, b| a.0 == b.0).max_by_key(|days| days.len());
            let Some(usual) = usual else { continue };
            let others: Vec<String> = counts
                .iter()
                .filter(|(trips, _)| *trips != usual[0].0)
                .take(5)
                .map(|(trips, day)| format!("{day} {trips}"))
                .collect();
            let but = if others.is_empty() { String::new() } else { format!("; but {}", others.join(", ")) };
            line(format!("  {}: {} trips{but}", usual[0].1.format("%A"), usual[0].0));
        }
        receipts.into_iter().for_each(|quirk| line(format!("  {quirk}")));
    }
    progress.done(text.trim_end(), None, json!({ "feeds": facts }));
    Ok(ExitCode::SUCCESS)
}

fn stops(arguments: &StopArguments, progress: &Bars) -> Result<ExitCode> {
    let feeds = arguments.timetables.read()?;
    let service = service(&feeds, &arguments.date, &arguments.between)?;
    let served: Vec<StopService> = service.of_stops();
    let stops: Vec<(&str, &Stop)> =
        feeds.iter().flat_map(|feed| feed.stops.iter().map(|stop| (feed.name.as_str(), stop))).collect();
    let texts = |of: fn(&(&str, &Stop)) -> String| stops.iter().map(of).collect::<Vec<_>>();
    let clock = |second: Option<i64>| second.map(self::clock);
    let columns = vec![
        column("feed", texts(|(feed, _)| (*feed).to_owned())),
        column("stop_id", texts(|(_, stop)| stop.id.clone())),
        column("name", texts(|(_, stop)| stop.name.clone())),
        column("departures", served.iter().map(|stop| stop.departures).collect::<Vec<_>>()),
        column("routes", served.iter().map(|stop| stop.routes).collect::<Vec<_>>()),
        column("headway_minutes", served.iter().map(|stop| stop.headway_min).collect::<Vec<_>>()),
        column("first", served.iter().map(|stop| clock(stop.first_s)).collect::<Vec<_>>()),
        column("last", served.iter().map(|stop| clock(stop.last_s)).collect::<Vec<_>>()),
        column("vehicles", served.iter().map(vehicles).collect::<Vec<_>>()),
    ];
    let shapes = stops.iter().map(|(_, stop)| {
        let [lon, lat] = stop.lon_lat;
        lon.is_finite().then(|| Geometry::Point(Point::new(lon, lat)))
    });
    let table = FeatureTable::new(shapes.collect(), frame(columns)?, Some(Crs::wgs84()))?;
    io::save_table(&arguments.out, &table, &arguments.timetables.feeds)?;
    let idle = served.iter().filter(|stop| stop.departures == 0).count();
    let text = format!("{} stops, {idle} of them without departures then", served.len());
    progress.done(&text, Some(&arguments.out), json!({ "stops": served.len(), "without_departures": idle }));
    Ok(ExitCode::SUCCESS)
}

fn vehicles(stop: &StopService) -> String {
    stop.vehicles.iter().map(|vehicle| vehicle.name()).collect::<Vec<_>>().join(", ")
}

fn standards(arguments: &StandardArguments, progress: &Bars) -> Result<ExitCode> {
    let streets = arguments.streets.open(progress)?;
    let feeds = arguments.timetables.read()?;
    let service = service(&feeds, &arguments.date, &arguments.between)?;
    let points = arguments.points.read(&arguments.places, &streets, progress)?;
    let stops = attach(&streets, &feeds, progress)?;
    let found = service_at_places(&streets, &stops, &service, &points.attached, progress)?;
    let of = || found.iter().map(Option::as_ref);
    let columns = vec![
        column("id", points.ids.clone()),
        column("convenient", of().map(|at| at.map(|at| at.is_convenient)).collect::<Vec<_>>()),
        column(
            "convenient_and_frequent",
            of().map(|at| at.map(|at| at.is_convenient_and_frequent)).collect::<Vec<_>>(),
        ),
        column("service_class", of().map(|at| at.map(|at| at.class.name())).collect::<Vec<_>>()),
        column("departures_per_hour", of().map(|at| at.map(|at| at.departures_an_hour)).collect::<Vec<_>>()),
        column("ptal_index", of().map(|at| at.map(|at| at.ptal_index)).collect::<Vec<_>>()),
        column("ptal_band", of().map(|at| at.map(|at| at.ptal_band())).collect::<Vec<_>>()),
    ];
    let inputs = std::slice::from_ref(&arguments.places);
    save(columns, (&arguments.out, inputs), "", progress)
}

fn matrix(arguments: &MatrixArguments, progress: &Bars) -> Result<ExitCode> {
    let asked = arguments.journeys.open(progress)?;
    let [origins, places] = [&arguments.origins, &arguments.places]
        .map(|file| arguments.journeys.points.read(file, &asked.streets, progress));
    let (origins, places) = (origins?, places?);
    let destinations = Destinations::at(&asked.streets, &places.attached);
    let percentile = arguments.journeys.percentile;
    let searches = asked.searches(&origins, &destinations, percentile, progress)?;
    let visit = |row: &mut Vec<(usize, Option<u32>, f64)>, place: usize, spread: Spread<'_>| {
        row.push((place, spread.percentile(percentile), spread.share_arriving()));
    };
    let rows = searches.each_origin_spread(Vec::new, visit, |row, _| row)?;
    let rows: Vec<_> = rows
        .into_iter()
        .enumerate()
        .flat_map(|(origin, row)| row.into_iter().flatten().map(move |pair| (origin, pair)))
        .collect();
    let minutes = |time: Option<u32>| time.map(|time| Minutes::from_milliseconds(time).get());
    let columns = vec![
        column("origin", rows.iter().map(|row| origins.ids[row.0].as_str()).collect::<Vec<_>>()),
        column("place", rows.iter().map(|row| places.ids[row.1.0].as_str()).collect::<Vec<_>>()),
        column("minutes", rows.iter().map(|row| minutes(row.1.1)).collect::<Vec<_>>()),
        column("share_arriving", rows.iter().map(|row| row.1.2).collect::<Vec<_>>()),
    ];
    let inputs = [arguments.origins.clone(), arguments.places.clone()];
    save(columns, (&arguments.out, &inputs), "", progress)
}

fn cut_off(arguments: &CutOffArguments, progress: &Bars) -> Result<ExitCode> {
    let study = io::study::read_study(&arguments.study, arguments.data.as_deref(), progress)?;
    let profile = TravelProfile::new(study.settings.travel.clone())?;
    let (streets, _) = StreetNetwork::build(&study.streets, profile, BuildOptions::default(), progress)?;
    let streets = streets.with_crs(study.crs.clone());
    let far = study.settings.max_snap_distance;
    let inhabited = streets.inhabited_components(&study.homes.locations, ISLAND_HOMES, far);
    let homes: Vec<_> =
        study.homes.locations.iter().map(|&home| streets.attach(home, far, &inhabited).ok()).collect();
    let rows = who_is_cut_off(&study, &streets, &homes, progress)?;
    let sentence = |row: &CutOff| {
        let share = 100.0 * row.cut_off / row.people;
        format!("{}: {:.0} ({share:.0} %) lose their {}", row.slice, row.cut_off, row.category)
    };
    let told = rows.iter().filter(|row| row.group.is_none() && row.cut_off > 0.0);
    let text = told.map(sentence).collect::<Vec<_>>().join("\n");
    let numbers = |of: fn(&CutOff) -> f64| rows.iter().map(of).collect::<Vec<_>>();
    let columns = vec![
        column("time", rows.iter().map(|row| row.slice.as_str()).collect::<Vec<_>>()),
        column("category", rows.iter().map(|row| row.category.as_str()).collect::<Vec<_>>()),
        column(
            "group",
            rows.iter().map(|row| row.group.as_deref().unwrap_or("everybody")).collect::<Vec<_>>(),
        ),
        column(study.homes.weight.column(), numbers(|row| row.people)),
        column("reach_usually", numbers(|row| row.reach_usually)),
        column("reach_then", numbers(|row| row.reach_then)),
        column("cut_off", numbers(|row| row.cut_off)),
    ];
    let inputs = [arguments.study.clone()];
    save(columns, (&arguments.out, &inputs), &text, progress)
}

fn journey(arguments: &JourneyArguments, progress: &Bars) -> Result<ExitCode> {
    let asked = arguments.journeys.open(progress)?;
    let ends = arguments.journeys.points.read(&arguments.ends, &asked.streets, progress)?;
    if ends.ids.len() != 2 {
        let message = format!("a journey has two ends, not {}", ends.ids.len());
        return Err(Error::new(ErrorKind::Parameter, message).in_layer(arguments.ends.display().to_string()));
    }
    let destinations = Destinations::at(&asked.streets, &ends.attached[1..]);
    let searches = asked.searches(&ends, &destinations, arguments.journeys.percentile, progress)?;
    let found = searches.typical_journey(&asked.feeds, 0, 0)?;
    let Some(journey) = found else {
        let text = format!("no journey from {} to {} by then", ends.ids[0], ends.ids[1]);
        progress.done(&text, None, json!({ "minutes": null, "legs": [] }));
        return Ok(ExitCode::SUCCESS);
    };
    let begin = i64::from(asked.transit.timetable().departures.from_s);
    let (departs, minutes) =
        (clock(begin + i64::from(journey.departs)), f64::from(journey.milliseconds / 1_000) / 60.0);
    let legs: Vec<String> = journey.legs.iter().map(|leg| leg_in_words(leg, begin)).collect();
    let text = format!(
        "{departs} from {} to {}: {minutes:.1} min\n  {}",
        ends.ids[0],
        ends.ids[1],
        legs.join("\n  ")
    );
    progress.done(&text, None, json!({ "departs": departs, "minutes": minutes, "legs": legs }));
    Ok(ExitCode::SUCCESS)
}

/// What one does on a part of a journey; `begin` is the second from midnight that its seconds count from.
fn leg_in_words(leg: &Leg, begin: i64) -> String {
    let minutes = |seconds: u32| f64::from(seconds) / 60.0;
    match leg {
        Leg::Walk { seconds } => format!("walk {:.1} min", minutes(*seconds)),
        Leg::Wait { stop, seconds } => format!("wait {:.1} min at {stop}", minutes(*seconds)),
        Leg::Ride(ride) => format!(
            "ride {} {} from {} {} to {} {}",
            ride.route,
            ride.headsign,
            ride.from,
            clock(begin + i64::from(ride.departs)),
            ride.to,
            clock(begin + i64::from(ride.arrives))
        ),
    }
}

/// Streets with public transport.
struct Asked {
    streets: StreetNetwork,
    feeds: Vec<Feed>,
    stops: TransitStops,
    transit: TransitNetwork,
}

impl Journeys {
    fn open(&self, progress: &Bars) -> Result<Asked> {
        let departures = Departures::parse(&self.depart, Minutes::new(self.limit_minutes)?)?;
        let day = date(&self.date)?;
        let feeds = self.timetables.read()?;
        for silent in check_date(&feeds, day)? {
            progress.clear();
            note!("warning: no trip on {day} in {silent}");
        }
        let streets = self.streets.open(progress)?;
        let stops = attach(&streets, &feeds, progress)?;
        let options = TransitOptions {
            most_rides: self.max_rides,
            timetable: TimetableOptions {
                with_wheelchair: self.with_wheelchair,
                ..TimetableOptions::default()
            },
            ..TransitOptions::default()
        };
        let walks = stops.walks().clone();
        let transit = TransitNetwork::with_walks(&feeds, day, departures, walks, options, progress)?;
        Ok(Asked { streets, feeds, stops, transit })
    }
}

impl Asked {
    fn searches<'a>(
        &'a self,
        origins: &'a Points,
        destinations: &'a Destinations,
        percentile: f64,
        progress: &'a Bars,
    ) -> Result<TransitSearches<'a>> {
        let pair = (origins.attached.as_slice(), destinations);
        TransitSearches::new(&self.streets, &self.stops, &self.transit, pair, percentile, progress)
    }
}

/// The stops on the streets; those that are on none are counted on standard error.
fn attach(streets: &StreetNetwork, feeds: &[Feed], progress: &Bars) -> Result<TransitStops> {
    let longest_transfer_m = TransitOptions::default().longest_transfer_m;
    let stops = TransitStops::attach(streets, feeds, longest_transfer_m, progress)?;
    let far = stops.attachments().iter().filter(|at| at.is_none()).count();
    if far > 0 {
        progress.clear();
        note!("warning: {far} of {} stops are on no street: nobody walks to them", stops.attachments().len());
    }
    Ok(stops)
}

fn service(feeds: &[Feed], day: &str, between: &str) -> Result<ServiceTable> {
    let Some((from, to)) = between.split_once('-') else {
        let message = format!("`{between}` is no window of time");
        return Err(Error::new(ErrorKind::Parameter, message).hint("write 6:00-20:00"));
    };
    ServiceTable::new(feeds, date(day)?, [clock_time(from)?, clock_time(to)?])
}

fn save(
    columns: Vec<Column>,
    (out, inputs): (&Path, &[PathBuf]),
    text: &str,
    progress: &Bars,
) -> Result<ExitCode> {
    let table = frame(columns)?;
    let table = FeatureTable::new(vec![None; table.height()], table, None)?;
    io::save_table(out, &table, inputs)?;
    progress.done(text, Some(out), json!({ "rows": table.len() }));
    Ok(ExitCode::SUCCESS)
}

/// Seconds from midnight as a time; hours go on after midnight.
fn clock(seconds: i64) -> String {
    format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}
