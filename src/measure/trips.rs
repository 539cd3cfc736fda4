//! A travel mode in a study: the network that it may use, and where homes join it.

use crate::access::{Opportunities, Pairs};
use crate::model::standard::ISLAND_HOMES;
use crate::network::{
    AttachOptions, AttachReport, Attachment, BuildOptions, Destinations, NetworkReport, StreetNetwork,
    TravelProfile,
};
use crate::{Error, Minutes, Progress, Result, StudyArea};
use geo::Point;

/// A travel mode, with every home of the study attached to it once.
pub(crate) struct Trips {
    network: StreetNetwork,
    report: NetworkReport,
    /// Which pieces of the network are places of their own.
    inhabited: Vec<bool>,
    homes: Vec<Option<Attachment>>,
    /// Said of homes that are on no street.
    far: Option<Error>,
}

impl Trips {
    /// Builds the network for a traveller and attaches the homes.
    ///
    /// # Errors
    /// Those of [`StreetNetwork::build`].
    pub(crate) fn of(study: &StudyArea, profile: TravelProfile, progress: &dyn Progress) -> Result<Self> {
        let (network, report) =
            StreetNetwork::build(&study.streets, profile, BuildOptions::default(), progress)?;
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
        Ok(Self { network, report, inhabited, homes, far })
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

    /// Services, green spaces and jobs of the study on this network.
    pub(crate) fn opportunities(&self, study: &StudyArea) -> Opportunities {
        Opportunities::attach(
            &self.network,
            &study.services,
            &study.green_spaces,
            study.workplaces.as_ref(),
            study.settings.max_snap_distance,
            &self.inhabited,
        )
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
}
