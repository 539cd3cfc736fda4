//! What belongs to a date: figures by year, and timetables with a usual day.

use super::columns::{called, id, ids_of, is_count, residents, sentinels, year_of};
use super::found::{Guessed, table_of};
use super::look::{Content, Look, texts};
use super::said::LeftOut;
use super::table::{Table, quoted};
use super::words::INDICATORS;
use crate::model::known_indicators;
use crate::model::transit::{Feed, NaiveDate, days_between};
use std::collections::{BTreeSet, HashSet};

/// Figures by neighbourhood and year, or by areas of their own.
pub(super) fn indicators(free: &[&Look], left_out: &mut Vec<LeftOut>, found: &mut Guessed) {
    let Some(chosen) = found.tables.iter().find(|table| table.heading == "[neighbourhoods]") else { return };
    let file = chosen.file.clone();
    let known: HashSet<String> = free
        .iter()
        .find(|look| look.file == file)
        .and_then(|look| table_of(look))
        .and_then(|table| Some(texts(table, &id(table)?).into_iter().flatten().collect()))
        .unwrap_or_default();
    let mut years = BTreeSet::new();
    let is_used = |look: &Look, found: &Guessed| found.tables.iter().any(|table| table.file == look.file);
    for look in free {
        let Some(table) = table_of(look) else { continue };
        let mut columns: Vec<(&str, String)> =
            INDICATORS.iter().filter_map(|(ours, theirs)| Some((*ours, called(table, theirs)?))).collect();
        for ours in known_indicators::ALL {
            if let (false, Some(column)) =
                (columns.iter().any(|(known, _)| *known == ours), called(table, &[ours]))
            {
                columns.push((ours, column));
            }
        }
        let has_people = columns.iter().any(|(ours, _)| *ours == known_indicators::POPULATION);
        if let (false, Some(people)) = (has_people, residents(table, year_of(&look.file))) {
            columns.push((known_indicators::POPULATION, people));
        }
        let is_plain = matches!(look.content, Content::Table(_));
        columns.retain(|(ours, theirs)| {
            is_plain || is_count(table, theirs) && !known_indicators::SHARES.contains(ours)
        });
        let (false, Some(year)) = (columns.is_empty(), year_of(&look.file)) else {
            if !columns.is_empty() && is_plain && ids_of(table, &known).is_some() {
                let why = "figures by neighbourhood, but neither its name nor its folder says the year: add it as `[[indicators]]`";
                left_out.push(LeftOut { file: look.file.clone(), why: why.to_owned() });
            }
            continue;
        };
        let missing = sentinels(table, &columns);
        let missing: Vec<String> = missing.iter().map(|number| format!("{number}")).collect();
        let written = match &look.content {
            Content::Table(_) => {
                let Some((column, _)) = ids_of(table, &known) else { continue };
                let renamed: Vec<_> =
                    columns.iter().filter(|(ours, theirs)| ours != theirs).cloned().collect();
                let why = format!("its ids are those of the neighbourhoods, and its name says {year}");
                let written = Table::new("[[indicators]]", &look.file, why).value("year", year.to_string());
                let written = if column == "id" { written } else { written.text("id", &column) };
                written.pairs("columns", &renamed)
            }
            Content::Areas(_) if look.file != file && !is_used(look, found) && years.insert(year) => {
                let why = format!(
                    "areas with figures of {year} and boundaries of their own, carried onto the neighbourhoods by the homes in both"
                );
                let written = Table::new("[[indicators]]", &look.file, why).value("year", year.to_string());
                written
                    .value("own_boundaries", "true")
                    .maybe("id", id(table).as_deref())
                    .pairs("columns", &columns)
            }
            _ => continue,
        };
        let written = if missing.is_empty() {
            written
        } else {
            written.value("missing", format!("[{}]", missing.join(", ")))
        };
        found.tables.push(written);
    }
}

/// Timetables, and a usual day of service.
pub(super) fn timetables(looks: &[Look], found: &mut Guessed) {
    let feeds: Vec<(&Look, &Feed)> = looks
        .iter()
        .filter_map(|look| match &look.content {
            Content::Feed(feed) if feed.range().is_some() => Some((look, &**feed)),
            _ => None,
        })
        .collect();
    let Some(day) = usual_day(&feeds) else { return };
    for (look, feed) in &feeds {
        let range =
            feed.range().map(|(first, last)| format!(", valid from {first} to {last}")).unwrap_or_default();
        let why = format!("a timetable (GTFS) of {} trips{range}", feed.trips.len());
        found.tables.push(Table::new("[[transit]]", &look.file, why));
    }
    let why = format!(
        "the first day from Tuesday to Thursday with the most trips (a {}); the morning is the usual time to ask about",
        day.format("%A")
    );
    found.tables.push(Table {
        heading: "[transit_times]",
        layer: "study.toml, transit_times".into(),
        file: String::new(),
        keys: vec![("date".into(), day.to_string()), ("depart".into(), quoted("7:00-9:00"))],
        why,
    });
}

/// The first day from Tuesday to Thursday with the most trips of all timetables; of one that never runs then, any day.
fn usual_day(feeds: &[(&Look, &Feed)]) -> Option<NaiveDate> {
    let ranges = feeds.iter().filter_map(|(_, feed)| feed.range());
    let (first, last) = ranges.reduce(|(a, b), (from, to)| (a.min(from), b.max(to)))?;
    let trips = |day: NaiveDate| feeds.iter().map(|(_, feed)| feed.trips_on(day)).sum::<usize>();
    let running = |day: NaiveDate| feeds.iter().filter(|(_, feed)| feed.trips_on(day) > 0).count();
    let is_midweek = |day: &NaiveDate| matches!(day.format("%u").to_string().as_str(), "2" | "3" | "4");
    let best = |days: &mut dyn Iterator<Item = NaiveDate>| {
        let counted = days.map(|day| (running(day), trips(day), day)).filter(|(running, ..)| *running > 0);
        counted
            .reduce(|best, next| if (next.0, next.1) > (best.0, best.1) { next } else { best })
            .map(|best| best.2)
    };
    best(&mut days_between(first, last).filter(is_midweek)).or_else(|| best(&mut days_between(first, last)))
}
