//! Why a home has the access that it has: the places behind the number, the way there, and whom it competes with.

use super::checks::{check_demand, check_supply};
use super::decay::Decay;
use super::floating_catchment::{CatchmentAccess, weighted_sum};
use crate::network::{Itinerary, Searches, TravelTimes};
use crate::{Error, ErrorKind, Minutes, Result};

/// What one place adds to the access of one home.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Contribution {
    /// Number of the place in the table.
    pub place: usize,
    /// From the home to the place.
    pub time: Minutes,
    /// What the place offers.
    pub supply: f64,
    /// Demand that arrives there, this home's included: the people one competes with.
    pub competing_demand: f64,
    /// Part of the home's access that comes from here.
    pub access: f64,
}

impl Contribution {
    /// `None` if the place adds nothing: nobody arrives, or it offers nothing or is too far.
    fn of(place: usize, time: Minutes, supply: f64, arriving: Option<f64>, decay: &Decay) -> Option<Self> {
        let competing_demand = arriving.filter(|arriving| *arriving > 0.0)?;
        let access = supply / competing_demand * decay.weight(time);
        (access > 0.0).then_some(Self { place, time, supply, competing_demand, access })
    }
}

/// The places behind the access of a home by [`super::two_step_fca`], the one that adds most first.
///
/// - `found`: the result of the measure with the same table, supply and decay.
///
/// The contributions add up to the home's access. Places at which nobody arrives, or with weight 0, are left out.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the home is not in the table, or supply and result do not fit it.
///
/// # Example
/// ```
/// use commonground::{Minutes, TravelTimes, access::{Decay, explain_two_step_fca, two_step_fca}};
/// let times = TravelTimes::from_minutes(&[[Some(10.0), None], [Some(20.0), Some(5.0)]])?;
/// let (people, doctors) = ([100.0, 300.0], [8.0, 3.0]);
/// let decay = Decay::binary(Minutes::new(30.0)?);
/// let found = two_step_fca(&times, &people, &doctors, &decay)?;
/// let why = explain_two_step_fca(&times, &doctors, &decay, &found, 1)?;
/// // The big clinic is farther and shared by 400, and still adds most.
/// assert_eq!((why[0].place, why[0].competing_demand, why[0].access), (0, 400.0, 0.02));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn explain_two_step_fca(
    times: &TravelTimes,
    supply: &[f64],
    decay: &Decay,
    found: &CatchmentAccess,
    home: usize,
) -> Result<Vec<Contribution>> {
    check_supply(times, supply)?;
    if home >= found.access.len() || supply.len() != found.competing_demand.len() {
        let message = format!("home {home} and {} places do not fit the result", supply.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let row = times.row(home);
    let contribution = |(place, time): (usize, Minutes)| {
        Contribution::of(place, time, supply[place], found.competing_demand[place], decay)
    };
    Ok(most_first(row.iter().filter_map(contribution).collect()))
}

fn most_first(mut contributions: Vec<Contribution>) -> Vec<Contribution> {
    contributions.sort_by(|a, b| b.access.total_cmp(&a.access).then(a.place.cmp(&b.place)));
    contributions
}

/// A place behind the access of a home, and the way there.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Reason {
    /// What the place adds.
    pub contribution: Contribution,
    /// The fastest way, street by street; for the first places only, as many as were asked for.
    pub way: Option<Itinerary>,
}

/// Why a home has the access that it has by [`super::two_step_fca`], straight from the network: the places behind the
/// number, the one that binds most first, with the people who compete for them and the way there.
///
/// - `demand`: people of each origin; `supply`: of each destination; finite, ≥ 0.
/// - `home`: number of the origin.
/// - `ways`: number of destinations for which to return the route.
///
/// Searches from the home and from the places that it reaches, and from nowhere else. Empty if the home is not on the network or
/// reaches no supply; the contributions add up to its access.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, an amount is negative or not finite, or there is no such home;
/// [`ErrorKind::Cancelled`].
pub fn why(
    searches: &Searches<'_>,
    demand: &[f64],
    supply: &[f64],
    decay: &Decay,
    home: usize,
    ways: usize,
) -> Result<Vec<Reason>> {
    check_demand(searches, demand)?;
    check_supply(searches, supply)?;
    let reached: Vec<(usize, Minutes)> = searches
        .one_origin(home, |row| row.iter().filter(|(place, _)| supply[*place] > 0.0).collect())?
        .unwrap_or_default();
    let places: Vec<usize> = reached.iter().map(|(place, _)| *place).collect();
    let arriving =
        searches.some_destinations(&places, |row| weighted_sum(row, decay, |origin| demand[origin]))?;
    let contribution = |((place, time), arriving): ((usize, Minutes), Option<f64>)| {
        Contribution::of(place, time, supply[place], arriving, decay)
    };
    let contributions = most_first(reached.into_iter().zip(arriving).filter_map(contribution).collect());
    let reason = |(rank, contribution): (usize, Contribution)| {
        let way = (rank < ways).then(|| searches.itinerary(home, contribution.place)).flatten();
        Reason { contribution, way }
    };
    Ok(contributions.into_iter().enumerate().map(reason).collect())
}
