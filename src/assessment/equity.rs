//! Who gets the access: every measure by group of residents, and how unequally it is shared.

use super::green::HECTARES_NEAR;
use super::{EVERYBODY, HomeAccess, STANDARD_MINUTES, WORK};
use crate::access::equity::{
    Concentration, GroupAccess, Palma, Standard, Ties, concentration_curve, concentration_index, fgt_poverty,
    gini, group_access, lorenz_curve, palma_ratio,
};
use crate::access::{GreenStandard, Opportunities, completeness, weighted_quantile};
use crate::model::{Group, Weight, known_indicators};
use crate::scores::small_counts::SMALL_COUNT;
use crate::{Error, ErrorKind, FeatureTable, Minutes, Result, StudyArea};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

/// Curves are told at every hundredth of the residents.
pub const CURVE_STEPS: usize = 100;
/// Where nothing says how much is enough: half of what the middle resident has.
const SHARE_OF_MEDIAN: f64 = 0.5;

/// One measure of access over all homes: who has how much, and how unequally.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessEquity {
    /// Its column in the table of homes.
    pub measure: String,
    /// What counts as enough.
    pub standard: Standard,
    /// Everybody, then each group of the study with at least [`SMALL_COUNT`] members.
    pub groups: Vec<GroupAccess>,
    /// Of amounts, not of minutes: those have no total to share.
    pub inequality: Option<Inequality>,
}

/// How unequally an amount is shared among residents.
#[derive(Debug, Clone, PartialEq)]
pub struct Inequality {
    /// Gini index; `None` if nobody has any.
    pub gini: Option<f64>,
    /// Mean of the residents of the richest neighbourhoods (10 % of all) over that of the poorest (40 %); `None` where no
    /// income is known, as of all below that ask for it.
    pub palma: Option<f64>,
    /// Concentration index by income of the neighbourhood: above 0 the better-off have more.
    pub concentration: Option<f64>,
    /// Share of residents below the standard, its depth and its severity (Foster-Greer-Thorbecke).
    pub poverty: Option<[f64; 3]>,
    /// Share of all access that the first 0, 1, … 100 % of the residents have, those with the least first: over homes.
    pub lorenz: Option<Vec<f64>>,
    /// The same with the residents of the poorest neighbourhoods first.
    pub concentration_curve: Option<Vec<f64>>,
}

/// How complete everyday life is for a group: whether all categories of places lie within 15 minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupCompleteness {
    /// As the user named it; "everybody" for all residents.
    pub group: String,
    /// Share of them with every category near, 0 to 1.
    pub share: Option<f64>,
    /// The category whose addition would lift that share most, and to what; `None` if no single one would.
    pub missing: Option<(String, f64)>,
}

/// The residents of some homes, everybody first, then each group with at least [`SMALL_COUNT`] members among all homes that
/// are on a street.
struct People<'a> {
    study: &'a StudyArea,
    groups: Vec<&'a Group>,
}

impl<'a> People<'a> {
    fn new(study: &'a StudyArea, on_street: &[usize]) -> Self {
        let is_told =
            |group: &&Group| on_street.iter().map(|&home| group.counts[home]).sum::<f64>() >= SMALL_COUNT;
        Self { study, groups: study.homes.groups.iter().filter(is_told).collect() }
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

/// Every measure that says how well a home is served, by group; what cannot be told goes to `not_assessed`.
pub(super) fn equity(
    study: &StudyArea,
    found: &HomeAccess<'_>,
    not_assessed: &mut Vec<(String, String)>,
) -> Result<Vec<AccessEquity>> {
    let on_street = on_street(found);
    let people = People::new(study, &on_street);
    let mut equity = Vec::new();
    for (measure, values, standard) in served(study, found) {
        // What is not reached is too far; an amount that means nothing for a home leaves it out.
        let is_counted =
            |home: &usize| matches!(standard, Some(Standard::AtMost(_))) || values[*home].is_some();
        let homes: Vec<usize> = on_street.iter().copied().filter(is_counted).collect();
        let residents = people.residents(&homes);
        let values: Vec<Option<f64>> = homes.iter().map(|&home| values[home]).collect();
        let standard = standard.or_else(|| half_of_median(&values, &residents).map(Standard::AtLeast));
        // Without a line, half of the residents have nothing, or there are none.
        let Some(standard) = standard.filter(|_| residents.iter().sum::<f64>() > 0.0) else { continue };
        let groups = match group_access(&values, &residents, &people.groups(&homes), standard) {
            Ok(groups) => groups,
            Err(error) => {
                not_assessed.push(("access by group".into(), error.to_string().replace('\n', " ")));
                return Ok(equity);
            }
        };
        let inequality = match standard {
            Standard::AtMost(_) => None,
            Standard::AtLeast(line) => Some(inequality(&values, &residents, &incomes(study, &homes), line)?),
        };
        equity.push(AccessEquity { measure, standard, groups, inequality });
    }
    Ok(equity)
}

/// Who reaches every category within the standard, and what is missing most; empty without categories.
pub(super) fn completeness_by_group(
    study: &StudyArea,
    found: &HomeAccess<'_>,
) -> Result<Vec<GroupCompleteness>> {
    let categories = &found.opportunities.categories;
    if categories.is_empty() {
        return Ok(Vec::new());
    }
    let homes = on_street(found);
    let people = People::new(study, &homes);
    let minutes = |category: usize| -> Result<Vec<Option<Minutes>>> {
        let closest = |home: &usize| found.access[*home].as_ref().and_then(|access| access.closest[category]);
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

fn on_street(found: &HomeAccess<'_>) -> Vec<usize> {
    (0..found.homes.len()).filter(|&home| found.access[home].is_some()).collect()
}

/// A measure: its column, one value a home, and what is enough (`None`: half of what the middle resident has).
type Served = (String, Vec<Option<f64>>, Option<Standard>);

fn served(study: &StudyArea, found: &HomeAccess<'_>) -> Vec<Served> {
    let mut served: Vec<Served> = Vec::new();
    for (category, name) in found.opportunities.categories.iter().enumerate() {
        let minutes = found.access.iter().map(|access| access.as_ref().and_then(|it| it.closest[category]));
        let near = Standard::AtMost(STANDARD_MINUTES);
        served.push((format!("{name}_minutes"), minutes.collect(), Some(near)));
    }
    if found.essentials.contains(&WORK) {
        for (cutoff, minutes) in Opportunities::JOB_CUTOFFS.iter().enumerate().take(2) {
            let jobs = found.access.iter().map(|access| access.as_ref().map(|access| access.jobs[cutoff]));
            let enough =
                (*minutes == STANDARD_MINUTES).then_some(Standard::AtLeast(study.settings.jobs_standard));
            served.push((format!("jobs_within_{minutes}_min"), jobs.collect(), enough));
        }
    }
    for measure in &found.measures {
        let name = measure.home_column.as_str();
        let is_amount =
            name.starts_with("jobs_") && name.ends_with("_within_30_min") || name.starts_with("green_");
        if is_amount && !name.starts_with("jobs_available") {
            let enough = (name == HECTARES_NEAR).then_some(Standard::AtLeast(GreenStandard::WHO_HECTARES));
            served.push((name.to_owned(), measure.values.clone(), enough));
        }
    }
    served
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

/// One row a measure and group: `measure`, `group`, `standard` ("at most 15"), `residents` (or what `weight`
/// counts), `mean`, `median`, `share_below` (or beyond), `residents_below`, `gap`; and for everybody `gini`, `palma`, `concentration`, `poverty_depth`, `poverty_severity`.
///
/// A table without geometries.
///
/// # Errors
/// None in practice: the columns have one length.
pub fn equity_table(equity: &[AccessEquity], weight: Weight) -> Result<FeatureTable> {
    let counted = weight.column();
    let rows: Vec<(&AccessEquity, &GroupAccess)> =
        equity.iter().flat_map(|one| one.groups.iter().map(move |group| (one, group))).collect();
    let text = |name: &str, value: &dyn Fn(&(&AccessEquity, &GroupAccess)) -> String| -> Column {
        Series::new(name.into(), rows.iter().map(value).collect::<Vec<_>>()).into()
    };
    let number = |name: &str, value: &dyn Fn(&GroupAccess) -> Option<f64>| -> Column {
        Series::new(name.into(), rows.iter().map(|(_, group)| value(group)).collect::<Vec<_>>()).into()
    };
    let index = |name: &str, value: &dyn Fn(&Inequality) -> Option<f64>| -> Column {
        let of = |(one, group): &(&AccessEquity, &GroupAccess)| {
            one.inequality.as_ref().filter(|_| group.gap.is_none()).and_then(value)
        };
        Series::new(name.into(), rows.iter().map(of).collect::<Vec<_>>()).into()
    };
    let columns = vec![
        text("measure", &|(one, _)| one.measure.clone()),
        text("group", &|(_, group)| group.name.clone()),
        text("standard", &|(one, _)| match one.standard {
            Standard::AtMost(far) => format!("at most {far:.0}"),
            Standard::AtLeast(enough) => format!("at least {}", (enough * 100.0).round() / 100.0),
        }),
        number(counted, &|group| Some(group.people)),
        number("mean", &|group| group.mean),
        number("median", &|group| group.median),
        number("share_below", &|group| group.share_below),
        number(&format!("{counted}_below"), &|group| Some(group.people_below)),
        number("gap", &|group| group.gap),
        index("gini", &|found| found.gini),
        index("palma", &|found| found.palma),
        index("concentration", &|found| found.concentration),
        index("poverty_depth", &|found| found.poverty.map(|poverty| poverty[1])),
        index("poverty_severity", &|found| found.poverty.map(|poverty| poverty[2])),
    ];
    let table = DataFrame::new_infer_height(columns)
        .map_err(|error| Error::new(ErrorKind::Column, error.to_string()))?;
    FeatureTable::new(vec![None; rows.len()], table, None)
}
