//! The few statistics that an index rests on.

/// Mean of the values; NaN if there are none.
pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// Standard deviation of a sample (n − 1).
pub(super) fn sample_deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)).sqrt()
}

/// The middle value, the mean of the two middle ones where they are even in number; `None` if there are none.
pub(super) fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    Some(if values.len() % 2 == 1 { upper } else { (values[values.len() / 2 - 1] + upper) / 2.0 })
}

/// The known ones.
pub(super) fn known(values: &[Option<f64>]) -> Vec<f64> {
    values.iter().copied().flatten().collect()
}

/// Skewness G1, adjusted for a sample; `None` below 3 values or without spread.
///
/// # Source
/// Joanes & Gill (1998), "Comparing measures of sample skewness and kurtosis": G1, type 2 of R's e1071, Excel's SKEW.
///
/// # Example
/// ```
/// use commonground::scores::cohesion::skewness;
/// // scipy.stats.skew([1, 2, 3, 10], bias=False)
/// assert!((skewness(&[1.0, 2.0, 3.0, 10.0]).unwrap() - 1.763_632_614_803_888).abs() < 1e-12);
/// ```
#[must_use]
pub fn skewness(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let [m2, m3, _] = moments(values);
    let spread = values.len() >= 3 && m2 > 0.0;
    spread.then(|| m3 / m2.powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0))
}

/// Excess kurtosis G2, adjusted for a sample; `None` below 4 values or without spread.
///
/// # Source
/// Joanes & Gill (1998): G2, type 2 of R's e1071, Excel's KURT.
#[must_use]
pub fn kurtosis(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let [m2, _, m4] = moments(values);
    let spread = values.len() >= 4 && m2 > 0.0;
    let excess = m4 / (m2 * m2) - 3.0;
    spread.then(|| ((n + 1.0) * excess + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)))
}

/// Second, third and fourth central moment.
fn moments(values: &[f64]) -> [f64; 3] {
    let mean = mean(values);
    [2, 3, 4].map(|order| values.iter().map(|x| (x - mean).powi(order)).sum::<f64>() / values.len() as f64)
}

/// Ranks from 1 for the lowest; equal values share the mean of their ranks.
pub(in crate::scores) fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    while first < order.len() {
        let same = order[first..].iter().take_while(|&&i| values[i] == values[order[first]]).count();
        for &i in &order[first..first + same] {
            ranks[i] = (2 * first + same + 1) as f64 / 2.0;
        }
        first += same;
    }
    ranks
}

/// Pearson's correlation; `None` below 3 pairs or without spread in one of the two.
pub(super) fn correlation(x: &[f64], y: &[f64]) -> Option<f64> {
    let (mean_x, mean_y) = (mean(x), mean(y));
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| f(x - mean_x, y - mean_y)).sum()
    };
    let (xx, yy, xy) = (sum(&|x, _| x * x), sum(&|_, y| y * y), sum(&|x, y| x * y));
    (x.len() >= 3 && xx > 0.0 && yy > 0.0).then(|| (xy / (xx * yy).sqrt()).clamp(-1.0, 1.0))
}

/// Spearman's rank correlation over the places where both are known; ties get the mean of their ranks.
pub(in crate::scores) fn spearman(x: &[Option<f64>], y: &[Option<f64>]) -> Option<f64> {
    let (x, y) = pairs(x, y);
    correlation(&mid_ranks(&x), &mid_ranks(&y))
}

/// The values of the places where both are known.
pub(super) fn pairs(x: &[Option<f64>], y: &[Option<f64>]) -> (Vec<f64>, Vec<f64>) {
    x.iter().zip(y).filter_map(|(x, y)| Some(((*x)?, (*y)?))).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skewness_and_kurtosis_are_those_of_scipy_without_bias() {
        let values = [2.0, 4.0, 4.0, 5.0, 7.0, 30.0];
        assert!((skewness(&values).unwrap() - 2.321_426_355_922_185).abs() < 1e-12);
        assert!((kurtosis(&values).unwrap() - 5.510_039_478_861_977).abs() < 1e-12);
        assert_eq!((skewness(&[1.0, 2.0]), kurtosis(&[1.0, 2.0, 4.0])), (None, None));
        assert_eq!(skewness(&[3.0; 9]), None);
    }

    #[test]
    fn equal_values_share_the_mean_of_their_ranks() {
        assert_eq!(mid_ranks(&[3.0, 1.0, 3.0, 2.0, 3.0]), [4.0, 1.0, 4.0, 2.0, 4.0]);
        let (x, y) =
            ([Some(1.0), Some(2.0), None, Some(4.0)], [Some(10.0), Some(40.0), Some(7.0), Some(90.0)]);
        assert_eq!(spearman(&x, &y), Some(1.0));
        assert_eq!(correlation(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), None);
    }
}
