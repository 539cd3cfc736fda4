//! Service days and clocks: a service day begins at noon minus 12 hours, also where the clocks change.

use crate::model::transit::Feed;
use chrono::{Days, NaiveDate, TimeZone};
use chrono_tz::Tz;

/// Seconds of a day on which the clocks do not change.
pub const DAY_S: i64 = 86_400;

/// Seconds since 1970 at which the service day of a date begins.
pub(super) fn service_day_begins(zone: Option<Tz>, date: NaiveDate) -> i64 {
    instant(zone, date, 12 * 3_600) - 12 * 3_600
}

/// Seconds since 1970 of a time on the clock; hours from 24 on are those of the next day.
fn instant(zone: Option<Tz>, date: NaiveDate, clock_s: u32) -> i64 {
    let day = date.checked_add_days(Days::new(u64::from(clock_s) / DAY_S as u64)).unwrap_or(date);
    let naive = day.and_time(chrono::NaiveTime::MIN) + chrono::Duration::seconds(i64::from(clock_s) % DAY_S);
    let Some(zone) = zone else { return naive.and_utc().timestamp() };
    // A time that the clocks show twice is the first; one that they skip is as long after the change.
    let shown = zone.from_local_datetime(&naive).earliest();
    shown.map_or_else(
        || {
            let hour = chrono::Duration::hours(1);
            let before = zone.from_local_datetime(&(naive - hour)).earliest();
            before.map_or(naive.and_utc().timestamp(), |before| before.timestamp() + 3_600)
        },
        |shown| shown.timestamp(),
    )
}

/// Seconds from the beginning of the service day of `date` to a time on the clock of that date.
///
/// They are equal but on a day on which the clocks change, before the change.
#[must_use]
pub fn service_seconds(feeds: &[Feed], date: NaiveDate, clock_s: u32) -> i64 {
    let zone = feeds.iter().find_map(|feed| feed.timezone);
    instant(zone, date, clock_s) - service_day_begins(zone, date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_service_day_begins_an_hour_off_midnight_where_the_clocks_change() {
        let zone = Some(chrono_tz::America::New_York);
        let length = |date: &str| {
            service_day_begins(zone, day(date).succ_opt().unwrap()) - service_day_begins(zone, day(date))
        };
        // Clocks went forward on Sunday 2020-03-08 and back on Sunday 2019-11-03: from noon to noon.
        assert_eq!(length("2020-03-06"), DAY_S);
        assert_eq!(length("2020-03-07"), DAY_S - 3_600);
        assert_eq!(length("2019-11-02"), DAY_S + 3_600);
        let midnight = |date: &str| instant(zone, day(date), 0) - service_day_begins(zone, day(date));
        assert_eq!(
            [midnight("2020-03-07"), midnight("2020-03-08"), midnight("2019-11-03")],
            [0, 3_600, -3_600]
        );
        // 02:30 does not exist on the day: it is half an hour after the change.
        let skipped = instant(zone, day("2020-03-08"), 9_000);
        assert_eq!(skipped, instant(zone, day("2020-03-08"), 3 * 3_600) + 1_800);
    }
}
