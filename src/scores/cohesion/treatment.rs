//! Outliers, drawn in until skewness and kurtosis are tame.

use super::definition::{Treat, TreatMethod};
use super::statistics::{known, kurtosis, skewness};
use serde::Serialize;

/// What is done to every value of an indicator, found on the places of reference.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Treatment {
    /// Nothing.
    Untreated,
    /// Values beyond the bounds are set to them.
    Winsorised {
        /// Values that changed at the low end.
        low_points: usize,
        /// Values that changed at the high end.
        high_points: usize,
        /// Lower bound.
        low: f64,
        /// Upper bound.
        high: f64,
    },
    /// The logarithm of the distance from the smallest value, plus a hundredth of the range.
    Log {
        /// The smallest value.
        low: f64,
        /// Range of the values.
        range: f64,
    },
}

impl Treatment {
    /// Finds the treatment that `spec` asks for. An indicator is treated if |skewness| and kurtosis both reach their
    /// thresholds; with `winsorise_or_log` the logarithm is taken of the untreated values where winsorising up to
    /// `points` values does not suffice. Fewer than four values, or values without spread, are left as they are.
    ///
    /// Values that are equal are winsorised together, so slightly more than `points` may change.
    ///
    /// # Source
    /// OECD & JRC (2008), "Handbook on constructing composite indicators"; Becker et al. (2022), COINr: `winsorise`,
    /// `log_CT`, `check_SkewKurt`.
    #[must_use]
    pub fn find(values: &[Option<f64>], spec: &Treat) -> Self {
        let values = known(values);
        if spec.method == TreatMethod::None || passes(&values, spec) {
            return Self::Untreated;
        }
        if spec.method == TreatMethod::Log {
            return Self::log(&values);
        }
        let (treated, winsorised) = winsorise(&values, spec);
        let suffices = spec.method == TreatMethod::Winsorise || passes(&treated, spec);
        if suffices { winsorised } else { Self::log(&values) }
    }

    fn log(values: &[f64]) -> Self {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        Self::Log { low, range: high - low }
    }

    /// One value, treated.
    #[must_use]
    pub fn apply(&self, value: f64) -> f64 {
        match *self {
            Self::Untreated => value,
            Self::Winsorised { low, high, .. } => value.clamp(low, high),
            // Beyond the reference nothing is below its smallest value.
            Self::Log { low, range } => (value.max(low) - low + 0.01 * range).ln(),
        }
    }
}

fn passes(values: &[f64], spec: &Treat) -> bool {
    match (skewness(values), kurtosis(values)) {
        (Some(skewness), Some(kurtosis)) => skewness.abs() < spec.skewness || kurtosis < spec.kurtosis,
        _ => true,
    }
}

/// Sets the highest (if skewed to the right) or lowest values to the next, one after the other.
fn winsorise(values: &[f64], spec: &Treat) -> (Vec<f64>, Treatment) {
    let mut values = values.to_vec();
    let (mut low_points, mut high_points) = (0, 0);
    let ends = |values: &[f64]| {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        (low, values.iter().copied().fold(f64::NEG_INFINITY, f64::max))
    };
    while !passes(&values, spec) && low_points + high_points < spec.points {
        let (low, high) = ends(&values);
        let right = skewness(&values).is_some_and(|skewness| skewness >= 0.0);
        let end = if right { high } else { low };
        let inside: Vec<f64> = values.iter().copied().filter(|value| *value != end).collect();
        let (next_low, next_high) = ends(&inside);
        let points = values.len() - inside.len();
        *(if right { &mut high_points } else { &mut low_points }) = points;
        values.iter_mut().filter(|value| **value == end).for_each(|value| {
            *value = if right { next_high } else { next_low };
        });
    }
    let (low, high) = ends(&values);
    (values, Treatment::Winsorised { low_points, high_points, low, high })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(method: TreatMethod) -> Treat {
        Treat { method, ..Treat::default() }
    }

    fn some(values: &[f64]) -> Vec<Option<f64>> {
        values.iter().copied().map(Some).collect()
    }

    #[test]
    fn outliers_are_set_to_the_next_value_until_the_shape_is_tame() {
        // 1 to 10, then two outliers: 100 alone is drawn in to 30, and that suffices.
        let values = some(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 30.0, 100.0]);
        let found = Treatment::find(&values, &spec(TreatMethod::WinsoriseOrLog));
        assert_eq!(found, Treatment::Winsorised { low_points: 0, high_points: 1, low: 1.0, high: 30.0 });
        assert_eq!((found.apply(100.0), found.apply(9.0)), (30.0, 9.0));
        assert_eq!(Treatment::find(&values[..10], &spec(TreatMethod::WinsoriseOrLog)), Treatment::Untreated);
    }

    #[test]
    fn where_five_points_do_not_suffice_the_logarithm_is_taken_of_the_untreated_values() {
        let values: Vec<f64> = (0..60).map(|i| 2_f64.powi(i)).collect();
        let found = Treatment::find(&some(&values), &spec(TreatMethod::WinsoriseOrLog));
        let (low, range) = (values[0], values[59] - values[0]);
        assert_eq!(found, Treatment::Log { low, range });
        assert_eq!(found.apply(low), (0.01 * range).ln());
        let forced = Treatment::find(&some(&values), &spec(TreatMethod::Winsorise));
        assert_eq!(forced, Treatment::Winsorised { low_points: 0, high_points: 5, low, high: values[54] });
    }

    #[test]
    fn tame_few_and_constant_values_stay() {
        for values in [vec![1.0, 2.0, 3.0, 4.0, 5.0], vec![1.0, 900.0, 2.0], vec![4.0; 30]] {
            for method in [TreatMethod::WinsoriseOrLog, TreatMethod::Log, TreatMethod::Winsorise] {
                assert_eq!(Treatment::find(&some(&values), &spec(method)), Treatment::Untreated);
            }
        }
    }
}
