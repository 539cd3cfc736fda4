//! `sources.lock`: the bytes that a study was made from, by address and sha256.

use commonground::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What is known of a file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub recipe: String,
    /// The address that was asked for, and never a key.
    pub url: String,
    /// The address that answered in the end.
    pub answered: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
    pub bytes: u64,
    pub sha256: String,
    /// The day on which it was fetched.
    pub fetched: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vintage: Option<i32>,
    pub title: String,
    pub licence: String,
}

/// An address that gave nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Absent {
    pub url: String,
    pub why: String,
}

/// The whole file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Lock {
    pub version: u32,
    pub program: String,
    pub place: String,
    #[serde(default)]
    pub file: Vec<Entry>,
    #[serde(default)]
    pub absent: Vec<Absent>,
}

const VERSION: u32 = 1;

impl Lock {
    /// Of a place, without any file.
    pub fn new(place: &str) -> Self {
        let program = format!("commonground {}", env!("CARGO_PKG_VERSION"));
        Self { version: VERSION, program, place: place.to_owned(), ..Self::default() }
    }

    pub fn read(path: &Path) -> Result<Self> {
        let text = commonground::io::read_text(path)?;
        let about =
            |message: String| Error::new(ErrorKind::Format, message).in_layer(path.display().to_string());
        let lock: Self = toml::from_str(&text).map_err(|error| {
            about(error.message().to_owned())
                .hint("`commonground start` writes such a file; it is not for editing")
        })?;
        if lock.version != VERSION {
            return Err(about(format!(
                "the file is of version {}, and this program reads {VERSION}",
                lock.version
            )));
        }
        Ok(lock)
    }

    pub fn to_toml(&self) -> Result<String> {
        toml::to_string(self).map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
    }

    pub fn entry(&self, url: &str) -> Option<&Entry> {
        self.file.iter().find(|entry| entry.url == url)
    }

    pub fn absent(&self, url: &str) -> Option<&Absent> {
        self.absent.iter().find(|absent| absent.url == url)
    }
}
