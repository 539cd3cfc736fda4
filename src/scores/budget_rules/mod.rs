//! Published rules by which budgets are divided between places, as data with their sources.
//!
//! ```text
//!   a rule = formulas; a place counts by the greatest of them; all together are the budget
//!   formula = Σ weight × share of a city's total          (poverty, old homes, how far growth lags)
//!         or residents × Σ weight × score of the place     (percentiles, points, who is without a place nearby)
//! ```

mod definition;
mod divide;
mod published;
mod scores;

pub(crate) use definition::BudgetRuleFile;
pub use definition::{BudgetRule, RuleColumn};
pub use published::PUBLISHED;
