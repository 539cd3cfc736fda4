//! A timetable as a feed states it: stops, routes, services and trips, numbered densely, with receipts for what was dropped
//! or filled in.
//!
//! Times are whole seconds from the start of a service day, which is noon minus 12 hours (General Transit Feed
//! Specification, GTFS): 25:10:00 is ten past one in the morning after.

mod departures;
mod lines;
mod new_line;
mod receipts;
mod service;

pub use chrono::NaiveDate;
pub use departures::{Departures, LONGEST_HORIZON_S, clock_time};
#[cfg(feature = "study")]
pub(crate) use new_line::weekdays;
pub use new_line::{LineStop, NewLine};
pub use receipts::{Quirk, Receipts};
pub use service::{Service, check_date, date, days_between, nearest_dates};

use crate::Minutes;
use chrono_tz::Tz;

/// No number: a station without a parent, a trip without a block.
pub const NONE: u32 = u32::MAX;

/// A timetable: one feed in the General Transit Feed Specification, read and checked.
#[derive(Debug, Clone)]
pub struct Feed {
    /// Name of the file or folder, by which receipts and errors name the feed.
    pub name: String,
    /// The zone that the times of the feed are in; `None` if it does not say.
    pub timezone: Option<Tz>,
    /// Stops and stations.
    pub stops: Vec<Stop>,
    /// Lines.
    pub routes: Vec<Route>,
    /// Days of service.
    pub services: Vec<Service>,
    /// Trips, each with its calls.
    pub trips: Vec<Trip>,
    /// The calls of all trips, one trip after the other.
    pub calls: Vec<Call>,
    /// Trips that are repeated at a headway.
    pub frequencies: Vec<Frequency>,
    /// Rules of changing vehicles.
    pub transfers: Vec<TransferRule>,
    /// What was dropped, repaired or filled in.
    pub receipts: Receipts,
}

impl Feed {
    /// The calls of a trip, in the order of travel.
    #[must_use]
    pub fn calls_of(&self, trip: &Trip) -> &[Call] {
        &self.calls[trip.first_call as usize..][..trip.call_count as usize]
    }
}

/// What the feed says about a wheelchair.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wheelchair {
    /// Nothing.
    #[default]
    Unknown,
    /// It can be used with a wheelchair.
    Yes,
    /// It cannot be used with a wheelchair.
    No,
}

/// A place where vehicles stop, or a station that holds such places.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// Its id in the feed.
    pub id: String,
    /// Its name for passengers; its id where it has none.
    pub name: String,
    /// Degrees east and north (WGS84).
    pub lon_lat: [f64; 2],
    /// Number of the station that it belongs to, or [`NONE`].
    pub station: u32,
    /// Whether it is a station rather than a place where one boards.
    pub is_station: bool,
    /// Whether one can board here with a wheelchair.
    pub wheelchair: Wheelchair,
}

/// The kinds of vehicle, coarse enough for standards of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Vehicle {
    /// Tram, street car, light rail.
    Tram,
    /// Metro.
    Metro,
    /// Train.
    Rail,
    /// Bus, coach, trolleybus.
    Bus,
    /// Ferry.
    Ferry,
    /// Aerial lift, funicular, cable tram.
    Lift,
    /// Monorail and what has no class.
    Other,
}

impl Vehicle {
    /// The kind of a `route_type`, basic or extended; `None` if the number has no meaning.
    #[must_use]
    pub fn of_route_type(number: u32) -> Option<Self> {
        Some(match number {
            0 | 900..=999 => Self::Tram,
            1 | 400..=403 | 500..=699 => Self::Metro,
            2 | 100..=199 | 300..=399 => Self::Rail,
            3 | 11 | 200..=299 | 700..=899 => Self::Bus,
            4 | 1000..=1099 | 1200..=1299 => Self::Ferry,
            5..=7 | 1300..=1499 => Self::Lift,
            12 | 404..=405 | 1100..=1199 | 1500..=1799 => Self::Other,
            _ => return None,
        })
    }

    /// The word in tables.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tram => "tram",
            Self::Metro => "metro",
            Self::Rail => "rail",
            Self::Bus => "bus",
            Self::Ferry => "ferry",
            Self::Lift => "lift",
            Self::Other => "other",
        }
    }
}

/// A line under one name.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// Its id in the feed.
    pub id: String,
    /// What is written on the vehicle: the short name, else the long one, else the id.
    pub name: String,
    /// The long name; empty if there is none.
    pub long_name: String,
    /// What runs on it.
    pub vehicle: Vehicle,
}

/// One journey of a vehicle, on every day of its service.
#[derive(Debug, Clone, PartialEq)]
pub struct Trip {
    /// Its id in the feed.
    pub id: String,
    /// Number of its route.
    pub route: u32,
    /// Number of its service.
    pub service: u32,
    /// Number of its block, or [`NONE`]: the trips that one vehicle makes one after the other.
    pub block: u32,
    /// Where the vehicle says that it goes; empty if it does not.
    pub headsign: String,
    /// 0 or 1, where the feed says so.
    pub direction: Option<u8>,
    /// Whether the vehicle takes a wheelchair.
    pub wheelchair: Wheelchair,
    /// Its calls begin here in [`Feed::calls`].
    pub first_call: u32,
    /// Number of its calls, at least 2.
    pub call_count: u32,
    /// Whether it runs at headways only, so that its own times are a pattern.
    pub is_template: bool,
}

/// A vehicle at a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Number of the stop.
    pub stop: u32,
    /// Seconds of the service day.
    pub arrival: u32,
    /// Seconds of the service day, not before the arrival.
    pub departure: u32,
    /// Whether passengers may board.
    pub board: bool,
    /// Whether passengers may alight.
    pub alight: bool,
    /// Whether the feed gave the time, rather than this library.
    pub is_timed: bool,
}

/// A trip that is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frequency {
    /// Number of the trip that is the pattern.
    pub trip: u32,
    /// Seconds of the service day of the first departure.
    pub start: u32,
    /// Seconds of the service day at which the headway ends; no trip departs then.
    pub end: u32,
    /// Seconds between departures, above 0.
    pub headway: u32,
    /// Whether the departures are exact, or only their distance is known.
    pub is_exact: bool,
}

/// How passengers change between vehicles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferKind {
    /// A good place to change (0).
    Recommended,
    /// The departing vehicle waits (1).
    Timed,
    /// It takes at least so many seconds (2).
    AtLeast(u32),
    /// It cannot be done (3).
    Impossible,
    /// Passengers stay seated while the vehicle becomes the next trip (4).
    InSeat,
    /// The vehicle becomes the next trip, but passengers must alight (5).
    MustAlight,
}

/// A rule of changing vehicles; a number that is [`NONE`] means any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransferRule {
    /// Stop or station that one comes to, and that one leaves from.
    pub stops: [u32; 2],
    /// Route that one comes with, and that one leaves with.
    pub routes: [u32; 2],
    /// Trip that one comes with, and that one leaves with.
    pub trips: [u32; 2],
    /// The rule.
    pub kind: TransferKind,
}

/// How the times of calls without a time are found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FillTimes {
    /// In proportion to the distance along the shape of the trip; along straight lines where there is none.
    #[default]
    AlongShape,
    /// In proportion to the straight lines from stop to stop (R5).
    StraightLine,
    /// The same time from stop to stop (OpenTripPlanner, nigiri, cafein).
    Evenly,
}

/// The public transport of a study, and the times of day that are compared.
#[derive(Debug, Clone)]
pub struct TransitStudy {
    /// Timetables.
    pub feeds: Vec<Feed>,
    /// When one leaves; the first is what the others are compared with.
    pub slices: Vec<TransitSlice>,
    /// The share of departures, in percent, that are at least as fast as the time that counts.
    pub percentile: f64,
    /// Within this time, door to door, an essential counts as reached.
    pub standard: Minutes,
}

/// A day and a window of departures.
#[derive(Debug, Clone, PartialEq)]
pub struct TransitSlice {
    /// Its name in columns and sentences: `sunday_morning`.
    pub name: String,
    /// The day.
    pub date: NaiveDate,
    /// When one leaves.
    pub departures: Departures,
}
