//! The three pillars of isolation: residential (R), access (A), social infrastructure (S), and their combination.

use super::{access::ON_FOOT, groups::RESIDENTIAL_ISOLATION, social_infrastructure};
use crate::access::{weighted_mean, weighted_quantile};
use crate::measure::prelude::*;
use crate::scores::segregation::{Pillars, access_shortfall, combined_isolation, people_isolated};
use crate::scores::service_isolation::LACKING_AT_LEAST;

/// Three pillars and their combination.
pub(crate) static PILLARS: Measure = Measure {
    name: "pillars",
    title: "combined isolation",
    needs: &[Need::Measure("groups"), Need::Measure("social_infrastructure")],
    method: "Residential, access and social isolation, each 0 to 1, and their root mean square, so that one bad pillar shows. Access \
             isolation is the mean shortfall of the walk to each essential against 15 minutes, and of jobs within half an hour \
             against the median.",
    source: "this project",
    columns: &[&AT_HOME, &ACCESS, &COMBINED, &CITY_MEAN, &CITY_ISOLATED],
    run,
};

static AT_HOME: ColumnSpec = pillar("access_isolation").label("Isolation: access").means(FAR);
static ACCESS: ColumnSpec =
    pillar("access_isolation").label("Isolation: access").means(FAR).sums_up(&AT_HOME, Rule::Mean);
static COMBINED: ColumnSpec = pillar("combined_isolation")
    .label("Isolation: all three pillars")
    .means("Residential, access and social isolation as a square mean, so that one bad pillar shows.")
    .does_not_mean(
        "Look at the pillars: living among one's own by choice is another thing than living far away.",
    );
static CITY_MEAN: ColumnSpec = pillar("mean_{of}")
    .label("{Of}, mean of {residents}")
    .means("Mean of {of} over the {residents} of the neighbourhoods.");
static CITY_ISOLATED: ColumnSpec =
    ColumnSpec::new("{residents}_in_{of}", Theme::Isolation, Unit::Count, Scale::MoreIsWorse)
        .label("{Of} of 0.5 or more: {units}")
        .means("{Units} in neighbourhoods whose {of} is 0.5 or more.")
        .does_not_mean(ON_FOOT);

const FAR: &str = "How far the essentials lie beyond 15 minutes' walk: 0 where none does, 1 where all take twice as long or more.";

const fn pillar(name: &'static str) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Isolation, Unit::Plain, Scale::MoreIsWorse).does_not_mean(ON_FOOT)
}

/// Equal weights: a choice of this project, not a finding.
const WEIGHTS: [f64; 3] = [1.0; 3];
/// People count as isolated where a pillar, or the combination, is at least this.
const ISOLATED_FROM: f64 = 0.5;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    let shortfalls = access_isolation(context)?;
    let access =
        (context.essentials.len() > LACKING_AT_LEAST).then(|| context.homes.mean(|home| shortfalls[home]));
    if access.is_some() {
        found.home(&AT_HOME, Subject::NONE, shortfalls);
    }
    let earlier = |column| context.earlier(column, &Subject::NONE).map(<[Option<f64>]>::to_vec);
    let residential = earlier(&RESIDENTIAL_ISOLATION);
    let social = earlier(&social_infrastructure::ISOLATION);
    let combined = match (&residential, &access, &social) {
        (Some(residential), Some(access), Some(social)) => {
            let of = |place: usize| {
                let pillars =
                    Pillars { residential: residential[place], access: access[place], social: social[place] };
                combined_isolation(pillars, WEIGHTS)
            };
            Some((0..context.count()).map(of).collect::<Result<Vec<_>>>()?)
        }
        _ => {
            let reason = "it needs all three pillars: residential, access and social infrastructure";
            found.refuse(PILLARS.title, reason);
            None
        }
    };
    let pillars = [
        (&RESIDENTIAL_ISOLATION, residential),
        (&ACCESS, access),
        (&social_infrastructure::ISOLATION, social),
        (&COMBINED, combined.clone()),
    ];
    for (column, values) in pillars {
        let Some(values) = values else { continue };
        let residents = &context.groups.total;
        let subject = || Subject::of(Of::Column(column.name));
        let known = values.iter().zip(residents).filter_map(|(value, people)| Some(((*value)?, *people)));
        found.record(&CITY_MEAN, subject(), weighted_mean(known));
        found.record(&CITY_ISOLATED, subject(), Some(people_isolated(&values, residents, ISOLATED_FROM)));
    }
    if let Some(combined) = combined {
        found.neighbourhood(&COMBINED, Subject::NONE, combined);
    }
    Ok(found)
}

/// Mean shortfall of each home over the essentials in the data: of the walk to the closest one against the standard, and
/// of jobs within half an hour against what the median resident reaches.
fn access_isolation(context: &Context<'_>) -> Result<Vec<Option<f64>>> {
    let homes = &context.study.homes;
    let jobs = |home: usize| context.access[home].as_ref().map(|access| access.jobs[1]);
    let reachable: Vec<(Option<f64>, f64)> =
        (0..homes.len()).filter_map(|home| Some((Some(jobs(home)?), homes.weights[home]))).collect();
    let middle = weighted_quantile(&reachable, 0.5).unwrap_or(0.0);
    let of_essential = |home: usize, essential: &str| -> Result<Option<f64>> {
        let Some(access) = &context.access[home] else { return Ok(None) };
        if essential == WORK {
            return Ok(Some(if middle > 0.0 { 1.0 - (access.jobs[1] / middle).min(1.0) } else { 0.0 }));
        }
        let minutes = context.category(essential).and_then(|index| access.closest[index]);
        access_shortfall(minutes, STANDARD_MINUTES).map(Some)
    };
    let of_home = |home: usize| -> Result<Option<f64>> {
        let shortfalls = context.essentials.iter().map(|essential| of_essential(home, essential));
        let shortfalls: Option<Vec<f64>> = shortfalls.collect::<Result<_>>()?;
        Ok(shortfalls.and_then(|all| weighted_mean(all.into_iter().map(|one| (one, 1.0)))))
    };
    (0..homes.len()).map(of_home).collect()
}
