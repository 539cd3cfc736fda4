//! A study: `study.toml` and the files that it names become a [`StudyArea`], checked whole.

mod barriers;
mod beyond;
mod config;
mod districts;
mod homes;
mod indicators;
pub(super) mod layer;
mod listing;
mod neighbourhoods;
mod parcels;
mod place;
mod repair;
pub(super) mod services;
mod streets;
mod thin;
mod transit;
mod validity;
mod zoning;

use crate::io::osm::{OsmExtract, read_osm};
use crate::model::{
    Finding, Findings, Ranges, Severity, Source, StudyArea, StudySettings, TravelSettings, Traveller,
};
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Metres, Result};
use config::{ModeTable, StudyFile};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
pub use streets::LineColumns;
pub(super) use streets::streets_of_table;

/// What may stand in a `study.toml`.
pub(crate) fn schema() -> schemars::Schema {
    schemars::schema_for!(StudyFile)
}

/// Reads a study and all its layers.
///
/// - `path`: the folder of the study, or its `study.toml`.
/// - `data_root`: the folder that paths in `study.toml` are relative to; the study's own folder if `None`.
///
/// What was repaired, dropped and assumed is in [`StudyArea::findings`].
///
/// # Errors
/// [`ErrorKind::Study`] with every problem of every layer in its message; [`ErrorKind::Io`] if there is no
/// `study.toml`; [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn read_study(path: &Path, data_root: Option<&Path>, progress: &dyn Progress) -> Result<StudyArea> {
    let (study, findings) = check_study(path, data_root, progress)?;
    study.ok_or_else(|| {
        let errors: Vec<String> = findings.of(Severity::Error).map(Finding::to_string).collect();
        let problems = if errors.len() == 1 { "problem" } else { "problems" };
        Error::new(
            ErrorKind::Study,
            format!("the study has {} {problems}:\n{}", errors.len(), errors.join("\n")),
        )
    })
}

/// Reads a study and lists everything that was found: errors, warnings and notes. There is no study if one of them is
/// an error.
///
/// # Errors
/// As for [`read_study`], but problems of layers are findings.
pub fn check_study(
    path: &Path,
    data_root: Option<&Path>,
    progress: &dyn Progress,
) -> Result<(Option<StudyArea>, Findings)> {
    let file = if path.is_dir() { path.join("study.toml") } else { path.to_owned() };
    let study = config::read(&file)?;
    let own_folder = file.parent().map(Path::to_owned).unwrap_or_default();
    let root = data_root.map_or(own_folder, PathBuf::from);
    let mut files = vec![file];
    files.extend(study.files().iter().map(|file| root.join(file)));
    Assembly { study, root, files, progress, findings: Findings::default() }.run()
}

/// The reading of one study.
struct Assembly<'a> {
    study: StudyFile,
    root: PathBuf,
    files: Vec<PathBuf>,
    progress: &'a dyn Progress,
    findings: Findings,
}

impl Assembly<'_> {
    fn run(mut self) -> Result<(Option<StudyArea>, Findings)> {
        let settings = self.settings();
        let (osm, street_osm) = (self.read_osm()?, self.read_street_osm()?);
        self.progress.start("reading layers", self.number_of_steps());
        let (study, root, findings) = (&self.study, self.root.as_path(), &mut self.findings);
        let done = |progress: &dyn Progress| {
            progress.advance(1);
            go_on(progress)
        };

        let (place, neighbourhoods) = neighbourhoods::read(study, osm.as_ref(), root, findings);
        let districts = study
            .districts
            .as_ref()
            .filter(|_| !neighbourhoods.is_empty())
            .and_then(|table| districts::read(table, root, (&place, &neighbourhoods), findings));
        done(self.progress)?;
        let mut streets = match (&study.streets, street_osm.as_ref().or(osm.as_ref())) {
            (Some(table), _) if !is_osm(&table.file) => {
                streets::read(table, root, &place, findings, self.progress)
            }
            (_, Some(osm)) => {
                adopt(osm, "streets", findings);
                streets::from_osm(osm, &place, findings)
            }
            // A file that could not be read was reported already.
            (Some(_), None) => None,
            (None, None) => {
                let error = Error::new(ErrorKind::Study, "the study has no streets").in_layer("study.toml");
                if study.osm.is_none() {
                    findings.error(error.hint("add a table `[osm]` or `[streets]`"));
                }
                None
            }
        }
        .unwrap_or_default();
        if let (Some(table), Some(crs)) = (&study.elevation, &place.crs) {
            streets::lay_on_ground(&mut streets, table, root, crs, findings);
        }
        done(self.progress)?;
        let is_derived = |table: &config::HomeTable| table.spread == Some(config::Spread::Buildings);
        if study.homes.as_ref().is_none_or(is_derived) {
            for layer in ["buildings", "land"] {
                osm.iter().for_each(|osm| adopt(osm, layer, findings));
            }
        }
        let index = place::AreaIndex::new(neighbourhoods.iter().map(|one| &one.shape));
        let beyond = beyond::measure(&neighbourhoods, &streets, &index);
        let mut cautions = Vec::new();
        cautions.extend(beyond::warn(&neighbourhoods, &beyond, study.homes.is_none(), findings));
        let homes =
            homes::read(study, osm.as_ref(), &streets, root, (&place, &neighbourhoods, &beyond), findings);
        done(self.progress)?;
        let mut services = Vec::new();
        for table in &study.services {
            services.extend(services::read_services(table, root, &place, findings).unwrap_or_default());
            done(self.progress)?;
        }
        let mut green_spaces = Vec::new();
        for table in &study.green_space {
            green_spaces
                .extend(services::read_green_spaces(table, root, &place, findings).unwrap_or_default());
            done(self.progress)?;
        }
        if let Some(osm) = &osm {
            if study.services.is_empty() {
                adopt(osm, "services", findings);
                services = services::services_of_osm(osm, &place, findings).unwrap_or_default();
            }
            if study.green_space.is_empty() {
                adopt(osm, "green_space", findings);
                green_spaces = services::green_spaces_of_osm(osm, &place, findings).unwrap_or_default();
            }
            if study.osm.as_ref().is_some_and(|table| table.services == config::OsmServices::Enough) {
                let services = study.services.is_empty().then_some(&mut services);
                let green_spaces = study.green_space.is_empty().then_some(&mut green_spaces);
                cautions.extend(thin::leave_out((services, green_spaces), &streets, &index, findings));
            }
        }
        let seats = services::seats(&mut services, street_osm.as_ref().or(osm.as_ref()), &place);
        let workplaces =
            study.jobs.as_ref().and_then(|table| services::read_jobs(table, root, &place, findings));
        done(self.progress)?;
        let transit = transit::read(study, root, findings);
        done(self.progress)?;
        let zoning = study.zoning.as_ref().and_then(|table| zoning::read(table, root, &place, findings));
        let zoning_code = study.zoning.as_ref().map(|table| zoning::read_code(table, findings));
        let zones = zoning.as_deref().unwrap_or_default();
        let parcels =
            study.parcels.as_ref().and_then(|table| parcels::read(table, zones, root, &place, findings));
        done(self.progress)?;
        let barriers = barriers::read(
            &study.barriers,
            street_osm.as_ref().or(osm.as_ref()),
            &streets,
            root,
            &place,
            findings,
        );
        done(self.progress)?;
        let mut tables = Vec::new();
        for table in &study.indicators {
            let read = match (table.own_boundaries, &homes) {
                (false, _) => indicators::read(table, &neighbourhoods, root, findings),
                (true, Some(homes)) => {
                    indicators::read_carried(table, (&place, &neighbourhoods), homes, root, findings)
                }
                (true, None) => None,
            };
            tables.extend(read);
            done(self.progress)?;
        }
        let indicators = indicators::merge_years(tables, findings);
        let price_index = indicators::read_prices(&study.prices, findings);
        indicators::warn_of_missing_prices(&price_index, &indicators, findings);

        let (false, Some(crs), Some(homes), Some(settings)) =
            (findings.has_errors(), place.crs.clone(), homes, settings)
        else {
            return Ok((None, self.findings));
        };
        let from_osm = osm.is_some() || street_osm.is_some();
        let mut sources: Vec<Source> = from_osm.then(Source::open_street_map).into_iter().collect();
        sources.extend(study.sources.iter().map(config::SourceTable::to_source));
        let study = StudyArea {
            name: study.name.clone(),
            crs,
            neighbourhoods,
            districts: districts.unwrap_or_default(),
            homes,
            services,
            closed_categories: BTreeSet::new(),
            workplaces,
            green_spaces,
            seats,
            streets,
            transit,
            zoning: zoning.unwrap_or_default(),
            zoning_code: zoning_code.unwrap_or_default(),
            parcels: parcels.unwrap_or_default(),
            barriers: barriers.unwrap_or_default(),
            indicators,
            price_index,
            settings,
            files: self.files,
            cautions,
            sources,
            findings: findings.clone(),
        };
        Ok((Some(study), self.findings))
    }

    fn settings(&mut self) -> Option<StudySettings> {
        let study = &self.study;
        let mut settings = StudySettings { made_data: study.made_data, ..StudySettings::default() };
        let given = [
            ("walking_speed_kmh", study.walking_speed_kmh, FASTEST_WALK_KMH),
            ("max_snap_distance_m", study.max_snap_distance_m, FARTHEST_STREET_M),
            ("jobs_standard", study.jobs_standard, MOST_JOBS),
        ];
        let mut is_fine = true;
        for (key, value, most) in given.iter().filter_map(|(key, value, most)| Some((*key, (*value)?, *most)))
        {
            if !(value > 0.0 && value <= most) {
                let error = Error::new(ErrorKind::Parameter, format!("`{key}` is {value}"));
                let hint = format!("it must be a number above 0, and at most {most}");
                self.findings.error(error.in_layer("study.toml").hint(hint));
                is_fine = false;
            }
        }
        if study.name.trim().is_empty() {
            let error = Error::new(ErrorKind::Parameter, "`name` is empty").in_layer("study.toml");
            self.findings.error(error.hint("say which place it is: `name = \"Millbrook\"`"));
            is_fine = false;
        }
        if let (Some(_), speed, profile) =
            (study.walking_speed_kmh, study.travel.speed_kmh, study.travel.profile)
            && (speed.is_some() || profile != Traveller::Adult)
        {
            let reason = if speed.is_some() { "gives `speed_kmh` too" } else { "is of another profile" };
            let message = format!("`walking_speed_kmh` has no effect: `[travel]` {reason}");
            let error = Error::new(ErrorKind::Parameter, message).in_layer("study.toml");
            self.findings.warning(error.hint("keep one of them"));
        }
        if !is_fine {
            return None;
        }
        settings.travel = study.travel.clone();
        if study.walking_speed_kmh.is_some() && settings.travel.profile == Traveller::Adult {
            settings.travel.speed_kmh = settings.travel.speed_kmh.or(study.walking_speed_kmh);
        }
        if let Err(error) = settings.travel.check() {
            self.findings.error(error.in_layer("study.toml"));
            return None;
        }
        settings.ranges = study.ranges.0.clone();
        if let Some(Err(error)) = settings.ranges.as_ref().map(Ranges::check) {
            self.findings.error(error.in_layer("study.toml"));
            return None;
        }
        settings.modes = self.modes()?;
        let study = &self.study;
        if let Some(distance) = study.max_snap_distance_m.and_then(|distance| Metres::new(distance).ok()) {
            settings.max_snap_distance = distance;
        }
        settings.jobs_standard = study.jobs_standard.unwrap_or(settings.jobs_standard);
        Some(settings)
    }

    /// The other travel modes; each makes columns of its own, so none may stand there twice.
    fn modes(&mut self) -> Option<Vec<TravelSettings>> {
        let of_streets = |mode: &ModeTable| match mode {
            ModeTable::Streets(settings) => Some(settings.clone()),
            ModeTable::Transit(_) => None,
        };
        let modes: Vec<TravelSettings> = self.study.modes.iter().filter_map(of_streets).collect();
        for (number, mode) in modes.iter().enumerate() {
            let repeats = |other: &TravelSettings| other.profile == mode.profile;
            let checked = if modes[..number].iter().any(repeats) || repeats(&self.study.travel) {
                let message = format!("`modes` has {} who is there already", mode.profile);
                Err(Error::new(ErrorKind::Parameter, message).hint("`[travel]` is the first travel mode"))
            } else {
                mode.check()
            };
            if let Err(error) = checked {
                self.findings.error(error.in_layer("study.toml, modes").at_row(number + 1));
                return None;
            }
        }
        Some(modes)
    }

    fn read_osm(&mut self) -> Result<Option<OsmExtract>> {
        match &self.study.osm {
            Some(table) => self.extract(table.file.clone(), "osm"),
            None => Ok(None),
        }
    }

    /// The extract of `[streets]`, if that names one.
    fn read_street_osm(&mut self) -> Result<Option<OsmExtract>> {
        match &self.study.streets {
            Some(table) if is_osm(&table.file) => self.extract(table.file.clone(), "streets"),
            _ => Ok(None),
        }
    }

    /// Only a wish to stop ends the reading; what else is wrong is a finding.
    fn extract(&mut self, file: String, layer: &str) -> Result<Option<OsmExtract>> {
        let path = self.root.join(file);
        match layer::must_exist(&path).and_then(|()| read_osm(&path, self.progress)) {
            Ok(osm) => Ok(Some(osm)),
            Err(error) if error.kind() == ErrorKind::Cancelled => Err(error),
            Err(error) => {
                self.findings.error(error.in_layer(layer));
                Ok(None)
            }
        }
    }

    fn number_of_steps(&self) -> u64 {
        /// Neighbourhoods, streets, homes, jobs, transit, zoning and barriers.
        const ALWAYS: usize = 7;
        let study = &self.study;
        (ALWAYS + study.services.len() + study.green_space.len() + study.indicators.len()) as u64
    }
}

/// Farther from a street than a long walk, nothing is attached, in metres.
const FARTHEST_STREET_M: f64 = 10_000.0;
/// A fast run, in km/h: the highest speed of a person on foot.
const FASTEST_WALK_KMH: f64 = 15.0;
/// More jobs than any country has.
const MOST_JOBS: f64 = 1e9;

fn is_osm(file: &str) -> bool {
    file.to_lowercase().ends_with(".pbf")
}

/// Takes over what was found about one layer of an extract.
fn adopt(osm: &OsmExtract, layer: &str, findings: &mut Findings) {
    for finding in
        osm.findings.iter().filter(|finding| finding.error.position().layer.as_deref() == Some(layer))
    {
        match finding.severity {
            Severity::Note => findings.note(finding.error.clone()),
            Severity::Warning => findings.warning(finding.error.clone()),
            Severity::Error => findings.error(finding.error.clone()),
        }
    }
}
