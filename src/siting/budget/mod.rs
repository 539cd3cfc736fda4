//! A budget asked about a study: what each neighbourhood is owed by several rules, and which projects the money buys.
//!
//! ```text
//!   study ──► need, claims ──► owed by each rule, range of ranks, agreement
//!   project + cost + scenario ──compare──► person-minutes or people gained ──► efficient | fair (by need, with floors)
//!                                                                               each with a bound, and where the money goes
//! ```

mod answer;
mod plan;
mod question;
mod sentences;
mod tables;

pub use answer::{BudgetAnswer, BudgetChoice, Concentration, ProjectGain, spend};
pub use question::{Amounts, Benefit, BudgetFiles, BudgetQuestion, Claims, Need, PlannedProject};
pub use sentences::budget_sentences;
pub use tables::{BudgetTables, budget_tables};
