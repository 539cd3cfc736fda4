//! Severance: neighbours who live near in a straight line and far along the streets, and what lies between them.
//!
//! ```text
//!   a        b        c      a to b: 300 m straight, 320 m on foot
//!   ●────────●   ║    ●      b to c: 250 m straight, 2 km on foot, across the motorway ║
//!            │   ║    │
//!            └───╨────┘
//! ```

use crate::access::{Way, weighted_quantile};
use crate::spatial::weights::check_length;
use crate::{Error, ErrorKind, Result};
use geo::{Coord, Geometry, GeometryCollection, Intersects, Line, LinesIter, Point};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Line as IndexedLine};
use rstar::{AABB, RTree};
use std::collections::BTreeMap;

/// A walk longer than this many times the straight line cuts off: beyond the 1.4 that a street grid costs at worst and
/// the 1.6 that guides for pedestrian route directness still accept.
pub const CUT_OFF_RATIO: f64 = 2.0;
/// A barrier affects residents of whom it cuts off at least this share of the neighbours.
pub const AFFECTED_SHARE: f64 = 0.1;

/// What the streets make of the neighbours of one place.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Severance {
    /// Residents who are near in a straight line, but for those whose way may lead outside the data.
    pub people_near: f64,
    /// Share of them behind a detour beyond the ratio, 0 to 1.
    pub share_cut_off: f64,
    /// Half of them are no farther than this many times the straight line; `None` where that is beyond the search.
    pub median_ratio: Option<f64>,
    /// Numbers of the places behind such a detour.
    pub cut_off: Vec<u32>,
}

/// Severance of one place, from the ways that lead from it.
///
/// - `residents`: one count per place; neighbours count as their residents.
/// - `ways`: from one place to those near it, see [`ways_to_neighbours`](crate::access::ways_to_neighbours).
/// - `ratio`: walks longer than this many times the straight line cut off, see [`CUT_OFF_RATIO`].
///
/// Neighbours whose shorter way may lead outside the street data count neither way: at the border of a study nobody knows. `None`
/// where nobody else lives near.
///
/// # Errors
/// [`ErrorKind::Parameter`] if a way names a place that is not there or has no length, a count of residents is negative
/// or not finite, or `ratio` is below 1.
///
/// # Source
/// Anciaes, Jones & Mindell (2016), "Community severance: where is it found and at what cost?"; the ratio is the
/// pedestrian route directness of Hess (1997).
///
/// # Example
/// ```
/// use commonground::access::Way;
/// use commonground::scores::severance::severance;
/// let way = |to, walked_m| Way { from: 0, to, straight_m: 250.0, walked_m, outside_m: None };
/// let found = severance(&[10.0, 30.0, 10.0], &[way(1, Some(300.0)), way(2, Some(2_000.0))], 2.0)?.unwrap();
/// assert_eq!((found.share_cut_off, found.cut_off), (0.25, vec![2]));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn severance(residents: &[f64], ways: &[Way], ratio: f64) -> Result<Option<Severance>> {
    check_ways(residents, ways, ratio)?;
    let people = |way: &Way| residents[way.to as usize];
    let known = ways.iter().filter_map(|way| Some((way, way.is_longer_than(ratio)?)));
    let near: Vec<(Option<f64>, f64)> = known.clone().map(|(way, _)| (way.ratio(), people(way))).collect();
    let people_near: f64 = near.iter().map(|(_, people)| people).sum();
    let cut_off = known.filter_map(|(way, is_cut_off)| is_cut_off.then_some(way));
    Ok((people_near > 0.0).then(|| Severance {
        people_near,
        share_cut_off: cut_off.clone().map(people).sum::<f64>() / people_near,
        median_ratio: weighted_quantile(&near, 0.5),
        cut_off: cut_off.map(|way| way.to).collect(),
    }))
}

/// What one barrier does.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct BarrierEffect {
    /// Number of the barrier.
    pub barrier: usize,
    /// Residents of whom it cuts off at least [`AFFECTED_SHARE`] of the neighbours.
    pub residents_affected: f64,
    /// Neighbours whom it cuts off from each other, each pair from both sides.
    pub pairs_cut_off: f64,
}

/// What barriers do, and to whom.
#[derive(Debug, Clone, PartialEq)]
pub struct Barriers {
    /// Barriers that cut somebody off, those with most residents affected first.
    pub ranked: Vec<BarrierEffect>,
    /// For each place, the barrier that cuts off most of its neighbours, with their share of all who are near.
    pub of_place: Vec<Option<(usize, f64)>>,
    /// Pairs that are cut off without a known barrier between them: dead ends, walls, large plots.
    pub pairs_without_barrier: f64,
}

/// Finds which barriers lie between those who are cut off: those that the straight line between them crosses.
///
/// A pair that several barriers separate (a motorway along a river) counts for each of them.
///
/// - `locations`: one point per place. - `found`: the severance of each place. - `barriers`: lines and areas.
///
/// # Errors
/// [`ErrorKind::Parameter`] if the lengths differ, a place that is not there is cut off, or a count of residents is
/// negative or not finite.
pub fn barriers_between(
    residents: &[f64],
    locations: &[Point<f64>],
    found: &[Option<Severance>],
    barriers: &[&GeometryCollection<f64>],
) -> Result<Barriers> {
    check_residents(residents)?;
    check_length("locations", locations.len(), residents.len())?;
    check_length("places", found.len(), residents.len())?;
    let is_there = |place: &u32| (*place as usize) < residents.len();
    if let Some(row) =
        found.iter().position(|place| !place.iter().all(|one| one.cut_off.iter().all(is_there)))
    {
        return Err(Error::new(ErrorKind::Parameter, "a place that is not there is cut off").at_row(row + 1));
    }
    let index = index_of(barriers);
    let places: Vec<(usize, &Severance)> =
        found.iter().enumerate().filter_map(|(place, one)| Some((place, one.as_ref()?))).collect();
    // By place: each barrier with the people whom it cuts off, and people behind none of them.
    let behind_of = |&(place, severed): &(usize, &Severance)| {
        let (mut behind, mut without) = (BTreeMap::new(), 0.0);
        for &other in &severed.cut_off {
            let people = residents[other as usize];
            let crossed = crossed(&index, locations[place].into(), locations[other as usize].into());
            if crossed.is_empty() {
                without += people;
            }
            crossed.into_iter().for_each(|barrier| *behind.entry(barrier).or_insert(0.0) += people);
        }
        (behind, without)
    };
    let behind: Vec<(BTreeMap<u32, f64>, f64)> = places.par_iter().map(behind_of).collect();
    let mut effects: Vec<BarrierEffect> = (0..barriers.len())
        .map(|barrier| BarrierEffect { barrier, residents_affected: 0.0, pairs_cut_off: 0.0 })
        .collect();
    let mut of_place: Vec<Option<(usize, f64)>> = vec![None; residents.len()];
    let mut pairs_without_barrier = 0.0;
    for (&(place, severed), (behind, without)) in places.iter().zip(behind) {
        pairs_without_barrier += without * residents[place];
        for (barrier, people) in behind {
            let barrier = barrier as usize;
            let share = people / severed.people_near;
            let effect = &mut effects[barrier];
            effect.pairs_cut_off += people * residents[place];
            if share >= AFFECTED_SHARE {
                effect.residents_affected += residents[place];
            }
            if share > 0.0 && of_place[place].is_none_or(|(_, most)| share > most) {
                of_place[place] = Some((barrier, share));
            }
        }
    }
    effects.retain(|effect| effect.pairs_cut_off > 0.0);
    let size = |effect: &BarrierEffect| (effect.residents_affected, effect.pairs_cut_off);
    effects.sort_by(|a, b| {
        let ((a_residents, a_pairs), (b_residents, b_pairs)) = (size(a), size(b));
        b_residents.total_cmp(&a_residents).then(b_pairs.total_cmp(&a_pairs)).then(a.barrier.cmp(&b.barrier))
    });
    Ok(Barriers { ranked: effects, of_place, pairs_without_barrier })
}

type Piece = GeomWithData<IndexedLine<[f64; 2]>, u32>;

fn index_of(barriers: &[&GeometryCollection<f64>]) -> RTree<Piece> {
    let mut pieces = Vec::new();
    for (number, barrier) in barriers.iter().enumerate() {
        let mut add = |line: Line<f64>| {
            let [from, to] = [line.start, line.end].map(|end| [end.x, end.y]);
            pieces.push(Piece::new(IndexedLine::new(from, to), number as u32));
        };
        for shape in barrier.iter() {
            match shape {
                Geometry::LineString(line) => line.lines_iter().for_each(&mut add),
                Geometry::MultiLineString(lines) => lines.lines_iter().for_each(&mut add),
                Geometry::Polygon(area) => area.lines_iter().for_each(&mut add),
                Geometry::MultiPolygon(areas) => areas.lines_iter().for_each(&mut add),
                _ => {}
            }
        }
    }
    RTree::bulk_load(pieces)
}

/// Numbers of the barriers that a straight line crosses, rising.
fn crossed(index: &RTree<Piece>, from: Coord<f64>, to: Coord<f64>) -> Vec<u32> {
    let way = Line::new(from, to);
    let envelope =
        AABB::from_corners([from.x.min(to.x), from.y.min(to.y)], [from.x.max(to.x), from.y.max(to.y)]);
    let crosses = |piece: &&Piece| {
        let [start, end] = [piece.geom().from, piece.geom().to].map(Coord::from);
        Line::new(start, end).intersects(&way)
    };
    let mut found: Vec<u32> =
        index.locate_in_envelope_intersecting(&envelope).filter(crosses).map(|piece| piece.data).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn check_residents(residents: &[f64]) -> Result<()> {
    match residents.iter().position(|people| !(people.is_finite() && *people >= 0.0)) {
        Some(place) => {
            let message = format!("`{}` residents", residents[place]);
            Err(Error::new(ErrorKind::Parameter, message).at_row(place + 1))
        }
        None => Ok(()),
    }
}

fn check_ways(residents: &[f64], ways: &[Way], ratio: f64) -> Result<()> {
    if !(ratio.is_finite() && ratio >= 1.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("a walk {ratio} times the straight line"))
            .hint("no walk is shorter than the straight line: take 1.5, 2 or 3"));
    }
    let is_quantity = |value: f64| value.is_finite() && value >= 0.0;
    let is_wrong = |way: &Way| {
        let lives_there = residents.get(way.to as usize).is_some_and(|people| is_quantity(*people));
        let walk = [way.walked_m, way.outside_m].into_iter().flatten().all(is_quantity);
        !(lives_there && way.straight_m > 0.0 && is_quantity(way.straight_m) && walk)
    };
    match ways.iter().position(is_wrong) {
        Some(row) => Err(Error::new(ErrorKind::Parameter, format!("{:?} is no way to residents", ways[row]))
            .at_row(row + 1)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::LineString;

    type Row = (Vec<f64>, Vec<Point<f64>>, Vec<Way>, Vec<GeometryCollection<f64>>);

    /// Four places in a row, 200 m apart, with a motorway between the second and the third.
    fn row() -> Row {
        let locations: Vec<Point<f64>> = (0..4).map(|i| Point::new(f64::from(i) * 200.0, 0.0)).collect();
        let mut ways = Vec::new();
        for from in 0..4_u32 {
            for to in (0..4_u32).filter(|to| *to != from) {
                let straight_m = f64::from(from.abs_diff(to)) * 200.0;
                let is_across = (from < 2) != (to < 2);
                let walked_m =
                    if is_across { (straight_m < 500.0).then_some(1_500.0) } else { Some(straight_m) };
                ways.push(Way { from, to, straight_m, walked_m, outside_m: None });
            }
        }
        let barrier = |x: f64| {
            GeometryCollection::from(Geometry::from(LineString::from(vec![(x, -500.0), (x, 500.0)])))
        };
        // The first lies beyond all of them.
        (vec![10.0, 20.0, 30.0, 40.0], locations, ways, vec![barrier(900.0), barrier(300.0)])
    }

    fn severances(residents: &[f64], ways: &[Way]) -> Vec<Option<Severance>> {
        let of = |place: usize| {
            let own: Vec<Way> = ways.iter().filter(|way| way.from as usize == place).copied().collect();
            severance(residents, &own, CUT_OFF_RATIO).unwrap()
        };
        (0..residents.len()).map(of).collect()
    }

    #[test]
    fn who_lives_across_the_motorway_is_cut_off_by_it() {
        let (residents, locations, ways, barriers) = row();
        let found = severances(&residents, &ways);
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.people_near, first.share_cut_off), (90.0, 70.0 / 90.0));
        assert_eq!(first.median_ratio, Some(3.75));
        assert_eq!(found[3].as_ref().unwrap().median_ratio, Some(1.0), "30 of 60 live on its side");
        let barriers: Vec<&GeometryCollection<f64>> = barriers.iter().collect();
        let effects = barriers_between(&residents, &locations, &found, &barriers).unwrap();
        assert_eq!(effects.ranked.len(), 1);
        assert_eq!((effects.ranked[0].barrier, effects.ranked[0].residents_affected), (1, 100.0));
        assert_eq!(effects.ranked[0].pairs_cut_off, 2.0 * 30.0 * 70.0);
        assert_eq!(effects.of_place[0], Some((1, 70.0 / 90.0)));
        assert_eq!(effects.pairs_without_barrier, 0.0);
    }

    #[test]
    fn a_detour_without_a_barrier_is_counted_apart() {
        let (residents, locations, ways, _) = row();
        let effects = barriers_between(&residents, &locations, &severances(&residents, &ways), &[]).unwrap();
        assert!(effects.ranked.is_empty() && effects.of_place.iter().all(Option::is_none));
        assert_eq!(effects.pairs_without_barrier, 2.0 * 30.0 * 70.0);
    }

    #[test]
    fn a_way_that_may_lead_outside_the_data_is_not_known_to_be_cut_off() {
        let way = |to, walked_m, outside_m| Way { from: 0, to, straight_m: 250.0, walked_m, outside_m };
        // Near on foot; far, and outside too; far inside, perhaps near outside; not found at all, perhaps near outside.
        let ways = [
            way(1, Some(300.0), Some(100.0)),
            way(2, Some(2_000.0), Some(501.0)),
            way(3, Some(2_000.0), Some(500.0)),
            way(4, None, Some(90.0)),
        ];
        let found = severance(&[1.0, 10.0, 30.0, 60.0, 70.0], &ways, 2.0).unwrap().unwrap();
        assert_eq!((found.people_near, found.share_cut_off, found.cut_off), (40.0, 0.75, vec![2]));
        assert_eq!(severance(&[1.0, 10.0, 30.0, 60.0, 70.0], &ways[2..], 2.0).unwrap(), None);
    }

    #[test]
    fn nobody_near_is_absent_and_wrong_input_is_refused() {
        assert_eq!(severance(&[5.0], &[], 2.0).unwrap(), None);
        let way = Way { from: 0, to: 1, straight_m: 10.0, walked_m: None, outside_m: None };
        let refused =
            |residents: &[f64], way: Way, ratio: f64| severance(residents, &[way], ratio).unwrap_err().kind();
        assert_eq!(refused(&[1.0, f64::NAN], way, 2.0), ErrorKind::Parameter);
        assert_eq!(refused(&[1.0, 1.0], way, 0.9), ErrorKind::Parameter);
        assert_eq!(refused(&[1.0], way, 2.0), ErrorKind::Parameter);
        assert_eq!(refused(&[1.0, 1.0], Way { straight_m: 0.0, ..way }, 2.0), ErrorKind::Parameter);
        let unknown =
            Severance { people_near: 1.0, share_cut_off: 1.0, median_ratio: None, cut_off: vec![7] };
        let error = barriers_between(&[1.0], &[Point::new(0.0, 0.0)], &[Some(unknown)], &[]).unwrap_err();
        assert_eq!((error.kind(), error.position().row), (ErrorKind::Parameter, Some(1)));
    }
}
