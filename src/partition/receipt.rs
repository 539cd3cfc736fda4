//! The receipt of a partition: what it was made from and what was written.

use super::plan::{Partition, Plan, from_json, read_as_planned, to_json};
use crate::io;
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A partition that was answered, or why it cannot be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Receipt {
    /// Number of the partition.
    pub partition: usize,
    /// What its answer is made from.
    pub key: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Seconds, by step.
    pub seconds: BTreeMap<String, f64>,
    /// Number of the process that answered.
    pub process: u32,
    /// Whether the answer was there already, and nothing was computed.
    #[serde(skip)]
    pub was_there: bool,
}

/// What came of a partition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// Its answer is a file.
    Done {
        /// Name of the file among the results.
        file: String,
        /// Rows in it.
        rows: usize,
        /// SHA-256 of the file.
        sha256: String,
        /// Files that it was made from beside those of the plan, each with its SHA-256.
        inputs: BTreeMap<String, String>,
        /// Numbers of the whole study, where the partition is one.
        city: BTreeMap<String, f64>,
    },
    /// The data cannot be answered from: no machine does better.
    Failed(Failure),
}

/// An error of the data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// Where it is wrong.
    pub layer: Option<String>,
    /// Row, from 1.
    pub row: Option<usize>,
    /// Id of the row.
    pub id: Option<String>,
    /// Column.
    pub column: Option<String>,
    /// What to do.
    pub hint: Option<String>,
    /// All of it in sentences.
    pub text: String,
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        let position = error.position().clone();
        Self {
            message: error.message().to_owned(),
            layer: position.layer,
            row: position.row,
            id: position.id,
            column: position.column,
            hint: error.hint_text().map(str::to_owned),
            text: error.to_string(),
        }
    }
}

impl Receipt {
    /// As JSON, for an engine that carries it back.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Format`] if it cannot be written.
    pub fn to_json(&self) -> Result<String> {
        let mut value =
            serde_json::to_value(self).map_err(|error| Error::new(ErrorKind::Format, error.to_string()))?;
        value["was_there"] = self.was_there.into();
        Ok(value.to_string())
    }

    fn path(partition: &Partition, out: &Path) -> PathBuf {
        out.join(format!("part-{}.json", partition.short_key()))
    }

    pub(super) fn write(&self, partition: &Partition, out: &Path) -> Result<()> {
        io::write_bytes(&Self::path(partition, out), &to_json(self)?)
    }

    /// The receipt of a partition, if it was answered; whether its answer still is what it was is asked by [`Receipt::holds`].
    ///
    /// # Errors
    /// [`crate::ErrorKind::Io`] if it is there and cannot be read.
    pub(super) fn read(partition: &Partition, out: &Path) -> Result<Option<Self>> {
        let path = Self::path(partition, out);
        if !path.is_file() {
            return Ok(None);
        }
        // What a full disk or a lost machine left behind is no receipt.
        let bytes = io::read_bytes(&path).ok();
        let receipt: Option<Self> = bytes.and_then(|bytes| from_json(&bytes, &path).ok());
        Ok(receipt.filter(|receipt| receipt.key == partition.key))
    }

    /// The sum of the answer; `None` where there is none.
    pub(super) fn sum(&self) -> Option<&str> {
        match &self.outcome {
            Outcome::Done { sha256, .. } => Some(sha256),
            Outcome::Failed(_) => None,
        }
    }

    /// Whether the answer is there as it was written, and its inputs as they were read.
    pub(super) fn holds(&self, out: &Path) -> bool {
        let is_same = |path: &Path, sum: &str| path.is_file() && read_as_planned(path, sum).is_ok();
        match &self.outcome {
            Outcome::Failed(_) => false,
            Outcome::Done { file, sha256, inputs, .. } => {
                is_same(&out.join(file), sha256)
                    && inputs.iter().all(|(input, sum)| is_same(Path::new(input), sum))
            }
        }
    }
}

/// What is an error of the data becomes a result; what another machine may do better stays an error.
pub(super) fn settled<T>(answered: Result<T>) -> Result<std::result::Result<T, Failure>> {
    match answered {
        Ok(answer) => Ok(Ok(answer)),
        Err(error) if matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::Io) => Err(error),
        Err(error) => Ok(Err(Failure::from(&error))),
    }
}

/// Receipts of all partitions, by number; `None` where there is none.
pub(super) fn receipts(plan: &Plan, out: &Path) -> Result<Vec<Option<Receipt>>> {
    plan.partitions().iter().map(|partition| Receipt::read(partition, out)).collect()
}

/// The SHA-256 of a file.
pub(super) fn sum_of(path: &Path) -> Result<String> {
    Ok(io::sha256(&io::read_bytes(path)?))
}
