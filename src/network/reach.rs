//! What each origin reaches, one search an origin, all cores, no table.

use super::attachment::Attachment;
use super::destinations::{Destinations, Targets, numbered};
use super::graph::StreetNetwork;
use super::number_set::NumberSet;
use super::search::{LANES, LONGEST, Search, correct, limit_of};
use crate::progress::{Progress, go_on};
use crate::{Minutes, Result};
use rayon::prelude::*;

/// The places that one origin reaches within the limit, in the order of their numbers.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub(super) number: usize,
    pub(super) reached: &'a [(u32, u32)],
}

impl<'a> Row<'a> {
    /// What one place reaches, in the order of the numbers, whoever found it.
    #[cfg(feature = "study")]
    pub(crate) fn new(number: usize, reached: &'a [(u32, u32)]) -> Self {
        Self { number, reached }
    }

    /// Number of the origin that reaches the places.
    #[must_use]
    pub fn number(&self) -> usize {
        self.number
    }

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
pub(super) const LOT: usize = 8 * LANES;

/// Calls `measure` with what each origin reaches within `limit` (inclusive).
///
/// Returns one result an origin, in their order; `None` where the origin is not on the network. The result is
/// the same on any number of threads. A row is gone when `measure` returns: the table of all of them never exists.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if `limit` is longer than 24 days, the end of a search;
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop; `progress` advances by one per origin.
pub fn each_origin<T: Send>(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    limit: Minutes,
    progress: &dyn Progress,
    measure: impl Fn(Row<'_>) -> T + Sync,
) -> Result<Vec<Option<T>>> {
    let order = along_the_curve(numbered(origins));
    let starts: Vec<_> = order.into_iter().map(|(number, at)| (number, std::slice::from_ref(at))).collect();
    each_start(network, &starts, origins.len(), destinations.targets(), limit, progress, measure)
}

/// [`each_origin`] for `count` places with one or more starts each, of which the nearest one counts.
pub(super) fn each_start<T: Send>(
    network: &StreetNetwork,
    starts: &[(u32, &[Attachment])],
    count: usize,
    targets: &Targets,
    limit: Minutes,
    progress: &dyn Progress,
    measure: impl Fn(Row<'_>) -> T + Sync,
) -> Result<Vec<Option<T>>> {
    let limit = limit_of(limit)?;
    let lots: Vec<Vec<(usize, T)>> = starts
        .par_chunks(LOT)
        .map_init(
            || (Reach::new(network, targets, limit), <[Vec<(u32, u32)>; LANES]>::default()),
            |(reach, rows), lot| {
                go_on(progress)?;
                let mut measured = Vec::with_capacity(lot.len());
                for places in lot.chunks(LANES) {
                    rows.iter_mut().for_each(Vec::clear);
                    let in_lanes = places.iter().enumerate();
                    reach.run(
                        network,
                        targets,
                        in_lanes
                            .flat_map(|(lane, (_, starts))| starts.iter().map(move |start| (lane, start))),
                    );
                    reach.for_each(|lane, place, cost| rows[lane].push((place, cost)));
                    let results = places.iter().zip(&*rows);
                    measured.extend(results.map(|(&(number, _), reached)| {
                        let number = number as usize;
                        (number, measure(Row { number, reached }))
                    }));
                }
                progress.advance(lot.len() as u64);
                Ok(measured)
            },
        )
        .collect::<Result<_>>()?;
    let mut results: Vec<Option<T>> = (0..count).map(|_| None).collect();
    for (number, result) in lots.into_iter().flatten() {
        results[number] = Some(result);
    }
    progress.advance((count - starts.len()) as u64);
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
    limit: u32,
    search: Search<LANES>,
    /// Milliseconds to each target in each lane; `limit + 1` where it is not reached.
    costs: Vec<[u32; LANES]>,
    reached: NumberSet,
}

impl Reach {
    /// Searches that find every target within `limit` (inclusive).
    pub(super) fn new(network: &StreetNetwork, targets: &Targets, limit: u32) -> Self {
        let limit = limit.min(LONGEST);
        Self {
            limit,
            search: Search::new(network, limit),
            costs: vec![[limit + 1; LANES]; targets.len()],
            reached: NumberSet::below(targets.len()),
        }
    }

    /// Searches from the nearest start of each lane, and forgets the run before.
    pub(super) fn run<'a>(
        &mut self,
        network: &StreetNetwork,
        targets: &Targets,
        starts: impl Iterator<Item = (usize, &'a Attachment)> + Clone,
    ) {
        let Self { limit, search, costs, reached } = self;
        reached.iter().for_each(|target| costs[target as usize] = [*limit + 1; LANES]);
        reached.clear();
        for (lane, start) in starts.clone() {
            for (target, at) in targets.on_edge(start.edge) {
                let cost = network.along_one_edge_in(targets.direction(), start, at);
                let known = &mut costs[*target as usize][lane];
                if let Some(cost) = cost.filter(|cost| cost < known) {
                    *known = cost;
                    reached.insert(*target);
                }
            }
        }
        let direction = targets.direction();
        let seeds = starts.flat_map(|(lane, start)| {
            network.ways(start, direction).map(move |(node, cost)| (lane, node, cost))
        });
        search.run(network.adjacency(direction), seeds);
        for (node, from) in search.reached() {
            for door in targets.next_to(node) {
                if correct(&mut costs[door.target as usize], from, door.cost).is_some() {
                    reached.insert(door.target);
                }
            }
        }
    }

    /// Calls `found` with lane, target and milliseconds of all that was reached, in the order of the targets.
    #[inline]
    pub(super) fn for_each(&self, mut found: impl FnMut(usize, u32, u32)) {
        for target in self.reached.iter() {
            for (lane, &cost) in self.costs[target as usize].iter().enumerate() {
                if cost <= self.limit {
                    found(lane, target, cost);
                }
            }
        }
    }
}
