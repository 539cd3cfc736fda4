//! The name of a value: what was measured, which column of it, and of whom or what.

use super::column::ColumnSpec;
use super::subject::Subject;
use super::words::fill;
use crate::model::Weight;
use std::fmt;

/// The typed name of a value. Formatted to the name of a column here, and read back nowhere.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Key {
    /// The measure that it is of.
    pub measure: &'static str,
    /// Which of its columns.
    pub column: &'static ColumnSpec,
    /// Of whom or what.
    pub subject: Subject,
}

impl Key {
    /// The name of the column, in a study whose homes count by `weight`: the only place where names are made.
    #[must_use]
    pub fn name(&self, weight: Weight) -> String {
        fill(self.column.name, &|slot| self.subject.in_name(slot, weight))
    }

    /// The label, in a study whose homes count by `weight`.
    #[must_use]
    pub fn label(&self, weight: Weight) -> String {
        self.subject.said(self.column.label, weight)
    }
}

impl ColumnSpec {
    /// Its key for a subject.
    #[must_use]
    pub const fn key(&'static self, measure: &'static str, subject: Subject) -> Key {
        Key { measure, column: self, subject }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.name(Weight::Residents))
    }
}
