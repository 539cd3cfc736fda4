//! How much each part counts.

use super::definition::wrong;
use super::statistics::correlation;
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeMap;

/// Sweeps of Jacobi's method; a correlation matrix of a hundred indicators needs about ten.
const SWEEPS: usize = 60;

/// Means of the points that people gave, as shares; a person who gave none of these parts any is not counted.
///
/// # Errors
/// [`ErrorKind::Parameter`] for points below 0, or if nobody gave any.
pub(super) fn budget(parts: &[&str], votes: &[BTreeMap<String, f64>]) -> Result<Vec<f64>> {
    let mut sums = vec![0.0; parts.len()];
    let mut people = 0.0;
    for vote in votes {
        let points: Vec<f64> = parts.iter().map(|part| vote.get(*part).copied().unwrap_or(0.0)).collect();
        if let Some(bad) = points.iter().find(|points| !points.is_finite() || **points < 0.0) {
            return Err(wrong(format!("a budget gives `{bad}` points")).hint("points are 0 or more"));
        }
        let all: f64 = points.iter().sum();
        if all > 0.0 {
            people += 1.0;
            sums.iter_mut().zip(&points).for_each(|(sum, points)| *sum += points / all);
        }
    }
    if people == 0.0 {
        return Err(wrong(format!("nobody gave points to any of {}", parts.join(", ")))
            .hint("add one line per person under [weights]: budget = [{ safety = 60, access = 40 }]"));
    }
    Ok(sums.iter().map(|sum| sum / people).collect())
}

/// Squared loadings of the first principal component of the correlations; they sum to 1.
///
/// - `columns`: one column per part, over the places where all are known.
///
/// # Errors
/// [`ErrorKind::Value`] below three places, or for a part without spread.
///
/// # Source
/// OECD & JRC (2008), "Handbook on constructing composite indicators", section 6: the squared factor loading is the
/// share of a part's variance that the component explains.
///
/// # Example
/// ```
/// use commonground::scores::cohesion::principal_component_weights;
/// // The third says nothing that the first two do, so the first component is theirs.
/// let x = [1.0, 2.0, 3.0, 4.0];
/// let weights = principal_component_weights(&[x.to_vec(), x.to_vec(), vec![1.0, -1.0, -1.0, 1.0]])?;
/// assert!((weights[0] - 0.5).abs() < 1e-12 && weights[2].abs() < 1e-12);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn principal_component_weights(columns: &[Vec<f64>]) -> Result<Vec<f64>> {
    let (_, vector) = first_component(columns)?;
    Ok(vector.iter().map(|loading| loading * loading).collect())
}

/// The share of variance that the first principal component of the correlations explains, and its unit vector.
pub(super) fn first_component(columns: &[Vec<f64>]) -> Result<(f64, Vec<f64>)> {
    let k = columns.len();
    let mut matrix = vec![vec![1.0; k]; k];
    for a in 0..k {
        for b in 0..a {
            let value = correlation(&columns[a], &columns[b]).ok_or_else(|| {
                Error::new(ErrorKind::Value, "principal components need three places and parts that differ")
                    .in_layer("index")
                    .hint("choose another way to weight, or leave out what is the same everywhere")
            })?;
            matrix[a][b] = value;
            matrix[b][a] = value;
        }
    }
    let (values, vectors) = eigen(matrix);
    let first = (0..k).fold(0, |best, i| if values[i] > values[best] { i } else { best });
    Ok((values[first] / k as f64, vectors.iter().map(|row| row[first]).collect()))
}

/// Eigenvalues of a symmetric matrix, and its eigenvectors in columns, by Jacobi's rotations.
fn eigen(mut a: Vec<Vec<f64>>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let k = a.len();
    let mut vectors: Vec<Vec<f64>> =
        (0..k).map(|i| (0..k).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS {
        let off: f64 = (0..k).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off < 1e-30 {
            break;
        }
        for p in 0..k {
            for q in p + 1..k {
                if a[p][q] == 0.0 {
                    continue;
                }
                let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
                let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
                let c = 1.0 / (t * t + 1.0).sqrt();
                let s = t * c;
                for row in &mut a {
                    let (x, y) = (row[p], row[q]);
                    (row[p], row[q]) = (c * x - s * y, s * x + c * y);
                }
                let (above, below) = a.split_at_mut(q);
                for (first, second) in above[p].iter_mut().zip(&mut below[0]) {
                    (*first, *second) = (c * *first - s * *second, s * *first + c * *second);
                }
                for row in &mut vectors {
                    let (x, y) = (row[p], row[q]);
                    (row[p], row[q]) = (c * x - s * y, s * x + c * y);
                }
            }
        }
    }
    ((0..k).map(|i| a[i][i]).collect(), vectors)
}

/// How much each part distinguishes places: 1 less Shannon's entropy of its shares, as shares of all parts.
///
/// - `columns`: one column per part, over the places where all are known; 0 or more.
///
/// # Errors
/// [`ErrorKind::Value`] below two places, for a negative value, a part that is 0 everywhere, or if all parts are the
/// same everywhere.
///
/// # Source
/// Zeleny (1982), "Multiple criteria decision making"; the entropy weight method.
///
/// # Example
/// ```
/// use commonground::scores::cohesion::entropy_weights;
/// // What is the same everywhere distinguishes nothing.
/// assert_eq!(entropy_weights(&[vec![1.0, 1.0], vec![0.0, 2.0]])?, [0.0, 1.0]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn entropy_weights(columns: &[Vec<f64>]) -> Result<Vec<f64>> {
    let bad = |message: &str| {
        Error::new(ErrorKind::Value, message)
            .in_layer("index")
            .hint("entropy weights need values of 0 or more, as min_max or percentile give them")
    };
    let places = columns.first().map_or(0, Vec::len);
    if places < 2 {
        return Err(bad("entropy weights need two places where all parts are known"));
    }
    let mut told = Vec::with_capacity(columns.len());
    for column in columns {
        let all: f64 = column.iter().sum();
        if column.iter().any(|value| *value < 0.0) || all <= 0.0 {
            return Err(bad("a part is negative somewhere, or 0 everywhere"));
        }
        let shares = column.iter().map(|value| value / all).filter(|share| *share > 0.0);
        let entropy: f64 = shares.map(|share| -share * share.ln()).sum();
        // Even shares may miss 1 by a rounding.
        let redundancy = 1.0 - entropy / (places as f64).ln();
        told.push(if redundancy.abs() < 1e-12 { 0.0 } else { redundancy });
    }
    let all: f64 = told.iter().sum();
    if all <= 0.0 {
        return Err(bad("all parts are the same everywhere"));
    }
    Ok(told.iter().map(|told| told / all).collect())
}

/// The columns over the places where all of them are known.
pub(super) fn complete(columns: &[&[Option<f64>]]) -> Vec<Vec<f64>> {
    let places = columns.first().map_or(0, |column| column.len());
    let whole: Vec<usize> =
        (0..places).filter(|&place| columns.iter().all(|column| column[place].is_some())).collect();
    columns.iter().map(|column| whole.iter().filter_map(|&place| column[place]).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_are_averaged_as_shares() {
        let vote = |a: f64, b: f64| BTreeMap::from([("a".to_owned(), a), ("b".to_owned(), b)]);
        // The second person had ten times the points, and says no more for it.
        assert_eq!(budget(&["a", "b"], &[vote(75.0, 25.0), vote(250.0, 750.0)]).unwrap(), [0.5, 0.5]);
        assert_eq!(budget(&["b", "c"], &[vote(1.0, 3.0)]).unwrap(), [1.0, 0.0]);
        assert_eq!(budget(&["a"], &[vote(-1.0, 2.0)]).unwrap_err().kind(), ErrorKind::Parameter);
        assert_eq!(budget(&["c"], &[vote(1.0, 2.0)]).unwrap_err().kind(), ErrorKind::Parameter);
    }

    #[test]
    fn components_and_entropies_refuse_what_they_cannot_weigh() {
        let flat = [vec![1.0, 1.0, 1.0], vec![1.0, 2.0, 3.0]];
        assert_eq!(principal_component_weights(&flat).unwrap_err().kind(), ErrorKind::Value);
        assert_eq!(principal_component_weights(&[vec![1.0, 2.0, 4.0]]).unwrap(), [1.0]);
        for columns in [vec![vec![1.0]], vec![vec![-1.0, 3.0]], vec![vec![0.0, 0.0]], vec![vec![2.0, 2.0]]] {
            assert_eq!(entropy_weights(&columns).unwrap_err().kind(), ErrorKind::Value, "{columns:?}");
        }
    }

    #[test]
    fn eigenvectors_turn_the_matrix_into_its_eigenvalues() {
        let matrix = vec![vec![1.0, 0.7, -0.2], vec![0.7, 1.0, 0.1], vec![-0.2, 0.1, 1.0]];
        let (values, vectors) = eigen(matrix.clone());
        assert!((values.iter().sum::<f64>() - 3.0).abs() < 1e-12);
        for (column, value) in values.iter().enumerate() {
            for (row, vector) in vectors.iter().enumerate() {
                let turned: f64 = (0..3).map(|i| matrix[row][i] * vectors[i][column]).sum();
                assert!((turned - value * vector[column]).abs() < 1e-12);
            }
        }
    }
}
