//! What people reach from their homes.

use super::{Described, ON_FOOT, Scale, Theme, Unit, many, spaced, words};
use crate::model::category;

/// Said of jobs by ways of travelling and for each worker.
const WORK_ELSEWHERE: &str =
    "Not who is hired: pay, skills, hours and jobs beyond the data do not count, nor do buses and trains.";

pub(super) fn access(column: &str) -> Option<Described> {
    let new = |label: String, unit, scale| Described::new(Theme::Access, label, unit, scale).not(ON_FOOT);
    if column == "share_with_all_categories_within_15_min" {
        return Some(new("Every kind of place near".into(), Unit::Share, Scale::MoreIsBetter).meaning(
            "Share of {residents} with every kind of place that the study knows within 15 minutes' walk.",
        ));
    }
    if column == "missing_category" {
        return Some(new("What would complete it".into(), Unit::Words, Scale::Classes).meaning(
            "The kind of place that, put near everyone, would most raise the share of {residents} with every kind near.",
        ));
    }
    if column == "share_of_categories_within_15_min" {
        return Some(new("Kinds of places near".into(), Unit::Share, Scale::MoreIsBetter).meaning(
            "Share of all kinds of places of which one lies within 15 minutes' walk, on average over {residents}.",
        ));
    }
    if let Some((category, quantile)) = column.split_once("_minutes_") {
        let place = spaced(category);
        let (measure, meaning) = match quantile {
            "median" => (
                "Median walk to",
                format!(
                    "For half of the {{residents}} the walk to the closest {place} takes at most this long."
                ),
            ),
            "p10" => (
                "Nearest tenth: walk to",
                format!(
                    "For the nearest tenth of the {{residents}} the walk to the closest {place} takes at most this long."
                ),
            ),
            "p90" => (
                "Farthest tenth: walk to",
                format!(
                    "For the farthest tenth of the {{residents}} the walk to the closest {place} takes at least this long."
                ),
            ),
            _ => return None,
        };
        let label = format!("{measure} {place}");
        return Some(new(label, Unit::Minutes, Scale::MoreIsWorse).meaning(meaning).of(category, measure));
    }
    if let Some(category) = column.strip_suffix("_share_within_15_min") {
        let measure = "{Residents} within 15 min";
        let meaning = format!("Share of {{residents}} with a {} within 15 minutes' walk.", spaced(category));
        let label = format!("{measure}: {}", spaced(category));
        return Some(new(label, Unit::Share, Scale::MoreIsBetter).meaning(meaning).of(category, measure));
    }
    // `school_within_15_min_mean`
    let (category, minutes) = column.strip_suffix("_min_mean")?.rsplit_once("_within_")?;
    let measure = format!("How many within {minutes} min");
    let label = format!("{} within {minutes} min", words(&many(category)));
    let meaning = format!("How many lie within {minutes} minutes' walk, on average over {{residents}}.");
    Some(new(label, Unit::Count, Scale::MoreIsBetter).meaning(meaning).of(category, measure))
}

/// Jobs by class and way of travelling, and for each worker: `jobs_low_pay_by_car_within_30_min_mean`.
pub(super) fn work(column: &str) -> Option<Described> {
    let rest = column.strip_prefix("jobs_")?;
    let (name, after) = rest.split_once("within_")?;
    let minutes = after.split_once("_min")?.0;
    let name = name.trim_end_matches('_');
    let (class, mode) = match (name.strip_prefix("by_"), name.split_once("_by_")) {
        (Some(mode), _) => ("", mode),
        (None, Some((class, mode))) => (class, mode),
        (None, None) => (name, ""),
    };
    if (class, mode) == ("", "") {
        return None;
    }
    let by = if mode.is_empty() { String::new() } else { format!(" by {}", spaced(mode)) };
    let (label, unit, scale, meaning) = match class {
        "per_worker" | "per_resident" => {
            let who = spaced(class.trim_start_matches("per_"));
            (
                format!("Jobs for each {who}{by}"),
                Unit::Plain,
                Scale::MoreIsBetter,
                format!(
                    "Jobs within {minutes} minutes{by}, each shared among all {who}s who reach it: those that one {who} \
                     here competes for."
                ),
            )
        }
        "available" => (
            format!("Jobs handed out{by}"),
            Unit::Count,
            Scale::Neutral,
            format!(
                "The neighbourhood's part of all jobs, if each is shared equally among those who reach it within \
                 {minutes} minutes{by}."
            ),
        ),
        "share_without_car" => (
            "Jobs in reach without a car".to_owned(),
            Unit::Share,
            Scale::MoreIsBetter,
            format!(
                "Of the jobs that a driver reaches within {minutes} minutes, the share that can be \
                 reached in that time without a car, on average over {{residents}}."
            ),
        ),
        _ => {
            let what = if class.is_empty() { "Jobs".to_owned() } else { format!("Jobs: {}", spaced(class)) };
            (
                format!("{what}{by} within {minutes} min"),
                Unit::Count,
                Scale::MoreIsBetter,
                format!(
                    "How many can be reached within {minutes} minutes{by}, on average over {{residents}}."
                ),
            )
        }
    };
    let described = Described::new(Theme::Access, label.clone(), unit, scale);
    Some(described.meaning(meaning).not(WORK_ELSEWHERE).of("jobs", label))
}

pub(super) fn green(column: &str) -> Option<Described> {
    let (label, unit, meaning) = match column {
        "green_hectares_within_15_min_mean" => (
            "Green space within 15 min, ha",
            Unit::Plain,
            "Hectares of all green spaces whose edge lies within 15 minutes' walk, on average over {residents}.",
        ),
        "green_m2_per_resident_within_15_min_mean" => (
            "Green space for each resident, m²",
            Unit::Count,
            "Square metres within 15 minutes' walk, each space shared among all residents who reach it.",
        ),
        "green_share_within_300_m" => (
            "{Residents} within 300 m of green space",
            Unit::Share,
            "Share of {residents} with half a hectare of green space within 300 m along streets (WHO Europe 2016).",
        ),
        _ => return None,
    };
    let not = "Not how good, safe, open or well kept it is; a space counts with all of its area.";
    let described = Described::new(Theme::Access, label, unit, Scale::MoreIsBetter);
    Some(described.meaning(meaning).not(not).of(category::GREEN_SPACE, label))
}

/// Where the numbers of access may be too low because the data ends.
pub(super) fn edge(column: &str) -> Option<Described> {
    let (label, meaning) = match column {
        "catchment_outside_share" => (
            "Walk that leaves the study area",
            "Share of the land within a straight 15 minutes' walk that lies outside all neighbourhoods.",
        ),
        "data_edge_share_within_15_min" => (
            "{Residents} near the edge of the data",
            "Share of {residents} within 15 minutes of the last streets of the data.",
        ),
        _ => return None,
    };
    let not = "Where it is high, access is a lower bound: what lies beyond the data is not counted.";
    Some(Described::new(Theme::Access, label, Unit::Share, Scale::Neutral).meaning(meaning).not(not))
}
