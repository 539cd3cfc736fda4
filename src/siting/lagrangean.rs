//! A bound below which no set of sites can be: the Lagrangean dual of "every home has one site".
//!
//! ```text
//!   L(l) = Σ l_i + Σ of the p smallest ρ_j,    ρ_j = Σ_i min(0, w_i d_ij − l_i)        l_i ≤ what i costs outside
//! ```
//!
//! Rows are sorted by distance, so that a pass reads no more of a row than the sites that cost less than its multiplier.

use super::choice::Choice;
use super::sums::{Burden, Sums, add_up};
use crate::units::MILLISECONDS_PER_MINUTE;
use rayon::prelude::*;

/// What is decided already in a part of the search.
#[derive(Debug, Clone, Default)]
pub(super) struct Decided {
    /// Sites that are open.
    pub inside: Vec<u32>,
    /// Sites that stay closed, by number.
    pub closed: Vec<bool>,
}

/// Multipliers and what they prove.
#[derive(Debug, Clone)]
pub(super) struct Dual {
    pub multipliers: Vec<f64>,
    /// The bound.
    pub value: f64,
    /// Reduced cost of each site at these multipliers.
    pub reduced: Vec<f64>,
    /// Sum of the multipliers.
    pub constant: f64,
    /// How often each site was among those chosen of late, 0 to 1.
    pub frequency: Vec<f64>,
}

/// Sites in order of reduced cost, as the relaxation would choose them.
pub(super) fn cheapest(
    choice: &Choice,
    candidates: &[u32],
    reduced: &[f64],
    decided: &Decided,
) -> (Vec<u32>, f64) {
    let mut free: Vec<u32> = candidates
        .iter()
        .copied()
        .filter(|&site| !decided.closed[site as usize] && !decided.inside.contains(&site))
        .collect();
    let rest = choice.count.saturating_sub(decided.inside.len()).min(free.len());
    let by_cost = |a: &u32, b: &u32| reduced[*a as usize].total_cmp(&reduced[*b as usize]).then(a.cmp(b));
    if rest < free.len() && rest > 0 {
        free.select_nth_unstable_by(rest - 1, by_cost);
    }
    free.truncate(rest);
    free.sort_unstable();
    let mut sites = decided.inside.clone();
    sites.extend(free);
    let mut sum: f64 = sites.iter().map(|&site| reduced[site as usize]).sum();
    if let Some((costs, budget)) = &choice.budget {
        sum = sum.max(relaxed_knapsack(costs, *budget, reduced, candidates, decided));
    }
    (sites, sum)
}

/// The least sum of reduced costs that a budget can buy, of whole and one part of a site: below any real choice.
fn relaxed_knapsack(
    costs: &[f64],
    budget: f64,
    reduced: &[f64],
    candidates: &[u32],
    decided: &Decided,
) -> f64 {
    let mut left = budget - decided.inside.iter().map(|&site| costs[site as usize]).sum::<f64>();
    let mut sum: f64 = decided.inside.iter().map(|&site| reduced[site as usize]).sum();
    let mut free: Vec<u32> = candidates
        .iter()
        .copied()
        .filter(|&site| !decided.closed[site as usize] && !decided.inside.contains(&site))
        .collect();
    let worth = |site: u32| -reduced[site as usize] / costs[site as usize].max(f64::MIN_POSITIVE);
    free.sort_by(|a, b| worth(*b).total_cmp(&worth(*a)).then(a.cmp(b)));
    for site in free {
        let cost = costs[site as usize];
        let part = if cost <= left { 1.0 } else { (left / cost).max(0.0) };
        sum += part * reduced[site as usize];
        left -= part * cost;
        if left <= 0.0 {
            break;
        }
    }
    sum
}

/// Multipliers to start from: between what the nearest and the second nearest of `sites` cost.
pub(super) fn multipliers_of(sums: &Sums<'_>, sites: &[u32]) -> Vec<f64> {
    let open = sums.demand.open(sites);
    let of_row = |row: usize| {
        let mut found = sums.demand.rows[row].sites.iter().filter(|(site, _)| open[*site as usize]);
        let mut next = || found.next().map_or(sums.outside[row], |&(_, cost)| sums.cost(row, cost));
        let (first, second) = (next(), next());
        0.5 * (first + second)
    };
    (0..sums.len()).into_par_iter().map(of_row).collect()
}

/// Reduced cost of each site.
fn reduced_costs(sums: &Sums<'_>, multipliers: &[f64]) -> Vec<f64> {
    let site_count = sums.demand.roles.len();
    add_up(sums.lots(), site_count, |lot| {
        let mut reduced = vec![0.0; site_count];
        for row in lot {
            let multiplier = multipliers[row];
            for &(site, milliseconds) in &sums.demand.rows[row].sites {
                let cost = sums.cost(row, milliseconds);
                if cost >= multiplier {
                    break;
                }
                reduced[site as usize] += cost - multiplier;
            }
        }
        reduced
    })
}

/// The relaxation of a part of the search.
#[derive(Clone, Copy)]
pub(super) struct Relaxed<'a> {
    pub sums: &'a Sums<'a>,
    pub choice: &'a Choice,
    pub decided: &'a Decided,
    pub grain: Grain,
}

/// A bound this near to a value, as a share of it, is the value.
pub(super) const EXACT: f64 = 1e-10;

/// What every value is a multiple of, so that a bound may be raised to the next one; 0 where nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Grain(pub f64);

impl Grain {
    /// The grain of sums of whole weights times burdens.
    pub fn of(sums: &Sums<'_>) -> Self {
        let whole = |value: f64| (value.fract() == 0.0 && value.abs() < 9e15).then_some(value as u64);
        let mut people = 0;
        for weight in &sums.weights {
            match whole(*weight) {
                Some(weight) => people = gcd(people, weight),
                None => return Self(0.0),
            }
        }
        let milliseconds = |extra: u32| {
            let rows = sums.demand.rows.iter();
            let all = rows.flat_map(|row| row.sites.iter().map(|&(_, cost)| cost).chain([row.outside]));
            all.fold(u64::from(extra), |grain, cost| gcd(grain, u64::from(cost)))
        };
        let burden = match sums.burden {
            Burden::Minutes => milliseconds(0) as f64 / MILLISECONDS_PER_MINUTE,
            Burden::Longer(_) => 1.0,
            Burden::Beyond(standard) => milliseconds(standard) as f64 / MILLISECONDS_PER_MINUTE,
            Burden::Exponential { .. } => 0.0,
        };
        Self(people as f64 * burden)
    }

    /// The least value that is possible at or above a bound.
    pub fn raise(self, bound: f64) -> f64 {
        if self.0 <= 0.0 {
            return bound;
        }
        let steps = bound / self.0;
        // Rounding of the sums must not raise the bound past a value.
        bound.max((steps - 1e-6 - steps.abs() * 1e-9).ceil() * self.0)
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Raises the bound by subgradient steps from given multipliers.
///
/// - `upper`: value of the best set known, which `on_set` may lower: it is called with each set that the relaxation chooses.
///
/// # Source
/// Held, Wolfe & Crowder (1974), "Validation of subgradient optimization"; Cornuéjols, Fisher & Nemhauser (1977),
/// "Location of bank accounts to optimize float".
pub(super) fn ascend(
    problem: &Relaxed<'_>,
    start: Vec<f64>,
    steps: usize,
    mut upper: f64,
    on_set: &mut dyn FnMut(&[u32]) -> f64,
) -> Dual {
    /// Steps without a better bound after which they are halved.
    const PATIENCE: usize = 12;
    const SHORTEST: f64 = 1e-4;
    /// Weight of the last direction.
    const MEMORY: f64 = 0.6;
    let Relaxed { sums, choice, decided, grain } = *problem;
    let site_count = sums.demand.roles.len();
    let mut multipliers = start;
    let mut direction = vec![0.0; sums.len()];
    let mut frequency = vec![0.0; site_count];
    let mut best: Option<Dual> = None;
    let (mut scale, mut waited, mut restarts) = (1.0, 0, 0);
    for step in 0..steps {
        let reduced = reduced_costs(sums, &multipliers);
        let (sites, sum) = cheapest(choice, &sums.demand.candidates, &reduced, decided);
        let constant = sums.sum(|row| multipliers[row]);
        let value = constant + sum;
        let weight = if step == 0 { 1.0 } else { 0.05 };
        frequency.iter_mut().for_each(|one| *one *= 1.0 - weight);
        sites.iter().for_each(|&site| frequency[site as usize] += weight);
        if best.as_ref().is_none_or(|best| value > best.value) {
            let gained = best.as_ref().map_or(f64::INFINITY, |best| value - best.value);
            if gained > 1e-6 * upper.abs() {
                waited = 0;
            }
            upper = upper.min(on_set(&sites));
            best = Some(Dual {
                multipliers: multipliers.clone(),
                value,
                reduced,
                constant,
                frequency: Vec::new(),
            });
        } else {
            waited += 1;
        }
        let best_value = best.as_ref().map_or(value, |best| best.value);
        if grain.raise(best_value) >= upper * (1.0 - EXACT) {
            break;
        }
        if waited >= PATIENCE {
            (scale, waited) = (scale * 0.5, 0);
            if let Some(best) = &best {
                multipliers.clone_from(&best.multipliers);
            }
            direction.fill(0.0);
            if scale < SHORTEST {
                restarts += 1;
                if restarts > 1 {
                    break;
                }
                scale = 0.1;
            }
            continue;
        }
        // How many of the chosen sites would serve a home, less the one that should.
        let open = sums.demand.open(&sites);
        let gradient = |row: usize| {
            let within = sums.demand.rows[row]
                .sites
                .iter()
                .take_while(|(_, cost)| sums.cost(row, *cost) < multipliers[row]);
            1.0 - within.filter(|(site, _)| open[*site as usize]).count() as f64
        };
        direction.par_iter_mut().enumerate().with_min_len(256).for_each(|(row, last)| {
            *last = gradient(row) + MEMORY * *last;
        });
        let length = sums.sum(|row| sums.weights[row] * direction[row] * direction[row]);
        if length <= 0.0 {
            break;
        }
        let stride = scale * (upper - value).max(upper.abs() * 1e-6) / length;
        multipliers.par_iter_mut().enumerate().with_min_len(256).for_each(|(row, multiplier)| {
            let nearest = sums.demand.rows[row]
                .sites
                .first()
                .map_or(sums.outside[row], |&(_, cost)| sums.cost(row, cost));
            let moved = *multiplier + stride * sums.weights[row] * direction[row];
            *multiplier = moved.clamp(nearest.min(sums.outside[row]), sums.outside[row]);
        });
    }
    let mut best = best.expect("there is a first step");
    best.frequency = frequency;
    best
}
