//! Indicators brought to one scale, in one direction.

use super::data::round;
use super::definition::{Direction, NormaliseMethod, Ties};
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
    /// Which rank equal values share in a percentile.
    pub ties: Ties,
}

/// A way to the scale that was found on the places of reference, to be applied to any place.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
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
        /// Rank or Borda score.
        method: NormaliseMethod,
        /// Decimals of the result.
        round: Option<u32>,
    },
    /// By the share of the other places of reference that are below.
    Percentiles {
        /// Values of the places of reference, sorted.
        sorted: Vec<f64>,
        /// Whether low values are better.
        reversed: bool,
        /// Which rank equal values share.
        ties: Ties,
        /// Ends of the scale.
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
    /// use commonground::scores::cohesion::{Direction, NormaliseMethod, Rule, Scale, Ties};
    /// let rule = Rule {
    ///     method: NormaliseMethod::Goalposts,
    ///     direction: Direction::Down,
    ///     range: [0.0, 1.0],
    ///     target: None,
    ///     cap: false,
    ///     goalposts: Some([0.0, 10.0]),
    ///     round: None,
    ///     ties: Ties::Lowest,
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
                    format!("every place has the same value, {worst}, so it cannot distinguish places")
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
            NormaliseMethod::Rank | NormaliseMethod::Borda => {
                let mut sorted: Vec<f64> =
                    values.iter().map(|value| if up { *value } else { -value }).collect();
                sorted.sort_by(f64::total_cmp);
                Ok(Self::Ranks { sorted, reversed: !up, method: rule.method, round })
            }
            NormaliseMethod::Percentile => {
                let mut sorted = values.to_vec();
                sorted.sort_by(f64::total_cmp);
                let ties = match (rule.ties, up) {
                    (Ties::Worst, true) => Ties::Lowest,
                    (Ties::Worst, false) => Ties::Highest,
                    (ties, _) => ties,
                };
                Ok(Self::Percentiles { sorted, reversed: !up, ties, range, round })
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
            Self::Ranks { sorted, reversed, method, round } => {
                let value = if *reversed { -value } else { value };
                let worse = sorted.partition_point(|other| *other < value) as f64;
                (if *method == NormaliseMethod::Rank { worse + 1.0 } else { worse }, round)
            }
            Self::Percentiles { sorted, reversed, ties, range, round } => {
                let others = (sorted.len().max(2) - 1) as f64;
                // Beyond the ends of the reference nothing is higher than the highest.
                let below = below(sorted, value, *ties).min(others);
                let share = if *reversed { others - below } else { below } / others;
                (range[0] + share * (range[1] - range[0]), round)
            }
        };
        decimals.map_or(value, |decimals| round(value, decimals))
    }
}

/// Number of values below; of those that are equal, the value's own place aside, none, half or all.
fn below(sorted: &[f64], value: f64, ties: Ties) -> f64 {
    let below = sorted.partition_point(|other| *other < value);
    let level = sorted.partition_point(|other| *other <= value) - below;
    let equal = level.saturating_sub(1) as f64;
    let counted = match ties {
        Ties::Lowest | Ties::Worst => 0.0,
        Ties::Mean => equal / 2.0,
        Ties::Highest => equal,
    };
    below as f64 + counted
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
            ties: Ties::Lowest,
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
            (Percentile, [0.0, 1.0 / 3.0, 1.0 / 3.0, 1.0], [1.0, 2.0 / 3.0, 2.0 / 3.0, 0.0]),
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

    /// pandas: `(values.rank(method=...) - 1) / 4`, and 1 less it.
    #[test]
    fn equal_values_share_the_rank_that_the_definition_chooses() {
        let values = [10.0, 20.0, 20.0, 20.0, 50.0];
        for (ties, up, down) in [
            (Ties::Lowest, 0.25, 0.75),
            (Ties::Mean, 0.5, 0.5),
            (Ties::Highest, 0.75, 0.25),
            (Ties::Worst, 0.25, 0.25),
        ] {
            let of = |direction| scaled(&Rule { ties, ..rule(Percentile, direction, [0.0, 1.0]) }, &values);
            assert_eq!(of(Direction::Up), [0.0, up, up, up, 1.0], "{ties:?}");
            assert_eq!(of(Direction::Down), [1.0, down, down, down, 0.0], "{ties:?}");
        }
    }

    /// Two counties of a published index, held in a made table: poverty up, income per head down, percentiles of both added.
    /// Income ties at the low end, so that ranking its negative would give the tied places 0 and not ½.
    #[test]
    fn a_falling_indicator_is_one_less_its_percentile() {
        let down = rule(Percentile, Direction::Down, [0.0, 1.0]);
        let rising = scaled(&rule(Percentile, Direction::Up, [0.0, 1.0]), &[30.0, 30.0, 41.0]);
        let falling = scaled(&down, &[30.0, 30.0, 41.0]);
        assert!(rising.iter().zip(&falling).all(|(up, down)| up + down == 1.0), "{rising:?} {falling:?}");
        // Beyond the places of reference.
        let scale = Scale::find(&down, &[30.0, 30.0, 41.0]).unwrap();
        assert_eq!([20.0, 35.0, 50.0].map(|value| scale.apply(value)), [1.0, 0.0, 0.0]);
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
        for (direction, level) in [(Direction::Up, 0.0), (Direction::Down, 1.0)] {
            assert_eq!(scaled(&rule(Percentile, direction, [0.0, 1.0]), &[3.0, 3.0]), [level, level]);
        }
        assert_eq!(scaled(&rule(Percentile, Direction::Up, [0.0, 1.0]), &[3.0]), [0.0]);
    }
}
