//! Files appear whole or not at all.

use crate::{Error, ErrorKind, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// Writes text to a file.
///
/// # Errors
/// [`ErrorKind::Io`] if the file cannot be written.
pub fn write_text(path: &Path, text: &str) -> Result<()> {
    write_bytes(path, text.as_bytes())
}

/// Writes bytes to a file.
///
/// # Errors
/// [`ErrorKind::Io`] if the file cannot be written.
pub fn write_bytes(path: &Path, bytes: &[u8]) -> Result<()> {
    write_aside(path, |aside| fs::write(aside, bytes).map_err(|error| io_error(path, &error)))
}

/// The bytes of a file.
///
/// # Errors
/// [`ErrorKind::Io`] if the file cannot be read.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| io_error(path, &error))
}

/// Calls `write` with a path beside `path`, then puts what it wrote in the place of `path`.
pub(super) fn write_aside(path: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let aside = Aside::beside(path)?;
    write(&aside.0)?;
    fs::rename(&aside.0, path).map_err(|error| io_error(path, &error))
}

/// A path that is removed when it goes out of use, even by a panic; after a rename there is nothing left to remove.
struct Aside(PathBuf);

impl Aside {
    fn beside(path: &Path) -> Result<Self> {
        let name = path
            .file_name()
            .ok_or_else(|| Error::new(ErrorKind::Io, format!("`{}` does not name a file", path.display())))?;
        let hidden = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
        Ok(Self(path.with_file_name(hidden)))
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        // It is gone already if all went well; if it cannot be removed, nothing better is left to do.
        let _ = fs::remove_file(&self.0);
    }
}

pub(super) fn io_error(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.csv");
        write_text(&path, "old").unwrap();
        let failed = write_aside(&path, |aside| {
            fs::write(aside, "half").unwrap();
            Err(Error::cancelled())
        });
        assert_eq!(failed.unwrap_err().kind(), ErrorKind::Cancelled);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
