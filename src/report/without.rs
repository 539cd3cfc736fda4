//! Who lives farther than so many minutes' walk from what, neighbourhood by neighbourhood: everybody, and each group.

use crate::assessment::{Assessment, STANDARD_MINUTES, WORK};
use crate::measure::groups::{Groups, apart};
use crate::measure::{ByArea, Subject, some, whole};
use crate::measures::access::{JOBS_WITHIN, MINUTES};
use crate::measures::population::STREET_DISTANCE;
use crate::model::Weight;
use crate::scores::small_counts::is_small;
use crate::{Result, StudyArea};
use serde::Serialize;

/// Walks that a reader can choose, in minutes; the standard first.
const WALKS: [f64; 4] = [STANDARD_MINUTES, 5.0, 10.0, 30.0];
/// Numbers that a page can carry; beyond, only the standard walk and everybody.
const MAX_NUMBERS: usize = 300_000;
/// Counts are written to a hundredth: fractions of people come from shares of census areas.
const DECIMALS: f64 = 100.0;

/// One count per neighbourhood; `None` where it must not be shown, or is not known.
type Counts = Vec<Option<f64>>;

/// Everybody or a group, and what its members are without.
#[derive(Serialize)]
struct People {
    /// As the study names the group; `None` for everybody.
    group: Option<String>,
    /// Members whose home is on a street.
    members: Counts,
    /// For each place and each walk, members with none so near.
    lacking: Vec<Vec<Counts>>,
    /// Members in all neighbourhoods together, hidden ones too; `None` where a hidden count would follow.
    all_members: Option<f64>,
    /// As `lacking`, in all neighbourhoods together.
    all_lacking: Vec<Counts>,
}

/// A kind of place that people walk to.
#[derive(Serialize)]
struct Place {
    category: String,
    /// As after "without": "a clinic", "enough jobs".
    some: String,
}

/// Who is without what.
#[derive(Serialize)]
pub(super) struct Without {
    walks: Vec<f64>,
    places: Vec<Place>,
    by_group: Vec<People>,
}

/// Whether each home has none within a walk, by walk; `None` where that is not known.
type Lacks = Vec<Option<Vec<bool>>>;

impl Without {
    /// # Errors
    /// [`crate::ErrorKind::Parameter`] if counts of groups are no counts.
    pub(super) fn of(study: &StudyArea, assessment: &Assessment) -> Result<Self> {
        let homes = assessment.homes();
        let on_street: Vec<bool> = homes
            .numbers_of(&STREET_DISTANCE, &Subject::NONE)
            .unwrap_or_default()
            .iter()
            .map(Option::is_some)
            .collect();
        let size = study.neighbourhoods.len() * WALKS.len() * (assessment.categories.len() + 1);
        let is_large = size * (study.homes.groups.len() + 1) > MAX_NUMBERS;
        let walks = if is_large { &WALKS[..1] } else { &WALKS[..] };
        let mut places = Vec::new();
        let mut lacks: Vec<Lacks> = Vec::new();
        for category in &assessment.categories {
            let Some(minutes) = homes.numbers_of(&MINUTES, &Subject::category(category)) else { continue };
            let beyond = |walk: &f64| {
                Some(minutes.iter().map(|minutes| !minutes.is_some_and(|minutes| minutes <= *walk)).collect())
            };
            lacks.push(walks.iter().map(beyond).collect());
            places.push(Place { category: category.clone(), some: some(category) });
        }
        if let Some(jobs) = homes.numbers_of(&JOBS_WITHIN, &Subject::NONE.within(STANDARD_MINUTES)) {
            let enough = study.settings.jobs_standard;
            let lacking = jobs.iter().map(|jobs| !jobs.is_some_and(|jobs| jobs >= enough)).collect();
            let mut by_walk: Lacks = vec![None; walks.len()];
            by_walk[0] = Some(lacking);
            lacks.push(by_walk);
            places.push(Place { category: WORK.to_owned(), some: "enough jobs".to_owned() });
        }
        let counted = Counted { study, on_street };
        let mut people = vec![counted.everybody(&lacks)];
        if !is_large && !study.homes.groups.is_empty() {
            people.extend(counted.groups(&lacks)?);
        }
        Ok(Self { walks: walks.to_vec(), places, by_group: people })
    }
}

/// So many are without something: "3,690 residents (26%) are without a clinic within 15 minutes' walk".
///
/// - `share`: of those who are counted, in words. - `some`: as after "without".
pub(super) fn sentence(weight: Weight, people: f64, share: &str, some: &str) -> String {
    let are = if weight.is_count() { "are" } else { "is" };
    let (people, units) = (whole(people), weight.units());
    format!("{people} {units} ({share}) {are} without {some} within {STANDARD_MINUTES:.0} minutes' walk")
}

/// Everybody at the standard walk.
impl Without {
    fn everybody(&self) -> Option<&People> {
        self.by_group.iter().find(|people| people.group.is_none())
    }

    /// All who are counted.
    pub(super) fn counted(&self) -> f64 {
        self.everybody().and_then(|people| people.all_members).unwrap_or(0.0)
    }

    /// What people can be without: "a clinic".
    pub(super) fn places(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| place.some.as_str())
    }

    /// The category of each.
    pub(super) fn categories(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(|place| place.category.as_str())
    }

    /// How many are without each.
    pub(super) fn lacking(&self) -> impl Iterator<Item = (f64, &str)> {
        let counts = self.everybody().map(|people| people.all_lacking.as_slice()).unwrap_or_default();
        counts
            .iter()
            .zip(&self.places)
            .filter_map(|(walks, place)| Some(((*walks.first()?)?, place.some.as_str())))
    }

    /// Of one neighbourhood: who is counted, then who is without each.
    pub(super) fn row(&self, place: usize) -> Vec<Option<f64>> {
        let Some(people) = self.everybody() else { return Vec::new() };
        let without = people.lacking.iter().map(|walks| walks.first().and_then(|counts| counts[place]));
        std::iter::once(people.members[place]).chain(without).collect()
    }
}

/// Homes by neighbourhood, those on a street alone.
struct Counted<'a> {
    study: &'a StudyArea,
    on_street: Vec<bool>,
}

impl Counted<'_> {
    fn sums(&self, counts: &[f64], keep: impl Fn(usize) -> bool) -> Vec<f64> {
        let homes = &self.study.homes;
        let by_area =
            ByArea::new(&homes.neighbourhoods, self.study.neighbourhoods.len(), &homes.weights[..], |home| {
                self.on_street.get(home).copied().unwrap_or(false) && keep(home)
            });
        by_area.sums(counts)
    }

    fn everybody(&self, lacks: &[Lacks]) -> People {
        let weights = &self.study.homes.weights;
        let shown = |counts: Vec<f64>| counts.into_iter().map(|count| Some(rounded(count))).collect();
        let of = |lacks: &Option<Vec<bool>>| match lacks {
            Some(lacks) => shown(self.sums(weights, |home| lacks[home])),
            None => vec![None; self.study.neighbourhoods.len()],
        };
        let all = |lacks: &Option<Vec<bool>>| {
            lacks.as_ref().map(|lacks| rounded(self.sums(weights, |home| lacks[home]).iter().sum()))
        };
        People {
            group: None,
            members: shown(self.sums(weights, |_| true)),
            lacking: lacks.iter().map(|walks| walks.iter().map(of).collect()).collect(),
            all_members: Some(rounded(self.sums(weights, |_| true).iter().sum())),
            all_lacking: lacks.iter().map(|walks| walks.iter().map(all).collect()).collect(),
        }
    }

    /// Groups: no small count is shown, nor one from which a small count follows by taking it from another that is.
    fn groups(&self, lacks: &[Lacks]) -> Result<Vec<People>> {
        let homes = &self.study.homes;
        let known = Groups::of(self.study)?;
        let apart = apart(homes);
        let by_group = |keep: &dyn Fn(usize) -> bool| -> Vec<Vec<f64>> {
            homes.groups.iter().map(|group| self.sums(&group.counts, keep)).collect()
        };
        let all = by_group(&|_| true);
        let mut people: Vec<People> = Vec::new();
        for (number, group) in homes.groups.iter().enumerate() {
            let members = known.shown(number, all[number].iter().map(|count| not_small(*count)).collect());
            people.push(People {
                group: Some(group.name.clone()),
                all_members: shown_total(&all[number], &members),
                members,
                lacking: Vec::new(),
                all_lacking: Vec::new(),
            });
        }
        for walks in lacks {
            let mut found: Vec<Vec<Counts>> = vec![Vec::new(); people.len()];
            let mut totals: Vec<Counts> = vec![Vec::new(); people.len()];
            for lacks in walks {
                let without = lacks.as_ref().map(|lacks| by_group(&|home| lacks[home]));
                let everybody = lacks.as_ref().map(|lacks| self.sums(&homes.weights, |home| lacks[home]));
                let (Some(without), Some(everybody)) = (without, everybody) else {
                    found
                        .iter_mut()
                        .for_each(|found| found.push(vec![None; self.study.neighbourhoods.len()]));
                    totals.iter_mut().for_each(|totals| totals.push(None));
                    continue;
                };
                let mut shown: Vec<Counts> = (0..people.len())
                    .map(|group| shown_counts(&without[group], &people[group].members, &found[group]))
                    .collect();
                protect_rows(&mut shown, &without, &everybody, &apart);
                for (group, shown) in shown.into_iter().enumerate() {
                    totals[group].push(shown_total(&without[group], &shown));
                    found[group].push(shown);
                }
            }
            for (people, (found, totals)) in people.iter_mut().zip(found.into_iter().zip(totals)) {
                people.lacking.push(found);
                people.all_lacking.push(totals);
            }
        }
        Ok(people)
    }
}

/// Counts that are not small, nor the rest of their group, nor the step from those of another walk.
fn shown_counts(counts: &[f64], members: &Counts, earlier: &[Counts]) -> Counts {
    let shown = |(place, count): (usize, &f64)| {
        let rest = members[place]? - count;
        let follows =
            earlier.iter().filter_map(|other| other[place]).any(|other| is_small((count - other).abs()));
        not_small(*count).filter(|_| !is_small(rest) && !follows)
    };
    counts.iter().enumerate().map(shown).collect()
}

/// Where the groups make up everybody, one hidden count would follow from the others: the next smallest goes with it.
fn protect_rows(shown: &mut [Counts], counts: &[Vec<f64>], everybody: &[f64], apart: &[usize]) {
    for (place, all) in everybody.iter().enumerate() {
        let named: f64 = apart.iter().map(|&group| counts[group][place]).sum();
        let hidden = apart.iter().filter(|&&group| shown[group][place].is_none()).count();
        let others = all - named;
        if hidden + usize::from(is_small(others)) != 1 || (others > 0.0 && !is_small(others) && hidden == 1) {
            continue;
        }
        let known = apart.iter().filter(|&&group| shown[group][place].is_some_and(|count| count > 0.0));
        let least = known.min_by(|&&a, &&b| counts[a][place].total_cmp(&counts[b][place]));
        if let Some(&least) = least {
            shown[least][place] = None;
        }
    }
}

/// The total of a group, where no single hidden count follows from it.
fn shown_total(counts: &[f64], shown: &Counts) -> Option<f64> {
    let hidden = shown.iter().filter(|count| count.is_none()).count();
    not_small(counts.iter().sum()).filter(|_| hidden != 1)
}

fn not_small(count: f64) -> Option<f64> {
    (!is_small(count)).then(|| rounded(count))
}

fn rounded(count: f64) -> f64 {
    (count * DECIMALS).round() / DECIMALS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_counts_and_what_they_follow_from_are_hidden() {
        let members = vec![Some(100.0), Some(100.0), Some(100.0), None, Some(100.0)];
        let standard = shown_counts(&[50.0, 4.0, 95.0, 40.0, 0.0], &members, &[]);
        assert_eq!(standard, [Some(50.0), None, None, None, Some(0.0)]);
        // Three fewer than at the other walk would show the three.
        assert_eq!(shown_counts(&[47.0, 0.0, 0.0, 0.0, 0.0], &members, &[standard])[0], None);
    }

    #[test]
    fn a_hidden_count_does_not_follow_from_the_rest_of_its_row() {
        let counts = [vec![4.0], vec![30.0], vec![60.0]];
        let mut shown = vec![vec![None], vec![Some(30.0)], vec![Some(60.0)]];
        protect_rows(&mut shown, &counts, &[94.0], &[0, 1, 2]);
        assert_eq!(shown, [vec![None], vec![None], vec![Some(60.0)]]);
        // Twenty others whom nobody counts protect it already.
        let mut shown = vec![vec![None], vec![Some(30.0)], vec![Some(60.0)]];
        protect_rows(&mut shown, &counts, &[114.0], &[0, 1, 2]);
        assert_eq!(shown[1], [Some(30.0)]);
        assert_eq!(shown_total(&[4.0, 30.0], &vec![None, Some(30.0)]), None);
    }
}
