//! Jobs by class and by way of travelling, and how many there are for each worker who competes for them.

use super::attach_homes;
use super::measures::{Measure, Summary, workers};
use crate::access::{Access, Decay, Opportunities, Pairs, spatial_availability};
use crate::model::{Findings, JobClass, TravelSettings, Traveller, Workplaces};
use crate::network::{
    Attachment, BuildOptions, Destinations, StreetNetwork, TravelPairs, TravelProfile, time_to_data_edge,
};
use crate::{Error, ErrorKind, Minutes, Progress, Result, StudyArea};

/// Minutes within which workers compete for jobs, and jobs are told by class.
const COMPETITION_MINUTES: f64 = Opportunities::JOB_CUTOFFS[COMPETITION];
/// Its place among the cutoffs.
const COMPETITION: usize = 1;
/// From this share of residents on, a journey that reaches the edge of the data is told.
const TOLD_SHARE: f64 = 0.1;

/// Jobs of each class on foot (or as the study travels), jobs for each worker, jobs by the other ways of travelling, and what is
/// reached without a car.
///
/// - `pairs`: homes and all places of the opportunities, of which workplaces are some.
pub(super) fn measures(
    study: &StudyArea,
    (opportunities, access): (&Opportunities, &[Option<Access>]),
    pairs: &impl TravelPairs,
    findings: &mut Findings,
    progress: &dyn Progress,
) -> Result<Vec<Measure>> {
    let Some(workplaces) = &study.workplaces else {
        if !study.settings.modes.is_empty() {
            let message = "`modes` tell jobs by way of travelling, but the study has no jobs layer";
            findings.warning(Error::new(ErrorKind::Study, message).in_layer("study.toml"));
        }
        return Ok(Vec::new());
    };
    let at_places = |counts: &[f64]| opportunities.at_workplaces(counts);
    let mut measures = by_class(&workplaces.classes, pairs, "", at_places)?;
    measures.extend(competition(study, pairs, "", &at_places(&workplaces.jobs), findings)?);

    let first = access.iter().map(|access| access.as_ref().map(|access| access.jobs[COMPETITION]));
    let mut reached = vec![(study.settings.travel.profile, first.collect::<Vec<_>>())];
    for mode in &study.settings.modes {
        let (more, jobs) = by_mode(study, workplaces, mode, findings, progress)?;
        measures.extend(more);
        reached.push((mode.profile, jobs));
    }
    measures.extend(without_car(&reached));
    Ok(measures)
}

/// Everything about jobs by another way of travelling, and the jobs within [`COMPETITION_MINUTES`].
fn by_mode(
    study: &StudyArea,
    workplaces: &Workplaces,
    mode: &TravelSettings,
    findings: &mut Findings,
    progress: &dyn Progress,
) -> Result<(Vec<Measure>, Vec<Option<f64>>)> {
    let profile = TravelProfile::new(mode.clone())?;
    let (network, _) = StreetNetwork::build(&study.streets, profile, BuildOptions::default(), progress)?;
    let far = study.settings.max_snap_distance;
    let mut of_mode = Findings::default();
    let homes = attach_homes(&network, &study.homes, far, &[], progress, &mut of_mode)?;
    let by = format!("_by_{}", mode.profile.name());
    for finding in of_mode.iter() {
        findings.warning(finding.error.clone().in_column(mode.profile.name()));
    }
    let places: Vec<Option<Attachment>> =
        workplaces.locations.iter().map(|&place| network.attach(place, far, &[]).ok()).collect();
    let destinations = Destinations::at(&network, &places);
    let cutoffs =
        Opportunities::JOB_CUTOFFS.map(|minutes| Minutes::new(minutes).map(Minutes::to_milliseconds));
    let cutoffs = cutoffs.into_iter().collect::<Result<Vec<u32>>>()?;
    let longest = Opportunities::JOB_CUTOFFS.into_iter().fold(0.0, f64::max);
    let pairs = Pairs::new(&network, &homes, &destinations, Minutes::new(longest)?, progress)?;

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
    let mut measures: Vec<Measure> = Opportunities::JOB_CUTOFFS
        .iter()
        .enumerate()
        .map(|(cutoff, minutes)| Measure::mean(format!("jobs{by}_within_{minutes}_min"), within(cutoff)))
        .collect();
    measures.extend(by_class(&workplaces.classes, &pairs, &by, <[f64]>::to_vec)?);
    measures.extend(competition(study, &pairs, &by, &workplaces.jobs, findings)?);
    tell_edge(study, &network, &homes, mode.profile, findings, progress)?;
    Ok((measures, within(COMPETITION)))
}

/// Jobs of each class within [`COMPETITION_MINUTES`].
fn by_class(
    classes: &[JobClass],
    pairs: &impl TravelPairs,
    by: &str,
    at_places: impl Fn(&[f64]) -> Vec<f64>,
) -> Result<Vec<Measure>> {
    let cutoff = Minutes::new(COMPETITION_MINUTES)?;
    let of_class = |class: &JobClass| {
        let jobs = crate::access::cumulative_cutoff(pairs, &at_places(&class.jobs), cutoff)?;
        Ok(Measure::mean(format!("jobs_{}{by}_within_{COMPETITION_MINUTES}_min", class.name), jobs))
    };
    classes.iter().map(of_class).collect()
}

/// Jobs handed out once among all who reach them: for each worker, and to each neighbourhood as a whole. With one cutoff for
/// all, jobs for each worker are those of the two-step floating catchment area as well.
fn competition(
    study: &StudyArea,
    pairs: &impl TravelPairs,
    by: &str,
    jobs: &[f64],
    findings: &mut Findings,
) -> Result<Vec<Measure>> {
    let homes = &study.homes;
    let who = match (&homes.workers, homes.weight.counts_people()) {
        (Some(_), _) => "worker",
        (None, true) => "resident",
        // Nobody competes by floor area.
        _ => return Ok(Vec::new()),
    };
    let cutoff = Decay::binary(Minutes::new(COMPETITION_MINUTES)?);
    let found = spatial_availability(pairs, workers(homes), jobs, &cutoff, 1.0)?;
    let all: f64 = study.workplaces.iter().flat_map(|places| &places.jobs).sum();
    let nobodys = all - found.total.iter().flatten().sum::<f64>();
    if nobodys >= 1.0 {
        let message = format!(
            "{nobodys:.0} of {all:.0} jobs are reached by no {who} within {COMPETITION_MINUTES} minutes{} and are nobody's",
            by.replace('_', " "),
        );
        findings.note(Error::new(ErrorKind::Study, message).in_layer("jobs"));
    }
    let each = format!("jobs_per_{who}{by}_within_{COMPETITION_MINUTES}_min");
    let all = format!("jobs_available{by}_within_{COMPETITION_MINUTES}_min");
    let mut each = Measure::mean(each, found.per_person);
    each.summary = Summary::MeanOfWorkers;
    let total = Measure {
        neighbourhood_column: format!("{all}_total"),
        home_column: all,
        values: found.total,
        summary: Summary::Sum,
    };
    Ok(vec![each, total])
}

/// Of the jobs that a driver reaches, the share that can be reached without a car. None unless both are known.
fn without_car(reached: &[(Traveller, Vec<Option<f64>>)]) -> Option<Measure> {
    let (driving, others): (Vec<_>, Vec<_>) = reached.iter().partition(|(who, _)| *who == Traveller::Car);
    let (_, by_car) = driving.first()?;
    if others.is_empty() {
        return None;
    }
    let share = |(home, by_car): (usize, &Option<f64>)| {
        let best = others.iter().filter_map(|(_, jobs)| jobs[home]).reduce(f64::max)?;
        by_car.filter(|jobs| *jobs > 0.0).map(|jobs| (best / jobs).min(1.0))
    };
    let shares = by_car.iter().enumerate().map(share).collect();
    Some(Measure::mean(format!("jobs_share_without_car_within_{COMPETITION_MINUTES}_min"), shares))
}

/// Says how many residents come to the edge of the data, beyond which jobs are not counted.
fn tell_edge(
    study: &StudyArea,
    network: &StreetNetwork,
    homes: &[Option<Attachment>],
    mode: Traveller,
    findings: &mut Findings,
    progress: &dyn Progress,
) -> Result<()> {
    let limit = Minutes::new(COMPETITION_MINUTES)?;
    let edge = time_to_data_edge(network, homes, limit, progress)?;
    let residents = &study.homes.weights;
    let all: f64 = residents.iter().sum();
    let some = edge.iter().zip(residents).filter(|(edge, _)| edge.is_some());
    let share = some.fold(0.0, |sum, (_, people)| sum + people) / all;
    if share >= TOLD_SHARE {
        let message = format!(
            "{:.0} % of {} come to the edge of the street data within {COMPETITION_MINUTES} minutes by {}: \
             jobs beyond it are not counted",
            100.0 * share,
            study.homes.weight,
            mode.name()
        );
        let hint =
            "let streets and jobs go on beyond the neighbourhoods, or read these columns as a lower bound";
        findings.warning(Error::new(ErrorKind::Study, message).in_layer("jobs").hint(hint));
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
        assert_eq!(without_car(&reached).unwrap().values, [Some(0.3), None, None, Some(1.0)]);
        assert!(without_car(&reached[..1]).is_none() && without_car(&reached[1..2]).is_none());
    }
}
