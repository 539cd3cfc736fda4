//! Who may use a street, in which direction, and how fast: one table per file.

mod access;
mod barrier;
mod ferry;
mod maxspeed;
mod oneway;
mod slope;
mod speed;
mod steps;
mod surface;

use crate::model::{Street, Tags, TravelSettings, Traveller};
use crate::units::MILLISECONDS_PER_MINUTE;
use crate::{Error, ErrorKind, KmPerHour, Metres, Minutes, Result};
use access::Way;
use geo::{Euclidean, Length};
pub(super) use slope::Slopes;
use std::fmt;

/// How a street may be used: milliseconds a metre in each direction, `None` where it may not.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Traversal {
    /// In the direction of the line.
    pub forward: Option<f64>,
    /// Against it.
    pub backward: Option<f64>,
}

/// Rules of access and speed for one travel mode.
///
/// ```
/// use commonground::model::{Street, Traveller};
/// use commonground::network::TravelProfile;
/// let mut street = Street {
///     line: vec![(0.0, 0.0), (100.0, 0.0)].into(),
///     tags: [("highway", "residential"), ("oneway", "yes")].into_iter().collect(),
///     ..Street::default()
/// };
/// let drive = TravelProfile::of(Traveller::Car);
/// assert!(drive.traversal(&street).unwrap().backward.is_none());
/// // Walkers take no notice; a metre at 4.8 km/h takes 750 ms.
/// let walk = TravelProfile::of(Traveller::Adult);
/// assert_eq!(walk.traversal(&street).unwrap().backward, Some(750.0));
/// street.tags = [("highway", "steps")].into_iter().collect();
/// assert_eq!(TravelProfile::of(Traveller::Wheelchair).traversal(&street), None);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct TravelProfile {
    settings: TravelSettings,
}

impl TravelProfile {
    /// The tables of a traveller with what the settings change.
    ///
    /// # Errors
    /// Those of [`TravelSettings::check`].
    pub fn new(settings: TravelSettings) -> Result<Self> {
        settings.check()?;
        Ok(Self { settings })
    }

    /// The tables of a traveller.
    #[must_use]
    pub fn of(traveller: Traveller) -> Self {
        Self { settings: TravelSettings::of(traveller) }
    }

    /// An adult who walks at one speed.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Parameter`] unless the speed lies between 0.5 and 15 km/h.
    pub fn walking(speed: KmPerHour) -> Result<Self> {
        Self::new(TravelSettings { speed_kmh: Some(speed.get()), ..TravelSettings::default() })
    }

    /// The settings as TOML, with every number to the last bit.
    pub(super) fn to_toml(&self) -> String {
        toml::to_string(&self.settings).expect("settings are a table of texts, numbers and truths")
    }

    /// What [`TravelProfile::to_toml`] wrote.
    pub(super) fn from_toml(text: &str) -> Result<Self> {
        let settings = toml::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Format, format!("the profile cannot be understood: {}", error.message()))
        })?;
        Self::new(settings)
    }

    /// Who travels.
    #[must_use]
    pub fn traveller(&self) -> Traveller {
        self.settings.profile
    }

    /// What differs from the tables.
    #[must_use]
    pub fn settings(&self) -> &TravelSettings {
        &self.settings
    }

    /// Speed in km/h on a good flat street of those who walk, and of cyclists and drivers away from any street.
    #[must_use]
    pub fn kmh_on_foot(&self) -> f64 {
        match self.traveller() {
            Traveller::Bicycle | Traveller::Car => speed::default_kmh(Traveller::Adult),
            _ => self.base_kmh(),
        }
    }

    /// Milliseconds that a metre takes away from any street, between a place and its street: cyclists and drivers walk.
    #[must_use]
    pub fn milliseconds_per_metre_off_street(&self) -> f64 {
        milliseconds_per_metre(self.kmh_on_foot())
    }

    /// Minutes that a distance takes on foot, away from any street.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if that is longer than any number.
    pub fn minutes_off_street(&self, distance: Metres) -> Result<Minutes> {
        Minutes::new(distance.get() * self.milliseconds_per_metre_off_street() / MILLISECONDS_PER_MINUTE)
    }

    /// How a street may be used; `None` if not at all.
    #[must_use]
    pub fn traversal(&self, street: &Street) -> Option<Traversal> {
        let tags = &street.tags;
        if tags.get("barrier").is_some() && !self.passes(tags) {
            return None;
        }
        let kmh = match (self.traveller(), ferry::is_ferry(tags)) {
            (traveller, true) => {
                let kmh = ferry::kmh(tags, || Euclidean.length(&street.line));
                access::may_board(tags, traveller).then_some([Some(kmh); 2])
            }
            (Traveller::Car, _) => self.driving(tags),
            (Traveller::Bicycle, _) => self.cycling(tags),
            _ => self.on_foot(street),
        }?;
        let [forward, backward] = kmh.map(|kmh| kmh.map(milliseconds_per_metre));
        (forward.is_some() || backward.is_some()).then_some(Traversal { forward, backward })
    }

    /// km/h in each direction on the footway.
    fn on_foot(&self, street: &Street) -> Option<[Option<f64>; 2]> {
        let tags = &street.tags;
        let traveller = self.traveller();
        let class = tags.get("highway");
        if !access::may_walk(tags, self.class_override(tags)) || !self.is_wide_and_flat_enough(tags) {
            return None;
        }
        let is_for_wheels = access::wheels_are_welcome(tags, traveller);
        if is_for_wheels == Some(false) {
            return None;
        }
        let on_steps = match class {
            Some("steps") => steps::share_of_speed(traveller, street)?,
            _ => 1.0,
        };
        // Where a tag says that wheels can pass, the ground is good enough, if slow.
        let on_ground = match self.share_on_surface(tags) {
            Some(share) => share,
            None if is_for_wheels == Some(true) => surface::SLOWEST,
            None => return None,
        };
        let kmh = self.class_speed(tags).unwrap_or_else(|| self.base_kmh() * on_steps) * on_ground;
        Some(oneway::on_foot(tags).map(|is_open| is_open.then_some(kmh)))
    }

    /// km/h in each direction on a bicycle; against a one-way street, on steps and where people walk it is pushed.
    fn cycling(&self, tags: &Tags) -> Option<[Option<f64>; 2]> {
        let way = access::may_cycle(tags, self.class_override(tags));
        if way == Way::Closed {
            return None;
        }
        let pushing = access::may_walk(tags, None).then(|| match tags.get("highway") {
            Some("steps") => speed::PUSHING_ON_STEPS_KMH,
            _ => speed::PUSHING_KMH,
        });
        let riding = match (way, self.share_on_surface(tags)) {
            (Way::Open, Some(share)) => {
                let class = tags.get("highway").unwrap_or_default();
                let own = || self.base_kmh() * speed::share_by_bicycle(class);
                Some(self.class_speed(tags).unwrap_or_else(own) * share)
            }
            _ => None,
        };
        let [on_foot, directions] = [oneway::on_foot(tags), oneway::by_bicycle(tags)];
        let kmh = [0, 1].map(|direction| {
            let ridden = riding.filter(|_| directions[direction]);
            let pushed = pushing.filter(|_| on_foot[direction]);
            ridden.into_iter().chain(pushed).max_by(f64::total_cmp)
        });
        Some(kmh)
    }

    /// km/h in each direction in a car.
    fn driving(&self, tags: &Tags) -> Option<[Option<f64>; 2]> {
        let class = tags.get("highway")?;
        if access::may_drive(tags, self.class_override(tags)) == Way::Closed {
            return None;
        }
        let share = self.share_on_surface(tags)?;
        let limits = maxspeed::limits(tags);
        let kmh = limits.map(|limit| match (self.class_speed(tags), limit) {
            (Some(given), limit) => given.min(limit.unwrap_or(f64::INFINITY)),
            (None, Some(limit)) => limit * speed::DRIVEN_SHARE_OF_LIMIT,
            (None, None) => speed::by_car_kmh(class),
        });
        let directions = oneway::by_car(tags);
        Some([0, 1].map(|direction| directions[direction].then_some(kmh[direction] * share)))
    }

    /// km/h on a good flat street.
    fn base_kmh(&self) -> f64 {
        self.settings.speed_kmh.unwrap_or_else(|| speed::default_kmh(self.traveller()))
    }

    /// km/h that the settings give to the class of a street.
    fn class_speed(&self, tags: &Tags) -> Option<f64> {
        tags.get("highway").and_then(|class| self.settings.speeds.get(class)).copied()
    }

    /// Whether the settings open or close the class of a street.
    fn class_override(&self, tags: &Tags) -> Option<bool> {
        tags.get("highway").and_then(|class| self.settings.open.get(class)).copied()
    }
}

fn milliseconds_per_metre(kmh: f64) -> f64 {
    3_600.0 / kmh
}

impl fmt::Display for TravelProfile {
    /// Who travels and how fast: the speed is always said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.traveller() {
            Traveller::Car => {
                write!(f, "{} at the speeds of each class of street", self.traveller())?;
            }
            traveller => write!(f, "{traveller} at {} km/h on a good flat street", self.base_kmh())?,
        }
        for (number, (class, kmh)) in self.settings.speeds.iter().enumerate() {
            let before = if number == 0 { "; as given: " } else { ", " };
            write!(f, "{before}{class} {kmh} km/h")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
