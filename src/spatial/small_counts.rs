//! Small counts: what must not be shown, and how uncertain a rate is.

use crate::stats::random::normal_quantile;
use crate::{Error, ErrorKind, Result};

/// Counts of people below this are not shown, unless they are 0.
pub const SMALL_COUNT: f64 = 10.0;
/// What is left of 0 after sums of fractions.
const ROUNDING: f64 = 1e-9;

/// Whether a count of people by itself must not be shown.
#[must_use]
pub fn is_small(count: f64) -> bool {
    count > ROUNDING && count < SMALL_COUNT
}

/// Which counts of a table must not be shown.
///
/// A count above 0 and below the threshold is small. Where a row adds up to a total that everybody can see, one hidden
/// count could be found by subtraction; so further counts are hidden until each row and each column hides none, or at
/// least two that together reach the threshold. Rates and indices made of a hidden count must be hidden with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suppression {
    /// Whether the count is hidden: one list per group, one entry per place.
    pub hidden: Vec<Vec<bool>>,
    /// How many are hidden since they are small.
    pub small: usize,
    /// How many more are hidden to protect those.
    pub complementary: usize,
}

impl Suppression {
    /// Whether any count of a place is hidden.
    #[must_use]
    pub fn touches(&self, place: usize) -> bool {
        self.hidden.iter().any(|group| group[place])
    }
}

/// Finds the counts to hide in a table of places by groups.
///
/// - `groups`: one column of counts per group, one entry per place; finite, ≥ 0.
/// - `threshold`: [`SMALL_COUNT`] is usual; 0 hides nothing.
/// - `rows_add_up`: whether the groups make up the published residents of a place. Groups that overlap do not; then only
///   columns, which add up to the published total of the group, are protected.
///
/// # Errors
/// [`ErrorKind::Parameter`] if lengths differ, a count is negative or not finite, or the threshold is.
///
/// # Source
/// Hundepool et al. (2012), "Statistical disclosure control", chapter 4: cell suppression.
///
/// # Example
/// ```
/// use commonground::scores::small_counts::suppress;
/// // 4 is small; 30 would tell it, given the total of its row, and 50 given that of its column.
/// let table = suppress(&[&[4.0, 50.0, 90.0], &[30.0, 80.0, 70.0]], 10.0, true)?;
/// assert_eq!(table.hidden, [[true, true, false], [true, true, false]]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn suppress<C: AsRef<[f64]>>(groups: &[C], threshold: f64, rows_add_up: bool) -> Result<Suppression> {
    let places = groups.first().map_or(0, |group| group.as_ref().len());
    let is_count = |count: &f64| count.is_finite() && *count >= 0.0;
    if !is_count(&threshold) || groups.iter().any(|group| group.as_ref().len() != places) {
        let message = format!("counts of another length, or a threshold of `{threshold}`");
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    for group in groups {
        if let Some(row) = group.as_ref().iter().position(|count| !is_count(count)) {
            let message = format!("`{}` is not a count of people", group.as_ref()[row]);
            return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1));
        }
    }
    let is_small = |count: &f64| *count > ROUNDING && *count < threshold;
    let mut table = Table {
        counts: groups.iter().map(AsRef::as_ref).collect(),
        threshold,
        hidden: groups.iter().map(|group| group.as_ref().iter().map(is_small).collect()).collect(),
    };
    let small = table.number();
    loop {
        let before = table.number();
        let in_group: Vec<bool> = table.hidden.iter().map(|group| group.contains(&true)).collect();
        for place in (0..places).filter(|_| rows_add_up) {
            table.protect((0..groups.len()).map(|group| (group, place)), |group, _| in_group[group]);
        }
        for group in 0..groups.len() {
            let in_place: Vec<bool> =
                (0..places).map(|place| table.hidden.iter().any(|group| group[place])).collect();
            table.protect((0..places).map(|place| (group, place)), |_, place| in_place[place]);
        }
        if table.number() == before {
            return Ok(Suppression { small, complementary: before - small, hidden: table.hidden });
        }
    }
}

/// Which groups must not be shown in a table where everybody stands beside them.
///
/// - `everybody`, `groups`: what is counted of each, such as who has a clinic nearby and who has none. A group is hidden where
///   any of its counts is small.
/// - `apart`: the groups that do not overlap. What is left of everybody without the shown ones must not be small either:
///   until it is not, the smallest of them are hidden with it. A group that overlaps others is by itself.
#[cfg(feature = "study")]
pub(crate) fn hidden_groups(everybody: &[f64], groups: &[Vec<f64>], apart: &[usize]) -> Vec<bool> {
    let few_without = |shown: &[usize]| {
        (0..everybody.len()).any(|kind| {
            let counted: f64 = shown.iter().map(|&group| groups[group][kind]).sum();
            is_small(everybody[kind] - counted)
        })
    };
    let hides = |group: usize| {
        let is_few = groups[group].iter().copied().any(is_small);
        is_few || (!apart.contains(&group) && few_without(&[group]))
    };
    let mut hidden: Vec<bool> = (0..groups.len()).map(hides).collect();
    loop {
        let shown: Vec<usize> = apart.iter().copied().filter(|&group| !hidden[group]).collect();
        if !few_without(&shown) {
            return hidden;
        }
        let size = |group: &usize| groups[*group].iter().copied().fold(0.0, f64::max);
        let Some(next) = shown.into_iter().min_by(|a, b| size(a).total_cmp(&size(b))) else { return hidden };
        hidden[next] = true;
    }
}

struct Table<'a> {
    counts: Vec<&'a [f64]>,
    threshold: f64,
    hidden: Vec<Vec<bool>>,
}

impl Table<'_> {
    /// How many counts are hidden.
    fn number(&self) -> usize {
        self.hidden.iter().flatten().filter(|hidden| **hidden).count()
    }

    /// Hides more of a line until subtraction gives nothing small away: first where the line across hides something already
    /// (it will need less itself), then the smallest count, zeros last.
    fn protect(
        &mut self,
        line: impl Iterator<Item = (usize, usize)> + Clone,
        is_hidden_across: impl Fn(usize, usize) -> bool,
    ) {
        loop {
            let (mut cells, mut sum) = (0, 0.0);
            // Whether it is nothing, whether the line across hides nothing, and the count: the least of these is next.
            let mut least = (true, true, f64::INFINITY);
            let mut next = None;
            for (group, place) in line.clone() {
                let people = self.counts[group][place];
                if self.hidden[group][place] {
                    (cells, sum) = (cells + 1, sum + people);
                    continue;
                }
                let order = (people <= ROUNDING, !is_hidden_across(group, place), people);
                if order < least {
                    (least, next) = (order, Some((group, place)));
                }
            }
            let is_safe = cells == 0 || (cells >= 2 && sum >= self.threshold);
            match next {
                Some((group, place)) if !is_safe => self.hidden[group][place] = true,
                _ => return,
            }
        }
    }
}

/// Wilson's interval of a rate: where the true share lies, given `count` of `of` people.
///
/// - `confidence`: between 0 and 1, such as 0.95.
///
/// Lower and upper end, 0 to 1; unlike the usual ∓ it stays within them and works for a count of 0. `None` if `of` is 0.
///
/// # Errors
/// [`ErrorKind::Parameter`] if `count` is not between 0 and `of`, or `confidence` not between 0 and 1.
///
/// # Source
/// Wilson (1927), "Probable inference, the law of succession, and statistical inference".
///
/// # Example
/// ```
/// use commonground::scores::small_counts::wilson_interval;
/// let (low, high) = wilson_interval(0.0, 20.0, 0.95)?.unwrap();
/// assert!(low == 0.0 && (high - 0.161).abs() < 0.001);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn wilson_interval(count: f64, of: f64, confidence: f64) -> Result<Option<(f64, f64)>> {
    let z = two_sided_quantile(confidence)?;
    if !(of.is_finite() && (0.0..=of).contains(&count)) {
        return Err(Error::new(ErrorKind::Parameter, format!("`{count}` of `{of}` people")));
    }
    if of == 0.0 {
        return Ok(None);
    }
    let share = count / of;
    let spread = z * z / of;
    let centre = share + spread / 2.0;
    let half = (spread * (share * (1.0 - share) + spread / 4.0)).sqrt();
    Ok(Some((((centre - half) / (1.0 + spread)).max(0.0), ((centre + half) / (1.0 + spread)).min(1.0))))
}

/// Standard deviations of a normal that hold `confidence` between them, 1.96 for 0.95.
pub(crate) fn two_sided_quantile(confidence: f64) -> Result<f64> {
    if confidence > 0.0 && confidence < 1.0 {
        return Ok(normal_quantile(0.5 + confidence / 2.0));
    }
    Err(Error::new(ErrorKind::Parameter, format!("a confidence of `{confidence}`"))
        .hint("it lies between 0 and 1, such as 0.95"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::random::Random;

    #[test]
    fn no_small_count_can_be_found_by_subtraction() {
        let mut random = Random::new(11, 0);
        for round in 0..200 {
            let (groups, places) = (2 + random.below(4), 2 + random.below(9));
            let column =
                |random: &mut Random| -> Vec<f64> { (0..places).map(|_| random.below(40) as f64).collect() };
            let table: Vec<Vec<f64>> = (0..groups).map(|_| column(&mut random)).collect();
            let found = suppress(&table, 10.0, true).unwrap();
            let safe = |line: Vec<(usize, usize)>| {
                let hidden: Vec<_> =
                    line.iter().filter(|(group, place)| found.hidden[*group][*place]).collect();
                let sum: f64 = hidden.iter().map(|(group, place)| table[*group][*place]).sum();
                hidden.is_empty() || hidden.len() == line.len() || (hidden.len() >= 2 && sum >= 10.0)
            };
            for place in 0..places {
                assert!(safe((0..groups).map(|group| (group, place)).collect()), "round {round}");
            }
            for (group, counts) in table.iter().enumerate() {
                assert!(safe((0..places).map(|place| (group, place)).collect()), "round {round}");
                let is_fine = |(count, hidden): (&f64, &bool)| *count == 0.0 || *count >= 10.0 || *hidden;
                assert!(counts.iter().zip(&found.hidden[group]).all(is_fine));
            }
        }
    }

    #[cfg(feature = "study")]
    #[test]
    fn what_is_left_of_everybody_is_not_small() {
        // With and without a clinic. Of b 4 are without one; a, the smaller of the others, must go with b, or b follows.
        let everybody = [260.0, 64.0];
        let groups = [vec![60.0, 20.0], vec![50.0, 4.0], vec![150.0, 40.0]];
        assert_eq!(hidden_groups(&everybody, &groups, &[0, 1, 2]), [true, true, false]);
        // Where 30 others are in no group, b does not follow; where 3 are, they would.
        assert_eq!(hidden_groups(&[290.0, 94.0], &groups, &[0, 1, 2]), [false, true, false]);
        assert_eq!(hidden_groups(&[263.0, 60.0], &groups[..1], &[0]), [false]);
        assert_eq!(hidden_groups(&[63.0, 40.0], &groups[..1], &[0]), [true]);
        // A group that overlaps stands alone, and so do the few outside it.
        assert_eq!(hidden_groups(&[160.0, 60.0], &groups, &[0]), [false, true, false]);
        assert_eq!(hidden_groups(&[155.0, 60.0], &groups, &[0]), [false, true, true]);
    }

    #[test]
    fn large_counts_and_zeros_are_shown() {
        let found = suppress(&[&[0.0, 10.0], &[50.0, 60.0]], 10.0, true).unwrap();
        assert_eq!((found.small, found.complementary, found.touches(0)), (0, 0, false));
        let off = suppress(&[&[1.0, 10.0], &[50.0, 60.0]], 0.0, true).unwrap();
        assert_eq!(off.small, 0);
    }

    #[test]
    fn groups_that_overlap_protect_columns_alone() {
        let found = suppress(&[&[4.0, 50.0, 90.0], &[30.0, 80.0, 70.0]], 10.0, false).unwrap();
        assert_eq!(found.hidden, [[true, true, false], [false, false, false]]);
    }

    #[test]
    fn wrong_counts_are_refused() {
        for wrong in [-1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(suppress(&[&[1.0, wrong]], 10.0, true).unwrap_err().position().row, Some(2));
            assert!(suppress(&[&[1.0]], wrong, true).is_err());
        }
        assert!(suppress(&[vec![1.0], vec![]], 10.0, true).is_err());
        for (count, of, confidence) in
            [(2.0, 1.0, 0.9), (-1.0, 1.0, 0.9), (1.0, 2.0, 1.0), (f64::NAN, 2.0, 0.5)]
        {
            assert_eq!(wilson_interval(count, of, confidence).unwrap_err().kind(), ErrorKind::Parameter);
        }
        assert_eq!(wilson_interval(0.0, 0.0, 0.95).unwrap(), None);
    }
}
