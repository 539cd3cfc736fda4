//! Where the tests find data, and how they make it small.

#![allow(dead_code, reason = "every test file uses its own part")]

use commonground::StudyArea;
use commonground::model::Homes;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of the data that comes with the library.
pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// A copy of a folder and all that is in it.
pub fn copy_of(from: &Path) -> TempDir {
    fn files(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let (path, to) = entry.map(|entry| (entry.path(), to.join(entry.file_name()))).unwrap();
            if path.is_dir() {
                files(&path, &to);
            } else {
                fs::copy(&path, to).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    files(from, folder.path());
    folder
}

/// The folder of real cities; `None`, and a loud word, where it is not set.
pub fn real_cities() -> Option<PathBuf> {
    let folder = std::env::var_os("COMMONGROUND_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: COMMONGROUND_DATA is not set, so no real city was read");
    }
    folder
}

/// A town that is measured in a fraction of the time: every fifth home, on foot alone, without jobs, census and zoning.
pub fn make_small(study: &mut StudyArea) {
    (study.transit, study.workplaces) = (None, None);
    study.settings.modes.clear();
    study.settings.travel.compare.clear();
    study.indicators.clear();
    study.zoning.clear();
    study.parcels.clear();
    every_fifth(&mut study.homes);
}

/// Every fifth home alone.
pub fn every_fifth(homes: &mut Homes) {
    fn some<T: Clone>(values: &mut Vec<T>) {
        *values = values.iter().step_by(5).cloned().collect();
    }
    some(&mut homes.ids);
    some(&mut homes.locations);
    some(&mut homes.weights);
    some(&mut homes.neighbourhoods);
    homes.groups.iter_mut().for_each(|group| some(&mut group.counts));
    homes.workers.iter_mut().for_each(some);
}
