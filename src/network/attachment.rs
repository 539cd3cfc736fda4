//! Where a place meets the street: a position on an edge, never the nearest node.

use super::adjacency::Direction;
use super::graph::{CLOSED, EdgeId, NodeId, StreetNetwork};
use super::receipts::AttachOptions;
use super::street_index::Piece;
use crate::{Metres, Minutes};
use geo::{Coord, Distance, Euclidean, Point};

/// Pieces of network with fewer nodes are passed over for a larger one nearby
/// (40 as in R5; Valhalla takes 50).
pub const DEFAULT_SMALLEST_COMPONENT: u32 = 40;

/// A position so close to the end of an edge is at its junction, in metres: what is left of a place at the junction that was
/// carried to another coordinate system and back must not count as a step into a one-way street.
const AT_JUNCTION_M: f64 = 1e-3;

/// A street that was split lies this near to where it lay, in metres.
pub(super) const SAME_STREET_M: f64 = 0.1;

/// A position on a street edge and the way there from the place it was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Attachment {
    /// The edge.
    pub edge: EdgeId,
    /// How far along the edge, 0 at its tail to 1 at its head.
    pub fraction: f64,
    /// The position itself.
    pub position: Coord<f64>,
    /// Straight-line distance from the place to the position.
    pub gap: Metres,
}

/// Why a place is not on the network.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct NotAttached {
    /// Distance to the nearest street in metres; `None` if the search saw none.
    pub nearest_m: Option<f64>,
}

impl StreetNetwork {
    /// The nearest position on a street for a place.
    ///
    /// A piece of network with fewer than [`DEFAULT_SMALLEST_COMPONENT`] nodes is passed over if a larger one
    /// lies within `max_distance` too, unless `inhabited` says that enough homes stand on the piece to make it a
    /// true island. The answer depends on the place and the network alone.
    ///
    /// # Errors
    /// [`NotAttached`] if no street lies within `max_distance`.
    pub fn attach(
        &self,
        place: Point<f64>,
        max_distance: Metres,
        inhabited: &[bool],
    ) -> Result<Attachment, NotAttached> {
        let receipt = self.receipt(Some(place), AttachOptions::within(max_distance), inhabited);
        receipt.attachment.ok_or(NotAttached { nearest_m: receipt.nearest.map(Metres::get) })
    }

    /// The position of an attachment to a former network of mostly the same streets; `None` where the street is gone.
    ///
    /// Who lives there goes on using the same street, although a new one may pass nearer, and another may cross it there
    /// without meeting it.
    #[must_use]
    pub fn attach_again(&self, former: &Self, before: &Attachment) -> Option<Attachment> {
        let street = former.street(before.edge);
        let here = self.nearest_pieces(before.position.into()).take_while(|near| near.0 <= SAME_STREET_M);
        let here: Vec<(f64, Piece)> = here.collect();
        let same = here.iter().find(|(_, (edge, _))| self.street(*edge) == street);
        let &(_, (edge, piece)) = same.or(here.first())?;
        Some(Attachment { gap: before.gap, ..self.attachment_on(edge, piece, before.position) })
    }

    /// Which components at least `homes_needed` of the homes are nearest to.
    ///
    /// A piece that several homes stand on is a place of its own; one that a single building stands on is more often
    /// an error of the map.
    #[must_use]
    pub fn inhabited_components(
        &self,
        homes: &[Point<f64>],
        homes_needed: usize,
        max_distance: Metres,
    ) -> Vec<bool> {
        let mut held = vec![0; self.component_sizes.len()];
        for home in homes {
            let near = self.nearest_pieces(*home).next().filter(|near| near.0 <= max_distance.get());
            if let Some((_, (edge, _))) = near {
                held[self.component_of(edge) as usize] += 1;
            }
        }
        held.into_iter().map(|held| held >= homes_needed).collect()
    }

    /// Street pieces from the nearest outward, each with its distance in metres.
    pub(super) fn nearest_pieces(&self, place: Point<f64>) -> impl Iterator<Item = (f64, Piece)> {
        let pieces = self.index.nearest(&self.lines, place.into());
        let may_join = |(_, (edge, piece)): &(f64, Piece)| {
            let (coords, at) = (&self.lines[*edge as usize].0, *piece as usize);
            self.is_joined(coords[at], coords[at + 1])
        };
        pieces.filter(may_join).map(|(distance_2, piece)| (distance_2.sqrt(), piece))
    }

    /// The position on piece `number` of an edge's line that is nearest to `place`.
    pub(super) fn attachment_on(&self, edge: EdgeId, number: u32, place: Coord<f64>) -> Attachment {
        let coords = &self.lines[edge as usize].0;
        let (a, b) = (coords[number as usize], coords[number as usize + 1]);
        let along = b - a;
        let squared = along.x * along.x + along.y * along.y;
        let share = if squared > 0.0 {
            (((place - a).x * along.x + (place - a).y * along.y) / squared).clamp(0.0, 1.0)
        } else {
            0.0
        };
        let position = a + along * share;
        let before = super::build::length_m(&coords[..=number as usize]);
        // Measured on the line: a table of edges may give another length than the straight one.
        let length = super::build::length_m(coords);
        let offset = before + squared.sqrt() * share;
        // At an end the fraction is exact: who stands there stands at the junction and may take any of its streets.
        let (fraction, position) = if offset <= AT_JUNCTION_M {
            (0.0, coords[0])
        } else if length - offset <= AT_JUNCTION_M {
            (1.0, coords[coords.len() - 1])
        } else {
            (offset / length, position)
        };
        let gap = Euclidean.distance(Point::from(place), Point::from(position));
        Attachment {
            edge,
            fraction,
            position,
            gap: Metres::new(gap).expect("a distance between finite places is a quantity"),
        }
    }

    /// Milliseconds across the gap between a place and its street.
    pub(super) fn gap_cost(&self, attachment: &Attachment) -> u32 {
        (attachment.gap.get() * self.profile.milliseconds_per_metre_off_street()).round() as u32
    }

    /// The nodes next to an attachment with the cost between them and the place: those it leads to (`From`) or those
    /// that lead to it (`To`).
    pub(super) fn ways(&self, at: &Attachment, direction: Direction) -> impl Iterator<Item = (NodeId, u32)> {
        let edge = self.edges[at.edge as usize];
        let gap = self.gap_cost(at);
        let ways = self.ways_by_end(at, direction);
        [edge.tail, edge.head]
            .into_iter()
            .zip(ways)
            .filter_map(move |(node, cost)| Some((node, cost?.saturating_add(gap))))
    }

    /// The cost between an attachment's position and the tail and head of its edge, where that way is open.
    pub(super) fn ways_by_end(&self, at: &Attachment, direction: Direction) -> [Option<u32>; 2] {
        let [ahead, behind] = self.edges[at.edge as usize].costs(direction);
        // Who stands at a junction may take any street there.
        match at.fraction {
            0.0 => [Some(0), None],
            1.0 => [None, Some(0)],
            _ => [
                open(behind).map(|cost| part(cost, at.fraction)),
                open(ahead).map(|cost| cost - part(cost, at.fraction)),
            ],
        }
    }

    /// A junction as a position on one of its streets; `None` if nobody may enter or leave it.
    #[must_use]
    pub fn at_node(&self, node: NodeId) -> Option<Attachment> {
        let [leaving, arriving] = [Direction::From, Direction::To].map(|way| self.adjacency(way));
        let (_, passage) = leaving.passages_at(node).chain(arriving.passages_at(node)).next()?;
        let edge = passage.edge();
        let fraction = if self.edges[edge as usize].tail == node { 0.0 } else { 1.0 };
        Some(Attachment { edge, fraction, position: self.place(node), gap: Metres::ZERO })
    }

    /// The cost between two attachments without leaving their common edge; `None` if it cannot be done.
    pub(super) fn along_one_edge(&self, from: &Attachment, to: &Attachment) -> Option<u32> {
        if from.edge != to.edge {
            return None;
        }
        let edge = self.edges[from.edge as usize];
        let ahead = open(edge.forward)
            .filter(|_| to.fraction >= from.fraction)
            .map(|cost| part(cost, to.fraction) - part(cost, from.fraction));
        let back = open(edge.backward)
            .filter(|_| to.fraction <= from.fraction)
            .map(|cost| part(cost, from.fraction) - part(cost, to.fraction));
        let on_street = [ahead, back].into_iter().flatten().min()?;
        Some(on_street.saturating_add(self.gap_cost(from)).saturating_add(self.gap_cost(to)))
    }

    /// As [`Self::along_one_edge`] on the journey from `a` to `b`, or to `a` from `b`.
    pub(super) fn along_one_edge_in(
        &self,
        direction: Direction,
        a: &Attachment,
        b: &Attachment,
    ) -> Option<u32> {
        match direction {
            Direction::From => self.along_one_edge(a, b),
            Direction::To => self.along_one_edge(b, a),
        }
    }

    /// Travel time between two attachments on one edge without leaving it.
    #[must_use]
    pub fn time_along_one_edge(&self, from: &Attachment, to: &Attachment) -> Option<Minutes> {
        self.along_one_edge(from, to).map(Minutes::from_milliseconds)
    }
}

pub(super) fn open(cost: u32) -> Option<u32> {
    (cost != CLOSED).then_some(cost)
}

pub(super) fn part(cost: u32, fraction: f64) -> u32 {
    (f64::from(cost) * fraction).round() as u32
}
