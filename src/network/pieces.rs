//! Parts of street edges: their line, their cost, and which of them are reached.

use super::adjacency::Direction;
use super::attachment::{Attachment, open, part};
use super::graph::{EdgeId, StreetNetwork};
use super::search::Search;
use geo::{Coord, Distance, Euclidean, LineString, Point};

/// The part of an edge between two fractions of its length, `begin <= end`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Piece {
    pub(super) edge: EdgeId,
    pub(super) begin: f64,
    pub(super) end: f64,
}

impl Piece {
    /// What distinguishes it from every other piece.
    pub(super) fn bits(self) -> (EdgeId, u64, u64) {
        (self.edge, self.begin.to_bits(), self.end.to_bits())
    }
}

impl StreetNetwork {
    /// The line of a piece.
    pub(super) fn line_of(&self, piece: Piece) -> LineString<f64> {
        self.part_of_line(piece.edge, piece.begin, piece.end)
    }

    /// The line along an edge from one fraction of its length to another, backward where the first is larger.
    pub(super) fn part_of_line(&self, edge: EdgeId, from: f64, to: f64) -> LineString<f64> {
        let coords = &self.lines[edge as usize].0;
        let length_m = super::build::length_m(coords);
        let [begin_m, end_m] = [from.min(to), from.max(to)].map(|fraction| fraction * length_m);
        let mut line: Vec<Coord<f64>> = Vec::new();
        let mut passed_m = 0.0;
        for pair in coords.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            let piece_m = Euclidean.distance(Point::from(a), Point::from(b));
            let at = |metres: f64| {
                let share = if piece_m > 0.0 { (metres - passed_m) / piece_m } else { 0.0 };
                a + (b - a) * share.clamp(0.0, 1.0)
            };
            let (starts, ends) = (passed_m + piece_m >= begin_m, passed_m + piece_m >= end_m);
            if starts && line.is_empty() {
                line.push(at(begin_m));
            }
            if ends {
                line.push(at(end_m));
                break;
            }
            if starts {
                line.push(b);
            }
            passed_m += piece_m;
        }
        // Rounding may leave the very end a hair away.
        if line.len() < 2 {
            line.extend(coords.last());
        }
        line.dedup();
        if from > to {
            line.reverse();
        }
        LineString(line)
    }

    /// Milliseconds along an edge from one fraction of its length to another.
    pub(super) fn cost_along(&self, edge: EdgeId, from: f64, to: f64) -> u32 {
        let edge = &self.edges[edge as usize];
        if to >= from {
            part(edge.forward, to) - part(edge.forward, from)
        } else {
            part(edge.backward, from) - part(edge.backward, to)
        }
    }

    /// The parts of edges within `limit` milliseconds of a place, first and last edges cut where the time ends.
    ///
    /// `search` has been run from the place in the same direction, with at least the same limit.
    pub(super) fn reached_pieces(
        &self,
        search: &Search<1>,
        place: &Attachment,
        direction: Direction,
        limit: u32,
    ) -> Vec<Piece> {
        let adjacency = self.adjacency(direction);
        let near = search.reached().filter(|&(_, &[cost])| cost <= limit);
        let mut edges: Vec<EdgeId> = near
            .flat_map(|(node, _)| adjacency.passages_at(node).map(|(_, passage)| passage.edge()))
            .collect();
        edges.push(place.edge);
        edges.sort_unstable();
        edges.dedup();
        let mut pieces = Vec::new();
        for number in edges {
            let edge = &self.edges[number as usize];
            let [ahead, behind] = edge.costs(direction);
            let within = |cost: u32, spent: u32| share_within(open(cost), limit.checked_sub(spent));
            let mut spans = [(0.0, 0.0); 4];
            // From the tail forward, from the head backward, from the place itself either way.
            spans[0].1 = within(ahead, search.cost(edge.tail));
            spans[1] = (1.0 - within(behind, search.cost(edge.head)), 1.0);
            if number == place.edge {
                let gap = self.gap_cost(place);
                spans[2] = (place.fraction, (place.fraction + within(ahead, gap)).min(1.0));
                spans[3] = ((place.fraction - within(behind, gap)).max(0.0), place.fraction);
            }
            pieces.extend(joined(spans).map(|(begin, end)| Piece { edge: number, begin, end }));
        }
        pieces
    }
}

/// Share of an edge, 0 to 1, that the time left suffices for.
fn share_within(cost: Option<u32>, left: Option<u32>) -> f64 {
    match (cost, left) {
        (Some(cost), Some(left)) if left >= cost => 1.0,
        (Some(cost), Some(left)) => f64::from(left) / f64::from(cost),
        _ => 0.0,
    }
}

/// The union of spans, without those of no length, in their order.
fn joined(mut spans: [(f64, f64); 4]) -> impl Iterator<Item = (f64, f64)> {
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut joined: Vec<(f64, f64)> = Vec::with_capacity(2);
    for (begin, end) in spans.into_iter().filter(|(begin, end)| begin < end) {
        match joined.last_mut().filter(|last| begin <= last.1) {
            Some(last) => last.1 = last.1.max(end),
            None => joined.push((begin, end)),
        }
    }
    joined.into_iter()
}
