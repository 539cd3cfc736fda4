//! What the homes of a partition reach, from nothing but its cells.

use super::order::{AccessOrder, HomeColumns, Question};
use super::places::{Entrance, Places};
use crate::network::{Attachment, Cell, ClosestPlaces, Cut, TravelProfile, closest_of_each, sum_up};
use crate::{Crs, Error, ErrorKind, FeatureTable, Metres, Minutes, Progress, Result};
use geo::{Geometry, Point};
use polars::prelude::{Column, DataFrame, NamedFrom, Series};

/// Answers a partition: one row per home, in the order of the order.
///
/// # Errors
/// [`ErrorKind::Study`] with the number of the partition, if streets within the limit of its homes are not in its cells.
pub(super) fn answer(
    order: &AccessOrder,
    cells: &[Cell],
    entrances: Vec<(u32, Entrance)>,
    progress: &dyn Progress,
) -> Result<FeatureTable> {
    let question = &order.question;
    let (direction, limit) = (question.direction(), question.limit()?);
    let cut = Cut::of(cells, TravelProfile::new(question.travel.clone())?)?;
    let homes = homes_on(&cut, &order.homes)?;
    let is_cut_off =
        |position: &Option<(u32, f64, f64)>, home: &Option<Attachment>| position.is_some() && home.is_none();
    let home_off =
        order.homes.position.iter().zip(&homes).position(|(position, home)| is_cut_off(position, home));
    if let Some(home) = home_off {
        return Err(incomplete(order).with_id(&order.homes.id[home]));
    }
    if let Some(junction) = cut.lacking(&homes, direction, limit)? {
        return Err(incomplete(order).with_id(junction.to_string()));
    }
    let places = Places::of(&cut, entrances.into_iter(), direction)?;
    let network = cut.network();
    let by_category: Vec<_> =
        (0..question.categories.len()).map(|category| places.of_category(network, category)).collect();
    let closest =
        closest_of_each(network, &homes, &by_category.iter().collect::<Vec<_>>(), 1, limit, progress)?;
    let sums = sums(question, &cut, &homes, &places, progress)?;
    table(order, &homes, &closest, &places, &sums)
}

fn incomplete(order: &AccessOrder) -> Error {
    let message =
        format!("partition {} lacks streets that its homes reach: nothing is answered from it", order.number);
    Error::new(ErrorKind::Study, message).in_layer("streets").hint("make the plan again")
}

fn homes_on(cut: &Cut, homes: &HomeColumns) -> Result<Vec<Option<Attachment>>> {
    let attach = |position: &Option<(u32, f64, f64)>| match position {
        Some((edge, fraction, gap)) => Ok(cut.position(*edge, *fraction, Metres::new(*gap)?)),
        None => Ok(None),
    };
    homes.position.iter().map(attach).collect()
}

/// For each home the services of every category within every cutoff, then the jobs.
fn sums(
    question: &Question,
    cut: &Cut,
    homes: &[Option<Attachment>],
    places: &Places,
    progress: &dyn Progress,
) -> Result<Vec<f64>> {
    let milliseconds = |cutoffs: &[f64]| -> Result<Vec<u32>> {
        cutoffs.iter().map(|&cutoff| Ok(Minutes::new(cutoff)?.to_milliseconds())).collect()
    };
    let (cutoffs, job_cutoffs) = (milliseconds(&question.cutoffs)?, milliseconds(&question.job_cutoffs)?);
    let first_job = question.categories.len() * cutoffs.len();
    let longest = cutoffs.iter().chain(&job_cutoffs).copied().max().unwrap_or(0);
    let width = width(question);
    if width == 0 {
        // Within so short a limit nothing is counted.
        return Ok(Vec::new());
    }
    let destinations = places.all(cut.network());
    sum_up(
        cut.network(),
        homes,
        &destinations,
        Minutes::from_milliseconds(longest),
        width,
        progress,
        |sums, place, cost| {
            let (first, cutoffs) = match places.categories[place] {
                Some(category) => (category * cutoffs.len(), &cutoffs),
                None => (first_job, &job_cutoffs),
            };
            for (sum, &cutoff) in sums[first..].iter_mut().zip(cutoffs) {
                if cost <= cutoff {
                    *sum += places.amounts[place];
                }
            }
        },
    )
}

/// How many sums each home has.
fn width(question: &Question) -> usize {
    let jobs = if question.has_jobs { question.job_cutoffs.len() } else { 0 };
    question.categories.len() * question.cutoffs.len() + jobs
}

fn table(
    order: &AccessOrder,
    homes: &[Option<Attachment>],
    closest: &[ClosestPlaces],
    places: &Places,
    sums: &[f64],
) -> Result<FeatureTable> {
    let AccessOrder { question, homes: asked, .. } = order;
    let mut columns: Vec<Column> = vec![
        Series::new("id".into(), &asked.id).into(),
        Series::new("neighbourhood".into(), &asked.neighbourhood).into(),
        Series::new(question.weight.as_str().into(), &asked.weight).into(),
    ];
    let width = width(question);
    let mut sum = |name: String, number: usize| {
        let of = |(home, at): (usize, &Option<Attachment>)| at.map(|_| sums[home * width + number]);
        let values: Vec<Option<f64>> = homes.iter().enumerate().map(of).collect();
        columns.push(Series::new(name.as_str().into(), values).into());
    };
    for (at, cutoff) in question.job_cutoffs.iter().enumerate().filter(|_| question.has_jobs) {
        sum(format!("jobs_within_{cutoff}_min"), question.categories.len() * question.cutoffs.len() + at);
    }
    for (category, name) in question.categories.iter().enumerate() {
        for (at, cutoff) in question.cutoffs.iter().enumerate() {
            sum(format!("{name}_within_{cutoff}_min"), category * question.cutoffs.len() + at);
        }
    }
    for (name, closest) in question.categories.iter().zip(closest) {
        let nearest: Vec<_> = (0..homes.len()).map(|home| closest.of(home).next()).collect();
        let minutes: Vec<Option<f64>> =
            nearest.iter().map(|one| one.map(|(_, minutes)| minutes.get())).collect();
        let ids: Vec<Option<&str>> =
            nearest.iter().map(|one| one.map(|(place, _)| places.ids[place].as_str())).collect();
        columns.push(Series::new(format!("{name}_minutes").as_str().into(), minutes).into());
        columns.push(Series::new(format!("{name}_closest").as_str().into(), ids).into());
    }
    let points = asked.x.iter().zip(&asked.y).map(|(&x, &y)| Some(Geometry::Point(Point::new(x, y))));
    let table = DataFrame::new(homes.len(), columns)
        .map_err(|error| Error::new(ErrorKind::Format, format!("the table of a partition: {error}")))?;
    FeatureTable::new(points.collect(), table, Some(Crs::new(&question.crs)?))
}
