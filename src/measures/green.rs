//! Green space: how much of it lies within a walk, and how much of it per resident.

use crate::access::{Decay, GreenStandard, cumulative_cutoff, two_step_fca};
use crate::measure::prelude::*;
use crate::model::{Traveller, category};

/// Hectares within the standard's walk; square metres per resident, once they are shared with all who reach them; and
/// the World Health Organization's reading.
pub(crate) static GREEN: Measure = Measure {
    name: "green",
    title: "green space",
    needs: &[Need::Measure("access")],
    method: "Hectares of green space entered within 15 minutes' walk, each space shared among all who reach it; and half a \
             hectare in one space within 300 m along streets. Green space is reached at its edge: at its entrances, else where \
             a street meets or passes it within 20 m.",
    source: "WHO Regional Office for Europe (2016); Luo & Wang (2003)",
    columns: &[&HECTARES, &MEAN_HECTARES, &FOR_EACH, &MEAN_FOR_EACH, &HECTARES_NEAR, &SHARE_NEAR],
    run,
};

static HECTARES: ColumnSpec = green("green_hectares_within_15_min", Unit::Plain)
    .label("Green space within 15 min, ha")
    .means("Hectares of all green spaces whose edge lies within 15 minutes' walk.")
    .shared_out(|_, _| Enough::HalfOfMedian);
static MEAN_HECTARES: ColumnSpec = green("green_hectares_within_15_min_mean", Unit::Plain)
    .label("Green space within 15 min, ha")
    .means(
        "Hectares of all green spaces whose edge lies within 15 minutes' walk, on average over {residents}.",
    )
    .sums_up(&HECTARES, Rule::Mean);
/// Green space of each resident within a walk.
pub(crate) static FOR_EACH: ColumnSpec = green("green_m2_per_resident_within_15_min", Unit::Count)
    .label("Green space per resident, m²")
    .means("Square metres within 15 minutes' walk, each space shared among all residents who reach it.")
    .shared_out(|_, _| Enough::HalfOfMedian);
static MEAN_FOR_EACH: ColumnSpec = green("green_m2_per_resident_within_15_min_mean", Unit::Count)
    .label("Green space per resident, m²")
    .means("Square metres within 15 minutes' walk, each space shared among all residents who reach it.")
    .sums_up(&FOR_EACH, Rule::Mean);
static HECTARES_NEAR: ColumnSpec = green("green_hectares_within_300_m", Unit::Plain)
    .label("Green space within 300 m, ha")
    .means("Hectares of green spaces of half a hectare or more within 300 m along streets.")
    .shared_out(|_, _| Enough::By(Standard::AtLeast(GreenStandard::WHO_HECTARES)));
static SHARE_NEAR: ColumnSpec = green("green_share_within_300_m", Unit::Share)
    .label("{Residents} within 300 m of green space")
    .means("Share of {residents} with half a hectare of green space within 300 m along streets (WHO Europe 2016).")
    .sums_up(&HECTARES_NEAR, Rule::ShareAtLeast(GreenStandard::WHO_HECTARES));

const fn green(name: &'static str, unit: Unit) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, unit, Scale::MoreIsBetter)
        .under("Green space", "")
        .does_not_mean("Not how good, safe, open or well kept it is; a space counts with all of its area.")
}

/// Square metres in a hectare.
const M2_PER_HECTARE: f64 = 10_000.0;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    if context.category(category::GREEN_SPACE).is_none() {
        return Ok(found);
    }
    let Context { study, opportunities, pairs, .. } = context;
    let near = Minutes::new(STANDARD_MINUTES)?;
    let all = opportunities.hectares_of_green(0.0);
    found.home(&HECTARES, Subject::NONE, cumulative_cutoff(*pairs, &all, near)?);
    let weight = study.homes.weight;
    if weight.counts_people() {
        let shared = two_step_fca(*pairs, &study.homes.weights, &all, &Decay::binary(near))?;
        let m2 = |hectares: Option<f64>| hectares.map(|hectares| hectares * M2_PER_HECTARE);
        found.home(&FOR_EACH, Subject::NONE, shared.access.into_iter().map(m2).collect::<Vec<_>>());
    } else {
        let reason = format!("homes count by their {weight}, not by residents");
        found.refuse("green space per resident", reason);
    }
    let profile = context.walk().profile();
    if Traveller::PEOPLE.contains(&profile.traveller()) {
        let large = opportunities.hectares_of_green(GreenStandard::WHO_HECTARES);
        let within = profile.minutes_off_street(Metres::new(GreenStandard::WHO_METRES)?)?;
        found.home(&HECTARES_NEAR, Subject::NONE, cumulative_cutoff(*pairs, &large, within)?);
    }
    Ok(found)
}
