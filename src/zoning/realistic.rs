//! How much of a capacity is realistic: net of what stands, with stated shares.

use super::quantities::{SQUARE_METRES_PER_ACRE, SQUARE_METRES_PER_SQUARE_FOOT};
use crate::{Error, ErrorKind, Result};

/// What stands on a parcel today. `None` where it is not known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standing {
    /// Dwellings.
    pub dwellings: Option<f64>,
    /// Gross floor area of other uses, m².
    pub other_floor_area: Option<f64>,
    /// Year in which the building was built.
    pub year_built: Option<i32>,
    /// Whether it is a one-family house.
    pub one_family: Option<bool>,
}

/// When a parcel counts as underused enough to be built on.
///
/// Defaults: those of the Bay Area's regional model (Metropolitan Transportation Commission, BAUS): new homes exceed half
/// of the existing ones, the building is not from before 1940, a one-family lot has half an acre, a parcel 2,000 square feet.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Underused {
    /// New dwellings must exceed this share of the existing ones.
    pub least_growth: f64,
    /// Buildings from before this year stay.
    pub oldest: i32,
    /// Smallest lot with a one-family house, m².
    pub one_family_lot: f64,
    /// Smallest parcel, m².
    pub smallest: f64,
    /// Gross floor area that counts as a dwelling, m².
    pub floor_per_dwelling: f64,
}

impl Default for Underused {
    fn default() -> Self {
        Self {
            least_growth: 0.5,
            oldest: 1940,
            one_family_lot: 0.5 * SQUARE_METRES_PER_ACRE,
            smallest: 2_000.0 * SQUARE_METRES_PER_SQUARE_FOOT,
            floor_per_dwelling: 1_000.0 * SQUARE_METRES_PER_SQUARE_FOOT,
        }
    }
}

/// Shares of the net capacity that are built within the horizon of a plan.
///
/// There is no default: a share is a judgement or, better, what recent permits were to what was allowed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RealisticShares {
    /// If little is built, 0 to 1.
    pub low: f64,
    /// What is expected.
    pub expected: f64,
    /// If much is built.
    pub high: f64,
}

impl RealisticShares {
    /// Everything that is allowed.
    pub const ALL: Self = Self { low: 1.0, expected: 1.0, high: 1.0 };

    /// Whether they rise from low to high.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if they do not, or one is not from 0 to 1.
    pub fn check(&self) -> Result<()> {
        let Self { low, expected, high } = *self;
        if 0.0 <= low && low <= expected && expected <= high && high <= 1.0 {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Parameter, format!("shares of {low}, {expected} and {high}"))
            .hint("they rise from low to high, between 0 and 1"))
    }
}

/// Why a parcel adds no homes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotCounted {
    /// What stands there uses the capacity up.
    NothingLeft,
    /// New homes are too few beside the existing ones.
    TooLittleGrowth,
    /// The building is older than the limit.
    OldBuilding,
    /// A one-family house on a small lot.
    SmallOneFamilyLot,
    /// The parcel is too small.
    SmallParcel,
}

impl NotCounted {
    /// In words.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::NothingLeft => "what stands there uses the capacity up",
            Self::TooLittleGrowth => "too few new homes beside the existing ones",
            Self::OldBuilding => "the building is older than the limit",
            Self::SmallOneFamilyLot => "a one-family house on a small lot",
            Self::SmallParcel => "the parcel is too small",
        }
    }
}

/// New dwellings that can be expected.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Realistic {
    /// Dwellings allowed beyond what stands, 0 or more.
    pub net: f64,
    /// With the low share; 0 where the parcel is not counted.
    pub low: f64,
    /// With the expected share.
    pub expected: f64,
    /// With the high share.
    pub high: f64,
    /// Why nothing is counted.
    pub not_counted: Option<NotCounted>,
}

/// Realistic new dwellings of a parcel.
///
/// - `allowed`: dwellings that the zoning allows.
/// - `area`: of the parcel, m².
///
/// What is not known of the standing building excludes nothing.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite, or the shares are not in order from 0 to 1.
///
/// # Source
/// California Government Code 65583.2(c), which asks for realistic capacity; rules of exclusion as in [`Underused`].
///
/// # Example
/// ```
/// use commonground::zoning::{RealisticShares, Standing, Underused, realistic};
/// let shares = RealisticShares { low: 0.3, expected: 0.6, high: 0.85 };
/// let house = Standing { dwellings: Some(4.0), ..Standing::default() };
/// let new = realistic(24.0, 2_000.0, &house, &Underused::default(), &shares)?;
/// assert_eq!((new.net, new.expected), (20.0, 12.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn realistic(
    allowed: f64,
    area: f64,
    standing: &Standing,
    underused: &Underused,
    shares: &RealisticShares,
) -> Result<Realistic> {
    let existing = standing.dwellings.unwrap_or(0.0);
    let other = standing.other_floor_area.unwrap_or(0.0) / underused.floor_per_dwelling;
    for (name, value) in
        [("allowed dwellings", allowed), ("area", area), ("dwellings", existing), ("floor area", other)]
    {
        if !(value.is_finite() && value >= 0.0) {
            return Err(Error::new(ErrorKind::Parameter, format!("{name}: `{value}`")));
        }
    }
    shares.check()?;
    let net = (allowed - existing - other).max(0.0);
    let is_occupied = existing > 0.0 || other > 0.0;
    let not_counted = if net <= 0.0 {
        Some(NotCounted::NothingLeft)
    } else if area < underused.smallest {
        Some(NotCounted::SmallParcel)
    } else if is_occupied && net <= underused.least_growth * existing {
        Some(NotCounted::TooLittleGrowth)
    } else if is_occupied && standing.year_built.is_some_and(|year| year < underused.oldest) {
        Some(NotCounted::OldBuilding)
    } else if standing.one_family == Some(true) && area < underused.one_family_lot {
        Some(NotCounted::SmallOneFamilyLot)
    } else {
        None
    };
    let counted = if not_counted.is_some() { 0.0 } else { net };
    Ok(Realistic {
        net,
        low: counted * shares.low,
        expected: counted * shares.expected,
        high: counted * shares.high,
        not_counted,
    })
}

/// New dwellings of a buildable-lands inventory: net land times the density achieved, less a market factor and what makes way.
///
/// - `gross`, `unbuildable`: hectares, of which critical areas, roads and public uses are not built on.
/// - `achieved`: dwellings per net hectare in recent projects.
/// - `market_factor`: share of the land that no owner offers within the plan, 0 to 1.
/// - `redeveloped`: dwellings that stand on the land and make way.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite, or the factor is above 1.
///
/// # Source
/// Revised Code of Washington 36.70A.215; Clark County, "Buildable lands program guidelines" (2018).
pub fn buildable_lands(
    gross: f64,
    unbuildable: f64,
    achieved: f64,
    market_factor: f64,
    redeveloped: f64,
) -> Result<f64> {
    let numbers = [gross, unbuildable, achieved, market_factor, redeveloped];
    if numbers.iter().any(|one| !(one.is_finite() && *one >= 0.0))
        || market_factor > 1.0
        || unbuildable > gross
    {
        return Err(Error::new(ErrorKind::Parameter, format!("an inventory of {numbers:?}")));
    }
    Ok((gross - unbuildable) * achieved * (1.0 - market_factor) - redeveloped)
}

/// Dwellings after a plan is applied to part of an area: new ones at the plan's density, old ones where nothing changes.
///
/// - `developable`: hectares; `developed`: share of it that is developed, 0 to 1; `net`: net over gross land, 0 to 1.
/// - `density`: dwellings per net hectare; `density_share`: part of that density that is used, 0 to 1.
/// - `existing`: dwellings that stand there today.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a number is negative or not finite, or a share is above 1.
///
/// # Source
/// UrbanFootprint, technical documentation: applied area times density, plus the undeveloped share of what stands.
pub fn applied_dwellings(
    developable: f64,
    developed: f64,
    net: f64,
    density: f64,
    density_share: f64,
    existing: f64,
) -> Result<f64> {
    let numbers = [developable, developed, net, density, density_share, existing];
    let shares = [developed, net, density_share];
    if numbers.iter().any(|one| !(one.is_finite() && *one >= 0.0)) || shares.iter().any(|one| *one > 1.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("a plan of {numbers:?}")));
    }
    Ok(density * developable * developed * net * density_share + (1.0 - developed) * existing)
}

/// Whether a lot is a soft site: built to at most half of its floor area, large enough, and without many protected homes.
///
/// - `built`, `allowed`: gross floor area, m²; `area`: of the lot, m²; `protected`: rent-stabilised dwellings.
///
/// # Source
/// City of New York, "CEQR Technical Manual", soft sites: half of the permitted floor area ratio, 5,000 square feet, and no
/// building of six or more rent-stabilised dwellings.
#[must_use]
pub fn is_soft_site(built: f64, allowed: f64, area: f64, protected: f64) -> bool {
    built <= 0.5 * allowed && area >= 5_000.0 * SQUARE_METRES_PER_SQUARE_FOOT && protected < 6.0
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHARES: RealisticShares = RealisticShares { low: 0.5, expected: 0.75, high: 1.0 };

    fn new(allowed: f64, area: f64, standing: Standing) -> Realistic {
        realistic(allowed, area, &standing, &Underused::default(), &SHARES).unwrap()
    }

    #[test]
    fn every_reason_not_to_count_a_parcel_is_named() {
        let standing = |dwellings: f64| Standing { dwellings: Some(dwellings), ..Standing::default() };
        assert_eq!(new(10.0, 1e4, standing(12.0)).not_counted, Some(NotCounted::NothingLeft));
        assert_eq!(new(10.0, 100.0, standing(0.0)).not_counted, Some(NotCounted::SmallParcel));
        // 5 new beside 10 are not more than half.
        assert_eq!(new(15.0, 1e4, standing(10.0)).not_counted, Some(NotCounted::TooLittleGrowth));
        assert_eq!(new(15.0, 1e4, standing(9.0)).not_counted, None);
        let old = Standing { year_built: Some(1939), ..standing(1.0) };
        assert_eq!(new(9.0, 1e4, old).not_counted, Some(NotCounted::OldBuilding));
        let house = Standing { one_family: Some(true), ..standing(1.0) };
        assert_eq!(new(9.0, 1_000.0, house).not_counted, Some(NotCounted::SmallOneFamilyLot));
        assert_eq!(new(9.0, 3_000.0, house).high, 8.0);
        assert_eq!(new(9.0, 1_000.0, house).high, 0.0);
        let shop = Standing { other_floor_area: Some(185.806_08), ..standing(0.0) };
        assert!((new(10.0, 1e4, shop).net - 8.0).abs() < 1e-9);
    }

    #[test]
    fn inventories_add_up() {
        // 10 ha, 4 of them not to be built on, 20 a hectare, a quarter not offered, 12 homes make way.
        assert_eq!(buildable_lands(10.0, 4.0, 20.0, 0.25, 12.0).unwrap(), 78.0);
        assert_eq!(applied_dwellings(10.0, 0.5, 0.8, 25.0, 1.0, 30.0).unwrap(), 115.0);
        assert!(buildable_lands(1.0, 2.0, 1.0, 0.1, 0.0).is_err());
        assert!(applied_dwellings(1.0, 1.1, 1.0, 1.0, 1.0, 0.0).is_err());
        assert!(is_soft_site(100.0, 200.0, 500.0, 5.0) && !is_soft_site(101.0, 200.0, 500.0, 0.0));
        assert!(!is_soft_site(0.0, 200.0, 400.0, 0.0) && !is_soft_site(0.0, 200.0, 500.0, 6.0));
    }

    #[test]
    fn shares_out_of_order_are_refused() {
        let wrong = RealisticShares { low: 0.9, expected: 0.5, high: 1.0 };
        assert!(realistic(1.0, 1.0, &Standing::default(), &Underused::default(), &wrong).is_err());
        assert!(realistic(-1.0, 1.0, &Standing::default(), &Underused::default(), &SHARES).is_err());
    }
}
