//! Supply shared among the people who reach it: the two-step floating catchment area and its family.
//!
//! Every member asks twice who reaches whom: first each place for the demand that arrives at it, then each home for the
//! shares that it can reach. They differ in the weights of the two steps.

use super::checks::{check_demand, check_supply, total};
use super::decay::Decay;
use crate::network::{Row, TravelPairs};
use crate::{Minutes, Result};

/// Supply per person that each home can reach, and what stands behind the number.
#[derive(Debug, Clone, PartialEq)]
pub struct CatchmentAccess {
    /// Supply per unit of demand within reach, one value per origin: 0 where no supply is reached, `None` where the
    /// origin is not on the network.
    pub access: Vec<Option<f64>>,
    /// Demand that arrives at each destination, weighted as the method says: the people one competes with.
    pub competing_demand: Vec<Option<f64>>,
    /// Supply per unit of the demand that arrives at each destination; `None` where nobody arrives.
    pub supply_per_demand: Vec<Option<f64>>,
    /// Supply at destinations that no demand reaches. It is left out.
    pub unreached_supply: f64,
    /// Demand at origins that reach no supply.
    pub unserved_demand: f64,
}

/// The bands of Luo & Qi: weights 1, 0.68 and 0.22 within 10, 20 and 30 minutes.
#[must_use]
pub fn luo_qi_bands() -> Decay {
    let band = |end: f64, weight: f64| (Minutes::new(end).expect("a positive constant"), weight);
    Decay::bands(&[band(10.0, 1.0), band(20.0, 0.68), band(30.0, 0.22)]).expect("the bands rise")
}

/// Two-step floating catchment area (2SFCA): the supply of each place is shared by the people who reach it, and each
/// home adds up the shares within its own reach.
///
/// - `demand`: people of each origin; `supply`: doctors, seats, hectares of each destination; finite, ≥ 0, in the order
///   of the table.
/// - `decay`: weight in both steps: [`Decay::binary`] is the method of Luo & Wang, [`luo_qi_bands`] the enhanced one
///   (E2SFCA), any smooth curve the kernel or gravity form.
///
/// R_j = O_j / Σ_i p_i f(c_ij); A_i = Σ_j R_j f(c_ij). Σ_i p_i A_i is the supply that somebody reaches.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the lengths differ, or an amount is negative or not finite.
///
/// # Source
/// Luo & Wang (2003), "Measures of spatial accessibility to health care in a GIS environment"; Luo & Qi (2009), "An
/// enhanced two-step floating catchment area (E2SFCA) method".
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::{Decay, two_step_fca}};
/// // Two villages of 100 and 300 reach a clinic with 8 doctors; the second has one of its own with 3.
/// let times = TravelTimes::from_minutes(&[[Some(10.0), None], [Some(20.0), Some(5.0)]])?;
/// let doctors = two_step_fca(&times, &[100.0, 300.0], &[8.0, 3.0], &Decay::binary(Minutes::new(30.0)?))?;
/// assert_eq!(doctors.access, [Some(8.0 / 400.0), Some(8.0 / 400.0 + 3.0 / 300.0)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn two_step_fca(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    decay: &Decay,
) -> Result<CatchmentAccess> {
    check(pairs, demand, supply)?;
    let arriving = pairs.each_destination(|row| weighted_sum(row, decay, |origin| demand[origin]))?;
    let ratios = Ratios::new(supply, arriving);
    let access = pairs.each_origin(|row| weighted_sum(row, decay, |place| ratios.at(place)))?;
    Ok(ratios.into_access(demand, supply, access))
}

/// Modified 2SFCA: distance counts for the home too, so that a lone clinic far away is not as good as one nearby.
///
/// A_i = Σ_j O_j f(c_ij)² / Σ_i p_i f(c_ij). Arguments and errors are those of [`two_step_fca`].
///
/// # Errors
/// As for [`two_step_fca`].
///
/// # Source
/// Delamater (2013), "Spatial accessibility in suboptimally configured health care systems: a modified two-step floating
/// catchment area (M2SFCA) metric".
pub fn modified_two_step_fca(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    decay: &Decay,
) -> Result<CatchmentAccess> {
    check(pairs, demand, supply)?;
    let arriving = pairs.each_destination(|row| weighted_sum(row, decay, |origin| demand[origin]))?;
    let ratios = Ratios::new(supply, arriving);
    let access = pairs.each_origin(|row| squared_sum(row, decay, |place| ratios.at(place)))?;
    Ok(ratios.into_access(demand, supply, access))
}

/// Which places a home chooses among in [`three_step_fca`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Choice {
    /// Those within the catchment ([`Decay::within`]).
    Catchment,
    /// All that are in the table, those beyond the catchment included, as PySAL `access` has it.
    AllInTable,
}

/// Three-step floating catchment area (3SFCA): people divide themselves among the places that they reach, so that more
/// places do not make more demand.
///
/// G_ij = f(c_ij) / Σ_k f(c_ik) is the share of home i that chooses j; it multiplies f in both steps. A place of the
/// table without supply is chosen too: leave it out of the table if nobody would go there.
///
/// # Errors
/// As for [`two_step_fca`].
///
/// # Source
/// Wan, Zou & Sternberg (2012), "A three-step floating catchment area method for analyzing spatial access to health
/// services".
pub fn three_step_fca(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    decay: &Decay,
    choice: Choice,
) -> Result<CatchmentAccess> {
    check(pairs, demand, supply)?;
    let chosen = match choice {
        Choice::Catchment => decay.clone(),
        Choice::AllInTable => decay.uncut(),
    };
    let offers = pairs.each_origin(|row| weighted_sum(row, &chosen, |_| 1.0))?;
    let share = |origin: usize| share(1.0, offers[origin]);
    let arriving = pairs.each_destination(|row| squared_sum(row, decay, |i| demand[i] * share(i)))?;
    let ratios = Ratios::new(supply, arriving);
    let sums = pairs.each_origin(|row| squared_sum(row, decay, |place| ratios.at(place)))?;
    let access = sums.iter().enumerate().map(|(origin, sum)| sum.map(|sum| sum * share(origin))).collect();
    Ok(ratios.into_access(demand, supply, access))
}

/// Modified Huff 3SFCA: people choose by distance and by how much a place offers.
///
/// G_ij = O_j f(c_ij) / Σ_k O_k f(c_ik); R_j = O_j / Σ_i p_i G_ij; A_i = Σ_j R_j G_ij f(c_ij).
///
/// # Errors
/// As for [`two_step_fca`].
///
/// # Source
/// Jörg, Lenz, Wetz & Widmer (2019), "Ein Modell zur Analyse der Versorgungsdichte" (MH3SFCA); `spai_mh3sfca` of the
/// R package `fca`.
pub fn huff_three_step_fca(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    decay: &Decay,
) -> Result<CatchmentAccess> {
    check(pairs, demand, supply)?;
    let offers = pairs.each_origin(|row| weighted_sum(row, decay, |place| supply[place]))?;
    let share = |origin: usize| share(1.0, offers[origin]);
    let sums = pairs.each_destination(|row| weighted_sum(row, decay, |i| demand[i] * share(i)))?;
    let arriving = sums.iter().zip(supply).map(|(sum, supply)| sum.map(|sum| sum * supply)).collect();
    let ratios = Ratios::new(supply, arriving);
    let sums = pairs.each_origin(|row| squared_sum(row, decay, |j| ratios.at(j) * supply[j]))?;
    let access = sums.iter().enumerate().map(|(origin, sum)| sum.map(|sum| sum * share(origin))).collect();
    Ok(ratios.into_access(demand, supply, access))
}

/// Balanced floating catchment area (BFCA): neither people nor supply are counted twice.
///
/// Weights are shares: of a home over the places that it reaches (demand), and of a place over the homes that reach it
/// (supply). All demand that reaches a place arrives exactly once, and all levels of service R_j are handed out exactly
/// once: Σ_j of [`CatchmentAccess::competing_demand`] is the demand served, Σ_i A_i = Σ_j R_j. A place of the table
/// without supply draws demand too: leave it out of the table if nobody would go there.
///
/// # Errors
/// As for [`two_step_fca`].
///
/// # Source
/// Páez, Higgins & Vivona (2019), "Demand and level of service inflation in floating catchment area (FCA) methods"; the
/// `"bfca"` of R `accessibility`.
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::{Decay, balanced_fca}};
/// // 100 people between two clinics: half of them go to each.
/// let times = TravelTimes::from_minutes(&[[Some(10.0), Some(10.0)]])?;
/// let doctors = balanced_fca(&times, &[100.0], &[1.0, 3.0], &Decay::binary(Minutes::new(30.0)?))?;
/// assert_eq!(doctors.competing_demand, [Some(50.0), Some(50.0)]);
/// assert_eq!(doctors.access, [Some(1.0 / 50.0 + 3.0 / 50.0)]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn balanced_fca(
    pairs: &impl TravelPairs,
    demand: &[f64],
    supply: &[f64],
    decay: &Decay,
) -> Result<CatchmentAccess> {
    check(pairs, demand, supply)?;
    let offers = pairs.each_origin(|row| weighted_sum(row, decay, |_| 1.0))?;
    let both = pairs.each_destination(|row| {
        let arriving = weighted_sum(row, decay, |origin| share(demand[origin], offers[origin]));
        (arriving, weighted_sum(row, decay, |_| 1.0))
    })?;
    let ratios = Ratios::new(supply, both.iter().map(|both| both.map(|(arriving, _)| arriving)).collect());
    let received = |place: usize| share(ratios.at(place), both[place].map(|(_, weight)| weight));
    let access = pairs.each_origin(|row| weighted_sum(row, decay, received))?;
    Ok(ratios.into_access(demand, supply, access))
}

fn check(pairs: &impl TravelPairs, demand: &[f64], supply: &[f64]) -> Result<()> {
    check_demand(pairs, demand)?;
    check_supply(pairs, supply)
}

/// Supply per unit of demand that arrives, by destination.
struct Ratios {
    arriving: Vec<Option<f64>>,
    ratios: Vec<Option<f64>>,
}

impl Ratios {
    fn new(supply: &[f64], arriving: Vec<Option<f64>>) -> Self {
        let ratio = |(supply, arriving): (&f64, &Option<f64>)| {
            arriving.filter(|arriving| *arriving > 0.0).map(|arriving| supply / arriving)
        };
        Self { ratios: supply.iter().zip(&arriving).map(ratio).collect(), arriving }
    }

    /// 0 where nobody arrives: what nobody reaches is nobody's.
    fn at(&self, place: usize) -> f64 {
        self.ratios[place].unwrap_or(0.0)
    }

    fn into_access(self, demand: &[f64], supply: &[f64], access: Vec<Option<f64>>) -> CatchmentAccess {
        let unreached = self.ratios.iter().zip(supply).filter(|(ratio, _)| ratio.is_none());
        let unserved =
            access.iter().zip(demand).filter(|(access, _)| access.is_none_or(|access| access <= 0.0));
        CatchmentAccess {
            unreached_supply: total(unreached.map(|(_, supply)| *supply)),
            unserved_demand: total(unserved.map(|(_, demand)| *demand)),
            access,
            competing_demand: self.arriving,
            supply_per_demand: self.ratios,
        }
    }
}

/// A part of a whole; 0 of nothing.
fn share(part: f64, whole: Option<f64>) -> f64 {
    whole.filter(|whole| *whole > 0.0).map_or(0.0, |whole| part / whole)
}

pub(super) fn weighted_sum(row: Row<'_>, decay: &Decay, amount: impl Fn(usize) -> f64) -> f64 {
    total(row.milliseconds().map(|(place, cost)| amount(place) * decay.at(cost)))
}

fn squared_sum(row: Row<'_>, decay: &Decay, amount: impl Fn(usize) -> f64) -> f64 {
    let term = |(place, cost)| {
        let weight = decay.at(cost);
        amount(place) * weight * weight
    };
    total(row.milliseconds().map(term))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, TravelTimes};

    type Method = fn(&TravelTimes, &[f64], &[f64], &Decay) -> Result<CatchmentAccess>;
    const METHODS: [(&str, Method); 5] = [
        ("two steps", |times, demand, supply, decay| two_step_fca(times, demand, supply, decay)),
        ("modified", |times, demand, supply, decay| modified_two_step_fca(times, demand, supply, decay)),
        ("three steps", |times, demand, supply, decay| {
            three_step_fca(times, demand, supply, decay, Choice::Catchment)
        }),
        ("Huff", |times, demand, supply, decay| huff_three_step_fca(times, demand, supply, decay)),
        ("balanced", |times, demand, supply, decay| balanced_fca(times, demand, supply, decay)),
    ];

    fn within(minutes: f64) -> Decay {
        Decay::binary(Minutes::new(minutes).unwrap())
    }

    #[test]
    fn amounts_that_are_wrong_or_do_not_fit_are_refused_by_every_method() {
        let times = TravelTimes::from_minutes(&[[Some(5.0), Some(9.0)]]).unwrap();
        for (name, method) in METHODS {
            let wrong: [(&[f64], &[f64]); 5] = [
                (&[-1.0], &[1.0, 1.0]),
                (&[f64::NAN], &[1.0, 1.0]),
                (&[1.0], &[1.0, -2.0]),
                (&[1.0], &[1.0]),
                (&[1.0, 2.0], &[1.0, 1.0]),
            ];
            for (demand, supply) in wrong {
                let error = method(&times, demand, supply, &within(10.0)).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Parameter, "{name}: {demand:?} {supply:?}");
            }
        }
    }

    #[test]
    fn supply_that_nobody_reaches_is_told_and_no_demand_is_lost() {
        // The second clinic is beyond everybody; the third home reaches nothing.
        let times =
            TravelTimes::from_minutes(&[[Some(5.0), Some(60.0)], [Some(8.0), None], [None, Some(90.0)]])
                .unwrap();
        for (name, method) in METHODS {
            let found = method(&times, &[10.0, 30.0, 7.0], &[4.0, 9.0], &within(30.0)).unwrap();
            assert_eq!((found.unreached_supply, found.unserved_demand), (9.0, 7.0), "{name}");
            // The balanced method hands out the level of service itself: the two homes divide the 0.1.
            let each = if name == "balanced" { 0.05 } else { 0.1 };
            assert_eq!(found.access, [Some(each), Some(each), Some(0.0)], "{name}");
            assert_eq!(found.competing_demand, [Some(40.0), Some(0.0)], "{name}");
            assert_eq!(found.supply_per_demand, [Some(0.1), None], "{name}");
        }
    }

    #[test]
    fn weights_that_are_all_zero_serve_nobody() {
        let times = TravelTimes::from_minutes(&[[Some(5.0)]]).unwrap();
        let nothing = Decay::table(&[(Minutes::new(9.0).unwrap(), 0.0)]).unwrap();
        for (name, method) in METHODS {
            let found = method(&times, &[10.0], &[4.0], &nothing).unwrap();
            assert_eq!((found.access, found.unserved_demand), (vec![Some(0.0)], 10.0), "{name}");
        }
    }

    #[test]
    fn home_off_network_is_none_and_unserved() {
        let times = TravelTimes::from_minutes(&[[Some(5.0)], [None]]).unwrap();
        let times = times.with_placed(vec![true, false], vec![true]).unwrap();
        for (name, method) in METHODS {
            let found = method(&times, &[10.0, 5.0], &[2.0], &within(30.0)).unwrap();
            assert_eq!((&found.access[..], found.unserved_demand), (&[Some(0.2), None][..], 5.0), "{name}");
        }
    }

    // home 0 --10-- place 0 (4)      weights within 15 minutes: 1 up to 10, 1/2 up to 15
    //      \--15--\
    // home 1 --10-- place 1 (6)      home 0 has 20 people, home 1 has 40
    #[test]
    fn every_method_has_its_pencil_case() {
        let times = TravelTimes::from_minutes(&[[Some(10.0), Some(15.0)], [None, Some(10.0)]]).unwrap();
        let minutes = |value| Minutes::new(value).unwrap();
        let bands = Decay::bands(&[(minutes(10.0), 1.0), (minutes(15.0), 0.5)]).unwrap();
        let access = |number: usize| {
            let found = METHODS[number].1(&times, &[20.0, 40.0], &[4.0, 6.0], &bands).unwrap();
            [found.access[0].unwrap(), found.access[1].unwrap()]
        };
        let near = |found: [f64; 2], expected: [f64; 2]| {
            let is_near = found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12);
            assert!(is_near, "{found:?} {expected:?}");
        };
        // R = 4/20 and 6/(40 + 10).
        near(access(0), [0.2 + 0.06, 0.12]);
        near(access(1), [0.2 + 0.03, 0.12]);
        // Home 0 chooses 2/3 and 1/3, home 1 all of place 1: demand 20·2/3 and 20·1/3·1/2 + 40.
        let (r0, r1) = (4.0 / (40.0 / 3.0), 6.0 / (10.0 / 3.0 + 40.0));
        near(access(2), [r0 * 2.0 / 3.0 + r1 / 6.0, r1]);
        // By supply: 4 and 6·1/2 of 7. Demand 20·4/7 and 20·3/7 + 40.
        let (r0, r1) = (4.0 / (80.0 / 7.0), 6.0 / (60.0 / 7.0 + 40.0));
        near(access(3), [r0 * 4.0 / 7.0 + r1 * 3.0 / 14.0, r1]);
        // Shares of the places: 1 and (1/3, 2/3). Demand 20·2/3 and 20/3 + 40.
        let (r0, r1) = (4.0 / (40.0 / 3.0), 6.0 / (20.0 / 3.0 + 40.0));
        near(access(4), [r0 + r1 / 3.0, r1 * 2.0 / 3.0]);
    }

    #[test]
    fn choosing_beyond_the_catchment_leaves_less_for_it() {
        let times = TravelTimes::from_minutes(&[[Some(10.0), Some(40.0)]]).unwrap();
        let decay = Decay::exponential(0.0).unwrap().within(Minutes::new(30.0).unwrap());
        let of = |choice| three_step_fca(&times, &[10.0], &[5.0, 5.0], &decay, choice).unwrap();
        assert_eq!(of(Choice::Catchment).competing_demand, [Some(10.0), Some(0.0)]);
        assert_eq!(of(Choice::AllInTable).competing_demand, [Some(5.0), Some(0.0)]);
    }
}
