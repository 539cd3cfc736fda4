//! What results were made from: every input with its sum, the rows read and all settings, so that a result can be made again.

use super::file::{io_error, read_bytes};
use super::sha256::sha256;
use crate::{Error, ErrorKind, Result, StudyArea};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The file of a result that holds its [`Provenance`].
pub const PROVENANCE: &str = "provenance.json";

/// Where results come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Provenance {
    /// Version of the library.
    pub commonground: String,
    /// Name of the study.
    pub study: String,
    /// Every file that was read, `study.toml` first.
    pub inputs: Vec<InputFile>,
    /// Rows of every layer that are in use.
    pub rows: BTreeMap<String, usize>,
    /// Every setting of the study, those that it left to their defaults too.
    pub settings: Json,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct InputFile {
    /// Its path below the folder that all inputs share.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
}

impl Provenance {
    /// Of a study that was read; every input is read once more.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if an input cannot be read again.
    pub fn of(study: &StudyArea) -> Result<Self> {
        let files = input_files(study)?;
        let shared = shared_folder(files.get(1..).unwrap_or_default());
        let inputs = files.iter().map(|file| {
            let bytes = read_bytes(file)?;
            let below = shared.as_deref().and_then(|folder| file.strip_prefix(folder).ok());
            let name = below.or_else(|| file.file_name().map(Path::new)).unwrap_or(file);
            let file = name.to_string_lossy().replace('\\', "/");
            Ok(InputFile { file, bytes: bytes.len() as u64, sha256: sha256(&bytes) })
        });
        let rows = [
            ("neighbourhoods", study.neighbourhoods.len()),
            ("homes", study.homes.len()),
            ("services", study.services.len()),
            ("green_space", study.green_spaces.len()),
            ("workplaces", study.workplaces.as_ref().map_or(0, |jobs| jobs.locations.len())),
            ("streets", study.streets.len()),
            ("zoning", study.zoning.len()),
            ("barriers", study.barriers.len()),
            ("indicators", study.indicators.len()),
        ];
        let settings = &study.settings;
        Ok(Self {
            commonground: env!("CARGO_PKG_VERSION").to_owned(),
            study: study.name.clone(),
            inputs: inputs.collect::<Result<_>>()?,
            rows: rows.into_iter().map(|(layer, rows)| (layer.to_owned(), rows)).collect(),
            settings: json!({
                "crs": study.crs.to_string(),
                "homes_count_by": study.homes.weight.column(),
                "max_snap_distance_m": settings.max_snap_distance.get(),
                "jobs_standard": settings.jobs_standard,
                "travel": settings.travel,
                "modes": settings.modes,
                "ranges": settings.ranges,
                "made_data": settings.made_data,
            }),
        })
    }

    /// Reads one that stands beside results.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is none; [`ErrorKind::Format`] if the file is none.
    pub fn read(path: &Path) -> Result<Self> {
        serde_json::from_slice(&read_bytes(path)?).map_err(|error| {
            let message = format!("`{}` does not say where results come from: {error}", path.display());
            Error::new(ErrorKind::Format, message)
        })
    }

    /// As it stands in a file.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_json(&self) -> Result<String> {
        let text = serde_json::to_string_pretty(self);
        text.map(|text| text + "\n")
            .map_err(|error| Error::new(ErrorKind::Io, format!("provenance cannot be written: {error}")))
    }

    /// What is different from an earlier run, a sentence each.
    #[must_use]
    pub fn changes_since(&self, earlier: &Self) -> Vec<String> {
        let mut changes = Vec::new();
        if self.commonground != earlier.commonground {
            changes.push(format!("version {} instead of {}", self.commonground, earlier.commonground));
        }
        for input in &earlier.inputs {
            match self.inputs.iter().find(|now| now.file == input.file) {
                None => changes.push(format!("`{}` is no longer read", input.file)),
                Some(now) if now.sha256 != input.sha256 => {
                    let (file, was, is) = (&input.file, input.bytes, now.bytes);
                    changes.push(format!("`{file}` has changed ({was} bytes then, {is} now)"));
                }
                Some(_) => {}
            }
        }
        for input in &self.inputs {
            if !earlier.inputs.iter().any(|then| then.file == input.file) {
                changes.push(format!("`{}` was not read then", input.file));
            }
        }
        for (layer, rows) in &self.rows {
            let then = earlier.rows.get(layer).copied().unwrap_or(0);
            if then != *rows {
                changes.push(format!("layer `{layer}` has {rows} rows instead of {then}"));
            }
        }
        let settings = self.settings.as_object().into_iter().flatten();
        for (key, value) in settings.filter(|(key, value)| earlier.settings.get(key) != Some(value)) {
            let then = earlier.settings.get(key).unwrap_or(&Json::Null);
            changes.push(format!("`{key}` is {value} instead of {then}"));
        }
        changes
    }
}

/// Names of the files of a result that are not the same, to the last byte, in another folder; only those that `again` has.
///
/// # Errors
/// [`ErrorKind::Io`] if `again` cannot be read.
pub fn differing_files(results: &Path, again: &Path) -> Result<(usize, Vec<String>)> {
    let mut names: Vec<String> = fs::read_dir(again)
        .map_err(|error| io_error(again, &error))?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| !name.starts_with('.') && name != super::MANIFEST && name != PROVENANCE)
        .collect();
    names.sort();
    let count = names.len();
    let mut differing = Vec::new();
    for name in names {
        if fs::read(results.join(&name)).ok() != Some(read_bytes(&again.join(&name))?) {
            differing.push(name);
        }
    }
    Ok((count, differing))
}

/// Every file that a study was read from, `study.toml` first, with the parts of those that have any.
///
/// # Errors
/// [`ErrorKind::Io`] if a folder among them cannot be read.
pub fn input_files(study: &StudyArea) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for file in &study.files {
        add_with_parts(file, &mut files)?;
    }
    Ok(files)
}

/// Endings of the files that a Shapefile is made of, beside `shp`.
const PARTS: [&str; 3] = ["dbf", "prj", "cpg"];

/// A file with the files that belong to it: the parts of a Shapefile, all within a folder.
fn add_with_parts(file: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if file.is_dir() {
        let entries = fs::read_dir(file).map_err(|error| io_error(file, &error))?;
        let mut inside: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        inside.sort();
        files.extend(inside.into_iter().filter(|one| one.is_file()));
        return Ok(());
    }
    files.push(file.to_owned());
    if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("shp")) {
        files.extend(
            PARTS.map(|ending| file.with_extension(ending)).into_iter().filter(|part| part.is_file()),
        );
    }
    Ok(())
}

/// The innermost folder that holds all files.
fn shared_folder(files: &[PathBuf]) -> Option<PathBuf> {
    let mut shared = files.first()?.parent()?.to_owned();
    while !files.iter().all(|file| file.starts_with(&shared)) {
        shared = shared.parent()?.to_owned();
    }
    Some(shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;
    use crate::io::study::read_study;

    fn study_in(folder: &Path, residents: &str) -> StudyArea {
        let areas = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "a"},
            "geometry": {"type": "Polygon", "coordinates": [[[7.0, 43.0], [7.01, 43.0], [7.01, 43.01], [7.0, 43.0]]]}}]}"#;
        let streets = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": 1},
            "geometry": {"type": "LineString", "coordinates": [[7.001, 43.0005], [7.008, 43.002]]}}]}"#;
        fs::create_dir_all(folder.join("layers")).unwrap();
        fs::write(folder.join("layers/areas.geojson"), areas).unwrap();
        fs::write(folder.join("layers/streets.geojson"), streets).unwrap();
        fs::write(folder.join("homes.csv"), format!("id,lon,lat,residents\nh,7.005,43.001,{residents}\n"))
            .unwrap();
        let text = "name = \"A\"\n[neighbourhoods]\nfile = \"layers/areas.geojson\"\n[streets]\nfile = \
                    \"layers/streets.geojson\"\n[homes]\nfile = \"homes.csv\"\nx = \"lon\"\ny = \"lat\"\ncrs = \
                    \"EPSG:4326\"\nresidents = \"residents\"\n";
        fs::write(folder.join("study.toml"), text).unwrap();
        read_study(folder, None, &Quiet).unwrap()
    }

    #[test]
    fn every_input_has_its_sum_and_a_change_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let first = Provenance::of(&study_in(folder.path(), "10")).unwrap();
        let names: Vec<&str> = first.inputs.iter().map(|input| input.file.as_str()).collect();
        assert_eq!(names, ["study.toml", "layers/areas.geojson", "homes.csv", "layers/streets.geojson"]);
        // sha256sum of `id,lon,lat,residents\nh,7.005,43.001,10\n`.
        assert_eq!(
            first.inputs[2].sha256,
            "a38d7375d84e6e5f32c1eea15f47d29ec32937ce30578cab1f63eb79ab32148e"
        );
        assert_eq!((first.rows["homes"], first.settings["max_snap_distance_m"].as_f64()), (1, Some(250.0)));
        let path = folder.path().join(PROVENANCE);
        fs::write(&path, first.to_json().unwrap()).unwrap();
        assert_eq!(Provenance::read(&path).unwrap(), first);
        let mut changed = study_in(folder.path(), "100");
        changed.settings.jobs_standard = 99.0;
        let changes = Provenance::of(&changed).unwrap().changes_since(&first);
        assert_eq!(
            changes,
            ["`homes.csv` has changed (39 bytes then, 40 now)", "`jobs_standard` is 99.0 instead of 250.0"]
        );
    }
}
