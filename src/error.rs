//! What can go wrong, where in the user's data it went wrong, and what to do about it.

use std::fmt::{self, Write as _};
use std::sync::Arc;

/// Result of every fallible function of this library.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kinds of failure that a caller may want to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A file could not be opened, read or written.
    Io,
    /// A file is not what its format says it is.
    Format,
    /// A column is missing, or has the wrong type.
    Column,
    /// A single value is out of its range.
    Value,
    /// A geometry is empty, invalid or of the wrong type.
    Geometry,
    /// A coordinate reference system is missing, unknown or does not fit the data.
    Crs,
    /// The study as a whole does not hold together.
    Study,
    /// An argument of a function is out of its range.
    Parameter,
    /// The caller asked to stop.
    Cancelled,
}

/// A place in the user's own data.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Position {
    /// Name of the layer, or the path of the file.
    pub layer: Option<String>,
    /// Row in the layer, counted from 1 as a spreadsheet does without its heading.
    pub row: Option<usize>,
    /// The row's own id.
    pub id: Option<String>,
    /// Name of the column.
    pub column: Option<String>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            self.layer.as_ref().map(|layer| format!("layer `{layer}`")),
            self.row.map(|row| format!("row {row}")),
            self.id.as_ref().map(|id| format!("id `{id}`")),
            self.column.as_ref().map(|column| format!("column `{column}`")),
        ];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}

/// An error that a planner can act on: what, where, and a hint.
///
/// ```
/// use commonground::{Error, ErrorKind};
/// let error = Error::new(ErrorKind::Value, "`median_rent` is negative (-340)")
///     .in_layer("housing")
///     .at_row(218)
///     .hint("missing values must be empty cells, not negative numbers");
/// assert_eq!(
///     error.to_string(),
///     "`median_rent` is negative (-340)\n  in layer `housing`, row 218\n\
///      hint: missing values must be empty cells, not negative numbers"
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    kind: ErrorKind,
    message: String,
    position: Position,
    hint: Option<String>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// Errors are equal that say the same, whatever caused them.
impl PartialEq for Inner {
    fn eq(&self, other: &Self) -> bool {
        let said = |one: &Self| (one.kind, one.position.clone(), one.hint.clone());
        self.message == other.message && said(self) == said(other)
    }
}

impl Eq for Inner {}

impl Error {
    /// An error of `kind`; `message` is lower case, with values in backticks.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let (message, position) = (message.into(), Position::default());
        Self(Box::new(Inner { kind, message, position, hint: None, source: None }))
    }

    /// Names the layer, unless one is named already.
    #[must_use]
    pub fn in_layer(mut self, layer: impl Into<String>) -> Self {
        self.0.position.layer.get_or_insert_with(|| layer.into());
        self
    }

    /// Names the layer that a file belongs to; the file, where one is named already, goes before the message.
    #[must_use]
    pub fn in_layer_of_file(mut self, layer: impl Into<String>) -> Self {
        if let Some(file) = self.0.position.layer.replace(layer.into()) {
            self.0.message = format!("`{file}`: {}", self.0.message);
        }
        self
    }

    /// Names the row, counted from 1.
    #[must_use]
    pub fn at_row(mut self, row: usize) -> Self {
        self.0.position.row = Some(row);
        self
    }

    /// Names the row's id.
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.0.position.id = Some(id.into());
        self
    }

    /// Names the column.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.0.position.column = Some(column.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Keeps the error of a library or of the operating system that is behind it: [`std::error::Error::source`].
    #[must_use]
    pub fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.source = Some(Arc::new(source));
        self
    }

    /// What kind of failure this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The message alone, without position and hint.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it, where that is known.
    #[must_use]
    pub fn hint_text(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }

    /// Where in the user's data it happened.
    #[must_use]
    pub fn position(&self) -> &Position {
        &self.0.position
    }

    /// The error that a cancelled long step returns.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "stopped before the work was done")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.0.message.clone();
        if self.0.position != Position::default() {
            write!(text, "\n  in {}", self.0.position)?;
        }
        if let Some(hint) = &self.0.hint {
            write!(text, "\nhint: {hint}")?;
        }
        for (number, line) in text.split('\n').enumerate() {
            let end_of_last = if number > 0 { "\n" } else { "" };
            write!(f, "{end_of_last}{}", written_out(line.chars()))?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// A value from a file within backticks: what is long is cut, and no letter moves the cursor of a terminal.
#[cfg(feature = "study")]
pub(crate) fn quoted(value: &str) -> String {
    const LONGEST: usize = 40;
    format!("`{}`", shortened(value, LONGEST))
}

/// Letters with the control characters among them written out: names come from files, and none may move the cursor of a
/// terminal, or colour it.
fn written_out(letters: impl Iterator<Item = char>) -> String {
    let shown = |letter: char| match letter.is_control() {
        true => letter.escape_default().collect::<Vec<_>>(),
        false => vec![letter],
    };
    letters.flat_map(shown).collect()
}

/// The first letters of a text, with control characters written out.
#[cfg(feature = "study")]
pub(crate) fn shortened(value: &str, longest: usize) -> String {
    let mut text = written_out(value.chars().take(longest));
    if value.chars().nth(longest).is_some() {
        text.push('…');
    }
    text
}

/// The known word nearest to a wrong one, if any is near.
#[cfg(feature = "study")]
pub(crate) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// Jaro-Winkler similarity from which two words look like one misspelt.
    const NEAR: f64 = 0.75;
    let lower = wrong.to_lowercase();
    known
        .map(|word| (word, strsim::jaro_winkler(&lower, &word.to_lowercase())))
        .filter(|(_, similarity)| *similarity >= NEAR)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_moves_no_cursor() {
        let error = Error::new(ErrorKind::Value, "`\u{1b}[31mred` is twice").hint("see\nbelow");
        assert_eq!(error.to_string(), "`\\u{1b}[31mred` is twice\nhint: see\nbelow");
    }
}
