//! What cannot be: an added service that makes a walk longer, a closing that makes one shorter.

use super::change::{Direction, Scenario};
use super::compare::ColumnChange;
use crate::{Error, ErrorKind, Result};

/// Streets that are split are rounded to the millisecond at each part; beyond this, in minutes, a difference is none of rounding.
const ROUNDING_MINUTES: f64 = 0.001;

/// Whether what only adds makes nobody's walk longer, what only closes makes none shorter, and what does neither nothing at all.
///
/// - `homes`: ids of the homes of the study.
///
/// # Errors
/// [`ErrorKind::Study`] with the id of the first home for which it is not so.
pub(super) fn check(scenario: &Scenario, homes: &[String], columns: &[ColumnChange]) -> Result<()> {
    let all = |of: &[Direction]| scenario.changes.iter().all(|change| of.contains(&change.direction()));
    let never_longer = all(&[Direction::Adds, Direction::Neither]);
    let never_shorter = all(&[Direction::Closes, Direction::Neither]);
    if !(never_longer || never_shorter) {
        return Ok(());
    }
    for column in columns {
        let Some(category) = column.category() else { continue };
        for (home, id) in homes.iter().enumerate() {
            let far = |minutes: Option<f64>| minutes.unwrap_or(f64::INFINITY);
            let (before, after) = (far(column.before[home]), far(column.after[home]));
            let longer = never_longer && after > before + ROUNDING_MINUTES;
            let shorter = never_shorter && before > after + ROUNDING_MINUTES;
            if longer || shorter {
                let how =
                    if longer { "longer, but the scenario only adds" } else { "shorter, but it only closes" };
                let said = |minutes: f64| {
                    if minutes.is_finite() { format!("{minutes:.2} min") } else { "out of reach".to_owned() }
                };
                let message = format!(
                    "the walk to {} as {} gets {how}: {} before, {} after",
                    category.replace('_', " "),
                    column.traveller.name().replace('_', " "),
                    said(before),
                    said(after)
                );
                return Err(Error::new(ErrorKind::Study, message).in_layer("homes").with_id(id.as_str()).hint(
                    "does a service or the home join another street than before? this is a fault, and no result",
                ));
            }
        }
    }
    Ok(())
}
