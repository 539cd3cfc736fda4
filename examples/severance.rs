//! Whose neighbours are near on the map and far on foot, and what lies between them?
//!
//! `cargo run --release --example severance -- data/millbrook`
#![allow(clippy::unwrap_used, reason = "an example stops where it fails")]

use commonground::model::Barrier;
use commonground::network::{BuildOptions, Destinations, StreetNetwork, TravelProfile, each_origin};
use commonground::scores::severance::{CUT_OFF_RATIO, NEIGHBOURS_WITHIN_M, Way, barriers_between, severance};
use commonground::{KmPerHour, Minutes, Quiet, Result, io};
use geo::{Distance, Euclidean};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// How fast people walk; the distance on foot is the time times this.
const WALKING_KMH: f64 = 4.8;
/// Closer than this, the way from the door to the street is most of the walk.
const NOT_NEXT_DOOR_M: f64 = 100.0;
/// Walks longer than so many times the straight line are not measured, only known to be longer.
const SEARCHED_RATIO: f64 = 3.0;

fn main() -> Result<()> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("data/millbrook"), PathBuf::from);
    let study = io::study::read_study(&folder, None, &Quiet)?;
    let speed = KmPerHour::new(WALKING_KMH)?;
    let profile = TravelProfile::walking(speed)?;
    let (network, _) = StreetNetwork::build(&study.streets, profile, BuildOptions::default(), &Quiet)?;

    // Every home walks to every home.
    let homes = &study.homes;
    let attach = |home: &geo::Point<f64>| network.attach(*home, study.settings.max_snap_distance, &[]).ok();
    let attached: Vec<_> = homes.locations.iter().map(attach).collect();
    let metres_a_minute = speed.get() * 1_000.0 / 60.0;
    let limit = Minutes::new(SEARCHED_RATIO * NEIGHBOURS_WITHIN_M / metres_a_minute)?;
    let destinations = Destinations::at(&network, &attached);
    let reached = each_origin(&network, &attached, &destinations, limit, &Quiet, |row| {
        row.iter().map(|(home, time)| (home, time.get() * metres_a_minute)).collect::<BTreeMap<_, _>>()
    })?;

    // Of those, the ways between homes that are near in a straight line.
    let mut ways = Vec::new();
    for (from, reached) in reached.iter().enumerate() {
        let Some(reached) = reached else { continue };
        for (to, _) in attached.iter().enumerate().filter(|(_, attached)| attached.is_some()) {
            let straight_m = Euclidean.distance(homes.locations[from], homes.locations[to]);
            if (NOT_NEXT_DOOR_M..=NEIGHBOURS_WITHIN_M).contains(&straight_m) {
                let walked_m = reached.get(&to).copied();
                ways.push(Way { from: from as u32, to: to as u32, straight_m, walked_m });
            }
        }
    }
    let found = severance(&homes.residents, &ways, CUT_OFF_RATIO)?;
    let barriers = Barrier::gathered(Barrier::among_streets(&study.streets));
    let between = barriers_between(&homes.residents, &homes.locations, &ways, CUT_OFF_RATIO, &barriers)?;

    // By neighbourhood: of the people within 800 m, the share behind a walk of more than twice the distance.
    let mut sums = vec![(0.0, 0.0); study.neighbourhoods.len()];
    for (home, severed) in found.iter().enumerate() {
        if let (Some(place), Some(severed)) = (homes.neighbourhoods[home], severed) {
            sums[place as usize].0 += homes.residents[home] * severed.share_cut_off;
            sums[place as usize].1 += homes.residents[home];
        }
    }
    let mut rows: Vec<(f64, &str)> = study
        .neighbourhoods
        .iter()
        .zip(&sums)
        .filter(|(_, (_, people))| *people > 0.0)
        .map(|(place, (cut_off, people))| (cut_off / people, place.name.as_str()))
        .collect();
    rows.sort_by(|a, b| b.0.total_cmp(&a.0));

    println!("{}: who is cut off from the people around them", study.name);
    println!("Of all people within 800 m, the share who are more than twice as far away on foot:");
    for (share, name) in rows.iter().take(8) {
        println!("  {name:<18} {:>4.0} %", share * 100.0);
    }
    println!("What lies between:");
    for effect in between.ranked.iter().take(5) {
        let barrier = &barriers[effect.barrier];
        let name = barrier.name.as_deref().unwrap_or("without a name");
        println!("  {name} ({}) affects {:.0} residents", barrier.kind.name(), effect.residents_affected);
    }
    let all: f64 = between.ranked.iter().map(|effect| effect.pairs_cut_off).sum();
    let known = 100.0 * all / (all + between.pairs_without_barrier);
    println!("Of all pairs that are cut off, {known:.0} % have a motorway between them.");
    Ok(())
}
