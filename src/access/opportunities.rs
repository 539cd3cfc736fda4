//! All that a home can reach: the closest of every category in one search for all homes, then counts.

use super::Pairs;
use super::green_space::hectares;
use crate::model::{GreenSpace, Service, Workplaces, category};
use crate::network::{
    Attachment, ClosestPlaces, Destinations, Entrance, StreetNetwork, TravelPairs, closest, closest_of_each,
    park_entrances, sum_up,
};
use crate::{Metres, Minutes, Progress, Result};
use geo::Point;
use rayon::prelude::*;
use std::collections::BTreeSet;

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
    /// Places of each category, for the closest of them.
    by_category: Vec<Destinations>,
    /// All places together, for counting them.
    destinations: Destinations,
    places: Vec<Place>,
    sources: Vec<Source>,
}

/// Where a place of the study joins a network, and where a green space is entered from it.
pub(crate) struct Joins<'a> {
    pub place: &'a (dyn Fn(Point<f64>) -> Option<Attachment> + Sync),
    pub park: &'a (dyn Fn(&GreenSpace) -> Vec<Entrance> + Sync),
}

/// Which row of the study a destination is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Source {
    /// A service, by its number.
    Service(usize),
    /// A green space, by its number.
    GreenSpace(usize),
    /// A workplace, by its number.
    Workplace(usize),
}

#[derive(Debug, Clone, Copy)]
enum Place {
    /// Index of the category, and how many services stand here.
    Service(usize, f64),
    /// Index of its category, and hectares.
    GreenSpace(usize, f64),
    /// Number of the workplace, and its jobs.
    Jobs(usize, f64),
}

/// What one home reaches.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
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
        let places = (services, green_spaces, workplaces);
        let joins = Joins {
            place: &|place| network.attach(place, max_distance, inhabited).ok(),
            park: &|park| park_entrances(network, park, max_distance, inhabited),
        };
        Self::attach_by(network, places, &BTreeSet::new(), &joins)
    }

    /// As [`Opportunities::attach`], with categories that are looked for although no place of theirs is left, and where places
    /// join the network.
    #[must_use]
    pub(crate) fn attach_by(
        network: &StreetNetwork,
        (services, green_spaces, workplaces): (&[Service], &[GreenSpace], Option<&Workplaces>),
        closed: &BTreeSet<String>,
        joins: &Joins<'_>,
    ) -> Self {
        let categories = categories_of(services, green_spaces, closed);
        let index = |name: &str| {
            categories.iter().position(|known| known == name).expect("every category was gathered")
        };
        let (mut places, mut sources, mut entrances) = (Vec::new(), Vec::new(), Vec::new());
        let (mut unattached_services, mut unattached_green_spaces) = (Vec::new(), Vec::new());
        let (mut inferred_entrances, mut unattached_jobs) = (0, 0.0);
        let joined: Vec<_> = services.par_iter().map(|service| (joins.place)(service.location)).collect();
        for ((number, service), joined) in services.iter().enumerate().zip(joined) {
            match joined {
                Some(attachment) => {
                    entrances.push((places.len() as u32, attachment));
                    places.push(Place::Service(index(&service.category), service.count));
                    sources.push(Source::Service(number));
                }
                None => unattached_services.push(service.id.clone()),
            }
        }
        let entered: Vec<_> = green_spaces.par_iter().map(|park| (joins.park)(park)).collect();
        for ((number, park), found) in green_spaces.iter().enumerate().zip(entered) {
            if found.is_empty() {
                unattached_green_spaces.push(park.id.clone());
                continue;
            }
            inferred_entrances += usize::from(!found[0].listed);
            entrances.extend(found.iter().map(|entrance| (places.len() as u32, entrance.attachment)));
            places.push(Place::GreenSpace(index(category::GREEN_SPACE), hectares(park)));
            sources.push(Source::GreenSpace(number));
        }
        let locations = workplaces.map_or(&[][..], |workplaces| &workplaces.locations);
        let joined: Vec<_> = locations.par_iter().map(|&location| (joins.place)(location)).collect();
        let jobs = workplaces.iter().flat_map(|workplaces| &workplaces.jobs);
        for ((workplace, &jobs), joined) in jobs.enumerate().zip(joined) {
            match joined {
                Some(attachment) => {
                    entrances.push((places.len() as u32, attachment));
                    places.push(Place::Jobs(workplace, jobs));
                    sources.push(Source::Workplace(workplace));
                }
                None => unattached_jobs += jobs,
            }
        }
        let of_category = |wanted: usize| {
            let is_wanted = |place: u32| match places[place as usize] {
                Place::Service(category, _) | Place::GreenSpace(category, _) => category == wanted,
                Place::Jobs(..) => false,
            };
            let chosen: Vec<_> = entrances.iter().copied().filter(|(place, _)| is_wanted(*place)).collect();
            Destinations::new(network, places.len(), &chosen)
        };
        Self {
            by_category: (0..categories.len()).map(of_category).collect(),
            destinations: Destinations::new(network, places.len(), &entrances),
            has_jobs: workplaces.is_some(),
            categories,
            unattached_services,
            unattached_green_spaces,
            inferred_entrances,
            unattached_jobs,
            places,
            sources,
        }
    }

    /// Which row of the study each destination is: those that could be attached, services first.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// All destinations, in the order of [`Opportunities::sources`].
    #[must_use]
    pub fn destinations(&self) -> &Destinations {
        &self.destinations
    }

    /// The category of a destination and how many services stand there; of a workplace `None` and its jobs.
    #[cfg(feature = "study")]
    pub(crate) fn held_at(&self, destination: usize) -> (Option<usize>, f64) {
        match self.places[destination] {
            Place::Service(category, count) => (Some(category), count),
            Place::GreenSpace(category, _) => (Some(category), 1.0),
            Place::Jobs(_, jobs) => (None, jobs),
        }
    }

    /// The places of a category; `None` if the study has none.
    #[must_use]
    pub fn places_of(&self, category: &str) -> Option<&Destinations> {
        let index = self.categories.iter().position(|known| known == category)?;
        Some(&self.by_category[index])
    }

    /// Minutes from each home to the closest place of a category; `None` where none is within `limit`, the study has none,
    /// or the home is not on the network.
    ///
    /// # Errors
    /// Those of [`closest`].
    pub fn minutes_to(
        &self,
        network: &StreetNetwork,
        homes: &[Option<Attachment>],
        category: &str,
        limit: Minutes,
        progress: &dyn Progress,
    ) -> Result<Vec<Option<Minutes>>> {
        let Some(index) = self.categories.iter().position(|known| known == category) else {
            return Ok(vec![None; homes.len()]);
        };
        Ok(closest(network, homes, &self.by_category[index], 1, limit, progress)?.minutes())
    }

    /// The place of a category closest to a place on the streets, and its entrances; `None` where none is within the search.
    ///
    /// # Errors
    /// Those of [`closest`].
    pub fn closest_place(
        &self,
        network: &StreetNetwork,
        from: &Attachment,
        category: &str,
        progress: &dyn Progress,
    ) -> Result<Option<(Source, &[Attachment])>> {
        let Some(index) = self.categories.iter().position(|known| known == category) else { return Ok(None) };
        let places = &self.by_category[index];
        let limit = Minutes::new(Self::SEARCH_LIMIT)?;
        let found = closest(network, &[Some(*from)], places, 1, limit, progress)?;
        let nearest = found.of(0).next();
        Ok(nearest.map(|(place, _)| (self.sources[place], places.entrances_of(place))))
    }

    /// Jobs within `limit` of each home; 0 where the home is not on the network.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn jobs_within(
        &self,
        network: &StreetNetwork,
        homes: &[Option<Attachment>],
        limit: Minutes,
        progress: &dyn Progress,
    ) -> Result<Vec<f64>> {
        sum_up(network, homes, &self.destinations, limit, 1, progress, |sums, place, _| {
            if let Place::Jobs(_, jobs) = self.places[place] {
                sums[0] += jobs;
            }
        })
    }

    /// Categories of which some place is entered where none was before, on the same streets or on fewer; `None` for workplaces.
    #[cfg(feature = "study")]
    pub(crate) fn entered_elsewhere(&self, before: &Self) -> BTreeSet<Option<&str>> {
        let former: BTreeSet<_> = before.entered().collect();
        self.entered().filter(|entrance| !former.contains(entrance)).map(|(category, _)| category).collect()
    }

    /// Every entrance with the category of its place; `None` of a workplace.
    #[cfg(feature = "study")]
    fn entered(&self) -> impl Iterator<Item = (Option<&str>, [u64; 2])> {
        self.destinations.entrances().map(|(place, at)| {
            let category = match self.places[place as usize] {
                Place::Service(category, _) | Place::GreenSpace(category, _) => {
                    Some(self.categories[category].as_str())
                }
                Place::Jobs(..) => None,
            };
            (category, [at.position.x.to_bits(), at.position.y.to_bits()])
        })
    }

    /// The same places with every entrance elsewhere, as another rule attaches it.
    #[cfg(feature = "study")]
    #[must_use]
    pub(crate) fn moved(
        &self,
        network: &StreetNetwork,
        to: impl Fn(&Attachment) -> Option<Attachment>,
    ) -> MovedOpportunities<'_> {
        MovedOpportunities {
            by_category: self.by_category.iter().map(|places| places.moved(network, &to)).collect(),
            destinations: self.destinations.moved(network, &to),
            places: &self.places,
        }
    }

    /// Sums for each home: four a category, then those of jobs.
    fn width(&self) -> usize {
        Self::SERVICE_CUTOFFS.len() * self.categories.len() + Self::JOB_CUTOFFS.len()
    }

    fn add(&self, sums: &mut [f64], place: usize, milliseconds: u32) {
        let minutes = Minutes::from_milliseconds(milliseconds).get();
        let mut add_service = |category: usize, count: f64| {
            let first = Self::SERVICE_CUTOFFS.len() * category;
            add_within(&mut sums[first..], &Self::SERVICE_CUTOFFS, minutes, count);
        };
        match self.places[place] {
            Place::Service(category, count) => add_service(category, count),
            Place::GreenSpace(category, _) => add_service(category, 1.0),
            Place::Jobs(_, jobs) => {
                let first = self.width() - Self::JOB_CUTOFFS.len();
                add_within(&mut sums[first..], &Self::JOB_CUTOFFS, minutes, jobs);
            }
        }
    }

    /// Pairs of homes and all places within the longest cutoff, for every measure of them.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
    pub fn pairs<'a>(
        &'a self,
        network: &'a StreetNetwork,
        homes: &'a [Option<Attachment>],
        progress: &'a dyn Progress,
    ) -> Result<Pairs<'a>> {
        let longest = Self::SERVICE_CUTOFFS.into_iter().chain(Self::JOB_CUTOFFS).fold(0.0, f64::max);
        Pairs::new(network, homes, &self.destinations, Minutes::new(longest)?, progress)
    }

    /// Counts of the workplaces (jobs of a class) as supply of the places of [`Opportunities::pairs`].
    ///
    /// - `counts`: one per workplace, in the order of the study.
    #[must_use]
    pub fn at_workplaces(&self, counts: &[f64]) -> Vec<f64> {
        let count = |place: &Place| match *place {
            Place::Jobs(workplace, _) => counts[workplace],
            _ => 0.0,
        };
        self.places.iter().map(count).collect()
    }

    /// Hectares of green spaces of at least a size as supply of the places of [`Opportunities::pairs`].
    #[must_use]
    pub fn hectares_of_green(&self, minimum_hectares: f64) -> Vec<f64> {
        let hectares = |place: &Place| match *place {
            Place::GreenSpace(_, hectares) if hectares >= minimum_hectares => hectares,
            _ => 0.0,
        };
        self.places.iter().map(hectares).collect()
    }

    fn access(&self, closest: &[ClosestPlaces], home: usize, sums: &[f64]) -> Access {
        let (services, jobs) = sums.as_chunks::<4>();
        Access {
            closest: closest
                .iter()
                .map(|places| places.of(home).next().map(|(_, minutes)| minutes.get()))
                .collect(),
            services: services.to_vec(),
            jobs: jobs.try_into().expect("as many sums as cutoffs are left"),
        }
    }
}

/// Opportunities under another rule of attachment.
#[cfg(feature = "study")]
pub(crate) struct MovedOpportunities<'a> {
    by_category: Vec<Destinations>,
    destinations: Destinations,
    places: &'a [Place],
}

#[cfg(feature = "study")]
impl MovedOpportunities<'_> {
    /// Minutes to the closest place of each category, by category and home; `None` where none is within `limit`.
    ///
    /// # Errors
    /// Those of [`closest_of_each`].
    pub(crate) fn minutes_to_each(
        &self,
        network: &StreetNetwork,
        homes: &[Option<Attachment>],
        limit: Minutes,
        progress: &dyn Progress,
    ) -> Result<Vec<Vec<Option<f64>>>> {
        let categories: Vec<&Destinations> = self.by_category.iter().collect();
        let closest = closest_of_each(network, homes, &categories, 1, limit, progress)?;
        let minutes = |places: &ClosestPlaces| {
            places.minutes().into_iter().map(|minutes| minutes.map(Minutes::get)).collect()
        };
        Ok(closest.iter().map(minutes).collect())
    }

    /// Jobs within each of the cutoffs, from short to long: as many a home as there are cutoffs.
    ///
    /// # Errors
    /// Those of [`sum_up`].
    pub(crate) fn jobs_within_each(
        &self,
        network: &StreetNetwork,
        homes: &[Option<Attachment>],
        cutoffs: &[f64],
        progress: &dyn Progress,
    ) -> Result<Vec<f64>> {
        let longest = Minutes::new(cutoffs.iter().copied().fold(0.0, f64::max))?;
        sum_up(network, homes, &self.destinations, longest, cutoffs.len(), progress, |sums, place, cost| {
            if let Place::Jobs(_, jobs) = self.places[place] {
                add_within(sums, cutoffs, Minutes::from_milliseconds(cost).get(), jobs);
            }
        })
    }
}

fn add_within(sums: &mut [f64], cutoffs: &[f64], minutes: f64, count: f64) {
    for (sum, cutoff) in sums.iter_mut().zip(cutoffs) {
        if minutes <= *cutoff {
            *sum += count;
        }
    }
}

/// The categories that occur: known ones in their order, then the user's own by name.
fn categories_of(
    services: &[Service],
    green_spaces: &[GreenSpace],
    closed: &BTreeSet<String>,
) -> Vec<String> {
    let occurs = |name: &str| {
        closed.contains(name)
            || services.iter().any(|service| service.category == name)
            || (name == category::GREEN_SPACE && !green_spaces.is_empty())
    };
    let known = category::ALL.into_iter().filter(|name| occurs(name)).map(str::to_owned);
    let own: BTreeSet<_> = services
        .iter()
        .map(|service| service.category.clone())
        .chain(closed.iter().cloned())
        .filter(|name| !category::ALL.contains(&name.as_str()))
        .collect();
    known.chain(own).collect()
}

/// Measures what every home reaches.
///
/// Returns one entry per home, in their order; `None` where the home is not on the network.
///
/// # Errors
/// [`crate::ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn measure_access(
    network: &StreetNetwork,
    homes: &[Option<Attachment>],
    opportunities: &Opportunities,
    progress: &dyn Progress,
) -> Result<Vec<Option<Access>>> {
    let pairs = opportunities.pairs(network, homes, progress)?;
    measure_access_of(network, homes, opportunities, &pairs, progress)
}

/// [`measure_access`] with the pairs of [`Opportunities::pairs`], which other measures share.
///
/// # Errors
/// As for [`measure_access`].
pub fn measure_access_of(
    network: &StreetNetwork,
    homes: &[Option<Attachment>],
    opportunities: &Opportunities,
    pairs: &impl TravelPairs,
    progress: &dyn Progress,
) -> Result<Vec<Option<Access>>> {
    let limit = Minutes::new(Opportunities::SEARCH_LIMIT)?;
    let categories: Vec<&Destinations> = opportunities.by_category.iter().collect();
    let closest = closest_of_each(network, homes, &categories, 1, limit, progress)?;
    pairs.each_origin(|row| {
        let mut sums = vec![0.0; opportunities.width()];
        for (place, cost) in row.milliseconds() {
            opportunities.add(&mut sums, place, cost);
        }
        opportunities.access(&closest, row.number(), &sums)
    })
}
