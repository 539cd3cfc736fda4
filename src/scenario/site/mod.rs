//! A planned project: what its residents would reach, by ruler and on foot, beside the city, other sites and standards.

mod standards;
mod summary;
mod tables;
mod verdict;

pub(crate) use standards::StandardFile;
pub use standards::{SiteRule, SiteStandard, Within};
pub use summary::site_summary;
pub use tables::{SiteTables, site_tables};
pub use verdict::{RuleVerdict, Verdict};

use super::apply::neighbourhood_of;
use super::measured::Reached;
use super::people::push;
use crate::access::Source;
use crate::measure::{Key, Scale};
use crate::model::{Traveller, category};
use crate::network::{TravelPairs, travel_times};
use crate::{Error, ErrorKind, Minutes, Progress, Result, StudyArea};
use geo::{Distance, Euclidean, Point};

/// A planned project.
#[derive(Debug, Clone, PartialEq)]
pub struct Site {
    /// Unique among the sites.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Where, in the study's metric system.
    pub at: Point<f64>,
    /// What sets it apart among the sites (planned, built); empty if nothing does.
    pub class: String,
}

/// What a site reaches of one measure, beside the city and the other sites.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SiteReach {
    /// What is measured.
    pub key: Key,
    /// Who travels.
    pub traveller: Traveller,
    /// At the site; `None` where it is not known, or out of reach.
    pub here: Option<f64>,
    /// Half of the residents of the city have at most this; `None` where half have none within reach.
    pub city_median: Option<f64>,
    /// Share of the residents of the city who are worse off, 0 to 1; out of reach is worse than any walk.
    pub better_than: Option<f64>,
    /// Place among the sites, the best first; equal ones share a place.
    pub rank: usize,
}

/// What was found of one site.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SiteCheck {
    /// The site.
    pub site: Site,
    /// Number of its neighbourhood; `None` outside all of them.
    pub neighbourhood: Option<usize>,
    /// Whether it is on the streets of the study's own traveller.
    pub on_street: bool,
    /// Every measure of access and traveller.
    pub reach: Vec<SiteReach>,
    /// Every rule of every standard and traveller.
    pub verdicts: Vec<RuleVerdict>,
    /// Indicators of its neighbourhood in the latest year, each beside the median of all neighbourhoods.
    pub surroundings: Vec<(String, Option<f64>, Option<f64>)>,
}

/// Places around a site: category, metres by ruler, minutes on foot.
pub(super) struct Around<'a> {
    category: &'a str,
    metres: f64,
    minutes: Option<f64>,
}

/// Checks sites: nobody moves in yet, so that sites do not change what each other reaches.
///
/// # Errors
/// [`ErrorKind::Geometry`] if a single site lies in none of the neighbourhoods; [`ErrorKind::Value`] if two have one id; those of the networks; [`ErrorKind::Cancelled`].
pub fn check_sites(
    study: &StudyArea,
    sites: &[Site],
    standards: &[SiteStandard],
    progress: &dyn Progress,
) -> Result<Vec<SiteCheck>> {
    let mut with_sites = study.clone();
    let mut areas = Vec::new();
    for (row, site) in sites.iter().enumerate() {
        let area = neighbourhood_of(study, site.at);
        if let (Err(error), 1) = (&area, sites.len()) {
            return Err(error.clone().in_layer("sites").at_row(row + 1).with_id(site.id.as_str()));
        }
        areas.push(area.ok());
        let members = vec![0.0; study.homes.groups.len()];
        let id = format!("site {}", site.id);
        if with_sites.homes.ids.contains(&id) {
            let error = Error::new(ErrorKind::Value, "two sites have the same id").in_layer("sites");
            return Err(error.at_row(row + 1).with_id(site.id.as_str()));
        }
        push(
            &mut with_sites,
            (&id, site.at, areas[row].and_then(|area| u32::try_from(area).ok())),
            0.0,
            (&members, 0.0),
        );
    }
    let first = study.homes.len();
    let all = Reached::of_all(&with_sites, progress)?;
    let mut checks: Vec<SiteCheck> = sites
        .iter()
        .enumerate()
        .map(|(number, site)| SiteCheck {
            site: site.clone(),
            neighbourhood: areas[number],
            on_street: all[0].trips.homes()[first + number].is_some(),
            reach: Vec::new(),
            verdicts: Vec::new(),
            surroundings: areas[number].map_or_else(Vec::new, |area| surroundings(study, area)),
        })
        .collect();
    for reached in &all {
        compare_with_city(study, reached, &mut checks)?;
        judge(&with_sites, reached, standards, &mut checks, progress)?;
    }
    Ok(checks)
}

/// Every measure of the sites beside that of the residents.
fn compare_with_city(study: &StudyArea, reached: &Reached, checks: &mut [SiteCheck]) -> Result<()> {
    let first = study.homes.len();
    let people = &study.homes.weights;
    let traveller = reached.trips.profile().traveller();
    let homes = reached.trips.homes();
    for (key, values) in &reached.columns {
        let less_is_better = key.column.scale == Scale::MoreIsWorse;
        // Out of reach is the worst; a home on no street is not asked.
        let worst = if less_is_better { f64::INFINITY } else { f64::NEG_INFINITY };
        let of = |home: usize| homes[home].map(|_| values[home].unwrap_or(worst));
        let known: Vec<(f64, f64)> = (0..first)
            .filter_map(|home| Some((of(home)?, people[home])))
            .filter(|(_, people)| *people > 0.0)
            .collect();
        let total: f64 = known.iter().map(|(_, people)| people).sum();
        let median = median_of(&known, less_is_better);
        let sites: Vec<Option<f64>> = (0..checks.len()).map(|number| of(first + number)).collect();
        let is_better = |a: f64, b: f64| if less_is_better { a < b } else { a > b };
        for (number, check) in checks.iter_mut().enumerate() {
            let here = sites[number];
            let worse: f64 = known
                .iter()
                .filter(|(value, _)| here.is_some_and(|here| is_better(here, *value)))
                .map(|(_, people)| people)
                .fold(0.0, |sum, people| sum + people);
            let before = |other: &&Option<f64>| match (other, here) {
                (Some(other), Some(here)) => is_better(*other, here),
                (Some(_), None) => true,
                (None, _) => false,
            };
            check.reach.push(SiteReach {
                key: key.clone(),
                traveller: key.subject.traveller.unwrap_or(traveller),
                here: values[first + number],
                city_median: median,
                better_than: here.filter(|_| total > 0.0).map(|_| worse / total),
                rank: 1 + sites.iter().filter(before).count(),
            });
        }
    }
    Ok(())
}

fn median_of(known: &[(f64, f64)], less_is_better: bool) -> Option<f64> {
    let mut sorted = known.to_vec();
    sorted.sort_by(|a, b| if less_is_better { a.0.total_cmp(&b.0) } else { b.0.total_cmp(&a.0) });
    let total: f64 = sorted.iter().map(|(_, people)| people).sum();
    let mut sum = 0.0;
    for (value, people) in sorted {
        sum += people;
        if sum >= total / 2.0 {
            return value.is_finite().then_some(value);
        }
    }
    None
}

fn judge(
    study: &StudyArea,
    reached: &Reached,
    standards: &[SiteStandard],
    checks: &mut [SiteCheck],
    progress: &dyn Progress,
) -> Result<()> {
    let first = study.homes.len() - checks.len();
    let opportunities = reached.trips.opportunities(study);
    let homes = &reached.trips.homes()[first..];
    let limit = Minutes::new(crate::access::Opportunities::SEARCH_LIMIT)?;
    let times = travel_times(reached.trips.streets(), homes, opportunities.destinations(), limit, progress)?;
    let rows = times
        .each_origin(|row| row.iter().map(|(place, minutes)| (place, minutes.get())).collect::<Vec<_>>())?;
    let jobs: Option<&Vec<Option<f64>>> = reached
        .columns
        .iter()
        .find(|(key, _)| key.column.name == "jobs_within_{minutes}_min" && key.subject.minutes == Some(15))
        .map(|(_, values)| values);
    let pace = reached.trips.profile().milliseconds_per_metre_off_street() / 60_000.0;
    let traveller = reached.trips.profile().traveller();
    for (number, check) in checks.iter_mut().enumerate() {
        let mut minutes = vec![None; opportunities.sources().len()];
        for (place, time) in rows[number].iter().flatten() {
            minutes[*place] = Some(*time);
        }
        let around: Vec<Around<'_>> = opportunities
            .sources()
            .iter()
            .zip(minutes)
            .filter_map(|(source, minutes)| match *source {
                Source::Service(at) => {
                    let one = &study.services[at];
                    let metres = Euclidean.distance(check.site.at, one.location);
                    Some(Around { category: &one.category, metres, minutes })
                }
                Source::GreenSpace(at) => {
                    let metres = Euclidean.distance(&check.site.at, &study.green_spaces[at].shape);
                    Some(Around { category: category::GREEN_SPACE, metres, minutes })
                }
                Source::Workplace(_) => None,
            })
            .collect();
        let near = verdict::Near {
            around: &around,
            categories: &opportunities.categories,
            jobs: jobs.map(|values| values[first + number]),
            jobs_by_ruler: jobs_by_ruler(study, check.site.at, 15.0 / pace),
            jobs_standard: study.settings.jobs_standard,
            minutes_per_metre: pace,
            on_street: homes[number].is_some(),
        };
        for standard in standards {
            check.verdicts.extend(standard.rules.iter().map(|rule| near.judge(standard, rule, traveller)));
        }
    }
    Ok(())
}

fn jobs_by_ruler(study: &StudyArea, at: Point<f64>, metres: f64) -> f64 {
    let Some(workplaces) = &study.workplaces else { return 0.0 };
    let near = workplaces.locations.iter().zip(&workplaces.jobs);
    near.filter(|(place, _)| Euclidean.distance(at, **place) <= metres).map(|(_, jobs)| jobs).sum()
}

fn surroundings(study: &StudyArea, area: usize) -> Vec<(String, Option<f64>, Option<f64>)> {
    let Some(latest) = study.indicators.last() else { return Vec::new() };
    let one = |(name, column): (&String, &crate::model::PanelColumn)| {
        let values = &column.values;
        let known: Vec<f64> = values.iter().flatten().copied().collect();
        let weights = vec![1.0; known.len()];
        let pairs: Vec<(f64, f64)> = known.into_iter().zip(weights).collect();
        let median = if pairs.is_empty() { None } else { median_of(&pairs, true) };
        (name.clone(), values[area], median)
    };
    latest.columns.iter().map(one).collect()
}
