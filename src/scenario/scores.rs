//! Every score of every neighbourhood before and after, from two assessments; what a scenario does not model is marked.

use super::change::{Change, Scenario};
use crate::Assessment;
use crate::measure::{Key, Table, Theme};

/// What happened to a score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// It is another number than before.
    Changed,
    /// It is the same number.
    Same,
    /// It is not known before or after.
    Unknown,
    /// It comes from a census or a survey, which a scenario does not model: neither changed nor confirmed.
    NotModelled,
}

impl State {
    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Unknown => "unknown",
            Self::NotModelled => "not modelled",
        }
    }
}

/// One score of one neighbourhood, or of the city.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ScoreChange {
    /// Number of the neighbourhood; `None` for the city.
    pub neighbourhood: Option<usize>,
    /// What was measured.
    pub key: Key,
    /// Before.
    pub before: Option<f64>,
    /// After; `None` where it is not modelled.
    pub after: Option<f64>,
    /// What happened to it.
    pub state: State,
}

impl ScoreChange {
    /// After less before; `None` where either is not known.
    #[must_use]
    pub fn change(&self) -> Option<f64> {
        Some(self.after? - self.before?)
    }
}

/// Every score, neighbourhood by neighbourhood in the order of the study, then the city.
pub type Scores = Vec<ScoreChange>;

/// Compares two assessments of the same neighbourhoods.
///
/// - `scenario`: what lies between them. Indicators of a census or survey count as modelled where it sets one.
#[must_use]
pub fn scores(before: &Assessment, after: &Assessment, scenario: &Scenario) -> Scores {
    let sets_indicators = scenario.changes.iter().any(|change| matches!(change, Change::SetIndicator { .. }));
    let is_modelled = |key: &Key| {
        sets_indicators || !matches!(key.column.theme, Theme::Change | Theme::Safety | Theme::Other)
    };
    let mut found = Vec::new();
    let (was, is) = (before.neighbourhoods(), after.neighbourhoods());
    for key in was.keys() {
        let Some(values) = numbers(was, key) else { continue };
        let later = numbers(is, key).unwrap_or_else(|| vec![None; values.len()]);
        for (place, (value, later)) in values.into_iter().zip(later).enumerate() {
            found.push(one(Some(place), key, (value, later), is_modelled(key)));
        }
    }
    for record in &before.city {
        let later = after.city.iter().find(|other| other.key == record.key).map(|other| other.value);
        found.push(one(None, &record.key, (Some(record.value), later), is_modelled(&record.key)));
    }
    found
}

fn numbers(table: &Table, key: &Key) -> Option<Vec<Option<f64>>> {
    table.values(&key.name(table.weight())).ok()
}

fn one(
    neighbourhood: Option<usize>,
    key: &Key,
    (before, after): (Option<f64>, Option<f64>),
    is_modelled: bool,
) -> ScoreChange {
    let state = match (is_modelled, before, after) {
        (false, ..) => State::NotModelled,
        (true, Some(before), Some(after)) if before.to_bits() == after.to_bits() => State::Same,
        (true, Some(_), Some(_)) => State::Changed,
        (true, ..) => State::Unknown,
    };
    ScoreChange { neighbourhood, key: key.clone(), before, after: after.filter(|_| is_modelled), state }
}
