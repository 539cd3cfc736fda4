//! How a place meets the vehicles: where one boards from it, and where one alights for it.

use super::timetable::{At, Timetable};

/// A vehicle at a stop, and when: for boarding the latest second to leave home, for alighting the second of arriving at the
/// place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Door {
    pub(super) time: i16,
    pub(super) event: u32,
}

/// Scratch for making doors.
#[derive(Default)]
pub(super) struct DoorMaker {
    met: Vec<(At, i32)>,
    kept: Vec<(At, i32)>,
}

impl DoorMaker {
    /// Where one boards who leaves from a place with `walks` (stop, seconds) to stops: for each vehicle the latest second in the
    /// window at which one can leave to catch it.
    ///
    /// Of two positions of a vehicle the later one is left out unless it lets one leave later.
    pub(super) fn boarding(
        &mut self,
        timetable: &Timetable,
        walks: &[(u32, i32)],
        slack: i32,
        doors: &mut Vec<Door>,
    ) {
        let last = timetable.departures.length_s as i32 - 1;
        self.meet(timetable, walks, |stop| stop.board);
        for group in self.met.chunk_by(|a, b| a.0.chain == b.0.chain) {
            let chain = timetable.chains[group[0].0.chain as usize];
            let slowest = &timetable.slowest[chain.first_position as usize..];
            self.kept.clear();
            for &(at, walk) in group {
                let is_as_good = |&(other, nearer): &(At, i32)| {
                    nearer + slowest[at.position as usize] - slowest[other.position as usize] <= walk
                };
                if at.position + 1 < chain.length && !self.kept.iter().any(is_as_good) {
                    self.kept.push((at, walk));
                }
            }
            let first = |&(at, walk): &(At, i32)| {
                timetable.departures_of(at).partition_point(|&time| time < walk + slack)
            };
            let Some(begin) = self.kept.iter().map(first).min() else { continue };
            for vehicle in begin..chain.vehicles as usize {
                let mut latest = -1;
                for &(at, walk) in &self.kept {
                    let leave = timetable.departures_of(at)[vehicle] - slack - walk;
                    if leave > latest {
                        latest = leave.min(last);
                        let event = chain.event(vehicle, at.position as usize) as u32;
                        doors.push(Door { time: latest as i16, event });
                        if latest == last {
                            break;
                        }
                    }
                }
                let is_full =
                    |&(at, walk): &(At, i32)| timetable.departures_of(at)[vehicle] - slack - walk >= last;
                // Who leaves last catches this vehicle from its first position: the next one is of no use.
                if self.kept.first().is_some_and(is_full) {
                    break;
                }
            }
        }
    }

    /// Where one alights for a place with `walks` (stop, seconds) from stops: for each vehicle the second at which one is there.
    ///
    /// Of two positions of a vehicle the earlier one is left out unless one is there sooner.
    pub(super) fn alighting(&mut self, timetable: &Timetable, walks: &[(u32, i32)], doors: &mut Vec<Door>) {
        let horizon = timetable.horizon();
        self.meet(timetable, walks, |stop| stop.alight);
        for group in self.met.chunk_by(|a, b| a.0.chain == b.0.chain) {
            let chain = timetable.chains[group[0].0.chain as usize];
            let slowest = &timetable.slowest_arrival[chain.first_position as usize..];
            self.kept.clear();
            for &(at, walk) in group.iter().rev() {
                let is_as_good = |&(other, nearer): &(At, i32)| {
                    nearer + slowest[other.position as usize] - slowest[at.position as usize] <= walk
                };
                if at.position > 0 && !self.kept.iter().any(is_as_good) {
                    self.kept.push((at, walk));
                }
            }
            let first = |&(at, _): &(At, i32)| timetable.arrivals_of(at).partition_point(|&time| time < 0);
            let Some(begin) = self.kept.iter().map(first).min() else { continue };
            for vehicle in begin..chain.vehicles as usize {
                let mut soonest = horizon + 1;
                for &(at, walk) in &self.kept {
                    let time = timetable.arrivals_of(at)[vehicle];
                    if time >= 0 && time + walk < soonest {
                        soonest = time + walk;
                        let event = chain.event(vehicle, at.position as usize) as u32;
                        doors.push(Door { time: soonest as i16, event });
                    }
                }
            }
        }
    }

    /// Chains and positions at the stops, with the shortest walk to each.
    fn meet(
        &mut self,
        timetable: &Timetable,
        walks: &[(u32, i32)],
        is_open: impl Fn(super::timetable::PatternStop) -> bool,
    ) {
        self.met.clear();
        for &(stop, walk) in walks {
            let open = timetable.at(stop).iter().filter(|at| is_open(timetable.pattern_stop(**at)));
            self.met.extend(open.map(|&at| (at, walk)));
        }
        self.met.sort_unstable();
        self.met.dedup_by_key(|(at, _)| *at);
    }
}
