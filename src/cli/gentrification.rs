//! `commonground gentrification`: two or more censuses and definitions in, classes with their reasons out.

use super::bars::Bars;
use super::say::note;
use super::shared::{Study, findings_as_json};
use commonground::model::Severity;
use commonground::scores::gentrification::{Definition, Draws, PUBLISHED, published};
use commonground::{Error, ErrorKind, Progress, Result, assessment, io, report};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct GentrificationArguments {
    #[command(flatten)]
    study: Study,
    /// freeman, ding, governing, ncrc, bates, udp, udp_2018_compat or risk, or a definition of your own in TOML; may be
    /// given several times. By default every published one that the indicators support.
    #[arg(long, value_name = "NAME or FILE")]
    method: Vec<String>,
    /// The years to compare, in order; by default those of the study, for two dates the first and the last.
    #[arg(long, value_delimiter = ',', value_name = "YEAR,YEAR")]
    years: Vec<i32>,
    /// Explain this neighbourhood, by its id or name: every number, its threshold, and what would change the class.
    #[arg(long, value_name = "ID")]
    explain: Vec<String>,
    /// Draws within the margins of error; 0 for none.
    #[arg(long, default_value_t = 1000)]
    draws: usize,
    /// Also write the table: .csv, .parquet or .geojson.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

pub(super) fn run(arguments: &GentrificationArguments, progress: &Bars) -> Result<ExitCode> {
    let study = io::study::read_study(&arguments.study.study, arguments.study.data.as_deref(), progress)?;
    let definitions = match arguments.method.as_slice() {
        [] => None,
        named => Some(named.iter().map(|method| definition(method)).collect::<Result<Vec<_>>>()?),
    };
    let years = (!arguments.years.is_empty()).then_some(arguments.years.as_slice());
    let draws = (arguments.draws > 0).then(|| Draws { count: arguments.draws, ..Draws::default() });
    let found = assessment::change(&study, definitions.as_deref(), years, draws, progress)?;
    let text = report::change(&study, &found, &arguments.explain)?;
    if progress.is_cancelled() {
        return Err(Error::cancelled());
    }
    if let Some(path) = &arguments.out {
        io::save_table(path, found.table.features(), &study.files)?;
    }
    let facts = json!({
        "neighbourhoods": found.table.features().len(),
        "not_assessed": found.not_assessed.iter().cloned().collect::<BTreeMap<String, String>>(),
        "findings": findings_as_json(&found.findings),
    });
    progress.done(&text, arguments.out.as_deref(), facts);
    for finding in found.findings.iter().filter(|finding| finding.severity != Severity::Note) {
        note!("{finding}");
    }
    Ok(ExitCode::SUCCESS)
}

/// A published definition by its name, or the file of another.
fn definition(method: &str) -> Result<Definition> {
    if PUBLISHED.contains(&method) || !method.ends_with(".toml") {
        return published(method);
    }
    let text = io::read_text(method.as_ref())?;
    Definition::from_toml(&text).map_err(|error| match error.kind() {
        ErrorKind::Format => {
            error.hint(format!("in `{method}`; the definitions that are included are good examples"))
        }
        _ => error,
    })
}
