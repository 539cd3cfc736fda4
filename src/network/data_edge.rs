//! How soon a journey may leave the data: what lies beyond the last street is not known to be empty.

use super::attachment::Attachment;
use super::closest::closest;
use super::destinations::Destinations;
use super::graph::{NodeId, StreetNetwork};
use crate::{Metres, Minutes, Progress, Result};
use geo::{ConvexHull, Distance, Euclidean, MultiPoint, Point};

/// Travel time from each origin to the edge of the data; `None` if that is farther than `limit` or the origin is not on
/// the network.
///
/// The edge of the data is every junction or street end within `margin` of the convex hull of all of them. A measure of
/// what is reached within a cutoff may be too low, and one of the closest place too high, where the time to the edge is
/// within the cutoff. The rule errs towards the warning: streets that end at a coast for good lie on the hull as well.
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn time_to_data_edge(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    margin: Metres,
    limit: Minutes,
    progress: &dyn Progress,
) -> Result<Vec<Option<Minutes>>> {
    let nodes: MultiPoint<f64> = network.places.iter().copied().map(Point::from).collect();
    let hull = nodes.convex_hull();
    let is_near = |node: &NodeId| {
        let place = Point::from(network.place(*node));
        Euclidean.distance(&place, hull.exterior()) <= margin.get()
    };
    let edge: Vec<(u32, Attachment)> = (0..network.node_count() as NodeId)
        .filter(is_near)
        .filter_map(|node| Some((0, network.at_node(node)?)))
        .collect();
    let destinations = Destinations::new(network, 1, &edge);
    Ok(closest(network, origins, &destinations, 1, limit, progress)?.minutes())
}
