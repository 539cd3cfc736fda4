//! Definitions compiled against a panel: each quantity once, in an order in which it can be computed column by column.

use super::definition::Missing;
use crate::model::{Kind, Period};
use std::collections::HashMap;

/// Position of a node in its program. A node only uses nodes before it.
pub(crate) type Id = usize;

/// What a node does with its arguments. Numbers are missing where they are NaN.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Op {
    /// A column of the panel.
    Input(usize),
    /// The bits of a constant.
    Number(u64),
    Truth(Truth),
    Add,
    Subtract,
    Multiply,
    Divide,
    /// `(b - a) / a`.
    Change,
    Smaller,
    Larger,
    /// Mean of the known ones; missing where fewer than two thirds are known.
    MeanOf,
    /// To the power of a constant.
    Power(u64),
    /// The first that is known.
    OrElse,
    /// Condition, then, else.
    If,
    Less,
    LessOrEqual,
    Equal,
    And,
    Or,
    Not,
    /// At least so many are true.
    AtLeast(usize),
    Known,
    /// Over the reference set, of the rows where the second argument, if any, is true.
    Median,
    Quantile(u64),
    Mean,
    Sum,
    /// Mean of the known neighbours.
    Lag,
    /// Whether it is true of a neighbour.
    Touches,
    /// Share of the reference set below, ties by half.
    Rank,
}

impl Op {
    /// Whether it answers true, false or unknown.
    pub fn is_truth(&self) -> bool {
        matches!(
            self,
            Self::Truth(_)
                | Self::Less
                | Self::LessOrEqual
                | Self::Equal
                | Self::And
                | Self::Or
                | Self::Not
                | Self::AtLeast(_)
                | Self::Known
                | Self::Touches
        )
    }

    /// Whether it looks at all rows of the reference set and gives one number.
    pub fn is_aggregate(&self) -> bool {
        matches!(self, Self::Median | Self::Quantile(_) | Self::Mean | Self::Sum)
    }

    /// Whether it looks at other rows, and so can be held while a row varies.
    pub fn looks_at_others(&self) -> bool {
        self.is_aggregate() || matches!(self, Self::Lag | Self::Touches)
    }
}

/// Ordered so that "and" is the least, "or" the greatest, and "not" the mirror image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub(crate) enum Truth {
    False = 0,
    Unknown = 1,
    True = 2,
}

impl Truth {
    pub fn to_option(self) -> Option<bool> {
        match self {
            Self::False => Some(false),
            Self::Unknown => None,
            Self::True => Some(true),
        }
    }

    pub fn known(answer: bool) -> Self {
        if answer { Self::True } else { Self::False }
    }

    pub fn not(self) -> Self {
        match self {
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
            Self::True => Self::False,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Node {
    pub op: Op,
    pub arguments: Vec<Id>,
    pub missing: Missing,
}

/// A column that a definition reads, NaN where missing.
#[derive(Debug, Clone)]
pub(super) struct Input {
    pub name: String,
    pub period: Period,
    pub is_raw: bool,
    pub values: Vec<f64>,
    pub moe: Option<Vec<f64>>,
    pub kind: Kind,
}

/// A comparison as it was written.
#[derive(Debug, Clone)]
pub(crate) struct Comparison {
    pub left: String,
    pub sign: &'static str,
    pub right: String,
    pub left_id: Id,
    pub right_id: Id,
}

/// Where the parts of one definition are found.
#[derive(Debug, Clone)]
pub(crate) struct Outputs {
    pub years: Vec<i32>,
    pub applies: Option<Id>,
    pub conditions: Vec<Id>,
    pub classes: Vec<Id>,
    pub scores: Vec<Id>,
}

/// Definitions compiled against one panel.
#[derive(Debug, Clone, Default)]
pub(crate) struct Program {
    pub(super) nodes: Vec<Node>,
    pub(super) inputs: Vec<Input>,
    pub(super) rows: usize,
    /// Where each row stands among the ids in order: numbers are drawn by it. `None` if the rows are in order.
    pub(super) ranks: Option<Vec<usize>>,
    pub(super) neighbours: Option<Vec<Vec<u32>>>,
    /// Rows of the reference set.
    pub(super) reference: Vec<bool>,
    /// What each aggregate is called, in the order of first use.
    pub(super) aggregates: Vec<(String, Id)>,
    /// Aggregates that the user fixed.
    pub(super) fixed: HashMap<Id, f64>,
    pub(super) comparisons: HashMap<Id, Comparison>,
    pub(super) outputs: Vec<Outputs>,
    pub(super) ids: HashMap<Node, Id>,
}

impl Program {
    /// The node that does this, made if there is none. What needs a column that is not there is not there.
    pub(super) fn node(&mut self, op: Op, arguments: Vec<Id>, missing: Missing) -> Id {
        let passes_on = !op.is_truth() && !matches!(op, Op::OrElse | Op::MeanOf | Op::If);
        if passes_on && arguments.iter().any(|argument| self.is_absent(*argument)) {
            return self.number(f64::NAN);
        }
        let node = Node { op, arguments, missing };
        if let Some(&id) = self.ids.get(&node) {
            return id;
        }
        self.nodes.push(node.clone());
        self.ids.insert(node, self.nodes.len() - 1);
        self.nodes.len() - 1
    }

    pub(super) fn number(&mut self, number: f64) -> Id {
        self.node(Op::Number(number.to_bits()), Vec::new(), Missing::Unknown)
    }

    /// Whether it is a quantity that nobody gave.
    pub(super) fn is_absent(&self, id: Id) -> bool {
        matches!(self.nodes[id].op, Op::Number(bits) if f64::from_bits(bits).is_nan())
    }

    /// Where the parts of a definition are found.
    pub(crate) fn outputs(&self, definition: usize) -> &Outputs {
        &self.outputs[definition]
    }

    /// Rows of the reference set.
    pub(crate) fn reference(&self) -> &[bool] {
        &self.reference
    }

    /// The aggregates that a definition rests on, each with its text.
    pub(crate) fn aggregates_of(&self, definition: usize) -> impl Iterator<Item = (&str, Id)> {
        let outputs = &self.outputs[definition];
        let ends = [&outputs.conditions, &outputs.classes, &outputs.scores].into_iter().flatten().copied();
        let needed = self.needed(&ends.collect::<Vec<Id>>());
        let aggregates = self.aggregates.iter().filter(move |(_, id)| needed.binary_search(id).is_ok());
        aggregates.map(|(text, id)| (text.as_str(), *id))
    }

    /// The comparisons that these nodes rest on, in the order they were written.
    pub(crate) fn comparisons_of(&self, ids: &[Id]) -> Vec<(Id, &Comparison)> {
        let needed = self.needed(ids).into_iter();
        needed.filter_map(|id| Some((id, self.comparisons.get(&id)?))).collect()
    }

    /// Every node that these rest on, themselves included, in order.
    pub(super) fn needed(&self, ids: &[Id]) -> Vec<Id> {
        let mut is_needed = vec![false; self.nodes.len()];
        for &id in ids {
            is_needed[id] = true;
        }
        for id in (0..self.nodes.len()).rev() {
            if is_needed[id] {
                self.nodes[id].arguments.iter().for_each(|argument| is_needed[*argument] = true);
            }
        }
        (0..self.nodes.len()).filter(|id| is_needed[*id]).collect()
    }
}
