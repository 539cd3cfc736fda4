//! A definition as it is written in TOML: dates, derived quantities, conditions, classes.

use super::expression::{Expression, parse};
use crate::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

/// What a comparison with a missing value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Missing {
    /// Neither true nor false; a class is unknown unless it is decided regardless (Kleene's logic).
    #[default]
    Unknown,
    /// False, with values read as they are given: sentinels and zeros count as numbers. Only to repeat what was
    /// published so.
    False,
}

/// A published or a user's own definition, read from TOML.
///
/// ```
/// use commonground::scores::gentrification::Definition;
/// let definition = Definition::from_toml(
///     r#"
///     name = "rent_shock"
///     title = "Rents that ran away from a poor neighbourhood"
///     source = "ours"
///     dates = ["start", "end"]
///     [derive]
///     "rent_change@a:b" = "change(real(median_rent@a), median_rent@b)"
///     [conditions]
///     poor = "median_income@start < median(median_income@start)"
///     rents_jumped = "rent_change@start:end > 0.2"
///     [[classes]]
///     code = "rent shock"
///     label = "Rents rose by more than a fifth where incomes were low"
///     when = "poor and rents_jumped"
///     flags = true
///     "#,
/// )?;
/// assert_eq!(definition.conditions(), ["poor", "rents_jumped"]);
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its short name, as in `method="freeman"`.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// Who published it, where.
    pub source: String,
    /// The names of its dates, oldest first.
    pub dates: Vec<String>,
    /// What a missing value does.
    pub missing: Missing,
    /// What the code is where no class holds.
    pub otherwise: String,
    /// What the code is where no class holds and the definition does not apply, if that is not the same.
    pub does_not_apply: Option<String>,
    /// Which neighbourhoods it judges at all, all by default: a place that was rich, or where nobody lives, cannot
    /// gentrify by most definitions, which is no word against it.
    pub(super) applies: Option<Expression>,
    /// The classes; the first that holds is given.
    pub classes: Vec<Class>,
    pub(super) optional: Vec<String>,
    pub(super) derived: Vec<Derived>,
    /// In the order of the file.
    pub(super) conditions: Vec<(String, Expression)>,
    /// Numbers beside the classes, in the order of the file.
    pub(super) scores: Vec<(String, Expression)>,
}

/// One class of a definition.
#[derive(Debug, Clone)]
pub struct Class {
    /// Its code in results.
    pub code: String,
    /// What it means.
    pub label: String,
    /// Whether the class says that the neighbourhood gentrifies; agreement between definitions counts these.
    pub flags: bool,
    pub(super) when: Expression,
}

/// `"share@y" = "..."`: a quantity of its own name, at dates that stand for others.
#[derive(Debug, Clone)]
pub(super) struct Derived {
    pub name: String,
    pub parameters: Vec<String>,
    pub body: Expression,
}

/// A definition of gentrification: rules over the indicators of a study.
#[derive(Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(crate) struct DefinitionFile {
    /// Its short name, which results carry.
    name: String,
    /// Its name for people.
    title: String,
    /// Who published it, where.
    source: String,
    /// The names of its dates, oldest first: `["start", "end"]`.
    dates: Vec<String>,
    /// What a comparison with a missing value is.
    #[serde(default)]
    missing: Missing,
    /// What the code is where no class holds. Default: `none`.
    #[serde(default = "none")]
    otherwise: String,
    /// What the code is where the definition does not apply. Default: `otherwise`.
    does_not_apply: Option<String>,
    /// A condition on the neighbourhoods that it judges at all. Default: all of them.
    applies: Option<String>,
    /// Columns that it can do without.
    #[serde(default)]
    optional: Vec<String>,
    /// Quantities by name and date: `"college_share@y" = "share(college_graduates@y, adults@y)"`.
    #[serde(default)]
    #[cfg_attr(feature = "study", schemars(with = "BTreeMap<String, String>"))]
    derive: BTreeMap<String, Spanned<String>>,
    /// Conditions by name: `poor = "median_income@start < median(median_income@start)"`.
    #[serde(default)]
    #[cfg_attr(feature = "study", schemars(with = "BTreeMap<String, String>"))]
    conditions: BTreeMap<String, Spanned<String>>,
    /// Numbers beside the classes, by name.
    #[serde(default)]
    #[cfg_attr(feature = "study", schemars(with = "BTreeMap<String, String>"))]
    scores: BTreeMap<String, Spanned<String>>,
    /// The classes; the first that holds is given.
    classes: Vec<ClassTable>,
}

/// One class of a definition.
#[derive(Deserialize)]
#[cfg_attr(feature = "study", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct ClassTable {
    /// Its code in results.
    code: String,
    /// What it means, for people.
    label: String,
    /// When it holds: conditions by name with `and`, `or` and `not`.
    when: String,
    /// Whether it says that the neighbourhood gentrifies.
    #[serde(default)]
    flags: bool,
}

fn none() -> String {
    "none".into()
}

impl Definition {
    /// Reads a definition.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if the text is no TOML, lacks a key, or an expression in it is not understood;
    /// [`ErrorKind::Parameter`] if it names no date or no class, or a class twice.
    pub fn from_toml(text: &str) -> Result<Self> {
        let file: DefinitionFile = toml::from_str(text).map_err(|error| {
            let line =
                error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let message = error.message().lines().next().unwrap_or_default().to_owned();
            Error::new(ErrorKind::Format, format!("a definition cannot be understood: {message}"))
                .at_row(line)
        })?;
        let name = file.name;
        let in_file_order = |table: BTreeMap<String, Spanned<String>>| {
            let mut rows: Vec<(String, Spanned<String>)> = table.into_iter().collect();
            rows.sort_by_key(|(_, text)| text.span().start);
            rows.into_iter().map(|(key, text)| (key, text.into_inner()))
        };
        let expressions = |table: BTreeMap<String, Spanned<String>>| -> Result<Vec<(String, Expression)>> {
            in_file_order(table).map(|(key, text)| Ok((key.clone(), read(&name, &key, &text)?))).collect()
        };
        let derived = in_file_order(file.derive).map(|(key, text)| derived(&name, &key, &text));
        let class = |class: ClassTable| {
            let when = read(&name, &class.code, &class.when)?;
            Ok(Class { code: class.code, label: class.label, flags: class.flags, when })
        };
        let definition = Self {
            title: file.title,
            source: file.source,
            dates: file.dates,
            missing: file.missing,
            otherwise: file.otherwise,
            does_not_apply: file.does_not_apply,
            applies: file.applies.map(|text| read(&name, "applies", &text)).transpose()?,
            optional: file.optional,
            derived: derived.collect::<Result<_>>()?,
            conditions: expressions(file.conditions)?,
            scores: expressions(file.scores)?,
            classes: file.classes.into_iter().map(class).collect::<Result<_>>()?,
            name,
        };
        definition.check()?;
        Ok(definition)
    }

    fn check(&self) -> Result<()> {
        let twice = self.classes.iter().enumerate().find(|(index, class)| {
            class.code == self.otherwise
                || self.classes[..*index].iter().any(|other| other.code == class.code)
        });
        let message = match twice {
            Some((_, class)) => {
                format!("the class `{}` stands twice in definition `{}`", class.code, self.name)
            }
            None if self.dates.is_empty() => format!("definition `{}` names no dates", self.name),
            None if self.classes.is_empty() => format!("definition `{}` has no classes", self.name),
            None => return Ok(()),
        };
        Err(Error::new(ErrorKind::Parameter, message))
    }

    /// Every name that its expressions use: columns, derived quantities and conditions.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        let written = self.conditions.iter().chain(&self.scores).map(|(_, body)| body);
        let derived = self.derived.iter().map(|derived| &derived.body);
        let classes = self.classes.iter().map(|class| &class.when);
        for expression in written.chain(derived).chain(classes).chain(&self.applies) {
            expression.add_names(&mut names);
        }
        names
    }

    /// Names of the conditions, in the order of the file.
    #[must_use]
    pub fn conditions(&self) -> Vec<&str> {
        self.conditions.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// Names of the scores, in the order of the file.
    #[must_use]
    pub fn scores(&self) -> Vec<&str> {
        self.scores.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// The years that its dates mean, if `years` are those of the data: the same number as dates, or, for two dates,
    /// the first and the last.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the years do not fit, are too few or not in order.
    pub fn assign_dates(&self, years: &[i32]) -> Result<Vec<i32>> {
        let assigned = match (years, self.dates.len()) {
            ([first, .., last], 2) => vec![*first, *last],
            (years, dates) if years.len() == dates => years.to_vec(),
            ([only], _) => {
                let message = format!("`{}` compares dates, and there is one date only, {only}", self.name);
                return Err(Error::new(ErrorKind::Parameter, message));
            }
            _ => {
                let years: Vec<String> = years.iter().map(i32::to_string).collect();
                let message = format!(
                    "`{}` needs {} dates ({}), not {}: {}",
                    self.name,
                    self.dates.len(),
                    self.dates.join(", "),
                    years.len(),
                    years.join(", ")
                );
                return Err(Error::new(ErrorKind::Parameter, message).hint("name the years to compare"));
            }
        };
        match assigned.windows(2).find(|pair| pair[0] >= pair[1]) {
            None => Ok(assigned),
            Some(pair) => {
                let message = format!("the first year, {}, is not before the last, {}", pair[0], pair[1]);
                Err(Error::new(ErrorKind::Parameter, message))
            }
        }
    }
}

/// `"share@y" = "..."` of a definition.
pub(super) fn derived(definition: &str, key: &str, text: &str) -> Result<Derived> {
    let body = read(definition, key, text)?;
    let (name, dates) = key.split_once('@').unwrap_or((key, ""));
    let parameters = dates.split(':').filter(|date| !date.is_empty()).map(str::to_owned).collect();
    Ok(Derived { name: name.to_owned(), parameters, body })
}

fn read(definition: &str, key: &str, text: &str) -> Result<Expression> {
    parse(text).map_err(|error| error.in_layer(format!("definition {definition}")).in_column(key))
}
