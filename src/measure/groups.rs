//! Groups of residents, and what may be shown of them: small counts are withheld, with whatever they could be derived from.

use super::by_area::ByArea;
use crate::model::Homes;
use crate::scores::segregation::GroupCounts;
use crate::spatial::small_counts::{SMALL_COUNT, hidden_groups, is_small, suppress};
use crate::{Error, ErrorKind, Result, StudyArea};

/// Sums of fractions may miss their total by a rounding.
const ROUNDING: f64 = 1e-9;

/// The groups of a study by neighbourhood.
pub(crate) struct Groups {
    pub(crate) names: Vec<String>,
    /// Members by group and neighbourhood.
    pub(crate) members: Vec<Vec<f64>>,
    /// All residents by neighbourhood.
    pub(crate) total: Vec<f64>,
    /// Groups that do not overlap, by number.
    pub(crate) apart: Vec<usize>,
    /// Those and the others, who are in none of them; `None` where the study names no group, or nobody lives anywhere.
    pub(crate) everybody: Option<GroupCounts>,
    hidden: Hidden,
}

/// Which counts of groups must not be shown.
pub(crate) struct Hidden {
    /// One list per group, one entry per place.
    pub(crate) of_group: Vec<Vec<bool>>,
    /// Whether anything made of all groups that do not overlap must be hidden, by place.
    pub(crate) mix: Vec<bool>,
    small: usize,
    complementary: usize,
}

impl Groups {
    pub(crate) fn of(study: &StudyArea) -> Result<Self> {
        let (homes, count) = (&study.homes, study.neighbourhoods.len());
        let names: Vec<String> = homes.groups.iter().map(|group| group.name.clone()).collect();
        let by_area = ByArea::new(&homes.neighbourhoods, count, &homes.weights[..], |_| true);
        let members: Vec<Vec<f64>> = homes.groups.iter().map(|group| by_area.sums(&group.counts)).collect();
        let total = by_area.totals();
        let apart = apart(homes);
        let named: Vec<(&String, &Vec<f64>)> =
            apart.iter().map(|&group| (&names[group], &members[group])).collect();
        let everybody = if named.is_empty() { None } else { GroupCounts::among(&named, &total).ok() };
        let hidden = hidden_counts(&members, &total, &apart)?;
        Ok(Self { names, members, total, apart, everybody, hidden })
    }

    /// What is said about hidden counts; `None` where nothing is hidden.
    pub(crate) fn finding(&self) -> Option<Error> {
        let Hidden { small, complementary, .. } = self.hidden;
        (small > 0).then(|| {
            let message = format!(
                "{small} counts of a group in a neighbourhood are below {SMALL_COUNT} and withheld, with {complementary} \
                 others from which they could be derived"
            );
            Error::new(ErrorKind::Study, message).in_layer("homes")
        })
    }

    /// Names of the groups that do not overlap, and of the others where there are any.
    pub(crate) fn names_apart(&self) -> Vec<String> {
        self.everybody.as_ref().map(|everybody| everybody.names().to_vec()).unwrap_or_default()
    }

    /// Those groups by home, from one sum per home: see [`Groups::names_apart`].
    pub(crate) fn apart_by(&self, homes: &Homes, sums: impl Fn(&[f64]) -> Vec<f64>) -> Vec<Vec<f64>> {
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

    /// Which rows of a table must not be shown: everybody first, then each group of the study; each by what is counted of it.
    pub(crate) fn hidden_rows(&self, rows: &[Vec<f64>]) -> Vec<bool> {
        let Some((everybody, groups)) = rows.split_first() else { return Vec::new() };
        let mut hidden = vec![everybody.iter().copied().any(is_small)];
        hidden.extend(hidden_groups(everybody, groups, &self.apart));
        hidden
    }

    /// Whether what is said of a group in a neighbourhood is withheld.
    pub(crate) fn is_hidden(&self, group: usize, neighbourhood: usize) -> bool {
        self.hidden.of_group[group][neighbourhood]
    }

    /// Values about all groups that do not overlap, by neighbourhood, without those from which a hidden count follows.
    pub(crate) fn mix_shown(&self, values: Vec<Option<f64>>) -> Vec<Option<f64>> {
        values.into_iter().zip(&self.hidden.mix).map(|(value, hidden)| value.filter(|_| !hidden)).collect()
    }

    /// Values about the members of a group by neighbourhood, without those that rest on a hidden count.
    pub(crate) fn shown(&self, group: usize, values: Vec<Option<f64>>) -> Vec<Option<f64>> {
        let hidden = &self.hidden.of_group[group];
        values.into_iter().zip(hidden).map(|(value, hidden)| value.filter(|_| !hidden)).collect()
    }
}

/// What to call groups that are measured together, of so many in the study.
pub(crate) fn all_of(together: &GroupCounts, in_study: usize) -> String {
    let named = together.names().iter().filter(|name| *name != "others").count();
    if named == in_study { "all groups".to_owned() } else { together.names().join(", ") }
}

/// Groups that do not overlap, by number: each in their order, if with those before it no home has more members than
/// residents.
pub(crate) fn apart(homes: &Homes) -> Vec<usize> {
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

/// Which counts of groups must not be shown, in places of one kind. `apart`: groups that do not overlap, so that they
/// and the others add up to the total of a place.
pub(crate) fn hidden_counts(members: &[Vec<f64>], total: &[f64], apart: &[usize]) -> Result<Hidden> {
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
