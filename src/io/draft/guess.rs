//! What each file is taken for.

use super::columns::{
    called, counted, groups, id, ids_of, is_count, is_unique, name, names, residents, sentinels, year_of,
};
use super::look::{Content, Look, cells, texts};
use super::said::{LeftOut, Question};
use super::services::{Services, counts, green, jobs, services};
use super::stand_in::{hexagons, middle};
use super::streets::{barrier, lines, raster, zoning};
use super::table::{Table, quoted};
use super::words::{DISTRICTS, DWELLINGS, INDICATORS, area_rank, says_any};
use crate::io::osm::OsmExtract;
use crate::model::transit::{Feed, NaiveDate, days_between};
use crate::model::{FeatureTable, known_indicators};
use crate::{Crs, Result};
use geo::CoordsIter;
use std::collections::{BTreeMap, BTreeSet, HashSet};

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
type Ask<'a> = &'a mut dyn FnMut(&Question) -> Result<usize>;

/// Guesses the tables of a study.
pub(super) fn guess(looks: &[Look], left_out: &mut Vec<LeftOut>, ask: Ask<'_>) -> Result<Guessed> {
    let mut found = Guessed { tables: Vec::new(), spare: Vec::new(), comments: Vec::new(), made: Vec::new() };
    let extract = largest_extract(looks);
    let claimed = by_name(looks, left_out, &mut found);
    let free: Vec<&Look> = looks.iter().filter(|look| !claimed.contains(look.file.as_str())).collect();
    let level = neighbourhoods(&free, extract, looks, &mut found, ask)?;
    streets(looks, extract, level, &mut found);
    homes(&free, &mut found, ask)?;
    places(looks, extract, left_out, &mut found, ask)?;
    lodes(looks, &mut found);
    indicators(&free, left_out, &mut found);
    timetables(looks, &mut found);
    name_systems(looks, &mut found);
    for look in looks {
        let is_named =
            |table: &Table| table.keys.iter().any(|(_, value)| value.contains(&quoted(&look.file)));
        let is_said = left_out.iter().any(|one| one.file == look.file);
        if !is_said && !found.tables.iter().chain(&found.spare).any(is_named) {
            left_out
                .push(LeftOut { file: look.file.clone(), why: unused(look, extract.is_some()).to_owned() });
        }
    }
    Ok(found)
}

/// Why nothing was made of a file.
fn unused(look: &Look, has_extract: bool) -> &'static str {
    match &look.content {
        Content::Points(_) => "points, and neither its name nor a column says places that scores know",
        Content::Areas(_) => "areas, of which nothing says what they are",
        Content::Lines(_) if has_extract => "lines, and the OpenStreetMap extract has the streets",
        Content::Lines(_) => "lines, of which nothing says what they are",
        Content::Table(_) => "a table without coordinates, whose ids are those of no layer that is used",
        Content::Raster => "a raster whose name says neither heights nor people",
        Content::Extract(_) => "an extract with fewer streets than the one that is used",
        Content::Feed(_) => "a timetable in which no trip runs",
    }
}

fn areas(look: &Look) -> Option<&FeatureTable> {
    match &look.content {
        Content::Areas(table) => Some(table),
        _ => None,
    }
}

fn points(look: &Look) -> Option<&FeatureTable> {
    match &look.content {
        Content::Points(table) => Some(table),
        _ => None,
    }
}

fn largest_extract(looks: &[Look]) -> Option<(&Look, &OsmExtract)> {
    let extracts = looks.iter().filter_map(|look| match &look.content {
        Content::Extract(extract) if !extract.streets.is_empty() => Some((look, &**extract)),
        _ => None,
    });
    extracts.max_by_key(|(_, extract)| extract.streets.len())
}

/// Layers whose use their name says: barriers, zoning, lots, heights.
fn by_name<'a>(looks: &'a [Look], left_out: &mut Vec<LeftOut>, found: &mut Guessed) -> HashSet<&'a str> {
    let mut claimed = HashSet::new();
    for look in looks {
        let table = match &look.content {
            Content::Areas(table) => {
                let one = zoning(look, table).or_else(|| barrier(look, table));
                if one.is_none() && says_any(&look.words, &["overlay", "zoning"]) {
                    let why =
                        "an overlay, or zoning without a column of codes: what may be built is not in it";
                    left_out.push(LeftOut { file: look.file.clone(), why: why.to_owned() });
                    claimed.insert(look.file.as_str());
                }
                one
            }
            Content::Lines(table) => barrier(look, table),
            Content::Raster => raster(look),
            _ => None,
        };
        if let Some(table) = table {
            claimed.insert(look.file.as_str());
            let is_single = !table.heading.starts_with("[[");
            let is_there = found.tables.iter().any(|one| one.heading == table.heading);
            if is_single && is_there { found.spare.push(table) } else { found.tables.push(table) }
        }
    }
    claimed
}

/// Chooses the neighbourhoods; gives the level of boundaries where those of the extract are chosen.
fn neighbourhoods(
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

/// The answer to a question; one that is none of the choices counts as the safest.
fn answer(ask: Ask<'_>, question: &Question) -> Result<usize> {
    Ok(Some(ask(question)?).filter(|answer| *answer < question.choices.len()).unwrap_or(question.safest))
}

fn streets(looks: &[Look], extract: Option<(&Look, &OsmExtract)>, level: Option<u8>, found: &mut Guessed) {
    match extract {
        Some((look, extract)) => {
            let why = format!(
                "an OpenStreetMap extract with {} streets: what no other table names is taken from it",
                extract.streets.len()
            );
            let table = Table::new("[osm]", &look.file, why);
            found.tables.push(match level {
                Some(level) => table.value("neighbourhoods_admin_level", level.to_string()),
                None => table,
            });
        }
        None => {
            let mut lines = lines(looks).into_iter();
            found.tables.extend(lines.next());
            found.spare.extend(lines);
        }
    }
}

/// How many areas the neighbourhoods are, if a file gives them.
fn rows_of(heading: &str, free: &[&Look], found: &Guessed) -> Option<usize> {
    let file = &found.tables.iter().find(|table| table.heading == heading)?.file;
    let look = free.iter().find(|look| look.file == *file)?;
    table_of(look).map(FeatureTable::len)
}

fn table_of(look: &Look) -> Option<&FeatureTable> {
    match &look.content {
        Content::Points(table) | Content::Lines(table) | Content::Areas(table) | Content::Table(table) => {
            Some(table)
        }
        _ => None,
    }
}

/// Where people live: points or areas that count residents, and tables that count them by the ids of areas.
fn homes(free: &[&Look], found: &mut Guessed, ask: Ask<'_>) -> Result<()> {
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

fn areas_rows(look: &Look) -> usize {
    areas(look).map_or(0, FeatureTable::len)
}

fn join(table: Table, file: &str, id: &str) -> Table {
    table.pairs("join", &[("file", file), ("id", id)])
}

/// The layer of areas whose ids a table has, with both columns; running numbers are ids of nothing.
fn joined<'a>(free: &[&'a Look], table: &FeatureTable) -> Option<(&'a Look, String, String)> {
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

/// Services, green space and work of the files; an extract's places are kept where they are more.
fn places(
    looks: &[Look],
    extract: Option<(&Look, &OsmExtract)>,
    left_out: &mut Vec<LeftOut>,
    found: &mut Guessed,
    ask: Ask<'_>,
) -> Result<()> {
    let is_homes =
        |look: &Look| found.tables.iter().any(|table| table.heading == "[homes]" && table.file == look.file);
    let mut given: Vec<Services> = Vec::new();
    let mut work: Vec<Table> = Vec::new();
    let mut parks = Vec::new();
    let free: Vec<&Look> = looks.iter().collect();
    for look in looks {
        let Some(table) = points(look).or_else(|| areas(look)) else {
            if let Content::Table(table) = &look.content
                && let Some(mut jobs) = jobs(look, table, residents(table, None).as_deref())
                && let Some((areas, ours, theirs)) = joined(&free, table)
            {
                let why = format!("{} of `{}`", jobs.why, look.file);
                let column = jobs.keys.pop().map(|(_, column)| column).unwrap_or_default();
                let written =
                    join(Table::new("[jobs]", &areas.file, why).text("id", &ours), &look.file, &theirs);
                work.push(written.value("jobs", column));
            }
            continue;
        };
        if let Some(park) = areas(look).and_then(|table| green(look, table, looks)) {
            parks.push(park);
            continue;
        }
        work.extend(jobs(look, table, residents(table, None).as_deref()));
        match services(look, table) {
            Ok(Some(services)) if !is_homes(look) => given.push(services),
            Err(why) => left_out.push(LeftOut { file: look.file.clone(), why }),
            _ => given.extend(counts(look, table)),
        }
    }
    let ours: BTreeSet<&String> = given.iter().flat_map(|(_, categories)| categories).collect();
    let theirs: BTreeSet<&String> = extract
        .iter()
        .flat_map(|(_, extract)| extract.services.iter().map(|service| &service.category))
        .collect();
    let mut from_files = true;
    if let (Some((look, _)), false, false) = (extract, ours.is_empty(), theirs.is_empty()) {
        let said = |kinds: &BTreeSet<&String>| {
            let kinds: Vec<String> = kinds.iter().map(|kind| kind.replace('_', " ")).collect();
            format!("{}: {}", kinds.len(), kinds.join(", "))
        };
        let question = Question {
            text: "Where are the places that people need taken from? Tables of your own take the place of all that the \
                   extract says."
                .into(),
            choices: vec![
                format!("the extract `{}` (kinds: {})", look.file, said(&theirs)),
                format!("your files (kinds: {})", said(&ours)),
            ],
            safest: usize::from(ours.len() >= theirs.len()),
        };
        from_files = answer(ask, &question)? == 1;
        if !from_files {
            found.comments.push(format!(
                "Places that people need come from the extract, which has more kinds ({}). A table `[[services]]` would take the \
                 place of all of them.",
                said(&theirs)
            ));
        }
    }
    let tables = given.into_iter().map(|(table, _)| table);
    if from_files {
        found.tables.extend(tables)
    } else {
        found.spare.extend(tables)
    }
    found.tables.extend(parks);
    let mut work = work.into_iter();
    found.tables.extend(work.next());
    found.spare.extend(work);
    Ok(())
}

/// Jobs and resident workers by census block (LODES), joined to the blocks.
fn lodes(looks: &[Look], found: &mut Guessed) {
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

/// Figures by neighbourhood and year, or by areas of their own.
fn indicators(free: &[&Look], left_out: &mut Vec<LeftOut>, found: &mut Guessed) {
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
fn timetables(looks: &[Look], found: &mut Guessed) {
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

/// Gives tables of files that name no coordinate system the one that their numbers are most likely in; reading them tries it.
fn name_systems(looks: &[Look], found: &mut Guessed) {
    let utm = middle(looks).and_then(|at| Crs::utm_around(at.x(), at.y()).ok());
    for table in found.tables.iter_mut().chain(&mut found.spare) {
        let Some(layer) = looks.iter().find(|look| look.file == table.file).and_then(table_of) else {
            continue;
        };
        let has = |key: &str| table.keys.iter().any(|(known, _)| known == key);
        let has_places = layer.geometries.iter().any(Option::is_some);
        if layer.crs.is_some() || has("crs") || has("h3") || !has_places {
            continue;
        }
        let mut places = layer.geometries.iter().flatten().flat_map(CoordsIter::coords_iter);
        let is_degrees = places.all(|at| at.x.abs() <= 180.0 && at.y.abs() <= 90.0);
        let (system, reason) = match (&utm, is_degrees) {
            (_, true) => ("EPSG:4326", "longitude and latitude, as far as its numbers go"),
            (Some(utm), false) => {
                (utm.definition(), "the metres of this place, since its numbers are no degrees")
            }
            (None, false) => continue,
        };
        table.keys.insert(1, ("crs".into(), quoted(system)));
        table.why = format!("{}; the file names no coordinate system: taken for {reason}", table.why);
    }
}
