//! Definitions over a panel: a class a neighbourhood, with every condition and threshold that led to it.

use super::rules::{Definition, Program, Reference, Truth, Values};
use crate::model::{Findings, Panel, check_years};
use crate::{Error, ErrorKind, Result};
use std::collections::BTreeSet;

/// Below so many neighbourhoods in the reference set, a median or quantile says little (users' cases: a few tracts more
/// or less changed 11 of 27 classes).
pub const FEW_NEIGHBOURHOODS: usize = 30;

/// What a neighbourhood is by one definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// By its position among the classes of the definition.
    Of(usize),
    /// None of the classes holds.
    Otherwise,
    /// A missing value decides.
    Unknown,
}

/// Definitions computed over one panel.
#[derive(Debug, Clone)]
pub struct Classified {
    pub(super) definitions: Vec<Definition>,
    pub(super) program: Program,
    pub(super) values: Values,
    pub(super) ids: Vec<String>,
    /// What was read as missing, assumed, and computed from too little.
    pub findings: Findings,
}

/// Classifies every neighbourhood of a panel by each definition.
///
/// - `definitions`: each with the years that its dates mean; see [`Definition::assign_dates`].
/// - `reference`: whose medians, quantiles and ranks are the thresholds; all neighbourhoods by default.
///
/// Columns that no definition reads are not looked at. Definitions with three-valued logic read the panel [cleaned](Panel::cleaned); those that repeat a published
/// treatment of missing values read it as it is.
///
/// # Errors
/// As [`Panel::cleaned`]; [`ErrorKind::Column`] if a column that a definition needs is absent; [`ErrorKind::Study`] if
/// money of two years is compared without a price index; [`ErrorKind::Format`] if an expression does not fit together;
/// [`ErrorKind::Parameter`] if a year is not in the panel, or the reference set does not fit.
///
/// # Example
/// ```
/// use commonground::model::Panel;
/// use commonground::scores::gentrification::{Definition, Reference, classify};
/// let ids = ["old town", "heights", "harbour"].map(String::from).to_vec();
/// let panel = Panel::from_wide(
///     ids,
///     [("median_income_2010", vec![Some(20e3), Some(90e3), None]), ("median_income_2020", vec![Some(40e3); 3])],
/// )?;
/// let poor = Definition::from_toml(
///     r#"
///     name = "poor"
///     title = "Poor at the start"
///     source = "ours"
///     dates = ["start", "end"]
///     classes = [{ code = "poor", label = "Below the median", when = "median_income@start < median(median_income@start)" }]
///     "#,
/// )?;
/// let years = poor.assign_dates(&panel.years())?;
/// let found = classify(&panel, &[(&poor, years)], &Reference::default())?;
/// assert_eq!(found.codes(0), [Some("poor"), Some("none"), None]);
/// assert_eq!(found.thresholds(0), [("median(median_income@2010)".to_owned(), Some(55e3))]);
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn classify(
    panel: &Panel,
    definitions: &[(&Definition, Vec<i32>)],
    reference: &Reference,
) -> Result<Classified> {
    for (definition, years) in definitions {
        definition.assign_dates(years)?;
        check_years(years, &panel.years()).map_err(|error| error.in_layer("panel"))?;
    }
    let read: BTreeSet<&str> = definitions.iter().flat_map(|(definition, _)| definition.names()).collect();
    let panel = panel.only(&read);
    let (clean, mut findings) = panel.cleaned()?;
    let program = Program::compile(definitions, &panel, &clean, reference)?;
    let counted = program.reference().iter().filter(|row| **row).count();
    if counted < FEW_NEIGHBOURHOODS {
        let message = format!("medians and quantiles of {counted} neighbourhoods say little");
        findings.warning(Error::new(ErrorKind::Study, message).in_layer("reference set"));
    }
    if panel.neighbours().is_none() {
        let message = "nobody said which neighbourhoods touch, so nothing is known of what happens next door";
        findings.note(Error::new(ErrorKind::Study, message).in_layer("panel"));
    }
    Ok(Classified {
        values: program.evaluate(),
        definitions: definitions.iter().map(|(definition, _)| (*definition).clone()).collect(),
        program,
        ids: panel.ids().to_vec(),
        findings,
    })
}

impl Classified {
    /// The definitions, in the order they were given.
    #[must_use]
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// The ids of the neighbourhoods, in order.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.ids
    }

    /// Whether any column that the definitions read has a margin of error.
    #[must_use]
    pub fn has_margins(&self) -> bool {
        self.program.has_margins()
    }

    /// The years that the dates of a definition mean.
    #[must_use]
    pub fn years(&self, definition: usize) -> &[i32] {
        &self.program.outputs(definition).years
    }

    /// The class of every neighbourhood by one definition.
    #[must_use]
    pub fn classes(&self, definition: usize) -> Vec<Class> {
        (0..self.ids.len()).map(|row| class_at(&self.program, &self.values, definition, row)).collect()
    }

    /// The code of a class; `None` where it is unknown.
    #[must_use]
    pub fn code(&self, definition: usize, class: Class) -> Option<&str> {
        let definition = &self.definitions[definition];
        match class {
            Class::Of(index) => Some(&definition.classes[index].code),
            Class::Otherwise => Some(&definition.otherwise),
            Class::Unknown => None,
        }
    }

    /// Whether a class of a definition says that the neighbourhood gentrifies.
    #[must_use]
    pub fn flags(&self, definition: usize, class: Class) -> bool {
        matches!(class, Class::Of(index) if self.definitions[definition].classes[index].flags)
    }

    /// The code of every neighbourhood's class by one definition; `None` where it is unknown. Where the definition does not
    /// apply, that is not a no: it has a code of its own if the definition names one.
    #[must_use]
    pub fn codes(&self, definition: usize) -> Vec<Option<&str>> {
        let passed_over = self.definitions[definition].does_not_apply.as_deref();
        let code = |(class, applies): (Class, Option<bool>)| match (class, applies) {
            (Class::Otherwise, Some(false)) => passed_over.or_else(|| self.code(definition, class)),
            _ => self.code(definition, class),
        };
        self.classes(definition).into_iter().zip(self.applies(definition)).map(code).collect()
    }

    /// Each condition of a definition with its answer for every neighbourhood.
    #[must_use]
    pub fn conditions(&self, definition: usize) -> Vec<(&str, Vec<Option<bool>>)> {
        let ids = &self.program.outputs(definition).conditions;
        let answers =
            |id: usize| (0..self.ids.len()).map(|row| self.values.truth(id, row).to_option()).collect();
        self.definitions[definition].conditions().into_iter().zip(ids.iter().map(|id| answers(*id))).collect()
    }

    /// Each score of a definition with its value for every neighbourhood.
    #[must_use]
    pub fn scores(&self, definition: usize) -> Vec<(&str, Vec<Option<f64>>)> {
        let ids = &self.program.outputs(definition).scores;
        let values = |id: usize| (0..self.ids.len()).map(|row| self.values.number(id, row)).collect();
        self.definitions[definition].scores().into_iter().zip(ids.iter().map(|id| values(*id))).collect()
    }

    /// The medians, quantiles and sums of the reference set that a definition compares with.
    #[must_use]
    pub fn thresholds(&self, definition: usize) -> Vec<(String, Option<f64>)> {
        let used = self.program.aggregates_of(definition);
        used.map(|(text, id)| (text.to_owned(), self.values.number(id, 0))).collect()
    }

    /// Whether a definition judges each neighbourhood: by most, a place that was rich at the start, or where nobody
    /// lives, cannot gentrify. `None` where a missing value decides.
    #[must_use]
    pub fn applies(&self, definition: usize) -> Vec<Option<bool>> {
        let id = self.program.outputs(definition).applies;
        let applies = |row: usize| id.map_or(Some(true), |id| self.values.truth(id, row).to_option());
        (0..self.ids.len()).map(applies).collect()
    }

    /// For every neighbourhood, the definitions that apply to it and could decide, and those of them that say it
    /// gentrifies; definitions without such a class are left out.
    #[must_use]
    pub fn agreement(&self) -> Vec<Agreement> {
        let asked: Vec<usize> = (0..self.definitions.len())
            .filter(|index| self.definitions[*index].classes.iter().any(|class| class.flags))
            .collect();
        let classes: Vec<Vec<Class>> = asked.iter().map(|index| self.classes(*index)).collect();
        let applies: Vec<Vec<Option<bool>>> = asked.iter().map(|index| self.applies(*index)).collect();
        let of_row = |row: usize| {
            let judges = |at: &usize| applies[*at][row] == Some(true) && classes[*at][row] != Class::Unknown;
            let applicable: Vec<usize> = (0..asked.len()).filter(judges).collect();
            let flags = |at: &&usize| self.flags(asked[**at], classes[**at][row]);
            Agreement {
                flagged_by: applicable.iter().filter(flags).map(|at| asked[*at]).collect(),
                applicable: applicable.iter().map(|at| asked[*at]).collect(),
            }
        };
        (0..self.ids.len()).map(of_row).collect()
    }
}

/// How far definitions agree on one neighbourhood.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// The definitions that say it gentrifies, by position.
    pub flagged_by: Vec<usize>,
    /// The definitions that apply to it and could decide, by position. "Not eligible" and "too few residents" are no
    /// votes against.
    pub applicable: Vec<usize>,
}

impl Agreement {
    /// Share of the applicable definitions that say it gentrifies; `None` where none applies.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (!self.applicable.is_empty()).then(|| self.flagged_by.len() as f64 / self.applicable.len() as f64)
    }
}

/// The first class that holds; unknown as soon as one before it is unknown.
pub(super) fn class_at(program: &Program, values: &Values, definition: usize, row: usize) -> Class {
    for (index, id) in program.outputs(definition).classes.iter().enumerate() {
        match values.truth(*id, row) {
            Truth::True => return Class::Of(index),
            Truth::Unknown => return Class::Unknown,
            Truth::False => {}
        }
    }
    Class::Otherwise
}
