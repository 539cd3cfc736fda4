//! When one leaves: a window of departures, and the times of its ends.

use crate::{Error, ErrorKind, Minutes, Result};

/// Window and longest journey together, in seconds: times fit into 15 bits.
pub const LONGEST_HORIZON_S: u32 = 32_000;

/// When one leaves, and how long one is willing to travel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Departures {
    /// Seconds from midnight on the clock of the date; from 86,400 on in the night after.
    pub from_s: u32,
    /// Seconds, above 0: one leaves at every second from `from_s` on, `length_s` in all.
    pub length_s: u32,
    /// The longest journey.
    pub longest: Minutes,
}

impl Departures {
    /// Departures from `from` until before `to`, two times of the day; a window that begins in the evening may end after midnight.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if a time is none, the window is empty or ends before it begins, or window and longest journey are
    /// together longer than [`LONGEST_HORIZON_S`].
    pub fn between(from: &str, to: &str, longest: Minutes) -> Result<Self> {
        let (from_s, to_s) = (clock_time(from)?, clock_time(to)?);
        if to_s <= from_s {
            let message = format!("the departure window {from} to {to} ends before it begins");
            return Err(Error::new(ErrorKind::Parameter, message)
                .hint("write times after midnight on as 24:30, 25:00"));
        }
        Self { from_s, length_s: to_s - from_s, longest }.checked()
    }

    /// One departure.
    ///
    /// # Errors
    /// Those of [`Departures::between`].
    pub fn at(time: &str, longest: Minutes) -> Result<Self> {
        Self { from_s: clock_time(time)?, length_s: 1, longest }.checked()
    }

    /// The window of `7:00-9:00`, or the one departure of `7:00`.
    ///
    /// # Errors
    /// Those of [`Departures::between`].
    pub fn parse(text: &str, longest: Minutes) -> Result<Self> {
        match text.split_once('-') {
            Some((from, to)) => Self::between(from, to, longest),
            None => Self::at(text, longest),
        }
    }

    /// The same, if it makes sense.
    ///
    /// # Errors
    /// Those of [`Departures::between`].
    pub fn checked(self) -> Result<Self> {
        let horizon = self.length_s.saturating_add(self.longest_s());
        if self.length_s == 0 || self.longest_s() == 0 {
            let message = "the departure window and the longest journey must be longer than 0";
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        if horizon > LONGEST_HORIZON_S {
            let message = format!(
                "the departure window of {} min and the longest journey of {} min are together too long",
                self.length_s / 60,
                self.longest_s() / 60
            );
            return Err(Error::new(ErrorKind::Parameter, message)
                .hint(format!("they may take {} min; ask for several windows", LONGEST_HORIZON_S / 60)));
        }
        Ok(self)
    }

    /// The longest journey in whole seconds.
    #[must_use]
    pub fn longest_s(&self) -> u32 {
        self.longest.to_milliseconds() / 1_000
    }
}

/// Seconds of a clock time `H:MM` or `H:MM:SS`, up to 47:59:59; hours from 24 on are those of the next day.
///
/// # Errors
/// [`ErrorKind::Parameter`] if it is none.
pub fn clock_time(text: &str) -> Result<u32> {
    let wrong = || {
        Error::new(ErrorKind::Parameter, format!("`{text}` is no time of the day"))
            .hint("write 7:30 or 07:30:00; times after midnight may go on as 24:30")
    };
    let parts: Vec<&str> = text.trim().split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return Err(wrong());
    }
    let number = |at: usize, most: u32| -> Result<u32> {
        let Some(part) = parts.get(at) else { return Ok(0) };
        let is_digits = !part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse().ok().filter(|value| is_digits && *value <= most).ok_or_else(wrong)
    };
    Ok(number(0, 47)? * 3_600 + number(1, 59)? * 60 + number(2, 59)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clock_times_are_hours_and_minutes() {
        for (text, expected) in
            [("7:30", Some(27_000)), ("24:30:15", Some(88_215)), ("0:00", Some(0)), ("47:59", Some(172_740))]
        {
            assert_eq!(clock_time(text).ok(), expected, "{text}");
        }
        for text in ["", "7", "7:60", "48:00", "7.30", "-7:00", "7:3O", "today", "1:2:3:4", "+7:00"] {
            assert_eq!(clock_time(text).unwrap_err().kind(), ErrorKind::Parameter, "{text}");
        }
    }
}
