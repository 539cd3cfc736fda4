//! Objectives that look at those who are worst off: the worst group, the worst-off share, the farthest home under rules.
//!
//! Each is the largest of many weighted means: of groups, or of any people who make up the share. So a median under any of
//! those weights is a bound, and weights are sought under which it is high.
//!
//! Source: Rockafellar & Uryasev (2000), "Optimization of conditional value-at-risk"; play against the average answer:
//! Brown (1951), "Iterative solution of games by fictitious play".

use super::choice::Choice;
use super::demand::Demand;
use super::exhaustive::exhaustive;
use super::found::Found;
use super::lagrangean::{Decided, Grain, Relaxed, ascend, multipliers_of};
use super::objective::Objective;
use super::solve::{Effort, Solved};
use super::sums::{Burden, Sums};
use crate::units::MILLISECONDS_PER_MINUTE;
use crate::{Error, ErrorKind, Result};

/// Rounds in which the weights answer the sets.
const ROUNDS: usize = 16;

/// The best set for those who are worst off.
pub(super) fn worst(
    demand: &Demand,
    choice: &Choice,
    objective: &Objective,
    effort: Effort,
) -> Result<Found> {
    let median = Sums::new(demand, demand.people.clone(), Burden::Minutes);
    let quick = Effort { steps: effort.steps / 3, parts: 0, within: 0.0 };
    let start = Solved::new(&median, choice, quick, &|best| best)?.best;
    let groups = match objective {
        Objective::WorstGroup { groups } => groups.iter().map(|group| demand.gather(group)).collect(),
        _ => Vec::new(),
    };
    let game = Game { demand, choice, objective, groups };
    let mut best = game.descend(start);
    let bound = game.bound(&mut best, effort);
    if demand.must_serve && demand.unserved(&best.1) > 0.0 {
        let message = format!("no set of {} sites was found that serves everybody", choice.count);
        return Err(Error::new(ErrorKind::Parameter, message)
            .hint("choose more sites, or count an unserved home as the limit of the search"));
    }
    let limit = best.0 * (1.0 + effort.within);
    Ok(match exhaustive(demand, choice, objective, limit) {
        Some(listed) => {
            let sites = listed.sets.first().cloned().unwrap_or(best.1);
            let bound = listed.best.unwrap_or(bound);
            let sets = listed.sets.into_iter();
            let near = sets
                .filter(|set| objective.value(demand, set) <= bound * (1.0 + effort.within) * (1.0 + 1e-12));
            Found::new(demand, objective, sites, bound, near.collect(), listed.is_complete)
        }
        None => {
            let near = game.exchanges(&best.1, limit);
            Found::new(demand, objective, best.1, bound, near, false)
        }
    })
}

struct Game<'a> {
    demand: &'a Demand,
    choice: &'a Choice,
    objective: &'a Objective,
    groups: Vec<Vec<f64>>,
}

impl Game<'_> {
    /// An upper value of every exchange, exact for groups: `table[open][site]`.
    fn table(&self, sites: &[u32]) -> Vec<Vec<f64>> {
        let demand = self.demand;
        let of = |weights: Vec<f64>, burden| Sums::new(demand, weights, burden).exchanges(sites).1;
        match self.objective {
            Objective::WorstGroup { .. } => {
                let mut all: Option<Vec<Vec<f64>>> = None;
                for group in &self.groups {
                    let members: f64 = group.iter().sum();
                    let table = of(group.iter().map(|count| count / members).collect(), Burden::Minutes);
                    all = Some(match all {
                        None => table,
                        Some(mut all) => {
                            for (row, other) in all.iter_mut().zip(table) {
                                row.iter_mut().zip(other).for_each(|(one, other)| *one = one.max(other));
                            }
                            all
                        }
                    });
                }
                all.unwrap_or_default()
            }
            Objective::WorstShare(share) => {
                // For any threshold t, t + Σ w (d − t)+ / (share · W) is at least the mean of the worst-off share.
                let threshold = self.threshold(sites, *share);
                let scale = 1.0 / (share * demand.people());
                let weights = demand.people.iter().map(|people| people * scale).collect();
                let mut table = of(weights, Burden::Beyond(threshold));
                let start = f64::from(threshold) / MILLISECONDS_PER_MINUTE;
                table.iter_mut().flatten().for_each(|value| *value += start);
                table
            }
            _ => {
                // How many homes are as far as the farthest: an exchange that leaves none is better.
                let radius = demand.nearest(&demand.open(sites)).into_iter().max().unwrap_or(0);
                let minutes = f64::from(radius) / MILLISECONDS_PER_MINUTE;
                let mut table = of(vec![1.0; demand.rows.len()], Burden::Longer(radius.saturating_sub(1)));
                table
                    .iter_mut()
                    .flatten()
                    .for_each(|far| *far = if *far < 0.5 { minutes * 0.999 } else { minutes * 2.0 });
                table
            }
        }
    }

    /// The walk from which people belong to the worst-off share.
    fn threshold(&self, sites: &[u32], share: f64) -> u32 {
        let nearest = self.demand.nearest(&self.demand.open(sites));
        let mut order: Vec<usize> = (0..nearest.len()).collect();
        order.sort_by(|a, b| nearest[*b].cmp(&nearest[*a]).then(a.cmp(b)));
        let mut left = share * self.demand.people();
        for row in order {
            left -= self.demand.people[row];
            if left <= 0.0 {
                return nearest[row];
            }
        }
        0
    }

    /// Exchanges sites while the worst off gain.
    fn descend(&self, mut sites: Vec<u32>) -> (f64, Vec<u32>) {
        const MOST: usize = 100;
        let mut value = self.objective.value(self.demand, &sites);
        for _ in 0..MOST {
            let table = self.table(&sites);
            let mut better: Vec<(f64, usize, u32)> = Vec::new();
            for (at, row) in table.iter().enumerate() {
                for &site in &self.demand.candidates {
                    if row[site as usize] < value * (1.0 - 1e-12) && !sites.contains(&site) {
                        better.push((row[site as usize], at, site));
                    }
                }
            }
            better.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
            let next = better.into_iter().find_map(|(_, at, site)| {
                let mut other = sites.clone();
                other[at] = site;
                let after = self.objective.value(self.demand, &other);
                (self.choice.allows(&other) && after < value).then_some((after, other))
            });
            match next {
                Some((after, other)) => (value, sites) = (after, other),
                None => break,
            }
        }
        sites.sort_unstable();
        (value, sites)
    }

    /// Sets one exchange away within a limit.
    fn exchanges(&self, sites: &[u32], limit: f64) -> Vec<Vec<u32>> {
        const MOST: usize = 999;
        let mut near: Vec<(f64, Vec<u32>)> = Vec::new();
        for (at, row) in self.table(sites).iter().enumerate() {
            for &site in &self.demand.candidates {
                if row[site as usize] <= limit && !sites.contains(&site) {
                    let mut other = sites.to_vec();
                    other[at] = site;
                    if self.choice.allows(&other) {
                        other.sort_unstable();
                        near.push((row[site as usize], other));
                    }
                }
            }
        }
        near.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        near.truncate(MOST);
        near.into_iter().map(|(_, sites)| sites).collect()
    }

    /// A bound from weights that answer the sets found, which `best` may profit from.
    fn bound(&self, best: &mut (f64, Vec<u32>), effort: Effort) -> f64 {
        let demand = self.demand;
        let decided = Decided { inside: Vec::new(), closed: vec![false; demand.roles.len()] };
        let mut average = vec![0.0; demand.rows.len()];
        let mut shares = vec![1.0 / self.groups.len().max(1) as f64; self.groups.len()];
        let mut bound: f64 = 0.0;
        let mut sites = best.1.clone();
        // Multipliers per unit of weight, which outlast a change of weights.
        let mut scaled: Option<Vec<f64>> = None;
        for round in 0..ROUNDS {
            let nearest = demand.nearest(&demand.open(&sites));
            let part = 1.0 / (round + 1) as f64;
            average.iter_mut().zip(&nearest).for_each(|(average, &cost)| {
                *average += part * (f64::from(cost) / MILLISECONDS_PER_MINUTE - *average);
            });
            let weights = self.answer(&average, &mut shares);
            let sums = Sums::new(demand, weights, Burden::Minutes);
            let problem = Relaxed { sums: &sums, choice: self.choice, decided: &decided, grain: Grain(0.0) };
            let start = match &scaled {
                None => multipliers_of(&sums, &sites),
                Some(scaled) => scaled.iter().zip(&sums.weights).map(|(one, weight)| one * weight).collect(),
            };
            let mut last = sites.clone();
            let upper = sums.value(&demand.open(&best.1));
            let dual = ascend(&problem, start, effort.steps / 4 + 10, upper, &mut |set| {
                if self.choice.allows(set) {
                    last = set.to_vec();
                    return sums.value(&demand.open(set));
                }
                f64::INFINITY
            });
            bound = bound.max(dual.value);
            let kept = scaled.take().unwrap_or_else(|| average.clone());
            let per_weight = dual.multipliers.iter().zip(&sums.weights).zip(kept);
            scaled = Some(
                per_weight
                    .map(|((one, weight), kept)| if *weight > 0.0 { one / weight } else { kept })
                    .collect(),
            );
            sites = last;
            let value = self.objective.value(demand, &sites);
            if value < best.0 * 1.05 {
                let descended = self.descend(sites.clone());
                if descended.0 < best.0 {
                    *best = descended;
                }
            }
            if bound >= best.0 * (1.0 - 1e-9) {
                break;
            }
        }
        bound
    }

    /// Weights, of sum 1, under which the average walks are longest.
    fn answer(&self, average: &[f64], shares: &mut [f64]) -> Vec<f64> {
        let demand = self.demand;
        if self.groups.is_empty() {
            let part = if let Objective::WorstShare(share) = self.objective { *share } else { 1e-9 };
            let all = part * demand.people();
            let mut order: Vec<usize> = (0..average.len()).collect();
            order.sort_by(|a, b| average[*b].total_cmp(&average[*a]).then(a.cmp(b)));
            let mut weights = vec![0.0; average.len()];
            let mut left = all;
            for row in order {
                let people = demand.people[row].min(left);
                weights[row] = people / all;
                left -= people;
                if left <= 0.0 {
                    break;
                }
            }
            return weights;
        }
        let means: Vec<f64> = self
            .groups
            .iter()
            .map(|group| {
                let sum: f64 = group.iter().zip(average).map(|(count, minutes)| count * minutes).sum();
                sum / group.iter().sum::<f64>()
            })
            .collect();
        let most = means.iter().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        const EAGERNESS: f64 = 8.0;
        shares
            .iter_mut()
            .zip(&means)
            .for_each(|(share, mean)| *share *= (EAGERNESS * (mean / most - 1.0)).exp());
        let sum: f64 = shares.iter().sum();
        shares.iter_mut().for_each(|share| *share /= sum);
        let mut weights = vec![0.0; average.len()];
        for (group, share) in self.groups.iter().zip(shares.iter()) {
            let members: f64 = group.iter().sum();
            weights.iter_mut().zip(group).for_each(|(weight, count)| *weight += share * count / members);
        }
        weights
    }
}
