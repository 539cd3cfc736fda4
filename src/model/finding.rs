//! What a check found: errors that stop the study, and things the reader of a result should know.

use crate::Error;
use std::fmt;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// An assumption or a count that belongs in the report.
    Note,
    /// Something was repaired, dropped or looks wrong; the study goes on.
    Warning,
    /// The study cannot be trusted; it stops.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing that a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// What, where, and a hint. (A note is written in the same words as an error.)
    pub error: Error,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.severity, self.error)
    }
}

/// All that a check found, in the order it was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds something that stops the study.
    pub fn error(&mut self, error: Error) {
        self.0.push(Finding { severity: Severity::Error, error });
    }

    /// Adds something that was repaired, dropped or looks wrong.
    pub fn warning(&mut self, error: Error) {
        self.0.push(Finding { severity: Severity::Warning, error });
    }

    /// Adds an assumption or a count.
    pub fn note(&mut self, error: Error) {
        self.0.push(Finding { severity: Severity::Note, error });
    }

    /// Takes over the findings of another check.
    pub fn append(&mut self, other: Findings) {
        self.0.extend(other.0);
    }

    /// All findings in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.0.iter()
    }

    /// The findings of one severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding> {
        self.0.iter().filter(move |finding| finding.severity == severity)
    }

    /// Whether something stops the study.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.of(Severity::Error).next().is_some()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
