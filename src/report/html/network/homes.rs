//! Homes and places where the library attached them, and where they join if their own street closes.

use super::block::{Block, PER_PERSON, pair, segment};
use crate::access::Source;
use crate::model::Weight;
use crate::model::category::GREEN_SPACE;
use crate::network::{Attachment, EdgeId, Position};
use crate::report::html::shared_people::shared_people;
use geo::Point;

/// The columns of one kind of position.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) edge: &'static str,
    pub(super) gap: &'static str,
    pub(super) along: &'static str,
}

const HOME: Kind = Kind { edge: "home edge", gap: "home gap", along: "home along" };
const HOME_BESIDE: Kind =
    Kind { edge: "home beside edge", gap: "home beside gap", along: "home beside along" };
const PLACE: Kind = Kind { edge: "place edge", gap: "place gap", along: "place along" };
const PLACE_BESIDE: Kind =
    Kind { edge: "place beside edge", gap: "place beside gap", along: "place beside along" };

impl Block<'_> {
    /// The milliseconds from the tail, as what they differ by from a share of the whole; back only where it may differ.
    pub(super) fn along(&mut self, kind: Kind, position: Position, share: f64) {
        let [ahead, back] = self.costs(position.edge);
        let expected = |cost: u64| (cost.saturating_sub(1) as f64 * share).round() as i64;
        self.put(kind.along, i64::from(position.ahead) - expected(ahead));
        if ahead != back {
            self.put(kind.along, i64::from(position.back) - expected(back));
        }
    }

    /// An attachment: its edge, then where on it.
    fn attachment(&mut self, kind: Kind, at: &Attachment, last: &mut i64) {
        let position = self.network.position(at);
        self.put(kind.edge, i64::from(position.edge) - *last);
        *last = i64::from(position.edge);
        self.columns.unsigned(kind.gap, pair(position.gap, position.end));
        self.along(kind, position, 0.0);
    }

    /// Where a place joins the network if its own street closes: 0 for nowhere, else 1 and an attachment.
    fn beside(&mut self, kind: Kind, place: Point<f64>, at: &Attachment) {
        let street = |edge: EdgeId, piece: u32| {
            let coords = &self.network.line(edge).0;
            self.street_of.get(&segment(coords[piece as usize], coords[piece as usize + 1]))
        };
        let own = self.network.piece_of(at).and_then(|piece| street(at.edge, piece)).copied();
        let is_closed = |edge, piece| street(edge, piece).copied() == own;
        let far = self.study.settings.max_snap_distance;
        let found = self.network.attach_beside((place, at), (far, self.trips.inhabited()), is_closed);
        self.columns.unsigned(kind.edge, u64::from(found.is_some()));
        if let Some(found) = found {
            self.attachment(kind, &found, &mut i64::from(at.edge));
        }
    }

    /// Homes on a street, in the order of the study; returns how many share their people with others, and the people of each home.
    pub(super) fn homes(&mut self) -> (usize, Vec<f64>) {
        let homes = &self.study.homes;
        let edges: Vec<Option<EdgeId>> =
            self.trips.homes().iter().map(|at| Some(at.as_ref()?.edge)).collect();
        let is_people = homes.weight == Weight::Residents;
        let (weights, shared) = shared_people(&homes.weights, &homes.neighbourhoods, &edges, is_people);
        let mut last = 0;
        for (home, at) in self.trips.homes().iter().enumerate() {
            let Some(at) = at else { continue };
            self.attachment(HOME, at, &mut last);
            self.columns
                .unsigned("home area", homes.neighbourhoods[home].map_or(0, |place| u64::from(place) + 1));
            self.columns.unsigned("home people", (weights[home] * PER_PERSON).round() as u64);
            self.beside(HOME_BESIDE, homes.locations[home], at);
        }
        (shared, weights)
    }

    /// Services in the order of the destinations; returns how many.
    pub(super) fn places(&mut self) -> usize {
        let sources = self.opportunities.sources().to_vec();
        let (mut count, mut last) = (0, 0);
        for (number, source) in sources.into_iter().enumerate() {
            let Source::Service(service) = source else { continue };
            // Where there are parks, one that is listed as a service is not alone.
            if !self.study.green_spaces.is_empty() && self.study.services[service].category == GREEN_SPACE {
                continue;
            }
            let at = self.opportunities.destinations().entrances_of(number)[0];
            self.columns.unsigned("place service", service as u64);
            self.attachment(PLACE, &at, &mut last);
            self.beside(PLACE_BESIDE, self.study.services[service].location, &at);
            count += 1;
        }
        count
    }
}
