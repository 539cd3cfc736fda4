//! One partition: answered, written aside and renamed, with a receipt after it.

use super::access_plan::{places_file, streets_file};
use super::answer::answer;
use super::clock::Clock;
use super::order::{AccessOrder, Order};
use super::places::Entrance;
use super::plan::{Partition, Plan, from_json, read_as_planned};
use super::receipt::{Outcome, Receipt, settled, sum_of};
use super::studies::assess_study;
use crate::network::Cell;
use crate::progress::go_on;
use crate::{Error, ErrorKind, Progress, Result, io};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What a folder of results is known by; `collect` completes it.
pub(super) const MANIFEST: &str = "manifest.json";

/// What [`MANIFEST`] holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// Sum of all keys of the plan.
    pub plan: String,
    pub is_complete: bool,
    /// Each file with its SHA-256.
    pub files: BTreeMap<String, String>,
}

/// Answers a partition of a plan, unless its answer is there and still is what was written.
///
/// An error of the data is a result: the receipt says so, and nobody need try again. The answer is written under a name that is
/// made of all that it depends on; two that answer one partition write the same bytes, and the second only looks whether they
/// are.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there is no such partition or another version made the plan; [`ErrorKind::Io`] and
/// [`ErrorKind::Format`] if a file of the plan is missing or not what was planned, or the answer cannot be written;
/// [`ErrorKind::Study`] if an earlier answer to the same order is another one; [`ErrorKind::Cancelled`]. Then there is no
/// receipt, and the same partition may be tried again, here or elsewhere.
pub fn run(plan: &Plan, number: usize, out: &Path, progress: &dyn Progress) -> Result<Receipt> {
    plan.list.made_by.check()?;
    let partition = plan.partition(number)?;
    begin(plan, out)?;
    let earlier = Receipt::read(partition, out)?;
    if let Some(receipt) = earlier.as_ref().filter(|receipt| receipt.holds(out)) {
        return Ok(Receipt { was_there: true, ..receipt.clone() });
    }
    let mut clock = Clock::new();
    let outcome = match plan.order(partition)? {
        Order::Access(order) => {
            let written = earlier.and_then(|receipt| receipt.sum().map(str::to_owned));
            access(plan, partition, (&*order, written), out, &mut clock, progress)
        }
        Order::Study(order) => {
            order.made_by.check()?;
            assess_study(&order, out, &mut clock, progress)
        }
    }?;
    let receipt = Receipt {
        partition: number,
        key: partition.key.clone(),
        outcome,
        seconds: clock.seconds(),
        process: std::process::id(),
        was_there: false,
    };
    receipt.write(partition, out)?;
    Ok(receipt)
}

/// Takes a folder for the results of a plan, unless it holds those of another one.
fn begin(plan: &Plan, out: &Path) -> Result<()> {
    let path = out.join(MANIFEST);
    if !path.is_file() {
        io::take_folder(out, MANIFEST)?;
        let manifest = Manifest { plan: plan.key(), is_complete: false, files: BTreeMap::new() };
        return io::write_bytes(&path, &super::plan::to_json(&manifest)?);
    }
    let manifest: Manifest = from_json(&io::read_bytes(&path)?, &path)?;
    if manifest.plan == plan.key() {
        return Ok(());
    }
    let message = format!("`{}` holds the results of another plan", out.display());
    Err(Error::new(ErrorKind::Io, message).hint("choose another folder for the results, one for each plan"))
}

fn access(
    plan: &Plan,
    partition: &Partition,
    (order, written): (&AccessOrder, Option<String>),
    out: &Path,
    clock: &mut Clock,
    progress: &dyn Progress,
) -> Result<Outcome> {
    order.made_by.check()?;
    progress.start("reading streets and places", order.cells.len() as u64);
    let mut cells = Vec::with_capacity(order.cells.len());
    let mut entrances: Vec<(u32, Entrance)> = Vec::new();
    for cell in &order.cells {
        go_on(progress)?;
        let streets = plan.folder.join(streets_file(cell.number));
        cells.push(Cell::from_bytes(&read_as_planned(&streets, &cell.streets)?)?);
        let places = plan.folder.join(places_file(cell.number));
        let held: Vec<(u32, Entrance)> = from_json(&read_as_planned(&places, &cell.places)?, &places)?;
        entrances.extend(held);
        progress.advance(1);
    }
    clock.ends("read");
    let table = match settled(answer(order, &cells, entrances, progress))? {
        Ok(table) => table,
        Err(failure) => return Ok(Outcome::Failed(failure)),
    };
    clock.ends("search");
    let name = format!("part-{}.parquet", partition.short_key());
    let path = out.join(&name);
    // A file without a receipt: whoever wrote it was killed, or is answering the same partition right now.
    let written = written.or(if path.is_file() { Some(sum_of(&path)?) } else { None });
    io::write_features(&path, &table)?;
    let sha256 = sum_of(&path)?;
    if written.is_some_and(|written| written != sha256) {
        let message = format!("two answers to partition {} are not the same", partition.number);
        return Err(Error::new(ErrorKind::Study, message).in_layer(path.display().to_string()).hint(
            "do the machines differ? remove this file and its receipt, and run the partition on one of them",
        ));
    }
    clock.ends("write");
    let (inputs, city) = (BTreeMap::new(), BTreeMap::new());
    Ok(Outcome::Done { file: name, rows: table.len(), sha256, inputs, city })
}
