//! On which days trips run.

use super::Feed;
use crate::{Error, ErrorKind, Result};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeMap;

/// Days of service: weekdays between two dates, and single days added and taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Service {
    /// Its id in the feed.
    pub id: String,
    /// First day, last day and the days of the week, Monday first; one entry per row of `calendar.txt`.
    pub periods: Vec<(NaiveDate, NaiveDate, [bool; 7])>,
    /// Days that are added (`true`) or taken away.
    pub exceptions: BTreeMap<NaiveDate, bool>,
}

impl Service {
    /// Whether it runs on a day.
    #[must_use]
    pub fn runs_on(&self, date: NaiveDate) -> bool {
        let weekday = date.weekday().num_days_from_monday() as usize;
        let is_regular = |(first, last, days): &(NaiveDate, NaiveDate, [bool; 7])| {
            (*first..=*last).contains(&date) && days[weekday]
        };
        self.exceptions.get(&date).copied().unwrap_or_else(|| self.periods.iter().any(is_regular))
    }

    /// The days between which it may run, both inclusive; `None` if it never does.
    #[must_use]
    pub fn range(&self) -> Option<(NaiveDate, NaiveDate)> {
        let added = self.exceptions.iter().filter(|(_, is_added)| **is_added).map(|(day, _)| *day);
        let periods = self.periods.iter().filter(|(first, last, days)| first <= last && days.contains(&true));
        let days = periods.flat_map(|(first, last, _)| [*first, *last]).chain(added);
        days.fold(None, |range: Option<(NaiveDate, NaiveDate)>, day| {
            Some(range.map_or((day, day), |(first, last)| (first.min(day), last.max(day))))
        })
    }
}

impl Feed {
    /// The days between which any of its trips may run, both inclusive; `None` if none ever does.
    #[must_use]
    pub fn range(&self) -> Option<(NaiveDate, NaiveDate)> {
        let ranges = self.used_services().filter_map(Service::range);
        ranges.reduce(|(first, last), (from, to)| (first.min(from), last.max(to)))
    }

    /// Number of trips that run on a day, those that are repeated at a headway counted once.
    #[must_use]
    pub fn trips_on(&self, date: NaiveDate) -> usize {
        let runs: Vec<bool> = self.services.iter().map(|service| service.runs_on(date)).collect();
        self.trips.iter().filter(|trip| runs[trip.service as usize]).count()
    }

    /// Ids of the services that run on a day and have trips.
    #[must_use]
    pub fn services_on(&self, date: NaiveDate) -> Vec<&str> {
        self.used_services()
            .filter(|service| service.runs_on(date))
            .map(|service| service.id.as_str())
            .collect()
    }

    fn used_services(&self) -> impl Iterator<Item = &Service> {
        let mut is_used = vec![false; self.services.len()];
        self.trips.iter().for_each(|trip| is_used[trip.service as usize] = true);
        self.services.iter().zip(is_used).filter(|(_, is_used)| *is_used).map(|(service, _)| service)
    }
}

/// The date of `2024-06-03`.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the text is none.
pub fn date(text: &str) -> Result<NaiveDate> {
    text.trim().parse().map_err(|_| {
        Error::new(ErrorKind::Parameter, format!("`{text}` is no date")).hint("write it as 2024-06-03")
    })
}

/// The days with service nearest to a day, up to `count` before and after it, in their order.
#[must_use]
pub fn nearest_dates(feed: &Feed, date: NaiveDate, count: usize) -> Vec<NaiveDate> {
    let Some((first, last)) = feed.range() else { return Vec::new() };
    let services: Vec<&Service> = feed.used_services().collect();
    let runs = |day: &NaiveDate| services.iter().any(|service| service.runs_on(*day));
    let mut before: Vec<NaiveDate> = days_between(first, date.pred_opt().unwrap_or(date).min(last))
        .rev()
        .filter(runs)
        .take(count)
        .collect();
    before.reverse();
    before.extend(days_between(date.succ_opt().unwrap_or(date).max(first), last).filter(runs).take(count));
    before
}

/// Every day from the first to the last, both inclusive; none if the last lies before the first.
pub fn days_between(first: NaiveDate, last: NaiveDate) -> impl DoubleEndedIterator<Item = NaiveDate> {
    let count = (last - first).num_days().max(-1) + 1;
    (0..count as u64).filter_map(move |day| first.checked_add_days(Days::new(day)))
}

/// Checks that trips run on a day, and names the feeds that have none.
///
/// Returns the names of the feeds that are silent on the day while others run.
///
/// # Errors
/// [`ErrorKind::Parameter`] if no feed has a trip on the day: with the range of each feed, and the nearest days with service.
pub fn check_date(feeds: &[Feed], date: NaiveDate) -> Result<Vec<&str>> {
    let silent: Vec<&Feed> = feeds.iter().filter(|feed| feed.trips_on(date) == 0).collect();
    if silent.len() < feeds.len() {
        return Ok(silent.into_iter().map(|feed| feed.name.as_str()).collect());
    }
    let of_feed = |feed: &&Feed| {
        let Some((first, last)) = feed.range() else { return format!("`{}` never runs", feed.name) };
        let nearest: Vec<String> = nearest_dates(feed, date, 1)
            .into_iter()
            .map(|day| format!("{} {day}", day.format("%A")))
            .collect();
        format!(
            "`{}` is valid from {first} to {last}; nearest days with service: {}",
            feed.name,
            nearest.join(", ")
        )
    };
    let message = format!("no trip runs on {} {date}", date.format("%A"));
    let hint = silent.iter().map(of_feed).collect::<Vec<_>>().join("; ");
    Err(Error::new(ErrorKind::Parameter, message).hint(if hint.is_empty() {
        "no feed was given".to_owned()
    } else {
        hint
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn exceptions_go_before_weekdays() {
        let weekdays = [true, true, true, true, true, false, false];
        let mut service =
            Service { periods: vec![(day("2019-05-01"), day("2019-05-31"), weekdays)], ..Service::default() };
        service.exceptions.insert(day("2019-05-01"), false);
        service.exceptions.insert(day("2019-06-08"), true);
        let runs = |text| service.runs_on(day(text));
        assert!(!runs("2019-05-01") && runs("2019-05-02") && !runs("2019-05-04") && runs("2019-06-08"));
        assert!(!runs("2019-06-03") && !runs("2019-04-30"));
        assert_eq!(service.range(), Some((day("2019-05-01"), day("2019-06-08"))));
        assert_eq!(Service::default().range(), None);
    }

    #[test]
    fn days_between_ends_with_the_last() {
        let days: Vec<_> = days_between(day("2020-02-28"), day("2020-03-01")).collect();
        assert_eq!(days, [day("2020-02-28"), day("2020-02-29"), day("2020-03-01")]);
        assert_eq!(days_between(day("2020-03-01"), day("2020-02-28")).count(), 0);
    }
}
