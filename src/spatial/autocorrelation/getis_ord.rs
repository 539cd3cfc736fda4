//! Getis and Ord's G: where high values, or low ones, gather.

use super::permutation::{Permutations, Tails, conditional};
use super::{GlobalStatistic, Moments, Sample};
use crate::spatial::weights::SpatialWeights;
use crate::{Error, ErrorKind, Progress, Result};

/// General G: whether high values (above expectation) or low ones (below) gather in the city.
///
/// G = Σ w_ij x_i x_j / Σ_{i≠j} x_i x_j, with positive values and usually binary weights. `None` as for [`super::moran`].
///
/// # Errors
/// As for [`super::moran`]; and [`ErrorKind::Parameter`] for a negative value.
///
/// # Source
/// Getis & Ord (1992), "The analysis of spatial association by use of distance statistics".
pub fn getis_ord_general_g(
    values: &[Option<f64>],
    weights: &SpatialWeights,
    permutations: Option<Permutations>,
    progress: &dyn Progress,
) -> Result<Option<GlobalStatistic>> {
    let Some(sample) = Sample::new(values, weights)? else { return Ok(None) };
    if let Some(at) = sample.values.iter().position(|value| *value < 0.0) {
        let message = format!("`{}` is negative, and G compares sizes", sample.values[at]);
        return Err(Error::new(ErrorKind::Parameter, message)
            .at_row(sample.places[at] + 1)
            .hint("Moran's I takes negative values"));
    }
    let n = sample.values.len() as f64;
    let power_sum = |power: i32| sample.values.iter().map(|x| x.powi(power)).sum::<f64>();
    let [m1, m2, m3, m4] = [1, 2, 3, 4].map(power_sum);
    let pairs = m1 * m1 - m2;
    let sums = sample.weights.sums();
    let index = |x: &[f64]| {
        let products = sample.weights.rows().zip(x).map(|(row, x_i)| x_i * row.lag(x));
        products.sum::<f64>() / pairs
    };
    let expected = sums.s0 / (n * (n - 1.0));
    let (s0_squared, s1, s2) = (sums.s0 * sums.s0, sums.s1, sums.s2);
    let b0 = (n * n - 3.0 * n + 3.0) * s1 - n * s2 + 3.0 * s0_squared;
    let b1 = -((n * n - n) * s1 - 2.0 * n * s2 + 6.0 * s0_squared);
    let b2 = -(2.0 * n * s1 - (n + 3.0) * s2 + 6.0 * s0_squared);
    let b3 = 4.0 * (n - 1.0) * s1 - 2.0 * (n + 1.0) * s2 + 8.0 * s0_squared;
    let b4 = s1 - s2 + s0_squared;
    let square = (b0 * m2 * m2 + b1 * m4 + b2 * m1 * m1 * m2 + b3 * m1 * m3 + b4 * m1.powi(4))
        / (pairs * pairs * n * (n - 1.0) * (n - 2.0) * (n - 3.0));
    let under_randomisation = square - expected * expected;
    let moments = Moments { expected, under_normality: None, under_randomisation };
    // Its terms are all positive, so the statistic is as large as they are.
    GlobalStatistic::tested(&sample.values, &moments, index(&sample.values), permutations, progress, index)
        .map(Some)
}

/// Whether a place counts among its own neighbours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocalG {
    /// G: the neighbours only.
    Neighbours,
    /// G*: the place too, as much as its heaviest neighbour.
    Star,
}

/// Local G of one place.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LocalGetisOrd {
    /// The weighted sum over the neighbours, as a share of the sum of all that could be among them.
    pub share: f64,
    /// Standard deviations above expectation: a hot spot where high, a cold spot where far below zero.
    pub z: f64,
    /// PySAL's z: the variance of W_i equal draws, W_i (n - W_i)/(n - 1), whatever the weights. The same as `z` for
    /// binary weights; nearer to zero for row-standardised ones, which it takes for a single neighbour.
    /// `None` where that variance is not above zero.
    pub z_of_equal_draws: Option<f64>,
    /// Against random neighbours; `None` if no permutations were asked for.
    pub tails: Option<Tails>,
}

/// All local G with what was asked.
pub type GetisOrd = Vec<Option<LocalGetisOrd>>;

/// Local G and G*: hot spots and cold spots.
///
/// z = (Σ_j w_ij x_j - W_i x̄) / (s √((n S1_i - W_i²)/(n - 1))) with W_i and S1_i the sums of the weights and of their
/// squares; for G the place itself is left out of n, mean and standard deviation. Row-standardised weights stay so with
/// the place added.
///
/// One entry per place; `None` for places without value or neighbours, where z has no variance (everybody is a
/// neighbour), and for all where [`super::moran`] is `None`.
///
/// # Errors
/// As for [`super::moran`].
///
/// # Source
/// Ord & Getis (1995), "Local spatial autocorrelation statistics".
pub fn local_getis_ord(
    values: &[Option<f64>],
    weights: &SpatialWeights,
    kind: LocalG,
    permutations: Option<Permutations>,
    progress: &dyn Progress,
) -> Result<GetisOrd> {
    let Some(sample) = Sample::new(values, weights)? else { return Ok(vec![None; values.len()]) };
    let tails = permutations
        .map(|draws| conditional(&sample.values, &sample.weights, draws, progress))
        .transpose()?;
    let is_standardised = weights.is_row_standardised();
    let (total, squares) =
        sample.values.iter().fold((0.0, 0.0), |(sum, squares), x| (sum + x, squares + x * x));
    let of = |place: usize| {
        let (row, own) = (sample.weights.of(place), sample.values[place]);
        if row.places.is_empty() {
            return None;
        }
        let mut lag = row.lag(&sample.values);
        let mut weight = row.sum();
        let mut weight_squares: f64 = row.weights.iter().map(|weight| weight * weight).sum();
        let (mut n, mut total, mut squares) = (sample.values.len() as f64, total, squares);
        match kind {
            LocalG::Neighbours => {
                n -= 1.0;
                total -= own;
                squares -= own * own;
            }
            LocalG::Star => {
                let own_weight = row.weights.iter().copied().fold(0.0, f64::max);
                lag += own_weight * own;
                weight += own_weight;
                weight_squares += own_weight * own_weight;
                if is_standardised {
                    (lag, weight_squares) = (lag / weight, weight_squares / (weight * weight));
                    weight = 1.0;
                }
            }
        }
        let mean = total / n;
        let variance = squares / n - mean * mean;
        let spread = variance * (n * weight_squares - weight * weight) / (n - 1.0);
        let of_equal_draws = variance * weight * (n - weight) / (n - 1.0);
        // What is left of two equal sums is rounding, not variance.
        let has_spread = spread > 1e-12 * squares / n * weight * weight;
        has_spread.then(|| LocalGetisOrd {
            share: lag / total,
            z: (lag - weight * mean) / spread.sqrt(),
            z_of_equal_draws: (of_equal_draws > 0.0).then(|| (lag - weight * mean) / of_equal_draws.sqrt()),
            tails: tails.as_ref().and_then(|tails| tails[place]),
        })
    };
    Ok(sample.spread(values.len(), (0..sample.values.len()).map(of).collect()))
}

#[cfg(test)]
mod tests {
    use super::super::tests::known;
    use super::*;
    use crate::Metres;
    use crate::Quiet;
    use crate::spatial::{Kernel, weights::kernel_weights};
    use geo::Point;

    fn six() -> (Vec<Option<f64>>, SpatialWeights) {
        let places =
            [(10., 10.), (20., 10.), (40., 10.), (15., 20.), (30., 20.), (30., 30.)].map(Point::from);
        let weights =
            kernel_weights(&places, Metres::new(15.0).unwrap(), Kernel::Uniform, &crate::Quiet).unwrap();
        (known([2.0, 3.0, 3.2, 5.0, 8.0, 7.0]), weights)
    }

    /// Values of PySAL (esda), test_getisord.py.
    #[test]
    fn six_places_have_the_published_values() {
        let (values, weights) = six();
        let general = getis_ord_general_g(&values, &weights, None, &Quiet).unwrap().unwrap();
        assert!((general.value - 0.55709779).abs() < 5e-9);
        assert!((general.randomisation.p_one_sided() - 0.172936).abs() < 5e-7);
        let first = |kind, weights: &SpatialWeights| {
            local_getis_ord(&values, weights, kind, None, &Quiet).unwrap()[0].unwrap()
        };
        let row = weights.clone().row_standardised();
        for (kind, binary, of_equal_draws) in
            [(LocalG::Neighbours, -1.0136729, -0.62074534), (LocalG::Star, -1.39727626, -0.62488094)]
        {
            let (by_count, by_row) = (first(kind, &weights), first(kind, &row));
            assert!((by_count.z - binary).abs() < 5e-8);
            assert!((by_count.z_of_equal_draws.unwrap() - by_count.z).abs() < 1e-12);
            assert!((by_row.z_of_equal_draws.unwrap() - of_equal_draws).abs() < 5e-8, "{by_row:?}");
            assert!((by_row.z - by_count.z).abs() < 1e-12, "standardising a row changes no z");
        }
    }

    #[test]
    fn sizes_below_zero_are_refused() {
        let (mut values, weights) = six();
        values[2] = Some(-1.0);
        let error = getis_ord_general_g(&values, &weights, None, &Quiet).unwrap_err();
        assert_eq!((error.kind(), error.position().row), (ErrorKind::Parameter, Some(3)));
    }

    #[test]
    fn who_has_everybody_for_a_neighbour_has_no_hot_spot() {
        let links = (0..4).flat_map(|a| (0..4).filter(move |b| *b != a).map(move |b| (a, b, 1.0))).collect();
        let weights = SpatialWeights::from_links(4, links).unwrap();
        let found =
            local_getis_ord(&known([0.1, 0.7, 0.3, 0.9]), &weights, LocalG::Star, None, &Quiet).unwrap();
        assert!(found.iter().all(Option::is_none));
    }
}
