//! Why a place has its score: exact shares of each indicator in the distance from a place of reference.

use super::aggregate::Mean;
use super::evaluate::Evaluated;
use super::plan::{Child, Part, Plan};
use super::statistics::{known, mean};

/// Most parts of one mean that are shared out by Shapley's rule: every subset of them is looked at.
const SHAPLEY_PARTS: usize = 12;

/// What each indicator adds to a place's distance from the reference, and how much the index would rise with it.
#[derive(Debug, Clone)]
pub(super) struct Breakdown {
    /// The reference by indicator: the mean of all places on the scale.
    pub reference: Vec<f64>,
    /// The index of the reference.
    pub reference_score: f64,
    /// By indicator, then by place; `None` where the place has no score.
    pub contributions: Vec<Vec<Option<f64>>>,
    /// ∂I/∂x by indicator, then by place; `None` where the indicator is missing.
    pub slopes: Vec<Vec<Option<f64>>>,
}

/// # Errors
/// The reason why the index cannot be shared out, in words.
pub(super) fn breakdown(plan: &Plan, found: &Evaluated) -> Result<Breakdown, String> {
    let means = plan.parts.iter().map(mean_of).collect::<Result<Vec<_>, _>>()?;
    let reference: Vec<f64> = found.normalised.iter().map(|column| mean(&known(column))).collect();
    let mut parts = Vec::new();
    for (index, part) in plan.parts.iter().enumerate() {
        let values: Vec<f64> = part
            .children
            .iter()
            .map(|child| match *child {
                Child::Indicator(index) => reference[index],
                Child::Part(index) => parts[index],
            })
            .map(|value| floored(plan, means[index], value))
            .collect();
        parts.push(means[index].combine(&values, &found.weights[index]));
    }
    let reference_score = parts[parts.len() - 1];
    let places = found.index().len();
    let mut contributions = vec![vec![None; places]; reference.len()];
    let mut slopes = contributions.clone();
    let walk = Walk { plan, found, means: &means, reference: &reference, parts: &parts };
    for place in (0..places).filter(|&place| found.index()[place].is_some()) {
        let root = plan.parts.len() - 1;
        walk.share_out(place, root, Share::Of { scale: 1.0, slope: 1.0 }, &mut |indicator, share, slope| {
            contributions[indicator][place] = Some(share);
            slopes[indicator][place] = slope;
        });
    }
    Ok(Breakdown { reference, reference_score, contributions, slopes })
}

fn mean_of(part: &Part) -> Result<Mean, String> {
    let mean = part
        .mean()
        .ok_or("an index by comparison of places has no shares: it depends on all other places")?;
    let by_subsets = matches!(mean, Mean::Harmonic | Mean::Generalised(_));
    if by_subsets && part.children.len() > SHAPLEY_PARTS {
        return Err(format!(
            "`{}` is a harmonic or generalised mean of {} parts; shares are found for up to {SHAPLEY_PARTS}",
            part.name,
            part.children.len()
        ));
    }
    Ok(mean)
}

fn floored(plan: &Plan, mean: Mean, value: f64) -> f64 {
    if mean.has_floor() { value.max(plan.floor) } else { value }
}

/// What comes down to a part from the part above it.
#[derive(Clone, Copy)]
enum Share {
    /// Its own distance from the reference counts `scale`-fold, its slope `slope`-fold.
    Of { scale: f64, slope: f64 },
    /// It is missing: this amount goes to its indicators by their weights.
    Amount(f64),
}

struct Walk<'a> {
    plan: &'a Plan,
    found: &'a Evaluated,
    means: &'a [Mean],
    reference: &'a [f64],
    /// The reference by part.
    parts: &'a [f64],
}

impl Walk<'_> {
    fn share_out(
        &self,
        place: usize,
        index: usize,
        from_above: Share,
        give: &mut impl FnMut(usize, f64, Option<f64>),
    ) {
        let part = &self.plan.parts[index];
        let weights = &self.found.weights[index];
        let all: f64 = weights.iter().sum();
        let score = self.found.scores[index][place];
        let (Share::Of { scale, slope }, Some(score)) = (from_above, score) else {
            let Share::Amount(amount) = from_above else { return };
            for (child, weight) in part.children.iter().zip(weights) {
                let share = amount * weight / all;
                match *child {
                    Child::Indicator(indicator) => give(indicator, share, None),
                    Child::Part(below) => self.share_out(place, below, Share::Amount(share), give),
                }
            }
            return;
        };
        let mean = self.means[index];
        // A missing part counts as the mean of the others: that leaves the whole as it is.
        let filling = if mean == Mean::Sum { score / all } else { score };
        let raw: Vec<Option<f64>> =
            part.children.iter().map(|&child| self.found.column(child)[place]).collect();
        let floor = |value: f64| floored(self.plan, mean, value);
        let values: Vec<f64> = raw.iter().map(|value| floor(value.unwrap_or(filling))).collect();
        let raw_references: Vec<f64> = part
            .children
            .iter()
            .map(|child| match *child {
                Child::Indicator(index) => self.reference[index],
                Child::Part(index) => self.parts[index],
            })
            .collect();
        let references: Vec<f64> = raw_references.iter().map(|value| floor(*value)).collect();
        let shares = shares(mean, &values, &references, weights);
        let slopes = self.slopes(mean, score, &raw, weights);
        for (position, child) in part.children.iter().enumerate() {
            let own_slope = slopes[position].map(|own| own * slope);
            let share = shares[position] * scale;
            match *child {
                Child::Indicator(indicator) => give(indicator, share, own_slope),
                Child::Part(below) => {
                    let down = match raw[position] {
                        None => Share::Amount(share),
                        Some(value) => {
                            let distance = value - raw_references[position];
                            // At the reference itself the share over the distance becomes the slope.
                            let level = distance.abs() <= 1e-12 * value.abs().max(1.0);
                            let own = slopes[position].unwrap_or(0.0);
                            let scale = if level { own * scale } else { share / distance };
                            Share::Of { scale, slope: own_slope.unwrap_or(0.0) }
                        }
                    };
                    self.share_out(place, below, down, give);
                }
            }
        }
    }

    /// ∂/∂x of a part by its known children; a missing one's weight has gone to the others.
    fn slopes(&self, mean: Mean, score: f64, raw: &[Option<f64>], weights: &[f64]) -> Vec<Option<f64>> {
        let known = |value: &Option<f64>| value.map(|value| floored(self.plan, mean, value));
        let (values, kept): (Vec<f64>, Vec<f64>) =
            raw.iter().zip(weights).filter_map(|(value, weight)| Some((known(value)?, *weight))).unzip();
        let share = weights.iter().sum::<f64>() / kept.iter().sum::<f64>();
        let scale = if mean == Mean::Sum { share } else { 1.0 };
        let mut slopes = mean.slopes(score, &values, &kept).into_iter().map(|slope| slope * scale);
        raw.iter().map(|value| value.and_then(|_| slopes.next())).collect()
    }
}

/// What each part adds to the distance of a mean from its reference; the shares sum to the distance.
///
/// # Source
/// Geometric: Ang (2004), "Decomposition analysis for policymaking in energy", the logarithmic mean Divisia index.
/// Otherwise Shapley (1953), "A value for n-person games", over all subsets.
fn shares(mean: Mean, values: &[f64], references: &[f64], weights: &[f64]) -> Vec<f64> {
    let all: f64 = weights.iter().sum();
    let each = |share: &dyn Fn(f64, f64, f64) -> f64| -> Vec<f64> {
        let parts = values.iter().zip(references).zip(weights);
        parts.map(|((value, reference), weight)| share(*value, *reference, *weight)).collect()
    };
    match mean {
        Mean::Sum => each(&|value, reference, weight| weight * (value - reference)),
        Mean::Arithmetic => each(&|value, reference, weight| weight / all * (value - reference)),
        Mean::Geometric => {
            let level = logarithmic_mean(mean.combine(values, weights), mean.combine(references, weights));
            each(&|value, reference, weight| weight / all * log_ratio(value, reference) * level)
        }
        Mean::Harmonic | Mean::Generalised(_) => shapley(mean, values, references, weights),
    }
}

/// (a − b)/(ln a − ln b); a where both are equal.
fn logarithmic_mean(a: f64, b: f64) -> f64 {
    let ratio = log_ratio(a, b);
    if ratio == 0.0 { a } else { (a - b) / ratio }
}

/// ln(a/b), exact too where a is close to b.
fn log_ratio(a: f64, b: f64) -> f64 {
    ((a - b) / b).ln_1p()
}

fn shapley(mean: Mean, values: &[f64], references: &[f64], weights: &[f64]) -> Vec<f64> {
    let count = values.len();
    let worth: Vec<f64> = (0..1_usize << count)
        .map(|set| {
            let mixed: Vec<f64> =
                (0..count).map(|i| if set >> i & 1 == 1 { values[i] } else { references[i] }).collect();
            mean.combine(&mixed, weights)
        })
        .collect();
    // Weight of a subset of this size: (size! (count − size − 1)!)/count!.
    let mut chance = vec![1.0 / count as f64];
    for size in 1..count {
        chance.push(chance[size - 1] * size as f64 / (count - size) as f64);
    }
    (0..count)
        .map(|part| {
            let without = (0..worth.len()).filter(|set| set >> part & 1 == 0);
            without.map(|set| chance[set.count_ones() as usize] * (worth[set | 1 << part] - worth[set])).sum()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_the_distance_for_every_mean() {
        let (values, references, weights) =
            ([30.0, 80.0, 55.0, 55.0], [50.0, 50.0, 60.0, 55.0], [1.0, 2.0, 1.0, 0.5]);
        for mean in [Mean::Arithmetic, Mean::Geometric, Mean::Harmonic, Mean::Generalised(0.5), Mean::Sum] {
            let found = shares(mean, &values, &references, &weights);
            let distance = mean.combine(&values, &weights) - mean.combine(&references, &weights);
            assert!((found.iter().sum::<f64>() - distance).abs() < 1e-12, "{mean:?}");
            assert!(found[0] < 0.0 && found[1] > 0.0 && found[3] == 0.0, "{mean:?}: {found:?}");
        }
    }

    #[test]
    fn shapleys_shares_of_two_parts_are_those_of_the_pencil() {
        // Harmonic mean of 2 and 4 against 1 and 1.
        let found = shares(Mean::Harmonic, &[2.0, 4.0], &[1.0, 1.0], &[1.0, 1.0]);
        // Worth: {} 1, {a} 4/3, {b} 8/5, {a b} 8/3.
        let first = 0.5 * (4.0 / 3.0 - 1.0) + 0.5 * (8.0 / 3.0 - 8.0 / 5.0);
        assert!((found[0] - first).abs() < 1e-12 && (found[1] - (5.0 / 3.0 - first)).abs() < 1e-12);
    }

    #[test]
    fn the_logarithmic_mean_lies_between_its_two() {
        assert_eq!(logarithmic_mean(5.0, 5.0), 5.0);
        assert!((logarithmic_mean(8.0, 2.0) - 6.0 / 4_f64.ln()).abs() < 1e-12);
    }
}
