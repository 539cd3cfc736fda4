//! Encounter: who could meet whom at the places that people share.
//!
//! ```text
//!   neighbourhood A      school      neighbourhood B
//!     9 of 10 blue  ───►  ●  ◄───      1 of 10 blue        the school bridges: it mixes what homes do not
//! ```
//!
//! Without records of visits, who can walk to a place stands for who could meet there. That is opportunity, not contact.

use crate::access::weighted_mean;
use crate::spatial::weights::check_length;
use crate::{Error, ErrorKind, Result};

/// A home that reaches a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Visit {
    /// Number of the home (or of homes side by side).
    pub home: u32,
    /// Number of the place.
    pub place: u32,
    /// How easily, above 0: 1 within the limit, or a decay.
    pub weight: f64,
}

/// The residents of every home, by group; the groups leave nobody out and do not overlap.
#[derive(Debug, Clone, Copy)]
pub struct Residents<'a> {
    /// One list per group, of one count per home.
    pub groups: &'a [Vec<f64>],
    /// The neighbourhood of every home; `None` outside all of them.
    pub neighbourhoods: &'a [Option<u32>],
}

/// Who could meet at a place.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MeetingPlace {
    /// Residents who reach it, by weight.
    pub residents: f64,
    /// Share of each group among them.
    pub shares: Vec<f64>,
    /// Entropy of the shares over that of an even mix, 0 (one group only) to 1.
    pub diversity: f64,
    /// How much more mixed the place is than the neighbourhoods that its people come from, on the same scale: 0 where
    /// all come from one, or from many of the same mix.
    pub bridging: f64,
}

/// The mix of every place's catchment.
///
/// One entry per place; `None` where nobody reaches it.
///
/// # Errors
/// [`ErrorKind::Parameter`] if there are fewer than two groups, lists differ in length, a count is negative or not
/// finite, or a visit names something that is not there.
///
/// # Source
/// Diversity: Theil & Finizza (1971), entropy over its maximum. Bridging: the information theory index between the
/// neighbourhoods of a catchment, not divided by its entropy (Reardon & Firebaugh 2002); this project.
///
/// # Example
/// ```
/// use commonground::scores::encounter::{Residents, Visit, meeting_places};
/// // Two homes of different groups in two neighbourhoods reach one school.
/// let groups = [vec![10.0, 0.0], vec![0.0, 10.0]];
/// let residents = Residents { groups: &groups, neighbourhoods: &[Some(0), Some(1)] };
/// let visits = [0, 1].map(|home| Visit { home, place: 0, weight: 1.0 });
/// let school = meeting_places(1, &visits, residents)?.remove(0).unwrap();
/// assert_eq!((school.diversity, school.bridging), (1.0, 1.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn meeting_places(
    place_count: usize,
    visits: &[Visit],
    residents: Residents<'_>,
) -> Result<Vec<Option<MeetingPlace>>> {
    check(place_count, visits, residents)?;
    // Visits of one place, neighbourhood by neighbourhood.
    let mut sorted: Vec<&Visit> = visits.iter().collect();
    sorted.sort_by_key(|visit| (visit.place, residents.neighbourhoods[visit.home as usize], visit.home));
    let mut found = vec![None; place_count];
    for of_place in sorted.chunk_by(|a, b| a.place == b.place) {
        let mut all = vec![0.0; residents.groups.len()];
        let mut within = 0.0;
        let neighbourhood = |visit: &Visit| residents.neighbourhoods[visit.home as usize];
        for of_neighbourhood in of_place.chunk_by(|a, b| neighbourhood(a) == neighbourhood(b)) {
            let mut here = vec![0.0; residents.groups.len()];
            for visit in of_neighbourhood {
                for (sum, counts) in here.iter_mut().zip(residents.groups) {
                    *sum += visit.weight * counts[visit.home as usize];
                }
            }
            let people: f64 = here.iter().sum();
            within += people * entropy(&here);
            all.iter_mut().zip(&here).for_each(|(sum, count)| *sum += count);
        }
        let people: f64 = all.iter().sum();
        if people > 0.0 {
            let diversity = entropy(&all);
            found[of_place[0].place as usize] = Some(MeetingPlace {
                residents: people,
                shares: all.iter().map(|count| count / people).collect(),
                diversity,
                // What is left of two equal sums is rounding.
                bridging: (diversity - within / people).max(0.0),
            });
        }
    }
    Ok(found)
}

/// Entropy of a mix over that of an even mix of as many groups; 0 for nobody.
fn entropy(counts: &[f64]) -> f64 {
    let people: f64 = counts.iter().sum();
    let term = |count: &f64| if *count > 0.0 { -(count / people) * (count / people).ln() } else { 0.0 };
    counts.iter().map(term).sum::<f64>() / (counts.len() as f64).ln()
}

/// Of the people whom residents of each home could meet at the places that they reach, the share of each group.
///
/// A place counts by the weight of the visit; places that nobody else reaches count too. One entry per home; `None` where
/// no place is reached.
///
/// # Errors
/// As for [`meeting_places`].
///
/// # Source
/// Accessible-people exposure: Athey, Ferguson, Gentzkow & Schmidt (2021), "Estimating experienced racial segregation",
/// with reach along streets in the place of recorded visits.
pub fn encounters(
    visits: &[Visit],
    places: &[Option<MeetingPlace>],
    residents: Residents<'_>,
) -> Result<Vec<Option<Vec<f64>>>> {
    check(places.len(), visits, residents)?;
    let home_count = residents.neighbourhoods.len();
    let mut met: Vec<Vec<f64>> = vec![vec![0.0; residents.groups.len()]; home_count];
    let mut weights = vec![0.0; home_count];
    for visit in visits {
        if let Some(place) = &places[visit.place as usize] {
            let home = visit.home as usize;
            weights[home] += visit.weight;
            met[home].iter_mut().zip(&place.shares).for_each(|(sum, share)| *sum += visit.weight * share);
        }
    }
    let mean = |(mut met, weight): (Vec<f64>, f64)| {
        met.iter_mut().for_each(|share| *share /= weight);
        (weight > 0.0).then_some(met)
    };
    Ok(met.into_iter().zip(weights).map(mean).collect())
}

/// For members of a group in each neighbourhood, the share of others among the people whom they could meet.
///
/// `None` where no member lives or none reaches a place.
#[must_use]
pub fn others_met(
    group: usize,
    met: &[Option<Vec<f64>>],
    residents: Residents<'_>,
    neighbourhood_count: usize,
) -> Vec<Option<f64>> {
    let mut homes: Vec<Vec<(f64, f64)>> = vec![Vec::new(); neighbourhood_count];
    for (home, neighbourhood) in residents.neighbourhoods.iter().enumerate() {
        if let (Some(neighbourhood), Some(met)) = (neighbourhood, &met[home]) {
            homes[*neighbourhood as usize].push((1.0 - met[group], residents.groups[group][home]));
        }
    }
    homes.into_iter().map(|homes| weighted_mean(homes.into_iter())).collect()
}

/// How many places each pair of neighbourhoods shares: those that at least `share` of the residents of both reach.
///
/// - `share`: above 0, at most 1.
///
/// # Errors
/// As for [`meeting_places`]; and if `share` is out of range.
pub fn shared_places(
    pairs: &[(usize, usize)],
    place_count: usize,
    visits: &[Visit],
    residents: Residents<'_>,
    share: f64,
) -> Result<Vec<usize>> {
    check(place_count, visits, residents)?;
    if !(share > 0.0 && share <= 1.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("a share of `{share}` of the residents")));
    }
    let people = |home: usize| residents.groups.iter().map(|counts| counts[home]).sum::<f64>();
    let count = pairs.iter().map(|(a, b)| a.max(b) + 1).max().unwrap_or(0);
    let mut total = vec![0.0; count];
    for (home, neighbourhood) in residents.neighbourhoods.iter().enumerate() {
        if let Some(total) = neighbourhood.and_then(|neighbourhood| total.get_mut(neighbourhood as usize)) {
            *total += people(home);
        }
    }
    // People by neighbourhood and place, one entry per pair that meets: most pairs do not.
    let mut reaching: Vec<((u32, u32), f64)> = visits
        .iter()
        .filter_map(|visit| {
            let neighbourhood = residents.neighbourhoods[visit.home as usize]?;
            Some(((neighbourhood, visit.place), people(visit.home as usize)))
        })
        .collect();
    reaching.sort_by_key(|(pair, _)| *pair);
    let mut reached = vec![Vec::new(); count];
    for same in reaching.chunk_by(|a, b| a.0 == b.0) {
        let ((neighbourhood, place), reaching) =
            (same[0].0, same.iter().map(|(_, people)| people).sum::<f64>());
        let Some(total) = total.get(neighbourhood as usize).filter(|total| **total > 0.0) else { continue };
        // Sums of fractions may miss their total by a rounding.
        if reaching >= share * total * (1.0 - 1e-12) {
            reached[neighbourhood as usize].push(place);
        }
    }
    let shared = |&(a, b): &(usize, usize)| {
        reached[a].iter().filter(|place| reached[b].binary_search(place).is_ok()).count()
    };
    Ok(pairs.iter().map(shared).collect())
}

fn check(place_count: usize, visits: &[Visit], residents: Residents<'_>) -> Result<()> {
    let homes = residents.neighbourhoods.len();
    if residents.groups.len() < 2 {
        return Err(Error::new(
            ErrorKind::Parameter,
            "there is one group only, so that there is nobody else to meet",
        ));
    }
    for counts in residents.groups {
        check_length("counts of a group", counts.len(), homes)?;
        if let Some(home) = counts.iter().position(|count| !(count.is_finite() && *count >= 0.0)) {
            let message = format!("`{}` people of a group", counts[home]);
            return Err(Error::new(ErrorKind::Parameter, message).at_row(home + 1));
        }
    }
    let is_wrong = |visit: &Visit| {
        let is_there = (visit.home as usize) < homes && (visit.place as usize) < place_count;
        !(is_there && visit.weight.is_finite() && visit.weight > 0.0)
    };
    match visits.iter().position(is_wrong) {
        Some(row) => Err(Error::new(
            ErrorKind::Parameter,
            format!("{:?} is not a number of visits, which is 0 or more", visits[row]),
        )
        .at_row(row + 1)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Homes 0 and 1 of two groups in neighbourhoods of their own, home 2 mixed in a third; a school that the first two
    /// reach, a chapel that only home 0 reaches, a market that nobody reaches.
    fn town() -> (Vec<Vec<f64>>, Vec<Option<u32>>, Vec<Visit>) {
        let visit = |home, place| Visit { home, place, weight: 1.0 };
        let groups = vec![vec![10.0, 0.0, 5.0], vec![0.0, 30.0, 5.0]];
        (groups, vec![Some(0), Some(1), Some(2)], vec![visit(0, 0), visit(1, 0), visit(0, 1)])
    }

    #[test]
    fn a_place_that_mixes_separate_neighbourhoods_bridges() {
        let (groups, neighbourhoods, visits) = town();
        let residents = Residents { groups: &groups, neighbourhoods: &neighbourhoods };
        let places = meeting_places(3, &visits, residents).unwrap();
        let [school, chapel] = [places[0].as_ref().unwrap(), places[1].as_ref().unwrap()];
        assert_eq!(school.shares, [0.25, 0.75]);
        assert!((school.diversity - 0.811_278_124_459_132_9).abs() < 1e-15);
        assert_eq!(school.bridging, school.diversity);
        assert_eq!((chapel.diversity, chapel.bridging), (0.0, 0.0));
        assert_eq!(places[2], None);
        // One mixed home brings diversity, but bridges nothing.
        let at_home = meeting_places(1, &[Visit { home: 2, place: 0, weight: 1.0 }], residents).unwrap();
        assert_eq!(at_home[0].as_ref().map(|place| (place.diversity, place.bridging)), Some((1.0, 0.0)));
    }

    #[test]
    fn members_meet_others_at_the_places_that_they_reach() {
        let (groups, neighbourhoods, visits) = town();
        let residents = Residents { groups: &groups, neighbourhoods: &neighbourhoods };
        let places = meeting_places(3, &visits, residents).unwrap();
        let met = encounters(&visits, &places, residents).unwrap();
        assert_eq!(met, [Some(vec![0.625, 0.375]), Some(vec![0.25, 0.75]), None]);
        assert_eq!(others_met(0, &met, residents, 3), [Some(0.375), None, None]);
        assert_eq!(others_met(1, &met, residents, 3), [None, Some(0.25), None]);
    }

    #[test]
    fn pairs_that_share_no_place_are_told_apart() {
        let (groups, neighbourhoods, visits) = town();
        let residents = Residents { groups: &groups, neighbourhoods: &neighbourhoods };
        let shared = shared_places(&[(0, 1), (1, 2)], 3, &visits, residents, 0.1).unwrap();
        assert_eq!(shared, [1, 0]);
        assert!(shared_places(&[], 3, &visits, residents, 0.0).is_err());
    }

    #[test]
    fn wrong_input_is_refused() {
        let (groups, neighbourhoods, visits) = town();
        let kind = |groups: &[Vec<f64>], visits: &[Visit]| {
            let residents = Residents { groups, neighbourhoods: &neighbourhoods };
            meeting_places(3, visits, residents).unwrap_err().kind()
        };
        assert_eq!(kind(&groups[..1], &visits), ErrorKind::Parameter);
        assert_eq!(kind(&[vec![1.0; 2], vec![1.0; 3]], &visits), ErrorKind::Parameter);
        assert_eq!(kind(&[vec![-1.0; 3], vec![1.0; 3]], &visits), ErrorKind::Parameter);
        assert_eq!(kind(&groups, &[Visit { place: 3, ..visits[0] }]), ErrorKind::Parameter);
    }
}
