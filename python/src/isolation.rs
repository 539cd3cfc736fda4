//! Severance, encounter, social infrastructure, perception and service isolation for Python: columns in, columns out.

use crate::access::PyTravelTimes;
use crate::arrow::{geometries, integer_array, integers, number_array, numbers, points, to_arrow, to_batch};
use crate::attached::PyAttachedPlaces;
use crate::background::in_background;
use crate::error::run;
use crate::street_network::PyStreetNetwork;
use commonground::access::{Neighbours, ways_to_neighbours};
use commonground::network::TravelPairs;
use commonground::scores::encounter::{
    MeetingPlace, Residents, Visit, encounters, meeting_places, others_met, shared_places as shared,
};
use commonground::scores::perception::{self, Evidence, Perception};
use commonground::scores::service_isolation;
use commonground::scores::severance::{Barriers, Severance, barriers_between, severance as severed};
use commonground::scores::social_infrastructure::{
    Reached, SocialInfrastructure, social_infrastructure as social,
};
use commonground::{Crs, FeatureTable, Metres, Result, TravelTimes, io};
use geo::{Geometry, GeometryCollection};
use polars::prelude::{DataFrame, NamedFrom, Series};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::path::PathBuf;

/// Amounts as the library takes them: a missing one is not a number, and is refused there.
fn amounts(batch: &PyRecordBatch, column: &str) -> PyResult<Vec<f64>> {
    Ok(numbers(batch, column)?.into_iter().map(|amount| amount.unwrap_or(f64::NAN)).collect())
}

/// Motorways, railways and water of an extract: columns `id`, `name`, `kind`, and geometries.
#[pyfunction]
fn read_barriers(
    py: Python<'_>,
    path: PathBuf,
    progress: Option<Py<PyAny>>,
) -> PyResult<(PyRecordBatch, Option<String>)> {
    let found = in_background(py, progress, |progress| {
        let barriers = io::osm::read_osm_barriers(&path, progress)?;
        let ids: Vec<i64> = (0..barriers.len() as i64).collect();
        let names: Vec<Option<String>> = barriers.iter().map(|barrier| barrier.name.clone()).collect();
        let kinds: Vec<&str> = barriers.iter().map(|barrier| barrier.kind.name()).collect();
        let attributes = DataFrame::new_infer_height(vec![
            Series::new("id".into(), ids).into(),
            Series::new("name".into(), names).into(),
            Series::new("kind".into(), kinds).into(),
        ])
        .expect("three columns of one length");
        let shapes = barriers.into_iter().map(|barrier| Some(Geometry::GeometryCollection(barrier.shape)));
        FeatureTable::new(shapes.collect(), attributes, Some(Crs::wgs84()))
    })?;
    to_arrow(&found)
}

/// One row per home and one row per barrier, and the pairs without a barrier between them.
///
/// `tables`: homes with points in `geometry`, and `residents`; barriers with lines or areas in `geometry`. `distances`: from and to which
/// distance neighbours live, in metres; the ratio that cuts off, and the ratio up to which walks are searched.
#[pyfunction]
fn severance(
    py: Python<'_>,
    network: &Bound<'_, PyStreetNetwork>,
    attached: &Bound<'_, PyAttachedPlaces>,
    tables: (PyRecordBatch, PyRecordBatch),
    distances: (f64, f64, f64, f64),
    progress: Option<Py<PyAny>>,
) -> PyResult<(PyRecordBatch, PyRecordBatch, f64)> {
    let (network, attached) = (&network.get().network, attached.get().attachments());
    let (homes, residents) = (points(py, &tables.0)?, amounts(&tables.0, "residents")?);
    let shape = |geometry: Option<Geometry<f64>>| match geometry {
        Some(Geometry::GeometryCollection(pieces)) => pieces,
        geometry => GeometryCollection::from_iter(geometry),
    };
    let barriers: Vec<GeometryCollection<f64>> = geometries(py, &tables.1)?.into_iter().map(shape).collect();
    let (found, between) = in_background(py, progress, |progress| {
        let (beyond, within, ratio, searched_ratio) = distances;
        let neighbours =
            Neighbours { beyond: Metres::new(beyond)?, within: Metres::new(within)?, searched_ratio };
        let found = ways_to_neighbours(network, &homes, &attached, neighbours, progress, |ways| {
            severed(&residents, ways, ratio)
        })?;
        let found = found.into_iter().map(|one| one.transpose().map(Option::flatten));
        let found: Vec<Option<Severance>> = found.collect::<Result<_>>()?;
        let shapes: Vec<&GeometryCollection<f64>> = barriers.iter().collect();
        let between = barriers_between(&residents, &homes, &found, &shapes)?;
        Ok((found, between))
    })?;
    let column = |value: fn(&Severance) -> Option<f64>| {
        number_array(found.iter().map(|one| one.as_ref().and_then(value)))
    };
    let Barriers { ranked, of_place, pairs_without_barrier } = &between;
    let homes = to_batch(vec![
        ("people_near".into(), column(|one| Some(one.people_near))),
        ("share_cut_off".into(), column(|one| Some(one.share_cut_off))),
        ("median_ratio".into(), column(|one| one.median_ratio)),
        ("barrier".into(), integer_array(of_place.iter().map(|one| one.map(|(barrier, _)| barrier as i64)))),
        ("barrier_share".into(), number_array(of_place.iter().map(|one| one.map(|(_, share)| share)))),
    ])?;
    let barriers = to_batch(vec![
        ("barrier".into(), integer_array(ranked.iter().map(|one| Some(one.barrier as i64)))),
        ("residents_affected".into(), number_array(ranked.iter().map(|one| Some(one.residents_affected)))),
        ("pairs_cut_off".into(), number_array(ranked.iter().map(|one| Some(one.pairs_cut_off)))),
    ])?;
    Ok((homes, barriers, *pairs_without_barrier))
}

/// What the functions of encounter share: residents by group, the neighbourhood of every home, and who reaches what.
struct Meeting {
    groups: Vec<Vec<f64>>,
    neighbourhoods: Vec<Option<u32>>,
    visits: Vec<Visit>,
}

impl Meeting {
    /// `homes`: a column a group, named by its number, and `neighbourhood`, the number of one.
    fn read(
        times: &TravelTimes,
        homes: &PyRecordBatch,
        groups: usize,
        cutoff_minutes: f64,
    ) -> PyResult<Self> {
        let counts = (0..groups).map(|group| amounts(homes, &group.to_string()));
        let neighbourhoods = integers(homes, "neighbourhood")?.into_iter();
        let near = times.pairs().filter(|(.., time)| time.get() <= cutoff_minutes);
        let visit = |(home, place, _)| Visit { home: home as u32, place: place as u32, weight: 1.0 };
        Ok(Self {
            groups: counts.collect::<PyResult<_>>()?,
            neighbourhoods: neighbourhoods
                .map(|number| number.and_then(|number| u32::try_from(number).ok()))
                .collect(),
            visits: near.map(visit).collect(),
        })
    }

    fn residents(&self) -> Residents<'_> {
        Residents { groups: &self.groups, neighbourhoods: &self.neighbourhoods }
    }
}

/// One row per place, one per home, one per neighbourhood; columns of groups are named by their number. `counts`: how many groups
/// and neighbourhoods there are.
#[pyfunction]
fn encounter(
    py: Python<'_>,
    times: &PyTravelTimes,
    homes: PyRecordBatch,
    counts: (usize, usize),
    cutoff_minutes: f64,
) -> PyResult<(PyRecordBatch, PyRecordBatch, PyRecordBatch)> {
    let (groups, neighbourhoods) = counts;
    let meeting = Meeting::read(&times.0, &homes, groups, cutoff_minutes)?;
    let residents = meeting.residents();
    let (places, met) = run(py, || {
        let places = meeting_places(times.0.destination_count(), &meeting.visits, residents)?;
        let met = encounters(&meeting.visits, &places, residents)?;
        Ok((places, met))
    })?;
    let of_place = |value: &dyn Fn(&MeetingPlace) -> f64| {
        number_array(places.iter().map(|place| place.as_ref().map(value)))
    };
    let mut columns = vec![
        ("residents".to_owned(), of_place(&|place| place.residents)),
        ("diversity".to_owned(), of_place(&|place| place.diversity)),
        ("bridging".to_owned(), of_place(&|place| place.bridging)),
    ];
    columns.extend((0..groups).map(|group| (group.to_string(), of_place(&|place| place.shares[group]))));
    let of_home = |group: usize| {
        let shares = met.iter().map(move |met| met.as_ref().map(|met| met[group]));
        (group.to_string(), number_array(shares))
    };
    let of_neighbourhood =
        |group: usize| (group.to_string(), number_array(others_met(group, &met, residents, neighbourhoods)));
    Ok((
        to_batch(columns)?,
        to_batch((0..groups).map(of_home).collect())?,
        to_batch((0..groups).map(of_neighbourhood).collect())?,
    ))
}

/// Column `shared`, one row per pair; `pairs` has the numbers `one` and `other` of neighbourhoods, `limits` minutes and share.
#[pyfunction]
fn shared_places(
    py: Python<'_>,
    times: &PyTravelTimes,
    homes: PyRecordBatch,
    pairs: PyRecordBatch,
    groups: usize,
    limits: (f64, f64),
) -> PyResult<PyRecordBatch> {
    let (cutoff_minutes, share) = limits;
    let meeting = Meeting::read(&times.0, &homes, groups, cutoff_minutes)?;
    let number = |number: Option<i64>| number.and_then(|number| usize::try_from(number).ok()).unwrap_or(0);
    let sides = integers(&pairs, "one")?.into_iter().zip(integers(&pairs, "other")?);
    let pairs: Vec<(usize, usize)> = sides.map(|(one, other)| (number(one), number(other))).collect();
    let found =
        run(py, || shared(&pairs, times.0.destination_count(), &meeting.visits, meeting.residents(), share))?;
    to_batch(vec![("shared".into(), integer_array(found.into_iter().map(|count| Some(count as i64))))])
}

/// One row per home: availability by the number of the kind, `variety`, `isolation`. `homes`: a column per kind, named by its
/// number, and `residents`.
#[pyfunction]
fn social_infrastructure(
    py: Python<'_>,
    homes: PyRecordBatch,
    needed_per_thousand: Vec<f64>,
) -> PyResult<PyRecordBatch> {
    let residents = amounts(&homes, "residents")?;
    let kinds = needed_per_thousand.len();
    let places: Vec<Vec<f64>> =
        (0..kinds).map(|kind| amounts(&homes, &kind.to_string())).collect::<PyResult<_>>()?;
    let found: Vec<SocialInfrastructure> = run(py, || {
        let of_home = |(home, residents): (usize, &f64)| {
            let places = places.iter().map(|counts| counts[home]).collect();
            let reached = Reached { places, residents: *residents };
            social(&reached, &needed_per_thousand).map_err(|error| error.at_row(home + 1))
        };
        residents.iter().enumerate().map(of_home).collect()
    })?;
    let column =
        |value: &dyn Fn(&SocialInfrastructure) -> f64| number_array(found.iter().map(|one| Some(value(one))));
    let mut columns: Vec<_> =
        (0..kinds).map(|kind| (kind.to_string(), column(&|one| one.availability[kind]))).collect();
    columns.push(("variety".into(), column(&|one| one.variety)));
    columns.push(("isolation".into(), column(&|one| one.isolation)));
    to_batch(columns)
}

/// One row per place.
#[pyfunction]
fn perception_gap(
    py: Python<'_>,
    places: PyRecordBatch,
    repetitions: usize,
    seed: u64,
) -> PyResult<PyRecordBatch> {
    let (answers, feel_unsafe) = (numbers(&places, "answers")?, numbers(&places, "feel_unsafe")?);
    let (incidents, people) = (numbers(&places, "incidents")?, numbers(&places, "people")?);
    let evidence = |row: usize| Evidence {
        answers: answers[row],
        feel_unsafe: feel_unsafe[row],
        incidents: incidents[row],
        people: people[row],
    };
    let evidence: Vec<Evidence> = (0..answers.len()).map(evidence).collect();
    let found = run(py, || perception::perception(&evidence, repetitions, seed))?;
    let column =
        |value: fn(&Perception) -> f64| number_array(found.iter().map(|one| one.as_ref().map(value)));
    to_batch(vec![
        ("recorded_rate".into(), column(|one| one.recorded_rate)),
        ("smoothed_rate".into(), column(|one| one.smoothed_rate)),
        ("gap".into(), column(|one| one.gap)),
        ("gap_low".into(), column(|one| one.gap_interval.0)),
        ("gap_high".into(), column(|one| one.gap_interval.1)),
        ("rank".into(), column(|one| one.rank)),
        ("rank_low".into(), column(|one| one.rank_interval.0)),
        ("rank_high".into(), column(|one| one.rank_interval.1)),
    ])
}

/// Spearman's correlation of the columns `a` and `b`.
#[pyfunction]
fn rank_correlation(py: Python<'_>, table: PyRecordBatch) -> PyResult<Option<f64>> {
    let (a, b) = (numbers(&table, "a")?, numbers(&table, "b")?);
    run(py, || perception::rank_correlation(&a, &b))
}

/// Share, people, depth and severity; `None` without residents. Columns `minutes` and `residents`.
#[pyfunction]
fn shortfall(
    py: Python<'_>,
    homes: PyRecordBatch,
    standard_minutes: f64,
) -> PyResult<Option<(f64, f64, f64, f64)>> {
    let (minutes, residents) = (numbers(&homes, "minutes")?, amounts(&homes, "residents")?);
    let found = run(py, || service_isolation::shortfall(&minutes, &residents, standard_minutes))?;
    Ok(found.map(|found| (found.share, found.residents, found.depth, found.severity)))
}

/// The module `_commonground.isolation`.
pub(crate) fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = &PyModule::new(parent.py(), "isolation")?;
    module.add_function(wrap_pyfunction!(read_barriers, module)?)?;
    module.add_function(wrap_pyfunction!(severance, module)?)?;
    module.add_function(wrap_pyfunction!(encounter, module)?)?;
    module.add_function(wrap_pyfunction!(shared_places, module)?)?;
    module.add_function(wrap_pyfunction!(social_infrastructure, module)?)?;
    module.add_function(wrap_pyfunction!(perception_gap, module)?)?;
    module.add_function(wrap_pyfunction!(rank_correlation, module)?)?;
    module.add_function(wrap_pyfunction!(shortfall, module)?)?;
    parent.add_submodule(module)
}
