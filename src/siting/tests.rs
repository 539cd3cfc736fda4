//! The core against looking at every set, on many small made-up towns.

use super::*;
use crate::stats::random::Random;
use crate::{ErrorKind, Minutes, TravelTimes};

struct Town {
    times: TravelTimes,
    people: Vec<f64>,
    roles: Vec<Role>,
    groups: Vec<Vec<f64>>,
}

/// Homes and sites strewn over a square; some ways are missing, some places exist already.
fn town(seed: u64, homes: usize, sites: usize, sparse: bool) -> Town {
    let mut random = Random::new(seed, 1);
    let mut point = || (random.unit() * 30.0, random.unit() * 30.0);
    let (at, places): (Vec<_>, Vec<_>) =
        ((0..homes).map(|_| point()).collect(), (0..sites).map(|_| point()).collect());
    let mut random = Random::new(seed, 2);
    let mut triples = Vec::new();
    for (home, a) in at.iter().enumerate() {
        for (site, b) in places.iter().enumerate() {
            let minutes = ((a.0 - b.0).hypot(a.1 - b.1) * 4.0).round() / 4.0;
            if !sparse || minutes <= 14.0 {
                triples.push((home as u32, site as u32, minutes));
            }
        }
    }
    let people: Vec<f64> = (0..homes).map(|_| random.below(40) as f64).collect();
    let roles =
        (0..sites).map(|_| if sparse && random.below(7) == 0 { Role::Existing } else { Role::Candidate });
    let roles = roles.collect();
    let first: Vec<f64> = people.iter().map(|people| (people * random.unit()).floor()).collect();
    let second = people.iter().zip(&first).map(|(people, first)| people - first).collect();
    let times = TravelTimes::from_triples(homes, sites, &triples).unwrap();
    Town { times, people, roles, groups: vec![first, second] }
}

/// Every set of `count` of the candidates.
fn every(candidates: &[u32], count: usize) -> Vec<Vec<u32>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut sets = Vec::new();
    for (at, &site) in candidates.iter().enumerate() {
        for mut rest in every(&candidates[at + 1..], count - 1) {
            rest.insert(0, site);
            sets.push(rest);
        }
    }
    sets
}

fn minutes(value: f64) -> Minutes {
    Minutes::new(value).unwrap()
}

fn objectives(town: &Town) -> Vec<Objective> {
    vec![
        Objective::Median,
        Objective::Center,
        Objective::Cover(minutes(7.0)),
        Objective::Standard(minutes(6.0)),
        Objective::KolmPollak { kappa: -0.15 },
        Objective::WorstGroup { groups: town.groups.clone() },
        Objective::WorstShare(0.1),
    ]
}

/// The value from the definition, without the library's own code.
fn by_hand(town: &Town, objective: &Objective, sites: &[u32], unserved: f64) -> Option<f64> {
    let mut walks: Vec<(f64, f64, usize)> = Vec::new();
    for home in 0..town.people.len() {
        let open = |site: &usize| sites.contains(&(*site as u32)) || town.roles[*site] == Role::Existing;
        let could = |site: &usize| town.roles[*site] != Role::Excluded;
        let to = |site: usize| town.times.minutes(home, site);
        if town.people[home] <= 0.0 || !(0..town.roles.len()).filter(could).any(|site| to(site).is_some()) {
            continue;
        }
        let nearest = (0..town.roles.len()).filter(open).filter_map(to).min_by(f64::total_cmp);
        let is_covered = matches!(objective, Objective::Cover(_));
        walks.push((nearest.unwrap_or(if is_covered { 1e9 } else { unserved }), town.people[home], home));
    }
    let sum = |of: &dyn Fn(f64) -> f64| walks.iter().map(|(walk, people, _)| people * of(*walk)).sum::<f64>();
    let all = sum(&|_| 1.0);
    Some(match objective {
        Objective::Median => sum(&|walk| walk),
        Objective::Center => walks.iter().map(|(walk, ..)| *walk).fold(0.0, f64::max),
        Objective::Cover(limit) => sum(&|walk| f64::from(u8::from(walk <= limit.get()))),
        Objective::Standard(standard) => sum(&|walk| (walk - standard.get()).max(0.0)),
        Objective::KolmPollak { kappa } => -(sum(&|walk| (-kappa * walk).exp()) / all).ln() / kappa,
        Objective::WorstGroup { groups } => groups
            .iter()
            .map(|group| {
                let members: f64 = walks.iter().map(|(.., home)| group[*home]).sum();
                walks.iter().map(|(walk, _, home)| group[*home] * walk).sum::<f64>() / members
            })
            .fold(0.0, f64::max),
        Objective::WorstShare(share) => {
            walks.sort_by(|a, b| b.0.total_cmp(&a.0));
            let (mut left, mut total) = (share * all, 0.0);
            for (walk, people, _) in walks {
                let people = people.min(left);
                total += people * walk;
                left -= people;
            }
            total / (share * all)
        }
    })
}

#[test]
fn every_objective_finds_the_best_of_all_sets_with_proof_and_lists_all_near_ones() {
    for seed in 0..12 {
        let sparse = seed % 2 == 1;
        let town = town(seed, 40, 12, sparse);
        let demand =
            Demand::new(&town.times, &town.people, &town.roles, Unserved::CountedAt(minutes(60.0))).unwrap();
        for count in [1, 2, 4] {
            let sets = every(&demand.candidates, count);
            for objective in objectives(&town) {
                let found = solve(&demand, &Choice::of(count), &objective, Effort::default()).unwrap();
                let sign = if objective.more_is_better() { -1.0 } else { 1.0 };
                let values: Vec<f64> =
                    sets.iter().map(|set| by_hand(&town, &objective, set, 60.0).unwrap()).collect();
                let best = values.iter().map(|value| sign * value).fold(f64::INFINITY, f64::min) * sign;
                let what = format!("{} {count} of town {seed}", objective.name());
                assert!(
                    (found.best.value - best).abs() <= 1e-9 * best.abs(),
                    "{what}: {} {best}",
                    found.best.value
                );
                assert!(found.is_proven(), "{what}: gap {}", found.gap);
                let limit = best * (1.0 + sign * 0.05);
                let near =
                    values.iter().filter(|value| sign * *value <= sign * limit + 1e-9 * best.abs()).count();
                assert!(found.all_listed, "{what}");
                assert_eq!(found.alternatives.len(), near, "{what}");
                for plan in &found.alternatives {
                    let value = by_hand(&town, &objective, &plan.sites, 60.0).unwrap();
                    assert!((plan.value - value).abs() <= 1e-9 * value.abs(), "{what}");
                }
            }
        }
    }
}

#[test]
fn homes_that_must_be_served_are_or_it_is_said_that_they_cannot_be() {
    let mut refused = 0;
    for seed in 0..20 {
        let town = town(seed, 30, 10, true);
        let demand = Demand::new(&town.times, &town.people, &town.roles, Unserved::Refused).unwrap();
        for count in [1, 2, 3] {
            let whole: Vec<Vec<u32>> = every(&demand.candidates, count)
                .into_iter()
                .filter(|set| demand.unserved(set) <= 0.0)
                .collect();
            let values = whole.iter().map(|set| by_hand(&town, &Objective::Median, set, f64::NAN).unwrap());
            let best = values.fold(f64::INFINITY, f64::min);
            match solve(&demand, &Choice::of(count), &Objective::Median, Effort::default()) {
                Ok(found) => {
                    assert!((found.best.value - best).abs() < 1e-9 * best, "{seed} {count}");
                    assert!(found.is_proven() && found.unserved == 0.0);
                }
                Err(error) => {
                    assert!(best.is_infinite(), "{seed} {count}: {error}");
                    refused += 1;
                }
            }
        }
    }
    assert!(refused > 3, "{refused}");
}

#[test]
fn rules_and_budgets_are_kept_and_a_rule_never_helps() {
    for seed in 0..10 {
        let town = town(seed, 40, 11, false);
        let demand = Demand::new(&town.times, &town.people, &town.roles, Unserved::Refused).unwrap();
        let mut random = Random::new(seed, 3);
        let costs: Vec<f64> = (0..11).map(|_| 1.0 + random.below(9) as f64).collect();
        let rules = vec![
            SetRule { name: "apart".into(), sites: vec![0, 1, 2, 3], at_least: 0, at_most: 1 },
            SetRule { name: "one in the east".into(), sites: vec![5, 6, 7], at_least: 1, at_most: 3 },
        ];
        let free = solve(&demand, &Choice::of(3), &Objective::Median, Effort::default()).unwrap().best.value;
        for objective in objectives(&town) {
            for choice in [
                Choice { count: 3, budget: None, rules: rules.clone() },
                Choice { count: 3, budget: Some((costs.clone(), 12.0)), rules: Vec::new() },
                Choice { count: 4, budget: Some((costs.clone(), 9.0)), rules: rules.clone() },
            ] {
                let sets = (1..=choice.count).flat_map(|count| every(&demand.candidates, count));
                let sign = if objective.more_is_better() { -1.0 } else { 1.0 };
                let values =
                    sets.filter(|set| choice.allows(set)).map(|set| objective.value(&demand, &set) * sign);
                let best = values.fold(f64::INFINITY, f64::min) * sign;
                let found = solve(&demand, &choice, &objective, Effort::default()).unwrap();
                let what = format!("{} of town {seed} with {choice:?}", objective.name());
                assert!(choice.allows(&found.best.sites), "{what}");
                assert!(
                    (found.best.value - best).abs() <= 1e-9 * best.abs(),
                    "{what}: {} {best}",
                    found.best.value
                );
                assert!(found.is_proven(), "{what}");
                if objective == Objective::Median && choice.count == 3 {
                    assert!(found.best.value >= free * (1.0 - 1e-12));
                }
            }
        }
    }
}

#[test]
fn set_cover_center_and_coverage_agree_with_one_another() {
    for seed in 0..15 {
        let town = town(seed, 45, 12, seed % 3 == 0);
        let demand =
            Demand::new(&town.times, &town.people, &town.roles, Unserved::CountedAt(minutes(60.0))).unwrap();
        let mut random = Random::new(seed, 4);
        let costs: Vec<f64> = (0..12).map(|_| 0.5 + random.unit()).collect();
        for limit in [6.0, 9.0, 13.0] {
            let covered = set_cover(&demand, minutes(limit), None).unwrap();
            assert_eq!(covered.cost, covered.bound, "town {seed} within {limit}");
            let all = demand.people() - covered.uncoverable;
            let cover = |count| {
                let choice = Choice::of(count);
                solve(&demand, &choice, &Objective::Cover(minutes(limit)), Effort::default())
                    .unwrap()
                    .best
                    .value
            };
            let count = covered.cost as usize;
            if count > 0 {
                assert_eq!(cover(count), all, "town {seed} within {limit}");
            }
            if count > 1 {
                assert!(cover(count - 1) < all);
            }
            let cheap = set_cover(&demand, minutes(limit), Some(&costs)).unwrap();
            let serves = |set: &Vec<u32>| Objective::Cover(minutes(limit)).value(&demand, set) >= all;
            let sets = (0..=demand.candidates.len()).flat_map(|count| every(&demand.candidates, count));
            let cost = |set: Vec<u32>| set.iter().map(|&site| costs[site as usize]).sum::<f64>();
            let best = sets.filter(serves).map(cost).fold(f64::INFINITY, f64::min);
            assert!(
                (cheap.cost - best).abs() < 1e-9 && (cheap.bound - best).abs() < 1e-6,
                "{} {best}",
                cheap.cost
            );
        }
        let center = solve(&demand, &Choice::of(3), &Objective::Center, Effort::default()).unwrap();
        if center.best.value < 60.0 {
            assert!(set_cover(&demand, minutes(center.best.value), None).unwrap().cost <= 3.0);
        }
    }
}

#[test]
fn more_sites_never_cost_and_shuffled_or_split_homes_change_nothing() {
    let base = town(77, 60, 14, false);
    let demand = Demand::new(&base.times, &base.people, &base.roles, Unserved::Refused).unwrap();
    for objective in objectives(&base) {
        let sign = if objective.more_is_better() { -1.0 } else { 1.0 };
        let mut before = f64::INFINITY;
        for count in 1..6 {
            let found = solve(&demand, &Choice::of(count), &objective, Effort::default()).unwrap();
            assert!(sign * found.best.value <= before + 1e-9, "{} {count}", objective.name());
            assert!(sign * found.bound <= sign * found.best.value);
            before = sign * found.best.value;
        }
    }
    // Each home twice with half its people, in the opposite order.
    let homes = base.people.len();
    let again = |home: usize| homes - 1 - home % homes;
    let triples: Vec<(u32, u32, f64)> = (0..2 * homes)
        .flat_map(|home| (0..14).map(move |site| (home, site)))
        .map(|(home, site)| (home as u32, site as u32, base.times.minutes(again(home), site).unwrap()))
        .collect();
    let times = TravelTimes::from_triples(2 * homes, 14, &triples).unwrap();
    let people: Vec<f64> = (0..2 * homes).map(|home| base.people[again(home)] / 2.0).collect();
    let split = Demand::new(&times, &people, &base.roles, Unserved::Refused).unwrap();
    for objective in &objectives(&base)[..5] {
        let [one, other] = [&demand, &split]
            .map(|demand| solve(demand, &Choice::of(3), objective, Effort::default()).unwrap().best);
        assert_eq!(one.sites, other.sites);
        assert!((one.value - other.value).abs() < 1e-9 * one.value);
    }
}

#[test]
fn equivalents_lie_between_mean_and_maximum_and_near_the_mean_without_aversion() {
    let town = town(5, 50, 9, false);
    let demand = Demand::new(&town.times, &town.people, &town.roles, Unserved::Refused).unwrap();
    let sites = [1, 4];
    let mean = Objective::Median.value(&demand, &sites) / demand.people();
    let most = Objective::Center.value(&demand, &sites);
    let of = |kappa: f64| Objective::KolmPollak { kappa }.value(&demand, &sites);
    assert!(mean < of(-0.1) && of(-0.1) < of(-1.0) && of(-1.0) < most);
    assert!((of(-1e-6) - mean).abs() < 1e-3);
    assert!((Objective::WorstShare(1.0).value(&demand, &sites) - mean).abs() < 1e-9);
    let walks = demand.minutes(&sites);
    let of_today = kappa(&walks, &town.people, -1.0).unwrap().unwrap();
    assert!(of_today < 0.0 && of_today > -1.0);
    assert_eq!(kappa(&walks, &[], -1.0).unwrap_err().kind(), ErrorKind::Parameter);
    assert!(kappa(&walks, &town.people, 0.5).is_err());
}

#[test]
fn regret_and_differences_are_counted_by_hand() {
    // Homes at 0, 4 and 9 on a line with 10, 30 and 10 people; sites there too.
    let at = [0.0_f64, 4.0, 9.0];
    let rows: Vec<Vec<Option<f64>>> =
        at.iter().map(|a| at.iter().map(|b| Some((a - b).abs())).collect()).collect();
    let times = TravelTimes::from_minutes(&rows).unwrap();
    let people = [10.0, 30.0, 10.0];
    let demand = Demand::new(&times, &people, &[Role::Candidate; 3], Unserved::Refused).unwrap();
    let change = difference(&demand, &[1], &[0], &people);
    assert_eq!((change.nearer, change.farther, change.won, change.lost), (10.0, 40.0, 40.0, 160.0));
    let plans = [Plan { sites: vec![1], value: 90.0 }, Plan { sites: vec![0], value: 210.0 }];
    let of = regret(&demand, &plans, &[(Objective::Median, 90.0), (Objective::Center, 5.0)]);
    assert_eq!(of, [vec![0.0, 0.0], vec![120.0 / 90.0, 0.8]]);
    assert_eq!(frequency(&plans), [(0, 0.5), (1, 0.5)]);
}

#[test]
fn what_cannot_be_asked_is_refused() {
    let town = town(1, 20, 6, false);
    let demand = Demand::new(&town.times, &town.people, &town.roles, Unserved::Refused).unwrap();
    let kind = |choice: Choice, objective: Objective| {
        solve(&demand, &choice, &objective, Effort::default()).unwrap_err().kind()
    };
    assert_eq!(kind(Choice::of(7), Objective::Median), ErrorKind::Parameter);
    assert_eq!(kind(Choice::of(0), Objective::Median), ErrorKind::Parameter);
    for objective in [
        Objective::KolmPollak { kappa: 0.1 },
        Objective::WorstShare(0.0),
        Objective::WorstShare(1.1),
        Objective::WorstGroup { groups: vec![] },
        Objective::WorstGroup { groups: vec![vec![-1.0; 20]] },
        Objective::WorstGroup { groups: vec![vec![0.0; 20]] },
        Objective::WorstGroup { groups: vec![vec![1.0; 3]] },
    ] {
        assert_eq!(kind(Choice::of(1), objective), ErrorKind::Parameter);
    }
    let within = Effort { within: -0.1, ..Effort::default() };
    assert!(solve(&demand, &Choice::of(1), &Objective::Median, within).is_err());
    assert!(set_cover(&demand, minutes(5.0), Some(&[0.0; 6])).is_err());
}
