//! Who is being priced out: published definitions, each with its conditions in the open.
//!
//! A definition is a table of rules in TOML. It is computed over a [`Panel`](crate::model::Panel) with three-valued
//! logic: a comparison with a missing value is unknown, and so is the class, unless it is decided regardless.

#[cfg(test)]
mod by_hand;
mod classify;
mod explain;
mod freeman;
mod income_bins;
mod probabilities;
mod published;
mod rules;
mod udp;
mod words;

pub use classify::{Agreement, Class, Classified, FEW_NEIGHBOURHOODS, classify};
pub use explain::{Comparison, Explanation};
pub use freeman::{Freeman, freeman};
pub use income_bins::share_below;
pub use probabilities::{Draws, NOT_ROBUST, Probabilities};
pub use published::{PUBLISHED, published, udp_repairs};
#[cfg(feature = "study")]
pub(crate) use rules::DefinitionFile;
pub use rules::{Class as ClassRule, Definition, Missing, Reference, Repair, Thresholds};
pub use udp::{Difference, udp_differences};
