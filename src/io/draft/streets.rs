//! Streets and barriers among layers of lines, and heights and people among rasters.

use super::columns::{called, name};
use super::look::{Content, Look, texts};
use super::table::Table;
use super::words::{BARRIERS, CODES, MTFCC, STREET_CLASS, says_any};
use crate::model::{BarrierKind, FeatureTable, STREET_CLASSES};
use geo::CoordsIter;

/// Layers of lines that may be the streets, those with most vertices first: the others are extracts of it.
pub(super) fn lines(looks: &[Look]) -> Vec<Table> {
    let mut found: Vec<(usize, Table)> = looks
        .iter()
        .filter_map(|look| match &look.content {
            Content::Lines(table) if barrier(look, table).is_none() => {
                let vertices = table.geometries.iter().flatten().map(CoordsIter::coords_count).sum();
                Some((vertices, streets(look, table)))
            }
            _ => None,
        })
        .collect();
    found.sort_by_key(|(vertices, _)| std::cmp::Reverse(*vertices));
    found.into_iter().map(|(_, table)| table).collect()
}

fn streets(look: &Look, table: &FeatureTable) -> Table {
    let is_tiger = |values: &[Option<String>]| {
        values.iter().flatten().all(|value| MTFCC.iter().any(|(code, _)| code == value))
    };
    let known = |values: &[Option<String>]| {
        let named = values.iter().flatten().filter(|value| STREET_CLASSES.contains(&value.as_str())).count();
        2 * named >= values.len()
    };
    let class = STREET_CLASS.iter().filter_map(|one| called(table, &[one])).find_map(|column| {
        let values = texts(table, &column);
        if is_tiger(&values) { Some((column, true)) } else { known(&values).then_some((column, false)) }
    });
    let why = match &class {
        Some((column, true)) => format!("lines with TIGER's classes of roads in `{column}`"),
        Some((column, false)) => format!("lines with OpenStreetMap's classes of streets in `{column}`"),
        None => "lines; no column says which class of street, so all are taken for plain ones".to_owned(),
    };
    let written = Table::new("[streets]", &look.file, why)
        .maybe("class", class.as_ref().map(|(column, _)| column.as_str()))
        .maybe("name", name(table).as_deref())
        .maybe("oneway", called(table, &["oneway"]).as_deref());
    match class {
        Some((_, true)) => written.pairs("classes", &MTFCC),
        _ => written,
    }
}

/// Motorways, railways and waters, by their column or the name of their file.
pub(super) fn barrier(look: &Look, table: &FeatureTable) -> Option<Table> {
    let is_kind = |column: &String| {
        let values = texts(table, column);
        !values.is_empty()
            && values
                .iter()
                .all(|kind| kind.as_deref().is_some_and(|kind| BarrierKind::named(kind).is_some()))
    };
    if let Some(column) = called(table, &["kind", "type", "class"]).filter(is_kind) {
        let why = format!("every `{column}` is a kind of barrier");
        return Some(Table::new("[[barriers]]", &look.file, why).text("kind_column", &column));
    }
    let (kind, _) = BARRIERS.iter().find(|(_, words)| says_any(&look.words, words))?;
    Some(Table::new("[[barriers]]", &look.file, format!("the file's name says {kind}")).text("kind", kind))
}

/// Zoning and lots, by the name of their file and a column with a code.
pub(super) fn zoning(look: &Look, table: &FeatureTable) -> Option<Table> {
    let code = called(table, CODES)?;
    if says_any(&look.words, &["parcel", "lot"]) {
        let dwellings = called(table, &["dwellings"]);
        let why = "the file's name says lots, and a column has their zoning code";
        return Some(
            Table::new("[parcels]", &look.file, why)
                .text("code", &code)
                .maybe("dwellings", dwellings.as_deref()),
        );
    }
    if !says_any(&look.words, &["zoning"]) || says_any(&look.words, &["overlay"]) {
        return None;
    }
    let why = format!(
        "the file's name says zoning, and `{code}` has the code; which codes allow homes is not guessed: add \
         `homes = [...]` and `apartments = [...]`"
    );
    Some(Table::new("[zoning]", &look.file, why).text("code", &code))
}

/// What a raster counts, by the name of its file.
pub(super) fn raster(look: &Look) -> Option<Table> {
    const HEIGHTS: &[&str] = &["elevation", "dem", "dtm", "srtm", "height", "terrain"];
    const PEOPLE: &[&str] = &["population", "people", "pop", "ppp", "ghs", "worldpop"];
    if says_any(&look.words, HEIGHTS) {
        return Some(Table::new("[elevation]", &look.file, "the raster's name says heights"));
    }
    if says_any(&look.words, PEOPLE) {
        let mut table = Table::new("[homes]", &look.file, "the raster's name says people by cell");
        table.keys[0].0 = "raster".to_owned();
        return Some(table);
    }
    None
}
