//! `commonground assess`: from a study to a folder of results, and whether it comes out the same again.

use super::bars::{Bars, Talk};
use super::say::{note, say};
use super::shared::{FAILURE, Study, findings_as_json};
use commonground::io::{PROVENANCE, Provenance, ResultsFolder};
use commonground::{Error, Progress, Result, StudyArea, assess, io, results};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

/// What the command takes.
#[derive(clap::Args)]
pub(super) struct AssessArguments {
    #[command(flatten)]
    study: Study,
    /// Folder for the results; made if it is not there.
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Write into the folder even if it holds files that are no results; inputs are never written over.
    #[arg(long)]
    force: bool,
    /// Also draw this column of the neighbourhoods as a map for print, map_COLUMN.svg; may be given several times. PNG
    /// and PDF come from Python: `commonground.plot.save_map`.
    #[arg(long, value_name = "COLUMN")]
    map: Vec<String>,
    /// Tell every share of access as low, expected and high over walking speeds of 2.7 to 5.1 km/h, 10 to 20 minutes and
    /// three ways to join the street, or over those of `[ranges]` in study.toml.
    #[arg(long)]
    ranges: bool,
    /// Assess again and compare with the results in this folder: name the inputs and settings that have changed since, and the
    /// files that no longer come out the same to the last byte. Nothing is written.
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["out", "force", "map"])]
    verify: Option<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &AssessArguments, talk: &Talk, progress: &Bars) -> Result<ExitCode> {
    let begin = Instant::now();
    let study = &arguments.study;
    let mut area = io::study::read_study(&study.study, study.data.as_deref(), progress)?;
    if arguments.ranges {
        area.settings.ranges.get_or_insert_default();
    }
    if let Some(earlier) = &arguments.verify {
        return verify(earlier, &area, talk, progress);
    }
    let out = &arguments.out;
    let folder = ResultsFolder { path: out, inputs: &area.files, overwrite: arguments.force };
    folder.check()?;
    let read = begin.elapsed();
    let assessment = assess(&area, progress)?;
    let assessed = begin.elapsed();
    if progress.is_cancelled() {
        return Err(Error::cancelled());
    }
    let summary = results::save(&folder, &area, &assessment, &arguments.map)?;
    progress.clear();
    let seconds = [read, assessed - read, begin.elapsed() - assessed].map(|time| time.as_secs_f64());
    if talk.json {
        let not_assessed: serde_json::Map<_, _> =
            assessment.not_assessed.iter().map(|(what, why)| (what.clone(), json!(why))).collect();
        say!(
            "{}",
            json!({
                "name": assessment.name,
                "out": out,
                "seconds": { "read": seconds[0], "assess": seconds[1], "write": seconds[2] },
                "threads": rayon::current_num_threads(),
                "not_assessed": not_assessed,
                "findings": findings_as_json(&assessment.findings),
            })
        );
    } else if !talk.quiet {
        say!("{summary}");
        note!(
            "read in {:.2} s, assessed in {:.2} s, written in {:.2} s on {} threads; results in {}",
            seconds[0],
            seconds[1],
            seconds[2],
            rayon::current_num_threads(),
            out.display(),
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes the results again and says what is different.
fn verify(earlier: &Path, area: &StudyArea, talk: &Talk, progress: &Bars) -> Result<ExitCode> {
    let changes = Provenance::of(area)?.changes_since(&Provenance::read(&earlier.join(PROVENANCE))?);
    let assessment = assess(area, progress)?;
    let aside = tempfile::tempdir().map_err(|error| {
        Error::new(
            commonground::ErrorKind::Io,
            format!("there is no room to make the results again: {error}"),
        )
    })?;
    let folder = ResultsFolder { path: aside.path(), inputs: &area.files, overwrite: false };
    results::save(&folder, area, &assessment, &[])?;
    let (count, differing) = io::differing_files(earlier, aside.path())?;
    progress.clear();
    if talk.json {
        say!("{}", json!({ "changes": changes, "files": count, "differing": differing }));
    } else if !talk.quiet {
        for change in &changes {
            say!("changed: {change}");
        }
        for name in &differing {
            say!("differs: {name}");
        }
        say!("{} of {count} files come out the same to the last byte", count - differing.len());
    }
    Ok(if changes.is_empty() && differing.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(FAILURE) })
}
