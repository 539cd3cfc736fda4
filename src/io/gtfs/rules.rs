//! `frequencies.txt` and `transfers.txt`.

use super::archive::Archive;
use super::stops::Numbered;
use super::table::{Table, seconds};
use super::trips::Trips;
use crate::Result;
use crate::model::transit::{Frequency, NONE, Receipts, Route, Stop, TransferKind, TransferRule, Trip};

/// Headways of trips, which become patterns; `numbers` are the numbers of trips among those that are kept.
pub(super) fn frequencies(
    archive: &mut Archive,
    trips: &Trips,
    numbers: &[u32],
    kept: &mut [Trip],
    receipts: &mut Receipts,
) -> Result<Vec<Frequency>> {
    const FILE: &str = "frequencies.txt";
    let Some(mut table) = Table::open(archive, FILE)? else { return Ok(Vec::new()) };
    let [trip, start, end, headway] = [
        table.needed("trip_id")?,
        table.needed("start_time")?,
        table.needed("end_time")?,
        table.needed("headway_secs")?,
    ];
    let exact = table.column("exact_times");
    let mut found: Vec<Frequency> = Vec::new();
    while let Some(row) = table.next()? {
        let line = row.line;
        let known = trips.numbers.get(row.bytes(trip)).map_or(NONE, |&number| numbers[number as usize]);
        let times = [start, end].map(|column| seconds(row.bytes(column)));
        let step = row.number::<u32>(headway).ok().flatten().filter(|&step| step > 0);
        let (Some(pattern), [Some(start), Some(end)], Some(headway)) =
            (kept.get_mut(known as usize), times, step)
        else {
            let what = if known == NONE {
                "unknown or dropped trip: the row is dropped"
            } else {
                "a time or the headway has no meaning: the row is dropped"
            };
            receipts.add(FILE, line, what, &row.text(trip));
            continue;
        };
        pattern.is_template = true;
        if end <= start {
            receipts.add(FILE, line, "the headway ends before it begins: no departure", &row.text(trip));
            continue;
        }
        if found.iter().any(|other| other.trip == known && other.start < end && start < other.end) {
            receipts.add(FILE, line, "headways of one trip overlap: both count", &row.text(trip));
        }
        found.push(Frequency { trip: known, start, end, headway, is_exact: row.bytes(exact) == b"1" });
    }
    Ok(found)
}

pub(super) fn transfers(
    archive: &mut Archive,
    stops: &Numbered<Stop>,
    routes: &Numbered<Route>,
    trips: &Trips,
    numbers: &[u32],
    receipts: &mut Receipts,
) -> Result<Vec<TransferRule>> {
    const FILE: &str = "transfers.txt";
    let Some(mut table) = Table::open(archive, FILE)? else { return Ok(Vec::new()) };
    let pair = |name: &str| ["from", "to"].map(|end| table.column(&format!("{end}_{name}_id")));
    let (at, lines, vehicles) = (pair("stop"), pair("route"), pair("trip"));
    let [kind, least] = ["transfer_type", "min_transfer_time"].map(|name| table.column(name));
    let mut rules = Vec::new();
    while let Some(row) = table.next()? {
        let line = row.line;
        let mut is_unknown = false;
        let mut number = |column, of: &dyn Fn(&[u8]) -> u32| {
            let cell = row.bytes(column);
            if cell.is_empty() {
                return NONE;
            }
            let number = of(cell);
            is_unknown |= number == NONE;
            number
        };
        let trip = |id: &[u8]| trips.numbers.get(id).map_or(NONE, |&number| numbers[number as usize]);
        let stops = at.map(|column| number(column, &|id| stops.of(id)));
        let routes = lines.map(|column| number(column, &|id| routes.of(id)));
        let trips = vehicles.map(|column| number(column, &trip));
        if is_unknown {
            receipts.add(FILE, line, "unknown stop, route or trip: the row is dropped", "");
            continue;
        }
        let kind = match row.bytes(kind) {
            b"" | b"0" => TransferKind::Recommended,
            b"1" => TransferKind::Timed,
            b"2" => match row.number(least) {
                Ok(Some(seconds)) => TransferKind::AtLeast(seconds),
                _ => {
                    receipts.add(FILE, line, "min_transfer_time is missing: taken as 0", "");
                    TransferKind::AtLeast(0)
                }
            },
            b"3" => TransferKind::Impossible,
            b"4" => TransferKind::InSeat,
            b"5" => TransferKind::MustAlight,
            other => {
                receipts.add(
                    FILE,
                    line,
                    "transfer_type has no meaning: the row is dropped",
                    &String::from_utf8_lossy(other),
                );
                continue;
            }
        };
        let is_in_seat = matches!(kind, TransferKind::InSeat | TransferKind::MustAlight);
        if is_in_seat && trips.contains(&NONE) {
            receipts.add(FILE, line, "staying seated needs both trips: the row is dropped", "");
            continue;
        }
        if !is_in_seat && stops.contains(&NONE) {
            receipts.add(FILE, line, "a rule of changing needs both stops: the row is dropped", "");
            continue;
        }
        rules.push(TransferRule { stops, routes, trips, kind });
    }
    Ok(rules)
}
