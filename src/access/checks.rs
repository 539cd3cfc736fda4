//! What every measure asks of its numbers at the door.

use crate::network::TravelPairs;
use crate::{Error, ErrorKind, Result};

/// One finite amount, not negative, for each of `count` rows.
pub(super) fn check_amounts(name: &str, amounts: &[f64], count: usize) -> Result<()> {
    if amounts.len() != count {
        let message = format!("`{name}` has {} values for {count} places", amounts.len());
        let hint = "they must stand in the order of the table, one value per place";
        return Err(Error::new(ErrorKind::Parameter, message).hint(hint));
    }
    match amounts.iter().position(|amount| !(amount.is_finite() && *amount >= 0.0)) {
        None => Ok(()),
        Some(row) => {
            let message = format!("`{name}` is `{}`: not a number of things or people", amounts[row]);
            let hint = "it must be finite and not negative; where it is not known, leave the place out";
            Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1).hint(hint))
        }
    }
}

/// The sum of values; that of none is 0 (`Iterator::sum` makes it -0, which prints as such).
pub(super) fn total(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}

pub(super) fn check_supply(pairs: &impl TravelPairs, supply: &[f64]) -> Result<()> {
    check_amounts("supply", supply, pairs.destination_count())
}

pub(super) fn check_demand(pairs: &impl TravelPairs, demand: &[f64]) -> Result<()> {
    check_amounts("demand", demand, pairs.origin_count())
}

pub(super) fn check_opportunities(pairs: &impl TravelPairs, opportunities: &[f64]) -> Result<()> {
    check_amounts("opportunities", opportunities, pairs.destination_count())
}
