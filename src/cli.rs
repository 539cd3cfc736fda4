//! The command line: arguments in, library calls, results out. No logic of its own.

mod gentrification;
mod index;

use clap::{Parser, Subcommand};
use commonground::assessment::equity_table;
use commonground::model::Severity;
use commonground::{Error, ErrorKind, Progress, Result, assess, io, report};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// Where a city's common ground is, and where it is being lost.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Read every layer of a study and list all problems at once.
    Check {
        #[command(flatten)]
        study: Study,
    },
    /// Score every neighbourhood of a study.
    Assess {
        #[command(flatten)]
        study: Study,
        /// Folder for the results; made if it is not there.
        #[arg(long, default_value = "out")]
        out: PathBuf,
        /// Also draw this column of the neighbourhoods as a map for print, map_COLUMN.svg; may be given several times. PNG
        /// and PDF come from Python: `commonground.plot.save_map`.
        #[arg(long, value_name = "COLUMN")]
        map: Vec<String>,
    },
    /// Combine indicators into an index of cohesion conditions, with what it is made of and how firm it is.
    Index(index::IndexArguments),
    /// Classify every neighbourhood by definitions of gentrification, with the reasons and how sure they are.
    Gentrification(gentrification::GentrificationArguments),
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
        eprintln!("warning: Ctrl-C will not be handled: {error}");
    }
    let progress = Bars::new();
    let result = match &arguments.command {
        Command::Check { study } => check(study, &progress),
        Command::Assess { study, out, map } => assess_to(study, out, map, &progress),
        Command::Index(arguments) => index::run(arguments, &progress),
        Command::Gentrification(arguments) => gentrification::run(arguments, &progress),
    };
    progress.clear();
    match result {
        Ok(code) => code,
        Err(error) if error.kind() == ErrorKind::Cancelled => {
            eprintln!("stopped; nothing was written");
            ExitCode::from(INTERRUPTED)
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(FAILURE)
        }
    }
}

fn check(study: &Study, progress: &Bars) -> Result<ExitCode> {
    let (area, findings) = io::study::check_study(&study.study, study.data.as_deref(), progress)?;
    progress.clear();
    for finding in findings.iter() {
        println!("{finding}");
    }
    let [errors, warnings, notes] =
        [Severity::Error, Severity::Warning, Severity::Note].map(|severity| findings.of(severity).count());
    println!("{errors} errors, {warnings} warnings, {notes} notes");
    Ok(if area.is_some() && errors == 0 { ExitCode::SUCCESS } else { ExitCode::from(FAILURE) })
}

fn assess_to(study: &Study, out: &Path, maps: &[String], progress: &Bars) -> Result<ExitCode> {
    let begin = Instant::now();
    let area = io::study::read_study(&study.study, study.data.as_deref(), progress)?;
    let read = begin.elapsed();
    let assessment = assess(&area, progress)?;
    let assessed = begin.elapsed();
    if progress.is_cancelled() {
        return Err(Error::cancelled());
    }
    let summary = report::summary(&area, &assessment);
    let page = report::html(&area, &assessment)?;
    let mut texts = vec![("summary.md".to_owned(), summary.clone()), ("report.html".to_owned(), page)];
    for column in maps {
        texts.push((format!("map_{column}.svg"), report::map_svg(&area, &assessment, column)?));
    }
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let equity = equity_table(&assessment.equity, assessment.weight)?;
    io::save_results(out, &assessment.neighbourhoods, &assessment.homes, &equity, &texts)?;
    io::save_layers(out, &assessment.layers())?;
    progress.clear();
    println!("{summary}");
    eprintln!(
        "read in {:.2} s, assessed in {:.2} s, written in {:.2} s on {} threads; results in {}",
        read.as_secs_f64(),
        (assessed - read).as_secs_f64(),
        (begin.elapsed() - assessed).as_secs_f64(),
        rayon::current_num_threads(),
        out.display(),
    );
    Ok(ExitCode::SUCCESS)
}

static STOP: AtomicBool = AtomicBool::new(false);

/// A bar a step on a terminal; silence elsewhere.
struct Bars {
    shown: bool,
    bar: Mutex<ProgressBar>,
}

impl Bars {
    fn new() -> Self {
        Self { shown: std::io::stderr().is_terminal(), bar: Mutex::new(ProgressBar::hidden()) }
    }

    fn clear(&self) {
        self.with_bar(|bar| bar.finish_and_clear());
    }

    fn with_bar(&self, act: impl FnOnce(&mut ProgressBar)) {
        // A panic elsewhere must not hide itself behind a second one here.
        act(&mut self.bar.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    }
}

impl Progress for Bars {
    fn start(&self, step: &str, total: u64) {
        if !self.shown {
            return;
        }
        let style = ProgressStyle::with_template("{msg:40} {bar:30} {pos}/{len} {elapsed}")
            .expect("the template is valid");
        self.with_bar(|bar| {
            bar.finish_and_clear();
            *bar = ProgressBar::new(total).with_style(style).with_message(step.to_owned());
        });
    }

    fn advance(&self, units: u64) {
        if self.shown {
            self.with_bar(|bar| bar.inc(units));
        }
    }

    fn is_cancelled(&self) -> bool {
        STOP.load(Ordering::Relaxed)
    }
}
