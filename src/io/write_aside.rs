//! Files appear whole or not at all, whoever else writes beside them, and whenever the power fails.

use super::file::io_error;
use crate::{Error, ErrorKind, Result};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;

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

/// Calls `write` with a path beside `path`, then puts what it wrote in the place of `path`.
pub(super) fn write_aside(path: &Path, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let lock = FolderLock::take(folder_of(path))?;
    let aside = Aside::beside(path)?;
    write(aside.path())?;
    aside.put_in_place()?;
    lock.flush();
    Ok(())
}

/// The folder that a file lies in.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

const PREFIX: &str = ".commonground-";
const SUFFIX: &str = ".part";

/// A file beside the one that it will replace, made anew under a name that nobody can foretell. It is removed when it goes
/// out of use, even by a panic.
pub(super) struct Aside {
    file: NamedTempFile,
    target: PathBuf,
}

impl Aside {
    pub fn beside(target: &Path) -> Result<Self> {
        if target.file_name().is_none() {
            let message = format!("`{}` does not name a file", target.display());
            return Err(Error::new(ErrorKind::Io, message));
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(PREFIX).suffix(SUFFIX);
        #[cfg(unix)]
        {
            // As the user's own mask allows; results are for others to read.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder_of(target)).map_err(|error| io_error(target, &error))?;
        Ok(Self { file, target: target.to_owned() })
    }

    pub fn path(&self) -> &Path {
        self.file.path()
    }

    pub fn target(&self) -> &Path {
        &self.target
    }

    /// What was written lies on the disk before it gets its name.
    pub fn put_in_place(self) -> Result<()> {
        self.file.as_file().sync_all().map_err(|error| io_error(&self.target, &error))?;
        let put = self.file.persist(&self.target);
        put.map(drop).map_err(|error| io_error(&self.target, &error.error))
    }
}

/// The sole right to write into a folder, among all threads, processes and containers; where a file system knows no locks,
/// every file is still whole by itself.
pub(super) struct FolderLock(Option<File>);

impl FolderLock {
    /// Waits until nobody else writes into the folder, and removes what a killed run left there.
    pub fn take(folder: &Path) -> Result<Self> {
        const LONGEST_WAIT: Duration = Duration::from_secs(60);
        const PAUSE: Duration = Duration::from_millis(5);
        // Some systems do not open folders.
        let Ok(opened) = File::open(folder) else { return Ok(Self(None)) };
        let begin = Instant::now();
        loop {
            match opened.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if begin.elapsed() < LONGEST_WAIT => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    let message = format!("another program has been writing into `{}`", folder.display());
                    return Err(Error::new(ErrorKind::Io, message)
                        .hint("wait until it is done, or choose another folder"));
                }
                Err(TryLockError::Error(_)) => return Ok(Self(None)),
            }
        }
        clear_leftovers(folder);
        Ok(Self(Some(opened)))
    }

    /// Asks that the names in the folder, too, lie on the disk; a file system that cannot has its own way.
    pub fn flush(&self) {
        if let Some(folder) = &self.0 {
            let _ = folder.sync_all();
        }
    }
}

/// Nobody else writes here, so what has the name of an unfinished file is one that will stay unfinished.
fn clear_leftovers(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(PREFIX) && name.contains(SUFFIX) {
            // What cannot be removed does no harm.
            let _ = fs::remove_file(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
    }

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
        assert_eq!(names(folder.path()), ["result.csv"]);
    }

    #[test]
    fn what_a_killed_run_left_is_cleared_and_a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".commonground-abc.part"), "half").unwrap();
        fs::write(folder.path().join(".commonground-abc.part-journal"), "half").unwrap();
        let elsewhere = tempfile::tempdir().unwrap();
        let precious = elsewhere.path().join("precious");
        fs::write(&precious, "mine").unwrap();
        let path = folder.path().join("a.txt");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&precious, &path).unwrap();
        write_text(&path, "new").unwrap();
        assert_eq!(names(folder.path()), ["a.txt"]);
        assert_eq!(fs::read_to_string(&precious).unwrap(), "mine");
    }

    #[test]
    fn threads_that_write_one_file_leave_one_of_theirs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        std::thread::scope(|scope| {
            for letter in ["a", "b", "c", "d"] {
                let path = &path;
                scope.spawn(move || (0..25).for_each(|_| write_text(path, &letter.repeat(100_000)).unwrap()));
            }
        });
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text, text[..1].repeat(100_000));
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn others_may_read_results_as_the_mask_allows() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (plain, ours) = (folder.path().join("plain"), folder.path().join("ours"));
        fs::write(&plain, "").unwrap();
        write_text(&ours, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }
}
