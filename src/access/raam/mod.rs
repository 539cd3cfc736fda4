//! Rational agents: people choose the place where travel and crowding together cost them least.

mod assignment;
mod forest;

use super::checks::{check_demand, check_supply};
use crate::network::{Row, TravelPairs};
use crate::progress::go_on;
use crate::{Error, ErrorKind, Minutes, Progress, Result};
use assignment::{Assignment, Home};

/// How [`raam`] weighs crowding against travel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RaamOptions {
    /// Travel time that people accept to avoid a crowding of one average demand per supply.
    pub tau: Minutes,
    /// Demand per supply that counts as a crowding of 1; `None` takes all demand over all supply.
    pub rho: Option<f64>,
    /// Most rounds of moving; the equilibrium of a city takes about 20.
    pub rounds: u32,
    /// The rounds end once nobody could save more than this by going elsewhere: in units of the cost, or as a share of the
    /// highest cost where that is above 1.
    pub tolerance: f64,
}

impl Default for RaamOptions {
    /// An hour, the average demand per supply, at most 10,000 rounds, one part in a thousand million.
    fn default() -> Self {
        let tau = Minutes::new(60.0).expect("a positive constant");
        Self { tau, rho: None, rounds: 10_000, tolerance: 1e-9 }
    }
}

/// What [`raam`] finds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Raam {
    /// Mean cost of the people of each origin, in the order of the origins; `None` where nobody lives, no supply is
    /// reached, or the origin is not on the network.
    pub costs: Vec<Option<f64>>,
    /// The most that anybody could still save by choosing another place, in the unit of `costs`; 0 in equilibrium.
    pub residual: f64,
    /// Rounds that were needed.
    pub rounds: u32,
}

/// Rational agent access model (RAAM): cost of care for the people of each origin, travel and crowding together.
///
/// - `demand`: people of each origin; `supply`: of each destination; finite, ≥ 0.
///
/// Place j costs origin i (Σ_i d_ij / O_j) / rho + c_ij / tau. The people of an origin may part, in fractions too, and in
/// equilibrium nobody can save by going elsewhere. Each place has one crowding in every equilibrium, so costs are unique, and
/// an origin may be split into its homes without changing any. Cost 1 is an average crowding next door, or `tau` of travel
/// to an empty place. Lower is better.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, an amount is negative or not finite, `tau` is 0, `rho` is not above 0, or the
/// tolerance is negative or not finite;
/// [`ErrorKind::Cancelled`] if `progress` asks to stop.
///
/// # Source
/// Saxon & Snow (2020), "A rational agent model for the spatial accessibility of primary health care". The authors' program
/// and PySAL `access` move whole persons in shrinking steps and stop near the equilibrium, or, where few live, far from it.
/// The equilibrium is that of Wardrop (1952), the least of the program of Beckmann, McGuire & Winsten (1956).
///
/// # Example
/// ```
/// use commonground::{Minutes, Quiet, TravelTimes, access::{RaamOptions, raam}};
/// // One clinic half an hour away, as many people as its supply is meant for: ½ for the way and 1 for the crowd.
/// let times = TravelTimes::from_minutes(&[[Some(30.0)]])?;
/// let found = raam(&times, &[100.0], &[5.0], RaamOptions::default(), &Quiet)?;
/// assert_eq!((found.costs, found.residual), (vec![Some(1.5)], 0.0));
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
    let usable = supply.iter().map(|supply| supply * rho).collect();
    let mut assignment = Assignment::new(homes(pairs, demand, supply, options.tau)?, usable);
    progress.start("rational agents", u64::from(options.rounds));
    let mut rounds = 0;
    while rounds < options.rounds
        && assignment.residual() > options.tolerance * assignment.highest_cost().max(1.0)
    {
        go_on(progress)?;
        assignment.fill();
        assignment.cancel_cycles();
        assignment.balance_trees();
        rounds += 1;
        progress.advance(1);
    }
    let mut costs = vec![None; demand.len()];
    for (origin, mean) in assignment.mean_costs() {
        costs[origin] = Some(mean);
    }
    Ok(Raam { costs, residual: assignment.residual(), rounds })
}

/// Inhabited origins that reach supply, and the places that their people may choose. Kept, once found: agents ask for them in
/// every round.
fn homes(pairs: &impl TravelPairs, demand: &[f64], supply: &[f64], tau: Minutes) -> Result<Vec<Home>> {
    let found = pairs.each_origin(|row: Row<'_>| {
        let origin = row.number();
        let in_reach = row.iter().filter(|&(place, _)| supply[place] > 0.0);
        let choices: Vec<(u32, f64)> = if demand[origin] > 0.0 {
            in_reach.map(|(place, time)| (place as u32, time.get() / tau.get())).collect()
        } else {
            Vec::new()
        };
        Home { origin, demand: demand[origin], choices }
    })?;
    Ok(found.into_iter().flatten().filter(|home| !home.choices.is_empty()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Quiet, TravelTimes};

    /// Three towns on a line with a clinic each, all clinics in reach of all.
    const TOWNS: [[Option<f64>; 3]; 3] = [
        [Some(2.0), Some(240.0), Some(300.0)],
        [Some(240.0), Some(2.0), Some(90.0)],
        [Some(300.0), Some(90.0), Some(2.0)],
    ];
    const PEOPLE: [f64; 3] = [100.0, 50.0, 10.0];
    const DOCTORS: [f64; 3] = [1.0, 1.5, 9.0];
    const SCIPY: [f64; 3] = [5.376_811_594, 1.876_811_594, 0.410_144_928];

    fn settled(times: &TravelTimes, demand: &[f64], supply: &[f64]) -> Raam {
        raam(times, demand, supply, RaamOptions::default(), &Quiet).unwrap()
    }

    #[test]
    fn people_spread_until_both_places_cost_the_same() {
        // Twins at one distance: half of the 100 people go to each, crowding 1.
        let times = TravelTimes::from_minutes(&[[Some(12.0), Some(12.0)]]).unwrap();
        let found = settled(&times, &[100.0], &[5.0, 5.0]);
        assert_eq!((found.costs, found.residual), (vec![Some(1.2)], 0.0));
    }

    #[test]
    fn a_small_origin_moves_too() {
        let times = TravelTimes::from_minutes(&[[Some(0.0), Some(30.0)]]).unwrap();
        let found = settled(&times, &[4.0], &[5.0, 5.0]);
        // Two people fill a clinic (rho 0.4), and x of the four go to the near one: x/2 = (4 − x)/2 + ½, so x = 2.5.
        assert!((found.costs[0].unwrap() - 1.25).abs() < 1e-15, "{found:?}");
    }

    #[test]
    fn towns_and_their_homes_one_by_one_have_the_same_costs() {
        let towns = settled(&TravelTimes::from_minutes(&TOWNS).unwrap(), &PEOPLE, &DOCTORS);
        let rows: Vec<[Option<f64>; 3]> =
            PEOPLE.iter().zip(TOWNS).flat_map(|(people, row)| vec![row; *people as usize]).collect();
        let homes = settled(&TravelTimes::from_minutes(&rows).unwrap(), &[1.0; 160], &DOCTORS);
        assert!(towns.residual <= 1e-9 && homes.residual <= 1e-9, "{} {}", towns.residual, homes.residual);
        let town_of = (0..160).map(|home| {
            if home < 100 {
                0
            } else if home < 150 {
                1
            } else {
                2
            }
        });
        for (town, home) in town_of.zip(&homes.costs) {
            assert!((towns.costs[town].unwrap() - home.unwrap()).abs() < 1e-9, "{town}");
        }
        // scipy.optimize.minimize (SLSQP) of ½ Σ load²/(supply · rho) + Σ people · travel, the program of this equilibrium.
        for (ours, theirs) in towns.costs.iter().zip(SCIPY) {
            assert!((ours.unwrap() - theirs).abs() < 1e-6, "{:?}", towns.costs);
        }
    }

    #[test]
    fn nobody_and_nowhere_have_no_cost() {
        let times =
            TravelTimes::from_minutes(&[[Some(5.0), Some(1.0)], [Some(5.0), None], [None, None]]).unwrap();
        let found = settled(&times, &[10.0, 0.0, 4.0], &[1.0, 0.0]);
        assert!(found.costs[0].is_some(), "{found:?}");
        assert_eq!(found.costs[1..], [None, None]);
    }

    #[test]
    fn a_city_settles_and_any_split_of_an_origin_changes_nothing() {
        // 60 homes and 25 clinics; whole minutes make many choices equally long.
        let minutes = |home: usize, place: usize| ((home * 37 + place * 91 + home * place) % 60) as f64;
        let row = |home: usize| -> Vec<Option<f64>> {
            (0..25).map(|place| (minutes(home, place) < 45.0).then(|| minutes(home, place))).collect()
        };
        let rows: Vec<_> = (0..60).map(row).collect();
        let demand: Vec<f64> = (0..60).map(|home| f64::from(home * 7 % 23) * 0.25).collect();
        let supply: Vec<f64> = (0..25).map(|place| f64::from(place * 3 % 11)).collect();
        let whole = settled(&TravelTimes::from_minutes(&rows).unwrap(), &demand, &supply);
        let split: Vec<_> = rows.iter().flat_map(|row| [row.clone(), row.clone()]).collect();
        let parts: Vec<f64> = demand.iter().flat_map(|people| [people * 0.3, people * 0.7]).collect();
        let split = settled(&TravelTimes::from_minutes(&split).unwrap(), &parts, &supply);
        assert!(whole.residual <= 1e-9 && split.residual <= 1e-9, "{} {}", whole.residual, split.residual);
        for (home, cost) in split.costs.iter().enumerate() {
            match (cost, whole.costs[home / 2]) {
                (Some(part), Some(whole)) => assert!((part - whole).abs() < 1e-8, "{home}: {part} {whole}"),
                (part, whole) => assert_eq!((*part, whole), (None, None)),
            }
        }
    }

    #[test]
    fn where_rounds_end_early_the_residual_says_what_can_still_be_saved() {
        let times = TravelTimes::from_minutes(&[[Some(0.0), Some(30.0)]]).unwrap();
        let options = RaamOptions { rounds: 0, ..RaamOptions::default() };
        let found = raam(&times, &[4.0], &[5.0, 5.0], options, &Quiet).unwrap();
        // All four at the near clinic cost 2; the other one would cost ½.
        assert_eq!((found.costs, found.residual, found.rounds), (vec![Some(2.0)], 1.5, 0));
    }

    #[test]
    fn agents_stop_when_asked() {
        struct Stop;
        impl Progress for Stop {
            fn start(&self, _step: &str, _total: u64) {}
            fn advance(&self, _units: u64) {}
            fn is_cancelled(&self) -> bool {
                true
            }
        }
        let times = TravelTimes::from_minutes(&TOWNS).unwrap();
        let options = RaamOptions { rounds: 100_000, ..RaamOptions::default() };
        let stopped = raam(&times, &PEOPLE, &DOCTORS, options, &Stop).unwrap_err();
        assert_eq!(stopped.kind(), ErrorKind::Cancelled);
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
