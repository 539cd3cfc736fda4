//! p-center: nobody farther than need be. The radius is searched by halving; each step is a set cover.
//!
//! Source: Minieka (1970), "The m-center problem"; Daskin (1995), "Network and discrete location".

use super::choice::Choice;
use super::decide::decide;
use super::demand::Demand;
use super::exhaustive::exhaustive;
use super::found::Found;
use super::objective::Objective;
use super::set_cover::cover;
use super::solve::Effort;
use super::sums::{Burden, Sums};
use super::worst::worst;
use crate::units::MILLISECONDS_PER_MINUTE;
use crate::{Error, ErrorKind, Result};

/// So many pairs of home and site may be looked at in the parts of one set cover.
const PART_ENTRIES: usize = 3_000_000;

/// The best set for the farthest home.
pub(super) fn center(demand: &Demand, choice: &Choice, effort: Effort) -> Result<Found> {
    if !choice.is_plain() {
        return worst(demand, choice, &Objective::Center, effort);
    }
    let ones = vec![1.0; demand.roles.len()];
    let within = |radius: u32| -> Option<Vec<Vec<u32>>> {
        let mut rows = Vec::new();
        for row in &demand.rows {
            if row.outside <= radius && (row.is_served || !demand.must_serve) {
                continue;
            }
            let mut sites: Vec<u32> =
                row.sites.iter().take_while(|(_, cost)| *cost <= radius).map(|(site, _)| *site).collect();
            if sites.is_empty() {
                return None;
            }
            sites.sort_unstable();
            rows.push(sites);
        }
        Some(rows)
    };
    let radius_of = |sites: &[u32]| demand.nearest(&demand.open(sites)).into_iter().max().unwrap_or(0);
    // No radius below `low` is possible; `proven` says up to where that is certain.
    let nearest = demand.rows.iter().map(|row| {
        let first = row.sites.first().map_or(u32::MAX, |&(_, cost)| cost);
        if row.is_served || !demand.must_serve { first.min(row.outside) } else { first }
    });
    let mut low = nearest.max().unwrap_or(0);
    let mut proven = low;
    let mut best: Option<(u32, Vec<u32>)> = None;
    let longest = demand
        .rows
        .iter()
        .flat_map(|row| row.sites.last().map(|&(_, cost)| cost).into_iter().chain([row.outside]));
    let mut high = longest.max().unwrap_or(0);
    while low < high || best.is_none() {
        let middle = if best.is_none() { high } else { low + (high - low) / 2 };
        let Some(rows) = within(middle) else {
            if middle == high {
                break;
            }
            (low, proven) = (middle + 1, proven.max(middle + 1));
            continue;
        };
        // A part of a large problem costs more, so that fewer of them are looked at.
        let entries: usize = rows.iter().map(Vec::len).sum();
        let parts = effort.parts.min(PART_ENTRIES / (entries + 1));
        let found = cover(rows.clone(), &ones, Some(choice.count as f64), parts);
        let is_open = found.cost > choice.count as f64 && found.bound <= choice.count as f64;
        let decided = if is_open { decide(rows, choice.count) } else { None };
        let is_impossible = found.bound > choice.count as f64 + 0.5 || decided == Some(None);
        let sites = found.sites.filter(|sites| sites.len() <= choice.count).or(decided.flatten());
        match sites {
            Some(sites) => {
                let radius = radius_of(&sites);
                if best.as_ref().is_none_or(|(known, _)| radius < *known) {
                    best = Some((radius, sites));
                }
                high = radius.min(middle);
            }
            None if middle == high => break,
            None => {
                if is_impossible && proven == low {
                    proven = middle + 1;
                }
                low = middle + 1;
            }
        }
    }
    let Some((radius, mut sites)) = best else {
        let message = format!("no set of {} sites was found that serves everybody", choice.count);
        return Err(Error::new(ErrorKind::Parameter, message)
            .hint("choose more sites, or count an unserved home as the limit of the search"));
    };
    // Sites that are left over go where they help most people.
    sites =
        Sums::new(demand, demand.people.clone(), Burden::Minutes).greedy(sites, choice.count, &|_, _| true);
    sites.sort_unstable();
    let bound = if proven >= radius { radius } else { proven };
    let limit = f64::from(radius) / MILLISECONDS_PER_MINUTE * (1.0 + effort.within);
    let (alternatives, all_listed) = match exhaustive(demand, choice, &Objective::Center, limit) {
        Some(listed) => (listed.sets, listed.is_complete),
        None => (exchanged(demand, &sites, limit), false),
    };
    let bound = f64::from(bound) / MILLISECONDS_PER_MINUTE;
    Ok(Found::new(demand, &Objective::Center, sites, bound, alternatives, all_listed))
}

/// Sets within a radius that are one exchange away.
fn exchanged(demand: &Demand, sites: &[u32], limit: f64) -> Vec<Vec<u32>> {
    const MOST: usize = 999;
    let limit = (limit * MILLISECONDS_PER_MINUTE).floor() as u32;
    let mut found = Vec::new();
    for at in 0..sites.len() {
        let mut others = sites.to_vec();
        others.remove(at);
        let nearest = demand.nearest(&demand.open(&others));
        // How many of the homes left too far each site would bring near enough.
        let mut near = vec![0_usize; demand.roles.len()];
        let mut far = 0;
        for (row, _) in demand.rows.iter().zip(&nearest).filter(|(_, nearest)| **nearest > limit) {
            far += 1;
            row.sites
                .iter()
                .take_while(|(_, cost)| *cost <= limit)
                .for_each(|(site, _)| near[*site as usize] += 1);
        }
        for &site in &demand.candidates {
            if near[site as usize] == far && !sites.contains(&site) && found.len() < MOST {
                let mut set = others.clone();
                set.push(site);
                set.sort_unstable();
                found.push(set);
            }
        }
    }
    found
}
