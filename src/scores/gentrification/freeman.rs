//! Gentrification by Freeman's rule.

use crate::model::{IndicatorYear, PriceIndex, known_indicators as known};
use crate::{Error, ErrorKind, Result};

/// The five conditions of Freeman's rule, each decided or unknown, one entry a neighbourhood.
#[derive(Debug, Clone, PartialEq)]
pub struct Freeman {
    /// First and last year compared.
    pub years: (i32, i32),
    /// In the central city at the start; true everywhere where the data does not tell.
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
    /// The thresholds used: median income, median recently built share, median rise of the degree share.
    pub thresholds: [f64; 3],
}

/// Compares two dates by Freeman's rule; the medians are taken over the neighbourhoods given, each counted once.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the years are not in order; [`ErrorKind::Column`] if a column that the rule needs is
/// absent at one date; [`ErrorKind::Study`] if the price index lacks one of the years.
///
/// # Source
/// Freeman (2005), "Displacement or succession?", Urban Affairs Review 40(4).
pub fn freeman(start: &IndicatorYear, end: &IndicatorYear, prices: &PriceIndex) -> Result<Freeman> {
    if start.year >= end.year {
        return Err(Error::new(
            ErrorKind::Parameter,
            format!("the first year, {}, is not before the last, {}", start.year, end.year),
        ));
    }
    let price = |year: i32| {
        prices.get(&year).copied().ok_or_else(|| {
            Error::new(
                ErrorKind::Study,
                format!("no price index for {year}, so home values cannot be compared"),
            )
            .hint("give one number a year under [prices] in study.toml")
        })
    };
    let inflation = price(end.year)? / price(start.year)?;
    let income = column(start, known::MEDIAN_INCOME)?;
    let recently_built = column(start, known::RECENTLY_BUILT_SHARE)?;
    let college_rise = difference(column(start, known::COLLEGE_SHARE)?, column(end, known::COLLEGE_SHARE)?);
    let value = [column(start, known::MEDIAN_HOME_VALUE)?, column(end, known::MEDIAN_HOME_VALUE)?];

    let thresholds = [median(income), median(recently_built), median(&college_rise)]
        .map(|median| median.unwrap_or(f64::NAN));
    let compare = |values: &[Option<f64>], decide: &dyn Fn(f64) -> bool| -> Vec<Option<bool>> {
        values.iter().map(|value| value.map(decide)).collect()
    };
    let central = start.column(known::CENTRAL_CITY);
    let central_city = match central {
        Some(central) => compare(central, &|share| share >= 0.5),
        None => vec![Some(true); income.len()],
    };
    let low_income = compare(income, &|income| income < thresholds[0]);
    let disinvested = compare(recently_built, &|share| share < thresholds[1]);
    let education_rose = compare(&college_rise, &|rise| rise > thresholds[2]);
    let values_rose = value[0]
        .iter()
        .zip(value[1])
        .map(|(before, after)| Some(after.as_ref()? > &(before.as_ref()? * inflation)))
        .collect::<Vec<_>>();
    let gentrifying = (0..income.len())
        .map(|i| all_of([central_city[i], low_income[i], disinvested[i], education_rose[i], values_rose[i]]))
        .collect();
    Ok(Freeman {
        years: (start.year, end.year),
        central_city,
        assumed_central: central.is_none(),
        low_income,
        disinvested,
        education_rose,
        values_rose,
        gentrifying,
        thresholds,
    })
}

fn column<'a>(year: &'a IndicatorYear, name: &str) -> Result<&'a [Option<f64>]> {
    year.column(name).filter(|values| values.iter().any(Option::is_some)).ok_or_else(|| {
        Error::new(ErrorKind::Column, format!("no `{name}` for {}", year.year))
            .in_layer("indicators")
            .in_column(name)
            .hint("map your column to it under [[indicators]] in study.toml")
    })
}

fn difference(before: &[Option<f64>], after: &[Option<f64>]) -> Vec<Option<f64>> {
    before.iter().zip(after).map(|(before, after)| Some((*after)? - (*before)?)).collect()
}

/// The middle of the known values; the mean of the two middle ones where they are even in number.
fn median(values: &[Option<f64>]) -> Option<f64> {
    let mut known: Vec<f64> = values.iter().copied().flatten().collect();
    known.sort_by(f64::total_cmp);
    let upper = *known.get(known.len() / 2)?;
    Some(if known.len() % 2 == 1 { upper } else { (known[known.len() / 2 - 1] + upper) / 2.0 })
}

/// Kleene's three-valued "and".
fn all_of(conditions: [Option<bool>; 5]) -> Option<bool> {
    if conditions.contains(&Some(false)) {
        Some(false)
    } else {
        conditions.iter().all(Option::is_some).then_some(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(year: i32, columns: &[(&str, &[f64])]) -> IndicatorYear {
        let known = |value: &f64| (!value.is_nan()).then_some(*value);
        let columns = columns
            .iter()
            .map(|(name, values)| ((*name).to_owned(), values.iter().map(known).collect()))
            .collect();
        IndicatorYear { year, columns }
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
        assert_eq!(found.thresholds, [80.0, 0.5, 0.0]);
        let expected = [Some(true), Some(false), Some(false), Some(false), Some(false), None];
        assert_eq!(found.gentrifying[..6], expected);
        assert!(found.assumed_central && found.gentrifying[6..].iter().all(|class| *class == Some(false)));
    }

    #[test]
    fn a_missing_value_is_unknown_only_if_it_decides() {
        let (mut start, end, prices) = two_dates();
        start.columns.get_mut("median_home_value").unwrap()[1] = None;
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
