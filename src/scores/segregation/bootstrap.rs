//! How certain an index is: the bootstrap.

use super::GroupCounts;
use super::randomise::{all_draws, mean_and_deviation, multinomial, to_whole};
use crate::spatial::small_counts::two_sided_quantile;
use crate::stats::random::Random;
use crate::{Progress, Result};

/// What a bootstrap draws again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Resample {
    /// Places, with replacement: as if the city were a sample of places. For indices without an environment.
    Places,
    /// The members of each group over their places (multinomial): as if the people were a sample. Allen et al. (2015).
    People,
}

impl Resample {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Places, Self::People];

    /// Name in Python.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::People => "people",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|resample| resample.name() == name)
    }
}

/// An index with its bootstrap interval.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Bootstrapped {
    /// The index of the data.
    pub observed: f64,
    /// 2 × observed - mean of the draws: the index without the bias that small counts give it. Allen et al. (2015).
    pub bias_corrected: f64,
    /// Standard deviation of the draws: the standard error of the index.
    pub standard_error: f64,
    /// observed ∓ quantile × standard error around the bias-corrected index.
    pub interval: (f64, f64),
    /// One value per draw, in their order.
    pub draws: Vec<f64>,
}

/// Draws the data again to tell how certain an index is.
///
/// - `confidence`: of the interval, between 0 and 1, such as 0.95.
/// - `draws`, `seed`: as for [`randomise`](super::randomise).
///
/// `None` if the index has no value, in the city or in a draw.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] without draws, or if `confidence` is not between 0 and 1; [`crate::ErrorKind::Cancelled`] if
/// `progress` asks to stop.
///
/// # Source
/// Allen, Burgess, Davidson & Windmeijer (2015), "More reliable inference for the dissimilarity index of segregation".
pub fn bootstrap(
    counts: &GroupCounts,
    resample: Resample,
    draws: usize,
    seed: u64,
    confidence: f64,
    progress: &dyn Progress,
    index: impl Fn(&GroupCounts) -> Option<f64> + Sync,
) -> Result<Option<Bootstrapped>> {
    let quantile = two_sided_quantile(confidence)?;
    let drawn = all_draws(draws, seed, progress, |random| index(&redraw(counts, resample, random)))?;
    Ok(index(counts).zip(drawn).map(|(observed, draws)| {
        let (mean, standard_error) = mean_and_deviation(&draws);
        let bias_corrected = 2.0 * observed - mean;
        let half = quantile * standard_error;
        Bootstrapped {
            observed,
            bias_corrected,
            standard_error,
            interval: (bias_corrected - half, bias_corrected + half),
            draws,
        }
    }))
}

fn redraw(counts: &GroupCounts, resample: Resample, random: &mut Random) -> GroupCounts {
    let width = counts.groups();
    let mut drawn = vec![0.0; counts.counts().len()];
    match resample {
        Resample::Places => {
            for row in drawn.chunks_exact_mut(width) {
                row.copy_from_slice(counts.row(random.below(counts.places())));
            }
        }
        Resample::People => {
            for (group, (&members, &whole)) in
                counts.group_totals().iter().zip(&to_whole(counts.group_totals())).enumerate()
            {
                let shares: Vec<f64> =
                    (0..counts.places()).map(|place| counts.row(place)[group] / members).collect();
                if members > 0.0 {
                    multinomial(random, whole, &shares, |place, chosen| {
                        drawn[place * width + group] = chosen
                    });
                }
            }
        }
    }
    counts.replaced(drawn)
}

#[cfg(test)]
mod tests {
    use super::super::Index;
    use super::*;
    use crate::Quiet;

    #[test]
    fn the_bootstrap_corrects_upward_bias() {
        let even = GroupCounts::of_group(&[5.0, 6.0, 4.0, 5.0, 7.0, 3.0], &[20.0; 6]).unwrap();
        let found =
            bootstrap(&even, Resample::People, 499, 2, 0.95, &Quiet, |drawn| Index::Dissimilarity.of(drawn))
                .unwrap()
                .unwrap();
        assert!(found.bias_corrected < found.observed && found.interval.0 < found.interval.1);
        assert!(
            bootstrap(&even, Resample::Places, 0, 2, 0.95, &Quiet, |drawn| Index::Gini.of(drawn)).is_err()
        );
        assert!(
            bootstrap(&even, Resample::Places, 9, 2, 1.0, &Quiet, |drawn| Index::Gini.of(drawn)).is_err()
        );
    }
}
