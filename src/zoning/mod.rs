//! From zoning rules to homes: what may be built, which rule binds, how much of it is realistic, and whether it pays.

mod affordable;
mod capacity;
mod conditions;
mod demand;
mod feasibility;
mod quantities;
mod realistic;
mod rules;

pub use affordable::{SIZE_FACTORS, affordable_price, affordable_rent, revenue_lost};
pub use capacity::{Assumptions, Bound, BoundKind, Capacity, Parcel, capacity, capacity_across};
pub use conditions::{Comparison, Fact, Facts, Test};
pub use demand::{OpenSpaceChange, open_space_change, pupils};
pub use feasibility::{Costs, Feasibility, break_even_rent, carried_share, feasibility};
pub use quantities::{
    METRES_PER_FOOT, SQUARE_METRES_PER_ACRE, SQUARE_METRES_PER_HECTARE, SQUARE_METRES_PER_SQUARE_FOOT,
};
pub use realistic::{
    NotCounted, Realistic, RealisticShares, Standing, Underused, applied_dwellings, buildable_lands,
    is_soft_site, realistic,
};
pub use rules::{Rule, RuleBook, Rules};
