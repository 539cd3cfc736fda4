//! The area around the streets that can be reached within a time.
//!
//! ```text
//!        ┊                  ════ reached streets, the last ones cut where the time ends
//!   ┄┄╔══╪═══╗┄┄            the isochrone is everything near them: a band along each street,
//!     ║  ┊   ║              and the blocks that they enclose
//!   ══╬══o═══╬══
//! ```

use super::adjacency::Direction;
use super::attachment::Attachment;
use super::band::band;
use super::graph::StreetNetwork;
use super::pieces::Piece;
use super::search::{Search, limit_of};
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Metres, Minutes, Result};
use geo::{Area, LineString, MultiLineString, MultiPolygon, Polygon};
use rayon::prelude::*;
use std::collections::HashSet;

/// How streets become an area.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IsochroneOptions {
    /// What lies this close to a reached street counts as reached (the "sausage buffer" of Forsyth et al. 2012).
    pub width: Metres,
    /// Gaps between reached streets up to this area, in square metres, count as reached: the inside of blocks.
    pub largest_gap_m2: f64,
}

impl Default for IsochroneOptions {
    /// 50 m to either side of a street; gaps up to four hectares, a block of 200 m by 200 m.
    fn default() -> Self {
        Self { width: Metres::new(50.0).expect("50 m is a length"), largest_gap_m2: 40_000.0 }
    }
}

/// The areas that can be reached from each place (`From`) or from which it can be reached (`To`) within each cutoff.
///
/// Returns one list per place, of one area per cutoff in their order; `None` where the place is not on the network. An area
/// with a longer cutoff holds those with shorter ones. Where no street can be followed from the place within the cutoff
/// (the gap is too wide, or it stands at the end of a one-way street) the area is empty.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there is no cutoff, the width is 0 or the gap is not an area; [`ErrorKind::Cancelled`] if
/// `progress` asks to stop; `progress` advances by one per place.
pub fn isochrones(
    network: &StreetNetwork,
    places: &[Option<Attachment>],
    cutoffs: &[Minutes],
    direction: Direction,
    options: IsochroneOptions,
    progress: &dyn Progress,
) -> Result<Vec<Option<Vec<MultiPolygon<f64>>>>> {
    if options.width.get() == 0.0 || !options.largest_gap_m2.is_finite() || options.largest_gap_m2 < 0.0 {
        let message = "an isochrone needs a width above 0 and a largest gap of 0 or more";
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let mut outward: Vec<usize> = (0..cutoffs.len()).collect();
    outward.sort_by(|&a, &b| cutoffs[a].get().total_cmp(&cutoffs[b].get()));
    let draw = |reached: Vec<Vec<Piece>>| {
        let mut areas = vec![MultiPolygon::empty(); cutoffs.len()];
        let (mut reached_before, mut streets) = (HashSet::new(), MultiPolygon::empty());
        // Each cutoff adds to the one before what it reaches beyond.
        for &number in &outward {
            let beyond = reached[number].iter().filter(|piece| reached_before.insert(piece.bits()));
            let lines: Vec<LineString<f64>> = beyond.map(|piece| network.line_of(*piece)).collect();
            streets = band(&lines, streets, options.width, progress)?;
            let filled = streets.iter().map(|polygon| without_gaps(polygon, options.largest_gap_m2));
            areas[number] = MultiPolygon(filled.collect());
        }
        Ok(areas)
    };
    progress.start("drawing isochrones", places.len() as u64);
    each_reach(network, places, cutoffs, direction, progress, draw)
}

/// The streets that can be reached from each place, or from which it can be reached, within each cutoff: their lines, cut
/// where the time ends.
///
/// Returns one list per place, of one set of lines per cutoff; `None` where the place is not on the network.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there is no cutoff; [`ErrorKind::Cancelled`] if `progress` asks to stop; `progress` advances
/// by one per place.
pub fn reached_streets(
    network: &StreetNetwork,
    places: &[Option<Attachment>],
    cutoffs: &[Minutes],
    direction: Direction,
    progress: &dyn Progress,
) -> Result<Vec<Option<Vec<MultiLineString<f64>>>>> {
    progress.start("following the streets", places.len() as u64);
    let lines = |pieces: Vec<Piece>| {
        MultiLineString(pieces.into_iter().map(|piece| network.line_of(piece)).collect())
    };
    let draw = |reached: Vec<Vec<Piece>>| Ok(reached.into_iter().map(lines).collect());
    each_reach(network, places, cutoffs, direction, progress, draw)
}

/// Calls `draw` with the streets that each place reaches within each cutoff.
fn each_reach<T: Send>(
    network: &StreetNetwork,
    places: &[Option<Attachment>],
    cutoffs: &[Minutes],
    direction: Direction,
    progress: &dyn Progress,
    draw: impl Fn(Vec<Vec<Piece>>) -> Result<T> + Sync,
) -> Result<Vec<Option<T>>> {
    let limits: Vec<u32> = cutoffs.iter().map(|cutoff| limit_of(*cutoff)).collect::<Result<_>>()?;
    let Some(&longest) = limits.iter().max() else {
        return Err(Error::new(ErrorKind::Parameter, "no cutoff was given"));
    };
    places
        .par_iter()
        .map_init(
            || Search::<1>::new(network, longest),
            |search, place| {
                go_on(progress)?;
                let drawn = place.as_ref().map(|place| {
                    let seeds = network.ways(place, direction).map(|(node, cost)| (0, node, cost));
                    search.run(network.adjacency(direction), seeds);
                    let within = |&limit: &u32| network.reached_pieces(search, place, direction, limit);
                    draw(limits.iter().map(within).collect())
                });
                let drawn = drawn.transpose()?;
                progress.advance(1);
                Ok(drawn)
            },
        )
        .collect()
}

/// Fills holes up to an area. What a smaller area fills, a larger one around it fills too, so areas stay nested.
fn without_gaps(polygon: &Polygon<f64>, largest_m2: f64) -> Polygon<f64> {
    let is_wide =
        |hole: &&LineString<f64>| Polygon::new((*hole).clone(), Vec::new()).unsigned_area() > largest_m2;
    let wide = polygon.interiors().iter().filter(is_wide).cloned().collect();
    Polygon::new(polygon.exterior().clone(), wide)
}
