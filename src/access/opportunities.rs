//! All that a home can reach, measured in one search a home.

use crate::model::{GreenSpace, Service, Workplaces, category};
use crate::network::{Attachment, Destinations, Row, StreetNetwork, each_origin, park_entrances};
use crate::{Metres, Minutes, Progress, Result};

/// Services, green spaces and jobs as destinations on the network.
pub struct Opportunities {
    /// Category of every kind of service that the study holds, known ones first.
    pub categories: Vec<String>,
    /// Whether jobs are among the destinations.
    pub has_jobs: bool,
    /// Ids of services that are too far from every street.
    pub unattached_services: Vec<String>,
    /// Ids of green spaces that no street comes near.
    pub unattached_green_spaces: Vec<String>,
    /// Green spaces without a listed entrance, entered where streets meet or pass their edge.
    pub inferred_entrances: usize,
    /// Jobs at workplaces that are too far from every street.
    pub unattached_jobs: f64,
    destinations: Destinations,
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// Index of the category, and how many services stand here.
    Service(usize, f64),
    Jobs(f64),
}

/// What one home reaches.
#[derive(Debug, Clone, PartialEq)]
pub struct Access {
    /// Minutes to the closest of each category; `None` beyond the search.
    pub closest: Vec<Option<f64>>,
    /// Services of each category within each cutoff of [`Opportunities::SERVICE_CUTOFFS`].
    pub services: Vec<[f64; 4]>,
    /// Jobs within each cutoff of [`Opportunities::JOB_CUTOFFS`].
    pub jobs: [f64; 3],
}

impl Opportunities {
    /// Minutes within which services are counted.
    pub const SERVICE_CUTOFFS: [f64; 4] = [5.0, 10.0, 15.0, 30.0];
    /// Minutes within which jobs are counted.
    pub const JOB_CUTOFFS: [f64; 3] = [15.0, 30.0, 45.0];
    /// Minutes beyond which nothing is searched: the closest service is then absent.
    pub const SEARCH_LIMIT: f64 = 60.0;

    /// Puts everything that people need to reach on the network.
    #[must_use]
    pub fn attach(
        network: &StreetNetwork,
        services: &[Service],
        green_spaces: &[GreenSpace],
        workplaces: Option<&Workplaces>,
        max_distance: Metres,
        inhabited: &[bool],
    ) -> Self {
        let categories = categories_of(services, green_spaces);
        let index = |name: &str| {
            categories.iter().position(|known| known == name).expect("every category was gathered")
        };
        let (mut places, mut entrances) = (Vec::new(), Vec::new());
        let (mut unattached_services, mut unattached_green_spaces) = (Vec::new(), Vec::new());
        let (mut inferred_entrances, mut unattached_jobs) = (0, 0.0);
        for service in services {
            match network.attach(service.location, max_distance, inhabited) {
                Ok(attachment) => {
                    entrances.push((places.len() as u32, attachment));
                    places.push(Place::Service(index(&service.category), service.count));
                }
                Err(_) => unattached_services.push(service.id.clone()),
            }
        }
        for park in green_spaces {
            let found = park_entrances(network, park, max_distance, inhabited);
            if found.is_empty() {
                unattached_green_spaces.push(park.id.clone());
                continue;
            }
            inferred_entrances += usize::from(!found[0].listed);
            entrances.extend(found.iter().map(|entrance| (places.len() as u32, entrance.attachment)));
            places.push(Place::Service(index(category::GREEN_SPACE), 1.0));
        }
        for (&location, &jobs) in workplaces.iter().flat_map(|w| w.locations.iter().zip(&w.jobs)) {
            match network.attach(location, max_distance, inhabited) {
                Ok(attachment) => {
                    entrances.push((places.len() as u32, attachment));
                    places.push(Place::Jobs(jobs));
                }
                Err(_) => unattached_jobs += jobs,
            }
        }
        Self {
            destinations: Destinations::new(network, places.len(), &entrances),
            has_jobs: workplaces.is_some(),
            categories,
            unattached_services,
            unattached_green_spaces,
            inferred_entrances,
            unattached_jobs,
            places,
        }
    }

    fn measure(&self, row: Row<'_>) -> Access {
        let mut access = Access {
            closest: vec![None; self.categories.len()],
            services: vec![[0.0; 4]; self.categories.len()],
            jobs: [0.0; 3],
        };
        for (place, time) in row.iter() {
            let time = time.get();
            match self.places[place] {
                Place::Service(category, count) => {
                    let closest = access.closest[category].get_or_insert(time);
                    *closest = closest.min(time);
                    add_within(&mut access.services[category], Self::SERVICE_CUTOFFS, time, count);
                }
                Place::Jobs(jobs) => add_within(&mut access.jobs, Self::JOB_CUTOFFS, time, jobs),
            }
        }
        access
    }
}

fn add_within<const N: usize>(sums: &mut [f64; N], cutoffs: [f64; N], time: f64, count: f64) {
    for (sum, cutoff) in sums.iter_mut().zip(cutoffs) {
        if time <= cutoff {
            *sum += count;
        }
    }
}

/// The categories that occur: known ones in their order, then the user's own by name.
fn categories_of(services: &[Service], green_spaces: &[GreenSpace]) -> Vec<String> {
    let occurs = |name: &str| {
        services.iter().any(|service| service.category == name)
            || (name == category::GREEN_SPACE && !green_spaces.is_empty())
    };
    let known = category::ALL.into_iter().filter(|name| occurs(name)).map(str::to_owned);
    let own: std::collections::BTreeSet<_> = services
        .iter()
        .map(|service| service.category.clone())
        .filter(|name| !category::ALL.contains(&name.as_str()))
        .collect();
    known.chain(own).collect()
}

/// Measures what every home reaches: one search a home, all categories and cutoffs at once.
///
/// Returns one entry a home, in their order; `None` where the home is not on the network.
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn measure_access(
    network: &StreetNetwork,
    homes: &[Option<Attachment>],
    opportunities: &Opportunities,
    progress: &dyn Progress,
) -> Result<Vec<Option<Access>>> {
    progress.start("walking from every home", homes.len() as u64);
    let limit = Minutes::new(Opportunities::SEARCH_LIMIT)?;
    each_origin(network, homes, &opportunities.destinations, limit, progress, |row| {
        opportunities.measure(row)
    })
}
