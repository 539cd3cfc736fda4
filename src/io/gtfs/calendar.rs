//! `calendar.txt` and `calendar_dates.txt`: the days of service. Either may be missing.

use super::archive::Archive;
use super::stops::Numbered;
use super::table::{Table, day};
use crate::model::transit::{Receipts, Service};
use crate::{Error, ErrorKind, Result};

const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const CALENDAR: &str = "calendar.txt";
const DATES: &str = "calendar_dates.txt";

pub(super) fn read(archive: &mut Archive, receipts: &mut Receipts) -> Result<Numbered<Service>> {
    let mut services = Numbered::default();
    let (calendar, dates) = (Table::open(archive, CALENDAR)?, Table::open(archive, DATES)?);
    if calendar.is_none() && dates.is_none() {
        let message = "both `calendar.txt` and `calendar_dates.txt` are missing: no trip has a day";
        return Err(Error::new(ErrorKind::Format, message).hint("a feed holds at least one of them"));
    }
    if let Some(table) = calendar {
        regular(table, &mut services, receipts)?;
    }
    if let Some(table) = dates {
        exceptions(table, &mut services, receipts)?;
    }
    Ok(services)
}

fn at<'a>(services: &'a mut Numbered<Service>, id: &[u8]) -> &'a mut Service {
    services.add(id, Service { id: String::from_utf8_lossy(id).into_owned(), ..Service::default() });
    let number = services.of(id);
    &mut services.items[number as usize]
}

fn regular(mut table: Table, services: &mut Numbered<Service>, receipts: &mut Receipts) -> Result<()> {
    let id = table.needed("service_id")?;
    let [first, last] = [table.needed("start_date")?, table.needed("end_date")?];
    let mut days = [None; 7];
    for (column, name) in days.iter_mut().zip(WEEKDAYS) {
        *column = table.needed(name)?;
    }
    while let Some(row) = table.next()? {
        let line = row.line;
        let [Some(first), Some(last)] = [first, last].map(|column| day(row.bytes(column))) else {
            receipts.add(CALENDAR, line, "a date is no day: the row is dropped", &row.text(id));
            continue;
        };
        if last < first {
            receipts.add(CALENDAR, line, "the service ends before it begins: it never runs", &row.text(id));
        }
        let period = (first, last, days.map(|column| row.bytes(column) == b"1"));
        let service = at(services, row.bytes(id));
        if service.periods.contains(&period) {
            receipts.add(CALENDAR, line, "a row stands twice: one counts", &row.text(id));
        } else {
            if !service.periods.is_empty() {
                receipts.add(CALENDAR, line, "several rows of one service: each counts", &row.text(id));
            }
            service.periods.push(period);
        }
    }
    Ok(())
}

fn exceptions(mut table: Table, services: &mut Numbered<Service>, receipts: &mut Receipts) -> Result<()> {
    let [id, date, kind] =
        [table.needed("service_id")?, table.needed("date")?, table.needed("exception_type")?];
    while let Some(row) = table.next()? {
        let Some(date) = day(row.bytes(date)) else {
            receipts.add(DATES, row.line, "a date is no day: the row is dropped", &row.text(date));
            continue;
        };
        let is_added = match row.bytes(kind) {
            b"1" => true,
            b"2" => false,
            _ => {
                receipts.add(
                    DATES,
                    row.line,
                    "exception_type is neither 1 nor 2: the row is dropped",
                    &row.text(kind),
                );
                continue;
            }
        };
        let known = at(services, row.bytes(id)).exceptions.insert(date, is_added);
        if known.is_some_and(|known| known != is_added) {
            let what = "a day is both added and taken away: the last row counts";
            receipts.add(DATES, row.line, what, &row.text(id));
        }
    }
    Ok(())
}
