//! Rates of events among people, where few people make rates jump.

use super::weights::check_length;
use crate::{Error, ErrorKind, Result};

/// A rate with its small-number noise taken out.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Rate {
    /// Events per person.
    pub raw: f64,
    /// Drawn towards the rate of all places, the more the fewer people there are.
    pub smoothed: f64,
}

/// What all places have in common.
struct Prior {
    /// Events per person over all places.
    mean: f64,
    /// Variance of the true rates between places, by the method of moments; may be below zero.
    variance: f64,
}

/// Empirical-Bayes rates: each place keeps as much of its own rate as its numbers deserve.
///
/// - `events`, `people`: one count per place; `None` where unknown.
///
/// One entry per place; `None` where a count is unknown or nobody lives.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ or a count is negative or not finite.
///
/// # Source
/// Marshall (1991), "Mapping disease and mortality rates using empirical Bayes estimators".
///
/// # Example
/// ```
/// use commonground::scores::rates::empirical_bayes_rates;
/// // One event among ten people is weaker evidence than a hundred among a thousand.
/// let events = [Some(1.0), Some(100.0), Some(10.0)];
/// let rates = empirical_bayes_rates(&events, &[Some(10.0), Some(1000.0), Some(1000.0)])?;
/// let moved = |place: usize| rates[place].map(|rate| rate.raw - rate.smoothed);
/// assert!(moved(0) > moved(1));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn empirical_bayes_rates(events: &[Option<f64>], people: &[Option<f64>]) -> Result<Vec<Option<Rate>>> {
    let Some(prior) = prior(events, people)? else { return Ok(vec![None; events.len()]) };
    let between = prior.variance.max(0.0);
    let rate = |(events, people): (f64, f64)| {
        let raw = events / people;
        let noise = prior.mean / people;
        let trust = if between > 0.0 { between / (between + noise) } else { 0.0 };
        Rate { raw, smoothed: prior.mean + trust * (raw - prior.mean) }
    };
    Ok(events.iter().zip(people).map(|pair| inhabited(pair).map(rate)).collect())
}

/// Rates less their common mean over their standard deviation, for [`super::autocorrelation::moran`]: where few people
/// live, rates vary more, and plain autocorrelation takes that for a pattern.
///
/// `None` as for [`empirical_bayes_rates`], and for all where nobody had an event.
///
/// # Errors
/// As for [`empirical_bayes_rates`].
///
/// # Source
/// Assunção & Reis (1999), "A new proposal to adjust Moran's I for population density".
pub fn standardised_rates(events: &[Option<f64>], people: &[Option<f64>]) -> Result<Vec<Option<f64>>> {
    let Some(prior) = prior(events, people)?.filter(|prior| prior.mean > 0.0) else {
        return Ok(vec![None; events.len()]);
    };
    let standardised = |(events, people): (f64, f64)| {
        let noise = prior.mean / people;
        let variance = if prior.variance + noise < 0.0 { noise } else { prior.variance + noise };
        (events / people - prior.mean) / variance.sqrt()
    };
    Ok(events.iter().zip(people).map(|pair| inhabited(pair).map(standardised)).collect())
}

/// Both counts, where they are known and somebody lives.
fn inhabited((events, people): (&Option<f64>, &Option<f64>)) -> Option<(f64, f64)> {
    (*events).zip(people.filter(|people| *people > 0.0))
}

/// `None` if nobody lives anywhere.
fn prior(events: &[Option<f64>], people: &[Option<f64>]) -> Result<Option<Prior>> {
    check_length("counts of people", people.len(), events.len())?;
    for (name, counts) in [("events", events), ("people", people)] {
        for (row, count) in counts.iter().enumerate() {
            if let Some(count) = count.filter(|count| !(count.is_finite() && *count >= 0.0)) {
                return Err(Error::new(ErrorKind::Parameter, format!("`{count}` {name}")).at_row(row + 1));
            }
        }
    }
    let places: Vec<(f64, f64)> = events.iter().zip(people).filter_map(inhabited).collect();
    let (all_events, all_people) =
        places.iter().fold((0.0, 0.0), |(events, people), place| (events + place.0, people + place.1));
    if all_people == 0.0 {
        return Ok(None);
    }
    let mean = all_events / all_people;
    let spread = places.iter().map(|(events, people)| people * (events / people - mean).powi(2)).sum::<f64>();
    let people_a_place = all_people / places.len() as f64;
    Ok(Some(Prior { mean, variance: spread / all_people - mean / people_a_place }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_places_are_drawn_to_the_mean_and_empty_ones_have_no_rate() {
        let events = [Some(2.0), Some(200.0), Some(20.0), Some(1.0), None];
        let people = [Some(10.0), Some(1_000.0), Some(1_000.0), Some(0.0), Some(5.0)];
        let rates = empirical_bayes_rates(&events, &people).unwrap();
        assert_eq!((rates[3], rates[4]), (None, None));
        let [small, large] = [rates[0].unwrap(), rates[1].unwrap()];
        assert_eq!(small.raw, large.raw);
        assert!(small.smoothed < large.smoothed && large.smoothed < large.raw);
    }

    #[test]
    fn even_rates_are_smoothed_to_one_number() {
        let rates = empirical_bayes_rates(&[Some(1.0), Some(9.0)], &[Some(100.0), Some(900.0)]).unwrap();
        assert!(rates.iter().all(|rate| (rate.unwrap().smoothed - 0.01).abs() < 1e-15));
        assert_eq!(standardised_rates(&[Some(0.0)], &[Some(3.0)]).unwrap(), [None]);
    }

    #[test]
    fn wrong_counts_are_refused_by_row() {
        for wrong in [-1.0, f64::NAN] {
            let error = empirical_bayes_rates(&[Some(1.0), Some(wrong)], &[Some(1.0); 2]).unwrap_err();
            assert_eq!((error.kind(), error.position().row), (ErrorKind::Parameter, Some(2)));
        }
        assert!(standardised_rates(&[Some(1.0)], &[]).is_err());
    }
}
