//! Every set of sites, where there are few enough: proof for any objective.

use super::choice::Choice;
use super::demand::Demand;
use super::objective::Objective;
use rayon::prelude::*;

/// Sets within a value, the best first.
pub(super) struct Every {
    pub sets: Vec<Vec<u32>>,
    /// The best value of all sets that are allowed; `None` if none is.
    pub best: Option<f64>,
    /// Whether all within the limit are among the sets.
    pub is_complete: bool,
}

/// Sites times rows that may be looked at.
const WORK: f64 = 3e8;
const LONGEST: usize = 1_000;

/// The best value of the sets that begin with a site, and those within the limit.
type Firsts = (f64, Vec<(f64, Vec<u32>)>);

/// Looks at every set; `None` if there are too many. Only for objectives of which less is better.
pub(super) fn exhaustive(
    demand: &Demand,
    choice: &Choice,
    objective: &Objective,
    limit: f64,
) -> Option<Every> {
    let count = |size: usize| {
        (0..size).fold(1.0, |sets, at| {
            sets * (demand.candidates.len() - at.min(demand.candidates.len())) as f64 / (at + 1) as f64
        })
    };
    let sizes = if choice.budget.is_some() { 1..=choice.count } else { choice.count..=choice.count };
    let sets: f64 = sizes.clone().map(count).sum();
    let per_row = demand.candidates.len() as f64 / choice.count as f64 + 4.0;
    if sets * demand.rows.len() as f64 * per_row > WORK {
        return None;
    }
    let slack = 1e-12 * limit.abs();
    let of_first = |first: usize| {
        let mut found: Vec<(f64, Vec<u32>)> = Vec::new();
        let mut best = f64::INFINITY;
        let mut sites = vec![demand.candidates[first]];
        walk(demand, choice, &mut sites, first + 1, &mut |sites| {
            let is_left = demand.must_serve && demand.unserved(sites) > 0.0;
            if choice.allows(sites) && !is_left {
                let value = objective.value(demand, sites);
                best = best.min(value);
                if value <= limit + slack {
                    found.push((value, sites.to_vec()));
                }
            }
        });
        (best, found)
    };
    let firsts: Vec<Firsts> = (0..demand.candidates.len()).into_par_iter().map(of_first).collect();
    let best = firsts.iter().map(|(best, _)| *best).fold(f64::INFINITY, f64::min);
    let mut found: Vec<(f64, Vec<u32>)> = firsts.into_iter().flat_map(|(_, found)| found).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let is_complete = found.len() <= LONGEST;
    found.truncate(LONGEST);
    let sets = found.into_iter().map(|(_, sites)| sites).collect();
    Some(Every { sets, best: best.is_finite().then_some(best), is_complete })
}

fn walk(demand: &Demand, choice: &Choice, sites: &mut Vec<u32>, next: usize, visit: &mut dyn FnMut(&[u32])) {
    if sites.len() == choice.count || choice.budget.is_some() {
        visit(sites);
    }
    if sites.len() == choice.count {
        return;
    }
    for place in next..demand.candidates.len() {
        sites.push(demand.candidates[place]);
        if choice.is_plain() || choice.fits(sites) {
            walk(demand, choice, sites, place + 1, visit);
        }
        sites.pop();
    }
}
