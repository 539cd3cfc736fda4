//! What stands in the way: gates, bollards, stiles and kerbs, on a vertex of a street or along it.
//!
//! A tag of access on the barrier decides (`foot`, `bicycle`, `motorcar`, ... before `access`), then whether it is
//! locked, then its kind; a vertex without a barrier is closed by such a tag, too. What is not mapped stops nobody: kerbs are missing in most cities, so that a network for
//! wheelchairs is a hopeful one.
//!
//! Sources: OpenStreetMap wiki, "Key:barrier" (who can pass, by value) and "Key:kerb"; the lists for walkers, bicycles and
//! cars are those of OSRM's profiles (`barrier_blacklist`, `barrier_whitelist`).

use super::TravelProfile;
use super::access::{first_word, keys_of};
use crate::model::{Tags, Traveller};

/// Nobody passes.
const CLOSED_TO_ALL: [&str; 4] = ["yes", "wall", "fence", "hedge"];
/// A step up or over.
const STEPPED_OVER: [&str; 4] = ["stile", "horse_stile", "log", "step"];
/// Too narrow for wheels.
const NARROW: [&str; 5] = ["turnstile", "full-height_turnstile", "kissing_gate", "rope", "debris"];
/// Bent so that nobody cycles through; a wheelchair seldom fits.
const BENT: [&str; 3] = ["cycle_barrier", "motorcycle_barrier", "chicane"];
/// Opens for cars.
const OPEN_TO_CARS: [&str; 12] = [
    "arch",
    "border_control",
    "cattle_grid",
    "entrance",
    "gate",
    "height_restrictor",
    "kerb",
    "lift_gate",
    "no",
    "sally_port",
    "swing_gate",
    "toll_booth",
];
/// Highest kerb for a wheelchair in metres (DIN 18040-3).
const HIGHEST_KERB_M: f64 = 0.03;

impl TravelProfile {
    /// Whether the traveller passes what these tags describe: a barrier, a kerb, a crossing.
    #[must_use]
    pub fn passes(&self, tags: &Tags) -> bool {
        let traveller = self.traveller();
        let barrier = tags.get("barrier");
        if let Some(given) = barrier.and_then(|barrier| self.settings.barriers.get(barrier)) {
            return *given;
        }
        if traveller == Traveller::Wheelchair && (tags.is("wheelchair", "no") || !is_low(tags)) {
            return false;
        }
        let Some(barrier) = barrier else {
            // Of a crossing, they say who may cross, not who may go past it.
            if tags.is("highway", "crossing") {
                return true;
            }
            // `bicycle=no` is for riders: who pushes is on foot.
            let pushes = traveller == Traveller::Bicycle && tags.is("bicycle", "no");
            let keys = if pushes { &["foot", "access"] } else { keys_of(traveller) };
            return first_word(tags, keys) != Some(false);
        };
        let has_wheels = matches!(traveller, Traveller::Wheelchair | Traveller::Pram);
        match first_word(tags, keys_of(traveller)) {
            Some(false) => return false,
            // Permission does not widen a gate.
            Some(true) if !has_wheels => return true,
            _ => {}
        }
        let is_wide = has_wheels && tags.is("wheelchair", "yes");
        !tags.is("locked", "yes") && (is_wide || passes_kind(traveller, barrier, tags))
    }
}

fn passes_kind(traveller: Traveller, barrier: &str, tags: &Tags) -> bool {
    let is = |kinds: &[&str]| kinds.contains(&barrier);
    match traveller {
        Traveller::Car => is(&OPEN_TO_CARS) || tags.is("bollard", "rising"),
        _ if is(&CLOSED_TO_ALL) => false,
        Traveller::Adult => true,
        Traveller::OlderAdult => !is(&STEPPED_OVER),
        Traveller::Pram | Traveller::Bicycle => !is(&STEPPED_OVER) && !is(&NARROW),
        Traveller::Wheelchair => !is(&STEPPED_OVER) && !is(&NARROW) && !is(&BENT),
    }
}

/// Whether the kerb, if there is one and it is known, can be rolled over.
fn is_low(tags: &Tags) -> bool {
    let height = tags.get("kerb:height").and_then(height_m);
    match (height, tags.get("kerb")) {
        (Some(height), _) => height <= HIGHEST_KERB_M,
        (None, kerb) => !matches!(kerb, Some("raised" | "regular" | "rolled")),
    }
}

/// `0.03`, `0.03 m`, `3 cm`.
fn height_m(text: &str) -> Option<f64> {
    let (number, scale) = match text.trim().strip_suffix("cm") {
        Some(number) => (number, 0.01),
        None => (text.trim().trim_end_matches('m'), 1.0),
    };
    number.trim().parse::<f64>().ok().map(|number| number * scale)
}
