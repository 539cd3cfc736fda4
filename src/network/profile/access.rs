//! Who may use a street at all.
//!
//! Tags go from the special to the general (OpenStreetMap wiki, "Key:access", transport mode hierarchy):
//! `foot` before `access`; `bicycle` before `vehicle` before `access`; `motorcar` before `motor_vehicle` before `vehicle`
//! before `access`. The first that says anything decides. A special tag opens even a class of street that is closed as
//! such (a footway with `bicycle=yes`); a general one only closes.

use crate::model::{Tags, Traveller};

/// How a vehicle may use a street.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Ridden or driven.
    Open,
    /// Pushed by a person on foot.
    Pushed,
    /// Not at all.
    Closed,
}

/// Values that open a street to who wants to go to a place on it.
const OPEN: [&str; 8] =
    ["yes", "designated", "permissive", "destination", "customers", "official", "discouraged", "public"];
/// Values that close it.
const CLOSED: [&str; 11] = [
    "no",
    "private",
    "use_sidepath",
    "military",
    "agricultural",
    "forestry",
    "agricultural;forestry",
    "delivery",
    "emergency",
    "permit",
    "residents",
];

/// Classes closed to people on foot unless a tag opens them
/// (OpenStreetMap wiki, "OSM tags for routing/Access restrictions", world-wide defaults).
const CLOSED_TO_WALKERS: [&str; 10] = [
    "motorway",
    "motorway_link",
    "construction",
    "proposed",
    "abandoned",
    "raceway",
    "bus_guideway",
    "busway",
    "escape",
    "no",
];

/// Classes open to bicycles (the same page, and the classes that OSRM's bicycle profile rides on).
const OPEN_TO_BICYCLES: [&str; 17] = [
    "cycleway",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "residential",
    "unclassified",
    "living_street",
    "road",
    "service",
    "track",
    "path",
    "bicycle_road",
];

/// Classes open to cars (the same page; tracks and paths are left out, as in OSRM's car profile).
const OPEN_TO_CARS: [&str; 15] = [
    "motorway",
    "motorway_link",
    "trunk",
    "trunk_link",
    "primary",
    "primary_link",
    "secondary",
    "secondary_link",
    "tertiary",
    "tertiary_link",
    "residential",
    "unclassified",
    "living_street",
    "road",
    "service",
];

/// What one key says.
fn word(tags: &Tags, key: &str) -> Option<bool> {
    let value = tags.get(key)?;
    if OPEN.contains(&value) {
        return Some(true);
    }
    CLOSED.contains(&value).then_some(false)
}

/// What the first key that says anything says.
pub(super) fn first_word(tags: &Tags, keys: &[&str]) -> Option<bool> {
    keys.iter().find_map(|key| word(tags, key))
}

/// Keys from the special to the general.
pub(super) fn keys_of(traveller: Traveller) -> &'static [&'static str] {
    match traveller {
        Traveller::Car => &["motorcar", "motor_vehicle", "vehicle", "access"],
        Traveller::Bicycle => &["bicycle", "vehicle", "access"],
        _ => &["foot", "access"],
    }
}

/// `class_is_open` is what the user says of the class, if anything.
pub(super) fn may_walk(tags: &Tags, class_is_open: Option<bool>) -> bool {
    if let Some(foot) = word(tags, "foot") {
        return foot;
    }
    let has_sidewalk = matches!(tags.get("sidewalk"), Some("both" | "left" | "right" | "yes"));
    let is_open = class_is_open.unwrap_or_else(|| match tags.get("highway") {
        Some(class) => (!CLOSED_TO_WALKERS.contains(&class) && !tags.is("motorroad", "yes")) || has_sidewalk,
        None => false,
    });
    is_open && word(tags, "access") != Some(false)
}

/// Riding where the tags let one ride, else pushing where people walk.
///
/// `bicycle=no` forbids to ride: who pushes is on foot, as in R5, OpenTripPlanner and BRouter (OSRM, Valhalla and GraphHopper
/// close such streets, and leave those behind them cut off). Other refusals (`private`, `use_sidepath`) close.
pub(super) fn may_cycle(tags: &Tags, class_is_open: Option<bool>) -> Way {
    match word(tags, "bicycle") {
        Some(true) => return Way::Open,
        Some(false) if !tags.is("bicycle", "no") => return Way::Closed,
        Some(false) | None => {}
    }
    let class = tags.get("highway").unwrap_or_default();
    let is_open = class_is_open.unwrap_or_else(|| OPEN_TO_BICYCLES.contains(&class));
    let is_rideable = is_open
        && first_word(tags, &["vehicle", "access"]) != Some(false)
        && !tags.is("motorroad", "yes")
        && !matches!(tags.get("bicycle"), Some("no" | "dismount"));
    match is_rideable {
        true => Way::Open,
        false if may_walk(tags, None) => Way::Pushed,
        false => Way::Closed,
    }
}

/// Squares (`area=yes`) and lanes whose direction changes by the hour are closed to cars.
pub(super) fn may_drive(tags: &Tags, class_is_open: Option<bool>) -> Way {
    let special = first_word(tags, &["motorcar", "motor_vehicle"]);
    let class = tags.get("highway").unwrap_or_default();
    let is_open = special.unwrap_or_else(|| {
        class_is_open.unwrap_or_else(|| OPEN_TO_CARS.contains(&class))
            && first_word(tags, &["vehicle", "access"]) != Some(false)
    });
    let is_drivable = is_open && !tags.is("area", "yes") && !tags.is("oneway", "reversible");
    if is_drivable { Way::Open } else { Way::Closed }
}

/// Ferries carry people and bicycles unless a tag says no, and cars only where a tag says so
/// (OpenStreetMap wiki, "Tag:route=ferry").
pub(super) fn may_board(tags: &Tags, traveller: Traveller) -> bool {
    match traveller {
        Traveller::Car => first_word(tags, &["motorcar", "motor_vehicle"]) == Some(true),
        Traveller::Wheelchair if tags.is("wheelchair", "no") => false,
        _ => first_word(tags, keys_of(traveller)) != Some(false),
    }
}

/// What the tags say about wheels, for those who have some; `None` if nothing.
pub(super) fn wheels_are_welcome(tags: &Tags, traveller: Traveller) -> Option<bool> {
    match (traveller, tags.get("wheelchair")) {
        (Traveller::Wheelchair | Traveller::Pram, Some("yes" | "designated")) => Some(true),
        (Traveller::Wheelchair, Some("no")) => Some(false),
        _ => None,
    }
}
