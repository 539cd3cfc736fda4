//! One school in two sources, or twice in one: found before it is counted twice.

use super::Service;
use crate::progress::go_on;
use crate::{Metres, Progress, Result};
use geo::{Distance, Euclidean};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use std::collections::BTreeSet;

/// Two services of one name and category that are nearer than this are taken for one, in metres.
pub const SAME_PLACE_M: f64 = 100.0;

/// Two services that look like the same place.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SamePlace {
    /// Index of the one that is listed first.
    pub first: usize,
    /// Index of the other.
    pub second: usize,
    /// Metres between them.
    pub distance_m: f64,
}

/// Pairs of services that look like the same place, from one source or several: one category, at most `within` apart, and
/// the words of one name all stand in the other ("Elm School", "Elm Elementary School"), whatever their case.
///
/// Services without a name are never taken for one. Pairs stand in the order of the services.
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
///
/// # Example
/// ```
/// use commonground::{Metres, Quiet, model::{Service, same_places}};
/// let school = |id: &str, name: &str, x: f64| Service {
///     id: id.into(),
///     name: Some(name.into()),
///     category: "school".into(),
///     location: (x, 0.0).into(),
///     count: 1.0,
///     capacity: None,
///     opening_hours: None,
/// };
/// let schools = [school("city/7", "ELM SCHOOL", 0.0), school("osm/9", "Elm Elementary School", 30.0)];
/// let same = same_places(&schools, Metres::new(100.0)?, &Quiet)?;
/// assert_eq!((same[0].first, same[0].second, same[0].distance_m), (0, 1, 30.0));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn same_places(services: &[Service], within: Metres, progress: &dyn Progress) -> Result<Vec<SamePlace>> {
    let words: Vec<BTreeSet<String>> =
        services.iter().map(|service| words(service.name.as_deref())).collect();
    let place = |service: &Service| [service.location.x(), service.location.y()];
    let places = services.iter().enumerate().map(|(index, service)| GeomWithData::new(place(service), index));
    let places = RTree::bulk_load(places.collect());
    let mut same = Vec::new();
    for (first, service) in services.iter().enumerate().filter(|(first, _)| !words[*first].is_empty()) {
        go_on(progress)?;
        let near = places.locate_within_distance(place(service), within.get() * within.get());
        let mut others: Vec<usize> = near.map(|found| found.data).filter(|second| *second > first).collect();
        others.sort_unstable();
        others.retain(|second| {
            let (these, those) = (&words[first], &words[*second]);
            let is_named_alike = these.is_subset(those) || those.is_subset(these);
            services[*second].category == service.category && !those.is_empty() && is_named_alike
        });
        same.extend(others.into_iter().map(|second| {
            let distance_m = Euclidean.distance(service.location, services[second].location);
            SamePlace { first, second, distance_m }
        }));
    }
    Ok(same)
}

/// The words of a name in lower case, without punctuation.
fn words(name: Option<&str>) -> BTreeSet<String> {
    let words = name.unwrap_or_default().split(|letter: char| !letter.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;

    fn service(name: Option<&str>, category: &str, x: f64) -> Service {
        Service {
            id: format!("{x}"),
            name: name.map(str::to_owned),
            category: category.into(),
            location: (x, 0.0).into(),
            count: 1.0,
            capacity: None,
            opening_hours: None,
        }
    }

    fn pairs(services: &[Service]) -> Vec<(usize, usize)> {
        let within = Metres::new(SAME_PLACE_M).unwrap();
        same_places(services, within, &Quiet).unwrap().iter().map(|same| (same.first, same.second)).collect()
    }

    #[test]
    fn a_school_in_three_sources_is_three_pairs() {
        let names = ["Elm School", "elm school", "Elm Elementary School"];
        let schools: Vec<_> =
            names.iter().zip([0.0, 40.0, 90.0]).map(|(name, x)| service(Some(name), "school", x)).collect();
        assert_eq!(pairs(&schools), [(0, 1), (0, 2), (1, 2)]);
    }

    #[test]
    fn another_name_another_category_no_name_or_far_is_another_place() {
        let elm = || service(Some("Elm"), "school", 0.0);
        for other in [
            service(Some("Oak"), "school", 5.0),
            service(Some("Elm"), "clinic", 5.0),
            service(None, "school", 5.0),
            service(Some("--"), "school", 5.0),
            service(Some("Elm"), "school", 100.5),
        ] {
            assert!(pairs(&[elm(), other.clone()]).is_empty(), "{other:?}");
        }
        assert_eq!(pairs(&[elm(), service(Some("Elm"), "school", 100.0)]), [(0, 1)]);
    }
}
