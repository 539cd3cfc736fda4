//! The order of places by their index.

use super::definition::Better;

/// Which end is rank 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ranking(pub Better);

impl Ranking {
    /// Ranks from 1 for the best; equal places share the best of their ranks.
    pub(super) fn ranks(self, index: &[Option<f64>]) -> Vec<Option<u32>> {
        let signed = |value: f64| if self.0 == Better::High { -value } else { value };
        let mut sorted: Vec<f64> = index.iter().flatten().map(|value| signed(*value)).collect();
        sorted.sort_by(f64::total_cmp);
        let rank = |value: f64| sorted.partition_point(|other| *other < signed(value)) as u32 + 1;
        index.iter().map(|value| value.map(rank)).collect()
    }
}

/// (rank − 1)/(n − 1), from 0 for the lowest index; ties get the lowest of their ranks, a single place 0.
pub(super) fn percentiles(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut sorted: Vec<f64> = values.iter().copied().flatten().collect();
    sorted.sort_by(f64::total_cmp);
    let others = (sorted.len().max(2) - 1) as f64;
    values
        .iter()
        .map(|value| value.map(|value| sorted.partition_point(|other| *other < value) as f64 / others))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_places_share_a_rank_from_either_end() {
        let index = [Some(5.0), None, Some(9.0), Some(5.0), Some(1.0)];
        assert_eq!(Ranking(Better::High).ranks(&index), [Some(2), None, Some(1), Some(2), Some(4)]);
        assert_eq!(Ranking(Better::Low).ranks(&index), [Some(2), None, Some(4), Some(2), Some(1)]);
        assert_eq!(percentiles(&index), [Some(1.0 / 3.0), None, Some(1.0), Some(1.0 / 3.0), Some(0.0)]);
        assert_eq!(percentiles(&[Some(3.0)]), [Some(0.0)]);
    }
}
