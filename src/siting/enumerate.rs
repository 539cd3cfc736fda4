//! All sets of sites within a given value, with proof that there is no other.
//!
//! A set cannot be better than the multipliers' constant and its sites' reduced costs, so that most sets are never looked at.

use super::choice::Choice;
use super::lagrangean::Dual;
use super::sums::Sums;
use rayon::prelude::*;

/// Sets within a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Listed {
    /// Value and sites of each set, the best first.
    pub sets: Vec<(f64, Vec<u32>)>,
    /// All sets up to this value are known.
    pub up_to: f64,
}

/// So many sums over one row may be spent on a list.
const WORK: f64 = 4e9;
/// So many costs are kept in columns at most.
const KEPT: usize = 24 << 20;
/// Sets in a list.
const LONGEST: usize = 1_000;

struct Search<'a> {
    choice: &'a Choice,
    /// Sites that could be in a set within the limit, by reduced cost.
    order: &'a [u32],
    /// Sums of the reduced costs before each place of the order.
    before: &'a [f64],
    constant: f64,
}

impl Search<'_> {
    /// Visits every set whose bound is within `limit`, as the places in the order; stops when `visit` says so.
    fn walk(&self, first: usize, limit: f64, visit: &mut dyn FnMut(&[usize]) -> bool) -> bool {
        let mut places = vec![first];
        let of_first = self.before[first + 1] - self.before[first];
        self.deeper(&mut places, of_first, limit, visit)
    }

    fn deeper(
        &self,
        places: &mut Vec<usize>,
        sum: f64,
        limit: f64,
        visit: &mut dyn FnMut(&[usize]) -> bool,
    ) -> bool {
        let left = self.choice.count - places.len();
        let is_open = self.choice.budget.is_some();
        if (left == 0 || is_open) && self.constant + sum <= limit && !visit(places) {
            return false;
        }
        if left == 0 {
            return true;
        }
        let from = places.last().map_or(0, |last| last + 1);
        for place in from..self.order.len() {
            let to = (place + left).min(self.order.len());
            if !is_open && to - place < left {
                break;
            }
            let least = sum + self.before[to] - self.before[place];
            if self.constant + least > limit {
                break;
            }
            places.push(place);
            let one = self.before[place + 1] - self.before[place];
            let goes_on = self.is_possible(places) && !self.deeper(places, sum + one, limit, visit);
            places.pop();
            if goes_on {
                return false;
            }
        }
        true
    }

    fn is_possible(&self, places: &[usize]) -> bool {
        self.choice.is_plain() || self.choice.fits(&self.sites(places))
    }

    fn sites(&self, places: &[usize]) -> Vec<u32> {
        places.iter().map(|&place| self.order[place]).collect()
    }

    /// Number of sets within a limit, up to `most`; `None` above.
    fn count(&self, limit: f64, most: usize) -> Option<usize> {
        let mut count = 0;
        for first in 0..self.order.len() {
            if !self.walk(first, limit, &mut |_| {
                count += 1;
                count <= most
            }) {
                return None;
            }
        }
        Some(count)
    }
}

/// All sets with a value up to `limit`, or as many as can be listed with proof.
///
/// - `least`: value of the best set known; `limit` is at least that.
///
/// `None` if not even the sets up to `least` can be listed.
pub(super) fn list(sums: &Sums<'_>, choice: &Choice, dual: &Dual, least: f64, limit: f64) -> Option<Listed> {
    let slack = 1e-9 * limit.abs();
    let mut order: Vec<u32> = sums.demand.candidates.clone();
    order.sort_by(|a, b| dual.reduced[*a as usize].total_cmp(&dual.reduced[*b as usize]).then(a.cmp(b)));
    let mut before = vec![0.0];
    for &site in &order {
        before.push(before[before.len() - 1] + dual.reduced[site as usize]);
    }
    let others = choice.count.saturating_sub(1).min(order.len().saturating_sub(1));
    let search = Search { choice, order: &order, before: &before, constant: dual.constant };
    // A site stays if the best set with it may be within the limit.
    let stays = |site: u32| dual.constant + dual.reduced[site as usize] + before[others] <= limit + slack;
    let alive = order.iter().take_while(|&&site| stays(site)).count();
    let search = Search { order: &order[..alive.max(choice.count.min(order.len()))], ..search };

    let keeps_columns = search.order.len().saturating_mul(sums.len()) <= KEPT;
    let cost_of_set = if keeps_columns {
        sums.len() as f64
    } else {
        sums.len() as f64 * (search.order.len() as f64 / choice.count as f64).max(4.0)
    };
    let most = (WORK / cost_of_set).min(2e7) as usize;
    let (mut enough, mut too_far) = (least, limit);
    if search.count(limit + slack, most).is_some() {
        enough = limit;
    } else {
        search.count(least + slack, most)?;
        for _ in 0..8 {
            let middle = 0.5 * (enough + too_far);
            if search.count(middle + slack, most).is_some() { enough = middle } else { too_far = middle }
        }
    }
    let columns = if keeps_columns { columns(sums, search.order) } else { Vec::new() };
    let of_first = |first: usize| {
        let mut found: Vec<(f64, Vec<u32>)> = Vec::new();
        let mut walker = Walker { sums, columns: &columns, nearest: Vec::new(), places: Vec::new() };
        search.walk(first, enough + slack, &mut |places| {
            let value = walker.value(places, search.order);
            if value <= enough + slack {
                let sites = search.sites(places);
                if choice.allows(&sites) {
                    found.push((value, sites));
                    if found.len() >= 2 * LONGEST {
                        shorten(&mut found);
                    }
                }
            }
            true
        });
        shorten(&mut found);
        found
    };
    let firsts: Vec<Vec<(f64, Vec<u32>)>> = (0..search.order.len()).into_par_iter().map(of_first).collect();
    let mut sets: Vec<(f64, Vec<u32>)> = firsts.into_iter().flatten().collect();
    shorten(&mut sets);
    for (value, sites) in &mut sets {
        sites.sort_unstable();
        *value = sums.value(&sums.demand.open(sites));
    }
    sets.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    let up_to = if sets.len() == LONGEST { sets[LONGEST - 1].0 } else { enough };
    Some(Listed { sets, up_to })
}

fn shorten(sets: &mut Vec<(f64, Vec<u32>)>) {
    sets.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    sets.truncate(LONGEST);
}

/// What each row pays for each of some sites; as much as outside where the site is not nearer.
fn columns(sums: &Sums<'_>, sites: &[u32]) -> Vec<Vec<f64>> {
    let mut place = vec![usize::MAX; sums.demand.roles.len()];
    sites.iter().enumerate().for_each(|(at, &site)| place[site as usize] = at);
    let mut columns = vec![sums.outside.clone(); sites.len()];
    for (row, of_row) in sums.demand.rows.iter().enumerate() {
        for &(site, milliseconds) in &of_row.sites {
            let at = place[site as usize];
            if at < sites.len() {
                columns[at][row] = sums.cost(row, milliseconds);
            }
        }
    }
    columns
}

/// Values of sets that share their first sites.
struct Walker<'a> {
    sums: &'a Sums<'a>,
    columns: &'a [Vec<f64>],
    /// For each number of first sites, what each row pays.
    nearest: Vec<Vec<f64>>,
    places: Vec<usize>,
}

impl Walker<'_> {
    fn value(&mut self, places: &[usize], order: &[u32]) -> f64 {
        let Some((&last, firsts)) = places.split_last() else { return self.sums.outside.iter().sum() };
        if self.columns.is_empty() {
            let sites: Vec<u32> = places.iter().map(|&place| order[place]).collect();
            return self.sums.value(&self.sums.demand.open(&sites));
        }
        let same = firsts.iter().zip(&self.places).take_while(|(a, b)| a == b).count();
        self.places.truncate(same);
        for (depth, &place) in firsts.iter().enumerate().skip(same) {
            if self.nearest.len() <= depth {
                self.nearest.push(vec![0.0; self.sums.len()]);
            }
            let (known, rest) = self.nearest.split_at_mut(depth);
            let above = known.last().unwrap_or(&self.sums.outside);
            for ((here, above), one) in rest[0].iter_mut().zip(above).zip(&self.columns[place]) {
                *here = above.min(*one);
            }
            self.places.push(place);
        }
        let above = if firsts.is_empty() { &self.sums.outside } else { &self.nearest[firsts.len() - 1] };
        least_sum(above, &self.columns[last])
    }
}

/// Σ min(a, b), in four sums side by side, which a processor adds at once.
fn least_sum(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (fours, rest) = (a.len() / 4 * 4, a.len() % 4);
    for (a, b) in a[..fours].chunks_exact(4).zip(b[..fours].chunks_exact(4)) {
        for at in 0..4 {
            sums[at] += if a[at] < b[at] { a[at] } else { b[at] };
        }
    }
    let tail: f64 = (0..rest).map(|at| a[fours + at].min(b[fours + at])).sum();
    sums.iter().sum::<f64>() + tail
}
