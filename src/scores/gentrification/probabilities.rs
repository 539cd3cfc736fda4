//! How sure a class is: it is computed again for draws of every number within its margin of error.

use super::classify::{Class, Classified};
use super::rules::{Draw, Id, Thresholds, Truth, Values};
use crate::progress::{Progress, go_on};
use crate::{Error, ErrorKind, Result};
use rayon::prelude::*;

/// Draws from the margins of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Draws {
    /// How many; 1 to 65,535.
    pub count: usize,
    /// Same seed, same draws, on any number of threads.
    pub seed: u64,
    /// Whether the medians of the reference set are drawn too.
    pub thresholds: Thresholds,
}

impl Default for Draws {
    fn default() -> Self {
        Self { count: 1000, seed: 0, thresholds: Thresholds::Held }
    }
}

/// More than one draw in five in another class: the class is not robust.
pub const NOT_ROBUST: f64 = 0.2;

/// How often each class of a definition came out for each neighbourhood.
#[derive(Debug, Clone, PartialEq)]
pub struct Probabilities {
    /// The classes in the order of the definition, then otherwise, then unknown.
    pub classes: Vec<Class>,
    /// The class of the estimates, one entry per neighbourhood.
    pub estimated: Vec<Class>,
    counts: Vec<u16>,
    draws: usize,
}

impl Probabilities {
    /// Share of the draws that gave the class.
    #[must_use]
    pub fn of(&self, row: usize, class: Class) -> f64 {
        let column = self.classes.iter().position(|known| *known == class);
        column.map_or(0.0, |column| {
            f64::from(self.counts[row * self.classes.len() + column]) / self.draws as f64
        })
    }

    /// Share of the draws in another class than that of the estimates.
    #[must_use]
    pub fn flip_share(&self, row: usize) -> f64 {
        1.0 - self.of(row, self.estimated[row])
    }

    /// Whether at most one draw in five is in another class.
    #[must_use]
    pub fn is_robust(&self, row: usize) -> bool {
        self.flip_share(row) <= NOT_ROBUST
    }
}

/// Rows that are drawn together; their columns stay in the processor's cache.
const BLOCK: usize = 500;

impl Classified {
    /// The probability of every class, from draws of each number within its margin: normal, with a standard error of the
    /// 90 % margin over 1.645, cut off where no number can be (below 0, shares above 1). Numbers without a margin stay.
    ///
    /// With [`Thresholds::Held`], medians, quantiles and neighbours stay those of the estimates: how sure is the class of
    /// this neighbourhood, the city being as it is published? With [`Thresholds::Redrawn`] they are drawn too.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the number of draws is not 1 to 65,535, or no column has a margin of error;
    /// [`ErrorKind::Cancelled`].
    ///
    /// # Source
    /// US Census Bureau (2020), "Understanding and using American Community Survey data", chapter 7.
    pub fn probabilities(&self, draws: Draws, progress: &dyn Progress) -> Result<Vec<Probabilities>> {
        if draws.count == 0 || draws.count > usize::from(u16::MAX) {
            return Err(Error::new(
                ErrorKind::Parameter,
                format!("{} draws: 1 to {} are possible", draws.count, u16::MAX),
            ));
        }
        if !self.program.has_margins() {
            let message = "no column that these definitions read has a margin of error";
            let hint = "give it beside the estimate: `median_rent_2018` and `median_rent_2018_moe`";
            return Err(Error::new(ErrorKind::Parameter, message).in_layer("panel").hint(hint));
        }
        let counts = match draws.thresholds {
            Thresholds::Held => self.count_by_block(draws, progress)?,
            Thresholds::Redrawn => self.count_by_draw(draws, progress)?,
        };
        Ok(counts
            .into_iter()
            .enumerate()
            .map(|(definition, counts)| {
                let classes = (0..self.definitions[definition].classes.len()).map(Class::Of);
                Probabilities {
                    classes: classes.chain([Class::Otherwise, Class::Unknown]).collect(),
                    estimated: self.classes(definition),
                    counts,
                    draws: draws.count,
                }
            })
            .collect())
    }

    /// One list of counts a definition: rows by classes.
    fn no_counts(&self, rows: usize) -> Vec<Vec<u16>> {
        self.definitions.iter().map(|definition| vec![0; rows * (definition.classes.len() + 2)]).collect()
    }

    fn class_nodes(&self) -> Vec<Id> {
        (0..self.definitions.len()).flat_map(|index| self.program.outputs(index).classes.clone()).collect()
    }

    fn count_by_block(&self, draws: Draws, progress: &dyn Progress) -> Result<Vec<Vec<u16>>> {
        let plan = self.program.plan(&self.class_nodes(), Thresholds::Held);
        let rows = self.ids.len();
        let blocks: Vec<usize> = (0..rows).step_by(BLOCK).collect();
        progress.start("drawing within margins of error", blocks.len() as u64);
        let of_blocks = blocks
            .into_par_iter()
            .map(|start| {
                go_on(progress)?;
                let range = start..(start + BLOCK).min(rows);
                let mut counts = self.no_counts(range.len());
                let mut values = Values::of(&self.program);
                self.program.compute_fixed(&mut values, &plan, range.clone(), &self.values);
                for draw in 0..draws.count {
                    let draw = Draw { seed: draws.seed, number: draw };
                    self.program.compute_drawn(&mut values, &plan, range.clone(), draw, Some(&self.values));
                    self.count(&values, &mut counts, range.len());
                }
                progress.advance(1);
                Ok(counts)
            })
            .collect::<Result<Vec<_>>>()?;
        let mut counts = self.no_counts(0);
        for block in of_blocks {
            counts.iter_mut().zip(block).for_each(|(all, block)| all.extend(block));
        }
        Ok(counts)
    }

    fn count_by_draw(&self, draws: Draws, progress: &dyn Progress) -> Result<Vec<Vec<u16>>> {
        let plan = self.program.plan(&self.class_nodes(), Thresholds::Redrawn);
        let rows = self.ids.len();
        progress.start("drawing within margins of error", draws.count as u64);
        let start = || {
            let mut values = Values::of(&self.program);
            self.program.compute_fixed(&mut values, &plan, 0..rows, &self.values);
            (values, self.no_counts(rows))
        };
        (0..draws.count)
            .into_par_iter()
            .try_fold(start, |(mut values, mut counts), draw| {
                go_on(progress)?;
                let draw = Draw { seed: draws.seed, number: draw };
                self.program.compute_drawn(&mut values, &plan, 0..rows, draw, None);
                self.count(&values, &mut counts, rows);
                progress.advance(1);
                Ok((values, counts))
            })
            .map(|folded| folded.map(|(_, counts)| counts))
            // Sums of whole numbers: the order of threads does not matter.
            .try_reduce(
                || self.no_counts(rows),
                |mut all, part| {
                    all.iter_mut()
                        .flatten()
                        .zip(part.into_iter().flatten())
                        .for_each(|(all, part)| *all += part);
                    Ok(all)
                },
            )
    }

    /// Adds one draw of some rows.
    fn count(&self, values: &Values, counts: &mut [Vec<u16>], rows: usize) {
        /// Not in a class yet.
        const OPEN: u8 = u8::MAX;
        let mut column = vec![OPEN; rows];
        for (definition, counts) in counts.iter_mut().enumerate() {
            let classes = &self.program.outputs(definition).classes;
            column.fill(OPEN);
            for (index, id) in classes.iter().enumerate() {
                let settle = |column: &mut u8, answer: Truth| {
                    let settled = if answer == Truth::True { index as u8 } else { classes.len() as u8 + 1 };
                    *column = if *column == OPEN && answer != Truth::False { settled } else { *column };
                };
                match values.truths[*id].as_slice() {
                    [answer] => column.iter_mut().for_each(|column| settle(column, *answer)),
                    answers => {
                        column.iter_mut().zip(answers).for_each(|(column, answer)| settle(column, *answer))
                    }
                }
            }
            let width = classes.len() + 2;
            for (row, column) in column.iter().enumerate() {
                let column = if *column == OPEN { classes.len() } else { usize::from(*column) };
                counts[row * width + column] += 1;
            }
        }
    }
}
