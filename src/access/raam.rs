//! Rational agents: people choose the place where travel and crowding together cost them least.

use super::checks::{check_demand, check_supply};
use crate::network::{Row, TravelPairs};
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Minutes, Result};

/// How [`raam`] weighs crowding against travel, and how near to the equilibrium it comes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RaamOptions {
    /// Travel time that people accept to avoid a crowding of one average demand per supply.
    pub tau: Minutes,
    /// Demand per supply that counts as a crowding of 1; `None` takes all demand over all supply.
    pub rho: Option<f64>,
    /// Most rounds in which every origin chooses anew.
    pub rounds: u32,
    /// The rounds end once nobody could gain more than this, in units of the cost, by going elsewhere.
    pub tolerance: f64,
}

impl Default for RaamOptions {
    /// An hour, the average demand per supply, at most 10,000 rounds, one part in ten million.
    fn default() -> Self {
        let tau = Minutes::new(60.0).expect("a positive constant");
        Self { tau, rho: None, rounds: 10_000, tolerance: 1e-7 }
    }
}

/// Where rational agents settle.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Raam {
    /// One mean cost per origin, travel and crowding together; lower is better. `None` where nobody lives, no supply is
    /// reached, or the origin is not on the network.
    pub costs: Vec<Option<f64>>,
    /// The most that anybody could still gain by going elsewhere, in units of the cost: how far from the equilibrium.
    pub residual: f64,
    /// Rounds in which every origin chose anew.
    pub rounds: u32,
}

/// Rational agent access model (RAAM): cost of care for the people of each origin, travel and crowding together.
///
/// - `demand`: people of each origin; `supply`: of each destination; finite, ≥ 0.
///
/// Place j costs origin i (Σ_i d_ij / O_j) / rho + c_ij / tau. In equilibrium nobody can go elsewhere at a lower cost: every
/// place that an origin uses costs it the same, and no place costs it less. The crowding of every place in equilibrium is
/// unique (it minimises a strictly convex sum), so that an origin of many people and the same people one by one have the same
/// costs. All people begin at their nearest place; in each round every origin in turn spreads its people, as fractions, over
/// the places that cost least as the others stand. 1 is an average crowding next door, or `tau` of travel to an empty place.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, an amount is negative or not finite, `tau` is 0, `rho` is not above 0, or the
/// tolerance is negative or not finite; [`ErrorKind::Cancelled`] if `progress` asks to stop.
///
/// # Source
/// Saxon & Snow (2020), "A rational agent model for the spatial accessibility of primary health care"; the equilibrium is
/// that of Wardrop (1952) with costs that rise with use, as of Beckmann, McGuire & Winsten (1956).
///
/// # Example
/// ```
/// use commonground::{Minutes, Quiet, TravelTimes, access::{RaamOptions, raam}};
/// // One clinic half an hour away, as many people as its supply is meant for: ½ for the way and 1 for the crowd.
/// let times = TravelTimes::from_minutes(&[[Some(30.0)]])?;
/// assert_eq!(raam(&times, &[100.0], &[5.0], RaamOptions::default(), &Quiet)?.costs, [Some(1.5)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn raam(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    options: RaamOptions,
    progress: &dyn Progress,
) -> Result<Raam> {
    check_demand(pairs, demand)?;
    check_supply(pairs, supply)?;
    let parameter = |message: String| Err(Error::new(ErrorKind::Parameter, message));
    if options.tau.get() == 0.0 {
        return parameter("`tau` is 0 minutes: no travel would be accepted".to_owned());
    }
    let rho = options.rho.unwrap_or_else(|| demand.iter().sum::<f64>() / supply.iter().sum::<f64>());
    if options.rho.is_some() && !(rho.is_finite() && rho > 0.0) {
        return parameter(format!("`rho` is `{rho}`: it must be finite and above 0"));
    }
    if !(options.tolerance.is_finite() && options.tolerance >= 0.0) {
        return parameter(format!("`tolerance` is `{}`: it must be finite and 0 or more", options.tolerance));
    }
    let usable: Vec<f64> = supply.iter().map(|supply| supply * rho).collect();
    let mut homes = settle_nearest(pairs, demand, supply, options.tau)?;
    let (mut round, mut residual) = (0, f64::INFINITY);
    let mut crowd = crowd(&homes, usable.len());
    while round < options.rounds && residual > options.tolerance {
        go_on(progress)?;
        for home in &mut homes {
            home.choose(&mut crowd, &usable);
        }
        round += 1;
        // Summed anew, so that what adding and taking away rounds off does not gather.
        crowd = self::crowd(&homes, usable.len());
        residual = homes.iter().map(|home| home.gain(&crowd, &usable)).fold(0.0, f64::max);
    }
    let mut costs = vec![None; demand.len()];
    for home in &homes {
        costs[home.origin] = Some(home.mean_cost(&crowd, &usable));
    }
    let residual = if residual.is_finite() {
        residual
    } else {
        homes.iter().map(|home| home.gain(&crowd, &usable)).fold(0.0, f64::max)
    };
    Ok(Raam { costs, residual, rounds: round })
}

/// The people of one origin, and the places that they may choose.
struct Home {
    origin: usize,
    demand: f64,
    choices: Vec<Choice>,
}

struct Choice {
    place: usize,
    /// In units of tau.
    travel: f64,
    people: f64,
}

/// Everybody at the nearest place. The places of inhabited homes are kept, once found: agents ask for them in every round.
fn settle_nearest(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    tau: Minutes,
) -> Result<Vec<Home>> {
    let homes = pairs.each_origin(|row: Row<'_>| {
        let origin = row.number();
        if demand[origin] <= 0.0 {
            return None;
        }
        let choose =
            |(place, time): (usize, Minutes)| Choice { place, travel: time.get() / tau.get(), people: 0.0 };
        let in_reach = row.iter().filter(|&(place, _)| supply[place] > 0.0);
        let mut choices: Vec<Choice> = in_reach.map(choose).collect();
        let nearest = first_least(choices.iter().map(|choice| choice.travel))?;
        choices[nearest].people = demand[origin];
        Some(Home { origin, demand: demand[origin], choices })
    })?;
    Ok(homes.into_iter().flatten().flatten().collect())
}

/// The people at each place.
fn crowd(homes: &[Home], places: usize) -> Vec<f64> {
    let mut people = vec![0.0; places];
    for choice in homes.iter().flat_map(|home| &home.choices) {
        people[choice.place] += choice.people;
    }
    people
}

impl Home {
    /// Spreads the people of this home over its places so that those it uses cost the same and no other costs less.
    ///
    /// With the others where they stand, a place costs `base + people / usable`. The level that all used places share
    /// follows from the places used; those whose base lies above it drop out, and the level falls until none does.
    fn choose(&mut self, crowd: &mut [f64], usable: &[f64]) {
        let base = |choice: &Choice, crowd: &[f64]| {
            (crowd[choice.place] - choice.people).max(0.0) / usable[choice.place] + choice.travel
        };
        let mut level = f64::INFINITY;
        loop {
            let (mut room, mut sum) = (0.0, self.demand);
            for choice in self.choices.iter().filter(|choice| base(choice, crowd) < level) {
                room += usable[choice.place];
                sum += usable[choice.place] * base(choice, crowd);
            }
            let next = sum / room;
            if next >= level {
                break;
            }
            level = next;
        }
        for choice in &mut self.choices {
            let people = (usable[choice.place] * (level - base(choice, crowd))).max(0.0);
            crowd[choice.place] += people - choice.people;
            choice.people = people;
        }
    }

    /// What a place costs this home.
    fn cost(choice: &Choice, crowd: &[f64], usable: &[f64]) -> f64 {
        crowd[choice.place] / usable[choice.place] + choice.travel
    }

    /// The most that one of its people could gain by going elsewhere.
    fn gain(&self, crowd: &[f64], usable: &[f64]) -> f64 {
        let cheapest =
            self.choices.iter().map(|choice| Self::cost(choice, crowd, usable)).fold(f64::INFINITY, f64::min);
        let used = self.choices.iter().filter(|choice| choice.people > 0.0);
        used.map(|choice| Self::cost(choice, crowd, usable) - cheapest).fold(0.0, f64::max)
    }

    fn mean_cost(&self, crowd: &[f64], usable: &[f64]) -> f64 {
        let people: f64 = self.choices.iter().map(|choice| choice.people).sum();
        let cost = |choice: &Choice| Self::cost(choice, crowd, usable) * choice.people;
        self.choices.iter().map(cost).sum::<f64>() / people
    }
}

/// Index of the first of the least values.
fn first_least(values: impl Iterator<Item = f64>) -> Option<usize> {
    values.enumerate().reduce(|best, next| if next.1 < best.1 { next } else { best }).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Quiet, TravelTimes};

    fn settled(times: &TravelTimes, demand: &[f64], supply: &[f64]) -> Raam {
        raam(times, demand, supply, RaamOptions::default(), &Quiet).unwrap()
    }

    #[test]
    fn people_spread_until_both_places_cost_the_same() {
        // Twins at one distance: half of the 100 people go to each, crowding 1.
        let times = TravelTimes::from_minutes(&[[Some(12.0), Some(12.0)]]).unwrap();
        let found = settled(&times, &[100.0], &[5.0, 5.0]);
        assert!((found.costs[0].unwrap() - 1.2).abs() < 1e-12 && found.residual < 1e-12, "{found:?}");
    }

    /// ```text
    ///   town a ──6── x ──12── town b        x: 2 doctors, y: 1 doctor; 90 people in a, 60 in b, rho 50
    ///      └────24── y ───6── town b        x costs n/100 + way, y costs n/50 + way
    /// ```
    /// By hand: a stays at x, b at both: n_x/100 + 12/60 = n_y/50 + 6/60 with n_x + n_y = 150 gives n_x = 290/3.
    #[test]
    fn two_towns_settle_where_the_pencil_says() {
        let times = TravelTimes::from_minutes(&[[Some(6.0), Some(24.0)], [Some(12.0), Some(6.0)]]).unwrap();
        let found = settled(&times, &[90.0, 60.0], &[2.0, 1.0]);
        let n_x = 290.0 / 3.0;
        for (cost, by_hand) in found.costs.iter().zip([n_x / 100.0 + 0.1, n_x / 100.0 + 0.2]) {
            assert!((cost.unwrap() - by_hand).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn a_town_and_its_people_one_by_one_have_the_same_costs() {
        let rows = [[Some(5.0), Some(50.0)], [Some(30.0), Some(10.0)], [Some(55.0), Some(4.0)]];
        let towns = [100.0, 50.0, 10.0];
        let together = settled(&TravelTimes::from_minutes(&rows).unwrap(), &towns, &[1.0, 6.0]);
        let one_by_one: Vec<_> =
            rows.iter().zip(towns).flat_map(|(row, people)| vec![*row; people as usize]).collect();
        let alone = settled(&TravelTimes::from_minutes(&one_by_one).unwrap(), &vec![1.0; 160], &[1.0, 6.0]);
        assert!(together.residual <= 1e-7 && alone.residual <= 1e-7);
        for (town, person) in [(0, 0), (0, 99), (1, 100), (1, 149), (2, 150), (2, 159)] {
            let (town, person) = (together.costs[town].unwrap(), alone.costs[person].unwrap());
            assert!((town - person).abs() < 1e-6, "{town} {person}");
        }
    }

    #[test]
    fn rounds_that_do_not_suffice_are_told_by_the_residual() {
        let times = TravelTimes::from_minutes(&[[Some(5.0), Some(50.0)], [Some(5.0), Some(40.0)]]).unwrap();
        let once = RaamOptions { rounds: 0, ..RaamOptions::default() };
        let found = raam(&times, &[50.0, 50.0], &[1.0, 4.0], once, &Quiet).unwrap();
        assert_eq!(found.rounds, 0);
        assert!(found.residual > 0.1, "{found:?}");
    }

    #[test]
    fn nobody_and_nowhere_have_no_cost() {
        let times =
            TravelTimes::from_minutes(&[[Some(5.0), Some(1.0)], [Some(5.0), None], [None, None]]).unwrap();
        let cost = settled(&times, &[10.0, 0.0, 4.0], &[1.0, 0.0]).costs;
        assert!(cost[0].is_some(), "{cost:?}");
        assert_eq!(cost[1..], [None, None]);
    }

    #[test]
    fn options_that_mean_nothing_are_refused() {
        let times = TravelTimes::from_minutes(&[[Some(5.0)]]).unwrap();
        let zero = Minutes::new(0.0).unwrap();
        for options in [
            RaamOptions { tau: zero, ..RaamOptions::default() },
            RaamOptions { rho: Some(0.0), ..RaamOptions::default() },
            RaamOptions { rho: Some(f64::NAN), ..RaamOptions::default() },
            RaamOptions { tolerance: -1.0, ..RaamOptions::default() },
        ] {
            let refused = raam(&times, &[1.0], &[1.0], options, &Quiet).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Parameter);
        }
    }
}
