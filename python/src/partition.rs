//! Plans and their partitions for Python: folders in, receipts and tables out.

use crate::arrow::to_arrow;
use crate::background::in_background;
use crate::error::run as in_rust;
use commonground::model::Traveller;
use commonground::partition::{
    AccessOptions, Cutting, Kind, Plan, collect as collect_all, plan_access as access_of,
    plan_studies as studies_of, run as answer, status as status_of,
};
use commonground::{Minutes, io};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use serde_json::json;
use std::path::PathBuf;

/// Number, key, homes, junctions, cells and the study of a partition.
type PythonPartition = (usize, String, usize, usize, usize, Option<String>);

/// Traveller, whether journeys lead to the homes, and minutes.
type PythonQuestion = (Option<String>, bool, f64);

/// How many partitions, or how many homes in each, or the partition of each home.
type PythonCutting = (Option<usize>, usize, Option<Vec<u32>>);

#[pyfunction]
fn plan_access(
    py: Python<'_>,
    paths: (PathBuf, Option<PathBuf>, PathBuf),
    question: PythonQuestion,
    cutting: PythonCutting,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<String>> {
    let (study, data, out) = paths;
    let (traveller, to_homes, limit_minutes) = question;
    let (partitions, homes_each, given) = cutting;
    in_background(py, progress, |progress| {
        let cutting = match (given, partitions) {
            (Some(given), _) => Cutting::Given(given),
            (None, Some(count)) => Cutting::Partitions(count),
            (None, None) => Cutting::HomesEach(homes_each),
        };
        let options = AccessOptions {
            traveller: traveller.as_deref().map(Traveller::named).transpose()?,
            to_homes,
            limit: Minutes::new(limit_minutes)?,
            cutting,
            ..AccessOptions::default()
        };
        let study = io::study::read_study(&study, data.as_deref(), progress)?;
        let (_, findings) = access_of(&study, &options, &out, progress)?;
        Ok(findings.iter().map(|finding| finding.error.to_string()).collect())
    })
}

#[pyfunction]
fn plan_studies(py: Python<'_>, studies: Vec<PathBuf>, data: Option<PathBuf>, out: PathBuf) -> PyResult<()> {
    in_rust(py, || studies_of(&studies, data.as_deref(), &out).map(drop))
}

/// What the partitions are, how often streets are searched, and each partition.
#[pyfunction]
fn partitions(py: Python<'_>, plan: PathBuf) -> PyResult<(&'static str, Option<f64>, Vec<PythonPartition>)> {
    let plan = in_rust(py, || Plan::read(&plan))?;
    let kind = if plan.kind() == Kind::Studies { "studies" } else { "homes" };
    let rows = plan
        .partitions()
        .iter()
        .map(|one| (one.number, one.key.clone(), one.homes, one.junctions, one.cells, one.study.clone()));
    Ok((kind, plan.street_share(), rows.collect()))
}

/// The receipt as JSON.
#[pyfunction]
fn run(
    py: Python<'_>,
    plan: PathBuf,
    number: usize,
    out: PathBuf,
    progress: Option<Py<PyAny>>,
) -> PyResult<String> {
    in_background(py, progress, |progress| answer(&Plan::read(&plan)?, number, &out, progress)?.to_json())
}

/// What is done, failed and missing, and the seconds left, as JSON.
#[pyfunction]
fn status(py: Python<'_>, plan: PathBuf, out: PathBuf) -> PyResult<String> {
    let status = in_rust(py, || status_of(&Plan::read(&plan)?, &out))?;
    let failed: Vec<_> = status.failed.iter().map(|(number, failure)| (number, &failure.text)).collect();
    let (done, missing, seconds_left) = (status.done, status.missing, status.seconds_left);
    Ok(json!({ "done": done, "failed": failed, "missing": missing, "seconds_left": seconds_left })
        .to_string())
}

#[pyfunction]
fn collect(py: Python<'_>, plan: PathBuf, out: PathBuf) -> PyResult<(PyRecordBatch, Option<String>)> {
    to_arrow(&in_rust(py, || collect_all(&Plan::read(&plan)?, &out))?)
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let partition = PyModule::new(module.py(), "partition")?;
    partition.add_function(wrap_pyfunction!(plan_access, &partition)?)?;
    partition.add_function(wrap_pyfunction!(plan_studies, &partition)?)?;
    partition.add_function(wrap_pyfunction!(partitions, &partition)?)?;
    partition.add_function(wrap_pyfunction!(run, &partition)?)?;
    partition.add_function(wrap_pyfunction!(status, &partition)?)?;
    partition.add_function(wrap_pyfunction!(collect, &partition)?)?;
    module.add_submodule(&partition)
}
