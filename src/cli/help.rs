//! What shells and `man` want to know of the program, made from its own arguments.

use super::say::print;
use clap::Command;
use clap_complete::{Shell, generate};
use clap_mangen::Man;
use commonground::{Error, ErrorKind, Result};
use std::process::ExitCode;

const PROGRAM: &str = "commonground";

/// `commonground completions`.
pub(super) fn completions(mut program: Command, shell: Shell) -> Result<ExitCode> {
    let mut script = Vec::new();
    generate(shell, &mut program, PROGRAM, &mut script);
    print(&String::from_utf8_lossy(&script), "");
    Ok(ExitCode::SUCCESS)
}

/// `commonground man`: of the program, or of the command whose words are `words`.
pub(super) fn manual(mut program: Command, words: &[String]) -> Result<ExitCode> {
    program.build();
    let mut command = &program;
    for word in words {
        command = command.find_subcommand(word).ok_or_else(|| {
            let known: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
            let error = Error::new(ErrorKind::Parameter, format!("there is no command `{word}`"));
            if known.is_empty() { error } else { error.hint(format!("they are {}", known.join(", "))) }
        })?;
    }
    let title = [&[PROGRAM.to_owned()], words].concat().join("-");
    let mut page = Vec::new();
    let written = Man::new(command.clone()).title(title).render(&mut page);
    written.map_err(|error| Error::new(ErrorKind::Io, format!("the manual cannot be written: {error}")))?;
    print(&String::from_utf8_lossy(&page), "");
    Ok(ExitCode::SUCCESS)
}
