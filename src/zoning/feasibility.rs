//! Whether building pays: the value of the land that is left when everything else is paid.
//!
//! It says at which rent a project would stand on its own. It forecasts neither rents nor when anybody builds.

use crate::{Error, ErrorKind, Result};

/// What building costs and what rents are worth, in one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    /// Construction per m² of gross floor area, with parking outside the building.
    pub construction: f64,
    /// Planning, finance and other costs as a share of construction.
    pub soft_share: f64,
    /// Fees per dwelling.
    pub fees: f64,
    /// Required profit as a share of all costs.
    pub profit_share: f64,
    /// Share of the rent that vacancy and running costs take, 0 to below 1.
    pub running_share: f64,
    /// Net rent of a year over value, above 0.
    pub capitalisation: f64,
}

/// A project on a piece of land.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Feasibility {
    /// Value of the finished building.
    pub value: f64,
    /// Costs with fees and required profit, without land.
    pub cost: f64,
    /// What is left for the land: value less cost.
    pub residual: f64,
    /// Whether that is at least the value of the land in its use of today.
    pub pencils: bool,
}

impl Costs {
    fn check(&self) -> Result<()> {
        let numbers = [
            ("construction cost", self.construction, f64::MAX),
            ("soft share", self.soft_share, f64::MAX),
            ("fees", self.fees, f64::MAX),
            ("profit share", self.profit_share, f64::MAX),
            ("running share", self.running_share, 1.0 - 1e-9),
            ("capitalisation rate", self.capitalisation, 1.0),
        ];
        let wrong = numbers.into_iter().find(|(_, value, most)| !(*value >= 0.0 && value <= most));
        if let Some((name, value, _)) =
            wrong.or((self.capitalisation <= 0.0).then_some(("capitalisation rate", 0.0, 0.0)))
        {
            return Err(Error::new(ErrorKind::Parameter, format!("a {name} of `{value}`")));
        }
        Ok(())
    }

    /// Value of a year's rent of 1 per month.
    fn value_of_rent(&self) -> f64 {
        12.0 * (1.0 - self.running_share) / self.capitalisation
    }

    fn cost(&self, floor_area: f64, dwellings: f64) -> f64 {
        (self.construction * floor_area * (1.0 + self.soft_share) + self.fees * dwellings)
            * (1.0 + self.profit_share)
    }
}

/// Residual land value of a project.
///
/// - `floor_area`: gross, m²; `dwellings`: their number.
/// - `rent`: of all dwellings together per month.
/// - `land_today`: value of the land in its use of today, buildings included.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite, or a rate is out of range.
///
/// # Source
/// Residual method of valuation: value less costs, fees and required profit.
///
/// # Example
/// ```
/// use commonground::zoning::{Costs, feasibility};
/// let costs = Costs {
///     construction: 2_000.0,
///     soft_share: 0.25,
///     fees: 0.0,
///     profit_share: 0.0,
///     running_share: 0.25,
///     capitalisation: 0.05,
/// };
/// // 1,000 m² cost 2.5 million; 15,000 of rent a month are worth 2.7 million.
/// let project = feasibility(1_000.0, 12.0, 15_000.0, 150_000.0, &costs)?;
/// assert_eq!((project.value.round(), project.residual.round(), project.pencils), (2_700_000.0, 200_000.0, true));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn feasibility(
    floor_area: f64,
    dwellings: f64,
    rent: f64,
    land_today: f64,
    costs: &Costs,
) -> Result<Feasibility> {
    check(&[floor_area, dwellings, rent, land_today])?;
    costs.check()?;
    let (value, cost) = (rent * costs.value_of_rent(), costs.cost(floor_area, dwellings));
    Ok(Feasibility { value, cost, residual: value - cost, pencils: value - cost >= land_today })
}

/// Rent of all dwellings together per month at which a project just pays for itself and the land.
///
/// # Errors
/// As for [`feasibility`].
pub fn break_even_rent(floor_area: f64, dwellings: f64, land_today: f64, costs: &Costs) -> Result<f64> {
    check(&[floor_area, dwellings, land_today])?;
    costs.check()?;
    Ok((costs.cost(floor_area, dwellings) + land_today) / costs.value_of_rent())
}

/// Share of the dwellings that can be rented at the lower `affordable` rent while the project still pays: 0 to 1.
///
/// - `market`, `affordable`: rent of one dwelling per month.
///
/// `None` if the project does not pay even at market rents.
///
/// # Errors
/// As for [`feasibility`].
pub fn carried_share(
    floor_area: f64,
    dwellings: f64,
    market: f64,
    affordable: f64,
    land_today: f64,
    costs: &Costs,
) -> Result<Option<f64>> {
    check(&[market, affordable])?;
    let needed = break_even_rent(floor_area, dwellings, land_today, costs)?;
    let (most, least) = (dwellings * market, dwellings * affordable);
    Ok((most >= needed).then(|| if least >= needed { 1.0 } else { (most - needed) / (most - least) }))
}

fn check(numbers: &[f64]) -> Result<()> {
    match numbers.iter().find(|number| !(number.is_finite() && **number >= 0.0)) {
        Some(number) => {
            Err(Error::new(ErrorKind::Parameter, format!("`{number}` m², dwellings, rent or value"))
                .hint("it must be finite and not negative"))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COSTS: Costs = Costs {
        construction: 2_500.0,
        soft_share: 0.2,
        fees: 10_000.0,
        profit_share: 0.1,
        running_share: 0.3,
        capitalisation: 0.05,
    };

    #[test]
    fn at_the_break_even_rent_the_residual_is_the_land() {
        let rent = break_even_rent(900.0, 10.0, 200_000.0, &COSTS).unwrap();
        let project = feasibility(900.0, 10.0, rent, 200_000.0, &COSTS).unwrap();
        assert!((project.residual - 200_000.0).abs() < 1e-6);
        assert!(!feasibility(900.0, 10.0, rent * 0.99, 200_000.0, &COSTS).unwrap().pencils);
    }

    #[test]
    fn the_carried_share_is_where_nothing_is_left() {
        let (market, affordable) = (2_600.0, 1_200.0);
        let share = carried_share(900.0, 10.0, market, affordable, 200_000.0, &COSTS).unwrap().unwrap();
        let rent = 10.0 * (share * affordable + (1.0 - share) * market);
        let project = feasibility(900.0, 10.0, rent, 200_000.0, &COSTS).unwrap();
        assert!((project.residual - 200_000.0).abs() < 1e-6 && share > 0.0 && share < 1.0);
        assert_eq!(carried_share(900.0, 10.0, 500.0, 400.0, 0.0, &COSTS).unwrap(), None);
        assert_eq!(carried_share(900.0, 10.0, 9_000.0, 8_000.0, 0.0, &COSTS).unwrap(), Some(1.0));
    }

    #[test]
    fn rates_out_of_range_are_refused() {
        for wrong in [
            Costs { capitalisation: 0.0, ..COSTS },
            Costs { running_share: 1.0, ..COSTS },
            Costs { fees: -1.0, ..COSTS },
        ] {
            assert!(feasibility(1.0, 1.0, 1.0, 1.0, &wrong).is_err());
        }
        assert!(feasibility(f64::NAN, 1.0, 1.0, 1.0, &COSTS).is_err());
    }
}
