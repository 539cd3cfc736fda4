//! What households of a stated income can pay, and what homes at that price cost a project.

use crate::{Error, ErrorKind, Result};

/// Income limit of a household of 1 to 8 people over that of four (United States Department of Housing and Urban
/// Development, family size adjustment).
pub const SIZE_FACTORS: [f64; 8] = [0.70, 0.80, 0.90, 1.00, 1.08, 1.16, 1.24, 1.32];

fn check(values: &[(&str, f64)]) -> Result<()> {
    match values.iter().find(|(_, value)| !(value.is_finite() && *value >= 0.0)) {
        Some((name, value)) => Err(Error::new(ErrorKind::Parameter, format!("{name} of `{value}`"))
            .hint("it must be finite and not negative")),
        None => Ok(()),
    }
}

/// Highest affordable rent per month: 30 % of the income limit, less utilities; at least 0.
///
/// - `median_income`: area median income of a household of four, per year.
/// - `level`: the income limit as a share of it, such as 0.6.
/// - `household`: people, 1 to 8.
/// - `utilities`: per month.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite, or the household has no one or more than eight.
///
/// # Source
/// United States Housing Act of 1937, 30 % of income; sizes as in [`SIZE_FACTORS`].
///
/// # Example
/// ```
/// use commonground::zoning::affordable_rent;
/// assert_eq!(affordable_rent(100_000.0, 0.6, 4, 150.0)?, 1_350.0);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn affordable_rent(median_income: f64, level: f64, household: usize, utilities: f64) -> Result<f64> {
    check(&[("median income", median_income), ("a level", level), ("utilities", utilities)])?;
    let size = household.checked_sub(1).and_then(|at| SIZE_FACTORS.get(at));
    let size = size.ok_or_else(|| {
        Error::new(ErrorKind::Parameter, format!("a household of `{household}` people"))
            .hint("1 to 8 are listed")
    })?;
    Ok((0.3 * level * median_income * size / 12.0 - utilities).max(0.0))
}

/// Price that a buyer of a stated income can pay, by the terms of the Bay Area's regional model.
///
/// Pay per month is 33 % of 90 % of the median income, less 250 for fees; its value is that of 360 such months at 5.5 % a
/// year, the first of them not discounted, over 1.013 for closing costs. Returns pay per month, value, and price.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the income is negative or not finite.
///
/// # Source
/// Metropolitan Transportation Commission, BAUS, affordable housing price.
///
/// # Example
/// ```
/// use commonground::zoning::affordable_price;
/// let (pay, value, price) = affordable_price(100_000.0)?;
/// assert_eq!((pay, value.round(), price.round()), (2_225.0, 393_667.0, 388_615.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn affordable_price(median_income: f64) -> Result<(f64, f64, f64)> {
    const LEVEL: f64 = 0.9;
    const SHARE: f64 = 0.33;
    const FEES: f64 = 250.0;
    const MONTHLY_RATE: f64 = 0.055 / 12.0;
    const MONTHS: i32 = 360;
    const CLOSING: f64 = 1.013;
    check(&[("median income", median_income)])?;
    let pay = (median_income * LEVEL * SHARE / 12.0 - FEES).max(0.0);
    let value: f64 = (0..MONTHS).map(|month| pay / (1.0 + MONTHLY_RATE).powi(month)).sum();
    Ok((pay, value, value / CLOSING))
}

/// Revenue that a project forgoes for its affordable homes, of which only whole ones are built.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite, or the share is above 1.
pub fn revenue_lost(market_price: f64, price: f64, dwellings: f64, share: f64) -> Result<f64> {
    check(&[
        ("a market price", market_price),
        ("a price", price),
        ("dwellings", dwellings),
        ("a share", share),
    ])?;
    if share > 1.0 {
        return Err(Error::new(ErrorKind::Parameter, format!("a share of `{share}`")));
    }
    Ok((market_price - price) * (dwellings * share * (1.0 + 1e-9)).floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_of_the_bay_area_comes_out_to_the_cent() {
        let (pay, value, price) = affordable_price(100_000.0).unwrap();
        assert!((pay - 2_225.0).abs() < 1e-9);
        assert!((value - 393_667.00).abs() < 0.005, "{value}");
        assert!((price - 388_615.00).abs() < 0.005, "{price}");
        assert_eq!(affordable_price(1_000.0).unwrap().0, 0.0);
    }

    #[test]
    fn only_whole_homes_lose_revenue() {
        assert_eq!(revenue_lost(500.0, 300.0, 20.0, 0.15).unwrap(), 600.0);
        assert_eq!(revenue_lost(500.0, 300.0, 19.0, 0.15).unwrap(), 400.0);
        assert!(revenue_lost(500.0, 300.0, 20.0, 1.5).is_err());
        assert!(affordable_rent(1e5, 0.6, 0, 0.0).is_err() && affordable_rent(1e5, 0.6, 9, 0.0).is_err());
    }
}
