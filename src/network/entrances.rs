//! Where people enter a park: at its entrances, else where streets meet or pass its edge.

use super::attachment::Attachment;
use super::graph::{EdgeId, StreetNetwork};
use crate::Metres;
use crate::model::GreenSpace;
use geo::{BoundingRect, Coord, Distance, Euclidean, LineString, Point, Polygon};
use rstar::{AABB, RTree};
use std::collections::BTreeMap;

/// How far a street's middle may run from a park's edge and still give onto it, in metres:
/// half of a wide street and its pavement. (Studies of park access take up to 30 m.)
const STREETSIDE_M: f64 = 20.0;
/// A street that runs along a park is entered every so many metres.
const SPACING_M: f64 = 25.0;

/// Where a green space is entered.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Entrance {
    /// The position on the street, with the gap to the edge of the green space.
    pub attachment: Attachment,
    /// Whether the data named it; otherwise a street that meets or passes the edge stands in.
    pub listed: bool,
}

/// Entrances of a green space on the network.
///
/// Listed entrances are attached within `max_distance`. Without any, every street that comes within 20 m of the
/// edge gives entrances 25 m apart, but for bridges and tunnels; without any such street, the street nearest to
/// the edge does. Empty if that is farther than `max_distance`.
#[must_use]
pub fn park_entrances(
    network: &StreetNetwork,
    park: &GreenSpace,
    max_distance: Metres,
    inhabited: &[bool],
) -> Vec<Entrance> {
    let listed: Vec<_> = park
        .entrances
        .iter()
        .filter_map(|&place| network.attach(place, max_distance, inhabited).ok())
        .map(|attachment| Entrance { attachment, listed: true })
        .collect();
    if !listed.is_empty() {
        return listed;
    }
    let unlisted = |attachment| Entrance { attachment, listed: false };
    let along: Vec<_> =
        park.shape.iter().flat_map(|polygon| along_edge(network, polygon)).map(unlisted).collect();
    if !along.is_empty() {
        return along;
    }
    nearest_to_edge(network, park, max_distance, inhabited).map(unlisted).into_iter().collect()
}

/// Positions within [`STREETSIDE_M`] of the polygon's edge, one per street edge and [`SPACING_M`] metres; the same, whichever way
/// the street was drawn.
fn along_edge(network: &StreetNetwork, polygon: &Polygon<f64>) -> Vec<Attachment> {
    let Some(extent) = polygon.bounding_rect() else { return Vec::new() };
    let margin = Coord { x: STREETSIDE_M, y: STREETSIDE_M };
    let sides = polygon.exterior().lines().map(|side| LineString::from(vec![side.start, side.end]));
    let sides = RTree::bulk_load(sides.collect());
    // Nearest position for each street edge and stretch of it.
    let mut nearest: BTreeMap<(EdgeId, u32), (f64, Attachment)> = BTreeMap::new();
    let [low, high] = [extent.min() - margin, extent.max() + margin];
    for (edge, number) in network.index.within(&network.lines, low, high) {
        if network.edges[edge as usize].off_ground {
            continue;
        }
        let coords = &network.lines[edge as usize].0;
        let is_turned = is_turned(coords);
        let (mut a, mut b) = (coords[number as usize], coords[number as usize + 1]);
        if is_turned {
            std::mem::swap(&mut a, &mut b);
        }
        let piece = geo::Rect::new(a, b);
        let beside = AABB::from_corners((piece.min() - margin).into(), (piece.max() + margin).into());
        let beside: Vec<_> = sides.locate_in_envelope_intersecting(&beside).collect();
        if beside.is_empty() {
            continue;
        }
        let steps =
            (Euclidean.distance(Point::from(a), Point::from(b)) / SPACING_M * 2.0).ceil().max(1.0) as u32;
        for step in 0..=steps {
            let place = a + (b - a) * (f64::from(step) / f64::from(steps));
            let gaps = beside.iter().map(|side| Euclidean.distance(&Point::from(place), *side));
            let gap = gaps.fold(f64::INFINITY, f64::min);
            if gap > STREETSIDE_M {
                continue;
            }
            let mut attachment = network.attachment_on(edge, number, place);
            attachment.gap = Metres::new(gap).expect("a distance is a quantity");
            let length = network.edges[edge as usize].length_m;
            let along = if is_turned { 1.0 - attachment.fraction } else { attachment.fraction };
            let stretch = (along * length / SPACING_M) as u32;
            let known = nearest.entry((edge, stretch)).or_insert((along, attachment));
            // Of positions equally near, the first along the street.
            if (gap, along) < (known.1.gap.get(), known.0) {
                *known = (along, attachment);
            }
        }
    }
    nearest.into_values().map(|(_, attachment)| attachment).collect()
}

/// Whether a line runs against the order in which its stretches are numbered: from its western (then southern) end; of a
/// ring, from the end beside which the corner lies farther west.
fn is_turned(line: &[Coord<f64>]) -> bool {
    let mut order =
        line.iter().zip(line.iter().rev()).map(|(a, b)| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    order.find(|order| order.is_ne()) == Some(std::cmp::Ordering::Greater)
}

fn nearest_to_edge(
    network: &StreetNetwork,
    park: &GreenSpace,
    max_distance: Metres,
    inhabited: &[bool],
) -> Option<Attachment> {
    let edge_points = park.shape.iter().flat_map(|polygon| polygon.exterior().points());
    edge_points
        .filter_map(|place| network.attach(place, max_distance, inhabited).ok())
        .min_by(|a, b| a.gap.get().total_cmp(&b.gap.get()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Street;
    use crate::network::{BuildOptions, TravelProfile};
    use crate::{KmPerHour, Quiet};
    use geo::Rect;

    // A street of 437 m that bends beside a park, drawn from either end.
    #[test]
    fn the_way_a_street_is_drawn_moves_no_entrance() {
        let entrances = |turned: bool| {
            let mut line = [(0.0, 0.0), (180.0, -12.0), (300.0, 7.0), (435.0, 2.0)].map(Coord::from).to_vec();
            let mut vertices = vec![1, 2, 3, 4];
            if turned {
                line.reverse();
                vertices.reverse();
            }
            let street = Street {
                id: 1,
                line: line.into(),
                vertices,
                tags: [("highway", "residential")].into_iter().collect(),
                ..Street::default()
            };
            let profile = TravelProfile::walking(KmPerHour::new(4.8).unwrap()).unwrap();
            let (network, _) =
                StreetNetwork::build(&[street], profile, BuildOptions::default(), &Quiet).unwrap();
            let shape = Rect::new((33.0, 11.0), (391.0, 90.0)).to_polygon().into();
            let park = GreenSpace { id: "park".into(), name: None, shape, entrances: Vec::new() };
            let found = park_entrances(&network, &park, Metres::new(30.0).unwrap(), &[]);
            let mut positions: Vec<Coord<f64>> = found.iter().map(|one| one.attachment.position).collect();
            positions.sort_by(|a, b| a.x.total_cmp(&b.x));
            positions
        };
        let (drawn, turned) = (entrances(false), entrances(true));
        assert!(drawn.len() > 8 && drawn.len() == turned.len(), "{} {}", drawn.len(), turned.len());
        for (a, b) in drawn.iter().zip(&turned) {
            assert!(Euclidean.distance(Point::from(*a), Point::from(*b)) < 1e-6, "{a:?} {b:?}");
        }
    }
}
