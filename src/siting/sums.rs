//! Objectives that are a sum over homes of what the nearest site costs them: median, coverage, Kolm-Pollak, standard.

use super::demand::Demand;
use crate::units::MILLISECONDS_PER_MINUTE;
use rayon::prelude::*;

/// What a walk of so many milliseconds costs a person.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Burden {
    /// Its minutes.
    Minutes,
    /// 1 if it is longer than this many milliseconds.
    Longer(u32),
    /// Minutes beyond this many milliseconds.
    Beyond(u32),
    /// e^(rate · (minutes − top)).
    Exponential { rate: f64, top: f64 },
}

impl Burden {
    #[inline]
    pub fn of(self, milliseconds: u32) -> f64 {
        let minutes = f64::from(milliseconds) / MILLISECONDS_PER_MINUTE;
        match self {
            Self::Minutes => minutes,
            Self::Longer(limit) => f64::from(u8::from(milliseconds > limit)),
            Self::Beyond(standard) => {
                f64::from(milliseconds.saturating_sub(standard)) / MILLISECONDS_PER_MINUTE
            }
            Self::Exponential { rate, top } => (rate * (minutes - top)).exp(),
        }
    }
}

/// A sum to be made small.
pub(super) struct Sums<'a> {
    pub demand: &'a Demand,
    /// Weight of every row.
    pub weights: Vec<f64>,
    pub burden: Burden,
    /// What a row costs if no site is nearer.
    pub outside: Vec<f64>,
}

/// Rows are summed in lots of this many, so that a sum is the same on any number of threads.
const LOT: usize = 4_096;
/// No site.
pub(super) const NONE: u32 = u32::MAX;

/// The nearest and the second nearest open site of a row, with what they cost it.
#[derive(Debug, Clone, Copy)]
struct Nearest {
    site: u32,
    cost: f64,
    second: f64,
}

impl<'a> Sums<'a> {
    pub fn new(demand: &'a Demand, weights: Vec<f64>, burden: Burden) -> Self {
        let outside = demand.rows.iter().zip(&weights).map(|(row, weight)| {
            // Whom nobody serves is not covered, however far an unserved home counts.
            let is_uncovered = matches!(burden, Burden::Longer(_)) && !row.is_served;
            weight * if is_uncovered { 1.0 } else { burden.of(row.outside) }
        });
        let outside = outside.collect();
        Self { demand, weights, burden, outside }
    }

    pub fn len(&self) -> usize {
        self.weights.len()
    }

    #[inline]
    pub fn cost(&self, row: usize, milliseconds: u32) -> f64 {
        self.weights[row] * self.burden.of(milliseconds)
    }

    /// Adds up over rows, lot by lot.
    pub fn sum(&self, of_row: impl Fn(usize) -> f64 + Sync) -> f64 {
        let lots: Vec<f64> = self.lots().into_par_iter().map(|lot| lot.map(&of_row).sum()).collect();
        lots.into_iter().sum()
    }

    pub fn lots(&self) -> Vec<std::ops::Range<usize>> {
        (0..self.len().div_ceil(LOT)).map(|lot| lot * LOT..((lot + 1) * LOT).min(self.len())).collect()
    }

    /// The value of a set of open sites.
    pub fn value(&self, open: &[bool]) -> f64 {
        self.sum(|row| self.cost_of_nearest(row, open))
    }

    pub fn cost_of_nearest(&self, row: usize, open: &[bool]) -> f64 {
        let of_row = &self.demand.rows[row];
        let nearest = of_row.sites.iter().find(|(site, _)| open[*site as usize]);
        nearest.map_or(self.outside[row], |&(_, milliseconds)| self.cost(row, milliseconds))
    }

    fn nearest(&self, row: usize, open: &[bool]) -> Nearest {
        let mut found = self.demand.rows[row].sites.iter().filter(|(site, _)| open[*site as usize]);
        let outside = self.outside[row];
        match found.next() {
            None => Nearest { site: NONE, cost: outside, second: outside },
            Some(&(site, cost)) => {
                let second = found.next().map_or(outside, |&(_, cost)| self.cost(row, cost));
                Nearest { site, cost: self.cost(row, cost), second }
            }
        }
    }

    /// What each site would save beside the open ones.
    fn gains(&self, open: &[bool]) -> Vec<f64> {
        let site_count = self.demand.roles.len();
        let of_lot = |lot: std::ops::Range<usize>| {
            let mut gains = vec![0.0; site_count];
            for row in lot {
                let now = self.cost_of_nearest(row, open);
                for &(site, milliseconds) in &self.demand.rows[row].sites {
                    let cost = self.cost(row, milliseconds);
                    if cost >= now {
                        break;
                    }
                    gains[site as usize] += now - cost;
                }
            }
            gains
        };
        add_up(self.lots(), site_count, of_lot)
    }

    /// Opens beside `sites` the site that saves most, one after the other, as long as `may_add` allows and there are fewer than `count`.
    pub fn greedy(
        &self,
        mut sites: Vec<u32>,
        count: usize,
        may_add: &dyn Fn(&[u32], u32) -> bool,
    ) -> Vec<u32> {
        let mut open = self.demand.open(&sites);
        while sites.len() < count {
            let gains = self.gains(&open);
            let allowed = |site: &&u32| !open[**site as usize] && may_add(&sites, **site);
            let best = self
                .demand
                .candidates
                .iter()
                .filter(allowed)
                .max_by(|a, b| gains[**a as usize].total_cmp(&gains[**b as usize]).then(b.cmp(a)));
            let Some(&best) = best else { break };
            open[best as usize] = true;
            sites.push(best);
        }
        sites
    }

    /// The value after every exchange of an open site for a closed one: `table[open][site]`, in the order of `sites`.
    ///
    /// # Source
    /// Whitaker (1983), "A fast algorithm for the greedy interchange"; Resende & Werneck (2007), "A fast swap-based local
    /// search procedure for location problems".
    pub fn exchanges(&self, sites: &[u32]) -> (f64, Vec<Vec<f64>>) {
        let site_count = self.demand.roles.len();
        let open = self.demand.open(sites);
        let mut place = vec![usize::MAX; site_count];
        sites.iter().enumerate().for_each(|(at, &site)| place[site as usize] = at);
        // Rows of: gain of opening, then for each open site what its closing costs less what opening another gives back.
        let width = site_count + 1;
        let count = sites.len();
        let of_lot = |lot: std::ops::Range<usize>| {
            let mut table = vec![0.0; (count + 1) * width];
            for row in lot {
                let now = self.nearest(row, &open);
                let at = if now.site == NONE { count } else { place[now.site as usize] };
                table[count * width + site_count] += now.cost;
                if at < count {
                    table[at * width + site_count] += now.second - now.cost;
                }
                for &(site, milliseconds) in &self.demand.rows[row].sites {
                    let cost = self.cost(row, milliseconds);
                    if cost >= now.second {
                        break;
                    }
                    if cost < now.cost {
                        table[count * width + site as usize] += now.cost - cost;
                    }
                    if at < count {
                        table[at * width + site as usize] += now.second - cost.max(now.cost);
                    }
                }
            }
            table
        };
        let sums = add_up(self.wide_lots(), (count + 1) * width, of_lot);
        let value = sums[count * width + site_count];
        let gains = &sums[count * width..];
        let table = (0..count)
            .map(|at| {
                let back = &sums[at * width..(at + 1) * width];
                (0..site_count).map(|site| value - gains[site] + back[site_count] - back[site]).collect()
            })
            .collect();
        (value, table)
    }

    /// A few wide lots: each holds a table of its own.
    fn wide_lots(&self) -> Vec<std::ops::Range<usize>> {
        const LOTS: usize = 8;
        let width = self.len().div_ceil(LOTS).max(LOT);
        (0..self.len().div_ceil(width)).map(|lot| lot * width..((lot + 1) * width).min(self.len())).collect()
    }

    /// Exchanges sites while that makes the sum smaller; `allows` says which sets are allowed. Returns sites and value.
    pub fn interchange(
        &self,
        mut sites: Vec<u32>,
        most: usize,
        fixed: &dyn Fn(u32) -> bool,
        allows: &dyn Fn(&[u32]) -> bool,
    ) -> (Vec<u32>, f64) {
        for _ in 0..most {
            let (value, table) = self.exchanges(&sites);
            let mut better: Vec<(f64, usize, u32)> = Vec::new();
            for (at, row) in table.iter().enumerate().filter(|(at, _)| !fixed(sites[*at])) {
                for &site in &self.demand.candidates {
                    let after = row[site as usize];
                    if after < value - value.abs() * 1e-12 && !sites.contains(&site) {
                        better.push((after, at, site));
                    }
                }
            }
            better.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            let exchanged = better.into_iter().find_map(|(_, at, site)| {
                let mut other = sites.clone();
                other[at] = site;
                allows(&other).then_some(other)
            });
            match exchanged {
                Some(other) => sites = other,
                None => break,
            }
        }
        sites.sort_unstable();
        let value = self.value(&self.demand.open(&sites));
        (sites, value)
    }
}

/// Sums arrays lot by lot, in the order of the lots.
pub(super) fn add_up(
    lots: Vec<std::ops::Range<usize>>,
    width: usize,
    of_lot: impl Fn(std::ops::Range<usize>) -> Vec<f64> + Sync,
) -> Vec<f64> {
    let mut all = vec![0.0; width];
    // So many at a time that the arrays of a lot are soon used up.
    for lots in lots.chunks(16) {
        let arrays: Vec<Vec<f64>> = lots.par_iter().cloned().map(&of_lot).collect();
        for array in arrays {
            all.iter_mut().zip(array).for_each(|(sum, one)| *sum += one);
        }
    }
    all
}
