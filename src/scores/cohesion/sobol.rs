//! Which inputs a result depends on: variance-based sensitivity of any function of the unit cube.

use crate::stats::random::Random;
use crate::{Error, ErrorKind, Result};
use rayon::prelude::*;
use serde::Serialize;

/// Resamples that the standard errors rest on.
const RESAMPLES: usize = 200;

/// How much of the variance of a result is due to one input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Sensitivity {
    /// Share of the variance that fixing this input alone would take away.
    pub first: f64,
    /// Its standard error, by bootstrap.
    pub first_error: f64,
    /// Share of the variance that is left when all other inputs are fixed; above `first` by what it does together
    /// with others.
    pub total: f64,
    /// Its standard error, by bootstrap.
    pub total_error: f64,
}

/// First-order and total sensitivity of `model`, which is called `samples` × (`inputs` + 2) times with `inputs`
/// independent numbers, each even over 0 to 1.
///
/// Where the result never changes, all are 0. The same numbers on any number of threads.
///
/// # Errors
/// [`ErrorKind::Parameter`] for no inputs or fewer than 8 samples; the first error of `model`.
///
/// # Source
/// First order: Saltelli et al. (2010), "Variance based sensitivity analysis of model output", table 2 (b); total:
/// Jansen (1999), "Analysis of variance designs for model output", there table 2 (f).
///
/// # Example
/// ```
/// use commonground::scores::cohesion::sobol;
/// // x₁ + 2 x₂: variances 1 and 4, so 1/5 and 4/5 of the whole.
/// let found = sobol(2, 4_096, 1, |x| Ok(x[0] + 2.0 * x[1]))?;
/// assert!((found[0].total - 0.2).abs() < 0.02 && (found[1].total - 0.8).abs() < 0.04);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn sobol(
    inputs: usize,
    samples: usize,
    seed: u64,
    model: impl Fn(&[f64]) -> Result<f64> + Sync,
) -> Result<Vec<Sensitivity>> {
    if inputs == 0 || samples < 8 {
        let message = format!("sensitivity of {inputs} inputs with {samples} samples");
        return Err(Error::new(ErrorKind::Parameter, message).hint("one input and eight samples at least"));
    }
    // Each row: the result at A, at B, and at A with each input in turn taken from B.
    let rows = (0..samples)
        .into_par_iter()
        .map(|sample| {
            let mut random = Random::new(seed, sample as u64);
            let a: Vec<f64> = (0..inputs).map(|_| random.unit()).collect();
            let b: Vec<f64> = (0..inputs).map(|_| random.unit()).collect();
            let mut row = vec![model(&a)?, model(&b)?];
            for input in 0..inputs {
                let mut mixed = a.clone();
                mixed[input] = b[input];
                row.push(model(&mixed)?);
            }
            Ok(row)
        })
        .collect::<Result<Vec<Vec<f64>>>>()?;
    let all: Vec<usize> = (0..samples).collect();
    let found = shares(&rows, &all, inputs);
    let resampled: Vec<Vec<(f64, f64)>> = (0..RESAMPLES)
        .into_par_iter()
        .map(|resample| {
            let mut random = Random::new(seed, (samples + resample) as u64);
            let chosen: Vec<usize> = (0..samples).map(|_| random.below(samples)).collect();
            shares(&rows, &chosen, inputs)
        })
        .collect();
    let error = |value: &dyn Fn(&(f64, f64)) -> f64, input: usize| {
        super::statistics::sample_deviation(
            &resampled.iter().map(|shares| value(&shares[input])).collect::<Vec<_>>(),
        )
    };
    let sensitivity = |(input, (first, total)): (usize, &(f64, f64))| Sensitivity {
        first: *first,
        first_error: error(&|pair| pair.0, input),
        total: *total,
        total_error: error(&|pair| pair.1, input),
    };
    Ok(found.iter().enumerate().map(sensitivity).collect())
}

/// First-order and total shares over the chosen rows.
fn shares(rows: &[Vec<f64>], chosen: &[usize], inputs: usize) -> Vec<(f64, f64)> {
    let count = chosen.len() as f64;
    let mean =
        |value: &dyn Fn(&[f64]) -> f64| chosen.iter().map(|&row| value(&rows[row])).sum::<f64>() / count;
    let middle = mean(&|row| (row[0] + row[1]) / 2.0);
    let variance = mean(&|row| ((row[0] - middle).powi(2) + (row[1] - middle).powi(2)) / 2.0);
    (0..inputs)
        .map(|input| {
            // A result around its mean loses less to rounding and noise.
            let first = mean(&|row| (row[1] - middle) * (row[2 + input] - row[0]));
            let total = mean(&|row| (row[0] - row[2 + input]).powi(2)) / 2.0;
            if variance > 0.0 { (first / variance, total / variance) } else { (0.0, 0.0) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    #[test]
    fn ishigamis_function_has_its_known_shares() {
        let ishigami = |x: &[f64]| {
            let x: Vec<f64> = x.iter().map(|x| PI * (2.0 * x - 1.0)).collect();
            Ok(x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin())
        };
        let found = sobol(3, 1 << 14, 7, ishigami).unwrap();
        // Saltelli et al. (2008), "Global sensitivity analysis", section 4.5: a = 7, b = 0.1.
        for (found, (first, total)) in found.iter().zip([(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)]) {
            assert!((found.first - first).abs() < 4.0 * found.first_error, "{found:?}");
            assert!((found.total - total).abs() < 4.0 * found.total_error, "{found:?}");
            assert!(found.first_error < 0.02 && found.total_error < 0.02);
        }
    }

    #[test]
    fn what_does_nothing_has_no_share_and_nothing_is_drawn_for_nothing() {
        let found = sobol(2, 64, 1, |x| Ok(x[0])).unwrap();
        assert_eq!((found[1].first, found[1].total), (0.0, 0.0));
        assert!(sobol(2, 64, 1, |_| Ok(3.0)).unwrap().iter().all(|found| found.total == 0.0));
        assert_eq!(sobol(0, 64, 1, |_| Ok(3.0)).unwrap_err().kind(), ErrorKind::Parameter);
        assert_eq!(sobol(1, 4, 1, |_| Ok(3.0)).unwrap_err().kind(), ErrorKind::Parameter);
    }
}
