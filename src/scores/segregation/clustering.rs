//! Clustering: whether places of a group lie near each other, by distance decay.

use super::index::is_comparable;
use super::{Environments, GroupCounts, SpatialIndex};
use crate::Result;

/// The distance-decay family of Massey & Denton, for the first group x against the others y.
///
/// c = exp(-d/bandwidth) with d = √(0.6 area) within a place: see [`Environments::decaying`]. Pab = Σ a b' c / (A B).
/// An enclave is rated above several clusters, and those above scattered places.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Clustering {
    /// ACL = (Σ x/X Σ c x' - X/n² ΣΣ c) / (Σ x/X Σ c t' - X/n² ΣΣ c), 0 to 1: how many of the neighbours of members
    /// are members, above what n even places would give.
    pub absolute: Option<f64>,
    /// RCL = Pxx/Pyy - 1: above 0 if members live nearer to each other than the others do.
    pub relative: f64,
    /// SP = (X Pxx + Y Pyy) / (T Ptt): 1 if neither group clusters, above 1 if members live nearer to their own. White (1983).
    pub spatial_proximity: f64,
    /// DPxx = Σ x/X Σ c x' / Σ c t': the share of their own group that members meet if meetings decay with distance.
    /// Morgan (1983).
    pub distance_decay_isolation: f64,
    /// DPxy = 1 - DPxx: the share of the others that they meet.
    pub distance_decay_interaction: f64,
}

/// Clustering of the first group.
///
/// `None` where there is nothing to compare. The work grows with the pairs of places within 37 bandwidths (farther ones
/// are below the rounding of the result), the memory with places alone.
///
/// - `decaying`: from [`Environments::decaying`].
///
/// # Errors
/// [`crate::ErrorKind::Parameter`] if `counts` has another number of places.
///
/// # Source
/// Massey & Denton (1988), equations 16 to 20. PySAL (segregation 2.5) weighs pairs by the inverse of this decay and so
/// rates scattered places above an enclave; its values are not comparable.
pub fn clustering(counts: &GroupCounts, decaying: &Environments) -> Result<Option<Clustering>> {
    let counts = counts.one_against_others(0);
    let around = decaying.people_around(&counts)?;
    if !is_comparable(&counts, true) {
        return Ok(None);
    }
    let (members, others, population) =
        (counts.group_totals()[0], counts.group_totals()[1], counts.population());
    let (mut xx, mut xt, mut yy, mut tt) = (0.0, 0.0, 0.0, 0.0);
    for (place, row, total) in counts.inhabited() {
        let (near, all_near) = (around.row(place), around.totals()[place]);
        xx += row[0] * near[0];
        xt += row[0] * all_near;
        yy += row[1] * near[1];
        tt += total * all_near;
    }
    let places = counts.places() as f64;
    let ones = vec![1.0; counts.places()];
    let even = members * decaying.sums(&ones, 1).iter().sum::<f64>() / (places * places);
    let room = xt / members - even;
    let isolation = SpatialIndex::Isolation.of(&counts, &around)?.unwrap_or_default();
    Ok(Some(Clustering {
        absolute: (room > 0.0).then(|| (xx / members - even) / room),
        relative: (xx / (members * members)) / (yy / (others * others)) - 1.0,
        spatial_proximity: (xx / members + yy / others) / (tt / population),
        distance_decay_isolation: isolation,
        distance_decay_interaction: 1.0 - isolation,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Metres;
    use geo::Point;

    const SIDE: usize = 12;

    /// A square city of 12 × 12 places of 100 m; # all of the group, . all of the others. 16 places of the group.
    fn clustering_of(is_group: impl Fn(usize, usize) -> bool) -> Clustering {
        let places = || (0..SIDE * SIDE).map(|place| (place % SIDE, place / SIDE));
        let group: Vec<f64> = places().map(|(x, y)| if is_group(x, y) { 10.0 } else { 0.0 }).collect();
        assert_eq!(group.iter().sum::<f64>(), 160.0);
        let points: Vec<_> = places().map(|(x, y)| Point::new(x as f64 * 100.0, y as f64 * 100.0)).collect();
        let areas = vec![1e4; SIDE * SIDE];
        let counts = GroupCounts::of_group(&group, &vec![10.0; SIDE * SIDE]).unwrap();
        let decaying = Environments::decaying(&points, &areas, Metres::new(150.0).unwrap()).unwrap();
        clustering(&counts, &decaying).unwrap().unwrap()
    }

    #[test]
    fn one_enclave_above_several_clusters_above_scattered_places() {
        //  ####          ##..##          #..#..
        //  ####          ##..##          ......
        //  ####                          #..#..
        let enclave = clustering_of(|x, y| (4..8).contains(&x) && (4..8).contains(&y));
        let clusters = clustering_of(|x, y| [2, 3, 8, 9].contains(&x) && [2, 3, 8, 9].contains(&y));
        let scattered = clustering_of(|x, y| x % 3 == 1 && y % 3 == 1);
        type Reading = fn(&Clustering) -> f64;
        let readings: [(&str, Reading); 4] = [
            ("ACL", |found| found.absolute.unwrap()),
            ("RCL", |found| found.relative),
            ("SP", |found| found.spatial_proximity),
            ("DPxx", |found| found.distance_decay_isolation),
        ];
        for (name, reading) in readings {
            let (one, several, none) = (reading(&enclave), reading(&clusters), reading(&scattered));
            assert!(one > several && several > none, "{name}: {one} {several} {none}");
        }
        assert!(
            scattered.spatial_proximity < 1.15 && enclave.spatial_proximity > 1.2,
            "{scattered:?} {enclave:?}"
        );
    }

    #[test]
    fn an_even_mix_does_not_cluster() {
        let points: Vec<_> = (0..5).map(|x| Point::new(f64::from(x) * 100.0, 0.0)).collect();
        let decaying = Environments::decaying(&points, &[1e4; 5], Metres::new(100.0).unwrap()).unwrap();
        let counts = GroupCounts::of_group(&[3.0; 5], &[10.0; 5]).unwrap();
        let found = clustering(&counts, &decaying).unwrap().unwrap();
        assert!((found.spatial_proximity - 1.0).abs() < 1e-14 && found.relative.abs() < 1e-14);
        assert!((found.distance_decay_isolation - 0.3).abs() < 1e-14 && found.absolute.unwrap().abs() < 0.5);
    }
}
