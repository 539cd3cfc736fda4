//! `commonground index`: a table and a definition in, an index with its ranges out.

use super::bars::Bars;
use super::say::note;
use commonground::scores::cohesion::{
    Definition, Index, Objection, objections_from_table, objections_from_toml, preset,
};
use commonground::{ErrorKind, FeatureTable, Progress, Result, assess, io, report};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct IndexArguments {
    /// Table with one row per place (.csv, .parquet, .geojson, .gpkg, ...), or a study, which is assessed first.
    table: PathBuf,
    /// Definition of the index in TOML.
    #[arg(long, required_unless_present = "preset", conflicts_with = "preset")]
    definition: Option<PathBuf>,
    /// A ready definition: five_essentials, displacement_watch or bridging; what the table lacks is left out.
    #[arg(long)]
    preset: Option<String>,
    /// Another table, such as a base year, that scales are found on.
    #[arg(long)]
    reference: Option<PathBuf>,
    /// What residents say against scores, in TOML or a table: place, statement, decided_by, status, date.
    #[arg(long)]
    objections: Option<PathBuf>,
    /// Folder that a study's paths start from; by default the folder of study.toml.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder for the results, made if it is not there; or one file for the table alone: .csv, .geojson, .gpkg, .parquet.
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Write into the folder even if it holds files that are no results; inputs are never written over.
    #[arg(long)]
    force: bool,
}

/// Fewest indicators of a preset that make an index.
const FEWEST_OF_A_PRESET: usize = 2;

pub(super) fn run(arguments: &IndexArguments, progress: &Bars) -> Result<ExitCode> {
    let (places, mut inputs) = places(&arguments.table, arguments.data.as_deref(), progress)?;
    inputs.extend(
        [&arguments.definition, &arguments.reference, &arguments.objections].into_iter().flatten().cloned(),
    );
    let folder = io::ResultsFolder { path: &arguments.out, inputs: &inputs, overwrite: arguments.force };
    let is_file = io::writes_features(&arguments.out) && !arguments.out.is_dir();
    if !is_file {
        folder.check()?;
    }
    let definition = match (&arguments.definition, &arguments.preset) {
        (Some(path), _) => Definition::from_toml(&io::read_text(path)?)?,
        (None, name) => {
            let has_values = |column: &str| {
                places.attributes.column(column).is_ok_and(|column| column.null_count() < column.len())
            };
            let name = name.as_deref().unwrap_or_default();
            let (definition, left_out) = preset(name, has_values, FEWEST_OF_A_PRESET)?;
            if !left_out.is_empty() {
                note!("left out, as the table has no values in it: {}", left_out.join(", "));
            }
            definition
        }
    };
    let reference = arguments.reference.as_deref().map(io::read_table).transpose()?;
    let index = Index::watched(&definition, &places.attributes, reference.as_ref(), progress)?;
    let index = match &arguments.objections {
        None => index,
        Some(path) => index.with_objections(objections(path)?)?,
    };
    let uncertainty = index.uncertainty(progress)?;
    let sensitivity = index.sensitivity(progress)?;
    let summary = report::index_summary(&index, &uncertainty, &sensitivity);
    let table = index.to_table(Some(&uncertainty))?;
    // Without a system, coordinates cannot be written as longitude and latitude.
    let has_shapes = places.crs.is_some() && places.geometries.iter().any(Option::is_some);
    let table = FeatureTable::new(places.geometries, table, places.crs)?;
    let page = index.to_json(Some(&uncertainty)).to_string();
    if is_file {
        io::save_table(&arguments.out, &table, &inputs)?;
    } else {
        let definition = index.definition().to_toml()?;
        let texts = [("index.json", &*page), ("index.md", &*summary), ("index.toml", &*definition)];
        io::save_index(&folder, &table, has_shapes, &texts)?;
    }
    let facts = json!({ "name": definition.name, "places": table.len() });
    progress.done(&summary, Some(&arguments.out), facts);
    Ok(ExitCode::SUCCESS)
}

/// The rows of a table, or the assessed neighbourhoods of a study; and the files that were read for them.
fn places(path: &Path, data: Option<&Path>, progress: &dyn Progress) -> Result<(FeatureTable, Vec<PathBuf>)> {
    let is_study = path.is_dir() || path.extension().is_some_and(|extension| extension == "toml");
    if !is_study {
        let table = match io::read_features(path, &io::ReadOptions::default()) {
            // A table may have columns that look like coordinates and are none.
            Err(error) if error.kind() == ErrorKind::Column => {
                let attributes = io::read_table(path)?;
                FeatureTable::new(vec![None; attributes.height()], attributes, None)
            }
            other => other,
        };
        return Ok((table?, vec![path.to_owned()]));
    }
    let study = io::study::read_study(path, data, progress)?;
    let found = assess(&study, progress)?;
    Ok((found.neighbourhoods().features().clone(), study.files))
}

fn objections(path: &Path) -> Result<Vec<Objection>> {
    if path.extension().is_some_and(|extension| extension == "toml") {
        objections_from_toml(&io::read_text(path)?)
    } else {
        objections_from_table(&io::read_table(path)?)
    }
}
