//! TOML that people write: read with the line and the nearest key in every complaint.

use crate::error::nearest;
use crate::{Error, ErrorKind, Result};
use serde::de::DeserializeOwned;

/// Reads TOML; `what` is the kind of file, `name` the one at hand.
///
/// # Errors
/// `kind`, with the line, and for an unknown key the known one that is nearest.
pub(crate) fn read_toml<T: DeserializeOwned>(
    text: &str,
    what: &str,
    name: &str,
    kind: ErrorKind,
) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let unknown = unknown_keys::<T>(text);
        if unknown.len() > 1 {
            let listed: Vec<String> = unknown.iter().map(UnknownKey::to_string).collect();
            let message = format!("{} keys are not known to {what}: {}", unknown.len(), listed.join("; "));
            return Error::new(kind, message).in_layer(name);
        }
        let line = line_of(&error, text);
        let place = line.map_or(name.to_owned(), |line| format!("{name}, line {line}"));
        let cured = line.and_then(|line| cure::<T>(text, line, kind));
        cured.unwrap_or_else(|| explained(error.message(), what, kind)).in_layer(place)
    })
}

/// A key that is not known.
struct UnknownKey {
    word: String,
    /// Counted from 1.
    line: usize,
    near: Option<String>,
}

impl std::fmt::Display for UnknownKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` in line {}", self.word, self.line)?;
        self.near.as_ref().map_or(Ok(()), |near| write!(f, " (did you mean `{near}`?)"))
    }
}

/// Every key that is not known, by line: each is found once those before it are taken out, a heading with all below it.
fn unknown_keys<T: DeserializeOwned>(text: &str) -> Vec<UnknownKey> {
    /// More are not listed.
    const MOST: usize = 12;
    let mut lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    while found.len() < MOST {
        let text = lines.join("\n");
        let Err(error) = toml::from_str::<T>(&text) else { break };
        let (Some(line), Some((word, "key", known))) =
            (line_of(&error, &text), unknown_word(error.message()))
        else {
            break;
        };
        let near = nearest(&word, known.iter().map(String::as_str)).map(str::to_owned);
        found.push(UnknownKey { word, line, near });
        let is_heading = |line: &str| line.trim_start().starts_with('[');
        let below = if is_heading(lines[line - 1]) {
            lines[line..].iter().take_while(|line| !is_heading(line)).count()
        } else {
            0
        };
        lines[line - 1..=line - 1 + below].fill("");
    }
    found.sort_by_key(|key| key.line);
    found
}

/// The line that an error points to, counted from 1.
fn line_of(error: &toml::de::Error, text: &str) -> Option<usize> {
    let start = error.span()?.start;
    Some(text.get(..start.min(text.len()))?.matches('\n').count() + 1)
}

/// What is wrong with a line, found by a change that would mend it: brackets of a heading, or backslashes in a path.
fn cure<T: DeserializeOwned>(text: &str, line: usize, kind: ErrorKind) -> Option<Error> {
    let wrong = text.lines().nth(line - 1)?.trim();
    let mends = |change: &dyn Fn(&str) -> String| {
        let changed: Vec<String> = text.lines().map(change).collect();
        let changed = changed.join("\n");
        match toml::from_str::<T>(&changed) {
            Ok(_) => true,
            Err(error) => line_of(&error, &changed).is_some_and(|next| next > line),
        }
    };
    if let Some(list) = wrong.strip_prefix("[[").and_then(|rest| rest.strip_suffix("]]")) {
        let single = format!("[{list}]");
        let change = |one: &str| if one.trim() == wrong { single.clone() } else { one.to_owned() };
        return mends(&change).then(|| {
            let message = format!("there is only one table `{list}`, not a list of them");
            Error::new(kind, message).hint(format!("write `{single}`, with single brackets"))
        });
    }
    if let Some(table) = wrong.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        let double = format!("[[{table}]]");
        let change = |one: &str| if one.trim() == wrong { double.clone() } else { one.to_owned() };
        if mends(&change) {
            let message = format!("`{table}` is a list: there may be several of it");
            return Some(
                Error::new(kind, message).hint(format!("write `{double}` above each, with double brackets")),
            );
        }
        let count = text.lines().filter(|one| one.trim() == wrong).count();
        return (count > 1).then(|| {
            let message = format!("the table `{table}` is there {count} times");
            Error::new(kind, message).hint("put the keys of all of them under one")
        });
    }
    let forward = |one: &str| if one.trim() == wrong { one.replace('\\', "/") } else { one.to_owned() };
    (wrong.contains('\\') && mends(&forward)).then(|| {
        Error::new(kind, "a backslash in double quotation marks begins a code, not a folder")
            .hint("write paths with `/`, which Windows reads too, or in single quotation marks")
    })
}

/// What serde says, for people; a misspelt word brings the known one that is nearest.
pub(crate) fn explained(message: &str, what: &str, kind: ErrorKind) -> Error {
    match unknown_word(message) {
        Some((word, role, known)) => {
            let error = Error::new(kind, format!("`{word}` is not a {role} of {what} here"));
            error.hint(match nearest(&word, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the {role}s are {}", known.join(", ")),
            })
        }
        None => {
            let message = message.lines().next().unwrap_or_default();
            Error::new(kind, format!("{what} cannot be understood: {message}"))
        }
    }
}

/// The word, its role and the known ones, from the words of serde: ``unknown field `x`, expected one of `a`, `b` ``.
fn unknown_word(message: &str) -> Option<(String, &'static str, Vec<String>)> {
    let (rest, role) = match message.strip_prefix("unknown field ") {
        Some(rest) => (rest, "key"),
        None => (message.strip_prefix("unknown variant ")?, "choice"),
    };
    let mut quoted = rest.split('`').skip(1).step_by(2).map(str::to_owned);
    Some((quoted.next()?, role, quoted.collect()))
}
