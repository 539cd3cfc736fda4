//! Times of day side by side: what homes reach by public transport on a weekday morning, at night, on Sunday.

use super::closest::closest_by_transit;
use super::network::{TransitNetwork, TransitOptions};
use super::searches::TransitSearches;
use super::spread::Spread;
use super::stops::TransitStops;
use super::timetable::TimetableOptions;
use crate::model::Traveller;
use crate::model::transit::{TransitSlice, TransitStudy};
use crate::network::{Attachment, Destinations, StreetNetwork, TravelTimes};
use crate::{Minutes, Progress, Result};

/// The timetables of a study on a traveller's streets.
pub struct StudyTransit<'a> {
    study: &'a TransitStudy,
    streets: &'a StreetNetwork,
    stops: TransitStops,
    options: TransitOptions,
}

/// What homes reach in a slice.
#[derive(Debug, Clone, PartialEq)]
pub struct SliceAccess {
    /// By category: minutes to the closest place at the percentile of departures, and the share of departures that reach one within
    /// the standard; `None` where the home is on no street.
    pub closest: Vec<Vec<Option<ClosestByTransit>>>,
}

/// The closest place of a category from a home.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClosestByTransit {
    /// Door to door, at the percentile of departures; `None` if fewer departures arrive.
    pub time: Option<Minutes>,
    /// Share of departures that arrive within the standard, 0 to 1.
    pub share_within_standard: f64,
}

impl<'a> StudyTransit<'a> {
    /// Puts the stops of a study on the streets.
    ///
    /// A traveller in a wheelchair takes no trip and no stop that a feed says is closed to them.
    ///
    /// # Errors
    /// Those of [`TransitStops::attach`].
    pub fn new(study: &'a TransitStudy, streets: &'a StreetNetwork, progress: &dyn Progress) -> Result<Self> {
        let with_wheelchair = streets.profile().traveller() == Traveller::Wheelchair;
        let options = TransitOptions {
            timetable: TimetableOptions { with_wheelchair, ..TimetableOptions::default() },
            ..TransitOptions::default()
        };
        let stops = TransitStops::attach(streets, &study.feeds, options.longest_transfer_m, progress)?;
        Ok(Self { study, streets, stops, options })
    }

    /// The stops on the streets.
    #[must_use]
    pub fn stops(&self) -> &TransitStops {
        &self.stops
    }

    /// The timetable of a slice.
    ///
    /// # Errors
    /// Those of [`TransitNetwork::with_walks`].
    pub fn on(&self, slice: &TransitSlice, progress: &dyn Progress) -> Result<TransitNetwork> {
        let walks = self.stops.walks().clone();
        TransitNetwork::with_walks(
            &self.study.feeds,
            slice.date,
            slice.departures,
            walks,
            self.options,
            progress,
        )
    }

    /// The closest place of each category in a slice.
    ///
    /// # Errors
    /// Those of [`closest_by_transit`].
    pub fn closest(
        &self,
        transit: &TransitNetwork,
        homes: &[Option<Attachment>],
        categories: &[&Destinations],
        standard: Minutes,
        progress: &dyn Progress,
    ) -> Result<SliceAccess> {
        let (percentile, limit) = (self.study.percentile, standard.to_milliseconds());
        let ask = |_: usize, spread: Spread<'_>| ClosestByTransit {
            time: spread.percentile_minutes(percentile),
            share_within_standard: spread.share_within(limit),
        };
        let closest =
            closest_by_transit(self.streets, &self.stops, transit, homes, categories, ask, progress)?;
        Ok(SliceAccess { closest })
    }

    /// The table of all pairs of home and place in a slice, for every measure of access.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Cancelled`] if the work was asked to stop.
    pub fn times(
        &self,
        transit: &TransitNetwork,
        homes: &[Option<Attachment>],
        places: &Destinations,
        progress: &dyn Progress,
    ) -> Result<TravelTimes> {
        let percentile = self.study.percentile;
        TransitSearches::new(self.streets, &self.stops, transit, (homes, places), percentile, progress)?
            .table()
    }
}

impl SliceAccess {
    /// Of a category, which homes are cut off: they reach a place within the standard in `usual`, and not in this slice.
    ///
    /// `None` where the home is on no street.
    #[must_use]
    pub fn cut_off(&self, usual: &Self, category: usize, standard: Minutes) -> Vec<Option<bool>> {
        let reaches = |found: &ClosestByTransit| found.time.is_some_and(|time| time.get() <= standard.get());
        let both = usual.closest[category].iter().zip(&self.closest[category]);
        both.map(|(usual, here)| Some(reaches(usual.as_ref()?) && !reaches(here.as_ref()?))).collect()
    }
}
