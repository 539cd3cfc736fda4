//! What changed between two dates.

use super::{Described, Scale, Theme, Unit, words};
use crate::model::known_indicators as known;

/// Said of every class of change.
const CHANGE: &str = "Describes change, not its causes, and not whether anybody was displaced.";

pub(super) fn change(column: &str) -> Option<Described> {
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
pub(super) fn census(column: &str) -> Option<Described> {
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
