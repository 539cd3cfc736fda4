//! What was found: never one answer, always with a bound.

use super::demand::Demand;
use super::objective::Objective;

/// A set of sites.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Plan {
    /// Numbers of the sites, in order; existing places are not among them.
    pub sites: Vec<u32>,
    /// Value of the objective.
    pub value: f64,
}

/// The best set known, what is proven about it, and sets that are nearly as good.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The best set.
    pub best: Plan,
    /// No set can be better than this value.
    pub bound: f64,
    /// |value − bound| / |value|; 0 where the best is proven.
    pub gap: f64,
    /// Sets within the given share of the best value, the best set first.
    pub alternatives: Vec<Plan>,
    /// Whether all of those sets are listed; else those from single exchanges, or the first thousand.
    pub all_listed: bool,
    /// For each site in any of the sets, the share of them that it is in; the most frequent first.
    pub frequency: Vec<(u32, f64)>,
    /// People who reach a candidate, but none of the chosen sites or existing places.
    pub unserved: f64,
    /// People whom no candidate and no existing place reaches: in no value.
    pub unreachable: f64,
}

impl Found {
    pub(super) fn new(
        demand: &Demand,
        objective: &Objective,
        best: Vec<u32>,
        bound: f64,
        alternatives: Vec<Vec<u32>>,
        all_listed: bool,
    ) -> Self {
        let plan = |sites: Vec<u32>| Plan { value: objective.value(demand, &sites), sites };
        let best = plan(best);
        let mut alternatives: Vec<Plan> =
            alternatives.into_iter().filter(|sites| *sites != best.sites).map(plan).collect();
        let sign = if objective.more_is_better() { -1.0 } else { 1.0 };
        alternatives.sort_by(|a, b| {
            (sign * a.value).total_cmp(&(sign * b.value)).then_with(|| a.sites.cmp(&b.sites))
        });
        alternatives.insert(0, best.clone());
        // A bound that passes the value by rounding is the value.
        let bound = if sign > 0.0 { bound.min(best.value) } else { bound.max(best.value) };
        let distance = (best.value - bound).abs();
        let gap = if distance <= 1e-9 * best.value.abs() { 0.0 } else { distance / best.value.abs() };
        let bound = if gap == 0.0 { best.value } else { bound };
        Self {
            frequency: frequency(&alternatives),
            unserved: demand.unserved(&best.sites),
            unreachable: demand.unreachable,
            best,
            bound,
            gap,
            alternatives,
            all_listed,
        }
    }

    /// Whether no set is better.
    #[must_use]
    pub fn is_proven(&self) -> bool {
        self.gap == 0.0
    }
}

/// In which share of the plans each site is, the most frequent first.
#[must_use]
pub fn frequency(plans: &[Plan]) -> Vec<(u32, f64)> {
    let mut counts = std::collections::BTreeMap::<u32, usize>::new();
    for site in plans.iter().flat_map(|plan| &plan.sites) {
        *counts.entry(*site).or_default() += 1;
    }
    let mut shares: Vec<(u32, f64)> =
        counts.into_iter().map(|(site, count)| (site, count as f64 / plans.len() as f64)).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    shares
}

/// How much worse each plan is than the best value of each objective, as a share of it; one list per plan.
///
/// - `best`: for each objective the best value known, or a bound.
///
/// The largest of a plan's regrets is what a planner may have to answer for; the plan with the least of them is safest.
///
/// # Source
/// Savage (1951), "The theory of statistical decision"; relative regret: Kouvelis & Yu (1997), "Robust discrete optimization".
#[must_use]
pub fn regret(demand: &Demand, plans: &[Plan], objectives: &[(Objective, f64)]) -> Vec<Vec<f64>> {
    let of = |plan: &Plan, objective: &Objective, best: f64| {
        let value = objective.value(demand, &plan.sites);
        let worse = if objective.more_is_better() { best - value } else { value - best };
        if worse == 0.0 { 0.0 } else { worse / best.abs() }
    };
    let of_plan =
        |plan: &Plan| objectives.iter().map(|(objective, best)| of(plan, objective, *best)).collect();
    plans.iter().map(of_plan).collect()
}

/// Who differs between two sets of sites.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Difference {
    /// People who are nearer with the second set.
    pub nearer: f64,
    /// People who are farther.
    pub farther: f64,
    /// Person-minutes won by those who are nearer.
    pub won: f64,
    /// Person-minutes lost by those who are farther.
    pub lost: f64,
}

/// Who is nearer and who is farther with the second set than with the first, of any count per home: a group, everybody.
///
/// Homes that one of the sets does not serve are left out.
#[must_use]
pub fn difference(demand: &Demand, first: &[u32], second: &[u32], people: &[f64]) -> Difference {
    let (before, after) = (demand.minutes(first), demand.minutes(second));
    let mut sums = Difference::default();
    for ((before, after), people) in before.iter().zip(&after).zip(people) {
        let (Some(before), Some(after)) = (before, after) else { continue };
        if after < before {
            sums.nearer += people;
            sums.won += people * (before - after);
        } else if after > before {
            sums.farther += people;
            sums.lost += people * (after - before);
        }
    }
    sums
}
