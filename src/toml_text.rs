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
        let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
        let place = line.map_or(name.to_owned(), |line| format!("{name}, line {line}"));
        explained(error.message(), what, kind).in_layer(place)
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
