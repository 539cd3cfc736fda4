//! Where people work.

use geo::Point;

/// Places of work with their jobs, column by column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Workplaces {
    /// The user's ids, unique.
    pub ids: Vec<String>,
    /// One point per place, in the study's metric system.
    pub locations: Vec<Point<f64>>,
    /// Jobs at each place; finite, ≥ 0.
    pub jobs: Vec<f64>,
    /// Some of the jobs, as the user named them: a sector, a level of pay.
    pub classes: Vec<JobClass>,
}

/// Jobs of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct JobClass {
    /// As the user named it.
    pub name: String,
    /// One count per place; finite, ≥ 0.
    pub jobs: Vec<f64>,
}
