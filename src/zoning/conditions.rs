//! Conditions of a rule: a closed list of comparisons on what is known of a parcel, never code from a file.

use super::quantities::any_quantity;
use crate::error::nearest;
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use toml::Value;

/// Something known of a parcel: lengths in metres, areas in square metres.
#[derive(Debug, Clone, PartialEq)]
pub enum Fact {
    /// A quantity in metric units.
    Number(f64),
    /// A word, such as the street that the lot faces.
    Text(String),
    /// Yes or no, such as a corner lot.
    Flag(bool),
}

/// What is known of a parcel, by name.
pub type Facts = BTreeMap<String, Fact>;

/// One comparison of a fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Name of the fact.
    pub fact: String,
    /// How it is compared.
    pub test: Test,
}

/// The comparisons that there are.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// At least this number.
    AtLeast(f64),
    /// More than this number.
    MoreThan(f64),
    /// At most this number.
    AtMost(f64),
    /// Less than this number.
    LessThan(f64),
    /// Exactly this.
    Is(Fact),
    /// Anything else than this.
    IsNot(Fact),
    /// One of these words.
    OneOf(Vec<String>),
}

const TESTS: [&str; 7] = ["at_least", "more_than", "at_most", "less_than", "is", "is_not", "one_of"];

impl Comparison {
    /// Whether it holds; `None` if the fact is not known or is of another type.
    #[must_use]
    pub fn holds(&self, facts: &Facts) -> Option<bool> {
        match (&self.test, facts.get(&self.fact)?) {
            (Test::AtLeast(limit), Fact::Number(number)) => Some(number >= limit),
            (Test::MoreThan(limit), Fact::Number(number)) => Some(number > limit),
            (Test::AtMost(limit), Fact::Number(number)) => Some(number <= limit),
            (Test::LessThan(limit), Fact::Number(number)) => Some(number < limit),
            (Test::Is(one), fact) if same_type(one, fact) => Some(one == fact),
            (Test::IsNot(one), fact) if same_type(one, fact) => Some(one != fact),
            (Test::OneOf(words), Fact::Text(word)) => Some(words.contains(word)),
            _ => None,
        }
    }

    /// Comparisons of a table: `{ area = { at_least = { square_feet = 5000 } }, corner = { is = true } }`.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] for a comparison that does not exist, with the nearest one.
    pub(super) fn read_all(value: &Value) -> Result<Vec<Self>> {
        let Value::Table(facts) = value else {
            return Err(Error::new(ErrorKind::Value, "`when` is not a table")
                .hint("write `when = { area = { at_least = { square_feet = 5000 } } }`"));
        };
        let mut comparisons = Vec::new();
        for (fact, tests) in facts {
            let Value::Table(tests) = tests else {
                return Err(Error::new(ErrorKind::Value, format!("`{fact}` is not compared with anything"))
                    .hint(format!("write `{fact} = {{ is = … }}`; comparisons are {}", TESTS.join(", "))));
            };
            for (name, value) in tests {
                let number = || any_quantity(name, value);
                let test = match name.as_str() {
                    "at_least" => Test::AtLeast(number()?),
                    "more_than" => Test::MoreThan(number()?),
                    "at_most" => Test::AtMost(number()?),
                    "less_than" => Test::LessThan(number()?),
                    "is" => Test::Is(fact_of(name, value)?),
                    "is_not" => Test::IsNot(fact_of(name, value)?),
                    "one_of" => Test::OneOf(words(value)?),
                    other => {
                        let error = Error::new(
                            ErrorKind::Value,
                            format!("`{other}` is not a comparison of `{fact}`"),
                        );
                        let near = nearest(other, TESTS.into_iter());
                        return Err(error.hint(near.map_or_else(
                            || format!("comparisons are {}", TESTS.join(", ")),
                            |near| format!("did you mean `{near}`?"),
                        )));
                    }
                };
                comparisons.push(Self { fact: fact.clone(), test });
            }
        }
        Ok(comparisons)
    }
}

/// Whether all of them hold; `None` if that depends on a fact that is not known.
pub(super) fn all_hold(comparisons: &[Comparison], facts: &Facts) -> Option<bool> {
    let mut all = Some(true);
    for comparison in comparisons {
        match comparison.holds(facts) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => all = None,
        }
    }
    all
}

fn same_type(a: &Fact, b: &Fact) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}

fn fact_of(key: &str, value: &Value) -> Result<Fact> {
    Ok(match value {
        Value::String(word) => Fact::Text(word.clone()),
        Value::Boolean(flag) => Fact::Flag(*flag),
        other => Fact::Number(any_quantity(key, other)?),
    })
}

fn words(value: &Value) -> Result<Vec<String>> {
    let texts = value.as_array().map(|list| list.iter().map(|one| one.as_str().map(str::to_owned)).collect());
    texts.flatten().ok_or_else(|| Error::new(ErrorKind::Value, "`one_of` is not a list of words"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions(text: &str) -> Result<Vec<Comparison>> {
        let table: toml::Table = toml::from_str(&format!("when = {text}")).unwrap();
        Comparison::read_all(&table["when"])
    }

    #[test]
    fn a_condition_is_true_false_or_not_known() {
        let of =
            conditions("{ area = { at_least = { square_feet = 5000 } }, corner = { is = true } }").unwrap();
        let facts = |area: Option<f64>, corner: Option<bool>| -> Facts {
            let area = area.map(|area| ("area".to_owned(), Fact::Number(area)));
            area.into_iter().chain(corner.map(|corner| ("corner".to_owned(), Fact::Flag(corner)))).collect()
        };
        assert_eq!(all_hold(&of, &facts(Some(464.6), Some(true))), Some(true));
        assert_eq!(all_hold(&of, &facts(Some(464.0), None)), Some(false));
        assert_eq!(all_hold(&of, &facts(Some(500.0), None)), None);
        assert_eq!(all_hold(&[], &facts(None, None)), Some(true));
        let one_of = conditions("{ street = { one_of = ['Main', 'High'], is_not = 'High' } }").unwrap();
        let street = |name: &str| [("street".to_owned(), Fact::Text(name.into()))].into();
        assert_eq!(
            ["Main", "High", "Mill"].map(|name| all_hold(&one_of, &street(name))),
            [Some(true), Some(false), Some(false)]
        );
    }

    #[test]
    fn code_in_a_file_is_no_condition() {
        let wrong = [
            "'lot_area > 5000'",
            "{ area = 5000 }",
            "{ area = { at_last = 3 } }",
            "{ s = { one_of = 'x' } }",
        ];
        for text in wrong {
            assert_eq!(conditions(text).unwrap_err().kind(), ErrorKind::Value, "{text}");
        }
        assert!(conditions("{ a = { at_last = 3 } }").unwrap_err().to_string().contains("at_least"));
    }
}
