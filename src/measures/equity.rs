//! Who gets the access: every measure by group of residents, and how unequally it is shared.

use crate::Crs;
use crate::access::equity::{
    Concentration, GroupAccess, Palma, Ties, concentration_curve, concentration_index, fgt_poverty, gini,
    group_access, lorenz_curve, palma_ratio,
};
use crate::access::{completeness, weighted_quantile};
use crate::measure::prelude::*;
use crate::measure::{AccessEquity, GroupCompleteness, Inequality, Key, Table};
use crate::model::{Group, Weight, known_indicators};
use crate::spatial::small_counts::SMALL_COUNT;

/// Every column of homes with a standard, by group.
pub(crate) static EQUITY: Measure = Measure {
    name: "equity",
    title: "access by group",
    needs: &[Need::Measure("access"), Need::Measure("green"), Need::Measure("jobs")],
    method: "Share of each group without enough, and Gini, Palma, concentration and Foster-Greer-Thorbecke indices of amounts over \
             homes. Amounts without a standard of their own have half of the median; minutes have no total to share.",
    source: "in the functions of `access::equity`",
    columns: COLUMNS,
    run,
};

const COLUMNS: &[&ColumnSpec] = &[
    &MEASURE,
    &GROUP,
    &STANDARD,
    &MEMBERS,
    &MEAN,
    &MEDIAN,
    &SHARE_BELOW,
    &MEMBERS_BELOW,
    &GAP,
    &GINI,
    &PALMA,
    &CONCENTRATION,
    &POVERTY_DEPTH,
    &POVERTY_SEVERITY,
];

static MEASURE: ColumnSpec =
    ColumnSpec::words("measure", Theme::Access).label("Measure").means("A column of the table of homes.");
static GROUP: ColumnSpec = ColumnSpec::words("group", Theme::Access)
    .label("Group")
    .means("A group of residents that is no small count, or everybody.");
static STANDARD: ColumnSpec = ColumnSpec::words("standard", Theme::Access)
    .label("What is enough")
    .means("At most so many minutes, or at least so much.");
static MEMBERS: ColumnSpec = equity("{residents}", Unit::Count)
    .label("{Residents}")
    .means("{Units} of the group whose home is in a neighbourhood and on a street.");
static MEAN: ColumnSpec =
    equity("mean", Unit::Plain).label("Mean").means("Mean over the group of what its homes have.");
static MEDIAN: ColumnSpec =
    equity("median", Unit::Plain).label("Median").means("Half of the group has at most this.");
static SHARE_BELOW: ColumnSpec = equity("share_below", Unit::Share)
    .label("Share without enough")
    .means("Share of the group that is farther, or reaches less, than what is enough.");
static MEMBERS_BELOW: ColumnSpec = equity("{residents}_below", Unit::Count)
    .label("{Residents} without enough")
    .means("How many of the group are farther, or reach less, than what is enough.");
static GAP: ColumnSpec = equity("gap", Unit::Share)
    .label("Gap to everybody")
    .means("Share of the group without enough, less that of everybody.");
static GINI: ColumnSpec = equity("gini", Unit::Plain)
    .label("Gini index")
    .means("0 where all have the same, near 1 where few have all; in the row of everybody.");
static PALMA: ColumnSpec = equity("palma", Unit::Plain)
    .label("Palma ratio")
    .means("Mean of the richest neighbourhoods (10 % of residents) over that of the poorest (40 %).");
static CONCENTRATION: ColumnSpec = equity("concentration", Unit::Plain)
    .label("Concentration index")
    .means("By income of the neighbourhood: above 0 the better-off have more.");
static POVERTY_DEPTH: ColumnSpec = equity("poverty_depth", Unit::Share)
    .label("How far short (mean shortfall)")
    .means("Mean over everybody of the shortfall below what is enough (Foster-Greer-Thorbecke).");
static POVERTY_SEVERITY: ColumnSpec = equity("poverty_severity", Unit::Share)
    .label("How far short, the worst counting most")
    .means("Mean over everybody of the square of the shortfall (Foster-Greer-Thorbecke).");

const fn equity(name: &'static str, unit: Unit) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, unit, Scale::Neutral)
        .does_not_mean("Not who goes there, nor what they pay.")
}

/// Curves have a point at every hundredth of the residents.
pub const CURVE_STEPS: usize = 100;
/// Where nothing says how much is enough: half of the median.
const SHARE_OF_MEDIAN: f64 = 0.5;

/// The residents of some homes, everybody first, then each group with at least [`SMALL_COUNT`] members among all homes that
/// are counted.
struct People<'a> {
    study: &'a StudyArea,
    groups: Vec<&'a Group>,
}

impl<'a> People<'a> {
    fn new(study: &'a StudyArea, counted: &[usize]) -> Self {
        let is_no_small_count =
            |group: &&Group| counted.iter().map(|&home| group.counts[home]).sum::<f64>() >= SMALL_COUNT;
        Self { study, groups: study.homes.groups.iter().filter(is_no_small_count).collect() }
    }

    fn residents(&self, homes: &[usize]) -> Vec<f64> {
        homes.iter().map(|&home| self.study.homes.weights[home]).collect()
    }

    fn groups(&self, homes: &[usize]) -> Vec<Group> {
        let of = |group: &&Group| Group {
            name: group.name.clone(),
            counts: homes.iter().map(|&home| group.counts[home]).collect(),
        };
        self.groups.iter().map(of).collect()
    }
}

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    let equity = by_group(context, &mut found)?;
    found.details.push(Detail::Equity(equity, completeness_by_group(context)?));
    Ok(found)
}

/// Every column that says how well a home is served, by group.
fn by_group(context: &Context<'_>, found: &mut Outcome) -> Result<Vec<AccessEquity>> {
    let study = context.study;
    let counted: Vec<usize> = context.counted().collect();
    let people = People::new(study, &counted);
    let mut equity = Vec::new();
    for (key, values) in context.homes_so_far().iter() {
        let (Some(enough), Some(values)) = (key.column.enough, values.numbers()) else { continue };
        let standard = match enough(study, &key.subject) {
            Enough::NotTold => continue,
            Enough::HalfOfMedian => None,
            Enough::By(standard) => Some(standard),
        };
        // What is not reached is too far; an amount that means nothing for a home leaves it out.
        let is_counted =
            |home: &usize| matches!(standard, Some(Standard::AtMost(_))) || values[*home].is_some();
        let homes: Vec<usize> = counted.iter().copied().filter(is_counted).collect();
        let residents = people.residents(&homes);
        let values: Vec<Option<f64>> = homes.iter().map(|&home| values[home]).collect();
        let standard = standard.or_else(|| half_of_median(&values, &residents).map(Standard::AtLeast));
        // Without a line, half of the residents have nothing, or there are none.
        let Some(standard) = standard.filter(|_| residents.iter().sum::<f64>() > 0.0) else { continue };
        let groups = match group_access(&values, &residents, &people.groups(&homes), standard) {
            Ok(groups) => groups,
            Err(error) => {
                found.refuse(EQUITY.title, error.to_string().replace('\n', " "));
                return Ok(equity);
            }
        };
        let inequality = match standard {
            Standard::AtMost(_) => None,
            Standard::AtLeast(line) => Some(inequality(&values, &residents, &incomes(study, &homes), line)?),
        };
        let weight = study.homes.weight;
        let (measure, label) = (key.name(weight), key.label(weight));
        equity.push(AccessEquity { measure, label, is_detail: is_detail(key), standard, groups, inequality });
    }
    Ok(equity)
}

/// Classes and shares by other travel modes are left to the file.
fn is_detail(key: &Key) -> bool {
    key.subject.traveller.is_some() && key.subject.of.is_some()
}

/// Who reaches every category within the standard, and what is missing most; empty without two categories: every one of
/// one kind is that kind.
fn completeness_by_group(context: &Context<'_>) -> Result<Vec<GroupCompleteness>> {
    let categories = &context.opportunities.categories;
    if categories.len() < 2 {
        return Ok(Vec::new());
    }
    let homes: Vec<usize> = context.counted().collect();
    let people = People::new(context.study, &homes);
    let minutes = |category: usize| -> Result<Vec<Option<Minutes>>> {
        let closest =
            |home: &usize| context.access[*home].as_ref().and_then(|access| access.closest[category]);
        homes.iter().map(|home| closest(home).map(Minutes::new).transpose()).collect()
    };
    let minutes = (0..categories.len()).map(minutes).collect::<Result<Vec<_>>>()?;
    let everybody = Group { name: EVERYBODY.into(), counts: people.residents(&homes) };
    let of = |group: Group| {
        let found = completeness(&minutes, &group.counts, Minutes::new(STANDARD_MINUTES)?)?;
        let missing = found.missing.map(|(category, share)| (categories[category].clone(), share));
        Ok(GroupCompleteness { group: group.name, share: found.share, missing })
    };
    std::iter::once(everybody).chain(people.groups(&homes)).map(of).collect()
}

fn half_of_median(values: &[Option<f64>], residents: &[f64]) -> Option<f64> {
    let known = values.iter().zip(residents).filter(|(value, _)| value.is_some());
    let known: Vec<(Option<f64>, f64)> = known.map(|(value, people)| (*value, *people)).collect();
    weighted_quantile(&known, 0.5).map(|median| SHARE_OF_MEDIAN * median).filter(|line| *line > 0.0)
}

/// Median income of each home's neighbourhood at the last date that knows it.
fn incomes(study: &StudyArea, homes: &[usize]) -> Vec<Option<f64>> {
    let years = study.indicators.iter().rev();
    let income = years.filter_map(|year| year.column(known_indicators::MEDIAN_INCOME)).next();
    let of = |home: &usize| income?[study.homes.neighbourhoods[*home]? as usize];
    homes.iter().map(of).collect()
}

fn inequality(
    values: &[Option<f64>],
    residents: &[f64],
    income: &[Option<f64>],
    line: f64,
) -> Result<Inequality> {
    let (standard, ties) = (Concentration::Standard, Ties::MiddleRank);
    Ok(Inequality {
        gini: gini(values, residents)?,
        palma: palma_ratio(values, residents, income, Palma::Split)?,
        concentration: concentration_index(values, residents, income, standard, ties)?,
        poverty: fgt_poverty(values, residents, line)?,
        lorenz: lorenz_curve(values, residents, CURVE_STEPS)?,
        concentration_curve: concentration_curve(values, residents, income, CURVE_STEPS)?,
    })
}

/// One row per measure and group, as `equity.csv` holds it; the indices of inequality stand in the row of everybody.
///
/// # Errors
/// None in practice: the columns have one length.
pub fn equity_table(equity: &[AccessEquity], weight: Weight) -> Result<Table> {
    let rows: Vec<(&AccessEquity, &GroupAccess)> =
        equity.iter().flat_map(|one| one.groups.iter().map(move |group| (one, group))).collect();
    let text = |value: &dyn Fn(&(&AccessEquity, &GroupAccess)) -> String| -> Vec<Option<String>> {
        rows.iter().map(|row| Some(value(row))).collect()
    };
    let number = |value: &dyn Fn(&GroupAccess) -> Option<f64>| -> Vec<Option<f64>> {
        rows.iter().map(|(_, group)| value(group)).collect()
    };
    let index = |value: &dyn Fn(&Inequality) -> Option<f64>| -> Vec<Option<f64>> {
        let of = |(one, group): &(&AccessEquity, &GroupAccess)| {
            one.inequality.as_ref().filter(|_| group.gap.is_none()).and_then(value)
        };
        rows.iter().map(of).collect()
    };
    let mut columns = Columns::default();
    columns.add(&MEASURE, text(&|(one, _)| one.measure.clone()));
    columns.add(&GROUP, text(&|(_, group)| group.name.clone()));
    let standard = text(&|(one, _)| match one.standard {
        Standard::AtMost(far) => format!("at most {far:.0}"),
        Standard::AtLeast(enough) => format!("at least {}", (enough * 100.0).round() / 100.0),
    });
    columns.add(&STANDARD, standard);
    columns.add(&MEMBERS, number(&|group| Some(group.people)));
    columns.add(&MEAN, number(&|group| group.mean));
    columns.add(&MEDIAN, number(&|group| group.median));
    columns.add(&SHARE_BELOW, number(&|group| group.share_below));
    columns.add(&MEMBERS_BELOW, number(&|group| Some(group.people_below)));
    columns.add(&GAP, number(&|group| group.gap));
    columns.add(&GINI, index(&|found| found.gini));
    columns.add(&PALMA, index(&|found| found.palma));
    columns.add(&CONCENTRATION, index(&|found| found.concentration));
    columns.add(&POVERTY_DEPTH, index(&|found| found.poverty.map(|poverty| poverty[1])));
    columns.add(&POVERTY_SEVERITY, index(&|found| found.poverty.map(|poverty| poverty[2])));
    columns.of_measure(EQUITY.name).into_table(weight, None, &Crs::wgs84())
}
