//! Places to be reached, and how the search meets them: at the nodes next to them.

use super::adjacency::Direction;
use super::attachment::Attachment;
use super::graph::{EdgeId, NodeId, StreetNetwork};
use super::search::LONGEST;

/// A set of places, each with one or more entrances on the network, and the way that one travels.
///
/// A place with several entrances (a park, a campus) is one destination, reached by the nearest of them.
/// Every query from origins to destinations asks for the journey from the origin to the place, unless the
/// destinations were made [`Destinations::in_direction`] [`Direction::To`]: then for the journey from the place to the
/// origin, as of an ambulance to a home.
pub struct Destinations {
    /// Entrances by place: `entrances[first_entrance[place]..first_entrance[place + 1]]`.
    first_entrance: Vec<u32>,
    entrances: Vec<Attachment>,
    targets: Targets,
}

impl Destinations {
    /// Places from their entrances: pairs of place number (below `place_count`) and position.
    ///
    /// # Panics
    /// If an entrance names a place that is not there.
    #[must_use]
    pub fn new(network: &StreetNetwork, place_count: usize, entrances: &[(u32, Attachment)]) -> Self {
        Self::in_direction(network, place_count, entrances, Direction::From)
    }

    /// As [`Destinations::new`], for journeys from the origins (`From`) or to the origins (`To`).
    ///
    /// # Panics
    /// If an entrance names a place that is not there.
    #[must_use]
    pub fn in_direction(
        network: &StreetNetwork,
        place_count: usize,
        entrances: &[(u32, Attachment)],
        direction: Direction,
    ) -> Self {
        let mut by_place = entrances.to_vec();
        by_place.sort_by_key(|(place, _)| *place);
        if let Some((place, _)) = by_place.last() {
            assert!(
                (*place as usize) < place_count,
                "entrance of place {place}, but there are {place_count}"
            );
        }
        let targets =
            Targets::new(network, place_count, by_place.iter().map(|(place, at)| (*place, at)), direction);
        let first_entrance = offsets(place_count, by_place.iter().map(|(place, _)| *place));
        Self {
            first_entrance,
            entrances: by_place.into_iter().map(|(_, entrance)| entrance).collect(),
            targets,
        }
    }

    /// Places with one entrance each; `None` where a place is not on the network.
    #[must_use]
    pub fn at(network: &StreetNetwork, places: &[Option<Attachment>]) -> Self {
        let entrances: Vec<(u32, Attachment)> = numbered(places).map(|(place, at)| (place, *at)).collect();
        Self::new(network, places.len(), &entrances)
    }

    /// The same places with every entrance elsewhere, or left out where `to` gives `None`.
    #[must_use]
    pub fn moved(&self, network: &StreetNetwork, to: impl Fn(&Attachment) -> Option<Attachment>) -> Self {
        let entrances: Vec<(u32, Attachment)> =
            self.entrances().filter_map(|(place, entrance)| Some((place, to(entrance)?))).collect();
        Self::in_direction(network, self.len(), &entrances, self.direction())
    }

    /// Number of places, attached or not.
    #[must_use]
    pub fn len(&self) -> usize {
        self.first_entrance.len() - 1
    }

    /// Whether there are no places.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entrances of a place.
    #[must_use]
    pub fn entrances_of(&self, place: usize) -> &[Attachment] {
        &self.entrances[self.first_entrance[place] as usize..self.first_entrance[place + 1] as usize]
    }

    /// Whether journeys lead from the origins or to them.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.targets.direction
    }

    /// All entrances with the number of their place.
    pub(crate) fn entrances(&self) -> impl Iterator<Item = (u32, &Attachment)> {
        (0..self.len()).flat_map(|place| self.entrances_of(place).iter().map(move |at| (place as u32, at)))
    }

    /// The places as a search from an origin meets them.
    pub(super) fn targets(&self) -> &Targets {
        &self.targets
    }
}

/// The attached ones among some places, with their numbers.
pub(super) fn numbered(places: &[Option<Attachment>]) -> impl Iterator<Item = (u32, &Attachment)> {
    places.iter().enumerate().filter_map(|(number, at)| Some((number as u32, at.as_ref()?)))
}

/// What a search looks for, in one direction of travel.
pub(super) struct Targets {
    direction: Direction,
    count: usize,
    /// `doors[first_door[node]..first_door[node + 1]]` are next to `node`.
    first_door: Vec<u32>,
    doors: Vec<Door>,
    /// `on_edges[first_on_edge[edge]..first_on_edge[edge + 1]]` are on `edge`.
    first_on_edge: Vec<u32>,
    on_edges: Vec<(u32, Attachment)>,
}

/// The stretch between a node and a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Door {
    pub(super) target: u32,
    /// Milliseconds.
    pub(super) cost: u32,
}

impl Targets {
    /// `From`: a search from elsewhere goes to the targets; `To`: it asks from which targets one gets there.
    pub(super) fn new<'a>(
        network: &StreetNetwork,
        count: usize,
        positions: impl Iterator<Item = (u32, &'a Attachment)>,
        direction: Direction,
    ) -> Self {
        let mut on_edges: Vec<(u32, Attachment)> = positions.map(|(target, at)| (target, *at)).collect();
        let mut doors: Vec<(NodeId, Door)> = Vec::with_capacity(2 * on_edges.len());
        for &(target, at) in &on_edges {
            let ways = network.ways(&at, direction.opposite());
            doors.extend(ways.map(|(node, cost)| (node, Door { target, cost: cost.min(LONGEST + 1) })));
        }
        doors.sort_unstable();
        let first_door = offsets(network.node_count(), doors.iter().map(|(node, _)| *node));
        on_edges.sort_by_key(|(_, at)| at.edge);
        let first_on_edge = offsets(network.edge_count(), on_edges.iter().map(|(_, at)| at.edge));
        Self {
            direction,
            count,
            first_door,
            doors: doors.into_iter().map(|(_, door)| door).collect(),
            first_on_edge,
            on_edges,
        }
    }

    pub(super) fn direction(&self) -> Direction {
        self.direction
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    #[inline]
    pub(super) fn next_to(&self, node: NodeId) -> &[Door] {
        let node = node as usize;
        &self.doors[self.first_door[node] as usize..self.first_door[node + 1] as usize]
    }

    #[inline]
    pub(super) fn on_edge(&self, edge: EdgeId) -> &[(u32, Attachment)] {
        let edge = edge as usize;
        &self.on_edges[self.first_on_edge[edge] as usize..self.first_on_edge[edge + 1] as usize]
    }
}

/// Where the entries of each key begin in a list that is sorted by key; one more for the end.
fn offsets(key_count: usize, keys: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut first = vec![0_u32; key_count + 1];
    for key in keys {
        first[key as usize + 1] += 1;
    }
    for key in 0..key_count {
        first[key + 1] += first[key];
    }
    first
}
