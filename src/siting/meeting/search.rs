//! The best set of sites to meet: greedy, exchanges, and a search that proves it or says how much better a set could be.

use super::aim::{Growing, MeetingAim, OfEncounter, OfNeighbours};
use super::sites::MeetingSites;
use crate::siting::choice::Choice;
use crate::siting::found::{Found, Plan, frequency};
use crate::{Error, ErrorKind, Result};

/// Steps of a search: visits that are looked at.
const WORK: u64 = 400_000_000;
/// Sets that are listed at most.
const LISTED: usize = 1_000;
/// Passes of exchanges.
const PASSES: usize = 100;
/// Differences below this share are rounding.
const EXACT: f64 = 1e-12;

impl MeetingSites<'_> {
    /// The best set of candidates for an aim, with what no set can beat, and the sets within a share of it.
    ///
    /// - `within`: share of the best gain within which other sets are listed, 0 or more.
    ///
    /// `value` and `bound` are a gain in share of others (0 to 1), or a number of pairs. A place more may also lower encounter,
    /// where it draws people among their like: then the best set may have a value below 0, and with a budget it may be smaller.
    /// `unserved` are residents who reach no place today and none of the sites, but a candidate; `unreachable` reach neither.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the choice cannot be met, the group is not there, or `within` is negative or not finite.
    ///
    /// # Source
    /// Greedy and interchange: Teitz & Bart (1968); the bound is the sum of what each site could add at most: for pairs that
    /// of submodular functions (Nemhauser, Wolsey & Fisher 1978), for encounter this project's, proven in `aim.rs`.
    pub fn solve(&self, choice: &Choice, aim: MeetingAim, within: f64) -> Result<Found> {
        let candidates: Vec<u32> = (0..self.len() as u32).collect();
        self.solve_among(&candidates, choice, aim, within)
    }

    /// As [`MeetingSites::solve`], with some of the candidates alone.
    ///
    /// # Errors
    /// As there.
    pub fn solve_among(
        &self,
        candidates: &[u32],
        choice: &Choice,
        aim: MeetingAim,
        within: f64,
    ) -> Result<Found> {
        let parameter = |message: String| Error::new(ErrorKind::Parameter, message);
        if let Some(site) = candidates.iter().find(|site| **site as usize >= self.len()) {
            return Err(parameter(format!("{site} is not the number of a candidate")));
        }
        choice.check(candidates, self.len())?;
        if !(within.is_finite() && within >= 0.0) {
            return Err(parameter(format!("sets within `{within}` of the best")));
        }
        let groups = self.residents.groups.len();
        let searched = match aim {
            MeetingAim::Encounter => search(&mut OfEncounter::new(self, None), candidates, choice, within),
            MeetingAim::EncounterOf(group) if group < groups => {
                search(&mut OfEncounter::new(self, Some(group)), candidates, choice, within)
            }
            MeetingAim::EncounterOf(group) => {
                return Err(parameter(format!("group {group} of {groups}, which are counted from 0")));
            }
            MeetingAim::Neighbours => search(&mut OfNeighbours::new(self), candidates, choice, within),
        };
        let Searched { sets, bound, all_listed } = searched.ok_or_else(|| {
            let names: Vec<String> = choice.rules.iter().map(|rule| format!("`{}`", rule.name)).collect();
            parameter("no set of sites that meets all rules was found".into()).hint(format!(
                "the rules are {}; drop one of them, or change the number of sites",
                names.join(", ")
            ))
        })?;
        let alternatives: Vec<Plan> = sets.into_iter().map(|(value, sites)| Plan { sites, value }).collect();
        let best = alternatives[0].clone();
        let (unserved, unreachable) = self.without_a_place(&best.sites);
        let distance = bound - best.value;
        let gap = if distance <= 1e-9 * best.value.abs() { 0.0 } else { distance / best.value.abs() };
        Ok(Found {
            bound: if gap == 0.0 { best.value } else { bound },
            frequency: frequency(&alternatives),
            best,
            gap,
            alternatives,
            all_listed,
            unserved,
            unreachable,
        })
    }
}

struct Searched {
    /// The best first.
    sets: Vec<(f64, Vec<u32>)>,
    bound: f64,
    all_listed: bool,
}

/// `None` if no set is allowed.
fn search<G: Growing>(aim: &mut G, candidates: &[u32], choice: &Choice, within: f64) -> Option<Searched> {
    let allowed = Allowed::new(choice, candidates);
    let mut best: Option<(f64, Vec<u32>)> = None;
    for per_cost in [false, true] {
        if per_cost && choice.budget.is_none() {
            continue;
        }
        let sites = greedy(aim, candidates, &allowed, per_cost);
        if allowed.whole(&sites) {
            let set = exchange(aim, candidates, &allowed, sites);
            if best.as_ref().is_none_or(|best| set.0 > best.0) {
                best = Some(set);
            }
        }
    }
    // Once to list every set within the share; if those are too many, once more to prove the best alone.
    let mut walk = Walk {
        aim,
        allowed: &allowed,
        best,
        within: Some(within),
        sets: Vec::new(),
        work: WORK,
        open: f64::NEG_INFINITY,
    };
    walk.run(candidates);
    let is_whole = walk.open == f64::NEG_INFINITY;
    if is_whole && walk.within.is_some() {
        let (best, limit) = (walk.best.clone()?, walk.limit());
        let mut sets = std::mem::take(&mut walk.sets);
        sets.retain(|(value, _)| *value >= limit);
        sort(&mut sets);
        return Some(Searched { bound: best.0, sets, all_listed: true });
    }
    walk.within = None;
    walk.sets.clear();
    (walk.work, walk.open) = (WORK, f64::NEG_INFINITY);
    walk.run(candidates);
    let (value, sites) = walk.best.clone()?;
    let bound = walk.open.max(value);
    let mut sets = near(walk.aim, candidates, &allowed, &(value, sites.clone()), within);
    sets.retain(|(_, other)| *other != sites);
    sets.insert(0, (value, sites));
    Some(Searched { sets, bound, all_listed: false })
}

fn sort(sets: &mut [(f64, Vec<u32>)]) {
    sets.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
}

/// The value up to which sets are listed.
fn limit(best: f64, within: f64) -> f64 {
    best - within * best.abs() - EXACT * best.abs()
}

/// The value of a set, from its sites in order.
fn value<G: Growing>(aim: &mut G, sites: &[u32]) -> f64 {
    let mut value = 0.0;
    for &site in sites {
        value += aim.gain(site);
        aim.push(site);
    }
    sites.iter().for_each(|_| aim.pop());
    value
}

fn greedy<G: Growing>(aim: &mut G, candidates: &[u32], allowed: &Allowed<'_>, per_cost: bool) -> Vec<u32> {
    let mut sites: Vec<u32> = Vec::new();
    while sites.len() < allowed.choice.count {
        let mut next: Option<(f64, f64, u32)> = None;
        for &site in candidates {
            if sites.contains(&site) || !allowed.may_add(&sites, site) {
                continue;
            }
            let gain = aim.gain(site);
            let worth = if per_cost { gain / allowed.cost(site).max(f64::MIN_POSITIVE) } else { gain };
            if next.is_none_or(|(best, ..)| worth > best) {
                next = Some((worth, gain, site));
            }
        }
        match next {
            // With a budget fewer will do.
            Some((_, gain, _)) if gain <= 0.0 && allowed.may_be_smaller() && allowed.whole(&sites) => break,
            Some((.., site)) => {
                aim.push(site);
                sites.push(site);
            }
            None => break,
        }
    }
    sites.iter().for_each(|_| aim.pop());
    sites.sort_unstable();
    sites
}

/// One site for another as long as that is better.
fn exchange<G: Growing>(
    aim: &mut G,
    candidates: &[u32],
    allowed: &Allowed<'_>,
    mut sites: Vec<u32>,
) -> (f64, Vec<u32>) {
    let mut best = value(aim, &sites);
    for _ in 0..PASSES {
        let Some((better, with)) = exchanges(aim, candidates, allowed, &sites)
            .into_iter()
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(&a.1)))
            .filter(|(value, _)| *value > best + EXACT * best.abs())
        else {
            break;
        };
        (best, sites) = (better, with);
    }
    (best, sites)
}

/// Every allowed set that differs in one site, with its value.
fn exchanges<G: Growing>(
    aim: &mut G,
    candidates: &[u32],
    allowed: &Allowed<'_>,
    sites: &[u32],
) -> Vec<(f64, Vec<u32>)> {
    let mut found = Vec::new();
    for out in 0..sites.len() {
        let rest: Vec<u32> =
            sites.iter().enumerate().filter(|(at, _)| *at != out).map(|(_, site)| *site).collect();
        let mut base = 0.0;
        for &site in &rest {
            base += aim.gain(site);
            aim.push(site);
        }
        for &site in candidates {
            if sites.contains(&site) || !allowed.may_add(&rest, site) {
                continue;
            }
            let mut with = rest.clone();
            with.push(site);
            with.sort_unstable();
            if allowed.whole(&with) {
                found.push((base + aim.gain(site), with));
            }
        }
        rest.iter().for_each(|_| aim.pop());
    }
    found
}

/// Sets within the share that are one exchange away.
fn near<G: Growing>(
    aim: &mut G,
    candidates: &[u32],
    allowed: &Allowed<'_>,
    best: &(f64, Vec<u32>),
    within: f64,
) -> Vec<(f64, Vec<u32>)> {
    let mut sets = exchanges(aim, candidates, allowed, &best.1);
    sets.retain(|(value, _)| *value >= limit(best.0, within));
    sort(&mut sets);
    sets.truncate(LISTED - 1);
    sets
}

/// A choice that says quickly whether one more site is allowed.
struct Allowed<'a> {
    choice: &'a Choice,
    /// Rules that name each site.
    rules_of: Vec<Vec<usize>>,
    asks_for_sites: bool,
}

impl<'a> Allowed<'a> {
    fn new(choice: &'a Choice, candidates: &[u32]) -> Self {
        let count = candidates.iter().max().map_or(0, |most| *most as usize + 1);
        let mut rules_of = vec![Vec::new(); count];
        for (number, rule) in choice.rules.iter().enumerate() {
            for &site in rule.sites.iter().filter(|site| (**site as usize) < count) {
                rules_of[site as usize].push(number);
            }
        }
        Self { asks_for_sites: choice.rules.iter().any(|rule| rule.at_least > 0), choice, rules_of }
    }

    fn cost(&self, site: u32) -> f64 {
        self.choice.budget.as_ref().map_or(0.0, |(costs, _)| costs[site as usize])
    }

    fn may_be_smaller(&self) -> bool {
        self.choice.budget.is_some()
    }

    fn may_add(&self, sites: &[u32], site: u32) -> bool {
        if self.asks_for_sites {
            return self.choice.may_add(sites, site);
        }
        let pays = self.choice.budget.as_ref().is_none_or(|(costs, budget)| {
            let cost: f64 = sites.iter().chain([&site]).map(|&site| costs[site as usize]).sum();
            cost <= budget * (1.0 + EXACT)
        });
        let keeps = |&rule: &usize| {
            let rule = &self.choice.rules[rule];
            sites.iter().filter(|site| rule.sites.contains(site)).count() < rule.at_most
        };
        pays && self.rules_of[site as usize].iter().all(keeps)
    }

    /// Whether a set that has grown by [`Allowed::may_add`] is allowed as it is.
    fn whole(&self, sites: &[u32]) -> bool {
        if self.asks_for_sites {
            return self.choice.allows(sites);
        }
        if self.may_be_smaller() { !sites.is_empty() } else { sites.len() == self.choice.count }
    }
}

/// Branch and bound.
struct Walk<'a, G> {
    aim: &'a mut G,
    allowed: &'a Allowed<'a>,
    best: Option<(f64, Vec<u32>)>,
    /// Share of the best within which sets are listed; `None` to look for better ones alone.
    within: Option<f64>,
    sets: Vec<(f64, Vec<u32>)>,
    work: u64,
    /// What a set that was not looked at could be worth at most.
    open: f64,
}

impl<G: Growing> Walk<'_, G> {
    fn run(&mut self, candidates: &[u32]) {
        self.deeper(&mut Vec::new(), 0.0, candidates, f64::INFINITY);
    }

    fn limit(&self) -> f64 {
        match (&self.best, self.within) {
            (None, _) => f64::NEG_INFINITY,
            (Some((best, _)), Some(within)) => limit(*best, within),
            (Some((best, _)), None) => best + EXACT * best.abs(),
        }
    }

    /// - `bound`: what no set below here can beat.
    fn deeper(&mut self, chosen: &mut Vec<u32>, value: f64, rest: &[u32], bound: f64) {
        let left = self.allowed.choice.count - chosen.len();
        if left == 0 || rest.is_empty() {
            return;
        }
        let steps: usize = rest.iter().map(|&site| self.aim.size(site)).sum();
        if self.work < steps as u64 {
            self.open = self.open.max(bound);
            return;
        }
        self.work -= steps as u64;
        let may = rest.iter().filter(|&&site| self.allowed.may_add(chosen, site));
        let mut most: Vec<(f64, u32)> = may.map(|&site| (self.aim.most(site), site)).collect();
        most.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let rest: Vec<u32> = most.iter().map(|(_, site)| *site).collect();
        for at in 0..most.len() {
            // The sites that follow add at most what the next ones would add each by itself.
            let of_next: f64 = most[at..].iter().take(left).map(|(most, _)| most).sum();
            let bound = bound.min(value + of_next);
            if bound < self.limit() || (self.within.is_none() && bound <= self.limit()) {
                break;
            }
            let site = rest[at];
            let with = value + self.aim.gain(site);
            chosen.push(site);
            if self.allowed.whole(chosen) {
                self.note(with, chosen);
            }
            if left > 1 {
                self.aim.push(site);
                self.deeper(chosen, with, &rest[at + 1..], bound);
                self.aim.pop();
            }
            chosen.pop();
        }
    }

    fn note(&mut self, value: f64, chosen: &[u32]) {
        if value < self.limit() {
            return;
        }
        let mut sites = chosen.to_vec();
        sites.sort_unstable();
        let is_better = self.best.as_ref().is_none_or(|(best, _)| value > best + EXACT * best.abs());
        if is_better {
            self.best = Some((value, sites.clone()));
        }
        if self.within.is_none() {
            return;
        }
        self.sets.push((value, sites));
        if self.sets.len() > 2 * LISTED {
            let limit = self.limit();
            self.sets.retain(|(value, _)| *value >= limit);
            if self.sets.len() > LISTED {
                // Too many to list: what is left is to prove the best.
                self.within = None;
                self.sets.clear();
            }
        }
    }
}
