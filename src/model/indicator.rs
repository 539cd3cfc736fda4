//! Numbers about neighbourhoods at a date: the censuses.

use crate::{Error, ErrorKind, Result};
use std::collections::BTreeMap;

/// What the numbers of a column are; it decides what may be done with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// People, households, homes: adds up.
    Count,
    /// A median, most often of money: does not add up, and is never 0.
    Median,
    /// Part of a whole, 0 to 1.
    Share,
    /// Anything else, negative numbers included: a change, an index, a code.
    Index,
}

impl Kind {
    /// What the name of a column says: `median_*`, `*_share`, `*_index`, `*_change`, else a count.
    #[must_use]
    pub fn of(name: &str) -> Self {
        if name.starts_with("median_") || known::MONEY.contains(&name) {
            Self::Median
        } else if name.ends_with("_share") || known::SHARES.contains(&name) {
            Self::Share
        } else if ["_index", "_change", "_code"].iter().any(|ending| name.ends_with(ending)) {
            Self::Index
        } else {
            Self::Count
        }
    }
}

/// One value per neighbourhood.
#[derive(Debug, Clone, PartialEq)]
pub struct PanelColumn {
    /// `None` where missing.
    pub values: Vec<Option<f64>>,
    /// 90 % margins of error in the unit of the values; `None` where the value has none.
    pub moe: Option<Vec<Option<f64>>>,
    /// What the numbers are.
    pub kind: Kind,
}

/// The indicators of one year; every column has one value per neighbourhood, in the order of the study.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorYear {
    /// The year that the numbers are about.
    pub year: i32,
    /// Estimates by their name, each with its kind and, where they have some, its margins of error.
    pub columns: BTreeMap<String, PanelColumn>,
}

impl IndicatorYear {
    /// From the columns of a table: `median_rent_moe` holds the 90 % margins of error of `median_rent`.
    ///
    /// # Errors
    /// [`ErrorKind::Column`] if a margin has no estimate.
    pub fn new(year: i32, columns: impl IntoIterator<Item = (String, Vec<Option<f64>>)>) -> Result<Self> {
        let (margins, estimates): (Vec<_>, Vec<_>) =
            columns.into_iter().partition(|(name, _)| name.ends_with(MARGIN));
        let estimate = |(name, values): (String, Vec<Option<f64>>)| {
            let kind = Kind::of(&name);
            (name, PanelColumn { values, moe: None, kind })
        };
        let mut columns: BTreeMap<String, PanelColumn> = estimates.into_iter().map(estimate).collect();
        for (name, margins) in margins {
            match columns.get_mut(name.trim_end_matches(MARGIN)) {
                Some(column) => column.moe = Some(margins),
                None => {
                    let message =
                        format!("`{name}` is a margin of error of what the table of {year} does not have");
                    return Err(Error::new(ErrorKind::Column, message)
                        .in_layer("indicators")
                        .in_column(&name));
                }
            }
        }
        Ok(Self { year, columns })
    }

    /// The values of a column, if the year has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&[Option<f64>]> {
        self.columns.get(name).map(|column| column.values.as_slice())
    }

    /// The 90 % margins of error of a column, if it has some.
    #[must_use]
    pub fn margins(&self, name: &str) -> Option<&[Option<f64>]> {
        self.columns.get(name)?.moe.as_deref()
    }
}

/// How the name of a column of margins ends.
pub(crate) const MARGIN: &str = "_moe";

/// Names of the indicators that a score reads; a study maps its own columns to them.
pub mod known {
    /// People.
    pub const POPULATION: &str = "population";
    /// Households.
    pub const HOUSEHOLDS: &str = "households";
    /// Median household income, in money of the year.
    pub const MEDIAN_INCOME: &str = "median_income";
    /// Median gross rent a month, in money of the year.
    pub const MEDIAN_RENT: &str = "median_rent";
    /// Median value of owner-occupied homes, in money of the year.
    pub const MEDIAN_HOME_VALUE: &str = "median_home_value";
    /// Share of adults of 25 and over with a bachelor's degree or more, 0 to 1.
    pub const COLLEGE_SHARE: &str = "college_share";
    /// Share of households that rent, 0 to 1.
    pub const RENTER_SHARE: &str = "renter_share";
    /// Share of housing built in the twenty years before, 0 to 1.
    pub const RECENTLY_BUILT_SHARE: &str = "recently_built_share";
    /// 1 where the neighbourhood lies in the central city, 0 where not.
    pub const CENTRAL_CITY: &str = "central_city";
    /// People who answered a survey of how safe they feel.
    pub const SURVEY_ANSWERS: &str = "survey_answers";
    /// Share of them who feel unsafe, 0 to 1.
    pub const FEEL_UNSAFE_SHARE: &str = "feel_unsafe_share";
    /// Incidents on record, of the same time as the survey.
    pub const RECORDED_INCIDENTS: &str = "recorded_incidents";

    /// Every name above.
    pub const ALL: [&str; 12] = [
        POPULATION,
        HOUSEHOLDS,
        MEDIAN_INCOME,
        MEDIAN_RENT,
        MEDIAN_HOME_VALUE,
        COLLEGE_SHARE,
        RENTER_SHARE,
        RECENTLY_BUILT_SHARE,
        CENTRAL_CITY,
        SURVEY_ANSWERS,
        FEEL_UNSAFE_SHARE,
        RECORDED_INCIDENTS,
    ];
    /// Those that are shares between 0 and 1.
    pub const SHARES: [&str; 5] =
        [COLLEGE_SHARE, RENTER_SHARE, RECENTLY_BUILT_SHARE, CENTRAL_CITY, FEEL_UNSAFE_SHARE];
    /// Those that are money of the year.
    pub const MONEY: [&str; 3] = [MEDIAN_INCOME, MEDIAN_RENT, MEDIAN_HOME_VALUE];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_estimate_has_its_margin_and_its_kind() {
        let columns = |names: &[&str]| -> Vec<(String, Vec<Option<f64>>)> {
            names.iter().map(|name| ((*name).to_owned(), vec![Some(name.len() as f64)])).collect()
        };
        let year =
            IndicatorYear::new(2020, columns(&["median_rent_moe", "median_rent", "college_share"])).unwrap();
        assert_eq!(year.columns.len(), 2);
        assert_eq!(
            (year.column("median_rent"), year.margins("median_rent")),
            (Some(&[Some(11.0)][..]), Some(&[Some(15.0)][..]))
        );
        assert_eq!((year.columns["median_rent"].kind, year.margins("college_share")), (Kind::Median, None));
        let error = IndicatorYear::new(2020, columns(&["median_rent_moe"])).unwrap_err();
        assert!(error.to_string().contains("`median_rent_moe` is a margin of error"), "{error}");
    }
}
