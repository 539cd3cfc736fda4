//! What can be asked: the closest places, all travel times, sums within reach, areas within reach, one way.

use super::network::Streets;
use super::points::{PointOptions, Points};
use crate::cli::bars::Bars;
use commonground::access::{self, Decay};
use commonground::network::{
    Attachment, Destinations, Direction, IsochroneOptions, StreetNetwork, closest_of_each, travel_times,
};
use commonground::{Error, ErrorKind, FeatureTable, Minutes, Result, io, network};
use geo::Geometry;
use polars::prelude::{Column, DataFrame, DataType, NamedFrom, Series};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What every question between two tables of points needs.
#[derive(clap::Args)]
pub(crate) struct Sides {
    #[command(flatten)]
    streets: Streets,
    /// Table of the points from which is asked.
    #[arg(long)]
    origins: PathBuf,
    /// Table of the places that are asked about.
    #[arg(long)]
    places: PathBuf,
    #[command(flatten)]
    points: PointOptions,
    /// Travel from the places to the origins.
    #[arg(long)]
    to_origins: bool,
    /// File for the answer: .csv, .parquet.
    #[arg(long)]
    out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct ClosestArguments {
    #[command(flatten)]
    sides: Sides,
    /// How many places for each origin.
    #[arg(long, default_value_t = 1)]
    count: usize,
    /// Longest travel time in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = 60.0)]
    limit_minutes: f64,
}

#[derive(clap::Args)]
pub(crate) struct MatrixArguments {
    #[command(flatten)]
    sides: Sides,
    /// Longest travel time in minutes.
    #[arg(long, value_name = "MINUTES", default_value_t = 60.0)]
    limit_minutes: f64,
}

#[derive(clap::Args)]
pub(crate) struct ReachArguments {
    #[command(flatten)]
    sides: Sides,
    /// Travel time within which to add up, in minutes; may be given several times.
    #[arg(long = "cutoff-minutes", value_name = "MINUTES", required = true)]
    cutoffs_minutes: Vec<f64>,
    /// Column of the places that is added up, such as jobs; by default places are counted.
    #[arg(long, value_name = "COLUMN")]
    weight: Option<String>,
}

#[derive(clap::Args)]
pub(crate) struct IsochroneArguments {
    #[command(flatten)]
    streets: Streets,
    /// Table of the points.
    #[arg(long)]
    origins: PathBuf,
    #[command(flatten)]
    points: PointOptions,
    /// Areas from which the points can be reached, instead of those that can be reached from them.
    #[arg(long)]
    to_origins: bool,
    /// Travel time in minutes; may be given several times.
    #[arg(long = "cutoff-minutes", value_name = "MINUTES", required = true)]
    cutoffs_minutes: Vec<f64>,
    /// File for the areas: .geojson, .gpkg, .parquet.
    #[arg(long)]
    out: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct RouteArguments {
    #[command(flatten)]
    streets: Streets,
    /// Table of two points or more: the way runs from the first to the second, from there to the third, and so on.
    #[arg(long)]
    points: PathBuf,
    #[command(flatten)]
    options: PointOptions,
    /// File for the ways: .geojson, .gpkg, .parquet, or .csv without their lines.
    #[arg(long)]
    out: PathBuf,
}

/// `commonground closest`: columns `origin`, `place`, `rank`, `minutes`.
pub(crate) fn closest(arguments: &ClosestArguments, progress: &Bars) -> Result<ExitCode> {
    let asked = arguments.sides.open(progress)?;
    let limit = Minutes::new(arguments.limit_minutes)?;
    let count = arguments.count.min(asked.places.ids.len());
    let origins = &asked.origins;
    let destinations = [&asked.destinations];
    let found = closest_of_each(&asked.network, &origins.attached, &destinations, count, limit, progress)?;
    let rows = || {
        (0..origins.ids.len()).flat_map(|origin| {
            (1_u32..).zip(found[0].of(origin)).map(move |(rank, (place, time))| (origin, place, rank, time))
        })
    };
    arguments.sides.write(
        progress,
        vec![
            column("origin", rows().map(|row| origins.ids[row.0].as_str()).collect::<Vec<_>>()),
            column("place", rows().map(|row| asked.places.ids[row.1].as_str()).collect::<Vec<_>>()),
            column("rank", rows().map(|row| row.2).collect::<Vec<_>>()),
            column("minutes", rows().map(|row| row.3.get()).collect::<Vec<_>>()),
        ],
    )
}

/// `commonground matrix`: columns `origin`, `place`, `minutes`, one row per pair within the limit.
pub(crate) fn matrix(arguments: &MatrixArguments, progress: &Bars) -> Result<ExitCode> {
    let asked = arguments.sides.open(progress)?;
    let limit = Minutes::new(arguments.limit_minutes)?;
    let times = travel_times(&asked.network, &asked.origins.attached, &asked.destinations, limit, progress)?;
    let of = |ids: &'_ [String], side: fn((usize, usize, Minutes)) -> usize| -> Vec<String> {
        times.pairs().map(|pair| ids[side(pair)].clone()).collect()
    };
    arguments.sides.write(
        progress,
        vec![
            column("origin", of(&asked.origins.ids, |pair| pair.0)),
            column("place", of(&asked.places.ids, |pair| pair.1)),
            column("minutes", times.pairs().map(|pair| pair.2.get()).collect::<Vec<_>>()),
        ],
    )
}

/// `commonground reach`: columns `origin` and `within_N_min`, empty where the origin is on no street.
pub(crate) fn reach(arguments: &ReachArguments, progress: &Bars) -> Result<ExitCode> {
    let asked = arguments.sides.open(progress)?;
    let weights = match &arguments.weight {
        Some(name) => asked
            .places
            .weights(name)
            .map_err(|error| error.in_layer(arguments.sides.places.display().to_string()))?,
        None => vec![1.0; asked.places.ids.len()],
    };
    let cutoffs = all_minutes(&arguments.cutoffs_minutes)?;
    let decays: Vec<Decay> = cutoffs.into_iter().map(Decay::binary).collect();
    let origins = &asked.origins;
    let sums =
        access::reach(&asked.network, &origins.attached, &asked.destinations, &weights, &decays, progress)?;
    let mut columns = vec![column("origin", origins.ids.clone())];
    for (cutoff, sums) in arguments.cutoffs_minutes.iter().zip(sums) {
        columns.push(column(&format!("within_{cutoff}_min"), sums));
    }
    arguments.sides.write(progress, columns)
}

/// `commonground isochrones`: areas with columns `origin` and `minutes`.
pub(crate) fn isochrones(arguments: &IsochroneArguments, progress: &Bars) -> Result<ExitCode> {
    let network = arguments.streets.open(progress)?;
    let origins = arguments.points.read(&arguments.origins, &network, progress)?;
    let cutoffs = all_minutes(&arguments.cutoffs_minutes)?;
    let direction = direction(arguments.to_origins);
    let options = IsochroneOptions::default();
    let areas = network::isochrones(&network, &origins.attached, &cutoffs, direction, options, progress)?;
    let rows =
        || origins.ids.iter().flat_map(|id| arguments.cutoffs_minutes.iter().map(move |cut| (id, *cut)));
    let columns = vec![
        column("origin", rows().map(|row| row.0.as_str()).collect::<Vec<_>>()),
        column("minutes", rows().map(|row| row.1).collect::<Vec<_>>()),
    ];
    let shapes = areas.into_iter().flat_map(|areas| match areas {
        Some(areas) => areas.into_iter().map(|area| Some(Geometry::MultiPolygon(area))).collect(),
        None => vec![None; arguments.cutoffs_minutes.len()],
    });
    write((&arguments.out, &arguments.origins), shapes.collect(), columns, &network, progress)
}

/// `commonground route`: one way per leg, with columns `from`, `to`, `minutes`, `metres`.
pub(crate) fn route(arguments: &RouteArguments, progress: &Bars) -> Result<ExitCode> {
    let network = arguments.streets.open(progress)?;
    let points = arguments.options.read(&arguments.points, &network, progress)?;
    if points.ids.len() < 2 {
        let error = Error::new(ErrorKind::Parameter, "a way needs two points or more");
        return Err(error.in_layer(arguments.points.display().to_string()));
    }
    let legs = points.attached.windows(2).map(|leg| way(&network, leg)).collect::<Vec<_>>();
    let columns = vec![
        column("from", points.ids[..legs.len()].to_vec()),
        column("to", points.ids[1..].to_vec()),
        column("minutes", legs.iter().map(|leg| Some(leg.as_ref()?.time.get())).collect::<Vec<_>>()),
        column("metres", legs.iter().map(|leg| Some(leg.as_ref()?.length.get())).collect::<Vec<_>>()),
    ];
    let lines = legs.into_iter().map(|leg| Some(Geometry::LineString(leg?.line))).collect();
    write((&arguments.out, &arguments.points), lines, columns, &network, progress)
}

fn way(network: &StreetNetwork, leg: &[Option<Attachment>]) -> Option<network::Itinerary> {
    network::route(network, leg[0].as_ref()?, leg[1].as_ref()?)
}

/// A network with points on both sides.
struct Asked {
    network: StreetNetwork,
    origins: Points,
    places: Points,
    destinations: Destinations,
}

impl Sides {
    fn open(&self, progress: &Bars) -> Result<Asked> {
        let network = self.streets.open(progress)?;
        let origins = self.points.read(&self.origins, &network, progress)?;
        let places = self.points.read(&self.places, &network, progress)?;
        let entrances: Vec<(u32, Attachment)> =
            (0_u32..).zip(&places.attached).filter_map(|(place, at)| Some((place, (*at)?))).collect();
        let count = places.ids.len();
        let destinations =
            Destinations::in_direction(&network, count, &entrances, direction(self.to_origins));
        Ok(Asked { network, origins, places, destinations })
    }

    fn write(&self, progress: &Bars, columns: Vec<Column>) -> Result<ExitCode> {
        let table = frame(columns)?;
        let table = FeatureTable::new(vec![None; table.height()], table, None)?;
        io::save_table(&self.out, &table, &[self.origins.clone(), self.places.clone()])?;
        progress.done("", Some(&self.out), json!({ "rows": table.len() }));
        Ok(ExitCode::SUCCESS)
    }
}

fn write(
    (out, input): (&Path, &PathBuf),
    shapes: Vec<Option<Geometry<f64>>>,
    columns: Vec<Column>,
    network: &StreetNetwork,
    progress: &Bars,
) -> Result<ExitCode> {
    let table = FeatureTable::new(shapes, frame(columns)?, network.crs().cloned())?;
    io::save_table(out, &table, std::slice::from_ref(input))?;
    progress.done("", Some(out), json!({ "rows": table.len() }));
    Ok(ExitCode::SUCCESS)
}

fn direction(to_origins: bool) -> Direction {
    if to_origins { Direction::To } else { Direction::From }
}

fn all_minutes(minutes: &[f64]) -> Result<Vec<Minutes>> {
    minutes.iter().map(|&minutes| Minutes::new(minutes)).collect()
}

pub(super) fn column<T, P>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, P>,
    P: ?Sized,
{
    Series::new(name.into(), values).into()
}

pub(super) fn frame(columns: Vec<Column>) -> Result<DataFrame> {
    let internal = |error: polars::prelude::PolarsError| Error::new(ErrorKind::Format, error.to_string());
    DataFrame::new_infer_height(columns).map_err(internal)
}

/// A column as text, as a person would write it.
pub(crate) fn texts(column: &Column) -> Result<Vec<Option<String>>> {
    let column = column.cast(&DataType::String).map_err(|error| unreadable(column, &error))?;
    let texts = column.str().map_err(|error| unreadable(&column, &error))?;
    Ok(texts.iter().map(|text| text.map(str::to_owned)).collect())
}

/// A column as numbers; text that is none is missing.
pub(crate) fn numbers(column: &Column) -> Result<Vec<Option<f64>>> {
    let column = column.cast(&DataType::Float64).map_err(|error| unreadable(column, &error))?;
    let numbers = column.f64().map_err(|error| unreadable(&column, &error))?;
    Ok(numbers.iter().collect())
}

fn unreadable(column: &Column, error: &polars::prelude::PolarsError) -> Error {
    Error::new(ErrorKind::Column, format!("the column cannot be read: {error}"))
        .in_column(column.name().as_str())
}
