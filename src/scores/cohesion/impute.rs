//! Missing values, filled from other places.

use super::definition::ImputeMethod;
use super::statistics::{known, mean, median};

/// Fills the missing values of one indicator; `groups` has one entry per place, `None` for a place of no group, which
/// the methods by group leave missing.
pub(super) fn impute(values: &mut [Option<f64>], method: ImputeMethod, groups: Option<&[Option<usize>]>) {
    let middle = |values: &[f64]| match method {
        ImputeMethod::None => None,
        ImputeMethod::Mean | ImputeMethod::GroupMean => (!values.is_empty()).then(|| mean(values)),
        ImputeMethod::Median | ImputeMethod::GroupMedian => median(values.to_vec()),
    };
    let by_group = matches!(method, ImputeMethod::GroupMean | ImputeMethod::GroupMedian);
    if !by_group {
        let middle = middle(&known(values));
        values.iter_mut().for_each(|value| *value = value.or(middle));
        return;
    }
    let Some(groups) = groups else { return };
    let count = groups.iter().flatten().max().map_or(0, |last| last + 1);
    let mut members = vec![Vec::new(); count];
    for (value, group) in values.iter().zip(groups) {
        if let (Some(value), Some(group)) = (value, group) {
            members[*group].push(*value);
        }
    }
    let middles: Vec<Option<f64>> = members.iter().map(|members| middle(members)).collect();
    for (value, group) in values.iter_mut().zip(groups) {
        *value = value.or_else(|| middles[(*group)?]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_filled_from_its_own_group() {
        let values = [Some(1.0), Some(3.0), None, Some(10.0), None, None, None];
        let groups = [Some(0), Some(0), Some(0), Some(1), Some(1), Some(2), None];
        let filled = |method| {
            let mut values = values;
            impute(&mut values, method, Some(&groups));
            values
        };
        // The third group has no value at all, and the last place is of no group.
        let by_group = filled(ImputeMethod::GroupMean);
        assert_eq!(by_group, [Some(1.0), Some(3.0), Some(2.0), Some(10.0), Some(10.0), None, None]);
        assert_eq!(filled(ImputeMethod::GroupMedian), by_group);
        assert_eq!(filled(ImputeMethod::Mean)[6], Some(14.0 / 3.0));
        assert_eq!(filled(ImputeMethod::Median)[2], Some(3.0));
        assert_eq!(filled(ImputeMethod::None), values);
    }
}
