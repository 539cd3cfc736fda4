//! The main job: from a study area to everything that its measures find.

pub use crate::measure::{AccessEquity, CohesionConditions, DefinitionFound, GroupCompleteness, Inequality};
pub use crate::measures::encounter::MEETING_CATEGORIES;
pub use crate::measures::equity::{CURVE_STEPS, equity_table};
pub use crate::measures::gentrification::{Change, ChangeTable, change};
pub use crate::model::standard::{ESSENTIALS, EVERYBODY, STANDARD_MINUTES, WORK};

use crate::measure::{Context, Described, Detail, Key, Measure, Record, Table, Trips, described_table};
use crate::measures::MEASURES;
use crate::model::{Findings, Homes, Weight};
use crate::network::{Attachment, BuildOptions, NetworkReport, StreetNetwork, TravelProfile};
use crate::{ErrorKind, FeatureTable, Progress, Result, StudyArea};

/// Everything that was found out about a study area.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Assessment {
    /// The study's name.
    pub name: String,
    /// Whether the data is made, which every output says.
    pub made_data: bool,
    /// What the homes count by, which names the columns that count some of it.
    pub weight: Weight,
    /// Categories of services that were looked for.
    pub categories: Vec<String>,
    /// The essentials that the data allows to assess.
    pub essentials: Vec<&'static str>,
    /// Cohesion conditions by the preset of five essentials, where the data allows.
    pub cohesion: Option<CohesionConditions>,
    /// Definitions of gentrification that the data supports, in the order of their columns.
    pub change: Vec<DefinitionFound>,
    /// Every measure of access by group of residents, with how unequally it is shared.
    pub equity: Vec<AccessEquity>,
    /// Who has every category of services within 15 minutes, by group, and what is missing most.
    pub completeness: Vec<GroupCompleteness>,
    /// Numbers of the whole study area.
    pub city: Vec<Record>,
    /// Scores that the data cannot support, each with the reason.
    pub not_assessed: Vec<(String, String)>,
    /// Who travelled, and how fast.
    pub profile: TravelProfile,
    /// How the street network was built: counts by reason.
    pub network: NetworkReport,
    /// Nodes and edges of the network.
    pub network_size: (usize, usize),
    /// Who is counted, and who is left out.
    pub population: Population,
    /// What was read, repaired, dropped and assumed.
    pub findings: Findings,
    /// The measures that found something, in the order in which they ran.
    pub assessed: Vec<&'static Measure>,
    neighbourhoods: Table,
    homes: Table,
    layers: Vec<(&'static str, Table)>,
}

/// Who is counted in what is said of the city, and who is left out, each home once: number of homes, and what they count for.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Population {
    /// In a neighbourhood and on a street: these count in access, its equity and isolation.
    pub counted: (usize, f64),
    /// In a neighbourhood, but on no street: these count in who lives where only.
    pub on_no_street: (usize, f64),
    /// Outside all neighbourhoods: these count nowhere.
    pub outside: (usize, f64),
}

impl Population {
    fn of(homes: &Homes, attached: &[Option<Attachment>]) -> Self {
        let mut population = Self::default();
        for ((weight, neighbourhood), attached) in
            homes.weights.iter().zip(&homes.neighbourhoods).zip(attached)
        {
            let (count, sum) = match (neighbourhood, attached) {
                (None, _) => &mut population.outside,
                (Some(_), None) => &mut population.on_no_street,
                (Some(_), Some(_)) => &mut population.counted,
            };
            *count += 1;
            *sum += weight;
        }
        population
    }

    /// What homes in the neighbourhoods count for, on a street or not.
    #[must_use]
    pub fn in_neighbourhoods(&self) -> f64 {
        self.counted.1 + self.on_no_street.1
    }
}

/// Which table of an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scope {
    /// One row per neighbourhood.
    Neighbourhoods,
    /// One row per home.
    Homes,
}

impl Assessment {
    /// One row per neighbourhood or home, in the order of the study; shapes in the study's metric system.
    #[must_use]
    pub fn table(&self, scope: Scope) -> &Table {
        match scope {
            Scope::Neighbourhoods => &self.neighbourhoods,
            Scope::Homes => &self.homes,
        }
    }

    /// The table of neighbourhoods.
    #[must_use]
    pub fn neighbourhoods(&self) -> &Table {
        &self.neighbourhoods
    }

    /// The table of homes.
    #[must_use]
    pub fn homes(&self) -> &Table {
        &self.homes
    }

    /// Layers and tables beside neighbourhoods and homes, by name; those that were not assessed are not among them.
    ///
    /// `barriers` cut neighbours off from each other, `meeting_places` bridge groups, `neighbour_pairs` share places to meet
    /// or none, and `service_isolation` says which essentials each group lacks.
    #[must_use]
    pub fn layers(&self) -> &[(&'static str, Table)] {
        &self.layers
    }

    /// A layer by its name; `None` if it was not assessed.
    #[must_use]
    pub fn layer(&self, name: &str) -> Option<&Table> {
        self.layers.iter().find(|(known, _)| *known == name).map(|(_, table)| table)
    }

    /// Every column of every table, and every number of the city: the table (`city` of those), the name, what is known of it.
    ///
    /// # Errors
    /// None in practice: the columns of a table have one length.
    pub fn columns(&self) -> Result<Vec<(&'static str, String, Described)>> {
        let equity = equity_table(&self.equity, self.weight)?;
        let own = [("neighbourhoods", &self.neighbourhoods), ("homes", &self.homes), ("equity", &equity)];
        let tables = own.into_iter().chain(self.layers.iter().map(|(name, table)| (*name, table)));
        let keys = tables.flat_map(|(name, table)| table.keys().iter().map(move |key| (name, key)));
        let keys = keys.chain(self.city.iter().map(|record| ("city", &record.key)));
        let described =
            |(table, key): (&'static str, &Key)| (table, key.name(self.weight), key.described(self.weight));
        Ok(keys.map(described).collect())
    }

    /// The same as a table, to stand beside the results: `table`, `name`, `label`, `unit`, `better` (`more`, `less`, or
    /// empty), `theme`, `measure`, `meaning`, `not_meaning`.
    ///
    /// # Errors
    /// As for [`Assessment::columns`].
    pub fn columns_table(&self) -> Result<FeatureTable> {
        described_table(&self.columns()?)
    }

    /// A number of the whole study area by the name of its key (`dissimilarity_black`); `None` if it was not assessed.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<f64> {
        self.record(name).map(|record| record.value)
    }

    /// A record of the whole study area by the name of its key; `None` if it was not assessed.
    #[must_use]
    pub fn record(&self, name: &str) -> Option<&Record> {
        self.city.iter().find(|record| record.key.name(self.weight) == name)
    }
}

/// Assesses a study area: every measure in turn, each with what the ones before it found.
///
/// # Errors
/// Those of [`StreetNetwork::build`]; [`ErrorKind::Cancelled`] if `progress` asks to stop. What the
/// data cannot support is not an error: it stands in [`Assessment::not_assessed`] with its reason.
pub fn assess(study: &StudyArea, progress: &dyn Progress) -> Result<Assessment> {
    let profile = TravelProfile::new(study.settings.travel.clone())?;
    let walk = Trips::of(study, profile, progress)?;
    let opportunities = walk.opportunities(study);
    let pairs = opportunities.pairs(walk.streets(), walk.homes(), progress)?;
    let mut context = Context::new(study, &walk, (&opportunities, &pairs), progress)?;
    for measure in MEASURES {
        context.run(measure)?;
    }
    let population = Population::of(&study.homes, walk.homes());
    let (neighbourhoods, homes, found, essentials) = context.finish()?;
    let mut findings = study.findings.clone();
    findings.append(found.notes);
    let mut assessment = Assessment {
        name: study.name.clone(),
        made_data: study.settings.made_data,
        weight: study.homes.weight,
        categories: opportunities.categories.clone(),
        essentials,
        cohesion: None,
        change: Vec::new(),
        equity: Vec::new(),
        completeness: Vec::new(),
        city: found.city,
        not_assessed: found.not_assessed,
        profile: walk.profile().clone(),
        network: walk.report().clone(),
        network_size: (walk.streets().node_count(), walk.streets().edge_count()),
        population,
        findings,
        assessed: found.assessed,
        neighbourhoods,
        homes,
        layers: found.layers,
    };
    for detail in found.details {
        match detail {
            Detail::Cohesion(found) => assessment.cohesion = Some(*found),
            Detail::Change(found) => assessment.change = found,
            Detail::Equity(equity, completeness) => {
                (assessment.equity, assessment.completeness) = (equity, completeness);
            }
        }
    }
    Ok(assessment)
}

/// What would stop [`assess`] in a study that was read without an error: the streets are built for everyone who travels.
///
/// # Errors
/// [`ErrorKind::Cancelled`] if `progress` asks to stop; all else is a finding.
pub fn check(study: &StudyArea, progress: &dyn Progress) -> Result<Findings> {
    let mut findings = Findings::default();
    for settings in std::iter::once(&study.settings.travel).chain(&study.settings.modes) {
        let built = TravelProfile::new(settings.clone()).and_then(|profile| {
            StreetNetwork::build(&study.streets, profile, BuildOptions::default(), progress).map(drop)
        });
        match built {
            Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
            Err(error) => findings.error(error.in_layer("streets")),
            Ok(()) => {}
        }
    }
    Ok(findings)
}
