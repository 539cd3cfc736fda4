//! Stops on the streets of a traveller, and the walks between them.

use super::rules::Rules;
use super::walks::{Walks, whole_seconds};
use crate::crs::Reprojector;
use crate::model::transit::Feed;
use crate::network::{AttachOptions, Attachment, Destinations, Receipt, Row, StreetNetwork, each_origin};
use crate::{Crs, Error, ErrorKind, Metres, Minutes, Progress, Quiet, Result};
use geo::{Coord, Distance, Euclidean, Point};

/// A stop farther from every street of the traveller is used by nobody who walks.
pub const FARTHEST_FROM_STREET_M: f64 = 500.0;
/// Where a rule lets passengers change between stops that no street joins, the way is so much longer than the straight line.
const DETOUR: f64 = 1.3;

/// The stops of some feeds on a street network: made once for each traveller, for any number of days and windows.
pub struct TransitStops {
    pub(super) attachments: Vec<Option<Attachment>>,
    pub(super) destinations: Destinations,
    receipts: Vec<Receipt>,
    walks: Walks,
    /// Nodes and edges of the network, by which it is known again.
    size: [usize; 2],
}

impl TransitStops {
    /// Puts the stops of all feeds, numbered through, on the streets, and finds the walks between them.
    ///
    /// - `longest_transfer_m`: longest walk between two stops, in metres at the traveller's own pace.
    ///
    /// # Errors
    /// [`ErrorKind::Crs`] if the network does not know its coordinate system; [`ErrorKind::Parameter`] if no stop lies near a street;
    /// [`ErrorKind::Cancelled`].
    pub fn attach(
        streets: &StreetNetwork,
        feeds: &[Feed],
        longest_transfer_m: f64,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let Some(crs) = streets.crs() else {
            return Err(Error::new(ErrorKind::Crs, "the street network does not know its coordinate system")
                .hint("stops are in degrees; build the network from data with a known system"));
        };
        let reprojector = Reprojector::new(&Crs::wgs84(), crs)?;
        let is_station = feeds.iter().flat_map(|feed| &feed.stops).map(|stop| stop.is_station);
        let places: Vec<Option<Point<f64>>> = feeds
            .iter()
            .flat_map(|feed| &feed.stops)
            .map(|stop| {
                let [x, y] = stop.lon_lat;
                // What is too far away to have coordinates in the system of the streets is not on them.
                let is_place = x.is_finite() && !stop.is_station;
                is_place.then(|| reprojector.coord(Coord { x, y }).ok().map(Point::from)).flatten()
            })
            .collect();
        let within = AttachOptions::within(Metres::new(FARTHEST_FROM_STREET_M)?);
        let receipts = streets.attach_all(&places, within, &[], progress)?;
        // From a stop one leaves and to it one comes: an escalator that leads out of a station is not enough.
        let both_ways = |(receipt, place): (&Receipt, &Option<Point<f64>>)| {
            let nearest = receipt.attachment?;
            let instead = || streets.attach_both_ways((*place)?, within);
            if streets.is_one_way(&nearest) { instead().or(Some(nearest)) } else { Some(nearest) }
        };
        let attachments: Vec<Option<Attachment>> = receipts.iter().zip(&places).map(both_ways).collect();
        if attachments.iter().all(Option::is_none) {
            let count = is_station.filter(|is_station| !is_station).count();
            let message =
                format!("none of the {count} stops lies within {FARTHEST_FROM_STREET_M} m of a street");
            let nearest = receipts.iter().filter_map(|receipt| receipt.nearest).map(Metres::get);
            let nearest = nearest.fold(f64::INFINITY, f64::min);
            return Err(Error::new(ErrorKind::Parameter, message).hint(if nearest.is_finite() {
                format!(
                    "is it the timetable of another city? The nearest stop is {:.0} km away",
                    nearest / 1_000.0
                )
            } else {
                "is it the timetable of another city?".to_owned()
            }));
        }
        let destinations = Destinations::at(streets, &attachments);
        let pace = streets.profile().milliseconds_per_metre_off_street();
        let limit = Minutes::new(longest_transfer_m * pace / crate::units::MILLISECONDS_PER_MINUTE)?;
        progress.start("walking between stops", attachments.len() as u64);
        let list = |row: Row<'_>| -> Vec<(u32, i32)> {
            let others = row.milliseconds().filter(|&(stop, _)| stop != row.number());
            let mut list: Vec<(u32, i32)> =
                others.map(|(stop, cost)| (stop as u32, whole_seconds(cost))).collect();
            list.push((row.number() as u32, 0));
            list
        };
        let lists = each_origin(streets, &attachments, &destinations, limit, progress, list)?;
        let mut lists: Vec<Vec<(u32, i32)>> = lists
            .into_iter()
            .enumerate()
            .map(|(stop, list)| list.unwrap_or_else(|| vec![(stop as u32, 0)]))
            .collect();
        for ((from, to), least) in Rules::new(feeds).pairs() {
            let list = &mut lists[from as usize];
            if list.iter().any(|(stop, _)| *stop == to) {
                continue;
            }
            let way = places[from as usize].zip(places[to as usize]);
            let straight = way.map(|(a, b)| Euclidean.distance(a, b) * DETOUR * pace / 1_000.0);
            if let Some(seconds) =
                straight.map(|seconds| seconds.ceil() as i32).or(least.map(|least| least as i32))
            {
                list.push((to, seconds));
            }
        }
        lists.iter_mut().for_each(|list| list.sort_unstable());
        let size = [streets.node_count(), streets.edge_count()];
        Ok(Self { attachments, destinations, receipts, walks: Walks::new(lists), size })
    }

    /// What happened to each stop.
    #[must_use]
    pub fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    /// Where each stop meets the street.
    #[must_use]
    pub fn attachments(&self) -> &[Option<Attachment>] {
        &self.attachments
    }

    /// Seconds of walking from each stop to those near it, and to itself.
    #[must_use]
    pub fn walks(&self) -> &Walks {
        &self.walks
    }

    /// Walks of places to the stops within some minutes.
    pub(super) fn walks_to(
        &self,
        streets: &StreetNetwork,
        places: &[Option<Attachment>],
        limit: Minutes,
    ) -> Result<Walks> {
        let list = |row: Row<'_>| -> Vec<(u32, i32)> {
            row.milliseconds().map(|(stop, cost)| (stop as u32, whole_seconds(cost))).collect()
        };
        let lists = each_origin(streets, places, &self.destinations, limit, &Quiet, list)?;
        Ok(Walks::new(lists.into_iter().map(Option::unwrap_or_default)))
    }

    /// Walks of destinations from the stops within some minutes, of the nearest entrance.
    pub(super) fn walks_from(
        &self,
        streets: &StreetNetwork,
        destinations: &Destinations,
        limit: Minutes,
    ) -> Result<Walks> {
        let list = |row: Row<'_>| -> Vec<(u32, i32)> {
            row.milliseconds().map(|(place, cost)| (place as u32, whole_seconds(cost))).collect()
        };
        let lists = each_origin(streets, &self.attachments, destinations, limit, &Quiet, list)?;
        Ok(Walks::new(lists.into_iter().map(Option::unwrap_or_default)).transposed(destinations.len()))
    }

    /// # Errors
    /// [`ErrorKind::Parameter`] if the stops were put on another network.
    pub(super) fn check(&self, streets: &StreetNetwork) -> Result<()> {
        if self.size == [streets.node_count(), streets.edge_count()] {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Parameter, "the stops were put on another street network"))
    }
}
