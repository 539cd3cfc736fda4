//! The registry of measures: what assessing a town yields is described, column by column, and the README says the same.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use commonground::measure::{Need, Table};
use commonground::measures::MEASURES;
use commonground::model::Weight;
use commonground::{Assessment, Quiet, assess, io};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Longest label that fits a legend and a list.
const LABEL: usize = 60;

static TOWNS: LazyLock<Vec<(&str, Assessment)>> = LazyLock::new(|| {
    let assessed = |town| {
        let study = io::study::read_study(&common::shipped(town), None, &Quiet).unwrap();
        (town, assess(&study, &Quiet).unwrap())
    };
    ["millbrook", "monaco"].map(assessed).into()
});

/// Every table of an assessment that is written to a file.
fn tables(found: &Assessment) -> Vec<(&'static str, &Table)> {
    let own = [("neighbourhoods", found.neighbourhoods()), ("homes", found.homes())];
    own.into_iter().chain(found.layers().iter().map(|(name, table)| (*name, table))).collect()
}

#[test]
fn every_column_of_every_table_has_a_spec() {
    for (town, found) in TOWNS.iter() {
        for (name, table) in tables(found) {
            let described: BTreeSet<String> = table.keys().iter().map(|key| key.name(found.weight)).collect();
            let columns = table.features().attributes.get_column_names();
            let unknown: Vec<_> =
                columns.iter().filter(|column| !described.contains(column.as_str())).collect();
            assert!(unknown.is_empty(), "{town}, {name}: {unknown:?} have no spec");
            assert_eq!(columns.len(), table.keys().len(), "{town}, {name}");
        }
    }
}

#[test]
fn every_column_and_number_has_a_label_and_a_meaning() {
    for (town, found) in TOWNS.iter() {
        let columns = found.columns().unwrap();
        let tables: BTreeSet<&str> = columns.iter().map(|(table, ..)| *table).collect();
        assert!(
            tables.is_superset(&BTreeSet::from(["neighbourhoods", "homes", "equity", "city"])),
            "{tables:?}"
        );
        for (table, name, known) in columns {
            let at = format!("{town}, {table}, {name}");
            assert!(!known.label.is_empty() && known.label.chars().count() <= LABEL, "{at}: {}", known.label);
            assert!(
                known.label.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit()),
                "{at}"
            );
            assert!(known.meaning.ends_with('.'), "{at}: {}", known.meaning);
            assert!(known.not_meaning.is_empty() || known.not_meaning.ends_with('.'), "{at}");
            for text in [&name, &known.label, &known.measure, &known.meaning, &known.not_meaning] {
                assert!(!text.contains(['{', '}', '[', ']']), "{at}: a slot is open in {text}");
                assert!(!text.contains("  ") && text.trim() == text, "{at}: {text}");
            }
        }
    }
}

#[test]
fn every_column_is_that_of_a_measure_that_lists_it() {
    for (town, found) in TOWNS.iter() {
        for (table, name, known) in found.columns().unwrap() {
            let measure = MEASURES.iter().find(|measure| measure.name == known.of_measure);
            let measure =
                measure.unwrap_or_else(|| panic!("{town}, {table}, {name}: no measure {}", known.of_measure));
            let listed = measure.columns.iter().any(|column| column.name == known.family);
            assert!(listed, "{town}, {table}, {name}: `{}` does not list it", measure.name);
        }
    }
}

#[test]
fn the_names_of_a_table_are_unique() {
    for (town, found) in TOWNS.iter() {
        let mut seen: BTreeMap<(&str, String), &str> = BTreeMap::new();
        for (table, name, known) in found.columns().unwrap() {
            let twice = seen.insert((table, name.clone()), known.of_measure);
            assert!(twice.is_none(), "{town}, {table}: `{name}` of {twice:?} and {}", known.of_measure);
        }
    }
}

#[test]
fn every_file_of_measures_is_in_the_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/measures");
    let stem = |path: PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let files: BTreeSet<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| stem(entry.unwrap().path())).collect();
    let listed: BTreeSet<String> = MEASURES.iter().map(|measure| measure.name.to_owned()).collect();
    assert_eq!(listed.len(), MEASURES.len(), "two measures have one name");
    assert_eq!(files.into_iter().filter(|name| name != "mod").collect::<BTreeSet<_>>(), listed);
}

#[test]
fn what_a_measure_needs_runs_before_it() {
    for (place, measure) in MEASURES.iter().enumerate() {
        for need in measure.needs {
            let Need::Measure(name) = need else { continue };
            let before = MEASURES[..place].iter().any(|earlier| earlier.name == *name);
            assert!(before, "{} needs {name}, which does not run before", measure.name);
        }
        assert!(measure.method.ends_with('.') && !measure.source.is_empty(), "{}", measure.name);
        assert!(!measure.columns.is_empty(), "{}", measure.name);
    }
}

/// Measures as the README lists them.
fn written() -> String {
    let mut text = "| measure | how it is measured | source |\n|---|---|---|\n".to_owned();
    for measure in MEASURES {
        let method = Weight::Residents.named_in(measure.method);
        writeln!(text, "| {} | {method} | {} |", measure.title, measure.source).unwrap();
    }
    text
}

/// Run with `UPDATE=1` to write the table.
#[test]
fn the_readme_lists_the_measures() {
    const BEGIN: &str = "<!-- measures: written by `UPDATE=1 cargo test --test registry` -->\n";
    const END: &str = "<!-- end of measures -->\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (listed, after) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, format!("{before}{BEGIN}{}{END}{after}", written())).unwrap();
    } else {
        assert_eq!(listed, written(), "UPDATE=1 cargo test --test registry writes it");
    }
}

/// The diffs of the guide to contributing are the files as they stand.
#[test]
fn the_guide_shows_the_files_as_they_are() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(here.join("CONTRIBUTING.md")).unwrap();
    let mut shown = 0;
    for diff in guide.split("```diff\n").skip(1).map(|rest| rest.split("```\n").next().unwrap()) {
        let (mut file, mut run) = (String::new(), String::new());
        let mut check = |file: &str, run: &mut String| {
            assert!(file.contains(run.as_str()), "CONTRIBUTING.md shows what is not there:\n{run}");
            shown += usize::from(!run.is_empty());
            run.clear();
        };
        for line in diff.lines() {
            if let Some(path) = line.strip_prefix("+++ b/") {
                check(&file, &mut run);
                file = std::fs::read_to_string(here.join(path)).unwrap();
            } else if let Some(added) = line.strip_prefix('+') {
                run += &format!("{added}\n");
            } else {
                check(&file, &mut run);
            }
        }
        check(&file, &mut run);
    }
    assert!(shown >= 10, "{shown} pieces");
}
