//! What a format can do: one constant per format, listed in [`super::features`].

use super::about::About;
use crate::{Crs, FeatureTable, Result};
use polars::prelude::DataFrame;
use std::path::Path;

/// What a file does not say by itself.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The layer of a file that holds several.
    pub layer: Option<String>,
    /// The column with longitudes or eastings; guessed from its name otherwise.
    pub x: Option<String>,
    /// The column with latitudes or northings; guessed from its name otherwise.
    pub y: Option<String>,
    /// The column with H3 cells, whose hexagons become the geometries.
    pub h3: Option<String>,
    /// The system of a file that does not say.
    pub crs: Option<Crs>,
}

/// One format of tables with or without geometries.
pub(super) struct Format {
    /// How its files end, without the point; the first is the usual one.
    pub endings: &'static [&'static str],
    /// Whether a file may hold several layers, of which `layer` names one.
    pub has_layers: bool,
    pub read: fn(&Path, &ReadOptions) -> Result<FeatureTable>,
    /// The attributes alone, where geometries need not be made for them.
    pub read_table: Option<fn(&Path) -> Result<DataFrame>>,
    pub write: Option<Writer>,
}

/// Writes a table: the name that the file will have, the file beside it that is to be written, the table, and what there is to
/// say of it.
pub(super) type Writer = fn(&Path, &Path, &FeatureTable, &About) -> Result<()>;
