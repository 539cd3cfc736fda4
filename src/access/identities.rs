//! What must hold for every table of travel times, tried on random ones.

use super::*;
use crate::network::TravelPairs;
use crate::{Minutes, Quiet, TravelTimes};
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

/// Every measure by its name, as one that gets the amounts of a home and of two places.
type Measured = (&'static str, fn(&TravelTimes, &[f64], &[f64]) -> Result<(), crate::Error>);

#[test]
fn every_measure_refuses_what_is_no_amount_or_does_not_fit() {
    let measures: [Measured; 12] = [
        ("closest", |times, _, supply| cost_to_closest(times, supply, 1.0).map(drop)),
        ("closest place", |times, _, supply| cost_to_closest_place(times, supply, 1).map(drop)),
        ("closest places", |times, _, supply| closest_places(times, supply, 1).map(drop)),
        ("cutoff", |times, _, supply| cumulative_cutoff(times, supply, minutes(5.0)).map(drop)),
        ("interval", |times, _, supply| {
            let [from, to, step] = [1.0, 5.0, 1.0].map(minutes);
            cumulative_interval(times, supply, from, to, step, Summary::Mean).map(drop)
        }),
        ("gravity", |times, _, supply| gravity(times, supply, &luo_qi_bands()).map(drop)),
        ("balancing", |times, demand, supply| balancing_cost(times, supply, demand, minutes(1.0)).map(drop)),
        ("2SFCA", |times, demand, supply| two_step_fca(times, demand, supply, &luo_qi_bands()).map(drop)),
        ("BFCA", |times, demand, supply| balanced_fca(times, demand, supply, &luo_qi_bands()).map(drop)),
        ("3SFCA", |times, demand, supply| {
            three_step_fca(times, demand, supply, &luo_qi_bands(), Choice::Catchment).map(drop)
        }),
        ("availability", |times, demand, supply| {
            spatial_availability(times, demand, supply, &luo_qi_bands(), 1.0).map(drop)
        }),
        ("RAAM", |times, demand, supply| {
            raam(times, demand, supply, RaamOptions::default(), &Quiet).map(drop)
        }),
    ];
    let times = TravelTimes::from_minutes(&[[Some(5.0), Some(9.0)]]).unwrap();
    for (number, (name, measure)) in measures.iter().enumerate() {
        assert!(measure(&times, &[1.0], &[1.0, 0.0]).is_ok(), "{name}");
        for wrong in [&[-1.0, 1.0][..], &[1.0, f64::NAN], &[f64::INFINITY, 1.0], &[1.0]] {
            let refused = measure(&times, &[1.0], wrong).unwrap_err();
            assert_eq!(refused.kind(), crate::ErrorKind::Parameter, "{name}: {wrong:?}");
        }
        // The first six ask for no demand.
        for wrong in [&[-1.0][..], &[f64::NAN], &[1.0, 1.0]].iter().filter(|_| number >= 6) {
            assert!(measure(&times, wrong, &[1.0, 0.0]).is_err(), "{name}: {wrong:?}");
        }
    }
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
    fn methods_agree_where_one_is_a_case_of_the_other(Town { times, demand, supply } in towns()) {
        for decay in decays() {
            let steps = two_step_fca(&times, &demand, &supply, &decay).unwrap();
            let available = spatial_availability(&times, &demand, &supply, &decay, 1.0).unwrap();
            let shared = steps.access.iter().zip(&available.per_person).zip(&demand);
            for ((steps, per_person), _) in shared.filter(|(_, people)| **people > 0.0) {
                near(steps.unwrap(), per_person.unwrap())?;
            }
            let modified = modified_two_step_fca(&times, &demand, &supply, &decay).unwrap();
            // A weight counts twice and is at most 1.
            prop_assert!(modified.access.iter().zip(&steps.access).all(|(m, s)| m.unwrap() <= s.unwrap() + 1e-12));
            if decay == decays()[0] {
                prop_assert_eq!(modified.access, steps.access);
            }
        }
        let [first, second] = [1, 2].map(|k| cost_to_closest_place(&times, &supply, k).unwrap());
        prop_assert!(first.iter().zip(&second).all(|(first, second)| second.is_none() || first <= second));
    }

    #[test]
    fn an_interval_lies_between_its_ends(Town { times, supply, .. } in towns()) {
        let [from, to, step] = [10.0, 40.0, 2.5].map(minutes);
        let [least, most] = [from, to].map(|cutoff| cumulative_cutoff(&times, &supply, cutoff).unwrap());
        for summary in [Summary::Mean, Summary::Median] {
            let between = cumulative_interval(&times, &supply, from, to, step, summary).unwrap();
            for ((least, value), most) in least.iter().zip(&between).zip(&most) {
                prop_assert!(least.unwrap() - 1e-9 <= value.unwrap() && value.unwrap() <= most.unwrap() + 1e-9);
            }
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
