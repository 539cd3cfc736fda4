//! Results as a folder of files: never over an input, never half of one run beside half of another without a mark.

use super::about::About;
use super::features::write_features_to;
use super::file::{io_error, read_bytes};
use super::write_aside::{Aside, FolderLock, write_aside};
use crate::{Error, ErrorKind, FeatureTable, Result};
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Lists what a run wrote, and whether it is whole.
pub const MANIFEST: &str = "results.json";
/// Files named in a sentence before "and N more".
const SHOWN: usize = 5;

/// A folder for results, and what must not be touched there.
#[derive(Debug, Clone, Copy)]
pub struct ResultsFolder<'a> {
    /// Made if it is not there.
    pub path: &'a Path,
    /// Files that were read: they are never written over.
    pub inputs: &'a [PathBuf],
    /// Whether results may come beside files that are no results, and replace those that have the same name.
    pub overwrite: bool,
}

impl ResultsFolder<'_> {
    /// Says early whether results may be written here: [`save_results`] and [`save_index`] ask again.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if the folder holds an input, or files that no run of this library wrote and
    /// [`ResultsFolder::overwrite`] is false, or if it is no folder.
    pub fn check(&self) -> Result<()> {
        if self.path.exists() && !self.path.is_dir() {
            return Err(Error::new(ErrorKind::Io, format!("`{}` is not a folder", self.path.display())));
        }
        let Ok(folder) = self.path.canonicalize() else { return Ok(()) };
        let refuse = |what: &str, files: &[String]| {
            let few = files.iter().take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            let more = files.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            Error::new(ErrorKind::Io, format!("`{}` {what}: {few}{more}", self.path.display()))
        };
        let inputs: Vec<String> = self
            .inputs
            .iter()
            .filter(|input| {
                input.canonicalize().is_ok_and(|input| input.parent().is_some_and(|parent| parent == folder))
            })
            .filter_map(|input| Some(input.file_name()?.to_string_lossy().into_owned()))
            .collect();
        if !inputs.is_empty() && !self.overwrite {
            let hint = "choose a folder of their own for the results, so that they never mix with the data";
            return Err(refuse("holds files that the results are made from", &inputs).hint(hint));
        }
        if self.overwrite {
            return Ok(());
        }
        let known = Manifest::read(&folder).all_files();
        let mut foreign: Vec<String> = fs::read_dir(&folder)
            .map_err(|error| io_error(self.path, &error))?
            .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
            .filter(|name| !name.starts_with('.') && name != MANIFEST && !known.contains(name))
            .collect();
        foreign.sort();
        if foreign.is_empty() {
            return Ok(());
        }
        let hint = "choose another folder, or say that results may be written here: `--force`, in Python \
                    `overwrite=True`";
        Err(refuse("holds files that are no results", &foreign).hint(hint))
    }
}

/// Writes an assessment: `neighbourhoods.geojson`, `.csv`, `.parquet` and `.gpkg`, `homes.parquet`, `equity.csv` (access by group),
/// `layers` (each under its name as GeoJSON, or as CSV where it has no geometries; one without rows is left out; among them
/// `columns`, what is known of every column), `texts` (file
/// name and text: the summary, the report, figures), and [`MANIFEST`] at the end. What `about` says stands in Parquet and
/// GeoPackage too.
///
/// # Errors
/// Those of [`ResultsFolder::check`]; [`ErrorKind::Io`] if a file cannot be written or is an input. Then nothing has changed.
pub fn save_results(
    folder: &ResultsFolder<'_>,
    neighbourhoods: &FeatureTable,
    homes: &FeatureTable,
    equity: &FeatureTable,
    layers: &[(&str, &FeatureTable)],
    texts: &[(&str, &str)],
    about: &About,
) -> Result<()> {
    let mut set = ResultSet { about, ..ResultSet::begin("assessment", folder)? };
    for ending in ["geojson", "csv", "parquet", "gpkg"] {
        set.add_features(&format!("neighbourhoods.{ending}"), neighbourhoods)?;
    }
    set.add_features("homes.parquet", homes)?;
    set.add_features("equity.csv", equity)?;
    for (name, layer) in layers.iter().filter(|(_, layer)| !layer.is_empty()) {
        let has_shapes = layer.geometries.iter().any(Option::is_some);
        let ending = if has_shapes { "geojson" } else { "csv" };
        set.add_features(&format!("{name}.{ending}"), layer)?;
    }
    texts.iter().try_for_each(|(name, text)| set.add_text(name, text))?;
    set.finish()
}

/// Writes an index: `index.csv`, with shapes also `index.geojson`, the texts by their names, and [`MANIFEST`] at the end.
///
/// # Errors
/// As for [`save_results`].
pub fn save_index(
    folder: &ResultsFolder<'_>,
    table: &FeatureTable,
    has_shapes: bool,
    texts: &[(&str, &str)],
) -> Result<()> {
    let mut set = ResultSet::begin("index", folder)?;
    set.add_features("index.csv", table)?;
    if has_shapes {
        set.add_features("index.geojson", table)?;
    }
    texts.iter().try_for_each(|(name, text)| set.add_text(name, text))?;
    set.finish()
}

/// Writes layers under their names (with an ending of its own in that format, else GeoJSON, or CSV where there are no
/// geometries), texts by theirs, and [`MANIFEST`] at the
/// end, as a run of the kind `kind`.
///
/// # Errors
/// As for [`save_results`].
pub fn save_layers(
    folder: &ResultsFolder<'_>,
    kind: &'static str,
    layers: &[(&str, &FeatureTable)],
    texts: &[(&str, &str)],
) -> Result<()> {
    let mut set = ResultSet::begin(kind, folder)?;
    for (name, layer) in layers {
        let has_shapes = layer.geometries.iter().any(Option::is_some);
        let ending = if has_shapes { ".geojson" } else { ".csv" };
        let ending = if super::features::writes_features(Path::new(name)) { "" } else { ending };
        set.add_features(&format!("{name}{ending}"), layer)?;
    }
    texts.iter().try_for_each(|(name, text)| set.add_text(name, text))?;
    set.finish()
}

/// Files of one run, all written aside before the first of them gets its name.
///
/// ```text
/// written aside: a  b  c      manifest: incomplete      names: a  b  c      manifest: complete
/// └── nothing has changed ─┘  └────────── a reader can see that the set is mixed ──────────┘
/// ```
struct ResultSet<'a> {
    kind: &'static str,
    folder: &'a ResultsFolder<'a>,
    lock: FolderLock,
    inputs: BTreeSet<PathBuf>,
    files: Vec<(String, Aside)>,
    about: &'a About,
}

/// Of what is not said where it comes from.
static NOTHING: About = About { provenance: None, columns: Vec::new() };

impl<'a> ResultSet<'a> {
    fn begin(kind: &'static str, folder: &'a ResultsFolder<'a>) -> Result<Self> {
        fs::create_dir_all(folder.path).map_err(|error| io_error(folder.path, &error))?;
        let lock = FolderLock::take(folder.path)?;
        folder.check()?;
        let inputs = folder.inputs.iter().filter_map(|input| input.canonicalize().ok()).collect();
        Ok(Self { kind, folder, lock, inputs, files: Vec::new(), about: &NOTHING })
    }

    fn aside(&self, name: &str) -> Result<Aside> {
        let target = self.folder.path.join(name);
        if target.canonicalize().is_ok_and(|target| self.inputs.contains(&target)) {
            let message = format!("`{}` is a file that the results are made from", target.display());
            return Err(Error::new(ErrorKind::Io, message).hint("choose another folder for the results"));
        }
        Aside::beside(&target)
    }

    fn add_features(&mut self, name: &str, table: &FeatureTable) -> Result<()> {
        let aside = self.aside(name)?;
        write_features_to(aside.target(), aside.path(), table, self.about)?;
        self.files.push((name.to_owned(), aside));
        Ok(())
    }

    fn add_text(&mut self, name: &str, text: &str) -> Result<()> {
        let aside = self.aside(name)?;
        fs::write(aside.path(), text).map_err(|error| io_error(aside.target(), &error))?;
        self.files.push((name.to_owned(), aside));
        Ok(())
    }

    fn finish(self) -> Result<()> {
        let folder = self.folder.path;
        let mut manifest = Manifest::read(folder);
        let former = manifest.files_of(self.kind);
        let mut written = serde_json::Map::new();
        for (name, aside) in &self.files {
            let bytes = fs::read(aside.path()).map_err(|error| io_error(aside.target(), &error))?;
            let mut sum = flate2::Crc::new();
            sum.update(&bytes);
            written
                .insert(name.clone(), json!({ "bytes": bytes.len(), "crc32": format!("{:08x}", sum.sum()) }));
        }
        // Until all have their names, what stands there is known to be ours, and known to be mixed.
        let mut all = written.clone();
        all.extend(former.iter().map(|name| (name.clone(), Json::Null)));
        manifest.set(self.kind, false, all);
        manifest.write(folder)?;
        let names: BTreeSet<String> = self.files.iter().map(|(name, _)| name.clone()).collect();
        for (_, aside) in self.files {
            aside.put_in_place()?;
        }
        for old in former.difference(&names) {
            // A result of an earlier run that this one does not have.
            let _ = fs::remove_file(folder.join(old));
        }
        self.lock.flush();
        manifest.set(self.kind, true, written);
        manifest.write(folder)?;
        self.lock.flush();
        Ok(())
    }
}

/// What runs wrote into a folder, by their kind.
struct Manifest(serde_json::Map<String, Json>);

impl Manifest {
    /// What is no manifest of ours is as good as none.
    fn read(folder: &Path) -> Self {
        let read = read_bytes(&folder.join(MANIFEST)).ok();
        let whole: Option<Json> = read.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let sets = whole.and_then(|mut whole| whole.get_mut("sets").map(Json::take));
        Self(match sets {
            Some(Json::Object(sets)) => sets,
            _ => serde_json::Map::new(),
        })
    }

    fn files_of(&self, kind: &str) -> BTreeSet<String> {
        let files = self.0.get(kind).and_then(|set| set["files"].as_object());
        // A manifest that was tampered with must not name a file elsewhere.
        let is_plain = |name: &&String| Path::new(name).file_name().is_some_and(|file| file == name.as_str());
        files.into_iter().flat_map(serde_json::Map::keys).filter(is_plain).cloned().collect()
    }

    fn all_files(&self) -> BTreeSet<String> {
        self.0.keys().flat_map(|kind| self.files_of(kind)).collect()
    }

    fn set(&mut self, kind: &str, complete: bool, files: serde_json::Map<String, Json>) {
        self.0.insert(kind.to_owned(), json!({ "complete": complete, "files": files }));
    }

    fn write(&self, folder: &Path) -> Result<()> {
        let whole = json!({ "commonground": env!("CARGO_PKG_VERSION"), "sets": self.0 });
        let path = folder.join(MANIFEST);
        let aside = Aside::beside(&path)?;
        fs::write(aside.path(), format!("{whole:#}\n")).map_err(|error| io_error(&path, &error))?;
        aside.put_in_place()
    }
}

/// Writes one table to a file of its own, unless that is an input.
///
/// # Errors
/// [`ErrorKind::Io`] if `path` is among `inputs` or cannot be written; [`ErrorKind::Format`] for an unknown ending.
pub fn save_table(path: &Path, table: &FeatureTable, inputs: &[PathBuf]) -> Result<()> {
    let is_input = |input: &PathBuf| {
        input.canonicalize().is_ok_and(|input| path.canonicalize().is_ok_and(|path| path == input))
    };
    if inputs.iter().any(is_input) {
        let message = format!("`{}` is a file that the results are made from", path.display());
        return Err(Error::new(ErrorKind::Io, message).hint("choose another name"));
    }
    write_aside(path, |aside| write_features_to(path, aside, table, &NOTHING))
}

#[cfg(test)]
mod tests {
    use super::*;
    use polars::prelude::{DataFrame, NamedFrom, Series};

    fn table(values: &[i64]) -> FeatureTable {
        let column = Series::new("a".into(), values.to_vec());
        let attributes = DataFrame::new_infer_height(vec![column.into()]).unwrap();
        FeatureTable::new(vec![None; values.len()], attributes, None).unwrap()
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn inputs_and_foreign_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("index.csv");
        fs::write(&input, "precious").unwrap();
        let inputs = [input.clone()];
        let mut place = ResultsFolder { path: folder.path(), inputs: &inputs, overwrite: false };
        let save = |place: &ResultsFolder<'_>| save_index(place, &table(&[1]), false, &[]);
        let error = save(&place).unwrap_err().to_string();
        assert!(error.contains("made from: `index.csv`"), "{error}");
        place.overwrite = true;
        assert!(save(&place).unwrap_err().to_string().contains("index.csv` is a file that"));
        assert_eq!(fs::read_to_string(&input).unwrap(), "precious");
        place = ResultsFolder { inputs: &[], overwrite: false, ..place };
        assert!(save(&place).unwrap_err().to_string().contains("no results: `index.csv`"));
        assert_eq!(names(folder.path()), ["index.csv"]);
        place.overwrite = true;
        save(&place).unwrap();
        assert_ne!(fs::read_to_string(&input).unwrap(), "precious");
        // What a run wrote may be written again, and what it no longer has goes.
        place.overwrite = false;
        save_index(&place, &table(&[1]), false, &[("extra.md", "text")]).unwrap();
        assert_eq!(names(folder.path()), ["extra.md", "index.csv", "results.json"]);
        save(&place).unwrap();
        assert_eq!(names(folder.path()), ["index.csv", "results.json"]);
    }

    #[test]
    fn the_manifest_knows_every_file_and_a_broken_set_is_marked() {
        let folder = tempfile::tempdir().unwrap();
        let place = ResultsFolder { path: folder.path(), inputs: &[], overwrite: false };
        save_index(&place, &table(&[1, 2]), false, &[("a.md", "text")]).unwrap();
        let manifest = Manifest::read(folder.path());
        let set = &manifest.0["index"];
        assert_eq!((&set["complete"], &set["files"]["a.md"]["bytes"]), (&json!(true), &json!(4)));
        // CRC-32 of "text", by Python's zlib.
        assert_eq!(set["files"]["a.md"]["crc32"], json!("3b8ba7c7"));
        // A folder stands where a file should go: the set cannot be finished.
        fs::remove_file(folder.path().join("index.csv")).unwrap();
        fs::create_dir_all(folder.path().join("index.csv/x")).unwrap();
        save_index(&place, &table(&[3]), false, &[("a.md", "more")]).unwrap_err();
        assert_eq!(Manifest::read(folder.path()).0["index"]["complete"], json!(false));
        assert!(place.check().is_ok(), "what is mixed is still ours");
    }

    #[test]
    fn two_threads_leave_the_set_of_one() {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for number in 0..4_i64 {
                let path = folder.path();
                scope.spawn(move || {
                    let place = ResultsFolder { path, inputs: &[], overwrite: false };
                    for _ in 0..10 {
                        save_index(&place, &table(&[number; 50]), false, &[("a.md", &number.to_string())])
                            .unwrap();
                    }
                });
            }
        });
        let number = fs::read_to_string(folder.path().join("a.md")).unwrap();
        let csv = fs::read_to_string(folder.path().join("index.csv")).unwrap();
        assert!(csv.lines().skip(1).all(|line| line == number), "{number}: {csv}");
        assert_eq!(names(folder.path()), ["a.md", "index.csv", "results.json"]);
    }
}
