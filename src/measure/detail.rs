//! Results that are more than columns and records.

use crate::access::equity::{GroupAccess, Standard};
use crate::scores::cohesion::{Index, Uncertainty};

/// The index of cohesion conditions and the ranges of its ranks.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CohesionConditions {
    /// The index over the neighbourhoods.
    pub index: Index,
    /// How robust its ranks are.
    pub uncertainty: Uncertainty,
}

/// One definition of gentrification over the study.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DefinitionFound {
    /// Its short name, which its columns carry.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Who published it, where.
    pub source: String,
    /// The years that it compares.
    pub years: Vec<i32>,
    /// Neighbourhoods that it judges.
    pub applicable: usize,
    /// Neighbourhoods that gentrify by it.
    pub flagged: usize,
    /// Neighbourhoods whose class changes in more than one draw in five; `None` without margins of error.
    pub not_robust: Option<usize>,
    /// What it compares with, over the neighbourhoods of the study.
    pub thresholds: Vec<(String, Option<f64>)>,
}

/// One measure of access over all homes: who has how much, and how unequally.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AccessEquity {
    /// Its column in the table of homes.
    pub measure: String,
    /// What the column is called.
    pub label: String,
    /// Whether a summary leaves it to the file: one of many classes.
    pub is_detail: bool,
    /// What counts as enough.
    pub standard: Standard,
    /// Everybody, then each group of the study that is not a small count.
    pub groups: Vec<GroupAccess>,
    /// Of amounts, not of minutes: those have no total to share.
    pub inequality: Option<Inequality>,
}

/// How unequally an amount is shared among residents.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Inequality {
    /// Gini index; `None` if nobody has any.
    pub gini: Option<f64>,
    /// Mean of the residents of the richest neighbourhoods (10 % of all) over that of the poorest (40 %); `None` where no
    /// income is known, as of all below that ask for it.
    pub palma: Option<f64>,
    /// Concentration index by income of the neighbourhood: above 0 the better-off have more.
    pub concentration: Option<f64>,
    /// Share of residents below the standard, its depth and its severity (Foster-Greer-Thorbecke).
    pub poverty: Option<[f64; 3]>,
    /// Share of all access that the first 0, 1, … 100 % of the residents have, those with the least first: over homes.
    pub lorenz: Option<Vec<f64>>,
    /// The same with the residents of the poorest neighbourhoods first.
    pub concentration_curve: Option<Vec<f64>>,
}

/// How complete everyday life is for a group: whether all categories of services lie within 15 minutes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GroupCompleteness {
    /// As the user named it; "everybody" for all residents.
    pub group: String,
    /// Share of them with every category near, 0 to 1.
    pub share: Option<f64>,
    /// The category whose addition would lift that share most, and to what; `None` if no single one would.
    pub missing: Option<(String, f64)>,
}

/// What the report needs beyond columns and records.
#[derive(Debug)]
pub(crate) enum Detail {
    Cohesion(Box<CohesionConditions>),
    Change(Vec<DefinitionFound>),
    Equity(Vec<AccessEquity>, Vec<GroupCompleteness>),
}
