//! What was guessed is read as a study is read; a table with an error is left out, and the next guess takes its place.

use super::found::Guessed;
use super::look::one_line;
use super::said::LeftOut;
use super::table::{Table, quoted};
use super::written::text;
use crate::io::study::check_study;
use crate::io::write_text;
use crate::model::Severity;
use crate::progress::Progress;
use crate::{Error, ErrorKind, Result};
use std::path::Path;

/// What is left of the guesses.
pub(super) struct Tried {
    pub tables: Vec<Table>,
    pub comments: Vec<String>,
    pub left_out: Vec<LeftOut>,
    pub missing: Vec<String>,
    pub made: Vec<(String, String)>,
}

/// Reads the study until no table is wrong, or none is left that could be taken out.
pub(super) fn run(folder: &Path, guessed: Guessed, progress: &dyn Progress) -> Result<Tried> {
    let Guessed { mut tables, mut spare, comments, made } = guessed;
    let mut left_out = Vec::new();
    let folder = std::path::absolute(folder).map_err(|error| Error::new(ErrorKind::Io, error.to_string()))?;
    let aside = tempfile::tempdir()
        .map_err(|error| Error::new(ErrorKind::Io, format!("no folder aside: {error}")))?;
    for (file, text) in &made {
        write_text(&aside.path().join(file.replace('/', "-")), text)?;
    }
    loop {
        let mut written = tables.clone();
        for table in &mut written {
            if made.iter().any(|(file, _)| *file == table.file) {
                let there = aside.path().join(table.file.replace('/', "-"));
                table.keys[0].1 = quoted(&there.to_string_lossy());
            }
        }
        let study = aside.path().join("study.toml");
        write_text(&study, &text("study", &written, &[], &[], &[]))?;
        let findings = match check_study(&study, Some(&folder), progress) {
            Ok((_, findings)) => findings,
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            // The text is the program's own, and an error in it a mistake of the program.
            Err(error) => return Err(error),
        };
        let errors: Vec<&Error> = findings.of(Severity::Error).map(|finding| &finding.error).collect();
        let wrong: Vec<(usize, String)> = errors
            .iter()
            .filter_map(|error| {
                let layer = error.position().layer.as_deref()?;
                let at = tables.iter().position(|table| is_of(layer, &table.layer))?;
                Some((at, one_line(error)))
            })
            .collect();
        let Some((at, why)) = wrong.first().cloned() else {
            let missing = errors.iter().map(|error| sentence(error)).collect();
            let mut used: Vec<Table> = tables;
            used.sort_by_key(|table| order(table.heading));
            let is_made = |table: &Table| made.iter().any(|(file, _)| *file == table.file);
            let unused = spare.into_iter().filter(|table| !is_made(table));
            left_out.extend(unused.map(|table| LeftOut {
                why: format!("it could be `{}`, but another file is taken for that", table.heading),
                file: table.file,
            }));
            let made =
                made.into_iter().filter(|(file, _)| used.iter().any(|table| table.file == *file)).collect();
            return Ok(Tried { tables: used, comments, left_out, missing, made });
        };
        let table = tables.remove(at);
        left_out.push(LeftOut { file: table.file.clone(), why: format!("as `{}`: {why}", table.heading) });
        if let Some(next) =
            spare.iter().position(|next| next.heading == table.heading && !next.heading.starts_with("[["))
        {
            tables.push(spare.remove(next));
        }
    }
}

/// Whether a finding of a layer is about the layer of a table: `homes join a.csv` is about `homes`.
fn is_of(finding: &str, layer: &str) -> bool {
    finding == layer
        || finding.strip_prefix(layer).is_some_and(|rest| rest.starts_with(" join ") || rest.starts_with(','))
}

/// What is missing, with what to do.
fn sentence(error: &Error) -> String {
    match error.hint_text() {
        Some(hint) => format!("{}: {hint}", one_line(error)),
        None => one_line(error),
    }
}

/// Tables in the order in which a reader expects them.
fn order(heading: &str) -> usize {
    const ORDER: [&str; 15] = [
        "[neighbourhoods]",
        "[districts]",
        "[homes]",
        "[census]",
        "[osm]",
        "[streets]",
        "[elevation]",
        "[[services]]",
        "[[green_space]]",
        "[jobs]",
        "[[transit]]",
        "[transit_times]",
        "[[barriers]]",
        "[zoning]",
        "[parcels]",
    ];
    ORDER.iter().position(|known| *known == heading).unwrap_or(ORDER.len())
}
