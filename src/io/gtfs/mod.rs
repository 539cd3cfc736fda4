//! Timetables in the General Transit Feed Specification: a zip file, or a folder, of tables.
//!
//! Feeds are rarely clean. What cannot be used is dropped and what is missing is filled in, row by row, with a receipt that
//! names file and line; only a feed that holds no timetable at all is an error.

mod archive;
mod calendar;
mod fill;
mod rules;
mod shapes;
mod stop_times;
mod stops;
mod table;
#[cfg(test)]
mod tests;
mod trips;

use crate::model::transit::{Feed, FillTimes, Receipts};
use crate::{Error, ErrorKind, Result};
use archive::Archive;
use std::path::Path;

/// Reads a feed from a zip file or a folder.
///
/// - `fill`: how calls without a time get one.
///
/// # Errors
/// [`ErrorKind::Io`] if the file cannot be read; [`ErrorKind::Format`] if it is no feed: `stops.txt`, `routes.txt`,
/// `trips.txt`, `stop_times.txt` or both calendars are missing, or no trip can be used; [`ErrorKind::Column`] if a column without
/// which a table means nothing is missing. Rows that cannot be used are no error: see [`Feed::receipts`].
///
/// # Source
/// General Transit Feed Specification, reference of Schedule (2026-06).
pub fn read_feed(path: &Path, fill: FillTimes) -> Result<Feed> {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut archive = Archive::open(path)?;
    let named = |error: Error| error.in_layer_of_file(path.display().to_string());
    read(&mut archive, name, fill).map_err(named)
}

fn read(archive: &mut Archive, name: String, fill: FillTimes) -> Result<Feed> {
    let mut receipts = Receipts::default();
    let stops = stops::read(archive, &mut receipts)?;
    let timezone = trips::timezone(archive, &mut receipts)?;
    let routes = trips::routes(archive, &mut receipts)?;
    let services = calendar::read(archive, &mut receipts)?;
    let trips = trips::trips(archive, &routes, &services, &mut receipts)?;
    let rows = stop_times::read(archive, &trips, &stops, &mut receipts)?;
    let shapes = if rows.has_blanks && fill == FillTimes::AlongShape {
        shapes::read(archive, &trips.shapes, &mut receipts)?
    } else {
        shapes::Shapes::default()
    };
    let mut filler = fill::Filler::new(fill, &shapes, &stops.items);
    let (mut kept, calls, numbers) = stop_times::calls(&trips, &rows, &mut filler, &mut receipts);
    if kept.is_empty() {
        let message = format!("no trip can be used: {} rows in `trips.txt`", trips.items.len());
        let reasons: Vec<String> = receipts.iter().take(5).map(ToString::to_string).collect();
        return Err(Error::new(ErrorKind::Format, message).hint(reasons.join("; ")));
    }
    let frequencies = rules::frequencies(archive, &trips, &numbers, &mut kept, &mut receipts)?;
    let transfers = rules::transfers(archive, &stops, &routes, &trips, &numbers, &mut receipts)?;
    Ok(Feed {
        name,
        timezone,
        stops: stops.items,
        routes: routes.items,
        services: services.items,
        trips: kept,
        calls,
        frequencies,
        transfers,
        receipts,
    })
}
