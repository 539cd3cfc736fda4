//! Scenarios for Python: a study and changes in, tables and pages out.

use crate::arrow::{numbers, table_to_batch, texts, to_arrow};
use crate::background::in_background;
use crate::error::to_python;
use commonground::crs::Reprojector;
use commonground::scenario::{
    Base, Comparison, ComparisonTables, Households, Scenario, Sides, Site, SiteStandard, SiteTables,
    affordability, apply, page, scenario_of, scores, sentences, site_summary, site_tables, tables,
};
use commonground::{Crs, Error, ErrorKind, FeatureTable, Result, StudyArea, assess, io};
use geo::Coord;
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::path::{Path, PathBuf};

/// One scenario beside its study, held in Rust until Python asks for a part of it.
#[pyclass(name = "Comparison", frozen)]
struct PyComparison {
    found: Comparison,
    tables: ComparisonTables,
    summary: String,
    inputs: Vec<PathBuf>,
}

#[pymethods]
impl PyComparison {
    fn name(&self) -> (&str, &str) {
        (&self.found.name, &self.found.id)
    }

    fn summary(&self) -> &str {
        &self.summary
    }

    fn assumptions(&self) -> Vec<String> {
        self.found.assumptions.clone()
    }

    /// A table without geometries by its name; `None` if there is none.
    fn table(&self, name: &str) -> PyResult<Option<PyRecordBatch>> {
        let tables = &self.tables;
        let table = match name {
            "people" => Some(&tables.people),
            "scores" => tables.scores.as_ref(),
            "receipts" => Some(&tables.receipts),
            "displacement" => Some(&tables.displacement),
            "crowding" => Some(&tables.crowding),
            "affordability" => tables.affordability.as_ref(),
            _ => None,
        };
        table.map(|table| table_to_batch(&table.attributes)).transpose()
    }

    /// A table with geometries by its name.
    fn layer(&self, name: &str) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(match name {
            "homes" => &self.tables.homes,
            "losers" => &self.tables.losers,
            _ => &self.tables.neighbourhoods,
        })
    }

    fn html(&self) -> String {
        page(&self.found, &self.summary)
    }

    fn to_html(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| io::write_text(&path, &page(&self.found, &self.summary)))
            .map_err(|error| to_python(py, &error))
    }

    fn save(&self, py: Python<'_>, folder: PathBuf, overwrite: bool) -> PyResult<()> {
        let all = self.tables.files();
        let layers: Vec<(&str, &FeatureTable)> =
            all.iter().filter(|(_, table)| !table.is_empty()).copied().collect();
        let place = io::ResultsFolder { path: &folder, inputs: &self.inputs, overwrite };
        let html = page(&self.found, &self.summary);
        let texts = [("summary.md", self.summary.as_str()), ("council.html", html.as_str())];
        py.detach(|| io::save_layers(&place, "comparison", &layers, &texts))
            .map_err(|error| to_python(py, &error))
    }
}

/// A scenario: `is_file`, then its path or its JSON.
type Written = (bool, String);

fn read(study: &StudyArea, (is_file, text): &Written) -> Result<Scenario> {
    let path = Path::new(text);
    let beside = if *is_file { path.parent().unwrap_or(Path::new("")) } else { Path::new("") };
    let load = |name: &str| io::read_text(&beside.join(name));
    if !*is_file {
        return Scenario::from_json_beside(text, "scenario", &study.crs, &load);
    }
    let name =
        path.file_name().ok_or_else(|| Error::new(ErrorKind::Io, format!("`{text}` is not a file")))?;
    scenario_of(&name.to_string_lossy(), None, &study.crs, &load)
}

#[pyfunction]
fn compare(
    py: Python<'_>,
    study: PathBuf,
    data: Option<PathBuf>,
    scenarios: Vec<Written>,
    with_scores: bool,
    households: Option<String>,
    progress: Option<Py<PyAny>>,
) -> PyResult<Vec<PyComparison>> {
    in_background(py, progress, |progress| {
        let read_households = |text: String| Households::from_toml(&text, "households");
        let households = households.map(read_households).transpose()?;
        let area = io::study::read_study(&study, data.as_deref(), progress)?;
        let scenarios = scenarios.iter().map(|one| read(&area, one)).collect::<Result<Vec<_>>>()?;
        // What cannot be applied is told before anything is measured.
        scenarios.iter().try_for_each(|one| apply(&area, one).map(|_| ()))?;
        let base = Base::new(&area, progress)?;
        let before = with_scores.then(|| assess(&area, progress)).transpose()?;
        let one = |scenario: Scenario| -> Result<PyComparison> {
            let found = base.compare(&scenario, progress)?;
            let of_scores = match &before {
                Some(before) => Some(scores(before, &assess(&found.changed, progress)?, &scenario)),
                None => None,
            };
            let ways = found
                .losers
                .iter()
                .map(|one| base.ways(&found, (&one.home, &one.category, one.traveller), progress))
                .collect::<Result<Vec<_>>>()?;
            let crowding = base.crowding(&found, progress)?;
            let costs = match &households {
                Some(households) => affordability(&area, &found, households)?,
                None => Vec::new(),
            };
            let sides =
                Sides { scores: of_scores.as_ref(), ways: &ways, crowding: &crowding, affordability: &costs };
            let summary = sentences(&area, &found, &sides);
            let tables = tables(&area, &found, &sides)?;
            Ok(PyComparison { tables, summary, inputs: area.files.clone(), found })
        };
        scenarios.into_iter().map(one).collect()
    })
}

/// Checked sites, held in Rust until Python asks for a part of them.
#[pyclass(name = "SiteCheck", frozen)]
struct PySiteCheck {
    tables: SiteTables,
    summary: String,
}

#[pymethods]
impl PySiteCheck {
    fn summary(&self) -> &str {
        &self.summary
    }

    fn sites(&self) -> PyResult<(PyRecordBatch, Option<String>)> {
        to_arrow(&self.tables.sites)
    }

    fn table(&self, name: &str) -> PyResult<PyRecordBatch> {
        let tables = &self.tables;
        table_to_batch(&if name == "reach" { &tables.reach } else { &tables.standards }.attributes)
    }
}

#[pyfunction]
fn shipped_standards() -> Vec<&'static str> {
    SiteStandard::shipped().collect()
}

/// `table`: columns `id`, `name`, `class`, and `x`, `y` in longitude and latitude.
#[pyfunction]
fn check_sites(
    py: Python<'_>,
    study: PathBuf,
    data: Option<PathBuf>,
    table: PyRecordBatch,
    standards: Vec<String>,
    progress: Option<Py<PyAny>>,
) -> PyResult<PySiteCheck> {
    let column = |name: &str| -> PyResult<Vec<String>> {
        Ok(texts(&table, name)?.into_iter().map(Option::unwrap_or_default).collect())
    };
    let (ids, names, classes) = (column("id")?, column("name")?, column("class")?);
    let (x, y) = (numbers(&table, "x")?, numbers(&table, "y")?);
    in_background(py, progress, |progress| {
        let area = io::study::read_study(&study, data.as_deref(), progress)?;
        let to_study = Reprojector::new(&Crs::wgs84(), &area.crs)?;
        let standards = if standards.is_empty() {
            SiteStandard::shipped().map(SiteStandard::named).collect::<Result<Vec<_>>>()?
        } else {
            standards.iter().map(|name| standard(name)).collect::<Result<Vec<_>>>()?
        };
        let site = |row: usize| -> Result<Site> {
            let at = Coord { x: x[row].unwrap_or(f64::NAN), y: y[row].unwrap_or(f64::NAN) };
            Ok(Site {
                id: ids[row].clone(),
                name: names[row].clone(),
                at: to_study
                    .coord(at)
                    .map_err(|error| error.at_row(row + 1).with_id(ids[row].as_str()))?
                    .into(),
                class: classes[row].clone(),
            })
        };
        let sites = (0..ids.len()).map(site).collect::<Result<Vec<_>>>()?;
        let checks = commonground::scenario::check_sites(&area, &sites, &standards, progress)?;
        let summary = site_summary(&area, &checks, &standards);
        Ok(PySiteCheck { tables: site_tables(&area, &checks, &standards)?, summary })
    })
}

fn standard(name: &str) -> Result<SiteStandard> {
    if Path::new(name).extension().is_some() {
        return SiteStandard::from_toml(&io::read_text(Path::new(name))?, name);
    }
    SiteStandard::named(name)
}

pub(crate) fn register(parent: &Bound<'_, PyModule>) -> PyResult<()> {
    let module = &PyModule::new(parent.py(), "scenario")?;
    module.add_class::<PyComparison>()?;
    module.add_class::<PySiteCheck>()?;
    module.add_function(wrap_pyfunction!(check_sites, module)?)?;
    module.add_function(wrap_pyfunction!(shipped_standards, module)?)?;
    module.add_function(wrap_pyfunction!(compare, module)?)?;
    parent.add_submodule(module)
}
