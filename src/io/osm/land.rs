//! What land is for: where a building without a use of its own is no home.

use super::tags::has_value;
use crate::model::Tags;
use geo::{Area, BoundingRect, Intersects, MultiPolygon, Point};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// `(key, values)` of areas on which nobody lives unless a building there says so; no values: whatever the value.
///
/// Sources: the key pages of the OpenStreetMap wiki. What covers whole quarters beside its use is left out
/// (`leisure=nature_reserve`, `leisure=marina`, `tourism=attraction`, `amenity=parking`, which may lie below homes), and so is
/// land with farmhouses (`landuse=farmland`, `farmyard`).
pub const LAND_OF_OTHER_USES: [(&str, &[&str]); 8] = [
    (
        "landuse",
        &[
            "allotments",
            "brownfield",
            "cemetery",
            "commercial",
            "construction",
            "depot",
            "education",
            "fairground",
            "garages",
            "greenfield",
            "greenhouse_horticulture",
            "industrial",
            "landfill",
            "military",
            "plant_nursery",
            "port",
            "quarry",
            "railway",
            "recreation_ground",
            "religious",
            "retail",
            "winter_sports",
        ],
    ),
    ("aeroway", &[]),
    ("military", &[]),
    (
        "amenity",
        &[
            "bus_station",
            "clinic",
            "college",
            "community_centre",
            "conference_centre",
            "courthouse",
            "events_venue",
            "exhibition_centre",
            "ferry_terminal",
            "fire_station",
            "grave_yard",
            "hospital",
            "kindergarten",
            "place_of_worship",
            "police",
            "prison",
            "public_building",
            "research_institute",
            "school",
            "townhall",
            "university",
        ],
    ),
    (
        "leisure",
        &["golf_course", "park", "pitch", "playground", "sports_centre", "stadium", "track", "water_park"],
    ),
    ("tourism", &["camp_site", "caravan_site", "museum", "theme_park", "zoo"]),
    ("power", &["plant", "substation"]),
    ("railway", &["station", "yard"]),
];

/// An area that says whether buildings on it may be homes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct OsmLand {
    /// Its area.
    pub shape: MultiPolygon<f64>,
    /// Whether people live there: `landuse=residential`; else it is one of [`LAND_OF_OTHER_USES`].
    pub is_for_homes: bool,
}

/// Whether the land is for homes; `None` where the tags do not say what it is for. Buildings are no land, and neither is
/// what lies below the ground.
pub(super) fn is_for_homes(tags: &Tags) -> Option<bool> {
    let is_below =
        tags.get("layer").and_then(|layer| layer.parse().ok()).is_some_and(|layer: f64| layer < 0.0);
    let is_building = tags.get("building").is_some_and(|value| value != "no");
    if is_below || is_building {
        return None;
    }
    if tags.is("landuse", "residential") {
        return Some(true);
    }
    let is_other = LAND_OF_OTHER_USES.iter().any(|(key, values)| match tags.get(key) {
        Some(value) if values.is_empty() => value != "no",
        _ => has_value(tags, key, values),
    });
    is_other.then_some(false)
}

/// Finds what the land at a place is for.
pub struct LandIndex<'a> {
    land: &'a [OsmLand],
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl<'a> LandIndex<'a> {
    /// An index of areas, in whatever system they are.
    #[must_use]
    pub fn new(land: &'a [OsmLand]) -> Self {
        let boxes = land.iter().enumerate().filter_map(|(index, one)| {
            let rect = one.shape.bounding_rect()?;
            let rectangle = Rectangle::from_corners(rect.min().into(), rect.max().into());
            Some(GeomWithData::new(rectangle, index))
        });
        Self { land, tree: RTree::bulk_load(boxes.collect()) }
    }

    /// Whether the land at a place is for something else than homes. Where areas lie in each other, the smallest decides:
    /// a housing estate within the limits of a port.
    #[must_use]
    pub fn is_for_other_uses(&self, place: Point<f64>) -> bool {
        let around = self.tree.locate_in_envelope_intersecting(&AABB::from_point(place.into()));
        let around = around.map(|one| one.data).filter(|index| self.land[*index].shape.intersects(&place));
        let area = |index: usize| self.land[index].shape.unsigned_area();
        let smallest = around.min_by(|&a, &b| area(a).total_cmp(&area(b)).then(a.cmp(&b)));
        smallest.is_some_and(|index| !self.land[index].is_for_homes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Rect, coord};

    fn tags(pairs: &[(&str, &str)]) -> Tags {
        pairs.iter().copied().collect()
    }

    #[test]
    fn land_says_what_it_is_for() {
        assert_eq!(is_for_homes(&tags(&[("landuse", "residential")])), Some(true));
        for (key, value) in [
            ("landuse", "industrial"),
            ("aeroway", "aerodrome"),
            ("amenity", "university"),
            ("leisure", "park"),
        ] {
            assert_eq!(is_for_homes(&tags(&[(key, value)])), Some(false), "{key}={value}");
        }
        for other in [
            tags(&[("landuse", "grass")]),
            tags(&[("amenity", "parking")]),
            tags(&[("landuse", "retail"), ("layer", "-1")]),
            tags(&[("amenity", "school"), ("building", "yes")]),
        ] {
            assert_eq!(is_for_homes(&other), None, "{other:?}");
        }
    }

    #[test]
    fn the_smallest_area_decides() {
        let square = |side: f64, is_for_homes| OsmLand {
            shape: MultiPolygon::new(vec![
                Rect::new(coord! { x: 0.0, y: 0.0 }, coord! { x: side, y: side }).to_polygon(),
            ]),
            is_for_homes,
        };
        let land = [square(10.0, false), square(4.0, true), square(1.0, false)];
        let index = LandIndex::new(&land);
        let at = |x: f64| index.is_for_other_uses(Point::new(x, x));
        assert_eq!([0.5, 2.0, 8.0, 20.0].map(at), [true, false, true, false]);
    }
}
