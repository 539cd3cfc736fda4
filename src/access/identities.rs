//! What must hold for every table of travel times, tried on random ones.

use super::*;
use crate::network::TravelPairs;
use crate::{Minutes, TravelTimes};
use proptest::prelude::*;

#[derive(Debug)]
struct Town {
    times: TravelTimes,
    demand: Vec<f64>,
    supply: Vec<f64>,
}

fn towns() -> impl Strategy<Value = Town> {
    (1..9_usize, 1..7_usize).prop_flat_map(|(homes, places)| {
        let time = prop::option::weighted(0.7, (0..600_u32).prop_map(|tenths| f64::from(tenths) / 10.0));
        let rows = prop::collection::vec(prop::collection::vec(time, places), homes);
        let amounts = |count| prop::collection::vec((0..50_u32).prop_map(f64::from), count);
        (rows, amounts(homes), amounts(places)).prop_map(|(rows, demand, supply)| Town {
            times: TravelTimes::from_minutes(&rows).unwrap(),
            demand,
            supply,
        })
    })
}

fn minutes(value: f64) -> Minutes {
    Minutes::new(value).unwrap()
}

fn decays() -> Vec<Decay> {
    vec![
        Decay::binary(minutes(30.0)),
        luo_qi_bands(),
        Decay::exponential(0.08).unwrap(),
        Decay::gaussian(minutes(15.0)).unwrap().within(minutes(40.0)),
        Decay::dai_gaussian(minutes(35.0)).unwrap(),
    ]
}

fn total(values: &[Option<f64>]) -> f64 {
    values.iter().flatten().sum()
}

fn weighted(values: &[Option<f64>], weights: &[f64]) -> f64 {
    values.iter().zip(weights).filter_map(|(value, weight)| Some((*value)? * weight)).sum()
}

fn near(a: f64, b: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= 1e-9 * (1.0 + a.abs().max(b.abs())), "{} {}", a, b);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn supply_that_somebody_reaches_is_handed_out_whole(Town { times, demand, supply } in towns()) {
        let everything: f64 = supply.iter().sum();
        for decay in decays() {
            let steps = two_step_fca(&times, &demand, &supply, &decay).unwrap();
            near(weighted(&steps.access, &demand), everything - steps.unreached_supply)?;
            let available = spatial_availability(&times, &demand, &supply, &decay, 1.0).unwrap();
            near(total(&available.total), everything - available.unreached_supply)?;
            near(available.unreached_supply, steps.unreached_supply)?;
        }
    }

    #[test]
    fn balanced_demand_arrives_once_and_its_service_is_handed_out_once(Town { times, demand, supply } in towns()) {
        for decay in decays() {
            let found = balanced_fca(&times, &demand, &supply, &decay).unwrap();
            let reaches = gravity(&times, &vec![1.0; supply.len()], &decay).unwrap();
            let can_go = reaches.iter().zip(&demand).filter(|(reach, _)| reach.is_some_and(|reach| reach > 0.0));
            near(total(&found.competing_demand), can_go.map(|(_, people)| people).sum())?;
            near(total(&found.access), total(&found.supply_per_demand))?;
        }
    }

    #[test]
    fn reach_never_shrinks_when_the_cutoff_grows(Town { times, supply, .. } in towns(), cutoff in 0.0..50.0_f64) {
        let near = cumulative_cutoff(&times, &supply, minutes(cutoff)).unwrap();
        let far = cumulative_cutoff(&times, &supply, minutes(cutoff + 7.0)).unwrap();
        prop_assert!(near.iter().zip(&far).all(|(near, far)| near <= far));
        let binary = gravity(&times, &supply, &Decay::binary(minutes(cutoff))).unwrap();
        prop_assert_eq!(near, binary);
    }

    #[test]
    fn active_and_passive_totals_agree(Town { times, demand, supply } in towns()) {
        for decay in decays() {
            let active = gravity(&times, &supply, &decay).unwrap();
            let passive = gravity(&times.transposed(), &demand, &decay).unwrap();
            near(weighted(&active, &demand), weighted(&passive, &supply))?;
        }
    }

    #[test]
    fn a_place_split_in_two_changes_nothing_but_for_the_number_of_choices(Town { times, demand, supply } in towns()) {
        // Every place once more at the same distance, each with half of the supply.
        let places = supply.len();
        let twice = times.pairs().flat_map(|(home, place, time)| {
            [place, place + places].map(|place| (home as u32, place as u32, time.get()))
        });
        let twice = TravelTimes::from_triples(demand.len(), 2 * places, &twice.collect::<Vec<_>>()).unwrap();
        let halves: Vec<f64> = supply.iter().chain(&supply).map(|supply| supply / 2.0).collect();
        for decay in decays() {
            let whole = two_step_fca(&times, &demand, &supply, &decay).unwrap();
            let split = two_step_fca(&twice, &demand, &halves, &decay).unwrap();
            for (whole, split) in whole.access.iter().zip(&split.access) {
                near(whole.unwrap(), split.unwrap())?;
            }
        }
    }

    #[test]
    fn the_closest_opportunity_lies_within_every_cutoff_that_reaches_one(Town { times, supply, .. } in towns()) {
        let closest = cost_to_closest(&times, &supply, 1.0).unwrap();
        for (home, closest) in closest.iter().enumerate() {
            let within = |cutoff| cumulative_cutoff(&times, &supply, cutoff).unwrap()[home].unwrap();
            match closest {
                Some(time) => prop_assert!(within(*time) > 0.0),
                None => prop_assert_eq!(within(minutes(1_000.0)), 0.0),
            }
        }
    }
}
