//! Who and what stood on a street that closes and joins another one, so that a shorter walk is no gain.

use super::change::{Change, Direction, Scenario};
use super::measured::Reached;
use crate::StudyArea;
use crate::measure::{Key, Of};
use crate::measures::{green::GREEN, jobs::JOBS};
use crate::model::category::GREEN_SPACE;
use crate::network::Attachment;
use std::collections::BTreeSet;

/// Positions up to this many metres apart are one: the streets that stay are put together anew.
const SAME_PLACE_M: f64 = 0.5;

/// Homes and kinds of places that join another street than before, because theirs has closed.
#[derive(Default)]
pub(super) struct Rejoined {
    homes: Vec<bool>,
    /// Categories of places; `None` of workplaces.
    places: BTreeSet<Option<String>>,
}

impl Rejoined {
    /// Of one traveller; nothing where no street closes.
    pub(super) fn of(
        scenario: &Scenario,
        studies: (&StudyArea, &StudyArea),
        reached: (&Reached, &Reached),
    ) -> Self {
        if !scenario.changes.iter().any(|change| matches!(change, Change::RemoveStreet { .. })) {
            return Self::default();
        }
        let (before, after) = (&reached.0.trips, &reached.1.trips);
        let is_elsewhere = |(before, after): (&Option<Attachment>, &Option<Attachment>)| {
            before.zip(*after).is_some_and(|(before, after)| {
                let (from, to) = (before.position, after.position);
                (from.x - to.x).hypot(from.y - to.y) > SAME_PLACE_M
            })
        };
        let (places, former) = (after.opportunities(studies.1), before.opportunities(studies.0));
        Self {
            homes: before.homes().iter().zip(after.homes()).map(is_elsewhere).collect(),
            places: places.entered_elsewhere(&former).into_iter().map(|one| one.map(str::to_owned)).collect(),
        }
    }

    /// Whether the home joins another street than before.
    pub(super) fn home(&self, home: usize) -> bool {
        self.homes.get(home).is_some_and(|&moved| moved)
    }

    /// Whether a place that the column counts or leads to joins another street than before.
    pub(super) fn places(&self, column: &Key) -> bool {
        let of = match &column.subject.of {
            Some(Of::Category(category)) => Some(category.clone()),
            _ if column.measure == GREEN.name => Some(GREEN_SPACE.to_owned()),
            _ if column.measure == JOBS.name => None,
            // What counts kinds of places counts all of them.
            _ => return !self.places.is_empty(),
        };
        self.places.contains(&of)
    }

    /// What is assumed of them, in a sentence; `None` where nothing stood on a street that closes.
    pub(super) fn sentence(&self, scenario: &Scenario, study: &StudyArea) -> Option<String> {
        let homes = (0..self.homes.len()).filter(|&home| self.homes[home]);
        let (homes, people) =
            homes.fold((0, 0.0), |(homes, people), home| (homes + 1, people + study.homes.weights[home]));
        let name = |category: &Option<String>| category.as_deref().unwrap_or("workplace").replace('_', " ");
        let categories: Vec<String> = self.places.iter().map(name).collect();
        let who = match (homes, categories.as_slice()) {
            (0, []) => return None,
            (0, places) => format!("places ({})", places.join(", ")),
            (homes, []) => format!("{homes} homes with {people:.0} {}", study.homes.weight.noun()),
            (homes, places) => format!(
                "{homes} homes with {people:.0} {} and places ({})",
                study.homes.weight.noun(),
                places.join(", ")
            ),
        };
        let doubt = match scenario.only(Direction::Closes) {
            true => {
                "; where that makes a walk shorter, the change is not known, and nobody counts as having gained by it"
            }
            false => "",
        };
        Some(format!("{who} stand on a street that closes and are entered from the nearest other one{doubt}"))
    }
}
