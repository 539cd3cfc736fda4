//! Neighbourhoods by year: counts, medians and shares, with their margins of error.

use super::{Findings, IndicatorYear, Kind, PanelColumn, PriceIndex};
use crate::{Error, ErrorKind, Result};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

/// The year of a number, or the two years that a change lies between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The year, or the first of two.
    pub from: i32,
    /// The last of two years.
    pub to: Option<i32>,
}

impl Period {
    /// One year.
    #[must_use]
    pub fn year(year: i32) -> Self {
        Self { from: year, to: None }
    }

    /// From one year to another.
    #[must_use]
    pub fn between(from: i32, to: i32) -> Self {
        Self { from, to: Some(to) }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            None => write!(f, "{}", self.from),
            Some(to) => write!(f, "{}:{to}", self.from),
        }
    }
}

/// Neighbourhoods of one geography at several dates.
///
/// ```
/// use commonground::model::{Panel, Period};
/// let ids = ["a", "b"].map(String::from).to_vec();
/// let panel = Panel::from_wide(
///     ids,
///     [("median_rent_2010", vec![Some(900.0), None]), ("median_rent_2010_moe", vec![Some(80.0), None])],
/// )?;
/// assert_eq!(panel.years(), [2010]);
/// assert_eq!(panel.column("median_rent", Period::year(2010)).unwrap().values, [Some(900.0), None]);
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Panel {
    ids: Vec<String>,
    columns: BTreeMap<(String, Period), PanelColumn>,
    neighbours: Option<Vec<Vec<u32>>>,
    /// Prices by year; empty where money of different years cannot be compared.
    pub prices: PriceIndex,
    /// The year of the money of a date, where it is another year: a census of 1990 asks for the income of 1989.
    pub money_years: BTreeMap<i32, i32>,
}

/// Values that statistical offices write for "no number": the codes of the American Community Survey, and habits.
const SENTINELS: [f64; 10] = [
    -666_666_666.0,
    -999_999_999.0,
    -888_888_888.0,
    -555_555_555.0,
    -333_333_333.0,
    -222_222_222.0,
    -99_999.0,
    -9_999.0,
    -999.0,
    -99.0,
];
/// The margin that the American Community Survey writes for "controlled, no sampling error".
const CONTROLLED: f64 = -555_555_555.0;
/// So large a part of the shares of a column may be over 1 as slips; more, and the column is no share.
const FEW: f64 = 0.05;

impl Panel {
    /// A panel without columns.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if there is no id, or one stands twice.
    pub fn new(ids: Vec<String>) -> Result<Self> {
        let mut seen = HashMap::new();
        if ids.is_empty() {
            return Err(Error::new(ErrorKind::Value, "there are no neighbourhoods").in_layer("panel"));
        }
        for (row, id) in ids.iter().enumerate() {
            if let Some(first) = seen.insert(id, row) {
                let message = format!("the id stands in row {} already", first + 1);
                let error =
                    Error::new(ErrorKind::Value, message).in_layer("panel").at_row(row + 1).with_id(id);
                return Err(error.hint("a panel has one row per neighbourhood and one column per year"));
            }
        }
        Ok(Self { ids, ..Self::default() })
    }

    /// A panel from columns whose names end in a year: `median_rent_2010`, `zillow_change_2012_2018`, and their margins
    /// of error, `median_rent_2010_moe`. Columns without a year are left out.
    ///
    /// # Errors
    /// As [`Panel::new`] and [`Panel::insert`]; [`ErrorKind::Column`] if a margin has no estimate.
    pub fn from_wide<N: AsRef<str>>(
        ids: Vec<String>,
        columns: impl IntoIterator<Item = (N, Vec<Option<f64>>)>,
    ) -> Result<Self> {
        let mut panel = Self::new(ids)?;
        let mut margins = Vec::new();
        for (column, values) in columns {
            let column = column.as_ref();
            match (column.strip_suffix("_moe").and_then(split_name), split_name(column)) {
                (Some((name, period)), _) => margins.push((name.to_owned(), period, values)),
                (None, Some((name, period))) => panel.insert(name, period, values)?,
                (None, None) => {}
            }
        }
        for (name, period, margin) in margins {
            panel.set_moe(&name, period, margin)?;
        }
        Ok(panel)
    }

    /// The indicators of a study.
    ///
    /// # Errors
    /// As [`Panel::new`].
    pub fn from_indicators(ids: Vec<String>, years: &[IndicatorYear], prices: &PriceIndex) -> Result<Self> {
        let mut panel = Self::new(ids)?;
        for year in years {
            for (name, column) in &year.columns {
                panel.insert(name, Period::year(year.year), column.values.clone())?;
                if let Some(moe) = &column.moe {
                    panel.set_moe(name, Period::year(year.year), moe.clone())?;
                }
            }
        }
        panel.prices.clone_from(prices);
        Ok(panel)
    }

    /// Adds or replaces a column, its kind taken from its name.
    ///
    /// # Errors
    /// [`ErrorKind::Column`] if there is not one value per neighbourhood; [`ErrorKind::Value`] if one is not finite.
    pub fn insert(&mut self, name: &str, period: Period, values: Vec<Option<f64>>) -> Result<()> {
        self.check(name, period, &values)?;
        let column = PanelColumn { values, moe: None, kind: Kind::of(name) };
        self.columns.insert((name.to_owned(), period), column);
        Ok(())
    }

    /// Gives a column its 90 % margins of error.
    ///
    /// # Errors
    /// [`ErrorKind::Column`] if there is no such column or not one margin a neighbourhood; [`ErrorKind::Value`] if one
    /// is not finite, or negative without being a code of the American Community Survey.
    pub fn set_moe(&mut self, name: &str, period: Period, mut moe: Vec<Option<f64>>) -> Result<()> {
        let label = format!("{name}_{period}_moe");
        self.check(&label, period, &moe)?;
        for (row, margin) in moe.iter_mut().enumerate() {
            match *margin {
                Some(CONTROLLED) => *margin = Some(0.0),
                Some(code) if Self::is_code(code) => *margin = None,
                Some(negative) if negative < 0.0 => {
                    let error =
                        Error::new(ErrorKind::Value, format!("a margin of error is negative ({negative})"));
                    return Err(error
                        .in_layer("panel")
                        .at_row(row + 1)
                        .with_id(&self.ids[row])
                        .in_column(label));
                }
                _ => {}
            }
        }
        match self.columns.get_mut(&(name.to_owned(), period)) {
            Some(column) => {
                column.moe = Some(moe);
                Ok(())
            }
            None => {
                let error = Error::new(
                    ErrorKind::Column,
                    format!("a margin of error of `{name}`, which is not there"),
                );
                Err(error.in_layer("panel").in_column(label))
            }
        }
    }

    /// Whether a margin of error is a code of the American Community Survey.
    pub(crate) fn is_code(margin: f64) -> bool {
        SENTINELS.contains(&margin)
    }

    fn check(&self, name: &str, period: Period, values: &[Option<f64>]) -> Result<()> {
        let wrong = |kind, message: String| {
            Error::new(kind, message).in_layer("panel").in_column(format!("{name} {period}"))
        };
        if values.len() != self.ids.len() {
            let message = format!("{} values for {} neighbourhoods", values.len(), self.ids.len());
            return Err(wrong(ErrorKind::Column, message));
        }
        match values.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
            None => Ok(()),
            Some(row) => {
                let error = wrong(ErrorKind::Value, "a value is not a finite number".into());
                Err(error.at_row(row + 1).with_id(&self.ids[row]).hint("missing values must be empty"))
            }
        }
    }

    /// Says which neighbourhoods touch which, by row; both directions are to be listed.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is not one list per neighbourhood, or one names a row that is not there or its
    /// own.
    pub fn set_neighbours(&mut self, neighbours: Vec<Vec<u32>>) -> Result<()> {
        let is_wrong = |(row, list): (usize, &Vec<u32>)| {
            list.iter().any(|other| *other as usize >= self.ids.len() || *other as usize == row)
        };
        if neighbours.len() != self.ids.len() || neighbours.iter().enumerate().any(is_wrong) {
            let message = "neighbours are lists of other rows, one list per neighbourhood";
            return Err(Error::new(ErrorKind::Parameter, message).in_layer("panel"));
        }
        self.neighbours = Some(neighbours);
        Ok(())
    }

    /// The ids, in order.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Number of neighbourhoods.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are no neighbourhoods.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// The years of the columns, in order; years that only a change names are left out.
    #[must_use]
    pub fn years(&self) -> Vec<i32> {
        let years: BTreeSet<i32> = self
            .columns
            .keys()
            .filter(|(_, period)| period.to.is_none())
            .map(|(_, period)| period.from)
            .collect();
        years.into_iter().collect()
    }

    /// A column.
    #[must_use]
    pub fn column(&self, name: &str, period: Period) -> Option<&PanelColumn> {
        self.columns.get(&(name.to_owned(), period))
    }

    /// Every column with its name and period, in order.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Period, &PanelColumn)> {
        self.columns.iter().map(|((name, period), column)| (name.as_str(), *period, column))
    }

    /// Rows that touch each neighbourhood, where that is known.
    #[must_use]
    pub fn neighbours(&self) -> Option<&[Vec<u32>]> {
        self.neighbours.as_deref()
    }

    /// The panel with the columns of these names, at all dates.
    pub(crate) fn only(&self, names: &BTreeSet<&str>) -> Self {
        let mut panel = Self { columns: BTreeMap::new(), ..self.clone() };
        let kept = self.columns.iter().filter(|((name, _), _)| names.contains(name.as_str()));
        panel.columns.extend(kept.map(|(key, column)| (key.clone(), column.clone())));
        panel
    }

    /// What money of a date is multiplied by to be money of another date; 1 within one year.
    ///
    /// # Errors
    /// [`ErrorKind::Study`] if the price index lacks one of the years.
    pub fn inflation(&self, from: i32, to: i32) -> Result<f64> {
        let money_year = |date: i32| self.money_years.get(&date).copied().unwrap_or(date);
        let (from, to) = (money_year(from), money_year(to));
        let price = |year: i32| {
            self.prices.get(&year).copied().ok_or_else(|| {
                Error::new(
                    ErrorKind::Study,
                    format!("no price index for {year}, so money of {from} and {to} cannot be compared"),
                )
                .hint("give one number per year: `[prices]` in study.toml, `prices=` in Python")
            })
        };
        if from == to { Ok(1.0) } else { Ok(price(to)? / price(from)?) }
    }

    /// The panel with what is no number taken out: sentinels, medians of 0 and stray shares over 1 become missing, and
    /// are counted.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if a count, median or share is negative, or more than a few shares of a column over 1.
    pub fn cleaned(&self) -> Result<(Self, Findings)> {
        let (mut clean, mut findings) = (self.clone(), Findings::default());
        for ((name, period), column) in &mut clean.columns {
            let over = |value: &Option<f64>| value.is_some_and(|value| value > 1.0);
            let over_one = if column.kind == Kind::Share {
                column.values.iter().filter(|value| over(value)).count()
            } else {
                0
            };
            let known = column.values.iter().flatten().count();
            let wrong = |row: usize, number: f64, what: &str, hint: &str| {
                let error = Error::new(ErrorKind::Value, format!("`{name}` {what} ({number})"));
                let error = error.in_layer("panel").at_row(row + 1).with_id(&self.ids[row]);
                error.in_column(format!("{name} {period}")).hint(hint)
            };
            let (mut sentinels, mut zeros, mut wide) = (0_usize, 0_usize, 0_usize);
            for (row, value) in column.values.iter_mut().enumerate() {
                let Some(number) = *value else { continue };
                if SENTINELS.contains(&number) {
                    sentinels += 1;
                    *value = None;
                } else if number == 0.0 && column.kind == Kind::Median {
                    zeros += 1;
                    *value = None;
                } else if number < 0.0 && column.kind != Kind::Index {
                    let hint = "missing values must be empty cells, not negative numbers";
                    return Err(wrong(row, number, "is negative", hint));
                } else if over_one > 0 && number > 1.0 {
                    if over_one as f64 > FEW * known as f64 {
                        let hint = "is it in percent? a share of 25 % is 0.25";
                        return Err(wrong(row, number, "is a share and over 1", hint));
                    }
                    *value = None;
                }
                let margin = column.moe.as_ref().and_then(|moe| moe[row]);
                wide += usize::from(value.is_some() && margin.is_some_and(|margin| margin > number.abs()));
            }
            let mut report = |count: usize, message: &str| {
                if count > 0 {
                    let message = format!("{count} of {} values of `{name}` {message}", self.ids.len());
                    let error = Error::new(ErrorKind::Value, message);
                    findings.warning(error.in_layer("panel").in_column(format!("{name} {period}")));
                }
            };
            report(sentinels, "are codes such as -666666666 and were read as missing");
            report(zeros, "are medians of 0 and were read as missing");
            report(over_one, "are shares over 1 and were read as missing");
            report(wide, "have a margin of error larger than themselves");
        }
        Ok((clean, findings))
    }
}

/// `median_rent_2010` and `zillow_change_2012_2018` into name and period.
fn split_name(column: &str) -> Option<(&str, Period)> {
    let (name, year) = split_year(column)?;
    Some(match split_year(name) {
        Some((name, first)) => (name, Period::between(first, year)),
        None => (name, Period::year(year)),
    })
}

fn split_year(column: &str) -> Option<(&str, i32)> {
    let (name, year) = column.rsplit_once('_')?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) && !name.is_empty();
    if is_year { Some((name, year.parse().ok()?)) } else { None }
}

/// Checks that every year that is asked for is known.
///
/// # Errors
/// [`ErrorKind::Parameter`], with the known years and the nearest.
pub(crate) fn check_years(asked: &[i32], known: &[i32]) -> Result<()> {
    let known: BTreeSet<i32> = known.iter().copied().collect();
    let Some(wrong) = asked.iter().find(|year| !known.contains(year)) else { return Ok(()) };
    let listed: Vec<String> = known.iter().map(i32::to_string).collect();
    let message = format!("nothing is known of {wrong}: the years are {}", listed.join(", "));
    let error = Error::new(ErrorKind::Parameter, message);
    Err(match known.iter().min_by_key(|year| year.abs_diff(*wrong)) {
        Some(near) => error.hint(format!("did you mean {near}?")),
        None => error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(columns: &[(&str, [f64; 3])]) -> Result<Panel> {
        let value = |value: f64| (!value.is_nan()).then_some(value);
        let columns = columns.iter().map(|(name, values)| (*name, values.map(value).to_vec()));
        Panel::from_wide(["a", "b", "c"].map(String::from).to_vec(), columns)
    }

    #[test]
    fn names_carry_years_and_margins() {
        let found = panel(&[
            ("zillow_change_2012_2018", [-0.1, 0.2, f64::NAN]),
            ("median_rent_2018_moe", [50.0, CONTROLLED, -222_222_222.0]),
            ("median_rent_2018", [900.0, 800.0, 700.0]),
            ("county", [1.0, 1.0, 1.0]),
        ])
        .unwrap();
        assert_eq!((found.years(), found.columns().count()), (vec![2018], 2));
        let rent = found.column("median_rent", Period::year(2018)).unwrap();
        assert_eq!(rent.moe.as_deref(), Some(&[Some(50.0), Some(0.0), None][..]));
        let change = found.column("zillow_change", Period::between(2012, 2018)).unwrap();
        assert_eq!((change.kind, rent.kind), (Kind::Index, Kind::Median));
    }

    #[test]
    fn what_is_no_number_becomes_missing_and_is_counted() {
        let given = panel(&[
            ("median_rent_1990", [0.0, -666_666_666.0, 700.0]),
            ("median_rent_1990_moe", [1.0, 1.0, 800.0]),
            ("population_1990", [0.0, 10.0, -999.0]),
        ])
        .unwrap();
        let (clean, findings) = given.cleaned().unwrap();
        let values = |name: &str| clean.column(name, Period::year(1990)).unwrap().values.clone();
        assert_eq!(values("median_rent"), [None, None, Some(700.0)]);
        // Nobody living somewhere is a fact; a rent of nothing is not.
        assert_eq!(values("population"), [Some(0.0), Some(10.0), None]);
        assert_eq!(findings.iter().count(), 4);
    }

    #[test]
    fn wrong_values_are_refused_where_they_stand() {
        let refused = |columns: &[(&str, [f64; 3])]| {
            let error = panel(columns).and_then(|panel| panel.cleaned()).unwrap_err();
            (error.kind(), error.position().row, error.to_string())
        };
        let (kind, row, text) = refused(&[("college_share_2010", [0.1, 25.0, 0.3])]);
        assert!(kind == ErrorKind::Value && row == Some(2) && text.contains("percent"), "{text}");
        assert_eq!(refused(&[("households_2010", [1.0, 2.0, -3.0])]).1, Some(3));
        let moe = [("x_2010", [1.0, 2.0, 3.0]), ("x_2010_moe", [1.0, -2.0, 3.0])];
        assert_eq!(refused(&moe).0, ErrorKind::Value);
        assert_eq!(refused(&[("x_2010_moe", [1.0, 2.0, 3.0])]).0, ErrorKind::Column);
        assert_eq!(refused(&[("x_2010", [1.0, f64::INFINITY, 3.0])]).0, ErrorKind::Value);
        let twice = Panel::new(["a", "b", "a"].map(String::from).to_vec()).unwrap_err();
        assert_eq!(twice.position().row, Some(3));
    }

    #[test]
    fn money_of_two_years_needs_an_index() {
        let mut money = panel(&[("median_rent_1990", [1.0, 2.0, 3.0])]).unwrap();
        assert_eq!(money.inflation(1990, 1990).unwrap(), 1.0);
        assert_eq!(money.inflation(1990, 2018).unwrap_err().kind(), ErrorKind::Study);
        money.prices = PriceIndex::from([(1989, 100.0), (2018, 202.5)]);
        money.money_years.insert(1990, 1989);
        assert_eq!(money.inflation(1990, 2018).unwrap(), 2.025);
    }
}
