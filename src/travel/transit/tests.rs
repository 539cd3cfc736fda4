//! Timetables that can be checked with a pencil, and one made at random against a search from the definition.

use super::*;
use crate::model::transit::{
    Call, Feed, Frequency, NONE, Route, Service, Stop, TransferKind, TransferRule, Trip, Vehicle, Wheelchair,
};
use crate::{ErrorKind, Minutes, Quiet};
use chrono::NaiveDate;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const MONDAY: &str = "2024-06-03";

/// A feed of stops 0 to `stops` - 1 that runs every day of 2024.
fn feed(stops: u32) -> Feed {
    let stop = |number: u32| Stop {
        id: format!("s{number}"),
        name: format!("Stop {number}"),
        lon_lat: [8.0 + f64::from(number) / 100.0, 50.0],
        station: NONE,
        is_station: false,
        wheelchair: Wheelchair::Unknown,
    };
    Feed {
        name: "made".into(),
        timezone: Some(chrono_tz::Europe::Berlin),
        stops: (0..stops).map(stop).collect(),
        routes: vec![Route {
            id: "r".into(),
            name: "1".into(),
            long_name: String::new(),
            vehicle: Vehicle::Bus,
        }],
        services: vec![Service {
            id: "daily".into(),
            periods: vec![(day("2024-01-01"), day("2024-12-31"), [true; 7])],
            ..Service::default()
        }],
        trips: Vec::new(),
        calls: Vec::new(),
        frequencies: Vec::new(),
        transfers: Vec::new(),
        receipts: Default::default(),
    }
}

/// Adds a trip with calls (stop, arrival, departure) in seconds.
fn add(feed: &mut Feed, calls: &[(u32, u32, u32)]) -> u32 {
    let number = feed.trips.len() as u32;
    feed.trips.push(Trip {
        id: format!("t{number}"),
        route: 0,
        service: 0,
        block: NONE,
        headsign: String::new(),
        direction: None,
        wheelchair: Wheelchair::Unknown,
        first_call: feed.calls.len() as u32,
        call_count: calls.len() as u32,
        is_template: false,
    });
    for (position, &(stop, arrival, departure)) in calls.iter().enumerate() {
        feed.calls.push(Call {
            stop,
            arrival,
            departure,
            board: position + 1 < calls.len(),
            alight: position > 0,
            is_timed: true,
        });
    }
    number
}

/// A trip without stopping times.
fn run(feed: &mut Feed, calls: &[(u32, u32)]) -> u32 {
    add(feed, &calls.iter().map(|&(stop, time)| (stop, time, time)).collect::<Vec<_>>())
}

const H: u32 = 3_600;

/// Options without slack.
fn plain() -> TransitOptions {
    TransitOptions { boarding_slack_s: 0, ..TransitOptions::default() }
}

/// Nobody walks between stops but on the pairs given (both ways).
fn walks(stops: u32, pairs: &[(u32, u32, i32)]) -> Walks {
    let of = |stop: u32| {
        let mut list = vec![(stop, 0)];
        for &(a, b, seconds) in pairs {
            list.extend(
                [(a, b), (b, a)].into_iter().filter(|(from, _)| *from == stop).map(|(_, to)| (to, seconds)),
            );
        }
        list
    };
    Walks::new((0..stops).map(of))
}

struct Town {
    feeds: Vec<Feed>,
    date: NaiveDate,
    walks: Walks,
    options: TransitOptions,
}

impl Town {
    fn new(feed: Feed) -> Self {
        let walks = walks(feed.stops.len() as u32, &[]);
        Self { feeds: vec![feed], date: day(MONDAY), walks, options: plain() }
    }

    fn network(&self, window: &str) -> TransitNetwork {
        let departures = Departures::parse(window, Minutes::new(120.0).unwrap()).unwrap();
        TransitNetwork::with_walks(
            &self.feeds,
            self.date,
            departures,
            self.walks.clone(),
            self.options,
            &Quiet,
        )
        .unwrap()
    }

    /// What `ask` says of the journeys from one stop to another; both searches must agree.
    fn ask<T: PartialEq + std::fmt::Debug>(
        &self,
        window: &str,
        [from, to]: [u32; 2],
        ask: impl Fn(Spread<'_>) -> T,
    ) -> T {
        let network = self.network(window);
        let at = |stop: u32| Walks::new([[(stop, 0)]]);
        let mut forward = None;
        network.each_pair(&at(from), &at(to), |_, _, spread| forward = Some(ask(spread)));
        let doors = network.doors(sweep::Way::Forward, &at(from));
        let mut back = network::Searcher::new(&network, sweep::Way::Backward);
        back.run([[(to, 0)].as_slice()].into_iter());
        let backward = ask(network.spread(&back.steps(&doors, 0)[0], None));
        let forward = forward.unwrap();
        assert_eq!(forward, backward);
        forward
    }

    /// Seconds of the journeys at some seconds of the window.
    fn seconds(&self, window: &str, pair: [u32; 2], at: &[u32]) -> Vec<Option<u32>> {
        self.ask(window, pair, |spread| {
            at.iter().map(|&second| spread.at(second).map(|time| time / 1_000)).collect()
        })
    }
}

/// A line with headway h and ride r gives times uniform on [r, r + h).
#[test]
fn one_line_gives_times_uniform_between_ride_and_ride_plus_headway() {
    let mut line = feed(2);
    for departure in (7 * H..11 * H).step_by(600) {
        run(&mut line, &[(0, departure), (1, departure + 900)]);
    }
    let town = Town::new(line);
    let percentiles = |spread: Spread<'_>| {
        [5.0, 25.0, 50.0, 75.0, 95.0, 100.0].map(|p| spread.percentile(p).unwrap() / 1_000)
    };
    // Seconds 900 ... 1499, each as often as the others.
    assert_eq!(town.ask("8:00-9:00", [0, 1], percentiles), [929, 1_049, 1_199, 1_349, 1_469, 1_499]);
    assert_eq!(town.ask("8:00-9:00", [0, 1], |spread| spread.mean().unwrap()), 1_199_500.0);
    assert_eq!(town.ask("8:00-9:00", [0, 1], |spread| spread.share_within(1_199_000)), 0.5);
    assert_eq!(town.ask("8:00-9:00", [1, 0], |spread| spread.percentile(50.0)), None);
    let mut slack = town;
    slack.options.boarding_slack_s = 60;
    assert_eq!(slack.ask("8:00-9:00", [0, 1], percentiles), [989, 1_109, 1_259, 1_409, 1_529, 1_559]);
}

/// Two lines after each other, half an hour and 20 minutes apart: the second is met as the times fall.
#[test]
fn changing_adds_the_wait_for_the_second_line() {
    let mut line = feed(3);
    for departure in (7 * H..12 * H).step_by(1_800) {
        run(&mut line, &[(0, departure), (1, departure + 600)]);
    }
    for departure in (7 * H..12 * H).step_by(1_200) {
        run(&mut line, &[(1, departure), (2, departure + 300)]);
    }
    let town = Town::new(line);
    // Leave at 8:00: at 8:10 at the change, 8:20 on, 8:25 there. At 8:00:01: 8:30, 8:40, exactly then on, 8:45.
    assert_eq!(
        town.seconds("8:00-9:00", [0, 2], &[0, 1, 1_800, 1_801]),
        [Some(1_500), Some(2_699), Some(900), Some(3_299)]
    );
    let once = Town { options: TransitOptions { most_rides: 1, ..plain() }, ..town };
    assert_eq!(once.seconds("8:00-9:00", [0, 2], &[0]), [None]);
}

#[test]
fn two_parallel_lines_give_the_sooner_of_both_and_walking_competes() {
    let mut line = feed(4);
    for departure in (7 * H..11 * H).step_by(600) {
        run(&mut line, &[(0, departure), (1, departure + 900)]);
        run(&mut line, &[(2, departure + 300), (3, departure + 1_000)]);
    }
    let mut town = Town::new(line);
    town.walks = walks(4, &[(0, 2, 30), (1, 3, 40)]);
    let network = town.network("8:00-9:00");
    let (from, to) = (Walks::new([[(0, 0), (2, 30)]]), Walks::new([[(1, 0), (3, 40)]]));
    network.each_pair(&from, &to, |_, _, spread| {
        // At 8:00 the first leaves at once; from 0:01 to 4:30 one can walk to the second, which leaves at 5:00 and is there at 17:20.
        let at = [0, 1, 270, 271, 600].map(|second| spread.at(second).unwrap() / 1_000);
        assert_eq!(at, [900, 1_039, 770, 600 + 900 - 271, 900]);
        let on_foot = Spread { walk_ms: Some(1_000_000), ..spread };
        assert_eq!(
            [0, 1, 270, 271].map(|second| on_foot.at(second).unwrap() / 1_000),
            [900, 1_000, 770, 1_000]
        );
        assert_eq!(on_foot.worst(), Some(1_000_000));
    });
}

#[test]
fn a_vehicle_that_overtakes_is_caught() {
    let mut line = feed(3);
    run(&mut line, &[(0, 8 * H), (1, 8 * H + 1_800), (2, 9 * H)]);
    run(&mut line, &[(0, 8 * H + 300), (1, 8 * H + 900), (2, 8 * H + 1_200)]);
    let town = Town::new(line);
    assert_eq!(town.network("8:00-9:00").timetable().chain_count(), 2);
    assert_eq!(town.seconds("8:00-9:00", [0, 2], &[0, 300, 301]), [Some(1_200), Some(900), None]);
    // Whoever sits in the slow one is overtaken on the way, and cannot change to what has gone.
    assert_eq!(town.seconds("8:00-9:00", [1, 2], &[900, 901]), [Some(300), Some(2_699)]);
}

#[test]
fn a_loop_that_passes_a_stop_twice_is_boarded_at_either() {
    let mut line = feed(3);
    run(&mut line, &[(0, 8 * H), (1, 8 * H + 300), (0, 8 * H + 600), (2, 8 * H + 900)]);
    let town = Town::new(line);
    assert_eq!(town.seconds("8:00-9:00", [0, 2], &[0, 1, 600, 601]), [Some(900), Some(899), Some(300), None]);
    assert_eq!(town.seconds("8:00-9:00", [1, 0], &[0]), [Some(600)]);
    assert_eq!(town.seconds("8:00-9:00", [0, 1], &[0, 1]), [Some(300), None]);
}

#[test]
fn nobody_boards_or_alights_where_the_feed_forbids_it() {
    let mut line = feed(3);
    run(&mut line, &[(0, 8 * H), (1, 8 * H + 300), (2, 8 * H + 600)]);
    line.calls[1].board = false;
    let town = Town::new(line.clone());
    assert_eq!(town.seconds("8:00-8:30", [1, 2], &[0]), [None]);
    assert_eq!(town.seconds("8:00-8:30", [0, 1], &[0]), [Some(300)]);
    line.calls[1].alight = false;
    assert_eq!(Town::new(line).seconds("8:00-8:30", [0, 1], &[0]), [None]);
}

/// 24:10 of Monday is ten past midnight on Tuesday, and 0:10 of Tuesday is the night after Monday.
#[test]
fn the_night_belongs_to_two_service_days() {
    let mut line = feed(2);
    run(&mut line, &[(0, 24 * H + 600), (1, 24 * H + 900)]);
    run(&mut line, &[(0, 1_800), (1, 2_000)]);
    line.services.push(Service {
        id: "tuesday".into(),
        periods: vec![(
            day("2024-01-01"),
            day("2024-12-31"),
            [false, true, false, false, false, false, false],
        )],
        ..Service::default()
    });
    line.services[0].periods[0].2 = [true, false, false, false, false, false, false];
    line.trips[1].service = 1;
    let mut town = Town::new(line);
    let expected = [Some(900), Some(1_399), None];
    assert_eq!(town.seconds("24:00-25:00", [0, 1], &[0, 601, 1_801]), expected);
    town.date = day("2024-06-04");
    assert_eq!(town.seconds("0:00-1:00", [0, 1], &[0, 601, 1_801]), expected);
}

/// On Sunday 2024-03-31 clocks in Berlin went from 2:00 to 3:00: Saturday's 27:10 is 4:10 on the clock, an hour of daylight saving
/// later than on any other Sunday; Sunday's own 4:10 is 4:10.
#[test]
fn clocks_that_change_move_the_night_and_not_the_morning() {
    let mut line = feed(2);
    run(&mut line, &[(0, 27 * H + 600), (1, 27 * H + 1_200)]);
    run(&mut line, &[(0, 4 * H + 1_200), (1, 4 * H + 1_500)]);
    let mut town = Town::new(line);
    for (date, expected) in
        [("2024-03-31", [Some(1_200), Some(300)]), ("2024-04-07", [Some(1_500), Some(300)])]
    {
        town.date = day(date);
        assert_eq!(town.seconds("4:00-4:30", [0, 1], &[0, 1_200]), expected, "{date}");
    }
    // Between 1:00 and 3:00 of the clock lies one hour.
    town.feeds[0].calls.clear();
    town.feeds[0].trips.clear();
    run(&mut town.feeds[0], &[(0, 3 * H), (1, 3 * H + 60)]);
    town.date = day("2024-03-31");
    assert_eq!(town.seconds("1:00-1:30", [0, 1], &[0]), [Some(H + 60)]);
}

#[test]
fn headways_run_until_their_end_and_the_inexact_are_drawn() {
    let mut line = feed(2);
    let pattern = run(&mut line, &[(0, 0), (1, 300)]);
    line.trips[0].is_template = true;
    line.frequencies.push(Frequency {
        trip: pattern,
        start: 8 * H,
        end: 8 * H + 1_800,
        headway: 600,
        is_exact: true,
    });
    let mut town = Town::new(line);
    // 8:00, 8:10, 8:20; none at 8:30.
    assert_eq!(
        town.seconds("8:00-9:00", [0, 1], &[0, 1, 1_200, 1_201]),
        [Some(300), Some(899), Some(300), None]
    );
    town.feeds[0].frequencies[0] = Frequency { end: 12 * H, is_exact: false, ..town.feeds[0].frequencies[0] };
    town.options.draws = 50;
    let network = town.network("9:00-10:00");
    let at = |stop: u32| Walks::new([[(stop, 0)]]);
    network.each_pair(&at(0), &at(1), |_, _, spread| {
        assert_eq!(spread.departures(), 50 * H);
        // Whatever the minute of the vehicles, times are uniform on [300, 900).
        assert_eq!(spread.percentile(50.0).unwrap().abs_diff(599_000), 0);
        assert_eq!(spread.worst(), Some(899_000));
    });
    let again = town.network("9:00-10:00");
    let first = |network: &TransitNetwork| network.timetable().departure.clone();
    assert_eq!(first(&network), first(&again));
}

fn rule(kind: TransferKind, stops: [u32; 2], trips: [u32; 2]) -> TransferRule {
    TransferRule { stops, routes: [NONE; 2], trips, kind }
}

#[test]
fn rules_of_changing_lengthen_shorten_and_forbid() {
    let mut line = feed(4);
    let coming = run(&mut line, &[(0, 8 * H), (1, 8 * H + 600)]);
    let soon = run(&mut line, &[(2, 8 * H + 700), (3, 8 * H + 1_000)]);
    run(&mut line, &[(2, 8 * H + 1_300), (3, 8 * H + 1_600)]);
    let mut town = Town::new(line);
    town.walks = walks(4, &[(1, 2, 50)]);
    let there = |town: &Town| town.seconds("8:00-8:01", [0, 3], &[0])[0];
    assert_eq!(there(&town), Some(1_000));
    town.options.boarding_slack_s = 60;
    assert_eq!(Town { options: plain(), ..town }.seconds("8:00-8:01", [0, 3], &[0]), [Some(1_000)]);
    let with = |kind, trips| {
        let mut feed = town_feed();
        feed.transfers.push(rule(kind, [1, 2], trips));
        let mut town = Town::new(feed);
        town.walks = walks(4, &[(1, 2, 50)]);
        there(&town)
    };
    fn town_feed() -> Feed {
        let mut line = feed(4);
        run(&mut line, &[(0, 8 * H), (1, 8 * H + 600)]);
        run(&mut line, &[(2, 8 * H + 700), (3, 8 * H + 1_000)]);
        run(&mut line, &[(2, 8 * H + 1_300), (3, 8 * H + 1_600)]);
        line
    }
    assert_eq!(with(TransferKind::Recommended, [NONE; 2]), Some(1_000));
    assert_eq!(with(TransferKind::AtLeast(101), [NONE; 2]), Some(1_600));
    assert_eq!(with(TransferKind::AtLeast(100), [NONE; 2]), Some(1_000));
    assert_eq!(with(TransferKind::Impossible, [NONE; 2]), None);
    assert_eq!(with(TransferKind::Impossible, [coming, soon]), Some(1_600));
    let slow = |kind| {
        let mut feed = town_feed();
        feed.transfers.push(rule(kind, [1, 2], [NONE; 2]));
        let mut town = Town::new(feed);
        town.walks = walks(4, &[(1, 2, 50)]);
        town.options.boarding_slack_s = 60;
        // The first vehicle is at the stop at 8:00: leave a minute before.
        town.seconds("7:59-8:00", [0, 3], &[0])[0]
    };
    assert_eq!(slow(TransferKind::Recommended), Some(1_660));
    assert_eq!(slow(TransferKind::Timed), Some(1_060));
}

/// Line A ends at stop 1, where its vehicle becomes line B to stop 2 in the same minute.
#[test]
fn passengers_stay_seated_where_the_feed_says_so() {
    let mut line = feed(3);
    let a = run(&mut line, &[(0, 8 * H), (1, 8 * H + 600)]);
    let b = run(&mut line, &[(1, 8 * H + 600), (2, 8 * H + 900)]);
    for trip in &mut line.trips {
        trip.block = 7;
    }
    let once = TransitOptions { most_rides: 1, boarding_slack_s: 60, ..TransitOptions::default() };
    let ask = |line: &Feed, options| {
        Town { options, ..Town::new(line.clone()) }.seconds("7:59-8:00", [0, 2], &[0])[0]
    };
    assert_eq!(ask(&line, once), None);
    let town = Town { options: once, ..Town::new(line.clone()) };
    assert_eq!(town.network("7:59-8:00").timetable().possible_in_seat, 1);
    let in_blocks = TransitOptions {
        timetable: TimetableOptions { stay_seated_in_blocks: true, ..TimetableOptions::default() },
        ..once
    };
    assert_eq!(ask(&line, in_blocks), Some(960));
    let mut ruled = line.clone();
    ruled.transfers.push(rule(TransferKind::InSeat, [NONE; 2], [a, b]));
    assert_eq!(ask(&ruled, once), Some(960));
    let mut must_alight = line;
    must_alight.transfers.push(rule(TransferKind::MustAlight, [NONE; 2], [a, b]));
    assert_eq!(ask(&must_alight, in_blocks), None);
}

#[test]
fn a_wheelchair_takes_what_the_feed_does_not_close() {
    let mut line = feed(3);
    run(&mut line, &[(0, 8 * H), (1, 8 * H + 600), (2, 8 * H + 900)]);
    run(&mut line, &[(0, 8 * H + 300), (1, 8 * H + 900), (2, 8 * H + 1_200)]);
    line.trips[0].wheelchair = Wheelchair::No;
    line.stops[1].wheelchair = Wheelchair::No;
    let timetable = TimetableOptions { with_wheelchair: true, ..TimetableOptions::default() };
    let town = Town { options: TransitOptions { timetable, ..plain() }, ..Town::new(line) };
    assert_eq!(town.seconds("8:00-8:10", [0, 2], &[0]), [Some(1_200)]);
    assert_eq!(town.seconds("8:00-8:10", [0, 1], &[0]), [None]);
}

#[test]
fn feeds_with_equal_ids_are_kept_apart() {
    let mut a = feed(2);
    run(&mut a, &[(0, 8 * H), (1, 8 * H + 600)]);
    let mut b = feed(2);
    run(&mut b, &[(0, 8 * H + 660), (1, 8 * H + 900)]);
    let town = Town { feeds: vec![a, b], walks: walks(4, &[(1, 2, 30)]), ..Town::new(feed(2)) };
    assert_eq!(town.seconds("8:00-8:01", [0, 3], &[0]), [Some(900)]);
    assert_eq!(town.seconds("8:00-8:01", [0, 2], &[0]), [None]);
}

#[test]
fn windows_dates_and_options_out_of_range_are_refused() {
    let longest = Minutes::new(120.0).unwrap();
    for window in ["9:00-8:00", "8:00-8:00", "0:00-9:00", "8:00-x", "-", "2024-06-03"] {
        assert_eq!(Departures::parse(window, longest).unwrap_err().kind(), ErrorKind::Parameter, "{window}");
    }
    let mut line = feed(2);
    run(&mut line, &[(0, 8 * H), (1, 8 * H + 600)]);
    let town = Town::new(line);
    let departures = Departures::parse("8:00-9:00", longest).unwrap();
    let build = |date, options, count| {
        TransitNetwork::with_walks(&town.feeds, day(date), departures, walks(count, &[]), options, &Quiet)
            .err()
            .map(|error| error.kind())
    };
    let wrong = Some(ErrorKind::Parameter);
    assert_eq!(build(MONDAY, plain(), 2), None);
    assert_eq!(build("2025-01-01", plain(), 2), wrong);
    assert_eq!(build(MONDAY, plain(), 3), wrong);
    for options in [
        TransitOptions { most_rides: 0, ..plain() },
        TransitOptions { draws: 0, ..plain() },
        TransitOptions { boarding_slack_s: 100_000, ..plain() },
        TransitOptions { longest_transfer_m: f64::NAN, ..plain() },
    ] {
        assert_eq!(build(MONDAY, options, 2), wrong, "{options:?}");
    }
}

/// Arrival of who leaves a stop at a second, by rounds over all trips: the definition.
fn by_definition(
    feed: &Feed,
    walks: &Walks,
    options: TransitOptions,
    from: u32,
    second: u32,
    count: usize,
) -> Vec<u32> {
    let never = u32::MAX / 2;
    let slack = options.boarding_slack_s;
    let mut ready = vec![never; count];
    ready[from as usize] = second + slack;
    let mut best = vec![never; count];
    for _ in 0..options.most_rides {
        let at_stop = ready.clone();
        for trip in &feed.trips {
            let mut aboard = false;
            for call in feed.calls_of(trip) {
                if aboard && call.alight {
                    best[call.stop as usize] = best[call.stop as usize].min(call.arrival);
                }
                aboard |= call.board && call.departure >= at_stop[call.stop as usize];
            }
        }
        for (stop, &arrival) in best.iter().enumerate() {
            for &(to, walk) in walks.of(stop) {
                ready[to as usize] = ready[to as usize].min(arrival + walk as u32 + slack);
            }
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    /// Random trips, many of them overtaking, through few stops: both searches equal the definition at every second.
    #[test]
    fn both_searches_equal_the_definition_at_every_second(
        trips in prop::collection::vec((0_u32..900, prop::collection::vec((0_u32..7, 0_u32..200, 0_u32..30), 2..6)), 1..25),
        ways in prop::collection::vec((0_u32..7, 0_u32..7, 1_i32..200), 0..5),
        slack in 0_u32..90,
        most_rides in 1_u32..4,
    ) {
        let mut made = feed(7);
        for (start, calls) in &trips {
            let mut now = 8 * H + start;
            let calls: Vec<_> = calls.iter().map(|&(stop, ride, dwell)| {
                let arrival = now + ride;
                now = arrival + dwell;
                (stop, arrival, now)
            }).collect();
            add(&mut made, &calls);
        }
        let ways: Vec<_> = ways.into_iter().filter(|(a, b, _)| a != b).collect();
        let options = TransitOptions { boarding_slack_s: slack, most_rides, ..TransitOptions::default() };
        let town = Town { walks: walks(7, &ways), options, ..Town::new(made) };
        let seconds: Vec<u32> = (0..900).step_by(7).collect();
        for from in 0..7 {
            let expected: Vec<Vec<u32>> = seconds.iter().map(|&second| by_definition(&town.feeds[0], &town.walks, options, from, 8 * H + second, 7)).collect();
            for to in 0..7 {
                let found = town.seconds("8:00-8:15", [from, to], &seconds);
                for ((&second, found), expected) in seconds.iter().zip(found).zip(&expected) {
                    let arrival = found.map_or(u32::MAX / 2, |time| 8 * H + second + time);
                    prop_assert_eq!(arrival, expected[to as usize], "{} to {} at {}", from, to, second);
                }
                // Arriving by what a departure gives, one need not leave earlier.
                let is_mirrored = town.ask("8:00-8:15", [from, to], |spread| seconds.iter().all(|&second| {
                    spread.at(second).is_none_or(|time| spread.latest_departure(second + time / 1_000) >= Some(second))
                }));
                prop_assert!(is_mirrored);
            }
        }
    }

    /// One trip more never makes a journey longer.
    #[test]
    fn a_trip_more_never_lengthens_a_journey(
        trips in prop::collection::vec((0_u32..900, prop::collection::vec((0_u32..5, 1_u32..200), 2..5)), 2..12),
    ) {
        let mut made = feed(5);
        for (start, calls) in &trips {
            let mut now = 8 * H + start;
            let calls: Vec<_> = calls.iter().map(|&(stop, ride)| { now += ride; (stop, now) }).collect();
            run(&mut made, &calls);
        }
        let more = Town::new(made.clone());
        made.trips.pop();
        let fewer = Town::new(made);
        for pair in [[0, 1], [2, 3], [4, 0]] {
            let seconds: Vec<u32> = (0..900).collect();
            let (more, fewer) = (more.seconds("8:00-8:15", pair, &seconds), fewer.seconds("8:00-8:15", pair, &seconds));
            prop_assert!(more.iter().zip(&fewer).all(|(more, fewer)| more.unwrap_or(u32::MAX) <= fewer.unwrap_or(u32::MAX)));
        }
    }
}
