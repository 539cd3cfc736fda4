//! A program over columns: the same code for the estimates, for one block of rows in one draw, and for one row.

use super::definition::Missing;
use super::program::{Id, Op, Program, Truth};
use std::ops::Range;

/// What every node came to. A column has one entry per row, or one for all rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Values {
    pub numbers: Vec<Vec<f64>>,
    pub truths: Vec<Vec<Truth>>,
    /// The known values of the reference set in order, for ranks.
    sorted: Vec<Vec<f64>>,
}

impl Values {
    pub fn of(program: &Program) -> Self {
        let count = program.nodes.len();
        Self {
            numbers: vec![Vec::new(); count],
            truths: vec![Vec::new(); count],
            sorted: vec![Vec::new(); count],
        }
    }

    pub fn number(&self, id: Id, row: usize) -> Option<f64> {
        let value = entry(&self.numbers[id], row);
        value.is_finite().then_some(value)
    }

    pub fn truth(&self, id: Id, row: usize) -> Truth {
        entry(&self.truths[id], row)
    }
}

fn one<T: Copy>(column: &[T], row: usize) -> Vec<T> {
    column.get(if column.len() == 1 { 0 } else { row }).copied().into_iter().collect()
}

pub(crate) fn entry<T: Copy>(column: &[T], row: usize) -> T {
    if column.len() == 1 { column[0] } else { column[row] }
}

/// The share of arguments that a mean needs known (METHODS of composite indices: two thirds).
const MEAN_NEEDS_KNOWN: f64 = 2.0 / 3.0;

impl Program {
    /// Computes every node over all rows.
    pub(crate) fn evaluate(&self) -> Values {
        let mut values = Values::of(self);
        let all: Vec<Id> = (0..self.nodes.len()).collect();
        self.compute(&mut values, &all, 0..self.rows, None);
        values
    }

    /// What every node came to in one row.
    pub(crate) fn at_row(&self, values: &Values, row: usize) -> Values {
        let numbers = values.numbers.iter().map(|column| one(column, row)).collect();
        let truths = values.truths.iter().map(|column| one(column, row)).collect();
        Values { numbers, truths, sorted: Vec::new() }
    }

    /// One row again, with another answer to one comparison; what other rows are stays.
    pub(crate) fn with_answer(
        &self,
        row_values: &Values,
        id: Id,
        answer: Truth,
        all: &Values,
        row: usize,
    ) -> Values {
        let mut values = row_values.clone();
        values.truths[id] = vec![answer];
        let after: Vec<Id> =
            (id + 1..self.nodes.len()).filter(|id| !self.nodes[*id].op.looks_at_others()).collect();
        self.compute(&mut values, &after, row..row + 1, Some(all));
        values
    }

    /// Computes `ids`, which are in order, over `rows`. With `held`, medians, quantiles, sums and what neighbours are
    /// come from there, and ranks are ranks among its values.
    pub(super) fn compute(&self, values: &mut Values, ids: &[Id], rows: Range<usize>, held: Option<&Values>) {
        for &id in ids {
            self.compute_one(values, id, &rows, held);
        }
    }

    fn compute_one(&self, values: &mut Values, id: Id, rows: &Range<usize>, held: Option<&Values>) {
        let node = &self.nodes[id];
        let argument = |index: usize| node.arguments[index];
        let lenient = node.missing == Missing::False;
        let unknown = if lenient { Truth::False } else { Truth::Unknown };
        if let Some(held) = held {
            if node.op.is_aggregate() {
                values.numbers[id].clone_from(&held.numbers[id]);
                return;
            }
            match node.op {
                Op::Lag => return copy_rows(&held.numbers[id], rows, &mut values.numbers[id]),
                Op::Touches => return copy_rows(&held.truths[id], rows, &mut values.truths[id]),
                _ => {}
            }
        }
        if node.op.is_truth() {
            let (before, after) = values.truths.split_at_mut(id);
            let out = &mut after[0];
            let numbers = &values.numbers;
            match &node.op {
                Op::Truth(answer) => single(out, *answer),
                Op::Less => {
                    zip(&numbers[argument(0)], &numbers[argument(1)], out, compare(unknown, |a, b| a < b))
                }
                Op::LessOrEqual => {
                    zip(&numbers[argument(0)], &numbers[argument(1)], out, compare(unknown, |a, b| a <= b));
                }
                Op::Equal => {
                    zip(&numbers[argument(0)], &numbers[argument(1)], out, compare(unknown, |a, b| a == b))
                }
                Op::And => zip(&before[argument(0)], &before[argument(1)], out, Ord::min),
                Op::Or => zip(&before[argument(0)], &before[argument(1)], out, Ord::max),
                Op::Not => map(&before[argument(0)], out, Truth::not),
                Op::AtLeast(count) => at_least(*count, &node.arguments, before, out),
                Op::Known => map(&numbers[argument(0)], out, |number| Truth::known(!number.is_nan())),
                Op::Touches => self.touches(&before[argument(0)], out),
                _ => unreachable!("every other operation gives a number"),
            }
            return;
        }
        let (before, after) = values.numbers.split_at_mut(id);
        let out = &mut after[0];
        match &node.op {
            Op::Input(index) => copy_rows(&self.inputs[*index].values, rows, out),
            Op::Number(bits) => single(out, f64::from_bits(*bits)),
            Op::Add => zip(&before[argument(0)], &before[argument(1)], out, |a, b| a + b),
            Op::Subtract => zip(&before[argument(0)], &before[argument(1)], out, |a, b| a - b),
            Op::Multiply => zip(&before[argument(0)], &before[argument(1)], out, |a, b| a * b),
            Op::Divide if lenient => zip(&before[argument(0)], &before[argument(1)], out, |a, b| a / b),
            Op::Divide => zip(&before[argument(0)], &before[argument(1)], out, |a, b| finite(a / b)),
            Op::Change if lenient => zip(&before[argument(0)], &before[argument(1)], out, |a, b| (b - a) / a),
            Op::Change => zip(&before[argument(0)], &before[argument(1)], out, |a, b| finite((b - a) / a)),
            // Not f64::min: a missing one makes the result missing.
            Op::Smaller => {
                zip(
                    &before[argument(0)],
                    &before[argument(1)],
                    out,
                    |a, b| if b < a || b.is_nan() { b } else { a },
                )
            }
            Op::Larger => {
                zip(
                    &before[argument(0)],
                    &before[argument(1)],
                    out,
                    |a, b| if b > a || b.is_nan() { b } else { a },
                )
            }
            Op::OrElse => {
                zip(&before[argument(0)], &before[argument(1)], out, |a, b| if a.is_nan() { b } else { a })
            }
            Op::MeanOf => mean_of(&node.arguments, before, out),
            Op::If => {
                let condition = &values.truths[argument(0)];
                let (then, otherwise) = (&before[argument(1)], &before[argument(2)]);
                out.clear();
                out.extend((0..longest([condition.len(), then.len(), otherwise.len()])).map(
                    |row| match entry(condition, row) {
                        Truth::True => entry(then, row),
                        Truth::False => entry(otherwise, row),
                        Truth::Unknown => f64::NAN,
                    },
                ));
            }
            Op::Median | Op::Quantile(_) | Op::Mean | Op::Sum => {
                let when = node.arguments.get(1).map(|id| values.truths[*id].as_slice());
                let computed = self.fixed.get(&id).copied();
                single(out, computed.unwrap_or_else(|| self.aggregate(&node.op, &before[argument(0)], when)));
            }
            Op::Power(exponent) => {
                let exponent = f64::from_bits(*exponent);
                map(&before[argument(0)], out, |base| finite(base.powf(exponent)));
            }
            Op::Lag => self.lag(&before[argument(0)], out),
            Op::Rank => {
                let sorted = match held {
                    Some(held) => &held.sorted[id],
                    None => {
                        values.sorted[id] = self.known_in_reference(&before[argument(0)], None);
                        values.sorted[id].sort_by(f64::total_cmp);
                        &values.sorted[id]
                    }
                };
                map(&before[argument(0)], out, |value| mid_rank(sorted, value));
            }
            _ => unreachable!("every other operation gives true, false or unknown"),
        }
    }

    fn known_in_reference(&self, column: &[f64], when: Option<&[Truth]>) -> Vec<f64> {
        let counts =
            |row: &usize| self.reference[*row] && when.is_none_or(|when| entry(when, *row) == Truth::True);
        (0..self.rows).filter(counts).map(|row| entry(column, row)).filter(|value| !value.is_nan()).collect()
    }

    fn aggregate(&self, op: &Op, column: &[f64], when: Option<&[Truth]>) -> f64 {
        let mut known = self.known_in_reference(column, when);
        match op {
            _ if known.is_empty() => f64::NAN,
            Op::Median => quantile(&mut known, 0.5),
            Op::Quantile(share) => quantile(&mut known, f64::from_bits(*share)),
            Op::Mean => known.iter().sum::<f64>() / known.len() as f64,
            _ => known.iter().sum(),
        }
    }

    fn neighbours(&self) -> &[Vec<u32>] {
        self.neighbours.as_deref().expect("the compiler refuses what looks at neighbours without any")
    }

    fn lag(&self, column: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.neighbours().iter().map(|neighbours| {
            let known =
                neighbours.iter().map(|row| entry(column, *row as usize)).filter(|value| !value.is_nan());
            let (sum, count) = known.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
            sum / f64::from(count)
        }));
    }

    fn touches(&self, column: &[Truth], out: &mut Vec<Truth>) {
        out.clear();
        out.extend(self.neighbours().iter().map(|neighbours| {
            neighbours.iter().map(|row| entry(column, *row as usize)).max().unwrap_or(Truth::False)
        }));
    }
}

fn compare(unknown: Truth, decide: impl Fn(f64, f64) -> bool) -> impl Fn(f64, f64) -> Truth {
    move |a, b| if a.is_nan() || b.is_nan() { unknown } else { Truth::known(decide(a, b)) }
}

fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::NAN }
}

fn single<T>(out: &mut Vec<T>, value: T) {
    out.clear();
    out.push(value);
}

fn copy_rows<T: Copy>(column: &[T], rows: &Range<usize>, out: &mut Vec<T>) {
    out.clear();
    out.extend_from_slice(if column.len() == 1 { column } else { &column[rows.clone()] });
}

fn map<A: Copy, B>(column: &[A], out: &mut Vec<B>, f: impl Fn(A) -> B) {
    out.clear();
    out.extend(column.iter().map(|value| f(*value)));
}

/// Row by row; a column of one entry stands for all rows.
fn zip<A: Copy, B>(a: &[A], b: &[A], out: &mut Vec<B>, f: impl Fn(A, A) -> B) {
    out.clear();
    match (a, b) {
        (&[a], &[b]) => out.push(f(a, b)),
        (&[a], b) => out.extend(b.iter().map(|b| f(a, *b))),
        (a, &[b]) => out.extend(a.iter().map(|a| f(*a, b))),
        (a, b) => out.extend(a.iter().zip(b).map(|(a, b)| f(*a, *b))),
    }
}

fn longest(lengths: impl IntoIterator<Item = usize>) -> usize {
    lengths.into_iter().max().unwrap_or(1)
}

fn at_least(count: usize, arguments: &[Id], columns: &[Vec<Truth>], out: &mut Vec<Truth>) {
    let rows = longest(arguments.iter().map(|id| columns[*id].len()));
    out.clear();
    out.extend((0..rows).map(|row| {
        let answers = || arguments.iter().map(|id| entry(&columns[*id], row));
        if answers().filter(|answer| *answer == Truth::True).count() >= count {
            Truth::True
        } else if answers().filter(|answer| *answer != Truth::False).count() >= count {
            Truth::Unknown
        } else {
            Truth::False
        }
    }));
}

fn mean_of(arguments: &[Id], columns: &[Vec<f64>], out: &mut Vec<f64>) {
    let rows = longest(arguments.iter().map(|id| columns[*id].len()));
    let needed = MEAN_NEEDS_KNOWN * arguments.len() as f64;
    out.clear();
    out.extend((0..rows).map(|row| {
        let known = arguments.iter().map(|id| entry(&columns[*id], row)).filter(|value| !value.is_nan());
        let (sum, count) = known.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        if count >= needed - 1e-9 { sum / count } else { f64::NAN }
    }));
}

/// Between the two nearest ranks, linearly, as numpy does by default.
fn quantile(known: &mut [f64], share: f64) -> f64 {
    let position = share * (known.len() - 1) as f64;
    let below = position.floor() as usize;
    let (_, &mut low, above) = known.select_nth_unstable_by(below, f64::total_cmp);
    let part = position - position.floor();
    match above.iter().copied().min_by(f64::total_cmp) {
        Some(high) if share == 0.5 && part == 0.5 => (low + high) / 2.0,
        Some(high) if part > 0.0 => low + (high - low) * part,
        _ => low,
    }
}

/// Share of the values below, those that are equal counted by half.
fn mid_rank(sorted: &[f64], value: f64) -> f64 {
    if value.is_nan() || sorted.is_empty() {
        return f64::NAN;
    }
    let below = sorted.partition_point(|other| *other < value);
    let up_to = sorted.partition_point(|other| *other <= value);
    (below + up_to) as f64 / (2 * sorted.len()) as f64
}
