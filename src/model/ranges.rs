//! Over which walking speeds, thresholds and ways to join the street shares of access are given as ranges.

use super::standard::STANDARD_MINUTES;
use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a place joins the network: practice differs, and a published share of people near a park moved from 48.6 % to 42.0 % by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum AttachmentRule {
    /// At the nearest point of the street, and the way there is walked: the rule of everything else in an assessment.
    Street,
    /// At the nearest point of the street, and the way there takes no time.
    StreetWithoutGap,
    /// At the nearer junction of its street, and the way there takes no time.
    Junction,
}

impl fmt::Display for AttachmentRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Street => "at the nearest point of the street, walking there",
            Self::StreetWithoutGap => "at the nearest point of the street, the way there not counted",
            Self::Junction => "at the nearer junction, the way there not counted",
        })
    }
}

/// The table `[ranges]` of a study; `ranges = true` takes these defaults. The study's own settings are always among them.
///
/// ```toml
/// [ranges]
/// speeds_kmh = [2.7, 5.1]                                     # published walking speeds lie between them
/// minutes = [10, 20]                                          # around the 15 minutes of everything else
/// attachment = ["street", "street_without_gap", "junction"]
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Ranges {
    /// Walking speeds in km/h, 0.5 to 15.
    pub speeds_kmh: Vec<f64>,
    /// Minutes' walk that count as near, 1 to 120.
    pub minutes: Vec<f64>,
    /// Ways to join the street.
    pub attachment: Vec<AttachmentRule>,
}

/// The slowest and the fastest walking speed that a published accessibility measure was found to use, in km/h.
pub const PUBLISHED_SPEEDS_KMH: [f64; 2] = [2.7, 5.1];
/// Five minutes below and above the standard.
const MINUTES: [f64; 2] = [STANDARD_MINUTES - 5.0, STANDARD_MINUTES + 5.0];

impl Default for Ranges {
    fn default() -> Self {
        Self {
            speeds_kmh: PUBLISHED_SPEEDS_KMH.to_vec(),
            minutes: MINUTES.to_vec(),
            attachment: vec![
                AttachmentRule::Street,
                AttachmentRule::StreetWithoutGap,
                AttachmentRule::Junction,
            ],
        }
    }
}

impl Ranges {
    /// Checks that speeds are those of people on foot and thresholds those of a walk.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`], with the key.
    pub fn check(&self) -> Result<()> {
        let keys = [("speeds_kmh", &self.speeds_kmh, 0.5, 15.0), ("minutes", &self.minutes, 1.0, 120.0)];
        for (key, values, least, most) in keys {
            if let Some(wrong) = values.iter().find(|value| !(least..=most).contains(*value)) {
                return Err(Error::new(ErrorKind::Parameter, format!("`ranges.{key}` holds {wrong}"))
                    .hint(format!("each must lie between {least} and {most}")));
            }
        }
        Ok(())
    }

    /// The speeds with the study's own, from slow to fast.
    #[must_use]
    pub fn speeds_with(&self, own_kmh: f64) -> Vec<f64> {
        sorted(&self.speeds_kmh, own_kmh)
    }

    /// The thresholds with the standard of 15 minutes, from short to long.
    #[must_use]
    pub fn minutes_with_standard(&self) -> Vec<f64> {
        sorted(&self.minutes, STANDARD_MINUTES)
    }

    /// The ways to join the street, the one of everything else first.
    #[must_use]
    pub fn rules(&self) -> Vec<AttachmentRule> {
        let mut rules = vec![AttachmentRule::Street];
        for rule in &self.attachment {
            if !rules.contains(rule) {
                rules.push(*rule);
            }
        }
        rules
    }
}

fn sorted(values: &[f64], own: f64) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().chain([own]).collect();
    values.sort_by(f64::total_cmp);
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_settings_are_always_among_them() {
        let ranges = Ranges {
            speeds_kmh: vec![5.1, 2.7],
            attachment: vec![AttachmentRule::Junction],
            ..Ranges::default()
        };
        assert_eq!(ranges.speeds_with(4.8), [2.7, 4.8, 5.1]);
        assert_eq!(ranges.speeds_with(5.1), [2.7, 5.1]);
        assert_eq!(ranges.minutes_with_standard(), [10.0, 15.0, 20.0]);
        assert_eq!(ranges.rules(), [AttachmentRule::Street, AttachmentRule::Junction]);
        ranges.check().unwrap();
        for (key, ranges) in [
            ("speeds_kmh", Ranges { speeds_kmh: vec![f64::NAN], ..Ranges::default() }),
            ("minutes", Ranges { minutes: vec![0.0], ..Ranges::default() }),
        ] {
            assert!(ranges.check().unwrap_err().to_string().contains(key));
        }
    }
}
