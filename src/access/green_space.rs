//! Green space within a walk: how far, how much, and how much for each.

use super::checks::check_amounts;
use super::{Decay, cost_to_closest, cumulative_cutoff, two_step_fca};
use crate::model::GreenSpace;
use crate::network::{Attachment, Destinations, Searches, StreetNetwork, park_entrances};
use crate::{Error, ErrorKind, Metres, Minutes, Progress, Result};
use geo::Area;

/// Square metres in a hectare.
const M2_PER_HECTARE: f64 = 10_000.0;

/// Which green spaces count, and how near they have to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GreenStandard {
    /// Smaller spaces do not count.
    pub minimum_hectares: f64,
    /// Walk from a home to the entrance, inclusive.
    pub within: Minutes,
}

/// Hectares of a green space.
pub(super) fn hectares(space: &GreenSpace) -> f64 {
    space.shape.unsigned_area() / M2_PER_HECTARE
}

impl GreenStandard {
    /// Distance of the World Health Organization's reading, in metres.
    pub const WHO_METRES: f64 = 300.0;
    /// Size of its spaces, in hectares.
    pub const WHO_HECTARES: f64 = 0.5;

    /// The World Health Organization's reading: at least half a hectare within 300 m, walked along the streets.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the speed is 0, so that no walk of 300 m ends.
    ///
    /// # Source
    /// WHO Regional Office for Europe (2016), "Urban green spaces and health", and (2017), "Urban green spaces: a brief for
    /// action": a green space of at least 0.5–1 ha within 300 m of the home.
    pub fn who(walking_speed: crate::KmPerHour) -> Result<Self> {
        let milliseconds = Self::WHO_METRES * walking_speed.milliseconds_per_metre();
        let within = Minutes::new(milliseconds / crate::units::MILLISECONDS_PER_MINUTE)?;
        Ok(Self { minimum_hectares: Self::WHO_HECTARES, within })
    }
}

/// Green spaces as destinations, each entered at its edge and counted once however many entrances it has.
pub struct GreenSpaces {
    /// Hectares of each space, in the order of the study.
    pub hectares: Vec<f64>,
    destinations: Destinations,
}

/// Green space that homes reach, one value per home; `None` where the home is not on the network.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GreenAccess {
    /// Minutes to the entrance of the closest space that counts; `None` also where none is within the standard.
    pub closest: Vec<Option<Minutes>>,
    /// Hectares of the distinct spaces within the standard.
    pub hectares: Vec<Option<f64>>,
    /// Hectares within the standard per resident, once they are shared with all who reach them (2SFCA).
    pub hectares_per_resident: Vec<Option<f64>>,
}

impl GreenSpaces {
    /// Finds where each space is entered: at its entrances, else where streets meet or pass its edge.
    #[must_use]
    pub fn attach(
        network: &StreetNetwork,
        spaces: &[GreenSpace],
        max_distance: Metres,
        inhabited: &[bool],
    ) -> Self {
        let entrances = spaces.iter().enumerate().flat_map(|(number, space)| {
            let found = park_entrances(network, space, max_distance, inhabited);
            found.into_iter().map(move |entrance| (number as u32, entrance.attachment))
        });
        let destinations = Destinations::new(network, spaces.len(), &entrances.collect::<Vec<_>>());
        let hectares = spaces.iter().map(hectares).collect();
        Self { hectares, destinations }
    }

    /// What homes reach within the standard.
    ///
    /// - `residents`: one count per home; finite, ≥ 0.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is not one count of residents a home, or a number is negative or not finite;
    /// [`ErrorKind::Cancelled`].
    pub fn reach(
        &self,
        network: &StreetNetwork,
        homes: &[Option<Attachment>],
        residents: &[f64],
        standard: GreenStandard,
        progress: &dyn Progress,
    ) -> Result<GreenAccess> {
        check_amounts("residents", residents, homes.len())?;
        if !(standard.minimum_hectares.is_finite() && standard.minimum_hectares >= 0.0) {
            let message = format!("the smallest green space is `{}` ha", standard.minimum_hectares);
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        let counts = |hectares: &f64| if *hectares >= standard.minimum_hectares { *hectares } else { 0.0 };
        let hectares: Vec<f64> = self.hectares.iter().map(counts).collect();
        let pairs = Searches::new(network, homes, &self.destinations, standard.within, progress);
        let shared = two_step_fca(&pairs, residents, &hectares, &Decay::binary(standard.within))?;
        let number: Vec<f64> =
            hectares.iter().map(|hectares| if *hectares > 0.0 { 1.0 } else { 0.0 }).collect();
        Ok(GreenAccess {
            closest: cost_to_closest(&pairs, &number, 1.0)?,
            hectares: cumulative_cutoff(&pairs, &hectares, standard.within)?,
            hectares_per_resident: shared.access,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Street;
    use crate::network::{BuildOptions, TravelProfile};
    use crate::{KmPerHour, Quiet};
    use geo::{Coord, Point, Rect};

    fn space(id: &str, x: f64, side: f64) -> GreenSpace {
        let shape =
            Rect::new(Coord { x, y: 10.0 }, Coord { x: x + side, y: 10.0 + side }).to_polygon().into();
        GreenSpace { id: id.into(), name: None, shape, entrances: vec![] }
    }

    // home 0           a pocket at 100 m        a park at 200 m                     home at 900 m
    //   o------------------[.]------------------[        ]-----------------------------o
    #[test]
    fn a_park_counts_once_and_a_pocket_does_not() {
        let street = Street {
            id: 1,
            line: vec![Coord { x: 0.0, y: 0.0 }, Coord { x: 1_000.0, y: 0.0 }].into(),
            vertices: vec![0, 1],
            tags: [("highway", "residential")].into_iter().collect(),
            ..Street::default()
        };
        let speed = KmPerHour::new(4.8).unwrap();
        let profile = TravelProfile::walking(speed).unwrap();
        let (network, _) = StreetNetwork::build(&[street], profile, BuildOptions::default(), &Quiet).unwrap();
        let far = Metres::new(30.0).unwrap();
        let spaces = [space("pocket", 100.0, 20.0), space("park", 200.0, 100.0)];
        let green = GreenSpaces::attach(&network, &spaces, far, &[]);
        assert_eq!(green.hectares, [0.04, 1.0]);
        let homes: Vec<_> =
            [0.0, 50.0, 900.0].map(|x| network.attach(Point::new(x, 0.0), far, &[]).ok()).to_vec();
        let who = GreenStandard::who(speed).unwrap();
        let found = green.reach(&network, &homes, &[10.0, 40.0, 7.0], who, &Quiet).unwrap();
        assert_eq!(found.hectares, [Some(1.0), Some(1.0), Some(0.0)]);
        assert_eq!(found.hectares_per_resident, [Some(0.02), Some(0.02), Some(0.0)]);
        // 200 m along the street at 80 m a minute, and the few metres to the edge of the park.
        let minutes = found.closest[0].unwrap().get();
        assert!((2.5..2.7).contains(&minutes), "{minutes}");
        assert_eq!(found.closest[2], None);
        let all = GreenStandard { minimum_hectares: 0.0, ..who };
        let found = green.reach(&network, &homes, &[10.0, 40.0, 7.0], all, &Quiet).unwrap();
        assert_eq!(found.hectares[0], Some(1.04));
        let wrong = GreenStandard { minimum_hectares: f64::NAN, ..who };
        assert!(green.reach(&network, &homes, &[10.0, 40.0, 7.0], wrong, &Quiet).is_err());
        assert!(green.reach(&network, &homes, &[10.0], who, &Quiet).is_err());
    }
}
