//! `commonground new`: a study from the files that lie in a folder.

use super::bars::{Bars, Talk};
use super::say::{note, say};
use commonground::io::draft::{Question, draft_study};
use commonground::{Error, ErrorKind, Result};
use serde_json::json;
use std::io::BufRead;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct NewArguments {
    /// Folder with the files of a city: extract, boundaries, homes, places, timetables.
    folder: PathBuf,
    /// What the place is called; by default as the folder is.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Ask nothing: what no file says is read in the safest way, and a comment says so.
    #[arg(short, long)]
    yes: bool,
    /// Write over a study.toml that is there.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &NewArguments, talk: &Talk, progress: &Bars) -> Result<ExitCode> {
    let study = arguments.folder.join("study.toml");
    if !arguments.force && study.symlink_metadata().is_ok() {
        let message = format!("`{}` is there already", study.display());
        return Err(Error::new(ErrorKind::Io, message).hint("it was left as it is; `--force` writes over it"));
    }
    let mut ask = |question: &Question| {
        if arguments.yes {
            return Ok(question.safest);
        }
        progress.clear();
        answer(question)
    };
    let draft = draft_study(&arguments.folder, arguments.name.as_deref(), &mut ask, progress)?;
    let study = draft.save(&arguments.folder, arguments.force)?;
    progress.clear();
    if talk.json {
        let guesses = draft.guesses.iter();
        let guesses: Vec<_> =
            guesses.map(|one| json!({ "layer": one.layer, "file": one.file, "why": one.why })).collect();
        let left_out = draft.left_out.iter();
        let left_out: Vec<_> = left_out.map(|one| json!({ "file": one.file, "why": one.why })).collect();
        say!(
            "{}",
            json!({ "study": study, "guesses": guesses, "left_out": left_out, "missing": draft.missing })
        );
    } else if !talk.quiet {
        for guess in &draft.guesses {
            say!("{:15} {} ({})", guess.layer, guess.file, guess.why);
        }
        for one in &draft.left_out {
            say!("{:15} {} ({})", "left out", one.file, one.why);
        }
        for missing in &draft.missing {
            say!("{:15} {missing}", "MISSING");
        }
        say!("`{}` is written. Look it over: what it says is guessed.", study.display());
    }
    if draft.missing.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    note!("the study lacks what no file of the folder has: `commonground check` will say the same");
    Ok(ExitCode::FAILURE)
}

/// Asks on the terminal; an empty line, or the end of the input, takes the safest choice.
fn answer(question: &Question) -> Result<usize> {
    note!("{}", question.text);
    for (number, choice) in question.choices.iter().enumerate() {
        note!("  {}  {choice}", number + 1);
    }
    loop {
        note!("number [{}]:", question.safest + 1);
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        let read =
            read.map_err(|error| Error::new(ErrorKind::Io, format!("no answer can be read: {error}")))?;
        let line = line.trim();
        if read == 0 || line.is_empty() {
            return Ok(question.safest);
        }
        match line.parse::<usize>() {
            Ok(number) if (1..=question.choices.len()).contains(&number) => return Ok(number - 1),
            _ => note!("`{line}` is none of the numbers"),
        }
    }
}
