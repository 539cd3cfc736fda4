//! Rules of `transfers.txt`: how long changing takes between two stops, and for whom.

use super::runs::TripRun;
use crate::model::transit::{Feed, NONE, TransferKind, TransferRule};
use std::collections::HashMap;

/// The rules for each pair of stops that has one, stations opened.
#[derive(Default)]
pub(super) struct Rules {
    of_pair: HashMap<(u32, u32), Vec<TransferRule>>,
}

impl Rules {
    /// Rules of all feeds, stops numbered through.
    pub(super) fn new(feeds: &[Feed]) -> Self {
        let mut rules = Self::default();
        let mut first_stop = 0;
        for feed in feeds {
            let mut platforms: HashMap<u32, Vec<u32>> = HashMap::new();
            for (number, stop) in feed.stops.iter().enumerate().filter(|(_, stop)| stop.station != NONE) {
                platforms.entry(stop.station).or_default().push(number as u32);
            }
            let opened = |stop: u32| platforms.get(&stop).cloned().unwrap_or_else(|| vec![stop]);
            for rule in &feed.transfers {
                if matches!(rule.kind, TransferKind::InSeat | TransferKind::MustAlight) {
                    continue;
                }
                for from in opened(rule.stops[0]) {
                    for to in opened(rule.stops[1]) {
                        let pair = (first_stop + from, first_stop + to);
                        rules.of_pair.entry(pair).or_default().push(*rule);
                    }
                }
            }
            first_stop += feed.stops.len() as u32;
        }
        // The rule that speaks of trips goes before that of routes, and that before the rule of the stops.
        for rules in rules.of_pair.values_mut() {
            rules.sort_by_key(|rule| std::cmp::Reverse(weight(rule)));
        }
        rules
    }

    /// Pairs of stops with a rule that lets passengers change.
    pub(super) fn pairs(&self) -> impl Iterator<Item = ((u32, u32), Option<u32>)> {
        self.of_pair.iter().filter_map(|(pair, rules)| {
            let least = |rule: &TransferRule| match rule.kind {
                TransferKind::AtLeast(seconds) => Some(Some(seconds)),
                TransferKind::Recommended | TransferKind::Timed => Some(None),
                _ => None,
            };
            Some((*pair, rules.iter().find_map(least)?))
        })
    }

    pub(super) fn has(&self, from: u32, to: u32) -> bool {
        !self.of_pair.is_empty() && self.of_pair.contains_key(&(from, to))
    }

    /// Seconds between arrival and departure that changing takes; `None` if it is impossible.
    ///
    /// The trips must be of the feed of the stops; another feed's trips follow the walk.
    pub(super) fn needed(
        &self,
        feeds: &[Feed],
        stops: (u32, u32),
        trips: (TripRun, TripRun),
        walk: i32,
        slack: i32,
    ) -> Option<i32> {
        let usual = Some(walk + slack);
        let Some(rules) = self.of_pair.get(&stops).filter(|_| trips.0.feed == trips.1.feed) else {
            return usual;
        };
        let trips_of = &feeds[trips.0.feed as usize].trips;
        let routes = [trips.0, trips.1].map(|run| trips_of[run.trip as usize].route);
        let fits = |rule: &&TransferRule| {
            let is = |wanted: u32, found: u32| wanted == NONE || wanted == found;
            is(rule.trips[0], trips.0.trip)
                && is(rule.trips[1], trips.1.trip)
                && is(rule.routes[0], routes[0])
                && is(rule.routes[1], routes[1])
        };
        match rules.iter().find(fits).map(|rule| rule.kind) {
            Some(TransferKind::Impossible) => None,
            Some(TransferKind::Timed) => Some(walk),
            Some(TransferKind::AtLeast(least)) => Some((walk + slack).max(least as i32)),
            _ => usual,
        }
    }
}

/// How much a rule asks for.
fn weight(rule: &TransferRule) -> u32 {
    let asked = |numbers: [u32; 2]| numbers.iter().filter(|number| **number != NONE).count() as u32;
    3 * asked(rule.trips) + asked(rule.routes)
}
