//! How much a street carries, as the map draws it.

/// 0 for main streets, 1 for others, 2 for paths.
pub(super) fn class(highway: &str) -> usize {
    match highway.trim_end_matches("_link") {
        "motorway" | "trunk" | "primary" | "secondary" | "tertiary" => 0,
        "footway" | "path" | "steps" | "cycleway" | "bridleway" | "track" | "service" | "corridor" => 2,
        _ => 1,
    }
}
