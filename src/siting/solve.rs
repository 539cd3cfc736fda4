//! From demand, choice and objective to sets of sites with a bound.

use super::branch::branch;
use super::center::center;
use super::choice::Choice;
use super::demand::Demand;
use super::enumerate::list;
use super::found::Found;
use super::lagrangean::{Decided, EXACT, Grain, Relaxed, ascend, multipliers_of};
use super::objective::Objective;
use super::sums::{Burden, Sums};
use super::worst::worst;
use crate::{Error, ErrorKind, Result};

/// How hard to look, and how near the best a set must be to be listed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Share of the best value within which other sets are listed, 0 or more.
    pub within: f64,
    /// Steps that raise the bound.
    pub steps: usize,
    /// Parts of a search that proves the best, where the bound alone does not.
    pub parts: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { within: 0.05, steps: 300, parts: 1_000 }
    }
}

/// The best set of sites for an objective, with a bound that no set can pass, and the sets that are nearly as good.
///
/// Small problems are proven; of large ones the gap is stated. The answer depends on nothing but the input: effort is
/// counted in steps, not in seconds.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the choice cannot be met, or the objective is out of range; if homes must be served, but no
/// set that was found serves all who can be.
///
/// # Source
/// Hakimi (1965) for the median, Church & ReVelle (1974) for coverage, Minieka (1970) for the center, Horton et al. (2024)
/// for Kolm-Pollak, Rockafellar & Uryasev (2000) for the worst-off share; methods in the files of this module.
///
/// # Example
/// ```
/// use commonground::siting::{Choice, Demand, Effort, Objective, Role, Unserved, solve};
/// use commonground::TravelTimes;
/// // Three homes in a row, sites at the two ends and in the middle.
/// let times = TravelTimes::from_minutes(&[
///     [Some(0.0), Some(4.0), Some(9.0)],
///     [Some(4.0), Some(0.0), Some(5.0)],
///     [Some(9.0), Some(5.0), Some(0.0)],
/// ])?;
/// let demand = Demand::new(&times, &[10.0, 30.0, 10.0], &[Role::Candidate; 3], Unserved::Refused)?;
/// let found = solve(&demand, &Choice::of(1), &Objective::Median, Effort::default())?;
/// assert_eq!((found.best.sites, found.best.value, found.gap), (vec![1], 90.0, 0.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn solve(demand: &Demand, choice: &Choice, objective: &Objective, effort: Effort) -> Result<Found> {
    choice.check(&demand.candidates, demand.roles.len())?;
    objective.check(demand)?;
    if !(effort.within.is_finite() && effort.within >= 0.0) {
        let message = format!("sets within `{}` of the best", effort.within);
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    match objective.burden(demand) {
        Some(burden) => of_sums(demand, choice, objective, burden, effort),
        None if *objective == Objective::Center => center(demand, choice, effort),
        None => worst(demand, choice, objective, effort),
    }
}

fn of_sums(
    demand: &Demand,
    choice: &Choice,
    objective: &Objective,
    burden: Burden,
    effort: Effort,
) -> Result<Found> {
    let must_serve = demand.must_serve && !matches!(objective, Objective::Cover(_));
    // Homes that must be served weigh more and more until they are.
    let steers: &[f64] = if must_serve { &[1.0, 1e2, 1e4] } else { &[1.0] };
    let mut left_out = 0.0;
    for steer in steers {
        let mut sums = Sums::new(demand, demand.people.clone(), burden);
        for (row, outside) in demand.rows.iter().zip(&mut sums.outside) {
            if !row.is_served && must_serve {
                *outside *= steer;
            }
        }
        let solved = Solved::new(&sums, choice, effort, &|best| {
            let value = objective.of_sum(demand, burden, best);
            let worse = if objective.more_is_better() { 1.0 - effort.within } else { 1.0 + effort.within };
            objective.to_sum(demand, burden, value * worse)
        })?;
        left_out = demand.unserved(&solved.best);
        if must_serve && left_out > 0.0 {
            continue;
        }
        let serves = |sites: &Vec<u32>| !must_serve || demand.unserved(sites) <= 0.0;
        let alternatives = solved.alternatives.into_iter().filter(serves).collect();
        let bound = objective.of_sum(demand, burden, solved.bound);
        return Ok(Found::new(demand, objective, solved.best, bound, alternatives, solved.all_listed));
    }
    let message = format!(
        "no set of {} sites was found that serves everybody; {left_out} people are left",
        choice.count
    );
    Err(Error::new(ErrorKind::Parameter, message)
        .hint("choose more sites, or count an unserved home as the limit of the search"))
}

/// A sum made small.
pub(super) struct Solved {
    pub best: Vec<u32>,
    pub bound: f64,
    pub alternatives: Vec<Vec<u32>>,
    pub all_listed: bool,
}

/// So many pairs of home and site, read once, may be in the parts of a search together.
const PART_PAIRS: usize = 120_000_000;
/// Sets from which the exchanges start.
const STARTS: usize = 6;

impl Solved {
    /// - `limit`: value up to which sets are listed, from the best one.
    pub fn new(sums: &Sums<'_>, choice: &Choice, effort: Effort, limit: &dyn Fn(f64) -> f64) -> Result<Self> {
        let demand = sums.demand;
        let site_count = demand.roles.len();
        let decided = Decided { inside: Vec::new(), closed: vec![false; site_count] };
        let grain = Grain::of(sums);
        let problem = Relaxed { sums, choice, decided: &decided, grain };
        let allows = |sites: &[u32]| choice.allows(sites);
        let exchange = |sites: Vec<u32>| sums.interchange(sites, 200, &|_| false, &allows);

        let greedy = first_set(sums, choice)?;
        let (sites, value) = exchange(greedy);
        let mut best = (value, sites);
        let mut pool: Vec<(f64, Vec<u32>)> = Vec::new();
        let start = multipliers_of(sums, &best.1);
        let known = best.0;
        let mut dual = ascend(&problem, start, effort.steps, known, &mut |sites| {
            if !choice.allows(sites) {
                return f64::INFINITY;
            }
            let value = sums.value(&demand.open(sites));
            pool.push((value, sites.to_vec()));
            pool.sort_by(|a, b| a.0.total_cmp(&b.0));
            pool.dedup();
            pool.truncate(STARTS);
            value
        });
        for (_, sites) in std::mem::take(&mut pool) {
            let (sites, value) = exchange(sites);
            if value < best.0 {
                best = (value, sites);
            }
        }
        if best.0 < known * (1.0 - EXACT) && grain.raise(dual.value) < best.0 * (1.0 - EXACT) {
            let again =
                ascend(&problem, dual.multipliers.clone(), effort.steps / 2, best.0, &mut |_| f64::INFINITY);
            if again.value > dual.value {
                dual = again;
            }
        }

        // All sets within the limit; or at least proof that there is no better one; or a search with a bound.
        let aim = limit(best.0).max(best.0);
        let mut bound = grain.raise(dual.value).min(best.0);
        let listed = list(sums, choice, &dual, best.0, aim);
        if listed.is_none() && bound < best.0 * (1.0 - EXACT) && effort.parts > 0 {
            let closed = vec![false; site_count];
            // A part of a large problem costs more, so that fewer of them are looked at.
            let per_row = (2 * demand.candidates.len()).div_ceil(choice.count).min(demand.candidates.len());
            let parts = effort.parts.min(PART_PAIRS / (sums.len() * per_row + 1));
            bound = bound.max(branch(&problem, &dual, closed, parts, &mut best));
            best = {
                let (sites, value) = exchange(best.1);
                (value, sites)
            };
        }
        let (alternatives, all_listed) = match listed {
            Some(listed) => {
                if let Some((value, sites)) = listed.sets.first() {
                    best = (*value, sites.clone());
                }
                bound = best.0;
                // A better set than the one known moves the limit too.
                let aim = limit(best.0);
                let sets = listed.sets.into_iter().filter(|(value, _)| *value <= aim * (1.0 + 1e-12));
                (sets.map(|(_, sites)| sites).collect(), listed.up_to >= aim * (1.0 - 1e-12))
            }
            None => (near(sums, choice, &best.1, limit(best.0)), false),
        };
        Ok(Self { best: best.1, bound, alternatives, all_listed })
    }
}

/// A set to start from that is allowed.
fn first_set(sums: &Sums<'_>, choice: &Choice) -> Result<Vec<u32>> {
    let mut sites = sums.greedy(Vec::new(), choice.count, &|sites, site| choice.may_add(sites, site));
    if choice.allows(&sites) {
        sites.sort_unstable();
        return Ok(sites);
    }
    // Rules that ask for sites come first.
    let mut chosen: Vec<u32> = Vec::new();
    for rule in &choice.rules {
        while chosen.iter().filter(|site| rule.sites.contains(site)).count() < rule.at_least {
            let next = rule.sites.iter().copied().find(|&site| {
                sums.demand.candidates.contains(&site) && !chosen.contains(&site) && {
                    let mut with = chosen.clone();
                    with.push(site);
                    choice.fits(&with) && with.len() <= choice.count
                }
            });
            match next {
                Some(site) => chosen.push(site),
                None => break,
            }
        }
    }
    for &site in &sums.demand.candidates {
        if chosen.len() < choice.count && !chosen.contains(&site) {
            chosen.push(site);
            if !choice.fits(&chosen) {
                chosen.pop();
            }
        }
    }
    chosen.sort_unstable();
    if choice.allows(&chosen) {
        return Ok(chosen);
    }
    let names: Vec<String> = choice.rules.iter().map(|rule| format!("`{}`", rule.name)).collect();
    Err(Error::new(ErrorKind::Parameter, "no set of sites that meets all rules was found")
        .hint(format!("the rules are {}; drop one of them, or change the number of sites", names.join(", "))))
}

/// Sets within a value that are one exchange away from the best.
fn near(sums: &Sums<'_>, choice: &Choice, best: &[u32], limit: f64) -> Vec<Vec<u32>> {
    const MOST: usize = 999;
    let (_, table) = sums.exchanges(best);
    let mut found: Vec<(f64, Vec<u32>)> = Vec::new();
    for (at, row) in table.iter().enumerate() {
        for &site in &sums.demand.candidates {
            if row[site as usize] <= limit && !best.contains(&site) {
                let mut sites = best.to_vec();
                sites[at] = site;
                if choice.allows(&sites) {
                    sites.sort_unstable();
                    found.push((row[site as usize], sites));
                }
            }
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    found.truncate(MOST);
    found.into_iter().map(|(_, sites)| sites).collect()
}
