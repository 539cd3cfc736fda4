//! All pairs of origin and destination straight from the network: searched again for each question, never kept.

use super::adjacency::Direction;
use super::attachment::Attachment;
use super::destinations::{Destinations, Targets, numbered};
use super::graph::StreetNetwork;
use super::itinerary::{Itinerary, route};
use super::reach::{Row, along_the_curve, each_origin, each_start};
use super::travel_times::TravelPairs;
use crate::{Error, ErrorKind, Minutes, Progress, Result};

/// Origins and destinations on a network, for measures that need no table.
///
/// Each step of a measure searches anew, so memory grows with the places and not with their pairs; the numbers are those
/// of the table that [`super::travel_times`] makes.
pub struct Searches<'a> {
    network: &'a StreetNetwork,
    origins: &'a [Option<Attachment>],
    destinations: &'a Destinations,
    /// The origins as a search from a destination meets them.
    met: Targets,
    limit: Minutes,
    progress: &'a dyn Progress,
}

impl<'a> Searches<'a> {
    /// Searches up to `limit` (inclusive): what is farther is not reached, whatever the decay of a measure.
    #[must_use]
    pub fn new(
        network: &'a StreetNetwork,
        origins: &'a [Option<Attachment>],
        destinations: &'a Destinations,
        limit: Minutes,
        progress: &'a dyn Progress,
    ) -> Self {
        let back = destinations.direction().opposite();
        let met = Targets::new(network, origins.len(), numbered(origins), back);
        Self { network, origins, destinations, met, limit, progress }
    }
}

impl Searches<'_> {
    /// Calls `measure` with what one origin reaches; `None` if it is not on the network.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Parameter`] if there is no such origin; [`crate::ErrorKind::Cancelled`].
    pub fn one_origin<T: Send>(
        &self,
        origin: usize,
        measure: impl Fn(Row<'_>) -> T + Sync,
    ) -> Result<Option<T>> {
        let Some(at) = self.origins.get(origin) else {
            let message = format!("there is no origin {origin}: they are {}", self.origins.len());
            return Err(Error::new(ErrorKind::Parameter, message));
        };
        let start: Vec<_> = at.iter().map(|at| (0, std::slice::from_ref(at))).collect();
        let targets = self.destinations.targets();
        let found = each_start(self.network, &start, 1, targets, self.limit, self.progress, measure)?;
        Ok(found.into_iter().next().flatten())
    }

    /// Calls `measure` with the origins that reach each of some destinations, named by their numbers.
    ///
    /// Returns one result for each of them; `None` where it is not on the network. The number of a row is its place in
    /// `destinations`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] if the work was asked to stop.
    pub fn some_destinations<T: Send>(
        &self,
        destinations: &[usize],
        measure: impl Fn(Row<'_>) -> T + Sync,
    ) -> Result<Vec<Option<T>>> {
        let entrances = |place: usize| self.destinations.entrances_of(place);
        let first = |(row, &place): (usize, &usize)| Some((row as u32, entrances(place).first()?));
        let order = along_the_curve(destinations.iter().enumerate().filter_map(first));
        let starts = order.into_iter().map(|(row, _)| (row, entrances(destinations[row as usize])));
        let (starts, count): (Vec<_>, _) = (starts.collect(), destinations.len());
        each_start(self.network, &starts, count, &self.met, self.limit, self.progress, measure)
    }

    /// The fastest way between an origin and a destination, in the direction of the journey; `None` if there is none, or
    /// one of them is not on the network.
    #[must_use]
    pub fn itinerary(&self, origin: usize, destination: usize) -> Option<Itinerary> {
        let origin = self.origins.get(origin)?.as_ref()?;
        let way = |entrance| match self.destinations.direction() {
            Direction::From => route(self.network, origin, entrance),
            Direction::To => route(self.network, entrance, origin),
        };
        let ways = self.destinations.entrances_of(destination).iter().filter_map(way);
        ways.reduce(|best, next| if next.time < best.time { next } else { best })
    }
}

impl TravelPairs for Searches<'_> {
    fn origin_count(&self) -> usize {
        self.origins.len()
    }

    fn destination_count(&self) -> usize {
        self.destinations.len()
    }

    fn each_origin<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        self.progress.start("searching from every origin", self.origins.len() as u64);
        each_origin(self.network, self.origins, self.destinations, self.limit, self.progress, measure)
    }

    fn each_destination<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        let count = self.destinations.len();
        self.progress.start("searching from every destination", count as u64);
        self.some_destinations(&(0..count).collect::<Vec<_>>(), measure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Street;
    use crate::network::{BuildOptions, TravelProfile, TravelTimes, travel_times};
    use crate::{KmPerHour, Metres, Quiet};
    use geo::{Coord, Point};

    const SIDE: i64 = 5;

    // A grid of 100 m blocks; every third street may be walked in one direction only.
    fn network() -> StreetNetwork {
        let place = |at: i64| Coord { x: (at % SIDE) as f64 * 100.0, y: (at / SIDE) as f64 * 97.0 };
        let right = (0..SIDE * SIDE).filter(|at| at % SIDE < SIDE - 1).map(|at| (at, at + 1));
        let up = (0..SIDE * (SIDE - 1)).map(|at| (at, at + SIDE));
        let street = |(id, (from, to)): (usize, (i64, i64))| {
            let direction = if id % 3 == 0 { "yes" } else { "no" };
            Street {
                id: id as i64,
                line: vec![place(from), place(to)].into(),
                vertices: vec![from, to],
                tags: [("highway", "footway"), ("oneway:foot", direction)].into_iter().collect(),
                ..Street::default()
            }
        };
        let streets: Vec<Street> = right.chain(up).enumerate().map(street).collect();
        let profile = TravelProfile::walking(KmPerHour::new(4.8).unwrap()).unwrap();
        StreetNetwork::build(&streets, profile, BuildOptions::default(), &Quiet).unwrap().0
    }

    /// What each origin or destination meets, by number and milliseconds; `None` off the network.
    type Met = Vec<Option<Vec<(usize, u32)>>>;

    fn all_pairs(pairs: &impl TravelPairs) -> [Met; 2] {
        let row = |row: Row<'_>| row.milliseconds().collect();
        [pairs.each_origin(row).unwrap(), pairs.each_destination(row).unwrap()]
    }

    #[test]
    fn searches_and_table_find_the_same_pairs_from_both_sides() {
        let network = network();
        let far = Metres::new(30.0).unwrap();
        let attach = |x: i64, y: i64| network.attach(Point::new(x as f64, y as f64), far, &[true; 64]).ok();
        let mut origins: Vec<_> = (0..20).map(|n| attach(n * 37 % 400, n * 91 % 388 / 97 * 97)).collect();
        origins.push(attach(5_000, 0));
        // Place 1 has two entrances, place 2 none.
        let entrances =
            [(0, attach(50, 0)), (1, attach(310, 97)), (1, attach(20, 388)), (3, attach(400, 200))];
        let entrances: Vec<_> = entrances.iter().filter_map(|(place, at)| Some((*place, (*at)?))).collect();
        assert_eq!(entrances.len(), 4);
        let destinations = Destinations::new(&network, 4, &entrances);
        let limit = Minutes::new(4.0).unwrap();
        let table: TravelTimes = travel_times(&network, &origins, &destinations, limit, &Quiet).unwrap();
        let searches = Searches::new(&network, &origins, &destinations, limit, &Quiet);
        assert_eq!(all_pairs(&searches), all_pairs(&table));
        assert!(table.pair_count() > 20 && !table.is_destination_placed(2) && !table.is_origin_placed(20));
        assert_eq!(all_pairs(&searches.transposed()), all_pairs(&table.transposed()));
    }
}
