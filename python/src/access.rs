//! Access measures and equity for Python: columns in, columns out.

use crate::arrow::{
    geometry_array, integer_array, integers, number_array, numbers, points, shapes, texts, to_batch,
};
use crate::attached::PyAttachedPlaces;
use crate::background::in_background;
use crate::error::run;
use crate::street_network::PyStreetNetwork;
use arrow_array::{ArrayRef, StringArray};
use commonground::access::equity::{self, Concentration, Palma, Standard, Ties};
use commonground::access::{
    self, CatchmentAccess, Choice, Decay, GreenSpaces, GreenStandard, Pairs, RaamOptions, Summary,
};
use commonground::model::{GreenSpace, Group, Service, same_places};
use commonground::network::{Attachment, Destinations, Direction, Searches, TravelPairs};
use commonground::{Error, ErrorKind, Metres, Minutes, Progress, Result, TravelTimes};
use geo::Geometry;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::borrow::Cow;
use std::sync::Arc;

/// A table of travel times, held in Rust.
#[pyclass(name = "TravelTimes", frozen)]
pub(crate) struct PyTravelTimes(pub(crate) TravelTimes);

#[pymethods]
impl PyTravelTimes {
    /// Columns `origin` and `destination` (numbers from 0) and `minutes`.
    #[new]
    fn new(py: Python<'_>, origins: usize, destinations: usize, table: PyRecordBatch) -> PyResult<Self> {
        let number =
            |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok()).unwrap_or(u32::MAX);
        let (from, to) = (integers(&table, "origin")?, integers(&table, "destination")?);
        let minutes = numbers(&table, "minutes")?;
        let triples: Vec<(u32, u32, f64)> = from
            .into_iter()
            .zip(to)
            .zip(minutes)
            .map(|((from, to), minutes)| (number(from), number(to), minutes.unwrap_or(f64::NAN)))
            .collect();
        run(py, || TravelTimes::from_triples(origins, destinations, &triples)).map(Self)
    }

    fn pair_count(&self) -> usize {
        self.0.pair_count()
    }

    /// Columns `origin`, `destination`, `minutes`.
    fn pairs(&self) -> PyResult<PyRecordBatch> {
        let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
        to_batch(vec![
            ("origin".into(), integer_array(self.0.pairs().map(|(origin, ..)| Some(number(origin))))),
            ("destination".into(), integer_array(self.0.pairs().map(|(_, place, _)| Some(number(place))))),
            ("minutes".into(), number_array(self.0.pairs().map(|(.., time)| Some(time.get())))),
        ])
    }
}

/// Homes and places on a network, searched anew by each measure.
#[pyclass(name = "Searches", frozen)]
pub(crate) struct PySearches {
    network: Py<PyStreetNetwork>,
    origins: Vec<Option<Attachment>>,
    destinations: Destinations,
    limit: Minutes,
}

#[pymethods]
impl PySearches {
    #[new]
    fn new(
        py: Python<'_>,
        network: Py<PyStreetNetwork>,
        origins: &PyAttachedPlaces,
        places: &PyAttachedPlaces,
        limit_minutes: f64,
        to_origins: bool,
    ) -> PyResult<Self> {
        let limit = run(py, || Minutes::new(limit_minutes))?;
        let direction = if to_origins { Direction::To } else { Direction::From };
        let destinations = places.destinations(&network.get().network, direction);
        Ok(Self { network, origins: origins.attachments(), destinations, limit })
    }
}

impl PySearches {
    fn searches<'a>(&'a self, progress: &'a dyn Progress) -> Searches<'a> {
        Searches::new(&self.network.get().network, &self.origins, &self.destinations, self.limit, progress)
    }
}

/// Pairs of origin and destination as Python holds them.
#[derive(FromPyObject)]
pub(crate) enum PyPairs<'py> {
    Table(Bound<'py, PyTravelTimes>),
    Searches(Bound<'py, PySearches>),
}

/// The same without Python's lock.
#[derive(Clone, Copy)]
pub(crate) enum Source<'a> {
    Table(&'a TravelTimes),
    Searches(&'a PySearches),
}

impl PyPairs<'_> {
    pub(crate) fn source(&self) -> Source<'_> {
        match self {
            Self::Table(times) => Source::Table(&times.get().0),
            Self::Searches(searches) => Source::Searches(searches.get()),
        }
    }
}

impl<'a> Source<'a> {
    pub(crate) fn pairs(self, progress: &'a dyn Progress) -> Pairs<'a> {
        match self {
            Self::Table(times) => Pairs::Kept(Cow::Borrowed(times)),
            Self::Searches(searches) => Pairs::Searched(searches.searches(progress)),
        }
    }

    fn is_origin_placed(self, row: usize) -> bool {
        match self {
            Self::Table(times) => times.is_origin_placed(row),
            Self::Searches(searches) => searches.origins[row].is_some(),
        }
    }

    fn is_destination_placed(self, row: usize) -> bool {
        match self {
            Self::Table(times) => times.is_destination_placed(row),
            Self::Searches(searches) => !searches.destinations.entrances_of(row).is_empty(),
        }
    }
}

/// A weight by travel time.
#[pyclass(name = "Decay", frozen)]
pub(crate) struct PyDecay(pub(crate) Decay);

#[pymethods]
impl PyDecay {
    /// `shape` with its parameters in minutes, and the points of a curve that is given by points.
    #[new]
    fn new(py: Python<'_>, shape: &str, parameters: Vec<f64>, points: Vec<(f64, f64)>) -> PyResult<Self> {
        let decay = || {
            let minutes = |number: usize| Minutes::new(parameters[number]);
            let points = || points.iter().map(|&(time, weight)| Ok((Minutes::new(time)?, weight))).collect();
            let points = || -> Result<Vec<(Minutes, f64)>> { points() };
            match shape {
                "binary" => Ok(Decay::binary(minutes(0)?)),
                "linear" => Decay::linear(minutes(0)?),
                "exponential" => Decay::exponential(parameters[0]),
                "power" => Decay::power(parameters[0]),
                "logistic" => Decay::logistic(minutes(0)?, minutes(1)?),
                "gaussian" => Decay::gaussian(minutes(0)?),
                "dai_gaussian" => Decay::dai_gaussian(minutes(0)?),
                "bands" => Decay::bands(&points()?),
                "stepped" => Decay::stepped(&points()?),
                _ => Decay::table(&points()?),
            }
        };
        run(py, decay).map(Self)
    }

    fn within(&self, py: Python<'_>, cutoff_minutes: f64) -> PyResult<Self> {
        run(py, || Ok(Self(self.0.clone().within(Minutes::new(cutoff_minutes)?))))
    }

    fn weight(&self, py: Python<'_>, minutes: f64) -> PyResult<f64> {
        run(py, || Ok(self.0.weight(Minutes::new(minutes)?)))
    }
}

/// Amounts as the library takes them: a missing one is not a number, and is refused there.
fn amounts(batch: &PyRecordBatch, column: &str) -> PyResult<Vec<f64>> {
    Ok(numbers(batch, column)?.into_iter().map(|amount| amount.unwrap_or(f64::NAN)).collect())
}

fn unknown<T>(what: &str, name: &str) -> Result<T> {
    Err(Error::new(ErrorKind::Parameter, format!("there is no {what} `{name}`")))
}

fn column(values: Vec<Option<f64>>) -> PyResult<PyRecordBatch> {
    to_batch(vec![("access".into(), number_array(values))])
}

/// The active side of a measure from the pairs, the passive one from the same pairs turned around.
macro_rules! on_side {
    ($source:expr, $progress:expr, $active:expr, |$pairs:ident| $measure:expr) => {{
        let all = $source.pairs($progress);
        if $active {
            let $pairs = &all;
            $measure
        } else {
            let $pairs = &all.transposed();
            $measure
        }
    }};
}

#[pyfunction]
fn cumulative_cutoff(
    py: Python<'_>,
    times: PyPairs<'_>,
    table: PyRecordBatch,
    cutoff_minutes: f64,
    active: bool,
) -> PyResult<PyRecordBatch> {
    let counts = amounts(&table, "opportunities")?;
    let source = times.source();
    column(in_background(py, None, |progress| {
        let cutoff = Minutes::new(cutoff_minutes)?;
        on_side!(source, progress, active, |pairs| access::cumulative_cutoff(pairs, &counts, cutoff))
    })?)
}

#[pyfunction]
fn cumulative_interval(
    py: Python<'_>,
    times: PyPairs<'_>,
    table: PyRecordBatch,
    minutes: (f64, f64, f64),
    summary: &str,
    active: bool,
) -> PyResult<PyRecordBatch> {
    let counts = amounts(&table, "opportunities")?;
    let source = times.source();
    column(in_background(py, None, |progress| {
        let (from, to, step) = (Minutes::new(minutes.0)?, Minutes::new(minutes.1)?, Minutes::new(minutes.2)?);
        let summary = match summary {
            "mean" => Summary::Mean,
            "median" => Summary::Median,
            other => return unknown("summary", other),
        };
        on_side!(source, progress, active, |pairs| access::cumulative_interval(
            pairs, &counts, from, to, step, summary
        ))
    })?)
}

#[pyfunction]
fn gravity(
    py: Python<'_>,
    times: PyPairs<'_>,
    table: PyRecordBatch,
    decay: &PyDecay,
    active: bool,
) -> PyResult<PyRecordBatch> {
    let counts = amounts(&table, "opportunities")?;
    let source = times.source();
    column(in_background(py, None, |progress| {
        on_side!(source, progress, active, |pairs| access::gravity(pairs, &counts, &decay.0))
    })?)
}

/// Minutes; infinite where not enough is reached, null off the network.
#[pyfunction]
fn cost_to_closest(
    py: Python<'_>,
    times: PyPairs<'_>,
    table: PyRecordBatch,
    n: f64,
    count_places: bool,
    active: bool,
) -> PyResult<PyRecordBatch> {
    let counts = amounts(&table, "opportunities")?;
    let source = times.source();
    column(in_background(py, None, |progress| {
        let found = on_side!(source, progress, active, |pairs| if count_places {
            access::cost_to_closest_place(pairs, &counts, n as usize)
        } else {
            access::cost_to_closest(pairs, &counts, n)
        })?;
        Ok(minutes_or_infinite(source, active, &found))
    })?)
}

#[pyfunction]
fn balancing_cost(
    py: Python<'_>,
    times: PyPairs<'_>,
    opportunities: PyRecordBatch,
    demand: PyRecordBatch,
    step_minutes: f64,
) -> PyResult<PyRecordBatch> {
    let (counts, people) = (amounts(&opportunities, "opportunities")?, amounts(&demand, "demand")?);
    let source = times.source();
    column(in_background(py, None, |progress| {
        let found =
            access::balancing_cost(&source.pairs(progress), &counts, &people, Minutes::new(step_minutes)?)?;
        Ok(minutes_or_infinite(source, true, &found))
    })?)
}

fn minutes_or_infinite(source: Source<'_>, active: bool, found: &[Option<Minutes>]) -> Vec<Option<f64>> {
    let is_placed = |row: usize| {
        if active { source.is_origin_placed(row) } else { source.is_destination_placed(row) }
    };
    let minutes = |(row, time): (usize, &Option<Minutes>)| {
        is_placed(row).then(|| time.map_or(f64::INFINITY, Minutes::get))
    };
    found.iter().enumerate().map(minutes).collect()
}

/// Columns of the homes, columns of the places, unreached supply, unserved demand.
type Catchments = (PyRecordBatch, PyRecordBatch, f64, f64);

#[pyfunction]
fn floating_catchment(
    py: Python<'_>,
    times: PyPairs<'_>,
    demand: PyRecordBatch,
    supply: PyRecordBatch,
    decay: &PyDecay,
    method: &str,
) -> PyResult<Catchments> {
    let (people, offers) = (amounts(&demand, "demand")?, amounts(&supply, "supply")?);
    let source = times.source();
    let found = in_background(py, None, |progress| {
        let (times, decay) = (&source.pairs(progress), &decay.0);
        match method {
            "2sfca" => access::two_step_fca(times, &people, &offers, decay),
            "m2sfca" => access::modified_two_step_fca(times, &people, &offers, decay),
            "3sfca" => access::three_step_fca(times, &people, &offers, decay, Choice::Catchment),
            "3sfca_all_in_table" => {
                access::three_step_fca(times, &people, &offers, decay, Choice::AllInTable)
            }
            "mh3sfca" => access::huff_three_step_fca(times, &people, &offers, decay),
            "bfca" => access::balanced_fca(times, &people, &offers, decay),
            other => unknown("floating catchment method", other),
        }
    })?;
    let CatchmentAccess { access, competing_demand, supply_per_demand, unreached_supply, unserved_demand } =
        found;
    let places = to_batch(vec![
        ("competing_demand".into(), number_array(competing_demand)),
        ("supply_per_demand".into(), number_array(supply_per_demand)),
    ])?;
    Ok((column(access)?, places, unreached_supply, unserved_demand))
}

/// Columns `place`, `minutes`, `supply`, `competing_demand` and `access`, what adds most first.
#[pyfunction]
fn explain_two_step_fca(
    py: Python<'_>,
    times: &PyTravelTimes,
    demand: PyRecordBatch,
    supply: PyRecordBatch,
    decay: &PyDecay,
    home: usize,
) -> PyResult<PyRecordBatch> {
    let (people, offers) = (amounts(&demand, "demand")?, amounts(&supply, "supply")?);
    let why = run(py, || {
        let found = access::two_step_fca(&times.0, &people, &offers, &decay.0)?;
        access::explain_two_step_fca(&times.0, &offers, &decay.0, &found, home)
    })?;
    to_batch(vec![
        ("place".into(), integer_array(why.iter().map(|part| i64::try_from(part.place).ok()))),
        ("minutes".into(), number_array(why.iter().map(|part| Some(part.time.get())))),
        ("supply".into(), number_array(why.iter().map(|part| Some(part.supply)))),
        ("competing_demand".into(), number_array(why.iter().map(|part| Some(part.competing_demand)))),
        ("access".into(), number_array(why.iter().map(|part| Some(part.access)))),
    ])
}

/// The places behind the access of a home: `place`, `minutes`, `metres`, `supply`, `competing_demand`, `access`, and the way
/// there as a line; the last two are null beyond as many ways as were asked for.
#[pyfunction]
fn why(
    py: Python<'_>,
    searches: &PySearches,
    demand: PyRecordBatch,
    supply: PyRecordBatch,
    decay: &PyDecay,
    home: usize,
    ways: usize,
) -> PyResult<PyRecordBatch> {
    let (people, offers) = (amounts(&demand, "demand")?, amounts(&supply, "supply")?);
    let reasons = in_background(py, None, |progress| {
        access::why(&searches.searches(progress), &people, &offers, &decay.0, home, ways)
    })?;
    let number = |value: &dyn Fn(&access::Reason) -> Option<f64>| number_array(reasons.iter().map(value));
    let lines: Vec<Option<Geometry<f64>>> = reasons
        .iter()
        .map(|reason| reason.way.as_ref().map(|way| Geometry::LineString(way.line.clone())))
        .collect();
    to_batch(vec![
        ("place".into(), integer_array(reasons.iter().map(|it| i64::try_from(it.contribution.place).ok()))),
        ("minutes".into(), number(&|it| Some(it.contribution.time.get()))),
        ("metres".into(), number(&|it| it.way.as_ref().map(|way| way.length.get()))),
        ("supply".into(), number(&|it| Some(it.contribution.supply))),
        ("competing_demand".into(), number(&|it| Some(it.contribution.competing_demand))),
        ("access".into(), number(&|it| Some(it.contribution.access))),
        ("geometry".into(), geometry_array(&lines)),
    ])
}

/// Columns `origin`, `place`, `rank` and `minutes`: the closest places with any opportunity, origin by origin.
#[pyfunction]
fn closest_places(
    py: Python<'_>,
    times: PyPairs<'_>,
    table: PyRecordBatch,
    k: usize,
    active: bool,
) -> PyResult<PyRecordBatch> {
    let counts = amounts(&table, "opportunities")?;
    let source = times.source();
    let found = in_background(py, None, |progress| {
        on_side!(source, progress, active, |pairs| access::closest_places(pairs, &counts, k))
    })?;
    let mut rows: Vec<(i64, i64, i64, f64)> = Vec::new();
    for (origin, nearest) in (0..).zip(found) {
        let ranked = (1..).zip(nearest.unwrap_or_default());
        rows.extend(ranked.map(|(rank, (place, time))| (origin, place as i64, rank, time.get())));
    }
    to_batch(vec![
        ("origin".into(), integer_array(rows.iter().map(|row| Some(row.0)))),
        ("place".into(), integer_array(rows.iter().map(|row| Some(row.1)))),
        ("rank".into(), integer_array(rows.iter().map(|row| Some(row.2)))),
        ("minutes".into(), number_array(rows.iter().map(|row| Some(row.3)))),
    ])
}

/// Green space: smallest hectares that count, and minutes or metres within which it lies.
type GreenAsked = (f64, Option<f64>, Option<f64>, f64);

/// Columns `minutes`, `hectares` and `hectares_per_resident` of the homes.
///
/// - `ground`: the spaces as areas; their entrances as points with the number of their `space`.
/// - `asked`: smallest hectares, minutes or metres of the walk, and metres from an entrance to its street.
#[pyfunction]
fn green_space(
    py: Python<'_>,
    network: &Bound<'_, PyStreetNetwork>,
    homes: &Bound<'_, PyAttachedPlaces>,
    residents: PyRecordBatch,
    ground: (PyRecordBatch, PyRecordBatch),
    asked: GreenAsked,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyRecordBatch> {
    let (network, homes) = (&network.get().network, homes.get().attachments());
    let (people, (spaces, entrances)) = (amounts(&residents, "residents")?, ground);
    let space = |(number, shape): (usize, _)| GreenSpace {
        id: number.to_string(),
        name: None,
        shape,
        entrances: Vec::new(),
    };
    let mut spaces: Vec<GreenSpace> = shapes(py, &spaces)?.into_iter().enumerate().map(space).collect();
    for (number, entrance) in integers(&entrances, "space")?.into_iter().zip(points(py, &entrances)?) {
        let number = number.and_then(|number| usize::try_from(number).ok());
        if let Some(space) = number.and_then(|number| spaces.get_mut(number)) {
            space.entrances.push(entrance);
        }
    }
    let (minimum_hectares, minutes, metres, max_snap_m) = asked;
    let found = in_background(py, progress, |progress| {
        let green = GreenSpaces::attach(network, &spaces, Metres::new(max_snap_m)?, &[]);
        let within = match (minutes, metres) {
            (Some(minutes), _) => Minutes::new(minutes)?,
            (None, metres) => {
                network.profile().minutes_off_street(Metres::new(metres.unwrap_or(f64::NAN))?)?
            }
        };
        green.reach(network, &homes, &people, GreenStandard { minimum_hectares, within }, progress)
    })?;
    to_batch(vec![
        ("minutes".into(), number_array(found.closest.into_iter().map(|time| time.map(Minutes::get)))),
        ("hectares".into(), number_array(found.hectares)),
        ("hectares_per_resident".into(), number_array(found.hectares_per_resident)),
    ])
}

/// Columns `first`, `second` (numbers) and `metres` of places that seem to be one.
#[pyfunction]
fn same_service(py: Python<'_>, services: PyRecordBatch, within_metres: f64) -> PyResult<PyRecordBatch> {
    let (names, categories) = (texts(&services, "name")?, texts(&services, "category")?);
    let rows = points(py, &services)?.into_iter().zip(names).zip(categories);
    let service = |((location, name), category): ((_, _), Option<String>)| Service {
        id: String::new(),
        name,
        category: category.unwrap_or_default(),
        location,
        count: 1.0,
        capacity: None,
        opening_hours: None,
    };
    let services: Vec<Service> = rows.map(service).collect();
    let same =
        in_background(py, None, |progress| same_places(&services, Metres::new(within_metres)?, progress))?;
    to_batch(vec![
        ("first".into(), integer_array(same.iter().map(|pair| i64::try_from(pair.first).ok()))),
        ("second".into(), integer_array(same.iter().map(|pair| i64::try_from(pair.second).ok()))),
        ("metres".into(), number_array(same.iter().map(|pair| Some(pair.distance_m)))),
    ])
}

/// `access`, `people` and `neighbourhood` (number, null outside all); one row per neighbourhood.
#[pyfunction]
fn by_neighbourhood(
    py: Python<'_>,
    table: PyRecordBatch,
    count: usize,
    standard: f64,
    at_most: bool,
) -> PyResult<PyRecordBatch> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    let places: Vec<Option<u32>> = integers(&table, "neighbourhood")?
        .into_iter()
        .map(|number| number.and_then(|number| u32::try_from(number).ok()))
        .collect();
    let standard = if at_most { Standard::AtMost(standard) } else { Standard::AtLeast(standard) };
    let found = run(py, || access::by_neighbourhood(&values, &people, &places, count, standard))?;
    let number = |value: fn(&access::PlaceAccess) -> Option<f64>| number_array(found.iter().map(value));
    to_batch(vec![
        ("people".into(), number(|place| Some(place.people))),
        ("mean".into(), number(|place| place.mean)),
        ("median".into(), number(|place| place.spread.median)),
        ("p10".into(), number(|place| place.spread.tenth)),
        ("p90".into(), number(|place| place.spread.ninetieth)),
        ("share_enough".into(), number(|place| place.share_enough)),
    ])
}

/// Share of all access that the first shares of the people have; by `position`, where the table has one.
#[pyfunction]
fn access_curve(
    py: Python<'_>,
    table: PyRecordBatch,
    by_position: bool,
    steps: usize,
) -> PyResult<Option<Vec<f64>>> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    if !by_position {
        return run(py, || equity::lorenz_curve(&values, &people, steps));
    }
    let position = numbers(&table, "position")?;
    run(py, || equity::concentration_curve(&values, &people, &position, steps))
}

/// Share, share by category, and the missing category with the share that it would lift to.
type Complete = (Option<f64>, Vec<Option<f64>>, Option<(usize, f64)>);

/// `people` and one column of minutes a category, by number; null where none is reached.
#[pyfunction]
fn completeness(
    py: Python<'_>,
    table: PyRecordBatch,
    categories: usize,
    within_minutes: f64,
) -> PyResult<Complete> {
    let people = amounts(&table, "people")?;
    let columns = (0..categories).map(|number| numbers(&table, &format!("category_{number}")));
    let columns = columns.collect::<PyResult<Vec<_>>>()?;
    run(py, || {
        let times = |column: &Vec<Option<f64>>| {
            column.iter().map(|time| time.map(Minutes::new).transpose()).collect()
        };
        let minutes = columns.iter().map(times).collect::<Result<Vec<Vec<Option<Minutes>>>>>()?;
        let found = access::completeness(&minutes, &people, Minutes::new(within_minutes)?)?;
        Ok((found.share, found.by_category, found.missing))
    })
}

/// Columns `total` and `per_person`, and the unreached supply.
#[pyfunction]
fn spatial_availability(
    py: Python<'_>,
    times: PyPairs<'_>,
    demand: PyRecordBatch,
    supply: PyRecordBatch,
    decay: &PyDecay,
    alpha: f64,
) -> PyResult<(PyRecordBatch, f64)> {
    let (people, offers) = (amounts(&demand, "demand")?, amounts(&supply, "supply")?);
    let source = times.source();
    let found = in_background(py, None, |progress| {
        access::spatial_availability(&source.pairs(progress), &people, &offers, &decay.0, alpha)
    })?;
    let columns = to_batch(vec![
        ("total".into(), number_array(found.total)),
        ("per_person".into(), number_array(found.per_person)),
    ])?;
    Ok((columns, found.unreached_supply))
}

#[pyfunction]
fn raam(
    py: Python<'_>,
    times: PyPairs<'_>,
    demand: PyRecordBatch,
    supply: PyRecordBatch,
    tau_minutes: f64,
    rho: Option<f64>,
    ends: (u32, f64),
) -> PyResult<(PyRecordBatch, f64, u32)> {
    let (people, offers) = (amounts(&demand, "demand")?, amounts(&supply, "supply")?);
    let source = times.source();
    let (rounds, tolerance) = ends;
    let found = in_background(py, None, |progress| {
        let options = RaamOptions { tau: Minutes::new(tau_minutes)?, rho, rounds, tolerance };
        access::raam(&source.pairs(progress), &people, &offers, options, progress)
    })?;
    Ok((column(found.costs)?, found.residual, found.rounds))
}

#[pyfunction]
fn gini(py: Python<'_>, table: PyRecordBatch) -> PyResult<Option<f64>> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    run(py, || equity::gini(&values, &people))
}

#[pyfunction]
fn theil_t(py: Python<'_>, table: PyRecordBatch) -> PyResult<Option<f64>> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    run(py, || equity::theil_t(&values, &people))
}

/// Total, between and within.
type TheilParts = (f64, f64, f64);

/// The parts; then columns `group`, `between`, `within`.
#[pyfunction]
fn theil_t_by_group(py: Python<'_>, table: PyRecordBatch) -> PyResult<Option<(TheilParts, PyRecordBatch)>> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    let groups: Vec<String> = texts(&table, "group")?.into_iter().map(Option::unwrap_or_default).collect();
    let Some(parts) = run(py, || equity::theil_t_by_group(&values, &people, &groups))? else {
        return Ok(None);
    };
    let names: StringArray = parts.groups.iter().map(|group| Some(group.name.as_str())).collect();
    let columns = to_batch(vec![
        ("group".into(), Arc::new(names) as ArrayRef),
        ("between".into(), number_array(parts.groups.iter().map(|group| Some(group.between)))),
        ("within".into(), number_array(parts.groups.iter().map(|group| Some(group.within)))),
    ])?;
    Ok(Some(((parts.total, parts.between, parts.within), columns)))
}

#[pyfunction]
fn palma_ratio(py: Python<'_>, table: PyRecordBatch, variant: &str) -> PyResult<Option<f64>> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    let income = numbers(&table, "position")?;
    run(py, || {
        let variant = match variant {
            "split" => Palma::Split,
            "quantiles" => Palma::Quantiles,
            other => return unknown("variant of the Palma ratio", other),
        };
        equity::palma_ratio(&values, &people, &income, variant)
    })
}

#[pyfunction]
fn concentration_index(
    py: Python<'_>,
    table: PyRecordBatch,
    variant: &str,
    bounds: (f64, f64),
    ties: &str,
) -> PyResult<Option<f64>> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    let position = numbers(&table, "position")?;
    run(py, || {
        let variant = match variant {
            "standard" => Concentration::Standard,
            "wagstaff" => Concentration::Wagstaff,
            "erreygers" => Concentration::Erreygers { lower: bounds.0, upper: bounds.1 },
            "corrected" => Concentration::Corrected,
            other => return unknown("variant of the concentration index", other),
        };
        let ties = match ties {
            "middle_rank" => Ties::MiddleRank,
            "as_listed" => Ties::AsListed,
            other => return unknown("rule for ties", other),
        };
        equity::concentration_index(&values, &people, &position, variant, ties)
    })
}

#[pyfunction]
fn fgt_poverty(py: Python<'_>, table: PyRecordBatch, line: f64) -> PyResult<Option<[f64; 3]>> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    run(py, || equity::fgt_poverty(&values, &people, line))
}

/// `access` (null where not reached), `people` and one column per group, by name.
#[pyfunction]
fn group_access(
    py: Python<'_>,
    table: PyRecordBatch,
    groups: Vec<String>,
    standard: f64,
    at_most: bool,
) -> PyResult<PyRecordBatch> {
    let (values, people) = (numbers(&table, "access")?, amounts(&table, "people")?);
    let mut named = Vec::new();
    for (number, name) in groups.into_iter().enumerate() {
        named.push(Group { name, counts: amounts(&table, &format!("group_{number}"))? });
    }
    let standard = if at_most { Standard::AtMost(standard) } else { Standard::AtLeast(standard) };
    let found = run(py, || equity::group_access(&values, &people, &named, standard))?;
    let names: StringArray = found.iter().map(|group| Some(group.name.as_str())).collect();
    let numbers = |value: fn(&equity::GroupAccess) -> Option<f64>| number_array(found.iter().map(value));
    to_batch(vec![
        ("group".into(), Arc::new(names) as ArrayRef),
        ("people".into(), numbers(|group| Some(group.people))),
        ("mean".into(), numbers(|group| group.mean)),
        ("median".into(), numbers(|group| group.median)),
        ("share_below".into(), numbers(|group| group.share_below)),
        ("people_below".into(), numbers(|group| Some(group.people_below))),
        ("gap".into(), numbers(|group| group.gap)),
    ])
}

/// The module `_commonground.access`.
pub(crate) fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = &PyModule::new(parent.py(), "access")?;
    module.add_class::<PyTravelTimes>()?;
    module.add_class::<PySearches>()?;
    module.add_class::<PyDecay>()?;
    module.add_function(wrap_pyfunction!(cumulative_cutoff, module)?)?;
    module.add_function(wrap_pyfunction!(cumulative_interval, module)?)?;
    module.add_function(wrap_pyfunction!(gravity, module)?)?;
    module.add_function(wrap_pyfunction!(cost_to_closest, module)?)?;
    module.add_function(wrap_pyfunction!(balancing_cost, module)?)?;
    module.add_function(wrap_pyfunction!(floating_catchment, module)?)?;
    module.add_function(wrap_pyfunction!(explain_two_step_fca, module)?)?;
    module.add_function(wrap_pyfunction!(why, module)?)?;
    module.add_function(wrap_pyfunction!(closest_places, module)?)?;
    module.add_function(wrap_pyfunction!(green_space, module)?)?;
    module.add_function(wrap_pyfunction!(same_service, module)?)?;
    module.add_function(wrap_pyfunction!(by_neighbourhood, module)?)?;
    module.add_function(wrap_pyfunction!(access_curve, module)?)?;
    module.add_function(wrap_pyfunction!(completeness, module)?)?;
    module.add_function(wrap_pyfunction!(spatial_availability, module)?)?;
    module.add_function(wrap_pyfunction!(raam, module)?)?;
    module.add_function(wrap_pyfunction!(gini, module)?)?;
    module.add_function(wrap_pyfunction!(theil_t, module)?)?;
    module.add_function(wrap_pyfunction!(theil_t_by_group, module)?)?;
    module.add_function(wrap_pyfunction!(palma_ratio, module)?)?;
    module.add_function(wrap_pyfunction!(concentration_index, module)?)?;
    module.add_function(wrap_pyfunction!(fgt_poverty, module)?)?;
    module.add_function(wrap_pyfunction!(group_access, module)?)?;
    parent.add_submodule(module)
}
