//! Which areas are the neighbourhoods, and which the districts above them.

use super::columns::{id, is_unique, name};
use super::found::{Ask, Guessed, answer, areas};
use super::look::{Content, Look, cells};
use super::said::Question;
use super::services::{green, services};
use super::stand_in::hexagons;
use super::table::Table;
use super::words::{DISTRICTS, area_rank, says_any};
use crate::Result;
use crate::io::osm::OsmExtract;
use std::collections::BTreeMap;

/// Chooses the neighbourhoods; gives the level of boundaries where those of the extract are chosen.
pub(super) fn neighbourhoods(
    free: &[&Look],
    extract: Option<(&Look, &OsmExtract)>,
    looks: &[Look],
    found: &mut Guessed,
    ask: Ask<'_>,
) -> Result<Option<u8>> {
    /// Rank from which a layer may well be meant.
    const LIKELY: u32 = 50;
    /// More areas than this are no neighbourhoods that people know.
    const MOST: usize = 5_000;
    struct Candidate {
        rank: u32,
        rows: usize,
        words: String,
        table: Option<Table>,
        level: Option<u8>,
        is_district: bool,
    }
    let mut candidates = Vec::new();
    for look in free {
        let (table, cell) = match &look.content {
            Content::Areas(table) => (table, cells(table)),
            Content::Points(table) | Content::Table(table) => match cells(table) {
                Some(cell) => (table, Some(cell)),
                None => continue,
            },
            _ => continue,
        };
        let is_other =
            green(look, table, looks).is_some() || matches!(services(look, table), Ok(Some(_)) | Err(_));
        if is_other || !(2..=MOST).contains(&table.len()) {
            continue;
        }
        let (rank, word) = area_rank(&look.words);
        let rank = if cell.is_some() { rank.max(50) } else { rank };
        let why = match word {
            Some(word) => format!("{} areas, and the file's name says {word}", table.len()),
            None => format!("{} areas", table.len()),
        };
        let written = Table::new("[neighbourhoods]", &look.file, why).maybe("h3", cell.as_deref());
        let written = written.maybe("id", id(table).as_deref()).maybe("name", name(table).as_deref());
        candidates.push(Candidate {
            rank,
            rows: table.len(),
            words: format!("`{}` ({} areas)", look.file, table.len()),
            table: Some(written),
            level: None,
            is_district: says_any(&look.words, DISTRICTS)
                && name(table).is_some_and(|name| is_unique(table, &name)),
        });
    }
    if let Some((look, extract)) = extract {
        let mut levels: BTreeMap<u8, usize> = BTreeMap::new();
        extract
            .boundaries
            .iter()
            .filter_map(|one| one.admin_level)
            .for_each(|level| *levels.entry(level).or_default() += 1);
        for (level, rows) in levels.into_iter().filter(|(_, rows)| (2..=MOST).contains(rows)) {
            let rank = match level {
                10 => 90,
                9 => 88,
                11 => 70,
                8 => 60,
                _ => 15,
            };
            let words = format!("the {rows} boundaries of admin_level {level} in `{}`", look.file);
            candidates.push(Candidate {
                rank,
                rows,
                words,
                table: None,
                level: Some(level),
                is_district: false,
            });
        }
    }
    candidates.sort_by(|a, b| b.rank.cmp(&a.rank).then(a.rows.cmp(&b.rows)));
    let likely = candidates.iter().filter(|one| one.rank >= LIKELY).count();
    if likely > 1 {
        let question = Question {
            text: "Which areas are the neighbourhoods?".into(),
            choices: candidates[..likely].iter().map(|one| one.words.clone()).collect(),
            safest: 0,
        };
        let chosen = candidates.remove(answer(ask, &question)?);
        candidates.insert(0, chosen);
    }
    let boundary = free.iter().find_map(|look| areas(look).filter(|table| table.len() == 1));
    let source = looks.iter().filter_map(|look| match &look.content {
        Content::Extract(_) | Content::Lines(_) => Some(&look.content),
        _ => None,
    });
    let stand_in = hexagons(source, boundary);
    let mut level = None;
    if !candidates.is_empty() {
        let chosen = candidates.remove(0);
        level = chosen.level;
        found.tables.extend(chosen.table);
        // A council's districts are fewer than the neighbourhoods in them.
        let at = candidates.iter().position(|one| one.is_district && one.rows * 2 <= chosen.rows);
        if let Some(districts) = at.and_then(|at| candidates[at].table.clone()) {
            let mut districts = Table { heading: "[districts]", layer: "districts".into(), ..districts };
            districts.why = format!("{}: a second level, above the neighbourhoods", districts.why);
            found.tables.push(districts);
        }
        found.spare.extend(candidates.into_iter().filter_map(|one| one.table));
        if level.is_none()
            && let Some((table, made)) = stand_in
        {
            found.spare.push(table);
            found.made.push(made);
        }
    } else if let Some((table, made)) = stand_in {
        found.tables.push(table);
        found.made.push(made);
    }
    Ok(level)
}
