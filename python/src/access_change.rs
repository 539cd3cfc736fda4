//! Who gained access and who lost it.

use crate::arrow::{internal, numbers, table_to_batch, texts};
use crate::error::to_python;
use commonground::scores::access_change::{Better, Gains, Outcome, access_change, by_class};
use polars::prelude::{DataFrame, NamedFrom, Series};
use pyo3::prelude::*;
use pyo3_arrow::PyRecordBatch;

/// Name, people, gained, lost, unknown, mean before, mean after, mean change, balance.
type GainsRow = (String, f64, f64, f64, f64, Option<f64>, Option<f64>, Option<f64>, Option<f64>);

/// A table of the places and a row for everybody, each group and each class.
#[pyfunction]
fn change_of_access(
    py: Python<'_>,
    table: PyRecordBatch,
    group_names: Vec<String>,
    has_classes: bool,
    less_is_better: bool,
    tolerance: f64,
) -> PyResult<(PyRecordBatch, Vec<GainsRow>)> {
    let (before, after) = (numbers(&table, "before")?, numbers(&table, "after")?);
    // A missing number of people is refused by the library, with its row.
    let people = |column: &str| -> PyResult<Vec<f64>> {
        Ok(numbers(&table, column)?.into_iter().map(|people| people.unwrap_or(f64::NAN)).collect())
    };
    let everybody = people("people")?;
    let mut groups = Vec::new();
    for (at, name) in group_names.into_iter().enumerate() {
        groups.push((name, people(&format!("group {at}"))?));
    }
    if has_classes {
        let classes = texts(&table, "class")?;
        let classes: Vec<Option<&str>> = classes.iter().map(Option::as_deref).collect();
        groups.extend(by_class(&classes, &everybody));
    }
    let better = if less_is_better { Better::Less } else { Better::More };
    let found = py
        .detach(|| access_change(&before, &after, better, tolerance, &everybody, &groups))
        .map_err(|error| to_python(py, &error))?;
    let words = found.outcomes.iter().map(|outcome| {
        outcome.map(|outcome| match outcome {
            Outcome::Gained => "gained",
            Outcome::Lost => "lost",
            Outcome::Same => "same",
        })
    });
    let outcomes: Vec<Option<&str>> = words.collect();
    let columns = vec![
        Series::new("change".into(), &found.change).into(),
        Series::new("outcome".into(), outcomes).into(),
    ];
    let places = table_to_batch(&DataFrame::new_infer_height(columns).map_err(internal)?)?;
    let row = |name: String, gains: &Gains| {
        let (before, after) = (gains.mean_before, gains.mean_after);
        let Gains { people, gained, lost, unknown, .. } = *gains;
        (name, people, gained, lost, unknown, before, after, gains.mean_change(), gains.balance())
    };
    let all = std::iter::once(row("everybody".into(), &found.everybody));
    let rows = all.chain(found.groups.iter().map(|(name, gains)| row(name.clone(), gains))).collect();
    Ok((places, rows))
}

pub(crate) fn register(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(change_of_access, module)?)
}
