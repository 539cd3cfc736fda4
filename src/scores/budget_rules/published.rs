//! The rules that come with the library.

use super::definition::BudgetRule;
use crate::{Error, ErrorKind, Result};

const SHIPPED: [(&str, &str); 7] = [
    ("cdbg", include_str!("published/cdbg.toml")),
    ("cdbg_a", include_str!("published/cdbg_a.toml")),
    ("cdbg_b", include_str!("published/cdbg_b.toml")),
    ("minneapolis_parks", include_str!("published/minneapolis_parks.toml")),
    ("austin_equity_zones", include_str!("published/austin_equity_zones.toml")),
    ("tax_credit_tracts", include_str!("published/tax_credit_tracts.toml")),
    ("tax_credit_amenities", include_str!("published/tax_credit_amenities.toml")),
];

/// Every rule that comes with the library, by the name that [`BudgetRule::published`] takes.
pub const PUBLISHED: [&str; 7] =
    [SHIPPED[0].0, SHIPPED[1].0, SHIPPED[2].0, SHIPPED[3].0, SHIPPED[4].0, SHIPPED[5].0, SHIPPED[6].0];

impl BudgetRule {
    /// A rule that comes with the library: `cdbg` (the greater of formula A and B of the Community Development Block Grant),
    /// `cdbg_a`, `cdbg_b`, `minneapolis_parks`, `austin_equity_zones`, `tax_credit_tracts`, `tax_credit_amenities`.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is none of this name, with those that there are.
    ///
    /// # Example
    /// ```
    /// use commonground::scores::budget_rules::BudgetRule;
    /// let rule = BudgetRule::published("cdbg_a")?;
    /// let columns = [
    ///     ("people".to_owned(), vec![Some(600.0), Some(400.0)]),
    ///     ("poor".to_owned(), vec![Some(50.0), Some(150.0)]),
    ///     ("overcrowded_homes".to_owned(), vec![Some(10.0), Some(10.0)]),
    /// ];
    /// // 0.25 × 0.6 + 0.5 × 0.25 + 0.25 × 0.5 of the money goes to the first.
    /// let owed = rule.owed(&[600.0, 400.0], &columns.into(), 1000.0)?;
    /// assert!((owed.money[0] - 400.0).abs() < 1e-9);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn published(name: &str) -> Result<Self> {
        match SHIPPED.iter().find(|(known, _)| *known == name) {
            Some((name, text)) => Self::from_toml(text, name),
            None => Err(Error::new(ErrorKind::Parameter, format!("no rule of a budget is called `{name}`"))
                .hint(format!("there are {}; others are read from TOML", PUBLISHED.join(", ")))),
        }
    }
}
