//! What each column of the assessment is called, measured in and coloured by, and what it does not mean.
//!
//! The page, the figures and Python's plots all read this one list. A column that is not in it is shown under its
//! own name, as a number without a direction.

use crate::assessment::{STANDARD_MINUTES, WORK};
use crate::model::known_indicators as known;
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
        .or_else(|| access(column))
        .or_else(|| isolation(column))
        .or_else(|| barriers(column))
        .or_else(|| encounter(column))
        .or_else(|| safety(column))
        .or_else(|| groups(column))
        .or_else(|| change(column))
        .or_else(|| census(column))
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
        "residential_isolation" => Some(
            new("Isolation: residential", Unit::Plain, Scale::Diverging { middle: 0.0 })
                .meaning("How far residents live among their own group: 0 is the city's mix, 1 apart, below 0 more mixed.")
                .not(GROUPS),
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
        |label: String, unit, scale| Described::new(Theme::Isolation, label, unit, scale).not(ENCOUNTER);
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
        "group_diversity" => {
            let label = "Mix of groups".to_owned();
            return Some(
                Described::new(Theme::People, label, Unit::Share, Scale::Neutral)
                    .meaning("Entropy of the groups over that of an even mix: 0 where one lives alone.")
                    .not(GROUPS),
            );
        }
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
    Some(Described::new(Theme::Isolation, label, unit, scale).meaning(meaning).not(RECORD))
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
    let group = column.strip_prefix("share_")?;
    let measure = "Share of residents";
    let meaning = format!("Share of residents who are counted as {}.", spaced(group));
    let label = format!("{measure}: {}", spaced(group));
    Some(new(label, Unit::Share, Scale::Neutral).meaning(meaning).of(group, measure))
}

fn change(column: &str) -> Option<Described> {
    let new = |label, unit| Described::new(Theme::Change, label, unit, Scale::Classes).not(CHANGE);
    let condition = match column {
        "freeman_central_city" => "In the central city at the start",
        "freeman_low_income_at_start" => "Income below the median at the start",
        "freeman_disinvested_at_start" => "Little recent building at the start",
        "freeman_education_rose" => "Share with a degree rose by more than the median",
        "freeman_home_values_rose" => "Home values rose after inflation",
        "gentrification_freeman" => {
            return Some(new("Gentrification (Freeman)", Unit::Words).meaning(
                "Poor and neglected at the first date, with rising education and home values since.",
            ));
        }
        _ => return None,
    };
    Some(new(condition, Unit::Answer).meaning("One of the five conditions of Freeman's rule."))
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
        assert_eq!(label("share_newcomers"), "Share of residents: newcomers");
        assert_eq!(describe("clinic_minutes_p90").scale, Scale::MoreIsWorse);
        assert_eq!(describe("location_quotient_black").scale, Scale::Diverging { middle: 1.0 });
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
