//! The network that a question is put to: a saved one, an OpenStreetMap extract, or lines.

use crate::cli::bars::Bars;
use crate::cli::say::note;
use commonground::io::{
    LineColumns, ReadOptions, StreetLayer, read_features, read_streets, streets_of_lines,
};
use commonground::model::TravelSettings;
use commonground::network::{BuildOptions, StreetNetwork, TravelProfile};
use commonground::{Crs, Result, io};
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(crate) struct NetworkArguments {
    #[command(flatten)]
    pub(super) streets: Streets,
    /// File for the network.
    #[arg(long)]
    pub(super) out: PathBuf,
}

/// Where the streets come from, and who travels on them.
#[derive(clap::Args)]
pub(crate) struct Streets {
    /// A saved network, an OpenStreetMap extract (.osm.pbf), or lines (.geojson, .gpkg, .shp, .parquet).
    streets: PathBuf,
    /// Who travels: adult, older_adult, pram, wheelchair, bicycle or car. A saved network has its own.
    #[arg(long, default_value = "adult")]
    profile: String,
    /// Metric coordinate system to work in; by default that of the lines, or the local UTM zone.
    #[arg(long)]
    crs: Option<String>,
    /// Heights of the ground in metres, a GeoTIFF.
    #[arg(long)]
    elevation: Option<PathBuf>,
    /// Of lines: the column with their class, in OpenStreetMap's words.
    #[arg(long, value_name = "COLUMN")]
    street_class: Option<String>,
    /// Of lines: the column with their direction (yes, -1, no).
    #[arg(long, value_name = "COLUMN")]
    oneway: Option<String>,
}

impl Streets {
    /// The network, opened or built.
    pub(super) fn open(&self, progress: &Bars) -> Result<StreetNetwork> {
        let path = &self.streets;
        let named = |end: &str| path.to_string_lossy().to_ascii_lowercase().ends_with(end);
        let layer = if named(".pbf") {
            read_streets(path, self.system()?, progress)?
        } else if io::reads_features(path) {
            self.lines(path, progress)?
        } else {
            let saved = io::read_bytes(path).and_then(|bytes| StreetNetwork::from_bytes(&bytes));
            return saved.map_err(|error| error.in_layer(path.display().to_string()));
        };
        self.build(layer, progress)
    }

    fn system(&self) -> Result<Option<Crs>> {
        self.crs.as_deref().map(Crs::new).transpose()
    }

    fn lines(&self, path: &Path, progress: &Bars) -> Result<StreetLayer> {
        let columns = LineColumns {
            class: self.street_class.clone(),
            oneway: self.oneway.clone(),
            ..LineColumns::default()
        };
        streets_of_lines(read_features(path, &ReadOptions::default())?, &columns, self.system()?, progress)
    }

    fn build(&self, mut layer: StreetLayer, progress: &Bars) -> Result<StreetNetwork> {
        if let Some(elevation) = &self.elevation {
            let findings = io::read_relief(&mut layer.streets, &layer.crs, elevation, None)?;
            layer.findings.append(findings);
        }
        let travel = TravelSettings::from_json(&serde_json::json!({ "profile": self.profile }).to_string())?;
        let (network, _) = StreetNetwork::build(
            &layer.streets,
            TravelProfile::new(travel)?,
            BuildOptions::default(),
            progress,
        )?;
        progress.clear();
        for finding in layer.findings.iter() {
            note!("{finding}");
        }
        Ok(network.with_crs(layer.crs))
    }
}
