//! Members of groups, counted over so many homes along a street that no count is small: of members, and of all others.

use super::block::Block;
use crate::measure::groups::apart;
use crate::model::Weight;
use crate::scores::small_counts::is_small;
use serde::Serialize;

/// A group whose members are counted.
#[derive(Debug, Serialize)]
pub(super) struct PageGroup<'a> {
    name: &'a str,
    /// Whether it overlaps none of the others that are so.
    apart: bool,
    /// How many lots of homes the columns hold for it.
    lots: usize,
}

/// A run of homes in the order of the streets, and their members.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Lot {
    homes: usize,
    people: f64,
    members: f64,
}

impl Lot {
    /// Neither its members nor the others are few.
    fn may_be_shown(&self) -> bool {
        let others = self.people - self.members;
        !is_small(self.members) && !is_small(others) && others > -1e-6
    }

    fn and(self, other: Self) -> Self {
        Self {
            homes: self.homes + other.homes,
            people: self.people + other.people,
            members: self.members + other.members,
        }
    }
}

impl<'a> Block<'a> {
    /// Lots of each group, over homes by neighbourhood and street.
    ///
    /// - `people`: of each home, as the page has them.
    pub(super) fn groups(&mut self, people: &[f64]) -> Vec<PageGroup<'a>> {
        let study: &'a crate::StudyArea = self.study;
        let homes = &study.homes;
        if homes.weight != Weight::Residents {
            return Vec::new();
        }
        let placed =
            self.trips.homes().iter().enumerate().filter_map(|(home, at)| Some((home, at.as_ref()?.edge)));
        let mut order: Vec<(Option<u32>, u32, usize)> =
            placed.map(|(home, edge)| (homes.neighbourhoods[home], edge, home)).collect();
        order.sort_unstable();
        let apart = apart(homes);
        let mut groups = Vec::new();
        for (number, group) in homes.groups.iter().enumerate() {
            let one = |&(_, _, home): &(Option<u32>, u32, usize)| Lot {
                homes: 1,
                people: people[home],
                members: group.counts[home],
            };
            let Some(lots) = lots(order.iter().map(one)) else { continue };
            // Whole people; what is rounded away is carried on to the next lot.
            let mut carried = 0.0;
            for lot in &lots {
                self.columns.unsigned("group homes", lot.homes as u64);
                let members = (lot.members + carried).round().max(0.0);
                carried += lot.members - members;
                self.columns.unsigned("group members", members as u64);
            }
            groups.push(PageGroup { name: &group.name, apart: apart.contains(&number), lots: lots.len() });
        }
        groups
    }
}

/// Homes gathered until they may be shown; the last ones go with those before. `None` where all together may not be.
fn lots(homes: impl Iterator<Item = Lot>) -> Option<Vec<Lot>> {
    let mut lots: Vec<Lot> = Vec::new();
    for home in homes {
        match lots.last_mut().filter(|lot| !lot.may_be_shown()) {
            Some(lot) => *lot = lot.and(home),
            None => lots.push(home),
        }
    }
    while lots.len() > 1 && !lots[lots.len() - 1].may_be_shown() {
        let rest = lots.pop().unwrap_or_default();
        let last = lots.len() - 1;
        lots[last] = lots[last].and(rest);
    }
    lots.last().is_some_and(Lot::may_be_shown).then_some(lots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_lot_has_few_members_or_few_others_and_nobody_is_lost() {
        let homes = [(20.0, 4.0), (30.0, 5.0), (40.0, 3.0), (25.0, 25.0), (50.0, 0.0), (12.0, 2.0)];
        let homes = homes.map(|(people, members)| Lot { homes: 1, people, members });
        let found = lots(homes.into_iter()).unwrap();
        let told: Vec<_> = found.iter().map(|lot| (lot.homes, lot.people, lot.members)).collect();
        // The last home has two members, as have the last two: they go with those before.
        assert_eq!(told, [(3, 90.0, 12.0), (3, 87.0, 27.0)]);
        assert!(lots([Lot { homes: 1, people: 50.0, members: 4.0 }].into_iter()).is_none());
    }
}
