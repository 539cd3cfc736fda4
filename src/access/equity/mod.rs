//! Who gets the access: inequality, fairness by position, shortfall, and gaps between groups.
//!
//! Every function takes one value per home (as the measures return them) and the people who live there. A home without a
//! value, because it is on no street, is left out; say how many people that are.

mod concentration;
mod gini;
mod groups;
mod lorenz;
mod palma;
mod poverty;
mod theil;

pub use concentration::{Concentration, Ties, concentration_index};
pub use gini::gini;
pub use groups::{GroupAccess, Standard, group_access};
pub use lorenz::{concentration_curve, lorenz_curve};
pub use palma::{Palma, palma_ratio};
pub use poverty::fgt_poverty;
pub use theil::{TheilGroup, TheilParts, theil_t, theil_t_by_group};

use super::checks::check_amounts;
use crate::{Error, ErrorKind, Result};

/// Values with their people, for the homes that have a value.
fn with_people(access: &[Option<f64>], people: &[f64]) -> Result<Vec<(f64, f64)>> {
    check_access(access)?;
    check_amounts("people", people, access.len())?;
    Ok(access.iter().zip(people).filter_map(|(value, people)| Some(((*value)?, *people))).collect())
}

fn check_access(access: &[Option<f64>]) -> Result<()> {
    let wrong = |value: &Option<f64>| value.is_some_and(|value| !(value.is_finite() && value >= 0.0));
    match access.iter().position(wrong) {
        None => Ok(()),
        Some(row) => {
            let message = format!("access is `{}`", access[row].unwrap_or(f64::NAN));
            let hint = "it must be finite and not negative; a home without access has 0, one off the network no value";
            Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1).hint(hint))
        }
    }
}

/// Of two lists of one length.
fn check_lengths(name: &str, length: usize, homes: usize) -> Result<()> {
    if length == homes {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Parameter, format!("`{name}` has {length} values for {homes} homes")))
}

/// Access, people and income as every index by position takes them.
fn check_by_income(access: &[Option<f64>], people: &[f64], income: &[Option<f64>]) -> Result<()> {
    with_people(access, people)?;
    check_lengths("income", income.len(), access.len())?;
    match income.iter().position(|income| income.is_some_and(|income| !income.is_finite())) {
        None => Ok(()),
        Some(row) => Err(Error::new(ErrorKind::Parameter, "an income is not finite").at_row(row + 1)),
    }
}
