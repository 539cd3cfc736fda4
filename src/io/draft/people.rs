//! Where people live, and where they work by census block.

use super::columns::{called, counted, groups, id, ids_of, is_unique, names, residents, year_of};
use super::found::{Ask, Guessed, answer, areas, areas_rows, join, table_of};
use super::look::{Content, Look, texts};
use super::said::Question;
use super::services::services;
use super::table::Table;
use super::words::{DWELLINGS, says_any};
use crate::Result;
use crate::model::FeatureTable;
use std::collections::HashSet;

/// How many areas the neighbourhoods are, if a file gives them.
fn rows_of(heading: &str, free: &[&Look], found: &Guessed) -> Option<usize> {
    let file = &found.tables.iter().find(|table| table.heading == heading)?.file;
    let look = free.iter().find(|look| look.file == *file)?;
    table_of(look).map(FeatureTable::len)
}

/// Where people live: points or areas that count residents, and tables that count them by the ids of areas.
pub(super) fn homes(free: &[&Look], found: &mut Guessed, ask: Ask<'_>) -> Result<()> {
    /// Layers with so many times fewer rows than the finest are coarser, whatever their year.
    const AS_FINE: usize = 3;
    let coarsest = rows_of("[neighbourhoods]", free, found).unwrap_or(2);
    let mut candidates: Vec<(usize, i32, Table)> = Vec::new();
    for look in free {
        let (Some(table), true) =
            (table_of(look), matches!(look.content, Content::Points(_) | Content::Areas(_)))
        else {
            continue;
        };
        if matches!(services(look, table), Ok(Some(_)) | Err(_)) || table.len() < coarsest {
            continue;
        }
        let year = year_of(&look.file);
        if let Some(residents) = residents(table, year) {
            let why = format!("`{residents}` counts residents of {} places", table.len());
            let written = Table::new("[homes]", &look.file, why).maybe("id", id(table).as_deref());
            let written = written.text("residents", &residents).pairs("groups", &groups(table, &residents));
            candidates.push((table.len(), year.or_else(|| year_of(&residents)).unwrap_or(i32::MAX), written));
        } else if says_any(&look.words, &["home", "address", "dwelling", "building", "household"]) {
            let dwellings = counted(table, DWELLINGS);
            let why = "the file's name says homes; nobody counts who lives there";
            let written = Table::new("[homes]", &look.file, why).maybe("id", id(table).as_deref());
            candidates.push((
                table.len(),
                year.unwrap_or(i32::MAX),
                written.maybe("dwellings", dwellings.as_deref()),
            ));
        }
    }
    for look in free {
        let Content::Table(table) = &look.content else { continue };
        let Some(residents) = residents(table, year_of(&look.file)) else { continue };
        if let Some((areas, ours, theirs)) =
            joined(free, table).filter(|(areas, ..)| areas_rows(areas) >= coarsest)
        {
            let why = format!(
                "`{residents}` of `{}` counts residents of its {} areas",
                look.file,
                areas_rows(areas)
            );
            let written = Table::new("[homes]", &areas.file, why).text("id", &ours);
            let written = join(written, &look.file, &theirs).text("residents", &residents);
            candidates.push((areas_rows(areas), year_of(&look.file).unwrap_or(i32::MAX), written));
        }
    }
    let finest = candidates.iter().map(|(rows, ..)| *rows).max().unwrap_or_default();
    candidates.sort_by_key(|(rows, year, _)| {
        (rows * AS_FINE < finest, std::cmp::Reverse(*year), std::cmp::Reverse(*rows))
    });
    if candidates.len() > 1 {
        let choices =
            candidates.iter().map(|(.., table)| format!("`{}`: {}", table.file, table.why)).collect();
        let question = Question { text: "Which layer says where people live?".into(), choices, safest: 0 };
        let chosen = candidates.remove(answer(ask, &question)?);
        candidates.insert(0, chosen);
    }
    let mut tables = candidates.into_iter().map(|(.., table)| table);
    if let Some(first) = tables.next() {
        // People by cell of a raster were found by the name of their file; homes of the city's own are better.
        if let Some(at) = found.tables.iter().position(|table| table.heading == "[homes]") {
            let raster = found.tables.remove(at);
            found.spare.push(raster);
        }
        found.tables.push(first);
    }
    found.spare.extend(tables);
    Ok(())
}

/// The layer of areas whose ids a table has, with both columns; running numbers are ids of nothing.
pub(super) fn joined<'a>(free: &[&'a Look], table: &FeatureTable) -> Option<(&'a Look, String, String)> {
    let mut best: Option<(usize, f64, &Look, String, String)> = None;
    for look in free {
        let Some(areas) = areas(look) else { continue };
        let ids = names(areas).into_iter().filter(|column| {
            let lower = column.to_lowercase();
            let is_id = lower == "id"
                || ["id", "code", "geoid", "geoid10", "geoid20", "fips", "taz", "zone"]
                    .iter()
                    .any(|end| lower.ends_with(end))
                || lower.starts_with("taz");
            is_id && !lower.starts_with("objectid") && is_unique(areas, column)
        });
        for column in ids {
            let known: HashSet<String> = texts(areas, &column).into_iter().flatten().collect();
            let Some((theirs, share)) = ids_of(table, &known) else { continue };
            if best.as_ref().is_none_or(|(rows, most, ..)| (share, areas.len()) > (*most, *rows)) {
                best = Some((areas.len(), share, look, column, theirs));
            }
        }
    }
    best.map(|(_, _, look, ours, theirs)| (look, ours, theirs))
}

/// Jobs and resident workers by census block (LODES), joined to the blocks.
pub(super) fn lodes(looks: &[Look], found: &mut Guessed) {
    let free: Vec<&Look> = looks.iter().collect();
    let blocks_with = |column: &str| {
        looks.iter().find_map(|look| {
            let Content::Table(table) = &look.content else { return None };
            let ids: HashSet<String> =
                texts(table, &called(table, &[column])?).into_iter().flatten().collect();
            called(table, &["C000"])?;
            free.iter().find_map(|blocks| {
                let areas = areas(blocks)?;
                let is_block =
                    |id: &String| texts(areas, id).iter().flatten().any(|block| ids.contains(block));
                let id = names(areas).into_iter().find(|id| {
                    id.to_lowercase().starts_with("geoid") && is_unique(areas, id) && is_block(id)
                })?;
                Some((look, blocks.file.clone(), id))
            })
        })
    };
    if let Some((look, blocks, id)) = blocks_with("w_geocode") {
        let why = format!("jobs by census block (LODES) of `{}`, joined to the blocks", look.file);
        let table = join(Table::new("[jobs]", &blocks, why).text("id", &id), &look.file, "w_geocode")
            .text("jobs", "C000");
        if let Some(at) = found.tables.iter().position(|table| table.heading == "[jobs]") {
            let other = found.tables.remove(at);
            found.spare.push(other);
        }
        found.tables.push(table);
    }
    // Where workers live says where in its census area people live: parks and office blocks stay empty.
    let has_people = found.tables.iter().position(|table| {
        table.heading == "[homes]"
            && table.keys.iter().any(|(key, _)| key == "residents")
            && !table.keys.iter().any(|(key, _)| key == "join")
            && looks.iter().any(|look| look.file == table.file && areas(look).is_some())
    });
    if let (Some(at), Some((look, blocks, id))) = (has_people, blocks_with("h_geocode")) {
        let homes = found.tables.remove(at);
        let why =
            format!("{}; they are spread over the blocks inside, as the workers who live there", homes.why);
        found.spare.push(homes.clone());
        found.tables.push(Table { heading: "[census]", layer: "census".into(), why, ..homes });
        let why = format!(
            "census blocks: the workers who live there (LODES, `{}`) say where in a census area people live; how many they are \
             comes from [census]",
            look.file
        );
        let table = join(Table::new("[homes]", &blocks, why).text("id", &id), &look.file, "h_geocode");
        found.tables.push(table.text("residents", "C000").text("workers", "C000"));
    }
}
