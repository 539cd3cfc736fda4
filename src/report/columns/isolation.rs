//! Who lacks what, and who lives apart.

use super::{Described, ON_FOOT, Scale, Theme, Unit, describe, spaced};
use crate::assessment::{STANDARD_MINUTES, WORK, person_in};
use crate::model::Weight;
use crate::network::TravelProfile;

/// Said of everything about groups.
const GROUPS: &str =
    "A share describes a place, not how people get on; living together can be a choice and a strength.";

/// One person beside another.
pub(super) fn person_gap(column: &str) -> Option<Described> {
    let (rest, person) = person_in(column)?;
    let who = spaced(person.name());
    let speed = TravelProfile::of(person);
    let (label, unit, meaning) = match rest {
        "share_losing_any" => (
            "Lose an essential".to_owned(),
            Unit::Share,
            format!(
                "Share of {{residents}} with an essential within {STANDARD_MINUTES} minutes, but not as {speed}."
            ),
        ),
        "share_without_way" => (
            "No way to an essential".to_owned(),
            Unit::Share,
            format!(
                "Share of {{residents}} with no way at all to an essential as {speed}, on any street that is open."
            ),
        ),
        other => {
            if let Some(essential) = other.strip_suffix("_extra_minutes") {
                let what = spaced(essential);
                let meaning = format!(
                    "How much longer the way to the closest {what} takes as {speed}: median over {{residents}}."
                );
                (format!("Longer way: {what}"), Unit::Minutes, meaning)
            } else if let Some(essential) = other.strip_suffix("_share_with_seats") {
                let what = spaced(essential);
                let meaning = format!(
                    "Share of {{residents}} with a {what} within {STANDARD_MINUTES} minutes as {speed}, with a bench or \
                     another public seat at least every 200 m of the way. Only as good as the map of benches."
                );
                let label = format!("Seats on the way: {what} ({who})");
                let described = Described::new(Theme::Isolation, label, Unit::Share, Scale::MoreIsBetter);
                return Some(
                    described
                        .meaning(meaning)
                        .not(ON_FOOT)
                        .of(person.name(), format!("Seats on the way: {what}")),
                );
            } else {
                let essential = other.strip_suffix("_share_losing")?;
                let what = if essential == WORK {
                    "enough jobs".to_owned()
                } else {
                    format!("a {}", spaced(essential))
                };
                let meaning = format!(
                    "Share of {{residents}} with {what} within {STANDARD_MINUTES} minutes, but not as {speed}."
                );
                (format!("Lose: {}", spaced(essential)), Unit::Share, meaning)
            }
        }
    };
    let described = Described::new(Theme::Persons, format!("{label} ({who})"), unit, Scale::MoreIsWorse);
    Some(described.meaning(meaning).not(ON_FOOT).of(person.name(), label))
}

/// Classes of local Moran: `service_isolation_cluster`.
pub(super) fn clusters(column: &str, weight: Weight) -> Option<Described> {
    let of = describe(column.strip_suffix("_cluster")?, weight);
    let what = of.label.to_lowercase();
    let meaning = format!(
        "High among high: much {what} here and in the neighbourhoods around, more than chance would put beside each \
         other; low among low likewise. One in twenty such classes may be chance."
    );
    let not = "A cluster is neither a cause nor a judgement, and its border is that of the neighbourhoods.";
    let label = format!("Clusters: {what}");
    Some(Described::new(of.theme, label, Unit::Words, Scale::Classes).meaning(meaning).not(not))
}

pub(super) fn isolation(column: &str) -> Option<Described> {
    let new = |label: &str, unit, scale| Described::new(Theme::Isolation, label, unit, scale).not(ON_FOOT);
    match column {
        "service_isolation" => Some(
            new("Service isolation", Unit::Share, Scale::MoreIsWorse)
                .meaning("Share of {residents} without two or more of the essentials within 15 minutes' walk.")
                .not("Says nothing about loneliness, or about those who have other means than walking."),
        ),
        "most_lacking_essential" => Some(
            new("What is lacking most", Unit::Words, Scale::Classes)
                .meaning("The essential that the largest share of {residents} lacks within 15 minutes' walk."),
        ),
        "residents_isolated" => Some(
            new("{Residents} isolated from services", Unit::Count, Scale::MoreIsWorse)
                .meaning("How many of the {residents} are without two or more of the essentials within 15 minutes' walk."),
        ),
        "access_isolation" => Some(
            new("Isolation: access", Unit::Plain, Scale::MoreIsWorse).meaning(
                "How far the essentials lie beyond 15 minutes' walk: 0 where none does, 1 where all take twice as \
                 long or more.",
            ),
        ),
        "social_isolation" => Some(
            new("Isolation: social infrastructure", Unit::Plain, Scale::MoreIsWorse).meaning(
                "How few and how uniform the places to meet are within 15 minutes' walk, for those who share \
                 them: 0 where there are enough of every kind, 1 where there is none.",
            ),
        ),
        "combined_isolation" => Some(
            new("Isolation: all three pillars", Unit::Plain, Scale::MoreIsWorse)
                .meaning("Residential, access and social isolation as a square mean, so that one bad pillar shows.")
                .not("Look at the pillars: living among one's own by choice is another thing than living far away."),
        ),
        _ if column.starts_with("service_isolation_") => {
            let group = column.strip_prefix("service_isolation_")?;
            let measure = "Service isolation";
            let meaning =
                format!("Share of {} who lack two or more of the essentials within 15 minutes' walk.", spaced(group));
            let label = format!("{measure}: {}", spaced(group));
            Some(new(&label, Unit::Share, Scale::MoreIsWorse).meaning(meaning).of(group, measure))
        }
        _ if column.starts_with("depth_lacking_") => {
            let essential = column.strip_prefix("depth_lacking_")?;
            let measure = "Depth of the lack";
            let meaning = format!(
                "How far the walk to {} misses 15 minutes, over all {{residents}}: 0 for those within, 1 at twice as \
                 long or more; of work, the share of the jobs that are missing.",
                spaced(essential)
            );
            let label = format!("{measure}: {}", spaced(essential));
            Some(new(&label, Unit::Share, Scale::MoreIsWorse).meaning(meaning).of(essential, measure))
        }
        _ => {
            let essential = column.strip_prefix("share_lacking_")?;
            let what =
                if essential == WORK { "enough jobs".to_owned() } else { format!("a {}", spaced(essential)) };
            let meaning =
                format!("Share of {{residents}} without {what} within {STANDARD_MINUTES} minutes' walk.");
            let label = format!("Lacking: {}", spaced(essential));
            Some(new(&label, Unit::Share, Scale::MoreIsWorse).meaning(meaning))
        }
    }
}

pub(super) fn groups(column: &str) -> Option<Described> {
    let new = |label: String, unit, scale| Described::new(Theme::People, label, unit, scale).not(GROUPS);
    if let Some(group) = column.strip_prefix("location_quotient_") {
        let measure = "Concentration";
        let meaning =
            format!("Local share of {} over their share in the city: 1 is the city's mix.", spaced(group));
        let label = format!("{measure}: {}", spaced(group));
        return Some(
            new(label, Unit::Plain, Scale::Diverging { middle: 1.0 }).meaning(meaning).of(group, measure),
        );
    }
    if let Some(described) = mix(column) {
        return Some(described);
    }
    let group = column.strip_prefix("share_")?;
    let measure = "Share of {residents}";
    let meaning = format!("Share of {{residents}} counted as {}.", spaced(group));
    let label = format!("{measure}: {}", spaced(group));
    Some(new(label, Unit::Share, Scale::Neutral).meaning(meaning).of(group, measure))
}

/// How the groups live among each other.
fn mix(column: &str) -> Option<Described> {
    let (label, scale, meaning) = match column {
        "group_diversity" => (
            "Mix of groups in the neighbourhood",
            Scale::Neutral,
            "0 where one group lives alone, 1 where all are equally many.",
        ),
        "group_diversity_15_min" => (
            "Mix of groups within 15 min walk",
            Scale::Neutral,
            "The mix within 15 minutes' walk, on average over {residents}: 0 one group alone, 1 all equally many.",
        ),
        "residential_isolation" => (
            "Residential isolation by neighbourhood",
            Scale::Diverging { middle: 0.0 },
            "How much more of their own group residents have in the neighbourhood than the city's mix: 0 is that mix, \
             1 everybody among their own, below 0 more mixed.",
        ),
        "residential_isolation_15_min" => (
            "Residential isolation within 15 min walk",
            Scale::Diverging { middle: 0.0 },
            "How much more of their own group residents have within 15 minutes' walk than the city's mix: 0 is that mix, \
             1 everybody among their own, below 0 more mixed.",
        ),
        _ => return None,
    };
    let not = "A concentration, not a problem: it tells no choice from constraint, and not who meets whom.";
    Some(Described::new(Theme::Isolation, label, Unit::Plain, scale).meaning(meaning).not(not))
}
