//! What each file is taken for.

use super::dates::{indicators, timetables};
use super::found::{Ask, Guessed, table_of};
use super::look::{Content, Look};
use super::neighbourhoods::neighbourhoods;
use super::people::{homes, lodes};
use super::places::places;
use super::said::LeftOut;
use super::stand_in::middle;
use super::streets::{barrier, lines, raster, zoning};
use super::table::{Table, quoted};
use super::words::says_any;
use crate::io::osm::OsmExtract;
use crate::{Crs, Result};
use geo::CoordsIter;
use std::collections::HashSet;

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
