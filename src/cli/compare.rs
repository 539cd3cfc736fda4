//! `commonground compare`: a study and scenarios in, who wins and who loses out.

use super::bars::Bars;
use commonground::scenario::{
    Base, Comparison, ComparisonTables, Households, Scenario, Sides, affordability, apply, page, scenario_of,
    scores, sentences, tables,
};
use commonground::{Assessment, Error, FeatureTable, Progress, Result, StudyArea, assess, io};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct CompareArguments {
    /// Folder with a study.toml, or the file itself.
    study: PathBuf,
    /// A scenario in TOML; may be given several times, each beside the study as it is.
    #[arg(long, required = true, value_name = "FILE")]
    scenario: Vec<PathBuf>,
    /// A variant of the scenarios, by its name.
    #[arg(long)]
    variant: Option<String>,
    /// Compare access alone, without the scores of neighbourhoods: quicker, for trying many scenarios.
    #[arg(long)]
    access_only: bool,
    /// Types of household in TOML, to say what housing and travel cost those who stay.
    #[arg(long, value_name = "FILE")]
    households: Option<PathBuf>,
    /// Folder that the study's paths start from; by default the folder of study.toml.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder for the results; made if it is not there.
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Write into the folder even if it holds files that are no results; inputs are never written over.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &CompareArguments, progress: &Bars) -> Result<ExitCode> {
    let study = io::study::read_study(&arguments.study, arguments.data.as_deref(), progress)?;
    let mut inputs = study.files.clone();
    inputs.extend(arguments.scenario.iter().chain(&arguments.households).cloned());
    let folder = io::ResultsFolder { path: &arguments.out, inputs: &inputs, overwrite: arguments.force };
    folder.check()?;
    let read = |path: &PathBuf| read_scenario(path, arguments.variant.as_deref(), &study);
    let scenarios = arguments.scenario.iter().map(read).collect::<Result<Vec<Scenario>>>()?;
    let households = arguments.households.as_deref().map(read_households).transpose()?;
    // What cannot be applied is told before anything is measured.
    scenarios.iter().try_for_each(|one| apply(&study, one).map(|_| ()))?;
    let base = Base::new(&study, progress)?;
    let before = (!arguments.access_only).then(|| assess(&study, progress)).transpose()?;
    let mut text = String::new();
    let mut found: Vec<(String, ComparisonTables)> = Vec::new();
    let mut texts: Vec<(String, String)> = Vec::new();
    for (number, scenario) in scenarios.iter().enumerate() {
        let (words, html, tables) =
            compare(&base, scenario, (before.as_ref(), households.as_ref()), progress)?;
        text += &words;
        text.push('\n');
        // One scenario has plain names; several are numbered in the order in which they were given.
        let prefix = if scenarios.len() > 1 { format!("{}_", number + 1) } else { String::new() };
        texts.push((format!("{prefix}council.html"), html));
        found.push((prefix, tables));
    }
    if progress.is_cancelled() {
        return Err(Error::cancelled());
    }
    texts.push(("summary.md".to_owned(), text.clone()));
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let mut layers: Vec<(String, &FeatureTable)> = Vec::new();
    for (prefix, tables) in &found {
        let files = tables.files().into_iter().filter(|(_, table)| !table.is_empty());
        layers.extend(files.map(|(name, table)| (format!("{prefix}{name}"), table)));
    }
    let layers: Vec<(&str, &FeatureTable)> =
        layers.iter().map(|(name, table)| (name.as_str(), *table)).collect();
    io::save_layers(&folder, "comparison", &layers, &texts)?;
    let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name.as_str()).collect();
    let files: Vec<&str> = layers.iter().map(|(name, _)| *name).collect();
    progress.done(&text, Some(&arguments.out), json!({ "scenarios": names, "tables": files }));
    Ok(ExitCode::SUCCESS)
}

fn read_households(path: &Path) -> Result<Households> {
    Households::from_toml(&io::read_text(path)?, &path.display().to_string())
}

/// A scenario with those that it requires made first.
pub(super) fn read_scenario(path: &Path, variant: Option<&str>, study: &StudyArea) -> Result<Scenario> {
    let beside = path.parent().unwrap_or(Path::new(""));
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let load = |name: &str| io::read_text(&beside.join(name));
    scenario_of(&name, variant, &study.crs, &load)
}

fn compare(
    base: &Base<'_>,
    scenario: &Scenario,
    (before, households): (Option<&Assessment>, Option<&Households>),
    progress: &Bars,
) -> Result<(String, String, ComparisonTables)> {
    let compared: Comparison = base.compare(scenario, progress)?;
    let scores = match before {
        Some(before) => Some(scores(before, &assess(&compared.changed, progress)?, scenario)),
        None => None,
    };
    let ways = compared
        .losers
        .iter()
        .map(|one| base.ways(&compared, (&one.home, &one.category, one.traveller), progress))
        .collect::<Result<Vec<_>>>()?;
    let shared = base.crowding(&compared, progress)?;
    let costs = match households {
        Some(households) => affordability(base.study(), &compared, households)?,
        None => Vec::new(),
    };
    let sides = Sides { scores: scores.as_ref(), ways: &ways, crowding: &shared, affordability: &costs };
    let words = sentences(base.study(), &compared, &sides);
    let html = page(&compared, &words);
    Ok((words, html, tables(base.study(), &compared, &sides)?))
}
