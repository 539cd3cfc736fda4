//! What cannot be: an added service that makes a walk longer, a closing that makes one shorter.

use super::change::{Direction, Scenario};
use super::compare::ColumnChange;
use super::rejoined::Rejoined;
use crate::measure::Scale;
use crate::{Error, ErrorKind, Result};

/// Streets that are split are rounded to the millisecond at each part; beyond this, in minutes, a difference is none of rounding.
const ROUNDING_MINUTES: f64 = 0.001;

/// Whether what only adds makes nobody's walk longer, what only closes makes none shorter, and what does neither nothing at all.
///
/// What would be better after a closing only because the home or the place joins another street becomes unknown.
///
/// - `homes`: ids of the homes of the study.
///
/// # Errors
/// [`ErrorKind::Study`] with the id of the first home for which it is not so.
pub(super) fn check(
    scenario: &Scenario,
    homes: &[String],
    columns: &mut [ColumnChange],
    rejoined: &Rejoined,
) -> Result<()> {
    let (never_longer, never_shorter) = (scenario.only(Direction::Adds), scenario.only(Direction::Closes));
    if !(never_longer || never_shorter) {
        return Ok(());
    }
    for column in columns {
        let category = column.category().map(str::to_owned);
        let other_places = rejoined.places(&column.key);
        let less_is_better = column.key.column.scale == Scale::MoreIsWorse;
        for (home, id) in homes.iter().enumerate() {
            let far = |value: Option<f64>| value.unwrap_or(if less_is_better { f64::INFINITY } else { 0.0 });
            let (before, after) = (far(column.before[home]), far(column.after[home]));
            let is_better = if less_is_better { before > after + ROUNDING_MINUTES } else { after > before };
            if never_shorter && is_better && (other_places || rejoined.home(home)) {
                (column.after[home], column.on_street[home]) = (None, false);
                continue;
            }
            let Some(category) = &category else { continue };
            let longer = never_longer && after > before + ROUNDING_MINUTES;
            if longer || (never_shorter && is_better) {
                return Err(impossible(column, category, id, (before, after)));
            }
        }
    }
    Ok(())
}

fn impossible(column: &ColumnChange, category: &str, id: &str, (before, after): (f64, f64)) -> Error {
    let how = match after > before {
        true => "longer, but the scenario only adds",
        false => "shorter, but it only closes",
    };
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
    Error::new(ErrorKind::Study, message)
        .in_layer("homes")
        .with_id(id)
        .hint("does a service or the home join another street than before? this is a fault, and no result")
}
