//! Whether the bytes that came are the file that was asked for, before it gets its name.

use super::recipe::Kind;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;

/// Most bytes that an archive may unpack to.
const MOST_UNPACKED: u64 = 8 << 30;
/// An archive that unpacks to more than so many times its size is made to fill a disk.
const MOST_RATIO: u64 = 200;
/// Up to here any ratio will do.
const ANY_RATIO: u64 = 64 << 20;
/// So much of the beginning is looked at.
const BEGINNING: usize = 1 << 16;

/// `Err` with the reason if a file is not of its kind; `is_page` if it is a page for people.
pub(super) struct Wrong {
    pub why: String,
    pub is_page: bool,
}

fn wrong<T>(why: impl Into<String>) -> Result<T, Wrong> {
    Err(Wrong { why: why.into(), is_page: false })
}

fn unreadable(error: &dyn std::fmt::Display) -> Wrong {
    Wrong { why: error.to_string(), is_page: false }
}

/// Looks at the first bytes, the trailer, and the columns of the first line.
pub(super) fn check(path: &Path, kind: Kind, header: &[String]) -> Result<(), Wrong> {
    let mut file = File::open(path).map_err(|error| unreadable(&error))?;
    let size = file.metadata().map_err(|error| unreadable(&error))?.len();
    let mut beginning = Vec::new();
    (&mut file).take(BEGINNING as u64).read_to_end(&mut beginning).map_err(|error| unreadable(&error))?;
    file.seek(SeekFrom::Start(0)).map_err(|error| unreadable(&error))?;
    if beginning.is_empty() {
        return wrong("the file is empty");
    }
    let text = String::from_utf8_lossy(&beginning[..beginning.len().min(1024)]).trim_start().to_lowercase();
    if text.starts_with("<!doctype html") || text.starts_with("<html") {
        let needs_key = text.contains("key");
        let why = if needs_key {
            "a page about a missing key came instead of the file"
        } else {
            "a web page came instead of the file"
        };
        return Err(Wrong { why: why.into(), is_page: true });
    }
    match kind {
        Kind::Zip => zip(file, size),
        Kind::Gz => {
            if !beginning.starts_with(&[0x1f, 0x8b]) {
                return wrong("it is not packed with gzip");
            }
            gz(file, size, header)
        }
        Kind::Csv | Kind::Text => {
            if beginning.contains(&0) {
                return wrong("it is no text");
            }
            let line = beginning.split(|byte| *byte == b'\n').next().unwrap_or_default();
            columns(&String::from_utf8_lossy(line), header)
        }
        Kind::Pbf => {
            let is_map = beginning.len() > 16
                && beginning[..64.min(beginning.len())].windows(9).any(|part| part == b"OSMHeader");
            if is_map { Ok(()) } else { wrong("it is no OpenStreetMap extract") }
        }
        Kind::Geojson | Kind::Arcgis => {
            let value: serde_json::Value =
                serde_json::from_reader(BufReader::new(file)).map_err(|error| unreadable(&error))?;
            match value.get("error") {
                Some(error) => {
                    let message =
                        error.get("message").and_then(|message| message.as_str()).unwrap_or("an error");
                    wrong(format!("the server answered: {message}"))
                }
                None if value.get("features").is_some() => Ok(()),
                None => wrong("it is no GeoJSON"),
            }
        }
    }
}

fn columns(line: &str, header: &[String]) -> Result<(), Wrong> {
    let cells: Vec<&str> = line
        .trim_start_matches('\u{feff}')
        .split(['|', ',', '\t'])
        .map(|cell| cell.trim().trim_matches('"'))
        .collect();
    match header.iter().find(|column| !cells.contains(&column.as_str())) {
        Some(column) => wrong(format!("its first line has no column `{column}`")),
        None => Ok(()),
    }
}

fn zip(file: File, size: u64) -> Result<(), Wrong> {
    let mut archive = zip::ZipArchive::new(BufReader::new(file)).map_err(|error| unreadable(&error))?;
    let mut unpacked: u64 = 0;
    for number in 0..archive.len() {
        let entry = archive.by_index_raw(number).map_err(|error| unreadable(&error))?;
        if entry.enclosed_name().is_none() {
            return wrong("a file in the archive would be unpacked outside of its folder");
        }
        unpacked = unpacked.saturating_add(entry.size());
    }
    if unpacked > most(size) {
        return wrong(format!("{size} bytes unpack to {unpacked}, which no data does"));
    }
    Ok(())
}

fn most(size: u64) -> u64 {
    MOST_UNPACKED.min(size.saturating_mul(MOST_RATIO).max(ANY_RATIO))
}

/// Unpacks to nothing: the trailer holds a sum of all bytes.
fn gz(file: File, size: u64, header: &[String]) -> Result<(), Wrong> {
    let mut reader = BufReader::new(flate2::bufread::MultiGzDecoder::new(BufReader::new(file)));
    let mut line = Vec::new();
    (&mut reader).take(BEGINNING as u64).read_until(b'\n', &mut line).map_err(|error| unreadable(&error))?;
    columns(&String::from_utf8_lossy(&line), header)?;
    let copied = std::io::copy(&mut reader.take(most(size) + 1), &mut std::io::sink())
        .map_err(|error| unreadable(&error))?;
    if copied > most(size) {
        return wrong(format!("{size} bytes unpack to more than {}, which no data does", most(size)));
    }
    Ok(())
}
