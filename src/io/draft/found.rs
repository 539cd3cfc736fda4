//! What is guessed so far, and how a layer is looked at.

use super::look::{Content, Look};
use super::said::Question;
use super::table::Table;
use crate::Result;
use crate::model::FeatureTable;

/// Tables as they are guessed first, and others that could take the place of one that turns out to be wrong.
pub(super) struct Guessed {
    pub tables: Vec<Table>,
    pub spare: Vec<Table>,
    /// What is said at the top of the file.
    pub comments: Vec<String>,
    /// Files that stand in for missing data: path from the folder and text.
    pub made: Vec<(String, String)>,
}

/// Asks, and gives the number of the choice.
pub(super) type Ask<'a> = &'a mut dyn FnMut(&Question) -> Result<usize>;

pub(super) fn areas(look: &Look) -> Option<&FeatureTable> {
    match &look.content {
        Content::Areas(table) => Some(table),
        _ => None,
    }
}

pub(super) fn points(look: &Look) -> Option<&FeatureTable> {
    match &look.content {
        Content::Points(table) => Some(table),
        _ => None,
    }
}

/// The answer to a question; one that is none of the choices counts as the safest.
pub(super) fn answer(ask: Ask<'_>, question: &Question) -> Result<usize> {
    Ok(Some(ask(question)?).filter(|answer| *answer < question.choices.len()).unwrap_or(question.safest))
}

pub(super) fn table_of(look: &Look) -> Option<&FeatureTable> {
    match &look.content {
        Content::Points(table) | Content::Lines(table) | Content::Areas(table) | Content::Table(table) => {
            Some(table)
        }
        _ => None,
    }
}

pub(super) fn areas_rows(look: &Look) -> usize {
    areas(look).map_or(0, FeatureTable::len)
}

pub(super) fn join(table: Table, file: &str, id: &str) -> Table {
    table.pairs("join", &[("file", file), ("id", id)])
}
