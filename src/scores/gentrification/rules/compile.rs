//! From definitions to a program: names are resolved, dates assigned, and what is written twice is computed once.

use super::definition::{Definition, Missing};
use super::expression::{Expression, Operator};
use super::program::{Comparison, Id, Input, Op, Outputs, Program, Truth};
use crate::model::{Panel, Period};
use crate::stats::order;
use crate::{Error, ErrorKind, Result};
use std::collections::{BTreeMap, HashMap};

/// Which neighbourhoods the medians, quantiles and ranks are taken over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reference {
    /// What it is, in words: "the city", "the metropolitan area".
    pub name: String,
    /// One entry per neighbourhood; all of them where it is absent.
    pub rows: Option<Vec<bool>>,
    /// Thresholds that are given instead of computed, by the text that names them in the results:
    /// `median(median_income@2010)`.
    pub fixed: BTreeMap<String, f64>,
}

impl Program {
    /// Compiles definitions that are to be computed together, each with the years that its dates mean.
    pub(crate) fn compile(
        definitions: &[(&Definition, Vec<i32>)],
        raw: &Panel,
        clean: &Panel,
        reference: &Reference,
    ) -> Result<Self> {
        let rows = raw.len();
        let mask = reference.rows.clone().unwrap_or_else(|| vec![true; rows]);
        if mask.len() != rows || !mask.contains(&true) {
            let message =
                format!("the reference set says yes or no for {} of {rows} neighbourhoods", mask.len());
            let error = Error::new(ErrorKind::Parameter, message);
            return Err(error.hint("at least one must be in it"));
        }
        let mut program = Program {
            rows,
            ranks: ranks(raw.ids()),
            reference: mask,
            neighbours: raw.neighbours().map(<[_]>::to_vec),
            ..Program::default()
        };
        for (definition, years) in definitions {
            let mut compiler = Compiler {
                definition,
                years,
                panel: if definition.missing == Missing::False { raw } else { clean },
                program: &mut program,
                known: HashMap::new(),
                open: Vec::new(),
            };
            let outputs = compiler
                .outputs()
                .map_err(|error| error.in_layer(format!("definition {}", definition.name)))?;
            program.outputs.push(outputs);
        }
        for (text, &value) in &reference.fixed {
            let Some((_, id)) = program.aggregates.iter().find(|(label, _)| label == text) else {
                let known: Vec<&str> = program.aggregates.iter().map(|(label, _)| label.as_str()).collect();
                let error = Error::new(
                    ErrorKind::Parameter,
                    format!("`{text}` is no threshold of these definitions"),
                );
                return Err(error.hint(format!("they are {}", known.join("; "))));
            };
            program.fixed.insert(*id, value);
        }
        Ok(program)
    }
}

/// Where each id stands among all of them in order; `None` if they are in order.
fn ranks(ids: &[String]) -> Option<Vec<usize>> {
    (!ids.is_sorted()).then(|| order::places_in(&order::by_name(ids)))
}

/// Dates of an expression, by the name that it has there.
type Dates = Vec<(String, i32)>;

struct Compiler<'a> {
    definition: &'a Definition,
    years: &'a [i32],
    panel: &'a Panel,
    program: &'a mut Program,
    known: HashMap<(String, Vec<i32>), Id>,
    /// Names that are being resolved, to find one that rests on itself.
    open: Vec<String>,
}

impl Compiler<'_> {
    fn outputs(&mut self) -> Result<Outputs> {
        let dates: Dates = self.definition.dates.iter().cloned().zip(self.years.iter().copied()).collect();
        let definition = self.definition;
        let mut conditions = Vec::new();
        for (name, _) in &definition.conditions {
            let id = self.name(name, &[], &dates)?;
            conditions.push(self.truth(id, name)?);
        }
        let mut scores = Vec::new();
        for (name, _) in &definition.scores {
            let id = self.name(name, &[], &dates)?;
            scores.push(self.numeric(id, name)?);
        }
        let applies = match &definition.applies {
            Some(condition) => {
                Some(self.truth_of(condition, &dates).map_err(|error| error.in_column("applies"))?)
            }
            None => None,
        };
        let mut classes = Vec::new();
        for class in &definition.classes {
            let id = self.expression(&class.when, &dates).map_err(|error| error.in_column(&class.code))?;
            classes.push(self.truth(id, &class.code)?);
        }
        Ok(Outputs { years: self.years.to_vec(), applies, conditions, classes, scores })
    }

    fn node(&mut self, op: Op, arguments: Vec<Id>) -> Id {
        self.program.node(op, arguments, self.definition.missing)
    }

    fn truth(&self, id: Id, what: &str) -> Result<Id> {
        if self.program.nodes[id].op.is_truth() {
            Ok(id)
        } else {
            Err(wrong(format!("`{what}` is a number, not true or false")))
        }
    }

    fn numeric(&self, id: Id, what: &str) -> Result<Id> {
        if self.program.nodes[id].op.is_truth() {
            Err(wrong(format!("`{what}` is true or false, not a number")))
        } else {
            Ok(id)
        }
    }

    fn number_of(&mut self, expression: &Expression, dates: &Dates) -> Result<Id> {
        let id = self.expression(expression, dates)?;
        self.numeric(id, &expression.to_string())
    }

    fn truth_of(&mut self, expression: &Expression, dates: &Dates) -> Result<Id> {
        let id = self.expression(expression, dates)?;
        self.truth(id, &expression.to_string())
    }

    fn expression(&mut self, expression: &Expression, dates: &Dates) -> Result<Id> {
        match expression {
            Expression::Number(number) => Ok(self.program.number(*number)),
            Expression::Name { name, dates: of } => self.name(name, of, dates),
            Expression::Not(inner) => {
                let inner = self.truth_of(inner, dates)?;
                Ok(self.node(Op::Not, vec![inner]))
            }
            Expression::Negative(inner) => {
                let inner = self.number_of(inner, dates)?;
                let zero = self.program.number(0.0);
                Ok(self.node(Op::Subtract, vec![zero, inner]))
            }
            Expression::Binary(operator, left, right) => self.binary(*operator, left, right, dates),
            Expression::Call { function, arguments } => self.call(function, arguments, dates),
        }
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Expression,
        right: &Expression,
        dates: &Dates,
    ) -> Result<Id> {
        if let Operator::And | Operator::Or = operator {
            let arguments = vec![self.truth_of(left, dates)?, self.truth_of(right, dates)?];
            return Ok(self.node(if operator == Operator::And { Op::And } else { Op::Or }, arguments));
        }
        let (a, b) = (self.number_of(left, dates)?, self.number_of(right, dates)?);
        let (op, arguments) = match operator {
            Operator::Plus => return Ok(self.node(Op::Add, vec![a, b])),
            Operator::Minus => return Ok(self.node(Op::Subtract, vec![a, b])),
            Operator::Times => return Ok(self.node(Op::Multiply, vec![a, b])),
            Operator::Over => return Ok(self.node(Op::Divide, vec![a, b])),
            Operator::Less => (Op::Less, vec![a, b]),
            Operator::LessOrEqual => (Op::LessOrEqual, vec![a, b]),
            Operator::Greater => (Op::Less, vec![b, a]),
            Operator::GreaterOrEqual => (Op::LessOrEqual, vec![b, a]),
            Operator::Equal | Operator::And | Operator::Or => (Op::Equal, vec![a, b]),
        };
        let id = self.node(op, arguments);
        let comparison = || Comparison {
            left: self.text(left, dates),
            sign: operator.sign(),
            right: self.text(right, dates),
            left_id: a,
            right_id: b,
        };
        let comparison = comparison();
        self.program.comparisons.entry(id).or_insert(comparison);
        Ok(id)
    }

    /// A column that is given, or else a derived quantity, or a condition.
    fn name(&mut self, name: &str, of: &[String], dates: &Dates) -> Result<Id> {
        let years = of.iter().map(|date| self.year(date, dates)).collect::<Result<Vec<i32>>>()?;
        let key = (name.to_owned(), years);
        if let Some(&id) = self.known.get(&key) {
            return Ok(id);
        }
        if self.open.iter().any(|open| *open == label(&key)) {
            return Err(wrong(format!("`{}` rests on itself", label(&key))));
        }
        self.open.push(label(&key));
        let id = self.resolve(&key);
        self.open.pop();
        let id = id?;
        self.known.insert(key, id);
        Ok(id)
    }

    fn resolve(&mut self, (name, years): &(String, Vec<i32>)) -> Result<Id> {
        if let Some(id) = self.given(name, years) {
            return Ok(id);
        }
        let definition = self.definition;
        let declared: Dates = definition.dates.iter().cloned().zip(self.years.iter().copied()).collect();
        let written = definition.conditions.iter().chain(&definition.scores);
        if let Some((_, body)) = written.clone().find(|(condition, _)| condition == name && years.is_empty())
        {
            return self.expression(body, &declared).map_err(|error| error.in_column(name));
        }
        // The dates of a derived quantity are the definition's own, which must be meant, or stand for any.
        for derived in &definition.derived {
            if derived.name != *name || derived.parameters.len() != years.len() {
                continue;
            }
            let mut inside = declared.clone();
            let mut fits = true;
            for (parameter, year) in derived.parameters.iter().zip(years) {
                match declared.iter().find(|(date, _)| date == parameter) {
                    Some((_, own)) => fits &= own == year,
                    None => inside.push((parameter.clone(), *year)),
                }
            }
            if fits {
                return match self.expression(&derived.body, &inside) {
                    Err(error) if error.kind() == ErrorKind::Column => self.absent(name, years, Some(&error)),
                    other => other.map_err(|error| error.in_column(name)),
                };
            }
        }
        self.absent(name, years, None)
    }

    /// What nobody gave: missing everywhere if the definition can do without.
    fn absent(&mut self, name: &str, years: &[i32], part: Option<&Error>) -> Result<Id> {
        if self.definition.optional.iter().any(|optional| optional == name) {
            return Ok(self.program.number(f64::NAN));
        }
        let years: Vec<String> = years.iter().map(i32::to_string).collect();
        let years = if years.is_empty() { String::new() } else { format!(" for {}", years.join(" to ")) };
        let because = part
            .map_or(String::new(), |error| format!(", nor what it is computed from: {}", error.message()));
        let error = Error::new(ErrorKind::Column, format!("no `{name}`{years}{because}"));
        let hint = "name your column so: under [[indicators]] in study.toml, or `name_year` in a panel";
        Err(error.in_column(name).hint(hint))
    }

    /// A column of the panel that is there and holds any value.
    fn given(&mut self, name: &str, years: &[i32]) -> Option<Id> {
        let period = match years {
            [year] => Period::year(*year),
            [from, to] => Period::between(*from, *to),
            _ => return None,
        };
        let column = self.panel.column(name, period)?;
        if column.values.iter().all(Option::is_none) {
            return None;
        }
        let is_raw = self.definition.missing == Missing::False;
        let inputs = &mut self.program.inputs;
        let same = |input: &Input| input.name == name && input.period == period && input.is_raw == is_raw;
        let index = inputs.iter().position(same).unwrap_or_else(|| {
            let numbers =
                |values: &[Option<f64>]| values.iter().map(|value| value.unwrap_or(f64::NAN)).collect();
            inputs.push(Input {
                name: name.to_owned(),
                period,
                is_raw,
                values: numbers(&column.values),
                moe: column.moe.as_deref().map(numbers),
                kind: column.kind,
            });
            inputs.len() - 1
        });
        Some(self.program.node(Op::Input(index), Vec::new(), Missing::Unknown))
    }

    fn year(&self, date: &str, dates: &Dates) -> Result<i32> {
        let named = dates.iter().find(|(name, _)| name == date).map(|(_, year)| *year);
        named.or_else(|| date.parse().ok()).ok_or_else(|| wrong(format!("`{date}` is no date here")))
    }

    /// The expression with years for dates.
    fn text(&self, expression: &Expression, dates: &Dates) -> String {
        dated(expression, &|date| self.year(date, dates).map_or(date.to_owned(), |year| year.to_string()))
            .to_string()
    }

    fn call(&mut self, function: &str, arguments: &[Expression], dates: &Dates) -> Result<Id> {
        let takes = |least: usize, most: usize| {
            if (least..=most).contains(&arguments.len()) {
                Ok(())
            } else {
                Err(wrong(format!("`{function}` takes {least} to {most} arguments, not {}", arguments.len())))
            }
        };
        let numbers = |compiler: &mut Self, arguments: &[Expression]| {
            arguments.iter().map(|argument| compiler.number_of(argument, dates)).collect::<Result<Vec<Id>>>()
        };
        match function {
            "share" | "change" | "smaller" | "larger" => {
                takes(2, 2)?;
                let both = numbers(self, arguments)?;
                let op = match function {
                    "share" => Op::Divide,
                    "change" => Op::Change,
                    "smaller" => Op::Smaller,
                    _ => Op::Larger,
                };
                Ok(self.node(op, both))
            }
            "or_else" => {
                takes(2, 2)?;
                let both = numbers(self, arguments)?;
                Ok(self.node(Op::OrElse, both))
            }
            // What the data does not have at all is left out; what is missing in a row counts as missing.
            "mean_of" | "total_of" => {
                takes(1, usize::MAX)?;
                let mut all = numbers(self, arguments)?;
                all.retain(|id| !self.program.is_absent(*id));
                let Some(&first) = all.first() else { return Ok(self.program.number(f64::NAN)) };
                Ok(match function {
                    "mean_of" => self.node(Op::MeanOf, all),
                    _ => all[1..].iter().fold(first, |sum, next| self.node(Op::Add, vec![sum, *next])),
                })
            }
            "if" => {
                takes(3, 3)?;
                let condition = self.truth_of(&arguments[0], dates)?;
                let (then, otherwise) =
                    (self.number_of(&arguments[1], dates)?, self.number_of(&arguments[2], dates)?);
                Ok(self.node(Op::If, vec![condition, then, otherwise]))
            }
            "at_least" => {
                takes(2, usize::MAX)?;
                let Expression::Number(count) = arguments[0] else {
                    return Err(wrong("`at_least` begins with a number: at_least(3, ...)".into()));
                };
                let answers = arguments[1..].iter().map(|argument| self.truth_of(argument, dates));
                let answers = answers.collect::<Result<Vec<Id>>>()?;
                Ok(self.node(Op::AtLeast(count as usize), answers))
            }
            "known" => {
                takes(1, 1)?;
                let number = self.number_of(&arguments[0], dates)?;
                Ok(self.node(Op::Known, vec![number]))
            }
            "given" => match arguments {
                [Expression::Name { name, dates: of }] => {
                    let years = of.iter().map(|date| self.year(date, dates)).collect::<Result<Vec<i32>>>()?;
                    let is_given = self.given(name, &years).is_some();
                    Ok(self.node(Op::Truth(Truth::known(is_given)), Vec::new()))
                }
                _ => Err(wrong("`given` takes the name of a column".into())),
            },
            "real" => match arguments {
                [Expression::Name { name, dates: of }] if of.len() == 1 => {
                    let column = self.name(name, of, dates)?;
                    let last = *self.years.last().expect("dates are assigned");
                    let ratio = self.panel.inflation(self.year(&of[0], dates)?, last)?;
                    let ratio = self.program.number(ratio);
                    Ok(if ratio == self.program.number(1.0) {
                        column
                    } else {
                        self.node(Op::Multiply, vec![column, ratio])
                    })
                }
                _ => Err(wrong("`real` takes one column of money at one date".into())),
            },
            "median" | "mean" | "sum" | "quantile" => {
                takes(1, 2)?;
                let mut of = vec![self.number_of(&arguments[0], dates)?];
                let op = match (function, arguments) {
                    ("quantile", [_, Expression::Number(share)]) => Op::Quantile(share.to_bits()),
                    ("quantile", _) => {
                        return Err(wrong("`quantile` ends with a share: quantile(x, 0.4)".into()));
                    }
                    (_, [_, condition]) => {
                        of.push(self.truth_of(condition, dates)?);
                        aggregate(function)
                    }
                    _ => aggregate(function),
                };
                let id = self.node(op, of);
                let text = self.text(
                    &Expression::Call { function: function.into(), arguments: arguments.to_vec() },
                    dates,
                );
                if self.program.nodes[id].op.is_aggregate()
                    && self.program.aggregates.iter().all(|(_, known)| *known != id)
                {
                    self.program.aggregates.push((text, id));
                }
                Ok(id)
            }
            "lag" => {
                takes(1, 1)?;
                let number = self.number_of(&arguments[0], dates)?;
                Ok(if self.program.neighbours.is_none() {
                    self.program.number(f64::NAN)
                } else {
                    self.node(Op::Lag, vec![number])
                })
            }
            "touches" => {
                takes(1, 1)?;
                if self.program.neighbours.is_none() {
                    let error = Error::new(
                        ErrorKind::Parameter,
                        "the definition looks at neighbours, and nobody said which touch which",
                    );
                    return Err(error.hint("give the panel a list of neighbours, or polygons"));
                }
                let condition = self.truth_of(&arguments[0], dates)?;
                Ok(self.node(Op::Touches, vec![condition]))
            }
            "power" => match arguments {
                [number, Expression::Number(exponent)] => {
                    let number = self.number_of(number, dates)?;
                    Ok(self.node(Op::Power(exponent.to_bits()), vec![number]))
                }
                _ => Err(wrong("`power` takes a number and an exponent: power(x, 0.5)".into())),
            },
            "share_moe" => self.share_moe(arguments, dates),
            "rank" => {
                takes(1, 1)?;
                let number = self.number_of(&arguments[0], dates)?;
                Ok(self.node(Op::Rank, vec![number]))
            }
            unknown => {
                let error = wrong(format!("`{unknown}` is no function"));
                Err(error.hint(format!("the functions are {}", FUNCTIONS.join(", "))))
            }
        }
    }
    /// The margin of error of the reference set's own share, from the margins of its neighbourhoods; 0 where they have
    /// none.
    fn share_moe(&mut self, arguments: &[Expression], dates: &Dates) -> Result<Id> {
        let [Expression::Name { name: part, dates: of }, Expression::Name { name: whole, dates: also }] =
            arguments
        else {
            return Err(wrong("`share_moe` takes two columns of counts".into()));
        };
        let mut total = |name: &str, of: &[String]| -> Result<Option<(f64, f64)>> {
            let years = of.iter().map(|date| self.year(date, dates)).collect::<Result<Vec<i32>>>()?;
            Ok(self.given(name, &years).map(|id| {
                let Op::Input(index) = self.program.nodes[id].op else { return (f64::NAN, f64::NAN) };
                let input = &self.program.inputs[index];
                let rows = (0..self.program.rows)
                    .filter(|row| self.program.reference[*row] && !input.values[*row].is_nan());
                rows.fold((0.0, 0.0), |(sum, squares), row| {
                    let margin =
                        input.moe.as_ref().map_or(0.0, |moe| if moe[row].is_nan() { 0.0 } else { moe[row] });
                    (sum + input.values[row], squares + margin * margin)
                })
            }))
        };
        let margin = match (total(part, of)?, total(whole, also)?) {
            (Some((part, part_squares)), Some((whole, whole_squares))) if whole > 0.0 => {
                let share = part / whole;
                let under_root = part_squares - share * share * whole_squares;
                // The Census Bureau's rule: where the difference is negative, the sum.
                let under_root =
                    if under_root < 0.0 { part_squares + share * share * whole_squares } else { under_root };
                under_root.sqrt() / whole
            }
            _ => 0.0,
        };
        Ok(self.program.number(margin))
    }
}

const FUNCTIONS: [&str; 21] = [
    "share",
    "change",
    "smaller",
    "larger",
    "or_else",
    "mean_of",
    "total_of",
    "if",
    "at_least",
    "known",
    "given",
    "real",
    "median",
    "mean",
    "sum",
    "quantile",
    "lag",
    "touches",
    "rank",
    "power",
    "share_moe",
];

fn aggregate(function: &str) -> Op {
    match function {
        "median" => Op::Median,
        "mean" => Op::Mean,
        _ => Op::Sum,
    }
}

fn wrong(message: String) -> Error {
    Error::new(ErrorKind::Format, message)
}

fn label((name, years): &(String, Vec<i32>)) -> String {
    let years: Vec<String> = years.iter().map(i32::to_string).collect();
    if years.is_empty() { name.clone() } else { format!("{name}@{}", years.join(":")) }
}

/// The expression with other words for its dates.
fn dated(expression: &Expression, word: &impl Fn(&str) -> String) -> Expression {
    let inside = |inner: &Expression| Box::new(dated(inner, word));
    match expression {
        Expression::Number(number) => Expression::Number(*number),
        Expression::Name { name, dates } => {
            Expression::Name { name: name.clone(), dates: dates.iter().map(|date| word(date)).collect() }
        }
        Expression::Not(inner) => Expression::Not(inside(inner)),
        Expression::Negative(inner) => Expression::Negative(inside(inner)),
        Expression::Binary(operator, left, right) => {
            Expression::Binary(*operator, inside(left), inside(right))
        }
        Expression::Call { function, arguments } => Expression::Call {
            function: function.clone(),
            arguments: arguments.iter().map(|argument| dated(argument, word)).collect(),
        },
    }
}
