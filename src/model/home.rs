//! Where people live.

use super::Weight;
use geo::Point;

/// The homes of a study, column by column; a home is a place with residents, never a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Homes {
    /// The user's ids, unique.
    pub ids: Vec<String>,
    /// One point per home, in the study's metric system.
    pub locations: Vec<Point<f64>>,
    /// How much each home counts for, in the unit of [`Homes::weight`]; finite, ≥ 0.
    pub weights: Vec<f64>,
    /// Residents by group, where the data says.
    pub groups: Vec<Group>,
    /// Residents with a job, who compete for the jobs of the study; finite, ≥ 0. `None` where the data does not say.
    pub workers: Option<Vec<f64>>,
    /// What [`Homes::weights`] count.
    pub weight: Weight,
    /// What stands in for homes, in a sentence, where the study has no layer of its own.
    pub stand_in: Option<String>,
    /// Index of the neighbourhood that holds the home; `None` outside all of them.
    pub neighbourhoods: Vec<Option<u32>>,
}

impl Homes {
    /// Number of homes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }
}

/// A group of residents that the user named.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// As the user named it.
    pub name: String,
    /// People of this group, one count per home; finite, ≥ 0.
    pub counts: Vec<f64>,
}
