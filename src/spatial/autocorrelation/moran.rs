//! Moran's I: for the city, and for every place.

use super::permutation::{Permutations, Tails, conditional, times};
use super::{GlobalStatistic, Moments, Sample, kurtosis};
use crate::spatial::weights::SpatialWeights;
use crate::{Progress, Result};

/// Moran's I: 1 where like lies beside like, about 0 in a random order, below where unlike does.
///
/// I = (n/S0) Σ w_ij z_i z_j / Σ z_i², with z the values less their mean.
///
/// `None` if fewer than four places have a value, all have the same, or nobody has a neighbour.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the lengths differ, a value is not finite, no draw is asked for, or the weights
/// refuse islands and there is one; [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
///
/// # Source
/// Moran (1950), "Notes on continuous stochastic phenomena"; moments: Cliff & Ord (1981), "Spatial processes".
///
/// # Example
/// ```
/// use commonground::Quiet;
/// use commonground::scores::{autocorrelation::moran, weights::SpatialWeights};
/// // Four places in a row, low on the left and high on the right.
/// let pairs = [(0, 1), (1, 2), (2, 3)];
/// let links = pairs.iter().flat_map(|&(a, b)| [(a, b, 1.0), (b, a, 1.0)]).collect();
/// let weights = SpatialWeights::from_links(4, links)?;
/// let found = moran(&[Some(1.0), Some(1.0), Some(3.0), Some(3.0)], &weights, None, &Quiet)?.unwrap();
/// assert!((found.value - 1.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn moran(
    values: &[Option<f64>],
    weights: &SpatialWeights,
    permutations: Option<Permutations>,
    progress: &dyn Progress,
) -> Result<Option<GlobalStatistic>> {
    let Some(sample) = Sample::new(values, weights)? else { return Ok(None) };
    let centred = sample.centred();
    let squares: f64 = centred.iter().map(|z| z * z).sum();
    let n = centred.len() as f64;
    let sums = sample.weights.sums();
    let index = |z: &[f64]| {
        let products = sample.weights.rows().zip(z).map(|(row, z_i)| z_i * row.lag(z));
        n / sums.s0 * products.sum::<f64>() / squares
    };
    let expected = -1.0 / (n - 1.0);
    let s0_squared = sums.s0 * sums.s0;
    let under_normality = (n * n * sums.s1 - n * sums.s2 + 3.0 * s0_squared) / ((n * n - 1.0) * s0_squared)
        - expected * expected;
    let even = n * ((n * n - 3.0 * n + 3.0) * sums.s1 - n * sums.s2 + 3.0 * s0_squared);
    let peaked = kurtosis(&centred) * ((n * n - n) * sums.s1 - 2.0 * n * sums.s2 + 6.0 * s0_squared);
    let under_randomisation =
        (even - peaked) / ((n - 1.0) * (n - 2.0) * (n - 3.0) * s0_squared) - expected * expected;
    let moments = Moments { expected, under_normality: Some(under_normality), under_randomisation };
    GlobalStatistic::tested(&centred, &moments, 1.0, permutations, progress, index).map(Some)
}

/// How a place and its neighbours lie to the mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Quadrant {
    /// High among high; 1 in PySAL.
    HighHigh = 1,
    /// Low among high.
    LowHigh = 2,
    /// Low among low.
    LowLow = 3,
    /// High among low.
    HighLow = 4,
}

impl Quadrant {
    fn of(z: f64, lag: f64) -> Self {
        match (z > 0.0, lag > 0.0) {
            (true, true) => Self::HighHigh,
            (false, true) => Self::LowHigh,
            (false, false) => Self::LowLow,
            (true, false) => Self::HighLow,
        }
    }

    /// In words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HighHigh => "high among high",
            Self::LowHigh => "low among high",
            Self::LowLow => "low among low",
            Self::HighLow => "high among low",
        }
    }
}

/// Local Moran of one place.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LocalMoran {
    /// (n - 1) z_i Σ_j w_ij z_j / Σ z²: high where the place is like its neighbours, negative where it is not.
    pub index: f64,
    /// How the place and its neighbours lie to the mean.
    pub quadrant: Quadrant,
    /// Against random neighbours; `None` if no permutations were asked for.
    pub tails: Option<Tails>,
}

/// Local Moran: where like lies beside like. With row-standardised weights the local values sum to (n - 1) times
/// Moran's I.
///
/// One entry per place; `None` for places without value or neighbours, and for all where [`moran`] is `None`.
///
/// # Errors
/// As for [`moran`].
///
/// # Source
/// Anselin (1995), "Local indicators of spatial association"; scaled as in PySAL.
pub fn local_moran(
    values: &[Option<f64>],
    weights: &SpatialWeights,
    permutations: Option<Permutations>,
    progress: &dyn Progress,
) -> Result<Vec<Option<LocalMoran>>> {
    let Some(sample) = Sample::new(values, weights)? else { return Ok(vec![None; values.len()]) };
    let centred = sample.centred();
    let scale = (centred.len() - 1) as f64 / centred.iter().map(|z| z * z).sum::<f64>();
    let tails =
        permutations.map(|draws| conditional(&centred, &sample.weights, draws, progress)).transpose()?;
    let of = |place: usize| {
        let (row, z) = (sample.weights.of(place), centred[place]);
        let lag = row.lag(&centred);
        (!row.places.is_empty()).then(|| LocalMoran {
            index: scale * z * lag,
            quadrant: Quadrant::of(z, lag),
            tails: tails.as_ref().and_then(|tails| tails[place]).map(|tails| times(tails, z)),
        })
    };
    Ok(sample.spread(values.len(), (0..centred.len()).map(of).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{board, known};
    use super::*;
    use crate::Quiet;

    #[test]
    fn a_slope_on_the_board_has_the_published_moments() {
        let found = moran(&known((1..=9).map(f64::from)), &board(3), None, &Quiet).unwrap().unwrap();
        assert!((found.value - 0.5).abs() < 1e-15);
        assert!((found.randomisation.variance - 0.0596875).abs() < 1e-15);
        assert!((found.normality.unwrap().variance - 0.053125).abs() < 1e-15);
    }

    #[test]
    fn local_values_sum_to_the_global_one_and_know_their_quadrant() {
        let weights = board(3).row_standardised();
        let values = known([9.0, 8.0, 1.0, 7.0, 1.0, 2.0, 1.0, 2.0, 9.0]);
        let global = moran(&values, &weights, None, &Quiet).unwrap().unwrap();
        let local = local_moran(&values, &weights, None, &Quiet).unwrap();
        let sum: f64 = local.iter().map(|place| place.unwrap().index).sum();
        assert!((sum - 8.0 * global.value).abs() < 1e-12);
        let quadrants: Vec<Quadrant> = local.iter().map(|place| place.unwrap().quadrant).collect();
        assert_eq!(
            (quadrants[0], quadrants[4], quadrants[8]),
            (Quadrant::HighHigh, Quadrant::LowHigh, Quadrant::HighLow)
        );
    }

    #[test]
    fn a_planted_cluster_is_found_and_a_missing_value_is_no_neighbour() {
        let mut values = known((0..400).map(|place| {
            let (row, column) = (place / 20, place % 20);
            f64::from(u8::from(row < 4 && column < 4)) * 10.0 + f64::from(place * 37 % 11)
        }));
        values[21] = None;
        let local =
            local_moran(&values, &board(20).row_standardised(), Some(Permutations::new(999, 1)), &Quiet)
                .unwrap();
        assert_eq!(local[21], None);
        let inside = local[42].unwrap();
        assert_eq!(inside.quadrant, Quadrant::HighHigh);
        assert!(inside.tails.unwrap().p_two_sided() < 0.01);
        assert!(local[399].unwrap().tails.unwrap().p_two_sided() > 0.01);
    }
}
