//! `stop_times.txt`: the calls of every trip, put in order, checked and completed.

use super::archive::Archive;
use super::fill::Filler;
use super::stops::Numbered;
use super::table::{Table, seconds};
use super::trips::Trips;
use crate::Result;
use crate::model::transit::{Call, NONE, Receipts, Stop, Trip};

const FILE: &str = "stop_times.txt";
/// No time.
const BLANK: u32 = u32::MAX;

/// A row as it stands in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawCall {
    trip: u32,
    sequence: u32,
    pub(super) stop: u32,
    arrival: u32,
    departure: u32,
    /// Distance along the shape in the feed's own unit; not a number where it is missing.
    pub(super) along: f64,
    line: u32,
    board: bool,
    alight: bool,
}

/// All rows, those of a trip together and in order.
pub(super) struct Rows {
    rows: Vec<RawCall>,
    pub(super) has_blanks: bool,
}

pub(super) fn read(
    archive: &mut Archive,
    trips: &Trips,
    stops: &Numbered<Stop>,
    receipts: &mut Receipts,
) -> Result<Rows> {
    let mut table = Table::required(archive, FILE)?;
    let [trip, stop, sequence] =
        [table.needed("trip_id")?, table.needed("stop_id")?, table.needed("stop_sequence")?];
    let [arrival, departure, pickup, drop_off, along] =
        ["arrival_time", "departure_time", "pickup_type", "drop_off_type", "shape_dist_traveled"]
            .map(|name| table.column(name));
    let mut rows: Vec<RawCall> = Vec::new();
    let mut has_blanks = false;
    let mut last = (Vec::new(), NONE);
    while let Some(row) = table.next()? {
        let line = row.line;
        // The rows of a trip mostly follow each other.
        let id = row.bytes(trip);
        if last.0 != id {
            last = (id.to_vec(), trips.numbers.get(id).copied().unwrap_or(NONE));
        }
        if last.1 == NONE {
            receipts.add(FILE, line, "unknown or dropped trip: the row is dropped", &row.text(trip));
            continue;
        }
        let number = stops.of(row.bytes(stop));
        if number == NONE {
            receipts.add(FILE, line, "unknown stop_id: the call is dropped", &row.text(stop));
            continue;
        }
        let Ok(Some(order)) = row.number::<u32>(sequence) else {
            receipts.add(
                FILE,
                line,
                "stop_sequence is no whole number: the call is dropped",
                &row.text(sequence),
            );
            continue;
        };
        let mut time = |column| {
            let cell = row.bytes(column);
            if cell.is_empty() {
                return BLANK;
            }
            seconds(cell).unwrap_or_else(|| {
                receipts.add(FILE, line, "a time is not H:MM:SS: taken as blank", &row.text(column));
                BLANK
            })
        };
        let (mut arrival, mut departure) = (time(arrival), time(departure));
        if arrival == BLANK || departure == BLANK {
            // One of the two serves for both.
            arrival = arrival.min(departure);
            departure = arrival;
        }
        has_blanks |= arrival == BLANK;
        let mut may = |column, phone, driver| match row.bytes(column) {
            b"1" => false,
            b"2" => {
                receipts.add(FILE, line, phone, "");
                true
            }
            b"3" => {
                receipts.add(FILE, line, driver, "");
                true
            }
            _ => true,
        };
        let is_place =
            !stops.items[number as usize].is_station && stops.items[number as usize].lon_lat[0].is_finite();
        rows.push(RawCall {
            trip: last.1,
            sequence: order,
            stop: number,
            arrival,
            departure,
            along: row.number(along).ok().flatten().unwrap_or(f64::NAN),
            line,
            board: may(
                pickup,
                "passengers must phone to board: taken as a stop",
                "passengers must ask the driver to board: taken as a stop",
            ) && is_place,
            alight: may(
                drop_off,
                "passengers must phone to alight: taken as a stop",
                "passengers must ask the driver to alight: taken as a stop",
            ) && is_place,
        });
        if stops.items[number as usize].is_station {
            receipts.add(
                FILE,
                line,
                "a vehicle stops at a station, not at a place in it: nobody boards",
                &row.text(stop),
            );
        }
    }
    let key = |call: &RawCall| (call.trip, call.sequence);
    if !rows.is_sorted_by_key(key) {
        rows.sort_by_key(key);
    }
    Ok(Rows { rows, has_blanks })
}

/// The trips that can be used, their calls, and the new number of every trip of `trips` ([`NONE`] where it was dropped).
pub(super) fn calls(
    trips: &Trips,
    rows: &Rows,
    filler: &mut Filler<'_>,
    receipts: &mut Receipts,
) -> (Vec<Trip>, Vec<Call>, Vec<u32>) {
    let mut kept: Vec<Trip> = Vec::with_capacity(trips.items.len());
    let mut calls: Vec<Call> = Vec::with_capacity(rows.rows.len());
    let mut numbers = vec![NONE; trips.items.len()];
    let mut with_calls = vec![false; trips.items.len()];
    for raw in rows.rows.chunk_by(|a, b| a.trip == b.trip) {
        let number = raw[0].trip as usize;
        with_calls[number] = true;
        let first = calls.len();
        if let Err((line, what)) = add_calls(raw, trips.shape_of[number], filler, &mut calls, receipts) {
            calls.truncate(first);
            receipts.add(FILE, line, what, &trips.items[number].id);
            continue;
        }
        numbers[number] = kept.len() as u32;
        kept.push(Trip {
            first_call: first as u32,
            call_count: (calls.len() - first) as u32,
            ..trips.items[number].clone()
        });
    }
    for (number, _) in with_calls.iter().enumerate().filter(|(_, has_calls)| !**has_calls) {
        receipts.add(
            "trips.txt",
            trips.lines[number],
            "a trip without calls: dropped",
            &trips.items[number].id,
        );
    }
    (kept, calls, numbers)
}

/// The calls of one trip, or the line and the reason why it cannot be used.
fn add_calls(
    raw: &[RawCall],
    shape: u32,
    filler: &mut Filler<'_>,
    calls: &mut Vec<Call>,
    receipts: &mut Receipts,
) -> Result<(), (u32, &'static str)> {
    let is_timed = |call: &RawCall| call.arrival != BLANK;
    let line = raw[0].line;
    let (Some(begin), Some(end)) = (raw.iter().position(is_timed), raw.iter().rposition(is_timed)) else {
        return Err((line, "no call has a time: the trip is dropped"));
    };
    let outside = raw[..begin].iter().chain(&raw[end + 1..]);
    for call in outside {
        receipts.add(FILE, call.line, "no time at the end of a trip: the call is dropped", "");
    }
    let raw = &raw[begin..=end];
    if raw.len() < 2 {
        return Err((line, "a trip with fewer than two calls: dropped"));
    }
    for pair in raw.windows(2).filter(|pair| pair[0].sequence == pair[1].sequence) {
        receipts.add(
            FILE,
            pair[1].line,
            "stop_sequence stands twice in a trip: in the order of the file",
            "",
        );
    }
    let first = calls.len();
    let mut latest = 0;
    for call in raw {
        let mut departure = call.departure;
        if is_timed(call) {
            if call.arrival < latest {
                return Err((call.line, "times run backwards: the trip is dropped"));
            }
            if departure < call.arrival {
                receipts.add(FILE, call.line, "departs before it arrives: departs when it arrives", "");
                departure = call.arrival;
            }
            latest = departure;
        }
        calls.push(Call {
            stop: call.stop,
            arrival: call.arrival,
            departure,
            board: call.board,
            alight: call.alight,
            is_timed: is_timed(call),
        });
    }
    let calls = &mut calls[first..];
    if calls.iter().any(|call| !call.is_timed) {
        filler.fill(raw, shape, calls);
        let blank = raw.iter().zip(&*calls).find(|(_, call)| !call.is_timed);
        let (line, count) =
            (blank.map_or(line, |(raw, _)| raw.line), calls.iter().filter(|call| !call.is_timed).count());
        receipts.add_many(FILE, line, filler.how(), "", count);
    }
    // Nobody boards at the last call or alights at the first.
    let last = calls.len() - 1;
    calls[0].alight = false;
    calls[last].board = false;
    Ok(())
}
