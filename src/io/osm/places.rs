//! Areas with a meaning: services, green space, buildings, boundaries.

use super::areas::{self, Gap};
use super::blocks::{Elements, Relation, Way};
use super::dwellings::{dwelling, levels};
use super::land::{self, LandIndex};
use super::tags::{has_seat, is_building, is_green_space, service_category};
use super::{Boundary, Building, OsmGreenSpace, OsmLand, OsmService};
use crate::model::{Findings, Tags};
use crate::{Error, ErrorKind};
use geo::{ChamberlainDuquetteArea, InteriorPoint, MultiPolygon, Point};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashSet};

/// An element that covers an area, with its OpenStreetMap id (`way/45`, `relation/6`).
struct Shape<'a> {
    id: String,
    tags: &'a Tags,
    area: Result<MultiPolygon<f64>, Gap>,
}

/// The shapes of closed ways, then of relations, whose tags say that they are wanted.
fn shapes<'a>(elements: &'a Elements, is_wanted: impl Fn(&Tags) -> bool + Sync) -> Vec<Shape<'a>> {
    let of_way = |way: &'a Way| Shape {
        id: format!("way/{}", way.id),
        tags: &way.tags,
        area: areas::of_way(way, elements),
    };
    let of_relation = |relation: &'a Relation| Shape {
        id: format!("relation/{}", relation.id),
        tags: &relation.tags,
        area: areas::of_relation(relation, elements),
    };
    let mut shapes: Vec<Shape<'a>> =
        elements.ways.par_iter().filter(|way| is_wanted(&way.tags)).map(of_way).collect();
    shapes.extend(elements.relations.iter().filter(|relation| is_wanted(&relation.tags)).map(of_relation));
    shapes
}

/// Keeps the shapes that are whole; the others are counted, with a few ids.
fn keep_whole<'a>(
    shapes: Vec<Shape<'a>>,
    layer: &str,
    findings: &mut Findings,
) -> Vec<(Shape<'a>, MultiPolygon<f64>)> {
    let mut whole = Vec::with_capacity(shapes.len());
    let mut broken = Vec::new();
    for mut shape in shapes {
        match std::mem::replace(&mut shape.area, Err(Gap::Missing)) {
            Ok(area) => whole.push((shape, area)),
            Err(_) => broken.push(shape.id),
        }
    }
    if !broken.is_empty() {
        let message =
            format!("{} areas are not whole in the file and left out: {}", broken.len(), few(&broken));
        findings.warning(Error::new(ErrorKind::Geometry, message).in_layer(layer));
    }
    whole
}

/// Services at their node, or inside their building or site; not merged yet.
pub(super) fn services(elements: &Elements, findings: &mut Findings) -> Vec<OsmService> {
    let name = |tags: &Tags| tags.get("name").map(str::to_owned);
    let mut services = Vec::new();
    for (id, tags) in &elements.tagged_nodes {
        if let (Some(category), Some(place)) = (service_category(tags), elements.node(*id)) {
            let location = Point::from(place);
            services.push(OsmService {
                id: format!("node/{id}"),
                name: name(tags),
                category: category.into(),
                location,
                shape: None,
            });
        }
    }
    let with_area = shapes(elements, |tags| service_category(tags).is_some());
    for (shape, area) in keep_whole(with_area, "services", findings) {
        if let (Some(category), Some(location)) = (service_category(shape.tags), area.interior_point()) {
            services.push(OsmService {
                id: shape.id,
                name: name(shape.tags),
                category: category.into(),
                location,
                shape: Some(area),
            });
        }
    }
    services
}

/// Where anybody may sit down.
pub(super) fn seats(elements: &Elements) -> Vec<Point<f64>> {
    let seats = elements.tagged_nodes.iter().filter(|(_, tags)| has_seat(tags));
    seats.filter_map(|(id, _)| elements.node(*id).map(Point::from)).collect()
}

/// Parks, gardens and playgrounds that are open to the public.
pub(super) fn green_spaces(elements: &Elements, findings: &mut Findings) -> Vec<OsmGreenSpace> {
    keep_whole(shapes(elements, is_green_space), "green_space", findings)
        .into_iter()
        .map(|(shape, area)| OsmGreenSpace {
            id: shape.id,
            name: shape.tags.get("name").map(str::to_owned),
            shape: area,
        })
        .collect()
}

/// Every building; where a relation and its only outer way both say `building`, the relation speaks.
pub(super) fn buildings(elements: &Elements, land: &[OsmLand], findings: &mut Findings) -> Vec<Building> {
    let land = LandIndex::new(land);
    let mut outlines = HashSet::new();
    for relation in elements.relations.iter().filter(|relation| is_building(&relation.tags)) {
        outlines.extend(relation.members.iter().filter(|member| !member.is_inner).map(|member| member.way));
    }
    let is_outline = |id: &str| {
        id.strip_prefix("way/").and_then(|id| id.parse().ok()).is_some_and(|id: i64| outlines.contains(&id))
    };
    keep_whole(shapes(elements, is_building), "buildings", findings)
        .into_par_iter()
        .filter(|(shape, _)| !is_outline(&shape.id))
        .map(|(shape, area)| {
            let footprint_m2 = area.chamberlain_duquette_unsigned_area();
            Building {
                id: shape.id,
                footprint_m2,
                levels: levels(shape.tags),
                dwelling: dwelling(shape.tags, &area, footprint_m2, &land),
                tags: shape.tags.clone(),
                shape: area,
            }
        })
        .collect()
}

/// What the land is for, where the map says; areas that are not whole say nothing.
pub(super) fn land(elements: &Elements, findings: &mut Findings) -> Vec<OsmLand> {
    let mut areas = shapes(elements, |tags| land::is_for_homes(tags).is_some());
    // A runway or a running track drawn as a line is no area.
    areas.retain(|shape| !matches!(shape.area, Err(Gap::OpenRing)));
    keep_whole(areas, "land", findings)
        .into_iter()
        .filter_map(|(shape, area)| {
            let is_for_homes = land::is_for_homes(shape.tags)?;
            Some(OsmLand { shape: area, is_for_homes })
        })
        .collect()
}

/// Administrative boundaries that are whole in the file; the others are named.
pub(super) fn boundaries(elements: &Elements, findings: &mut Findings) -> Vec<Boundary> {
    let is_boundary = |relation: &&Relation| {
        relation.tags.is("boundary", "administrative") && relation.tags.get("name").is_some()
    };
    let mut boundaries = Vec::new();
    let mut broken: BTreeMap<Option<u8>, Vec<String>> = BTreeMap::new();
    for relation in elements.relations.iter().filter(is_boundary) {
        let name = relation.tags.get("name").unwrap_or_default().to_owned();
        let admin_level = relation.tags.get("admin_level").and_then(|level| level.trim().parse().ok());
        match areas::of_relation(relation, elements) {
            Ok(shape) => boundaries.push(Boundary {
                id: format!("relation/{}", relation.id),
                name,
                admin_level,
                shape,
            }),
            Err(_) => broken.entry(admin_level).or_default().push(name),
        }
    }
    for (level, names) in broken {
        let level = level.map_or("no admin_level".into(), |level| format!("admin_level {level}"));
        let message = format!(
            "{} boundaries of {level} are not whole in the file and left out: {}",
            names.len(),
            names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        );
        findings.warning(
            Error::new(ErrorKind::Geometry, message)
                .in_layer("boundaries")
                .hint("an extract cut along a box or a border loses the members outside it"),
        );
    }
    boundaries
}

/// The first few ids, "and N more".
pub(super) fn few(ids: &[String]) -> String {
    const SHOWN: usize = 5;
    let shown = ids.iter().take(SHOWN).map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ");
    if ids.len() > SHOWN { format!("{shown} and {} more", ids.len() - SHOWN) } else { shown }
}
