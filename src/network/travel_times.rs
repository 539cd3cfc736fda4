//! Travel times of every pair of origin and destination: kept in a table, or found by searches and never kept.

use super::attachment::Attachment;
use super::destinations::Destinations;
use super::graph::StreetNetwork;
use super::reach::Row;
use super::searches::Searches;
use crate::{Error, ErrorKind, Minutes, Progress, Result};
use rayon::prelude::*;
use std::collections::HashMap;
use std::sync::OnceLock;

/// Pairs of origin and destination with the travel time between them, row by row or column by column.
///
/// A measure that asks for pairs works on a [`TravelTimes`] of any router, and straight on the network without the table of all pairs, with the same numbers.
pub trait TravelPairs: Sync {
    /// Number of origins, placed or not.
    fn origin_count(&self) -> usize;

    /// Number of destinations, placed or not.
    fn destination_count(&self) -> usize;

    /// Calls `measure` with the destinations that each origin reaches, in the order of their numbers.
    ///
    /// Returns one result an origin; `None` where the origin is not placed on the network.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] if the work was asked to stop.
    fn each_origin<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>>;

    /// Calls `measure` with the origins that reach each destination, in the order of their numbers.
    ///
    /// Returns one result a destination; `None` where the destination is not placed on the network.
    ///
    /// # Errors
    /// [`ErrorKind::Cancelled`] if the work was asked to stop.
    fn each_destination<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>>;

    /// The same pairs with the roles exchanged: who reaches a place, instead of what a home reaches.
    fn transposed(&self) -> Transposed<'_, Self>
    where
        Self: Sized,
    {
        Transposed(self)
    }
}

/// Pairs with the roles of origin and destination exchanged, for the passive side of a measure.
pub struct Transposed<'a, P>(&'a P);

impl<P: TravelPairs> TravelPairs for Transposed<'_, P> {
    fn origin_count(&self) -> usize {
        self.0.destination_count()
    }

    fn destination_count(&self) -> usize {
        self.0.origin_count()
    }

    fn each_origin<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        self.0.each_destination(measure)
    }

    fn each_destination<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        self.0.each_origin(measure)
    }
}

/// A table of travel times, whoever found them: our network, R5, OpenTripPlanner, a map service.
///
/// It is sparse: a pair that is not in it was not reached. Times are kept in whole milliseconds.
#[derive(Debug, Clone)]
pub struct TravelTimes {
    placed_origins: Vec<bool>,
    placed_destinations: Vec<bool>,
    by_origin: Rows,
    by_destination: OnceLock<Rows>,
}

/// Rows of (number, milliseconds), one after the other, each in the order of the numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rows {
    first: Vec<usize>,
    reached: Vec<(u32, u32)>,
}

impl Rows {
    fn at(&self, row: usize) -> Row<'_> {
        Row { number: row, reached: &self.reached[self.first[row]..self.first[row + 1]] }
    }

    /// Rows as searches found them; an origin that is not placed reaches nothing.
    fn of(rows: Vec<Option<Vec<(u32, u32)>>>) -> Self {
        let (first, end) = Self::with_lengths(rows.iter().map(|row| row.as_ref().map_or(0, Vec::len)));
        let mut reached = Vec::with_capacity(end);
        for row in rows.into_iter().flatten() {
            reached.extend(row);
        }
        Self { first, reached }
    }

    /// Rows from their lengths and, filled in by the caller, their entries.
    fn with_lengths(lengths: impl Iterator<Item = usize>) -> (Vec<usize>, usize) {
        let mut first = vec![0];
        let mut end = 0;
        for length in lengths {
            end += length;
            first.push(end);
        }
        (first, end)
    }

    /// Columns as rows: sorted, because the rows are walked in their order.
    fn transposed(&self, columns: usize) -> Self {
        let mut lengths = vec![0; columns];
        for &(column, _) in &self.reached {
            lengths[column as usize] += 1;
        }
        let (first, end) = Self::with_lengths(lengths.into_iter());
        let mut next = first.clone();
        let mut reached = vec![(0, 0); end];
        for row in 0..self.first.len() - 1 {
            for (column, cost) in self.at(row).milliseconds() {
                reached[next[column]] = (row as u32, cost);
                next[column] += 1;
            }
        }
        Self { first, reached }
    }
}

impl TravelTimes {
    /// A table from minutes, one row per origin and one column per destination; `None` means not reached.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the rows differ in length, or a time is negative, not finite or above
    /// 49 days (the end of milliseconds in 32 bits).
    pub fn from_minutes<R: AsRef<[Option<f64>]>>(rows: &[R]) -> Result<Self> {
        let width = rows.first().map_or(0, |row| row.as_ref().len());
        let mut triples = Vec::new();
        for (origin, row) in rows.iter().enumerate() {
            let row = row.as_ref();
            if row.len() != width {
                let message = format!("{} times in this row, but {width} in the first", row.len());
                return Err(Error::new(ErrorKind::Parameter, message).at_row(origin + 1));
            }
            let reached = row.iter().enumerate().filter_map(|(place, minutes)| Some((place, (*minutes)?)));
            triples.extend(reached.map(|(place, minutes)| (origin as u32, place as u32, minutes)));
        }
        Self::from_triples(rows.len(), width, &triples)
    }

    /// A table from triples: number of the origin, number of the destination, minutes between them.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] with the row of the triple if a number is too high, a pair stands there twice, or
    /// a time is negative, not finite or above 49 days.
    pub fn from_triples(
        origin_count: usize,
        destination_count: usize,
        triples: &[(u32, u32, f64)],
    ) -> Result<Self> {
        let mut lengths = vec![0; origin_count];
        for (row, &(origin, destination, minutes)) in triples.iter().enumerate() {
            let complaint = if origin as usize >= origin_count || destination as usize >= destination_count {
                format!(
                    "pair ({origin}, {destination}), but there are {origin_count} origins and \
                     {destination_count} destinations"
                )
            } else if !(0.0..=LONGEST_MINUTES).contains(&minutes) {
                format!("travel time `{minutes}` min is negative, not finite or above 49 days")
            } else {
                lengths[origin as usize] += 1;
                continue;
            };
            let hint = "leave a pair that is not reached out of the table; no big number stands for it";
            return Err(Error::new(ErrorKind::Parameter, complaint).at_row(row + 1).hint(hint));
        }
        let (first, end) = Rows::with_lengths(lengths.into_iter());
        let mut next = first.clone();
        let mut reached = vec![(0, 0); end];
        for &(origin, destination, minutes) in triples {
            let cost = (minutes * crate::units::MILLISECONDS_PER_MINUTE).round() as u32;
            let at = &mut next[origin as usize];
            reached[*at] = (destination, cost);
            *at += 1;
        }
        let mut rest = reached.as_mut_slice();
        for origin in 0..origin_count {
            let (row, after) = rest.split_at_mut(first[origin + 1] - first[origin]);
            row.sort_unstable();
            if let Some(twice) = row.windows(2).find(|pair| pair[0].0 == pair[1].0) {
                return Err(duplicate(triples, origin as u32, twice[0].0));
            }
            rest = after;
        }
        Ok(Self {
            placed_origins: vec![true; origin_count],
            placed_destinations: vec![true; destination_count],
            by_origin: Rows { first, reached },
            by_destination: OnceLock::new(),
        })
    }

    /// A table from triples that name origins and destinations by their ids, as R5, OpenTripPlanner and others
    /// write them.
    ///
    /// - `origins`, `destinations`: all ids, in the order that people, supplies and results have.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] with row and id if an id is listed twice, a triple names an id that is not listed, or as
    /// for [`TravelTimes::from_triples`].
    ///
    /// # Example
    /// ```
    /// use commonground::TravelTimes;
    /// let table = [("home", "school", 12.0), ("home", "clinic", 7.5)];
    /// let times = TravelTimes::from_ids(&["home", "farm"], &["clinic", "school"], &table)?;
    /// assert_eq!(times.minutes(0, 1), Some(12.0));
    /// assert_eq!(times.minutes(1, 1), None);
    /// let unknown = TravelTimes::from_ids(&["home"], &["school"], &table).unwrap_err();
    /// assert_eq!(unknown.position().id.as_deref(), Some("clinic"));
    /// # Ok::<(), commonground::Error>(())
    /// ```
    pub fn from_ids(
        origins: &[impl AsRef<str>],
        destinations: &[impl AsRef<str>],
        triples: &[(impl AsRef<str>, impl AsRef<str>, f64)],
    ) -> Result<Self> {
        let (origin_numbers, destination_numbers) =
            (numbers_of(origins, "origin")?, numbers_of(destinations, "destination")?);
        let mut numbered = Vec::with_capacity(triples.len());
        for (row, (origin, destination, minutes)) in triples.iter().enumerate() {
            let number = |numbers: &HashMap<&str, u32>, id: &str, side: &str| {
                numbers.get(id).copied().ok_or_else(|| {
                    let message = format!("the table names a {side} that is not listed");
                    Error::new(ErrorKind::Parameter, message)
                        .at_row(row + 1)
                        .with_id(id)
                        .hint("do table and layer use the same ids?")
                })
            };
            let origin = number(&origin_numbers, origin.as_ref(), "origin")?;
            let destination = number(&destination_numbers, destination.as_ref(), "destination")?;
            numbered.push((origin, destination, *minutes));
        }
        Self::from_triples(origins.len(), destinations.len(), &numbered)
    }

    /// A table from rows of (number, milliseconds) in the order of the numbers, one row per origin, or per destination if
    /// `is_transposed`.
    pub(crate) fn from_rows(
        rows: Vec<Option<Vec<(u32, u32)>>>,
        is_transposed: bool,
        placed_origins: Vec<bool>,
        placed_destinations: Vec<bool>,
    ) -> Self {
        let rows = Rows::of(rows);
        let by_destination = OnceLock::new();
        let by_origin = if is_transposed {
            let by_origin = rows.transposed(placed_origins.len());
            by_destination.get_or_init(|| rows);
            by_origin
        } else {
            rows
        };
        Self { placed_origins, placed_destinations, by_origin, by_destination }
    }

    /// Says which origins and destinations are on the network; the others have no values.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is not one answer per origin and a destination, or a pair belongs to one that is
    /// not placed.
    pub fn with_placed(mut self, origins: Vec<bool>, destinations: Vec<bool>) -> Result<Self> {
        if (origins.len(), destinations.len()) != (self.origin_count(), self.destination_count()) {
            let message = format!("{} and {} answers for {self}", origins.len(), destinations.len());
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        let misplaced =
            self.pairs().find(|&(origin, destination, _)| !origins[origin] || !destinations[destination]);
        if let Some((origin, destination, _)) = misplaced {
            let message = format!("pair ({origin}, {destination}) has a time but is not on the network");
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        (self.placed_origins, self.placed_destinations) = (origins, destinations);
        Ok(self)
    }

    /// Whether an origin is on the network.
    #[must_use]
    pub fn is_origin_placed(&self, origin: usize) -> bool {
        self.placed_origins[origin]
    }

    /// Whether a destination is on the network.
    #[must_use]
    pub fn is_destination_placed(&self, destination: usize) -> bool {
        self.placed_destinations[destination]
    }

    /// The destinations that an origin reaches, in the order of their numbers.
    #[must_use]
    pub fn row(&self, origin: usize) -> Row<'_> {
        self.by_origin.at(origin)
    }

    /// The origins that reach a destination, in the order of their numbers.
    #[must_use]
    pub fn column(&self, destination: usize) -> Row<'_> {
        self.by_destination().at(destination)
    }

    /// Minutes from an origin to a destination; `None` if it is not reached.
    #[must_use]
    pub fn minutes(&self, origin: usize, destination: usize) -> Option<f64> {
        let reached = self.row(origin).reached;
        let at = reached.binary_search_by_key(&(destination as u32), |&(place, _)| place).ok()?;
        Some(Minutes::from_milliseconds(reached[at].1).get())
    }

    /// Every pair: number of the origin, number of the destination, minutes.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize, Minutes)> {
        (0..self.origin_count()).flat_map(|origin| {
            let reached = self.row(origin).reached.iter();
            reached.map(move |&(place, cost)| (origin, place as usize, Minutes::from_milliseconds(cost)))
        })
    }

    /// Number of pairs.
    #[must_use]
    pub fn pair_count(&self) -> usize {
        self.by_origin.reached.len()
    }

    fn by_destination(&self) -> &Rows {
        self.by_destination.get_or_init(|| self.by_origin.transposed(self.placed_destinations.len()))
    }
}

/// Whole milliseconds in 32 bits end here.
const LONGEST_MINUTES: f64 = (u32::MAX - 1) as f64 / crate::units::MILLISECONDS_PER_MINUTE;

fn numbers_of<'a>(ids: &'a [impl AsRef<str>], side: &str) -> Result<HashMap<&'a str, u32>> {
    let mut numbers = HashMap::with_capacity(ids.len());
    for (number, id) in ids.iter().enumerate() {
        if numbers.insert(id.as_ref(), number as u32).is_some() {
            let message = format!("this {side} is listed twice");
            return Err(Error::new(ErrorKind::Parameter, message).at_row(number + 1).with_id(id.as_ref()));
        }
    }
    Ok(numbers)
}

fn duplicate(triples: &[(u32, u32, f64)], origin: u32, destination: u32) -> Error {
    let is_pair = |triple: &(u32, u32, f64)| (triple.0, triple.1) == (origin, destination);
    let second = triples.iter().enumerate().filter(|(_, triple)| is_pair(triple)).nth(1);
    let row = second.map_or(0, |(row, _)| row + 1);
    let message = format!("pair ({origin}, {destination}) stands twice in the table");
    Error::new(ErrorKind::Parameter, message)
        .at_row(row)
        .hint("keep one row per pair, for one departure time and one travel mode")
}

impl std::fmt::Display for TravelTimes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} origins by {} destinations, {} pairs",
            self.origin_count(),
            self.destination_count(),
            self.pair_count()
        )
    }
}

impl TravelPairs for TravelTimes {
    fn origin_count(&self) -> usize {
        self.placed_origins.len()
    }

    fn destination_count(&self) -> usize {
        self.placed_destinations.len()
    }

    fn each_origin<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        Ok(each(&self.by_origin, &self.placed_origins, measure))
    }

    fn each_destination<T: Send>(&self, measure: impl Fn(Row<'_>) -> T + Sync) -> Result<Vec<Option<T>>> {
        Ok(each(self.by_destination(), &self.placed_destinations, measure))
    }
}

fn each<T: Send>(rows: &Rows, placed: &[bool], measure: impl Fn(Row<'_>) -> T + Sync) -> Vec<Option<T>> {
    let at = |(row, placed): (usize, &bool)| placed.then(|| measure(rows.at(row)));
    placed.par_iter().enumerate().with_min_len(64).map(at).collect()
}

/// The table of travel times from every origin to every destination within `limit` (inclusive), searched from the side
/// with fewer searches.
///
/// # Errors
/// [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn travel_times(
    network: &StreetNetwork,
    origins: &[Option<Attachment>],
    destinations: &Destinations,
    limit: Minutes,
    progress: &dyn Progress,
) -> Result<TravelTimes> {
    let is_placed = |place: usize| !destinations.entrances_of(place).is_empty();
    let placed_destinations: Vec<bool> = (0..destinations.len()).map(is_placed).collect();
    let placed_origins: Vec<bool> = origins.iter().map(Option::is_some).collect();
    let count = |placed: &[bool]| placed.iter().filter(|is_placed| **is_placed).count();
    let searches = Searches::new(network, origins, destinations, limit, progress);
    let keep = |row: Row<'_>| row.reached.to_vec();
    let is_transposed = count(&placed_destinations) < count(&placed_origins);
    let rows = if is_transposed { searches.each_destination(keep)? } else { searches.each_origin(keep)? };
    Ok(TravelTimes::from_rows(rows, is_transposed, placed_origins, placed_destinations))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind<T: std::fmt::Debug>(result: Result<T>) -> (ErrorKind, Option<usize>) {
        let error = result.unwrap_err();
        (error.kind(), error.position().row)
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_row() {
        let parameter = |row| (ErrorKind::Parameter, row);
        for minutes in [-1.0, f64::NAN, f64::INFINITY, 1e6] {
            let table = TravelTimes::from_triples(1, 1, &[(0, 0, minutes)]);
            assert_eq!(kind(table), parameter(Some(1)), "{minutes}");
        }
        assert_eq!(kind(TravelTimes::from_triples(1, 1, &[(0, 0, 1.0), (0, 1, 1.0)])), parameter(Some(2)));
        let twice = [(0, 1, 1.0), (0, 0, 2.0), (0, 1, 3.0)];
        assert_eq!(kind(TravelTimes::from_triples(1, 2, &twice)), parameter(Some(3)));
        let ragged: [&[Option<f64>]; 2] = [&[Some(1.0)], &[]];
        assert_eq!(kind(TravelTimes::from_minutes(&ragged)), parameter(Some(2)));
        let none: [(&str, &str, f64); 0] = [];
        assert_eq!(kind(TravelTimes::from_ids(&["a", "a"], &["b"], &none)), parameter(Some(2)));
        let unplaced =
            TravelTimes::from_minutes(&[[Some(1.0)]]).unwrap().with_placed(vec![false], vec![true]);
        assert_eq!(kind(unplaced), parameter(None));
    }

    #[test]
    fn rows_and_columns_hold_the_same_pairs_in_order() {
        let times = TravelTimes::from_triples(3, 2, &[(2, 1, 0.5), (0, 1, 2.0), (0, 0, 30.0)]).unwrap();
        let row: Vec<_> = times.row(0).milliseconds().collect();
        assert_eq!(row, [(0, 1_800_000), (1, 120_000)]);
        let column: Vec<_> = times.column(1).milliseconds().collect();
        assert_eq!(column, [(0, 120_000), (2, 30_000)]);
        assert_eq!((times.minutes(0, 0), times.minutes(1, 0)), (Some(30.0), None));
        let reaching = times.transposed().each_origin(|row| row.iter().count()).unwrap();
        assert_eq!(reaching, [Some(1), Some(2)]);
    }

    #[test]
    fn origin_off_network_is_none() {
        let times = TravelTimes::from_minutes(&[[Some(1.0)], [None]]).unwrap();
        let times = times.with_placed(vec![true, false], vec![true]).unwrap();
        assert_eq!(times.each_origin(|row| row.iter().count()).unwrap(), [Some(1), None]);
    }
}
