//! Polygons from closed ways and from relations whose members are pieces of a ring.

use super::blocks::{Elements, Relation, Way};
use geo::{Area, Contains, Coord, LineString, MultiPolygon, Orient, Point, Polygon, orient::Direction};
use std::collections::HashMap;

/// Why an area could not be put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Gap {
    /// Ways or nodes that the file does not have.
    Missing,
    /// The pieces do not close.
    OpenRing,
}

/// The area of a closed way.
pub(super) fn of_way(way: &Way, elements: &Elements) -> Result<MultiPolygon<f64>, Gap> {
    if way.nodes.len() < 4 || way.nodes.first() != way.nodes.last() {
        return Err(Gap::OpenRing);
    }
    let ring = line_of(&way.nodes, elements)?;
    Ok(MultiPolygon::new(vec![Polygon::new(ring, Vec::new())]).orient(Direction::Default))
}

/// The area of a multipolygon or boundary relation; roles say which rings are holes.
pub(super) fn of_relation(relation: &Relation, elements: &Elements) -> Result<MultiPolygon<f64>, Gap> {
    let mut outer = Vec::new();
    let mut inner = Vec::new();
    for member in &relation.members {
        let way = elements.way(member.way).ok_or(Gap::Missing)?;
        if member.is_inner { &mut inner } else { &mut outer }.push(way.nodes.as_slice());
    }
    let to_lines = |rings: Vec<Vec<i64>>| {
        rings.iter().map(|ring| line_of(ring, elements)).collect::<Result<Vec<_>, _>>()
    };
    let outer = to_lines(close_rings(&outer)?)?;
    let inner = to_lines(close_rings(&inner)?)?;
    if outer.is_empty() {
        return Err(Gap::Missing);
    }
    let mut polygons: Vec<Polygon<f64>> =
        outer.into_iter().map(|ring| Polygon::new(ring, Vec::new())).collect();
    for hole in inner {
        if let Some(polygon) = smallest_around(&mut polygons, &hole) {
            polygon.interiors_push(hole);
        }
    }
    Ok(MultiPolygon::new(polygons).orient(Direction::Default))
}

/// The smallest polygon that holds a vertex of the hole (vertices may touch the outer ring, so all are tried).
fn smallest_around<'a>(
    polygons: &'a mut [Polygon<f64>],
    hole: &LineString<f64>,
) -> Option<&'a mut Polygon<f64>> {
    if polygons.len() == 1 {
        return polygons.first_mut();
    }
    let area = |polygon: &Polygon<f64>| Polygon::new(polygon.exterior().clone(), Vec::new()).unsigned_area();
    polygons
        .iter_mut()
        .filter(|polygon| hole.0.iter().any(|vertex| polygon.contains(&Point::from(*vertex))))
        .min_by(|a, b| area(a).total_cmp(&area(b)))
}

fn line_of(nodes: &[i64], elements: &Elements) -> Result<LineString<f64>, Gap> {
    let coords: Option<Vec<Coord<f64>>> = nodes.iter().map(|id| elements.node(*id)).collect();
    coords.map(LineString::new).ok_or(Gap::Missing)
}

/// Joins pieces at their ends until every ring is closed.
///
/// ```text
///  a──1──b        pieces 1, 2, 3 meet at a, b, c: one ring a b c a
///   3   2
///     c
/// ```
fn close_rings(pieces: &[&[i64]]) -> Result<Vec<Vec<i64>>, Gap> {
    let mut pieces_at: HashMap<i64, Vec<usize>> = HashMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        if let [first, .., last] = piece {
            pieces_at.entry(*first).or_default().push(index);
            pieces_at.entry(*last).or_default().push(index);
        }
    }
    let mut is_used = vec![false; pieces.len()];
    let mut rings = Vec::new();
    for start in 0..pieces.len() {
        if std::mem::replace(&mut is_used[start], true) || pieces[start].len() < 2 {
            continue;
        }
        let mut ring = pieces[start].to_vec();
        while ring.first() != ring.last() {
            let end = *ring.last().ok_or(Gap::OpenRing)?;
            let next = pieces_at[&end].iter().copied().find(|index| !is_used[*index]).ok_or(Gap::OpenRing)?;
            is_used[next] = true;
            if pieces[next].first() == Some(&end) {
                ring.extend(&pieces[next][1..]);
            } else {
                ring.extend(pieces[next].iter().rev().skip(1));
            }
        }
        if ring.len() < 4 {
            return Err(Gap::OpenRing);
        }
        rings.push(ring);
    }
    Ok(rings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_in_any_direction_close_to_one_ring() {
        let rings = close_rings(&[&[1, 2], &[3, 2], &[3, 9, 1]]).unwrap();
        assert_eq!(rings, [vec![1, 2, 3, 9, 1]]);
    }

    #[test]
    fn two_rings_stay_two() {
        assert_eq!(close_rings(&[&[1, 2, 3, 1], &[4, 5, 6, 4]]).unwrap().len(), 2);
    }

    #[test]
    fn an_open_ring_is_a_gap() {
        assert_eq!(close_rings(&[&[1, 2], &[2, 3]]), Err(Gap::OpenRing));
    }
}
