//! The three pillars of isolation: residential (R), access (A), social infrastructure (S), and their combination.

use super::groups::Groups;
use super::social_infrastructure::Social;
use super::table::Columns;
use super::{HomeAccess, STANDARD_MINUTES, WORK};
use crate::access::{weighted_mean, weighted_quantile};
use crate::model::Weight;
use crate::scores::segregation::{Pillars, access_shortfall, combined_isolation, people_isolated};
use crate::{Result, StudyArea};

/// Equal weights: a choice of this project, not a finding.
const WEIGHTS: [f64; 3] = [1.0; 3];
/// People count as isolated where a pillar, or the combination, is at least this.
const ISOLATED_FROM: f64 = 0.5;
/// Names of the columns, in the order of the weights, then of the combination.
const COLUMNS: [&str; 4] =
    ["residential_isolation", "access_isolation", "social_isolation", "combined_isolation"];

/// The pillars by neighbourhood.
pub(super) struct PillarColumns {
    /// As [`COLUMNS`]; empty where the data does not support a pillar.
    values: [Vec<Option<f64>>; 4],
}

impl PillarColumns {
    pub(super) fn measure(
        study: &StudyArea,
        found: &HomeAccess<'_>,
        groups: &Groups,
        social: Option<&Social>,
        not_assessed: &mut Vec<(String, String)>,
    ) -> Result<Self> {
        let count = study.neighbourhoods.len();
        let homes = found.homes;
        let mean = |value: &dyn Fn(usize) -> Option<f64>| {
            let mut values: Vec<Vec<(f64, f64)>> = vec![Vec::new(); count];
            for (home, neighbourhood) in homes.neighbourhoods.iter().enumerate() {
                if let (Some(neighbourhood), Some(value)) = (neighbourhood, value(home)) {
                    values[*neighbourhood as usize].push((value, homes.weights[home]));
                }
            }
            values.into_iter().map(|values| weighted_mean(values.into_iter())).collect::<Vec<_>>()
        };
        let residential = groups.residential_isolation().unwrap_or_default();
        let shortfalls = access_isolation(found)?;
        let access = if found.essentials.is_empty() { Vec::new() } else { mean(&|home| shortfalls[home]) };
        let social = social.map(|social| mean(&|home| social.isolation(home))).unwrap_or_default();
        let mut combined = Vec::new();
        if [&residential, &access, &social].iter().all(|pillar| !pillar.is_empty()) {
            for place in 0..count {
                let pillars =
                    Pillars { residential: residential[place], access: access[place], social: social[place] };
                combined.push(combined_isolation(pillars, WEIGHTS)?);
            }
        } else {
            let reason = "it needs all three pillars: residential, access and social infrastructure";
            not_assessed.push(("combined isolation".into(), reason.into()));
        }
        Ok(Self { values: [residential, access, social, combined] })
    }

    /// Columns: `access_isolation`, `social_isolation`, `combined_isolation`; `residential_isolation` is there already.
    pub(super) fn add_columns(&self, columns: &mut Columns) {
        for (name, values) in COLUMNS.into_iter().zip(&self.values).skip(1) {
            if !values.is_empty() {
                columns.numbers(name, values.clone());
            }
        }
    }

    /// For each pillar, its mean over residents, and how many live where it is high.
    pub(super) fn city(&self, weight: Weight, residents: &[f64]) -> Vec<(String, f64)> {
        let mut city = Vec::new();
        for (name, values) in COLUMNS.into_iter().zip(&self.values).filter(|(_, values)| !values.is_empty()) {
            let name = name.replace('_', " ");
            let known = values.iter().zip(residents).filter_map(|(value, people)| Some(((*value)?, *people)));
            city.extend(weighted_mean(known).map(|mean| (format!("{name}, mean of {weight}"), mean)));
            let people = people_isolated(values, residents, ISOLATED_FROM);
            city.push((format!("{name} of {ISOLATED_FROM} or more: {}", weight.units()), people));
        }
        city
    }
}

/// Mean shortfall of each home over the essentials in the data: of the walk to the closest one against the standard, and
/// of jobs within half an hour against what the middle resident reaches.
fn access_isolation(found: &HomeAccess<'_>) -> Result<Vec<Option<f64>>> {
    let jobs = |home: usize| found.access[home].as_ref().map(|access| access.jobs[1]);
    let reachable: Vec<(Option<f64>, f64)> = (0..found.homes.len())
        .filter_map(|home| Some((Some(jobs(home)?), found.homes.weights[home])))
        .collect();
    let middle = weighted_quantile(&reachable, 0.5).unwrap_or(0.0);
    let of_essential = |home: usize, essential: &str| -> Result<Option<f64>> {
        let Some(access) = &found.access[home] else { return Ok(None) };
        if essential == WORK {
            return Ok(Some(if middle > 0.0 { 1.0 - (access.jobs[1] / middle).min(1.0) } else { 0.0 }));
        }
        let index = found.opportunities.categories.iter().position(|category| category == essential);
        let minutes = index.and_then(|index| access.closest[index]);
        access_shortfall(minutes, STANDARD_MINUTES).map(Some)
    };
    let of_home = |home: usize| -> Result<Option<f64>> {
        let shortfalls = found.essentials.iter().map(|essential| of_essential(home, essential));
        let shortfalls: Option<Vec<f64>> = shortfalls.collect::<Result<_>>()?;
        Ok(shortfalls.and_then(|all| weighted_mean(all.into_iter().map(|one| (one, 1.0)))))
    };
    (0..found.homes.len()).map(of_home).collect()
}
