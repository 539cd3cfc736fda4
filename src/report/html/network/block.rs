//! Everything that is packed, while it is packed.

use crate::access::Opportunities;
use crate::measure::Trips;
use crate::network::{EdgeId, StreetNetwork};
use crate::report::html::pack::Columns;
use crate::{Result, StudyArea};
use geo::Coord;
use std::collections::HashMap;

/// Positions are whole millionths of a degree, about a decimetre.
pub(super) const PER_DEGREE: f64 = 1e6;
/// What homes count for is given to a hundredth, as in the sentences of the page.
pub(super) const PER_PERSON: f64 = 100.0;

/// Everything that is packed.
pub(super) struct Block<'a> {
    pub(super) study: &'a StudyArea,
    pub(super) trips: &'a Trips,
    pub(super) network: &'a StreetNetwork,
    pub(super) opportunities: Opportunities,
    /// Number in the study of the street of each segment.
    pub(super) street_of: HashMap<[u64; 4], usize>,
    /// Numbers in the page of streets by their numbers in the study.
    pub(super) numbers: Vec<Option<usize>>,
    /// Numbers in the study of the streets of the page.
    pub(super) streets: Vec<usize>,
    /// Segments of each street of the study that are on an edge.
    pub(super) segments: Vec<usize>,
    pub(super) columns: Columns,
}

impl<'a> Block<'a> {
    pub(super) fn of(study: &'a StudyArea, trips: &'a Trips) -> Result<Self> {
        let mut street_of = HashMap::new();
        for (number, street) in study.streets.iter().enumerate() {
            for ends in street.line.0.windows(2) {
                street_of.insert(segment(ends[0], ends[1]), number);
            }
        }
        Ok(Self {
            study,
            trips,
            network: trips.streets(),
            // No tool of the page opens or closes a park, and jobs are not computed there.
            opportunities: trips.opportunities_of(study, &study.services, &[]),
            street_of,
            numbers: vec![None; study.streets.len()],
            streets: Vec::new(),
            segments: vec![0; study.streets.len()],
            columns: Columns::default(),
        })
    }

    pub(super) fn put(&mut self, column: &'static str, number: i64) {
        self.columns.signed(column, number);
    }

    pub(super) fn all_edges(&self) -> std::ops::Range<EdgeId> {
        0..self.network.edge_count() as EdgeId
    }
}

/// Gap and end of a position in one number.
pub(super) fn pair(gap: u32, end: u32) -> u64 {
    u64::from(gap) * 3 + u64::from(end)
}

pub(super) fn steps(degrees: Coord<f64>) -> [i64; 2] {
    [degrees.x, degrees.y].map(|value| (value * PER_DEGREE).round() as i64)
}

/// A segment, whichever way it is drawn.
pub(super) fn segment(a: Coord<f64>, b: Coord<f64>) -> [u64; 4] {
    let [a, b] = [a, b].map(|at| [at.x.to_bits(), at.y.to_bits()]);
    let [first, second] = if a <= b { [a, b] } else { [b, a] };
    [first[0], first[1], second[0], second[1]]
}
