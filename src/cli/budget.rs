//! `commonground budget`: a study and a question in, what is owed and which projects the money buys out.

use super::bars::Bars;
use super::compare::read_scenario;
use commonground::siting::{
    BudgetFiles, BudgetQuestion, budget_page, budget_sentences, budget_tables, spend,
};
use commonground::{Result, io};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct BudgetArguments {
    /// Folder with a study.toml, or the file itself.
    study: PathBuf,
    /// The question in TOML: the money, what each neighbourhood needs, and the projects with their scenarios.
    question: PathBuf,
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

pub(super) fn run(arguments: &BudgetArguments, progress: &Bars) -> Result<ExitCode> {
    let name = arguments.question.display().to_string();
    let asked = BudgetQuestion::from_toml(&io::read_text(&arguments.question)?, &name)?;
    let study = io::study::read_study(&arguments.study, arguments.data.as_deref(), progress)?;
    let mut inputs = study.files.clone();
    inputs.push(arguments.question.clone());
    let data = arguments.data.as_deref();
    let find = |file: &str| Ok((file.to_owned(), io::beside_or_in(&arguments.question, data, file)?));
    let paths: BTreeMap<String, PathBuf> = asked.files().map(find).collect::<Result<_>>()?;
    inputs.extend(paths.values().cloned());
    let files = BudgetFiles::read(
        &asked,
        |table| io::read_amounts(&paths[&table.file], &table.name, &table.amount),
        |file| io::read_text(&paths[file]),
    )?;
    let mut scenarios = Vec::new();
    for project in &asked.projects {
        let path = io::beside_or_in(&arguments.question, data, &project.scenario)?;
        scenarios.push(read_scenario(&path, project.variant.as_deref(), &study)?);
        inputs.push(path);
    }
    let folder = io::ResultsFolder { path: &arguments.out, inputs: &inputs, overwrite: arguments.force };
    folder.check()?;
    let answer = spend(&study, &asked, &files, &scenarios, progress)?;
    let text = budget_sentences(&study, &asked, &answer);
    let page = budget_page(&study, &answer, &text);
    let texts = [("budget.md", text.as_str()), ("budget.html", &page)];
    io::save_layers(&folder, "budget", &budget_tables(&study, &answer)?.files(), &texts)?;
    let chosen = |choice: &Option<commonground::siting::BudgetChoice>| -> Vec<String> {
        let projects = choice.iter().flat_map(|one| &one.programme.projects);
        projects.map(|&at| answer.projects[at].name.clone()).collect()
    };
    let facts = json!({
        "agreement": answer.agreement,
        "efficient": chosen(&answer.efficient),
        "fair": chosen(&answer.fair),
    });
    progress.done(&text, Some(&arguments.out), facts);
    Ok(ExitCode::SUCCESS)
}
