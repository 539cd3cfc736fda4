//! A budget for Python: a study and a question in, tables out.

use crate::arrow::{table_to_batch, to_arrow};
use crate::background::in_background;
use crate::error::to_python;
use commonground::scenario::scenario_of;
use commonground::siting::{
    BudgetFiles, BudgetQuestion, BudgetTables, budget_sentences, budget_tables, spend as answer_of,
};
use commonground::{Error, ErrorKind, Result, io};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::path::{Path, PathBuf};

/// An answer, held in Rust until Python asks for a part of it.
#[pyclass(name = "Spending", frozen)]
struct PySpending {
    agreement: Option<f64>,
    tables: BudgetTables,
    summary: String,
    inputs: Vec<PathBuf>,
}

#[pymethods]
impl PySpending {
    fn agreement(&self) -> Option<f64> {
        self.agreement
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    fn owed(&self) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(&self.tables.owed)
    }

    fn table(&self, name: &str) -> PyResult<PyRecordBatch> {
        let table = if name == "projects" { &self.tables.projects } else { &self.tables.choices };
        table_to_batch(&table.attributes)
    }

    fn save(&self, py: Python<'_>, folder: PathBuf, overwrite: bool) -> PyResult<()> {
        let place = io::ResultsFolder { path: &folder, inputs: &self.inputs, overwrite };
        let texts = [("budget.md", self.summary.as_str())];
        py.detach(|| io::save_layers(&place, "budget", &self.tables.files(), &texts))
            .map_err(|error| to_python(py, &error))
    }
}

#[pyfunction]
fn spend(
    py: Python<'_>,
    study: PathBuf,
    data: Option<PathBuf>,
    question: PathBuf,
    progress: Option<Py<PyAny>>,
) -> PyResult<PySpending> {
    in_background(py, progress, |progress| {
        let name = question.display().to_string();
        let asked = BudgetQuestion::from_toml(&io::read_text(&question)?, &name)?;
        let area = io::study::read_study(&study, data.as_deref(), progress)?;
        let mut inputs = area.files.clone();
        inputs.push(question.clone());
        let find = |file: &str| io::beside_or_in(&question, data.as_deref(), file);
        let mut files = BudgetFiles::new();
        for table in asked.tables() {
            let path = find(&table.file)?;
            files.insert(table.clone(), io::read_amounts(&path, &table.name, &table.amount)?);
            inputs.push(path);
        }
        let mut scenarios = Vec::new();
        for project in &asked.projects {
            let path = find(&project.scenario)?;
            let beside = path.parent().unwrap_or(Path::new(""));
            let name = path
                .file_name()
                .ok_or_else(|| Error::new(ErrorKind::Io, format!("`{}` is not a file", project.scenario)))?;
            let load = |name: &str| io::read_text(&beside.join(name));
            scenarios.push(scenario_of(
                &name.to_string_lossy(),
                project.variant.as_deref(),
                &area.crs,
                &load,
            )?);
            inputs.push(path);
        }
        let answer = answer_of(&area, &asked, &files, &scenarios, progress)?;
        let tables: Result<BudgetTables> = budget_tables(&area, &answer);
        Ok(PySpending {
            agreement: answer.agreement,
            summary: budget_sentences(&area, &asked, &answer),
            tables: tables?,
            inputs,
        })
    })
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PySpending>()?;
    module.add_function(wrap_pyfunction!(spend, module)?)
}
