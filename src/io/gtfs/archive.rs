//! The files of a feed: in a zip file, in a folder within it, or in a folder on disk.

use crate::io::file::io_error;
use crate::{Error, ErrorKind, Result};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};
use zip::ZipArchive;

/// A table longer than this once unpacked is no timetable of a city.
const LARGEST_FILE: u64 = 8 << 30;

/// Where the tables lie.
pub(super) enum Archive {
    Folder(PathBuf),
    Zip { archive: ZipArchive<BufReader<File>>, names: HashMap<String, usize> },
}

impl Archive {
    pub(super) fn open(path: &Path) -> Result<Self> {
        let meta = std::fs::metadata(path).map_err(|error| io_error(path, &error))?;
        if meta.is_dir() {
            return Ok(Self::Folder(path.to_owned()));
        }
        let file = File::open(path).map_err(|error| io_error(path, &error))?;
        let no_zip = |error: zip::result::ZipError| {
            let message = format!("`{}` is no zip file: {error}", path.display());
            Error::new(ErrorKind::Format, message)
                .hint("a timetable is a zip file, or a folder, of stops.txt, routes.txt, trips.txt and stop_times.txt")
        };
        let archive = ZipArchive::new(BufReader::new(file)).map_err(no_zip)?;
        let names = archive.file_names().map(|name| Ok(name.map_err(no_zip)?.into_owned()));
        let files: Vec<String> = names.collect::<Result<_>>()?;
        let mut nearest: HashMap<String, (&str, usize)> = HashMap::new();
        for full in &files {
            let depth = full.matches(['/', '\\']).count();
            let name = full.rsplit(['/', '\\']).next().unwrap_or(full).to_ascii_lowercase();
            if full.contains("__MACOSX") || name.starts_with('.') {
                continue;
            }
            // The copy nearest to the root counts.
            let known = nearest.entry(name).or_insert((full, depth));
            if depth < known.1 {
                *known = (full, depth);
            }
        }
        let is_zip = |name: &&String| name.to_ascii_lowercase().ends_with(".zip");
        if let Some(inner) = files.iter().find(is_zip).filter(|_| !nearest.contains_key("stops.txt")) {
            let message = format!("`{}` holds another zip file, `{inner}`, but no timetable", path.display());
            return Err(Error::new(ErrorKind::Format, message).hint("unpack it and give the inner file"));
        }
        let number = |(name, (full, _)): (String, (&str, usize))| Some((name, archive.index_for_name(full)?));
        let names = nearest.into_iter().filter_map(number).collect();
        Ok(Self::Zip { archive, names })
    }

    /// The bytes of a table; `None` if the feed does not have it.
    pub(super) fn bytes(&mut self, file: &str) -> Result<Option<Vec<u8>>> {
        match self {
            Self::Folder(folder) => {
                let path = folder.join(file);
                if !path.is_file() {
                    return Ok(None);
                }
                std::fs::read(&path).map(Some).map_err(|error| io_error(&path, &error))
            }
            Self::Zip { archive, names } => {
                let Some(&at) = names.get(file) else { return Ok(None) };
                let wrong = |error: &dyn std::fmt::Display| {
                    let message = format!("`{file}` cannot be unpacked: {error}");
                    Error::new(ErrorKind::Format, message).hint("is the zip file complete?")
                };
                let entry = archive.by_index(at).map_err(|error| wrong(&error))?;
                let size = entry.size();
                if size > LARGEST_FILE {
                    return Err(wrong(&format!("it would take {} GiB", size >> 30)));
                }
                let mut bytes = Vec::with_capacity(size.min(1 << 28) as usize);
                // What is unpacked beyond the size that was promised is no table.
                entry.take(size + 1).read_to_end(&mut bytes).map_err(|error| wrong(&error))?;
                Ok(Some(bytes))
            }
        }
    }
}
