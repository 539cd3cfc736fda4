//! Why a neighbourhood has its class: which number met which threshold, by how much, and what would change the class.

use super::classify::{Class, Classified, class_at};
use super::rules::Truth;
use crate::{Error, ErrorKind, Result};

/// The class of one neighbourhood by one definition, with its reasons.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// The id of the neighbourhood.
    pub id: String,
    /// The class.
    pub class: Class,
    /// Each condition of the definition and its answer.
    pub conditions: Vec<(String, Option<bool>)>,
    /// Every comparison of a number with a threshold, those that would change the class first, nearest first.
    pub comparisons: Vec<Comparison>,
}

/// One number against one threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What is compared, as the definition writes it: `median_income@2000`.
    pub left: String,
    /// `<`, `<=`, `>`, `>=` or `==`.
    pub sign: &'static str,
    /// What it is compared with: `median(median_income@2000)`.
    pub right: String,
    /// The number of this neighbourhood; `None` where missing.
    pub value: Option<f64>,
    /// What it is compared with; `None` where missing.
    pub threshold: Option<f64>,
    /// Whether the comparison holds; `None` where it is unknown.
    pub holds: Option<bool>,
    /// The class if only this comparison came out the other way; `None` where the class would stay. For an unknown one,
    /// the class if it held, or else if it did not.
    pub would_become: Option<Class>,
}

impl Comparison {
    /// As the definition writes it: `median_income@2000 < median(median_income@2000)`.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} {} {}", self.left, self.sign, self.right)
    }

    /// By how much the number is above the threshold.
    #[must_use]
    pub fn margin(&self) -> Option<f64> {
        Some(self.value? - self.threshold?)
    }

    /// The margin against the size of the threshold, to tell near misses of different units apart.
    fn relative_margin(&self) -> f64 {
        let scale = self.threshold.map_or(1.0, f64::abs).max(f64::MIN_POSITIVE);
        self.margin().map_or(f64::INFINITY, |margin| margin.abs() / scale)
    }
}

impl Classified {
    /// Why the neighbourhood with this id has its class.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if no neighbourhood has the id.
    pub fn explain(&self, definition: usize, id: &str) -> Result<Explanation> {
        let row = self.ids.iter().position(|known| known == id).ok_or_else(|| {
            Error::new(ErrorKind::Parameter, format!("no neighbourhood has the id `{id}`")).in_layer("panel")
        })?;
        Ok(self.explain_at(definition, row))
    }

    /// Why the neighbourhood at this position has its class.
    ///
    /// # Panics
    /// If there is no such definition or row.
    #[must_use]
    pub fn explain_at(&self, definition: usize, row: usize) -> Explanation {
        let class = class_at(&self.program, &self.values, definition, row);
        let outputs = self.program.outputs(definition);
        let at_row = self.program.at_row(&self.values, row);
        let class_with = |comparison: usize, answer: Truth| {
            let values = self.program.with_answer(&at_row, comparison, answer, &self.values, row);
            let other = class_at(&self.program, &values, definition, 0);
            (other != class).then_some(other)
        };
        let mut comparisons: Vec<Comparison> = self
            .program
            .comparisons_of(&outputs.classes)
            .into_iter()
            .map(|(id, written)| {
                let answer = at_row.truth(id, 0);
                let would_become = match answer {
                    Truth::Unknown => class_with(id, Truth::True).or_else(|| class_with(id, Truth::False)),
                    known => class_with(id, known.not()),
                };
                Comparison {
                    left: written.left.clone(),
                    sign: written.sign,
                    right: written.right.clone(),
                    value: at_row.number(written.left_id, 0),
                    threshold: at_row.number(written.right_id, 0),
                    holds: answer.to_option(),
                    would_become,
                }
            })
            .collect();
        comparisons.sort_by(|a, b| {
            let changes = |comparison: &Comparison| comparison.would_become.is_none();
            changes(a).cmp(&changes(b)).then(a.relative_margin().total_cmp(&b.relative_margin()))
        });
        let answers = outputs.conditions.iter().map(|id| at_row.truth(*id, 0).to_option());
        let names = self.definitions[definition].conditions().into_iter().map(str::to_owned);
        Explanation {
            id: self.ids[row].clone(),
            class,
            conditions: names.zip(answers).collect(),
            comparisons,
        }
    }
}
