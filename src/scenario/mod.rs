//! A changed city beside the one that it came from: who stays, who comes, who leaves, and what each of them finds.
//!
//! ```text
//!   study ──► Base ──► compare(scenario) ──► receipts, people by measure and group, losers
//!              measured once                  stayers / newcomers / leavers, gained / lost / same / unknown
//! ```

#[cfg(feature = "study")]
mod apply;
#[cfg(feature = "study")]
mod change;
#[cfg(feature = "study")]
mod compare;
pub mod decompose;

#[cfg(feature = "study")]
pub use apply::{JOIN_WITHIN_M, Receipt, apply};
#[cfg(feature = "study")]
pub use change::{Change, Scenario, with_requirements};
#[cfg(feature = "study")]
pub use compare::{Base, Comparison, Loser, NOT_MODELLED, PeopleChange, TOLERANCE_JOBS, TOLERANCE_MINUTES};
