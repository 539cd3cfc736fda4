//! Social infrastructure: places to meet within a walk, for the people who share them.

use crate::access::Opportunities;
use crate::measure::prelude::*;
use crate::model::category;
use crate::network::{Destinations, sum_within};
use crate::scores::social_infrastructure::{
    KINDS, Kind, Reached, SocialInfrastructure, social_infrastructure,
};

/// Places to meet for the residents who share them.
pub(crate) static SOCIAL: Measure = Measure {
    name: "social_infrastructure",
    title: "social infrastructure",
    needs: &[Need::Measure("access")],
    method: "Places to meet within 15 minutes' walk, by kind, for those who live within the same walk: how far they reach what \
             the study has on average, and how varied they are.",
    source: "Klinenberg (2018) for the idea; this project for the score",
    columns: &[&PER_THOUSAND, &SCARCEST, &AT_HOME, &ISOLATION],
    run,
};

static PER_THOUSAND: ColumnSpec =
    ColumnSpec::new("meeting_places_per_thousand", Theme::Encounter, Unit::Plain, Scale::MoreIsBetter)
        .label("Places to meet per 1,000 people")
        .means(
            "Libraries, halls, places of worship, parks, cafés, markets and sports grounds within 15 minutes' walk, for 1,000 \
             people who live within the same walk.",
        )
        .does_not_mean(OPPORTUNITY);
static SCARCEST: ColumnSpec = ColumnSpec::words("scarcest_meeting_places", Theme::Encounter)
    .label("Scarcest places to meet")
    .means("The kind of places to meet of which there are the fewest for those who share them.")
    .does_not_mean(OPPORTUNITY);
static AT_HOME: ColumnSpec = isolation().label("Isolation: social infrastructure").means(MEANS);
/// 1 - √(availability · variety): pillar S.
pub(super) static ISOLATION: ColumnSpec =
    isolation().label("Isolation: social infrastructure").means(MEANS).sums_up(&AT_HOME, Rule::Mean);

const OPPORTUNITY: &str = "Who can walk to the same places, not who goes there, meets or speaks.";
const MEANS: &str = "How few and how uniform the places to meet are within 15 minutes' walk, for those who share them: 0 where \
                     there are enough of every kind, 1 where there is none.";

const fn isolation() -> ColumnSpec {
    ColumnSpec::new("social_isolation", Theme::Isolation, Unit::Plain, Scale::MoreIsWorse)
        .does_not_mean(super::access::ON_FOOT)
}

/// Fewer kinds than these in the data are no social infrastructure.
const FEWEST_KINDS: usize = 3;

/// What a home reaches, and how it scores; `None` on no street, and where nobody lives within the walk.
type Social = Option<(Reached, SocialInfrastructure)>;

fn run(context: &Context<'_>) -> Result<Outcome> {
    let categories =
        |kind: &Kind| -> Vec<usize> { kind.1.iter().filter_map(|name| context.category(name)).collect() };
    let (kinds, absent): (Vec<Kind>, Vec<Kind>) =
        KINDS.into_iter().partition(|kind| !categories(kind).is_empty());
    if kinds.len() < FEWEST_KINDS {
        let names: Vec<String> = absent.iter().map(|(kind, _)| spaced(kind)).collect();
        let reason = format!("the data has no places of the kinds {}", names.join(", "));
        return Ok(Outcome::not_assessed(SOCIAL.title, reason));
    }
    let members: Vec<Vec<usize>> = kinds.iter().map(categories).collect();
    let reached = reached(context, &kinds, &members)?;
    let mut found = Outcome::default();
    let mean = |value: &dyn Fn(&(Reached, SocialInfrastructure)) -> f64| {
        context.homes.mean(|home| reached[home].as_ref().map(value))
    };
    if context.study.homes.weight.counts_people() {
        let per_thousand =
            mean(&|(reached, _)| 1_000.0 * reached.places.iter().sum::<f64>() / reached.residents);
        found.neighbourhood(&PER_THOUSAND, Subject::NONE, per_thousand);
    }
    let available: Vec<Vec<Option<f64>>> =
        (0..kinds.len()).map(|kind| mean(&|(_, score)| score.availability[kind])).collect();
    let scarcest = |place: usize| {
        let kinds = available.iter().zip(&kinds);
        let known = kinds.filter_map(|(shares, (name, _))| Some((shares[place]?, *name)));
        // The first of equals, in the order of the kinds.
        known.reduce(|a, b| if b.0 < a.0 { b } else { a }).map(|(_, name)| name.to_owned())
    };
    found.neighbourhood(&SCARCEST, Subject::NONE, (0..context.count()).map(scarcest).collect::<Vec<_>>());
    let isolation = reached.iter().map(|one| one.as_ref().map(|(_, score)| score.isolation));
    found.home(&AT_HOME, Subject::NONE, isolation.collect::<Vec<_>>());
    Ok(found)
}

/// What every home reaches of each kind, for how many residents.
fn reached(context: &Context<'_>, kinds: &[Kind], members: &[Vec<usize>]) -> Result<Vec<Social>> {
    let (network, sites) = (context.walk().streets(), context.sites()?);
    let all: f64 = context.study.homes.weights.iter().sum();
    let needed: Vec<f64> = kinds.iter().map(|kind| 1_000.0 * places_of(context.study, kind) / all).collect();
    let around = Destinations::at(network, &sites.attached);
    let limit = Minutes::new(STANDARD_MINUTES)?;
    let people =
        sum_within(network, &sites.attached, &around, &sites.weights, &[limit], context.progress)?.remove(0);
    let cutoff = Opportunities::SERVICE_CUTOFFS.iter().position(|cutoff| *cutoff == STANDARD_MINUTES);
    let within = cutoff.expect("services are counted within the standard");
    let of_home = |home: usize| -> Result<Social> {
        let (Some(access), Some(site)) = (&context.access[home], sites.of_home[home]) else {
            return Ok(None);
        };
        let Some(residents) = people[site as usize].filter(|residents| *residents > 0.0) else {
            return Ok(None);
        };
        let count = |members: &Vec<usize>| members.iter().map(|&one| access.services[one][within]).sum();
        let reached = Reached { places: members.iter().map(count).collect(), residents };
        let score = social_infrastructure(&reached, &needed)?;
        Ok(Some((reached, score)))
    };
    (0..context.study.homes.len()).map(of_home).collect()
}

/// Places of a kind in the data.
fn places_of(study: &StudyArea, kind: &Kind) -> f64 {
    let services = study.services.iter().filter(|service| kind.1.contains(&service.category.as_str()));
    let green = if kind.1.contains(&category::GREEN_SPACE) { study.green_spaces.len() as f64 } else { 0.0 };
    services.map(|service| service.count).sum::<f64>() + green
}
