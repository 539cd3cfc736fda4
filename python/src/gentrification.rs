//! Gentrification: definitions over a panel.

use crate::arrow::{numbers, table_to_batch, texts};
use crate::background::in_background;
use crate::error::to_python;
use commonground::Result;
use commonground::model::{Panel, us_cpi_u};
use commonground::scores::gentrification::{
    Class, Classified, Definition, Draws, PUBLISHED, Reference, Thresholds, classify, published, share_below,
};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;
use std::collections::BTreeMap;

/// Text, the same in words, value, threshold, margin, whether it holds, the class it would become.
type ComparisonRow = (String, String, Option<f64>, Option<f64>, Option<f64>, Option<bool>, Option<String>);
/// The class, the conditions, the comparisons.
type PythonExplanation = (Option<String>, Vec<(String, Option<bool>)>, Vec<ComparisonRow>);

/// Definitions computed over a panel, held in Rust until Python asks for a part of it.
#[pyclass(name = "Classified", frozen)]
struct PyClassified(Classified);

#[pymethods]
impl PyClassified {
    /// Name, title, source and years of every definition.
    fn definitions(&self) -> Vec<(&str, &str, &str, Vec<i32>)> {
        let all = self.0.definitions().iter().enumerate();
        all.map(|(index, one)| (&*one.name, &*one.title, &*one.source, self.0.years(index).to_vec()))
            .collect()
    }

    /// Code, label and whether it flags, for every class of a definition.
    fn labels(&self, definition: usize) -> Vec<(&str, &str, bool)> {
        let classes = &self.0.definitions()[definition].classes;
        classes.iter().map(|class| (class.code.as_str(), class.label.as_str(), class.flags)).collect()
    }

    fn codes(&self, definition: usize) -> Vec<Option<&str>> {
        self.0.codes(definition)
    }

    fn conditions(&self, definition: usize) -> PyResult<PyRecordBatch> {
        columns(
            self.0
                .conditions(definition)
                .into_iter()
                .map(|(name, answers)| Series::new(name.into(), answers)),
        )
    }

    fn scores(&self, definition: usize) -> PyResult<PyRecordBatch> {
        columns(self.0.scores(definition).into_iter().map(|(name, values)| Series::new(name.into(), values)))
    }

    fn thresholds(&self, definition: usize) -> Vec<(String, Option<f64>)> {
        self.0.thresholds(definition)
    }

    /// For every neighbourhood, the share of the applicable definitions that flag it, the names of those that do, and of
    /// all that apply.
    fn agreement(&self) -> Vec<(Option<f64>, Vec<&str>, Vec<&str>)> {
        let names = |all: &[usize]| all.iter().map(|index| &*self.0.definitions()[*index].name).collect();
        let agreement = self.0.agreement().into_iter();
        agreement.map(|one| (one.share(), names(&one.flagged_by), names(&one.applicable))).collect()
    }

    fn applies(&self, definition: usize) -> Vec<Option<bool>> {
        self.0.applies(definition)
    }

    fn findings(&self) -> Vec<crate::PythonFinding> {
        crate::to_rows(&self.0.findings)
    }

    fn explain(&self, py: Python<'_>, definition: usize, id: &str) -> PyResult<PythonExplanation> {
        let found = self.0.explain(definition, id).map_err(|error| to_python(py, &error))?;
        let name = |class: Class| self.0.code(definition, class).unwrap_or("unknown").to_owned();
        let comparisons = found.comparisons.iter().map(|one| {
            let would_become = one.would_become.map(name);
            (one.text(), one.in_words(), one.value, one.threshold, one.margin(), one.holds, would_become)
        });
        let class = self.0.code(definition, found.class).map(str::to_owned);
        Ok((class, found.conditions.clone(), comparisons.collect()))
    }

    /// A column of shares a class, then the share of draws in another class and whether the class is robust.
    fn probabilities(
        &self,
        py: Python<'_>,
        definition: usize,
        draws: usize,
        seed: u64,
        redraw_thresholds: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<PyRecordBatch> {
        let thresholds = if redraw_thresholds { Thresholds::Redrawn } else { Thresholds::Held };
        let draws = Draws { count: draws, seed, thresholds };
        let found = in_background(py, progress, |progress| self.0.probabilities(draws, progress))?;
        let found = &found[definition];
        let rows = self.0.ids().len();
        let shares = found.classes.iter().map(|class| {
            let name = self.0.code(definition, *class).unwrap_or("unknown");
            Series::new(name.into(), (0..rows).map(|row| found.of(row, *class)).collect::<Vec<f64>>())
        });
        let flips: Vec<f64> = (0..rows).map(|row| found.flip_share(row)).collect();
        let robust: Vec<bool> = (0..rows).map(|row| found.is_robust(row)).collect();
        let all =
            shares.chain([Series::new("flip_share".into(), flips), Series::new("robust".into(), robust)]);
        columns(all)
    }
}

fn columns(series: impl IntoIterator<Item = Series>) -> PyResult<PyRecordBatch> {
    let columns: Vec<Column> = series.into_iter().map(Into::into).collect();
    table_to_batch(&DataFrame::new_infer_height(columns).map_err(crate::arrow::internal)?)
}

/// Definitions over a wide table with a column `id`; a method is the name of a published definition or TOML.
#[pyfunction]
#[pyo3(signature = (table, names, methods, *, years, reference, fixed, prices, money_years, neighbours))]
#[allow(clippy::too_many_arguments, reason = "each is an option of the Python function")]
fn gentrification_classify(
    py: Python<'_>,
    table: PyRecordBatch,
    names: Vec<String>,
    methods: Vec<String>,
    years: Option<Vec<i32>>,
    reference: Option<Vec<bool>>,
    fixed: BTreeMap<String, f64>,
    prices: BTreeMap<i32, f64>,
    money_years: BTreeMap<i32, i32>,
    neighbours: Option<Vec<Vec<u32>>>,
) -> PyResult<PyClassified> {
    let ids = texts(&table, "id")?.into_iter().map(Option::unwrap_or_default).collect();
    let wide =
        names.iter().map(|name| Ok((name.as_str(), numbers(&table, name)?))).collect::<PyResult<Vec<_>>>()?;
    let found = py.detach(|| -> Result<Classified> {
        let mut panel = Panel::from_wide(ids, wide)?;
        panel.prices = prices;
        panel.money_years = money_years;
        if let Some(neighbours) = neighbours {
            panel.set_neighbours(neighbours)?;
        }
        let definitions = methods
            .iter()
            .map(
                |method| {
                    if method.contains('\n') { Definition::from_toml(method) } else { published(method) }
                },
            )
            .collect::<Result<Vec<_>>>()?;
        let years = years.unwrap_or_else(|| panel.years());
        let asked = definitions
            .iter()
            .map(|definition| Ok((definition, definition.assign_dates(&years)?)))
            .collect::<Result<Vec<_>>>()?;
        classify(&panel, &asked, &Reference { rows: reference, fixed, ..Reference::default() })
    });
    found.map(PyClassified).map_err(|error| to_python(py, &error))
}

/// Share below a cutoff for every row of a table with a column a bin.
#[pyfunction]
fn share_below_income(
    py: Python<'_>,
    table: PyRecordBatch,
    names: Vec<String>,
    upper_bounds: Vec<f64>,
    cutoff: f64,
) -> PyResult<Vec<Option<f64>>> {
    let columns = names.iter().map(|name| numbers(&table, name)).collect::<PyResult<Vec<_>>>()?;
    let rows = columns.first().map_or(0, Vec::len);
    let bins: Vec<Vec<Option<f64>>> =
        (0..rows).map(|row| columns.iter().map(|column| column[row]).collect()).collect();
    share_below(&upper_bounds, &bins, cutoff).map_err(|error| to_python(py, &error))
}

#[pyfunction]
fn gentrification_methods() -> Vec<&'static str> {
    PUBLISHED.to_vec()
}

#[pyfunction]
fn us_consumer_prices() -> BTreeMap<i32, f64> {
    us_cpi_u()
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyClassified>()?;
    module.add_function(wrap_pyfunction!(gentrification_classify, module)?)?;
    module.add_function(wrap_pyfunction!(gentrification_methods, module)?)?;
    module.add_function(wrap_pyfunction!(share_below_income, module)?)?;
    module.add_function(wrap_pyfunction!(us_consumer_prices, module)?)
}
