//! What each origin reaches, one search an origin, all cores, no table.

use super::adjacency::Direction;
use super::attachment::Attachment;
use super::destinations::{Destinations, Targets, numbered};
use super::graph::StreetNetwork;
use super::search::Search;
use crate::progress::{Progress, go_on};
use crate::{Minutes, Result};
use rayon::prelude::*;

/// The places that one origin reaches within the limit, in the order of their numbers.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub(super) reached: &'a [(u32, u32)],
}

impl Row<'_> {
    /// Number and travel time of each place reached.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Minutes)> {
        self.milliseconds().map(|(place, cost)| (place, Minutes::from_milliseconds(cost)))
    }

    /// Number of each place reached, and milliseconds to it.
    pub fn milliseconds(&self) -> impl Iterator<Item = (usize, u32)> {
        self.reached.iter().map(|&(place, cost)| (place as usize, cost))
    }
}

/// Origins are handled in lots: neighbours share the streets that the processor still remembers.
pub(super) const LOT: usize = 64;

/// Calls `measure` with what each origin reaches within `limit` (inclusive).
///
/// Returns one result an origin, in their order; `None` where the origin is not on the network. The result is
/// the same on any number of threads.
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop; `progress` advances by one an origin.
pub fn each_origin<T: Send>(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    limit: Minutes,
    progress: &dyn Progress,
    measure: impl Fn(Row<'_>) -> T + Sync,
) -> Result<Vec<Option<T>>> {
    let targets = destinations.targets();
    let limit = limit.to_milliseconds();
    let order = along_the_curve(numbered(origins));
    let lots: Vec<Vec<(usize, T)>> = order
        .par_chunks(LOT)
        .map_init(
            || Reach::new(network, targets),
            |reach, lot| {
                go_on(progress)?;
                let measured = lot.iter().map(|&(number, origin)| {
                    let reached = reach.run(network, targets, std::slice::from_ref(origin), limit);
                    reached.sort_unstable();
                    (number as usize, measure(Row { reached }))
                });
                let measured = measured.collect();
                progress.advance(lot.len() as u64);
                Ok(measured)
            },
        )
        .collect::<Result<_>>()?;
    let mut results: Vec<Option<T>> = origins.iter().map(|_| None).collect();
    for (number, result) in lots.into_iter().flatten() {
        results[number] = Some(result);
    }
    progress.advance((origins.len() - order.len()) as u64);
    Ok(results)
}

/// Numbered positions in an order in which neighbours follow each other: that of the edges.
pub(super) fn along_the_curve<'a>(
    positions: impl Iterator<Item = (u32, &'a Attachment)>,
) -> Vec<(u32, &'a Attachment)> {
    let mut order: Vec<(u32, &Attachment)> = positions.collect();
    order.sort_by_key(|&(number, attachment)| (attachment.edge, number));
    order
}

/// Scratch of one thread for searches to the same targets.
pub(super) struct Reach {
    search: Search,
    costs: Vec<u32>,
    reached: Vec<(u32, u32)>,
}

const UNREACHED: u32 = u32::MAX;

impl Reach {
    pub(super) fn new(network: &StreetNetwork, targets: &Targets) -> Self {
        Self { search: Search::new(network), costs: vec![UNREACHED; targets.len()], reached: Vec::new() }
    }

    /// Targets within `limit` (inclusive) of the nearest of `starts`, and their costs, in the order of the search.
    pub(super) fn run(
        &mut self,
        network: &StreetNetwork,
        targets: &Targets,
        starts: &[Attachment],
        limit: u32,
    ) -> &mut [(u32, u32)] {
        let Self { search, costs, reached } = self;
        reached.clear();
        let mut offer = |target: u32, cost: u32| {
            let known = &mut costs[target as usize];
            if cost < *known && cost <= limit {
                if *known == UNREACHED {
                    reached.push((target, 0));
                }
                *known = cost;
            }
        };
        for start in starts {
            for (target, at) in targets.on_edge(start.edge) {
                let cost = match targets.direction() {
                    Direction::From => network.along_one_edge(start, at),
                    Direction::To => network.along_one_edge(at, start),
                };
                if let Some(cost) = cost {
                    offer(*target, cost);
                }
            }
        }
        let adjacency = network.adjacency(targets.direction());
        let seeds = starts.iter().flat_map(|start| network.ways(start, targets.direction()));
        for (node, cost) in search.run(adjacency, seeds, limit) {
            for door in targets.next_to(node) {
                offer(door.target, cost.saturating_add(door.cost));
            }
        }
        for (target, cost) in reached.iter_mut() {
            *cost = std::mem::replace(&mut costs[*target as usize], UNREACHED);
        }
        reached
    }
}
