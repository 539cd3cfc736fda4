//! A budget for Python: a study and a question in, tables out.

use crate::arrow::{numbers, table_to_batch, to_arrow};
use crate::background::in_background;
use crate::error::{run, to_python};
use commonground::scenario::scenario_of;
use commonground::scores::budget_rules::{BudgetRule, PUBLISHED, RuleColumn};
use commonground::scores::claims;
use commonground::siting::{
    BudgetFiles, BudgetQuestion, BudgetTables, budget_page, budget_sentences, budget_tables,
    spend as answer_of,
};
use commonground::{Error, ErrorKind, Result, io};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// An answer, held in Rust until Python asks for a part of it.
#[pyclass(name = "Spending", frozen)]
struct PySpending {
    agreement: Option<f64>,
    tables: BudgetTables,
    summary: String,
    page: String,
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

    fn districts(&self) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(&self.tables.districts)
    }

    fn table(&self, name: &str) -> PyResult<PyRecordBatch> {
        let table = match name {
            "projects" => &self.tables.projects,
            "rules" => &self.tables.rules,
            _ => &self.tables.choices,
        };
        table_to_batch(&table.attributes)
    }

    fn save(&self, py: Python<'_>, folder: PathBuf, overwrite: bool) -> PyResult<()> {
        let place = io::ResultsFolder { path: &folder, inputs: &self.inputs, overwrite };
        let texts = [("budget.md", self.summary.as_str()), ("budget.html", &self.page)];
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
        let named = asked.files().map(|file| Ok((file.to_owned(), find(file)?)));
        let paths: BTreeMap<String, PathBuf> = named.collect::<Result<_>>()?;
        inputs.extend(paths.values().cloned());
        let files = BudgetFiles::read(
            &asked,
            |table| io::read_amounts(&paths[&table.file], &table.name, &table.amount),
            |file| io::read_text(&paths[file]),
        )?;
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
        let summary = budget_sentences(&area, &asked, &answer);
        Ok(PySpending {
            agreement: answer.agreement,
            page: budget_page(&area, &answer, &summary),
            summary,
            tables: tables?,
            inputs,
        })
    })
}

/// Money and money per head by rule; best and worst rank; agreement; rules that are not assessed, with the reason.
type PythonOwed = (
    Vec<(String, Vec<f64>, Vec<Option<f64>>)>,
    Vec<Option<(usize, usize)>>,
    Option<f64>,
    Vec<(String, String)>,
);

/// What each place is owed by several rules.
///
/// - `table`: `people`, `need` and `claims`.
/// - `written`: published rules by name, others with their text.
/// - `columns`: what those need.
#[pyfunction]
fn owed_by_rules(
    py: Python<'_>,
    rules: Vec<String>,
    written: Vec<(String, Option<String>)>,
    table: PyRecordBatch,
    columns: PyRecordBatch,
    budget: f64,
) -> PyResult<PythonOwed> {
    let amounts = |name: &str| -> PyResult<Vec<f64>> {
        Ok(numbers(&table, name)?.into_iter().map(|amount| amount.unwrap_or(f64::NAN)).collect())
    };
    let (people, need, of) = (amounts("people")?, amounts("need")?, amounts("claims")?);
    let names = columns.as_ref().schema();
    let known =
        names.fields().iter().map(|field| Ok((field.name().clone(), numbers(&columns, field.name())?)));
    let mut known: BTreeMap<String, Vec<Option<f64>>> = known.collect::<PyResult<_>>()?;
    known.entry("people".into()).or_insert_with(|| people.iter().copied().map(Some).collect());
    let (owed, not_assessed) = run(py, || {
        let rule = |name: &String| {
            claims::Rule::of_name(name).ok_or_else(|| {
                let known: Vec<&str> = claims::Rule::ALL.iter().map(|rule| rule.name()).collect();
                let published = PUBLISHED.join(", ");
                Error::new(ErrorKind::Parameter, format!("`{name}` is not a rule")).hint(format!(
                    "the rules are {}, {published}, or a file that ends in .toml",
                    known.join(", ")
                ))
            })
        };
        let rules: Vec<claims::Rule> = rules.iter().map(rule).collect::<Result<_>>()?;
        let mut owed = claims::owed_by_rules(&rules, &people, &need, &of, budget)?;
        let mut not_assessed = Vec::new();
        for (name, text) in &written {
            let rule = match text {
                Some(text) => BudgetRule::from_toml(text, name)?,
                None => BudgetRule::published(name)?,
            };
            match rule.owed(&people, &known, budget) {
                Ok(one) => owed.push(one),
                Err(error) if error.kind() == ErrorKind::Column => {
                    not_assessed.push((name.clone(), error.message().to_owned()));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((owed, not_assessed))
    })?;
    let (ranges, agreement) = (claims::rank_range(&owed), claims::agreement(&owed));
    let rows = owed.into_iter().map(|owed| (owed.rule, owed.money, owed.per_head)).collect();
    Ok((rows, ranges, agreement, not_assessed))
}

/// Name, title, source, year, what is read into it, and the columns that it needs.
type PythonPublished = (String, String, String, i32, Option<String>, Vec<String>);

#[pyfunction]
fn published_rules(py: Python<'_>) -> PyResult<Vec<PythonPublished>> {
    run(py, || {
        let rule = |name: &str| {
            let rule = BudgetRule::published(name)?;
            let columns = rule.columns().iter().map(RuleColumn::name).collect();
            Ok((rule.name, rule.title, rule.source, rule.year, rule.reading, columns))
        };
        PUBLISHED.into_iter().map(rule).collect()
    })
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PySpending>()?;
    module.add_function(wrap_pyfunction!(owed_by_rules, module)?)?;
    module.add_function(wrap_pyfunction!(published_rules, module)?)?;
    module.add_function(wrap_pyfunction!(spend, module)?)
}
