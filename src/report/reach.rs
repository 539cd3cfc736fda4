//! Who lives within reach of what, from every home, for everyone and by group.

use crate::StudyArea;
use crate::access::{share_within, weighted_quantile};
use crate::assessment::{Assessment, STANDARD_MINUTES};
use crate::measure::Subject;
use crate::measures::access::MINUTES;
use crate::measures::population::STREET_DISTANCE;
use serde::Serialize;

/// Longest walk of the curves, in minutes.
const LONGEST_WALK: u32 = 40;

/// What residents reach, over all homes that are in a neighbourhood and on a street.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Reach {
    /// Minutes that count as within reach.
    standard_minutes: f64,
    groups: Vec<String>,
    categories: Vec<CategoryReach>,
}

/// One category of places.
#[derive(Debug, Clone, Serialize)]
struct CategoryReach {
    category: String,
    /// Minutes of the median resident; `None` beyond the search.
    median: Option<f64>,
    /// Share of residents whose closest place lies within 0, 1, 2, ... minutes.
    within: Vec<Option<f64>>,
    /// Share of each group's members within the standard, in the order of `groups`.
    groups: Vec<Option<f64>>,
}

/// Sums up the homes.
pub(super) fn reach(study: &StudyArea, assessment: &Assessment) -> Reach {
    let homes = assessment.homes();
    let gaps = homes.numbers_of(&STREET_DISTANCE, &Subject::NONE).unwrap_or_default();
    let is_counted = |home: &usize| gaps[*home].is_some() && study.homes.neighbourhoods[*home].is_some();
    let counted: Vec<usize> = (0..gaps.len()).filter(is_counted).collect();
    let people = |counts: &[f64]| counted.iter().map(|&home| counts[home]).collect::<Vec<f64>>();
    let residents = people(&study.homes.weights);
    let groups: Vec<Vec<f64>> = study.homes.groups.iter().map(|group| people(&group.counts)).collect();
    let of = |category: &String| {
        let minutes = homes.numbers_of(&MINUTES, &Subject::category(category)).unwrap_or_default();
        let minutes: Vec<Option<f64>> =
            counted.iter().map(|&home| minutes.get(home).copied().flatten()).collect();
        let weighted = |weights: &[f64]| -> Vec<(Option<f64>, f64)> {
            minutes.iter().copied().zip(weights.iter().copied()).collect()
        };
        let everyone = weighted(&residents);
        CategoryReach {
            category: category.clone(),
            median: weighted_quantile(&everyone, 0.5),
            within: (0..=LONGEST_WALK).map(|limit| share_within(&everyone, f64::from(limit))).collect(),
            groups: groups.iter().map(|members| share_within(&weighted(members), STANDARD_MINUTES)).collect(),
        }
    };
    Reach {
        standard_minutes: STANDARD_MINUTES,
        groups: study.homes.groups.iter().map(|group| group.name.clone()).collect(),
        categories: assessment.categories.iter().map(of).collect(),
    }
}
