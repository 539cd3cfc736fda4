//! Ways to those who live near in a straight line: how far they are on foot.

use crate::model::Homes;
use crate::network::{Attachment, Destinations, StreetNetwork, each_origin, time_to_data_edge};
use crate::{Error, ErrorKind, Metres, Minutes, Progress, Result};
use geo::{Distance, Euclidean, Point};
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// Homes on one street within a square of this side are one site, in metres: about a block.
const SITE_M: f64 = 100.0;

/// Homes side by side on one street, taken as one place of residents: for questions about pairs of homes, of which a city
/// has too many.
///
/// ```text
///   ──●●──●────●───        homes of one neighbourhood on one street, within 100 m: one site, at the home
///     └── site ──┘          with the most residents
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Sites {
    /// The site of each home; `None` where the home is on no street.
    pub of_home: Vec<Option<u32>>,
    /// Where the site is on the network.
    pub attached: Vec<Option<Attachment>>,
    /// Where it is.
    pub locations: Vec<Point<f64>>,
    /// Residents of its homes.
    pub weights: Vec<f64>,
    /// Index of the neighbourhood; `None` outside all of them.
    pub neighbourhoods: Vec<Option<u32>>,
}

impl Sites {
    /// Gathers homes. `attached`: one entry per home. Sites stand by neighbourhood, street and place, and what a site is does not
    /// depend on the order of the homes: of homes with equally many residents the westernmost, then the southernmost, is its place.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is not one attachment a home.
    pub fn of(homes: &Homes, attached: &[Option<Attachment>]) -> Result<Self> {
        if attached.len() != homes.len() {
            let message = format!("{} attachments for {} homes", attached.len(), homes.len());
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        let square = |metres: f64| (metres / SITE_M).floor() as i64;
        let key = |(home, at): (usize, &Option<Attachment>)| {
            let at = at.as_ref()?;
            let place = (square(at.position.x), square(at.position.y));
            Some(((homes.neighbourhoods[home], at.edge, place), home))
        };
        let mut placed: Vec<_> = attached.iter().enumerate().filter_map(key).collect();
        let (location, weight) = (|home: usize| homes.locations[home], |home: usize| homes.weights[home]);
        placed.sort_by(|(a_key, a), (b_key, b)| {
            let by_place = || {
                let (a, b) = (location(*a), location(*b));
                a.x().total_cmp(&b.x()).then(a.y().total_cmp(&b.y()))
            };
            a_key.cmp(b_key).then(weight(*b).total_cmp(&weight(*a))).then_with(by_place)
        });
        let mut sites = Self { of_home: vec![None; attached.len()], ..Self::default() };
        for of_site in placed.chunk_by(|(a, _), (b, _)| a == b) {
            // The home with the most residents comes first.
            let (_, first) = of_site[0];
            for &(_, home) in of_site {
                sites.of_home[home] = Some(sites.weights.len() as u32);
            }
            sites.attached.push(attached[first]);
            sites.locations.push(location(first));
            sites.neighbourhoods.push(homes.neighbourhoods[first]);
            sites.weights.push(of_site.iter().map(|&(_, home)| weight(home)).sum());
        }
        Ok(sites)
    }

    /// Number of sites.
    #[must_use]
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.weights.is_empty()
    }

    /// Sums of one count per home by site; homes on no street count nowhere.
    ///
    /// # Panics
    /// If there is not one count per home.
    #[must_use]
    pub fn sums(&self, counts: &[f64]) -> Vec<f64> {
        assert_eq!(counts.len(), self.of_home.len(), "one count per home");
        let mut sums = vec![0.0; self.len()];
        for (site, count) in self.of_home.iter().zip(counts) {
            if let Some(site) = site {
                sums[*site as usize] += count;
            }
        }
        sums
    }
}

/// The way from one place to another near it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Way {
    /// Number of the place.
    pub from: u32,
    /// Number of its neighbour.
    pub to: u32,
    /// In a straight line, in metres; above 0.
    pub straight_m: f64,
    /// On foot, in metres; `None` where it is farther than was searched.
    pub walked_m: Option<f64>,
    /// A walk beyond the street data and back is at least so long, in metres; `None` where that is farther than was
    /// searched, or the data ends nowhere.
    pub outside_m: Option<f64>,
}

impl Way {
    /// Walked over straight.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.walked_m.map(|walked| walked / self.straight_m)
    }

    /// Whether the walk is longer than so many times the straight line; `None` where a shorter one may lead outside the data, so
    /// that nobody knows.
    #[must_use]
    pub fn is_longer_than(&self, ratio: f64) -> Option<bool> {
        let is_within = |metres: Option<f64>| metres.is_some_and(|metres| metres / self.straight_m <= ratio);
        match (is_within(self.walked_m), is_within(self.outside_m)) {
            (true, _) => Some(false),
            (false, true) => None,
            (false, false) => Some(true),
        }
    }
}

/// Which neighbours to walk to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neighbours {
    /// Closer than this, the way from the door to the street is most of the walk.
    pub beyond: Metres,
    /// Neighbours live within this distance in a straight line, inclusive.
    pub within: Metres,
    /// Walks longer than so many times `within` are not measured, only known to be longer.
    pub searched_ratio: f64,
}

impl Default for Neighbours {
    /// From 100 m to 800 m, ten minutes' walk (the walking distance to a station in transit planning; Guerra, Cervero &
    /// Tischler 2012); walks up to three times as far.
    fn default() -> Self {
        let metres = |metres| Metres::new(metres).expect("a positive constant");
        Self { beyond: metres(100.0), within: metres(800.0), searched_ratio: 3.0 }
    }
}

/// Calls `measure` with the ways from each place to those near it, in the order of their numbers.
///
/// The walk is the travel time at the walking speed of the network's profile, from door to door; so a slow surface or
/// steps count as a longer way.
///
/// - `locations`, `attached`: one entry per place; a place that is on no street is nobody's neighbour.
///
/// Returns one result a place; `None` where the place is on no street. A list of ways is gone when `measure` returns: the
/// table of all of them never exists.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, a location is not finite, or `searched_ratio` is below 1;
/// [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn ways_to_neighbours<T: Send>(
    network: &StreetNetwork,
    locations: &[Point<f64>],
    attached: &[Option<Attachment>],
    neighbours: Neighbours,
    progress: &dyn Progress,
    measure: impl Fn(&[Way]) -> T + Sync,
) -> Result<Vec<Option<T>>> {
    let Neighbours { beyond, within, searched_ratio } = neighbours;
    if attached.len() != locations.len() || !(searched_ratio.is_finite() && searched_ratio >= 1.0) {
        let message =
            format!("{} attachments for {} places, ratio {searched_ratio}", attached.len(), locations.len());
        return Err(Error::new(ErrorKind::Parameter, message));
    }
    if let Some(place) = locations.iter().position(|at| !(at.x().is_finite() && at.y().is_finite())) {
        return Err(Error::new(ErrorKind::Parameter, "a location is not finite").at_row(place + 1));
    }
    let milliseconds_per_metre = network.profile().milliseconds_per_metre_off_street();
    let limit = searched_ratio * within.get() * milliseconds_per_metre;
    let limit = Minutes::new(limit / crate::units::MILLISECONDS_PER_MINUTE)?;
    let placed = (0..locations.len()).filter(|place| attached[*place].is_some());
    let near = RTree::bulk_load(
        placed.map(|place| GeomWithData::new(<[f64; 2]>::from(locations[place]), place as u32)).collect(),
    );
    let neighbours_of = |from: usize| {
        let place = <[f64; 2]>::from(locations[from]);
        let mut found: Vec<u32> =
            near.locate_within_distance(place, within.get().powi(2)).map(|near| near.data).collect();
        found.sort_unstable();
        found
    };
    let to_edge = time_to_data_edge(network, attached, limit, progress)?;
    let to_edge: Vec<Option<f64>> = to_edge
        .into_iter()
        .map(|time| Some(f64::from(time?.to_milliseconds()) / milliseconds_per_metre))
        .collect();
    let outside_m = |from: usize, to: usize| Some(to_edge[from]? + to_edge[to]?);
    progress.start("walking to the neighbours", locations.len() as u64);
    let destinations = Destinations::at(network, attached);
    each_origin(network, attached, &destinations, limit, progress, |row| {
        let from = row.number();
        let mut walks = row.milliseconds().peekable();
        let mut ways = Vec::new();
        for to in neighbours_of(from) {
            let straight_m = Euclidean.distance(locations[from], locations[to as usize]);
            if to as usize == from || straight_m < beyond.get() || straight_m == 0.0 {
                continue;
            }
            while walks.next_if(|(place, _)| *place < to as usize).is_some() {}
            let walk = walks.peek().filter(|(place, _)| *place == to as usize);
            let walked_m = walk.map(|(_, cost)| f64::from(*cost) / milliseconds_per_metre);
            let outside_m = outside_m(from, to as usize);
            ways.push(Way { from: from as u32, to, straight_m, walked_m, outside_m });
        }
        measure(&ways)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Street;
    use crate::network::{BuildOptions, TravelProfile};
    use crate::{ErrorKind, Quiet};
    use geo::{Coord, LineString};

    /// A street of 300 m, and beside it, 200 m away, one that meets it at the far end of a third.
    ///
    /// ```text
    ///   a ●────────┐
    ///              │ 200 m
    ///   b ●────────┘
    ///       300 m
    /// ```
    fn hairpin() -> StreetNetwork {
        let places = [(0.0, 200.0), (300.0, 200.0), (300.0, 0.0), (0.0, 0.0)];
        let line: LineString<f64> = places.map(|(x, y)| Coord { x, y }).to_vec().into();
        let tags = [("highway", "footway")].into_iter().collect();
        let street = Street { id: 1, line, vertices: vec![0, 1, 2, 3], tags, ..Street::default() };
        let profile = TravelProfile::walking(crate::KmPerHour::new(4.8).unwrap()).unwrap();
        StreetNetwork::build(&[street], profile, BuildOptions::default(), &Quiet).unwrap().0
    }

    fn placed(network: &StreetNetwork, places: &[(f64, f64)]) -> (Vec<Point<f64>>, Vec<Option<Attachment>>) {
        let far = Metres::new(20.0).unwrap();
        let points: Vec<Point<f64>> = places.iter().map(|&(x, y)| Point::new(x, y)).collect();
        let attached = points.iter().map(|point| network.attach(*point, far, &[]).ok()).collect();
        (points, attached)
    }

    #[test]
    fn a_hairpin_is_far_on_foot_and_near_on_the_map() {
        let network = hairpin();
        let (points, attached) = placed(&network, &[(0.0, 200.0), (0.0, 0.0), (250.0, 200.0), (0.0, 900.0)]);
        let ways = |neighbours| {
            ways_to_neighbours(&network, &points, &attached, neighbours, &Quiet, <[Way]>::to_vec).unwrap()
        };
        let found = ways(Neighbours::default());
        let first = found[0].as_ref().unwrap();
        assert_eq!(first.iter().map(|way| way.to).collect::<Vec<_>>(), [1, 2]);
        assert_eq!((first[0].straight_m, first[0].ratio()), (200.0, Some(4.0)));
        assert_eq!(first[1].ratio(), Some(1.0));
        assert_eq!(found[3], None, "a place on no street");
        let short = Neighbours { within: Metres::new(220.0).unwrap(), ..Neighbours::default() };
        assert_eq!(ways(short)[0].as_ref().unwrap(), &[Way { walked_m: None, ..first[0] }]);
        let wrong = Neighbours { searched_ratio: 0.5, ..short };
        let error = ways_to_neighbours(&network, &points, &attached, wrong, &Quiet, |_| ()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Parameter);
    }

    #[test]
    fn homes_side_by_side_are_one_site() {
        let network = hairpin();
        let (locations, attached) =
            placed(&network, &[(10.0, 200.0), (60.0, 200.0), (160.0, 200.0), (10.0, 0.0), (0.0, 900.0)]);
        let homes = Homes {
            ids: (0..5).map(|id| id.to_string()).collect(),
            locations,
            weights: vec![1.0, 5.0, 3.0, 2.0, 7.0],
            neighbourhoods: vec![Some(0); 5],
            ..Homes::default()
        };
        let sites = Sites::of(&homes, &attached).unwrap();
        assert_eq!(sites.of_home, [Some(1), Some(1), Some(2), Some(0), None]);
        assert_eq!((sites.weights.as_slice(), sites.locations[1].x()), (&[2.0, 6.0, 3.0][..], 60.0));
        assert_eq!(sites.sums(&[1.0; 5]), [1.0, 2.0, 1.0]);
        assert!(Sites::of(&homes, &[]).is_err());
    }

    #[test]
    fn the_order_of_homes_changes_no_site() {
        let network = hairpin();
        // Homes with as many residents as their neighbours: which of them stands for the site must not depend on the order.
        let places = [(10.0, 200.0), (60.0, 200.0), (160.0, 200.0), (110.0, 200.0), (10.0, 0.0), (90.0, 0.0)];
        let sites = |order: &[usize]| {
            let places: Vec<_> = order.iter().map(|&home| places[home]).collect();
            let (locations, attached) = placed(&network, &places);
            let homes = Homes {
                weights: order.iter().map(|&home| [0.1, 0.1, 0.2, 0.2, 0.3, 0.3][home]).collect(),
                neighbourhoods: vec![Some(0); 6],
                ids: order.iter().map(ToString::to_string).collect(),
                locations,
                ..Homes::default()
            };
            let sites = Sites::of(&homes, &attached).unwrap();
            let mut of_home: Vec<_> =
                order.iter().zip(&sites.of_home).map(|(home, site)| (*home, *site)).collect();
            of_home.sort_unstable();
            (of_home, sites.locations, sites.weights)
        };
        let as_given = sites(&[0, 1, 2, 3, 4, 5]);
        assert_eq!(as_given, sites(&[5, 4, 3, 2, 1, 0]));
        assert_eq!(as_given, sites(&[3, 0, 5, 1, 4, 2]));
    }
}
