//! The best set of projects when they are made together: what one adds depends on what else is built.
//!
//! A clinic beyond a motorway is worth more with the bridge, and two clinics side by side less than both by themselves. So a set
//! is assessed as a whole. Few sets are all assessed; of many, greedy steps and exchanges lead to one that no single step betters.

use crate::Result;
use std::collections::BTreeMap;

/// Up to so many sets are all assessed.
const EVERY_SET: usize = 128;

/// What may be chosen.
pub(super) struct Allowed<'a> {
    pub costs: &'a [f64],
    pub floor_of: &'a [Option<u32>],
    pub floors: &'a [f64],
    pub budget: f64,
}

/// The best set that was found.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    pub projects: Vec<usize>,
    pub value: f64,
    /// Sets that were assessed.
    pub assessed: usize,
    /// Whether those were all that are allowed, so that none is better.
    pub is_proven: bool,
}

impl Allowed<'_> {
    fn fits(&self, set: &[usize]) -> bool {
        set.iter().map(|&at| self.costs[at]).sum::<f64>() <= self.budget * (1.0 + 1e-12)
    }

    fn meets_floors(&self, set: &[usize]) -> bool {
        self.floors.iter().enumerate().all(|(number, floor)| {
            let own = set.iter().filter(|at| self.floor_of[**at] == Some(number as u32));
            own.map(|&at| self.costs[at]).sum::<f64>() >= floor - 1e-9 * self.budget
        })
    }

    /// Every allowed set; `None` if they are too many.
    fn every(&self) -> Option<Vec<Vec<usize>>> {
        let mut sets: Vec<Vec<usize>> = vec![Vec::new()];
        for at in 0..self.costs.len() {
            let with = sets.iter().map(|set| [set.as_slice(), &[at]].concat());
            let with: Vec<Vec<usize>> = with.filter(|set| self.fits(set)).collect();
            sets.extend(with);
            if sets.len() > EVERY_SET {
                return None;
            }
        }
        sets.retain(|set| self.meets_floors(set));
        Some(sets)
    }

    /// Sets that are one step away: a project more, one less, or one for another.
    fn steps(&self, set: &[usize]) -> Vec<Vec<usize>> {
        let others = || (0..self.costs.len()).filter(|at| !set.contains(at));
        let without = |out: usize| set.iter().copied().filter(move |at| *at != out).collect::<Vec<_>>();
        let mut steps: Vec<Vec<usize>> = others().map(|more| [set, &[more]].concat()).collect();
        for &out in set {
            steps.push(without(out));
            steps.extend(others().map(|more| [without(out).as_slice(), &[more]].concat()));
        }
        steps.iter_mut().for_each(|set| set.sort_unstable());
        steps.retain(|set| self.fits(set) && self.meets_floors(set));
        steps
    }
}

/// The best set by what whole sets are worth; `None` if no set can be made.
///
/// - `starts`: allowed sets to start from.
/// - `worth`: of a set; `None` if its projects cannot be made together.
///
/// # Errors
/// Those of `worth`.
pub(super) fn plan(
    allowed: &Allowed<'_>,
    starts: &[Vec<usize>],
    worth: &mut dyn FnMut(&[usize]) -> Result<Option<f64>>,
) -> Result<Option<Plan>> {
    let mut known: BTreeMap<Vec<usize>, Option<f64>> = BTreeMap::new();
    let mut of = |set: Vec<usize>| -> Result<Option<f64>> {
        if let Some(value) = known.get(&set) {
            return Ok(*value);
        }
        let value = worth(&set)?;
        known.insert(set, value);
        Ok(value)
    };
    let every = allowed.every();
    let mut best: Option<(f64, Vec<usize>)> = None;
    let first = every.as_deref().unwrap_or(starts);
    for set in first.iter().filter(|set| allowed.meets_floors(set)) {
        if let Some(value) = of(set.clone())?
            && best.as_ref().is_none_or(|(best, _)| value > *best)
        {
            best = Some((value, set.clone()));
        }
    }
    // Where every set is known, no step leads on.
    while let (Some((value, set)), None) = (&best, &every) {
        let mut next: Option<(f64, Vec<usize>)> = None;
        for step in allowed.steps(set) {
            if let Some(found) = of(step.clone())?
                && next.as_ref().is_none_or(|(best, _)| found > *best)
            {
                next = Some((found, step));
            }
        }
        match next {
            Some(step) if step.0 > value + 1e-9 * value.abs() => best = Some(step),
            _ => break,
        }
    }
    let assessed = known.len();
    Ok(best.map(|(value, projects)| Plan { projects, value, assessed, is_proven: every.is_some() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::Random;

    /// Projects that are worth more or less in pairs than alone.
    fn worth(seed: u64, count: usize) -> impl Fn(&[usize]) -> f64 {
        let mut random = Random::new(seed, 8);
        let alone: Vec<f64> = (0..count).map(|_| random.unit() * 10.0).collect();
        let pairs: Vec<f64> = (0..count * count).map(|_| random.unit() * 8.0 - 5.0).collect();
        move |set| {
            let of_pairs = set.iter().flat_map(|a| set.iter().map(move |b| (*a, *b))).filter(|(a, b)| a < b);
            set.iter().map(|&at| alone[at]).sum::<f64>()
                + of_pairs.map(|(a, b)| pairs[a * count + b]).sum::<f64>()
        }
    }

    #[test]
    fn few_sets_are_all_assessed_and_many_lead_to_one_that_no_step_betters() {
        for (count, seeds) in [(6, 20), (14, 6)] {
            for seed in 0..seeds {
                let mut random = Random::new(seed, 9);
                let costs: Vec<f64> = (0..count).map(|_| 1.0 + random.below(9) as f64).collect();
                let floor_of: Vec<Option<u32>> = (0..count).map(|at| (at % 3 == 0).then_some(0)).collect();
                let floors = [costs[0]];
                let allowed = Allowed { costs: &costs, floor_of: &floor_of, floors: &floors, budget: 24.0 };
                let value = worth(seed, count);
                let found = plan(&allowed, &[vec![0]], &mut |set| Ok(Some(value(set)))).unwrap().unwrap();
                assert!(allowed.fits(&found.projects) && allowed.meets_floors(&found.projects));
                assert_eq!(found.value, value(&found.projects));
                let steps = allowed.steps(&found.projects);
                assert!(steps.iter().all(|set| value(set) <= found.value + 1e-9));
                let sets =
                    (0_u32..1 << count).map(|bits| (0..count).filter(|at| bits & (1 << at) != 0).collect());
                let sets: Vec<Vec<usize>> = sets.collect();
                let may = sets.iter().filter(|set| allowed.fits(set) && allowed.meets_floors(set));
                let best = may.map(|set| value(set)).fold(f64::NEG_INFINITY, f64::max);
                assert!(found.value <= best + 1e-12);
                if found.is_proven {
                    assert!((found.value - best).abs() < 1e-12, "{seed}");
                }
                assert!(count > 6 || found.is_proven);
            }
        }
    }

    #[test]
    fn sets_that_cannot_be_made_are_passed_over() {
        let allowed = Allowed { costs: &[1.0, 1.0], floor_of: &[None; 2], floors: &[], budget: 2.0 };
        let found = plan(&allowed, &[], &mut |set| Ok((set.len() < 2).then_some(set.len() as f64)));
        assert_eq!(found.unwrap().unwrap().projects, [0]);
        assert_eq!(plan(&allowed, &[], &mut |_| Ok(None)).unwrap(), None);
    }
}
