//! Up and down hill: what is left of the speed, and what is too steep.
//!
//! - On foot: Tobler's hiking function, relative to flat ground, so that the profile's own speed is the speed on the flat.
//! - In a wheelchair: uphill beyond 3 % at two fifths of the speed, downhill no faster than on the flat, as in
//!   GraphHopper's wheelchair profile (2 for 5 km/h); nothing steeper than a ramp may be.
//! - With a pram: as on foot. No published limit is known; `max_slope_percent` sets one.
//! - Steps, escalators and ferries have a speed of their own. Bicycles and cars take no notice of hills.
//!
//! What a grid of 30 m says about 10 m of street is part ground, part noise. Tobler's function takes it as it is: noise up
//! and down evens out. Rules that close a street do not: they ask for the mean slope over 50 m (GraphHopper closes on
//! 50 m too), and close no shorter street.

use super::{TravelProfile, ferry};
use crate::model::{Relief, Rise, Street, Traveller};

/// Metres over which a slope is too steep, or slows wheels.
const SPAN_M: f64 = 50.0;
/// Slope from which a wheelchair slows uphill: 3 % (GraphHopper; DIN 18040-3 asks for no more without landings).
const WHEELCHAIR_GENTLE: f64 = 0.03;
/// Share of the speed that a wheelchair keeps on a steeper way up: 2 of 5 km/h in GraphHopper's wheelchair profile.
const WHEELCHAIR_SHARE_UPHILL: f64 = 0.4;

/// What the slopes of a street's part make of its pace.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::network) enum Slopes {
    /// Nothing: no elevation was given, or the traveller takes no notice of it here.
    DoNotMatter,
    /// The elevation is not known on the whole part, and it is assumed flat.
    Unknown,
    /// Milliseconds a metre along the line and against it grow by these factors.
    Slow([f64; 2]),
    /// The traveller does not go here.
    TooSteep,
}

impl TravelProfile {
    /// What the slopes between two vertices of a street, by their positions on its line, make of the pace.
    pub(in crate::network) fn slopes(&self, street: &Street, begin: usize, end: usize) -> Slopes {
        let tags = &street.tags;
        let has_own_speed =
            tags.is("highway", "steps") || tags.get("conveying").is_some() || ferry::is_ferry(tags);
        let Some(relief) = street.relief.as_ref().filter(|_| !has_own_speed && self.minds_hills()) else {
            return Slopes::DoNotMatter;
        };
        let Some(rises) = relief.between(begin, end) else { return Slopes::Unknown };
        if self.is_too_steep(relief, &rises) {
            return Slopes::TooSteep;
        }
        let length_m: f64 = rises.iter().map(|part| part.length_m).sum();
        let slowed = |direction: f64| {
            let parts = rises.iter().filter(|part| part.length_m > 0.0);
            let metres = parts.map(|part| {
                let slope = match self.traveller() {
                    Traveller::Wheelchair => relief.slope_around(part.middle_m, SPAN_M).unwrap_or(0.0),
                    _ => part.rise_m / part.length_m,
                };
                part.length_m / self.share_on_slope(direction * slope)
            });
            if length_m > 0.0 { metres.sum::<f64>() / length_m } else { 1.0 }
        };
        Slopes::Slow([slowed(1.0), slowed(-1.0)])
    }

    fn minds_hills(&self) -> bool {
        Traveller::PEOPLE.contains(&self.traveller())
    }

    fn is_too_steep(&self, relief: &Relief, rises: &[Rise]) -> bool {
        let Some(limit) = self.max_slope_percent().filter(|_| relief.length_m() >= SPAN_M) else {
            return false;
        };
        let is_steep = |slope: f64| 100.0 * slope.abs() > limit;
        rises.iter().any(|part| relief.slope_around(part.middle_m, SPAN_M).is_some_and(is_steep))
    }

    /// Share of the speed on the flat, where more is faster.
    fn share_on_slope(&self, slope: f64) -> f64 {
        match self.traveller() {
            Traveller::Wheelchair if slope > WHEELCHAIR_GENTLE => WHEELCHAIR_SHARE_UPHILL,
            Traveller::Wheelchair => 1.0,
            _ => tobler(slope) / tobler(0.0),
        }
    }
}

/// Walking speed by slope (rise over run), 1 at its fastest, 5 % downhill (Tobler 1993, "Three presentations on
/// geographical analysis and modeling", NCGIA Technical Report 93-1: 6 km/h times this).
fn tobler(slope: f64) -> f64 {
    (-3.5 * (slope + 0.05).abs()).exp()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Crs;
    use crate::model::{Elevation, TravelSettings};
    use crate::spatial::lay_on_ground;
    use geo::Coord;

    /// A street of 200 m that rises by `rise_m` in its first half and is flat in its second.
    fn street(rise_m: f32, tags: &[(&str, &str)]) -> Street {
        let crs = Crs::wgs84();
        let (first, step) = (Coord { x: 0.0, y: 100.0 }, Coord { x: 100.0, y: -100.0 });
        let heights = [0.0, rise_m, rise_m, 0.0, rise_m, rise_m].map(Some);
        let elevation = Elevation::new(crs, first, step, 3, &heights).unwrap();
        let street = Street {
            line: vec![(0.0, 50.0), (100.0, 50.0), (200.0, 50.0)].into(),
            vertices: vec![1, 2, 3],
            tags: tags.iter().copied().collect(),
            ..Street::default()
        };
        let mut streets = [street];
        lay_on_ground(&mut streets, &elevation, || Ok(Ok)).unwrap();
        let [street] = streets;
        street
    }

    fn slopes(traveller: Traveller, rise_m: f32, end: usize) -> Slopes {
        TravelProfile::of(traveller).slopes(&street(rise_m, &[("highway", "residential")]), 0, end)
    }

    #[test]
    fn tobler_is_one_on_the_flat_and_knows_up_from_down() {
        let Slopes::Slow([up, down]) = slopes(Traveller::Adult, 10.0, 1) else { panic!("it slopes") };
        // 10 % up: exp(-3.5 * 0.15) over exp(-0.175); 10 % down is as fast as the flat.
        assert!((up - 0.35_f64.exp()).abs() < 1e-6 && (down - 1.0).abs() < 1e-6, "{up} {down}");
        let Slopes::Slow([up, down]) = slopes(Traveller::Adult, 10.0, 2) else { panic!("it slopes") };
        assert!((up - (0.35_f64.exp() + 1.0) / 2.0).abs() < 1e-6 && (down - 1.0).abs() < 1e-6);
        assert_eq!(slopes(Traveller::Pram, 0.0, 1), Slopes::Slow([1.0, 1.0]));
        assert_eq!(slopes(Traveller::Car, 10.0, 1), Slopes::DoNotMatter);
    }

    #[test]
    fn a_wheelchair_is_slow_uphill_and_stops_where_it_is_steeper_than_a_ramp() {
        let Slopes::Slow([up, down]) = slopes(Traveller::Wheelchair, 5.0, 1) else { panic!("it can") };
        assert!(up > 2.0 && up <= 2.5 && down == 1.0, "{up} {down}");
        assert_eq!(slopes(Traveller::Wheelchair, 9.0, 1), Slopes::TooSteep);
        let given = TravelSettings { max_slope_percent: Some(4.0), ..TravelSettings::of(Traveller::Pram) };
        let pram = TravelProfile::new(given).unwrap();
        assert_eq!(pram.slopes(&street(5.0, &[("highway", "path")]), 0, 1), Slopes::TooSteep);
    }

    #[test]
    fn steps_keep_their_own_speed_and_unknown_ground_is_said() {
        let adult = TravelProfile::of(Traveller::Adult);
        assert_eq!(adult.slopes(&street(10.0, &[("highway", "steps")]), 0, 1), Slopes::DoNotMatter);
        let mut far = street(10.0, &[("highway", "path")]);
        far.relief = None;
        assert_eq!(adult.slopes(&far, 0, 1), Slopes::DoNotMatter);
        far.line.0[2].x = 400.0;
        let crs = Crs::wgs84();
        let (first, step) = (Coord { x: 0.0, y: 100.0 }, Coord { x: 100.0, y: -100.0 });
        let elevation = Elevation::new(crs, first, step, 3, &[Some(1.0); 6]).unwrap();
        let mut streets = [far];
        lay_on_ground(&mut streets, &elevation, || Ok(Ok)).unwrap();
        assert_eq!(adult.slopes(&streets[0], 1, 2), Slopes::Unknown);
        assert_eq!(adult.slopes(&streets[0], 0, 1), Slopes::Slow([1.0, 1.0]));
    }
}
