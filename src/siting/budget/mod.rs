//! A budget asked about a study: what each neighbourhood is owed by several rules, and which projects the money buys.
//!
//! ```text
//!   study ──► need, claims ──► owed by each rule, range of ranks, agreement
//!   project + cost + scenario ──compare──► person-minutes or people gained ──► efficient | fair (by need, with floors)
//!                                                                               each with a bound, and where the money goes
//! ```

mod answer;
mod conflicts;
mod districts;
mod page;
mod places;
mod plan;
mod question;
mod rules;
mod sentences;
mod spend;
mod tables;

pub use answer::{BudgetAnswer, BudgetChoice, Concentration, DistrictPlan, Districts, ProjectGain};
pub use page::budget_page;
pub use question::{Amounts, Benefit, BudgetFiles, BudgetQuestion, Claims, Need, Numbers, PlannedProject};
pub use rules::NotAssessed;
pub use sentences::budget_sentences;
pub use spend::spend;
pub use tables::{BudgetTables, budget_tables};
