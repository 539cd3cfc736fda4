//! Destinations as the search meets them: at the nodes next to their entrances.

use super::attachment::Attachment;
use super::graph::{EdgeId, NodeId, StreetNetwork};
use std::collections::HashMap;

/// A set of places, each with one or more entrances on the network.
///
/// A place with several entrances (a park, a campus) is one destination, reached by the nearest of them.
pub struct Destinations {
    place_count: usize,
    /// `doors[first_door[node]..first_door[node + 1]]` are next to `node`.
    first_door: Vec<u32>,
    doors: Vec<Door>,
    on_edge: HashMap<EdgeId, Vec<(u32, Attachment)>>,
}

/// The last stretch from a node to a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Door {
    pub(super) place: u32,
    /// Milliseconds from the node to the place.
    pub(super) cost: u32,
}

impl Destinations {
    /// Places from their entrances: pairs of place number (below `place_count`) and position.
    ///
    /// # Panics
    /// If an entrance names a place that is not there.
    #[must_use]
    pub fn new(network: &StreetNetwork, place_count: usize, entrances: &[(u32, Attachment)]) -> Self {
        let mut on_edge: HashMap<EdgeId, Vec<(u32, Attachment)>> = HashMap::new();
        let mut doors: Vec<(NodeId, Door)> = Vec::with_capacity(2 * entrances.len());
        for &(place, attachment) in entrances {
            assert!((place as usize) < place_count, "entrance of place {place}, but there are {place_count}");
            on_edge.entry(attachment.edge).or_default().push((place, attachment));
            doors.extend(network.ways_in(&attachment).map(|(node, cost)| (node, Door { place, cost })));
        }
        doors.sort_by_key(|&(node, door)| (node, door.place, door.cost));
        let mut first_door = vec![0_u32; network.node_count() + 1];
        for (node, _) in &doors {
            first_door[*node as usize + 1] += 1;
        }
        for node in 0..network.node_count() {
            first_door[node + 1] += first_door[node];
        }
        Self { place_count, first_door, doors: doors.into_iter().map(|(_, door)| door).collect(), on_edge }
    }

    /// Number of places, attached or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.place_count
    }

    /// Whether there are no places.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.place_count == 0
    }

    pub(super) fn next_to(&self, node: NodeId) -> &[Door] {
        let node = node as usize;
        &self.doors[self.first_door[node] as usize..self.first_door[node + 1] as usize]
    }

    pub(super) fn on_edge(&self, edge: EdgeId) -> &[(u32, Attachment)] {
        self.on_edge.get(&edge).map_or(&[], Vec::as_slice)
    }
}
