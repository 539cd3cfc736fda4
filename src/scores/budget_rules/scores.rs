//! Scores of places that formulas add up.

use super::definition::{Condition, Step};

/// The hundredth, 1 to 100, in which each place falls, from the lowest; of fewer than a hundred places their rank. Places with
/// the same number share the mean of theirs, so that their order does not matter. `None` of places that do not count.
///
/// # Source
/// `ntile` of dplyr (R), as the city of Austin computes its equity analysis zones.
pub(super) fn hundredths(values: &[Option<f64>]) -> Vec<Option<f64>> {
    const PARTS: usize = 100;
    let mut order: Vec<(f64, usize)> =
        values.iter().enumerate().filter_map(|(place, value)| Some(((*value)?, place))).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (count, larger) = (order.len(), order.len().div_ceil(PARTS));
    let (more, smaller) = (count % PARTS, count / PARTS);
    let part = |rank: usize| match rank < more * larger {
        true => rank / larger + 1,
        false => (rank - more * larger) / smaller + more + 1,
    };
    let mut found = vec![None; values.len()];
    let mut first = 0;
    for alike in order.chunk_by(|a, b| a.0 == b.0) {
        let sum: usize = (first..first + alike.len()).map(part).sum();
        alike.iter().for_each(|(_, place)| found[*place] = Some(sum as f64 / alike.len() as f64));
        first += alike.len();
    }
    found
}

/// The points of each place: those of the first step of which every condition holds.
///
/// - `numbers`: of a column, one per place.
pub(super) fn points<'a>(
    steps: &[Step],
    people: &[f64],
    numbers: &dyn Fn(&str) -> &'a [Option<f64>],
) -> Vec<f64> {
    let mut found: Vec<Option<f64>> = vec![None; people.len()];
    let all: f64 = people.iter().sum();
    for step in steps {
        let is = |one: &Condition, place: usize| one.holds(numbers(&one.column)[place]);
        let holds = |place: usize| {
            step.when.iter().all(|one| is(one, place))
                && (step.when_any.is_empty() || step.when_any.iter().any(|one| is(one, place)))
        };
        let mut may: Vec<usize> =
            (0..people.len()).filter(|&place| found[place].is_none() && holds(place)).collect();
        if let (Some(share), Some(column)) = (step.at_most_people, &step.most_first) {
            let number = |place: usize| numbers(column)[place].unwrap_or(f64::NEG_INFINITY);
            may.sort_by(|&a, &b| number(b).total_cmp(&number(a)).then(a.cmp(&b)));
            let mut left = share * all;
            may.retain(|&place| {
                let fits = people[place] <= left * (1.0 + 1e-12);
                left -= if fits { people[place] } else { 0.0 };
                fits
            });
        }
        may.into_iter().for_each(|place| found[place] = Some(step.points));
    }
    found.into_iter().map(|points| points.unwrap_or(0.0)).collect()
}

impl Condition {
    fn holds(&self, value: Option<f64>) -> bool {
        value.is_some_and(|value| {
            self.at_least.is_none_or(|least| value >= least) && self.at_most.is_none_or(|most| value <= most)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hundredths_are_those_of_ntile_and_ties_share_theirs() {
        let few = [3.0, 1.0, 2.0].map(Some);
        assert_eq!(hundredths(&few), [3.0, 1.0, 2.0].map(Some));
        // Of 250 places, the first 50 parts hold three each and the others two.
        let many: Vec<Option<f64>> = (0..250).map(|at| Some(f64::from(at))).collect();
        let found = hundredths(&many);
        assert_eq!(
            [found[2], found[3], found[149], found[150], found[249]],
            [1.0, 2.0, 50.0, 51.0, 100.0].map(Some)
        );
        assert_eq!(
            hundredths(&[Some(5.0), None, Some(5.0), Some(9.0)]),
            [Some(1.5), None, Some(1.5), Some(3.0)]
        );
        assert_eq!(hundredths(&[None]), [None]);
    }
}
