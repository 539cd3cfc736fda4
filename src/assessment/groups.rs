//! Groups of residents: what may be shown of them, by neighbourhood and in the city.

use super::people;
use super::surroundings::INDICES;
use super::table::Columns;
use crate::scores::segregation::{
    GroupCounts, Null, dissimilarity, isolation, local_measures, location_quotient, randomise,
};
use crate::scores::small_counts::{SMALL_COUNT, Suppression, suppress};
use crate::{Error, ErrorKind, Progress, Result, StudyArea};

/// Draws behind the baseline of an index.
const DRAWS: usize = 199;
/// The same study gives the same baseline.
const SEED: u64 = 1;

/// The groups of a study by neighbourhood.
pub(super) struct Groups {
    names: Vec<String>,
    members: Vec<Vec<f64>>,
    total: Vec<f64>,
    /// All groups and the others; `None` where they overlap, or nobody lives anywhere.
    everybody: Option<GroupCounts>,
    hidden: Suppression,
}

impl Groups {
    pub(super) fn of(study: &StudyArea) -> Result<Self> {
        let (homes, count) = (&study.homes, study.neighbourhoods.len());
        let names: Vec<String> = homes.groups.iter().map(|group| group.name.clone()).collect();
        let members: Vec<Vec<f64>> =
            homes.groups.iter().map(|group| people(homes, &group.counts, count)).collect();
        let total = people(homes, &homes.residents, count);
        let named: Vec<(&String, &Vec<f64>)> = names.iter().zip(&members).collect();
        let everybody = GroupCounts::among(&named, &total).ok();
        let hidden = hidden_counts(&members, &total)?;
        Ok(Self { names, members, total, everybody, hidden })
    }

    /// What is said about hidden counts; `None` where nothing is hidden.
    pub(super) fn finding(&self) -> Option<Error> {
        let Suppression { small, complementary, .. } = self.hidden;
        (small > 0).then(|| {
            let message = format!(
                "{small} counts of a group in a neighbourhood are below {SMALL_COUNT} and not shown, nor {complementary} \
                 others that would tell them"
            );
            Error::new(ErrorKind::Study, message).in_layer("homes")
        })
    }

    /// Columns: share and location quotient of each group; and, where groups do not overlap, how mixed the neighbourhood is
    /// and its residential isolation. Nothing that would tell a hidden count.
    pub(super) fn add_columns(&self, columns: &mut Columns) -> Result<()> {
        for (group, (name, members)) in self.names.iter().zip(&self.members).enumerate() {
            let share = members.iter().zip(&self.total).map(|(x, t)| (*t > 0.0).then(|| x / t)).collect();
            let shown = |values: Vec<Option<f64>>| -> Vec<Option<f64>> {
                let hidden = &self.hidden.hidden[group];
                values.into_iter().zip(hidden).map(|(value, hidden)| value.filter(|_| !hidden)).collect()
            };
            columns.numbers(format!("share_{name}"), shown(share));
            columns.numbers(
                format!("location_quotient_{name}"),
                shown(location_quotient(members, &self.total)?),
            );
        }
        let Some(everybody) = &self.everybody else { return Ok(()) };
        let local = local_measures(everybody, everybody)?;
        for (name, values) in
            [("group_diversity", local.entropy), ("residential_isolation", local.residential_isolation)]
        {
            let shown = values.into_iter().enumerate();
            let shown = shown.map(|(place, value)| value.filter(|_| !self.hidden.touches(place)));
            columns.numbers(name, shown.collect());
        }
        Ok(())
    }

    /// Indices of the city by name; what cannot be measured goes to `not_assessed`.
    pub(super) fn city(
        &self,
        progress: &dyn Progress,
        not_assessed: &mut Vec<(String, String)>,
    ) -> Result<Vec<(String, f64)>> {
        if self.names.is_empty() {
            let reason = "the study names no groups of residents".to_owned();
            not_assessed.push(("residential isolation".into(), reason));
            return Ok(Vec::new());
        }
        let mut city = Vec::new();
        for (name, members) in self.names.iter().zip(&self.members) {
            let share = members.iter().sum::<f64>() / self.total.iter().sum::<f64>();
            let indices = [
                ("share of residents", Some(share)),
                ("isolation (xPx)", isolation(members, &self.total)?),
                ("dissimilarity (D)", dissimilarity(members, &self.total)?),
            ];
            for (index, value) in indices {
                city.extend(value.map(|value| (format!("{name}: {index}"), value)));
            }
        }
        let Some(everybody) = &self.everybody else {
            let reason = "the groups overlap, so each is measured alone".to_owned();
            not_assessed.push(("segregation of all groups".into(), reason));
            return Ok(city);
        };
        for (index, name) in INDICES {
            // Of neighbourhoods alone: each is its own surroundings.
            let found = randomise(everybody, Null::RandomLabelling, DRAWS, SEED, progress, |drawn| {
                index.of(drawn, drawn).ok()?
            })?;
            if let Some(found) = found {
                city.push((format!("all groups: {name}"), found.observed));
                city.push((format!("all groups: {name}, by chance"), found.baseline));
            }
        }
        Ok(city)
    }

    /// Whether what is made of all groups would tell a hidden count of a neighbourhood.
    pub(super) fn is_mix_hidden(&self, place: usize) -> bool {
        self.hidden.touches(place)
    }
}

/// Which counts of groups must not be shown, in places of one kind.
pub(super) fn hidden_counts(members: &[Vec<f64>], total: &[f64]) -> Result<Suppression> {
    let named: Vec<(String, &Vec<f64>)> =
        members.iter().enumerate().map(|(number, counts)| (number.to_string(), counts)).collect();
    match GroupCounts::among(&named, total) {
        Ok(everybody) => {
            let column = |group| (0..everybody.places()).map(|place| everybody.row(place)[group]).collect();
            let columns: Vec<Vec<f64>> = (0..everybody.groups()).map(column).collect();
            suppress(&columns, SMALL_COUNT, true)
        }
        Err(_) => suppress(members, SMALL_COUNT, false),
    }
}
