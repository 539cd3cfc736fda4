//! Public transport in a study: Millbrook's bus, and what is planted in its timetable.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::io::study::read_study;
use commonground::network::{
    Attachment, BuildOptions, Destinations, Row, StreetNetwork, TravelPairs, TravelProfile,
};
use commonground::travel::transit::{
    Spread, StudyTransit, TransitSearches, closest_by_transit, who_is_cut_off,
};
use commonground::{Metres, Quiet, StudyArea};
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
