//! The results of an assessment as a folder of files.

use super::features::write_features;
use super::write_aside::{io_error, write_text};
use crate::{FeatureTable, Result};
use std::path::Path;

/// Writes `neighbourhoods.geojson`, `.csv` and `.parquet`, `homes.parquet`, `equity.csv` (access by group) and `texts` (file
/// name and text: the summary, the report, figures) into `folder`.
///
/// # Errors
/// [`crate::ErrorKind::Io`] if the folder or a file cannot be written. Every file appears whole or not at all.
pub fn save_results(
    folder: &Path,
    neighbourhoods: &FeatureTable,
    homes: &FeatureTable,
    equity: &FeatureTable,
    texts: &[(&str, &str)],
) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| io_error(folder, &error))?;
    for name in ["neighbourhoods.geojson", "neighbourhoods.csv", "neighbourhoods.parquet"] {
        write_features(&folder.join(name), neighbourhoods)?;
    }
    write_features(&folder.join("homes.parquet"), homes)?;
    write_features(&folder.join("equity.csv"), equity)?;
    texts.iter().try_for_each(|(name, text)| write_text(&folder.join(name), text))
}

/// Writes layers beside the other results, each under its name as GeoJSON, or as CSV where it has no geometries; one
/// without rows is left out.
///
/// # Errors
/// As for [`save_results`].
pub fn save_layers(folder: &Path, layers: &[(&str, &FeatureTable)]) -> Result<()> {
    layers.iter().filter(|(_, layer)| !layer.is_empty()).try_for_each(|(name, layer)| {
        let has_shapes = layer.geometries.iter().any(Option::is_some);
        let ending = if has_shapes { "geojson" } else { "csv" };
        write_features(&folder.join(format!("{name}.{ending}")), layer)
    })
}

/// Writes an index into `folder`: `index.csv`, with shapes also `index.geojson`, and the texts by their names.
///
/// # Errors
/// As for [`save_results`].
pub fn save_index(
    folder: &Path,
    table: &FeatureTable,
    has_shapes: bool,
    texts: &[(&str, &str)],
) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| io_error(folder, &error))?;
    write_features(&folder.join("index.csv"), table)?;
    if has_shapes {
        write_features(&folder.join("index.geojson"), table)?;
    }
    texts.iter().try_for_each(|(name, text)| write_text(&folder.join(name), text))
}
