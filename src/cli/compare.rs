//! `commonground compare`: a study and scenarios in, who wins and who loses out.

use super::Bars;
use super::say::say;
use commonground::scenario::{Base, Comparison, NOT_MODELLED, PeopleChange, with_requirements};
use commonground::{Error, ErrorKind, FeatureTable, Result, io};
use geo::Geometry;
use polars::prelude::{DataFrame, NamedFrom, Series};
use std::fmt::Write;
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
    inputs.extend(arguments.scenario.iter().cloned());
    let folder = io::ResultsFolder { path: &arguments.out, inputs: &inputs, overwrite: arguments.force };
    folder.check()?;
    let mut scenarios = Vec::new();
    for path in &arguments.scenario {
        let beside = path.parent().unwrap_or(Path::new(""));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let load = |name: &str| io::read_text(&beside.join(name));
        let mut chain = with_requirements(&name, &study.crs, &load)?;
        let mut last = chain.pop().ok_or_else(|| Error::new(ErrorKind::Value, "no scenario"))?;
        if let Some(variant) = &arguments.variant {
            last = last.variant(variant)?;
        }
        // What is required is made first.
        let first = chain.into_iter().flat_map(|scenario| scenario.changes);
        last.changes = first.chain(std::mem::take(&mut last.changes)).collect();
        scenarios.push(last);
    }
    let base = Base::new(&study, progress)?;
    let compared: Vec<Comparison> =
        scenarios.iter().map(|scenario| base.compare(scenario, progress)).collect::<Result<_>>()?;
    progress.clear();
    let text = compared.iter().map(sentences).collect::<Vec<_>>().join("\n");
    let people = people(&compared)?;
    let areas: Vec<(String, FeatureTable)> = compared
        .iter()
        .enumerate()
        .map(|(number, one)| {
            Ok((format!("neighbourhoods_{}", number + 1), neighbourhoods(one, &study.homes.weights)?))
        })
        .collect::<Result<_>>()?;
    let mut layers: Vec<(&str, &FeatureTable)> = vec![("people", &people)];
    layers.extend(areas.iter().map(|(name, table)| (name.as_str(), table)));
    io::save_layers(&folder, "comparison", &layers, &[("comparison.md", &text)])?;
    say!("{text}");
    Ok(ExitCode::SUCCESS)
}

/// One page that a council can read aloud.
fn sentences(compared: &Comparison) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    line(format!("# {} ({})\n", compared.name, compared.id));
    for receipt in &compared.receipts {
        let metres = receipt
            .metres_to_network
            .map_or(String::new(), |metres| format!(", {metres:.1} m from the streets that it joins"));
        line(format!("- {}{metres}", receipt.what));
    }
    line("\n## Who wins and who loses\n".to_owned());
    let mut quiet = 0;
    for change in &compared.people {
        match sentence(change) {
            Some(words) => line(format!("- {words}")),
            None => quiet += 1,
        }
    }
    if quiet > 0 {
        line(format!(
            "- {quiet} of {} combinations of measure and group do not change",
            compared.people.len()
        ));
    }
    if !compared.losers.is_empty() {
        line("\n## Who loses most\n".to_owned());
        for loser in compared.losers.iter().take(10) {
            let after = loser.after.map_or("out of reach".to_owned(), |minutes| format!("{minutes:.1} min"));
            line(format!(
                "- {:.0} people of home {}: {} {:.1} min away before, {after} after",
                loser.people,
                loser.home,
                loser.category.replace('_', " "),
                loser.before
            ));
        }
    }
    line(format!("\nNot modelled: {NOT_MODELLED}."));
    text
}

/// "minutes to clinic, over_65: 312 people who stay gain (4.0 each), 41 lose (6.0 each); …"
fn sentence(change: &PeopleChange) -> Option<String> {
    let PeopleChange { who, parts, reach, .. } = change;
    let moves = who.gained + who.lost + parts.newcomers + parts.leavers + reach.0 + reach.1;
    if moves <= 0.0 {
        return None;
    }
    let mut words = format!("{}, {}:", change.measure, change.group.replace('_', " "));
    if who.gained > 0.0 {
        let _ = write!(words, " {:.0} people who stay gain ({:.1} each);", who.gained, who.won / who.gained);
    }
    if who.lost > 0.0 {
        let _ = write!(words, " {:.0} who stay lose ({:.1} each);", who.lost, who.forgone / who.lost);
    }
    if reach.0 > 0.0 {
        let _ = write!(words, " {:.0} reach one for the first time;", reach.0);
    }
    if reach.1 > 0.0 {
        let _ = write!(words, " {:.0} reach none any more;", reach.1);
    }
    if let (true, Some(found)) = (parts.newcomers > 0.0, parts.newcomers_after) {
        let _ = write!(words, " {:.0} newcomers find {found:.1};", parts.newcomers);
    }
    if let (true, Some(had)) = (parts.leavers > 0.0, parts.leavers_before) {
        let _ = write!(words, " {:.0} leave who had {had:.1};", parts.leavers);
    }
    if let (Some(before), Some(after), Some(parts)) = (parts.mean_before, parts.mean_after, parts.parts) {
        let _ = write!(
            words,
            " the mean goes from {before:.2} to {after:.2}, of which those who stay {:+.2}, newcomers {:+.2}, leavers {:+.2}",
            parts.change_for_stayers, parts.newcomers, parts.leavers
        );
    }
    Some(words)
}

fn people(compared: &[Comparison]) -> Result<FeatureTable> {
    let rows: Vec<(&Comparison, &PeopleChange)> =
        compared.iter().flat_map(|one| one.people.iter().map(move |change| (one, change))).collect();
    let texts = |name: &str, of: &dyn Fn(&Comparison, &PeopleChange) -> String| {
        Series::new(name.into(), rows.iter().map(|(one, change)| of(one, change)).collect::<Vec<_>>())
    };
    let numbers = |name: &str, of: &dyn Fn(&PeopleChange) -> Option<f64>| {
        Series::new(name.into(), rows.iter().map(|(_, change)| of(change)).collect::<Vec<_>>())
    };
    let table = frame(vec![
        texts("scenario", &|one, _| one.name.clone()),
        texts("measure", &|_, change| change.measure.clone()),
        texts("group", &|_, change| change.group.clone()),
        numbers("stayers", &|change| Some(change.parts.stayers)),
        numbers("newcomers", &|change| Some(change.parts.newcomers)),
        numbers("leavers", &|change| Some(change.parts.leavers)),
        numbers("gained", &|change| Some(change.who.gained)),
        numbers("lost", &|change| Some(change.who.lost)),
        numbers("same", &|change| Some(change.who.same)),
        numbers("unknown", &|change| Some(change.who.unknown)),
        numbers("won", &|change| Some(change.who.won)),
        numbers("forgone", &|change| Some(change.who.forgone)),
        numbers("first_reached", &|change| Some(change.reach.0)),
        numbers("no_longer_reached", &|change| Some(change.reach.1)),
        numbers("mean_before", &|change| change.parts.mean_before),
        numbers("mean_after", &|change| change.parts.mean_after),
        numbers("stayers_before", &|change| change.parts.stayers_before),
        numbers("stayers_after", &|change| change.parts.stayers_after),
        numbers("newcomers_after", &|change| change.parts.newcomers_after),
        numbers("leavers_before", &|change| change.parts.leavers_before),
        numbers("change_for_stayers", &|change| change.parts.parts.map(|parts| parts.change_for_stayers)),
        numbers("change_by_newcomers", &|change| change.parts.parts.map(|parts| parts.newcomers)),
        numbers("change_by_leavers", &|change| change.parts.parts.map(|parts| parts.leavers)),
    ])?;
    FeatureTable::new(vec![None; rows.len()], table, None)
}

/// Mean minutes of the residents of each neighbourhood, by category, before and after.
fn neighbourhoods(compared: &Comparison, people_before: &[f64]) -> Result<FeatureTable> {
    let study = &compared.changed;
    let areas = &study.neighbourhoods;
    let mean = |people: &[f64], of: &dyn Fn(usize) -> Option<f64>| -> Vec<Option<f64>> {
        let mut sums = vec![(0.0, 0.0); areas.len()];
        for (home, area) in study.homes.neighbourhoods.iter().enumerate() {
            if let (Some(area), Some(minutes), Some(people)) = (area, of(home), people.get(home)) {
                sums[*area as usize].0 += minutes * people;
                sums[*area as usize].1 += people;
            }
        }
        sums.into_iter().map(|(sum, people)| (people > 0.0).then(|| sum / people)).collect()
    };
    let mut columns = vec![
        Series::new("id".into(), areas.iter().map(|area| area.id.as_str()).collect::<Vec<_>>()),
        Series::new("name".into(), areas.iter().map(|area| area.name.as_str()).collect::<Vec<_>>()),
    ];
    for (at, category) in compared.categories.iter().enumerate() {
        let before = mean(people_before, &|home| compared.homes[home].0[at]);
        let after = mean(&study.homes.weights, &|home| compared.homes[home].1[at]);
        columns.push(Series::new(format!("{category}_before").into(), before));
        columns.push(Series::new(format!("{category}_after").into(), after));
    }
    let shapes = areas.iter().map(|area| Some(Geometry::MultiPolygon(area.shape.clone()))).collect();
    FeatureTable::new(shapes, frame(columns)?, Some(study.crs.clone()))
}

fn frame(columns: Vec<Series>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns.into_iter().map(Into::into).collect())
        .map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
}
