//! The main job: from a study area to a table of scored neighbourhoods.

mod change;
mod clusters;
mod cohesion;
mod edge;
mod encounter;
mod equity;
mod green;
mod groups;
mod homes;
mod jobs;
mod measures;
mod neighbourhoods;
mod perception;
mod person_gap;
mod pillars;
mod service_isolation;
mod severance;
mod social_infrastructure;
mod surroundings;
mod table;
mod together;

pub use change::{Change, ChangeTable, DefinitionFound, change};
pub use cohesion::CohesionConditions;
pub use encounter::MEETING_CATEGORIES;
pub use equity::{AccessEquity, CURVE_STEPS, GroupCompleteness, Inequality, equity_table};
pub(crate) use person_gap::person_in;

use self::surroundings::Surroundings;
use crate::access::{Access, Opportunities, measure_access_of};
use crate::model::{Findings, Homes, SAME_PLACE_M, SamePlace, Service, Weight, category, same_places};
use crate::network::{Attachment, BuildOptions, NetworkReport, NotAttached, StreetNetwork, TravelProfile};
use crate::{Error, ErrorKind, FeatureTable, Metres, Progress, Result, StudyArea};
use measures::Measure;
use std::collections::BTreeSet;

/// Name of the essential that is a workplace rather than a service.
pub const WORK: &str = "work";
/// In tables by group: all that homes count by, whatever the groups.
pub const EVERYBODY: &str = "everybody";
/// What everybody should reach on foot.
pub const ESSENTIALS: [&str; 5] =
    [WORK, category::SCHOOL, category::CLINIC, category::PLACE_OF_WORSHIP, category::GREEN_SPACE];
/// Minutes' walk within which the essentials should lie.
pub const STANDARD_MINUTES: f64 = 15.0;
/// A piece of network that this many homes stand on is a place of its own, not an error of the map.
const ISLAND_HOMES: usize = 10;

/// Everything that was found out about a study area.
#[derive(Debug, Clone)]
pub struct Assessment {
    /// The study's name.
    pub name: String,
    /// Whether the data is made, which every output says.
    pub made_data: bool,
    /// What the homes count by, which names the columns that count some of it.
    pub weight: Weight,
    /// One row a neighbourhood, in the order of the study; shapes in the study's metric system.
    pub neighbourhoods: FeatureTable,
    /// One row a home, in the order of the study; points in the study's metric system.
    pub homes: FeatureTable,
    /// Barriers that cut neighbours off from each other, those with most residents affected first.
    pub barriers: FeatureTable,
    /// Places to meet, those that bridge most first.
    pub meeting_places: FeatureTable,
    /// Pairs of neighbouring neighbourhoods, those that share no place to meet first.
    pub neighbour_pairs: FeatureTable,
    /// Which essentials residents lack and how much, by group, over the whole study area; without geometries.
    pub service_isolation: FeatureTable,
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
    /// Who has every category of places within 15 minutes, by group, and what is missing most.
    pub completeness: Vec<GroupCompleteness>,
    /// Indices of the whole study area, by name.
    pub city: Vec<(String, f64)>,
    /// Scores that the data cannot support, each with the reason.
    pub not_assessed: Vec<(String, String)>,
    /// Who travelled, and how fast.
    pub profile: TravelProfile,
    /// What became of the streets.
    pub network: NetworkReport,
    /// Nodes and edges of the network.
    pub network_size: (usize, usize),
    /// Homes and residents that are on no street.
    pub unattached_homes: (usize, f64),
    /// What was read, repaired, dropped and assumed.
    pub findings: Findings,
}

impl Assessment {
    /// Layers and tables beside neighbourhoods and homes, by name; empty where not assessed.
    #[must_use]
    pub fn layers(&self) -> Vec<(&'static str, &FeatureTable)> {
        vec![
            ("barriers", &self.barriers),
            ("meeting_places", &self.meeting_places),
            ("neighbour_pairs", &self.neighbour_pairs),
            ("service_isolation", &self.service_isolation),
        ]
    }
}

/// What was found out about each home, before it is summed up.
struct HomeAccess<'a> {
    homes: &'a Homes,
    attached: Vec<Option<Attachment>>,
    access: Vec<Option<Access>>,
    opportunities: Opportunities,
    /// The essentials that can be assessed, and for each home (if attached) which of them it lacks.
    essentials: Vec<&'static str>,
    lacks: Vec<Option<Vec<bool>>>,
    /// What else is measured of each home: green space, jobs by class and way of travelling, the edge of the study area.
    measures: Vec<Measure>,
}

/// Assesses a study area: access of every home, then scores of every neighbourhood.
///
/// # Errors
/// Those of [`StreetNetwork::build`]; [`ErrorKind::Cancelled`] if `progress` asks to stop. What the data cannot
/// support is not an error: it stands in [`Assessment::not_assessed`] with its reason.
pub fn assess(study: &StudyArea, progress: &dyn Progress) -> Result<Assessment> {
    let profile = TravelProfile::new(study.settings.travel.clone())?;
    let (network, network_report) =
        StreetNetwork::build(&study.streets, profile, BuildOptions::default(), progress)?;
    let mut findings = study.findings.clone();
    let mut not_assessed = Vec::new();

    let max_distance = study.settings.max_snap_distance;
    let homes = &study.homes;
    let inhabited = network.inhabited_components(&homes.locations, ISLAND_HOMES, max_distance);
    let attached = attach_homes(&network, homes, max_distance, &inhabited, progress, &mut findings)?;
    report_same_places(&study.services, &mut findings)?;
    let opportunities = Opportunities::attach(
        &network,
        &study.services,
        &study.green_spaces,
        study.workplaces.as_ref(),
        max_distance,
        &inhabited,
    );
    report_opportunities(&opportunities, &mut findings);
    // All measures on foot share these searches.
    let pairs = opportunities.pairs(&network, &attached, progress)?;
    let access = measure_access_of(&network, &attached, &opportunities, &pairs, progress)?;

    let essentials = essentials_in(&opportunities, &mut not_assessed);
    let lacks = lacking(&access, &opportunities, &essentials, study.settings.jobs_standard);
    let mut measures = green::measures(homes, network.profile(), &opportunities, &pairs, &mut not_assessed)?;
    measures.extend(jobs::measures(study, (&opportunities, &access), &pairs, &mut findings, progress)?);
    measures.extend(edge::measures(study, &network, &attached, progress)?);
    drop(pairs);
    let found = HomeAccess { homes, attached, access, opportunities, essentials, lacks, measures };
    let unattached_homes = found
        .attached
        .iter()
        .zip(&homes.weights)
        .filter(|(attached, _)| attached.is_none())
        .fold((0, 0.0), |(count, people), (_, residents)| (count + 1, people + residents));

    let change = change::between_dates(study, &mut not_assessed, &mut findings, progress)?;
    let groups = groups::Groups::of(study)?;
    if let Some(finding) = groups.finding() {
        findings.note(finding);
    }
    let reaching = (&network, &*found.attached, &found.opportunities);
    let gaps = person_gap::PersonGaps::of(
        study,
        reaching,
        &found.essentials,
        &mut findings,
        &mut not_assessed,
        progress,
    )?;
    let surroundings = Surroundings::of(&network, homes, &found.attached, progress)?;
    let together =
        together::Together::measure(study, &network, (&found, &groups), &mut not_assessed, progress)?;
    let scored = (surroundings.as_ref(), change.as_ref(), gaps.as_ref());
    let mut neighbourhoods = neighbourhoods::table(study, &found, &groups, scored, &together, progress)?;
    edge::tell(study, &neighbourhoods, &mut findings);
    let cohesion = cohesion::five_essentials(&mut neighbourhoods, homes.weight, &mut not_assessed, progress)?;
    let mut city = groups.city(progress, &mut not_assessed)?;
    if let Some(surroundings) = &surroundings {
        city.extend(surroundings.city(progress, &mut not_assessed)?);
    }
    city.extend(gaps.iter().flat_map(|gaps| gaps.city(homes)));
    city.extend(together.city(|name| numbers(&neighbourhoods, name))?);
    let [barriers, meeting_places, neighbour_pairs, service_isolation] = together.layers()?;
    let equity = equity::equity(study, &found, &mut not_assessed)?;
    let completeness = equity::completeness_by_group(study, &found)?;
    Ok(Assessment {
        name: study.name.clone(),
        made_data: study.settings.made_data,
        weight: homes.weight,
        neighbourhoods,
        homes: homes::table(study, &found, &together)?,
        barriers,
        meeting_places,
        neighbour_pairs,
        service_isolation,
        categories: found.opportunities.categories,
        essentials: found.essentials,
        cohesion,
        change: change.map(|change| change.definitions()).unwrap_or_default(),
        equity,
        completeness,
        city,
        not_assessed,
        network_size: (network.node_count(), network.edge_count()),
        profile: network.profile().clone(),
        network: network_report,
        unattached_homes,
        findings,
    })
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

fn attach_homes(
    network: &StreetNetwork,
    homes: &Homes,
    max_distance: Metres,
    inhabited: &[bool],
    progress: &dyn Progress,
    findings: &mut Findings,
) -> Result<Vec<Option<Attachment>>> {
    progress.start("finding the street of every home", homes.len() as u64);
    let results: Vec<Result<Attachment, NotAttached>> =
        homes.locations.iter().map(|&home| network.attach(home, max_distance, inhabited)).collect();
    progress.advance(homes.len() as u64);
    let far: Vec<usize> = (0..homes.len()).filter(|&home| results[home].is_err()).collect();
    if let Some(&first) = far.first() {
        let nearest = match results[first] {
            Err(NotAttached { nearest_m: Some(distance) }) => {
                format!("its nearest street is {distance:.0} m away")
            }
            _ => "there is no street".to_owned(),
        };
        let message = format!(
            "{} of {} homes are farther than {:.0} m from every street and count for no access",
            far.len(),
            homes.len(),
            max_distance.get()
        );
        findings.warning(
            Error::new(ErrorKind::Study, message)
                .in_layer("homes")
                .with_id(&homes.ids[first])
                .hint(format!("{nearest}; are streets missing, or is `max_snap_distance_m` too small?")),
        );
    }
    Ok(results.into_iter().map(Result::ok).collect())
}

/// Says which services seem to be listed twice, before they are counted.
fn report_same_places(services: &[Service], findings: &mut Findings) -> Result<()> {
    let same = same_places(services, Metres::new(SAME_PLACE_M)?);
    let Some(first) = same.first() else { return Ok(()) };
    let tell = |pair: &SamePlace| {
        let (one, other) = (&services[pair.first], &services[pair.second]);
        let name = one.name.as_deref().unwrap_or_default();
        format!("{} and {} ({name}, {}, {:.0} m apart)", one.id, other.id, one.category, pair.distance_m)
    };
    let few: Vec<String> = same.iter().take(3).map(tell).collect();
    let more = if same.len() > few.len() { ", …" } else { "" };
    let twice: BTreeSet<usize> = same.iter().map(|pair| pair.second).collect();
    let message = format!(
        "{} of {} services seem to be listed twice: {}{more}",
        twice.len(),
        services.len(),
        few.join(", ")
    );
    findings.warning(
        Error::new(ErrorKind::Study, message)
            .in_layer("services")
            .with_id(&services[first.second].id)
            .hint("both are counted; leave one out with `where`, or drop one of the two sources"),
    );
    Ok(())
}

fn report_opportunities(opportunities: &Opportunities, findings: &mut Findings) {
    let mut far = |layer: &str, ids: &[String]| {
        if let Some(first) = ids.first() {
            let message = format!("{} are too far from every street and count for nobody", ids.len());
            findings.warning(Error::new(ErrorKind::Study, message).in_layer(layer).with_id(first));
        }
    };
    far("services", &opportunities.unattached_services);
    far("green_space", &opportunities.unattached_green_spaces);
    if opportunities.unattached_jobs > 0.0 {
        let message = format!(
            "{:.0} jobs are too far from every street and count for nobody",
            opportunities.unattached_jobs
        );
        findings.warning(Error::new(ErrorKind::Study, message).in_layer("jobs"));
    }
    if opportunities.inferred_entrances > 0 {
        let message = format!(
            "{} green spaces have no listed entrance: they are entered where streets meet or pass their edge",
            opportunities.inferred_entrances
        );
        findings.note(Error::new(ErrorKind::Study, message).in_layer("green_space"));
    }
}

fn essentials_in(
    opportunities: &Opportunities,
    not_assessed: &mut Vec<(String, String)>,
) -> Vec<&'static str> {
    let is_there = |name: &str| match name {
        WORK => opportunities.has_jobs,
        _ => opportunities.categories.iter().any(|category| category == name),
    };
    let (there, absent): (Vec<_>, Vec<_>) = ESSENTIALS.into_iter().partition(|name| is_there(name));
    for name in absent {
        let layer = if name == WORK { "jobs layer" } else { "service of this category" };
        not_assessed
            .push((format!("access to {}", name.replace('_', " ")), format!("the study has no {layer}")));
    }
    if there.len() <= crate::scores::service_isolation::LACKING_AT_LEAST {
        let reason = format!("only {} of the five essentials are in the data", there.len());
        not_assessed.push(("service isolation".into(), reason));
    }
    there
}

fn lacking(
    access: &[Option<Access>],
    opportunities: &Opportunities,
    essentials: &[&str],
    jobs_standard: f64,
) -> Vec<Option<Vec<bool>>> {
    let lacks = |access: &Access, essential: &str| match essential {
        WORK => access.jobs[0] < jobs_standard,
        _ => {
            let index = opportunities.categories.iter().position(|category| category == essential);
            let closest = index.and_then(|index| access.closest[index]);
            closest.is_none_or(|minutes| minutes > STANDARD_MINUTES)
        }
    };
    access
        .iter()
        .map(|access| {
            access.as_ref().map(|access| essentials.iter().map(|name| lacks(access, name)).collect())
        })
        .collect()
}

/// A column of numbers, if the table has it.
fn numbers(table: &FeatureTable, column: &str) -> Option<Vec<Option<f64>>> {
    Some(table.attributes.column(column).ok()?.f64().ok()?.iter().collect())
}

/// Residents of each neighbourhood, over all homes (`None`) or of a group.
fn people(homes: &Homes, counts: &[f64], neighbourhoods: usize) -> Vec<f64> {
    let mut sums = vec![0.0; neighbourhoods];
    for (neighbourhood, count) in homes.neighbourhoods.iter().zip(counts) {
        if let Some(neighbourhood) = neighbourhood {
            sums[*neighbourhood as usize] += count;
        }
    }
    sums
}
