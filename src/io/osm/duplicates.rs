//! One school is often mapped three times: as a point, as a building and as its grounds.

use super::OsmService;
use super::places::few;
use crate::model::{Findings, SAME_PLACE_M};
use crate::{Error, ErrorKind};
use geo::{BoundingRect, Contains, Distance, Haversine, MultiPolygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use std::collections::HashMap;

/// The box around what a service covers, with its rank.
type Area = GeomWithData<Rectangle<[f64; 2]>, usize>;

/// Merges services of one category that are the same place: same name within [`SAME_PLACE_M`], or one inside the
/// area of the other. The largest area stays, else the first id; it takes a name where it has none.
pub(super) fn merge(services: Vec<OsmService>, findings: &mut Findings) -> Vec<OsmService> {
    let mut order: Vec<usize> = (0..services.len()).collect();
    let areas: Vec<f64> = services.iter().map(|service| service.shape.as_ref().map_or(0.0, area)).collect();
    order.sort_by(|&a, &b| {
        services[a].category.cmp(&services[b].category).then(areas[b].total_cmp(&areas[a])).then(a.cmp(&b))
    });
    let mut keeper: Vec<usize> = (0..services.len()).collect();
    for of_category in order.chunk_by(|&a, &b| services[a].category == services[b].category) {
        // Of those that are kept so far, by rank: who has a name, and who covers an area. A city has thousands of pitches.
        let mut named: HashMap<&str, Vec<usize>> = HashMap::new();
        let mut areas: RTree<Area> = RTree::new();
        for (rank, &candidate) in of_category.iter().enumerate() {
            let service = &services[candidate];
            let of_name = service.name.as_deref().and_then(|name| named.get(name)).into_iter().flatten();
            let around = areas.locate_in_envelope_intersecting(&AABB::from_point(service.location.into()));
            let near = of_name.copied().chain(around.map(|area| area.data));
            let same = near.filter(|&rank| is_same_place(&services[of_category[rank]], service)).min();
            if let Some(same) = same {
                keeper[candidate] = of_category[same];
                continue;
            }
            if let Some(name) = &service.name {
                named.entry(name).or_default().push(rank);
            }
            if let Some(bounds) = service.shape.as_ref().and_then(BoundingRect::bounding_rect) {
                let corners = Rectangle::from_corners(bounds.min().into(), bounds.max().into());
                areas.insert(Area::new(corners, rank));
            }
        }
    }
    report(&services, &keeper, findings);
    let names: Vec<Option<String>> = services.iter().map(|service| service.name.clone()).collect();
    let mut kept: Vec<Option<OsmService>> = services.into_iter().map(Some).collect();
    for (index, &keeper) in keeper.iter().enumerate() {
        if keeper != index {
            kept[index] = None;
            if let Some(service) = &mut kept[keeper] {
                service.name = service.name.take().or_else(|| names[index].clone());
            }
        }
    }
    kept.into_iter().flatten().collect()
}

fn area(shape: &MultiPolygon<f64>) -> f64 {
    geo::Area::unsigned_area(shape)
}

/// `larger` is the one with the larger area.
fn is_same_place(larger: &OsmService, other: &OsmService) -> bool {
    let has_same_name = larger.name.is_some() && larger.name == other.name;
    has_same_name && Haversine.distance(larger.location, other.location) <= SAME_PLACE_M
        || larger.shape.as_ref().is_some_and(|shape| shape.contains(&other.location))
}

fn report(services: &[OsmService], keeper: &[usize], findings: &mut Findings) {
    let merged: Vec<String> = keeper
        .iter()
        .enumerate()
        .filter(|(index, keeper)| index != *keeper)
        .map(|(index, &keeper)| {
            let kept = &services[keeper];
            let name = kept.name.as_deref().or(services[index].name.as_deref()).unwrap_or("without a name");
            format!("{} into {} ({name}, {})", services[index].id, kept.id, kept.category)
        })
        .collect();
    if !merged.is_empty() {
        let message = format!(
            "{} services that OpenStreetMap has more than once were merged: {}",
            merged.len(),
            few(&merged)
        );
        findings.note(Error::new(ErrorKind::Geometry, message).in_layer("services"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Point, Rect, coord};

    fn service(id: &str, name: Option<&str>, x: f64, shape: Option<Rect<f64>>) -> OsmService {
        OsmService {
            id: id.into(),
            name: name.map(str::to_owned),
            category: "school".into(),
            location: Point::new(x, 0.0),
            shape: shape.map(|rect| MultiPolygon::new(vec![rect.to_polygon()])),
        }
    }

    #[test]
    fn a_school_mapped_as_point_building_and_grounds_is_one() {
        let grounds = Rect::new(coord! { x: -1e-3, y: -1e-3 }, coord! { x: 1e-3, y: 1e-3 });
        let building = Rect::new(coord! { x: -1e-4, y: -1e-4 }, coord! { x: 1e-4, y: 1e-4 });
        let mut findings = Findings::default();
        let merged = merge(
            vec![
                service("node/1", Some("Elm"), 0.0, None),
                service("way/2", None, 0.0, Some(building)),
                service("way/3", None, 0.0, Some(grounds)),
            ],
            &mut findings,
        );
        assert_eq!(merged.len(), 1);
        assert_eq!((merged[0].id.as_str(), merged[0].name.as_deref()), ("way/3", Some("Elm")));
        assert!(findings.iter().next().unwrap().to_string().contains("2 services"), "{findings:?}");
    }

    #[test]
    fn two_schools_of_one_name_far_apart_stay_two() {
        let mut findings = Findings::default();
        // 0.001 degrees of longitude on the equator are 111 m.
        let near =
            vec![service("node/1", Some("Elm"), 0.0, None), service("node/2", Some("Elm"), 0.0008, None)];
        assert_eq!(merge(near, &mut findings).len(), 1);
        let far =
            vec![service("node/1", Some("Elm"), 0.0, None), service("node/2", Some("Elm"), 0.001, None)];
        assert_eq!(merge(far, &mut findings).len(), 2);
        let unnamed = vec![service("node/1", None, 0.0, None), service("node/2", None, 0.0, None)];
        assert_eq!(merge(unnamed, &mut findings).len(), 2);
    }
}
