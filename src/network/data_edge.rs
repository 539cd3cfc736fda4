//! How soon a journey may leave the data: what lies beyond the last street is not known to be empty.
//!
//! ```text
//!   ──┬──┬──┬──×      a street that others go on from ends, and nothing lies beyond: here the data was cut
//!     │  │  │
//!   ──┴──┴──┴─┐       along a shore streets run, and lead back: here the town ends
//!   ~~~~~~~~~~~~~
//! ```

use super::assemble::Assembly;
use super::attachment::Attachment;
use super::closest::closest;
use super::destinations::Destinations;
use super::graph::{NodeId, StreetNetwork};
use super::street_index::StreetIndex;
use crate::{Minutes, Progress, Result};
use geo::{Coord, Distance, Euclidean, Intersects, Line, LineString, Point};
use petgraph::visit::EdgeRef;

/// Directions in which nothing may lie beyond a cut, in degrees from the last piece of the street.
const VIEW_DEGREES: [f64; 5] = [-45.0, -22.5, 0.0, 22.5, 45.0];
/// Length of street in metres that shows where it was heading.
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

/// Of the streets that would go on, those that end before nothing: their ends, and where they leave the other streets, for a
/// street that was kept whole runs far beyond the place where its neighbours were cut away.
///
/// - `streets`: the end and the other junction of each, and its line towards the end.
pub(super) fn cuts(
    streets: impl Iterator<Item = ([NodeId; 2], LineString<f64>)>,
    lines: &[LineString<f64>],
    index: &StreetIndex,
    far_m: f64,
) -> Vec<NodeId> {
    let sees_nothing = |(_, toward_end): &([NodeId; 2], LineString<f64>)| {
        let Some((end, heading)) = heading(&toward_end.0) else { return false };
        VIEW_DEGREES.iter().all(|degrees| is_clear(end, heading + degrees.to_radians(), lines, index, far_m))
    };
    let mut cuts: Vec<NodeId> = streets.filter(sees_nothing).flat_map(|(nodes, _)| nodes).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
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
        if index.within(lines, low, high).any(crosses) {
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
/// A street was cut if it is of a class that goes on (not a path, a service road or steps) and ends where no street lies in any
/// direction within 45 degrees of its own; beyond its end and beyond its last junction the data is not whole. A street that
/// runs along a shore ends nowhere, and a pier is no such street: a sea is not a cut. A measure of what is reached within a
/// cutoff may be too low, and one of the closest place too high, where the time to the cut is within the cutoff.
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
    /// The last junctions and the ends of streets that were cut, as [`time_to_data_edge`] sees them.
    #[must_use]
    pub fn cuts(&self) -> &[NodeId] {
        &self.cuts
    }
}
