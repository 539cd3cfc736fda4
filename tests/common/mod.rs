//! Where the tests find data.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::path::{Path, PathBuf};

/// A folder of the data that comes with the library.
pub fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(name)
}

/// The folder of real cities; `None`, and a loud word, where it is not set.
pub fn real_cities() -> Option<PathBuf> {
    let folder = std::env::var_os("COMMONGROUND_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("SKIPPED: COMMONGROUND_DATA is not set, so no real city was read");
    }
    folder
}
