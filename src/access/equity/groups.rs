//! Access of each group of residents, and the gap to everybody.

use super::check_lengths;
use crate::access::checks::check_amounts;
use crate::access::{weighted_mean, weighted_quantile};
use crate::model::Group;
use crate::{Error, ErrorKind, Result};

/// What counts as enough.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Standard {
    /// Amounts: jobs, schools, hectares. A home needs at least so many.
    AtLeast(f64),
    /// Travel times and other costs. A home may have at most so much, and what is not reached is too far.
    AtMost(f64),
}

impl Standard {
    /// Whether a home has enough; one that reaches nothing has not.
    #[must_use]
    pub fn is_met(self, access: Option<f64>) -> bool {
        match self {
            Self::AtLeast(enough) => access.is_some_and(|value| value >= enough),
            Self::AtMost(far) => access.is_some_and(|value| value <= far),
        }
    }
}

/// Access of the members of one group.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GroupAccess {
    /// As the user named it; "everybody" for all residents.
    pub name: String,
    /// How many there are.
    pub people: f64,
    /// Mean over those whose home has a value.
    pub mean: Option<f64>,
    /// Half of them have at most this; `None` if it falls on what is not reached.
    pub median: Option<f64>,
    /// Share below the standard (or farther than it), 0 to 1.
    pub share_below: Option<f64>,
    /// How many people that share is.
    pub people_below: f64,
    /// Share below the standard minus that of everybody, in shares: 0.1 is ten percentage points more. `None` for everybody.
    pub gap: Option<f64>,
}

/// A group may exceed all residents of its home by so much before it is an error: both may be estimates.
const ROUNDING: f64 = 1e-6;

/// Mean, median and share below a standard of every group, everybody first.
///
/// - `access`: one value per home that is on the network; `None` where nothing is reached (which fails the standard).
/// - `people`: all residents of each home; `groups`: residents by group, which may overlap.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, a number is negative or not finite, or a group exceeds the residents of its
/// home.
///
/// # Example
/// ```
/// use commonground::access::equity::{Standard, group_access};
/// use commonground::model::Group;
/// // Minutes to a clinic; most renters live in the second home.
/// let minutes = [Some(5.0), Some(25.0)];
/// let renters = Group { name: "renters".into(), counts: vec![2.0, 8.0] };
/// let found = group_access(&minutes, &[10.0, 10.0], &[renters], Standard::AtMost(15.0))?;
/// assert_eq!((found[1].share_below, found[1].mean), (Some(0.8), Some(21.0)));
/// assert!((found[1].gap.unwrap_or_default() - 0.3).abs() < 1e-12);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn group_access(
    access: &[Option<f64>],
    people: &[f64],
    groups: &[Group],
    standard: Standard,
) -> Result<Vec<GroupAccess>> {
    super::check_access(access)?;
    check_amounts("people", people, access.len())?;
    for group in groups {
        check_lengths(&group.name, group.counts.len(), access.len())?;
        check_amounts(&group.name, &group.counts, access.len())?;
        let exceeds = |home: &usize| group.counts[*home] > people[*home] + ROUNDING;
        if let Some(home) = (0..people.len()).find(exceeds) {
            let message =
                format!("{} people of this group, but {} residents in all", group.counts[home], people[home]);
            return Err(Error::new(ErrorKind::Parameter, message)
                .at_row(home + 1)
                .in_column(&group.name)
                .hint("do group and residents come from the same census?"));
        }
    }
    let everybody = of_group("everybody", access, people, standard, None);
    let all = everybody.share_below;
    let others = groups.iter().map(|group| of_group(&group.name, access, &group.counts, standard, all));
    Ok(std::iter::once(everybody).chain(others).collect())
}

fn of_group(
    name: &str,
    access: &[Option<f64>],
    members: &[f64],
    standard: Standard,
    all: Option<f64>,
) -> GroupAccess {
    let values: Vec<(Option<f64>, f64)> = access.iter().copied().zip(members.iter().copied()).collect();
    let failing =
        |&(value, people): &(Option<f64>, f64)| (f64::from(u8::from(!standard.is_met(value))), people);
    let share_below = weighted_mean(values.iter().map(failing));
    let people: f64 = members.iter().sum();
    GroupAccess {
        name: name.to_owned(),
        people,
        mean: weighted_mean(values.iter().filter_map(|&(value, people)| Some((value?, people)))),
        median: weighted_quantile(&values, 0.5),
        share_below,
        people_below: share_below.unwrap_or(0.0) * people,
        gap: share_below.zip(all).map(|(share, all)| share - all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_exceeds_all_residents_is_named() {
        let group = Group { name: "renters".into(), counts: vec![1.0, 6.0] };
        let error =
            group_access(&[Some(1.0), Some(2.0)], &[5.0, 5.0], &[group], Standard::AtLeast(1.0)).unwrap_err();
        assert_eq!((error.position().row, error.position().column.as_deref()), (Some(2), Some("renters")));
    }

    #[test]
    fn what_is_not_reached_is_far_and_an_empty_group_has_no_share() {
        let group = Group { name: "none".into(), counts: vec![0.0, 0.0] };
        let found = group_access(&[None, Some(9.0)], &[6.0, 4.0], &[group], Standard::AtMost(15.0)).unwrap();
        assert_eq!((found[0].share_below, found[0].people_below, found[0].median), (Some(0.6), 6.0, None));
        assert_eq!((found[1].share_below, found[1].gap), (None, None));
    }
}
