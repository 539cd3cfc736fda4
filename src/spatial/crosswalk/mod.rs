//! From one set of boundaries to another: what part of each unit lies in which.

mod shared_area;

use crate::model::{Findings, Kind};
use crate::{Error, ErrorKind, Result};
use geo::{BoundingRect, Intersects, MultiPolygon, Point};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use shared_area::Shape;

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
/// use commonground::spatial::{Crosswalk, Link};
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
    /// Share of each old unit that lies in any new one, 0 to 1: of its area or of its smaller units' weight. `None` where
    /// the crosswalk is a table.
    pub coverage: Option<Vec<f64>>,
    /// What was left out as too small to be meant.
    pub slivers: Slivers,
}

/// Pieces that are left out, as boundaries that barely moved are the same boundary.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub struct Slivers {
    /// How many.
    pub count: usize,
    /// Their part of the area of all old units, 0 to 1.
    pub area_share: f64,
}

/// An old unit that lies less than this in the new ones is named.
const WELL_COVERED: f64 = 0.99;

/// A median on new boundaries, and how far off it can be.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
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
        Ok(Self { sources, targets, links, coverage: None, slivers: Slivers::default() })
    }

    /// By the area that valid shapes share, in one metric system, exact but for the rounding of numbers. A link that is at
    /// most `sliver` (0 to 1) of both units is left out and counted: boundaries that barely moved are the same boundary.
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
        let tree = boxes(new);
        let [old_shapes, new_shapes] =
            [old, new].map(|shapes| shapes.par_iter().map(Shape::new).collect::<Vec<Shape>>());
        let shared_by = |(source, shape): (usize, &MultiPolygon<f64>)| {
            let Some(bounds) = shape.bounding_rect() else { return (Vec::new(), 0.0, Slivers::default()) };
            let near = tree
                .locate_in_envelope_intersecting(&AABB::from_corners(bounds.min().x_y(), bounds.max().x_y()));
            let mut targets: Vec<usize> = near.map(|entry| entry.data).collect();
            targets.sort_unstable();
            let own = &old_shapes[source];
            let shared = targets.into_iter().map(|target| Link {
                source,
                target,
                weight: own.shared_with(&new_shapes[target]),
            });
            let is_meant = |link: &Link| {
                link.weight > sliver * own.area || link.weight > sliver * new_shapes[link.target].area
            };
            let (links, slivers): (Vec<Link>, Vec<Link>) =
                shared.filter(|link| link.weight > 0.0).partition(is_meant);
            let covered = total(&links) / own.area;
            let left_out = Slivers { count: slivers.len(), area_share: total(&slivers) };
            (links, if covered.is_finite() { covered.min(1.0) } else { 0.0 }, left_out)
        };
        let shared: Vec<_> = old.par_iter().enumerate().map(shared_by).collect();
        let mut slivers = Slivers::default();
        let (mut links, mut coverage) = (Vec::new(), Vec::with_capacity(old.len()));
        for (own, covered, left_out) in shared {
            links.extend(own);
            coverage.push(covered);
            slivers.count += left_out.count;
            slivers.area_share += left_out.area_share;
        }
        let area: f64 = old_shapes.iter().map(|shape| shape.area).sum();
        if slivers.count > 0 {
            slivers.area_share /= area;
        }
        let crosswalk = Self::from_links(old.len(), new.len(), links)?;
        Ok(Self { coverage: Some(coverage), slivers, ..crosswalk })
    }

    /// By the people or dwellings at points, such as the middles of blocks: each counts in the old and the new unit that it
    /// lies in, on a border in the first of them.
    ///
    /// # Errors
    /// As [`Crosswalk::by_units`].
    pub fn by_points(
        old: &[MultiPolygon<f64>],
        new: &[MultiPolygon<f64>],
        points: &[Point<f64>],
        weights: &[f64],
    ) -> Result<Self> {
        let [old_units, new_units] = [old, new].map(|shapes| {
            let tree = boxes(shapes);
            let unit_of = |point: &Point<f64>| {
                let near = tree.locate_all_at_point(&point.x_y());
                near.map(|entry| entry.data).filter(|unit| shapes[*unit].intersects(point)).min()
            };
            points.par_iter().map(unit_of).collect::<Vec<Option<usize>>>()
        });
        Self::by_units((old.len(), new.len()), &old_units, &new_units, weights)
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
        let mut coverage = vec![(0.0, 0.0); sources];
        for ((old, new), weight) in old.iter().zip(new).zip(weights) {
            if let Some((inside, whole)) = old.and_then(|old| coverage.get_mut(old)) {
                *whole += weight;
                *inside += if new.is_some() { *weight } else { 0.0 };
            }
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
        let share = |(inside, whole): (f64, f64)| if whole > 0.0 { inside / whole } else { 0.0 };
        let coverage = coverage.into_iter().map(share).collect();
        Ok(Self { coverage: Some(coverage), ..Self::from_links(sources, targets, links)? })
    }

    /// What the reader of a result should know: slivers, old units that are lost, and those that reach beyond the new ones.
    ///
    /// - `layer`: what the old units are called.
    #[must_use]
    pub fn findings(&self, layer: &str) -> Findings {
        let mut findings = Findings::default();
        let about = |message: String| Error::new(ErrorKind::Geometry, message).in_layer(layer);
        if self.slivers.count > 0 {
            let Slivers { count, area_share } = self.slivers;
            let percent = 100.0 * area_share;
            let message =
                format!("{count} slivers were taken for the same boundary ({percent:.2} % of the area)");
            findings.note(about(message));
        }
        let lost = self.lost();
        if !lost.is_empty() {
            let message = format!("{} of {} old units lie in no new one", lost.len(), self.sources);
            findings.warning(about(message).at_row(lost[0] + 1).hint("their counts are lost"));
        }
        let coverage = self.coverage.iter().flatten().enumerate();
        let partly: Vec<(usize, &f64)> =
            coverage.filter(|(_, share)| (f64::EPSILON..WELL_COVERED).contains(*share)).collect();
        if let Some((first, _)) = partly.first() {
            let least = partly.iter().map(|(_, share)| **share).fold(1.0, f64::min);
            let message = format!(
                "{} of {} old units reach beyond the new ones, the most with {:.1} % of themselves",
                partly.len(),
                self.sources,
                100.0 * (1.0 - least)
            );
            let hint = "their counts are handed out whole to the part that is covered";
            findings.warning(about(message).at_row(first + 1).hint(hint));
        }
        findings
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
    /// [`ErrorKind::Parameter`] if there is not one count per old unit.
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

    /// A column on the new boundaries, as its kind can be carried: counts are handed out, all else is a mean by weight.
    ///
    /// # Errors
    /// As [`Crosswalk::counts`].
    pub fn carry(&self, kind: Kind, values: &[Option<f64>]) -> Result<Vec<Option<f64>>> {
        match kind {
            Kind::Count => self.counts(values),
            Kind::Median | Kind::Share | Kind::Index => self.means(values),
        }
    }

    /// 90 % margins of error on the new boundaries, of estimates that [`Crosswalk::carry`] carries.
    ///
    /// The errors of different old units are independent, so the margin of a sum is the root of the sum of squares. A count
    /// is handed out by fixed shares, and its margin with it. A share, an index or a median is a mean by weight, and so is its
    /// margin in squares: a part of one unit keeps the whole margin, the union of two like ones has 1/√2 of it. The median of
    /// a union is no mean of medians: what its parts allow, from the carried value to the farther end of their range, is
    /// added in squares.
    ///
    /// - `values`, `margins`: one per old unit, in one unit of measure; margins ≥ 0.
    ///
    /// `None` where the value has none, or the margin of one of its parts is missing.
    ///
    /// # Errors
    /// As [`Crosswalk::counts`].
    ///
    /// # Source
    /// U.S. Census Bureau (2020), "Understanding and Using American Community Survey Data", chapter 8 (margins of sums and of
    /// proportions); the range of medians is this project's.
    pub fn carry_margins(
        &self,
        kind: Kind,
        values: &[Option<f64>],
        margins: &[Option<f64>],
    ) -> Result<Vec<Option<f64>>> {
        self.check(values.len())?;
        self.check(margins.len())?;
        let squares: Vec<Option<f64>> =
            margins.iter().map(|margin| margin.map(|margin| margin * margin)).collect();
        if kind == Kind::Count {
            let mut whole = vec![0.0; self.sources];
            self.links.iter().for_each(|link| whole[link.source] += link.weight);
            return Ok(self.roots(|link| {
                squares[link.source].map(|square| (link.weight / whole[link.source]).powi(2) * square)
            }));
        }
        // Only units with a value have a part in a mean.
        let known = |link: &Link| values[link.source].is_some();
        let mut weights = vec![0.0; self.targets];
        self.links.iter().filter(|link| known(link)).for_each(|link| weights[link.target] += link.weight);
        let part = |link: &Link| {
            if !known(link) {
                return Some(0.0);
            }
            squares[link.source].map(|square| (link.weight / weights[link.target]).powi(2) * square)
        };
        let roots = self.roots(part);
        let carried = self.medians(values)?;
        let margin = |(root, carried): (Option<f64>, Option<CarriedMedian>)| {
            let (root, carried) = root.zip(carried)?;
            let beyond = (carried.highest - carried.value).max(carried.value - carried.lowest);
            Some(if kind == Kind::Median { root.hypot(beyond) } else { root })
        };
        Ok(roots.into_iter().zip(carried).map(margin).collect())
    }

    /// For every new unit the root of the sum of its links' parts; `None` if one is missing, or there is no link.
    fn roots(&self, part: impl Fn(&Link) -> Option<f64>) -> Vec<Option<f64>> {
        let mut sums = vec![None; self.targets];
        for link in &self.links {
            let sum = sums[link.target].get_or_insert(Some(0.0));
            *sum = sum.zip(part(link)).map(|(sum, part)| sum + part);
        }
        sums.into_iter().map(|sum| sum.flatten().map(f64::sqrt)).collect()
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

fn total(links: &[Link]) -> f64 {
    links.iter().map(|link| link.weight).sum()
}

/// The bounding boxes of shapes, each with its row.
fn boxes(shapes: &[MultiPolygon<f64>]) -> RTree<GeomWithData<Rectangle<(f64, f64)>, usize>> {
    let boxes = shapes.iter().enumerate().filter_map(|(row, shape)| {
        let bounds = shape.bounding_rect()?;
        let corners = Rectangle::from_corners(bounds.min().x_y(), bounds.max().x_y());
        Some(GeomWithData::new(corners, row))
    });
    RTree::bulk_load(boxes.collect())
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

    /// Two old units; the first new one is half of the first, the second the other half and all of the second, by people:
    /// `100 people [50 | 50] [50 people]`.
    #[test]
    fn margins_are_carried_as_their_estimates_are() {
        let link = |source, target, weight| Link { source, target, weight };
        let links = vec![link(0, 0, 50.0), link(0, 1, 50.0), link(1, 1, 50.0)];
        let crosswalk = Crosswalk::from_links(2, 2, links).unwrap();
        let (values, margins) = ([Some(0.4), Some(0.2)], [Some(0.10), Some(0.10)]);
        let carry = |kind, values, margins| crosswalk.carry_margins(kind, values, margins).unwrap();
        let shares = carry(Kind::Share, &values, &margins);
        assert_eq!(shares[0], Some(0.10));
        assert!((shares[1].unwrap() - 0.10 / 2.0_f64.sqrt()).abs() < 1e-15);
        // Of 100 ± 30 people half are handed to each: 50 ± 15; 15 and 40 together √(15² + 40²).
        let counts = carry(Kind::Count, &[Some(100.0), Some(50.0)], &[Some(30.0), Some(40.0)]);
        assert_eq!(counts[0], Some(15.0));
        assert!((counts[1].unwrap() - 15.0_f64.hypot(40.0)).abs() < 1e-12);
        // Rents of 900 ± 60 and 1,100 ± 80: the mean of 1,000 may lie 100 off besides.
        let medians = carry(Kind::Median, &[Some(900.0), Some(1100.0)], &[Some(60.0), Some(80.0)]);
        assert_eq!(medians[0], Some(60.0));
        assert!((medians[1].unwrap() - 50.0_f64.hypot(100.0)).abs() < 1e-12);
        // A margin that is missing is not 0, and a unit without a value has no part in a mean.
        assert_eq!(carry(Kind::Share, &values, &[Some(0.1), None]), [Some(0.1), None]);
        assert_eq!(carry(Kind::Share, &[Some(0.4), None], &[Some(0.1), None]), [Some(0.1), Some(0.1)]);
    }

    #[test]
    fn slivers_are_ignored() {
        let (old, _) = cut();
        let moved = [rectangle(0.0, 10.001), rectangle(10.001, 9.999)];
        assert_eq!(Crosswalk::by_area(&old, &moved, 0.0).unwrap().links().len(), 3);
        let snapped = Crosswalk::by_area(&old, &moved, 0.01).unwrap();
        assert_eq!(snapped.counts(&[Some(100.0), Some(50.0)]).unwrap(), [Some(100.0), Some(50.0)]);
        assert!(snapped.slivers.count == 1 && (snapped.slivers.area_share - 0.01 / 200.0).abs() < 1e-12);
        assert!(
            snapped.findings("tracts").iter().any(|finding| finding.error.message().contains("1 slivers"))
        );
    }

    #[test]
    fn what_reaches_beyond_or_is_lost_is_told() {
        let (old, new) = cut();
        let (inside, outside) = (rectangle(0.0, 10.0), rectangle(50.0, 10.0));
        let crosswalk = Crosswalk::by_area(&[old[1].clone(), outside, inside], &new, 0.0).unwrap();
        let said: Vec<String> =
            crosswalk.findings("tracts").iter().map(|finding| finding.error.message().to_owned()).collect();
        assert_eq!(said[0], "1 of 3 old units lie in no new one");
        assert_eq!(said[1], "1 of 3 old units reach beyond the new ones, the most with 10.0 % of themselves");
        assert_eq!(crosswalk.lost(), [1]);
    }

    #[test]
    fn smaller_units_carry_people_where_they_live() {
        let (old, new) = ([Some(0), Some(0), Some(1), None], [Some(0), Some(1), Some(1), Some(1)]);
        let crosswalk = Crosswalk::by_units((2, 2), &old, &new, &[1.0, 3.0, 2.0, 9.0]).unwrap();
        assert_eq!(crosswalk.counts(&[Some(8.0), Some(5.0)]).unwrap(), [Some(2.0), Some(11.0)]);
        assert!(crosswalk.lost().is_empty());
        let beyond = Crosswalk::by_units(
            (2, 1),
            &[Some(0), Some(0), Some(1)],
            &[Some(0), None, None],
            &[3.0, 1.0, 2.0],
        );
        let beyond = beyond.unwrap();
        assert_eq!((beyond.coverage.as_deref(), beyond.lost()), (Some(&[0.75, 0.0][..]), vec![1]));
    }

    #[test]
    fn points_count_in_the_units_that_they_lie_in() {
        let (old, new) = cut();
        let points = [(1.0, 5.0), (7.0, 5.0), (15.0, 5.0), (19.5, 5.0), (99.0, 5.0)].map(Point::from);
        let crosswalk = Crosswalk::by_points(&old, &new, &points, &[1.0, 3.0, 4.0, 1.0, 7.0]).unwrap();
        assert_eq!(crosswalk.counts(&[Some(8.0), Some(5.0)]).unwrap(), [Some(2.0), Some(11.0)]);
        assert_eq!(crosswalk.coverage.as_deref(), Some(&[1.0, 0.8][..]));
    }

    #[test]
    fn a_table_hands_out_by_any_weights() {
        // Weights as they stand in such tables: shares of the old unit, or people of the piece.
        let link = |source, target, weight| Link { source, target, weight };
        let links = vec![link(0, 1, 0.25), link(0, 0, 0.75), link(1, 1, 300.0), link(2, 0, 0.0)];
        let crosswalk = Crosswalk::from_links(3, 2, links).unwrap();
        let people = [Some(1000.0), Some(10.0), Some(5.0)];
        assert_eq!(crosswalk.counts(&people).unwrap(), [Some(750.0), Some(260.0)]);
        assert_eq!((crosswalk.lost(), crosswalk.coverage.as_ref()), (vec![2], None));
        let renters = [Some(500.0), Some(10.0), Some(5.0)];
        assert_eq!(crosswalk.shares(&renters, &people).unwrap(), [Some(0.5), Some(135.0 / 260.0)]);
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
