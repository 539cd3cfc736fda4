//! How long a journey takes at every departure of the window: exact shares, percentiles and means, without sorting.
//!
//! ```text
//!  arrival ┤            ┌────   Who leaves after `after` and not after `until` arrives at `arrival`: the later one
//!          │      ┌─────┘       leaves, the shorter the journey, down to `arrival - until`.
//!          │──────┘
//!          └──────────────── departure
//! ```

/// Departures with one arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    /// These departures come after this second; −1 for those from the beginning on.
    pub(super) after: i16,
    /// The last of these departures.
    pub(super) until: i16,
    /// Second of arrival.
    pub(super) arrival: i16,
}

/// Which departures of the window are counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sampling {
    /// Every second: exact.
    #[default]
    EverySecond,
    /// Every whole minute, as R5 does.
    EveryMinute,
}

impl Sampling {
    pub(super) const fn stride(self) -> i32 {
        match self {
            Self::EverySecond => 1,
            Self::EveryMinute => 60,
        }
    }
}

/// Journeys between two places at every departure.
///
/// Steps of several draws of a timetable follow each other; each draw counts as a window of its own.
#[derive(Debug, Clone, Copy)]
pub struct Spread<'a> {
    pub(super) steps: &'a [Step],
    /// Seconds of the window.
    pub(super) window: i32,
    pub(super) draws: i32,
    pub(super) stride: i32,
    /// Longest journey in seconds.
    pub(super) longest: i32,
    /// Milliseconds all the way on foot, not longer than the longest journey.
    pub(super) walk_ms: Option<u32>,
}

impl Spread<'_> {
    /// Number of departures that are counted.
    #[must_use]
    pub fn departures(&self) -> u32 {
        (self.draws * ((self.window + self.stride - 1) / self.stride)) as u32
    }

    /// Number of departures that arrive within some seconds, without walking all the way.
    fn count_by_vehicle(&self, limit: i32) -> u32 {
        let mut count = 0;
        if self.stride == 1 {
            for step in self.steps {
                let from = i32::from(step.after).max(i32::from(step.arrival) - limit - 1);
                count += (i32::from(step.until) - from).max(0);
            }
        } else {
            for step in self.steps {
                let from = i32::from(step.after).max(i32::from(step.arrival) - limit - 1);
                let multiples = |up_to: i32| up_to.div_euclid(self.stride);
                count += (multiples(i32::from(step.until)) - multiples(from)).max(0);
            }
        }
        count as u32
    }

    /// Number of departures that arrive within some milliseconds (inclusive).
    #[must_use]
    pub fn count_within(&self, limit_ms: u32) -> u32 {
        if self.walk_ms.is_some_and(|walk| walk <= limit_ms) {
            return self.departures();
        }
        self.count_by_vehicle(((limit_ms / 1_000) as i32).min(self.longest))
    }

    /// Share of departures that arrive within some milliseconds (inclusive).
    #[must_use]
    pub fn share_within(&self, limit_ms: u32) -> f64 {
        f64::from(self.count_within(limit_ms)) / f64::from(self.departures())
    }

    /// Calls `mark` with the departures, as ranges of seconds, that are inside a place within some seconds while it is open: who
    /// comes before it opens waits. `false` where headways are drawn, of which the ranges are not those of one timetable.
    ///
    /// - `open`: spans of seconds from the beginning of the window, in order and apart.
    /// - `stay`: seconds that one needs there before it closes.
    #[must_use]
    pub fn open_departures(
        &self,
        open: &[[i32; 2]],
        limit: i32,
        stay: i32,
        mut mark: impl FnMut(std::ops::Range<usize>),
    ) -> bool {
        if self.draws != 1 || self.stride != 1 {
            return false;
        }
        let mut add = |from: i32, to: i32| {
            let (from, to) = (from.max(0), to.min(self.window));
            if from < to {
                mark(from as usize..to as usize);
            }
        };
        for step in self.steps {
            let (after, until, arrival) =
                (i32::from(step.after), i32::from(step.until), i32::from(step.arrival));
            for [opens, closes] in open {
                if arrival <= closes - stay {
                    add((after + 1).max(arrival.max(*opens) - limit), until + 1);
                }
            }
        }
        let walk = self.walk_ms.map(|walk| walk.div_ceil(1_000) as i32);
        if let Some(walk) = walk.filter(|walk| *walk <= limit) {
            for [opens, closes] in open {
                add(opens - limit, closes - stay - walk + 1);
            }
        }
        true
    }

    /// Share of departures that arrive at all.
    #[must_use]
    pub fn share_arriving(&self) -> f64 {
        self.share_within(u32::MAX)
    }

    /// The shortest time within which at least `percent` of the departures arrive, in milliseconds; `None` if fewer arrive.
    #[must_use]
    pub fn percentile(&self, percent: f64) -> Option<u32> {
        let mut found = [None];
        self.percentiles(&[percent], &mut found);
        found[0]
    }

    /// Several percentiles, as [`Self::percentile`] finds each; the quicker if they rise.
    pub fn percentiles(&self, percents: &[f64], found: &mut [Option<u32>]) {
        let departures = self.departures();
        let ramps = Ramps::of(self);
        let bounds = self.steps.iter().map(|step| {
            let (until, after, arrival) =
                (i32::from(step.until), i32::from(step.after), i32::from(step.arrival));
            (arrival - until, arrival - after)
        });
        let (low, high) = bounds.fold((i32::MAX, 0), |(low, high), (from, to)| (low.min(from), high.max(to)));
        let mut last = (0, low);
        for (percent, found) in percents.iter().zip(found) {
            // A hair below the share: 0.1 and the like are no binary fractions.
            let share = percent / 100.0 * f64::from(departures);
            let needed = ((share - 1e-6).ceil().max(1.0) as u32).min(departures);
            let within = [if needed >= last.0 { last.1 } else { low }, high];
            let by_vehicle = match &ramps {
                Some(ramps) => self.shortest_for(needed, within, |limit| ramps.count(limit)),
                None => self.shortest_for(needed, within, |limit| self.count_by_vehicle(limit)),
            };
            last = (needed, by_vehicle.unwrap_or(within[0]));
            let by_vehicle = by_vehicle.map(|seconds| seconds as u32 * 1_000);
            *found = by_vehicle.into_iter().chain(self.walk_ms).min();
        }
    }

    /// The fewest seconds, between two bounds, within which so many departures arrive by vehicle.
    fn shortest_for(&self, needed: u32, [from, high]: [i32; 2], count: impl Fn(i32) -> u32) -> Option<i32> {
        // What is longer than the walk all the way does not matter.
        let walk = self.walk_ms.map_or(i32::MAX, |walk| walk.div_ceil(1_000).min(i32::MAX as u32) as i32);
        let longest = self.longest.min(walk);
        if self.steps.is_empty() || count(longest) < needed {
            return None;
        }
        let (mut low, mut high) = (from, high.min(longest));
        while low < high {
            let middle = (low + high) / 2;
            if count(middle) >= needed {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        Some(low)
    }

    /// Mean milliseconds of the departures that arrive; `None` if none does.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        let (mut count, mut total) = (0_i64, 0_i64);
        let walk = i64::from(self.walk_ms.unwrap_or(u32::MAX));
        for step in self.steps {
            let first = i32::from(step.after).max(i32::from(step.arrival) - self.longest - 1) + 1;
            let first = (first + self.stride - 1).div_euclid(self.stride) * self.stride;
            for leave in (first..=i32::from(step.until)).step_by(self.stride as usize) {
                total += (i64::from(i32::from(step.arrival) - leave) * 1_000).min(walk);
                count += 1;
            }
        }
        if self.walk_ms.is_some() {
            let on_foot = i64::from(self.departures()) - count;
            total += on_foot * walk;
            count += on_foot;
        }
        (count > 0).then(|| total as f64 / count as f64)
    }

    /// The longest time of any departure in milliseconds; `None` if one does not arrive.
    #[must_use]
    pub fn worst(&self) -> Option<u32> {
        self.percentile(100.0)
    }

    /// The last second of the window at which one can leave to arrive by a second (first draw, from the beginning of the window);
    /// `None` if it is too late for all of them.
    #[must_use]
    pub fn latest_departure(&self, deadline: u32) -> Option<u32> {
        let deadline = deadline as i32;
        let serves = |step: &&Step| {
            let (until, arrival) = (i32::from(step.until), i32::from(step.arrival));
            arrival <= deadline && arrival - until <= self.longest
        };
        let by_vehicle = self.steps.iter().filter(serves).map(|step| i32::from(step.until)).max();
        let on_foot =
            self.walk_ms.map(|walk| deadline - walk.div_ceil(1_000) as i32).filter(|&second| second >= 0);
        let latest = by_vehicle.into_iter().chain(on_foot.map(|second| second.min(self.window - 1))).max();
        latest.map(|second| second as u32)
    }

    /// A departure that takes as long as a percentile (first draw): the first second of the window that takes no longer.
    #[must_use]
    pub fn typical_departure(&self, percent: f64) -> Option<u32> {
        let time = self.percentile(percent)?;
        (0..self.window as u32)
            .step_by(self.stride as usize)
            .find(|&second| self.at(second) == Some(time))
            .or_else(|| {
                (0..self.window as u32).find(|&second| self.at(second).is_some_and(|other| other <= time))
            })
    }

    /// Milliseconds of one departure, so many seconds after the beginning of the window (first draw); `None` if it does not
    /// arrive.
    #[must_use]
    pub fn at(&self, second: u32) -> Option<u32> {
        let second = second as i32;
        let serves = |step: &&Step| i32::from(step.after) < second && second <= i32::from(step.until);
        let by_vehicle = self.steps.iter().find(serves).map(|step| i32::from(step.arrival) - second);
        let by_vehicle = by_vehicle.filter(|&time| time <= self.longest).map(|time| time as u32 * 1_000);
        by_vehicle.into_iter().chain(self.walk_ms).min()
    }
}

/// Most steps of [`Ramps`].
const MOST_RAMPS: usize = 64;

/// The steps of one draw, every second counted, laid out for eight at a time: departures of a step that arrive within x seconds
/// are `clamp(x + 1 - shortest, 0, length)`.
struct Ramps {
    shortest: [i16; MOST_RAMPS],
    length: [i16; MOST_RAMPS],
    blocks: usize,
}

impl Ramps {
    const BLOCK: usize = 8;

    fn of(spread: &Spread<'_>) -> Option<Self> {
        if spread.stride != 1 || spread.draws != 1 || spread.steps.len() > MOST_RAMPS {
            return None;
        }
        let mut ramps = Self {
            shortest: [0; MOST_RAMPS],
            length: [0; MOST_RAMPS],
            blocks: spread.steps.len().div_ceil(Self::BLOCK),
        };
        let slots = ramps.shortest.iter_mut().zip(&mut ramps.length);
        for (step, (shortest, length)) in spread.steps.iter().zip(slots) {
            (*shortest, *length) = (step.arrival - step.until, step.until - step.after);
        }
        Some(ramps)
    }

    /// Departures that arrive within some seconds, at most the longest horizon.
    #[inline]
    fn count(&self, limit: i32) -> u32 {
        let limit = limit as i16 + 1;
        let mut sums = [0_i16; Self::BLOCK];
        let blocks = self.shortest.chunks_exact(Self::BLOCK).zip(self.length.chunks_exact(Self::BLOCK));
        for (shortest, length) in blocks.take(self.blocks) {
            for ((sum, shortest), length) in sums.iter_mut().zip(shortest).zip(length) {
                *sum += (limit - shortest).max(0).min(*length);
            }
        }
        sums.iter().map(|&sum| sum as u32).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(steps: &[Step]) -> Spread<'_> {
        Spread { steps, window: 600, draws: 1, stride: 1, longest: 7_200, walk_ms: None }
    }

    /// The ranges against the definition, second by second: the soonest moment inside while it is open, and not too late.
    #[test]
    fn departures_that_find_a_place_open_are_those_of_the_definition() {
        let steps =
            [Step { after: -1, until: 199, arrival: 599 }, Step { after: 199, until: 499, arrival: 899 }];
        let opens: [&[[i32; 2]]; 6] = [
            &[[0, 900]],
            &[[700, 800], [950, 2_000]],
            &[[-500, 650]],
            &[],
            &[[599, 609]],
            &[[-9_000, 9_000]],
        ];
        for walk_ms in [None, Some(450_500), Some(90_000)] {
            for (open, limit) in opens.iter().flat_map(|open| [300, 500, 800].map(|limit| (*open, limit))) {
                let spread = Spread { walk_ms, ..spread(&steps) };
                let mut found = vec![false; 600];
                assert!(spread.open_departures(open, limit, 10, |range| found[range].fill(true)));
                for second in 0..600 {
                    let on_foot = walk_ms.map(|walk| second + walk.div_ceil(1_000) as i32);
                    let by_bus = steps.iter().find(|step| second <= i32::from(step.until));
                    let arrivals = on_foot.into_iter().chain(by_bus.map(|step| i32::from(step.arrival)));
                    let is_in_time = arrivals
                        .flat_map(|arrival| open.iter().map(move |span| (arrival, span)))
                        .any(|(arrival, [opens, closes])| {
                            arrival <= closes - 10 && arrival.max(*opens) - second <= limit
                        });
                    assert_eq!(
                        found[second as usize], is_in_time,
                        "{second}, {open:?}, {limit}, {walk_ms:?}"
                    );
                }
            }
        }
        let drawn = Spread { draws: 2, ..spread(&steps) };
        assert!(!drawn.open_departures(&[[0, 9_000]], 600, 0, |_| ()));
    }

    /// A bus every 300 s that rides 400 s, caught by who leaves until 199 and until 499: times run down from
    /// 599 to 400 twice, and who leaves from 500 on is not served.
    #[test]
    fn one_line_gives_times_from_ride_to_ride_plus_headway() {
        let steps =
            [Step { after: -1, until: 199, arrival: 599 }, Step { after: 199, until: 499, arrival: 899 }];
        let spread = spread(&steps);
        assert_eq!(spread.departures(), 600);
        assert_eq!((spread.count_within(399_999), spread.count_within(400_000)), (0, 2));
        assert_eq!(spread.count_within(599_000), 400);
        assert_eq!(spread.share_arriving(), 500.0 / 600.0);
        assert_eq!(
            (spread.at(0), spread.at(199), spread.at(200), spread.at(500)),
            (Some(599_000), Some(400_000), Some(699_000), None)
        );
        // 300 departures: two within each of 400 ... 549 s.
        assert_eq!(spread.percentile(50.0), Some(549_000));
        assert_eq!((spread.percentile(90.0), spread.worst()), (None, None));
        let on_foot = Spread { walk_ms: Some(650_500), ..spread };
        assert_eq!((on_foot.percentile(90.0), on_foot.worst()), (Some(650_500), Some(650_500)));
        assert_eq!(on_foot.share_within(650_499), 451.0 / 600.0);
        let minutes = Spread { stride: 60, ..spread };
        assert_eq!(minutes.departures(), 10);
        // 0, 60, 120, 180 take 599, 539, 479, 419 s; 240, ... 480 take 659, ... 419 s.
        assert_eq!((minutes.count_within(419_000), minutes.share_arriving()), (2, 0.9));
        assert_eq!(
            minutes.mean(),
            Some((599.0 + 539.0 + 479.0 + 419.0 + 659.0 + 599.0 + 539.0 + 479.0 + 419.0) / 9.0 * 1000.0)
        );
    }
}
