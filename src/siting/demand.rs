//! Who is to be served, and how far every home is from every site: sparse, the nearest site first.

use crate::network::TravelPairs;
use crate::{Error, ErrorKind, Minutes, Result};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Nobody serves this home.
pub(super) const NOBODY: u32 = u32::MAX;

/// What a place may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Role {
    /// It may be chosen.
    #[default]
    Candidate,
    /// It stands there and stays; it serves, and is not counted among the chosen ones.
    Existing,
    /// It may not be chosen and does not serve: ruled out by a constraint.
    Excluded,
}

/// How a home counts that some site reaches, but none of those chosen.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Unserved {
    /// It must be served: a set of sites that leaves anybody out is not a plan.
    #[default]
    Refused,
    /// It counts as this far, such as the limit up to which ways were searched.
    CountedAt(Minutes),
}

/// Homes with the same ways to the same sites, as one row.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// Sites that are nearer than what stands there today, the nearest first, with milliseconds.
    pub sites: Box<[(u32, u32)]>,
    /// Milliseconds to the nearest existing place, or as far as an unserved home counts.
    pub outside: u32,
    /// Whether `outside` is an existing place.
    pub is_served: bool,
}

/// Demand and the ways to the sites, read once for every objective.
#[derive(Debug, Clone)]
pub struct Demand {
    pub(super) rows: Vec<Row>,
    /// People of each row.
    pub(super) people: Vec<f64>,
    /// The row of every home; `None` where nobody lives or no site and no existing place is reached.
    pub(super) row_of: Vec<Option<u32>>,
    pub(super) roles: Vec<Role>,
    /// Places that may be chosen.
    pub(super) candidates: Vec<u32>,
    pub(super) must_serve: bool,
    /// People whom neither a candidate nor an existing place reaches.
    pub(super) unreachable: f64,
}

impl Demand {
    /// Reads the ways to all places once.
    ///
    /// - `people`: residents of each origin, 0 or more; in the order of the origins.
    /// - `roles`: one role per destination.
    ///
    /// Homes that no place reaches are counted in [`Demand::unreachable`] and left out of every objective.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] with the row if lengths differ, people are negative or not finite, no destination is a
    /// candidate that is reached, or a way is longer than what an unserved home counts.
    pub fn new(times: &impl TravelPairs, people: &[f64], roles: &[Role], unserved: Unserved) -> Result<Self> {
        check(times, people, roles)?;
        let mut longest = 0;
        let found = times.each_origin(|row| {
            let mut sites: Vec<(u32, u32)> = Vec::new();
            let (mut nearest, mut is_reached) = (NOBODY, false);
            for (place, cost) in row.milliseconds() {
                is_reached = true;
                match roles[place] {
                    Role::Candidate => sites.push((place as u32, cost)),
                    Role::Existing => nearest = nearest.min(cost),
                    Role::Excluded => {}
                }
            }
            let longest = sites.iter().map(|&(_, cost)| cost).max().unwrap_or(0);
            sites.retain(|&(_, cost)| cost < nearest);
            sites.sort_unstable_by_key(|&(site, cost)| (cost, site));
            sites.shrink_to_fit();
            (
                sites.into_boxed_slice(),
                nearest,
                longest.max(if nearest == NOBODY { 0 } else { nearest }),
                is_reached,
            )
        })?;
        for (_, _, far, _) in found.iter().flatten() {
            longest = longest.max(*far);
        }
        let outside = match unserved {
            // Far enough to steer a search away; whether anybody is left out is checked on the result.
            Unserved::Refused => (longest.max(1)).saturating_mul(STEER_AWAY).min(NOBODY - 1),
            Unserved::CountedAt(minutes) => minutes.to_milliseconds(),
        };
        if outside < longest {
            let message = format!(
                "an unserved home counts as {} min, but there is a way of {} min",
                Minutes::from_milliseconds(outside).get(),
                Minutes::from_milliseconds(longest).get()
            );
            return Err(Error::new(ErrorKind::Parameter, message)
                .hint("count it as the limit of the search, or more"));
        }
        let mut demand = Self {
            rows: Vec::new(),
            people: Vec::new(),
            row_of: Vec::with_capacity(people.len()),
            roles: roles.to_vec(),
            candidates: Vec::new(),
            must_serve: unserved == Unserved::Refused,
            unreachable: 0.0,
        };
        let mut known: HashMap<u64, Vec<u32>> = HashMap::new();
        let mut is_reached = vec![false; roles.len()];
        for (row, &people) in found.into_iter().zip(people) {
            if people <= 0.0 {
                demand.row_of.push(None);
                continue;
            }
            // Whom only an excluded place reaches could be served without the exclusion: that is its price.
            let counts = unserved != Unserved::Refused;
            let row = row.filter(|(sites, nearest, _, is_reached)| {
                !sites.is_empty() || *nearest != NOBODY || (counts && *is_reached)
            });
            let Some((sites, nearest, ..)) = row else {
                demand.unreachable += people;
                demand.row_of.push(None);
                continue;
            };
            sites.iter().for_each(|&(site, _)| is_reached[site as usize] = true);
            let is_served = nearest != NOBODY;
            let row = Row { sites, outside: if is_served { nearest } else { outside }, is_served };
            let mut hasher = DefaultHasher::new();
            (&row.sites, row.outside, row.is_served).hash(&mut hasher);
            let alike = known.entry(hasher.finish()).or_default();
            let same = alike.iter().copied().find(|&at| {
                let other = &demand.rows[at as usize];
                (&other.sites, other.outside, other.is_served) == (&row.sites, row.outside, row.is_served)
            });
            let at = same.unwrap_or_else(|| {
                let at = demand.rows.len() as u32;
                alike.push(at);
                demand.rows.push(row);
                demand.people.push(0.0);
                at
            });
            demand.people[at as usize] += people;
            demand.row_of.push(Some(at));
        }
        // A place that nobody would walk to (unreached, or never nearer) may still be chosen, last.
        demand.candidates =
            (0..roles.len() as u32).filter(|&site| roles[site as usize] == Role::Candidate).collect();
        if !is_reached.iter().any(|&one| one) && !demand.rows.iter().any(|row| row.is_served) {
            return Err(Error::new(ErrorKind::Parameter, "no candidate is reached by anybody")
                .hint("are the candidates attached to the network, and the search long enough?"));
        }
        Ok(demand)
    }

    /// People whom neither a candidate nor an existing place reaches: in no objective.
    #[must_use]
    pub fn unreachable(&self) -> f64 {
        self.unreachable
    }

    /// People in the objectives.
    #[must_use]
    pub fn people(&self) -> f64 {
        self.people.iter().sum()
    }

    /// Amounts of homes, such as the members of a group, as amounts of rows.
    pub(super) fn gather(&self, of_homes: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.rows.len()];
        for (row, amount) in self.row_of.iter().zip(of_homes) {
            if let Some(row) = row {
                sums[*row as usize] += amount;
            }
        }
        sums
    }

    /// Milliseconds from each row to the nearest of the open sites or existing places.
    pub(super) fn nearest(&self, open: &[bool]) -> Vec<u32> {
        let nearest = |row: &Row| {
            row.sites.iter().find(|(site, _)| open[*site as usize]).map_or(row.outside, |&(_, cost)| cost)
        };
        self.rows.iter().map(nearest).collect()
    }

    /// Flags of a set of sites.
    pub(super) fn open(&self, sites: &[u32]) -> Vec<bool> {
        let mut open = vec![false; self.roles.len()];
        sites.iter().for_each(|&site| open[site as usize] = true);
        open
    }

    /// People whom no open site and no existing place serves, though one of the candidates could.
    #[must_use]
    pub fn unserved(&self, sites: &[u32]) -> f64 {
        let open = self.open(sites);
        let is_left = |row: &Row| !row.is_served && !row.sites.iter().any(|(site, _)| open[*site as usize]);
        self.rows.iter().zip(&self.people).filter(|(row, _)| is_left(row)).map(|(_, people)| people).sum()
    }

    /// Minutes from each home to the nearest of `sites` or an existing place; `None` where there is none or nobody lives.
    #[must_use]
    pub fn minutes(&self, sites: &[u32]) -> Vec<Option<f64>> {
        let open = self.open(sites);
        let of_row = |row: &Row| {
            let chosen = row.sites.iter().find(|(site, _)| open[*site as usize]).map(|&(_, cost)| cost);
            chosen.or(row.is_served.then_some(row.outside)).map(|cost| Minutes::from_milliseconds(cost).get())
        };
        let minutes: Vec<Option<f64>> = self.rows.iter().map(of_row).collect();
        self.row_of.iter().map(|row| minutes[(*row)? as usize]).collect()
    }
}

/// A home that must be served counts as so many times the longest way while sets are searched.
const STEER_AWAY: u32 = 8;

fn check(times: &impl TravelPairs, people: &[f64], roles: &[Role]) -> Result<()> {
    if people.len() != times.origin_count() || roles.len() != times.destination_count() {
        let message = format!(
            "people for {} homes and roles for {} places, but the ways lead from {} homes to {} places",
            people.len(),
            roles.len(),
            times.origin_count(),
            times.destination_count()
        );
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    if let Some(row) = people.iter().position(|people| !(people.is_finite() && *people >= 0.0)) {
        let message = format!("`{}` people", people[row]);
        return Err(Error::new(ErrorKind::Parameter, message)
            .at_row(row + 1)
            .hint("a count is finite and not negative"));
    }
    if people.iter().sum::<f64>() <= 0.0 {
        return Err(Error::new(ErrorKind::Parameter, "nobody lives in any of the homes"));
    }
    if !roles.contains(&Role::Candidate) {
        let message = "every candidate is excluded, so there is nothing to choose from";
        return Err(Error::new(ErrorKind::Parameter, message)
            .hint("loosen a constraint; each names what it excludes"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TravelTimes;

    #[test]
    fn homes_side_by_side_are_one_row_and_unreachable_ones_are_counted_apart() {
        let rows = [
            [Some(1.0), Some(9.0)],
            [Some(1.0), Some(9.0)],
            [None, None],
            [None, Some(2.0)],
            [Some(3.0), None],
        ];
        let times = TravelTimes::from_minutes(&rows).unwrap();
        let people = [10.0, 5.0, 7.0, 1.0, 0.0];
        let roles = [Role::Candidate, Role::Existing];
        let demand = Demand::new(&times, &people, &roles, Unserved::Refused).unwrap();
        assert_eq!((demand.people.as_slice(), demand.unreachable()), ([15.0, 1.0].as_slice(), 7.0));
        assert_eq!(demand.row_of, [Some(0), Some(0), None, Some(1), None]);
        // Site 0 is farther than the existing place for nobody, and useless for the second row.
        assert_eq!(demand.rows[1].sites.len(), 0);
        assert_eq!(demand.minutes(&[0]), [Some(1.0), Some(1.0), None, Some(2.0), None]);
        assert_eq!(demand.minutes(&[]), [Some(9.0), Some(9.0), None, Some(2.0), None]);
    }

    #[test]
    fn wrong_demand_is_refused() {
        let times = TravelTimes::from_minutes(&[[Some(1.0), None]]).unwrap();
        let one = [Role::Candidate; 2];
        let kind = |people: &[f64], roles: &[Role], unserved| {
            Demand::new(&times, people, roles, unserved).map(|_| ()).unwrap_err().kind()
        };
        for people in [vec![-1.0], vec![f64::NAN], vec![0.0], vec![]] {
            assert_eq!(kind(&people, &one, Unserved::Refused), ErrorKind::Parameter);
        }
        assert_eq!(kind(&[1.0], &one[..1], Unserved::Refused), ErrorKind::Parameter);
        assert_eq!(kind(&[1.0], &[Role::Excluded; 2], Unserved::Refused), ErrorKind::Parameter);
        let half = Unserved::CountedAt(Minutes::new(0.5).unwrap());
        assert_eq!(kind(&[1.0], &one, half), ErrorKind::Parameter);
        let nowhere = [Role::Excluded, Role::Candidate];
        assert_eq!(kind(&[1.0], &nowhere, Unserved::Refused), ErrorKind::Parameter);
    }
}
