//! `agency.txt`, `routes.txt` and `trips.txt`.

use super::archive::Archive;
use super::stops::{Numbered, wheelchair};
use super::table::Table;
use crate::Result;
use crate::model::transit::{NONE, Receipts, Route, Service, Trip, Vehicle};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Trips by id, with what is read of them besides.
#[derive(Default)]
pub(super) struct Trips {
    pub(super) items: Vec<Trip>,
    pub(super) numbers: HashMap<Vec<u8>, u32>,
    /// Number of the shape of each trip, or [`NONE`].
    pub(super) shape_of: Vec<u32>,
    /// Shapes that a trip has, by id.
    pub(super) shapes: HashMap<Vec<u8>, u32>,
    /// Line of each trip.
    pub(super) lines: Vec<u32>,
}

/// The zone of all times: that of the first agency.
pub(super) fn timezone(archive: &mut Archive, receipts: &mut Receipts) -> Result<Option<Tz>> {
    const FILE: &str = "agency.txt";
    let Some(mut table) = Table::open(archive, FILE)? else {
        receipts.add(FILE, 0, "the file is missing: days are taken to have 24 hours", "");
        return Ok(None);
    };
    let zone = table.column("agency_timezone");
    let mut found = None;
    while let Some(row) = table.next()? {
        let (line, text) = (row.line, row.text(zone));
        let Ok(zone) = text.parse::<Tz>() else {
            receipts.add(FILE, line, "unknown agency_timezone: days are taken to have 24 hours", &text);
            continue;
        };
        if found.is_some_and(|known| known != zone) {
            receipts.add(FILE, line, "agencies lie in several zones: the first counts", &text);
        }
        found = found.or(Some(zone));
    }
    Ok(found)
}

pub(super) fn routes(archive: &mut Archive, receipts: &mut Receipts) -> Result<Numbered<Route>> {
    const FILE: &str = "routes.txt";
    let mut table = Table::required(archive, FILE)?;
    let id = table.needed("route_id")?;
    let [short, long, kind] =
        ["route_short_name", "route_long_name", "route_type"].map(|name| table.column(name));
    let mut routes = Numbered::default();
    while let Some(row) = table.next()? {
        let line = row.line;
        let text = row.name(id, FILE, receipts);
        let vehicle = row.number(kind).ok().flatten().and_then(Vehicle::of_route_type);
        if vehicle.is_none() {
            receipts.add(FILE, line, "route_type has no meaning: taken as `other`", &row.text(kind));
        }
        let long_name = row.name(long, FILE, receipts);
        let names = [row.name(short, FILE, receipts), long_name.clone(), text.clone()];
        let route = Route {
            id: text,
            name: names.into_iter().find(|name| !name.is_empty()).unwrap_or_default(),
            long_name,
            vehicle: vehicle.unwrap_or(Vehicle::Other),
        };
        if !routes.add(row.bytes(id), route) {
            receipts.add(FILE, line, "a route is listed twice: the first row counts", &row.text(id));
        }
    }
    Ok(routes)
}

pub(super) fn trips(
    archive: &mut Archive,
    routes: &Numbered<Route>,
    services: &Numbered<Service>,
    receipts: &mut Receipts,
) -> Result<Trips> {
    const FILE: &str = "trips.txt";
    let mut table = Table::required(archive, FILE)?;
    let [id, route, service] =
        [table.needed("trip_id")?, table.needed("route_id")?, table.needed("service_id")?];
    let [block, headsign, direction, chair, shape] =
        ["block_id", "trip_headsign", "direction_id", "wheelchair_accessible", "shape_id"]
            .map(|name| table.column(name));
    let mut trips = Trips::default();
    let mut blocks: HashMap<Vec<u8>, u32> = HashMap::new();
    let number = |numbers: &mut HashMap<Vec<u8>, u32>, key: &[u8]| {
        if key.is_empty() {
            return NONE;
        }
        let next = numbers.len() as u32;
        numbers.get(key).copied().unwrap_or_else(|| *numbers.entry(key.to_vec()).or_insert(next))
    };
    while let Some(row) = table.next()? {
        let (line, key) = (row.line, row.bytes(id));
        let (route, service) = (routes.of(row.bytes(route)), services.of(row.bytes(service)));
        let complaint = if key.is_empty() {
            "a trip without an id: dropped"
        } else if route == NONE {
            "unknown route_id: the trip is dropped"
        } else if service == NONE {
            "unknown service_id: the trip never runs and is dropped"
        } else if trips.numbers.contains_key(key) {
            "a trip is listed twice: the first row counts"
        } else {
            ""
        };
        if !complaint.is_empty() {
            receipts.add(FILE, line, complaint, &row.text(id));
            continue;
        }
        trips.numbers.insert(key.to_vec(), trips.items.len() as u32);
        trips.shape_of.push(number(&mut trips.shapes, row.bytes(shape)));
        trips.lines.push(line);
        trips.items.push(Trip {
            id: row.text(id).into_owned(),
            route,
            service,
            block: number(&mut blocks, row.bytes(block)),
            headsign: row.name(headsign, FILE, receipts),
            direction: row.number(direction).ok().flatten(),
            wheelchair: wheelchair(row.bytes(chair)),
            first_call: 0,
            call_count: 0,
            is_template: false,
        });
    }
    Ok(trips)
}
