//! The walking network in the page, so that a change can be tried where it is read: junctions, edges in whole milliseconds,
//! homes and places where the library attached them, positions at which a place can be put, and corners that a path can join.
//! The map draws its streets from the same numbers.
//!
//! Homes are without id and coordinate; homes of fewer than ten people share their people with the next ones of their
//! neighbourhood, and groups are counted over so many homes that no count is small, so that no number shows a household.

mod block;
mod corners;
mod edges;
mod groups;
mod head;
mod homes;
mod metres;
mod stations;

use crate::measure::Trips;
use crate::network::TravelProfile;
use crate::{Quiet, Result, StudyArea};
use block::Block;
use serde::Serialize;

/// Edges that a page can carry.
const MOST_EDGES: usize = 200_000;

/// The network as the page takes it.
#[derive(Serialize)]
pub(super) struct Network {
    /// Why there is none.
    reason: Option<String>,
    /// What `engine/block.js` unpacks.
    block: Option<String>,
    /// Whether each street of the study is drawn from the block.
    #[serde(skip)]
    drawn: Vec<bool>,
}

impl Network {
    /// # Errors
    /// Those of [`Trips::of`]; [`crate::ErrorKind::Crs`] if a point cannot be brought to degrees.
    pub(super) fn of(study: &StudyArea) -> Result<Self> {
        let without = |reason: String| Ok(Self { reason: Some(reason), block: None, drawn: Vec::new() });
        if study.streets.is_empty() {
            return without("The study has no streets.".to_owned());
        }
        let profile = TravelProfile::new(study.settings.travel.clone())?;
        let trips = Trips::of(study, profile, &Quiet)?;
        let count = trips.streets().edge_count();
        if count > MOST_EDGES {
            return without(format!(
                "The streets have {count} pieces between junctions, and a page carries {MOST_EDGES} at most."
            ));
        }
        let (block, drawn) = Block::of(study, &trips)?.packed()?;
        Ok(Self { reason: None, block: Some(block), drawn })
    }

    /// Whether a street of the study, by its number, is drawn from the block.
    pub(super) fn draws(&self, street: usize) -> bool {
        self.drawn.get(street).copied().unwrap_or(false)
    }
}
