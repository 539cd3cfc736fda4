//! Data flows one way; an import that goes against the flow fails here with the sentence that it breaks.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// Each module of the library and what it may import, besides the foundations.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("error", &[]),
    ("units", &["error"]),
    ("progress", &["error"]),
    ("toml_text", &["error"]),
    ("stats", &["error"]),
    ("spatial", &["error", "units", "progress", "crs", "model", "stats"]),
    ("crs", &["error"]),
    ("model", &["error", "units", "progress", "crs", "zoning"]),
    ("io", &["error", "toml_text", "units", "progress", "crs", "model", "zoning", "spatial"]),
    ("network", &["error", "units", "progress", "crs", "model", "spatial"]),
    ("travel", &["error", "units", "progress", "crs", "model", "network"]),
    ("access", &["error", "units", "progress", "stats", "crs", "model", "network", "spatial"]),
    (
        "scores",
        &["error", "toml_text", "units", "progress", "stats", "crs", "model", "access", "zoning", "spatial"],
    ),
    (
        "measure",
        &[
            "error", "units", "progress", "stats", "crs", "model", "network", "travel", "access", "scores",
            "spatial",
        ],
    ),
    (
        "measures",
        &[
            "error", "units", "progress", "stats", "crs", "model", "network", "travel", "access", "scores",
            "measure", "zoning", "spatial",
        ],
    ),
    ("assessment", &["error", "units", "progress", "model", "network", "measure", "measures"]),
    (
        "report",
        &[
            "error",
            "units",
            "progress",
            "crs",
            "model",
            "network",
            "access",
            "scores",
            "measure",
            "measures",
            "assessment",
            "stats",
        ],
    ),
    (
        "scenario",
        &[
            "error",
            "toml_text",
            "units",
            "progress",
            "crs",
            "model",
            "network",
            "access",
            "scores",
            "measure",
            "measures",
            "assessment",
            "zoning",
            "spatial",
            "stats",
        ],
    ),
    (
        "siting",
        &[
            "error",
            "toml_text",
            "units",
            "progress",
            "stats",
            "model",
            "network",
            "access",
            "scores",
            "measure",
            "measures",
            "assessment",
            "scenario",
            "spatial",
        ],
    ),
    ("zoning", &["error", "toml_text", "units"]),
    ("results", &["error", "model", "io", "assessment", "report"]),
    (
        "partition",
        &[
            "error",
            "progress",
            "units",
            "crs",
            "model",
            "network",
            "access",
            "measure",
            "io",
            "assessment",
            "results",
        ],
    ),
    ("schema", &["error", "io", "scenario", "scores", "siting"]),
    ("fetch", &["error", "progress", "crs", "model", "io"]),
    ("cli", EVERYTHING),
    ("main", &["cli"]),
];
const EVERYTHING: &[&str] = &[
    "spatial",
    "error",
    "toml_text",
    "units",
    "progress",
    "stats",
    "crs",
    "model",
    "io",
    "network",
    "travel",
    "access",
    "scores",
    "measure",
    "measures",
    "assessment",
    "report",
    "zoning",
    "scenario",
    "siting",
    "results",
    "partition",
    "schema",
    "fetch",
];
/// Where the names that `lib.rs` re-exports come from.
const RE_EXPORTS: [(&str, &str); 18] = [
    ("Assessment", "assessment"),
    ("assess", "assessment"),
    ("Crs", "crs"),
    ("Error", "error"),
    ("ErrorKind", "error"),
    ("Position", "error"),
    ("Result", "error"),
    ("FeatureTable", "model"),
    ("StudyArea", "model"),
    ("TravelTimes", "network"),
    ("Progress", "progress"),
    ("Quiet", "progress"),
    ("KmPerHour", "units"),
    ("Metres", "units"),
    ("Minutes", "units"),
    ("MILLISECONDS_PER_MINUTE", "units"),
    ("go_on", "progress"),
    ("random", "stats"),
];
/// Crates that one module keeps to itself.
const KEPT: [(&str, &[&str]); 6] = [
    ("proj::", &["crs"]),
    ("std::fs", &["io", "fetch"]),
    ("ureq::", &["fetch"]),
    ("rusqlite::", &["io"]),
    ("indicatif::", &["cli"]),
    ("pyo3", &[]),
];

/// Every rule that the source text of a file in `module` breaks.
fn broken_rules(module: &str, source: &str) -> Vec<String> {
    let code: String =
        source.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let Some((_, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == module) else {
        return vec![format!("`{module}` is not in the list of modules; say there what it may import")];
    };
    let imports = imported(&code).into_iter().map(|name| {
        RE_EXPORTS.iter().find(|(known, _)| *known == name).map_or(name, |(_, home)| (*home).to_owned())
    });
    let mut broken: Vec<String> = imports
        .filter(|import| import != module && !allowed.contains(&import.as_str()))
        .map(|import| format!("`{module}` must not import `{import}`: data flows the other way"))
        .collect();
    for (name, keepers) in KEPT {
        if code.contains(name) && !keepers.contains(&module) {
            broken.push(format!("`{module}` must not name `{name}`: {keepers:?} keeps it"));
        }
    }
    broken
}

/// The first name behind every `crate::`, braces opened.
fn imported(code: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (position, path) in code.match_indices("crate::") {
        let rest = &code[position + path.len()..];
        match rest.strip_prefix('{') {
            None => names.push(first_name(rest)),
            Some(list) => {
                let mut depth = 0;
                let mut begins = true;
                for (at, character) in list.char_indices() {
                    match character {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => begins = true,
                        _ if begins && depth == 0 && !character.is_whitespace() => {
                            names.push(first_name(&list[at..]));
                            begins = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    names
}

fn first_name(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

fn source_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            source_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn imports_follow_the_flow_of_data() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&source, &mut files);
    let mut broken = Vec::new();
    for file in files.iter().filter(|file| !file.ends_with("lib.rs")) {
        let inside = file.strip_prefix(&source).unwrap();
        let module = inside.iter().next().unwrap().to_string_lossy();
        let text = fs::read_to_string(file).unwrap();
        let rules = broken_rules(module.trim_end_matches(".rs"), &text);
        broken.extend(rules.into_iter().map(|rule| format!("{}: {rule}", inside.display())));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_wrong_import_is_found() {
    let text = "use crate::{Error, network::{Search, Deep}, Result};\n// use crate::io::x;\nlet a = crate::report::b();";
    let broken = broken_rules("network", text);
    assert_eq!(broken, ["`network` must not import `report`: data flows the other way"]);
    assert_eq!(broken_rules("model", text).len(), 2);
    assert_eq!(broken_rules("access", "std::fs::read(path)").len(), 1);
    assert_eq!(broken_rules("unheard_of", "").len(), 1);
}
