//! Steps: slow for all, a wall for some.

use crate::model::{Street, Tags, Traveller};
use geo::{Euclidean, Length};

/// Share of the walking speed on steps, measured on the map: people climb at 0.57 m/s and descend at 0.77 m/s where they
/// walk at 1.33 m/s (Fruin 1971, "Pedestrian Planning and Design", horizontal speeds on 7-inch risers).
const SHARE_ON_STEPS: f64 = 0.5;
/// Steps in one flight, after which a landing is due (DIN 18065): a longer flight is too much for an older adult.
const LONGEST_FLIGHT: f64 = 18.0;
/// Depth of a step in metres (DIN 18065, 26 to 32 cm), where only the length of the flight is known.
const TREAD_M: f64 = 0.29;

/// Share of the walking speed on steps; `None` where the traveller cannot use them.
pub(super) fn share_of_speed(traveller: Traveller, street: &Street) -> Option<f64> {
    let tags = &street.tags;
    match traveller {
        Traveller::Adult => Some(SHARE_ON_STEPS),
        Traveller::OlderAdult => {
            (is_escalator(tags) || count(street) <= LONGEST_FLIGHT).then_some(SHARE_ON_STEPS)
        }
        Traveller::Pram => {
            let has_ramp = ["ramp", "ramp:stroller", "ramp:wheelchair", "wheelchair"];
            has_ramp.iter().any(|key| tags.is(key, "yes")).then_some(SHARE_ON_STEPS)
        }
        Traveller::Wheelchair => {
            ["ramp:wheelchair", "wheelchair"].iter().any(|key| tags.is(key, "yes")).then_some(1.0)
        }
        Traveller::Bicycle | Traveller::Car => None,
    }
}

fn is_escalator(tags: &Tags) -> bool {
    tags.get("conveying").is_some_and(|value| value != "no")
}

/// Number of steps as tagged, else as the length on the map suggests.
fn count(street: &Street) -> f64 {
    let tagged: Option<f64> = street.tags.get("step_count").and_then(|count| count.trim().parse().ok());
    tagged.unwrap_or_else(|| Euclidean.length(&street.line) / TREAD_M)
}
