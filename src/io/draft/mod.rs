//! A study from the files that lie in a folder: what each is taken for, why, and what is left out.
//!
//! What is guessed is tried: the study is read as `check` reads it, and a table that cannot be read is left out with the
//! reason, so that what is written can be used as it is.

mod columns;
mod dates;
mod found;
mod guess;
mod look;
mod neighbourhoods;
mod people;
mod places;
mod said;
mod services;
mod stand_in;
mod streets;
mod table;
mod trial;
mod words;
mod written;

use crate::io::write_text;
use crate::progress::Progress;
use crate::{Error, ErrorKind, Result};
pub use said::{Guess, LeftOut, Question};
use std::path::{Path, PathBuf};
use table::{Table, quoted};
use written::text;

/// A study that is not written yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Draft {
    /// What will stand in `study.toml`.
    pub text: String,
    /// What each table was taken from.
    pub guesses: Vec<Guess>,
    /// Files that no table names.
    pub left_out: Vec<LeftOut>,
    /// What the study lacks before it can be assessed; empty if `check` finds no error.
    pub missing: Vec<String>,
    /// Files that stand in for data that is not there: their path from the folder, and their text.
    made: Vec<(String, String)>,
}

/// Drafts a study from the files of a folder.
///
/// - `name`: what the place is called; by default as the folder is.
/// - `ask`: answers a question by the number of a choice. [`Question::safest`] is the answer where nobody is asked.
///
/// Nothing is written: [`Draft::save`] does that.
///
/// # Errors
/// [`ErrorKind::Io`] if the folder cannot be read; [`ErrorKind::Study`] if it holds nothing that a study is made of;
/// what `ask` fails with; [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn draft_study(
    folder: &Path,
    name: Option<&str>,
    ask: &mut dyn FnMut(&Question) -> Result<usize>,
    progress: &dyn Progress,
) -> Result<Draft> {
    let name = match name {
        Some(name) => name.trim().to_owned(),
        None => name_of(folder),
    };
    if name.is_empty() {
        return Err(Error::new(ErrorKind::Parameter, "the name of the study is empty")
            .hint("say which place it is: `--name \"Millbrook\"`"));
    }
    let mut left_out = Vec::new();
    let looks = look::look_at(folder, &mut left_out, progress)?;
    if looks.is_empty() {
        let message = format!("`{}` holds no file that a study is made of", folder.display());
        return Err(Error::new(ErrorKind::Study, message).hint(
            "a study begins with an OpenStreetMap extract (.osm.pbf), or with layers of boundaries, homes and streets",
        ));
    }
    let guessed = guess::guess(&looks, &mut left_out, ask)?;
    let tried = trial::run(folder, guessed, progress)?;
    left_out.extend(tried.left_out);
    // A file that one table names was used, whatever else it could have been.
    let names = |table: &Table, file: &str| table.keys.iter().any(|(_, value)| value.contains(&quoted(file)));
    left_out.retain(|one| !tried.tables.iter().any(|table| names(table, &one.file)));
    left_out.sort_by(|a, b| a.file.cmp(&b.file));
    left_out.dedup_by(|later, first| later.file == first.file);
    let guess = |table: &Table| Guess {
        layer: table.heading.trim_matches(['[', ']']).to_owned(),
        file: table.file.clone(),
        why: table.why.clone(),
    };
    Ok(Draft {
        text: text(&name, &tried.tables, &tried.comments, &left_out, &tried.missing),
        guesses: tried.tables.iter().map(guess).collect(),
        left_out,
        missing: tried.missing,
        made: tried.made,
    })
}

/// A folder's name as that of a place: `porto-alegre` is Porto Alegre, and two letters at the end are a state.
fn name_of(folder: &Path) -> String {
    let full = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let name = full.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let words: Vec<&str> = name.split(['-', '_', ' ']).filter(|word| !word.is_empty()).collect();
    let capital = |(at, word): (usize, &&str)| {
        if at > 0 && at + 1 == words.len() && word.len() == 2 {
            return word.to_uppercase();
        }
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    };
    words.iter().enumerate().map(capital).collect::<Vec<String>>().join(" ")
}

impl Draft {
    /// Writes `study.toml`, and what stands in for missing data, into the folder; gives back the path of the study.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is a `study.toml` already and `overwrite` is false, or if nothing can be written there.
    pub fn save(&self, folder: &Path, overwrite: bool) -> Result<PathBuf> {
        let path = folder.join("study.toml");
        if !overwrite && path.symlink_metadata().is_ok() {
            let message = format!("`{}` is there already", path.display());
            return Err(Error::new(ErrorKind::Io, message)
                .hint("it was left as it is; `--force` (`overwrite=True` in Python) writes over it"));
        }
        for (file, text) in &self.made {
            let made = folder.join(file);
            let parent = made.parent().unwrap_or(folder);
            std::fs::create_dir_all(parent).map_err(|error| {
                Error::new(ErrorKind::Io, format!("`{}` cannot be made: {error}", parent.display()))
            })?;
            write_text(&made, text)?;
        }
        write_text(&path, &self.text)?;
        Ok(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_the_name_of_its_place() {
        assert_eq!(name_of(Path::new("/data/porto-alegre")), "Porto Alegre");
        assert_eq!(name_of(Path::new("/data/washington-dc")), "Washington DC");
    }
}
