//! What lies between residents: severance, encounter, social infrastructure, and the pillars of isolation.

use super::HomeAccess;
use super::encounter::Encounter;
use super::groups::Groups;
use super::perception::Safety;
use super::pillars::PillarColumns;
use super::service_isolation;
use super::severance::Severed;
use super::social_infrastructure::Social;
use super::table::Columns;
use crate::access::Sites;
use crate::network::StreetNetwork;
use crate::{FeatureTable, Progress, Result, StudyArea};

/// Measures between residents, by sites, of which a city has fewer than homes.
pub(super) struct Together<'a> {
    study: &'a StudyArea,
    found: &'a HomeAccess<'a>,
    groups: &'a Groups,
    sites: Sites,
    severed: Option<Severed>,
    encounter: Option<Encounter>,
    social: Option<Social>,
    pillars: PillarColumns,
    safety: Option<Safety>,
}

impl<'a> Together<'a> {
    pub(super) fn measure(
        study: &'a StudyArea,
        network: &StreetNetwork,
        (found, groups): (&'a HomeAccess<'a>, &'a Groups),
        not_assessed: &mut Vec<(String, String)>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let sites = Sites::of(found.homes, &found.attached)?;
        let severed = Severed::measure(study, network, &sites, not_assessed, progress)?;
        let opportunities = &found.opportunities;
        let encounter =
            Encounter::measure(study, network, opportunities, (&sites, groups), not_assessed, progress)?;
        let social = Social::measure(study, network, found, &sites, not_assessed, progress)?;
        let pillars = PillarColumns::measure(study, found, groups, social.as_ref(), not_assessed)?;
        let safety = Safety::measure(study, groups.residents(), not_assessed, progress)?;
        Ok(Self { study, found, groups, sites, severed, encounter, social, pillars, safety })
    }

    pub(super) fn add_columns(&self, columns: &mut Columns) -> Result<()> {
        let Self { study, found, groups, sites, .. } = self;
        service_isolation::add_columns(study, found, groups, columns)?;
        if let Some(severed) = &self.severed {
            severed.add_columns(study, sites, columns);
        }
        if let Some(encounter) = &self.encounter {
            encounter.add_columns(study, (sites, groups), columns);
        }
        if let Some(social) = &self.social {
            social.add_columns(found, study.neighbourhoods.len(), columns);
        }
        self.pillars.add_columns(columns);
        if let Some(safety) = &self.safety {
            safety.add_columns(columns);
        }
        Ok(())
    }

    /// Columns of the table of homes: `severance`, that of the site.
    pub(super) fn add_home_columns(&self, columns: &mut Columns) {
        if let Some(severed) = &self.severed {
            let share = |site: &Option<u32>| severed.share_cut_off((*site)? as usize);
            columns.numbers("severance", self.sites.of_home.iter().map(share).collect());
        }
    }

    /// Indices of the city. `column`: a column of the neighbourhoods by its name.
    pub(super) fn city(
        &self,
        column: impl Fn(&str) -> Option<Vec<Option<f64>>>,
    ) -> Result<Vec<(String, f64)>> {
        let mut city: Vec<(String, f64)> =
            self.severed.iter().flat_map(|severed| severed.city(&self.sites)).collect();
        city.extend(self.encounter.iter().flat_map(Encounter::city));
        city.extend(self.pillars.city(self.study.homes.weight, self.groups.residents()));
        if let Some(safety) = &self.safety {
            let others = ["service_isolation", "residential_isolation", "severance", "encounter"];
            let others = others.map(|name| (name, column(name)));
            city.extend(safety.city(&others)?);
        }
        Ok(city)
    }

    /// Layers beside neighbourhoods and homes: barriers, places to meet, pairs of neighbours, and service isolation by
    /// group; empty where not assessed.
    pub(super) fn layers(&self) -> Result<[FeatureTable; 4]> {
        let Self { study, found, .. } = self;
        let empty = || Columns::default().without_geometry(0);
        let severed = self.severed.as_ref().map(|severed| severed.barriers(study));
        let encounter = self.encounter.as_ref();
        let places = encounter.map(|encounter| encounter.places(study, &found.opportunities));
        let pairs = encounter.map(|encounter| encounter.pairs(study));
        Ok([
            severed.unwrap_or_else(empty)?,
            places.unwrap_or_else(empty)?,
            pairs.unwrap_or_else(empty)?,
            service_isolation::by_group(study, found)?,
        ])
    }
}
