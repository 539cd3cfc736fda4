//! The cheapest set of sites that covers every row, with a bound.
//!
//! Rows and sites that others make redundant go first; then a Lagrangean bound, and a search over the row with the fewest
//! sites.

use super::demand::Demand;
use crate::{Error, ErrorKind, Minutes, Result};
use std::collections::BTreeSet;

/// A cover and what is proven about it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cover {
    /// Sites that cover every row; `None` if none was found that costs at most what is enough.
    pub sites: Option<Vec<u32>>,
    pub cost: f64,
    /// No cover costs less.
    pub bound: f64,
}

/// The cheapest cover of `rows`, each a list of sites in order of their numbers.
///
/// - `enough`: a cover at this cost, or proof that there is none, is all that is asked for.
/// - `parts`: of the search are looked at, at most.
///
/// A row without a site has no cover: the bound is then infinite.
pub(super) fn cover(rows: Vec<Vec<u32>>, costs: &[f64], enough: Option<f64>, parts: usize) -> Cover {
    let whole = costs.iter().all(|cost| cost.fract() == 0.0);
    let mut search = Search { costs, enough, whole, best: None, left: parts };
    let bound = search.look(rows, &mut Vec::new(), 0.0);
    let (cost, sites) = search.best.map_or((f64::INFINITY, None), |(cost, mut sites)| {
        sites.sort_unstable();
        (cost, Some(sites))
    });
    Cover { sites, cost, bound: bound.min(cost) }
}

struct Search<'a> {
    costs: &'a [f64],
    enough: Option<f64>,
    whole: bool,
    best: Option<(f64, Vec<u32>)>,
    left: usize,
}

impl Search<'_> {
    /// The least cost of covering the rows beside what is chosen, or a bound of it.
    fn look(&mut self, rows: Vec<Vec<u32>>, chosen: &mut Vec<u32>, spent: f64) -> f64 {
        let before = chosen.len();
        let found = self.look_here(rows, chosen, spent);
        chosen.truncate(before);
        found
    }

    fn look_here(&mut self, rows: Vec<Vec<u32>>, chosen: &mut Vec<u32>, mut spent: f64) -> f64 {
        let Some(rows) = reduce(rows, self.costs, chosen, &mut spent) else { return f64::INFINITY };
        if rows.is_empty() {
            self.keep(spent, chosen.clone());
            return spent;
        }
        let columns = transpose(&rows);
        let (dual, multipliers) = self.ascend(&rows, &columns, chosen, spent);
        let bound = self.raise(spent + dual);
        if bound >= self.ceiling() || self.is_enough() {
            return bound;
        }
        if self.left == 0 {
            return bound;
        }
        self.left -= 1;
        // Every cover has one of these sites; each branch leaves out those of the branches before.
        let row = rows.iter().min_by_key(|row| row.len()).expect("rows are left").clone();
        let mut order: Vec<(f64, u32)> = row
            .iter()
            .map(|&site| {
                let covered =
                    columns.iter().find(|(one, _)| *one == site).map_or(&[][..], |(_, rows)| rows.as_slice());
                let gain: f64 = covered.iter().map(|&row| multipliers[row as usize]).sum();
                (self.costs[site as usize] - gain, site)
            })
            .collect();
        order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut least = f64::INFINITY;
        let mut without: BTreeSet<u32> = BTreeSet::new();
        for (_, site) in order {
            let rest: Vec<Vec<u32>> = rows
                .iter()
                .filter(|row| row.binary_search(&site).is_err())
                .map(|row| row.iter().copied().filter(|one| !without.contains(one)).collect())
                .collect();
            chosen.push(site);
            let found = self.look(rest, chosen, spent + self.costs[site as usize]);
            chosen.pop();
            least = least.min(found);
            without.insert(site);
            if self.is_enough() {
                break;
            }
        }
        least.max(bound)
    }

    /// A bound at which nothing better can be found.
    fn ceiling(&self) -> f64 {
        let best = self.best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
        // Costlier covers than enough are of no use.
        let beyond = self.enough.map_or(f64::INFINITY, |enough| enough * (1.0 + 1e-9) + 1e-9);
        (best - 1e-9 * best.min(1e12)).min(beyond)
    }

    fn is_enough(&self) -> bool {
        let best = self.best.as_ref().map_or(f64::INFINITY, |(cost, _)| *cost);
        self.enough.is_some_and(|enough| best <= enough * (1.0 + 1e-12))
    }

    fn raise(&self, bound: f64) -> f64 {
        if self.whole { (bound - 1e-6).ceil() } else { bound }
    }

    fn keep(&mut self, cost: f64, sites: Vec<u32>) {
        if self.best.as_ref().is_none_or(|(best, _)| cost < *best) {
            self.best = Some((cost, sites));
        }
    }

    /// Lagrangean bound of the rows left, its multipliers, and covers on the way.
    ///
    /// Source: Caprara, Fischetti & Toth (1999), "A heuristic method for the set covering problem".
    fn ascend(
        &mut self,
        rows: &[Vec<u32>],
        columns: &[(u32, Vec<u32>)],
        chosen: &[u32],
        spent: f64,
    ) -> (f64, Vec<f64>) {
        const STEPS: usize = 150;
        let mut multipliers: Vec<f64> = vec![f64::INFINITY; rows.len()];
        for (site, covered) in columns {
            let share = self.costs[*site as usize] / covered.len() as f64;
            covered.iter().for_each(|&row| {
                let one = &mut multipliers[row as usize];
                *one = one.min(share);
            });
        }
        let mut best = (f64::NEG_INFINITY, multipliers.clone());
        let (mut scale, mut waited) = (1.0, 0);
        for step in 0..STEPS {
            let mut value: f64 = multipliers.iter().sum();
            let mut surplus = vec![1.0; rows.len()];
            let mut reduced: Vec<f64> = Vec::with_capacity(columns.len());
            for (site, covered) in columns {
                let gain: f64 = covered.iter().map(|&row| multipliers[row as usize]).sum();
                let cost = self.costs[*site as usize] - gain;
                reduced.push(cost);
                if cost < 0.0 {
                    value += cost;
                    covered.iter().for_each(|&row| surplus[row as usize] -= 1.0);
                }
            }
            if value > best.0 + 1e-9 {
                if value > best.0 + 1e-3 * value.abs() {
                    waited = 0;
                }
                best = (value, multipliers.clone());
            } else {
                waited += 1;
            }
            if step % 10 == 0 {
                let (cost, sites) = self.greedy(rows, columns, &reduced);
                let all: Vec<u32> = chosen.iter().copied().chain(sites).collect();
                self.keep(spent + cost, all);
            }
            if self.raise(spent + best.0) >= self.ceiling() || self.is_enough() {
                break;
            }
            if waited >= 10 {
                (scale, waited) = (scale * 0.5, 0);
                multipliers.clone_from(&best.1);
                if scale < 1e-3 {
                    break;
                }
                continue;
            }
            let upper = self.best.as_ref().map_or(value + 1.0, |(cost, _)| cost - spent);
            let length: f64 = surplus.iter().map(|one| one * one).sum();
            if length <= 0.0 {
                break;
            }
            let stride = scale * (upper - value).max(0.05 * value.abs()).max(1e-9) / length;
            multipliers
                .iter_mut()
                .zip(&surplus)
                .for_each(|(one, surplus)| *one = (*one + stride * surplus).max(0.0));
        }
        best
    }

    /// A cover by the least reduced cost per row that is not covered yet, without sites that are not needed.
    fn greedy(&self, rows: &[Vec<u32>], columns: &[(u32, Vec<u32>)], reduced: &[f64]) -> (f64, Vec<u32>) {
        let mut times = vec![0_u32; rows.len()];
        let mut uncovered = rows.len();
        let mut new: Vec<usize> = columns.iter().map(|(_, covered)| covered.len()).collect();
        let place: std::collections::HashMap<u32, usize> =
            columns.iter().enumerate().map(|(at, (site, _))| (*site, at)).collect();
        let mut taken: Vec<usize> = Vec::new();
        while uncovered > 0 {
            let score = |at: usize| {
                let cost = reduced[at].max(1e-9 * self.costs[columns[at].0 as usize]);
                if reduced[at] < 0.0 { reduced[at] * new[at] as f64 } else { cost / new[at] as f64 }
            };
            let next = (0..columns.len())
                .filter(|at| new[*at] > 0)
                .min_by(|a, b| score(*a).total_cmp(&score(*b)).then(a.cmp(b)));
            let Some(next) = next else { return (f64::INFINITY, Vec::new()) };
            taken.push(next);
            for &row in &columns[next].1 {
                times[row as usize] += 1;
                if times[row as usize] == 1 {
                    uncovered -= 1;
                    for site in &rows[row as usize] {
                        new[place[site]] -= 1;
                    }
                }
            }
        }
        let by_cost = |a: &usize, b: &usize| {
            self.costs[columns[*b].0 as usize].total_cmp(&self.costs[columns[*a].0 as usize]).then(b.cmp(a))
        };
        let mut order = taken.clone();
        order.sort_by(by_cost);
        for at in order {
            if columns[at].1.iter().all(|&row| times[row as usize] > 1) {
                columns[at].1.iter().for_each(|&row| times[row as usize] -= 1);
                taken.retain(|one| *one != at);
            }
        }
        let sites: Vec<u32> = taken.iter().map(|&at| columns[at].0).collect();
        (sites.iter().map(|&site| self.costs[site as usize]).sum(), sites)
    }
}

/// Sites with the rows that they cover, in order.
fn transpose(rows: &[Vec<u32>]) -> Vec<(u32, Vec<u32>)> {
    let mut columns = std::collections::BTreeMap::<u32, Vec<u32>>::new();
    for (row, sites) in rows.iter().enumerate() {
        sites.iter().for_each(|site| columns.entry(*site).or_default().push(row as u32));
    }
    columns.into_iter().collect()
}

/// Removes what is redundant and chooses what is needed; `None` if a row has no site.
pub(super) fn reduce(
    mut rows: Vec<Vec<u32>>,
    costs: &[f64],
    chosen: &mut Vec<u32>,
    spent: &mut f64,
) -> Option<Vec<Vec<u32>>> {
    /// Comparisons that a round may cost.
    const WORK: usize = 40_000_000;
    loop {
        // Rows by length: one that holds another is covered with it.
        rows.sort_unstable_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
        rows.dedup();
        if rows.first().is_some_and(Vec::is_empty) {
            return None;
        }
        let mut work = 0;
        let mut kept: Vec<Vec<u32>> = Vec::with_capacity(rows.len());
        let mut by_site: std::collections::HashMap<u32, Vec<usize>> = std::collections::HashMap::new();
        for row in rows {
            let mut holds = false;
            if work < WORK {
                'all: for site in &row {
                    for &other in by_site.get(site).into_iter().flatten() {
                        work += kept[other].len();
                        if is_within(&kept[other], &row) {
                            holds = true;
                            break 'all;
                        }
                    }
                }
            }
            if !holds {
                // A row within another shares its first site with it.
                by_site.entry(row[0]).or_default().push(kept.len());
                kept.push(row);
            }
        }
        rows = kept;
        let mut changed = false;
        // A row with one site decides it.
        let needed: BTreeSet<u32> = rows.iter().filter(|row| row.len() == 1).map(|row| row[0]).collect();
        if !needed.is_empty() {
            changed = true;
            chosen.extend(&needed);
            *spent += needed.iter().map(|&site| costs[site as usize]).sum::<f64>();
            rows.retain(|row| !row.iter().any(|site| needed.contains(site)));
        }
        // A site that covers no more than another that costs no more is not needed.
        let columns = transpose(&rows);
        let place: std::collections::HashMap<u32, usize> =
            columns.iter().enumerate().map(|(at, (site, _))| (*site, at)).collect();
        let mut gone: BTreeSet<u32> = BTreeSet::new();
        work = 0;
        for (site, covered) in &columns {
            if work >= WORK {
                break;
            }
            let shortest = covered.iter().min_by_key(|row| rows[**row as usize].len());
            let Some(&shortest) = shortest else { continue };
            let dominated = rows[shortest as usize].iter().any(|other| {
                if other == site || gone.contains(other) || costs[*other as usize] > costs[*site as usize] {
                    return false;
                }
                let others = &columns[place[other]].1;
                work += covered.len() + others.len() / 4;
                let is_twin =
                    others.len() == covered.len() && costs[*other as usize] == costs[*site as usize];
                others.len() >= covered.len() && is_within(covered, others) && !(is_twin && other > site)
            });
            if dominated {
                gone.insert(*site);
            }
        }
        if !gone.is_empty() {
            changed = true;
            rows.iter_mut().for_each(|row| row.retain(|site| !gone.contains(site)));
        }
        if !changed {
            return Some(rows);
        }
    }
}

/// Whether every number of a sorted list is in another sorted list.
fn is_within(few: &[u32], many: &[u32]) -> bool {
    let mut rest = many.iter();
    few.iter().all(|one| rest.by_ref().find(|other| *other >= one) == Some(one))
}

/// Everybody within reach: the cheapest set of sites that leaves nobody who can be served farther than a limit.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Covered {
    /// Numbers of the sites, in order.
    pub sites: Vec<u32>,
    /// What they cost; their number where each costs 1.
    pub cost: f64,
    /// No set that covers everybody costs less.
    pub bound: f64,
    /// People whom no candidate and no existing place has within the limit: nobody could cover them.
    pub uncoverable: f64,
}

/// Location set covering: the fewest, or cheapest, sites that have everybody within `limit` who can be covered at all.
///
/// - `costs`: one per place, above 0; each costs 1 if `None`.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ or a cost is not above 0 and finite.
///
/// # Source
/// Toregas, Swain, ReVelle & Bergman (1971), "The location of emergency service facilities".
///
/// # Example
/// ```
/// use commonground::siting::{Demand, Role, Unserved, set_cover};
/// use commonground::{Minutes, TravelTimes};
/// let times = TravelTimes::from_minutes(&[[Some(2.0), None], [Some(3.0), Some(4.0)], [None, Some(20.0)]])?;
/// let demand = Demand::new(&times, &[1.0, 1.0, 5.0], &[Role::Candidate; 2], Unserved::Refused)?;
/// let covered = set_cover(&demand, Minutes::new(5.0)?, None)?;
/// assert_eq!((covered.sites, covered.bound, covered.uncoverable), (vec![0], 1.0, 5.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn set_cover(demand: &Demand, limit: Minutes, costs: Option<&[f64]>) -> Result<Covered> {
    const PARTS: usize = 20_000;
    let ones = vec![1.0; demand.roles.len()];
    let costs = costs.unwrap_or(&ones);
    if costs.len() != demand.roles.len() {
        let message = format!("{} costs for {} places", costs.len(), demand.roles.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    if let Some(row) = costs.iter().position(|cost| !(cost.is_finite() && *cost > 0.0)) {
        return Err(Error::new(ErrorKind::Parameter, format!("a cost of `{}`", costs[row])).at_row(row + 1));
    }
    let (rows, uncoverable) = rows_within(demand, limit.to_milliseconds());
    let found = cover(rows, costs, None, PARTS);
    let sites = found.sites.expect("every row has a site");
    Ok(Covered { sites, cost: found.cost, bound: found.bound, uncoverable })
}

/// For each row that needs it, the sites within a limit; and the people who have none.
pub(super) fn rows_within(demand: &Demand, limit: u32) -> (Vec<Vec<u32>>, f64) {
    let (mut rows, mut without) = (Vec::new(), 0.0);
    for (row, people) in demand.rows.iter().zip(&demand.people) {
        if row.is_served && row.outside <= limit {
            continue;
        }
        let mut sites: Vec<u32> =
            row.sites.iter().take_while(|(_, cost)| *cost <= limit).map(|(site, _)| *site).collect();
        sites.sort_unstable();
        if sites.is_empty() { without += people } else { rows.push(sites) }
    }
    (rows, without)
}
