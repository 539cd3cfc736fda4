//! Which projects a budget buys: whole projects, with floors for districts, and what no choice can beat.

use crate::{Error, ErrorKind, Result};

/// A project that is done as a whole or not at all.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Project {
    /// What it costs, 0 or more.
    pub cost: f64,
    /// What it is worth, 0 or more: person-minutes won, by need where that is wanted.
    pub benefit: f64,
    /// Number of its district; `None` if it serves the whole city.
    pub district: Option<u32>,
}

/// Chosen projects.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Programme {
    /// Numbers of the projects, in order.
    pub projects: Vec<usize>,
    /// What they cost.
    pub cost: f64,
    /// What they are worth.
    pub benefit: f64,
    /// No choice that keeps to budget and floors is worth more.
    pub bound: f64,
}

impl Programme {
    /// (bound − benefit) / benefit; 0 where the best is proven.
    #[must_use]
    pub fn gap(&self) -> f64 {
        if self.bound <= self.benefit * (1.0 + 1e-12) {
            0.0
        } else {
            (self.bound - self.benefit) / self.benefit.max(f64::MIN_POSITIVE)
        }
    }
}

/// Parts of the search that are looked at.
const PARTS: usize = 5_000_000;

/// The projects of greatest benefit within a budget.
///
/// - `floors`: for each district, by number, what must at least be spent on its own projects.
///
/// # Errors
/// [`ErrorKind::Parameter`] with the row if a cost or benefit is negative or not finite; if a floor cannot be met with the
/// projects there are, or not with the budget.
///
/// # Source
/// 0-1 knapsack by branch and bound on the linear relaxation: Dantzig (1957); Martello & Toth (1990), "Knapsack problems".
///
/// # Example
/// ```
/// use commonground::siting::{Project, programme};
/// let project = |cost, benefit, district| Project { cost, benefit, district: Some(district) };
/// let projects = [project(5.0, 60.0, 0), project(4.0, 40.0, 0), project(3.0, 20.0, 1)];
/// assert_eq!(programme(&projects, 9.0, &[])?.projects, [0, 1]);
/// // With 3 for the second district it is another programme.
/// assert_eq!(programme(&projects, 9.0, &[0.0, 3.0])?.projects, [0, 2]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn programme(projects: &[Project], budget: f64, floors: &[f64]) -> Result<Programme> {
    check(projects, budget, floors)?;
    let mut order: Vec<usize> =
        (0..projects.len()).filter(|&one| projects[one].cost <= budget * (1.0 + 1e-12)).collect();
    let worth = |one: usize| projects[one].benefit / projects[one].cost.max(f64::MIN_POSITIVE);
    order.sort_by(|a, b| worth(*b).total_cmp(&worth(*a)).then(a.cmp(b)));
    let mut left: Vec<f64> = floors.to_vec();
    for &one in &order {
        if let Some(floor) = projects[one].district.and_then(|district| left.get_mut(district as usize)) {
            *floor -= projects[one].cost;
        }
    }
    if let Some(district) = left.iter().position(|left| *left > 1e-9 * budget) {
        let message = format!(
            "the floor of district {district} is {}, more than all its projects cost",
            floors[district]
        );
        return Err(
            Error::new(ErrorKind::Parameter, message).hint("lower the floor, or propose more projects there")
        );
    }
    let mut search = Search { projects, order: &order, budget, best: None, parts: PARTS, open: 0.0 };
    let missing: Vec<f64> = floors.to_vec();
    search.deeper(0, 0.0, 0.0, &mut Vec::new(), missing);
    let open = search.open;
    let Some((benefit, mut chosen)) = search.best else {
        let message = format!("the budget of {budget} cannot meet all floors with whole projects");
        return Err(Error::new(ErrorKind::Parameter, message).hint("lower a floor, or raise the budget"));
    };
    chosen.sort_unstable();
    let cost = chosen.iter().map(|&one| projects[one].cost).sum();
    Ok(Programme { projects: chosen, cost, benefit, bound: benefit.max(open) })
}

struct Search<'a> {
    projects: &'a [Project],
    order: &'a [usize],
    budget: f64,
    best: Option<(f64, Vec<usize>)>,
    parts: usize,
    /// The highest bound of what was not looked at.
    open: f64,
}

impl Search<'_> {
    fn deeper(&mut self, next: usize, cost: f64, benefit: f64, chosen: &mut Vec<usize>, missing: Vec<f64>) {
        let bound = benefit + self.relaxed(next, self.budget - cost);
        if self.best.as_ref().is_some_and(|(best, _)| bound <= best * (1.0 + 1e-12)) {
            return;
        }
        let owed: f64 = missing.iter().map(|missing| missing.max(0.0)).sum();
        if cost + owed > self.budget * (1.0 + 1e-9) {
            return;
        }
        if self.parts == 0 {
            self.open = self.open.max(bound);
            return;
        }
        self.parts -= 1;
        let slack = 1e-9 * self.budget;
        if missing.iter().all(|missing| *missing <= slack)
            && self.best.as_ref().is_none_or(|(best, _)| benefit > *best)
        {
            self.best = Some((benefit, chosen.clone()));
        }
        let Some(&one) = self.order.get(next) else { return };
        let project = self.projects[one];
        if cost + project.cost <= self.budget * (1.0 + 1e-12) {
            let mut with = missing.clone();
            if let Some(floor) = project.district.and_then(|district| with.get_mut(district as usize)) {
                *floor -= project.cost;
            }
            chosen.push(one);
            self.deeper(next + 1, cost + project.cost, benefit + project.benefit, chosen, with);
            chosen.pop();
        }
        // Without it, the rest of its district must still be able to meet the floor.
        let can_be_met = project.district.is_none_or(|district| {
            missing.get(district as usize).is_none_or(|missing| {
                let rest = self.order[next + 1..].iter().map(|&one| self.projects[one]);
                let rest: f64 = rest.filter(|one| one.district == Some(district)).map(|one| one.cost).sum();
                *missing <= rest + slack
            })
        });
        if can_be_met {
            self.deeper(next + 1, cost, benefit, chosen, missing);
        }
    }

    /// What the rest could add at most, if the last project could be done in part.
    fn relaxed(&self, next: usize, mut left: f64) -> f64 {
        let mut benefit = 0.0;
        for &one in &self.order[next..] {
            let project = self.projects[one];
            if project.cost > left {
                return benefit
                    + if project.cost > 0.0 {
                        project.benefit * (left / project.cost).max(0.0)
                    } else {
                        0.0
                    };
            }
            left -= project.cost;
            benefit += project.benefit;
        }
        benefit
    }
}

fn check(projects: &[Project], budget: f64, floors: &[f64]) -> Result<()> {
    let wrong = |value: f64| !(value.is_finite() && value >= 0.0);
    let parameter = |message: String| {
        Error::new(ErrorKind::Parameter, message).hint("it must be finite and not negative")
    };
    for (row, project) in projects.iter().enumerate() {
        for (what, value) in [("cost", project.cost), ("benefit", project.benefit)] {
            if wrong(value) {
                return Err(parameter(format!("a {what} is `{value}`")).at_row(row + 1));
            }
        }
    }
    match floors.iter().chain([&budget]).find(|value| wrong(**value)) {
        Some(value) => Err(parameter(format!("a budget or floor is `{value}`"))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::Random;

    #[test]
    fn the_best_of_all_choices_is_found_with_and_without_floors() {
        for seed in 0..80 {
            let mut random = Random::new(seed, 5);
            let projects: Vec<Project> = (0..12)
                .map(|_| Project {
                    cost: random.below(30) as f64,
                    benefit: random.below(50) as f64,
                    district: (random.below(4) > 0).then(|| random.below(3) as u32),
                })
                .collect();
            let budget = 70.0;
            for floors in [vec![], vec![10.0, 15.0, 5.0], vec![0.0, 40.0]] {
                let mut best: Option<f64> = None;
                for set in 0_u32..1 << 12 {
                    let chosen = || (0..12).filter(move |one| set & (1 << one) != 0).map(|one| projects[one]);
                    let spent = |district: usize| {
                        chosen()
                            .filter(|one| one.district == Some(district as u32))
                            .map(|one| one.cost)
                            .sum::<f64>()
                    };
                    let is_allowed = chosen().map(|one| one.cost).sum::<f64>() <= budget
                        && floors.iter().enumerate().all(|(district, floor)| spent(district) >= *floor);
                    if is_allowed {
                        let benefit = chosen().map(|one| one.benefit).sum::<f64>();
                        best = Some(best.map_or(benefit, |best| best.max(benefit)));
                    }
                }
                match (programme(&projects, budget, &floors), best) {
                    (Ok(found), Some(best)) => {
                        assert_eq!(
                            (found.benefit, found.bound, found.gap()),
                            (best, best, 0.0),
                            "{seed} {floors:?}"
                        );
                        assert!(found.cost <= budget);
                    }
                    (Err(_), None) => {}
                    (found, best) => panic!("{seed} {floors:?}: {found:?} {best:?}"),
                }
            }
        }
    }

    #[test]
    fn negative_costs_and_floors_out_of_reach_are_refused() {
        let project = Project { cost: 5.0, benefit: 1.0, district: Some(0) };
        assert!(programme(&[Project { cost: -1.0, ..project }], 9.0, &[]).is_err());
        assert!(programme(&[Project { benefit: f64::NAN, ..project }], 9.0, &[]).is_err());
        assert!(programme(&[project], -1.0, &[]).is_err());
        assert!(programme(&[project], 9.0, &[6.0]).unwrap_err().to_string().contains("district 0"));
        assert!(programme(&[project, Project { district: Some(1), ..project }], 9.0, &[5.0, 5.0]).is_err());
        assert_eq!(programme(&[project], 4.0, &[]).unwrap().projects, [0_usize; 0]);
    }
}
