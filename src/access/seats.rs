//! From seat to seat: what can be reached by somebody who has to sit down every so often.
//!
//! ```text
//!   home ──150 m── bench ──150 m── bench ──150 m── clinic      no leg longer than 200 m
//! ```

use crate::network::{Attachment, Destinations, StreetNetwork, each_origin};
use crate::{Minutes, Progress, Result};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Numbers of seats, with the milliseconds of the leg to or from each.
type Legs = Vec<(usize, u32)>;

/// Legs of a walk between homes and seats, none longer than somebody can go without a rest.
pub struct Seats {
    /// For each seat, the seats from which it is one leg away.
    before: Vec<Legs>,
    /// For each home, the seats that are one leg away; `None` where the home is not on the network.
    from_homes: Vec<Option<Legs>>,
}

impl Seats {
    /// Finds all legs of at most `longest` (inclusive).
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn new(
        network: &StreetNetwork,
        homes: &[Option<Attachment>],
        seats: &[Option<Attachment>],
        longest: Minutes,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let there = Destinations::at(network, seats);
        let legs = |from: &[Option<Attachment>]| {
            each_origin(network, from, &there, longest, progress, |row| {
                row.milliseconds().collect::<Vec<_>>()
            })
        };
        let from_homes = legs(homes)?;
        let mut before = vec![Vec::new(); seats.len()];
        for (seat, legs) in legs(seats)?.into_iter().enumerate() {
            for (next, cost) in legs.into_iter().flatten().filter(|&(next, _)| next != seat) {
                before[next].push((seat, cost));
            }
        }
        Ok(Self { before, from_homes })
    }

    /// Minutes on foot from each home to the closest place with a seat on every leg of the way, rests not counted; `None`
    /// where there is no such way.
    ///
    /// - `without_rest`: minutes from each home to its closest place, `None` where that is farther than a leg.
    /// - `last_leg`: the same from each seat.
    #[must_use]
    pub fn minutes(
        &self,
        without_rest: &[Option<Minutes>],
        last_leg: &[Option<Minutes>],
    ) -> Vec<Option<Minutes>> {
        let mut costs: Vec<u32> =
            last_leg.iter().map(|time| time.map_or(u32::MAX, Minutes::to_milliseconds)).collect();
        let mut queue: BinaryHeap<Reverse<(u32, usize)>> = costs
            .iter()
            .enumerate()
            .filter(|(_, cost)| **cost < u32::MAX)
            .map(|(seat, &cost)| Reverse((cost, seat)))
            .collect();
        while let Some(Reverse((cost, seat))) = queue.pop() {
            if cost > costs[seat] {
                continue;
            }
            for &(before, leg) in &self.before[seat] {
                let longer = cost.saturating_add(leg);
                if longer < costs[before] {
                    costs[before] = longer;
                    queue.push(Reverse((longer, before)));
                }
            }
        }
        let from_home = |(legs, direct): (&Option<Legs>, &Option<Minutes>)| {
            let by_seats = legs.iter().flatten().map(|&(seat, leg)| costs[seat].saturating_add(leg));
            let direct = direct.map(Minutes::to_milliseconds);
            let cost = by_seats.chain(direct).min().filter(|cost| *cost < u32::MAX)?;
            Some(Minutes::from_milliseconds(cost))
        };
        self.from_homes.iter().zip(without_rest).map(from_home).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Street;
    use crate::network::{BuildOptions, TravelProfile, closest};
    use crate::{KmPerHour, Metres, Quiet};
    use geo::Point;

    /// A street of 1 km at 6 km/h: 100 m are a minute. Benches at 150, 300 and 900 m, a clinic at 450 m.
    fn minutes_from(homes: &[f64], benches: &[f64]) -> Vec<Option<f64>> {
        let street = Street {
            line: vec![(0.0, 0.0), (1_000.0, 0.0)].into(),
            vertices: vec![1, 2],
            tags: [("highway", "residential")].into_iter().collect(),
            ..Street::default()
        };
        let profile = TravelProfile::walking(KmPerHour::new(6.0).unwrap()).unwrap();
        let (network, _) = StreetNetwork::build(&[street], profile, BuildOptions::default(), &Quiet).unwrap();
        let at = |x: &f64| network.attach(Point::new(*x, 0.0), Metres::new(10.0).unwrap(), &[]).ok();
        let [homes, benches] = [homes, benches].map(|xs| xs.iter().map(at).collect::<Vec<_>>());
        let clinic = Destinations::at(&network, &[at(&450.0)]);
        let leg = Minutes::new(2.0).unwrap();
        let near =
            |from: &[Option<Attachment>]| closest(&network, from, &clinic, 1, leg, &Quiet).unwrap().minutes();
        let seats = Seats::new(&network, &homes, &benches, leg, &Quiet).unwrap();
        let minutes = seats.minutes(&near(&homes), &near(&benches));
        minutes.into_iter().map(|time| time.map(Minutes::get)).collect()
    }

    #[test]
    fn no_leg_is_longer_than_two_minutes() {
        let homes = [0.0, 260.0, 600.0, 1_000.0, 2_000.0];
        // 600 m is one leg away, 1,000 m has a bench at 900 m but none between that and the clinic.
        let found = minutes_from(&homes, &[150.0, 300.0, 900.0]);
        assert_eq!(found, [Some(4.5), Some(1.9), Some(1.5), None, None]);
        // Without the bench at 150 m, the first leg of the first home is too long.
        assert_eq!(minutes_from(&homes, &[300.0, 900.0])[0], None);
        assert_eq!(minutes_from(&homes, &[])[..3], [None, Some(1.9), Some(1.5)]);
    }
}
