//! Places that people need, green space and work among layers of points and areas.

use super::columns::{called, counted, id, is_count, name, names};
use super::look::{Content, Look, cells, numbers, texts};
use super::table::{Table, bare, quoted};
use super::words::{GREEN, JOBS, category_of, says, says_any, words_of};
use crate::io::study::services::OTHER_WORDS;
use crate::model::{FeatureTable, category};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// A table of services, with its categories.
pub(super) type Services = (Table, BTreeSet<String>);

/// What a layer of points or areas says of services; `Err` with the reason where its name says places for some people only.
pub(super) fn services(look: &Look, table: &FeatureTable) -> Result<Option<Services>, String> {
    if let Some(found) = by_column(look, table) {
        return Ok(Some(found));
    }
    match category_of(&look.words) {
        Err(word) => {
            Err(format!("its name says `{word}`: places for some people stand for none of everybody's"))
        }
        Ok(None) => Ok(None),
        Ok(Some(category)) => {
            let why = format!("the file's name says {}", category.replace('_', " "));
            let service = Table::new("[[services]]", &look.file, why).text("category", category);
            let capacity = counted(table, &["capacity"]);
            let service = service.maybe("id", id(table).as_deref()).maybe("name", name(table).as_deref());
            let service = open_ones(service.maybe("capacity", capacity.as_deref()), table);
            let hours = called(table, &["opening_hours"]);
            Ok(Some((
                service.maybe("opening_hours", hours.as_deref()),
                BTreeSet::from([category.to_owned()]),
            )))
        }
    }
}

/// Keeps the rows that a column says are open, where it says of others that they are not.
fn open_ones(service: Table, table: &FeatureTable) -> Table {
    const OPEN: [&str; 4] = ["active", "open", "operational", "operating"];
    /// A status with more values than this is a remark.
    const MOST: usize = 8;
    let Some(column) = called(table, &["status", "site_status"]) else { return service };
    let values: BTreeSet<String> = texts(table, &column).into_iter().flatten().collect();
    let open: Vec<&String> =
        values.iter().filter(|value| OPEN.contains(&value.to_lowercase().as_str())).collect();
    if open.is_empty() || open.len() == values.len() || values.len() > MOST {
        return service;
    }
    let open: Vec<String> = open.into_iter().map(|value| quoted(value)).collect();
    let why = format!("{}; only what `{column}` says is open", service.why);
    let service = Table { why, ..service };
    service.value("where", format!("{{ {} = [{}] }}", bare(&column), open.join(", ")))
}

/// A column whose values are categories.
fn by_column(look: &Look, table: &FeatureTable) -> Option<Services> {
    for column in ["category", "amenity", "kind", "type"].iter().filter_map(|one| called(table, &[one])) {
        let values: BTreeSet<String> = texts(table, &column).into_iter().flatten().collect();
        let known = |value: &str| {
            let plain = value.to_lowercase();
            let ours = category::ALL.into_iter().chain([category::BENCH]).find(|one| *one == plain);
            ours.or_else(|| OTHER_WORDS.iter().find(|(word, _)| *word == plain).map(|(_, ours)| *ours))
        };
        let map: BTreeMap<&str, &str> =
            values.iter().filter_map(|value| Some((value.as_str(), known(value)?))).collect();
        let mapped =
            texts(table, &column).iter().flatten().filter(|value| map.contains_key(value.as_str())).count();
        // A column in which most rows are something else says another thing.
        if map.is_empty() || 2 * mapped < table.len() {
            continue;
        }
        let why = format!("`{column}` says what each row is");
        let service = Table::new("[[services]]", &look.file, why).text("category_column", &column);
        let pairs: Vec<(&str, &str)> = map.iter().map(|(theirs, ours)| (*theirs, *ours)).collect();
        // Categories of the study's own stay, unless others must be renamed.
        let service = if map.iter().all(|(theirs, ours)| theirs == ours) {
            service
        } else {
            service.pairs("categories", &pairs)
        };
        let found = map.values().map(|one| (*one).to_owned()).collect();
        let capacity = counted(table, &["capacity"]);
        return Some((
            service.maybe("id", id(table).as_deref()).maybe("capacity", capacity.as_deref()),
            found,
        ));
    }
    None
}

/// Services that cells of a grid count: one table per column.
pub(super) fn counts(look: &Look, table: &FeatureTable) -> Vec<Services> {
    if cells(table).is_none() {
        return Vec::new();
    }
    let count = |column: String| {
        let category = category_of(&words_of(&column)).ok()??;
        let is_whole = numbers(table, &column)?.iter().flatten().all(|number| number.fract() == 0.0);
        (is_whole && is_count(table, &column)).then(|| {
            let why = format!("`{column}` counts places by cell, of the kind {}", category.replace('_', " "));
            let service = Table::new("[[services]]", &look.file, why).text("category", category);
            let service = service.text("count", &column);
            (service, BTreeSet::from([category.to_owned()]))
        })
    };
    names(table).into_iter().filter_map(count).collect()
}

/// Areas whose file is called after parks.
pub(super) fn green(look: &Look, table: &FeatureTable, looks: &[Look]) -> Option<Table> {
    if !says_any(&look.words, GREEN) {
        return None;
    }
    let found = Table::new("[[green_space]]", &look.file, "areas, and the file's name says parks");
    let id = id(table);
    let found = found.maybe("id", id.as_deref()).maybe("name", name(table).as_deref());
    let known: HashSet<String> = texts(table, id.as_deref()?).into_iter().flatten().collect();
    let entrances = looks.iter().find_map(|other| match &other.content {
        Content::Points(points) if says(&other.words, "entrance") && says_any(&other.words, GREEN) => {
            let is_park = |column: &String| {
                let parks = texts(points, column);
                !parks.is_empty() && parks.iter().flatten().all(|park| known.contains(park))
            };
            Some((other.file.clone(), names(points).into_iter().find(is_park)?))
        }
        _ => None,
    });
    match entrances {
        Some((file, column)) => Some(found.text("entrances", &file).text("entrances_park", &column)),
        None => Some(found),
    }
}

/// Places of work: a count of jobs, in a file that is about work or in cells that count people too.
pub(super) fn jobs(look: &Look, table: &FeatureTable, residents: Option<&str>) -> Option<Table> {
    let column = counted(table, JOBS)?;
    let is_about_work = says_any(&look.words, &["job", "work", "workplace", "employment"]);
    if !is_about_work && residents.is_none() && !column.eq_ignore_ascii_case("jobs") {
        return None;
    }
    let why = format!("`{column}` counts jobs");
    let jobs = Table::new("[jobs]", &look.file, why).maybe("id", id(table).as_deref());
    Some(jobs.text("jobs", &column))
}
