//! Homes in partitions: side by side, and as many in each.

use crate::{Error, ErrorKind, Result};
use geo::Point;

/// How homes are cut into partitions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cutting {
    /// So many partitions, at least 1.
    Partitions(usize),
    /// About so many homes in each, at least 1.
    HomesEach(usize),
    /// As the user says: the number of the partition of each home, in the order of the study.
    Given(Vec<u32>),
}

impl Cutting {
    /// The homes of each partition, ascending; none is empty.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] for a count of 0, or a given cut that does not name a partition for every home.
    pub(super) fn cut(&self, homes: &[Point<f64>]) -> Result<Vec<Vec<u32>>> {
        let wrong = |message: String| Err(Error::new(ErrorKind::Parameter, message));
        let count = match self {
            Self::Partitions(0) => return wrong("homes cannot be cut into 0 partitions".into()),
            Self::HomesEach(0) => return wrong("partitions of 0 homes hold nobody".into()),
            Self::Partitions(count) => *count,
            Self::HomesEach(each) => homes.len().div_ceil(*each),
            Self::Given(partitions) if partitions.len() != homes.len() => {
                return wrong(format!("{} partitions are given for {} homes", partitions.len(), homes.len()));
            }
            Self::Given(partitions) => {
                let mut order: Vec<u32> = (0..homes.len() as u32).collect();
                order.sort_by_key(|&home| partitions[home as usize]);
                let same = |a: &u32, b: &u32| partitions[*a as usize] == partitions[*b as usize];
                return Ok(order.chunk_by(same).map(<[u32]>::to_vec).collect());
            }
        };
        let mut all: Vec<u32> = (0..homes.len() as u32).collect();
        let mut parts = Vec::new();
        halve(homes, &mut all, count.min(homes.len()), &mut parts);
        Ok(parts)
    }
}

/// Cuts homes across the longer side of their extent, in proportion to the partitions on both sides, until each is one.
fn halve(homes: &[Point<f64>], part: &mut [u32], count: usize, parts: &mut Vec<Vec<u32>>) {
    if count <= 1 {
        if !part.is_empty() {
            part.sort_unstable();
            parts.push(part.to_vec());
        }
        return;
    }
    let width = |of: fn(Point<f64>) -> f64| {
        let values = || part.iter().map(|&home| of(homes[home as usize]));
        values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
    };
    let along: fn(Point<f64>) -> f64 =
        if width(|p| p.x()) >= width(|p| p.y()) { |p| p.x() } else { |p| p.y() };
    let (left, at) = (count / 2, part.len() * (count / 2) / count);
    // Homes at one place fall to one side by their numbers: a cut is the same on every machine.
    part.sort_unstable_by(|&a, &b| {
        along(homes[a as usize]).total_cmp(&along(homes[b as usize])).then(a.cmp(&b))
    });
    let (low, high) = part.split_at_mut(at);
    halve(homes, low, left, parts);
    halve(homes, high, count - left, parts);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_home_is_in_one_partition_of_about_the_same_size() {
        let homes: Vec<Point<f64>> =
            (0..997).map(|at| Point::new(f64::from(at % 31), f64::from(at / 31))).collect();
        for count in [1, 2, 3, 7, 64, 997] {
            let parts = Cutting::Partitions(count).cut(&homes).unwrap();
            let sizes = || parts.iter().map(Vec::len);
            assert_eq!((parts.len(), sizes().sum::<usize>()), (count, 997));
            assert!(sizes().max().unwrap() - sizes().min().unwrap() <= 2, "{count}");
            let mut all: Vec<u32> = parts.concat();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..997) && parts.iter().all(|part| part.is_sorted()));
        }
        assert_eq!(Cutting::HomesEach(100).cut(&homes).unwrap().len(), 10);
        assert_eq!(Cutting::Partitions(5).cut(&homes[..2]).unwrap(), [[0], [1]]);
        assert_eq!(Cutting::Given(vec![9, 4, 9]).cut(&homes[..3]).unwrap(), [vec![1], vec![0, 2]]);
        let wrong = [Cutting::Partitions(0), Cutting::HomesEach(0), Cutting::Given(vec![1])];
        for cutting in wrong {
            assert_eq!(cutting.cut(&homes).unwrap_err().kind(), ErrorKind::Parameter);
        }
    }
}
