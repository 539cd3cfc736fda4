//! Numbers of homes that a neighbourhood sums up, each in its own way.

use super::HomeAccess;
use super::table::Columns;
use crate::access::{share_within, weighted_mean};
use crate::model::Homes;

/// One number a home, and what becomes of it in its neighbourhood.
pub(super) struct Measure {
    /// Name of the column of the homes.
    pub home_column: String,
    /// Name of the column of the neighbourhoods.
    pub neighbourhood_column: String,
    /// `None` where the home is not on a street, or the number means nothing there.
    pub values: Vec<Option<f64>>,
    /// How a neighbourhood sums them up.
    pub summary: Summary,
}

/// How the numbers of homes become that of their neighbourhood. Means and shares are weighted by residents.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Summary {
    Mean,
    /// Of workers, or of residents where the data does not count workers.
    MeanOfWorkers,
    Sum,
    /// Share of residents with at most so much; a home on a street without a number has more.
    ShareAtMost(f64),
    /// Share of residents with at least so much.
    ShareAtLeast(f64),
}

impl Measure {
    /// `…` of a home is `…_mean` of a neighbourhood.
    pub(super) fn mean(name: impl Into<String>, values: Vec<Option<f64>>) -> Self {
        let home_column = name.into();
        let neighbourhood_column = format!("{home_column}_mean");
        Self { home_column, neighbourhood_column, values, summary: Summary::Mean }
    }
}

/// Who competes for jobs: the workers of each home where the data counts them, else its residents.
pub(super) fn workers(homes: &Homes) -> &[f64] {
    homes.workers.as_ref().unwrap_or(&homes.weights)
}

/// Adds every measure to the columns of the homes.
pub(super) fn add_to_homes(columns: &mut Columns, measures: &[Measure]) {
    for measure in measures {
        columns.numbers(measure.home_column.clone(), measure.values.clone());
    }
}

/// Adds every measure, summed up, to the columns of `count` neighbourhoods.
///
/// Only homes that are on a street count.
pub(super) fn add_to_neighbourhoods(columns: &mut Columns, found: &HomeAccess<'_>, count: usize) {
    let homes = found.homes;
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (home, neighbourhood) in homes.neighbourhoods.iter().enumerate() {
        if let Some(neighbourhood) = neighbourhood.filter(|_| found.access[home].is_some()) {
            members[neighbourhood as usize].push(home);
        }
    }
    for measure in &found.measures {
        let summed = members.iter().map(|members| measure.of(members, homes));
        columns.numbers(measure.neighbourhood_column.clone(), summed.collect());
    }
}

impl Measure {
    /// Of some homes that are on a street; `None` where nobody counts.
    fn of(&self, members: &[usize], homes: &Homes) -> Option<f64> {
        let known = |weights: &'_ [f64]| -> Vec<(f64, f64)> {
            members.iter().filter_map(|&home| Some((self.values[home]?, weights[home]))).collect()
        };
        let residents = || known(&homes.weights).into_iter();
        match self.summary {
            Summary::Mean => weighted_mean(residents()),
            Summary::MeanOfWorkers => weighted_mean(known(workers(homes)).into_iter()),
            Summary::Sum => {
                (!members.is_empty()).then(|| residents().fold(0.0, |sum, (value, _)| sum + value))
            }
            Summary::ShareAtLeast(enough) => weighted_mean(
                residents().map(|(value, people)| (f64::from(u8::from(value >= enough)), people)),
            ),
            Summary::ShareAtMost(limit) => {
                let values = members.iter().map(|&home| (self.values[home], homes.weights[home]));
                share_within(&values.collect::<Vec<_>>(), limit)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_summary_counts_whom_it_says() {
        let homes = Homes {
            ids: vec!["a".into(), "b".into(), "c".into()],
            weights: vec![1.0, 3.0, 4.0],
            workers: Some(vec![1.0, 0.0, 1.0]),
            ..Homes::default()
        };
        let of = |summary| {
            let values = vec![Some(2.0), Some(6.0), None];
            let (home_column, neighbourhood_column) = (String::new(), String::new());
            Measure { home_column, neighbourhood_column, values, summary }.of(&[0, 1, 2], &homes)
        };
        assert_eq!(of(Summary::Mean), Some(5.0));
        assert_eq!(of(Summary::MeanOfWorkers), Some(2.0));
        assert_eq!(of(Summary::Sum), Some(8.0));
        assert_eq!(of(Summary::ShareAtLeast(6.0)), Some(0.75));
        assert_eq!(of(Summary::ShareAtMost(6.0)), Some(0.5));
    }
}
