//! Who gained access and who lost it, between two dates or two scenarios.

use crate::access::weighted_mean;
use crate::{Error, ErrorKind, Result};

/// What more of the measure means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Better {
    /// More is better: jobs within reach, doctors per resident. An absent value is not known.
    More,
    /// Less is better: minutes to the closest. An absent value is out of reach, which is farther than any other.
    Less,
}

/// What happened to a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It reaches more, or the same sooner.
    Gained,
    /// It reaches less, or the same later.
    Lost,
    /// The difference is within the tolerance.
    Same,
}

/// What happened to some people: everybody, a group, or those who live in places of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct Gains {
    /// People whose change is known; those who neither gained nor lost stayed the same.
    pub people: f64,
    /// Of them, those who gained.
    pub gained: f64,
    /// Of them, those who lost.
    pub lost: f64,
    /// People for whom it is not known.
    pub unknown: f64,
    /// Mean over people before, where both values are known.
    pub mean_before: Option<f64>,
    /// Mean over the same people after.
    pub mean_after: Option<f64>,
}

impl Gains {
    /// Difference of the means; below 0 is a gain where less is better.
    #[must_use]
    pub fn mean_change(&self) -> Option<f64> {
        Some(self.mean_after? - self.mean_before?)
    }

    /// Share of those whose change is known that gained, less the share that lost: -1 to 1.
    #[must_use]
    pub fn balance(&self) -> Option<f64> {
        (self.people > 0.0).then(|| (self.gained - self.lost) / self.people)
    }
}

/// Change of access, place by place and summed up.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct AccessChange {
    /// After less before, in the unit of the measure; `None` where either is absent.
    pub change: Vec<Option<f64>>,
    /// What happened to each place; `None` where it is not known.
    pub outcomes: Vec<Option<Outcome>>,
    /// Everybody.
    pub everybody: Gains,
    /// The groups, in the order they were given.
    pub groups: Vec<(String, Gains)>,
}

/// Compares access before and after: who gained, who lost.
///
/// - `before`, `after`: one value per place (home or neighbourhood), of any measure of access.
/// - `people`: residents of each place.
/// - `groups`: a name and the members at each place; see [`by_class`] for people by the class of their place.
/// - `tolerance`: differences up to it are none, in the unit of the measure.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, people are negative or not finite, a value is not finite, or the
/// tolerance is negative.
///
/// # Example
/// ```
/// use commonground::scores::access_change::{Better, Outcome, access_change};
/// // A clinic opens beside the first home; the second, beyond the river, reaches none before and after.
/// let (before, after) = ([Some(20.0), None, Some(8.0)], [Some(5.0), None, Some(8.4)]);
/// let newcomers = ("newcomers".to_owned(), vec![0.0, 30.0, 10.0]);
/// let found = access_change(&before, &after, Better::Less, 1.0, &[100.0, 40.0, 60.0], &[newcomers])?;
/// assert_eq!(found.outcomes, [Some(Outcome::Gained), Some(Outcome::Same), Some(Outcome::Same)]);
/// assert_eq!((found.everybody.gained, found.groups[0].1.gained), (100.0, 0.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn access_change(
    before: &[Option<f64>],
    after: &[Option<f64>],
    better: Better,
    tolerance: f64,
    people: &[f64],
    groups: &[(String, Vec<f64>)],
) -> Result<AccessChange> {
    let wrong = |message: String| Error::new(ErrorKind::Parameter, message);
    if !(tolerance.is_finite() && tolerance >= 0.0) {
        return Err(wrong(format!("a tolerance of {tolerance} is no difference")));
    }
    check_values(before, after.len(), "before")?;
    check_values(after, before.len(), "after")?;
    check_people(people, before.len(), "people")?;
    groups.iter().try_for_each(|(name, members)| check_people(members, before.len(), name))?;

    let pairs = || before.iter().copied().zip(after.iter().copied());
    let change = pairs().map(|(before, after)| Some(after? - before?)).collect();
    let outcomes: Vec<Option<Outcome>> =
        pairs().map(|(before, after)| outcome(before, after, better, tolerance)).collect();
    let gains = |people: &[f64]| {
        let sum = |wanted: Option<Outcome>| -> f64 {
            let places = outcomes.iter().zip(people);
            places.filter(|(outcome, _)| **outcome == wanted).map(|(_, people)| people).sum()
        };
        let (gained, lost) = (sum(Some(Outcome::Gained)), sum(Some(Outcome::Lost)));
        let known =
            || pairs().zip(people).filter_map(|((before, after), people)| Some((before?, after?, *people)));
        Gains {
            people: gained + lost + sum(Some(Outcome::Same)),
            gained,
            lost,
            unknown: sum(None),
            mean_before: weighted_mean(known().map(|(before, _, people)| (before, people))),
            mean_after: weighted_mean(known().map(|(_, after, people)| (after, people))),
        }
    };
    let groups = groups.iter().map(|(name, members)| (name.clone(), gains(members))).collect();
    let everybody = gains(people);
    Ok(AccessChange { change, everybody, groups, outcomes })
}

/// People by the class of their place, such as its stage of gentrification, as groups in the order of the alphabet; places
/// without a class are in none.
#[must_use]
pub fn by_class(classes: &[Option<&str>], people: &[f64]) -> Vec<(String, Vec<f64>)> {
    let mut names: Vec<&str> = classes.iter().copied().flatten().collect();
    names.sort_unstable();
    names.dedup();
    let members = |name: &str| {
        let places = classes.iter().zip(people);
        places.map(|(class, people)| if *class == Some(name) { *people } else { 0.0 }).collect()
    };
    names.into_iter().map(|name| (name.to_owned(), members(name))).collect()
}

fn outcome(before: Option<f64>, after: Option<f64>, better: Better, tolerance: f64) -> Option<Outcome> {
    match (better, before, after) {
        (Better::More, None, _) | (Better::More, _, None) => None,
        (Better::Less, None, None) => Some(Outcome::Same),
        (Better::Less, None, Some(_)) => Some(Outcome::Gained),
        (Better::Less, Some(_), None) => Some(Outcome::Lost),
        (_, Some(before), Some(after)) => {
            let gain = if better == Better::More { after - before } else { before - after };
            Some(if gain > tolerance {
                Outcome::Gained
            } else if gain < -tolerance {
                Outcome::Lost
            } else {
                Outcome::Same
            })
        }
    }
}

fn check_values(values: &[Option<f64>], count: usize, name: &str) -> Result<()> {
    let wrong = |message: String| Error::new(ErrorKind::Parameter, message).in_column(name);
    if values.len() != count {
        return Err(wrong(format!("{} values before or after for {count} places", values.len())));
    }
    match values.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
        None => Ok(()),
        Some(row) => Err(wrong("a value is not a finite number".into())
            .at_row(row + 1)
            .hint("what is not known or out of reach is missing, not a number")),
    }
}

fn check_people(people: &[f64], count: usize, name: &str) -> Result<()> {
    let wrong = |message: String| Error::new(ErrorKind::Parameter, message).in_column(name);
    if people.len() != count {
        return Err(wrong(format!("{} numbers of people for {count} places", people.len())));
    }
    match people.iter().position(|people| !(people.is_finite() && *people >= 0.0)) {
        None => Ok(()),
        Some(row) => Err(wrong(format!("{} is no number of people", people[row])).at_row(row + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_input_is_refused() {
        let one = [Some(1.0)];
        let kind = |before: &[Option<f64>], after: &[Option<f64>], tolerance, people: &[f64]| {
            access_change(before, after, Better::More, tolerance, people, &[]).map_err(|error| error.kind())
        };
        for wrong in [
            kind(&one, &[], 0.0, &[1.0]),
            kind(&one, &one, 0.0, &[]),
            kind(&one, &one, 0.0, &[-1.0]),
            kind(&one, &one, f64::NAN, &[1.0]),
            kind(&one, &[Some(f64::INFINITY)], 0.0, &[1.0]),
        ] {
            assert_eq!(wrong.unwrap_err(), ErrorKind::Parameter);
        }
        let short = [("tenants".to_owned(), vec![])];
        assert!(access_change(&one, &one, Better::More, 0.0, &[1.0], &short).is_err());
    }

    #[test]
    fn reaching_anything_is_better_than_reaching_nothing() {
        let (before, after) = ([None, Some(9.0), None, Some(5.0)], [Some(50.0), None, None, Some(6.0)]);
        let minutes = access_change(&before, &after, Better::Less, 0.0, &[1.0, 2.0, 4.0, 8.0], &[]).unwrap();
        let everybody = &minutes.everybody;
        assert_eq!((everybody.people, everybody.gained, everybody.lost), (15.0, 1.0, 10.0));
        assert_eq!((everybody.mean_change(), everybody.balance()), (Some(1.0), Some(-9.0 / 15.0)));
        // Of an amount, nothing known is not nothing reached.
        let jobs = access_change(&before, &after, Better::More, 0.0, &[1.0, 2.0, 4.0, 8.0], &[]).unwrap();
        assert_eq!((jobs.everybody.unknown, jobs.everybody.gained, jobs.change[3]), (7.0, 8.0, Some(1.0)));
    }

    #[test]
    fn people_are_grouped_by_the_class_of_their_place() {
        let classes = [Some("early"), None, Some("stable"), Some("early")];
        let people = [10.0, 20.0, 30.0, 40.0];
        let groups = by_class(&classes, &people);
        let before = [Some(100.0), Some(100.0), Some(100.0), Some(100.0)];
        let after = [Some(150.0), Some(100.0), Some(60.0), Some(101.0)];
        let found = access_change(&before, &after, Better::More, 5.0, &people, &groups).unwrap();
        let names: Vec<&str> = found.groups.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["early", "stable"]);
        let (early, stable) = (&found.groups[0].1, &found.groups[1].1);
        assert_eq!((early.people, early.gained), (50.0, 10.0));
        assert!((early.mean_change().unwrap() - 10.8).abs() < 1e-12);
        assert_eq!((stable.lost, stable.balance()), (30.0, Some(-1.0)));
        assert_eq!(found.everybody.people, 100.0);
    }
}
