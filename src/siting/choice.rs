//! Which sets of sites are allowed: how many, at what cost, and the rules that people set.

use crate::{Error, ErrorKind, Result};

/// A rule on a set of sites: how many of a list may, or must, be in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetRule {
    /// Its name, as people said it.
    pub name: String,
    /// The sites that it is about.
    pub sites: Vec<u32>,
    /// At least so many of them.
    pub at_least: usize,
    /// At most so many of them.
    pub at_most: usize,
}

/// What a set of sites must be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// So many sites exactly; or, with a budget, at most.
    pub count: usize,
    /// Cost of each place, and what all chosen ones may cost together.
    pub budget: Option<(Vec<f64>, f64)>,
    /// Rules on the set.
    pub rules: Vec<SetRule>,
}

impl Choice {
    /// So many sites, without budget or rules.
    #[must_use]
    pub fn of(count: usize) -> Self {
        Self { count, ..Self::default() }
    }

    pub(super) fn check(&self, candidates: &[u32], site_count: usize) -> Result<()> {
        let parameter = |message: String| Error::new(ErrorKind::Parameter, message);
        if self.count == 0 {
            return Err(parameter("no site is to be chosen".into()).hint("`choose` is at least 1"));
        }
        if self.count > candidates.len() && self.budget.is_none() {
            let message = format!("{} sites are to be chosen of {} candidates", self.count, candidates.len());
            return Err(
                parameter(message).hint("choose fewer, or loosen the constraints that exclude candidates")
            );
        }
        if let Some((costs, budget)) = &self.budget {
            if costs.len() != site_count {
                return Err(parameter(format!("{} costs for {site_count} places", costs.len())));
            }
            if let Some(row) = costs.iter().position(|cost| !(cost.is_finite() && *cost >= 0.0)) {
                return Err(parameter(format!("a cost of `{}`", costs[row])).at_row(row + 1));
            }
            if !(budget.is_finite() && *budget >= 0.0) {
                return Err(parameter(format!("a budget of `{budget}`")));
            }
            if !candidates.iter().any(|&site| costs[site as usize] <= *budget) {
                return Err(parameter(format!("no candidate costs as little as the budget of `{budget}`")));
            }
        }
        for rule in &self.rules {
            if rule.sites.iter().any(|&site| site as usize >= site_count) {
                return Err(parameter(format!("the rule `{}` names a place that is not there", rule.name)));
            }
            let choosable = rule.sites.iter().filter(|site| candidates.contains(site)).count();
            if rule.at_least > choosable.min(self.count) || rule.at_least > rule.at_most {
                let message = format!(
                    "the rule `{}` asks for at least {} sites, but at most {} of its own can be chosen",
                    rule.name,
                    rule.at_least,
                    choosable.min(self.count).min(rule.at_most)
                );
                return Err(parameter(message));
            }
        }
        Ok(())
    }

    /// Whether a whole set is allowed.
    pub(super) fn allows(&self, sites: &[u32]) -> bool {
        let count_fits =
            if self.budget.is_some() { sites.len() <= self.count } else { sites.len() == self.count };
        count_fits
            && self.fits(sites)
            && self.rules.iter().all(|rule| chosen_of(rule, sites) >= rule.at_least)
    }

    /// Whether a set that may still grow breaks nothing yet.
    pub(super) fn fits(&self, sites: &[u32]) -> bool {
        let cost_fits = self.budget.as_ref().is_none_or(|(costs, budget)| {
            sites.iter().map(|&site| costs[site as usize]).sum::<f64>() <= budget * (1.0 + 1e-12)
        });
        cost_fits && self.rules.iter().all(|rule| chosen_of(rule, sites) <= rule.at_most)
    }

    /// Whether `site` may join `sites` so that the rules can still be met with the places that are left.
    pub(super) fn may_add(&self, sites: &[u32], site: u32) -> bool {
        let mut with = sites.to_vec();
        with.push(site);
        if !self.fits(&with) {
            return false;
        }
        let missing: usize = self
            .rules
            .iter()
            .map(|rule| rule.at_least.saturating_sub(chosen_of(rule, &with)))
            .max()
            .unwrap_or(0);
        // Rules that do not overlap need their sites each; those that do are left to the search.
        missing <= self.count - with.len().min(self.count)
    }

    /// Whether only the number matters.
    pub(super) fn is_plain(&self) -> bool {
        self.budget.is_none() && self.rules.is_empty()
    }
}

fn chosen_of(rule: &SetRule, sites: &[u32]) -> usize {
    sites.iter().filter(|site| rule.sites.contains(site)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_and_budgets_allow_what_they_say() {
        let spacing = SetRule { name: "apart".into(), sites: vec![0, 1], at_least: 0, at_most: 1 };
        let north = SetRule { name: "one in the north".into(), sites: vec![2, 3], at_least: 1, at_most: 4 };
        let choice = Choice { count: 2, budget: None, rules: vec![spacing, north] };
        choice.check(&[0, 1, 2, 3], 4).unwrap();
        assert!(choice.allows(&[0, 2]) && choice.allows(&[2, 3]));
        assert!(!choice.allows(&[0, 1]) && !choice.allows(&[0]));
        assert!(choice.may_add(&[0], 2) && !choice.may_add(&[0], 1));
        let costs = Choice { count: 2, budget: Some((vec![3.0, 4.0, 5.0], 7.0)), rules: vec![] };
        assert!(costs.allows(&[0, 1]) && costs.allows(&[2]) && !costs.allows(&[1, 2]));
    }

    #[test]
    fn what_cannot_be_met_is_refused() {
        let of = |count, budget, rules| Choice { count, budget, rules }.check(&[0, 1], 3).is_err();
        assert!(of(0, None, vec![]) && of(3, None, vec![]));
        assert!(of(1, Some((vec![-1.0, 0.0, 0.0], 1.0)), vec![]));
        assert!(of(1, Some((vec![2.0, 2.0, 0.0], 1.0)), vec![]));
        let rule = |sites, at_least| SetRule { name: "r".into(), sites, at_least, at_most: 9 };
        assert!(of(1, None, vec![rule(vec![9], 0)]) && of(1, None, vec![rule(vec![2], 1)]));
        assert!(!of(2, None, vec![rule(vec![0, 1, 2], 2)]));
    }
}
