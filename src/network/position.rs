//! Where an attachment lies on its edge in whole milliseconds, for who searches the network elsewhere: the page.

use super::attachment::{Attachment, DEFAULT_SMALLEST_COMPONENT, SAME_STREET_M, open, part};
use super::graph::{EdgeId, StreetNetwork};
use crate::Metres;
use geo::Point;

/// A position on an edge as every search meets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Position {
    pub(crate) edge: EdgeId,
    /// Milliseconds from the tail to the position, as one travels ahead; 0 where that is not allowed.
    pub(crate) ahead: u32,
    /// Milliseconds from the position to the tail, as one travels back; 0 where that is not allowed.
    pub(crate) back: u32,
    /// Milliseconds between the place and the street.
    pub(crate) gap: u32,
    /// 1 at the tail, 2 at the head, where one may take any street; 0 between them.
    pub(crate) end: u32,
}

impl StreetNetwork {
    /// An attachment in milliseconds.
    pub(crate) fn position(&self, at: &Attachment) -> Position {
        let edge = self.edges[at.edge as usize];
        let along = |cost| open(cost).map_or(0, |cost| part(cost, at.fraction));
        Position {
            edge: at.edge,
            ahead: along(edge.forward),
            back: along(edge.backward),
            gap: self.gap_cost(at),
            end: u32::from(at.fraction == 0.0) + 2 * u32::from(at.fraction == 1.0),
        }
    }

    /// The piece of its edge's line on which an attachment lies.
    pub(crate) fn piece_of(&self, at: &Attachment) -> Option<u32> {
        let mut near = self.nearest_pieces(at.position.into());
        near.find(|(_, (edge, _))| *edge == at.edge).map(|(_, (_, piece))| piece)
    }

    /// Where a place joins the network when some pieces (edge, number) are closed.
    ///
    /// - `former`: who is there stays where another street passes, as in [`StreetNetwork::attach_again`].
    pub(crate) fn attach_beside(
        &self,
        (place, former): (Point<f64>, &Attachment),
        (max_distance, inhabited): (Metres, &[bool]),
        is_closed: impl Fn(EdgeId, u32) -> bool,
    ) -> Option<Attachment> {
        let is_open = |(_, (edge, piece)): &(f64, (EdgeId, u32))| !is_closed(*edge, *piece);
        let mut here = self.nearest_pieces(former.position.into()).take_while(|near| near.0 <= SAME_STREET_M);
        if let Some((_, (edge, piece))) = here.find(is_open) {
            let stays = self.attachment_on(edge, piece, former.position);
            return Some(Attachment { gap: former.gap, ..stays });
        }
        let near = self.nearest_pieces(place).take_while(|near| near.0 <= max_distance.get()).filter(is_open);
        let mut fragment = None;
        for (_, (edge, piece)) in near {
            let component = self.component_of(edge) as usize;
            let is_large = component == 0
                || self.component_sizes[component] >= DEFAULT_SMALLEST_COMPONENT
                || inhabited.get(component).copied().unwrap_or(false);
            if is_large {
                return Some(self.attachment_on(edge, piece, place.into()));
            }
            fragment.get_or_insert((edge, piece));
        }
        fragment.map(|(edge, piece)| self.attachment_on(edge, piece, place.into()))
    }
}
