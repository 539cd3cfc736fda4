//! Neighbours by distance: straight, or along the network as the caller measured it.

use super::SpatialWeights;
use crate::progress::go_on;
use crate::spatial::Kernel;
use crate::{Error, ErrorKind, Metres, Minutes, Progress, Result};
use geo::Point;
use rayon::prelude::*;
use rstar::RTree;
use rstar::primitives::GeomWithData;

/// The weight of a neighbour at `z` bandwidths (≥ 0): that of the kernel, and nothing beyond the bandwidth, where some
/// kernels still have a tail (Silverman 1986, table 3.1, without the factors that make areas 1).
fn within_bandwidth(kernel: Kernel, z: f64) -> f64 {
    if z > 1.0 { 0.0 } else { kernel.weight(z) }
}

/// The `count` places nearest to each, with weight 1; of places equally near, those with lower numbers.
///
/// # Errors
/// [`ErrorKind::Parameter`] if `count` is 0 or there are not more than `count` places; [`ErrorKind::Value`] for a
/// coordinate that is not finite; [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn k_nearest(places: &[Point<f64>], count: usize, progress: &dyn Progress) -> Result<SpatialWeights> {
    if count == 0 || count >= places.len() {
        let message = format!("the {count} nearest of {} places", places.len());
        return Err(Error::new(ErrorKind::Parameter, message)
            .hint("ask for at least 1 and fewer than there are places"));
    }
    let index = index_of(places)?;
    let of_place = |(place, at): (usize, &Point<f64>)| {
        let mut near: Vec<(f64, usize)> = Vec::with_capacity(count + 1);
        for (other, squared) in index.nearest_neighbor_iter_with_distance_2(&[at.x(), at.y()]) {
            // Those as near as the last one are all looked at, so that numbers decide.
            if near.len() >= count && squared > near[near.len() - 1].0 {
                break;
            }
            if other.data != place {
                near.push((squared, other.data));
            }
        }
        near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        near.into_iter().take(count).map(|(_, other)| (other as u32, 1.0)).collect()
    };
    of_each(places, of_place, progress)
}

/// Every other place within `bandwidth` (inclusive), weighted by a kernel; [`Kernel::Uniform`] is a distance band.
///
/// # Errors
/// [`ErrorKind::Parameter`] if `bandwidth` is 0; [`ErrorKind::Value`] for a coordinate that is not finite;
/// [`ErrorKind::Cancelled`] if `progress` asks to stop.
pub fn kernel_weights(
    places: &[Point<f64>],
    bandwidth: Metres,
    kernel: Kernel,
    progress: &dyn Progress,
) -> Result<SpatialWeights> {
    let bandwidth = above_zero(bandwidth.get())?;
    let index = index_of(places)?;
    let of_place = |(place, at): (usize, &Point<f64>)| {
        let within = index.locate_within_distance([at.x(), at.y()], (bandwidth * (1.0 + 1e-12)).powi(2));
        let link = |other: &GeomWithData<[f64; 2], usize>| {
            let [x, y] = *other.geom();
            // Inclusive, whatever the square and the root round to.
            let z = ((x - at.x()).hypot(y - at.y()) / bandwidth).min(1.0);
            (other.data as u32, within_bandwidth(kernel, z))
        };
        let others = within.filter(|other| other.data != place);
        others.map(link).filter(|(.., weight)| *weight > 0.0).collect()
    };
    of_each(places, of_place, progress)
}

/// Weights from the neighbours of each place, in any order.
fn of_each(
    places: &[Point<f64>],
    of_place: impl Fn((usize, &Point<f64>)) -> Vec<(u32, f64)> + Sync,
    progress: &dyn Progress,
) -> Result<SpatialWeights> {
    progress.start("neighbours by distance", places.len() as u64);
    let rows = places.par_iter().enumerate().map(|place| {
        go_on(progress)?;
        let mut row = of_place(place);
        row.sort_unstable_by_key(|(other, _)| *other);
        progress.advance(1);
        Ok(row)
    });
    Ok(SpatialWeights::from_rows(&rows.collect::<Result<Vec<_>>>()?))
}

/// Places within a travel time of each other, weighted by a kernel over time.
///
/// - `times`: from place, to place, minutes: the pairs that were reached, in any order. A place with itself is passed
///   over.
///
/// # Errors
/// [`ErrorKind::Parameter`] if `bandwidth` is 0; and as [`SpatialWeights::from_links`].
pub fn network_weights(
    count: usize,
    times: &[(usize, usize, Minutes)],
    bandwidth: Minutes,
    kernel: Kernel,
) -> Result<SpatialWeights> {
    let bandwidth = above_zero(bandwidth.get())?;
    let weighted = times.iter().filter(|(from, to, _)| from != to);
    let weighted =
        weighted.map(|&(from, to, time)| (from, to, within_bandwidth(kernel, time.get() / bandwidth)));
    SpatialWeights::from_links(count, weighted.filter(|(.., weight)| *weight > 0.0).collect())
}

fn above_zero(bandwidth: f64) -> Result<f64> {
    if bandwidth > 0.0 {
        return Ok(bandwidth);
    }
    Err(Error::new(ErrorKind::Parameter, "a bandwidth of 0 reaches nobody"))
}

fn index_of(places: &[Point<f64>]) -> Result<RTree<GeomWithData<[f64; 2], usize>>> {
    if let Some(row) = places.iter().position(|place| !(place.x().is_finite() && place.y().is_finite())) {
        return Err(Error::new(ErrorKind::Value, "the coordinates are not finite").at_row(row + 1));
    }
    let entry = |(number, place): (usize, &Point<f64>)| GeomWithData::new([place.x(), place.y()], number);
    Ok(RTree::bulk_load(places.iter().enumerate().map(entry).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Quiet;

    /// Four places on a line, and a fifth on top of the first.
    fn places() -> Vec<Point<f64>> {
        [0.0, 1.0, 2.0, 4.0, 0.0].map(|x| Point::new(x, 0.0)).to_vec()
    }

    #[test]
    fn of_places_equally_near_the_first_is_taken() {
        let weights = k_nearest(&places(), 1, &Quiet).unwrap();
        let nearest: Vec<usize> = weights.links().into_iter().map(|(_, other, _)| other).collect();
        assert_eq!(nearest, [4, 0, 1, 2, 0]);
        assert_eq!(k_nearest(&places(), 5, &Quiet).unwrap_err().kind(), ErrorKind::Parameter);
        assert_eq!(
            k_nearest(&[Point::new(f64::NAN, 0.0); 2], 1, &Quiet).unwrap_err().kind(),
            ErrorKind::Value
        );
    }

    #[test]
    fn bands_are_inclusive_and_kernels_fall() {
        let band = kernel_weights(&places(), Metres::new(1.0).unwrap(), Kernel::Uniform, &Quiet).unwrap();
        assert_eq!(band.of(1).places, [0, 2, 4]);
        assert_eq!(band.islands(), [3]);
        let triangle =
            kernel_weights(&places(), Metres::new(2.0).unwrap(), Kernel::Triangular, &Quiet).unwrap();
        assert_eq!((triangle.of(0).places, triangle.of(0).weights), (&[1, 4][..], &[0.5, 1.0][..]));
    }

    #[test]
    fn a_band_of_many_places_stops_when_asked() {
        struct Stop;
        impl Progress for Stop {
            fn start(&self, _: &str, _: u64) {}
            fn advance(&self, _: u64) {}
            fn is_cancelled(&self) -> bool {
                true
            }
        }
        let all = Metres::new(1e6).unwrap();
        let band = kernel_weights(&places(), all, Kernel::Uniform, &Stop);
        let nearest = k_nearest(&places(), 1, &Stop);
        assert_eq!([band, nearest].map(|found| found.unwrap_err().kind()), [ErrorKind::Cancelled; 2]);
    }

    #[test]
    fn travel_times_make_weights_in_one_direction() {
        let minutes = |minutes| Minutes::new(minutes).unwrap();
        let times = [(1, 0, minutes(5.0)), (0, 0, minutes(0.0)), (0, 1, minutes(15.0))];
        let weights = network_weights(2, &times, minutes(10.0), Kernel::Epanechnikov).unwrap();
        assert_eq!(weights.links(), [(1, 0, 0.75)]);
        assert!(network_weights(2, &times, minutes(0.0), Kernel::Uniform).is_err());
    }
}
