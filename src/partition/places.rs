//! What stands on the streets of a cell.

use crate::access::Opportunities;
use crate::network::{Attachment, Cell, Cut, Destinations, Direction, StreetNetwork};
use crate::{Error, ErrorKind, Metres, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An entrance of a place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Entrance {
    /// Number of the place in the whole plan.
    place: u32,
    /// Id in its layer.
    id: String,
    /// Number of its category; of a workplace absent.
    category: Option<usize>,
    /// Services or jobs.
    counts_for: f64,
    edge: u32,
    fraction: f64,
    gap_m: f64,
}

/// Every entrance, numbered, and all the amounts of each category, the jobs last.
pub(super) struct Entrances {
    all: Vec<Entrance>,
    pub(super) largest_total: f64,
}

impl Entrances {
    /// - `ids`: of each destination.
    pub(super) fn of(opportunities: &Opportunities, ids: &[String]) -> Self {
        let mut totals: BTreeMap<Option<usize>, f64> = BTreeMap::new();
        for destination in 0..ids.len() {
            let (category, amount) = opportunities.held_at(destination);
            *totals.entry(category).or_default() += amount;
        }
        let entrance = |(place, at): (u32, &Attachment)| {
            let (category, counts_for) = opportunities.held_at(place as usize);
            let id = ids[place as usize].clone();
            Entrance {
                place,
                id,
                category,
                counts_for,
                edge: at.edge,
                fraction: at.fraction,
                gap_m: at.gap.get(),
            }
        };
        Self {
            all: opportunities.destinations().entrances().map(entrance).collect(),
            largest_total: totals.into_values().fold(0.0, f64::max),
        }
    }

    /// With amounts that are multiples of `step`.
    pub(super) fn rounded_to(mut self, step: f64) -> Self {
        self.all.iter_mut().for_each(|one| one.counts_for = (one.counts_for / step).round() * step);
        self
    }

    /// What stands on the streets of each cell, with its number among all: on a street between two cells in both.
    pub(super) fn by_cell(&self, network: &StreetNetwork, cells: &[Cell]) -> Vec<Vec<(u32, &Entrance)>> {
        let cell_of = |node: u32| cells.partition_point(|cell| cell.junctions().end <= node);
        let mut held = vec![Vec::new(); cells.len()];
        for (number, entrance) in (0..).zip(&self.all) {
            let [one, other] = network.ends(entrance.edge).map(cell_of);
            held[one].push((number, entrance));
            if other != one {
                held[other].push((number, entrance));
            }
        }
        held
    }
}

/// The places of some cells, as a search meets them.
pub(super) struct Places {
    pub(super) ids: Vec<String>,
    pub(super) categories: Vec<Option<usize>>,
    pub(super) amounts: Vec<f64>,
    entrances: Vec<(u32, Attachment)>,
    direction: Direction,
}

impl Places {
    /// - `entrances`: of all cells, numbered; those of two cells are one.
    pub(super) fn of(
        cut: &Cut,
        entrances: impl Iterator<Item = (u32, Entrance)>,
        direction: Direction,
    ) -> Result<Self> {
        let numbered: BTreeMap<u32, Entrance> = entrances.collect();
        let mut places =
            Self { ids: vec![], categories: vec![], amounts: vec![], entrances: vec![], direction };
        let mut last = None;
        // Numbers rise with those of the places, so that places keep their order, by which ties are broken.
        for Entrance { place, id, category, counts_for, edge, fraction, gap_m } in numbered.into_values() {
            if last != Some(place) {
                places.ids.push(id);
                places.categories.push(category);
                places.amounts.push(counts_for);
                last = Some(place);
            }
            let at = cut.position(edge, fraction, Metres::new(gap_m)?).ok_or_else(|| {
                let message =
                    format!("the street of place `{}` is not in its cell", places.ids[places.ids.len() - 1]);
                Error::new(ErrorKind::Format, message).hint("make the plan again")
            })?;
            places.entrances.push((places.ids.len() as u32 - 1, at));
        }
        Ok(places)
    }

    pub(super) fn of_category(&self, network: &StreetNetwork, category: usize) -> Destinations {
        self.chosen(network, |place| self.categories[place] == Some(category))
    }

    pub(super) fn all(&self, network: &StreetNetwork) -> Destinations {
        self.chosen(network, |_| true)
    }

    fn chosen(&self, network: &StreetNetwork, is_chosen: impl Fn(usize) -> bool) -> Destinations {
        let chosen = self.entrances.iter().copied().filter(|(place, _)| is_chosen(*place as usize));
        Destinations::in_direction(network, self.ids.len(), &chosen.collect::<Vec<_>>(), self.direction)
    }
}
