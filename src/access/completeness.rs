//! The fifteen-minute city: who reaches everything, and what is missing most.

use super::checks::check_amounts;
use crate::{Error, ErrorKind, Minutes, Result};

/// How complete everyday life is within a travel time, for some residents.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Completeness {
    /// Share of residents who reach every category, 0 to 1; `None` without residents.
    pub share: Option<f64>,
    /// Share who reach each category, in their order.
    pub by_category: Vec<Option<f64>>,
    /// The category whose addition would lift `share` most, and the share that it would lift it to. `None` if no single
    /// category would lift it: everybody is complete, or lacks two or more.
    pub missing: Option<(usize, f64)>,
}

/// Share of residents who reach every chosen category, and the category that is missing most.
///
/// - `minutes`: one list per category of travel times to its closest place, one per home; `None` where none is reached. Leave
///   out homes that are not on the network.
/// - `people`: residents (or members of a group, or of a neighbourhood) of each home; finite, ≥ 0.
/// - `within`: travel time that is near enough, inclusive.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there is no category, lengths differ, or people are negative or not finite.
///
/// # Source
/// The measure of the fifteen-minute city: Moreno et al. (2021), "Introducing the 15-minute city".
///
/// # Example
/// ```
/// use commonground::{Minutes, access::completeness};
/// let near = Minutes::new(8.0).ok();
/// // Three homes; all have a school, the second lacks a clinic, the third a clinic and a park.
/// let minutes = [vec![near, near, near], vec![near, None, None], vec![near, near, None]];
/// let found = completeness(&minutes, &[10.0, 60.0, 30.0], Minutes::new(15.0)?)?;
/// assert_eq!(found.share, Some(0.1));
/// assert_eq!(found.missing, Some((1, 0.7)));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn completeness(
    minutes: &[impl AsRef<[Option<Minutes>]>],
    people: &[f64],
    within: Minutes,
) -> Result<Completeness> {
    if minutes.is_empty() {
        return Err(Error::new(ErrorKind::Parameter, "no category was chosen"));
    }
    for times in minutes {
        check_amounts("people", people, times.as_ref().len())?;
    }
    let everyone: f64 = people.iter().sum();
    let mut reaching = vec![0.0; minutes.len()];
    let mut lacking_only = vec![0.0; minutes.len()];
    let mut complete = 0.0;
    for (home, people) in people.iter().enumerate() {
        let is_near = |times: &[Option<Minutes>]| times[home].is_some_and(|time| time <= within);
        let mut lacking = Vec::new();
        for (category, times) in minutes.iter().enumerate() {
            if is_near(times.as_ref()) {
                reaching[category] += people;
            } else {
                lacking.push(category);
            }
        }
        match lacking[..] {
            [] => complete += people,
            [only] => lacking_only[only] += people,
            _ => {}
        }
    }
    let share = |count: f64| (everyone > 0.0).then(|| count / everyone);
    let most = (0..minutes.len()).reduce(
        |most, next| {
            if lacking_only[next] > lacking_only[most] { next } else { most }
        },
    );
    let missing = most.filter(|most| lacking_only[*most] > 0.0);
    Ok(Completeness {
        share: share(complete),
        by_category: reaching.into_iter().map(share).collect(),
        missing: missing.map(|most| (most, (complete + lacking_only[most]) / everyone)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minutes(value: f64) -> Minutes {
        Minutes::new(value).unwrap()
    }

    #[test]
    fn the_limit_itself_is_near_enough() {
        let found = completeness(&[[Some(minutes(15.0))]], &[3.0], minutes(15.0)).unwrap();
        assert_eq!((found.share, found.missing), (Some(1.0), None));
    }

    #[test]
    fn who_lacks_two_categories_is_helped_by_neither() {
        let found = completeness(&[[None], [None]], &[3.0], minutes(15.0)).unwrap();
        assert_eq!((found.share, found.missing), (Some(0.0), None));
    }

    #[test]
    fn nobody_has_no_share_and_no_category_is_refused() {
        let found = completeness(&[[Some(minutes(5.0))]], &[0.0], minutes(15.0)).unwrap();
        assert_eq!((found.share, found.by_category), (None, vec![None]));
        let none: [Vec<Option<Minutes>>; 0] = [];
        assert_eq!(completeness(&none, &[], minutes(15.0)).unwrap_err().kind(), ErrorKind::Parameter);
        assert!(completeness(&[[None]], &[1.0, 2.0], minutes(15.0)).is_err());
    }
}
