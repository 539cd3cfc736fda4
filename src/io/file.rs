//! The bytes of a file: unpacked where they are packed, and never more than a city needs.

use crate::error::nearest;
use crate::{Error, ErrorKind, Result};
use std::fmt::Display;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Most bytes that a packed file may unpack to: 4 GB. All of a large city's homes are a tenth of that.
pub(super) const MOST_UNPACKED: u64 = 4 << 30;
/// A file that unpacks to more than so many times its size is made to fill a disk; tables and GeoJSON stay under 50.
const MOST_RATIO: u64 = 200;
/// Up to here any ratio will do: a short table of zeros packs well.
const ANY_RATIO: u64 = 64 << 20;

/// A file that another one names: beside that one, or else in the folder of the data.
///
/// # Errors
/// [`ErrorKind::Io`] with the file that names it, if it is in neither.
pub fn beside_or_in(named_by: &Path, data: Option<&Path>, file: &str) -> Result<PathBuf> {
    let beside = named_by.parent().unwrap_or(Path::new("")).join(file);
    let in_data = data.map(|data| data.join(file));
    let found = [Some(beside), in_data].into_iter().flatten().find(|path| path.exists());
    found.ok_or_else(|| {
        let message = format!("`{file}` is neither beside the question nor in the folder of the data");
        Error::new(ErrorKind::Io, message).in_layer(named_by.display().to_string())
    })
}

/// The bytes of a file, unpacked if it is gzipped.
///
/// # Errors
/// [`ErrorKind::Io`] if it cannot be read; [`ErrorKind::Format`] if it is empty, cannot be unpacked, or unpacks to more than
/// 4 GB or 200 times its size.
pub fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let bytes = std::fs::read(path).map_err(|error| {
        let missing = error.kind() == std::io::ErrorKind::NotFound;
        let error = io_error(path, &error);
        match missing.then(|| similar_file(path)).flatten() {
            Some(similar) => error.hint(format!("did you mean `{similar}`?")),
            None => error,
        }
    })?;
    if bytes.is_empty() {
        return Err(format_error(path, &"the file is empty"));
    }
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    unpack(path, flate2::read::MultiGzDecoder::new(bytes.as_slice()), bytes.len() as u64)
}

/// All that a reader unpacks from `packed` bytes of `path`, within limits.
pub(super) fn unpack(path: &Path, reader: impl Read, packed: u64) -> Result<Vec<u8>> {
    let most = MOST_UNPACKED.min(packed.saturating_mul(MOST_RATIO).max(ANY_RATIO));
    let mut bytes = Vec::new();
    reader.take(most + 1).read_to_end(&mut bytes).map_err(|error| format_error(path, &error))?;
    if bytes.len() as u64 > most {
        let message = format!("{packed} bytes unpack to more than {most}, which no map or table does");
        return Err(format_error(path, &message)
            .hint("the limit is 4 GB, and 200 times the packed size; a file that is truly so large is read unpacked"));
    }
    Ok(bytes)
}

/// Reads a text file.
///
/// # Errors
/// [`ErrorKind::Io`] if the file is missing, [`ErrorKind::Format`] if it is empty or not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    let text = String::from_utf8(read_bytes(path)?).map_err(|_| {
        format_error(path, &"the text is not in UTF-8").hint("save it as UTF-8 in the editor that wrote it")
    })?;
    Ok(match text.strip_prefix('\u{feff}') {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// The file in the same folder whose name is nearest.
fn similar_file(path: &Path) -> Option<String> {
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let names = std::fs::read_dir(path.parent()?)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect::<Vec<_>>();
    nearest(&wanted, names.iter().map(String::as_str)).map(str::to_owned)
}

pub(super) fn io_error(path: &Path, error: &std::io::Error) -> Error {
    // Such errors cannot be copied; their kind and number can.
    let copy = match error.raw_os_error() {
        Some(code) => std::io::Error::from_raw_os_error(code),
        None => std::io::Error::new(error.kind(), error.to_string()),
    };
    Error::new(ErrorKind::Io, format!("`{}`: {error}", path.display())).caused_by(copy)
}

pub(super) fn format_error(path: &Path, error: &dyn Display) -> Error {
    Error::new(ErrorKind::Format, error.to_string()).in_layer(path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_missing_file_keeps_the_error_of_the_system() {
        let error = read_bytes(Path::new("/nowhere/at all.csv")).unwrap_err();
        let source = std::error::Error::source(&error).unwrap();
        let source = source.downcast_ref::<std::io::Error>().unwrap();
        assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
    }

    #[test]
    fn a_bomb_is_refused_and_a_table_that_packs_well_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv.gz");
        let pack = |length: usize| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            (0..length >> 20).for_each(|_| packer.write_all(&[b'0'; 1 << 20]).unwrap());
            std::fs::write(&path, packer.finish().unwrap()).unwrap();
        };
        pack(32 << 20);
        assert_eq!(read_bytes(&path).unwrap().len(), 32 << 20);
        pack(80 << 20);
        let error = read_bytes(&path).unwrap_err().to_string();
        assert!(error.contains("unpack to more than 67108864") && error.contains("limit is 4 GB"), "{error}");
    }
}
