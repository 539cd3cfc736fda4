//! Encounter: who could meet whom at schools, parks, libraries and other places that residents share.

use super::STANDARD_MINUTES;
use super::groups::Groups;
use super::table::{Columns, means_of_sites};
use crate::access::{Opportunities, Sites, Source, weighted_mean};
use crate::model::category;
use crate::network::{Destinations, StreetNetwork, each_origin};
use crate::scores::encounter::{
    MeetingPlace, Residents, Visit, encounters, meeting_places, others_met, shared_places,
};
use crate::scores::small_counts::{SMALL_COUNT, suppress};
use crate::scores::weights::{Contiguity, contiguity};
use crate::{FeatureTable, Metres, Minutes, Progress, Result, StudyArea};
use geo::{Geometry, InteriorPoint, LineString, Point};

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
const SHARED_BY: f64 = 0.1;
/// Places that fewer reach are not ranked as bridges.
const FEW_RESIDENTS: f64 = 100.0;
/// Borders of neighbourhoods that run this close are common, in metres.
const BORDER_M: f64 = 10.0;

/// Who could meet where.
pub(super) struct Encounter {
    groups: Vec<String>,
    /// Members of each group by site.
    members: Vec<Vec<f64>>,
    /// Which destination of the opportunities each place is.
    places: Vec<usize>,
    found: Vec<Option<MeetingPlace>>,
    /// Shares of the groups among those whom residents of each site could meet.
    met: Vec<Option<Vec<f64>>>,
    /// Pairs of neighbourhoods with a common border, and how many places they share.
    pairs: Vec<((usize, usize), usize)>,
}

impl Encounter {
    /// `None` where the study names no group, or has no place to meet.
    pub(super) fn measure(
        study: &StudyArea,
        network: &StreetNetwork,
        opportunities: &Opportunities,
        (sites, groups): (&Sites, &Groups),
        not_assessed: &mut Vec<(String, String)>,
        progress: &dyn Progress,
    ) -> Result<Option<Self>> {
        let category = |source: &Source| match source {
            Source::Service(number) => Some(study.services[*number].category.as_str()),
            Source::GreenSpace(_) => Some(category::GREEN_SPACE),
            Source::Workplace(_) => None,
        };
        let is_meeting = |place: &usize| {
            category(&opportunities.sources()[*place]).is_some_and(|name| MEETING_CATEGORIES.contains(&name))
        };
        let places: Vec<usize> = (0..opportunities.sources().len()).filter(is_meeting).collect();
        let names = groups.names_apart();
        let reason = match (names.len(), places.len()) {
            (0 | 1, _) => Some("the study names no groups of residents"),
            (_, 0) => Some("the study has no school, park, library or other place to meet"),
            _ => None,
        };
        if let Some(reason) = reason {
            not_assessed.push(("encounter".into(), reason.into()));
            return Ok(None);
        }
        let doors = places.iter().enumerate().flat_map(|(number, &place)| {
            let doors = opportunities.destinations().entrances_of(place);
            doors.iter().map(move |door| (number as u32, *door))
        });
        let destinations = Destinations::new(network, places.len(), &doors.collect::<Vec<_>>());
        progress.start("walking to where people meet", sites.len() as u64);
        let limit = Minutes::new(STANDARD_MINUTES)?;
        let reached = each_origin(network, &sites.attached, &destinations, limit, progress, |row| {
            row.milliseconds().map(|(place, _)| place as u32).collect::<Vec<_>>()
        })?;
        let visits: Vec<Visit> = reached
            .iter()
            .enumerate()
            .flat_map(|(site, places)| {
                let visit = move |&place: &u32| Visit { home: site as u32, place, weight: 1.0 };
                places.iter().flatten().map(visit)
            })
            .collect();
        let members = groups.apart_by(&study.homes, |counts| sites.sums(counts));
        let residents = Residents { groups: &members, neighbourhoods: &sites.neighbourhoods };
        let found = meeting_places(places.len(), &visits, residents)?;
        let met = encounters(&visits, &found, residents)?;
        let pairs = inhabited_neighbours(study, sites)?;
        let shared = shared_places(&pairs, places.len(), &visits, residents, SHARED_BY)?;
        let pairs = pairs.into_iter().zip(shared).collect();
        Ok(Some(Self { groups: names, members, places, found, met, pairs }))
    }

    /// Columns: `encounter`, `encounter_` and each group, and how many neighbours share no place.
    pub(super) fn add_columns(
        &self,
        study: &StudyArea,
        (sites, groups): (&Sites, &Groups),
        columns: &mut Columns,
    ) {
        let count = study.neighbourhoods.len();
        let others = |site: usize| {
            let met = self.met[site].as_ref()?;
            let here = self.members.iter().zip(met);
            weighted_mean(here.map(|(members, met)| (1.0 - met, members[site])))
        };
        columns.numbers("encounter", means_of_sites(sites, count, others));
        let residents = Residents { groups: &self.members, neighbourhoods: &sites.neighbourhoods };
        for (number, name) in self.groups.iter().enumerate() {
            // The others of a study that names some groups are nobody's own group.
            let Some(known) = groups.names.iter().position(|known| known == name) else { continue };
            let values = others_met(number, &self.met, residents, count);
            columns.numbers(format!("encounter_{name}"), groups.shown(known, values));
        }
        let mut strangers: Vec<Option<u32>> = vec![None; count];
        for &((a, b), shared) in &self.pairs {
            for place in [a, b] {
                *strangers[place].get_or_insert(0) += u32::from(shared == 0);
            }
        }
        columns.counts("neighbours_without_shared_place", strangers);
    }

    /// Indices of the city.
    pub(super) fn city(&self) -> Vec<(String, f64)> {
        let mut city = Vec::new();
        for (number, (name, members)) in self.groups.iter().zip(&self.members).enumerate() {
            let met = self.met.iter().zip(members);
            let others = met.filter_map(|(met, count)| Some((1.0 - met.as_ref()?[number], *count)));
            let mean = weighted_mean(others);
            city.extend(
                mean.map(|mean| (format!("{name}: encounter (others among those they could meet)"), mean)),
            );
        }
        let strangers = self.pairs.iter().filter(|(_, shared)| *shared == 0).count();
        if !self.pairs.is_empty() {
            let name = "pairs of neighbouring neighbourhoods that share no place to meet".to_owned();
            city.push((name, strangers as f64));
        }
        city
    }

    /// One row a place that somebody reaches, those that bridge most first: `id`, `name`, `category`,
    /// `residents_in_reach`, `diversity`, `bridging`, and `share_` of each group, absent where it would tell a small count.
    pub(super) fn places(&self, study: &StudyArea, opportunities: &Opportunities) -> Result<FeatureTable> {
        let places = self.places.iter().zip(&self.found);
        let mut reached: Vec<(Described, &MeetingPlace)> = places
            .filter_map(|(place, found)| {
                Some((describe(study, opportunities.sources()[*place])?, found.as_ref()?))
            })
            .filter(|(_, found)| found.residents >= SMALL_COUNT)
            .collect();
        // A stable sort: equals stay in the order of the study.
        let order = |found: &MeetingPlace| (found.residents < FEW_RESIDENTS, -found.bridging);
        reached.sort_by(|(_, one), (_, other)| {
            let ((one_few, one), (other_few, other)) = (order(one), order(other));
            one_few.cmp(&other_few).then(one.total_cmp(&other))
        });
        let hidden =
            reached.iter().map(|(_, found)| hides_a_small_count(found)).collect::<Result<Vec<_>>>()?;
        let shown = |value: &dyn Fn(&MeetingPlace) -> f64| -> Vec<Option<f64>> {
            let found = reached.iter().zip(&hidden);
            found.map(|((_, found), hidden)| (!hidden).then(|| value(found))).collect()
        };
        let mut columns = Columns::default();
        let words = |value: fn(&Described) -> Option<String>| -> Vec<Option<String>> {
            reached.iter().map(|(place, _)| value(place)).collect()
        };
        columns.text("id", words(|place| Some(place.id.clone())));
        columns.text("name", words(|place| place.name.clone()));
        columns.text("category", words(|place| Some(place.category.clone())));
        columns.numbers(
            format!("{}_in_reach", study.homes.weight.column()),
            reached.iter().map(|(_, found)| Some(found.residents)).collect(),
        );
        columns.numbers("diversity", shown(&|found| found.diversity));
        columns.numbers("bridging", shown(&|found| found.bridging));
        for (group, name) in self.groups.iter().enumerate() {
            columns.numbers(format!("share_{name}"), shown(&|found| found.shares[group]));
        }
        columns.into_features(study, reached.iter().map(|(place, _)| place.at.into()))
    }

    /// One row a pair of neighbourhoods with a common border, those that share nothing first: `one`, `other`,
    /// `shared_places`. The line runs from the middle of one to that of the other.
    pub(super) fn pairs(&self, study: &StudyArea) -> Result<FeatureTable> {
        let mut pairs = self.pairs.clone();
        pairs.sort_by_key(|&(pair, shared)| (shared, pair));
        let place = |number: usize| &study.neighbourhoods[number];
        let mut columns = Columns::default();
        let names = |side: fn(&(usize, usize)) -> usize| -> Vec<Option<String>> {
            pairs.iter().map(|(pair, _)| Some(place(side(pair)).name.clone())).collect()
        };
        columns.text("one", names(|pair| pair.0));
        columns.text("other", names(|pair| pair.1));
        columns.counts("shared_places", pairs.iter().map(|(_, shared)| Some(*shared as u32)).collect());
        let line = |((a, b), _): &((usize, usize), usize)| {
            let ends = [a, b].map(|number| place(*number).shape.interior_point().map(|point| point.0));
            Geometry::from(LineString::new(ends.into_iter().flatten().collect()))
        };
        columns.into_features(study, pairs.iter().map(line))
    }
}

/// A place as people know it.
struct Described {
    id: String,
    name: Option<String>,
    category: String,
    at: Point<f64>,
}

/// `None` for a workplace, which is no place to meet.
fn describe(study: &StudyArea, source: Source) -> Option<Described> {
    Some(match source {
        Source::Service(number) => {
            let service = &study.services[number];
            Described {
                id: service.id.clone(),
                name: service.name.clone(),
                category: service.category.clone(),
                at: service.location,
            }
        }
        Source::GreenSpace(number) => {
            let space = &study.green_spaces[number];
            Described {
                id: space.id.clone(),
                name: space.name.clone(),
                category: category::GREEN_SPACE.into(),
                at: space.shape.interior_point()?,
            }
        }
        Source::Workplace(_) => return None,
    })
}

/// Whether the mix of a place's catchment, with its total, would tell a small count.
fn hides_a_small_count(found: &MeetingPlace) -> Result<bool> {
    let counts: Vec<Vec<f64>> = found.shares.iter().map(|share| vec![share * found.residents]).collect();
    Ok(suppress(&counts, SMALL_COUNT, true)?.touches(0))
}

/// Pairs of neighbourhoods with a common border where people live, each once.
fn inhabited_neighbours(study: &StudyArea, sites: &Sites) -> Result<Vec<(usize, usize)>> {
    let mut people = vec![0.0; study.neighbourhoods.len()];
    for (neighbourhood, residents) in sites.neighbourhoods.iter().zip(&sites.weights) {
        if let Some(neighbourhood) = neighbourhood {
            people[*neighbourhood as usize] += residents;
        }
    }
    let shapes: Vec<_> = study.neighbourhoods.iter().map(|place| place.shape.clone()).collect();
    let links = contiguity(&shapes, Contiguity::Rook, Some(Metres::new(BORDER_M)?))?.links();
    let is_pair = |&(a, b, _): &(usize, usize, f64)| a < b && people[a] > 0.0 && people[b] > 0.0;
    Ok(links.into_iter().filter(is_pair).map(|(a, b, _)| (a, b)).collect())
}
