//! The ground: what is left of the speed on it, and where wheels do not go.
//!
//! - Bicycles: `surface_speeds` of OSRM's bicycle profile over 15 km/h; smoothness by the vehicles that
//!   OpenStreetMap wiki, "Key:smoothness", says can pass.
//! - Wheelchairs: the same page lets wheelchairs go down to `intermediate`; loose ground is closed, uneven stone slow
//!   (DIN 18040-3 asks for firm, even ground; the shares are this library's own).
//! - Prams: wheels as small, but they can be lifted and pushed: soft ground is closed, rough ground slow (own shares).
//! - Adults on foot and cars: no table; the user may give one.

use super::TravelProfile;
use crate::model::{Tags, Traveller};

/// Share of the speed on ground that the table closes but a tag of the street opens.
pub(super) const SLOWEST: f64 = 0.5;
/// Steepest slope of a ramp in percent, 1 in 12 (ADA Standards for Accessible Design 2010, section 405.2).
const WHEELCHAIR_MAX_SLOPE_PERCENT: f64 = 8.33;
/// Narrowest clear width for a wheelchair in metres, 32 inches (the same, section 403.5.1).
const WHEELCHAIR_WIDTH_M: f64 = 0.815;

impl TravelProfile {
    /// Share of the speed on a surface, 0 to 1; `None` where the traveller does not go.
    pub(super) fn share_on_surface(&self, tags: &Tags) -> Option<f64> {
        let traveller = self.traveller();
        let share = |key: &str,
                     given: &std::collections::BTreeMap<String, f64>,
                     table: fn(Traveller, &str) -> f64| {
            let value = tags.get(key)?;
            Some(given.get(value).copied().unwrap_or_else(|| table(traveller, value)))
        };
        let surface = share("surface", &self.settings.surfaces, by_surface).unwrap_or(1.0);
        let smoothness = share("smoothness", &self.settings.smoothness, by_smoothness).unwrap_or(1.0);
        // Both tags tell of the same bumps.
        let share = surface.min(smoothness);
        (share > 0.0).then_some(share)
    }

    /// Whether the tags `width` and `incline` let a wheelchair pass; everybody else does.
    pub(super) fn is_wide_and_flat_enough(&self, tags: &Tags) -> bool {
        let number = |key: &str, unit: char| -> Option<f64> {
            tags.get(key)?.trim_end_matches(unit).trim().parse().ok()
        };
        let is_wide = self.traveller() != Traveller::Wheelchair
            || number("width", 'm').is_none_or(|width| width >= WHEELCHAIR_WIDTH_M);
        let is_steep = self
            .max_slope_percent()
            .zip(number("incline", '%'))
            .is_some_and(|(limit, incline)| incline.abs() > limit);
        is_wide && !is_steep
    }

    /// Steepest slope that the traveller can take, in percent.
    pub(super) fn max_slope_percent(&self) -> Option<f64> {
        let own = (self.traveller() == Traveller::Wheelchair).then_some(WHEELCHAIR_MAX_SLOPE_PERCENT);
        self.settings.max_slope_percent.or(own)
    }
}

fn by_surface(traveller: Traveller, surface: &str) -> f64 {
    match traveller {
        Traveller::Bicycle => {
            let kmh = match surface {
                "wood"
                | "metal"
                | "cobblestone:flattened"
                | "unhewn_cobblestone:flattened"
                | "paving_stones"
                | "compacted"
                | "fine_gravel"
                | "ground" => 10.0,
                "sett" => 9.0,
                "dirt" => 8.0,
                "cobblestone" | "unhewn_cobblestone" => 7.0,
                "unpaved" | "gravel" | "pebblestone" | "grass_paver" | "earth" | "grass" => 6.0,
                "mud" | "sand" | "woodchips" => 3.0,
                _ => 15.0,
            };
            kmh / 15.0
        }
        Traveller::Wheelchair => match surface {
            "sand" | "mud" | "grass" | "gravel" | "pebblestone" | "woodchips" | "rock"
            | "stepping_stones" | "unhewn_cobblestone" | "dirt" | "earth" | "snow" | "ice" | "salt" => 0.0,
            "cobblestone" | "grass_paver" | "unpaved" | "ground" => 0.4,
            "sett" | "fine_gravel" | "wood" => 0.6,
            "compacted" | "cobblestone:flattened" | "bricks" => 0.8,
            _ => 1.0,
        },
        Traveller::Pram => match surface {
            "sand" | "mud" | "stepping_stones" | "rock" => 0.0,
            "gravel" | "pebblestone" | "woodchips" | "grass" | "unhewn_cobblestone" | "snow" => 0.6,
            "cobblestone" | "grass_paver" | "unpaved" | "ground" | "dirt" | "earth" => 0.8,
            _ => 1.0,
        },
        Traveller::Adult | Traveller::OlderAdult | Traveller::Car => 1.0,
    }
}

fn by_smoothness(traveller: Traveller, smoothness: &str) -> f64 {
    /// Kinds of ground from bad to worse.
    const WORSE: [&str; 5] = ["bad", "very_bad", "horrible", "very_horrible", "impassable"];
    let Some(worse) = WORSE.iter().position(|value| *value == smoothness) else { return 1.0 };
    match (traveller, WORSE[worse]) {
        (_, "impassable") => 0.0,
        (Traveller::Wheelchair, _) => 0.0,
        (Traveller::Pram, "bad") => 0.7,
        (Traveller::Pram, _) => 0.0,
        (Traveller::Bicycle, "bad") => 0.7,
        (Traveller::Bicycle, "very_bad") => 0.4,
        (Traveller::Bicycle, _) => 0.0,
        _ => 1.0,
    }
}
