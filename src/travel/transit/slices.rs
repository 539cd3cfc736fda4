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

    /// Within this time, door to door, an essential counts as reached.
    #[must_use]
    pub fn standard(&self) -> Minutes {
        self.study.standard
    }

    /// The feeds, the times of day and the rest of what the study says.
    #[must_use]
    pub fn study(&self) -> &'a TransitStudy {
        self.study
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
        self.searches(transit, (homes, places), progress)?.table()
    }

    /// All pairs of home and place in a slice, searched anew by each measure: for more pairs than a table can hold.
    ///
    /// # Errors
    /// Those of [`TransitSearches::new`].
    pub fn searches<'b>(
        &'b self,
        transit: &'b TransitNetwork,
        pair: (&'b [Option<Attachment>], &'b Destinations),
        progress: &'b dyn Progress,
    ) -> Result<TransitSearches<'b>> {
        TransitSearches::new(self.streets, &self.stops, transit, pair, self.study.percentile, progress)
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

/// How many members of a group reach a category of services at two times of day.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Reaching {
    /// How many they are on streets.
    pub people: f64,
    /// How many reach a place within the standard at the first time.
    pub usually: f64,
    /// How many do at the second.
    pub then: f64,
    /// How many do at the first and not at the second.
    pub cut_off: f64,
}

impl Reaching {
    /// Counts members by home.
    ///
    /// - `usually`, `then`: which homes reach a place at the two times, as [`SliceAccess::reached`] finds them.
    #[must_use]
    pub fn count(usually: &[Option<bool>], then: &[Option<bool>], members: &[f64]) -> Self {
        let mut counted = Self::default();
        for ((usually, then), people) in usually.iter().zip(then).zip(members) {
            let (Some(usually), Some(then)) = (*usually, *then) else { continue };
            counted.people += people;
            counted.usually += if usually { *people } else { 0.0 };
            counted.then += if then { *people } else { 0.0 };
            counted.cut_off += if usually && !then { *people } else { 0.0 };
        }
        counted
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
                let found = Reaching::count(&reach_usually, &reach_then, counts);
                rows.push(CutOff {
                    slice: slice.name.clone(),
                    category: (*category).to_owned(),
                    group: group.cloned(),
                    people: found.people,
                    reach_usually: found.usually,
                    reach_then: found.then,
                    cut_off: found.cut_off,
                });
            }
        }
    }
    Ok(rows)
}
