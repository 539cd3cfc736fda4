//! From homes to neighbourhoods: the one place where values of homes become values of areas.

use crate::access::{share_within, weighted_mean, weighted_quantile};
use std::borrow::Cow;

/// How values of homes become that of their neighbourhood. Means, quantiles and shares are weighted by what homes count for.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// Mean over homes with a value.
    Mean,
    /// Mean by workers, or by what homes count for where the data does not count workers.
    MeanOfWorkers,
    /// Sum of the values themselves.
    Sum,
    /// The value at or below which this share of the weight lies, 0 to 1; a home without a value is farther than any.
    Quantile(f64),
    /// Share with at most so much; a home without a value has more.
    ShareAtMost(f64),
    /// Share with at least so much, over homes with a value.
    ShareAtLeast(f64),
}

impl Rule {
    /// Whether what comes out is the same quantity as the values of homes, rather than a share or a tail of them.
    #[must_use]
    pub fn keeps_the_quantity(self) -> bool {
        matches!(self, Self::Mean | Self::MeanOfWorkers) || self == Self::Quantile(0.5)
    }
}

/// Homes (or clusters of homes) by the area that they stand in, with what each counts for.
#[derive(Debug, Clone)]
pub(crate) struct ByArea<'a> {
    /// Those of each area, in the order of their numbers.
    members: Vec<Vec<usize>>,
    weights: Cow<'a, [f64]>,
}

impl<'a> ByArea<'a> {
    /// - `areas`: the area of each one, below `count`; `None` outside all of them.
    /// - `is_counted`: whether it counts at all.
    pub(crate) fn new(
        areas: &[Option<u32>],
        count: usize,
        weights: impl Into<Cow<'a, [f64]>>,
        is_counted: impl Fn(usize) -> bool,
    ) -> Self {
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (one, area) in areas.iter().enumerate() {
            if let Some(area) = area.filter(|_| is_counted(one)) {
                members[area as usize].push(one);
            }
        }
        Self { members, weights: weights.into() }
    }

    /// One answer per area, from the numbers of those who stand in it.
    pub(crate) fn each<T>(&self, of: impl Fn(&[usize]) -> T) -> Vec<T> {
        self.members.iter().map(|members| of(members)).collect()
    }

    /// Mean of what is known.
    pub(crate) fn mean(&self, value: impl Fn(usize) -> Option<f64>) -> Vec<Option<f64>> {
        self.each(|members| {
            weighted_mean(members.iter().filter_map(|&one| Some((value(one)?, self.weights[one]))))
        })
    }

    /// Share of whom something is true.
    pub(crate) fn share(&self, is_true: impl Fn(usize) -> bool) -> Vec<Option<f64>> {
        self.mean(|one| Some(f64::from(u8::from(is_true(one)))))
    }

    /// Quantile of values, of those that `value` takes up at all; `Some(None)` is farther than any.
    pub(crate) fn quantile(
        &self,
        level: f64,
        value: impl Fn(usize) -> Option<Option<f64>>,
    ) -> Vec<Option<f64>> {
        self.each(|members| {
            let known = members.iter().filter_map(|&one| Some((value(one)?, self.weights[one])));
            weighted_quantile(&known.collect::<Vec<_>>(), level)
        })
    }

    /// Sum of what they count for.
    pub(crate) fn totals(&self) -> Vec<f64> {
        self.sums(&self.weights)
    }

    /// Sum of counts.
    pub(crate) fn sums(&self, counts: &[f64]) -> Vec<f64> {
        self.each(|members| members.iter().fold(0.0, |sum, &one| sum + counts[one]))
    }

    /// Values of homes summed up by a rule; `None` where nothing counts.
    ///
    /// - `workers`: what [`Rule::MeanOfWorkers`] weighs by.
    pub(crate) fn summed_up(&self, values: &[Option<f64>], rule: Rule, workers: &[f64]) -> Vec<Option<f64>> {
        match rule {
            Rule::Mean => self.mean(|one| values[one]),
            Rule::MeanOfWorkers => self.each(|members| {
                weighted_mean(members.iter().filter_map(|&one| Some((values[one]?, workers[one]))))
            }),
            Rule::Sum => self.each(|members| {
                let known = members.iter().filter_map(|&one| values[one]);
                (!members.is_empty()).then(|| known.fold(0.0, |sum, value| sum + value))
            }),
            Rule::Quantile(level) => self.quantile(level, |one| Some(values[one])),
            Rule::ShareAtMost(limit) => self.each(|members| {
                let all = members.iter().map(|&one| (values[one], self.weights[one]));
                share_within(&all.collect::<Vec<_>>(), limit)
            }),
            Rule::ShareAtLeast(enough) => {
                self.mean(|one| values[one].map(|value| f64::from(u8::from(value >= enough))))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_counts_whom_it_says() {
        let homes = ByArea::new(&[Some(0), Some(0), Some(0), None], 2, vec![1.0, 3.0, 4.0, 9.0], |_| true);
        let of = |rule| {
            let values = [Some(2.0), Some(6.0), None, Some(100.0)];
            let found = homes.summed_up(&values, rule, &[1.0, 0.0, 1.0, 1.0]);
            assert_eq!(found[1], None);
            found[0]
        };
        assert_eq!(of(Rule::Mean), Some(5.0));
        assert_eq!(of(Rule::MeanOfWorkers), Some(2.0));
        assert_eq!(of(Rule::Sum), Some(8.0));
        assert_eq!(of(Rule::ShareAtLeast(6.0)), Some(0.75));
        assert_eq!(of(Rule::ShareAtMost(6.0)), Some(0.5));
        assert_eq!((of(Rule::Quantile(0.5)), of(Rule::Quantile(0.9))), (Some(6.0), None));
        assert_eq!(homes.totals(), [8.0, 0.0]);
    }
}
