//! Districts: which neighbourhoods belong to which, and scores over their homes, against sums made here.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::model::Severity;
use commonground::{Assessment, Quiet, StudyArea, assess, io, report};
use geo::{BoundingRect, Centroid};
use std::path::Path;

/// Millbrook with a layer of districts, as GeoJSON features in its metric system.
fn read(folder: &Path, features: &[String], keys: &str) -> (Option<StudyArea>, String) {
    let town = common::shipped("millbrook");
    let layer = folder.join("districts.geojson");
    let text = format!(
        r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"EPSG:32631"}}}},"features":[{}]}}"#,
        features.join(",")
    );
    std::fs::write(&layer, text).unwrap();
    let study = std::fs::read_to_string(town.join("study.toml")).unwrap();
    let table = format!("[districts]\nfile = '{}'\n{keys}\n", layer.display());
    let path = folder.join("study.toml");
    let shipped = "[districts]\nfile = \"districts.geojson\"\n";
    assert!(study.contains(shipped));
    std::fs::write(&path, study.replace(shipped, &table)).unwrap();
    let (study, findings) = io::study::check_study(&path, Some(&town), &Quiet).unwrap();
    let errors: Vec<String> = findings.of(Severity::Error).map(ToString::to_string).collect();
    (study, errors.join("\n"))
}

/// A rectangle with a name.
fn rectangle(name: &str, [west, south, east, north]: [f64; 4]) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"title":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
    )
}

/// West, south, east and north of all neighbourhoods.
fn extent() -> [f64; 4] {
    let study = io::study::read_study(&common::shipped("millbrook"), None, &Quiet).unwrap();
    let mut extent = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
    for place in &study.neighbourhoods {
        let own = place.shape.bounding_rect().unwrap();
        extent = [
            extent[0].min(own.min().x),
            extent[1].min(own.min().y),
            extent[2].max(own.max().x),
            extent[3].max(own.max().y),
        ];
    }
    extent
}

/// West and east of a line that runs through neighbourhoods.
fn halves() -> (f64, Vec<String>) {
    let [west, south, east, north] = extent();
    let line = west + 0.46 * (east - west);
    (line, vec![rectangle("West", [west, south, line, north]), rectangle("East", [line, south, east, north])])
}

fn values(found: &Assessment, column: &str) -> Vec<f64> {
    let table = found.layer("districts").unwrap();
    table.values(column).unwrap().into_iter().map(|value| value.unwrap_or(f64::NAN)).collect()
}

fn assert_close(one: f64, other: f64) {
    assert!((one - other).abs() <= 1e-9 * other.abs().max(1.0), "{one} {other}");
}

#[test]
fn scores_of_districts_are_those_of_their_homes() {
    let folder = tempfile::tempdir().unwrap();
    let (line, features) = halves();
    let (study, errors) = read(folder.path(), &features, "name = \"title\"");
    let study = study.unwrap_or_else(|| panic!("{errors}"));
    let side = |place: usize| usize::from(study.neighbourhoods[place].shape.centroid().unwrap().x() > line);
    let belongs: Vec<usize> = (0..study.neighbourhoods.len())
        .map(|place| {
            study.districts.iter().position(|one| one.neighbourhoods.contains(&(place as u32))).unwrap()
        })
        .collect();
    assert_eq!(belongs, (0..study.neighbourhoods.len()).map(side).collect::<Vec<_>>());
    let crossing = study
        .findings
        .of(Severity::Warning)
        .any(|one| one.to_string().contains("cross a border of districts"));
    assert!(crossing);

    let found = assess(&study, &Quiet).unwrap();
    let (homes, places) = (found.homes(), found.neighbourhoods());
    let [minutes, distance] =
        ["school_minutes", "street_distance_m"].map(|column| homes.values(column).unwrap());
    for district in 0..2 {
        let (mut all, mut on_streets, mut near) = (0.0, 0.0, 0.0);
        for home in 0..study.homes.len() {
            let Some(place) = study.homes.neighbourhoods[home] else { continue };
            if belongs[place as usize] != district {
                continue;
            }
            all += study.homes.weights[home];
            if distance[home].is_some() {
                on_streets += study.homes.weights[home];
                near += if minutes[home].is_some_and(|minutes| minutes <= 15.0) {
                    study.homes.weights[home]
                } else {
                    0.0
                };
            }
        }
        assert_close(values(&found, "residents")[district], all);
        assert_close(values(&found, "school_share_within_15_min")[district], near / on_streets);
        assert_close(values(&found, "share_lacking_school")[district], 1.0 - near / on_streets);
        assert_close(values(&found, "residents_lacking_school")[district], on_streets - near);

        // A mean of neighbourhoods by residents, and the worst of them by name.
        let isolated = places.values("service_isolation").unwrap();
        let residents = places.values("residents_on_streets").unwrap();
        let own = (0..belongs.len()).filter(|place| belongs[*place] == district);
        let own: Vec<(f64, f64, usize)> =
            own.filter_map(|place| Some((isolated[place]?, residents[place]?, place))).collect();
        let (sum, people) = own
            .iter()
            .fold((0.0, 0.0), |(sum, all), (share, people, _)| (sum + share * people, all + people));
        assert_close(values(&found, "service_isolation")[district], sum / people);
        let worst = own.iter().filter(|one| one.1 >= 100.0).map(|one| one.0).fold(0.0, f64::max);
        let named =
            found.layer("districts").unwrap().texts("worst_off_neighbourhoods").unwrap()[district].clone();
        let first = named.unwrap().split(" (").next().unwrap().to_owned();
        assert!(own.iter().any(|one| one.0 == worst && study.neighbourhoods[one.2].name == first), "{first}");
    }
    let summary = report::summary(&study, &found);
    assert!(summary.contains("## Districts") && summary.contains("| West |"), "{summary}");
}

#[test]
fn one_district_scores_as_the_city() {
    let folder = tempfile::tempdir().unwrap();
    let (study, errors) = read(folder.path(), &[rectangle("All", extent())], "name = \"title\"");
    let study = study.unwrap_or_else(|| panic!("{errors}"));
    let found = assess(&study, &Quiet).unwrap();
    let isolation = found.layer("service_isolation").unwrap();
    let [groups, essentials] = ["group", "essential"].map(|column| isolation.texts(column).unwrap());
    let shares = isolation.values("share_lacking").unwrap();
    let mut compared = 0;
    for (row, share) in shares.iter().enumerate() {
        let (group, essential) = (groups[row].as_deref().unwrap(), essentials[row].as_deref().unwrap());
        let column = match (group, essential) {
            ("everybody", "two or more") => "service_isolation".to_owned(),
            ("everybody", essential) => format!("share_lacking_{essential}"),
            (group, "two or more") => format!("service_isolation_{group}"),
            _ => continue,
        };
        let Some(share) = share else { continue };
        assert_close(values(&found, &column)[0], *share);
        compared += 1;
    }
    assert!(compared > 5, "{compared}");
}

#[test]
fn layers_that_cannot_be_districts_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (line, halves) = halves();
    let [west, south, _, north] = extent();
    let refused = |features: &[String], keys: &str| {
        let (study, errors) = read(folder.path(), features, keys);
        assert!(study.is_none() && errors.contains("districts"), "{errors}");
        errors
    };
    let missed = refused(&[rectangle("West", [west, south, line - 1_000.0, north])], "name = \"title\"");
    assert!(missed.contains("neighbourhoods lie in no district"), "{missed}");
    let no_column = refused(&halves, "");
    assert!(no_column.contains("no column `name`") && no_column.contains("title"), "{no_column}");
    let twice: Vec<String> = halves.iter().map(|one| one.replace("East", "West")).collect();
    let twice = refused(&twice, "name = \"title\"");
    assert!(twice.contains("the name of another") && twice.contains("West"), "{twice}");
    let unnamed: Vec<String> = halves.iter().map(|one| one.replace("East", " ")).collect();
    let unnamed = refused(&unnamed, "name = \"title\"");
    assert!(unnamed.contains("has no name"), "{unnamed}");
    let absent = refused(&halves, "name = \"ward\"");
    assert!(absent.contains("ward"), "{absent}");
}
