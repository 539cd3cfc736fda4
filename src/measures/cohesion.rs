//! Daily needs within a 15-minute walk: the index of five essentials.

use crate::measure::CohesionConditions;
use crate::measure::prelude::*;
use crate::scores::cohesion::{Index, preset};
use crate::scores::service_isolation::LACKING_AT_LEAST;

/// The index of daily needs.
pub(crate) static COHESION: Measure = Measure {
    name: "cohesion",
    title: "daily needs within a 15-minute walk",
    needs: &[Need::Measure("population"), Need::Measure("service_isolation")],
    method: "Geometric mean of the shares with work, a school, a clinic, a place of worship and green space within 15 minutes' walk, 0 \
             to 100; an essential that the data lacks is left out and named. A share below 1 % counts as 1 % (the floor), so that an \
             essential that nobody reaches lowers the score without making it 0. Equal scores share the best of their ranks; each \
             rank has the range over which it moves when data, weights and methods vary.",
    source: "OECD & JRC (2008), handbook on composite indicators",
    columns: &[&CONDITIONS, &RANK_LOW, &RANK_HIGH, &RANK, &WEAKEST, &COVERAGE],
    run,
};

/// The full score, but for rounding.
const FULL_SCORE: f64 = 100.0 - 1e-9;

const ATTITUDES: &str =
    "Not attitudes: census and street data show conditions, not what people think of each other.";

static CONDITIONS: ColumnSpec = cohesion("cohesion_conditions", Unit::Plain, Scale::MoreIsBetter)
    .label("Daily needs within a 15-minute walk")
    .means("Geometric mean of the shares of {residents} with each essential within 15 minutes' walk: 100 where all have all.");
static RANK_LOW: ColumnSpec = cohesion("cohesion_rank_low", Unit::Count, Scale::Neutral)
    .label("Rank, at best")
    .means("The rank when data, weights and methods vary in its favour.");
static RANK_HIGH: ColumnSpec = cohesion("cohesion_rank_high", Unit::Count, Scale::Neutral)
    .label("Rank, at worst")
    .means("The rank when data, weights and methods vary against it.");
static RANK: ColumnSpec = cohesion("cohesion_rank", Unit::Count, Scale::Neutral)
    .label("Rank")
    .means("Rank of the index; 1 is the best, and equal scores share the best of their ranks.");
static WEAKEST: ColumnSpec = ColumnSpec::words("cohesion_weakest", Theme::Cohesion)
    .label("Weakest part")
    .means("The part of the index that is lowest here.")
    .does_not_mean(ATTITUDES);
static COVERAGE: ColumnSpec = cohesion("cohesion_coverage", Unit::Share, Scale::Neutral)
    .label("Data behind the index")
    .means("Share of the five essentials that the data knows here.");

const fn cohesion(name: &'static str, unit: Unit, scale: Scale) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Cohesion, unit, scale).does_not_mean(ATTITUDES)
}

/// Where fewer than three of the essentials have values, it is not assessed.
fn run(context: &Context<'_>) -> Result<Outcome> {
    let weight = context.study.homes.weight;
    let table = context.neighbourhoods_so_far()?;
    let has_values =
        |column: &str| table.column(column).is_ok_and(|column| column.null_count() < column.len());
    let index =
        preset("five_essentials", has_values, LACKING_AT_LEAST + 1).and_then(|(mut definition, missing)| {
            if !weight.counts_people() {
                // A minimum of people says nothing about floor area or counts of homes.
                definition.population = None;
            }
            Ok((Index::new(&definition, &table)?, missing))
        });
    let (index, missing) = match index {
        Ok(found) => found,
        Err(error) => return Ok(Outcome::not_assessed(COHESION.title, error.message())),
    };
    let uncertainty = index.uncertainty(context.progress)?;
    let mut found = Outcome::default();
    let mut add = |column, values| found.neighbourhood(column, Subject::NONE, values);
    add(&CONDITIONS, Values::from(index.scores()));
    add(&RANK_LOW, Values::from(uncertainty.rank_low.clone()));
    add(&RANK_HIGH, Values::from(uncertainty.rank_high.clone()));
    add(&RANK, Values::from(index.ranks()));
    let weakest = index.strongest_and_weakest().into_iter().map(|(_, weakest)| weakest.map(str::to_owned));
    add(&WEAKEST, Values::from(weakest.collect::<Vec<_>>()));
    // Of all five, not of those that the data has.
    let known = index.definition().counted().count() as f64 / ESSENTIALS.len() as f64;
    let coverage = index.coverage().into_iter().map(|share| share.map(|share| share * known));
    add(&COVERAGE, Values::from(coverage.collect::<Vec<_>>()));
    for note in cautions(&index, &missing) {
        found.notes.note(Error::new(ErrorKind::Study, note).in_layer(COHESION.title));
    }
    found.details.push(Detail::Cohesion(Box::new(CohesionConditions { index, uncertainty })));
    Ok(found)
}

/// What a reader must know of the scores: what is not in them, and where they cannot rank.
fn cautions(index: &Index, missing: &[String]) -> Vec<String> {
    let mut cautions = Vec::new();
    if !missing.is_empty() {
        let absent = |name: &&&str| missing.iter().any(|column| column.ends_with(**name));
        let names: Vec<String> = ESSENTIALS.iter().filter(absent).map(|name| spaced(name)).collect();
        cautions.push(format!(
            "the index rests on {} of {} essentials; the data does not know {}",
            ESSENTIALS.len() - missing.len(),
            ESSENTIALS.len(),
            names.join(", ")
        ));
    }
    let scores: Vec<f64> = index.scores().into_iter().flatten().collect();
    let full = scores.iter().filter(|score| **score >= FULL_SCORE).count();
    if full > 1 {
        cautions.push(format!(
            "{full} of {} neighbourhoods have the full score of 100: the index cannot rank them against each other",
            scores.len()
        ));
    }
    cautions
}
