//! What `start` writes: layers made from the raw files, the study, whom to name, and what is missing.

use super::census::{Block, GROUPS, Survey, Work};
use super::lock::Lock;
use super::places::Service;
use commonground::polars::prelude::{Column, DataFrame, NamedFrom, Series};
use commonground::{Crs, Error, ErrorKind, FeatureTable, Result};
use geo::Geometry;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

fn refused(error: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Format, error.to_string())
}

/// Writes a layer in longitude and latitude with columns of texts.
pub(super) fn layer(
    path: &Path,
    geometries: Vec<Geometry<f64>>,
    columns: &[(&str, Vec<String>)],
) -> Result<()> {
    let column =
        |(name, values): &(&str, Vec<String>)| Column::from(Series::new((*name).into(), values.clone()));
    let attributes =
        DataFrame::new(geometries.len(), columns.iter().map(column).collect()).map_err(refused)?;
    let geometries = geometries.into_iter().map(Some).collect();
    commonground::io::write_features(path, &FeatureTable::new(geometries, attributes, Some(Crs::wgs84()))?)
}

/// Writes rows of texts as CSV.
fn csv(path: &Path, heading: &[&str], rows: impl Iterator<Item = Vec<String>>) -> Result<()> {
    let mut writer = ::csv::Writer::from_writer(Vec::new());
    writer.write_record(heading).map_err(refused)?;
    for row in rows {
        writer.write_record(&row).map_err(refused)?;
    }
    commonground::io::write_bytes(path, &writer.into_inner().map_err(refused)?)
}

fn degrees(value: f64) -> String {
    format!("{value:.7}")
}

pub(super) fn homes(path: &Path, blocks: &[Block]) -> Result<()> {
    let mut heading = vec!["id", "lon", "lat", "residents", "dwellings"];
    heading.extend(GROUPS.iter().map(|(name, _)| *name));
    let row = |block: &Block| {
        let mut row = vec![block.id.clone(), degrees(block.at.x()), degrees(block.at.y())];
        row.extend([block.residents, block.dwellings].iter().chain(&block.groups).map(u64::to_string));
        row
    };
    csv(path, &heading, blocks.iter().map(row))
}

pub(super) fn jobs(path: &Path, work: &[Work]) -> Result<()> {
    let row = |one: &Work| {
        vec![
            one.id.clone(),
            degrees(one.at.x()),
            degrees(one.at.y()),
            one.jobs.to_string(),
            one.low_pay.to_string(),
        ]
    };
    csv(path, &["id", "lon", "lat", "jobs", "low_pay"], work.iter().map(row))
}

pub(super) fn services(path: &Path, services: &[Service]) -> Result<()> {
    let row = |one: &Service| {
        vec![one.id.clone(), one.name.clone(), one.category.clone(), degrees(one.at.x()), degrees(one.at.y())]
    };
    csv(path, &["id", "name", "category", "lon", "lat"], services.iter().map(row))
}

/// Figures of the survey of some areas; an empty cell is missing. Gives back the names of the columns.
pub(super) fn survey(path: &Path, ids: &[String], survey: &Survey) -> Result<Vec<String>> {
    let known: BTreeSet<&String> =
        ids.iter().filter_map(|id| survey.values.get(id)).flat_map(BTreeMap::keys).collect();
    let mut heading = vec!["id"];
    heading.extend(known.iter().map(|name| name.as_str()));
    let row = |id: &String| {
        let values = survey.values.get(id);
        let cell = |name: &&String| {
            values.and_then(|values| values.get(*name)).map(f64::to_string).unwrap_or_default()
        };
        std::iter::once(id.clone()).chain(known.iter().map(cell)).collect()
    };
    csv(path, &heading, ids.iter().map(row))?;
    Ok(known.into_iter().cloned().collect())
}

/// How many areas of the place the survey knows.
pub(super) fn surveyed(ids: &[String], survey: &Survey) -> usize {
    ids.iter().filter(|id| survey.values.contains_key(*id)).count()
}

/// Whom to name beside every map.
pub(super) fn attribution(place: &str, lock: &Lock) -> String {
    let mut text = format!(
        "# Sources of {place}\n\nName them beside every map and table that is made from this folder.\n\n"
    );
    let mut seen = BTreeSet::new();
    for entry in &lock.file {
        let vintage = entry.vintage.map(|year| format!(", {year}")).unwrap_or_default();
        if seen.insert((entry.title.clone(), vintage.clone())) {
            let _ = writeln!(
                text,
                "- {}{vintage}. Licence: {}. Fetched {}.",
                entry.title, entry.licence, entry.fetched
            );
        }
    }
    text
}

/// What is missing, and what falls away.
pub(super) fn not_found(place: &str, missing: &[(String, String)], cautions: &[String]) -> String {
    let mut text = format!("# What is missing in the study of {place}\n\n");
    if missing.is_empty() {
        text.push_str("Every source that was asked answered.\n");
    }
    for (what, falls_away) in missing {
        let _ = writeln!(text, "- {what}\n  - So: {falls_away}.");
    }
    text.push_str("\n## What to know of what is there\n\n");
    for caution in cautions {
        let _ = writeln!(text, "- {caution}");
    }
    text
}
