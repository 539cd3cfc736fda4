//! What homes reach by public transport at each time of day of the study, and who is cut off at night or on Sunday.
//!
//! ```text
//!   weekday 7-9    home ──walk── stop ══bus══ stop ──walk── clinic     28 min: within the standard
//!   weekday 21-22  home ──walk── stop   no bus any more               cut off from its clinic
//! ```

mod open;

use super::jobs;
use crate::access::{Decay, spatial_availability};
use crate::measure::prelude::*;
use crate::measure::{time_of_day, workers};
use crate::model::{Traveller, Workplaces};
use crate::network::{Destinations, TravelPairs};
use crate::travel::transit::{Reaching, SliceAccess, StudyTransit, TransitNetwork};

/// Essentials and jobs by public transport.
pub(crate) static TRANSIT: Measure = Measure {
    name: "transit",
    title: "public transport",
    needs: &[Need::Measure("access"), Need::Measure("jobs")],
    method: "Travel time door to door by timetable, walking wherever that is faster, at every second of each departure window: its \
             percentile (the median, unless the study says otherwise), and the share of departures that arrive within the \
             study's standard. Cut off is who reaches an essential within it at the first time of day and not at another. Jobs \
             within 30, 45 and 60 minutes, also per worker who competes for them. Services with opening \
             hours also by whether they are open. Delays are not counted.",
    source: "Owen & Levinson (2015); Farber & Fu (2017); Luo & Wang (2003)",
    columns: &[
        &MINUTES,
        &MEDIAN,
        &IN_TIME,
        &WITHIN,
        &IS_CUT_OFF,
        &CUT_OFF,
        &CUT_OFF_FROM_ANY,
        &CITY_CUT_OFF,
        &CITY_CUT_OFF_FROM_ANY,
        &JOBS,
        &MEAN_JOBS,
        &PER_WORKER,
        &MEAN_PER_WORKER,
        &OF_CAR,
        &MEAN_OF_CAR,
        &WHEN,
        &ESSENTIAL,
        &GROUP,
        &MEMBERS,
        &USUALLY,
        &THEN,
        &MEMBERS_CUT_OFF,
        &SHARE_CUT_OFF,
        &open::IN_TIME,
        &open::OPEN,
        &open::CITY_OPEN,
    ],
    run,
};

/// Said of everything by timetable.
const BY_TIMETABLE: &str = "Not fares, crowding or late vehicles; and not whether the place is open.";

static MINUTES: ColumnSpec = transit("{of}_minutes_by_transit_{when}", Unit::Minutes, Scale::MoreIsWorse)
    .label("{Of} by public transport, {when}")
    .under("{Of}", "By public transport, {when}")
    .means("Minutes to the closest {of} by public transport or on foot, {when}; empty beyond the longest journey.")
    .shared_out(|study, _| match &study.transit {
        Some(transit) => Enough::By(Standard::AtMost(transit.standard.get())),
        None => Enough::NotTold,
    });
static MEDIAN: ColumnSpec = transit("{of}_minutes_by_transit_{when}_median", Unit::Minutes, Scale::MoreIsWorse)
    .label("{Of} by public transport, {when}")
    .under("{Of}", "By public transport, {when}")
    .means("For half of the {residents} the closest {of} is at most this far by public transport or on foot, {when}.")
    .sums_up(&MINUTES, Rule::Quantile(0.5));
static IN_TIME: ColumnSpec = transit("{of}_departures_by_transit_{when}", Unit::Share, Scale::MoreIsBetter)
    .label("Departures in time: {of}, {when}")
    .under("{Of}", "Departures in time, {when}")
    .means("Share of departures with which the closest {of} is reached within {minutes} minutes, {when}.");
static WITHIN: ColumnSpec = transit("{of}_share_by_transit_{when}", Unit::Share, Scale::MoreIsBetter)
    .label("Reached by public transport: {of}, {when}")
    .under("{Of}", "{Residents} by public transport, {when}")
    .means(
        "Share of {residents} with {some} within {minutes} minutes by public transport or on foot, {when}.",
    );
static IS_CUT_OFF: ColumnSpec = cut_off("{of}_cut_off_{when}", Unit::Answer)
    .label("Cut off: {of}, {when}")
    .under("{Of}", "Cut off, {when}")
    .means("Whether {of} is within {minutes} minutes at the usual time and not {when}.");
static CUT_OFF: ColumnSpec = cut_off("{of}_share_cut_off_{when}", Unit::Share)
    .label("Cut off: {of}, {when}")
    .under("{Of}", "Cut off, {when}")
    .means("Share of {residents} with {some} within {minutes} minutes at the usual time, but not {when}.");
static CUT_OFF_FROM_ANY: ColumnSpec =
    cut_off("share_cut_off_{when}", Unit::Share).label("Cut off from an essential, {when}").means(
        "Share of {residents} with an essential within {minutes} minutes at the usual time, but not {when}.",
    );
static CITY_CUT_OFF: ColumnSpec = cut_off("city_{of}_share_cut_off_{when}", Unit::Share)
    .label("Cut off: {of}, {when}")
    .means("Share of all {residents} on streets with {some} within {minutes} minutes at the usual time, but not {when}.");
static CITY_CUT_OFF_FROM_ANY: ColumnSpec = cut_off("city_share_cut_off_{when}", Unit::Share)
    .label("Cut off from an essential, {when}")
    .means(
        "Share of all {residents} on streets with an essential within {minutes} minutes at the usual time, but not {when}.",
    );
static JOBS: ColumnSpec =
    transit("jobs_by_transit_{when}_within_{minutes}_min", Unit::Count, Scale::MoreIsBetter)
        .label("Jobs by public transport in {minutes} min, {when}")
        .under("Jobs", "By public transport in {minutes} min, {when}")
        .means("How many jobs are reached within {minutes} minutes by public transport or on foot, {when}.")
        .shared_out(|_, subject| match subject.minutes {
            Some(45) => Enough::HalfOfMedian,
            _ => Enough::NotTold,
        });
static MEAN_JOBS: ColumnSpec = transit(
    "jobs_by_transit_{when}_within_{minutes}_min_mean",
    Unit::Count,
    Scale::MoreIsBetter,
)
.label("Jobs by public transport in {minutes} min, {when}")
.under("Jobs", "By public transport in {minutes} min, {when}")
.means(
    "How many jobs are reached within {minutes} minutes by public transport or on foot, {when}, on average over {residents}.",
)
.sums_up(&JOBS, Rule::Mean);
static PER_WORKER: ColumnSpec =
    transit("jobs_per_{of}_by_transit_{when}_within_{minutes}_min", Unit::Plain, Scale::MoreIsBetter)
        .label("Jobs per {of} by public transport, {when}")
        .under("Jobs", "Per {of} by public transport, {when}")
        .means(PER_WORKER_MEANS)
        .shared_out(|_, _| Enough::HalfOfMedian);
static MEAN_PER_WORKER: ColumnSpec =
    transit("jobs_per_{of}_by_transit_{when}_within_{minutes}_min_mean", Unit::Plain, Scale::MoreIsBetter)
        .label("Jobs per {of} by public transport, {when}")
        .under("Jobs", "Per {of} by public transport, {when}")
        .means(PER_WORKER_MEANS)
        .sums_up(&PER_WORKER, Rule::MeanOfWorkers);
static OF_CAR: ColumnSpec =
    transit("jobs_by_transit_{when}_of_car_within_{minutes}_min", Unit::Share, Scale::MoreIsBetter)
        .label("Jobs by public transport, of a driver's, {when}")
        .under("Jobs", "By public transport, of a driver's, {when}")
        .means(OF_CAR_MEANS);
static MEAN_OF_CAR: ColumnSpec =
    transit("jobs_by_transit_{when}_of_car_within_{minutes}_min_mean", Unit::Share, Scale::MoreIsBetter)
        .label("Jobs by public transport, of a driver's, {when}")
        .under("Jobs", "By public transport, of a driver's, {when}")
        .means("Of the jobs that a driver reaches within {minutes} minutes, the share that public transport reaches in that time, {when}; mean over {residents}.")
        .sums_up(&OF_CAR, Rule::Mean);
static WHEN: ColumnSpec = ColumnSpec::words("when", Theme::Isolation)
    .label("Time of day")
    .means("Set beside the first time of day.");
static ESSENTIAL: ColumnSpec =
    ColumnSpec::words("essential", Theme::Isolation).label("Essential").means("What is reached or not.");
static GROUP: ColumnSpec =
    ColumnSpec::words("group", Theme::Isolation).label("Group").means("A group of residents, or everybody.");
static MEMBERS: ColumnSpec = cut_off("{residents}", Unit::Count)
    .label("{Residents}")
    .means("{Residents} of the group whose home is on a street; a row with a small count is empty.");
static USUALLY: ColumnSpec = cut_off("{residents}_reach_usually", Unit::Count)
    .label("Reach it usually")
    .means("How many reach it within the study's standard at the first time of day.");
static THEN: ColumnSpec = cut_off("{residents}_reach_then", Unit::Count)
    .label("Reach it then")
    .means("How many reach it within the study's standard at this time of day.");
static MEMBERS_CUT_OFF: ColumnSpec = cut_off("{residents}_cut_off", Unit::Count)
    .label("{Residents} cut off")
    .means("How many reach it at the first time of day and not at this one.");
static SHARE_CUT_OFF: ColumnSpec = cut_off("share_cut_off", Unit::Share)
    .label("Share cut off")
    .means("Share of the group that reaches it at the first time of day and not at this one.");

const PER_WORKER_MEANS: &str = "Jobs within {minutes} minutes by public transport or on foot, {when}, each shared among all {of}s who reach it.";
const OF_CAR_MEANS: &str = "Of the jobs that a driver reaches within {minutes} minutes, the share that public transport reaches in that time, {when}.";

const fn transit(name: &'static str, unit: Unit, scale: Scale) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Access, unit, scale).does_not_mean(BY_TIMETABLE)
}

const fn cut_off(name: &'static str, unit: Unit) -> ColumnSpec {
    let scale = if matches!(unit, Unit::Answer) { Scale::Classes } else { Scale::MoreIsWorse };
    ColumnSpec::new(name, Theme::Isolation, unit, scale).does_not_mean(BY_TIMETABLE)
}

/// Minutes within which jobs are counted.
const JOB_CUTOFFS: [f64; 3] = [30.0, 45.0, 60.0];
/// Minutes within which workers compete for jobs, and public transport is set beside the car.
const COMPETITION_MINUTES: f64 = 45.0;
/// So many pairs of home and workplace are kept in a table at most; more are searched again by each measure.
const KEPT_PAIRS: usize = 32 << 20;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let study = context.study;
    let (Some(timetables), true) = (&study.transit, context.with_modes) else {
        return Ok(Outcome::default());
    };
    let on_streets = match on_foot(context) {
        Ok(on_streets) => on_streets,
        Err(error) if error.kind() == ErrorKind::Cancelled => return Err(error),
        Err(error) => return Ok(Outcome::not_assessed(TRANSIT.title, error.to_string())),
    };
    let mut found = Outcome::default();
    let mut slices = Vec::with_capacity(timetables.slices.len());
    for slice in &timetables.slices {
        let network = on_streets.on(slice, context.progress)?;
        slices.push((
            slice.name.as_str(),
            by_essential(context, on_streets, &network, &slice.name, &mut found)?,
        ));
        open::by_hours(context, (on_streets, &network), slice, &mut found)?;
        if let Some(workplaces) = &study.workplaces {
            let longest = slice.departures.longest.get();
            by_jobs(context, (on_streets, &network), workplaces, (&slice.name, longest), &mut found)?;
        }
    }
    who_is_cut_off(context, timetables.standard, &slices, &mut found);
    Ok(found)
}

/// The timetables on the streets of the study's own traveller.
///
/// # Errors
/// If that is nobody who walks to a stop, or no stop is near a street.
pub(super) fn on_foot<'c, 'a>(context: &'c Context<'a>) -> Result<&'c StudyTransit<'a>> {
    let traveller = context.walk().profile().traveller();
    if !Traveller::PEOPLE.contains(&traveller) {
        let message = format!("stops are reached on foot, but `[travel]` has {traveller}");
        return Err(Error::new(ErrorKind::Study, message));
    }
    context.transit()?.ok_or_else(|| Error::new(ErrorKind::Study, "the study has no timetable"))
}

/// The essentials that are places, with those of each.
fn places<'a>(context: &Context<'a>) -> Vec<(&'static str, &'a Destinations)> {
    let of = |&name: &&'static str| Some((name, context.opportunities.places_of(name)?));
    context.essentials.iter().filter_map(of).collect()
}

/// Minutes to each essential in a slice, and how many departures are in time.
fn by_essential(
    context: &Context<'_>,
    on_streets: &StudyTransit<'_>,
    network: &TransitNetwork,
    when: &str,
    found: &mut Outcome,
) -> Result<SliceAccess> {
    let standard = on_streets.standard();
    let places = places(context);
    let destinations: Vec<&Destinations> = places.iter().map(|(_, places)| *places).collect();
    let homes = context.walk().homes();
    let access = on_streets.closest(network, homes, &destinations, standard, context.progress)?;
    for (number, (essential, _)) in places.iter().enumerate() {
        let subject = || Subject::essential(essential).at(when);
        let of_standard = || subject().within(standard.get());
        let closest = &access.closest[number];
        let minutes = closest.iter().map(|found| found.and_then(|found| found.time).map(Minutes::get));
        found.home(&MINUTES, subject(), minutes.collect::<Vec<_>>());
        let in_time = closest.iter().map(|found| found.map(|found| found.share_within_standard));
        found.home(&IN_TIME, of_standard(), in_time.collect::<Vec<_>>());
        let reached = access.reached(number, standard);
        let share = context.homes.share(|home| reached[home] == Some(true));
        found.neighbourhood(&WITHIN, of_standard(), share);
    }
    Ok(access)
}

/// Every later slice beside the first: by home, neighbourhood, city, and group.
fn who_is_cut_off(
    context: &Context<'_>,
    standard: Minutes,
    slices: &[(&str, SliceAccess)],
    found: &mut Outcome,
) {
    let Some(((_, usual), later)) = slices.split_first() else { return };
    let homes = &context.study.homes;
    let groups = homes.groups.iter().map(|group| (group.name.as_str(), &group.counts));
    let groups: Vec<(&str, &Vec<f64>)> = std::iter::once((EVERYBODY, &homes.weights)).chain(groups).collect();
    let all: f64 = context.counted().map(|home| homes.weights[home]).sum();
    let mut is_counted = vec![false; homes.len()];
    context.counted().for_each(|home| is_counted[home] = true);
    let mut rows: Vec<Row<'_>> = Vec::new();
    for (when, access) in later {
        let mut from_any = vec![false; homes.len()];
        for (number, (essential, _)) in places(context).into_iter().enumerate() {
            let subject = || Subject::essential(essential).at(when).within(standard.get());
            let cut_off = access.cut_off(usual, number, standard);
            from_any.iter_mut().zip(&cut_off).for_each(|(any, one)| *any |= *one == Some(true));
            found.neighbourhood(&CUT_OFF, subject(), context.homes.share(|home| cut_off[home] == Some(true)));
            found.home(&IS_CUT_OFF, subject(), cut_off);
            let reached = [usual, access].map(|slice| {
                let reached = slice.reached(number, standard).into_iter().zip(&is_counted);
                reached.map(|(reached, is_counted)| reached.filter(|_| *is_counted)).collect::<Vec<_>>()
            });
            let counted =
                groups.iter().map(|(_, members)| Reaching::count(&reached[0], &reached[1], members));
            let counted: Vec<Reaching> = counted.collect();
            let everybody = counted[0];
            if everybody.people > 0.0 {
                found.record(&CITY_CUT_OFF, subject(), Some(everybody.cut_off / everybody.people));
            }
            let hidden = context.groups.hidden_rows(&counted.iter().map(counts).collect::<Vec<_>>());
            for ((&(group, _), counted), is_hidden) in groups.iter().zip(counted).zip(hidden) {
                rows.push(Row { when, essential, group, counted: (!is_hidden).then_some(counted) });
            }
        }
        let subject = || Subject::NONE.at(when).within(standard.get());
        found.neighbourhood(&CUT_OFF_FROM_ANY, subject(), context.homes.share(|home| from_any[home]));
        let people: f64 =
            context.counted().filter(|home| from_any[*home]).map(|home| homes.weights[home]).sum();
        if all > 0.0 {
            found.record(&CITY_CUT_OFF_FROM_ANY, subject(), Some(people / all));
            let message = format!(
                "{people:.0} of {all:.0} {} are cut off: they have an essential within {:.0} minutes at the usual time, but not \
                 at this one: {}",
                homes.weight,
                standard.get(),
                time_of_day(when)
            );
            found.notes.note(Error::new(ErrorKind::Study, message).in_layer("transit"));
        }
    }
    if !rows.is_empty() {
        found.layer("transit_cut_off", table(&rows), None);
    }
}

/// A group at a time of day. What is counted of it is absent where it is small, or would tell a small count.
struct Row<'a> {
    when: &'a str,
    essential: &'a str,
    group: &'a str,
    counted: Option<Reaching>,
}

/// What must not be small in a row that is shown.
fn counts(found: &Reaching) -> Vec<f64> {
    let Reaching { people, usually, then, cut_off } = *found;
    vec![people, usually, people - usually, then, people - then, cut_off, people - cut_off]
}

/// One row per time of day, essential and group.
fn table<'a>(rows: &[Row<'a>]) -> Columns {
    let text = |of: fn(&Row<'a>) -> &'a str| -> Vec<Option<String>> {
        rows.iter().map(|row| Some(of(row).to_owned())).collect()
    };
    let number = |of: fn(&Reaching) -> f64| -> Vec<Option<f64>> {
        let shown = |row: &Row<'_>| row.counted.as_ref().map(of).filter(|value| value.is_finite());
        rows.iter().map(shown).collect()
    };
    let mut columns = Columns::default();
    columns.add(&WHEN, text(|row| row.when));
    columns.add(&ESSENTIAL, text(|row| row.essential));
    columns.add(&GROUP, text(|row| row.group));
    columns.add(&MEMBERS, number(|found| found.people));
    columns.add(&USUALLY, number(|found| found.usually));
    columns.add(&THEN, number(|found| found.then));
    columns.add(&MEMBERS_CUT_OFF, number(|found| found.cut_off));
    columns.add(&SHARE_CUT_OFF, number(|found| found.cut_off / found.people));
    columns
}

/// Jobs in a slice, from a table of all pairs where it fits into memory.
fn by_jobs(
    context: &Context<'_>,
    (on_streets, network): (&StudyTransit<'_>, &TransitNetwork),
    workplaces: &Workplaces,
    (when, longest): (&str, f64),
    found: &mut Outcome,
) -> Result<()> {
    let (trips, progress) = (context.walk(), context.progress);
    let places = trips.attach(context.study, &workplaces.locations);
    let destinations = Destinations::at(trips.streets(), &places);
    let homes = trips.homes();
    if homes.len().saturating_mul(places.len()) <= KEPT_PAIRS {
        let pairs = on_streets.times(network, homes, &destinations, progress)?;
        count_jobs(context, &pairs, workplaces, (when, longest), found)
    } else {
        let pairs = on_streets.searches(network, (homes, &destinations), progress)?;
        count_jobs(context, &pairs, workplaces, (when, longest), found)
    }
}

fn count_jobs(
    context: &Context<'_>,
    pairs: &impl TravelPairs,
    workplaces: &Workplaces,
    (when, longest): (&str, f64),
    found: &mut Outcome,
) -> Result<()> {
    let cutoffs = JOB_CUTOFFS.iter().map(|minutes| Minutes::new(*minutes).map(Minutes::to_milliseconds));
    let cutoffs = cutoffs.collect::<Result<Vec<u32>>>()?;
    let reached = pairs.each_origin(|row| {
        let mut sums = JOB_CUTOFFS.map(|_| 0.0);
        for (place, cost) in row.milliseconds() {
            for (sum, cutoff) in sums.iter_mut().zip(&cutoffs) {
                *sum += if cost <= *cutoff { workplaces.jobs[place] } else { 0.0 };
            }
        }
        sums
    })?;
    let subject = |minutes: f64| Subject::NONE.at(when).within(minutes);
    for (number, minutes) in JOB_CUTOFFS.into_iter().enumerate().filter(|(_, minutes)| *minutes <= longest) {
        let jobs: Vec<Option<f64>> = reached.iter().map(|sums| sums.map(|sums| sums[number])).collect();
        let by_car = Subject::NONE.by(Traveller::Car).within(minutes);
        let by_car = context.homes_so_far().find(&jobs::WITHIN, &by_car).and_then(Values::numbers);
        if let (Some(by_car), true) = (by_car, minutes == COMPETITION_MINUTES) {
            let share = |(jobs, by_car): (&Option<f64>, &Option<f64>)| {
                let by_car = by_car.filter(|by_car| *by_car > 0.0)?;
                Some((jobs.as_ref()? / by_car).min(1.0))
            };
            found.home(&OF_CAR, subject(minutes), jobs.iter().zip(by_car).map(share).collect::<Vec<_>>());
        }
        found.home(&JOBS, subject(minutes), jobs);
    }
    if let Some(who) = jobs::who_competes(&context.study.homes).filter(|_| COMPETITION_MINUTES <= longest) {
        let cutoff = Decay::binary(Minutes::new(COMPETITION_MINUTES)?);
        let shared =
            spatial_availability(pairs, workers(&context.study.homes), &workplaces.jobs, &cutoff, 1.0)?;
        let subject = Subject { of: Some(Of::Group(who.to_owned())), ..subject(COMPETITION_MINUTES) };
        found.home(&PER_WORKER, subject, shared.per_person);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hidden_row_shows_no_number() {
        let row = |group, counted| Row { when: "night", essential: "clinic", group, counted };
        let reaching =
            |people, cut_off| Reaching { people, usually: people, then: people - cut_off, cut_off };
        let rows =
            [row("a", Some(reaching(100.0, 40.0))), row("b", None), row("c", Some(reaching(0.0, 0.0)))];
        let columns = table(&rows).of_measure("transit");
        let numbers =
            |column| columns.find(column, &Subject::NONE).and_then(Values::numbers).unwrap().to_vec();
        assert_eq!(numbers(&MEMBERS_CUT_OFF), [Some(40.0), None, Some(0.0)]);
        assert_eq!(numbers(&SHARE_CUT_OFF), [Some(0.4), None, None]);
    }
}
