//! What is known of a column before it has any values.

use super::by_area::Rule;
use super::subject::Subject;
use crate::StudyArea;
use crate::access::equity::Standard;
use serde::Serialize;

/// What the numbers of a column are, which decides how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unit {
    /// 0 to 1, written as a percentage.
    Share,
    /// Minutes of travel.
    Minutes,
    /// Square kilometres.
    SquareKilometres,
    /// Things that are counted, or means of counts.
    Count,
    /// Money of the year.
    Money,
    /// A number without a unit.
    Plain,
    /// Words.
    Words,
    /// Sentences: for a profile, not for a map.
    Prose,
    /// Yes, no or unknown.
    Answer,
}

/// Which way is better, and so which way the colours run. No scale runs from red to green.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
#[non_exhaustive]
pub enum Scale {
    /// More is what people would wish for.
    MoreIsBetter,
    /// More is what people would wish to avoid.
    MoreIsWorse,
    /// More is neither.
    Neutral,
    /// Below and above `middle` are two different things.
    Diverging {
        /// The value that is neither.
        middle: f64,
    },
    /// Classes without an order.
    Classes,
}

/// What belongs together in a list of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Theme {
    /// The index of cohesion conditions and its parts.
    Cohesion,
    /// What people reach.
    Access,
    /// Who lacks what, who lives apart.
    Isolation,
    /// What other walkers lose: older adults, wheelchairs.
    Persons,
    /// Who could meet whom, and where.
    Encounter,
    /// What people feel and what is on record.
    Safety,
    /// Who lives where.
    People,
    /// What changes between two dates.
    Change,
    /// What cuts through.
    Barriers,
    /// Columns that only the study knows.
    Other,
}

/// What counts as enough of a column of homes, so that access can be reported by group.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Enough {
    /// It is not reported by group.
    NotTold,
    /// Half of the median, where nothing says how much is enough.
    HalfOfMedian,
    /// A standard.
    By(Standard),
}

/// What is known of a column, or of a family of columns that measure the same of several subjects.
///
/// Texts may name slots, which a [`Subject`] and the study fill: `{of}` (a category, group, …), `{Of}`, `{many}` and `{Many}`
/// (its plural), `{some}` ("a school", "enough jobs"), `{traveller}`, `{speed}`, `{minutes}`, and `{residents}` (what homes
/// count by). What stands in `[…]` is left out where one of its slots is empty.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ColumnSpec {
    /// Name, or pattern of the names of a family: `{of}_minutes_median`.
    pub name: &'static str,
    /// Short, begins with a capital.
    pub label: &'static str,
    /// The subject under which a list gathers several columns, and the label there; empty where it stands alone.
    pub heading: &'static str,
    /// The label below [`ColumnSpec::heading`].
    pub short: &'static str,
    /// What the numbers are.
    pub unit: Unit,
    /// Which way is better.
    pub scale: Scale,
    /// Where it stands in a list of layers.
    pub theme: Theme,
    /// One sentence: what it is.
    pub meaning: &'static str,
    /// One sentence: what it is not; empty where nothing is easily mistaken.
    pub not_meaning: &'static str,
    /// The column of homes that it sums up, and how.
    pub of_homes: Option<(&'static ColumnSpec, Rule)>,
    /// What counts as enough, where it is reported by group.
    pub(crate) enough: Option<fn(&StudyArea, &Subject) -> Enough>,
}

impl ColumnSpec {
    /// A column that is a number without a direction until more is said.
    #[must_use]
    pub const fn new(name: &'static str, theme: Theme, unit: Unit, scale: Scale) -> Self {
        Self {
            name,
            label: "",
            heading: "",
            short: "",
            unit,
            scale,
            theme,
            meaning: "",
            not_meaning: "",
            of_homes: None,
            enough: None,
        }
    }

    /// A column of words or names.
    #[must_use]
    pub const fn words(name: &'static str, theme: Theme) -> Self {
        Self::new(name, theme, Unit::Words, Scale::Classes)
    }

    /// Its label.
    #[must_use]
    pub const fn label(mut self, label: &'static str) -> Self {
        self.label = label;
        self
    }

    /// Gathers it with others of one subject, and says what it is called there.
    #[must_use]
    pub const fn under(mut self, heading: &'static str, short: &'static str) -> Self {
        (self.heading, self.short) = (heading, short);
        self
    }

    /// What it is.
    #[must_use]
    pub const fn means(mut self, meaning: &'static str) -> Self {
        self.meaning = meaning;
        self
    }

    /// What it is not.
    #[must_use]
    pub const fn does_not_mean(mut self, not_meaning: &'static str) -> Self {
        self.not_meaning = not_meaning;
        self
    }

    /// Made of a column of homes.
    #[must_use]
    pub const fn sums_up(mut self, homes: &'static ColumnSpec, rule: Rule) -> Self {
        self.of_homes = Some((homes, rule));
        self
    }

    /// It is reported by group, by what is enough.
    #[must_use]
    pub(crate) const fn shared_out(mut self, enough: fn(&StudyArea, &Subject) -> Enough) -> Self {
        self.enough = Some(enough);
        self
    }

    /// Whether it is the very same column.
    #[must_use]
    pub fn is(&self, other: &ColumnSpec) -> bool {
        std::ptr::eq(self, other) || self.name == other.name
    }
}

impl PartialEq for ColumnSpec {
    fn eq(&self, other: &Self) -> bool {
        self.is(other)
    }
}
