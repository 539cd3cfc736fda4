//! How fast each traveller is where no tag says more.

use crate::model::{DEFAULT_WALKING_SPEED_KMH, Traveller};

/// Speed of older adults at risk of losing mobility, in km/h: 0.76 m/s on average, and 1.4 % of them reach the 1.2 m/s
/// that crossings are timed for (REACT trial, University of Bath, 768 people of 65 and over).
const OLDER_ADULT_KMH: f64 = 2.7;
/// Speed in a manual wheelchair in km/h: 0.79 m/s on average over two weeks at home (Tolerico et al. 2007, "Assessing
/// mobility characteristics and activity levels of manual wheelchair users", J. Rehabil. Res. Dev. 44(4), 561-572).
const WHEELCHAIR_KMH: f64 = 2.8;
/// Speed on a bicycle in km/h: `default_speed` of OSRM's bicycle profile. Peers span 12 (R5) to 18 (Valhalla's hybrid).
const BICYCLE_KMH: f64 = 15.0;
/// Speed in km/h of who pushes a bicycle: `walking_speed` of OSRM's bicycle profile.
pub(super) const PUSHING_KMH: f64 = 4.0;
/// The same on steps: `pedestrian_speeds.steps` of OSRM's bicycle profile.
pub(super) const PUSHING_ON_STEPS_KMH: f64 = 2.0;
/// What is driven of a speed limit on average, junctions counted in: `speed_reduction` of OSRM's car profile.
pub(super) const DRIVEN_SHARE_OF_LIMIT: f64 = 0.8;

/// km/h on a good flat street. Prams are pushed at the speed of adults: on smooth ground nothing published says less.
pub(super) const fn default_kmh(traveller: Traveller) -> f64 {
    match traveller {
        Traveller::Adult | Traveller::Pram => DEFAULT_WALKING_SPEED_KMH,
        Traveller::OlderAdult => OLDER_ADULT_KMH,
        Traveller::Wheelchair => WHEELCHAIR_KMH,
        Traveller::Bicycle => BICYCLE_KMH,
        // Only where a street has no class.
        Traveller::Car => 10.0,
    }
}

/// Share of the cycling speed on a class of street: `bicycle_speeds` of OSRM's bicycle profile over 15 km/h.
pub(super) fn share_by_bicycle(class: &str) -> f64 {
    match class {
        "path" | "bridleway" => 13.0 / 15.0,
        "track" => 12.0 / 15.0,
        _ => 1.0,
    }
}

/// km/h in a car where no limit is tagged, delay at junctions counted in: `speeds.highway` of OSRM's car profile, which
/// knows no country; 10 km/h (its `default_speed`) on every other class.
pub(super) fn by_car_kmh(class: &str) -> f64 {
    match class {
        "motorway" => 90.0,
        "trunk" => 85.0,
        "primary" => 65.0,
        "secondary" => 55.0,
        "motorway_link" => 45.0,
        "trunk_link" | "tertiary" => 40.0,
        "primary_link" => 30.0,
        "secondary_link" | "residential" | "unclassified" => 25.0,
        "tertiary_link" => 20.0,
        "service" => 15.0,
        _ => 10.0,
    }
}
