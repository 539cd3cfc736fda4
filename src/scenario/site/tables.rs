//! Checked sites as tables and as a page.

use super::verdict::{RuleVerdict, Verdict};
use super::{SiteCheck, SiteReach, SiteStandard};
use crate::measure::Unit;
use crate::model::Weight;
use crate::{Error, ErrorKind, FeatureTable, Result, StudyArea};
use geo::Geometry;
use polars::prelude::{DataFrame, NamedFrom, Series};
use std::collections::BTreeSet;
use std::fmt::Write;

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
        if reach.traveller == own && is_headline(reach, weight) {
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

/// The page of checked sites in Markdown.
#[must_use]
pub fn site_summary(study: &StudyArea, checks: &[SiteCheck], standards: &[SiteStandard]) -> String {
    let mut text = String::new();
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    let own = study.settings.travel.profile;
    line(format!("# {} sites in {}\n", checks.len(), study.name));
    if study.settings.made_data {
        line("**The data is made up.** Nothing here is about a real place.\n".to_owned());
    }
    let off = checks.iter().filter(|one| !one.on_street).count();
    if off > 0 {
        line(format!("{off} sites are on no street within the study's limit: their walks are unknown.\n"));
    }
    let outside = checks.iter().filter(|one| one.neighbourhood.is_none()).count();
    if outside > 0 {
        line(format!("{outside} sites lie in none of the neighbourhoods.\n"));
    }
    line("## Standards\n".to_owned());
    line("| standard | class | sites | pass by ruler | pass on foot | on paper only | unknown |".to_owned());
    line("|---|---|---:|---:|---:|---:|---:|".to_owned());
    let classes: BTreeSet<&str> = checks.iter().map(|one| one.site.class.as_str()).collect();
    for standard in standards {
        for class in &classes {
            let of: Vec<&SiteCheck> = checks.iter().filter(|one| one.site.class == **class).collect();
            let count = |is: &dyn Fn(Verdict, Verdict) -> bool| {
                let both = |one: &&&SiteCheck| {
                    is(verdict(one, &standard.name, own, true), verdict(one, &standard.name, own, false))
                };
                of.iter().filter(both).count()
            };
            line(format!(
                "| {} | {class} | {} | {} | {} | {} | {} |",
                standard.title,
                of.len(),
                count(&|ruler, _| ruler == Verdict::Pass),
                count(&|_, foot| foot == Verdict::Pass),
                count(&|ruler, foot| ruler == Verdict::Pass && foot == Verdict::Fail),
                count(&|_, foot| foot == Verdict::Unknown)
            ));
        }
    }
    let paper: Vec<(&SiteCheck, &RuleVerdict)> = checks
        .iter()
        .flat_map(|check| check.verdicts.iter().map(move |one| (check, one)))
        .filter(|(_, one)| one.traveller == own && one.fails_on_foot_alone())
        .collect();
    line("\n## Passes on paper, fails on foot\n".to_owned());
    if paper.is_empty() {
        line("Nothing.".to_owned());
    }
    for (check, one) in paper.iter().take(20) {
        line(format!("- {}: {} ({}): {}.", check.site.name, one.rule, one.standard, one.reason));
    }
    if paper.len() > 20 {
        line(format!("- {} more; `standards.csv` has them all.", paper.len() - 20));
    }
    beside_city(study, checks, &classes, &mut line);
    line("\n## Sources\n".to_owned());
    standards.iter().for_each(|one| line(format!("- {}: {}.", one.title, one.source)));
    text
}

/// Medians of the sites of each class beside those of the residents; of one site what it reaches.
fn beside_city(
    study: &StudyArea,
    checks: &[SiteCheck],
    classes: &BTreeSet<&str>,
    line: &mut impl FnMut(String),
) {
    let weight = study.homes.weight;
    let Some(first) = checks.first() else { return };
    line("\n## Beside the city\n".to_owned());
    let heads: Vec<String> = classes
        .iter()
        .map(|class| if class.is_empty() { "sites".to_owned() } else { (*class).to_owned() })
        .collect();
    line(format!(
        "| measure | city's median | {} | sites better than the median resident |",
        heads.join(" | ")
    ));
    line(format!("|---|---:|{}---:|", "---:|".repeat(classes.len())));
    let number = |value: Option<f64>, unit: Unit| match (value, unit) {
        (None, Unit::Minutes) => "out of reach".to_owned(),
        (None, _) => "unknown".to_owned(),
        (Some(value), Unit::Share) => format!("{:.0} %", 100.0 * value),
        (Some(value), _) if value.abs() >= 100.0 => format!("{value:.0}"),
        (Some(value), _) => format!("{value:.1}"),
    };
    for (at, reach) in first.reach.iter().enumerate().filter(|(_, reach)| is_headline(reach, weight)) {
        let unit = reach.key.column.unit;
        let less = reach.key.column.scale == crate::measure::Scale::MoreIsWorse;
        let of_class = classes.iter().map(|class| {
            let of = checks.iter().filter(|one| one.site.class == **class && one.on_street);
            let worst = if less { f64::INFINITY } else { f64::NEG_INFINITY };
            let known: Vec<(f64, f64)> = of.map(|one| (one.reach[at].here.unwrap_or(worst), 1.0)).collect();
            number(super::median_of(&known, less), unit)
        });
        let cells: Vec<String> = of_class.collect();
        let better =
            checks.iter().filter(|one| one.reach[at].better_than.is_some_and(|share| share > 0.5)).count();
        let by = if reach.traveller == study.settings.travel.profile {
            String::new()
        } else {
            format!(" (as {})", reach.traveller.name().replace('_', " "))
        };
        line(format!(
            "| {}{by} | {} | {} | {better} of {} |",
            reach.key.label(weight),
            number(reach.city_median, unit),
            cells.join(" | "),
            checks.len()
        ));
    }
    let place = |number: Option<f64>| number.map_or("unknown".to_owned(), |number| format!("{number:.2}"));
    if let (1, Some(area), false) = (checks.len(), first.neighbourhood, first.surroundings.is_empty()) {
        line(format!("\n## {}\n", study.neighbourhoods[area].name));
        line("What a census or survey says of the neighbourhood, beside the median of all:\n".to_owned());
        for (name, here, median) in &first.surroundings {
            line(format!("- {}: {}, median {}", name.replace('_', " "), place(*here), place(*median)));
        }
    }
}

fn is_headline(reach: &SiteReach, weight: Weight) -> bool {
    let name = reach.key.name(weight);
    reach.key.column.unit == Unit::Minutes
        || (name.starts_with("jobs") && name.ends_with("within_30_min"))
        || name == "green_m2_per_resident_within_15_min"
}

/// The verdict of a standard: by ruler or on foot.
fn verdict(check: &SiteCheck, standard: &str, own: crate::model::Traveller, by_ruler: bool) -> Verdict {
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
