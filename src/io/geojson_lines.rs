//! GeoJSON with one feature per line, as large tables are often published: plain, or with the separators of RFC 8142.

use super::file::{format_error, read_text};
use super::format::Format;
use super::geojson::table_of;
use crate::{FeatureTable, Result};
use serde::de::IgnoredAny;
use std::path::Path;

pub(super) const FORMAT: Format = Format {
    endings: &["geojsonl", "geojsons", "ndjson"],
    has_layers: false,
    read: |path, _| read(path),
    read_table: None,
    write: None,
};

/// Begins every feature of a text sequence (RFC 8142), which may then run over several lines.
const SEPARATOR: char = '\u{1e}';

fn read(path: &Path) -> Result<FeatureTable> {
    let text = read_text(path)?;
    let parts: Vec<&str> =
        if text.contains(SEPARATOR) { text.split(SEPARATOR).collect() } else { text.lines().collect() };
    let features: Vec<&str> = parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
    for (row, feature) in features.iter().enumerate() {
        serde_json::from_str::<IgnoredAny>(feature)
            .map_err(|error| format_error(path, &error).at_row(row + 1))?;
    }
    table_of(path, &format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(",")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_per_line_is_read_and_a_broken_line_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stops.geojsonl");
        let stop = |id: u32| {
            format!(
                r#"{{"type":"Feature","properties":{{"id":{id}}},"geometry":{{"type":"Point","coordinates":[7.4,43.7]}}}}"#
            )
        };
        let read_back = |text: String| {
            std::fs::write(&path, text).unwrap();
            read(&path)
        };
        let lines = read_back(format!("{}\n\n{}\r\n", stop(1), stop(2))).unwrap();
        let sequence =
            read_back(format!("\u{1e}{}\n\u{1e}{}\n", stop(1).replace(',', ",\n"), stop(2))).unwrap();
        for table in [lines, sequence] {
            assert_eq!((table.len(), table.attributes.width()), (2, 1));
        }
        let error = read_back(format!("{}\n{{\"type\":\n", stop(1))).unwrap_err();
        assert_eq!(error.position().row, Some(2), "{error}");
    }
}
