//! Candidates beside the places of today, and what some of them would change.

use crate::scores::encounter::{MeetingPlace, Residents, Visit, encounters, meeting_places, shared_places};
use crate::{Error, ErrorKind, Result};

/// Places to meet, and who reaches them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MeetingPlaces<'a> {
    /// How many there are.
    pub count: usize,
    /// Who reaches which of them.
    pub visits: &'a [Visit],
}

/// Candidates for a place to meet, beside the places of today.
#[derive(Debug, Clone)]
pub struct MeetingSites<'a> {
    pub(super) residents: Residents<'a>,
    /// Of today, by home: the weights of the places that it reaches, and the weighted shares of each group there.
    pub(super) weights: Vec<f64>,
    pub(super) shares: Vec<f64>,
    /// All groups, by home.
    pub(super) people: Vec<f64>,
    /// Whether the home reaches a place of the kind today.
    has_kind: Vec<bool>,
    /// By group: members by share of others, and members, of those who reach a place today.
    met: Vec<(f64, f64)>,
    pub(super) candidates: Vec<Catchment>,
    pairs: Vec<(usize, usize)>,
    shared_today: Vec<usize>,
}

/// Who reaches a candidate.
#[derive(Debug, Clone)]
pub(super) struct Catchment {
    /// Home and weight, by home.
    pub visits: Vec<(u32, f64)>,
    /// `None` where nobody lives who reaches it.
    pub mix: Option<MeetingPlace>,
    /// Numbers of the pairs without a shared place of today that would share this one.
    pub joins: Vec<u32>,
}

/// What some sites together would change.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MeetingGain {
    /// Numbers of the candidates.
    pub sites: Vec<u32>,
    /// Residents who could walk to one of them.
    pub residents: f64,
    /// Of all residents before and after: the share of others among the people whom they could meet; whoever reaches no place
    /// meets nobody, and counts as 0. `None` where nobody lives.
    pub everybody: Option<(f64, f64)>,
    /// As `everybody`, of the residents who could walk to one of the sites.
    pub in_reach: Option<(f64, f64)>,
    /// By group, before and after, as an assessment has it: of the members who reach a place. `None` where none does.
    pub groups: Vec<(Option<f64>, Option<f64>)>,
    /// Residents who reach a place of this kind for the first time.
    pub newly_of_kind: f64,
    /// Residents who reach a place to meet of any kind for the first time.
    pub newly_of_any: f64,
    /// Numbers of the pairs of neighbours that share no place today, and would share one of the sites.
    pub joins: Vec<usize>,
}

impl MeetingGain {
    /// How much `everybody` gains.
    #[must_use]
    pub fn gain(&self) -> f64 {
        self.everybody.map_or(0.0, |(before, after)| after - before)
    }

    /// The group with the smallest share of others after: its number, and the share before and after.
    #[must_use]
    pub fn worst_group(&self) -> Option<(usize, Option<f64>, f64)> {
        let known = self.groups.iter().enumerate();
        let known = known.filter_map(|(number, (before, after))| Some((number, *before, (*after)?)));
        known.min_by(|a, b| a.2.total_cmp(&b.2))
    }
}

impl<'a> MeetingSites<'a> {
    /// Puts candidates beside the places of today.
    ///
    /// - `today`: every place to meet; `of_kind` says which are of the kind of the candidates.
    /// - `pairs`: neighbourhoods that are neighbours, by number.
    /// - `share`: neighbourhoods share a place that at least this share of the residents of both reach.
    ///
    /// # Errors
    /// As for [`meeting_places`] and [`shared_places`]; [`ErrorKind::Parameter`] if `of_kind` has not one entry per place.
    ///
    /// # Example
    /// ```
    /// use commonground::scores::encounter::{Residents, Visit};
    /// use commonground::siting::{Choice, MeetingAim, MeetingPlaces, MeetingSites};
    /// // Two homes of different groups in two neighbourhoods, each with a school of its own; a market between them, and one
    /// // beside the first.
    /// let groups = [vec![10.0, 0.0], vec![0.0, 10.0]];
    /// let residents = Residents { groups: &groups, neighbourhoods: &[Some(0), Some(1)] };
    /// let visit = |home, place| Visit { home, place, weight: 1.0 };
    /// let schools = [visit(0, 0), visit(1, 1)];
    /// let markets = [visit(0, 0), visit(1, 0), visit(0, 1)];
    /// let today = MeetingPlaces { count: 2, visits: &schools };
    /// let market = MeetingPlaces { count: 2, visits: &markets };
    /// let sites = MeetingSites::new(residents, today, &[false; 2], market, vec![(0, 1)], 0.1)?;
    /// let found = sites.solve(&Choice::of(1), MeetingAim::Encounter, 0.0)?;
    /// // Half of whom one meets at the market are others: a quarter of all, with the school.
    /// assert_eq!((found.best.sites.as_slice(), found.best.value, found.gap), (&[0][..], 0.25, 0.0));
    /// assert_eq!(sites.gain(&[0]).joins, [0]);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn new(
        residents: Residents<'a>,
        today: MeetingPlaces<'_>,
        of_kind: &[bool],
        candidates: MeetingPlaces<'_>,
        pairs: Vec<(usize, usize)>,
        share: f64,
    ) -> Result<Self> {
        if of_kind.len() != today.count {
            let message = format!("{} kinds for {} places", of_kind.len(), today.count);
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        let places = meeting_places(today.count, today.visits, residents)?;
        let met = encounters(today.visits, &places, residents)?;
        let shared_today = shared_places(&pairs, today.count, today.visits, residents, share)?;
        let mixes = meeting_places(candidates.count, candidates.visits, residents)?;
        let (homes, group_count) = (residents.neighbourhoods.len(), residents.groups.len());
        let mut sites = Self {
            weights: vec![0.0; homes],
            shares: vec![0.0; homes * group_count],
            people: (0..homes).map(|home| residents.groups.iter().map(|counts| counts[home]).sum()).collect(),
            has_kind: vec![false; homes],
            met: Vec::with_capacity(group_count),
            candidates: Vec::new(),
            residents,
            pairs,
            shared_today,
        };
        for visit in today.visits {
            let (home, place) = (visit.home as usize, visit.place as usize);
            sites.has_kind[home] |= of_kind[place];
            if let Some(mix) = &places[place] {
                sites.weights[home] += visit.weight;
                let sums = &mut sites.shares[home * group_count..][..group_count];
                sums.iter_mut().zip(&mix.shares).for_each(|(sum, share)| *sum += visit.weight * share);
            }
        }
        for (group, counts) in residents.groups.iter().enumerate() {
            let known =
                met.iter().zip(counts).filter_map(|(met, count)| Some((met.as_ref()?[group], *count)));
            sites.met.push(known.fold((0.0, 0.0), |(others, members), (own, count)| {
                (others + count * (1.0 - own), members + count)
            }));
        }
        let mut by_candidate: Vec<Vec<(u32, f64)>> = vec![Vec::new(); candidates.count];
        for visit in candidates.visits {
            by_candidate[visit.place as usize].push((visit.home, visit.weight));
        }
        let totals = sites.by_neighbourhood((0..homes as u32).map(|home| (home, 1.0)));
        for (mut visits, mix) in by_candidate.into_iter().zip(mixes) {
            visits.sort_by_key(|(home, _)| *home);
            let reaching = sites.by_neighbourhood(visits.iter().map(|(home, _)| (*home, 1.0)));
            // As in `shared_places`: sums of fractions may miss their total by a rounding.
            let is_reached = |place: usize| {
                let total = totals.get(&(place as u32)).copied().unwrap_or(0.0);
                let reaching = reaching.get(&(place as u32)).copied().unwrap_or(0.0);
                total > 0.0 && reaching >= share * total * (1.0 - 1e-12)
            };
            let joins = sites.pairs.iter().zip(&sites.shared_today).enumerate();
            let joins =
                joins.filter(|(_, ((a, b), shared))| **shared == 0 && is_reached(*a) && is_reached(*b));
            let joins = joins.map(|(pair, _)| pair as u32).collect();
            sites.candidates.push(Catchment { visits, mix, joins });
        }
        Ok(sites)
    }

    fn by_neighbourhood(
        &self,
        homes: impl Iterator<Item = (u32, f64)>,
    ) -> std::collections::BTreeMap<u32, f64> {
        let mut sums = std::collections::BTreeMap::new();
        for (home, weight) in homes {
            if let Some(place) = self.residents.neighbourhoods[home as usize] {
                *sums.entry(place).or_insert(0.0) += weight * self.people[home as usize];
            }
        }
        sums
    }

    /// How many candidates there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.candidates.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.candidates.is_empty()
    }

    /// Who reaches a candidate; `None` where nobody lives who does.
    #[must_use]
    pub fn mix(&self, candidate: u32) -> Option<&MeetingPlace> {
        self.candidates[candidate as usize].mix.as_ref()
    }

    /// Pairs of neighbours, and how many places they share today.
    pub fn pairs(&self) -> impl Iterator<Item = ((usize, usize), usize)> + '_ {
        self.pairs.iter().copied().zip(self.shared_today.iter().copied())
    }

    /// Residents of each neighbourhood who reach a candidate, by number.
    #[must_use]
    pub fn reach_of(&self, candidate: u32) -> Vec<(u32, f64)> {
        let visits = &self.candidates[candidate as usize].visits;
        self.by_neighbourhood(visits.iter().map(|(home, _)| (*home, 1.0))).into_iter().collect()
    }

    /// Residents who reach no place today: those whom a candidate reaches, and those whom none does.
    pub(super) fn without_a_place(&self, sites: &[u32]) -> (f64, f64) {
        let mut reach = vec![0_u8; self.people.len()];
        for (number, candidate) in self.candidates.iter().enumerate() {
            let mark = if sites.contains(&(number as u32)) { 2 } else { 1 };
            candidate.visits.iter().for_each(|(home, _)| {
                let mark_of = &mut reach[*home as usize];
                *mark_of = mark.max(*mark_of);
            });
        }
        let count = |wanted: u8| {
            let homes = (0..reach.len()).filter(|&home| self.weights[home] <= 0.0 && reach[home] == wanted);
            homes.map(|home| self.people[home]).fold(0.0, |sum, people| sum + people)
        };
        (count(1), count(0))
    }

    /// What some candidates together would change.
    ///
    /// # Panics
    /// If a number is not one of a candidate.
    #[must_use]
    pub fn gain(&self, sites: &[u32]) -> MeetingGain {
        let group_count = self.residents.groups.len();
        let reached = |&site: &u32| {
            self.candidates[site as usize].visits.iter().map(move |&(home, weight)| (home, site, weight))
        };
        let mut visits: Vec<(u32, u32, f64)> = sites.iter().flat_map(reached).collect();
        visits.sort_by_key(|(home, site, _)| (*home, *site));
        let mut met = self.met.clone();
        let (mut residents, mut newly_of_kind, mut newly_of_any) = (0.0, 0.0, 0.0);
        let (mut before_in_reach, mut after_in_reach) = (0.0, 0.0);
        let mut shares = vec![0.0; group_count];
        for of_home in visits.chunk_by(|a, b| a.0 == b.0) {
            let home = of_home[0].0 as usize;
            let people = self.people[home];
            let today = &self.shares[home * group_count..][..group_count];
            let (was, mut weight) = (self.weights[home], self.weights[home]);
            shares.copy_from_slice(today);
            for (_, site, of_site) in of_home {
                let Some(mix) = self.mix(*site) else { continue };
                weight += of_site;
                shares.iter_mut().zip(&mix.shares).for_each(|(sum, share)| *sum += of_site * share);
            }
            residents += people;
            newly_of_kind += if self.has_kind[home] { 0.0 } else { people };
            newly_of_any += if was > 0.0 { 0.0 } else { people };
            for (group, (others, members)) in met.iter_mut().enumerate() {
                let count = self.residents.groups[group][home];
                let before = if was > 0.0 { count * (1.0 - today[group] / was) } else { 0.0 };
                let after = if weight > 0.0 { count * (1.0 - shares[group] / weight) } else { 0.0 };
                before_in_reach += before;
                after_in_reach += after;
                *others += after - before;
                *members += if was > 0.0 || weight <= 0.0 { 0.0 } else { count };
            }
        }
        let mean = |(others, members): (f64, f64)| (members > 0.0).then(|| others / members);
        let all: f64 = self.people.iter().sum();
        let before: f64 = self.met.iter().map(|(others, _)| others).sum();
        let mut joins: Vec<usize> = sites
            .iter()
            .flat_map(|&site| &self.candidates[site as usize].joins)
            .map(|&pair| pair as usize)
            .collect();
        joins.sort_unstable();
        joins.dedup();
        MeetingGain {
            sites: sites.to_vec(),
            residents,
            everybody: (all > 0.0).then(|| (before / all, (before + after_in_reach - before_in_reach) / all)),
            in_reach: (residents > 0.0).then(|| (before_in_reach / residents, after_in_reach / residents)),
            groups: self.met.iter().zip(&met).map(|(before, after)| (mean(*before), mean(*after))).collect(),
            newly_of_kind,
            newly_of_any,
            joins,
        }
    }
}
