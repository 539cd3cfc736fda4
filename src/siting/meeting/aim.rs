//! What good means: encounter of everybody or of a group, or neighbours who share a place.

use super::sites::MeetingSites;

/// What sites are chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MeetingAim {
    /// Gain of the share of others among the people whom residents could meet, of all residents.
    Encounter,
    /// The same, of the members of a group, by its number.
    EncounterOf(usize),
    /// Number of pairs of neighbours that share no place today, and would share one.
    Neighbours,
}

/// Sites are added and taken away again in turn, and say what one more would add.
pub(super) trait Growing {
    /// What a site adds to those that are there.
    fn gain(&self, site: u32) -> f64;
    /// What a site adds at most to those that are there and any others: never below 0.
    fn most(&self, site: u32) -> f64;
    /// How many steps it takes to say so.
    fn size(&self, site: u32) -> usize;
    /// Adds a site.
    fn push(&mut self, site: u32);
    /// Takes the last one away again.
    fn pop(&mut self);
}

/// Encounter: the share of one's own group among the people met, summed over homes, falls.
///
/// With weights n of the places that a home reaches, own-group share e of the people met, and w, c of a site,
/// the gain of a set is Σ w (e − c) / (n + Σ w) ≤ Σ w (e − c)⁺ / (n + w): the sum of what each of its sites adds at most.
pub(super) struct OfEncounter<'a> {
    sites: &'a MeetingSites<'a>,
    /// Of each candidate, by its visits: people of one's own group among those met, summed over the members of the home.
    own: Vec<Vec<f64>>,
    /// Whoever reaches no place meets only people like themselves.
    members: Vec<f64>,
    weights: Vec<f64>,
    sums: Vec<f64>,
    undo: Vec<Vec<(u32, f64, f64)>>,
    all: f64,
}

impl<'a> OfEncounter<'a> {
    pub fn new(sites: &'a MeetingSites<'a>, group: Option<usize>) -> Self {
        let groups = sites.residents.groups;
        let chosen: Vec<usize> = group.map_or_else(|| (0..groups.len()).collect(), |group| vec![group]);
        let own = |home: usize, shares: &[f64]| -> f64 {
            chosen.iter().map(|&group| groups[group][home] * shares[group]).sum()
        };
        let members: Vec<f64> = match group {
            None => sites.people.clone(),
            Some(group) => groups[group].clone(),
        };
        let by_home = 0..sites.people.len();
        let today = |home: usize| own(home, &sites.shares[home * groups.len()..][..groups.len()]);
        Self {
            own: sites
                .candidates
                .iter()
                .map(|one| match &one.mix {
                    Some(mix) => {
                        one.visits.iter().map(|(home, _)| own(*home as usize, &mix.shares)).collect()
                    }
                    None => Vec::new(),
                })
                .collect(),
            sums: by_home.map(today).collect(),
            weights: sites.weights.clone(),
            undo: Vec::new(),
            all: members.iter().sum(),
            members,
            sites,
        }
    }

    /// Sum over the visits of a site.
    fn sum(&self, site: u32, of_home: impl Fn(f64, f64, (f64, f64)) -> f64) -> f64 {
        if self.all <= 0.0 {
            return 0.0;
        }
        let visits = self.sites.candidates[site as usize].visits.iter().zip(&self.own[site as usize]);
        let one = |(&(home, weight), &own): (&(u32, f64), &f64)| {
            let home = home as usize;
            let n = self.weights[home];
            let e = if n > 0.0 { self.sums[home] / n } else { self.members[home] };
            of_home(n, e, (weight, own))
        };
        visits.map(one).sum::<f64>() / self.all
    }
}

impl Growing for OfEncounter<'_> {
    fn gain(&self, site: u32) -> f64 {
        self.sum(site, |n, e, (weight, own)| weight * (e - own) / (n + weight))
    }

    fn most(&self, site: u32) -> f64 {
        self.sum(site, |n, e, (weight, own)| weight * (e - own).max(0.0) / (n + weight))
    }

    fn size(&self, site: u32) -> usize {
        self.own[site as usize].len() + 1
    }

    fn push(&mut self, site: u32) {
        let visits = self.sites.candidates[site as usize].visits.iter().zip(&self.own[site as usize]);
        let mut before = Vec::with_capacity(self.own[site as usize].len());
        for (&(home, weight), own) in visits {
            let at = home as usize;
            before.push((home, self.weights[at], self.sums[at]));
            self.weights[at] += weight;
            self.sums[at] += weight * own;
        }
        self.undo.push(before);
    }

    fn pop(&mut self) {
        for (home, weight, sum) in self.undo.pop().unwrap_or_default() {
            self.weights[home as usize] = weight;
            self.sums[home as usize] = sum;
        }
    }
}

/// Pairs of neighbours: what a site adds can only shrink as others join.
pub(super) struct OfNeighbours<'a> {
    sites: &'a MeetingSites<'a>,
    joined: Vec<u32>,
    chosen: Vec<u32>,
}

impl<'a> OfNeighbours<'a> {
    pub fn new(sites: &'a MeetingSites<'a>) -> Self {
        Self { joined: vec![0; sites.pairs().count()], chosen: Vec::new(), sites }
    }

    fn joins(&self, site: u32) -> &'a [u32] {
        &self.sites.candidates[site as usize].joins
    }
}

impl Growing for OfNeighbours<'_> {
    fn gain(&self, site: u32) -> f64 {
        self.joins(site).iter().filter(|pair| self.joined[**pair as usize] == 0).count() as f64
    }

    fn most(&self, site: u32) -> f64 {
        self.gain(site)
    }

    fn size(&self, site: u32) -> usize {
        self.joins(site).len() + 1
    }

    fn push(&mut self, site: u32) {
        self.joins(site).iter().for_each(|pair| self.joined[*pair as usize] += 1);
        self.chosen.push(site);
    }

    fn pop(&mut self) {
        if let Some(site) = self.chosen.pop() {
            self.joins(site).iter().for_each(|pair| self.joined[*pair as usize] -= 1);
        }
    }
}
