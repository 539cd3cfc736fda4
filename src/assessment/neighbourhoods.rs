//! One row a neighbourhood: its homes summed up, weighted by residents.

use super::change::Change;
use super::clusters;
use super::groups::Groups;
use super::homes::share_of_categories;
use super::measures::add_to_neighbourhoods;
use super::person_gap::PersonGaps;
use super::surroundings::Surroundings;
use super::table::Columns;
use super::together::Together;
use super::{HomeAccess, STANDARD_MINUTES, people};
use crate::access::{Access, Completeness, Opportunities, Spread, completeness, share_within, weighted_mean};
use crate::model::Weight;
use crate::scores::service_isolation::{LACKING_AT_LEAST, service_isolation};
use crate::{FeatureTable, Minutes, Progress, Result, StudyArea};
use geo::{Area, Geometry};

/// Square metres in a square kilometre.
const M2_PER_KM2: f64 = 1e6;

/// The homes of one neighbourhood that are on a street, with their residents.
struct Residents<'a> {
    homes: Vec<(&'a Access, &'a [bool], f64)>,
}

impl Residents<'_> {
    fn mean(&self, value: impl Fn(&Access) -> Option<f64>) -> Option<f64> {
        weighted_mean(
            self.homes.iter().filter_map(|(access, _, residents)| Some((value(access)?, *residents))),
        )
    }

    fn minutes(&self, category: usize) -> Vec<(Option<f64>, f64)> {
        self.homes.iter().map(|(access, _, residents)| (access.closest[category], *residents)).collect()
    }

    /// Who reaches every category within the standard; `None` if the study has no categories.
    fn completeness(&self, found: &HomeAccess<'_>) -> Result<Option<Completeness>> {
        let count = found.opportunities.categories.len();
        let to_closest = |category: usize| {
            let minutes = |access: &Access| access.closest[category].map(Minutes::new).transpose();
            self.homes.iter().map(|(access, ..)| minutes(access)).collect::<Result<Vec<_>>>()
        };
        let minutes = (0..count).map(to_closest).collect::<Result<Vec<_>>>()?;
        let people: Vec<f64> = self.homes.iter().map(|(.., residents)| *residents).collect();
        let standard = Minutes::new(STANDARD_MINUTES)?;
        (count > 0).then(|| completeness(&minutes, &people, standard)).transpose()
    }
}

/// Columns: `id`, `name`, `area_km2`, `homes`, `residents`, residents by group, then access, then scores.
/// Means, quantiles and shares are weighted by residents and count only homes that are on a street; a
/// neighbourhood without any has no values.
pub(super) fn table(
    study: &StudyArea,
    found: &HomeAccess<'_>,
    groups: &Groups,
    (surroundings, change, gaps): (Option<&Surroundings>, Option<&Change>, Option<&PersonGaps>),
    together: &Together<'_>,
    progress: &dyn Progress,
) -> Result<FeatureTable> {
    let count = study.neighbourhoods.len();
    let homes = found.homes;
    let mut residents: Vec<Residents<'_>> = (0..count).map(|_| Residents { homes: Vec::new() }).collect();
    let mut home_counts = vec![0_u32; count];
    for (home, neighbourhood) in homes.neighbourhoods.iter().enumerate() {
        let Some(neighbourhood) = neighbourhood else { continue };
        home_counts[*neighbourhood as usize] += 1;
        if let (Some(access), Some(lacks)) = (&found.access[home], &found.lacks[home]) {
            residents[*neighbourhood as usize].homes.push((access, lacks, homes.weights[home]));
        }
    }

    let mut columns = Columns::default();
    columns.text("id", study.neighbourhoods.iter().map(|place| Some(place.id.clone())).collect());
    columns.text("name", study.neighbourhoods.iter().map(|place| Some(place.name.clone())).collect());
    let area_km2 = study.neighbourhoods.iter().map(|place| Some(place.shape.unsigned_area() / M2_PER_KM2));
    columns.numbers("area_km2", area_km2.collect());
    columns.counts("homes", home_counts.into_iter().map(Some).collect());
    let total = people(homes, &homes.weights, count);
    let counted = homes.weight.column();
    // Homes that count as 1 each are counted already.
    if homes.weight != Weight::Homes {
        columns.numbers(counted, total.iter().copied().map(Some).collect());
    }
    let on_street = residents.iter().map(|place| Some(place.homes.iter().map(|(_, _, people)| people).sum()));
    columns.numbers(format!("{counted}_on_streets"), on_street.collect());
    if let Some(workers) = &homes.workers {
        columns.numbers("workers", people(homes, workers, count).into_iter().map(Some).collect());
    }

    add_access(&mut columns, found, &residents)?;
    add_to_neighbourhoods(&mut columns, found, count);
    add_service_isolation(&mut columns, found, &residents);
    if let Some(gaps) = gaps {
        gaps.add_columns(&mut columns, homes, count);
    }
    groups.add_columns(&mut columns)?;
    if let Some(surroundings) = surroundings {
        surroundings.add_columns(count, |place| groups.is_mix_hidden(place), &mut columns)?;
    }
    together.add_columns(&mut columns)?;
    clusters::add_columns(study, &mut columns, progress)?;
    if let Some(change) = change {
        change.add_columns(&mut columns);
    }
    let shapes = study.neighbourhoods.iter().map(|place| Geometry::from(place.shape.clone()));
    columns.into_features(study, shapes)
}

fn add_access(columns: &mut Columns, found: &HomeAccess<'_>, residents: &[Residents<'_>]) -> Result<()> {
    for (index, category) in found.opportunities.categories.iter().enumerate() {
        let minutes: Vec<_> = residents.iter().map(|place| place.minutes(index)).collect();
        let spreads: Vec<_> = minutes.iter().map(|minutes| Spread::of(minutes)).collect();
        columns.numbers(format!("{category}_minutes_median"), spreads.iter().map(|s| s.median).collect());
        columns.numbers(format!("{category}_minutes_p10"), spreads.iter().map(|s| s.tenth).collect());
        columns.numbers(format!("{category}_minutes_p90"), spreads.iter().map(|s| s.ninetieth).collect());
        let share = minutes.iter().map(|minutes| share_within(minutes, STANDARD_MINUTES));
        columns.numbers(format!("{category}_share_within_15_min"), share.collect());
        for (cutoff, limit) in Opportunities::SERVICE_CUTOFFS.iter().enumerate() {
            let mean =
                residents.iter().map(|place| place.mean(|access| Some(access.services[index][cutoff])));
            columns.numbers(format!("{category}_within_{limit}_min_mean"), mean.collect());
        }
    }
    if found.opportunities.has_jobs {
        for (cutoff, limit) in Opportunities::JOB_CUTOFFS.iter().enumerate() {
            let mean = residents.iter().map(|place| place.mean(|access| Some(access.jobs[cutoff])));
            columns.numbers(format!("jobs_within_{limit}_min_mean"), mean.collect());
        }
    }
    let categories = residents.iter().map(|place| place.mean(share_of_categories));
    columns.numbers("share_of_categories_within_15_min", categories.collect());
    let complete: Vec<_> = residents.iter().map(|place| place.completeness(found)).collect::<Result<_>>()?;
    let share = |place: &Option<Completeness>| place.as_ref().and_then(|place| place.share);
    columns.numbers("share_with_all_categories_within_15_min", complete.iter().map(share).collect());
    let missing = |place: &Option<Completeness>| {
        let (category, _) = place.as_ref().and_then(|place| place.missing)?;
        Some(found.opportunities.categories[category].clone())
    };
    columns.text("missing_category", complete.iter().map(missing).collect());
    Ok(())
}

fn add_service_isolation(columns: &mut Columns, found: &HomeAccess<'_>, residents: &[Residents<'_>]) {
    let essentials = &found.essentials;
    if essentials.is_empty() {
        return;
    }
    let share_lacking = |place: &Residents<'_>, essential: usize| {
        let lacks = |lacks: &[bool]| f64::from(u8::from(lacks[essential]));
        weighted_mean(place.homes.iter().map(|(_, essentials, people)| (lacks(essentials), *people)))
    };
    let shares: Vec<Vec<Option<f64>>> = residents
        .iter()
        .map(|place| (0..essentials.len()).map(|essential| share_lacking(place, essential)).collect())
        .collect();
    for (index, essential) in essentials.iter().enumerate() {
        columns
            .numbers(format!("share_lacking_{essential}"), shares.iter().map(|share| share[index]).collect());
    }
    let most_lacking = |shares: &Vec<Option<f64>>| {
        let worst = shares.iter().copied().flatten().fold(0.0, f64::max);
        let index = shares.iter().position(|share| *share == Some(worst) && worst > 0.0)?;
        Some(essentials[index].to_owned())
    };
    columns.text("most_lacking_essential", shares.iter().map(most_lacking).collect());
    if essentials.len() > LACKING_AT_LEAST {
        let isolated = residents.iter().map(|place| {
            let lacking = |lacks: &[bool]| lacks.iter().filter(|lack| **lack).count();
            service_isolation(place.homes.iter().map(|(_, lacks, people)| (lacking(lacks), *people)))
        });
        columns.numbers("service_isolation", isolated.collect());
    }
}
