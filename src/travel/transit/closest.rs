//! The closest place of each of several categories by public transport, at every departure: one sweep backward from all places.

use super::doors::{Door, DoorMaker};
use super::network::{Searcher, TransitNetwork};
use super::spread::{Spread, Step};
use super::stops::TransitStops;
use super::sweep::{LANES, Way};
use super::walks::whole_seconds;
use crate::network::{Attachment, Destinations, StreetNetwork, closest};
use crate::progress::go_on;
use crate::{Progress, Quiet, Result};
use rayon::prelude::*;

/// Origins whose walks to stops are found together.
const LOT: usize = 4_096;

/// Calls `measure` with the journeys from each origin to the closest place of each category.
///
/// At every departure the place is the one that is reached first then, on foot or by vehicle: it may be another one five
/// minutes later. (The place with the smallest median of its own follows from [`super::TransitSearches`].)
///
/// Returns one list per category, in their order, of one result per origin; `None` where the origin is not on the network.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the stops are those of another network; [`crate::ErrorKind::Cancelled`].
pub fn closest_by_transit<T: Send>(
    streets: &StreetNetwork,
    stops: &TransitStops,
    transit: &TransitNetwork,
    origins: &[Option<Attachment>],
    categories: &[&Destinations],
    measure: impl Fn(usize, Spread<'_>) -> T + Sync,
    progress: &dyn Progress,
) -> Result<Vec<Vec<Option<T>>>> {
    stops.check(streets)?;
    let (access, longest) = (transit.options().longest_access, transit.timetable().departures.longest);
    let mut results: Vec<Vec<Option<T>>> = Vec::with_capacity(categories.len());
    progress
        .start("finding the closest places by public transport", (origins.len() * categories.len()) as u64);
    for categories in categories.chunks(LANES) {
        let first = results.len();
        results.extend(categories.iter().map(|_| Vec::with_capacity(origins.len())));
        let egress = categories.iter().map(|places| {
            let found = closest(streets, &stops.attachments, places, 1, access, &Quiet)?;
            let walk =
                |stop: usize| Some((stop as u32, whole_seconds(found.of(stop).next()?.1.to_milliseconds())));
            Ok((0..stops.attachments.len()).filter_map(walk).collect())
        });
        let egress: Vec<Vec<(u32, i32)>> = egress.collect::<Result<_>>()?;
        let on_foot = categories.iter().map(|places| closest(streets, origins, places, 1, longest, &Quiet));
        let on_foot = on_foot.collect::<Result<Vec<_>>>()?;
        let mut searcher = Searcher::new(transit, Way::Backward);
        searcher.run(egress.iter().map(Vec::as_slice));
        for (lot, of_lot) in origins.chunks(LOT).enumerate() {
            go_on(progress)?;
            let walks = stops.walks_to(streets, of_lot, access)?;
            let found: Vec<Option<Vec<T>>> = (0..of_lot.len())
                .into_par_iter()
                .map_init(Scratch::default, |scratch, number| {
                    of_lot[number].as_ref()?;
                    scratch.steps.iter_mut().for_each(Vec::clear);
                    searcher.leave(
                        &mut scratch.maker,
                        walks.of(number),
                        &mut scratch.doors,
                        &mut scratch.steps,
                    );
                    let origin = lot * LOT + number;
                    let of_category = |(on_foot, steps): (&crate::network::ClosestPlaces, &Vec<Step>)| {
                        let walk = on_foot.of(origin).next().map(|(_, time)| time.to_milliseconds());
                        measure(origin, transit.spread(steps, walk))
                    };
                    Some(on_foot.iter().zip(&scratch.steps).map(of_category).collect())
                })
                .collect();
            for of_origin in found {
                let mut of_origin = of_origin.map(Vec::into_iter);
                for results in &mut results[first..] {
                    results.push(of_origin.as_mut().and_then(Iterator::next));
                }
            }
            progress.advance((of_lot.len() * categories.len()) as u64);
        }
    }
    Ok(results)
}

#[derive(Default)]
struct Scratch {
    maker: DoorMaker,
    doors: Vec<Door>,
    steps: [Vec<Step>; LANES],
}
