//! All pairs of home and place for one travel mode, searched once for many measures.

use crate::network::{
    Attachment, Destinations, Row, Searches, StreetNetwork, TravelPairs, TravelTimes, each_origin,
    travel_times,
};
use crate::{Minutes, Progress, Quiet, Result};
use std::borrow::Cow;

/// So many pairs are kept at most: 8 bytes each, from both sides, half a gigabyte in all.
const KEPT_PAIRS: usize = 32 << 20;
/// Homes that are asked first how much they reach.
const ASKED: usize = 64;

/// Pairs for many measures: kept where they fit into memory, else searched anew by each measure, with the same numbers.
#[non_exhaustive]
pub enum Pairs<'a> {
    /// Every measure reads the table.
    Kept(Cow<'a, TravelTimes>),
    /// Every measure searches.
    Searched(Searches<'a>),
}

impl<'a> Pairs<'a> {
    /// Searches up to `limit` (inclusive), if the pairs can be kept.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn new(
        network: &'a StreetNetwork,
        origins: &'a [Option<Attachment>],
        destinations: &'a Destinations,
        limit: Minutes,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        Self::keeping(KEPT_PAIRS, network, origins, destinations, limit, progress)
    }

    pub(super) fn keeping(
        most: usize,
        network: &'a StreetNetwork,
        origins: &'a [Option<Attachment>],
        destinations: &'a Destinations,
        limit: Minutes,
        progress: &'a dyn Progress,
    ) -> Result<Self> {
        let is_small = origins.len().saturating_mul(destinations.len()) <= most;
        if is_small || estimate(network, origins, destinations, limit)? <= most {
            return travel_times(network, origins, destinations, limit, progress)
                .map(|times| Self::Kept(Cow::Owned(times)));
        }
        Ok(Self::Searched(Searches::new(network, origins, destinations, limit, progress)))
    }
}

/// How many pairs there are, judged by some of the origins.
fn estimate(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    limit: Minutes,
) -> Result<usize> {
    let every = origins.len().div_ceil(ASKED).max(1);
    let asked: Vec<Option<Attachment>> = origins.iter().step_by(every).copied().collect();
    let counts = each_origin(network, &asked, destinations, limit, &Quiet, |row| row.milliseconds().count())?;
    Ok(counts.into_iter().flatten().sum::<usize>() * every)
}

impl TravelPairs for Pairs<'_> {
    fn origin_count(&self) -> usize {
        match self {
            Self::Kept(times) => times.origin_count(),
            Self::Searched(searches) => searches.origin_count(),
        }
    }

    fn destination_count(&self) -> usize {
        match self {
            Self::Kept(times) => times.destination_count(),
            Self::Searched(searches) => searches.destination_count(),
        }
    }

    fn each_origin<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        match self {
            Self::Kept(times) => times.each_origin(measure),
            Self::Searched(searches) => searches.each_origin(measure),
        }
    }

    fn each_destination<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        match self {
            Self::Kept(times) => times.each_destination(measure),
            Self::Searched(searches) => searches.each_destination(measure),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::*;
    use crate::model::Street;
    use crate::network::{BuildOptions, TravelProfile};
    use crate::{KmPerHour, Metres};
    use geo::{Coord, Point};

    const SIDE: i64 = 6;

    /// A grid of 100 m blocks.
    fn network() -> StreetNetwork {
        let place = |at: i64| Coord { x: (at % SIDE) as f64 * 100.0, y: (at / SIDE) as f64 * 93.0 };
        let right = (0..SIDE * SIDE).filter(|at| at % SIDE < SIDE - 1).map(|at| (at, at + 1));
        let up = (0..SIDE * (SIDE - 1)).map(|at| (at, at + SIDE));
        let street = |(id, (from, to)): (usize, (i64, i64))| Street {
            id: id as i64,
            line: vec![place(from), place(to)].into(),
            vertices: vec![from, to],
            tags: [("highway", "residential")].into_iter().collect(),
            ..Street::default()
        };
        let streets: Vec<Street> = right.chain(up).enumerate().map(street).collect();
        let profile = TravelProfile::walking(KmPerHour::new(4.8).unwrap()).unwrap();
        StreetNetwork::build(&streets, profile, BuildOptions::default(), &Quiet).unwrap().0
    }

    #[test]
    fn every_measure_has_the_same_numbers_with_the_table_and_without_and_why_adds_up_to_them() {
        let network = network();
        let at = |x: i64, y: i64| {
            network.attach(Point::new(x as f64, y as f64), Metres::new(20.0).unwrap(), &[]).ok()
        };
        let mut homes: Vec<_> = (0..30).map(|n| at(n * 37 % 500, n * 91 % 465 / 93 * 93)).collect();
        homes.push(at(9_000, 0));
        let places: Vec<_> = (0..9).map(|n| at(n % 5 * 100, n * 53 % 460)).collect();
        let places = Destinations::at(&network, &places);
        let demand: Vec<f64> = (0..31).map(|n| f64::from(n * 7 % 23)).collect();
        let supply: Vec<f64> = (0..9).map(|n| f64::from(n % 4)).collect();
        let limit = Minutes::new(5.0).unwrap();
        let of = |most| Pairs::keeping(most, &network, &homes, &places, limit, &Quiet).unwrap();
        let (kept, again) = (of(1_000), of(0));
        assert!(matches!((&kept, &again), (Pairs::Kept(_), Pairs::Searched(_))));
        let decay = Decay::linear(limit).unwrap();
        let step = Minutes::new(0.5).unwrap();
        let one = balancing_cost(&kept, &supply, &demand, step).unwrap();
        assert_eq!(one, balancing_cost(&again, &supply, &demand, step).unwrap());
        assert!(one.iter().flatten().count() > 5 && one[30].is_none());
        let agents = raam(&kept, &demand, &supply, RaamOptions::default(), &Quiet).unwrap();
        assert_eq!(agents, raam(&again, &demand, &supply, RaamOptions::default(), &Quiet).unwrap());
        let shared = two_step_fca(&kept, &demand, &supply, &decay).unwrap();
        assert_eq!(shared, two_step_fca(&again, &demand, &supply, &decay).unwrap());
        let handed_out = |pairs| spatial_availability(pairs, &demand, &supply, &decay, 1.0).unwrap();
        assert_eq!(handed_out(&kept), handed_out(&again));

        let (Pairs::Kept(times), Pairs::Searched(searches)) = (&kept, &again) else { unreachable!() };
        for home in 0..homes.len() {
            let reasons = why(searches, &demand, &supply, &decay, home, 2).unwrap();
            let of_table = explain_two_step_fca(times, &supply, &decay, &shared, home).unwrap();
            let contributions: Vec<_> = reasons.iter().map(|reason| reason.contribution.clone()).collect();
            assert_eq!(contributions, of_table, "home {home}");
            for (rank, Reason { contribution, way }) in reasons.iter().enumerate() {
                assert_eq!(way.as_ref().map(|way| way.time), (rank < 2).then_some(contribution.time));
            }
        }
        assert!(why(searches, &demand, &supply, &decay, 31, 2).is_err());
        assert_eq!(why(searches, &demand, &supply, &decay, 30, 2).unwrap(), []);
    }
}
