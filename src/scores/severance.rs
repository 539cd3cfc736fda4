//! Severance: neighbours who live near in a straight line and far along the streets, and what lies between them.
//!
//! ```text
//!   a        b        c      a to b: 300 m straight, 320 m on foot
//!   ●────────●   ║    ●      b to c: 250 m straight, 2 km on foot, across the motorway ║
//!            │   ║    │
//!            └───╨────┘
//! ```

use super::weights::check_length;
use crate::access::weighted_quantile;
use crate::model::Barrier;
use crate::{Error, ErrorKind, Result};
use geo::{Coord, Geometry, Intersects, Line, LinesIter, Point};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Line as IndexedLine};
use rstar::{AABB, RTree};

/// Neighbours live within this distance in a straight line, in metres: ten minutes' walk (800 m is the walking distance
/// to a station in transit planning; Guerra, Cervero & Tischler 2012).
pub const NEIGHBOURS_WITHIN_M: f64 = 800.0;
/// A walk longer than this many times the straight line cuts off: beyond the 1.4 that a street grid costs at worst and
/// the 1.6 that guides for pedestrian route directness still accept.
pub const CUT_OFF_RATIO: f64 = 2.0;
/// A barrier affects residents of whom it cuts off at least this share of the neighbours.
pub const AFFECTED_SHARE: f64 = 0.1;

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
}

impl Way {
    /// Walked over straight.
    #[must_use]
    pub fn ratio(&self) -> Option<f64> {
        self.walked_m.map(|walked| walked / self.straight_m)
    }

    fn is_cut_off(&self, ratio: f64) -> bool {
        self.ratio().is_none_or(|own| own > ratio)
    }
}

/// What the streets make of the neighbours of one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Severance {
    /// Residents who are near in a straight line.
    pub people_near: f64,
    /// Share of them behind a detour beyond the ratio, 0 to 1.
    pub share_cut_off: f64,
    /// Half of them are no farther than this many times the straight line; `None` where that is beyond the search.
    pub median_ratio: Option<f64>,
}

/// Severance of every place.
///
/// - `residents`: one count a place; neighbours count as their residents.
/// - `ways`: from every place to those near it, in any order.
/// - `ratio`: walks longer than this many times the straight line cut off, see [`CUT_OFF_RATIO`].
///
/// One entry a place; `None` where nobody lives near.
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
/// use commonground::scores::severance::{Way, severance};
/// let way = |from, to, walked_m| Way { from, to, straight_m: 250.0, walked_m };
/// let ways = [way(0, 1, Some(300.0)), way(0, 2, Some(2_000.0))];
/// let found = severance(&[10.0, 30.0, 10.0], &ways, 2.0)?;
/// assert_eq!(found[0].as_ref().map(|place| place.share_cut_off), Some(0.25));
/// # Ok::<(), commonground::Error>(())
/// ```
pub fn severance(residents: &[f64], ways: &[Way], ratio: f64) -> Result<Vec<Option<Severance>>> {
    check(residents, ways, ratio)?;
    let mut near: Vec<Vec<(Option<f64>, f64)>> = vec![Vec::new(); residents.len()];
    for way in ways {
        near[way.from as usize].push((way.ratio(), residents[way.to as usize]));
    }
    let of = |neighbours: Vec<(Option<f64>, f64)>| {
        let people_near: f64 = neighbours.iter().map(|(_, people)| people).sum();
        let is_far = |own: &Option<f64>| own.is_none_or(|own| own > ratio);
        let cut_off: f64 = neighbours.iter().filter(|(own, _)| is_far(own)).map(|(_, people)| people).sum();
        (people_near > 0.0).then(|| Severance {
            people_near,
            share_cut_off: cut_off / people_near,
            median_ratio: weighted_quantile(&neighbours, 0.5),
        })
    };
    Ok(near.into_par_iter().map(of).collect())
}

/// What one barrier does.
#[derive(Debug, Clone, Copy, PartialEq)]
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
/// - `locations`: one point a place.
///
/// # Errors
/// As for [`severance`].
pub fn barriers_between(
    residents: &[f64],
    locations: &[Point<f64>],
    ways: &[Way],
    ratio: f64,
    barriers: &[Barrier],
) -> Result<Barriers> {
    check(residents, ways, ratio)?;
    check_length("locations", locations.len(), residents.len())?;
    let index = index_of(barriers);
    let mut people_near = vec![0.0; residents.len()];
    ways.iter().for_each(|way| people_near[way.from as usize] += residents[way.to as usize]);
    let cut_off: Vec<&Way> = ways.iter().filter(|way| way.is_cut_off(ratio)).collect();
    let crossed: Vec<Vec<u32>> = cut_off
        .par_iter()
        .map(|way| crossed(&index, locations[way.from as usize].into(), locations[way.to as usize].into()))
        .collect();
    // (place, barrier) with the people whom it cuts off; sorted, so that sums have one order.
    let mut behind: Vec<(u32, u32, f64)> = Vec::new();
    let mut pairs_without_barrier = 0.0;
    for (way, crossed) in cut_off.iter().zip(&crossed) {
        let people = residents[way.to as usize];
        if crossed.is_empty() {
            pairs_without_barrier += people * residents[way.from as usize];
        }
        behind.extend(crossed.iter().map(|&barrier| (way.from, barrier, people)));
    }
    behind.sort_by_key(|&(place, barrier, _)| (place, barrier));
    let mut effects: Vec<BarrierEffect> = (0..barriers.len())
        .map(|barrier| BarrierEffect { barrier, residents_affected: 0.0, pairs_cut_off: 0.0 })
        .collect();
    let mut of_place: Vec<Option<(usize, f64)>> = vec![None; residents.len()];
    for same in behind.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (place, barrier) = (same[0].0 as usize, same[0].1 as usize);
        let people: f64 = same.iter().map(|(.., people)| people).sum();
        let share = people / people_near[place];
        let effect = &mut effects[barrier];
        effect.pairs_cut_off += people * residents[place];
        if share >= AFFECTED_SHARE {
            effect.residents_affected += residents[place];
        }
        if share > 0.0 && of_place[place].is_none_or(|(_, most)| share > most) {
            of_place[place] = Some((barrier, share));
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

fn index_of(barriers: &[Barrier]) -> RTree<Piece> {
    let mut pieces = Vec::new();
    for (number, barrier) in barriers.iter().enumerate() {
        let mut add = |line: Line<f64>| {
            let [from, to] = [line.start, line.end].map(|end| [end.x, end.y]);
            pieces.push(Piece::new(IndexedLine::new(from, to), number as u32));
        };
        for shape in &barrier.shape {
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

fn check(residents: &[f64], ways: &[Way], ratio: f64) -> Result<()> {
    if !(ratio.is_finite() && ratio >= 1.0) {
        return Err(Error::new(ErrorKind::Parameter, format!("a walk {ratio} times the straight line"))
            .hint("no walk is shorter than the straight line: take 1.5, 2 or 3"));
    }
    if let Some(place) = residents.iter().position(|people| !(people.is_finite() && *people >= 0.0)) {
        let message = format!("`{}` residents", residents[place]);
        return Err(Error::new(ErrorKind::Parameter, message).at_row(place + 1));
    }
    let is_wrong = |way: &Way| {
        let is_there = |place: u32| (place as usize) < residents.len();
        let is_length = |length: f64| length.is_finite() && length >= 0.0;
        let walk = way.walked_m.is_none_or(is_length);
        !(is_there(way.from) && is_there(way.to) && way.straight_m > 0.0 && is_length(way.straight_m) && walk)
    };
    match ways.iter().position(is_wrong) {
        Some(row) => {
            Err(Error::new(ErrorKind::Parameter, format!("{:?} is no way", ways[row])).at_row(row + 1))
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BarrierKind;
    use geo::{GeometryCollection, LineString};

    /// Four places in a row, 200 m apart, with a motorway between the second and the third.
    fn row() -> (Vec<f64>, Vec<Point<f64>>, Vec<Way>, Vec<Barrier>) {
        let locations: Vec<Point<f64>> = (0..4).map(|i| Point::new(f64::from(i) * 200.0, 0.0)).collect();
        let mut ways = Vec::new();
        for from in 0..4_u32 {
            for to in (0..4_u32).filter(|to| *to != from) {
                let straight_m = f64::from(from.abs_diff(to)) * 200.0;
                let is_across = (from < 2) != (to < 2);
                let walked_m =
                    if is_across { (straight_m < 500.0).then_some(1_500.0) } else { Some(straight_m) };
                ways.push(Way { from, to, straight_m, walked_m });
            }
        }
        let barrier = |name: &str, x: f64| Barrier {
            name: Some(name.into()),
            kind: BarrierKind::Motorway,
            shape: GeometryCollection::from(Geometry::from(LineString::from(vec![(x, -500.0), (x, 500.0)]))),
        };
        (
            vec![10.0, 20.0, 30.0, 40.0],
            locations,
            ways,
            vec![barrier("far", 900.0), barrier("between", 300.0)],
        )
    }

    #[test]
    fn who_lives_across_the_motorway_is_cut_off_by_it() {
        let (residents, locations, ways, barriers) = row();
        let found = severance(&residents, &ways, 2.0).unwrap();
        let first = found[0].as_ref().unwrap();
        assert_eq!((first.people_near, first.share_cut_off), (90.0, 70.0 / 90.0));
        assert_eq!(first.median_ratio, Some(3.75));
        assert_eq!(found[3].as_ref().unwrap().median_ratio, Some(1.0), "30 of 60 live on its side");
        let effects = barriers_between(&residents, &locations, &ways, 2.0, &barriers).unwrap();
        assert_eq!(effects.ranked.len(), 1);
        assert_eq!((effects.ranked[0].barrier, effects.ranked[0].residents_affected), (1, 100.0));
        assert_eq!(effects.ranked[0].pairs_cut_off, 2.0 * 30.0 * 70.0);
        assert_eq!(effects.of_place[0], Some((1, 70.0 / 90.0)));
        assert_eq!(effects.pairs_without_barrier, 0.0);
    }

    #[test]
    fn a_detour_without_a_barrier_is_counted_apart() {
        let (residents, locations, ways, _) = row();
        let effects = barriers_between(&residents, &locations, &ways, 2.0, &[]).unwrap();
        assert!(effects.ranked.is_empty() && effects.of_place.iter().all(Option::is_none));
        assert_eq!(effects.pairs_without_barrier, 2.0 * 30.0 * 70.0);
    }

    #[test]
    fn nobody_near_is_absent_and_wrong_input_is_refused() {
        assert_eq!(severance(&[5.0], &[], 2.0).unwrap(), [None]);
        let way = Way { from: 0, to: 1, straight_m: 10.0, walked_m: None };
        let refused =
            |residents: &[f64], way: Way, ratio: f64| severance(residents, &[way], ratio).unwrap_err().kind();
        assert_eq!(refused(&[1.0, f64::NAN], way, 2.0), ErrorKind::Parameter);
        assert_eq!(refused(&[1.0, 1.0], way, 0.5), ErrorKind::Parameter);
        for wrong in
            [Way { to: 2, ..way }, Way { straight_m: 0.0, ..way }, Way { walked_m: Some(-1.0), ..way }]
        {
            assert_eq!(refused(&[1.0, 1.0], wrong, 2.0), ErrorKind::Parameter);
        }
    }
}
