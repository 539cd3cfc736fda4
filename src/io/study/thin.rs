//! Kinds of places that OpenStreetMap knows too few of: access to them would describe the map, not the city.

use super::place::AreaIndex;
use crate::model::{Findings, GreenSpace, Service, Street, category};
use crate::{Error, ErrorKind};
use geo::Point;
use std::collections::BTreeMap;

/// Residential street for each person where people live far apart, in km: houses on an acre of their own, on both sides of the
/// street, have 0.012; Washington has 0.003.
const KM_A_PERSON: f64 = 0.015;

/// People for one place in the United States, by kind: schools of the National Center for Education Statistics (2021: 129,000),
/// pharmacies (60,000) and supermarkets (40,000), library outlets of the Institute of Museum and Library Services (17,000), for
/// 332 million people; parks of the median agency (2,287 people for one, National Recreation and Park Association 2023). Clinics and doctors, cafés and child care are more frequent than what they are set beside here; kinds
/// that many cities do without have no number.
const PEOPLE_FOR_ONE: [(&str, f64); 9] = [
    (category::SCHOOL, 2_500.0),
    (category::CHILDCARE, 2_500.0),
    (category::PLACE_OF_WORSHIP, 2_500.0),
    (category::PHARMACY, 5_500.0),
    (category::CAFE, 5_500.0),
    (category::CLINIC, 8_300.0),
    (category::GROCERY, 8_300.0),
    (category::LIBRARY, 19_500.0),
    (category::GREEN_SPACE, 2_287.0),
];
/// Places that a study must be large enough to hold before it can hold too few.
const ENOUGH_TO_JUDGE: f64 = 3.0;

/// A kind of place of which the map knows too few.
struct Thin {
    category: String,
    places: usize,
    km_for_one: f64,
}

/// Leaves out the kinds of places of an extract that it knows too few of, and says so; the sentence is for the top of the
/// results.
///
/// A kind is known too thinly where there is less than one place for as many kilometres of residential street as would be
/// needed if people lived as far apart as they do in the loosest suburbs.
///
/// - `services`, `green_spaces`: those of the extract; `None` where the study has a layer of its own.
pub(super) fn leave_out(
    (services, green_spaces): (Option<&mut Vec<Service>>, Option<&mut Vec<GreenSpace>>),
    streets: &[Street],
    index: &AreaIndex<'_>,
    findings: &mut Findings,
) -> Option<String> {
    let km = residential_km(streets, index);
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for service in services.iter().flat_map(|services| services.iter()) {
        *places.entry(&service.category).or_default() += 1;
    }
    if let Some(green_spaces) = green_spaces.as_ref().filter(|spaces| !spaces.is_empty()) {
        places.insert(category::GREEN_SPACE, green_spaces.len());
    }
    let thin = |(category, people): &(&str, f64)| {
        let (places, limit_km) = (*places.get(category)?, people * KM_A_PERSON);
        let km_for_one = km / places as f64;
        let is_thin = km >= ENOUGH_TO_JUDGE * limit_km && km_for_one > limit_km;
        is_thin.then(|| Thin { category: (*category).to_owned(), places, km_for_one })
    };
    let thin: Vec<Thin> = PEOPLE_FOR_ONE.iter().filter_map(thin).collect();
    if thin.is_empty() {
        return None;
    }
    let is_thin = |category: &str| thin.iter().any(|one| one.category == category);
    if let Some(services) = services {
        services.retain(|service| !is_thin(&service.category));
    }
    if let Some(green_spaces) = green_spaces.filter(|_| is_thin(category::GREEN_SPACE)) {
        green_spaces.clear();
    }
    let listed: Vec<String> = thin
        .iter()
        .map(|one| {
            let category = one.category.replace('_', " ");
            format!(
                "{category} ({} known, one for {:.0} km of residential streets)",
                one.places, one.km_for_one
            )
        })
        .collect();
    let told = format!(
        "access to these kinds of places is not assessed, because OpenStreetMap knows too few of them to stand for the city: {}",
        listed.join(", ")
    );
    let warning = Error::new(ErrorKind::Study, told.clone()).in_layer("services");
    findings.warning(warning.hint(
        "give registers as `[[services]]` and `[[green_space]]`, or take what the map knows with `[osm] services = \"all\"`",
    ));
    Some(told)
}

/// Length of the residential streets whose middle lies in the neighbourhoods, in km.
fn residential_km(streets: &[Street], index: &AreaIndex<'_>) -> f64 {
    let is_residential = |street: &&Street| {
        street.tags.get("highway").is_some_and(|class| matches!(class, "residential" | "living_street"))
    };
    let metres: f64 = streets
        .iter()
        .filter(is_residential)
        .flat_map(|street| street.line.lines())
        .filter(|line| index.find(Point::from(line.start + line.delta() * 0.5)).is_some())
        .map(|line| line.dx().hypot(line.dy()))
        .sum();
    metres / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Tags;
    use geo::{MultiPolygon, Rect, coord, line_string};

    #[test]
    fn twelve_schools_of_a_large_city_are_left_out_and_a_village_is_judged_by_what_it_has() {
        let area = MultiPolygon::new(vec![
            Rect::new(coord! { x: 0.0, y: -1.0 }, coord! { x: 1e7, y: 1.0 }).to_polygon(),
        ]);
        let index = AreaIndex::new(std::iter::once(&area));
        let street = |km: f64| Street {
            line: line_string![(x: 0.0, y: 0.0), (x: 1000.0 * km, y: 0.0)],
            vertices: vec![1, 2],
            tags: Tags::from_iter([("highway", "residential")]),
            ..Street::default()
        };
        let left = |km: f64, schools: usize| {
            let service = |category: &str| Service {
                id: String::new(),
                name: None,
                category: category.into(),
                location: Point::new(0.0, 0.0),
                count: 1.0,
                capacity: None,
                opening_hours: None,
            };
            let mut services = vec![service(category::SCHOOL); schools];
            services.push(service(category::MARKET));
            let told =
                leave_out((Some(&mut services), None), &[street(km)], &index, &mut Findings::default());
            assert_eq!(told.is_some(), services.len() == 1, "{told:?}");
            services.len()
        };
        // One school for 148 km, one for 37 km, and a village with one for 100.
        assert_eq!((left(1_770.0, 12), left(440.0, 12), left(100.0, 1)), (1, 13, 2));
    }
}
