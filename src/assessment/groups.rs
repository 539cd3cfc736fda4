//! Groups of residents: what may be shown of them, by neighbourhood and in the city.

use super::people;
use super::surroundings::INDICES;
use super::table::Columns;
use crate::model::Homes;
use crate::scores::segregation::{
    GroupCounts, Null, dissimilarity, isolation, local_measures, location_quotient, randomise,
};
use crate::scores::small_counts::{SMALL_COUNT, suppress};
use crate::{Error, ErrorKind, Progress, Result, StudyArea};

/// Draws behind the baseline of an index.
const DRAWS: usize = 199;
/// The same study gives the same baseline.
const SEED: u64 = 1;
/// Sums of fractions may miss their total by a rounding.
const ROUNDING: f64 = 1e-9;

/// The groups of a study by neighbourhood.
pub(super) struct Groups {
    pub(super) names: Vec<String>,
    members: Vec<Vec<f64>>,
    total: Vec<f64>,
    /// Groups that count nobody twice, by number.
    apart: Vec<usize>,
    /// Those and the others, who are in none of them; `None` where the study names no group, or nobody lives anywhere.
    everybody: Option<GroupCounts>,
    residential_isolation: Option<Vec<Option<f64>>>,
    hidden: Hidden,
}

/// Which counts of groups must not be shown.
pub(super) struct Hidden {
    /// One list a group, one entry a place.
    pub(super) of_group: Vec<Vec<bool>>,
    /// Whether anything made of all groups that count nobody twice must be hidden, by place.
    pub(super) mix: Vec<bool>,
    small: usize,
    complementary: usize,
}

impl Groups {
    pub(super) fn of(study: &StudyArea) -> Result<Self> {
        let (homes, count) = (&study.homes, study.neighbourhoods.len());
        let names: Vec<String> = homes.groups.iter().map(|group| group.name.clone()).collect();
        let members: Vec<Vec<f64>> =
            homes.groups.iter().map(|group| people(homes, &group.counts, count)).collect();
        let total = people(homes, &homes.weights, count);
        let apart = apart(homes);
        let named: Vec<(&String, &Vec<f64>)> =
            apart.iter().map(|&group| (&names[group], &members[group])).collect();
        let everybody = if named.is_empty() { None } else { GroupCounts::among(&named, &total).ok() };
        let hidden = hidden_counts(&members, &total, &apart)?;
        let residential_isolation = match &everybody {
            Some(everybody) => Some(local_measures(everybody, everybody)?.residential_isolation),
            None => None,
        };
        Ok(Self { names, members, total, apart, everybody, residential_isolation, hidden })
    }

    /// Residents of every neighbourhood.
    pub(super) fn residents(&self) -> &[f64] {
        &self.total
    }

    /// What is said about hidden counts; `None` where nothing is hidden.
    pub(super) fn finding(&self) -> Option<Error> {
        let Hidden { small, complementary, .. } = self.hidden;
        (small > 0).then(|| {
            let message = format!(
                "{small} counts of a group in a neighbourhood are below {SMALL_COUNT} and not shown, nor {complementary} \
                 others that would tell them"
            );
            Error::new(ErrorKind::Study, message).in_layer("homes")
        })
    }

    /// Names of the groups that count nobody twice, and of the others where there are any.
    pub(super) fn names_apart(&self) -> Vec<String> {
        self.everybody.as_ref().map(|everybody| everybody.names().to_vec()).unwrap_or_default()
    }

    /// Those groups by home, from one sum a home: see [`Groups::names_apart`].
    pub(super) fn apart_by(&self, homes: &Homes, sums: impl Fn(&[f64]) -> Vec<f64>) -> Vec<Vec<f64>> {
        let mut groups: Vec<Vec<f64>> =
            self.apart.iter().map(|&group| sums(&homes.groups[group].counts)).collect();
        if self.names_apart().len() > groups.len() {
            let mut others = sums(&homes.weights);
            for group in &groups {
                others.iter_mut().zip(group).for_each(|(rest, count)| *rest -= count);
            }
            others.iter_mut().for_each(|rest| *rest = rest.max(0.0));
            groups.push(others);
        }
        groups
    }

    /// Residential isolation of every neighbourhood, hidden where it would tell a small count.
    pub(super) fn residential_isolation(&self) -> Option<Vec<Option<f64>>> {
        let found = self.residential_isolation.as_ref()?.iter().zip(&self.hidden.mix);
        Some(found.map(|(value, hidden)| value.filter(|_| !hidden)).collect())
    }

    /// Values about the members of a group by neighbourhood, without those that rest on a hidden count.
    pub(super) fn shown(&self, group: usize, values: Vec<Option<f64>>) -> Vec<Option<f64>> {
        let hidden = &self.hidden.of_group[group];
        values.into_iter().zip(hidden).map(|(value, hidden)| value.filter(|_| !hidden)).collect()
    }

    /// Columns: share and location quotient of each group; and how mixed the neighbourhood is and its residential
    /// isolation, by the groups that count nobody twice. Nothing that would tell a hidden count.
    pub(super) fn add_columns(&self, columns: &mut Columns) -> Result<()> {
        for (group, (name, members)) in self.names.iter().zip(&self.members).enumerate() {
            let share = members.iter().zip(&self.total).map(|(x, t)| (*t > 0.0).then(|| x / t)).collect();
            columns.numbers(format!("share_{name}"), self.shown(group, share));
            let quotient = location_quotient(members, &self.total)?;
            columns.numbers(format!("location_quotient_{name}"), self.shown(group, quotient));
        }
        let Some(everybody) = &self.everybody else { return Ok(()) };
        let entropy = local_measures(everybody, everybody)?.entropy.into_iter().zip(&self.hidden.mix);
        columns
            .numbers("group_diversity", entropy.map(|(value, hidden)| value.filter(|_| !hidden)).collect());
        columns.numbers("residential_isolation", self.residential_isolation().unwrap_or_default());
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
        for (_, name) in self.names.iter().enumerate().filter(|(group, _)| !self.apart.contains(group)) {
            let reason = "it overlaps the groups that are, so it is measured alone".to_owned();
            not_assessed.push((format!("{name} among all groups"), reason));
        }
        let Some(everybody) = &self.everybody else { return Ok(city) };
        let all = all_of(everybody, self.names.len());
        for (index, name) in INDICES {
            // Of neighbourhoods alone: each is its own surroundings.
            let found = randomise(everybody, Null::RandomLabelling, DRAWS, SEED, progress, |drawn| {
                index.of(drawn, drawn).ok()?
            })?;
            if let Some(found) = found {
                city.push((format!("{all}: {name}"), found.observed));
                city.push((format!("{all}: {name}, by chance"), found.baseline));
            }
        }
        Ok(city)
    }

    /// Whether what is made of all groups would tell a hidden count of a neighbourhood.
    pub(super) fn is_mix_hidden(&self, place: usize) -> bool {
        self.hidden.mix[place]
    }
}

/// What to call groups that are measured together, of so many in the study.
pub(super) fn all_of(together: &GroupCounts, in_study: usize) -> String {
    let named = together.names().iter().filter(|name| *name != "others").count();
    if named == in_study { "all groups".to_owned() } else { together.names().join(", ") }
}

/// Groups that count nobody twice, by number: each in their order, if with those before it no home has more members than
/// residents.
pub(super) fn apart(homes: &Homes) -> Vec<usize> {
    let mut named = vec![0.0; homes.len()];
    let mut apart = Vec::new();
    for (number, group) in homes.groups.iter().enumerate() {
        let fits = |(named, (count, residents)): (&f64, (&f64, &f64))| {
            named + count <= residents * (1.0 + ROUNDING) + ROUNDING
        };
        if named.iter().zip(group.counts.iter().zip(&homes.weights)).all(fits) {
            named.iter_mut().zip(&group.counts).for_each(|(sum, count)| *sum += count);
            apart.push(number);
        }
    }
    apart
}

/// Which counts of groups must not be shown, in places of one kind. `apart`: groups that count nobody twice, so that they
/// and the others add up to the total of a place.
pub(super) fn hidden_counts(members: &[Vec<f64>], total: &[f64], apart: &[usize]) -> Result<Hidden> {
    let mut columns: Vec<Vec<f64>> = apart.iter().map(|&group| members[group].clone()).collect();
    let others = |place: usize| {
        let named: f64 = columns.iter().map(|column| column[place]).sum();
        let rest = total[place] - named;
        if rest > total[place] * ROUNDING + ROUNDING { rest } else { 0.0 }
    };
    if !columns.is_empty() {
        let others = (0..total.len()).map(others).collect();
        columns.push(others);
    }
    let mix = suppress(&columns, SMALL_COUNT, true)?;
    let overlapping: Vec<usize> = (0..members.len()).filter(|group| !apart.contains(group)).collect();
    let alone: Vec<&Vec<f64>> = overlapping.iter().map(|&group| &members[group]).collect();
    let alone = suppress(&alone, SMALL_COUNT, false)?;
    let mut of_group = vec![Vec::new(); members.len()];
    for (numbers, hidden) in [(apart, &mix.hidden), (&overlapping, &alone.hidden)] {
        numbers.iter().zip(hidden).for_each(|(&group, hidden)| of_group[group].clone_from(hidden));
    }
    let (small, complementary) = (mix.small + alone.small, mix.complementary + alone.complementary);
    Ok(Hidden {
        of_group,
        mix: (0..total.len()).map(|place| mix.touches(place)).collect(),
        small,
        complementary,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Group;

    #[test]
    fn a_group_that_overlaps_those_before_it_stands_alone() {
        let group = |name: &str, counts: [f64; 2]| Group { name: name.into(), counts: counts.to_vec() };
        let homes = Homes {
            ids: vec!["a".into(), "b".into()],
            weights: vec![10.0, 20.0],
            groups: vec![group("x", [5.0, 4.0]), group("y", [6.0, 1.0]), group("z", [5.0, 16.0])],
            ..Homes::default()
        };
        assert_eq!(apart(&homes), [0, 2]);
    }

    #[test]
    fn the_others_are_a_group_that_can_be_small_too() {
        // 3 people are in neither group: their count follows from the rest, so something of the row is hidden with it.
        let members = [vec![50.0, 40.0, 60.0], vec![47.0, 60.0, 40.0]];
        let hidden = hidden_counts(&members, &[100.0, 150.0, 150.0], &[0, 1]).unwrap();
        assert!(hidden.mix[0] && hidden.of_group.iter().any(|group| group[0]));
        assert_eq!((hidden.small, hidden.of_group[0].len()), (1, 3));
        let alone = hidden_counts(&members, &[100.0, 150.0, 150.0], &[0]).unwrap();
        assert_eq!(alone.of_group[1], [false; 3]);
    }
}
