//! The Theil T index, and how much of it lies between groups.

use super::{check_lengths, with_people};
use crate::Result;
use std::collections::BTreeMap;

/// Theil T index of access over people: 0 where all have the same, up to the logarithm of the number of people.
///
/// Σ s_i (A_i / mean) ln(A_i / mean), s the share of people; a home without access adds 0, the limit of x ln x.
///
/// `None` if nobody has any access, or nobody lives in homes with a value.
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if the lengths differ, or a number is negative or not finite.
///
/// # Source
/// Theil (1967), "Economics and information theory".
///
/// # Example
/// ```
/// use commonground::access::equity::theil_t;
/// // Half of the people have everything.
/// assert_eq!(theil_t(&[Some(0.0), Some(10.0)], &[7.0, 7.0])?, Some(2_f64.ln()));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn theil_t(access: &[Option<f64>], people: &[f64]) -> Result<Option<f64>> {
    let homes = with_people(access, people)?;
    Ok(Totals::of(homes.iter().copied()).theil(homes.into_iter()))
}

/// The Theil T index divided into what lies between groups and what lies within them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TheilParts {
    /// `between` + `within`.
    pub total: f64,
    /// Of a city where everybody had the mean of their group.
    pub between: f64,
    /// The indices of the groups, weighted by their shares of all access.
    pub within: f64,
    /// By name.
    pub groups: Vec<TheilGroup>,
}

/// The parts of the Theil T index that belong to one group.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct TheilGroup {
    /// As the user named it.
    pub name: String,
    /// Adds up to the index between groups; negative for a group that has less than its share.
    pub between: f64,
    /// Adds up to the index within groups.
    pub within: f64,
}

/// [`theil_t`] between and within groups of homes.
///
/// - `groups`: the group of each home (an income class, a district).
///
/// `None` if nobody has any access, or nobody lives in homes with a value.
///
/// # Errors
/// As for [`theil_t`].
pub fn theil_t_by_group(
    access: &[Option<f64>],
    people: &[f64],
    groups: &[impl AsRef<str>],
) -> Result<Option<TheilParts>> {
    check_lengths("groups", groups.len(), access.len())?;
    with_people(access, people)?;
    let mut members: BTreeMap<&str, Vec<(f64, f64)>> = BTreeMap::new();
    for ((value, people), group) in access.iter().zip(people).zip(groups) {
        if let Some(value) = value {
            members.entry(group.as_ref()).or_default().push((*value, *people));
        }
    }
    let city = Totals::of(members.values().flatten().copied());
    if city.access <= 0.0 {
        return Ok(None);
    }
    let part = |(name, homes): (&&str, &Vec<(f64, f64)>)| {
        let group = Totals::of(homes.iter().copied());
        let (access, people) = (group.access / city.access, group.people / city.people);
        let within = group.theil(homes.iter().copied()).map_or(0.0, |index| index * access);
        TheilGroup { name: (*name).to_owned(), between: x_ln(access, access / people), within }
    };
    let groups: Vec<TheilGroup> = members.iter().map(part).collect();
    let between = groups.iter().map(|group| group.between).sum();
    let within = groups.iter().map(|group| group.within).sum();
    Ok(Some(TheilParts { total: between + within, between, within, groups }))
}

/// Access and people of some homes.
struct Totals {
    access: f64,
    people: f64,
}

impl Totals {
    fn of(homes: impl Iterator<Item = (f64, f64)>) -> Self {
        let add = |(access, sum), (value, people)| (access + value * people, sum + people);
        let (access, people) = homes.fold((0.0, 0.0), add);
        Self { access, people }
    }

    fn theil(&self, homes: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
        let mean = self.access / self.people;
        let term = |(value, people): (f64, f64)| people / self.people * x_ln(value / mean, value / mean);
        (self.access > 0.0).then(|| homes.map(term).sum())
    }
}

/// a ln(b), with its limit 0 where a is 0.
fn x_ln(a: f64, b: f64) -> f64 {
    if a > 0.0 { a * b.ln() } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    // METHODS R12, toy: in two regions 0, 0, 0 and 10, 10, 10: all inequality lies between them.
    #[test]
    fn regions_that_have_all_or_nothing_differ_only_between() {
        let access = [0.0, 0.0, 0.0, 10.0, 10.0, 10.0].map(Some);
        let regions = ["a", "a", "a", "b", "b", "b"];
        let parts = theil_t_by_group(&access, &[1.0; 6], &regions).unwrap().unwrap();
        assert!((parts.between - 2_f64.ln()).abs() < 1e-15 && parts.within == 0.0, "{parts:?}");
    }

    #[test]
    fn the_parts_add_up_to_the_whole() {
        let access = [Some(1.0), Some(4.0), None, Some(9.0), Some(2.0)];
        let people = [3.0, 1.0, 8.0, 2.0, 5.0];
        let whole = theil_t(&access, &people).unwrap().unwrap();
        let parts = theil_t_by_group(&access, &people, &["x", "y", "y", "x", "z"]).unwrap().unwrap();
        assert!((parts.total - whole).abs() < 1e-15, "{parts:?} {whole}");
        assert_eq!(parts.groups.len(), 3);
        assert!(theil_t_by_group(&access, &people, &["x"]).is_err());
    }

    #[test]
    fn nobody_with_access_has_no_index() {
        assert_eq!(theil_t(&[Some(0.0)], &[4.0]).unwrap(), None);
        assert_eq!(theil_t_by_group(&[Some(0.0)], &[4.0], &["a"]).unwrap(), None);
        assert_eq!(theil_t(&[Some(3.0)], &[0.0]).unwrap(), None);
    }
}
