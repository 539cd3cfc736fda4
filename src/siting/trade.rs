//! What fairness costs: sets of sites by the mean walk and the walk of the worst-off tenth.

use super::demand::Demand;
use super::objective::Objective;
use std::collections::BTreeSet;

/// A set of sites by efficiency and fairness.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Trade {
    /// Numbers of the sites, in order.
    pub sites: Vec<u32>,
    /// Mean minutes of all who are in the objectives.
    pub mean_minutes: f64,
    /// Mean minutes of the tenth who walk farthest.
    pub worst_tenth_minutes: f64,
    /// Whether no other of the sets is at least as good by both and better by one.
    pub is_on_curve: bool,
}

/// Sets are compared as far as this many; each is walked to anew.
const MOST: usize = 400;

/// The sets by mean walk, and which of them lie on the curve from the efficient to the fair one.
pub(super) fn trades<'a>(demand: &Demand, sets: impl Iterator<Item = &'a [u32]>) -> Vec<Trade> {
    let each: BTreeSet<&[u32]> = sets.take(MOST).collect();
    let trade = |sites: &[u32]| Trade {
        mean_minutes: Objective::Median.value(demand, sites) / demand.people(),
        worst_tenth_minutes: Objective::WorstShare(0.1).value(demand, sites),
        sites: sites.to_vec(),
        is_on_curve: false,
    };
    let mut found: Vec<Trade> = each.into_iter().map(trade).collect();
    found.sort_by(|a, b| {
        a.mean_minutes
            .total_cmp(&b.mean_minutes)
            .then(a.worst_tenth_minutes.total_cmp(&b.worst_tenth_minutes))
    });
    // By mean walk; each that is fairer than all before it lies on the curve. Differences from rounding are none.
    let mut fairest = f64::INFINITY;
    for one in &mut found {
        one.is_on_curve = one.worst_tenth_minutes < fairest - 1e-9;
        fairest = fairest.min(one.worst_tenth_minutes);
    }
    found
}
