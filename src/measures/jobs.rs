//! Jobs by class and by travel mode, and how many there are per worker who competes for them.

use crate::access::{Decay, Opportunities, cumulative_cutoff, spatial_availability};
use crate::measure::prelude::*;
use crate::measure::workers;
use crate::model::{Homes, JobClass, TravelSettings, Traveller, Workplaces};
use crate::network::{Destinations, TravelPairs, TravelProfile, time_to_data_edge};

/// Jobs beyond those that are counted with all else that homes reach.
pub(crate) static JOBS: Measure = Measure {
    name: "jobs",
    title: "jobs",
    needs: &[Need::Measure("access")],
    method: "Jobs by class and travel mode. Jobs per worker: every job within 30 minutes is shared equally among the workers \
             (residents, where the data counts no workers) who reach it; 2SFCA and spatial availability agree here.",
    source: "Luo & Wang (2003); Soukhov et al. (2023)",
    columns: &[
        &WITHIN,
        &MEAN_WITHIN,
        &PER_WORKER,
        &MEAN_PER_WORKER,
        &AVAILABLE,
        &TOTAL_AVAILABLE,
        &WITHOUT_CAR,
        &MEAN_WITHOUT_CAR,
    ],
    run,
};

pub(super) static WITHIN: ColumnSpec =
    jobs("jobs[_{of}][_by_{traveller}]_within_{minutes}_min", Unit::Count, Scale::MoreIsBetter)
        .label("Jobs[: {of}][ by {traveller}] within {minutes} min")
        .means("How many can be reached within {minutes} minutes[ by {traveller}].")
        .shared_out(|_, subject| match subject.minutes {
            Some(30) => Enough::HalfOfMedian,
            _ => Enough::NotTold,
        });
static MEAN_WITHIN: ColumnSpec =
    jobs("jobs[_{of}][_by_{traveller}]_within_{minutes}_min_mean", Unit::Count, Scale::MoreIsBetter)
        .label("Jobs[: {of}][ by {traveller}] within {minutes} min")
        .means(
            "How many can be reached within {minutes} minutes[ by {traveller}], on average over {residents}.",
        )
        .sums_up(&WITHIN, Rule::Mean);
static PER_WORKER: ColumnSpec =
    jobs("jobs_per_{of}[_by_{traveller}]_within_{minutes}_min", Unit::Plain, Scale::MoreIsBetter)
        .label("Jobs per {of}[ by {traveller}]")
        .means(PER_WORKER_MEANS)
        .shared_out(|_, _| Enough::HalfOfMedian);
static MEAN_PER_WORKER: ColumnSpec =
    jobs("jobs_per_{of}[_by_{traveller}]_within_{minutes}_min_mean", Unit::Plain, Scale::MoreIsBetter)
        .label("Jobs per {of}[ by {traveller}]")
        .means(PER_WORKER_MEANS)
        .sums_up(&PER_WORKER, Rule::MeanOfWorkers);
static AVAILABLE: ColumnSpec = jobs("jobs_available[_by_{traveller}]_within_{minutes}_min", Unit::Count, Scale::Neutral)
    .label("Jobs available[ by {traveller}]")
    .means("The home's part of all jobs, if each is shared equally among those who reach it within {minutes} minutes[ by {traveller}].");
static TOTAL_AVAILABLE: ColumnSpec =
    jobs("jobs_available[_by_{traveller}]_within_{minutes}_min_total", Unit::Count, Scale::Neutral)
        .label("Jobs available[ by {traveller}]")
        .means(
            "The neighbourhood's part of all jobs, if each is shared equally among those who reach it within {minutes} \
             minutes[ by {traveller}].",
        )
        .sums_up(&AVAILABLE, Rule::Sum);
static WITHOUT_CAR: ColumnSpec = jobs("jobs_share_without_car_within_{minutes}_min", Unit::Share, Scale::MoreIsBetter)
    .label("Jobs in reach without a car")
    .means("Of the jobs that a driver reaches within {minutes} minutes, the share that can be reached in that time without a car.")
    .shared_out(|_, _| Enough::HalfOfMedian);
static MEAN_WITHOUT_CAR: ColumnSpec =
    jobs("jobs_share_without_car_within_{minutes}_min_mean", Unit::Share, Scale::MoreIsBetter)
        .label("Jobs in reach without a car")
        .means(
            "Of the jobs that a driver reaches within {minutes} minutes, the share that can be reached in that time without a \
             car, on average over {residents}.",
        )
        .sums_up(&WITHOUT_CAR, Rule::Mean);

const PER_WORKER_MEANS: &str = "Jobs within {minutes} minutes[ by {traveller}], each shared among all {of}s who reach it: those that one {of} here competes for.";

const fn jobs(name: &'static str, unit: Unit, scale: Scale) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, unit, scale).under("Jobs", "").does_not_mean(
        "Not who is hired: pay, skills, hours and jobs beyond the data do not count, nor do buses and trains.",
    )
}

/// Minutes within which workers compete for jobs, and jobs are counted by class.
const COMPETITION_MINUTES: f64 = Opportunities::JOB_CUTOFFS[COMPETITION];
/// Its place among the cutoffs.
const COMPETITION: usize = 1;
/// From this share of residents on, a journey that could reach past the edge of the data is reported.
const REPORTED_SHARE: f64 = 0.1;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    let study = context.study;
    let Some(workplaces) = &study.workplaces else {
        if !study.settings.modes.is_empty() {
            let message = "`modes` adds jobs by travel mode, but the study has no jobs layer";
            found.notes.warning(Error::new(ErrorKind::Study, message).in_layer("study.toml"));
        }
        return Ok(found);
    };
    let opportunities = context.opportunities;
    let at_places = |counts: &[f64]| opportunities.at_workplaces(counts);
    by_class(&workplaces.classes, context.pairs, None, at_places, &mut found)?;
    competition(study, context.pairs, None, &at_places(&workplaces.jobs), &mut found)?;

    let first = context.access.iter().map(|access| access.as_ref().map(|access| access.jobs[COMPETITION]));
    let mut reached = vec![(study.settings.travel.profile, first.collect::<Vec<_>>())];
    for mode in study.settings.modes.iter().filter(|_| context.with_modes) {
        reached.push((mode.profile, by_mode(context, workplaces, mode, &mut found)?));
    }
    if let Some(shares) = without_car(&reached) {
        found.home(&WITHOUT_CAR, Subject::NONE.within(COMPETITION_MINUTES), shares);
    }
    Ok(found)
}

/// Everything about jobs by another travel mode; returns the jobs within [`COMPETITION_MINUTES`].
fn by_mode(
    context: &Context<'_>,
    workplaces: &Workplaces,
    mode: &TravelSettings,
    found: &mut Outcome,
) -> Result<Vec<Option<f64>>> {
    let (study, progress) = (context.study, context.progress);
    let trips = context.by(TravelProfile::new(mode.clone())?)?;
    if let Some(far) = trips.said_of_far() {
        found.notes.warning(far.clone().in_column(mode.profile.name()));
    }
    let places = trips.attach(study, &workplaces.locations);
    let destinations = Destinations::at(trips.streets(), &places);
    let cutoffs =
        Opportunities::JOB_CUTOFFS.map(|minutes| Minutes::new(minutes).map(Minutes::to_milliseconds));
    let cutoffs = cutoffs.into_iter().collect::<Result<Vec<u32>>>()?;
    let longest = Opportunities::JOB_CUTOFFS.into_iter().fold(0.0, f64::max);
    let pairs = trips.pairs(&destinations, Minutes::new(longest)?, progress)?;

    let reached = pairs.each_origin(|row| {
        let mut sums = Opportunities::JOB_CUTOFFS.map(|_| 0.0);
        for (place, cost) in row.milliseconds() {
            for (sum, cutoff) in sums.iter_mut().zip(&cutoffs) {
                if cost <= *cutoff {
                    *sum += workplaces.jobs[place];
                }
            }
        }
        sums
    })?;
    let within = |cutoff: usize| reached.iter().map(|sums| sums.map(|sums| sums[cutoff])).collect::<Vec<_>>();
    for (cutoff, minutes) in Opportunities::JOB_CUTOFFS.iter().enumerate() {
        found.home(&WITHIN, Subject::NONE.by(mode.profile).within(*minutes), within(cutoff));
    }
    by_class(&workplaces.classes, &pairs, Some(mode.profile), <[f64]>::to_vec, found)?;
    competition(study, &pairs, Some(mode.profile), &workplaces.jobs, found)?;
    report_edge(context, &trips, mode.profile, found)?;
    Ok(within(COMPETITION))
}

/// What is counted, by which mode if it is not the study's own.
fn subject(of: Option<Of>, by: Option<Traveller>) -> Subject {
    Subject { of, traveller: by, ..Subject::NONE }.within(COMPETITION_MINUTES)
}

/// Jobs of each class within [`COMPETITION_MINUTES`].
fn by_class(
    classes: &[JobClass],
    pairs: &impl TravelPairs,
    by: Option<Traveller>,
    at_places: impl Fn(&[f64]) -> Vec<f64>,
    found: &mut Outcome,
) -> Result<()> {
    let cutoff = Minutes::new(COMPETITION_MINUTES)?;
    for class in classes {
        let jobs = cumulative_cutoff(pairs, &at_places(&class.jobs), cutoff)?;
        found.home(&WITHIN, subject(Some(Of::JobClass(class.name.clone())), by), jobs);
    }
    Ok(())
}

/// What those are called who compete for jobs; `None` where homes count by floor area, which competes for nothing.
pub(super) fn who_competes(homes: &Homes) -> Option<&'static str> {
    match (&homes.workers, homes.weight.counts_people()) {
        (Some(_), _) => Some("worker"),
        (None, true) => Some("resident"),
        _ => None,
    }
}

/// Jobs handed out once among all who reach them: per worker, and to each neighbourhood as a whole. With one cutoff for
/// all, jobs per worker are those of the two-step floating catchment area as well.
fn competition(
    study: &StudyArea,
    pairs: &impl TravelPairs,
    by: Option<Traveller>,
    jobs: &[f64],
    found: &mut Outcome,
) -> Result<()> {
    let homes = &study.homes;
    let Some(who) = who_competes(homes) else { return Ok(()) };
    let cutoff = Decay::binary(Minutes::new(COMPETITION_MINUTES)?);
    let shared = spatial_availability(pairs, workers(homes), jobs, &cutoff, 1.0)?;
    let all: f64 = study.workplaces.iter().flat_map(|places| &places.jobs).sum();
    let nobodys = all - shared.total.iter().flatten().sum::<f64>();
    if nobodys >= 1.0 {
        let by = by.map_or(String::new(), |mode| format!(" by {}", mode.name()));
        let message = format!(
            "{nobodys:.0} of {all:.0} jobs are reached by no {who} within {COMPETITION_MINUTES} minutes{by} and are nobody's",
        );
        found.notes.note(Error::new(ErrorKind::Study, message).in_layer("jobs"));
    }
    found.home(&PER_WORKER, subject(Some(Of::Group(who.to_owned())), by), shared.per_person);
    found.home(&AVAILABLE, subject(None, by), shared.total);
    Ok(())
}

/// Of the jobs that a driver reaches, the share that can be reached without a car. None unless both are known.
fn without_car(reached: &[(Traveller, Vec<Option<f64>>)]) -> Option<Vec<Option<f64>>> {
    let (driving, others): (Vec<_>, Vec<_>) = reached.iter().partition(|(who, _)| *who == Traveller::Car);
    let (_, by_car) = driving.first()?;
    if others.is_empty() {
        return None;
    }
    let share = |(home, by_car): (usize, &Option<f64>)| {
        let best = others.iter().filter_map(|(_, jobs)| jobs[home]).reduce(f64::max)?;
        by_car.filter(|jobs| *jobs > 0.0).map(|jobs| (best / jobs).min(1.0))
    };
    Some(by_car.iter().enumerate().map(share).collect())
}

/// Says how many could travel past the edge of the data, beyond which jobs are not counted.
fn report_edge(context: &Context<'_>, trips: &Trips, mode: Traveller, found: &mut Outcome) -> Result<()> {
    let limit = Minutes::new(COMPETITION_MINUTES)?;
    let edge = time_to_data_edge(trips.streets(), trips.homes(), limit, context.progress)?;
    let homes = &context.study.homes;
    let all: f64 = homes.weights.iter().sum();
    let some = edge.iter().zip(&homes.weights).filter(|(edge, _)| edge.is_some());
    let share = some.fold(0.0, |sum, (_, people)| sum + people) / all;
    if share >= REPORTED_SHARE {
        let message = format!(
            "{:.0} % of {} could travel past the edge of the street data within {COMPETITION_MINUTES} minutes by {}: \
             jobs beyond it are not counted",
            100.0 * share,
            homes.weight,
            mode.name()
        );
        let hint =
            "let streets and jobs go on beyond the neighbourhoods, or read these columns as a lower bound";
        found.notes.warning(Error::new(ErrorKind::Study, message).in_layer("jobs").hint(hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_of_walking_and_cycling_counts_and_who_reaches_nothing_by_car_has_no_share() {
        let reached = [
            (Traveller::Adult, vec![Some(10.0), Some(1.0), None, Some(50.0)]),
            (Traveller::Car, vec![Some(100.0), Some(0.0), None, Some(40.0)]),
            (Traveller::Bicycle, vec![Some(30.0), Some(1.0), None, Some(45.0)]),
        ];
        assert_eq!(without_car(&reached).unwrap(), [Some(0.3), None, None, Some(1.0)]);
        assert!(without_car(&reached[..1]).is_none() && without_car(&reached[1..2]).is_none());
    }
}
