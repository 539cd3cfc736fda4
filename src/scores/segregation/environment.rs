//! Local environments: whom residents live among, by straight distance or by any list of pairs.

use super::GroupCounts;
use crate::spatial::Kernel;
use crate::{Error, ErrorKind, Metres, Result};
use geo::Point;
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// The surroundings of every place: which places make them up, and with which weight. Each place is in its own, once.
///
/// Nothing is kept of pairs that are out of reach, so memory grows with neighbours and never with the square of places.
#[derive(Debug, Clone)]
pub struct Environments(Rows);

#[derive(Debug, Clone)]
enum Rows {
    /// Pairs are found again whenever they are summed.
    Around(Around),
    /// `places[first[i]..first[i + 1]]` surround place i.
    Listed { first: Vec<usize>, places: Vec<u32>, weights: Vec<f64> },
}

#[derive(Debug, Clone)]
struct Around {
    points: Vec<[f64; 2]>,
    tree: RTree<GeomWithData<[f64; 2], u32>>,
    decay: Decay,
    bandwidth_m: f64,
}

#[derive(Debug, Clone)]
enum Decay {
    Kernel(Kernel),
    /// exp(-u), as far as it counts at all, with a distance for each place to itself.
    Exact {
        within_m: Vec<f64>,
    },
}

/// Bandwidths at which exp(-u) is below the rounding of 1.
const EXACT_REACH: f64 = 37.0;
/// An area's mean distance within itself is about √(0.6 area) (White 1983).
const WITHIN_AREA: f64 = 0.6;
/// Places are handled in lots.
const LOT: usize = 256;

impl Around {
    /// Calls `visit` with every place around `place` and its weight, in an order that depends on the points alone.
    fn each(&self, place: usize, mut visit: impl FnMut(usize, f64)) {
        let here = self.points[place];
        let reach = self.bandwidth_m * self.reach();
        for neighbour in self.tree.locate_within_distance(here, reach * reach) {
            let [x, y] = *neighbour.geom();
            let distance_m = (x - here[0]).hypot(y - here[1]);
            let other = neighbour.data as usize;
            let weight = match &self.decay {
                Decay::Kernel(kernel) => kernel.weight(distance_m / self.bandwidth_m),
                Decay::Exact { within_m } => {
                    let distance_m = if other == place { within_m[place] } else { distance_m };
                    (-distance_m / self.bandwidth_m).exp()
                }
            };
            visit(other, weight);
        }
    }

    fn reach(&self) -> f64 {
        match &self.decay {
            Decay::Kernel(kernel) => kernel.reach(),
            Decay::Exact { .. } => EXACT_REACH,
        }
    }
}

impl Environments {
    /// What lies around each point in a straight line, weighted by `kernel`.
    ///
    /// - `points`: one per place, in metres of a projected system.
    /// - `bandwidth`: above 0.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if the bandwidth is 0; [`ErrorKind::Geometry`] if a point is not finite (names the row).
    pub fn around(points: &[Point<f64>], kernel: Kernel, bandwidth: Metres) -> Result<Self> {
        Self::with_decay(points, Decay::Kernel(kernel), bandwidth)
    }

    /// The distance decay of Massey & Denton: exp(-d/bandwidth), d the distance between places and √(0.6 area) within
    /// one. Their paper leaves the unit of d open, and with it the result; here it is explicit.
    ///
    /// - `areas_m2`: one per place, ≥ 0.
    ///
    /// # Errors
    /// As for [`Environments::around`]; and if an area is negative or not finite, or so large against the bandwidth that
    /// a place would not count in its own surroundings.
    ///
    /// # Source
    /// White (1983), "The measurement of spatial segregation"; Massey & Denton (1988), page 294.
    pub fn decaying(points: &[Point<f64>], areas_m2: &[f64], bandwidth: Metres) -> Result<Self> {
        if areas_m2.len() != points.len() {
            let message = format!("{} areas for {} places", areas_m2.len(), points.len());
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        let mut within_m = Vec::with_capacity(areas_m2.len());
        for (row, &area) in areas_m2.iter().enumerate() {
            let distance_m = (WITHIN_AREA * area).sqrt();
            if !area.is_finite() || !distance_m.is_finite() || (-distance_m / bandwidth.get()).exp() == 0.0 {
                let message =
                    format!("an area of `{area}` m² does not fit a bandwidth of {} m", bandwidth.get());
                return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1));
            }
            within_m.push(distance_m);
        }
        Self::with_decay(points, Decay::Exact { within_m }, bandwidth)
    }

    fn with_decay(points: &[Point<f64>], decay: Decay, bandwidth: Metres) -> Result<Self> {
        if bandwidth.get() == 0.0 {
            return Err(Error::new(ErrorKind::Parameter, "a bandwidth of 0 m")
                .hint("for the mix of each place alone use the indices without an environment"));
        }
        if let Some(row) = points.iter().position(|point| !point.x().is_finite() || !point.y().is_finite()) {
            let message = "a place without a finite point";
            return Err(Error::new(ErrorKind::Geometry, message).at_row(row + 1));
        }
        let points: Vec<[f64; 2]> = points.iter().map(|point| [point.x(), point.y()]).collect();
        let numbered = points.iter().zip(0_u32..).map(|(&point, number)| GeomWithData::new(point, number));
        let tree = RTree::bulk_load(numbered.collect());
        Ok(Self(Rows::Around(Around { points, tree, decay, bandwidth_m: bandwidth.get() })))
    }

    /// Any surroundings: for each place the places around it with their weights, such as walking times on the street
    /// network put through a [`Kernel`]. A place that is not in its own list is added with weight 1.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] (names the row) if a place is not there or is listed twice, or a weight is negative or
    /// not finite, or a place is in its own list with weight 0.
    pub fn listed(rows: &[Vec<(u32, f64)>]) -> Result<Self> {
        let (mut first, mut places, mut weights) = (vec![0], Vec::new(), Vec::new());
        let mut seen = vec![usize::MAX; rows.len()];
        for (place, row) in rows.iter().enumerate() {
            let own = (place as u32, 1.0);
            let with_own = row.iter().all(|(other, _)| *other as usize != place).then_some(&own);
            for &(other, weight) in row.iter().chain(with_own) {
                let wrong = |what: String| Err(Error::new(ErrorKind::Parameter, what).at_row(place + 1));
                let Some(last_seen) = seen.get_mut(other as usize) else {
                    return wrong(format!("place {other} is around it, but there are {} places", rows.len()));
                };
                if std::mem::replace(last_seen, place) == place {
                    return wrong(format!("place {other} is around it twice"));
                }
                if !(weight.is_finite() && weight >= 0.0) || (weight == 0.0 && other as usize == place) {
                    return wrong(format!("`{weight}` is not a weight"));
                }
                places.push(other);
                weights.push(weight);
            }
            first.push(places.len());
        }
        Ok(Self(Rows::Listed { first, places, weights }))
    }

    /// Surroundings from pairs of places and the distance between them, in any unit, such as minutes' walk.
    ///
    /// - `pairs`: place, a place around it, distance; once each. A pair that is not there is out of reach.
    /// - `bandwidth`: in the unit of the distances, above 0.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] (names the row of the pair) if a place is not there, or a distance or the bandwidth is
    /// not a distance; and as for [`Environments::listed`].
    pub fn of_pairs(
        places: usize,
        pairs: &[(u32, u32, f64)],
        kernel: Kernel,
        bandwidth: f64,
    ) -> Result<Self> {
        let mut rows = vec![Vec::new(); places];
        for (row, &(from, to, distance)) in pairs.iter().enumerate() {
            let is_there = (from as usize) < places && (to as usize) < places;
            let is_distance =
                distance.is_finite() && distance >= 0.0 && bandwidth.is_finite() && bandwidth > 0.0;
            if !is_there || !is_distance {
                let message = format!(
                    "places {from} and {to} of {places} at a distance of `{distance}` for a bandwidth of `{bandwidth}`"
                );
                return Err(Error::new(ErrorKind::Parameter, message).at_row(row + 1));
            }
            let weight = kernel.weight(distance / bandwidth);
            if weight > 0.0 {
                rows[from as usize].push((to, weight));
            }
        }
        Self::listed(&rows)
    }

    /// The same surroundings with their pairs written out (12 bytes each): quicker where they are summed many times.
    #[must_use]
    pub fn written_out(self) -> Self {
        let Rows::Around(around) = &self.0 else { return self };
        let numbers: Vec<usize> = (0..around.points.len()).collect();
        /// Where each place's pairs end, and the pairs.
        type Lot = (Vec<usize>, Vec<(u32, f64)>);
        let lots: Vec<Lot> = numbers
            .par_chunks(LOT)
            .map(|lot| {
                let mut pairs = Vec::new();
                let ends = lot.iter().map(|&place| {
                    around.each(place, |other, weight| pairs.push((other as u32, weight)));
                    pairs.len()
                });
                (ends.collect(), pairs)
            })
            .collect();
        let count = lots.iter().map(|(_, pairs)| pairs.len()).sum();
        let (mut first, mut places, mut weights) =
            (vec![0], Vec::with_capacity(count), Vec::with_capacity(count));
        for (ends, pairs) in lots {
            let before = places.len();
            first.extend(ends.into_iter().map(|end| before + end));
            places.extend(pairs.iter().map(|(other, _)| *other));
            weights.extend(pairs.into_iter().map(|(_, weight)| weight));
        }
        Self(Rows::Listed { first, places, weights })
    }

    /// Number of places.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.0 {
            Rows::Around(around) => around.points.len(),
            Rows::Listed { first, .. } => first.len() - 1,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// For each place the weighted sums of what surrounds it: `width` values a place, one place after the other.
    pub(super) fn sums(&self, values: &[f64], width: usize) -> Vec<f64> {
        let mut sums = vec![0.0; self.len() * width];
        sums.par_chunks_mut(LOT * width).enumerate().for_each(|(lot, sums)| {
            for (place, sums) in sums.chunks_mut(width).enumerate() {
                let mut add = |other: usize, weight: f64| {
                    for (sum, value) in sums.iter_mut().zip(&values[other * width..]) {
                        *sum += weight * value;
                    }
                };
                let place = lot * LOT + place;
                match &self.0 {
                    Rows::Around(around) => around.each(place, add),
                    Rows::Listed { first, places, weights } => {
                        let range = first[place]..first[place + 1];
                        places[range.clone()]
                            .iter()
                            .zip(&weights[range])
                            .for_each(|(other, weight)| add(*other as usize, *weight));
                    }
                }
            }
        });
        sums
    }

    /// The people around each place: weighted counts of each group, in the order of `counts`.
    ///
    /// An index of what this returns weighs each place by the people around it: that is PySAL's spatial variant.
    /// [`SpatialIndex`](super::SpatialIndex) weighs it by its own residents, as Reardon & O'Sullivan (2004) do.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if `counts` has another number of places.
    pub fn people_around(&self, counts: &GroupCounts) -> Result<GroupCounts> {
        if counts.places() != self.len() {
            let message =
                format!("counts of {} places for the surroundings of {}", counts.places(), self.len());
            return Err(Error::new(ErrorKind::Parameter, message));
        }
        Ok(counts.replaced(self.sums(counts.counts(), counts.groups())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metres(value: f64) -> Metres {
        Metres::new(value).unwrap()
    }

    fn line() -> Vec<Point<f64>> {
        // 0    100         300
        vec![Point::new(0.0, 0.0), Point::new(100.0, 0.0), Point::new(300.0, 0.0)]
    }

    #[test]
    fn kernels_are_one_here_and_nothing_out_of_reach() {
        for kernel in Kernel::ALL {
            assert_eq!((kernel.weight(0.0), kernel.weight(kernel.reach() + 1e-9)), (1.0, 0.0), "{kernel:?}");
            assert!(kernel.weight(0.3) >= kernel.weight(0.9), "{kernel:?}");
            assert_eq!(Kernel::named(kernel.name()), Some(kernel));
        }
        assert_eq!((Kernel::Quartic.weight(0.5), Kernel::Uniform.weight(1.0)), (0.5625, 1.0));
    }

    #[test]
    fn surroundings_count_each_place_once_and_by_its_weight() {
        let counts = GroupCounts::new(&[("a", [8.0, 4.0, 2.0]), ("b", [0.0, 4.0, 6.0])]).unwrap();
        let around = Environments::around(&line(), Kernel::Triangular, metres(200.0)).unwrap();
        // Weights 1 and ½ between the first two, 0 at the very bandwidth between the last two.
        let sums = [10.0, 2.0, 8.0, 4.0, 2.0, 6.0];
        assert_eq!(around.people_around(&counts).unwrap().counts(), sums);
        assert_eq!(around.clone().written_out().people_around(&counts).unwrap().counts(), sums);
        let listed = Environments::listed(&[vec![(1, 0.5)], vec![(0, 0.5), (1, 1.0)], vec![]]).unwrap();
        assert_eq!(listed.people_around(&counts).unwrap().counts(), sums);
        let walks = [(0, 1, 7.5), (1, 0, 7.5), (1, 2, 15.0), (2, 2, 0.0)];
        let walked = Environments::of_pairs(3, &walks, Kernel::Triangular, 15.0).unwrap();
        assert_eq!(walked.people_around(&counts).unwrap().counts(), sums);
    }

    #[test]
    fn wrong_surroundings_are_refused() {
        let kind = |result: Result<Environments>| result.unwrap_err().kind();
        let nowhere = [Point::new(f64::NAN, 0.0)];
        assert_eq!(kind(Environments::around(&line(), Kernel::Uniform, metres(0.0))), ErrorKind::Parameter);
        assert_eq!(kind(Environments::around(&nowhere, Kernel::Uniform, metres(1.0))), ErrorKind::Geometry);
        assert_eq!(kind(Environments::decaying(&line(), &[1.0], metres(1.0))), ErrorKind::Parameter);
        for area in [-1.0, f64::NAN, 1e12] {
            let error = Environments::decaying(&line(), &[1.0, area, 1.0], metres(1.0)).unwrap_err();
            assert_eq!(error.position().row, Some(2));
        }
        for row in [vec![(7, 1.0)], vec![(1, 1.0), (1, 1.0)], vec![(1, -1.0)], vec![(0, 0.0)]] {
            assert_eq!(kind(Environments::listed(&[row, vec![]])), ErrorKind::Parameter);
        }
        for (pair, bandwidth) in
            [((0, 5, 1.0), 1.0), ((5, 0, 1.0), 1.0), ((0, 1, -1.0), 1.0), ((0, 1, 1.0), 0.0)]
        {
            assert_eq!(
                kind(Environments::of_pairs(2, &[pair], Kernel::Uniform, bandwidth)),
                ErrorKind::Parameter
            );
        }
        let counts = GroupCounts::new(&[("a", [1.0])]).unwrap();
        let around = Environments::around(&line(), Kernel::Uniform, metres(1.0)).unwrap();
        assert_eq!(around.people_around(&counts).unwrap_err().kind(), ErrorKind::Parameter);
    }
}
