//! `commonground columns`: every column that an assessment can have, from the measures that make them.

use super::bars::Talk;
use super::say::say;
use commonground::Result;
use commonground::measure::{ColumnSpec, Measure};
use commonground::measures::MEASURES;
use commonground::model::Weight;
use serde_json::json;
use std::process::ExitCode;

pub(super) fn run(talk: &Talk) -> Result<ExitCode> {
    if talk.json {
        let columns: Vec<_> = all().map(|(measure, column)| described(measure, column)).collect();
        say!("{}", json!(columns));
        return Ok(ExitCode::SUCCESS);
    }
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut last = "";
    for (measure, column) in all() {
        if measure.name != last {
            say!("\n{} ({})", measure.title, measure.name);
            last = measure.name;
        }
        let unit = word(json!(column.unit));
        say!("  {:44} {unit:17} {}", column.name, said(column.label));
    }
    say!(
        "\nWhat stands in braces is filled in, as the group or category that a column is of; what stands in brackets is left out \
         where it is the study's own. `columns.csv` beside every result lists the columns that it has, with what they mean."
    );
    Ok(ExitCode::SUCCESS)
}

fn all() -> impl Iterator<Item = (&'static Measure, &'static ColumnSpec)> {
    MEASURES.iter().flat_map(|measure| measure.columns.iter().map(|column| (*measure, *column)))
}

fn described(measure: &Measure, column: &ColumnSpec) -> serde_json::Value {
    json!({
        "name": column.name,
        "label": said(column.label),
        "unit": column.unit,
        "scale": column.scale,
        "theme": column.theme,
        "measure": measure.name,
        "meaning": said(column.meaning),
        "not_meaning": said(column.not_meaning),
        "source": measure.source,
    })
}

/// A text as it stands where homes count residents.
fn said(text: &str) -> String {
    Weight::Residents.named_in(text)
}
