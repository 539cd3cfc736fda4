//! The search against looking at every set, and a candidate's gain against measuring everything anew.

use super::*;
use crate::scores::encounter::{Residents, Visit, encounters, meeting_places, shared_places};
use crate::siting::{Choice, SetRule};
use crate::stats::random::Random;

struct Town {
    groups: Vec<Vec<f64>>,
    neighbourhoods: Vec<Option<u32>>,
    places: usize,
    today: Vec<Visit>,
    candidates: usize,
    more: Vec<Visit>,
    pairs: Vec<(usize, usize)>,
}

/// Homes on a line in six neighbourhoods, with groups that live apart; some homes reach nothing, some nobody lives in.
fn town(seed: u64) -> Town {
    let (homes, places, candidates) = (48, 7, 9);
    let mut random = Random::new(seed, 3);
    let mut reach = |count: usize, width: f64| -> Vec<Visit> {
        let at: Vec<f64> = (0..count).map(|_| random.unit() * homes as f64).collect();
        let mut visits = Vec::new();
        for home in 0..homes {
            for (place, at) in at.iter().enumerate() {
                if (home as f64 - at).abs() < width {
                    let weight = if seed.is_multiple_of(2) { 1.0 } else { 0.2 + random.unit() };
                    visits.push(Visit { home, place: place as u32, weight });
                }
            }
        }
        visits
    };
    let (today, more) = (reach(places, 3.0), reach(candidates, 6.0));
    let mut random = Random::new(seed, 4);
    let groups = (0..3)
        .map(|group| {
            let count = |home: usize| if home / 8 % 3 == group { random.below(30) } else { random.below(4) };
            (0..homes as usize).map(count).map(|count| count as f64).collect()
        })
        .collect();
    Town {
        groups,
        neighbourhoods: (0..homes).map(|home| (home != 17).then_some(home / 8)).collect(),
        places,
        today,
        candidates,
        more,
        pairs: (0..5).map(|place| (place, place + 1)).collect(),
    }
}

impl Town {
    fn residents(&self) -> Residents<'_> {
        Residents { groups: &self.groups, neighbourhoods: &self.neighbourhoods }
    }

    fn sites(&self) -> MeetingSites<'_> {
        let today = MeetingPlaces { count: self.places, visits: &self.today };
        let more = MeetingPlaces { count: self.candidates, visits: &self.more };
        let of_kind: Vec<bool> = (0..self.places).map(|place| place % 3 == 0).collect();
        MeetingSites::new(self.residents(), today, &of_kind, more, self.pairs.clone(), 0.1).unwrap()
    }

    /// With the sites among the places: everybody's share of others, that of each group, and pairs that share a place.
    fn anew(&self, sites: &[u32]) -> (f64, Vec<Option<f64>>, Vec<usize>) {
        let mut visits = self.today.clone();
        for (number, site) in sites.iter().enumerate() {
            let place = (self.places + number) as u32;
            let of_site = self.more.iter().filter(|visit| visit.place == *site);
            visits.extend(of_site.map(|visit| Visit { place, ..*visit }));
        }
        let (residents, count) = (self.residents(), self.places + sites.len());
        let places = meeting_places(count, &visits, residents).unwrap();
        let met = encounters(&visits, &places, residents).unwrap();
        let mut others = 0.0;
        let mut of_group = Vec::new();
        for (group, counts) in self.groups.iter().enumerate() {
            let (mut sum, mut members) = (0.0, 0.0);
            for (met, count) in met.iter().zip(counts) {
                if let Some(met) = met {
                    sum += count * (1.0 - met[group]);
                    members += count;
                }
            }
            others += sum;
            of_group.push((members > 0.0).then(|| sum / members));
        }
        let all: f64 = self.groups.iter().flatten().sum();
        (others / all, of_group, shared_places(&self.pairs, count, &visits, residents, 0.1).unwrap())
    }
}

fn sets(candidates: u32, count: usize) -> Vec<Vec<u32>> {
    let all = (0_u32..1 << candidates).filter(|set| set.count_ones() as usize == count);
    all.map(|set| (0..candidates).filter(|site| set & (1 << site) != 0).collect()).collect()
}

#[test]
fn a_gain_is_that_of_measuring_everything_anew() {
    for seed in 0..20 {
        let town = town(seed);
        let sites = town.sites();
        let (before, groups_before, shared_before) = town.anew(&[]);
        for set in (1..4).flat_map(|count| sets(town.candidates as u32, count)) {
            let (after, groups, shared) = town.anew(&set);
            let gain = sites.gain(&set);
            let found = gain.everybody.unwrap();
            assert!((found.0 - before).abs() < 1e-12 && (found.1 - after).abs() < 1e-12, "{seed} {set:?}");
            for (group, found) in gain.groups.iter().enumerate() {
                for (found, known) in [(found.0, groups_before[group]), (found.1, groups[group])] {
                    assert_eq!(found.is_some(), known.is_some());
                    assert!((found.unwrap_or(0.0) - known.unwrap_or(0.0)).abs() < 1e-12, "{seed} {set:?}");
                }
            }
            let joins = (0..shared.len()).filter(|&pair| shared_before[pair] == 0 && shared[pair] > 0);
            assert_eq!(gain.joins, joins.collect::<Vec<_>>(), "{seed} {set:?}");
        }
    }
}

#[test]
fn the_best_of_all_sets_is_found_and_all_near_it_are_listed() {
    let value = |sites: &MeetingSites<'_>, town: &Town, set: &[u32], aim| match aim {
        MeetingAim::Encounter => sites.gain(set).gain(),
        MeetingAim::EncounterOf(group) => {
            // Whoever reaches no place meets nobody.
            let members: f64 = town.groups[group].iter().sum();
            let met = |sites: &[u32]| {
                let (_, shares, _) = town.anew(sites);
                let reached = |home: usize| {
                    let is_here = |visit: &Visit| visit.home as usize == home;
                    let more = town.more.iter().filter(|visit| sites.contains(&visit.place));
                    town.today.iter().chain(more).any(is_here)
                };
                let homes = (0..town.neighbourhoods.len()).filter(|&home| reached(home));
                shares[group].unwrap_or(0.0) * homes.map(|home| town.groups[group][home]).sum::<f64>()
                    / members
            };
            met(set) - met(&[])
        }
        MeetingAim::Neighbours => sites.gain(set).joins.len() as f64,
    };
    for seed in 0..16 {
        let town = town(seed);
        let sites = town.sites();
        let rule = SetRule { name: "apart".into(), sites: vec![0, 1, 2], at_least: 0, at_most: 1 };
        let asks = SetRule { name: "one of them".into(), sites: vec![3, 4], at_least: 1, at_most: 2 };
        let costs: Vec<f64> = (0..9).map(|site| f64::from(2 + site % 4)).collect();
        let choices = [
            Choice::of(1),
            Choice::of(2),
            Choice::of(3),
            Choice { count: 3, budget: None, rules: vec![rule.clone()] },
            Choice { count: 2, budget: None, rules: vec![rule, asks] },
            Choice { count: 3, budget: Some((costs, 7.0)), rules: vec![] },
        ];
        for (number, choice) in choices.iter().enumerate() {
            for aim in [MeetingAim::Encounter, MeetingAim::EncounterOf(1), MeetingAim::Neighbours] {
                let found = sites.solve(choice, aim, 0.1).unwrap();
                let all =
                    (1..=choice.count).flat_map(|count| sets(9, count)).filter(|set| choice.allows(set));
                let mut values: Vec<(f64, Vec<u32>)> =
                    all.map(|set| (value(&sites, &town, &set, aim), set)).collect();
                values.sort_by(|a, b| b.0.total_cmp(&a.0));
                let best = values[0].0;
                let what = format!("{seed} {number} {aim:?}");
                assert!((found.best.value - best).abs() < 1e-12, "{what}: {} {best}", found.best.value);
                assert!(found.is_proven() && found.all_listed, "{what}");
                let near = values.iter().filter(|(value, _)| *value >= best - 0.1 * best.abs() - 1e-9);
                let listed = found.alternatives.len();
                assert!(listed <= near.count(), "{what}");
                let near = values.iter().filter(|(value, _)| *value >= best - 0.1 * best.abs() + 1e-9);
                assert!(listed >= near.count().max(1), "{what}");
            }
        }
    }
}

#[test]
fn people_who_reach_a_place_for_the_first_time_are_counted_apart() {
    let visit = |home, place| Visit { home, place, weight: 1.0 };
    let groups = vec![vec![10.0, 0.0, 4.0, 0.0], vec![0.0, 20.0, 1.0, 7.0]];
    let neighbourhoods = [Some(0), Some(1), Some(1), None];
    let residents = Residents { groups: &groups, neighbourhoods: &neighbourhoods };
    let today = [visit(0, 0), visit(1, 1)];
    let more = [visit(0, 0), visit(2, 0), visit(1, 1)];
    let today = MeetingPlaces { count: 2, visits: &today };
    let more = MeetingPlaces { count: 3, visits: &more };
    let sites = MeetingSites::new(residents, today, &[true, false], more, vec![(0, 1)], 0.1).unwrap();
    let gain = sites.gain(&[0]);
    assert_eq!((gain.residents, gain.newly_of_kind, gain.newly_of_any), (15.0, 5.0, 5.0));
    assert_eq!(gain.joins, [0]);
    assert_eq!(sites.reach_of(0), [(0, 10.0), (1, 5.0)]);
    let found = sites.solve(&Choice::of(1), MeetingAim::Neighbours, 0.0).unwrap();
    assert_eq!((found.best.sites.as_slice(), found.unserved, found.unreachable), (&[0][..], 0.0, 7.0));
    // Nobody reaches the third candidate.
    assert!(sites.mix(2).is_none() && sites.gain(&[2]).gain() == 0.0 && sites.gain(&[2]).in_reach.is_none());
}

#[test]
fn a_large_town_is_solved_with_a_bound_above_the_value() {
    let mut random = Random::new(5, 5);
    let homes = 3_000_u32;
    let groups: Vec<Vec<f64>> = (0..2)
        .map(|group| {
            (0..homes)
                .map(|home| if home / 100 % 2 == group { 9.0 } else { random.below(3) as f64 })
                .collect()
        })
        .collect();
    let neighbourhoods: Vec<Option<u32>> = (0..homes).map(|home| Some(home / 100)).collect();
    let around = |place: u32, step: u32, wide: u32| {
        (0..wide).map(move |at| Visit { home: (place * step + at) % homes, place, weight: 1.0 })
    };
    let today: Vec<Visit> = (0..60).flat_map(|place| around(place, 50, 60)).collect();
    let more: Vec<Visit> = (0..200).flat_map(|place| around(place, 15, 120)).collect();
    let residents = Residents { groups: &groups, neighbourhoods: &neighbourhoods };
    let (today, more) =
        (MeetingPlaces { count: 60, visits: &today }, MeetingPlaces { count: 200, visits: &more });
    let pairs = (0..29).map(|place| (place, place + 1)).collect();
    let sites = MeetingSites::new(residents, today, &[false; 60], more, pairs, 0.1).unwrap();
    let found = sites.solve(&Choice::of(5), MeetingAim::Encounter, 0.01).unwrap();
    assert!(found.best.value > 0.0 && found.bound >= found.best.value && found.gap < 1.0, "{found:?}");
    assert_eq!(found, sites.solve(&Choice::of(5), MeetingAim::Encounter, 0.01).unwrap());
}

#[test]
fn wrong_questions_are_refused() {
    let town = town(1);
    let sites = town.sites();
    let one = Choice::of(1);
    assert!(sites.solve(&Choice::of(10), MeetingAim::Encounter, 0.0).is_err());
    assert!(sites.solve(&one, MeetingAim::EncounterOf(3), 0.0).is_err());
    assert!(sites.solve(&one, MeetingAim::Encounter, -0.1).is_err());
    assert!(sites.solve_among(&[99], &one, MeetingAim::Encounter, 0.0).is_err());
    let residents = town.residents();
    let today = MeetingPlaces { count: 7, visits: &town.today };
    let more = MeetingPlaces { count: 2, visits: &town.more };
    assert!(MeetingSites::new(residents, today, &[true], more, vec![], 0.1).is_err());
    assert!(MeetingSites::new(residents, today, &[true; 7], more, vec![], 0.1).is_err(), "candidate 8 of 2");
}
