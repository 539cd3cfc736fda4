//! Sums over everything that each origin reaches, searched from the side with fewer searches.
//!
//! Few workplaces and many homes: one search backward from each workplace adds its jobs to every home that reaches it.
//! Few homes: one search forward from each. Both give every pair of home and workplace once, with the same time.

use super::attachment::Attachment;
use super::destinations::{Destinations, Targets, numbered};
use super::graph::StreetNetwork;
use super::reach::{LOT, Reach, along_the_curve};
use super::search::{LANES, LONGEST, limit_of};
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Minutes, Result};
use rayon::prelude::*;

/// Backward searches are added up in so many parts, whatever the number of threads, so that the sums do not depend on it.
const PARTS: usize = 8;

/// Adds up, for each origin, what it reaches within `limit` (inclusive): `width` sums in one pass.
///
/// `add` gets the sums of one origin, the number of a place that it reaches, and the travel time in milliseconds. It is
/// called once for each pair, in an order that depends on the data alone: whole numbers add up exactly, fractions to
/// the last bit the same on any number of threads.
///
/// Returns `width` sums an origin, one after the other; zeros where an origin reaches nothing or is not on the network.
///
/// # Errors
/// [`ErrorKind::Parameter`] if `limit` is longer than 24 days, the end of a search; [`ErrorKind::Cancelled`] if `progress`
/// asks to stop; `progress` advances by one a search.
pub fn sum_up(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    limit: Minutes,
    width: usize,
    progress: &dyn Progress,
    add: impl Fn(&mut [f64], usize, u32) + Sync,
) -> Result<Vec<f64>> {
    let limit = limit_of(limit)?;
    let attached = numbered(origins).count();
    let searches_backward =
        (0..destinations.len()).filter(|&place| !destinations.entrances_of(place).is_empty());
    if searches_backward.count() < attached {
        backward(network, origins, destinations, limit, width, progress, add)
    } else {
        forward(network, origins, destinations, limit, width, progress, add)
    }
}

fn forward(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    limit: u32,
    width: usize,
    progress: &dyn Progress,
    add: impl Fn(&mut [f64], usize, u32) + Sync,
) -> Result<Vec<f64>> {
    let targets = destinations.targets();
    let order = along_the_curve(numbered(origins));
    progress.start("adding up what every origin reaches", order.len() as u64);
    let lots: Vec<Vec<f64>> = order
        .par_chunks(LOT)
        .map_init(
            || Reach::new(network, targets, limit),
            |reach, lot| {
                go_on(progress)?;
                let mut sums = vec![0.0; lot.len() * width];
                for (origins, sums) in lot.chunks(LANES).zip(sums.chunks_mut(LANES * width)) {
                    reach.run(network, targets, (0..).zip(origins.iter().map(|&(_, origin)| origin)));
                    reach.for_each(|lane, place, cost| {
                        add(&mut sums[lane * width..][..width], place as usize, cost);
                    });
                }
                progress.advance(lot.len() as u64);
                Ok(sums)
            },
        )
        .collect::<Result<_>>()?;
    let mut all = vec![0.0; origins.len() * width];
    for (lot, sums) in order.chunks(LOT).zip(lots) {
        for ((number, _), sums) in lot.iter().zip(sums.chunks(width)) {
            all[*number as usize * width..][..width].copy_from_slice(sums);
        }
    }
    Ok(all)
}

fn backward(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    limit: u32,
    width: usize,
    progress: &dyn Progress,
    add: impl Fn(&mut [f64], usize, u32) + Sync,
) -> Result<Vec<f64>> {
    let direction = destinations.direction().opposite();
    let targets = Targets::new(network, origins.len(), numbered(origins), direction);
    let with_entrance = (0..destinations.len())
        .filter_map(|place| Some((place as u32, destinations.entrances_of(place).first()?)));
    let order = along_the_curve(with_entrance);
    progress.start("adding up what every origin reaches", order.len() as u64);
    let parts: Vec<Vec<f64>> = order
        .par_chunks(order.len().div_ceil(PARTS).max(1))
        .map(|part| {
            let mut reach = Reach::new(network, &targets, limit);
            let mut sums = vec![0.0; origins.len() * width];
            for lot in part.chunks(LOT) {
                go_on(progress)?;
                for places in lot.chunks(LANES) {
                    let starts = places.iter().enumerate().flat_map(|(lane, &(place, _))| {
                        destinations.entrances_of(place as usize).iter().map(move |start| (lane, start))
                    });
                    reach.run(network, &targets, starts);
                    reach.for_each(|lane, origin, cost| {
                        add(&mut sums[origin as usize * width..][..width], places[lane].0 as usize, cost);
                    });
                }
                progress.advance(lot.len() as u64);
            }
            Ok(sums)
        })
        .collect::<Result<_>>()?;
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_else(|| vec![0.0; origins.len() * width]);
    for part in parts {
        all.iter_mut().zip(part).for_each(|(sum, part)| *sum += part);
    }
    Ok(all)
}

/// Adds up the weights of the places that each origin reaches within several cutoffs (inclusive), in one pass.
///
/// - `weights`: one per place, finite and ≥ 0.
///
/// Returns one list per cutoff, in their order, of one sum per origin: 0 where an origin reaches nothing, `None` where it is
/// not on the network.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there is not one weight per place, finite and ≥ 0, or no cutoff, or one is longer than 24
/// days; [`ErrorKind::Cancelled`].
pub fn sum_within(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    weights: &[f64],
    cutoffs: &[Minutes],
    progress: &dyn Progress,
) -> Result<Vec<Vec<Option<f64>>>> {
    let limits: Vec<u32> = cutoffs.iter().map(|cutoff| limit_of(*cutoff)).collect::<Result<_>>()?;
    sum_weighted(network, origins, destinations, weights, &limits, progress, |sums, weight, cost| {
        for (sum, &limit) in sums.iter_mut().zip(&limits) {
            if cost <= limit {
                *sum += weight;
            }
        }
    })
}

/// Adds up the weights of the places that each origin reaches in several ways, in one pass.
///
/// - `limits`: milliseconds, one per sum, beyond which a place adds nothing to it; the search ends after 24 days.
/// - `add`: adds to the sums of one origin what a place of some weight, so many milliseconds away, counts.
///
/// Returns and refuses what [`sum_within`] does.
pub(crate) fn sum_weighted(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    weights: &[f64],
    limits: &[u32],
    progress: &dyn Progress,
    add: impl Fn(&mut [f64], f64, u32) + Sync,
) -> Result<Vec<Vec<Option<f64>>>> {
    if weights.len() != destinations.len() {
        let message = format!("{} weights for {} places", weights.len(), destinations.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    if let Some(place) = weights.iter().position(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        let message = format!("weight `{}` is negative or not finite", weights[place]);
        return Err(Error::new(ErrorKind::Parameter, message).at_row(place + 1));
    }
    let Some(&longest) = limits.iter().max() else {
        return Err(Error::new(ErrorKind::Parameter, "no cutoff was given"));
    };
    let (width, longest) = (limits.len(), Minutes::from_milliseconds(longest.min(LONGEST)));
    let sums = sum_up(network, origins, destinations, longest, width, progress, |sums, place, cost| {
        add(sums, weights[place], cost);
    })?;
    let column = |cutoff: usize| {
        let of =
            |(number, origin): (usize, &Option<Attachment>)| origin.map(|_| sums[number * width + cutoff]);
        origins.iter().enumerate().map(of).collect()
    };
    Ok((0..width).map(column).collect())
}
