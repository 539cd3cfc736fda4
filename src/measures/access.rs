//! Access: the walk to the closest of every category, and how many lie within a walk.

use crate::access::{Access, Completeness, Opportunities, completeness};
use crate::measure::prelude::*;
use crate::model::{SAME_PLACE_M, SamePlace, same_places};
use std::collections::BTreeSet;

/// What homes reach as the study travels.
pub(crate) static ACCESS: Measure = Measure {
    name: "access",
    title: "access",
    needs: &[],
    method: "Travel time along streets from every home to the closest place of each category, searched up to 60 minutes, and how \
             many lie within 5, 10, 15 and 30 minutes (jobs: 15, 30 and 45). Beyond the search is empty, never a big number.",
    source: "Wachs & Kumagai (1973); Ingram (1971)",
    columns: &[
        &MINUTES,
        &MEDIAN,
        &TENTH,
        &NINETIETH,
        &SHARE_WITHIN,
        &WITHIN,
        &MEAN_WITHIN,
        &JOBS_WITHIN,
        &MEAN_JOBS,
        &KINDS_NEAR,
        &MEAN_KINDS_NEAR,
        &ALL_KINDS_NEAR,
        &MISSING,
        &ESSENTIALS_LACKING,
    ],
    run,
};

/// Said of everything measured on foot.
pub(super) const ON_FOOT: &str =
    "Not quality, opening hours, price or welcome; and not who goes there by bus, bicycle or car.";

/// Minutes to the closest; `None` beyond the search.
pub(crate) static MINUTES: ColumnSpec = access("{of}_minutes", Unit::Minutes, Scale::MoreIsWorse)
    .label("Walk to {of}")
    .under("{Of}", "Walk")
    .means("Minutes' walk to the closest {of}; empty beyond 60.")
    .shared_out(|_, _| Enough::By(Standard::AtMost(STANDARD_MINUTES)));
pub(crate) static MEDIAN: ColumnSpec = access("{of}_minutes_median", Unit::Minutes, Scale::MoreIsWorse)
    .label("Median walk to {of}")
    .under("{Of}", "Median walk")
    .means("For half of the {residents} the walk to the closest {of} takes at most this long.")
    .sums_up(&MINUTES, Rule::Quantile(0.5));
static TENTH: ColumnSpec = access("{of}_minutes_p10", Unit::Minutes, Scale::MoreIsWorse)
    .label("Walk to {of}, nearest tenth")
    .under("{Of}", "Walk, nearest tenth")
    .means("For the nearest tenth of the {residents} the walk to the closest {of} takes at most this long.")
    .sums_up(&MINUTES, Rule::Quantile(0.1));
static NINETIETH: ColumnSpec = access("{of}_minutes_p90", Unit::Minutes, Scale::MoreIsWorse)
    .label("Walk to {of}, farthest tenth")
    .under("{Of}", "Walk, farthest tenth")
    .means("For the farthest tenth of the {residents} the walk to the closest {of} takes at least this long.")
    .sums_up(&MINUTES, Rule::Quantile(0.9));
pub(crate) static SHARE_WITHIN: ColumnSpec =
    access("{of}_share_within_15_min", Unit::Share, Scale::MoreIsBetter)
        .label("{Residents} within 15 min: {of}")
        .under("{Of}", "{Residents} within 15 min")
        .means("Share of {residents} with {some} within 15 minutes' walk.")
        .sums_up(&MINUTES, Rule::ShareAtMost(STANDARD_MINUTES));
static WITHIN: ColumnSpec = access("{of}_within_{minutes}_min", Unit::Count, Scale::MoreIsBetter)
    .label("{Many} within {minutes} min")
    .under("{Of}", "How many within {minutes} min")
    .means("How many lie within {minutes} minutes' walk.");
static MEAN_WITHIN: ColumnSpec = access("{of}_within_{minutes}_min_mean", Unit::Count, Scale::MoreIsBetter)
    .label("{Many} within {minutes} min")
    .under("{Of}", "How many within {minutes} min")
    .means("How many lie within {minutes} minutes' walk, on average over {residents}.")
    .sums_up(&WITHIN, Rule::Mean);
pub(crate) static JOBS_WITHIN: ColumnSpec =
    access("jobs_within_{minutes}_min", Unit::Count, Scale::MoreIsBetter)
        .label("Jobs within {minutes} min")
        .under("Jobs", "How many within {minutes} min")
        .means("How many jobs lie within {minutes} minutes' walk.")
        .shared_out(|study, subject| match subject.minutes {
            Some(15) => Enough::By(Standard::AtLeast(study.settings.jobs_standard)),
            Some(30) => Enough::HalfOfMedian,
            _ => Enough::NotTold,
        });
static MEAN_JOBS: ColumnSpec = access("jobs_within_{minutes}_min_mean", Unit::Count, Scale::MoreIsBetter)
    .label("Jobs within {minutes} min")
    .under("Jobs", "How many within {minutes} min")
    .means("How many jobs lie within {minutes} minutes' walk, on average over {residents}.")
    .sums_up(&JOBS_WITHIN, Rule::Mean);
static KINDS_NEAR: ColumnSpec = access("share_of_categories_within_15_min", Unit::Share, Scale::MoreIsBetter)
    .label("Kinds of places near")
    .means("Share of all kinds of places of which one lies within 15 minutes' walk.");
static MEAN_KINDS_NEAR: ColumnSpec = access(
    "share_of_categories_within_15_min",
    Unit::Share,
    Scale::MoreIsBetter,
)
.label("Kinds of places near")
.means("Share of all kinds of places of which one lies within 15 minutes' walk, on average over {residents}.")
.sums_up(&KINDS_NEAR, Rule::Mean);
static ALL_KINDS_NEAR: ColumnSpec =
    access("share_with_all_categories_within_15_min", Unit::Share, Scale::MoreIsBetter)
        .label("Every kind of place near")
        .means("Share of {residents} with every kind of place that the study knows within 15 minutes' walk.");
static MISSING: ColumnSpec = ColumnSpec::words("missing_category", Theme::Access)
    .label("What would complete it")
    .means("The kind of place that, put near everyone, would most raise the share of {residents} with every kind near.")
    .does_not_mean(ON_FOOT);
static ESSENTIALS_LACKING: ColumnSpec =
    ColumnSpec::new("essentials_lacking", Theme::Isolation, Unit::Count, Scale::MoreIsWorse)
        .label("Essentials out of reach")
        .means("How many of the essentials in the data do not lie within 15 minutes' walk.")
        .does_not_mean(ON_FOOT);

const fn access(name: &'static str, unit: Unit, scale: Scale) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, unit, scale).does_not_mean(ON_FOOT)
}

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    let of_access = |value: &dyn Fn(&Access) -> Option<f64>| -> Vec<Option<f64>> {
        context.access.iter().map(|access| access.as_ref().and_then(value)).collect()
    };
    let opportunities = context.opportunities;
    for (index, category) in opportunities.categories.iter().enumerate() {
        let subject = Subject::category(category);
        found.home(&MINUTES, subject.clone(), of_access(&|access| access.closest[index]));
        for (cutoff, minutes) in Opportunities::SERVICE_CUTOFFS.iter().enumerate() {
            let within = of_access(&|access| Some(access.services[index][cutoff]));
            found.home(&WITHIN, subject.clone().within(*minutes), within);
        }
    }
    if opportunities.has_jobs {
        for (cutoff, minutes) in Opportunities::JOB_CUTOFFS.iter().enumerate() {
            let within = of_access(&|access| Some(access.jobs[cutoff]));
            found.home(&JOBS_WITHIN, Subject::NONE.within(*minutes), within);
        }
    }
    found.home(&KINDS_NEAR, Subject::NONE, of_access(&share_of_categories));
    let lacking = |lacks: &Option<Vec<bool>>| {
        lacks.as_ref().map(|lacks| lacks.iter().filter(|lack| **lack).count() as u32)
    };
    found.home(&ESSENTIALS_LACKING, Subject::NONE, context.lacks.iter().map(lacking).collect::<Vec<_>>());
    complete(context, &mut found)?;
    report_same_places(context, &mut found)?;
    report_opportunities(opportunities, &mut found);
    Ok(found)
}

/// Share of the categories of which one lies within 15 minutes, 0 to 1; `None` if there are no categories.
fn share_of_categories(access: &Access) -> Option<f64> {
    let within = access.closest.iter().flatten().filter(|minutes| **minutes <= STANDARD_MINUTES).count();
    (!access.closest.is_empty()).then(|| within as f64 / access.closest.len() as f64)
}

/// Who has every category near, and what is missing most.
fn complete(context: &Context<'_>, found: &mut Outcome) -> Result<()> {
    let categories = &context.opportunities.categories;
    let of = |homes: &[usize]| -> Result<Option<Completeness>> {
        let to_closest = |category: usize| {
            let closest =
                |home: &usize| context.access[*home].as_ref().and_then(|access| access.closest[category]);
            homes.iter().map(|home| closest(home).map(Minutes::new).transpose()).collect::<Result<Vec<_>>>()
        };
        let minutes = (0..categories.len()).map(to_closest).collect::<Result<Vec<_>>>()?;
        let weights: Vec<f64> = homes.iter().map(|&home| context.study.homes.weights[home]).collect();
        let standard = Minutes::new(STANDARD_MINUTES)?;
        (!categories.is_empty()).then(|| completeness(&minutes, &weights, standard)).transpose()
    };
    let complete = context.homes.each(of).into_iter().collect::<Result<Vec<_>>>()?;
    let share = |place: &Option<Completeness>| place.as_ref().and_then(|place| place.share);
    found.neighbourhood(&ALL_KINDS_NEAR, Subject::NONE, complete.iter().map(share).collect::<Vec<_>>());
    let missing = |place: &Option<Completeness>| {
        let (category, _) = place.as_ref().and_then(|place| place.missing)?;
        Some(categories[category].clone())
    };
    found.neighbourhood(&MISSING, Subject::NONE, complete.iter().map(missing).collect::<Vec<_>>());
    Ok(())
}

/// Says which services seem to be listed twice.
fn report_same_places(context: &Context<'_>, found: &mut Outcome) -> Result<()> {
    let services = &context.study.services;
    let same = same_places(services, Metres::new(SAME_PLACE_M)?, context.progress)?;
    let Some(first) = same.first() else { return Ok(()) };
    let described = |pair: &SamePlace| {
        let (one, other) = (&services[pair.first], &services[pair.second]);
        let name = one.name.as_deref().unwrap_or_default();
        format!("{} and {} ({name}, {}, {:.0} m apart)", one.id, other.id, one.category, pair.distance_m)
    };
    let few: Vec<String> = same.iter().take(3).map(described).collect();
    let more = if same.len() > few.len() { ", …" } else { "" };
    let twice: BTreeSet<usize> = same.iter().map(|pair| pair.second).collect();
    let message = format!(
        "{} of {} services seem to be listed twice: {}{more}",
        twice.len(),
        services.len(),
        few.join(", ")
    );
    found.notes.warning(
        Error::new(ErrorKind::Study, message)
            .in_layer("services")
            .with_id(&services[first.second].id)
            .hint("both are counted; leave one out with `where`, or drop one of the two sources"),
    );
    Ok(())
}

/// Says what could not be put on a street, and what was assumed of green spaces.
fn report_opportunities(opportunities: &Opportunities, found: &mut Outcome) {
    let mut far = |layer: &str, ids: &[String]| {
        if let Some(first) = ids.first() {
            let message = format!("{} are too far from every street and are left out", ids.len());
            found.notes.warning(Error::new(ErrorKind::Study, message).in_layer(layer).with_id(first));
        }
    };
    far("services", &opportunities.unattached_services);
    far("green_space", &opportunities.unattached_green_spaces);
    if opportunities.unattached_jobs > 0.0 {
        let message = format!(
            "{:.0} jobs are too far from every street and are left out",
            opportunities.unattached_jobs
        );
        found.notes.warning(Error::new(ErrorKind::Study, message).in_layer("jobs"));
    }
    if opportunities.inferred_entrances > 0 {
        let message = format!(
            "{} green spaces have no listed entrance: they are entered where streets meet or pass their edge",
            opportunities.inferred_entrances
        );
        found.notes.note(Error::new(ErrorKind::Study, message).in_layer("green_space"));
    }
}
