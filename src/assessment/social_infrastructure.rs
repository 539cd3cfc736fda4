//! Social infrastructure: places to meet within a walk, for the people who share them.

use super::table::Columns;
use super::{HomeAccess, STANDARD_MINUTES};
use crate::access::{Opportunities, Sites, weighted_mean};
use crate::model::category;
use crate::network::{Destinations, StreetNetwork, sum_within};
use crate::scores::social_infrastructure::{
    KINDS, Kind, Reached, SocialInfrastructure, social_infrastructure,
};
use crate::{Minutes, Progress, Result, StudyArea};

/// Fewer kinds than these in the data are no social infrastructure.
const FEWEST_KINDS: usize = 3;

/// What every home reaches.
pub(super) struct Social {
    kinds: Vec<Kind>,
    /// One entry a home; `None` on no street, and where nobody lives within the walk.
    reached: Vec<Option<(Reached, SocialInfrastructure)>>,
    /// Whether homes count by residents, so that a number per thousand of them means something.
    counts_people: bool,
}

impl Social {
    /// `None` where the data has fewer than [`FEWEST_KINDS`] kinds of places.
    pub(super) fn measure(
        study: &StudyArea,
        network: &StreetNetwork,
        found: &HomeAccess<'_>,
        sites: &Sites,
        not_assessed: &mut Vec<(String, String)>,
        progress: &dyn Progress,
    ) -> Result<Option<Self>> {
        let index = |name: &&str| found.opportunities.categories.iter().position(|known| known == name);
        let categories = |kind: &Kind| -> Vec<usize> { kind.1.iter().filter_map(index).collect() };
        let (kinds, absent): (Vec<Kind>, Vec<Kind>) =
            KINDS.into_iter().partition(|kind| !categories(kind).is_empty());
        if kinds.len() < FEWEST_KINDS {
            let names: Vec<String> = absent.iter().map(|(kind, _)| kind.replace('_', " ")).collect();
            let reason = format!("the data has no places of the kinds {}", names.join(", "));
            not_assessed.push(("social infrastructure".into(), reason));
            return Ok(None);
        }
        let all: f64 = found.homes.weights.iter().sum();
        let needed: Vec<f64> = kinds.iter().map(|kind| 1_000.0 * places_of(study, kind) / all).collect();
        let around = Destinations::at(network, &sites.attached);
        let limit = Minutes::new(STANDARD_MINUTES)?;
        let people =
            sum_within(network, &sites.attached, &around, &sites.weights, &[limit], progress)?.remove(0);
        let cutoff = Opportunities::SERVICE_CUTOFFS.iter().position(|cutoff| *cutoff == STANDARD_MINUTES);
        let within = cutoff.expect("services are counted within the standard");
        let members: Vec<Vec<usize>> = kinds.iter().map(categories).collect();
        let of_home = |home: usize| -> Result<Option<(Reached, SocialInfrastructure)>> {
            let (Some(access), Some(site)) = (&found.access[home], sites.of_home[home]) else {
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
        let reached = (0..found.homes.len()).map(of_home).collect::<Result<_>>()?;
        let counts_people = study.homes.weight.counts_people();
        Ok(Some(Self { kinds, reached, counts_people }))
    }

    /// 1 - √(availability · variety) of a home: pillar S.
    pub(super) fn isolation(&self, home: usize) -> Option<f64> {
        self.reached[home].as_ref().map(|(_, score)| score.isolation)
    }

    /// Columns: `meeting_places_per_thousand` (where homes count by residents) and `scarcest_meeting_places`.
    pub(super) fn add_columns(&self, found: &HomeAccess<'_>, count: usize, columns: &mut Columns) {
        let homes = found.homes;
        let mean = |value: &dyn Fn(&(Reached, SocialInfrastructure)) -> f64| {
            let mut values: Vec<Vec<(f64, f64)>> = vec![Vec::new(); count];
            for (home, reached) in self.reached.iter().enumerate() {
                if let (Some(neighbourhood), Some(reached)) = (homes.neighbourhoods[home], reached) {
                    values[neighbourhood as usize].push((value(reached), homes.weights[home]));
                }
            }
            values.into_iter().map(|values| weighted_mean(values.into_iter())).collect::<Vec<_>>()
        };
        if self.counts_people {
            let per_thousand =
                mean(&|(reached, _)| 1_000.0 * reached.places.iter().sum::<f64>() / reached.residents);
            columns.numbers("meeting_places_per_thousand", per_thousand);
        }
        let available: Vec<Vec<Option<f64>>> =
            (0..self.kinds.len()).map(|kind| mean(&|(_, score)| score.availability[kind])).collect();
        let scarcest = |place: usize| {
            let kinds = available.iter().zip(&self.kinds);
            let known = kinds.filter_map(|(shares, (name, _))| Some((shares[place]?, *name)));
            // The first of equals, in the order of the kinds.
            known.reduce(|a, b| if b.0 < a.0 { b } else { a }).map(|(_, name)| name.to_owned())
        };
        columns.text("scarcest_meeting_places", (0..count).map(scarcest).collect());
    }
}

/// Places of a kind in the data.
fn places_of(study: &StudyArea, kind: &Kind) -> f64 {
    let services = study.services.iter().filter(|service| kind.1.contains(&service.category.as_str()));
    let green = if kind.1.contains(&category::GREEN_SPACE) { study.green_spaces.len() as f64 } else { 0.0 };
    services.map(|service| service.count).sum::<f64>() + green
}
