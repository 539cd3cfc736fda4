//! Perceived safety against the record: where fear exceeds what is recorded, and where it falls short.
//!
//! A record is what was reported, not what happened: trust in the police, insurance and attention move it. A gap between
//! feeling and record is a question to ask in the place, not an error of those who live there.

use super::cohesion::statistics::{mid_ranks, spearman};
use crate::spatial::rates::empirical_bayes_rates;
use crate::spatial::weights::check_length;
use crate::stats::random::Random;
use crate::{Error, ErrorKind, Result};
use rayon::prelude::*;

/// What a survey and a record say about one place; `None` where unknown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Evidence {
    /// People who answered, above 0.
    pub answers: Option<f64>,
    /// Share of them who feel unsafe, 0 to 1.
    pub feel_unsafe: Option<f64>,
    /// Recorded incidents.
    pub incidents: Option<f64>,
    /// People whom they could happen to.
    pub people: Option<f64>,
}

/// Feeling and record of one place.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Perception {
    /// Incidents per 1,000 people, as counted.
    pub recorded_rate: f64,
    /// The same, drawn towards the city's rate where few people live.
    pub smoothed_rate: f64,
    /// Rank of the feeling less rank of the smoothed rate, each 0 (least of all places) to 1: above 0, fear exceeds the
    /// record.
    pub gap: f64,
    /// The gap within which nine of ten repetitions of survey and record fall.
    pub gap_interval: (f64, f64),
    /// The feeling among all places, 1 the most unsafe, and within which ranks nine of ten repetitions fall.
    pub rank: f64,
    /// See `rank`.
    pub rank_interval: (f64, f64),
}

/// Compares perceived safety with the record.
///
/// - `repetitions`: the survey asked again and the record counted again so often, by drawing, for the intervals.
///
/// One entry per place; `None` where something is unknown or nobody lives. Ranks are among the places that have an entry.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a share lies outside 0 to 1, a count is negative or not finite, or `repetitions` is 0.
///
/// # Source
/// This project. Rates: Marshall (1991). Ranks with intervals from the parametric bootstrap: Goldstein & Spiegelhalter
/// (1996), "League tables and their limitations".
pub fn perception(evidence: &[Evidence], repetitions: usize, seed: u64) -> Result<Vec<Option<Perception>>> {
    check(evidence, repetitions)?;
    let known = |one: &Evidence| {
        let people = one.people.filter(|people| *people > 0.0)?;
        let answers = one.answers.filter(|answers| *answers > 0.0)?;
        Some(Known { answers, feel_unsafe: one.feel_unsafe?, incidents: one.incidents?, people })
    };
    let all: Vec<Option<Known>> = evidence.iter().map(known).collect();
    let places: Vec<Known> = all.iter().copied().flatten().collect();
    let observed = Ranks::of(&places)?;
    let drawn: Vec<Ranks> = (0..repetitions)
        .into_par_iter()
        .map(|repetition| Ranks::of(&again(&places, &mut Random::new(seed, repetition as u64))))
        .collect::<Result<_>>()?;
    let mut found = Vec::with_capacity(places.len());
    for (place, known) in places.iter().enumerate() {
        let raw = known.incidents / known.people;
        found.push(Perception {
            recorded_rate: PER * raw,
            smoothed_rate: PER * observed.rates[place],
            gap: observed.gap(place),
            gap_interval: middle(drawn.iter().map(|ranks| ranks.gap(place)).collect()),
            rank: observed.rank_from_top(place),
            rank_interval: middle(drawn.iter().map(|ranks| ranks.rank_from_top(place)).collect()),
        });
    }
    let mut found = found.into_iter();
    Ok(all.iter().map(|place| place.and_then(|_| found.next())).collect())
}

/// Rates are per so many people.
const PER: f64 = 1_000.0;

#[derive(Debug, Clone, Copy)]
struct Known {
    answers: f64,
    feel_unsafe: f64,
    incidents: f64,
    people: f64,
}

/// Both rankings of all places.
struct Ranks {
    rates: Vec<f64>,
    feeling: Vec<f64>,
    record: Vec<f64>,
}

impl Ranks {
    fn of(places: &[Known]) -> Result<Self> {
        let column =
            |of: fn(&Known) -> f64| -> Vec<Option<f64>> { places.iter().map(|one| Some(of(one))).collect() };
        let rates = empirical_bayes_rates(&column(|one| one.incidents), &column(|one| one.people))?;
        let rates: Vec<f64> = rates.into_iter().flatten().map(|rate| rate.smoothed).collect();
        let feeling: Vec<f64> = places.iter().map(|one| one.feel_unsafe).collect();
        Ok(Self { feeling: mid_ranks(&feeling), record: mid_ranks(&rates), rates })
    }

    fn gap(&self, place: usize) -> f64 {
        share(self.feeling[place], self.feeling.len()) - share(self.record[place], self.record.len())
    }

    fn rank_from_top(&self, place: usize) -> f64 {
        self.feeling.len() as f64 + 1.0 - self.feeling[place]
    }
}

/// A rank among `count` as a number from 0 to 1; one place alone is in the middle.
fn share(rank: f64, count: usize) -> f64 {
    if count > 1 { (rank - 1.0) / (count - 1) as f64 } else { 0.5 }
}

/// The survey asked again and the record counted again.
fn again(places: &[Known], random: &mut Random) -> Vec<Known> {
    let once = |place: &Known| {
        let answers = place.answers.round().max(1.0);
        // Nobody in ten who feels unsafe does not prove that nobody does (Agresti & Coull 1998: two more of each answer).
        let feel_unsafe = (place.feel_unsafe * answers + 2.0) / (answers + 4.0);
        let unsafe_answers = random.binomial(answers as u64, feel_unsafe) as f64;
        Known { feel_unsafe: unsafe_answers / answers, incidents: poisson(place.incidents, random), ..*place }
    };
    places.iter().map(once).collect()
}

/// A count with this mean: events that follow each other at random.
fn poisson(mean: f64, random: &mut Random) -> f64 {
    /// From here on the count is normal for all purposes, and counting event by event slow.
    const MANY: f64 = 1_000.0;
    if mean > MANY {
        return (mean + mean.sqrt() * random.normal()).round().max(0.0);
    }
    let (mut time, mut count) = (random.exponential(), 0.0);
    while time < mean {
        time += random.exponential();
        count += 1.0;
    }
    count
}

/// Nine tenths of the values lie between these two.
fn middle(mut values: Vec<f64>) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    let at = |level: f64| values[((values.len() - 1) as f64 * level).round() as usize];
    (at(0.05), at(0.95))
}

/// Spearman's rank correlation of two columns, over the places that have both; `None` if fewer than three have, or one
/// column is all the same.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ.
///
/// # Source
/// Spearman (1904), with ties at their mean rank.
pub fn rank_correlation(a: &[Option<f64>], b: &[Option<f64>]) -> Result<Option<f64>> {
    check_length("values", b.len(), a.len())?;
    Ok(spearman(a, b))
}

fn check(evidence: &[Evidence], repetitions: usize) -> Result<()> {
    if repetitions == 0 {
        return Err(Error::new(ErrorKind::Parameter, "an interval from no repetition"));
    }
    for (row, one) in evidence.iter().enumerate() {
        let wrong = |name: &str, value: f64| {
            Err(Error::new(ErrorKind::Parameter, format!("`{name}` is {value}"))
                .at_row(row + 1)
                .in_column(name))
        };
        if let Some(share) = one.feel_unsafe.filter(|share| !(0.0..=1.0).contains(share)) {
            return wrong("feel_unsafe_share", share);
        }
        let counts = [
            ("survey_answers", one.answers),
            ("recorded_incidents", one.incidents),
            ("population", one.people),
        ];
        for (name, count) in counts.into_iter().filter_map(|(name, count)| Some((name, count?))) {
            if !(count.is_finite() && count >= 0.0) {
                return wrong(name, count);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(feel_unsafe: f64, incidents: f64) -> Evidence {
        let [feel_unsafe, incidents] = [feel_unsafe, incidents].map(Some);
        Evidence { answers: Some(200.0), feel_unsafe, incidents, people: Some(1_000.0) }
    }

    #[test]
    fn fear_beyond_the_record_is_a_gap_above_zero() {
        let places =
            [place(0.1, 10.0), place(0.2, 20.0), place(0.9, 5.0), place(0.3, 30.0), place(0.05, 90.0)];
        let found = perception(&places, 200, 1).unwrap();
        let feared = found[2].unwrap();
        assert_eq!((feared.rank, feared.gap), (1.0, 1.0));
        assert_eq!(feared.rank_interval, (1.0, 1.0));
        assert!(feared.gap_interval.0 > 0.5 && feared.recorded_rate == 5.0 && feared.smoothed_rate > 5.0);
        assert_eq!(found[4].unwrap().gap, -1.0);
        assert!(found[0].unwrap().gap.abs() <= 0.25);
    }

    #[test]
    fn few_answers_widen_the_interval() {
        let mut places: Vec<Evidence> = (0..20).map(|i| place(0.02 * f64::from(i + 1), 20.0)).collect();
        let width = |places: &[Evidence]| {
            let (low, high) = perception(places, 300, 1).unwrap()[10].unwrap().rank_interval;
            high - low
        };
        let many = width(&places);
        places.iter_mut().for_each(|place| place.answers = Some(15.0));
        assert!(width(&places) > many + 2.0);
    }

    #[test]
    fn unknown_places_have_no_entry_and_wrong_ones_are_refused() {
        let mut places = vec![place(0.1, 10.0), Evidence::default(), place(0.3, 3.0)];
        let found = perception(&places, 10, 1).unwrap();
        assert!(found[0].is_some() && found[1].is_none() && found[2].is_some());
        assert_eq!(found, perception(&places, 10, 1).unwrap());
        places[0].people = Some(0.0);
        assert!(perception(&places, 10, 1).unwrap()[0].is_none());
        places[2].feel_unsafe = Some(30.0);
        let error = perception(&places, 10, 1).unwrap_err();
        assert_eq!(
            (error.position().row, error.position().column.as_deref()),
            (Some(3), Some("feel_unsafe_share"))
        );
        assert!(perception(&[], 0, 1).is_err());
        assert_eq!(perception(&[], 5, 1).unwrap(), []);
    }

    #[test]
    fn ranks_correlate_with_ties_at_their_mean() {
        let known = |values: &[f64]| -> Vec<Option<f64>> { values.iter().copied().map(Some).collect() };
        // scipy.stats.spearmanr 1.14.
        let found =
            rank_correlation(&known(&[1., 2., 2., 4., 5.]), &known(&[2., 1., 4., 3., 5.])).unwrap().unwrap();
        assert!((found - 0.666_885_928_855_354_6).abs() < 1e-12, "{found}");
        assert_eq!(rank_correlation(&known(&[1., 1., 1.]), &known(&[1., 2., 3.])).unwrap(), None);
        assert_eq!(rank_correlation(&[None, Some(1.0)], &known(&[1., 2.])).unwrap(), None);
        assert!(rank_correlation(&[None], &[]).is_err());
    }
}
