//! Programs over numbers drawn from within their margins of error.

use super::evaluate::Values;
use super::program::{Id, Input, Op, Program};
use crate::model::Kind;
use crate::stats::random::{Random, normal_quantile};
use std::ops::Range;
use std::sync::LazyLock;

/// What happens to medians, quantiles, ranks and neighbours while numbers are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Thresholds {
    /// They stay those of the estimates.
    #[default]
    Held,
    /// They are computed anew in every draw.
    Redrawn,
}

/// One draw of all numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw {
    pub seed: u64,
    pub number: usize,
}

/// Which nodes have to be computed once, and which in every draw.
#[derive(Debug)]
pub(crate) struct Plan {
    fixed: Vec<Id>,
    /// Inputs with margins: their nodes and positions.
    drawn: Vec<(Id, usize)>,
    varying: Vec<Id>,
}

/// The standard error is a 90 % margin of error over this.
const MARGIN_IN_STANDARD_ERRORS: f64 = 1.645;
/// The normal distribution is cut into so many equally likely steps, each drawn at its middle: its table stays in the
/// nearest cache, and a probability is off by less than 1/8192 for it, against 1/63 by chance among 1,000 draws.
const STEPS: usize = 4096;
/// Bits that choose a step.
const STEP_BITS: u32 = STEPS.trailing_zeros();
/// Steps chosen by one number of 64 bits.
const STEPS_A_NUMBER: usize = (u64::BITS / STEP_BITS) as usize;

static NORMAL: LazyLock<[f64; STEPS]> =
    LazyLock::new(|| std::array::from_fn(|step| normal_quantile((step as f64 + 0.5) / STEPS as f64)));

impl Program {
    /// Whether any input has a margin of error.
    pub(crate) fn has_margins(&self) -> bool {
        self.inputs.iter().any(|input| input.moe.is_some())
    }

    pub(crate) fn plan(&self, outputs: &[Id], thresholds: Thresholds) -> Plan {
        let needed = self.needed(outputs);
        let mut varies = vec![false; self.nodes.len()];
        let mut plan = Plan { fixed: Vec::new(), drawn: Vec::new(), varying: Vec::new() };
        for id in needed {
            let node = &self.nodes[id];
            if let Op::Input(index) = node.op
                && self.inputs[index].moe.is_some()
            {
                varies[id] = true;
                plan.drawn.push((id, index));
                continue;
            }
            let is_held = thresholds == Thresholds::Held && node.op.looks_at_others();
            varies[id] = !is_held && node.arguments.iter().any(|argument| varies[*argument]);
            if varies[id] { plan.varying.push(id) } else { plan.fixed.push(id) }
        }
        plan
    }

    /// What no draw changes. Rows other than these are those of the estimates.
    pub(crate) fn compute_fixed(
        &self,
        values: &mut Values,
        plan: &Plan,
        rows: Range<usize>,
        estimates: &Values,
    ) {
        self.compute(values, &plan.fixed, rows, Some(estimates));
    }

    /// One draw of some rows.
    pub(crate) fn compute_drawn(
        &self,
        values: &mut Values,
        plan: &Plan,
        rows: Range<usize>,
        draw: Draw,
        held: Option<&Values>,
    ) {
        for (id, index) in &plan.drawn {
            self.inputs[*index].draw(rows.clone(), self.ranks.as_deref(), draw, &mut values.numbers[*id]);
        }
        self.compute(values, &plan.varying, rows, held);
    }
}

impl Input {
    /// The same draw of a column whatever else is drawn, and whichever rows with it, in any order.
    ///
    /// - `ranks`: where each row stands among the ids in order, if not where it is.
    fn draw(&self, rows: Range<usize>, ranks: Option<&[usize]>, draw: Draw, out: &mut Vec<f64>) {
        let Some(moe) = &self.moe else { return };
        let (low, high) = match self.kind {
            Kind::Index => (f64::NEG_INFINITY, f64::INFINITY),
            Kind::Share => (0.0, 1.0),
            Kind::Count | Kind::Median => (0.0, f64::INFINITY),
        };
        let stream = self.stream().wrapping_add(draw.number as u64);
        let normal = &*NORMAL;
        let drawn = |value: f64, margin: f64, bits: u64| {
            let error = normal[bits as usize % STEPS] * (margin / MARGIN_IN_STANDARD_ERRORS);
            // A missing margin is no margin; NaN stays NaN through max and min of itself.
            let drawn = if margin.is_nan() { value } else { value + error };
            if drawn < low {
                low
            } else if drawn > high {
                high
            } else {
                drawn
            }
        };
        // A number of 64 bits serves several rows that follow each other.
        let bits_of = |row: usize| {
            let group = (row / STEPS_A_NUMBER) as u64;
            Random::at(draw.seed, stream, group) >> ((row % STEPS_A_NUMBER) as u32 * STEP_BITS)
        };
        out.clear();
        if let Some(ranks) = ranks {
            out.extend(rows.map(|row| drawn(self.values[row], moe[row], bits_of(ranks[row]))));
            return;
        }
        let mut row = rows.start;
        while row < rows.end {
            let mut bits = bits_of(row);
            let end = ((row / STEPS_A_NUMBER + 1) * STEPS_A_NUMBER).min(rows.end);
            for (value, margin) in self.values[row..end].iter().zip(&moe[row..end]) {
                out.push(drawn(*value, *margin, bits));
                bits >>= STEP_BITS;
            }
            row = end;
        }
    }

    /// A number of its own for each column (FNV-1a).
    fn stream(&self) -> u64 {
        let text = format!("{} {}", self.name, self.period);
        text.bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
    }
}
