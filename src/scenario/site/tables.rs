//! Checked sites as tables.

use super::verdict::{RuleVerdict, Verdict};
use super::{SiteCheck, SiteReach, SiteStandard};
use crate::measure::Unit;
use crate::measures::{green::FOR_EACH, jobs::JOBS};
use crate::{Error, ErrorKind, FeatureTable, Result, StudyArea};
use geo::Geometry;
use polars::prelude::{DataFrame, NamedFrom, Series};

/// Sites as tables.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct SiteTables {
    /// One row per site, with its walks as the study travels and its verdict by each standard.
    pub sites: FeatureTable,
    /// One row per site, measure and traveller, beside the city and the other sites.
    pub reach: FeatureTable,
    /// One row per site, rule and traveller.
    pub standards: FeatureTable,
}

/// The tables of checked sites.
///
/// # Errors
/// None in practice: the columns of a table have one length.
pub fn site_tables(
    study: &StudyArea,
    checks: &[SiteCheck],
    standards: &[SiteStandard],
) -> Result<SiteTables> {
    let weight = study.homes.weight;
    let own = study.settings.travel.profile;
    let mut columns = vec![
        texts("id", checks, |one| one.site.id.clone()),
        texts("name", checks, |one| one.site.name.clone()),
        texts("class", checks, |one| one.site.class.clone()),
        texts("neighbourhood", checks, |one| {
            one.neighbourhood.map_or_else(String::new, |area| study.neighbourhoods[area].name.clone())
        }),
    ];
    for (at, reach) in checks.first().iter().flat_map(|one| one.reach.iter().enumerate()) {
        if reach.traveller == own && is_headline(reach) {
            columns.push(numbers(&reach.key.name(weight), checks, |one| one.reach[at].here));
        }
    }
    for standard in standards {
        for (word, of) in [("by_ruler", true), ("on_foot", false)] {
            columns.push(texts(&format!("{}_{word}", standard.name), checks, |one| {
                verdict(one, &standard.name, own, of).name().to_owned()
            }));
        }
    }
    let shapes = checks.iter().map(|one| Some(Geometry::Point(one.site.at))).collect();
    let sites = FeatureTable::new(shapes, frame(columns)?, Some(study.crs.clone()))?;
    let rows: Vec<(&SiteCheck, &SiteReach)> =
        checks.iter().flat_map(|check| check.reach.iter().map(move |reach| (check, reach))).collect();
    let reach = plain(
        vec![
            texts("id", &rows, |(check, _)| check.site.id.clone()),
            texts("measure", &rows, |(_, one)| one.key.name(weight)),
            texts("label", &rows, |(_, one)| one.key.label(weight)),
            texts("traveller", &rows, |(_, one)| one.traveller.name().to_owned()),
            numbers("here", &rows, |(_, one)| one.here),
            numbers("city_median", &rows, |(_, one)| one.city_median),
            numbers("better_than", &rows, |(_, one)| one.better_than),
            numbers("rank", &rows, |(_, one)| Some(one.rank as f64)),
        ],
        rows.len(),
    )?;
    let rows: Vec<(&SiteCheck, &RuleVerdict)> =
        checks.iter().flat_map(|check| check.verdicts.iter().map(move |one| (check, one))).collect();
    let standards = plain(
        vec![
            texts("id", &rows, |(check, _)| check.site.id.clone()),
            texts("standard", &rows, |(_, one)| one.standard.clone()),
            texts("rule", &rows, |(_, one)| one.rule.clone()),
            texts("traveller", &rows, |(_, one)| one.traveller.name().to_owned()),
            texts("by_ruler", &rows, |(_, one)| one.by_ruler.name().to_owned()),
            texts("on_foot", &rows, |(_, one)| one.on_foot.name().to_owned()),
            numbers("metres", &rows, |(_, one)| one.metres),
            numbers("minutes", &rows, |(_, one)| one.minutes),
            texts("reason", &rows, |(_, one)| one.reason.clone()),
        ],
        rows.len(),
    )?;
    Ok(SiteTables { sites, reach, standards })
}

/// Jobs are shown within so many minutes.
const JOBS_MINUTES: u32 = 30;

/// What a page shows of all that was measured.
pub(super) fn is_headline(reach: &SiteReach) -> bool {
    let key = &reach.key;
    key.column.unit == Unit::Minutes
        || (key.measure == JOBS.name && key.subject.minutes == Some(JOBS_MINUTES))
        || std::ptr::eq(key.column, &FOR_EACH)
}

/// The verdict of a standard: by ruler or on foot.
pub(super) fn verdict(
    check: &SiteCheck,
    standard: &str,
    own: crate::model::Traveller,
    by_ruler: bool,
) -> Verdict {
    let rules = check.verdicts.iter().filter(|one| one.standard == standard && one.traveller == own);
    Verdict::of_all(rules.map(|one| if by_ruler { one.by_ruler } else { one.on_foot }))
}

fn frame(columns: Vec<Series>) -> Result<DataFrame> {
    DataFrame::new_infer_height(columns.into_iter().map(Into::into).collect())
        .map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
}

fn plain(columns: Vec<Series>, rows: usize) -> Result<FeatureTable> {
    FeatureTable::new(vec![None; rows], frame(columns)?, None)
}

fn texts<T>(name: &str, rows: &[T], of: impl Fn(&T) -> String) -> Series {
    Series::new(name.into(), rows.iter().map(of).collect::<Vec<_>>())
}

fn numbers<T>(name: &str, rows: &[T], of: impl Fn(&T) -> Option<f64>) -> Series {
    Series::new(name.into(), rows.iter().map(of).collect::<Vec<Option<f64>>>())
}
