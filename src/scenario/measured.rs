//! What homes reach, by the measures of an assessment, for the study's own traveller and for those that it compares.

use super::change::{Change, Scenario};
use crate::access::{Access, Opportunities, Pairs, measure_access};
use crate::measure::{Context, Key, Measure, Scale, Trips, Values};
use crate::measures::{access::ACCESS, green::GREEN, jobs::JOBS, transit::TRANSIT};
use crate::model::{Service, TravelSettings, Traveller, category};
use crate::network::{Searches, TravelProfile};
use crate::{Minutes, Progress, Result, StudyArea};
use std::collections::{BTreeMap, BTreeSet};

/// A column of homes that has a better and a worse.
pub(super) type Column = (Key, Vec<Option<f64>>);

/// What one traveller reaches from every home.
pub(super) struct Reached {
    pub trips: Trips,
    /// Who travels, where it is not the study's own traveller.
    pub other: Option<Traveller>,
    pub columns: Vec<Column>,
    categories: Vec<String>,
    access: Vec<Option<Access>>,
}

impl Reached {
    /// Measures a study for its own traveller and for those that it compares.
    pub(super) fn of_all(study: &StudyArea, progress: &dyn Progress) -> Result<Vec<Self>> {
        let own = &study.settings.travel;
        let others = own.compare.iter().map(|&one| (Some(one), TravelSettings::of(one)));
        let all = std::iter::once((None, own.clone())).chain(others);
        all.map(|(other, settings)| {
            let trips = Trips::of(study, TravelProfile::new(settings)?, progress)?;
            Self::of(study, trips, other, progress)
        })
        .collect()
    }

    /// Everything of a study on a network that is there.
    fn of(
        study: &StudyArea,
        trips: Trips,
        other: Option<Traveller>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let opportunities = trips.opportunities(study);
        let pairs = opportunities.pairs(trips.streets(), trips.homes(), progress)?;
        let mut context = Context::new(study, &trips, (&opportunities, &pairs), progress)?;
        // Jobs by bicycle and by car are of the study, not of one more person on foot.
        context.with_modes = other.is_none();
        let of_access: [&'static Measure; 3] = [&ACCESS, &GREEN, &JOBS];
        of_access.into_iter().try_for_each(|measure| context.run(measure))?;
        let columns = with_direction(&context, other);
        let access = std::mem::take(&mut context.access);
        drop(context);
        drop(pairs);
        Ok(Self { trips, other, columns, categories: opportunities.categories, access })
    }

    /// What homes reach by public transport.
    ///
    /// # Errors
    /// Those of [`crate::travel::transit::StudyTransit::on`].
    pub(super) fn by_transit(&self, study: &StudyArea, progress: &dyn Progress) -> Result<Vec<Column>> {
        let opportunities = self.trips.opportunities(study);
        let limit = Minutes::new(Opportunities::SEARCH_LIMIT)?;
        let (streets, homes) = (self.trips.streets(), self.trips.homes());
        let pairs =
            Pairs::Searched(Searches::new(streets, homes, opportunities.destinations(), limit, progress));
        let access = self.access.clone();
        let mut context = Context::of_access(study, &self.trips, (&opportunities, &pairs), access, progress)?;
        context.run(&TRANSIT)?;
        Ok(with_direction(&context, None))
    }

    /// The same after a scenario: only what it touches is measured again, with the numbers that all of it would have.
    ///
    /// - `before`, `after`: the study. - `added`: ids of streets that are joined at their ends alone.
    pub(super) fn after(
        &self,
        (before, after): (&StudyArea, &StudyArea),
        (scenario, added): (&Scenario, &BTreeSet<i64>),
        progress: &dyn Progress,
    ) -> Result<Self> {
        if scenario.changes.iter().any(Change::is_of_streets) {
            let trips = self.trips.with_streets(after, added, progress)?;
            return Self::of(after, trips, self.other, progress);
        }
        let trips = self.trips.with_homes(after);
        if !scenario.changes.iter().all(Change::is_of_services) {
            return Self::of(after, trips, self.other, progress);
        }
        self.with_services((before, after), trips, progress)
    }

    /// Where services alone have changed, categories of which none has keep what was measured of them, as do green space
    /// and jobs.
    fn with_services(
        &self,
        (before, after): (&StudyArea, &StudyArea),
        trips: Trips,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let touched = touched(before, after);
        let opportunities = trips.opportunities(after);
        let mut access = self.access.clone();
        let of_touched: Vec<_> =
            after.services.iter().filter(|one| touched.contains(one.category.as_str())).cloned().collect();
        let green = touched.contains(category::GREEN_SPACE);
        let spaces = if green { &after.green_spaces[..] } else { &[] };
        let part = trips.opportunities_of(after, &of_touched, spaces);
        let fresh = measure_access(trips.streets(), trips.homes(), &part, progress)?;
        let at = |categories: &[String], name: &String| categories.iter().position(|known| known == name);
        for (home, fresh) in access.iter_mut().zip(&fresh) {
            let (Some(home), Some(fresh)) = (home, fresh) else { continue };
            let (mut closest, mut services) = (Vec::new(), Vec::new());
            for name in &opportunities.categories {
                let (from, place) = if touched.contains(name.as_str()) {
                    (fresh, at(&part.categories, name))
                } else {
                    (&*home, at(&self.categories, name))
                };
                closest.push(place.and_then(|place| from.closest[place]));
                services.push(place.map_or([0.0; 4], |place| from.services[place]));
            }
            (home.closest, home.services) = (closest, services);
        }
        let limit = Minutes::new(Opportunities::SEARCH_LIMIT)?;
        let searches =
            Searches::new(trips.streets(), trips.homes(), opportunities.destinations(), limit, progress);
        let pairs = Pairs::Searched(searches);
        let mut context = Context::of_access(after, &trips, (&opportunities, &pairs), access, progress)?;
        context.run(&ACCESS)?;
        let mut columns = with_direction(&context, self.other);
        columns.extend(self.columns.iter().filter(|(key, _)| key.measure != ACCESS.name).cloned());
        let access = std::mem::take(&mut context.access);
        drop(context);
        drop(pairs);
        Ok(Self { trips, other: self.other, columns, categories: opportunities.categories, access })
    }
}

/// Categories of which a service has come, gone, moved or changed.
fn touched<'a>(before: &'a StudyArea, after: &'a StudyArea) -> BTreeSet<&'a str> {
    let (before, after) = (by_category(before), by_category(after));
    let categories = before.keys().chain(after.keys()).copied();
    categories.filter(|category| before.get(category) != after.get(category)).collect()
}

fn by_category(study: &StudyArea) -> BTreeMap<&str, Vec<&Service>> {
    let mut services: BTreeMap<&str, Vec<&Service>> = BTreeMap::new();
    for one in &study.services {
        services.entry(one.category.as_str()).or_default().push(one);
    }
    services
}

/// The columns of homes of which more is better or worse.
fn with_direction(context: &Context<'_>, other: Option<Traveller>) -> Vec<Column> {
    let cells = context.homes_so_far().iter();
    let directed =
        cells.filter(|(key, _)| matches!(key.column.scale, Scale::MoreIsBetter | Scale::MoreIsWorse));
    let column = |(key, values): (&Key, &Values)| {
        let values = match values {
            Values::Numbers(numbers) => numbers.clone(),
            Values::Counts(counts) => counts.iter().map(|count| count.map(f64::from)).collect(),
            Values::Texts(_) | Values::Answers(_) => return None,
        };
        let mut key = key.clone();
        if other.is_some() {
            key.subject.traveller = other;
        }
        Some((key, values))
    };
    directed.filter_map(column).collect()
}
