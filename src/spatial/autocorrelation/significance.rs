//! From a statistic to how surprising it is, once and over many places.

/// A statistic against its expectation, by formula.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ZTest {
    /// What it would be on average if place did not matter.
    pub expected: f64,
    /// Its variance then.
    pub variance: f64,
    /// How many standard deviations it lies above.
    pub z: f64,
}

impl ZTest {
    pub(super) fn new(value: f64, expected: f64, variance: f64) -> Self {
        Self { expected, variance, z: (value - expected) / variance.sqrt() }
    }

    /// Probability of lying at least as far out on the same side.
    #[must_use]
    pub fn p_one_sided(&self) -> f64 {
        normal_tail(self.z.abs())
    }

    /// Probability of lying at least as far out on either side.
    #[must_use]
    pub fn p_two_sided(&self) -> f64 {
        (2.0 * normal_tail(self.z.abs())).min(1.0)
    }
}

/// Probability that a standard normal lies above `z`.
pub(super) fn normal_tail(z: f64) -> f64 {
    libm::erfc(z / std::f64::consts::SQRT_2) / 2.0
}

/// p-values adjusted for the share of false discoveries; in the order of the input, `None` where there is none.
///
/// What has an adjusted value of at most 0.05 may be called a discovery when one in twenty of them may be false.
/// With M permutations the smallest p is 1/(M + 1): for one true cluster among n places, M must exceed n over the share.
///
/// # Source
/// Benjamini & Hochberg (1995), "Controlling the false discovery rate".
///
/// # Example
/// ```
/// use commonground::scores::autocorrelation::benjamini_hochberg;
/// assert_eq!(benjamini_hochberg(&[Some(0.04), None, Some(0.01)]), [Some(0.04), None, Some(0.02)]);
/// ```
#[must_use]
pub fn benjamini_hochberg(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut sorted: Vec<(f64, usize)> =
        p_values.iter().enumerate().filter_map(|(place, p)| Some(((*p)?, place))).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let count = sorted.len() as f64;
    let mut adjusted = vec![None; p_values.len()];
    let mut least: f64 = 1.0;
    for (rank, &(p, place)) in sorted.iter().enumerate().rev() {
        least = least.min(p * count / (rank + 1) as f64);
        adjusted[place] = Some(least);
    }
    adjusted
}

/// The p-value below which results are discoveries at rate `alpha`: the largest k·alpha/n that the k-th smallest p lies
/// below, or alpha/n if there is none.
///
/// # Source
/// Castro & Singer (2006), "Controlling the false discovery rate"; the same cut-off as PySAL's `fdr`.
#[must_use]
pub fn fdr_threshold(p_values: &[Option<f64>], alpha: f64) -> f64 {
    let mut sorted: Vec<f64> = p_values.iter().copied().flatten().collect();
    sorted.sort_by(f64::total_cmp);
    let step = |rank: usize| (rank + 1) as f64 * alpha / sorted.len() as f64;
    let last = (0..sorted.len()).rev().find(|&rank| sorted[rank] < step(rank));
    step(last.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const P: [f64; 10] = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216];

    #[test]
    fn discoveries_are_those_of_the_published_example() {
        let mut p: Vec<Option<f64>> = P.into_iter().map(Some).collect();
        let expected = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.105714, 0.216, 0.216, 0.216];
        for (adjusted, expected) in benjamini_hochberg(&p).into_iter().zip(expected) {
            assert!((adjusted.unwrap() - expected).abs() < 5e-7);
        }
        assert_eq!(benjamini_hochberg(&p).iter().filter(|p| p.unwrap() <= 0.05).count(), 2);
        assert!((fdr_threshold(&p, 0.05) - 0.01).abs() < 1e-15);
        p.reverse();
        assert!((benjamini_hochberg(&p)[9].unwrap() - 0.01).abs() < 1e-15);
    }

    #[test]
    fn without_discoveries_the_threshold_is_the_strictest() {
        assert_eq!(fdr_threshold(&[Some(0.9), None, Some(0.8)], 0.05), 0.025);
        assert_eq!(benjamini_hochberg(&[None]), [None]);
    }

    #[test]
    fn tails_of_the_normal_are_those_of_the_tables() {
        assert!((normal_tail(1.959_963_984_540_054) - 0.025).abs() < 1e-15);
        assert_eq!(normal_tail(0.0), 0.5);
    }
}
