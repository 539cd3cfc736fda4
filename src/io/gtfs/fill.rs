//! Times of calls that have none: in proportion to the distance between those that have one.

use super::shapes::{Shapes, metres_of};
use super::stop_times::RawCall;
use crate::model::transit::{Call, FillTimes, NONE, Stop};
use std::collections::HashMap;
use std::rc::Rc;

/// Distances of calls, and how they were found.
type Filled = (Rc<Vec<f64>>, &'static str);

/// Fills the calls of trips, and remembers the distances of those that run alike.
pub(super) struct Filler<'a> {
    wanted: FillTimes,
    shapes: &'a Shapes,
    stops: &'a [Stop],
    /// By shape and stops.
    known: HashMap<(u32, Vec<u32>), Filled>,
    how: &'static str,
}

impl<'a> Filler<'a> {
    pub(super) fn new(wanted: FillTimes, shapes: &'a Shapes, stops: &'a [Stop]) -> Self {
        Self { wanted, shapes, stops, known: HashMap::new(), how: "" }
    }

    /// How the last trip was filled, in the words of a receipt.
    pub(super) fn how(&self) -> &'static str {
        self.how
    }

    /// Gives every call without a time one between its neighbours that have one. The first and last have one.
    pub(super) fn fill(&mut self, raw: &[RawCall], shape: u32, calls: &mut [Call]) {
        let along = self.distances(raw, shape);
        let mut before = 0;
        for at in 1..calls.len() {
            if !calls[at].is_timed {
                continue;
            }
            let (start, end) = (calls[before].departure, calls[at].arrival);
            let length = along[at] - along[before];
            for between in before + 1..at {
                // Where the stops lie at one place, evenly.
                let share = if length > 0.0 {
                    (along[between] - along[before]) / length
                } else {
                    (between - before) as f64 / (at - before) as f64
                };
                let time = start + (f64::from(end - start) * share).round() as u32;
                (calls[between].arrival, calls[between].departure) = (time, time);
            }
            before = at;
        }
    }

    /// Distance of each call along the trip, never falling, in any unit.
    fn distances(&mut self, raw: &[RawCall], shape: u32) -> Rc<Vec<f64>> {
        if self.wanted == FillTimes::Evenly {
            self.how = "blank times: filled evenly from stop to stop";
            return Rc::new((0..raw.len()).map(|at| at as f64).collect());
        }
        let given = raw.iter().map(|call| call.along);
        if self.wanted == FillTimes::AlongShape
            && given.clone().all(f64::is_finite)
            && given.clone().is_sorted()
        {
            self.how = "blank times: filled by shape_dist_traveled";
            return Rc::new(given.collect());
        }
        let key = (shape, raw.iter().map(|call| call.stop).collect());
        if let Some((distances, how)) = self.known.get(&key) {
            self.how = how;
            return distances.clone();
        }
        let places: Vec<[f64; 2]> = raw.iter().map(|call| self.stops[call.stop as usize].lon_lat).collect();
        let projected = match self.wanted {
            FillTimes::AlongShape if shape != NONE => self.shapes.project(shape, &places),
            _ => None,
        };
        let (distances, how) = match projected {
            Some(distances) => (distances, "blank times: filled by distance along the shape"),
            None => (straight(&places), "blank times: filled by straight lines from stop to stop"),
        };
        let distances = Rc::new(distances);
        self.how = how;
        self.known.insert(key, (distances.clone(), how));
        distances
    }
}

/// Metres along straight lines from place to place; one that is missing adds nothing.
fn straight(places: &[[f64; 2]]) -> Vec<f64> {
    let mut total = 0.0;
    let mut last: Option<[f64; 2]> = None;
    let add = |place: &[f64; 2]| {
        if place[0].is_finite() {
            if let Some(last) = last {
                total += metres_of(last, *place);
            }
            last = Some(*place);
        }
        total
    };
    places.iter().map(add).collect()
}
