//! Indicators brought to one scale, in one direction.

use super::data::round;
use super::definition::{Direction, NormaliseMethod};
use super::statistics::{mean, sample_deviation};
use crate::{Error, ErrorKind, Result};

/// How one indicator comes to the scale.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// The method.
    pub method: NormaliseMethod,
    /// Whether high or low values are at the high end.
    pub direction: Direction,
    /// Ends of the scale, or mean and standard deviation for z; see [`crate::scores::cohesion::Normalise::range`].
    pub range: [f64; 2],
    /// Value that is as good as needed.
    pub target: Option<f64>,
    /// Whether values beyond the target count no more.
    pub cap: bool,
    /// Values that are worth nothing and all.
    pub goalposts: Option<[f64; 2]>,
    /// Decimals of the result.
    pub round: Option<u32>,
}

/// A way to the scale that was found on the places of reference, to be applied to any place.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// `low` comes to `range[0]`, `high` to `range[1]`; `low` is above `high` where low values are better.
    Linear {
        /// Value at the low end of the scale.
        low: f64,
        /// Value at the high end of the scale.
        high: f64,
        /// Smallest and largest share of the way that is given.
        clamp: [f64; 2],
        /// Ends of the scale.
        range: [f64; 2],
        /// Decimals of the result.
        round: Option<u32>,
    },
    /// By the number of places of reference that are worse.
    Ranks {
        /// Values of the places of reference, sorted, negated where low values are better.
        sorted: Vec<f64>,
        /// Whether low values are better.
        reversed: bool,
        /// Rank, Borda score or percentile.
        method: NormaliseMethod,
        /// Ends of the scale of percentiles.
        range: [f64; 2],
        /// Decimals of the result.
        round: Option<u32>,
    },
}

impl Scale {
    /// Finds the scale on the values of the places of reference.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if the method needs values that differ and they do not.
    ///
    /// # Example
    /// ```
    /// use commonground::scores::cohesion::{Direction, NormaliseMethod, Rule, Scale};
    /// let rule = Rule {
    ///     method: NormaliseMethod::Goalposts,
    ///     direction: Direction::Down,
    ///     range: [0.0, 1.0],
    ///     target: None,
    ///     cap: false,
    ///     goalposts: Some([0.0, 10.0]),
    ///     round: None,
    /// };
    /// let scale = Scale::find(&rule, &[])?;
    /// assert_eq!([1.0, 11.0, -1.0].map(|value| scale.apply(value)), [0.9, 0.0, 1.0]);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn find(rule: &Rule, values: &[f64]) -> Result<Self> {
        let up = rule.direction == Direction::Up;
        let (lowest, highest) =
            values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(*value), high.max(*value))
            });
        let (range, round) = (rule.range, rule.round);
        let linear = |worst: f64, best: f64, clamp: [f64; 2], range: [f64; 2]| {
            if worst == best {
                let message = if rule.method == NormaliseMethod::DistanceToTarget {
                    format!("the target, {best}, is the worst value that any place has")
                } else {
                    format!("every place has the same value, {worst}, so it cannot tell places apart")
                };
                return Err(Error::new(ErrorKind::Value, message)
                    .hint("leave it out, or give it goalposts: two values that are worth nothing and all"));
            }
            Ok(Self::Linear { low: worst, high: best, clamp, range, round })
        };
        let free = [f64::NEG_INFINITY, f64::INFINITY];
        let worst = if up { lowest } else { highest };
        match rule.method {
            NormaliseMethod::MinMax => linear(worst, if up { highest } else { lowest }, free, range),
            NormaliseMethod::DistanceToTarget => {
                let target = rule.target.unwrap_or(f64::NAN);
                linear(worst, target, [f64::NEG_INFINITY, if rule.cap { 1.0 } else { f64::INFINITY }], range)
            }
            NormaliseMethod::Goalposts => {
                let [low, high] = rule.goalposts.unwrap_or([f64::NAN; 2]);
                let (worst, best) = if up { (low, high) } else { (high, low) };
                linear(worst, best, [0.0, 1.0], range)
            }
            NormaliseMethod::Z => {
                let (middle, deviation) = (mean(values), sample_deviation(values));
                if lowest == highest || deviation.is_nan() {
                    return linear(lowest, lowest, free, range);
                }
                let best = if up { middle + deviation } else { middle - deviation };
                linear(middle, best, free, [range[0], range[0] + range[1]])
            }
            NormaliseMethod::Raw => linear(0.0, if up { 1.0 } else { -1.0 }, free, [0.0, 1.0]),
            NormaliseMethod::Rank | NormaliseMethod::Borda | NormaliseMethod::Percentile => {
                let mut sorted: Vec<f64> =
                    values.iter().map(|value| if up { *value } else { -value }).collect();
                sorted.sort_by(f64::total_cmp);
                Ok(Self::Ranks { sorted, reversed: !up, method: rule.method, range, round })
            }
        }
    }

    /// One value on the scale.
    #[must_use]
    pub fn apply(&self, value: f64) -> f64 {
        let (value, decimals) = match self {
            Self::Linear { low, high, clamp, range, round } => {
                let share = ((value - low) / (high - low)).clamp(clamp[0], clamp[1]);
                (range[0] + share * (range[1] - range[0]), round)
            }
            Self::Ranks { sorted, reversed, method, range, round } => {
                let value = if *reversed { -value } else { value };
                let worse = sorted.partition_point(|other| *other < value) as f64;
                let others = (sorted.len().max(2) - 1) as f64;
                let result = match method {
                    NormaliseMethod::Rank => worse + 1.0,
                    NormaliseMethod::Borda => worse,
                    // Beyond the best place of reference nothing is better than the best.
                    _ => range[0] + (worse / others).min(1.0) * (range[1] - range[0]),
                };
                (result, round)
            }
        };
        decimals.map_or(value, |decimals| round(value, decimals))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use NormaliseMethod::{Borda, DistanceToTarget, Goalposts, MinMax, Percentile, Rank, Raw, Z};

    fn rule(method: NormaliseMethod, direction: Direction, range: [f64; 2]) -> Rule {
        Rule {
            method,
            direction,
            range,
            target: Some(10.0),
            cap: false,
            goalposts: Some([0.0, 10.0]),
            round: None,
        }
    }

    fn scaled(rule: &Rule, values: &[f64]) -> Vec<f64> {
        let scale = Scale::find(rule, values).unwrap();
        values.iter().map(|value| scale.apply(*value)).collect()
    }

    #[test]
    fn each_method_matches_a_hand_table() {
        let unit = [0.0, 1.0];
        let values = [2.0, 4.0, 4.0, 10.0];
        for (method, up, down) in [
            (MinMax, [0.0, 0.25, 0.25, 1.0], [1.0, 0.75, 0.75, 0.0]),
            (Rank, [1.0, 2.0, 2.0, 4.0], [4.0, 2.0, 2.0, 1.0]),
            (Borda, [0.0, 1.0, 1.0, 3.0], [3.0, 1.0, 1.0, 0.0]),
            (Percentile, [0.0, 1.0 / 3.0, 1.0 / 3.0, 1.0], [1.0, 1.0 / 3.0, 1.0 / 3.0, 0.0]),
            (Goalposts, [0.2, 0.4, 0.4, 1.0], [0.8, 0.6, 0.6, 0.0]),
            (Raw, values, [-2.0, -4.0, -4.0, -10.0]),
        ] {
            assert_eq!(scaled(&rule(method, Direction::Up, unit), &values), up, "{method:?}");
            assert_eq!(scaled(&rule(method, Direction::Down, unit), &values), down, "{method:?}");
        }
        assert_eq!(scaled(&rule(MinMax, Direction::Up, [0.0, 100.0]), &values), [0.0, 25.0, 25.0, 100.0]);
        // Mean 5, deviation √12.
        let z = scaled(&rule(Z, Direction::Down, unit), &values);
        assert!((z[3] + 5.0 / 12.0_f64.sqrt()).abs() < 1e-15 && z.iter().sum::<f64>().abs() < 1e-15);
        let t = scaled(&rule(Z, Direction::Up, [50.0, 10.0]), &values);
        assert!((t[3] - 50.0 - 50.0 / 12.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn targets_and_goalposts_are_those_of_the_published_tests() {
        let to_target = rule(DistanceToTarget, Direction::Up, [0.0, 1.0]);
        assert_eq!(scaled(&to_target, &[0.0, 5.0, 11.0]), [0.0, 0.5, 1.1]);
        assert_eq!(scaled(&Rule { cap: true, ..to_target }, &[0.0, 5.0, 11.0]), [0.0, 0.5, 1.0]);
        // Fewer minutes are better: 10 is enough, 30 the worst there is.
        assert_eq!(
            scaled(&rule(DistanceToTarget, Direction::Down, [0.0, 1.0]), &[10.0, 20.0, 30.0]),
            [1.0, 0.5, 0.0]
        );
        let posts = rule(Goalposts, Direction::Up, [0.0, 1.0]);
        assert_eq!(scaled(&posts, &[1.0, 11.0, -1.0]), [0.1, 1.0, 0.0]);
    }

    #[test]
    fn a_place_beyond_the_reference_goes_beyond_the_ends_but_no_higher_than_the_best_rank() {
        let values = [0.0, 10.0];
        assert_eq!(
            Scale::find(&rule(MinMax, Direction::Up, [0.0, 100.0]), &values).unwrap().apply(12.0),
            120.0
        );
        assert_eq!(
            Scale::find(&rule(Percentile, Direction::Up, [0.0, 1.0]), &values).unwrap().apply(12.0),
            1.0
        );
    }

    #[test]
    fn equal_values_cannot_be_spread() {
        for method in [MinMax, Z] {
            let error = Scale::find(&rule(method, Direction::Up, [0.0, 1.0]), &[3.0, 3.0]).unwrap_err();
            assert!(error.kind() == ErrorKind::Value && error.message().contains("same value, 3"));
        }
        assert_eq!(scaled(&rule(Percentile, Direction::Up, [0.0, 1.0]), &[3.0, 3.0]), [0.0, 0.0]);
        assert_eq!(scaled(&rule(Percentile, Direction::Up, [0.0, 1.0]), &[3.0]), [0.0]);
    }
}
