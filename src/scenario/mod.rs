//! A changed city beside the one that it came from: who stays, who comes, who leaves, and what each of them finds.
//!
//! ```text
//!   study ──► Base ──► compare(scenario) ──► receipts, people by measure, group and traveller, losers, displacement
//!              measured once                  stayers / newcomers / leavers, gained / lost / same / unknown
//! ```

#[cfg(feature = "study")]
mod affordability;
#[cfg(feature = "study")]
mod apply;
#[cfg(feature = "study")]
mod change;
#[cfg(feature = "study")]
mod compare;
#[cfg(feature = "study")]
mod crowding;
#[cfg(feature = "study")]
mod cut;
pub mod decompose;
#[cfg(feature = "study")]
mod displacement;
#[cfg(feature = "study")]
mod land;
#[cfg(feature = "study")]
mod measured;
#[cfg(feature = "study")]
mod page;
#[cfg(feature = "study")]
mod people;
#[cfg(feature = "study")]
mod read;
#[cfg(feature = "study")]
mod rejoined;
#[cfg(feature = "study")]
mod sanity;
#[cfg(feature = "study")]
mod scores;
#[cfg(feature = "study")]
mod sentences;
#[cfg(feature = "study")]
mod shapes;
#[cfg(feature = "study")]
pub(crate) mod sheet;
#[cfg(feature = "study")]
mod site;
#[cfg(feature = "study")]
mod streets;
#[cfg(feature = "study")]
mod tables;
#[cfg(feature = "study")]
mod written;

#[cfg(feature = "study")]
pub use affordability::{AffordabilityChange, HouseholdType, Households, Prices, affordability};
#[cfg(feature = "study")]
pub use apply::{Applied, Receipt, apply};
#[cfg(feature = "study")]
pub use change::{Amount, Change, LandSelection, Newcomers, Scenario, ServiceName};
#[cfg(feature = "study")]
pub use compare::{
    Base, ColumnChange, Comparison, EVERYBODY, Loser, PeopleChange, TOLERANCE_MINUTES, TOLERANCE_SHARE, Way,
};
#[cfg(feature = "study")]
pub use crowding::Crowding;
#[cfg(feature = "study")]
pub use displacement::{Displacement, NeighbourhoodDisplacement};
#[cfg(feature = "study")]
pub use land::Built;
#[cfg(feature = "study")]
pub use page::page;
#[cfg(feature = "study")]
pub use read::{scenario_of, with_requirements};
#[cfg(feature = "study")]
pub use scores::{ScoreChange, Scores, State, scores};
#[cfg(feature = "study")]
pub use sentences::sentences;
#[cfg(feature = "study")]
pub(crate) use site::StandardFile;
#[cfg(feature = "study")]
pub use site::{
    RuleVerdict, Site, SiteCheck, SiteReach, SiteRule, SiteStandard, SiteTables, Verdict, Within,
    check_sites, site_summary, site_tables,
};
#[cfg(feature = "study")]
pub use streets::JOIN_WITHIN_M;
#[cfg(feature = "study")]
pub use tables::{ComparisonTables, Sides, tables};
#[cfg(feature = "study")]
pub(crate) use written::ScenarioFile;
