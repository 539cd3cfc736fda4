//! Residential segregation: who lives among whom, in the places of a city and around them.
//!
//! [`GroupCounts`] holds people by place and group. An [`Index`] sums up the city and [`Index::by_place`] maps it;
//! [`local_measures`] tell what each place is like. [`Environments`] say what lies around a place, in a straight line or
//! by any list of walking times, and a [`SpatialIndex`] measures the mix there. [`randomise`] says what an index would be
//! by chance, which no index should be read without: places of 50 people have a dissimilarity of 0.26 with nobody
//! separated. [`scale_profile`] and [`in_grid_cells`] tell how much of it is the size of the units.
//!
//! None of this distinguishes choice from constraint.

mod bootstrap;
mod borders;
mod centralisation;
mod clustering;
mod compare;
mod concentration;
mod counts;
mod environment;
#[cfg(test)]
mod identities;
mod index;
mod local;
mod pillars;
mod profile;
mod randomise;
mod spatial;
mod two_groups;

pub use bootstrap::{Bootstrapped, Resample, bootstrap};
pub use borders::{AdjustedDissimilarity, adjusted_dissimilarity};
pub use centralisation::{Centralisation, centralisation};
pub use clustering::{Clustering, clustering};
pub use compare::{Change, Comparison, change, compare, difference};
pub use concentration::{Concentration, concentration};
pub use counts::GroupCounts;
pub use environment::Environments;
pub use index::{Index, atkinson_with_shape};
pub use local::{LocalMeasures, concentration_at_extremes, delta, local_measures, residential_isolation};
pub use pillars::{Pillars, access_shortfall, combined_isolation, people_isolated, social_isolation};
pub use profile::{ConcentrationProfile, concentration_profile};
pub use randomise::{Null, Randomised, null_draw, randomise};
pub use spatial::{ScaleProfile, SpatialIndex, in_grid_cells, scale_profile, spatial_exposure};
pub use two_groups::{dissimilarity, isolation, location_quotient};
