//! Times of day side by side: what homes reach by public transport on a weekday morning, at night, on Sunday.

use super::closest::closest_by_transit;
use super::network::{TransitNetwork, TransitOptions};
use super::searches::TransitSearches;
use super::spread::Spread;
use super::stops::TransitStops;
use super::timetable::TimetableOptions;
use crate::model::transit::{TransitSlice, TransitStudy};
use crate::model::{StudyArea, Traveller};
use crate::network::{Attachment, Destinations, StreetNetwork, TravelTimes};
use crate::{Error, ErrorKind, Minutes, Progress, Result};
use std::collections::BTreeMap;

/// The timetables of a study on a traveller's streets.
pub struct StudyTransit<'a> {
    study: &'a TransitStudy,
    streets: &'a StreetNetwork,
    stops: TransitStops,
    options: TransitOptions,
}

/// What homes reach in a slice.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SliceAccess {
    /// By category: minutes to the closest place at the percentile of departures, and the share of departures that reach one within
    /// the standard; `None` where the home is on no street.
    pub closest: Vec<Vec<Option<ClosestByTransit>>>,
}

/// The closest place of a category from a home.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
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
    /// Of a category, which homes reach a place within the standard; `None` where the home is on no street.
    #[must_use]
    pub fn reached(&self, category: usize, standard: Minutes) -> Vec<Option<bool>> {
        let reaches = |found: &ClosestByTransit| found.time.is_some_and(|time| time.get() <= standard.get());
        self.closest[category].iter().map(|found| found.as_ref().map(reaches)).collect()
    }

    /// Of a category, which homes are cut off: they reach a place within the standard in `usual`, and not in this slice.
    ///
    /// `None` where the home is on no street.
    #[must_use]
    pub fn cut_off(&self, usual: &Self, category: usize, standard: Minutes) -> Vec<Option<bool>> {
        let [usual, then] = [usual, self].map(|slice| slice.reached(category, standard));
        usual.into_iter().zip(then).map(|(usual, then)| Some(usual? && !then?)).collect()
    }
}

/// Who reaches a category of services by public transport at a time of day, and who does not any more.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CutOff {
    /// Name of the time of day.
    pub slice: String,
    /// Category of services.
    pub category: String,
    /// Group of residents; `None` for everybody.
    pub group: Option<String>,
    /// How many they are on streets, in what homes count by.
    pub people: f64,
    /// How many reach a place within the standard at the first time of day.
    pub reach_usually: f64,
    /// How many do at this one.
    pub reach_then: f64,
    /// How many do at the first and not at this one.
    pub cut_off: f64,
}

/// Every later time of day of a study beside its first: who is cut off, of everybody and of each group.
///
/// - `homes`: where each home of the study joins `streets`.
///
/// Returns one row per time of day, category of services (in the order of their names) and group.
///
/// # Errors
/// [`ErrorKind::Study`] if the study has no timetable; those of [`StudyTransit::new`] and [`StudyTransit::on`].
pub fn who_is_cut_off(
    study: &StudyArea,
    streets: &StreetNetwork,
    homes: &[Option<Attachment>],
    progress: &dyn Progress,
) -> Result<Vec<CutOff>> {
    let Some(transit) = &study.transit else {
        return Err(Error::new(ErrorKind::Study, "the study has no public transport")
            .in_layer("study.toml")
            .hint("add `[[transit]]` with the file of a timetable, and `[transit_times]`"));
    };
    let far = study.settings.max_snap_distance;
    let mut by_category: BTreeMap<&str, Vec<Option<Attachment>>> = BTreeMap::new();
    for service in &study.services {
        let place = streets.attach(service.location, far, &[]).ok();
        by_category.entry(&service.category).or_default().push(place);
    }
    let places: Vec<Destinations> =
        by_category.values().map(|places| Destinations::at(streets, places)).collect();
    let places: Vec<&Destinations> = places.iter().collect();
    let on_streets = StudyTransit::new(transit, streets, progress)?;
    let of_slice = |slice: &TransitSlice| {
        let timetable = on_streets.on(slice, progress)?;
        on_streets.closest(&timetable, homes, &places, transit.standard, progress)
    };
    let Some((first, later)) = transit.slices.split_first() else { return Ok(Vec::new()) };
    let usual = of_slice(first)?;
    let groups = study.homes.groups.iter().map(|group| (Some(&group.name), &group.counts));
    let groups: Vec<_> = std::iter::once((None, &study.homes.weights)).chain(groups).collect();
    let mut rows = Vec::new();
    for slice in later {
        let then = of_slice(slice)?;
        for (number, category) in by_category.keys().enumerate() {
            let reach_usually = usual.reached(number, transit.standard);
            let reach_then = then.reached(number, transit.standard);
            for (group, counts) in &groups {
                let mut row = CutOff {
                    slice: slice.name.clone(),
                    category: (*category).to_owned(),
                    group: group.cloned(),
                    people: 0.0,
                    reach_usually: 0.0,
                    reach_then: 0.0,
                    cut_off: 0.0,
                };
                for (home, people) in counts.iter().enumerate() {
                    let (Some(usually), Some(then)) = (reach_usually[home], reach_then[home]) else {
                        continue;
                    };
                    row.people += people;
                    row.reach_usually += if usually { *people } else { 0.0 };
                    row.reach_then += if then { *people } else { 0.0 };
                    row.cut_off += if usually && !then { *people } else { 0.0 };
                }
                rows.push(row);
            }
        }
    }
    Ok(rows)
}
