//! Freeman's rule between two censuses of a study.

use super::classify::{Class, classify};
use super::published::published;
use super::rules::Reference;
use crate::model::{IndicatorYear, Panel, PriceIndex, known_indicators as known};
use crate::{Error, ErrorKind, Result};

/// The five conditions of Freeman's rule, each decided or unknown, one entry per neighbourhood.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Freeman {
    /// First and last year compared.
    pub years: (i32, i32),
    /// In the central city at the start; true everywhere where the data does not say.
    pub central_city: Vec<Option<bool>>,
    /// Whether the central city was assumed to be the whole study area.
    pub assumed_central: bool,
    /// Median household income at the start below the median of the neighbourhoods.
    pub low_income: Vec<Option<bool>>,
    /// Share of housing built in the twenty years before the start below the median.
    pub disinvested: Vec<Option<bool>>,
    /// Share of residents with a degree rose by more than the median rise.
    pub education_rose: Vec<Option<bool>>,
    /// Home values rose after inflation.
    pub values_rose: Vec<Option<bool>>,
    /// All conditions together: false as soon as one is false, unknown if an unknown one decides.
    pub gentrifying: Vec<Option<bool>>,
    /// The medians that the neighbourhoods are compared with, each with what it is the median of.
    pub thresholds: Vec<(String, Option<f64>)>,
}

/// Compares two dates by Freeman's rule; the medians are taken over the neighbourhoods given, each counted once.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the years are not in order; [`ErrorKind::Column`] if a column that the rule needs is
/// absent at one date; [`ErrorKind::Study`] if the price index lacks one of the years; [`ErrorKind::Value`] if a value
/// is out of its range.
///
/// # Source
/// Freeman (2005), "Displacement or succession?", Urban Affairs Review 40(4).
pub fn freeman(start: &IndicatorYear, end: &IndicatorYear, prices: &PriceIndex) -> Result<Freeman> {
    let rows = start
        .columns
        .values()
        .chain(end.columns.values())
        .map(|column| column.values.len())
        .next()
        .unwrap_or(0);
    let ids = (0..rows).map(|row| (row + 1).to_string()).collect();
    let rule = published("freeman")?;
    let years = vec![start.year, end.year];
    rule.assign_dates(&years)?;
    if start.column(known::RECENTLY_BUILT_SHARE).is_none() {
        return Err(Error::new(
            ErrorKind::Column,
            format!("no `{}` for {}", known::RECENTLY_BUILT_SHARE, start.year),
        )
        .in_layer("indicators")
        .in_column(known::RECENTLY_BUILT_SHARE)
        .hint("map your column to it under [[indicators]] in study.toml"));
    }
    let panel = Panel::from_indicators(ids, &[start.clone(), end.clone()], prices)?;
    let found = classify(&panel, &[(&rule, years)], &Reference::default())?;
    let mut conditions = found.conditions(0).into_iter().map(|(_, answers)| answers);
    let mut next = || conditions.next().unwrap_or_default();
    let gentrifying = found.classes(0).into_iter().map(|class| match class {
        Class::Of(_) => Some(true),
        Class::Otherwise => Some(false),
        Class::Unknown => None,
    });
    Ok(Freeman {
        years: (start.year, end.year),
        central_city: next(),
        assumed_central: start.column(known::CENTRAL_CITY).is_none(),
        low_income: next(),
        disinvested: next(),
        education_rose: next(),
        values_rose: next(),
        gentrifying: gentrifying.collect(),
        thresholds: found.thresholds(0),
    })
}
#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i32, columns: &[(&str, &[f64])]) -> IndicatorYear {
        let known = |value: &f64| (!value.is_nan()).then_some(*value);
        let columns =
            columns.iter().map(|(name, values)| ((*name).to_owned(), values.iter().map(known).collect()));
        IndicatorYear::new(year, columns).unwrap()
    }

    /// The first six: gentrifying, rich, newly built, no graduates came, fell in value, value unknown.
    /// The other five only hold the medians in place.
    fn two_dates() -> (IndicatorYear, IndicatorYear, PriceIndex) {
        let start = year(
            2010,
            &[
                ("median_income", &[20.0, 90.0, 20.0, 20.0, 20.0, 20.0, 80.0, 80.0, 80.0, 80.0, 80.0]),
                ("recently_built_share", &[0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5]),
                ("college_share", &[0.1; 11]),
                ("median_home_value", &[1.0, 1.0, 1.0, 1.0, 1.0, f64::NAN, 1.0, 1.0, 1.0, 1.0, 1.0]),
            ],
        );
        let end = year(
            2020,
            &[
                ("college_share", &[0.3, 0.3, 0.3, 0.1, 0.3, 0.3, 0.1, 0.1, 0.1, 0.1, 0.1]),
                ("median_home_value", &[1.3, 1.3, 1.3, 1.3, 1.15, 1.3, 1.3, 1.3, 1.3, 1.3, 1.3]),
            ],
        );
        (start, end, PriceIndex::from([(2010, 100.0), (2020, 120.0)]))
    }

    #[test]
    fn each_condition_alone_can_decide_against() {
        let (start, end, prices) = two_dates();
        let found = freeman(&start, &end, &prices).unwrap();
        let medians: Vec<Option<f64>> = found.thresholds.iter().map(|(_, median)| *median).collect();
        assert_eq!(medians, [Some(80.0), Some(0.5), Some(0.0)]);
        let expected = [Some(true), Some(false), Some(false), Some(false), Some(false), None];
        assert_eq!(found.gentrifying[..6], expected);
        assert!(found.assumed_central && found.gentrifying[6..].iter().all(|class| *class == Some(false)));
    }

    #[test]
    fn a_missing_value_is_unknown_only_if_it_decides() {
        let (mut start, end, prices) = two_dates();
        start.columns.get_mut("median_home_value").unwrap().values[1] = None;
        // The second is rich, whatever its homes are worth.
        assert_eq!(freeman(&start, &end, &prices).unwrap().gentrifying[1], Some(false));
    }

    #[test]
    fn what_the_rule_needs_is_asked_for() {
        let (start, end, prices) = two_dates();
        let kind = |result: Result<Freeman>| result.unwrap_err().kind();
        assert_eq!(kind(freeman(&end, &start, &prices)), ErrorKind::Parameter);
        assert_eq!(kind(freeman(&start, &end, &PriceIndex::new())), ErrorKind::Study);
        let mut without = start.clone();
        without.columns.remove("median_income");
        assert_eq!(kind(freeman(&without, &end, &prices)), ErrorKind::Column);
    }
}
