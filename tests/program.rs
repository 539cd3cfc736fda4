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

#[test]
fn the_shell_completes_every_command_and_the_manual_names_its_options() {
    let said = |arguments: &[&str]| {
        let done = run(arguments);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    let help = said(&["--help"]);
    let commands: Vec<&str> =
        help.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    for shell in ["bash", "zsh", "fish"] {
        let script = said(&["completions", shell]);
        for command in ["check", "assess", "isochrones", "transit"] {
            assert!(commands.contains(&command) && script.contains(command), "{shell}: {command}");
        }
        let Ok(mut reads) = Command::new(shell).arg("-n").stdin(Stdio::piped()).spawn() else { continue };
        std::io::Write::write_all(&mut reads.stdin.take().unwrap(), script.as_bytes()).unwrap();
        assert!(reads.wait().unwrap().success(), "{shell} cannot read its script");
    }
    assert!(
        said(&["man"]).contains("commonground\\-assess") || said(&["man"]).contains("commonground-assess")
    );
    assert!(said(&["man", "transit", "feed"]).contains("blank"));
    let unknown = run(&["man", "asess"]);
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("there is no command `asess`"));
}

#[test]
fn columns_are_listed_with_unit_and_label() {
    let text = String::from_utf8(run(&["columns"]).stdout).unwrap();
    assert!(text.contains("groceries_to_choose_from") && text.contains("Groceries to choose from"), "{text}");
    let listed: serde_json::Value = serde_json::from_slice(&run(&["columns", "--json"]).stdout).unwrap();
    let listed = listed.as_array().unwrap();
    let one = listed.iter().find(|one| one["name"] == "grocery_choice").unwrap();
    assert_eq!((&one["unit"], &one["measure"]), (&"share".into(), &"grocery_choice".into()));
    assert!(listed.iter().all(|one| !one["label"].as_str().unwrap().contains("{residents}")));
}

#[test]
fn how_much_is_said_is_the_callers_choice() {
    let folder = tempfile::tempdir().unwrap();
    copy_of_monaco(folder.path());
    let streets = folder.path().join("monaco.osm.pbf");
    let out = folder.path().join("a.network");
    let network = |more: &[&str]| {
        let mut arguments = vec!["network", streets.to_str().unwrap(), "--out", out.to_str().unwrap()];
        arguments.extend(more);
        let done = run(&arguments);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        [done.stdout, done.stderr].map(|said| String::from_utf8(said).unwrap())
    };
    let [found, place] = network(&[]);
    assert!(found.contains("street edges for an adult") && place.contains("a.network"), "{found}{place}");
    assert_eq!(network(&["--quiet"]), ["", ""]);
    let [_, steps] = network(&["-v", "--threads", "1"]);
    assert!(steps.contains(" s  building the network"), "{steps}");
    let facts: serde_json::Value = serde_json::from_str(&network(&["--json"])[0]).unwrap();
    assert!(
        facts["nodes"].as_u64().unwrap() > 1_000 && facts["out"].as_str().unwrap().ends_with("a.network")
    );
    assert_eq!(run(&["columns", "-q", "-v"]).status.code(), Some(2));
}
