//! Numbers about neighbourhoods at a date: the censuses.

use std::collections::BTreeMap;

/// The indicators of one year; every column has one value per neighbourhood, in the order of the study.
#[derive(Debug, Clone, PartialEq)]
pub struct IndicatorYear {
    /// The year that the numbers are about.
    pub year: i32,
    /// Column name to values; `None` where missing.
    pub columns: BTreeMap<String, Vec<Option<f64>>>,
}

impl IndicatorYear {
    /// The values of a column, if the year has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&[Option<f64>]> {
        self.columns.get(name).map(Vec::as_slice)
    }
}

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
