//! Speed limits as people tag them.

use crate::model::Tags;

/// km/h where the limit is `walk` (Germany: 4 to 7 km/h; OSRM's car profile takes 7).
const WALK_KMH: f64 = 7.0;
/// km/h where there is no limit (`none` in OSRM's car profile).
const NO_LIMIT_KMH: f64 = 140.0;
const KMH_PER_MPH: f64 = 1.609_344;
const KMH_PER_KNOT: f64 = 1.852;

/// Limits by country and kind of road in km/h, where they differ from [`kind_of_road`]
/// (OpenStreetMap wiki, "Speed limits"; the list is that of OSRM's car profile).
const COUNTRIES: [(&str, f64); 33] = [
    ("at:rural", 100.0),
    ("at:trunk", 100.0),
    ("ar:urban", 40.0),
    ("ar:rural", 110.0),
    ("be:motorway", 120.0),
    ("be-bru:rural", 70.0),
    ("be-bru:urban", 30.0),
    ("be-vlg:rural", 70.0),
    ("bg:motorway", 140.0),
    ("by:urban", 60.0),
    ("by:motorway", 110.0),
    ("ca-on:rural", 80.0),
    ("ch:rural", 80.0),
    ("ch:trunk", 100.0),
    ("ch:motorway", 120.0),
    ("de:living_street", WALK_KMH),
    ("de:rural", 100.0),
    ("de:motorway", NO_LIMIT_KMH),
    ("dk:rural", 80.0),
    ("es:trunk", 90.0),
    ("fr:rural", 80.0),
    ("gb:nsl_single", 60.0 * KMH_PER_MPH),
    ("gb:nsl_dual", 70.0 * KMH_PER_MPH),
    ("gb:motorway", 70.0 * KMH_PER_MPH),
    ("nl:rural", 80.0),
    ("nl:trunk", 100.0),
    ("no:rural", 80.0),
    ("no:motorway", 110.0),
    ("pl:motorway", 140.0),
    ("ro:trunk", 100.0),
    ("ru:living_street", 20.0),
    ("za:urban", 60.0),
    ("za:rural", 100.0),
];

/// The limit in km/h along the line and against it; `None` where none is tagged or understood.
pub(super) fn limits(tags: &Tags) -> [Option<f64>; 2] {
    let both = tags.get("maxspeed").and_then(parse);
    ["maxspeed:forward", "maxspeed:backward"].map(|key| tags.get(key).and_then(parse).or(both))
}

/// `50`, `30 mph`, `walk`, `none`, `DE:urban`, `FR:zone30`; of several the lowest.
fn parse(text: &str) -> Option<f64> {
    text.split([';', '|', ',']).filter_map(|one| parse_one(one.trim())).min_by(f64::total_cmp)
}

fn parse_one(text: &str) -> Option<f64> {
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "none" => return Some(NO_LIMIT_KMH),
        "walk" => return Some(WALK_KMH),
        _ => {}
    }
    if let Some((_, kind)) = lower.split_once(':') {
        let listed = COUNTRIES.iter().find(|(known, _)| *known == lower).map(|(_, kmh)| *kmh);
        return listed.or_else(|| kind_of_road(kind));
    }
    let end = lower.find(|character: char| !character.is_ascii_digit() && character != '.');
    let (number, unit) = lower.split_at(end.unwrap_or(lower.len()));
    let number: f64 = number.parse().ok().filter(|number| *number > 0.0)?;
    match unit.trim() {
        "" | "km/h" | "kmh" | "kph" => Some(number),
        "mph" => Some(number * KMH_PER_MPH),
        "knots" => Some(number * KMH_PER_KNOT),
        _ => None,
    }
}

/// Limits of most countries (`maxspeed_table_default` of OSRM's car profile), and zones that carry their number.
fn kind_of_road(kind: &str) -> Option<f64> {
    match kind {
        "urban" => Some(50.0),
        "rural" => Some(90.0),
        "trunk" => Some(110.0),
        "motorway" => Some(130.0),
        "living_street" | "bicycle_road" => Some(20.0),
        _ => {
            let digits = kind.trim_start_matches("zone").trim_start_matches(':');
            digits.parse().ok().filter(|kmh| (5.0..=130.0).contains(kmh))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_people_write_them() {
        for (text, kmh) in [
            ("50", Some(50.0)),
            ("50 km/h", Some(50.0)),
            ("30 mph", Some(48.280_32)),
            ("30mph", Some(48.280_32)),
            ("walk", Some(7.0)),
            ("none", Some(140.0)),
            ("DE:urban", Some(50.0)),
            ("DE:rural", Some(100.0)),
            ("XX:rural", Some(90.0)),
            ("FR:zone30", Some(30.0)),
            ("DE:zone:20", Some(20.0)),
            ("70;50", Some(50.0)),
            ("signals", None),
            ("variable", None),
            ("0", None),
            ("-50", None),
            ("fast", None),
            ("1e9", None),
            ("", None),
        ] {
            assert_eq!(parse(text), kmh, "{text}");
        }
    }

    #[test]
    fn each_direction_has_its_own_limit() {
        let tags = [("maxspeed", "50"), ("maxspeed:backward", "30")].into_iter().collect();
        assert_eq!(limits(&tags), [Some(50.0), Some(30.0)]);
    }
}
