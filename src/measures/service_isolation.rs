//! Who lacks which essentials, and how much of them: by neighbourhood, and in the city by group.

use super::access::ON_FOOT;
use crate::access::equity::fgt_poverty;
use crate::measure::prelude::*;
use crate::scores::service_isolation::{LACKING_AT_LEAST, Shortfall, service_isolation, shortfall};
use crate::spatial::small_counts::is_small;

/// Which essentials lie too far, and for whom several do.
pub(crate) static SERVICE_ISOLATION: Measure = Measure {
    name: "service_isolation",
    title: "service isolation",
    needs: &[Need::Measure("access")],
    method: "Share of {residents} without two or more of five essentials (work, school, clinic, place of worship, green space) \
             within 15 minutes' walk, and how far short each falls (Foster-Greer-Thorbecke). Work counts as reached where \
             enough jobs lie within 15 minutes.",
    source: "this project; Foster, Greer & Thorbecke (1984)",
    columns: &[
        &LACKING,
        &MOST_LACKING,
        &ISOLATION,
        &DEPTH,
        &ISOLATED,
        &ISOLATION_OF,
        &GROUP,
        &ESSENTIAL,
        &MEMBERS,
        &SHARE,
        &MEMBERS_LACKING,
        &MEAN_SHORTFALL,
        &SEVERITY,
    ],
    run,
};

/// Share without an essential.
pub(crate) static LACKING: ColumnSpec = isolation("share_lacking_{of}", Unit::Share)
    .label("Without {some} nearby")
    .means("Share of {residents} without {some} within 15 minutes' walk.");
/// The essential that the most lack.
pub(crate) static MOST_LACKING: ColumnSpec = ColumnSpec::words("most_lacking_essential", Theme::Isolation)
    .label("What is lacking most")
    .means("The essential that the largest share of {residents} lacks within 15 minutes' walk.")
    .does_not_mean(ON_FOOT);
/// Share without two or more.
pub(crate) static ISOLATION: ColumnSpec = isolation("service_isolation", Unit::Share)
    .label("Service isolation")
    .means("Share of {residents} without two or more of the essentials within 15 minutes' walk.")
    .does_not_mean("Says nothing about loneliness, or about those who have other means than walking.");
static DEPTH: ColumnSpec = isolation("depth_lacking_{of}", Unit::Share)
    .label("How far short: {of}")
    .under("{Of}", "How far short (mean shortfall)")
    .means(
        "How far the walk to {of} misses 15 minutes, over all {residents}: 0 for those within, 1 at twice as long or more; \
         of work, the share of the jobs that are missing.",
    );
static ISOLATED: ColumnSpec = isolation("{residents}_isolated", Unit::Count)
    .label("{Residents} isolated from services")
    .means("How many of the {residents} are without two or more of the essentials within 15 minutes' walk.");
/// Share of a group without two or more.
pub(crate) static ISOLATION_OF: ColumnSpec = isolation("service_isolation_{of}", Unit::Share)
    .label("Service isolation: {of}")
    .under("{Of}", "Service isolation")
    .means("Share of {of} without two or more of the essentials within 15 minutes' walk.");
static GROUP: ColumnSpec =
    ColumnSpec::words("group", Theme::Isolation).label("Group").means("A group of residents, or everybody.");
static ESSENTIAL: ColumnSpec = ColumnSpec::words("essential", Theme::Isolation)
    .label("Essential")
    .means("What is lacking; or two or more of the essentials, whichever.");
static MEMBERS: ColumnSpec = isolation("{residents}", Unit::Count).label("{Residents}").means(
    "{Residents} of the group in the neighbourhoods whose home is on a street; empty where they are few.",
);
static SHARE: ColumnSpec = isolation("share_lacking", Unit::Share).label("Share without it").means(
    "Share of the group without it within 15 minutes' walk; empty where it would reveal a small count.",
);
static MEMBERS_LACKING: ColumnSpec = isolation("{residents}_lacking", Unit::Count)
    .label("{Residents} without it")
    .means("How many of the group are without it within 15 minutes' walk; empty where they are few.");
static MEAN_SHORTFALL: ColumnSpec =
    isolation("depth", Unit::Share).label("How far short (mean shortfall)").means(
        "Mean over the group of how far the walk misses 15 minutes: 0 within, 1 at twice as long or more.",
    );
static SEVERITY: ColumnSpec = isolation("severity", Unit::Share)
    .label("How far short, the worst counting most")
    .means("Mean over the group of the square of the shortfall.");

const fn isolation(name: &'static str, unit: Unit) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Isolation, unit, Scale::MoreIsWorse).does_not_mean(ON_FOOT)
}

/// In the table by group: two or more of the essentials, whichever.
const TWO_OR_MORE: &str = "two or more";

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    for name in ESSENTIALS.into_iter().filter(|name| !context.essentials.contains(name)) {
        let layer = if name == WORK { "jobs layer" } else { "service of this category" };
        found.refuse(format!("access to {}", spaced(name)), format!("the study has no {layer}"));
    }
    let essentials = &context.essentials;
    if essentials.len() <= LACKING_AT_LEAST {
        let reason = format!("only {} of the five essentials are in the data", essentials.len());
        found.refuse(SERVICE_ISOLATION.title, reason);
    }
    if !essentials.is_empty() {
        by_essential(context, &mut found)?;
    }
    if essentials.len() > LACKING_AT_LEAST {
        of_several(context, &mut found);
    }
    by_group(context, &mut found)?;
    Ok(found)
}

/// Who lacks each essential, and how far short.
fn by_essential(context: &Context<'_>, found: &mut Outcome) -> Result<()> {
    let essentials = &context.essentials;
    let weights = &context.study.homes.weights;
    let lacks =
        |home: usize, essential: usize| context.lacks[home].as_ref().is_some_and(|lacks| lacks[essential]);
    let shares: Vec<Vec<Option<f64>>> =
        (0..essentials.len()).map(|essential| context.homes.share(|home| lacks(home, essential))).collect();
    for (essential, share) in essentials.iter().zip(&shares) {
        found.neighbourhood(&LACKING, Subject::essential(essential), share.clone());
    }
    let most_lacking = |place: usize| {
        let worst = shares.iter().filter_map(|share| share[place]).fold(0.0, f64::max);
        let index = shares.iter().position(|share| share[place] == Some(worst) && worst > 0.0)?;
        Some(essentials[index].to_owned())
    };
    found.neighbourhood(
        &MOST_LACKING,
        Subject::NONE,
        (0..context.count()).map(most_lacking).collect::<Vec<_>>(),
    );
    for essential in essentials {
        let depth = |homes: &[usize]| shortfall_of(context, essential, homes, weights);
        let depths = context.homes.each(depth).into_iter().collect::<Result<Vec<_>>>()?;
        let depths: Vec<Option<f64>> =
            depths.iter().map(|found| found.as_ref().map(|found| found.depth)).collect();
        found.neighbourhood(&DEPTH, Subject::essential(essential), depths);
    }
    Ok(())
}

/// Who lacks two or more.
fn of_several(context: &Context<'_>, found: &mut Outcome) {
    let homes = &context.study.homes;
    let isolated = |counts: &[f64]| context.homes.each(|homes| share_isolated(context, homes, counts));
    let shares = isolated(&homes.weights);
    let all = context.homes.totals();
    let people = shares.iter().zip(all).map(|(share, all)| {
        let people = (*share)? * all;
        (!is_small(people)).then_some(people)
    });
    let people: Vec<Option<f64>> = people.collect();
    found.neighbourhood(&ISOLATION, Subject::NONE, shares);
    found.neighbourhood(&ISOLATED, Subject::NONE, people);
    for (number, group) in homes.groups.iter().enumerate() {
        let shares = context.groups.shown(number, isolated(&group.counts));
        found.neighbourhood(&ISOLATION_OF, Subject::group(&group.name), shares);
    }
}

/// A group and what of it lacks an essential.
struct Row<'a> {
    group: &'a str,
    essential: &'a str,
    all: f64,
    found: Option<Shortfall>,
    is_hidden: bool,
}

/// One row per group and essential, over all neighbourhoods. Small counts are absent, and what rests on them.
fn by_group(context: &Context<'_>, found: &mut Outcome) -> Result<()> {
    let study = context.study;
    let homes: Vec<usize> = context.counted().collect();
    let groups = study.homes.groups.iter().map(|group| (group.name.as_str(), &group.counts));
    let groups: Vec<(&str, &Vec<f64>)> =
        [(EVERYBODY, &study.homes.weights)].into_iter().chain(groups).collect();
    let several = (context.essentials.len() > LACKING_AT_LEAST).then_some(TWO_OR_MORE);
    let mut rows: Vec<Row<'_>> = Vec::new();
    for essential in context.essentials.iter().copied().chain(several) {
        let of_group = groups.iter().map(|&(group, counts)| {
            let all = homes.iter().map(|&home| counts[home]).sum();
            let found = if essential == TWO_OR_MORE {
                // How far short of several essentials together is not defined.
                let of =
                    |share| Shortfall { share, residents: share * all, depth: f64::NAN, severity: f64::NAN };
                share_isolated(context, &homes, counts).map(of)
            } else {
                shortfall_of(context, essential, &homes, counts)?
            };
            Ok(Row { group, essential, all, found, is_hidden: false })
        });
        let mut block = of_group.collect::<Result<Vec<_>>>()?;
        let counts = |row: &Row<'_>| {
            let lacking = row.found.as_ref().map_or(0.0, |found| found.residents);
            vec![row.all, lacking, row.all - lacking]
        };
        let hidden = context.groups.hidden_rows(&block.iter().map(counts).collect::<Vec<_>>());
        block.iter_mut().zip(hidden).for_each(|(row, is_hidden)| row.is_hidden = is_hidden);
        rows.extend(block.into_iter().filter(|row| row.found.is_some()));
    }
    let place = |row: &Row<'_>| groups.iter().position(|(name, _)| *name == row.group);
    rows.sort_by_key(place);
    let number = |value: fn(&Row<'_>, &Shortfall) -> f64| -> Vec<Option<f64>> {
        let shown = |row: &Row<'_>| {
            let found = row.found.as_ref().filter(|_| !row.is_hidden)?;
            Some(value(row, found)).filter(|value| value.is_finite())
        };
        rows.iter().map(shown).collect()
    };
    let mut columns = Columns::default();
    columns.add(&GROUP, rows.iter().map(|row| Some(row.group.to_owned())).collect::<Vec<_>>());
    columns.add(&ESSENTIAL, rows.iter().map(|row| Some(row.essential.to_owned())).collect::<Vec<_>>());
    columns.add(&MEMBERS, number(|row, _| row.all));
    columns.add(&SHARE, number(|_, found| found.share));
    columns.add(&MEMBERS_LACKING, number(|_, found| found.residents));
    columns.add(&MEAN_SHORTFALL, number(|_, found| found.depth));
    columns.add(&SEVERITY, number(|_, found| found.severity));
    found.layer("service_isolation", columns, None);
    Ok(())
}

/// How far members of a group who live in some homes fall short of an essential.
fn shortfall_of(
    context: &Context<'_>,
    essential: &str,
    homes: &[usize],
    counts: &[f64],
) -> Result<Option<Shortfall>> {
    let people: Vec<f64> = homes.iter().map(|&home| counts[home]).collect();
    let access = homes.iter().map(|&home| context.access[home].as_ref());
    if essential == WORK {
        let jobs: Vec<Option<f64>> = access.map(|access| access.map(|access| access.jobs[0])).collect();
        let measures = fgt_poverty(&jobs, &people, context.study.settings.jobs_standard)?;
        let all: f64 = people.iter().sum();
        return Ok(measures.map(|[share, depth, severity]| Shortfall {
            share,
            residents: share * all,
            depth,
            severity,
        }));
    }
    let index = context.category(essential);
    let minutes: Vec<Option<f64>> = access.map(|access| access?.closest[index?]).collect();
    shortfall(&minutes, &people, STANDARD_MINUTES)
}

/// Share of the members of a group who lack two or more.
pub(super) fn share_isolated(context: &Context<'_>, homes: &[usize], counts: &[f64]) -> Option<f64> {
    let lacking = homes.iter().filter_map(|&home| {
        let lacks = context.lacks[home].as_ref()?;
        Some((lacks.iter().filter(|lacks| **lacks).count(), counts[home]))
    });
    service_isolation(lacking)
}
