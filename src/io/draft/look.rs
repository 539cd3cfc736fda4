//! What lies in a folder: each file read once, by the readers that a study is read with.

use super::said::LeftOut;
use super::words::words_of;
use crate::io::gtfs::read_feed;
use crate::io::osm::{OsmExtract, read_osm};
use crate::io::study::layer::text_of;
use crate::io::{ReadOptions, read_features, reads_features};
use crate::model::FeatureTable;
use crate::model::transit::{Feed, FillTimes};
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Result};
use geo::Geometry;
use polars::prelude::AnyValue;
use std::path::{Path, PathBuf};

/// Folders within folders that are looked into.
const DEEPEST: usize = 4;
/// More files than this are no folder of a study.
const MOST_FILES: usize = 2_000;
/// Endings of what belongs to another file, or is for people to read.
const BESIDE: [&str; 16] = [
    "cpg", "dbf", "shx", "prj", "sbn", "sbx", "qpj", "qmd", "md", "txt", "pdf", "html", "xml", "gal", "toml",
    "lock",
];

/// A file that can be read, and what it holds.
pub(super) struct Look {
    /// From the folder, with `/`.
    pub file: String,
    /// Words of the name.
    pub words: String,
    pub content: Content,
}

pub(super) enum Content {
    Extract(Box<OsmExtract>),
    Feed(Box<Feed>),
    Raster,
    Points(FeatureTable),
    Lines(FeatureTable),
    Areas(FeatureTable),
    /// Without geometries.
    Table(FeatureTable),
}

/// Everything in a folder that can be read; what cannot is left out with the reason.
pub(super) fn look_at(
    folder: &Path,
    left_out: &mut Vec<LeftOut>,
    progress: &dyn Progress,
) -> Result<Vec<Look>> {
    let mut files = Vec::new();
    walk(folder, 0, &mut files)?;
    files.sort();
    progress.start("looking at files", files.len() as u64);
    let mut looks = Vec::new();
    for path in files {
        let relative = path.strip_prefix(folder).unwrap_or(&path);
        let file = relative
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect::<Vec<_>>()
            .join("/");
        match read(&path, progress) {
            Ok(Some(content)) => {
                let stem = relative.file_name().unwrap_or_default().to_string_lossy();
                let stem = stem.split('.').next().unwrap_or_default();
                let words = words_of(stem);
                looks.push(Look { file, words, content });
            }
            Ok(None) => {}
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => left_out.push(LeftOut { file, why: one_line(&error) }),
        }
        progress.advance(1);
        go_on(progress)?;
    }
    Ok(looks)
}

/// The message and the hint of an error on one line.
pub(super) fn one_line(error: &Error) -> String {
    let place = [
        error.position().row.map(|row| format!(" in row {row}")),
        error.position().column.as_ref().map(|name| format!(", column `{name}`")),
    ];
    let place: String = place.into_iter().flatten().collect();
    error.message().split_whitespace().collect::<Vec<_>>().join(" ") + &place
}

fn walk(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    let refused = |error: std::io::Error| {
        Error::new(ErrorKind::Io, format!("`{}`: {error}", folder.display()))
            .hint("name a folder that holds the files of a city")
    };
    let mut entries =
        std::fs::read_dir(folder).map_err(refused)?.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    let holds = |name: &str| entries.iter().any(|entry| entry.file_name() == name);
    if depth > 0 && holds("stops.txt") && holds("trips.txt") {
        files.push(folder.to_owned());
        return Ok(());
    }
    // Results of an earlier run are no data.
    if depth > 0 && (holds("results.json") || holds("study.toml")) {
        return Ok(());
    }
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(['.', '_']) {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            if depth < DEEPEST && name != MADE {
                walk(&path, depth + 1, files)?;
            }
        } else {
            files.push(path);
        }
        if files.len() > MOST_FILES {
            let message = format!("`{}` holds more than {MOST_FILES} files", folder.display());
            return Err(Error::new(ErrorKind::Parameter, message).hint("name the folder of one city"));
        }
    }
    Ok(())
}

/// Where what this program makes from the data of a study lies.
pub(super) const MADE: &str = "made";

/// What a file holds; `None` for one that belongs to another or is not data.
fn read(path: &Path, progress: &dyn Progress) -> Result<Option<Content>> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let ending = name.strip_suffix(".gz").unwrap_or(&name).rsplit('.').next().unwrap_or_default().to_owned();
    if path.is_dir() || (ending == "zip" && holds_a_feed(path)) {
        return read_feed(path, FillTimes::AlongShape).map(|feed| Some(Content::Feed(Box::new(feed))));
    }
    if BESIDE.contains(&ending.as_str()) || name.starts_with("readme") || name.starts_with("licen") {
        return Ok(None);
    }
    if ending == "pbf" {
        return read_osm(path, progress).map(|extract| Some(Content::Extract(Box::new(extract))));
    }
    if matches!(ending.as_str(), "tif" | "tiff") {
        return Ok(Some(Content::Raster));
    }
    if !reads_features(path) {
        return Err(Error::new(ErrorKind::Format, format!("`.{ending}` is in no format that is read here")));
    }
    read_features(path, &ReadOptions::default()).map(|table| Some(by_shape(table)))
}

/// Whether a zip file is a timetable.
fn holds_a_feed(path: &Path) -> bool {
    let archive = std::fs::File::open(path).ok().and_then(|file| zip::ZipArchive::new(file).ok());
    let Some(archive) = archive else { return false };
    archive.file_names().any(|name| name.is_ok_and(|name| name.rsplit('/').next() == Some("stop_times.txt")))
}

/// A table by what most of its geometries are.
fn by_shape(table: FeatureTable) -> Content {
    let (mut points, mut lines, mut areas) = (0, 0, 0);
    for geometry in table.geometries.iter().flatten() {
        match geometry {
            Geometry::Point(_) | Geometry::MultiPoint(_) => points += 1,
            Geometry::LineString(_) | Geometry::MultiLineString(_) | Geometry::Line(_) => lines += 1,
            _ => areas += 1,
        }
    }
    if points + lines + areas == 0 {
        Content::Table(table)
    } else if lines >= points && lines >= areas {
        Content::Lines(table)
    } else if areas >= points {
        Content::Areas(table)
    } else {
        Content::Points(table)
    }
}

/// The column of a table whose every value is an H3 cell.
pub(super) fn cells(table: &FeatureTable) -> Option<String> {
    let is_cell = |value: Option<&str>| value.is_some_and(|text| text.parse::<h3o::CellIndex>().is_ok());
    let found = table
        .attributes
        .columns()
        .iter()
        .find(|column| column.str().is_ok_and(|texts| !texts.is_empty() && texts.iter().all(is_cell)));
    found.map(|column| column.name().to_string())
}

/// The values of a column as texts; whole numbers have no point.
pub(super) fn texts(table: &FeatureTable, column: &str) -> Vec<Option<String>> {
    let Ok(column) = table.attributes.column(column) else { return Vec::new() };
    (0..column.len()).map(|row| column.get(row).ok().as_ref().and_then(text_of)).collect()
}

/// The values of a column that holds nothing but numbers and empty cells.
pub(super) fn numbers(table: &FeatureTable, column: &str) -> Option<Vec<Option<f64>>> {
    let column = table.attributes.column(column).ok()?;
    if column.dtype().is_string() || !column.dtype().is_primitive_numeric() {
        return None;
    }
    let number = |value: AnyValue<'_>| value.extract::<f64>();
    Some((0..column.len()).map(|row| column.get(row).ok().and_then(number)).collect())
}
