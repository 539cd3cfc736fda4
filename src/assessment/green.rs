//! How much green space residents have within a walk, and how much of it for each.

use super::STANDARD_MINUTES;
use super::measures::{Measure, Summary};
use crate::access::{Decay, GreenStandard, Opportunities, cumulative_cutoff, two_step_fca};
use crate::model::{Homes, Traveller, category};
use crate::network::{TravelPairs, TravelProfile};
use crate::{Metres, Minutes, Result};

/// Square metres in a hectare.
const M2_PER_HECTARE: f64 = 10_000.0;
/// Column of the hectares by the World Health Organization's reading.
pub(super) const HECTARES_NEAR: &str = "green_hectares_within_300_m";

/// Hectares within the standard's walk; square metres for each resident, once they are shared with all who reach them;
/// and the World Health Organization's reading: half a hectare in one space within 300 m. None without green space.
pub(super) fn measures(
    homes: &Homes,
    profile: &TravelProfile,
    opportunities: &Opportunities,
    pairs: &impl TravelPairs,
    not_assessed: &mut Vec<(String, String)>,
) -> Result<Vec<Measure>> {
    if !opportunities.categories.iter().any(|one| one == category::GREEN_SPACE) {
        return Ok(Vec::new());
    }
    let near = Minutes::new(STANDARD_MINUTES)?;
    let all = opportunities.hectares_of_green(0.0);
    let reached = cumulative_cutoff(pairs, &all, near)?;
    let mut found = vec![Measure::mean("green_hectares_within_15_min", reached)];
    if homes.weight.counts_people() {
        let shared = two_step_fca(pairs, &homes.weights, &all, &Decay::binary(near))?;
        let m2 = |hectares: Option<f64>| hectares.map(|hectares| hectares * M2_PER_HECTARE);
        let each = shared.access.into_iter().map(m2).collect();
        found.push(Measure::mean("green_m2_per_resident_within_15_min", each));
    } else {
        let reason = format!("homes count by their {}, not by residents", homes.weight);
        not_assessed.push(("green space for each resident".into(), reason));
    }
    if Traveller::PEOPLE.contains(&profile.traveller()) {
        let large = opportunities.hectares_of_green(GreenStandard::WHO_HECTARES);
        let within = profile.minutes_off_street(Metres::new(GreenStandard::WHO_METRES)?)?;
        found.push(Measure {
            home_column: HECTARES_NEAR.into(),
            neighbourhood_column: "green_share_within_300_m".into(),
            values: cumulative_cutoff(pairs, &large, within)?,
            summary: Summary::ShareAtLeast(GreenStandard::WHO_HECTARES),
        });
    }
    Ok(found)
}
