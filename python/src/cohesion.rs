//! The cohesion index and the budget measures.

use crate::arrow::{batch_to_table, table_to_batch};
use crate::background::in_background;
use crate::error::to_python;
use commonground::scores::cohesion::{
    Definition, Index, Treatment, Uncertainty, objections_from_table, preset_names, preset_toml,
};
use commonground::scores::{budget, cohesion};
use commonground::{Error, Result};
use polars::prelude::{DataFrame, NamedFrom, Series};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// First, its error, total and its error, by factor.
type SensitivityRow = (&'static str, f64, f64, f64, f64);
/// Method, values changed at the low and the high end, lower and upper bound.
type TreatmentRow = (&'static str, usize, usize, Option<f64>, Option<f64>);
/// Choice, alternative, mean and largest shift, place, its two ranks, correlation, reason why it was not possible.
type ChoiceRow = (
    Option<String>,
    Option<String>,
    Option<f64>,
    Option<u32>,
    Option<String>,
    Option<u32>,
    Option<u32>,
    Option<f64>,
    Option<String>,
);

/// An index, held in Rust until Python asks for a part of it.
#[pyclass(name = "CohesionIndex", frozen)]
struct PyIndex(Index);

/// Rank intervals of an index.
#[pyclass(name = "CohesionUncertainty", frozen)]
struct PyUncertainty(Uncertainty);

#[pymethods]
impl PyIndex {
    fn name(&self) -> &str {
        &self.0.definition().name
    }

    fn definition(&self, py: Python<'_>) -> PyResult<String> {
        self.0.definition().to_toml().map_err(|error| to_python(py, &error))
    }

    fn indicators(&self) -> Vec<&str> {
        self.0.indicators()
    }

    fn parts(&self) -> Vec<String> {
        self.0.parts().into_iter().map(|part| part.name).collect()
    }

    fn table(&self, py: Python<'_>, uncertainty: Option<&PyUncertainty>) -> PyResult<PyRecordBatch> {
        let table = self.0.to_table(uncertainty.map(|found| &found.0));
        table_to_batch(&table.map_err(|error| to_python(py, &error))?)
    }

    fn part_scores(&self) -> PyResult<PyRecordBatch> {
        columns(self.0.parts().into_iter().map(|part| (part.name, part.scores)))
    }

    fn percentiles(&self) -> PyResult<PyRecordBatch> {
        columns(self.0.parts().into_iter().map(|part| (part.name, part.percentiles)))
    }

    fn normalised(&self) -> PyResult<PyRecordBatch> {
        self.by_indicator(self.0.normalised())
    }

    fn contributions(&self, py: Python<'_>) -> PyResult<PyRecordBatch> {
        self.by_indicator(self.0.contributions().map_err(|error| to_python(py, &error))?)
    }

    fn slopes(&self, py: Python<'_>) -> PyResult<PyRecordBatch> {
        self.by_indicator(self.0.slopes().map_err(|error| to_python(py, &error))?)
    }

    fn reference_score(&self, py: Python<'_>) -> PyResult<f64> {
        self.0.reference_score().map_err(|error| to_python(py, &error))
    }

    fn weights(&self) -> Vec<f64> {
        self.0.weights()
    }

    /// Method, values changed at the low and the high end, lower and upper bound, by indicator.
    fn treatments(&self) -> Vec<TreatmentRow> {
        let row = |treatment: Treatment| match treatment {
            Treatment::Untreated => ("none", 0, 0, None, None),
            Treatment::Winsorised { low_points, high_points, low, high } => {
                ("winsorised", low_points, high_points, Some(low), Some(high))
            }
            Treatment::Log { low, range } => ("log", 0, 0, Some(low), Some(low + range)),
        };
        self.0.treatments().into_iter().map(row).collect()
    }

    fn uncertainty(&self, py: Python<'_>, progress: Option<Py<PyAny>>) -> PyResult<PyUncertainty> {
        in_background(py, progress, |progress| self.0.uncertainty(progress)).map(PyUncertainty)
    }

    fn sensitivity(&self, py: Python<'_>, progress: Option<Py<PyAny>>) -> PyResult<Vec<SensitivityRow>> {
        let found = in_background(py, progress, |progress| self.0.sensitivity(progress))?;
        let row = |(factor, s): (cohesion::Factor, cohesion::Sensitivity)| {
            (factor.words(), s.first, s.first_error, s.total, s.total_error)
        };
        Ok(found.into_iter().map(row).collect())
    }

    /// Rank correlations, pairs that count twice, importance, share of the first component.
    #[allow(clippy::type_complexity, reason = "four tables cross at once")]
    fn audit(
        &self,
    ) -> (
        Vec<Vec<Option<f64>>>,
        Vec<(String, String, f64)>,
        Vec<(String, f64, Option<f64>, Option<f64>)>,
        Option<f64>,
    ) {
        let audit = self.0.audit();
        let importance = audit.importance.into_iter();
        let importance =
            importance.map(|i| (i.indicator, i.weight, i.correlation_ratio, i.effective_weight)).collect();
        (audit.correlations, audit.double_counted, importance, audit.first_component)
    }

    fn choices(&self, py: Python<'_>) -> Vec<ChoiceRow> {
        let found = py.detach(|| self.0.choices());
        let row = |choice: std::result::Result<cohesion::ChoiceEffect, String>| match choice {
            Ok(effect) => {
                let (place, before, after) = match effect.shifts_most {
                    Some((place, before, after)) => (Some(place), Some(before), Some(after)),
                    None => (None, None, None),
                };
                let (choice, alternative) = (Some(effect.choice), Some(effect.alternative));
                let (mean, largest) = (Some(effect.mean_shift), Some(effect.largest_shift));
                (choice, alternative, mean, largest, place, before, after, effect.correlation, None)
            }
            Err(reason) => (None, None, None, None, None, None, None, None, Some(reason)),
        };
        found.into_iter().map(row).collect()
    }

    fn race(&self, py: Python<'_>) -> PyResult<Option<PyRecordBatch>> {
        let both = self.0.with_and_without_race().map_err(|error| to_python(py, &error))?;
        both.map(|[with, without]| columns([("with".into(), with), ("without".into(), without)])).transpose()
    }

    fn json(&self, uncertainty: Option<&PyUncertainty>) -> String {
        self.0.to_json(uncertainty.map(|found| &found.0)).to_string()
    }
}

impl PyIndex {
    fn by_indicator(&self, values: Vec<Vec<Option<f64>>>) -> PyResult<PyRecordBatch> {
        columns(self.0.indicators().into_iter().map(str::to_owned).zip(values))
    }
}

#[pymethods]
impl PyUncertainty {
    fn factors(&self) -> Vec<&'static str> {
        self.0.factors.iter().map(|factor| factor.words()).collect()
    }

    fn draws(&self) -> usize {
        self.0.draws
    }

    fn pairs_ordered(&self) -> f64 {
        self.0.pairs_ordered
    }
}

fn columns(named: impl IntoIterator<Item = (String, Vec<Option<f64>>)>) -> PyResult<PyRecordBatch> {
    let columns: Vec<_> =
        named.into_iter().map(|(name, values)| Series::new(name.as_str().into(), values).into()).collect();
    table_to_batch(&DataFrame::new_infer_height(columns).map_err(crate::arrow::internal)?)
}

/// An index over `table`; the definition as TOML or JSON.
#[pyfunction]
fn cohesion_index(
    py: Python<'_>,
    table: PyRecordBatch,
    definition: &str,
    id: &str,
    reference: Option<PyRecordBatch>,
    objections: Option<PyRecordBatch>,
) -> PyResult<PyIndex> {
    let table = batch_to_table(&table)?;
    let reference = reference.as_ref().map(batch_to_table).transpose()?;
    let objections = objections.as_ref().map(batch_to_table).transpose()?;
    let index = in_background(py, None, |progress| {
        let mut definition = read_definition(definition)?;
        // The frame's own index stands in for a column of ids that it does not have.
        if table.column(&definition.id).is_err() {
            id.clone_into(&mut definition.id);
        }
        let index = Index::watched(&definition, &table, reference.as_ref(), progress)?;
        match &objections {
            None => Ok(index),
            Some(objections) => index.with_objections(objections_from_table(objections)?),
        }
    });
    index.map(PyIndex)
}

fn read_definition(text: &str) -> Result<Definition> {
    if text.trim_start().starts_with('{') { Definition::from_json(text) } else { Definition::from_toml(text) }
}

#[pyfunction]
fn cohesion_preset(py: Python<'_>, name: &str) -> PyResult<&'static str> {
    preset_toml(name).map_err(|error| to_python(py, &error))
}

#[pyfunction]
fn cohesion_presets() -> Vec<&'static str> {
    preset_names()
}

/// Spending, need and people as whole columns without gaps.
type Budget = (Vec<f64>, Vec<f64>, Vec<f64>);

fn budget_columns(batch: &PyRecordBatch) -> PyResult<std::result::Result<Budget, Error>> {
    let column = |name: &str| -> PyResult<std::result::Result<Vec<f64>, Error>> {
        let numbers = crate::arrow::numbers(batch, name)?;
        let missing = |row: usize| {
            Error::new(commonground::ErrorKind::Parameter, format!("`{name}` is missing"))
                .at_row(row + 1)
                .hint("leave out places where a number is not known")
        };
        Ok(numbers.into_iter().enumerate().map(|(row, value)| value.ok_or_else(|| missing(row))).collect())
    };
    let (spending, need, people) = (column("spending")?, column("need")?, column("people")?);
    Ok(spending.and_then(|spending| Ok((spending, need?, people?))))
}

#[pyfunction]
fn budget_concentration(py: Python<'_>, batch: PyRecordBatch) -> PyResult<Option<f64>> {
    budget_columns(&batch)?
        .and_then(|(spending, need, people)| budget::concentration_index(&spending, &need, &people))
        .map_err(|error| to_python(py, &error))
}

#[pyfunction]
fn budget_owed(py: Python<'_>, batch: PyRecordBatch) -> PyResult<Vec<Option<f64>>> {
    budget_columns(&batch)?
        .and_then(|(spending, need, people)| budget::owed(&spending, &need, &people))
        .map_err(|error| to_python(py, &error))
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<PyIndex>()?;
    module.add_class::<PyUncertainty>()?;
    module.add_function(wrap_pyfunction!(cohesion_index, module)?)?;
    module.add_function(wrap_pyfunction!(cohesion_preset, module)?)?;
    module.add_function(wrap_pyfunction!(cohesion_presets, module)?)?;
    module.add_function(wrap_pyfunction!(budget_concentration, module)?)?;
    module.add_function(wrap_pyfunction!(budget_owed, module)?)
}
