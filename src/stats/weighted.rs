//! Weighted summaries that keep missing and unreachable apart.

/// The smallest value at or below which at least `level` (0 to 1) of the weight lies.
///
/// Values come with their weights, ≥ 0; `None` is unreachable and counts as larger than any number.
/// `None` if there is no weight or the quantile is unreachable.
#[must_use]
pub fn weighted_quantile(values: &[(Option<f64>, f64)], level: f64) -> Option<f64> {
    let total: f64 = values.iter().map(|(_, weight)| weight).sum();
    let mut reached: Vec<(f64, f64)> = values
        .iter()
        .filter_map(|&(value, weight)| Some((value?, weight)))
        .filter(|&(_, weight)| weight > 0.0)
        .collect();
    reached.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut below = 0.0;
    for (value, weight) in reached {
        below += weight;
        // Weights are counts; the margin only absorbs the rounding of `level * total`.
        if below >= level * total * (1.0 - 1e-12) {
            return Some(value);
        }
    }
    None
}

/// Mean of the values by weight; `None` without weight.
#[must_use]
pub fn weighted_mean(values: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (sum, total) =
        values.fold((0.0, 0.0), |(sum, total), (value, weight)| (sum + value * weight, total + weight));
    (total > 0.0).then(|| sum / total)
}

/// Share of the weight whose value is at most `limit`; `None` without weight.
#[must_use]
pub fn share_within(values: &[(Option<f64>, f64)], limit: f64) -> Option<f64> {
    weighted_mean(
        values
            .iter()
            .map(|&(value, weight)| (f64::from(u8::from(value.is_some_and(|value| value <= limit))), weight)),
    )
}
