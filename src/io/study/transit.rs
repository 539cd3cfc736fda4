//! Public transport: timetables, and the times of day that count.

use super::config::{BlankTimes, ModeTable, StudyFile, TransitTimes};
use crate::io::gtfs::read_feed;
use crate::model::Findings;
use crate::model::transit::{Departures, Feed, FillTimes, TransitSlice, TransitStudy, check_date, date};
use crate::{Error, ErrorKind, Minutes, Result};
use std::path::Path;

const LAYER: &str = "transit";
/// Longest journey that counts, where the study says nothing: in minutes.
const LONGEST_MINUTES: f64 = 90.0;
/// Within so many minutes an essential counts as reached by public transport, where the study says nothing.
const STANDARD_MINUTES: f64 = 45.0;
/// The name of the first time of day, where the study gives none.
const FIRST: &str = "usual";

/// The timetables of a study and when they are used; `None` if it has none, or something is wrong with them.
pub(super) fn read(study: &StudyFile, root: &Path, findings: &mut Findings) -> Option<TransitStudy> {
    let modes = study.modes.iter().filter_map(|mode| match mode {
        ModeTable::Transit(mode) => Some(mode),
        ModeTable::Streets(_) => None,
    });
    let modes: Vec<_> = modes.collect();
    if study.transit.is_empty() {
        if !modes.is_empty() || study.transit_times.is_some() {
            let error =
                Error::new(ErrorKind::Study, "the study asks for public transport but has no timetable");
            findings.error(
                error.in_layer("study.toml").hint("add a table `[[transit]]` with the `file` of a feed"),
            );
        }
        return None;
    }
    if modes.len() > 1 {
        let error = Error::new(ErrorKind::Parameter, "`modes` has public transport twice");
        findings.error(error.in_layer("study.toml, modes").hint("compare times of day with `compare`"));
        return None;
    }
    let mut feeds = Vec::new();
    for table in &study.transit {
        let fill = match table.blank_times {
            BlankTimes::Shape => FillTimes::AlongShape,
            BlankTimes::Line => FillTimes::StraightLine,
            BlankTimes::Even => FillTimes::Evenly,
        };
        match read_feed(&root.join(&table.file), fill) {
            Ok(feed) => feeds.push(feed),
            Err(error) => findings.error(error.in_layer_of_file(LAYER)),
        }
    }
    if feeds.len() < study.transit.len() {
        return None;
    }
    let times = study.transit_times.clone().or_else(|| modes.first().and_then(|mode| mode.times()));
    let Some(times) = times else {
        let hint = feeds.iter().filter_map(|feed| {
            let (first, last) = feed.range()?;
            Some(format!("`{}` is valid from {first} to {last}", feed.name))
        });
        let error =
            Error::new(ErrorKind::Study, "the study has a timetable, but no day and time of departure");
        let hint = hint.collect::<Vec<_>>().join("; ");
        findings.error(
            error
                .in_layer("study.toml")
                .hint(format!("add `[transit_times]` with `date` and `depart = \"7:00-9:00\"`; {hint}")),
        );
        return None;
    };
    report_feeds(&feeds, findings);
    match slices(&times, &feeds, findings) {
        Ok((slices, percentile, standard)) => Some(TransitStudy { feeds, slices, percentile, standard }),
        Err(error) => {
            findings.error(error.in_layer("study.toml, transit_times"));
            None
        }
    }
}

/// The times of day, checked against the calendars.
fn slices(
    times: &TransitTimes,
    feeds: &[Feed],
    findings: &mut Findings,
) -> Result<(Vec<TransitSlice>, f64, Minutes)> {
    let percentile = times.percentile.unwrap_or(50.0);
    if !(percentile > 0.0 && percentile <= 100.0) {
        let message = format!("`percentile` is {percentile}");
        return Err(
            Error::new(ErrorKind::Parameter, message).hint("50 is the median departure, 90 a cautious one")
        );
    }
    let longest = Minutes::new(times.longest_minutes.unwrap_or(LONGEST_MINUTES))?;
    let standard = Minutes::new(times.standard_minutes.unwrap_or(STANDARD_MINUTES))?;
    if standard.get() == 0.0 || standard.get() > longest.get() {
        let message = format!("`standard_minutes` is {}", standard.get());
        let hint = format!("it must lie above 0 and within the longest journey of {} min", longest.get());
        return Err(Error::new(ErrorKind::Parameter, message).hint(hint));
    }
    let day = date(&times.date.to_text())?;
    let first = times.name.clone().unwrap_or_else(|| FIRST.to_owned());
    let mut slices =
        vec![TransitSlice { name: first, date: day, departures: Departures::parse(&times.depart, longest)? }];
    for slice in &times.compare {
        let date = slice.date.as_ref().map_or(Ok(day), |day| date(&day.to_text()))?;
        slices.push(TransitSlice {
            name: slice.name.clone(),
            date,
            departures: Departures::parse(&slice.depart, longest)?,
        });
    }
    for (number, slice) in slices.iter_mut().enumerate() {
        slice.name = slice.name.trim().to_lowercase().replace([' ', '-'], "_");
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        if slice.name.is_empty() || !slice.name.chars().all(is_word) {
            let message = format!("`{}` cannot name a time of day", slice.name);
            return Err(Error::new(ErrorKind::Parameter, message)
                .at_row(number)
                .hint("letters, digits and blanks"));
        }
        let silent = check_date(feeds, slice.date)?;
        if !silent.is_empty() {
            let message = format!("no trip on {} in {}", slice.date, silent.join(", "));
            findings.warning(
                Error::new(ErrorKind::Study, message).in_layer(LAYER).hint("other feeds run on that day"),
            );
        }
    }
    let mut names: Vec<&str> = slices.iter().map(|slice| slice.name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        let message = format!("two times of day are called `{}`", twice[0]);
        return Err(Error::new(ErrorKind::Parameter, message).hint("give each a `name` of its own"));
    }
    Ok((slices, percentile, standard))
}

/// What was dropped, repaired or filled in.
fn report_feeds(feeds: &[Feed], findings: &mut Findings) {
    for feed in feeds {
        for quirk in feed.receipts.iter() {
            let error = Error::new(ErrorKind::Study, quirk.to_string()).in_layer(LAYER).with_id(&feed.name);
            if quirk.what.contains("dropped") { findings.warning(error) } else { findings.note(error) }
        }
    }
}
