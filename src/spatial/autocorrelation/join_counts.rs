//! Join counts: neighbours alike in a yes-or-no.

use super::Sample;
use super::permutation::{PermutationTest, Permutations, shuffled};
use super::significance::normal_tail;
use crate::spatial::weights::SpatialWeights;
use crate::{Progress, Result};

/// Joins between neighbours, each pair once: both yes (BB), one of each (BW), both no (WW).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct JoinCounts {
    /// Both yes.
    pub yes_yes: f64,
    /// One yes, one no.
    pub yes_no: f64,
    /// Both no.
    pub no_no: f64,
    /// All joins, J.
    pub joins: f64,
    /// What each of the three would be on average in a random order.
    pub expected: [f64; 3],
    /// Pearson's χ² of the two-by-two table of joins with Yates's correction, one degree of freedom.
    pub chi_squared: f64,
    /// Its p. Joins are not independent, so permutations are to be preferred.
    pub p_chi_squared: f64,
    /// `yes_yes` against random orders; `None` if no permutations were asked for.
    pub permutation_yes_yes: Option<PermutationTest>,
    /// `yes_no` against random orders.
    pub permutation_yes_no: Option<PermutationTest>,
}

/// Counts the joins.
///
/// - `answers`: one per place; `None` where unknown. Weights are usually binary and symmetric.
///
/// `None` as for [`super::moran`].
///
/// # Errors
/// As for [`super::moran`].
///
/// # Source
/// Cliff & Ord (1981), "Spatial processes", chapter 1; χ² as in PySAL.
pub fn join_counts(
    answers: &[Option<bool>],
    weights: &SpatialWeights,
    permutations: Option<Permutations>,
    progress: &dyn Progress,
) -> Result<Option<JoinCounts>> {
    let as_number = |answer: &Option<bool>| answer.map(|answer| f64::from(u8::from(answer)));
    let values: Vec<Option<f64>> = answers.iter().map(as_number).collect();
    let Some(sample) = Sample::new(&values, weights)? else { return Ok(None) };
    let count = |x: &[f64], joined: &dyn Fn(f64, f64) -> f64| {
        let of_row = |(row, x_i): (crate::spatial::weights::Neighbours<'_>, &f64)| -> f64 {
            row.iter().map(|(neighbour, weight)| weight * joined(*x_i, x[neighbour])).sum()
        };
        sample.weights.rows().zip(x).map(of_row).sum::<f64>() / 2.0
    };
    let yes_yes = |x: &[f64]| count(x, &|a, b| a * b);
    let yes_no = |x: &[f64]| count(x, &|a, b| (a - b).abs());
    let joins = count(&sample.values, &|_, _| 1.0);
    let (bb, bw) = (yes_yes(&sample.values), yes_no(&sample.values));
    let ww = joins - bb - bw;
    let n = sample.values.len() as f64;
    let yes: f64 = sample.values.iter().sum();
    let of_pairs = |pairs: f64| joins * pairs / (n * (n - 1.0));
    let no = n - yes;
    let expected = [of_pairs(yes * (yes - 1.0)), of_pairs(2.0 * yes * no), of_pairs(no * (no - 1.0))];
    let chi_squared = chi_squared([[ww, bw / 2.0], [bw / 2.0, bb]]);
    let draws = |statistic: &(dyn Fn(&[f64]) -> f64 + Sync), observed: f64| {
        permutations
            .map(|draws| shuffled(&sample.values, observed, joins, draws, progress, statistic))
            .transpose()
    };
    Ok(Some(JoinCounts {
        yes_yes: bb,
        yes_no: bw,
        no_no: ww,
        joins,
        expected,
        chi_squared,
        // χ² with one degree of freedom is the square of a standard normal.
        p_chi_squared: 2.0 * normal_tail(chi_squared.sqrt()),
        permutation_yes_yes: draws(&yes_yes, bb)?,
        permutation_yes_no: draws(&yes_no, bw)?,
    }))
}

fn chi_squared(table: [[f64; 2]; 2]) -> f64 {
    let total: f64 = table.iter().flatten().sum();
    let mut sum = 0.0;
    for row in 0..2 {
        for column in 0..2 {
            let in_row: f64 = table[row].iter().sum();
            let in_column: f64 = table[0][column] + table[1][column];
            let expected = in_row * in_column / total;
            if expected > 0.0 {
                let beyond = ((table[row][column] - expected).abs() - 0.5).max(0.0);
                sum += beyond * beyond / expected;
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::super::tests::board;
    use super::*;
    use crate::Quiet;

    #[test]
    fn half_a_board_has_the_published_counts() {
        let answers: Vec<Option<bool>> = (0..16).map(|place| Some(place >= 8)).collect();
        let found =
            join_counts(&answers, &board(4), Some(Permutations::new(999, 1)), &Quiet).unwrap().unwrap();
        assert_eq!((found.yes_yes, found.yes_no, found.no_no, found.joins), (10.0, 4.0, 10.0, 24.0));
        assert!((found.chi_squared - 8.166_666_666_666_666).abs() < 1e-12);
        assert!((found.p_chi_squared - 0.004_266_724_822_176_128).abs() < 1e-15);
        assert!((found.expected.iter().sum::<f64>() - 24.0).abs() < 1e-12);
        assert!(found.permutation_yes_yes.unwrap().tails.p_greater() < 0.02);
        assert!((found.permutation_yes_no.unwrap().mean - found.expected[1]).abs() < 0.3);
    }

    #[test]
    fn a_chessboard_has_only_unlike_neighbours() {
        let answers: Vec<Option<bool>> = (0..16).map(|place| Some((place / 4 + place) % 2 == 0)).collect();
        let found = join_counts(&answers, &board(4), None, &Quiet).unwrap().unwrap();
        assert_eq!((found.yes_yes, found.yes_no, found.no_no), (0.0, 24.0, 0.0));
    }
}
