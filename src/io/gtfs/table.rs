//! A table of a feed, row by row, with the line of each.

use super::archive::Archive;
use crate::error::nearest;
use crate::model::transit::Receipts;
use crate::{Error, ErrorKind, Result};
use csv::ByteRecord;
use std::borrow::Cow;

/// A row longer than this is the rest of a file behind a quotation mark that nobody closed.
const LONGEST_ROW: usize = 1 << 16;

/// A table whose rows are read one after the other.
pub(super) struct Table {
    file: &'static str,
    reader: csv::Reader<std::io::Cursor<Vec<u8>>>,
    columns: Vec<String>,
    record: ByteRecord,
}

/// A column, where the table has it.
pub(super) type Column = Option<usize>;

impl Table {
    /// The table of a file; `None` if the feed does not have it.
    pub(super) fn open(archive: &mut Archive, file: &'static str) -> Result<Option<Self>> {
        let Some(mut bytes) = archive.bytes(file)? else { return Ok(None) };
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            let error = Error::new(ErrorKind::Format, "the text is in UTF-16").in_layer(file);
            return Err(error.hint("write it again in UTF-8"));
        }
        if bytes.starts_with(&[0xEF, 0xBB, 0xBF]) {
            bytes.drain(..3);
        }
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(std::io::Cursor::new(bytes));
        let headers = reader.byte_headers().map_err(|error| unreadable(file, &error))?;
        let columns = headers.iter().map(|name| decoded(name.trim_ascii()).to_ascii_lowercase()).collect();
        Ok(Some(Self { file, reader, columns, record: ByteRecord::new() }))
    }

    /// The table of a file without which a feed is none.
    pub(super) fn required(archive: &mut Archive, file: &'static str) -> Result<Self> {
        Self::open(archive, file)?.ok_or_else(|| {
            Error::new(ErrorKind::Format, format!("`{file}` is missing: this is no timetable"))
                .hint("a feed holds stops.txt, routes.txt, trips.txt, stop_times.txt and calendar.txt or calendar_dates.txt")
        })
    }

    /// A column, if the table has it.
    pub(super) fn column(&self, name: &str) -> Column {
        self.columns.iter().position(|column| column == name)
    }

    /// A column without which the table means nothing.
    pub(super) fn needed(&self, name: &str) -> Result<Column> {
        if let Some(at) = self.column(name) {
            return Ok(Some(at));
        }
        let error = Error::new(ErrorKind::Column, format!("column `{name}` is missing"))
            .in_layer(self.file)
            .in_column(name);
        Err(match nearest(name, self.columns.iter().map(String::as_str)) {
            Some(near) => error.hint(format!("is it the column `{near}`?")),
            None => error.hint(format!("the columns are {}", self.columns.join(", "))),
        })
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>> {
        let is_there =
            self.reader.read_byte_record(&mut self.record).map_err(|error| unreadable(self.file, &error))?;
        if !is_there {
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line) as u32;
        if self.record.as_slice().len() > LONGEST_ROW {
            let message = format!("the row in line {line} does not end");
            let error = Error::new(ErrorKind::Format, message).in_layer(self.file);
            return Err(error.hint("a quotation mark may not have been closed"));
        }
        Ok(Some(Row { record: &self.record, line }))
    }
}

fn unreadable(file: &'static str, error: &csv::Error) -> Error {
    Error::new(ErrorKind::Format, format!("the table cannot be read: {error}")).in_layer(file)
}

/// Text as UTF-8, or as Latin-1 where it is not.
fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|&byte| char::from(byte)).collect()),
    }
}

/// A row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'a> {
    record: &'a ByteRecord,
    /// Line of the file, counted from 1.
    pub(super) line: u32,
}

impl<'a> Row<'a> {
    /// A cell without the blanks around it; empty where the column or the cell is missing.
    pub(super) fn bytes(self, column: Column) -> &'a [u8] {
        column.and_then(|at| self.record.get(at)).unwrap_or_default().trim_ascii()
    }

    /// A cell as text.
    pub(super) fn text(self, column: Column) -> Cow<'a, str> {
        decoded(self.bytes(column))
    }

    /// A cell as text for names, with a receipt if it is not UTF-8.
    pub(super) fn name(self, column: Column, file: &'static str, receipts: &mut Receipts) -> String {
        let text = self.text(column);
        if matches!(text, Cow::Owned(_)) {
            receipts.add(file, self.line, "text is not in UTF-8: read as Latin-1", &text);
        }
        text.into_owned()
    }

    /// A cell as a number; `None` if it is empty, an error with its text if it is something else.
    pub(super) fn number<T: std::str::FromStr>(self, column: Column) -> Result<Option<T>, Cow<'a, str>> {
        let bytes = self.bytes(column);
        if bytes.is_empty() {
            return Ok(None);
        }
        std::str::from_utf8(bytes)
            .ok()
            .and_then(|text| text.parse().ok())
            .map(Some)
            .ok_or_else(|| decoded(bytes))
    }
}

/// Seconds of `H:MM:SS`, any number of hours up to 999; `None` if it is something else.
pub(super) fn seconds(text: &[u8]) -> Option<u32> {
    let mut parts = text.split(|&byte| byte == b':');
    let mut part = |most: u32, longest: usize| -> Option<u32> {
        let digits = parts.next()?.trim_ascii();
        if digits.is_empty() || digits.len() > longest {
            return None;
        }
        let value = digits
            .iter()
            .try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + u32::from(byte - b'0')))?;
        (value <= most).then_some(value)
    };
    let (hours, minutes, seconds) = (part(999, 3)?, part(59, 2)?, part(59, 2)?);
    parts.next().is_none().then_some(hours * 3_600 + minutes * 60 + seconds)
}

/// The day of `YYYYMMDD`.
pub(super) fn day(text: &[u8]) -> Option<chrono::NaiveDate> {
    if text.len() != 8 || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        text[range].iter().fold(0_u32, |value, digit| value * 10 + u32::from(digit - b'0'))
    };
    chrono::NaiveDate::from_ymd_opt(number(0..4) as i32, number(4..6), number(6..8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_and_everything_else_is_none() {
        for (text, expected) in [
            ("00:00:00", Some(0)),
            ("7:05:09", Some(25_509)),
            ("25:10:00", Some(90_600)),
            ("100:00:01", Some(360_001)),
            (" 8:00:00", Some(28_800)),
            ("08:00", None),
            ("08:60:00", None),
            ("-1:00:00", None),
            ("8:00:00:00", None),
            ("1000:00:00", None),
            ("99999999999:00:00", None),
            ("noon", None),
            ("", None),
        ] {
            assert_eq!(seconds(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn days_are_days_of_the_calendar() {
        assert_eq!(day(b"20200229"), chrono::NaiveDate::from_ymd_opt(2020, 2, 29));
        for text in ["20190229", "2019-02-2", "201902", "", "next day"] {
            assert_eq!(day(text.as_bytes()), None, "{text}");
        }
    }
}
