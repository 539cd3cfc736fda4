//! Inside a module imports run one way too: what is shared goes down, and no file imports from one that imports from it.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Files that still import from each other, by the first of each knot. The list may only become shorter.
const KNOTS: &[&[&str]] = &[
    &["cli/router/points", "cli/router/questions"],
    &[
        "io/geotiff",
        "io/street_layer",
        "io/study/config",
        "io/study/layer",
        "io/study/place",
        "io/study/streets",
    ],
    &["io/gtfs/fill", "io/gtfs/stop_times"],
    &["io/osm", "io/osm/duplicates", "io/osm/places"],
    &["io/study/homes", "io/study/homes/derived", "io/study/homes/grid"],
    &[
        "network/adjacency",
        "network/assemble",
        "network/attachment",
        "network/build",
        "network/closest",
        "network/components",
        "network/data_edge",
        "network/destinations",
        "network/freeze",
        "network/graph",
        "network/reach",
        "network/receipts",
        "network/search",
        "network/simplify",
        "network/street_index",
    ],
    &["network/profile", "network/profile/surface"],
    &["network/searches", "network/travel_times"],
    &["report/barrier_map", "report/figure"],
    &["scenario/apply", "scenario/land", "scenario/people", "scenario/streets"],
    &["scenario/compare", "scenario/sanity"],
    &["scenario/site", "scenario/site/verdict"],
    &[
        "scores/cohesion/aggregate",
        "scores/cohesion/data",
        "scores/cohesion/definition",
        "scores/cohesion/evaluate",
        "scores/cohesion/impute",
        "scores/cohesion/normalise",
        "scores/cohesion/plan",
        "scores/cohesion/ranks",
        "scores/cohesion/treatment",
        "scores/cohesion/uncertainty",
        "scores/cohesion/weights",
    ],
    &["siting/center", "siting/solve", "siting/worst"],
    &["travel/transit/runs", "travel/transit/timetable"],
];

/// Where a file stands: `["network", "profile", "slope"]`; a `mod.rs` stands where its folder does.
type Place = Vec<String>;

/// The files of a crate, without tests and comments, and the names that each publishes from another.
struct Files {
    code: BTreeMap<Place, String>,
    published: BTreeMap<Place, BTreeMap<String, Vec<String>>>,
}

impl Files {
    fn read(root: &Path) -> Self {
        let mut code = BTreeMap::new();
        read_folder(root, &mut Vec::new(), &mut code);
        Self::of(code)
    }

    fn of(code: BTreeMap<Place, String>) -> Self {
        let names = |text: &String| {
            let uses = after(text, "use ").filter(|(before, _)| before.trim_end().ends_with(['b', ')']));
            let paths = uses.flat_map(|(_, rest)| tree(rest).0).filter(|path| path.len() > 1);
            paths.map(|mut path| (path.pop().unwrap(), path)).collect()
        };
        let published = code.iter().map(|(place, text)| (place.clone(), names(text))).collect();
        Self { code, published }
    }

    /// The file in which a name is made: modules are walked down, published names followed.
    fn home(&self, path: &[String], depth: usize) -> Place {
        let known = (0..=path.len()).rev().find(|end| self.code.contains_key(&path[..*end])).unwrap_or(0);
        let place = path[..known].to_vec();
        let from = path.get(known).and_then(|name| Some((name, self.published.get(&place)?.get(name)?)));
        match from.filter(|_| depth < 8) {
            Some((name, from)) => {
                let further = absolute(&place, &[from.as_slice(), std::slice::from_ref(name)].concat());
                self.home(&further, depth + 1)
            }
            None => place,
        }
    }

    /// The files that a file imports from.
    fn imports(&self, place: &Place) -> BTreeSet<Place> {
        // What is published is somebody else's.
        let own: String = self.code[place].split_inclusive(';').filter(|part| !publishes(part)).collect();
        let paths = ["crate::", "super::", "self::"].into_iter().flat_map(|start| {
            let begins = |before: &str| {
                !before.ends_with(|one: char| one.is_alphanumeric() || one == '_' || one == ':')
            };
            let found: Vec<_> = after(&own, start).filter(|(before, _)| begins(before)).collect();
            found.into_iter().flat_map(move |(_, rest)| {
                let head = start.trim_end_matches(':').to_owned();
                tree(rest).0.into_iter().map(move |path| [vec![head.clone()], path].concat())
            })
        });
        let mut imports: BTreeSet<Place> = paths.map(|path| self.home(&absolute(place, &path), 0)).collect();
        let children =
            self.code.keys().filter(|child| child.len() == place.len() + 1 && child.starts_with(place));
        imports.extend(children.filter(|child| names_child(&own, child.last().unwrap())).cloned());
        imports.remove(place);
        imports.remove(&Place::new());
        imports
    }

    /// Sets of files of which each reaches every other.
    fn knots(&self) -> Vec<BTreeSet<String>> {
        let imports: BTreeMap<&Place, BTreeSet<Place>> =
            self.code.keys().map(|place| (place, self.imports(place))).collect();
        let reached = |from: &Place| {
            let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
            while let Some(place) = open.pop() {
                open.extend(
                    imports
                        .get(&place)
                        .into_iter()
                        .flatten()
                        .filter(|next| seen.insert((*next).clone()))
                        .cloned(),
                );
            }
            seen
        };
        let reached: BTreeMap<&Place, BTreeSet<Place>> =
            self.code.keys().map(|place| (place, reached(place))).collect();
        let mut knots = BTreeSet::new();
        for (place, reaches) in reached.iter().filter(|(place, reaches)| reaches.contains(**place)) {
            let knot = reaches.iter().filter(|other| reached[other].contains(*place));
            knots.insert(knot.map(|file| file.join("/")).collect::<BTreeSet<_>>());
        }
        knots.into_iter().collect()
    }
}

/// Everything before and after each place where a text stands.
fn after<'a>(code: &'a str, text: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> + 'a {
    code.match_indices(text).map(move |(at, _)| (&code[..at], &code[at + text.len()..]))
}

/// Whether a statement is a `pub use` or a `mod`.
fn publishes(statement: &str) -> bool {
    let last = statement
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with("#["))
        .unwrap_or("");
    (last.starts_with("pub") && last.contains(" use ")) || last.starts_with("mod ")
}

/// Whether code calls or imports from a module by its bare name.
fn names_child(code: &str, child: &str) -> bool {
    let path = format!("{child}::");
    let bare =
        |before: &str| !before.ends_with(|one: char| one.is_alphanumeric() || one == '_' || one == ':');
    after(code, &path).any(|(before, _)| bare(before))
}

/// Where a path leads that is written in the file at `place`.
fn absolute(place: &[String], path: &[String]) -> Vec<String> {
    let mut base = place.to_vec();
    let mut rest = path;
    match path.first().map(String::as_str) {
        Some("crate") => (base, rest) = (Vec::new(), &path[1..]),
        Some("self") => rest = &path[1..],
        _ => {}
    }
    while rest.first().is_some_and(|first| first == "super") {
        base.pop();
        rest = &rest[1..];
    }
    [base.as_slice(), rest].concat()
}

/// The paths of a `use` tree (`a::{b, c::d}`), and what comes after it.
fn tree(code: &str) -> (Vec<Vec<String>>, &str) {
    let code = code.trim_start();
    if let Some(mut rest) = code.strip_prefix('{') {
        let mut paths = Vec::new();
        loop {
            rest = rest.trim_start_matches(|one: char| one.is_whitespace() || one == ',');
            if let Some(end) = rest.strip_prefix('}') {
                return (paths, end);
            }
            let (more, after) = tree(rest);
            if after.len() == rest.len() {
                return (paths, rest);
            }
            paths.extend(more);
            rest = after;
        }
    }
    let end = code.find(|one: char| !(one.is_alphanumeric() || one == '_')).unwrap_or(code.len());
    let (name, rest) = code.split_at(end);
    if name.is_empty() {
        return (vec![Vec::new()], rest.strip_prefix('*').unwrap_or(rest));
    }
    match rest
        .strip_prefix("::")
        .filter(|rest| rest.starts_with(|one: char| one.is_alphabetic() || "{*_".contains(one)))
    {
        Some(rest) => {
            let (paths, rest) = tree(rest);
            (paths.into_iter().map(|path| [vec![name.to_owned()], path].concat()).collect(), rest)
        }
        None => {
            let renamed = rest
                .strip_prefix(" as ")
                .map(|rest| rest.trim_start_matches(|one: char| one.is_alphanumeric() || one == '_'));
            (vec![vec![name.to_owned()]], renamed.unwrap_or(rest))
        }
    }
}

fn read_folder(folder: &Path, place: &mut Place, code: &mut BTreeMap<Place, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            place.push(name);
            read_folder(&path, place, code);
            place.pop();
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !matches!(name.as_str(), "main" | "tests")
        {
            let mut file = place.clone();
            if !matches!(name.as_str(), "mod" | "lib") {
                file.push(name);
            }
            code.insert(file, without_tests(&fs::read_to_string(path).unwrap()));
        }
    }
}

/// The source without comments and what is compiled for tests only.
fn without_tests(source: &str) -> String {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let mut skip = false;
    let mut kept = String::new();
    for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
        if !skip && line.trim() != "#[cfg(test)]" {
            kept += line;
            kept.push('\n');
        }
        skip = line.trim() == "#[cfg(test)]";
    }
    kept
}

#[test]
fn no_file_imports_from_one_that_imports_from_it() {
    let found = Files::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).knots();
    let known: Vec<BTreeSet<String>> =
        KNOTS.iter().map(|knot| knot.iter().map(|file| (*file).to_owned()).collect()).collect();
    let new: Vec<_> = found.iter().filter(|knot| !known.iter().any(|known| knot.is_subset(known))).collect();
    assert!(new.is_empty(), "these files import from each other; what they share goes down: {new:#?}");
    let untied: Vec<_> = known.iter().filter(|knot| !found.contains(knot)).collect();
    assert!(untied.is_empty(), "tied no longer, or less: mend the list: {untied:#?}");
}

#[test]
fn a_knot_through_published_names_is_seen() {
    let file = |place: &str, code: &str| {
        let place: Place = place.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect();
        (place, without_tests(code))
    };
    let of = |files: &[(&str, &str)]| {
        Files::of(files.iter().map(|(place, code)| file(place, code)).collect()).knots()
    };
    let shared = (
        "city",
        "mod home;\nmod street;\npub use home::{Home, Door as Way};\npub(crate) use street::Street;",
    );
    let home = (
        "city/home",
        "use super::Street;\npub struct Home(Street);\n#[cfg(test)]\nmod tests {\n use crate::report::Page; }",
    );
    let one_way = [("", "pub mod city;"), shared, home, ("city/street", "pub struct Street;")];
    assert!(of(&one_way).is_empty(), "{:?}", of(&one_way));
    let both = [
        shared,
        home,
        ("city/street", "use crate::city::{self, Home};\npub struct Street(Option<Box<Home>>);"),
    ];
    assert_eq!(of(&both), [BTreeSet::from(["city/home".to_owned(), "city/street".to_owned()])]);
    let down = [("page", "mod map;\nfn draw() { map::draw() }"), ("page/map", "use super::draw;")];
    assert_eq!(of(&down), [BTreeSet::from(["page".to_owned(), "page/map".to_owned()])]);
}
