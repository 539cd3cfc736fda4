//! Who may use a street, in which direction, and how fast.

use crate::model::Tags;
use crate::{Error, ErrorKind, KmPerHour, Result};

/// How a street may be used: milliseconds a metre in each direction, `None` where it may not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Traversal {
    /// In the direction of the line.
    pub forward: Option<f64>,
    /// Against it.
    pub backward: Option<f64>,
}

/// Rules of access and speed for one way of travelling.
#[derive(Debug, Clone, PartialEq)]
pub struct TravelProfile {
    walking_speed: KmPerHour,
}

/// Streets that nobody walks on unless a tag says otherwise.
/// (OpenStreetMap wiki, "OSM tags for routing/Access restrictions", world-wide defaults for foot.)
const CLOSED_TO_WALKERS: [&str; 10] = [
    "motorway",
    "motorway_link",
    "construction",
    "proposed",
    "abandoned",
    "raceway",
    "bus_guideway",
    "busway",
    "escape",
    "no",
];
/// Values of `foot` and `access` that open a street, and those that close it.
const OPEN: [&str; 6] = ["yes", "designated", "permissive", "destination", "customers", "official"];
const CLOSED: [&str; 6] = ["no", "private", "use_sidepath", "military", "agricultural", "forestry"];

impl TravelProfile {
    /// Walking at one speed everywhere.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] unless the speed lies between 0.5 and 15 km/h.
    pub fn walking(speed: KmPerHour) -> Result<Self> {
        if !(0.5..=15.0).contains(&speed.get()) {
            return Err(Error::new(
                ErrorKind::Parameter,
                format!("`{}` km/h is not a walking speed", speed.get()),
            )
            .hint("published walking speeds lie between 2.7 (older adults) and 5.1 km/h"));
        }
        Ok(Self { walking_speed: speed })
    }

    /// Milliseconds that a metre takes away from any street, between a place and its street.
    #[must_use]
    pub fn milliseconds_per_metre_off_street(&self) -> f64 {
        self.walking_speed.milliseconds_per_metre()
    }

    /// How a street with these tags may be used; `None` if not at all.
    #[must_use]
    pub fn traversal(&self, tags: &Tags) -> Option<Traversal> {
        if !may_walk(tags) {
            return None;
        }
        let pace = Some(self.walking_speed.milliseconds_per_metre());
        Some(match tags.get("oneway:foot").or_else(|| tags.get("foot:oneway")) {
            Some("yes" | "1" | "true") => Traversal { forward: pace, backward: None },
            Some("-1" | "reverse") => Traversal { forward: None, backward: pace },
            _ => Traversal { forward: pace, backward: pace },
        })
    }
}

fn may_walk(tags: &Tags) -> bool {
    match tags.get("foot") {
        Some(foot) if OPEN.contains(&foot) => return true,
        Some(foot) if CLOSED.contains(&foot) => return false,
        _ => {}
    }
    let has_sidewalk = matches!(tags.get("sidewalk"), Some("both" | "left" | "right" | "yes"));
    let closed_class = match tags.get("highway") {
        Some(class) => CLOSED_TO_WALKERS.contains(&class) && !has_sidewalk,
        None => !tags.is("route", "ferry"),
    };
    let closed_to_all = tags.get("access").is_some_and(|access| CLOSED.contains(&access));
    !closed_class && !closed_to_all && !tags.is("motorroad", "yes")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walks(tags: &[(&str, &str)]) -> bool {
        let profile = TravelProfile::walking(KmPerHour::new(4.8).unwrap()).unwrap();
        profile.traversal(&tags.iter().copied().collect()).is_some()
    }

    #[test]
    fn walkers_use_what_is_open_to_them() {
        assert!(walks(&[("highway", "residential")]));
        assert!(walks(&[("highway", "steps")]));
        assert!(walks(&[("highway", "residential"), ("oneway", "yes")]));
        assert!(walks(&[("highway", "motorway"), ("foot", "yes")]));
        assert!(walks(&[("route", "ferry")]));
        assert!(walks(&[("highway", "service"), ("access", "private"), ("foot", "yes")]));
        assert!(!walks(&[("highway", "motorway")]));
        assert!(!walks(&[("highway", "trunk"), ("motorroad", "yes")]));
        assert!(!walks(&[("highway", "service"), ("access", "private")]));
        assert!(!walks(&[("highway", "cycleway"), ("foot", "no")]));
        assert!(!walks(&[("building", "yes")]));
    }

    #[test]
    fn a_one_way_for_walkers_binds_them() {
        let profile = TravelProfile::walking(KmPerHour::new(3.6).unwrap()).unwrap();
        let tags: Tags = [("highway", "footway"), ("oneway:foot", "-1")].into_iter().collect();
        let one_way = profile.traversal(&tags).unwrap();
        assert_eq!(one_way, Traversal { forward: None, backward: Some(1_000.0) });
    }

    #[test]
    fn a_speed_that_nobody_walks_is_refused() {
        for speed in [0.0, 40.0] {
            let error = TravelProfile::walking(KmPerHour::new(speed).unwrap()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Parameter);
        }
    }
}
