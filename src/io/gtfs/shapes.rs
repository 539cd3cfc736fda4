//! `shapes.txt`, and where the stops of a trip lie along its shape.

use super::archive::Archive;
use super::table::Table;
use crate::Result;
use crate::model::transit::Receipts;
use std::collections::HashMap;

const FILE: &str = "shapes.txt";
/// Radius of a sphere with the volume of the Earth, in metres.
const EARTH_RADIUS_M: f64 = 6_371_000.8;
/// Stops times points of a shape: beyond, the straight line has to do.
const LARGEST_PROBLEM: usize = 20_000_000;

/// The lines of trips by the number of their shape, in degrees east and north.
#[derive(Default)]
pub(super) struct Shapes(Vec<Vec<[f64; 2]>>);

pub(super) fn read(
    archive: &mut Archive,
    wanted: &HashMap<Vec<u8>, u32>,
    receipts: &mut Receipts,
) -> Result<Shapes> {
    let Some(mut table) = Table::open(archive, FILE)? else { return Ok(Shapes::default()) };
    let [id, sequence] = [table.needed("shape_id")?, table.needed("shape_pt_sequence")?];
    let places = [table.needed("shape_pt_lon")?, table.needed("shape_pt_lat")?];
    let mut points: Vec<(u32, u32, [f64; 2])> = Vec::new();
    let mut last = (Vec::new(), None);
    while let Some(row) = table.next()? {
        let key = row.bytes(id);
        if last.0 != key {
            last = (key.to_vec(), wanted.get(key).copied());
        }
        let Some(shape) = last.1 else { continue };
        let order = row.number(sequence).ok().flatten();
        let [lon, lat] = places.map(|column| row.number::<f64>(column).ok().flatten());
        match (order, lon, lat) {
            (Some(order), Some(lon), Some(lat)) if lon.abs() <= 180.0 && lat.abs() <= 90.0 => {
                points.push((shape, order, [lon, lat]));
            }
            _ => receipts.add(FILE, row.line, "a point without place or order: dropped", &row.text(id)),
        }
    }
    let key = |point: &(u32, u32, [f64; 2])| (point.0, point.1);
    if !points.is_sorted_by_key(key) {
        points.sort_by_key(key);
    }
    let mut shapes = vec![Vec::new(); wanted.len()];
    for (shape, _, place) in points {
        shapes[shape as usize].push(place);
    }
    Ok(Shapes(shapes))
}

/// Metres between two places in degrees, on a plane that touches the Earth between them.
pub(super) fn metres_of(a: [f64; 2], b: [f64; 2]) -> f64 {
    let east = (b[0] - a[0]).to_radians() * f64::midpoint(a[1], b[1]).to_radians().cos();
    let north = (b[1] - a[1]).to_radians();
    EARTH_RADIUS_M * east.hypot(north)
}

impl Shapes {
    /// Metres along a shape of each place, never falling: the order of the places that leaves the least squares of the
    /// distances between places and shape. `None` if there is no shape.
    ///
    /// A line that crosses or retraces itself passes a stop several times; which time is meant follows from the stops
    /// before and after.
    pub(super) fn project(&self, shape: u32, places: &[[f64; 2]]) -> Option<Vec<f64>> {
        let line = self.0.get(shape as usize)?;
        let pieces = line.len().checked_sub(1).filter(|pieces| *pieces > 0)?;
        let is_small = pieces.checked_mul(places.len()).is_some_and(|size| size <= LARGEST_PROBLEM);
        if !is_small || places.iter().any(|place| !place[0].is_finite()) {
            return None;
        }
        let flat = flattened(line, places);
        let (line, places) = flat.split_at(line.len());
        let mut length = vec![0.0];
        for pair in line.windows(2) {
            length.push(length[length.len() - 1] + distance(pair[0], pair[1]));
        }
        // Least squares of all places so far, the last one on each piece and at which share of it.
        let mut ending = vec![(0.0_f64, 0.0_f64); pieces];
        // before[place * pieces + piece]: the piece of the place before, if this place is on the piece.
        let mut before = vec![0_u32; places.len() * pieces];
        for (number, (place, chosen)) in places.iter().zip(before.chunks_mut(pieces)).enumerate() {
            // The best of the pieces farther back.
            let (mut least, mut at) = (if number == 0 { 0.0 } else { f64::INFINITY }, 0);
            for piece in 0..pieces {
                let (squared, share) = nearest(line[piece], line[piece + 1], *place);
                let (known, reached) = ending[piece];
                ending[piece] = (least + squared, share);
                chosen[piece] = at;
                if number > 0 {
                    // On the piece of the place before, never behind it.
                    let share = share.max(reached);
                    let total = known + squared_distance(line[piece], line[piece + 1], share, *place);
                    if total < ending[piece].0 {
                        ending[piece] = (total, share);
                        chosen[piece] = piece as u32;
                    }
                    if known < least {
                        (least, at) = (known, piece as u32);
                    }
                }
            }
        }
        let totals = ending.iter().map(|(total, _)| *total).enumerate();
        let mut piece = totals.reduce(|best, next| if next.1 < best.1 { next } else { best })?.0;
        let mut on = vec![0; places.len()];
        for number in (0..places.len()).rev() {
            on[number] = piece;
            piece = before[number * pieces + piece] as usize;
        }
        let mut farthest = 0.0_f64;
        let along = |(place, &piece): (&[f64; 2], &usize)| {
            let (_, share) = nearest(line[piece], line[piece + 1], *place);
            farthest = farthest.max(length[piece] + share * (length[piece + 1] - length[piece]));
            farthest
        };
        let distances = places.iter().zip(&on).map(along).collect();
        Some(distances)
    }
}

/// Degrees as metres on a plane that touches the Earth in the middle of the line.
fn flattened(line: &[[f64; 2]], places: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let middle = line[line.len() / 2];
    let east = EARTH_RADIUS_M * middle[1].to_radians().cos();
    let flat = |place: &[f64; 2]| {
        [(place[0] - middle[0]).to_radians() * east, (place[1] - middle[1]).to_radians() * EARTH_RADIUS_M]
    };
    line.iter().chain(places).map(flat).collect()
}

fn distance(a: [f64; 2], b: [f64; 2]) -> f64 {
    (b[0] - a[0]).hypot(b[1] - a[1])
}

/// Squared distance of a place to a piece, and the share of the piece at which it is nearest.
fn nearest(a: [f64; 2], b: [f64; 2], place: [f64; 2]) -> (f64, f64) {
    let (along, to) = ([b[0] - a[0], b[1] - a[1]], [place[0] - a[0], place[1] - a[1]]);
    let squared = along[0] * along[0] + along[1] * along[1];
    let share =
        if squared > 0.0 { ((along[0] * to[0] + along[1] * to[1]) / squared).clamp(0.0, 1.0) } else { 0.0 };
    (squared_distance(a, b, share, place), share)
}

/// Squared distance of a place to the point of a piece at a share of it.
fn squared_distance(a: [f64; 2], b: [f64; 2], share: f64, place: [f64; 2]) -> f64 {
    let gap = [0, 1].map(|axis| place[axis] - a[axis] - share * (b[axis] - a[axis]));
    gap[0] * gap[0] + gap[1] * gap[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line along the equator to 0.02° and back: 0 ──── 1 ──── 2, and the same way home.
    #[test]
    fn a_line_that_comes_back_passes_its_stops_twice() {
        let line: Vec<[f64; 2]> = [0.0, 0.01, 0.02, 0.01, 0.0].map(|lon| [lon, 0.0]).to_vec();
        let stops = [[0.0, 1e-5], [0.01, 1e-5], [0.02, 1e-5], [0.01, -1e-5], [0.0, -1e-5]];
        let found = Shapes(vec![line]).project(0, &stops).unwrap();
        let degree = EARTH_RADIUS_M.to_radians() / 100.0;
        for (found, expected) in found.iter().zip([0.0, 1.0, 2.0, 3.0, 4.0]) {
            assert!((found - expected * degree).abs() < 1e-6, "{found}");
        }
    }

    #[test]
    fn a_shape_of_one_point_or_a_stop_without_place_is_none() {
        let shapes = Shapes(vec![vec![[0.0, 0.0]], vec![[0.0, 0.0], [1.0, 0.0]]]);
        assert_eq!(shapes.project(0, &[[0.0, 0.0]]), None);
        assert_eq!(shapes.project(1, &[[f64::NAN, 0.0]]), None);
        assert_eq!(shapes.project(7, &[[0.0, 0.0]]), None);
    }
}
