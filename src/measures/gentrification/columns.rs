//! Columns of change between dates: what definitions say, the risk ahead, the numbers behind both.

use crate::measure::prelude::*;
use crate::measures::population::{ID, NAME};

/// The columns of one way to classify.
pub(super) struct Classes {
    pub class: &'static ColumnSpec,
    pub probability: &'static ColumnSpec,
    pub probabilities: &'static ColumnSpec,
    pub robust: &'static ColumnSpec,
}

/// By a definition that says who gentrifies.
pub(super) static BY_DEFINITION: Classes =
    Classes { class: &CLASS, probability: &PROBABILITY, probabilities: &PROBABILITIES, robust: &ROBUST };
/// By the stage of displacement.
pub(super) static STAGE: Classes = Classes {
    class: &DISPLACEMENT_STAGE,
    probability: &STAGE_PROBABILITY,
    probabilities: &STAGE_PROBABILITIES,
    robust: &STAGE_ROBUST,
};

const CHANGE: &str = "Describes change, not its causes, and not whether anybody was displaced.";

const fn change(name: &'static str, unit: Unit, scale: Scale) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Change, unit, scale).does_not_mean(CHANGE)
}

/// An indicator that a study maps to a known name.
const fn census(name: &'static str, label: &'static str, unit: Unit) -> ColumnSpec {
    let not = match unit {
        Unit::Money => "Money of the year: not adjusted for inflation.",
        _ => "",
    };
    ColumnSpec::new(name, Theme::Change, unit, Scale::Neutral)
        .label(label)
        .under("Numbers behind it", "")
        .means("From the study's own tables.")
        .does_not_mean(not)
}

static CLASS: ColumnSpec = change("gentrification_{of}", Unit::Words, Scale::Classes)
    .label("Gentrification ({of})")
    .under("What definitions say", "")
    .means("Class by the definition of {of}; the reasons stand with each neighbourhood.");
static PROBABILITY: ColumnSpec = change("gentrification_{of}_probability", Unit::Share, Scale::MoreIsWorse)
    .label("Probability ({of})")
    .under("What definitions say", "")
    .means("Share of draws within the margins of error in which it gentrifies.");
static PROBABILITIES: ColumnSpec = change("gentrification_{of}_probabilities", Unit::Prose, Scale::Classes)
    .label("Probabilities ({of})")
    .under("What definitions say", "")
    .means("Share of draws within the margins of error that give each class.");
static ROBUST: ColumnSpec = change("gentrification_{of}_robust", Unit::Answer, Scale::Classes)
    .label("Robust ({of})")
    .under("What definitions say", "")
    .means("Yes where at most one draw in five within the margins of error gives another class.");
static DISPLACEMENT_STAGE: ColumnSpec = change("displacement_stage", Unit::Words, Scale::Classes)
    .label("Stage of displacement")
    .under("Risk of displacement", "")
    .means("From vulnerability then and now, pressure of the market and observed change, by their ranks in the city.");
static STAGE_PROBABILITY: ColumnSpec =
    change("displacement_stage_probability", Unit::Share, Scale::MoreIsWorse)
        .label("Probability (stage of displacement)")
        .under("Risk of displacement", "")
        .means("Share of draws within the margins of error in which it is flagged.");
static STAGE_PROBABILITIES: ColumnSpec =
    change("displacement_stage_probabilities", Unit::Prose, Scale::Classes)
        .label("Probabilities (stage of displacement)")
        .under("Risk of displacement", "")
        .means("Share of draws within the margins of error that give each class.");
static STAGE_ROBUST: ColumnSpec = change("displacement_stage_robust", Unit::Answer, Scale::Classes)
    .label("Robust (stage of displacement)")
    .under("Risk of displacement", "")
    .means("Yes where at most one draw in five within the margins of error gives another class.");
pub(crate) static AGREEMENT: ColumnSpec = change("gentrification_agreement", Unit::Share, Scale::Neutral)
    .label("Definitions that agree")
    .under("What definitions say", "")
    .means("Of the published definitions that apply here, the share by which it gentrifies; empty where none applies.");
pub(crate) static DEFINITIONS: ColumnSpec = change("gentrification_definitions", Unit::Count, Scale::Neutral)
    .label("Definitions that apply")
    .under("What definitions say", "")
    .means("How many published definitions apply here and could decide; by most, a place that was rich cannot gentrify.");
pub(super) static FLAGGED_BY: ColumnSpec = change("gentrification_flagged_by", Unit::Prose, Scale::Classes)
    .label("Gentrifies by")
    .under("What definitions say", "")
    .means("The published definitions by which it gentrifies.");
pub(super) static WHY: ColumnSpec = change("gentrification_why", Unit::Prose, Scale::Classes)
    .label("Why")
    .under("What definitions say", "")
    .means("Which number met which threshold, by each definition, and which would make it something else.");
pub(super) static CONDITION: ColumnSpec = change("freeman_{of}", Unit::Answer, Scale::Classes)
    .label("Freeman: {of}")
    .under("What definitions say", "")
    .means("One of the five conditions of Freeman's rule.");
pub(crate) static DISPLACEMENT_RISK: ColumnSpec = change("displacement_risk", Unit::Plain, Scale::MoreIsWorse)
    .label("Displacement risk, looking forward")
    .under("Risk of displacement", "")
    .means("Root of vulnerability times pressure of the market, 0 to 1: high where people could least stay and prices push.");
static VULNERABILITY: ColumnSpec = change("vulnerability", Unit::Plain, Scale::MoreIsWorse)
    .label("Vulnerability")
    .under("Risk of displacement", "")
    .means(
        "Mean rank in the city of low incomes, renting, few degrees and burdens of cost at the last date.",
    );
static MARKET_PRESSURE: ColumnSpec = change("market_pressure", Unit::Plain, Scale::MoreIsWorse)
    .label("Pressure of the market")
    .under("Risk of displacement", "")
    .means("Mean rank in the city of the rise of rents and home values after inflation, and of dearer neighbours.");
static OBSERVED_CHANGE: ColumnSpec = change("observed_change", Unit::Plain, Scale::Neutral)
    .label("Observed change of residents")
    .under("Risk of displacement", "")
    .means("Mean rank in the city of the rise of degrees and incomes and the loss of households with low incomes.");
static CHANGE_NEARBY: ColumnSpec = change("change_nearby", Unit::Plain, Scale::Neutral)
    .label("Change next door")
    .under("Risk of displacement", "")
    .means("Mean of the observed change of the neighbourhoods that touch it.");
static DISPLACEMENT_PRESSURE: ColumnSpec = change("displacement_pressure", Unit::Plain, Scale::MoreIsWorse)
    .label("Displacement pressure, early warning")
    .under("Risk of displacement", "")
    .means("Vulnerability, pressure of the market and change next door together, 0 to 1.");
static PROTECTED_HOMES: ColumnSpec = change("protected_homes", Unit::Share, Scale::MoreIsBetter)
    .label("Homes out of the market's reach")
    .under("Risk of displacement", "")
    .means("Affordable, public and rent-stabilised homes for each household.");
static ZONING_HEADROOM: ColumnSpec = change("zoning_headroom", Unit::Share, Scale::MoreIsBetter)
    .label("Room in the zoning")
    .under("Risk of displacement", "")
    .means("Homes that zoning still allows for each household.");
static RENT_CHANGE: ColumnSpec = change("rent_change", Unit::Share, Scale::Diverging { middle: 0.0 })
    .label("Rise of rents")
    .under("Numbers behind it", "")
    .means("Between the dates, after inflation.");
static HOME_VALUE_CHANGE: ColumnSpec =
    change("home_value_change", Unit::Share, Scale::Diverging { middle: 0.0 })
        .label("Rise of home values")
        .under("Numbers behind it", "")
        .means("Between the dates, after inflation.");
static NEIGHBOUR_PRICE_GAP: ColumnSpec =
    change("neighbour_price_gap", Unit::Share, Scale::Diverging { middle: 0.0 })
        .label("Dearer neighbours")
        .under("Numbers behind it", "")
        .means(
            "Home values of the neighbourhoods that touch it above its own, as a share of the mean of both.",
        );
/// What only the study knows.
pub(crate) static INDICATOR: ColumnSpec = ColumnSpec::new("{of}", Theme::Other, Unit::Plain, Scale::Neutral)
    .label("{Of}")
    .means("`{of}` of the study's own tables.");
static POPULATION: ColumnSpec = census("population", "Population", Unit::Count);
static HOUSEHOLDS: ColumnSpec = census("households", "Households", Unit::Count);
static MEDIAN_INCOME: ColumnSpec = census("median_income", "Median household income", Unit::Money);
static MEDIAN_RENT: ColumnSpec = census("median_rent", "Median rent", Unit::Money);
static MEDIAN_HOME_VALUE: ColumnSpec = census("median_home_value", "Median home value", Unit::Money);
static COLLEGE_SHARE: ColumnSpec = census("college_share", "Adults with a degree", Unit::Share);
static RENTER_SHARE: ColumnSpec = census("renter_share", "Households that rent", Unit::Share);
static COST_BURDEN: ColumnSpec =
    census("cost_burden_share", "Households burdened by housing cost", Unit::Share);
static MINORITY: ColumnSpec = census("minority_share", "Residents of a minority", Unit::Share);
static LOW_INCOME: ColumnSpec = census("low_income_share", "Households with low incomes", Unit::Share);
static RECENTLY_BUILT: ColumnSpec =
    census("recently_built_share", "Homes built in the last twenty years", Unit::Share);
static CENTRAL_CITY: ColumnSpec = census("central_city", "In the central city", Unit::Share);

/// Every column of change.
pub(super) const ALL: &[&ColumnSpec] = &[
    &ID,
    &NAME,
    &CLASS,
    &PROBABILITY,
    &PROBABILITIES,
    &ROBUST,
    &DISPLACEMENT_STAGE,
    &STAGE_PROBABILITY,
    &STAGE_PROBABILITIES,
    &STAGE_ROBUST,
    &AGREEMENT,
    &DEFINITIONS,
    &FLAGGED_BY,
    &WHY,
    &CONDITION,
    &DISPLACEMENT_RISK,
    &VULNERABILITY,
    &MARKET_PRESSURE,
    &OBSERVED_CHANGE,
    &CHANGE_NEARBY,
    &DISPLACEMENT_PRESSURE,
    &PROTECTED_HOMES,
    &ZONING_HEADROOM,
    &RENT_CHANGE,
    &HOME_VALUE_CHANGE,
    &NEIGHBOUR_PRICE_GAP,
    &INDICATOR,
    &POPULATION,
    &HOUSEHOLDS,
    &MEDIAN_INCOME,
    &MEDIAN_RENT,
    &MEDIAN_HOME_VALUE,
    &COLLEGE_SHARE,
    &RENTER_SHARE,
    &COST_BURDEN,
    &MINORITY,
    &LOW_INCOME,
    &RECENTLY_BUILT,
    &CENTRAL_CITY,
];

/// The column that a name of an indicator or of a score has: a known one, or the study's own.
pub(crate) fn known(name: &str) -> (&'static ColumnSpec, Subject) {
    match ALL.iter().find(|column| column.name == name) {
        Some(column) => (column, Subject::NONE),
        None => (&INDICATOR, Subject::of(Of::Indicator(name.to_owned()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Weight;

    #[test]
    fn an_unknown_column_keeps_its_name_and_claims_nothing() {
        let (column, subject) = known("flood_depth_m");
        let key = column.key("gentrification", subject);
        let found = key.described(Weight::FloorArea);
        assert_eq!(
            (key.name(Weight::FloorArea), found.label),
            ("flood_depth_m".into(), "Flood depth m".into())
        );
        assert_eq!(
            (found.theme, found.scale, found.not_meaning.as_str()),
            (Theme::Other, Scale::Neutral, "")
        );
        assert_eq!(known("median_rent").0.unit, Unit::Money);
    }
}
