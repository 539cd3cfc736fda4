//! Branch and bound on the Lagrangean dual: sites are opened or closed for good until no better set can be left.

use super::lagrangean::{Decided, Dual, EXACT, Relaxed, ascend};
use super::sums::Sums;

/// A part of the search that is still open.
struct Part {
    decided: Decided,
    multipliers: Vec<f64>,
    bound: f64,
}

/// Looks for a better set than `best` and raises `bound`, until the two meet or `most` parts were looked at.
///
/// - `closed`: sites that are in no set better than `best`.
///
/// Returns the bound; `best` holds the best set.
pub(super) fn branch(
    problem: &Relaxed<'_>,
    root: &Dual,
    closed: Vec<bool>,
    most: usize,
    best: &mut (f64, Vec<u32>),
) -> f64 {
    let Relaxed { sums, choice, grain, .. } = *problem;
    let decided = Decided { inside: Vec::new(), closed };
    let mut parts = vec![Part { decided, multipliers: root.multipliers.clone(), bound: root.value }];
    let mut looked_at = 0;
    while let Some(part) = parts.pop() {
        if is_done(grain.raise(part.bound), best.0) {
            continue;
        }
        if looked_at >= most {
            parts.push(part);
            break;
        }
        looked_at += 1;
        let Part { mut decided, multipliers, bound } = part;
        let here = Relaxed { decided: &decided.clone(), ..*problem };
        let steps = if looked_at == 1 { 200 } else { 60 };
        let upper = best.0;
        let dual = ascend(&here, multipliers, steps, upper, &mut |sites| {
            try_set(sums, problem, sites, best);
            best.0
        });
        let bound = bound.max(dual.value);
        if is_done(grain.raise(bound), best.0) {
            continue;
        }
        // Sites without which, or with which, no better set is left.
        let Some(free) = settle(problem, &dual, &mut decided, best.0) else { continue };
        let is_whole = decided.inside.len() == choice.count || free.is_empty();
        if is_whole {
            try_set(sums, problem, &decided.inside, best);
            continue;
        }
        // The site about which the relaxation is least sure.
        let unsure = |site: u32| (dual.frequency[site as usize] - 0.5).abs();
        let site = free.iter().copied().min_by(|a, b| unsure(*a).total_cmp(&unsure(*b)).then(a.cmp(b)));
        let Some(site) = site else { continue };
        let mut without = decided.clone();
        without.closed[site as usize] = true;
        let mut with = decided;
        with.inside.push(site);
        parts.push(Part { decided: without, multipliers: dual.multipliers.clone(), bound });
        if choice.fits(&with.inside) {
            for &other in &free {
                if other != site && !choice.is_plain() {
                    let mut both = with.inside.clone();
                    both.push(other);
                    if !choice.fits(&both) {
                        with.closed[other as usize] = true;
                    }
                }
            }
            parts.push(Part { decided: with, multipliers: dual.multipliers, bound });
        }
    }
    let open = parts.iter().map(|part| part.bound).fold(f64::INFINITY, f64::min);
    grain.raise(open.min(best.0)).min(best.0)
}

fn is_done(bound: f64, best: f64) -> bool {
    bound >= best - EXACT * best.abs()
}

fn try_set(sums: &Sums<'_>, problem: &Relaxed<'_>, sites: &[u32], best: &mut (f64, Vec<u32>)) {
    if problem.choice.allows(sites) {
        let value = sums.value(&sums.demand.open(sites));
        if value < best.0 {
            let mut sites = sites.to_vec();
            sites.sort_unstable();
            *best = (value, sites);
        }
    }
}

/// Opens and closes what the reduced costs decide; returns the sites that are still free. `None` if no set is left.
fn settle(problem: &Relaxed<'_>, dual: &Dual, decided: &mut Decided, best: f64) -> Option<Vec<u32>> {
    let Relaxed { sums, choice, grain, .. } = *problem;
    let mut free: Vec<u32> = sums
        .demand
        .candidates
        .iter()
        .copied()
        .filter(|&site| !decided.closed[site as usize] && !decided.inside.contains(&site))
        .collect();
    if choice.budget.is_some() {
        return Some(free);
    }
    let rest = choice.count - decided.inside.len();
    if free.len() < rest {
        return None;
    }
    free.sort_by(|a, b| dual.reduced[*a as usize].total_cmp(&dual.reduced[*b as usize]).then(a.cmp(b)));
    let at = |place: usize| free.get(place).map(|&site| dual.reduced[site as usize]);
    if let (Some(last), Some(next)) = (rest.checked_sub(1).and_then(at), at(rest)) {
        for (place, &site) in free.iter().enumerate() {
            let reduced = dual.reduced[site as usize];
            if place < rest && is_done(grain.raise(dual.value - reduced + next), best) {
                decided.inside.push(site);
            } else if place >= rest && is_done(grain.raise(dual.value - last + reduced), best) {
                decided.closed[site as usize] = true;
            }
        }
    }
    free.retain(|site| !decided.closed[*site as usize] && !decided.inside.contains(site));
    choice.fits(&decided.inside).then_some(free)
}
