//! What this project takes as near, as essential and as enough: policy, in one place.

use super::category;

/// Name of the essential that is a workplace rather than a service.
pub const WORK: &str = "work";
/// What everybody should reach on foot.
pub const ESSENTIALS: [&str; 5] =
    [WORK, category::SCHOOL, category::CLINIC, category::PLACE_OF_WORSHIP, category::GREEN_SPACE];
/// Minutes' walk within which the essentials should lie.
pub const STANDARD_MINUTES: f64 = 15.0;
/// In tables by group: all that homes count by, whatever the groups.
pub const EVERYBODY: &str = "everybody";
/// A piece of network that this many homes stand on is a place of its own, not an error of the map.
pub const ISLAND_HOMES: usize = 10;
/// Borders of neighbourhoods that come this close, in metres, are common: files draw the two sides of a street apart.
pub const COMMON_BORDER_M: f64 = 10.0;
