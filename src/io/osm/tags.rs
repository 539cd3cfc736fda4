//! Which tags of OpenStreetMap mean what: the preset tables.

use crate::model::{Tags, category};

/// `(category, key, values)`: an element with one of the values is a service of the category.
/// The first row that matches decides, so an element is one service.
///
/// Sources: the key pages of the OpenStreetMap wiki (`Key:amenity`, `Key:healthcare`, `Key:shop`).
/// - `school` leaves out colleges and universities, which serve a region, and kindergartens, which are child care.
/// - `clinic` is any place to see a doctor; laboratories, dentists and opticians are not.
/// - `grocery` is a full range of food or fresh food. Convenience stores are left out, as in the Food Access
///   Research Atlas (USDA 2009), which counts supermarkets and large grocery stores.
/// - `pharmacy` dispenses; `shop=chemist` does not.
/// - `cafe` is where people stay and talk (Oldenburg 1989, "The great good place": cafés, pubs, hair salons); restaurants
///   and fast food are not.
/// - `sport` leaves out what is private, and `swimming_pool`, which is mostly a pool behind a house.
pub const SERVICE_TAGS: [(&str, &str, &[&str]); 14] = [
    (category::SCHOOL, "amenity", &["school"]),
    (category::CLINIC, "amenity", &["clinic", "doctors", "hospital"]),
    (category::PLACE_OF_WORSHIP, "amenity", &["place_of_worship"]),
    (category::LIBRARY, "amenity", &["library"]),
    (category::COMMUNITY_CENTRE, "amenity", &["community_centre", "social_centre", "youth_centre"]),
    (category::CHILDCARE, "amenity", &["kindergarten", "childcare"]),
    (category::PHARMACY, "amenity", &["pharmacy"]),
    (category::MARKET, "amenity", &["marketplace"]),
    (category::CAFE, "amenity", &["biergarten", "cafe", "pub"]),
    (category::CLINIC, "healthcare", &["centre", "clinic", "doctor", "hospital"]),
    (category::PHARMACY, "healthcare", &["pharmacy"]),
    (category::GROCERY, "shop", &["greengrocer", "grocery", "supermarket"]),
    (category::CAFE, "shop", &["hairdresser"]),
    (category::SPORT, "leisure", &["pitch", "sports_centre", "sports_hall", "track"]),
];

/// `(key, values)` of areas that the public may walk in and that are green by use.
///
/// Land cover (`landuse=grass`, `landuse=forest`, `natural=wood`) is left out: it says what grows, not that people
/// may enter; verges and embankments are mapped as grass. Sports pitches and golf courses are left out: entry is tied
/// to a use. Compare WHO Europe (2016), "Urban green spaces and health", which counts publicly accessible green space.
pub const GREEN_SPACE_TAGS: [(&str, &[&str]); 2] = [
    ("leisure", &["park", "garden", "playground", "nature_reserve", "recreation_ground"]),
    ("landuse", &["recreation_ground", "village_green"]),
];

/// Values of `access` that keep the public out.
const NOT_PUBLIC: [&str; 5] = ["private", "no", "residents", "customers", "permit"];

/// Values of `highway` that are no street: not built, no longer there, or an area beside the road.
const NO_STREET: [&str; 11] = [
    "construction",
    "proposed",
    "planned",
    "abandoned",
    "disused",
    "razed",
    "no",
    "rest_area",
    "services",
    "street_lamp",
    "bus_stop",
];

/// The category of a service, if the element is one.
pub(super) fn service_category(tags: &Tags) -> Option<&'static str> {
    let (category, ..) = SERVICE_TAGS.iter().find(|(_, key, values)| has_value(tags, key, values))?;
    let is_private = *category == category::SPORT && is_private(tags);
    (!is_private).then_some(*category)
}

fn is_private(tags: &Tags) -> bool {
    tags.get("access").is_some_and(|access| matches!(access, "private" | "no" | "residents"))
}

/// Whether the element is a green space open to the public.
pub(super) fn is_green_space(tags: &Tags) -> bool {
    GREEN_SPACE_TAGS.iter().any(|(key, values)| has_value(tags, key, values))
        && !tags.get("access").is_some_and(|access| NOT_PUBLIC.contains(&access))
        && !has_value(tags, "garden:type", &["residential", "private"])
}

/// Whether anybody may sit down there: benches, and stops and shelters that have one.
pub(super) fn has_seat(tags: &Tags) -> bool {
    (tags.is("amenity", "bench") || tags.is("bench", "yes"))
        && !tags.get("access").is_some_and(|access| NOT_PUBLIC.contains(&access))
}

/// Whether the element is a building.
pub(super) fn is_building(tags: &Tags) -> bool {
    tags.get("building").is_some_and(|building| building != "no")
}

/// Whether a way is a street or a ferry line.
pub(super) fn is_street(tags: &Tags) -> bool {
    match tags.get("highway") {
        Some("platform") => !tags.is("area", "yes"),
        Some(highway) => !NO_STREET.contains(&highway),
        None => tags.is("route", "ferry"),
    }
}

/// Whether a node on a street may stop somebody.
pub(super) fn is_barrier(tags: &Tags) -> bool {
    ["barrier", "kerb", "kerb:height"].iter().any(|key| tags.get(key).is_some())
        || tags.is("wheelchair", "no")
        || speaks_of_the_way(tags)
}

/// Whether a node without a barrier says who may pass: of a shop or a parking place, `access` says who may use that.
fn speaks_of_the_way(tags: &Tags) -> bool {
    const OF_PASSAGE: [&str; 6] = ["access", "foot", "bicycle", "vehicle", "motor_vehicle", "motorcar"];
    const OF_SOMETHING_ELSE: [&str; 8] =
        ["amenity", "shop", "office", "craft", "leisure", "tourism", "healthcare", "public_transport"];
    let has = |keys: &[&str]| keys.iter().any(|key| tags.get(key).is_some());
    has(&OF_PASSAGE) && !has(&OF_SOMETHING_ELSE) && !has_value(tags, "highway", &["bus_stop", "crossing"])
}

/// Whether anything reads the key; the others are not kept.
pub(super) fn is_kept(key: &str) -> bool {
    const PREFIXES: [&str; 7] =
        ["oneway", "cycleway", "sidewalk", "maxspeed", "motor_vehicle", "bicycle", "foot"];
    matches!(
        key,
        "access"
            | "admin_level"
            | "aeroway"
            | "amenity"
            | "area"
            | "barrier"
            | "bench"
            | "bollard"
            | "boundary"
            | "bridge"
            | "building"
            | "building:flats"
            | "building:levels"
            | "building:use"
            | "club"
            | "conveying"
            | "craft"
            | "crossing"
            | "duration"
            | "emergency"
            | "garden:type"
            | "government"
            | "healthcare"
            | "height"
            | "highway"
            | "incline"
            | "indoor"
            | "industrial"
            | "junction"
            | "kerb"
            | "kerb:height"
            | "landuse"
            | "layer"
            | "leisure"
            | "level"
            | "lit"
            | "locked"
            | "man_made"
            | "military"
            | "motorcar"
            | "motorroad"
            | "name"
            | "natural"
            | "office"
            | "power"
            | "public_transport"
            | "railway"
            | "ramp"
            | "ramp:stroller"
            | "ramp:wheelchair"
            | "ref"
            | "religion"
            | "route"
            | "segregated"
            | "service"
            | "shop"
            | "smoothness"
            | "step_count"
            | "surface"
            | "tourism"
            | "tunnel"
            | "type"
            | "vehicle"
            | "waterway"
            | "wheelchair"
            | "width"
    ) || PREFIXES.iter().any(|prefix| key.starts_with(prefix))
}

/// Whether one of the values of a key (several are separated by `;`) is in a list.
pub(super) fn has_value(tags: &Tags, key: &str, values: &[&str]) -> bool {
    tags.get(key).is_some_and(|value| value.split(';').any(|one| values.contains(&one.trim())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().copied().collect()
    }

    #[test]
    fn a_church_with_a_library_is_one_service() {
        assert_eq!(
            service_category(&tags(&[("amenity", "library;place_of_worship")])),
            Some("place_of_worship")
        );
        assert_eq!(service_category(&tags(&[("amenity", "university")])), None);
        assert_eq!(service_category(&tags(&[("shop", "convenience")])), None);
    }

    #[test]
    fn third_places_are_those_that_anybody_may_enter() {
        assert_eq!(service_category(&tags(&[("amenity", "pub")])), Some("cafe"));
        assert_eq!(service_category(&tags(&[("amenity", "marketplace")])), Some("market"));
        assert_eq!(service_category(&tags(&[("leisure", "pitch")])), Some("sport"));
        assert_eq!(service_category(&tags(&[("leisure", "pitch"), ("access", "private")])), None);
        assert_eq!(service_category(&tags(&[("leisure", "swimming_pool")])), None);
    }

    #[test]
    fn private_gardens_are_no_green_space() {
        assert!(is_green_space(&tags(&[("leisure", "garden")])));
        assert!(!is_green_space(&tags(&[("leisure", "garden"), ("access", "private")])));
        assert!(!is_green_space(&tags(&[("leisure", "garden"), ("garden:type", "residential")])));
        assert!(!is_green_space(&tags(&[("landuse", "grass")])));
    }

    #[test]
    fn streets_that_are_not_there_are_left_out() {
        assert!(is_street(&tags(&[("highway", "steps")])));
        assert!(is_street(&tags(&[("route", "ferry")])));
        assert!(!is_street(&tags(&[("highway", "construction")])));
        assert!(!is_street(&tags(&[("highway", "platform"), ("area", "yes")])));
        assert!(!is_street(&tags(&[("building", "yes")])));
    }
}
