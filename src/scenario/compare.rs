//! Before and after: who stays, who comes, who leaves, who wins and who loses, for every measure of access, group and traveller.

use super::apply::{Applied, Receipt, apply};
use super::change::{Change, Scenario};
use super::decompose::{
    Balance, Decomposition, HomeChange, Tolerance, balance_within, decompose, out_of_reach,
};
use super::displacement::{Displacement, displacement};
use super::measured::{Column, Reached};
use super::rejoined::Rejoined;
use super::sanity;
use crate::measure::{Key, Scale, Unit};
use crate::model::category::GREEN_SPACE;
use crate::model::{Service, Traveller};
use crate::network::{Itinerary, route};
use crate::{Error, ErrorKind, Progress, Result, StudyArea};
use std::sync::Arc;

/// Differences of minutes up to this are none.
pub const TOLERANCE_MINUTES: f64 = 1.0;
/// Differences of what is counted (jobs, places, square metres) up to this share of what there was before are none.
pub const TOLERANCE_SHARE: f64 = 0.05;
/// Whom a row of all residents is about.
pub const EVERYBODY: &str = "everybody";

/// One measure of access for one group.
#[derive(Debug, Clone, PartialEq)]
pub struct PeopleChange {
    /// Name of the column of homes: `clinic_minutes`.
    pub measure: String,
    /// What it is called: "Walk to clinic".
    pub label: String,
    /// What its numbers are.
    pub unit: Unit,
    /// Who travels.
    pub traveller: Traveller,
    /// Name of the group; [`EVERYBODY`] for all.
    pub group: String,
    /// Means and their parts, exactly.
    pub parts: Decomposition,
    /// Winners and losers among those who stay. Who reaches a place for the first time has gained; who reaches none any more
    /// has lost.
    pub who: Balance,
    /// People who stay and reach such a place for the first time, and who reach none any more.
    pub reach: (f64, f64),
}

/// A measure of access of every home of the changed study, before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnChange {
    /// What it is.
    pub key: Key,
    /// Who travels.
    pub traveller: Traveller,
    /// `None` where it is not known, or out of reach.
    pub before: Vec<Option<f64>>,
    /// As `before`; and not known where a street closes and whoever stands on it joins one from which it would be better.
    pub after: Vec<Option<f64>>,
    /// Whether the home is on the streets before and after, so that `None` is out of reach rather than unknown.
    pub on_street: Vec<bool>,
}

/// A home that loses.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Loser {
    /// Its id.
    pub home: String,
    /// The category that is farther.
    pub category: String,
    /// Who travels.
    pub traveller: Traveller,
    /// Minutes before.
    pub before: f64,
    /// Minutes after; `None` if none is within the search any more.
    pub after: Option<f64>,
    /// People who stay there.
    pub people: f64,
}

/// The way of a home to the closest place of a category.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    /// Id of the place.
    pub to: String,
    /// What people call it, or its id.
    pub name: String,
    /// The streets.
    pub itinerary: Itinerary,
}

/// A scenario beside the study that it changes.
#[derive(Clone)]
pub struct Comparison {
    /// Name of the scenario.
    pub name: String,
    /// Id of its content.
    pub id: String,
    /// What each change touched.
    pub receipts: Vec<Receipt>,
    /// Every measure of access by group and traveller, everybody first.
    pub people: Vec<PeopleChange>,
    /// Homes that lose most, by person-minutes, the worst first.
    pub losers: Vec<Loser>,
    /// Every measure of access, home by home.
    pub columns: Vec<ColumnChange>,
    /// Who would have to move, and what is built beside whom.
    pub displacement: Displacement,
    /// What was assumed on the way, a sentence each.
    pub assumptions: Vec<String>,
    /// The changed study. Its homes are those of the study, then those that were added.
    pub changed: StudyArea,
    after: Arc<Vec<Reached>>,
}

/// Columns of a traveller before and after; one that is on one side alone is unknown on the other.
fn pairs((before, after): (&Reached, &Reached), columns: (&[Column], &[Column])) -> Vec<ColumnChange> {
    let count = after.trips.homes().len();
    let traveller = before.trips.profile().traveller();
    let placed = |one: &Reached, home: usize| one.trips.homes().get(home).is_some_and(Option::is_some);
    // A home that is new is on the streets if it is now; what it had before is not asked.
    let is_new = |home: usize| home >= before.trips.homes().len();
    let on_street: Vec<bool> =
        (0..count).map(|home| placed(after, home) && (is_new(home) || placed(before, home))).collect();
    let values = |column: Option<&Column>| -> Vec<Option<f64>> {
        let mut values = column.map(|(_, values)| values.clone()).unwrap_or_default();
        values.resize(count, None);
        values
    };
    let of = |columns: &[Column], key: &Key| columns.iter().find(|(known, _)| known == key).cloned();
    let mut keys: Vec<&Key> = columns.0.iter().map(|(key, _)| key).collect();
    let only_after = columns.1.iter().map(|(key, _)| key);
    let known: Vec<&Key> = keys.clone();
    keys.extend(only_after.filter(|key| !known.contains(key)));
    keys.into_iter()
        .map(|key| ColumnChange {
            key: key.clone(),
            traveller: key.subject.traveller.unwrap_or(traveller),
            before: values(of(columns.0, key).as_ref()),
            after: values(of(columns.1, key).as_ref()),
            on_street: on_street.clone(),
        })
        .collect()
}

/// A study measured once, to be compared with many scenarios.
pub struct Base<'a> {
    study: &'a StudyArea,
    reached: Vec<Reached>,
}

impl<'a> Base<'a> {
    /// Measures the study as it is.
    ///
    /// # Errors
    /// Those of [`crate::network::StreetNetwork::build`]; [`ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn new(study: &'a StudyArea, progress: &dyn Progress) -> Result<Self> {
        Ok(Self { study, reached: Reached::of_all(study, progress)? })
    }

    /// The study as it is.
    #[must_use]
    pub fn study(&self) -> &'a StudyArea {
        self.study
    }

    /// Compares a scenario. What the scenario does not touch is not measured again.
    ///
    /// # Errors
    /// Those of [`apply`]; [`ErrorKind::Study`] with the home's id if an added service or street makes a walk longer, or a
    /// closing makes one shorter: that is a fault of data or of this library, and no result.
    pub fn compare(&self, scenario: &Scenario, progress: &dyn Progress) -> Result<Comparison> {
        let Applied { changed, receipts, added_streets, built, mut assumptions } =
            apply(self.study, scenario)?;
        let studies = (self.study, &changed);
        let after = |one: &Reached| one.after(studies, (scenario, &added_streets), progress);
        let after = self.reached.iter().map(after).collect::<Result<Vec<_>>>()?;
        let mut columns: Vec<ColumnChange> = Vec::new();
        for pair in self.reached.iter().zip(&after) {
            let mut of_traveller = pairs(pair, (&pair.0.columns, &pair.1.columns));
            let rejoined = Rejoined::of(scenario, studies, pair);
            sanity::check(scenario, &self.study.homes.ids, &mut of_traveller, &rejoined)?;
            if columns.is_empty() {
                assumptions.extend(rejoined.sentence(scenario, self.study));
            }
            columns.extend(of_traveller);
        }
        if let (Some(pair), true) =
            (self.reached.iter().zip(&after).next(), scenario.changes.iter().any(Change::is_of_lines))
        {
            let before = pair.0.by_transit(self.study, progress)?;
            columns.extend(pairs(pair, (&before, &pair.1.by_transit(&changed, progress)?)));
        }
        let mut people = Vec::new();
        for column in &columns {
            people.extend(self.by_group(&changed, column)?);
        }
        Ok(Comparison {
            name: scenario.name.clone(),
            id: scenario.id(),
            losers: self.losers(&changed, &columns),
            displacement: displacement(self.study, &changed, &built),
            receipts,
            people,
            columns,
            assumptions,
            changed,
            after: Arc::new(after),
        })
    }

    fn by_group(&self, changed: &StudyArea, column: &ColumnChange) -> Result<Vec<PeopleChange>> {
        let before = &self.study.homes;
        let groups = before.groups.iter().zip(&changed.homes.groups);
        let everybody = (EVERYBODY, before.weights.as_slice(), changed.homes.weights.as_slice());
        let named = groups
            .map(|(before, after)| (before.name.as_str(), before.counts.as_slice(), after.counts.as_slice()));
        let unit = column.key.column.unit;
        let less_is_better = column.key.column.scale == Scale::MoreIsWorse;
        let tolerance = match unit {
            Unit::Minutes => Tolerance::Amount(TOLERANCE_MINUTES),
            _ => Tolerance::Share(TOLERANCE_SHARE),
        };
        let mut found = Vec::new();
        for (group, people_before, people_after) in std::iter::once(everybody).chain(named) {
            let homes: Vec<HomeChange> = (0..changed.homes.len())
                .map(|home| HomeChange {
                    people_before: people_before.get(home).copied().unwrap_or(0.0),
                    people_after: people_after[home],
                    before: column.before[home],
                    after: column.after[home],
                })
                .collect();
            let mut who = balance_within(&homes, less_is_better, tolerance)?;
            let mut reach = (0.0, 0.0);
            if unit == Unit::Minutes {
                reach = out_of_reach(&homes, &column.on_street, &mut who);
            }
            found.push(PeopleChange {
                measure: column.key.name(self.study.homes.weight),
                label: column.key.label(self.study.homes.weight),
                unit,
                traveller: column.traveller,
                group: group.to_owned(),
                parts: decompose(&homes)?,
                who,
                reach,
            });
        }
        Ok(found)
    }

    fn losers(&self, changed: &StudyArea, columns: &[ColumnChange]) -> Vec<Loser> {
        const MOST: usize = 20;
        let mut found: Vec<(f64, Loser)> = Vec::new();
        for column in columns.iter().filter(|column| column.category().is_some()) {
            for (number, id) in self.study.homes.ids.iter().enumerate() {
                let people = self.study.homes.weights[number].min(changed.homes.weights[number]);
                let (Some(before), after) = (column.before[number], column.after[number]) else { continue };
                let limit = crate::access::Opportunities::SEARCH_LIMIT;
                let lost = after.unwrap_or(limit.max(before + 2.0 * TOLERANCE_MINUTES)) - before;
                if people > 0.0 && column.on_street[number] && lost > TOLERANCE_MINUTES {
                    let loser = Loser {
                        home: id.clone(),
                        category: column.category().unwrap_or_default().to_owned(),
                        traveller: column.traveller,
                        before,
                        after,
                        people,
                    };
                    found.push((lost * people, loser));
                }
            }
        }
        found.sort_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then_with(|| a.1.home.cmp(&b.1.home))
                .then_with(|| a.1.category.cmp(&b.1.category))
                .then_with(|| a.1.traveller.cmp(&b.1.traveller))
        });
        found.truncate(MOST);
        found.into_iter().map(|(_, loser)| loser).collect()
    }

    /// The ways of a home to the closest place of a category, before and after; `None` where there is none.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if nobody travels so, or no home has the id; [`ErrorKind::Cancelled`].
    pub fn ways(
        &self,
        compared: &Comparison,
        (home, category, traveller): (&str, &str, Traveller),
        progress: &dyn Progress,
    ) -> Result<(Option<Way>, Option<Way>)> {
        let wrong = |message: String| Error::new(ErrorKind::Parameter, message);
        let number = compared.changed.homes.ids.iter().position(|id| id == home);
        let number = number.ok_or_else(|| wrong(format!("no home has the id `{home}`")))?;
        let travels = |one: &&Reached| one.trips.profile().traveller() == traveller;
        let before = self.reached.iter().find(travels);
        let after = compared.after.iter().find(travels);
        let (Some(before), Some(after)) = (before, after) else {
            return Err(wrong(format!("nobody travels as `{}` in this comparison", traveller.name())));
        };
        Ok((
            way(self.study, before, number, category, progress)?,
            way(&compared.changed, after, number, category, progress)?,
        ))
    }
}

fn way(
    study: &StudyArea,
    reached: &Reached,
    home: usize,
    category: &str,
    progress: &dyn Progress,
) -> Result<Option<Way>> {
    let Some(Some(from)) = reached.trips.homes().get(home) else { return Ok(None) };
    let network = reached.trips.streets();
    // Only places of the category are put on the streets: all of a city take seconds, for every loser again.
    let services: Vec<Service> =
        study.services.iter().filter(|one| one.category == category).cloned().collect();
    let green = if category == GREEN_SPACE { &study.green_spaces[..] } else { &[] };
    let opportunities = reached.trips.opportunities_of(study, &services, green);
    let Some((source, entrances)) = opportunities.closest_place(network, from, category, progress)? else {
        return Ok(None);
    };
    let itineraries = entrances.iter().filter_map(|to| route(network, from, to));
    let Some(itinerary) = itineraries.min_by_key(|one| one.time.to_milliseconds()) else { return Ok(None) };
    let (to, name) = match source {
        crate::access::Source::Service(at) => (&services[at].id, &services[at].name),
        crate::access::Source::GreenSpace(at) => (&green[at].id, &green[at].name),
        crate::access::Source::Workplace(_) => return Ok(None),
    };
    Ok(Some(Way { to: to.clone(), name: name.clone().unwrap_or_else(|| to.clone()), itinerary }))
}

impl Comparison {
    /// What the study's own traveller reaches before and after.
    pub(super) fn own<'a>(&'a self, base: &'a Base<'_>) -> (&'a Reached, &'a Reached) {
        (&base.reached[0], &self.after[0])
    }
}

impl ColumnChange {
    /// The category that it is the walk to; `None` of other measures.
    #[must_use]
    pub fn category(&self) -> Option<&str> {
        match &self.key.subject.of {
            Some(crate::measure::Of::Category(name)) if self.key.column.unit == Unit::Minutes => Some(name),
            _ => None,
        }
    }
}
