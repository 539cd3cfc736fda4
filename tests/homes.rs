//! Homes of studies that have no layer of them: a map of a few halls is no map of where people live.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::{real_cities, shipped};
use commonground::io::study::read_study;
use commonground::model::{Severity, Weight};
use commonground::{Quiet, StudyArea};
use std::path::Path;

fn study(data: &Path, osm: &str, rest: &str) -> StudyArea {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("study.toml");
    std::fs::write(&file, format!("name = \"A\"\n{rest}\n[osm]\n{osm}")).unwrap();
    read_study(&file, Some(data), &Quiet).unwrap()
}

#[test]
fn halls_of_columbus_are_no_homes() {
    let Some(data) = real_cities() else { return };
    let columbus = |homes: &str| {
        let osm = format!("file = \"columbus-oh/columbus.osm.pbf\"\n{homes}\n");
        study(&data, &osm, "[neighbourhoods]\nfile = \"columbus-oh/neighborhoods.geojson\"\nname = \"name\"")
    };
    // 662 buildings near 2 % of the residential streets: the streets say more.
    let of_itself = columbus("");
    assert_eq!((of_itself.homes.weight, of_itself.homes.len() > 20_000), (Weight::StreetPositions, true));
    let told = of_itself.homes.stand_in.unwrap();
    assert!(told.contains("homes within 100 m of only") && told.contains("too few"), "{told}");
    let count = |homes: &str| {
        let homes = columbus(&format!("homes = \"{homes}\"")).homes;
        assert_eq!(homes.weight, Weight::FloorArea);
        homes.len()
    };
    // The rest are sheds, halls, and buildings on the land of the airport, the university, parks and shops.
    let (stated, likely, any) = (count("stated"), count("likely"), count("any"));
    assert_eq!((stated, likely, any), (105, 662, 908));
}

#[test]
fn buildings_of_a_well_mapped_town_stay_its_homes() {
    let osm = "file = \"monaco.osm.pbf\"\nneighbourhoods_admin_level = 10\n";
    let monaco = study(&shipped("monaco"), osm, "");
    assert_eq!((monaco.homes.weight, monaco.homes.len()), (Weight::FloorArea, 640));
    let told = monaco.homes.stand_in.as_deref().unwrap();
    for word in ["362 say that they are homes", "278 are plain", "25 % of the floor area is guessed"] {
        assert!(told.contains(word), "{told}");
    }
    let warned = monaco.findings.of(Severity::Warning).filter(|one| one.to_string().contains(told)).count();
    assert_eq!(warned, 1);
    let streets = study(&shipped("monaco"), &format!("{osm}homes = \"streets\"\n"), "");
    assert_eq!(streets.homes.weight, Weight::StreetPositions);
}
