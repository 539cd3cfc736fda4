//! A plan: a folder with an order for each partition, and the list of them.

use super::order::{MadeBy, Order};
use crate::io::{self, hexadecimal, sha256, write_bytes};
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The list of a plan's partitions, written last.
pub(super) const PLAN: &str = "plan.json";

/// What the partitions of a plan are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// Homes of one study.
    Access,
    /// Studies.
    Studies,
}

/// A plan that was made, and where it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    pub(super) folder: PathBuf,
    pub(super) list: List,
}

/// What [`PLAN`] holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct List {
    pub made_by: MadeBy,
    pub is_complete: bool,
    pub kind: Kind,
    /// Name of the study, or how many there are.
    pub study: String,
    /// Junctions of all streets.
    pub junctions: usize,
    pub partitions: Vec<Partition>,
}

/// A partition, as the plan lists it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Partition {
    /// Number, from 0.
    pub number: usize,
    /// SHA-256 of its order: it names the answer.
    pub key: String,
    /// Homes in it; 1 if it is a study.
    pub homes: usize,
    /// Junctions within the limit of its homes: what its search goes through.
    pub junctions: usize,
    /// Cells that it reads.
    pub cells: usize,
    /// The study of the partition, where it is one.
    pub study: Option<String>,
}

impl Partition {
    /// The short key that files are named by.
    pub(super) fn short_key(&self) -> &str {
        &self.key[..20]
    }
}

impl Plan {
    /// Reads the list of a plan.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] if there is none; [`ErrorKind::Format`] if it is damaged or was never finished;
    /// [`ErrorKind::Parameter`] if another version made it.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(PLAN);
        if !path.is_file() {
            let message = format!("`{}` holds no plan", folder.display());
            return Err(Error::new(ErrorKind::Io, message).hint("`commonground partition plan` makes one"));
        }
        let list: List = from_json(&io::read_bytes(&path)?, &path)?;
        list.made_by.check()?;
        if !list.is_complete {
            let message = format!("the plan in `{}` was never finished", folder.display());
            return Err(Error::new(ErrorKind::Format, message).hint("make it again"));
        }
        let wrong =
            |(at, one): (usize, &Partition)| one.number != at || one.key.len() != 64 || !one.key.is_ascii();
        if list.partitions.iter().enumerate().any(wrong) {
            return Err(Error::new(ErrorKind::Format, format!("`{}` is damaged", path.display())));
        }
        Ok(Self { folder: folder.to_owned(), list })
    }

    /// What its partitions are.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.list.kind
    }

    /// Its partitions, by number.
    #[must_use]
    pub fn partitions(&self) -> &[Partition] {
        &self.list.partitions
    }

    /// Junctions that all partitions go through, as a multiple of the junctions of the network: what the cut costs beyond the
    /// one search of a single partition. `None` of studies.
    #[must_use]
    pub fn street_share(&self) -> Option<f64> {
        let searched: usize = self.list.partitions.iter().map(|one| one.junctions).sum();
        (self.list.junctions > 0).then(|| searched as f64 / self.list.junctions as f64)
    }

    /// The partition of a number.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is none.
    pub fn partition(&self, number: usize) -> Result<&Partition> {
        self.list.partitions.get(number).ok_or_else(|| {
            let count = self.list.partitions.len();
            let message = format!("there is no partition {number}: the plan has {count}, numbered from 0");
            Error::new(ErrorKind::Parameter, message)
        })
    }

    /// The order of a partition, as it was planned.
    ///
    /// # Errors
    /// [`ErrorKind::Io`] or [`ErrorKind::Format`] if its file is missing or not what was planned.
    pub(super) fn order(&self, partition: &Partition) -> Result<Order> {
        let path = self.folder.join(order_file(partition.number));
        let bytes = read_as_planned(&path, &partition.key)?;
        from_json(&bytes, &path)
    }

    /// What all answers to this plan have in common.
    pub(super) fn key(&self) -> String {
        let mut sum = Sha256::new();
        self.list.partitions.iter().for_each(|one| sum.update(&one.key));
        hexadecimal(&sum.finalize())
    }

    /// Begins a plan in a folder: none is there until [`Plan::write`] ends it.
    pub(super) fn begin(folder: &Path, kind: Kind, study: &str) -> Result<Self> {
        io::take_folder(folder, PLAN)?;
        let list = List {
            made_by: MadeBy::here(),
            is_complete: false,
            kind,
            study: study.to_owned(),
            junctions: 0,
            partitions: Vec::new(),
        };
        let plan = Self { folder: folder.to_owned(), list };
        plan.save()?;
        io::make_folder(&folder.join(ORDERS))?;
        Ok(plan)
    }

    /// Writes an order and lists it, with an empty key until then.
    pub(super) fn add(&mut self, order: &Order, partition: Partition) -> Result<()> {
        let bytes = to_json(order)?;
        write_bytes(&self.folder.join(order_file(partition.number)), &bytes)?;
        self.list.partitions.push(Partition { key: sha256(&bytes), ..partition });
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Self> {
        self.list.is_complete = true;
        self.save()?;
        Ok(self)
    }

    fn save(&self) -> Result<()> {
        write_bytes(&self.folder.join(PLAN), &to_json(&self.list)?)
    }
}

const ORDERS: &str = "orders";

fn order_file(number: usize) -> PathBuf {
    Path::new(ORDERS).join(format!("{number:05}.json"))
}

/// The bytes of a file of a plan.
///
/// # Errors
/// [`ErrorKind::Format`] if they are not those that were planned.
pub(super) fn read_as_planned(path: &Path, sum: &str) -> Result<Vec<u8>> {
    let bytes = io::read_bytes(path)?;
    if sha256(&bytes) == sum {
        return Ok(bytes);
    }
    let message = format!("`{}` is not the file that was planned: it was cut off or changed", path.display());
    Err(Error::new(ErrorKind::Format, message).hint("copy the plan again, or make it again"))
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<Vec<u8>> {
    serde_json::to_vec(value).map_err(|error| Error::new(ErrorKind::Format, error.to_string()))
}

pub(super) fn from_json<'a, T: Deserialize<'a>>(bytes: &'a [u8], path: &Path) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        let message = format!("`{}` is no file of a plan or its results: {error}", path.display());
        Error::new(ErrorKind::Format, message).hint("another version may have written it")
    })
}
