//! Who can walk to which place to meet: what the measure is made of, and what a place more would extend.

use crate::access::{Opportunities, Sites, Source};
use crate::measure::groups::Groups;
use crate::model::category;
use crate::model::standard::STANDARD_MINUTES;
use crate::network::{Attachment, Destinations, StreetNetwork, each_origin};
use crate::scores::encounter::{Residents, Visit};
use crate::spatial::weights::SpatialWeights;
use crate::{Minutes, Progress, Result, StudyArea};

/// Places where people of a neighbourhood spend time beside each other.
pub const MEETING_CATEGORIES: [&str; 8] = [
    category::SCHOOL,
    category::PLACE_OF_WORSHIP,
    category::GREEN_SPACE,
    category::LIBRARY,
    category::COMMUNITY_CENTRE,
    category::CAFE,
    category::MARKET,
    category::SPORT,
];
/// Neighbourhoods share a place that at least this share of the residents of both can walk to.
pub(crate) const SHARED_BY: f64 = 0.1;

/// Who can walk to which place to meet.
pub(crate) struct MeetingReach {
    /// Groups that do not overlap and leave nobody out.
    pub groups: Vec<String>,
    /// Members of each group by site.
    pub members: Vec<Vec<f64>>,
    /// Which destination of the opportunities each place is.
    pub places: Vec<usize>,
    /// By site and place.
    pub visits: Vec<Visit>,
    /// Pairs of inhabited neighbourhoods with a common border.
    pub pairs: Vec<(usize, usize)>,
}

impl MeetingReach {
    /// `Err` of the inner result is the reason why the study cannot be assessed.
    pub(crate) fn of(
        study: &StudyArea,
        (network, sites): (&StreetNetwork, &Sites),
        opportunities: &Opportunities,
        groups: &Groups,
        neighbours: &SpatialWeights,
        progress: &dyn Progress,
    ) -> Result<std::result::Result<Self, &'static str>> {
        let sources = opportunities.sources();
        let is_meeting = |place: &usize| {
            kind_of(study, &sources[*place]).is_some_and(|name| MEETING_CATEGORIES.contains(&name))
        };
        let places: Vec<usize> = (0..sources.len()).filter(is_meeting).collect();
        let names = groups.names_apart();
        match (names.len(), places.len()) {
            (0 | 1, _) => return Ok(Err("the study names no groups of residents")),
            (_, 0) => return Ok(Err("the study has no school, park, library or other place to meet")),
            _ => {}
        }
        progress.start("walking to where people meet", sites.len() as u64);
        let visits = visits(network, sites, &entrances(opportunities, &places), places.len(), progress)?;
        Ok(Ok(Self {
            members: groups.apart_by(&study.homes, |counts| sites.sums(counts)),
            pairs: inhabited_neighbours(sites, study.neighbourhoods.len(), neighbours),
            groups: names,
            places,
            visits,
        }))
    }

    /// Residents of every site by group, and its neighbourhood.
    pub(crate) fn residents<'a>(&'a self, sites: &'a Sites) -> Residents<'a> {
        Residents { groups: &self.members, neighbourhoods: &sites.neighbourhoods }
    }
}

/// The category of a place; `None` of a workplace, which is no place to meet.
pub(crate) fn kind_of<'a>(study: &'a StudyArea, source: &Source) -> Option<&'a str> {
    match source {
        Source::Service(number) => Some(study.services[*number].category.as_str()),
        Source::GreenSpace(_) => Some(category::GREEN_SPACE),
        Source::Workplace(_) => None,
    }
}

/// Entrances of some places, numbered as they are listed.
pub(crate) fn entrances(opportunities: &Opportunities, places: &[usize]) -> Vec<(u32, Attachment)> {
    let doors = places.iter().enumerate().flat_map(|(number, &place)| {
        let doors = opportunities.destinations().entrances_of(place);
        doors.iter().map(move |door| (number as u32, *door))
    });
    doors.collect()
}

/// Who can walk from which site to which place within the standard, site by site.
pub(crate) fn visits(
    network: &StreetNetwork,
    sites: &Sites,
    entrances: &[(u32, Attachment)],
    place_count: usize,
    progress: &dyn Progress,
) -> Result<Vec<Visit>> {
    let destinations = Destinations::new(network, place_count, entrances);
    let limit = Minutes::new(STANDARD_MINUTES)?;
    let reached = each_origin(network, &sites.attached, &destinations, limit, progress, |row| {
        row.milliseconds().map(|(place, _)| place as u32).collect::<Vec<_>>()
    })?;
    let of_site = |(site, places): (usize, &Option<Vec<u32>>)| {
        let visit = move |place: u32| Visit { home: site as u32, place, weight: 1.0 };
        places.clone().unwrap_or_default().into_iter().map(visit)
    };
    Ok(reached.iter().enumerate().flat_map(of_site).collect())
}

/// Pairs of neighbours where people live, each once.
fn inhabited_neighbours(sites: &Sites, count: usize, neighbours: &SpatialWeights) -> Vec<(usize, usize)> {
    let mut people = vec![0.0; count];
    for (place, weight) in sites.neighbourhoods.iter().zip(&sites.weights) {
        if let Some(place) = place {
            people[*place as usize] += weight;
        }
    }
    let is_pair = |&(a, b, _): &(usize, usize, f64)| a < b && people[a] > 0.0 && people[b] > 0.0;
    neighbours.links().into_iter().filter(is_pair).map(|(a, b, _)| (a, b)).collect()
}
