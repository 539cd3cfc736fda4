//! Rational agents: people choose the place where travel and crowding together cost them least.

use super::checks::{check_demand, check_supply};
use crate::network::{Row, TravelPairs};
use crate::{Error, ErrorKind, Minutes, Result};

/// How [`raam`] weighs crowding against travel and how it settles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RaamOptions {
    /// Travel time that people accept to avoid a crowding of one average demand per supply.
    pub tau: Minutes,
    /// Demand per supply that counts as a crowding of 1; `None` takes all demand over all supply.
    pub rho: Option<f64>,
    /// Rounds of moving.
    pub rounds: u32,
}

impl Default for RaamOptions {
    /// An hour, the average demand per supply, 150 rounds.
    fn default() -> Self {
        Self { tau: Minutes::new(60.0).expect("a positive constant"), rho: None, rounds: 150 }
    }
}

/// At most this share of a home's people moves in the first round; it halves every [`HALF_LIFE`] rounds.
const FIRST_STEP: f64 = 0.2;
const SMALLEST_STEP: f64 = 0.005;
const HALF_LIFE: f64 = 50.0;
/// Rounds in which no place may be overrun by all who find it attractive at once.
const GUARDED_ROUNDS: u32 = 20;

/// Rational agent access model (RAAM): cost of care for the people of each origin, travel and crowding together.
///
/// - `demand`: people of each origin; `supply`: of each destination; finite, ≥ 0.
///
/// Place j costs origin i (Σ_i d_ij / O_j) / rho + c_ij / tau. All people begin at their nearest place; in each round
/// those of an origin move from the dearest place that they use to the cheapest one, whole persons, as many as make the
/// two equal, in steps that shrink. The result is the mean cost of an origin's people: 1 is an average crowding next door,
/// or `tau` of travel to an empty place. Lower is better.
///
/// Returns one cost an origin; `None` where nobody lives, no supply is reached, or the origin is not on the network.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, an amount is negative or not finite, `tau` is 0, or `rho` is not above 0.
///
/// # Source
/// Saxon & Snow (2020), "A rational agent model for the spatial accessibility of primary health care", with the
/// relaxation of the authors' implementation in PySAL `access`.
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::{RaamOptions, raam}};
/// // One clinic half an hour away, as many people as its supply is meant for: ½ for the way and 1 for the crowd.
/// let times = TravelTimes::from_minutes(&[[Some(30.0)]])?;
/// assert_eq!(raam(&times, &[100.0], &[5.0], RaamOptions::default())?, [Some(1.5)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn raam(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    options: RaamOptions,
) -> Result<Vec<Option<f64>>> {
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
    let usable: Vec<f64> = supply.iter().map(|supply| supply * rho).collect();
    let mut homes = settle_nearest(pairs, demand, supply, options.tau)?;
    let mut costs = vec![None; demand.len()];
    for round in 0..options.rounds {
        let crowding = crowding(&homes, &usable);
        let is_last = round + 1 == options.rounds;
        let mut moves: Vec<Move> =
            homes.iter().map(|home| home.best_move(&crowding, &usable, round)).collect();
        if round < GUARDED_ROUNDS {
            hold_back(&mut moves, &usable);
        }
        for (home, change) in homes.iter_mut().zip(moves) {
            home.choices[change.to].people += change.people;
            home.choices[change.from].people -= change.people;
            if is_last {
                costs[home.origin] = Some(home.mean_cost(&crowding));
            }
        }
    }
    Ok(costs)
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

/// People of one home from one of its choices to another.
struct Move {
    from: usize,
    to: usize,
    place: usize,
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

/// Demand over usable supply at each place.
fn crowding(homes: &[Home], usable: &[f64]) -> Vec<f64> {
    let mut people = vec![0.0; usable.len()];
    for choice in homes.iter().flat_map(|home| &home.choices) {
        people[choice.place] += choice.people;
    }
    people.iter().zip(usable).map(|(people, usable)| people / usable).collect()
}

impl Home {
    fn best_move(&self, crowding: &[f64], usable: &[f64], round: u32) -> Move {
        let cost = |choice: &Choice| crowding[choice.place] + choice.travel;
        let to = first_least(self.choices.iter().map(cost)).expect("a home has a choice");
        // The dearest among those that are used, as the cheapest of negative costs.
        let used = |choice: &Choice| if choice.people == 0.0 { f64::INFINITY } else { -cost(choice) };
        let from = first_least(self.choices.iter().map(used)).expect("a home has a choice");
        let (low, high) = (&self.choices[to], &self.choices[from]);
        let still = Move { from, to, place: low.place, people: 0.0 };
        if from == to {
            return still;
        }
        let (supply_low, supply_high) = (usable[low.place], usable[high.place]);
        let others_low = crowding[low.place] * supply_low - low.people;
        let others_high = crowding[high.place] * supply_high - high.people;
        let both = low.people + high.people;
        // People at the cheaper place that make both equally dear.
        let balance = supply_low * supply_high / (supply_low + supply_high)
            * (high.travel - low.travel + (both + others_high) / supply_high - others_low / supply_low);
        let step = (FIRST_STEP * 0.5_f64.powf(f64::from(round) / HALF_LIFE)).max(SMALLEST_STEP);
        let people = (balance - low.people).min(high.people).min(step * self.demand).trunc();
        Move { people, ..still }
    }

    fn mean_cost(&self, crowding: &[f64]) -> f64 {
        let people: f64 = self.choices.iter().map(|choice| choice.people).sum();
        let cost = |choice: &Choice| (crowding[choice.place] + choice.travel) * choice.people;
        self.choices.iter().map(cost).sum::<f64>() / people
    }
}

/// Scales down the moves to places that would be overrun.
fn hold_back(moves: &mut [Move], usable: &[f64]) {
    let mut coming = vec![0.0; usable.len()];
    for change in moves.iter() {
        coming[change.place] += change.people;
    }
    for change in moves {
        let overrun = (coming[change.place] / usable[change.place]).max(1.0);
        change.people = (change.people / overrun).round_ties_even();
    }
}

/// Index of the first of the least values.
fn first_least(values: impl Iterator<Item = f64>) -> Option<usize> {
    values.enumerate().reduce(|best, next| if next.1 < best.1 { next } else { best }).map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TravelTimes;

    #[test]
    fn people_spread_until_both_places_cost_the_same() {
        // Twins at one distance: half of the 100 people go to each, crowding 1.
        let times = TravelTimes::from_minutes(&[[Some(12.0), Some(12.0)]]).unwrap();
        let cost = raam(&times, &[100.0], &[5.0, 5.0], RaamOptions::default()).unwrap();
        assert!((cost[0].unwrap() - 1.2).abs() < 0.01, "{cost:?}");
    }

    #[test]
    fn nobody_and_nowhere_have_no_cost() {
        let times =
            TravelTimes::from_minutes(&[[Some(5.0), Some(1.0)], [Some(5.0), None], [None, None]]).unwrap();
        let cost = raam(&times, &[10.0, 0.0, 4.0], &[1.0, 0.0], RaamOptions::default()).unwrap();
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
        ] {
            assert_eq!(raam(&times, &[1.0], &[1.0], options).unwrap_err().kind(), ErrorKind::Parameter);
        }
    }
}
