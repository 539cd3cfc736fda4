//! The change of a mean, taken apart: change for those who stay, what newcomers find, what leavers lose.
//!
//! ```text
//!   m₁ − m₀ = (N/P₁)(a′_N − a_N)  +  (A/P₁)(a′_A − a_N)  −  (D/P₀)(a_D − a_N)
//!              those who stay        newcomers             leavers              P₁ = N + A,  P₀ = N + D
//! ```
//!
//! A rezoning "improves" a mean by bringing people to where access was good already. So a mean is never shown without its parts.

use crate::{Error, ErrorKind, Result};

/// One home: members of a group and a measure, before and after.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HomeChange {
    /// People before.
    pub people_before: f64,
    /// People after.
    pub people_after: f64,
    /// The measure before; `None` where it is not known.
    pub before: Option<f64>,
    /// The measure after.
    pub after: Option<f64>,
}

impl HomeChange {
    /// People who live there before and after.
    #[must_use]
    pub fn stayers(&self) -> f64 {
        self.people_before.min(self.people_after)
    }

    /// People who come.
    #[must_use]
    pub fn newcomers(&self) -> f64 {
        self.people_after - self.stayers()
    }

    /// People who leave.
    #[must_use]
    pub fn leavers(&self) -> f64 {
        self.people_before - self.stayers()
    }
}

/// The change of a mean and its parts. Everything is over people for whom the measure is known.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Decomposition {
    /// People who stay.
    pub stayers: f64,
    /// People who come.
    pub newcomers: f64,
    /// People who leave.
    pub leavers: f64,
    /// Mean before; `None` if nobody lives there before.
    pub mean_before: Option<f64>,
    /// Mean after; `None` if nobody lives there after.
    pub mean_after: Option<f64>,
    /// Mean of those who stay, before and after; `None` if nobody stays.
    pub stayers_before: Option<f64>,
    /// See `stayers_before`.
    pub stayers_after: Option<f64>,
    /// What newcomers find; `None` if nobody comes.
    pub newcomers_after: Option<f64>,
    /// What leavers had; `None` if nobody leaves.
    pub leavers_before: Option<f64>,
    /// The three parts, of which the sum is the change of the mean; `None` if nobody stays, so that there is nothing to compare with.
    pub parts: Option<Parts>,
    /// People before or after for whom the measure is not known; in nothing above.
    pub unknown: f64,
}

/// The three parts of a change of a mean.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Parts {
    /// Change for those who stay.
    pub change_for_stayers: f64,
    /// What newcomers add, by finding more or less than those who stay had.
    pub newcomers: f64,
    /// What leavers take away.
    pub leavers: f64,
}

impl Parts {
    /// The change of the mean.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.change_for_stayers + self.newcomers + self.leavers
    }
}

/// Takes the change of a mean apart, exactly.
///
/// People of a home for whom the measure is not known where it is needed (before for those who stay or leave, after for
/// those who stay or come) are counted in [`Decomposition::unknown`] and left out, so that the parts sum to the change.
///
/// # Errors
/// [`ErrorKind::Parameter`] with the row if people are negative or not finite, or a measure is not finite.
///
/// # Source
/// Shift-share in its exact form (Kitagawa 1955, "Components of a difference between two rates"), with stayers as the base.
///
/// # Example
/// ```
/// use commonground::scenario::decompose::{HomeChange, decompose};
/// let home = |people_before, people_after, before, after| HomeChange {
///     people_before,
///     people_after,
///     before: Some(before),
///     after: Some(after),
/// };
/// // Ten people stay and walk as far as before; ten come to where the walk was short already.
/// let found = decompose(&[home(10.0, 10.0, 20.0, 20.0), home(10.0, 20.0, 10.0, 10.0)])?;
/// let parts = found.parts.unwrap();
/// assert!((parts.sum() - (40.0 / 3.0 - 15.0)).abs() < 1e-12);
/// assert_eq!(parts.change_for_stayers, 0.0);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn decompose(homes: &[HomeChange]) -> Result<Decomposition> {
    let mut sums = Sums::default();
    for (row, home) in homes.iter().enumerate() {
        check(home).map_err(|error| error.at_row(row + 1))?;
        let (stayers, newcomers, leavers) = (home.stayers(), home.newcomers(), home.leavers());
        match (home.before, home.after) {
            (Some(before), Some(after)) => {
                sums.stayers += stayers;
                sums.stayers_before += stayers * before;
                sums.stayers_after += stayers * after;
            }
            _ => sums.unknown += stayers,
        }
        match home.after {
            Some(after) => {
                sums.newcomers += newcomers;
                sums.newcomers_after += newcomers * after;
            }
            None => sums.unknown += newcomers,
        }
        match home.before {
            Some(before) => {
                sums.leavers += leavers;
                sums.leavers_before += leavers * before;
            }
            None => sums.unknown += leavers,
        }
    }
    Ok(sums.parts())
}

#[derive(Default)]
struct Sums {
    stayers: f64,
    newcomers: f64,
    leavers: f64,
    stayers_before: f64,
    stayers_after: f64,
    newcomers_after: f64,
    leavers_before: f64,
    unknown: f64,
}

impl Sums {
    fn parts(self) -> Decomposition {
        let mean = |sum: f64, people: f64| (people > 0.0).then(|| sum / people);
        let (before, after) = (self.stayers + self.leavers, self.stayers + self.newcomers);
        let stayers_before = mean(self.stayers_before, self.stayers);
        let stayers_after = mean(self.stayers_after, self.stayers);
        let newcomers_after = mean(self.newcomers_after, self.newcomers);
        let leavers_before = mean(self.leavers_before, self.leavers);
        let parts = stayers_before.zip(stayers_after).map(|(base, now)| Parts {
            change_for_stayers: self.stayers / after * (now - base),
            newcomers: newcomers_after.map_or(0.0, |found| self.newcomers / after * (found - base)),
            leavers: leavers_before.map_or(0.0, |had| -self.leavers / before * (had - base)),
        });
        Decomposition {
            stayers: self.stayers,
            newcomers: self.newcomers,
            leavers: self.leavers,
            mean_before: mean(self.stayers_before + self.leavers_before, before),
            mean_after: mean(self.stayers_after + self.newcomers_after, after),
            stayers_before,
            stayers_after,
            newcomers_after,
            leavers_before,
            parts,
            unknown: self.unknown,
        }
    }
}

fn check(home: &HomeChange) -> Result<()> {
    for people in [home.people_before, home.people_after] {
        if !(people.is_finite() && people >= 0.0) {
            return Err(Error::new(ErrorKind::Parameter, format!("`{people}` people")));
        }
    }
    match [home.before, home.after].into_iter().flatten().find(|value| !value.is_finite()) {
        Some(value) => Err(Error::new(ErrorKind::Parameter, format!("a measure of `{value}`"))
            .hint("leave a value that is not known out; no big number stands for it")),
        None => Ok(()),
    }
}

/// Who of those who stay gains and who loses.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Balance {
    /// People who gain more than the tolerance.
    pub gained: f64,
    /// People who lose more than the tolerance.
    pub lost: f64,
    /// People for whom it stays the same.
    pub same: f64,
    /// People for whom it is not known.
    pub unknown: f64,
    /// What those who gain win together: person-minutes, of minutes.
    pub won: f64,
    /// What those who lose lose together.
    pub forgone: f64,
}

/// Up to which difference nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Tolerance {
    /// In the unit of the measure.
    Amount(f64),
    /// As a share of what there was before.
    Share(f64),
}

/// Winners and losers among those who stay.
///
/// - `less_is_better`: as of minutes; else more is, as of jobs.
/// - `tolerance`: differences up to it are none, 0 or more, in the unit of the measure.
///
/// # Errors
/// As for [`decompose`]; and if the tolerance is negative or not finite.
pub fn balance(homes: &[HomeChange], less_is_better: bool, tolerance: f64) -> Result<Balance> {
    balance_within(homes, less_is_better, Tolerance::Amount(tolerance))
}

/// As [`balance`], with a tolerance that may be a share of each home's own value.
///
/// # Errors
/// As for [`balance`].
pub fn balance_within(homes: &[HomeChange], less_is_better: bool, tolerance: Tolerance) -> Result<Balance> {
    let (Tolerance::Amount(number) | Tolerance::Share(number)) = tolerance;
    if !(number.is_finite() && number >= 0.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("a tolerance of `{number}`")));
    }
    let mut found = Balance::default();
    for (row, home) in homes.iter().enumerate() {
        check(home).map_err(|error| error.at_row(row + 1))?;
        let people = home.stayers();
        let Some((before, after)) = home.before.zip(home.after) else {
            found.unknown += people;
            continue;
        };
        let least = match tolerance {
            Tolerance::Amount(amount) => amount,
            Tolerance::Share(share) => share * before.abs(),
        };
        let gain = if less_is_better { before - after } else { after - before };
        if gain > least {
            found.gained += people;
            found.won += people * gain;
        } else if gain < -least {
            found.lost += people;
            found.forgone -= people * gain;
        } else {
            found.same += people;
        }
    }
    Ok(found)
}

/// Sorts those for whom a walk is out of reach out of the unknown: who reaches a place for the first time has gained, who
/// reaches none any more has lost, and who reaches none before and after stays the same. Person-minutes do not change.
///
/// - `on_street`: whether each home is on the streets, so that `None` is out of reach rather than unknown.
///
/// Returns the people who reach one for the first time, and those who reach none any more.
pub fn out_of_reach(homes: &[HomeChange], on_street: &[bool], who: &mut Balance) -> (f64, f64) {
    let (mut first, mut no_more) = (0.0, 0.0);
    for (home, _) in homes.iter().zip(on_street).filter(|(_, on_street)| **on_street) {
        let people = home.stayers();
        let sum = match (home.before, home.after) {
            (None, Some(_)) => &mut first,
            (Some(_), None) => &mut no_more,
            (None, None) => &mut who.same,
            (Some(_), Some(_)) => continue,
        };
        *sum += people;
        who.unknown -= people;
    }
    who.gained += first;
    who.lost += no_more;
    who.unknown = who.unknown.max(0.0);
    (first, no_more)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::Random;

    fn home(people_before: f64, people_after: f64, before: f64, after: f64) -> HomeChange {
        HomeChange { people_before, people_after, before: Some(before), after: Some(after) }
    }

    #[test]
    fn four_homes_by_hand() {
        // 10 stay and gain 5; 6 of 10 stay; a demolished home of 4; a home of 20 that is built.
        let homes = [
            home(10.0, 10.0, 20.0, 15.0),
            home(10.0, 6.0, 12.0, 12.0),
            home(4.0, 0.0, 8.0, 8.0),
            home(0.0, 20.0, 6.0, 5.0),
        ];
        let found = decompose(&homes).unwrap();
        assert_eq!((found.stayers, found.newcomers, found.leavers), (16.0, 20.0, 8.0));
        // Before (200 + 120 + 32) / 24, after (150 + 72 + 100) / 36; stayers 272 / 16 = 17, then 222 / 16 = 13.875.
        assert_eq!(found.mean_before, Some(352.0 / 24.0));
        assert_eq!(found.mean_after, Some(322.0 / 36.0));
        assert_eq!((found.stayers_before, found.stayers_after), (Some(17.0), Some(13.875)));
        assert_eq!((found.newcomers_after, found.leavers_before), (Some(5.0), Some(10.0)));
        let parts = found.parts.unwrap();
        assert!((parts.change_for_stayers - 16.0 / 36.0 * -3.125).abs() < 1e-12);
        assert!((parts.newcomers - 20.0 / 36.0 * -12.0).abs() < 1e-12);
        assert!((parts.leavers - -8.0 / 24.0 * -7.0).abs() < 1e-12);
        assert!((parts.sum() - (322.0 / 36.0 - 352.0 / 24.0)).abs() < 1e-12);
        let who = balance(&homes, true, 1.0).unwrap();
        assert_eq!((who.gained, who.lost, who.same, who.won), (10.0, 0.0, 6.0, 50.0));
        assert_eq!(balance(&homes, false, 1.0).unwrap().lost, 10.0);
    }

    #[test]
    fn the_parts_always_sum_to_the_change_of_the_mean() {
        let mut random = Random::new(11, 0);
        for _ in 0..300 {
            let homes: Vec<HomeChange> = (0..1 + random.below(12))
                .map(|_| {
                    let mut people = || random.below(30) as f64;
                    let (people_before, people_after) = (people(), people());
                    let mut value = || (random.below(6) > 0).then(|| random.unit() * 40.0);
                    HomeChange { people_before, people_after, before: value(), after: value() }
                })
                .collect();
            let found = decompose(&homes).unwrap();
            if let (Some(parts), Some(before), Some(after)) =
                (found.parts, found.mean_before, found.mean_after)
            {
                assert!((parts.sum() - (after - before)).abs() < 1e-9, "{homes:?}");
            }
            let people: f64 = homes.iter().map(|home| home.people_before.max(home.people_after)).sum();
            let counted = found.stayers + found.newcomers + found.leavers + found.unknown;
            assert!((people - counted).abs() < 1e-9);
        }
    }

    #[test]
    fn who_reaches_one_for_the_first_time_gains_and_a_tolerance_may_be_a_share() {
        let at =
            |people, before, after| HomeChange { people_before: people, people_after: people, before, after };
        let homes =
            [at(1.0, None, Some(20.0)), at(2.0, Some(9.0), None), at(4.0, None, None), at(8.0, None, None)];
        let mut who = balance(&homes, true, 1.0).unwrap();
        assert_eq!(who.unknown, 15.0);
        assert_eq!(out_of_reach(&homes, &[true, true, true, false], &mut who), (1.0, 2.0));
        assert_eq!((who.gained, who.lost, who.same, who.unknown, who.won), (1.0, 2.0, 4.0, 8.0, 0.0));
        let jobs = [home(1.0, 1.0, 1_000.0, 1_049.0), home(2.0, 2.0, 10.0, 11.0), home(4.0, 4.0, 0.0, 1.0)];
        let who = balance_within(&jobs, false, Tolerance::Share(0.05)).unwrap();
        assert_eq!((who.gained, who.same), (6.0, 1.0));
    }

    #[test]
    fn nothing_changes_nothing_and_wrong_numbers_are_refused() {
        let same = decompose(&[home(3.0, 3.0, 7.0, 7.0), home(2.0, 2.0, 9.0, 9.0)]).unwrap();
        assert_eq!(same.parts.unwrap().sum(), 0.0);
        assert_eq!(decompose(&[]).unwrap().parts, None);
        assert_eq!(decompose(&[home(0.0, 5.0, 1.0, 1.0)]).unwrap().parts, None);
        assert!(decompose(&[home(-1.0, 0.0, 1.0, 1.0)]).is_err());
        assert!(decompose(&[home(1.0, 1.0, f64::INFINITY, 1.0)]).is_err());
        assert!(balance(&[], true, -1.0).is_err());
    }
}
