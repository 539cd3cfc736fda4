//! Who travels, and what a study says about it that differs from the tables.

use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Who travels: people differ in speed and in what stops them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Traveller {
    /// An adult on foot.
    #[default]
    Adult,
    /// An older adult at risk of losing mobility: slow, and no long flights of steps.
    OlderAdult,
    /// An adult with a pram: no steps without a ramp, no soft ground.
    Pram,
    /// Somebody in a manual wheelchair: no steps, raised kerbs, steep slopes or rough ground.
    Wheelchair,
    /// A cyclist, who may get off and push where people walk.
    Bicycle,
    /// A driver.
    Car,
}

impl Traveller {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Adult, Self::OlderAdult, Self::Pram, Self::Wheelchair, Self::Bicycle, Self::Car];
    /// Those on the footway.
    pub const PEOPLE: [Self; 4] = [Self::Adult, Self::OlderAdult, Self::Pram, Self::Wheelchair];

    /// The name in `study.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::OlderAdult => "older_adult",
            Self::Pram => "pram",
            Self::Wheelchair => "wheelchair",
            Self::Bicycle => "bicycle",
            Self::Car => "car",
        }
    }

    /// The traveller of a name.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is none.
    pub fn named(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|traveller| traveller.name() == name).ok_or_else(|| {
            Error::new(ErrorKind::Parameter, format!("`{name}` is not a travel mode"))
                .hint(format!("one of {}", Self::ALL.map(Self::name).join(", ")))
        })
    }
}

impl fmt::Display for Traveller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Adult => "an adult on foot",
            Self::OlderAdult => "an older adult on foot",
            Self::Pram => "an adult with a pram",
            Self::Wheelchair => "somebody in a wheelchair",
            Self::Bicycle => "somebody on a bicycle",
            Self::Car => "somebody in a car",
        })
    }
}

/// The table `[travel]` of a study: who travels, and what differs from the tables of that profile.
///
/// ```toml
/// [travel]
/// profile = "wheelchair"          # adult (default), older_adult, pram, wheelchair, bicycle, car
/// speed_kmh = 3.0                 # on a good flat street; not for cars
/// speeds = { residential = 25 }   # km/h by class of street
/// open = { track = true }         # classes of street that are open or closed
/// surfaces = { sett = 0.4 }       # share of the speed on a surface; 0 closes it
/// smoothness = { bad = 0.5 }      # the same by smoothness
/// barriers = { bollard = true }   # what can be passed
/// max_slope_percent = 6.0         # where elevation or `incline` is known
/// compare = ["older_adult"]       # people whose access is set beside that of `profile`
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct TravelSettings {
    /// Who travels.
    pub profile: Traveller,
    /// Speed in km/h on a good flat street; `None` for the profile's own.
    pub speed_kmh: Option<f64>,
    /// Steepest slope in percent; `None` for the profile's own.
    pub max_slope_percent: Option<f64>,
    /// Speed in km/h by value of `highway`.
    pub speeds: BTreeMap<String, f64>,
    /// Whether a class of street is open, by value of `highway`, where no tag of the street says so.
    pub open: BTreeMap<String, bool>,
    /// Share of the speed that is left, by value of `surface`; 0 closes.
    pub surfaces: BTreeMap<String, f64>,
    /// Share of the speed that is left, by value of `smoothness`; 0 closes.
    pub smoothness: BTreeMap<String, f64>,
    /// Whether a barrier can be passed, by value of `barrier`.
    pub barriers: BTreeMap<String, bool>,
    /// People whose access an assessment sets beside that of `profile`, each by the tables of its own profile.
    pub compare: Vec<Traveller>,
}

impl TravelSettings {
    /// Those of a traveller, with nothing changed.
    #[must_use]
    pub fn of(profile: Traveller) -> Self {
        Self { profile, ..Self::default() }
    }

    /// Settings written as JSON, with the keys of the table `[travel]`.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if a key or a value is unknown.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|error| {
            let message = format!("the profile cannot be understood: {error}");
            Error::new(ErrorKind::Parameter, message).hint(format!(
                "`profile` is one of {}; see the table `[travel]` of a study",
                Traveller::ALL.map(Traveller::name).join(", ")
            ))
        })
    }

    /// Checks that speeds are speeds, shares are shares, and classes are known.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`], with the key.
    pub fn check(&self) -> Result<()> {
        let wrong = |key: String, value: f64, hint: String| {
            Error::new(ErrorKind::Parameter, format!("`{key}` is {value}")).hint(hint)
        };
        if let Some(speed) = self.speed_kmh {
            let (low, high) = match self.profile {
                Traveller::Car => {
                    let message = "`speed_kmh` has no meaning for a car";
                    return Err(Error::new(ErrorKind::Parameter, message)
                        .hint("give speeds by class: `speeds = { residential = 25 }`"));
                }
                Traveller::Bicycle => (3.0, 50.0),
                _ => (0.5, 15.0),
            };
            if !(low..=high).contains(&speed) {
                let hint = format!("{} moves at {low} to {high} km/h", self.profile);
                return Err(wrong("speed_kmh".into(), speed, hint));
            }
        }
        if let Some(slope) = self.max_slope_percent
            && !(0.0..=100.0).contains(&slope)
        {
            return Err(wrong("max_slope_percent".into(), slope, "it must lie between 0 and 100".into()));
        }
        for (class, &speed) in &self.speeds {
            if !(0.5..=200.0).contains(&speed) {
                let hint = "it must lie between 0.5 and 200 km/h".into();
                return Err(wrong(format!("speeds.{class}"), speed, hint));
            }
        }
        for (table, shares) in [("surfaces", &self.surfaces), ("smoothness", &self.smoothness)] {
            for (value, &share) in shares {
                if !(0.0..=1.0).contains(&share) {
                    let hint = "it is a share of the speed, 0 (closed) to 1".into();
                    return Err(wrong(format!("{table}.{value}"), share, hint));
                }
            }
        }
        for (number, person) in self.compare.iter().enumerate() {
            let reason = if !Traveller::PEOPLE.contains(person) || !Traveller::PEOPLE.contains(&self.profile)
            {
                "only people on the footway can be compared"
            } else if *person == self.profile || self.compare[..number].contains(person) {
                "somebody cannot be compared with the same person"
            } else {
                continue;
            };
            let message = format!("`compare` names `{}`: {reason}", person.name());
            return Err(Error::new(ErrorKind::Parameter, message).hint(format!(
                "others than `profile` among {}",
                Traveller::PEOPLE.map(Traveller::name).join(", ")
            )));
        }
        let classes = self.speeds.keys().map(|class| ("speeds", class));
        for (table, class) in classes.chain(self.open.keys().map(|class| ("open", class))) {
            if !STREET_CLASSES.contains(&class.as_str()) {
                let message = format!("`{table}.{class}` is not a class of street");
                return Err(Error::new(ErrorKind::Parameter, message)
                    .hint(format!("one of {}", STREET_CLASSES.join(", "))));
            }
        }
        Ok(())
    }
}

/// Values of `highway` that a network knows (OpenStreetMap wiki, `Key:highway`, roads and paths).
pub const STREET_CLASSES: [&str; 26] = [
    "bridleway",
    "busway",
    "corridor",
    "cycleway",
    "escape",
    "footway",
    "living_street",
    "motorway",
    "motorway_link",
    "path",
    "pedestrian",
    "platform",
    "primary",
    "primary_link",
    "residential",
    "road",
    "secondary",
    "secondary_link",
    "service",
    "steps",
    "tertiary",
    "tertiary_link",
    "track",
    "trunk",
    "trunk_link",
    "unclassified",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_speed_share_or_class_is_refused_with_its_key() {
        let of = |text: &str| toml::from_str::<TravelSettings>(text).unwrap().check();
        assert!(of("profile = \"car\"\nspeeds = { residential = 30 }\nopen = { track = true }").is_ok());
        for (text, key) in [
            ("speed_kmh = 40", "`speed_kmh`"),
            ("speed_kmh = nan", "`speed_kmh`"),
            ("profile = \"car\"\nspeed_kmh = 40", "`speed_kmh`"),
            ("speeds = { residential = 0 }", "`speeds.residential`"),
            ("speeds = { residental = 20 }", "`speeds.residental`"),
            ("open = { lane = true }", "`open.lane`"),
            ("surfaces = { sand = 1.5 }", "`surfaces.sand`"),
            ("smoothness = { bad = -0.1 }", "`smoothness.bad`"),
            ("max_slope_percent = -1", "`max_slope_percent`"),
            ("compare = [\"adult\"]", "`compare`"),
            ("compare = [\"pram\", \"pram\"]", "`compare`"),
            ("compare = [\"car\"]", "`compare`"),
        ] {
            let error = of(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Parameter);
            assert!(error.message().contains(key), "{error}");
        }
    }

    #[test]
    fn travellers_are_found_by_their_names() {
        for traveller in Traveller::ALL {
            assert_eq!(Traveller::named(traveller.name()).unwrap(), traveller);
            let text = format!("profile = \"{}\"", traveller.name());
            assert_eq!(toml::from_str::<TravelSettings>(&text).unwrap(), TravelSettings::of(traveller));
        }
        assert_eq!(Traveller::named("horse").unwrap_err().kind(), ErrorKind::Parameter);
    }
}
