//! Groups of residents: who lives where, and how mixed neighbourhoods are.

use crate::measure::groups::all_of;
use crate::measure::prelude::*;
use crate::scores::segregation::{
    Null, SpatialIndex, dissimilarity, isolation, local_measures, location_quotient, randomise,
};

/// Groups over neighbourhoods.
pub(crate) static GROUPS: Measure = Measure {
    name: "groups",
    title: "residential isolation",
    needs: &[],
    method: "Isolation xPx and dissimilarity over neighbourhoods; indices of all groups with what chance alone would give, the \
             mean of 199 draws in which people change homes. Counts of a group below 10 are withheld, with any figure from \
             which they could be derived. A concentration is not a problem in itself.",
    source: "Massey & Denton (1988); Duncan & Duncan (1955); Reardon & Firebaugh (2002)",
    columns: &[
        &SHARE,
        &QUOTIENT,
        &DIVERSITY,
        &RESIDENTIAL_ISOLATION,
        &CITY_SHARE,
        &CITY_ISOLATION,
        &CITY_DISSIMILARITY,
        &ENTROPY,
        &ALL_DISSIMILARITY,
        &RELATIVE_DIVERSITY,
        &EXPOSURE,
    ],
    run,
};

/// Said of everything about groups.
const A_SHARE: &str =
    "A share describes a place, not how people get on; living together can be a choice and a strength.";
/// Said of concentrations.
pub(super) const A_CONCENTRATION: &str =
    "A concentration, not a problem: it does not distinguish choice from constraint, nor say who meets whom.";

static SHARE: ColumnSpec = ColumnSpec::new("share_{of}", Theme::People, Unit::Share, Scale::Neutral)
    .label("Share of {residents}: {of}")
    .under("{Of}", "Share of {residents}")
    .means("Share of {residents} counted as {of}.")
    .does_not_mean(A_SHARE);
static QUOTIENT: ColumnSpec =
    ColumnSpec::new("location_quotient_{of}", Theme::People, Unit::Plain, Scale::Diverging { middle: 1.0 })
        .label("Concentration: {of}")
        .under("{Of}", "Concentration")
        .means("Local share of {of} over their share in the city: 1 is the city's mix.")
        .does_not_mean(A_SHARE);
static DIVERSITY: ColumnSpec =
    ColumnSpec::new("group_diversity", Theme::Isolation, Unit::Plain, Scale::Neutral)
        .label("Mix of groups in the neighbourhood")
        .means("0 where one group lives alone, 1 where all are equally many.")
        .does_not_mean(A_CONCENTRATION);
/// By neighbourhood.
pub(super) static RESIDENTIAL_ISOLATION: ColumnSpec = ColumnSpec::new(
    "residential_isolation",
    Theme::Isolation,
    Unit::Plain,
    Scale::Diverging { middle: 0.0 },
)
.label("Residential isolation by neighbourhood")
.means(
    "How much more of their own group residents have in the neighbourhood than the city's mix: 0 is that mix, 1 everybody \
     among their own, below 0 more mixed.",
)
.does_not_mean(A_CONCENTRATION);
static CITY_SHARE: ColumnSpec = ColumnSpec::new("share_of_{of}", Theme::People, Unit::Share, Scale::Neutral)
    .label("{Of}: share of {residents}")
    .means("Share of all {residents} of the neighbourhoods counted as {of}.");
pub(super) static CITY_ISOLATION: ColumnSpec = index("isolation_{of}[_{minutes}_min]")
    .label("{Of}: isolation (xPx)[, {minutes} min]")
    .means("Share of {of} around the average member of the group: in the neighbourhood[ or within {minutes} minutes' walk].");
pub(super) static CITY_DISSIMILARITY: ColumnSpec = index("dissimilarity_{of}[_{minutes}_min]")
    .label("{Of}: dissimilarity (D)[, {minutes} min]")
    .means("Share of {of}, or of all others, who would have to move for the same mix everywhere.");
pub(super) static ENTROPY: ColumnSpec = index("segregation_entropy[_{minutes}_min]")
    .label("{Of}: entropy index (H)[, {minutes} min]")
    .means("How much less mixed places are than the city: 0 everywhere the city's mix, 1 nobody with another group.");
pub(super) static ALL_DISSIMILARITY: ColumnSpec = index("segregation_dissimilarity[_{minutes}_min]")
    .label("{Of}: dissimilarity (D)[, {minutes} min]")
    .means("How far the groups' shares lie from the city's: 0 the same mix everywhere, 1 nobody with another group.");
pub(super) static RELATIVE_DIVERSITY: ColumnSpec = index("segregation_relative_diversity[_{minutes}_min]")
    .label("{Of}: relative diversity[, {minutes} min]")
    .means(
        "How much less likely two people of one place are of different groups than two people of the city.",
    );
pub(super) static EXPOSURE: ColumnSpec = index("segregation_exposure[_{minutes}_min]")
    .label("{Of}: normalised exposure[, {minutes} min]")
    .means("How much more of their own group residents have around them than the city's mix.");

const fn index(name: &'static str) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Isolation, Unit::Plain, Scale::Neutral).does_not_mean(A_CONCENTRATION)
}

/// The indices of all groups, of neighbourhoods and of surroundings alike.
pub(super) static OF_ALL: [(&ColumnSpec, SpatialIndex); 4] = [
    (&ENTROPY, SpatialIndex::Entropy),
    (&ALL_DISSIMILARITY, SpatialIndex::Dissimilarity),
    (&RELATIVE_DIVERSITY, SpatialIndex::RelativeDiversity),
    (&EXPOSURE, SpatialIndex::NormalisedExposure),
];

/// Draws behind the baseline of an index.
const DRAWS: usize = 199;
/// The same study gives the same baseline.
const SEED: u64 = 1;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let groups = &context.groups;
    if groups.names.is_empty() {
        return Ok(Outcome::not_assessed(GROUPS.title, "the study names no groups of residents"));
    }
    let mut found = Outcome::default();
    let total: f64 = groups.total.iter().sum();
    for (number, (name, members)) in groups.names.iter().zip(&groups.members).enumerate() {
        let subject = || Subject::group(name);
        let share = members.iter().zip(&groups.total).map(|(x, t)| (*t > 0.0).then(|| x / t)).collect();
        found.neighbourhood(&SHARE, subject(), groups.shown(number, share));
        let quotient = location_quotient(members, &groups.total)?;
        found.neighbourhood(&QUOTIENT, subject(), groups.shown(number, quotient));
        found.record(&CITY_SHARE, subject(), Some(members.iter().sum::<f64>() / total));
        found.record(&CITY_ISOLATION, subject(), isolation(members, &groups.total)?);
        found.record(&CITY_DISSIMILARITY, subject(), dissimilarity(members, &groups.total)?);
    }
    for (_, name) in groups.names.iter().enumerate().filter(|(group, _)| !groups.apart.contains(group)) {
        let reason = "it overlaps the groups that are, so it is measured alone";
        found.refuse(format!("{name} among all groups"), reason);
    }
    let Some(everybody) = &groups.everybody else { return Ok(found) };
    let local = local_measures(everybody, everybody)?;
    found.neighbourhood(&DIVERSITY, Subject::NONE, groups.mix_shown(local.entropy));
    found.neighbourhood(&RESIDENTIAL_ISOLATION, Subject::NONE, groups.mix_shown(local.residential_isolation));
    let all = all_of(everybody, groups.names.len());
    for (column, index) in OF_ALL {
        // Of neighbourhoods alone: each is its own surroundings.
        let drawn = randomise(everybody, Null::RandomLabelling, DRAWS, SEED, context.progress, |drawn| {
            index.of(drawn, drawn).ok()?
        })?;
        if let Some(drawn) = drawn {
            let subject = Subject::of(Of::Groups(all.clone()));
            found.record_with_chance(column, subject, Some(drawn.observed), Some(drawn.baseline));
        }
    }
    Ok(found)
}
