//! Access poverty: how many have too little, and how much too little.

use super::with_people;
use crate::{Error, ErrorKind, Result};

/// Foster-Greer-Thorbecke measures of access below a sufficiency line: the share of people below it, the depth of their
/// shortfall as a share of the line, and its severity (squared, so that the worst off count most).
///
/// - `line`: access that is enough, in the unit of `access`; who has exactly that much is not poor.
///
/// Returns the measures of order 0, 1 and 2, each 0 to 1; `None` if nobody lives in homes with a value.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, a number is negative or not finite, or so is the line.
///
/// # Source
/// Foster, Greer & Thorbecke (1984), "A class of decomposable poverty measures".
///
/// # Example
/// ```
/// use commonground::access::equity::fgt_poverty;
/// // A quarter of the people reach 5 of the 10 that would be enough.
/// let measures = fgt_poverty(&[Some(5.0), Some(10.0)], &[1.0, 3.0], 10.0)?;
/// assert_eq!(measures, Some([0.25, 0.125, 0.0625]));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn fgt_poverty(access: &[Option<f64>], people: &[f64], line: f64) -> Result<Option<[f64; 3]>> {
    if !(line.is_finite() && line >= 0.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("the line is `{line}`"))
            .hint("it must be finite and not negative"));
    }
    let homes = with_people(access, people)?;
    let everyone: f64 = homes.iter().map(|(_, people)| people).sum();
    let mut sums = [0.0; 3];
    for (value, people) in homes.iter().filter(|(value, _)| *value < line) {
        let shortfall = (line - value) / line;
        for (sum, power) in sums.iter_mut().zip([1.0, shortfall, shortfall * shortfall]) {
            *sum += people * power;
        }
    }
    Ok((everyone > 0.0).then(|| sums.map(|sum| sum / everyone)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_line_is_refused_and_at_zero_nobody_is_poor() {
        for line in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(fgt_poverty(&[Some(1.0)], &[1.0], line).unwrap_err().kind(), ErrorKind::Parameter);
        }
        assert_eq!(fgt_poverty(&[Some(0.0)], &[1.0], 0.0).unwrap(), Some([0.0; 3]));
        assert_eq!(fgt_poverty(&[Some(0.0)], &[0.0], 5.0).unwrap(), None);
    }

    #[test]
    fn nothing_at_all_is_the_whole_shortfall() {
        assert_eq!(fgt_poverty(&[Some(0.0), None], &[4.0, 9.0], 5.0).unwrap(), Some([1.0; 3]));
    }
}
