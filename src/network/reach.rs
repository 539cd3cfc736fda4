//! What each origin reaches, one search an origin, all cores, no table.

use super::adjacency::Direction;
use super::attachment::Attachment;
use super::destinations::Destinations;
use super::graph::StreetNetwork;
use super::search::Search;
use crate::progress::{Progress, go_on};
use crate::{Minutes, Result};
use rayon::prelude::*;

/// The places that one origin reaches within the limit, in the order of their numbers.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    reached: &'a [(u32, u32)],
}

impl Row<'_> {
    /// Number and travel time of each place reached.
    pub fn iter(&self) -> impl Iterator<Item = (usize, Minutes)> {
        self.reached.iter().map(|&(place, cost)| (place as usize, Minutes::from_milliseconds(cost)))
    }
}

/// Origins are handled in lots: neighbours share the streets that the processor still remembers.
const LOT: usize = 64;

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
    let mut order: Vec<(usize, &Attachment)> =
        origins.iter().enumerate().filter_map(|(number, origin)| Some((number, origin.as_ref()?))).collect();
    order.sort_by_key(|&(number, attachment)| (attachment.edge, number));
    let lots: Vec<Vec<(usize, T)>> = order
        .par_chunks(LOT)
        .map_init(
            || Reach::new(network, destinations),
            |reach, lot| {
                go_on(progress)?;
                let measured = lot.iter().map(|&(number, origin)| {
                    (number, measure(Row { reached: reach.from(network, destinations, origin, limit) }))
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

/// Scratch of one thread.
struct Reach {
    search: Search,
    costs: Vec<u32>,
    reached: Vec<(u32, u32)>,
}

const UNREACHED: u32 = u32::MAX;

impl Reach {
    fn new(network: &StreetNetwork, destinations: &Destinations) -> Self {
        Self { search: Search::new(network), costs: vec![UNREACHED; destinations.len()], reached: Vec::new() }
    }

    /// Places and their costs, in the order of their numbers.
    fn from(
        &mut self,
        network: &StreetNetwork,
        destinations: &Destinations,
        origin: &Attachment,
        limit: Minutes,
    ) -> &[(u32, u32)] {
        let Self { search, costs, reached } = self;
        for (place, _) in reached.drain(..) {
            costs[place as usize] = UNREACHED;
        }
        let limit = limit.to_milliseconds();
        let mut offer = |place: u32, cost: u32| {
            let known = &mut costs[place as usize];
            if cost < *known && cost <= limit {
                if *known == UNREACHED {
                    reached.push((place, 0));
                }
                *known = cost;
            }
        };
        for (place, entrance) in destinations.on_edge(origin.edge) {
            if let Some(cost) = network.along_one_edge(origin, entrance) {
                offer(*place, cost);
            }
        }
        search.run(network.adjacency(Direction::From), network.ways_out(origin), limit, |node, cost| {
            for door in destinations.next_to(node) {
                offer(door.place, cost.saturating_add(door.cost));
            }
        });
        reached.sort_unstable();
        for (place, cost) in reached.iter_mut() {
            *cost = costs[*place as usize];
        }
        reached
    }
}
