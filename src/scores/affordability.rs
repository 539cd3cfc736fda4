//! Housing and transport together: what living somewhere costs a household, and what it leaves.

use crate::{Error, ErrorKind, Result};

/// What travelling costs, in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct TravelPrices {
    /// A car per year, standing still.
    pub per_car: f64,
    /// A kilometre by car.
    pub per_km: f64,
}

/// A household and where it lives.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Household {
    /// Income per year, above 0.
    pub income: f64,
    /// Rent or owner's cost per month.
    pub rent: f64,
    /// Cars that it has, or needs to reach work and essentials.
    pub cars: f64,
    /// Kilometres by car per year.
    pub km: f64,
    /// Fares of public transport per year.
    pub fares: f64,
}

/// Cost of a location for a household.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LocationCost {
    /// Housing per year.
    pub housing: f64,
    /// Travel per year.
    pub travel: f64,
    /// Both over income.
    pub share: f64,
    /// Housing over income.
    pub housing_share: f64,
    /// Travel over income.
    pub travel_share: f64,
    /// What is left of the income per year; below 0 where both cost more than it.
    pub residual: f64,
}

/// Shares of income up to which housing, travel and both together count as affordable.
///
/// Source: Center for Neighborhood Technology, "Housing + Transportation Affordability Index".
pub const AFFORDABLE_SHARES: (f64, f64, f64) = (0.30, 0.15, 0.45);

/// Housing and transport cost of a household.
///
/// A share falls when those who pay most of their income leave. So show it with the income of those who stay, and with what
/// is left of it.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite, or the income is 0.
///
/// # Source
/// Center for Neighborhood Technology, "H+T Index methods": (housing + cars, kilometres and fares) over income.
///
/// # Example
/// ```
/// use commonground::scores::affordability::{Household, TravelPrices, location_cost};
/// let prices = TravelPrices { per_car: 5_000.0, per_km: 0.15 };
/// let household = Household { income: 60_000.0, rent: 1_500.0, cars: 2.0, km: 20_000.0, fares: 600.0 };
/// let cost = location_cost(&household, &prices)?;
/// assert_eq!((cost.housing, cost.travel, cost.residual), (18_000.0, 13_600.0, 28_400.0));
/// assert!((cost.share - 0.526_67).abs() < 1e-5);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn location_cost(household: &Household, prices: &TravelPrices) -> Result<LocationCost> {
    let Household { income, rent, cars, km, fares } = *household;
    let numbers = [
        ("income", income),
        ("rent", rent),
        ("number of cars", cars),
        ("distance in km", km),
        ("sum of fares", fares),
        ("price of a car", prices.per_car),
        ("price of a km", prices.per_km),
    ];
    if let Some((what, value)) = numbers.iter().find(|(_, value)| !(value.is_finite() && *value >= 0.0)) {
        return Err(Error::new(ErrorKind::Parameter, format!("the {what} is `{value}`")));
    }
    if income <= 0.0 {
        return Err(Error::new(ErrorKind::Parameter, "the income is 0, of which nothing is a share"));
    }
    let (housing, travel) = (12.0 * rent, cars * prices.per_car + km * prices.per_km + fares);
    Ok(LocationCost {
        housing,
        travel,
        share: (housing + travel) / income,
        housing_share: housing / income,
        travel_share: travel / income,
        residual: income - housing - travel,
    })
}

/// Cars that a household needs: one per worker whose work is out of reach without one, and at least one if an
/// essential is.
///
/// - `workers`: members who work; `share_out_of_reach`: share of the jobs that they could have that is out of reach without a car.
/// - `essentials_out_of_reach`: whether any essential service is.
///
/// # Errors
/// [`ErrorKind::Parameter`] if workers are negative or not finite, or the share is outside 0 to 1.
///
/// # Source
/// This project: need is computed from access, where the H+T index predicts ownership.
pub fn cars_needed(workers: f64, share_out_of_reach: f64, essentials_out_of_reach: bool) -> Result<f64> {
    if !(workers.is_finite() && workers >= 0.0 && (0.0..=1.0).contains(&share_out_of_reach)) {
        let message = format!("{workers} workers, for whom a share of {share_out_of_reach} is out of reach");
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let for_work = workers * share_out_of_reach;
    Ok(if essentials_out_of_reach { for_work.max(1.0) } else { for_work })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_car_rent_is_what_remains() {
        let household = Household { income: 24_000.0, rent: 800.0, ..Household::default() };
        let cost = location_cost(&household, &TravelPrices { per_car: 5_000.0, per_km: 0.2 }).unwrap();
        assert_eq!((cost.travel, cost.share, cost.residual), (0.0, 0.4, 14_400.0));
        assert!(cost.housing_share > AFFORDABLE_SHARES.0 && cost.share < AFFORDABLE_SHARES.2);
    }

    #[test]
    fn cars_follow_from_what_is_out_of_reach() {
        assert_eq!(cars_needed(2.0, 0.0, false).unwrap(), 0.0);
        assert_eq!(cars_needed(2.0, 0.25, true).unwrap(), 1.0);
        assert_eq!(cars_needed(2.0, 1.0, true).unwrap(), 2.0);
        assert!(cars_needed(1.0, 1.5, false).is_err() && cars_needed(-1.0, 0.5, false).is_err());
    }

    #[test]
    fn no_income_and_negative_prices_are_refused() {
        assert!(location_cost(&Household::default(), &TravelPrices::default()).is_err());
        let household = Household { income: 1.0, ..Household::default() };
        assert!(location_cost(&household, &TravelPrices { per_car: -1.0, per_km: 0.0 }).is_err());
    }
}
