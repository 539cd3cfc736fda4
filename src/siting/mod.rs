//! Where to put it: sites chosen on real ways, with a bound that is always stated and never one answer alone.
//!
//! ```text
//!   TravelPairs ──► Demand ──► solve(choice, objective) ──► Found { best, bound, gap, alternatives, frequency }
//!   any router      sparse,      how many, budget, rules      value, and what no set can beat
//! ```
//!
//! The core is this project's own. Every value is recomputed from the ways, and a bound is proven by the multipliers that
//! the search kept, not believed of a solver.

#[cfg(feature = "study")]
mod along;
mod branch;
#[cfg(feature = "study")]
mod budget;
mod center;
mod choice;
mod decide;
mod demand;
mod dispersion;
mod enumerate;
mod exhaustive;
mod found;
#[cfg(feature = "study")]
mod hub;
mod lagrangean;
#[cfg(feature = "study")]
mod map;
mod meeting;
mod objective;
#[cfg(feature = "study")]
mod page;
#[cfg(feature = "study")]
mod place;
mod projects;
#[cfg(feature = "study")]
mod sentences;
mod set_cover;
mod solve;
mod sums;
#[cfg(test)]
mod tests;
#[cfg(feature = "study")]
mod town;
#[cfg(feature = "study")]
mod trade;
mod worst;

#[cfg(feature = "study")]
pub use budget::{
    Amounts, Benefit, BudgetAnswer, BudgetChoice, BudgetFiles, BudgetQuestion, BudgetTables, Claims,
    Concentration, DistrictPlan, Districts, Need, NotAssessed, Numbers, PlannedProject, ProjectGain,
    budget_page, budget_sentences, budget_tables, spend,
};
pub use choice::{Choice, SetRule};
pub use demand::{Demand, Role, Unserved};
pub use dispersion::{Dispersed, disperse};
pub use found::{Difference, Found, Plan, difference, frequency, regret};
#[cfg(feature = "study")]
pub use hub::{Candidates, Constraint, DemandOf, Existing, Hub, Near};
pub use meeting::{MeetingAim, MeetingGain, MeetingPlaces, MeetingSites};
#[cfg(feature = "study")]
pub use meeting::{MeetingPrice, MeetingTables, Met, meet, meeting_sentences, meeting_tables};
pub use objective::{Objective, kappa};
#[cfg(feature = "study")]
pub use page::siting_page;
#[cfg(feature = "study")]
pub use place::{Placed, Price, place};
pub use projects::{Programme, Project, programme};
#[cfg(feature = "study")]
pub use sentences::siting_sentences;
pub use set_cover::{Covered, set_cover};
pub use solve::{Effort, solve};
#[cfg(feature = "study")]
pub use town::{Candidate, Feature};
#[cfg(feature = "study")]
pub use trade::Trade;
