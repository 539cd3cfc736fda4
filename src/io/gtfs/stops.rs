//! `stops.txt`: where vehicles stop, and the stations that hold such places.

use super::archive::Archive;
use super::table::Table;
use crate::Result;
use crate::model::transit::{NONE, Receipts, Stop, Wheelchair};
use std::collections::HashMap;

const FILE: &str = "stops.txt";

/// Things with an id, and their numbers.
pub(super) struct Numbered<T> {
    pub(super) items: Vec<T>,
    pub(super) numbers: HashMap<Vec<u8>, u32>,
}

impl<T> Default for Numbered<T> {
    fn default() -> Self {
        Self { items: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T> Numbered<T> {
    /// The number of an id; [`NONE`] if it is unknown.
    pub(super) fn of(&self, id: &[u8]) -> u32 {
        self.numbers.get(id).copied().unwrap_or(NONE)
    }

    /// Adds an item, unless its id is taken.
    pub(super) fn add(&mut self, id: &[u8], item: T) -> bool {
        let number = self.items.len() as u32;
        if self.numbers.contains_key(id) {
            return false;
        }
        self.numbers.insert(id.to_vec(), number);
        self.items.push(item);
        true
    }
}

/// What 1 and 2 mean in columns of wheelchairs.
pub(super) fn wheelchair(cell: &[u8]) -> Wheelchair {
    match cell {
        b"1" => Wheelchair::Yes,
        b"2" => Wheelchair::No,
        _ => Wheelchair::Unknown,
    }
}

/// Stops and stations with a place; entrances and nodes of paths are left out.
pub(super) fn read(archive: &mut Archive, receipts: &mut Receipts) -> Result<Numbered<Stop>> {
    let mut table = Table::required(archive, FILE)?;
    let id = table.needed("stop_id")?;
    let places = [table.needed("stop_lon")?, table.needed("stop_lat")?];
    let [name, kind, parent, chair] = ["stop_name", "location_type", "parent_station", "wheelchair_boarding"]
        .map(|name| table.column(name));
    let mut stops = Numbered::default();
    let mut parents: Vec<(Vec<u8>, u32)> = Vec::new();
    while let Some(row) = table.next()? {
        let (line, key) = (row.line, row.bytes(id));
        if key.is_empty() {
            receipts.add(FILE, line, "a stop without an id: dropped", "");
            continue;
        }
        let is_station = match row.bytes(kind) {
            b"" | b"0" => false,
            b"1" => true,
            // Entrances, nodes of paths within stations, and boarding areas.
            b"2" | b"3" | b"4" => continue,
            other => {
                receipts.add(
                    FILE,
                    line,
                    "unknown location_type: taken as a stop",
                    &String::from_utf8_lossy(other),
                );
                false
            }
        };
        let [lon, lat] = places.map(|column| row.number::<f64>(column).ok().flatten().unwrap_or(f64::NAN));
        let is_place =
            (-180.0..=180.0).contains(&lon) && (-90.0..=90.0).contains(&lat) && (lon, lat) != (0.0, 0.0);
        let text = row.name(id, FILE, receipts);
        let name = Some(row.name(name, FILE, receipts)).filter(|name| !name.is_empty());
        let stop = Stop {
            name: name.unwrap_or_else(|| text.clone()),
            id: text,
            lon_lat: if is_place { [lon, lat] } else { [f64::NAN; 2] },
            station: NONE,
            is_station,
            wheelchair: wheelchair(row.bytes(chair)),
        };
        if !stops.add(key, stop) {
            receipts.add(FILE, line, "a stop is listed twice: the first row counts", &row.text(id));
            continue;
        }
        parents.push((row.bytes(parent).to_vec(), line));
    }
    for (number, (parent, line)) in parents.into_iter().enumerate() {
        let station = stops.of(&parent);
        if !parent.is_empty() && station == NONE {
            receipts.add(FILE, line, "unknown parent_station: left out", &String::from_utf8_lossy(&parent));
        }
        let inherited =
            stops.items.get(station as usize).map(|station| (station.lon_lat, station.wheelchair));
        let stop = &mut stops.items[number];
        if let Some((place, chair)) = inherited {
            stop.station = station;
            if stop.wheelchair == Wheelchair::Unknown {
                stop.wheelchair = chair;
            }
            if stop.lon_lat[0].is_nan() {
                stop.lon_lat = place;
                receipts.add(FILE, line, "no coordinates: those of its station are taken", &stop.id);
            }
        }
        if stop.lon_lat[0].is_nan() {
            receipts.add(FILE, line, "no coordinates: vehicles pass, but nobody boards", &stop.id);
        }
    }
    Ok(stops)
}
