//! Ferries take as long as their timetable says.

use crate::model::Tags;

/// km/h where no duration is tagged (`route_speeds.ferry` of OSRM's profiles). Waiting is not counted.
const FERRY_KMH: f64 = 5.0;

pub(super) fn is_ferry(tags: &Tags) -> bool {
    tags.is("route", "ferry") && tags.get("highway").is_none()
}

/// Speed of a ferry line of the length in metres.
pub(super) fn kmh(tags: &Tags, length_m: impl Fn() -> f64) -> f64 {
    const METRES_PER_MINUTE_IN_KMH: f64 = 0.06;
    let tagged = tags.get("duration").and_then(minutes).map(|minutes| length_m() / minutes);
    tagged.map_or(FERRY_KMH, |speed| speed * METRES_PER_MINUTE_IN_KMH).max(f64::MIN_POSITIVE)
}

/// `20` (minutes), `0:20`, `1:05:30`, `PT20M`, `PT1H5M` (OpenStreetMap wiki, "Key:duration", and ISO 8601).
fn minutes(text: &str) -> Option<f64> {
    let minutes = match text.strip_prefix("PT") {
        Some(mut rest) => {
            let mut minutes = 0.0;
            while let Some(end) = rest.find(['H', 'M', 'S']) {
                let number: f64 = rest[..end].parse().ok()?;
                minutes += match &rest[end..=end] {
                    "H" => number * 60.0,
                    "M" => number,
                    _ => number / 60.0,
                };
                rest = &rest[end + 1..];
            }
            if rest.is_empty() { minutes } else { return None }
        }
        None => {
            let parts: Vec<f64> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?;
            match parts[..] {
                [minutes] => minutes,
                [hours, minutes] => hours * 60.0 + minutes,
                [hours, minutes, seconds] => hours * 60.0 + minutes + seconds / 60.0,
                _ => return None,
            }
        }
    };
    (minutes.is_finite() && minutes > 0.0).then_some(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, expected) in [
            ("20", Some(20.0)),
            ("0:20", Some(20.0)),
            ("01:05", Some(65.0)),
            ("00:10:30", Some(10.5)),
            ("PT20M", Some(20.0)),
            ("PT1H5M", Some(65.0)),
            ("PT", None),
            ("0", None),
            ("-5", None),
            ("soon", None),
            ("1:2:3:4", None),
            ("NaN", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }

    #[test]
    fn a_kilometre_in_five_minutes_is_twelve_kilometres_an_hour() {
        let tags = [("route", "ferry"), ("duration", "5")].into_iter().collect();
        assert!((kmh(&tags, || 1_000.0) - 12.0).abs() < 1e-12);
        let untagged = [("route", "ferry")].into_iter().collect();
        assert_eq!(kmh(&untagged, || 1_000.0), 5.0);
    }
}
