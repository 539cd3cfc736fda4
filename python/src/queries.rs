//! Questions to a street network: places on it in, tables out.

use crate::access::{PyDecay, PyTravelTimes};
use crate::arrow::{geometry_array, integer_array, number_array, numbers, to_batch};
use crate::attached::PyAttachedPlaces;
use crate::background::in_background;
use crate::street_network::PyStreetNetwork;
use commonground::access::{self, Decay};
use commonground::network::{
    Direction, IsochroneOptions, closest_of_each, isochrones, route, time_to_data_edge, travel_times,
};
use commonground::{Metres, Minutes, Result};
use geo::Geometry;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

type Network<'a, 'py> = &'a Bound<'py, PyStreetNetwork>;
type Places<'a, 'py> = &'a Bound<'py, PyAttachedPlaces>;

fn direction(to_origins: bool) -> Direction {
    if to_origins { Direction::To } else { Direction::From }
}

fn all_minutes(minutes: &[f64]) -> Result<Vec<Minutes>> {
    minutes.iter().map(|&minutes| Minutes::new(minutes)).collect()
}

/// Definition of the system that a network's coordinates are in, where it is known.
#[pyfunction]
fn network_crs(network: Network<'_, '_>) -> Option<String> {
    network.get().network.crs().map(|crs| crs.definition().to_owned())
}

/// Columns `category`, `origin` and `place` (numbers), `rank` and `minutes`: category by category, origin by origin, the
/// nearest places first.
#[pyfunction]
#[pyo3(name = "network_closest")]
fn closest_places(
    py: Python<'_>,
    network: Network<'_, '_>,
    origins: Places<'_, '_>,
    categories: Vec<Bound<'_, PyAttachedPlaces>>,
    asked: (usize, f64, bool),
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let (network, origins) = (&network.get().network, origins.get());
    let (count, limit_minutes, to_origins) = asked;
    let categories: Vec<&PyAttachedPlaces> = categories.iter().map(Bound::get).collect();
    let rows = in_background(py, progress, |progress| {
        let origins = origins.positions();
        let places = categories.iter().map(|places| places.destinations(network, direction(to_origins)));
        let places = places.collect::<Vec<_>>();
        let limit = Minutes::new(limit_minutes)?;
        let by_category = places.iter().collect::<Vec<_>>();
        let found = closest_of_each(network, &origins, &by_category, count, limit, progress)?;
        let mut rows = Vec::with_capacity(found.len() * origins.len());
        for (category, found) in (0_i64..).zip(&found) {
            for origin in 0..origins.len() {
                let ranked = (1_i64..).zip(found.of(origin));
                rows.extend(ranked.map(|(rank, (place, time))| {
                    ([category, origin as i64, place as i64, rank], time.get())
                }));
            }
        }
        Ok(rows)
    })?;
    let numbered = |column: usize| integer_array(rows.iter().map(move |row| Some(row.0[column])));
    to_batch(vec![
        ("category".into(), numbered(0)),
        ("origin".into(), numbered(1)),
        ("place".into(), numbered(2)),
        ("rank".into(), numbered(3)),
        ("minutes".into(), number_array(rows.iter().map(|row| Some(row.1)))),
    ])
}

/// The travel time of every pair within the limit.
#[pyfunction]
#[pyo3(name = "travel_times")]
fn travel_time_table(
    py: Python<'_>,
    network: Network<'_, '_>,
    origins: Places<'_, '_>,
    places: Places<'_, '_>,
    asked: (f64, bool),
    progress: Option<Py<PyAny>>,
) -> PyResult<PyTravelTimes> {
    let (network, origins, places) = (&network.get().network, origins.get(), places.get());
    let (limit_minutes, to_origins) = asked;
    in_background(py, progress, |progress| {
        let destinations = places.destinations(network, direction(to_origins));
        travel_times(network, &origins.positions(), &destinations, Minutes::new(limit_minutes)?, progress)
    })
    .map(PyTravelTimes)
}

/// One column of sums a cutoff and then a decay, by number, and the minutes to the edge of the data, null beyond `limit`.
#[pyfunction]
fn reach(
    py: Python<'_>,
    network: Network<'_, '_>,
    sides: (Bound<'_, PyAttachedPlaces>, Bound<'_, PyAttachedPlaces>),
    weights: PyRecordBatch,
    curves: (Vec<f64>, Vec<Bound<'_, PyDecay>>),
    asked: (f64, bool),
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let (network, origins, places) = (&network.get().network, sides.0.get(), sides.1.get());
    let (limit_minutes, to_origins) = asked;
    // A missing weight becomes NaN, which the library refuses by its row.
    let weights: Vec<f64> =
        numbers(&weights, "weight")?.into_iter().map(|weight| weight.unwrap_or(f64::NAN)).collect();
    let (cutoffs, decays) = curves;
    let decays: Vec<Decay> = decays.iter().map(|decay| decay.get().0.clone()).collect();
    let (sums, edge) = in_background(py, progress, |progress| {
        let limit = Minutes::new(limit_minutes)?;
        let mut curves: Vec<Decay> = all_minutes(&cutoffs)?.into_iter().map(Decay::binary).collect();
        curves.extend(decays.into_iter().map(|decay| decay.within(limit)));
        let origins = origins.positions();
        let destinations = places.destinations(network, direction(to_origins));
        let sums = access::reach(network, &origins, &destinations, &weights, &curves, progress)?;
        Ok((sums, time_to_data_edge(network, &origins, limit, progress)?))
    })?;
    let sums = sums.into_iter().enumerate().map(|(curve, sums)| (curve.to_string(), number_array(sums)));
    let edge = number_array(edge.into_iter().map(|time| time.map(Minutes::get)));
    to_batch(sums.chain([("minutes_to_data_edge".into(), edge)]).collect())
}

/// One area a place and cutoff: number of the place, minutes, polygons as well-known binary.
#[pyfunction]
#[pyo3(name = "isochrones")]
fn isochrone_areas(
    py: Python<'_>,
    network: Network<'_, '_>,
    origins: Places<'_, '_>,
    cutoffs_minutes: Vec<f64>,
    asked: (f64, f64, bool),
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let (network, origins) = (&network.get().network, origins.get());
    let (width_m, largest_gap_m2, to_origins) = asked;
    let areas = in_background(py, progress, |progress| {
        let options = IsochroneOptions { width: Metres::new(width_m)?, largest_gap_m2 };
        let cutoffs = all_minutes(&cutoffs_minutes)?;
        isochrones(network, &origins.positions(), &cutoffs, direction(to_origins), options, progress)
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
    network: Network<'_, '_>,
    ends: Places<'_, '_>,
) -> PyResult<Option<(PyRecordBatch, PyRecordBatch)>> {
    let (network, ends) = (&network.get().network, ends.get());
    let way = in_background(py, None, |_| {
        Ok(match ends.positions().as_slice() {
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
    module.add_class::<PyAttachedPlaces>()?;
    module.add_function(wrap_pyfunction!(network_crs, module)?)?;
    module.add_function(wrap_pyfunction!(closest_places, module)?)?;
    module.add_function(wrap_pyfunction!(travel_time_table, module)?)?;
    module.add_function(wrap_pyfunction!(reach, module)?)?;
    module.add_function(wrap_pyfunction!(isochrone_areas, module)?)?;
    module.add_function(wrap_pyfunction!(itinerary, module)?)
}
