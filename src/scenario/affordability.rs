//! What a scenario does to the cost of housing and travel of those who stay, by type of household.

use super::compare::{ColumnChange, Comparison};
use crate::StudyArea;
use crate::scores::affordability::{
    AFFORDABLE_SHARES, Household, LocationCost, TravelPrices, cars_needed, location_cost,
};
use crate::toml_text::read_toml;
use crate::{Error, ErrorKind, Result};
use schemars::JsonSchema;
use serde::Deserialize;

/// Types of household, and what travelling costs them: a file that people write.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Households {
    /// What travelling costs.
    pub prices: Prices,
    /// The types, each as if it lived in every home.
    pub households: Vec<HouseholdType>,
}

/// What travelling costs, in the currency of the incomes.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Prices {
    /// A car per year, standing still: purchase, insurance, tax.
    pub per_car: f64,
    /// A kilometre by car: fuel, upkeep.
    pub per_km: f64,
}

/// A type of household.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct HouseholdType {
    /// What it is called: `two workers, two children`.
    pub name: String,
    /// Income per year, above 0: that of people who live here now, for a share falls when those who pay most of it leave.
    pub income: f64,
    /// Rent or owner's cost per month.
    pub rent: f64,
    /// Members who work.
    pub workers: f64,
    /// Kilometres per year of each car that it needs.
    #[serde(default)]
    pub km_per_car: f64,
    /// Fares per year of each worker who needs no car.
    #[serde(default)]
    pub fares: f64,
}

impl Households {
    /// Reads types of household.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] with line and nearest key; [`ErrorKind::Value`] if there is none.
    ///
    /// # Example
    /// ```
    /// use commonground::scenario::Households;
    /// let text = "prices = { per_car = 5000, per_km = 0.15 }\n\
    ///             [[households]]\nname = 'one worker'\nincome = 36000\nrent = 900\nworkers = 1\nkm_per_car = 9000";
    /// assert_eq!(Households::from_toml(text, "households.toml")?.households[0].workers, 1.0);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let found: Self = read_toml(text, "types of household", name, ErrorKind::Format)?;
        if found.households.is_empty() {
            return Err(Error::new(ErrorKind::Value, "no type of household is stated")
                .in_layer(name)
                .hint("write `[[households]]` with `name`, `income`, `rent` and `workers`"));
        }
        Ok(found)
    }
}

/// Housing and travel of one type of household before and after, on average over those who stay.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AffordabilityChange {
    /// The type of household.
    pub household: String,
    /// Those who stay and for whom it is known, in what homes count.
    pub stayers: f64,
    /// Those who stay and for whom it is not known.
    pub unknown: f64,
    /// Cars that are needed; `None` where it is known for nobody.
    pub cars: Option<(f64, f64)>,
    /// Cost of travelling per year.
    pub travel: Option<(f64, f64)>,
    /// Housing and travel over income.
    pub share: Option<(f64, f64)>,
    /// What is left of the income per year.
    pub residual: Option<(f64, f64)>,
    /// Those who stay where both take at most 45 % of the income.
    pub affordable: (f64, f64),
    /// Those who stay for whom it becomes cheaper, and dearer.
    pub moved: (f64, f64),
}

/// The cost of housing and travel of each type of household for those who stay, before and after a scenario.
///
/// The cars that it needs come from access: one for the share of the driver's jobs that cannot be reached without one, for each
/// worker, and at least one where an essential is out of reach on foot. Rents do not change: they are not forecast.
///
/// # Errors
/// [`ErrorKind::Study`] if the study does not measure jobs by car; those of [`location_cost`] with the name of the type.
pub fn affordability(
    study: &StudyArea,
    compared: &Comparison,
    households: &Households,
) -> Result<Vec<AffordabilityChange>> {
    let own = |name: &str| {
        let of_all = |one: &&ColumnChange| one.key.subject.traveller.is_none();
        compared.columns.iter().filter(of_all).rfind(|one| one.key.column.name == name)
    };
    let (Some(jobs), Some(essentials)) =
        (own("jobs_share_without_car_within_{minutes}_min"), own("essentials_lacking"))
    else {
        return Err(Error::new(ErrorKind::Study, "the cars that households need are not known")
            .hint("give the study `[jobs]` and `modes = [{ profile = \"car\" }]`"));
    };
    let prices = TravelPrices { per_car: households.prices.per_car, per_km: households.prices.per_km };
    let of_type = |kind: &HouseholdType| {
        of_type(study, compared, (jobs, essentials), (kind, &prices))
            .map_err(|error| error.with_id(kind.name.as_str()))
    };
    households.households.iter().map(of_type).collect()
}

fn of_type(
    study: &StudyArea,
    compared: &Comparison,
    (jobs, essentials): (&ColumnChange, &ColumnChange),
    (kind, prices): (&HouseholdType, &TravelPrices),
) -> Result<AffordabilityChange> {
    let cost = |jobs: Option<f64>, lacking: Option<f64>| -> Result<Option<(f64, LocationCost)>> {
        let Some((share, lacking)) = jobs.zip(lacking) else { return Ok(None) };
        let cars = cars_needed(kind.workers, 1.0 - share.clamp(0.0, 1.0), lacking > 0.0)?;
        let household = Household {
            income: kind.income,
            rent: kind.rent,
            cars,
            km: cars * kind.km_per_car,
            fares: (kind.workers - cars).max(0.0) * kind.fares,
        };
        Ok(Some((cars, location_cost(&household, prices)?)))
    };
    let (mut stayers, mut unknown) = (0.0, 0.0);
    let (mut affordable, mut moved) = ((0.0, 0.0), (0.0, 0.0));
    let mut sums = [(0.0, 0.0); 4];
    for (home, before) in study.homes.weights.iter().enumerate() {
        let people = before.min(compared.changed.homes.weights[home]);
        let ends = cost(jobs.before[home], essentials.before[home])?
            .zip(cost(jobs.after[home], essentials.after[home])?);
        let Some((before, after)) = ends else {
            unknown += people;
            continue;
        };
        stayers += people;
        let of = |(cars, cost): &(f64, LocationCost)| [*cars, cost.travel, cost.share, cost.residual];
        for (sum, (before, after)) in sums.iter_mut().zip(of(&before).into_iter().zip(of(&after))) {
            sum.0 += people * before;
            sum.1 += people * after;
        }
        let is_affordable = |one: &LocationCost| f64::from(one.share <= AFFORDABLE_SHARES.2);
        affordable.0 += people * is_affordable(&before.1);
        affordable.1 += people * is_affordable(&after.1);
        moved.0 += people * f64::from(after.1.travel < before.1.travel);
        moved.1 += people * f64::from(after.1.travel > before.1.travel);
    }
    let [cars, travel, share, residual] =
        sums.map(|(before, after)| (stayers > 0.0).then(|| (before / stayers, after / stayers)));
    let household = kind.name.clone();
    Ok(AffordabilityChange { household, stayers, unknown, cars, travel, share, residual, affordable, moved })
}
