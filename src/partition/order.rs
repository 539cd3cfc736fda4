//! What a partition is asked: all that its answer depends on, in one file, so that its sum names the answer.

use crate::model::TravelSettings;
use crate::network::Direction;
use crate::{Error, ErrorKind, Minutes, Result};
use serde::{Deserialize, Serialize};

/// Changes with every change of the files of a plan, and of what is computed from them.
pub(super) const FORMAT: u32 = 1;

/// What is asked of every home.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Question {
    /// Who travels.
    pub travel: TravelSettings,
    /// Whether journeys lead to the homes, as of an ambulance, and not from them.
    pub to_homes: bool,
    /// Minutes beyond which nothing is searched.
    pub limit_minutes: f64,
    /// Kinds of places, in the order of the columns.
    pub categories: Vec<String>,
    /// Whether jobs are counted.
    pub has_jobs: bool,
    /// Minutes within which places are counted.
    pub cutoffs: Vec<f64>,
    /// Minutes within which jobs are counted.
    pub job_cutoffs: Vec<f64>,
    /// What places count for is a multiple of this power of two, and all of it together is below 2⁵³ of them: sums are exact.
    pub step: f64,
    /// The column that says what a home counts for.
    pub weight: String,
    /// The system of the homes' coordinates.
    pub crs: String,
}

impl Question {
    pub(super) fn direction(&self) -> Direction {
        if self.to_homes { Direction::To } else { Direction::From }
    }

    pub(super) fn limit(&self) -> Result<Minutes> {
        Minutes::new(self.limit_minutes)
    }
}

/// The finest power of two by which an amount stays below 2⁵² steps.
pub(super) fn step_of(total: f64) -> f64 {
    const BITS: i32 = 52;
    let exponent = if total > 0.0 { total.log2().ceil() as i32 } else { 0 };
    2.0_f64.powi(exponent - BITS)
}

/// A part of a plan as the one who answers it reads it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Order {
    /// What some homes reach.
    Access(Box<AccessOrder>),
    /// A study to assess.
    Study(StudyOrder),
}

/// Some homes, and where their streets are found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccessOrder {
    /// Version of the library that made the plan, and of its files.
    pub made_by: MadeBy,
    /// Number of the partition.
    pub number: usize,
    /// What is asked.
    pub question: Question,
    /// All cells within the limit of the homes.
    pub cells: Vec<CellFile>,
    /// The homes, in the order of the study.
    pub homes: HomeColumns,
}

/// A study by its folder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StudyOrder {
    /// Version of the library that made the plan, and of its files.
    pub made_by: MadeBy,
    /// Number of the partition.
    pub number: usize,
    /// Name of its folder among the results.
    pub name: String,
    /// Folder with a `study.toml`, or the file itself.
    pub study: String,
    /// Folder that its paths start from; by default that of `study.toml`.
    pub data: Option<String>,
}

/// The library that made a plan. Another one might answer otherwise, and refuses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct MadeBy {
    /// Version of the library.
    pub commonground: String,
    /// Version of the files.
    pub format: u32,
}

impl MadeBy {
    pub(super) fn here() -> Self {
        Self { commonground: env!("CARGO_PKG_VERSION").into(), format: FORMAT }
    }

    /// # Errors
    /// [`ErrorKind::Parameter`] if another library made the plan than this one.
    pub(super) fn check(&self) -> Result<()> {
        let here = Self::here();
        if *self == here {
            return Ok(());
        }
        let message = format!(
            "the plan was made by commonground {} (files of version {}), and this is {} (version {})",
            self.commonground, self.format, here.commonground, here.format
        );
        Err(Error::new(ErrorKind::Parameter, message)
            .hint("install one version wherever partitions run, or make the plan again: results never mix"))
    }
}

/// A cell of streets and what stands on them: names of files in the plan, with their SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CellFile {
    /// Number along the curve.
    pub number: usize,
    /// SHA-256 of the streets.
    pub streets: String,
    /// SHA-256 of the places.
    pub places: String,
}

/// Homes, column by column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct HomeColumns {
    /// Place in the study, from 0.
    pub row: Vec<u32>,
    /// The user's ids.
    pub id: Vec<String>,
    /// Id of the neighbourhood; absent outside all of them.
    pub neighbourhood: Vec<Option<String>>,
    /// What the home counts for.
    pub weight: Vec<f64>,
    /// In the question's system.
    pub x: Vec<f64>,
    /// In the question's system.
    pub y: Vec<f64>,
    /// Edge, share of it from its tail, and metres to it; absent on no street.
    pub position: Vec<Option<(u32, f64, f64)>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_steps_are_exact_in_any_order() {
        for total in [0.0, 0.3, 1.0, 7.5, 1e6, 3e12] {
            let step = step_of(total);
            assert!(total / step <= 2.0_f64.powi(52) && (total == 0.0 || total / step > 2.0_f64.powi(50)));
            let rounded = |value: f64| (value / step).round() * step;
            let parts: Vec<f64> = (1..200).map(|at| rounded(total / 300.0 / f64::from(at))).collect();
            let back: f64 = parts.iter().rev().sum();
            assert_eq!(parts.iter().sum::<f64>(), back, "{total}");
        }
        assert!(step_of(5e6) < 1.0 && 5e6 % step_of(5e6) == 0.0, "whole counts are kept");
    }

    #[test]
    fn a_plan_of_another_version_is_refused() {
        assert!(MadeBy::here().check().is_ok());
        let other = MadeBy { commonground: "0.0.9".into(), ..MadeBy::here() };
        let error = other.check().unwrap_err().to_string();
        assert!(error.contains("commonground 0.0.9") && error.contains("install one version"), "{error}");
    }
}
