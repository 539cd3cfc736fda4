//! Social infrastructure: the places where people get to know each other, other than home and work.
//!
//! They count as a family: five kinds, how many of each a home reaches for the people who share them, and how evenly the
//! kinds are there. A score says that there is somewhere to meet, not that anybody does.

use crate::model::category;
use crate::{Error, ErrorKind, Result};

/// A kind of place, and the categories of services that belong to it.
pub type Kind = (&'static str, &'static [&'static str]);

/// The five kinds.
///
/// # Source
/// Klinenberg (2018), "Palaces for the people"; Oldenburg (1989), "The great good place", for third places.
pub const KINDS: [Kind; 5] = [
    ("civic", &[category::LIBRARY, category::COMMUNITY_CENTRE]),
    ("faith", &[category::PLACE_OF_WORSHIP]),
    ("green", &[category::GREEN_SPACE]),
    ("third_place", &[category::CAFE, category::MARKET]),
    ("sport", &[category::SPORT]),
];

/// What one home reaches within 15 minutes' walk.
#[derive(Debug, Clone, PartialEq)]
pub struct Reached {
    /// Places of each kind.
    pub places: Vec<f64>,
    /// Residents who share them: those who live within the same walk, the home's own included.
    pub residents: f64,
}

/// How well a home is provided for.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SocialInfrastructure {
    /// Of each kind, places over those needed by the residents who share them, at most 1.
    pub availability: Vec<f64>,
    /// How many kinds the mix of places amounts to, over all kinds, 0 to 1.
    pub variety: f64,
    /// 1 - √(mean availability · variety): 0 where nothing lacks, 1 where there is nothing.
    pub isolation: f64,
}

/// Social infrastructure of a home, pillar S of isolation.
///
/// - `needed_per_thousand`: places of each kind that a thousand residents need, above 0; the city's own number makes
///   1 its mean.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there is no kind, the lengths differ, a number is negative or not finite, or a need is 0.
///
/// # Source
/// This project; kinds counted per resident as in Fraser et al. (2022), variety as the exponential of entropy (Hill
/// 1973).
///
/// # Example
/// ```
/// use commonground::scores::social_infrastructure::{Reached, social_infrastructure};
/// // Of two kinds, one place each for 1,000 people who need two: half of what is needed, of every kind.
/// let home = Reached { places: vec![1.0, 1.0], residents: 1000.0 };
/// let found = social_infrastructure(&home, &[2.0, 2.0])?;
/// assert_eq!((found.availability, found.variety), (vec![0.5, 0.5], 1.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn social_infrastructure(home: &Reached, needed_per_thousand: &[f64]) -> Result<SocialInfrastructure> {
    let kinds = home.places.len();
    let is_count = |number: &f64| number.is_finite() && *number >= 0.0;
    let is_fine = kinds > 0
        && kinds == needed_per_thousand.len()
        && home.places.iter().all(is_count)
        && is_count(&home.residents)
        && needed_per_thousand.iter().all(|need| need.is_finite() && *need > 0.0);
    if !is_fine {
        let message = format!("{home:?} for a need of {needed_per_thousand:?} per thousand");
        return Err(Error::new(ErrorKind::Parameter, message).hint("one count and one need above 0 a kind"));
    }
    let available = |(places, need): (&f64, &f64)| match need * home.residents / 1_000.0 {
        _ if *places == 0.0 => 0.0,
        needed if *places >= needed => 1.0,
        needed => places / needed,
    };
    let availability: Vec<f64> = home.places.iter().zip(needed_per_thousand).map(available).collect();
    let all: f64 = home.places.iter().sum();
    let term = |places: &f64| if *places > 0.0 { -(places / all) * (places / all).ln() } else { 0.0 };
    let variety =
        if all > 0.0 { home.places.iter().map(term).sum::<f64>().exp() / kinds as f64 } else { 0.0 };
    let mean = availability.iter().sum::<f64>() / kinds as f64;
    // Entropy may pass its maximum by a rounding.
    let isolation = (1.0 - (mean * variety).sqrt()).max(0.0);
    Ok(SocialInfrastructure { availability, variety, isolation })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(places: &[f64], residents: f64) -> SocialInfrastructure {
        let needed = vec![2.0; places.len()];
        social_infrastructure(&Reached { places: places.to_vec(), residents }, &needed).unwrap()
    }

    #[test]
    fn nothing_is_isolation_and_enough_of_every_kind_is_none() {
        assert_eq!(score(&[0.0, 0.0], 500.0).isolation, 1.0);
        assert!(score(&[1.0, 1.0], 500.0).isolation.abs() < 1e-15);
        assert!(score(&[9.0, 9.0], 500.0).isolation.abs() < 1e-15, "more than enough is enough");
    }

    #[test]
    fn ten_chapels_are_less_than_a_chapel_and_a_library() {
        let (chapels, both) = (score(&[10.0, 0.0], 1_000.0), score(&[1.0, 1.0], 1_000.0));
        assert_eq!((chapels.variety, chapels.availability[1]), (0.5, 0.0));
        assert!(chapels.isolation > both.isolation);
        assert!(
            (chapels.isolation - 0.5).abs() < 1e-15
                && (both.isolation - (1.0 - 0.5_f64.sqrt())).abs() < 1e-15
        );
    }

    #[test]
    fn the_more_share_a_place_the_less_it_is() {
        assert!(score(&[1.0, 1.0], 4_000.0).isolation > score(&[1.0, 1.0], 1_000.0).isolation);
    }

    #[test]
    fn wrong_numbers_are_refused() {
        let home = Reached { places: vec![1.0], residents: 10.0 };
        assert!(social_infrastructure(&home, &[]).is_err());
        assert!(social_infrastructure(&home, &[0.0]).is_err());
        assert!(social_infrastructure(&Reached { residents: f64::NAN, ..home }, &[1.0]).is_err());
    }
}
