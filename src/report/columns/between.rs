//! What lies between residents: barriers, places to meet, fear and record.

use super::{Described, Scale, Theme, Unit, spaced};

/// Said of who could meet whom.
const ENCOUNTER: &str = "Who can walk to the same places, not who goes there, meets or speaks.";

/// Said of perceived safety.
const RECORD: &str = "A record is what was reported: trust, insurance and attention move it. A gap is a question to ask, not an error.";

/// Said of what lies between neighbours.
const CROSSINGS: &str = "Says how far, not how pleasant or safe a crossing is; a street full of cars can divide without any detour.";

pub(super) fn barriers(column: &str) -> Option<Described> {
    let (label, unit, scale, meaning) = match column {
        "severance" => (
            "Neighbours a detour away",
            Unit::Share,
            Scale::MoreIsWorse,
            "Of the {residents} within 800 m in a straight line, the share more than twice as far away on foot.",
        ),
        "detour_ratio" => (
            "Walk over straight line",
            Unit::Plain,
            Scale::MoreIsWorse,
            "Median over {residents}: half of the {residents} within 800 m are no farther on foot than this many times the \
             straight line.",
        ),
        "barrier" => (
            "What lies between",
            Unit::Words,
            Scale::Classes,
            "The motorway, railway or water that puts the most {residents} near by a detour away; named where they are one in \
             twenty or more.",
        ),
        "barrier_share" => (
            "Neighbours behind that barrier",
            Unit::Share,
            Scale::MoreIsWorse,
            "Share of the {residents} within 800 m that this barrier puts a detour away.",
        ),
        _ => return None,
    };
    Some(Described::new(Theme::Barriers, label, unit, scale).meaning(meaning).not(CROSSINGS))
}

pub(super) fn encounter(column: &str) -> Option<Described> {
    let new =
        |label: String, unit, scale| Described::new(Theme::Encounter, label, unit, scale).not(ENCOUNTER);
    let (label, unit, scale, meaning) = match column {
        "encounter" => (
            "Others within reach",
            Unit::Share,
            Scale::MoreIsBetter,
            "Among the people who can walk to the same schools, parks and other places to meet, the share who are of \
             another group, on average over {residents}.",
        ),
        "neighbours_without_shared_place" => (
            "Neighbours without a shared place",
            Unit::Count,
            Scale::MoreIsWorse,
            "How many neighbouring neighbourhoods share no place that a tenth of the {residents} of both can walk to.",
        ),
        "meeting_places_per_thousand" => (
            "Places to meet per 1,000 people",
            Unit::Plain,
            Scale::MoreIsBetter,
            "Libraries, halls, places of worship, parks, cafés, markets and sports grounds within 15 minutes' walk, for \
             1,000 people who live within the same walk.",
        ),
        "scarcest_meeting_places" => (
            "Scarcest places to meet",
            Unit::Words,
            Scale::Classes,
            "The kind of places to meet of which there are the fewest for those who share them.",
        ),
        _ => {
            let group = column.strip_prefix("encounter_")?;
            let measure = "Others within reach";
            let meaning = format!(
                "Among the people whom {} could meet at places within a walk, the share of other groups.",
                spaced(group)
            );
            let label = format!("{measure}: {}", spaced(group));
            return Some(new(label, Unit::Share, Scale::MoreIsBetter).meaning(meaning).of(group, measure));
        }
    };
    Some(new(label.to_owned(), unit, scale).meaning(meaning))
}

pub(super) fn safety(column: &str) -> Option<Described> {
    let (label, unit, scale, meaning) = match column.strip_prefix("safety_")? {
        "feel_unsafe" => (
            "Feel unsafe",
            Unit::Share,
            Scale::MoreIsWorse,
            "Share of those who answered the survey who feel unsafe.",
        ),
        "recorded_rate" => (
            "Incidents on record per 1,000",
            Unit::Plain,
            Scale::MoreIsWorse,
            "Recorded incidents per 1,000 people, as counted.",
        ),
        "smoothed_rate" => (
            "Incidents per 1,000, smoothed",
            Unit::Plain,
            Scale::MoreIsWorse,
            "The recorded rate, drawn towards that of the city where few people live.",
        ),
        "gap" => (
            "Fear against the record",
            Unit::Plain,
            Scale::Diverging { middle: 0.0 },
            "Rank of the feeling less rank of the smoothed rate, each 0 to 1: above 0, fear exceeds the record.",
        ),
        "gap_low" => (
            "Fear against the record, at least",
            Unit::Plain,
            Scale::Diverging { middle: 0.0 },
            "Nine in ten repetitions of survey and count give a gap between this and the upper end.",
        ),
        "gap_high" => (
            "Fear against the record, at most",
            Unit::Plain,
            Scale::Diverging { middle: 0.0 },
            "Nine in ten repetitions of survey and count give a gap between the lower end and this.",
        ),
        "rank_low" => (
            "Rank of the feeling, from",
            Unit::Count,
            Scale::Neutral,
            "Rank among all neighbourhoods, 1 the most unsafe, as far up as nine in ten repetitions go.",
        ),
        "rank_high" => (
            "Rank of the feeling, to",
            Unit::Count,
            Scale::Neutral,
            "Rank among all neighbourhoods, 1 the most unsafe, as far down as nine in ten repetitions go.",
        ),
        "gap_cluster" => (
            "Clusters of fear and record",
            Unit::Words,
            Scale::Classes,
            "Where neighbourhoods whose fear exceeds or falls short of the record lie together, beyond chance.",
        ),
        _ => return None,
    };
    Some(Described::new(Theme::Safety, label, unit, scale).meaning(meaning).not(RECORD))
}
