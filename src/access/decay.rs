//! How much a place counts when it is farther away: weight 1 next door, falling with travel time.

use crate::{Error, ErrorKind, Minutes, Result};
use std::f64::consts::PI;

/// A weight by travel time.
///
/// # Example
/// ```
/// use commonground::{Minutes, access::Decay};
/// let half_hour = Minutes::new(30.0)?;
/// assert_eq!(Decay::linear(half_hour)?.weight(Minutes::new(12.0)?), 0.6);
/// assert_eq!(Decay::binary(half_hour).weight(half_hour), 1.0);
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Decay {
    shape: Shape,
    /// Milliseconds beyond which the weight is 0.
    limit: u32,
}

#[derive(Debug, Clone, PartialEq)]
enum Shape {
    One,
    Linear {
        cutoff: f64,
    },
    Exponential {
        rate: f64,
    },
    Power {
        exponent: f64,
    },
    Logistic {
        inflection: f64,
        deviation: f64,
    },
    Gaussian {
        deviation: f64,
    },
    DaiGaussian {
        cutoff: f64,
    },
    /// Weights up to and including each time.
    Bands(Vec<(u32, f64)>),
    /// Weights from each time on, 1 before the first.
    Stepped(Vec<(u32, f64)>),
    /// Straight lines between the points, 0 beyond the last.
    Table(Vec<(f64, f64)>),
}

impl Decay {
    /// 1 up to the cutoff (inclusive), 0 beyond.
    #[must_use]
    pub fn binary(cutoff: Minutes) -> Self {
        Self { shape: Shape::One, limit: cutoff.to_milliseconds() }
    }

    /// max(0, 1 - c / cutoff).
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the cutoff is 0.
    pub fn linear(cutoff: Minutes) -> Result<Self> {
        let shape = Shape::Linear { cutoff: positive("cutoff", cutoff.get())? };
        Ok(Self { shape, limit: cutoff.to_milliseconds() })
    }

    /// exp(-rate · c), `rate` by minute. (pandana's exp(-d / radius) is a rate of 1 / radius.)
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the rate is negative or not finite.
    pub fn exponential(rate: f64) -> Result<Self> {
        Ok(Self::endless(Shape::Exponential { rate: not_negative("rate", rate)? }))
    }

    /// c to the power of -`exponent`; 1 below one minute, where the power would explode.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the exponent is negative or not finite.
    pub fn power(exponent: f64) -> Result<Self> {
        Ok(Self::endless(Shape::Power { exponent: not_negative("exponent", exponent)? }))
    }

    /// 1 / (1 + exp((c - `inflection`) π / (`deviation` √3))), divided by its value at 0 so that it begins at 1.
    ///
    /// - `deviation`: standard deviation in minutes; near 0 it is a binary decay.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the deviation is 0.
    ///
    /// # Source
    /// The cumulative logistic of R5 and R `accessibility`: at the inflection the weight is a little above ½.
    pub fn logistic(inflection: Minutes, deviation: Minutes) -> Result<Self> {
        let deviation = positive("deviation", deviation.get())?;
        Ok(Self::endless(Shape::Logistic { inflection: inflection.get(), deviation }))
    }

    /// exp(-c² / (2 `deviation`²)).
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the deviation is 0.
    pub fn gaussian(deviation: Minutes) -> Result<Self> {
        Ok(Self::endless(Shape::Gaussian { deviation: positive("deviation", deviation.get())? }))
    }

    /// (exp(-c² / 2T²) - exp(-½)) / (1 - exp(-½)) up to the cutoff T, where it ends at 0.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the cutoff is 0.
    ///
    /// # Source
    /// Dai (2010), "Black residential segregation, disparities in spatial access to health care facilities, and
    /// late-stage breast cancer diagnosis in metropolitan Detroit".
    pub fn dai_gaussian(cutoff: Minutes) -> Result<Self> {
        let shape = Shape::DaiGaussian { cutoff: positive("cutoff", cutoff.get())? };
        Ok(Self { shape, limit: cutoff.to_milliseconds() })
    }

    /// Bands as Luo & Qi and PySAL have them: each weight holds up to and including its time, 0 beyond the last.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is no band, times do not rise, or a weight is negative or not finite.
    pub fn bands(bands: &[(Minutes, f64)]) -> Result<Self> {
        let points = milliseconds(bands)?;
        let limit = points[points.len() - 1].0;
        Ok(Self { shape: Shape::Bands(points), limit })
    }

    /// Steps as R `accessibility` has them: 1 before the first time, then each weight from its time on.
    ///
    /// # Errors
    /// As for [`Decay::bands`].
    pub fn stepped(steps: &[(Minutes, f64)]) -> Result<Self> {
        Ok(Self::endless(Shape::Stepped(milliseconds(steps)?)))
    }

    /// The user's own curve: straight lines between the points, the first weight before the first, 0 beyond the last.
    ///
    /// # Errors
    /// As for [`Decay::bands`].
    pub fn table(points: &[(Minutes, f64)]) -> Result<Self> {
        let limit = milliseconds(points)?[points.len() - 1].0;
        let points = points.iter().map(|&(time, weight)| (time.get(), weight)).collect();
        Ok(Self { shape: Shape::Table(points), limit })
    }

    /// The same curve cut off: 0 beyond `cutoff`.
    #[must_use]
    pub fn within(self, cutoff: Minutes) -> Self {
        Self { limit: self.limit.min(cutoff.to_milliseconds()), ..self }
    }

    /// The same curve without the cut of [`Decay::within`].
    pub(super) fn uncut(&self) -> Self {
        Self::endless(self.shape.clone())
    }

    /// The weight of a travel time.
    #[must_use]
    pub fn weight(&self, time: Minutes) -> f64 {
        self.at(time.to_milliseconds())
    }

    #[inline]
    pub(super) fn at(&self, milliseconds: u32) -> f64 {
        if milliseconds > self.limit {
            return 0.0;
        }
        if self.shape == Shape::One {
            return 1.0;
        }
        self.shape.at(milliseconds)
    }

    /// Milliseconds beyond which the weight is 0.
    pub(super) fn limit(&self) -> u32 {
        self.limit
    }

    /// Whether the curve itself never ends, so that a search for it ends only with the network.
    pub(super) fn is_endless(&self) -> bool {
        use Shape::{Exponential, Gaussian, Logistic, Power, Stepped};
        matches!(
            self.shape,
            Exponential { .. } | Gaussian { .. } | Logistic { .. } | Power { .. } | Stepped(_)
        )
    }

    fn endless(shape: Shape) -> Self {
        Self { shape, limit: u32::MAX }
    }
}

impl Shape {
    fn at(&self, milliseconds: u32) -> f64 {
        let c = Minutes::from_milliseconds(milliseconds).get();
        match self {
            Self::One => 1.0,
            Self::Linear { cutoff } => (1.0 - c / cutoff).max(0.0),
            Self::Exponential { rate } => (-rate * c).exp(),
            Self::Power { exponent } if c > 1.0 => c.powf(-exponent),
            Self::Power { .. } => 1.0,
            Self::Logistic { inflection, deviation } => {
                let odds = |c: f64| 1.0 + ((c - inflection) * PI / (deviation * 3_f64.sqrt())).exp();
                odds(0.0) / odds(c)
            }
            Self::Gaussian { deviation } => (-c * c / (2.0 * deviation * deviation)).exp(),
            Self::DaiGaussian { cutoff } => {
                let end = (-0.5_f64).exp();
                (((-c * c / (2.0 * cutoff * cutoff)).exp() - end) / (1.0 - end)).max(0.0)
            }
            Self::Bands(bands) => {
                bands.iter().find(|(end, _)| milliseconds <= *end).map_or(0.0, |(_, weight)| *weight)
            }
            Self::Stepped(steps) => steps
                .iter()
                .rev()
                .find(|(begin, _)| milliseconds >= *begin)
                .map_or(1.0, |(_, weight)| *weight),
            Self::Table(points) => interpolated(points, c),
        }
    }
}

fn interpolated(points: &[(f64, f64)], c: f64) -> f64 {
    let after = points.partition_point(|(time, _)| *time < c);
    match (after.checked_sub(1).map(|before| points[before]), points.get(after)) {
        (None, Some((_, weight))) => *weight,
        (Some((start, from)), Some((end, to))) => from + (to - from) * (c - start) / (end - start),
        (_, None) => 0.0,
    }
}

fn not_negative(name: &str, value: f64) -> Result<f64> {
    if value.is_finite() && value >= 0.0 {
        return Ok(value);
    }
    let message = format!("the decay's {name} is `{value}`");
    let hint = "it must be finite and not negative, so that farther never counts more";
    Err(Error::new(ErrorKind::Parameter, message).hint(hint))
}

fn positive(name: &str, minutes: f64) -> Result<f64> {
    if minutes > 0.0 {
        return Ok(minutes);
    }
    let message = format!("the decay's {name} is 0 minutes");
    Err(Error::new(ErrorKind::Parameter, message)
        .hint("take a binary decay to count what is at the door only"))
}

/// Points by whole milliseconds, once their times rise and their weights are weights.
fn milliseconds(points: &[(Minutes, f64)]) -> Result<Vec<(u32, f64)>> {
    if points.is_empty() {
        return Err(Error::new(ErrorKind::Parameter, "the decay has no steps"));
    }
    for (row, (_, weight)) in points.iter().enumerate() {
        not_negative("weight", *weight).map_err(|error| error.at_row(row + 1))?;
    }
    if let Some(row) = points.windows(2).position(|pair| pair[0].0.get() >= pair[1].0.get()) {
        let message = format!("the decay's times do not rise: `{}` min", points[row + 1].0.get());
        return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 2));
    }
    Ok(points.iter().map(|&(time, weight)| (time.to_milliseconds(), weight)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(value: f64) -> Minutes {
        Minutes::new(value).unwrap()
    }

    #[test]
    fn a_decay_that_is_negative_not_finite_or_empty_is_refused() {
        for value in [-0.1, f64::NAN, f64::INFINITY] {
            assert!(Decay::exponential(value).is_err() && Decay::power(value).is_err());
            assert!(Decay::bands(&[(minutes(5.0), value)]).is_err());
        }
        let zero = minutes(0.0);
        let refused = [Decay::linear(zero), Decay::gaussian(zero), Decay::dai_gaussian(zero)];
        assert!(refused.iter().all(|decay| decay.as_ref().unwrap_err().kind() == ErrorKind::Parameter));
        assert!(Decay::logistic(minutes(30.0), zero).is_err());
        assert!(Decay::stepped(&[]).is_err());
        assert!(Decay::table(&[(minutes(5.0), 1.0), (minutes(5.0), 0.5)]).is_err());
    }

    #[test]
    fn every_curve_has_its_textbook_value() {
        let near = |decay: Decay, c: f64, expected: f64| {
            assert!((decay.weight(minutes(c)) - expected).abs() < 1e-12, "{decay:?} at {c}");
        };
        near(Decay::binary(minutes(30.0)), 30.0, 1.0);
        near(Decay::binary(minutes(30.0)), 30.01, 0.0);
        near(Decay::binary(minutes(0.0)), 0.0, 1.0);
        near(Decay::linear(minutes(40.0)).unwrap(), 10.0, 0.75);
        near(Decay::exponential(0.1).unwrap(), 10.0, (-1.0_f64).exp());
        near(Decay::power(2.0).unwrap(), 4.0, 1.0 / 16.0);
        near(Decay::power(2.0).unwrap(), 0.5, 1.0);
        near(Decay::gaussian(minutes(20.0)).unwrap(), 20.0, 0.606_530_659_712_633_4);
        near(Decay::dai_gaussian(minutes(20.0)).unwrap(), 20.0, 0.0);
        near(Decay::dai_gaussian(minutes(20.0)).unwrap(), 0.0, 1.0);
        // Normalised at 0: a little above a half where the plain curve has a half.
        let logistic = Decay::logistic(minutes(30.0), minutes(10.0)).unwrap();
        near(logistic.clone(), 0.0, 1.0);
        assert!((logistic.weight(minutes(30.0)) - 0.5022).abs() < 5e-5);
    }

    #[test]
    fn bands_hold_their_end_and_steps_their_begin() {
        let points = [(minutes(10.0), 0.6), (minutes(20.0), 0.2)];
        let (bands, steps) = (Decay::bands(&points).unwrap(), Decay::stepped(&points).unwrap());
        let at = |decay: &Decay| [0.0, 10.0, 20.0, 20.1].map(|c| decay.weight(minutes(c)));
        assert_eq!(at(&bands), [0.6, 0.6, 0.2, 0.0]);
        assert_eq!(at(&steps), [1.0, 0.6, 0.2, 0.2]);
        let table = Decay::table(&[(minutes(10.0), 1.0), (minutes(20.0), 0.5)]).unwrap();
        assert_eq!(at(&table), [1.0, 1.0, 0.5, 0.0]);
        assert_eq!(table.weight(minutes(15.0)), 0.75);
        assert_eq!(table.within(minutes(12.0)).weight(minutes(15.0)), 0.0);
    }
}
