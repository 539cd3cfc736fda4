//! Railways and water: what people cross only where there is a bridge or a crossing.

use super::areas;
use super::blocks::{Elements, Relation, Way};
use crate::model::{Barrier, BarrierKind, Tags};
use geo::{ChamberlainDuquetteArea, Geometry, GeometryCollection, LineString, MultiPolygon};
use rayon::prelude::*;

/// Smaller water is walked around: a pond, a basin, a fountain. A football field is 0.7 hectares.
const SMALLEST_WATER_M2: f64 = 10_000.0;

/// Lines of railways, rivers, canals and coasts, and areas of water, in the order of their ids; what misses nodes comes in
/// pieces, and areas that are not whole are left out: their river has a line, too.
pub(super) fn barriers(elements: &Elements) -> Vec<Barrier> {
    let of_way = |way: &Way| {
        let kind = kind_of(&way.tags)?;
        let shape = match areas::of_way(way, elements) {
            Ok(area) if way.tags.is("natural", "water") => large(area)?,
            _ if way.tags.is("natural", "water") => return None,
            _ => lines(way, elements),
        };
        (!shape.0.is_empty()).then(|| barrier(kind, &way.tags, shape))
    };
    let of_relation = |relation: &Relation| {
        let kind = kind_of(&relation.tags).filter(|kind| *kind == BarrierKind::Water)?;
        let area = areas::of_relation(relation, elements).ok()?;
        Some(barrier(kind, &relation.tags, large(area)?))
    };
    let mut barriers: Vec<Barrier> = elements.ways.par_iter().filter_map(of_way).collect();
    barriers.extend(elements.relations.iter().filter_map(of_relation));
    barriers
}

/// Motorways are streets, and come with them.
fn kind_of(tags: &Tags) -> Option<BarrierKind> {
    BarrierKind::of_tags(tags).filter(|kind| *kind != BarrierKind::Motorway)
}

fn barrier(kind: BarrierKind, tags: &Tags, shape: GeometryCollection<f64>) -> Barrier {
    // A coast has no name of its own.
    let coast = tags.is("natural", "coastline").then_some("the sea");
    Barrier { name: tags.get("name").or(coast).map(str::to_owned), kind, shape }
}

fn large(area: MultiPolygon<f64>) -> Option<GeometryCollection<f64>> {
    (area.chamberlain_duquette_unsigned_area() >= SMALLEST_WATER_M2)
        .then(|| GeometryCollection::from(Geometry::from(area)))
}

/// The stretches of a way whose nodes are all in the file.
fn lines(way: &Way, elements: &Elements) -> GeometryCollection<f64> {
    let places: Vec<_> = way.nodes.iter().map(|id| elements.node(*id)).collect();
    let stretches = places.split(Option::is_none).filter(|stretch| stretch.len() >= 2);
    let line = |stretch: &[Option<geo::Coord<f64>>]| -> LineString<f64> {
        LineString::new(stretch.iter().copied().flatten().collect())
    };
    GeometryCollection(stretches.map(|stretch| Geometry::from(line(stretch))).collect())
}
