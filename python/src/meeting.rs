//! Places to meet for Python: a study and a question in, tables out.

use crate::arrow::{geometries, numbers, table_to_batch, texts, to_arrow};
use crate::background::in_background;
use crate::error::to_python;
use commonground::crs::Reprojector;
use commonground::siting::{Feature, Found, Hub, MeetingTables, meet, meeting_sentences, meeting_tables};
use commonground::{Crs, io};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// An answer, held in Rust until Python asks for a part of it.
#[pyclass(name = "MeetingPlaces", frozen)]
struct PyMeetingPlaces {
    chosen: Vec<String>,
    found: Found,
    tables: MeetingTables,
    summary: String,
    inputs: Vec<PathBuf>,
}

#[pymethods]
impl PyMeetingPlaces {
    /// Names of the chosen sites, value, bound, gap, whether all near-best sets are listed.
    fn found(&self) -> (Vec<String>, f64, f64, f64, bool) {
        let found = &self.found;
        (self.chosen.clone(), found.best.value, found.bound, found.gap, found.all_listed)
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    /// A table with geometries by its name.
    fn layer(&self, name: &str) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(if name == "sites" { &self.tables.sites } else { &self.tables.pairs })
    }

    /// A table without geometries by its name.
    fn table(&self, name: &str) -> PyResult<PyRecordBatch> {
        let table = match name {
            "groups" => &self.tables.groups,
            "plans" => &self.tables.plans,
            _ => &self.tables.reach,
        };
        table_to_batch(&table.attributes)
    }

    fn save(&self, py: Python<'_>, folder: PathBuf, overwrite: bool) -> PyResult<()> {
        let place = io::ResultsFolder { path: &folder, inputs: &self.inputs, overwrite };
        let texts = [("siting.md", self.summary.as_str())];
        py.detach(|| io::save_layers(&place, "siting", &self.tables.files(), &texts))
            .map_err(|error| to_python(py, &error))
    }
}

/// `question`: the keys of a question in JSON; `candidates`: columns `name`, `cost` and `geometry` in longitude and latitude, for
/// the file of that name.
#[pyfunction]
fn meeting_places(
    py: Python<'_>,
    study: PathBuf,
    data: Option<PathBuf>,
    question: String,
    candidates: Option<PyRecordBatch>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PyMeetingPlaces> {
    let rows = match &candidates {
        Some(batch) => Some((texts(batch, "name")?, numbers(batch, "cost")?, geometries(py, batch)?)),
        None => None,
    };
    in_background(py, progress, |progress| {
        let hub = Hub::from_json(&question, "the question")?;
        let area = io::study::read_study(&study, data.as_deref(), progress)?;
        let to_study = Reprojector::new(&Crs::wgs84(), &area.crs)?;
        let mut files = BTreeMap::new();
        if let Some((names, costs, shapes)) = rows {
            let mut features = Vec::with_capacity(shapes.len());
            for (row, shape) in shapes.into_iter().enumerate() {
                let Some(shape) = shape else { continue };
                let shape = to_study
                    .geometry(&shape)
                    .map_err(|error| error.at_row(row + 1).in_layer("candidates"))?;
                features.push(Feature { shape, name: names[row].clone(), cost: costs[row] });
            }
            files.insert("candidates".to_owned(), features);
        }
        let met = meet(&area, &hub, &files, progress)?;
        let name = |site: &u32| met.candidates[*site as usize].name.clone();
        Ok(PyMeetingPlaces {
            chosen: met.found.best.sites.iter().map(name).collect(),
            summary: meeting_sentences(&area, &hub, &met),
            tables: meeting_tables(&area, &met)?,
            inputs: area.files.clone(),
            found: met.found,
        })
    })
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyMeetingPlaces>()?;
    module.add_function(wrap_pyfunction!(meeting_places, module)?)
}
