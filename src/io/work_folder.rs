//! Folders that hold one piece of work, and nothing of anybody else.

use super::file::io_error;
use crate::{Error, ErrorKind, Result};
use std::fs;
use std::path::Path;

/// Makes a folder, and those above it, unless it is there.
///
/// # Errors
/// [`ErrorKind::Io`] if that cannot be done.
pub fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).map_err(|error| io_error(folder, &error))
}

/// Makes a folder, or takes one that is empty or holds the file `mark`, by which such work is known.
///
/// # Errors
/// [`ErrorKind::Io`] if the folder holds something else, or cannot be made.
pub fn take_folder(folder: &Path, mark: &str) -> Result<()> {
    make_folder(folder)?;
    if folder.join(mark).is_file() {
        return Ok(());
    }
    let mut entries = fs::read_dir(folder).map_err(|error| io_error(folder, &error))?.flatten();
    let foreign = entries.find(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    match foreign {
        None => Ok(()),
        Some(entry) => {
            let name = entry.file_name().to_string_lossy().into_owned();
            let message = format!("`{}` holds other files: `{name}`", folder.display());
            Err(Error::new(ErrorKind::Io, message).hint("choose a new or an empty folder"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("a/b");
        take_folder(&inner, "mark.json").unwrap();
        fs::write(inner.join("mark.json"), "{}").unwrap();
        fs::write(inner.join("more"), "").unwrap();
        take_folder(&inner, "mark.json").unwrap();
        let error = take_folder(&inner, "other.json").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{error}");
    }
}
