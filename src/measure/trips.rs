//! A travel mode in a study: the network that it may use, and where homes join it.

use super::joined::Joined;
use crate::access::{Joins, Opportunities, Pairs};
use crate::model::standard::ISLAND_HOMES;
use crate::model::{GreenSpace, Service, Workplaces};
use crate::network::{
    AttachOptions, AttachReport, Attachment, BuildOptions, Destinations, NetworkReport, StreetNetwork,
    TravelProfile, park_entrances,
};
use crate::travel::transit::StudyTransit;
use crate::{Error, Metres, Minutes, Progress, Result, StudyArea};
use geo::Point;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A travel mode, with every home of the study attached to it once.
pub(crate) struct Trips {
    network: Arc<StreetNetwork>,
    report: NetworkReport,
    /// Which pieces of the network are places of their own.
    inhabited: Vec<bool>,
    homes: Vec<Option<Attachment>>,
    /// Said of homes that are on no street.
    far: Option<Error>,
    /// Where places join the network.
    joined: Arc<Joined>,
    /// What it was before its streets changed: who stood on a street that is still there stays on it.
    former: Option<Former>,
}

/// A network before its streets changed.
struct Former {
    network: Arc<StreetNetwork>,
    inhabited: Vec<bool>,
    joined: Arc<Joined>,
}

impl Trips {
    /// Builds the network for a traveller and attaches the homes.
    ///
    /// # Errors
    /// Those of [`StreetNetwork::build`].
    pub(crate) fn of(study: &StudyArea, profile: TravelProfile, progress: &dyn Progress) -> Result<Self> {
        let (network, report) =
            StreetNetwork::build(&study.streets, profile, BuildOptions::default(), progress)?;
        let network = network.with_crs(study.crs.clone());
        let homes = &study.homes;
        let far = study.settings.max_snap_distance;
        let inhabited = network.inhabited_components(&homes.locations, ISLAND_HOMES, far);
        let places: Vec<_> = homes.locations.iter().copied().map(Some).collect();
        let receipts = network.attach_all(&places, AttachOptions::within(far), &inhabited, progress)?;
        let complaint = AttachReport::of(&receipts, far).complaint(
            "homes",
            |home| homes.ids[home].clone(),
            "max_snap_distance_m",
        );
        let far = complaint.map(|complaint| complaint.in_layer("homes"));
        let homes = receipts.into_iter().map(|receipt| receipt.attachment).collect();
        let joined = Arc::default();
        Ok(Self { network: Arc::new(network), report, inhabited, homes, far, joined, former: None })
    }

    /// The same network with other homes; those that were there before stay where they joined it.
    pub(crate) fn with_homes(&self, study: &StudyArea) -> Self {
        let network = Arc::clone(&self.network);
        let joined = Arc::clone(&self.joined);
        let trips =
            self.settled(network, self.report.clone(), self.inhabited.clone(), study, |before| Some(*before));
        Self { joined, ..trips }
    }

    /// The network of a study whose streets have changed. Homes stay on the streets that they joined before, and `added`
    /// are joined at their ends alone.
    ///
    /// # Errors
    /// Those of [`StreetNetwork::build`].
    pub(crate) fn with_streets(
        &self,
        study: &StudyArea,
        added: &BTreeSet<i64>,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let (network, report) =
            StreetNetwork::build(&study.streets, self.profile().clone(), BuildOptions::default(), progress)?;
        let lines = |are_added: bool| {
            let streets = study.streets.iter().filter(move |street| added.contains(&street.id) == are_added);
            streets.map(|street| &street.line)
        };
        let network = network.joined_at_ends_only(lines(true), lines(false)).with_crs(study.crs.clone());
        let network = Arc::new(network);
        let far = study.settings.max_snap_distance;
        let inhabited = network.inhabited_components(&study.homes.locations, ISLAND_HOMES, far);
        let again = Arc::clone(&network);
        let trips = self
            .settled(network, report, inhabited, study, |before| again.attach_again(&self.network, before));
        let former = Former {
            network: Arc::clone(&self.network),
            inhabited: self.inhabited.clone(),
            joined: Arc::clone(&self.joined),
        };
        Ok(Self { former: Some(former), ..trips })
    }

    /// Homes on a network: those that were attached before by `again`, all others anew.
    fn settled(
        &self,
        network: Arc<StreetNetwork>,
        report: NetworkReport,
        inhabited: Vec<bool>,
        study: &StudyArea,
        again: impl Fn(&Attachment) -> Option<Attachment> + Sync,
    ) -> Self {
        let far = study.settings.max_snap_distance;
        let attached = |(home, &location): (usize, &Point<f64>)| {
            let before = self.homes.get(home).and_then(Option::as_ref);
            before.and_then(&again).or_else(|| network.attach(location, far, &inhabited).ok())
        };
        let homes = study.homes.locations.par_iter().enumerate().map(attached).collect();
        let (far, joined) = (self.far.clone(), Arc::default());
        Self { network, report, inhabited, homes, far, joined, former: None }
    }

    /// What is truly about streets may ask for them; all else asks for times.
    pub(crate) fn streets(&self) -> &StreetNetwork {
        &self.network
    }

    pub(crate) fn profile(&self) -> &TravelProfile {
        self.network.profile()
    }

    pub(crate) fn report(&self) -> &NetworkReport {
        &self.report
    }

    /// Where each home joins the network; `None` on no street.
    pub(crate) fn homes(&self) -> &[Option<Attachment>] {
        &self.homes
    }

    /// Said of homes that are on no street, if there are any.
    pub(crate) fn said_of_far(&self) -> Option<&Error> {
        self.far.as_ref()
    }

    /// Where points join the network.
    pub(crate) fn attach(&self, study: &StudyArea, points: &[Point<f64>]) -> Vec<Option<Attachment>> {
        let far = study.settings.max_snap_distance;
        points.iter().map(|&point| self.network.attach(point, far, &self.inhabited).ok()).collect()
    }

    /// Which pieces of the network are places of their own.
    pub(crate) fn inhabited(&self) -> &[bool] {
        &self.inhabited
    }

    /// Services, green spaces and jobs of the study on this network.
    pub(crate) fn opportunities(&self, study: &StudyArea) -> Opportunities {
        let places = (&study.services[..], &study.green_spaces[..], study.workplaces.as_ref());
        self.put(study, places, &study.closed_categories)
    }

    /// Some services and green spaces of the study on this network.
    pub(crate) fn opportunities_of(
        &self,
        study: &StudyArea,
        services: &[Service],
        green: &[GreenSpace],
    ) -> Opportunities {
        self.put(study, (services, green, None), &BTreeSet::new())
    }

    fn put(
        &self,
        study: &StudyArea,
        places: (&[Service], &[GreenSpace], Option<&Workplaces>),
        closed: &BTreeSet<String>,
    ) -> Opportunities {
        let far = study.settings.max_snap_distance;
        let enter = |park: &GreenSpace| park_entrances(&self.network, park, far, &self.inhabited);
        let joins = Joins {
            place: &|place| self.joined.place(place, || self.joins(place, far)),
            park: &|park| self.joined.park(park, || enter(park)),
        };
        Opportunities::attach_by(&self.network, places, closed, &joins)
    }

    /// Where a place joins the network: where it did before the streets changed, if that street is still there.
    fn joins(&self, place: Point<f64>, far: Metres) -> Option<Attachment> {
        let again = |Former { network, inhabited, joined }: &Former| {
            let before = joined.place(place, || network.attach(place, far, inhabited).ok())?;
            self.network.attach_again(network, &before)
        };
        let again = self.former.as_ref().and_then(again);
        again.or_else(|| self.network.attach(place, far, &self.inhabited).ok())
    }

    /// Pairs of every home with destinations, for many measures.
    pub(crate) fn pairs<'a>(
        &'a self,
        destinations: &'a Destinations,
        limit: Minutes,
        progress: &'a dyn Progress,
    ) -> Result<Pairs<'a>> {
        Pairs::new(&self.network, &self.homes, destinations, limit, progress)
    }

    /// The study's timetables on this network; `None` if the study has none.
    ///
    /// # Errors
    /// Those of [`StudyTransit::new`].
    pub(crate) fn transit<'a>(
        &'a self,
        study: &'a StudyArea,
        progress: &dyn Progress,
    ) -> Result<Option<StudyTransit<'a>>> {
        let timetables = study.transit.as_ref();
        timetables.map(|transit| StudyTransit::new(transit, &self.network, progress)).transpose()
    }
}
