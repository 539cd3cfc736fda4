//! Which buildings people live in, as far as OpenStreetMap can say.

use super::land::LandIndex;
use crate::model::Tags;
use geo::{Distance, Haversine, InteriorPoint, LineString, MultiPolygon};

/// Values of `building` that are homes (wiki page `Key:building`, section Accommodation, without hotels).
pub const RESIDENTIAL_BUILDINGS: [&str; 18] = [
    "apartments",
    "bungalow",
    "cabin",
    "detached",
    "dormitory",
    "farm",
    "ger",
    "house",
    "houseboat",
    "hut",
    "residential",
    "semi",
    "semidetached_house",
    "static_caravan",
    "stilt_house",
    "terrace",
    "tree_house",
    "trullo",
];

/// Keys which say that a plain `building=yes` is for something else than homes.
const OTHER_USES: [&str; 19] = [
    "aeroway",
    "amenity",
    "building:use",
    "club",
    "craft",
    "emergency",
    "government",
    "healthcare",
    "industrial",
    "leisure",
    "man_made",
    "military",
    "office",
    "power",
    "public_transport",
    "railway",
    "religion",
    "shop",
    "tourism",
];

/// Values of those keys that are homes after all.
const RESIDENTIAL_USES: [(&str, &[&str]); 3] = [
    ("amenity", &["dormitory", "nursing_home", "retirement_home", "student_accommodation"]),
    ("building:use", &["apartments", "house", "residential"]),
    ("tourism", &["apartment", "apartments"]),
];

/// Smallest footprint of a home that does not say it is one, in m². Sheds cover 10 m², a garage for one car 15 to 20 m²; of
/// 470 buildings in and around Monaco that say they are homes, one covers less than 30 m².
pub const SMALLEST_HOME_M2: f64 = 30.0;

/// Largest footprint of a home that does not say it is one, in m². Of those 470 buildings the largest covers 7,384 m².
pub const LARGEST_HOME_M2: f64 = 10_000.0;

/// Greatest depth of a home that does not say it is one, in metres: twice the footprint over the perimeter, the width of a
/// long building and half the side of a square one. Rooms need windows: 98 in 100 of those 470, towers with their plinths, are
/// less than 20 m deep. Halls, shopping centres and terminals are deeper.
pub const DEEPEST_HOME_M: f64 = 20.0;

/// Whether people live in a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Dwelling {
    /// Its tags say so: a value of [`RESIDENTIAL_BUILDINGS`], flats that are counted, a home for the elderly.
    Stated,
    /// A plain `building=yes` that nothing speaks against.
    Likely,
    /// A plain `building=yes` that is probably none.
    Doubtful(Doubt),
    /// Another kind of building, or one with another use.
    No,
}

/// Why a plain `building=yes` is probably no home.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Doubt {
    /// It stands on land for something else ([`super::LAND_OF_OTHER_USES`]).
    Land,
    /// Its footprint is smaller than [`SMALLEST_HOME_M2`].
    Small,
    /// Its footprint is larger than [`LARGEST_HOME_M2`], or it is deeper than [`DEEPEST_HOME_M`].
    Large,
}

/// Says whether people live in a building with a footprint in m², on land of whatever use.
pub(super) fn dwelling(
    tags: &Tags,
    shape: &MultiPolygon<f64>,
    footprint_m2: f64,
    land: &LandIndex<'_>,
) -> Dwelling {
    match of_tags(tags) {
        Dwelling::Likely => {}
        known => return known,
    }
    if footprint_m2 < SMALLEST_HOME_M2 {
        Dwelling::Doubtful(Doubt::Small)
    } else if footprint_m2 > LARGEST_HOME_M2 || 2.0 * footprint_m2 / perimeter_m(shape) > DEEPEST_HOME_M {
        Dwelling::Doubtful(Doubt::Large)
    } else if shape.interior_point().is_some_and(|place| land.is_for_other_uses(place)) {
        Dwelling::Doubtful(Doubt::Land)
    } else {
        Dwelling::Likely
    }
}

/// What the tags say by themselves.
fn of_tags(tags: &Tags) -> Dwelling {
    let Some(building) = tags.get("building") else { return Dwelling::No };
    let says_homes = |key: &str| {
        let homes = RESIDENTIAL_USES.iter().find(|(one, _)| *one == key);
        homes.is_some_and(|(_, values)| super::tags::has_value(tags, key, values))
    };
    let has_flats = tags
        .get("building:flats")
        .and_then(|flats| flats.trim().parse().ok())
        .is_some_and(|flats: f64| flats > 0.0);
    if RESIDENTIAL_BUILDINGS.contains(&building) || has_flats || says_homes("building:use") {
        return Dwelling::Stated;
    }
    if building != "yes" {
        return Dwelling::No;
    }
    if says_homes("amenity") {
        return Dwelling::Stated;
    }
    let has_other_use = |key: &&str| tags.get(key).is_some_and(|value| value != "no") && !says_homes(key);
    if OTHER_USES.iter().any(has_other_use) { Dwelling::No } else { Dwelling::Likely }
}

/// Length of all rings of a shape in degrees, in metres.
fn perimeter_m(shape: &MultiPolygon<f64>) -> f64 {
    let length = |ring: &LineString<f64>| -> f64 {
        ring.lines().map(|line| Haversine.distance(line.start_point(), line.end_point())).sum()
    };
    shape.iter().map(|part| length(part.exterior()) + part.interiors().iter().map(length).sum::<f64>()).sum()
}

/// The number of levels that the tags say, if it is a number above zero; else one for every three metres of height, as
/// OpenStreetMap's three-dimensional buildings count them (wiki page `Simple 3D Buildings`).
pub(super) fn levels(tags: &Tags) -> Option<f64> {
    const STOREY_M: f64 = 3.0;
    const METRES_IN_A_FOOT: f64 = 0.3048;
    let number = |text: &str| -> Option<f64> {
        let number: f64 = text.trim().parse().ok()?;
        (number.is_finite() && number > 0.0).then_some(number)
    };
    let height_m = |text: &str| match text.trim().strip_suffix('\'').or(text.trim().strip_suffix("ft")) {
        Some(feet) => number(feet).map(|feet| feet * METRES_IN_A_FOOT),
        None => number(text.trim().strip_suffix('m').unwrap_or(text)),
    };
    let of_height =
        || tags.get("height").and_then(height_m).map(|height| (height / STOREY_M).round().max(1.0));
    tags.get("building:levels").and_then(number).or_else(of_height)
}

#[cfg(test)]
mod tests {
    use super::super::OsmLand;
    use super::*;
    use geo::{ChamberlainDuquetteArea, Rect, coord};

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().copied().collect()
    }

    /// A building of so many metres at the equator, on industrial land east of longitude 1.
    fn judged(pairs: &[(&str, &str)], longitude: f64, (width_m, depth_m): (f64, f64)) -> Dwelling {
        const DEGREES_IN_A_METRE: f64 = 1.0 / 111_195.0;
        let rect = |x: f64, width: f64, depth: f64| {
            let rect = Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + width, y: depth });
            MultiPolygon::new(vec![rect.to_polygon()])
        };
        let shape = rect(longitude, width_m * DEGREES_IN_A_METRE, depth_m * DEGREES_IN_A_METRE);
        let land = [OsmLand { shape: rect(1.0, 1.0, 1.0), is_for_homes: false }];
        dwelling(&tags(pairs), &shape, shape.chamberlain_duquette_unsigned_area(), &LandIndex::new(&land))
    }

    #[test]
    fn a_plain_building_is_a_home_only_where_nothing_speaks_against() {
        let plain = [("building", "yes")];
        for (longitude, size, expected) in [
            (0.0, (12.0, 9.0), Dwelling::Likely),
            (0.0, (120.0, 14.0), Dwelling::Likely),
            (0.0, (5.0, 4.0), Dwelling::Doubtful(Doubt::Small)),
            (0.0, (60.0, 80.0), Dwelling::Doubtful(Doubt::Large)),
            (0.0, (900.0, 14.0), Dwelling::Doubtful(Doubt::Large)),
            (1.5, (12.0, 9.0), Dwelling::Doubtful(Doubt::Land)),
        ] {
            assert_eq!(judged(&plain, longitude, size), expected, "{size:?} at {longitude}");
        }
        // What says that it is a home is one everywhere, however large.
        for stated in [
            [("building", "apartments"), ("shop", "bakery")],
            [("building", "commercial"), ("building:flats", "12")],
        ] {
            assert_eq!(judged(&stated, 1.5, (60.0, 80.0)), Dwelling::Stated, "{stated:?}");
        }
    }

    #[test]
    fn buildings_of_another_kind_or_use_are_no_homes() {
        let house = |pairs: &[(&str, &str)]| judged(pairs, 0.0, (12.0, 9.0));
        for kind in ["garage", "garages", "shed", "construction", "roof", "commercial", "hotel", "no"] {
            assert_eq!(house(&[("building", kind)]), Dwelling::No, "{kind}");
        }
        for (key, value) in [
            ("shop", "car"),
            ("aeroway", "terminal"),
            ("office", "company"),
            ("tourism", "hotel"),
            ("public_transport", "station"),
            ("building:use", "commercial"),
        ] {
            assert_eq!(house(&[("building", "yes"), (key, value)]), Dwelling::No, "{key}={value}");
        }
        for (key, value) in [("amenity", "nursing_home"), ("building:use", "residential")] {
            assert_eq!(house(&[("building", "yes"), (key, value)]), Dwelling::Stated, "{key}={value}");
        }
        assert_eq!(house(&[("building", "yes"), ("tourism", "apartment")]), Dwelling::Likely);
    }

    #[test]
    fn levels_come_from_their_number_or_the_height() {
        for (pairs, expected) in [
            ([("building:levels", "4"), ("height", "100")], Some(4.0)),
            ([("building:levels", "-1"), ("height", "10 m")], Some(3.0)),
            ([("building", "yes"), ("height", "40'")], Some(4.0)),
            ([("building", "yes"), ("height", "2")], Some(1.0)),
            ([("building", "yes"), ("height", "tall")], None),
        ] {
            assert_eq!(levels(&tags(&pairs)), expected, "{pairs:?}");
        }
    }
}
