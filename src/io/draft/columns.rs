//! Which column of a table is the id, the name, the number of residents.

use super::look::{numbers, texts};
use super::words::{GROUPS, IDS, NAMES, RESIDENTS, SENTINELS};
use crate::model::FeatureTable;
use std::collections::HashSet;

pub(super) fn names(table: &FeatureTable) -> Vec<String> {
    table.attributes.get_column_names().into_iter().map(ToString::to_string).collect()
}

/// The column that is called like one of the known names, the first of these first; `#` in one stands for a year, of
/// which the latest counts.
pub(super) fn called(table: &FeatureTable, known: &[&str]) -> Option<String> {
    let names = names(table);
    let find = |known: &&str| match known.split_once('#') {
        None => names.iter().find(|name| name.eq_ignore_ascii_case(known)).cloned(),
        Some((before, after)) => {
            let year = |name: &&String| {
                let lower = name.to_lowercase();
                let year = lower.strip_prefix(before)?.strip_suffix(after)?;
                year_of(year).filter(|_| year.len() == 4)
            };
            names.iter().filter(|name| year(name).is_some()).max_by_key(year).cloned()
        }
    };
    known.iter().find_map(find)
}

/// As [`called`], of a column of counts: whole and half people, but no text and nothing below 0.
pub(super) fn counted(table: &FeatureTable, known: &[&str]) -> Option<String> {
    known.iter().find_map(|one| called(table, &[one]).filter(|column| is_count(table, column)))
}

/// The column that counts residents; where several years stand side by side, that of `year`, or the latest.
pub(super) fn residents(table: &FeatureTable, year: Option<i32>) -> Option<String> {
    let of_year = year.and_then(|year| {
        let known: Vec<String> = RESIDENTS
            .iter()
            .filter(|one| one.contains('#'))
            .map(|one| one.replace('#', &year.to_string()))
            .collect();
        counted(table, &known.iter().map(String::as_str).collect::<Vec<_>>())
    });
    of_year.or_else(|| counted(table, RESIDENTS))
}

pub(super) fn is_count(table: &FeatureTable, column: &str) -> bool {
    numbers(table, column).is_some_and(|values| {
        let known = || values.iter().flatten();
        known().all(|value| *value >= 0.0 && value.is_finite()) && known().sum::<f64>() > 0.0
    })
}

/// A year in a name, of a census that people remember.
pub(super) fn year_of(name: &str) -> Option<i32> {
    let digits = name.split(|letter: char| !letter.is_ascii_digit());
    digits
        .filter(|part| part.len() == 4)
        .filter_map(|part| part.parse().ok())
        .rfind(|year| (1950..=2049).contains(year))
}

/// A column with one value per row, as its name promises; `None` if row numbers must stand in.
pub(super) fn id(table: &FeatureTable) -> Option<String> {
    let candidates = IDS.iter().filter_map(|known| called(table, &[known]));
    let endings = names(table).into_iter().filter(|name| {
        let lower = name.to_lowercase();
        lower.ends_with("_id")
            || lower.ends_with("code")
            || lower.starts_with("taz")
            || lower.starts_with("objectid")
    });
    candidates.chain(endings).find(|column| is_unique(table, column))
}

/// Whether every row has a value of its own.
pub(super) fn is_unique(table: &FeatureTable, column: &str) -> bool {
    let values = texts(table, column);
    let distinct: HashSet<&String> = values.iter().flatten().collect();
    !values.is_empty() && distinct.len() == values.len()
}

/// The column with the name.
pub(super) fn name(table: &FeatureTable) -> Option<String> {
    let is_text =
        |column: &String| table.attributes.column(column).is_ok_and(|column| column.dtype().is_string());
    let ending =
        || names(table).into_iter().find(|name| name.to_lowercase().ends_with("name") && is_text(name));
    called(table, NAMES).filter(is_text).or_else(ending)
}

/// Groups of residents, where none is larger than all.
pub(super) fn groups(table: &FeatureTable, residents: &str) -> Vec<(&'static str, String)> {
    let Some(all) = numbers(table, residents) else { return Vec::new() };
    let is_part = |column: &String| {
        is_count(table, column)
            && numbers(table, column).is_some_and(|counts| {
                counts
                    .iter()
                    .zip(&all)
                    .all(|(count, all)| count.unwrap_or_default() <= all.unwrap_or_default())
            })
    };
    let find = |(name, known): &(&'static str, &[&str])| Some((*name, called(table, known).filter(is_part)?));
    GROUPS.iter().filter_map(find).collect()
}

/// The numbers of the American Community Survey for what is missing that stand in a table.
pub(super) fn sentinels(table: &FeatureTable, columns: &[(&str, String)]) -> Vec<f64> {
    let holds = |sentinel: &f64| {
        columns
            .iter()
            .any(|(_, column)| numbers(table, column).is_some_and(|values| values.contains(&Some(*sentinel))))
    };
    SENTINELS.into_iter().filter(holds).collect()
}

/// The column of `table` whose values are ids of `known`, most of them, and which share they are of the rows.
pub(super) fn ids_of(table: &FeatureTable, known: &HashSet<String>) -> Option<(String, f64)> {
    /// Share of the rows that must be ids of the other table.
    const MOST: f64 = 0.5;
    let plain = |text: &str| text.trim_start_matches('0').to_owned();
    let short: HashSet<String> = known.iter().map(|id| plain(id)).collect();
    let share = |column: &String| {
        let values = texts(table, column);
        let found = values.iter().flatten().filter(|value| short.contains(&plain(value))).count();
        found as f64 / values.len().max(1) as f64
    };
    let unique = names(table).into_iter().filter(|column| is_unique(table, column));
    let found = unique.map(|column| (share(&column), column)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (found.0 >= MOST).then_some((found.1, found.0))
}
