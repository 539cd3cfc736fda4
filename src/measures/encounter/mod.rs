//! Encounter: who could meet whom at schools, parks, libraries and other places that residents share.

mod reach;

pub use reach::MEETING_CATEGORIES;
pub(crate) use reach::{MeetingReach, SHARED_BY, entrances, kind_of, visits};

use super::population::{ID, NAME};
use crate::access::{Opportunities, Source, weighted_mean};
use crate::measure::prelude::*;
use crate::model::category;
use crate::scores::encounter::{
    MeetingPlace, Residents, encounters, meeting_places, others_met, shared_places,
};
use crate::spatial::small_counts::{SMALL_COUNT, suppress};
use geo::{Geometry, InteriorPoint, LineString, Point};

/// Groups who could meet at places that they share.
pub(crate) static ENCOUNTER: Measure = Measure {
    name: "encounter",
    title: "encounter",
    needs: &[],
    method: "Who can walk to the same schools, places of worship, green spaces, libraries, halls, cafés, markets and sports grounds \
             within 15 minutes: opportunity, not contact.",
    source: "Bell (1954) for exposure; this project for bridging",
    columns: &[
        &OTHERS,
        &OTHERS_OF,
        &WITHOUT_SHARED_PLACE,
        &CITY_OTHERS_OF,
        &CITY_WITHOUT_SHARED_PLACE,
        &ID,
        &NAME,
        &CATEGORY,
        &IN_REACH,
        &DIVERSITY,
        &BRIDGING,
        &SHARE,
        &ONE,
        &OTHER,
        &SHARED,
    ],
    run,
};

const OPPORTUNITY: &str = "Who can walk to the same places, not who goes there, meets or speaks.";

/// Of all groups together.
pub(crate) static OTHERS: ColumnSpec = encounter("encounter", Unit::Share, Scale::MoreIsBetter)
    .label("{Residents} of other groups within reach")
    .means(
        "Among the people who can walk to the same schools, parks and other places to meet, the share who are of another group, \
         on average over {residents}.",
    );
static OTHERS_OF: ColumnSpec = encounter("encounter_{of}", Unit::Share, Scale::MoreIsBetter)
    .label("Others within reach: {of}")
    .under("{Of}", "Others within reach")
    .means("Among those whom {of} could meet at places within a walk, the share of other groups.");
static WITHOUT_SHARED_PLACE: ColumnSpec =
    encounter("neighbours_without_shared_place", Unit::Count, Scale::MoreIsWorse)
        .label("Neighbours without a shared place")
        .means(
            "How many neighbouring neighbourhoods share no place that a tenth of the {residents} of both can walk to.",
        );
static CITY_OTHERS_OF: ColumnSpec = encounter("city_encounter_{of}", Unit::Share, Scale::MoreIsBetter)
    .label("{Of}: others within reach")
    .means("Among those whom {of} could meet at places within a walk, the share of other groups.");
static CITY_WITHOUT_SHARED_PLACE: ColumnSpec =
    encounter("pairs_without_shared_place", Unit::Count, Scale::MoreIsWorse)
        .label("Pairs of neighbours sharing no place")
        .means("Pairs of neighbouring neighbourhoods that share no place to meet.");
/// Of a place to meet.
pub(crate) static CATEGORY: ColumnSpec =
    ColumnSpec::words("category", Theme::Encounter).label("Kind of place").means("Its category.");
/// How many can walk to it.
pub(crate) static IN_REACH: ColumnSpec = encounter("{residents}_in_reach", Unit::Count, Scale::Neutral)
    .label("{Residents} in reach")
    .means("{Units} within 15 minutes' walk of the place.");
static DIVERSITY: ColumnSpec =
    encounter("diversity", Unit::Plain, Scale::MoreIsBetter).label("Mix of groups in reach").means(
        "0 where one group alone can walk there, 1 where all are equally many; empty where a count is small.",
    );
/// How much more mixed a place is than where its people come from.
pub(crate) static BRIDGING: ColumnSpec = encounter("bridging", Unit::Plain, Scale::MoreIsBetter)
    .label("Bridging")
    .means("How much more mixed its people are than the neighbourhoods that they come from, 0 to 1.");
static SHARE: ColumnSpec = encounter("share_{of}", Unit::Share, Scale::Neutral)
    .label("Share in reach: {of}")
    .means("Share of those within 15 minutes' walk counted as {of}; empty where a count is small.");
static ONE: ColumnSpec = ColumnSpec::words("one", Theme::Encounter)
    .label("One neighbourhood")
    .means("Name of one of the two neighbours.");
static OTHER: ColumnSpec = ColumnSpec::words("other", Theme::Encounter)
    .label("The other")
    .means("Name of the other of the two neighbours.");
static SHARED: ColumnSpec = encounter("shared_places", Unit::Count, Scale::MoreIsBetter)
    .label("Shared places to meet")
    .means("How many places a tenth of the {residents} of both can walk to.");

const fn encounter(name: &'static str, unit: Unit, scale: Scale) -> ColumnSpec {
    ColumnSpec::new(name, Theme::Encounter, unit, scale).does_not_mean(OPPORTUNITY)
}

/// Places that fewer reach are not ranked as bridges.
const FEW_RESIDENTS: f64 = 100.0;

/// Who could meet where.
struct Encounter {
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

fn run(context: &Context<'_>) -> Result<Outcome> {
    let mut found = Outcome::default();
    if let Some(encounter) = Encounter::measure(context, &mut found)? {
        encounter.add_columns(context, &mut found)?;
        encounter.add_records(&mut found);
        encounter.add_places(context, &mut found)?;
        encounter.add_pairs(context.study, &mut found);
    }
    Ok(found)
}

impl Encounter {
    /// `None` where the study names no group, or has no place to meet.
    fn measure(context: &Context<'_>, found: &mut Outcome) -> Result<Option<Self>> {
        let (study, sites) = (context.study, context.sites()?);
        let reach = MeetingReach::of(
            study,
            (context.walk().streets(), sites),
            context.opportunities,
            &context.groups,
            context.neighbours()?,
            context.progress,
        )?;
        let reach = match reach {
            Ok(reach) => reach,
            Err(reason) => {
                found.refuse(ENCOUNTER.title, reason);
                return Ok(None);
            }
        };
        let residents = reach.residents(sites);
        let MeetingReach { places, visits, .. } = &reach;
        let found = meeting_places(places.len(), visits, residents)?;
        let met = encounters(visits, &found, residents)?;
        let shared = shared_places(&reach.pairs, places.len(), visits, residents, SHARED_BY)?;
        let MeetingReach { groups, members, places, pairs, .. } = reach;
        let pairs = pairs.into_iter().zip(shared).collect();
        Ok(Some(Self { groups, members, places, found, met, pairs }))
    }

    fn add_columns(&self, context: &Context<'_>, outcome: &mut Outcome) -> Result<()> {
        let (sites, groups, count) = (context.sites()?, &context.groups, context.count());
        let others = |site: usize| {
            let met = self.met[site].as_ref()?;
            let here = self.members.iter().zip(met);
            weighted_mean(here.map(|(members, met)| (1.0 - met, members[site])))
        };
        outcome.neighbourhood(&OTHERS, Subject::NONE, context.by_site()?.mean(others));
        let residents = Residents { groups: &self.members, neighbourhoods: &sites.neighbourhoods };
        for (number, name) in self.groups.iter().enumerate() {
            // The others of a study that names some groups are nobody's own group.
            let Some(known) = groups.names.iter().position(|known| known == name) else { continue };
            let values = others_met(number, &self.met, residents, count);
            outcome.neighbourhood(&OTHERS_OF, Subject::group(name), groups.shown(known, values));
        }
        let mut strangers: Vec<Option<u32>> = vec![None; count];
        for &((a, b), shared) in &self.pairs {
            for place in [a, b] {
                *strangers[place].get_or_insert(0) += u32::from(shared == 0);
            }
        }
        outcome.neighbourhood(&WITHOUT_SHARED_PLACE, Subject::NONE, strangers);
        Ok(())
    }

    fn add_records(&self, outcome: &mut Outcome) {
        for (number, (name, members)) in self.groups.iter().zip(&self.members).enumerate() {
            let met = self.met.iter().zip(members);
            let others = met.filter_map(|(met, count)| Some((1.0 - met.as_ref()?[number], *count)));
            outcome.record(&CITY_OTHERS_OF, Subject::group(name), weighted_mean(others));
        }
        let strangers = self.pairs.iter().filter(|(_, shared)| *shared == 0).count();
        let strangers = (!self.pairs.is_empty()).then_some(strangers as f64);
        outcome.record(&CITY_WITHOUT_SHARED_PLACE, Subject::NONE, strangers);
    }

    /// One row per place that somebody reaches, those that bridge most first.
    fn add_places(&self, context: &Context<'_>, outcome: &mut Outcome) -> Result<()> {
        let (study, opportunities): (_, &Opportunities) = (context.study, context.opportunities);
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
        let words = |value: fn(&Described) -> Option<String>| -> Vec<Option<String>> {
            reached.iter().map(|(place, _)| value(place)).collect()
        };
        let mut columns = Columns::default();
        columns.add(&ID, words(|place| Some(place.id.clone())));
        columns.add(&NAME, words(|place| place.name.clone()));
        columns.add(&CATEGORY, words(|place| Some(place.category.clone())));
        columns.add(&IN_REACH, reached.iter().map(|(_, found)| Some(found.residents)).collect::<Vec<_>>());
        columns.add(&DIVERSITY, shown(&|found| found.diversity));
        columns.add(&BRIDGING, shown(&|found| found.bridging));
        for (group, name) in self.groups.iter().enumerate() {
            columns.add_of(&SHARE, Subject::group(name), shown(&|found| found.shares[group]));
        }
        let points = reached.iter().map(|(place, _)| place.at.into()).collect();
        outcome.layer("meeting_places", columns, Some(points));
        Ok(())
    }

    /// One row per pair of neighbours, those that share nothing first. The line runs from the middle of one to that of the
    /// other.
    fn add_pairs(&self, study: &StudyArea, outcome: &mut Outcome) {
        let mut pairs = self.pairs.clone();
        pairs.sort_by_key(|&(pair, shared)| (shared, pair));
        let place = |number: usize| &study.neighbourhoods[number];
        let names = |side: fn(&(usize, usize)) -> usize| -> Vec<Option<String>> {
            pairs.iter().map(|(pair, _)| Some(place(side(pair)).name.clone())).collect()
        };
        let mut columns = Columns::default();
        columns.add(&ONE, names(|pair| pair.0));
        columns.add(&OTHER, names(|pair| pair.1));
        columns.add(&SHARED, pairs.iter().map(|(_, shared)| Some(*shared as u32)).collect::<Vec<_>>());
        let line = |((a, b), _): &((usize, usize), usize)| {
            let ends = [a, b].map(|number| place(*number).shape.interior_point().map(|point| point.0));
            Geometry::from(LineString::new(ends.into_iter().flatten().collect()))
        };
        outcome.layer("neighbour_pairs", columns, Some(pairs.iter().map(line).collect()));
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
pub(crate) fn hides_a_small_count(found: &MeetingPlace) -> Result<bool> {
    let counts: Vec<Vec<f64>> = found.shares.iter().map(|share| vec![share * found.residents]).collect();
    Ok(suppress(&counts, SMALL_COUNT, true)?.touches(0))
}
