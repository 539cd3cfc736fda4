//! Cohesion conditions: one index of many indicators, never without what it is made of and how robust it is.
//!
//! Census and street data show the conditions under which people live side by side, not their attitudes; that is why
//! the index is called *cohesion conditions* and never *cohesion*. Scores describe places.
//!
//! The way from a table to an index, each step a choice in the [`Definition`]: divide, set aside places with few people
//! or little data, fill what is missing, treat outliers, normalise, weight, aggregate level by level. Then
//! [`Index::contributions`], [`Index::audit`], [`Index::uncertainty`], [`Index::sensitivity`] and [`Index::choices`] say
//! what the number rests on.

mod aggregate;
mod audit;
mod choices;
mod contributions;
mod data;
mod definition;
mod evaluate;
mod export;
mod impute;
mod index;
mod normalise;
mod objections;
mod plan;
mod presets;
mod ranks;
mod sobol;
pub(super) mod statistics;
mod treatment;
mod uncertainty;
mod weights;

#[cfg(test)]
mod tests;

pub use aggregate::{Mean, copeland, copeland_majority};
pub use audit::{Audit, DOUBLE_COUNTING, Importance, correlation_ratio};
pub use choices::ChoiceEffect;
pub use data::Status;
pub use definition::{
    Aggregate, AggregateMethod, Better, Definition, Direction, Impute, ImputeMethod, Indicator, Missing,
    Normalise, NormaliseMethod, Pillar, Population, ROOT, Ties, Treat, TreatMethod, WeightMethod, Weights,
};
pub use index::{Index, PartScores};
pub use normalise::{Rule, Scale};
pub use objections::{Objection, ObjectionStatus, objections_from_table, objections_from_toml};
pub use presets::{preset, preset_names, preset_toml};
pub use sobol::{Sensitivity, sobol};
pub use statistics::{kurtosis, skewness};
pub use treatment::Treatment;
pub use uncertainty::{Factor, Uncertainty, Variation, WeightDraw, WeightLevel};
pub use weights::{entropy_weights, principal_component_weights};
