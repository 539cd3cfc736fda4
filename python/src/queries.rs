//! Questions to a street network: places in, tables out.

use crate::access::PyTravelTimes;
use crate::arrow::{geometries, geometry_array, integer_array, number_array, numbers, to_batch};
use crate::background::in_background;
use crate::error::to_python;
use crate::street_network::PyStreetNetwork;
use arrow_array::StringArray;
use commonground::network::{
    AttachOptions, Attachment, Destinations, Direction, IsochroneOptions, Receipt, StreetNetwork, closest,
    isochrones, route, sum_within, time_to_data_edge, travel_times,
};
use commonground::{Error, ErrorKind, Metres, Minutes, Progress, Result};
use geo::{Geometry, Point};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::sync::Arc;

/// What every question says about its places: whether journeys lead to the origins, how many metres a place may lie from
/// its street, and the nodes of the smallest component.
pub(crate) type Asked = (bool, f64, u32);

/// The points of a table; `None` where a row has none.
fn places(py: Python<'_>, batch: &PyRecordBatch) -> PyResult<Vec<Option<Point<f64>>>> {
    let point = |(row, geometry): (usize, Option<Geometry<f64>>)| match geometry {
        None => Ok(None),
        Some(Geometry::Point(point)) => Ok(Some(point)),
        Some(_) => {
            let error = Error::new(ErrorKind::Geometry, "every row must have a point").at_row(row + 1);
            Err(to_python(py, &error.hint("polygons have `.representative_point()`")))
        }
    };
    geometries(py, batch)?.into_iter().enumerate().map(point).collect()
}

fn receipts(
    network: &StreetNetwork,
    places: &[Option<Point<f64>>],
    (_, max_distance_m, smallest_component): Asked,
    progress: &dyn Progress,
) -> Result<Vec<Receipt>> {
    let options = AttachOptions { max_distance: Metres::new(max_distance_m)?, smallest_component };
    network.attach_all(places, options, &[], progress)
}

pub(crate) fn attached(
    network: &StreetNetwork,
    places: &[Option<Point<f64>>],
    asked: Asked,
    progress: &dyn Progress,
) -> Result<Vec<Option<Attachment>>> {
    Ok(receipts(network, places, asked, progress)?.into_iter().map(|receipt| receipt.attachment).collect())
}

/// The two sides of a question, read and not yet attached.
struct Sides {
    origins: Vec<Option<Point<f64>>>,
    others: Vec<Option<Point<f64>>>,
}

impl Sides {
    fn read(py: Python<'_>, tables: &(PyRecordBatch, PyRecordBatch)) -> PyResult<Self> {
        Ok(Self { origins: places(py, &tables.0)?, others: places(py, &tables.1)? })
    }

    fn attach(
        &self,
        network: &StreetNetwork,
        asked: Asked,
        progress: &dyn Progress,
    ) -> Result<(Vec<Option<Attachment>>, Destinations)> {
        let origins = attached(network, &self.origins, asked, progress)?;
        let others = attached(network, &self.others, asked, progress)?;
        let entrances: Vec<_> = (0..).zip(others).filter_map(|(place, at)| Some((place, at?))).collect();
        let count = self.others.len();
        Ok((origins, Destinations::in_direction(network, count, &entrances, direction(asked))))
    }
}

fn direction((to_origins, ..): Asked) -> Direction {
    if to_origins { Direction::To } else { Direction::From }
}

fn all_minutes(minutes: &[f64]) -> Result<Vec<Minutes>> {
    minutes.iter().map(|&minutes| Minutes::new(minutes)).collect()
}

/// Definition of the system that a network's coordinates are in, where it is known.
#[pyfunction]
fn network_crs(network: &Bound<'_, PyStreetNetwork>) -> Option<String> {
    network.get().network.crs().map(|crs| crs.definition().to_owned())
}

/// One receipt a place.
#[pyfunction]
fn attach(
    py: Python<'_>,
    network: &Bound<'_, PyStreetNetwork>,
    origins: PyRecordBatch,
    asked: Asked,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let (network, origins) = (&network.get().network, places(py, &origins)?);
    let receipts = in_background(py, progress, |progress| receipts(network, &origins, asked, progress))?;
    let receipt = || receipts.iter();
    to_batch(vec![
        ("outcome".into(), Arc::new(receipt().map(|r| Some(r.outcome.name())).collect::<StringArray>())),
        ("distance_m".into(), number_array(receipt().map(|r| r.attachment.map(|at| at.gap.get())))),
        ("nearest_street_m".into(), number_array(receipt().map(|r| r.nearest.map(Metres::get)))),
        ("street".into(), integer_array(receipt().map(|r| r.street))),
        ("component_nodes".into(), integer_array(receipt().map(|r| r.component_size.map(i64::from)))),
    ])
}

/// Columns `origin`, `destination` and `minutes`, origin by origin, the nearest places first.
#[pyfunction]
#[pyo3(name = "network_closest")]
fn closest_places(
    py: Python<'_>,
    network: &Bound<'_, PyStreetNetwork>,
    tables: (PyRecordBatch, PyRecordBatch),
    count: usize,
    limit_minutes: f64,
    asked: Asked,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let network = &network.get().network;
    let sides = Sides::read(py, &tables)?;
    let triples = in_background(py, progress, |progress| {
        let (origins, destinations) = sides.attach(network, asked, progress)?;
        let found = closest(network, &origins, &destinations, count, Minutes::new(limit_minutes)?)?;
        let of = |origin| found.of(origin).map(move |(place, time)| (origin, place, time.get()));
        Ok((0..origins.len()).flat_map(of).collect::<Vec<_>>())
    })?;
    to_batch(vec![
        ("origin".into(), integer_array(triples.iter().map(|triple| Some(triple.0 as i64)))),
        ("destination".into(), integer_array(triples.iter().map(|triple| Some(triple.1 as i64)))),
        ("minutes".into(), number_array(triples.iter().map(|triple| Some(triple.2)))),
    ])
}

/// The travel time of every pair within the limit.
#[pyfunction]
#[pyo3(name = "travel_times")]
fn travel_time_table(
    py: Python<'_>,
    network: &Bound<'_, PyStreetNetwork>,
    tables: (PyRecordBatch, PyRecordBatch),
    limit_minutes: f64,
    asked: Asked,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyTravelTimes> {
    let network = &network.get().network;
    let sides = Sides::read(py, &tables)?;
    in_background(py, progress, |progress| {
        let (origins, destinations) = sides.attach(network, asked, progress)?;
        travel_times(network, &origins, &destinations, Minutes::new(limit_minutes)?, progress)
    })
    .map(PyTravelTimes)
}

/// One column of sums a cutoff, by number, and the minutes to the edge of the data, null beyond the longest cutoff.
#[pyfunction]
fn reach(
    py: Python<'_>,
    network: &Bound<'_, PyStreetNetwork>,
    tables: (PyRecordBatch, PyRecordBatch),
    cutoffs_minutes: Vec<f64>,
    asked: Asked,
    margin_m: f64,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let network = &network.get().network;
    let sides = Sides::read(py, &tables)?;
    // A missing weight becomes NaN, which the library refuses by its row.
    let weights: Vec<f64> =
        numbers(&tables.1, "weight")?.into_iter().map(|weight| weight.unwrap_or(f64::NAN)).collect();
    let (sums, edge) = in_background(py, progress, |progress| {
        let cutoffs = all_minutes(&cutoffs_minutes)?;
        let (origins, destinations) = sides.attach(network, asked, progress)?;
        let sums = sum_within(network, &origins, &destinations, &weights, &cutoffs, progress)?;
        let longest = Minutes::new(cutoffs_minutes.iter().copied().fold(0.0, f64::max))?;
        Ok((sums, time_to_data_edge(network, &origins, Metres::new(margin_m)?, longest)?))
    })?;
    let sums = sums.into_iter().enumerate().map(|(cutoff, sums)| (cutoff.to_string(), number_array(sums)));
    let edge = number_array(edge.into_iter().map(|time| time.map(Minutes::get)));
    to_batch(sums.chain([("minutes_to_data_edge".into(), edge)]).collect())
}

/// One area a place and cutoff: number of the place, minutes, polygons as well-known binary.
#[pyfunction]
#[pyo3(name = "isochrones")]
fn isochrone_areas(
    py: Python<'_>,
    network: &Bound<'_, PyStreetNetwork>,
    origins: PyRecordBatch,
    cutoffs_minutes: Vec<f64>,
    asked: Asked,
    shape: (f64, f64),
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let (network, origins) = (&network.get().network, places(py, &origins)?);
    let areas = in_background(py, progress, |progress| {
        let origins = attached(network, &origins, asked, progress)?;
        let (width_m, largest_gap_m2) = shape;
        let options = IsochroneOptions { width: Metres::new(width_m)?, largest_gap_m2 };
        let cutoffs = all_minutes(&cutoffs_minutes)?;
        isochrones(network, &origins, &cutoffs, direction(asked), options, progress)
    })?;
    let rows =
        || (0..areas.len()).flat_map(|place| cutoffs_minutes.iter().map(move |cutoff| (place, *cutoff)));
    let one = |area: Option<Vec<_>>| match area {
        Some(areas) => areas.into_iter().map(|area| Some(Geometry::MultiPolygon(area))).collect(),
        None => vec![None; cutoffs_minutes.len()],
    };
    let (origin, minutes) =
        (integer_array(rows().map(|row| Some(row.0 as i64))), number_array(rows().map(|row| Some(row.1))));
    let geometries: Vec<Option<Geometry<f64>>> = areas.into_iter().flat_map(one).collect();
    to_batch(vec![
        ("origin".into(), origin),
        ("minutes".into(), minutes),
        ("geometry".into(), geometry_array(&geometries)),
    ])
}

/// The steps of the way from the first place to the second, its line, minutes and metres; `None` if there is no way.
#[pyfunction]
#[pyo3(name = "route")]
fn itinerary(
    py: Python<'_>,
    network: &Bound<'_, PyStreetNetwork>,
    ends: PyRecordBatch,
    asked: Asked,
) -> PyResult<Option<(PyRecordBatch, PyRecordBatch)>> {
    let (network, ends) = (&network.get().network, places(py, &ends)?);
    let way = in_background(py, None, |progress| {
        let ends = attached(network, &ends, asked, progress)?;
        Ok(match ends.as_slice() {
            [Some(from), Some(to)] => route(network, from, to),
            _ => None,
        })
    })?;
    let Some(way) = way else { return Ok(None) };
    let steps = to_batch(vec![
        ("street".into(), integer_array(way.steps.iter().map(|step| Some(step.street)))),
        ("metres".into(), number_array(way.steps.iter().map(|step| Some(step.length.get())))),
        ("minutes".into(), number_array(way.steps.iter().map(|step| Some(step.time.get())))),
    ])?;
    let whole = to_batch(vec![
        ("minutes".into(), number_array([Some(way.time.get())])),
        ("metres".into(), number_array([Some(way.length.get())])),
        ("geometry".into(), geometry_array(&[Some(Geometry::LineString(way.line))])),
    ])?;
    Ok(Some((steps, whole)))
}

/// Adds every question to the module.
pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(network_crs, module)?)?;
    module.add_function(wrap_pyfunction!(attach, module)?)?;
    module.add_function(wrap_pyfunction!(closest_places, module)?)?;
    module.add_function(wrap_pyfunction!(travel_time_table, module)?)?;
    module.add_function(wrap_pyfunction!(reach, module)?)?;
    module.add_function(wrap_pyfunction!(isochrone_areas, module)?)?;
    module.add_function(wrap_pyfunction!(itinerary, module)?)
}
