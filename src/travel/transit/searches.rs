//! All pairs of origin and destination by public transport: searched for each question, never kept.

use super::journey::{Journey, Leg, first_to_arrive};
use super::network::{Searcher, TransitNetwork};
use super::spread::Spread;
use super::stops::TransitStops;
use super::sweep::{LANES, Way};
use super::walks::Walks;
use crate::model::transit::Feed;
use crate::network::{
    Attachment, Destinations, Direction, Row, Searches, StreetNetwork, TravelPairs, TravelTimes,
};
use crate::progress::go_on;
use crate::{Error, ErrorKind, Minutes, Progress, Quiet, Result};
use rayon::prelude::*;
use std::sync::Mutex;

/// Places and milliseconds to them, in the order of their numbers.
type Reached = Vec<(u32, u32)>;

/// Walks to stops and from stops, and milliseconds all the way.
type Pair = (Vec<(u32, i32)>, Vec<(u32, i32)>, Option<u32>);

/// Places are handled in lots: their walks are found together.
const LOT: usize = 64 * LANES;

/// Origins and destinations on streets with public transport.
///
/// As pairs for a measure, the time between two places is the percentile of all departures of the window, walking
/// included wherever it is faster; a pair that fewer departures than that serve is not reached.
pub struct TransitSearches<'a> {
    streets: &'a StreetNetwork,
    stops: &'a TransitStops,
    transit: &'a TransitNetwork,
    origins: &'a [Option<Attachment>],
    destinations: &'a Destinations,
    percentile: f64,
    progress: &'a dyn Progress,
}

impl<'a> TransitSearches<'a> {
    /// Searches on a network of which `stops` and `transit` were made.
    ///
    /// - `percentile`: 0 to 100, the share of departures that are at least as fast as the time of a pair; 50 is the median.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the percentile is none, the stops are those of another network, or the destinations ask
    /// for journeys towards the origins.
    pub fn new(
        streets: &'a StreetNetwork,
        stops: &'a TransitStops,
        transit: &'a TransitNetwork,
        (origins, destinations): (&'a [Option<Attachment>], &'a Destinations),
        percentile: f64,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        stops.check(streets)?;
        check_percentile(percentile)?;
        if transit.walks().len() != stops.attachments.len() {
            let message =
                format!("{} stops, but a timetable of {}", stops.attachments.len(), transit.walks().len());
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        if destinations.direction() != Direction::From {
            let message = "by public transport only journeys from the origins can be asked for";
            return Err(Error::new(ErrorKind::Parameter, message).hint("exchange origins and destinations"));
        }
        Ok(Self { streets, stops, transit, origins, destinations, percentile, progress })
    }

    /// Visits the spread of journeys of every pair that is reached at any departure, origin by origin.
    ///
    /// - `begin`: makes what is gathered for an origin.
    /// - `visit`: adds a destination, in the order of their numbers.
    /// - `end`: turns what was gathered into the result of the origin of a number.
    ///
    /// Returns one result per origin; `None` where it is not on the network.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] if the work was asked to stop; progress advances by one per origin.
    pub fn each_origin_spread<S: Send, T: Send>(
        &self,
        begin: impl Fn() -> S + Sync,
        visit: impl Fn(&mut S, usize, Spread<'_>) + Sync,
        end: impl Fn(S, usize) -> T + Sync,
    ) -> Result<Vec<Option<T>>> {
        self.each(Way::Forward, begin, visit, end)
    }

    /// As [`Self::each_origin_spread`], destination by destination with the origins that reach each.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] if the work was asked to stop; progress advances by one per destination.
    pub fn each_destination_spread<S: Send, T: Send>(
        &self,
        begin: impl Fn() -> S + Sync,
        visit: impl Fn(&mut S, usize, Spread<'_>) + Sync,
        end: impl Fn(S, usize) -> T + Sync,
    ) -> Result<Vec<Option<T>>> {
        self.each(Way::Backward, begin, visit, end)
    }

    /// The table of all pairs, searched from the side with fewer places.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] if the work was asked to stop.
    pub fn table(&self) -> Result<TravelTimes> {
        let is_placed = |place: usize| !self.destinations.entrances_of(place).is_empty();
        let placed_destinations: Vec<bool> = (0..self.destinations.len()).map(is_placed).collect();
        let placed_origins: Vec<bool> = self.origins.iter().map(Option::is_some).collect();
        let count = |placed: &[bool]| placed.iter().filter(|is_placed| **is_placed).count();
        let is_backward = count(&placed_destinations) < count(&placed_origins);
        let keep = |row: Row<'_>| row.milliseconds().map(|(place, cost)| (place as u32, cost)).collect();
        let rows: Vec<Option<Vec<(u32, u32)>>> =
            if is_backward { self.each_destination(keep)? } else { self.each_origin(keep)? };
        Ok(TravelTimes::from_rows(rows, is_backward, placed_origins, placed_destinations))
    }

    /// The journey of a pair when one leaves at a second of the window; `None` if it is not made within the longest journey.
    ///
    /// - `feeds`: those of the timetable.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is no such origin, destination or second.
    pub fn journey(
        &self,
        feeds: &[Feed],
        origin: usize,
        destination: usize,
        second: u32,
    ) -> Result<Option<Journey>> {
        let window = self.transit.timetable().departures.length_s;
        if origin >= self.origins.len() || destination >= self.destinations.len() || second >= window {
            let message =
                format!("there is no origin {origin}, destination {destination} or second {second}");
            return Err(Error::new(ErrorKind::Parameter, message).hint(format!(
                "they are {}, {} and {window}",
                self.origins.len(),
                self.destinations.len()
            )));
        }
        let Some((access, egress, walk)) = self.of_pair(origin, destination)? else { return Ok(None) };
        let found = first_to_arrive(self.transit, feeds, [&access, &egress], second);
        let is_faster = |journey: &Journey| walk.is_none_or(|walk| journey.milliseconds < walk);
        Ok(found.filter(is_faster).or_else(|| {
            let milliseconds = walk?;
            let legs = vec![Leg::Walk { seconds: milliseconds.div_ceil(1_000) }];
            Some(Journey { departs: second, milliseconds, legs })
        }))
    }

    /// The journey of a pair that takes as long as the percentile of these searches; `None` if fewer departures arrive.
    ///
    /// # Errors
    /// As for [`Self::journey`].
    pub fn typical_journey(
        &self,
        feeds: &[Feed],
        origin: usize,
        destination: usize,
    ) -> Result<Option<Journey>> {
        let at = self.origins.get(origin).copied().flatten();
        let entrances: Vec<(u32, Attachment)> = if destination < self.destinations.len() {
            self.destinations.entrances_of(destination).iter().map(|at| (0, *at)).collect()
        } else {
            Vec::new()
        };
        let (origins, places) = ([at], Destinations::new(self.streets, 1, &entrances));
        let Self { streets, stops, transit, percentile, .. } = *self;
        let pair = (origins.as_slice(), &places);
        let alone = TransitSearches::new(streets, stops, transit, pair, percentile, &Quiet)?;
        let second = |found: &mut Option<u32>, _: usize, spread: Spread<'_>| {
            *found = spread.typical_departure(percentile);
        };
        let seconds = alone.each_origin_spread(|| None, second, |found, _| found)?;
        match seconds.into_iter().next().flatten().flatten() {
            Some(second) => self.journey(feeds, origin, destination, second),
            None => Ok(None),
        }
    }

    /// Walks of an origin to stops and to a destination from stops, and all the way in milliseconds; `None` if one of the two is
    /// not on the network.
    fn of_pair(&self, origin: usize, destination: usize) -> Result<Option<Pair>> {
        let Some(at) = self.origins[origin] else { return Ok(None) };
        let access = self.transit.options().longest_access;
        let entrances: Vec<_> =
            self.destinations.entrances_of(destination).iter().map(|at| (0, *at)).collect();
        let place = Destinations::new(self.streets, 1, &entrances);
        let to = self.stops.walks_to(self.streets, &[Some(at)], access)?;
        let from = self.stops.walks_from(self.streets, &place, access)?;
        let longest = self.transit.timetable().departures.longest;
        let walk = crate::network::each_origin(self.streets, &[Some(at)], &place, longest, &Quiet, |row| {
            row.milliseconds().next().map(|(_, cost)| cost)
        })?;
        Ok(Some((to.of(0).to_vec(), from.of(0).to_vec(), walk.into_iter().flatten().flatten().next())))
    }

    fn each<S: Send, T: Send>(
        &self,
        way: Way,
        begin: impl Fn() -> S + Sync,
        visit: impl Fn(&mut S, usize, Spread<'_>) + Sync,
        end: impl Fn(S, usize) -> T + Sync,
    ) -> Result<Vec<Option<T>>> {
        let Self { streets, stops, transit, origins, destinations, progress, .. } = *self;
        let access = transit.options().longest_access;
        let (other, far) = match way {
            Way::Forward => (Way::Backward, stops.walks_from(streets, destinations, access)?),
            Way::Backward => (Way::Forward, stops.walks_to(streets, origins, access)?),
        };
        let doors = transit.doors(other, &far);
        let far_count = far.len();
        drop(far);
        let order = self.near_places(way);
        let near_count = if way == Way::Forward { origins.len() } else { destinations.len() };
        progress.start("travelling by public transport", near_count as u64);
        progress.advance((near_count - order.len()) as u64);
        let idle: Mutex<Vec<Searcher<'_>>> = Mutex::new(Vec::new());
        let mut results: Vec<Option<T>> = (0..near_count).map(|_| None).collect();
        for lot in order.chunks(LOT) {
            go_on(progress)?;
            let (walks, on_foot) = self.walks_of(way, lot)?;
            let numbers: Vec<usize> = (0..lot.len()).collect();
            let found: Vec<Vec<T>> = numbers
                .par_chunks(LANES)
                .map(|lanes| {
                    go_on(progress)?;
                    let searcher = idle.lock().ok().and_then(|mut idle| idle.pop());
                    let mut searcher = searcher.unwrap_or_else(|| Searcher::new(transit, way));
                    searcher.run(lanes.iter().map(|&number| walks.of(number)));
                    let mut gathered: Vec<S> = lanes.iter().map(|_| begin()).collect();
                    let mut walked: [&[(u32, u32)]; LANES] = [&[]; LANES];
                    for (walked, &number) in walked.iter_mut().zip(lanes) {
                        *walked = &on_foot[number];
                    }
                    for place in 0..far_count {
                        let steps = searcher.steps(&doors, place);
                        for ((gathered, steps), walked) in gathered.iter_mut().zip(steps).zip(&mut walked) {
                            let is_next = |row: &&[(u32, u32)]| {
                                row.first().is_some_and(|next| next.0 as usize == place)
                            };
                            let walk = is_next(&&**walked).then(|| walked[0].1);
                            if walk.is_some() {
                                *walked = &walked[1..];
                            }
                            if walk.is_some() || !steps.is_empty() {
                                visit(gathered, place, transit.spread(steps, walk));
                            }
                        }
                    }
                    if let Ok(mut idle) = idle.lock() {
                        idle.push(searcher);
                    }
                    progress.advance(lanes.len() as u64);
                    let ends = gathered.into_iter().zip(lanes);
                    Ok(ends.map(|(gathered, &number)| end(gathered, lot[number])).collect())
                })
                .collect::<Result<_>>()?;
            for (result, &number) in found.into_iter().flatten().zip(lot) {
                results[number] = Some(result);
            }
        }
        Ok(results)
    }

    /// The placed ones among the near places, neighbours after each other.
    fn near_places(&self, way: Way) -> Vec<usize> {
        let edge = |number: usize| match way {
            Way::Forward => self.origins[number].map(|at| at.edge),
            Way::Backward => self.destinations.entrances_of(number).first().map(|at| at.edge),
        };
        let count = if way == Way::Forward { self.origins.len() } else { self.destinations.len() };
        let mut order: Vec<(u32, usize)> =
            (0..count).filter_map(|number| Some((edge(number)?, number))).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, number)| number).collect()
    }

    /// Walks of a lot of near places to or from stops, and on foot all the way to the far places.
    fn walks_of(&self, way: Way, lot: &[usize]) -> Result<(Walks, Vec<Reached>)> {
        let Self { streets, stops, transit, origins, destinations, .. } = *self;
        let (access, longest) = (transit.options().longest_access, transit.timetable().departures.longest);
        let row = |row: Row<'_>| row.milliseconds().map(|(place, cost)| (place as u32, cost)).collect();
        let rows =
            |found: Vec<Option<Vec<(u32, u32)>>>| found.into_iter().map(Option::unwrap_or_default).collect();
        match way {
            Way::Forward => {
                let of_lot: Vec<Option<Attachment>> = lot.iter().map(|&number| origins[number]).collect();
                let walks = stops.walks_to(streets, &of_lot, access)?;
                let on_foot =
                    crate::network::each_origin(streets, &of_lot, destinations, longest, &Quiet, row)?;
                Ok((walks, rows(on_foot)))
            }
            Way::Backward => {
                let entrances = lot.iter().enumerate().flat_map(|(number, &place)| {
                    destinations.entrances_of(place).iter().map(move |at| (number as u32, *at))
                });
                let of_lot = Destinations::new(streets, lot.len(), &entrances.collect::<Vec<_>>());
                let walks = stops.walks_from(streets, &of_lot, access)?;
                let on_foot =
                    Searches::new(streets, origins, &of_lot, longest, &Quiet).each_destination(row)?;
                Ok((walks, rows(on_foot)))
            }
        }
    }

    /// Rows of percentiles.
    fn rows<T: Send>(&self, way: Way, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        let add = |row: &mut Vec<(u32, u32)>, place: usize, spread: Spread<'_>| {
            if let Some(cost) = spread.percentile(self.percentile) {
                row.push((place as u32, cost));
            }
        };
        self.each(way, Vec::new, add, |row, number| measure(Row::new(number, &row)))
    }
}

/// # Errors
/// [`ErrorKind::Parameter`] if a percentile is not above 0 and at most 100.
pub(super) fn check_percentile(percentile: f64) -> Result<()> {
    if percentile > 0.0 && percentile <= 100.0 {
        return Ok(());
    }
    let message = format!("percentile `{percentile}` does not lie between 0 and 100");
    Err(Error::new(ErrorKind::Parameter, message).hint("50 is the median departure, 90 a cautious one"))
}

impl TravelPairs for TransitSearches<'_> {
    fn origin_count(&self) -> usize {
        self.origins.len()
    }

    fn destination_count(&self) -> usize {
        self.destinations.len()
    }

    fn each_origin<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        self.rows(Way::Forward, measure)
    }

    fn each_destination<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        self.rows(Way::Backward, measure)
    }
}

impl Spread<'_> {
    /// The percentile in minutes.
    #[must_use]
    pub fn percentile_minutes(&self, percent: f64) -> Option<Minutes> {
        self.percentile(percent).map(Minutes::from_milliseconds)
    }
}
