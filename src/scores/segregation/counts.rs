//! People by place and group: what every index of segregation is computed from.

use crate::{Error, ErrorKind, Result};
use std::sync::Arc;

/// Spread populations are sums of fractions; they may miss their total by a rounding.
const ROUNDING: f64 = 1e-9;

/// People by place and group. The groups make up everybody: nobody is in two of them, nobody in none.
///
/// In the formulae of this module x is the count of a group in a place, t everybody there, X and T the same over all
/// places, π = x/t and P = X/T. What reads two groups reads the first one against all others.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupCounts {
    names: Arc<[String]>,
    /// Row by row: `counts[place * groups + group]`.
    counts: Vec<f64>,
    totals: Vec<f64>,
    group_totals: Vec<f64>,
}

impl GroupCounts {
    /// Groups that make up everybody: name and one count per place.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] without groups or places; if lengths differ; if a count is negative or not finite
    /// (names the row and, as column, the group); if nobody lives anywhere; if two groups have one name.
    ///
    /// # Example
    /// ```
    /// use commonground::scores::segregation::{GroupCounts, Index};
    /// // Two places of ten: one all of the first group, one half and half.
    /// let people = GroupCounts::new(&[("old", &[10.0, 5.0]), ("young", &[0.0, 5.0])])?;
    /// assert_eq!(people.share(0), 0.75);
    /// assert_eq!(Index::Dissimilarity.of(&people), Some(2.0 / 3.0));
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn new<S: AsRef<str>, C: AsRef<[f64]>>(groups: &[(S, C)]) -> Result<Self> {
        let [(_, first), ..] = groups else {
            return Err(Error::new(ErrorKind::Parameter, "no groups of residents")
                .hint("name one column of counts for each group"));
        };
        let (places, width) = (first.as_ref().len(), groups.len());
        let mut counts = vec![0.0; places * width];
        for (group, (name, column)) in groups.iter().enumerate() {
            let (name, column) = (name.as_ref(), column.as_ref());
            if groups[..group].iter().any(|(other, _)| other.as_ref() == name) {
                return Err(Error::new(ErrorKind::Parameter, format!("two groups are named `{name}`")));
            }
            check_length(name, column, places)?;
            for (row, &count) in column.iter().enumerate() {
                check_count(name, row, count)?;
                counts[row * width + group] = count;
            }
        }
        Self::from_rows(groups.iter().map(|(name, _)| name.as_ref().to_owned()).collect(), counts)
    }

    /// Some groups among everybody: those who are in none of them become a last group named `others`, if there are any.
    ///
    /// # Errors
    /// As for [`GroupCounts::new`]; and if the groups of a place exceed its total, as groups that overlap do.
    pub fn among<S: AsRef<str>, C: AsRef<[f64]>>(groups: &[(S, C)], total: &[f64]) -> Result<Self> {
        for (name, column) in groups {
            check_length(name.as_ref(), column.as_ref(), total.len())?;
        }
        let mut others = Vec::with_capacity(total.len());
        for (row, &everybody) in total.iter().enumerate() {
            check_count("total", row, everybody)?;
            let mut named = 0.0;
            for (name, column) in groups {
                check_count(name.as_ref(), row, column.as_ref()[row])?;
                named += column.as_ref()[row];
            }
            if named > everybody * (1.0 + ROUNDING) + ROUNDING {
                let message = format!("groups of {named} people among {everybody} in all");
                return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1).hint(
                    "groups are counts between 0 and the residents of the place; groups that overlap must be \
                     measured one at a time",
                ));
            }
            let rest = everybody - named;
            others.push(if rest > everybody * ROUNDING + ROUNDING { rest } else { 0.0 });
        }
        let mut all: Vec<(&str, &[f64])> =
            groups.iter().map(|(name, column)| (name.as_ref(), column.as_ref())).collect();
        if all.is_empty() || others.iter().any(|rest| *rest > 0.0) {
            all.push(("others", &others));
        }
        Self::new(&all)
    }

    /// One group, and everybody else as `others`.
    ///
    /// # Errors
    /// As for [`GroupCounts::among`].
    pub fn of_group(group: &[f64], total: &[f64]) -> Result<Self> {
        Self::among(&[("group", group)], total).map(|counts| counts.one_against_others(0))
    }

    fn from_rows(names: Arc<[String]>, counts: Vec<f64>) -> Result<Self> {
        let all = Self::with_counts(names, counts);
        if all.population() > 0.0 {
            return Ok(all);
        }
        Err(Error::new(ErrorKind::Parameter, "nobody lives in any of the places")
            .hint("are the counts in the right columns?"))
    }

    fn with_counts(names: Arc<[String]>, counts: Vec<f64>) -> Self {
        let mut group_totals = vec![0.0; names.len()];
        let mut totals = Vec::with_capacity(counts.len() / names.len());
        for row in counts.chunks_exact(names.len()) {
            row.iter().zip(&mut group_totals).for_each(|(count, total)| *total += count);
            totals.push(row.iter().sum());
        }
        Self { names, counts, totals, group_totals }
    }

    /// The same groups with other counts, row by row: what a null model draws, or what an environment smooths.
    pub(super) fn replaced(&self, counts: Vec<f64>) -> Self {
        Self::with_counts(self.names.clone(), counts)
    }

    /// Names of the groups.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of places, inhabited or not.
    #[must_use]
    pub fn places(&self) -> usize {
        self.totals.len()
    }

    /// Number of groups.
    #[must_use]
    pub fn groups(&self) -> usize {
        self.names.len()
    }

    /// Counts of a place, one per group.
    #[must_use]
    pub fn row(&self, place: usize) -> &[f64] {
        &self.counts[place * self.groups()..][..self.groups()]
    }

    /// All counts, row by row.
    #[must_use]
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// Everybody in each place.
    #[must_use]
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }

    /// Everybody in each group.
    #[must_use]
    pub fn group_totals(&self) -> &[f64] {
        &self.group_totals
    }

    /// Everybody.
    #[must_use]
    pub fn population(&self) -> f64 {
        self.totals.iter().sum()
    }

    /// Share of a group in everybody, P, 0 to 1.
    #[must_use]
    pub fn share(&self, group: usize) -> f64 {
        self.group_totals[group] / self.population()
    }

    /// Shares of all groups in everybody.
    #[must_use]
    pub fn shares(&self) -> Vec<f64> {
        let population = self.population();
        self.group_totals.iter().map(|total| total / population).collect()
    }

    /// The counts of one group and of everybody else, as two groups.
    #[must_use]
    pub fn one_against_others(&self, group: usize) -> Self {
        let names = [self.names[group].clone(), "others".to_owned()];
        let rows = (0..self.places()).map(|place| (self.row(place)[group], self.totals[place]));
        Self::with_counts(names.into(), rows.flat_map(|(x, t)| [x, t - x]).collect())
    }

    /// Counts and total of each place where somebody lives, with its number.
    pub(super) fn inhabited(&self) -> impl Iterator<Item = (usize, &[f64], f64)> {
        let rows = self.counts.chunks_exact(self.groups()).zip(&self.totals).enumerate();
        rows.filter(|(_, (_, total))| **total > 0.0).map(|(place, (row, &total))| (place, row, total))
    }

    /// Simpson's interaction of everybody, I = Σ P (1 - P), and Theil's entropy E = -Σ P ln P.
    pub(super) fn diversity(&self) -> (f64, f64) {
        diversity_of(&self.shares())
    }
}

/// Simpson's interaction Σ p (1 - p) and entropy -Σ p ln p of shares.
pub(super) fn diversity_of(shares: &[f64]) -> (f64, f64) {
    shares.iter().fold((0.0, 0.0), |(interaction, entropy), &share| {
        (interaction + share * (1.0 - share), entropy - times_ln(share, share))
    })
}

/// p ln q, which is nothing where p is nothing.
pub(super) fn times_ln(p: f64, q: f64) -> f64 {
    if p > 0.0 { p * q.ln() } else { 0.0 }
}

pub(super) fn check_length(name: &str, column: &[f64], places: usize) -> Result<()> {
    if column.len() == places && places > 0 {
        return Ok(());
    }
    let message = format!("{} values for {places} places", column.len());
    Err(Error::new(ErrorKind::Parameter, message).in_column(name))
}

/// Refuses what is no count of people.
/// Beyond it a sum loses people, so that shares exceed 1.
const LARGEST_COUNT: f64 = 1e15;

fn check_count(name: &str, row: usize, count: f64) -> Result<()> {
    if (0.0..=LARGEST_COUNT).contains(&count) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Parameter, format!("`{count}` is not a count of people"))
        .at_row(row + 1)
        .in_column(name)
        .hint("counts are not negative, and no city has 10^15 people; a missing count must be filled or its place left out"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_counts_are_refused_by_row_and_group() {
        let none: [(&str, Vec<f64>); 0] = [];
        assert_eq!(GroupCounts::new(&none).unwrap_err().kind(), ErrorKind::Parameter);
        for wrong in [-1.0, f64::NAN, f64::INFINITY, 1e300] {
            let error = GroupCounts::new(&[("a", [1.0, 1.0]), ("b", [1.0, wrong])]).unwrap_err();
            let position = error.position();
            assert_eq!((position.row, position.column.as_deref()), (Some(2), Some("b")));
        }
        type Columns<'a> = &'a [(&'a str, &'a [f64])];
        let table: [(Columns<'_>, &str); 4] = [
            (&[("a", &[1.0]), ("a", &[1.0])], "two groups"),
            (&[("a", &[1.0]), ("b", &[1.0, 2.0])], "2 values for 1 places"),
            (&[("a", &[0.0]), ("b", &[0.0])], "nobody"),
            (&[("a", &[])], "0 values for 0 places"),
        ];
        for (groups, message) in table {
            assert!(GroupCounts::new(groups).unwrap_err().message().contains(message), "{message}");
        }
    }

    #[test]
    fn a_group_larger_than_its_total_is_refused_and_a_rounding_is_not() {
        let error = GroupCounts::of_group(&[1.0, 11.0], &[10.0, 10.0]).unwrap_err();
        assert_eq!((error.kind(), error.position().row), (ErrorKind::Parameter, Some(2)));
        let overlapping = GroupCounts::among(&[("a", [6.0]), ("b", [6.0])], &[10.0]).unwrap_err();
        assert!(overlapping.to_string().contains("overlap"));
        let spread = GroupCounts::of_group(&[0.1 + 0.2], &[0.3]).unwrap();
        assert_eq!(spread.group_totals()[1], 0.0);
    }

    #[test]
    fn those_in_no_group_are_the_others() {
        let counts = GroupCounts::among(&[("a", [1.0, 2.0]), ("b", [3.0, 0.0])], &[10.0, 2.0]).unwrap();
        assert_eq!(counts.names(), ["a", "b", "others"]);
        assert_eq!((counts.row(0), counts.row(1)), ([1.0, 3.0, 6.0].as_slice(), [2.0, 0.0, 0.0].as_slice()));
        assert_eq!(counts.one_against_others(1).row(0), [3.0, 7.0]);
    }
}
