//! Projects that cannot stand beside one another, because their scenarios say so.

use super::question::PlannedProject;
use crate::Result;
use crate::scenario::Scenario;
use crate::siting::projects::Programme;

/// Pairs of projects of which a budget buys one at most.
pub(super) struct Conflicts(pub Vec<(usize, usize)>);

impl Conflicts {
    /// One of a pair names the other: its scenario, or its file.
    pub(super) fn of(projects: &[PlannedProject], scenarios: &[Scenario]) -> Self {
        let names = |one: usize, other: usize| {
            let is_other =
                |name: &String| *name == scenarios[other].name || *name == projects[other].scenario;
            scenarios[one].conflicts.iter().any(is_other)
        };
        let count = projects.len();
        let pairs = (0..count).flat_map(|one| (one + 1..count).map(move |other| (one, other)));
        Self(pairs.filter(|&(one, other)| names(one, other) || names(other, one)).collect())
    }

    /// The first pair of which both are chosen.
    pub(super) fn among(&self, chosen: &[usize]) -> Option<(usize, usize)> {
        self.0.iter().copied().find(|(one, other)| chosen.contains(one) && chosen.contains(other))
    }

    /// The best programme without such a pair: where the best of all holds one, the better of those without the one and
    /// without the other.
    ///
    /// - `solve`: the best programme of some projects, whatever their conflicts.
    ///
    /// # Errors
    /// That of `solve` where neither has a programme.
    pub(super) fn best(
        &self,
        may: &[usize],
        solve: &dyn Fn(&[usize]) -> Result<Programme>,
    ) -> Result<Programme> {
        let best = solve(may)?;
        let Some((one, other)) = self.among(&best.projects) else { return Ok(best) };
        let without = |left_out: usize| {
            let rest: Vec<usize> = may.iter().copied().filter(|&project| project != left_out).collect();
            self.best(&rest, solve)
        };
        match (without(other), without(one)) {
            (Ok(first), Ok(second)) => {
                let bound = first.bound.max(second.bound);
                let better = if second.benefit > first.benefit { second } else { first };
                Ok(Programme { bound, ..better })
            }
            (Ok(only), Err(_)) | (Err(_), Ok(only)) => Ok(only),
            (Err(error), Err(_)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::projects::{Project, programme};
    use crate::stats::random::Random;

    /// Against every set of twelve projects.
    #[test]
    fn the_best_without_conflicts_is_that_of_every_set() {
        let mut random = Random::new(7, 1);
        for _ in 0..40 {
            let mut number = || (random.unit() * 30.0).floor() + 1.0;
            let projects: Vec<Project> =
                (0..12).map(|_| Project { cost: number(), benefit: number(), district: None }).collect();
            let pairs = (0..5).map(|_| (random.below(12), random.below(12)));
            let pairs: Vec<(usize, usize)> = pairs.filter(|(one, other)| one < other).collect();
            let conflicts = Conflicts(pairs);
            let solve = |some: &[usize]| {
                let listed: Vec<Project> = some.iter().map(|&at| projects[at]).collect();
                let mut best = programme(&listed, 60.0, &[])?;
                best.projects.iter_mut().for_each(|project| *project = some[*project]);
                Ok(best)
            };
            let found = conflicts.best(&(0..12).collect::<Vec<_>>(), &solve).unwrap();
            let sets =
                (0_u32..1 << 12).map(|set| (0..12).filter(|at| set >> at & 1 == 1).collect::<Vec<usize>>());
            let allowed = sets.filter(|set| {
                set.iter().map(|&at| projects[at].cost).sum::<f64>() <= 60.0 && conflicts.among(set).is_none()
            });
            let best = allowed
                .map(|set| set.iter().map(|&at| projects[at].benefit).sum::<f64>())
                .fold(0.0, f64::max);
            assert!((found.benefit - best).abs() < 1e-9, "{} {best}", found.benefit);
            assert!(conflicts.among(&found.projects).is_none() && found.bound >= best - 1e-9);
        }
    }
}
