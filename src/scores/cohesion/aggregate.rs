//! Several numbers become one.

use super::definition::{AggregateMethod, wrong};
use super::statistics::{known, mid_ranks};
use crate::progress::go_on;
use crate::{Error, ErrorKind, Progress, Result};
use rayon::prelude::*;

/// A way to make one number of several that looks at one place alone.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Mean {
    /// Σ w x / Σ w.
    Arithmetic,
    /// exp(Σ w ln x / Σ w).
    Geometric,
    /// Σ w / Σ (w / x).
    Harmonic,
    /// (Σ w xᵖ / Σ w)^(1/p); at p = 0 its limit, the geometric mean.
    Generalised(f64),
    /// Σ w x.
    Sum,
}

impl Mean {
    /// The mean of a method; `None` for the methods that compare places.
    #[must_use]
    pub fn of(method: AggregateMethod, power: f64) -> Option<Self> {
        Some(match method {
            AggregateMethod::Arithmetic => Self::Arithmetic,
            AggregateMethod::Geometric => Self::Geometric,
            AggregateMethod::Harmonic => Self::Harmonic,
            AggregateMethod::Generalised if power == 0.0 => Self::Geometric,
            AggregateMethod::Generalised => Self::Generalised(power),
            AggregateMethod::Sum => Self::Sum,
            AggregateMethod::Copeland | AggregateMethod::CopelandMajority => return None,
        })
    }

    /// Whether values below a floor are lifted to it: those that 0 would wipe out.
    pub(super) fn has_floor(self) -> bool {
        !matches!(self, Self::Arithmetic | Self::Sum)
    }

    /// One number of several.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the lengths differ, or a weight is negative, not finite, or all are 0;
    /// [`ErrorKind::Value`] for a value of 0 or less where the mean needs more.
    ///
    /// # Example
    /// ```
    /// use commonground::scores::cohesion::Mean;
    /// let values = [1.0, 2.0, 3.0];
    /// assert!((Mean::Geometric.apply(&values, &[1.0, 1.0, 2.0])? - 18_f64.powf(0.25)).abs() < 1e-12);
    /// assert!((Mean::Harmonic.apply(&values, &[2.0, 1.0, 1.0])? - 4.0 / (2.0 + 0.5 + 1.0 / 3.0)).abs() < 1e-12);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn apply(self, values: &[f64], weights: &[f64]) -> Result<f64> {
        check_weights(weights)?;
        if values.len() != weights.len() {
            return Err(wrong(format!("{} values for {} weights", values.len(), weights.len())));
        }
        let needs_more = self.has_floor();
        if let Some(bad) = values.iter().find(|value| !value.is_finite() || (needs_more && **value <= 0.0)) {
            return Err(not_positive(*bad));
        }
        Ok(self.combine(values, weights))
    }

    /// As [`Mean::apply`], for values and weights that are checked already.
    pub(super) fn combine(self, values: &[f64], weights: &[f64]) -> f64 {
        let all: f64 = weights.iter().sum();
        let sum =
            |f: &dyn Fn(f64) -> f64| -> f64 { values.iter().zip(weights).map(|(x, w)| w * f(*x)).sum() };
        let whole = match self {
            Self::Arithmetic => sum(&|x| x) / all,
            Self::Geometric => (sum(&f64::ln) / all).exp(),
            Self::Harmonic => all / sum(&|x| 1.0 / x),
            Self::Generalised(p) => (sum(&|x| x.powf(p)) / all).powf(1.0 / p),
            Self::Sum => return sum(&|x| x),
        };
        // A mean lies between its values, whatever the last bits of logarithms and powers say: alike stays alike.
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        whole.clamp(low, values.iter().copied().fold(low, f64::max))
    }

    /// How much the whole rises with each part: ∂I/∂x.
    pub(super) fn slopes(self, whole: f64, values: &[f64], weights: &[f64]) -> Vec<f64> {
        let all: f64 = weights.iter().sum();
        let slope = |(x, w): (&f64, &f64)| match self {
            Self::Arithmetic => w / all,
            Self::Geometric => w / all * whole / x,
            Self::Harmonic => w / all * (whole / x).powi(2),
            Self::Generalised(p) => w / all * (x / whole).powf(p - 1.0),
            Self::Sum => *w,
        };
        values.iter().zip(weights).map(slope).collect()
    }
}

pub(super) fn not_positive(value: f64) -> Error {
    Error::new(ErrorKind::Value, format!("a geometric, harmonic or generalised mean cannot take {value}"))
        .in_layer("index")
        .hint("normalise to values above 0, set [aggregate] floor, or choose another mean")
}

/// # Errors
/// [`ErrorKind::Parameter`] unless all are 0 or more and one is more.
pub(super) fn check_weights(weights: &[f64]) -> Result<()> {
    if let Some(bad) = weights.iter().find(|weight| !weight.is_finite() || **weight < 0.0) {
        return Err(wrong(format!("a weight is {bad}")).hint("weights are 0 or more"));
    }
    if weights.iter().all(|weight| *weight == 0.0) {
        return Err(wrong("all weights are 0").hint("give one of the parts a weight above 0"));
    }
    Ok(())
}

/// Sum over all other places of the share of weight in which this one is better, half of it where both are equal.
///
/// - `columns`: one column per part; places are compared by the parts that both have.
///
/// A place without any part gets `None`. This is the sum of the rows of the outranking matrix, which COINr calls
/// Copeland's score; see [`copeland_majority`] for the count of majorities.
///
/// # Source
/// Becker et al. (2022), COINr: `a_copeland`; Munda & Nardo (2009), "Noncompensatory/nonlinear composite indicators for
/// ranking countries".
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn copeland(
    columns: &[&[Option<f64>]],
    weights: &[f64],
    progress: &dyn Progress,
) -> Result<Vec<Option<f64>>> {
    let places = columns.first().map_or(0, |column| column.len());
    let has_all = |place: usize| columns.iter().all(|column| column[place].is_some());
    let has_none = |place: usize| columns.iter().all(|column| column[place].is_none());
    if !(0..places).all(|place| has_all(place) || has_none(place)) {
        return outranked(columns, weights, |share| share, progress);
    }
    // Where nothing is missing, a part's share is the number of places below and half of those level: its rank.
    let all: f64 = weights.iter().sum();
    let mut scores: Vec<Option<f64>> = (0..places).map(|place| has_all(place).then_some(0.0)).collect();
    for (column, weight) in columns.iter().zip(weights) {
        let mut ranks = mid_ranks(&known(column)).into_iter();
        for score in scores.iter_mut().flatten() {
            *score += weight / all * (ranks.next().unwrap_or(1.0) - 1.0);
        }
    }
    Ok(scores)
}

/// Places beaten by a majority of the weight, less places lost to.
///
/// - `columns`: one column per part; places are compared by the parts that both have.
///
/// # Source
/// Copeland (1951), "A reasonable social welfare function".
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn copeland_majority(
    columns: &[&[Option<f64>]],
    weights: &[f64],
    progress: &dyn Progress,
) -> Result<Vec<Option<f64>>> {
    // Half and half is a draw, whatever the last bit says.
    let worth = |share: f64| match share - 0.5 {
        margin if margin > 1e-12 => 1.0,
        margin if margin < -1e-12 => -1.0,
        _ => 0.0,
    };
    outranked(columns, weights, worth, progress)
}

/// Every place against every other: with many places this takes minutes, and stops when asked.
fn outranked(
    columns: &[&[Option<f64>]],
    weights: &[f64],
    worth: impl Fn(f64) -> f64 + Sync,
    progress: &dyn Progress,
) -> Result<Vec<Option<f64>>> {
    let places = columns.first().map_or(0, |column| column.len());
    let against = |place: usize, other: usize| {
        let (mut won, mut all) = (0.0, 0.0);
        for (column, weight) in columns.iter().zip(weights) {
            if let (Some(own), Some(theirs)) = (column[place], column[other]) {
                all += weight;
                won += if own > theirs { *weight } else { weight / 2.0 * f64::from(u8::from(own == theirs)) };
            }
        }
        (all > 0.0).then(|| worth(won / all))
    };
    (0..places)
        .into_par_iter()
        .map(|place| {
            go_on(progress)?;
            let known = columns.iter().any(|column| column[place].is_some());
            let others = (0..places).filter(|&other| other != place);
            Ok(known.then(|| others.filter_map(|other| against(place, other)).sum()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;

    #[test]
    fn means_are_those_of_the_published_tests() {
        let values = [1.0, 2.0, 3.0];
        let close = |mean: Mean, weights: &[f64], expected: f64| {
            let found = mean.apply(&values, weights).unwrap();
            assert!((found - expected).abs() < 1e-12, "{mean:?}: {found}, not {expected}");
        };
        close(Mean::Geometric, &[1.0; 3], 6_f64.powf(1.0 / 3.0));
        close(Mean::Geometric, &[1.0, 1.0, 2.0], 18_f64.powf(0.25));
        close(Mean::Harmonic, &[2.0, 1.0, 1.0], 4.0 / (2.0 + 0.5 + 1.0 / 3.0));
        close(Mean::Generalised(-1.0), &[2.0, 1.0, 1.0], 4.0 / (2.0 + 0.5 + 1.0 / 3.0));
        close(Mean::Generalised(1.0), &[2.0, 1.0, 1.0], 1.75);
        close(Mean::Arithmetic, &[2.0, 1.0, 1.0], 1.75);
        close(Mean::Sum, &[2.0, 1.0, 1.0], 7.0);
        assert_eq!(Mean::Geometric.apply(&[100.0; 5], &[0.1, 0.3, 0.2, 0.7, 0.9]).unwrap(), 100.0);
        close(Mean::of(AggregateMethod::Generalised, 0.0).unwrap(), &[1.0; 3], 6_f64.powf(1.0 / 3.0));
    }

    #[test]
    fn a_slope_is_what_a_small_step_does() {
        let (values, weights) = ([30.0, 55.0, 80.0], [1.0, 2.0, 1.0]);
        let means = [Mean::Arithmetic, Mean::Geometric, Mean::Harmonic, Mean::Generalised(0.5), Mean::Sum];
        for mean in means {
            let whole = mean.combine(&values, &weights);
            for (part, slope) in mean.slopes(whole, &values, &weights).into_iter().enumerate() {
                let mut moved = values;
                moved[part] += 1e-5;
                let found = (mean.combine(&moved, &weights) - whole) / 1e-5;
                assert!((found - slope).abs() < 1e-5, "{mean:?} {part}: {found}, not {slope}");
            }
        }
    }

    #[test]
    fn weights_and_values_that_make_no_sense_are_refused() {
        for weights in [[-1.0, 2.0], [0.0, 0.0], [f64::NAN, 1.0]] {
            assert_eq!(Mean::Sum.apply(&[1.0, 2.0], &weights).unwrap_err().kind(), ErrorKind::Parameter);
        }
        assert_eq!(Mean::Sum.apply(&[1.0], &[1.0, 1.0]).unwrap_err().kind(), ErrorKind::Parameter);
        for value in [0.0, -3.0] {
            assert_eq!(
                Mean::Geometric.apply(&[1.0, value], &[1.0, 1.0]).unwrap_err().kind(),
                ErrorKind::Value
            );
        }
    }

    #[test]
    fn outranking_compares_places_part_by_part() {
        // Three places, parts of weight 1, 1 and 2: a beats b in the third, ties in the second.
        let columns: Vec<Vec<Option<f64>>> = vec![
            vec![Some(1.0), Some(2.0), Some(3.0)],
            vec![Some(5.0), Some(5.0), None],
            vec![Some(9.0), Some(1.0), Some(1.0)],
        ];
        let columns: Vec<&[Option<f64>]> = columns.iter().map(Vec::as_slice).collect();
        let scores = copeland(&columns, &[1.0, 1.0, 2.0], &Quiet).unwrap();
        // a over b 2.5 of 4, over c 2 of 3; b over c 1 of 3.
        let expected = [0.625 + 2.0 / 3.0, 0.375 + 1.0 / 3.0, 1.0 / 3.0 + 2.0 / 3.0];
        assert!(
            scores.iter().zip(expected).all(|(score, e)| (score.unwrap() - e).abs() < 1e-12),
            "{scores:?}"
        );
        let majority = copeland_majority(&columns, &[1.0, 1.0, 2.0], &Quiet).unwrap();
        assert_eq!(majority, [Some(2.0), Some(-2.0), Some(0.0)]);
        assert_eq!(copeland(&[&[None, Some(1.0)]], &[1.0], &Quiet).unwrap(), [None, Some(0.0)]);
        // Without gaps, ranks say the same as pairs.
        let whole = [columns[0], columns[2]];
        let pairs = outranked(&whole, &[1.0, 3.0], |share| share, &Quiet).unwrap();
        let ranks = copeland(&whole, &[1.0, 3.0], &Quiet).unwrap();
        assert!(ranks.iter().zip(pairs).all(|(a, b)| (a.unwrap() - b.unwrap()).abs() < 1e-12), "{ranks:?}");
    }
}
