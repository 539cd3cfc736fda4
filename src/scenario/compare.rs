//! Before and after: who stays, who comes, who leaves, who wins and who loses, for every measure and group.

use super::apply::{Receipt, apply};
use super::change::{Change, Scenario};
use super::decompose::{Balance, Decomposition, HomeChange, balance, decompose};
use crate::access::{Access, Opportunities, measure_access};
use crate::network::{Attachment, BuildOptions, StreetNetwork, TravelProfile};
use crate::{Error, ErrorKind, Progress, Result, StudyArea};

/// Differences of minutes up to this are none.
pub const TOLERANCE_MINUTES: f64 = 1.0;
/// Differences of jobs up to this share of those before are none.
pub const TOLERANCE_JOBS: f64 = 0.05;
/// Rounding of streets that were split, in minutes; beyond it a loss by an added street is an error.
const ROUNDING_MINUTES: f64 = 0.02;
/// Homes that make a piece of the network a place of its own.
const ISLAND_HOMES: usize = 10;

/// One measure for one group.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleChange {
    /// "minutes to clinic", "jobs within 30 minutes".
    pub measure: String,
    /// Name of the group; "everybody" for all.
    pub group: String,
    /// Means and their parts, exactly.
    pub parts: Decomposition,
    /// Winners and losers among those who stay.
    pub who: Balance,
    /// People who stay and reach such a place for the first time, and who reach none any more.
    pub reach: (f64, f64),
}

/// A home that loses.
#[derive(Debug, Clone, PartialEq)]
pub struct Loser {
    /// Its id.
    pub home: String,
    /// The category that is farther.
    pub category: String,
    /// Minutes before.
    pub before: f64,
    /// Minutes after; `None` if none is within the search any more.
    pub after: Option<f64>,
    /// People who stay there.
    pub people: f64,
}

/// Minutes of a home to the closest place of each category, before and after; `None` where none is within the search.
pub type BeforeAfter = (Vec<Option<f64>>, Vec<Option<f64>>);

/// A scenario beside the study that it changes.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// Name of the scenario.
    pub name: String,
    /// Id of its content.
    pub id: String,
    /// What each change touched.
    pub receipts: Vec<Receipt>,
    /// Every measure of access by group, everybody first.
    pub people: Vec<PeopleChange>,
    /// Homes that lose most, by person-minutes, the worst first.
    pub losers: Vec<Loser>,
    /// Categories, in the order of the minutes of homes.
    pub categories: Vec<String>,
    /// The changed study.
    pub changed: StudyArea,
    /// For each home of the changed study, minutes to the closest place of each category before and after.
    pub homes: Vec<BeforeAfter>,
}

/// Scores that a scenario does not move, because they come from counts of people or of years.
pub const NOT_MODELLED: &str = "gentrification, prices and indicators of a census: a scenario does not model them, so that \
     they are neither changed nor confirmed";

/// A study measured once, to be compared with many scenarios.
pub struct Base<'a> {
    study: &'a StudyArea,
    network: StreetNetwork,
    measured: Measured,
}

struct Measured {
    categories: Vec<String>,
    access: Vec<Option<Access>>,
}

impl<'a> Base<'a> {
    /// Measures the study as it is.
    ///
    /// # Errors
    /// Those of [`StreetNetwork::build`]; [`ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn new(study: &'a StudyArea, progress: &dyn Progress) -> Result<Self> {
        let network = build(study, progress)?;
        let measured = measure(study, &network, progress)?;
        Ok(Self { study, network, measured })
    }

    /// Compares a scenario. Streets that do not change are not built again.
    ///
    /// # Errors
    /// Those of [`apply`]; [`ErrorKind::Study`] with the home's id if an added service or street makes a walk longer, or a
    /// closing makes one shorter: that is a fault of data or of this library, and no result.
    pub fn compare(&self, scenario: &Scenario, progress: &dyn Progress) -> Result<Comparison> {
        let (changed, receipts) = apply(self.study, scenario)?;
        let after = if scenario.changes.iter().any(Change::is_of_streets) {
            measure(&changed, &build(&changed, progress)?, progress)?
        } else {
            measure(&changed, &self.network, progress)?
        };
        let mut categories = self.measured.categories.clone();
        categories
            .extend(after.categories.iter().filter(|name| !self.measured.categories.contains(name)).cloned());
        let minutes = |measured: &Measured, home: usize| -> Vec<Option<f64>> {
            let access = measured.access.get(home).and_then(Option::as_ref);
            let of = |name: &String| {
                let at = measured.categories.iter().position(|known| known == name)?;
                access?.closest[at]
            };
            categories.iter().map(of).collect()
        };
        let homes: Vec<BeforeAfter> = (0..changed.homes.len())
            .map(|home| (minutes(&self.measured, home), minutes(&after, home)))
            .collect();
        self.check(scenario, &homes, &categories)?;
        let mut people = Vec::new();
        for (at, name) in categories.iter().enumerate() {
            let measure = format!("minutes to {}", name.replace('_', " "));
            let values = |home: usize| (homes[home].0[at], homes[home].1[at]);
            people.extend(self.by_group(&changed, &measure, &values, Some(TOLERANCE_MINUTES))?);
        }
        if self.study.workplaces.is_some() {
            let jobs = |measured: &Measured, home: usize| {
                measured.access.get(home).and_then(Option::as_ref).map(|access| access.jobs[1])
            };
            let values = |home: usize| (jobs(&self.measured, home), jobs(&after, home));
            people.extend(self.by_group(&changed, "jobs within 30 minutes", &values, None)?);
        }
        Ok(Comparison {
            name: scenario.name.clone(),
            id: scenario.id(),
            losers: self.losers(&changed, &homes, &categories),
            receipts,
            people,
            categories,
            changed,
            homes,
        })
    }

    fn by_group(
        &self,
        changed: &StudyArea,
        measure: &str,
        values: &dyn Fn(usize) -> (Option<f64>, Option<f64>),
        tolerance_minutes: Option<f64>,
    ) -> Result<Vec<PeopleChange>> {
        let before = &self.study.homes;
        let groups = before.groups.iter().zip(&changed.homes.groups);
        let everybody = ("everybody", before.weights.as_slice(), changed.homes.weights.as_slice());
        let named = groups
            .map(|(before, after)| (before.name.as_str(), before.counts.as_slice(), after.counts.as_slice()));
        let mut found = Vec::new();
        for (group, people_before, people_after) in std::iter::once(everybody).chain(named) {
            let homes: Vec<HomeChange> = (0..changed.homes.len())
                .map(|home| {
                    let (before, after) = values(home);
                    let people_before = people_before.get(home).copied().unwrap_or(0.0);
                    HomeChange { people_before, people_after: people_after[home], before, after }
                })
                .collect();
            let mean = homes.iter().filter_map(|home| home.before).sum::<f64>() / homes.len().max(1) as f64;
            let tolerance = tolerance_minutes.unwrap_or(TOLERANCE_JOBS * mean);
            let reached = |gains: bool| -> f64 {
                let switched =
                    |home: &&HomeChange| home.before.is_none() == gains && home.after.is_none() != gains;
                homes.iter().filter(switched).map(HomeChange::stayers).fold(0.0, |sum, people| sum + people)
            };
            found.push(PeopleChange {
                measure: measure.to_owned(),
                group: group.to_owned(),
                parts: decompose(&homes)?,
                who: balance(&homes, tolerance_minutes.is_some(), tolerance)?,
                reach: (reached(true), reached(false)),
            });
        }
        Ok(found)
    }

    /// Whether what only adds makes nobody's walk longer, and what only closes makes none shorter.
    fn check(&self, scenario: &Scenario, homes: &[BeforeAfter], categories: &[String]) -> Result<()> {
        let all = |is: &dyn Fn(&Change) -> bool| scenario.changes.iter().all(is);
        let only_adds = all(&|change| {
            matches!(
                change,
                Change::AddService { .. }
                    | Change::AddStreet { .. }
                    | Change::AddHomes { .. }
                    | Change::SetCapacity { .. }
            )
        });
        let only_closes = all(&|change| {
            matches!(
                change,
                Change::CloseService { .. } | Change::RemoveStreet { .. } | Change::SetCapacity { .. }
            )
        });
        let far = |minutes: Option<f64>| minutes.unwrap_or(f64::INFINITY);
        for (number, id) in self.study.homes.ids.iter().enumerate() {
            let (before, after) = &homes[number];
            for (at, name) in categories.iter().enumerate() {
                let (before, after) = (far(before[at]), far(after[at]));
                let (from, to) = if only_adds { (before, after) } else { (after, before) };
                if (only_adds || only_closes) && to > from + ROUNDING_MINUTES {
                    let what =
                        if only_adds { "longer by what only adds" } else { "shorter by what only closes" };
                    let message =
                        format!("the walk to {name} gets {what}: {before:.2} before, {after:.2} after");
                    return Err(Error::new(ErrorKind::Study, message)
                        .in_layer("homes")
                        .with_id(id.as_str())
                        .hint("is a street of the study cut, or does the home join another street? this is no result"));
                }
            }
        }
        Ok(())
    }

    fn losers(&self, changed: &StudyArea, homes: &[BeforeAfter], categories: &[String]) -> Vec<Loser> {
        const MOST: usize = 20;
        let mut found: Vec<(f64, Loser)> = Vec::new();
        for (number, id) in self.study.homes.ids.iter().enumerate() {
            let people = self.study.homes.weights[number].min(changed.homes.weights[number]);
            for (at, category) in categories.iter().enumerate() {
                let (Some(before), after) = (homes[number].0[at], homes[number].1[at]) else { continue };
                let lost =
                    after.unwrap_or(Opportunities::SEARCH_LIMIT.max(before + TOLERANCE_MINUTES)) - before;
                if people > 0.0 && lost > TOLERANCE_MINUTES {
                    let loser = Loser { home: id.clone(), category: category.clone(), before, after, people };
                    found.push((lost * people, loser));
                }
            }
        }
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.home.cmp(&b.1.home)));
        found.truncate(MOST);
        found.into_iter().map(|(_, loser)| loser).collect()
    }
}

fn build(study: &StudyArea, progress: &dyn Progress) -> Result<StreetNetwork> {
    let profile = TravelProfile::new(study.settings.travel.clone())?;
    Ok(StreetNetwork::build(&study.streets, profile, BuildOptions::default(), progress)?.0)
}

fn measure(study: &StudyArea, network: &StreetNetwork, progress: &dyn Progress) -> Result<Measured> {
    let distance = study.settings.max_snap_distance;
    let inhabited = network.inhabited_components(&study.homes.locations, ISLAND_HOMES, distance);
    let homes: Vec<Option<Attachment>> =
        study.homes.locations.iter().map(|&home| network.attach(home, distance, &inhabited).ok()).collect();
    let opportunities = Opportunities::attach(
        network,
        &study.services,
        &study.green_spaces,
        study.workplaces.as_ref(),
        distance,
        &inhabited,
    );
    let access = measure_access(network, &homes, &opportunities, progress)?;
    Ok(Measured { categories: opportunities.categories.clone(), access })
}
