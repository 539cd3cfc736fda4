//! One row a home: what it reaches.

use super::groups::{apart, hidden_counts};
use super::measures::add_to_homes;
use super::table::Columns;
use super::together::Together;
use super::{HomeAccess, STANDARD_MINUTES};
use crate::access::{Access, Opportunities};
use crate::{FeatureTable, Result, StudyArea};

/// Columns: `id`, `neighbourhood`, `residents`, `street_distance_m`, minutes to the closest of each category,
/// how many lie within each cutoff, jobs within each cutoff, share of categories within 15 minutes, and how many
/// essentials are lacking; share of near neighbours a detour away. A home that is on no street has no value but its own.
pub(super) fn table(
    study: &StudyArea,
    found: &HomeAccess<'_>,
    together: &Together<'_>,
) -> Result<FeatureTable> {
    let homes = found.homes;
    let mut columns = Columns::default();
    columns.text("id", homes.ids.iter().cloned().map(Some).collect());
    let neighbourhood =
        |index: &Option<u32>| index.map(|index| study.neighbourhoods[index as usize].id.clone());
    columns.text("neighbourhood", homes.neighbourhoods.iter().map(neighbourhood).collect());
    columns.numbers(homes.weight.column(), homes.weights.iter().copied().map(Some).collect());
    // Of a home above all: what is small is not shown, nor what would tell it.
    let members: Vec<Vec<f64>> = homes.groups.iter().map(|group| group.counts.clone()).collect();
    let hidden = hidden_counts(&members, &homes.weights, &apart(homes))?.of_group;
    for (group, hidden) in homes.groups.iter().zip(hidden) {
        let shown = group.counts.iter().zip(hidden).map(|(count, hidden)| (!hidden).then_some(*count));
        columns.numbers(format!("{}_{}", homes.weight.column(), group.name), shown.collect());
    }
    let gap = |attached: &Option<_>| attached.map(|attached: crate::network::Attachment| attached.gap.get());
    columns.numbers("street_distance_m", found.attached.iter().map(gap).collect());

    let of_access = |value: &dyn Fn(&Access) -> Option<f64>| -> Vec<Option<f64>> {
        found.access.iter().map(|access| access.as_ref().and_then(value)).collect()
    };
    for (index, category) in found.opportunities.categories.iter().enumerate() {
        columns.numbers(format!("{category}_minutes"), of_access(&|access| access.closest[index]));
        for (cutoff, minutes) in Opportunities::SERVICE_CUTOFFS.iter().enumerate() {
            let within = of_access(&|access| Some(access.services[index][cutoff]));
            columns.numbers(format!("{category}_within_{minutes}_min"), within);
        }
    }
    if found.opportunities.has_jobs {
        for (cutoff, minutes) in Opportunities::JOB_CUTOFFS.iter().enumerate() {
            columns.numbers(
                format!("jobs_within_{minutes}_min"),
                of_access(&|access| Some(access.jobs[cutoff])),
            );
        }
    }
    add_to_homes(&mut columns, &found.measures);
    columns.numbers("share_of_categories_within_15_min", of_access(&|access| share_of_categories(access)));
    let lacking = |lacks: &Option<Vec<bool>>| {
        lacks.as_ref().map(|lacks| lacks.iter().filter(|lack| **lack).count() as u32)
    };
    columns.counts("essentials_lacking", found.lacks.iter().map(lacking).collect());
    together.add_home_columns(&mut columns);
    columns.into_features(study, homes.locations.iter().map(|&location| location.into()))
}

/// Share of the categories of which one lies within 15 minutes, 0 to 1; `None` if there are no categories.
pub(super) fn share_of_categories(access: &Access) -> Option<f64> {
    let within = access.closest.iter().flatten().filter(|minutes| **minutes <= STANDARD_MINUTES).count();
    (!access.closest.is_empty()).then(|| within as f64 / access.closest.len() as f64)
}
