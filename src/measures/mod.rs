//! The measures, one file each. To add one: its file, a line in this list, and a test (`CONTRIBUTING.md` shows the whole of it).

pub(crate) mod access;
mod boundary;
mod clusters;
pub(crate) mod cohesion;
pub(crate) mod districts;
pub(crate) mod encounter;
pub(crate) mod equity;
pub(crate) mod gentrification;
pub(crate) mod green;
mod grocery_choice;
pub(crate) mod groups;
pub(crate) mod jobs;
mod persons;
mod pillars;
pub(crate) mod population;
pub(crate) mod ranges;
mod safety;
pub(crate) mod service_isolation;
pub(crate) mod severance;
mod social_infrastructure;
mod surroundings;
pub(crate) mod transit;
mod transit_service;
mod zoning;

use crate::measure::Measure;

/// Every measure of an assessment, in the order in which they run: what one needs stands before it.
pub static MEASURES: &[&Measure] = &[
    &population::POPULATION,
    &access::ACCESS,
    &ranges::RANGES,
    &green::GREEN,
    &grocery_choice::GROCERY_CHOICE,
    &jobs::JOBS,
    &transit::TRANSIT,
    &boundary::BOUNDARY,
    &service_isolation::SERVICE_ISOLATION,
    &transit_service::TRANSIT_SERVICE,
    &persons::PERSONS,
    &groups::GROUPS,
    &surroundings::SURROUNDINGS,
    &severance::SEVERANCE,
    &encounter::ENCOUNTER,
    &social_infrastructure::SOCIAL,
    &pillars::PILLARS,
    &safety::SAFETY,
    &clusters::CLUSTERS,
    &gentrification::GENTRIFICATION,
    &zoning::ZONING,
    &cohesion::COHESION,
    &equity::EQUITY,
    &districts::DISTRICTS,
];
