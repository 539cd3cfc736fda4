//! A study from the files of a folder: what is guessed can be read as it is, and what is left out is said.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::io::draft::{Draft, Question, draft_study};
use commonground::io::study::check_study;
use commonground::model::Severity;
use commonground::{ErrorKind, Quiet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// A copy of a folder without its study.
fn copy(from: &Path) -> TempDir {
    let folder = common::copy_of(from);
    let _ = fs::remove_file(folder.path().join("study.toml"));
    folder
}

fn safest(question: &Question) -> commonground::Result<usize> {
    Ok(question.safest)
}

fn draft(folder: &Path) -> Draft {
    draft_study(folder, Some("Town"), &mut safest, &Quiet).unwrap()
}

/// The errors that a check of the written study finds.
fn errors(folder: &Path) -> Vec<String> {
    let (_, findings) = check_study(folder, None, &Quiet).unwrap();
    findings.of(Severity::Error).map(ToString::to_string).collect()
}

fn layers(draft: &Draft) -> Vec<&str> {
    draft.guesses.iter().map(|guess| guess.layer.as_str()).collect()
}

fn reason<'a>(draft: &'a Draft, file: &str) -> &'a str {
    &draft.left_out.iter().find(|one| one.file == file).unwrap_or_else(|| panic!("{:?}", draft.left_out)).why
}

#[test]
fn millbrook_is_guessed_as_it_was_written_by_hand() {
    let folder = copy(&common::shipped("millbrook"));
    let drafted = draft(folder.path());
    assert_eq!(drafted.missing, Vec::<String>::new());
    drafted.save(folder.path(), false).unwrap();
    assert_eq!(errors(folder.path()), Vec::<String>::new());
    let by_hand: toml::Table =
        fs::read_to_string(common::shipped("millbrook").join("study.toml")).unwrap().parse().unwrap();
    let guessed: toml::Table = drafted.text.parse().unwrap();
    let files = |study: &toml::Table, layer: &str| -> Vec<String> {
        let tables = match &study[layer] {
            toml::Value::Array(tables) => tables.clone(),
            table => vec![table.clone()],
        };
        tables.iter().map(|table| table["file"].as_str().unwrap().to_owned()).collect()
    };
    for layer in [
        "neighbourhoods",
        "homes",
        "services",
        "jobs",
        "green_space",
        "streets",
        "transit",
        "barriers",
        "zoning",
        "parcels",
        "indicators",
    ] {
        assert_eq!(files(&guessed, layer), files(&by_hand, layer), "{layer}");
    }
    // Easting and northing in a file that names no system: the metres of the zone around the neighbourhoods.
    assert_eq!(guessed["homes"]["crs"].as_str(), Some("EPSG:32631"));
    assert_eq!(guessed["homes"]["residents"].as_str(), Some("residents"));
    assert_eq!(guessed["green_space"][0]["entrances"], by_hand["green_space"][0]["entrances"]);
    assert_eq!(guessed["indicators"][0]["year"].as_integer(), Some(2010));
}

#[test]
fn a_study_that_is_there_is_never_written_over() {
    let folder = copy(&common::shipped("monaco"));
    let drafted = draft(folder.path());
    let study = folder.path().join("study.toml");
    fs::write(&study, "name = \"mine\"").unwrap();
    let refused = drafted.save(folder.path(), false).unwrap_err();
    assert!(refused.kind() == ErrorKind::Io && refused.to_string().contains("is there already"), "{refused}");
    assert_eq!(fs::read_to_string(&study).unwrap(), "name = \"mine\"");
    drafted.save(folder.path(), true).unwrap();
    assert!(fs::read_to_string(&study).unwrap().contains("neighbourhoods_admin_level = 10"));
    assert_eq!(errors(folder.path()), Vec::<String>::new());
}

#[test]
fn what_cannot_be_used_is_left_out_with_the_reason() {
    let folder = copy(&common::shipped("millbrook"));
    let write = |file: &str, text: &str| fs::write(folder.path().join(file), text).unwrap();
    write("broken.geojson", "{");
    write("notes.docx", "to the mayor");
    write("dialysis_clinics.csv", "id,lon,lat\n1,2.98,55.0\n");
    write("libraries.csv", "id,lon,lat\n1,12.5,41.9\n");
    write("bins.csv", "id,lon,lat\n1,2.98,55.0\n");
    write("pharmacies.csv", "id,lon,lat,status\n1,2.98,55.0,Open\n2,2.97,55.0,Closed\n");
    let drafted = draft(folder.path());
    assert!(reason(&drafted, "broken.geojson").contains("EOF"), "{drafted:?}");
    assert!(reason(&drafted, "notes.docx").contains("`.docx` is in no format"), "{drafted:?}");
    assert!(reason(&drafted, "dialysis_clinics.csv").contains("some people"), "{drafted:?}");
    assert!(reason(&drafted, "libraries.csv").contains("outside the study area"), "{drafted:?}");
    assert!(reason(&drafted, "bins.csv").contains("neither its name nor a column"), "{drafted:?}");
    assert!(drafted.text.contains("where = { status = [\"Open\"] }"), "{}", drafted.text);
    drafted.save(folder.path(), false).unwrap();
    assert_eq!(errors(folder.path()), Vec::<String>::new());
}

#[test]
fn a_folder_without_a_study_in_it_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |folder: &Path, name| draft_study(folder, name, &mut safest, &Quiet).unwrap_err();
    assert_eq!(refused(folder.path(), None).kind(), ErrorKind::Study);
    assert_eq!(refused(&folder.path().join("none"), None).kind(), ErrorKind::Io);
    assert_eq!(refused(folder.path(), Some(" ")).kind(), ErrorKind::Parameter);
    // Homes without streets: the study is written, and says what it lacks.
    let homes = common::shipped("millbrook");
    for file in ["homes.csv", "neighbourhoods.geojson"] {
        fs::copy(homes.join(file), folder.path().join(file)).unwrap();
    }
    let drafted = draft(folder.path());
    assert!(drafted.missing.iter().any(|one| one.contains("no streets")), "{drafted:?}");
    assert!(drafted.text.contains("# MISSING: the study has no streets"), "{}", drafted.text);
}

#[test]
fn what_no_file_says_is_asked_on_the_terminal() {
    let folder = copy(&common::shipped("millbrook"));
    let areas = fs::read(folder.path().join("neighbourhoods.geojson")).unwrap();
    fs::write(folder.path().join("wards.geojson"), areas).unwrap();
    let new = |more: &[&str], typed: &str| {
        let mut child = Command::new(env!("CARGO_BIN_EXE_commonground"))
            .args(["new", folder.path().to_str().unwrap()])
            .args(more)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that asks nothing may be gone.
        let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
        let done = child.wait_with_output().unwrap();
        (done.status.code(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let study = || fs::read_to_string(folder.path().join("study.toml")).unwrap();
    let (code, _, asked) = new(&[], "9\n2\n");
    assert!(code == Some(0) && asked.contains("Which areas are the neighbourhoods?"), "{code:?} {asked}");
    assert!(asked.contains("`9` is none of the numbers"), "{asked}");
    assert!(study().contains("[neighbourhoods]\nfile = \"wards.geojson\""), "{}", study());
    let (code, _, words) = new(&["--yes"], "");
    assert!(code == Some(1) && words.contains("is there already"), "{words}");
    let (code, said, asked) = new(&["--yes", "--force", "--json"], "");
    assert!(code == Some(0) && asked.is_empty(), "{asked}");
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["missing"], serde_json::json!([]));
    assert!(study().contains("[neighbourhoods]\nfile = \"neighbourhoods.geojson\""), "{}", study());
}

/// Real places of every kind: extracts alone, lines alone, cells with timetables and heights, boundaries and a timetable.
#[test]
fn real_places_are_read_without_an_edit() {
    let Some(data) = common::real_cities() else { return };
    for place in ["helsinki", "monaco", "gothenburg", "salt-lake-city", "porto-alegre", "zheleznogorsk"] {
        let folder = copy(&data.join(place));
        let drafted = draft(folder.path());
        assert_eq!(drafted.missing, Vec::<String>::new(), "{place}");
        drafted.save(folder.path(), false).unwrap();
        assert_eq!(errors(folder.path()), Vec::<String>::new(), "{place}");
        assert!(
            layers(&drafted).contains(&"neighbourhoods") || drafted.text.contains("admin_level"),
            "{place}"
        );
    }
}
