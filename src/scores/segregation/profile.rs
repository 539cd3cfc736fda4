//! The concentration profile: who lives where their group is strong.

use super::GroupCounts;
use super::index::is_comparable;
use crate::{Error, ErrorKind, Result};

/// How much of a group lives where it makes up at least a given share.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ConcentrationProfile {
    /// Share of the group that lives in places where it makes up at least each threshold, in their order.
    pub shares: Vec<f64>,
    /// R = (P - ∫0..P V + ∫P..1 V) / (1 - P): 0 for an even spread, 1 for full separation.
    pub ratio: f64,
}

/// The concentration profile of the first group, V(θ) = Σ [π ≥ θ] x/X, at some thresholds (0 to 1).
///
/// The ratio integrates V exactly rather than on a grid. `None` where there is nothing to compare.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a threshold is not between 0 and 1.
///
/// # Source
/// Poulsen, Johnston & Forrest (2002); Hong & Sadahiro (2014), "Measuring geographic segregation: a graph-based
/// approach".
pub fn concentration_profile(
    counts: &GroupCounts,
    thresholds: &[f64],
) -> Result<Option<ConcentrationProfile>> {
    if let Some(wrong) = thresholds.iter().find(|threshold| !(0.0..=1.0).contains(*threshold)) {
        return Err(Error::new(ErrorKind::Parameter, format!("a threshold of `{wrong}`"))
            .hint("thresholds are shares between 0 and 1"));
    }
    if !is_comparable(counts, true) {
        return Ok(None);
    }
    let (members, share) = (counts.group_totals()[0], counts.share(0));
    let mut shares = vec![0.0; thresholds.len()];
    let (mut up_to, mut beyond) = (0.0, 0.0);
    for (_, row, total) in counts.inhabited() {
        let (pi, part) = (row[0] / total, row[0] / members);
        for (sum, threshold) in shares.iter_mut().zip(thresholds) {
            *sum += if pi >= *threshold { part } else { 0.0 };
        }
        up_to += part * pi.min(share);
        beyond += part * (pi - share).max(0.0);
    }
    Ok(Some(ConcentrationProfile { shares, ratio: (share - up_to + beyond) / (1.0 - share) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(x: &[f64], y: &[f64]) -> GroupCounts {
        GroupCounts::new(&[("x", x), ("y", y)]).unwrap()
    }

    #[test]
    fn the_profile_of_full_separation_stays_up() {
        let apart =
            concentration_profile(&counts(&[10.0, 0.0], &[0.0, 30.0]), &[0.0, 0.5, 1.0]).unwrap().unwrap();
        assert_eq!(apart, ConcentrationProfile { shares: vec![1.0; 3], ratio: 1.0 });
        let even =
            concentration_profile(&counts(&[10.0, 20.0], &[10.0, 20.0]), &[0.5, 0.6]).unwrap().unwrap();
        assert_eq!(even, ConcentrationProfile { shares: vec![1.0, 0.0], ratio: 0.0 });
        assert!(concentration_profile(&counts(&[1.0], &[1.0]), &[1.5]).is_err());
    }
}
