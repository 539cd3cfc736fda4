//! How many people share each park, school, nursery and clinic before and after.

use super::compare::{Base, Comparison};
use super::measured::Reached;
use crate::access::Source;
use crate::model::standard::STANDARD_MINUTES;
use crate::model::{Service, category};
use crate::network::{TravelPairs, travel_times};
use crate::{Minutes, Progress, Result, StudyArea};
use geo::Area;

/// A place that people share: a green space, or a service of which the data counts the places.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Crowding {
    /// Its id.
    pub id: String,
    /// What people call it, or its id.
    pub name: String,
    /// Its category.
    pub category: String,
    /// Square metres of a green space; places, beds or staff of a service, before and after. `None` where it is not there.
    pub size: (Option<f64>, Option<f64>),
    /// People within 15 minutes' walk, before and after.
    pub people: (f64, f64),
}

impl Crowding {
    /// Square metres for each person, or places for each thousand, before and after; `None` where nobody is near.
    #[must_use]
    pub fn share(&self) -> (Option<f64>, Option<f64>) {
        let scale = if self.category == category::GREEN_SPACE { 1.0 } else { 1_000.0 };
        let of =
            |size: Option<f64>, people: f64| size.filter(|_| people > 0.0).map(|size| scale * size / people);
        (of(self.size.0, self.people.0), of(self.size.1, self.people.1))
    }
}

/// One place on one side: its id, its name, its category, its size, the people near.
type Shared = (String, String, String, f64, f64);

impl Base<'_> {
    /// Who shares what, place by place: those of the study, then those that are new.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn crowding(&self, compared: &Comparison, progress: &dyn Progress) -> Result<Vec<Crowding>> {
        let (own, changed) = compared.own(self);
        let before = shared(self.study(), own, progress)?;
        let mut after = shared(&compared.changed, changed, progress)?;
        let mut found = Vec::new();
        for (id, name, category, size, people) in before {
            let now =
                after.iter().position(|one| one.0 == id && one.2 == category).map(|at| after.remove(at));
            let (size_now, people_now) = now.map_or((None, 0.0), |one| (Some(one.3), one.4));
            found.push(Crowding {
                id,
                name,
                category,
                size: (Some(size), size_now),
                people: (people, people_now),
            });
        }
        found.extend(after.into_iter().map(|(id, name, category, size, people)| Crowding {
            id,
            name,
            category,
            size: (None, Some(size)),
            people: (0.0, people),
        }));
        Ok(found)
    }
}

fn shared(study: &StudyArea, reached: &Reached, progress: &dyn Progress) -> Result<Vec<Shared>> {
    let services: Vec<Service> =
        study.services.iter().filter(|one| one.capacity.is_some()).cloned().collect();
    let opportunities = reached.trips.opportunities_of(study, &services, &study.green_spaces);
    let near = Minutes::new(STANDARD_MINUTES)?;
    let (network, homes) = (reached.trips.streets(), reached.trips.homes());
    let times = travel_times(network, homes, opportunities.destinations(), near, progress)?;
    let people = times.each_destination(|row| {
        row.milliseconds().map(|(home, _)| study.homes.weights[home]).fold(0.0, |sum, one| sum + one)
    })?;
    let place = |(source, people): (&Source, Option<f64>)| match *source {
        Source::Service(at) => {
            let one = &services[at];
            let name = one.name.clone().unwrap_or_else(|| one.id.clone());
            Some((one.id.clone(), name, one.category.clone(), one.capacity?, people.unwrap_or(0.0)))
        }
        Source::GreenSpace(at) => {
            let one = &study.green_spaces[at];
            let name = one.name.clone().unwrap_or_else(|| one.id.clone());
            let area = one.shape.unsigned_area();
            Some((one.id.clone(), name, category::GREEN_SPACE.to_owned(), area, people.unwrap_or(0.0)))
        }
        Source::Workplace(_) => None,
    };
    Ok(opportunities.sources().iter().zip(people).filter_map(place).collect())
}
