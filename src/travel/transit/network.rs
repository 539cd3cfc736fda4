//! Timetable and walks together: what queries by public transport run on.

use super::doors::{Door, DoorMaker};
use super::rules::Rules;
use super::spread::{Sampling, Spread, Step};
use super::sweep::{LANES, NOTHING, Sweep, Way};
use super::timetable::{Timetable, TimetableOptions};
use super::transfers::Transfers;
use super::walks::Walks;
use crate::model::transit::{Departures, Feed};
use crate::{Error, ErrorKind, Minutes, Progress, Result};
use chrono::NaiveDate;

/// How passengers behave.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransitOptions {
    /// Seconds that a passenger is at a stop before the vehicle leaves, at every boarding.
    pub boarding_slack_s: u32,
    /// Most vehicles of a journey, at least 1.
    pub most_rides: u32,
    /// Longest walk to the first stop, and from the last.
    pub longest_access: Minutes,
    /// Longest walk between two stops, in metres along streets.
    pub longest_transfer_m: f64,
    /// Which departures are counted.
    pub sampling: Sampling,
    /// Timetables that are drawn where headways are not exact; 1 where all times are known.
    pub draws: u32,
    /// What of the feeds is used.
    pub timetable: TimetableOptions,
}

impl Default for TransitOptions {
    /// A minute at the stop, four vehicles, 20 minutes' walk to and from stops, 1,000 m between them, every second; 20 draws.
    fn default() -> Self {
        Self {
            boarding_slack_s: 60,
            most_rides: 4,
            longest_access: Minutes::new(20.0).expect("20 min is a duration"),
            longest_transfer_m: 1_000.0,
            sampling: Sampling::EverySecond,
            draws: 20,
            timetable: TimetableOptions::default(),
        }
    }
}

impl TransitOptions {
    /// The options under which R5 gives the same times: it lets a vehicle go that leaves less than 61 s after one is at the
    /// stop, and counts whole minutes. (Read the feed with [`crate::model::transit::FillTimes::StraightLine`].)
    #[must_use]
    pub fn as_r5() -> Self {
        Self { boarding_slack_s: 61, sampling: Sampling::EveryMinute, ..Self::default() }
    }

    fn check(&self) -> Result<()> {
        let wrong = |message: &str, hint: &str| Err(Error::new(ErrorKind::Parameter, message).hint(hint));
        if !(1..=8).contains(&self.most_rides) {
            return wrong("the most rides of a journey must lie between 1 and 8", "four are usual");
        }
        if self.boarding_slack_s > 3_600 || self.longest_access.get() > 120.0 {
            return wrong(
                "the boarding slack or the longest walk to a stop is too long",
                "at most 60 and 120 min",
            );
        }
        if !(0.0..=10_000.0).contains(&self.longest_transfer_m) {
            return wrong(
                "the longest walk between stops must lie between 0 and 10,000 m",
                "1,000 m are usual",
            );
        }
        if !(1..=1_000).contains(&self.draws) {
            return wrong("draws must lie between 1 and 1,000", "20 are usual");
        }
        Ok(())
    }
}

/// One timetable and its changes.
pub(super) struct Draw {
    pub(super) timetable: Timetable,
    pub(super) transfers: Transfers,
}

/// A timetable on a day, with the walks between its stops: built once for each traveller, then only read.
pub struct TransitNetwork {
    pub(super) draws: Vec<Draw>,
    pub(super) walks: Walks,
    pub(super) options: TransitOptions,
}

impl TransitNetwork {
    /// Puts vehicles and walks together.
    ///
    /// - `walks`: seconds from each stop of all feeds, numbered through, to the stops to which passengers may walk; itself included.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if an option is out of its range, there is not one list per stop, or no trip runs on the date;
    /// [`ErrorKind::Cancelled`].
    pub fn with_walks(
        feeds: &[Feed],
        date: NaiveDate,
        departures: Departures,
        walks: Walks,
        options: TransitOptions,
        progress: &dyn Progress,
    ) -> Result<Self> {
        options.check()?;
        let is_drawn = feeds.iter().any(|feed| feed.frequencies.iter().any(|row| !row.is_exact));
        let count = if is_drawn { options.draws } else { 1 };
        progress.start("finding where passengers change", u64::from(count));
        let rules = Rules::new(feeds);
        let draws = (0..count).map(|draw| {
            let of_draw =
                TimetableOptions { draw: options.timetable.draw + u64::from(draw), ..options.timetable };
            let timetable = Timetable::on(feeds, date, departures, of_draw)?;
            if walks.len() != timetable.stop_count() {
                let message = format!("{} lists of walks for {} stops", walks.len(), timetable.stop_count());
                return Err(Error::new(ErrorKind::Parameter, message));
            }
            let slack = options.boarding_slack_s as i32;
            let transfers = Transfers::new(&timetable, feeds, &walks, &rules, slack, progress)?;
            progress.advance(1);
            Ok(Draw { timetable, transfers })
        });
        let draws = draws.collect::<Result<_>>()?;
        Ok(Self { draws, walks, options })
    }

    /// The timetable; of several draws the first.
    #[must_use]
    pub fn timetable(&self) -> &Timetable {
        &self.draws[0].timetable
    }

    /// Number of changes between vehicles that are of use to somebody; of several draws in the first.
    #[must_use]
    pub fn transfer_count(&self) -> usize {
        self.draws[0].transfers.count()
    }

    /// Walks between stops.
    #[must_use]
    pub fn walks(&self) -> &Walks {
        &self.walks
    }

    /// How passengers behave.
    #[must_use]
    pub fn options(&self) -> &TransitOptions {
        &self.options
    }

    /// Visits the journeys of every pair of places whose walks to and from stops are known, in seconds; nobody walks all the way.
    ///
    /// - `from`, `to`: one list of (stop, seconds) per place.
    pub fn each_pair(&self, from: &Walks, to: &Walks, mut visit: impl FnMut(usize, usize, Spread<'_>)) {
        let doors = self.doors(Way::Backward, to);
        let mut searcher = Searcher::new(self, Way::Forward);
        let origins: Vec<usize> = (0..from.len()).collect();
        for lanes in origins.chunks(LANES) {
            searcher.run(lanes.iter().map(|&origin| from.of(origin)));
            for place in 0..to.len() {
                let steps = searcher.steps(&doors, place);
                for (&origin, steps) in lanes.iter().zip(steps) {
                    visit(origin, place, self.spread(steps, None));
                }
            }
        }
    }

    /// Doors of each place in every draw, those for alighting from the first to arrive, those for boarding from the last to
    /// leave.
    pub(super) fn doors(&self, way: Way, walks: &Walks) -> Doors {
        let mut maker = DoorMaker::default();
        let of_draw = |draw: &Draw| {
            let (mut first, mut doors) = (vec![0], Vec::new());
            for place in 0..walks.len() {
                let begin = doors.len();
                self.doors_of(&mut maker, draw, way, walks.of(place), &mut doors);
                doors[begin..].sort_unstable();
                if way == Way::Forward {
                    doors[begin..].reverse();
                }
                first.push(doors.len() as u32);
            }
            (first, doors)
        };
        Doors { of_draws: self.draws.iter().map(of_draw).collect() }
    }

    fn doors_of(
        &self,
        maker: &mut DoorMaker,
        draw: &Draw,
        way: Way,
        walks: &[(u32, i32)],
        doors: &mut Vec<Door>,
    ) {
        let slack = self.options.boarding_slack_s as i32;
        match way {
            Way::Forward => maker.boarding(&draw.timetable, walks, slack, doors),
            Way::Backward => maker.alighting(&draw.timetable, walks, doors),
        }
    }

    /// A spread of steps.
    pub(super) fn spread<'a>(&self, steps: &'a [Step], walk_ms: Option<u32>) -> Spread<'a> {
        let departures = &self.timetable().departures;
        Spread {
            steps,
            window: departures.length_s as i32,
            draws: self.draws.len() as i32,
            stride: self.options.sampling.stride(),
            longest: departures.longest_s() as i32,
            walk_ms,
        }
    }
}

/// Doors of many places, in every draw.
pub(super) struct Doors {
    of_draws: Vec<(Vec<u32>, Vec<Door>)>,
}

impl Doors {
    fn of(&self, draw: usize, place: usize) -> &[Door] {
        let (first, doors) = &self.of_draws[draw];
        &doors[first[place] as usize..first[place + 1] as usize]
    }
}

/// Scratch of one thread: sweeps from up to [`LANES`] places, and what they say of others.
pub(super) struct Searcher<'a> {
    network: &'a TransitNetwork,
    way: Way,
    sweeps: Vec<Sweep>,
    maker: DoorMaker,
    doors: [Vec<Door>; LANES],
    steps: [Vec<Step>; LANES],
}

impl<'a> Searcher<'a> {
    pub(super) fn new(network: &'a TransitNetwork, way: Way) -> Self {
        Self {
            network,
            way,
            sweeps: network.draws.iter().map(|draw| Sweep::new(&draw.timetable)).collect(),
            maker: DoorMaker::default(),
            doors: Default::default(),
            steps: Default::default(),
        }
    }

    /// Sweeps from places, up to [`LANES`], given by their walks to stops (forward) or from stops (backward).
    pub(super) fn run<'b>(&mut self, places: impl Iterator<Item = &'b [(u32, i32)]> + Clone) {
        let rides = self.network.options.most_rides as usize;
        for (draw, sweep) in self.network.draws.iter().zip(&mut self.sweeps) {
            let mut count = 0;
            for (walks, doors) in places.clone().zip(&mut self.doors) {
                doors.clear();
                self.network.doors_of(&mut self.maker, draw, self.way, walks, doors);
                count += 1;
            }
            let doors = self.doors[..count].iter().map(Vec::as_slice);
            sweep.run(&draw.timetable, &draw.transfers, self.way, doors, rides);
        }
    }

    /// The steps between each of the places and another one, which has doors of the other way.
    pub(super) fn steps(&mut self, doors: &Doors, place: usize) -> &[Vec<Step>; LANES] {
        self.steps.iter_mut().for_each(Vec::clear);
        for (number, sweep) in self.sweeps.iter().enumerate() {
            let timetable = &self.network.draws[number].timetable;
            match self.way {
                Way::Forward => arriving(timetable, sweep, doors.of(number, place), &mut self.steps),
                Way::Backward => leaving(timetable, sweep, doors.of(number, place), &mut self.steps),
            }
        }
        &self.steps
    }

    /// The steps from a place with `walks` to stops, to each of the places that a backward run began with.
    pub(super) fn leave(
        &self,
        maker: &mut DoorMaker,
        walks: &[(u32, i32)],
        doors: &mut Vec<Door>,
        steps: &mut [Vec<Step>; LANES],
    ) {
        for (draw, sweep) in self.network.draws.iter().zip(&self.sweeps) {
            doors.clear();
            self.network.doors_of(maker, draw, Way::Forward, walks, doors);
            doors.sort_unstable_by(|a, b| b.cmp(a));
            leaving(&draw.timetable, sweep, doors, steps);
        }
    }
}

/// Steps of who alights at doors, from the first arrival on.
fn arriving(timetable: &Timetable, sweep: &Sweep, doors: &[Door], steps: &mut [Vec<Step>; LANES]) {
    let all = timetable.departures.length_s as i16;
    let mut latest = NOTHING;
    for door in doors {
        let found = sweep.at(door.event);
        if !found.exceeds(latest) {
            continue;
        }
        let mut least = i16::MAX;
        for ((steps, latest), found) in steps.iter_mut().zip(&mut latest.0).zip(found.0) {
            if found > *latest {
                steps.push(Step { after: *latest - 1, until: found - 1, arrival: door.time });
                *latest = found;
            }
            least = least.min(*latest);
        }
        if least == all {
            break;
        }
    }
}

/// Steps of who boards at doors, from the last departure on.
fn leaving(timetable: &Timetable, sweep: &Sweep, doors: &[Door], steps: &mut [Vec<Step>; LANES]) {
    let end = timetable.horizon() as i16 + 1;
    let mut soonest = NOTHING;
    let first: [usize; LANES] = std::array::from_fn(|lane| steps[lane].len());
    for door in doors {
        let found = sweep.at(door.event);
        if !found.exceeds(soonest) {
            continue;
        }
        for ((steps, soonest), found) in steps.iter_mut().zip(&mut soonest.0).zip(found.0) {
            if found > *soonest {
                steps.push(Step { after: -1, until: door.time, arrival: end - found });
                *soonest = found;
            }
        }
    }
    for (steps, first) in steps.iter_mut().zip(first) {
        let steps = &mut steps[first..];
        steps.reverse();
        for number in 1..steps.len() {
            steps[number].after = steps[number - 1].until;
        }
    }
}
