//! The rules of a zoning code, as data: one number with a unit per rule, or cases with conditions.

use super::conditions::{Comparison, Facts, all_hold};
use super::quantities::Kind;
use crate::error::nearest;
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use toml::{Table, Value};

/// A rule that bounds what may be built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// Dwellings per square metre of net area (`max_density`).
    MaxDensity,
    /// Square metres of land that every dwelling needs (`land_per_dwelling`).
    LandPerDwelling,
    /// Smallest lot, m² (`min_lot`).
    MinLot,
    /// Dwellings that a lot may have (`dwellings_per_lot`; 1 where `min_lot` stands alone).
    DwellingsPerLot,
    /// Land for the first dwelling, m² (`first_dwelling`).
    FirstDwelling,
    /// Land for every further dwelling, m² (`further_dwelling`).
    FurtherDwelling,
    /// Gross floor area over net area (`max_far`).
    MaxFar,
    /// Share of the floor area that may be homes (`residential_share`).
    ResidentialShare,
    /// Share of the lot under buildings (`max_coverage`).
    MaxCoverage,
    /// Share of the lot that stays open (`open_space`).
    OpenSpace,
    /// Storeys (`max_storeys`).
    MaxStoreys,
    /// Height, m (`max_height`).
    MaxHeight,
    /// Surface parking stalls per dwelling (`stalls_per_dwelling`).
    StallsPerDwelling,
    /// Smallest dwelling, m² of net floor area (`min_dwelling_size`).
    MinDwellingSize,
    /// Dwellings per parcel (`max_dwellings`).
    MaxDwellings,
}

/// Every rule, its key in TOML, and what it is measured in.
const RULES: [(Rule, &str, Kind); 15] = [
    (Rule::MaxDensity, "max_density", Kind::Density),
    (Rule::LandPerDwelling, "land_per_dwelling", Kind::Area),
    (Rule::MinLot, "min_lot", Kind::Area),
    (Rule::DwellingsPerLot, "dwellings_per_lot", Kind::Number),
    (Rule::FirstDwelling, "first_dwelling", Kind::Area),
    (Rule::FurtherDwelling, "further_dwelling", Kind::Area),
    (Rule::MaxFar, "max_far", Kind::Number),
    (Rule::ResidentialShare, "residential_share", Kind::Share),
    (Rule::MaxCoverage, "max_coverage", Kind::Share),
    (Rule::OpenSpace, "open_space", Kind::Share),
    (Rule::MaxStoreys, "max_storeys", Kind::Number),
    (Rule::MaxHeight, "max_height", Kind::Length),
    (Rule::StallsPerDwelling, "stalls_per_dwelling", Kind::Number),
    (Rule::MinDwellingSize, "min_dwelling_size", Kind::Area),
    (Rule::MaxDwellings, "max_dwellings", Kind::Number),
];

impl Rule {
    /// Its key in TOML.
    #[must_use]
    pub fn key(self) -> &'static str {
        RULES.iter().find(|(rule, ..)| *rule == self).map_or("", |(_, key, _)| key)
    }

    /// The rule of a key in TOML.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        RULES.iter().find(|(_, known, _)| *known == key).map(|(rule, ..)| *rule)
    }

    fn kind(self) -> Kind {
        RULES.iter().find(|(rule, ..)| *rule == self).map_or(Kind::Number, |(.., kind)| *kind)
    }

    /// A zero of these would divide by nothing: it says that there is no rule.
    fn must_be_positive(self) -> bool {
        matches!(self, Self::LandPerDwelling | Self::MinLot | Self::FurtherDwelling | Self::MinDwellingSize)
    }
}

/// A value of a rule, and when it applies; without conditions always.
#[derive(Debug, Clone, PartialEq)]
struct Case {
    when: Vec<Comparison>,
    value: f64,
}

/// The rules of one code. A rule that is not stated bounds nothing.
///
/// ```
/// use commonground::zoning::{Rule, RuleBook};
/// let book = RuleBook::from_toml(
///     "[rules.MX]\nmax_density = { per_acre = 40 }\nmax_coverage = 0.6\n\
///      [[rules.MX.max_storeys]]\nwhen = { corner = { is = true } }\nvalue = 5\n\
///      [[rules.MX.max_storeys]]\nvalue = 4",
///     "mixed.toml",
/// )?;
/// assert_eq!(book.rules("MX").unwrap().stated().next(), Some(Rule::MaxDensity));
/// let wrong = RuleBook::from_toml("[rules.MX]\nmax_density = 40", "mixed.toml").unwrap_err();
/// assert!(wrong.to_string().contains("per_acre"));
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rules {
    cases: BTreeMap<Rule, Vec<Case>>,
    /// What may be built (`homes`, `shops`, …); `None` where the code does not say.
    pub uses: Option<Vec<String>>,
}

impl Rules {
    /// States a rule, in metric units; a rule stated before is replaced.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] if the value is negative, not finite, a share above 1, or a land requirement of 0.
    pub fn with(mut self, rule: Rule, value: f64) -> Result<Self> {
        let is_share = rule.kind() == Kind::Share;
        if !(value.is_finite() && value >= 0.0 && !(is_share && value > 1.0)) {
            return Err(Error::new(ErrorKind::Value, format!("`{}` is `{value}`", rule.key())));
        }
        self.set(rule, vec![Case { when: Vec::new(), value }])?;
        Ok(self)
    }

    /// The rules that are stated.
    pub fn stated(&self) -> impl Iterator<Item = Rule> {
        self.cases.keys().copied()
    }

    /// These rules with those of `over` in their place where it states them: an overlay, a planned development.
    #[must_use]
    pub fn overlaid(&self, over: &Self) -> Self {
        let mut cases = self.cases.clone();
        cases.extend(over.cases.clone());
        Self { cases, uses: over.uses.clone().or_else(|| self.uses.clone()) }
    }

    /// Rules of one parcel, each as its key, its unit (empty for a share or a number) and the value.
    ///
    /// # Errors
    /// As for [`Rules::read`].
    ///
    /// # Example
    /// ```
    /// use commonground::zoning::{Rule, Rules};
    /// let own = Rules::with_units(&[("max_density", "per_acre", 12.5), ("max_far", "", 0.4)])?;
    /// assert_eq!(own.stated().count(), 2);
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn with_units(rules: &[(impl AsRef<str>, impl AsRef<str>, f64)]) -> Result<Self> {
        let value = |unit: &str, value: f64| match unit {
            "" => Value::Float(value),
            unit => Value::Table([(unit.to_owned(), Value::Float(value))].into_iter().collect()),
        };
        let table =
            rules.iter().map(|(key, unit, number)| (key.as_ref().to_owned(), value(unit.as_ref(), *number)));
        Self::read(&table.collect())
    }

    /// Reads the rules of one code.
    ///
    /// # Errors
    /// [`ErrorKind::Value`] naming the key: unknown, without a unit, or out of range.
    pub fn read(table: &Table) -> Result<Self> {
        let mut rules = Self::default();
        for (key, value) in table {
            match (Rule::of_key(key), key.as_str()) {
                (Some(rule), _) => rules.set(rule, cases(key, rule.kind(), value)?)?,
                (None, "uses") => {
                    let words =
                        value.as_array().map(|uses| uses.iter().map(|one| one.as_str().map(str::to_owned)));
                    rules.uses = words.and_then(Iterator::collect);
                    if rules.uses.is_none() {
                        return Err(Error::new(ErrorKind::Value, "`uses` is not a list of words"));
                    }
                }
                (None, "name" | "source" | "note") => {}
                (None, _) => {
                    let known =
                        RULES.iter().map(|(_, key, _)| *key).chain(["uses", "name", "source", "note"]);
                    let error = Error::new(ErrorKind::Value, format!("`{key}` is not a rule of zoning here"));
                    return Err(error.hint(match nearest(key, known.clone()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("the rules are {}", known.collect::<Vec<_>>().join(", ")),
                    }));
                }
            }
        }
        Ok(rules)
    }

    fn set(&mut self, rule: Rule, cases: Vec<Case>) -> Result<()> {
        if rule.must_be_positive() && cases.iter().any(|case| case.value <= 0.0) {
            let message = format!("`{}` is 0, which bounds nothing", rule.key());
            return Err(Error::new(ErrorKind::Value, message).hint("leave the rule out"));
        }
        self.cases.insert(rule, cases);
        Ok(())
    }

    /// The values that a rule may have for a parcel: one, unless a condition depends on a fact that is not known.
    ///
    /// The first case whose conditions hold wins. `None` among them: the rule may not apply at all.
    pub(super) fn possible(&self, rule: Rule, facts: &Facts) -> Vec<Option<f64>> {
        let mut values = Vec::new();
        for case in self.cases.get(&rule).into_iter().flatten() {
            match all_hold(&case.when, facts) {
                Some(true) => {
                    values.push(Some(case.value));
                    return values;
                }
                Some(false) => {}
                None => values.push(Some(case.value)),
            }
        }
        values.push(None);
        values
    }
}

/// One quantity, or a list of quantities of which all but the last have `when`.
fn cases(key: &str, kind: Kind, value: &Value) -> Result<Vec<Case>> {
    let Value::Array(list) = value else {
        return Ok(vec![Case { when: Vec::new(), value: kind.read(key, value)? }]);
    };
    let case = |one: &Value| {
        let Value::Table(table) = one else {
            let message = format!("a case of `{key}` is not a table");
            return Err(Error::new(ErrorKind::Value, message).hint("write `{ when = { … }, value = … }`"));
        };
        let mut rest = table.clone();
        let when = rest.remove("when").map_or(Ok(Vec::new()), |when| Comparison::read_all(&when))?;
        let value = rest.remove("value").unwrap_or(Value::Table(rest));
        Ok(Case { when, value: kind.read(key, &value)? })
    };
    list.iter().map(case).collect()
}

/// The rules of every code.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RuleBook {
    rules: BTreeMap<String, Rules>,
}

impl RuleBook {
    /// Reads `[rules.CODE]` tables (also as `[zoning.rules.CODE]`, as they stand in a study); `name` is the file's, for errors.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if the text is no TOML; [`ErrorKind::Value`] with the code and the key of a wrong rule.
    pub fn from_toml(text: &str, name: &str) -> Result<Self> {
        let table: Table =
            crate::toml_text::read_toml(text, "a book of zoning rules", name, ErrorKind::Format)?;
        let inner = table.get("zoning").and_then(Value::as_table).unwrap_or(&table);
        let rules = inner.get("rules").and_then(Value::as_table).ok_or_else(|| {
            Error::new(ErrorKind::Format, "no table `[rules.CODE]`")
                .in_layer(name)
                .hint("write one table per code, such as `[rules.R1]` and `max_density = { per_acre = 8 }`")
        })?;
        Self::read(rules).map_err(|error| error.in_layer(name))
    }

    /// Reads rules by code from JSON, of the same keys as in TOML: `{"R1": {"max_density": {"per_acre": 8}}}`.
    ///
    /// # Errors
    /// As for [`RuleBook::from_toml`].
    pub fn from_json(text: &str) -> Result<Self> {
        let codes: Table = serde_json::from_str(text)
            .map_err(|error| Error::new(ErrorKind::Format, format!("rules cannot be understood: {error}")))?;
        Self::read(&codes)
    }

    /// Reads a table of rules by code.
    ///
    /// # Errors
    /// As for [`RuleBook::from_toml`].
    pub fn read(codes: &Table) -> Result<Self> {
        let mut rules = BTreeMap::new();
        for (code, value) in codes {
            let table = value.as_table().ok_or_else(|| {
                Error::new(ErrorKind::Value, "the rules of a code are a table").with_id(code.as_str())
            })?;
            rules.insert(code.clone(), Rules::read(table).map_err(|error| error.with_id(code.as_str()))?);
        }
        Ok(Self { rules })
    }

    /// The rules of a code; `None` if the book does not have it.
    #[must_use]
    pub fn rules(&self, code: &str) -> Option<&Rules> {
        self.rules.get(code)
    }

    /// Every code of the book, in order.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.rules.keys().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::super::conditions::Fact;
    use super::*;

    fn book(text: &str) -> Result<RuleBook> {
        RuleBook::from_toml(text, "test.toml")
    }

    #[test]
    fn the_first_case_that_holds_wins_and_an_unknown_fact_leaves_it_open() {
        let book = book(
            "[zoning.rules.R4]\nmax_density = [\n{ when = { area = { at_least = { acres = 1 } } }, per_acre = 40 },\n\
             { when = { corner = { is = true } }, per_acre = 30 },\n{ per_acre = 20 } ]",
        )
        .unwrap();
        let rules = book.rules("R4").unwrap();
        let per_acre = |facts: &Facts| -> Vec<Option<f64>> {
            let values = rules.possible(Rule::MaxDensity, facts);
            values.into_iter().map(|value| value.map(|one| (one * 4_046.856_422_4).round())).collect()
        };
        let area = |area: f64| ("area".to_owned(), Fact::Number(area));
        let corner = |is: bool| ("corner".to_owned(), Fact::Flag(is));
        assert_eq!(per_acre(&[area(5_000.0)].into()), [Some(40.0)]);
        assert_eq!(per_acre(&[area(1_000.0), corner(true)].into()), [Some(30.0)]);
        assert_eq!(per_acre(&[area(1_000.0), corner(false)].into()), [Some(20.0)]);
        assert_eq!(per_acre(&[area(1_000.0)].into()), [Some(30.0), Some(20.0)]);
    }

    #[test]
    fn a_wrong_rule_names_its_code_and_key() {
        for (text, expected) in [
            ("[rules.R1]\nmax_density = 40", "per_acre"),
            ("[rules.R1]\nmax_densty = { per_acre = 40 }", "did you mean `max_density`"),
            ("[rules.R1]\nmax_coverage = 60", "percent"),
            ("[rules.R1]\nmin_lot = { square_feet = 0 }", "leave the rule out"),
            ("[rules.R1]\nmax_dwellings = -1", "not negative"),
            ("[rules.R1]\nuses = 'homes'", "list"),
        ] {
            let error = book(text).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
            assert_eq!(error.position().id.as_deref(), Some("R1"));
        }
        assert_eq!(book("rules").unwrap_err().kind(), ErrorKind::Format);
        assert_eq!(book("[other]").unwrap_err().kind(), ErrorKind::Format);
        assert!(Rules::default().with(Rule::MaxCoverage, 1.5).is_err());
    }

    #[test]
    fn an_overlay_replaces_what_it_states() {
        let base = Rules::default().with(Rule::MaxFar, 1.0).unwrap().with(Rule::MaxStoreys, 2.0).unwrap();
        let over = base.overlaid(&Rules::default().with(Rule::MaxFar, 3.0).unwrap());
        let none = Facts::default();
        assert_eq!(over.possible(Rule::MaxFar, &none), [Some(3.0)]);
        assert_eq!(over.possible(Rule::MaxStoreys, &none), [Some(2.0)]);
        assert_eq!(over.possible(Rule::MaxHeight, &none), [None]);
    }
}
