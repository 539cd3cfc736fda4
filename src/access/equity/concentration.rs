//! The concentration index: does access follow wealth?

use super::check_by_income;
use crate::access::weighted_mean;
use crate::{Error, ErrorKind, Result};

/// Which concentration index.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Concentration {
    /// 2 cov(A, rank) / mean.
    Standard,
    /// Wagstaff (2005), for values between 0 and 1: the standard index over 1 - mean.
    Wagstaff,
    /// Erreygers (2009), for values between two bounds: 4 mean / (upper - lower) times the standard index.
    Erreygers {
        /// The least value that could be.
        lower: f64,
        /// The greatest value that could be.
        upper: f64,
    },
    /// Erreygers with the least and the greatest value of the data, the `"corrected"` of R `accessibility`.
    Corrected,
}

/// The rank of people who have the same position.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ties {
    /// All have the middle rank.
    #[default]
    MiddleRank,
    /// They rank in the order in which they are listed, as in R `accessibility`.
    AsListed,
}

/// Concentration index of access by socio-economic position: above 0 the better-off reach more, below 0 the worse-off.
///
/// - `position`: income, or whatever ranks people from worse to better off, one per home; `None` where it is not known,
///   and then the home is left out.
///
/// `None` if nobody is left, nobody has any access, or the bounds of the data are one.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, access or people are negative or not finite, a position is not finite, or a
/// value lies outside the bounds of the index.
///
/// # Source
/// Wagstaff, Paci & van Doorslaer (1991), "On the measurement of inequalities in health"; Wagstaff (2005), "The bounds of
/// the concentration index when the variable of interest is binary"; Erreygers (2009), "Correcting the concentration index".
///
/// # Example
/// ```
/// use commonground::access::equity::{Concentration, Ties, concentration_index};
/// // The richer half has everything: as unequal by position as two homes can be.
/// let income = [Some(10.0), Some(20.0)];
/// let access = [Some(0.0), Some(6.0)];
/// let index = concentration_index(&access, &[5.0, 5.0], &income, Concentration::Standard, Ties::default())?;
/// assert_eq!(index, Some(0.5));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn concentration_index(
    access: &[Option<f64>],
    people: &[f64],
    position: &[Option<f64>],
    variant: Concentration,
    ties: Ties,
) -> Result<Option<f64>> {
    check_by_income(access, people, position)?;
    let mut homes: Vec<(f64, f64, f64)> =
        (0..access.len()).filter_map(|home| Some((position[home]?, access[home]?, people[home]))).collect();
    homes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let least = homes.iter().map(|home| home.1).fold(f64::INFINITY, f64::min);
    let greatest = homes.iter().map(|home| home.1).fold(0.0, f64::max);
    let (lower, upper) = match variant {
        Concentration::Standard => (0.0, f64::INFINITY),
        Concentration::Wagstaff => (0.0, 1.0),
        Concentration::Erreygers { lower, upper } => (lower, upper),
        Concentration::Corrected => (least, greatest),
    };
    if let Some(home) = homes.iter().find(|home| !(lower..=upper).contains(&home.1)) {
        let message = format!("access `{}` is outside the bounds {lower} to {upper}", home.1);
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    let Some(mean) = weighted_mean(homes.iter().map(|home| (home.1, home.2))).filter(|mean| *mean > 0.0)
    else {
        return Ok(None);
    };
    let everyone: f64 = homes.iter().map(|home| home.2).sum();
    let mut below = 0.0;
    let mut covariance = 0.0;
    for alike in homes.chunk_by(|a, b| ties == Ties::MiddleRank && a.0 == b.0) {
        let count: f64 = alike.iter().map(|home| home.2).sum();
        let rank = (below + count / 2.0) / everyone;
        below += count;
        covariance +=
            alike.iter().map(|home| home.2 / everyone * (home.1 - mean) * (rank - 0.5)).sum::<f64>();
    }
    let standard = 2.0 * covariance / mean;
    let index = match variant {
        Concentration::Standard => standard,
        Concentration::Wagstaff => standard / (1.0 - mean),
        Concentration::Erreygers { .. } | Concentration::Corrected => 4.0 * mean / (upper - lower) * standard,
    };
    Ok(Some(index).filter(|index| index.is_finite()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: [f64; 3] = [1.0, 1.0, 2.0];
    const POSITION: [Option<f64>; 3] = [Some(1.0), Some(2.0), Some(3.0)];

    fn index(access: [f64; 3], variant: Concentration) -> Option<f64> {
        concentration_index(&access.map(Some), &PEOPLE, &POSITION, variant, Ties::default()).unwrap()
    }

    // Ranks 1/8, 3/8, 6/8; mean 0.5; covariance (-1/4)(-3/8)/2 + 0 + (1/2)(1/4)(1/4).
    #[test]
    fn every_variant_has_its_pencil_case() {
        let access = [0.0, 0.5, 0.75];
        let standard = 2.0 * (0.25 * -0.5 * -0.375 + 0.5 * 0.25 * 0.25) / 0.5;
        let near = |variant, expected: f64| {
            assert!((index(access, variant).unwrap() - expected).abs() < 1e-12, "{variant:?} {expected}");
        };
        near(Concentration::Standard, standard);
        near(Concentration::Wagstaff, standard / 0.5);
        near(Concentration::Erreygers { lower: 0.0, upper: 4.0 }, standard * 0.5);
        near(Concentration::Corrected, standard * 2.0 / 0.75);
    }

    #[test]
    fn the_same_for_all_is_no_concentration() {
        assert_eq!(index([2.0; 3], Concentration::Standard), Some(0.0));
        assert_eq!(index([2.0; 3], Concentration::Corrected), None);
        assert_eq!(index([0.0; 3], Concentration::Standard), None);
    }

    #[test]
    fn ties_share_the_middle_rank_whatever_their_order() {
        let alike = [Some(1.0), Some(1.0), Some(2.0)];
        let of = |access: [f64; 3], ties| {
            let standard = Concentration::Standard;
            concentration_index(&access.map(Some), &[1.0; 3], &alike, standard, ties).unwrap().unwrap()
        };
        let (one, other) = ([1.0, 5.0, 3.0], [5.0, 1.0, 3.0]);
        assert!((of(one, Ties::MiddleRank) - of(other, Ties::MiddleRank)).abs() < 1e-15);
        assert!(of(one, Ties::AsListed) > of(other, Ties::AsListed));
    }

    #[test]
    fn a_value_outside_the_bounds_is_refused() {
        let refused = |variant| {
            concentration_index(&[Some(2.0)], &[1.0], &[Some(1.0)], variant, Ties::default())
                .unwrap_err()
                .kind()
        };
        assert_eq!(refused(Concentration::Wagstaff), ErrorKind::Parameter);
        assert_eq!(refused(Concentration::Erreygers { lower: 3.0, upper: 9.0 }), ErrorKind::Parameter);
        assert_eq!(refused(Concentration::Erreygers { lower: f64::NAN, upper: 9.0 }), ErrorKind::Parameter);
    }
}
