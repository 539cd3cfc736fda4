//! A budget divided by a rule.

use super::definition::{BudgetRule, Formula, Term};
use super::scores::{hundredths, points};
use crate::scores::claims::Owed;
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeMap;

/// Numbers of places by the name of their column.
type Columns = BTreeMap<String, Vec<Option<f64>>>;

impl BudgetRule {
    /// What each place is owed by this rule; the sum is the budget. Where nobody lives, nothing is owed, and nothing needs to be
    /// known.
    ///
    /// - `people`: residents of each place.
    /// - `columns`: by [`RuleColumn::name`](super::RuleColumn::name), one number per place; counts, shares 0 to 1, and money.
    ///
    /// # Errors
    /// [`ErrorKind::Column`] if the rule cannot be assessed: a column that is not optional is missing or not known of a place where
    /// people live, or no place is owed anything. [`ErrorKind::Parameter`] if lengths differ, a number is not finite, or a count
    /// is negative.
    pub fn owed(&self, people: &[f64], columns: &Columns, budget: f64) -> Result<Owed> {
        let wrong = |message: String| Error::new(ErrorKind::Parameter, message).in_layer(&self.name);
        if !(budget.is_finite() && budget >= 0.0) {
            return Err(wrong(format!("the budget is `{budget}`")));
        }
        if people.iter().any(|people| !(people.is_finite() && *people >= 0.0)) {
            return Err(wrong("a number of people is negative or not finite".into()));
        }
        let known = Known { rule: &self.name, people, columns };
        // A formula of which nothing is there says nothing, whatever in it is optional.
        let none_is_there =
            |formula: &&Formula| formula.terms.iter().all(|term| !known.missing(term).is_empty());
        let all_of = self.formulas.iter().filter(none_is_there).flat_map(|formula| &formula.terms);
        let missing = self.terms().filter(|term| !term.optional).chain(all_of);
        let unsaid = |message: String| Error::new(ErrorKind::Column, message).in_layer(&self.name);
        if let Some(said) = listed(missing.flat_map(|term| known.missing(term))) {
            return Err(unsaid(format!("it needs {said}")));
        }
        let mut weights = vec![0.0_f64; people.len()];
        for formula in &self.formulas {
            let own = known.formula(formula)?;
            weights.iter_mut().zip(own).for_each(|(most, own)| *most = most.max(own));
        }
        let all: f64 = weights.iter().sum();
        if all <= 0.0 {
            return Err(unsaid("no place is owed anything by it".into()));
        }
        Ok(Owed::new(&self.name, weights.iter().map(|weight| budget * weight / all).collect(), people))
    }

    fn terms(&self) -> impl Iterator<Item = &Term> {
        self.formulas.iter().flat_map(|formula| &formula.terms)
    }
}

/// Words, each once, in a sentence.
fn listed(words: impl Iterator<Item = String>) -> Option<String> {
    let mut each: Vec<String> = Vec::new();
    words.for_each(|word| {
        if !each.contains(&word) {
            each.push(word);
        }
    });
    (!each.is_empty()).then(|| each.join(", "))
}

/// What is known of places.
struct Known<'a> {
    rule: &'a str,
    people: &'a [f64],
    columns: &'a Columns,
}

impl<'a> Known<'a> {
    fn lived(&self) -> impl Iterator<Item = usize> {
        (0..self.people.len()).filter(|&place| self.people[place] > 0.0)
    }

    /// What is missing for a term, in words.
    fn missing(&self, term: &Term) -> Vec<String> {
        let said = |column: super::RuleColumn| {
            let name = column.name();
            let Some(values) = self.columns.get(&name) else { return Some(format!("`{name}`")) };
            let unknown =
                self.lived().filter(|&place| values.get(place).copied().flatten().is_none()).count();
            match (unknown, self.lived().count()) {
                (0, _) => None,
                (some, all) if some == all => Some(format!("`{name}`")),
                (some, all) => Some(format!("`{name}` of {some} of {all} places")),
            }
        };
        term.columns().into_iter().filter_map(said).collect()
    }

    /// The numbers of a column that is there.
    fn numbers(&self, name: &str) -> &'a [Option<f64>] {
        self.columns.get(name).map_or(&[], Vec::as_slice)
    }

    /// What each place counts by a formula; shares of totals add up to the weights, scores to one per resident.
    fn formula(&self, formula: &Formula) -> Result<Vec<f64>> {
        let mut sums = vec![0.0; self.people.len()];
        for term in formula.terms.iter().filter(|term| self.missing(term).is_empty()) {
            for column in term.columns() {
                self.check(&column.name())?;
            }
            let values = self.term(term)?;
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += term.weight * value);
        }
        if formula.terms.iter().any(Term::is_share) {
            return Ok(sums);
        }
        if formula.rescale {
            let of = |best: fn(f64, f64) -> f64| self.lived().map(|place| sums[place]).reduce(best);
            let (least, most) = (of(f64::min).unwrap_or(0.0), of(f64::max).unwrap_or(0.0));
            let width = if most > least { most - least } else { 1.0 };
            sums.iter_mut().for_each(|sum| *sum = (*sum - least) / width);
        }
        Ok((0..sums.len())
            .map(|place| if self.people[place] > 0.0 { sums[place] * self.people[place] } else { 0.0 })
            .collect())
    }

    fn check(&self, name: &str) -> Result<()> {
        let values = self.numbers(name);
        let wrong =
            |message: String| Error::new(ErrorKind::Parameter, message).in_layer(self.rule).in_column(name);
        if values.len() != self.people.len() {
            return Err(wrong(format!(
                "`{name}` has {} numbers for {} places",
                values.len(),
                self.people.len()
            )));
        }
        match values.iter().position(|value| value.is_some_and(|value| !value.is_finite())) {
            Some(place) => Err(wrong(format!("a number of `{name}` is not finite")).at_row(place + 1)),
            None => Ok(()),
        }
    }

    /// A term of each place, before its weight; 0 where nobody lives.
    fn term(&self, term: &Term) -> Result<Vec<f64>> {
        let lived = |values: &[Option<f64>]| -> Vec<Option<f64>> {
            (0..self.people.len()).map(|place| values[place].filter(|_| self.people[place] > 0.0)).collect()
        };
        if let Some(name) = &term.share_of_total {
            return Ok(shares(self.counts(name)?));
        }
        if let Some(growth) = &term.behind_growth {
            let (now, then) = (self.counts(&growth.now)?, self.counts(&growth.then)?);
            let grown = now.iter().sum::<f64>() / then.iter().sum::<f64>();
            return Ok(shares(
                now.iter().zip(&then).map(|(now, then)| (then * grown - now).max(0.0)).collect(),
            ));
        }
        if let Some(name) = &term.percentile {
            let sign = if term.lowest_counts_most { -1.0 } else { 1.0 };
            let values = lived(self.numbers(name));
            let signed: Vec<Option<f64>> =
                values.iter().map(|value| value.map(|value| sign * value)).collect();
            return Ok(hundredths(&signed).into_iter().map(|part| part.unwrap_or(0.0)).collect());
        }
        if let Some(without) = &term.without {
            let values = lived(self.numbers(&without.column().name()));
            return Ok(values.into_iter().map(|value| value.unwrap_or(0.0)).collect());
        }
        let steps = term.points.as_deref().unwrap_or_default();
        Ok(points(steps, self.people, &|name| self.numbers(name)))
    }

    /// Counts where people live, 0 elsewhere.
    fn counts(&self, name: &str) -> Result<Vec<f64>> {
        let values = self.numbers(name);
        match self.lived().find(|&place| values[place].is_some_and(|value| value < 0.0)) {
            Some(place) => Err(Error::new(ErrorKind::Parameter, format!("a count of `{name}` is negative"))
                .in_layer(self.rule)
                .in_column(name)
                .at_row(place + 1)),
            None => Ok((0..self.people.len())
                .map(|place| if self.people[place] > 0.0 { values[place].unwrap_or(0.0) } else { 0.0 })
                .collect()),
        }
    }
}

/// Parts of the sum; all 0 where it is 0.
fn shares(counts: Vec<f64>) -> Vec<f64> {
    let all: f64 = counts.iter().sum();
    counts.into_iter().map(|count| if all > 0.0 { count / all } else { 0.0 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns by name.
    fn columns(of: &[(&str, &[f64])]) -> Columns {
        of.iter()
            .map(|(name, values)| ((*name).to_owned(), values.iter().copied().map(Some).collect()))
            .collect()
    }

    fn near(found: &[f64], expected: &[f64]) {
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} {expected:?}");
    }

    /// Three places and an airport, where nobody lives and nothing needs to be known.
    const PEOPLE: [f64; 4] = [500.0, 300.0, 200.0, 0.0];

    #[test]
    fn a_place_counts_by_the_greater_formula_and_all_are_brought_to_the_budget() {
        let mut facts = columns(&[
            ("people", &PEOPLE),
            ("poor", &[50.0, 100.0, 50.0, 0.0]),
            ("overcrowded_homes", &[5.0, 5.0, 10.0, 0.0]),
            // Together they did not grow: 300 and 200 lag by 100 and by 0, 500 is ahead.
            ("people_then", &[400.0, 400.0, 200.0, 0.0]),
            ("homes_before_1940", &[0.0, 30.0, 70.0, 0.0]),
        ]);
        for values in facts.values_mut() {
            values[3] = None;
        }
        let of = |name: &str| BudgetRule::published(name).unwrap().owed(&PEOPLE, &facts, 100.0).unwrap();
        let a = [0.125 + 0.125 + 0.0625, 0.075 + 0.25 + 0.0625, 0.05 + 0.125 + 0.125, 0.0];
        let b = [0.075, 0.2 + 0.15 + 0.15, 0.075 + 0.35, 0.0];
        near(&of("cdbg_a").money, &a.map(|share| 100.0 * share));
        near(&of("cdbg_b").money, &b.map(|share| 100.0 * share));
        let greater = [a[0], b[1], b[2], 0.0];
        let sum: f64 = greater.iter().sum();
        let found = of("cdbg");
        near(&found.money, &greater.map(|share| 100.0 * share / sum));
        assert_eq!((found.per_head[3], found.rank), (None, vec![Some(3), Some(2), Some(1), None]));
    }

    #[test]
    fn points_hundredths_and_the_share_of_people_that_may_qualify() {
        let facts = columns(&[
            ("below_185_percent_of_poverty_share", &[0.4, 0.39, 0.7, 1.0]),
            ("people_of_colour_share", &[0.49, 0.9, 0.5, 1.0]),
        ]);
        let parks = BudgetRule::published("minneapolis_parks").unwrap();
        near(&parks.owed(&PEOPLE, &facts, 250.0).unwrap().money, &[150.0, 0.0, 100.0, 0.0]);
        // All three qualify, but a fifth of the people may: 500 and 300 would pass it, and 200 are the fifth.
        let facts = columns(&[
            ("below_60_percent_of_median_share", &[0.8, 0.6, 0.3, 0.0]),
            ("poverty_share", &[0.1, 0.3, 0.25, 0.0]),
        ]);
        let tracts = BudgetRule::published("tax_credit_tracts").unwrap();
        near(&tracts.owed(&PEOPLE, &facts, 1_060.0).unwrap().money, &[500.0, 300.0, 260.0, 0.0]);
        let text = "title = 't'\nsource = 's'\nyear = 1\n[[formulas]]\nrescale = true\nterms = [\
                    { percentile = 'income', lowest_counts_most = true, weight = 2 }, { percentile = 'old' }]";
        let facts = columns(&[("income", &[30.0, 20.0, 40.0, 0.0]), ("old", &[0.1, 0.2, 0.1, 0.0])]);
        // Hundredths 2, 3, 1 and 1.5, 3, 1.5: 5.5, 9 and 3.5, from 0 to 1: 4/11, 1 and 0.
        let own = BudgetRule::from_toml(text, "own").unwrap().owed(&PEOPLE, &facts, 1.0).unwrap().money;
        let weights = [500.0 * 4.0 / 11.0, 300.0];
        let all: f64 = weights.iter().sum();
        near(&own, &[weights[0] / all, weights[1] / all, 0.0, 0.0]);
    }

    #[test]
    fn what_a_rule_needs_is_said_and_what_is_optional_is_left_out() {
        let amenities = BudgetRule::published("tax_credit_amenities").unwrap();
        let library = "without library within 10.06 minutes";
        let found = amenities.owed(&PEOPLE, &columns(&[(library, &[0.2, 0.0, 0.5, 0.0])]), 2.0).unwrap();
        near(&found.money, &[1.0, 0.0, 1.0, 0.0]);
        let said = |facts: &Columns, name: &str| {
            let error = BudgetRule::published(name).unwrap().owed(&PEOPLE, facts, 1.0).unwrap_err();
            (error.kind(), error.message().to_owned())
        };
        let none = said(&Columns::new(), "tax_credit_amenities");
        assert!(none.0 == ErrorKind::Column && none.1.contains(library), "{none:?}");
        let mut partly =
            columns(&[("people", &PEOPLE), ("poor", &[1.0; 4]), ("overcrowded_homes", &[1.0; 4])]);
        partly.get_mut("poor").unwrap()[1] = None;
        assert_eq!(said(&partly, "cdbg_a"), (ErrorKind::Column, "it needs `poor` of 1 of 3 places".into()));
        let negative =
            columns(&[("people", &PEOPLE), ("poor", &[-1.0; 4]), ("overcrowded_homes", &[1.0; 4])]);
        assert_eq!(said(&negative, "cdbg_a").0, ErrorKind::Parameter);
        let nobody = columns(&[
            ("below_185_percent_of_poverty_share", &[0.0; 4]),
            ("people_of_colour_share", &[0.0; 4]),
        ]);
        assert_eq!(
            said(&nobody, "minneapolis_parks"),
            (ErrorKind::Column, "no place is owed anything by it".into())
        );
    }

    #[test]
    fn a_rule_that_cannot_be_understood_is_refused() {
        let of = |terms: &str| {
            let text = format!("title = 't'\nsource = 's'\nyear = 1\n[[formulas]]\nterms = [{terms}]");
            BudgetRule::from_toml(&text, "own.toml").unwrap_err().to_string()
        };
        for (terms, expected) in [
            ("", "without terms"),
            ("{ weight = 2 }", "none or several"),
            ("{ share_of_total = 'a', percentile = 'b' }", "none or several"),
            ("{ share_of_total = 'a' }, { percentile = 'b' }", "not both"),
            ("{ share_of_total = 'a', weight = 0 }", "a weight is `0`"),
            ("{ points = [{ points = -1 }] }", "points are `-1`"),
            ("{ points = [{ points = 1, when = [{ column = 'a' }] }] }", "`at_least`"),
            ("{ points = [{ points = 1, at_most_people = 0.2 }] }", "`most_first`"),
            ("{ without = { category = [], minutes = 5 } }", "no category"),
            ("{ share_of_totl = 'a' }", "share_of_total"),
        ] {
            let error = of(terms);
            assert!(error.contains(expected), "{expected}: {error}");
        }
        for name in super::super::PUBLISHED {
            let rule = BudgetRule::published(name).unwrap();
            assert!(rule.name == name && !rule.columns().is_empty() && rule.year > 1900);
        }
        assert!(BudgetRule::published("cdbg_c").is_err());
    }
}
