//! What each column of the assessment is called, measured in and coloured by, and what it does not mean.
//!
//! The page, the figures and Python's plots all read this one list. A column that is not in it is shown under its
//! own name, as a number without a direction.

mod access;
mod between;
mod change;
mod isolation;

use crate::model::Weight;
use access::{access, edge, green, work};
use between::{barriers, encounter, safety};
use change::{census, change};
use isolation::{clusters, groups, isolation, person_gap};
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

/// Said of the index.
const CONDITIONS: &str =
    "Not attitudes: census and street data show conditions, not what people think of each other.";

/// What is known about a column of the assessed neighbourhoods, by its name, in a study whose homes count by `weight`.
#[must_use]
pub fn describe(column: &str, weight: Weight) -> Described {
    // Columns that count what homes count by begin with its name.
    let counting = column.strip_prefix(weight.column()).filter(|_| column != "homes");
    let column = counting.map_or(column.to_owned(), |rest| format!("residents{rest}"));
    let mut found = by_name(&column, weight);
    for text in [&mut found.label, &mut found.measure, &mut found.meaning] {
        *text = weight.named_in(text);
    }
    found
}

fn by_name(column: &str, weight: Weight) -> Described {
    place(column, weight)
        .or_else(|| cohesion(column))
        .or_else(|| person_gap(column))
        .or_else(|| work(column))
        .or_else(|| green(column))
        .or_else(|| edge(column))
        .or_else(|| access(column))
        .or_else(|| safety(column))
        .or_else(|| clusters(column, weight))
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

fn place(column: &str, weight: Weight) -> Option<Described> {
    let (label, unit, meaning) = match column {
        "area_km2" => ("Area", Unit::SquareKilometres, "Land and water inside the boundary."),
        "homes" => {
            ("Homes", Unit::Count, "Addresses, buildings, blocks or positions along streets in the data.")
        }
        "residents" if weight == Weight::FloorArea => {
            ("Floor area, m²", Unit::Count, "Floor area of all residential buildings: outline times levels.")
        }
        "residents" => ("{Residents}", Unit::Count, "All {residents} in the data."),
        "workers" => ("Residents with a job", Unit::Count, "Those who compete for jobs in the data."),
        "residents_on_streets" => (
            "{Residents} near a street",
            Unit::Count,
            "{Residents} of homes that could be placed on a street; only these count in what is reached.",
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
        let label = |column: &str| describe(column, Weight::Residents).label;
        assert_eq!(label("school_minutes_median"), "Median walk to school");
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
        assert_eq!(
            describe("jobs_share_without_car_within_30_min_mean", Weight::Residents).unit,
            Unit::Share
        );
        assert_eq!(describe("green_share_within_300_m", Weight::Residents).theme, Theme::Access);
        assert_eq!(label("share_newcomers"), "Share of residents: newcomers");
        assert_eq!(describe("clinic_minutes_p90", Weight::Residents).scale, Scale::MoreIsWorse);
        assert_eq!(
            describe("location_quotient_black", Weight::Residents).scale,
            Scale::Diverging { middle: 1.0 }
        );
        assert_eq!(describe("residential_isolation_15_min", Weight::Residents).theme, Theme::Isolation);
        assert_eq!(label("service_isolation_cluster"), "Clusters: service isolation");
        assert_eq!(label("service_isolation_newcomers"), "Service isolation: newcomers");
        assert_eq!(label("safety_gap_cluster"), "Clusters of fear and record");
    }

    #[test]
    fn change_is_said_in_words() {
        let found = |column: &str| {
            (describe(column, Weight::Residents).label, describe(column, Weight::Residents).unit)
        };
        assert_eq!(found("gentrification_freeman"), ("Gentrification (Freeman)".into(), Unit::Words));
        assert_eq!(found("gentrification_ncrc_robust"), ("Robust (NCRC)".into(), Unit::Answer));
        assert_eq!(found("gentrification_why").1, Unit::Prose);
        assert_eq!(found("freeman_home_values_rose").1, Unit::Answer);
        assert_eq!(found("displacement_stage_probabilities").1, Unit::Prose);
        assert_eq!(describe("displacement_risk", Weight::Residents).theme, Theme::Change);
    }

    #[test]
    fn an_unknown_column_keeps_its_name_and_claims_nothing() {
        let found = describe("flood_depth_m", Weight::FloorArea);
        assert_eq!(
            (found.label.as_str(), found.theme, found.scale),
            ("Flood depth m", Theme::Other, Scale::Neutral)
        );
        assert_eq!(found.not_meaning, "");
    }
}
