//! Public transport in a study: Millbrook's bus, and what is planted in its timetable.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::io::study::read_study;
use commonground::model::{OpeningHours, TravelSettings, Traveller};
use commonground::network::{
    Attachment, BuildOptions, Destinations, Row, StreetNetwork, TravelPairs, TravelProfile,
};
use commonground::scenario::{Base, Comparison, Scenario, apply};
use commonground::travel::transit::{
    Spread, StudyTransit, TransitSearches, closest_by_transit, who_is_cut_off,
};
use commonground::{Metres, Quiet, StudyArea, assess};
use std::collections::BTreeMap;
use std::path::Path;

const MILLBROOK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/data/millbrook");

struct Town {
    study: StudyArea,
    streets: StreetNetwork,
    homes: Vec<Option<Attachment>>,
    clinics: Destinations,
}

fn town() -> Town {
    let study = read_study(Path::new(MILLBROOK), None, &Quiet).unwrap();
    let profile = TravelProfile::new(study.settings.travel.clone()).unwrap();
    let (streets, _) =
        StreetNetwork::build(&study.streets, profile, BuildOptions::default(), &Quiet).unwrap();
    let streets = streets.with_crs(study.crs.clone());
    let all = vec![true; streets.component_sizes().len()];
    let attach = |place| streets.attach(place, Metres::new(250.0).unwrap(), &all).ok();
    let homes = study.homes.locations.iter().map(|&home| attach(home)).collect();
    let clinics = study.services.iter().filter(|service| service.category == "clinic");
    let clinics: Vec<_> = clinics.map(|service| attach(service.location)).collect();
    let clinics = Destinations::at(&streets, &clinics);
    Town { study, streets, homes, clinics }
}

#[test]
fn one_quarter_loses_its_clinic_after_eight_in_the_evening() {
    let town = town();
    let transit = town.study.transit.as_ref().unwrap();
    assert!(transit.feeds[0].receipts.is_empty());
    let names: Vec<&str> = transit.slices.iter().map(|slice| slice.name.as_str()).collect();
    assert_eq!(names, ["usual", "night", "sunday"]);
    let on_streets = StudyTransit::new(transit, &town.streets, &Quiet).unwrap();
    let slices: Vec<_> = transit
        .slices
        .iter()
        .map(|slice| {
            let network = on_streets.on(slice, &Quiet).unwrap();
            on_streets.closest(&network, &town.homes, &[&town.clinics], transit.standard, &Quiet).unwrap()
        })
        .collect();
    let cut_off = slices[1].cut_off(&slices[0], 0, transit.standard);
    let mut residents: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for (home, is_cut_off) in cut_off.iter().enumerate() {
        let (Some(is_cut_off), Some(place)) = (is_cut_off, town.study.homes.neighbourhoods[home]) else {
            continue;
        };
        let name = town.study.neighbourhoods[place as usize].name.as_str();
        let counts = residents.entry(name).or_default();
        counts[usize::from(*is_cut_off)] += town.study.homes.weights[home];
    }
    let lost: Vec<&str> =
        residents.iter().filter(|(_, [kept, lost])| lost > kept).map(|(name, _)| *name).collect();
    let planted: toml::Table =
        std::fs::read_to_string(Path::new(MILLBROOK).join("PLANTED.toml")).unwrap().parse().unwrap();
    let mut planted: Vec<&str> = planted["transit"]["loses_its_clinic_at_night"]
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect();
    planted.sort_unstable();
    assert_eq!(lost, planted, "{residents:?}");
}

#[test]
fn who_is_cut_off_is_counted_by_group_and_never_more_than_who_reached_it() {
    let town = town();
    let rows = who_is_cut_off(&town.study, &town.streets, &town.homes, &Quiet).unwrap();
    let groups = town.study.homes.groups.len() + 1;
    let categories =
        rows.iter().map(|row| row.category.as_str()).collect::<std::collections::BTreeSet<_>>().len();
    assert_eq!(rows.len(), 2 * groups * categories);
    for row in &rows {
        assert!(row.cut_off <= row.reach_usually && row.reach_usually <= row.people, "{row:?}");
        assert!(row.reach_then >= row.reach_usually - row.cut_off, "{row:?}");
    }
    let of = |slice: &str, group: Option<&str>| {
        let is_asked = |row: &&commonground::travel::transit::CutOff| {
            row.slice == slice && row.category == "clinic" && row.group.as_deref() == group
        };
        rows.iter().find(is_asked).unwrap().cut_off
    };
    assert!(of("night", None) > 1_800.0 && of("night", Some("without_car")) > 100.0);
    assert!(of("sunday", None) >= of("sunday", Some("without_car")));
    let without = StudyArea { transit: None, ..town.study.clone() };
    let error = who_is_cut_off(&without, &town.streets, &town.homes, &Quiet).unwrap_err();
    assert!(error.to_string().contains("[[transit]]"), "{error}");
}

type Found = Vec<Option<Vec<(usize, u32)>>>;

fn keep(row: Row<'_>) -> Vec<(usize, u32)> {
    row.milliseconds().collect()
}

/// Who is searched from, how many at once, and in which order must not matter to a single millisecond.
#[test]
fn times_are_the_same_from_either_side_on_any_threads_and_in_any_order() {
    let town = town();
    let transit = town.study.transit.as_ref().unwrap();
    let on_streets = StudyTransit::new(transit, &town.streets, &Quiet).unwrap();
    let network = on_streets.on(&transit.slices[0], &Quiet).unwrap();
    let homes: Vec<_> = town.homes.iter().step_by(23).copied().collect();
    let searches = |homes: &[Option<Attachment>]| -> (Found, Found, Vec<(usize, usize, u32)>) {
        let pair = (homes, &town.clinics);
        let searches =
            TransitSearches::new(&town.streets, on_streets.stops(), &network, pair, 50.0, &Quiet).unwrap();
        let table = searches.table().unwrap();
        let pairs = table.pairs().map(|(home, place, time)| (home, place, time.to_milliseconds())).collect();
        (searches.each_origin(keep).unwrap(), searches.each_destination(keep).unwrap(), pairs)
    };
    let (by_home, by_clinic, table) = searches(&homes);
    let pairs = |rows: &Found| -> Vec<(usize, usize, u32)> {
        let of = |(row, found): (usize, &Option<Vec<(usize, u32)>>)| {
            found.iter().flatten().map(move |&(place, time)| (row, place, time)).collect::<Vec<_>>()
        };
        rows.iter().enumerate().flat_map(of).collect()
    };
    let forward = pairs(&by_home);
    let mut backward: Vec<_> =
        pairs(&by_clinic).into_iter().map(|(place, home, time)| (home, place, time)).collect();
    backward.sort_unstable();
    assert!(forward.len() > 400, "{}", forward.len());
    assert_eq!(forward, backward);
    assert_eq!(forward, table);
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| searches(&homes)).0, by_home, "{threads} threads");
    }
    let reversed: Vec<_> = homes.iter().rev().copied().collect();
    let mut again = searches(&reversed).0;
    again.reverse();
    assert_eq!(again, by_home);
    for (number, home) in homes.iter().enumerate().step_by(9) {
        assert_eq!(searches(&[*home]).0[0], by_home[number], "alone as in company");
    }
}

#[test]
fn journeys_arrive_when_the_numbers_say_and_the_closest_is_the_soonest_of_all() {
    let town = town();
    let transit = town.study.transit.as_ref().unwrap();
    let on_streets = StudyTransit::new(transit, &town.streets, &Quiet).unwrap();
    let network = on_streets.on(&transit.slices[0], &Quiet).unwrap();
    let homes: Vec<_> = town.homes.iter().step_by(61).copied().collect();
    let pair = (homes.as_slice(), &town.clinics);
    let searches =
        TransitSearches::new(&town.streets, on_streets.stops(), &network, pair, 50.0, &Quiet).unwrap();
    let seconds = [0, 1, 599, 3_000, 7_199];
    let visit = |found: &mut Vec<(usize, [Option<u32>; 5])>, place: usize, spread: Spread<'_>| {
        found.push((place, seconds.map(|second| spread.at(second))));
    };
    let found = searches.each_origin_spread(Vec::new, visit, |found, _| found).unwrap();
    let ask = |_: usize, spread: Spread<'_>| seconds.map(|second| spread.at(second));
    let clinics = [&town.clinics];
    let closest =
        closest_by_transit(&town.streets, on_streets.stops(), &network, &homes, &clinics, ask, &Quiet)
            .unwrap();
    let mut rides = 0;
    for (home, row) in found.iter().enumerate() {
        let Some(row) = row else {
            assert!(closest[0][home].is_none());
            continue;
        };
        for (at, &second) in seconds.iter().enumerate() {
            let soonest = row.iter().filter_map(|(_, times)| times[at]).min();
            assert_eq!(closest[0][home].unwrap()[at], soonest, "home {home}, second {second}");
        }
        for (place, times) in row {
            for (at, &second) in seconds.iter().enumerate() {
                let journey = searches.journey(&transit.feeds, home, *place, second).unwrap();
                assert_eq!(journey.as_ref().map(|journey| journey.milliseconds), times[at]);
                rides += journey.iter().map(|journey| journey.routes().len()).sum::<usize>();
            }
        }
    }
    assert!(rides > 50, "{rides}");
    assert!(
        searches.journey(&transit.feeds, 0, 99, 0).is_err()
            && searches.journey(&transit.feeds, 0, 0, 7_200).is_err()
    );
}

/// What is planted, through `assess`: the quarter that the last bus leaves behind, by neighbourhood, city and group.
#[test]
fn an_assessment_finds_who_is_cut_off_at_night() {
    let study = read_study(Path::new(MILLBROOK), None, &Quiet).unwrap();
    let found = assess(&study, &Quiet).unwrap();
    let places = found.neighbourhoods();
    let names: Vec<&str> = study.neighbourhoods.iter().map(|place| place.name.as_str()).collect();
    let lost = places.values("clinic_share_cut_off_night").unwrap();
    let mut most: Vec<&str> = names
        .iter()
        .zip(&lost)
        .filter(|(_, lost)| lost.is_some_and(|lost| lost > 0.5))
        .map(|(name, _)| *name)
        .collect();
    most.sort_unstable();
    assert_eq!(most, ["Brickfield", "Millrace", "Saltings"]);

    // One count: that of `who_is_cut_off`.
    let town = town();
    let rows = who_is_cut_off(&town.study, &town.streets, &town.homes, &Quiet).unwrap();
    let everybody = rows
        .iter()
        .find(|row| row.slice == "night" && row.category == "clinic" && row.group.is_none())
        .unwrap();
    let share = found.value("city_clinic_share_cut_off_night").unwrap();
    assert!((share - everybody.cut_off / everybody.people).abs() < 1e-12, "{share}");
    let table = found.layer("transit_cut_off").unwrap();
    let texts = ["when", "essential", "group"].map(|column| table.texts(column).unwrap());
    let row = |group: &str| {
        let wanted = ["night", "clinic", group];
        let is_row =
            |row: &usize| texts.iter().zip(wanted).all(|(texts, text)| texts[*row].as_deref() == Some(text));
        (0..table.len()).find(is_row).unwrap()
    };
    let count = |group| table.values("residents_cut_off").unwrap()[row(group)];
    assert_eq!(count("everybody"), Some(everybody.cut_off));
    assert!(count("without_car").unwrap() > 100.0);

    // By public transport nobody is farther than on foot, a longer time reaches no fewer jobs, and shares are shares.
    let homes = found.homes();
    let (walk, ride) =
        (homes.values("clinic_minutes").unwrap(), homes.values("clinic_minutes_by_transit_usual").unwrap());
    for (walk, ride) in walk.iter().zip(&ride) {
        if let Some(walk) = walk {
            assert!(ride.is_some_and(|ride| ride <= walk + 1e-9), "{walk} on foot, {ride:?}");
        }
    }
    let jobs = [30, 45, 60]
        .map(|minutes| homes.values(&format!("jobs_by_transit_usual_within_{minutes}_min")).unwrap());
    let on_foot = homes.values("jobs_within_30_min").unwrap();
    for home in 0..study.homes.len() {
        let Some(walked) = on_foot[home] else { continue };
        let reached = [0, 1, 2].map(|cutoff: usize| jobs[cutoff][home].unwrap());
        assert!(walked <= reached[0] && reached.is_sorted(), "home {home}: {walked}, {reached:?}");
    }
    let shares = homes.values("jobs_by_transit_usual_of_car_within_45_min").unwrap();
    assert!(shares.iter().flatten().all(|share| (0.0..=1.0).contains(share)));
    // What is handed out to workers is what the reached workplaces have.
    let per_person = homes.values("jobs_per_resident_by_transit_usual_within_45_min").unwrap();
    let handed_out: f64 =
        per_person.iter().zip(&study.homes.weights).map(|(jobs, people)| jobs.unwrap_or(0.0) * people).sum();
    let all: f64 = study.workplaces.as_ref().unwrap().jobs.iter().sum();
    assert!(handed_out <= all + 1e-6 && handed_out > 0.9 * all, "{handed_out} of {all}");
}

#[test]
fn an_assessment_describes_stops_and_who_lives_near_one() {
    let study = read_study(Path::new(MILLBROOK), None, &Quiet).unwrap();
    let found = assess(&study, &Quiet).unwrap();
    let stops = found.layer("transit_stops").unwrap();
    assert_eq!(stops.features().geometries.len(), stops.len());
    let [usual, night] = ["departures_usual", "departures_night"].map(|name| stops.values(name).unwrap());
    assert!(usual.iter().zip(&night).any(|(usual, night)| usual > night));
    let headways = stops.values("headway_minutes_usual").unwrap();
    for (departures, headway) in usual.iter().zip(&headways) {
        assert_eq!(departures.unwrap() > 0.0, headway.is_some());
    }
    let [near, often] = ["city_share_near_transit_stop", "city_share_near_frequent_transit_stop"]
        .map(|name| found.value(name).unwrap());
    assert!(0.0 < often && often <= near && near < 1.0, "{near}, {often}");
    let gaps = found.neighbourhoods().values("transit_gap").unwrap();
    assert!(
        gaps.iter().flatten().all(|gap| gap.abs() <= 100.0) && gaps.iter().flatten().any(|gap| *gap > 0.0)
    );
}

#[test]
fn a_cyclist_and_a_study_without_timetable_have_no_columns_by_public_transport() {
    let mut study = read_study(Path::new(MILLBROOK), None, &Quiet).unwrap();
    study.settings.travel = TravelSettings::of(Traveller::Bicycle);
    study.settings.modes.clear();
    let found = assess(&study, &Quiet).unwrap();
    let reason = found.not_assessed.iter().find(|(what, _)| what == "public transport").unwrap();
    assert!(reason.1.contains("on foot"), "{reason:?}");
    assert!(found.homes().values("clinic_minutes_by_transit_usual").is_err());
    study = read_study(Path::new(MILLBROOK), None, &Quiet).unwrap();
    study.transit = None;
    let found = assess(&study, &Quiet).unwrap();
    assert!(
        found.layer("transit_stops").is_none()
            && found.not_assessed.iter().all(|(what, _)| what != "public transport")
    );
}

/// Without a closing hour as many departures are in time as reach any clinic; with hours, fewer, and none after closing.
#[test]
fn a_clinic_must_be_open_when_one_arrives() {
    let mut study = read_study(Path::new(MILLBROOK), None, &Quiet).unwrap();
    study.settings.modes.clear();
    let with_hours = |study: &mut StudyArea, text: &str| {
        let clinics = study.services.iter_mut().filter(|service| service.category == "clinic");
        clinics.for_each(|clinic| clinic.opening_hours = Some(OpeningHours::parse(text).unwrap()));
        assess(study, &Quiet).unwrap()
    };
    let always = with_hours(&mut study, "24/7");
    for when in ["usual", "night", "sunday"] {
        let column = |open: &str| {
            always.homes().values(&format!("clinic_departures_{open}by_transit_{when}")).unwrap()
        };
        assert_eq!(column("open_"), column(""), "{when}");
    }
    let weekdays = with_hours(&mut study, "Mo-Fr 08:00-18:00");
    let open = |when: &str| weekdays.value(&format!("city_clinic_share_open_by_transit_{when}")).unwrap();
    assert!(open("usual") > 0.5 && open("night") == 0.0 && open("sunday") == 0.0, "{}", open("usual"));
    // Who leaves at seven waits an hour, so that only departures from half past on are in time.
    let shares = weekdays.homes().values("clinic_departures_open_by_transit_usual").unwrap();
    assert!(shares.iter().flatten().all(|share| *share <= 0.75 + 1e-9));
}

/// Who loses a line is known in one comparison: walks stay, rides get longer or shorter, nobody gains by a line that goes.
#[test]
fn a_line_that_is_removed_or_runs_twice_as_often() {
    let mut study = read_study(Path::new(MILLBROOK), None, &Quiet).unwrap();
    study.settings.modes.clear();
    study.settings.travel.compare.clear();
    let base = Base::new(&study, &Quiet).unwrap();
    let scenario = |action: &str, line: &str| {
        let text = format!("name = 'Bus'\n[[changes]]\naction = '{action}'\nline = '{line}'");
        Scenario::from_toml(&text, "bus.toml", &study.crs).unwrap()
    };
    let compare = |action: &str| base.compare(&scenario(action, "1"), &Quiet).unwrap();
    let minutes = |found: &Comparison, name: &str| {
        let column = found.columns.iter().find(|column| column.key.to_string() == name).unwrap();
        let far = |values: &[Option<f64>]| {
            values.iter().map(|one| one.unwrap_or(f64::INFINITY)).collect::<Vec<_>>()
        };
        (far(&column.before), far(&column.after))
    };
    let (removed, doubled) = (compare("remove_line"), compare("double_line"));
    for found in [&removed, &doubled] {
        let (before, after) = minutes(found, "clinic_minutes");
        assert_eq!(before, after);
    }
    let (before, after) = minutes(&removed, "clinic_minutes_by_transit_usual");
    assert!(before.iter().zip(&after).all(|(before, after)| before <= after));
    let (walk, _) = minutes(&removed, "clinic_minutes");
    // What is left is the walk, as far as walks were searched.
    assert!(walk.iter().zip(&after).all(|(walk, after)| walk.is_infinite() || (walk - after).abs() < 1e-9));
    let losing: f64 = before
        .iter()
        .zip(&after)
        .zip(&study.homes.weights)
        .filter(|((before, after), _)| before < after)
        .map(|(_, people)| people)
        .sum();
    assert!(losing > 1_000.0, "{losing}");
    let (before, after) = minutes(&doubled, "clinic_minutes_by_transit_usual");
    assert!(before.iter().zip(&after).all(|(before, after)| after <= before));
    assert!(before.iter().zip(&after).any(|(before, after)| after < before));
    // Nobody is better or worse off where nothing runs.
    let (before, after) = minutes(&doubled, "clinic_minutes_by_transit_night");
    assert_eq!(before, after);
    let error = base.compare(&scenario("remove_line", "11"), &Quiet).err().unwrap();
    assert!(error.to_string().contains("no line has the id `11`"), "{error}");
    let without = StudyArea { transit: None, ..study.clone() };
    let error = apply(&without, &scenario("double_line", "1")).unwrap_err();
    assert!(error.to_string().contains("[[transit]]"), "{error}");
}

/// A night bus of a scenario gives every home what the same trips give it, written into the feed by hand; a stop that moves, what
/// the feed with its new place gives.
#[test]
fn a_line_of_a_scenario_is_the_same_line_in_the_feed() {
    let folder = common::copy_of(Path::new(MILLBROOK));
    let add = |file: &str, text: &str| {
        let path = folder.path().join("bus").join(file);
        let before = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, before.trim_end().to_owned() + "\n" + text).unwrap();
    };
    let stops = [[3.0115372, 54.9951901], [3.0118574, 54.99968], [3.02, 55.001], [3.0175604, 55.0063994]];
    add("stops.txt", "n3,New,55.001,3.02\n");
    add("routes.txt", "night,N,Night,3\n");
    add("calendar.txt", "night,1,1,1,1,1,1,1,20240501,20240731\n");
    let seconds = |from: [f64; 2], to: [f64; 2]| {
        let [(x, y), (u, v)] = [from, to].map(|[x, y]: [f64; 2]| (x.to_radians(), y.to_radians()));
        let half = ((v - y) / 2.0).sin().powi(2) + y.cos() * v.cos() * ((u - x) / 2.0).sin().powi(2);
        2.0 * 6_371_008.8 * half.sqrt().asin() / (20_000.0 / 3_600.0)
    };
    for (direction, order) in [[0, 1, 2, 3], [3, 2, 1, 0]].iter().enumerate() {
        for departure in (20 * 3_600..=23 * 3_600).step_by(900) {
            add("trips.txt", &format!("night,night,n{direction} {departure}\n"));
            let mut passed = 0.0;
            for (number, &at) in order.iter().enumerate() {
                passed += if number == 0 { 0.0 } else { seconds(stops[order[number - 1]], stops[at]) };
                let second = departure + f64::round(passed) as u32;
                let time = format!("{}:{:02}:{:02}", second / 3_600, second / 60 % 60, second % 60);
                let stop = ["b1", "b2", "n3", "b4"][at];
                add("stop_times.txt", &format!("n{direction} {departure},{time},{time},{stop},{number}\n"));
            }
        }
    }
    let read = |folder: &Path| {
        let mut study = read_study(folder, None, &Quiet).unwrap();
        study.settings.modes.clear();
        study.settings.travel.compare.clear();
        study.workplaces = None;
        study.services.retain(|service| service.category == "clinic");
        common::every_fifth(&mut study.homes);
        study
    };
    let (study, by_hand) = (read(Path::new(MILLBROOK)), read(folder.path()));
    let base = Base::new(&study, &Quiet).unwrap();
    let compare = |text: &str| {
        let text = format!("name = 'Night bus'\n[[changes]]\n{text}");
        base.compare(&Scenario::from_toml(&text, "night.toml", &study.crs).unwrap(), &Quiet).unwrap()
    };
    let line = compare(
        "action = 'add_line'\nline = 'N'\nstops = ['b1', 'b2', [3.02, 55.001], 'b4']\nheadway_minutes = 15\nfirst = '20:00'\n\
         last = '23:00'\nspeed_kmh = 20",
    );
    assert!(line.receipts[0].what.contains("26 trips a day"), "{}", line.receipts[0].what);
    let by_hand = assess(&by_hand, &Quiet).unwrap();
    let column = |found: &Comparison, name: &str| {
        found.columns.iter().find(|column| column.key.to_string() == name).unwrap().clone()
    };
    for when in ["usual", "night", "sunday"] {
        let name = format!("clinic_minutes_by_transit_{when}");
        let found = column(&line, &name);
        assert_eq!(found.after, by_hand.homes().values(&name).unwrap(), "{name}");
        assert_eq!(found.before == found.after, when != "night", "{name}");
    }
    let stops = folder.path().join("bus/stops.txt");
    let text = std::fs::read_to_string(&stops).unwrap();
    std::fs::write(&stops, text.replace("54.9996800,3.0118574", "54.9985,3.0125")).unwrap();
    let moved = compare("action = 'move_stop'\nstop = 'b2'\nto = [3.0125, 54.9985]");
    let by_hand = assess(&read(folder.path()), &Quiet).unwrap();
    let name = "clinic_minutes_by_transit_usual";
    let found = column(&moved, name);
    assert_eq!(found.after, by_hand.homes().values(name).unwrap());
    assert_ne!(found.before, found.after);
    for (text, words) in [
        ("action = 'move_stop'\nstop = 'b22'\nto = [3.0, 55.0]", "b2"),
        (
            "action = 'add_line'\nline = '1'\nstops = ['b1', 'b2']\nheadway_minutes = 15\nfirst = '6:00'\nlast = '7:00'\nspeed_kmh = 20",
            "taken",
        ),
        (
            "action = 'add_line'\nline = 'N'\nstops = ['b1']\nheadway_minutes = 15\nfirst = '6:00'\nlast = '7:00'\nspeed_kmh = 20",
            "two stops",
        ),
    ] {
        let text = format!("name = 'No'\n[[changes]]\n{text}");
        let scenario = Scenario::from_toml(&text, "no.toml", &study.crs).unwrap();
        let error = apply(&study, &scenario).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
}
