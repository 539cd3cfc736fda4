//! Choice of groceries: who has more than one within a walk.

use super::access::ON_FOOT;
use crate::access::Opportunities;
use crate::measure::prelude::*;
use crate::model::category::GROCERY;

/// Who can choose between groceries on foot.
pub(crate) static GROCERY_CHOICE: Measure = Measure {
    name: "grocery_choice",
    title: "choice of groceries",
    needs: &[Need::Category(GROCERY), Need::Measure("access")],
    method: "Groceries within 15 minutes' walk: {residents} with two or more have a choice, and still one if the other closes.",
    source: "after Apparicio, Cloutier & Shearmur (2007), variety of supermarkets",
    columns: &[&GROCERIES, &WITH_A_CHOICE],
    run,
};

/// So many are a choice.
const CHOICE: f64 = 2.0;

static GROCERIES: ColumnSpec =
    ColumnSpec::new("groceries_to_choose_from", Theme::Access, Unit::Count, Scale::MoreIsBetter)
        .label("Groceries to choose from")
        .means("How many groceries lie within 15 minutes' walk; two or more are a choice.")
        .does_not_mean(ON_FOOT)
        .shared_out(|_, _| Enough::By(Standard::AtLeast(CHOICE)));
static WITH_A_CHOICE: ColumnSpec =
    ColumnSpec::new("grocery_choice", Theme::Access, Unit::Share, Scale::MoreIsBetter)
        .label("Choice of groceries")
        .means("Share of {residents} with two or more groceries within 15 minutes' walk.")
        .does_not_mean(ON_FOOT)
        .sums_up(&GROCERIES, Rule::ShareAtLeast(CHOICE));

fn run(context: &Context<'_>) -> Result<Outcome> {
    let grocery = context.category(GROCERY);
    let within = Opportunities::SERVICE_CUTOFFS.iter().position(|minutes| *minutes == STANDARD_MINUTES);
    let counts = context.access.iter().map(|access| Some(access.as_ref()?.services[grocery?][within?]));
    Ok(Outcome::of_homes([(&GROCERIES, counts.collect())]))
}
