//! Geary's C.

use super::{GlobalStatistic, Moments, Permutations, Sample, kurtosis};
use crate::spatial::weights::SpatialWeights;
use crate::{Progress, Result};

/// Geary's C: below 1 where neighbours differ less than in a random order, above 1 where they differ more.
///
/// C = (n - 1) Σ w_ij (z_i - z_j)² / (2 S0 Σ z_i²). It looks at differences between neighbours, Moran's I at their
/// common distance from the mean. `None` as for [`super::moran`].
///
/// # Errors
/// As for [`super::moran`].
///
/// # Source
/// Geary (1954), "The contiguity ratio and statistical mapping"; moments: Cliff & Ord (1981), "Spatial processes".
pub fn geary(
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
        let differences = sample.weights.rows().zip(z).map(|(row, z_i)| {
            row.iter().map(|(neighbour, weight)| weight * (z_i - z[neighbour]).powi(2)).sum::<f64>()
        });
        (n - 1.0) * differences.sum::<f64>() / (2.0 * sums.s0 * squares)
    };
    let s0_squared = sums.s0 * sums.s0;
    let under_normality =
        ((2.0 * sums.s1 + sums.s2) * (n - 1.0) - 4.0 * s0_squared) / (2.0 * (n + 1.0) * s0_squared);
    let peak = kurtosis(&centred);
    let pairs = (n - 1.0) * sums.s1 * (n * n - 3.0 * n + 3.0 - (n - 1.0) * peak);
    let places = (n - 1.0) * sums.s2 * (n * n + 3.0 * n - 6.0 - (n * n - n + 2.0) * peak) / 4.0;
    let all = s0_squared * (n * n - 3.0 - (n - 1.0).powi(2) * peak);
    let under_randomisation = (pairs - places + all) / (n * (n - 2.0) * (n - 3.0) * s0_squared);
    let moments = Moments { expected: 1.0, under_normality: Some(under_normality), under_randomisation };
    GlobalStatistic::tested(&centred, &moments, 1.0, permutations, progress, index).map(Some)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{board, known};
    use super::*;
    use crate::Quiet;

    #[test]
    fn a_slope_differs_little_between_neighbours_and_draws_agree_with_the_formula() {
        let values = known((0..64).map(|place| f64::from(place % 8 * 3 + place / 8)));
        let found = geary(&values, &board(8), Some(Permutations::new(4_999, 1)), &Quiet).unwrap().unwrap();
        assert!(found.value < 0.2 && found.randomisation.z < -5.0);
        let drawn = found.permutation.unwrap();
        assert!((drawn.mean - 1.0).abs() < 0.01);
        assert!((drawn.standard_deviation / found.randomisation.variance.sqrt() - 1.0).abs() < 0.05);
        assert_eq!(drawn.tails.p_less(), 1.0 / 5_000.0);
    }
}
