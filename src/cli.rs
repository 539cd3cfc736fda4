//! The command line: arguments in, library calls, results out. No logic of its own.

mod assess;
mod compare;
mod gentrification;
mod index;
mod router;
mod say;
mod site;
mod siting;

use clap::{Parser, Subcommand};
use commonground::model::{Finding, Findings, Severity};
use commonground::schema::{FileKind, json_schema};
use commonground::{Error, ErrorKind, Progress, Result, io};
use indicatif::{ProgressBar, ProgressStyle};
use say::{note, say};
use serde_json::json;
use std::io::IsTerminal;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where a city's common ground is, and where it is being lost.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    talk: Talk,
    /// Threads to compute on; by default all processors. The answers are the same on any number.
    #[arg(long, global = true, value_name = "N")]
    threads: Option<NonZeroUsize>,
}

/// How much the program says, and to whom.
#[derive(clap::Args)]
struct Talk {
    /// Say nothing but errors.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Print what was found as one JSON object on standard output, for other programs.
    #[arg(long, global = true)]
    json: bool,
    /// Show progress as bars on a terminal, or as one JSON object per line on standard error.
    #[arg(long, global = true, value_enum, default_value_t = ShowProgress::Bars)]
    progress: ShowProgress,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ShowProgress {
    Bars,
    Json,
}

#[derive(Subcommand)]
enum Command {
    /// Read every layer of a study and list all problems at once.
    Check {
        #[command(flatten)]
        study: Study,
    },
    /// Score every neighbourhood of a study.
    Assess(assess::AssessArguments),
    /// Combine indicators into an index of cohesion conditions, with what it is made of and how robust it is.
    Index(index::IndexArguments),
    /// Classify every neighbourhood by definitions of gentrification, with the reasons and how sure they are.
    Gentrification(gentrification::GentrificationArguments),
    /// Change a study and see who wins and who loses: those who stay, who come and who leave.
    Compare(compare::CompareArguments),
    /// Check planned projects: what their residents would reach, by ruler and on foot, beside the city and published standards.
    Site(site::SiteArguments),
    /// Choose sites on a study's streets, with a bound, near-best sets and the price of what people asked for.
    Siting(siting::SitingArguments),
    /// What may stand in the files that you write, as JSON Schema: editors complete keys by it and mark wrong ones.
    Schema {
        /// Which file.
        #[arg(value_parser = FileKind::ALL.map(FileKind::name))]
        file: String,
    },
    /// Build a street network and save it, to ask it often.
    Network(router::NetworkArguments),
    /// The closest places of every point along the streets.
    Closest(router::ClosestArguments),
    /// The travel time of every pair of points within a limit.
    Matrix(router::MatrixArguments),
    /// How many places, or how much of what they hold, every point reaches within travel times.
    Reach(router::ReachArguments),
    /// The areas that can be reached from points within travel times.
    Isochrones(router::IsochroneArguments),
    /// The fastest way from point to point.
    Route(router::RouteArguments),
    /// Public transport: timetables, times over all departures of a window, journeys, the service at stops.
    #[command(subcommand)]
    Transit(router::TransitCommand),
}

#[derive(clap::Args)]
struct Study {
    /// Folder with a study.toml, or the file itself.
    study: PathBuf,
    /// Folder that the study's paths start from; by default the folder of study.toml.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// Exit code when the study cannot be used, as for every failure but a wrong command line (2).
const FAILURE: u8 = 1;
/// Exit code after Ctrl-C, as shells expect it.
const INTERRUPTED: u8 = 130;

pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    if let Err(error) = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)) {
        note!("warning: Ctrl-C will not be handled: {error}");
    }
    if let Some(threads) = arguments.threads
        && let Err(error) = rayon::ThreadPoolBuilder::new().num_threads(threads.get()).build_global()
    {
        note!("warning: `--threads` is not obeyed: {error}");
    }
    let talk = &arguments.talk;
    let progress = Bars::new(talk);
    let result = match &arguments.command {
        Command::Check { study } => check(study, talk, &progress),
        Command::Assess(arguments) => assess::run(arguments, talk, &progress),
        Command::Index(arguments) => index::run(arguments, &progress),
        Command::Gentrification(arguments) => gentrification::run(arguments, &progress),
        Command::Compare(arguments) => compare::run(arguments, &progress),
        Command::Site(arguments) => site::run(arguments, &progress),
        Command::Siting(arguments) => siting::run(arguments, &progress),
        Command::Schema { file } => schema(file),
        Command::Network(arguments) => router::build(arguments, &progress),
        Command::Closest(arguments) => router::closest(arguments, &progress),
        Command::Matrix(arguments) => router::matrix(arguments, &progress),
        Command::Reach(arguments) => router::reach(arguments, &progress),
        Command::Isochrones(arguments) => router::isochrones(arguments, &progress),
        Command::Route(arguments) => router::route(arguments, &progress),
        Command::Transit(command) => router::transit(command, &progress),
    };
    progress.clear();
    match result {
        Ok(_) if !say::has_arrived() => ExitCode::from(FAILURE),
        Ok(code) => code,
        Err(error) if error.kind() == ErrorKind::Cancelled => {
            note!("stopped; nothing was written");
            ExitCode::from(INTERRUPTED)
        }
        Err(error) => {
            note!("error: {error}");
            ExitCode::from(FAILURE)
        }
    }
}

/// Prints the schema of a kind of file.
fn schema(file: &str) -> Result<ExitCode> {
    let kind = FileKind::ALL.into_iter().find(|kind| kind.name() == file);
    let kind = kind.ok_or_else(|| Error::new(ErrorKind::Parameter, format!("`{file}` has no schema")))?;
    say!("{}", json_schema(kind)?);
    Ok(ExitCode::SUCCESS)
}

fn check(study: &Study, talk: &Talk, progress: &Bars) -> Result<ExitCode> {
    let (area, mut findings) = io::study::check_study(&study.study, study.data.as_deref(), progress)?;
    if let Some(area) = &area {
        findings.append(commonground::assessment::check(area, progress)?);
    }
    progress.clear();
    let [errors, warnings, notes] =
        [Severity::Error, Severity::Warning, Severity::Note].map(|severity| findings.of(severity).count());
    if talk.json {
        let findings = findings_as_json(&findings);
        say!("{}", json!({ "errors": errors, "warnings": warnings, "notes": notes, "findings": findings }));
    } else if !talk.quiet {
        for finding in findings.iter() {
            say!("{finding}");
        }
        let counted =
            |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let [errors, warnings, notes] =
            [counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")];
        say!("{errors}, {warnings}, {notes}");
    }
    Ok(if area.is_some() && errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILURE) })
}

/// Findings for other programs: where, what, and what to do.
fn findings_as_json(findings: &Findings) -> Vec<serde_json::Value> {
    let one = |finding: &Finding| {
        let error = &finding.error;
        let position = error.position();
        json!({
            "severity": finding.severity.to_string(),
            "message": error.message(),
            "hint": error.hint_text(),
            "layer": position.layer,
            "row": position.row,
            "id": position.id,
            "column": position.column,
        })
    };
    findings.iter().map(one).collect()
}

static STOP: AtomicBool = AtomicBool::new(false);

/// How far a long step is: a bar per step on a terminal, a line per change for other programs, silence elsewhere.
struct Bars {
    /// Whether nothing but errors is said.
    quiet: bool,
    shown: Shown,
    bar: Mutex<ProgressBar>,
    /// Units of the step that are done, its total, and the hundredth that was last said.
    counted: Mutex<(u64, u64, u64)>,
}

#[derive(PartialEq, Eq)]
enum Shown {
    Bars,
    Json,
    Nothing,
}

impl Bars {
    fn new(talk: &Talk) -> Self {
        let shown = match talk.progress {
            ShowProgress::Json => Shown::Json,
            ShowProgress::Bars if !talk.quiet && std::io::stderr().is_terminal() => Shown::Bars,
            ShowProgress::Bars => Shown::Nothing,
        };
        Self {
            quiet: talk.quiet || talk.json,
            shown,
            bar: Mutex::new(ProgressBar::hidden()),
            counted: Mutex::default(),
        }
    }

    fn clear(&self) {
        self.with_bar(|bar| bar.finish_and_clear());
    }

    /// Prints a result for people, and on standard error where it went.
    fn say(&self, result: &str, place: &str) {
        self.clear();
        if !self.quiet {
            if !result.is_empty() {
                say!("{result}");
            }
            note!("{place}");
        }
    }

    fn with_bar(&self, act: impl FnOnce(&mut ProgressBar)) {
        // A panic elsewhere must not hide itself behind a second one here.
        act(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }

    fn with_count(&self, act: impl FnOnce(&mut (u64, u64, u64))) {
        act(&mut self.counted.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bars {
    fn start(&self, step: &str, total: u64) {
        match self.shown {
            Shown::Nothing => {}
            Shown::Json => {
                self.with_count(|counted| *counted = (0, total, 0));
                note!("{}", json!({ "step": step, "total": total }));
            }
            Shown::Bars => {
                let style = ProgressStyle::with_template("{msg:40} {bar:30} {pos}/{len} {elapsed}")
                    .expect("the template is valid");
                self.with_bar(|bar| {
                    bar.finish_and_clear();
                    *bar = ProgressBar::new(total).with_style(style).with_message(step.to_owned());
                });
            }
        }
    }

    fn advance(&self, units: u64) {
        match self.shown {
            Shown::Nothing => {}
            Shown::Json => self.with_count(|(done, total, said)| {
                *done += units;
                let hundredth = 100 * *done / (*total).max(1);
                if hundredth > *said {
                    *said = hundredth;
                    note!("{}", json!({ "done": *done, "total": *total }));
                }
            }),
            Shown::Bars => self.with_bar(|bar| bar.inc(units)),
        }
    }

    fn is_cancelled(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}
