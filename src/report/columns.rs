//! What each column of the assessment is called, measured in and coloured by, and what it does not mean.
//!
//! The page, the figures and Python's plots all read this one list. A column that is not in it is shown under its
//! own name, as a number without a direction.

use crate::assessment::{STANDARD_MINUTES, WORK, person_in};
use crate::model::{category, known_indicators as known};
use crate::network::TravelProfile;
use serde::Serialize;

/// What the numbers of a column are, which decides how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// 0 to 1, written as a percentage.
    Share,
    /// Minutes on foot.
    Minutes,
    /// Square kilometres.
    SquareKilometres,
    /// Things that are counted, or means of counts.
    Count,
    /// Money of the year.
    Money,
    /// A number without a unit.
    Plain,
    /// Words.
    Words,
    /// Sentences: for a profile, not for a map.
    Prose,
    /// Yes, no or unknown.
    Answer,
}

/// Which way the colours run. No scale runs from red to green.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Scale {
    /// More is what people would wish for.
    MoreIsBetter,
    /// More is what people would wish to be rid of.
    MoreIsWorse,
    /// More is neither.
    Neutral,
    /// Below and above `middle` are two different things.
    Diverging {
        /// The value that is neither.
        middle: f64,
    },
    /// Classes without an order.
    Classes,
}

/// What belongs together in a list of layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// The index of cohesion conditions and its parts.
    Cohesion,
    /// What people reach.
    Access,
    /// Who lacks what, who lives apart.
    Isolation,
    /// What other walkers lose: older adults, wheelchairs.
    Persons,
    /// Who could meet whom, and where.
    Encounter,
    /// What people feel and what is on record.
    Safety,
    /// Who lives where.
    People,
    /// What changes between two dates.
    Change,
    /// What cuts through.
    Barriers,
    /// Columns that only the study knows.
    Other,
}

/// A column as people read it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Described {
    /// Short, begins with a capital.
    pub label: String,
    /// What of, where the same is measured of several (schools, clinics; groups).
    pub subject: Option<String>,
    /// The label without the subject.
    pub measure: String,
    /// What the numbers are.
    pub unit: Unit,
    /// Which way the colours run.
    pub scale: Scale,
    /// Where it stands in a list of layers.
    pub theme: Theme,
    /// One sentence: what it is.
    pub meaning: String,
    /// One sentence: what it is not; empty where nothing is easily mistaken.
    pub not_meaning: &'static str,
}

/// Said of everything measured on foot.
const ON_FOOT: &str =
    "Not quality, opening hours, price or welcome; and not who goes there by bus, bicycle or car.";
/// Said of who could meet whom.
const ENCOUNTER: &str = "Who can walk to the same places, not who goes there, meets or speaks.";
/// Said of perceived safety.
const RECORD: &str = "A record is what was reported: trust, insurance and attention move it. A gap is a question to ask, not an error.";
/// Said of what lies between neighbours.
const CROSSINGS: &str = "Says how far, not how pleasant or safe a crossing is; a street full of cars can divide without any detour.";
/// Said of jobs by ways of travelling and for each worker.
const WORK_ELSEWHERE: &str =
    "Not who is hired: pay, skills, hours and jobs beyond the data do not count, nor do buses and trains.";
/// Said of everything about groups.
const GROUPS: &str =
    "A share describes a place, not how people get on; living together can be a choice and a strength.";
/// Said of every class of change.
const CHANGE: &str = "Describes change, not its causes, and not whether anybody was displaced.";

/// Said of the index.
const CONDITIONS: &str =
    "Not attitudes: census and street data show conditions, not what people think of each other.";

/// What is known about a column of the assessed neighbourhoods, by its name.
#[must_use]
pub fn describe(column: &str) -> Described {
    place(column)
        .or_else(|| cohesion(column))
        .or_else(|| person_gap(column))
        .or_else(|| work(column))
        .or_else(|| green(column))
        .or_else(|| edge(column))
        .or_else(|| access(column))
        .or_else(|| safety(column))
        .or_else(|| clusters(column))
        .or_else(|| isolation(column))
        .or_else(|| barriers(column))
        .or_else(|| encounter(column))
        .or_else(|| groups(column))
        .or_else(|| change(column).map(|found| found.part_of_change(column)))
        .or_else(|| census(column).map(|found| found.part_of_change(column)))
        .unwrap_or_else(|| {
            Described::new(Theme::Other, words(column), Unit::Plain, Scale::Neutral)
                .meaning(format!("Column `{column}`."))
        })
}

impl Described {
    fn new(theme: Theme, label: impl Into<String>, unit: Unit, scale: Scale) -> Self {
        let label = label.into();
        let measure = label.clone();
        Self { label, subject: None, measure, unit, scale, theme, meaning: String::new(), not_meaning: "" }
    }

    fn meaning(mut self, meaning: impl Into<String>) -> Self {
        self.meaning = meaning.into();
        self
    }

    fn not(mut self, not_meaning: &'static str) -> Self {
        self.not_meaning = not_meaning;
        self
    }

    /// Change has many columns: what definitions say, the risk ahead, the numbers behind both.
    fn part_of_change(self, column: &str) -> Self {
        let by_definitions = ["gentrification_", "freeman_"].iter().any(|start| column.starts_with(start));
        let subject = match column {
            _ if by_definitions => "what definitions say",
            _ if self.scale == Scale::Neutral && !column.contains("change") => "numbers behind it",
            "rent_change" | "home_value_change" | "neighbour_price_gap" => "numbers behind it",
            _ => "risk of displacement",
        };
        let measure = self.measure.clone();
        self.of(subject, measure)
    }

    /// One of several subjects of which the same is measured.
    fn of(mut self, subject: &str, measure: impl Into<String>) -> Self {
        (self.subject, self.measure) = (Some(words(subject)), measure.into());
        self
    }
}

fn place(column: &str) -> Option<Described> {
    let (label, unit, meaning) = match column {
        "area_km2" => ("Area", Unit::SquareKilometres, "Land and water inside the boundary."),
        "homes" => {
            ("Homes", Unit::Count, "Places with residents in the data: addresses, buildings or blocks.")
        }
        "residents" => {
            ("Residents", Unit::Count, "Residents of all homes, or what stands for them in the data.")
        }
        "workers" => ("Residents with a job", Unit::Count, "Those who compete for jobs in the data."),
        "residents_on_streets" => (
            "Residents near a street",
            Unit::Count,
            "Residents of homes that could be placed on a street; only they count in what is reached.",
        ),
        _ => return None,
    };
    Some(Described::new(Theme::People, label, unit, Scale::Neutral).meaning(meaning))
}

fn cohesion(column: &str) -> Option<Described> {
    let part = column.strip_prefix("cohesion_")?;
    let (label, unit, scale, meaning) = match part {
        "conditions" => (
            "Cohesion conditions, as the study weighs",
            Unit::Plain,
            Scale::MoreIsBetter,
            "The index of cohesion conditions from 0 to 100, with the weights of the study.",
        ),
        "rank" => ("Rank", Unit::Count, Scale::Neutral, "Rank of the index; 1 is the best."),
        "rank_low" => (
            "Rank, at best",
            Unit::Count,
            Scale::Neutral,
            "The rank when data, weights and methods vary in its favour.",
        ),
        "rank_high" => (
            "Rank, at worst",
            Unit::Count,
            Scale::Neutral,
            "The rank when data, weights and methods vary against it.",
        ),
        "weakest" => {
            ("Weakest part", Unit::Words, Scale::Classes, "The part of the index that is lowest here.")
        }
        "coverage" => (
            "Data behind the index",
            Unit::Share,
            Scale::Neutral,
            "Share of the index's weight that has a value here.",
        ),
        _ => return None,
    };
    Some(Described::new(Theme::Cohesion, label, unit, scale).meaning(meaning).not(CONDITIONS))
}

fn access(column: &str) -> Option<Described> {
    let new = |label: String, unit, scale| Described::new(Theme::Access, label, unit, scale).not(ON_FOOT);
    if column == "share_with_all_categories_within_15_min" {
        return Some(new("Every kind of place near".into(), Unit::Share, Scale::MoreIsBetter).meaning(
            "Share of residents who have every kind of place that the study knows within 15 minutes' walk.",
        ));
    }
    if column == "missing_category" {
        return Some(new("What would complete it".into(), Unit::Words, Scale::Classes).meaning(
            "The kind of place that, put near everyone, would let the most residents have every kind near.",
        ));
    }
    if column == "share_of_categories_within_15_min" {
        return Some(new("Kinds of places near".into(), Unit::Share, Scale::MoreIsBetter).meaning(
            "Share of all kinds of places of which one lies within 15 minutes' walk, for the average resident.",
        ));
    }
    if let Some((category, quantile)) = column.split_once("_minutes_") {
        let place = spaced(category);
        let (measure, meaning) = match quantile {
            "median" => (
                "Walk, middle resident",
                format!("Half of the residents walk at most this long to the closest {place}."),
            ),
            "p10" => (
                "Walk, nearest tenth",
                format!("One resident in ten walks at most this long to the closest {place}."),
            ),
            "p90" => (
                "Walk, farthest tenth",
                format!("One resident in ten walks at least this long to the closest {place}."),
            ),
            _ => return None,
        };
        let label = format!("{measure}: {place}");
        return Some(new(label, Unit::Minutes, Scale::MoreIsWorse).meaning(meaning).of(category, measure));
    }
    if let Some(category) = column.strip_suffix("_share_within_15_min") {
        let measure = "Residents within 15 min";
        let meaning = format!("Share of residents with a {} within 15 minutes' walk.", spaced(category));
        let label = format!("{measure}: {}", spaced(category));
        return Some(new(label, Unit::Share, Scale::MoreIsBetter).meaning(meaning).of(category, measure));
    }
    // `school_within_15_min_mean`
    let (category, minutes) = column.strip_suffix("_min_mean")?.rsplit_once("_within_")?;
    let measure = format!("How many within {minutes} min");
    let label = format!("{} within {minutes} min", words(&many(category)));
    let meaning = format!("How many the average resident can walk to within {minutes} minutes.");
    Some(new(label, Unit::Count, Scale::MoreIsBetter).meaning(meaning).of(category, measure))
}

/// One person beside another.
fn person_gap(column: &str) -> Option<Described> {
    let (rest, person) = person_in(column)?;
    let who = spaced(person.name());
    let speed = TravelProfile::of(person);
    let (label, unit, meaning) = match rest {
        "share_losing_any" => (
            "Lose an essential".to_owned(),
            Unit::Share,
            format!(
                "Share of residents who have an essential within {STANDARD_MINUTES} minutes, but not as {speed}."
            ),
        ),
        "share_without_way" => (
            "No way to an essential".to_owned(),
            Unit::Share,
            format!(
                "Share of residents who have no way at all to an essential as {speed}, on any street that is open."
            ),
        ),
        other => {
            if let Some(essential) = other.strip_suffix("_extra_minutes") {
                let what = spaced(essential);
                let meaning =
                    format!("How much longer the middle resident takes to the closest {what} as {speed}.");
                (format!("Longer way: {what}"), Unit::Minutes, meaning)
            } else if let Some(essential) = other.strip_suffix("_share_with_seats") {
                let what = spaced(essential);
                let meaning = format!(
                    "Share of residents who have a {what} within {STANDARD_MINUTES} minutes as {speed}, with a bench or \
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
                    "Share of residents who have {what} within {STANDARD_MINUTES} minutes, but not as {speed}."
                );
                (format!("Lose: {}", spaced(essential)), Unit::Share, meaning)
            }
        }
    };
    let described = Described::new(Theme::Persons, format!("{label} ({who})"), unit, Scale::MoreIsWorse);
    Some(described.meaning(meaning).not(ON_FOOT).of(person.name(), label))
}

/// Jobs by class and way of travelling, and for each worker: `jobs_low_pay_by_car_within_30_min_mean`.
fn work(column: &str) -> Option<Described> {
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
                "Of the jobs that a driver reaches within {minutes} minutes, the share that the average resident \
                 reaches in that time without a car."
            ),
        ),
        _ => {
            let what = if class.is_empty() { "Jobs".to_owned() } else { format!("Jobs: {}", spaced(class)) };
            (
                format!("{what}{by} within {minutes} min"),
                Unit::Count,
                Scale::MoreIsBetter,
                format!("How many the average resident reaches within {minutes} minutes{by}."),
            )
        }
    };
    let described = Described::new(Theme::Access, label.clone(), unit, scale);
    Some(described.meaning(meaning).not(WORK_ELSEWHERE).of("jobs", label))
}

fn green(column: &str) -> Option<Described> {
    let (label, unit, meaning) = match column {
        "green_hectares_within_15_min_mean" => (
            "Green space within 15 min, ha",
            Unit::Plain,
            "Hectares of all green spaces whose edge the average resident reaches within 15 minutes' walk.",
        ),
        "green_m2_per_resident_within_15_min_mean" => (
            "Green space for each resident, m²",
            Unit::Count,
            "Square metres within 15 minutes' walk, each space shared among all residents who reach it.",
        ),
        "green_share_within_300_m" => (
            "Residents within 300 m of green space",
            Unit::Share,
            "Share of residents with half a hectare of green space within 300 m along streets (WHO Europe 2016).",
        ),
        _ => return None,
    };
    let not = "Not how good, safe, open or well kept it is; a space counts with all of its area.";
    let described = Described::new(Theme::Access, label, unit, Scale::MoreIsBetter);
    Some(described.meaning(meaning).not(not).of(category::GREEN_SPACE, label))
}

/// Where the numbers of access may be too low because the data ends.
fn edge(column: &str) -> Option<Described> {
    let (label, meaning) = match column {
        "catchment_outside_share" => (
            "Walk that leaves the study area",
            "Share of the land within a straight 15 minutes' walk that lies outside all neighbourhoods.",
        ),
        "data_edge_share_within_15_min" => (
            "Residents near the edge of the data",
            "Share of residents who come to the last streets of the data within 15 minutes.",
        ),
        _ => return None,
    };
    let not = "Where it is high, access is a lower bound: what lies beyond the data is not counted.";
    Some(Described::new(Theme::Access, label, Unit::Share, Scale::Neutral).meaning(meaning).not(not))
}

/// Classes of local Moran: `service_isolation_cluster`.
fn clusters(column: &str) -> Option<Described> {
    let of = describe(column.strip_suffix("_cluster")?);
    let what = of.label.to_lowercase();
    let meaning = format!(
        "High among high: much {what} here and in the neighbourhoods around, more than chance would put beside each \
         other; low among low likewise. One in twenty such classes may be chance."
    );
    let not = "A cluster is neither a cause nor a judgement, and its border is that of the neighbourhoods.";
    let label = format!("Clusters: {what}");
    Some(Described::new(of.theme, label, Unit::Words, Scale::Classes).meaning(meaning).not(not))
}

fn isolation(column: &str) -> Option<Described> {
    let new = |label: &str, unit, scale| Described::new(Theme::Isolation, label, unit, scale).not(ON_FOOT);
    match column {
        "service_isolation" => Some(
            new("Service isolation", Unit::Share, Scale::MoreIsWorse)
                .meaning("Share of residents who lack two or more of the essentials within 15 minutes' walk.")
                .not("Says nothing about loneliness, or about those who have other means than walking."),
        ),
        "most_lacking_essential" => Some(
            new("What is lacking most", Unit::Words, Scale::Classes)
                .meaning("The essential that the most residents lack within 15 minutes' walk."),
        ),
        "residents_isolated" => Some(
            new("Residents isolated from services", Unit::Count, Scale::MoreIsWorse)
                .meaning("How many residents lack two or more of the essentials within 15 minutes' walk."),
        ),
        "access_isolation" => Some(
            new("Isolation: access", Unit::Plain, Scale::MoreIsWorse).meaning(
                "How far the essentials lie beyond 15 minutes' walk: 0 where none does, 1 where all take twice as \
                 long or more.",
            ),
        ),
        "social_isolation" => Some(
            new("Isolation: social infrastructure", Unit::Plain, Scale::MoreIsWorse).meaning(
                "How few and how uniform the places to meet are within 15 minutes' walk, for the people who share \
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
                "How far the walk to {} misses 15 minutes, over all residents: 0 for those within, 1 at twice as \
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
                format!("Share of residents without {what} within {STANDARD_MINUTES} minutes' walk.");
            let label = format!("Lacking: {}", spaced(essential));
            Some(new(&label, Unit::Share, Scale::MoreIsWorse).meaning(meaning))
        }
    }
}

fn barriers(column: &str) -> Option<Described> {
    let (label, unit, scale, meaning) = match column {
        "severance" => (
            "Neighbours a detour away",
            Unit::Share,
            Scale::MoreIsWorse,
            "Of the people who live within 800 m in a straight line, the share who are more than twice as far on foot.",
        ),
        "detour_ratio" => (
            "Walk over straight line",
            Unit::Plain,
            Scale::MoreIsWorse,
            "For the middle resident, half of the people within 800 m are no farther on foot than this many times the \
             straight line.",
        ),
        "barrier" => (
            "What lies between",
            Unit::Words,
            Scale::Classes,
            "The motorway, railway or water that puts the most people near by a detour away; named where they are one in \
             twenty or more.",
        ),
        "barrier_share" => (
            "Neighbours behind that barrier",
            Unit::Share,
            Scale::MoreIsWorse,
            "Share of the people within 800 m whom that barrier puts a detour away.",
        ),
        _ => return None,
    };
    Some(Described::new(Theme::Barriers, label, unit, scale).meaning(meaning).not(CROSSINGS))
}

fn encounter(column: &str) -> Option<Described> {
    let new =
        |label: String, unit, scale| Described::new(Theme::Encounter, label, unit, scale).not(ENCOUNTER);
    let (label, unit, scale, meaning) = match column {
        "encounter" => (
            "Others within reach",
            Unit::Share,
            Scale::MoreIsBetter,
            "Among the people who can walk to the same schools, parks and other places to meet, the share who are of \
             another group, for the average resident.",
        ),
        "neighbours_without_shared_place" => (
            "Neighbours without a shared place",
            Unit::Count,
            Scale::MoreIsWorse,
            "How many neighbouring neighbourhoods share no place that a tenth of the residents of both can walk to.",
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
            "The kind of places to meet of which there are the fewest for the people who share them.",
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

fn safety(column: &str) -> Option<Described> {
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

fn groups(column: &str) -> Option<Described> {
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
    let measure = "Share of residents";
    let meaning = format!("Share of residents who are counted as {}.", spaced(group));
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
            "The mix within 15 minutes' walk of the average resident: 0 one group alone, 1 all equally many.",
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

fn change(column: &str) -> Option<Described> {
    let new = |label: &str, unit, scale| Described::new(Theme::Change, label, unit, scale).not(CHANGE);
    if let Some(condition) = column.strip_prefix("freeman_") {
        let label = match condition {
            "central_city" => "In the central city at the start",
            "low_income_at_start" => "Income below the median at the start",
            "disinvested_at_start" => "Little recent building at the start",
            "education_rose" => "Share with a degree rose by more than the median",
            "home_values_rose" => "Home values rose after inflation",
            _ => return None,
        };
        let meaning = "One of the five conditions of Freeman's rule.";
        return Some(new(label, Unit::Answer, Scale::Classes).meaning(meaning));
    }
    let (label, unit, scale, meaning) = match column {
        "gentrification_agreement" => (
            "Definitions that agree",
            Unit::Share,
            Scale::Neutral,
            "Of the published definitions that apply here, the share by which it gentrifies; empty where none applies.",
        ),
        "gentrification_definitions" => (
            "Definitions that apply",
            Unit::Count,
            Scale::Neutral,
            "How many published definitions apply here and could decide; by most, a place that was rich cannot gentrify.",
        ),
        "gentrification_flagged_by" => (
            "Gentrifies by",
            Unit::Prose,
            Scale::Classes,
            "The published definitions by which it gentrifies.",
        ),
        "gentrification_why" => (
            "Why",
            Unit::Prose,
            Scale::Classes,
            "Which number met which threshold, by each definition, and which would make it something else.",
        ),
        "displacement_stage" => (
            "Stage of displacement",
            Unit::Words,
            Scale::Classes,
            "From vulnerability then and now, pressure of the market and observed change, by their ranks in the city.",
        ),
        "displacement_risk" => (
            "Displacement risk, looking forward",
            Unit::Plain,
            Scale::MoreIsWorse,
            "Root of vulnerability times pressure of the market, 0 to 1: high where people could least stay and prices push.",
        ),
        "vulnerability" => (
            "Vulnerability",
            Unit::Plain,
            Scale::MoreIsWorse,
            "Mean rank in the city of low incomes, renting, few degrees and burdens of cost at the last date.",
        ),
        "market_pressure" => (
            "Pressure of the market",
            Unit::Plain,
            Scale::MoreIsWorse,
            "Mean rank in the city of the rise of rents and home values after inflation, and of dearer neighbours.",
        ),
        "observed_change" => (
            "Observed change of residents",
            Unit::Plain,
            Scale::Neutral,
            "Mean rank in the city of the rise of degrees and incomes and the loss of households with low incomes.",
        ),
        "change_nearby" => (
            "Change next door",
            Unit::Plain,
            Scale::Neutral,
            "Mean of the observed change of the neighbourhoods that touch it.",
        ),
        "displacement_pressure" => (
            "Displacement pressure, early warning",
            Unit::Plain,
            Scale::MoreIsWorse,
            "Vulnerability, pressure of the market and change next door together, 0 to 1.",
        ),
        "protected_homes" => (
            "Homes out of the market's reach",
            Unit::Share,
            Scale::MoreIsBetter,
            "Affordable, public and rent-stabilised homes for each household.",
        ),
        "zoning_headroom" => (
            "Room in the zoning",
            Unit::Share,
            Scale::MoreIsBetter,
            "Homes that zoning still allows for each household.",
        ),
        "rent_change" => (
            "Rise of rents",
            Unit::Share,
            Scale::Diverging { middle: 0.0 },
            "Between the dates, after inflation.",
        ),
        "home_value_change" => (
            "Rise of home values",
            Unit::Share,
            Scale::Diverging { middle: 0.0 },
            "Between the dates, after inflation.",
        ),
        "neighbour_price_gap" => (
            "Dearer neighbours",
            Unit::Share,
            Scale::Diverging { middle: 0.0 },
            "Home values of the neighbourhoods that touch it above its own, as a share of the mean of both.",
        ),
        _ => return gentrification_by(column).map(|found| found.not(CHANGE)),
    };
    Some(new(label, unit, scale).meaning(meaning))
}

/// `gentrification_ding` and how sure it is: `gentrification_ding_probability`, `_probabilities`, `_robust`; so for
/// `displacement_stage`.
fn gentrification_by(column: &str) -> Option<Described> {
    let new = |label: String, unit, scale| Described::new(Theme::Change, label, unit, scale);
    let by = |name: &str| match name {
        "displacement_stage" => Some("stage of displacement".to_owned()),
        _ => Some(match name.strip_prefix("gentrification_")? {
            "udp" => "Urban Displacement Project".to_owned(),
            "ncrc" => "NCRC".to_owned(),
            other => words(other),
        }),
    };
    if let Some(name) = column.strip_suffix("_probability") {
        let meaning = "Share of draws within the margins of error in which it gentrifies.";
        let label = format!("Probability of gentrification ({})", by(name)?);
        return Some(new(label, Unit::Share, Scale::MoreIsWorse).meaning(meaning));
    }
    if let Some(name) = column.strip_suffix("_probabilities") {
        let meaning = "Share of draws within the margins of error that give each class.";
        return Some(
            new(format!("Probabilities ({})", by(name)?), Unit::Prose, Scale::Classes).meaning(meaning),
        );
    }
    if let Some(name) = column.strip_suffix("_robust") {
        let meaning = "Yes where at most one draw in five within the margins of error gives another class.";
        return Some(new(format!("Robust ({})", by(name)?), Unit::Answer, Scale::Classes).meaning(meaning));
    }
    let name = by(column)?;
    Some(new(format!("Gentrification ({name})"), Unit::Words, Scale::Classes).meaning(match column {
        "gentrification_freeman" => {
            "Poor and neglected at the first date, with rising education and home values since.".to_owned()
        }
        _ => format!("Class by the definition of {name}; the reasons stand with each neighbourhood."),
    }))
}

/// Indicators that a study maps to a known name.
fn census(column: &str) -> Option<Described> {
    let (label, unit) = match column {
        known::POPULATION => ("Population", Unit::Count),
        known::HOUSEHOLDS => ("Households", Unit::Count),
        known::MEDIAN_INCOME => ("Median household income", Unit::Money),
        known::MEDIAN_RENT => ("Median rent", Unit::Money),
        known::MEDIAN_HOME_VALUE => ("Median home value", Unit::Money),
        known::COLLEGE_SHARE => ("Adults with a degree", Unit::Share),
        known::RENTER_SHARE => ("Households that rent", Unit::Share),
        "cost_burden_share" => ("Households burdened by the cost of their home", Unit::Share),
        "minority_share" => ("Residents of a minority", Unit::Share),
        "low_income_share" => ("Households with low incomes", Unit::Share),
        known::RECENTLY_BUILT_SHARE => ("Homes built in the last twenty years", Unit::Share),
        known::CENTRAL_CITY => ("In the central city", Unit::Share),
        _ => return None,
    };
    let not_meaning = if unit == Unit::Money { "Money of the year: not adjusted for inflation." } else { "" };
    Some(
        Described::new(Theme::Change, label, unit, Scale::Neutral)
            .meaning("From the study's own tables.")
            .not(not_meaning),
    )
}

/// A name of the data as words that begin with a capital.
fn words(name: &str) -> String {
    let spaced = spaced(name);
    let mut letters = spaced.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn spaced(name: &str) -> String {
    name.replace('_', " ").trim().to_owned()
}

/// A category as many of its places.
fn many(category: &str) -> String {
    match category {
        "place_of_worship" => "places of worship".to_owned(),
        "grocery" => "groceries".to_owned(),
        "library" => "libraries".to_owned(),
        "pharmacy" => "pharmacies".to_owned(),
        "childcare" | "jobs" => category.to_owned(),
        other if other.ends_with('s') => spaced(other),
        other => format!("{}s", spaced(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_of_columns_are_known_by_their_names() {
        let label = |column: &str| describe(column).label;
        assert_eq!(label("school_minutes_median"), "Walk, middle resident: school");
        assert_eq!(label("place_of_worship_within_15_min_mean"), "Places of worship within 15 min");
        assert_eq!(label("jobs_within_30_min_mean"), "Jobs within 30 min");
        assert_eq!(label("share_lacking_work"), "Lacking: work");
        assert_eq!(label("school_extra_minutes_older_adult"), "Longer way: school (older adult)");
        assert_eq!(label("share_losing_any_wheelchair"), "Lose an essential (wheelchair)");
        assert_eq!(label("jobs_by_car_within_30_min_mean"), "Jobs by car within 30 min");
        assert_eq!(label("jobs_low_pay_within_30_min_mean"), "Jobs: low pay within 30 min");
        assert_eq!(
            label("jobs_retail_by_bicycle_within_30_min_mean"),
            "Jobs: retail by bicycle within 30 min"
        );
        assert_eq!(label("jobs_per_worker_by_car_within_30_min_mean"), "Jobs for each worker by car");
        assert_eq!(describe("jobs_share_without_car_within_30_min_mean").unit, Unit::Share);
        assert_eq!(describe("green_share_within_300_m").theme, Theme::Access);
        assert_eq!(label("share_newcomers"), "Share of residents: newcomers");
        assert_eq!(describe("clinic_minutes_p90").scale, Scale::MoreIsWorse);
        assert_eq!(describe("location_quotient_black").scale, Scale::Diverging { middle: 1.0 });
        assert_eq!(describe("residential_isolation_15_min").theme, Theme::Isolation);
        assert_eq!(label("service_isolation_cluster"), "Clusters: service isolation");
        assert_eq!(label("service_isolation_newcomers"), "Service isolation: newcomers");
        assert_eq!(label("safety_gap_cluster"), "Clusters of fear and record");
    }

    #[test]
    fn change_is_said_in_words() {
        let found = |column: &str| (describe(column).label, describe(column).unit);
        assert_eq!(found("gentrification_freeman"), ("Gentrification (Freeman)".into(), Unit::Words));
        assert_eq!(found("gentrification_ncrc_robust"), ("Robust (NCRC)".into(), Unit::Answer));
        assert_eq!(found("gentrification_why").1, Unit::Prose);
        assert_eq!(found("freeman_home_values_rose").1, Unit::Answer);
        assert_eq!(found("displacement_stage_probabilities").1, Unit::Prose);
        assert_eq!(describe("displacement_risk").theme, Theme::Change);
    }

    #[test]
    fn an_unknown_column_keeps_its_name_and_claims_nothing() {
        let found = describe("flood_depth_m");
        assert_eq!(
            (found.label.as_str(), found.theme, found.scale),
            ("Flood depth m", Theme::Other, Scale::Neutral)
        );
        assert_eq!(found.not_meaning, "");
    }
}
