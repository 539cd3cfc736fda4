//! From one set of boundaries to another: what part of each unit lies in which.

use crate::{Error, ErrorKind, Result};
use geo::{Area, BooleanOps, BoundingRect, MultiPolygon};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Part of a unit of the old boundaries that lies in a unit of the new ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Link {
    /// Row of the old unit.
    pub source: usize,
    /// Row of the new unit.
    pub target: usize,
    /// What is shared: square metres, people or dwellings.
    pub weight: f64,
}

/// How much of every old unit belongs to every new one.
///
/// ```
/// use commonground::scores::interpolation::{Crosswalk, Link};
/// // The first old unit is split in two; the second is kept.
/// let link = |source, target, weight| Link { source, target, weight };
/// let crosswalk = Crosswalk::from_links(2, 2, vec![link(0, 0, 3.0), link(0, 1, 1.0), link(1, 1, 5.0)])?;
/// assert_eq!(crosswalk.counts(&[Some(100.0), Some(10.0)])?, [Some(75.0), Some(35.0)]);
/// # Ok::<(), commonground::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Crosswalk {
    sources: usize,
    targets: usize,
    links: Vec<Link>,
    /// Share of each old unit that lies in any new one, 0 to 1; known where the crosswalk comes from polygons.
    pub coverage: Option<Vec<f64>>,
}

/// A median on new boundaries, and how far off it can be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CarriedMedian {
    /// Mean of the medians of the parts, by weight.
    pub value: f64,
    /// The smallest median among the parts. If each part is like the unit it comes from, the median of all of them
    /// together lies between this and `highest`.
    pub lowest: f64,
    /// The largest median among the parts.
    pub highest: f64,
}

impl Crosswalk {
    /// A crosswalk from a table, such as those of LTDB or NHGIS: any weights, not only shares that add up to 1.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if a link names a row that is not there, or a weight is negative or not finite;
    /// [`ErrorKind::Geometry`] if no weight is above 0.
    pub fn from_links(sources: usize, targets: usize, mut links: Vec<Link>) -> Result<Self> {
        let is_wrong = |link: &&Link| {
            link.source >= sources || link.target >= targets || !link.weight.is_finite() || link.weight < 0.0
        };
        if let Some(link) = links.iter().find(is_wrong) {
            let message = format!(
                "a link from {} to {} with weight {} does not fit",
                link.source, link.target, link.weight
            );
            return Err(Error::new(ErrorKind::Parameter, message).in_layer("crosswalk"));
        }
        links.retain(|link| link.weight > 0.0);
        links.sort_by_key(|link| (link.source, link.target));
        if links.is_empty() {
            let error =
                Error::new(ErrorKind::Geometry, "the old and the new boundaries do not overlap at all");
            return Err(error
                .in_layer("crosswalk")
                .hint("are both in the same coordinate reference system?"));
        }
        Ok(Self { sources, targets, links, coverage: None })
    }

    /// By the area that units share, in one metric system. A link that is less than `sliver` (0 to 1) of both units is
    /// left out: boundaries that barely moved are the same boundary.
    ///
    /// Shapes are overlaid on a grid of integers: shared areas are right to about one part in ten million.
    ///
    /// # Errors
    /// As [`Crosswalk::from_links`]; [`ErrorKind::Parameter`] if `sliver` is not 0 to 1.
    ///
    /// # Source
    /// Goodchild & Lam (1980), "Areal interpolation: a variant of the traditional spatial problem".
    pub fn by_area(old: &[MultiPolygon<f64>], new: &[MultiPolygon<f64>], sliver: f64) -> Result<Self> {
        if !(0.0..=1.0).contains(&sliver) {
            return Err(Error::new(
                ErrorKind::Parameter,
                format!("a sliver of {sliver} is no share between 0 and 1"),
            ));
        }
        let boxes = new.iter().enumerate().filter_map(|(row, shape)| {
            let bounds = shape.bounding_rect()?;
            let corners = Rectangle::from_corners(bounds.min().x_y(), bounds.max().x_y());
            Some(GeomWithData::new(corners, row))
        });
        let tree = RTree::bulk_load(boxes.collect());
        let new_areas: Vec<f64> = new.iter().map(Area::unsigned_area).collect();
        let shared_by = |(source, shape): (usize, &MultiPolygon<f64>)| {
            let Some(bounds) = shape.bounding_rect() else { return (Vec::new(), 0.0) };
            let area = shape.unsigned_area();
            let near = tree
                .locate_in_envelope_intersecting(&AABB::from_corners(bounds.min().x_y(), bounds.max().x_y()));
            let mut targets: Vec<usize> = near.map(|entry| entry.data).collect();
            targets.sort_unstable();
            let shared = targets.into_iter().map(|target| Link {
                source,
                target,
                weight: shape.intersection(&new[target]).unsigned_area(),
            });
            let links: Vec<Link> = shared
                .filter(|link| link.weight > sliver * area || link.weight > sliver * new_areas[link.target])
                .collect();
            let covered = links.iter().map(|link| link.weight).sum::<f64>() / area;
            (links, if covered.is_finite() { covered.min(1.0) } else { 0.0 })
        };
        let shared: Vec<(Vec<Link>, f64)> = old.par_iter().enumerate().map(shared_by).collect();
        let (links, coverage): (Vec<_>, Vec<_>) = shared.into_iter().unzip();
        let crosswalk = Self::from_links(old.len(), new.len(), links.into_iter().flatten().collect())?;
        Ok(Self { coverage: Some(coverage), ..crosswalk })
    }

    /// By the people or dwellings of smaller units, each in one old and one new unit, or in none.
    ///
    /// # Errors
    /// As [`Crosswalk::from_links`]; [`ErrorKind::Parameter`] if the lengths differ.
    pub fn by_units(
        (sources, targets): (usize, usize),
        old: &[Option<usize>],
        new: &[Option<usize>],
        weights: &[f64],
    ) -> Result<Self> {
        if old.len() != weights.len() || new.len() != weights.len() {
            let message =
                format!("{} weights for {} and {} places of units", weights.len(), old.len(), new.len());
            return Err(Error::new(ErrorKind::Parameter, message).in_layer("crosswalk"));
        }
        let places = old.iter().zip(new).zip(weights);
        let links = places.filter_map(|((old, new), weight)| {
            Some(Link { source: (*old)?, target: (*new)?, weight: *weight })
        });
        let mut links: Vec<Link> = links.collect();
        links.sort_by_key(|link| (link.source, link.target));
        links.dedup_by(|next, first| {
            let same = (next.source, next.target) == (first.source, first.target);
            if same {
                first.weight += next.weight;
            }
            same
        });
        Self::from_links(sources, targets, links)
    }

    /// The links, by old and then new unit.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// Old units that no new one takes anything of; their counts are lost.
    #[must_use]
    pub fn lost(&self) -> Vec<usize> {
        let mut is_kept = vec![false; self.sources];
        self.links.iter().for_each(|link| is_kept[link.source] = true);
        (0..self.sources).filter(|source| !is_kept[*source]).collect()
    }

    /// Counts on the new boundaries. Each old count is handed out whole, so totals are kept; a new unit that takes from
    /// a missing count is missing.
    ///
    /// # Errors
    /// [`ErrorKind::Parameter`] if there is not one count an old unit.
    pub fn counts(&self, counts: &[Option<f64>]) -> Result<Vec<Option<f64>>> {
        self.check(counts.len())?;
        let mut whole = vec![0.0; self.sources];
        self.links.iter().for_each(|link| whole[link.source] += link.weight);
        let mut sums = vec![None; self.targets];
        for link in &self.links {
            let part = counts[link.source].map(|count| count * (link.weight / whole[link.source]));
            let sum = sums[link.target].get_or_insert(Some(0.0));
            *sum = sum.zip(part).map(|(sum, part)| sum + part);
        }
        Ok(sums.into_iter().map(Option::flatten).collect())
    }

    /// Shares on the new boundaries, from their counts: parts over wholes, both handed out.
    ///
    /// # Errors
    /// As [`Crosswalk::counts`].
    pub fn shares(&self, parts: &[Option<f64>], wholes: &[Option<f64>]) -> Result<Vec<Option<f64>>> {
        let (parts, wholes) = (self.counts(parts)?, self.counts(wholes)?);
        let share = |(part, whole): (Option<f64>, Option<f64>)| {
            let (part, whole) = part.zip(whole)?;
            (whole > 0.0).then(|| part / whole)
        };
        Ok(parts.into_iter().zip(wholes).map(share).collect())
    }

    /// Rates, indices and means on the new boundaries: means by weight of the known ones.
    ///
    /// # Errors
    /// As [`Crosswalk::counts`].
    pub fn means(&self, values: &[Option<f64>]) -> Result<Vec<Option<f64>>> {
        Ok(self.medians(values)?.into_iter().map(|carried| carried.map(|carried| carried.value)).collect())
    }

    /// Medians on the new boundaries. A median cannot be added up: each is carried with the range it can lie in; where
    /// that is wide, it says nothing.
    ///
    /// # Errors
    /// As [`Crosswalk::counts`].
    pub fn medians(&self, medians: &[Option<f64>]) -> Result<Vec<Option<CarriedMedian>>> {
        self.check(medians.len())?;
        let mut sums: Vec<Option<(f64, CarriedMedian)>> = vec![None; self.targets];
        for link in &self.links {
            let Some(median) = medians[link.source] else { continue };
            let start = CarriedMedian { value: 0.0, lowest: median, highest: median };
            let (weight, carried) = sums[link.target].get_or_insert((0.0, start));
            *weight += link.weight;
            carried.value += link.weight * median;
            carried.lowest = carried.lowest.min(median);
            carried.highest = carried.highest.max(median);
        }
        let mean = |(weight, carried): (f64, CarriedMedian)| CarriedMedian {
            value: carried.value / weight,
            ..carried
        };
        Ok(sums.into_iter().map(|sum| sum.map(mean)).collect())
    }

    fn check(&self, values: usize) -> Result<()> {
        if values == self.sources {
            return Ok(());
        }
        let message = format!("{values} values for {} units", self.sources);
        Err(Error::new(ErrorKind::Parameter, message).in_layer("crosswalk"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Rect, coord};

    fn rectangle(x: f64, width: f64) -> MultiPolygon<f64> {
        MultiPolygon(vec![Rect::new(coord! { x: x, y: 0.0 }, coord! { x: x + width, y: 10.0 }).to_polygon()])
    }

    /// Two old units of 10 x 10; the new ones cut the first at 6 and end at 19.
    fn cut() -> (Vec<MultiPolygon<f64>>, Vec<MultiPolygon<f64>>) {
        (vec![rectangle(0.0, 10.0), rectangle(10.0, 10.0)], vec![rectangle(0.0, 6.0), rectangle(6.0, 13.0)])
    }

    #[test]
    fn counts_keep_their_total_and_coverage_is_told() {
        let (old, new) = cut();
        let crosswalk = Crosswalk::by_area(&old, &new, 0.0).unwrap();
        let people = crosswalk.counts(&[Some(100.0), Some(50.0)]).unwrap();
        assert!((people[0].unwrap() - 60.0).abs() < 1e-9 && (people[1].unwrap() - 90.0).abs() < 1e-9);
        let coverage = crosswalk.coverage.as_ref().unwrap();
        assert!((coverage[0] - 1.0).abs() < 1e-9 && (coverage[1] - 0.9).abs() < 1e-9);
        assert!(crosswalk.counts(&[None, Some(50.0)]).unwrap()[1].is_none());
    }

    #[test]
    fn shares_come_from_counts_and_medians_carry_their_range() {
        let (old, new) = cut();
        let crosswalk = Crosswalk::by_area(&old, &new, 0.0).unwrap();
        // Renters 20 of 100 and 40 of 50: 8 + 40 of 40 + 50.
        let shares = crosswalk.shares(&[Some(20.0), Some(40.0)], &[Some(100.0), Some(50.0)]).unwrap();
        assert!((shares[1].unwrap() - 48.0 / 90.0).abs() < 1e-9);
        let medians = crosswalk.medians(&[Some(100.0), Some(200.0)]).unwrap();
        let second = medians[1].unwrap();
        assert!((second.value - (4.0 * 100.0 + 9.0 * 200.0) / 13.0).abs() < 1e-9);
        assert_eq!((second.lowest, second.highest, medians[0].unwrap().highest), (100.0, 200.0, 100.0));
    }

    #[test]
    fn slivers_are_ignored() {
        let (old, _) = cut();
        let moved = [rectangle(0.0, 10.001), rectangle(10.001, 9.999)];
        assert_eq!(Crosswalk::by_area(&old, &moved, 0.0).unwrap().links().len(), 3);
        let snapped = Crosswalk::by_area(&old, &moved, 0.01).unwrap();
        assert_eq!(snapped.counts(&[Some(100.0), Some(50.0)]).unwrap(), [Some(100.0), Some(50.0)]);
    }

    #[test]
    fn smaller_units_carry_people_where_they_live() {
        let (old, new) = ([Some(0), Some(0), Some(1), None], [Some(0), Some(1), Some(1), Some(1)]);
        let crosswalk = Crosswalk::by_units((2, 2), &old, &new, &[1.0, 3.0, 2.0, 9.0]).unwrap();
        assert_eq!(crosswalk.counts(&[Some(8.0), Some(5.0)]).unwrap(), [Some(2.0), Some(11.0)]);
        assert!(crosswalk.lost().is_empty());
    }

    #[test]
    fn boundaries_that_do_not_meet_and_wrong_links_are_refused() {
        let (old, new) = cut();
        let far = [rectangle(1e6, 10.0)];
        assert_eq!(Crosswalk::by_area(&old, &far, 0.0).unwrap_err().kind(), ErrorKind::Geometry);
        assert_eq!(Crosswalk::by_area(&old, &new, 2.0).unwrap_err().kind(), ErrorKind::Parameter);
        let link = Link { source: 5, target: 0, weight: 1.0 };
        assert_eq!(Crosswalk::from_links(2, 2, vec![link]).unwrap_err().kind(), ErrorKind::Parameter);
        let crosswalk = Crosswalk::by_area(&old, &new, 0.0).unwrap();
        assert_eq!(crosswalk.counts(&[Some(1.0)]).unwrap_err().kind(), ErrorKind::Parameter);
        assert_eq!(
            Crosswalk::by_units((1, 1), &[Some(0)], &[], &[1.0]).unwrap_err().kind(),
            ErrorKind::Parameter
        );
    }
}
