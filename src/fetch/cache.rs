//! Files that were fetched, by the sha256 of their bytes: shared by all studies, checked whenever one is used.

use super::lock::Entry;
use commonground::io::{hexadecimal, sha256};
use commonground::{Error, ErrorKind, Progress, Result};
use sha2::{Digest, Sha256};
use std::fs::{self, File, TryLockError};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) struct Cache {
    folder: PathBuf,
}

/// A file that is not whole yet; nobody else writes it meanwhile.
pub(crate) struct Part {
    pub path: PathBuf,
    pub file: File,
    /// What the server called the version that the bytes so far are of.
    validator: PathBuf,
}

fn refused(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display()))
        .hint("`--cache FOLDER` keeps fetched files elsewhere")
}

impl Cache {
    pub fn open(folder: Option<&Path>) -> Result<Self> {
        let from = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let usual = || {
            from("COMMONGROUND_CACHE")
                .or_else(|| from("XDG_CACHE_HOME").map(|folder| folder.join("commonground")))
                .or_else(|| from("LOCALAPPDATA").map(|folder| folder.join("commonground")))
                .or_else(|| from("HOME").map(|folder| folder.join(".cache/commonground")))
        };
        let folder = folder.map(Path::to_owned).or_else(usual).ok_or_else(|| {
            Error::new(ErrorKind::Parameter, "there is no folder for fetched files")
                .hint("name one: `--cache FOLDER`")
        })?;
        for part in ["sha256", "index", "part"] {
            let path = folder.join(part);
            fs::create_dir_all(&path).map_err(|error| refused(&path, &error))?;
        }
        Ok(Self { folder })
    }

    fn blob(&self, sha256: &str) -> PathBuf {
        self.folder.join("sha256").join(sha256)
    }

    fn index(&self, url: &str) -> PathBuf {
        self.folder.join("index").join(format!("{}.toml", sha256(url.as_bytes())))
    }

    /// What is kept of an address, if its bytes are still what they were.
    pub fn find(&self, url: &str) -> Result<Option<(Entry, PathBuf)>> {
        let Ok(text) = fs::read_to_string(self.index(url)) else { return Ok(None) };
        let Ok(entry) = toml::from_str::<Entry>(&text) else { return Ok(None) };
        Ok(self.bytes_of(&entry.sha256)?.map(|path| (entry, path)))
    }

    /// The file with these bytes; one that has changed is taken away.
    pub fn bytes_of(&self, sha256: &str) -> Result<Option<PathBuf>> {
        let path = self.blob(sha256);
        if !path.is_file() {
            return Ok(None);
        }
        if hash_of(&path)? == sha256 {
            return Ok(Some(path));
        }
        fs::remove_file(&path).map_err(|error| refused(&path, &error))?;
        Ok(None)
    }

    /// Opens the unfinished file of an address, and waits while another program writes it.
    pub fn part(&self, url: &str, progress: &dyn Progress) -> Result<Part> {
        const PAUSE: Duration = Duration::from_millis(50);
        let path = self.folder.join("part").join(sha256(url.as_bytes()));
        let validator = path.with_extension("version");
        loop {
            let opened = File::options().read(true).append(true).create(true).open(&path);
            let file = opened.map_err(|error| refused(&path, &error))?;
            match file.try_lock() {
                // The other program may have finished it, and taken its name away.
                Ok(()) if path.exists() => return Ok(Part { path, file, validator }),
                Ok(()) | Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
                Err(TryLockError::Error(_)) => return Ok(Part { path, file, validator }),
            }
            if progress.is_cancelled() {
                return Err(Error::cancelled());
            }
        }
    }

    /// Keeps a whole file, and what is known of it.
    pub fn keep(&self, part: Part, entry: &Entry) -> Result<PathBuf> {
        let path = self.blob(&entry.sha256);
        part.file.sync_all().map_err(|error| refused(&part.path, &error))?;
        fs::rename(&part.path, &path).map_err(|error| refused(&path, &error))?;
        let _ = fs::remove_file(&part.validator);
        let text =
            toml::to_string(entry).map_err(|error| Error::new(ErrorKind::Format, error.to_string()))?;
        commonground::io::write_text(&self.index(&entry.url), &text)?;
        Ok(path)
    }
}

impl Part {
    pub fn len(&self) -> u64 {
        self.file.metadata().map(|meta| meta.len()).unwrap_or_default()
    }

    /// The version that the bytes so far are of, where they may be gone on with.
    pub fn version(&self) -> Option<String> {
        fs::read_to_string(&self.validator).ok().filter(|text| !text.is_empty() && self.len() > 0)
    }

    /// Begins anew with bytes of a version.
    pub fn restart(&mut self, version: Option<&str>) -> Result<()> {
        self.file.set_len(0).map_err(|error| refused(&self.path, &error))?;
        match version {
            Some(version) => {
                fs::write(&self.validator, version).map_err(|error| refused(&self.validator, &error))
            }
            None => {
                let _ = fs::remove_file(&self.validator);
                Ok(())
            }
        }
    }
}

pub(super) fn hash_of(path: &Path) -> Result<String> {
    let mut file = File::open(path).map_err(|error| refused(path, &error))?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer).map_err(|error| refused(path, &error))? {
            0 => return Ok(hexadecimal(&digest.finalize())),
            count => digest.update(&buffer[..count]),
        }
    }
}
