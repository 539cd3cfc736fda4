//! The bridge to Python: convert, let other threads run, call, convert. It computes nothing.

mod access;
mod access_change;
mod arrow;
mod attached;
mod autocorrelation;
mod background;
mod budget;
mod choices;
mod cohesion;
mod decide;
mod error;
mod gentrification;
mod interpolation;
mod isolation;
mod meeting;
mod partition;
mod queries;
mod scenario;
mod segregation;
mod street_network;
mod transit;

use arrow::{table_to_batch, to_arrow};
use background::in_background;
use commonground::assessment::equity_table;
use commonground::model::{Findings, Severity};
use commonground::{Assessment, StudyArea, io, report};
use error::{CommongroundError, to_python};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::ffi::OsString;
use std::path::PathBuf;

/// One finding: severity, message, layer, row, id, column, hint-bearing text.
type PythonFinding =
    (&'static str, String, Option<String>, Option<usize>, Option<String>, Option<String>, String);

/// Label, meaning, classes (label, colour) and the class of each neighbourhood.
type PythonColouring = (String, String, Vec<(String, String)>, Vec<Option<usize>>);

/// Measure, Lorenz curve, concentration curve.
type PythonCurves = (String, Option<Vec<f64>>, Option<Vec<f64>>);

/// The result of an assessment, held in Rust until Python asks for a part of it.
#[pyclass(name = "Assessment", frozen)]
struct PyAssessment {
    area: StudyArea,
    assessment: Assessment,
    summary: String,
}

#[pymethods]
impl PyAssessment {
    /// Columns, geometries as well-known binary in `geometry`, and the system's definition.
    fn neighbourhoods(&self) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(self.assessment.neighbourhoods().features())
    }

    /// Columns, geometries as well-known binary in `geometry`, and the system's definition.
    fn homes(&self) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(self.assessment.homes().features())
    }

    /// As `neighbourhoods`, of a layer by its name; `None` where it was not assessed.
    fn layer(&self, name: &str) -> PyResult<Option<(PyRecordBatch, Option<String>)>> {
        self.assessment.layer(name).map(|layer| to_arrow(layer.features())).transpose()
    }

    /// What homes count by, in words and as the name of a column.
    fn weight(&self) -> (&'static str, &'static str) {
        let weight = self.assessment.weight;
        (weight.noun(), weight.column())
    }

    fn findings(&self) -> Vec<PythonFinding> {
        to_rows(&self.assessment.findings)
    }

    /// One row per measure and group.
    fn equity(&self, py: Python<'_>) -> PyResult<PyRecordBatch> {
        let table = equity_table(&self.assessment.equity, self.assessment.weight)
            .map_err(|error| to_python(py, &error))?;
        table_to_batch(&table.features().attributes)
    }

    /// Measure, Lorenz curve and concentration curve of every amount.
    fn equity_curves(&self) -> Vec<PythonCurves> {
        let curves = self.assessment.equity.iter().filter_map(|one| {
            let found = one.inequality.as_ref()?;
            Some((one.measure.clone(), found.lorenz.clone(), found.concentration_curve.clone()))
        });
        curves.collect()
    }

    /// Name, value and value by chance of every number of the study area as a whole.
    fn city(&self) -> Vec<(String, f64, Option<f64>)> {
        let Assessment { city, weight, .. } = &self.assessment;
        city.iter().map(|record| (record.key.name(*weight), record.value, record.by_chance)).collect()
    }

    /// Every column of every table as JSON: table, name, and what is known of it.
    fn columns(&self, py: Python<'_>) -> PyResult<String> {
        let columns = self.assessment.columns().map_err(|error| to_python(py, &error))?;
        serde_json::to_string(&columns).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn not_assessed(&self) -> Vec<(String, String)> {
        self.assessment.not_assessed.clone()
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    /// What a briefing says of the study area or of a district, as JSON.
    fn brief(&self, py: Python<'_>, district: Option<&str>) -> PyResult<String> {
        let found = py.detach(|| report::brief(&self.area, &self.assessment, district));
        let found = found.map_err(|error| to_python(py, &error))?;
        serde_json::to_string(&found).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    fn save(&self, py: Python<'_>, folder: PathBuf, overwrite: bool) -> PyResult<()> {
        py.detach(|| {
            let place = io::ResultsFolder { path: &folder, inputs: &self.area.files, overwrite };
            commonground::results::save(&place, &self.area, &self.assessment, &[]).map(drop)
        })
        .map_err(|error| to_python(py, &error))
    }

    fn to_html(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| io::write_text(&path, &report::html(&self.area, &self.assessment)?))
            .map_err(|error| to_python(py, &error))
    }

    fn map_svg(&self, py: Python<'_>, column: &str) -> PyResult<String> {
        py.detach(|| report::map_svg(&self.area, &self.assessment, column))
            .map_err(|error| to_python(py, &error))
    }

    /// Label and meaning of a column, label and colour of its classes, and the class of each neighbourhood.
    fn colouring(&self, py: Python<'_>, column: &str) -> PyResult<PythonColouring> {
        let found = report::colouring(&self.assessment, column).map_err(|error| to_python(py, &error))?;
        let described = self.assessment.neighbourhoods().described(column);
        let (label, meaning) = described.map_or_else(Default::default, |one| (one.label, one.meaning));
        Ok((label, meaning, found.classes, found.of))
    }
}

fn to_rows(findings: &Findings) -> Vec<PythonFinding> {
    findings
        .iter()
        .map(|finding| {
            let severity = match finding.severity {
                Severity::Note => "note",
                Severity::Warning => "warning",
                Severity::Error => "error",
            };
            let position = finding.error.position().clone();
            let text = finding.error.to_string();
            let message = finding.error.message().to_owned();
            (severity, message, position.layer, position.row, position.id, position.column, text)
        })
        .collect()
}

/// The `commonground` program on its arguments, the first of which is its own name; returns its exit code.
#[pyfunction]
fn run(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| commonground::cli::run(arguments))
}

#[pyfunction]
fn assess(
    py: Python<'_>,
    study: PathBuf,
    data: Option<PathBuf>,
    ranges: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyAssessment> {
    in_background(py, progress, |progress| {
        let mut area = io::study::read_study(&study, data.as_deref(), progress)?;
        if ranges {
            area.settings.ranges.get_or_insert_default();
        }
        let assessment = commonground::assess(&area, progress)?;
        let summary = report::summary(&area, &assessment);
        Ok(PyAssessment { area, assessment, summary })
    })
}

#[pyfunction]
fn check(
    py: Python<'_>,
    study: PathBuf,
    data: Option<PathBuf>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<PythonFinding>> {
    in_background(py, progress, |progress| {
        let (area, mut findings) = io::study::check_study(&study, data.as_deref(), progress)?;
        if let Some(area) = &area {
            findings.append(commonground::assessment::check(area, progress)?);
        }
        Ok(to_rows(&findings))
    })
}

/// Path of the study, layer, file and reason of every guess, file and reason of what is left out, and what is missing.
type PythonDraft = (PathBuf, Vec<(String, String, String)>, Vec<(String, String)>, Vec<String>);

#[pyfunction]
fn new(
    py: Python<'_>,
    folder: PathBuf,
    name: Option<String>,
    overwrite: bool,
    progress: Option<Py<PyAny>>,
) -> PyResult<PythonDraft> {
    in_background(py, progress, |progress| {
        let mut ask = |question: &io::draft::Question| Ok(question.safest);
        let draft = io::draft::draft_study(&folder, name.as_deref(), &mut ask, progress)?;
        let path = draft.save(&folder, overwrite)?;
        let guesses = draft.guesses.into_iter().map(|one| (one.layer, one.file, one.why)).collect();
        let left_out = draft.left_out.into_iter().map(|one| (one.file, one.why)).collect();
        Ok((path, guesses, left_out, draft.missing))
    })
}

#[pymodule]
fn _commonground(module: &Bound<'_, PyModule>) -> PyResult<()> {
    background::remember_process();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("CommongroundError", module.py().get_type::<CommongroundError>())?;
    module.add_class::<PyAssessment>()?;
    module.add_class::<street_network::PyStreetNetwork>()?;
    module.add_function(wrap_pyfunction!(run, module)?)?;
    module.add_function(wrap_pyfunction!(assess, module)?)?;
    module.add_function(wrap_pyfunction!(check, module)?)?;
    module.add_function(wrap_pyfunction!(new, module)?)?;
    access::register(module)?;
    access_change::register(module)?;
    autocorrelation::register(module)?;
    cohesion::register(module)?;
    decide::register(module)?;
    gentrification::register(module)?;
    interpolation::register(module)?;
    isolation::register(module)?;
    partition::register(module)?;
    queries::register(module)?;
    scenario::register(module)?;
    segregation::register(module)?;
    transit::register(module)
}
