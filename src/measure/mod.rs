//! What a measure is: what is known of its columns, how it is run, and what becomes of what it finds.
//!
//! ```text
//!   Measure ── columns: ColumnSpec…    label, unit, meaning, how homes are summed up: nobody else knows them
//!      │
//!      └─ run(&Context) ─→ Outcome     values by Key, city records, layers, notes, or why nothing was assessed
//!            │                │
//!            │                └─→ Table: columns with their keys, for files, page, figures and Python
//!            └ homes on streets, pairs, groups, neighbours, and what earlier measures found
//! ```

mod by_area;
mod column;
mod context;
mod described;
mod detail;
pub(crate) mod groups;
mod joined;
mod key;
mod outcome;
pub(crate) mod prelude;
mod subject;
mod table;
mod trips;
mod words;

pub use by_area::Rule;
pub use column::{ColumnSpec, Scale, Theme, Unit};
pub use described::Described;
pub(crate) use described::described_table;
pub use detail::{AccessEquity, CohesionConditions, DefinitionFound, GroupCompleteness, Inequality};
pub use key::Key;
pub use outcome::Record;
pub use subject::{Of, Subject};
pub use table::Table;

pub(crate) use by_area::ByArea;
pub(crate) use column::Enough;
pub(crate) use context::{Context, neighbours, workers};
pub(crate) use detail::Detail;
pub(crate) use outcome::Outcome;
pub(crate) use table::{Columns, Values};
pub(crate) use trips::Trips;
pub(crate) use words::{capital, some, spaced, time_of_day, whole};

use crate::Result;
use std::fmt;

/// What a measure cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Need {
    /// Services of a category; without any, the measure is not assessed.
    Category(&'static str),
    /// Another measure, which runs before.
    Measure(&'static str),
}

/// One thing that is measured, with all that is known of it.
#[non_exhaustive]
pub struct Measure {
    /// Its short name: that of its file.
    pub name: &'static str,
    /// What it is called in a sentence.
    pub title: &'static str,
    /// What it needs.
    pub needs: &'static [Need],
    /// How it is measured, in a sentence or two: README's table and the methods of a summary.
    pub method: &'static str,
    /// Who defined it, where.
    pub source: &'static str,
    /// Every column that it can yield, of whatever table.
    pub columns: &'static [&'static ColumnSpec],
    pub(crate) run: fn(&Context<'_>) -> Result<Outcome>,
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Measure").field("name", &self.name).finish_non_exhaustive()
    }
}
