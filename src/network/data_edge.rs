//! How soon a journey may leave the data: what lies beyond the last street is not known to be empty.
//!
//! ```text
//!   ──┬──┬──┬──×      a street that others go on from ends, and nothing lies beyond: here the data was cut
//!     │  │  │
//!   ──┴──┴──┴─┐       along a shore streets run, and lead back: here the town ends
//!   ~~~~~~~~~~~~~
//! ```

use super::assemble::Assembly;
use super::attachment::{Attachment, StreetIndex};
use super::closest::closest;
use super::destinations::Destinations;
use super::graph::{NodeId, StreetNetwork};
use crate::{Minutes, Progress, Result};
use geo::{Coord, Distance, Euclidean, Intersects, Line, LineString, Point};
use petgraph::visit::EdgeRef;

/// Directions in which nothing may lie beyond a cut, in degrees from the last piece of the street.
const VIEW_DEGREES: [f64; 5] = [-45.0, -22.5, 0.0, 22.5, 45.0];
/// Length of street in metres that tells where it was heading.
const HEADING_M: f64 = 20.0;
/// First part of a view that is looked at, in metres; each next part is twice as long. Most views end early.
const FIRST_LOOK_M: f64 = 50.0;

/// Whether streets of a class go on where the data does not end: service roads and paths often end for good.
pub(super) fn goes_on(class: Option<&str>) -> bool {
    let class = class.map(|class| class.trim_end_matches("_link"));
    matches!(
        class,
        Some("motorway" | "trunk" | "primary" | "secondary" | "tertiary")
            | Some("unclassified" | "residential" | "living_street" | "road")
    )
}

/// Marks the ends of streets that would go on.
pub(super) fn mark_ends(assembly: &mut Assembly) {
    for node in assembly.node_indices() {
        let mut edges = assembly.edges(node);
        let is_end = match (edges.next(), edges.next()) {
            (Some(edge), None) => edge.source() != edge.target() && edge.weight().goes_on,
            _ => false,
        };
        assembly[node].would_go_on = is_end;
    }
}

/// Of the ends of streets that would go on, those beyond which there is nothing.
pub(super) fn cuts(
    ends: impl Iterator<Item = (NodeId, LineString<f64>)>,
    lines: &[LineString<f64>],
    index: &StreetIndex,
    far_m: f64,
) -> Vec<NodeId> {
    let sees_nothing = |(_, toward_end): &(NodeId, LineString<f64>)| {
        let Some((end, heading)) = heading(&toward_end.0) else { return false };
        VIEW_DEGREES.iter().all(|degrees| is_clear(end, heading + degrees.to_radians(), lines, index, far_m))
    };
    ends.filter(sees_nothing).map(|(node, _)| node).collect()
}

/// The end of a line, and where it was heading in radians; `None` if it has no length.
fn heading(line: &[Coord<f64>]) -> Option<(Coord<f64>, f64)> {
    let end = *line.last()?;
    let is_far = |place: &&Coord<f64>| Euclidean.distance(Point::from(**place), Point::from(end)) > HEADING_M;
    let before = line.iter().rev().find(is_far).or_else(|| line.first())?;
    let along = end - *before;
    (along != Coord::zero()).then(|| (end, along.y.atan2(along.x)))
}

/// Whether no street crosses the view from a place in a direction.
fn is_clear(
    from: Coord<f64>,
    angle: f64,
    lines: &[LineString<f64>],
    index: &StreetIndex,
    far_m: f64,
) -> bool {
    /// The street's own end does not stand in its way.
    const OWN_M: f64 = 0.5;
    let direction = Coord { x: angle.cos(), y: angle.sin() };
    let (mut near_m, mut step_m) = (OWN_M, FIRST_LOOK_M);
    while near_m < far_m {
        let look = Line::new(from + direction * near_m, from + direction * (near_m + step_m));
        let (a, b) = (look.start, look.end);
        let low = Coord { x: a.x.min(b.x), y: a.y.min(b.y) };
        let high = Coord { x: a.x.max(b.x), y: a.y.max(b.y) };
        let crosses = |(edge, piece): (u32, u32)| {
            let coords = &lines[edge as usize].0[piece as usize..];
            look.intersects(&Line::new(coords[0], coords[1]))
        };
        if index.within(low, high).any(crosses) {
            return false;
        }
        near_m += step_m;
        step_m *= 2.0;
    }
    true
}

/// Travel time from each origin to the nearest place where the data was cut; `None` if that is farther than `limit`, there is
/// none, or the origin is not on the network.
///
/// A cut is the end of a street of a class that goes on (not a path, a service road or steps) beyond which no street lies in
/// any direction within 45 degrees of its own. A street that runs along a shore ends nowhere, and a pier is no such street: a
/// sea is not a cut. A measure of what is reached within a cutoff may be too low, and one of the closest place too high, where
/// the time to the cut is within the cutoff.
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn time_to_data_edge(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    limit: Minutes,
    progress: &dyn Progress,
) -> Result<Vec<Option<Minutes>>> {
    let cuts: Vec<(u32, Attachment)> =
        network.cuts.iter().filter_map(|&node| Some((0, network.at_node(node)?))).collect();
    let destinations = Destinations::new(network, 1, &cuts);
    Ok(closest(network, origins, &destinations, 1, limit, progress)?.minutes())
}

impl StreetNetwork {
    /// Junctions at which the data was cut, as [`time_to_data_edge`] sees them.
    #[must_use]
    pub fn cuts(&self) -> &[NodeId] {
        &self.cuts
    }
}
