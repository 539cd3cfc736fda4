//! The OpenStreetMap reader on Monaco. Counts were taken with pyosmium 4 over the same file.
#![allow(clippy::unwrap_used)]

mod common;

use commonground::io::osm::{Doubt, Dwelling, OsmExtract, read_osm};
use commonground::model::{BarrierKind, Severity, category};
use commonground::{ErrorKind, Quiet};
use geo::{Area, BoundingRect, Contains};
use std::path::{Path, PathBuf};

fn monaco_pbf() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/monaco/monaco.osm.pbf")
}

fn monaco() -> OsmExtract {
    read_osm(&monaco_pbf(), &Quiet).unwrap()
}

#[test]
fn streets_keep_their_nodes_and_tags() {
    let monaco = monaco();
    // 2,852 ways with `highway` less 6 under construction; 1 ferry; 5 pieces of the rings of two squares.
    let mut ids: Vec<i64> = monaco.streets.iter().map(|street| street.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), 2_852);
    assert!(monaco.streets.iter().all(|street| street.line.0.len() == street.vertices.len()));
    assert!(monaco.streets.iter().all(|street| street.vertices.len() >= 2));
    assert_eq!(monaco.streets.iter().filter(|street| street.tags.is("highway", "steps")).count(), 346);
    let extent = geo::Rect::new((7.3, 43.6), (7.6, 43.9));
    let is_outside = |street: &&commonground::model::Street| {
        !street.tags.is("route", "ferry") && !extent.contains(&street.line.bounding_rect().unwrap())
    };
    assert_eq!(monaco.streets.iter().filter(is_outside).count(), 0);
}

#[test]
fn barriers_come_with_the_streets_that_they_stand_on() {
    let monaco = monaco();
    let bollards: Vec<i64> = monaco
        .streets
        .iter()
        .flat_map(|street| street.barriers.iter().map(|(vertex, tags)| (street.vertices[*vertex], tags)))
        .filter(|(_, tags)| tags.is("barrier", "bollard"))
        .map(|(node, _)| node)
        .collect();
    assert!((1..=118).contains(&bollards.len()), "{}", bollards.len());
}

#[test]
fn services_are_counted_as_a_planner_counts_them() {
    let monaco = monaco();
    let count = |category: &str| monaco.services.iter().filter(|one| one.category == category).count();
    assert_eq!(count(category::SCHOOL), 10);
    assert_eq!(count(category::PLACE_OF_WORSHIP), 16);
    // Both libraries are mapped as a point with a name in a building without.
    assert_eq!(count(category::LIBRARY), 2);
    assert!(monaco.services.iter().filter(|one| one.category == "library").all(|one| one.name.is_some()));
    // 7 hospitals, 2 doctors and a clinic; three of the points lie in the grounds of a hospital.
    assert_eq!(count(category::CLINIC), 7);
    assert_eq!(count(category::PHARMACY), 11);
    let fontvieille = monaco.services.iter().find(|one| one.id == "way/176131190").unwrap();
    assert_eq!(fontvieille.name.as_deref(), Some("École de Fontvieille"));
    assert!(fontvieille.shape.as_ref().unwrap().contains(&fontvieille.location));
}

#[test]
fn third_places_and_barriers_are_there() {
    let monaco = monaco();
    let count = |category: &str| monaco.services.iter().filter(|one| one.category == category).count();
    // 23 cafés, 3 pubs and 11 hairdressers; of 22 pitches, halls and centres some lie in the grounds of another.
    assert_eq!((count(category::CAFE), count(category::MARKET)), (37, 3));
    assert!((15..=22).contains(&count(category::SPORT)), "{}", count(category::SPORT));
    // The railway runs in a tunnel; of the water, 19 pieces of coast, and ponds of less than a hectare.
    assert!(monaco.barriers.iter().all(|barrier| barrier.kind == BarrierKind::Water));
    let coast = monaco.barriers.iter().filter(|barrier| barrier.name.as_deref() == Some("the sea"));
    assert_eq!(coast.count(), 19);
}

#[test]
fn six_wards_are_whole_and_three_are_named() {
    let monaco = monaco();
    let mut wards: Vec<&str> = monaco
        .boundaries
        .iter()
        .filter(|one| one.admin_level == Some(10))
        .map(|one| one.name.as_str())
        .collect();
    wards.sort_unstable();
    assert_eq!(
        wards,
        ["Fontvieille", "La Condamine", "La Rousse", "Larvotto", "Monaco-Ville", "Monte-Carlo"]
    );
    let finding =
        monaco.findings.iter().map(ToString::to_string).find(|text| text.contains("admin_level 10"));
    assert_eq!(
        finding.unwrap().lines().next().unwrap(),
        "warning: 3 boundaries of admin_level 10 are not whole in the file and left out: \
         `Jardin Exotique`, `Les Monegetti`, `Ravin de Sainte-Dévote`"
    );
}

#[test]
fn buildings_have_a_footprint_and_a_use() {
    let monaco = monaco();
    // 1,256 ways and 30 relations, less one relation of the type `site`, which has no outline, and two with
    // missing members.
    assert_eq!(monaco.buildings.len(), 1_283);
    assert!(monaco.buildings.iter().all(|building| building.footprint_m2 > 0.0));
    let count = |is_meant: &dyn Fn(Dwelling) -> bool| {
        monaco.buildings.iter().filter(|building| is_meant(building.dwelling)).count()
    };
    assert_eq!(count(&|dwelling| dwelling == Dwelling::Stated), 470);
    // Before land and size were looked at, 1,073 were taken for homes.
    let plain = count(&|dwelling| matches!(dwelling, Dwelling::Likely | Dwelling::Doubtful(_)));
    let doubtful = [Doubt::Land, Doubt::Small, Doubt::Large]
        .map(|doubt| count(&|dwelling| dwelling == Dwelling::Doubtful(doubt)));
    assert_eq!((plain, doubtful), (599, [43, 41, 6]));
    assert!(monaco.green_spaces.iter().all(|space| space.shape.unsigned_area() > 0.0));
    assert_eq!(monaco.green_spaces.len(), 53);
}

#[test]
fn the_result_does_not_depend_on_the_number_of_threads() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let one = pool.install(monaco);
    let many = monaco();
    assert_eq!(format!("{one:?}"), format!("{many:?}"));
}

#[test]
fn a_file_cut_off_anywhere_is_an_error() {
    let bytes = std::fs::read(monaco_pbf()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cut.osm.pbf");
    for length in [1, 10, 100, 5_000, 100_000, bytes.len() - 1] {
        std::fs::write(&path, &bytes[..length]).unwrap();
        let error = read_osm(&path, &Quiet).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Format, "{length} bytes: {error}");
    }
    let message = read_osm(&path, &Quiet).unwrap_err().to_string();
    assert!(message.contains("cut off or damaged"), "{message}");
}

#[test]
fn what_is_no_osm_file_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("streets.osm.pbf");
    assert_eq!(read_osm(&path, &Quiet).unwrap_err().kind(), ErrorKind::Io);
    for (content, message) in
        [("", "is empty"), ("<?xml version=\"1.0\"?><osm/>", "is not an OpenStreetMap PBF")]
    {
        std::fs::write(&path, content).unwrap();
        let error = read_osm(&path, &Quiet).unwrap_err();
        assert!(error.kind() == ErrorKind::Format && error.to_string().contains(message), "{error}");
    }
}

#[test]
fn damaged_bytes_never_panic() {
    let bytes = std::fs::read(monaco_pbf()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.osm.pbf");
    for step in 1..40 {
        let mut damaged = bytes.clone();
        let place = step * bytes.len() / 40;
        damaged[place] ^= 0x5a;
        std::fs::write(&path, &damaged).unwrap();
        if let Err(error) = read_osm(&path, &Quiet) {
            assert_eq!(error.kind(), ErrorKind::Format);
        }
    }
}

#[test]
fn findings_are_no_errors() {
    assert_eq!(monaco().findings.of(Severity::Error).count(), 0);
}

#[test]
fn an_extract_without_a_whole_boundary_asks_for_a_layer_of_neighbourhoods() {
    let Some(data) = common::real_cities() else { return };
    let folder = tempfile::tempdir().unwrap();
    let text =
        "name = \"Helsinki\"\n[osm]\nfile = \"helsinki/Helsinki.osm.pbf\"\nneighbourhoods_admin_level = 10\n";
    std::fs::write(folder.path().join("study.toml"), text).unwrap();
    let (_, findings) = commonground::io::study::check_study(folder.path(), Some(&data), &Quiet).unwrap();
    let errors: Vec<String> = findings.of(Severity::Error).map(ToString::to_string).collect();
    assert!(errors.len() == 1 && errors[0].contains("give the neighbourhoods a table"), "{errors:?}");
}
