//! The command line: arguments in, library calls, results out. No logic of its own.

mod assess;
mod bars;
mod budget;
mod columns;
mod compare;
mod gentrification;
mod help;
mod index;
mod new;
mod partition;
mod router;
mod say;
mod shared;
mod site;
mod siting;
#[cfg(feature = "fetch")]
mod start;

use bars::{Bars, Talk, stop};
use clap::{CommandFactory, Parser, Subcommand};
use commonground::model::Severity;
use commonground::schema::{FileKind, json_schema};
use commonground::{Error, ErrorKind, Result, io};
use say::{note, say};
use serde_json::json;
use shared::{FAILURE, INTERRUPTED, Study, findings_as_json};
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::process::ExitCode;

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

#[derive(Subcommand)]
enum Command {
    /// Write a study.toml for the files that lie in a folder, from their names, columns and shapes.
    New(new::NewArguments),
    /// Make a study of a place from official sources, from nothing but its name.
    #[cfg(feature = "fetch")]
    Start(start::StartArguments),
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
    /// What each neighbourhood is owed of a budget by several rules, and which projects it buys: the fair and the efficient choice.
    Budget(budget::BudgetArguments),
    /// Write a briefing of two pages for a council, as PDF, Word or PowerPoint: with the program of the Python package.
    Briefing {
        /// The study, `--to FILE` and all else; `commonground briefing --help` of the Python package names them.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<OsString>,
    },
    /// What may stand in the files that you write, as JSON Schema: editors complete keys by it and mark wrong ones.
    Schema {
        /// Which file.
        #[arg(value_parser = FileKind::ALL.map(FileKind::name))]
        file: String,
    },
    /// Every column that an assessment can have: its name, unit, label and which way is better.
    Columns,
    /// A script by which a shell completes commands and options.
    Completions {
        /// Which shell.
        shell: clap_complete::Shell,
    },
    /// The manual as a page for `man`: of the program, or of one command.
    Man {
        /// The command; of several words each by itself: `transit feed`.
        command: Vec<String>,
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
    /// Past one machine: a study's homes, or many studies, answered part by part with the same bits, here or anywhere.
    #[command(subcommand)]
    Partition(partition::PartitionCommand),
}

/// Runs the program on its arguments, the first of which is its own name, and returns its exit code.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        // Help and version are no errors to the shell; whoever hears nothing of them has closed the pipe.
        Err(error) => {
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(FAILURE);
        }
    };
    if let Err(error) = ctrlc::set_handler(stop) {
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
        Command::New(arguments) => new::run(arguments, talk, &progress),
        #[cfg(feature = "fetch")]
        Command::Start(arguments) => start::run(arguments, talk, &progress),
        Command::Check { study } => check(study, talk, &progress),
        Command::Assess(arguments) => assess::run(arguments, talk, &progress),
        Command::Index(arguments) => index::run(arguments, &progress),
        Command::Gentrification(arguments) => gentrification::run(arguments, &progress),
        Command::Compare(arguments) => compare::run(arguments, &progress),
        Command::Site(arguments) => site::run(arguments, &progress),
        Command::Siting(arguments) => siting::run(arguments, &progress),
        Command::Budget(arguments) => budget::run(arguments, &progress),
        Command::Briefing { .. } => Err(Error::new(ErrorKind::Parameter, "this program writes no briefings")
            .hint("`pip install 'commonground[briefing]'` brings one that does, under the same name")),
        Command::Schema { file } => schema(file),
        Command::Columns => columns::run(talk),
        Command::Completions { shell } => help::completions(Arguments::command(), *shell),
        Command::Man { command } => help::manual(Arguments::command(), command),
        Command::Network(arguments) => router::build(arguments, &progress),
        Command::Closest(arguments) => router::closest(arguments, &progress),
        Command::Matrix(arguments) => router::matrix(arguments, &progress),
        Command::Reach(arguments) => router::reach(arguments, &progress),
        Command::Isochrones(arguments) => router::isochrones(arguments, &progress),
        Command::Route(arguments) => router::route(arguments, &progress),
        Command::Transit(command) => router::transit(command, &progress),
        Command::Partition(command) => partition::run(command, &progress),
    };
    progress.clear();
    match result {
        Ok(code) if code == ExitCode::SUCCESS && say::has_arrived() => 0,
        Ok(_) => FAILURE,
        Err(error) if error.kind() == ErrorKind::Cancelled => {
            note!("stopped; {}", left_by(&arguments.command));
            INTERRUPTED
        }
        Err(error) => {
            note!("error: {error}");
            FAILURE
        }
    }
}

/// What an interrupted command leaves behind.
fn left_by(command: &Command) -> &'static str {
    match command {
        #[cfg(feature = "fetch")]
        Command::Start(_) => {
            "there is no `study.toml` yet; what was fetched is kept, and the same command goes on from there"
        }
        Command::Partition(partition::PartitionCommand::Run(_)) => {
            "partitions that were answered are kept, and the same command goes on with the others"
        }
        _ => "nothing was written",
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
