//! `commonground siting`: a study and a question in, sites with a bound and the price of every rule out.

use super::bars::Bars;
use commonground::crs::Reprojector;
use commonground::io::{ReadOptions, read_features};
use commonground::siting::{
    Feature, Hub, Placed, meet, meeting_sentences, meeting_tables, place, siting_page, siting_sentences,
};
use commonground::{Error, ErrorKind, FeatureTable, Result, StudyArea, io};
use geo::Geometry;
use polars::prelude::{DataFrame, NamedFrom, Series};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct SitingArguments {
    /// Folder with a study.toml, or the file itself.
    study: PathBuf,
    /// The question in TOML: what is placed, for whom, where it could stand, and what people said.
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

pub(super) fn run(arguments: &SitingArguments, progress: &Bars) -> Result<ExitCode> {
    let hub =
        Hub::from_toml(&io::read_text(&arguments.question)?, &arguments.question.display().to_string())?;
    let study = io::study::read_study(&arguments.study, arguments.data.as_deref(), progress)?;
    let mut inputs = study.files.clone();
    inputs.push(arguments.question.clone());
    let mut files = BTreeMap::new();
    for name in hub.files() {
        let path = io::beside_or_in(&arguments.question, arguments.data.as_deref(), name)?;
        files.insert(name.to_owned(), features(&path, &hub, &study)?);
        inputs.push(path);
    }
    let folder = io::ResultsFolder { path: &arguments.out, inputs: &inputs, overwrite: arguments.force };
    folder.check()?;
    if hub.is_of_meeting() {
        return meeting(&study, &hub, &files, &folder, progress);
    }
    let placed = place(&study, &hub, &files, progress)?;
    let text = siting_sentences(&study, &hub, &placed);
    let (sites, plans, areas) = (sites(&study, &placed)?, plans(&placed)?, neighbourhoods(&study, &placed)?);
    let page = siting_page(&study, &hub, &placed, &text);
    let layers = [("sites", &sites), ("plans", &plans), ("neighbourhoods", &areas)];
    io::save_layers(&folder, "siting", &layers, &[("siting.md", &text), ("siting.html", &page)])?;
    let best = &placed.found.best;
    let chosen: Vec<&str> =
        best.sites.iter().map(|&site| placed.candidates[site as usize].name.as_str()).collect();
    let facts = json!({
        "chosen": chosen,
        "objective": hub.objective,
        "value": best.value,
        "bound": placed.found.bound,
        "proven": placed.found.is_proven(),
        "warnings": placed.warnings,
    });
    progress.done(&text, Some(&arguments.out), facts);
    Ok(ExitCode::SUCCESS)
}

/// A question about places to meet.
fn meeting(
    study: &StudyArea,
    hub: &Hub,
    files: &BTreeMap<String, Vec<Feature>>,
    folder: &io::ResultsFolder<'_>,
    progress: &Bars,
) -> Result<ExitCode> {
    let met = meet(study, hub, files, progress)?;
    let text = meeting_sentences(study, hub, &met);
    io::save_layers(folder, "siting", &meeting_tables(study, &met)?.files(), &[("siting.md", &text)])?;
    let found = &met.found;
    let name = |site: &u32| met.candidates[*site as usize].name.as_str();
    let facts = json!({
        "chosen": found.best.sites.iter().map(name).collect::<Vec<_>>(),
        "objective": hub.objective,
        "value": found.best.value,
        "bound": found.bound,
        "proven": found.is_proven(),
        "neighbours_joined": met.best.joins.len(),
    });
    progress.done(&text, Some(folder.path), facts);
    Ok(ExitCode::SUCCESS)
}

fn features(path: &Path, hub: &Hub, study: &StudyArea) -> Result<Vec<Feature>> {
    let table = read_features(path, &ReadOptions::default())?;
    let layer = path.display().to_string();
    let crs = table.crs.as_ref().ok_or_else(|| {
        Error::new(ErrorKind::Crs, "the file does not say its coordinate reference system").in_layer(&layer)
    })?;
    let to_study = Reprojector::new(crs, &study.crs)?;
    let names = column(&table, hub.candidates.name.as_deref())
        .map(|column| super::router::texts_of(&column))
        .transpose()?;
    let costs = column(&table, hub.candidates.cost.as_deref())
        .map(|column| super::router::numbers_of(&column))
        .transpose()?;
    let mut rows = Vec::new();
    for (row, shape) in table.geometries.iter().enumerate() {
        let Some(shape) = shape else { continue };
        let shape = to_study.geometry(shape).map_err(|error| error.at_row(row + 1).in_layer(&layer))?;
        let name = names.as_ref().and_then(|names| names[row].clone());
        let cost = costs.as_ref().and_then(|costs| costs[row]);
        rows.push(Feature { shape, name, cost });
    }
    Ok(rows)
}

fn column(table: &FeatureTable, name: Option<&str>) -> Option<polars::prelude::Column> {
    table.attributes.column(name?).ok().cloned()
}

fn sites(study: &StudyArea, placed: &Placed) -> Result<FeatureTable> {
    let share: BTreeMap<u32, f64> = placed.found.frequency.iter().copied().collect();
    let numbers = 0..placed.candidates.len() as u32;
    let names: Vec<&str> = placed.candidates.iter().map(|one| one.name.as_str()).collect();
    let chosen: Vec<bool> = numbers.clone().map(|site| placed.found.best.sites.contains(&site)).collect();
    let frequency: Vec<f64> = numbers.map(|site| share.get(&site).copied().unwrap_or(0.0)).collect();
    let ruled_out: Vec<Option<String>> = placed
        .candidates
        .iter()
        .map(|one| (!one.ruled_out_by.is_empty()).then(|| one.ruled_out_by.join("; ")))
        .collect();
    let table = frame(vec![
        Series::new("name".into(), names),
        Series::new("chosen".into(), chosen),
        Series::new("share_of_near_best_sets".into(), frequency),
        Series::new("ruled_out_by".into(), ruled_out),
    ])?;
    let points = placed.candidates.iter().map(|one| Some(Geometry::Point(one.location))).collect();
    FeatureTable::new(points, table, Some(study.crs.clone()))
}

fn plans(placed: &Placed) -> Result<FeatureTable> {
    let plans = &placed.found.alternatives;
    let names = |sites: &[u32]| {
        sites
            .iter()
            .map(|&site| placed.candidates[site as usize].name.as_str())
            .collect::<Vec<_>>()
            .join("; ")
    };
    let table = frame(vec![
        Series::new("rank".into(), (1..=plans.len() as i64).collect::<Vec<_>>()),
        Series::new("value".into(), plans.iter().map(|plan| plan.value).collect::<Vec<_>>()),
        Series::new("sites".into(), plans.iter().map(|plan| names(&plan.sites)).collect::<Vec<_>>()),
    ])?;
    FeatureTable::new(vec![None; plans.len()], table, None)
}

/// Mean walk of the residents of each neighbourhood before and after, of those who are served.
fn neighbourhoods(study: &StudyArea, placed: &Placed) -> Result<FeatureTable> {
    let mean = |of: &dyn Fn(usize) -> Option<f64>| -> Vec<Option<f64>> {
        let mut sums = vec![(0.0, 0.0); study.neighbourhoods.len()];
        for (home, area) in study.homes.neighbourhoods.iter().enumerate() {
            if let (Some(area), Some(minutes)) = (area, of(home)) {
                let (sum, people) = &mut sums[*area as usize];
                *sum += minutes * study.homes.weights[home];
                *people += study.homes.weights[home];
            }
        }
        sums.into_iter().map(|(sum, people)| (people > 0.0).then(|| sum / people)).collect()
    };
    let ids: Vec<&str> = study.neighbourhoods.iter().map(|area| area.id.as_str()).collect();
    let names: Vec<&str> = study.neighbourhoods.iter().map(|area| area.name.as_str()).collect();
    let table = frame(vec![
        Series::new("id".into(), ids),
        Series::new("name".into(), names),
        Series::new("minutes_before".into(), mean(&|home| placed.homes[home].0)),
        Series::new("minutes_after".into(), mean(&|home| placed.homes[home].1)),
    ])?;
    let shapes =
        study.neighbourhoods.iter().map(|area| Some(Geometry::MultiPolygon(area.shape.clone()))).collect();
    FeatureTable::new(shapes, table, Some(study.crs.clone()))
}

fn frame(columns: Vec<Series>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns.into_iter().map(Into::into).collect())
        .map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
}
