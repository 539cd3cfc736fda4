//! Cohesion conditions of every neighbourhood by the preset of five essentials.

use crate::measure::CohesionConditions;
use crate::measure::prelude::*;
use crate::scores::cohesion::{Index, preset};
use crate::scores::service_isolation::LACKING_AT_LEAST;

/// The index of daily needs.
pub(crate) static COHESION: Measure = Measure {
    name: "cohesion",
    title: "cohesion conditions",
    needs: &[Need::Measure("population"), Need::Measure("service_isolation")],
    method: "A geometric mean of the shares with each of the five essentials within 15 minutes' walk, 0 to 100, with the range of \
             each rank when data, weights and methods vary.",
    source: "OECD & JRC (2008), handbook on composite indicators",
    columns: &[&CONDITIONS, &RANK_LOW, &RANK_HIGH, &RANK, &WEAKEST, &COVERAGE],
    run,
};

const ATTITUDES: &str =
    "Not attitudes: census and street data show conditions, not what people think of each other.";

static CONDITIONS: ColumnSpec = cohesion("cohesion_conditions", Unit::Plain, Scale::MoreIsBetter)
    .label("Cohesion conditions, as the study weighs")
    .means("The index of cohesion conditions from 0 to 100, with the weights of the study.");
static RANK_LOW: ColumnSpec = cohesion("cohesion_rank_low", Unit::Count, Scale::Neutral)
    .label("Rank, at best")
    .means("The rank when data, weights and methods vary in its favour.");
static RANK_HIGH: ColumnSpec = cohesion("cohesion_rank_high", Unit::Count, Scale::Neutral)
    .label("Rank, at worst")
    .means("The rank when data, weights and methods vary against it.");
static RANK: ColumnSpec = cohesion("cohesion_rank", Unit::Count, Scale::Neutral)
    .label("Rank")
    .means("Rank of the index; 1 is the best.");
static WEAKEST: ColumnSpec = ColumnSpec::words("cohesion_weakest", Theme::Cohesion)
    .label("Weakest part")
    .means("The part of the index that is lowest here.")
    .does_not_mean(ATTITUDES);
static COVERAGE: ColumnSpec = cohesion("cohesion_coverage", Unit::Share, Scale::Neutral)
    .label("Data behind the index")
    .means("Share of the index's weight that has a value here.");

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
        preset("five_essentials", has_values, LACKING_AT_LEAST + 1).and_then(|(mut definition, _)| {
            if !weight.counts_people() {
                // A minimum of people says nothing about floor area or counts of homes.
                definition.population = None;
            }
            Index::new(&definition, &table)
        });
    let index = match index {
        Ok(index) => index,
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
    add(&COVERAGE, Values::from(index.coverage()));
    found.details.push(Detail::Cohesion(Box::new(CohesionConditions { index, uncertainty })));
    Ok(found)
}
