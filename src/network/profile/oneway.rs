//! In which directions a street may be used: `[along its line, against it]`.
//!
//! Sources: OpenStreetMap wiki, "Key:oneway" (motorways and roundabouts are one-way unless tagged otherwise),
//! "Key:oneway:bicycle", "Key:cycleway" (`opposite*`), "Key:conveying" (escalators).

use crate::model::Tags;

const BOTH: [bool; 2] = [true, true];
const ALONG: [bool; 2] = [true, false];
const AGAINST: [bool; 2] = [false, true];

/// Walkers take no notice of `oneway`, only of their own tags and of escalators.
pub(super) fn on_foot(tags: &Tags) -> [bool; 2] {
    let own = ["oneway:foot", "foot:oneway"].iter().find_map(|key| directions(tags, key));
    own.unwrap_or_else(|| match tags.get("conveying") {
        Some("forward") => ALONG,
        Some("backward") => AGAINST,
        _ => BOTH,
    })
}

/// `oneway:bicycle`, then contraflow lanes and tracks, then what holds for cars.
pub(super) fn by_bicycle(tags: &Tags) -> [bool; 2] {
    if let Some(own) = directions(tags, "oneway:bicycle") {
        return own;
    }
    const LANES: [(&str, &str); 4] = [
        ("cycleway", "cycleway:oneway"),
        ("cycleway:left", "cycleway:left:oneway"),
        ("cycleway:right", "cycleway:right:oneway"),
        ("cycleway:both", "cycleway:both:oneway"),
    ];
    let is_contraflow = |(lane, direction): &(&str, &str)| {
        tags.get(lane).is_some_and(|value| value.starts_with("opposite"))
            || matches!(tags.get(direction), Some("-1" | "no"))
    };
    if LANES.iter().any(is_contraflow) { BOTH } else { by_car(tags) }
}

/// `oneway`, or what the kind of street implies.
pub(super) fn by_car(tags: &Tags) -> [bool; 2] {
    let is_implied =
        matches!(tags.get("junction"), Some("roundabout" | "circular")) || tags.is("highway", "motorway");
    directions(tags, "oneway").unwrap_or(if is_implied { ALONG } else { BOTH })
}

fn directions(tags: &Tags, key: &str) -> Option<[bool; 2]> {
    match tags.get(key)? {
        "yes" | "1" | "true" => Some(ALONG),
        "-1" | "reverse" => Some(AGAINST),
        "no" | "0" | "false" | "alternating" => Some(BOTH),
        _ => None,
    }
}
