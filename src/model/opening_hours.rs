//! When a place is open in a week, as OpenStreetMap writes it: `Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-12:00`.

use crate::{Error, ErrorKind, Result};

const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
const DAY_S: u32 = 86_400;

/// Hours of a usual week.
///
/// Read from the syntax of `opening_hours` in OpenStreetMap: days (`Mo`, `Mo-Fr`, `Mo,We`), times (`08:00-12:00`, also past midnight:
/// `20:00-02:00`, `20:00-26:00`), `off` and `closed`, `24/7`, rules after `;` that replace and after `,` that add. Public and
/// school holidays (`PH`, `SH`) are read over: a holiday counts as its weekday. Months, dates, weeks, sunrise, open ends and
/// comments are refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpeningHours {
    /// By day from Monday on: from and to in seconds from midnight; an end after midnight is above 86,400.
    days: [Vec<[u32; 2]>; 7],
}

impl OpeningHours {
    /// Reads the hours of a week.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if the text is not of the syntax above.
    ///
    /// # Example
    /// ```
    /// # use commonground::model::OpeningHours;
    /// let hours = OpeningHours::parse("Mo-Fr 08:00-18:00; We off")?;
    /// assert_eq!(hours.around(0)[0], [28_800, 64_800]);
    /// assert!(OpeningHours::parse("Apr-Oct 08:00-18:00").is_err());
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = || {
            Error::new(ErrorKind::Value, format!("`{text}` are no opening hours of a week"))
                .hint("for example `Mo-Fr 08:00-12:00,13:00-17:00; Sa 09:00-12:00; Su off`")
        };
        let mut hours = Self::default();
        let lower = text.trim().to_lowercase();
        if lower == "24/7" {
            hours.days = std::array::from_fn(|_| vec![[0, DAY_S]]);
            return Ok(hours);
        }
        let rules = lower.split(';').map(str::trim).filter(|rule| !rule.is_empty());
        let mut is_any = false;
        for rule in rules {
            is_any = true;
            hours.add_rule(rule).ok_or_else(wrong)?;
        }
        if is_any { Ok(hours) } else { Err(wrong()) }
    }

    /// A rule, which replaces what its days had; `None` if it is none.
    fn add_rule(&mut self, rule: &str) -> Option<()> {
        let mut replaced = [false; 7];
        let mut days = [true; 7];
        let mut has_days = false;
        // Days of a list that is not at its end; after times, days begin a rule that adds.
        let mut after_times = true;
        for part in rule.split(',').map(str::trim) {
            let mut words = part.split_whitespace();
            let mut word = words.next()?;
            if word.starts_with(|first: char| first.is_ascii_alphabetic()) && !is_off(word) {
                if after_times {
                    days = [false; 7];
                }
                (after_times, has_days) = (false, true);
                add_days(word, &mut days)?;
                match words.next() {
                    Some(times) => word = times,
                    None => continue,
                }
            }
            if words.next().is_some() {
                return None;
            }
            after_times = true;
            let span = if is_off(word) { None } else { Some(span(word)?) };
            for ((hours, replaced), _) in
                self.days.iter_mut().zip(&mut replaced).zip(days).filter(|(_, is_meant)| *is_meant)
            {
                if !*replaced {
                    hours.clear();
                    *replaced = true;
                }
                hours.extend(span);
            }
        }
        // Days alone, without times, say that it is open all day; that is more often a slip.
        (after_times || !has_days).then_some(())
    }

    /// When it is open around a day, `weekday` from Monday on: spans in seconds from its midnight, from the day before to two days
    /// after, in order and apart.
    #[must_use]
    pub fn around(&self, weekday: usize) -> Vec<[i32; 2]> {
        let mut spans: Vec<[i32; 2]> = Vec::new();
        for (offset, day) in (-1..=2).zip(weekday + 6..) {
            let shift = offset * DAY_S as i32;
            spans.extend(self.days[day % 7].iter().map(|span| span.map(|second| second as i32 + shift)));
        }
        spans.sort_unstable();
        let mut apart: Vec<[i32; 2]> = Vec::new();
        for span in spans {
            match apart.last_mut() {
                Some(last) if span[0] <= last[1] => last[1] = last[1].max(span[1]),
                _ => apart.push(span),
            }
        }
        apart
    }
}

fn is_off(word: &str) -> bool {
    matches!(word, "off" | "closed")
}

/// `mo`, `mo-fr`, `sa-mo`; holidays are read over.
fn add_days(word: &str, days: &mut [bool; 7]) -> Option<()> {
    if matches!(word, "ph" | "sh") {
        return Some(());
    }
    let number = |name: &str| DAYS.iter().position(|day| *day == name);
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let (mut day, last) = (number(first)?, number(last)?);
    days[day] = true;
    while day != last {
        day = (day + 1) % 7;
        days[day] = true;
    }
    Some(())
}

/// `08:00-12:00`; an end not after the beginning is of the next day.
fn span(word: &str) -> Option<[u32; 2]> {
    let (from, to) = word.split_once('-')?;
    let (from, to) = (clock(from)?, clock(to)?);
    let to = if to <= from { to + DAY_S } else { to };
    (from < DAY_S && to <= from + DAY_S).then_some([from, to])
}

fn clock(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let is_number =
        |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(hours) || minutes.len() != 2 || !is_number(minutes) {
        return None;
    }
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 48 && minutes < 60).then_some(hours * 3_600 + minutes * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    const H: i32 = 3_600;

    /// Spans of the day itself.
    fn on(text: &str, weekday: usize) -> Vec<[i32; 2]> {
        let spans = OpeningHours::parse(text).unwrap().around(weekday);
        spans.into_iter().filter(|span| span[0] < 24 * H && span[1] > 0).collect()
    }

    #[test]
    fn days_times_and_later_rules_are_read() {
        let clinic = "Mo-Fr 08:00-12:00,13:00-17:00; We 08:00-12:00; Sa 9:00-12:00; Su,PH off";
        assert_eq!(on(clinic, 0), [[8 * H, 12 * H], [13 * H, 17 * H]]);
        assert_eq!(on(clinic, 2), [[8 * H, 12 * H]]);
        assert_eq!(on(clinic, 5), [[9 * H, 12 * H]]);
        assert!(on(clinic, 6).is_empty());
        assert_eq!(on("10:00-18:00", 6), [[10 * H, 18 * H]]);
        assert_eq!(on("Mo,We 08:00-12:00, We 14:00-18:00", 2), [[8 * H, 12 * H], [14 * H, 18 * H]]);
        assert_eq!(on("Sa-Mo 08:00-12:00", 0), [[8 * H, 12 * H]]);
        assert!(on("Sa-Mo 08:00-12:00", 1).is_empty());
    }

    #[test]
    fn the_night_goes_on_and_a_week_without_end_is_one_span() {
        assert_eq!(on("Fr 20:00-02:00", 4), [[20 * H, 26 * H]]);
        assert_eq!(on("Fr 20:00-02:00", 5), [[-4 * H, 2 * H]]);
        assert_eq!(on("Fr 20:00-02:00", 4), on("Fr 20:00-26:00", 4));
        assert_eq!(on("24/7", 3), [[-24 * H, 72 * H]]);
        assert_eq!(on("Mo-Su 00:00-24:00", 6), on("24/7", 6));
    }

    #[test]
    fn what_is_not_of_a_week_is_refused() {
        for text in [
            "",
            ";",
            "Apr-Oct 08:00-18:00",
            "08:00",
            "08:00+",
            "Mo",
            "Xx 08:00-12:00",
            "Mo 8-12",
            "Mo 08:00-49:00",
            "Mo 08:60-12:00",
            "sunrise-sunset",
            "Mo 08:00-12:00 \"by appointment\"",
            "week 1-10 Mo 08:00-12:00",
            "Mo-",
        ] {
            let error = OpeningHours::parse(text).err().unwrap_or_else(|| panic!("`{text}`"));
            assert!(error.to_string().contains("hint"), "{error}");
        }
    }
}
