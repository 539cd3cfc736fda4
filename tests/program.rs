//! The program as a shell runs it: what it must never write over, and what it does when nobody reads.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_commonground"));
    command.args(arguments);
    command
}

fn run(arguments: &[&str]) -> Output {
    program(arguments).output().unwrap()
}

/// Monaco, which is read quickly, in a folder of its own.
fn copy_of_monaco(folder: &Path) {
    for entry in fs::read_dir(common::shipped("monaco")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), folder.join(entry.file_name())).unwrap();
    }
}

#[test]
fn results_never_land_on_the_study_or_beside_the_files_of_others() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_monaco(folder.path());
    let study = folder.path().to_str().unwrap();
    let before = fs::read(folder.path().join("study.toml")).unwrap();
    let own = run(&["assess", study, "--out", study]);
    let words = String::from_utf8_lossy(&own.stderr).into_owned();
    assert!(!own.status.success() && words.contains("holds files that the results are made from"), "{words}");
    let notes = tempfile::tempdir().unwrap();
    fs::write(notes.path().join("minutes.txt"), "of the meeting").unwrap();
    let foreign = run(&["assess", study, "--out", notes.path().to_str().unwrap()]);
    let words = String::from_utf8_lossy(&foreign.stderr).into_owned();
    assert!(!foreign.status.success() && words.contains("no results: `minutes.txt`"), "{words}");
    assert!(words.contains("--force"), "{words}");
    assert_eq!(fs::read(folder.path().join("study.toml")).unwrap(), before);
    assert_eq!(fs::read_dir(notes.path()).unwrap().count(), 1);
}

#[test]
fn an_index_may_be_one_file_but_not_its_own_table() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(at("t.csv"), "id,a,b\nx,1,2\ny,2,1\nz,3,5\n").unwrap();
    fs::write(
        at("i.toml"),
        "name = \"Two\"\n[[indicators]]\ncolumn = \"a\"\ndirection = \"up\"\n[[indicators]]\ncolumn = \"b\"\ndirection = \"up\"\n",
    )
    .unwrap();
    let index = |out: &str| run(&["index", &at("t.csv"), "--definition", &at("i.toml"), "--out", out]);
    let over = index(&at("t.csv"));
    let words = String::from_utf8_lossy(&over.stderr).into_owned();
    assert!(!over.status.success() && words.contains("made from"), "{words}");
    let done = index(&at("x.csv"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(Path::new(&at("x.csv")).is_file());
}

#[test]
fn a_reader_that_has_gone_is_no_failure_and_a_full_disk_is() {
    let monaco = common::shipped("monaco");
    let check = ["check", monaco.to_str().unwrap()];
    let mut child = program(&check).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success() && done.stderr.is_empty(), "{}", String::from_utf8_lossy(&done.stderr));
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let done = program(&check).stdout(full).output().unwrap();
    let words = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.code() == Some(1) && words.starts_with("error: standard output: "), "{words}");
}

#[test]
fn results_come_out_the_same_again_or_the_change_is_named() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_monaco(folder.path());
    let results = tempfile::tempdir().unwrap();
    let (study, out) = (folder.path().to_str().unwrap(), results.path().to_str().unwrap());
    assert!(run(&["assess", study, "--out", out, "--quiet"]).status.success());
    let verify = || {
        let done = run(&["assess", study, "--verify", out]);
        (done.status.success(), String::from_utf8(done.stdout).unwrap())
    };
    let (is_same, words) = verify();
    assert!(is_same && words.contains("files come out the same to the last byte"), "{words}");
    assert!(!words.contains("changed"), "{words}");
    let text = fs::read_to_string(folder.path().join("study.toml")).unwrap();
    fs::write(folder.path().join("study.toml"), format!("walking_speed_kmh = 3.0\n{text}")).unwrap();
    let (is_same, words) = verify();
    assert!(!is_same && words.contains("changed: `study.toml` has changed"), "{words}");
    assert!(
        words.contains("changed: `travel` is") && words.contains("differs: neighbourhoods.csv"),
        "{words}"
    );
}
