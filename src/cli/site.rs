//! `commonground site`: planned projects in, what their residents would reach out.

use super::bars::Bars;
use commonground::crs::Reprojector;
use commonground::io::{ReadOptions, read_features};
use commonground::scenario::{
    Base, Change, Scenario, Sides, Site, SiteStandard, check_sites, sentences, site_summary, site_tables,
};
use commonground::{Error, ErrorKind, FeatureTable, Result, StudyArea, io};
use geo::Centroid;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(clap::Args)]
pub(super) struct SiteArguments {
    /// Folder with a study.toml, or the file itself.
    study: PathBuf,
    /// Points or areas of planned projects; an area counts at its middle.
    site: PathBuf,
    /// New dwellings at each site: then also what is left per resident after they move in, for five sites at most.
    #[arg(long)]
    dwellings: Option<f64>,
    /// People per dwelling.
    #[arg(long, default_value_t = 2.1)]
    household_size: f64,
    /// A standard that comes with the program, or a file in TOML; may be given several times. Without any, all that come with it.
    #[arg(long, value_name = "NAME")]
    standard: Vec<String>,
    /// Column of the id.
    #[arg(long)]
    id: Option<String>,
    /// Column of the name.
    #[arg(long)]
    name: Option<String>,
    /// Column that sets sites apart: planned and built, say.
    #[arg(long)]
    class: Option<String>,
    /// Folder that the study's paths start from; by default the folder of study.toml.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder for the results; made if it is not there.
    #[arg(long, default_value = "out")]
    out: PathBuf,
    /// Write into the folder even if it holds files that are no results; inputs are never written over.
    #[arg(long)]
    force: bool,
}

/// More sites are checked, but their new residents are not followed one site after the other.
const FOLLOWED: usize = 5;

pub(super) fn run(arguments: &SiteArguments, progress: &Bars) -> Result<ExitCode> {
    let study = io::study::read_study(&arguments.study, arguments.data.as_deref(), progress)?;
    let mut inputs = study.files.clone();
    inputs.push(arguments.site.clone());
    let folder = io::ResultsFolder { path: &arguments.out, inputs: &inputs, overwrite: arguments.force };
    folder.check()?;
    let standards = if arguments.standard.is_empty() {
        SiteStandard::shipped().map(SiteStandard::named).collect::<Result<Vec<_>>>()?
    } else {
        arguments.standard.iter().map(|name| standard(name)).collect::<Result<Vec<_>>>()?
    };
    let sites = read_sites(arguments, &study)?;
    let checks = check_sites(&study, &sites, &standards, progress)?;
    let mut text = site_summary(&study, &checks, &standards);
    if let Some(dwellings) = arguments.dwellings {
        if sites.len() > FOLLOWED {
            text +=
                &format!("\n{} sites are too many to follow their new residents one by one.\n", sites.len());
        } else {
            text += &after(&study, &sites, dwellings * arguments.household_size, progress)?;
        }
    }
    let tables = site_tables(&study, &checks, &standards)?;
    let layers = [
        ("sites.geojson", &tables.sites),
        ("reach.csv", &tables.reach),
        ("standards.csv", &tables.standards),
    ];
    io::save_layers(&folder, "site", &layers, &[("summary.md", &text)])?;
    let names: Vec<&str> = standards.iter().map(|standard| standard.name.as_str()).collect();
    progress.done(&text, Some(&arguments.out), json!({ "sites": sites.len(), "standards": names }));
    Ok(ExitCode::SUCCESS)
}

fn standard(name: &str) -> Result<SiteStandard> {
    if Path::new(name).extension().is_some() {
        return SiteStandard::from_toml(&io::read_text(Path::new(name))?, name);
    }
    SiteStandard::named(name)
}

fn read_sites(arguments: &SiteArguments, study: &StudyArea) -> Result<Vec<Site>> {
    let table = read_features(&arguments.site, &ReadOptions::default())?;
    let layer = arguments.site.display().to_string();
    let crs = table.crs.as_ref().ok_or_else(|| {
        Error::new(ErrorKind::Crs, "the file does not say its coordinate reference system").in_layer(&layer)
    })?;
    let to_study = Reprojector::new(crs, &study.crs)?;
    let ids = texts(&table, arguments.id.as_deref(), "id", &layer)?;
    let names = texts(&table, arguments.name.as_deref(), "name", &layer)?;
    let classes = texts(&table, arguments.class.as_deref(), "", &layer)?;
    let cell =
        |cells: &Option<Vec<Option<String>>>, row: usize| cells.as_ref().and_then(|cells| cells[row].clone());
    let mut sites = Vec::new();
    for (row, shape) in table.geometries.iter().enumerate() {
        let Some(shape) = shape else { continue };
        let shape = to_study.geometry(shape).map_err(|error| error.at_row(row + 1).in_layer(&layer))?;
        let Some(at) = shape.centroid() else { continue };
        let id = cell(&ids, row).unwrap_or_else(|| (row + 1).to_string());
        let name = cell(&names, row).unwrap_or_else(|| format!("site {id}"));
        sites.push(Site { id, name, at, class: cell(&classes, row).unwrap_or_default() });
    }
    if sites.is_empty() {
        return Err(Error::new(ErrorKind::Geometry, "the file holds no place").in_layer(layer));
    }
    Ok(sites)
}

/// The texts of a column that is named, or of the usual one where there is one.
fn texts(
    table: &FeatureTable,
    named: Option<&str>,
    usual: &str,
    layer: &str,
) -> Result<Option<Vec<Option<String>>>> {
    let column = table.attributes.column(named.unwrap_or(usual));
    match (column, named) {
        (Ok(column), _) => super::router::texts_of(column).map(Some),
        (Err(_), None) => Ok(None),
        (Err(_), Some(name)) => {
            Err(Error::new(ErrorKind::Column, "there is no such column").in_column(name).in_layer(layer))
        }
    }
}

/// What is left per resident once people live at a site, site by site.
fn after(study: &StudyArea, sites: &[Site], residents: f64, progress: &Bars) -> Result<String> {
    let base = Base::new(study, progress)?;
    let mut text = String::from("\n# After they move in\n\n");
    for site in sites {
        let groups = BTreeMap::new();
        let homes = Change::AddHomes { id: format!("site {}", site.id), at: site.at, residents, groups };
        let scenario = Scenario { name: site.name.clone(), changes: vec![homes], ..Scenario::default() };
        let compared = base.compare(&scenario, progress)?;
        let crowding = base.crowding(&compared, progress)?;
        let page = sentences(study, &compared, &Sides { crowding: &crowding, ..Sides::default() });
        text += &page.replace("\n## ", "\n### ").replacen("# ", "## ", 1);
        text.push('\n');
    }
    Ok(text)
}
