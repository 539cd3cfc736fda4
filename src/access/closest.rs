//! How far the closest opportunities are.

use super::checks::{check_demand, check_opportunities};
use crate::network::{Row, TravelPairs};
use crate::{Error, ErrorKind, Minutes, Result};

/// Travel time to the `n`-th closest opportunity of each origin, opportunities of one place counted together.
///
/// - `opportunities`: one count per destination, in the order of the table; finite, ≥ 0.
/// - `n`: at least so many opportunities; 1 is the closest place that has any.
///
/// Returns one travel time an origin; `None` where fewer than `n` are reached, or the origin is not on the network.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, a count is negative or not finite, or `n` is not above 0.
///
/// # Source
/// `cost_to_closest` of R `accessibility`. For the `n`-th closest *place*, see [`cost_to_closest_place`].
///
/// # Example
/// ```
/// use commonground::{TravelTimes, access::{cost_to_closest, cost_to_closest_place}};
/// let times = TravelTimes::from_minutes(&[[Some(5.0), Some(9.0), Some(12.0)]])?;
/// let schools = [1.0, 0.0, 3.0];
/// assert_eq!(cost_to_closest(&times, &schools, 3.0)?[0].map(|time| time.get()), Some(12.0));
/// assert_eq!(cost_to_closest_place(&times, &schools, 3)?, [None]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn cost_to_closest(
    pairs: &impl TravelPairs,
    opportunities: &[f64],
    n: f64,
) -> Result<Vec<Option<Minutes>>> {
    check_opportunities(pairs, opportunities)?;
    if !(n.is_finite() && n > 0.0) {
        return Err(Error::new(
            ErrorKind::Parameter,
            format!("the closest `{n}` opportunities were asked for"),
        ));
    }
    let costs = pairs.each_origin(|row| {
        let mut reached = 0.0;
        nearest_first(row, opportunities).into_iter().find_map(|(cost, place)| {
            reached += opportunities[place];
            (reached >= n).then(|| Minutes::from_milliseconds(cost))
        })
    })?;
    Ok(costs.into_iter().map(Option::flatten).collect())
}

/// Travel time to the `k`-th closest place that has any opportunity.
///
/// Returns one travel time an origin; `None` where fewer than `k` places are reached, or the origin is not on the network.
///
/// # Errors
/// As for [`cost_to_closest`].
pub fn cost_to_closest_place(
    pairs: &impl TravelPairs,
    opportunities: &[f64],
    k: usize,
) -> Result<Vec<Option<Minutes>>> {
    check_opportunities(pairs, opportunities)?;
    let places: Vec<f64> =
        opportunities.iter().map(|count| if *count > 0.0 { 1.0 } else { *count }).collect();
    cost_to_closest(pairs, &places, k as f64)
}

/// Places by their number in the table, nearest first, each with its travel time.
pub type Nearest = Vec<(usize, Minutes)>;

/// The `k` closest places that have any opportunity, nearest first, each with its travel time: the places behind the
/// number.
///
/// Places equally near stand in the order of the table. `None` where the origin is not on the network.
///
/// # Errors
/// As for [`cost_to_closest`].
pub fn closest_places(
    pairs: &impl TravelPairs,
    opportunities: &[f64],
    k: usize,
) -> Result<Vec<Option<Nearest>>> {
    check_opportunities(pairs, opportunities)?;
    if k == 0 {
        return Err(Error::new(ErrorKind::Parameter, "the closest 0 places were asked for"));
    }
    pairs.each_origin(|row| {
        let nearest = nearest_first(row, opportunities).into_iter().take(k);
        nearest.map(|(cost, place)| (place, Minutes::from_milliseconds(cost))).collect()
    })
}

fn nearest_first(row: Row<'_>, opportunities: &[f64]) -> Vec<(u32, usize)> {
    let with_any = row.milliseconds().filter(|&(place, _)| opportunities[place] > 0.0);
    let mut nearest: Vec<(u32, usize)> = with_any.map(|(place, cost)| (cost, place)).collect();
    nearest.sort_unstable();
    nearest
}

/// Travel time within which each origin reaches more opportunities than it has people.
///
/// - `demand`: people of each origin, in the order of the table; finite, ≥ 0. An origin with nobody gets 0 minutes.
/// - `step`: travel times are tried in multiples of it.
///
/// Returns one travel time an origin; `None` where what is reached never exceeds the people, or the origin is not on
/// the network.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, an amount is negative or not finite, or the step is 0.
///
/// # Source
/// Barboza et al. (2021), "Balancing time: using a new accessibility measure in Rio de Janeiro"; the `balancing_cost` of
/// R `accessibility`.
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::balancing_cost};
/// let times = TravelTimes::from_minutes(&[[Some(4.5), Some(9.2)]])?;
/// // 100 people: the 80 jobs 4.5 minutes away are too few, the next 60 make up for them.
/// let cost = balancing_cost(&times, &[80.0, 60.0], &[100.0], Minutes::new(1.0)?)?;
/// assert_eq!(cost[0].map(|time| time.get()), Some(10.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn balancing_cost(
    pairs: &impl TravelPairs,
    opportunities: &[f64],
    demand: &[f64],
    step: Minutes,
) -> Result<Vec<Option<Minutes>>> {
    check_opportunities(pairs, opportunities)?;
    check_demand(pairs, demand)?;
    if step.to_milliseconds() == 0 {
        return Err(Error::new(ErrorKind::Parameter, "the step of travel times is 0"));
    }
    let costs = pairs.each_origin(|row| {
        let people = demand[row.number()];
        if people == 0.0 {
            return Minutes::new(0.0).ok();
        }
        let mut reached = 0.0;
        let (cost, _) = nearest_first(row, opportunities).into_iter().find(|&(_, place)| {
            reached += opportunities[place];
            reached > people
        })?;
        let steps = cost.div_ceil(step.to_milliseconds());
        Minutes::new(f64::from(steps) * step.get()).ok()
    })?;
    Ok(costs.into_iter().map(Option::flatten).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TravelTimes;

    #[test]
    fn places_without_opportunities_are_passed_over() {
        let times = TravelTimes::from_minutes(&[[Some(1.0), Some(8.0), Some(3.0)]]).unwrap();
        let places = closest_places(&times, &[0.0, 2.0, 1.0], 2).unwrap();
        let numbers: Vec<usize> = places[0].iter().flatten().map(|(place, _)| *place).collect();
        assert_eq!(numbers, [2, 1]);
    }

    #[test]
    fn nobody_needs_no_time_and_too_few_opportunities_never_balance() {
        let times = TravelTimes::from_minutes(&[[Some(5.0)], [Some(5.0)]]).unwrap();
        let step = Minutes::new(1.0).unwrap();
        let costs = balancing_cost(&times, &[10.0], &[0.0, 10.0], step).unwrap();
        assert_eq!(costs, [Minutes::new(0.0).ok(), None]);
    }

    #[test]
    fn the_closest_nothing_is_refused() {
        let times = TravelTimes::from_minutes(&[[Some(5.0)]]).unwrap();
        for n in [0.0, -1.0, f64::NAN] {
            assert_eq!(cost_to_closest(&times, &[1.0], n).unwrap_err().kind(), ErrorKind::Parameter);
        }
        assert!(closest_places(&times, &[1.0], 0).is_err());
        assert!(balancing_cost(&times, &[1.0], &[1.0], Minutes::new(0.0).unwrap()).is_err());
    }
}
