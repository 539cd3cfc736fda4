//! A receipt for every place that is put on the network: where it went, or why it did not.

use super::attachment::{Attachment, DEFAULT_SMALLEST_COMPONENT};
use super::graph::{NodeId, StreetNetwork};
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Metres, Result};
use geo::Point;
use rayon::prelude::*;

/// How far from the street a place may lie, and which streets count.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AttachOptions {
    /// A place farther from every street is not attached.
    pub max_distance: Metres,
    /// Pieces of network with fewer nodes are passed over for a larger one nearby.
    pub smallest_component: u32,
}

impl AttachOptions {
    /// The default smallest component, and a distance.
    #[must_use]
    pub fn within(max_distance: Metres) -> Self {
        Self { max_distance, smallest_component: DEFAULT_SMALLEST_COMPONENT }
    }
}

/// What happened to one place.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Receipt {
    /// Where the place meets the street; `None` if it is not on the network.
    pub attachment: Option<Attachment>,
    /// Id of that street in the data.
    pub street: Option<i64>,
    /// Number of nodes of the piece of network that the street belongs to.
    pub component_size: Option<u32>,
    /// Straight-line distance to the nearest street of any piece, as far as it was looked for.
    pub nearest: Option<Metres>,
    /// In a word.
    pub outcome: Outcome,
}

/// How the attachment of a place went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// On the nearest street.
    Attached,
    /// On a street farther away, because the nearest ones belong to a fragment that leads nowhere.
    FragmentPassedOver,
    /// On the nearest street, although it belongs to a fragment: there is no other street within the distance.
    OnFragment,
    /// Not attached: the nearest street is too far.
    TooFar,
    /// Not attached: there was no place, or its coordinates are not finite.
    NoPlace,
}

impl Outcome {
    /// The word for tables.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Attached => "attached",
            Self::FragmentPassedOver => "fragment passed over",
            Self::OnFragment => "on a fragment",
            Self::TooFar => "too far from any street",
            Self::NoPlace => "no place",
        }
    }
}

/// How attaching went for all places of a layer: one report for the program, for studies and for Python.
#[derive(Debug, Clone, PartialEq)]
pub struct AttachReport {
    /// Number of places.
    pub count: usize,
    /// Numbers of the places on no street.
    pub unattached: Vec<usize>,
    /// Straight-line distance from the first of them to its nearest street; `None` where it has no place.
    pub nearest: Option<Metres>,
    max_distance: Metres,
}

/// A place this far from every street is most likely in another coordinate system, in metres.
const ELSEWHERE_M: f64 = 10_000.0;
/// Ids that a message lists before it counts the rest.
const LISTED: usize = 5;

impl AttachReport {
    /// The report of receipts, one per place, in their order.
    #[must_use]
    pub fn of(receipts: &[Receipt], max_distance: Metres) -> Self {
        let is_off = |place: &usize| receipts[*place].attachment.is_none();
        let unattached: Vec<usize> = (0..receipts.len()).filter(is_off).collect();
        let nearest = unattached.first().and_then(|&first| receipts[first].nearest);
        Self { count: receipts.len(), unattached, nearest, max_distance }
    }

    /// Whether there are places and not one of them is on a street: most likely the wrong coordinates.
    #[must_use]
    pub fn is_none_attached(&self) -> bool {
        self.count > 0 && self.unattached.len() == self.count
    }

    /// What to say of the places on no street, with their ids; `None` if there is none. It is an error where
    /// [`AttachReport::is_none_attached`], else a warning.
    ///
    /// - `noun`: what the places are, in the plural. - `setting`: what the user calls the largest distance.
    #[must_use]
    pub fn complaint(&self, noun: &str, id: impl Fn(usize) -> String, setting: &str) -> Option<Error> {
        let &first = self.unattached.first()?;
        let (count, metres) = (self.unattached.len(), self.max_distance.get());
        let message = if self.is_none_attached() {
            format!("none of {} {noun} lies within {metres:.0} m of a street", self.count)
        } else {
            let listed: Vec<String> =
                self.unattached.iter().take(LISTED).map(|&place| format!("`{}`", id(place))).collect();
            let more = match count - listed.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let listed = listed.join(", ");
            let total = self.count;
            format!(
                "{count} of {total} {noun} are farther than {metres:.0} m from every street: {listed}{more}"
            )
        };
        let hint = match self.nearest.map(Metres::get) {
            Some(distance) if distance > ELSEWHERE_M => format!(
                "the street nearest to the first is {:.0} km away: is the coordinate reference system right, and are x and \
                 y in this order?",
                distance / 1_000.0
            ),
            Some(distance) => format!(
                "the street nearest to the first is {distance:.0} m away; are streets missing, or is `{setting}` too small?"
            ),
            None => "the first has no finite coordinates".to_owned(),
        };
        Some(Error::new(ErrorKind::Geometry, message).with_id(id(first)).hint(hint))
    }
}

const NOWHERE: Receipt = Receipt {
    attachment: None,
    street: None,
    component_size: None,
    nearest: None,
    outcome: Outcome::NoPlace,
};

impl StreetNetwork {
    /// Attaches every place and writes a receipt for each, in their order.
    ///
    /// Each answer depends on its place and the network alone, never on the other places.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop; `progress` advances by one per place.
    pub fn attach_all(
        &self,
        places: &[Option<Point<f64>>],
        options: AttachOptions,
        inhabited: &[bool],
        progress: &dyn Progress,
    ) -> Result<Vec<Receipt>> {
        const LOT: usize = 1024;
        progress.start("putting places on the network", places.len() as u64);
        let lots = places.par_chunks(LOT).map(|lot| {
            go_on(progress)?;
            let receipts: Vec<Receipt> =
                lot.iter().map(|place| self.receipt(*place, options, inhabited)).collect();
            progress.advance(lot.len() as u64);
            Ok(receipts)
        });
        Ok(lots.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
    }

    /// Attaches one place and says how that went.
    #[must_use]
    pub fn receipt(&self, place: Option<Point<f64>>, options: AttachOptions, inhabited: &[bool]) -> Receipt {
        let Some(place) = place.filter(|place| place.x().is_finite() && place.y().is_finite()) else {
            return NOWHERE;
        };
        let mut nearest = None;
        let mut fragment = None;
        for (distance, (edge, piece)) in self.nearest_pieces(place) {
            nearest = nearest.or(Metres::new(distance).ok());
            if distance > options.max_distance.get() {
                break;
            }
            let component = self.component_of(edge) as usize;
            let is_large = component == 0 || self.component_sizes[component] >= options.smallest_component;
            if is_large || inhabited.get(component).copied().unwrap_or(false) {
                let outcome =
                    if fragment.is_none() { Outcome::Attached } else { Outcome::FragmentPassedOver };
                return self.attached(self.attachment_on(edge, piece, place.into()), nearest, outcome);
            }
            fragment.get_or_insert((edge, piece));
        }
        match fragment {
            Some((edge, piece)) => {
                self.attached(self.attachment_on(edge, piece, place.into()), nearest, Outcome::OnFragment)
            }
            None => Receipt { nearest, outcome: Outcome::TooFar, ..NOWHERE },
        }
    }

    /// The nearest position, within some metres, on a street that may be used in both directions and is no fragment.
    #[cfg(feature = "study")]
    pub(crate) fn attach_both_ways(&self, place: Point<f64>, options: AttachOptions) -> Option<Attachment> {
        let within = |&(distance, _): &(f64, _)| distance <= options.max_distance.get();
        let is_open = |&(_, (edge, _)): &(f64, (u32, u32))| {
            let component = self.component_of(edge) as usize;
            let is_large = component == 0 || self.component_sizes[component] >= options.smallest_component;
            is_large && self.times(edge).iter().all(Option::is_some)
        };
        let (_, (edge, piece)) = self.nearest_pieces(place).take_while(within).find(is_open)?;
        Some(self.attachment_on(edge, piece, place.into()))
    }

    /// Whether the street of a position may be used in one direction only.
    #[cfg(feature = "study")]
    pub(crate) fn is_one_way(&self, at: &Attachment) -> bool {
        self.times(at.edge).iter().any(Option::is_none)
    }

    /// The receipt of a place that stands at a junction; it names the first of its streets.
    #[must_use]
    pub fn receipt_at_node(&self, node: NodeId) -> Receipt {
        match self.at_node(node) {
            Some(attachment) => self.attached(attachment, Some(Metres::ZERO), Outcome::Attached),
            None => NOWHERE,
        }
    }

    fn attached(&self, attachment: Attachment, nearest: Option<Metres>, outcome: Outcome) -> Receipt {
        Receipt {
            attachment: Some(attachment),
            street: Some(self.street(attachment.edge)),
            component_size: Some(self.component_size_of(attachment.edge)),
            nearest,
            outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_on_no_street_are_reported_with_their_ids_and_a_cure() {
        let metres = |metres| Metres::new(metres).unwrap();
        let off = |nearest| Receipt { nearest: Some(metres(nearest)), outcome: Outcome::TooFar, ..NOWHERE };
        let on = Receipt {
            attachment: Some(Attachment {
                edge: 0,
                fraction: 0.0,
                position: geo::Coord::zero(),
                gap: Metres::ZERO,
            }),
            ..off(0.0)
        };
        let said = |receipts: &[Receipt]| {
            let report = AttachReport::of(receipts, metres(500.0));
            let error = report.complaint("points", |place| format!("p{place}"), "max_attach_m");
            (report.is_none_attached(), error.map(|error| error.to_string()))
        };
        assert_eq!(said(&[]), (false, None));
        assert_eq!(said(&[on]), (false, None));
        let mut many = vec![off(700.0); 7];
        many.push(on);
        let (is_none, text) = said(&many);
        let text = text.unwrap();
        assert!(
            !is_none && text.contains("7 of 8 points are farther than 500 m from every street"),
            "{text}"
        );
        assert!(
            text.contains("`p0`, `p1`, `p2`, `p3`, `p4` and 2 more") && text.contains("700 m away"),
            "{text}"
        );
        let (is_none, text) = said(&[off(1.1e6); 3]);
        let text = text.unwrap();
        assert!(is_none && text.contains("none of 3 points") && text.contains("1100 km"), "{text}");
        assert!(text.contains("coordinate reference system"), "{text}");
    }
}
