//! Travel by public transport, at every second of a departure window.

mod clock;
mod closest;
mod doors;
mod journey;
mod network;
mod rules;
mod runs;
mod searches;
mod service;
mod slices;
mod spread;
mod standards;
mod stops;
mod sweep;
#[cfg(test)]
mod tests;
mod timetable;
mod transfers;
mod walks;

pub use crate::model::transit::{Departures, LONGEST_HORIZON_S, clock_time};
pub use clock::{DAY_S, service_seconds};
pub use closest::closest_by_transit;
pub use journey::{Journey, Leg, Ride};
pub use network::{TransitNetwork, TransitOptions};
pub use runs::TripRun;
pub use searches::TransitSearches;
pub use service::{Departure, ServiceTable, StopService};
pub use slices::{ClosestByTransit, CutOff, Reaching, SliceAccess, StudyTransit, who_is_cut_off};
pub use spread::{Sampling, Spread};
pub use standards::{PlaceService, ServiceClass, service_at_places, transit_gap};
pub use stops::{FARTHEST_FROM_STREET_M, TransitStops};
pub use timetable::{Timetable, TimetableOptions};
pub use walks::Walks;
