//! Public transport in a study: Millbrook's bus, and what is planted in its timetable.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use commonground::io::study::read_study;
use commonground::network::{Attachment, BuildOptions, Destinations, StreetNetwork, TravelProfile};
use commonground::travel::transit::{StudyTransit, who_is_cut_off};
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
