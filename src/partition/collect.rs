//! From the answers of all partitions to one table.

use super::order::Order;
use super::plan::{Kind, Plan, to_json};
use super::receipt::{Failure, Outcome, Receipt, receipts, sum_of};
use super::run::{MANIFEST, Manifest};
use crate::io::{self, ReadOptions};
use crate::{Error, ErrorKind, FeatureTable, Result};
use geo::Geometry;
use polars::prelude::{Column, DataFrame, IdxCa, IdxSize, NamedFrom, PolarsError, Series};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How far a plan is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Status {
    /// Partitions whose answer is there.
    pub done: Vec<usize>,
    /// Partitions that cannot be answered, and why.
    pub failed: Vec<(usize, Failure)>,
    /// Partitions that nobody has answered yet.
    pub missing: Vec<usize>,
    /// Seconds that one process needs for those that are missing, by what the others took; `None` before the first.
    pub seconds_left: Option<f64>,
}

/// Says how far a plan is, by its receipts.
///
/// # Errors
/// [`ErrorKind::Io`] if the folder cannot be read.
pub fn status(plan: &Plan, out: &Path) -> Result<Status> {
    let mut status = Status { done: vec![], failed: vec![], missing: vec![], seconds_left: None };
    let (mut seconds, mut homes, mut homes_left) = (0.0, 0, 0);
    for (partition, receipt) in plan.partitions().iter().zip(receipts(plan, out)?) {
        match receipt {
            None => {
                status.missing.push(partition.number);
                homes_left += partition.homes;
            }
            Some(Receipt { outcome: Outcome::Failed(failure), .. }) => {
                status.failed.push((partition.number, failure))
            }
            Some(receipt) => {
                status.done.push(partition.number);
                seconds += receipt.seconds.values().sum::<f64>();
                homes += partition.homes;
            }
        }
    }
    status.seconds_left = (homes > 0).then(|| seconds / homes as f64 * homes_left as f64);
    Ok(status)
}

/// Puts the answers of all partitions together and writes the list of all files last.
///
/// Of homes: `access.parquet`, one row per home in the order of the study. Of studies: `studies.csv`, one row per study, with those
/// that cannot be assessed and why, and the numbers of the city of all others.
///
/// # Errors
/// [`ErrorKind::Study`] if an answer is missing, or one of homes failed; [`ErrorKind::Format`] if a file is not what its receipt
/// says; [`ErrorKind::Io`]. Then no list is written.
pub fn collect(plan: &Plan, out: &Path) -> Result<FeatureTable> {
    let receipts = receipts(plan, out)?;
    let missing: Vec<usize> = (0..receipts.len()).filter(|&number| receipts[number].is_none()).collect();
    if let Some(first) = missing.first() {
        let message =
            format!("{} of {} partitions have no answer yet: {first}", missing.len(), receipts.len());
        let more = if missing.len() > 1 { " and others" } else { "" };
        return Err(Error::new(ErrorKind::Study, message + more)
            .hint(format!("run them: `commonground partition run … --number {first}`")));
    }
    let receipts: Vec<Receipt> = receipts.into_iter().flatten().collect();
    let mut files = BTreeMap::new();
    for receipt in &receipts {
        if let Outcome::Done { file, sha256, .. } = &receipt.outcome {
            if sum_of(&out.join(file)).ok().as_ref() != Some(sha256) {
                let message = format!("`{file}` of partition {} is not what was written", receipt.partition);
                return Err(Error::new(ErrorKind::Format, message).hint("run the partition again"));
            }
            files.insert(file.clone(), sha256.clone());
        }
    }
    let (name, table) = match plan.kind() {
        Kind::Access => ("access.parquet", homes(plan, &receipts, out)?),
        Kind::Studies => ("studies.csv", studies(plan, &receipts)?),
    };
    let path = out.join(name);
    io::write_features(&path, &table)?;
    files.insert(name.to_owned(), sum_of(&path)?);
    let manifest = Manifest { plan: plan.key(), is_complete: true, files };
    io::write_bytes(&out.join(MANIFEST), &to_json(&manifest)?)?;
    Ok(table)
}

/// One row per home, in the order of the study.
fn homes(plan: &Plan, receipts: &[Receipt], out: &Path) -> Result<FeatureTable> {
    let (mut all, mut rows): (Option<FeatureTable>, Vec<u32>) = (None, Vec::new());
    for (partition, receipt) in plan.partitions().iter().zip(receipts) {
        let file = match &receipt.outcome {
            Outcome::Done { file, .. } => file,
            Outcome::Failed(failure) => {
                return Err(Error::new(ErrorKind::Study, failure.text.clone()));
            }
        };
        let Order::Access(order) = plan.order(partition)? else { continue };
        rows.extend(&order.homes.row);
        let part = io::read_features(&out.join(file), &ReadOptions::default())?;
        match &mut all {
            None => all = Some(part),
            Some(all) => {
                all.attributes.vstack_mut(&part.attributes).map_err(internal)?;
                all.geometries.extend(part.geometries);
            }
        }
    }
    let all = all.ok_or_else(|| Error::new(ErrorKind::Study, "the plan has no homes"))?;
    if rows.len() != all.len() {
        return Err(Error::new(ErrorKind::Format, "the answers have not one row per home")
            .hint("make the plan again"));
    }
    let mut order: Vec<IdxSize> = (0..rows.len() as IdxSize).collect();
    order.sort_unstable_by_key(|&at| rows[at as usize]);
    let geometries: Vec<Option<Geometry<f64>>> =
        order.iter().map(|&at| all.geometries[at as usize].clone()).collect();
    let table = all.attributes.take(&IdxCa::from_vec("order".into(), order)).map_err(internal)?;
    FeatureTable::new(geometries, table, all.crs)
}

/// One row per study.
fn studies(plan: &Plan, receipts: &[Receipt]) -> Result<FeatureTable> {
    let city = |receipt: &Receipt| match &receipt.outcome {
        Outcome::Done { city, .. } => city.clone(),
        Outcome::Failed(_) => BTreeMap::new(),
    };
    let cities: Vec<BTreeMap<String, f64>> = receipts.iter().map(city).collect();
    let names: BTreeSet<&String> = cities.iter().flat_map(BTreeMap::keys).collect();
    let studies: Vec<Option<&str>> = plan.partitions().iter().map(|one| one.study.as_deref()).collect();
    let homes = |receipt: &Receipt| match &receipt.outcome {
        Outcome::Done { rows, .. } => Some(*rows as u64),
        Outcome::Failed(_) => None,
    };
    let error = |receipt: &Receipt| match &receipt.outcome {
        Outcome::Done { .. } => None,
        Outcome::Failed(failure) => Some(failure.text.clone()),
    };
    let mut columns: Vec<Column> = vec![
        Series::new("study".into(), studies).into(),
        Series::new("homes".into(), receipts.iter().map(homes).collect::<Vec<_>>()).into(),
        Series::new("error".into(), receipts.iter().map(error).collect::<Vec<_>>()).into(),
    ];
    for name in names {
        let values: Vec<Option<f64>> = cities.iter().map(|city| city.get(name).copied()).collect();
        columns.push(Series::new(name.as_str().into(), values).into());
    }
    let table = DataFrame::new(receipts.len(), columns).map_err(internal)?;
    FeatureTable::new(vec![None; receipts.len()], table, None)
}

fn internal(error: PolarsError) -> Error {
    Error::new(ErrorKind::Format, format!("the answers cannot be put together: {error}"))
}
