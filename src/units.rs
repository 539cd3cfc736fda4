//! Quantities that carry their unit, checked once at the door.

use crate::{Error, ErrorKind, Result};

macro_rules! quantity {
    ($name:ident, $unit:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
        pub struct $name(f64);

        impl $name {
            /// Checks the number.
            ///
            /// # Errors
            /// [`ErrorKind::Parameter`] if `value` is negative or not finite.
            pub fn new(value: f64) -> Result<Self> {
                if value.is_finite() && value >= 0.0 {
                    return Ok(Self(value));
                }
                Err(Error::new(
                    ErrorKind::Parameter,
                    format!(concat!("`{}` ", $unit, " is not a quantity"), value),
                )
                .hint("it must be finite and not negative"))
            }

            /// The bare number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }
        }
    };
}

quantity!(Metres, "m", "A length in metres, finite and not negative.");
quantity!(Minutes, "min", "A duration in minutes, finite and not negative.");
quantity!(KmPerHour, "km/h", "A speed in kilometres per hour, finite and not negative.");

/// Milliseconds in a minute: costs inside the network are `u32` milliseconds.
pub const MILLISECONDS_PER_MINUTE: f64 = 60_000.0;

impl Metres {
    /// No distance.
    pub const ZERO: Self = Self(0.0);
}

impl Minutes {
    /// Whole milliseconds, to the nearest; saturates at `u32::MAX` (49 days).
    #[must_use]
    pub fn to_milliseconds(self) -> u32 {
        // A float cast saturates, so a huge limit stays a huge limit.
        (self.0 * MILLISECONDS_PER_MINUTE).round() as u32
    }

    /// The duration of whole milliseconds.
    #[must_use]
    pub fn from_milliseconds(milliseconds: u32) -> Self {
        Self(f64::from(milliseconds) / MILLISECONDS_PER_MINUTE)
    }
}

impl KmPerHour {
    /// Milliseconds that a metre takes at this speed.
    #[must_use]
    pub fn milliseconds_per_metre(self) -> f64 {
        3_600.0 / self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_reject_what_is_not_a_quantity() {
        for value in [f64::NAN, f64::INFINITY, -0.1] {
            assert_eq!(Minutes::new(value).map_err(|e| e.kind()), Err(ErrorKind::Parameter));
            assert_eq!(Metres::new(value).map_err(|e| e.kind()), Err(ErrorKind::Parameter));
        }
    }

    #[test]
    fn thirty_minutes_survive_the_round_trip() {
        let thirty = Minutes::new(30.0).unwrap();
        assert_eq!(thirty.to_milliseconds(), 1_800_000);
        assert_eq!(Minutes::from_milliseconds(1_800_000), thirty);
        assert_eq!(Minutes::new(1e12).unwrap().to_milliseconds(), u32::MAX);
    }

    #[test]
    fn walking_five_kilometres_an_hour_takes_720_milliseconds_a_metre() {
        assert_eq!(KmPerHour::new(5.0).unwrap().milliseconds_per_metre(), 720.0);
    }
}
