//! How far shares of access depend on walking speed, threshold and attachment: low, expected and high of each.

use crate::access::share_within;
use crate::measure::prelude::*;
use crate::model::{AttachmentRule, Ranges, Traveller};
use crate::network::{Attachment, StreetNetwork};

/// Shares of access as ranges, where a study asks for them.
pub(crate) static RANGES: Measure = Measure {
    name: "ranges",
    title: "ranges of access",
    needs: &[Need::Measure("access")],
    method: "Low and high are the least and the greatest share over every combination of the stated walking speeds, thresholds \
             and ways to join the street. Each way is searched once, as far as the fastest walks within the longest threshold; a \
             walk takes longer in proportion as one walks slower. What one setting contributes is high less low where it alone \
             varies.",
    source: "speeds: 2.7 to 5.1 km/h in published measures; this project",
    columns: &[
        &LOW,
        &EXPECTED,
        &HIGH,
        &SHARE,
        &CITY_LOW,
        &CITY_EXPECTED,
        &CITY_HIGH,
        &BY_SPEED,
        &BY_MINUTES,
        &BY_ATTACHMENT,
    ],
    run,
};

/// The least share over all settings.
pub(crate) static LOW: ColumnSpec = ranged("{of}_share_near_low")
    .label("{Of} near, at least")
    .under("{Of}", "{Residents} near, at least")
    .means("Share of {residents} with {some} near, under the settings that give the least: slow, strict.");
/// The share under the study's own settings.
pub(crate) static EXPECTED: ColumnSpec = ranged("{of}_share_near_expected")
    .label("{Of} near, expected")
    .under("{Of}", "{Residents} near, expected")
    .means("Share of {residents} with {some} within 15 minutes' walk, under the study's own settings.");
/// The greatest share over all settings.
pub(crate) static HIGH: ColumnSpec = ranged("{of}_share_near_high")
    .label("{Of} near, at most")
    .under("{Of}", "{Residents} near, at most")
    .means("Share of {residents} with {some} near, under the settings that give the most: fast, generous.");
/// What is near, in the table of the city.
pub(crate) static SHARE: ColumnSpec =
    ColumnSpec::words("near", Theme::Access).label("What is near").means("What the share is of.");
/// The least share of the city.
pub(crate) static CITY_LOW: ColumnSpec = ranged("share_low").label("At least").means(
    "Share of {residents} in the neighbourhoods with it near, under the settings that give the least: slow, strict.",
);
/// The share of the city under the study's own settings.
pub(crate) static CITY_EXPECTED: ColumnSpec = ranged("share_expected").label("Expected").means(
    "Share of {residents} in the neighbourhoods with it within 15 minutes' walk, under the study's own settings.",
);
/// The greatest share of the city.
pub(crate) static CITY_HIGH: ColumnSpec = ranged("share_high").label("At most").means(
    "Share of {residents} in the neighbourhoods with it near, under the settings that give the most: fast, generous.",
);
/// What walking speed contributes.
pub(crate) static BY_SPEED: ColumnSpec = contribution("by_speed")
    .label("By walking speed")
    .means("High less low where the walking speed alone varies.");
/// What the threshold contributes.
pub(crate) static BY_MINUTES: ColumnSpec = contribution("by_minutes")
    .label("By threshold")
    .means("High less low where the minutes that count as near alone vary.");
/// What attachment contributes.
pub(crate) static BY_ATTACHMENT: ColumnSpec = contribution("by_attachment")
    .label("By attachment")
    .means("High less low where the way to join the street alone varies.");

/// Name of the table of the city.
pub(crate) const LAYER: &str = "ranges";
/// Every kind of place at once.
const ALL_KINDS: &str = "every_kind_of_place";

const fn ranged(name: &'static str) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, Unit::Share, Scale::MoreIsBetter).does_not_mean(
        "Not a margin of error: nothing is said of missing places or streets, only of settings that people choose.",
    )
}

const fn contribution(name: &'static str) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, Unit::Share, Scale::Neutral)
        .does_not_mean("The three do not add up to the range: settings work together.")
}

/// Low, expected and high, and what each setting contributes.
struct Range {
    low: f64,
    expected: f64,
    high: f64,
    by_speed: f64,
    by_minutes: f64,
    by_attachment: f64,
}

/// Minutes at the study's own speed that stand for the settings.
struct Limits {
    /// Of the slowest and the fastest, within 15 minutes.
    by_speed: [f64; 2],
    /// Of the shortest and the longest threshold, at the own speed.
    by_minutes: [f64; 2],
    /// The slowest within the shortest, the fastest within the longest.
    by_both: [f64; 2],
}

impl Limits {
    fn of(ranges: &Ranges, own_kmh: f64) -> Self {
        let ends = |values: &[f64]| [values[0], values[values.len() - 1]];
        let [slow, fast] = ends(&ranges.speeds_with(own_kmh)).map(|kmh| kmh / own_kmh);
        let [short, long] = ends(&ranges.minutes_with_standard());
        Self {
            by_speed: [STANDARD_MINUTES * slow, STANDARD_MINUTES * fast],
            by_minutes: [short, long],
            by_both: [short * slow, long * fast],
        }
    }

    /// All of them with the standard, from short to long.
    fn all(&self) -> Vec<f64> {
        let mut all: Vec<f64> = [self.by_speed, self.by_minutes, self.by_both].concat();
        all.push(STANDARD_MINUTES);
        all.sort_by(f64::total_cmp);
        all.dedup();
        all
    }

    /// The range of a share.
    ///
    /// - `share`: under each rule of attachment, within so many minutes; `None` where nobody lives.
    fn range(&self, rules: usize, share: impl Fn(usize, f64) -> Option<f64>) -> Option<Range> {
        let ends = |[short, long]: [f64; 2]| Some((share(0, short)?, share(0, long)?));
        let over_rules = |limit: f64| {
            let shares = (0..rules).map(|rule| share(rule, limit)).collect::<Option<Vec<f64>>>()?;
            Some((shares.iter().copied().fold(1.0, f64::min), shares.into_iter().fold(0.0, f64::max)))
        };
        let width = |(low, high): (f64, f64)| high - low;
        Some(Range {
            low: over_rules(self.by_both[0])?.0,
            expected: share(0, STANDARD_MINUTES)?,
            high: over_rules(self.by_both[1])?.1,
            by_speed: width(ends(self.by_speed)?),
            by_minutes: width(ends(self.by_minutes)?),
            by_attachment: width(over_rules(STANDARD_MINUTES)?),
        })
    }
}

fn run(context: &Context<'_>) -> Result<Outcome> {
    let Some(ranges) = &context.study.settings.ranges else { return Ok(Outcome::default()) };
    let profile = context.walk().profile();
    if !Traveller::PEOPLE.contains(&profile.traveller()) {
        let reason = format!("walking speeds say nothing about {}", profile.traveller());
        return Ok(Outcome::not_assessed(RANGES.title, reason));
    }
    let limits = Limits::of(ranges, profile.kmh_on_foot());
    let by_rule: Vec<Vec<Vec<Option<f64>>>> =
        ranges.rules().into_iter().map(|rule| near(context, rule, &limits)).collect::<Result<_>>()?;
    let mut found = Outcome::default();
    let mut city: Vec<(String, Range)> = Vec::new();
    for (number, subject) in subjects(context).into_iter().enumerate() {
        let minutes = |rule: usize| &by_rule[rule][number];
        let of_homes = |homes: &[usize]| {
            let share = |rule: usize, limit: f64| {
                let value = |&home: &usize| (minutes(rule)[home], context.study.homes.weights[home]);
                share_within(&homes.iter().map(value).collect::<Vec<_>>(), limit)
            };
            limits.range(by_rule.len(), share)
        };
        let areas = context.homes.each(of_homes);
        for (column, value) in [
            (&LOW, (|range| range.low) as fn(&Range) -> f64),
            (&EXPECTED, |range| range.expected),
            (&HIGH, |range| range.high),
        ] {
            let values: Vec<Option<f64>> = areas.iter().map(|range| range.as_ref().map(value)).collect();
            found.neighbourhood(column, subject.clone(), values);
        }
        let all: Vec<usize> = context.counted().collect();
        let name = subject.of.as_ref().map(|of| of.name().to_owned()).unwrap_or_default();
        city.extend(of_homes(&all).map(|range| (name, range)));
    }
    let mut columns = Columns::default();
    columns.add(&SHARE, city.iter().map(|(name, _)| Some(name.clone())).collect::<Vec<_>>());
    for (column, value) in [
        (&CITY_LOW, (|range| range.low) as fn(&Range) -> f64),
        (&CITY_EXPECTED, |range| range.expected),
        (&CITY_HIGH, |range| range.high),
        (&BY_SPEED, |range| range.by_speed),
        (&BY_MINUTES, |range| range.by_minutes),
        (&BY_ATTACHMENT, |range| range.by_attachment),
    ] {
        columns.add(column, city.iter().map(|(_, range)| Some(value(range))).collect::<Vec<_>>());
    }
    if !city.is_empty() {
        found.layer(LAYER, columns, None);
    }
    Ok(found)
}

/// What shares are of: each category, work, and all categories at once.
fn subjects(context: &Context<'_>) -> Vec<Subject> {
    let categories = context.opportunities.categories.iter().map(|name| Subject::category(name));
    let work = context.opportunities.has_jobs.then(|| Subject::essential(WORK));
    let all = (!context.opportunities.categories.is_empty()).then(|| Subject::of(Of::Column(ALL_KINDS)));
    categories.chain(work).chain(all).collect()
}

/// Minutes at the study's own speed from which each subject is near, by home, under a rule of attachment.
fn near(context: &Context<'_>, rule: AttachmentRule, limits: &Limits) -> Result<Vec<Vec<Option<f64>>>> {
    let streets = context.walk().streets();
    let limits = limits.all();
    let longest = Minutes::new(limits[limits.len() - 1])?;
    let homes: Vec<Option<Attachment>> =
        context.walk().homes().iter().map(|home| moved(streets, home.as_ref()?, rule)).collect();
    let places = context.opportunities.moved(streets, |entrance| moved(streets, entrance, rule));
    let mut near = places.minutes_to_each(streets, &homes, longest, context.progress)?;
    let farthest = |home: usize| {
        near.iter().map(|closest| closest[home]).try_fold(0.0, |most: f64, one| Some(most.max(one?)))
    };
    let all: Vec<Option<f64>> = (0..homes.len()).map(farthest).collect();
    let has_categories = !near.is_empty();
    if context.opportunities.has_jobs {
        let jobs = places.jobs_within_each(streets, &homes, &limits, context.progress)?;
        let enough = context.study.settings.jobs_standard;
        let first = |jobs: &[f64]| jobs.iter().position(|jobs| *jobs >= enough).map(|at| limits[at]);
        near.push(jobs.chunks_exact(limits.len()).map(first).collect());
    }
    if has_categories {
        near.push(all);
    }
    Ok(near)
}

/// A place of the network as another rule attaches it.
fn moved(streets: &StreetNetwork, at: &Attachment, rule: AttachmentRule) -> Option<Attachment> {
    match rule {
        AttachmentRule::Street => Some(*at),
        AttachmentRule::StreetWithoutGap => Some(Attachment { gap: Metres::ZERO, ..*at }),
        AttachmentRule::Junction => {
            let [tail, head] = streets.ends(at.edge);
            streets.at_node(if at.fraction < 0.5 { tail } else { head })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_distances_in_minutes_at_the_own_speed() {
        let limits = Limits::of(&Ranges::default(), 4.8);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(limits.by_speed[0], 15.0 * 2.7 / 4.8);
        close(limits.by_both[0], 10.0 * 2.7 / 4.8);
        close(limits.by_both[1], 20.0 * 5.1 / 4.8);
        let all = limits.all();
        assert_eq!(all.len(), 7);
        assert!(all.contains(&STANDARD_MINUTES) && all.windows(2).all(|two| two[0] < two[1]));
    }

    #[test]
    fn a_range_holds_every_combination_and_contributions_one_setting_each() {
        let limits = Limits::of(&Ranges::default(), 4.8);
        // Homes 4, 7, 12, 16, 21 and 30 minutes away; the second rule saves two minutes each.
        let minutes = [4.0, 7.0, 12.0, 16.0, 21.0, 30.0];
        let share = |rule: usize, limit: f64| {
            let near = minutes.iter().filter(|&&one| one - 2.0 * rule as f64 <= limit).count();
            Some(near as f64 / 6.0)
        };
        let range = limits.range(2, share).unwrap();
        // 5.6 minutes: one; 15: three; 21.25 with the second rule: five.
        let found = [range.low, range.expected, range.high].map(|share| (share * 6.0).round() as u32);
        assert_eq!(found, [1, 3, 5]);
        // 8.4 to 15.9 minutes: two to three; 10 to 20: two to four; 15, or 17 by the second rule: three to four.
        let parts =
            [range.by_speed, range.by_minutes, range.by_attachment].map(|part| (part * 6.0).round() as u32);
        assert_eq!(parts, [1, 2, 1]);
        assert!(limits.range(2, |_, _| None).is_none());
    }
}
