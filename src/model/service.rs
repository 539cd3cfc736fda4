//! Places that people need to reach.

use super::OpeningHours;
use geo::Point;

/// A service: a school, a clinic, a place of worship, and so on.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Unique within its layer.
    pub id: String,
    /// What people call it.
    pub name: Option<String>,
    /// One of [`category`], or a category of the user's own.
    pub category: String,
    /// In the study's metric system.
    pub location: Point<f64>,
    /// How many services this row stands for; 1 unless the layer counts them.
    pub count: f64,
    /// Places, beds, seats: in the unit of the layer.
    pub capacity: Option<f64>,
    /// When it is open; `None` where that is not known.
    pub opening_hours: Option<OpeningHours>,
}

/// Names of the categories that the library knows.
pub mod category {
    /// Primary and secondary schools.
    pub const SCHOOL: &str = "school";
    /// Doctors, clinics, health centres and hospitals.
    pub const CLINIC: &str = "clinic";
    /// Of any religion.
    pub const PLACE_OF_WORSHIP: &str = "place_of_worship";
    /// Parks, gardens, playgrounds; reached at its edge.
    pub const GREEN_SPACE: &str = "green_space";
    /// Public libraries.
    pub const LIBRARY: &str = "library";
    /// Community, social and youth centres.
    pub const COMMUNITY_CENTRE: &str = "community_centre";
    /// Supermarkets, grocers and food markets.
    pub const GROCERY: &str = "grocery";
    /// Nurseries and kindergartens.
    pub const CHILDCARE: &str = "childcare";
    /// Pharmacies.
    pub const PHARMACY: &str = "pharmacy";

    /// Cafés, pubs and barbers: where people stay and talk.
    pub const CAFE: &str = "cafe";
    /// Street and farmers' markets.
    pub const MARKET: &str = "market";
    /// Sports centres, halls, pitches and pools that are open to the public.
    pub const SPORT: &str = "sport";

    /// Benches: no place to go to, but help on the way. Not among [`ALL`].
    pub const BENCH: &str = "bench";

    /// Every category above, benches aside.
    pub const ALL: [&str; 12] = [
        SCHOOL,
        CLINIC,
        PLACE_OF_WORSHIP,
        GREEN_SPACE,
        LIBRARY,
        COMMUNITY_CENTRE,
        GROCERY,
        CHILDCARE,
        PHARMACY,
        CAFE,
        MARKET,
        SPORT,
    ];
}
