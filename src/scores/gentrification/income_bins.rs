//! Shares of households below an income, from the bins of a census.

use crate::{Error, ErrorKind, Result};

/// The bins of a census are labelled by their upper bounds, of which the last cent belongs to the next bin.
const CENT: f64 = 0.01;

/// Share of households whose income is below `cutoff`, one per neighbourhood: whole bins, and of the bin that the cutoff lies
/// in the part below it, as if incomes were spread evenly in it.
///
/// - `upper_bounds`: of the bins, rising; households above the last are in the last bin, which has no bound.
/// - `bins`: for each neighbourhood the households in each bin, one more than there are bounds.
/// - `cutoff`: most often 80 % or 120 % of the regional median income.
///
/// `None` where a count is missing or there are no households.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the bounds do not rise, a neighbourhood has another number of bins, a count is negative or
/// not finite, or the cutoff lies in the last bin, where nothing is known.
///
/// # Source
/// Urban Displacement Project (2020), displacement typology.
///
/// # Example
/// ```
/// use commonground::scores::gentrification::share_below;
/// // 10 households below 20,000, 20 below 40,000, 10 above; 30,000 is the middle of the second bin.
/// let share = share_below(&[20e3, 40e3], &[vec![Some(10.0), Some(20.0), Some(10.0)]], 30e3)?[0].unwrap();
/// assert!((share - 0.5).abs() < 1e-6);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn share_below(upper_bounds: &[f64], bins: &[Vec<Option<f64>>], cutoff: f64) -> Result<Vec<Option<f64>>> {
    let wrong = |message: String| Error::new(ErrorKind::Parameter, message).in_layer("income bins");
    if upper_bounds.is_empty() || !upper_bounds.is_sorted_by(|a, b| a < b) || upper_bounds[0] <= 0.0 {
        return Err(wrong("the upper bounds of bins must rise from above 0".into()));
    }
    let last = upper_bounds[upper_bounds.len() - 1];
    // A cutoff in the last cent of a bin takes it whole, as one on its bound does.
    let whole = upper_bounds.partition_point(|bound| *bound - CENT <= cutoff);
    if !(cutoff.is_finite() && cutoff >= 0.0) || (whole == upper_bounds.len() && cutoff > last) {
        let error = wrong(format!("a cutoff of {cutoff} lies in no bin with an upper bound"));
        return Err(error.hint(format!("the bins end at {last}")));
    }
    let below = if whole == 0 { 0.0 } else { upper_bounds[whole - 1] };
    let part =
        upper_bounds.get(whole).map_or(0.0, |bound| ((cutoff - below) / (bound - CENT - below)).max(0.0));
    let share = |(row, counts): (usize, &Vec<Option<f64>>)| {
        let at = |error: Error| error.at_row(row + 1);
        if counts.len() != upper_bounds.len() + 1 {
            let (counts, bounds) = (counts.len(), upper_bounds.len());
            return Err(at(wrong(format!("{counts} bins for {bounds} upper bounds and one above"))));
        }
        if let Some(count) = counts.iter().flatten().find(|count| !(count.is_finite() && **count >= 0.0)) {
            return Err(at(wrong(format!("{count} is no number of households"))));
        }
        let Some(counts) = counts.iter().copied().collect::<Option<Vec<f64>>>() else { return Ok(None) };
        let all: f64 = counts.iter().sum();
        let under = counts[..whole].iter().sum::<f64>() + counts[whole] * part;
        Ok((all > 0.0).then(|| under / all))
    };
    bins.iter().enumerate().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(counts: [f64; 4], cutoff: f64) -> Option<f64> {
        let known = |count: f64| (!count.is_nan()).then_some(count);
        share_below(&[10.0, 20.0, 40.0], &[counts.map(known).to_vec()], cutoff).unwrap()[0]
    }

    #[test]
    fn whole_bins_and_a_part_of_one() {
        let counts = [1.0, 2.0, 4.0, 3.0];
        assert_eq!(
            [one(counts, 0.0), one(counts, 10.0), one(counts, 20.0)],
            [Some(0.0), Some(0.1), Some(0.3)]
        );
        let half = one(counts, 20.0 + 19.99 / 2.0).unwrap();
        assert!((half - 0.5).abs() < 1e-12, "{half}");
        assert_eq!(one(counts, 40.0), Some(0.7));
        assert_eq!((one([0.0; 4], 20.0), one([1.0, f64::NAN, 1.0, 1.0], 20.0)), (None, None));
    }

    #[test]
    fn what_cannot_be_told_is_refused() {
        let counts = || vec![vec![Some(1.0); 3]];
        let kind = |bounds: &[f64], bins: Vec<Vec<Option<f64>>>, cutoff: f64| {
            share_below(bounds, &bins, cutoff).map_err(|error| error.kind())
        };
        for refused in [
            kind(&[10.0, 20.0], counts(), 20.5),
            kind(&[10.0, 20.0], counts(), f64::NAN),
            kind(&[20.0, 10.0], counts(), 5.0),
            kind(&[], counts(), 5.0),
            kind(&[10.0], counts(), 5.0),
            kind(&[10.0, 20.0], vec![vec![Some(-1.0); 3]], 5.0),
        ] {
            assert_eq!(refused.unwrap_err(), ErrorKind::Parameter);
        }
    }
}
